/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-triage.h"

#include "fyr-domain-test.h"

#define SATURATION FYR_MEASUREMENT_KIND_OXYGEN_SATURATION
#define WEIGHT FYR_MEASUREMENT_KIND_BODY_WEIGHT
#define PRESSURE FYR_MEASUREMENT_KIND_BLOOD_PRESSURE
#define GLUCOSE FYR_MEASUREMENT_KIND_GLUCOSE

static FyrLimitRule
limit (FyrMeasurementKind kind, double red_low, double yellow_low, double yellow_high, double red_high)
{
  FyrLimitRule rule;

  fyr_limit_rule_init (&rule, kind);
  rule.has_red_low = rule.has_yellow_low = rule.has_yellow_high = rule.has_red_high = TRUE;
  rule.red_low = red_low;
  rule.yellow_low = yellow_low;
  rule.yellow_high = yellow_high;
  rule.red_high = red_high;
  return rule;
}

static FyrReading
reading (FyrMeasurementKind kind, double value, gint64 time)
{
  return (FyrReading){ .kind = kind, .has_value = TRUE, .value = value, .effective_time = time };
}

static FyrReading
pressure (double systolic, double diastolic)
{
  return (FyrReading){
    .kind = PRESSURE, .has_value = TRUE, .value = systolic, .has_value2 = TRUE, .value2 = diastolic
  };
}

static void
test_limits_are_strict (void)
{
  static const struct {
    double value;
    FyrAlertCategory category;
    FyrAlertRule rule;
    double threshold;
  } cases[] = {
    { 2.9, FYR_ALERT_CATEGORY_RED, FYR_ALERT_RULE_BELOW_RED, 3.0 },
    { 3.0, FYR_ALERT_CATEGORY_YELLOW, FYR_ALERT_RULE_BELOW_YELLOW, 3.9 },
    { 3.8, FYR_ALERT_CATEGORY_YELLOW, FYR_ALERT_RULE_BELOW_YELLOW, 3.9 },
    { 3.9, FYR_ALERT_CATEGORY_UNSET, FYR_ALERT_RULE_UNSET, 0 },
    { 7.0, FYR_ALERT_CATEGORY_UNSET, FYR_ALERT_RULE_UNSET, 0 },
    { 10.0, FYR_ALERT_CATEGORY_UNSET, FYR_ALERT_RULE_UNSET, 0 },
    { 10.1, FYR_ALERT_CATEGORY_YELLOW, FYR_ALERT_RULE_ABOVE_YELLOW, 10.0 },
    { 13.9, FYR_ALERT_CATEGORY_YELLOW, FYR_ALERT_RULE_ABOVE_YELLOW, 10.0 },
    { 14.0, FYR_ALERT_CATEGORY_RED, FYR_ALERT_RULE_ABOVE_RED, 13.9 },
  };
  FyrLimitRule rule = limit (GLUCOSE, 3.0, 3.9, 10.0, 13.9);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrReading taken = reading (GLUCOSE, cases[i].value, 0);
    FyrVerdict verdict = fyr_triage (&taken, &rule, 1, NULL, 0);

    g_test_message ("%g", cases[i].value);
    g_assert_cmpint (verdict.category, ==, cases[i].category);
    g_assert_cmpint (verdict.rule, ==, cases[i].rule);
    g_assert_cmpfloat (verdict.threshold, ==, cases[i].threshold);
    g_assert_cmpint (verdict.has_threshold, ==, cases[i].threshold != 0);
    g_assert_cmpfloat (verdict.value, ==, cases[i].value);
    g_assert_cmpint (verdict.limit_index, ==, cases[i].rule == FYR_ALERT_RULE_UNSET ? -1 : 0);
  }
}

static void
test_conversion_dust_does_not_alert (void)
{
  FyrLimitRule rule = limit (GLUCOSE, 3.0, 3.9, 10.0, 13.9);
  const double values[] = { 3.9 - 1e-12, 10.0 + 1e-12 };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    FyrReading taken = reading (GLUCOSE, values[i], 0);

    g_assert_cmpint (fyr_triage (&taken, &rule, 1, NULL, 0).category, ==, FYR_ALERT_CATEGORY_UNSET);
  }
}

static void
test_one_sided_limits (void)
{
  FyrLimitRule rule;
  FyrReading low = reading (SATURATION, 60, 0);
  FyrReading high = reading (SATURATION, 100, 0);

  fyr_limit_rule_init (&rule, SATURATION);
  rule.has_yellow_low = TRUE;
  rule.yellow_low = 92;
  g_assert_cmpint (fyr_triage (&low, &rule, 1, NULL, 0).category, ==, FYR_ALERT_CATEGORY_YELLOW);
  g_assert_cmpint (fyr_triage (&high, &rule, 1, NULL, 0).category, ==, FYR_ALERT_CATEGORY_UNSET);
}

static void
test_without_value_is_technical (void)
{
  FyrLimitRule rule = limit (SATURATION, 85, 90, 101, 102);
  FyrReading taken = { .kind = SATURATION, .absent_reason = FYR_ABSENT_NOT_MEASURED };
  FyrVerdict verdict = fyr_triage (&taken, &rule, 1, NULL, 0);

  g_assert_cmpint (verdict.category, ==, FYR_ALERT_CATEGORY_TECHNICAL);
  g_assert_cmpint (verdict.rule, ==, FYR_ALERT_RULE_NO_VALUE);
  g_assert_cmpint (verdict.limit_index, ==, -1);
  /* Also when there are no limits: the device is broken either way. */
  g_assert_cmpint (fyr_triage (&taken, NULL, 0, NULL, 0).category, ==, FYR_ALERT_CATEGORY_TECHNICAL);
}

static void
test_implausible_is_technical_not_red (void)
{
  FyrLimitRule rule = limit (SATURATION, 85, 90, 101, 102);
  const double values[] = { 0, 39.9, 100.1, 250, -5, G_MAXDOUBLE };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    FyrReading taken = reading (SATURATION, values[i], 0);
    FyrVerdict verdict = fyr_triage (&taken, &rule, 1, NULL, 0);

    g_assert_cmpint (verdict.category, ==, FYR_ALERT_CATEGORY_TECHNICAL);
    g_assert_cmpint (verdict.rule, ==, FYR_ALERT_RULE_IMPLAUSIBLE);
  }
}

static void
test_flagged_at_intake_is_technical (void)
{
  FyrReading taken = reading (SATURATION, 95, 0);

  taken.implausible = TRUE;
  g_assert_cmpint (fyr_triage (&taken, NULL, 0, NULL, 0).rule, ==, FYR_ALERT_RULE_IMPLAUSIBLE);
}

static void
test_systolic_not_above_diastolic_is_technical (void)
{
  FyrReading swapped = pressure (80, 120);
  FyrReading equal = pressure (100, 100);
  FyrReading half = pressure (120, 80);

  half.has_value2 = FALSE;
  g_assert_cmpint (fyr_triage (&swapped, NULL, 0, NULL, 0).rule, ==, FYR_ALERT_RULE_IMPLAUSIBLE);
  g_assert_cmpint (fyr_triage (&equal, NULL, 0, NULL, 0).rule, ==, FYR_ALERT_RULE_IMPLAUSIBLE);
  g_assert_cmpint (fyr_triage (&half, NULL, 0, NULL, 0).rule, ==, FYR_ALERT_RULE_IMPLAUSIBLE);
}

static void
test_no_limits_is_grey (void)
{
  FyrLimitRule other = limit (GLUCOSE, 3.0, 3.9, 10.0, 13.9);
  FyrReading taken = reading (SATURATION, 95, 0);
  FyrVerdict verdict = fyr_triage (&taken, &other, 1, NULL, 0);

  g_assert_cmpint (verdict.category, ==, FYR_ALERT_CATEGORY_GREY);
  g_assert_cmpint (verdict.rule, ==, FYR_ALERT_RULE_NO_LIMITS);
}

static void
test_a_limit_without_numbers_means_do_not_alert (void)
{
  FyrLimitRule rule;
  FyrReading taken = reading (SATURATION, 41, 0);

  fyr_limit_rule_init (&rule, SATURATION);
  g_assert_cmpint (fyr_triage (&taken, &rule, 1, NULL, 0).category, ==, FYR_ALERT_CATEGORY_UNSET);
}

static void
test_judged_by_the_limits_that_held_when_taken (void)
{
  FyrLimitRule rules[] = { limit (SATURATION, 85, 94, 101, 102), limit (SATURATION, 80, 88, 101, 102) };
  FyrReading before = reading (SATURATION, 90, 999);
  FyrReading after = reading (SATURATION, 90, 1000);
  FyrReading ended = reading (SATURATION, 90, 2000);
  FyrVerdict verdict;

  rules[0].valid_from = 0;
  rules[0].valid_to = 1000;
  rules[1].valid_from = 1000;
  rules[1].valid_to = 2000;
  verdict = fyr_triage (&before, rules, 2, NULL, 0);
  g_assert_cmpint (verdict.category, ==, FYR_ALERT_CATEGORY_YELLOW);
  g_assert_cmpint (verdict.limit_index, ==, 0);
  g_assert_cmpint (fyr_triage (&after, rules, 2, NULL, 0).category, ==, FYR_ALERT_CATEGORY_UNSET);
  g_assert_cmpint (fyr_triage (&ended, rules, 2, NULL, 0).category, ==, FYR_ALERT_CATEGORY_GREY);
}

static void
test_of_overlapping_limits_the_latest_holds (void)
{
  /* A template left open when the personal limit came. */
  FyrLimitRule rules[] = { limit (SATURATION, 80, 86, 101, 102), limit (SATURATION, 85, 94, 101, 102) };
  FyrReading taken = reading (SATURATION, 90, 5000);

  rules[1].valid_from = 0;
  rules[0].valid_from = 4000;
  g_assert_cmpint (fyr_triage (&taken, rules, 2, NULL, 0).category, ==, FYR_ALERT_CATEGORY_UNSET);
  taken.effective_time = 3999;
  g_assert_cmpint (fyr_triage (&taken, rules, 2, NULL, 0).category, ==, FYR_ALERT_CATEGORY_YELLOW);
  rules[0].valid_from = 0;
  /* Two that began together: nobody can tell which was meant, so the worst counts. */
  g_assert_cmpint (fyr_triage (&taken, rules, 2, NULL, 0).category, ==, FYR_ALERT_CATEGORY_YELLOW);
}

static void
test_blood_pressure_is_judged_by_component (void)
{
  FyrLimitRule rules[] = { limit (PRESSURE, 90, 100, 160, 180), limit (PRESSURE, 50, 60, 95, 110) };
  static const struct {
    double systolic;
    double diastolic;
    FyrAlertCategory category;
    FyrLimitComponent component;
  } cases[] = {
    { 120, 80, FYR_ALERT_CATEGORY_UNSET, FYR_LIMIT_COMPONENT_UNSET },
    { 170, 80, FYR_ALERT_CATEGORY_YELLOW, FYR_LIMIT_COMPONENT_SYSTOLIC },
    { 120, 100, FYR_ALERT_CATEGORY_YELLOW, FYR_LIMIT_COMPONENT_DIASTOLIC },
    { 170, 115, FYR_ALERT_CATEGORY_RED, FYR_LIMIT_COMPONENT_DIASTOLIC },
    { 170, 100, FYR_ALERT_CATEGORY_YELLOW, FYR_LIMIT_COMPONENT_SYSTOLIC },
    { 185, 115, FYR_ALERT_CATEGORY_RED, FYR_LIMIT_COMPONENT_SYSTOLIC },
  };

  rules[0].component = FYR_LIMIT_COMPONENT_SYSTOLIC;
  rules[1].component = FYR_LIMIT_COMPONENT_DIASTOLIC;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrReading taken = pressure (cases[i].systolic, cases[i].diastolic);
    FyrVerdict verdict = fyr_triage (&taken, rules, 2, NULL, 0);

    g_test_message ("%g/%g", cases[i].systolic, cases[i].diastolic);
    g_assert_cmpint (verdict.category, ==, cases[i].category);
    g_assert_cmpint (verdict.component, ==, cases[i].component);
  }
}

static void
test_blood_pressure_limit_without_component_is_systolic (void)
{
  FyrLimitRule rule = limit (PRESSURE, 90, 100, 160, 180);
  FyrReading taken = pressure (185, 80);
  FyrVerdict verdict = fyr_triage (&taken, &rule, 1, NULL, 0);

  g_assert_cmpint (verdict.rule, ==, FYR_ALERT_RULE_ABOVE_RED);
  g_assert_cmpint (verdict.component, ==, FYR_LIMIT_COMPONENT_SYSTOLIC);
}

static FyrLimitRule
third_yellow (void)
{
  FyrLimitRule rule = limit (SATURATION, 85, 92, 101, 102);

  rule.repeat_count = 3;
  rule.repeat_hours = 72;
  return rule;
}

static void
test_third_yellow_is_red (void)
{
  FyrLimitRule rule = third_yellow ();
  FyrReading recent[] = { reading (SATURATION, 91, 10 * FYR_HOUR_MS),
                          reading (SATURATION, 95, 20 * FYR_HOUR_MS),
                          reading (SATURATION, 90, 30 * FYR_HOUR_MS) };
  FyrReading taken = reading (SATURATION, 91, 40 * FYR_HOUR_MS);
  FyrVerdict verdict = fyr_triage (&taken, &rule, 1, recent, 3);

  g_assert_cmpint (verdict.category, ==, FYR_ALERT_CATEGORY_RED);
  g_assert_cmpint (verdict.rule, ==, FYR_ALERT_RULE_REPETITION);
  g_assert_cmpuint (verdict.observed_count, ==, 3);
  g_assert_cmpfloat (verdict.threshold, ==, 92);
  verdict = fyr_triage (&taken, &rule, 1, recent, 2);
  g_assert_cmpint (verdict.rule, ==, FYR_ALERT_RULE_BELOW_YELLOW);
  /* A value in range does not become red because of the others. */
  taken.value = 95;
  g_assert_cmpint (fyr_triage (&taken, &rule, 1, recent, 3).category, ==, FYR_ALERT_CATEGORY_UNSET);
  /* A red one stays what it is. */
  taken.value = 80;
  g_assert_cmpint (fyr_triage (&taken, &rule, 1, recent, 3).rule, ==, FYR_ALERT_RULE_BELOW_RED);
}

static void
test_repetition_counts_only_its_window (void)
{
  FyrLimitRule rule = third_yellow ();
  gint64 now = 100 * FYR_HOUR_MS;
  FyrReading recent[] = { reading (SATURATION, 91, now - 72 * FYR_HOUR_MS),
                          reading (SATURATION, 91, now - FYR_HOUR_MS) };
  FyrReading taken = reading (SATURATION, 91, now);

  g_assert_cmpint (fyr_triage (&taken, &rule, 1, recent, 2).rule, ==, FYR_ALERT_RULE_REPETITION);
  recent[0].effective_time -= 1;
  g_assert_cmpint (fyr_triage (&taken, &rule, 1, recent, 2).rule, ==, FYR_ALERT_RULE_BELOW_YELLOW);
}

static void
test_repetition_passes_over_what_does_not_count (void)
{
  FyrLimitRule rule = third_yellow ();
  gint64 now = 100 * FYR_HOUR_MS;
  FyrReading recent[] = {
    reading (SATURATION, 91, now),                          /* itself, or its double */
    reading (SATURATION, 91, now + 1),                      /* later: it came late */
    reading (SATURATION, 10, now - 1),                      /* implausible */
    reading (FYR_MEASUREMENT_KIND_HEART_RATE, 91, now - 2), /* another kind */
    { .kind = SATURATION, .effective_time = now - 3 },      /* no value */
    reading (SATURATION, 80, now - 4),                      /* red counts */
  };
  FyrReading taken = reading (SATURATION, 91, now);

  g_assert_cmpint (fyr_triage (&taken, &rule, 1, recent, G_N_ELEMENTS (recent)).rule, ==,
                   FYR_ALERT_RULE_BELOW_YELLOW);
  recent[0].effective_time = now - 5;
  g_assert_cmpint (fyr_triage (&taken, &rule, 1, recent, G_N_ELEMENTS (recent)).rule, ==,
                   FYR_ALERT_RULE_REPETITION);
}

static void
test_repetition_judges_earlier_readings_by_their_own_limits (void)
{
  FyrLimitRule rules[] = { limit (SATURATION, 80, 85, 101, 102), third_yellow () };
  FyrReading recent[] = { reading (SATURATION, 91, 1000), reading (SATURATION, 91, 2000) };
  FyrReading taken = reading (SATURATION, 91, 6000);

  /* Until 5000 the limit was 85, so 91 was in range then. */
  rules[0].valid_to = 5000;
  rules[1].valid_from = 5000;
  g_assert_cmpint (fyr_triage (&taken, rules, 2, recent, 2).rule, ==, FYR_ALERT_RULE_BELOW_YELLOW);
  rules[0].yellow_low = 95;
  g_assert_cmpint (fyr_triage (&taken, rules, 2, recent, 2).rule, ==, FYR_ALERT_RULE_REPETITION);
}

static FyrLimitRule
weight_rule (FyrChangeDirection direction)
{
  FyrLimitRule rule;

  fyr_limit_rule_init (&rule, WEIGHT);
  rule.change_amount = 2;
  rule.change_days = 3;
  rule.change_direction = direction;
  return rule;
}

static void
test_weight_up_within_days (void)
{
  FyrLimitRule rule = weight_rule (FYR_CHANGE_DIRECTION_UP);
  FyrReading recent[] = { reading (WEIGHT, 80.0, fyr_test_time ("2025-06-02 08:30")),
                          reading (WEIGHT, 80.4, fyr_test_time ("2025-06-04 07:00")) };
  FyrReading taken = reading (WEIGHT, 82.5, fyr_test_time ("2025-06-05 07:10"));
  FyrVerdict verdict = fyr_triage (&taken, &rule, 1, recent, 2);

  g_assert_cmpint (verdict.category, ==, FYR_ALERT_CATEGORY_YELLOW);
  g_assert_cmpint (verdict.rule, ==, FYR_ALERT_RULE_CHANGE);
  g_assert_cmpfloat_with_epsilon (verdict.observed_change, 2.5, 1e-9);
  g_assert_cmpfloat (verdict.threshold, ==, 2);
  /* Exactly the amount is allowed; down is not watched. */
  taken.value = 82.0;
  g_assert_cmpint (fyr_triage (&taken, &rule, 1, recent, 2).category, ==, FYR_ALERT_CATEGORY_UNSET);
  taken.value = 70.0;
  g_assert_cmpint (fyr_triage (&taken, &rule, 1, recent, 2).category, ==, FYR_ALERT_CATEGORY_UNSET);
  rule.change_category = FYR_ALERT_CATEGORY_RED;
  taken.value = 82.1;
  g_assert_cmpint (fyr_triage (&taken, &rule, 1, recent, 2).category, ==, FYR_ALERT_CATEGORY_RED);
}

static void
test_change_looks_back_whole_days (void)
{
  FyrLimitRule rule = weight_rule (FYR_CHANGE_DIRECTION_UP);
  FyrReading earlier = reading (WEIGHT, 80, fyr_test_time ("2025-06-02 00:00"));
  FyrReading taken = reading (WEIGHT, 83, fyr_test_time ("2025-06-05 23:59"));

  g_assert_cmpint (fyr_triage (&taken, &rule, 1, &earlier, 1).rule, ==, FYR_ALERT_RULE_CHANGE);
  earlier.effective_time -= 1;
  g_assert_cmpint (fyr_triage (&taken, &rule, 1, &earlier, 1).rule, ==, FYR_ALERT_RULE_UNSET);
  /* Over the night of 23 hours as well. */
  earlier.effective_time = fyr_test_time ("2025-03-28 00:00");
  taken.effective_time = fyr_test_time ("2025-03-31 23:59");
  g_assert_cmpint (fyr_triage (&taken, &rule, 1, &earlier, 1).rule, ==, FYR_ALERT_RULE_CHANGE);
}

static void
test_change_down_and_either (void)
{
  FyrLimitRule down = weight_rule (FYR_CHANGE_DIRECTION_DOWN);
  FyrLimitRule either = weight_rule (FYR_CHANGE_DIRECTION_EITHER);
  FyrReading recent[] = { reading (WEIGHT, 80, 1000), reading (WEIGHT, 84, 2000) };
  FyrReading taken = reading (WEIGHT, 81, 3000);
  FyrVerdict verdict = fyr_triage (&taken, &down, 1, recent, 2);

  g_assert_cmpint (verdict.rule, ==, FYR_ALERT_RULE_CHANGE);
  g_assert_cmpfloat_with_epsilon (verdict.observed_change, -3, 1e-9);
  verdict = fyr_triage (&taken, &either, 1, recent, 2);
  g_assert_cmpfloat_with_epsilon (verdict.observed_change, -3, 1e-9);
  taken.value = 83;
  g_assert_cmpint (fyr_triage (&taken, &down, 1, recent, 2).rule, ==, FYR_ALERT_RULE_UNSET);
  verdict = fyr_triage (&taken, &either, 1, recent, 2);
  g_assert_cmpfloat_with_epsilon (verdict.observed_change, 3, 1e-9);
}

static void
test_a_passed_limit_is_told_before_a_change_of_the_same_colour (void)
{
  FyrLimitRule rule = limit (WEIGHT, 40, 50, 82, 100);
  FyrReading earlier = reading (WEIGHT, 80, 1000);
  FyrReading taken = reading (WEIGHT, 83, 2000);

  rule.change_amount = 2;
  rule.change_days = 3;
  rule.change_direction = FYR_CHANGE_DIRECTION_UP;
  g_assert_cmpint (fyr_triage (&taken, &rule, 1, &earlier, 1).rule, ==, FYR_ALERT_RULE_ABOVE_YELLOW);
  rule.change_category = FYR_ALERT_CATEGORY_RED;
  g_assert_cmpint (fyr_triage (&taken, &rule, 1, &earlier, 1).rule, ==, FYR_ALERT_RULE_CHANGE);
}

static void
test_window_reaches_as_far_as_the_rules (void)
{
  FyrLimitRule rules[] = { third_yellow (), weight_rule (FYR_CHANGE_DIRECTION_UP) };
  gint64 at = fyr_test_time ("2025-06-05 10:00");

  g_assert_cmpint (fyr_triage_window (rules, 2, SATURATION, at), ==, at - 72 * FYR_HOUR_MS);
  fyr_assert_clock (fyr_triage_window (rules, 2, WEIGHT, at), "2025-06-02 00:00");
  g_assert_cmpint (fyr_triage_window (rules, 2, GLUCOSE, at), ==, at);
  g_assert_cmpint (fyr_triage_window (NULL, 0, GLUCOSE, at), ==, at);
}

/* ---- properties ---- */

static FyrLimitRule
random_rule (GRand *random)
{
  double step = g_rand_double_range (random, 0, 10);
  double low = g_rand_double_range (random, 60, 75);
  double high = g_rand_double_range (random, 80, 89);
  FyrLimitRule rule = limit (SATURATION, low - step, low, high, high + step);

  rule.has_red_low = g_rand_boolean (random);
  rule.has_yellow_low = g_rand_boolean (random);
  rule.has_yellow_high = g_rand_boolean (random);
  rule.has_red_high = g_rand_boolean (random);
  rule.repeat_count = (guint)g_rand_int_range (random, 0, 4);
  rule.repeat_hours = (guint)g_rand_int_range (random, 1, 100);
  rule.change_amount = g_rand_boolean (random) ? g_rand_double_range (random, 1, 20) : 0;
  rule.change_days = (guint)g_rand_int_range (random, 1, 10);
  rule.change_direction = (FyrChangeDirection)g_rand_int_range (random, 1, 4);
  rule.valid_from = g_rand_int_range (random, 0, 200) * FYR_HOUR_MS;
  rule.valid_to = g_rand_boolean (random) ? G_MAXINT64 : rule.valid_from + 100 * FYR_HOUR_MS;
  return rule;
}

static int
severity (FyrVerdict verdict)
{
  return verdict.category == FYR_ALERT_CATEGORY_RED      ? 2
         : verdict.category == FYR_ALERT_CATEGORY_YELLOW ? 1
                                                         : 0;
}

static void
test_farther_out_is_never_milder (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 20000; i++) {
    FyrLimitRule rule = random_rule (random);
    FyrReading near_one = reading (SATURATION, g_rand_double_range (random, 41, 78), 300 * FYR_HOUR_MS);
    FyrReading far_one = near_one;

    rule.repeat_count = 0;
    rule.change_amount = 0;
    rule.valid_to = G_MAXINT64;
    far_one.value = g_rand_double_range (random, 40, near_one.value);
    g_assert_cmpint (severity (fyr_triage (&far_one, &rule, 1, NULL, 0)), >=,
                     severity (fyr_triage (&near_one, &rule, 1, NULL, 0)));
  }
}

static void
test_order_of_limits_and_history_does_not_matter (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 3000; i++) {
    FyrLimitRule rules[4];
    FyrLimitRule reversed[4];
    FyrReading recent[12];
    FyrReading backwards[12];
    FyrReading taken = reading (SATURATION, g_rand_double_range (random, 40, 100),
                                g_rand_int_range (random, 100, 400) * FYR_HOUR_MS);
    FyrVerdict a;
    FyrVerdict b;

    for (int j = 0; j < 4; j++) {
      rules[j] = reversed[3 - j] = random_rule (random);
    }
    for (int j = 0; j < 12; j++) {
      recent[j] = backwards[11 - j] = reading (SATURATION, g_rand_double_range (random, 35, 100),
                                               g_rand_int_range (random, 0, 400) * FYR_HOUR_MS);
    }
    a = fyr_triage (&taken, rules, 4, recent, 12);
    b = fyr_triage (&taken, reversed, 4, backwards, 12);
    g_assert_cmpint (a.category, ==, b.category);
    g_assert_cmpfloat (a.value, ==, b.value);
  }
}

static void
test_window_holds_all_that_matters (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 3000; i++) {
    FyrLimitRule rule = random_rule (random);
    FyrReading recent[20];
    FyrReading within[20];
    guint n_within = 0;
    FyrReading taken = reading (SATURATION, g_rand_double_range (random, 40, 100), 300 * FYR_HOUR_MS);
    gint64 start = fyr_triage_window (&rule, 1, SATURATION, taken.effective_time);
    FyrVerdict a;
    FyrVerdict b;

    for (int j = 0; j < 20; j++) {
      recent[j] = reading (SATURATION, g_rand_double_range (random, 40, 100),
                           g_rand_int_range (random, 0, 400) * FYR_HOUR_MS);
      if (recent[j].effective_time >= start) {
        within[n_within++] = recent[j];
      }
    }
    a = fyr_triage (&taken, &rule, 1, recent, 20);
    b = fyr_triage (&taken, &rule, 1, within, n_within);
    g_assert_cmpint (a.category, ==, b.category);
    g_assert_cmpint (a.rule, ==, b.rule);
  }
}

static void
test_verdicts_are_consistent (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 20000; i++) {
    FyrLimitRule rule = random_rule (random);
    FyrReading taken = reading (SATURATION, g_rand_double_range (random, 30, 110),
                                g_rand_int_range (random, 0, 400) * FYR_HOUR_MS);
    FyrVerdict verdict = fyr_triage (&taken, &rule, 1, NULL, 0);
    gboolean plausible = fyr_measurement_is_plausible (SATURATION, taken.value, FALSE, 0);
    gboolean held = fyr_limit_rule_holds_at (&rule, SATURATION, taken.effective_time);

    g_assert_cmpint (verdict.category == FYR_ALERT_CATEGORY_TECHNICAL, ==, !plausible);
    g_assert_cmpint (verdict.category == FYR_ALERT_CATEGORY_GREY, ==, plausible && !held);
    g_assert_cmpint (verdict.rule == FYR_ALERT_RULE_UNSET, ==, verdict.category == FYR_ALERT_CATEGORY_UNSET);
    g_assert_cmpint (verdict.has_threshold, ==, severity (verdict) > 0);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/triage/limits-are-strict", test_limits_are_strict);
  g_test_add_func ("/triage/conversion-dust", test_conversion_dust_does_not_alert);
  g_test_add_func ("/triage/one-sided", test_one_sided_limits);
  g_test_add_func ("/triage/no-value", test_without_value_is_technical);
  g_test_add_func ("/triage/implausible", test_implausible_is_technical_not_red);
  g_test_add_func ("/triage/flagged-at-intake", test_flagged_at_intake_is_technical);
  g_test_add_func ("/triage/systolic-not-above-diastolic", test_systolic_not_above_diastolic_is_technical);
  g_test_add_func ("/triage/no-limits-is-grey", test_no_limits_is_grey);
  g_test_add_func ("/triage/limit-without-numbers", test_a_limit_without_numbers_means_do_not_alert);
  g_test_add_func ("/triage/limits-that-held", test_judged_by_the_limits_that_held_when_taken);
  g_test_add_func ("/triage/overlapping-limits", test_of_overlapping_limits_the_latest_holds);
  g_test_add_func ("/triage/blood-pressure", test_blood_pressure_is_judged_by_component);
  g_test_add_func ("/triage/no-component-is-systolic",
                   test_blood_pressure_limit_without_component_is_systolic);
  g_test_add_func ("/triage/third-yellow", test_third_yellow_is_red);
  g_test_add_func ("/triage/repetition-window", test_repetition_counts_only_its_window);
  g_test_add_func ("/triage/repetition-passes-over", test_repetition_passes_over_what_does_not_count);
  g_test_add_func ("/triage/repetition-own-limits",
                   test_repetition_judges_earlier_readings_by_their_own_limits);
  g_test_add_func ("/triage/weight-up", test_weight_up_within_days);
  g_test_add_func ("/triage/whole-days", test_change_looks_back_whole_days);
  g_test_add_func ("/triage/down-and-either", test_change_down_and_either);
  g_test_add_func ("/triage/limit-before-change",
                   test_a_passed_limit_is_told_before_a_change_of_the_same_colour);
  g_test_add_func ("/triage/window", test_window_reaches_as_far_as_the_rules);
  g_test_add_func ("/triage/property/farther-is-never-milder", test_farther_out_is_never_milder);
  g_test_add_func ("/triage/property/order-does-not-matter",
                   test_order_of_limits_and_history_does_not_matter);
  g_test_add_func ("/triage/property/window-holds-all", test_window_holds_all_that_matters);
  g_test_add_func ("/triage/property/consistent", test_verdicts_are_consistent);
  return g_test_run ();
}
