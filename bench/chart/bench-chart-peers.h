/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-chart-data.h"

/* The two usual ways to draw with Cairo, over the same axes: a stroke through every point, and a stroke
 * through first, smallest, largest and last of each pixel column. */

typedef struct {
  gint64 *times;
  double *values;
  gsize n_points;
} PeerSeries;

void
bench_stroke_points (cairo_t *cr,
                     const PeerSeries *series,
                     const FyrChartView *view,
                     const FyrChartPlot *plot);
void
bench_stroke_columns (cairo_t *cr,
                      const PeerSeries *series,
                      const FyrChartView *view,
                      const FyrChartPlot *plot);
