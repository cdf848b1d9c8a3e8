/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-trend-model.h"

#include <math.h>

#define NOW G_GINT64_CONSTANT (1772438400000)
#define DAY G_GINT64_CONSTANT (86400000)

static FyrLimit *
limit_of (FyrMeasurementKind kind, FyrLimitComponent component, double red_high, gint64 from, gint64 to)
{
  FyrLimit *limit = fyr_limit_new ();
  fyr_limit_set_kind (limit, kind);
  fyr_limit_set_component (limit, component);
  fyr_limit_set_red_high (limit, red_high);
  fyr_limit_set_valid_from (limit, from);
  if (to != 0)
    fyr_limit_set_valid_to (limit, to);
  return limit;
}

static void
test_bands_are_drawn_as_they_were (void)
{
  gint64 times[] = { NOW - 2 * DAY, NOW };
  double values[] = { 80, 90 };
  guint8 flags[] = { 0, 0 };
  FyrSeries series = {
    .kind = FYR_MEASUREMENT_KIND_HEART_RATE, .n = 2, .times = times, .values = values, .flags = flags
  };
  g_autoptr (GPtrArray) limits = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (limits, limit_of (FYR_MEASUREMENT_KIND_HEART_RATE, 0, 120, NOW - 9 * DAY, NOW - DAY));
  g_ptr_array_add (limits, limit_of (FYR_MEASUREMENT_KIND_HEART_RATE, 0, 130, NOW - DAY, 0));
  g_ptr_array_add (limits, limit_of (FYR_MEASUREMENT_KIND_GLUCOSE, 0, 15, NOW - DAY, 0));
  g_autoptr (FyrChartPanel) panel = fyr_trend_panel_new (&series, limits);
  gsize n = 0;
  const FyrChartBand *bands = fyr_chart_panel_get_bands (panel, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (bands[0].red_high, ==, 120);
  g_assert_cmpint (bands[0].to, ==, NOW - DAY);
  g_assert_cmpfloat (bands[1].red_high, ==, 130);
  g_assert_cmpint (bands[1].from, ==, NOW - DAY);
  g_assert_cmpint (bands[1].to, ==, G_MAXINT64);
  /* A bound that is not set is not drawn at zero. */
  g_assert_true (isnan (bands[0].red_low));
  g_assert_true (isnan (bands[0].yellow_high));
}

static void
test_a_gap_follows_the_rhythm_of_the_reports (void)
{
  gint64 times[40];
  double values[40] = { 0 };
  guint8 flags[40] = { 0 };
  FyrSeries series = {
    .kind = FYR_MEASUREMENT_KIND_BODY_WEIGHT, .n = 40, .times = times, .values = values, .flags = flags
  };
  g_autoptr (GPtrArray) limits = g_ptr_array_new_with_free_func (g_object_unref);
  FyrLimit *limit = limit_of (FYR_MEASUREMENT_KIND_BODY_WEIGHT, 0, 90, NOW - 99 * DAY, 0);
  for (int i = 0; i < 40; i++)
    times[i] = NOW + i * DAY;
  g_assert_cmpint (fyr_trend_gap (&series, limits), ==, FYR_TREND_GAP);
  /* Every second day, twice within the hour: joined; one report left out: a gap. */
  for (int i = 0; i < 40; i++)
    times[i] = NOW + i / 2 * 2 * DAY + i % 2 * DAY / 24;
  g_assert_cmpint (fyr_trend_gap (&series, limits), >, 2 * DAY);
  g_assert_cmpint (fyr_trend_gap (&series, limits), <, 4 * DAY - DAY / 24);
  /* Too few to know a rhythm from: what the limits expect. */
  series.n = 1;
  g_assert_cmpint (fyr_trend_gap (&series, limits), ==, FYR_TREND_GAP);
  fyr_limit_set_expected_days (limit, 7);
  g_ptr_array_add (limits, limit);
  g_assert_cmpint (fyr_trend_gap (&series, limits), ==, 7 * DAY + 7 * DAY / 2);
  series.n = 0;
  g_assert_cmpint (fyr_trend_gap (&series, limits), >, 0);
}

static void
test_marks_say_what_triage_found (void)
{
  gint64 times[] = { 1, 2, 3, 4 };
  double values[] = { 95, 90, 80, 20 };
  guint8 flags[] = { 0, FYR_ALERT_CATEGORY_YELLOW, FYR_ALERT_CATEGORY_RED,
                     FYR_ALERT_CATEGORY_RED | FYR_SERIES_IMPLAUSIBLE };
  FyrSeries series = {
    .kind = FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, .n = 4, .times = times, .values = values, .flags = flags
  };
  g_autoptr (GPtrArray) limits = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (FyrChartPanel) panel = fyr_trend_panel_new (&series, limits);
  FyrChartSeries *points = fyr_chart_panel_get_series (panel, 0);
  g_assert_cmpuint (fyr_chart_series_get_n_points (points), ==, 4);
  g_assert_cmpint (fyr_chart_series_get_mark (points, 0), ==, FYR_CHART_MARK_NONE);
  g_assert_cmpint (fyr_chart_series_get_mark (points, 1), ==, FYR_CHART_MARK_CAUTION);
  g_assert_cmpint (fyr_chart_series_get_mark (points, 2), ==, FYR_CHART_MARK_ALARM);
  /* A value nobody believes is not shown as a red one. */
  g_assert_cmpint (fyr_chart_series_get_mark (points, 3), ==, FYR_CHART_MARK_DOUBTFUL);
  g_assert_cmpint (fyr_chart_series_get_gap (points), ==, FYR_TREND_GAP);
}

static void
test_a_blood_pressure_is_one_panel_of_pairs (void)
{
  gint64 times[] = { NOW };
  double values[] = { 128 }, seconds[] = { 84 };
  guint8 flags[] = { 0 };
  FyrSeries series = { .kind = FYR_MEASUREMENT_KIND_BLOOD_PRESSURE,
                       .n = 1,
                       .times = times,
                       .values = values,
                       .values2 = seconds,
                       .flags = flags };
  g_autoptr (GPtrArray) limits = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (limits, limit_of (FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, FYR_LIMIT_COMPONENT_SYSTOLIC, 160,
                                     NOW - DAY, 0));
  g_ptr_array_add (limits, limit_of (FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, FYR_LIMIT_COMPONENT_DIASTOLIC, 100,
                                     NOW - DAY, 0));
  g_autoptr (FyrChartPanel) panel = fyr_trend_panel_new (&series, limits);
  gsize n = 0;
  const FyrChartBand *bands = fyr_chart_panel_get_bands (panel, &n);
  FyrChartSeries *points = fyr_chart_panel_get_series (panel, 0);
  g_assert_cmpint (fyr_chart_series_get_form (points), ==, FYR_CHART_FORM_PAIR);
  g_assert_cmpfloat (fyr_chart_series_get_second (points, 0), ==, 84);
  g_assert_cmpuint (n, ==, 2);
  g_assert_false (bands[0].second);
  g_assert_true (bands[1].second);
}

static void
count_changes (FyrChartModel *model, guint *n)
{
  (*n)++;
}

static void
test_the_model_tells_of_a_filling_once (void)
{
  gint64 times[] = { NOW };
  double values[] = { 95 };
  guint8 flags[] = { 0 };
  FyrSeries series = {
    .kind = FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, .n = 1, .times = times, .values = values, .flags = flags
  };
  guint changes = 0;
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (FyrChartModel) model = fyr_chart_model_new (zone);
  g_autoptr (GPtrArray) all = g_ptr_array_new (), limits = g_ptr_array_new ();
  g_ptr_array_add (all, &series);
  g_ptr_array_add (all, &series);
  g_signal_connect (model, "changed", G_CALLBACK (count_changes), &changes);
  fyr_trend_model_fill (model, all, limits, NULL);
  g_assert_cmpuint (changes, ==, 1);
  g_assert_cmpuint (fyr_chart_model_get_n_panels (model), ==, 2);
  fyr_trend_model_fill (model, all, limits, NULL);
  g_assert_cmpuint (fyr_chart_model_get_n_panels (model), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trend-model/bands", test_bands_are_drawn_as_they_were);
  g_test_add_func ("/trend-model/gap", test_a_gap_follows_the_rhythm_of_the_reports);
  g_test_add_func ("/trend-model/marks", test_marks_say_what_triage_found);
  g_test_add_func ("/trend-model/pair", test_a_blood_pressure_is_one_panel_of_pairs);
  g_test_add_func ("/trend-model/once", test_the_model_tells_of_a_filling_once);
  return g_test_run ();
}
