/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/*
 * The one way records change on the server: push, intake and administration alike. Access was judged
 * before; here the row, its version and its feed entries go together.
 */

/**
 * FyrApplyWatchFunc:
 * @before: (nullable): the record as it was; %NULL when new or not looked up
 * @after: (nullable): as it is; %NULL when deleted
 *
 * Told of each change, on the writing thread and inside the transaction, so that what is kept in memory
 * stays true. Both %NULL: something was undone; forget everything.
 */
typedef void (*FyrApplyWatchFunc) (FyrRecord *before, FyrRecord *after, gpointer data);

/** fyr_apply_watch: who is told; one, %NULL for nobody. Set before the first job */
void
fyr_apply_watch (FyrServerDb *db, FyrApplyWatchFunc func, gpointer data);

/**
 * fyr_apply_put:
 * @context: a job's context
 * @record: the whole record with its id; validated here
 * @error: return location
 *
 * Writes the record with the version after the stored one (1 when new; @record's version is set) and
 * enters it into the feeds that carry it: `global/<class>`, `<centre>/<class>`, and `patient:<id>` while
 * somebody has a grant on the patient. A patient whose centre changes leaves the old centre's feeds with
 * all that belongs to it. A patient or membership that makes a GP's care relation fills that patient's
 * feed with the whole record set; one that ends it stops the feed.
 *
 * Returns: %TRUE; %FALSE with %FYR_RECORD_ERROR when not valid, %FYR_SERVER_ERROR_UNKNOWN when its patient
 * is not there, or any %FYR_DB_ERROR (then fail the job)
 */
gboolean
fyr_apply_put (FyrWriteContext *context, FyrRecord *record, GError **error);

/**
 * fyr_apply_return:
 *
 * As fyr_apply_put(), but the record keeps the version it has, which must be above the stored one: for what a witness
 * gives back after a restore.
 *
 * Returns: %TRUE; %FALSE as fyr_apply_put()
 */
gboolean
fyr_apply_return (FyrWriteContext *context, FyrRecord *record, GError **error);

/**
 * fyr_apply_insert:
 *
 * As fyr_apply_put() for a record known to be new, one look-up cheaper: for facts under load.
 *
 * Returns: %TRUE; %FALSE as fyr_apply_put(), and with %FYR_DB_ERROR_CONSTRAINT when the id is taken
 */
gboolean
fyr_apply_insert (FyrWriteContext *context, FyrRecord *record, GError **error);

/**
 * fyr_apply_insert_claimed:
 * @measurement: one whose identifier fyr_external_id_claim() entered
 *
 * Returns: %TRUE; %FALSE as fyr_apply_insert()
 */
gboolean
fyr_apply_insert_claimed (FyrWriteContext *context, FyrMeasurement *measurement, GError **error);

/**
 * fyr_apply_delete:
 * @info: the kind
 * @id: which one
 *
 * Deletes the record, keeps a tombstone with the version after its last, and enters the deletion into
 * the feeds that carried it.
 *
 * Returns: %TRUE; %FALSE with %FYR_SERVER_ERROR_UNKNOWN when there is none, or any %FYR_DB_ERROR
 */
gboolean
fyr_apply_delete (FyrWriteContext *context, const FyrRecordInfo *info, const char *id, GError **error);

/**
 * fyr_apply_return_deletion:
 * @version: of the tombstone
 *
 * As fyr_apply_delete(), but the tombstone has the version it had; there may be nothing to delete: then the id is known
 * as that of a deleted record.
 *
 * Returns: %TRUE; %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_apply_return_deletion (
    FyrWriteContext *context, const FyrRecordInfo *info, const char *id, gint64 version, GError **error);

/**
 * fyr_apply_get:
 *
 * To change it: where several processes write, the record and its patient stay as they are until the end of the
 * transaction.
 *
 * Returns: (transfer full) (nullable): the record as it is in this transaction; %NULL without @error set
 * when there is none
 */
FyrRecord *
fyr_apply_get (FyrWriteContext *context, const FyrRecordInfo *info, const char *id, GError **error);

/**
 * fyr_apply_get_tombstone:
 *
 * Returns: version of the tombstone of a deleted record; 0 when it was never deleted, -1 with @error set
 */
gint64
fyr_apply_get_tombstone (FyrWriteContext *context, const FyrRecordInfo *info, const char *id, GError **error);

/**
 * fyr_apply_get_patient_centre:
 * @patient_id: a patient
 *
 * Kept in memory between jobs, so it costs nothing under load.
 *
 * Returns: (transfer none) (nullable): id of the centre that follows the patient up; %NULL without error when
 * unknown, with any %FYR_DB_ERROR on failure
 */
const char *
fyr_apply_get_patient_centre (FyrWriteContext *context, const char *patient_id, GError **error);

/**
 * fyr_apply_set_block:
 * @patient_id: whose record
 * @user_id: whom the patient bars (sperring)
 * @blocked: bar, or lift
 *
 * The barred user's workstation removes the patient at its next pull; lifted, it gets all of it again.
 *
 * Returns: %TRUE, or %FALSE with %FYR_SERVER_ERROR_UNKNOWN or any %FYR_DB_ERROR
 */
gboolean
fyr_apply_set_block (
    FyrWriteContext *context, const char *patient_id, const char *user_id, gboolean blocked, GError **error);

G_END_DECLS
