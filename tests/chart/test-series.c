/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-test.h"

static void
count (gpointer object, guint *counter)
{
  (*counter)++;
}

static void
count_swapped (guint *counter)
{
  (*counter)++;
}

static void
test_points_are_sorted_and_finite (void)
{
  const gint64 times[] = { 30, 10, 20, 10 };
  const double values[] = { 3, 1, NAN, 2 };
  const guint8 marks[] = { FYR_CHART_MARK_ALARM, 0, 0, FYR_CHART_MARK_CAUTION };
  g_autoptr (FyrChartSeries) series = fyr_chart_series_new ("A", FYR_CHART_FORM_LINE);
  fyr_chart_series_set_points (series, times, values, NULL, marks, 4);
  g_assert_cmpuint (fyr_chart_series_get_n_points (series), ==, 3);
  g_assert_cmpfloat (fyr_chart_series_get_value (series, 0), ==, 1);
  /* Equal times keep their order. */
  g_assert_cmpfloat (fyr_chart_series_get_value (series, 1), ==, 2);
  g_assert_cmpint (fyr_chart_series_get_mark (series, 1), ==, FYR_CHART_MARK_CAUTION);
  g_assert_cmpint (fyr_chart_series_get_time (series, 2), ==, 30);
  g_assert_cmpint (fyr_chart_series_get_mark (series, 2), ==, FYR_CHART_MARK_ALARM);
  gsize n_flagged = 0;
  const guint *flagged = fyr_chart_series_get_flagged (series, FYR_CHART_MARK_CAUTION, &n_flagged);
  g_assert_cmpuint (n_flagged, ==, 1);
  g_assert_cmpuint (flagged[0], ==, 1);
  flagged = fyr_chart_series_get_flagged (series, FYR_CHART_MARK_ALARM, &n_flagged);
  g_assert_cmpuint (n_flagged, ==, 1);
  g_assert_cmpuint (flagged[0], ==, 2);
  fyr_chart_series_get_flagged (series, FYR_CHART_MARK_DOUBTFUL, &n_flagged);
  g_assert_cmpuint (n_flagged, ==, 0);
}

static void
test_adding_one_by_one_equals_setting_all (void)
{
  g_autoptr (GRand) rand = test_rand ();
  gint64 times[200];
  double values[200], seconds[200];
  guint8 marks[200];
  g_autoptr (FyrChartSeries) all = fyr_chart_series_new (NULL, FYR_CHART_FORM_PAIR);
  g_autoptr (FyrChartSeries) single = fyr_chart_series_new (NULL, FYR_CHART_FORM_PAIR);
  for (guint i = 0; i < 200; i++) {
    times[i] = g_rand_int_range (rand, 0, 100);
    values[i] = g_rand_double (rand);
    seconds[i] = i % 5 == 0 ? NAN : g_rand_double (rand);
    marks[i] = (guint8)g_rand_int_range (rand, 0, 4);
    fyr_chart_series_add_point (single, times[i], values[i], seconds[i], marks[i]);
  }
  fyr_chart_series_set_points (all, times, values, seconds, marks, 200);
  for (guint i = 0; i < 200; i++) {
    g_assert_cmpint (fyr_chart_series_get_time (all, i), ==, fyr_chart_series_get_time (single, i));
    g_assert_cmpfloat (fyr_chart_series_get_value (all, i), ==, fyr_chart_series_get_value (single, i));
    g_assert_cmpfloat (fyr_chart_series_get_second (all, i), ==, fyr_chart_series_get_second (single, i));
    g_assert_cmpint (fyr_chart_series_get_mark (all, i), ==, fyr_chart_series_get_mark (single, i));
  }
}

static void
test_taken_arrays_equal_copied_ones (void)
{
  for (guint round = 0; round < 2; round++) {
    gint64 *times = g_new (gint64, 3);
    double *values = g_new (double, 3);
    times[0] = 1, times[1] = round == 0 ? 2 : 9, times[2] = 3;
    values[0] = 10, values[1] = 20, values[2] = round == 0 ? 30 : INFINITY;
    g_autoptr (FyrChartSeries) series = fyr_chart_series_new (NULL, FYR_CHART_FORM_LINE);
    fyr_chart_series_take_points (series, times, values, NULL, NULL, 3);
    g_assert_cmpuint (fyr_chart_series_get_n_points (series), ==, round == 0 ? 3 : 2);
    g_assert_cmpint (fyr_chart_series_get_time (series, 1), ==, round == 0 ? 2 : 9);
    fyr_chart_series_add_point (series, 2, 15, NAN, FYR_CHART_MARK_NONE);
    g_assert_cmpfloat (fyr_chart_series_get_value (series, round == 0 ? 2 : 1), ==, 15);
  }
}

static void
test_nearest_is_the_nearest (void)
{
  g_autoptr (FyrChartSeries) series = fyr_chart_series_new (NULL, FYR_CHART_FORM_LINE);
  gsize index = 9;
  g_assert_false (fyr_chart_series_nearest (series, 5, &index));
  fyr_chart_series_add_point (series, 10, 1, NAN, 0);
  fyr_chart_series_add_point (series, 20, 2, NAN, 0);
  fyr_chart_series_add_point (series, 40, 3, NAN, 0);
  static const struct {
    gint64 time;
    gsize index;
  } cases[] = { { G_MININT64 / 4, 0 }, { 10, 0 }, { 15, 0 }, { 16, 1 }, { 30, 1 }, { 31, 2 },
                { G_MAXINT64 / 4, 2 } };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_true (fyr_chart_series_nearest (series, cases[i].time, &index));
    g_assert_cmpuint (index, ==, cases[i].index);
  }
}

static void
test_trusted_extent_leaves_out_doubtful_values (void)
{
  g_autoptr (FyrChartSeries) series = fyr_chart_series_new (NULL, FYR_CHART_FORM_PAIR);
  double min, max;
  fyr_chart_series_add_point (series, 1, 900, 5, FYR_CHART_MARK_DOUBTFUL);
  g_assert_false (fyr_chart_series_get_trusted_extent (series, &min, &max));
  fyr_chart_series_add_point (series, 2, 130, 80, FYR_CHART_MARK_NONE);
  fyr_chart_series_add_point (series, 3, 180, 110, FYR_CHART_MARK_ALARM);
  g_assert_true (fyr_chart_series_get_trusted_extent (series, &min, &max));
  g_assert_cmpfloat (min, ==, 80);
  g_assert_cmpfloat (max, ==, 180);
  /* The exact extremes still hold it. */
  g_assert_true (fyr_chart_series_get_extent (series, 0, 3, &min, &max));
  g_assert_cmpfloat (max, ==, 900);
}

static void
test_change_reaches_the_model_once (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  FyrChartSeries *series = test_add_panel (model, "A", NULL, FYR_CHART_FORM_LINE);
  guint n_changes = 0;
  g_signal_connect (model, "changed", G_CALLBACK (count), &n_changes);
  fyr_chart_series_add_point (series, 1, 1, NAN, 0);
  g_assert_cmpuint (n_changes, ==, 1);
  fyr_chart_series_set_gap (series, 5);
  fyr_chart_series_set_gap (series, 5);
  g_assert_cmpuint (n_changes, ==, 2);
  fyr_chart_model_freeze (model);
  fyr_chart_series_add_point (series, 2, 1, NAN, 0);
  fyr_chart_panel_set_digits (fyr_chart_model_get_panel (model, 0), 1);
  g_assert_cmpuint (n_changes, ==, 2);
  fyr_chart_model_thaw (model);
  g_assert_cmpuint (n_changes, ==, 3);
  fyr_chart_model_freeze (model);
  fyr_chart_model_thaw (model);
  g_assert_cmpuint (n_changes, ==, 3);
}

static void
test_series_may_outlive_its_model (void)
{
  g_autoptr (FyrChartSeries) kept = NULL;
  {
    g_autoptr (FyrChartModel) model = test_model_new ();
    kept = g_object_ref (test_add_panel (model, "A", NULL, FYR_CHART_FORM_LINE));
  }
  fyr_chart_series_add_point (kept, 1, 1, NAN, 0);
  g_assert_cmpuint (G_OBJECT (kept)->ref_count, ==, 1);
}

static void
test_objects_are_finalized (void)
{
  guint n_gone = 0;
  FyrChartModel *model = test_model_new ();
  FyrChartSeries *series = test_add_panel (model, "A", "%", FYR_CHART_FORM_LINE);
  fyr_chart_model_add_event (model, 5, FYR_CHART_MARK_NONE, "E", "Event");
  g_object_weak_ref (G_OBJECT (model), (GWeakNotify)(void (*) (void))count_swapped, &n_gone);
  g_object_weak_ref (G_OBJECT (fyr_chart_model_get_panel (model, 0)),
                     (GWeakNotify)(void (*) (void))count_swapped, &n_gone);
  g_object_weak_ref (G_OBJECT (series), (GWeakNotify)(void (*) (void))count_swapped, &n_gone);
  g_object_unref (model);
  g_assert_cmpuint (n_gone, ==, 3);
}

static void
test_values_are_judged_by_the_limits_of_their_time (void)
{
  g_autoptr (FyrChartPanel) panel = fyr_chart_panel_new ("Oxygen saturation", "%");
  /* Given out of order; the later one has no red limit. */
  FyrChartBand bands[3] = { test_band (100, G_MAXINT64, NAN, 88, NAN, NAN),
                            test_band (G_MININT64, 100, 88, 92, NAN, NAN),
                            test_band (G_MININT64, G_MAXINT64, NAN, NAN, 90, 100) };
  bands[2].second = TRUE;
  fyr_chart_panel_set_bands (panel, bands, 3);
  const FyrChartBand *band = NULL;
  g_assert_cmpint (fyr_chart_panel_judge (panel, 99, 90, FALSE, &band), ==, FYR_CHART_MARK_CAUTION);
  g_assert_cmpfloat (band->yellow_low, ==, 92);
  g_assert_cmpint (fyr_chart_panel_judge (panel, 99, 87.9, FALSE, NULL), ==, FYR_CHART_MARK_ALARM);
  /* A limit itself is within. */
  g_assert_cmpint (fyr_chart_panel_judge (panel, 99, 92, FALSE, NULL), ==, FYR_CHART_MARK_NONE);
  g_assert_cmpint (fyr_chart_panel_judge (panel, 99, 88, FALSE, NULL), ==, FYR_CHART_MARK_CAUTION);
  g_assert_cmpint (fyr_chart_panel_judge (panel, 100, 90, FALSE, NULL), ==, FYR_CHART_MARK_NONE);
  g_assert_cmpint (fyr_chart_panel_judge (panel, 100, 10, FALSE, NULL), ==, FYR_CHART_MARK_CAUTION);
  g_assert_cmpint (fyr_chart_panel_judge (panel, 100, 95, TRUE, NULL), ==, FYR_CHART_MARK_CAUTION);
}

static void
test_events_come_in_order (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  fyr_chart_model_add_event (model, 30, FYR_CHART_MARK_NONE, "c", NULL);
  fyr_chart_model_add_event (model, 10, FYR_CHART_MARK_ALARM, "a", NULL);
  fyr_chart_model_add_event (model, 20, FYR_CHART_MARK_NONE, "b", NULL);
  gsize n = 0;
  const FyrChartEvent *events = fyr_chart_model_get_events (model, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (events[0].label, ==, "a");
  g_assert_cmpstr (events[1].label, ==, "b");
  g_assert_cmpstr (events[2].label, ==, "c");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/series/points-are-sorted-and-finite", test_points_are_sorted_and_finite);
  g_test_add_func ("/chart/series/adding-one-by-one-equals-setting-all",
                   test_adding_one_by_one_equals_setting_all);
  g_test_add_func ("/chart/series/taken-arrays-equal-copied-ones", test_taken_arrays_equal_copied_ones);
  g_test_add_func ("/chart/series/nearest-is-the-nearest", test_nearest_is_the_nearest);
  g_test_add_func ("/chart/series/trusted-extent-leaves-out-doubtful-values",
                   test_trusted_extent_leaves_out_doubtful_values);
  g_test_add_func ("/chart/series/may-outlive-its-model", test_series_may_outlive_its_model);
  g_test_add_func ("/chart/model/change-reaches-the-model-once", test_change_reaches_the_model_once);
  g_test_add_func ("/chart/model/objects-are-finalized", test_objects_are_finalized);
  g_test_add_func ("/chart/model/events-come-in-order", test_events_come_in_order);
  g_test_add_func ("/chart/panel/values-are-judged-by-the-limits-of-their-time",
                   test_values_are_judged_by_the_limits_of_their_time);
  return g_test_run ();
}
