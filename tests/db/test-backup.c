/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "fyr-db-fixture.h"
#include "fyr-fault.h"
#include "fyr-transaction.h"

#define PAIRS "CREATE TABLE l (n INTEGER); CREATE TABLE r (n INTEGER)"

typedef struct {
  char *folder;
  gint stop; /* atomic */
  guint written;
} Writer;

/* Each transaction writes one row to both tables, so any consistent point has as many in each. */
static gpointer
keep_writing (gpointer data)
{
  Writer *writer = data;
  g_autoptr (FyrConnection) connection = fyr_test_open (writer->folder, 0);

  while (!g_atomic_int_get (&writer->stop)) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrTransaction) transaction = fyr_transaction_begin (connection, &error);

    g_assert_no_error (error);
    g_assert_true (fyr_connection_exec (connection, "INSERT INTO l VALUES (1)", &error));
    g_assert_true (fyr_connection_exec (connection, "INSERT INTO r VALUES (1)", &error));
    g_assert_true (fyr_transaction_commit (transaction, &error));
    writer->written++;
  }
  return NULL;
}

static void
assert_consistent (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) copy = fyr_connection_open (path, FYR_CONNECTION_READ_ONLY, &error);

  g_assert_no_error (error);
  g_assert_true (fyr_connection_check (copy, TRUE, &error));
  g_assert_cmpint (fyr_test_scalar (copy, "SELECT count(*) FROM l"), ==,
                   fyr_test_scalar (copy, "SELECT count(*) FROM r"));
}

static void
test_backup_while_writing (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "copy.db", NULL);
  g_autoptr (FyrConnection) connection = fyr_test_open (folder, 0);
  Writer writer = { folder, 0, 0 };
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_assert_true (fyr_connection_exec (connection, PAIRS, &error));
  thread = g_thread_new ("writer", keep_writing, &writer);
  for (int i = 0; i < 20; i++) {
    GStatBuf info;

    g_assert_true (fyr_connection_backup (connection, path, &error));
    g_assert_no_error (error);
    assert_consistent (path);
    g_assert_cmpint (g_stat (path, &info), ==, 0);
    g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    g_usleep (2000);
  }
  g_atomic_int_set (&writer.stop, 1);
  g_thread_join (thread);
  g_assert_cmpuint (writer.written, >, 0);
}

static void
test_backup_of_an_exclusive_database (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "copy.db", NULL);
  g_autoptr (FyrConnection) connection = fyr_test_open (folder, FYR_CONNECTION_EXCLUSIVE);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrTransaction) transaction = NULL;

  g_assert_true (fyr_connection_exec (connection, PAIRS, &error));
  g_assert_true (fyr_connection_backup (connection, path, &error));
  g_assert_no_error (error);
  assert_consistent (path);
  transaction = fyr_transaction_begin (connection, &error);
  g_assert_false (fyr_connection_backup (connection, path, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
}

/* Whichever write fails, the copy of yesterday is still there and whole. */
static void
test_a_failed_backup_keeps_the_former (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "copy.db", NULL);
  g_autoptr (FyrConnection) connection = fyr_test_open (folder, 0);
  g_autoptr (GError) error = NULL;
  gboolean struck = TRUE;

  g_assert_true (
      fyr_connection_exec (connection, PAIRS "; INSERT INTO l VALUES (1); INSERT INTO r VALUES (1)", &error));
  g_assert_true (fyr_connection_backup (connection, path, &error));
  for (int n = 1; struck; n++) {
    g_assert_cmpint (n, <, 200);
    fyr_fault_arm_io (FYR_FAULT_FULL, n);
    if (!fyr_connection_backup (connection, path, &error)) {
      g_assert_nonnull (error);
    }
    struck = fyr_fault_disarm ();
    g_clear_error (&error);
    assert_consistent (path);
  }
}

static void
test_backup_to_nowhere (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = fyr_connection_open (":memory:", 0, &error);

  g_assert_false (fyr_connection_backup (connection, "/nonexistent/copy.db", &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_fault_install ();
  g_test_add_func ("/db/backup/while-writing", test_backup_while_writing);
  g_test_add_func ("/db/backup/of-an-exclusive-database", test_backup_of_an_exclusive_database);
  g_test_add_func ("/db/backup/a-failed-one-keeps-the-former", test_a_failed_backup_keeps_the_former);
  g_test_add_func ("/db/backup/to-nowhere", test_backup_to_nowhere);
  return g_test_run ();
}
