/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A database that turns out damaged while its user is signed in is made anew under her, and filled again. The world
 * stops at a request that the server cannot read. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "fyr-store-private.h"
#include "fyr-test-world.h"

#define PAGE 4096

/* All is in the file, and nothing of it in memory. */
static gpointer
cut_log (FyrStoreContext *context, gpointer data, GError **error)
{
  return fyr_connection_truncate_log (context->connection, error) &&
                 fyr_connection_exec (context->connection, "PRAGMA shrink_memory", error)
             ? FYR_STORE_DONE
             : NULL;
}

/* A page of a record kind's table rots on the disk, under the open store, and is met by the check. */
static void
rot (FyrTestClient *client)
{
  const FyrStoreJob job = { FYR_STORE_BARE, cut_log, NULL, NULL, NULL, rot };
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) cut = NULL;
  g_autoptr (GAsyncResult) verified = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;
  int fd;

  fyr_store_run_async (client->store, &job, NULL, fyr_test_got, &slot);
  cut = fyr_test_wait (&slot);
  g_assert_nonnull (fyr_store_run_finish (client->store, rot, cut, NULL));
  g_assert_cmpint (g_stat (client->path, &info), ==, 0);
  fd = g_open (client->path, O_WRONLY | O_CLOEXEC, 0);
  g_assert_cmpint (info.st_size, >, 5 * PAGE);
  g_assert_cmpint (pwrite (fd, "rotten", 6, 4 * PAGE + 1000), ==, 6);
  close (fd);
  fyr_store_verify_async (client->store, 0, NULL, fyr_test_got, &slot);
  verified = fyr_test_wait (&slot);
  g_assert_false (fyr_store_verify_finish (client->store, verified, &error));
  g_assert_true (error->domain == FYR_STORE_ERROR);
}

static void
test_the_session_goes_on (FyrTestPair *f, gconstpointer data)
{
  g_autoptr (GPtrArray) shown = NULL;

  for (guint i = 0; i < 5; i++) {
    fyr_test_client_note (f->second, i % FYR_TEST_PATIENTS, "Blodtrykk målt hjemme");
  }
  g_assert_true (fyr_test_world_settle (f->world));
  rot (f->first);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_client_note (f->first, 0, "Skrevet etterpå");
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_assert_same (f->world, &fyr_note_info);
  fyr_test_world_assert_same (f->world, &fyr_patient_info);
  fyr_test_world_assert_same (f->world, &fyr_alert_info);
  shown = fyr_test_client_list (f->first, &fyr_note_info);
  g_assert_cmpuint (shown->len, ==, 6);
}

/* With work that waits, and again and again: it is delivered once, and every request can be read. */
static void
test_it_may_happen_again (FyrTestPair *f, gconstpointer data)
{
  for (guint i = 1; i <= 3; i++) {
    g_autoptr (GPtrArray) shown = NULL;

    f->first->faults.cut = TRUE;
    fyr_test_client_note (f->first, i % FYR_TEST_PATIENTS, "Uten nett");
    rot (f->first);
    f->first->faults.cut = FALSE;
    g_assert_true (fyr_test_world_settle (f->world));
    shown = fyr_test_client_list (f->second, &fyr_note_info);
    g_assert_cmpuint (shown->len, <=, i);
    fyr_test_world_assert_same (f->world, &fyr_note_info);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, function)                                                                                 \
  g_test_add ("/sync/rebuilt/" name, FyrTestPair, NULL, fyr_test_pair_set_up, function,                      \
              fyr_test_pair_tear_down)
  TEST ("the session goes on", test_the_session_goes_on);
  TEST ("it may happen again", test_it_may_happen_again);
  return g_test_run ();
}
