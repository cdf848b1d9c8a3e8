/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-series.h"

G_DEFINE_BOXED_TYPE (FyrSeries, fyr_series, fyr_series_ref, fyr_series_unref)

FyrSeries *
fyr_series_ref (FyrSeries *series)
{
  g_atomic_ref_count_inc (&series->refs);
  return series;
}

void
fyr_series_unref (FyrSeries *series)
{
  if (series == NULL || !g_atomic_ref_count_dec (&series->refs)) {
    return;
  }
  g_free (series->times);
  g_free (series->values);
  g_free (series->values2);
  g_free (series->flags);
  g_free (series);
}
