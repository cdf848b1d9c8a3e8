/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "fyr-chart-painter.h"

/* From this distance on points are marked and pairs drawn as bars, user units. */
#define MARK_DISTANCE 7.0
#define BAR_DISTANCE 4.5

const FyrChartColor *
fyr_chart_painter_mark_color (FyrChartPainter *self, FyrChartMark mark, const FyrChartColor *ordinary)
{
  switch (mark) {
  case FYR_CHART_MARK_CAUTION:
    return &self->style.caution;
  case FYR_CHART_MARK_ALARM:
    return &self->style.alarm;
  case FYR_CHART_MARK_DOUBTFUL:
    return &self->style.doubtful;
  case FYR_CHART_MARK_NONE:
  default:
    return ordinary;
  }
}

const FyrChartColor *
fyr_chart_painter_series_color (FyrChartPainter *self, guint series)
{
  return &self->style.series[series % FYR_CHART_N_SERIES_COLORS];
}

void
fyr_chart_paint_dot (
    FyrChartPainter *self, guint series, double x, double y, double radius, const FyrChartColor *rim)
{
  const FyrChartColor *color = fyr_chart_painter_series_color (self, series);
  fyr_chart_canvas_mark (self->canvas, FYR_CHART_MARK_NONE, x, y, radius, color, rim);
  if (series % 2 == 1) {
    fyr_chart_canvas_mark (self->canvas, FYR_CHART_MARK_NONE, x, y, radius * 0.5, &self->style.plot, NULL);
  }
}

typedef struct {
  FyrChartPainter *painter;
  FyrChartPanel *panel;
  FyrChartSeries *series;
  const FyrChartMapping *mapping;
  guint index;
  const FyrChartColor *color;
  gsize from, to;  /* points in sight */
  double distance; /* of points on average, canvas pixels */
} Plot;

static void
paint_trace (Plot *plot, gboolean second)
{
  FyrChartPainter *painter = plot->painter;
  fyr_chart_trace_build (&painter->trace, plot->series, second, plot->mapping);
  fyr_chart_canvas_trace (painter->canvas, &painter->trace, painter->style.line_width * painter->scale,
                          plot->color);
}

static void
paint_bars (Plot *plot)
{
  FyrChartPainter *painter = plot->painter;
  const gint64 *times = fyr_chart_series_get_times (plot->series);
  const double *values = fyr_chart_series_get_values (plot->series, FALSE);
  const double *seconds = fyr_chart_series_get_values (plot->series, TRUE);
  double width = CLAMP (plot->distance * 0.35, 1.4 * painter->scale, 3 * painter->scale);
  for (gsize i = plot->from; i < plot->to; i++) {
    double y0 = fyr_chart_mapping_y (plot->mapping, values[i]);
    double y1 = fyr_chart_mapping_y (plot->mapping, seconds[i]);
    fyr_chart_canvas_bar (painter->canvas, fyr_chart_mapping_x (plot->mapping, times[i]), MIN (y0, y1),
                          MAX (y0, y1), width, plot->color);
  }
}

/* One mark; a value off the axis is shown at the plot's edge, so that it is not lost. */
static void
paint_mark (Plot *plot, gsize index, FyrChartMark mark, gboolean second)
{
  FyrChartPainter *painter = plot->painter;
  double radius = (mark == FYR_CHART_MARK_NONE ? 2.6 : 3.3) * fyr_chart_painter_get_mark_size (painter);
  double value = fyr_chart_series_get_values (plot->series, second)[index];
  double y = fyr_chart_mapping_y (plot->mapping, value);
  y = CLAMP (y, plot->mapping->top + radius * 1.6, plot->mapping->bottom - radius * 1.6);
  double x = fyr_chart_mapping_x (plot->mapping, fyr_chart_series_get_time (plot->series, index));
  if (mark == FYR_CHART_MARK_NONE) {
    fyr_chart_paint_dot (painter, plot->index, x, y, radius, &painter->style.plot);
    return;
  }
  fyr_chart_canvas_mark (painter->canvas, mark, x, y, radius,
                         fyr_chart_painter_mark_color (painter, mark, plot->color), &painter->style.plot);
}

static void
paint_point (Plot *plot, gsize index)
{
  FyrChartMark mark = fyr_chart_series_get_mark (plot->series, index);
  if (!fyr_chart_series_has_seconds (plot->series)) {
    paint_mark (plot, index, mark, FALSE);
    return;
  }
  /* Of a pair, the value that broke its limit carries the sign. */
  gint64 time = fyr_chart_series_get_time (plot->series, index);
  double value = fyr_chart_series_get_value (plot->series, index);
  double second = fyr_chart_series_get_second (plot->series, index);
  gboolean first_out = fyr_chart_panel_judge (plot->panel, time, value, FALSE, NULL) != FYR_CHART_MARK_NONE;
  gboolean second_out = fyr_chart_panel_judge (plot->panel, time, second, TRUE, NULL) != FYR_CHART_MARK_NONE;
  gboolean neither = !first_out && !second_out;
  gboolean roomy = plot->distance >= MARK_DISTANCE * plot->painter->scale;
  FyrChartMark first_mark = second_out && !first_out ? FYR_CHART_MARK_NONE : mark;
  FyrChartMark second_mark =
      second_out || (neither && mark == FYR_CHART_MARK_DOUBTFUL) ? mark : FYR_CHART_MARK_NONE;
  if (roomy || first_mark != FYR_CHART_MARK_NONE) {
    paint_mark (plot, index, first_mark, FALSE);
  }
  if (roomy || second_mark != FYR_CHART_MARK_NONE) {
    paint_mark (plot, index, second_mark, TRUE);
  }
}

static gsize
find_flagged (const guint *flagged, gsize n_flagged, gsize point)
{
  gsize from = 0, to = n_flagged;
  while (from < to) {
    gsize middle = from + (to - from) / 2;
    if (flagged[middle] < point) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

/* Of many in one place one is enough: the spans below already show how far they reach. */
static void
paint_flagged (Plot *plot, FyrChartMark mark)
{
  gsize n_flagged = 0;
  const guint *flagged = fyr_chart_series_get_flagged (plot->series, mark, &n_flagged);
  gsize first = find_flagged (flagged, n_flagged, plot->from);
  gsize end = find_flagged (flagged, n_flagged, plot->to);
  gsize n_columns = (gsize)(plot->mapping->right - plot->mapping->left);
  gsize stride = MAX ((end - first) / (2 * n_columns), 1);
  double apart = plot->distance < 2 * plot->painter->scale ? 9 * plot->painter->scale : 0;
  double last_x = -INFINITY;
  for (gsize i = first; i < end; i += stride) {
    double x = fyr_chart_mapping_x (plot->mapping, fyr_chart_series_get_time (plot->series, flagged[i]));
    if (x - last_x >= apart) {
      paint_point (plot, flagged[i]);
      last_x = x;
    }
  }
}

static void
paint_points (Plot *plot, gboolean compact)
{
  gboolean roomy = plot->distance >= MARK_DISTANCE * plot->painter->scale;
  if (roomy && !compact) {
    for (gsize i = plot->from; i < plot->to; i++) {
      if (fyr_chart_series_get_mark (plot->series, i) == FYR_CHART_MARK_NONE) {
        paint_point (plot, i);
      }
    }
  }
  /* The gravest last, on top. */
  paint_flagged (plot, FYR_CHART_MARK_DOUBTFUL);
  paint_flagged (plot, FYR_CHART_MARK_CAUTION);
  paint_flagged (plot, FYR_CHART_MARK_ALARM);
  if (compact && plot->to > plot->from) {
    paint_point (plot, plot->to - 1);
  }
}

void
fyr_chart_paint_series (FyrChartPainter *self,
                        FyrChartPanel *panel,
                        const FyrChartMapping *mapping,
                        gboolean compact)
{
  for (guint i = 0; i < fyr_chart_panel_get_n_series (panel); i++) {
    Plot plot = { .painter = self, .panel = panel, .mapping = mapping };
    plot.series = fyr_chart_panel_get_series (panel, i);
    plot.index = i;
    plot.color = fyr_chart_painter_series_color (self, i);
    plot.from = fyr_chart_series_lower_bound (plot.series, mapping->from);
    plot.to = fyr_chart_series_lower_bound (plot.series, mapping->to + 1);
    plot.distance = (double)(mapping->right - mapping->left) / (double)MAX (plot.to - plot.from, 1);
    gboolean pair = fyr_chart_series_has_seconds (plot.series);
    gboolean bars = pair && fyr_chart_series_get_form (plot.series) == FYR_CHART_FORM_PAIR &&
                    plot.distance >= BAR_DISTANCE * self->scale;
    if (bars) {
      paint_bars (&plot);
    } else {
      paint_trace (&plot, FALSE);
      if (pair) {
        paint_trace (&plot, TRUE);
      }
    }
    paint_points (&plot, compact);
  }
}
