/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-quarantine.h"

gboolean
fyr_quarantine_wants (const FyrSubject *author, const FyrWireOutcome *outcome)
{
  return author->roles->len == 0 && outcome->kind != FYR_WIRE_OUTCOME_APPLIED &&
         outcome->kind != FYR_WIRE_OUTCOME_MERGED;
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
