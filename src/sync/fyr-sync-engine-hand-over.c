/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-engine-private.h"
#include "fyr-sync-seam.h"

/*
 * Work of a user of this machine who cannot sign in any more must not lie here for ever. Whoever is signed in delivers
 * it as it was sealed; the server keeps it for review, under its author's name. It is asked first whether it may be
 * delivered so: as a rule a colleague is only at home.
 */

#define PAUSE_MS (60 * 1000)

typedef struct {
  FyrHandOver *found;
  GArray *outcomes; /* (nullable) */
  FyrPushReply *reply;
  gboolean asked;
  guint session;
  guint n_done;
} HandOver;

static void
hand_over_free (gpointer data)
{
  HandOver *work = data;

  g_clear_pointer (&work->found, fyr_hand_over_free);
  g_clear_pointer (&work->outcomes, g_array_unref);
  g_clear_pointer (&work->reply, fyr_push_reply_free);
  g_free (work);
}

static void
look (GTask *task);

static void
finish (GTask *task)
{
  FyrSyncEngine *self = g_task_get_source_object (task);
  HandOver *work = g_task_get_task_data (task);

  if (work->n_done > 0) {
    g_message ("handed over %u changes of another user for review", work->n_done);
    fyr_sync_engine_tell_handed_over (self, work->n_done);
  }
  g_task_return_boolean (task, TRUE);
}

/* What did not come through is tried again soon. */
static void
try_later (GTask *task)
{
  FyrSyncEngine *self = g_task_get_source_object (task);

  self->next_hand_over = self->clock (self->clock_data) + PAUSE_MS;
  finish (task);
}

/* The next one's work, or the rest of this one's. Takes @task. */
static void
go_on (GTask *task, gboolean with_author)
{
  FyrSyncEngine *self = g_task_get_source_object (task);
  HandOver *work = g_task_get_task_data (task);

  if (!with_author) {
    g_ptr_array_add (self->not_of, g_strdup (work->found->author_id));
    work->asked = FALSE;
  }
  g_clear_pointer (&work->found, fyr_hand_over_free);
  g_clear_pointer (&work->outcomes, g_array_unref);
  g_clear_pointer (&work->reply, fyr_push_reply_free);
  look (task);
}

static guint
count_kept (GArray *outcomes)
{
  guint n = 0;

  for (guint i = 0; i < outcomes->len; i++) {
    FyrOutcomeKind kind = g_array_index (outcomes, FyrPushOutcome, i).kind;

    n += kind != FYR_OUTCOME_KIND_APPLIED && kind != FYR_OUTCOME_KIND_MERGED;
  }
  return n;
}

static void
on_noted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  HandOver *work = g_task_get_task_data (task);

  if (!fyr_store_note_handed_over_finish (FYR_STORE (source), result, NULL)) {
    try_later (task);
    return;
  }
  work->n_done += count_kept (work->outcomes);
  go_on (g_steal_pointer (&task), TRUE);
}

static void
on_repaired (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  gboolean forked = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (task), "forked"));
  gboolean done = forked ? fyr_store_fork_push_finish (FYR_STORE (source), result, NULL)
                         : fyr_store_rewind_push_finish (FYR_STORE (source), result, NULL);

  go_on (g_steal_pointer (&task), done);
}

/* After a restore of the server, or of this machine, as with a push of one's own; once. Takes @task. */
static void
repair (GTask *task, const GError *error, const FyrSyncFault *fault)
{
  FyrSyncEngine *self = g_task_get_source_object (task);
  HandOver *work = g_task_get_task_data (task);
  /* Not always her present one: what was answered before is sent again to a server that was restored. */
  const char *incarnation = work->found->batch->incarnation;
  gboolean gap = g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_GAP);
  gboolean fork = g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_FORK);

  if ((!gap && !fork) || g_object_get_data (G_OBJECT (task), "repaired") != NULL) {
    if (g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_MALFORMED)) {
      go_on (task, FALSE);
    } else {
      try_later (task);
      g_object_unref (task);
    }
    return;
  }
  g_object_set_data (G_OBJECT (task), "repaired", GINT_TO_POINTER (1));
  g_object_set_data (G_OBJECT (task), "forked", GINT_TO_POINTER (fork));
  if (fork) {
    fyr_store_fork_push_async (self->store, work->found->author_id, incarnation, FALSE, NULL, on_repaired,
                               task);
  } else {
    fyr_store_rewind_push_async (self->store, work->found->author_id, incarnation, MAX (fault->next, 1), NULL,
                                 on_repaired, task);
  }
}

static void
send (GTask *task);

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  FyrSyncEngine *self = g_task_get_source_object (task);
  HandOver *work = g_task_get_task_data (task);
  g_autoptr (FyrSyncFault) fault = NULL;
  g_autoptr (GError) error = NULL;

  work->reply = fyr_sync_client_push_finish (FYR_SYNC_TRANSPORT (source), result, &fault, &error);
  if (work->reply == NULL) {
    repair (g_steal_pointer (&task), error, fault);
    return;
  }
  if (!work->asked) {
    work->asked = TRUE;
    g_clear_pointer (&work->reply, fyr_push_reply_free);
    send (g_steal_pointer (&task));
    return;
  }
  work->outcomes =
      fyr_sync_make_outcomes (work->reply, work->found->batch->first, work->found->batch->entries->len);
  if (work->outcomes == NULL) {
    go_on (g_steal_pointer (&task), FALSE);
    return;
  }
  fyr_store_note_handed_over_async (self->store, work->found,
                                    (const FyrPushOutcome *)(gpointer)work->outcomes->data,
                                    work->outcomes->len, NULL, on_noted, g_steal_pointer (&task));
}

/* Asks, then sends. Takes @task. */
static void
send (GTask *task)
{
  FyrSyncEngine *self = g_task_get_source_object (task);
  HandOver *work = g_task_get_task_data (task);
  g_autoptr (GBytes) body = NULL;

  if (self->token == NULL || work->session != self->session) {
    finish (task);
    g_object_unref (task);
    return;
  }
  body = fyr_sync_write_hand_over (work->found, !work->asked, self->epoch, self->schema);
  fyr_sync_client_push_async (self->transport, self->token, body, self->life, on_answered, task);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  HandOver *work = g_task_get_task_data (task);

  work->found = fyr_store_next_hand_over_finish (FYR_STORE (source), result, NULL);
  if (work->found == NULL || work->found->author_id == NULL) {
    finish (task);
    return;
  }
  send (g_steal_pointer (&task));
}

/* Takes @task. */
static void
look (GTask *task)
{
  FyrSyncEngine *self = g_task_get_source_object (task);

  fyr_store_next_hand_over_async (self->store, self->not_of, NULL, on_found, task);
}

void
fyr_sync_engine_hand_over_async (FyrSyncEngine *self, GAsyncReadyCallback callback, gpointer user_data)
{
  HandOver *work = g_new0 (HandOver, 1);
  GTask *task = g_task_new (self, NULL, callback, user_data);

  work->session = self->session;
  g_task_set_task_data (task, work, hand_over_free);
  look (task);
}

void
fyr_sync_engine_hand_over_finish (FyrSyncEngine *self, GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}
