/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A database of a release before it was sealed is sealed, whole, or left as it is.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fyr-db-fixture.h"
#include "fyr-fault.h"
#include "fyr-seal.h"

#define MARKER "Kari-Nordmann-og-hjertet"

typedef struct {
  char *folder;
  char *path;
  FyrPageKey *key;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = NULL;

  fixture->folder = fyr_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "test.db", NULL);
  fixture->key = fyr_page_key_new_random ();
  connection = fyr_test_open (fixture->folder, FYR_CONNECTION_NONE);
  g_assert_true (
      fyr_connection_exec (connection,
                           "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); CREATE INDEX i ON t (b);"
                           "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500)"
                           "INSERT INTO t SELECT i, '" MARKER "' || i FROM n; PRAGMA user_version = 7",
                           NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fyr_page_key_unref (fixture->key);
  g_free (fixture->path);
  fyr_test_folder_free (fixture->folder);
}

static void
assert_sealed (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection =
      fyr_connection_open_sealed (fixture->path, fixture->key, FYR_CONNECTION_NONE, &error);

  g_assert_no_error (error);
  g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM t"), ==, 500);
  g_assert_cmpint (fyr_test_scalar (connection, "SELECT a FROM t WHERE b = '" MARKER "77'"), ==, 77);
  g_assert_cmpint (fyr_test_scalar (connection, "PRAGMA user_version"), ==, 7);
  g_assert_true (fyr_connection_check (connection, TRUE, &error));
}

static gboolean
folder_has_marker (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  gboolean found = FALSE;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *bytes = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
    found = found || memmem (bytes, length, MARKER, strlen (MARKER)) != NULL;
  }
  return found;
}

static void
test_a_plain_database_is_sealed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_assert_cmpint (fyr_seal_get_state (fixture->path), ==, FYR_SEAL_PLAIN);
  /* A second name keeps the old file, so that its bytes can be looked at afterwards. */
  g_assert_cmpint (link (fixture->path, other), ==, 0);
  g_assert_true (folder_has_marker (fixture->folder));
  fyr_seal_database (fixture->path, fixture->key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fyr_seal_get_state (fixture->path), ==, FYR_SEAL_SEALED);
  assert_sealed (fixture);
  g_assert_true (g_file_get_contents (other, &bytes, &length, NULL));
  g_assert_null (memmem (bytes, length, MARKER, strlen (MARKER)));
  g_assert_false (folder_has_marker (fixture->folder));
}

static void
test_it_is_told_what_lies_there (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPageKey) other = fyr_page_key_new_random ();
  g_autofree char *nothing = g_build_filename (fixture->folder, "nothing.db", NULL);

  g_assert_cmpint (fyr_seal_get_state (nothing), ==, FYR_SEAL_NONE);
  g_assert_false (fyr_seal_fits (nothing, fixture->key, NULL));
  g_assert_false (fyr_seal_fits (fixture->path, fixture->key, NULL));
  g_assert_true (fyr_seal_database (fixture->path, fixture->key, NULL));
  g_assert_true (fyr_seal_fits (fixture->path, fixture->key, NULL));
  g_assert_false (fyr_seal_fits (fixture->path, other, NULL));
}

static void
test_what_its_log_holds_goes_with_it (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (fixture->folder, "copy.db", NULL);
  g_autoptr (FyrConnection) connection = fyr_test_open (fixture->folder, FYR_CONNECTION_NONE);
  const char *const suffixes[] = { "", "-wal" };

  g_assert_true (fyr_connection_exec (connection,
                                      "PRAGMA wal_autocheckpoint = 0; DELETE FROM t WHERE a > 499;"
                                      "INSERT INTO t VALUES (500, 'x')",
                                      NULL));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *from = g_strconcat (fixture->path, suffixes[i], NULL);
    g_autofree char *to = g_strconcat (copy, suffixes[i], NULL);
    g_autofree char *bytes = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
    g_assert_cmpuint (length, >, 0);
    g_assert_true (g_file_set_contents (to, bytes, (gssize)length, NULL));
  }
  g_clear_pointer (&connection, fyr_connection_unref);
  g_free (fixture->path);
  fixture->path = g_steal_pointer (&copy);
  g_assert_true (fyr_seal_database (fixture->path, fixture->key, NULL));
  assert_sealed (fixture);
  connection = fyr_connection_open_sealed (fixture->path, fixture->key, FYR_CONNECTION_NONE, NULL);
  g_assert_cmpint (fyr_test_scalar (connection, "SELECT b = 'x' FROM t WHERE a = 500"), ==, 1);
}

/* Killed at each write and sync in turn, full, failing: one of the two lies there, and the next try succeeds. */
static void
test_it_may_end_anywhere (Fixture *fixture, gconstpointer data)
{
  const FyrFaultKind kind = (FyrFaultKind)GPOINTER_TO_INT (data);
  g_autofree char *part = g_strconcat (fixture->path, ".part", NULL);
  int status = 9;

  for (int n = 1; WEXITSTATUS (status) != 0 || n == 1; n += 1 + n / 8) {
    pid_t child = fork ();

    g_assert_cmpint (n, <, 4000);
    if (child == 0) {
      fyr_fault_arm_io (kind, n);
      _exit (fyr_seal_database (fixture->path, fixture->key, NULL) ? 0 : 1);
    }
    g_assert_cmpint (waitpid (child, &status, 0), ==, child);
    g_assert_true (WIFEXITED (status));
    if (WEXITSTATUS (status) != 0) {
      g_assert_cmpint (fyr_seal_get_state (fixture->path), ==, FYR_SEAL_PLAIN);
    }
  }
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  assert_sealed (fixture);
}

int
main (int argc, char **argv)
{
  fyr_fault_install ();
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/db/seal/a-plain-database-is-sealed", Fixture, NULL, set_up, test_a_plain_database_is_sealed,
              tear_down);
  g_test_add ("/db/seal/it-is-told-what-lies-there", Fixture, NULL, set_up, test_it_is_told_what_lies_there,
              tear_down);
  g_test_add ("/db/seal/what-its-log-holds-goes-with-it", Fixture, NULL, set_up,
              test_what_its_log_holds_goes_with_it, tear_down);
  g_test_add ("/db/seal/killed-anywhere", Fixture, GINT_TO_POINTER (FYR_FAULT_KILL), set_up,
              test_it_may_end_anywhere, tear_down);
  g_test_add ("/db/seal/a-full-disk", Fixture, GINT_TO_POINTER (FYR_FAULT_FULL), set_up,
              test_it_may_end_anywhere, tear_down);
  g_test_add ("/db/seal/a-failing-disk", Fixture, GINT_TO_POINTER (FYR_FAULT_FOREVER), set_up,
              test_it_may_end_anywhere, tear_down);
  return g_test_run ();
}
