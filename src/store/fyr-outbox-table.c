/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-canonical-json.h"
#include "fyr-outbox-private.h"
#include "fyr-uuid.h"
#include "fyr-store-rows.h"
#include "fyr-store-sql.h"

#define KEEP_MS (G_GINT64_CONSTANT (45) * 24 * 3600 * 1000)

static gboolean
insert_stream (FyrStoreContext *context, const char *author_id, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_sql (
      context,
      "INSERT INTO stream (author_id, incarnation, next, last_hash, current) VALUES (?1, ?2, 1, ?3, 1)",
      error);
  char incarnation[FYR_UUID_TEXT_SIZE];

  if (statement == NULL) {
    return FALSE;
  }
  fyr_uuid_v7_new (context->now, incarnation);
  fyr_statement_bind_id (statement, 1, author_id);
  fyr_statement_bind_id (statement, 2, incarnation);
  fyr_statement_bind_text (statement, 3, FYR_HASH_ZERO);
  return fyr_statement_run (statement, error);
}

static FyrStep
read_stream (FyrStatement *select, FyrStream *stream, GError **error)
{
  FyrStep step = fyr_statement_step (select, error);

  if (step == FYR_STEP_ROW) {
    stream->id = fyr_statement_get_int (select, 0);
    g_strlcpy (stream->incarnation, fyr_statement_get_id (select, 1), sizeof stream->incarnation);
    stream->next = fyr_statement_get_int (select, 2);
    g_strlcpy (stream->last_hash, fyr_statement_get_text (select, 3), sizeof stream->last_hash);
    stream->present = fyr_statement_get_int (select, 4) == 1;
  }
  return step;
}

#define STREAM_COLUMNS "SELECT s.id, s.incarnation, s.next, s.last_hash, s.current FROM stream s "

FyrStep
fyr_stream_find (FyrStoreContext *context,
                 const char *author_id,
                 const char *incarnation,
                 FyrStream *stream,
                 GError **error)
{
  g_autoptr (FyrStatement) select = NULL;

  if (incarnation == NULL) {
    select = fyr_store_query (context, error, STREAM_COLUMNS "WHERE s.author_id = ?1 AND s.current = 1",
                              FYR_ID (author_id));
  } else {
    select = fyr_store_query (context, error, STREAM_COLUMNS "WHERE s.author_id = ?1 AND s.incarnation = ?2",
                              FYR_ID (author_id), FYR_ID (incarnation));
  }
  return select != NULL ? read_stream (select, stream, error) : FYR_STEP_ERROR;
}

gboolean
fyr_stream_load (FyrStoreContext *context, const char *author_id, FyrStream *stream, GError **error)
{
  FyrStep step;

  if (!fyr_uuid_is_valid (author_id)) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID, "Nobody is signed in");
    return FALSE;
  }
  step = fyr_stream_find (context, author_id, NULL, stream, error);
  if (step == FYR_STEP_DONE) {
    step = insert_stream (context, author_id, error)
               ? fyr_stream_find (context, author_id, NULL, stream, error)
               : FYR_STEP_ERROR;
  }
  return step == FYR_STEP_ROW;
}

gboolean
fyr_stream_doubt_former (FyrStoreContext *context, GError **error)
{
  return fyr_connection_exec (context->connection, "UPDATE stream SET current = 2 WHERE current = 0", error);
}

/* Work that was moved on when its stream ended has other numbers, work that was given up is nobody's. */
static gboolean
send_again (FyrStoreContext *context, gint64 stream, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_store_query (context, error,
                                                     "SELECT " FYR_OUTBOX_COLUMNS FYR_OUTBOX_FROM
                                                     "WHERE o.stream = ?1 AND o.state = ?2 ORDER BY o.number",
                                                     FYR_INT (stream), FYR_INT (FYR_OUTBOX_DELIVERED));
  g_autoptr (GPtrArray) entries = select != NULL ? fyr_outbox_entry_collect (select, error) : NULL;

  for (guint i = 0; entries != NULL && i < entries->len; i++) {
    if (!fyr_outbox_wait_again (context, entries->pdata[i], error)) {
      return FALSE;
    }
  }
  return entries != NULL &&
         fyr_store_execute (context, error, "UPDATE stream SET current = 0 WHERE id = ?1", FYR_INT (stream));
}

static gboolean
send_doubtful_again (FyrStoreContext *context, const char *author_id, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_store_query (
      context, error, "SELECT id FROM stream WHERE author_id = ?1 AND current = 2", FYR_ID (author_id));
  g_autoptr (GArray) streams = g_array_new (FALSE, FALSE, sizeof (gint64));
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    gint64 id = fyr_statement_get_int (select, 0);

    g_array_append_val (streams, id);
  }
  for (guint i = 0; step == FYR_STEP_DONE && i < streams->len; i++) {
    if (!send_again (context, g_array_index (streams, gint64, i), error)) {
      return FALSE;
    }
  }
  return step == FYR_STEP_DONE;
}

FyrStep
fyr_stream_find_unanswered (FyrStoreContext *context,
                            const char *author_id,
                            FyrStream *stream,
                            GError **error)
{
  g_autoptr (FyrStatement) select = NULL;

  if (!send_doubtful_again (context, author_id, error)) {
    return FYR_STEP_ERROR;
  }
  select = fyr_store_query (context, error,
                            STREAM_COLUMNS "WHERE s.author_id = ?1 AND EXISTS (SELECT 1 FROM outbox o"
                                           " WHERE o.open = 1 AND o.state <= 2 AND o.stream = s.id)"
                                           " ORDER BY s.id LIMIT 1",
                            FYR_ID (author_id));
  return select != NULL ? read_stream (select, stream, error) : FYR_STEP_ERROR;
}

gboolean
fyr_stream_renew (
    FyrStoreContext *context, const char *author_id, gboolean doubtful, FyrStream *stream, GError **error)
{
  return fyr_store_execute (context, error,
                            "UPDATE stream SET current = ?2 WHERE author_id = ?1 AND current = 1",
                            FYR_ID (author_id), FYR_INT (doubtful ? 2 : 0)) &&
         fyr_stream_load (context, author_id, stream, error);
}

gboolean
fyr_stream_store (FyrStoreContext *context, const FyrStream *stream, GError **error)
{
  return fyr_store_execute (context, error, "UPDATE stream SET next = ?2, last_hash = ?3 WHERE id = ?1",
                            FYR_INT (stream->id), FYR_INT (stream->next), FYR_TEXT (stream->last_hash));
}

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
