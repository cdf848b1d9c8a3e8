/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-soup-live.h"

struct _FyrSoupLive {
  FyrSyncLive parent_instance;
  SoupWebsocketConnection *connection;
};

G_DEFINE_FINAL_TYPE (FyrSoupLive, fyr_soup_live, FYR_TYPE_SYNC_LIVE)

static void
on_message (SoupWebsocketConnection *connection, int type, GBytes *message, gpointer user_data)
{
  g_autofree char *text = NULL;

  if (type != SOUP_WEBSOCKET_DATA_TEXT) {
    return;
  }
  text = g_strndup (g_bytes_get_data (message, NULL), g_bytes_get_size (message));
  fyr_sync_live_emit_frame (FYR_SYNC_LIVE (user_data), text);
}

static void
on_closed (SoupWebsocketConnection *connection, gpointer user_data)
{
  g_autoptr (FyrSyncLive) self = g_object_ref (FYR_SYNC_LIVE (user_data));

  fyr_sync_live_emit_closed (self, soup_websocket_connection_get_close_code (connection));
}

static void
let_go (FyrSoupLive *self)
{
  if (self->connection == NULL) {
    return;
  }
  g_signal_handlers_disconnect_by_data (self->connection, self);
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN) {
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  }
  g_clear_object (&self->connection);
}

static void
fyr_soup_live_close (FyrSyncLive *live)
{
  let_go (FYR_SOUP_LIVE (live));
}

static void
fyr_soup_live_dispose (GObject *object)
{
  let_go (FYR_SOUP_LIVE (object));
  G_OBJECT_CLASS (fyr_soup_live_parent_class)->dispose (object);
}

static void
fyr_soup_live_class_init (FyrSoupLiveClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fyr_soup_live_dispose;
  FYR_SYNC_LIVE_CLASS (klass)->close = fyr_soup_live_close;
}

static void
fyr_soup_live_init (FyrSoupLive *self)
{
}

FyrSyncLive *
fyr_soup_live_new (SoupWebsocketConnection *connection)
{
  FyrSoupLive *self = g_object_new (FYR_TYPE_SOUP_LIVE, NULL);

  self->connection = g_object_ref (connection);
  soup_websocket_connection_set_max_incoming_payload_size (connection, FYR_SOUP_LIVE_MAX_FRAME);
  g_signal_connect (connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
  return FYR_SYNC_LIVE (self);
}
