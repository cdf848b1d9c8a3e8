/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-calendar.h"
#include "fyr-domain-test.h"

#define WEEK "[[480,930],[480,930],[480,1080],[480,930],[480,900],null,null]"

static void
assert_default (const FyrOpeningHours *hours)
{
  g_autofree char *text = fyr_opening_hours_format (hours);

  g_assert_cmpstr (text, ==, "[[480,930],[480,930],[480,930],[480,930],[480,930],null,null]");
  g_assert_cmpuint (hours->n_closed_days, ==, 0);
}

static void
test_read_and_written (void)
{
  g_auto (FyrOpeningHours) hours = { 0 };
  g_autofree char *text = NULL;

  g_assert_true (fyr_opening_hours_parse (WEEK, "[\"2025-07-01\",\"2025-12-24\"]", &hours));
  text = fyr_opening_hours_format (&hours);
  g_assert_cmpstr (text, ==, WEEK);
  g_assert_cmpuint (hours.n_closed_days, ==, 2);
  g_assert_false (fyr_opening_hours_is_open (&hours, fyr_test_time ("2025-12-24 10:00")));
  g_assert_true (fyr_opening_hours_is_open (&hours, fyr_test_time ("2025-12-23 10:00")));
}

static void
test_unset_is_weekdays_in_office_hours (void)
{
  g_auto (FyrOpeningHours) hours = { 0 };

  g_assert_true (fyr_opening_hours_parse (NULL, NULL, &hours));
  assert_default (&hours);
  g_assert_true (fyr_opening_hours_parse ("", "", &hours));
  assert_default (&hours);
}

static void
test_wrong_text_gives_the_default_and_says_so (void)
{
  static const char *const weeks[] = {
    "x",
    "{}",
    "[]",
    "7",
    "null",
    "[null,null,null,null,null,null]",
    "[null,null,null,null,null,null,null,null]",
    "[[480],null,null,null,null,null,null]",
    "[[480,930,1],null,null,null,null,null,null]",
    "[[930,480],null,null,null,null,null,null]",
    "[[480,480],null,null,null,null,null,null]",
    "[[-1,480],null,null,null,null,null,null]",
    "[[480,1441],null,null,null,null,null,null]",
    "[[480.5,930],null,null,null,null,null,null]",
    "[[\"480\",930],null,null,null,null,null,null]",
    "[[480,99999999999999],null,null,null,null,null,null]",
    "[480,null,null,null,null,null,null]",
  };
  static const char *const days[] = { "x", "{}", "[1]", "[null]", "[\"2025-02-30\"]", "[\"1 July\"]" };

  for (guint i = 0; i < G_N_ELEMENTS (weeks); i++) {
    g_auto (FyrOpeningHours) hours = { 0 };

    g_test_message ("%s", weeks[i]);
    g_assert_false (fyr_opening_hours_parse (weeks[i], NULL, &hours));
    assert_default (&hours);
  }
  for (guint i = 0; i < G_N_ELEMENTS (days); i++) {
    g_auto (FyrOpeningHours) hours = { 0 };

    g_test_message ("%s", days[i]);
    g_assert_false (fyr_opening_hours_parse (WEEK, days[i], &hours));
    assert_default (&hours);
  }
}

static void
test_closed_all_week_is_allowed (void)
{
  g_auto (FyrOpeningHours) hours = { 0 };

  g_assert_true (fyr_opening_hours_parse ("[null,null,null,null,null,null,null]", "[]", &hours));
  g_assert_false (fyr_opening_hours_next (&hours, 0, NULL, NULL));
}

static void
test_round_trip (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int round = 0; round < 1000; round++) {
    FyrOpeningHours hours = { 0 };
    g_auto (FyrOpeningHours) read = { 0 };
    g_autofree char *text = NULL;

    for (int i = 0; i < 7; i++) {
      if (g_rand_boolean (random)) {
        hours.weekday[i].open_minute = g_rand_int_range (random, 0, 1440);
        hours.weekday[i].close_minute = g_rand_int_range (random, hours.weekday[i].open_minute + 1, 1441);
      }
    }
    text = fyr_opening_hours_format (&hours);
    g_assert_true (fyr_opening_hours_parse (text, NULL, &read));
    g_assert_cmpmem (hours.weekday, sizeof hours.weekday, read.weekday, sizeof read.weekday);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hours/read-and-written", test_read_and_written);
  g_test_add_func ("/hours/unset", test_unset_is_weekdays_in_office_hours);
  g_test_add_func ("/hours/wrong", test_wrong_text_gives_the_default_and_says_so);
  g_test_add_func ("/hours/closed-all-week", test_closed_all_week_is_allowed);
  g_test_add_func ("/hours/round-trip", test_round_trip);
  return g_test_run ();
}
