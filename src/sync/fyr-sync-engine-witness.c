/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-engine-private.h"

#define PAUSE_MS (60 * 1000)

/* What is offered under way. */
typedef struct {
  guint life; /* of the server they are offered to, as far as was known */
  GPtrArray *offers;
  FyrWitnessReply *reply;
} GiveBack;

static void
give_back_free (gpointer data)
{
  GiveBack *work = data;

  g_clear_pointer (&work->offers, g_ptr_array_unref);
  g_clear_pointer (&work->reply, fyr_witness_reply_free);
  g_free (work);
}

/* Nothing hangs on it: what was not taken now is offered again. */
static void
pause_offers (FyrSyncEngine *self, GTask *task)
{
  self->next_offers = self->clock (self->clock_data) + PAUSE_MS;
  g_task_return_boolean (task, FALSE);
}

static void
on_settled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  FyrSyncEngine *self = g_task_get_source_object (task);
  GiveBack *work = g_task_get_task_data (task);
  guint accepted = 0;

  if (!fyr_store_settle_offers_finish (FYR_STORE (source), result, NULL)) {
    pause_offers (self, task);
    return;
  }
  for (guint i = 0; i < work->reply->results->len; i++) {
    accepted += g_array_index (work->reply->results, FyrWitnessResult, i) == FYR_WITNESS_ACCEPTED;
  }
  g_message ("gave %u of %u records back to the restored server", accepted, work->offers->len);
  g_task_return_boolean (task, TRUE);
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  FyrSyncEngine *self = g_task_get_source_object (task);
  GiveBack *work = g_task_get_task_data (task);
  g_autofree gboolean *later = g_new0 (gboolean, work->offers->len);

  work->reply = fyr_sync_client_witness_finish (FYR_SYNC_TRANSPORT (source), result, NULL, NULL);
  if (work->life != self->lives) {
    /* It was restored again: all is offered anew, whatever the life before took. */
    g_task_return_boolean (task, FALSE);
    return;
  }
  if (work->reply == NULL || work->reply->results->len != work->offers->len) {
    pause_offers (self, task);
    return;
  }
  for (guint i = 0; i < work->offers->len; i++) {
    later[i] = g_array_index (work->reply->results, FyrWitnessResult, i) == FYR_WITNESS_LATER;
  }
  fyr_store_settle_offers_async (self->store, work->offers, later, NULL, on_settled, g_steal_pointer (&task));
}

/* A server of an older schema knows nothing of them; they wait for its upgrade. */
static void
leave_deletions (GPtrArray *offers)
{
  for (guint i = offers->len; i > 0; i--) {
    if (((FyrStoreOffer *)offers->pdata[i - 1])->deleted > 0) {
      g_ptr_array_remove_index (offers, i - 1);
    }
  }
}

static void
on_offers (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  FyrSyncEngine *self = g_task_get_source_object (task);
  GiveBack *work = g_task_get_task_data (task);
  g_autoptr (FyrWitnessRequest) request = NULL;

  work->offers = fyr_store_next_offers_finish (FYR_STORE (source), result, NULL);
  if (work->offers != NULL && self->schema < FYR_WIRE_SCHEMA_RETURNS) {
    leave_deletions (work->offers);
  }
  if (work->offers == NULL || work->offers->len == 0 || self->token == NULL) {
    pause_offers (self, task);
    return;
  }
  request = fyr_witness_request_new ();
  request->schema = self->schema;
  request->epoch = g_strdup (self->epoch);
  request->device = g_strdup (self->device);
  for (guint i = 0; i < work->offers->len; i++) {
    FyrStoreOffer *offer = work->offers->pdata[i];

    if (offer->deleted > 0) {
      fyr_witness_request_add_deletion (request, offer->tag, offer->epoch, offer->kind, offer->id,
                                        offer->deleted);
    } else {
      fyr_witness_request_add (request, offer->tag, offer->epoch, offer->record);
    }
  }
  fyr_sync_client_witness_async (self->transport, self->token, request, self->life, on_answered,
                                 g_steal_pointer (&task));
}

void
fyr_sync_engine_give_back_async (FyrSyncEngine *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  GiveBack *work = g_new0 (GiveBack, 1);

  work->life = self->lives;
  g_task_set_task_data (task, work, give_back_free);
  fyr_store_next_offers_async (self->store, NULL, on_offers, task);
}

gboolean
fyr_sync_engine_give_back_finish (FyrSyncEngine *self, GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
