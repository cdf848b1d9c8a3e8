/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-live-socket.h"

#include <string.h>

#include "fyr-guard.h"
#include "fyr-request-private.h"
#include "fyr-scopes.h"
#include "fyr-session.h"

/* What a workstation may say: control frames. */
#define MAX_PAYLOAD 1024

FyrLiveGrant *
fyr_live_grant_new (const guint8 token[FYR_TOKEN_HASH_BYTES])
{
  FyrLiveGrant *self = g_new0 (FyrLiveGrant, 1);

  memcpy (self->token, token, FYR_TOKEN_HASH_BYTES);
  return self;
}

void
fyr_live_grant_free (FyrLiveGrant *self)
{
  g_clear_pointer (&self->heads, g_hash_table_unref);
  g_free (self);
}

gboolean
fyr_live_grant_load (FyrLiveGrant *self, FyrConnection *connection, GError **error)
{
  gint64 now = g_get_real_time () / 1000;
  g_autoptr (FyrSubject) subject = NULL;
  g_autoptr (GPtrArray) scopes = NULL;
  FyrSession session;
  int found = fyr_session_find_leaving (connection, self->token, now, &session, error);

  self->valid = found > 0;
  g_clear_pointer (&self->heads, g_hash_table_unref);
  if (found <= 0) {
    return found == 0;
  }
  subject = fyr_subject_load (connection, session.user_id, now, error);
  if (subject != NULL && session.shut_out) {
    fyr_subject_forget_roles (subject);
  }
  scopes = subject != NULL && fyr_subject_narrow (subject, connection, error)
               ? fyr_scopes_load (connection, subject, error)
               : NULL;
  if (scopes == NULL) {
    return FALSE;
  }
  self->heads = fyr_scopes_to_heads (scopes);
  return TRUE;
}

gboolean
fyr_live_grant_same_feeds (GHashTable *a, GHashTable *b)
{
  GHashTableIter iter;
  gpointer name;

  if (g_hash_table_size (a) != g_hash_table_size (b)) {
    return FALSE;
  }
  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    if (!g_hash_table_contains (b, name)) {
      return FALSE;
    }
  }
  return TRUE;
}

typedef struct {
  void (*opened) (SoupWebsocketConnection *connection, gpointer data);
  gpointer data;
  GDestroyNotify free_data;
} Upgrade;

static void
upgrade_free (gpointer data, GClosure *closure)
{
  Upgrade *upgrade = data;

  if (upgrade->free_data != NULL) {
    upgrade->free_data (upgrade->data);
  }
  g_free (upgrade);
}

static void
on_wrote_informational (SoupServerMessage *message, gpointer user_data)
{
  Upgrade *upgrade = user_data;
  GUri *uri = soup_server_message_get_uri (message);
  g_autoptr (GIOStream) stream = NULL;
  SoupWebsocketConnection *connection;

  if (soup_server_message_get_status (message) != SOUP_STATUS_SWITCHING_PROTOCOLS) {
    return;
  }
  fyr_guard_upgraded (message);
  stream = soup_server_message_steal_connection (message);
  connection =
      soup_websocket_connection_new (stream, uri, SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, "fyrlykt.1", NULL);
  soup_websocket_connection_set_max_incoming_payload_size (connection, MAX_PAYLOAD);
  upgrade->opened (connection, upgrade->data);
}

gboolean
fyr_live_upgrade (FyrRequest *request,
                  void (*opened) (SoupWebsocketConnection *connection, gpointer data),
                  gpointer data,
                  GDestroyNotify free_data)
{
  static const char *protocols[] = { "fyrlykt.1", NULL };
  SoupServerMessage *message = fyr_request_get_message (request);
  Upgrade *upgrade;

  if (!soup_websocket_server_process_handshake (message, NULL, (char **)protocols, NULL, NULL)) {
    return FALSE;
  }
  upgrade = g_new0 (Upgrade, 1);
  upgrade->opened = opened;
  upgrade->data = data;
  upgrade->free_data = free_data;
  g_signal_connect_data (message, "wrote-informational", G_CALLBACK (on_wrote_informational), upgrade,
                         upgrade_free, 0);
  fyr_guard_answering (message);
  soup_server_message_unpause (message);
  fyr_request_release (request);
  return TRUE;
}
