/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patients' stories through the whole domain: template → limits → reading → verdict → alert → deadline → handling. */
#include <string.h>

#include "fyr-alert-state.h"
#include "fyr-domain-test.h"
#include "fyr-limit-set.h"
#include "fyr-limit-template.h"
#include "fyr-zone.h"

#define NURSE "01890000-0000-7000-8000-00000000000a"

/* The limits of a shipped template, kept as records and read back, as server and workstation do. */
static GArray *
limits_of (const char *name, const char *from)
{
  g_autofree char *file = g_strconcat (name, ".json", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "templates", file, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FyrLimitTemplate) template = NULL;
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  const FyrLimitRule *rules;
  gsize n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  bytes = g_bytes_new (text, strlen (text));
  template = fyr_limit_template_parse (bytes, NULL);
  g_assert_nonnull (template);
  rules = fyr_limit_template_get_rules (template, &n);
  for (gsize i = 0; i < n; i++) {
    FyrLimitRule rule = rules[i];
    FyrLimit *record = fyr_limit_new ();

    rule.valid_from = fyr_test_time (from);
    fyr_limit_rule_to_record (&rule, record);
    g_ptr_array_add (records, record);
  }
  return fyr_limit_rules_from_records (records);
}

static FyrReading
reading (FyrMeasurementKind kind, double value, const char *time)
{
  return (
      FyrReading){ .kind = kind, .has_value = TRUE, .value = value, .effective_time = fyr_test_time (time) };
}

static FyrVerdict
judge (GArray *limits, const FyrReading *readings, gsize index)
{
  return fyr_triage (&readings[index], (const FyrLimitRule *)(gpointer)limits->data, limits->len, readings,
                     index);
}

/* Heart failure: breathless, weight up, blood pressure normal: the weight must tell. */
static void
test_weight_tells_when_blood_pressure_does_not (void)
{
  g_autoptr (GArray) limits = limits_of ("heart-failure", "2025-05-01 00:00");
  const FyrReading weights[] = {
    reading (FYR_MEASUREMENT_KIND_BODY_WEIGHT, 78.2, "2025-06-02 07:40"),
    reading (FYR_MEASUREMENT_KIND_BODY_WEIGHT, 78.9, "2025-06-03 07:15"),
    reading (FYR_MEASUREMENT_KIND_BODY_WEIGHT, 79.6, "2025-06-04 07:30"),
    reading (FYR_MEASUREMENT_KIND_BODY_WEIGHT, 80.4, "2025-06-05 07:05"),
  };
  FyrReading pressure = reading (FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, 128, "2025-06-05 07:10");
  FyrVerdict verdict;

  pressure.has_value2 = TRUE;
  pressure.value2 = 78;
  g_assert_cmpint (judge (limits, &pressure, 0).category, ==, FYR_ALERT_CATEGORY_UNSET);
  for (gsize i = 0; i < 3; i++) {
    g_assert_cmpint (judge (limits, weights, i).category, ==, FYR_ALERT_CATEGORY_UNSET);
  }
  verdict = judge (limits, weights, 3);
  g_assert_cmpint (verdict.category, ==, FYR_ALERT_CATEGORY_YELLOW);
  g_assert_cmpint (verdict.rule, ==, FYR_ALERT_RULE_CHANGE);
  g_assert_cmpfloat_with_epsilon (verdict.observed_change, 2.2, 1e-9);
}

/* COPD: CRP 11 → 88 in five days with falling saturation. */
static void
test_crp_and_saturation_of_an_exacerbation (void)
{
  g_autoptr (GArray) limits = limits_of ("early-discharge-copd", "2025-05-01 00:00");
  const FyrReading crp[] = { reading (FYR_MEASUREMENT_KIND_CRP, 11, "2025-06-02 09:00"),
                             reading (FYR_MEASUREMENT_KIND_CRP, 35, "2025-06-04 09:00"),
                             reading (FYR_MEASUREMENT_KIND_CRP, 88, "2025-06-07 09:00") };
  const FyrReading saturation[] = {
    reading (FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 93, "2025-06-02 09:00"),
    reading (FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 90, "2025-06-04 09:00"),
    reading (FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 89, "2025-06-05 08:00"),
  };

  g_assert_cmpint (judge (limits, crp, 0).category, ==, FYR_ALERT_CATEGORY_YELLOW);
  g_assert_cmpint (judge (limits, crp, 1).rule, ==, FYR_ALERT_RULE_CHANGE);
  g_assert_cmpint (judge (limits, crp, 1).category, ==, FYR_ALERT_CATEGORY_RED);
  g_assert_cmpint (judge (limits, crp, 2).rule, ==, FYR_ALERT_RULE_ABOVE_RED);
  g_assert_cmpint (judge (limits, saturation, 0).category, ==, FYR_ALERT_CATEGORY_UNSET);
  g_assert_cmpint (judge (limits, saturation, 1).rule, ==, FYR_ALERT_RULE_BELOW_YELLOW);
  g_assert_cmpint (judge (limits, saturation, 2).rule, ==, FYR_ALERT_RULE_REPETITION);
}

/* Each out-of-range glucose by the common cut-offs, in American units as an imported log has them. */
static void
test_glucose_in_american_units (void)
{
  static const struct {
    double mg_dl;
    FyrAlertCategory category;
  } cases[] = {
    { 48, FYR_ALERT_CATEGORY_RED },    { 65, FYR_ALERT_CATEGORY_YELLOW },
    { 120, FYR_ALERT_CATEGORY_UNSET }, { 200, FYR_ALERT_CATEGORY_YELLOW },
    { 300, FYR_ALERT_CATEGORY_RED },   { 0, FYR_ALERT_CATEGORY_TECHNICAL },
  };
  g_autoptr (GArray) limits = limits_of ("diabetes", "1988-01-01 00:00");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrReading taken = reading (FYR_MEASUREMENT_KIND_GLUCOSE, 0, "1990-03-01 08:00");

    g_assert_true (
        fyr_measurement_convert (FYR_MEASUREMENT_KIND_GLUCOSE, cases[i].mg_dl, "mg/dL", &taken.value));
    g_assert_cmpint (judge (limits, &taken, 0).category, ==, cases[i].category);
  }
}

/* From a reading on Maundy Thursday to the alert closed after Easter. */
static void
test_from_reading_to_closed_alert_over_easter (void)
{
  g_autoptr (GArray) limits = limits_of ("hypoxia", "2025-01-01 00:00");
  g_autoptr (FyrAlert) alert = fyr_alert_new ();
  g_auto (FyrOpeningHours) hours = { 0 };
  FyrReading taken = reading (FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 91, "2025-04-17 10:00");
  FyrVerdict verdict = judge (limits, &taken, 0);
  FyrAlertStatus status;
  g_autofree char *assignee = NULL;
  FyrAlertRequest take = { .action = FYR_ALERT_ACTION_TAKE, .actor = NURSE };
  FyrAlertRequest close = { .action = FYR_ALERT_ACTION_CLOSE,
                            .actor = NURSE,
                            .outcome = FYR_ALERT_OUTCOME_GP_CONTACTED };

  fyr_verdict_to_alert (&verdict, &taken, alert);
  g_assert_cmpint (fyr_alert_get_category (alert), ==, FYR_ALERT_CATEGORY_RED);
  g_assert_cmpint (fyr_alert_get_rule (alert), ==, FYR_ALERT_RULE_BELOW_RED);
  g_assert_cmpfloat (fyr_alert_get_observed (alert), ==, 91);
  g_assert_cmpfloat (fyr_alert_get_threshold (alert), ==, 92);
  g_assert_true (fyr_centre_get_hours (NULL, &hours));
  fyr_assert_clock (fyr_alert_deadline (&hours, fyr_alert_get_category (alert), taken.effective_time, 0),
                    "2025-04-22 08:30");
  status = fyr_alert_get_status (alert);
  g_assert_cmpint (fyr_alert_apply (&status, &assignee, &close), ==, FYR_ALERT_REFUSAL_NOT_TAKEN);
  g_assert_cmpint (fyr_alert_apply (&status, &assignee, &take), ==, FYR_ALERT_REFUSAL_NONE);
  g_assert_cmpint (fyr_alert_apply (&status, &assignee, &close), ==, FYR_ALERT_REFUSAL_NONE);
  g_assert_cmpint (status, ==, FYR_ALERT_STATUS_CLOSED);
}

/* A template, then the patient's own limits: what came before is still judged by the template. */
static void
test_personal_limits_replace_the_template_from_their_day (void)
{
  g_autoptr (GArray) limits = limits_of ("copd", "2025-05-01 00:00");
  FyrLimitRule personal;
  FyrReading before = reading (FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 90, "2025-05-13 08:00");
  FyrReading after = reading (FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 90, "2025-05-15 08:00");

  fyr_limit_rule_init (&personal, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  personal.has_yellow_low = personal.has_red_low = TRUE;
  personal.yellow_low = 88;
  personal.red_low = 85;
  personal.valid_from = fyr_test_time ("2025-05-14 12:00");
  g_array_append_val (limits, personal);
  g_assert_cmpint (judge (limits, &before, 0).category, ==, FYR_ALERT_CATEGORY_YELLOW);
  g_assert_cmpint (judge (limits, &after, 0).category, ==, FYR_ALERT_CATEGORY_UNSET);
  /* The pulse still has the template's. */
  after.kind = FYR_MEASUREMENT_KIND_HEART_RATE;
  after.value = 105;
  g_assert_cmpint (judge (limits, &after, 0).category, ==, FYR_ALERT_CATEGORY_YELLOW);
}

/* Trying a limit on a month of stored data before setting it. */
static void
test_what_if_over_thirty_days (void)
{
  FyrReading month[30];
  FyrLimitRule draft;
  guint counts[FYR_ALERT_CATEGORY_LAST + 1];
  gint64 from = fyr_test_time ("2025-06-01 00:00");
  gint64 to = fyr_test_time ("2025-07-01 00:00");

  for (guint i = 0; i < G_N_ELEMENTS (month); i++) {
    month[i] = reading (FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 90 + i % 5, "2025-06-01 08:00");
    month[i].effective_time += i * FYR_DAY_MS;
  }
  fyr_limit_rule_init (&draft, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  draft.has_yellow_low = TRUE;
  draft.yellow_low = 92;
  g_assert_cmpuint (fyr_triage_count (&draft, 1, month, 30, from, to, counts), ==, 12);
  draft.yellow_low = 91;
  g_assert_cmpuint (fyr_triage_count (&draft, 1, month, 30, from, to, counts), ==, 6);
  draft.yellow_low = 90;
  g_assert_cmpuint (fyr_triage_count (&draft, 1, month, 30, from, to, counts), ==, 0);
  g_assert_cmpuint (counts[FYR_ALERT_CATEGORY_UNSET], ==, 30);
}

/* The zone follows the readings down and up again. */
static void
test_zone_follows_the_readings (void)
{
  static const struct {
    double saturation;
    FyrZone zone;
  } days[] = {
    { 96, FYR_ZONE_GREEN }, { 93, FYR_ZONE_YELLOW }, { 90, FYR_ZONE_RED }, { 95, FYR_ZONE_GREEN }
  };
  g_autoptr (GArray) limits = limits_of ("hypoxia", "2025-01-01 00:00");
  FyrReading readings[G_N_ELEMENTS (days)];
  FyrVerdict verdicts[G_N_ELEMENTS (days)];

  for (gsize i = 0; i < G_N_ELEMENTS (days); i++) {
    readings[i] = reading (FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, days[i].saturation, "2025-06-02 08:00");
    readings[i].effective_time += (gint64)i * FYR_DAY_MS;
    verdicts[i] = judge (limits, readings, i);
    g_assert_cmpint (fyr_zone_propose (readings, verdicts, i + 1, 0), ==, days[i].zone);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/story/weight-tells", test_weight_tells_when_blood_pressure_does_not);
  g_test_add_func ("/story/exacerbation", test_crp_and_saturation_of_an_exacerbation);
  g_test_add_func ("/story/american-units", test_glucose_in_american_units);
  g_test_add_func ("/story/over-easter", test_from_reading_to_closed_alert_over_easter);
  g_test_add_func ("/story/personal-limits", test_personal_limits_replace_the_template_from_their_day);
  g_test_add_func ("/story/what-if", test_what_if_over_thirty_days);
  g_test_add_func ("/story/zone", test_zone_follows_the_readings);
  return g_test_run ();
}
