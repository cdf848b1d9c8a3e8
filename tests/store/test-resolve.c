/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-fault.h"
#include "fyr-store-asks.h"

/* What a person may decide about work the server did not apply, for every state and every kind of work. */

typedef FyrStoreFixture Fixture;

/* A new note of the nurse's; one that is held builds on a patient whom the server refused. */
static gint64
save_note (Fixture *fixture, gboolean held)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "ringte pårørende");
  g_autoptr (FyrPatient) patient = fyr_test_patient (fixture, "Nordmann", "Ola");

  if (held) {
    fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (patient), fixture->nurse));
    fyr_note_set_patient_id (note, fyr_record_get_id (FYR_RECORD (patient)));
  }
  return fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
}

/* Brings it to a state. Returns its key. */
static gint64
make_note_in_state (Fixture *fixture, FyrOutboxState state)
{
  const FyrOutcomeKind kinds[] = {
    [FYR_OUTBOX_DELIVERED] = FYR_OUTCOME_KIND_APPLIED, [FYR_OUTBOX_HELD] = FYR_OUTCOME_KIND_LATER,
    [FYR_OUTBOX_CONFLICT] = FYR_OUTCOME_KIND_CONFLICT, [FYR_OUTBOX_REFUSED] = FYR_OUTCOME_KIND_REFUSED,
    [FYR_OUTBOX_DISCARDED] = FYR_OUTCOME_KIND_REFUSED,
  };
  gint64 key = save_note (fixture, state == FYR_OUTBOX_HELD);
  g_autoptr (FyrPushBatch) batch = NULL;
  gint64 number;

  if (state == FYR_OUTBOX_WAITING) {
    return key;
  }
  batch = fyr_test_push (fixture, fixture->nurse);
  number = batch->first + batch->entries->len - 1;
  if (state == FYR_OUTBOX_HELD) {
    g_assert_true (fyr_test_answer (fixture, number - 1, FYR_OUTCOME_KIND_REFUSED, 0));
  }
  if (state != FYR_OUTBOX_SENT) {
    g_assert_true (fyr_test_answer (fixture, number, kinds[state], 1));
  }
  if (state == FYR_OUTBOX_DISCARDED) {
    g_assert_true (fyr_test_settle (fixture, FYR_TEST_DISCARD, key, NULL));
  }
  return key;
}

static FyrOutboxEntry *
find_entry (Fixture *fixture, gint64 key)
{
  g_autoptr (GPtrArray) entries = fyr_test_outbox (fixture, G_MAXUINT);

  for (guint i = 0; i < entries->len; i++) {
    if (fyr_outbox_entry_get_key (entries->pdata[i]) == key) {
      return g_object_ref (entries->pdata[i]);
    }
  }
  g_assert_not_reached ();
}

static FyrOutboxState
get_state (Fixture *fixture, gint64 key)
{
  g_autoptr (FyrOutboxEntry) entry = find_entry (fixture, key);

  return fyr_outbox_entry_get_state (entry);
}

static guint
count_in (Fixture *fixture, FyrOutboxState state)
{
  g_autoptr (GPtrArray) entries = fyr_test_outbox (fixture, 1u << state);

  return entries->len;
}

static void
send_waiting (Fixture *fixture)
{
  g_autoptr (FyrPushBatch) batch = fyr_test_push (fixture, fixture->nurse);

  for (guint i = 0; i < batch->entries->len; i++) {
    g_assert_true (fyr_test_answer (fixture, batch->first + i, FYR_OUTCOME_KIND_APPLIED, 1));
  }
}

static void
test_only_what_waits_for_a_person_is_hers_to_settle (Fixture *fixture, gconstpointer data)
{
  for (int state = FYR_OUTBOX_DELIVERED; state <= FYR_OUTBOX_DISCARDED; state++) {
    gboolean open = state == FYR_OUTBOX_HELD || state == FYR_OUTBOX_CONFLICT || state == FYR_OUTBOX_REFUSED;

    for (int how = FYR_TEST_DISCARD; how <= FYR_TEST_UNDISCARD; how++) {
      gint64 key = make_note_in_state (fixture, (FyrOutboxState)state);
      gboolean may = how == FYR_TEST_UNDISCARD ? state == FYR_OUTBOX_DISCARDED : open;
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (get_state (fixture, key), ==, state);
      g_assert_true (fyr_test_settle (fixture, (FyrTestSettle)how, key, &error) == may);
      if (!may) {
        g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_REFUSED);
        g_assert_cmpint (get_state (fixture, key), ==, state);
      } else if (how != FYR_TEST_UNDISCARD) {
        g_assert_cmpint (get_state (fixture, key), ==, FYR_OUTBOX_DISCARDED);
      }
    }
  }
}

static void
test_what_never_was_cannot_be_settled (Fixture *fixture, gconstpointer data)
{
  for (int how = FYR_TEST_DISCARD; how <= FYR_TEST_UNDISCARD; how++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (fyr_test_settle (fixture, (FyrTestSettle)how, 4711, &error));
    g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD);
  }
}

static void
test_giving_up_comes_back_as_it_was (Fixture *fixture, gconstpointer data)
{
  const FyrOutboxState states[] = { FYR_OUTBOX_CONFLICT, FYR_OUTBOX_REFUSED };

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++) {
    gint64 key = make_note_in_state (fixture, states[i]);
    g_autoptr (FyrOutboxEntry) before = find_entry (fixture, key);
    g_autoptr (FyrOutboxEntry) after = NULL;

    g_assert_true (fyr_test_settle (fixture, FYR_TEST_DISCARD, key, NULL));
    fyr_store_fixture_reopen (fixture);
    g_assert_cmpint (get_state (fixture, key), ==, FYR_OUTBOX_DISCARDED);
    g_assert_true (fyr_test_settle (fixture, FYR_TEST_UNDISCARD, key, NULL));
    after = find_entry (fixture, key);
    g_assert_cmpint (fyr_outbox_entry_get_state (after), ==, states[i]);
    g_assert_cmpstr (fyr_outbox_entry_get_conflict (after), ==, fyr_outbox_entry_get_conflict (before));
    g_assert_cmpstr (fyr_outbox_entry_get_code (after), ==, fyr_outbox_entry_get_code (before));
    g_assert_cmpstr (fyr_outbox_entry_get_text (after), ==, fyr_outbox_entry_get_text (before));
    g_assert_cmpstr (fyr_outbox_entry_get_payload (after), ==, fyr_outbox_entry_get_payload (before));
  }
}

/* The server has no word on held work: brought back, it is new work that is sent. */
static void
test_held_work_brought_back_is_sent (Fixture *fixture, gconstpointer data)
{
  gint64 key = make_note_in_state (fixture, FYR_OUTBOX_HELD);
  g_autoptr (FyrOutboxEntry) held = find_entry (fixture, key);
  const char *id = fyr_outbox_entry_get_record_id (held);
  g_autoptr (FyrRecord) gone = NULL;
  g_autoptr (FyrRecord) back = NULL;
  g_autoptr (FyrPushBatch) batch = NULL;

  g_assert_true (fyr_test_settle (fixture, FYR_TEST_DISCARD, key, NULL));
  gone = fyr_test_get (fixture, &fyr_note_info, id);
  g_assert_null (gone);
  g_assert_true (fyr_test_settle (fixture, FYR_TEST_UNDISCARD, key, NULL));
  back = fyr_test_get (fixture, &fyr_note_info, id);
  g_assert_cmpstr (fyr_note_get_text (FYR_NOTE (back)), ==, "ringte pårørende");
  batch = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpuint (batch->entries->len, ==, 1);
  g_assert_cmpint (fyr_outbox_entry_get_number (batch->entries->pdata[0]), >,
                   fyr_outbox_entry_get_number (held));
}

static void
test_a_refused_creation_can_be_tried_again (Fixture *fixture, gconstpointer data)
{
  gint64 key = make_note_in_state (fixture, FYR_OUTBOX_REFUSED);
  g_autoptr (FyrOutboxEntry) entry = find_entry (fixture, key);
  const char *id = fyr_outbox_entry_get_record_id (entry);
  g_autoptr (FyrRecord) refused = fyr_test_get (fixture, &fyr_note_info, id);
  g_autoptr (FyrRecord) again = NULL;

  g_assert_null (refused);
  g_assert_true (fyr_test_settle (fixture, FYR_TEST_RETRY, key, NULL));
  again = fyr_test_get (fixture, &fyr_note_info, id);
  g_assert_cmpstr (fyr_note_get_text (FYR_NOTE (again)), ==, "ringte pårørende");
  g_assert_cmpuint (count_in (fixture, FYR_OUTBOX_WAITING), ==, 1);
  g_assert_cmpuint (count_in (fixture, FYR_OUTBOX_REFUSED), ==, 0);
}

/* What was refused came from the server after all (a colleague made the same): there is nothing to send. */
static void
test_a_creation_that_is_there_already_is_not_made_again (Fixture *fixture, gconstpointer data)
{
  gint64 key = make_note_in_state (fixture, FYR_OUTBOX_REFUSED);
  g_autoptr (FyrOutboxEntry) entry = find_entry (fixture, key);
  FyrNote *same = fyr_test_note (fixture, "fra tjeneren");
  g_autoptr (FyrRecord) shown = NULL;

  fyr_record_set_id (FYR_RECORD (same), fyr_outbox_entry_get_record_id (entry));
  fyr_test_feed (fixture, same, 2);
  g_assert_true (fyr_test_settle (fixture, FYR_TEST_RETRY, key, NULL));
  g_assert_cmpuint (count_in (fixture, FYR_OUTBOX_WAITING), ==, 0);
  shown = fyr_test_get (fixture, &fyr_note_info, fyr_outbox_entry_get_record_id (entry));
  g_assert_cmpstr (fyr_note_get_text (FYR_NOTE (shown)), ==, "fra tjeneren");
}

static FyrRelatedPerson *
feed_relative (Fixture *fixture)
{
  FyrRelatedPerson *relative = fyr_related_person_new ();
  char id[37];

  fyr_test_new_id (id);
  fyr_record_set_id (FYR_RECORD (relative), id);
  fyr_related_person_set_patient_id (relative, fixture->patient);
  fyr_related_person_set_name (relative, "Kari Nordmann");
  fyr_test_feed (fixture, fyr_record_copy (FYR_RECORD (relative)), 2);
  fyr_record_set_version (FYR_RECORD (relative), 2);
  return relative;
}

static void
test_a_refused_deletion_can_be_tried_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRelatedPerson) relative = feed_relative (fixture);
  const char *id = fyr_record_get_id (FYR_RECORD (relative));
  gint64 key = fyr_test_save_ok (fixture, fyr_mutation_new_delete (FYR_RECORD (relative), fixture->nurse));
  g_autoptr (FyrRecord) refused = NULL;
  g_autoptr (FyrRecord) again = NULL;

  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  refused = fyr_test_get (fixture, &fyr_related_person_info, id);
  g_assert_nonnull (refused);
  g_assert_true (fyr_test_settle (fixture, FYR_TEST_RETRY, key, NULL));
  again = fyr_test_get (fixture, &fyr_related_person_info, id);
  g_assert_null (again);
  g_assert_cmpuint (count_in (fixture, FYR_OUTBOX_WAITING), ==, 1);
}

static FyrAlertStatus
status_of (Fixture *fixture, const char *id)
{
  g_autoptr (FyrRecord) shown = fyr_test_get (fixture, &fyr_alert_info, id);

  return fyr_alert_get_status (FYR_ALERT (shown));
}

static void
test_a_refused_command_can_be_tried_again_while_the_alert_allows_it (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrAlert) alert = fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, 1);
  const char *id = fyr_record_get_id (FYR_RECORD (alert));
  g_autoptr (GError) error = NULL;
  FyrRecord *closed;
  gint64 key;

  fyr_test_feed (fixture, g_object_ref (alert), 1);
  key = fyr_test_save_ok (
      fixture, fyr_mutation_new_alert_command (alert, FYR_ALERT_ACTION_TAKE, 0, NULL, fixture->nurse));
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  g_assert_cmpint (status_of (fixture, id), ==, FYR_ALERT_STATUS_OPEN);
  /* Meanwhile a colleague closed it. */
  closed = fyr_record_copy (FYR_RECORD (alert));
  fyr_alert_set_status (FYR_ALERT (closed), FYR_ALERT_STATUS_CLOSED);
  fyr_alert_set_assignee_id (FYR_ALERT (closed), fixture->other);
  fyr_test_feed (fixture, closed, 2);
  g_assert_false (fyr_test_settle (fixture, FYR_TEST_RETRY, key, &error));
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_REFUSED);
  g_assert_cmpint (get_state (fixture, key), ==, FYR_OUTBOX_REFUSED);
  g_assert_cmpuint (count_in (fixture, FYR_OUTBOX_WAITING), ==, 0);
  /* And opened it again. */
  fyr_test_feed (fixture, fyr_record_copy (FYR_RECORD (alert)), 3);
  g_assert_true (fyr_test_settle (fixture, FYR_TEST_RETRY, key, NULL));
  g_assert_cmpint (status_of (fixture, id), ==, FYR_ALERT_STATUS_TAKEN);
  g_assert_cmpuint (count_in (fixture, FYR_OUTBOX_WAITING), ==, 1);
}

static gint64
save_telephone (Fixture *fixture, const char *telephone)
{
  g_autoptr (FyrRecord) before = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);
  g_autoptr (FyrRecord) after = fyr_record_copy (before);

  fyr_patient_set_telephone (FYR_PATIENT (after), telephone);
  return fyr_test_save_ok (fixture, fyr_mutation_new_update (before, after, fixture->nurse));
}

static char *
dup_telephone (Fixture *fixture)
{
  g_autoptr (FyrRecord) shown = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);

  return g_strdup (fyr_patient_get_telephone (FYR_PATIENT (shown)));
}

static void
test_a_decision_may_be_for_nothing_at_all (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) values = json_object_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *telephone = NULL;
  gint64 key;

  fyr_test_feed_patient (fixture);
  key = save_telephone (fixture, "+4711111111");
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_CONFLICT, 0));
  json_object_set_null_member (values, "telephone");
  result = FYR_AWAIT (fyr_store_decide_async (fixture->store, key, values, FYR_SLOT));
  g_assert_true (fyr_store_decide_finish (fixture->store, result, NULL));
  telephone = dup_telephone (fixture);
  g_assert_null (telephone);
  g_assert_cmpuint (count_in (fixture, FYR_OUTBOX_WAITING), ==, 1);
  g_assert_cmpint (get_state (fixture, key), ==, FYR_OUTBOX_DISCARDED);
}

/* A whole row of work held on the first: it follows in the order it was done, and the last word is the last. */
static void
test_work_held_in_a_row_follows_in_order (Fixture *fixture, gconstpointer data)
{
  const char *telephones[] = { "+4711111111", "+4722222222", "+4733333333", "+4744444444" };
  g_autoptr (FyrPushBatch) batch = NULL;
  g_autofree char *telephone = NULL;
  gint64 keys[G_N_ELEMENTS (telephones)];

  fyr_test_feed_patient (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (telephones); i++) {
    keys[i] = save_telephone (fixture, telephones[i]);
  }
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  for (gsize i = 1; i < G_N_ELEMENTS (telephones); i++) {
    g_assert_true (fyr_test_answer (fixture, (gint64)i + 1, FYR_OUTCOME_KIND_LATER, 0));
  }
  g_assert_true (fyr_test_settle (fixture, FYR_TEST_DISCARD, keys[0], NULL));
  telephone = dup_telephone (fixture);
  g_assert_cmpstr (telephone, ==, telephones[3]);
  batch = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpint (batch->first, ==, 5);
  for (guint i = 0; i < batch->entries->len; i++) {
    g_assert_nonnull (strstr (fyr_outbox_entry_get_payload (batch->entries->pdata[i]), telephones[i + 1]));
  }
  g_assert_cmpuint (batch->entries->len, ==, 3);
}

/* The disk fails at each call of the decision in turn. Told that it was not done, it is not: also where the disk had it
 * all the same. */
static void
fail_each_call (Fixture *fixture, FyrFaultKind kind, FyrTestSettle how)
{
  gboolean struck = TRUE;

  for (int n = 1; struck; n++) {
    gint64 key = make_note_in_state (fixture, FYR_OUTBOX_REFUSED);
    guint waiting = count_in (fixture, FYR_OUTBOX_WAITING);
    g_autoptr (FyrNote) later = fyr_test_note (fixture, "later");
    gboolean done;

    g_assert_cmpint (n, <, 100);
    fyr_fault_arm_io (kind, n);
    done = fyr_test_settle (fixture, how, key, NULL);
    struck = fyr_fault_disarm ();
    fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (later), fixture->nurse));
    g_assert_cmpint (get_state (fixture, key), ==, done ? FYR_OUTBOX_DISCARDED : FYR_OUTBOX_REFUSED);
    g_assert_cmpuint (count_in (fixture, FYR_OUTBOX_WAITING), ==,
                      waiting + 1 + (done && how == FYR_TEST_RETRY ? 1 : 0));
    send_waiting (fixture);
  }
}

static void
test_a_decision_that_was_not_saved_is_none (Fixture *fixture, gconstpointer data)
{
  for (int how = FYR_TEST_DISCARD; how <= FYR_TEST_RETRY; how++) {
    fail_each_call (fixture, FYR_FAULT_SYNC, (FyrTestSettle)how);
    fail_each_call (fixture, FYR_FAULT_ONCE, (FyrTestSettle)how);
    fail_each_call (fixture, FYR_FAULT_FOREVER, (FyrTestSettle)how);
  }
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/resolve/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                     \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("only-what-waits-for-a-person-is-hers-to-settle", test_only_what_waits_for_a_person_is_hers_to_settle);
  ADD ("what-never-was-cannot-be-settled", test_what_never_was_cannot_be_settled);
  ADD ("giving-up-comes-back-as-it-was", test_giving_up_comes_back_as_it_was);
  ADD ("held-work-brought-back-is-sent", test_held_work_brought_back_is_sent);
  ADD ("a-refused-creation-can-be-tried-again", test_a_refused_creation_can_be_tried_again);
  ADD ("a-creation-that-is-there-already-is-not-made-again",
       test_a_creation_that_is_there_already_is_not_made_again);
  ADD ("a-refused-deletion-can-be-tried-again", test_a_refused_deletion_can_be_tried_again);
  ADD ("a-refused-command-can-be-tried-again-while-the-alert-allows-it",
       test_a_refused_command_can_be_tried_again_while_the_alert_allows_it);
  ADD ("a-decision-may-be-for-nothing-at-all", test_a_decision_may_be_for_nothing_at_all);
  ADD ("a-decision-that-was-not-saved-is-none", test_a_decision_that_was_not_saved_is_none);
  ADD ("work-held-in-a-row-follows-in-order", test_work_held_in_a_row_follows_in_order);
  return g_test_run ();
}
