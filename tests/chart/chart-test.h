/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include "fyr-chart-draw.h"

/* Small things several chart tests share. */

#define TEST_HOUR G_GINT64_CONSTANT (3600000)
#define TEST_DAY (24 * TEST_HOUR)

static inline GRand *
test_rand (void)
{
  guint32 seed = g_test_rand_int ();
  g_test_message ("seed %u", seed);
  return g_rand_new_with_seed (seed);
}

/* A moment of Oslo's wall clock; on the doubled hour the first. */
static inline gint64
test_oslo (int year, int month, int day, int hour, int minute)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Oslo");
  g_assert_nonnull (zone);
  g_autoptr (GDateTime) at = g_date_time_new (zone, year, month, day, hour, minute, 0);
  g_assert_nonnull (at);
  return g_date_time_to_unix (at) * 1000;
}

static inline FyrChartModel *
test_model_new (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Oslo");
  return fyr_chart_model_new (zone);
}

/* Adds a panel with one series; both are owned by the model. */
static inline FyrChartSeries *
test_add_panel (FyrChartModel *model, const char *title, const char *unit, FyrChartForm form)
{
  g_autoptr (FyrChartPanel) panel = fyr_chart_panel_new (title, unit);
  g_autoptr (FyrChartSeries) series = fyr_chart_series_new (NULL, form);
  fyr_chart_panel_add_series (panel, series);
  fyr_chart_model_add_panel (model, panel);
  return series;
}

static inline FyrChartBand
test_band (gint64 from, gint64 to, double red_low, double yellow_low, double yellow_high, double red_high)
{
  return (FyrChartBand){ from, to, red_low, yellow_low, yellow_high, red_high, FALSE };
}
