/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "fyr-db-error.h"
#include "fyr-page-seal.h"
#include "fyr-statement.h"

G_BEGIN_DECLS

/**
 * FyrConnectionFlags:
 * @FYR_CONNECTION_READ_ONLY: never write
 * @FYR_CONNECTION_CREATE: make the database when it is not there (readable by its owner alone)
 * @FYR_CONNECTION_EXCLUSIVE: keep every other connection and process out until closed
 * @FYR_CONNECTION_SALVAGE: of a sealed database that is damaged: read what can be read, change no byte of it
 */
typedef enum {
  FYR_CONNECTION_NONE = 0,
  FYR_CONNECTION_READ_ONLY = 1 << 0,
  FYR_CONNECTION_CREATE = 1 << 1,
  FYR_CONNECTION_EXCLUSIVE = 1 << 2,
  FYR_CONNECTION_SALVAGE = 1 << 3,
} FyrConnectionFlags;

/**
 * fyr_connection_open:
 * @location: file name, ":memory:" for a database that lives as long as the connection, or the address of a
 * PostgreSQL database: postgresql://USER@HOST:PORT/NAME
 * @flags: how
 * @error: return location
 *
 * Opens a database with the durability of protocol.md: write-ahead log, full sync, foreign keys on,
 * memory mapping off, schema not trusted, cell sizes checked. A connection may move between threads
 * but is used by one at a time.
 *
 * A connection to PostgreSQL that is lost fails with %FYR_DB_ERROR_IO until the transaction it was in has been
 * ended; the next one connects again. An error in a transaction needs a rollback, at least to a savepoint.
 *
 * Returns: (transfer full) (nullable): the connection, or %NULL with %FYR_DB_ERROR_BUSY when another process
 * holds it, %FYR_DB_ERROR_CORRUPT when the file is no database, %FYR_DB_ERROR_IO when it cannot be opened
 */
FyrConnection *
fyr_connection_open (const char *location, FyrConnectionFlags flags, GError **error);

/**
 * fyr_connection_open_sealed:
 * @path: file name
 * @key: the database's own
 * @flags: how; %FYR_CONNECTION_EXCLUSIVE is understood
 * @error: return location
 *
 * As fyr_connection_open(), for a database that is sealed on the disk, file and log (fyr-page-vfs.h). What was damaged
 * is an error wherever it is met: here, when committed work is not in the log any more, or when its page is read.
 * fyr_connection_backup() of it writes a plain copy.
 *
 * Returns: (transfer full) (nullable): the connection, or %NULL with %FYR_DB_ERROR_CORRUPT when it is not whole or was
 * sealed with another key, or is not sealed; else as fyr_connection_open()
 */
FyrConnection *
fyr_connection_open_sealed (const char *path, FyrPageKey *key, FyrConnectionFlags flags, GError **error);

/** fyr_connection_ref: Returns: (transfer full): @connection */
FyrConnection *
fyr_connection_ref (FyrConnection *connection);

/** fyr_connection_unref: Gives back a reference; the last one closes. Statements hold one each. */
void
fyr_connection_unref (FyrConnection *connection);

/**
 * fyr_connection_exec:
 * @connection: a connection
 * @sql: one or more statements written in the program; never built from data
 * @error: return location
 *
 * Runs statements without parameters and results: table definitions, pragmas.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_connection_exec (FyrConnection *connection, const char *sql, GError **error);

/**
 * fyr_connection_prepare:
 * @connection: a connection
 * @sql: one statement with parameters ?1, ?2 …
 * @error: return location
 *
 * Compiles a statement or takes a compiled one from the cache, where fyr_statement_free() puts it back.
 * The same text may be prepared twice at a time; each has its own values.
 *
 * Returns: (transfer full) (nullable): the statement, or %NULL with %FYR_DB_ERROR_FAILED for wrong SQL
 */
FyrStatement *
fyr_connection_prepare (FyrConnection *connection, const char *sql, GError **error);

/** fyr_connection_get_changes: Returns: rows changed by the last INSERT, UPDATE or DELETE */
gint64
fyr_connection_get_changes (FyrConnection *connection);

/** fyr_connection_in_transaction: Returns: whether a transaction is open */
gboolean
fyr_connection_in_transaction (FyrConnection *connection);

/**
 * fyr_connection_is_broken:
 *
 * After a failed sync of the disk nobody knows what is on it, nor after a page that is not what was written. From then
 * on every call fails with
 * %FYR_DB_ERROR_IO; close, open again and run fyr_connection_check().
 *
 * Returns: whether the connection must be given up
 */
gboolean
fyr_connection_is_broken (FyrConnection *connection);

/**
 * fyr_connection_interrupt:
 *
 * Makes a running statement stop with %FYR_DB_ERROR_FAILED. Any thread may call it.
 */
void
fyr_connection_interrupt (FyrConnection *connection);

/**
 * fyr_connection_backup:
 * @connection: a connection outside of a transaction
 * @path: file to make; one that is there is replaced when the copy is whole and checked
 * @error: return location
 *
 * Copies one consistent point while other connections go on writing. On failure @path is untouched.
 *
 * Returns: %TRUE, or %FALSE with %FYR_DB_ERROR_FULL, _IO, _CORRUPT or _BUSY
 */
gboolean
fyr_connection_backup (FyrConnection *connection, const char *path, GError **error);

/**
 * fyr_connection_check:
 * @connection: a connection
 * @deep: also compare indexes with tables and references with their targets; takes time with the file's size
 * @error: return location
 *
 * Returns: %TRUE when the file is sound, else %FALSE with %FYR_DB_ERROR_CORRUPT naming the first damage
 */
gboolean
fyr_connection_check (FyrConnection *connection, gboolean deep, GError **error);

/**
 * fyr_connection_truncate_log:
 *
 * Moves the write-ahead log into the database and cuts it to nothing, so that deleted rows leave no
 * trace in it.
 *
 * Returns: %TRUE, or %FALSE with @error %FYR_DB_ERROR_BUSY while somebody reads
 */
gboolean
fyr_connection_truncate_log (FyrConnection *connection, GError **error);

/**
 * fyr_connection_get_log_pages:
 *
 * Returns: pages the write-ahead log holds that the database does not, as of this connection's last commit; 0 of a
 *   shared database, which looks after that itself
 */
guint
fyr_connection_get_log_pages (FyrConnection *connection);

/**
 * fyr_connection_write_back:
 * @connection: a connection outside a transaction
 *
 * Moves what it can of the write-ahead log into the database, without waiting for readers. A commit does not do this
 * itself unless the log has grown to 32 MB, so that nobody who saves waits for it: to be called when nothing else is
 * to be done and %FYR_LOG_PAGES_ENOUGH are there. Nothing is lost when it fails; the log keeps it.
 */
void
fyr_connection_write_back (FyrConnection *connection);

/** FYR_LOG_PAGES_ENOUGH: of 4 kB each; for fewer the two syncs of writing back are not worth it */
#define FYR_LOG_PAGES_ENOUGH 1000

/**
 * fyr_log_get_idle_ms:
 * @pages: what the log holds, see fyr_connection_get_log_pages()
 *
 * How long there must have been nothing to do before the log is written back. The longer the log, the shorter: who is
 * busy without a pause writes back between two jobs, a little each time, before a commit has to move all of it.
 *
 * Returns: milliseconds, -1 when there is not enough to write back
 */
int
fyr_log_get_idle_ms (guint pages);

/**
 * fyr_connection_get_cached:
 *
 * Returns: number of idle compiled statements kept (for tests and figures)
 */
guint
fyr_connection_get_cached (FyrConnection *connection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrConnection, fyr_connection_unref)

G_END_DECLS
