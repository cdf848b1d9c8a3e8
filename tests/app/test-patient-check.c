/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-check.h"

#define TODAY "2026-11-21"
/* The tax administration's published example of a synthetic number, and the health network's test person. */
#define SYNTHETIC "03851598730"
#define LINE_DANSER "13116900216"

static FyrFinding
check (FyrPatient *patient, guint field, FyrIdentityFlags flags)
{
  const char *message = NULL;
  FyrFinding grade = fyr_patient_check_field (patient, field, flags, TODAY, &message);
  /* Whoever sees a finding is told what to do; whoever sees none is told nothing. */
  g_assert_cmpint (grade == FYR_FINDING_NONE, ==, message == NULL);
  return grade;
}

static void
test_a_number_brings_birth_date_and_sex (void)
{
  g_autoptr (FyrPatient) patient = fyr_patient_new ();
  FyrIdentityNumber number =
      fyr_patient_take_identity_number (patient, "131169 00216", FYR_IDENTITY_FLAGS_NONE);
  g_assert_cmpint (number.kind, ==, FYR_IDENTITY_KIND_NATIONAL);
  g_assert_cmpstr (fyr_patient_get_identity_number (patient), ==, LINE_DANSER);
  g_assert_cmpstr (fyr_patient_get_identity_system (patient), ==, "urn:oid:2.16.578.1.12.4.1.4.1");
  g_assert_cmpstr (fyr_patient_get_birth_date (patient), ==, "1969-11-13");
  g_assert_cmpint (fyr_patient_get_sex (patient), ==, FYR_SEX_FEMALE);
  g_assert_cmpint (check (patient, FYR_PATIENT_IDENTITY_NUMBER, FYR_IDENTITY_FLAGS_NONE), ==,
                   FYR_FINDING_NONE);
  g_assert_cmpint (check (patient, FYR_PATIENT_BIRTH_DATE, FYR_IDENTITY_FLAGS_NONE), ==, FYR_FINDING_NONE);
}

static void
test_what_the_person_typed_herself_is_not_overwritten (void)
{
  g_autoptr (FyrPatient) patient = fyr_patient_new ();
  fyr_patient_set_birth_date (patient, "1970-01-01");
  fyr_patient_set_sex (patient, FYR_SEX_MALE);
  fyr_patient_take_identity_number (patient, LINE_DANSER, FYR_IDENTITY_FLAGS_NONE);
  g_assert_cmpstr (fyr_patient_get_birth_date (patient), ==, "1970-01-01");
  g_assert_cmpint (fyr_patient_get_sex (patient), ==, FYR_SEX_MALE);
  g_assert_cmpint (check (patient, FYR_PATIENT_BIRTH_DATE, FYR_IDENTITY_FLAGS_NONE), ==, FYR_FINDING_WARNING);
  g_assert_cmpint (check (patient, FYR_PATIENT_SEX, FYR_IDENTITY_FLAGS_NONE), ==, FYR_FINDING_WARNING);
}

static void
test_a_corrected_number_corrects_what_came_from_it (void)
{
  g_autoptr (FyrPatient) patient = fyr_patient_new ();
  fyr_patient_take_identity_number (patient, "20036914700", FYR_IDENTITY_FLAGS_NONE);
  g_assert_cmpstr (fyr_patient_get_birth_date (patient), ==, "1969-03-20");
  fyr_patient_take_identity_number (patient, LINE_DANSER, FYR_IDENTITY_FLAGS_NONE);
  g_assert_cmpstr (fyr_patient_get_birth_date (patient), ==, "1969-11-13");
}

static void
test_a_broken_number_is_kept_and_named (void)
{
  g_autoptr (FyrPatient) patient = fyr_patient_new ();
  fyr_patient_take_identity_number (patient, "2003691471", FYR_IDENTITY_FLAGS_NONE);
  g_assert_cmpstr (fyr_patient_get_identity_number (patient), ==, "2003691471");
  g_assert_null (fyr_patient_get_identity_system (patient));
  g_assert_cmpint (check (patient, FYR_PATIENT_IDENTITY_NUMBER, FYR_IDENTITY_FLAGS_NONE), ==,
                   FYR_FINDING_ERROR);
  fyr_patient_take_identity_number (patient, NULL, FYR_IDENTITY_FLAGS_NONE);
  g_assert_null (fyr_patient_get_identity_number (patient));
  g_assert_cmpint (check (patient, FYR_PATIENT_IDENTITY_NUMBER, FYR_IDENTITY_FLAGS_NONE), ==,
                   FYR_FINDING_WARNING);
}

static void
test_a_test_number_is_for_test_centres (void)
{
  g_autoptr (FyrPatient) patient = fyr_patient_new ();
  fyr_patient_take_identity_number (patient, SYNTHETIC, FYR_IDENTITY_TEST_CENTRE);
  g_assert_cmpint (check (patient, FYR_PATIENT_IDENTITY_NUMBER, FYR_IDENTITY_TEST_CENTRE), ==,
                   FYR_FINDING_NONE);
  g_assert_cmpint (check (patient, FYR_PATIENT_IDENTITY_NUMBER, FYR_IDENTITY_FLAGS_NONE), ==,
                   FYR_FINDING_ERROR);
}

typedef struct {
  guint field;
  const char *value;
  FyrFinding expected;
} Case;

static void
test_each_field_says_what_is_wrong (void)
{
  const Case cases[] = {
    { FYR_PATIENT_BIRTH_DATE, NULL, FYR_FINDING_ERROR },
    { FYR_PATIENT_BIRTH_DATE, "21.11", FYR_FINDING_ERROR },
    { FYR_PATIENT_BIRTH_DATE, "2026-11-22", FYR_FINDING_ERROR },
    { FYR_PATIENT_BIRTH_DATE, TODAY, FYR_FINDING_NONE },
    { FYR_PATIENT_BIRTH_DATE, "1852-01-01", FYR_FINDING_ERROR },
    { FYR_PATIENT_TELEPHONE, NULL, FYR_FINDING_WARNING },
    { FYR_PATIENT_TELEPHONE, "98765432", FYR_FINDING_NONE },
    { FYR_PATIENT_TELEPHONE, "+46812345678", FYR_FINDING_NONE },
    { FYR_PATIENT_TELEPHONE, "987654", FYR_FINDING_NONE },
    { FYR_PATIENT_TELEPHONE, "9876543", FYR_FINDING_ERROR },
    { FYR_PATIENT_TELEPHONE, "ring sønnen", FYR_FINDING_ERROR },
    { FYR_PATIENT_TELEPHONE_2, NULL, FYR_FINDING_NONE },
    { FYR_PATIENT_POSTAL_CODE, "0150", FYR_FINDING_NONE },
    { FYR_PATIENT_POSTAL_CODE, "150", FYR_FINDING_ERROR },
    { FYR_PATIENT_POSTAL_CODE, "N-15", FYR_FINDING_ERROR },
    { FYR_PATIENT_POSTAL_CODE, NULL, FYR_FINDING_NONE },
    { FYR_PATIENT_EMAIL, "kari@example.no", FYR_FINDING_NONE },
    { FYR_PATIENT_EMAIL, "kari", FYR_FINDING_ERROR },
    { FYR_PATIENT_EMAIL, "@example.no", FYR_FINDING_ERROR },
    { FYR_PATIENT_FAMILY_NAME, NULL, FYR_FINDING_ERROR },
    { FYR_PATIENT_START_DATE, "i går", FYR_FINDING_ERROR },
    { FYR_PATIENT_CITY, "Bodø", FYR_FINDING_NONE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FyrPatient) patient = fyr_patient_new ();
    fyr_record_set_string (FYR_RECORD (patient), cases[i].field, cases[i].value);
    g_test_message ("case %u", i);
    g_assert_cmpint (check (patient, cases[i].field, FYR_IDENTITY_FLAGS_NONE), ==, cases[i].expected);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/patient-check/a-number-brings-birth-date-and-sex",
                   test_a_number_brings_birth_date_and_sex);
  g_test_add_func ("/app/patient-check/typed-values-are-not-overwritten",
                   test_what_the_person_typed_herself_is_not_overwritten);
  g_test_add_func ("/app/patient-check/a-corrected-number",
                   test_a_corrected_number_corrects_what_came_from_it);
  g_test_add_func ("/app/patient-check/a-broken-number-is-kept", test_a_broken_number_is_kept_and_named);
  g_test_add_func ("/app/patient-check/a-test-number-is-for-test-centres",
                   test_a_test_number_is_for_test_centres);
  g_test_add_func ("/app/patient-check/each-field-says-what-is-wrong", test_each_field_says_what_is_wrong);
  return g_test_run ();
}
