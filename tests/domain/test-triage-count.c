/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-domain-test.h"
#include "fyr-triage.h"

#define SATURATION FYR_MEASUREMENT_KIND_OXYGEN_SATURATION

static FyrReading
reading (double value, gint64 time)
{
  return (FyrReading){ .kind = SATURATION, .has_value = TRUE, .value = value, .effective_time = time };
}

static FyrLimitRule
limit (double red_low, double yellow_low)
{
  FyrLimitRule rule;

  fyr_limit_rule_init (&rule, SATURATION);
  rule.has_red_low = rule.has_yellow_low = TRUE;
  rule.red_low = red_low;
  rule.yellow_low = yellow_low;
  return rule;
}

static void
test_counts_by_category_within_the_time (void)
{
  FyrLimitRule rule = limit (85, 92);
  FyrReading readings[] = { reading (80, 0),  reading (91, 10), reading (95, 20), reading (84, 30),
                            reading (10, 40), reading (90, 50), reading (80, 60) };
  guint counts[FYR_ALERT_CATEGORY_LAST + 1];

  g_assert_cmpuint (fyr_triage_count (&rule, 1, readings, 7, 10, 60, counts), ==, 4);
  g_assert_cmpuint (counts[FYR_ALERT_CATEGORY_RED], ==, 1);
  g_assert_cmpuint (counts[FYR_ALERT_CATEGORY_YELLOW], ==, 2);
  g_assert_cmpuint (counts[FYR_ALERT_CATEGORY_TECHNICAL], ==, 1);
  g_assert_cmpuint (counts[FYR_ALERT_CATEGORY_UNSET], ==, 1);
  g_assert_cmpuint (counts[FYR_ALERT_CATEGORY_GREY], ==, 0);
}

static void
test_readings_before_the_time_serve_repetition (void)
{
  FyrLimitRule rule = limit (85, 92);
  FyrReading readings[] = { reading (91, 0), reading (91, FYR_HOUR_MS), reading (91, 2 * FYR_HOUR_MS) };
  guint counts[FYR_ALERT_CATEGORY_LAST + 1];

  rule.repeat_count = 3;
  rule.repeat_hours = 24;
  g_assert_cmpuint (fyr_triage_count (&rule, 1, readings, 3, 2 * FYR_HOUR_MS, G_MAXINT64, counts), ==, 1);
  g_assert_cmpuint (counts[FYR_ALERT_CATEGORY_RED], ==, 1);
}

static void
test_kinds_without_limit_are_passed_over (void)
{
  FyrLimitRule rule = limit (85, 92);
  FyrReading readings[] = { reading (91, 0), reading (91, 1) };
  guint counts[FYR_ALERT_CATEGORY_LAST + 1];

  readings[1].kind = FYR_MEASUREMENT_KIND_HEART_RATE;
  g_assert_cmpuint (fyr_triage_count (&rule, 1, readings, 2, 0, 10, counts), ==, 1);
  g_assert_cmpuint (counts[FYR_ALERT_CATEGORY_GREY], ==, 0);
  g_assert_cmpuint (fyr_triage_count (NULL, 0, readings, 2, 0, 10, counts), ==, 0);
  g_assert_cmpuint (fyr_triage_count (&rule, 1, NULL, 0, 0, 10, counts), ==, 0);
}

static void
test_a_limit_not_valid_yet_counts_grey_not_alerts (void)
{
  FyrLimitRule rule = limit (85, 92);
  FyrReading one = reading (80, 5);
  guint counts[FYR_ALERT_CATEGORY_LAST + 1];

  rule.valid_from = 6;
  g_assert_cmpuint (fyr_triage_count (&rule, 1, &one, 1, 0, 10, counts), ==, 0);
  g_assert_cmpuint (counts[FYR_ALERT_CATEGORY_GREY], ==, 1);
}

/* The same as judging one by one with the whole history at hand. */
static void
test_agrees_with_triage_one_by_one (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int round = 0; round < 100; round++) {
    FyrLimitRule rule = limit (g_rand_double_range (random, 70, 85), g_rand_double_range (random, 86, 95));
    FyrReading readings[120];
    guint counts[FYR_ALERT_CATEGORY_LAST + 1];
    guint expected[FYR_ALERT_CATEGORY_LAST + 1] = { 0 };
    gint64 time = 0;

    rule.repeat_count = (guint)g_rand_int_range (random, 0, 5);
    rule.repeat_hours = (guint)g_rand_int_range (random, 1, 200);
    rule.change_amount = g_rand_double_range (random, 0, 15);
    rule.change_days = (guint)g_rand_int_range (random, 1, 8);
    rule.change_direction = FYR_CHANGE_DIRECTION_EITHER;
    for (guint i = 0; i < G_N_ELEMENTS (readings); i++) {
      time += g_rand_int_range (random, 0, 20) * FYR_HOUR_MS;
      readings[i] = reading (g_rand_double_range (random, 38, 101), time);
    }
    for (guint i = 0; i < G_N_ELEMENTS (readings); i++) {
      if (readings[i].effective_time >= time / 2) {
        expected[fyr_triage (&readings[i], &rule, 1, readings, G_N_ELEMENTS (readings)).category]++;
      }
    }
    fyr_triage_count (&rule, 1, readings, G_N_ELEMENTS (readings), time / 2, time + 1, counts);
    g_assert_cmpmem (counts, sizeof counts, expected, sizeof expected);
  }
}

static void
test_a_tighter_limit_never_alerts_less (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();
  FyrReading readings[500];
  guint counts[FYR_ALERT_CATEGORY_LAST + 1];
  guint before = 0;

  for (guint i = 0; i < G_N_ELEMENTS (readings); i++) {
    readings[i] = reading (g_rand_double_range (random, 75, 100), i * FYR_HOUR_MS);
  }
  for (int yellow = 76; yellow < 100; yellow++) {
    FyrLimitRule rule = limit (70, yellow);
    guint alerts = fyr_triage_count (&rule, 1, readings, G_N_ELEMENTS (readings), 0, G_MAXINT64, counts);

    g_assert_cmpuint (alerts, >=, before);
    before = alerts;
  }
  g_assert_cmpuint (before, >, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/triage-count/by-category", test_counts_by_category_within_the_time);
  g_test_add_func ("/triage-count/readings-before-serve", test_readings_before_the_time_serve_repetition);
  g_test_add_func ("/triage-count/kinds-without-limit", test_kinds_without_limit_are_passed_over);
  g_test_add_func ("/triage-count/not-valid-yet", test_a_limit_not_valid_yet_counts_grey_not_alerts);
  g_test_add_func ("/triage-count/agrees-with-triage", test_agrees_with_triage_one_by_one);
  g_test_add_func ("/triage-count/tighter-never-less", test_a_tighter_limit_never_alerts_less);
  return g_test_run ();
}
