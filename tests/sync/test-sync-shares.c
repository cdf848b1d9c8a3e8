/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-apply.h"
#include "fyr-offline-user.h"
#include "fyr-store-keys.h"
#include "fyr-store-private.h"
#include "fyr-test-world.h"

/*
 * What opens a workstation's database, store, engine and server together (PROTOCOL.md, "Shares"): for twelve hours
 * after the last contact her password, from then on the server alone; and work that waits is sent after any time.
 */

#define HOUR G_GINT64_CONSTANT (3600000)
#define WAITING (1U << FYR_OUTBOX_WAITING | 1U << FYR_OUTBOX_SENT)
#define MARK "Merke 4711 som ingen skal finne"

static guint
count_waiting (FyrTestClient *client)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_outbox_async (client->store, WAITING, 0, FYR_SLOT));
  g_autoptr (GPtrArray) entries = fyr_store_list_outbox_finish (client->store, result, NULL);

  g_assert_nonnull (entries);
  return entries->len;
}

/* The machine is off, and so many hours later it is begun again. */
static void
begin_after (FyrTestClient *client, gint64 hours)
{
  fyr_test_client_close (client);
  fyr_test_client_open (client);
  fyr_store_set_clock (client->store, g_get_real_time () / 1000 + hours * HOUR);
}

static void
fail_to_sign_in (FyrTestClient *client, const char *password, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fyr_test_client_sign_in (client, password, &error), ==, FYR_SIGN_IN_FAILED);
  g_assert_error (error, domain, code);
}

static void
sign_in (FyrTestClient *client, FyrSignInResult how)
{
  g_autoptr (GError) error = NULL;
  FyrSignInResult result = fyr_test_client_sign_in (client, FYR_TEST_PASSWORD, &error);

  g_assert_no_error (error);
  g_assert_cmpint (result, ==, how);
}

/* Work that waits, with the network gone, of somebody who is known on the machine. */
static void
leave_work (FyrTestPair *f)
{
  fyr_test_client_wait_known (f->first);
  f->first->faults.cut = TRUE;
  fyr_test_client_note (f->first, 0, MARK);
}

static void
deliver (FyrTestPair *f)
{
  g_assert_true (fyr_test_world_settle (f->world));
  g_assert_cmpuint (count_waiting (f->first), ==, 0);
  fyr_test_world_assert_same (f->world, &fyr_note_info);
}

static guint
count_in_files (FyrTestClient *client, gconstpointer mark, gsize size)
{
  g_autofree char *folder = g_path_get_dirname (client->path);
  g_autofree char *base = g_path_get_basename (client->path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint found = 0;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *bytes = NULL;
    gsize length;

    if (g_str_has_prefix (name, base) && g_file_get_contents (path, &bytes, &length, NULL)) {
      found += memmem (bytes, length, mark, size) != NULL;
    }
  }
  return found;
}

static void
test_the_server_is_gone_for_three_days (FyrTestPair *f, gconstpointer data)
{
  leave_work (f);
  begin_after (f->first, 11);
  sign_in (f->first, FYR_SIGN_IN_OFFLINE);
  fyr_test_client_note (f->first, 1, "Også uten server");
  begin_after (f->first, 72);
  fail_to_sign_in (f->first, FYR_TEST_PASSWORD, FYR_SYNC_ERROR, FYR_SYNC_ERROR_EXPIRED);
  f->first->faults.cut = FALSE;
  sign_in (f->first, FYR_SIGN_IN_ONLINE);
  fyr_store_set_clock (f->first->store, 0);
  deliver (f);
}

static void
test_nothing_on_the_disk_opens_it_after_twelve_hours (FyrTestPair *f, gconstpointer data)
{
  g_autoptr (FyrStoreKeys) keys = NULL;
  guint8 lease[FYR_SHARE_BYTES];
  FyrKeyTrial trial;

  leave_work (f);
  fyr_test_client_close (f->first);
  keys = fyr_store_keys_open (f->first->path, NULL);
  g_assert_null (fyr_store_keys_get_key (keys));
  g_assert_true (fyr_store_keys_find (keys, f->first->user_name, &trial));
  memcpy (lease, trial.lease, sizeof lease);
  g_clear_pointer (&keys, fyr_store_keys_free);
  g_assert_cmpuint (count_in_files (f->first, lease, sizeof lease), ==, 1);
  begin_after (f->first, 13);
  fail_to_sign_in (f->first, FYR_TEST_PASSWORD, FYR_SYNC_ERROR, FYR_SYNC_ERROR_EXPIRED);
  fyr_test_client_close (f->first);
  g_assert_cmpuint (count_in_files (f->first, lease, sizeof lease), ==, 0);
  g_assert_cmpuint (count_in_files (f->first, MARK, strlen (MARK)), ==, 0);
  keys = fyr_store_keys_open (f->first->path, NULL);
  g_assert_null (fyr_store_keys_get_key (keys));
  g_assert_false (fyr_store_keys_find (keys, f->first->user_name, &trial));
  g_assert_null (fyr_key_trial_run (&trial, FYR_TEST_PASSWORD));
}

static void
test_a_restored_server_has_the_same_share (FyrTestPair *f, gconstpointer data)
{
  fyr_test_world_back_up (f->world);
  leave_work (f);
  begin_after (f->first, 72);
  fyr_test_world_restore (f->world);
  f->first->faults.cut = FALSE;
  sign_in (f->first, FYR_SIGN_IN_ONLINE);
  fyr_store_set_clock (f->first->store, 0);
  fyr_sync_engine_sync_now (f->second->engine);
  fyr_test_world_run (f->world, 120000);
  deliver (f);
}

static void
test_who_is_shut_out_opens_nothing_and_her_work_waits (FyrTestPair *f, gconstpointer data)
{
  fyr_test_client_wait_known (f->first);
  f->first->faults.cut = TRUE;
  fyr_test_client_note (f->first, 0, MARK);
  fyr_test_world_end_session (f->world, f->first);
  f->first->faults.cut = FALSE;
  fyr_test_world_run (f->world, 10000);
  g_assert_cmpint (fyr_sync_engine_get_state (f->first->engine), ==, FYR_SYNC_STATE_SIGNED_OUT);
  f->first->faults.cut = TRUE;
  begin_after (f->first, 0);
  fail_to_sign_in (f->first, FYR_TEST_PASSWORD, FYR_SYNC_ERROR, FYR_SYNC_ERROR_UNKNOWN_HERE);
  f->first->faults.cut = FALSE;
  fail_to_sign_in (f->first, "feil", FYR_SYNC_ERROR, FYR_SYNC_ERROR_CREDENTIALS);
  sign_in (f->first, FYR_SIGN_IN_ONLINE);
  deliver (f);
}

/* Another sits down at a machine whose database is sealed; both are known from then on. */
static void
test_several_users_share_a_database (FyrTestPair *f, gconstpointer data)
{
  g_autofree char *one = g_strdup (f->first->user_name);

  leave_work (f);
  fyr_test_client_close (f->second);
  begin_after (f->first, 14);
  f->first->faults.cut = FALSE;
  g_free (f->first->user_name);
  f->first->user_name = g_strdup (f->second->user_name);
  sign_in (f->first, FYR_SIGN_IN_ONLINE);
  fyr_store_set_clock (f->first->store, 0);
  fyr_test_world_run (f->world, 5000);
  fyr_test_client_wait_known (f->first);
  f->first->faults.cut = TRUE;
  begin_after (f->first, 1);
  sign_in (f->first, FYR_SIGN_IN_OFFLINE);
  g_free (f->first->user_name);
  f->first->user_name = g_steal_pointer (&one);
  begin_after (f->first, 1);
  sign_in (f->first, FYR_SIGN_IN_OFFLINE);
  g_assert_cmpuint (count_waiting (f->first), ==, 1);
  f->first->faults.cut = FALSE;
  fyr_store_set_clock (f->first->store, 0);
  fyr_test_world_run (f->world, 60000);
  g_assert_cmpuint (count_waiting (f->first), ==, 0);
}

static gboolean
secret_job (FyrWriteContext *context, gpointer data, GError **error)
{
  g_autoptr (FyrStatement) put =
      fyr_connection_prepare (fyr_write_context_get_connection (context),
                              "UPDATE meta SET value = ?1 WHERE name = 'witness_key'", error);

  fyr_statement_bind_text (put, 1, data);
  return fyr_statement_run (put, error);
}

static void
set_secret (FyrTestWorld *world, const char *secret)
{
  g_assert_true (fyr_server_db_write (world->db, secret_job, (gpointer)secret, NULL));
}

static char *
get_secret (FyrTestWorld *world)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (world->reader, "SELECT value FROM meta WHERE name = 'witness_key'", NULL);

  g_assert_cmpint (fyr_statement_step (select, NULL), ==, FYR_STEP_ROW);
  return g_strdup (fyr_statement_get_text (select, 0));
}

static void
test_another_server_opens_nothing_and_changes_nothing (FyrTestPair *f, gconstpointer data)
{
  g_autofree char *secret = get_secret (f->world);

  leave_work (f);
  begin_after (f->first, 13);
  f->first->faults.cut = FALSE;
  set_secret (f->world, "0011223344556677889900112233445566778899001122334455667788990011");
  fail_to_sign_in (f->first, FYR_TEST_PASSWORD, FYR_STORE_ERROR, FYR_STORE_ERROR_FOREIGN);
  set_secret (f->world, secret);
  sign_in (f->first, FYR_SIGN_IN_ONLINE);
  fyr_store_set_clock (f->first->store, 0);
  deliver (f);
}

/* A workstation that has only met servers without shares starts as it did, until one has. */
static void
test_an_older_server_is_served (FyrTestPair *f, gconstpointer data)
{
  FyrTestClient *third = &f->world->clients[2];
  g_autoptr (FyrStoreKeys) keys = NULL;

  f->world->old_server = TRUE;
  fyr_test_client_open (third);
  sign_in (third, FYR_SIGN_IN_ONLINE);
  fyr_test_client_wait_known (third);
  fyr_test_client_close (third);
  keys = fyr_store_keys_open (third->path, NULL);
  g_assert_nonnull (fyr_store_keys_get_key (keys));
  g_clear_pointer (&keys, fyr_store_keys_free);
  fyr_test_client_open (third);
  third->faults.cut = TRUE;
  sign_in (third, FYR_SIGN_IN_OFFLINE);
  f->world->old_server = FALSE;
  third->faults.cut = FALSE;
  fyr_test_world_run (f->world, 35000);
  fyr_test_client_wait_known (third);
  fyr_test_client_close (third);
  keys = fyr_store_keys_open (third->path, NULL);
  g_assert_null (fyr_store_keys_get_key (keys));
}

#define ADD(name, func)                                                                                      \
  g_test_add ("/sync/shares/" name, FyrTestPair, NULL, fyr_test_pair_set_up, func, fyr_test_pair_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_offline_user_make_cheap ();
  ADD ("the-server-is-gone-for-three-days", test_the_server_is_gone_for_three_days);
  ADD ("nothing-on-the-disk-opens-it-after-twelve-hours",
       test_nothing_on_the_disk_opens_it_after_twelve_hours);
  ADD ("a-restored-server-has-the-same-share", test_a_restored_server_has_the_same_share);
  ADD ("who-is-shut-out-opens-nothing-and-her-work-waits",
       test_who_is_shut_out_opens_nothing_and_her_work_waits);
  ADD ("several-users-share-a-database", test_several_users_share_a_database);
  ADD ("another-server-opens-nothing-and-changes-nothing",
       test_another_server_opens_nothing_and_changes_nothing);
  ADD ("an-older-server-is-served", test_an_older_server_is_served);
  return g_test_run ();
}
