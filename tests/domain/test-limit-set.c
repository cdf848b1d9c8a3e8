/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-limit-set.h"

#include <math.h>

#include "fyr-domain-test.h"

static void
test_a_full_limit_round_trips (void)
{
  g_autoptr (FyrLimit) record = fyr_limit_new ();
  FyrLimitRule rule;
  FyrLimitRule back;

  fyr_limit_rule_init (&rule, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE);
  rule.component = FYR_LIMIT_COMPONENT_DIASTOLIC;
  rule.has_red_low = rule.has_yellow_high = TRUE;
  rule.red_low = 50;
  rule.yellow_high = 95;
  rule.repeat_count = 3;
  rule.repeat_hours = 72;
  rule.change_amount = 12.5;
  rule.change_days = 7;
  rule.change_direction = FYR_CHANGE_DIRECTION_UP;
  rule.change_category = FYR_ALERT_CATEGORY_RED;
  rule.expected_days = 2;
  rule.valid_from = 1000;
  rule.valid_to = 2000;
  fyr_limit_rule_to_record (&rule, record);
  fyr_limit_rule_from_record (record, &back);
  g_assert_cmpmem (&back, sizeof back, &rule, sizeof rule);
}

static void
test_an_empty_limit_watches_nothing (void)
{
  g_autoptr (FyrLimit) record = fyr_limit_new ();
  FyrLimitRule rule;
  FyrLimitRule empty;

  fyr_limit_set_kind (record, FYR_MEASUREMENT_KIND_GLUCOSE);
  fyr_limit_rule_from_record (record, &rule);
  fyr_limit_rule_init (&empty, FYR_MEASUREMENT_KIND_GLUCOSE);
  g_assert_cmpmem (&rule, sizeof rule, &empty, sizeof empty);
}

static void
test_what_a_rule_lacks_becomes_unset (void)
{
  g_autoptr (FyrLimit) record = fyr_limit_new ();
  FyrLimitRule rule;

  fyr_limit_set_red_low (record, 3);
  fyr_limit_set_repeat_count (record, 3);
  fyr_limit_set_valid_to (record, 77);
  fyr_limit_set_reason (record, "agreed with the GP");
  fyr_limit_rule_init (&rule, FYR_MEASUREMENT_KIND_GLUCOSE);
  rule.valid_from = 5;
  fyr_limit_rule_to_record (&rule, record);
  g_assert_false (fyr_limit_has_red_low (record));
  g_assert_false (fyr_limit_has_repeat_count (record));
  g_assert_false (fyr_limit_has_valid_to (record));
  g_assert_cmpint (fyr_limit_get_valid_from (record), ==, 5);
  g_assert_cmpstr (fyr_limit_get_reason (record), ==, "agreed with the GP");
}

static void
test_a_limit_of_zero_is_a_limit (void)
{
  g_autoptr (FyrLimit) record = fyr_limit_new ();
  FyrLimitRule rule;

  fyr_limit_set_kind (record, FYR_MEASUREMENT_KIND_PAIN);
  fyr_limit_set_yellow_high (record, 0);
  fyr_limit_rule_from_record (record, &rule);
  g_assert_true (rule.has_yellow_high);
}

static void
test_rules_keep_the_order_of_records (void)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GArray) rules = NULL;

  for (int kind = 1; kind <= 5; kind++) {
    FyrLimit *record = fyr_limit_new ();

    fyr_limit_set_kind (record, (FyrMeasurementKind)kind);
    g_ptr_array_add (records, record);
  }
  rules = fyr_limit_rules_from_records (records);
  g_assert_cmpuint (rules->len, ==, 5);
  for (guint i = 0; i < 5; i++) {
    g_assert_cmpint (g_array_index (rules, FyrLimitRule, i).kind, ==, i + 1);
  }
}

static void
test_measurements_become_readings (void)
{
  g_autoptr (FyrMeasurement) record = fyr_measurement_new ();
  FyrReading reading;

  fyr_measurement_set_kind (record, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE);
  fyr_measurement_set_effective_time (record, 1234);
  fyr_measurement_set_value (record, 130);
  fyr_measurement_set_value_2 (record, 85);
  fyr_reading_from_record (record, &reading);
  g_assert_cmpint (reading.kind, ==, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE);
  g_assert_cmpint (reading.effective_time, ==, 1234);
  g_assert_true (reading.has_value && reading.has_value2);
  g_assert_cmpfloat (reading.value, ==, 130);
  g_assert_cmpfloat (reading.value2, ==, 85);
  g_assert_cmpint (reading.absent_reason, ==, FYR_ABSENT_NONE);
  g_assert_false (reading.implausible);
  fyr_measurement_set_entered_in_error (record, TRUE);
  fyr_reading_from_record (record, &reading);
  g_assert_false (reading.has_value || reading.has_value2);
}

static void
test_a_sensor_word_is_a_reading_without_value (void)
{
  g_autoptr (FyrMeasurement) record = fyr_measurement_new ();
  FyrReading reading;

  fyr_measurement_set_kind (record, FYR_MEASUREMENT_KIND_GLUCOSE);
  fyr_measurement_set_value_text (record, "Hi");
  fyr_reading_from_record (record, &reading);
  g_assert_false (reading.has_value);
  g_assert_cmpint (reading.absent_reason, ==, FYR_ABSENT_UNKNOWN);
  fyr_measurement_set_absent_reason (record, "positive-infinity");
  fyr_reading_from_record (record, &reading);
  g_assert_cmpint (reading.absent_reason, ==, FYR_ABSENT_ABOVE_RANGE);
  g_assert_cmpint (fyr_triage (&reading, NULL, 0, NULL, 0).rule, ==, FYR_ALERT_RULE_NO_VALUE);
}

static void
test_a_verdict_fills_an_alert (void)
{
  g_autoptr (FyrAlert) alert = fyr_alert_new ();
  FyrReading reading = { .kind = FYR_MEASUREMENT_KIND_BODY_WEIGHT, .has_value = TRUE, .value = 83 };
  FyrVerdict verdict = { .category = FYR_ALERT_CATEGORY_YELLOW,
                         .rule = FYR_ALERT_RULE_CHANGE,
                         .has_threshold = TRUE,
                         .threshold = 2,
                         .observed_change = 2.5,
                         .value = 83 };

  fyr_verdict_to_alert (&verdict, &reading, alert);
  g_assert_cmpint (fyr_alert_get_category (alert), ==, FYR_ALERT_CATEGORY_YELLOW);
  g_assert_cmpint (fyr_alert_get_rule (alert), ==, FYR_ALERT_RULE_CHANGE);
  g_assert_cmpint (fyr_alert_get_kind (alert), ==, FYR_MEASUREMENT_KIND_BODY_WEIGHT);
  g_assert_cmpint (fyr_alert_get_status (alert), ==, FYR_ALERT_STATUS_OPEN);
  g_assert_cmpfloat (fyr_alert_get_observed (alert), ==, 2.5);
  g_assert_cmpfloat (fyr_alert_get_threshold (alert), ==, 2);
  verdict = (FyrVerdict){ .category = FYR_ALERT_CATEGORY_TECHNICAL, .rule = FYR_ALERT_RULE_NO_VALUE };
  reading.has_value = FALSE;
  fyr_verdict_to_alert (&verdict, &reading, alert);
  g_assert_false (fyr_alert_has_observed (alert));
  g_assert_false (fyr_alert_has_threshold (alert));
}

static void
test_who_is_expected_to_report (void)
{
  g_autoptr (FyrPatient) patient = fyr_patient_new ();

  g_assert_false (fyr_patient_expects_reports (patient));
  fyr_patient_set_status (patient, FYR_PATIENT_STATUS_ACTIVE);
  g_assert_true (fyr_patient_expects_reports (patient));
  fyr_patient_set_missing_report_alert (patient, FALSE);
  g_assert_false (fyr_patient_expects_reports (patient));
  fyr_patient_set_missing_report_alert (patient, TRUE);
  g_assert_true (fyr_patient_expects_reports (patient));
  fyr_patient_set_status (patient, FYR_PATIENT_STATUS_ONHOLD);
  g_assert_false (fyr_patient_expects_reports (patient));
}

static void
test_hours_of_a_centre (void)
{
  g_autoptr (FyrCentre) centre = fyr_centre_new ();
  g_auto (FyrOpeningHours) hours = { 0 };

  g_assert_true (fyr_centre_get_hours (NULL, &hours));
  g_assert_cmpint (hours.weekday[0].open_minute, ==, FYR_DEFAULT_OPEN_MINUTE);
  fyr_centre_set_opening_hours (centre, "[[540,900],null,null,null,null,null,null]");
  fyr_centre_set_closed_days (centre, "[\"2025-06-02\"]");
  fyr_opening_hours_clear (&hours);
  g_assert_true (fyr_centre_get_hours (centre, &hours));
  g_assert_cmpint (hours.weekday[0].open_minute, ==, 540);
  g_assert_cmpuint (hours.n_closed_days, ==, 1);
  fyr_centre_set_opening_hours (centre, "garbage");
  fyr_opening_hours_clear (&hours);
  g_assert_false (fyr_centre_get_hours (centre, &hours));
  g_assert_cmpint (hours.weekday[0].open_minute, ==, FYR_DEFAULT_OPEN_MINUTE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/limit-set/round-trip", test_a_full_limit_round_trips);
  g_test_add_func ("/limit-set/empty", test_an_empty_limit_watches_nothing);
  g_test_add_func ("/limit-set/unset", test_what_a_rule_lacks_becomes_unset);
  g_test_add_func ("/limit-set/zero", test_a_limit_of_zero_is_a_limit);
  g_test_add_func ("/limit-set/order", test_rules_keep_the_order_of_records);
  g_test_add_func ("/limit-set/readings", test_measurements_become_readings);
  g_test_add_func ("/limit-set/sensor-word", test_a_sensor_word_is_a_reading_without_value);
  g_test_add_func ("/limit-set/alert", test_a_verdict_fills_an_alert);
  g_test_add_func ("/limit-set/who-reports", test_who_is_expected_to_report);
  g_test_add_func ("/limit-set/centre-hours", test_hours_of_a_centre);
  return g_test_run ();
}
