/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-db-fixture.h"
#include "fyr-transaction.h"

#define ROWS "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ?1) SELECT x FROM n"

static FyrConnection *
open_memory (void)
{
  g_autoptr (GError) error = NULL;
  FyrConnection *connection = fyr_connection_open (":memory:", 0, &error);

  g_assert_no_error (error);
  return connection;
}

static gint64
sum_to (FyrConnection *connection, gint64 last, int depth)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStatement) statement = fyr_connection_prepare (connection, ROWS, &error);
  gint64 sum = 0;

  g_assert_no_error (error);
  fyr_statement_bind_int (statement, 1, last);
  while (fyr_statement_step (statement, &error) == FYR_STEP_ROW) {
    sum += fyr_statement_get_int (statement, 0);
    if (depth > 0 && fyr_statement_get_int (statement, 0) == 2) {
      g_assert_cmpint (sum_to (connection, last, depth - 1), ==, last * (last + 1) / 2);
    }
  }
  g_assert_no_error (error);
  return sum;
}

static void
test_one_text_may_be_run_inside_itself (void)
{
  g_autoptr (FyrConnection) connection = open_memory ();

  g_assert_cmpint (sum_to (connection, 10, 8), ==, 55);
  g_assert_cmpuint (fyr_connection_get_cached (connection), ==, 1);
}

static void
test_a_text_seen_before_is_not_compiled_again (void)
{
  g_autoptr (FyrConnection) connection = open_memory ();
  gint64 started = g_get_monotonic_time ();
  gint64 first;

  sum_to (connection, 1, 0);
  first = g_get_monotonic_time () - started;
  for (int i = 0; i < 1000; i++) {
    g_assert_cmpint (sum_to (connection, 1, 0), ==, 1);
    g_assert_cmpuint (fyr_connection_get_cached (connection), ==, 1);
  }
  g_test_message ("first %" G_GINT64_FORMAT " us", first);
}

/* Texts that differ in one letter anywhere are told apart, whatever the cache makes of them. */
static void
test_texts_alike_are_told_apart (void)
{
  g_autoptr (FyrConnection) connection = open_memory ();

  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < 100; i++) {
      g_autofree char *sql = g_strdup_printf ("SELECT %d /* %0*d */", i, 20 + i % 7, i);

      g_assert_cmpint (fyr_test_scalar (connection, sql), ==, i);
    }
  }
  g_assert_cmpuint (fyr_connection_get_cached (connection), ==, 100);
}

static void
test_lent_statements_survive_a_full_cache (void)
{
  g_autoptr (FyrConnection) connection = open_memory ();
  g_autoptr (GPtrArray) lent = g_ptr_array_new_with_free_func ((GDestroyNotify)fyr_statement_free);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 400; i++) {
    g_autofree char *sql = g_strdup_printf ("SELECT %d", i);
    FyrStatement *statement = fyr_connection_prepare (connection, sql, &error);

    g_assert_no_error (error);
    g_assert_cmpint (fyr_statement_step (statement, &error), ==, FYR_STEP_ROW);
    g_ptr_array_add (lent, statement);
  }
  for (guint i = 0; i < lent->len; i++) {
    g_assert_cmpint (fyr_statement_get_int (lent->pdata[i], 0), ==, i);
  }
}

static void
test_a_statement_freed_half_way_ends_its_reading (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autoptr (FyrConnection) writer = fyr_test_open (folder, 0);
  g_autoptr (FyrConnection) reader = fyr_test_open (folder, 0);
  g_autoptr (GError) error = NULL;
  FyrStatement *statement;

  g_assert_true (fyr_connection_exec (
      writer, "PRAGMA busy_timeout = 10; CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)", &error));
  statement = fyr_connection_prepare (reader, "SELECT a FROM t", &error);
  g_assert_cmpint (fyr_statement_step (statement, &error), ==, FYR_STEP_ROW);
  g_assert_false (fyr_connection_truncate_log (writer, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_BUSY);
  g_clear_error (&error);
  fyr_statement_free (statement);
  g_assert_true (fyr_connection_truncate_log (writer, &error));
}

static void
test_the_tables_may_change_under_a_cached_statement (void)
{
  g_autoptr (FyrConnection) connection = open_memory ();
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_connection_exec (connection, "CREATE TABLE t (a); INSERT INTO t VALUES (1)", &error));
  g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM t"), ==, 1);
  g_assert_true (
      fyr_connection_exec (connection, "ALTER TABLE t ADD COLUMN b; INSERT INTO t VALUES (2, 3)", &error));
  g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM t"), ==, 2);
  g_assert_true (fyr_connection_exec (connection, "DROP TABLE t", &error));
  {
    g_autoptr (FyrStatement) gone = fyr_connection_prepare (connection, "SELECT count(*) FROM t", &error);

    /* Compiled before: the error comes with the first step. */
    g_assert_true (gone == NULL || fyr_statement_step (gone, &error) == FYR_STEP_ERROR);
    g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
  }
}

static gpointer
interrupt_soon (gpointer connection)
{
  g_usleep (20000);
  fyr_connection_interrupt (connection);
  return NULL;
}

static void
test_a_long_statement_can_be_interrupted (void)
{
  g_autoptr (FyrConnection) connection = open_memory ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStatement) statement = fyr_connection_prepare (connection, ROWS, &error);
  GThread *thread = g_thread_new ("interrupt", interrupt_soon, connection);

  fyr_statement_bind_int (statement, 1, G_MAXINT64);
  g_assert_false (fyr_statement_run (statement, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
  g_thread_join (thread);
  g_assert_cmpint (sum_to (connection, 3, 0), ==, 6);
}

static void
test_changed_rows_are_counted (void)
{
  g_autoptr (FyrConnection) connection = open_memory ();
  g_autoptr (GError) error = NULL;

  g_assert_true (
      fyr_connection_exec (connection, "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)", &error));
  g_assert_cmpint (fyr_connection_get_changes (connection), ==, 3);
  g_assert_true (fyr_connection_exec (connection, "UPDATE t SET a = 9 WHERE a > 1", &error));
  g_assert_cmpint (fyr_connection_get_changes (connection), ==, 2);
}

#define ADD(name, function) g_test_add_func ("/db/cache/" name, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("one-text-may-be-run-inside-itself", test_one_text_may_be_run_inside_itself);
  ADD ("a-text-seen-before-is-not-compiled-again", test_a_text_seen_before_is_not_compiled_again);
  ADD ("texts-alike-are-told-apart", test_texts_alike_are_told_apart);
  ADD ("lent-statements-survive-a-full-cache", test_lent_statements_survive_a_full_cache);
  ADD ("a-statement-freed-half-way-ends-its-reading", test_a_statement_freed_half_way_ends_its_reading);
  ADD ("tables-may-change-under-a-cached-statement", test_the_tables_may_change_under_a_cached_statement);
  ADD ("a-long-statement-can-be-interrupted", test_a_long_statement_can_be_interrupted);
  ADD ("changed-rows-are-counted", test_changed_rows_are_counted);
  return g_test_run ();
}
