/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-quarantine.h"

#include "fyr-emergency-grant.h"
#include "fyr-record-table.h"
#include "fyr-records.h"

gboolean
fyr_quarantine_wants (const FyrSubject *author, const FyrWireOutcome *outcome)
{
  return author->roles->len == 0 && outcome->kind != FYR_WIRE_OUTCOME_APPLIED &&
         outcome->kind != FYR_WIRE_OUTCOME_MERGED;
}

/* Of whom it is: by its own words when it is new, else by the record it changes; NULL: of nobody that is known. */
static char *
find_patient (FyrWriteContext *context, const FyrWireMutation *mutation, GError **error)
{
  const FyrRecordInfo *info = fyr_record_info_lookup (mutation->kind);
  g_autoptr (FyrRecord) record = NULL;

  if (info == &fyr_patient_info) {
    return g_strdup (mutation->id);
  }
  if (info == NULL || info->scope_by != FYR_SCOPE_BY_PATIENT) {
    return NULL;
  }
  if (g_str_equal (mutation->command, "create")) {
    return mutation->fields != NULL ? g_strdup (json_object_get_string_member_with_default (
                                          mutation->fields, info->fields[info->patient_field].name, NULL))
                                    : NULL;
  }
  record = fyr_record_table_get (fyr_write_context_get_connection (context), info, mutation->id, error);
  return record != NULL ? g_strdup (fyr_record_get_string (record, (guint)info->patient_field)) : NULL;
}

static gboolean
is_no_access (const FyrWireOutcome *outcome)
{
  return outcome->kind == FYR_WIRE_OUTCOME_LATER ||
         (outcome->kind == FYR_WIRE_OUTCOME_REFUSED &&
          (g_strcmp0 (outcome->code, "unknown-record") == 0 || g_strcmp0 (outcome->code, "forbidden") == 0));
}

int
fyr_quarantine_was_open (FyrWriteContext *context,
                         const char *author_id,
                         const FyrWireMutation *mutation,
                         const FyrWireOutcome *outcome,
                         GError **error)
{
  gint64 done = MIN (mutation->time, fyr_write_context_get_time (context));
  g_autoptr (GArray) grants = NULL;
  g_autoptr (GError) failure = NULL;
  g_autofree char *patient_id = NULL;

  if (!is_no_access (outcome)) {
    return 0;
  }
  grants =
      fyr_emergency_grant_load_as_of (fyr_write_context_get_connection (context), author_id, done, error);
  if (grants == NULL || grants->len == 0) {
    return grants != NULL ? 0 : -1;
  }
  patient_id = find_patient (context, mutation, &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return -1;
  }
  for (guint i = 0; i < grants->len; i++) {
    if (g_strcmp0 (g_array_index (grants, FyrEmergencyGrant, i).patient_id, patient_id) == 0) {
      return 1;
    }
  }
  return 0;
}

gboolean
fyr_quarantine_keep (FyrWriteContext *context,
                     const FyrPushRequest *request,
                     const char *author_id,
                     const char *handed_by,
                     FyrWireMutation *mutation,
                     const char *reason,
                     GError **error)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), NULL);
  g_autofree char *text = NULL;
  g_autoptr (FyrStatement) insert = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "INSERT INTO quarantine (device, incarnation, author, number, reason, received, mutation,"
      " handed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (device, incarnation, number) DO "
      "NOTHING",
      error);

  if (insert == NULL) {
    return FALSE;
  }
  json_node_take_object (node, fyr_wire_mutation_to_json (mutation));
  text = json_to_string (node, FALSE);
  fyr_statement_bind_id (insert, 1, request->device);
  fyr_statement_bind_id (insert, 2, request->incarnation);
  fyr_statement_bind_id (insert, 3, author_id);
  fyr_statement_bind_int (insert, 4, mutation->number);
  fyr_statement_bind_text (insert, 5, reason);
  fyr_statement_bind_int (insert, 6, fyr_write_context_get_time (context));
  fyr_statement_bind_text (insert, 7, text);
  fyr_statement_bind_id (insert, 8, handed_by);
  return fyr_statement_run (insert, error);
}
