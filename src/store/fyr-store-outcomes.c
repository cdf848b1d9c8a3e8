/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-outbox-private.h"
#include "fyr-store-rows.h"
#include "fyr-store-witness.h"
#include "fyr-store-sync.h"
#include "fyr-store-sql.h"

typedef struct {
  char *author_id;
  char *incarnation;
  gint64 server_time;
  GArray *outcomes; /* of FyrPushOutcome with own texts */
} Reply;

static void
clear_outcome (gpointer data)
{
  FyrPushOutcome *outcome = data;

  g_free ((char *)outcome->code);
  g_free ((char *)outcome->text);
  g_free ((char *)outcome->conflict);
  g_free ((char *)outcome->receipt);
}

static void
reply_free (Reply *reply)
{
  g_array_unref (reply->outcomes);
  g_free (reply->author_id);
  g_free (reply->incarnation);
  g_free (reply);
}

static FyrOutboxState
state_after (FyrOutcomeKind kind)
{
  switch (kind) {
  case FYR_OUTCOME_KIND_APPLIED:
  case FYR_OUTCOME_KIND_MERGED:
    return FYR_OUTBOX_DELIVERED;
  case FYR_OUTCOME_KIND_CONFLICT:
    return FYR_OUTBOX_CONFLICT;
  case FYR_OUTCOME_KIND_REFUSED:
    return FYR_OUTBOX_REFUSED;
  case FYR_OUTCOME_KIND_LATER:
  default:
    return FYR_OUTBOX_HELD;
  }
}

/* NULL without error when it is unknown or was answered before: the server repeats itself, so may we. */
static FyrOutboxEntry *
find_unanswered (FyrStoreContext *context, gint64 stream, gint64 number, GError **error)
{
  g_autoptr (FyrStatement) statement =
      fyr_store_query (context, error,
                       "SELECT " FYR_OUTBOX_COLUMNS FYR_OUTBOX_FROM
                       "WHERE o.stream = ?1 AND o.number = ?2 AND o.state IN (1, 2, 3)",
                       FYR_INT (stream), FYR_INT (number));

  if (statement == NULL) {
    return NULL;
  }
  return fyr_statement_step (statement, error) == FYR_STEP_ROW ? fyr_outbox_entry_read (statement) : NULL;
}

static gboolean
write_answer (FyrStoreContext *context, gint64 key, const FyrPushOutcome *outcome, GError **error)
{
  return fyr_store_execute (context, error,
                            "UPDATE outbox SET version = ?2, code = ?3, text = ?4, conflict = ?5, "
                            "acknowledged = ?6, receipt = ?7 WHERE key = ?1",
                            FYR_INT (key), FYR_INT (outcome->version), FYR_TEXT (outcome->code),
                            FYR_TEXT (outcome->text), FYR_TEXT (outcome->conflict),
                            FYR_INT (context->now + context->clock_offset), FYR_TEXT (outcome->receipt)) &&
         fyr_outbox_set_state (context, key, state_after (outcome->kind), error);
}

/* 1 when what the entry builds on needs a person's decision or an answer yet, 0 when that is settled, -1 with error. */
static int
is_ground_open (FyrStoreContext *context, FyrOutboxEntry *entry, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error, "SELECT 1 FROM outbox WHERE stream = ?1 AND number = ?2 AND open = 1",
      FYR_INT (fyr_outbox_entry_get_stream (entry)), FYR_INT (fyr_outbox_entry_get_depends_on (entry)));
  FyrStep step;

  if (statement == NULL) {
    return -1;
  }
  step = fyr_statement_step (statement, error);
  return step == FYR_STEP_ERROR ? -1 : step == FYR_STEP_ROW;
}

static gboolean
apply_outcome (FyrStoreContext *context, gint64 stream, const FyrPushOutcome *outcome, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FyrOutboxEntry) entry = find_unanswered (context, stream, outcome->number, &local_error);
  g_autoptr (FyrMutation) mutation = NULL;
  gint64 key;

  if (entry == NULL) {
    gboolean ok = local_error == NULL;

    if (!ok) {
      g_propagate_error (error, g_steal_pointer (&local_error));
    }
    return ok;
  }
  key = fyr_outbox_entry_get_key (entry);
  mutation = fyr_mutation_parse (fyr_outbox_entry_get_payload (entry), fyr_outbox_entry_get_author_id (entry),
                                 error);
  if (mutation == NULL || !write_answer (context, key, outcome, error)) {
    return FALSE;
  }
  fyr_outbox_note_change (context, mutation->info->kind, fyr_outbox_entry_get_record_id (entry),
                          fyr_outbox_entry_get_patient_id (entry));
  switch (outcome->kind) {
  case FYR_OUTCOME_KIND_APPLIED:
  case FYR_OUTCOME_KIND_MERGED:
    return fyr_overlay_detach (context, key, mutation,
                               outcome->deleted || outcome->unchanged ? 0 : MAX (outcome->version, 1), error);
  case FYR_OUTCOME_KIND_CONFLICT:
  case FYR_OUTCOME_KIND_REFUSED:
    return fyr_overlay_detach (context, key, mutation, 0, error);
  case FYR_OUTCOME_KIND_LATER:
  default:
    return TRUE;
  }
}

/* What an answer held may build on work that was settled before the answer came; nobody else would try it again.
 * Done when all answers are in, so that none is taken for pending that is not. */
static gboolean
try_held (FyrStoreContext *context, gint64 stream, gint64 number, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FyrOutboxEntry) entry = find_unanswered (context, stream, number, &local_error);
  int open;

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (entry == NULL || fyr_outbox_entry_get_state (entry) != FYR_OUTBOX_HELD) {
    return TRUE;
  }
  open = is_ground_open (context, entry, error);
  return open > 0 || (open == 0 && fyr_store_settle_held (context, entry, error));
}

/* 0 without error when the incarnation is not the author's; -1 with error. */
static gint64
find_stream (FyrStoreContext *context, const Reply *reply, GError **error)
{
  FyrStream stream;
  FyrStep step = fyr_stream_find (context, reply->author_id, reply->incarnation, &stream, error);

  if (step == FYR_STEP_ERROR) {
    return -1;
  }
  return step == FYR_STEP_ROW ? stream.id : 0;
}

static gpointer
outcomes_job (FyrStoreContext *context, gpointer data, GError **error)
{
  Reply *reply = data;
  gint64 stream = find_stream (context, reply, error);

  if (stream < 0 || !fyr_store_note_contact (context, reply->server_time, error)) {
    return NULL;
  }
  for (guint i = 0; stream > 0 && i < reply->outcomes->len; i++) {
    if (!apply_outcome (context, stream, &g_array_index (reply->outcomes, FyrPushOutcome, i), error)) {
      return NULL;
    }
  }
  for (guint i = 0; stream > 0 && i < reply->outcomes->len; i++) {
    const FyrPushOutcome *outcome = &g_array_index (reply->outcomes, FyrPushOutcome, i);

    if (outcome->kind == FYR_OUTCOME_KIND_LATER && !try_held (context, stream, outcome->number, error)) {
      return NULL;
    }
  }
  return fyr_outbox_expire (context, error) && fyr_witness_expire (context, error) ? FYR_STORE_DONE : NULL;
}

void
fyr_store_apply_outcomes_async (FyrStore *self,
                                const char *author_id,
                                const char *incarnation,
                                const FyrPushOutcome *outcomes,
                                guint n,
                                gint64 server_time,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  Reply *reply = g_new0 (Reply, 1);
  const FyrStoreJob job = {
    FYR_STORE_SYNC, outcomes_job, reply, (GDestroyNotify)reply_free, NULL, fyr_store_apply_outcomes_async,
  };

  reply->author_id = g_strdup (author_id);
  reply->incarnation = g_strdup (incarnation);
  reply->server_time = server_time;
  reply->outcomes = g_array_new (FALSE, FALSE, sizeof (FyrPushOutcome));
  g_array_set_clear_func (reply->outcomes, clear_outcome);
  for (guint i = 0; i < n; i++) {
    FyrPushOutcome own = outcomes[i];

    own.code = g_strdup (own.code);
    own.text = g_strdup (own.text);
    own.conflict = g_strdup (own.conflict);
    own.receipt = g_strdup (own.receipt);
    g_array_append_val (reply->outcomes, own);
  }
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_apply_outcomes_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_apply_outcomes_async, result, error) != NULL;
}
