/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "chart-test.h"
#include "fyr-chart-text.h"

static FyrChartModel *
make_model (void)
{
  FyrChartModel *model = test_model_new ();
  FyrChartSeries *saturation = test_add_panel (model, "Oxygen saturation", "%", FYR_CHART_FORM_LINE);
  FyrChartSeries *pressure = test_add_panel (model, "Blood pressure", "mmHg", FYR_CHART_FORM_PAIR);
  FyrChartBand bands[2] = { test_band (G_MININT64, G_MAXINT64, 88, 92, NAN, NAN),
                            test_band (G_MININT64, G_MAXINT64, NAN, NAN, 90, 100) };
  fyr_chart_panel_set_bands (fyr_chart_model_get_panel (model, 0), bands, 1);
  bands[1].second = TRUE;
  fyr_chart_panel_set_bands (fyr_chart_model_get_panel (model, 1), &bands[1], 1);
  fyr_chart_series_add_point (saturation, test_oslo (2026, 3, 1, 8, 0), 95, NAN, FYR_CHART_MARK_NONE);
  fyr_chart_series_add_point (saturation, test_oslo (2026, 3, 2, 8, 5), 91, NAN, FYR_CHART_MARK_CAUTION);
  fyr_chart_series_add_point (saturation, test_oslo (2026, 3, 3, 8, 10), 86, NAN, FYR_CHART_MARK_ALARM);
  fyr_chart_series_add_point (saturation, test_oslo (2026, 3, 29, 3, 30), 94, NAN, FYR_CHART_MARK_NONE);
  fyr_chart_series_add_point (pressure, test_oslo (2026, 3, 1, 9, 0), 128, 84, FYR_CHART_MARK_NONE);
  fyr_chart_series_add_point (pressure, test_oslo (2026, 3, 2, 9, 0), 150, 95, FYR_CHART_MARK_CAUTION);
  fyr_chart_series_add_point (pressure, test_oslo (2026, 3, 3, 9, 0), 1500, 10, FYR_CHART_MARK_DOUBTFUL);
  return model;
}

static void
assert_readout (FyrChartModel *model, guint panel, gsize point, const char *expected)
{
  g_autofree char *text = fyr_chart_readout (model, panel, 0, point);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_readout_says_value_time_and_limit (void)
{
  g_autoptr (FyrChartModel) model = make_model ();
  assert_readout (model, 0, 0, "Oxygen saturation 95\u00a0% · 1 Mar 2026, 08:00");
  assert_readout (model, 0, 1,
                  "Oxygen saturation 91\u00a0% · 2 Mar 2026, 08:05 · below the yellow limit 92\u00a0%");
  assert_readout (model, 0, 2,
                  "Oxygen saturation 86\u00a0% · 3 Mar 2026, 08:10 · below the red limit 88\u00a0%");
  /* Summer time began at two that night. */
  assert_readout (model, 0, 3, "Oxygen saturation 94\u00a0% · 29 Mar 2026, 03:30");
}

static void
test_readout_of_a_pair_judges_both_values (void)
{
  g_autoptr (FyrChartModel) model = make_model ();
  assert_readout (model, 1, 0, "Blood pressure 128/84\u00a0mmHg · 1 Mar 2026, 09:00");
  assert_readout (
      model, 1, 1,
      "Blood pressure 150/95\u00a0mmHg · 2 Mar 2026, 09:00 · above the yellow limit 90\u00a0mmHg");
  assert_readout (model, 1, 2, "Blood pressure 1500/10\u00a0mmHg · 3 Mar 2026, 09:00 · doubtful value");
}

static void
test_readout_of_nothing_is_empty (void)
{
  g_autoptr (FyrChartModel) model = make_model ();
  assert_readout (model, 0, 4, "");
  assert_readout (model, 7, 0, "");
  g_autofree char *value = fyr_chart_readout_value (fyr_chart_model_get_panel (model, 0), 3, 0);
  g_assert_cmpstr (value, ==, "");
}

static void
test_description_has_what_the_picture_has (void)
{
  g_autoptr (FyrChartModel) model = make_model ();
  g_autofree char *text = fyr_chart_describe_panel (model, 0);
  g_assert_cmpstr (
      text, ==,
      "Oxygen saturation in %: 4 values from 1 Mar 2026 to 29 Mar 2026. First 95\u00a0%, last 94\u00a0%. "
      "Lowest 86\u00a0% (3 Mar 2026, 08:10), highest 95\u00a0% (1 Mar 2026, 08:00). "
      "Outside red limits: 1. Outside yellow limits: 1.");
}

static void
test_description_sets_doubtful_values_apart (void)
{
  g_autoptr (FyrChartModel) model = make_model ();
  g_autofree char *text = fyr_chart_describe_panel (model, 1);
  g_assert_nonnull (strstr (text, "3 values"));
  g_assert_nonnull (strstr (text, "highest 150/95\u00a0mmHg"));
  g_assert_nonnull (strstr (text, "Lowest 128/84\u00a0mmHg"));
  g_assert_nonnull (strstr (text, "Doubtful values, not counted: 1."));
  g_assert_nonnull (strstr (text, "Outside yellow limits: 1."));
}

static void
test_description_of_little (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  g_autofree char *empty = fyr_chart_describe (model);
  g_assert_cmpstr (empty, ==, "The chart is empty.");
  FyrChartSeries *series = test_add_panel (model, "Steps", NULL, FYR_CHART_FORM_LINE);
  g_autofree char *none = fyr_chart_describe (model);
  g_assert_cmpstr (none, ==, "Steps: No values.");
  fyr_chart_series_add_point (series, test_oslo (2026, 3, 1, 8, 0), 4000, NAN, FYR_CHART_MARK_DOUBTFUL);
  g_autofree char *doubtful = fyr_chart_describe (model);
  g_assert_nonnull (strstr (doubtful, "1 value from"));
  g_assert_null (strstr (doubtful, "Lowest"));
  test_add_panel (model, "Pain", NULL, FYR_CHART_FORM_LINE);
  g_autofree char *both = fyr_chart_describe (model);
  g_assert_nonnull (strstr (both, "\nPain"));
}

static void
test_description_names_the_events (void)
{
  g_autoptr (FyrChartModel) model = make_model ();
  fyr_chart_model_add_event (model, test_oslo (2026, 3, 2, 10, 0), FYR_CHART_MARK_NONE, "New limits",
                             "Set by the GP");
  fyr_chart_model_add_event (model, test_oslo (2026, 3, 3, 10, 0), FYR_CHART_MARK_NONE, "Pause", NULL);
  g_autofree char *text = fyr_chart_describe (model);
  g_assert_true (
      g_str_has_suffix (text, "\n2 Mar 2026, 10:00: New limits · Set by the GP\n3 Mar 2026, 10:00: Pause"));
}

static void
test_digits_are_the_panels (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  FyrChartSeries *series = test_add_panel (model, "Temperature", "°C", FYR_CHART_FORM_LINE);
  FyrChartPanel *panel = fyr_chart_model_get_panel (model, 0);
  fyr_chart_series_add_point (series, 0, 37.25, NAN, FYR_CHART_MARK_NONE);
  fyr_chart_panel_set_digits (panel, 1);
  g_autofree char *one = fyr_chart_readout_value (panel, 0, 0);
  g_assert_cmpstr (one, ==, "37.2\u00a0°C");
  fyr_chart_panel_set_digits (panel, 2);
  g_autofree char *two = fyr_chart_readout_value (panel, 0, 0);
  g_assert_cmpstr (two, ==, "37.25\u00a0°C");
}

static void
test_nearest_point_is_found_among_all_series (void)
{
  g_autoptr (FyrChartPanel) panel = fyr_chart_panel_new ("Glucose", "mmol/L");
  guint series = 9;
  gsize point = 9;
  g_assert_false (fyr_chart_nearest_point (panel, 5, &series, &point));
  for (int i = 0; i < 2; i++) {
    g_autoptr (FyrChartSeries) added =
        fyr_chart_series_new (i == 0 ? "Before" : "After", FYR_CHART_FORM_LINE);
    fyr_chart_series_add_point (added, 100 * i, 5, NAN, FYR_CHART_MARK_NONE);
    fyr_chart_series_add_point (added, 1000 + 100 * i, 5, NAN, FYR_CHART_MARK_NONE);
    fyr_chart_panel_add_series (panel, added);
  }
  g_assert_true (fyr_chart_nearest_point (panel, 1090, &series, &point));
  g_assert_cmpuint (series, ==, 1);
  g_assert_cmpuint (point, ==, 1);
  g_assert_true (fyr_chart_nearest_point (panel, -5, &series, &point));
  g_assert_cmpuint (series, ==, 0);
  g_assert_cmpuint (point, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/text/readout-says-value-time-and-limit", test_readout_says_value_time_and_limit);
  g_test_add_func ("/chart/text/readout-of-a-pair-judges-both-values",
                   test_readout_of_a_pair_judges_both_values);
  g_test_add_func ("/chart/text/readout-of-nothing-is-empty", test_readout_of_nothing_is_empty);
  g_test_add_func ("/chart/text/description-has-what-the-picture-has",
                   test_description_has_what_the_picture_has);
  g_test_add_func ("/chart/text/description-sets-doubtful-values-apart",
                   test_description_sets_doubtful_values_apart);
  g_test_add_func ("/chart/text/description-of-little", test_description_of_little);
  g_test_add_func ("/chart/text/description-names-the-events", test_description_names_the_events);
  g_test_add_func ("/chart/text/digits-are-the-panels", test_digits_are_the_panels);
  g_test_add_func ("/chart/text/nearest-point-is-found-among-all-series",
                   test_nearest_point_is_found_among_all_series);
  return g_test_run ();
}
