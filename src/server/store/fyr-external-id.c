/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-external-id.h"

#include "fyr-apply.h"
#include "fyr-shared.h"

static FyrStatement *
prepare_insert (FyrWriteContext *context,
                const char *sql,
                const char *centre_id,
                const char *text,
                const char *measurement_id,
                GError **error)
{
  FyrStatement *insert = fyr_connection_prepare (fyr_write_context_get_connection (context), sql, error);

  if (insert != NULL) {
    fyr_statement_bind_id (insert, 1, centre_id);
    fyr_statement_bind_text (insert, 2, text);
    fyr_statement_bind_id (insert, 3, measurement_id);
  }
  return insert;
}

static gboolean
add (FyrWriteContext *context,
     const char *centre_id,
     const char *text,
     const char *measurement_id,
     GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (FyrStatement) insert =
      prepare_insert (context, "INSERT INTO external_id (centre, text, measurement) VALUES (?1, ?2, ?3)",
                      centre_id, text, measurement_id, error);

  if (insert == NULL) {
    return FALSE;
  }
  if (fyr_statement_run (insert, &failure)) {
    return TRUE;
  }
  if (g_error_matches (failure, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT)) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_DUPLICATE,
                         "A measurement with this identifier is there already");
  } else {
    g_propagate_error (error, g_steal_pointer (&failure));
  }
  return FALSE;
}

gboolean
fyr_external_id_add (FyrWriteContext *context, FyrMeasurement *measurement, GError **error)
{
  const char *text = fyr_measurement_get_external_id (measurement);
  const char *centre_id;

  if (text == NULL) {
    return TRUE;
  }
  centre_id = fyr_apply_get_patient_centre (context, fyr_measurement_get_patient_id (measurement), error);
  if (centre_id == NULL) {
    return FALSE;
  }
  return add (context, centre_id, text, fyr_record_get_id (FYR_RECORD (measurement)), error);
}

int
fyr_external_id_find (FyrWriteContext *context,
                      const char *centre_id,
                      const char *text,
                      char measurement_id[37],
                      GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;
  const char *id;

  select =
      fyr_connection_prepare (fyr_write_context_get_connection (context),
                              "SELECT measurement FROM external_id WHERE centre = ?1 AND text = ?2", error);
  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_id (select, 1, centre_id);
  fyr_statement_bind_text (select, 2, text);
  step = fyr_statement_step (select, error);
  if (step == FYR_STEP_ERROR) {
    return -1;
  }
  id = step == FYR_STEP_ROW ? fyr_statement_get_id (select, 0) : NULL;
  g_strlcpy (measurement_id, id != NULL ? id : "", 37);
  return id != NULL;
}

/* Where writes are not waited for, how many rows one changed is not known in time. */
static int
claim_shared (FyrWriteContext *context,
              const char *centre_id,
              const char *text,
              char measurement_id[37],
              GError **error)
{
  char id[37];
  int found = fyr_external_id_find (context, centre_id, text, id, error);

  if (found == 0) {
    return add (context, centre_id, text, measurement_id, error) ? 1 : -1;
  }
  if (found > 0) {
    g_strlcpy (measurement_id, id, 37);
  }
  return found > 0 ? 0 : -1;
}

int
fyr_external_id_claim (FyrWriteContext *context,
                       const char *centre_id,
                       const char *text,
                       char measurement_id[37],
                       GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (context);
  g_autoptr (FyrStatement) insert = NULL;

  if (fyr_connection_is_shared (connection)) {
    return claim_shared (context, centre_id, text, measurement_id, error);
  }
  insert = prepare_insert (context,
                           "INSERT INTO external_id (centre, text, measurement) VALUES (?1, ?2, ?3)"
                           " ON CONFLICT (centre, text) DO NOTHING",
                           centre_id, text, measurement_id, error);
  if (insert == NULL || !fyr_statement_run (insert, error)) {
    return -1;
  }
  if (fyr_connection_get_changes (connection) > 0) {
    return 1;
  }
  return fyr_external_id_find (context, centre_id, text, measurement_id, error) > 0 ? 0 : -1;
}
