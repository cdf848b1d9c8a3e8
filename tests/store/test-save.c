/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-canonical-json.h"
#include "fyr-store-fixture.h"

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

/* An update of the telephone, by somebody who saw @patient. */
static FyrMutation *
new_telephone (Fixture *fixture, FyrPatient *patient, const char *telephone)
{
  g_autoptr (FyrRecord) after = fyr_record_copy (FYR_RECORD (patient));

  fyr_patient_set_telephone (FYR_PATIENT (after), telephone);
  return fyr_mutation_new_update (FYR_RECORD (patient), after, fixture->nurse);
}

static void
test_saved_work_is_visible_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  g_autoptr (FyrRecord) shown = NULL;

  fyr_test_save_ok (fixture, new_telephone (fixture, patient, "+4798765432"));
  shown = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);
  g_assert_cmpstr (fyr_patient_get_telephone (FYR_PATIENT (shown)), ==, "+4798765432");
  g_assert_cmpint (fyr_record_get_version (shown), ==, 3);
}

static void
test_saved_work_survives_a_restart (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "Called, feels better");
  g_autoptr (FyrRecord) shown = NULL;
  g_autoptr (GPtrArray) outbox = NULL;

  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  fyr_store_fixture_reopen (fixture);
  shown = fyr_test_get (fixture, &fyr_note_info, fyr_record_get_id (FYR_RECORD (note)));
  g_assert_true (fyr_record_equal (shown, FYR_RECORD (note)));
  outbox = fyr_test_outbox (fixture, 0);
  g_assert_cmpuint (outbox->len, ==, 1);
  g_assert_cmpint (fyr_outbox_entry_get_state (outbox->pdata[0]), ==, FYR_OUTBOX_WAITING);
  g_assert_cmpstr (fyr_outbox_entry_get_patient_id (outbox->pdata[0]), ==, fixture->patient);
}

static void
test_numbers_are_dense_and_hashes_chained (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPushBatch) batch = NULL;
  const char *former = FYR_HASH_ZERO;

  for (int i = 0; i < 20; i++) {
    g_autoptr (FyrNote) note = fyr_test_note (fixture, "æøå \"quoted\"");

    fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  }
  batch = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpint (batch->first, ==, 1);
  g_assert_cmpuint (batch->entries->len, ==, 20);
  for (guint i = 0; i < batch->entries->len; i++) {
    FyrOutboxEntry *entry = batch->entries->pdata[i];
    g_autoptr (JsonObject) object = fyr_outbox_entry_to_json (entry);
    char hash[FYR_HASH_TEXT_SIZE];

    g_assert_cmpint (fyr_outbox_entry_get_number (entry), ==, i + 1);
    g_assert_cmpint (json_object_get_int_member (object, "number"), ==, i + 1);
    fyr_canonical_json_hash (former, object, hash);
    g_assert_cmpstr (fyr_outbox_entry_get_hash (entry), ==, hash);
    g_assert_cmpstr (json_object_get_string_member (object, "hash"), ==, hash);
    former = fyr_outbox_entry_get_hash (entry);
  }
}

static void
test_an_update_carries_what_changed_and_what_was_seen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  g_autoptr (FyrPushBatch) batch = NULL;
  g_autoptr (JsonObject) object = NULL;
  JsonObject *fields, *bases;

  fyr_test_save_ok (fixture, new_telephone (fixture, patient, "+4798765432"));
  batch = fyr_test_push (fixture, fixture->nurse);
  object = fyr_outbox_entry_to_json (batch->entries->pdata[0]);
  fields = json_object_get_object_member (object, "fields");
  bases = json_object_get_object_member (object, "bases");
  g_assert_cmpstr (json_object_get_string_member (object, "command"), ==, "update");
  g_assert_cmpint (json_object_get_int_member (object, "base_version"), ==, 3);
  g_assert_cmpuint (json_object_get_size (fields), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (fields, "telephone"), ==, "+4798765432");
  g_assert_true (json_object_get_null_member (bases, "telephone"));
}

static void
test_nothing_changed_is_no_mutation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = fyr_test_patient (fixture, "A", "B");

  g_assert_null (fyr_mutation_new_update (FYR_RECORD (patient), FYR_RECORD (patient), fixture->nurse));
}

static void
assert_nothing_saved (Fixture *fixture)
{
  g_autoptr (GPtrArray) outbox = fyr_test_outbox (fixture, 0);

  g_assert_cmpuint (outbox->len, ==, 0);
}

static void
test_bad_records_are_refused_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) mutations = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (FyrNote) good = fyr_test_note (fixture, "good");
  g_autoptr (FyrNote) bad = fyr_test_note (fixture, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrSaveReceipt) receipt = NULL;

  g_ptr_array_add (mutations, fyr_mutation_new_create (FYR_RECORD (good), fixture->nurse));
  g_ptr_array_add (mutations, fyr_mutation_new_create (FYR_RECORD (bad), fixture->nurse));
  result = FYR_AWAIT (fyr_store_save_async (fixture->store, mutations, FYR_SLOT));
  receipt = fyr_store_save_finish (fixture->store, result, &error);
  g_assert_null (receipt);
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID);
  assert_nothing_saved (fixture);
  g_assert_null (fyr_test_get (fixture, &fyr_note_info, fyr_record_get_id (FYR_RECORD (good))));
}

static void
test_the_same_id_is_not_created_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "one");
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = NULL;

  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  receipt = fyr_test_save (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse), &error);
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID);
}

static void
test_what_is_gone_cannot_be_changed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = NULL;

  fyr_test_feed_delete (fixture, &fyr_patient_info, fixture->patient);
  receipt = fyr_test_save (fixture, new_telephone (fixture, patient, "+4798765432"), &error);
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD);
  assert_nothing_saved (fixture);
}

static void
test_facts_are_never_deleted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "fact");
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = NULL;

  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  receipt = fyr_test_save (fixture, fyr_mutation_new_delete (FYR_RECORD (note), fixture->nurse), &error);
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID);
}

static void
test_nobody_signed_in_saves_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "whose?");
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = NULL;

  receipt = fyr_test_save (fixture, fyr_mutation_new_create (FYR_RECORD (note), NULL), &error);
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID);
  assert_nothing_saved (fixture);
}

static FyrMutation *
command (Fixture *fixture, FyrRecord *alert, FyrAlertAction action)
{
  return fyr_mutation_new_alert_command (
      FYR_ALERT (alert), action,
      action == FYR_ALERT_ACTION_CLOSE ? FYR_ALERT_OUTCOME_CONTACTED_PATIENT : FYR_ALERT_OUTCOME_UNSET,
      action == FYR_ALERT_ACTION_NOTE ? "seen" : NULL, fixture->nurse);
}

static void
test_alert_commands_show_what_will_happen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) alert = FYR_RECORD (fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, FYR_TEST_NOW));
  const char *id = fyr_record_get_id (alert);
  g_autoptr (GAsyncResult) result = NULL;
  FyrAlertDetail *detail;
  FyrAlert *shown;

  fyr_test_feed (fixture, g_object_ref (alert), 1);
  fyr_test_save_ok (fixture, command (fixture, alert, FYR_ALERT_ACTION_TAKE));
  fyr_test_save_ok (fixture, command (fixture, alert, FYR_ALERT_ACTION_NOTE));
  fyr_test_save_ok (fixture, command (fixture, alert, FYR_ALERT_ACTION_CLOSE));
  result = FYR_AWAIT (fyr_store_load_alert_async (fixture->store, id, FYR_SLOT));
  detail = fyr_store_load_alert_finish (fixture->store, result, NULL);
  shown = fyr_alert_item_get_alert (detail->item);
  g_assert_cmpint (fyr_alert_get_status (shown), ==, FYR_ALERT_STATUS_CLOSED);
  g_assert_cmpstr (fyr_alert_get_closed_by (shown), ==, fixture->nurse);
  g_assert_cmpint (fyr_alert_get_outcome (shown), ==, FYR_ALERT_OUTCOME_CONTACTED_PATIENT);
  g_assert_cmpint (fyr_alert_item_get_state (detail->item), ==, FYR_OUTBOX_WAITING);
  g_assert_cmpuint (detail->events->len, ==, 3);
  g_assert_cmpint (fyr_event_item_get_state (detail->events->pdata[0]), ==, FYR_OUTBOX_WAITING);
  fyr_alert_detail_free (detail);
}

static void
test_impossible_alert_commands_are_refused_here (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) alert = FYR_RECORD (fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, FYR_TEST_NOW));
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = NULL;

  fyr_test_feed (fixture, g_object_ref (alert), 1);
  receipt = fyr_test_save (fixture, command (fixture, alert, FYR_ALERT_ACTION_CLOSE), &error);
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_REFUSED);
  g_assert_nonnull (error->message);
  assert_nothing_saved (fixture);
}

static void
test_taking_ones_own_alert_again_is_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) alert = FYR_RECORD (fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, FYR_TEST_NOW));
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = NULL;

  fyr_test_feed (fixture, g_object_ref (alert), 1);
  fyr_test_save_ok (fixture, command (fixture, alert, FYR_ALERT_ACTION_TAKE));
  receipt = fyr_test_save (fixture, command (fixture, alert, FYR_ALERT_ACTION_TAKE), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fyr_save_receipt_get_keys (receipt)->len, ==, 0);
}

/* Saves, takes it back, and looks whether all is as before. */
static void
undo_all (Fixture *fixture, FyrMutation *mutation)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = fyr_test_save (fixture, mutation, &error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrSaveReceipt) undone = NULL;

  g_assert_no_error (error);
  result = FYR_AWAIT (fyr_store_save_async (fixture->store, fyr_save_receipt_get_undo (receipt), FYR_SLOT));
  undone = fyr_store_save_finish (fixture->store, result, &error);
  g_assert_no_error (error);
}

static void
test_an_update_can_be_undone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  g_autoptr (FyrRecord) shown = NULL;

  undo_all (fixture, new_telephone (fixture, patient, "+4798765432"));
  shown = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);
  g_assert_true (fyr_record_equal (shown, FYR_RECORD (patient)));
}

static void
test_create_and_delete_can_be_undone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = fyr_test_patient (fixture, "Ny", "Kari");
  g_autoptr (FyrRecord) shown = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) found = NULL;
  const FyrPatientFilter filter = { .text = "nordmann" };
  g_autoptr (FyrPatient) other = feed_patient (fixture);

  undo_all (fixture, fyr_mutation_new_create (FYR_RECORD (patient), fixture->nurse));
  g_assert_null (fyr_test_get (fixture, &fyr_patient_info, fyr_record_get_id (FYR_RECORD (patient))));
  undo_all (fixture, fyr_mutation_new_delete (FYR_RECORD (other), fixture->nurse));
  g_assert_null (fyr_test_get (fixture, &fyr_patient_info, fixture->patient));
  result = FYR_AWAIT (fyr_store_list_patients_async (fixture->store, &filter, FYR_SLOT));
  found = fyr_store_list_patients_finish (fixture->store, result, NULL, NULL);
  g_assert_cmpuint (found->len, ==, 1);
}

static void
test_a_limit_undone_held_at_no_time (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrLimit) limit = fyr_limit_new ();
  g_autoptr (FyrRecord) shown = NULL;
  char id[37];

  fyr_test_new_id (id);
  fyr_record_set_id (FYR_RECORD (limit), id);
  fyr_limit_set_patient_id (limit, fixture->patient);
  fyr_limit_set_kind (limit, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_limit_set_red_low (limit, 85);
  fyr_limit_set_valid_from (limit, FYR_TEST_NOW);
  undo_all (fixture, fyr_mutation_new_create (FYR_RECORD (limit), fixture->nurse));
  shown = fyr_test_get (fixture, &fyr_limit_info, id);
  g_assert_cmpint (fyr_limit_get_valid_to (FYR_LIMIT (shown)), ==, FYR_TEST_NOW);
}

static void
test_alert_commands_can_be_undone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) alert = FYR_RECORD (fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, FYR_TEST_NOW));
  g_autoptr (FyrRecord) shown = NULL;

  fyr_test_feed (fixture, g_object_ref (alert), 1);
  undo_all (fixture, command (fixture, alert, FYR_ALERT_ACTION_TAKE));
  shown = fyr_test_get (fixture, &fyr_alert_info, fyr_record_get_id (alert));
  g_assert_cmpint (fyr_alert_get_status (FYR_ALERT (shown)), ==, FYR_ALERT_STATUS_OPEN);
  g_assert_null (fyr_alert_get_assignee_id (FYR_ALERT (shown)));
  fyr_test_save_ok (fixture, command (fixture, alert, FYR_ALERT_ACTION_TAKE));
  undo_all (fixture, command (fixture, alert, FYR_ALERT_ACTION_CLOSE));
  g_clear_object (&shown);
  shown = fyr_test_get (fixture, &fyr_alert_info, fyr_record_get_id (alert));
  g_assert_cmpint (fyr_alert_get_status (FYR_ALERT (shown)), ==, FYR_ALERT_STATUS_TAKEN);
  g_assert_cmpstr (fyr_alert_get_assignee_id (FYR_ALERT (shown)), ==, fixture->nurse);
  g_assert_false (fyr_record_is_set (shown, FYR_ALERT_CLOSED_TIME));
}

static void
test_a_fact_has_no_undo (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "fact");
  g_autoptr (FyrSaveReceipt) receipt =
      fyr_test_save (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse), NULL);

  g_assert_cmpuint (fyr_save_receipt_get_undo (receipt)->len, ==, 0);
}

static void
test_changes_are_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);

  g_clear_object (&fixture->changes);
  fixture->changes = fyr_change_set_new ();
  fyr_test_save_ok (fixture, new_telephone (fixture, patient, "+4798765432"));
  while (g_main_context_iteration (NULL, FALSE)) {
  }
  g_assert_true (fyr_change_set_has (fixture->changes, "patient", fixture->patient));
  g_assert_true (fyr_change_set_has_patient (fixture->changes, fixture->patient));
  g_assert_true (fyr_change_set_has_kind (fixture->changes, FYR_CHANGE_OUTBOX));
  g_assert_false (fyr_change_set_has_kind (fixture->changes, "note"));
}

static void
test_work_of_two_users_is_never_mixed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrNote) mine = fyr_test_note (fixture, "mine");
  g_autoptr (FyrNote) hers = fyr_test_note (fixture, "hers");
  g_autoptr (FyrPushBatch) first = NULL;
  g_autoptr (FyrPushBatch) second = NULL;

  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (mine), fixture->nurse));
  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (hers), fixture->other));
  first = fyr_test_push (fixture, fixture->nurse);
  second = fyr_test_push (fixture, fixture->other);
  g_assert_cmpuint (first->entries->len, ==, 1);
  g_assert_cmpuint (second->entries->len, ==, 1);
  g_assert_cmpstr (fyr_outbox_entry_get_record_id (second->entries->pdata[0]), ==,
                   fyr_record_get_id (FYR_RECORD (hers)));
  g_assert_cmpstr (first->device, ==, second->device);
  g_assert_cmpstr (first->incarnation, !=, second->incarnation);
  g_assert_cmpint (second->first, ==, 1);
}

static void
test_work_names_what_it_builds_on (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = fyr_test_patient (fixture, "Ny", "Kari");
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "first talk");
  g_autoptr (FyrNote) other = fyr_test_note (fixture, "about somebody else");
  g_autoptr (FyrPushBatch) batch = NULL;
  const gint64 expected[] = { 0, 1, 1, 0 };

  fyr_record_set_id (FYR_RECORD (patient), fixture->patient);
  fyr_note_set_patient_id (other, fixture->centre);
  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (patient), fixture->nurse));
  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  fyr_test_save_ok (fixture, new_telephone (fixture, patient, "+4798765432"));
  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (other), fixture->nurse));
  batch = fyr_test_push (fixture, fixture->nurse);
  for (guint i = 0; i < batch->entries->len; i++) {
    g_autoptr (JsonObject) object = fyr_outbox_entry_to_json (batch->entries->pdata[i]);

    g_assert_cmpint (json_object_get_int_member_with_default (object, "depends_on", 0), ==, expected[i]);
  }
}

static void
test_own_work_counts_as_seen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = feed_patient (fixture);
  g_autoptr (FyrRecord) shown = NULL;
  g_autoptr (FyrPushBatch) batch = NULL;
  g_autoptr (JsonObject) object = NULL;

  fyr_test_save_ok (fixture, new_telephone (fixture, patient, "+4798765432"));
  shown = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);
  fyr_test_save_ok (fixture, new_telephone (fixture, FYR_PATIENT (shown), "+4711111111"));
  batch = fyr_test_push (fixture, fixture->nurse);
  object = fyr_outbox_entry_to_json (batch->entries->pdata[1]);
  g_assert_cmpint (json_object_get_int_member (object, "base_version"), ==, 4);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/save/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                        \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("saved-work-is-visible-at-once", test_saved_work_is_visible_at_once);
  ADD ("saved-work-survives-a-restart", test_saved_work_survives_a_restart);
  ADD ("numbers-are-dense-and-hashes-chained", test_numbers_are_dense_and_hashes_chained);
  ADD ("an-update-carries-what-changed-and-what-was-seen",
       test_an_update_carries_what_changed_and_what_was_seen);
  ADD ("nothing-changed-is-no-mutation", test_nothing_changed_is_no_mutation);
  ADD ("bad-records-are-refused-whole", test_bad_records_are_refused_whole);
  ADD ("the-same-id-is-not-created-twice", test_the_same_id_is_not_created_twice);
  ADD ("what-is-gone-cannot-be-changed", test_what_is_gone_cannot_be_changed);
  ADD ("facts-are-never-deleted", test_facts_are_never_deleted);
  ADD ("nobody-signed-in-saves-nothing", test_nobody_signed_in_saves_nothing);
  ADD ("alert-commands-show-what-will-happen", test_alert_commands_show_what_will_happen);
  ADD ("impossible-alert-commands-are-refused-here", test_impossible_alert_commands_are_refused_here);
  ADD ("taking-ones-own-alert-again-is-nothing", test_taking_ones_own_alert_again_is_nothing);
  ADD ("an-update-can-be-undone", test_an_update_can_be_undone);
  ADD ("create-and-delete-can-be-undone", test_create_and_delete_can_be_undone);
  ADD ("a-limit-undone-held-at-no-time", test_a_limit_undone_held_at_no_time);
  ADD ("alert-commands-can-be-undone", test_alert_commands_can_be_undone);
  ADD ("a-fact-has-no-undo", test_a_fact_has_no_undo);
  ADD ("changes-are-told", test_changes_are_told);
  ADD ("work-of-two-users-is-never-mixed", test_work_of_two_users_is_never_mixed);
  ADD ("work-names-what-it-builds-on", test_work_names_what_it_builds_on);
  ADD ("own-work-counts-as-seen", test_own_work_counts_as_seen);
  return g_test_run ();
}
