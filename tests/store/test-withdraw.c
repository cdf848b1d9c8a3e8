/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-outbox-private.h"
#include "fyr-store-fixture.h"
#include "fyr-store-rows.h"
#include "fyr-store-save.h"

/*
 * Work whose author was told that it was not saved is taken away as if it had never been: what is shown, what would be
 * sent and the numbers are those of before. The same work follows later without a gap.
 */

typedef struct {
  FyrConnection *connection;
  FyrChangeSet *changes;
  FyrStoreContext context;
  FyrStoreFixture names; /* ids alone */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->connection = fyr_connection_open (":memory:", FYR_CONNECTION_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (fyr_store_migrate (fixture->connection, &error));
  fixture->changes = fyr_change_set_new ();
  fixture->context = (FyrStoreContext){ .connection = fixture->connection,
                                        .changes = fixture->changes,
                                        .now = FYR_TEST_NOW };
  fyr_test_new_id (fixture->names.nurse);
  fyr_test_new_id (fixture->names.other);
  fyr_test_new_id (fixture->names.centre);
  fyr_test_new_id (fixture->names.patient);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->changes);
  fyr_connection_unref (fixture->connection);
}

static gint64
save (Fixture *fixture, FyrMutation *mutation)
{
  g_autoptr (FyrMutation) owned = mutation;
  g_autoptr (GError) error = NULL;
  gint64 key = fyr_save_mutation (&fixture->context, owned, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (key, >, 0);
  return key;
}

static void
withdraw_after (Fixture *fixture, gint64 key)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_outbox_withdraw_after (&fixture->context, key, &error));
  g_assert_no_error (error);
}

static gint64
count (Fixture *fixture, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM %s", table);

  return fyr_test_scalar (fixture->connection, sql);
}

static gint64
save_note (Fixture *fixture, const char *author_id)
{
  g_autoptr (FyrNote) note = fyr_test_note (&fixture->names, "ringte");

  fyr_note_set_author_id (note, author_id);
  return save (fixture, fyr_mutation_new_create (FYR_RECORD (note), author_id));
}

static void
load_stream (Fixture *fixture, const char *author_id, FyrStream *stream)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_stream_load (&fixture->context, author_id, stream, &error));
  g_assert_no_error (error);
}

static void
test_nothing_is_left_of_it (Fixture *fixture, gconstpointer data)
{
  gint64 kept = save_note (fixture, fixture->names.nurse);
  FyrStream before;
  FyrStream after;

  load_stream (fixture, fixture->names.nurse, &before);
  for (int i = 0; i < 4; i++) {
    save_note (fixture, fixture->names.nurse);
  }
  g_assert_cmpint (count (fixture, "note"), ==, 5);
  withdraw_after (fixture, kept);
  g_assert_cmpint (count (fixture, "note"), ==, 1);
  g_assert_cmpint (count (fixture, "outbox"), ==, 1);
  g_assert_cmpint (count (fixture, "effect"), ==, 1);
  load_stream (fixture, fixture->names.nurse, &after);
  g_assert_cmpint (after.next, ==, before.next);
  g_assert_cmpstr (after.last_hash, ==, before.last_hash);
  g_assert_cmpstr (after.incarnation, ==, before.incarnation);
}

/* Each of two users goes back to where her own row of numbers stood. */
static void
test_each_users_numbers_go_back (Fixture *fixture, gconstpointer data)
{
  const char *authors[] = { fixture->names.nurse, fixture->names.other };
  FyrStream before[2];
  gint64 kept = 0;

  for (int i = 0; i < 5; i++) {
    kept = save_note (fixture, authors[i % 2]);
  }
  for (int a = 0; a < 2; a++) {
    load_stream (fixture, authors[a], &before[a]);
  }
  for (int i = 0; i < 7; i++) {
    save_note (fixture, authors[(i / 2) % 2]);
  }
  withdraw_after (fixture, kept);
  for (int a = 0; a < 2; a++) {
    FyrStream after;

    load_stream (fixture, authors[a], &after);
    g_assert_cmpint (after.next, ==, before[a].next);
    g_assert_cmpstr (after.last_hash, ==, before[a].last_hash);
  }
}

static FyrRecord *
get_patient (Fixture *fixture)
{
  return fyr_record_table_get (fixture->connection, &fyr_patient_info, fixture->names.patient, NULL);
}

static gint64
save_telephone (Fixture *fixture, const char *telephone)
{
  g_autoptr (FyrRecord) before = get_patient (fixture);
  g_autoptr (FyrRecord) after = fyr_record_copy (before);

  fyr_patient_set_telephone (FYR_PATIENT (after), telephone);
  return save (fixture, fyr_mutation_new_update (before, after, fixture->names.nurse));
}

static void
assert_telephone (Fixture *fixture, const char *telephone)
{
  g_autoptr (FyrRecord) shown = get_patient (fixture);

  g_assert_nonnull (shown);
  g_assert_cmpstr (fyr_patient_get_telephone (FYR_PATIENT (shown)), ==, telephone);
}

/* The record shows what the last standing work made of it, and in the end the server's word. */
static void
test_the_record_shows_what_stands (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = fyr_test_patient (&fixture->names, "Nordmann", "Ola");
  g_autoptr (GError) error = NULL;
  gint64 first;

  fyr_record_set_id (FYR_RECORD (patient), fixture->names.patient);
  fyr_record_set_version (FYR_RECORD (patient), 3);
  fyr_patient_set_telephone (patient, "+4700000000");
  g_assert_true (fyr_overlay_server_put (&fixture->context, FYR_RECORD (patient), &error));
  first = save_telephone (fixture, "+4711111111");
  save_telephone (fixture, "+4722222222");
  save_telephone (fixture, "+4733333333");
  assert_telephone (fixture, "+4733333333");
  withdraw_after (fixture, first);
  assert_telephone (fixture, "+4711111111");
  withdraw_after (fixture, 0);
  assert_telephone (fixture, "+4700000000");
  g_assert_cmpint (count (fixture, "base"), ==, 0);
  g_assert_true (fyr_change_set_has_patient (fixture->changes, fixture->names.patient));
}

/* A deletion that was not saved leaves the record there. */
static void
test_a_deletion_is_undone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = fyr_test_patient (&fixture->names, "Nordmann", "Ola");
  g_autoptr (FyrRecord) gone = NULL;
  g_autoptr (GError) error = NULL;

  fyr_record_set_id (FYR_RECORD (patient), fixture->names.patient);
  fyr_record_set_version (FYR_RECORD (patient), 3);
  g_assert_true (fyr_overlay_server_put (&fixture->context, FYR_RECORD (patient), &error));
  save (fixture, fyr_mutation_new_delete (FYR_RECORD (patient), fixture->names.nurse));
  gone = get_patient (fixture);
  g_assert_null (gone);
  withdraw_after (fixture, 0);
  assert_telephone (fixture, NULL);
}

static void
test_nothing_newer_is_nothing_to_do (Fixture *fixture, gconstpointer data)
{
  gint64 key;

  withdraw_after (fixture, 0);
  key = save_note (fixture, fixture->names.nurse);
  withdraw_after (fixture, key);
  withdraw_after (fixture, key + 100);
  g_assert_cmpint (count (fixture, "outbox"), ==, 1);
}

/* What is saved next follows the last that stands: its number, and its hash over the former one's. */
static void
test_the_next_work_follows_without_a_gap (Fixture *fixture, gconstpointer data)
{
  gint64 kept = save_note (fixture, fixture->names.nurse);
  g_autoptr (FyrOutboxEntry) former = fyr_outbox_load (&fixture->context, kept, NULL);
  g_autoptr (FyrOutboxEntry) next = NULL;
  g_autoptr (FyrOutboxEntry) unknown = NULL;
  g_autoptr (GError) error = NULL;

  save_note (fixture, fixture->names.nurse);
  withdraw_after (fixture, kept);
  next = fyr_outbox_load (&fixture->context, save_note (fixture, fixture->names.nurse), NULL);
  g_assert_cmpint (fyr_outbox_entry_get_number (next), ==, 2);
  g_assert_cmpstr (fyr_outbox_entry_get_previous_hash (next), ==, fyr_outbox_entry_get_hash (former));
  unknown = fyr_outbox_load (&fixture->context, 4711, &error);
  g_assert_null (unknown);
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD);
}

#define ADD(name, function) g_test_add ("/store/withdraw/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("nothing-is-left-of-it", test_nothing_is_left_of_it);
  ADD ("each-users-numbers-go-back", test_each_users_numbers_go_back);
  ADD ("the-record-shows-what-stands", test_the_record_shows_what_stands);
  ADD ("a-deletion-is-undone", test_a_deletion_is_undone);
  ADD ("nothing-newer-is-nothing-to-do", test_nothing_newer_is_nothing_to_do);
  ADD ("the-next-work-follows-without-a-gap", test_the_next_work_follows_without_a_gap);
  return g_test_run ();
}
