/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-canonical-json.h"
#include "fyr-outbox-private.h"
#include "fyr-store-rows.h"
#include "fyr-store-sql.h"

#define KEEP_MS (G_GINT64_CONSTANT (45) * 24 * 3600 * 1000)

/* The latest undelivered work of the same user that this one builds on: on the same record, or the making of the
 * patient it is about. Held work is no ground to build on, unless it makes the record. 0 when there is none, -1 with
 * error. */
static gint64
find_dependency (FyrStoreContext *context,
                 const FyrStream *stream,
                 FyrMutation *mutation,
                 const char *patient_id,
                 GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error,
      "SELECT max (number) FROM outbox WHERE open = 1 AND stream = ?1 AND"
      " ((record_id = ?2 AND state <= 2)"
      " OR (record_id IN (?2, ?3) AND command = 'create' AND state <= 3))",
      FYR_INT (stream->id), FYR_ID (fyr_mutation_get_record_id (mutation)), FYR_ID (patient_id));

  if (statement == NULL) {
    return -1;
  }
  return fyr_statement_step (statement, error) == FYR_STEP_ROW ? fyr_statement_get_int (statement, 0) : -1;
}

static gint64
insert_entry (FyrStoreContext *context,
              const FyrStream *stream,
              FyrMutation *mutation,
              const char *patient_id,
              gint64 depends_on,
              GError **error)
{
  g_autoptr (JsonObject) payload = fyr_mutation_build_payload (mutation, stream->next, depends_on);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), payload);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (FyrStatement) statement = fyr_store_sql (
      context,
      "INSERT INTO outbox (stream, number, command, kind, record_id, patient_id, event_id, depends_on,"
      " state, open, previous_hash, hash, payload, created)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, 1, ?9, ?10, ?11, ?12) RETURNING key",
      error);
  char hash[FYR_HASH_TEXT_SIZE];
  gint64 key;

  if (statement == NULL) {
    return 0;
  }
  fyr_canonical_json_append (text, node, NULL);
  fyr_canonical_json_hash (stream->last_hash, payload, hash);
  fyr_statement_bind_int (statement, 1, stream->id);
  fyr_statement_bind_int (statement, 2, stream->next);
  fyr_statement_bind_text (statement, 3, fyr_mutation_get_command (mutation));
  fyr_statement_bind_text (statement, 4, fyr_mutation_get_kind (mutation));
  fyr_statement_bind_id (statement, 5, fyr_mutation_get_record_id (mutation));
  fyr_statement_bind_id (statement, 6, patient_id);
  fyr_statement_bind_id (statement, 7, fyr_mutation_get_event_id (mutation));
  if (depends_on > 0) {
    fyr_statement_bind_int (statement, 8, depends_on);
  }
  fyr_statement_bind_text (statement, 9, stream->last_hash);
  fyr_statement_bind_text (statement, 10, hash);
  fyr_statement_bind_text (statement, 11, text->str);
  fyr_statement_bind_int (statement, 12, context->now);
  if (fyr_statement_step (statement, error) != FYR_STEP_ROW) {
    return 0;
  }
  key = fyr_statement_get_int (statement, 0);
  if (!fyr_statement_run (statement, error)) {
    return 0;
  }
  {
    FyrStream moved = *stream;

    moved.next++;
    g_strlcpy (moved.last_hash, hash, sizeof moved.last_hash);
    return fyr_stream_store (context, &moved, error) ? key : 0;
  }
}

void
fyr_outbox_note_change (FyrStoreContext *context,
                        const char *kind,
                        const char *record_id,
                        const char *patient_id)
{
  if (g_str_equal (kind, fyr_audit_event_info.kind)) {
    fyr_change_set_add (context->changes, FYR_CHANGE_DISPLAY, record_id, NULL);
  } else {
    fyr_change_set_add (context->changes, FYR_CHANGE_OUTBOX, record_id, patient_id);
  }
}

gint64
fyr_outbox_append (FyrStoreContext *context, FyrMutation *mutation, const char *patient_id, GError **error)
{
  FyrStream stream;
  gint64 depends_on;

  if (!fyr_stream_load (context, fyr_mutation_get_author_id (mutation), &stream, error)) {
    return 0;
  }
  /* A display is a fact whatever becomes of what was shown. */
  depends_on = mutation->info == &fyr_audit_event_info
                   ? 0
                   : find_dependency (context, &stream, mutation, patient_id, error);
  if (depends_on < 0) {
    return 0;
  }
  fyr_outbox_note_change (context, mutation->info->kind, mutation->record_id, patient_id);
  return insert_entry (context, &stream, mutation, patient_id, depends_on, error);
}

FyrOutboxEntry *
fyr_outbox_load (FyrStoreContext *context, gint64 key, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error, "SELECT " FYR_OUTBOX_COLUMNS FYR_OUTBOX_FROM "WHERE o.key = ?1", FYR_INT (key));
  FyrStep step;

  if (statement == NULL) {
    return NULL;
  }
  step = fyr_statement_step (statement, error);
  if (step == FYR_STEP_DONE) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD, "No such outbox entry");
  }
  return step == FYR_STEP_ROW ? fyr_outbox_entry_read (statement) : NULL;
}

gboolean
fyr_outbox_set_state (FyrStoreContext *context, gint64 key, FyrOutboxState state, GError **error)
{
  return fyr_store_execute (context, error,
                            "UPDATE outbox SET state = ?2, open = ?2 BETWEEN 1 AND 5 WHERE key = ?1",
                            FYR_INT (key), FYR_INT (state));
}

gboolean
fyr_outbox_expire (FyrStoreContext *context, GError **error)
{
  /* By the server's clock and by this machine's: one that jumped years ahead makes nobody forget what a restored
   * server may ask for. */
  return fyr_store_execute (
      context, error, "DELETE FROM outbox WHERE open = 0 AND acknowledged < ?1 AND created < ?2",
      FYR_INT (context->now + context->clock_offset - KEEP_MS), FYR_INT (context->now - KEEP_MS));
}

static gboolean
withdraw (FyrStoreContext *context, FyrOutboxEntry *entry, GError **error)
{
  gint64 key = fyr_outbox_entry_get_key (entry);
  g_autoptr (FyrMutation) mutation = fyr_mutation_parse (fyr_outbox_entry_get_payload (entry),
                                                         fyr_outbox_entry_get_author_id (entry), error);

  return mutation != NULL && fyr_overlay_detach (context, key, mutation, 0, error) &&
         fyr_store_execute (context, error, "DELETE FROM effect WHERE key = ?1", FYR_INT (key)) &&
         fyr_store_execute (context, error, "DELETE FROM outbox WHERE key = ?1", FYR_INT (key)) &&
         fyr_store_execute (context, error, "UPDATE stream SET next = ?2, last_hash = ?3 WHERE id = ?1",
                            FYR_INT (fyr_outbox_entry_get_stream (entry)),
                            FYR_INT (fyr_outbox_entry_get_number (entry)),
                            FYR_TEXT (fyr_outbox_entry_get_previous_hash (entry)));
}

gboolean
fyr_outbox_withdraw_after (FyrStoreContext *context, gint64 key, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error, "SELECT " FYR_OUTBOX_COLUMNS FYR_OUTBOX_FROM "WHERE o.key > ?1 ORDER BY o.key DESC",
      FYR_INT (key));
  g_autoptr (GPtrArray) entries = statement != NULL ? fyr_outbox_entry_collect (statement, error) : NULL;

  for (guint i = 0; entries != NULL && i < entries->len; i++) {
    if (!withdraw (context, entries->pdata[i], error)) {
      return FALSE;
    }
  }
  return entries != NULL;
}
