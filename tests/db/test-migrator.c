/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-db-fixture.h"
#include "fyr-fault.h"
#include "fyr-migrator.h"
#include "fyr-transaction.h"

/* A database is brought from version to version whole: each step with its number, or neither; rows are never lost. */

static gboolean
add_mark (FyrConnection *connection, gpointer mark, GError **error)
{
  g_autoptr (FyrStatement) insert =
      fyr_connection_prepare (connection, "INSERT INTO mark VALUES (?1)", error);

  if (insert == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (insert, 1, mark);
  return fyr_statement_run (insert, error);
}

static char first[] = "first";
static char third[] = "third";

static const FyrMigration steps[] = {
  { 1, "CREATE TABLE t (a INTEGER); CREATE TABLE mark (name TEXT)", add_mark, first },
  { 2, "ALTER TABLE t ADD COLUMN b INTEGER; UPDATE t SET b = a * 2; CREATE INDEX i ON t (b)", NULL, NULL },
  { 3, NULL, add_mark, third },
  { 4, "CREATE TABLE u (x INTEGER); INSERT INTO u SELECT b FROM t; DROP INDEX i", NULL, NULL },
};

static FyrConnection *
open_memory (void)
{
  g_autoptr (GError) error = NULL;
  FyrConnection *connection = fyr_connection_open (":memory:", FYR_CONNECTION_NONE, &error);

  g_assert_no_error (error);
  return connection;
}

static void
migrate (FyrConnection *connection, gsize n)
{
  g_autoptr (GError) error = NULL;

  fyr_migrator_run (connection, steps, n, &error);
  g_assert_no_error (error);
}

static void
assert_version (FyrConnection *connection, gint64 version)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fyr_migrator_get_version (connection, &error), ==, version);
  g_assert_no_error (error);
}

static gint64
has_object (FyrConnection *connection, const char *name)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM sqlite_schema WHERE name = '%s'", name);

  return fyr_test_scalar (connection, sql);
}

/* The tables are those of the version, no more and no less, and the rows are there. */
static void
assert_whole (FyrConnection *connection, gint64 rows)
{
  gint64 version = fyr_migrator_get_version (connection, NULL);

  g_assert_cmpint (version, >=, 0);
  g_assert_cmpint (version, <=, 4);
  g_assert_cmpint (has_object (connection, "t"), ==, version >= 1);
  g_assert_cmpint (has_object (connection, "i"), ==, version == 2 || version == 3);
  g_assert_cmpint (has_object (connection, "u"), ==, version == 4);
  if (version >= 1) {
    g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM t"), ==, rows);
    g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM mark"), ==, version >= 3 ? 2 : 1);
  }
  if (version >= 2) {
    g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM t WHERE b = a * 2"), ==, rows);
  }
  if (version == 4) {
    g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM u"), ==, rows);
  }
}

static void
insert_rows (FyrConnection *connection)
{
  g_autoptr (GError) error = NULL;

  fyr_connection_exec (connection, "INSERT INTO t (a) VALUES (1), (2), (3)", &error);
  g_assert_no_error (error);
}

static void
test_a_new_database_is_version_nought (void)
{
  g_autoptr (FyrConnection) connection = open_memory ();

  assert_version (connection, 0);
  migrate (connection, 0);
  assert_version (connection, 0);
}

static void
test_from_any_version_to_any_later (void)
{
  for (gsize from = 0; from <= G_N_ELEMENTS (steps); from++) {
    for (gsize to = from; to <= G_N_ELEMENTS (steps); to++) {
      g_autoptr (FyrConnection) connection = open_memory ();

      migrate (connection, from);
      assert_version (connection, (gint64)from);
      if (from == 1) {
        insert_rows (connection);
      }
      migrate (connection, to);
      assert_version (connection, (gint64)to);
      assert_whole (connection, from == 1 ? 3 : 0);
    }
  }
}

static gboolean
give_up (FyrConnection *connection, gpointer user_data, GError **error)
{
  g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT, "the step gave up");
  return FALSE;
}

/* The step's own word is passed on, with its number; what stood before it stays. */
static void
test_the_step_that_failed_is_named (void)
{
  const FyrMigration broken[] = {
    steps[0],
    steps[1],
    { 3, "INSERT INTO t VALUES (7, 7); CREATE TABLE lost (x INTEGER)", give_up, NULL },
    steps[3],
  };
  g_autoptr (FyrConnection) connection = open_memory ();
  g_autoptr (GError) error = NULL;

  g_assert_false (fyr_migrator_run (connection, broken, G_N_ELEMENTS (broken), &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT);
  g_assert_cmpstr (error->message, ==, "Migration 3: the step gave up");
  g_assert_false (fyr_connection_in_transaction (connection));
  g_assert_cmpint (has_object (connection, "lost"), ==, 0);
  assert_whole (connection, 0);
  assert_version (connection, 2);
  /* The program that knows better goes on from there. */
  migrate (connection, G_N_ELEMENTS (steps));
  assert_whole (connection, 0);
}

static void
test_a_step_out_of_order_is_refused (void)
{
  const FyrMigration gap[] = { steps[0], steps[2] };
  const FyrMigration late[] = { steps[1] };
  const struct {
    const FyrMigration *list;
    gsize n;
    gint64 version;
  } cases[] = { { gap, 2, 1 }, { late, 1, 0 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FyrConnection) connection = open_memory ();
    g_autoptr (GError) error = NULL;

    g_assert_false (fyr_migrator_run (connection, cases[i].list, cases[i].n, &error));
    g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
    assert_version (connection, cases[i].version);
    assert_whole (connection, 0);
  }
}

static void
test_inside_a_transaction_nothing_is_migrated (void)
{
  g_autoptr (FyrConnection) connection = open_memory ();
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin (connection, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (fyr_migrator_run (connection, steps, G_N_ELEMENTS (steps), &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
  g_clear_pointer (&transaction, fyr_transaction_free);
  assert_version (connection, 0);
}

static void
test_a_reader_may_look_and_not_migrate (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) writer = fyr_test_open (folder, FYR_CONNECTION_CREATE);
  g_autoptr (FyrConnection) reader = NULL;
  g_autoptr (GError) error = NULL;

  migrate (writer, 2);
  reader = fyr_test_open (folder, FYR_CONNECTION_READ_ONLY);
  assert_version (reader, 2);
  g_assert_true (fyr_migrator_run (reader, steps, 2, &error));
  g_assert_no_error (error);
  g_assert_false (fyr_migrator_run (reader, steps, 3, &error));
  g_assert_nonnull (error);
  assert_version (writer, 2);
}

/* Fails each file call in turn; then the same again without a fault. */
static void
fail_each_call (FyrFaultKind kind)
{
  gboolean struck = TRUE;

  for (int n = 1; struck; n++) {
    g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
    g_autoptr (FyrConnection) connection = fyr_test_open (folder, FYR_CONNECTION_CREATE);
    g_autoptr (FyrConnection) again = NULL;
    g_autoptr (GError) error = NULL;
    gboolean done;

    g_assert_cmpint (n, <, 3000);
    migrate (connection, 1);
    insert_rows (connection);
    fyr_fault_arm_io (kind, n);
    done = fyr_migrator_run (connection, steps, G_N_ELEMENTS (steps), &error);
    struck = fyr_fault_disarm ();
    g_assert_true (done == (error == NULL));
    g_clear_pointer (&connection, fyr_connection_unref);
    again = fyr_test_open (folder, FYR_CONNECTION_NONE);
    assert_whole (again, 3);
    migrate (again, G_N_ELEMENTS (steps));
    assert_version (again, 4);
    assert_whole (again, 3);
  }
}

static void
test_a_failing_disk_leaves_a_whole_version (void)
{
  fail_each_call (FYR_FAULT_ONCE);
}

static void
test_a_full_disk_leaves_a_whole_version (void)
{
  fail_each_call (FYR_FAULT_FULL);
}

static void
test_a_failed_sync_leaves_a_whole_version (void)
{
  fail_each_call (FYR_FAULT_SYNC);
}

static gpointer
migrate_file (gpointer folder)
{
  g_autoptr (FyrConnection) connection = fyr_test_open (folder, FYR_CONNECTION_NONE);

  migrate (connection, G_N_ELEMENTS (steps));
  return NULL;
}

/* Two programs that find the same old database: one migrates, the other finds it done. */
static void
test_two_at_once_migrate_once (void)
{
  for (int i = 0; i < 5; i++) {
    g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
    g_autoptr (FyrConnection) connection = fyr_test_open (folder, FYR_CONNECTION_CREATE);
    GThread *threads[3];

    for (int t = 0; t < 3; t++) {
      threads[t] = g_thread_new ("migrate", migrate_file, folder);
    }
    for (int t = 0; t < 3; t++) {
      g_thread_join (threads[t]);
    }
    assert_version (connection, 4);
    assert_whole (connection, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_fault_install ();
  g_test_add_func ("/db/migrator/a-new-database-is-version-nought", test_a_new_database_is_version_nought);
  g_test_add_func ("/db/migrator/from-any-version-to-any-later", test_from_any_version_to_any_later);
  g_test_add_func ("/db/migrator/the-step-that-failed-is-named", test_the_step_that_failed_is_named);
  g_test_add_func ("/db/migrator/a-step-out-of-order-is-refused", test_a_step_out_of_order_is_refused);
  g_test_add_func ("/db/migrator/inside-a-transaction-nothing-is-migrated",
                   test_inside_a_transaction_nothing_is_migrated);
  g_test_add_func ("/db/migrator/a-reader-may-look-and-not-migrate", test_a_reader_may_look_and_not_migrate);
  g_test_add_func ("/db/migrator/a-failing-disk-leaves-a-whole-version",
                   test_a_failing_disk_leaves_a_whole_version);
  g_test_add_func ("/db/migrator/a-full-disk-leaves-a-whole-version",
                   test_a_full_disk_leaves_a_whole_version);
  g_test_add_func ("/db/migrator/a-failed-sync-leaves-a-whole-version",
                   test_a_failed_sync_leaves_a_whole_version);
  g_test_add_func ("/db/migrator/two-at-once-migrate-once", test_two_at_once_migrate_once);
  return g_test_run ();
}
