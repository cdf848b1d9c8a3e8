/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** FyrPasswordGate: passwords are hashed by few threads beside the main one, for sign-in and emergency access alike */
typedef struct _FyrPasswordGate FyrPasswordGate;

/** FyrPasswordFunc: runs on the main context of who made the gate */
typedef void (*FyrPasswordFunc) (gpointer data, gboolean right);

/** fyr_password_gate_new: @n_threads: passwords hashed at once: each takes 64 MiB */
FyrPasswordGate *
fyr_password_gate_new (guint n_threads);

/** fyr_password_gate_free: those begun are hashed to their end, and told if the main context still runs */
void
fyr_password_gate_free (FyrPasswordGate *self);

/**
 * fyr_password_gate_verify:
 * @hash: (nullable): as stored; %NULL takes as long and says no
 * @password: both stay as they are until @func was called
 *
 * Returns: %TRUE: @func will be called, once; %FALSE: so many wait that an answer would be too late to be of use
 */
gboolean
fyr_password_gate_verify (
    FyrPasswordGate *self, const char *hash, const char *password, FyrPasswordFunc func, gpointer data);

G_END_DECLS
