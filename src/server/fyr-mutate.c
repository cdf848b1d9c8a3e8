/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-mutate.h"

#include "fyr-access-log.h"
#include "fyr-apply-state.h"
#include "fyr-merge.h"
#include "fyr-record-rules.h"
#include "fyr-record-table.h"
#include "fyr-resource.h"
#include "fyr-returned.h"
#include "fyr-scopes.h"

static gboolean
refuse (GError **error, FyrServerError code, const char *message)
{
  g_set_error_literal (error, FYR_SERVER_ERROR, code, message);
  return FALSE;
}

gboolean
fyr_mutate_applied (FyrMutate *self,
                    FyrWireOutcomeKind kind,
                    gint64 version,
                    FyrRecord *before,
                    FyrRecord *after,
                    GError **error)
{
  if (self->applied != NULL && !self->applied (self->context, before, after, self->applied_data, error)) {
    return FALSE;
  }
  /* What followed may have changed the record once more. */
  version = after != NULL ? fyr_record_get_version (after) : version;
  self->outcome = fyr_wire_outcome_new (self->mutation->number, kind, version);
  return TRUE;
}

/* Of a patient whose feeds this transaction writes it is known already. */
static int
load_place (FyrMutate *self, const char *patient_id, FyrPatientPlace *place, GError **error)
{
  const FyrPatientState *state = g_hash_table_lookup (self->context->state->patients, patient_id);

  if (state == NULL) {
    return fyr_patient_place_load (self->context->connection, patient_id, place, error);
  }
  g_strlcpy (place->centre_id, state->centre_id, sizeof place->centre_id);
  g_strlcpy (place->gp_id, state->gp_id, sizeof place->gp_id);
  return 1;
}

static gboolean
load_resource (FyrMutate *self, FyrRecord *record, FyrRecordResource *resource, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  FyrPatientPlace place = { "", "" };
  int found = 1;

  if (info->scope_by == FYR_SCOPE_BY_PATIENT) {
    const char *patient_id = fyr_record_get_string (record, (guint)info->patient_field);

    found = patient_id != NULL ? load_place (self, patient_id, &place, error) : 0;
  }
  fyr_record_resource_init (resource, record, &place);
  if (found == 0) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN, "%s: there is no such record",
                 fyr_record_get_info (record)->kind);
  }
  return found > 0;
}

gboolean
fyr_mutate_may (FyrMutate *self, FyrAction action, FyrRecord *record, guint64 changed, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  FyrRecordResource resource;
  gboolean allowed;

  if (!load_resource (self, record, &resource, error)) {
    return FALSE;
  }
  allowed = fyr_authz (self->subject, action, &resource.resource, NULL, FYR_PURPOSE_WORK);
  for (guint field = 0; allowed && field < info->n_fields; field++) {
    if (changed & (G_GUINT64_CONSTANT (1) << field)) {
      allowed = fyr_authz (self->subject, action, &resource.resource, &info->fields[field], FYR_PURPOSE_WORK);
    }
  }
  if (!allowed && !fyr_authz (self->subject, FYR_ACTION_READ, &resource.resource, NULL, FYR_PURPOSE_WORK) &&
      info->scope_by == FYR_SCOPE_BY_PATIENT) {
    /* As if the patient were not there. */
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN, "%s: there is no such record",
                 info->kind);
    return FALSE;
  }
  return allowed || refuse (error, FYR_SERVER_ERROR_FORBIDDEN, "The role may not do this");
}

FyrRecord *
fyr_mutate_load (FyrMutate *self, const FyrRecordInfo *info, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (FyrRecord) record = fyr_apply_get (self->context, info, self->mutation->id, &failure);
  FyrRecordResource resource;

  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  if (record == NULL || !load_resource (self, record, &resource, &failure) ||
      !fyr_authz (self->subject, FYR_ACTION_READ, &resource.resource, NULL, FYR_PURPOSE_WORK)) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN, "%s: there is no such record",
                 info->kind);
    return NULL;
  }
  return g_steal_pointer (&record);
}

static FyrRecord *
read_fields (FyrMutate *self, const FyrRecordInfo *info, GError **error)
{
  FyrRecord *record;

  if (self->mutation->fields == NULL) {
    refuse (error, FYR_SERVER_ERROR_INVALID, "A new record needs its fields");
    return NULL;
  }
  record = fyr_record_from_json (info, self->mutation->fields, error);
  if (record != NULL) {
    fyr_record_set_id (record, self->mutation->id);
  }
  return record;
}

/* After a restore a witness may have been quicker than the writer: then the record is there, and all is well. */
static gboolean
accept_returned (FyrMutate *self, const FyrRecordInfo *info, FyrRecord *record, GError **error)
{
  int returned = fyr_witness_was_returned (self->context, info, self->mutation->id, error);
  g_autoptr (FyrRecord) present = NULL;

  /* Who writes the access log does not read it. */
  if (returned > 0 && info == &fyr_audit_event_info) {
    present = fyr_apply_get (self->context, info, self->mutation->id, error);
  } else if (returned > 0) {
    present = fyr_mutate_load (self, info, error);
  }

  if (returned == 0) {
    return refuse (error, FYR_SERVER_ERROR_DUPLICATE, "There is a record with this id");
  }
  return present != NULL && fyr_mutate_applied (self, FYR_WIRE_OUTCOME_APPLIED,
                                                fyr_record_get_version (present), present, present, error);
}

/* 1 when neither the record nor a trace of it is there; 0 when a witness gave it back: the outcome is set; -1 with
 * @error. */
static int
check_new (FyrMutate *self, const FyrRecordInfo *info, FyrRecord *record, GError **error)
{
  int kind = fyr_server_db_get_kind_number (self->context->db, info->kind);
  gint64 deleted;
  int exists;

  if (fyr_apply_state_take_absent (self->context->state, kind, self->mutation->id)) {
    return 1;
  }
  exists = fyr_record_table_exists (self->context->connection, info, self->mutation->id, error);
  if (exists != 0) {
    return exists > 0 && accept_returned (self, info, record, error) ? 0 : -1;
  }
  deleted = fyr_apply_get_tombstone (self->context, info, self->mutation->id, error);
  if (deleted > 0) {
    refuse (error, FYR_SERVER_ERROR_DUPLICATE, "There was a record with this id");
  }
  return deleted == 0 ? 1 : -1;
}

static gboolean
may_create (FyrMutate *self, FyrRecord *record, GError **error)
{
  if (fyr_record_get_info (record) == &fyr_audit_event_info) {
    return fyr_access_log_may_write (fyr_write_context_get_connection (self->context), self->subject,
                                     fyr_write_context_get_time (self->context), FYR_AUDIT_EVENT (record),
                                     error);
  }
  return fyr_mutate_may (self, FYR_ACTION_CREATE, record, record->set_mask, error);
}

gboolean
fyr_mutate_create (FyrMutate *self, const FyrRecordInfo *info, GError **error)
{
  g_autoptr (FyrRecord) record = NULL;
  int fresh;

  if (info->merge == FYR_MERGE_COMMAND || info == &fyr_alert_event_info) {
    return refuse (error, FYR_SERVER_ERROR_FORBIDDEN, "Alerts and what is done with them come by commands");
  }
  record = read_fields (self, info, error);
  if (record == NULL || !fyr_record_validate (record, NULL, error) || !may_create (self, record, error)) {
    return FALSE;
  }
  fresh = check_new (self, info, record, error);
  if (fresh <= 0) {
    return fresh == 0;
  }
  if (!fyr_record_rules_check (self->context, self->subject, NULL, record, error) ||
      (info == &fyr_limit_info &&
       !fyr_record_rules_close_former_limits (self->context, FYR_LIMIT (record), error)) ||
      !fyr_apply_insert (self->context, record, error)) {
    return FALSE;
  }
  return fyr_mutate_applied (self, FYR_WIRE_OUTCOME_APPLIED, fyr_record_get_version (record), NULL, record,
                             error);
}

gboolean
fyr_patient_has_records (FyrWriteContext *context, const char *patient_id, gboolean *result, GError **error)
{
  *result = FALSE;
  for (guint i = 0; i < fyr_n_record_infos && !*result; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];
    g_autofree char *sql = NULL;
    g_autoptr (FyrStatement) select = NULL;

    if (info->scope_by != FYR_SCOPE_BY_PATIENT) {
      continue;
    }
    sql = g_strdup_printf ("SELECT 1 FROM \"%s\" WHERE patient_id = ?1 LIMIT 1", info->kind);
    select = fyr_connection_prepare (fyr_write_context_get_connection (context), sql, error);
    if (select == NULL) {
      return FALSE;
    }
    fyr_statement_bind_id (select, 1, patient_id);
    switch (fyr_statement_step (select, error)) {
    case FYR_STEP_ROW:
      *result = TRUE;
      break;
    case FYR_STEP_DONE:
      break;
    case FYR_STEP_ERROR:
    default:
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
delete_loaded (FyrMutate *self, const FyrRecordInfo *info, FyrRecord *record, GError **error)
{
  gint64 version = fyr_record_get_version (record);
  gboolean kept = FALSE;

  if (!fyr_mutate_may (self, FYR_ACTION_DELETE, record, 0, error)) {
    return FALSE;
  }
  if (fyr_merge_delete (self->mutation->base_version, version, FALSE) == FYR_DELETE_CONFLICT) {
    self->outcome = fyr_wire_outcome_new (self->mutation->number, FYR_WIRE_OUTCOME_CONFLICT, version);
    self->outcome->conflict = json_object_new ();
    json_object_set_object_member (self->outcome->conflict, "fields", json_object_new ());
    json_object_set_int_member (self->outcome->conflict, "version", version);
    return TRUE;
  }
  if (info == &fyr_patient_info &&
      !fyr_patient_has_records (self->context, self->mutation->id, &kept, error)) {
    return FALSE;
  }
  if (kept) {
    return refuse (error, FYR_SERVER_ERROR_INVALID,
                   "A patient with a record is not deleted: end the follow-up");
  }
  return fyr_apply_delete (self->context, info, self->mutation->id, error) &&
         fyr_mutate_applied (self, FYR_WIRE_OUTCOME_APPLIED, version + 1, record, NULL, error);
}

/* Whether a feed that the subject hears told of the deletion: 1, 0, or -1 with @error. Nobody else learns from a
 * deletion that there was something. */
static int
heard_of_deletion (FyrMutate *self, const FyrRecordInfo *info, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (self->context);
  g_autoptr (GPtrArray) scopes = fyr_scopes_load (connection, self->subject, error);
  g_autoptr (FyrStatement) select = NULL;
  FyrServerDb *db = fyr_write_context_get_db (self->context);
  FyrStep step = FYR_STEP_DONE;

  if (scopes == NULL) {
    return -1;
  }
  select = fyr_connection_prepare (
      connection, "SELECT 1 FROM feed WHERE scope = ?1 AND kind = ?2 AND id = ?3 AND op = ?4 LIMIT 1", error);
  for (guint i = 0; select != NULL && i < scopes->len && step == FYR_STEP_DONE; i++) {
    fyr_statement_bind_int (select, 1, ((FyrScope *)g_ptr_array_index (scopes, i))->number);
    fyr_statement_bind_int (select, 2, fyr_server_db_get_kind_number (db, info->kind));
    fyr_statement_bind_id (select, 3, self->mutation->id);
    fyr_statement_bind_int (select, 4, FYR_FEED_DELETE);
    step = fyr_statement_step (select, error);
    fyr_statement_reset (select);
  }
  return select == NULL || step == FYR_STEP_ERROR ? -1 : step == FYR_STEP_ROW;
}

/* Deleted in a former life of the server, which lost the record with its deletion: its maker, who may send it again,
 * is not to make it rise. What is there and not readable stays. */
static gboolean
delete_again (FyrMutate *self, const FyrRecordInfo *info, GError **error)
{
  int exists = fyr_record_table_exists (fyr_write_context_get_connection (self->context), info,
                                        self->mutation->id, error);

  if (exists != 0) {
    return exists > 0 ? refuse (error, FYR_SERVER_ERROR_UNKNOWN, "There is no such record") : FALSE;
  }
  self->outcome =
      fyr_wire_outcome_new (self->mutation->number, FYR_WIRE_OUTCOME_APPLIED, self->receipt.version);
  return fyr_apply_return_deletion (self->context, info, self->mutation->id, self->receipt.version, error) &&
         fyr_returned_note (self->context, info, self->mutation->id, self->receipt.version,
                            self->receipt.epoch, error);
}

gboolean
fyr_mutate_delete (FyrMutate *self, const FyrRecordInfo *info, GError **error)
{
  g_autoptr (FyrRecord) record = NULL;
  g_autoptr (GError) failure = NULL;
  gint64 tombstone;
  int heard = 0;

  if (info->merge != FYR_MERGE_REGISTER) {
    return refuse (error, FYR_SERVER_ERROR_INVALID, "Only registers have deletions; a fact is corrected");
  }
  record = fyr_mutate_load (self, info, &failure);
  if (record != NULL) {
    return delete_loaded (self, info, record, error);
  }
  tombstone = fyr_apply_get_tombstone (self->context, info, self->mutation->id, error);
  if (tombstone > 0 && g_error_matches (failure, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN)) {
    heard = heard_of_deletion (self, info, error);
    if (heard < 0) {
      return FALSE;
    }
  }
  if (heard > 0) {
    self->outcome = fyr_wire_outcome_new (self->mutation->number, FYR_WIRE_OUTCOME_APPLIED, tombstone);
    return TRUE;
  }
  if (tombstone == 0 && self->receipt.version > 0 &&
      g_error_matches (failure, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN)) {
    return delete_again (self, info, error);
  }
  if (tombstone >= 0) {
    g_propagate_error (error, g_steal_pointer (&failure));
  }
  return FALSE;
}

/* 1 when a witness gave back what this command had done, or that its record was deleted later: then it is done, with
 * the outcome set; 0 when not; -1 with @error. */
static int
was_done (FyrMutate *self, const FyrRecordInfo *info, GError **error)
{
  int included = fyr_returned_includes (self->context, info, self->mutation->id, &self->receipt, error);
  g_autoptr (GError) unknown = NULL;
  g_autoptr (FyrRecord) present = included > 0 ? fyr_mutate_load (self, info, &unknown) : NULL;
  gboolean deletes = g_str_equal (self->mutation->command, "delete");
  gint64 version;

  if (included <= 0 || (present != NULL && deletes)) {
    return included < 0 ? -1 : 0;
  }
  version = present != NULL ? fyr_record_get_version (present)
                            : fyr_apply_get_tombstone (self->context, info, self->mutation->id, error);
  if (version <= 0) {
    return (int)version;
  }
  if (deletes) {
    self->outcome = fyr_wire_outcome_new (self->mutation->number, FYR_WIRE_OUTCOME_APPLIED, version);
    return 1;
  }
  if (!fyr_mutate_applied (self, FYR_WIRE_OUTCOME_APPLIED, version, present, present, error)) {
    return -1;
  }
  self->outcome->deleted = present == NULL;
  return 1;
}

static gboolean
dispatch_register (FyrMutate *self, const FyrRecordInfo *info, GError **error)
{
  const char *command = self->mutation->command;
  int done = was_done (self, info, error);

  if (done != 0) {
    return done > 0;
  }
  if (g_str_equal (command, "create")) {
    return fyr_mutate_create (self, info, error);
  }
  return g_str_equal (command, "update") ? fyr_mutate_update (self, info, error)
                                         : fyr_mutate_delete (self, info, error);
}

static gboolean
dispatch (FyrMutate *self, GError **error)
{
  const FyrRecordInfo *info = fyr_record_info_lookup (self->mutation->kind);
  const char *command = self->mutation->command;

  if (info == NULL) {
    return refuse (error, FYR_SERVER_ERROR_INVALID, "The server does not know this kind of record");
  }
  if (g_str_equal (command, "create") || g_str_equal (command, "update") || g_str_equal (command, "delete")) {
    return dispatch_register (self, info, error);
  }
  if (info == &fyr_alert_info) {
    return fyr_mutate_alert (self, error);
  }
  return refuse (error, FYR_SERVER_ERROR_INVALID, "The server does not know this command");
}

static gboolean
run (FyrWriteContext *context, gpointer data, GError **error)
{
  return dispatch (data, error);
}

/* The word for a refusal; NULL for a failure of the server. */
static const char *
refusal_code (const GError *error)
{
  if (error->domain == FYR_RECORD_ERROR) {
    return "invalid";
  }
  if (g_error_matches (error, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT)) {
    return "duplicate";
  }
  if (error->domain != FYR_SERVER_ERROR) {
    return NULL;
  }
  switch ((FyrServerError)error->code) {
  case FYR_SERVER_ERROR_FORBIDDEN:
    return "forbidden";
  case FYR_SERVER_ERROR_UNKNOWN:
    return "unknown-record";
  case FYR_SERVER_ERROR_INVALID:
    return "invalid";
  case FYR_SERVER_ERROR_DUPLICATE:
    return "duplicate";
  default:
    return NULL;
  }
}

FyrWireOutcome *
fyr_mutate (FyrMutate *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  const char *code;

  self->outcome = NULL;
  if (fyr_write_context_run_job (self->context, run, self, &failure)) {
    return g_steal_pointer (&self->outcome);
  }
  g_clear_pointer (&self->outcome, fyr_wire_outcome_free);
  code = failure != NULL ? refusal_code (failure) : NULL;
  if (code == NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  self->outcome = fyr_wire_outcome_new (self->mutation->number, FYR_WIRE_OUTCOME_REFUSED, 0);
  self->outcome->code = g_strdup (code);
  /* A database's own words may quote what was written. */
  self->outcome->text =
      g_strdup (failure->domain == FYR_DB_ERROR ? "There is such a record already" : failure->message);
  return g_steal_pointer (&self->outcome);
}
