/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-test.h"
#include "fyr-chart-trace.h"

#define LEFT 40
#define RIGHT 440
#define N_COLUMNS (RIGHT - LEFT)

static FyrChartMapping
make_mapping (gint64 from, gint64 to)
{
  FyrChartMapping mapping = {
    .from = from, .to = to, .left = LEFT, .right = RIGHT, .top = 10, .bottom = 210
  };
  fyr_chart_scale_init (&mapping.scale, 0, 100, 6);
  return mapping;
}

/* What the trace reaches in each column, from its spans and from the points of its lines. */
static void
get_reach (const FyrChartTrace *trace, double *tops, double *bottoms)
{
  for (int i = 0; i < N_COLUMNS; i++) {
    tops[i] = INFINITY;
    bottoms[i] = -INFINITY;
  }
  for (guint i = 0; i < trace->spans->len; i++) {
    FyrChartSpan *span = &g_array_index (trace->spans, FyrChartSpan, i);
    g_assert_cmpint (span->column, >=, LEFT);
    g_assert_cmpint (span->column, <, RIGHT);
    tops[span->column - LEFT] = MIN (tops[span->column - LEFT], span->top);
    bottoms[span->column - LEFT] = MAX (bottoms[span->column - LEFT], span->bottom);
  }
  const float *xy = (const float *)(gpointer)trace->points->data;
  for (guint i = 0; i < trace->points->len; i++) {
    int column = (int)floor (xy[2 * i]) - LEFT;
    if (xy[2 * i] == RIGHT) {
      column = N_COLUMNS - 1;
    }
    if (column >= 0 && column < N_COLUMNS) {
      tops[column] = MIN (tops[column], xy[2 * i + 1]);
      bottoms[column] = MAX (bottoms[column], xy[2 * i + 1]);
    }
  }
}

static void
assert_extremes_kept (FyrChartSeries *series, gboolean second, gint64 from, gint64 to)
{
  FyrChartMapping mapping = make_mapping (from, to);
  FyrChartTrace trace;
  double tops[N_COLUMNS], bottoms[N_COLUMNS];
  fyr_chart_trace_init (&trace);
  fyr_chart_trace_build (&trace, series, second, &mapping);
  get_reach (&trace, tops, bottoms);
  for (gsize i = 0; i < fyr_chart_series_get_n_points (series); i++) {
    gint64 time = fyr_chart_series_get_time (series, i);
    if (time < from || time > to) {
      continue;
    }
    double x = fyr_chart_mapping_x (&mapping, time);
    double y = fyr_chart_mapping_y (&mapping, fyr_chart_series_get_values (series, second)[i]);
    int column = CLAMP ((int)x - LEFT, 0, N_COLUMNS - 1);
    /* A point on the border of two columns may stand in either. */
    int other = CLAMP (x - floor (x) < 0.01 ? column - 1 : column + 1, 0, N_COLUMNS - 1);
    double top = MIN (tops[column], tops[other]), bottom = MAX (bottoms[column], bottoms[other]);
    g_assert_cmpfloat (top, <=, y + 0.01);
    g_assert_cmpfloat (bottom, >=, y - 0.01);
  }
  fyr_chart_trace_clear (&trace);
}

/* Bursts, lulls and gaps, with rare spikes. */
static FyrChartSeries *
make_series (GRand *rand, gsize n_points)
{
  FyrChartSeries *series = fyr_chart_series_new (NULL, FYR_CHART_FORM_PAIR);
  g_autofree gint64 *times = g_new (gint64, n_points);
  g_autofree double *values = g_new (double, n_points);
  g_autofree double *seconds = g_new (double, n_points);
  gint64 time = 0;
  for (gsize i = 0; i < n_points; i++) {
    gboolean lull = g_rand_int_range (rand, 0, 200) == 0;
    time += lull ? g_rand_int_range (rand, 0, 2000000) : g_rand_int_range (rand, 0, 4000);
    times[i] = time;
    values[i] = g_rand_int_range (rand, 0, 300) == 0 ? g_rand_double_range (rand, 0, 100) : 60;
    seconds[i] = g_rand_double_range (rand, 20, 30);
  }
  fyr_chart_series_set_points (series, times, values, seconds, NULL, n_points);
  fyr_chart_series_set_gap (series, 600000);
  return series;
}

static void
test_no_extreme_is_ever_lost (void)
{
  g_autoptr (GRand) rand = test_rand ();
  static const gsize sizes[] = { 1, 2, 300, 801, 2000, 9000, 60000 };
  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++) {
    g_autoptr (FyrChartSeries) series = make_series (rand, sizes[s]);
    gint64 first = fyr_chart_series_get_time (series, 0);
    gint64 last = fyr_chart_series_get_time (series, sizes[s] - 1) + 1;
    for (guint i = 0; i < 6; i++) {
      gint64 from = first + (gint64)(g_rand_double (rand) * (double)(last - first) * (i == 0 ? 0 : 0.6));
      gint64 to = from + 1 + (gint64)((double)(last - from) * (i == 0 ? 1 : g_rand_double (rand)));
      assert_extremes_kept (series, FALSE, from, to);
      assert_extremes_kept (series, TRUE, from, to);
    }
  }
}

static void
test_nothing_is_drawn_beyond_the_extremes (void)
{
  g_autoptr (GRand) rand = test_rand ();
  g_autoptr (FyrChartSeries) series = make_series (rand, 30000);
  gint64 last = fyr_chart_series_get_time (series, 29999);
  FyrChartMapping mapping = make_mapping (0, last);
  FyrChartTrace trace;
  double tops[N_COLUMNS], bottoms[N_COLUMNS], min, max;
  fyr_chart_trace_init (&trace);
  fyr_chart_trace_build (&trace, series, FALSE, &mapping);
  get_reach (&trace, tops, bottoms);
  for (int i = 1; i + 1 < N_COLUMNS; i++) {
    /* Of this column and its neighbours, with whom it shares lines. */
    gint64 width = last / N_COLUMNS;
    gsize from = fyr_chart_series_lower_bound (series, (i - 1) * width - width / 50);
    gsize to = fyr_chart_series_lower_bound (series, (i + 2) * width + width / 50);
    if (isfinite (tops[i]) && fyr_chart_series_get_extent (series, from, to, &min, &max)) {
      g_assert_cmpfloat (tops[i], >=, fyr_chart_mapping_y (&mapping, max) - 0.01);
      g_assert_cmpfloat (bottoms[i], <=, fyr_chart_mapping_y (&mapping, min) + 0.01);
    }
  }
  fyr_chart_trace_clear (&trace);
}

static void
add_points (FyrChartSeries *series, const gint64 *times, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    fyr_chart_series_add_point (series, times[i], 50, NAN, FYR_CHART_MARK_NONE);
  }
}

static void
test_gap_breaks_the_line (void)
{
  static const gint64 times[] = { 0, 100, 200, 501, 600, 1000 };
  g_autoptr (FyrChartSeries) series = fyr_chart_series_new (NULL, FYR_CHART_FORM_LINE);
  add_points (series, times, G_N_ELEMENTS (times));
  FyrChartMapping mapping = make_mapping (0, 1000);
  FyrChartTrace trace;
  gsize n = 0;
  fyr_chart_trace_init (&trace);
  fyr_chart_trace_build (&trace, series, FALSE, &mapping);
  g_assert_cmpuint (trace.runs->len, ==, 1);
  fyr_chart_series_set_gap (series, 300);
  fyr_chart_trace_build (&trace, series, FALSE, &mapping);
  g_assert_cmpuint (trace.runs->len, ==, 3);
  fyr_chart_trace_get_run (&trace, 0, &n);
  g_assert_cmpuint (n, ==, 3);
  fyr_chart_trace_get_run (&trace, 2, &n);
  g_assert_cmpuint (n, ==, 1);
  /* A distance of just the threshold is joined. */
  fyr_chart_series_set_gap (series, 301);
  fyr_chart_trace_build (&trace, series, FALSE, &mapping);
  g_assert_cmpuint (trace.runs->len, ==, 2);
  fyr_chart_trace_clear (&trace);
}

static void
test_lines_enter_and_leave_the_view (void)
{
  g_autoptr (FyrChartSeries) series = fyr_chart_series_new (NULL, FYR_CHART_FORM_LINE);
  fyr_chart_series_add_point (series, -1000000000, 0, NAN, FYR_CHART_MARK_NONE);
  fyr_chart_series_add_point (series, 1000001000, 100, NAN, FYR_CHART_MARK_NONE);
  FyrChartMapping mapping = make_mapping (0, 1000);
  FyrChartTrace trace;
  gsize n = 0;
  fyr_chart_trace_init (&trace);
  fyr_chart_trace_build (&trace, series, FALSE, &mapping);
  g_assert_cmpuint (trace.runs->len, ==, 1);
  const float *xy = fyr_chart_trace_get_run (&trace, 0, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (xy[0], <, LEFT);
  g_assert_cmpfloat (xy[0], >, LEFT - 100);
  g_assert_cmpfloat (xy[2], >, RIGHT);
  double middle = fyr_chart_mapping_y (&mapping, 50);
  g_assert_cmpfloat_with_epsilon (xy[1], middle, 0.5);
  g_assert_cmpfloat_with_epsilon (xy[3], middle, 0.5);
  fyr_chart_series_set_gap (series, 1000);
  fyr_chart_trace_build (&trace, series, FALSE, &mapping);
  g_assert_cmpuint (trace.points->len, ==, 0);
  fyr_chart_trace_clear (&trace);
}

static void
test_dense_neighbours_meet (void)
{
  g_autoptr (FyrChartSeries) series = fyr_chart_series_new (NULL, FYR_CHART_FORM_LINE);
  gsize n_points = N_COLUMNS * 20;
  g_autofree gint64 *times = g_new (gint64, n_points);
  g_autofree double *values = g_new (double, n_points);
  for (gsize i = 0; i < n_points; i++) {
    times[i] = (gint64)i * 10;
    /* A staircase: each column flat, at another height than its neighbours. */
    values[i] = (i / 20) % 2 == 0 ? 20 : 80;
  }
  fyr_chart_series_set_points (series, times, values, NULL, NULL, n_points);
  FyrChartMapping mapping = make_mapping (0, (gint64)n_points * 10);
  FyrChartTrace trace;
  fyr_chart_trace_init (&trace);
  fyr_chart_trace_build (&trace, series, FALSE, &mapping);
  g_assert_cmpuint (trace.spans->len, ==, N_COLUMNS);
  for (guint i = 1; i < trace.spans->len; i++) {
    FyrChartSpan *a = &g_array_index (trace.spans, FyrChartSpan, i - 1);
    FyrChartSpan *b = &g_array_index (trace.spans, FyrChartSpan, i);
    g_assert_cmpfloat (MAX (a->top, b->top), <=, MIN (a->bottom, b->bottom) + 0.01);
  }
  fyr_chart_trace_clear (&trace);
}

static void
test_impossible_views_give_nothing (void)
{
  g_autoptr (FyrChartSeries) series = fyr_chart_series_new (NULL, FYR_CHART_FORM_LINE);
  FyrChartTrace trace;
  fyr_chart_trace_init (&trace);
  FyrChartMapping mapping = make_mapping (0, 1000);
  fyr_chart_trace_build (&trace, series, FALSE, &mapping);
  g_assert_cmpuint (trace.points->len, ==, 0);
  fyr_chart_series_add_point (series, 5, 5, NAN, FYR_CHART_MARK_NONE);
  mapping = make_mapping (1000, 1000);
  fyr_chart_trace_build (&trace, series, FALSE, &mapping);
  mapping = make_mapping (0, 1000);
  mapping.right = mapping.left;
  fyr_chart_trace_build (&trace, series, FALSE, &mapping);
  g_assert_cmpuint (trace.points->len, ==, 0);
  fyr_chart_trace_clear (&trace);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/trace/no-extreme-is-ever-lost", test_no_extreme_is_ever_lost);
  g_test_add_func ("/chart/trace/nothing-is-drawn-beyond-the-extremes",
                   test_nothing_is_drawn_beyond_the_extremes);
  g_test_add_func ("/chart/trace/gap-breaks-the-line", test_gap_breaks_the_line);
  g_test_add_func ("/chart/trace/lines-enter-and-leave-the-view", test_lines_enter_and_leave_the_view);
  g_test_add_func ("/chart/trace/dense-neighbours-meet", test_dense_neighbours_meet);
  g_test_add_func ("/chart/trace/impossible-views-give-nothing", test_impossible_views_give_nothing);
  return g_test_run ();
}
