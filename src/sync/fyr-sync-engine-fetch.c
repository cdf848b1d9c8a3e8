/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-engine-private.h"

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (FyrSyncAnswer) answer =
      fyr_sync_transport_exchange_finish (FYR_SYNC_TRANSPORT (source), result, &error);

  if (!answer)
    g_task_return_error (task, error);
  else if (answer->status >= 200 && answer->status < 300)
    g_task_return_pointer (task, g_bytes_ref (answer->body), (GDestroyNotify)g_bytes_unref);
  else
    g_task_return_error (task, fyr_sync_client_judge (answer, NULL));
}

void
fyr_sync_engine_fetch_async (FyrSyncEngine *self,
                             const char *path,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (FYR_IS_SYNC_ENGINE (self));
  g_return_if_fail (path != NULL && *path == '/');
  if (!self->token) {
    g_task_return_new_error (task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_UNAUTHENTICATED,
                             "not signed in at the server");
    return;
  }
  fyr_sync_transport_exchange_async (self->transport, path, NULL, self->token, cancellable, on_answer,
                                     g_steal_pointer (&task));
}

GBytes *
fyr_sync_engine_fetch_finish (FyrSyncEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
