/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"

G_BEGIN_DECLS

typedef struct _FyrTransaction FyrTransaction;
typedef struct _FyrSavepoint FyrSavepoint;

/**
 * fyr_transaction_begin:
 * @connection: a connection without an open transaction
 * @error: return location
 *
 * Starts a writing transaction and takes the write lock at once, so that it cannot fail with BUSY later.
 *
 * Returns: (transfer full) (nullable): freed without commit it rolls back; %NULL with %FYR_DB_ERROR_BUSY when
 * another connection writes longer than the time-out, %FYR_DB_ERROR_FAILED when one is open already
 */
FyrTransaction *
fyr_transaction_begin (FyrConnection *connection, GError **error);

/**
 * fyr_transaction_begin_read:
 *
 * Starts a reading transaction: everything read in it comes from one point in time.
 *
 * Returns: (transfer full) (nullable): end it with fyr_transaction_commit() or by freeing; %NULL with error
 */
FyrTransaction *
fyr_transaction_begin_read (FyrConnection *connection, GError **error);

/**
 * fyr_transaction_commit:
 *
 * Makes the changes durable. On failure everything is rolled back; nothing is half there.
 *
 * Returns: %TRUE when they are on disk, else %FALSE with error %FYR_DB_ERROR_FULL, _IO, _CONSTRAINT …
 */
gboolean
fyr_transaction_commit (FyrTransaction *transaction, GError **error);

/** fyr_transaction_free: Frees; rolls back what was not committed. */
void
fyr_transaction_free (FyrTransaction *transaction);

/**
 * fyr_savepoint_begin:
 * @connection: a connection with an open transaction
 * @error: return location
 *
 * Marks a point to go back to within a transaction. Savepoints nest; end the inner one first.
 *
 * Returns: (transfer full) (nullable): freed without release it rolls back to this point
 */
FyrSavepoint *
fyr_savepoint_begin (FyrConnection *connection, GError **error);

/**
 * fyr_savepoint_release:
 *
 * Keeps the changes since, as part of the transaction. Returns: %TRUE or %FALSE with error
 */
gboolean
fyr_savepoint_release (FyrSavepoint *savepoint, GError **error);

/** fyr_savepoint_rollback: Undoes the changes since. Returns: %TRUE or %FALSE with error */
gboolean
fyr_savepoint_rollback (FyrSavepoint *savepoint, GError **error);

/** fyr_savepoint_free: Frees; rolls back when neither released nor rolled back. */
void
fyr_savepoint_free (FyrSavepoint *savepoint);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrTransaction, fyr_transaction_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSavepoint, fyr_savepoint_free)

G_END_DECLS
