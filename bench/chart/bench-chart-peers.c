/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-chart-peers.h"

/* The benchmark's wished range; the axis may round it outwards, which does not change the cost. */
#define VALUE_MIN 70.0
#define VALUE_MAX 100.0

static double
to_x (gint64 time, const FyrChartView *view, const FyrChartPlot *plot)
{
  return plot->x + (double)(time - view->from) / (double)(view->to - view->from) * plot->width;
}

static double
to_y (double value, const FyrChartPlot *plot)
{
  return plot->y + plot->height - (value - VALUE_MIN) / (VALUE_MAX - VALUE_MIN) * plot->height;
}

static void
begin_stroke (cairo_t *cr, const FyrChartPlot *plot)
{
  cairo_save (cr);
  cairo_rectangle (cr, plot->x, plot->y, plot->width, plot->height);
  cairo_clip (cr);
  cairo_set_source_rgb (cr, 0.1, 0.37, 0.7);
  cairo_set_line_width (cr, 1.6);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
}

void
bench_stroke_points (cairo_t *cr,
                     const PeerSeries *series,
                     const FyrChartView *view,
                     const FyrChartPlot *plot)
{
  begin_stroke (cr, plot);
  for (gsize i = 0; i < series->n_points; i++) {
    cairo_line_to (cr, to_x (series->times[i], view, plot), to_y (series->values[i], plot));
  }
  cairo_stroke (cr);
  cairo_restore (cr);
}

void
bench_stroke_columns (cairo_t *cr,
                      const PeerSeries *series,
                      const FyrChartView *view,
                      const FyrChartPlot *plot)
{
  begin_stroke (cr, plot);
  gsize i = 0;
  while (i < series->n_points) {
    int column = (int)to_x (series->times[i], view, plot);
    double first = series->values[i], last = first, min = first, max = first;
    for (; i < series->n_points && (int)to_x (series->times[i], view, plot) == column; i++) {
      last = series->values[i];
      min = MIN (min, last);
      max = MAX (max, last);
    }
    cairo_line_to (cr, column + 0.5, to_y (first, plot));
    cairo_line_to (cr, column + 0.5, to_y (min, plot));
    cairo_line_to (cr, column + 0.5, to_y (max, plot));
    cairo_line_to (cr, column + 0.5, to_y (last, plot));
  }
  cairo_stroke (cr);
  cairo_restore (cr);
}
