/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-store-fixture.h"

/*
 * Work that the server answered before this database went on under another incarnation (it was copied, or put together
 * from a damaged one). A server that is restored may not have it any more.
 */

typedef FyrStoreFixture Fixture;

static void
save_note (Fixture *fixture, const char *text)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, text);

  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
}

static void
deliver_note (Fixture *fixture, const char *text, gint64 number)
{
  save_note (fixture, text);
  g_assert_true (fyr_test_answer (fixture, number, FYR_OUTCOME_KIND_APPLIED, 1));
}

static void
go_on_anew (Fixture *fixture, const char *incarnation, gboolean doubtful)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_fork_push_async (fixture->store, fixture->nurse, incarnation, doubtful, FYR_SLOT));

  g_assert_true (fyr_store_fork_push_finish (fixture->store, result, NULL));
}

static void
begin_epoch (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_begin_epoch_async (fixture->store, "epoch-2", FYR_SLOT));

  g_assert_true (fyr_store_begin_epoch_finish (fixture->store, result, NULL));
}

/* The next batch is of @incarnation (NULL: of another one) and holds these notes from @first on. */
static void
assert_next (
    Fixture *fixture, const char *incarnation, gboolean present, gint64 first, const char *const *texts)
{
  g_autoptr (FyrPushBatch) batch = fyr_test_push (fixture, fixture->nurse);

  g_assert_cmpint (batch->present, ==, present);
  g_assert_cmpint (batch->first, ==, first);
  g_assert_cmpuint (batch->entries->len, ==, g_strv_length ((char **)texts));
  if (incarnation != NULL) {
    g_assert_cmpstr (batch->incarnation, ==, incarnation);
  }
  for (guint i = 0; i < batch->entries->len; i++) {
    const char *payload = fyr_outbox_entry_get_payload (batch->entries->pdata[i]);

    g_assert_nonnull (strstr (payload, texts[i]));
  }
}

/* Two notes are answered, and a third is numbered anew. Returns: (transfer full): the incarnation of the two */
static char *
fork_after_two (Fixture *fixture, gboolean doubtful)
{
  g_autoptr (FyrPushBatch) batch = NULL;

  deliver_note (fixture, "Den første", 1);
  deliver_note (fixture, "Den andre", 2);
  save_note (fixture, "Den tredje");
  batch = fyr_test_push (fixture, fixture->nurse);
  go_on_anew (fixture, batch->incarnation, doubtful);
  return g_strdup (batch->incarnation);
}

static void
test_stays_answered_in_the_same_life (Fixture *fixture, gconstpointer data)
{
  g_autofree char *former = fork_after_two (fixture, FALSE);

  assert_next (fixture, NULL, TRUE, 1, (const char *const[]){ "Den tredje", NULL });
}

static void
test_is_sent_again_to_a_restored_server (Fixture *fixture, gconstpointer data)
{
  g_autofree char *former = fork_after_two (fixture, FALSE);

  begin_epoch (fixture);
  fyr_store_fixture_reopen (fixture);
  assert_next (fixture, former, FALSE, 1, (const char *const[]){ "Den første", "Den andre", NULL });
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 1));
  g_assert_true (fyr_test_answer (fixture, 2, FYR_OUTCOME_KIND_APPLIED, 1));
  assert_next (fixture, NULL, TRUE, 1, (const char *const[]){ "Den tredje", NULL });
}

/* The server began a new life and has not said yet what it has of the numbers before. */
static void
test_is_sent_again_when_the_fork_came_first (Fixture *fixture, gconstpointer data)
{
  g_autofree char *former = fork_after_two (fixture, TRUE);

  assert_next (fixture, former, FALSE, 1, (const char *const[]){ "Den første", "Den andre", NULL });
}

/* A colleague may have deleted or changed long ago what the answer that is repeated is about. */
static void
test_shows_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "Slettet siden");
  const char *id = fyr_record_get_id (FYR_RECORD (note));
  g_autoptr (FyrPushBatch) batch = NULL;

  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 1));
  go_on_anew (fixture, NULL, FALSE);
  begin_epoch (fixture);
  batch = fyr_test_push (fixture, fixture->nurse);
  g_assert_cmpuint (batch->entries->len, ==, 1);
  g_assert_null (fyr_test_get (fixture, &fyr_note_info, id));
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 1));
  g_assert_null (fyr_test_get (fixture, &fyr_note_info, id));
}

/* At number 2 it has what the machine sent that this one is a copy of. */
static void
test_moves_on_where_another_machine_has_its_number (Fixture *fixture, gconstpointer data)
{
  g_autofree char *former = fork_after_two (fixture, TRUE);

  assert_next (fixture, former, FALSE, 1, (const char *const[]){ "Den første", "Den andre", NULL });
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 1));
  go_on_anew (fixture, former, TRUE);
  assert_next (fixture, NULL, TRUE, 1, (const char *const[]){ "Den tredje", "Den andre", NULL });
}

/* What was forgotten after its 45 days leaves a hole; the rest is sent as far as the numbers are dense. */
static void
test_goes_in_runs (Fixture *fixture, gconstpointer data)
{
  g_autofree char *former = fork_after_two (fixture, FALSE);

  fyr_store_fixture_change (fixture, "DELETE FROM outbox WHERE number = 1 AND open = 0");
  fyr_store_fixture_reopen (fixture);
  begin_epoch (fixture);
  assert_next (fixture, former, FALSE, 2, (const char *const[]){ "Den andre", NULL });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                                      \
  g_test_add ("/store/former-streams/" name, Fixture, NULL, fyr_store_fixture_set_up, func,                  \
              fyr_store_fixture_tear_down)
  ADD ("answered-work-stays-answered-in-the-same-life", test_stays_answered_in_the_same_life);
  ADD ("it-is-sent-again-to-a-restored-server", test_is_sent_again_to_a_restored_server);
  ADD ("it-is-sent-again-when-the-fork-came-first", test_is_sent_again_when_the_fork_came_first);
  ADD ("it-moves-on-where-another-machine-has-its-number",
       test_moves_on_where_another_machine_has_its_number);
  ADD ("it-goes-in-runs", test_goes_in_runs);
  ADD ("it-shows-nothing-of-what-came-after", test_shows_nothing);
#undef ADD
  return g_test_run ();
}
