/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-scale.h"

#include <math.h>

double
fyr_chart_nice_step (double span, guint max_ticks)
{
  static const double factors[] = { 1, 2, 5, 10 };
  g_return_val_if_fail (span > 0 && isfinite (span), 1);
  double raw = span / MAX (max_ticks, 2);
  double power = pow (10, floor (log10 (raw)));
  for (gsize i = 0; i < G_N_ELEMENTS (factors); i++) {
    /* The tolerance keeps a step that is exact in decimals from losing to rounding. */
    if (factors[i] * power >= raw * (1 - 1e-9)) {
      return factors[i] * power;
    }
  }
  return 10 * power;
}

void
fyr_chart_scale_init (FyrChartScale *scale, double min, double max, guint max_ticks)
{
  if (!isfinite (min) || !isfinite (max)) {
    min = 0;
    max = 1;
  }
  if (max < min) {
    double swap = min;
    min = max;
    max = swap;
  }
  if (max - min < 1e-9 * MAX (1, fabs (max))) {
    double room = MAX (1, fabs (max) * 0.05);
    min -= room;
    max += room;
  }
  /* Rounding the ends outwards can cost two more steps. */
  double step = fyr_chart_nice_step (max - min, max_ticks > 3 ? max_ticks - 1 : 2);
  scale->step = step;
  scale->min = floor (min / step + 1e-9) * step;
  scale->max = ceil (max / step - 1e-9) * step;
  double power = floor (log10 (step) + 1e-9);
  scale->digits = power < 0 ? (guint)MIN (-power, 6) : 0;
}

static void
include_value (double value, double *min, double *max)
{
  if (isfinite (value)) {
    *min = MIN (*min, value);
    *max = MAX (*max, value);
  }
}

void
fyr_chart_scale_init_panel (FyrChartScale *scale, FyrChartPanel *panel, guint max_ticks)
{
  double min = INFINITY, max = -INFINITY;
  double wish_min, wish_max;
  fyr_chart_panel_get_range (panel, &wish_min, &wish_max);
  include_value (wish_min, &min, &max);
  include_value (wish_max, &min, &max);
  for (guint i = 0; i < fyr_chart_panel_get_n_series (panel); i++) {
    double low, high;
    if (fyr_chart_series_get_trusted_extent (fyr_chart_panel_get_series (panel, i), &low, &high)) {
      include_value (low, &min, &max);
      include_value (high, &min, &max);
    }
  }
  gsize n_bands = 0;
  const FyrChartBand *bands = fyr_chart_panel_get_bands (panel, &n_bands);
  for (gsize i = 0; i < n_bands; i++) {
    include_value (bands[i].red_low, &min, &max);
    include_value (bands[i].yellow_low, &min, &max);
    include_value (bands[i].yellow_high, &min, &max);
    include_value (bands[i].red_high, &min, &max);
  }
  if (max > min) {
    double room = (max - min) * 0.04;
    /* Air around the outermost value, unless the wished end is the outermost. */
    min = min < wish_min || !isfinite (wish_min) ? min - room : min;
    max = max > wish_max || !isfinite (wish_max) ? max + room : max;
  }
  fyr_chart_scale_init (scale, min, max, max_ticks);
}

guint
fyr_chart_scale_get_n_ticks (const FyrChartScale *scale)
{
  return (guint)lround ((scale->max - scale->min) / scale->step) + 1;
}

double
fyr_chart_scale_get_tick (const FyrChartScale *scale, guint index)
{
  double tick = (round (scale->min / scale->step) + index) * scale->step;
  return fabs (tick) < scale->step * 1e-9 ? 0 : tick;
}

double
fyr_chart_scale_to_y (const FyrChartScale *scale, double value, double top, double bottom)
{
  return bottom - (value - scale->min) * (bottom - top) / (scale->max - scale->min);
}
