/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-query-private.h"

FyrPatientDetail *
fyr_patient_detail_ref (FyrPatientDetail *detail)
{
  return g_atomic_rc_box_acquire (detail);
}

static void
clear_detail (FyrPatientDetail *detail)
{
  g_clear_object (&detail->item);
  g_clear_object (&detail->patient);
  g_clear_object (&detail->gp);
  g_clear_object (&detail->owner);
  g_clear_pointer (&detail->relatives, g_ptr_array_unref);
  g_clear_pointer (&detail->conditions, g_ptr_array_unref);
  g_clear_pointer (&detail->limits, g_ptr_array_unref);
  g_clear_pointer (&detail->notes, g_ptr_array_unref);
  g_clear_pointer (&detail->alerts, g_ptr_array_unref);
  g_clear_pointer (&detail->latest, g_ptr_array_unref);
  g_clear_pointer (&detail->devices, g_ptr_array_unref);
}

void
fyr_patient_detail_unref (FyrPatientDetail *detail)
{
  if (detail != NULL) {
    g_atomic_rc_box_release_full (detail, (GDestroyNotify)clear_detail);
  }
}

static gboolean
load_patient (FyrStoreContext *context, const char *patient_id, FyrPatientDetail *detail, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FyrRecord *gp;
  FyrRecord *owner = NULL;

  detail->item = fyr_query_patient_item (context, patient_id, error);
  if (detail->item == NULL) {
    return FALSE;
  }
  detail->patient = g_object_ref (fyr_patient_item_get_patient (detail->item));
  gp = fyr_query_record (context, &fyr_gp_info, fyr_patient_get_gp_id (detail->patient), &local_error);
  detail->gp = gp != NULL ? FYR_GP (gp) : NULL;
  if (local_error == NULL) {
    owner = fyr_query_record (context, &fyr_organization_info, fyr_patient_get_owner_id (detail->patient),
                              &local_error);
    detail->owner = owner != NULL ? FYR_ORGANIZATION (owner) : NULL;
  }
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  return TRUE;
}

static GPtrArray *
load_latest (FyrStoreContext *context, const char *patient_id, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_record_table_select (
      context->connection, &fyr_measurement_info,
      "WHERE id IN (SELECT measurement_id FROM latest WHERE latest.patient_id = ?1) ORDER BY kind", error);

  if (statement == NULL) {
    return NULL;
  }
  fyr_statement_bind_id (statement, 1, patient_id);
  return fyr_record_table_collect (statement, &fyr_measurement_info, error);
}

static gboolean
load_lists (FyrStoreContext *context, const char *id, FyrPatientDetail *detail, GError **error)
{
  FyrConnection *connection = context->connection;
  const FyrAlertQuery query = { .patient_id = (char *)id };

  detail->relatives =
      fyr_record_table_list (connection, &fyr_related_person_info, FYR_RELATED_PERSON_PATIENT_ID, id,
                             "coalesce (next_of_kin, 0) DESC, name, id", error);
  detail->conditions = detail->relatives != NULL
                           ? fyr_record_table_list (connection, &fyr_condition_info, FYR_CONDITION_PATIENT_ID,
                                                    id, "display, id", error)
                           : NULL;
  detail->limits = detail->conditions != NULL
                       ? fyr_record_table_list (connection, &fyr_limit_info, FYR_LIMIT_PATIENT_ID, id,
                                                "kind, coalesce (component, 0), valid_from, id", error)
                       : NULL;
  detail->notes =
      detail->limits != NULL ? fyr_query_note_items (context, "patient_id", id, TRUE, error) : NULL;
  detail->alerts = detail->notes != NULL ? fyr_query_alert_items (context, &query, error) : NULL;
  detail->latest = detail->alerts != NULL ? load_latest (context, id, error) : NULL;
  detail->devices = detail->latest != NULL
                        ? fyr_record_table_list (connection, &fyr_device_info, FYR_DEVICE_PATIENT_ID, id,
                                                 "device_kind, serial_number", error)
                        : NULL;
  return detail->devices != NULL;
}

static gpointer
load_patient_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_autoptr (FyrPatientDetail) detail = g_atomic_rc_box_new0 (FyrPatientDetail);

  if (!load_patient (context, data, detail, error) || !load_lists (context, data, detail, error)) {
    return NULL;
  }
  return g_steal_pointer (&detail);
}

void
fyr_store_load_patient_async (FyrStore *self,
                              const char *patient_id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = load_patient_job,
    .data = g_strdup (patient_id),
    .data_free = g_free,
    .result_free = (GDestroyNotify)fyr_patient_detail_unref,
    .tag = fyr_store_load_patient_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

FyrPatientDetail *
fyr_store_load_patient_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_load_patient_async, result, error);
}
