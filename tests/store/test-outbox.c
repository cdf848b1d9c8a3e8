/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-canonical-json.h"
#include "fyr-outbox-private.h"
#include "fyr-store-asks.h"

/* The list of one's own work: what stands where, that nothing of it can be changed unseen, and what it builds on. */

typedef FyrStoreFixture Fixture;

static gint64
save_note (Fixture *fixture, const char *author_id, const char *text)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, text);

  fyr_note_set_author_id (note, author_id);
  return fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), author_id));
}

typedef struct {
  gint64 key;
  FyrOutboxState state;
  gboolean nurses;
} Piece;

/* The server answers the nurse's next piece; all she saved before was sent with it. */
static void
answer_next (Fixture *fixture, GRand *rand, GArray *pieces, gint64 *answered)
{
  const FyrOutboxState states[] = { FYR_OUTBOX_DELIVERED, FYR_OUTBOX_CONFLICT, FYR_OUTBOX_REFUSED };
  const FyrOutcomeKind kinds[] = { FYR_OUTCOME_KIND_APPLIED, FYR_OUTCOME_KIND_CONFLICT,
                                   FYR_OUTCOME_KIND_REFUSED };
  int choice = g_rand_int_range (rand, 0, G_N_ELEMENTS (kinds));
  gint64 number = 0;

  for (guint i = 0; i < pieces->len; i++) {
    Piece *piece = &g_array_index (pieces, Piece, i);

    if (piece->nurses && ++number == *answered + 1) {
      g_assert_true (fyr_test_answer (fixture, number, kinds[choice], 1));
      piece->state = states[choice];
    } else if (piece->nurses && number > *answered + 1) {
      piece->state = FYR_OUTBOX_SENT;
    }
  }
  *answered = MIN (*answered + 1, number);
}

/* Exactly those in the states asked for, newest first, as many as asked for. */
static void
assert_listed (Fixture *fixture, GArray *pieces, guint states, guint limit)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_outbox_async (fixture->store, states, limit, FYR_SLOT));
  g_autoptr (GPtrArray) entries = fyr_store_list_outbox_finish (fixture->store, result, NULL);
  guint place = 0;

  g_assert_nonnull (entries);
  for (guint i = pieces->len; i > 0; i--) {
    const Piece *piece = &g_array_index (pieces, Piece, i - 1);
    gboolean listed = states != 0 ? (states >> piece->state & 1) != 0 : piece->state != FYR_OUTBOX_DELIVERED;

    if (listed && (limit == 0 || place < limit)) {
      g_assert_cmpuint (place, <, entries->len);
      g_assert_cmpint (fyr_outbox_entry_get_key (entries->pdata[place]), ==, piece->key);
      g_assert_cmpint (fyr_outbox_entry_get_state (entries->pdata[place]), ==, piece->state);
      g_assert_cmpstr (fyr_outbox_entry_get_author_id (entries->pdata[place]), ==,
                       piece->nurses ? fixture->nurse : fixture->other);
      place++;
    }
  }
  g_assert_cmpuint (place, ==, entries->len);
}

static void
assert_counted (Fixture *fixture, GArray *pieces)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_count_outbox_async (fixture->store, FYR_SLOT));
  FyrOutboxCounts expected = { 0 };
  FyrOutboxCounts counts = { 0 };

  for (guint i = 0; i < pieces->len; i++) {
    FyrOutboxState state = g_array_index (pieces, Piece, i).state;

    expected.waiting += state == FYR_OUTBOX_WAITING || state == FYR_OUTBOX_SENT;
    expected.conflict += state == FYR_OUTBOX_CONFLICT;
    expected.refused += state == FYR_OUTBOX_REFUSED;
  }
  g_assert_true (fyr_store_count_outbox_finish (fixture->store, result, &counts, NULL));
  g_assert_cmpuint (counts.waiting, ==, expected.waiting);
  g_assert_cmpuint (counts.conflict, ==, expected.conflict);
  g_assert_cmpuint (counts.refused, ==, expected.refused);
}

static void
test_work_is_listed_and_counted_where_it_stands (Fixture *fixture, gconstpointer data)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  gint64 answered = 0;

  g_test_message ("seed %u", seed);
  for (int i = 0; i < 40; i++) {
    if (g_rand_int_range (rand, 0, 3) == 0) {
      answer_next (fixture, rand, pieces, &answered);
    } else {
      Piece piece = { .state = FYR_OUTBOX_WAITING, .nurses = g_rand_int_range (rand, 0, 4) != 0 };

      piece.key = save_note (fixture, piece.nurses ? fixture->nurse : fixture->other, "n");
      g_array_append_val (pieces, piece);
    }
    if (i == 20) {
      fyr_store_fixture_reopen (fixture);
    }
    if (i % 5 == 0) {
      assert_listed (fixture, pieces, (guint)g_rand_int_range (rand, 1, 128),
                     (guint)g_rand_int_range (rand, 0, 9));
      assert_listed (fixture, pieces, 0, 0);
      assert_counted (fixture, pieces);
    }
  }
  assert_listed (fixture, pieces, G_MAXUINT, 0);
}

/* Each hash follows from the one before and what was done: a row changed in the file does not fit any more. */
static void
test_the_chain_can_be_followed_by_anyone (Fixture *fixture, gconstpointer data)
{
  const char *texts[] = { "ringte",        "Ødegård målte 9,9", "Ola",
                          "\"klamme\" {}", "d’Å \\ /",          "\xf0\x9f\x92\x9a" };
  const char *former = FYR_HASH_ZERO;
  g_autoptr (GPtrArray) entries = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (FyrPatient) patient = fyr_test_patient (fixture, "Nordmann", texts[i]);

    fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (patient), fixture->nurse));
  }
  entries = fyr_test_outbox (fixture, 0);
  g_assert_cmpuint (entries->len, ==, G_N_ELEMENTS (texts));
  for (guint i = entries->len; i > 0; i--) {
    FyrOutboxEntry *entry = entries->pdata[i - 1];
    g_autoptr (JsonObject) pushed = fyr_outbox_entry_to_json (entry);
    char hash[FYR_HASH_TEXT_SIZE];

    g_assert_cmpstr (fyr_outbox_entry_get_previous_hash (entry), ==, former);
    fyr_canonical_json_hash (former, pushed, hash);
    g_assert_cmpstr (fyr_outbox_entry_get_hash (entry), ==, hash);
    g_assert_cmpstr (json_object_get_string_member (pushed, "hash"), ==, hash);
    former = fyr_outbox_entry_get_hash (entry);
    /* One number changed anywhere is another hash. */
    json_object_set_int_member (pushed, "time", json_object_get_int_member (pushed, "time") + 1);
    fyr_canonical_json_hash (fyr_outbox_entry_get_previous_hash (entry), pushed, hash);
    g_assert_cmpstr (fyr_outbox_entry_get_hash (entry), !=, hash);
  }
}

static FyrOutboxEntry *
newest (Fixture *fixture)
{
  g_autoptr (GPtrArray) entries = fyr_test_outbox (fixture, G_MAXUINT);

  return g_object_ref (entries->pdata[0]);
}

static void
test_an_entry_is_the_same_after_a_restart (Fixture *fixture, gconstpointer data)
{
  const char *const properties[] = { "number", "kind", "command", "record-id", "patient-id",
                                     "state",  "code", "text",    "created" };
  g_autoptr (FyrOutboxEntry) before = NULL;
  g_autoptr (FyrOutboxEntry) after = NULL;

  save_note (fixture, fixture->nurse, "ringte");
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  before = newest (fixture);
  fyr_store_fixture_reopen (fixture);
  after = newest (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++) {
    g_auto (GValue) left = G_VALUE_INIT;
    g_auto (GValue) right = G_VALUE_INIT;
    g_autofree char *left_text = NULL;
    g_autofree char *right_text = NULL;

    g_object_get_property (G_OBJECT (before), properties[i], &left);
    g_object_get_property (G_OBJECT (after), properties[i], &right);
    left_text = g_strdup_value_contents (&left);
    right_text = g_strdup_value_contents (&right);
    g_assert_cmpstr (left_text, ==, right_text);
  }
  g_assert_cmpstr (fyr_outbox_entry_get_payload (before), ==, fyr_outbox_entry_get_payload (after));
  g_assert_cmpstr (fyr_outbox_entry_get_code (after), ==, "forbidden");
  g_assert_cmpint (fyr_outbox_entry_get_created (after), ==, FYR_TEST_NOW);
}

static gint64
depends_on (Fixture *fixture)
{
  g_autoptr (FyrOutboxEntry) entry = newest (fixture);

  return fyr_outbox_entry_get_depends_on (entry);
}

static void
save_note_about (Fixture *fixture, FyrPatient *patient, const char *author_id)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "n");

  fyr_note_set_patient_id (note, fyr_record_get_id (FYR_RECORD (patient)));
  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), author_id));
}

/* A note about a patient registered here cannot be sent before the patient; other work waits for nothing. */
static void
test_work_waits_for_the_patient_it_is_about (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) registered = fyr_test_patient (fixture, "Ny", "Her");
  g_autoptr (FyrPatient) known = fyr_test_patient (fixture, "Kjent", "Fra Før");

  fyr_test_feed (fixture, g_object_ref (known), 1);
  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (registered), fixture->nurse));
  g_assert_cmpint (depends_on (fixture), ==, 0);
  save_note_about (fixture, registered, fixture->nurse);
  g_assert_cmpint (depends_on (fixture), ==, 1);
  save_note_about (fixture, known, fixture->nurse);
  g_assert_cmpint (depends_on (fixture), ==, 0);
  /* Numbers are each user's own: a colleague's work cannot name hers. */
  save_note_about (fixture, registered, fixture->other);
  g_assert_cmpint (depends_on (fixture), ==, 0);
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 1));
  save_note_about (fixture, registered, fixture->nurse);
  g_assert_cmpint (depends_on (fixture), ==, 0);
}

/* Each user's numbers are dense from 1, however their work comes in between. */
static void
test_numbers_are_each_users_own (Fixture *fixture, gconstpointer data)
{
  const char *authors[] = { fixture->nurse, fixture->other };

  for (int i = 0; i < 10; i++) {
    save_note (fixture, authors[(i / 2 + i / 3) % 2], "n");
  }
  for (int a = 0; a < 2; a++) {
    g_autoptr (FyrPushBatch) batch = fyr_test_push (fixture, authors[a]);

    g_assert_cmpint (batch->first, ==, 1);
    g_assert_cmpstr (batch->previous_hash, ==, FYR_HASH_ZERO);
    for (guint i = 0; i < batch->entries->len; i++) {
      g_assert_cmpint (fyr_outbox_entry_get_number (batch->entries->pdata[i]), ==, i + 1);
      g_assert_cmpstr (fyr_outbox_entry_get_author_id (batch->entries->pdata[i]), ==, authors[a]);
    }
  }
}

static gint64
count_rows (FyrConnection *connection, const char *sql)
{
  g_autoptr (FyrStatement) count = fyr_connection_prepare (connection, sql, NULL);

  g_assert_cmpint (fyr_statement_step (count, NULL), ==, FYR_STEP_ROW);
  return fyr_statement_get_int (count, 0);
}

static gint64
count_witnessed (Fixture *fixture)
{
  FyrConnection *connection = fyr_store_fixture_look (fixture);
  gint64 n = count_rows (connection, "SELECT count (*) FROM witness");

  fyr_connection_unref (connection);
  fixture->store = fyr_test_open_store (fixture->path, NULL);
  return n;
}

static void
save_and_answer (Fixture *fixture, gint64 number, gint64 server_time)
{
  fixture->server_time = server_time;
  save_note (fixture, fixture->nurse, "n");
  g_assert_true (fyr_test_answer (fixture, number, FYR_OUTCOME_KIND_APPLIED, 1));
}

/* All of it is read for that: an answer that comes in between costs what the answer costs. */
static void
test_what_the_server_signed_long_ago_is_cleared_away_once_a_day (Fixture *fixture, gconstpointer data)
{
  const gint64 day = G_GINT64_CONSTANT (24) * 3600 * 1000;

  save_and_answer (fixture, 1, FYR_TEST_NOW);
  fyr_store_fixture_change (fixture, "INSERT INTO witness VALUES ('note', x'01', 'tag', 1)");
  fixture->store = fyr_test_open_store (fixture->path, NULL);
  save_and_answer (fixture, 2, FYR_TEST_NOW + day / 2);
  g_assert_cmpint (count_witnessed (fixture), ==, 1);
  save_and_answer (fixture, 3, FYR_TEST_NOW + day + 60 * 1000);
  g_assert_cmpint (count_witnessed (fixture), ==, 0);
}

/* A server whose clock was years ahead for a while puts nothing off until then. */
static void
test_a_clock_that_was_ahead_does_not_end_the_clearing (Fixture *fixture, gconstpointer data)
{
  const gint64 day = G_GINT64_CONSTANT (24) * 3600 * 1000;

  save_and_answer (fixture, 1, FYR_TEST_NOW + 1000 * day);
  fyr_store_fixture_change (fixture, "INSERT INTO witness VALUES ('note', x'01', 'tag', 1)");
  fixture->store = fyr_test_open_store (fixture->path, NULL);
  save_and_answer (fixture, 2, FYR_TEST_NOW);
  g_assert_cmpint (count_witnessed (fixture), ==, 0);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/outbox/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                      \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("work-is-listed-and-counted-where-it-stands", test_work_is_listed_and_counted_where_it_stands);
  ADD ("the-chain-can-be-followed-by-anyone", test_the_chain_can_be_followed_by_anyone);
  ADD ("an-entry-is-the-same-after-a-restart", test_an_entry_is_the_same_after_a_restart);
  ADD ("work-waits-for-the-patient-it-is-about", test_work_waits_for_the_patient_it_is_about);
  ADD ("numbers-are-each-users-own", test_numbers_are_each_users_own);
  ADD ("what-the-server-signed-long-ago-is-cleared-away-once-a-day",
       test_what_the_server_signed_long_ago_is_cleared_away_once_a_day);
  ADD ("a-clock-that-was-ahead-does-not-end-the-clearing",
       test_a_clock_that_was_ahead_does_not_end_the_clearing);
  return g_test_run ();
}
