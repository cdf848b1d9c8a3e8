/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "fyr-domain-test.h"
#include "fyr-triage.h"

static FyrLimitRule
glucose (void)
{
  FyrLimitRule rule;

  fyr_limit_rule_init (&rule, FYR_MEASUREMENT_KIND_GLUCOSE);
  rule.has_red_low = rule.has_yellow_low = rule.has_yellow_high = rule.has_red_high = TRUE;
  rule.red_low = 3.0;
  rule.yellow_low = 3.9;
  rule.yellow_high = 10.0;
  rule.red_high = 13.9;
  return rule;
}

#define WITH(assignment)                                                                                     \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    FyrLimitRule rule = glucose ();                                                                          \
    assignment;                                                                                              \
    g_assert_nonnull (fyr_limit_rule_check (&rule));                                                         \
  }                                                                                                          \
  G_STMT_END

#define STILL_RIGHT(assignment)                                                                              \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    FyrLimitRule rule = glucose ();                                                                          \
    assignment;                                                                                              \
    g_assert_null (fyr_limit_rule_check (&rule));                                                            \
  }                                                                                                          \
  G_STMT_END

static void
test_right_limits_pass (void)
{
  STILL_RIGHT ((void)0);
  STILL_RIGHT (rule.yellow_low = rule.red_low);
  STILL_RIGHT (rule.has_yellow_low = FALSE);
  STILL_RIGHT (rule.has_yellow_low = rule.has_yellow_high = FALSE);
  STILL_RIGHT (rule.has_red_low = FALSE; rule.red_low = 99999);
  STILL_RIGHT (rule.repeat_count = 3; rule.repeat_hours = 72);
  STILL_RIGHT (rule.change_amount = 2; rule.change_days = 3);
  STILL_RIGHT (rule.expected_days = 90);
}

static void
test_order (void)
{
  WITH (rule.red_low = 4);
  WITH (rule.yellow_low = 10);
  WITH (rule.yellow_high = 14);
  WITH (rule.has_yellow_low = rule.has_yellow_high = FALSE; rule.red_low = 13.9);
  WITH (rule.has_yellow_low = FALSE; rule.red_low = 10);
}

static void
test_numbers_must_be_plausible (void)
{
  WITH (rule.red_low = 0.4);
  WITH (rule.red_high = 60.1);
  WITH (rule.red_low = -1);
  WITH (rule.yellow_low = (double)NAN);
  WITH (rule.red_high = (double)INFINITY);
  WITH (rule.change_amount = (double)NAN; rule.change_days = 3);
}

static void
test_repetition_and_change_and_report (void)
{
  WITH (rule.repeat_count = 1; rule.repeat_hours = 72);
  WITH (rule.repeat_count = 21; rule.repeat_hours = 72);
  WITH (rule.repeat_count = 3);
  WITH (rule.repeat_count = 3; rule.repeat_hours = 2161);
  WITH (rule.change_amount = 2);
  WITH (rule.change_amount = -2; rule.change_days = 3);
  WITH (rule.change_amount = 2; rule.change_days = 91);
  WITH (rule.change_amount = 2; rule.change_days = 3; rule.change_category = FYR_ALERT_CATEGORY_GREEN);
  WITH (rule.expected_days = 91);
}

static void
test_kind_component_validity (void)
{
  WITH (rule.kind = FYR_MEASUREMENT_KIND_UNSET);
  WITH (rule.kind = (FyrMeasurementKind)99);
  WITH (rule.component = FYR_LIMIT_COMPONENT_SYSTOLIC);
  WITH (rule.valid_from = 10; rule.valid_to = 10);
  WITH (rule.valid_from = 10; rule.valid_to = 9);
}

static void
test_blood_pressure_halves_have_their_own_range (void)
{
  FyrLimitRule rule;

  fyr_limit_rule_init (&rule, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE);
  rule.has_red_low = TRUE;
  rule.red_low = 30;
  rule.component = FYR_LIMIT_COMPONENT_DIASTOLIC;
  g_assert_null (fyr_limit_rule_check (&rule));
  rule.component = FYR_LIMIT_COMPONENT_SYSTOLIC;
  g_assert_nonnull (fyr_limit_rule_check (&rule));
  rule.component = (FyrLimitComponent)7;
  g_assert_nonnull (fyr_limit_rule_check (&rule));
}

/* Any computed numbers, in order, are such that the check lets them through for being plausible. */
static void
test_computed_limits_become_plausible (void)
{
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (FYR_MEASUREMENT_KIND_GLUCOSE);
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 2000; i++) {
    FyrLimitRule rule, before;

    fyr_limit_rule_init (&rule, FYR_MEASUREMENT_KIND_GLUCOSE);
    rule.has_red_low = rule.has_red_high = TRUE;
    rule.red_low = g_rand_double_range (random, -20, 3);
    rule.red_high = g_rand_double_range (random, 4, 200);
    before = rule;
    fyr_limit_rule_clamp (&rule);
    g_assert_null (fyr_limit_rule_check (&rule));
    g_assert_cmpfloat (rule.red_low, >=, info->low);
    g_assert_cmpfloat (rule.red_high, <=, info->high);
    g_assert_true (before.red_low < info->low || rule.red_low == before.red_low);
    g_assert_true (before.red_high > info->high || rule.red_high == before.red_high);
  }
}

static void
test_validity_begins_with_and_ends_before (void)
{
  FyrLimitRule rule = glucose ();

  rule.valid_from = 10;
  rule.valid_to = 20;
  g_assert_false (fyr_limit_rule_holds_at (&rule, FYR_MEASUREMENT_KIND_GLUCOSE, 9));
  g_assert_true (fyr_limit_rule_holds_at (&rule, FYR_MEASUREMENT_KIND_GLUCOSE, 10));
  g_assert_true (fyr_limit_rule_holds_at (&rule, FYR_MEASUREMENT_KIND_GLUCOSE, 19));
  g_assert_false (fyr_limit_rule_holds_at (&rule, FYR_MEASUREMENT_KIND_GLUCOSE, 20));
  g_assert_false (fyr_limit_rule_holds_at (&rule, FYR_MEASUREMENT_KIND_CRP, 15));
}

static void
test_every_rule_has_a_name (void)
{
  for (int i = 1; i <= FYR_ALERT_RULE_LAST; i++) {
    g_assert_cmpstr (fyr_alert_rule_get_name ((FyrAlertRule)i), !=, "");
  }
  g_assert_cmpstr (fyr_alert_rule_get_name (FYR_ALERT_RULE_UNSET), ==, "");
  g_assert_cmpstr (fyr_alert_rule_get_name ((FyrAlertRule)99), ==, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/limit-check/right", test_right_limits_pass);
  g_test_add_func ("/limit-check/order", test_order);
  g_test_add_func ("/limit-check/plausible", test_numbers_must_be_plausible);
  g_test_add_func ("/limit-check/repetition-change-report", test_repetition_and_change_and_report);
  g_test_add_func ("/limit-check/kind-component-validity", test_kind_component_validity);
  g_test_add_func ("/limit-check/blood-pressure", test_blood_pressure_halves_have_their_own_range);
  g_test_add_func ("/limit-check/clamp", test_computed_limits_become_plausible);
  g_test_add_func ("/limit-check/validity", test_validity_begins_with_and_ends_before);
  g_test_add_func ("/limit-check/names", test_every_rule_has_a_name);
  return g_test_run ();
}
