/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workstation's half of digests and of witnesses, against a server that says what the test wants. */
#include "fyr-record-digest.h"
#include "fyr-store-fixture.h"

typedef FyrStoreFixture Fixture;

static FyrStoreCheck *
next_check (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_next_check_async (fixture->store, FYR_SLOT));
  FyrStoreCheck *check = fyr_store_next_check_finish (fixture->store, result, &error);

  g_assert_no_error (error);
  return check;
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

static void
answer (Fixture *fixture, FyrPageCheck *check)
{
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);

  fyr_pull_page_take_check (page, check);
  apply (fixture, page);
}

/* The digest of records (sorted by id) as the server would give it. */
static FyrPageCheck *
digest_of (const FyrStoreCheck *asked, FyrRecord **records, guint n)
{
  FyrPageCheck *check = fyr_page_check_new (asked->kind, asked->after, "");
  g_auto (FyrRecordDigest) digest;

  fyr_record_digest_init (&digest);
  for (guint i = 0; i < n; i++) {
    char hash[FYR_ROW_HASH_SIZE];

    fyr_record_hash (records[i], G_MAXUINT, hash);
    fyr_record_digest_add (&digest, hash);
  }
  check->count = n;
  check->hash = g_strdup (fyr_record_digest_get (&digest));
  return check;
}

static FyrPageCheck *
list_of (const FyrStoreCheck *asked, FyrRecord **records, guint n)
{
  FyrPageCheck *check = fyr_page_check_new (asked->kind, asked->after, asked->until);

  check->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < n; i++) {
    char hash[FYR_ROW_HASH_SIZE];

    fyr_record_hash (records[i], G_MAXUINT, hash);
    g_hash_table_replace (check->rows, g_strdup (fyr_record_get_id (records[i])), g_strdup (hash));
  }
  return check;
}

static FyrPageCheck *
records_of (const FyrStoreCheck *asked, FyrRecord **records, guint n)
{
  FyrPageCheck *check = fyr_page_check_new (asked->kind, "", "");

  check->ids = g_ptr_array_ref (asked->ids);
  check->records = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < n; i++) {
    if (g_ptr_array_find_with_equal_func (asked->ids, fyr_record_get_id (records[i]), g_str_equal, NULL)) {
      g_ptr_array_add (check->records, g_object_ref (records[i]));
    }
  }
  return check;
}

/* Answers truly until the notes are what is asked for. */
static FyrStoreCheck *
go_to_notes (Fixture *fixture)
{
  for (guint i = 0; i <= fyr_n_record_infos; i++) {
    g_autoptr (FyrStoreCheck) asked = next_check (fixture);
    const FyrRecordInfo *info = fyr_record_info_lookup (asked->kind);
    g_autoptr (FyrRecord) patient = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);

    g_assert_nonnull (info);
    g_assert_false (asked->list);
    if (info == &fyr_note_info) {
      return g_steal_pointer (&asked);
    }
    answer (fixture, digest_of (asked, &patient, info == &fyr_patient_info && patient != NULL ? 1 : 0));
    g_assert_false (asked->urgent);
  }
  g_assert_not_reached ();
}

static FyrRecord *
feed_note (Fixture *fixture, const char *text)
{
  FyrNote *note = fyr_test_note (fixture, text);
  g_autofree char *id = g_strdup (fyr_record_get_id (FYR_RECORD (note)));

  fyr_test_feed (fixture, note, 1);
  return fyr_test_get (fixture, &fyr_note_info, id);
}

static void
test_goes_round_all_kinds (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *first = NULL;

  fyr_store_fixture_reopen (fixture);
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    g_autoptr (FyrStoreCheck) asked = next_check (fixture);
    g_autoptr (FyrRecord) patient = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);

    first = first != NULL ? first : g_strdup (asked->kind);
    g_assert_true (g_hash_table_add (seen, g_strdup (asked->kind)));
    answer (fixture, digest_of (asked, &patient, g_str_equal (asked->kind, "patient") && patient != NULL));
  }
  g_autoptr (FyrStoreCheck) again = next_check (fixture);
  g_assert_cmpstr (again->kind, ==, first);
  g_assert_cmpstr (again->after, ==, "");
}

static void
test_mends_by_id (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) kept = feed_note (fixture, "Riktig");
  g_autoptr (FyrRecord) wrong = feed_note (fixture, "Feil");
  g_autoptr (FyrRecord) extra = feed_note (fixture, "Finnes ikke");
  g_autoptr (FyrRecord) missing = FYR_RECORD (fyr_test_note (fixture, "Mangler"));
  g_autoptr (FyrRecord) right = fyr_record_copy (wrong);
  FyrRecord *server[] = { kept, right, missing };
  g_autoptr (FyrRecord) now = NULL, gone = NULL, come = NULL;

  fyr_record_set_version (missing, 1);
  fyr_note_set_text (FYR_NOTE (right), "Rettet");
  g_clear_pointer (&(FyrStoreCheck *){ go_to_notes (fixture) }, fyr_store_check_free);
  for (guint step = 0; step < 4; step++) {
    g_autoptr (FyrStoreCheck) asked = next_check (fixture);

    g_assert_cmpint (asked->urgent, ==, step > 0);
    g_assert_cmpint (asked->list, ==, step == 1 || step == 2);
    g_assert_cmpuint (asked->ids->len, ==, step == 3 ? 3 : 0);
    answer (fixture, step == 0  ? digest_of (asked, server, 3)
                     : step < 3 ? list_of (asked, server, 3)
                                : records_of (asked, server, 3));
    /* Nothing is touched before it differed twice and was fetched. */
    g_clear_object (&gone);
    gone = fyr_test_get (fixture, &fyr_note_info, fyr_record_get_id (extra));
    g_assert_cmpint (gone != NULL, ==, step < 3);
  }
  now = fyr_test_get (fixture, &fyr_note_info, fyr_record_get_id (wrong));
  come = fyr_test_get (fixture, &fyr_note_info, fyr_record_get_id (missing));
  g_assert_cmpstr (fyr_note_get_text (FYR_NOTE (now)), ==, "Rettet");
  g_assert_cmpstr (fyr_note_get_text (FYR_NOTE (come)), ==, "Mangler");
  g_autoptr (FyrStoreCheck) again = next_check (fixture);
  g_assert_cmpstr (again->kind, ==, "note");
  g_assert_true (again->urgent);
}

static void
test_differs_once_is_not_damage (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) note = feed_note (fixture, "Underveis");
  g_autoptr (FyrStoreCheck) asked = go_to_notes (fixture);
  g_autoptr (FyrStoreCheck) list = NULL, again = NULL, next = NULL;

  answer (fixture, digest_of (asked, NULL, 0));
  list = next_check (fixture);
  answer (fixture, list_of (list, NULL, 0));
  again = next_check (fixture);
  g_assert_true (again->list);
  answer (fixture, list_of (again, &note, 1));
  next = next_check (fixture);
  g_assert_cmpstr (next->kind, !=, "note");
  g_assert_false (next->urgent);
}

static void
test_late_answers_tell_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) note = feed_note (fixture, "Står");
  g_autoptr (FyrStoreCheck) asked = go_to_notes (fixture);
  g_autoptr (FyrStoreCheck) other = next_check (fixture);
  g_autoptr (FyrStoreCheck) same = NULL;
  g_autoptr (FyrRecord) still = NULL;

  g_free (other->kind);
  other->kind = g_strdup ("alert");
  answer (fixture, digest_of (other, NULL, 0));
  answer (fixture, list_of (asked, NULL, 0));
  g_ptr_array_add (asked->ids, g_strdup (fyr_record_get_id (note)));
  answer (fixture, records_of (asked, NULL, 0));
  same = next_check (fixture);
  g_assert_cmpstr (same->kind, ==, "note");
  g_assert_false (same->list);
  still = fyr_test_get (fixture, &fyr_note_info, fyr_record_get_id (note));
  g_assert_nonnull (still);
}

/* A server that always says "wrong" is not asked for ever. */
static void
test_contradiction_ends (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) note = feed_note (fixture, "Sier imot");
  g_autoptr (FyrRecord) twin = fyr_record_copy (note);
  g_autoptr (FyrStoreCheck) first = go_to_notes (fixture);
  guint asks = 0;

  fyr_note_set_text (FYR_NOTE (twin), "Noe annet");
  for (;; asks++) {
    g_autoptr (FyrStoreCheck) asked = next_check (fixture);

    if (!g_str_equal (asked->kind, "note")) {
      break;
    }
    g_assert_cmpuint (asks, <, 20);
    answer (fixture, asked->ids->len > 0 ? records_of (asked, &note, 1)
                     : asked->list       ? list_of (asked, &twin, 1)
                                         : digest_of (asked, &twin, 1));
  }
  g_assert_cmpuint (asks, ==, 12);
}

static GPtrArray *
next_offers (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_next_offers_async (fixture->store, FYR_SLOT));
  GPtrArray *offers = fyr_store_next_offers_finish (fixture->store, result, &error);

  g_assert_no_error (error);
  return offers;
}

static void
settle (Fixture *fixture, GPtrArray *offers, gboolean later)
{
  g_autofree gboolean *all = g_new0 (gboolean, offers->len);
  g_autoptr (GAsyncResult) result = NULL;

  for (guint i = 0; i < offers->len; i++) {
    all[i] = later;
  }
  result = FYR_AWAIT (fyr_store_settle_offers_async (fixture->store, offers, all, FYR_SLOT));
  g_assert_true (fyr_store_settle_offers_finish (fixture->store, result, NULL));
}

static void
begin_epoch (Fixture *fixture, const char *epoch)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_begin_epoch_async (fixture->store, epoch, FYR_SLOT));

  g_assert_true (fyr_store_begin_epoch_finish (fixture->store, result, NULL));
}

/* A page of signed notes in the note feed of the centre. */
static void
feed_signed (Fixture *fixture, const char *epoch, gint64 from, FyrRecord **records, guint n)
{
  FyrPullPage *page = fyr_pull_page_new (epoch, FYR_TEST_NOW);
  g_autofree char *scope = g_strdup_printf ("%s/note", fixture->centre);

  fyr_pull_page_add_granted (page, scope);
  fyr_pull_page_add_scope (page, scope, from, from + n - 1);
  for (guint i = 0; i < n; i++) {
    fyr_pull_page_add_signed_put (page, from + i, records[i], i % 3 == 2 ? NULL : "merke");
  }
  apply (fixture, page);
}

static void
make_notes (Fixture *fixture, FyrRecord **notes, guint n)
{
  for (guint i = 0; i < n; i++) {
    notes[i] = FYR_RECORD (fyr_test_note (fixture, "Fra en annen"));
    fyr_record_set_version (notes[i], 1);
  }
}

static void
test_offers_what_was_signed_and_is_missed (Fixture *fixture, gconstpointer data)
{
  FyrRecord *notes[6];
  g_autoptr (GPtrArray) none = NULL, offers = NULL, waiting = NULL, after = NULL;

  make_notes (fixture, notes, 6);
  feed_signed (fixture, FYR_TEST_EPOCH, 1, notes, 6);
  none = next_offers (fixture);
  g_assert_cmpuint (none->len, ==, 0);
  begin_epoch (fixture, "epoch-2");
  fyr_store_fixture_reopen (fixture);
  feed_signed (fixture, "epoch-2", 1, notes, 2);
  offers = next_offers (fixture);
  g_assert_cmpuint (offers->len, ==, 2);
  for (guint i = 0; i < offers->len; i++) {
    FyrStoreOffer *offer = offers->pdata[i];

    g_assert_cmpstr (offer->tag, ==, "merke");
    g_assert_true (fyr_record_equal (offer->record, notes[3]) || fyr_record_equal (offer->record, notes[4]));
    g_assert_cmpint (fyr_record_get_version (offer->record), ==, 1);
  }
  settle (fixture, offers, TRUE);
  waiting = next_offers (fixture);
  g_assert_cmpuint (waiting->len, ==, 0);
  fyr_store_set_clock (fixture->store, FYR_TEST_NOW + 3600000);
  after = next_offers (fixture);
  g_assert_cmpuint (after->len, ==, 2);
  settle (fixture, after, FALSE);
  fyr_store_set_clock (fixture->store, FYR_TEST_NOW + 7200000);
  g_clear_pointer (&none, g_ptr_array_unref);
  none = next_offers (fixture);
  g_assert_cmpuint (none->len, ==, 0);
  for (guint i = 0; i < 6; i++) {
    g_object_unref (notes[i]);
  }
}

/* Who may not have it any more may not give it back either, and holds no copy. */
static void
test_revoked_is_not_offered (Fixture *fixture, gconstpointer data)
{
  FyrRecord *notes[3];
  FyrPullPage *page = fyr_pull_page_new ("epoch-2", FYR_TEST_NOW);
  g_autofree char *scope = g_strdup_printf ("%s/note", fixture->centre);
  g_autoptr (GPtrArray) offers = NULL;

  make_notes (fixture, notes, 3);
  feed_signed (fixture, FYR_TEST_EPOCH, 1, notes, 3);
  begin_epoch (fixture, "epoch-2");
  fyr_pull_page_add_revoked (page, scope);
  apply (fixture, page);
  offers = next_offers (fixture);
  g_assert_cmpuint (offers->len, ==, 0);
  for (guint i = 0; i < 3; i++) {
    g_object_unref (notes[i]);
  }
}

/* A life of the server in which the fixture's patient is another centre's. */
static void
move_patient_away (Fixture *fixture)
{
  FyrPullPage *page = fyr_pull_page_new ("epoch-2", FYR_TEST_NOW);
  g_autofree char *roster = g_strdup_printf ("%s/roster", fixture->centre);
  g_autoptr (FyrPatient) other = fyr_test_patient (fixture, "Annen", "Anne");

  fyr_record_set_version (FYR_RECORD (other), 1);
  begin_epoch (fixture, "epoch-2");
  fyr_pull_page_add_granted (page, roster);
  fyr_pull_page_add_scope (page, roster, 1, 1);
  fyr_pull_page_add_put (page, 1, FYR_RECORD (other));
  apply (fixture, page);
}

/* A life of the server in which she has no access any more. */
static void
end_all_access (Fixture *fixture)
{
  begin_epoch (fixture, "epoch-2");
  apply (fixture, fyr_pull_page_new ("epoch-2", FYR_TEST_NOW));
}

/* Her note was taken in before the server was restored, its answer came after; she may not see that patient now, and no
 * feed would ever take the note away. */
static void
assert_own_work_goes_with_its_answer (Fixture *fixture, void (*happen) (Fixture *fixture))
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "Før svaret kom");
  const char *id = fyr_record_get_id (FYR_RECORD (note));
  g_autoptr (FyrRecord) waiting = NULL;

  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  happen (fixture);
  waiting = fyr_test_get (fixture, &fyr_note_info, id);
  g_assert_nonnull (waiting);
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 1));
  g_assert_null (fyr_test_get (fixture, &fyr_note_info, id));
}

static void
test_own_work_on_who_was_moved_away_goes_with_its_answer (Fixture *fixture, gconstpointer data)
{
  assert_own_work_goes_with_its_answer (fixture, move_patient_away);
}

static void
test_own_work_goes_with_its_answer_when_all_access_ended (Fixture *fixture, gconstpointer data)
{
  assert_own_work_goes_with_its_answer (fixture, end_all_access);
}

static void
test_deleted_is_not_offered (Fixture *fixture, gconstpointer data)
{
  FyrRecord *notes[3];
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);
  g_autofree char *scope = g_strdup_printf ("%s/note", fixture->centre);
  g_autoptr (GPtrArray) offers = NULL;

  make_notes (fixture, notes, 3);
  feed_signed (fixture, FYR_TEST_EPOCH, 1, notes, 3);
  fyr_pull_page_add_granted (page, scope);
  fyr_pull_page_add_scope (page, scope, 4, 4);
  fyr_pull_page_add_delete (page, 4, "note", fyr_record_get_id (notes[0]));
  apply (fixture, page);
  begin_epoch (fixture, "epoch-2");
  offers = next_offers (fixture);
  g_assert_cmpuint (offers->len, ==, 1);
  for (guint i = 0; i < 3; i++) {
    g_object_unref (notes[i]);
  }
}

/* A page in which the server signed the deletion of what it had told. */
static void
feed_deletion (Fixture *fixture, gint64 seq, const char *id, const char *tag)
{
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);
  g_autofree char *scope = g_strdup_printf ("%s/note", fixture->centre);

  fyr_pull_page_add_granted (page, scope);
  fyr_pull_page_add_scope (page, scope, seq, seq);
  fyr_pull_page_add_signed_delete (page, seq, "note", id, 2, tag);
  apply (fixture, page);
}

/* After the rest, with the life of the server it was signed in; of one that was not signed nothing is said. */
static void
test_deletions_are_offered (Fixture *fixture, gconstpointer data)
{
  FyrRecord *notes[4];
  g_autoptr (GPtrArray) offers = NULL, none = NULL;
  FyrStoreOffer *last;

  make_notes (fixture, notes, 4);
  feed_signed (fixture, FYR_TEST_EPOCH, 1, notes, 4);
  feed_deletion (fixture, 5, fyr_record_get_id (notes[0]), "slettet");
  feed_deletion (fixture, 6, fyr_record_get_id (notes[1]), NULL);
  begin_epoch (fixture, "epoch-2");
  fyr_store_fixture_reopen (fixture);
  offers = next_offers (fixture);
  g_assert_cmpuint (offers->len, ==, 2);
  last = offers->pdata[1];
  g_assert_null (last->record);
  g_assert_cmpstr (last->id, ==, fyr_record_get_id (notes[0]));
  g_assert_cmpstr (last->kind, ==, "note");
  g_assert_cmpstr (last->tag, ==, "slettet");
  g_assert_cmpstr (last->epoch, ==, FYR_TEST_EPOCH);
  g_assert_cmpint (last->deleted, ==, 2);
  g_assert_cmpint (((FyrStoreOffer *)offers->pdata[0])->deleted, ==, 0);
  settle (fixture, offers, FALSE);
  none = next_offers (fixture);
  g_assert_cmpuint (none->len, ==, 0);
  for (guint i = 0; i < 4; i++) {
    g_object_unref (notes[i]);
  }
}

/* Not even ids are kept of what may not be had any more. */
static void
test_revoked_deletions_are_forgotten (Fixture *fixture, gconstpointer data)
{
  FyrRecord *notes[1];
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);
  g_autofree char *scope = g_strdup_printf ("%s/note", fixture->centre);
  g_autoptr (FyrConnection) connection = NULL;

  make_notes (fixture, notes, 1);
  feed_signed (fixture, FYR_TEST_EPOCH, 1, notes, 1);
  feed_deletion (fixture, 2, fyr_record_get_id (notes[0]), "slettet");
  fyr_pull_page_add_revoked (page, scope);
  apply (fixture, page);
  fyr_store_fixture_reopen (fixture);
  connection = fyr_store_fixture_look (fixture);
  g_assert_cmpint (fyr_test_scalar (connection, "SELECT count (*) FROM deletion"), ==, 0);
  g_object_unref (notes[0]);
}

/* What goes ahead is shown at once, takes no place in a feed, and is told once more without harm. */
static void
test_ahead_is_shown_and_moves_no_cursor (Fixture *fixture, gconstpointer data)
{
  FyrRecord *notes[1];
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);
  g_autoptr (FyrRecord) shown = NULL;

  make_notes (fixture, notes, 1);
  fyr_pull_page_add_ahead (page, notes[0]);
  apply (fixture, page);
  shown = fyr_test_get (fixture, &fyr_note_info, fyr_record_get_id (notes[0]));
  g_assert_true (fyr_record_equal (shown, notes[0]));
  feed_signed (fixture, FYR_TEST_EPOCH, 1, notes, 1);
  g_object_unref (notes[0]);
}

#define ADD(path, func)                                                                                      \
  g_test_add ("/store/" path, Fixture, NULL, fyr_store_fixture_set_up, func, fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("check/it goes round all kinds", test_goes_round_all_kinds);
  ADD ("check/what differs twice is fetched and replaced", test_mends_by_id);
  ADD ("check/what differs once is not damage", test_differs_once_is_not_damage);
  ADD ("check/a late answer tells nothing", test_late_answers_tell_nothing);
  ADD ("check/a server that contradicts itself is not asked for ever", test_contradiction_ends);
  ADD ("witness/what was signed and is missed is offered", test_offers_what_was_signed_and_is_missed);
  ADD ("witness/what may not be had any more is not offered", test_revoked_is_not_offered);
  ADD ("witness/own work on who was moved away goes with its answer",
       test_own_work_on_who_was_moved_away_goes_with_its_answer);
  ADD ("witness/own work goes with its answer when all access ended",
       test_own_work_goes_with_its_answer_when_all_access_ended);
  ADD ("witness/what was deleted is not offered", test_deleted_is_not_offered);
  ADD ("witness/deletions are offered after the rest", test_deletions_are_offered);
  ADD ("witness/deletions that may not be had any more are forgotten", test_revoked_deletions_are_forgotten);
  ADD ("ahead/it is shown at once and moves no cursor", test_ahead_is_shown_and_moves_no_cursor);
  return g_test_run ();
}
