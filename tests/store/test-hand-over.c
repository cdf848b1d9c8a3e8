/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one user left behind on this machine, what the server says became of it, and what was removed from here. */
#include "fyr-store-fixture.h"

typedef FyrStoreFixture Fixture;

static gint64
save_note (Fixture *fixture, const char *author_id, const char *text)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, text);

  fyr_note_set_author_id (note, author_id);
  return fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), author_id));
}

/* Of all but these users; NULL ends the list. */
static FyrHandOver *
next_but (Fixture *fixture, const char *first, const char *second)
{
  g_autoptr (GPtrArray) not_of = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  FyrHandOver *found;

  g_ptr_array_add (not_of, g_strdup (first));
  if (second != NULL) {
    g_ptr_array_add (not_of, g_strdup (second));
  }
  result = FYR_AWAIT (fyr_store_next_hand_over_async (fixture->store, not_of, FYR_SLOT));
  found = fyr_store_next_hand_over_finish (fixture->store, result, &error);
  g_assert_no_error (error);
  return found;
}

static void
note_answer (Fixture *fixture, FyrHandOver *found, FyrOutcomeKind kind)
{
  g_autoptr (GArray) outcomes = g_array_new (FALSE, TRUE, sizeof (FyrPushOutcome));
  g_autoptr (GAsyncResult) result = NULL;

  for (guint i = 0; i < found->batch->entries->len; i++) {
    FyrPushOutcome outcome = { .number = found->batch->first + i, .kind = kind, .code = "kept" };

    g_array_append_val (outcomes, outcome);
  }
  result = FYR_AWAIT (fyr_store_note_handed_over_async (
      fixture->store, found, (const FyrPushOutcome *)(gpointer)outcomes->data, outcomes->len, FYR_SLOT));
  g_assert_true (fyr_store_note_handed_over_finish (fixture->store, result, NULL));
}

static guint
count_shown (Fixture *fixture, const FyrRecordInfo *info)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_records_async (fixture->store, info->kind, NULL, NULL, FYR_SLOT));
  g_autoptr (GPtrArray) all = fyr_store_list_records_finish (fixture->store, result, NULL);

  return all->len;
}

static guint
count_state (Fixture *fixture, FyrOutboxState state)
{
  g_autoptr (GPtrArray) entries = fyr_test_outbox (fixture, 1u << state);

  return entries->len;
}

static void
test_ones_own_work_is_not_handed_over (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrHandOver) found = NULL;

  save_note (fixture, fixture->nurse, "Egen");
  found = next_but (fixture, fixture->nurse, NULL);
  g_assert_null (found->author_id);
  g_assert_null (found->batch);
}

/* As it was sealed: the same incarnation, numbers, hashes. */
static void
test_anothers_work_goes_as_it_was_sealed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPushBatch) own = NULL;
  g_autoptr (FyrHandOver) found = NULL;

  save_note (fixture, fixture->other, "En");
  save_note (fixture, fixture->other, "To");
  save_note (fixture, fixture->nurse, "Egen");
  own = fyr_test_push (fixture, fixture->other);
  found = next_but (fixture, fixture->nurse, NULL);
  g_assert_cmpstr (found->author_id, ==, fixture->other);
  g_assert_cmpstr (found->batch->incarnation, ==, own->incarnation);
  g_assert_cmpstr (found->batch->device, ==, own->device);
  g_assert_cmpint (found->batch->first, ==, 1);
  g_assert_cmpstr (found->batch->previous_hash, ==, own->previous_hash);
  g_assert_cmpuint (found->batch->entries->len, ==, 2);
  for (guint i = 0; i < 2; i++) {
    g_assert_cmpstr (fyr_outbox_entry_get_hash (found->batch->entries->pdata[i]), ==,
                     fyr_outbox_entry_get_hash (own->entries->pdata[i]));
  }
}

/* Once it is at the server nothing of it is shown or counted here; it is not offered again. */
static void
test_handed_over_it_waits_no_longer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrHandOver) found = NULL;
  g_autoptr (FyrHandOver) rest = NULL;

  save_note (fixture, fixture->other, "En");
  save_note (fixture, fixture->other, "To");
  g_assert_cmpuint (count_shown (fixture, &fyr_note_info), ==, 2);
  found = next_but (fixture, fixture->nurse, NULL);
  note_answer (fixture, found, FYR_OUTCOME_KIND_REFUSED);
  g_assert_cmpuint (count_state (fixture, FYR_OUTBOX_HANDED_OVER), ==, 2);
  g_assert_cmpuint (count_shown (fixture, &fyr_note_info), ==, 0);
  rest = next_but (fixture, fixture->nurse, NULL);
  g_assert_null (rest->author_id);
  fyr_store_fixture_reopen (fixture);
  g_assert_cmpuint (count_state (fixture, FYR_OUTBOX_HANDED_OVER), ==, 2);
}

/* The answer to her own push was lost: the server has it already. */
static void
test_what_was_applied_before_is_delivered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrHandOver) found = NULL;

  save_note (fixture, fixture->other, "En");
  found = next_but (fixture, fixture->nurse, NULL);
  note_answer (fixture, found, FYR_OUTCOME_KIND_APPLIED);
  g_assert_cmpuint (count_state (fixture, FYR_OUTBOX_DELIVERED), ==, 1);
  g_assert_cmpuint (count_state (fixture, FYR_OUTBOX_HANDED_OVER), ==, 0);
}

/* What waits for a decision of hers goes along, in runs whose numbers are dense. */
static void
test_what_she_should_decide_goes_along (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrHandOver) first = NULL;
  g_autoptr (FyrHandOver) second = NULL;

  for (guint i = 0; i < 3; i++) {
    save_note (fixture, fixture->nurse, "Hennes");
  }
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  g_assert_true (fyr_test_answer (fixture, 2, FYR_OUTCOME_KIND_APPLIED, 1));
  first = next_but (fixture, fixture->other, NULL);
  g_assert_cmpint (first->batch->first, ==, 1);
  g_assert_cmpuint (first->batch->entries->len, ==, 1);
  note_answer (fixture, first, FYR_OUTCOME_KIND_REFUSED);
  second = next_but (fixture, fixture->other, NULL);
  g_assert_cmpint (second->batch->first, ==, 3);
  g_assert_cmpuint (second->batch->entries->len, ==, 1);
  g_assert_cmpstr (second->batch->previous_hash, !=, first->batch->previous_hash);
}

static void
test_those_who_can_deliver_are_left_out (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrHandOver) found = NULL;
  char third[37];

  fyr_test_new_id (third);
  save_note (fixture, fixture->other, "En");
  save_note (fixture, third, "To");
  found = next_but (fixture, fixture->nurse, fixture->other);
  g_assert_cmpstr (found->author_id, ==, third);
}

/* A page that says what became of the nurse's work with a number. */
static void
tell_settled (Fixture *fixture, gint64 seq, gint64 number, gboolean taken)
{
  g_autoptr (FyrPullPage) page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);
  g_autoptr (FyrPushBatch) batch = fyr_test_push (fixture, fixture->nurse);
  g_autoptr (GAsyncResult) result = NULL;
  FyrPageSettlement settlement = { .seq = seq,
                                   .number = number,
                                   .taken = taken,
                                   .version = taken ? 1 : 0,
                                   .code = taken ? NULL : (char *)"discarded",
                                   .text = taken ? NULL : (char *)"Står på papir" };

  g_strlcpy (settlement.incarnation, batch->incarnation, sizeof settlement.incarnation);
  fyr_pull_page_add_settlement (page, fixture->nurse, &settlement);
  result = FYR_AWAIT (fyr_store_apply_pull_async (fixture->store, page, FYR_SLOT));
  g_assert_true (fyr_store_apply_pull_finish (fixture->store, result, NULL));
}

static gint64
last_settled (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_get_identity_async (fixture->store, FYR_SLOT));
  g_autoptr (FyrStoreIdentity) identity = fyr_store_get_identity_finish (fixture->store, result, NULL);
  gint64 *seq = g_hash_table_lookup (identity->settled, fixture->nurse);

  return seq != NULL ? *seq : 0;
}

static void
test_a_settlement_is_told_once_and_remembered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) refused = NULL;

  save_note (fixture, fixture->nurse, "En");
  save_note (fixture, fixture->nurse, "To");
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  g_assert_true (fyr_test_answer (fixture, 2, FYR_OUTCOME_KIND_REFUSED, 0));
  tell_settled (fixture, 7, 1, TRUE);
  g_assert_cmpuint (count_state (fixture, FYR_OUTBOX_DELIVERED), ==, 1);
  tell_settled (fixture, 9, 2, FALSE);
  refused = fyr_test_outbox (fixture, 1u << FYR_OUTBOX_REFUSED);
  g_assert_cmpuint (refused->len, ==, 1);
  g_assert_cmpstr (fyr_outbox_entry_get_code (refused->pdata[0]), ==, "discarded");
  g_assert_cmpstr (fyr_outbox_entry_get_text (refused->pdata[0]), ==, "Står på papir");
  fyr_store_fixture_reopen (fixture);
  g_assert_cmpint (last_settled (fixture), ==, 9);
}

/* What she dropped stays dropped when it was not taken in; when it was, it is delivered after all. */
static void
test_what_she_gave_up_herself (Fixture *fixture, gconstpointer data)
{
  gint64 keys[2];

  for (guint i = 0; i < 2; i++) {
    g_autoptr (GAsyncResult) result = NULL;

    keys[i] = save_note (fixture, fixture->nurse, "En");
    g_assert_true (fyr_test_answer (fixture, i + 1, FYR_OUTCOME_KIND_REFUSED, 0));
    result = FYR_AWAIT (fyr_store_discard_async (fixture->store, keys[i], FYR_SLOT));
    g_assert_true (fyr_store_discard_finish (fixture->store, result, NULL));
  }
  tell_settled (fixture, 1, 1, FALSE);
  g_assert_cmpuint (count_state (fixture, FYR_OUTBOX_DISCARDED), ==, 2);
  tell_settled (fixture, 2, 2, TRUE);
  g_assert_cmpuint (count_state (fixture, FYR_OUTBOX_DISCARDED), ==, 1);
  g_assert_cmpuint (count_state (fixture, FYR_OUTBOX_DELIVERED), ==, 1);
}

/* Removed feeds */

static GPtrArray *
list_removed (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_list_removed_async (fixture->store, FYR_SLOT));
  g_autoptr (GError) error = NULL;
  GPtrArray *removed = fyr_store_list_removed_finish (fixture->store, result, &error);

  g_assert_no_error (error);
  return removed;
}

/* A page with one feed granted, revoked or said to be known as removed (each nullable). */
static void
apply_page (Fixture *fixture, const char *granted, const char *revoked, const char *confirmed)
{
  g_autoptr (FyrPullPage) page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);
  g_autoptr (GAsyncResult) result = NULL;

  if (granted != NULL) {
    fyr_pull_page_add_granted (page, granted);
  }
  if (revoked != NULL) {
    fyr_pull_page_add_revoked (page, revoked);
  }
  if (confirmed != NULL) {
    fyr_pull_page_add_confirmed (page, confirmed);
  }
  result = FYR_AWAIT (fyr_store_apply_pull_async (fixture->store, page, FYR_SLOT));
  g_assert_true (fyr_store_apply_pull_finish (fixture->store, result, NULL));
}

static void
assert_removed (Fixture *fixture, guint n)
{
  g_autoptr (GPtrArray) removed = list_removed (fixture);

  g_assert_cmpuint (removed->len, ==, n);
}

static void
test_a_removal_is_remembered_until_it_was_told (Fixture *fixture, gconstpointer data)
{
  g_autofree char *scope = g_strdup_printf ("%s/note", fixture->centre);

  fyr_test_feed (fixture, fyr_test_note (fixture, "Hemmelig"), 1);
  assert_removed (fixture, 0);
  apply_page (fixture, NULL, scope, NULL);
  assert_removed (fixture, 1);
  fyr_store_fixture_reopen (fixture);
  assert_removed (fixture, 1);
  apply_page (fixture, NULL, NULL, scope);
  assert_removed (fixture, 0);
}

/* What is granted anew may hold something again: it is not said to be removed. */
static void
test_what_is_granted_again_is_not_removed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *scope = g_strdup_printf ("%s/note", fixture->centre);

  apply_page (fixture, scope, NULL, NULL);
  apply_page (fixture, NULL, scope, NULL);
  apply_page (fixture, scope, NULL, NULL);
  assert_removed (fixture, 0);
}

/* A new life of the server begins with everything removed. */
static void
test_a_new_epoch_removes_every_feed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *scope = g_strdup_printf ("%s/note", fixture->centre);
  g_autoptr (GAsyncResult) result = NULL;

  apply_page (fixture, scope, NULL, NULL);
  result = FYR_AWAIT (fyr_store_begin_epoch_async (fixture->store, "another-2", FYR_SLOT));
  g_assert_true (fyr_store_begin_epoch_finish (fixture->store, result, NULL));
  assert_removed (fixture, 1);
}

#define ADD(name)                                                                                            \
  g_test_add ("/store/hand-over/" #name, Fixture, NULL, fyr_store_fixture_set_up, test_##name,               \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (ones_own_work_is_not_handed_over);
  ADD (anothers_work_goes_as_it_was_sealed);
  ADD (handed_over_it_waits_no_longer);
  ADD (what_was_applied_before_is_delivered);
  ADD (what_she_should_decide_goes_along);
  ADD (those_who_can_deliver_are_left_out);
  ADD (a_settlement_is_told_once_and_remembered);
  ADD (what_she_gave_up_herself);
  ADD (a_removal_is_remembered_until_it_was_told);
  ADD (what_is_granted_again_is_not_removed);
  ADD (a_new_epoch_removes_every_feed);
  return g_test_run ();
}
