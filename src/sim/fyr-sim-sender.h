/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FyrSimSender:
 *
 * Posts FHIR resources as a patient app does: keeps what cannot be sent and tries again, 1 second after the
 * first failure, then twice as long each time up to a minute. Nothing is given up but what the server refuses.
 */
typedef struct _FyrSimSender FyrSimSender;

/** FyrSimCounts: what became of what was given; @waiting: not answered yet. */
typedef struct {
  guint64 stored;
  guint64 repeated;
  guint64 refused;
  guint64 retried;
  guint waiting;
} FyrSimCounts;

/** fyr_sim_sender_new: (transfer full) (nullable): %NULL when @url is none. */
FyrSimSender *
fyr_sim_sender_new (const char *url, const char *token, guint connections);

void
fyr_sim_sender_free (FyrSimSender *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSimSender, fyr_sim_sender_free)

/** fyr_sim_sender_post: @path: beginning with a slash; @body: (transfer full): JSON. */
void
fyr_sim_sender_post (FyrSimSender *self, const char *path, char *body);

/** fyr_sim_sender_get_counts: @counts: (out caller-allocates): what was answered so far */
void
fyr_sim_sender_get_counts (FyrSimSender *self, FyrSimCounts *counts);

/** fyr_sim_sender_get_latency: median and 99th percentile of the first 100,000 answers, milliseconds; 0 without. */
void
fyr_sim_sender_get_latency (FyrSimSender *self, double *p50, double *p99);

/** fyr_sim_sender_get_problem: (nullable): why nothing can be sent now (in the user's language). */
const char *
fyr_sim_sender_get_problem (FyrSimSender *self);

/** fyr_sim_sender_is_rejected: whether the server does not know the token: going on is useless. */
gboolean
fyr_sim_sender_is_rejected (FyrSimSender *self);

/** fyr_sim_sender_is_idle: whether all is answered. */
gboolean
fyr_sim_sender_is_idle (FyrSimSender *self);

G_END_DECLS
