/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"

G_BEGIN_DECLS

/*
 * The second net, on PostgreSQL: rows of patients are shown only in transactions that said whose rows they may see.
 * The first net is fyr_authz(); a query that forgets to ask it finds nothing here. Holds for the tables' owner too, as
 * long as the role is no superuser. With SQLite these functions do nothing.
 */

/** FYR_ROW_SECURITY_ALL: the writing side, which judges each change itself, and an operator's tool */
#define FYR_ROW_SECURITY_ALL "*"

/**
 * fyr_row_security_migrate:
 *
 * Puts policies on the tables that hold what belongs to a patient. Part of a migration.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_row_security_migrate (FyrConnection *connection, GError **error);

/**
 * fyr_row_security_migrate_sync:
 *
 * Puts policies on what workstations sent as it was sent (the stored outcomes, and what waits for review) and on
 * equipment. Whoever was granted the tables by an older release is granted those that came since, and those that later
 * releases will add. Part of a migration.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_row_security_migrate_sync (FyrConnection *connection, GError **error);

/**
 * fyr_row_security_protect_centre:
 * @column: holds the id of the centre a row belongs to
 *
 * Puts a policy on one more table. Part of a migration.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_row_security_protect_centre (FyrConnection *connection,
                                 const char *table,
                                 const char *column,
                                 GError **error);

/**
 * fyr_row_security_begin:
 * @centres: ids of centres, divided by spaces; "" for none; %FYR_ROW_SECURITY_ALL
 *
 * Until the transaction ends, rows of these centres are seen and no others.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_row_security_begin (FyrConnection *connection, const char *centres, GError **error);

/** fyr_row_security_open_all: everything, for the length of a tool's connection. Returns: %TRUE or %FALSE with
 * @error */
gboolean
fyr_row_security_open_all (FyrConnection *connection, GError **error);

/**
 * fyr_row_security_grant:
 * @role: a role of the PostgreSQL cluster, under which servers connect
 *
 * Lets the role read and write rows, and change no table; also of tables that later releases add.
 *
 * Returns: %TRUE, or %FALSE with %FYR_DB_ERROR_FAILED when there is no such role, or any %FYR_DB_ERROR
 */
gboolean
fyr_row_security_grant (FyrConnection *connection, const char *role, GError **error);

G_END_DECLS
