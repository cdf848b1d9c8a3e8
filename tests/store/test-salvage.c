/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A damaged database is found, set aside and made anew; what its users had not delivered is taken along.
 */
#include <string.h>

#include "fyr-store-damage.h"
#include "fyr-store-keys.h"
#include "fyr-store-salvage.h"
#include "fyr-store-sync.h"

#define PAGE 4096
#define LOG_HEADER 32
#define FRAME (24 + PAGE)
#define NOTES 30

typedef FyrStoreFixture Fixture;

static void
open_again (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->store = fyr_test_open_store (fixture->path, &error);
  g_assert_no_error (error);
}

/* Whatever meets the page fails: the next question is answered by a database that is whole. */
static void
meet_damage (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_verify_async (fixture->store, 0, FYR_SLOT));
  g_autoptr (GError) error = NULL;

  if (!fyr_store_verify_finish (fixture->store, result, &error)) {
    g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_CORRUPT);
  }
}

static void
test_a_damaged_page_leaves_the_outbox (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrStoreIdentity) before = fyr_test_identity (fixture);
  guint kept = 0, whole = 0;
  gsize pages;

  g_assert_cmpint (before->damaged_at, ==, 0);
  fyr_test_save_notes (fixture, 0, NOTES);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  pages = fyr_test_size_of (fixture->path, "") / PAGE;
  for (gsize page = 0; page < pages; page += 1 + pages / 24) {
    g_autofree char *path = g_strdup_printf ("%s-%u", fixture->path, (guint)page);
    g_autoptr (FyrStoreIdentity) after = NULL;
    g_autoptr (GPtrArray) outbox = NULL;
    g_autofree char *own = NULL;

    fyr_test_copy_as_killed (fixture->path, path);
    own = fixture->path;
    fixture->path = g_strdup (path);
    fyr_test_change_file (path, "", page * PAGE + 77, 1, -1);
    open_again (fixture);
    meet_damage (fixture);
    outbox = fyr_test_outbox (fixture, G_MAXUINT);
    after = fyr_test_identity (fixture);
    g_assert_cmpuint (outbox->len, <=, NOTES);
    g_assert_true (outbox->len == NOTES || after->damaged_lost);
    kept += outbox->len;
    whole++;
    g_clear_pointer (&fixture->store, fyr_test_close_store);
    g_free (fixture->path);
    fixture->path = g_steal_pointer (&own);
  }
  /* One page of many: little is gone. */
  g_assert_cmpuint (kept, >, whole * NOTES / 2);
}

static void
test_what_is_kept_is_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrStoreIdentity) before = fyr_test_identity (fixture);
  g_autoptr (FyrStoreIdentity) after = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  g_autofree char *killed = g_strconcat (fixture->path, "-killed", NULL);

  fyr_test_save_notes (fixture, 0, NOTES);
  fyr_test_copy_as_killed (fixture->path, killed);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  g_free (fixture->path);
  fixture->path = g_steal_pointer (&killed);
  fyr_test_change_file (fixture->path, "-wal", 0, 0, (gssize)fyr_test_size_of (fixture->path, "-wal") - 100);
  open_again (fixture);
  after = fyr_test_identity (fixture);
  outbox = fyr_test_outbox (fixture, G_MAXUINT);
  g_assert_cmpstr (after->device, ==, before->device);
  g_assert_cmpint (after->damaged_at, >, 0);
  g_assert_true (after->damaged_lost);
  g_assert_cmpuint (after->damaged_kept, ==, NOTES - 1);
  g_assert_cmpuint (outbox->len, ==, NOTES - 1);
  g_assert_cmpuint (g_hash_table_size (after->cursors), ==, 0);
  /* Database, log and key. */
  g_assert_cmpuint (fyr_test_count_damaged (fixture), ==, 3);
  /* And it is a database as any other. */
  fyr_test_save_notes (fixture, NOTES, NOTES + 2);
  fyr_store_fixture_reopen (fixture);
  g_clear_pointer (&outbox, g_ptr_array_unref);
  outbox = fyr_test_outbox (fixture, G_MAXUINT);
  g_assert_cmpuint (outbox->len, ==, NOTES + 1);
  g_assert_cmpuint (fyr_test_count_damaged (fixture), ==, 3);
}

static void
swap_frames (const char *path, gsize one, gsize other)
{
  g_autofree char *name = g_strconcat (path, "-wal", NULL);
  g_autofree char *bytes = NULL;
  guint8 frame[FRAME];
  gsize size;

  g_assert_true (g_file_get_contents (name, &bytes, &size, NULL));
  g_assert_cmpuint (size, >=, LOG_HEADER + (other + 1) * FRAME);
  memcpy (frame, bytes + LOG_HEADER + one * FRAME, FRAME);
  memcpy (bytes + LOG_HEADER + one * FRAME, bytes + LOG_HEADER + other * FRAME, FRAME);
  memcpy (bytes + LOG_HEADER + other * FRAME, frame, FRAME);
  g_assert_true (g_file_set_contents (name, bytes, (gssize)size, NULL));
}

/* Each frame is sound in itself, only not where it stands. */
static void
test_frames_of_the_log_that_changed_places_are_told (Fixture *fixture, gconstpointer data)
{
  g_autofree char *killed = g_strconcat (fixture->path, "-killed", NULL);
  g_autoptr (FyrStoreIdentity) after = NULL;
  g_autoptr (GPtrArray) outbox = NULL;

  fyr_test_save_notes (fixture, 0, NOTES);
  fyr_test_copy_as_killed (fixture->path, killed);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  g_free (fixture->path);
  fixture->path = g_steal_pointer (&killed);
  swap_frames (fixture->path, 3, 9);
  open_again (fixture);
  after = fyr_test_identity (fixture);
  outbox = fyr_test_outbox (fixture, G_MAXUINT);
  g_assert_true (after->damaged_lost);
  g_assert_cmpuint (outbox->len, <, NOTES);
}

static gboolean
verify (Fixture *fixture, gint64 every)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_verify_async (fixture->store, every, FYR_SLOT));

  return fyr_store_verify_finish (fixture->store, result, NULL);
}

/* Some damage is met by opening alone; the rest is found by reading all. */
static void
test_what_nobody_asks_for_is_found (Fixture *fixture, gconstpointer data)
{
  gsize pages;

  fyr_test_save_notes (fixture, 0, NOTES);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  pages = fyr_test_size_of (fixture->path, "") / PAGE;
  for (gsize page = 1; page < pages; page += 1 + pages / 8) {
    g_autoptr (FyrStoreIdentity) after = NULL;
    g_autofree char *path = g_strdup_printf ("%s-%u", fixture->path, (guint)page);
    char *own = fixture->path;

    fyr_test_copy_as_killed (fixture->path, path);
    fixture->path = path;
    fyr_test_change_file (path, "", page * PAGE + 1234, 1, -1);
    open_again (fixture);
    verify (fixture, 0);
    g_assert_true (verify (fixture, 0));
    after = fyr_test_identity (fixture);
    g_assert_cmpint (after->damaged_at, >, 0);
    g_clear_pointer (&fixture->store, fyr_test_close_store);
    fixture->path = own;
  }
}

static void
test_it_is_verified_once_in_a_while (Fixture *fixture, gconstpointer data)
{
  g_assert_true (verify (fixture, 1000));
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  fyr_test_change_file (fixture->path, "", fyr_test_size_of (fixture->path, "") - 2000, 1, -1);
  open_again (fixture);
  fyr_store_set_clock (fixture->store, FYR_TEST_NOW + 500);
  g_assert_true (verify (fixture, 1000));
  fyr_store_set_clock (fixture->store, FYR_TEST_NOW + 1500);
  g_assert_false (verify (fixture, 1000));
}

static void
test_a_lost_key_is_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrStoreIdentity) after = NULL;

  fyr_test_save_notes (fixture, 0, 2);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  fyr_test_change_file (fixture->path, "-key", 0, fyr_test_size_of (fixture->path, "-key"), -1);
  open_again (fixture);
  after = fyr_test_identity (fixture);
  g_assert_cmpint (after->damaged_at, >, 0);
  g_assert_true (after->damaged_lost);
  g_assert_cmpuint (fyr_test_count_damaged (fixture), >=, 2);
  fyr_test_save_notes (fixture, 0, 1);
}

static void
test_a_database_cut_to_nothing_is_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrStoreIdentity) after = NULL;

  fyr_test_save_notes (fixture, 0, 2);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  fyr_test_change_file (fixture->path, "", 0, 0, 0);
  open_again (fixture);
  after = fyr_test_identity (fixture);
  g_assert_true (after->damaged_lost);
  g_assert_cmpuint (after->damaged_kept, ==, 0);
}

/* As large as one that is in use. */
static void
make_large (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStoreKeys) keys = NULL;
  g_autoptr (FyrConnection) connection = NULL;

  g_clear_pointer (&fixture->store, fyr_test_close_store);
  keys = fyr_store_keys_open (fixture->path, &error);
  g_assert_no_error (error);
  connection =
      fyr_connection_open_sealed (fixture->path, fyr_store_keys_get_key (keys), FYR_CONNECTION_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (fyr_connection_exec (connection, "CREATE TABLE large AS SELECT zeroblob (1000000)", &error));
  g_clear_pointer (&connection, fyr_connection_unref);
  open_again (fixture);
}

/* So much is gone from the end that what the log holds cannot be put back: writing meets it first. */
static void
test_a_database_cut_under_its_log_is_made_anew (Fixture *fixture, gconstpointer data)
{
  g_autofree char *killed = g_strconcat (fixture->path, "-killed", NULL);
  g_autoptr (FyrStoreIdentity) after = NULL;
  g_autoptr (GPtrArray) outbox = NULL;

  make_large (fixture);
  fyr_test_save_notes (fixture, 0, 2);
  fyr_test_copy_as_killed (fixture->path, killed);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  g_free (fixture->path);
  fixture->path = g_steal_pointer (&killed);
  fyr_test_change_file (fixture->path, "", 0, 0, (gssize)fyr_test_size_of (fixture->path, "") - 900000);
  open_again (fixture);
  after = fyr_test_identity (fixture);
  outbox = fyr_test_outbox (fixture, G_MAXUINT);
  g_assert_cmpint (after->damaged_at, >, 0);
  g_assert_cmpuint (outbox->len, ==, 2);
}

/* Its tables lack what later releases added. */
static void
test_a_database_of_an_older_release_is_salvaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStoreKeys) keys = NULL;
  g_autoptr (FyrConnection) old = NULL;
  g_autoptr (GPtrArray) outbox = NULL;

  fyr_test_save_notes (fixture, 0, NOTES);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  keys = fyr_store_keys_open (fixture->path, &error);
  g_assert_no_error (error);
  old =
      fyr_connection_open_sealed (fixture->path, fyr_store_keys_get_key (keys), FYR_CONNECTION_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (fyr_connection_exec (old, "ALTER TABLE outbox DROP COLUMN receipt", &error));
  g_clear_pointer (&old, fyr_connection_unref);
  g_assert_true (fyr_store_salvage (fixture->path, keys, FYR_TEST_NOW, &error));
  g_assert_no_error (error);
  open_again (fixture);
  outbox = fyr_test_outbox (fixture, G_MAXUINT);
  g_assert_cmpuint (outbox->len, ==, NOTES);
}

static void
test_a_sound_database_stays (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrStoreIdentity) after = NULL;

  fyr_test_save_notes (fixture, 0, 2);
  for (int i = 0; i < 3; i++) {
    fyr_store_fixture_reopen (fixture);
  }
  after = fyr_test_identity (fixture);
  g_assert_cmpint (after->damaged_at, ==, 0);
  g_assert_cmpuint (fyr_test_count_damaged (fixture), ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "a-damaged-page-leaves-the-outbox", test_a_damaged_page_leaves_the_outbox },
    { "what-is-kept-is-told", test_what_is_kept_is_told },
    { "frames-of-the-log-that-changed-places-are-told", test_frames_of_the_log_that_changed_places_are_told },
    { "what-nobody-asks-for-is-found", test_what_nobody_asks_for_is_found },
    { "it-is-verified-once-in-a-while", test_it_is_verified_once_in_a_while },
    { "a-lost-key-is-told", test_a_lost_key_is_told },
    { "a-database-cut-to-nothing-is-told", test_a_database_cut_to_nothing_is_told },
    { "a-database-cut-under-its-log-is-made-anew", test_a_database_cut_under_its_log_is_made_anew },
    { "a-database-of-an-older-release-is-salvaged", test_a_database_of_an_older_release_is_salvaged },
    { "a-sound-database-stays", test_a_sound_database_stays },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *name = g_strconcat ("/store/salvage/", tests[i].name, NULL);

    g_test_add (name, Fixture, NULL, fyr_store_fixture_set_up, tests[i].test, fyr_store_fixture_tear_down);
  }
  return g_test_run ();
}
