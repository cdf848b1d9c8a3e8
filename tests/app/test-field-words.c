/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "fyr-field-words.h"

/* What can be in conflict is told in the reader's words. */
static void
test_no_field_is_without_words (void)
{
  for (guint kind = 0; kind < fyr_n_record_infos; kind++) {
    const FyrRecordInfo *info = fyr_record_infos[kind];

    if (info->merge != FYR_MERGE_REGISTER && info->merge != FYR_MERGE_VERSION)
      continue;
    for (guint i = 0; i < info->n_fields; i++) {
      g_test_message ("%s.%s", info->kind, info->fields[i].name);
      g_assert_cmpstr (fyr_field_word_label (info, i), !=, "Another field");
    }
  }
}

static void
test_codes_that_come_into_conflict_have_words (void)
{
  for (guint kind = 0; kind < fyr_n_record_infos; kind++) {
    const FyrRecordInfo *info = fyr_record_infos[kind];

    for (guint i = 0; i < info->n_fields; i++) {
      guint n = 0;

      if (info->merge != FYR_MERGE_REGISTER || info->fields[i].type != FYR_FIELD_ENUM ||
          !info->fields[i].clinical_merge)
        continue;
      g_test_message ("%s.%s", info->kind, info->fields[i].name);
      g_assert_nonnull (fyr_field_word_choices (info->fields[i].enum_info, &n));
      g_assert_cmpuint (n, ==, info->fields[i].enum_info->n_codes + 1);
    }
  }
}

static const char *
name_of (const char *id, gpointer data)
{
  return data;
}

static void
assert_value (FyrRecord *record, guint field, const char *expected)
{
  g_autofree char *value = fyr_field_word_value (record, field, name_of, (gpointer) "Lege Lind");

  g_assert_cmpstr (value, ==, expected);
}

static void
test_values_are_written_as_people_write_them (void)
{
  g_autoptr (FyrRecord) patient = fyr_record_new (&fyr_patient_info);

  assert_value (patient, FYR_PATIENT_TELEPHONE, "not stated");
  fyr_record_set_string (patient, FYR_PATIENT_TELEPHONE, "+4740000001");
  assert_value (patient, FYR_PATIENT_TELEPHONE, "400 00 001");
  fyr_record_set_int (patient, FYR_PATIENT_ZONE, FYR_ZONE_YELLOW);
  assert_value (patient, FYR_PATIENT_ZONE, "Yellow zone");
  fyr_record_set_int (patient, FYR_PATIENT_PROTECTED_ADDRESS, TRUE);
  assert_value (patient, FYR_PATIENT_PROTECTED_ADDRESS, "Yes");
  fyr_record_set_string (patient, FYR_PATIENT_GP_ID, "01890000-0000-7000-8000-000000000001");
  assert_value (patient, FYR_PATIENT_GP_ID, "Lege Lind");
  fyr_record_set_string (patient, FYR_PATIENT_IDENTITY_NUMBER, "03851598730");
  assert_value (patient, FYR_PATIENT_IDENTITY_NUMBER, "038515 98730");
  fyr_record_set_string (patient, FYR_PATIENT_LANGUAGE, "pl");
  assert_value (patient, FYR_PATIENT_LANGUAGE, "Polish");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/field-words/no field is without words", test_no_field_is_without_words);
  g_test_add_func ("/app/field-words/codes that come into conflict have words",
                   test_codes_that_come_into_conflict_have_words);
  g_test_add_func ("/app/field-words/values are written as people write them",
                   test_values_are_written_as_people_write_them);
  return g_test_run ();
}
