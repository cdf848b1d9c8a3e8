/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-transport.h"

G_DEFINE_INTERFACE (FyrSyncTransport, fyr_sync_transport, G_TYPE_OBJECT)

typedef struct {
  gboolean over;
} FyrSyncLivePrivate;

G_DEFINE_TYPE_WITH_PRIVATE (FyrSyncLive, fyr_sync_live, G_TYPE_OBJECT)

enum { SIGNAL_FRAME, SIGNAL_CLOSED, N_SIGNALS };
static guint signals[N_SIGNALS];

FyrSyncAnswer *
fyr_sync_answer_new (guint status, GBytes *body, gint64 retry_after)
{
  FyrSyncAnswer *self = g_new0 (FyrSyncAnswer, 1);

  self->status = status;
  self->body = body != NULL ? g_bytes_ref (body) : g_bytes_new (NULL, 0);
  self->retry_after = retry_after;
  return self;
}

void
fyr_sync_answer_free (FyrSyncAnswer *self)
{
  if (self == NULL) {
    return;
  }
  g_bytes_unref (self->body);
  g_free (self);
}

static void
fyr_sync_live_class_init (FyrSyncLiveClass *klass)
{
  signals[SIGNAL_FRAME] = g_signal_new ("frame", FYR_TYPE_SYNC_LIVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", FYR_TYPE_SYNC_LIVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
fyr_sync_live_init (FyrSyncLive *self)
{
}

void
fyr_sync_live_close (FyrSyncLive *self)
{
  FyrSyncLivePrivate *priv = fyr_sync_live_get_instance_private (self);

  priv->over = TRUE;
  if (FYR_SYNC_LIVE_GET_CLASS (self)->close != NULL) {
    FYR_SYNC_LIVE_GET_CLASS (self)->close (self);
  }
}

void
fyr_sync_live_emit_frame (FyrSyncLive *self, const char *text)
{
  FyrSyncLivePrivate *priv = fyr_sync_live_get_instance_private (self);

  if (!priv->over) {
    g_signal_emit (self, signals[SIGNAL_FRAME], 0, text);
  }
}

void
fyr_sync_live_emit_closed (FyrSyncLive *self, guint code)
{
  FyrSyncLivePrivate *priv = fyr_sync_live_get_instance_private (self);

  if (!priv->over) {
    priv->over = TRUE;
    g_signal_emit (self, signals[SIGNAL_CLOSED], 0, code);
  }
}

static void
fyr_sync_transport_default_init (FyrSyncTransportInterface *iface)
{
}

void
fyr_sync_transport_exchange_async (FyrSyncTransport *self,
                                   const char *path,
                                   GBytes *body,
                                   const char *token,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (FYR_IS_SYNC_TRANSPORT (self) && path != NULL && path[0] == '/');
  FYR_SYNC_TRANSPORT_GET_IFACE (self)->exchange_async (self, path, body, token, cancellable, callback,
                                                       user_data);
}

FyrSyncAnswer *
fyr_sync_transport_exchange_finish (FyrSyncTransport *self, GAsyncResult *result, GError **error)
{
  return FYR_SYNC_TRANSPORT_GET_IFACE (self)->exchange_finish (self, result, error);
}

void
fyr_sync_transport_open_live_async (FyrSyncTransport *self,
                                    const char *token,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_return_if_fail (FYR_IS_SYNC_TRANSPORT (self));
  FYR_SYNC_TRANSPORT_GET_IFACE (self)->open_live_async (self, token, cancellable, callback, user_data);
}

FyrSyncLive *
fyr_sync_transport_open_live_finish (FyrSyncTransport *self, GAsyncResult *result, GError **error)
{
  return FYR_SYNC_TRANSPORT_GET_IFACE (self)->open_live_finish (self, result, error);
}

const char *
fyr_sync_transport_get_address (FyrSyncTransport *self)
{
  return FYR_SYNC_TRANSPORT_GET_IFACE (self)->get_address (self);
}

void
fyr_sync_transport_set_packs (FyrSyncTransport *self, gboolean packs)
{
  if (FYR_SYNC_TRANSPORT_GET_IFACE (self)->set_packs != NULL) {
    FYR_SYNC_TRANSPORT_GET_IFACE (self)->set_packs (self, packs);
  }
}
