/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-mutation-private.h"
#include "fyr-store-private.h"

G_BEGIN_DECLS

/*
 * Rows as they are shown, with what is kept beside them: latest values, voided measurements, the patient
 * list's index and words.
 */

/** fyr_rows_put: writes a row as it is shown. Returns: TRUE or FALSE with error */
gboolean
fyr_rows_put (FyrStoreContext *context, FyrRecord *record, GError **error);

/** fyr_rows_delete: removes a row; none is no error. Returns: TRUE or FALSE with error */
gboolean
fyr_rows_delete (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, GError **error);

/** fyr_rows_get_patient_id: Returns: (transfer none) (nullable): the patient a record is about */
const char *
fyr_rows_get_patient_id (FyrRecord *record);

/** fyr_measurement_index_put: keeps latest and voided. Returns: TRUE or FALSE with error */
gboolean
fyr_measurement_index_put (FyrStoreContext *context, FyrMeasurement *measurement, GError **error);
/** fyr_measurement_index_delete: after the row is gone. Returns: TRUE or FALSE with error */
gboolean
fyr_measurement_index_delete (FyrStoreContext *context, FyrMeasurement *measurement, GError **error);

/** fyr_patient_index_put: keeps list position and words. Returns: TRUE or FALSE with error */
gboolean
fyr_patient_index_put (FyrStoreContext *context, FyrPatient *patient, GError **error);
/** fyr_patient_index_delete: Returns: TRUE or FALSE with error */
gboolean
fyr_patient_index_delete (FyrStoreContext *context, const char *patient_id, GError **error);
/** fyr_patient_index_sort_again: finds the place by name of all patients anew. Returns: TRUE or FALSE with error */
gboolean
fyr_patient_index_sort_again (FyrConnection *connection, GError **error);
/** fyr_patient_index_count_alerts: counts the patient's alerts again. Returns: TRUE or FALSE with error */
gboolean
fyr_patient_index_count_alerts (FyrStoreContext *context, const char *patient_id, GError **error);
/** fyr_patient_index_note_report: a measurement was taken at @time. Returns: TRUE or FALSE with error */
gboolean
fyr_patient_index_note_report (FyrStoreContext *context, const char *patient_id, gint64 time, GError **error);
/** fyr_patient_index_reset_report: finds the last report again. Returns: TRUE or FALSE with error */
gboolean
fyr_patient_index_reset_report (FyrStoreContext *context, const char *patient_id, GError **error);

/** FYR_NO_WORST: patient_index.worst of a patient without open alerts; others hold the category's rank */
#define FYR_NO_WORST 9

/**
 * fyr_patient_search_words:
 *
 * Returns: (transfer full) (array zero-terminated=1): what was typed, as looked for
 */
char **
fyr_patient_search_words (const char *text);

/*
 * The overlay: own undelivered work lies on top of what the server says. "base" keeps the server's word of
 * each row that own work covers; a row is shown as its base with that work applied in order.
 */

/** fyr_overlay_server_put: the server says what a record is. Returns: TRUE or FALSE with error */
gboolean
fyr_overlay_server_put (FyrStoreContext *context, FyrRecord *record, GError **error);

/** fyr_overlay_server_delete: the server says that a record is no more. Returns: TRUE or FALSE with error */
gboolean
fyr_overlay_server_delete (FyrStoreContext *context,
                           const FyrRecordInfo *info,
                           const char *id,
                           GError **error);

/** fyr_overlay_server_forget: a record is not ours to see any more. Returns: TRUE or FALSE with error */
gboolean
fyr_overlay_server_forget (FyrStoreContext *context,
                           const FyrRecordInfo *info,
                           const char *id,
                           GError **error);

/**
 * fyr_overlay_list_hidden:
 *
 * Returns: (transfer full) (element-type FyrRecord) (nullable): what the server says of rows that own work hides by a
 * deletion; NULL with error
 */
GPtrArray *
fyr_overlay_list_hidden (FyrStoreContext *context, const FyrRecordInfo *info, GError **error);

/** fyr_overlay_show: shows a row that own work covers once more. Returns: TRUE or FALSE with error */
gboolean
fyr_overlay_show (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, GError **error);

/** fyr_overlay_count: Returns: pieces of own undelivered work on a row; -1 with error */
int
fyr_overlay_count (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, GError **error);

/**
 * fyr_overlay_attach:
 * @key: the outbox entry of @mutation
 *
 * Lays a new piece of work on its rows and shows them.
 *
 * Returns: TRUE or FALSE with error
 */
gboolean
fyr_overlay_attach (FyrStoreContext *context, gint64 key, FyrMutation *mutation, GError **error);

/**
 * fyr_overlay_detach:
 * @applied_version: the record's version when the server applied it; 0 when it did not
 *
 * Takes a piece of work off its rows: into the server's word when applied, else away; and shows them.
 *
 * Returns: TRUE or FALSE with error
 */
gboolean
fyr_overlay_detach (
    FyrStoreContext *context, gint64 key, FyrMutation *mutation, gint64 applied_version, GError **error);

G_END_DECLS
