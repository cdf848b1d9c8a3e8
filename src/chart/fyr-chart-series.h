/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * FyrChartMark:
 * @FYR_CHART_MARK_NONE: an ordinary point (filled circle)
 * @FYR_CHART_MARK_CAUTION: outside a yellow limit (diamond)
 * @FYR_CHART_MARK_ALARM: outside a red limit (square)
 * @FYR_CHART_MARK_DOUBTFUL: kept but not believed (hollow ring with a cross); does not stretch the axis
 *
 * What a point or an event means to the reader. Shape and colour differ, so colour is never alone.
 */
typedef enum {
  FYR_CHART_MARK_NONE,
  FYR_CHART_MARK_CAUTION,
  FYR_CHART_MARK_ALARM,
  FYR_CHART_MARK_DOUBTFUL,
} FyrChartMark;

/**
 * FyrChartForm:
 * @FYR_CHART_FORM_LINE: points joined by a line, broken at gaps
 * @FYR_CHART_FORM_PAIR: two values a point (blood pressure): an upright bar between them while there is
 *   room, two lines where it is dense
 */
typedef enum {
  FYR_CHART_FORM_LINE,
  FYR_CHART_FORM_PAIR,
} FyrChartForm;

#define FYR_TYPE_CHART_SERIES (fyr_chart_series_get_type ())
G_DECLARE_FINAL_TYPE (FyrChartSeries, fyr_chart_series, FYR, CHART_SERIES, GObject)

/**
 * fyr_chart_series_new:
 * @label: (nullable): what the values are, shown where a panel has several series
 * @form: how points are drawn
 *
 * Values over time, sorted by time. The signal `changed` is emitted after the points changed.
 *
 * Returns: (transfer full): an empty series
 */
FyrChartSeries *
fyr_chart_series_new (const char *label, FyrChartForm form);

/**
 * fyr_chart_series_set_points:
 * @times: (array length=n_points): milliseconds since the Unix epoch; need not be sorted
 * @values: (array length=n_points): values; a point whose value is not finite is left out
 * @seconds: (array length=n_points) (nullable): the other value of a pair; not finite = same as value
 * @marks: (array length=n_points) (nullable): a #FyrChartMark each
 * @n_points: number of points, up to 2³¹
 *
 * Replaces all points; the arrays are copied.
 */
void
fyr_chart_series_set_points (FyrChartSeries *self,
                             const gint64 *times,
                             const double *values,
                             const double *seconds,
                             const guint8 *marks,
                             gsize n_points);

/**
 * fyr_chart_series_take_points:
 * @times: (transfer full): from g_malloc(), as are the others
 * @values: (transfer full)
 * @seconds: (transfer full) (nullable)
 * @marks: (transfer full) (nullable)
 *
 * As fyr_chart_series_set_points(), but keeps the arrays if they are sorted and finite, so that nothing is
 * copied.
 */
void
fyr_chart_series_take_points (
    FyrChartSeries *self, gint64 *times, double *values, double *seconds, guint8 *marks, gsize n_points);

/**
 * fyr_chart_series_add_point:
 * @time: milliseconds since the Unix epoch, at any place in the order
 * @value: the value; ignored unless finite
 * @second: the other value of a pair, or NAN
 *
 * Adds one point, cheap at the end. For many use fyr_chart_series_set_points().
 */
void
fyr_chart_series_add_point (
    FyrChartSeries *self, gint64 time, double value, double second, FyrChartMark mark);

/**
 * fyr_chart_series_set_gap:
 * @gap: milliseconds; two points further apart are not joined; 0 = always joined
 */
void
fyr_chart_series_set_gap (FyrChartSeries *self, gint64 gap);
gint64
fyr_chart_series_get_gap (FyrChartSeries *self);

/** fyr_chart_series_get_label: Returns: (transfer none) (nullable) */
const char *
fyr_chart_series_get_label (FyrChartSeries *self);
/** fyr_chart_series_get_form: Returns: how its points are drawn */
FyrChartForm
fyr_chart_series_get_form (FyrChartSeries *self);

/** fyr_chart_series_get_n_points: Returns: the number of points kept */
gsize
fyr_chart_series_get_n_points (FyrChartSeries *self);

/** fyr_chart_series_get_times: Returns: (transfer none): ascending times, valid until the next change */
const gint64 *
fyr_chart_series_get_times (FyrChartSeries *self);
gint64
fyr_chart_series_get_time (FyrChartSeries *self, gsize index);
double
fyr_chart_series_get_value (FyrChartSeries *self, gsize index);
/** fyr_chart_series_get_second: Returns: the pair's other value; the value itself where there is none */
double
fyr_chart_series_get_second (FyrChartSeries *self, gsize index);
FyrChartMark
fyr_chart_series_get_mark (FyrChartSeries *self, gsize index);

/** fyr_chart_series_get_values: Returns: (transfer none): first or @second values, valid until a change */
const double *
fyr_chart_series_get_values (FyrChartSeries *self, gboolean second);

/** fyr_chart_series_has_seconds: Returns: whether any point came with a second value */
gboolean
fyr_chart_series_has_seconds (FyrChartSeries *self);

/**
 * fyr_chart_series_lower_bound:
 * @time: milliseconds since the Unix epoch
 *
 * Returns: index of the first point at or after @time; the number of points if there is none
 */
gsize
fyr_chart_series_lower_bound (FyrChartSeries *self, gint64 time);

/**
 * fyr_chart_series_nearest:
 * @index: (out): index of the point nearest in time, the earlier one of two equally near
 *
 * Returns: %FALSE if the series is empty
 */
gboolean
fyr_chart_series_nearest (FyrChartSeries *self, gint64 time, gsize *index);

/**
 * fyr_chart_series_get_extent:
 * @from: first index
 * @to: index after the last
 * @min: (out): exact smallest of the values
 * @max: (out): exact largest
 *
 * Extremes of points [@from, @to) of the first values, in time logarithmic in their number.
 *
 * Returns: %FALSE if the range is empty
 */
gboolean
fyr_chart_series_get_extent (FyrChartSeries *self, gsize from, gsize to, double *min, double *max);

/** fyr_chart_series_get_second_extent: As fyr_chart_series_get_extent(), of the second values. */
gboolean
fyr_chart_series_get_second_extent (FyrChartSeries *self, gsize from, gsize to, double *min, double *max);

/**
 * fyr_chart_series_get_trusted_extent:
 *
 * Extremes of both values of all points that are not marked doubtful.
 *
 * Returns: %FALSE if there is no such point
 */
gboolean
fyr_chart_series_get_trusted_extent (FyrChartSeries *self, double *min, double *max);

/**
 * fyr_chart_series_get_flagged:
 * @mark: any but %FYR_CHART_MARK_NONE
 * @n_flagged: (out): their number
 *
 * Returns: (transfer none) (nullable): ascending indices of points with @mark, valid until the next change
 */
const guint *
fyr_chart_series_get_flagged (FyrChartSeries *self, FyrChartMark mark, gsize *n_flagged);

G_END_DECLS
