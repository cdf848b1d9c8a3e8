/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"
#include "fyr-series.h"

G_BEGIN_DECLS

/** FYR_LIMIT_TRIAL_DAYS: how far back limits are tried on what was reported. */
#define FYR_LIMIT_TRIAL_DAYS 30

/** FyrLimitTrial: alerts that limits would have given on stored values, indexed by #FyrAlertCategory */
typedef struct {
  guint counts[FYR_ALERT_CATEGORY_LAST + 1];
  guint n_readings;
} FyrLimitTrial;

/**
 * fyr_limit_trial_run:
 * @limits: (element-type FyrLimit): tried as if they had held all the time
 * @series: what was reported
 * @now: ms since the epoch
 *
 * Returns: what they would have given in the last %FYR_LIMIT_TRIAL_DAYS days
 */
FyrLimitTrial
fyr_limit_trial_run (GPtrArray *limits, FyrSeries *series, gint64 now);

/**
 * fyr_limit_trial_describe:
 * @trial: of the limits being edited
 * @former: (nullable): of those that hold now
 *
 * Returns: (transfer full): "These limits would have given 3 red and 5 yellow alerts in the last 30 days;
 * the present
 *   ones gave 1 and 2."
 */
char *
fyr_limit_trial_describe (const FyrLimitTrial *trial, const FyrLimitTrial *former);

G_END_DECLS
