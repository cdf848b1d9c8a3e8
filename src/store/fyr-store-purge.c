/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-purge.h"

#include <string.h>

#include "fyr-access-table.h"
#include "fyr-store-rows.h"
#include "fyr-store-witness.h"
#include "fyr-uuid.h"
#include "fyr-store-sql.h"

#define PATIENT_SCOPE "patient:"

static gboolean
collect_ids (FyrStatement *statement, GPtrArray *ids, GError **error)
{
  FyrStep step;

  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    g_ptr_array_add (ids, g_strdup (fyr_statement_get_id (statement, 0)));
  }
  return step == FYR_STEP_DONE;
}

static gboolean
is_granted (GPtrArray *granted, const char *scope)
{
  return g_ptr_array_find_with_equal_func (granted, scope, g_str_equal, NULL);
}

/* Whether a grant for one patient covers what another grant no longer does. */
static gboolean
is_patient_granted (GPtrArray *granted, const char *patient_id)
{
  g_autofree char *scope = g_strconcat (PATIENT_SCOPE, patient_id, NULL);

  return patient_id != NULL && is_granted (granted, scope);
}

static gboolean
delete_ids (
    FyrStoreContext *context, const FyrRecordInfo *info, GPtrArray *ids, GPtrArray *granted, GError **error)
{
  for (guint i = 0; i < ids->len; i++) {
    g_autoptr (FyrRecord) record = NULL;

    if (info->patient_field >= 0 || info == &fyr_patient_info) {
      record = fyr_record_table_get (context->connection, info, ids->pdata[i], error);
      if (record != NULL && is_patient_granted (granted, fyr_rows_get_patient_id (record))) {
        continue;
      }
    }
    if (!fyr_overlay_server_forget (context, info, ids->pdata[i], error)) {
      return FALSE;
    }
  }
  return TRUE;
}

/* Whether a row belongs to a centre's feed, as centre_sql() asks it of rows that are shown. */
static gboolean
is_of_centre (FyrStoreContext *context, FyrRecord *record, const char *centre_id)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  g_autoptr (FyrRecord) patient = NULL;

  if (info->scope_by == FYR_SCOPE_BY_GLOBAL) {
    return TRUE;
  }
  if (info->centre_field >= 0) {
    return g_strcmp0 (fyr_record_get_string (record, (guint)info->centre_field), centre_id) == 0;
  }
  patient =
      fyr_record_table_get (context->connection, &fyr_patient_info, fyr_rows_get_patient_id (record), NULL);
  return patient == NULL || g_strcmp0 (fyr_patient_get_centre_id (FYR_PATIENT (patient)), centre_id) == 0;
}

/* Rows that own work hides by a deletion would come to light again when that work is given up. @centre_id or
 * @patient_id: (nullable) whose. */
static gboolean
forget_hidden (FyrStoreContext *context,
               const FyrRecordInfo *info,
               const char *centre_id,
               const char *patient_id,
               GPtrArray *granted,
               GError **error)
{
  g_autoptr (GPtrArray) hidden = fyr_overlay_list_hidden (context, info, error);

  for (guint i = 0; hidden != NULL && i < hidden->len; i++) {
    FyrRecord *record = hidden->pdata[i];
    const char *about = fyr_rows_get_patient_id (record);
    gboolean goes = patient_id != NULL
                        ? g_strcmp0 (about, patient_id) == 0
                        : is_of_centre (context, record, centre_id) && !is_patient_granted (granted, about);

    if (goes && !fyr_overlay_server_forget (context, info, fyr_record_get_id (record), error)) {
      return FALSE;
    }
  }
  return hidden != NULL;
}

/* Rows of a kind at a centre: by their own centre, or by that of the patient they are about. A row whose patient is
 * not here could be anybody's: it goes too. */
static char *
centre_sql (const FyrRecordInfo *info)
{
  if (info->scope_by == FYR_SCOPE_BY_GLOBAL) {
    return g_strdup_printf ("SELECT id FROM \"%s\" WHERE ?1 IS NOT NULL", info->kind);
  }
  if (info->centre_field >= 0) {
    return g_strdup_printf ("SELECT id FROM \"%s\" WHERE centre_id = ?1", info->kind);
  }
  return g_strdup_printf ("SELECT r.id FROM \"%s\" r LEFT JOIN patient p ON p.id = r.patient_id"
                          " WHERE p.centre_id = ?1 OR p.id IS NULL",
                          info->kind);
}

static gboolean
run_for_centre (FyrStoreContext *context, const char *sql, const char *centre_id, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_sql (context, sql, error);

  if (statement == NULL) {
    return FALSE;
  }
  if (fyr_uuid_is_valid (centre_id)) {
    fyr_statement_bind_id (statement, 1, centre_id);
  } else {
    fyr_statement_bind_text (statement, 1, centre_id);
  }
  return fyr_statement_run (statement, error);
}

/* What is kept beside rows that went in one sweep. */
static gboolean
sweep_beside (FyrStoreContext *context, const FyrRecordInfo *info, GError **error)
{
  const char *sql = NULL;

  if (info == &fyr_measurement_info) {
    sql = "DELETE FROM latest WHERE NOT EXISTS (SELECT 1 FROM measurement m WHERE m.patient_id = "
          "latest.patient_id"
          " AND m.kind = latest.kind);"
          "DELETE FROM voided WHERE NOT EXISTS (SELECT 1 FROM measurement m WHERE m.id = voided.by_id);"
          "UPDATE patient_index SET last_report = coalesce ((SELECT max (time) FROM latest l"
          " WHERE l.patient_id = patient_index.patient_id), 0)";
  } else if (info == &fyr_alert_info) {
    sql = "UPDATE patient_index SET open_alerts = 0, worst = 9 WHERE open_alerts > 0 AND NOT EXISTS"
          " (SELECT 1 FROM alert a WHERE a.patient_id = patient_index.patient_id AND a.status <> 3)";
  } else if (info == &fyr_patient_info) {
    sql = "DELETE FROM patient_word WHERE patient_id NOT IN (SELECT id FROM patient);"
          "UPDATE patient_index SET present = 0, sort_name = '', duplicate_key = NULL"
          " WHERE patient_id NOT IN (SELECT id FROM patient)";
  }
  return sql == NULL || fyr_connection_exec (context->connection, sql, error);
}

/* All in one sweep but rows that own work lies on, which are few: a centre's history is gone in seconds. */
static gboolean
sweep_kind (FyrStoreContext *context, const FyrRecordInfo *info, const char *centre_id, GError **error)
{
  g_autofree char *which = centre_sql (info);
  g_autofree char *sql = g_strdup_printf (
      "DELETE FROM \"%s\" WHERE id IN (%s) AND id NOT IN (SELECT id FROM base WHERE kind = '%s')", info->kind,
      which, info->kind);

  fyr_change_set_add (context->changes, info->kind, NULL, NULL);
  return run_for_centre (context, sql, centre_id, error) && sweep_beside (context, info, error);
}

static gboolean
is_any_patient_granted (GPtrArray *granted)
{
  for (guint i = 0; i < granted->len; i++) {
    if (g_str_has_prefix (granted->pdata[i], PATIENT_SCOPE)) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
purge_kind_of_centre (FyrStoreContext *context,
                      const FyrRecordInfo *info,
                      const char *centre_id,
                      GPtrArray *granted,
                      GError **error)
{
  g_autofree char *sql = centre_sql (info);
  g_autoptr (FyrStatement) statement = NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  if (!is_any_patient_granted (granted) && !sweep_kind (context, info, centre_id, error)) {
    return FALSE;
  }
  statement = fyr_store_sql (context, sql, error);
  if (statement == NULL) {
    return FALSE;
  }
  if (fyr_uuid_is_valid (centre_id)) {
    fyr_statement_bind_id (statement, 1, centre_id);
  } else {
    fyr_statement_bind_text (statement, 1, centre_id);
  }
  return collect_ids (statement, ids, error) && delete_ids (context, info, ids, granted, error) &&
         forget_hidden (context, info, centre_id, NULL, granted, error) &&
         fyr_witness_forget_kind (context, info, NULL, error);
}

/* Rows about patients are removed before the patients: their centre is found through them. */
static gboolean
purge_centre_scope (FyrStoreContext *context,
                    const char *centre_id,
                    FyrScopeClass scope_class,
                    GPtrArray *granted,
                    GError **error)
{
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];
    gboolean global = g_str_equal (centre_id, "global");

    if (info->scope == scope_class && global == (info->scope_by == FYR_SCOPE_BY_GLOBAL) &&
        !purge_kind_of_centre (context, info, centre_id, granted, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

/* Whether the patient's rows of a class are still covered by a feed of the patient's centre. */
static gboolean
is_class_granted (FyrStoreContext *context,
                  const char *patient_id,
                  FyrScopeClass scope_class,
                  GPtrArray *granted)
{
  g_autoptr (FyrRecord) patient =
      fyr_record_table_get (context->connection, &fyr_patient_info, patient_id, NULL);
  g_autofree char *scope = NULL;

  if (patient == NULL) {
    return FALSE;
  }
  scope = g_strdup_printf ("%s/%s", fyr_patient_get_centre_id (FYR_PATIENT (patient)),
                           fyr_scope_class_to_string (scope_class));
  return is_granted (granted, scope);
}

static gboolean
purge_kind_of_patient (FyrStoreContext *context,
                       const FyrRecordInfo *info,
                       const char *patient_id,
                       GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT id FROM \"%s\" WHERE %s = ?1", info->kind,
                                          info == &fyr_patient_info ? "id" : "patient_id");
  g_autoptr (FyrStatement) statement = fyr_store_query (context, error, sql, FYR_ID (patient_id));
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

  if (statement == NULL) {
    return FALSE;
  }
  return collect_ids (statement, ids, error) && delete_ids (context, info, ids, nothing, error) &&
         forget_hidden (context, info, NULL, patient_id, nothing, error) &&
         fyr_witness_forget_kind (context, info, patient_id, error);
}

static gboolean
purge_patient_scope (FyrStoreContext *context, const char *patient_id, GPtrArray *granted, GError **error)
{
  gboolean keep_patient = is_class_granted (context, patient_id, fyr_patient_info.scope, granted);

  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];

    if (info->patient_field >= 0 && info->scope_by == FYR_SCOPE_BY_PATIENT &&
        !is_class_granted (context, patient_id, info->scope, granted) &&
        !purge_kind_of_patient (context, info, patient_id, error)) {
      return FALSE;
    }
  }
  return keep_patient || purge_kind_of_patient (context, &fyr_patient_info, patient_id, error);
}

gboolean
fyr_purge_patient (FyrStoreContext *context, const char *patient_id, GError **error)
{
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

  return purge_patient_scope (context, patient_id, nothing, error);
}

static gboolean
drop_cursor (FyrStoreContext *context, const char *scope, GError **error)
{
  g_autoptr (FyrStatement) cursor = fyr_store_sql (context, "DELETE FROM cursor WHERE scope = ?1", error);
  g_autoptr (FyrStatement) parked = fyr_store_sql (context, "DELETE FROM parked WHERE scope = ?1", error);

  if (cursor == NULL || parked == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (cursor, 1, scope);
  fyr_statement_bind_text (parked, 1, scope);
  return fyr_statement_run (cursor, error) && fyr_statement_run (parked, error);
}

gboolean
fyr_purge_scope (FyrStoreContext *context, const char *scope, GPtrArray *granted, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (scope, "/", 2);
  FyrScopeClass scope_class;

  if (!drop_cursor (context, scope, error)) {
    return FALSE;
  }
  if (g_str_has_prefix (scope, PATIENT_SCOPE)) {
    return purge_patient_scope (context, scope + strlen (PATIENT_SCOPE), granted, error);
  }
  scope_class =
      parts[0] != NULL && parts[1] != NULL ? fyr_scope_class_from_string (parts[1]) : FYR_SCOPE_CLASS_N;
  return scope_class == FYR_SCOPE_CLASS_N ||
         purge_centre_scope (context, parts[0], scope_class, granted, error);
}

static gboolean
forget_words_of_server (FyrStoreContext *context, GError **error)
{
  /* Rows of own work not yet delivered are shown again from what is left: nothing, with that work on top. */
  return fyr_connection_exec (
      context->connection,
      "DELETE FROM cursor; DELETE FROM parked; DELETE FROM latest; DELETE FROM voided;"
      "DELETE FROM patient_index; DELETE FROM patient_word; UPDATE base SET record = NULL",
      error);
}

static gboolean
show_own_work (FyrStoreContext *context, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_sql (context, "SELECT kind, id FROM base", error);
  g_autoptr (GPtrArray) kinds = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  FyrStep step;

  if (statement == NULL) {
    return FALSE;
  }
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    g_ptr_array_add (kinds, g_strdup (fyr_statement_get_text (statement, 0)));
    g_ptr_array_add (ids, g_strdup (fyr_statement_get_id (statement, 1)));
  }
  for (guint i = 0; step == FYR_STEP_DONE && i < ids->len; i++) {
    const FyrRecordInfo *info = fyr_record_info_lookup (kinds->pdata[i]);

    if (info != NULL && !fyr_overlay_show (context, info, ids->pdata[i], error)) {
      return FALSE;
    }
  }
  return step == FYR_STEP_DONE;
}

gboolean
fyr_purge_all (FyrStoreContext *context, GError **error)
{
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    g_autofree char *sql = g_strdup_printf ("DELETE FROM \"%s\"", fyr_record_infos[i]->kind);

    if (!fyr_connection_exec (context->connection, sql, error)) {
      return FALSE;
    }
    fyr_change_set_add (context->changes, fyr_record_infos[i]->kind, NULL, NULL);
  }
  return forget_words_of_server (context, error) && show_own_work (context, error);
}
