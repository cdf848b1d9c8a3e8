/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-db-fixture.h"
#include "fyr-shared.h"
#include "fyr-transaction.h"

/* What several processes need of one database is nothing to a file: it does nothing, and says that all is well. */

static void
test_addresses_are_told_from_files (void)
{
  const char *const shared[] = { "postgresql://u@h:5432/n", "postgresql:///n", "postgres://h/n" };
  const char *const files[] = { "/var/lib/fyrlykt/server.db", ":memory:", "postgresql.db", "./postgres/x",
                                "" };

  for (gsize i = 0; i < G_N_ELEMENTS (shared); i++) {
    g_assert_true (fyr_connection_is_shared_location (shared[i]));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_assert_false (fyr_connection_is_shared_location (files[i]));
  }
}

static void
test_locks_of_a_file_are_had_at_once (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = fyr_test_open (folder, FYR_CONNECTION_CREATE);
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin (connection, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (fyr_connection_is_shared (connection));
  g_assert_cmpstr (fyr_connection_get_row_lock (connection), ==, "");
  for (int i = 0; i < 3; i++) {
    g_assert_true (fyr_connection_lock_name (connection, "the same name", &error));
    g_assert_cmpint (fyr_connection_try_name (connection, "the same name", &error), ==, 1);
  }
  g_assert_true (fyr_connection_set_patience (connection, 0, &error));
  g_assert_true (fyr_connection_set_patience (connection, G_MAXUINT, &error));
  g_assert_true (fyr_connection_set_for_transaction (connection, "app.user", "'; DROP TABLE t", &error));
  g_assert_no_error (error);
  g_assert_true (fyr_transaction_commit (transaction, &error));
}

static void
test_a_row_lock_leaves_a_query_whole (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) connection = fyr_test_open (folder, FYR_CONNECTION_CREATE);
  g_autofree char *sql =
      g_strconcat ("SELECT a FROM t WHERE a = 1", fyr_connection_get_row_lock (connection), NULL);

  g_assert_true (
      fyr_connection_exec (connection, "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)", NULL));
  g_assert_cmpint (fyr_test_scalar (connection, sql), ==, 1);
}

static void
test_nobody_sends_notices_over_a_file (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) one = fyr_test_open (folder, FYR_CONNECTION_CREATE);
  g_autoptr (FyrConnection) two = fyr_test_open (folder, FYR_CONNECTION_NONE);
  g_autoptr (GError) error = NULL;
  char *text = (char *)"not yet asked";

  g_assert_true (fyr_connection_listen (two, "feed", &error));
  g_assert_true (fyr_connection_notify (one, "feed", "something", &error));
  g_assert_true (fyr_connection_take_notice (two, &text, &error));
  g_assert_no_error (error);
  g_assert_null (text);
  g_assert_cmpint (fyr_connection_get_socket (two), ==, -1);
  g_assert_cmpuint (fyr_connection_get_life (two), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/db/shared-on-file/addresses-are-told-from-files", test_addresses_are_told_from_files);
  g_test_add_func ("/db/shared-on-file/locks-of-a-file-are-had-at-once",
                   test_locks_of_a_file_are_had_at_once);
  g_test_add_func ("/db/shared-on-file/a-row-lock-leaves-a-query-whole",
                   test_a_row_lock_leaves_a_query_whole);
  g_test_add_func ("/db/shared-on-file/nobody-sends-notices-over-a-file",
                   test_nobody_sends_notices_over_a_file);
  return g_test_run ();
}
