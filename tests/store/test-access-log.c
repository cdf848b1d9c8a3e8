/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-access-log.h"
#include "fyr-store-fixture.h"

typedef FyrStoreFixture Fixture;

static char **
log_display (Fixture *fixture, const char *const *patients, GError **error)
{
  const FyrDisplay display = {
    .resource = FYR_AUDIT_RESOURCE_PATIENT,
    .channel = FYR_AUDIT_CHANNEL_SCREEN,
    .purpose = FYR_AUDIT_PURPOSE_TREATMENT,
    .data_classes = "identity contact clinical",
    .centre_id = fixture->centre,
  };
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_log_display_async (fixture->store, &display, patients, fixture->nurse, FYR_SLOT));

  return fyr_store_log_display_finish (fixture->store, result, error);
}

static FyrOutboxCounts
count (Fixture *fixture)
{
  FyrOutboxCounts counts = { 0 };
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_count_outbox_async (fixture->store, FYR_SLOT));

  g_assert_true (fyr_store_count_outbox_finish (fixture->store, result, &counts, NULL));
  return counts;
}

static void
test_a_display_waits_to_be_sent_and_is_no_work_of_the_user (Fixture *fixture, gconstpointer data)
{
  const char *patients[] = { fixture->patient, NULL };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = log_display (fixture, patients, &error);
  g_autoptr (GPtrArray) listed = NULL;
  g_autoptr (FyrPushBatch) batch = NULL;
  g_autoptr (JsonObject) sent = NULL;
  JsonObject *fields;

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (ids), ==, 1);
  listed = fyr_test_outbox (fixture, 0);
  g_assert_cmpuint (listed->len, ==, 0);
  g_assert_cmpuint (count (fixture).waiting, ==, 0);
  g_assert_cmpuint (count (fixture).displays, ==, 1);
  fyr_store_fixture_reopen (fixture);
  batch = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpuint (batch->entries->len, ==, 1);
  sent = fyr_outbox_entry_to_json (batch->entries->pdata[0]);
  g_assert_cmpstr (json_object_get_string_member (sent, "kind"), ==, "audit_event");
  g_assert_cmpstr (json_object_get_string_member (sent, "id"), ==, ids[0]);
  fields = json_object_get_object_member (sent, "fields");
  g_assert_cmpstr (json_object_get_string_member (fields, "patient_id"), ==, fixture->patient);
  g_assert_cmpstr (json_object_get_string_member (fields, "agent_id"), ==, fixture->nurse);
  g_assert_cmpint (json_object_get_int_member (fields, "recorded_time"), ==, FYR_TEST_NOW);
}

static void
test_a_display_covers_no_row_and_tells_no_screen (Fixture *fixture, gconstpointer data)
{
  const char *patients[] = { fixture->patient, NULL };
  g_auto (GStrv) ids = log_display (fixture, patients, NULL);
  g_autoptr (FyrRecord) shown = fyr_test_get (fixture, &fyr_audit_event_info, ids[0]);

  g_assert_null (shown);
  g_assert_false (fyr_change_set_has_kind (fixture->changes, FYR_CHANGE_OUTBOX));
  g_assert_false (fyr_change_set_has_patient (fixture->changes, fixture->patient));
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 1));
  shown = fyr_test_get (fixture, &fyr_audit_event_info, ids[0]);
  g_assert_null (shown);
  g_assert_false (fyr_change_set_has_kind (fixture->changes, FYR_CHANGE_OUTBOX));
  g_assert_cmpuint (count (fixture).displays, ==, 0);
}

/* A patient registered here whose registration waits for a decision has been seen all the same. */
static void
test_a_display_builds_on_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = fyr_test_patient (fixture, "Ny", "Pasient");
  g_autoptr (FyrMutation) made = fyr_mutation_new_create (FYR_RECORD (patient), fixture->nurse);
  const char *patients[] = { fyr_mutation_get_record_id (made), NULL };
  g_auto (GStrv) ids = NULL;
  g_autoptr (FyrPushBatch) batch = NULL;
  g_autoptr (JsonObject) sent = NULL;

  fyr_test_save_ok (fixture, g_object_ref (made));
  ids = log_display (fixture, patients, NULL);
  batch = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpuint (batch->entries->len, ==, 2);
  sent = fyr_outbox_entry_to_json (batch->entries->pdata[1]);
  g_assert_cmpstr (json_object_get_string_member (sent, "id"), ==, ids[0]);
  g_assert_true (json_object_get_null_member (sent, "depends_on"));
}

static void
test_a_list_is_one_transaction (Fixture *fixture, gconstpointer data)
{
  char other[37], third[37];
  const char *patients[] = { fixture->patient, other, third, NULL };
  const char *broken[] = { fixture->patient, "no id", NULL };
  g_auto (GStrv) ids = NULL;
  g_auto (GStrv) none = NULL;
  g_autoptr (GError) error = NULL;

  fyr_test_new_id (other);
  fyr_test_new_id (third);
  ids = log_display (fixture, patients, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (ids), ==, 3);
  none = log_display (fixture, broken, &error);
  g_assert_null (none);
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID);
  g_assert_cmpuint (count (fixture).displays, ==, 3);
}

/* An entry as the server tells an administrator of it. */
static void
feed_entry (Fixture *fixture, const char *person, const char *patient, gint64 time)
{
  FyrAuditEvent *event = fyr_audit_event_new ();
  char id[37];

  fyr_test_new_id (id);
  fyr_record_set_id (FYR_RECORD (event), id);
  fyr_audit_event_set_centre_id (event, fixture->centre);
  fyr_audit_event_set_patient_id (event, fixture->patient);
  fyr_audit_event_set_patient_name (event, patient);
  fyr_audit_event_set_agent_name (event, person);
  fyr_audit_event_set_agent_hpr_number (event, "9144889");
  fyr_audit_event_set_purpose (event, FYR_AUDIT_PURPOSE_TREATMENT);
  fyr_audit_event_set_resource (event, FYR_AUDIT_RESOURCE_PATIENT);
  fyr_audit_event_set_channel (event, FYR_AUDIT_CHANNEL_SCREEN);
  fyr_audit_event_set_recorded_time (event, time);
  fyr_test_feed (fixture, event, 1);
}

/* Returns: how many match; @listed of them were listed, the newest first */
static guint
find (Fixture *fixture, const FyrAccessLogFilter *filter, guint listed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_access_log_async (fixture->store, filter, FYR_SLOT));
  guint total = 0;
  g_autoptr (GPtrArray) events = fyr_store_list_access_log_finish (fixture->store, result, &total, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (events->len, ==, listed);
  for (guint i = 1; i < events->len; i++) {
    g_assert_cmpint (fyr_audit_event_get_recorded_time (events->pdata[i - 1]), >=,
                     fyr_audit_event_get_recorded_time (events->pdata[i]));
  }
  return total;
}

static void
test_the_log_is_searched_by_patient_person_and_time (Fixture *fixture, gconstpointer data)
{
  feed_entry (fixture, "Åse Østby", "Nordmann, Kari", FYR_TEST_NOW - 5000);
  feed_entry (fixture, "Marit Lie", "Nordmann, Ola", FYR_TEST_NOW - 4000);
  feed_entry (fixture, "Marit Lie", NULL, FYR_TEST_NOW - 3000);
  g_assert_cmpuint (find (fixture, &(FyrAccessLogFilter){ .limit = 2 }, 2), ==, 3);
  g_assert_cmpuint (find (fixture, &(FyrAccessLogFilter){ .text = "nordm" }, 2), ==, 2);
  g_assert_cmpuint (find (fixture, &(FyrAccessLogFilter){ .text = "kari" }, 1), ==, 1);
  g_assert_cmpuint (find (fixture, &(FyrAccessLogFilter){ .text = "marit lie" }, 2), ==, 2);
  g_assert_cmpuint (find (fixture, &(FyrAccessLogFilter){ .text = "ÅSE" }, 1), ==, 1);
  g_assert_cmpuint (find (fixture, &(FyrAccessLogFilter){ .text = "9144889" }, 3), ==, 3);
  g_assert_cmpuint (find (fixture, &(FyrAccessLogFilter){ .text = fixture->patient }, 3), ==, 3);
  g_assert_cmpuint (find (fixture, &(FyrAccessLogFilter){ .text = "ingen" }, 0), ==, 0);
  g_assert_cmpuint (find (fixture, &(FyrAccessLogFilter){ .from = FYR_TEST_NOW - 4000 }, 2), ==, 2);
  g_assert_cmpuint (find (fixture, &(FyrAccessLogFilter){ .until = FYR_TEST_NOW - 4000 }, 1), ==, 1);
  g_assert_cmpuint (find (fixture, &(FyrAccessLogFilter){ .centre_id = fixture->centre }, 3), ==, 3);
  g_assert_cmpuint (find (fixture, &(FyrAccessLogFilter){ .centre_id = fixture->nurse }, 0), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name)                                                                                            \
  g_test_add ("/store/access-log/" #name, Fixture, NULL, fyr_store_fixture_set_up, test_##name,              \
              fyr_store_fixture_tear_down)
  ADD (a_display_waits_to_be_sent_and_is_no_work_of_the_user);
  ADD (a_display_covers_no_row_and_tells_no_screen);
  ADD (a_display_builds_on_nothing);
  ADD (a_list_is_one_transaction);
  ADD (the_log_is_searched_by_patient_person_and_time);
#undef ADD
  return g_test_run ();
}
