/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-missing-report.h"

#include "fyr-domain-test.h"

#define WEIGHT FYR_MEASUREMENT_KIND_BODY_WEIGHT

static FyrLimitRule
expecting (guint days, const char *from)
{
  FyrLimitRule rule;

  fyr_limit_rule_init (&rule, WEIGHT);
  rule.expected_days = days;
  rule.valid_from = fyr_test_time (from);
  return rule;
}

static void
test_missing_when_the_day_is_over (void)
{
  FyrLimitRule rule = expecting (1, "2025-05-01 10:00");
  gint64 last = fyr_test_time ("2025-06-02 07:00");
  gint64 since = 0;

  g_assert_false (fyr_missing_report (&rule, 1, WEIGHT, last, fyr_test_time ("2025-06-03 23:59"), &since));
  g_assert_true (fyr_missing_report (&rule, 1, WEIGHT, last, fyr_test_time ("2025-06-04 00:00"), &since));
  fyr_assert_clock (since, "2025-06-04 00:00");
  /* The same instant as long as nothing comes: one alert, not one a day. */
  g_assert_true (fyr_missing_report (&rule, 1, WEIGHT, last, fyr_test_time ("2025-06-20 12:00"), &since));
  fyr_assert_clock (since, "2025-06-04 00:00");
}

static void
test_counted_from_the_limit_when_it_is_younger (void)
{
  FyrLimitRule rule = expecting (1, "2025-06-10 10:00");
  gint64 since = 0;

  g_assert_false (
      fyr_missing_report (&rule, 1, WEIGHT, G_MININT64, fyr_test_time ("2025-06-11 23:59"), &since));
  g_assert_true (
      fyr_missing_report (&rule, 1, WEIGHT, G_MININT64, fyr_test_time ("2025-06-12 00:00"), &since));
  fyr_assert_clock (since, "2025-06-12 00:00");
  g_assert_false (fyr_missing_report (&rule, 1, WEIGHT, fyr_test_time ("2025-05-01 10:00"),
                                      fyr_test_time ("2025-06-11 23:59"), NULL));
}

static void
test_every_seven_days_over_the_short_night (void)
{
  FyrLimitRule rule = expecting (7, "2025-01-01 00:00");
  gint64 since = 0;

  g_assert_true (fyr_missing_report (&rule, 1, WEIGHT, fyr_test_time ("2025-03-25 08:00"),
                                     fyr_test_time ("2025-04-02 00:00"), &since));
  fyr_assert_clock (since, "2025-04-02 00:00");
}

static void
test_nothing_is_missing_that_nobody_expects (void)
{
  FyrLimitRule rule = expecting (0, "2025-01-01 00:00");
  gint64 now = fyr_test_time ("2025-06-01 00:00");

  g_assert_false (fyr_missing_report (&rule, 1, WEIGHT, G_MININT64, now, NULL));
  g_assert_false (fyr_missing_report (NULL, 0, WEIGHT, G_MININT64, now, NULL));
  rule.expected_days = 1;
  g_assert_true (fyr_missing_report (&rule, 1, WEIGHT, G_MININT64, now, NULL));
  g_assert_false (fyr_missing_report (&rule, 1, FYR_MEASUREMENT_KIND_CRP, G_MININT64, now, NULL));
  rule.valid_to = now;
  g_assert_false (fyr_missing_report (&rule, 1, WEIGHT, G_MININT64, now, NULL));
  rule.valid_to = G_MAXINT64;
  rule.valid_from = G_MININT64;
  g_assert_false (fyr_missing_report (&rule, 1, WEIGHT, G_MININT64, now, NULL));
}

static void
test_the_youngest_limit_decides (void)
{
  FyrLimitRule rules[] = { expecting (1, "2025-01-01 00:00"), expecting (30, "2025-05-01 00:00") };
  gint64 now = fyr_test_time ("2025-05-20 12:00");

  g_assert_false (fyr_missing_report (rules, 2, WEIGHT, fyr_test_time ("2025-05-01 08:00"), now, NULL));
  rules[1].valid_from = rules[0].valid_from;
  g_assert_true (fyr_missing_report (rules, 2, WEIGHT, fyr_test_time ("2025-05-01 08:00"), now, NULL));
}

static void
test_a_report_today_is_never_missing (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 5000; i++) {
    FyrLimitRule rule = expecting ((guint)g_rand_int_range (random, 1, 91), "2020-01-01 00:00");
    gint64 now = fyr_test_time ("2025-01-01 00:00") + g_rand_int_range (random, 0, 500000) * FYR_MINUTE_MS;
    gint64 last = now - g_rand_int_range (random, 0, 100 * 1440) * FYR_MINUTE_MS;
    gint64 since = 0;
    gboolean missing = fyr_missing_report (&rule, 1, WEIGHT, last, now, &since);

    if (now - last < 24 * FYR_HOUR_MS) {
      g_assert_false (missing);
    }
    if (now - last > (gint64)(rule.expected_days + 2) * 25 * FYR_HOUR_MS) {
      g_assert_true (missing);
    }
    if (missing) {
      g_assert_cmpint (since, <=, now);
      g_assert_cmpint (since, >, last);
    }
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/missing/when-the-day-is-over", test_missing_when_the_day_is_over);
  g_test_add_func ("/missing/counted-from-the-limit", test_counted_from_the_limit_when_it_is_younger);
  g_test_add_func ("/missing/seven-days", test_every_seven_days_over_the_short_night);
  g_test_add_func ("/missing/nobody-expects", test_nothing_is_missing_that_nobody_expects);
  g_test_add_func ("/missing/youngest-limit", test_the_youngest_limit_decides);
  g_test_add_func ("/missing/property/report-today", test_a_report_today_is_never_missing);
  return g_test_run ();
}
