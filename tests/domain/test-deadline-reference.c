/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deadlines against a clock that is simply let run, minute by minute, through weeks with Easter, 17 May,
 * Christmas and both nights on which the clocks change. */
#include "fyr-calendar.h"
#include "fyr-domain-test.h"

static gboolean
open_in_minute (const FyrOpeningHours *hours, gint64 time)
{
  FyrCivilTime civil;
  const FyrOpeningDay *day;

  fyr_oslo_to_civil (time, &civil);
  day = &hours->weekday[civil.weekday];
  for (gsize i = 0; i < hours->n_closed_days; i++) {
    if (hours->closed_days[i] == civil.day) {
      return FALSE;
    }
  }
  return fyr_holiday_on (civil.day) == FYR_HOLIDAY_NONE && civil.minute >= day->open_minute &&
         civil.minute < day->close_minute;
}

/* Ticks until so many open minutes have passed. */
static gint64
run_minutes (const FyrOpeningHours *hours, gint64 time, int minutes)
{
  while (minutes > 0) {
    minutes -= open_in_minute (hours, time);
    time += FYR_MINUTE_MS;
  }
  return time;
}

static gint64
run_until_open (const FyrOpeningHours *hours, gint64 time)
{
  while (!open_in_minute (hours, time)) {
    time += FYR_MINUTE_MS;
  }
  return time;
}

static gint64
run_until_closed (const FyrOpeningHours *hours, gint64 time)
{
  while (open_in_minute (hours, time)) {
    time += FYR_MINUTE_MS;
  }
  return time;
}

static gint64
end_of_shift (const FyrOpeningHours *hours, gint64 raised)
{
  gint64 closes;

  if (!open_in_minute (hours, raised)) {
    return run_until_closed (hours, run_until_open (hours, raised));
  }
  closes = run_until_closed (hours, raised);
  if (closes - raised >= 60 * FYR_MINUTE_MS) {
    return closes;
  }
  return run_until_closed (hours, run_until_open (hours, closes));
}

static gint64
end_of_next (const FyrOpeningHours *hours, gint64 raised)
{
  gboolean running = open_in_minute (hours, raised) && open_in_minute (hours, raised - FYR_MINUTE_MS);
  gint64 from = running ? run_until_closed (hours, raised) : raised;

  return run_until_closed (hours, run_until_open (hours, from));
}

static void
check_from (const FyrOpeningHours *hours, GRand *random, const char *start)
{
  gint64 from = fyr_test_time (start);

  for (int i = 0; i < 40; i++) {
    gint64 raised = from + g_rand_int_range (random, 0, 9 * 1440) * FYR_MINUTE_MS;
    int minutes = g_rand_int_range (random, 1, 900);

    g_assert_cmpint (fyr_alert_deadline (hours, FYR_ALERT_CATEGORY_RED, raised, minutes), ==,
                     run_minutes (hours, raised, minutes));
    g_assert_cmpint (fyr_alert_deadline (hours, FYR_ALERT_CATEGORY_YELLOW, raised, 30), ==,
                     end_of_shift (hours, raised));
    g_assert_cmpint (fyr_alert_deadline (hours, FYR_ALERT_CATEGORY_GREEN, raised, 30), ==,
                     end_of_next (hours, raised));
    g_assert_cmpint (fyr_opening_hours_is_open (hours, raised), ==, open_in_minute (hours, raised));
  }
}

static void
test_office_hours (void)
{
  static const char *const starts[] = { "2025-04-12 00:00", "2025-05-12 00:00", "2025-12-20 00:00",
                                        "2025-03-26 00:00", "2025-10-22 00:00", "2028-04-10 00:00" };
  g_autoptr (GRand) random = fyr_test_rand ();
  FyrOpeningHours hours;

  fyr_opening_hours_init (&hours, 480, 930);
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
    check_from (&hours, random, starts[i]);
  }
}

static void
test_hours_of_any_shape (void)
{
  static const char *const starts[] = { "2025-03-26 00:00", "2025-10-22 00:00" };
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int round = 0; round < 12; round++) {
    int closed = fyr_civil_day (2025, 3, 27) + g_rand_int_range (random, 0, 5);
    FyrOpeningHours hours = { .closed_days = &closed, .n_closed_days = 1 };

    /* Never over midnight, so that two days' openings do not touch; often over the hour that the clocks change. */
    for (int i = 0; i < 7; i++) {
      hours.weekday[i].open_minute = g_rand_int_range (random, 0, 700);
      /* Which of the two showings of 02:30 an opening in autumn means, only the centre could tell. */
      if (round % 2 == 1 && hours.weekday[i].open_minute / 60 == 2) {
        hours.weekday[i].open_minute = 180;
      }
      hours.weekday[i].close_minute = g_rand_int_range (random, 701, 1439);
    }
    check_from (&hours, random, starts[round % 2]);
  }
}

static void
test_grey_is_the_last_closing_within_two_weeks (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();
  FyrOpeningHours hours;

  fyr_opening_hours_init (&hours, 480, 930);
  for (int i = 0; i < 60; i++) {
    gint64 raised =
        fyr_test_time ("2025-03-01 00:00") + g_rand_int_range (random, 0, 300 * 1440) * FYR_MINUTE_MS;
    gint64 last = raised + 14 * FYR_DAY_MS;

    /* Back to the last minute that is open, the closing is the minute after it. */
    while (!open_in_minute (&hours, last - FYR_MINUTE_MS) || open_in_minute (&hours, last)) {
      last -= FYR_MINUTE_MS;
    }
    g_assert_cmpint (fyr_alert_deadline (&hours, FYR_ALERT_CATEGORY_GREY, raised, 30), ==, last);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deadline-reference/office-hours", test_office_hours);
  g_test_add_func ("/deadline-reference/any-shape", test_hours_of_any_shape);
  g_test_add_func ("/deadline-reference/grey", test_grey_is_the_last_closing_within_two_weeks);
  return g_test_run ();
}
