/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-canonical-json.h"
#include "fyr-outbox-private.h"
#include "fyr-store-rows.h"
#include "fyr-store-sync.h"
#include "fyr-store-sql.h"

#define MAX_ENTRIES 500
#define MAX_BYTES (1024 * 1024)
/* Of the message around the mutations, and of each mutation's hash. */
#define ENVELOPE_BYTES 1024
#define ENTRY_BYTES 100

typedef struct {
  char *author_id;
  char *incarnation; /* (nullable): of the batch that was refused */
  gboolean doubtful;
  guint max_entries;
  gsize max_bytes;
  gint64 next;
} PushRequest;

static void
push_request_free (PushRequest *request)
{
  g_free (request->author_id);
  g_free (request->incarnation);
  g_free (request);
}

void
fyr_push_batch_free (FyrPushBatch *batch)
{
  if (batch == NULL) {
    return;
  }
  g_clear_pointer (&batch->entries, g_ptr_array_unref);
  g_free (batch->device);
  g_free (batch->incarnation);
  g_free (batch->previous_hash);
  g_free (batch);
}

/* First number without an answer; the next to be given when all are answered; -1 with error. */
static gint64
first_unanswered (FyrStoreContext *context, const FyrStream *stream, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error, "SELECT min (number) FROM outbox WHERE open = 1 AND state <= 2 AND stream = ?1",
      FYR_INT (stream->id));

  if (statement == NULL) {
    return -1;
  }
  if (fyr_statement_step (statement, error) != FYR_STEP_ROW) {
    return -1;
  }
  return fyr_statement_is_null (statement, 0) ? stream->next : fyr_statement_get_int (statement, 0);
}

/* Dense from @first on, within the limits; a former stream has holes where work was moved on or forgotten. */
static GPtrArray *
load_batch (FyrStoreContext *context,
            const FyrStream *stream,
            gint64 first,
            const PushRequest *request,
            GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (FyrStatement) statement =
      fyr_store_query (context, error,
                       "SELECT " FYR_OUTBOX_COLUMNS FYR_OUTBOX_FROM
                       "WHERE o.stream = ?1 AND o.number >= ?2 ORDER BY o.number LIMIT ?3",
                       FYR_INT (stream->id), FYR_INT (first), FYR_INT (request->max_entries));
  gsize bytes = ENVELOPE_BYTES;
  FyrStep step;

  if (statement == NULL) {
    return NULL;
  }
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    g_autoptr (FyrOutboxEntry) entry = fyr_outbox_entry_read (statement);

    bytes += strlen (fyr_outbox_entry_get_payload (entry)) + ENTRY_BYTES;
    if ((entries->len > 0 && bytes > request->max_bytes) ||
        fyr_outbox_entry_get_number (entry) != first + entries->len) {
      return g_steal_pointer (&entries);
    }
    g_ptr_array_add (entries, g_steal_pointer (&entry));
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&entries) : NULL;
}

static gboolean
mark_sent (FyrStoreContext *context, const FyrStream *stream, gint64 first, gint64 last, GError **error)
{
  return fyr_store_execute (
      context, error,
      "UPDATE outbox SET state = 2 WHERE stream = ?1 AND number BETWEEN ?2 AND ?3 AND state = 1",
      FYR_INT (stream->id), FYR_INT (first), FYR_INT (last));
}

static gpointer
next_push_job (FyrStoreContext *context, gpointer data, GError **error)
{
  PushRequest *request = data;
  g_autoptr (FyrPushBatch) batch = g_new0 (FyrPushBatch, 1);
  FyrStream stream;

  if (!fyr_stream_load_next (context, request->author_id, &stream, error)) {
    return NULL;
  }
  batch->device = fyr_meta_get (context->connection, "device", error);
  if (batch->device == NULL) {
    return NULL;
  }
  batch->incarnation = g_strdup (stream.incarnation);
  batch->present = stream.present;
  batch->first = first_unanswered (context, &stream, error);
  if (batch->first < 0) {
    return NULL;
  }
  batch->entries = load_batch (context, &stream, batch->first, request, error);
  if (batch->entries == NULL) {
    return NULL;
  }
  batch->previous_hash =
      g_strdup (batch->entries->len > 0 ? fyr_outbox_entry_get_previous_hash (batch->entries->pdata[0])
                                        : stream.last_hash);
  return mark_sent (context, &stream, batch->first, batch->first + batch->entries->len - 1, error)
             ? g_steal_pointer (&batch)
             : NULL;
}

void
fyr_store_next_push_async (FyrStore *self,
                           const char *author_id,
                           guint max_entries,
                           gsize max_bytes,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  PushRequest *request = g_new0 (PushRequest, 1);
  const FyrStoreJob job = {
    .mode = FYR_STORE_SYNC,
    .func = next_push_job,
    .data = request,
    .data_free = (GDestroyNotify)push_request_free,
    .result_free = (GDestroyNotify)fyr_push_batch_free,
    .tag = fyr_store_next_push_async,
  };

  request->author_id = g_strdup (author_id);
  request->max_entries = CLAMP (max_entries, 1, MAX_ENTRIES);
  request->max_bytes = MIN (max_bytes, MAX_BYTES);
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

FyrPushBatch *
fyr_store_next_push_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_next_push_async, result, error);
}

/* All entries of a stream from a number on. */
static GPtrArray *
entries_from (FyrStoreContext *context, gint64 stream, gint64 first, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error,
      "SELECT " FYR_OUTBOX_COLUMNS FYR_OUTBOX_FROM "WHERE o.stream = ?1 AND o.number >= ?2 ORDER BY o.number",
      FYR_INT (stream), FYR_INT (first));

  if (statement == NULL) {
    return NULL;
  }
  return fyr_outbox_entry_collect (statement, error);
}

static gboolean
wait_again (FyrStoreContext *context, FyrOutboxEntry *entry, GError **error)
{
  g_autoptr (FyrMutation) mutation = fyr_mutation_parse (fyr_outbox_entry_get_payload (entry),
                                                         fyr_outbox_entry_get_author_id (entry), error);

  return mutation != NULL &&
         fyr_outbox_set_state (context, fyr_outbox_entry_get_key (entry), FYR_OUTBOX_WAITING, error) &&
         fyr_overlay_attach (context, fyr_outbox_entry_get_key (entry), mutation, error);
}

static gboolean
find_stream (FyrStoreContext *context,
             const char *author_id,
             const char *incarnation,
             FyrStream *stream,
             GError **error)
{
  FyrStep step;

  if (incarnation == NULL) {
    return fyr_stream_load (context, author_id, stream, error);
  }
  step = fyr_stream_find (context, author_id, incarnation, stream, error);
  if (step == FYR_STEP_DONE) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID, "It is another's incarnation");
  }
  return step == FYR_STEP_ROW;
}

static gpointer
rewind_job (FyrStoreContext *context, gpointer data, GError **error)
{
  PushRequest *request = data;
  g_autoptr (GPtrArray) entries = NULL;
  FyrStream stream;

  if (!find_stream (context, request->author_id, request->incarnation, &stream, error)) {
    return NULL;
  }
  entries = entries_from (context, stream.id, request->next, error);
  if (entries == NULL) {
    return NULL;
  }
  if (request->next > stream.next || (guint)(stream.next - request->next) != entries->len) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_GAP,
                         "Work that the server misses is not kept here");
    return NULL;
  }
  for (guint i = 0; i < entries->len; i++) {
    if (!wait_again (context, entries->pdata[i], error)) {
      return NULL;
    }
  }
  fyr_change_set_add (context->changes, FYR_CHANGE_OUTBOX, NULL, NULL);
  return FYR_STORE_DONE;
}

void
fyr_store_rewind_push_async (FyrStore *self,
                             const char *author_id,
                             const char *incarnation,
                             gint64 next,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  PushRequest *request = g_new0 (PushRequest, 1);
  const FyrStoreJob job = {
    FYR_STORE_SYNC, rewind_job, request, (GDestroyNotify)push_request_free, NULL, fyr_store_rewind_push_async,
  };

  request->author_id = g_strdup (author_id);
  request->incarnation = g_strdup (incarnation);
  request->next = next;
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_rewind_push_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_rewind_push_async, result, error) != NULL;
}

static gboolean
move_entry (
    FyrStoreContext *context, FyrOutboxEntry *entry, FyrStream *stream, GHashTable *numbers, GError **error)
{
  g_autoptr (FyrMutation) mutation = fyr_mutation_parse (fyr_outbox_entry_get_payload (entry),
                                                         fyr_outbox_entry_get_author_id (entry), error);
  gint64 old_dependency = fyr_outbox_entry_get_depends_on (entry);
  gint64 depends_on = (gint64)(gsize)g_hash_table_lookup (numbers, GSIZE_TO_POINTER ((gsize)old_dependency));
  g_autoptr (FyrStatement) statement = fyr_store_sql (
      context,
      "UPDATE outbox SET stream = ?2, number = ?3, depends_on = ?4, previous_hash = ?5, hash = ?6,"
      " payload = ?7, state = 1 WHERE key = ?1",
      error);
  g_autoptr (JsonObject) payload = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  char hash[FYR_HASH_TEXT_SIZE];

  if (mutation == NULL || statement == NULL) {
    return FALSE;
  }
  payload = fyr_mutation_build_payload (mutation, stream->next, depends_on);
  node = json_node_init_object (json_node_alloc (), payload);
  fyr_canonical_json_append (text, node, NULL);
  fyr_canonical_json_hash (stream->last_hash, payload, hash);
  fyr_statement_bind_int (statement, 1, fyr_outbox_entry_get_key (entry));
  fyr_statement_bind_int (statement, 2, stream->id);
  fyr_statement_bind_int (statement, 3, stream->next);
  if (depends_on > 0) {
    fyr_statement_bind_int (statement, 4, depends_on);
  }
  fyr_statement_bind_text (statement, 5, stream->last_hash);
  fyr_statement_bind_text (statement, 6, hash);
  fyr_statement_bind_text (statement, 7, text->str);
  g_hash_table_insert (numbers, GSIZE_TO_POINTER ((gsize)fyr_outbox_entry_get_number (entry)),
                       GSIZE_TO_POINTER ((gsize)stream->next));
  g_strlcpy (stream->last_hash, hash, sizeof stream->last_hash);
  stream->next++;
  return fyr_statement_run (statement, error) && fyr_stream_store (context, stream, error);
}

/* Answered work keeps its old sequence: it was this user's, on whichever machine. */
gboolean
fyr_outbox_fork (FyrStoreContext *context,
                 const char *author_id,
                 const char *incarnation,
                 gboolean doubtful,
                 GError **error)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) entries = NULL;
  FyrStream stream;
  gint64 first;

  if (!find_stream (context, author_id, incarnation, &stream, error)) {
    return FALSE;
  }
  first = first_unanswered (context, &stream, error);
  entries = first >= 0 ? entries_from (context, stream.id, first, error) : NULL;
  if (entries == NULL || !(stream.present ? fyr_stream_renew (context, author_id, doubtful, &stream, error)
                                          : fyr_stream_load (context, author_id, &stream, error))) {
    return FALSE;
  }
  for (guint i = 0; i < entries->len; i++) {
    FyrOutboxState state = fyr_outbox_entry_get_state (entries->pdata[i]);

    if ((state == FYR_OUTBOX_WAITING || state == FYR_OUTBOX_SENT) &&
        !move_entry (context, entries->pdata[i], &stream, numbers, error)) {
      return FALSE;
    }
  }
  fyr_change_set_add (context->changes, FYR_CHANGE_OUTBOX, NULL, NULL);
  return TRUE;
}

static gpointer
fork_job (FyrStoreContext *context, gpointer data, GError **error)
{
  PushRequest *request = data;

  return fyr_outbox_fork (context, request->author_id, request->incarnation, request->doubtful, error)
             ? FYR_STORE_DONE
             : NULL;
}

void
fyr_store_fork_push_async (FyrStore *self,
                           const char *author_id,
                           const char *incarnation,
                           gboolean doubtful,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  PushRequest *request = g_new0 (PushRequest, 1);
  const FyrStoreJob job = {
    FYR_STORE_SYNC, fork_job, request, (GDestroyNotify)push_request_free, NULL, fyr_store_fork_push_async,
  };

  request->author_id = g_strdup (author_id);
  request->incarnation = g_strdup (incarnation);
  request->doubtful = doubtful;
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_fork_push_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_fork_push_async, result, error) != NULL;
}
