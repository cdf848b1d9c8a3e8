/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-measurement-kind.h"

G_BEGIN_DECLS

/**
 * FyrReportSchedule:
 * @kind: what shall be measured
 * @weekdays: bit 0 is Monday … bit 6 Sunday
 * @due_minute: when on the day, minutes after midnight in Europe/Oslo, 0–1439
 * @before_minutes: how much earlier a report counts, 0–1440
 * @after_minutes: how much later a report still counts, 1–1440; after that it is missing
 * @valid_from: first instant the task holds, milliseconds
 * @valid_to: first instant it no longer holds; %G_MAXINT64 while open
 * @paused_from: no report is missing whose due time lies in the pause (hospital, holiday) …
 * @paused_to: … up to here; @paused_from == @paused_to is no pause
 * @alerts: whether not doing it alerts at all
 */
typedef struct {
  FyrMeasurementKind kind;
  guint weekdays;
  int due_minute;
  int before_minutes;
  int after_minutes;
  gint64 valid_from;
  gint64 valid_to;
  gint64 paused_from;
  gint64 paused_to;
  gboolean alerts;
} FyrReportSchedule;

/**
 * fyr_missing_report:
 * @schedule: the task
 * @reports: (array length=n_reports) (nullable): effective times of reports of the kind, any order
 * @since: judge windows that ended after this instant (the last time the rule ran)
 * @now: judge windows that ended at or before this instant
 * @missed: (out) (optional): due times of the missed reports, oldest first, at most @max
 * @max: room in @missed
 *
 * A green alert (grønt varsel) is due for each missed time. Bounded: at most 400 days are looked at.
 *
 * Returns: how many reports are missing (may exceed @max)
 */
guint
fyr_missing_report (const FyrReportSchedule *schedule,
                    const gint64 *reports,
                    gsize n_reports,
                    gint64 since,
                    gint64 now,
                    gint64 *missed,
                    guint max);

G_END_DECLS
