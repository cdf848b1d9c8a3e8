/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-db-fixture.h"
#include "fyr-record-table.h"
#include "fyr-records.h"
#include "fyr-shared.h"
#include "fyr-uuid.h"

static FyrConnection *
open_with_all_tables (void)
{
  g_autoptr (GError) error = NULL;
  FyrConnection *connection = fyr_test_open_new ();

  for (guint i = 0; i < fyr_n_record_infos; i++) {
    fyr_record_table_create (connection, fyr_record_infos[i], &error);
    g_assert_no_error (error);
  }
  return connection;
}

static void
fill_field (FyrRecord *record, guint field, GRand *rand)
{
  const FyrFieldInfo *info = &fyr_record_get_info (record)->fields[field];
  char id[FYR_UUID_TEXT_SIZE];

  switch (info->type) {
  case FYR_FIELD_INT:
  case FYR_FIELD_TIME:
    fyr_record_set_int (record, field, (gint64)g_rand_int (rand) << 11);
    break;
  case FYR_FIELD_BOOL:
    fyr_record_set_int (record, field, g_rand_boolean (rand));
    break;
  case FYR_FIELD_ENUM:
    fyr_record_set_int (record, field, g_rand_int_range (rand, 1, (gint32)info->enum_info->n_codes + 1));
    break;
  case FYR_FIELD_REAL:
    fyr_record_set_real (record, field, g_rand_double_range (rand, -1e6, 1e6));
    break;
  case FYR_FIELD_ID:
    fyr_uuid_v7_new (g_rand_int (rand), id);
    fyr_record_set_string (record, field, id);
    break;
  default:
    fyr_record_set_string (record, field,
                           g_rand_boolean (rand) ? "Blåbær \xf0\x9f\x8c\x8a" : "'; DROP TABLE \"user\"; --");
    break;
  }
}

static FyrRecord *
random_record (const FyrRecordInfo *info, GRand *rand)
{
  FyrRecord *record = fyr_record_new (info);
  char id[FYR_UUID_TEXT_SIZE];

  fyr_uuid_v7_new (g_rand_int (rand), id);
  fyr_record_set_id (record, id);
  fyr_record_set_version (record, g_rand_int_range (rand, 0, 1000));
  for (guint i = 0; i < info->n_fields; i++) {
    if (info->fields[i].required || g_rand_boolean (rand)) {
      fill_field (record, i, rand);
    }
  }
  if (g_rand_boolean (rand)) {
    fyr_record_set_extra (record, "{\"of_a_newer_program\":[1,null]}");
  }
  return record;
}

static void
test_every_kind_comes_back_as_it_went (void)
{
  g_autoptr (FyrConnection) connection = open_with_all_tables ();
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (int round = 0; round < 30; round++) {
    for (guint i = 0; i < fyr_n_record_infos; i++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (FyrRecord) record = random_record (fyr_record_infos[i], rand);
      g_autoptr (FyrRecord) read = NULL;

      g_assert_true (fyr_record_table_put (connection, record, &error));
      g_assert_no_error (error);
      read = fyr_record_table_get (connection, fyr_record_infos[i], fyr_record_get_id (record), &error);
      g_assert_no_error (error);
      g_assert_true (fyr_record_equal (record, read));
      g_assert_cmpint (fyr_record_get_version (read), ==, fyr_record_get_version (record));
    }
  }
}

static void
test_put_overwrites_and_clears (void)
{
  g_autoptr (FyrConnection) connection = open_with_all_tables ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (FyrRecord) first = random_record (&fyr_gp_info, rand);
  g_autoptr (FyrRecord) second = fyr_record_new (&fyr_gp_info);
  g_autoptr (FyrRecord) read = NULL;
  g_autoptr (GError) error = NULL;

  fyr_record_set_string (first, FYR_GP_TELEPHONE, "22000000");
  g_assert_true (fyr_record_table_put (connection, first, &error));
  fyr_record_set_id (second, fyr_record_get_id (first));
  fyr_record_set_string (second, FYR_GP_NAME, "Kari");
  g_assert_true (fyr_record_table_put (connection, second, &error));
  read = fyr_record_table_get (connection, &fyr_gp_info, fyr_record_get_id (first), &error);
  g_assert_true (fyr_record_equal (second, read));
  g_assert_false (fyr_record_is_set (read, FYR_GP_TELEPHONE));
}

static void
test_insert_refuses_a_known_id (void)
{
  g_autoptr (FyrConnection) connection = open_with_all_tables ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  g_autoptr (FyrRecord) record = random_record (&fyr_note_info, rand);
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_record_table_insert (connection, record, &error));
  g_assert_false (fyr_record_table_insert (connection, record, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT);
}

static void
test_a_required_field_is_required (void)
{
  g_autoptr (FyrConnection) connection = open_with_all_tables ();
  g_autoptr (FyrRecord) record = fyr_record_new (&fyr_note_info);
  char id[FYR_UUID_TEXT_SIZE];
  g_autoptr (GError) error = NULL;

  fyr_uuid_v7_new (1, id);
  fyr_record_set_id (record, id);
  g_assert_false (fyr_record_table_put (connection, record, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT);
}

static void
test_a_record_without_id_is_refused (void)
{
  g_autoptr (FyrConnection) connection = open_with_all_tables ();
  g_autoptr (FyrRecord) record = fyr_record_new (&fyr_gp_info);
  g_autoptr (GError) error = NULL;

  fyr_record_set_string (record, FYR_GP_NAME, "Kari");
  g_assert_false (fyr_record_table_put (connection, record, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
}

static void
test_missing_is_no_error (void)
{
  g_autoptr (FyrConnection) connection = open_with_all_tables ();
  char id[FYR_UUID_TEXT_SIZE];
  g_autoptr (GError) error = NULL;

  fyr_uuid_v7_new (1, id);
  g_assert_null (fyr_record_table_get (connection, &fyr_patient_info, id, &error));
  g_assert_no_error (error);
  g_assert_cmpint (fyr_record_table_exists (connection, &fyr_patient_info, id, &error), ==, 0);
  g_assert_true (fyr_record_table_delete (connection, &fyr_patient_info, id, &error));
  g_assert_null (fyr_record_table_get (connection, &fyr_patient_info, "no id", &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_cmpint (fyr_record_table_exists (connection, &fyr_patient_info, "no id", &error), ==, -1);
}

static void
test_lists_by_reference_in_order (void)
{
  g_autoptr (FyrConnection) connection = open_with_all_tables ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  char patient[FYR_UUID_TEXT_SIZE];
  g_autoptr (GPtrArray) mine = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;

  fyr_uuid_v7_new (1, patient);
  for (int i = 0; i < 20; i++) {
    g_autoptr (FyrRecord) record = random_record (&fyr_note_info, rand);

    if (i % 2 == 0) {
      fyr_record_set_string (record, FYR_NOTE_PATIENT_ID, patient);
    }
    fyr_record_set_int (record, FYR_NOTE_TIME, (i * 7) % 20);
    g_assert_true (fyr_record_table_put (connection, record, &error));
  }
  mine =
      fyr_record_table_list (connection, &fyr_note_info, FYR_NOTE_PATIENT_ID, patient, "time DESC", &error);
  all = fyr_record_table_list (connection, &fyr_note_info, -1, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mine->len, ==, 10);
  g_assert_cmpuint (all->len, ==, 20);
  for (guint i = 1; i < mine->len; i++) {
    g_assert_cmpint (fyr_record_get_int (mine->pdata[i - 1], FYR_NOTE_TIME), >,
                     fyr_record_get_int (mine->pdata[i], FYR_NOTE_TIME));
  }
}

static void
test_a_damaged_row_is_an_error_not_a_record (void)
{
  g_autoptr (FyrConnection) connection = open_with_all_tables ();
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;

  /* PostgreSQL takes no broken text, but any bytes where an id should be. */
  g_assert_true (fyr_connection_exec (connection,
                                      fyr_connection_is_shared (connection)
                                          ? "INSERT INTO gp (id, version, name) VALUES ('x', 1, 'n')"
                                          : "INSERT INTO gp (id, version, name) VALUES (x'00', 1, x'ff')",
                                      &error));
  all = fyr_record_table_list (connection, &fyr_gp_info, -1, NULL, NULL, &error);
  g_assert_null (all);
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT);
}

#define ADD(name, function) g_test_add_func ("/db/record-table/" name, function)

/* A step of a migration adds a kind to old databases; a new one has it from the first. */
static void
test_a_table_is_made_once (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = fyr_test_open_new ();

  g_assert_cmpint (fyr_record_table_is_made (connection, &fyr_note_info, &error), ==, 0);
  for (guint i = 0; i < 2; i++) {
    g_assert_true (fyr_record_table_create_missing (connection, &fyr_note_info, &error));
    g_assert_no_error (error);
    g_assert_cmpint (fyr_record_table_is_made (connection, &fyr_note_info, &error), ==, 1);
  }
  g_assert_cmpint (fyr_record_table_is_made (connection, &fyr_gp_info, &error), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-table-is-made-once", test_a_table_is_made_once);
  ADD ("every-kind-comes-back-as-it-went", test_every_kind_comes_back_as_it_went);
  ADD ("put-overwrites-and-clears", test_put_overwrites_and_clears);
  ADD ("insert-refuses-a-known-id", test_insert_refuses_a_known_id);
  ADD ("a-required-field-is-required", test_a_required_field_is_required);
  ADD ("a-record-without-id-is-refused", test_a_record_without_id_is_refused);
  ADD ("missing-is-no-error", test_missing_is_no_error);
  ADD ("lists-by-reference-in-order", test_lists_by_reference_in_order);
  ADD ("a-damaged-row-is-an-error-not-a-record", test_a_damaged_row_is_an_error_not_a_record);
  return g_test_run ();
}
