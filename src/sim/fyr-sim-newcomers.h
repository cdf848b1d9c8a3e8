/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-sim-target.h"

G_BEGIN_DECLS

/**
 * FyrSimNewcomers:
 *
 * Patients who are added to the list while the simulation runs. Whoever registers one and sets limits wants to see what
 * comes of it now, not tomorrow morning: a newcomer reports all kinds of measurement round by round, as usual and far
 * outside in turn, and then lives as the others do.
 */
typedef struct _FyrSimNewcomers FyrSimNewcomers;

/* Milliseconds from one round to the next: two lie within half a minute. */
#define FYR_SIM_NEWCOMER_WAIT G_GINT64_CONSTANT (15000)
/* Five minutes of them: time enough to set limits. */
#define FYR_SIM_NEWCOMER_ROUNDS 20

/**
 * fyr_sim_newcomers_new:
 * @file: the list of patients, see fyr_sim_targets_load()
 * @known: (element-type FyrSimTarget): who is no newcomer
 * @seed: of the simulation
 *
 * Returns: (transfer full)
 */
FyrSimNewcomers *
fyr_sim_newcomers_new (const char *file, GPtrArray *known, guint32 seed);

void
fyr_sim_newcomers_free (FyrSimNewcomers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSimNewcomers, fyr_sim_newcomers_free)

/**
 * fyr_sim_newcomers_look:
 * @now: milliseconds
 *
 * Reads the list again. One that cannot be read, as it is being written, is read the next time.
 */
void
fyr_sim_newcomers_look (FyrSimNewcomers *self, gint64 now);

/**
 * fyr_sim_newcomers_next:
 * @now: milliseconds
 * @target: (out) (transfer none): who reports
 * @reports: (out caller-allocates): a round of %FYR_SIM_MAX_ROUND at most
 *
 * Returns: how many reports are due; 0 when nobody's are
 */
guint
fyr_sim_newcomers_next (FyrSimNewcomers *self,
                        gint64 now,
                        const FyrSimTarget **target,
                        FyrSimReport *reports);

/** fyr_sim_newcomers_settle: (transfer full) (nullable): one whose rounds are over; each is returned once. */
FyrSimTarget *
fyr_sim_newcomers_settle (FyrSimNewcomers *self);

G_END_DECLS
