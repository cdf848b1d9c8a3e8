/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-domain-test.h"

static void
test_days_and_dates_are_each_others_inverse (void)
{
  int year;
  int month;
  int mday;

  for (int day = -800000; day < 2900000; day += 7) {
    fyr_civil_date (day, &year, &month, &mday);
    g_assert_cmpint (fyr_civil_day (year, month, mday), ==, day);
    g_assert_true (month >= 1 && month <= 12 && mday >= 1 && mday <= 31);
  }
}

static void
test_days_agree_with_glib (void)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 1, G_DATE_JANUARY, 1800);
  while (g_date_get_year (&date) < 2201) {
    int day = fyr_civil_day (g_date_get_year (&date), g_date_get_month (&date), g_date_get_day (&date));

    g_assert_cmpint (day, ==, (int)g_date_get_julian (&date) - 719163);
    g_assert_cmpint (fyr_civil_day_weekday (day), ==, g_date_get_weekday (&date) - 1);
    g_date_add_days (&date, 1);
  }
}

static void
test_known_days (void)
{
  g_assert_cmpint (fyr_civil_day (1970, 1, 1), ==, 0);
  g_assert_cmpint (fyr_civil_day (2000, 3, 1), ==, 11017);
  g_assert_cmpint (fyr_civil_day (1969, 12, 31), ==, -1);
  g_assert_cmpint (fyr_civil_day_weekday (0), ==, 3);
  g_assert_cmpint (fyr_civil_day_weekday (-4), ==, 6);
}

static void
test_only_dates_that_exist_are_read (void)
{
  static const char *const good[] = { "2024-02-29", "0001-01-01", "9999-12-31", "2000-02-29" };
  static const char *const bad[] = { "",           "2023-02-29", "1900-02-29",  "2024-13-01",
                                     "2024-00-01", "2024-01-00", "2024-01-32",  "2024-1-1",
                                     "24-01-01",   "2024/01/01", "2024-01-01 ", " 2024-01-01",
                                     "0000-01-01", "2024-0a-01", "+024-01-01",  "２024-01-01" };
  int day = 42;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autofree char *text = NULL;

    g_assert_true (fyr_civil_day_parse (good[i], &day));
    text = fyr_civil_day_format (day);
    g_assert_cmpstr (text, ==, good[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_false (fyr_civil_day_parse (bad[i], NULL));
  }
  g_assert_false (fyr_civil_day_parse (NULL, NULL));
  g_assert_false (fyr_civil_date_is_valid (2024, -1, 1));
  g_assert_false (fyr_civil_date_is_valid (2024, 257, 1));
  g_assert_false (fyr_civil_date_is_valid (2024, 1, 257));
  g_assert_false (fyr_civil_date_is_valid (10000, 1, 1));
}

static void
test_age (void)
{
  static const struct {
    const char *birth;
    const char *day;
    int years;
  } cases[] = {
    { "1950-06-15", "2020-06-14", 69 }, { "1950-06-15", "2020-06-15", 70 },
    { "2004-02-29", "2021-02-28", 16 }, { "2004-02-29", "2021-03-01", 17 },
    { "2020-01-01", "2019-01-01", 0 },  { "2020-01-01", "2020-12-31", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    int birth = 0;
    int day = 0;

    g_assert_true (fyr_civil_day_parse (cases[i].birth, &birth));
    g_assert_true (fyr_civil_day_parse (cases[i].day, &day));
    g_assert_cmpint (fyr_age_in_years (birth, day), ==, cases[i].years);
  }
}

static void
test_offset_agrees_with_time_zone_files (void)
{
  g_autoptr (GTimeZone) oslo = g_time_zone_new_identifier ("Europe/Oslo");
  g_autoptr (GRand) random = fyr_test_rand ();
  gint64 from = fyr_civil_day (1981, 1, 1) * FYR_DAY_MS / 1000;
  gint64 to = fyr_civil_day (2037, 12, 1) * FYR_DAY_MS / 1000;

  if (oslo == NULL) {
    g_test_skip ("no time zone files on this machine");
    return;
  }
  for (gint64 seconds = from; seconds < to; seconds += g_rand_int_range (random, 60, 6 * 3600)) {
    int interval = g_time_zone_find_interval (oslo, G_TIME_TYPE_UNIVERSAL, seconds);

    g_assert_cmpint (fyr_oslo_offset_minutes (seconds * 1000), ==,
                     g_time_zone_get_offset (oslo, interval) / 60);
  }
}

static void
test_both_nights_of_2025 (void)
{
  gint64 spring = fyr_civil_day (2025, 3, 30) * FYR_DAY_MS + FYR_HOUR_MS;
  gint64 autumn = fyr_civil_day (2025, 10, 26) * FYR_DAY_MS + FYR_HOUR_MS;

  g_assert_cmpint (fyr_oslo_offset_minutes (spring - 1), ==, 60);
  g_assert_cmpint (fyr_oslo_offset_minutes (spring), ==, 120);
  g_assert_cmpint (fyr_oslo_offset_minutes (autumn - 1), ==, 120);
  g_assert_cmpint (fyr_oslo_offset_minutes (autumn), ==, 60);
  fyr_assert_clock (spring - FYR_MINUTE_MS, "2025-03-30 01:59");
  fyr_assert_clock (spring, "2025-03-30 03:00");
  fyr_assert_clock (autumn - FYR_MINUTE_MS, "2025-10-26 02:59");
  fyr_assert_clock (autumn, "2025-10-26 02:00");
}

static void
test_skipped_time_moves_forward_and_repeated_is_the_first (void)
{
  gint64 skipped = fyr_test_time ("2025-03-30 02:30");
  gint64 repeated = fyr_test_time ("2025-10-26 02:30");

  fyr_assert_clock (skipped, "2025-03-30 03:30");
  fyr_assert_clock (repeated, "2025-10-26 02:30");
  fyr_assert_clock (repeated + FYR_HOUR_MS, "2025-10-26 02:30");
  g_assert_cmpint (fyr_oslo_offset_minutes (repeated), ==, 120);
}

static void
test_short_and_long_day (void)
{
  g_assert_cmpint (fyr_oslo_day_start (fyr_test_time ("2025-03-30 12:00"), 1) -
                       fyr_oslo_day_start (fyr_test_time ("2025-03-30 12:00"), 0),
                   ==, 23 * FYR_HOUR_MS);
  g_assert_cmpint (fyr_oslo_day_start (fyr_test_time ("2025-10-26 12:00"), 1) -
                       fyr_oslo_day_start (fyr_test_time ("2025-10-26 12:00"), 0),
                   ==, 25 * FYR_HOUR_MS);
}

static void
test_clock_round_trips_at_random (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 200000; i++) {
    gint64 time = g_rand_int_range (random, -1000000, 40000000) * FYR_MINUTE_MS;
    FyrCivilTime civil;
    gint64 back;

    fyr_oslo_to_civil (time, &civil);
    back = fyr_oslo_from_civil (civil.day, civil.minute);
    /* Only the second showing of a repeated hour comes back as the first. */
    g_assert_true (back == time || (back == time - FYR_HOUR_MS && civil.month >= 9));
    g_assert_cmpint (civil.minute, >=, 0);
    g_assert_cmpint (civil.minute, <, 1440);
    g_assert_cmpint (civil.weekday, ==, fyr_civil_day_weekday (civil.day));
  }
}

static void
test_extreme_times_do_not_overflow (void)
{
  FyrCivilTime civil;

  fyr_oslo_to_civil (G_MAXINT64, &civil);
  g_assert_cmpint (civil.minute, >=, 0);
  fyr_oslo_to_civil (G_MININT64, &civil);
  g_assert_cmpint (civil.minute, >=, 0);
  g_assert_cmpint (fyr_oslo_offset_minutes (G_MININT64), ==, 60);
  fyr_assert_clock (-1, "1970-01-01 00:59");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/oslo-time/inverse", test_days_and_dates_are_each_others_inverse);
  g_test_add_func ("/oslo-time/agrees-with-glib", test_days_agree_with_glib);
  g_test_add_func ("/oslo-time/known-days", test_known_days);
  g_test_add_func ("/oslo-time/only-dates-that-exist", test_only_dates_that_exist_are_read);
  g_test_add_func ("/oslo-time/age", test_age);
  g_test_add_func ("/oslo-time/agrees-with-time-zone-files", test_offset_agrees_with_time_zone_files);
  g_test_add_func ("/oslo-time/both-nights", test_both_nights_of_2025);
  g_test_add_func ("/oslo-time/skipped-and-repeated",
                   test_skipped_time_moves_forward_and_repeated_is_the_first);
  g_test_add_func ("/oslo-time/short-and-long-day", test_short_and_long_day);
  g_test_add_func ("/oslo-time/round-trip", test_clock_round_trips_at_random);
  g_test_add_func ("/oslo-time/extreme-times", test_extreme_times_do_not_overflow);
  return g_test_run ();
}
