/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-correction-form.h"
#include "fyr-uuid.h"

#define TAKEN G_GINT64_CONSTANT (1772438400000)
#define PATIENT "01900000-0000-7000-8000-000000000001"

static FyrMeasurement *
reported (FyrMeasurementKind kind, double value)
{
  char id[FYR_UUID_TEXT_SIZE];
  FyrMeasurement *measurement = fyr_measurement_new ();
  fyr_uuid_v7_new (TAKEN, id);
  fyr_record_set_id (FYR_RECORD (measurement), id);
  fyr_measurement_set_patient_id (measurement, PATIENT);
  fyr_measurement_set_kind (measurement, kind);
  fyr_measurement_set_value (measurement, value);
  fyr_measurement_set_effective_time (measurement, TAKEN);
  fyr_measurement_set_effective_offset (measurement, 60);
  return measurement;
}

static void
test_a_corrected_value_points_at_the_old_one (void)
{
  const char *problem = "";
  g_autoptr (FyrMeasurement) old = reported (FYR_MEASUREMENT_KIND_BODY_WEIGHT, 820);
  g_autoptr (FyrMeasurement) fresh = fyr_correction_make (old, " 82,0 ", "Komma glemt", &problem);
  g_assert_null (problem);
  g_assert_nonnull (fresh);
  g_assert_cmpstr (fyr_measurement_get_corrects_id (fresh), ==, fyr_record_get_id (FYR_RECORD (old)));
  g_assert_cmpstr (fyr_record_get_id (FYR_RECORD (fresh)), !=, fyr_record_get_id (FYR_RECORD (old)));
  g_assert_cmpfloat (fyr_measurement_get_value (fresh), ==, 82.0);
  g_assert_cmpint (fyr_measurement_get_effective_time (fresh), ==, TAKEN);
  g_assert_cmpint (fyr_measurement_get_effective_offset (fresh), ==, 60);
  g_assert_cmpint (fyr_measurement_get_source (fresh), ==, FYR_MEASUREMENT_SOURCE_MANUAL);
  g_assert_cmpstr (fyr_measurement_get_note (fresh), ==, "Komma glemt");
  g_assert_false (fyr_measurement_get_entered_in_error (fresh));
  /* A fact: the old value stays. */
  g_assert_cmpfloat (fyr_measurement_get_value (old), ==, 820.0);
}

static void
test_both_values_of_a_blood_pressure_are_asked_for (void)
{
  const char *problem = NULL;
  g_autoptr (FyrMeasurement) old = reported (FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, 284);
  g_autoptr (FyrMeasurement) fresh = fyr_correction_make (old, "128/84", NULL, &problem);
  g_assert_cmpfloat (fyr_measurement_get_value (fresh), ==, 128.0);
  g_assert_cmpfloat (fyr_measurement_get_value_2 (fresh), ==, 84.0);
  g_assert_null (fyr_correction_make (old, "128", NULL, &problem));
  g_assert_nonnull (problem);
  g_assert_null (fyr_correction_make (old, "128/84/70", NULL, &problem));
  g_assert_nonnull (problem);
  g_assert_null (fyr_correction_make (old, "84/128", NULL, &problem));
  g_assert_nonnull (problem);
}

static void
test_no_value_means_entered_in_error (void)
{
  const char *problem = "";
  g_autoptr (FyrMeasurement) old = reported (FYR_MEASUREMENT_KIND_HEART_RATE, 72);
  g_autoptr (FyrMeasurement) fresh = fyr_correction_make (old, NULL, NULL, &problem);
  g_assert_null (problem);
  g_assert_true (fyr_measurement_get_entered_in_error (fresh));
  g_assert_false (fyr_measurement_has_value (fresh));
}

static void
test_what_is_no_plausible_number_is_refused (void)
{
  static const char *const bad[] = { "HI", "abc", "72/80", "1e999", "-5", "7000", "72 bpm x" };
  g_autoptr (FyrMeasurement) old = reported (FYR_MEASUREMENT_KIND_HEART_RATE, 72);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    const char *problem = NULL;
    g_test_message ("%s", bad[i]);
    g_assert_null (fyr_correction_make (old, bad[i], NULL, &problem));
    g_assert_nonnull (problem);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/correction/value", test_a_corrected_value_points_at_the_old_one);
  g_test_add_func ("/correction/pair", test_both_values_of_a_blood_pressure_are_asked_for);
  g_test_add_func ("/correction/in-error", test_no_value_means_entered_in_error);
  g_test_add_func ("/correction/refused", test_what_is_no_plausible_number_is_refused);
  return g_test_run ();
}
