/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fyr-db-fixture.h"
#include "fyr-fault.h"
#include "fyr-migrator.h"
#include "fyr-transaction.h"

#define TABLE "CREATE TABLE t (a INTEGER NOT NULL, b TEXT)"

static FyrConnection *
open_with_table (const char *folder)
{
  FyrConnection *connection = fyr_test_open (folder, FYR_CONNECTION_EXCLUSIVE);
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_connection_exec (connection, TABLE, &error));
  return connection;
}

static gint64
count (FyrConnection *connection)
{
  return fyr_test_scalar (connection, "SELECT count(*) FROM t");
}

static void
test_free_without_commit_rolls_back (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = open_with_table (folder);
  g_autoptr (GError) error = NULL;
  FyrTransaction *transaction = fyr_transaction_begin (connection, &error);

  g_assert_true (fyr_connection_exec (connection, "INSERT INTO t VALUES (1, '')", &error));
  g_assert_cmpint (count (connection), ==, 1);
  fyr_transaction_free (transaction);
  g_assert_cmpint (count (connection), ==, 0);
  g_assert_false (fyr_connection_in_transaction (connection));

  transaction = fyr_transaction_begin (connection, &error);
  g_assert_true (fyr_connection_exec (connection, "INSERT INTO t VALUES (1, '')", &error));
  g_assert_true (fyr_transaction_commit (transaction, &error));
  fyr_transaction_free (transaction);
  g_assert_cmpint (count (connection), ==, 1);
}

/* The database gave up the transaction by itself, and nobody noticed: what follows is not written one by one. */
static void
test_what_follows_a_transaction_that_is_gone_is_not_written (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = open_with_table (folder);
  g_autoptr (FyrStatement) insert = fyr_connection_prepare (connection, "INSERT INTO t VALUES (2, '')", NULL);
  g_autoptr (GError) error = NULL;
  FyrTransaction *transaction = fyr_transaction_begin (connection, &error);

  g_assert_true (fyr_connection_exec (connection, "INSERT INTO t VALUES (1, '')", &error));
  g_assert_false (fyr_connection_exec (connection, "INSERT OR ROLLBACK INTO t VALUES (NULL, '')", NULL));
  g_assert_false (fyr_statement_run (insert, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
  g_assert_false (fyr_connection_exec (connection, "INSERT INTO t VALUES (3, '')", NULL));
  g_assert_false (fyr_transaction_commit (transaction, NULL));
  fyr_transaction_free (transaction);
  g_assert_cmpint (count (connection), ==, 0);
  g_assert_true (fyr_statement_run (insert, NULL));
  g_assert_cmpint (count (connection), ==, 1);
}

static void
test_transactions_do_not_nest (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = open_with_table (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrTransaction) outer = fyr_transaction_begin (connection, &error);
  g_autoptr (FyrTransaction) inner = fyr_transaction_begin (connection, &error);

  g_assert_null (inner);
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_true (fyr_transaction_commit (outer, &error));
  g_assert_false (fyr_transaction_commit (outer, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
}

static void
test_savepoints_nest (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = open_with_table (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSavepoint) none = fyr_savepoint_begin (connection, &error);
  g_autoptr (FyrTransaction) transaction = NULL;
  FyrSavepoint *outer, *inner;

  g_assert_null (none);
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
  g_clear_error (&error);
  transaction = fyr_transaction_begin (connection, &error);
  outer = fyr_savepoint_begin (connection, &error);
  g_assert_true (fyr_connection_exec (connection, "INSERT INTO t VALUES (1, '')", &error));
  inner = fyr_savepoint_begin (connection, &error);
  g_assert_true (fyr_connection_exec (connection, "INSERT INTO t VALUES (2, '')", &error));
  fyr_savepoint_free (inner);
  g_assert_cmpint (count (connection), ==, 1);
  inner = fyr_savepoint_begin (connection, &error);
  g_assert_true (fyr_connection_exec (connection, "INSERT INTO t VALUES (3, '')", &error));
  g_assert_true (fyr_savepoint_rollback (inner, &error));
  g_assert_false (fyr_savepoint_release (inner, &error));
  g_clear_error (&error);
  fyr_savepoint_free (inner);
  g_assert_true (fyr_savepoint_release (outer, &error));
  fyr_savepoint_free (outer);
  g_assert_true (fyr_transaction_commit (transaction, &error));
  g_assert_cmpint (count (connection), ==, 1);
}

static void
test_reading_sees_one_point (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) writer = fyr_test_open (folder, 0);
  g_autoptr (FyrConnection) reader = fyr_test_open (folder, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrTransaction) snapshot = NULL;

  g_assert_true (fyr_connection_exec (writer, TABLE, &error));
  snapshot = fyr_transaction_begin_read (reader, &error);
  g_assert_cmpint (count (reader), ==, 0);
  g_assert_true (fyr_connection_exec (writer, "INSERT INTO t VALUES (1, '')", &error));
  g_assert_cmpint (count (reader), ==, 0);
  g_assert_true (fyr_transaction_commit (snapshot, &error));
  g_assert_cmpint (count (reader), ==, 1);
}

/* Ten rows in one transaction; @error is set when it did not commit. */
static gboolean
write_ten (FyrConnection *connection, GError **error)
{
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin (connection, error);

  if (transaction == NULL) {
    return FALSE;
  }
  for (int i = 0; i < 10; i++) {
    g_autoptr (FyrStatement) insert =
        fyr_connection_prepare (connection, "INSERT INTO t VALUES (?1, ?2)", error);
    g_autofree char *text = g_strnfill (3000, 'a' + (char)i);

    if (insert == NULL) {
      return FALSE;
    }
    fyr_statement_bind_int (insert, 1, i);
    fyr_statement_bind_text (insert, 2, text);
    if (!fyr_statement_run (insert, error)) {
      return FALSE;
    }
  }
  return fyr_transaction_commit (transaction, error);
}

/* Fails every file call in turn until none is left to fail: all ten rows or none. */
static void
fail_each_io (FyrFaultKind kind, int expected)
{
  gboolean struck = TRUE;

  for (int n = 1; struck; n++) {
    g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
    FyrConnection *connection = open_with_table (folder);
    g_autoptr (GError) error = NULL;
    gboolean saved;

    g_assert_cmpint (n, <, 500);
    fyr_fault_arm_io (kind, n);
    saved = write_ten (connection, &error);
    struck = fyr_fault_disarm ();
    if (!saved) {
      g_assert_error (error, FYR_DB_ERROR, expected);
    }
    if (!fyr_connection_is_broken (connection)) {
      g_assert_cmpint (count (connection), ==, saved ? 10 : 0);
    }
    fyr_connection_unref (connection);
    connection = fyr_test_open (folder, 0);
    g_assert_true (fyr_connection_check (connection, TRUE, NULL));
    /* A failed commit may still have reached the disk; half of it never. */
    g_assert_true (count (connection) == 10 || (!saved && count (connection) == 0));
    fyr_connection_unref (connection);
  }
}

static void
test_io_errors_leave_all_or_nothing (void)
{
  fail_each_io (FYR_FAULT_ONCE, FYR_DB_ERROR_IO);
  fail_each_io (FYR_FAULT_FOREVER, FYR_DB_ERROR_IO);
}

static void
test_full_disk_leaves_all_or_nothing (void)
{
  fail_each_io (FYR_FAULT_FULL, FYR_DB_ERROR_FULL);
}

static void
test_full_disk_then_space_again (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = open_with_table (folder);
  g_autoptr (GError) error = NULL;

  fyr_fault_arm_io (FYR_FAULT_FULL, 1);
  g_assert_false (write_ten (connection, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FULL);
  g_assert_cmpint (count (connection), ==, 0);
  g_clear_error (&error);
  fyr_fault_disarm ();
  g_assert_true (write_ten (connection, &error));
  g_assert_cmpint (count (connection), ==, 10);
}

static void
test_a_failed_sync_is_fatal (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = open_with_table (folder);
  g_autoptr (GError) error = NULL;

  fyr_fault_arm_io (FYR_FAULT_SYNC, 1);
  g_assert_false (write_ten (connection, &error));
  g_assert_true (fyr_fault_disarm ());
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO);
  g_clear_error (&error);
  g_assert_true (fyr_connection_is_broken (connection));
  g_assert_false (write_ten (connection, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO);
  g_clear_error (&error);
  g_clear_pointer (&connection, fyr_connection_unref);
  connection = fyr_test_open (folder, FYR_CONNECTION_EXCLUSIVE);
  g_assert_true (fyr_connection_check (connection, TRUE, &error));
  g_assert_true (write_ten (connection, &error));
}

/* SQLite would call it a damaged database, and the server say that nobody should try again. */
static void
test_what_the_disk_does_not_read_is_no_damage (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = open_with_table (folder);
  g_autoptr (FyrStatement) select = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (write_ten (connection, &error));
  g_clear_pointer (&connection, fyr_connection_unref);
  connection = fyr_test_open (folder, FYR_CONNECTION_EXCLUSIVE);
  select = fyr_connection_prepare (connection, "SELECT a FROM t", &error);
  fyr_fault_arm_reads (1, FALSE);
  g_assert_cmpint (fyr_statement_step (select, &error), ==, FYR_STEP_ERROR);
  g_assert_true (fyr_fault_disarm ());
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO);
  g_assert_cmpint (count (connection), ==, 10);
}

static void
test_no_memory_leaves_all_or_nothing (void)
{
  for (int forever = 0; forever <= 1; forever++) {
    gboolean struck = TRUE;

    for (int n = 1; struck; n++) {
      g_autoptr (FyrConnection) connection = fyr_connection_open (":memory:", 0, NULL);
      g_autoptr (GError) error = NULL;
      gboolean saved;

      g_assert_cmpint (n, <, 5000);
      g_assert_true (fyr_connection_exec (connection, TABLE, NULL));
      fyr_fault_arm_memory (n, forever);
      saved = write_ten (connection, &error);
      struck = fyr_fault_disarm ();
      g_assert_true (saved || error != NULL);
      g_assert_cmpint (count (connection), ==, saved ? 10 : 0);
    }
  }
}

static gboolean
insert_marker (FyrConnection *connection, gpointer user_data, GError **error)
{
  return fyr_connection_exec (connection, "INSERT INTO t VALUES (2, 'from code')", error);
}

static const FyrMigration steps[] = {
  { 1, TABLE, NULL, NULL },
  { 2, "ALTER TABLE t ADD COLUMN c INTEGER; CREATE INDEX i ON t (a);", NULL, NULL },
  { 3, "CREATE TABLE u (x); DROP INDEX i; UPDATE t SET c = a;", NULL, NULL },
};

static void
test_migrations_run_once_and_in_order (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = fyr_connection_open (":memory:", 0, &error);
  const FyrMigration with_code[] = { { 1, TABLE, insert_marker, NULL } };

  for (int i = 0; i < 2; i++) {
    g_assert_true (fyr_migrator_run (connection, with_code, 1, &error));
    g_assert_cmpint (count (connection), ==, 1);
    g_assert_cmpint (fyr_migrator_get_version (connection, &error), ==, 1);
  }
}

static void
test_a_newer_database_is_left_alone (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = fyr_connection_open (":memory:", 0, &error);

  g_assert_true (fyr_migrator_run (connection, steps, 3, &error));
  g_assert_false (fyr_migrator_run (connection, steps, 2, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_NEWER_SCHEMA);
  g_assert_cmpint (fyr_migrator_get_version (connection, NULL), ==, 3);
}

static void
test_a_failing_migration_leaves_the_old_version (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = fyr_connection_open (":memory:", 0, &error);
  const FyrMigration bad[] = { steps[0], { 2, "CREATE TABLE v (x); CREATE TABL w (x)", NULL, NULL } };
  const FyrMigration gap[] = { steps[0], { 3, "CREATE TABLE v (x)", NULL, NULL } };

  g_assert_false (fyr_migrator_run (connection, bad, 2, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_cmpint (fyr_migrator_get_version (connection, NULL), ==, 1);
  g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'v'"), ==,
                   0);
  g_assert_false (fyr_migrator_run (connection, gap, 2, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
}

/* Returns whether the child was killed before it was done. */
static gboolean
migrate_in_child (const char *path, int kill_at)
{
  pid_t child = fork ();
  int status;

  if (child == 0) {
    g_autoptr (FyrConnection) connection = fyr_connection_open (path, FYR_CONNECTION_EXCLUSIVE, NULL);

    fyr_fault_arm_io (FYR_FAULT_KILL, kill_at);
    _exit (fyr_migrator_run (connection, steps, 3, NULL) ? 0 : 1);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), !=, 1);
  return WEXITSTATUS (status) == 9;
}

static void
test_a_killed_migration_is_whole_at_a_version (void)
{
  gboolean killed = TRUE;

  for (int n = 1; killed; n++) {
    g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
    g_autofree char *path = g_build_filename (folder, "test.db", NULL);
    g_autoptr (FyrConnection) connection = fyr_test_open (folder, 0);
    g_autoptr (GError) error = NULL;
    gint64 version;

    g_assert_true (fyr_migrator_run (connection, steps, 1, &error));
    g_assert_true (fyr_connection_exec (connection, "INSERT INTO t VALUES (4, 'kept')", &error));
    g_clear_pointer (&connection, fyr_connection_unref);
    killed = migrate_in_child (path, n);
    connection = fyr_test_open (folder, 0);
    version = fyr_migrator_get_version (connection, &error);
    g_assert_cmpint (version, >=, 1);
    g_assert_cmpint (count (connection), ==, 1);
    g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'u'"), ==,
                     version == 3 ? 1 : 0);
    g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'i'"), ==,
                     version == 2 ? 1 : 0);
    g_assert_true (fyr_connection_check (connection, TRUE, &error));
    g_assert_true (fyr_migrator_run (connection, steps, 3, &error));
    g_assert_cmpint (fyr_test_scalar (connection, "SELECT c FROM t"), ==, 4);
  }
}

#define ADD(name, function) g_test_add_func ("/db/transaction/" name, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_fault_install ();
  ADD ("what-follows-a-transaction-that-is-gone-is-not-written",
       test_what_follows_a_transaction_that_is_gone_is_not_written);
  ADD ("free-without-commit-rolls-back", test_free_without_commit_rolls_back);
  ADD ("transactions-do-not-nest", test_transactions_do_not_nest);
  ADD ("savepoints-nest", test_savepoints_nest);
  ADD ("reading-sees-one-point", test_reading_sees_one_point);
  ADD ("io-errors-leave-all-or-nothing", test_io_errors_leave_all_or_nothing);
  ADD ("full-disk-leaves-all-or-nothing", test_full_disk_leaves_all_or_nothing);
  ADD ("full-disk-then-space-again", test_full_disk_then_space_again);
  ADD ("a-failed-sync-is-fatal", test_a_failed_sync_is_fatal);
  ADD ("what-the-disk-does-not-read-is-no-damage", test_what_the_disk_does_not_read_is_no_damage);
  ADD ("no-memory-leaves-all-or-nothing", test_no_memory_leaves_all_or_nothing);
  ADD ("migrations-run-once-and-in-order", test_migrations_run_once_and_in_order);
  ADD ("a-newer-database-is-left-alone", test_a_newer_database_is_left_alone);
  ADD ("a-failing-migration-leaves-the-old-version", test_a_failing_migration_leaves_the_old_version);
  ADD ("a-killed-migration-is-whole-at-a-version", test_a_killed_migration_is_whole_at_a_version);
  return g_test_run ();
}
