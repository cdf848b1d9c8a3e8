/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-fault.h"
#include "fyr-store-fixture.h"

/*
 * Every call that writes, with every file call and every allocation under it failing in turn: all of it or nothing,
 * the error named, and the store works on.
 */

typedef FyrStoreFixture Fixture;

typedef struct {
  const char *name;
  gboolean (*run) (Fixture *fixture, GError **error);
} Step;

static FyrPullPage *
make_page (Fixture *fixture, gint64 from, guint n)
{
  g_autofree char *scope = g_strdup_printf ("%s/note", fixture->centre);
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);

  fyr_pull_page_add_scope (page, scope, from, from + n - 1);
  for (guint i = 0; i < n; i++) {
    g_autoptr (FyrNote) note = fyr_test_note (fixture, "from the server");

    fyr_pull_page_add_put (page, from + i, FYR_RECORD (note));
  }
  return page;
}

static gint64
get_cursor (Fixture *fixture)
{
  g_autofree char *scope = g_strdup_printf ("%s/note", fixture->centre);
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_get_identity_async (fixture->store, FYR_SLOT));
  g_autoptr (FyrStoreIdentity) identity = fyr_store_get_identity_finish (fixture->store, result, NULL);
  gint64 *cursor = g_hash_table_lookup (identity->cursors, scope);

  return cursor != NULL ? *cursor : 0;
}

static guint
count_kind (Fixture *fixture, const char *kind)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_records_async (fixture->store, kind, NULL, NULL, FYR_SLOT));
  g_autoptr (GPtrArray) records = fyr_store_list_records_finish (fixture->store, result, NULL);

  return records->len;
}

static gboolean
run_pull (Fixture *fixture, GError **error)
{
  g_autoptr (FyrPullPage) page = make_page (fixture, fixture->seq[0] + 1, 5);
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_apply_pull_async (fixture->store, page, FYR_SLOT));

  return fyr_store_apply_pull_finish (fixture->store, result, error);
}

/* Fails the n-th call for every n; @memory: allocations instead of file calls. */
static void
fail_each_pull (Fixture *fixture, FyrFaultKind kind, gboolean memory)
{
  gboolean struck = TRUE;

  for (int n = 1; struck; n++) {
    g_autoptr (GError) error = NULL;
    gint64 before = get_cursor (fixture);
    guint notes = count_kind (fixture, "note");
    gboolean applied;
    gint64 after;

    g_assert_cmpint (n, <, 5000);
    fixture->seq[0] = before;
    if (memory) {
      fyr_fault_arm_memory (n, kind == FYR_FAULT_FOREVER);
    } else {
      fyr_fault_arm_io (kind, n);
    }
    applied = run_pull (fixture, &error);
    struck = fyr_fault_disarm ();
    after = get_cursor (fixture);
    g_assert_true (applied || error != NULL);
    g_assert_true (after == before || after == before + 5);
    g_assert_true (!applied || after == before + 5);
    g_assert_cmpuint (count_kind (fixture, "note") - notes, ==, after - before);
  }
}

static void
test_pages_and_cursors_go_together (Fixture *fixture, gconstpointer data)
{
  fail_each_pull (fixture, FYR_FAULT_ONCE, FALSE);
  fail_each_pull (fixture, FYR_FAULT_FULL, FALSE);
  fail_each_pull (fixture, FYR_FAULT_SYNC, FALSE);
}

static void
test_pages_without_memory (Fixture *fixture, gconstpointer data)
{
  fail_each_pull (fixture, FYR_FAULT_ONCE, TRUE);
}

/* What may be seen of one entry and its record: the answer counts for both or for neither. */
static void
assert_answer_whole (Fixture *fixture, const char *note_id)
{
  g_autoptr (GPtrArray) outbox = fyr_test_outbox (fixture, G_MAXUINT);
  g_autoptr (FyrRecord) note = fyr_test_get (fixture, &fyr_note_info, note_id);
  FyrOutboxState state = fyr_outbox_entry_get_state (outbox->pdata[0]);

  g_assert_true (state == FYR_OUTBOX_SENT || state == FYR_OUTBOX_WAITING || state == FYR_OUTBOX_REFUSED);
  g_assert_true ((note == NULL) == (state == FYR_OUTBOX_REFUSED));
}

static void
test_answers_count_whole (Fixture *fixture, gconstpointer data)
{
  gboolean struck = TRUE;

  for (int n = 1; struck; n++) {
    g_autoptr (FyrNote) note = fyr_test_note (fixture, "n");
    const FyrPushOutcome outcome = { n, FYR_OUTCOME_KIND_REFUSED, 0, "invalid", "No", NULL };
    g_autoptr (FyrPushBatch) batch = NULL;
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GAsyncResult) again = NULL;
    gboolean applied;

    g_assert_cmpint (n, <, 200);
    fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
    batch = fyr_test_push (fixture, fixture->nurse);
    fyr_fault_arm_io (FYR_FAULT_ONCE, n);
    result = FYR_AWAIT (fyr_store_apply_outcomes_async (fixture->store, fixture->nurse, batch->incarnation,
                                                        &outcome, 1, FYR_TEST_NOW, FYR_SLOT));
    applied = fyr_store_apply_outcomes_finish (fixture->store, result, NULL);
    struck = fyr_fault_disarm ();
    assert_answer_whole (fixture, fyr_record_get_id (FYR_RECORD (note)));
    if (!applied) {
      again = FYR_AWAIT (fyr_store_apply_outcomes_async (fixture->store, fixture->nurse, batch->incarnation,
                                                         &outcome, 1, FYR_TEST_NOW, FYR_SLOT));
      g_assert_true (fyr_store_apply_outcomes_finish (fixture->store, again, NULL));
    }
    g_assert_null (fyr_test_get (fixture, &fyr_note_info, fyr_record_get_id (FYR_RECORD (note))));
  }
}

static gboolean
run_fork (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_fork_push_async (fixture->store, fixture->nurse, NULL, FALSE, FYR_SLOT));

  return fyr_store_fork_push_finish (fixture->store, result, error);
}

static gboolean
run_epoch (Fixture *fixture, GError **error)
{
  g_autofree char *epoch = g_strdup_printf ("epoch-%u", g_random_int ());
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_begin_epoch_async (fixture->store, epoch, FYR_SLOT));

  return fyr_store_begin_epoch_finish (fixture->store, result, error);
}

static gboolean
run_rewind (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_rewind_push_async (fixture->store, fixture->nurse, NULL, 1, FYR_SLOT));

  return fyr_store_rewind_push_finish (fixture->store, result, error);
}

/* The chain must stand after whatever went wrong: numbers dense from 1, each hash over the former. */
static void
assert_chain (Fixture *fixture, guint n_entries)
{
  g_autoptr (FyrPushBatch) batch = fyr_test_push (fixture, fixture->nurse);
  const char *former = batch->previous_hash;

  g_assert_cmpuint (batch->entries->len, ==, n_entries);
  for (guint i = 0; i < batch->entries->len; i++) {
    g_autoptr (JsonObject) object = fyr_outbox_entry_to_json (batch->entries->pdata[i]);

    g_assert_cmpint (json_object_get_int_member (object, "number"), ==, batch->first + i);
    g_assert_cmpstr (json_object_get_string_member (object, "hash"), !=, former);
    former = fyr_outbox_entry_get_hash (batch->entries->pdata[i]);
  }
}

static void
test_repairs_are_whole (Fixture *fixture, gconstpointer data)
{
  const Step steps[] = { { "fork", run_fork }, { "rewind", run_rewind }, { "epoch", run_epoch } };

  for (int i = 0; i < 3; i++) {
    g_autoptr (FyrNote) note = fyr_test_note (fixture, "n");

    fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  }
  g_assert_true (run_pull (fixture, NULL));
  for (gsize s = 0; s < G_N_ELEMENTS (steps); s++) {
    gboolean struck = TRUE;

    for (int n = 1; struck; n++) {
      g_autoptr (GError) error = NULL;
      gboolean done;

      g_assert_cmpint (n, <, 300);
      fyr_fault_arm_io (n % 2 == 0 ? FYR_FAULT_FULL : FYR_FAULT_ONCE, n);
      done = steps[s].run (fixture, &error);
      struck = fyr_fault_disarm ();
      g_assert_true (done || error != NULL);
      assert_chain (fixture, 3);
      g_assert_cmpuint (count_kind (fixture, "note"), >=, 3);
    }
  }
}

static void
test_opening_without_memory_or_disk (Fixture *fixture, gconstpointer data)
{
  for (int memory = 0; memory <= 1; memory++) {
    gboolean struck = TRUE;

    for (int n = 1; struck; n += memory ? 7 : 1) {
      g_autoptr (GError) error = NULL;
      FyrStore *store;

      g_assert_cmpint (n, <, 8000);
      g_clear_pointer (&fixture->store, fyr_test_close_store);
      if (memory) {
        fyr_fault_arm_memory (n, TRUE);
      } else {
        fyr_fault_arm_io (FYR_FAULT_FOREVER, n);
      }
      store = fyr_test_open_store (fixture->path, &error);
      struck = fyr_fault_disarm ();
      g_assert_true ((store != NULL) != (error != NULL));
      g_clear_pointer (&store, fyr_test_close_store);
      fixture->store = fyr_test_open_store (fixture->path, NULL);
      g_assert_nonnull (fixture->store);
    }
  }
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/faults/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                      \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_fault_install ();
  ADD ("pages-and-cursors-go-together", test_pages_and_cursors_go_together);
  ADD ("pages-without-memory", test_pages_without_memory);
  ADD ("answers-count-whole", test_answers_count_whole);
  ADD ("repairs-are-whole", test_repairs_are_whole);
  ADD ("opening-without-memory-or-disk", test_opening_without_memory_or_disk);
  return g_test_run ();
}
