/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-calendar.h"
#include "fyr-domain-test.h"

typedef struct {
  FyrAlertCategory category;
  const char *raised;
  const char *due;
} Case;

static void
check (const FyrOpeningHours *hours, const Case *cases, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_test_message ("%d %s", cases[i].category, cases[i].raised);
    fyr_assert_clock (fyr_alert_deadline (hours, cases[i].category, fyr_test_time (cases[i].raised), 0),
                      cases[i].due);
  }
}

static void
test_red_within_working_minutes (void)
{
  static const Case cases[] = {
    { FYR_ALERT_CATEGORY_RED, "2025-06-02 10:00", "2025-06-02 10:30" },
    { FYR_ALERT_CATEGORY_RED, "2025-06-02 15:20", "2025-06-03 08:20" },
    { FYR_ALERT_CATEGORY_RED, "2025-06-06 22:00", "2025-06-10 08:30" },
    { FYR_ALERT_CATEGORY_RED, "2025-05-16 15:29", "2025-05-19 08:29" },
  };
  FyrOpeningHours hours;

  fyr_opening_hours_init (&hours, 480, 930);
  check (&hours, cases, G_N_ELEMENTS (cases));
  fyr_assert_clock (
      fyr_alert_deadline (&hours, FYR_ALERT_CATEGORY_RED, fyr_test_time ("2025-06-02 10:00"), 45),
      "2025-06-02 10:45");
  fyr_assert_clock (
      fyr_alert_deadline (&hours, FYR_ALERT_CATEGORY_RED, fyr_test_time ("2025-06-02 10:00"), -3),
      "2025-06-02 10:30");
}

static void
test_yellow_blue_technical_within_the_shift (void)
{
  static const Case cases[] = {
    { FYR_ALERT_CATEGORY_YELLOW, "2025-06-02 08:00", "2025-06-02 15:30" },
    { FYR_ALERT_CATEGORY_YELLOW, "2025-06-02 14:30", "2025-06-02 15:30" },
    { FYR_ALERT_CATEGORY_YELLOW, "2025-06-02 14:31", "2025-06-03 15:30" },
    { FYR_ALERT_CATEGORY_BLUE, "2025-06-02 06:00", "2025-06-02 15:30" },
    { FYR_ALERT_CATEGORY_BLUE, "2025-06-02 15:30", "2025-06-03 15:30" },
    { FYR_ALERT_CATEGORY_TECHNICAL, "2025-06-06 15:00", "2025-06-10 15:30" },
    { FYR_ALERT_CATEGORY_TECHNICAL, "2025-06-07 12:00", "2025-06-10 15:30" },
    { FYR_ALERT_CATEGORY_YELLOW, "2025-12-31 15:00", "2026-01-02 15:30" },
  };
  FyrOpeningHours hours;

  fyr_opening_hours_init (&hours, 480, 930);
  check (&hours, cases, G_N_ELEMENTS (cases));
}

static void
test_green_by_the_next_opening_day (void)
{
  static const Case cases[] = {
    { FYR_ALERT_CATEGORY_GREEN, "2025-06-02 10:00", "2025-06-03 15:30" },
    { FYR_ALERT_CATEGORY_GREEN, "2025-06-02 00:00", "2025-06-02 15:30" },
    { FYR_ALERT_CATEGORY_GREEN, "2025-06-02 08:00", "2025-06-02 15:30" },
    { FYR_ALERT_CATEGORY_GREEN, "2025-06-06 08:01", "2025-06-10 15:30" },
  };
  FyrOpeningHours hours;

  fyr_opening_hours_init (&hours, 480, 930);
  check (&hours, cases, G_N_ELEMENTS (cases));
}

static void
test_grey_within_two_weeks (void)
{
  static const Case cases[] = {
    { FYR_ALERT_CATEGORY_GREY, "2025-06-02 16:00", "2025-06-16 15:30" },
    { FYR_ALERT_CATEGORY_GREY, "2025-06-02 10:00", "2025-06-13 15:30" },
    { FYR_ALERT_CATEGORY_GREY, "2025-04-04 10:00", "2025-04-16 15:30" },
  };
  FyrOpeningHours hours;

  fyr_opening_hours_init (&hours, 480, 930);
  check (&hours, cases, G_N_ELEMENTS (cases));
}

static void
test_grey_waits_for_a_centre_closed_for_weeks (void)
{
  int closed[40];
  FyrOpeningHours hours;

  for (int i = 0; i < 40; i++) {
    closed[i] = fyr_civil_day (2025, 7, 1) + i;
  }
  fyr_opening_hours_init (&hours, 480, 930);
  hours.closed_days = closed;
  hours.n_closed_days = 40;
  fyr_assert_clock (
      fyr_alert_deadline (&hours, FYR_ALERT_CATEGORY_GREY, fyr_test_time ("2025-07-01 10:00"), 0),
      "2025-08-11 15:30");
}

static void
test_nights_the_clocks_change (void)
{
  FyrOpeningHours hours;
  gint64 raised;

  fyr_opening_hours_init (&hours, 0, 1440);
  hours.weekday[5] = hours.weekday[6] = hours.weekday[0];
  raised = fyr_test_time ("2025-03-30 01:50");
  fyr_assert_clock (fyr_alert_deadline (&hours, FYR_ALERT_CATEGORY_RED, raised, 30), "2025-03-30 03:20");
  raised = fyr_test_time ("2025-10-26 02:50");
  g_assert_cmpint (fyr_alert_deadline (&hours, FYR_ALERT_CATEGORY_RED, raised, 30), ==,
                   raised + 30 * FYR_MINUTE_MS);
  /* Raised before the night, due after it: the clock on the wall decides. */
  fyr_opening_hours_init (&hours, 480, 930);
  fyr_assert_clock (
      fyr_alert_deadline (&hours, FYR_ALERT_CATEGORY_RED, fyr_test_time ("2025-03-28 15:20"), 30),
      "2025-03-31 08:20");
  fyr_assert_clock (
      fyr_alert_deadline (&hours, FYR_ALERT_CATEGORY_RED, fyr_test_time ("2025-10-24 15:20"), 30),
      "2025-10-27 08:20");
}

static void
test_a_deadline_exists_without_opening_hours (void)
{
  FyrOpeningHours hours = { 0 };
  gint64 raised = fyr_test_time ("2025-06-02 10:00");

  fyr_assert_clock (fyr_alert_deadline (&hours, FYR_ALERT_CATEGORY_RED, raised, 30), "2025-06-02 10:30");
  for (int category = 0; category <= FYR_ALERT_CATEGORY_LAST; category++) {
    g_assert_cmpint (fyr_alert_deadline (&hours, (FyrAlertCategory)category, raised, 30), >, raised);
  }
}

static void
test_last_opening_there_is (void)
{
  /* All days closed from 3 June 2025 on for longer than is searched: the running shift must do. */
  const int n = 800;
  g_autofree int *closed = g_new (int, 800);
  FyrOpeningHours hours;

  for (int i = 0; i < n; i++) {
    closed[i] = fyr_civil_day (2025, 6, 3) + i;
  }
  fyr_opening_hours_init (&hours, 480, 930);
  hours.closed_days = closed;
  hours.n_closed_days = (gsize)n;
  for (int category = FYR_ALERT_CATEGORY_YELLOW; category <= FYR_ALERT_CATEGORY_LAST; category++) {
    fyr_assert_clock (
        fyr_alert_deadline (&hours, (FyrAlertCategory)category, fyr_test_time ("2025-06-02 15:00"), 0),
        "2025-06-02 15:30");
  }
}

static void
random_hours (GRand *random, FyrOpeningHours *hours, int *closed, int n_closed)
{
  *hours = (FyrOpeningHours){ 0 };
  for (int i = 0; i < 7; i++) {
    if (g_rand_int_range (random, 0, 4) > 0) {
      hours->weekday[i].open_minute = g_rand_int_range (random, 0, 1439);
      hours->weekday[i].close_minute = g_rand_int_range (random, hours->weekday[i].open_minute + 1, 1441);
    }
  }
  hours->weekday[2].open_minute = 480;
  hours->weekday[2].close_minute = 930;
  for (int i = 0; i < n_closed; i++) {
    closed[i] = fyr_civil_day (2025, 1, 1) + g_rand_int_range (random, 0, 700);
  }
  hours->closed_days = closed;
  hours->n_closed_days = (gsize)n_closed;
}

static gboolean
is_inside_or_closing (const FyrOpeningHours *hours, gint64 time)
{
  return fyr_opening_hours_is_open (hours, time) || fyr_opening_hours_is_open (hours, time - 1);
}

static void
test_never_before_raised_inside_hours_and_monotone (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int round = 0; round < 300; round++) {
    int red_minutes = g_rand_int_range (random, 1, 600);
    gint64 raised = fyr_civil_day (2025, 1, 1) * FYR_DAY_MS;
    gint64 before[FYR_ALERT_CATEGORY_LAST + 1] = { 0 };
    int closed[10];
    FyrOpeningHours hours;

    random_hours (random, &hours, closed, 10);
    for (int i = 0; i < 60; i++) {
      raised += g_rand_int_range (random, 1, 20 * 3600) * G_GINT64_CONSTANT (1000);
      for (int category = 1; category <= FYR_ALERT_CATEGORY_LAST; category++) {
        gint64 due = fyr_alert_deadline (&hours, (FyrAlertCategory)category, raised, red_minutes);

        g_assert_cmpint (due, >, raised);
        g_assert_cmpint (due, >=, before[category]);
        g_assert_true (is_inside_or_closing (&hours, due));
        before[category] = due;
      }
    }
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deadline/red", test_red_within_working_minutes);
  g_test_add_func ("/deadline/shift", test_yellow_blue_technical_within_the_shift);
  g_test_add_func ("/deadline/green", test_green_by_the_next_opening_day);
  g_test_add_func ("/deadline/grey", test_grey_within_two_weeks);
  g_test_add_func ("/deadline/grey-when-closed-for-weeks", test_grey_waits_for_a_centre_closed_for_weeks);
  g_test_add_func ("/deadline/clock-changes", test_nights_the_clocks_change);
  g_test_add_func ("/deadline/exists-without-hours", test_a_deadline_exists_without_opening_hours);
  g_test_add_func ("/deadline/last-opening", test_last_opening_there_is);
  g_test_add_func ("/deadline/properties", test_never_before_raised_inside_hours_and_monotone);
  return g_test_run ();
}
