/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** FyrChartTimeUnit: what a step of the time axis counts; from days on in the calendar of the zone */
typedef enum {
  FYR_CHART_TIME_MINUTE,
  FYR_CHART_TIME_HOUR,
  FYR_CHART_TIME_DAY,
  FYR_CHART_TIME_WEEK,
  FYR_CHART_TIME_MONTH,
  FYR_CHART_TIME_YEAR,
} FyrChartTimeUnit;

/** FyrChartTimeStep: @count @unit from tick to tick */
typedef struct {
  FyrChartTimeUnit unit;
  guint count;
} FyrChartTimeStep;

/**
 * fyr_chart_time_step_choose:
 * @span: time shown, ms
 * @max_ticks: how many labels there is room for
 *
 * Returns: the shortest step that gives about @max_ticks ticks at most
 */
FyrChartTimeStep
fyr_chart_time_step_choose (gint64 span, guint max_ticks);

/**
 * fyr_chart_time_ticks:
 * @from: first moment, ms since the epoch
 * @to: last moment
 *
 * Ticks at round wall-clock times: midnight stays midnight and 06:00 stays 06:00 across both
 * daylight-saving nights, an hour that occurs twice has two ticks, one that does not occur has none.
 * Weeks begin on Monday.
 *
 * Returns: (transfer full) (element-type gint64): ascending times in [@from, @to]
 */
GArray *
fyr_chart_time_ticks (GTimeZone *zone, FyrChartTimeStep step, gint64 from, gint64 to);

/** fyr_chart_time_label: Returns: (transfer full): text of a tick at @time */
char *
fyr_chart_time_label (GTimeZone *zone, FyrChartTimeStep step, gint64 time);

/**
 * fyr_chart_time_context_step: what the line below the tick labels counts: days under hours, months under
 * days
 * @context: (out): the step
 *
 * Returns: %FALSE where the ticks need no second line
 */
gboolean
fyr_chart_time_context_step (FyrChartTimeStep step, FyrChartTimeStep *context);

/**
 * fyr_chart_time_context_label:
 *
 * Returns: (transfer full): text of the second line for the stretch at @time
 */
char *
fyr_chart_time_context_label (GTimeZone *zone, FyrChartTimeStep step, gint64 time);

/** fyr_chart_time_floor: Returns: the last tick of @step at or before @time */
gint64
fyr_chart_time_floor (GTimeZone *zone, FyrChartTimeStep step, gint64 time);

G_END_DECLS
