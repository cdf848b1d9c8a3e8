/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-fixture.h"

#include <string.h>

#include "fyr-access-table.h"
#include "fyr-store-keys.h"
#include "fyr-uuid.h"

void
fyr_test_new_id (char id[37])
{
  fyr_uuid_v7_new (FYR_TEST_NOW, id);
}

FyrStore *
fyr_test_open_store (const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_open_async (path, FYR_SLOT));

  return fyr_store_open_finish (result, error);
}

void
fyr_test_close_store (FyrStore *store)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_close_async (store, fyr_test_got, &fyr_slot));

  g_assert_true (fyr_store_close_finish (store, result, NULL));
  while (g_main_context_iteration (NULL, FALSE)) {
  }
  g_object_unref (store);
}

static void
gather_changes (FyrStore *store, FyrChangeSet *changes, gpointer data)
{
  FyrStoreFixture *fixture = data;

  fyr_change_set_merge (fixture->changes, changes);
}

static void
open_fixture (FyrStoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->store = fyr_test_open_store (fixture->path, &error);
  g_assert_no_error (error);
  fyr_store_set_clock (fixture->store, FYR_TEST_NOW);
  g_signal_connect (fixture->store, "changed", G_CALLBACK (gather_changes), fixture);
}

void
fyr_store_fixture_set_up (FyrStoreFixture *fixture, gconstpointer data)
{
  fixture->folder = fyr_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "store.db", NULL);
  fixture->changes = fyr_change_set_new ();
  fyr_test_new_id (fixture->nurse);
  fyr_test_new_id (fixture->other);
  fyr_test_new_id (fixture->centre);
  fyr_test_new_id (fixture->patient);
  open_fixture (fixture);
}

void
fyr_store_fixture_tear_down (FyrStoreFixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  g_clear_object (&fixture->changes);
  g_free (fixture->path);
  fyr_test_folder_free (fixture->folder);
}

void
fyr_store_fixture_reopen (FyrStoreFixture *fixture)
{
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  open_fixture (fixture);
}

FyrConnection *
fyr_test_look (const char *path, GError **error)
{
  g_autoptr (FyrStoreKeys) keys = fyr_store_keys_open (path, error);

  return keys != NULL
             ? fyr_connection_open_sealed (path, fyr_store_keys_get_key (keys), FYR_CONNECTION_NONE, error)
             : NULL;
}

FyrConnection *
fyr_store_fixture_look (FyrStoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  FyrConnection *connection;

  g_clear_pointer (&fixture->store, fyr_test_close_store);
  connection = fyr_test_look (fixture->path, &error);
  g_assert_no_error (error);
  return connection;
}

void
fyr_store_fixture_change (FyrStoreFixture *fixture, const char *sql)
{
  g_autoptr (FyrConnection) connection = fyr_store_fixture_look (fixture);
  g_autoptr (GError) error = NULL;

  fyr_connection_exec (connection, sql, &error);
  g_assert_no_error (error);
}

gboolean
fyr_store_fixture_holds_bytes (FyrStoreFixture *fixture, const char *marker)
{
  g_autofree char *path = g_strconcat (fixture->path, "-opened", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean closed = fixture->store == NULL;
  gsize length;

  if (closed) {
    fixture->store = fyr_test_open_store (fixture->path, &error);
    g_assert_no_error (error);
  }
  result = FYR_AWAIT (fyr_store_backup_async (fixture->store, path, FYR_SLOT));
  g_assert_true (fyr_store_backup_finish (fixture->store, result, &error));
  g_assert_true (g_file_get_contents (path, &contents, &length, &error));
  if (closed) {
    g_clear_pointer (&fixture->store, fyr_test_close_store);
  }
  return memmem (contents, length, marker, strlen (marker)) != NULL;
}

FyrSaveReceipt *
fyr_test_save (FyrStoreFixture *fixture, FyrMutation *mutation, GError **error)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_save_one_async (fixture->store, mutation, FYR_SLOT));

  g_object_unref (mutation);
  return fyr_store_save_finish (fixture->store, result, error);
}

gint64
fyr_test_save_ok (FyrStoreFixture *fixture, FyrMutation *mutation)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = fyr_test_save (fixture, mutation, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (fyr_save_receipt_get_keys (receipt)->len, ==, 1);
  return g_array_index (fyr_save_receipt_get_keys (receipt), gint64, 0);
}

static void
apply_page (FyrStoreFixture *fixture, FyrPullPage *page)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_apply_pull_async (fixture->store, page, FYR_SLOT));

  fyr_store_apply_pull_finish (fixture->store, result, &error);
  g_assert_no_error (error);
}

/* Starts a page with one entry in the feed that carries the kind. Returns the entry's seq. */
static gint64
begin_page (FyrStoreFixture *fixture, const FyrRecordInfo *info, FyrPullPage **page)
{
  const gboolean global = info->scope_by == FYR_SCOPE_BY_GLOBAL;
  g_autofree char *scope =
      g_strdup_printf ("%s/%s", global ? "global" : fixture->centre, fyr_scope_class_to_string (info->scope));
  gint64 seq = ++fixture->seq[global ? FYR_SCOPE_CLASS_PRIVATE : info->scope];

  *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);
  fyr_pull_page_add_granted (*page, scope);
  fyr_pull_page_add_scope (*page, scope, seq, seq);
  return seq;
}

void
fyr_test_feed (FyrStoreFixture *fixture, gpointer record, gint64 version)
{
  g_autoptr (FyrRecord) owned = record;
  g_autoptr (FyrRecord) copy = fyr_record_copy (owned);
  g_autoptr (FyrPullPage) page = NULL;
  gint64 seq = begin_page (fixture, fyr_record_get_info (owned), &page);

  fyr_record_set_version (copy, version);
  fyr_pull_page_add_put (page, seq, copy);
  apply_page (fixture, page);
}

void
fyr_test_feed_delete (FyrStoreFixture *fixture, const FyrRecordInfo *info, const char *id)
{
  g_autoptr (FyrPullPage) page = NULL;
  gint64 seq = begin_page (fixture, info, &page);

  fyr_pull_page_add_delete (page, seq, info->kind, id);
  apply_page (fixture, page);
}

gboolean
fyr_test_answer (FyrStoreFixture *fixture, gint64 number, FyrOutcomeKind kind, gint64 version)
{
  const FyrPushOutcome outcome = {
    number,
    kind,
    version,
    kind == FYR_OUTCOME_KIND_REFUSED ? "forbidden" : NULL,
    kind == FYR_OUTCOME_KIND_REFUSED ? "Not yours" : NULL,
    kind == FYR_OUTCOME_KIND_CONFLICT ? "{\"fields\":{},\"version\":9}" : NULL,
  };
  g_autoptr (FyrPushBatch) batch = fyr_test_push (fixture, fixture->nurse);
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_apply_outcomes_async (
      fixture->store, fixture->nurse, batch->incarnation, &outcome, 1,
      fixture->server_time != 0 ? fixture->server_time : FYR_TEST_NOW, FYR_SLOT));

  return fyr_store_apply_outcomes_finish (fixture->store, result, NULL);
}

FyrRecord *
fyr_test_get (FyrStoreFixture *fixture, const FyrRecordInfo *info, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_get_record_async (fixture->store, info->kind, id, FYR_SLOT));
  FyrRecord *record = fyr_store_get_record_finish (fixture->store, result, &error);

  if (record == NULL) {
    g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD);
  }
  return record;
}

FyrPushBatch *
fyr_test_push (FyrStoreFixture *fixture, const char *author_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_next_push_async (fixture->store, author_id, 500, 1 << 20, FYR_SLOT));
  FyrPushBatch *batch = fyr_store_next_push_finish (fixture->store, result, &error);

  g_assert_no_error (error);
  return batch;
}

GPtrArray *
fyr_test_outbox (FyrStoreFixture *fixture, guint states)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_outbox_async (fixture->store, states, 0, FYR_SLOT));
  GPtrArray *entries = fyr_store_list_outbox_finish (fixture->store, result, &error);

  g_assert_no_error (error);
  return entries;
}

FyrPatient *
fyr_test_patient (FyrStoreFixture *fixture, const char *family_name, const char *given_name)
{
  FyrPatient *patient = fyr_patient_new ();
  char id[37];

  fyr_test_new_id (id);
  fyr_record_set_id (FYR_RECORD (patient), id);
  fyr_patient_set_centre_id (patient, fixture->centre);
  fyr_patient_set_family_name (patient, family_name);
  fyr_patient_set_given_name (patient, given_name);
  fyr_patient_set_status (patient, FYR_PATIENT_STATUS_ACTIVE);
  fyr_patient_set_zone (patient, FYR_ZONE_GREEN);
  return patient;
}

FyrAlert *
fyr_test_alert (FyrStoreFixture *fixture, FyrAlertCategory category, gint64 due_time)
{
  FyrAlert *alert = fyr_alert_new ();
  char id[37];

  fyr_test_new_id (id);
  fyr_record_set_id (FYR_RECORD (alert), id);
  fyr_alert_set_patient_id (alert, fixture->patient);
  fyr_alert_set_category (alert, category);
  fyr_alert_set_status (alert, FYR_ALERT_STATUS_OPEN);
  fyr_alert_set_rule (alert, FYR_ALERT_RULE_BELOW_RED);
  fyr_alert_set_raised_time (alert, FYR_TEST_NOW - 60000);
  fyr_alert_set_due_time (alert, due_time);
  return alert;
}

FyrMeasurement *
fyr_test_measurement (FyrStoreFixture *fixture, FyrMeasurementKind kind, gint64 time, double value)
{
  FyrMeasurement *measurement = fyr_measurement_new ();
  char id[37];

  fyr_test_new_id (id);
  fyr_record_set_id (FYR_RECORD (measurement), id);
  fyr_measurement_set_patient_id (measurement, fixture->patient);
  fyr_measurement_set_kind (measurement, kind);
  fyr_measurement_set_effective_time (measurement, time);
  fyr_measurement_set_value (measurement, value);
  return measurement;
}

FyrNote *
fyr_test_note (FyrStoreFixture *fixture, const char *text)
{
  FyrNote *note = fyr_note_new ();
  char id[37];

  fyr_test_new_id (id);
  fyr_record_set_id (FYR_RECORD (note), id);
  fyr_note_set_patient_id (note, fixture->patient);
  fyr_note_set_author_id (note, fixture->nurse);
  fyr_note_set_time (note, FYR_TEST_NOW);
  fyr_note_set_text (note, text);
  return note;
}
