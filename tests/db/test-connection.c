/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fyr-db-fixture.h"
#include "fyr-transaction.h"

static void
test_durability_settings (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = fyr_test_open (folder, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStatement) mode = fyr_connection_prepare (connection, "PRAGMA journal_mode", &error);

  g_assert_no_error (error);
  g_assert_cmpint (fyr_statement_step (mode, &error), ==, FYR_STEP_ROW);
  g_assert_cmpstr (fyr_statement_get_text (mode, 0), ==, "wal");
  g_assert_cmpint (fyr_test_scalar (connection, "PRAGMA synchronous"), ==, 2);
  g_assert_cmpint (fyr_test_scalar (connection, "PRAGMA foreign_keys"), ==, 1);
  g_assert_cmpint (fyr_test_scalar (connection, "PRAGMA trusted_schema"), ==, 0);
  g_assert_cmpint (fyr_test_scalar (connection, "PRAGMA cell_size_check"), ==, 1);
  g_assert_cmpint (fyr_test_scalar (connection, "PRAGMA mmap_size"), ==, 0);
  g_assert_cmpint (fyr_test_scalar (connection, "PRAGMA busy_timeout"), >=, 1000);
}

static void
test_file_is_private (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = fyr_test_open (folder, 0);
  const char *names[] = { "test.db", "test.db-wal" };
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_connection_exec (connection, "CREATE TABLE t (a)", &error));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    GStatBuf info;

    g_assert_cmpint (g_stat (path, &info), ==, 0);
    g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  }
}

static void
test_missing_without_create (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = fyr_connection_open ("/nonexistent/x.db", 0, &error);

  g_assert_null (connection);
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO);
  g_clear_error (&error);
  connection = fyr_connection_open ("/nonexistent/x.db", FYR_CONNECTION_CREATE, &error);
  g_assert_null (connection);
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO);
}

static void
test_not_a_database (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "test.db", NULL);
  g_autofree char *junk = g_strnfill (8192, 'x');
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = NULL;

  g_file_set_contents (path, junk, -1, NULL);
  connection = fyr_connection_open (path, FYR_CONNECTION_CREATE, &error);
  g_assert_null (connection);
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT);
}

static void
test_a_link_is_not_followed (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "test.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = NULL;

  g_assert_cmpint (symlink ("elsewhere.db", path), ==, 0);
  connection = fyr_connection_open (path, FYR_CONNECTION_CREATE, &error);
  g_assert_null (connection);
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO);
}

static void
test_postgresql_is_said_to_be_missing (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = fyr_connection_open ("postgresql://db/fyr", 0, &error);

  g_assert_null (connection);
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
}

static void
test_read_only_cannot_write (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "test.db", NULL);
  g_autoptr (FyrConnection) writer = fyr_test_open (folder, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) reader = NULL;

  g_assert_true (fyr_connection_exec (writer, "CREATE TABLE t (a); INSERT INTO t VALUES (1)", &error));
  reader = fyr_connection_open (path, FYR_CONNECTION_READ_ONLY, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fyr_test_scalar (reader, "SELECT a FROM t"), ==, 1);
  g_assert_false (fyr_connection_exec (reader, "INSERT INTO t VALUES (2)", &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO);
}

/* Runs in another process: file locks do not hold between connections of one. */
static int
open_in_child (const char *path, FyrConnectionFlags flags)
{
  pid_t child = fork ();
  int status;

  if (child == 0) {
    g_autoptr (GError) error = NULL;
    FyrConnection *connection = fyr_connection_open (path, flags, &error);

    _exit (connection != NULL ? 0 : 10 + error->code);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_exclusive_keeps_a_second_process_out (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "test.db", NULL);
  g_autoptr (FyrConnection) connection = fyr_test_open (folder, FYR_CONNECTION_EXCLUSIVE);

  g_assert_cmpint (open_in_child (path, FYR_CONNECTION_EXCLUSIVE), ==, 10 + FYR_DB_ERROR_BUSY);
  g_assert_cmpint (open_in_child (path, 0), ==, 10 + FYR_DB_ERROR_BUSY);
  g_assert_cmpint (open_in_child (path, FYR_CONNECTION_READ_ONLY), ==, 10 + FYR_DB_ERROR_BUSY);
  g_clear_pointer (&connection, fyr_connection_unref);
  g_assert_cmpint (open_in_child (path, FYR_CONNECTION_EXCLUSIVE), ==, 0);
}

static void
test_several_statements_cannot_be_prepared (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = fyr_connection_open (":memory:", 0, &error);
  const char *bad[] = { "SELECT 1; SELECT 2", "", "  ;", "SELEC 1", "SELECT 1; DROP TABLE x" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (FyrStatement) statement = fyr_connection_prepare (connection, bad[i], &error);

    g_assert_null (statement);
    g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
    g_clear_error (&error);
  }
}

static void
test_statements_come_back_from_the_cache_clean (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = fyr_connection_open (":memory:", 0, &error);
  const char *sql = "SELECT ?1";
  FyrStatement *first = fyr_connection_prepare (connection, sql, &error);
  FyrStatement *second = fyr_connection_prepare (connection, sql, &error);

  fyr_statement_bind_int (first, 1, 1);
  fyr_statement_bind_int (second, 1, 2);
  g_assert_cmpint (fyr_statement_step (first, &error), ==, FYR_STEP_ROW);
  g_assert_cmpint (fyr_statement_step (second, &error), ==, FYR_STEP_ROW);
  g_assert_cmpint (fyr_statement_get_int (first, 0), ==, 1);
  g_assert_cmpint (fyr_statement_get_int (second, 0), ==, 2);
  g_assert_cmpuint (fyr_connection_get_cached (connection), ==, 0);
  fyr_statement_free (first);
  fyr_statement_free (second);
  g_assert_cmpuint (fyr_connection_get_cached (connection), ==, 1);

  first = fyr_connection_prepare (connection, sql, &error);
  g_assert_cmpuint (fyr_connection_get_cached (connection), ==, 0);
  g_assert_cmpint (fyr_statement_step (first, &error), ==, FYR_STEP_ROW);
  g_assert_true (fyr_statement_is_null (first, 0));
  fyr_statement_free (first);
}

static void
test_the_cache_is_bounded (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = fyr_connection_open (":memory:", 0, &error);

  for (int i = 0; i < 1000; i++) {
    g_autofree char *sql = g_strdup_printf ("SELECT %d", i);

    g_assert_cmpint (fyr_test_scalar (connection, sql), ==, i);
  }
  g_assert_cmpuint (fyr_connection_get_cached (connection), <=, 200);
}

static void
test_a_statement_keeps_its_connection (void)
{
  g_autoptr (GError) error = NULL;
  FyrConnection *connection = fyr_connection_open (":memory:", 0, &error);
  g_autoptr (FyrStatement) statement = fyr_connection_prepare (connection, "SELECT 7", &error);

  fyr_connection_unref (connection);
  g_assert_cmpint (fyr_statement_step (statement, &error), ==, FYR_STEP_ROW);
  g_assert_cmpint (fyr_statement_get_int (statement, 0), ==, 7);
}

static void
test_check_finds_damage (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "test.db", NULL);
  g_autoptr (FyrConnection) connection = fyr_test_open (folder, 0);
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (
      fyr_connection_exec (connection,
                           "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);"
                           "CREATE INDEX i ON t (b);"
                           "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000)"
                           "INSERT INTO t SELECT x, 'row ' || x FROM n",
                           &error));
  g_assert_true (fyr_connection_check (connection, TRUE, &error));
  g_clear_pointer (&connection, fyr_connection_unref);

  g_assert_true (g_file_get_contents (path, &contents, &length, &error));
  memset (contents + length - 5000, 0xff, 3000);
  g_assert_true (g_file_set_contents (path, contents, (gssize)length, &error));
  connection = fyr_test_open (folder, 0);
  g_assert_false (fyr_connection_check (connection, TRUE, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT);
}

static void
test_check_finds_lost_references (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = fyr_connection_open (":memory:", 0, &error);

  g_assert_true (fyr_connection_exec (connection,
                                      "CREATE TABLE a (id INTEGER PRIMARY KEY);"
                                      "CREATE TABLE b (a INTEGER REFERENCES a (id));"
                                      "PRAGMA foreign_keys = OFF; INSERT INTO b VALUES (9)",
                                      &error));
  g_assert_true (fyr_connection_check (connection, FALSE, &error));
  g_assert_false (fyr_connection_check (connection, TRUE, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT);
}

static void
test_purged_rows_leave_no_bytes (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = fyr_test_open (folder, FYR_CONNECTION_EXCLUSIVE);
  const char *names[] = { "test.db", "test.db-wal" };
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_connection_exec (connection,
                                      "PRAGMA secure_delete = ON; CREATE TABLE t (a);"
                                      "INSERT INTO t VALUES ('a marker nobody may find'); DELETE FROM t",
                                      &error));
  g_assert_true (fyr_connection_truncate_log (connection, &error));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    g_autofree char *contents = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (path, &contents, &length, &error));
    g_assert_null (memmem (contents, length, "a marker", 8));
  }
}

static goffset
size_of (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_size;
}

/* Rows that fill at least @pages pages, in one commit. */
static void
fill_pages (FyrConnection *connection, int pages)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = g_strdup_printf (
      "CREATE TABLE t (a); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
      " INSERT INTO t SELECT zeroblob (4000) FROM n",
      pages);

  g_assert_true (fyr_connection_exec (connection, sql, &error));
  g_assert_no_error (error);
}

/* Whoever saves waits for one sync of the log, not for the log to be written into the database. */
static void
test_a_commit_leaves_writing_back_to_a_quiet_moment (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = fyr_test_open (folder, FYR_CONNECTION_EXCLUSIVE);

  fill_pages (connection, 2000);
  g_assert_cmpint (size_of (folder, "test.db"), <, 1000 * 4000);
  g_assert_cmpuint (fyr_connection_get_log_pages (connection), >=, 2000);
  fyr_connection_write_back (connection);
  g_assert_cmpint (size_of (folder, "test.db"), >=, 2000 * 4000);
  g_assert_cmpuint (fyr_connection_get_log_pages (connection), ==, 0);
  g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM t"), ==, 2000);
}

/* The longer the log, the shorter a pause is enough. */
static void
test_a_log_that_grows_is_written_back_sooner (void)
{
  int last = G_MAXINT;

  g_assert_cmpint (fyr_log_get_idle_ms (0), ==, -1);
  g_assert_cmpint (fyr_log_get_idle_ms (FYR_LOG_PAGES_ENOUGH - 1), ==, -1);
  for (guint pages = FYR_LOG_PAGES_ENOUGH; pages < 3 * FYR_LOG_PAGES_ENOUGH; pages++) {
    g_assert_cmpint (fyr_log_get_idle_ms (pages), >, 0);
    g_assert_cmpint (fyr_log_get_idle_ms (pages), <=, last);
    last = fyr_log_get_idle_ms (pages);
  }
  g_assert_cmpint (last, <=, 5);
}

static void
test_a_log_does_not_grow_without_end (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = fyr_test_open (folder, 0);
  g_autoptr (GError) error = NULL;
  goffset log;

  fill_pages (connection, 8200);
  g_assert_cmpuint (fyr_connection_get_log_pages (connection), ==, 0);
  g_assert_cmpint (size_of (folder, "test.db"), >=, 8200 * 4000);
  log = size_of (folder, "test.db-wal");
  g_assert_true (
      fyr_connection_exec (connection, "UPDATE t SET a = zeroblob (3999) WHERE rowid < 900", &error));
  g_assert_cmpint (size_of (folder, "test.db-wal"), ==, log);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/db/connection/durability-settings", test_durability_settings);
  g_test_add_func ("/db/connection/file-is-private", test_file_is_private);
  g_test_add_func ("/db/connection/a-commit-leaves-writing-back-to-a-quiet-moment",
                   test_a_commit_leaves_writing_back_to_a_quiet_moment);
  g_test_add_func ("/db/connection/a-log-that-grows-is-written-back-sooner",
                   test_a_log_that_grows_is_written_back_sooner);
  g_test_add_func ("/db/connection/a-log-does-not-grow-without-end", test_a_log_does_not_grow_without_end);
  g_test_add_func ("/db/connection/missing-without-create", test_missing_without_create);
  g_test_add_func ("/db/connection/not-a-database", test_not_a_database);
  g_test_add_func ("/db/connection/a-link-is-not-followed", test_a_link_is_not_followed);
  g_test_add_func ("/db/connection/postgresql-is-said-to-be-missing", test_postgresql_is_said_to_be_missing);
  g_test_add_func ("/db/connection/read-only-cannot-write", test_read_only_cannot_write);
  g_test_add_func ("/db/connection/exclusive-keeps-a-second-process-out",
                   test_exclusive_keeps_a_second_process_out);
  g_test_add_func ("/db/connection/several-statements-cannot-be-prepared",
                   test_several_statements_cannot_be_prepared);
  g_test_add_func ("/db/connection/cached-statements-come-back-clean",
                   test_statements_come_back_from_the_cache_clean);
  g_test_add_func ("/db/connection/the-cache-is-bounded", test_the_cache_is_bounded);
  g_test_add_func ("/db/connection/a-statement-keeps-its-connection", test_a_statement_keeps_its_connection);
  g_test_add_func ("/db/connection/check-finds-damage", test_check_finds_damage);
  g_test_add_func ("/db/connection/check-finds-lost-references", test_check_finds_lost_references);
  g_test_add_func ("/db/connection/purged-rows-leave-no-bytes", test_purged_rows_leave_no_bytes);
  return g_test_run ();
}
