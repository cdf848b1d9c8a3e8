/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-calendar.h"
#include "fyr-domain-test.h"

/* Easter Sundays as printed in almanacs, with the earliest and the latest there are. */
static void
test_easter (void)
{
  static const char *const sundays[] = {
    "1818-03-22", "1886-04-25", "1943-04-25", "1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24",
    "2019-04-21", "2020-04-12", "2021-04-04", "2022-04-17", "2023-04-09", "2024-03-31", "2025-04-20",
    "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21", "2038-04-25", "2285-03-22",
  };

  for (guint i = 0; i < G_N_ELEMENTS (sundays); i++) {
    int day = 0;

    g_assert_true (fyr_civil_day_parse (sundays[i], &day));
    g_assert_cmpint (fyr_easter_day (atoi (sundays[i])), ==, day);
  }
}

static void
test_easter_is_a_sunday_in_spring (void)
{
  for (int year = 1583; year <= 9999; year++) {
    int day = fyr_easter_day (year);

    g_assert_cmpint (fyr_civil_day_weekday (day), ==, 6);
    g_assert_cmpint (day, >=, fyr_civil_day (year, 3, 22));
    g_assert_cmpint (day, <=, fyr_civil_day (year, 4, 25));
  }
}

static FyrHoliday
on (const char *date)
{
  int day = 0;

  g_assert_true (fyr_civil_day_parse (date, &day));
  return fyr_holiday_on (day);
}

static void
test_holidays_of_2025 (void)
{
  static const struct {
    const char *date;
    FyrHoliday holiday;
  } days[] = {
    { "2025-01-01", FYR_HOLIDAY_NEW_YEAR },         { "2025-04-17", FYR_HOLIDAY_MAUNDY_THURSDAY },
    { "2025-04-18", FYR_HOLIDAY_GOOD_FRIDAY },      { "2025-04-20", FYR_HOLIDAY_EASTER_SUNDAY },
    { "2025-04-21", FYR_HOLIDAY_EASTER_MONDAY },    { "2025-05-01", FYR_HOLIDAY_LABOUR_DAY },
    { "2025-05-17", FYR_HOLIDAY_CONSTITUTION_DAY }, { "2025-05-29", FYR_HOLIDAY_ASCENSION },
    { "2025-06-08", FYR_HOLIDAY_WHIT_SUNDAY },      { "2025-06-09", FYR_HOLIDAY_WHIT_MONDAY },
    { "2025-12-25", FYR_HOLIDAY_CHRISTMAS },        { "2025-12-26", FYR_HOLIDAY_BOXING_DAY },
  };
  static const char *const ordinary[] = { "2025-04-16", "2025-04-19", "2025-04-22",
                                          "2025-12-24", "2025-12-31", "2025-05-08",
                                          "2025-10-31", "2025-06-07", "2025-01-06" };

  for (guint i = 0; i < G_N_ELEMENTS (days); i++) {
    g_assert_cmpint (on (days[i].date), ==, days[i].holiday);
    g_assert_nonnull (fyr_holiday_get_name (days[i].holiday));
  }
  for (guint i = 0; i < G_N_ELEMENTS (ordinary); i++) {
    g_assert_cmpint (on (ordinary[i]), ==, FYR_HOLIDAY_NONE);
  }
  g_assert_null (fyr_holiday_get_name (FYR_HOLIDAY_NONE));
  g_assert_null (fyr_holiday_get_name ((FyrHoliday)99));
}

static void
test_two_holidays_on_one_day (void)
{
  /* 1 May and Ascension in 2008, 17 May and Whit Monday in 2027. */
  g_assert_cmpint (on ("2008-05-01"), ==, FYR_HOLIDAY_LABOUR_DAY);
  g_assert_cmpint (on ("2027-05-17"), ==, FYR_HOLIDAY_CONSTITUTION_DAY);
}

static void
test_each_year_has_ten_to_twelve_holidays (void)
{
  for (int year = 1990; year < 2100; year++) {
    int n = 0;

    for (int day = fyr_civil_day (year, 1, 1); day < fyr_civil_day (year + 1, 1, 1); day++) {
      n += fyr_holiday_on (day) != FYR_HOLIDAY_NONE;
    }
    g_assert_cmpint (n, >=, 11);
    g_assert_cmpint (n, <=, 12);
  }
  g_assert_cmpint (fyr_holiday_on (fyr_civil_day (1500, 1, 1)), ==, FYR_HOLIDAY_NONE);
}

static void
test_open_from_opening_until_closing (void)
{
  FyrOpeningHours hours;

  fyr_opening_hours_init (&hours, 480, 930);
  g_assert_false (fyr_opening_hours_is_open (&hours, fyr_test_time ("2025-06-02 07:59")));
  g_assert_true (fyr_opening_hours_is_open (&hours, fyr_test_time ("2025-06-02 08:00")));
  g_assert_true (fyr_opening_hours_is_open (&hours, fyr_test_time ("2025-06-02 15:29")));
  g_assert_false (fyr_opening_hours_is_open (&hours, fyr_test_time ("2025-06-02 15:30")));
  g_assert_false (fyr_opening_hours_is_open (&hours, fyr_test_time ("2025-06-01 10:00")));
  g_assert_false (fyr_opening_hours_is_open (&hours, fyr_test_time ("2025-06-09 10:00")));
  hours.open_on_holidays = TRUE;
  g_assert_true (fyr_opening_hours_is_open (&hours, fyr_test_time ("2025-06-09 10:00")));
}

static void
test_extra_closed_days (void)
{
  int closed[] = { fyr_civil_day (2025, 6, 3), fyr_civil_day (2025, 6, 2) };
  FyrOpeningHours hours;
  gint64 opens = 0;
  gint64 closes = 0;

  fyr_opening_hours_init (&hours, 480, 930);
  hours.closed_days = closed;
  hours.n_closed_days = G_N_ELEMENTS (closed);
  g_assert_false (fyr_opening_hours_is_open (&hours, fyr_test_time ("2025-06-02 10:00")));
  g_assert_true (fyr_opening_hours_next (&hours, fyr_test_time ("2025-06-02 10:00"), &opens, &closes));
  fyr_assert_clock (opens, "2025-06-04 08:00");
  fyr_assert_clock (closes, "2025-06-04 15:30");
}

static void
test_next_opening_over_easter (void)
{
  FyrOpeningHours hours;
  gint64 opens = 0;

  fyr_opening_hours_init (&hours, 480, 930);
  g_assert_true (fyr_opening_hours_next (&hours, fyr_test_time ("2025-04-16 15:30"), &opens, NULL));
  fyr_assert_clock (opens, "2025-04-22 08:00");
  g_assert_true (fyr_opening_hours_next (&hours, fyr_test_time ("2025-04-22 12:00"), &opens, NULL));
  fyr_assert_clock (opens, "2025-04-22 08:00");
}

static void
test_never_open_is_said (void)
{
  FyrOpeningHours hours;

  fyr_opening_hours_init (&hours, 0, 0);
  g_assert_false (fyr_opening_hours_next (&hours, 0, NULL, NULL));
  g_assert_false (fyr_opening_hours_is_open (&hours, 0));
  g_assert_cmpint (fyr_opening_hours_add_minutes (&hours, 1000, 5), ==, 1000 + 5 * FYR_MINUTE_MS);
  g_assert_cmpint (fyr_opening_hours_minutes_between (&hours, 0, G_MAXINT64), ==, 0);
}

static void
test_minutes_are_added_in_opening_time (void)
{
  static const struct {
    const char *from;
    int minutes;
    const char *to;
  } cases[] = {
    { "2025-06-02 10:00", 30, "2025-06-02 10:30" },  { "2025-06-02 15:15", 30, "2025-06-03 08:15" },
    { "2025-06-02 15:00", 30, "2025-06-02 15:30" },  { "2025-06-06 15:29", 2, "2025-06-10 08:01" },
    { "2025-06-07 12:00", 30, "2025-06-10 08:30" },  { "2025-06-02 03:00", 0, "2025-06-02 08:00" },
    { "2025-06-02 08:00", 900, "2025-06-03 15:30" }, { "2025-04-16 15:20", 20, "2025-04-22 08:10" },
    { "2025-12-24 15:00", 60, "2025-12-29 08:30" },  { "2025-06-02 10:00", -5, "2025-06-02 10:00" },
  };
  FyrOpeningHours hours;

  fyr_opening_hours_init (&hours, 480, 930);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s + %d", cases[i].from, cases[i].minutes);
    fyr_assert_clock (fyr_opening_hours_add_minutes (&hours, fyr_test_time (cases[i].from), cases[i].minutes),
                      cases[i].to);
  }
}

static FyrOpeningHours
around_the_clock (void)
{
  FyrOpeningHours hours;

  fyr_opening_hours_init (&hours, 0, 1440);
  hours.weekday[5] = hours.weekday[6] = hours.weekday[0];
  hours.open_on_holidays = TRUE;
  return hours;
}

static void
test_minutes_through_both_nights (void)
{
  FyrOpeningHours hours = around_the_clock ();

  fyr_assert_clock (fyr_opening_hours_add_minutes (&hours, fyr_test_time ("2025-03-30 01:45"), 30),
                    "2025-03-30 03:15");
  fyr_assert_clock (fyr_opening_hours_add_minutes (&hours, fyr_test_time ("2025-10-26 01:45"), 30),
                    "2025-10-26 02:15");
  fyr_assert_clock (fyr_opening_hours_add_minutes (&hours, fyr_test_time ("2025-10-26 01:45"), 90),
                    "2025-10-26 02:15");
  g_assert_cmpint (fyr_opening_hours_minutes_between (&hours, fyr_test_time ("2025-03-30 00:00"),
                                                      fyr_test_time ("2025-03-31 00:00")),
                   ==, 23 * 60);
  g_assert_cmpint (fyr_opening_hours_minutes_between (&hours, fyr_test_time ("2025-10-26 00:00"),
                                                      fyr_test_time ("2025-10-27 00:00")),
                   ==, 25 * 60);
}

static void
test_opening_within_the_skipped_hour_is_no_opening (void)
{
  FyrOpeningHours hours = { 0 };
  gint64 opens = 0;

  hours.weekday[6].open_minute = 120;
  hours.weekday[6].close_minute = 180;
  g_assert_false (fyr_opening_hours_on (&hours, fyr_civil_day (2025, 3, 30), NULL, NULL));
  g_assert_true (fyr_opening_hours_next (&hours, fyr_test_time ("2025-03-29 12:00"), &opens, NULL));
  fyr_assert_clock (opens, "2025-04-06 02:00");
}

static void
test_opening_time_that_spring_skips_comes_after_the_skip (void)
{
  FyrOpeningHours hours = { 0 };
  gint64 opens = 0;
  gint64 closes = 0;

  hours.weekday[6].open_minute = 150;
  hours.weekday[6].close_minute = 600;
  g_assert_true (fyr_opening_hours_on (&hours, fyr_civil_day (2025, 3, 30), &opens, &closes));
  fyr_assert_clock (opens, "2025-03-30 03:00");
  fyr_assert_clock (closes, "2025-03-30 10:00");
  hours.weekday[6].open_minute = 60;
  hours.weekday[6].close_minute = 150;
  g_assert_true (fyr_opening_hours_on (&hours, fyr_civil_day (2025, 3, 30), &opens, &closes));
  g_assert_cmpint (closes - opens, ==, FYR_HOUR_MS);
  g_assert_true (fyr_opening_hours_on (&hours, fyr_civil_day (2025, 10, 26), &opens, &closes));
  g_assert_cmpint (closes - opens, ==, 90 * FYR_MINUTE_MS);
}

static void
random_hours (GRand *random, FyrOpeningHours *hours)
{
  *hours = (FyrOpeningHours){ 0 };
  for (int i = 0; i < 7; i++) {
    if (g_rand_int_range (random, 0, 3) > 0) {
      hours->weekday[i].open_minute = g_rand_int_range (random, 0, 1439);
      hours->weekday[i].close_minute = g_rand_int_range (random, hours->weekday[i].open_minute + 1, 1441);
    }
  }
  hours->open_on_holidays = g_rand_boolean (random);
}

static void
test_adding_and_counting_minutes_agree (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 2000; i++) {
    gint64 from = g_rand_int_range (random, 28000000, 31000000) * FYR_MINUTE_MS;
    int minutes = g_rand_int_range (random, 1, 3000);
    FyrOpeningHours hours;
    gint64 to;

    random_hours (random, &hours);
    if (!fyr_opening_hours_next (&hours, from, NULL, NULL)) {
      continue;
    }
    to = fyr_opening_hours_add_minutes (&hours, from, minutes);
    if (to - from < 700 * FYR_DAY_MS) {
      g_assert_cmpint (fyr_opening_hours_minutes_between (&hours, from, to), ==, minutes);
      g_assert_cmpint (fyr_opening_hours_minutes_between (&hours, from, to - FYR_MINUTE_MS), ==, minutes - 1);
    }
    g_assert_cmpint (fyr_opening_hours_minutes_between (&hours, to, from), ==, 0);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calendar/easter", test_easter);
  g_test_add_func ("/calendar/easter-is-a-sunday", test_easter_is_a_sunday_in_spring);
  g_test_add_func ("/calendar/holidays-of-2025", test_holidays_of_2025);
  g_test_add_func ("/calendar/two-holidays-on-one-day", test_two_holidays_on_one_day);
  g_test_add_func ("/calendar/holidays-a-year", test_each_year_has_ten_to_twelve_holidays);
  g_test_add_func ("/calendar/open-until-closing", test_open_from_opening_until_closing);
  g_test_add_func ("/calendar/extra-closed-days", test_extra_closed_days);
  g_test_add_func ("/calendar/next-opening-over-easter", test_next_opening_over_easter);
  g_test_add_func ("/calendar/never-open-is-said", test_never_open_is_said);
  g_test_add_func ("/calendar/minutes-in-opening-time", test_minutes_are_added_in_opening_time);
  g_test_add_func ("/calendar/minutes-through-both-nights", test_minutes_through_both_nights);
  g_test_add_func ("/calendar/opening-in-the-skipped-hour",
                   test_opening_within_the_skipped_hour_is_no_opening);
  g_test_add_func ("/calendar/opening-time-skipped",
                   test_opening_time_that_spring_skips_comes_after_the_skip);
  g_test_add_func ("/calendar/adding-and-counting-agree", test_adding_and_counting_minutes_agree);
  return g_test_run ();
}
