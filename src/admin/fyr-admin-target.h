/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-admin.h"
#include "fyr-record.h"
#include "fyr-server-db.h"
#include "fyr-shut-out.h"

G_BEGIN_DECLS

/**
 * FyrAdminTarget:
 *
 * The database a command works on. When a server runs on it, changes go through the server's socket, so that
 * workstations hear of them at once; else the database is opened here. Reading is done here in both cases. A PostgreSQL
 * database is always opened here, beside its servers, who are notified.
 */
typedef struct _FyrAdminTarget FyrAdminTarget;

/**
 * fyr_admin_target_open:
 * @directory: the data folder
 *
 * Returns: (transfer full) (nullable): %NULL with %FYR_SERVER_ERROR_UNKNOWN when there is no database,
 * %FYR_SERVER_ERROR_LOCKED when another tool has it, or any %FYR_DB_ERROR
 */
FyrAdminTarget *
fyr_admin_target_open (const char *directory, GError **error);
void
fyr_admin_target_free (FyrAdminTarget *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrAdminTarget, fyr_admin_target_free)

/** fyr_admin_target_is_running: Returns: whether a server runs on it */
gboolean
fyr_admin_target_is_running (FyrAdminTarget *self);

/**
 * fyr_admin_target_get_db:
 *
 * Returns: (transfer none) (nullable): the open database; %NULL when a server has it
 */
FyrServerDb *
fyr_admin_target_get_db (FyrAdminTarget *self);

/** fyr_admin_target_get_reader: Returns: (transfer none): a connection to read from */
FyrConnection *
fyr_admin_target_get_reader (FyrAdminTarget *self);

/**
 * fyr_admin_target_put:
 * @records: (element-type FyrRecord): whole records, in an order in which each refers to what is there
 *
 * Writes all or none of them.
 *
 * Returns: %TRUE, or %FALSE with %FYR_RECORD_ERROR, %FYR_SERVER_ERROR or %FYR_DB_ERROR
 */
gboolean
fyr_admin_target_put (FyrAdminTarget *self, GPtrArray *records, GError **error);

/** fyr_admin_target_put_one: the same for one record. Errors as there. */
gboolean
fyr_admin_target_put_one (FyrAdminTarget *self, gpointer record, GError **error);

/**
 * fyr_admin_target_set_password:
 * @password: (nullable): %NULL takes it away: the user cannot sign in
 *
 * Also ends the user's sessions.
 *
 * Returns: %TRUE, or %FALSE with %FYR_SERVER_ERROR_INVALID when the password is weak
 */
gboolean
fyr_admin_target_set_password (
    FyrAdminTarget *self, const char *user_id, const char *user_name, const char *password, GError **error);

/**
 * fyr_admin_target_new_gateway:
 *
 * Returns: (transfer full) (nullable): its bearer token; %NULL with an error
 */
char *
fyr_admin_target_new_gateway (
    FyrAdminTarget *self, const char *centre_id, const char *name, char gateway_id[37], GError **error);

/** fyr_admin_target_lift_lockout: forgets wrong passwords typed for the name. Returns: %TRUE, or %FALSE with any error
 * of the target */
gboolean
fyr_admin_target_lift_lockout (FyrAdminTarget *self, const char *user_name, GError **error);

/** fyr_admin_target_end_gateway: Returns: %TRUE, or %FALSE with %FYR_ADMIN_ERROR_UNKNOWN or another error */
gboolean
fyr_admin_target_end_gateway (FyrAdminTarget *self, const char *gateway_id, GError **error);

/**
 * fyr_admin_target_settle:
 * @id: number of work in quarantine
 * @settler_id: the administrator
 * @reason: (nullable): needed to discard
 *
 * Returns: (transfer full) (nullable): what fyr_settle_write() says; %NULL with %FYR_SERVER_ERROR or %FYR_DB_ERROR
 */
char *
fyr_admin_target_settle (FyrAdminTarget *self,
                         gint64 id,
                         gboolean accept,
                         const char *settler_id,
                         const char *reason,
                         GError **error);

/** fyr_admin_target_decide: as fyr_shut_out_decide(), with its errors. Returns: whether it was done */
gboolean
fyr_admin_target_decide (FyrAdminTarget *self, const FyrDeviceDecision *decision, GError **error);

/**
 * fyr_admin_target_backup: copies the database to @path, which must not exist. Returns: %TRUE or %FALSE
 * Error: any %FYR_DB_ERROR.
 */
gboolean
fyr_admin_target_backup (FyrAdminTarget *self, const char *path, GError **error);

/**
 * fyr_admin_target_find:
 * @info: organization, centre, user, gp …
 * @field: its field with the name people use
 * @word: an id, or what @field holds (case does not count)
 *
 * Returns: (transfer full) (nullable): the record; %NULL with %FYR_ADMIN_ERROR_UNKNOWN or _AMBIGUOUS
 */
FyrRecord *
fyr_admin_target_find (
    FyrAdminTarget *self, const FyrRecordInfo *info, guint field, const char *word, GError **error);

/**
 * fyr_admin_target_list: Returns: (transfer full) (element-type FyrRecord) (nullable): all of the kind
 * Error: any %FYR_DB_ERROR.
 */
GPtrArray *
fyr_admin_target_list (FyrAdminTarget *self, const FyrRecordInfo *info, const char *order, GError **error);

/** fyr_admin_kind_name: Returns: (transfer none): what people call a kind of record, in their language */
const char *
fyr_admin_kind_name (const FyrRecordInfo *info);

G_END_DECLS
