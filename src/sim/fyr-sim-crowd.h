/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-sim-target.h"

G_BEGIN_DECLS

/** FyrSimCrowd: many simulated persons, their reports in the order they are sent. */
typedef struct _FyrSimCrowd FyrSimCrowd;

/** fyr_sim_crowd_new: (transfer full): @targets: (element-type FyrSimTarget): kept by the caller. */
FyrSimCrowd *
fyr_sim_crowd_new (GPtrArray *targets, gint64 start, FyrSimFlags flags);

void
fyr_sim_crowd_free (FyrSimCrowd *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSimCrowd, fyr_sim_crowd_free)

/** fyr_sim_crowd_add: @target: kept by the caller, the last of the targets; nothing before @start is reported. */
void
fyr_sim_crowd_add (FyrSimCrowd *self, const FyrSimTarget *target, gint64 start, FyrSimFlags flags);

/** fyr_sim_crowd_peek: when the next report is sent. */
gint64
fyr_sim_crowd_peek (FyrSimCrowd *self);

/** fyr_sim_crowd_next: Returns: index of the target that sends @report. */
guint
fyr_sim_crowd_next (FyrSimCrowd *self, FyrSimReport *report);

G_END_DECLS
