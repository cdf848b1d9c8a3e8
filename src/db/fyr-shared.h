/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"

G_BEGIN_DECLS

/*
 * What a database that several processes write to at once needs beside connection and statement. With SQLite one
 * process has it alone: there these functions do nothing and answer as if all had gone well.
 */

/**
 * fyr_postgres_enable:
 *
 * From now on fyr_connection_open() opens PostgreSQL databases too. Before the first connection, in programs that are
 * linked with libpq (db_postgres_dep).
 */
void
fyr_postgres_enable (void);

/** fyr_connection_is_shared_location: Returns: whether an address names a shared database (PostgreSQL) and no file */
gboolean
fyr_connection_is_shared_location (const char *location);

/** fyr_connection_is_shared: Returns: whether several processes may write at once; errors of the connection pass */
gboolean
fyr_connection_is_shared (FyrConnection *connection);

/**
 * fyr_connection_get_row_lock:
 *
 * Returns: (transfer none): what stands behind a SELECT from one table to keep its rows from being changed by
 * others until the transaction ends; "" where nobody else writes
 */
const char *
fyr_connection_get_row_lock (FyrConnection *connection);

/**
 * fyr_connection_lock_name:
 * @name: any text; the same text is the same lock
 *
 * In a writing transaction: waits until no other transaction holds the name, and holds it until the end. For rules
 * about rows that are not there yet.
 *
 * Returns: %TRUE, or %FALSE with %FYR_DB_ERROR_BUSY when another holds it too long
 */
gboolean
fyr_connection_lock_name (FyrConnection *connection, const char *name, GError **error);

/** fyr_connection_try_name: does not wait. Returns: 1 held, 0 another holds it, -1 with @error */
int
fyr_connection_try_name (FyrConnection *connection, const char *name, GError **error);

/**
 * fyr_connection_set_patience:
 *
 * How long what follows in the transaction waits for rows that others hold, in ms.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_connection_set_patience (FyrConnection *connection, guint milliseconds, GError **error);

/**
 * fyr_connection_set_for_transaction:
 *
 * Gives a setting a value until the transaction ends, for row-level security.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_connection_set_for_transaction (FyrConnection *connection,
                                    const char *name,
                                    const char *value,
                                    GError **error);

/**
 * fyr_connection_set_deferring:
 *
 * In a writing transaction of a shared database: from now on what gives no rows back is sent and not waited for, so
 * that a transaction of many writes takes few ways there and back. When such a statement fails, a later one of the
 * transaction tells it, or fyr_connection_settle(): with %FYR_DB_ERROR_FAILED, or as busy, full or gone, never as a
 * constraint. Everything since a savepoint is then to be rolled back and may be done again without deferring. Ends by
 * itself with the transaction. A file has no such ways: nothing happens.
 */
void
fyr_connection_set_deferring (FyrConnection *connection, gboolean deferring);

/** fyr_connection_is_deferring: Returns: whether writes are not waited for */
gboolean
fyr_connection_is_deferring (FyrConnection *connection);

/** fyr_connection_settle: waits for what was deferred. Returns: %FALSE with any %FYR_DB_ERROR when some of it failed */
gboolean
fyr_connection_settle (FyrConnection *connection, GError **error);

/** fyr_connection_count_writes: Returns: a number that grows with each statement that changed rows, or on a shared
 * database may have */
guint64
fyr_connection_count_writes (FyrConnection *connection);

/** fyr_connection_get_life: Returns: how often the connection was made anew; 1 and ever the same for a file */
guint
fyr_connection_get_life (FyrConnection *connection);

/** fyr_connection_listen: from now on notices of @channel arrive here. Returns: %TRUE, or %FALSE with @error */
gboolean
fyr_connection_listen (FyrConnection *connection, const char *channel, GError **error);

/**
 * fyr_connection_notify:
 *
 * Sends @text (under 8000 bytes) to all who listen to @channel, this connection too.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_connection_notify (FyrConnection *connection, const char *channel, const char *text, GError **error);

/** fyr_connection_get_socket: Returns: what becomes readable when a notice comes; -1 without connection */
int
fyr_connection_get_socket (FyrConnection *connection);

/**
 * fyr_connection_take_notice:
 * @text: (out) (nullable) (transfer full): what was sent; %NULL when there is nothing more
 *
 * Never waits. Returns: %TRUE, or %FALSE with %FYR_DB_ERROR_IO when the connection is lost: notices were missed
 */
gboolean
fyr_connection_take_notice (FyrConnection *connection, char **text, GError **error);

G_END_DECLS
