/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-store-fixture.h"
#include "fyr-uuid.h"

typedef FyrStoreFixture Fixture;

static FyrPatient *
feed_patient (Fixture *fixture)
{
  FyrPatient *patient = fyr_test_patient (fixture, "Nordmann", "Ola");

  fyr_record_set_id (FYR_RECORD (patient), fixture->patient);
  fyr_test_feed (fixture, fyr_record_copy (FYR_RECORD (patient)), 3);
  fyr_record_set_version (FYR_RECORD (patient), 3);
  return patient;
}

static gint64
save_telephone (Fixture *fixture, FyrPatient *patient, const char *telephone)
{
  g_autoptr (FyrRecord) after = fyr_record_copy (FYR_RECORD (patient));

  fyr_patient_set_telephone (FYR_PATIENT (after), telephone);
  return fyr_test_save_ok (fixture, fyr_mutation_new_update (FYR_RECORD (patient), after, fixture->nurse));
}

static void
assert_shown (Fixture *fixture, const char *telephone, const char *city, gint64 version)
{
  g_autoptr (FyrRecord) shown = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);

  g_assert_cmpstr (fyr_patient_get_telephone (FYR_PATIENT (shown)), ==, telephone);
  g_assert_cmpstr (fyr_patient_get_city (FYR_PATIENT (shown)), ==, city);
  g_assert_cmpint (fyr_record_get_version (shown), ==, version);
}

static void
feed_city (Fixture *fixture, FyrPatient *patient, const char *city, gint64 version)
{
  FyrRecord *copy = fyr_record_copy (FYR_RECORD (patient));

  fyr_patient_set_city (FYR_PATIENT (copy), city);
  fyr_test_feed (fixture, copy, version);
}

static void
assert_state (Fixture *fixture, FyrOutboxState state)
{
  g_autoptr (GPtrArray) outbox = fyr_test_outbox (fixture, G_MAXUINT);

  g_assert_cmpuint (outbox->len, >=, 1);
  g_assert_cmpint (fyr_outbox_entry_get_state (outbox->pdata[0]), ==, state);
}

static void
test_own_work_is_laid_on_top_of_a_pull (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);

  save_telephone (fixture, patient, "+4798765432");
  feed_city (fixture, patient, "Bergen", 4);
  assert_shown (fixture, "+4798765432", "Bergen", 4);
  fyr_store_fixture_reopen (fixture);
  assert_shown (fixture, "+4798765432", "Bergen", 4);
}

static void
test_applied_stays_shown_until_the_pull_brings_it (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);

  save_telephone (fixture, patient, "+4798765432");
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 4));
  assert_shown (fixture, "+4798765432", NULL, 4);
  assert_state (fixture, FYR_OUTBOX_DELIVERED);
  fyr_patient_set_telephone (patient, "+4798765432");
  feed_city (fixture, patient, "Oslo", 5);
  assert_shown (fixture, "+4798765432", "Oslo", 5);
}

static void
test_the_pull_may_come_before_the_answer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);

  save_telephone (fixture, patient, "+4798765432");
  fyr_patient_set_telephone (patient, "+4798765432");
  feed_city (fixture, patient, "Oslo", 5);
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 4));
  assert_shown (fixture, "+4798765432", "Oslo", 5);
}

static void
test_merged_keeps_the_version_that_was_seen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);

  save_telephone (fixture, patient, "+4798765432");
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_MERGED, 7));
  assert_shown (fixture, "+4798765432", NULL, 3);
}

static void
test_refused_work_is_taken_off_and_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  g_autoptr (GPtrArray) outbox = NULL;
  gint64 key = save_telephone (fixture, patient, "+4798765432");
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  assert_shown (fixture, NULL, NULL, 3);
  outbox = fyr_test_outbox (fixture, 0);
  g_assert_cmpuint (outbox->len, ==, 1);
  g_assert_cmpint (fyr_outbox_entry_get_state (outbox->pdata[0]), ==, FYR_OUTBOX_REFUSED);
  g_assert_cmpstr (fyr_outbox_entry_get_code (outbox->pdata[0]), ==, "forbidden");
  g_assert_nonnull (strstr (fyr_outbox_entry_get_payload (outbox->pdata[0]), "98765432"));
  result = FYR_AWAIT (fyr_store_discard_async (fixture->store, key, FYR_SLOT));
  g_assert_true (fyr_store_discard_finish (fixture->store, result, NULL));
  assert_state (fixture, FYR_OUTBOX_DISCARDED);
}

static void
test_a_conflict_can_be_won (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  gint64 key = save_telephone (fixture, patient, "+4798765432");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrPushBatch) batch = NULL;
  g_autoptr (JsonObject) object = NULL;

  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_CONFLICT, 0));
  fyr_patient_set_telephone (patient, "+4722222222");
  feed_city (fixture, patient, NULL, 9);
  assert_shown (fixture, "+4722222222", NULL, 9);
  result = FYR_AWAIT (fyr_store_retry_async (fixture->store, key, FYR_SLOT));
  g_assert_true (fyr_store_retry_finish (fixture->store, result, NULL));
  assert_shown (fixture, "+4798765432", NULL, 9);
  batch = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpint (batch->first, ==, 2);
  object = fyr_outbox_entry_to_json (batch->entries->pdata[0]);
  g_assert_cmpint (json_object_get_int_member (object, "base_version"), ==, 9);
  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (object, "bases"), "telephone"), ==,
      "+4722222222");
}

/* A conflict about the telephone: the nurse's word, and a colleague's that the server has. Returns: the key */
static gint64
make_conflict (Fixture *fixture, FyrPatient *patient)
{
  gint64 key = save_telephone (fixture, patient, "+4798765432");

  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_CONFLICT, 0));
  fyr_patient_set_telephone (patient, "+4722222222");
  feed_city (fixture, patient, NULL, 9);
  return key;
}

static void
test_a_conflict_can_be_settled_by_a_third_value (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  gint64 key = make_conflict (fixture, patient);
  g_autoptr (JsonObject) values = json_object_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrPushBatch) batch = NULL;
  g_autoptr (JsonObject) object = NULL;

  json_object_set_string_member (values, "telephone", "+4733333333");
  result = FYR_AWAIT (fyr_store_decide_async (fixture->store, key, values, FYR_SLOT));
  g_assert_true (fyr_store_decide_finish (fixture->store, result, NULL));
  assert_shown (fixture, "+4733333333", NULL, 9);
  batch = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpint (batch->first, ==, 2);
  g_assert_cmpuint (batch->entries->len, ==, 1);
  object = fyr_outbox_entry_to_json (batch->entries->pdata[0]);
  g_assert_cmpint (json_object_get_int_member (object, "base_version"), ==, 9);
}

static void
test_deciding_for_theirs_sends_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  gint64 key = make_conflict (fixture, patient);
  g_autoptr (JsonObject) values = json_object_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrPushBatch) batch = NULL;

  json_object_set_string_member (values, "telephone", "+4722222222");
  result = FYR_AWAIT (fyr_store_decide_async (fixture->store, key, values, FYR_SLOT));
  g_assert_true (fyr_store_decide_finish (fixture->store, result, NULL));
  assert_state (fixture, FYR_OUTBOX_DISCARDED);
  batch = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpuint (batch->entries->len, ==, 0);
}

static void
test_a_decision_of_the_wrong_type_changes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  gint64 key = make_conflict (fixture, patient);
  g_autoptr (JsonObject) values = json_object_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  json_object_set_int_member (values, "telephone", 33333333);
  result = FYR_AWAIT (fyr_store_decide_async (fixture->store, key, values, FYR_SLOT));
  g_assert_false (fyr_store_decide_finish (fixture->store, result, &error));
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID);
  assert_state (fixture, FYR_OUTBOX_CONFLICT);
  assert_shown (fixture, "+4722222222", NULL, 9);
}

static void
test_giving_up_can_be_taken_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  gint64 key = make_conflict (fixture, patient);
  g_autoptr (GAsyncResult) discarded = NULL, back = NULL, again = NULL;
  g_autoptr (GError) error = NULL;

  discarded = FYR_AWAIT (fyr_store_discard_async (fixture->store, key, FYR_SLOT));
  g_assert_true (fyr_store_discard_finish (fixture->store, discarded, NULL));
  back = FYR_AWAIT (fyr_store_undiscard_async (fixture->store, key, FYR_SLOT));
  g_assert_true (fyr_store_undiscard_finish (fixture->store, back, NULL));
  assert_state (fixture, FYR_OUTBOX_CONFLICT);
  assert_shown (fixture, "+4722222222", NULL, 9);
  again = FYR_AWAIT (fyr_store_undiscard_async (fixture->store, key, FYR_SLOT));
  g_assert_false (fyr_store_undiscard_finish (fixture->store, again, &error));
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_REFUSED);
}

static void
test_insisting_on_what_is_gone_is_told_and_loses_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  gint64 key = make_conflict (fixture, patient);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fyr_test_feed_delete (fixture, &fyr_patient_info, fixture->patient);
  result = FYR_AWAIT (fyr_store_retry_async (fixture->store, key, FYR_SLOT));
  g_assert_false (fyr_store_retry_finish (fixture->store, result, &error));
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD);
  assert_state (fixture, FYR_OUTBOX_CONFLICT);
}

/* A colleague's deletion may arrive before the answer to what made the record, when that answer was lost. */
static void
test_an_old_answer_brings_nothing_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) relative = FYR_RECORD (fyr_related_person_new ());
  g_autoptr (FyrRecord) shown = NULL;
  char id[FYR_UUID_TEXT_SIZE];

  g_object_unref (feed_patient (fixture));
  fyr_uuid_v7_new (FYR_TEST_NOW, id);
  fyr_record_set_id (relative, id);
  fyr_related_person_set_patient_id (FYR_RELATED_PERSON (relative), fixture->patient);
  fyr_related_person_set_name (FYR_RELATED_PERSON (relative), "En slektning");
  fyr_test_save_ok (fixture, fyr_mutation_new_create (relative, fixture->nurse));
  fyr_test_feed_delete (fixture, &fyr_related_person_info, fyr_record_get_id (relative));
  shown = fyr_test_get (fixture, &fyr_related_person_info, fyr_record_get_id (relative));
  g_assert_null (shown);
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 1));
  shown = fyr_test_get (fixture, &fyr_related_person_info, fyr_record_get_id (relative));
  g_assert_null (shown);
  assert_state (fixture, FYR_OUTBOX_DELIVERED);
}

static void
test_held_work_follows_what_it_builds_on (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  gint64 key = save_telephone (fixture, patient, "+4798765432");
  g_autoptr (FyrRecord) shown = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);
  g_autoptr (FyrRecord) after = fyr_record_copy (shown);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrPushBatch) batch = NULL;

  fyr_patient_set_city (FYR_PATIENT (after), "Bodø");
  fyr_test_save_ok (fixture, fyr_mutation_new_update (shown, after, fixture->nurse));
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  g_assert_true (fyr_test_answer (fixture, 2, FYR_OUTCOME_KIND_LATER, 0));
  assert_shown (fixture, NULL, "Bodø", 3);
  result = FYR_AWAIT (fyr_store_discard_async (fixture->store, key, FYR_SLOT));
  g_assert_true (fyr_store_discard_finish (fixture->store, result, NULL));
  assert_shown (fixture, NULL, "Bodø", 3);
  batch = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpint (batch->first, ==, 3);
  g_assert_cmpuint (batch->entries->len, ==, 1);
}

static void
test_only_settled_work_can_be_discarded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  gint64 key = save_telephone (fixture, patient, "+4798765432");
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_discard_async (fixture->store, key, FYR_SLOT));
  g_autoptr (GError) error = NULL;

  g_assert_false (fyr_store_discard_finish (fixture->store, result, &error));
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_REFUSED);
}

static void
test_an_alert_closed_by_a_colleague_stays_closed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) alert = FYR_RECORD (fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, FYR_TEST_NOW));
  g_autoptr (FyrRecord) shown = NULL;
  FyrRecord *closed;

  fyr_test_feed (fixture, g_object_ref (alert), 1);
  fyr_test_save_ok (fixture, fyr_mutation_new_alert_command (FYR_ALERT (alert), FYR_ALERT_ACTION_TAKE, 0,
                                                             NULL, fixture->nurse));
  closed = fyr_record_copy (alert);
  fyr_alert_set_status (FYR_ALERT (closed), FYR_ALERT_STATUS_CLOSED);
  fyr_alert_set_assignee_id (FYR_ALERT (closed), fixture->other);
  fyr_test_feed (fixture, closed, 3);
  shown = fyr_test_get (fixture, &fyr_alert_info, fyr_record_get_id (alert));
  g_assert_cmpint (fyr_alert_get_status (FYR_ALERT (shown)), ==, FYR_ALERT_STATUS_CLOSED);
  g_assert_cmpstr (fyr_alert_get_assignee_id (FYR_ALERT (shown)), ==, fixture->other);
}

static void
test_an_event_is_there_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) alert = FYR_RECORD (fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, FYR_TEST_NOW));
  g_autoptr (FyrMutation) take =
      fyr_mutation_new_alert_command (FYR_ALERT (alert), FYR_ALERT_ACTION_TAKE, 0, NULL, fixture->nurse);
  g_autoptr (FyrRecord) shown = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrAlertDetail) detail = NULL;
  FyrAlertEvent *event = fyr_alert_event_new ();

  fyr_test_feed (fixture, g_object_ref (alert), 1);
  fyr_test_save_ok (fixture, g_object_ref (take));
  fyr_record_set_id (FYR_RECORD (event), fyr_mutation_get_event_id (take));
  fyr_alert_event_set_alert_id (event, fyr_record_get_id (alert));
  fyr_alert_event_set_patient_id (event, fixture->patient);
  fyr_alert_event_set_action (event, FYR_ALERT_ACTION_TAKE);
  fyr_alert_event_set_time (event, FYR_TEST_NOW + 5);
  fyr_test_feed (fixture, event, 1);
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 2));
  result = FYR_AWAIT (fyr_store_load_alert_async (fixture->store, fyr_record_get_id (alert), FYR_SLOT));
  detail = fyr_store_load_alert_finish (fixture->store, result, NULL);
  g_assert_cmpuint (detail->events->len, ==, 1);
  g_assert_cmpint (fyr_alert_event_get_time (fyr_event_item_get_event (detail->events->pdata[0])), ==,
                   FYR_TEST_NOW + 5);
  g_assert_cmpint (fyr_event_item_get_state (detail->events->pdata[0]), ==, FYR_OUTBOX_DELIVERED);
  g_assert_cmpint (fyr_alert_item_get_state (detail->item), ==, FYR_OUTBOX_DELIVERED);
  shown = fyr_test_get (fixture, &fyr_alert_info, fyr_record_get_id (alert));
  g_assert_cmpint (fyr_alert_get_status (FYR_ALERT (shown)), ==, FYR_ALERT_STATUS_TAKEN);
  g_assert_cmpint (fyr_record_get_version (shown), ==, 2);
}

static GError *
try_page (Fixture *fixture, FyrPullPage *page)
{
  g_autoptr (FyrPullPage) owned = page;
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_apply_pull_async (fixture->store, owned, FYR_SLOT));
  GError *error = NULL;

  fyr_store_apply_pull_finish (fixture->store, result, &error);
  return error;
}

static FyrPullPage *
note_page (Fixture *fixture, gint64 from, gint64 to, const gint64 *seqs, guint n)
{
  g_autofree char *scope = g_strdup_printf ("%s/note", fixture->centre);
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);

  fyr_pull_page_add_scope (page, scope, from, to);
  for (guint i = 0; i < n; i++) {
    g_autoptr (FyrNote) note = fyr_test_note (fixture, "note");

    fyr_pull_page_add_put (page, seqs[i], FYR_RECORD (note));
  }
  return page;
}

static guint
count_notes (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_records_async (fixture->store, "note", NULL, NULL, FYR_SLOT));
  g_autoptr (GPtrArray) notes = fyr_store_list_records_finish (fixture->store, result, NULL);

  return notes->len;
}

static void
test_a_page_that_does_not_follow_is_refused_whole (Fixture *fixture, gconstpointer data)
{
  const struct {
    gint64 from, to;
    gint64 seqs[3];
    guint n;
  } bad[] = { { 2, 3, { 2, 3 }, 2 },
              { 1, 3, { 1, 2 }, 2 },
              { 1, 2, { 1, 3 }, 2 },
              { 1, 2, { 2, 1 }, 2 },
              { 0, 1, { 0, 1 }, 2 },
              { 1, 2, { 1, 2, 3 }, 3 },
              { G_MININT64, G_MAXINT64, { 1 }, 1 } };
  const gint64 good[] = { 1, 2 };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error =
        try_page (fixture, note_page (fixture, bad[i].from, bad[i].to, bad[i].seqs, bad[i].n));

    g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_GAP);
    g_assert_cmpuint (count_notes (fixture), ==, 0);
  }
  g_assert_no_error (try_page (fixture, note_page (fixture, 1, 2, good, 2)));
  g_assert_cmpuint (count_notes (fixture), ==, 2);
  {
    g_autoptr (GError) again = try_page (fixture, note_page (fixture, 1, 2, good, 2));

    g_assert_error (again, FYR_STORE_ERROR, FYR_STORE_ERROR_GAP);
  }
}

static FyrStoreIdentity *
get_identity (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_get_identity_async (fixture->store, FYR_SLOT));

  return fyr_store_get_identity_finish (fixture->store, result, NULL);
}

static void
test_cursors_move_with_their_page (Fixture *fixture, gconstpointer data)
{
  const gint64 seqs[] = { 1, 2 };
  g_autoptr (FyrStoreIdentity) identity = NULL;
  g_autofree char *scope = g_strdup_printf ("%s/note", fixture->centre);
  gint64 *cursor;

  g_assert_no_error (try_page (fixture, note_page (fixture, 1, 2, seqs, 2)));
  fyr_store_fixture_reopen (fixture);
  identity = get_identity (fixture);
  cursor = g_hash_table_lookup (identity->cursors, scope);
  g_assert_nonnull (cursor);
  g_assert_cmpint (*cursor, ==, 2);
  g_assert_cmpstr (identity->epoch, ==, FYR_TEST_EPOCH);
  g_assert_cmpint (identity->last_contact, ==, FYR_TEST_NOW);
}

static void
test_the_device_keeps_its_name (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrStoreIdentity) before = get_identity (fixture);
  g_autoptr (FyrStoreIdentity) after = NULL;

  fyr_store_fixture_reopen (fixture);
  after = get_identity (fixture);
  g_assert_cmpstr (before->device, ==, after->device);
}

static void
test_clock_offset_is_taken_out_of_times (Fixture *fixture, gconstpointer data)
{
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW + 90000);
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "n");
  g_autoptr (FyrMutation) mutation = fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse);
  g_autoptr (FyrPushBatch) batch = NULL;
  g_autoptr (JsonObject) object = NULL;

  g_assert_no_error (try_page (fixture, page));
  fyr_test_save_ok (fixture, g_object_ref (mutation));
  batch = fyr_test_push (fixture, fixture->nurse);
  object = fyr_outbox_entry_to_json (batch->entries->pdata[0]);
  g_assert_cmpint (json_object_get_int_member (object, "time"), ==, fyr_mutation_get_time (mutation) + 90000);
  /* And what was guessed is said. */
  g_assert_cmpint (json_object_get_int_member (object, "offset"), ==, 90000);
}

static void
test_another_epoch_is_refused_and_begun_afresh (Fixture *fixture, gconstpointer data)
{
  const gint64 seqs[] = { 1 };
  g_autoptr (FyrNote) mine = fyr_test_note (fixture, "undelivered");
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrStoreIdentity) identity = NULL;

  g_assert_no_error (try_page (fixture, note_page (fixture, 1, 1, seqs, 1)));
  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (mine), fixture->nurse));
  error = try_page (fixture, fyr_pull_page_new ("epoch-2", FYR_TEST_NOW));
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_EPOCH);
  result = FYR_AWAIT (fyr_store_begin_epoch_async (fixture->store, "epoch-2", FYR_SLOT));
  g_assert_true (fyr_store_begin_epoch_finish (fixture->store, result, NULL));
  identity = get_identity (fixture);
  g_assert_cmpstr (identity->epoch, ==, "epoch-2");
  g_assert_cmpuint (g_hash_table_size (identity->cursors), ==, 0);
  g_assert_cmpuint (count_notes (fixture), ==, 1);
  assert_state (fixture, FYR_OUTBOX_WAITING);
}

static void
test_unknown_kinds_are_parked (Fixture *fixture, gconstpointer data)
{
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);
  g_autofree char *scope = g_strdup_printf ("%s/plan", fixture->centre);
  g_autoptr (FyrConnection) connection = NULL;

  fyr_pull_page_add_scope (page, scope, 1, 2);
  fyr_pull_page_add_parked (page, 1, "plan_version", fixture->patient, "{\"id\":\"x\"}");
  fyr_pull_page_add_parked (page, 2, "plan_version", fixture->patient, NULL);
  g_assert_no_error (try_page (fixture, page));
  fyr_store_fixture_reopen (fixture);
  connection = fyr_store_fixture_look (fixture);
  g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM parked"), ==, 2);
}

static void
test_parked_entries_are_taken_in_once_known (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) shown = NULL;
  const char *id = "0198f0aa-1234-7abc-8def-00112233ffee";

  /* As a former version of the program left it, which did not know "gp". */
  fyr_store_fixture_change (
      fixture,
      "INSERT INTO parked VALUES ('global/configuration', 7, 'gp', '0198f0aa-1234-7abc-8def-00112233ffee',"
      " '{\"id\":\"0198f0aa-1234-7abc-8def-00112233ffee\",\"version\":2,\"name\":\"Lege\",\"later\":1}')");
  fyr_store_fixture_reopen (fixture);
  shown = fyr_test_get (fixture, &fyr_gp_info, id);
  g_assert_cmpstr (fyr_gp_get_name (FYR_GP (shown)), ==, "Lege");
  g_assert_nonnull (fyr_record_get_extra (shown));
}

static void
test_unknown_fields_survive_the_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  FyrRecord *copy = fyr_record_copy (FYR_RECORD (patient));
  g_autoptr (FyrRecord) shown = NULL;

  fyr_record_set_extra (copy, "{\"of_a_later_version\":true}");
  fyr_test_feed (fixture, copy, 4);
  save_telephone (fixture, patient, "+4798765432");
  shown = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);
  g_assert_cmpstr (fyr_record_get_extra (shown), ==, "{\"of_a_later_version\":true}");
}

static void
test_batches_keep_within_their_limits (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strnfill (3000, 'x');
  g_autoptr (GPtrArray) mutations = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GAsyncResult) saved = NULL;
  g_autoptr (FyrSaveReceipt) receipt = NULL;
  g_autoptr (FyrPushBatch) batch = NULL;
  gsize bytes = 0;

  for (int i = 0; i < 700; i++) {
    g_autoptr (FyrNote) note = fyr_test_note (fixture, text);

    g_ptr_array_add (mutations, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  }
  saved = FYR_AWAIT (fyr_store_save_async (fixture->store, mutations, FYR_SLOT));
  receipt = fyr_store_save_finish (fixture->store, saved, NULL);
  g_assert_nonnull (receipt);
  batch = fyr_test_push (fixture, fixture->nurse);
  for (guint i = 0; i < batch->entries->len; i++) {
    bytes += strlen (fyr_outbox_entry_get_payload (batch->entries->pdata[i]));
  }
  g_assert_cmpuint (bytes, <, 1 << 20);
  g_assert_cmpuint (batch->entries->len, >, 200);
  g_assert_cmpuint (batch->entries->len, <, 500);
}

static void
test_asking_again_gives_the_same_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  g_autoptr (FyrPushBatch) first = NULL;
  g_autoptr (FyrPushBatch) again = NULL;

  save_telephone (fixture, patient, "+4798765432");
  first = fyr_test_push (fixture, fixture->nurse);
  assert_state (fixture, FYR_OUTBOX_SENT);
  fyr_store_fixture_reopen (fixture);
  again = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpint (again->first, ==, 1);
  g_assert_cmpstr (fyr_outbox_entry_get_hash (first->entries->pdata[0]), ==,
                   fyr_outbox_entry_get_hash (again->entries->pdata[0]));
}

static void
test_an_answer_said_twice_counts_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);

  save_telephone (fixture, patient, "+4798765432");
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 4));
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  g_assert_true (fyr_test_answer (fixture, 99, FYR_OUTCOME_KIND_APPLIED, 1));
  assert_shown (fixture, "+4798765432", NULL, 4);
  assert_state (fixture, FYR_OUTBOX_DELIVERED);
}

static void
test_a_restored_server_gets_its_work_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) beyond = NULL;
  g_autoptr (FyrPushBatch) batch = NULL;
  g_autoptr (GError) error = NULL;

  save_telephone (fixture, patient, "+4798765432");
  save_telephone (fixture, patient, "+4711111111");
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 4));
  g_assert_true (fyr_test_answer (fixture, 2, FYR_OUTCOME_KIND_APPLIED, 5));
  result = FYR_AWAIT (fyr_store_rewind_push_async (fixture->store, fixture->nurse, NULL, 2, FYR_SLOT));
  g_assert_true (fyr_store_rewind_push_finish (fixture->store, result, NULL));
  batch = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpint (batch->first, ==, 2);
  g_assert_cmpuint (batch->entries->len, ==, 1);
  assert_shown (fixture, "+4711111111", NULL, 5);
  beyond = FYR_AWAIT (fyr_store_rewind_push_async (fixture->store, fixture->nurse, NULL, 9, FYR_SLOT));
  g_assert_false (fyr_store_rewind_push_finish (fixture->store, beyond, &error));
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_GAP);
}

static void
test_a_copied_machine_numbers_its_work_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  g_autoptr (FyrPushBatch) before = NULL;
  g_autoptr (FyrPushBatch) after = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (JsonObject) object = NULL;

  save_telephone (fixture, patient, "+4798765432");
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 4));
  save_telephone (fixture, patient, "+4711111111");
  save_telephone (fixture, patient, "+4722222222");
  before = fyr_test_push (fixture, fixture->nurse);
  result = FYR_AWAIT (fyr_store_fork_push_async (fixture->store, fixture->nurse, NULL, FALSE, FYR_SLOT));
  g_assert_true (fyr_store_fork_push_finish (fixture->store, result, NULL));
  after = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpstr (before->incarnation, !=, after->incarnation);
  g_assert_cmpint (after->first, ==, 1);
  g_assert_cmpuint (after->entries->len, ==, 2);
  g_assert_cmpstr (after->previous_hash, ==,
                   "0000000000000000000000000000000000000000000000000000000000000000");
  object = fyr_outbox_entry_to_json (after->entries->pdata[1]);
  g_assert_cmpint (json_object_get_int_member (object, "number"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (object, "depends_on"), ==, 1);
  assert_shown (fixture, "+4722222222", NULL, 4);
}

static void
test_acknowledged_work_is_kept_45_days (Fixture *fixture, gconstpointer data)
{
  const gint64 day = G_GINT64_CONSTANT (24) * 3600 * 1000;
  g_autoptr (FyrPatient) patient = feed_patient (fixture);

  save_telephone (fixture, patient, "+4798765432");
  save_telephone (fixture, patient, "+4711111111");
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 4));
  for (int days = 44; days <= 46; days++) {
    g_autoptr (GPtrArray) delivered = NULL;

    fyr_store_set_clock (fixture->store, FYR_TEST_NOW + days * day);
    fixture->server_time = FYR_TEST_NOW + days * day;
    g_assert_true (fyr_test_answer (fixture, 99, FYR_OUTCOME_KIND_APPLIED, 1));
    delivered = fyr_test_outbox (fixture, 1u << FYR_OUTBOX_DELIVERED);
    g_assert_cmpuint (delivered->len, ==, days <= 45 ? 1 : 0);
  }
  assert_state (fixture, FYR_OUTBOX_SENT);
}

/* It is what a restored server may ask for: one clock that is ten years off does not make it forgotten. */
static void
test_one_wrong_clock_forgets_nothing (Fixture *fixture, gconstpointer data)
{
  const gint64 years = G_GINT64_CONSTANT (3650) * 24 * 3600 * 1000;
  g_autoptr (FyrPatient) patient = feed_patient (fixture);

  save_telephone (fixture, patient, "+4798765432");
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 4));
  for (int i = 0; i < 2; i++) {
    g_autoptr (GPtrArray) delivered = NULL;

    fyr_store_set_clock (fixture->store, FYR_TEST_NOW + (i == 0 ? years : 0));
    fixture->server_time = FYR_TEST_NOW + (i == 1 ? years : 0);
    g_assert_true (fyr_test_answer (fixture, 99, FYR_OUTCOME_KIND_APPLIED, 1));
    delivered = fyr_test_outbox (fixture, 1u << FYR_OUTBOX_DELIVERED);
    g_assert_cmpuint (delivered->len, ==, 1);
  }
}

static void
revoke_scope (Fixture *fixture, const char *class_name, const char *granted)
{
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);
  g_autofree char *scope = g_strdup_printf ("%s/%s", fixture->centre, class_name);

  fyr_pull_page_add_revoked (page, scope);
  if (granted != NULL) {
    fyr_pull_page_add_granted (page, granted);
  }
  g_assert_no_error (try_page (fixture, page));
}

static void
feed_all (Fixture *fixture)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);

  fyr_test_feed (fixture, fyr_test_note (fixture, "MARKER-NOTE"), 1);
  fyr_test_feed (fixture, fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, FYR_TEST_NOW), 1);
  fyr_test_feed (fixture, fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_HEART_RATE, FYR_TEST_NOW, 71),
                 1);
}

static void
test_revoked_rows_leave_no_bytes (Fixture *fixture, gconstpointer data)
{
  const FyrPatientFilter filter = { .text = "nordmann" };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (FyrStoreIdentity) identity = NULL;

  feed_all (fixture);
  revoke_scope (fixture, "note", NULL);
  g_assert_cmpuint (count_notes (fixture), ==, 0);
  revoke_scope (fixture, "roster", NULL);
  result = FYR_AWAIT (fyr_store_list_patients_async (fixture->store, &filter, FYR_SLOT));
  found = fyr_store_list_patients_finish (fixture->store, result, NULL, NULL);
  g_assert_cmpuint (found->len, ==, 0);
  identity = get_identity (fixture);
  g_assert_cmpuint (g_hash_table_size (identity->cursors), ==, 2);
  /* The cut of the log waits its turn behind everything else. */
  fyr_store_fixture_reopen (fixture);
  g_assert_false (fyr_store_fixture_holds_bytes (fixture, "MARKER-NOTE"));
  g_assert_false (fyr_store_fixture_holds_bytes (fixture, "Nordmann"));
  g_assert_false (fyr_store_fixture_holds_bytes (fixture, "nordmann"));
}

static void
test_another_grant_keeps_its_rows (Fixture *fixture, gconstpointer data)
{
  g_autofree char *granted = g_strconcat ("patient:", fixture->patient, NULL);
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);

  feed_all (fixture);
  revoke_scope (fixture, "note", granted);
  g_assert_cmpuint (count_notes (fixture), ==, 1);
  fyr_pull_page_add_revoked (page, granted);
  g_assert_no_error (try_page (fixture, page));
  g_assert_cmpuint (count_notes (fixture), ==, 0);
}

static void
test_undelivered_work_survives_revocation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "mine");

  feed_all (fixture);
  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  revoke_scope (fixture, "note", NULL);
  assert_state (fixture, FYR_OUTBOX_WAITING);
  g_assert_cmpuint (count_notes (fixture), ==, 1);
}

/* A row that own work hides by a deletion is not in its table, and yet it is kept below. */
static void
test_what_own_work_deleted_is_revoked_too (Fixture *fixture, gconstpointer data)
{
  FyrRecord *relative = FYR_RECORD (fyr_related_person_new ());
  g_autoptr (FyrRecord) kept = NULL;
  g_autoptr (FyrRecord) shown = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  char id[FYR_UUID_TEXT_SIZE];
  gint64 key;

  g_object_unref (feed_patient (fixture));
  fyr_uuid_v7_new (FYR_TEST_NOW, id);
  fyr_record_set_id (relative, id);
  fyr_related_person_set_patient_id (FYR_RELATED_PERSON (relative), fixture->patient);
  fyr_related_person_set_name (FYR_RELATED_PERSON (relative), "En slektning");
  kept = fyr_record_copy (relative);
  fyr_test_feed (fixture, relative, 1);
  key = fyr_test_save_ok (fixture, fyr_mutation_new_delete (kept, fixture->nurse));
  revoke_scope (fixture, "plan", NULL);
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  result = FYR_AWAIT (fyr_store_discard_async (fixture->store, key, FYR_SLOT));
  g_assert_true (fyr_store_discard_finish (fixture->store, result, NULL));
  shown = fyr_test_get (fixture, &fyr_related_person_info, id);
  g_assert_null (shown);
}

/* Whatever order pulls and answers come in, in the end the row is the server's. The seed is printed. */
static void
test_random_orders_end_with_the_servers_word (Fixture *fixture, gconstpointer data)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (FyrPatient) server = feed_patient (fixture);
  gint64 version = 3;
  gint64 number = 0;

  g_test_message ("seed %u", seed);
  for (int round = 0; round < 60; round++) {
    g_autoptr (FyrRecord) shown = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);
    g_autofree char *telephone = g_strdup_printf ("+47%08d", g_rand_int_range (rand, 0, 99999999));
    gboolean pull_first = g_rand_boolean (rand);
    gboolean accepted = g_rand_boolean (rand);
    g_autofree char *city = g_strdup_printf ("By %d", round);

    save_telephone (fixture, FYR_PATIENT (shown), telephone);
    number++;
    if (g_rand_boolean (rand)) {
      fyr_patient_set_city (server, city);
      version++;
    }
    if (accepted) {
      fyr_patient_set_telephone (server, telephone);
      version++;
    }
    if (pull_first) {
      fyr_test_feed (fixture, fyr_record_copy (FYR_RECORD (server)), version);
    }
    g_assert_true (fyr_test_answer (fixture, number,
                                    accepted ? FYR_OUTCOME_KIND_APPLIED : FYR_OUTCOME_KIND_REFUSED,
                                    accepted ? version : 0));
    if (!pull_first) {
      fyr_test_feed (fixture, fyr_record_copy (FYR_RECORD (server)), version);
    }
    assert_shown (fixture, fyr_patient_get_telephone (server), fyr_patient_get_city (server), version);
  }
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/sync/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                        \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("own-work-is-laid-on-top-of-a-pull", test_own_work_is_laid_on_top_of_a_pull);
  ADD ("applied-stays-shown-until-the-pull-brings-it", test_applied_stays_shown_until_the_pull_brings_it);
  ADD ("the-pull-may-come-before-the-answer", test_the_pull_may_come_before_the_answer);
  ADD ("merged-keeps-the-version-that-was-seen", test_merged_keeps_the_version_that_was_seen);
  ADD ("refused-work-is-taken-off-and-kept", test_refused_work_is_taken_off_and_kept);
  ADD ("a-conflict-can-be-won", test_a_conflict_can_be_won);
  ADD ("a-conflict-can-be-settled-by-a-third-value", test_a_conflict_can_be_settled_by_a_third_value);
  ADD ("deciding-for-theirs-sends-nothing", test_deciding_for_theirs_sends_nothing);
  ADD ("a-decision-of-the-wrong-type-changes-nothing", test_a_decision_of_the_wrong_type_changes_nothing);
  ADD ("giving-up-can-be-taken-back", test_giving_up_can_be_taken_back);
  ADD ("insisting-on-what-is-gone-is-told-and-loses-nothing",
       test_insisting_on_what_is_gone_is_told_and_loses_nothing);
  ADD ("an-old-answer-brings-nothing-back", test_an_old_answer_brings_nothing_back);
  ADD ("held-work-follows-what-it-builds-on", test_held_work_follows_what_it_builds_on);
  ADD ("only-settled-work-can-be-discarded", test_only_settled_work_can_be_discarded);
  ADD ("an-alert-closed-by-a-colleague-stays-closed", test_an_alert_closed_by_a_colleague_stays_closed);
  ADD ("an-event-is-there-once", test_an_event_is_there_once);
  ADD ("a-page-that-does-not-follow-is-refused-whole", test_a_page_that_does_not_follow_is_refused_whole);
  ADD ("cursors-move-with-their-page", test_cursors_move_with_their_page);
  ADD ("the-device-keeps-its-name", test_the_device_keeps_its_name);
  ADD ("clock-offset-is-taken-out-of-times", test_clock_offset_is_taken_out_of_times);
  ADD ("another-epoch-is-refused-and-begun-afresh", test_another_epoch_is_refused_and_begun_afresh);
  ADD ("unknown-kinds-are-parked", test_unknown_kinds_are_parked);
  ADD ("parked-entries-are-taken-in-once-known", test_parked_entries_are_taken_in_once_known);
  ADD ("unknown-fields-survive-the-round-trip", test_unknown_fields_survive_the_round_trip);
  ADD ("batches-keep-within-their-limits", test_batches_keep_within_their_limits);
  ADD ("asking-again-gives-the-same-again", test_asking_again_gives_the_same_again);
  ADD ("an-answer-said-twice-counts-once", test_an_answer_said_twice_counts_once);
  ADD ("a-restored-server-gets-its-work-again", test_a_restored_server_gets_its_work_again);
  ADD ("a-copied-machine-numbers-its-work-again", test_a_copied_machine_numbers_its_work_again);
  ADD ("acknowledged-work-is-kept-45-days", test_acknowledged_work_is_kept_45_days);
  ADD ("revoked-rows-leave-no-bytes", test_revoked_rows_leave_no_bytes);
  ADD ("another-grant-keeps-its-rows", test_another_grant_keeps_its_rows);
  ADD ("one-wrong-clock-forgets-nothing", test_one_wrong_clock_forgets_nothing);
  ADD ("what-own-work-deleted-is-revoked-too", test_what_own_work_deleted_is_revoked_too);
  ADD ("undelivered-work-survives-revocation", test_undelivered_work_survives_revocation);
  ADD ("random-orders-end-with-the-servers-word", test_random_orders_end_with_the_servers_word);
  return g_test_run ();
}
