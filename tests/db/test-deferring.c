/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-db-fixture.h"
#include "fyr-rows.h"
#include "fyr-shared.h"
#include "fyr-transaction.h"

/* What is sent to PostgreSQL without waiting for each answer keeps the promises of what is waited for. */
typedef struct {
  FyrConnection *connection;
  FyrConnection *other;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *location = fyr_test_database_new ();
  g_autoptr (GError) error = NULL;

  self->connection = fyr_connection_open (location, FYR_CONNECTION_NONE, &error);
  g_assert_no_error (error);
  self->other = fyr_connection_open (location, FYR_CONNECTION_NONE, &error);
  g_assert_no_error (error);
  fyr_connection_exec (self->connection, "CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER UNIQUE)", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->connection, fyr_connection_unref);
  g_clear_pointer (&self->other, fyr_connection_unref);
}

static FyrTransaction *
begin (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  FyrTransaction *transaction = fyr_transaction_begin (self->connection, &error);

  g_assert_no_error (error);
  fyr_connection_set_deferring (self->connection, TRUE);
  g_assert_true (fyr_connection_is_deferring (self->connection));
  return transaction;
}

static gboolean
put (Fixture *self, gint64 value, GError **error)
{
  g_autoptr (FyrStatement) insert =
      fyr_connection_prepare (self->connection, "INSERT INTO t (b) VALUES (?1)", error);

  if (insert == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (insert, 1, value);
  return fyr_statement_run (insert, error);
}

static gint64
count (Fixture *self)
{
  return fyr_test_scalar (self->other, "SELECT count (*) FROM t");
}

static void
test_all_of_it_is_committed (Fixture *self, gconstpointer data)
{
  g_autoptr (FyrTransaction) transaction = begin (self);
  g_autoptr (GError) error = NULL;

  /* More than all buffers on the way hold. */
  for (gint64 i = 0; i < 20000; i++) {
    put (self, i, &error);
    g_assert_no_error (error);
  }
  g_assert_cmpint (fyr_test_scalar (self->connection, "SELECT count (*) FROM t"), ==, 20000);
  put (self, 20000, &error);
  g_assert_no_error (error);
  g_assert_true (fyr_transaction_commit (transaction, &error));
  g_assert_cmpint (count (self), ==, 20001);
  g_assert_false (fyr_connection_is_deferring (self->connection));
  fyr_connection_set_deferring (self->connection, TRUE);
  g_assert_false (fyr_connection_is_deferring (self->connection));
}

static void
test_a_failure_is_told_later_and_commits_nothing (Fixture *self, gconstpointer data)
{
  g_autoptr (FyrTransaction) transaction = begin (self);
  g_autoptr (FyrStatement) look = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (put (self, 1, &error));
  g_assert_true (fyr_connection_settle (self->connection, &error));
  g_assert_true (put (self, 1, &error));
  g_assert_true (put (self, 2, &error));
  look = fyr_connection_prepare (self->connection, "SELECT count (*) FROM t", NULL);
  if (look != NULL) {
    /* Whose statement was a duplicate is not known: nobody is told that theirs was. */
    g_assert_cmpint (fyr_statement_step (look, &error), ==, FYR_STEP_ERROR);
    g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
    g_clear_error (&error);
  }
  g_assert_false (fyr_connection_settle (self->connection, NULL));
  g_assert_false (fyr_transaction_commit (transaction, &error));
  g_assert_cmpint (count (self), ==, 0);
}

static void
test_a_commit_sees_what_failed (Fixture *self, gconstpointer data)
{
  g_autoptr (FyrTransaction) transaction = begin (self);
  g_autoptr (GError) error = NULL;

  g_assert_true (put (self, 1, &error));
  g_assert_true (put (self, 1, &error));
  g_assert_false (fyr_transaction_commit (transaction, &error));
  g_assert_false (fyr_connection_in_transaction (self->connection));
  g_assert_cmpint (count (self), ==, 0);
}

static void
test_a_savepoint_is_found_again_below_one_thought_released (Fixture *self, gconstpointer data)
{
  g_autoptr (FyrTransaction) transaction = begin (self);
  g_autoptr (FyrSavepoint) outer = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (put (self, 1, &error));
  outer = fyr_savepoint_begin (self->connection, &error);
  g_assert_true (put (self, 2, &error));
  for (int i = 0; i < 2; i++) {
    g_autoptr (FyrSavepoint) inner = fyr_savepoint_begin (self->connection, &error);

    g_assert_true (put (self, 1, &error));
    g_assert_true (fyr_savepoint_release (inner, &error));
  }
  g_assert_false (fyr_connection_settle (self->connection, &error));
  g_clear_error (&error);
  g_assert_true (fyr_savepoint_rollback (outer, &error));
  g_assert_true (put (self, 3, &error));
  g_assert_true (fyr_transaction_commit (transaction, &error));
  g_assert_cmpint (count (self), ==, 2);
  g_assert_cmpint (fyr_test_scalar (self->other, "SELECT max (b) FROM t"), ==, 3);
}

static void
test_the_number_of_changes_is_waited_for (Fixture *self, gconstpointer data)
{
  g_autoptr (FyrTransaction) transaction = begin (self);
  g_autoptr (FyrStatement) change = NULL;
  g_autoptr (GError) error = NULL;

  for (gint64 i = 0; i < 3; i++) {
    g_assert_true (put (self, i, &error));
  }
  change = fyr_connection_prepare (self->connection, "UPDATE t SET b = b + 10 WHERE b > 0", &error);
  g_assert_true (fyr_statement_run (change, &error));
  g_assert_cmpint (fyr_connection_get_changes (self->connection), ==, 2);
  g_assert_true (fyr_transaction_commit (transaction, &error));
}

static void
test_a_lost_connection_is_told_and_nothing_is_left (Fixture *self, gconstpointer data)
{
  g_autoptr (FyrTransaction) transaction = begin (self);
  g_autoptr (GError) error = NULL;
  g_autofree char *sql =
      g_strdup_printf ("SELECT pg_terminate_backend (%d, 10000)",
                       (int)fyr_test_scalar (self->connection, "SELECT pg_backend_pid ()"));

  g_assert_true (put (self, 1, &error));
  g_assert_true (fyr_connection_settle (self->connection, &error));
  fyr_connection_exec (self->other, sql, &error);
  g_assert_no_error (error);
  put (self, 2, NULL);
  g_assert_false (fyr_connection_settle (self->connection, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO);
  g_clear_error (&error);
  g_assert_false (fyr_transaction_commit (transaction, NULL));
  g_clear_pointer (&transaction, fyr_transaction_free);
  g_assert_cmpint (count (self), ==, 0);
  transaction = begin (self);
  g_assert_true (put (self, 3, &error));
  g_assert_true (fyr_transaction_commit (transaction, &error));
  g_assert_cmpint (count (self), ==, 1);
}

typedef struct {
  FyrConnection *connection;
  char *sql;
  guint delay;
} Cut;

static gpointer
cut (gpointer data)
{
  Cut *self = data;

  g_usleep (self->delay);
  fyr_connection_exec (self->connection, self->sql, NULL);
  return NULL;
}

/* Wherever it was cut, also between the commit and the end of the pipeline: the next transaction is as good as new. */
static void
test_a_connection_cut_anywhere_is_made_again (Fixture *self, gconstpointer data)
{
  guint committed = 0;

  for (guint round = 0; round < 40; round++) {
    g_autoptr (FyrTransaction) transaction = begin (self);
    g_autoptr (GError) error = NULL;
    Cut work = { .connection = self->other, .delay = (guint)g_test_rand_int_range (0, 3000) };
    GThread *thread;

    work.sql = g_strdup_printf ("SELECT pg_terminate_backend (%d)",
                                (int)fyr_test_scalar (self->connection, "SELECT pg_backend_pid ()"));
    thread = g_thread_new ("cut", cut, &work);
    for (guint i = 0; i < 5; i++) {
      put (self, (gint64)round * 10 + i, NULL);
    }
    committed += fyr_transaction_commit (transaction, NULL);
    g_clear_pointer (&transaction, fyr_transaction_free);
    g_thread_join (thread);
    g_free (work.sql);
    for (guint try = 0; try < 100 && transaction == NULL; try++) {
      transaction = fyr_transaction_begin (self->connection, NULL);
      g_usleep (transaction == NULL ? 20 * 1000 : 0); /* it is tried again each 200 ms at most */
    }
    g_assert_nonnull (transaction);
    g_assert_true (put (self, (gint64)round * 10 + 9, &error));
    g_assert_true (fyr_transaction_commit (transaction, &error));
    g_assert_no_error (error);
  }
  g_assert_cmpint (count (self), >=, 40 + 5 * committed);
}

static void
bind_square (FyrStatement *insert, int first, guint row, gpointer data)
{
  fyr_statement_bind_int (insert, first, (gint64)row * row);
}

static void
test_rows_of_any_number_are_inserted (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint n = 0; n < 200; n += 73) {
    g_autoptr (FyrTransaction) transaction = begin (self);

    g_assert_true (fyr_connection_exec (self->connection, "DELETE FROM t", &error));
    g_assert_true (
        fyr_rows_insert (self->connection, "INSERT INTO t (b) VALUES", 1, n, bind_square, NULL, &error));
    g_assert_true (fyr_transaction_commit (transaction, &error));
    g_assert_cmpint (count (self), ==, n);
    g_assert_cmpint (fyr_test_scalar (self->other, "SELECT coalesce (max (b), 0) FROM t"), ==,
                     n > 0 ? (n - 1) * (n - 1) : 0);
  }
}

/* What gives rows back is waited for, and all before it with it: it sees what was written. */
static void
test_what_is_read_sees_what_was_deferred (Fixture *self, gconstpointer data)
{
  g_autoptr (FyrTransaction) transaction = begin (self);
  g_autoptr (FyrStatement) insert = NULL;
  g_autoptr (GError) error = NULL;
  guint64 before = fyr_connection_count_writes (self->connection);

  for (gint64 i = 1; i <= 5; i++) {
    g_assert_true (put (self, i, &error));
    g_assert_cmpint (fyr_test_scalar (self->connection, "SELECT max (b) FROM t"), ==, i);
  }
  g_assert_cmpuint (fyr_connection_count_writes (self->connection), ==, before + 5);
  insert = fyr_connection_prepare (self->connection, "INSERT INTO t (b) VALUES (6) RETURNING b", &error);
  g_assert_cmpint (fyr_statement_step (insert, &error), ==, FYR_STEP_ROW);
  g_assert_cmpint (fyr_statement_get_int (insert, 0), ==, 6);
  fyr_statement_reset (insert);
  /* Its own failure it tells by its name. */
  g_assert_cmpint (fyr_statement_step (insert, &error), ==, FYR_STEP_ERROR);
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT);
}

static void
test_without_deferring_each_failure_is_told_at_once (Fixture *self, gconstpointer data)
{
  g_autoptr (FyrTransaction) transaction = begin (self);
  g_autoptr (FyrSavepoint) savepoint = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (put (self, 1, &error));
  fyr_connection_set_deferring (self->connection, FALSE);
  savepoint = fyr_savepoint_begin (self->connection, &error);
  g_assert_no_error (error);
  g_assert_false (put (self, 1, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT);
  g_clear_error (&error);
  g_assert_true (fyr_savepoint_rollback (savepoint, &error));
  g_assert_true (fyr_transaction_commit (transaction, &error));
  g_assert_cmpint (count (self), ==, 1);
}

static void
test_outside_of_a_transaction_nothing_is_deferred (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fyr_connection_set_deferring (self->connection, TRUE);
  g_assert_false (fyr_connection_is_deferring (self->connection));
  g_assert_true (put (self, 1, &error));
  g_assert_cmpint (count (self), ==, 1);
  g_assert_false (put (self, 1, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT);
}

#define ADD(name, function) g_test_add ("/db/deferring/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("all-of-it-is-committed", test_all_of_it_is_committed);
  ADD ("a-failure-is-told-later-and-commits-nothing", test_a_failure_is_told_later_and_commits_nothing);
  ADD ("a-commit-sees-what-failed", test_a_commit_sees_what_failed);
  ADD ("a-savepoint-is-found-again-below-one-thought-released",
       test_a_savepoint_is_found_again_below_one_thought_released);
  ADD ("the-number-of-changes-is-waited-for", test_the_number_of_changes_is_waited_for);
  ADD ("a-lost-connection-is-told-and-nothing-is-left", test_a_lost_connection_is_told_and_nothing_is_left);
  ADD ("a-connection-cut-anywhere-is-made-again", test_a_connection_cut_anywhere_is_made_again);
  ADD ("what-is-read-sees-what-was-deferred", test_what_is_read_sees_what_was_deferred);
  ADD ("without-deferring-each-failure-is-told-at-once", test_without_deferring_each_failure_is_told_at_once);
  ADD ("outside-of-a-transaction-nothing-is-deferred", test_outside_of_a_transaction_nothing_is_deferred);
  ADD ("rows-of-any-number-are-inserted", test_rows_of_any_number_are_inserted);
  return g_test_run ();
}
