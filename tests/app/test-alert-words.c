/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-words.h"
#include "fyr-measurement-kind.h"
#include "fyr-measure.h"

#include <string.h>

#define NOON G_GINT64_CONSTANT (1795345200000) /* 2026-11-22 12:00 in Norway */

static void
expect (char *text, const char *wanted)
{
  g_assert_cmpstr (text, ==, wanted);
  g_free (text);
}

static FyrAlert *
alert_of (FyrAlertRule rule, FyrMeasurementKind kind, double observed, double threshold)
{
  FyrAlert *alert = fyr_alert_new ();

  fyr_alert_set_rule (alert, rule);
  fyr_alert_set_kind (alert, kind);
  fyr_alert_set_category (alert, FYR_ALERT_CATEGORY_RED);
  fyr_alert_set_status (alert, FYR_ALERT_STATUS_OPEN);
  fyr_alert_set_observed (alert, observed);
  fyr_alert_set_threshold (alert, threshold);
  return alert;
}

static void
test_a_value_outside_a_limit (void)
{
  g_autoptr (FyrAlert) alert =
      alert_of (FYR_ALERT_RULE_BELOW_RED, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 84, 88);

  expect (fyr_alert_word_headline (alert, NULL), "Oxygen saturation 84\302\240%");
  expect (fyr_alert_word_reason (alert), "red below 88\302\240%");
}

static void
test_blood_pressure_says_which_half (void)
{
  g_autoptr (FyrAlert) alert =
      alert_of (FYR_ALERT_RULE_ABOVE_YELLOW, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, 171, 160);
  g_autoptr (FyrMeasurement) measurement = fyr_measurement_new ();

  fyr_alert_set_component (alert, FYR_LIMIT_COMPONENT_SYSTOLIC);
  fyr_measurement_set_kind (measurement, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE);
  fyr_measurement_set_value (measurement, 171);
  fyr_measurement_set_value_2 (measurement, 96);
  expect (fyr_alert_word_headline (alert, measurement), "Blood pressure 171/96\302\240mmHg");
  expect (fyr_alert_word_reason (alert), "systolic yellow above 160\302\240mmHg");
}

static void
test_a_sensor_word_is_never_a_number (void)
{
  g_autoptr (FyrAlert) alert = alert_of (FYR_ALERT_RULE_NO_VALUE, FYR_MEASUREMENT_KIND_GLUCOSE, 0, 0);
  g_autoptr (FyrMeasurement) measurement = fyr_measurement_new ();
  g_autofree char *headline = NULL, *reason = NULL;

  fyr_measurement_set_kind (measurement, FYR_MEASUREMENT_KIND_GLUCOSE);
  fyr_measurement_set_value_text (measurement, "Hi");
  fyr_measurement_set_absent_reason (measurement, fyr_absent_reason_to_code (FYR_ABSENT_ABOVE_RANGE));
  headline = fyr_alert_word_headline (alert, measurement);
  g_assert_nonnull (strstr (headline, "“Hi”"));
  g_assert_nonnull (strstr (headline, "may be very high"));
  g_assert_null (strpbrk (headline, "0123456789"));
  g_clear_pointer (&headline, g_free);
  fyr_measurement_set_value_text (measurement, "Lo");
  fyr_measurement_set_absent_reason (measurement, fyr_absent_reason_to_code (FYR_ABSENT_BELOW_RANGE));
  headline = fyr_alert_word_headline (alert, measurement);
  g_assert_nonnull (strstr (headline, "“Lo”"));
  g_assert_nonnull (strstr (headline, "may be very low"));
  g_assert_null (strpbrk (headline, "0123456789"));
  reason = fyr_alert_word_reason (alert);
  g_assert_nonnull (strstr (reason, "contact the patient"));
}

static void
test_every_rule_has_words (void)
{
  for (guint rule = 1; rule <= FYR_ALERT_RULE_LAST; rule++) {
    g_autoptr (FyrAlert) alert = alert_of (rule, FYR_MEASUREMENT_KIND_BODY_WEIGHT, 2.4, 2);
    g_autofree char *headline = fyr_alert_word_headline (alert, NULL);
    g_autofree char *reason = fyr_alert_word_reason (alert);

    g_assert_cmpstr (headline, !=, "");
    g_assert_nonnull (reason);
    g_assert_true (g_utf8_validate (headline, -1, NULL));
  }
  for (guint outcome = 1; outcome <= FYR_ALERT_OUTCOME_LAST; outcome++)
    g_assert_cmpstr (fyr_alert_word_outcome (outcome), !=, "");
  for (guint action = 1; action <= FYR_ALERT_ACTION_LAST; action++)
    g_assert_cmpstr (fyr_alert_word_action (action), !=, "");
  g_assert_cmpstr (fyr_alert_word_outcome (0), ==, "");
}

static void
test_who_has_it (void)
{
  g_autoptr (FyrAlert) alert = alert_of (FYR_ALERT_RULE_BELOW_RED, FYR_MEASUREMENT_KIND_HEART_RATE, 30, 40);

  expect (fyr_alert_word_handling (alert, NULL, FALSE, NOON), "Not taken");
  fyr_alert_set_status (alert, FYR_ALERT_STATUS_TAKEN);
  fyr_alert_set_taken_time (alert, NOON - 60 * 60 * 1000);
  expect (fyr_alert_word_handling (alert, "Anne Berg", FALSE, NOON), "Anne Berg since 11:00");
  expect (fyr_alert_word_handling (alert, "Anne Berg", TRUE, NOON), "You since 11:00");
  expect (fyr_alert_word_handling (alert, NULL, FALSE, NOON), "A colleague since 11:00");
  fyr_alert_set_status (alert, FYR_ALERT_STATUS_CLOSED);
  fyr_alert_set_closed_time (alert, NOON - 30 * 60 * 1000);
  expect (fyr_alert_word_handling (alert, "Anne Berg", FALSE, NOON), "Closed 11:30");
}

static void
test_limits_in_one_line (void)
{
  g_autoptr (FyrLimit) limit = fyr_limit_new ();

  expect (fyr_alert_word_limits (NULL), "");
  fyr_limit_set_kind (limit, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_limit_set_red_low (limit, 88);
  fyr_limit_set_yellow_low (limit, 92);
  expect (fyr_alert_word_limits (limit), "red below 88\302\240%, yellow below 92\302\240%");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/alert-words/a-value-outside-a-limit", test_a_value_outside_a_limit);
  g_test_add_func ("/app/alert-words/blood-pressure-says-which-half", test_blood_pressure_says_which_half);
  g_test_add_func ("/app/alert-words/a-sensor-word-is-never-a-number", test_a_sensor_word_is_never_a_number);
  g_test_add_func ("/app/alert-words/every-rule-has-words", test_every_rule_has_words);
  g_test_add_func ("/app/alert-words/who-has-it", test_who_has_it);
  g_test_add_func ("/app/alert-words/limits-in-one-line", test_limits_in_one_line);
  return g_test_run ();
}
