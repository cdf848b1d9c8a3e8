/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-test.h"
#include "fyr-chart-time-axis.h"

static GTimeZone *
oslo (void)
{
  return g_time_zone_new_identifier ("Europe/Oslo");
}

static char *
join_labels (GTimeZone *zone, FyrChartTimeStep step, gint64 from, gint64 to)
{
  g_autoptr (GArray) ticks = fyr_chart_time_ticks (zone, step, from, to);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < ticks->len; i++) {
    g_autofree char *label = fyr_chart_time_label (zone, step, g_array_index (ticks, gint64, i));
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", label);
  }
  return g_string_free (text, FALSE);
}

static void
assert_labels (FyrChartTimeUnit unit, guint count, gint64 from, gint64 to, const char *expected)
{
  g_autoptr (GTimeZone) zone = oslo ();
  g_autofree char *labels = join_labels (zone, (FyrChartTimeStep){ unit, count }, from, to);
  g_assert_cmpstr (labels, ==, expected);
}

static void
test_hours_stay_on_the_clock_in_spring (void)
{
  /* 29 March 2026: 02:00 becomes 03:00. */
  gint64 from = test_oslo (2026, 3, 29, 0, 0), to = test_oslo (2026, 3, 30, 0, 0);
  g_assert_cmpint (to - from, ==, 23 * TEST_HOUR);
  assert_labels (FYR_CHART_TIME_HOUR, 6, from, to, "00:00 06:00 12:00 18:00 00:00");
  assert_labels (FYR_CHART_TIME_HOUR, 1, from, from + 4 * TEST_HOUR, "00:00 01:00 03:00 04:00 05:00");
  assert_labels (FYR_CHART_TIME_HOUR, 3, from, to, "00:00 03:00 06:00 09:00 12:00 15:00 18:00 21:00 00:00");
}

static void
test_hours_stay_on_the_clock_in_autumn (void)
{
  /* 25 October 2026: 03:00 becomes 02:00. */
  gint64 from = test_oslo (2026, 10, 25, 0, 0), to = test_oslo (2026, 10, 26, 0, 0);
  g_assert_cmpint (to - from, ==, 25 * TEST_HOUR);
  assert_labels (FYR_CHART_TIME_HOUR, 6, from, to, "00:00 06:00 12:00 18:00 00:00");
  assert_labels (FYR_CHART_TIME_HOUR, 1, from, from + 5 * TEST_HOUR, "00:00 01:00 02:00 02:00 03:00 04:00");
  assert_labels (FYR_CHART_TIME_MINUTE, 30, from + 2 * TEST_HOUR, from + 4 * TEST_HOUR,
                 "02:00 02:30 02:00 02:30 03:00");
}

static void
test_days_begin_at_local_midnight (void)
{
  g_autoptr (GTimeZone) zone = oslo ();
  gint64 from = test_oslo (2026, 3, 27, 12, 0), to = test_oslo (2026, 4, 2, 12, 0);
  g_autoptr (GArray) ticks =
      fyr_chart_time_ticks (zone, (FyrChartTimeStep){ FYR_CHART_TIME_DAY, 1 }, from, to);
  g_assert_cmpuint (ticks->len, ==, 6);
  g_assert_cmpint (g_array_index (ticks, gint64, 0), ==, test_oslo (2026, 3, 28, 0, 0));
  g_assert_cmpint (g_array_index (ticks, gint64, 2), ==, test_oslo (2026, 3, 30, 0, 0));
  assert_labels (FYR_CHART_TIME_DAY, 1, from, to, "28 29 30 31 1 2");
  /* Every second day starts again with the month, without two neighbours. */
  assert_labels (FYR_CHART_TIME_DAY, 2, from, to, "29 1");
}

static void
test_weeks_begin_on_monday (void)
{
  g_autoptr (GTimeZone) zone = oslo ();
  for (guint count = 1; count <= 2; count++) {
    FyrChartTimeStep step = { FYR_CHART_TIME_WEEK, count };
    g_autoptr (GArray) ticks =
        fyr_chart_time_ticks (zone, step, test_oslo (2025, 12, 1, 0, 0), test_oslo (2026, 12, 1, 0, 0));
    g_assert_cmpuint (ticks->len, >=, 26);
    for (guint i = 0; i < ticks->len; i++) {
      g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (g_array_index (ticks, gint64, i) / 1000);
      g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);
      g_assert_cmpint (g_date_time_get_day_of_week (local), ==, 1);
      g_assert_cmpint (g_date_time_get_hour (local), ==, 0);
    }
  }
}

static void
test_months_and_years (void)
{
  assert_labels (FYR_CHART_TIME_MONTH, 1, test_oslo (2025, 11, 20, 0, 0), test_oslo (2026, 3, 5, 0, 0),
                 "Dec Jan Feb Mar");
  assert_labels (FYR_CHART_TIME_MONTH, 3, test_oslo (2025, 11, 20, 0, 0), test_oslo (2026, 12, 5, 0, 0),
                 "Jan Apr Jul Oct");
  assert_labels (FYR_CHART_TIME_YEAR, 1, test_oslo (2024, 11, 20, 0, 0), test_oslo (2027, 12, 5, 0, 0),
                 "2025 2026 2027");
  assert_labels (FYR_CHART_TIME_YEAR, 5, test_oslo (2011, 11, 20, 0, 0), test_oslo (2027, 12, 5, 0, 0),
                 "2015 2020 2025");
}

static void
test_ticks_ascend_within_the_view_and_fit (void)
{
  g_autoptr (GRand) rand = test_rand ();
  g_autoptr (GTimeZone) zone = oslo ();
  for (guint i = 0; i < 300; i++) {
    gint64 from = g_rand_int_range (rand, 0, 40000) * TEST_DAY + g_rand_int_range (rand, 0, 86400000);
    gint64 span = (gint64)pow (10, g_rand_double_range (rand, 5, 12.5));
    guint room = (guint)g_rand_int_range (rand, 3, 20);
    FyrChartTimeStep step = fyr_chart_time_step_choose (span, room);
    g_autoptr (GArray) ticks = fyr_chart_time_ticks (zone, step, from, from + span);
    gint64 last = from - 1;
    for (guint j = 0; j < ticks->len; j++) {
      gint64 tick = g_array_index (ticks, gint64, j);
      g_assert_cmpint (tick, >, last);
      g_assert_cmpint (tick, <=, from + span);
      last = tick;
    }
    /* One more for both ends; a month may be two days shorter than its step says, and an hour come twice. */
    g_assert_cmpuint (ticks->len, <=, room + 3);
  }
}

static void
test_floor_is_the_tick_before (void)
{
  g_autoptr (GTimeZone) zone = oslo ();
  gint64 at = test_oslo (2026, 3, 29, 14, 47);
  static const FyrChartTimeStep steps[] = { { FYR_CHART_TIME_MINUTE, 15 }, { FYR_CHART_TIME_HOUR, 6 },
                                            { FYR_CHART_TIME_DAY, 1 },     { FYR_CHART_TIME_WEEK, 1 },
                                            { FYR_CHART_TIME_MONTH, 3 },   { FYR_CHART_TIME_YEAR, 1 } };
  const gint64 expected[] = { test_oslo (2026, 3, 29, 14, 45), test_oslo (2026, 3, 29, 12, 0),
                              test_oslo (2026, 3, 29, 0, 0),   test_oslo (2026, 3, 23, 0, 0),
                              test_oslo (2026, 1, 1, 0, 0),    test_oslo (2026, 1, 1, 0, 0) };
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_assert_cmpint (fyr_chart_time_floor (zone, steps[i], at), ==, expected[i]);
  }
}

static void
test_second_row_names_what_the_first_leaves_out (void)
{
  g_autoptr (GTimeZone) zone = oslo ();
  gint64 at = test_oslo (2026, 3, 9, 14, 0);
  g_autofree char *day =
      fyr_chart_time_context_label (zone, (FyrChartTimeStep){ FYR_CHART_TIME_HOUR, 6 }, at);
  g_autofree char *month =
      fyr_chart_time_context_label (zone, (FyrChartTimeStep){ FYR_CHART_TIME_DAY, 1 }, at);
  g_autofree char *year =
      fyr_chart_time_context_label (zone, (FyrChartTimeStep){ FYR_CHART_TIME_WEEK, 1 }, at);
  g_assert_cmpstr (day, ==, "Mon 9 Mar 2026");
  g_assert_cmpstr (month, ==, "March 2026");
  g_assert_cmpstr (year, ==, "2026");
  FyrChartTimeStep context;
  g_assert_false (fyr_chart_time_context_step ((FyrChartTimeStep){ FYR_CHART_TIME_YEAR, 1 }, &context));
}

static void
test_times_out_of_the_calendar_do_no_harm (void)
{
  g_autoptr (GTimeZone) zone = oslo ();
  static const FyrChartTimeStep step = { FYR_CHART_TIME_MINUTE, 1 };
  g_autoptr (GArray) all = fyr_chart_time_ticks (zone, step, G_MININT64, G_MAXINT64);
  g_assert_cmpuint (all->len, <=, 2000);
  g_autoptr (GArray) none = fyr_chart_time_ticks (zone, step, 10, 5);
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/time-axis/hours-stay-on-the-clock-in-spring",
                   test_hours_stay_on_the_clock_in_spring);
  g_test_add_func ("/chart/time-axis/hours-stay-on-the-clock-in-autumn",
                   test_hours_stay_on_the_clock_in_autumn);
  g_test_add_func ("/chart/time-axis/days-begin-at-local-midnight", test_days_begin_at_local_midnight);
  g_test_add_func ("/chart/time-axis/weeks-begin-on-monday", test_weeks_begin_on_monday);
  g_test_add_func ("/chart/time-axis/months-and-years", test_months_and_years);
  g_test_add_func ("/chart/time-axis/ticks-ascend-within-the-view-and-fit",
                   test_ticks_ascend_within_the_view_and_fit);
  g_test_add_func ("/chart/time-axis/floor-is-the-tick-before", test_floor_is_the_tick_before);
  g_test_add_func ("/chart/time-axis/second-row-names-what-the-first-leaves-out",
                   test_second_row_names_what_the_first_leaves_out);
  g_test_add_func ("/chart/time-axis/times-out-of-the-calendar-do-no-harm",
                   test_times_out_of_the_calendar_do_no_harm);
  return g_test_run ();
}
