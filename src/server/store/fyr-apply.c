/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-apply.h"

#include "fyr-access-table.h"
#include "fyr-apply-state.h"
#include "fyr-care-grant.h"
#include "fyr-external-id.h"
#include "fyr-record-table.h"
#include "fyr-records.h"
#include "fyr-shared.h"

/* Who changes anything of a patient holds the patient's row: one order of locks, and what was read stays true. */
static gboolean
lock_patient_of (FyrWriteContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (FyrRecord) record = NULL;
  const char *patient_id;

  if (info->scope_by != FYR_SCOPE_BY_PATIENT || !fyr_connection_is_shared (context->connection)) {
    return TRUE;
  }
  record = fyr_record_table_get (context->connection, info, id, &failure);
  patient_id = record != NULL ? fyr_record_get_string (record, (guint)info->patient_field) : NULL;
  if (failure == NULL && patient_id != NULL) {
    fyr_care_grant_get_state (context, patient_id, &failure);
  }
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return TRUE;
}

FyrRecord *
fyr_apply_get (FyrWriteContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  if (!lock_patient_of (context, info, id, error)) {
    return NULL;
  }
  return fyr_record_table_get_locked (context->connection, info, id, error);
}

static int
kind_number (FyrWriteContext *context, const FyrRecordInfo *info)
{
  return fyr_server_db_get_kind_number (context->db, info->kind);
}

gint64
fyr_apply_get_tombstone (FyrWriteContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  select = fyr_connection_prepare (context->connection,
                                   "SELECT version FROM tombstone WHERE kind = ?1 AND id = ?2", error);
  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_int (select, 1, kind_number (context, info));
  fyr_statement_bind_id (select, 2, id);
  step = fyr_statement_step (select, error);
  if (step == FYR_STEP_ROW) {
    return fyr_statement_get_int (select, 0);
  }
  return step == FYR_STEP_DONE ? 0 : -1;
}

static gboolean
put_tombstone (
    FyrWriteContext *context, const FyrRecordInfo *info, const char *id, gint64 version, GError **error)
{
  g_autoptr (FyrStatement) insert = NULL;

  insert = fyr_connection_prepare (context->connection,
                                   "INSERT INTO tombstone (kind, id, version, time)"
                                   " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (kind, id) DO UPDATE"
                                   " SET version = excluded.version, time = excluded.time",
                                   error);
  if (insert == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (insert, 1, kind_number (context, info));
  fyr_statement_bind_id (insert, 2, id);
  fyr_statement_bind_int (insert, 3, version);
  fyr_statement_bind_int (insert, 4, context->time);
  return fyr_statement_run (insert, error);
}

const char *
fyr_apply_get_patient_centre (FyrWriteContext *context, const char *patient_id, GError **error)
{
  const FyrPatientState *state = fyr_care_grant_get_state (context, patient_id, error);

  return state != NULL ? state->centre_id : NULL;
}

static void
enter (FyrWriteContext *context, const char *owner, FyrRecord *record, FyrFeedOp op)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  g_autofree char *scope = g_strdup_printf ("%s/%s", owner, fyr_scope_class_to_string (info->scope));

  fyr_apply_state_add (context->state, scope, kind_number (context, info), fyr_record_get_id (record), op);
}

static void
enter_patient_scope (FyrWriteContext *context, const char *patient_id, FyrRecord *record, FyrFeedOp op)
{
  g_autofree char *scope = g_strdup_printf ("patient:%s", patient_id);

  fyr_apply_state_add (context->state, scope, kind_number (context, fyr_record_get_info (record)),
                       fyr_record_get_id (record), op);
}

static FyrFeedScope *
scope_of (FyrWriteContext *context, const FyrPatientState *state, FyrScopeClass class)
{
  g_autofree char *name = g_strdup_printf ("%s/%s", state->centre_id, fyr_scope_class_to_string (class));

  return fyr_apply_state_get_scope (context->state, name);
}

/* Enters a record of a patient into the feeds of the patient's centre and, when granted, of the patient. */
static gboolean
enter_by_patient (
    FyrWriteContext *context, const char *patient_id, FyrRecord *record, FyrFeedOp op, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  FyrPatientState *state = fyr_care_grant_get_state (context, patient_id, error);

  if (state == NULL) {
    if (error == NULL || *error == NULL) {
      g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN, "%s: its patient is not known",
                   info->kind);
    }
    return FALSE;
  }
  if (state->scopes[info->scope] == NULL) {
    state->scopes[info->scope] = scope_of (context, state, info->scope);
  }
  fyr_apply_state_add_to (context->state, state->scopes[info->scope], kind_number (context, info),
                          fyr_record_get_id (record), op);
  if (state->granted) {
    enter_patient_scope (context, patient_id, record, op);
  }
  return TRUE;
}

/* Enters the record where it is, and its leaving where it was. @before: (nullable) */
static gboolean
enter_feeds (FyrWriteContext *context, FyrRecord *before, FyrRecord *record, FyrFeedOp op, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  int field = info->scope_by == FYR_SCOPE_BY_PATIENT ? info->patient_field : info->centre_field;
  const char *owner = field >= 0 ? fyr_record_get_string (record, field) : NULL;
  const char *former = before != NULL && field >= 0 ? fyr_record_get_string (before, field) : NULL;
  gboolean moved = former != NULL && g_strcmp0 (former, owner) != 0;

  switch (info->scope_by) {
  case FYR_SCOPE_BY_GLOBAL:
    enter (context, "global", record, op);
    return TRUE;
  case FYR_SCOPE_BY_CENTRE:
    enter (context, owner, record, op);
    if (moved) {
      enter (context, former, record, FYR_FEED_DELETE);
    }
    return TRUE;
  case FYR_SCOPE_BY_PATIENT:
  default:
    return enter_by_patient (context, owner, record, op, error) &&
           (!moved || enter_by_patient (context, former, record, FYR_FEED_DELETE, error));
  }
}

/* The first correction of a measurement stands; one of a correction voids that. */
static gboolean
void_corrected (FyrWriteContext *context, FyrMeasurement *measurement, GError **error)
{
  const char *corrected = fyr_measurement_get_corrects_id (measurement);
  g_autoptr (FyrStatement) insert = NULL;

  if (corrected == NULL) {
    return TRUE;
  }
  insert = fyr_connection_prepare (context->connection,
                                   "INSERT INTO voided (measurement, by) VALUES (?1, ?2)"
                                   " ON CONFLICT (measurement) DO NOTHING",
                                   error);
  if (insert == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (insert, 1, corrected);
  fyr_statement_bind_id (insert, 2, fyr_record_get_id (FYR_RECORD (measurement)));
  return fyr_statement_run (insert, error);
}

/* What hangs on a record beyond its own row. @before: (nullable): none when new; @after: (nullable): deleted */
static gboolean
follow_up (FyrWriteContext *context, FyrRecord *before, FyrRecord *after, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (after != NULL ? after : before);

  if (info == &fyr_patient_info) {
    return fyr_care_grant_patient_changed (context, FYR_PATIENT (before), FYR_PATIENT (after), error);
  }
  if (info == &fyr_membership_info) {
    return fyr_care_grant_membership_changed (context, FYR_MEMBERSHIP (before), FYR_MEMBERSHIP (after),
                                              error);
  }
  if (info == &fyr_measurement_info && before == NULL) {
    return fyr_external_id_add (context, FYR_MEASUREMENT (after), error) &&
           void_corrected (context, FYR_MEASUREMENT (after), error);
  }
  return TRUE;
}

static gboolean
put_row (FyrWriteContext *context, FyrRecord *before, FyrRecord *record, gint64 version, GError **error)
{
  fyr_record_set_version (record, version + 1);
  if (before == NULL ? !fyr_record_table_insert (context->connection, record, error)
                     : !fyr_record_table_put (context->connection, record, error)) {
    return FALSE;
  }
  fyr_apply_state_tell (context->state, before, record);
  return enter_feeds (context, before, record, FYR_FEED_PUT, error);
}

static gboolean
put_checked (FyrWriteContext *context, FyrRecord *before, FyrRecord *record, gint64 version, GError **error)
{
  return put_row (context, before, record, version, error) && follow_up (context, before, record, error);
}

gboolean
fyr_apply_put (FyrWriteContext *context, FyrRecord *record, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  g_autoptr (FyrRecord) before = NULL;
  g_autoptr (GError) failure = NULL;
  gint64 version;

  if (!fyr_record_validate (record, NULL, error)) {
    return FALSE;
  }
  before = fyr_apply_get (context, info, fyr_record_get_id (record), &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  version = before != NULL ? fyr_record_get_version (before)
                           : fyr_apply_get_tombstone (context, info, fyr_record_get_id (record), error);
  return version >= 0 && put_checked (context, before, record, version, error);
}

gboolean
fyr_apply_return (FyrWriteContext *context, FyrRecord *record, GError **error)
{
  g_autoptr (FyrRecord) before = NULL;
  g_autoptr (GError) failure = NULL;

  if (!fyr_record_validate (record, NULL, error)) {
    return FALSE;
  }
  before = fyr_record_table_get (context->connection, fyr_record_get_info (record),
                                 fyr_record_get_id (record), &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return put_checked (context, before, record, fyr_record_get_version (record) - 1, error);
}

gboolean
fyr_apply_insert (FyrWriteContext *context, FyrRecord *record, GError **error)
{
  return fyr_record_validate (record, NULL, error) && put_checked (context, NULL, record, 0, error);
}

gboolean
fyr_apply_insert_claimed (FyrWriteContext *context, FyrMeasurement *measurement, GError **error)
{
  FyrRecord *record = FYR_RECORD (measurement);

  return fyr_record_validate (record, NULL, error) && put_row (context, NULL, record, 0, error) &&
         void_corrected (context, measurement, error);
}

static gboolean
delete_present (FyrWriteContext *context, FyrRecord *record, gint64 tombstone, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  const char *id = fyr_record_get_id (record);

  fyr_apply_state_tell (context->state, record, NULL);
  return enter_feeds (context, NULL, record, FYR_FEED_DELETE, error) &&
         put_tombstone (context, info, id, tombstone, error) &&
         fyr_record_table_delete (context->connection, info, id, error) &&
         follow_up (context, record, NULL, error);
}

gboolean
fyr_apply_delete (FyrWriteContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (FyrRecord) record = fyr_apply_get (context, info, id, &failure);

  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (record == NULL) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN, "There is no such %s", info->kind);
    return FALSE;
  }
  return delete_present (context, record, fyr_record_get_version (record) + 1, error);
}

gboolean
fyr_apply_return_deletion (
    FyrWriteContext *context, const FyrRecordInfo *info, const char *id, gint64 version, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (FyrRecord) record = fyr_apply_get (context, info, id, &failure);

  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return record != NULL ? delete_present (context, record, version, error)
                        : put_tombstone (context, info, id, version, error);
}
