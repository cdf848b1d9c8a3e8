/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-chart-scale.h"

G_BEGIN_DECLS

/**
 * FyrChartMapping:
 * @from: time at @left, ms since the epoch
 * @to: time at @right
 * @left: first pixel column of the plot
 * @right: column after the last
 * @top: y of the scale's largest value
 * @bottom: y of its smallest
 * @scale: value axis
 *
 * From time and value to device pixels.
 */
typedef struct {
  gint64 from;
  gint64 to;
  int left;
  int right;
  double top;
  double bottom;
  FyrChartScale scale;
} FyrChartMapping;

/** fyr_chart_mapping_x: Returns: device pixels, not clipped; a whole number is a column's left edge */
double
fyr_chart_mapping_x (const FyrChartMapping *mapping, gint64 time);
/** fyr_chart_mapping_y: Returns: device pixels, not clipped */
double
fyr_chart_mapping_y (const FyrChartMapping *mapping, double value);

/** FyrChartSpan: what a dense pixel column covers, from its largest value to its smallest */
typedef struct {
  int column;
  float top;
  float bottom;
} FyrChartSpan;

/**
 * FyrChartTrace:
 * @spans: (element-type FyrChartSpan): columns with so many values that only their extremes can be seen
 * @points: (element-type float): x and y in turn of joined lines, for all else
 * @runs: (element-type guint): index of the first point of each joined line in @points
 *
 * What a series looks like at one width: exact extremes in every column, never an average.
 */
typedef struct {
  GArray *spans;
  GArray *points;
  GArray *runs;
} FyrChartTrace;

/** fyr_chart_trace_init: @trace: (out): empty; release with fyr_chart_trace_clear() */
void
fyr_chart_trace_init (FyrChartTrace *trace);
/** fyr_chart_trace_clear: releases what @trace holds */
void
fyr_chart_trace_clear (FyrChartTrace *trace);

/**
 * fyr_chart_trace_build:
 * @second: trace the second values of a pair
 *
 * Replaces @trace by that of @series between @mapping's times, with the lines that enter and leave.
 */
void
fyr_chart_trace_build (FyrChartTrace *trace,
                       FyrChartSeries *series,
                       gboolean second,
                       const FyrChartMapping *mapping);

/** fyr_chart_trace_get_run: Returns: (transfer none): x, y of run @run, @n_points of them */
const float *
fyr_chart_trace_get_run (const FyrChartTrace *trace, guint run, gsize *n_points);

G_END_DECLS
