/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-test.h"
#include "fyr-chart-pyramid.h"

static void
assert_same_as_brute_force (const FyrChartPyramid *pyramid, const double *values, gsize from, gsize to)
{
  double min = INFINITY, max = -INFINITY, brute_min = INFINITY, brute_max = -INFINITY;
  for (gsize i = from; i < to; i++) {
    brute_min = MIN (brute_min, values[i]);
    brute_max = MAX (brute_max, values[i]);
  }
  fyr_chart_pyramid_query (pyramid, from, to, &min, &max);
  g_assert_cmpfloat (min, ==, brute_min);
  g_assert_cmpfloat (max, ==, brute_max);
}

static double *
make_values (GRand *rand, gsize n)
{
  double *values = g_new (double, MAX (n, 1));
  for (gsize i = 0; i < n; i++) {
    values[i] = g_rand_int_range (rand, 0, 50) == 0 ? g_rand_double_range (rand, -1e6, 1e6)
                                                    : g_rand_double_range (rand, 60, 100);
  }
  return values;
}

static void
test_any_range_has_the_exact_extremes (void)
{
  g_autoptr (GRand) rand = test_rand ();
  static const gsize sizes[] = { 1, 2, 31, 32, 33, 63, 64, 255, 256, 257, 2048, 5000, 70000 };
  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++) {
    gsize n = sizes[s];
    g_autofree double *values = make_values (rand, n);
    g_autoptr (FyrChartPyramid) pyramid = fyr_chart_pyramid_new (values, n);
    for (guint i = 0; i < 400; i++) {
      gsize from = (gsize)g_rand_int_range (rand, 0, (gint32)n);
      gsize to = (gsize)g_rand_int_range (rand, (gint32)from, (gint32)n + 1);
      assert_same_as_brute_force (pyramid, values, from, to);
    }
    assert_same_as_brute_force (pyramid, values, 0, n);
  }
}

static void
test_every_range_of_a_small_array (void)
{
  g_autoptr (GRand) rand = test_rand ();
  const gsize n = 150;
  g_autofree double *values = make_values (rand, n);
  g_autoptr (FyrChartPyramid) pyramid = fyr_chart_pyramid_new (values, n);
  for (gsize from = 0; from <= n; from++) {
    for (gsize to = from; to <= n; to++) {
      assert_same_as_brute_force (pyramid, values, from, to);
    }
  }
}

static void
test_query_only_widens (void)
{
  const double values[] = { 5, 7, 6 };
  g_autoptr (FyrChartPyramid) pyramid = fyr_chart_pyramid_new (values, 3);
  double min = 1, max = 6.5;
  fyr_chart_pyramid_query (pyramid, 0, 3, &min, &max);
  g_assert_cmpfloat (min, ==, 1);
  g_assert_cmpfloat (max, ==, 7);
}

static void
test_range_past_the_end_is_cut (void)
{
  const double values[] = { 5, 7, 6 };
  g_autoptr (FyrChartPyramid) pyramid = fyr_chart_pyramid_new (values, 3);
  double min = INFINITY, max = -INFINITY;
  fyr_chart_pyramid_query (pyramid, 3, 900, &min, &max);
  g_assert_true (isinf (min));
  fyr_chart_pyramid_query (pyramid, 2, 900, &min, &max);
  g_assert_cmpfloat (min, ==, 6);
}

static void
test_empty_pyramid_answers (void)
{
  g_autoptr (FyrChartPyramid) pyramid = fyr_chart_pyramid_new (NULL, 0);
  double min = INFINITY, max = -INFINITY;
  fyr_chart_pyramid_query (pyramid, 0, 10, &min, &max);
  g_assert_true (isinf (min) && isinf (max));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/pyramid/any-range-has-the-exact-extremes", test_any_range_has_the_exact_extremes);
  g_test_add_func ("/chart/pyramid/every-range-of-a-small-array", test_every_range_of_a_small_array);
  g_test_add_func ("/chart/pyramid/query-only-widens", test_query_only_widens);
  g_test_add_func ("/chart/pyramid/range-past-the-end-is-cut", test_range_past_the_end_is_cut);
  g_test_add_func ("/chart/pyramid/empty-pyramid-answers", test_empty_pyramid_answers);
  return g_test_run ();
}
