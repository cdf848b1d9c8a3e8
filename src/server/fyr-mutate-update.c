/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-mutate.h"

#include "fyr-canonical-json.h"
#include "fyr-merge.h"
#include "fyr-record-rules.h"
#include "fyr-returned.h"
#include "fyr-scopes.h"

#define DAY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)

/* What a version may still have changed: when it ends, and why. */
static gboolean
is_version_field (const FyrRecordInfo *info, guint field)
{
  const char *name = info->fields[field].name;

  return g_str_equal (name, "valid_to") || g_str_equal (name, "reason");
}

/* (nullable): canonical text of a field's value; NULL when unset. */
static char *
field_text (FyrRecord *record, guint field)
{
  g_autoptr (JsonNode) node = NULL;
  GString *text;

  if (!fyr_record_is_set (record, field)) {
    return NULL;
  }
  node = fyr_record_field_to_json (record, field);
  text = g_string_new (NULL);
  fyr_canonical_json_append (text, node, NULL);
  return g_string_free (text, FALSE);
}

/* The values the writer saw, as a record. Who saw an older version must say what was in it. */
static FyrRecord *
base_record (FyrMutate *self, FyrRecord *current, guint64 changed, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (current);
  g_autoptr (FyrRecord) base = fyr_record_copy (current);
  gboolean present = self->mutation->base_version == fyr_record_get_version (current);

  for (guint i = 0; i < info->n_fields && !present; i++) {
    if ((changed & (G_GUINT64_CONSTANT (1) << i)) &&
        (self->mutation->bases == NULL ||
         !json_object_has_member (self->mutation->bases, info->fields[i].name))) {
      g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID,
                           "An update of an older version needs the values it was based on");
      return NULL;
    }
  }
  if (self->mutation->bases != NULL && !fyr_record_apply_json (base, self->mutation->bases, NULL, error)) {
    return NULL;
  }
  return g_steal_pointer (&base);
}

/* Who wrote what stands now, and when: told where it is known. */
static gboolean
add_writer (FyrMutate *self, FyrRecord *current, guint field, JsonObject *object, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (self->context);
  const FyrRecordInfo *info = fyr_record_get_info (current);
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (connection,
                              "SELECT \"user\", time FROM history WHERE kind = ?1 AND id = ?2 AND field = ?3"
                              " ORDER BY version DESC LIMIT 1",
                              error);
  FyrStep step;

  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (
      select, 1, fyr_server_db_get_kind_number (fyr_write_context_get_db (self->context), info->kind));
  fyr_statement_bind_id (select, 2, fyr_record_get_id (current));
  fyr_statement_bind_text (select, 3, info->fields[field].name);
  step = fyr_statement_step (select, error);
  if (step == FYR_STEP_ROW && !fyr_statement_is_null (select, 0)) {
    json_object_set_string_member (object, "by", fyr_statement_get_id (select, 0));
    json_object_set_int_member (object, "time", fyr_statement_get_int (select, 1));
  }
  return step != FYR_STEP_ERROR;
}

static JsonObject *
conflict_field (FyrRecord *yours, FyrRecord *theirs, FyrRecord *base, guint field)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "yours", fyr_record_field_to_json (yours, field));
  json_object_set_member (object, "theirs", fyr_record_field_to_json (theirs, field));
  json_object_set_member (object, "base", fyr_record_field_to_json (base, field));
  return object;
}

static gboolean
set_conflict (FyrMutate *self,
              guint64 conflicts,
              FyrRecord *base,
              FyrRecord *current,
              FyrRecord *incoming,
              GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (current);
  g_autoptr (JsonObject) conflict = json_object_new ();
  JsonObject *fields = json_object_new ();
  gint64 version = fyr_record_get_version (current);

  json_object_set_object_member (conflict, "fields", fields);
  json_object_set_int_member (conflict, "version", version);
  for (guint i = 0; i < info->n_fields; i++) {
    JsonObject *field;

    if (!(conflicts & (G_GUINT64_CONSTANT (1) << i))) {
      continue;
    }
    field = conflict_field (incoming, current, base, i);
    json_object_set_object_member (fields, info->fields[i].name, field);
    if (!add_writer (self, current, i, field, error)) {
      return FALSE;
    }
  }
  self->outcome = fyr_wire_outcome_new (self->mutation->number, FYR_WIRE_OUTCOME_CONFLICT, version);
  self->outcome->conflict = g_steal_pointer (&conflict);
  return TRUE;
}

static gboolean
keep_field (FyrMutate *self, FyrRecord *current, guint field, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (self->context);
  FyrServerDb *db = fyr_write_context_get_db (self->context);
  const FyrRecordInfo *info = fyr_record_get_info (current);
  g_autofree char *value = field_text (current, field);
  g_autoptr (FyrStatement) insert = NULL;

  insert =
      fyr_connection_prepare (connection,
                              "INSERT INTO history (kind, id, version, field, value, \"user\", time)"
                              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                              " ON CONFLICT (kind, id, version, field) DO UPDATE SET"
                              " value = excluded.value, \"user\" = excluded.\"user\", time = excluded.time",
                              error);
  if (insert == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (insert, 1, fyr_server_db_get_kind_number (db, info->kind));
  fyr_statement_bind_id (insert, 2, fyr_record_get_id (current));
  fyr_statement_bind_int (insert, 3, fyr_record_get_version (current));
  fyr_statement_bind_text (insert, 4, info->fields[field].name);
  fyr_statement_bind_text (insert, 5, value);
  fyr_statement_bind_id (insert, 6, self->subject->user_id);
  fyr_statement_bind_int (insert, 7, fyr_write_context_get_time (self->context));
  return fyr_statement_run (insert, error);
}

/* While workstations may give back what was lost with a former life: what is written meanwhile stands over it. */
static gboolean
is_after_restore (FyrWriteContext *context)
{
  gint64 since = fyr_server_db_get_restored_at (fyr_write_context_get_db (context));

  return since != 0 && fyr_write_context_get_time (context) - since < FYR_WITNESS_DAYS * DAY_MS;
}

/* Of two cosmetic edits the last to arrive stands; the value it replaces, which the writer had not seen, is kept.
 * Of fields that may come into conflict each value is kept, so that the next writer can be told who wrote it. */
static gboolean
keep_history (FyrMutate *self, FyrRecord *base, FyrRecord *current, FyrRecord *merged, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (current);
  gboolean after_restore = is_after_restore (self->context);

  for (guint i = 0; i < info->n_fields; i++) {
    if (!fyr_record_field_equal (current, merged, i) &&
        (after_restore || info->fields[i].clinical_merge || !fyr_record_field_equal (current, base, i)) &&
        !keep_field (self, current, i, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
write_merged (FyrMutate *self, FyrMergeResult result, FyrRecord *current, FyrRecord *record, GError **error)
{
  FyrWireOutcomeKind kind =
      result == FYR_MERGE_RESULT_MERGED ? FYR_WIRE_OUTCOME_MERGED : FYR_WIRE_OUTCOME_APPLIED;

  if (fyr_record_equal (current, record)) {
    return fyr_mutate_applied (self, kind, fyr_record_get_version (current), current, record, error);
  }
  /* A record that moves to another centre must be the writer's there too. */
  if (!fyr_mutate_may (self, FYR_ACTION_UPDATE, record, 0, error) ||
      !fyr_record_rules_check (self->context, self->subject, current, record, error) ||
      !fyr_apply_put (self->context, record, error)) {
    return FALSE;
  }
  return fyr_mutate_applied (self, kind, fyr_record_get_version (record), current, record, error);
}

static gboolean
check_kind (const FyrRecordInfo *info, guint64 changed, GError **error)
{
  if (info->merge == FYR_MERGE_REGISTER) {
    return TRUE;
  }
  if (info->merge == FYR_MERGE_VERSION) {
    for (guint i = 0; i < info->n_fields; i++) {
      if ((changed & (G_GUINT64_CONSTANT (1) << i)) && !is_version_field (info, i)) {
        g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID,
                             "A version does not change: make a new one");
        return FALSE;
      }
    }
    return TRUE;
  }
  g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID,
                       "A fact does not change: correct it");
  return FALSE;
}

/* Mask of the fields of which nobody can tell whether they stand after the update or before it: a person decides. */
static gboolean
find_doubtful (FyrMutate *self,
               FyrRecord *base,
               FyrRecord *current,
               FyrRecord *incoming,
               guint64 changed,
               guint64 *doubtful,
               GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (current);

  for (guint i = 0; i < info->n_fields && self->receipt.version > 0; i++) {
    guint64 bit = G_GUINT64_CONSTANT (1) << i;
    int doubt = 0;

    if ((changed & bit) != 0 && !fyr_record_field_equal (base, current, i) &&
        !fyr_record_field_equal (incoming, current, i)) {
      doubt = fyr_returned_is_of_another_life (self->context, info, self->mutation->id, info->fields[i].name,
                                               &self->receipt, error);
    }
    if (doubt < 0) {
      return FALSE;
    }
    *doubtful |= doubt > 0 ? bit : 0;
  }
  return TRUE;
}

gboolean
fyr_mutate_update (FyrMutate *self, const FyrRecordInfo *info, GError **error)
{
  g_autoptr (FyrRecord) current = fyr_mutate_load (self, info, error);
  g_autoptr (FyrRecord) base = NULL;
  g_autoptr (FyrRecord) incoming = NULL;
  g_autoptr (FyrRecord) record = NULL;
  FyrMergeResult result;
  guint64 changed = 0, conflicts = 0, doubtful = 0;

  if (current == NULL) {
    return FALSE;
  }
  incoming = fyr_record_copy (current);
  if (self->mutation->fields == NULL) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "An update needs its fields");
    return FALSE;
  }
  if (!fyr_record_apply_json (incoming, self->mutation->fields, &changed, error) ||
      !check_kind (info, changed, error) ||
      !fyr_mutate_may (self, FYR_ACTION_UPDATE, current, changed, error)) {
    return FALSE;
  }
  if (!fyr_resent_drop_older (self->context, info, self->mutation->id, &self->receipt, &changed, error)) {
    return FALSE;
  }
  base = base_record (self, current, changed, error);
  if (base == NULL || !find_doubtful (self, base, current, incoming, changed, &doubtful, error)) {
    return FALSE;
  }
  if (doubtful != 0) {
    return set_conflict (self, doubtful, base, current, incoming, error);
  }
  result =
      fyr_merge_record (base, current, incoming, changed, self->mutation->base_version, &record, &conflicts);
  if (result == FYR_MERGE_RESULT_CONFLICT) {
    return set_conflict (self, conflicts, base, current, incoming, error);
  }
  fyr_record_set_extra (record, fyr_record_get_extra (incoming));
  return fyr_resent_note (self->context, info, self->mutation->id, &self->receipt, changed, error) &&
         keep_history (self, base, current, record, error) &&
         write_merged (self, result, current, record, error);
}
