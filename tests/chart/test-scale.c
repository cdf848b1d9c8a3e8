/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-test.h"
#include "fyr-chart-scale.h"

static gboolean
is_nice (double step)
{
  double mantissa = step / pow (10, floor (log10 (step) + 1e-9));
  return fabs (mantissa - 1) < 1e-6 || fabs (mantissa - 2) < 1e-6 || fabs (mantissa - 5) < 1e-6;
}

static void
test_ticks_are_round_and_cover_the_values (void)
{
  g_autoptr (GRand) rand = test_rand ();
  for (guint i = 0; i < 5000; i++) {
    double low = g_rand_double_range (rand, -1000, 1000);
    double span = pow (10, g_rand_double_range (rand, -3, 4));
    guint max_ticks = (guint)g_rand_int_range (rand, 3, 12);
    FyrChartScale scale;
    fyr_chart_scale_init (&scale, low, low + span, max_ticks);
    g_assert_true (is_nice (scale.step));
    g_assert_cmpfloat (scale.min, <=, low + span * 1e-6);
    g_assert_cmpfloat (scale.max, >=, low + span - span * 1e-6);
    g_assert_cmpuint (fyr_chart_scale_get_n_ticks (&scale), <=, max_ticks + 2);
    g_assert_cmpuint (fyr_chart_scale_get_n_ticks (&scale), >=, 2);
    double last = fyr_chart_scale_get_tick (&scale, fyr_chart_scale_get_n_ticks (&scale) - 1);
    g_assert_cmpfloat (fabs (last - scale.max), <, scale.step * 1e-6);
  }
}

static void
test_step_is_the_smallest_that_fits (void)
{
  g_assert_cmpfloat_with_epsilon (fyr_chart_nice_step (10, 10), 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (fyr_chart_nice_step (10.1, 10), 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (fyr_chart_nice_step (30, 10), 5, 1e-9);
  g_assert_cmpfloat_with_epsilon (fyr_chart_nice_step (0.3, 3), 0.1, 1e-9);
  g_assert_cmpfloat_with_epsilon (fyr_chart_nice_step (90, 2), 50, 1e-9);
}

static void
test_digits_tell_ticks_apart (void)
{
  FyrChartScale scale;
  fyr_chart_scale_init (&scale, 36.4, 37.1, 8);
  g_assert_cmpuint (scale.digits, >=, 1);
  char text[2][16];
  for (guint i = 0; i + 1 < fyr_chart_scale_get_n_ticks (&scale); i++) {
    g_snprintf (text[0], 16, "%.*f", (int)scale.digits, fyr_chart_scale_get_tick (&scale, i));
    g_snprintf (text[1], 16, "%.*f", (int)scale.digits, fyr_chart_scale_get_tick (&scale, i + 1));
    g_assert_cmpstr (text[0], !=, text[1]);
  }
}

static void
test_hopeless_input_still_gives_an_axis (void)
{
  static const double cases[][2] = { { 5, 5 },    { 0, 0 }, { 9, 3 }, { NAN, 3 }, { -INFINITY, INFINITY },
                                     { 1e9, 1e9 } };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrChartScale scale;
    fyr_chart_scale_init (&scale, cases[i][0], cases[i][1], 6);
    g_assert_true (isfinite (scale.min) && isfinite (scale.max));
    g_assert_cmpfloat (scale.max, >, scale.min);
    g_assert_cmpfloat (scale.step, >, 0);
  }
}

static void
test_zero_is_written_without_a_sign (void)
{
  FyrChartScale scale;
  fyr_chart_scale_init (&scale, -0.4, 0.4, 8);
  for (guint i = 0; i < fyr_chart_scale_get_n_ticks (&scale); i++) {
    char text[16];
    g_snprintf (text, sizeof text, "%.*f", (int)scale.digits, fyr_chart_scale_get_tick (&scale, i));
    g_assert_cmpstr (text, !=, "-0.0");
  }
}

static void
test_panel_axis_covers_values_limits_and_wish_but_no_doubt (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  FyrChartSeries *series = test_add_panel (model, "Oxygen saturation", "%", FYR_CHART_FORM_LINE);
  FyrChartPanel *panel = fyr_chart_model_get_panel (model, 0);
  FyrChartBand band = test_band (G_MININT64, G_MAXINT64, 80, 85, NAN, NAN);
  fyr_chart_panel_set_bands (panel, &band, 1);
  fyr_chart_panel_set_range (panel, NAN, 100);
  fyr_chart_series_add_point (series, 1, 91, NAN, FYR_CHART_MARK_NONE);
  fyr_chart_series_add_point (series, 2, 76, NAN, FYR_CHART_MARK_ALARM);
  fyr_chart_series_add_point (series, 3, 900, NAN, FYR_CHART_MARK_DOUBTFUL);
  FyrChartScale scale;
  fyr_chart_scale_init_panel (&scale, panel, 6);
  g_assert_cmpfloat (scale.min, <=, 76);
  g_assert_cmpfloat (scale.max, ==, 100);
}

static void
test_value_runs_upwards (void)
{
  FyrChartScale scale;
  fyr_chart_scale_init (&scale, 0, 10, 6);
  g_assert_cmpfloat_with_epsilon (fyr_chart_scale_to_y (&scale, scale.min, 20, 120), 120, 1e-9);
  g_assert_cmpfloat_with_epsilon (fyr_chart_scale_to_y (&scale, scale.max, 20, 120), 20, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/scale/ticks-are-round-and-cover-the-values",
                   test_ticks_are_round_and_cover_the_values);
  g_test_add_func ("/chart/scale/step-is-the-smallest-that-fits", test_step_is_the_smallest_that_fits);
  g_test_add_func ("/chart/scale/digits-tell-ticks-apart", test_digits_tell_ticks_apart);
  g_test_add_func ("/chart/scale/hopeless-input-still-gives-an-axis",
                   test_hopeless_input_still_gives_an_axis);
  g_test_add_func ("/chart/scale/zero-is-written-without-a-sign", test_zero_is_written_without_a_sign);
  g_test_add_func ("/chart/scale/panel-axis-covers-values-limits-and-wish-but-no-doubt",
                   test_panel_axis_covers_values_limits_and_wish_but_no_doubt);
  g_test_add_func ("/chart/scale/value-runs-upwards", test_value_runs_upwards);
  return g_test_run ();
}
