/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-intake-cache.h"

G_BEGIN_DECLS

/*
 * Inside of the intake folder: the search for reports that are expected and have not come.
 */

typedef struct _FyrIntakeSweep FyrIntakeSweep;

/** fyr_intake_sweep_new: (transfer full): @writer and @cache must outlive its last job. */
FyrIntakeSweep *
fyr_intake_sweep_new (FyrWriter *writer, FyrIntakeCache *cache);

/** fyr_intake_sweep_free: after the writer was freed */
void
fyr_intake_sweep_free (FyrIntakeSweep *self);

/** fyr_intake_sweep_run: as fyr_intake_check_missing() */
void
fyr_intake_sweep_run (FyrIntakeSweep *self, gint64 now);

G_END_DECLS
