/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-limit-set.h"

void
fyr_limit_rule_from_record (FyrLimit *limit, FyrLimitRule *rule)
{
  fyr_limit_rule_init (rule, fyr_limit_get_kind (limit));
  rule->component = fyr_limit_get_component (limit);
  rule->has_red_low = fyr_limit_has_red_low (limit);
  rule->red_low = fyr_limit_get_red_low (limit);
  rule->has_yellow_low = fyr_limit_has_yellow_low (limit);
  rule->yellow_low = fyr_limit_get_yellow_low (limit);
  rule->has_yellow_high = fyr_limit_has_yellow_high (limit);
  rule->yellow_high = fyr_limit_get_yellow_high (limit);
  rule->has_red_high = fyr_limit_has_red_high (limit);
  rule->red_high = fyr_limit_get_red_high (limit);
  rule->repeat_count = (guint)fyr_limit_get_repeat_count (limit);
  rule->repeat_hours = (guint)fyr_limit_get_repeat_hours (limit);
  rule->change_amount = fyr_limit_get_change_amount (limit);
  rule->change_days = (guint)fyr_limit_get_change_days (limit);
  rule->change_direction = fyr_limit_get_change_direction (limit);
  rule->change_category = fyr_limit_get_change_category (limit);
  rule->expected_days = (guint)fyr_limit_get_expected_days (limit);
  rule->valid_from = fyr_limit_has_valid_from (limit) ? fyr_limit_get_valid_from (limit) : G_MININT64;
  rule->valid_to = fyr_limit_has_valid_to (limit) ? fyr_limit_get_valid_to (limit) : G_MAXINT64;
}

static void
set_real (FyrLimit *limit, guint field, gboolean has, double value)
{
  if (has) {
    fyr_record_set_real (FYR_RECORD (limit), field, value);
  } else {
    fyr_record_clear (FYR_RECORD (limit), field);
  }
}

static void
set_int (FyrLimit *limit, guint field, gboolean has, gint64 value)
{
  if (has) {
    fyr_record_set_int (FYR_RECORD (limit), field, value);
  } else {
    fyr_record_clear (FYR_RECORD (limit), field);
  }
}

void
fyr_limit_rule_to_record (const FyrLimitRule *rule, FyrLimit *limit)
{
  gboolean repeats = rule->repeat_count > 0;
  gboolean changes = rule->change_amount > 0;

  fyr_limit_set_kind (limit, rule->kind);
  fyr_limit_set_component (limit, rule->component);
  set_real (limit, FYR_LIMIT_RED_LOW, rule->has_red_low, rule->red_low);
  set_real (limit, FYR_LIMIT_YELLOW_LOW, rule->has_yellow_low, rule->yellow_low);
  set_real (limit, FYR_LIMIT_YELLOW_HIGH, rule->has_yellow_high, rule->yellow_high);
  set_real (limit, FYR_LIMIT_RED_HIGH, rule->has_red_high, rule->red_high);
  set_int (limit, FYR_LIMIT_REPEAT_COUNT, repeats, rule->repeat_count);
  set_int (limit, FYR_LIMIT_REPEAT_HOURS, repeats, rule->repeat_hours);
  set_real (limit, FYR_LIMIT_CHANGE_AMOUNT, changes, rule->change_amount);
  set_int (limit, FYR_LIMIT_CHANGE_DAYS, changes, rule->change_days);
  set_int (limit, FYR_LIMIT_CHANGE_DIRECTION, changes, rule->change_direction);
  set_int (limit, FYR_LIMIT_CHANGE_CATEGORY, changes, rule->change_category);
  set_int (limit, FYR_LIMIT_EXPECTED_DAYS, rule->expected_days > 0, rule->expected_days);
  set_int (limit, FYR_LIMIT_VALID_FROM, rule->valid_from != G_MININT64, rule->valid_from);
  set_int (limit, FYR_LIMIT_VALID_TO, rule->valid_to != G_MAXINT64, rule->valid_to);
}

GArray *
fyr_limit_rules_from_records (GPtrArray *limits)
{
  GArray *rules = g_array_sized_new (FALSE, TRUE, sizeof (FyrLimitRule), limits->len);

  g_array_set_size (rules, limits->len);
  for (guint i = 0; i < limits->len; i++) {
    fyr_limit_rule_from_record (g_ptr_array_index (limits, i), &g_array_index (rules, FyrLimitRule, i));
  }
  return rules;
}

void
fyr_reading_from_record (FyrMeasurement *measurement, FyrReading *reading)
{
  gboolean in_error = fyr_measurement_get_entered_in_error (measurement);

  *reading = (FyrReading){
    .kind = fyr_measurement_get_kind (measurement),
    .has_value = !in_error && fyr_measurement_has_value (measurement),
    .value = fyr_measurement_get_value (measurement),
    .has_value2 = !in_error && fyr_measurement_has_value_2 (measurement),
    .value2 = fyr_measurement_get_value_2 (measurement),
    .absent_reason = fyr_absent_reason_from_code (fyr_measurement_get_absent_reason (measurement)),
    .effective_time = fyr_measurement_get_effective_time (measurement),
    .implausible = fyr_measurement_get_implausible (measurement),
  };
  if (!reading->has_value && reading->absent_reason == FYR_ABSENT_NONE) {
    reading->absent_reason = FYR_ABSENT_UNKNOWN;
  }
}

void
fyr_verdict_to_alert (const FyrVerdict *verdict, const FyrReading *reading, FyrAlert *alert)
{
  gboolean is_change = verdict->rule == FYR_ALERT_RULE_CHANGE;

  fyr_alert_set_category (alert, verdict->category);
  fyr_alert_set_rule (alert, verdict->rule);
  fyr_alert_set_kind (alert, reading->kind);
  fyr_alert_set_component (alert, verdict->component);
  fyr_alert_set_status (alert, FYR_ALERT_STATUS_OPEN);
  if (reading->has_value) {
    fyr_alert_set_observed (alert, is_change ? verdict->observed_change : verdict->value);
  } else {
    fyr_record_clear (FYR_RECORD (alert), FYR_ALERT_OBSERVED);
  }
  if (verdict->has_threshold) {
    fyr_alert_set_threshold (alert, verdict->threshold);
  } else {
    fyr_record_clear (FYR_RECORD (alert), FYR_ALERT_THRESHOLD);
  }
}

gboolean
fyr_patient_expects_reports (FyrPatient *patient)
{
  FyrRecord *record = FYR_RECORD (patient);
  gboolean switched_off = fyr_record_is_set (record, FYR_PATIENT_MISSING_REPORT_ALERT) &&
                          !fyr_patient_get_missing_report_alert (patient);

  return fyr_patient_get_status (patient) == FYR_PATIENT_STATUS_ACTIVE && !switched_off;
}

gboolean
fyr_centre_get_hours (FyrCentre *centre, FyrOpeningHours *hours)
{
  if (centre == NULL) {
    return fyr_opening_hours_parse (NULL, NULL, hours);
  }
  return fyr_opening_hours_parse (fyr_centre_get_opening_hours (centre), fyr_centre_get_closed_days (centre),
                                  hours);
}
