/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-rows.h"
#include "fyr-store-sql.h"

static gboolean
set_latest (FyrStoreContext *context, FyrMeasurement *measurement, GError **error)
{
  return fyr_store_execute (
             context, error,
             "INSERT INTO latest VALUES (?1, ?2, ?3, ?4) ON CONFLICT (patient_id, kind) DO UPDATE SET"
             " time = excluded.time, measurement_id = excluded.measurement_id"
             " WHERE excluded.time >= latest.time",
             FYR_ID (fyr_measurement_get_patient_id (measurement)),
             FYR_INT (fyr_measurement_get_kind (measurement)),
             FYR_INT (fyr_measurement_get_effective_time (measurement)),
             FYR_ID (fyr_record_get_id (FYR_RECORD (measurement)))) &&
         /* An older value leaves the last report where it is. */
         (fyr_connection_get_changes (context->connection) == 0 ||
          fyr_patient_index_note_report (context, fyr_measurement_get_patient_id (measurement),
                                         fyr_measurement_get_effective_time (measurement), error));
}

/* Looks the latest one up again, for the rare cases in which one went away. */
static gboolean
find_latest (FyrStoreContext *context, const char *patient_id, gint64 kind, GError **error)
{
  g_autoptr (FyrStatement) drop =
      fyr_store_sql (context, "DELETE FROM latest WHERE patient_id = ?1 AND kind = ?2", error);
  g_autoptr (FyrStatement) find =
      fyr_store_sql (context,
                     "INSERT INTO latest SELECT patient_id, kind, effective_time, id FROM measurement m"
                     " WHERE patient_id = ?1 AND kind = ?2 AND NOT EXISTS (SELECT 1 FROM voided v WHERE"
                     " v.patient_id = m.patient_id AND v.kind = m.kind AND v.measurement_id = m.id)"
                     " ORDER BY effective_time DESC LIMIT 1",
                     error);

  if (drop == NULL || find == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (drop, 1, patient_id);
  fyr_statement_bind_int (drop, 2, kind);
  fyr_statement_bind_id (find, 1, patient_id);
  fyr_statement_bind_int (find, 2, kind);
  return fyr_statement_run (drop, error) && fyr_statement_run (find, error) &&
         fyr_patient_index_reset_report (context, patient_id, error);
}

static gboolean
void_one (FyrStoreContext *context, FyrMeasurement *by, const char *voided_id, GError **error)
{
  context->voided = FYR_STORE_SOME;
  return fyr_store_execute (context, error, "INSERT OR IGNORE INTO voided VALUES (?1, ?2, ?3, ?4)",
                            FYR_ID (fyr_measurement_get_patient_id (by)),
                            FYR_INT (fyr_measurement_get_kind (by)), FYR_ID (voided_id),
                            FYR_ID (fyr_record_get_id (FYR_RECORD (by))));
}

/* 1 when a correction of this measurement is here already, 0 when not, -1 with error. */
static int
is_voided (FyrStoreContext *context, FyrMeasurement *measurement, GError **error)
{
  g_autoptr (FyrStatement) statement = NULL;
  FyrStep step;

  if (fyr_store_is_empty (context, &context->voided, "SELECT 1 FROM voided LIMIT 1")) {
    return 0;
  }
  statement = fyr_store_query (
      context, error, "SELECT 1 FROM voided WHERE patient_id = ?1 AND kind = ?2 AND measurement_id = ?3",
      FYR_ID (fyr_measurement_get_patient_id (measurement)), FYR_INT (fyr_measurement_get_kind (measurement)),
      FYR_ID (fyr_record_get_id (FYR_RECORD (measurement))));
  if (statement == NULL) {
    return -1;
  }
  step = fyr_statement_step (statement, error);
  return step == FYR_STEP_ERROR ? -1 : step == FYR_STEP_ROW;
}

gboolean
fyr_measurement_index_put (FyrStoreContext *context, FyrMeasurement *measurement, GError **error)
{
  const char *corrects = fyr_measurement_get_corrects_id (measurement);
  const char *id = fyr_record_get_id (FYR_RECORD (measurement));
  gboolean in_error = fyr_measurement_get_entered_in_error (measurement);
  int voided;

  if (corrects != NULL || in_error) {
    return (corrects == NULL || void_one (context, measurement, corrects, error)) &&
           (!in_error || void_one (context, measurement, id, error)) &&
           find_latest (context, fyr_measurement_get_patient_id (measurement),
                        fyr_measurement_get_kind (measurement), error);
  }
  voided = is_voided (context, measurement, error);
  return voided > 0 || (voided == 0 && set_latest (context, measurement, error));
}

gboolean
fyr_measurement_index_delete (FyrStoreContext *context, FyrMeasurement *measurement, GError **error)
{
  return fyr_store_execute (context, error,
                            "DELETE FROM voided WHERE patient_id = ?1 AND kind = ?2 AND by_id = ?3",
                            FYR_ID (fyr_measurement_get_patient_id (measurement)),
                            FYR_INT (fyr_measurement_get_kind (measurement)),
                            FYR_ID (fyr_record_get_id (FYR_RECORD (measurement)))) &&
         find_latest (context, fyr_measurement_get_patient_id (measurement),
                      fyr_measurement_get_kind (measurement), error);
}
