/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <sqlite3.h>

#include "fyr-records.h"
#include "fyr-uuid.h"

#define ID_A "01890000-0000-7000-8000-00000000000a"
#define ID_B "01890000-0000-7000-8000-00000000000b"

static void
count_notify (GObject *object, GParamSpec *pspec, gpointer data)
{
  (*(guint *)data)++;
}

static void
test_new_to_finalize (void)
{
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    FyrRecord *record = fyr_record_new (fyr_record_infos[i]);
    g_assert_true (FYR_IS_RECORD (record));
    g_assert_true (fyr_record_get_info (record) == fyr_record_infos[i]);
    g_assert_cmpstr (fyr_record_get_id (record), ==, "");
    for (guint field = 0; field < fyr_record_infos[i]->n_fields; field++)
      g_assert_false (fyr_record_is_set (record, field));
    g_object_add_weak_pointer (G_OBJECT (record), (gpointer *)&record);
    g_object_unref (record);
    g_assert_null (record);
  }
}

static void
test_a_value_notifies_once_and_none_when_unchanged (void)
{
  g_autoptr (FyrPatient) patient = fyr_patient_new ();
  guint notified = 0;
  g_signal_connect (patient, "notify::family-name", G_CALLBACK (count_notify), &notified);
  fyr_patient_set_family_name (patient, "Dahl");
  g_assert_cmpuint (notified, ==, 1);
  fyr_patient_set_family_name (patient, "Dahl");
  g_assert_cmpuint (notified, ==, 1);
  g_object_set (patient, "family-name", "Lund", NULL);
  g_assert_cmpuint (notified, ==, 2);
  fyr_patient_set_family_name (patient, NULL);
  g_assert_cmpuint (notified, ==, 3);
  fyr_patient_set_family_name (patient, "");
  g_assert_cmpuint (notified, ==, 3);
}

static void
test_numbers_know_whether_they_are_set (void)
{
  g_autoptr (FyrLimit) limit = fyr_limit_new ();
  guint notified = 0;
  g_signal_connect (limit, "notify::red-low", G_CALLBACK (count_notify), &notified);
  g_assert_false (fyr_limit_has_red_low (limit));
  fyr_limit_set_red_low (limit, 0.0);
  g_assert_true (fyr_limit_has_red_low (limit));
  g_assert_cmpuint (notified, ==, 1);
  fyr_limit_set_red_low (limit, NAN);
  g_assert_false (fyr_limit_has_red_low (limit));
  fyr_limit_set_red_low (limit, INFINITY);
  g_assert_false (fyr_limit_has_red_low (limit));
  g_assert_cmpuint (notified, ==, 2);
  fyr_limit_set_valid_from (limit, 0);
  g_assert_true (fyr_limit_has_valid_from (limit));
}

static void
test_properties_hold_every_type (void)
{
  g_autoptr (FyrMeasurement) measurement = fyr_measurement_new ();
  g_object_set (measurement, "value", 92.5, "implausible", TRUE, "effective-time", (gint64)5, "kind",
                (gint64)FYR_MEASUREMENT_KIND_GLUCOSE, "note", "etter trening", "id", ID_A, "version",
                (gint64)3, NULL);
  double value = 0;
  gboolean implausible = FALSE;
  gint64 time = 0, version = 0;
  g_autofree char *note = NULL, *id = NULL;
  g_object_get (measurement, "value", &value, "implausible", &implausible, "effective-time", &time, "note",
                &note, "id", &id, "version", &version, NULL);
  g_assert_cmpfloat (value, ==, 92.5);
  g_assert_true (implausible);
  g_assert_cmpint (time, ==, 5);
  g_assert_cmpint (version, ==, 3);
  g_assert_cmpstr (note, ==, "etter trening");
  g_assert_cmpstr (id, ==, ID_A);
  g_assert_cmpint (fyr_measurement_get_kind (measurement), ==, FYR_MEASUREMENT_KIND_GLUCOSE);
}

static void
test_a_copy_is_equal_and_apart (void)
{
  g_autoptr (FyrPatient) patient = fyr_patient_new ();
  fyr_record_set_id (FYR_RECORD (patient), ID_A);
  fyr_patient_set_family_name (patient, "Ødegård");
  fyr_patient_set_zone (patient, FYR_ZONE_YELLOW);
  fyr_record_set_extra (FYR_RECORD (patient), "{\"newer\":1}");
  g_autoptr (FyrRecord) copy = fyr_record_copy (FYR_RECORD (patient));
  g_assert_true (fyr_record_equal (copy, FYR_RECORD (patient)));
  fyr_patient_set_zone (FYR_PATIENT (copy), FYR_ZONE_RED);
  g_assert_false (fyr_record_equal (copy, FYR_RECORD (patient)));
  g_assert_cmpint (fyr_patient_get_zone (patient), ==, FYR_ZONE_YELLOW);
  fyr_record_copy_field (copy, FYR_RECORD (patient), FYR_PATIENT_ZONE);
  g_assert_true (fyr_record_equal (copy, FYR_RECORD (patient)));
  fyr_record_set_id (copy, ID_B);
  g_assert_false (fyr_record_equal (copy, FYR_RECORD (patient)));
}

static void
test_codes_and_numbers_are_each_others_inverse (void)
{
  for (guint number = 1; number <= FYR_MEASUREMENT_KIND_LAST; number++) {
    const char *code = fyr_enum_to_code (&fyr_measurement_kind_info, number);
    g_assert_cmpuint (fyr_enum_from_code (&fyr_measurement_kind_info, code), ==, number);
  }
  g_assert_cmpuint (fyr_enum_from_code (&fyr_measurement_kind_info, "blood-type"), ==, 0);
  g_assert_cmpuint (fyr_enum_from_code (&fyr_measurement_kind_info, ""), ==, 0);
  g_assert_cmpuint (fyr_enum_from_code (&fyr_measurement_kind_info, NULL), ==, 0);
  g_assert_null (fyr_enum_to_code (&fyr_measurement_kind_info, FYR_MEASUREMENT_KIND_LAST + 1));
}

static void
test_stored_numbers_never_change (void)
{
  /* Databases hold these numbers: a changed one would turn a red alert into another colour. */
  g_assert_cmpint (FYR_ALERT_CATEGORY_RED, ==, 1);
  g_assert_cmpint (FYR_ALERT_CATEGORY_TECHNICAL, ==, 6);
  g_assert_cmpint (FYR_ALERT_STATUS_CLOSED, ==, 3);
  g_assert_cmpint (FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, ==, 1);
  g_assert_cmpint (FYR_MEASUREMENT_KIND_GLUCOSE, ==, 6);
  g_assert_cmpint (FYR_MEASUREMENT_KIND_STOOL_COUNT, ==, 20);
  g_assert_cmpint (FYR_ROLE_ADMINISTRATOR, ==, 5);
}

static void
test_every_kind_is_found_by_name (void)
{
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];
    g_assert_true (fyr_record_info_lookup (info->kind) == info);
    for (guint field = 0; field < info->n_fields; field++)
      g_assert_cmpint (fyr_record_info_find_field (info, info->fields[field].name), ==, (int)field);
    if (info->scope_by == FYR_SCOPE_BY_PATIENT)
      g_assert_cmpint (info->patient_field, >=, 0);
    if (info->scope_by == FYR_SCOPE_BY_CENTRE)
      g_assert_cmpint (info->centre_field, >=, 0);
  }
  g_assert_null (fyr_record_info_lookup ("horoscope"));
  g_assert_null (fyr_record_info_lookup (NULL));
  g_assert_cmpint (fyr_record_info_find_field (&fyr_patient_info, "horoscope"), ==, -1);
}

static void
test_generated_sql_is_sql (void)
{
  sqlite3 *database = NULL;
  g_assert_cmpint (sqlite3_open (":memory:", &database), ==, SQLITE_OK);
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    g_assert_cmpint (sqlite3_exec (database, fyr_record_infos[i]->create_sqlite, NULL, NULL, NULL), ==,
                     SQLITE_OK);
    const char *const statements[] = { fyr_record_infos[i]->insert_sql, fyr_record_infos[i]->upsert_sql };
    for (guint s = 0; s < G_N_ELEMENTS (statements); s++) {
      sqlite3_stmt *statement = NULL;
      g_assert_cmpint (sqlite3_prepare_v2 (database, statements[s], -1, &statement, NULL), ==, SQLITE_OK);
      g_assert_cmpint (sqlite3_bind_parameter_count (statement), ==, (int)fyr_record_infos[i]->n_fields + 3);
      sqlite3_finalize (statement);
    }
  }
  sqlite3_close (database);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/record/new-to-finalize", test_new_to_finalize);
  g_test_add_func ("/schema/record/a-value-notifies-once",
                   test_a_value_notifies_once_and_none_when_unchanged);
  g_test_add_func ("/schema/record/numbers-know-whether-they-are-set",
                   test_numbers_know_whether_they_are_set);
  g_test_add_func ("/schema/record/properties-hold-every-type", test_properties_hold_every_type);
  g_test_add_func ("/schema/record/a-copy-is-equal-and-apart", test_a_copy_is_equal_and_apart);
  g_test_add_func ("/schema/record/codes-and-numbers", test_codes_and_numbers_are_each_others_inverse);
  g_test_add_func ("/schema/record/stored-numbers-never-change", test_stored_numbers_never_change);
  g_test_add_func ("/schema/record/every-kind-is-found-by-name", test_every_kind_is_found_by_name);
  g_test_add_func ("/schema/record/generated-sql-is-sql", test_generated_sql_is_sql);
  return g_test_run ();
}
