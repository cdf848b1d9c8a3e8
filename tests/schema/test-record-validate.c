/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-records.h"

#define ID_A "01890000-0000-7000-8000-00000000000a"

static FyrPatient *
valid_patient (void)
{
  FyrPatient *patient = fyr_patient_new ();
  fyr_record_set_id (FYR_RECORD (patient), ID_A);
  fyr_patient_set_centre_id (patient, ID_A);
  fyr_patient_set_family_name (patient, "Ødegård");
  fyr_patient_set_given_name (patient, "Åse Marie");
  return patient;
}

static void
test_a_whole_patient_is_valid (void)
{
  g_autoptr (FyrPatient) patient = valid_patient ();
  g_autoptr (GError) error = NULL;
  int field = 99;
  g_assert_true (fyr_record_validate (FYR_RECORD (patient), &field, &error));
  g_assert_no_error (error);
  g_assert_cmpint (field, ==, -1);
}

static void
assert_invalid (FyrRecord *record, int expected_field, int code)
{
  g_autoptr (GError) error = NULL;
  int field = -2;
  g_assert_false (fyr_record_validate (record, &field, &error));
  g_assert_error (error, FYR_RECORD_ERROR, code);
  g_assert_cmpint (field, ==, expected_field);
}

static void
test_what_is_missing_is_named (void)
{
  g_autoptr (FyrPatient) without_id = fyr_patient_new ();
  assert_invalid (FYR_RECORD (without_id), -1, FYR_RECORD_ERROR_MISSING);
  g_autoptr (FyrPatient) patient = valid_patient ();
  fyr_patient_set_family_name (patient, NULL);
  assert_invalid (FYR_RECORD (patient), FYR_PATIENT_FAMILY_NAME, FYR_RECORD_ERROR_MISSING);
}

static void
test_bounds_count_characters_not_bytes (void)
{
  g_autoptr (FyrPatient) patient = valid_patient ();
  g_autoptr (GString) name = g_string_new (NULL);
  for (int i = 0; i < 80; i++)
    g_string_append (name, "ø");
  fyr_patient_set_family_name (patient, name->str);
  g_assert_true (fyr_record_validate (FYR_RECORD (patient), NULL, NULL));
  g_string_append (name, "ø");
  fyr_patient_set_family_name (patient, name->str);
  assert_invalid (FYR_RECORD (patient), FYR_PATIENT_FAMILY_NAME, FYR_RECORD_ERROR_BOUNDS);
}

static void
test_dates_must_exist (void)
{
  const char *const good[] = { "2024-02-29", "1900-01-01", "2026-12-31" };
  const char *const bad[] = { "2023-02-29", "2026-13-01", "2026-00-10", "2026-1-01",
                              "01.02.2026", "2026-02-30", "0000-01-01", "2026-02-1x" };
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (FyrPatient) patient = valid_patient ();
    fyr_patient_set_birth_date (patient, good[i]);
    g_assert_true (fyr_record_validate (FYR_RECORD (patient), NULL, NULL));
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (FyrPatient) patient = valid_patient ();
    fyr_patient_set_birth_date (patient, bad[i]);
    assert_invalid (FYR_RECORD (patient), FYR_PATIENT_BIRTH_DATE, FYR_RECORD_ERROR_TYPE);
  }
}

static void
test_one_line_means_one_line (void)
{
  g_autoptr (FyrPatient) patient = valid_patient ();
  fyr_patient_set_city (patient, "Oslo\nBergen");
  assert_invalid (FYR_RECORD (patient), FYR_PATIENT_CITY, FYR_RECORD_ERROR_TYPE);
  fyr_patient_set_city (patient, NULL);
  fyr_patient_set_what_matters (patient, "Hagen\nBarnebarna");
  g_assert_true (fyr_record_validate (FYR_RECORD (patient), NULL, NULL));
}

static void
test_text_must_be_utf8_and_ids_ids (void)
{
  g_autoptr (FyrPatient) patient = valid_patient ();
  fyr_patient_set_city (patient, "Bod\xf8");
  assert_invalid (FYR_RECORD (patient), FYR_PATIENT_CITY, FYR_RECORD_ERROR_TYPE);
  fyr_patient_set_city (patient, NULL);
  fyr_patient_set_gp_id (patient, "Dr. Hansen");
  assert_invalid (FYR_RECORD (patient), FYR_PATIENT_GP_ID, FYR_RECORD_ERROR_TYPE);
}

static void
test_numbers_are_bounded (void)
{
  g_autoptr (FyrLimit) limit = fyr_limit_new ();
  fyr_record_set_id (FYR_RECORD (limit), ID_A);
  fyr_limit_set_patient_id (limit, ID_A);
  fyr_limit_set_kind (limit, FYR_MEASUREMENT_KIND_BODY_WEIGHT);
  fyr_limit_set_valid_from (limit, 0);
  g_assert_true (fyr_record_validate (FYR_RECORD (limit), NULL, NULL));
  fyr_limit_set_repeat_count (limit, 1);
  assert_invalid (FYR_RECORD (limit), FYR_LIMIT_REPEAT_COUNT, FYR_RECORD_ERROR_BOUNDS);
  fyr_limit_set_repeat_count (limit, 3);
  fyr_limit_set_change_amount (limit, -0.1);
  assert_invalid (FYR_RECORD (limit), FYR_LIMIT_CHANGE_AMOUNT, FYR_RECORD_ERROR_BOUNDS);
  fyr_limit_set_change_amount (limit, 2);
  fyr_record_set_int (FYR_RECORD (limit), FYR_LIMIT_KIND, 99);
  assert_invalid (FYR_RECORD (limit), FYR_LIMIT_KIND, FYR_RECORD_ERROR_TYPE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/validate/a-whole-patient-is-valid", test_a_whole_patient_is_valid);
  g_test_add_func ("/schema/validate/what-is-missing-is-named", test_what_is_missing_is_named);
  g_test_add_func ("/schema/validate/bounds-count-characters", test_bounds_count_characters_not_bytes);
  g_test_add_func ("/schema/validate/dates-must-exist", test_dates_must_exist);
  g_test_add_func ("/schema/validate/one-line-means-one-line", test_one_line_means_one_line);
  g_test_add_func ("/schema/validate/text-must-be-utf8-and-ids-ids", test_text_must_be_utf8_and_ids_ids);
  g_test_add_func ("/schema/validate/numbers-are-bounded", test_numbers_are_bounded);
  return g_test_run ();
}
