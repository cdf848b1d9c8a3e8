/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-chart-model.h"

G_BEGIN_DECLS

/**
 * FyrChartScale:
 * @min: value at the bottom
 * @max: value at the top, above @min
 * @step: distance of ticks: 1, 2 or 5 times a power of ten
 * @digits: decimals that tell ticks apart
 *
 * A value axis with round ends.
 */
typedef struct {
  double min;
  double max;
  double step;
  guint digits;
} FyrChartScale;

/**
 * fyr_chart_nice_step:
 * @span: length of the axis, above 0
 * @max_ticks: how many ticks there is room for, at least 2
 *
 * Returns: the smallest step of 1, 2 or 5 times a power of ten that needs at most @max_ticks steps
 */
double
fyr_chart_nice_step (double span, guint max_ticks);

/** fyr_chart_scale_init: widens [@min, @max] to whole steps; equal or swapped ends are put right */
void
fyr_chart_scale_init (FyrChartScale *scale, double min, double max, guint max_ticks);

/** fyr_chart_scale_init_panel: the scale that shows all trusted values, limits and the wished range */
void
fyr_chart_scale_init_panel (FyrChartScale *scale, FyrChartPanel *panel, guint max_ticks);

/** fyr_chart_scale_get_n_ticks: Returns: number of ticks, both ends included */
guint
fyr_chart_scale_get_n_ticks (const FyrChartScale *scale);
double
fyr_chart_scale_get_tick (const FyrChartScale *scale, guint index);

/** fyr_chart_scale_to_y: Returns: where @value lies between @top (max) and @bottom (min), not clipped */
double
fyr_chart_scale_to_y (const FyrChartScale *scale, double value, double top, double bottom);

G_END_DECLS
