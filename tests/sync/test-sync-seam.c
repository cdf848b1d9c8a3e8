/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-store-fixture.h"
#include "fyr-sync-seam.h"

static void
save_notes (FyrStoreFixture *f, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autoptr (FyrRecord) note =
        FYR_RECORD (fyr_test_note (f, i % 2 == 0 ? "Æ \"sitat\" \\ \n linje" : "kort"));

    fyr_test_save_ok (f, fyr_mutation_new_create (note, f->nurse));
  }
}

/* What is sent is what was hashed: the server's own reader finds the chain whole. */
static void
test_push_is_what_was_saved (FyrStoreFixture *f, gconstpointer data)
{
  g_autoptr (FyrPushBatch) batch = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (FyrPushRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  save_notes (f, 5);
  batch = fyr_test_push (f, f->nurse);
  g_assert_cmpuint (batch->entries->len, ==, 5);
  body = fyr_sync_write_push (batch, "1-a", 2);
  request = fyr_push_request_parse (g_bytes_get_data (body, &length), g_bytes_get_size (body), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (request->mutations->len, ==, 5);
  g_assert_cmpstr (request->epoch, ==, "1-a");
  g_assert_cmpstr (request->device, ==, batch->device);
  g_assert_cmpstr (request->incarnation, ==, batch->incarnation);
  g_assert_cmpint (request->first, ==, 1);
  g_assert_cmpint (request->schema, ==, FYR_WIRE_SCHEMA);
  for (guint i = 0; i < 5; i++) {
    FyrWireMutation *mutation = g_ptr_array_index (request->mutations, i);
    FyrOutboxEntry *entry = g_ptr_array_index (batch->entries, i);

    g_assert_cmpstr (mutation->hash, ==, fyr_outbox_entry_get_hash (entry));
    g_assert_cmpstr (mutation->command, ==, "create");
    g_assert_cmpstr (mutation->id, ==, fyr_outbox_entry_get_record_id (entry));
  }
}

static void
test_push_mutilated_is_refused (FyrStoreFixture *f, gconstpointer data)
{
  g_autoptr (FyrPushBatch) batch = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *text = NULL;
  g_autoptr (FyrPushRequest) request = NULL;
  char *note;

  save_notes (f, 2);
  batch = fyr_test_push (f, f->nurse);
  body = fyr_sync_write_push (batch, "1-a", 2);
  text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  note = strstr (text, "kort");
  g_assert_nonnull (note);
  note[0] = 'K';
  request = fyr_push_request_parse (text, strlen (text), NULL);
  g_assert_null (request);
}

static void
test_push_without_epoch (FyrStoreFixture *f, gconstpointer data)
{
  g_autoptr (FyrPushBatch) batch = NULL;
  g_autoptr (GBytes) body = NULL;

  save_notes (f, 1);
  batch = fyr_test_push (f, f->nurse);
  body = fyr_sync_write_push (batch, NULL, 1);
  g_assert_nonnull (
      g_strstr_len (g_bytes_get_data (body, NULL), (gssize)g_bytes_get_size (body), "\"epoch\":null"));
}

static void
test_pull_request (void)
{
  g_autoptr (GHashTable) cursors = fyr_wire_heads_new ();
  g_autoptr (FyrPullRequest) first = fyr_sync_make_pull ("d", "e", cursors, 0, FYR_PULL_DEFAULT_BYTES);
  g_autoptr (FyrPullRequest) later = NULL;

  g_assert_true (first->first);
  g_assert_cmpint (first->wait, ==, 0);
  fyr_wire_heads_set (cursors, "a/alert", 7);
  fyr_wire_heads_set (cursors, "a/roster", 3);
  later = fyr_sync_make_pull ("d", "e", cursors, 25, FYR_PULL_DEFAULT_BYTES);
  g_assert_false (later->first);
  g_assert_cmpint (later->wait, ==, 25);
  g_assert_cmpint (fyr_pull_request_get_cursor (later, "a/alert"), ==, 7);
  g_assert_cmpint (fyr_pull_request_get_cursor (later, "a/roster"), ==, 3);
  g_assert_cmpint (fyr_pull_request_get_cursor (later, "a/note"), ==, 0);
}

static FyrPushReply *
make_reply (gint64 first, guint n)
{
  FyrPushReply *reply = fyr_push_reply_new ();

  for (guint i = 0; i < n; i++) {
    g_ptr_array_add (reply->outcomes, fyr_wire_outcome_new (first + i, FYR_WIRE_OUTCOME_APPLIED, 1));
  }
  return reply;
}

static void
test_outcomes (void)
{
  g_autoptr (FyrPushReply) reply = make_reply (17, 5);
  g_autoptr (GArray) outcomes = NULL;
  static const FyrOutcomeKind kinds[] = { FYR_OUTCOME_KIND_APPLIED, FYR_OUTCOME_KIND_MERGED,
                                          FYR_OUTCOME_KIND_CONFLICT, FYR_OUTCOME_KIND_REFUSED,
                                          FYR_OUTCOME_KIND_LATER };
  static const FyrWireOutcomeKind told[] = { FYR_WIRE_OUTCOME_APPLIED, FYR_WIRE_OUTCOME_MERGED,
                                             FYR_WIRE_OUTCOME_CONFLICT, FYR_WIRE_OUTCOME_REFUSED,
                                             FYR_WIRE_OUTCOME_LATER };

  for (guint i = 0; i < 5; i++) {
    FyrWireOutcome *outcome = g_ptr_array_index (reply->outcomes, i);

    outcome->kind = told[i];
    outcome->code = g_strdup (i == 3 ? "forbidden" : NULL);
    outcome->conflict = i == 2 ? json_object_new () : NULL;
  }
  outcomes = fyr_sync_make_outcomes (reply, 17, 5);
  g_assert_nonnull (outcomes);
  for (guint i = 0; i < 5; i++) {
    const FyrPushOutcome *outcome = &g_array_index (outcomes, FyrPushOutcome, i);

    g_assert_cmpint (outcome->number, ==, 17 + i);
    g_assert_cmpint (outcome->kind, ==, kinds[i]);
  }
  g_assert_cmpstr (g_array_index (outcomes, FyrPushOutcome, 2).conflict, ==, "{}");
  g_assert_cmpstr (g_array_index (outcomes, FyrPushOutcome, 3).code, ==, "forbidden");
}

/* An answer to something else must not settle what was sent. */
static void
test_foreign_outcomes (void)
{
  g_autoptr (FyrPushReply) fewer = make_reply (17, 4);
  g_autoptr (FyrPushReply) more = make_reply (17, 6);
  g_autoptr (FyrPushReply) others = make_reply (16, 5);
  g_autoptr (FyrPushReply) mixed = make_reply (17, 5);

  ((FyrWireOutcome *)g_ptr_array_index (mixed->outcomes, 3))->number = 19;
  g_assert_null (fyr_sync_make_outcomes (fewer, 17, 5));
  g_assert_null (fyr_sync_make_outcomes (more, 17, 5));
  g_assert_null (fyr_sync_make_outcomes (others, 17, 5));
  g_assert_null (fyr_sync_make_outcomes (mixed, 17, 5));
}

#define NOTE_ID "01890000-0000-7000-8000-000000000001"
#define PATIENT_ID "01890000-0000-7000-8000-000000000002"

/* Puts, deletes, skips and kinds of a newer program all find their place in the store. */
static void
test_page (FyrStoreFixture *f, gconstpointer data)
{
  g_autofree char *text = g_strdup_printf (
      "{\"epoch\":\"" FYR_TEST_EPOCH
      "\",\"server_time\":5,\"granted\":[\"%s/note\"],\"revoked\":[\"%s/plan\"],"
      "\"complete\":true,\"heads\":{\"%s/note\":4},\"scopes\":{\"%s/note\":{\"from\":1,\"to\":4,\"entries\":["
      "{\"seq\":1,\"kind\":\"note\",\"id\":\"" NOTE_ID "\",\"op\":\"skip\"},"
      "{\"seq\":2,\"kind\":\"hologram\",\"id\":\"" PATIENT_ID
      "\",\"op\":\"put\",\"record\":{\"id\":\"" PATIENT_ID "\",\"depth\":3}},"
      "{\"seq\":3,\"kind\":\"note\",\"id\":\"" NOTE_ID "\",\"op\":\"put\",\"record\":{\"id\":\"" NOTE_ID
      "\",\"version\":1,\"patient_id\":\"" PATIENT_ID "\",\"time\":7,\"text\":\"Hei\"}},"
      "{\"seq\":4,\"kind\":\"note\",\"id\":\"" PATIENT_ID "\",\"op\":\"delete\"}]}}}",
      f->centre, f->centre, f->centre, f->centre);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPullReply) reply = fyr_pull_reply_parse (text, strlen (text), &error);
  g_autoptr (FyrPullPage) page = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrRecord) note = NULL;

  g_assert_no_error (error);
  page = fyr_sync_make_page (reply);
  result = FYR_AWAIT (fyr_store_apply_pull_async (f->store, page, FYR_SLOT));
  g_assert_true (fyr_store_apply_pull_finish (f->store, result, &error));
  g_assert_no_error (error);
  note = fyr_test_get (f, &fyr_note_info, NOTE_ID);
  g_assert_nonnull (note);
  g_assert_cmpstr (fyr_note_get_text ((FyrNote *)note), ==, "Hei");
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/sync/seam/" name, FyrStoreFixture, NULL, fyr_store_fixture_set_up, function,                 \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a push carries byte for byte what was saved", test_push_is_what_was_saved);
  ADD ("a push changed on the way breaks its chain", test_push_mutilated_is_refused);
  ADD ("a push before the first contact names no epoch", test_push_without_epoch);
  g_test_add_func ("/sync/seam/a pull asks from the cursors", test_pull_request);
  g_test_add_func ("/sync/seam/outcomes keep their meaning", test_outcomes);
  g_test_add_func ("/sync/seam/an answer to something else settles nothing", test_foreign_outcomes);
  ADD ("a page becomes the store's", test_page);
  return g_test_run ();
}
