/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-triage.h"

G_BEGIN_DECLS

/**
 * fyr_missing_report:
 * @limits: (array length=n_limits) (nullable): the patient's limits of all kinds and times
 * @kind: the kind to look at
 * @last_report: effective time of the last report of the kind, %G_MININT64 when there never was one
 * @now: milliseconds
 * @missing_since: (out) (optional): when the report became missing: the same instant until the next report,
 *   so the caller raises one green alert (grønt varsel) and not one a run
 *
 * A limit with `expected_days` N wants a report on at least one of N days (calendar days in Europe/Oslo),
 * counted from the day after the last report, or from the day the limit came into force when that is later.
 * The report is missing when the last of these days is over.
 *
 * Returns: whether a report is missing; never without a limit that holds at @now and expects one
 */
gboolean
fyr_missing_report (const FyrLimitRule *limits,
                    gsize n_limits,
                    FyrMeasurementKind kind,
                    gint64 last_report,
                    gint64 now,
                    gint64 *missing_since);

G_END_DECLS
