/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-fault.h"
#include "fyr-outbox-private.h"
#include "fyr-store-asks.h"

/*
 * What is left behind goes in runs the server takes: of one author, of one numbering, dense, and no larger than a push
 * may be. One run after the other, all of it goes, each piece once and in order.
 */

typedef FyrStoreFixture Fixture;

#define MOST_ENTRIES 500
#define MOST_BYTES (768 * 1024)

static void
save_notes (Fixture *fixture, const char *author_id, guint n, gsize length)
{
  g_autofree char *text = g_strnfill (length, 'x');
  g_autoptr (GPtrArray) mutations = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrSaveReceipt) receipt = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++) {
    g_autoptr (FyrNote) note = fyr_test_note (fixture, text);

    fyr_note_set_author_id (note, author_id);
    g_ptr_array_add (mutations, fyr_mutation_new_create (FYR_RECORD (note), author_id));
  }
  result = FYR_AWAIT (fyr_store_save_async (fixture->store, mutations, FYR_SLOT));
  receipt = fyr_store_save_finish (fixture->store, result, &error);
  g_assert_no_error (error);
}

static FyrHandOver *
ask_next (Fixture *fixture, GError **error)
{
  g_autoptr (GPtrArray) not_of = g_ptr_array_new ();
  g_autoptr (GAsyncResult) result = NULL;

  g_ptr_array_add (not_of, fixture->nurse);
  result = FYR_AWAIT (fyr_store_next_hand_over_async (fixture->store, not_of, FYR_SLOT));
  return fyr_store_next_hand_over_finish (fixture->store, result, error);
}

static FyrHandOver *
next_run (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  FyrHandOver *found = ask_next (fixture, &error);

  g_assert_no_error (error);
  return found;
}

static gboolean
try_kept (Fixture *fixture, FyrHandOver *run, GError **error)
{
  g_autoptr (GArray) outcomes = g_array_new (FALSE, TRUE, sizeof (FyrPushOutcome));
  g_autoptr (GAsyncResult) result = NULL;

  for (guint i = 0; i < run->batch->entries->len; i++) {
    FyrPushOutcome outcome = { .number = run->batch->first + i,
                               .kind = FYR_OUTCOME_KIND_REFUSED,
                               .code = "kept" };

    g_array_append_val (outcomes, outcome);
  }
  result = FYR_AWAIT (fyr_store_note_handed_over_async (
      fixture->store, run, (const FyrPushOutcome *)(gpointer)outcomes->data, outcomes->len, FYR_SLOT));
  return fyr_store_note_handed_over_finish (fixture->store, result, error);
}

static void
note_kept (Fixture *fixture, FyrHandOver *run)
{
  g_autoptr (GError) error = NULL;

  try_kept (fixture, run, &error);
  g_assert_no_error (error);
}

/* Whole as a push: dense numbers, a chain of hashes that begins where the former ended, within the limits. */
static void
assert_whole (FyrHandOver *run)
{
  const char *previous = run->batch->previous_hash;
  gsize bytes = 0;

  g_assert_cmpuint (run->batch->entries->len, >, 0);
  g_assert_cmpuint (run->batch->entries->len, <=, MOST_ENTRIES);
  for (guint i = 0; i < run->batch->entries->len; i++) {
    FyrOutboxEntry *entry = run->batch->entries->pdata[i];

    g_assert_cmpint (fyr_outbox_entry_get_number (entry), ==, run->batch->first + i);
    g_assert_cmpstr (fyr_outbox_entry_get_previous_hash (entry), ==, previous);
    g_assert_cmpstr (fyr_outbox_entry_get_author_id (entry), ==, run->author_id);
    previous = fyr_outbox_entry_get_hash (entry);
    bytes += strlen (fyr_outbox_entry_get_payload (entry));
  }
  g_assert_true (bytes <= MOST_BYTES || run->batch->entries->len == 1);
}

/* Takes everything away. Returns how many runs it took. */
static guint
hand_over_all (Fixture *fixture, guint n_expected)
{
  guint runs = 0;
  guint n = 0;

  for (;; runs++) {
    g_autoptr (FyrHandOver) run = next_run (fixture);

    if (run->author_id == NULL) {
      break;
    }
    assert_whole (run);
    n += run->batch->entries->len;
    note_kept (fixture, run);
  }
  g_assert_cmpuint (n, ==, n_expected);
  return runs;
}

static void
test_at_most_500_go_at_once (Fixture *fixture, gconstpointer data)
{
  const struct {
    guint n;
    guint runs;
  } cases[] = { { MOST_ENTRIES, 1 }, { MOST_ENTRIES + 1, 2 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    save_notes (fixture, fixture->other, cases[i].n, 5);
    g_assert_cmpuint (hand_over_all (fixture, cases[i].n), ==, cases[i].runs);
  }
}

static void
test_no_more_goes_at_once_than_a_push_may_carry (Fixture *fixture, gconstpointer data)
{
  save_notes (fixture, fixture->other, 250, 7900);
  g_assert_cmpuint (hand_over_all (fixture, 250), ==, 3);
}

/* Each author's by itself, whoever wrote first. */
static void
test_authors_are_not_mixed (Fixture *fixture, gconstpointer data)
{
  char third[37];

  fyr_test_new_id (third);
  for (guint i = 0; i < 3; i++) {
    save_notes (fixture, fixture->other, 1, 5);
    save_notes (fixture, third, 2, 5);
    save_notes (fixture, fixture->nurse, 1, 5);
  }
  g_assert_cmpuint (hand_over_all (fixture, 9), ==, 2);
}

/* A copied machine numbers anew: old and new numbers are never in one run. */
static void
test_numberings_are_not_mixed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrHandOver) first = NULL;
  g_autoptr (FyrHandOver) second = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  save_notes (fixture, fixture->other, 2, 5);
  first = next_run (fixture);
  result = FYR_AWAIT (fyr_store_fork_push_async (fixture->store, fixture->other, NULL, FALSE, FYR_SLOT));
  g_assert_true (fyr_store_fork_push_finish (fixture->store, result, NULL));
  save_notes (fixture, fixture->other, 1, 5);
  second = next_run (fixture);
  assert_whole (second);
  g_assert_cmpstr (second->batch->incarnation, !=, first->batch->incarnation);
  g_assert_cmpint (second->batch->first, ==, 1);
  g_assert_cmpuint (hand_over_all (fixture, 3), ==, 1);
}

/* The answer was lost: the same run again, and noted twice it is noted once. */
static void
test_asked_again_it_is_the_same_run (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrHandOver) first = NULL;
  g_autoptr (FyrHandOver) again = NULL;
  g_autoptr (GPtrArray) kept = NULL;

  save_notes (fixture, fixture->other, 3, 5);
  first = next_run (fixture);
  fyr_store_fixture_reopen (fixture);
  again = next_run (fixture);
  g_assert_cmpstr (again->batch->incarnation, ==, first->batch->incarnation);
  g_assert_cmpint (again->batch->first, ==, first->batch->first);
  g_assert_cmpuint (again->batch->entries->len, ==, 3);
  note_kept (fixture, first);
  note_kept (fixture, again);
  kept = fyr_test_outbox (fixture, 1u << FYR_OUTBOX_HANDED_OVER);
  g_assert_cmpuint (kept->len, ==, 3);
}

/* Saved while the run was under way: it stays for the next one. */
static void
test_what_came_later_is_not_taken_along (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrHandOver) run = NULL;

  save_notes (fixture, fixture->other, 2, 5);
  run = next_run (fixture);
  save_notes (fixture, fixture->other, 2, 5);
  note_kept (fixture, run);
  g_assert_cmpuint (hand_over_all (fixture, 2), ==, 1);
}

static guint
count_waiting (Fixture *fixture)
{
  g_autoptr (GPtrArray) waiting = fyr_test_outbox (fixture, 1u << FYR_OUTBOX_WAITING);

  return waiting->len;
}

/* The disk or memory fails at each call in turn: the whole run is noted or none of it, and it can be noted again. */
static void
fail_each_note (Fixture *fixture, gboolean memory)
{
  gboolean struck = TRUE;

  for (int n = 1; struck; n++) {
    g_autoptr (FyrHandOver) run = NULL;
    g_autoptr (GError) error = NULL;
    gboolean done;

    save_notes (fixture, fixture->other, 3, 5);
    run = next_run (fixture);
    g_assert_cmpint (n, <, 2000);
    if (memory) {
      fyr_fault_arm_memory (n * 7, FALSE);
    } else {
      fyr_fault_arm_io (FYR_FAULT_ONCE, n);
    }
    done = try_kept (fixture, run, &error);
    struck = fyr_fault_disarm ();
    g_assert_true (done == (error == NULL));
    if (count_waiting (fixture) != 0) {
      g_assert_cmpuint (count_waiting (fixture), ==, 3);
      g_assert_false (done);
      note_kept (fixture, run);
    }
    g_assert_cmpuint (count_waiting (fixture), ==, 0);
  }
}

static void
test_a_run_is_noted_whole (Fixture *fixture, gconstpointer data)
{
  fail_each_note (fixture, FALSE);
  fail_each_note (fixture, TRUE);
}

/* Without memory there is an error, never a run with a hole. */
static void
test_without_memory_no_run_has_a_hole (Fixture *fixture, gconstpointer data)
{
  gboolean struck = TRUE;

  save_notes (fixture, fixture->other, 3, 5);
  for (int n = 1; struck; n += 3) {
    g_autoptr (FyrHandOver) run = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_cmpint (n, <, 5000);
    fyr_store_fixture_reopen (fixture);
    fyr_fault_arm_memory (n, FALSE);
    run = ask_next (fixture, &error);
    struck = fyr_fault_disarm ();
    g_assert_true ((run == NULL) == (error != NULL));
    if (run != NULL) {
      g_assert_cmpstr (run->author_id, ==, fixture->other);
      assert_whole (run);
      g_assert_cmpuint (run->batch->entries->len, ==, 3);
    }
  }
}

#define ADD(name)                                                                                            \
  g_test_add ("/store/hand-over-runs/" #name, Fixture, NULL, fyr_store_fixture_set_up, test_##name,          \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_fault_install ();
  ADD (at_most_500_go_at_once);
  ADD (no_more_goes_at_once_than_a_push_may_carry);
  ADD (authors_are_not_mixed);
  ADD (numberings_are_not_mixed);
  ADD (asked_again_it_is_the_same_run);
  ADD (what_came_later_is_not_taken_along);
  ADD (a_run_is_noted_whole);
  ADD (without_memory_no_run_has_a_hole);
  return g_test_run ();
}
