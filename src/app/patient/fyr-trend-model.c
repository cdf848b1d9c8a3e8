/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-trend-model.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "fyr-measure.h"
#include "fyr-measurement-kind.h"

/* Technical comes first: a value nobody believes is neither red nor yellow. */
static FyrChartMark
mark_of (guint8 flags)
{
  if ((flags & FYR_SERIES_IMPLAUSIBLE) != 0)
    return FYR_CHART_MARK_DOUBTFUL;
  switch (flags & FYR_SERIES_CATEGORY_MASK) {
  case FYR_ALERT_CATEGORY_RED:
    return FYR_CHART_MARK_ALARM;
  case FYR_ALERT_CATEGORY_YELLOW:
    return FYR_CHART_MARK_CAUTION;
  default:
    return FYR_CHART_MARK_NONE;
  }
}

/* Several reports on one day say nothing about the days between. */
#define SAME_DAY (G_GINT64_CONSTANT (12) * 60 * 60 * 1000)
#define DAY (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)
/* So many of the latest are enough to know a rhythm. */
#define MAX_INTERVALS 400

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;
  return (left > right) - (left < right);
}

static gint64
usual_interval (FyrSeries *series)
{
  g_autoptr (GArray) intervals = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (gsize i = series->n; i > 1 && intervals->len < MAX_INTERVALS; i--) {
    gint64 interval = series->times[i - 1] - series->times[i - 2];
    if (interval >= SAME_DAY)
      g_array_append_val (intervals, interval);
  }
  if (intervals->len == 0)
    return 0;
  g_array_sort (intervals, compare_times);
  return g_array_index (intervals, gint64, intervals->len / 2);
}

static gint64
expected_interval (FyrSeries *series, GPtrArray *limits)
{
  gint64 days = 0;
  for (guint i = 0; i < limits->len; i++) {
    FyrLimit *limit = g_ptr_array_index (limits, i);
    if (fyr_limit_get_kind (limit) == series->kind && !fyr_limit_has_valid_to (limit) &&
        fyr_limit_has_expected_days (limit))
      days = MAX (days, fyr_limit_get_expected_days (limit));
  }
  return days * DAY;
}

gint64
fyr_trend_gap (FyrSeries *series, GPtrArray *limits)
{
  gint64 interval = MAX (usual_interval (series), expected_interval (series, limits));
  return MAX (FYR_TREND_GAP, interval + interval / 2);
}

static FyrChartSeries *
chart_series (FyrSeries *series, GPtrArray *limits)
{
  FyrChartSeries *points =
      fyr_chart_series_new (NULL, series->values2 != NULL ? FYR_CHART_FORM_PAIR : FYR_CHART_FORM_LINE);
  g_autofree guint8 *marks = g_new (guint8, series->n);
  for (gsize i = 0; i < series->n; i++)
    marks[i] = (guint8)mark_of (series->flags[i]);
  fyr_chart_series_set_gap (points, fyr_trend_gap (series, limits));
  fyr_chart_series_set_points (points, series->times, series->values, series->values2, marks, series->n);
  return points;
}

static FyrChartBand
band_of (FyrLimit *limit)
{
  return (FyrChartBand){
    .from = fyr_limit_get_valid_from (limit),
    .to = fyr_limit_has_valid_to (limit) ? fyr_limit_get_valid_to (limit) : G_MAXINT64,
    .red_low = fyr_limit_has_red_low (limit) ? fyr_limit_get_red_low (limit) : NAN,
    .yellow_low = fyr_limit_has_yellow_low (limit) ? fyr_limit_get_yellow_low (limit) : NAN,
    .yellow_high = fyr_limit_has_yellow_high (limit) ? fyr_limit_get_yellow_high (limit) : NAN,
    .red_high = fyr_limit_has_red_high (limit) ? fyr_limit_get_red_high (limit) : NAN,
    .second = fyr_limit_get_component (limit) == FYR_LIMIT_COMPONENT_DIASTOLIC,
  };
}

FyrChartPanel *
fyr_trend_panel_new (FyrSeries *series, GPtrArray *limits)
{
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (series->kind);
  FyrChartPanel *panel =
      fyr_chart_panel_new (fyr_measure_get_name (series->kind), fyr_measure_get_unit (series->kind));
  g_autoptr (FyrChartSeries) points = chart_series (series, limits);
  g_autoptr (GArray) bands = g_array_new (FALSE, FALSE, sizeof (FyrChartBand));
  for (guint i = 0; i < limits->len; i++) {
    FyrLimit *limit = g_ptr_array_index (limits, i);
    FyrChartBand band = band_of (limit);
    if (fyr_limit_get_kind (limit) == series->kind)
      g_array_append_val (bands, band);
  }
  if (info != NULL)
    fyr_chart_panel_set_digits (panel, info->decimals);
  fyr_chart_panel_set_bands (panel, (const FyrChartBand *)(gpointer)bands->data, bands->len);
  fyr_chart_panel_add_series (panel, points);
  return panel;
}

static void
add_notes (FyrChartModel *model, GPtrArray *notes)
{
  for (guint i = 0; i < notes->len; i++) {
    FyrNote *note = fyr_note_item_get_note (g_ptr_array_index (notes, i));
    if (!fyr_note_item_get_corrected (g_ptr_array_index (notes, i)))
      fyr_chart_model_add_event (model, fyr_note_get_time (note), FYR_CHART_MARK_NONE, _ ("Note"),
                                 fyr_note_get_text (note));
  }
}

void
fyr_trend_model_fill (FyrChartModel *model, GPtrArray *series, GPtrArray *limits, GPtrArray *notes)
{
  fyr_chart_model_freeze (model);
  fyr_chart_model_clear (model);
  for (guint i = 0; i < series->len; i++) {
    g_autoptr (FyrChartPanel) panel = fyr_trend_panel_new (g_ptr_array_index (series, i), limits);
    fyr_chart_model_add_panel (model, panel);
  }
  if (notes != NULL)
    add_notes (model, notes);
  fyr_chart_model_thaw (model);
}
