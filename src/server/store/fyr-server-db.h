/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"
#include "fyr-server-error.h"

G_BEGIN_DECLS

/**
 * FyrServerDb:
 *
 * The server's data folder: `fyrlykt.db` and the lock file that keeps a second process out. It owns the
 * one connection that writes. Whoever writes goes through #FyrWriter (a running server) or
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

/** fyr_server_db_get_path: Returns: (transfer none): the database file */
const char *
fyr_server_db_get_path (FyrServerDb *self);

/** fyr_server_db_get_connection: Returns: (transfer none): the writing connection; the writer's thread owns it */
FyrConnection *
fyr_server_db_get_connection (FyrServerDb *self);

/** fyr_server_db_open_reader: Returns: (transfer full) (nullable): a read-only connection for one thread,
 * or %NULL with any %FYR_DB_ERROR */
FyrConnection *
fyr_server_db_open_reader (FyrServerDb *self, GError **error);

/**
 * fyr_server_db_get_epoch:
 *
 * Returns: (transfer none): the text naming this life of the database; workstations compare it
 */
const char *
fyr_server_db_get_epoch (FyrServerDb *self);

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
