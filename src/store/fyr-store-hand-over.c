/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-hand-over.h"

#include <string.h>

#include "fyr-outbox-private.h"
#include "fyr-store-rows.h"
#include "fyr-store-sql.h"

#define MAX_ENTRIES 500
#define MAX_BYTES (768 * 1024)

/*
 * Work that cannot be sent in its author's own session any more goes to the server for review, and what is decided
 * there comes back to its author.
 */

void
fyr_hand_over_free (FyrHandOver *self)
{
  g_free (self->author_id);
  g_clear_pointer (&self->batch, fyr_push_batch_free);
  g_free (self);
}

/* Whose work lies here open, not hers who is signed in nor of those who can deliver it themselves; NULL for nobody. */
static char *
find_author (FyrStoreContext *context, GPtrArray *not_of, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_store_sql (
      context,
      "SELECT DISTINCT s.author_id FROM outbox o JOIN stream s ON s.id = o.stream WHERE o.open = 1"
      " ORDER BY s.author_id",
      error);

  while (select != NULL && fyr_statement_step (select, error) == FYR_STEP_ROW) {
    const char *author_id = fyr_statement_get_id (select, 0);

    if (!g_ptr_array_find_with_equal_func (not_of, author_id, g_str_equal, NULL)) {
      return g_strdup (author_id);
    }
  }
  return NULL;
}

/* Open work of one stream, oldest first, as far as its numbers are dense: the chain is then whole. */
static GPtrArray *
load_run (FyrStoreContext *context, const char *author_id, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (FyrStatement) select =
      fyr_store_query (context, error,
                       "SELECT " FYR_OUTBOX_COLUMNS FYR_OUTBOX_FROM
                       "WHERE s.author_id = ?1 AND o.open = 1 ORDER BY s.id, o.number LIMIT ?2",
                       FYR_ID (author_id), FYR_INT (MAX_ENTRIES));
  gsize bytes = 0;
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_autoptr (FyrOutboxEntry) entry = fyr_outbox_entry_read (select);
    FyrOutboxEntry *last = entries->len > 0 ? g_ptr_array_index (entries, entries->len - 1) : NULL;

    bytes += strlen (fyr_outbox_entry_get_payload (entry));
    if (last != NULL &&
        (bytes > MAX_BYTES || fyr_outbox_entry_get_stream (entry) != fyr_outbox_entry_get_stream (last) ||
         fyr_outbox_entry_get_number (entry) != fyr_outbox_entry_get_number (last) + 1)) {
      return g_steal_pointer (&entries);
    }
    g_ptr_array_add (entries, g_steal_pointer (&entry));
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&entries) : NULL;
}

static char *
load_incarnation (FyrStoreContext *context, gint64 stream, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_store_query (context, error, "SELECT incarnation FROM stream WHERE id = ?1", FYR_INT (stream));

  return select != NULL && fyr_statement_step (select, error) == FYR_STEP_ROW
             ? g_strdup (fyr_statement_get_id (select, 0))
             : NULL;
}

static gpointer
next_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrHandOver *found = g_new0 (FyrHandOver, 1);
  g_autoptr (FyrHandOver) result = found;
  g_autoptr (GError) failure = NULL;
  FyrOutboxEntry *first;

  found->author_id = find_author (context, data, &failure);
  if (found->author_id == NULL) {
    if (failure != NULL) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
    return g_steal_pointer (&result);
  }
  found->batch = g_new0 (FyrPushBatch, 1);
  found->batch->entries = load_run (context, found->author_id, error);
  if (found->batch->entries == NULL) {
    return NULL;
  }
  first = g_ptr_array_index (found->batch->entries, 0);
  found->batch->device = fyr_meta_get (context->connection, "device", error);
  if (found->batch->device == NULL) {
    return NULL;
  }
  found->batch->incarnation = load_incarnation (context, fyr_outbox_entry_get_stream (first), error);
  found->batch->first = fyr_outbox_entry_get_number (first);
  found->batch->previous_hash = g_strdup (fyr_outbox_entry_get_previous_hash (first));
  return found->batch->incarnation != NULL ? g_steal_pointer (&result) : NULL;
}

/* Whether the caller's array frees what it holds or not: this one does. */
static GPtrArray *
copy_names (GPtrArray *names)
{
  GPtrArray *copy = g_ptr_array_new_full (names->len, g_free);

  for (guint i = 0; i < names->len; i++) {
    g_ptr_array_add (copy, g_strdup (names->pdata[i]));
  }
  return copy;
}

void
fyr_store_next_hand_over_async (FyrStore *self,
                                GPtrArray *not_of,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_SYNC,
    .func = next_job,
    .data = copy_names (not_of),
    .data_free = (GDestroyNotify)g_ptr_array_unref,
    .result_free = (GDestroyNotify)fyr_hand_over_free,
    .tag = fyr_store_next_hand_over_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

FyrHandOver *
fyr_store_next_hand_over_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_next_hand_over_async, result, error);
}

/* NULL without @error when it is not here any more. */
static FyrOutboxEntry *
find_entry (
    FyrStoreContext *context, const char *author_id, const char *incarnation, gint64 number, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_store_query (context, error,
                       "SELECT " FYR_OUTBOX_COLUMNS FYR_OUTBOX_FROM
                       "WHERE s.author_id = ?1 AND s.incarnation = ?2 AND o.number = ?3",
                       FYR_ID (author_id), FYR_ID (incarnation), FYR_INT (number));

  return select != NULL && fyr_statement_step (select, error) == FYR_STEP_ROW ? fyr_outbox_entry_read (select)
                                                                              : NULL;
}

/* What lies on the rows it changed is taken off: what is applied comes with the feeds, to those who may have it. */
static gboolean
uncover (FyrStoreContext *context, FyrOutboxEntry *entry, GError **error)
{
  g_autoptr (FyrMutation) mutation = NULL;

  if (fyr_outbox_entry_get_state (entry) > FYR_OUTBOX_HELD) {
    return TRUE;
  }
  mutation = fyr_mutation_parse (fyr_outbox_entry_get_payload (entry), fyr_outbox_entry_get_author_id (entry),
                                 error);
  return mutation != NULL &&
         fyr_overlay_detach (context, fyr_outbox_entry_get_key (entry), mutation, 0, error);
}

static gboolean
move_on (FyrStoreContext *context,
         FyrOutboxEntry *entry,
         FyrOutboxState state,
         const FyrPushOutcome *outcome,
         GError **error)
{
  gint64 key = fyr_outbox_entry_get_key (entry);

  fyr_change_set_add (context->changes, FYR_CHANGE_OUTBOX, fyr_outbox_entry_get_record_id (entry),
                      fyr_outbox_entry_get_patient_id (entry));
  return uncover (context, entry, error) &&
         fyr_store_execute (context, error,
                            "UPDATE outbox SET version = ?2, code = ?3, text = ?4, conflict = NULL,"
                            " acknowledged = ?5 WHERE key = ?1",
                            FYR_INT (key), FYR_INT (outcome->version), FYR_TEXT (outcome->code),
                            FYR_TEXT (outcome->text), FYR_INT (context->now + context->clock_offset)) &&
         fyr_outbox_set_state (context, key, state, error);
}

static gboolean
is_taken (const FyrPushOutcome *outcome)
{
  return outcome->kind == FYR_OUTCOME_KIND_APPLIED || outcome->kind == FYR_OUTCOME_KIND_MERGED;
}

typedef struct {
  char *author_id;
  char *incarnation;
  GArray *outcomes; /* of FyrPushOutcome */
} Answer;

static void
answer_free (Answer *answer)
{
  g_free (answer->author_id);
  g_free (answer->incarnation);
  g_array_unref (answer->outcomes);
  g_free (answer);
}

static gpointer
handed_over_job (FyrStoreContext *context, gpointer data, GError **error)
{
  Answer *answer = data;

  for (guint i = 0; i < answer->outcomes->len; i++) {
    const FyrPushOutcome *outcome = &g_array_index (answer->outcomes, FyrPushOutcome, i);
    g_autoptr (GError) failure = NULL;
    g_autoptr (FyrOutboxEntry) entry =
        find_entry (context, answer->author_id, answer->incarnation, outcome->number, &failure);

    if (failure != NULL ||
        (entry != NULL &&
         !move_on (context, entry, is_taken (outcome) ? FYR_OUTBOX_DELIVERED : FYR_OUTBOX_HANDED_OVER,
                   outcome, &failure))) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  }
  return FYR_STORE_DONE;
}

static void
clear_outcome (gpointer data)
{
  FyrPushOutcome *outcome = data;

  g_free ((char *)outcome->code);
  g_free ((char *)outcome->text);
}

void
fyr_store_note_handed_over_async (FyrStore *self,
                                  FyrHandOver *hand_over,
                                  const FyrPushOutcome *outcomes,
                                  guint n,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  Answer *answer = g_new0 (Answer, 1);
  const FyrStoreJob job = {
    FYR_STORE_SYNC, handed_over_job,
    answer,         (GDestroyNotify)answer_free,
    NULL,           fyr_store_note_handed_over_async,
  };

  answer->author_id = g_strdup (hand_over->author_id);
  answer->incarnation = g_strdup (hand_over->batch->incarnation);
  answer->outcomes = g_array_new (FALSE, FALSE, sizeof (FyrPushOutcome));
  g_array_set_clear_func (answer->outcomes, clear_outcome);
  for (guint i = 0; i < n; i++) {
    FyrPushOutcome own = outcomes[i];

    own.code = g_strdup (own.code);
    own.text = g_strdup (own.text);
    own.conflict = NULL;
    g_array_append_val (answer->outcomes, own);
  }
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_note_handed_over_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_note_handed_over_async, result, error) != NULL;
}

/* What its author gave up herself stays given up, unless it was taken in. */
static gboolean
apply_one (FyrStoreContext *context, const char *author_id, const FyrPageSettlement *one, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (FyrOutboxEntry) entry = find_entry (context, author_id, one->incarnation, one->number, &failure);
  const FyrPushOutcome outcome = { .number = one->number,
                                   .kind = one->taken ? FYR_OUTCOME_KIND_APPLIED : FYR_OUTCOME_KIND_REFUSED,
                                   .version = one->version,
                                   .code = one->code,
                                   .text = one->text };
  FyrOutboxState state;

  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  state = entry != NULL ? fyr_outbox_entry_get_state (entry) : FYR_OUTBOX_DELIVERED;
  if (state == FYR_OUTBOX_DELIVERED || (state == FYR_OUTBOX_DISCARDED && !one->taken)) {
    return TRUE;
  }
  return move_on (context, entry, one->taken ? FYR_OUTBOX_DELIVERED : FYR_OUTBOX_REFUSED, &outcome, error);
}

char *
fyr_settled_name (const char *author_id)
{
  return g_strconcat ("settled:", author_id, NULL);
}

gboolean
fyr_settled_apply (FyrStoreContext *context, const FyrPullPage *page, GError **error)
{
  g_autofree char *name = NULL;
  gint64 last = 0;

  if (page->settled->len == 0) {
    return TRUE;
  }
  for (guint i = 0; i < page->settled->len; i++) {
    const FyrPageSettlement *one = &g_array_index (page->settled, FyrPageSettlement, i);

    if (!apply_one (context, page->author_id, one, error)) {
      return FALSE;
    }
    last = one->seq;
  }
  name = fyr_settled_name (page->author_id);
  return fyr_meta_set_int (context->connection, name, last, error);
}
