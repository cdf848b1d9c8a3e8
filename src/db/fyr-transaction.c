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
roll_back (FyrTransaction *transaction)
{
  g_autoptr (GError) ignored = NULL;

  /* Full disks and failed writes roll back by themselves. What cannot be rolled back now is dropped
   * when the connection closes or the database is next opened. */
  if (fyr_connection_in_transaction (transaction->connection)) {
    fyr_statement_run (transaction->rollback, &ignored);
  }
  transaction->open = FALSE;
}

gboolean
fyr_transaction_commit (FyrTransaction *transaction, GError **error)
{
  if (!transaction->open || !fyr_connection_in_transaction (transaction->connection)) {
    transaction->open = FALSE;
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED, "The transaction was rolled back already");
    return FALSE;
  }
  if (!run (transaction->connection, "COMMIT", error)) {
    roll_back (transaction);
    return FALSE;
  }
  transaction->open = FALSE;
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

/* One name serves all: SQL lets savepoints of the same name nest, the innermost answers. */
FyrSavepoint *
fyr_savepoint_begin (FyrConnection *connection, GError **error)
{
  g_autoptr (FyrStatement) rollback = NULL;
  g_autoptr (FyrStatement) release = NULL;
  FyrSavepoint *savepoint;

  if (!fyr_connection_in_transaction (connection)) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED, "A savepoint needs an open transaction");
    return NULL;
  }
  rollback = fyr_connection_prepare (connection, "ROLLBACK TO fyr", error);
  release = rollback != NULL ? fyr_connection_prepare (connection, "RELEASE fyr", error) : NULL;
  if (release == NULL || !run (connection, "SAVEPOINT fyr", error)) {
    return NULL;
  }
  savepoint = g_new0 (FyrSavepoint, 1);
  savepoint->rollback = g_steal_pointer (&rollback);
  savepoint->release = g_steal_pointer (&release);
  savepoint->connection = fyr_connection_ref (connection);
  savepoint->open = TRUE;
  return savepoint;
}

static gboolean
check_open (FyrSavepoint *savepoint, GError **error)
{
  if (savepoint->open && fyr_connection_in_transaction (savepoint->connection)) {
    return TRUE;
  }
  savepoint->open = FALSE;
  g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED, "The savepoint has ended already");
  return FALSE;
}

gboolean
fyr_savepoint_release (FyrSavepoint *savepoint, GError **error)
{
  if (!check_open (savepoint, error) || !fyr_statement_run (savepoint->release, error)) {
    return FALSE;
  }
  savepoint->open = FALSE;
  return TRUE;
}

gboolean
fyr_savepoint_rollback (FyrSavepoint *savepoint, GError **error)
{
  if (!check_open (savepoint, error)) {
    return FALSE;
  }
  savepoint->open = FALSE;
  return run (savepoint->connection, "ROLLBACK TO fyr", error) &&
         run (savepoint->connection, "RELEASE fyr", error);
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
