/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layer that gathers what is written to the log: nobody sees anything but fewer calls of the system.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-db-fixture.h"
#include "fyr-fault.h"
#include "fyr-transaction.h"

#define TEXT_BYTES 1000

typedef struct {
  char *folder;
  char *path;
  FyrConnection *connection;
} Fixture;

static void
run (FyrConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_connection_exec (connection, sql, &error));
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = fyr_test_folder_new ();
  self->path = g_build_filename (self->folder, "test.db", NULL);
  self->connection = fyr_connection_open (self->path, FYR_CONNECTION_CREATE, &error);
  g_assert_no_error (error);
  run (self->connection, "CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->connection, fyr_connection_unref);
  g_free (self->path);
  fyr_test_folder_free (self->folder);
}

static gint64
ask (FyrConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStatement) select = fyr_connection_prepare (connection, sql, &error);

  g_assert_no_error (error);
  g_assert_cmpint (fyr_statement_step (select, &error), ==, FYR_STEP_ROW);
  return fyr_statement_get_int (select, 0);
}

/* Rows from @from to before @to, in one transaction. Returns: whether it was committed */
static gboolean
add_rows (FyrConnection *connection, int from, int to, GError **error)
{
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin (connection, error);
  char text[TEXT_BYTES + 1];

  if (transaction == NULL)
    return FALSE;
  memset (text, 'x', TEXT_BYTES);
  text[TEXT_BYTES] = '\0';
  for (int i = from; i < to; i++) {
    g_autoptr (FyrStatement) insert =
        fyr_connection_prepare (connection, "INSERT INTO row (id, text) VALUES (?1, ?2)", error);

    if (insert == NULL)
      return FALSE;
    fyr_statement_bind_int (insert, 1, i);
    fyr_statement_bind_text (insert, 2, text);
    if (!fyr_statement_run (insert, error))
      return FALSE;
  }
  return fyr_transaction_commit (transaction, error);
}

static void
assert_rows (FyrConnection *connection, gint64 expected)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (ask (connection, "SELECT count (*) FROM row"), ==, expected);
  g_assert_cmpint (ask (connection, "SELECT count (*) FROM row WHERE length (text) = 1000"), ==, expected);
  g_assert_true (fyr_connection_check (connection, TRUE, &error));
  g_assert_no_error (error);
}

static void
test_a_commit_is_seen_by_another_connection_at_once (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) reader = fyr_connection_open (self->path, FYR_CONNECTION_READ_ONLY, &error);
  int rows = 0;

  g_assert_no_error (error);
  /* One page, some, and more than are gathered at a time. */
  for (int size = 1; size <= 1000; size *= 10) {
    g_assert_true (add_rows (self->connection, rows, rows + size, &error));
    g_assert_no_error (error);
    rows += size;
    assert_rows (reader, rows);
  }
}

/* A transaction larger than the cache writes to the log before its end, and reads that again. */
static void
test_a_transaction_reads_what_it_wrote_early (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  run (self->connection, "PRAGMA cache_size = 10");
  g_assert_true (add_rows (self->connection, 0, 500, &error));
  g_assert_no_error (error);
  run (self->connection,
       "BEGIN; UPDATE row SET text = 'y' || substr (text, 2); UPDATE row SET text = 'z' || substr (text, 2)"
       " WHERE id % 7 = 0");
  g_assert_cmpint (ask (self->connection, "SELECT count (*) FROM row WHERE text LIKE 'z%'"), ==, 72);
  run (self->connection, "COMMIT");
  assert_rows (self->connection, 500);
  run (self->connection, "BEGIN; UPDATE row SET text = 'q'");
  run (self->connection, "ROLLBACK");
  assert_rows (self->connection, 500);
  g_assert_cmpint (ask (self->connection, "SELECT count (*) FROM row WHERE text LIKE 'y%'"), ==, 428);
}

static void
test_what_was_committed_is_there_after_a_copy_of_the_files (Fixture *self, gconstpointer data)
{
  static const char *const suffixes[] = { "", "-wal" };
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) copy = NULL;
  g_autofree char *path = g_build_filename (self->folder, "copy.db", NULL);

  g_assert_true (add_rows (self->connection, 0, 300, &error));
  /* As after a power cut: what the process still held is gone. */
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *from = g_strconcat (self->path, suffixes[i], NULL);
    g_autofree char *to = g_strconcat (path, suffixes[i], NULL);
    g_autofree char *bytes = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (from, &bytes, &length, &error));
    g_assert_true (g_file_set_contents (to, bytes, (gssize)length, &error));
  }
  copy = fyr_connection_open (path, FYR_CONNECTION_NONE, &error);
  g_assert_no_error (error);
  assert_rows (copy, 300);
}

static void
test_a_commit_of_many_pages_is_few_writes (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  /* Some eighty pages; the twelfth change of a file would fail. */
  fyr_fault_arm_io (FYR_FAULT_FOREVER, 12);
  g_assert_true (add_rows (self->connection, 0, 250, &error));
  g_assert_no_error (error);
  g_assert_false (fyr_fault_disarm ());
  assert_rows (self->connection, 250);
}

static void
test_each_failing_call_fails_the_commit_and_nothing_else (Fixture *self, gconstpointer data)
{
  static const FyrFaultKind kinds[] = { FYR_FAULT_ONCE, FYR_FAULT_FULL };
  g_autoptr (GError) error = NULL;
  int rows = 0;

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++) {
    gboolean struck = TRUE;

    for (int n = 1; struck; n++) {
      gboolean done;

      fyr_fault_arm_io (kinds[kind], n);
      done = add_rows (self->connection, rows, rows + 250, &error);
      struck = fyr_fault_disarm ();
      g_assert_true (done || struck);
      rows += done ? 250 : 0;
      g_clear_error (&error);
      if (fyr_connection_is_broken (self->connection)) {
        /* A sync that failed: whatever is on the disk, it is the whole of it or nothing. */
        g_clear_pointer (&self->connection, fyr_connection_unref);
        self->connection = fyr_connection_open (self->path, FYR_CONNECTION_NONE, &error);
        g_assert_no_error (error);
        rows = (int)ask (self->connection, "SELECT count (*) FROM row");
        g_assert_cmpint (rows % 250, ==, 0);
      }
      assert_rows (self->connection, rows);
    }
  }
}

static void
add (const char *name, void (*func) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/db/log-vfs/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  fyr_fault_install ();
  g_test_init (&argc, &argv, NULL);
  add ("a-commit-is-seen-by-another-connection-at-once", test_a_commit_is_seen_by_another_connection_at_once);
  add ("a-transaction-reads-what-it-wrote-early", test_a_transaction_reads_what_it_wrote_early);
  add ("what-was-committed-is-there-after-a-copy-of-the-files",
       test_what_was_committed_is_there_after_a_copy_of_the_files);
  add ("a-commit-of-many-pages-is-few-writes", test_a_commit_of_many_pages_is_few_writes);
  add ("each-failing-call-fails-the-commit-and-nothing-else",
       test_each_failing_call_fails_the_commit_and_nothing_else);
  return g_test_run ();
}
