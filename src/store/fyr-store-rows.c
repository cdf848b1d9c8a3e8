/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-rows.h"

const char *
fyr_rows_get_patient_id (FyrRecord *record)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);

  if (info == &fyr_patient_info) {
    return fyr_record_get_id (record);
  }
  return info->patient_field >= 0 ? fyr_record_get_string (record, (guint)info->patient_field) : NULL;
}

static gboolean
index_put (FyrStoreContext *context, FyrRecord *record, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);

  if (info == &fyr_measurement_info) {
    return fyr_measurement_index_put (context, FYR_MEASUREMENT (record), error);
  }
  if (info == &fyr_patient_info) {
    return fyr_patient_index_put (context, FYR_PATIENT (record), error);
  }
  if (info == &fyr_alert_info) {
    return fyr_patient_index_count_alerts (context, fyr_alert_get_patient_id (FYR_ALERT (record)), error);
  }
  return TRUE;
}

static gboolean
index_delete (FyrStoreContext *context, FyrRecord *record, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);

  if (info == &fyr_measurement_info) {
    return fyr_measurement_index_delete (context, FYR_MEASUREMENT (record), error);
  }
  if (info == &fyr_patient_info) {
    return fyr_patient_index_delete (context, fyr_record_get_id (record), error);
  }
  if (info == &fyr_alert_info) {
    return fyr_patient_index_count_alerts (context, fyr_alert_get_patient_id (FYR_ALERT (record)), error);
  }
  return TRUE;
}

static void
note_change (FyrStoreContext *context, FyrRecord *record)
{
  fyr_change_set_add (context->changes, fyr_record_get_info (record)->kind, fyr_record_get_id (record),
                      fyr_rows_get_patient_id (record));
}

gboolean
fyr_rows_put (FyrStoreContext *context, FyrRecord *record, GError **error)
{
  note_change (context, record);
  return fyr_record_table_put (context->connection, record, error) && index_put (context, record, error);
}

gboolean
fyr_rows_delete (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FyrRecord) record = fyr_record_table_get (context->connection, info, id, &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (record == NULL) {
    return TRUE;
  }
  note_change (context, record);
  return fyr_record_table_delete (context->connection, info, id, error) &&
         index_delete (context, record, error);
}
