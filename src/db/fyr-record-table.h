/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"
#include "fyr-record.h"

G_BEGIN_DECLS

/*
 * Any record kind in its table, by its declaration: column names, order and types come from
 * FyrRecordInfo, so a new field needs no line here. Ids are kept as 16 bytes. Fields of a newer program
 * travel in the column "extra".
 */

/** fyr_record_table_create: Makes the kind's table and indexes. Returns: %TRUE or %FALSE with error */
gboolean
fyr_record_table_create (FyrConnection *connection, const FyrRecordInfo *info, GError **error);

/** fyr_record_table_is_made: Returns: 1 when the kind has its table, 0 when not (yet), -1 with @error set */
int
fyr_record_table_is_made (FyrConnection *connection, const FyrRecordInfo *info, GError **error);

/**
 * fyr_record_table_create_missing:
 *
 * As fyr_record_table_create(), unless the table is there: for a step of a migration that adds a kind. A new database
 * made all tables in its first step.
 *
 * Returns: %TRUE or %FALSE with error
 */
gboolean
fyr_record_table_create_missing (FyrConnection *connection, const FyrRecordInfo *info, GError **error);

/**
 * fyr_record_table_get:
 * @id: a record's id
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the record; %NULL without error when there is none
 */
FyrRecord *
fyr_record_table_get (FyrConnection *connection, const FyrRecordInfo *info, const char *id, GError **error);

/**
 * fyr_record_table_get_locked:
 *
 * As fyr_record_table_get() in a writing transaction, and nobody else changes the record until its end.
 *
 * Returns: (transfer full) (nullable): the record; %NULL without error when there is none, with %FYR_DB_ERROR_BUSY
 * when another transaction holds it too long
 */
FyrRecord *
fyr_record_table_get_locked (FyrConnection *connection,
                             const FyrRecordInfo *info,
                             const char *id,
                             GError **error);

/** fyr_record_table_exists: Returns: 1 when there is such a record, 0 when not, -1 with @error set */
int
fyr_record_table_exists (FyrConnection *connection,
                         const FyrRecordInfo *info,
                         const char *id,
                         GError **error);

/**
 * fyr_record_table_put:
 *
 * Writes the record over whatever is there under its id.
 *
 * Returns: %TRUE, or %FALSE with error %FYR_DB_ERROR_CONSTRAINT when a required field is unset
 */
gboolean
fyr_record_table_put (FyrConnection *connection, FyrRecord *record, GError **error);

/**
 * fyr_record_table_insert:
 *
 * Returns: %TRUE, or %FALSE with error %FYR_DB_ERROR_CONSTRAINT also when there is one under its id
 */
gboolean
fyr_record_table_insert (FyrConnection *connection, FyrRecord *record, GError **error);

/** fyr_record_table_delete: Removes a record; none there is no error. Returns: %TRUE or %FALSE with error */
gboolean
fyr_record_table_delete (FyrConnection *connection,
                         const FyrRecordInfo *info,
                         const char *id,
                         GError **error);

/**
 * fyr_record_table_select:
 * @tail: (nullable): what follows the table's name: WHERE with parameters ?1 …, ORDER BY, LIMIT
 *
 * Returns: (transfer full) (nullable): a statement whose rows fyr_record_table_read() understands; %NULL
 * with error
 */
FyrStatement *
fyr_record_table_select (FyrConnection *connection,
                         const FyrRecordInfo *info,
                         const char *tail,
                         GError **error);

/**
 * fyr_record_table_read:
 * @first_column: where the kind's columns begin in the present row
 *
 * Returns: (transfer full): the record of the present row
 */
FyrRecord *
fyr_record_table_read (FyrStatement *statement, const FyrRecordInfo *info, int first_column);

/**
 * fyr_record_table_collect:
 * @statement: of fyr_record_table_select(), bound
 *
 * Returns: (transfer full) (element-type FyrRecord) (nullable): all its rows; %NULL with error
 */
GPtrArray *
fyr_record_table_collect (FyrStatement *statement, const FyrRecordInfo *info, GError **error);

/**
 * fyr_record_table_list:
 * @field: index of an id field, e.g. %FYR_NOTE_PATIENT_ID, or -1 for all records
 * @id: (nullable): its value; ignored when @field is -1
 * @order: (nullable): column list to sort by, e.g. "time DESC"
 *
 * Returns: (transfer full) (element-type FyrRecord) (nullable): the records; %NULL with error
 */
GPtrArray *
fyr_record_table_list (FyrConnection *connection,
                       const FyrRecordInfo *info,
                       int field,
                       const char *id,
                       const char *order,
                       GError **error);

/**
 * fyr_record_table_bind:
 *
 * Binds id, version, the fields in order and extra from ?1 upwards, as the kind's insert_sql takes them.
 */
void
fyr_record_table_bind (FyrStatement *statement, FyrRecord *record);

G_END_DECLS
