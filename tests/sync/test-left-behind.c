/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-db-fixture.h"
#include "fyr-store-private.h"
#include "fyr-test-world.h"

/*
 * What a user had not delivered when she lost access: it reaches the server's quarantine, by herself or by who signs
 * in at her machine next, and what is decided there reaches her.
 */

typedef struct {
  FyrTestWorld *world;
  FyrTestClient *client;
  char *author_name;
  char author_id[37];
  guint handed_over;
  guint signals;
} Fixture;

static void
on_handed_over (FyrSyncEngine *engine, guint n, gpointer user_data)
{
  Fixture *f = user_data;

  f->handed_over += n;
  f->signals++;
}

static void
sign_in (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  fyr_test_client_open (f->client);
  g_signal_connect (f->client->engine, "handed-over", G_CALLBACK (on_handed_over), f);
  g_assert_cmpint (fyr_test_client_sign_in (f->client, FYR_TEST_PASSWORD, &error), ==, FYR_SIGN_IN_ONLINE);
  g_assert_no_error (error);
}

/* Who works at the machine from here on. */
static void
sit_down (Fixture *f, const char *user_name, const char *user_id)
{
  g_autofree char *name = g_strdup (user_name);

  fyr_test_client_close (f->client);
  g_free (f->client->user_name);
  f->client->user_name = g_steal_pointer (&name);
  g_strlcpy (f->client->user_id, user_id, sizeof f->client->user_id);
  sign_in (f);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->world = fyr_test_world_new (11);
  f->client = &f->world->clients[0];
  f->author_name = g_strdup (f->client->user_name);
  g_strlcpy (f->author_id, f->client->user_id, sizeof f->author_id);
  sign_in (f);
  fyr_test_world_run (f->world, 5000);
  f->client->faults.cut = TRUE;
  fyr_test_world_close_lives (f->world, f->client, 1006);
  for (guint i = 0; i < 3; i++) {
    fyr_test_client_note (f->client, i, "Skrevet uten nett");
  }
  /* Her role ends after she wrote this. */
  g_usleep (5000);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_free (f->author_name);
  fyr_test_world_free (f->world);
}

static gint64
query (Fixture *f, const char *sql)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (f->world->reader, sql, NULL);

  g_assert_cmpint (fyr_statement_step (select, NULL), ==, FYR_STEP_ROW);
  return fyr_statement_get_int (select, 0);
}

static guint
count_outbox (Fixture *f, guint states)
{
  g_autoptr (GPtrArray) entries = fyr_test_client_outbox (f->client, states);

  return entries->len;
}

static void
run_until (Fixture *f, const char *sql, gint64 wanted)
{
  gint64 until = f->world->now + 600000;

  while (f->world->now < until && query (f, sql) != wanted) {
    fyr_test_world_run (f->world, 500);
  }
  g_assert_cmpint (query (f, sql), ==, wanted);
}

static void
run_until_outbox (Fixture *f, guint states, guint wanted)
{
  gint64 until = f->world->now + 600000;

  while (f->world->now < until && count_outbox (f, states) != wanted) {
    fyr_test_world_run (f->world, 500);
  }
  g_assert_cmpuint (count_outbox (f, states), ==, wanted);
}

#define KEPT "SELECT count (*) FROM quarantine WHERE settled IS NULL"
#define NOTES "SELECT count (*) FROM note"
#define HANDED_OVER (1u << FYR_OUTBOX_HANDED_OVER)
#define WAITING (1u << FYR_OUTBOX_WAITING | 1u << FYR_OUTBOX_SENT)

static void
hand_over (Fixture *f)
{
  fyr_test_world_end_roles (f->world, f->author_id);
  f->client->faults.cut = FALSE;
  sit_down (f, f->world->clients[1].user_name, f->world->clients[1].user_id);
  run_until (f, KEPT, 3);
  run_until_outbox (f, HANDED_OVER, 3);
}

static void
test_the_next_user_hands_over (Fixture *f, gconstpointer data)
{
  hand_over (f);
  fyr_test_world_run (f->world, 5000);
  g_assert_cmpuint (f->handed_over, ==, 3);
  g_assert_cmpuint (f->signals, ==, 1);
  g_assert_cmpuint (count_outbox (f, WAITING), ==, 0);
  g_assert_cmpint (query (f, NOTES), ==, 0);
  g_assert_cmpint (
      query (f, "SELECT count (*) FROM quarantine WHERE handed_by IS NOT NULL AND handed_by <> author"), ==,
      3);
  /* It is gone from what is shown, and is not offered again. */
  {
    g_autoptr (GPtrArray) notes = fyr_test_client_list (f->client, &fyr_note_info);

    g_assert_cmpuint (notes->len, ==, 0);
  }
  fyr_test_world_run (f->world, 2 * 3600000);
  g_assert_cmpuint (f->handed_over, ==, 3);
  g_assert_cmpint (query (f, KEPT), ==, 3);
}

/* A colleague who is only at home. */
static void
test_who_can_sign_in_keeps_her_work (Fixture *f, gconstpointer data)
{
  f->client->faults.cut = FALSE;
  sit_down (f, f->world->clients[1].user_name, f->world->clients[1].user_id);
  fyr_test_world_run (f->world, 3 * 3600000);
  g_assert_cmpint (query (f, "SELECT count (*) FROM quarantine"), ==, 0);
  g_assert_cmpuint (count_outbox (f, WAITING), ==, 3);
  g_assert_cmpuint (f->signals, ==, 0);
  sit_down (f, f->author_name, f->author_id);
  run_until (f, NOTES, 3);
}

/* The network loses, doubles and delays: each is kept once. */
static void
test_over_a_bad_network (Fixture *f, gconstpointer data)
{
  fyr_test_world_end_roles (f->world, f->author_id);
  f->client->faults = (FyrTestFaults){ .drop_request = 30, .drop_reply = 30, .duplicate = 30, .delay = 2000 };
  fyr_test_client_close (f->client);
  g_free (f->client->user_name);
  f->client->user_name = g_strdup (f->world->clients[1].user_name);
  g_strlcpy (f->client->user_id, f->world->clients[1].user_id, 37);
  for (guint tries = 0; tries < 50; tries++) {
    fyr_test_client_open (f->client);
    if (fyr_test_client_sign_in (f->client, FYR_TEST_PASSWORD, NULL) == FYR_SIGN_IN_ONLINE) {
      break;
    }
    fyr_test_client_close (f->client);
  }
  run_until_outbox (f, HANDED_OVER, 3);
  g_assert_cmpint (query (f, "SELECT count (*) FROM quarantine"), ==, 3);
  g_assert_cmpint (query (f, NOTES), ==, 0);
}

/* One is taken in and one is not: the author sees which, when she signs in again, and why. */
static void
test_the_author_learns_what_was_decided (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) refused = NULL;
  FyrOutboxEntry *entry;

  hand_over (f);
  fyr_test_world_settle_kept (f->world, TRUE, NULL);
  fyr_test_world_settle_kept (f->world, FALSE, "Skrevet på papir");
  g_assert_cmpint (query (f, NOTES), ==, 1);
  sit_down (f, f->author_name, f->author_id);
  run_until_outbox (f, 1u << FYR_OUTBOX_DELIVERED, 1);
  refused = fyr_test_client_outbox (f->client, 1u << FYR_OUTBOX_REFUSED);
  g_assert_cmpuint (refused->len, ==, 1);
  entry = g_ptr_array_index (refused, 0);
  g_assert_cmpstr (fyr_outbox_entry_get_code (entry), ==, "discarded");
  g_assert_cmpstr (fyr_outbox_entry_get_text (entry), ==, "Skrevet på papir");
  g_assert_cmpuint (count_outbox (f, HANDED_OVER), ==, 1);
  /* She gives up what was not taken in; the last is settled while she is there. */
  fyr_test_client_discard (f->client, fyr_outbox_entry_get_key (entry));
  fyr_test_world_settle_kept (f->world, TRUE, NULL);
  run_until_outbox (f, 1u << FYR_OUTBOX_DELIVERED, 2);
  g_assert_cmpint (query (f, NOTES), ==, 2);
}

/* She delivers it herself, without a role: it is kept, and she is told that somebody decides. */
static void
test_what_she_delivers_herself (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) refused = NULL;

  fyr_test_world_end_roles (f->world, f->author_id);
  f->client->faults.cut = FALSE;
  run_until (f, KEPT, 3);
  run_until_outbox (f, 1u << FYR_OUTBOX_REFUSED, 3);
  refused = fyr_test_client_outbox (f->client, 1u << FYR_OUTBOX_REFUSED);
  g_assert_cmpstr (fyr_outbox_entry_get_code (g_ptr_array_index (refused, 0)), ==, "kept");
  fyr_test_world_settle_kept (f->world, TRUE, NULL);
  run_until_outbox (f, 1u << FYR_OUTBOX_DELIVERED, 1);
  g_assert_cmpuint (f->signals, ==, 0);
}

/* The author at the copy of her machine, which takes another workstation's place. */
static FyrTestClient *
open_copy (Fixture *f)
{
  FyrTestClient *copy = &f->world->clients[2];

  g_free (copy->user_name);
  copy->user_name = g_strdup (f->author_name);
  g_strlcpy (copy->user_id, f->author_id, sizeof copy->user_id);
  fyr_test_client_open (copy);
  g_assert_cmpint (fyr_test_client_sign_in (copy, FYR_TEST_PASSWORD, NULL), ==, FYR_SIGN_IN_ONLINE);
  return copy;
}

/* The author's work goes on under another incarnation, and what was answered of the former one is sent again. */
static void
go_on_anew (Fixture *f)
{
  FyrStore *store = f->client->store;
  g_autoptr (GAsyncResult) forked =
      FYR_AWAIT (fyr_store_fork_push_async (store, f->author_id, NULL, TRUE, FYR_SLOT));
  g_autoptr (GAsyncResult) loaded =
      FYR_AWAIT (fyr_store_next_push_async (store, f->author_id, 500, 1024 * 1024, FYR_SLOT));
  g_autoptr (FyrPushBatch) batch = fyr_store_next_push_finish (store, loaded, NULL);

  g_assert_true (fyr_store_fork_push_finish (store, forked, NULL));
  g_assert_false (batch->present);
}

/* The restored server has other work at a number of the former incarnation: of a copy of this machine. The author may
 * not sign in any more. */
static void
test_work_of_a_former_incarnation_gets_there (Fixture *f, gconstpointer data)
{
  FyrTestClient *copy;

  if (f->world->location != NULL) {
    g_test_skip ("A backup is a copy of the server's file here; tests/faults restores PostgreSQL");
    return;
  }
  fyr_test_world_back_up (f->world);
  fyr_test_client_close (f->client);
  fyr_test_copy_as_killed (f->client->path, f->world->clients[2].path);
  f->client->faults.cut = FALSE;
  sign_in (f);
  fyr_test_client_note (f->client, 3, "Skrevet på den ene");
  run_until (f, NOTES, 4);
  run_until_outbox (f, WAITING, 0);
  f->client->faults.cut = TRUE;
  go_on_anew (f);
  fyr_test_world_restore (f->world);
  copy = open_copy (f);
  fyr_test_client_note (copy, 3, "Skrevet på den andre");
  run_until (f, NOTES, 4);
  fyr_test_client_close (copy);
  fyr_test_world_end_roles (f->world, f->author_id);
  f->client->faults.cut = FALSE;
  sit_down (f, f->world->clients[1].user_name, f->world->clients[1].user_id);
  run_until_outbox (f, WAITING, 0);
  g_assert_cmpuint (count_outbox (f, HANDED_OVER), >=, 1);
  g_assert_cmpint (query (f, "SELECT count (*) FROM quarantine WHERE mutation LIKE '%på den ene%'"), ==, 1);
}

#define ADD(name) g_test_add ("/sync/left-behind/" #name, Fixture, NULL, set_up, test_##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (the_next_user_hands_over);
  ADD (who_can_sign_in_keeps_her_work);
  ADD (over_a_bad_network);
  ADD (the_author_learns_what_was_decided);
  ADD (what_she_delivers_herself);
  ADD (work_of_a_former_incarnation_gets_there);
  return g_test_run ();
}
