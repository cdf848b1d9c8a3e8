/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-care-grant.h"

#include "fyr-access-table.h"
#include "fyr-apply.h"
#include "fyr-record-table.h"
#include "fyr-shared.h"

/* The one place that says when a patient has a feed of its own. A grant that begins later counts already:
 * the feed must be full on that day; whether somebody may read it now is asked at each pull. */
static const char *const wanted_sql =
    "SELECT EXISTS (SELECT 1 FROM patient p JOIN membership m ON m.gp_id = p.gp_id"
    " AND m.centre_id = p.centre_id WHERE p.id = ?1 AND m.role = ?2 AND (m.valid_to IS NULL OR m.valid_to > "
    "?3)) OR EXISTS (SELECT 1 FROM emergency_grant e WHERE e.patient = ?1 AND e.ends > ?3)";

static gboolean
query_wanted (FyrWriteContext *context, const char *patient_id, gboolean *wanted, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (context->connection, wanted_sql, error);

  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, patient_id);
  fyr_statement_bind_int (select, 2, FYR_ROLE_GP);
  fyr_statement_bind_int (select, 3, context->time);
  if (fyr_statement_step (select, error) != FYR_STEP_ROW) {
    return FALSE;
  }
  *wanted = fyr_statement_get_bool (select, 0);
  return TRUE;
}

/* Before anything is read that others might change meanwhile. */
static gboolean
lock_patient (FyrWriteContext *context, const char *patient_id, GError **error)
{
  g_autofree char *sql = NULL;
  g_autoptr (FyrStatement) lock = NULL;

  if (!fyr_connection_is_shared (context->connection)) {
    return TRUE;
  }
  sql = g_strconcat ("SELECT 1 FROM patient WHERE id = ?1", fyr_connection_get_row_lock (context->connection),
                     NULL);
  lock = fyr_connection_prepare (context->connection, sql, error);
  if (lock == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (lock, 1, patient_id);
  return fyr_statement_run (lock, error);
}

FyrPatientState *
fyr_care_grant_get_state (FyrWriteContext *context, const char *patient_id, GError **error)
{
  FyrPatientState *state = g_hash_table_lookup (context->state->patients, patient_id);
  g_autoptr (FyrStatement) select = NULL;
  const char *centre_id, *gp_id;

  if (state != NULL) {
    return state;
  }
  if (!lock_patient (context, patient_id, error)) {
    return NULL;
  }
  select = fyr_connection_prepare (
      context->connection,
      "SELECT centre_id, EXISTS (SELECT 1 FROM patient_grant g WHERE g.patient = p.id), gp_id"
      " FROM patient p WHERE id = ?1",
      error);
  if (select == NULL) {
    return NULL;
  }
  fyr_statement_bind_id (select, 1, patient_id);
  if (fyr_statement_step (select, error) != FYR_STEP_ROW) {
    return NULL;
  }
  centre_id = fyr_statement_get_id (select, 0);
  state = g_new0 (FyrPatientState, 1);
  g_strlcpy (state->centre_id, centre_id != NULL ? centre_id : "", sizeof state->centre_id);
  state->granted = fyr_statement_get_bool (select, 1);
  gp_id = fyr_statement_get_id (select, 2);
  g_strlcpy (state->gp_id, gp_id != NULL ? gp_id : "", sizeof state->gp_id);
  g_hash_table_insert (context->state->patients, g_strdup (patient_id), state);
  return state;
}

static gboolean
enter_kind (FyrWriteContext *context,
            const FyrRecordInfo *info,
            const char *patient_id,
            const char *scope,
            FyrFeedOp op,
            GError **error)
{
  int number = fyr_server_db_get_kind_number (context->db, info->kind);
  g_autofree char *sql =
      g_strdup_printf ("SELECT id FROM \"%s\" WHERE patient_id = ?1 ORDER BY id", info->kind);
  g_autoptr (FyrStatement) select = fyr_connection_prepare (context->connection, sql, error);
  FyrStep step;

  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, patient_id);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    fyr_apply_state_add (context->state, scope, number, fyr_statement_get_id (select, 0), op);
  }
  return step == FYR_STEP_DONE;
}

/* The patient and everything about the patient, into the patient's own feed (@owner %NULL) or a centre's. */
static gboolean
enter_record_set (
    FyrWriteContext *context, const char *patient_id, const char *owner, FyrFeedOp op, GError **error)
{
  g_autofree char *own = g_strdup_printf ("patient:%s", patient_id);

  if (owner == NULL) {
    fyr_apply_state_add (context->state, own,
                         fyr_server_db_get_kind_number (context->db, fyr_patient_info.kind), patient_id, op);
  }
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];
    g_autofree char *scope = NULL;

    if (info->scope_by != FYR_SCOPE_BY_PATIENT) {
      continue;
    }
    scope = owner == NULL ? g_strdup (own)
                          : g_strdup_printf ("%s/%s", owner, fyr_scope_class_to_string (info->scope));
    if (!enter_kind (context, info, patient_id, scope, op, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
set_granted (FyrWriteContext *context, const char *patient_id, gboolean granted, GError **error)
{
  g_autoptr (FyrStatement) change = NULL;

  change = fyr_connection_prepare (context->connection,
                                   granted ? "INSERT INTO patient_grant (patient) VALUES (?1)"
                                             " ON CONFLICT (patient) DO NOTHING"
                                           : "DELETE FROM patient_grant WHERE patient = ?1",
                                   error);
  if (change == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (change, 1, patient_id);
  if (!fyr_statement_run (change, error)) {
    return FALSE;
  }
  g_hash_table_remove (context->state->patients, patient_id);
  return TRUE;
}

/* A GP's role and the GP's list meet here: of two that change at once, the second sees the first. */
static gboolean
lock_list (FyrWriteContext *context, const char *gp_id, GError **error)
{
  g_autofree char *name = g_strdup_printf ("list %s", gp_id);

  return fyr_connection_lock_name (context->connection, name, error);
}

gboolean
fyr_care_grant_settle (FyrWriteContext *context, const char *patient_id, GError **error)
{
  const FyrPatientState *state = fyr_care_grant_get_state (context, patient_id, error);
  gboolean wanted = FALSE;

  if (state == NULL || !query_wanted (context, patient_id, &wanted, error)) {
    return FALSE;
  }
  if (wanted == state->granted) {
    return TRUE;
  }
  return set_granted (context, patient_id, wanted, error) &&
         (!wanted || enter_record_set (context, patient_id, NULL, FYR_FEED_PUT, error));
}

static gboolean
is_granted (FyrWriteContext *context, const char *patient_id, gboolean *granted, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  select =
      fyr_connection_prepare (context->connection, "SELECT 1 FROM patient_grant WHERE patient = ?1", error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, patient_id);
  step = fyr_statement_step (select, error);
  *granted = step == FYR_STEP_ROW;
  return step != FYR_STEP_ERROR;
}

/* The patient's row is gone already. */
static gboolean
leave_own_feed (FyrWriteContext *context, const char *patient_id, GError **error)
{
  g_autofree char *own = g_strdup_printf ("patient:%s", patient_id);
  gboolean granted = FALSE;

  if (!is_granted (context, patient_id, &granted, error)) {
    return FALSE;
  }
  if (granted) {
    fyr_apply_state_add (context->state, own,
                         fyr_server_db_get_kind_number (context->db, fyr_patient_info.kind), patient_id,
                         FYR_FEED_DELETE);
  }
  return set_granted (context, patient_id, FALSE, error);
}

gboolean
fyr_care_grant_patient_changed (FyrWriteContext *context,
                                FyrPatient *before,
                                FyrPatient *after,
                                GError **error)
{
  const char *id = fyr_record_get_id (FYR_RECORD (after != NULL ? after : before));
  const char *was = before != NULL ? fyr_patient_get_centre_id (before) : NULL;
  const char *is = after != NULL ? fyr_patient_get_centre_id (after) : NULL;
  const FyrPatientState *state;

  if (after == NULL) {
    return leave_own_feed (context, id, error);
  }
  if (fyr_patient_get_gp_id (after) != NULL &&
      (before == NULL || g_strcmp0 (fyr_patient_get_gp_id (before), fyr_patient_get_gp_id (after)) != 0) &&
      !lock_list (context, fyr_patient_get_gp_id (after), error)) {
    return FALSE;
  }
  if (was != NULL && g_strcmp0 (was, is) != 0) {
    if (!enter_record_set (context, id, was, FYR_FEED_DELETE, error) ||
        !enter_record_set (context, id, is, FYR_FEED_PUT, error)) {
      return FALSE;
    }
  }
  g_hash_table_remove (context->state->patients, id);
  state = fyr_care_grant_get_state (context, id, error);
  if (state == NULL) {
    return FALSE;
  }
  if (state->granted) {
    g_autofree char *own = g_strdup_printf ("patient:%s", id);
    fyr_apply_state_add (context->state, own,
                         fyr_server_db_get_kind_number (context->db, fyr_patient_info.kind), id,
                         FYR_FEED_PUT);
  }
  return fyr_care_grant_settle (context, id, error);
}

static gboolean
settle_list (FyrWriteContext *context, FyrMembership *membership, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  g_autoptr (GPtrArray) patients = g_ptr_array_new_with_free_func (g_free);
  FyrStep step;

  if (membership == NULL || fyr_membership_get_gp_id (membership) == NULL) {
    return TRUE;
  }
  if (!lock_list (context, fyr_membership_get_gp_id (membership), error)) {
    return FALSE;
  }
  select = fyr_connection_prepare (context->connection, "SELECT id FROM patient WHERE gp_id = ?1 ORDER BY id",
                                   error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, fyr_membership_get_gp_id (membership));
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_ptr_array_add (patients, g_strdup (fyr_statement_get_id (select, 0)));
  }
  if (step != FYR_STEP_DONE) {
    return FALSE;
  }
  for (guint i = 0; i < patients->len; i++) {
    if (!fyr_care_grant_settle (context, g_ptr_array_index (patients, i), error)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
fyr_care_grant_membership_changed (FyrWriteContext *context,
                                   FyrMembership *before,
                                   FyrMembership *after,
                                   GError **error)
{
  return settle_list (context, before, error) && settle_list (context, after, error);
}

static gboolean
write_block (
    FyrWriteContext *context, const char *patient_id, const char *user_id, gboolean blocked, GError **error)
{
  g_autoptr (FyrStatement) change = NULL;

  change = fyr_connection_prepare (context->connection,
                                   blocked ? "INSERT INTO patient_block (patient, \"user\") VALUES (?1, ?2)"
                                             " ON CONFLICT (\"user\", patient) DO NOTHING"
                                           : "DELETE FROM patient_block WHERE patient = ?1 AND \"user\" = ?2",
                                   error);
  if (change == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (change, 1, patient_id);
  fyr_statement_bind_id (change, 2, user_id);
  return fyr_statement_run (change, error);
}

gboolean
fyr_apply_set_block (
    FyrWriteContext *context, const char *patient_id, const char *user_id, gboolean blocked, GError **error)
{
  const FyrPatientState *state = fyr_care_grant_get_state (context, patient_id, error);
  g_autofree char *centre_id = NULL;
  g_autofree char *roster = NULL;

  if (state == NULL) {
    if (error == NULL || *error == NULL) {
      g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN, "There is no such patient");
    }
    return FALSE;
  }
  centre_id = g_strdup (state->centre_id);
  roster = g_strdup_printf ("%s/%s", centre_id, fyr_scope_class_to_string (FYR_SCOPE_CLASS_ROSTER));
  if (!write_block (context, patient_id, user_id, blocked, error)) {
    return FALSE;
  }
  /* Everybody who reads these feeds gets all of it once more; for the barred user a pull turns it into deletions. */
  fyr_apply_state_add (context->state, roster,
                       fyr_server_db_get_kind_number (context->db, fyr_patient_info.kind), patient_id,
                       FYR_FEED_PUT);
  return enter_record_set (context, patient_id, centre_id, FYR_FEED_PUT, error) &&
         (!state->granted || enter_record_set (context, patient_id, NULL, FYR_FEED_PUT, error));
}
