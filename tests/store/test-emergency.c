/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Emergency access on a workstation: what it brought goes when it ends, by the server's word or by the clock. */
#include <string.h>

#include "fyr-store-access-log.h"
#include "fyr-store-emergency.h"
#include "fyr-store-fixture.h"

typedef FyrStoreFixture Fixture;

#define MARK "NODTILGANGMERKE"
#define HOUR (G_GINT64_CONSTANT (3600) * 1000)

static char *
own_scope (Fixture *fixture)
{
  return g_strdup_printf ("patient:%s", fixture->patient);
}

static char *
centre_scope (Fixture *fixture, const char *word)
{
  return g_strdup_printf ("%s/%s", fixture->centre, word);
}

static FyrEmergency
access_of (Fixture *fixture, const char *id, gboolean alone)
{
  FyrEmergency access = { .begin = FYR_TEST_NOW, .until = FYR_TEST_NOW + 4 * HOUR, .alone = alone };

  g_strlcpy (access.access_id, id, sizeof access.access_id);
  g_strlcpy (access.patient_id, fixture->patient, sizeof access.patient_id);
  return access;
}

static void
apply (Fixture *fixture, FyrPullPage *page)
{
  g_autoptr (FyrPullPage) owned = page;
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_apply_pull_async (fixture->store, owned, FYR_SLOT));

  fyr_store_apply_pull_finish (fixture->store, result, &error);
  g_assert_no_error (error);
}

/* A page that says which accesses last; @granted: (nullable): the patient's own feed is granted */
static FyrPullPage *
make_page (Fixture *fixture, const char *author, const FyrEmergency *access, const char *granted)
{
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);
  g_autoptr (GArray) accesses = g_array_new (FALSE, FALSE, sizeof (FyrEmergency));
  g_autofree char *roster = centre_scope (fixture, "roster");
  g_autofree char *notes = centre_scope (fixture, "note");

  if (access != NULL) {
    g_array_append_vals (accesses, access, 1);
  }
  fyr_pull_page_set_emergency (page, author, accesses);
  fyr_pull_page_add_granted (page, roster);
  fyr_pull_page_add_granted (page, notes);
  if (granted != NULL) {
    fyr_pull_page_add_granted (page, granted);
  }
  return page;
}

/* The patient and a note come through the patient's own feed. */
static void
open_patient (Fixture *fixture, const FyrEmergency *access)
{
  g_autofree char *scope = own_scope (fixture);
  FyrPullPage *page = make_page (fixture, fixture->nurse, access, scope);
  g_autoptr (FyrPatient) patient = fyr_test_patient (fixture, MARK "FAMILIE", "Ola");
  g_autoptr (FyrNote) note = fyr_test_note (fixture, MARK "NOTAT");

  fyr_record_set_id (FYR_RECORD (patient), fixture->patient);
  fyr_record_set_version (FYR_RECORD (patient), 1);
  fyr_record_set_version (FYR_RECORD (note), 1);
  fyr_pull_page_add_scope (page, scope, 1, 2);
  fyr_pull_page_add_put (page, 1, FYR_RECORD (patient));
  fyr_pull_page_add_put (page, 2, FYR_RECORD (note));
  apply (fixture, page);
}

static GArray *
list (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_list_emergency_async (fixture->store, FYR_SLOT));
  GArray *accesses = fyr_store_list_emergency_finish (fixture->store, result, NULL);

  g_assert_nonnull (accesses);
  return accesses;
}

static void
assert_listed (Fixture *fixture, guint n)
{
  g_autoptr (GArray) accesses = list (fixture);

  g_assert_cmpuint (accesses->len, ==, n);
}

/* How many feeds it removed. */
static guint
end (Fixture *fixture, const char *author, const char *id)
{
  const char *ids[] = { id, NULL };
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_end_emergency_async (fixture->store, author, id != NULL ? ids : NULL, FYR_SLOT));
  g_autoptr (GPtrArray) scopes = fyr_store_end_emergency_finish (fixture->store, result, NULL);

  g_assert_nonnull (scopes);
  return scopes->len;
}

static GPtrArray *
removed (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_list_removed_async (fixture->store, FYR_SLOT));

  return fyr_store_list_removed_finish (fixture->store, result, NULL);
}

static gboolean
is_here (Fixture *fixture)
{
  g_autoptr (FyrRecord) patient = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);

  return patient != NULL;
}

static void
assert_gone (Fixture *fixture)
{
  g_autofree char *scope = own_scope (fixture);
  g_autoptr (GPtrArray) told = removed (fixture);

  g_assert_false (is_here (fixture));
  g_assert_true (g_ptr_array_find_with_equal_func (told, scope, g_str_equal, NULL));
  g_assert_false (fyr_store_fixture_holds_bytes (fixture, MARK));
}

static void
test_it_is_listed_as_the_server_says_it (Fixture *fixture, gconstpointer data)
{
  char id[37];
  FyrEmergency access, *told;
  g_autoptr (GArray) accesses = NULL;

  fyr_test_new_id (id);
  access = access_of (fixture, id, TRUE);
  open_patient (fixture, &access);
  accesses = list (fixture);
  g_assert_cmpuint (accesses->len, ==, 1);
  told = &g_array_index (accesses, FyrEmergency, 0);
  g_assert_cmpstr (told->access_id, ==, id);
  g_assert_cmpstr (told->patient_id, ==, fixture->patient);
  g_assert_cmpint (told->until, ==, access.until);
  g_assert_true (told->alone);
  g_assert_true (fyr_change_set_has_kind (fixture->changes, FYR_CHANGE_EMERGENCY));
}

/* Though the nurse is granted the centre's feeds: of this patient they brought nothing. */
static void
test_a_page_without_it_takes_all_rows_of_the_patient (Fixture *fixture, gconstpointer data)
{
  char id[37];
  FyrEmergency access;

  fyr_test_new_id (id);
  access = access_of (fixture, id, TRUE);
  open_patient (fixture, &access);
  g_assert_true (is_here (fixture));
  apply (fixture, make_page (fixture, fixture->nurse, NULL, NULL));
  assert_gone (fixture);
  assert_listed (fixture, 0);
}

static void
test_what_another_grant_covers_stays (Fixture *fixture, gconstpointer data)
{
  g_autofree char *scope = own_scope (fixture);
  char id[37];
  FyrEmergency access;

  fyr_test_new_id (id);
  access = access_of (fixture, id, FALSE);
  open_patient (fixture, &access);
  apply (fixture, make_page (fixture, fixture->nurse, NULL, NULL));
  g_assert_true (is_here (fixture));
  access.alone = TRUE;
  open_patient (fixture, &access);
  /* The patient came on her list meanwhile: the feed goes on. */
  apply (fixture, make_page (fixture, fixture->nurse, NULL, scope));
  g_assert_true (is_here (fixture));
  assert_listed (fixture, 0);
}

static void
test_it_ends_by_the_clock_without_the_server (Fixture *fixture, gconstpointer data)
{
  char id[37];
  FyrEmergency access;

  fyr_test_new_id (id);
  access = access_of (fixture, id, TRUE);
  open_patient (fixture, &access);
  fyr_store_set_clock (fixture->store, FYR_TEST_NOW + 4 * HOUR - 1);
  g_assert_cmpuint (end (fixture, NULL, NULL), ==, 0);
  g_assert_true (is_here (fixture));
  fyr_store_set_clock (fixture->store, FYR_TEST_NOW + 4 * HOUR);
  g_assert_cmpuint (end (fixture, NULL, NULL), ==, 1);
  assert_gone (fixture);
}

/* Also by one that was set back before it began, or that is an hour off as the server told. */
static void
test_a_clock_set_back_opens_nothing_again (Fixture *fixture, gconstpointer data)
{
  char id[37];
  FyrEmergency access;

  fyr_test_new_id (id);
  access = access_of (fixture, id, TRUE);
  access.begin = FYR_TEST_NOW + HOUR;
  open_patient (fixture, &access);
  fyr_store_set_clock (fixture->store, FYR_TEST_NOW - 100 * HOUR);
  g_assert_cmpuint (end (fixture, NULL, NULL), ==, 1);
  assert_gone (fixture);
}

static void
test_the_servers_last_word_counts_as_time (Fixture *fixture, gconstpointer data)
{
  char id[37];
  FyrEmergency access;

  fyr_test_new_id (id);
  access = access_of (fixture, id, TRUE);
  access.begin = FYR_TEST_NOW - 4 * HOUR;
  access.until = FYR_TEST_NOW;
  open_patient (fixture, &access);
  fyr_store_set_clock (fixture->store, FYR_TEST_NOW - 2 * HOUR);
  g_assert_cmpuint (end (fixture, NULL, NULL), ==, 1);
  assert_gone (fixture);
}

static void
test_it_ends_when_told_whatever_the_clock_says (Fixture *fixture, gconstpointer data)
{
  char id[37], other[37];
  FyrEmergency access;

  fyr_test_new_id (id);
  fyr_test_new_id (other);
  access = access_of (fixture, id, TRUE);
  open_patient (fixture, &access);
  g_assert_cmpuint (end (fixture, NULL, other), ==, 0);
  g_assert_cmpuint (end (fixture, NULL, id), ==, 1);
  assert_gone (fixture);
}

static void
test_who_comes_after_her_at_the_machine_sees_nothing_of_it (Fixture *fixture, gconstpointer data)
{
  char id[37];
  FyrEmergency access;

  fyr_test_new_id (id);
  access = access_of (fixture, id, TRUE);
  open_patient (fixture, &access);
  g_assert_cmpuint (end (fixture, fixture->nurse, NULL), ==, 0);
  g_assert_cmpuint (end (fixture, fixture->other, NULL), ==, 1);
  assert_gone (fixture);
}

static void
test_it_is_still_known_after_a_restart (Fixture *fixture, gconstpointer data)
{
  char id[37];
  FyrEmergency access;

  fyr_test_new_id (id);
  access = access_of (fixture, id, TRUE);
  open_patient (fixture, &access);
  fyr_store_fixture_reopen (fixture);
  assert_listed (fixture, 1);
  g_assert_cmpuint (end (fixture, NULL, id), ==, 1);
  assert_gone (fixture);
}

static JsonObject *
last_display (Fixture *fixture)
{
  g_autoptr (FyrPushBatch) batch = fyr_test_push (fixture, fixture->nurse);
  FyrOutboxEntry *entry = g_ptr_array_index (batch->entries, batch->entries->len - 1);
  g_autoptr (JsonNode) node = json_from_string (fyr_outbox_entry_get_payload (entry), NULL);

  return json_object_ref (json_object_get_object_member (json_node_get_object (node), "fields"));
}

static void
show (Fixture *fixture, const char *patient)
{
  const FyrDisplay display = { .resource = FYR_AUDIT_RESOURCE_PATIENT,
                               .channel = FYR_AUDIT_CHANNEL_SCREEN,
                               .purpose = FYR_AUDIT_PURPOSE_TREATMENT,
                               .centre_id = fixture->centre };
  const char *patients[] = { patient, NULL };
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_log_display_async (fixture->store, &display, patients, fixture->nurse, FYR_SLOT));
  g_auto (GStrv) ids = fyr_store_log_display_finish (fixture->store, result, NULL);

  g_assert_nonnull (ids);
}

static void
test_each_display_is_logged_under_it (Fixture *fixture, gconstpointer data)
{
  char id[37], somebody[37];
  FyrEmergency access;
  g_autoptr (JsonObject) during = NULL, else_where = NULL, after = NULL;

  fyr_test_new_id (id);
  fyr_test_new_id (somebody);
  access = access_of (fixture, id, TRUE);
  open_patient (fixture, &access);
  show (fixture, fixture->patient);
  during = last_display (fixture);
  g_assert_cmpstr (json_object_get_string_member (during, "decision_id"), ==, id);
  g_assert_cmpstr (json_object_get_string_member (during, "purpose"), ==, "emergency");
  show (fixture, somebody);
  else_where = last_display (fixture);
  g_assert_false (json_object_has_member (else_where, "decision_id"));
  end (fixture, NULL, id);
  show (fixture, fixture->patient);
  after = last_display (fixture);
  g_assert_false (json_object_has_member (after, "decision_id"));
  g_assert_cmpstr (json_object_get_string_member (after, "purpose"), ==, "treatment");
}

/* A note written in the emergency and not delivered yet is her own work, and still goes to the server. */
static void
test_own_work_is_kept_for_delivery (Fixture *fixture, gconstpointer data)
{
  char id[37];
  FyrEmergency access;
  g_autoptr (FyrPushBatch) batch = NULL;
  FyrNote *note;

  fyr_test_new_id (id);
  access = access_of (fixture, id, TRUE);
  open_patient (fixture, &access);
  note = fyr_test_note (fixture, "Ringte 113");
  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  g_object_unref (note);
  end (fixture, NULL, id);
  batch = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpuint (batch->entries->len, ==, 1);
  g_assert_false (is_here (fixture));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name)                                                                                            \
  g_test_add ("/store/emergency/" #name, Fixture, NULL, fyr_store_fixture_set_up, test_##name,               \
              fyr_store_fixture_tear_down)
  ADD (it_is_listed_as_the_server_says_it);
  ADD (a_page_without_it_takes_all_rows_of_the_patient);
  ADD (what_another_grant_covers_stays);
  ADD (it_ends_by_the_clock_without_the_server);
  ADD (a_clock_set_back_opens_nothing_again);
  ADD (the_servers_last_word_counts_as_time);
  ADD (it_ends_when_told_whatever_the_clock_says);
  ADD (who_comes_after_her_at_the_machine_sees_nothing_of_it);
  ADD (it_is_still_known_after_a_restart);
  ADD (each_display_is_logged_under_it);
  ADD (own_work_is_kept_for_delivery);
  return g_test_run ();
}
