/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-mutate.h"
#include "fyr-reader.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/** FYR_ADMIN_SOCKET_NAME: the socket in the data folder, open to the server's own user only */
#define FYR_ADMIN_SOCKET_NAME "admin.sock"

/**
 * FyrAdminHost:
 *
 * What an operator's command works on: the database of a running server, through its writer, or the database itself
 * when no server runs. Commands do not see the difference.
 */
typedef struct _FyrAdminHost FyrAdminHost;

/** fyr_admin_host_new: @writer: (nullable): %NULL when no server runs. Returns: (transfer full) */
FyrAdminHost *
fyr_admin_host_new (FyrServerDb *db, FyrWriter *writer);

void
fyr_admin_host_free (FyrAdminHost *self);

/** fyr_admin_host_set_applied: @func: (nullable): what follows a change that was a workstation's, as with a push */
void
fyr_admin_host_set_applied (FyrAdminHost *self, FyrAppliedFunc func, gpointer user_data);

/** fyr_admin_host_get_applied: @user_data: (out). Returns: (nullable): what was set */
FyrAppliedFunc
fyr_admin_host_get_applied (FyrAdminHost *self, gpointer *user_data);

/** fyr_admin_host_get_db: Returns: (transfer none): the database commands work on */
FyrServerDb *
fyr_admin_host_get_db (FyrAdminHost *self);

/** fyr_admin_host_is_server: Returns: whether a server runs on the database (a restore must then be refused) */
gboolean
fyr_admin_host_is_server (FyrAdminHost *self);

/** fyr_admin_host_write: runs one job in a transaction and waits until it is on the disk. Returns: %TRUE, or
 * %FALSE with what @func set or any %FYR_DB_ERROR: nothing of the job is kept */
gboolean
fyr_admin_host_write (FyrAdminHost *self, FyrWriteFunc func, gpointer data, GError **error);

/** fyr_admin_host_read: runs one job on a read-only connection, in one snapshot. Returns: what @func returned,
 * with what it set or any %FYR_DB_ERROR */
gboolean
fyr_admin_host_read (FyrAdminHost *self, FyrReadFunc func, gpointer data, GError **error);

/**
 * FyrAdminRunFunc:
 * @argv: (array zero-terminated=1): the command and its arguments, without the program's name
 * @input: (nullable): what the command read from standard input
 * @output: receives what goes to standard output
 * @errors: receives what goes to standard error
 *
 * An operator's command. On a thread of its own when a server runs it; one at a time.
 *
 * Returns: the exit status
 */
typedef int (*FyrAdminRunFunc) (FyrAdminHost *host,
                                const char *const *argv,
                                const char *input,
                                GString *output,
                                GString *errors,
                                gpointer user_data);

/** FyrAdminSocket: the server's end */
typedef struct _FyrAdminSocket FyrAdminSocket;

/**
 * fyr_admin_socket_new:
 *
 * Listens on `admin.sock` in the data folder (mode 0600; peers of another user than the server's are turned away).
 *
 * Returns: (transfer full) (nullable): the socket, or %NULL with %FYR_SERVER_ERROR_ADDRESS
 */
FyrAdminSocket *
fyr_admin_socket_new (
    FyrServerDb *db, FyrWriter *writer, FyrAdminRunFunc run, gpointer user_data, GError **error);

/** fyr_admin_socket_set_applied: as fyr_admin_host_set_applied(), for every command from now on */
void
fyr_admin_socket_set_applied (FyrAdminSocket *self, FyrAppliedFunc func, gpointer user_data);

/** fyr_admin_socket_free: stops listening, waits for a command under way, removes the socket */
void
fyr_admin_socket_free (FyrAdminSocket *self);

/**
 * fyr_admin_socket_call:
 * @directory: the data folder
 * @argv: (array zero-terminated=1): the command and its arguments
 * @input: (nullable): for the command's standard input
 * @status: (out): its exit status
 * @output: (out) (transfer full): its standard output
 * @errors: (out) (transfer full): its standard error
 *
 * The tool's end: has the running server run a command, and waits.
 *
 * Returns: %TRUE when it ran, whatever its status; %FALSE with %FYR_SERVER_ERROR_CLOSED when no server listens
 */
gboolean
fyr_admin_socket_call (const char *directory,
                       const char *const *argv,
                       const char *input,
                       int *status,
                       char **output,
                       char **errors,
                       GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrAdminHost, fyr_admin_host_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrAdminSocket, fyr_admin_socket_free)

G_END_DECLS
