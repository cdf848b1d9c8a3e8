/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * fyr_log:
 * @event: a word for what happened
 * @...: pairs of a name and a text, ended by %NULL
 *
 * Writes one line to standard error: time, event, name=value. Ids, codes and numbers only: a value with
 * any other
 * character than letters, figures and `-_.:/+` is written as "?", so that no name of a person ever gets
 * there.
 */
void
fyr_log (const char *event, ...) G_GNUC_NULL_TERMINATED;

/** fyr_log_set_enabled: tests are quiet */
void
fyr_log_set_enabled (gboolean enabled);

G_END_DECLS
