/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"
#include "fyr-server-error.h"
#include "fyr-transaction.h"

G_BEGIN_DECLS

/**
 * FyrServerDb:
 *
 * The server's data folder: `fyrlykt.db` and the lock file that keeps a second process out; or a PostgreSQL database
 * that several processes share, each with a folder of its own for lock and socket. It owns the
 * one connection of this process that writes. Whoever writes goes through #FyrWriter (a running server) or
 * fyr_server_db_write() (a tool, when no server runs).
 */
typedef struct _FyrServerDb FyrServerDb;

/**
 * FyrServerDbFlags:
 * @FYR_SERVER_DB_NONE: the database must be there
 * @FYR_SERVER_DB_CREATE: make folder and database when they are not there
 */
typedef enum {
  FYR_SERVER_DB_NONE = 0,
  FYR_SERVER_DB_CREATE = 1 << 0,
} FyrServerDbFlags;

/**
 * fyr_server_db_open:
 * @directory: the data folder; made with mode 0700
 * @flags: how
 * @error: return location
 *
 * Locks the folder, opens the database and brings its tables to this program's version.
 *
 * Returns: (transfer full) (nullable): the database, or %NULL with %FYR_SERVER_ERROR_LOCKED when another
 * process uses it (the message names its process number), %FYR_SERVER_ERROR_UNKNOWN when there is none,
 * or any %FYR_DB_ERROR
 */
FyrServerDb *
fyr_server_db_open (const char *directory, FyrServerDbFlags flags, GError **error);

/**
 * fyr_server_db_open_at:
 * @directory: (nullable): %NULL for a tool that opens a PostgreSQL database beside its servers
 * @location: (nullable): address of a PostgreSQL database (postgresql://…); %NULL for the file in the folder
 *
 * As fyr_server_db_open(). A database on PostgreSQL is there already; its tables are made when @flags say so.
 *
 * Returns: (transfer full) (nullable): as fyr_server_db_open()
 */
FyrServerDb *
fyr_server_db_open_at (const char *directory, const char *location, FyrServerDbFlags flags, GError **error);

FyrServerDb *
fyr_server_db_ref (FyrServerDb *self);

/** fyr_server_db_unref: the last reference closes the database and gives the lock back */
void
fyr_server_db_unref (FyrServerDb *self);

/**
 * fyr_server_db_find_owner:
 *
 * Returns: the process number of who uses the data folder now, 0 for nobody, -1 when it cannot be read
 */
int
fyr_server_db_find_owner (const char *directory);

/** fyr_server_db_get_directory: Returns: (transfer none): the data folder */
const char *
fyr_server_db_get_directory (FyrServerDb *self);

/** fyr_server_db_get_path: Returns: (transfer none): the database file, or the address with its password left out */
const char *
fyr_server_db_get_path (FyrServerDb *self);

/** fyr_server_db_get_connection: Returns: (transfer none): the writing connection; the writer's thread owns it */
FyrConnection *
fyr_server_db_get_connection (FyrServerDb *self);

/** fyr_server_db_open_reader: Returns: (transfer full) (nullable): a read-only connection for one thread,
 * or %NULL with any %FYR_DB_ERROR */
FyrConnection *
fyr_server_db_open_reader (FyrServerDb *self, GError **error);

/** fyr_server_db_open_another: Returns: (transfer full) (nullable): one more connection to a database, which may
 * write; or %NULL with any %FYR_DB_ERROR */
FyrConnection *
fyr_server_db_open_another (FyrServerDb *self, GError **error);

/** fyr_server_db_is_shared: Returns: whether other processes may write too (PostgreSQL) */
gboolean
fyr_server_db_is_shared (FyrServerDb *self);

/** fyr_server_db_get_channel: Returns: (transfer none): the channel on which the processes of a database notify each
 * other */
const char *
fyr_server_db_get_channel (FyrServerDb *self);

/**
 * fyr_server_db_begin_write:
 *
 * Begins a transaction on the writing connection. On a connection that was made anew it first looks whether the
 * database still lives the life it had (see fyr_server_db_check_life()).
 *
 * Returns: (transfer full) (nullable): the transaction, or %NULL with any %FYR_DB_ERROR
 */
FyrTransaction *
fyr_server_db_begin_write (FyrServerDb *self, GError **error);

/**
 * fyr_server_db_check_life:
 * @connection: any connection to the database, in a transaction
 *
 * Where processes share a database it may be restored or fail over to another machine under them: then the epoch must
 * be another. A writing connection takes a new one when PostgreSQL's timeline or cluster is another than was noted;
 * any takes over what another process has noted.
 *
 * Returns: %TRUE; %FALSE with %FYR_DB_ERROR_BUSY when a reader came before a writer, or any %FYR_DB_ERROR
 */
gboolean
fyr_server_db_check_life (FyrServerDb *self, FyrConnection *connection, gboolean may_write, GError **error);

/**
 * fyr_server_db_note_timeline:
 * @connection: of a PostgreSQL database, in a writing transaction
 *
 * Notes that the database lives its life here, so that the epoch it came with stays.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_server_db_note_timeline (FyrConnection *connection, GError **error);

/**
 * fyr_server_db_tell_all:
 *
 * Tells every server process that something changed: feeds, sessions or grants. Outside of a transaction.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_server_db_tell_all (FyrServerDb *self, GError **error);

/**
 * fyr_server_db_get_epoch:
 *
 * Any thread may ask. Once given, a text stays valid for the length of the program.
 *
 * Returns: (transfer none): the text naming this life of the database; workstations compare it
 */
const char *
fyr_server_db_get_epoch (FyrServerDb *self);

/** fyr_server_db_get_restored_at: Returns: when this life of the database began after another, ms since the epoch; 0 in
 * its first life. Any thread may ask. */
gint64
fyr_server_db_get_restored_at (FyrServerDb *self);

/**
 * fyr_server_db_renew_epoch:
 *
 * To be called once after a restore from backup, before the server starts: the counter goes up and the
 * random part is new, so that workstations notice that the server may have lost what they hold.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_server_db_renew_epoch (FyrServerDb *self, GError **error);

/**
 * fyr_server_db_get_kind_number:
 * @kind: name of a record kind
 *
 * Returns: the number the feed stores for it in this database, 0 when unknown
 */
gint
fyr_server_db_get_kind_number (FyrServerDb *self, const char *kind);

/** fyr_server_db_get_kind_name: Returns: (transfer none) (nullable): the reverse */
const char *
fyr_server_db_get_kind_name (FyrServerDb *self, gint number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrServerDb, fyr_server_db_unref)

G_END_DECLS
