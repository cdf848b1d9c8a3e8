/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-transaction.h"

#include "fyr-db-driver.h"

/* The way back is compiled before it may be needed: without memory it could not be then. */
struct _FyrTransaction {
  FyrConnection *connection;
  FyrStatement *rollback;
  gboolean open;
};

struct _FyrSavepoint {
  FyrConnection *connection;
  guint depth;
  FyrStatement *rollback;
  FyrStatement *release;
  gboolean open;
};

static gboolean
run (FyrConnection *connection, const char *sql, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_connection_prepare (connection, sql, error);

  return statement != NULL && fyr_statement_run (statement, error);
}

static FyrTransaction *
begin (FyrConnection *connection, const char *sql, GError **error)
{
  g_autoptr (FyrStatement) rollback = NULL;
  FyrTransaction *transaction;

  if (fyr_connection_in_transaction (connection)) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED, "A transaction is open already");
    return NULL;
  }
  rollback = fyr_connection_prepare (connection, "ROLLBACK", error);
  if (rollback == NULL || !run (connection, sql, error)) {
    return NULL;
  }
  transaction = g_new0 (FyrTransaction, 1);
  transaction->rollback = g_steal_pointer (&rollback);
  transaction->connection = fyr_connection_ref (connection);
  transaction->open = TRUE;
  fyr_connection_set_working (connection, TRUE);
  return transaction;
}

FyrTransaction *
fyr_transaction_begin (FyrConnection *connection, GError **error)
{
  return begin (connection, fyr_connection_get_driver (connection)->begin_write_sql, error);
}

FyrTransaction *
fyr_transaction_begin_read (FyrConnection *connection, GError **error)
{
  return begin (connection, fyr_connection_get_driver (connection)->begin_read_sql, error);
}

static void
close_transaction (FyrTransaction *transaction)
{
  transaction->open = FALSE;
  fyr_connection_set_working (transaction->connection, FALSE);
}

static void
roll_back (FyrTransaction *transaction)
{
  g_autoptr (GError) ignored = NULL;

  /* Full disks and failed writes roll back by themselves. What cannot be rolled back now is dropped
   * when the connection closes or the database is next opened. */
  if (fyr_connection_in_transaction (transaction->connection)) {
    fyr_statement_run (transaction->rollback, &ignored);
  }
  close_transaction (transaction);
}

gboolean
fyr_transaction_commit (FyrTransaction *transaction, GError **error)
{
  if (!transaction->open || !fyr_connection_in_transaction (transaction->connection)) {
    close_transaction (transaction);
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED, "The transaction was rolled back already");
    return FALSE;
  }
  if (!run (transaction->connection, "COMMIT", error)) {
    roll_back (transaction);
    return FALSE;
  }
  close_transaction (transaction);
  return TRUE;
}

void
fyr_transaction_free (FyrTransaction *transaction)
{
  if (transaction == NULL) {
    return;
  }
  if (transaction->open) {
    roll_back (transaction);
  }
  fyr_statement_free (transaction->rollback);
  fyr_connection_unref (transaction->connection);
  g_free (transaction);
}

static FyrStatement *
prepare_at (FyrConnection *connection, const char *verb, guint depth, GError **error)
{
  char sql[40];

  g_snprintf (sql, sizeof sql, "%s fyr%u", verb, depth);
  return fyr_connection_prepare (connection, sql, error);
}

static gboolean
run_at (FyrConnection *connection, const char *verb, guint depth, GError **error)
{
  g_autoptr (FyrStatement) statement = prepare_at (connection, verb, depth, error);

  return statement != NULL && fyr_statement_run (statement, error);
}

/* Each depth has its name: when a deferred statement failed, the database may have stopped at an inner one that was
 * thought released, and is yet brought back to the one that is meant. */
FyrSavepoint *
fyr_savepoint_begin (FyrConnection *connection, GError **error)
{
  guint depth = fyr_connection_get_depth (connection) + 1;
  g_autoptr (FyrStatement) rollback = NULL;
  g_autoptr (FyrStatement) release = NULL;
  FyrSavepoint *savepoint;

  if (!fyr_connection_in_transaction (connection)) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED, "A savepoint needs an open transaction");
    return NULL;
  }
  rollback = prepare_at (connection, "ROLLBACK TO", depth, error);
  release = rollback != NULL ? prepare_at (connection, "RELEASE", depth, error) : NULL;
  if (release == NULL || !run_at (connection, "SAVEPOINT", depth, error)) {
    return NULL;
  }
  savepoint = g_new0 (FyrSavepoint, 1);
  savepoint->depth = depth;
  fyr_connection_set_depth (connection, depth);
  savepoint->rollback = g_steal_pointer (&rollback);
  savepoint->release = g_steal_pointer (&release);
  savepoint->connection = fyr_connection_ref (connection);
  savepoint->open = TRUE;
  return savepoint;
}

static void
end (FyrSavepoint *savepoint)
{
  savepoint->open = FALSE;
  fyr_connection_set_depth (savepoint->connection, savepoint->depth - 1);
}

static gboolean
check_open (FyrSavepoint *savepoint, GError **error)
{
  if (savepoint->open && fyr_connection_in_transaction (savepoint->connection)) {
    return TRUE;
  }
  if (savepoint->open) {
    end (savepoint);
  }
  g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED, "The savepoint has ended already");
  return FALSE;
}

gboolean
fyr_savepoint_release (FyrSavepoint *savepoint, GError **error)
{
  if (!check_open (savepoint, error) || !fyr_statement_run (savepoint->release, error)) {
    return FALSE;
  }
  end (savepoint);
  return TRUE;
}

gboolean
fyr_savepoint_rollback (FyrSavepoint *savepoint, GError **error)
{
  if (!check_open (savepoint, error)) {
    return FALSE;
  }
  end (savepoint);
  return fyr_statement_run (savepoint->rollback, error) && fyr_statement_run (savepoint->release, error);
}

void
fyr_savepoint_free (FyrSavepoint *savepoint)
{
  if (savepoint == NULL) {
    return;
  }
  if (savepoint->open) {
    g_autoptr (GError) ignored = NULL;

    fyr_savepoint_rollback (savepoint, &ignored);
  }
  fyr_statement_free (savepoint->rollback);
  fyr_statement_free (savepoint->release);
  fyr_connection_unref (savepoint->connection);
  g_free (savepoint);
}
