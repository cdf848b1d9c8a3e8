/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-http-fixture.h"

#include <stdio.h>
#include <string.h>

#include "fyr-log.h"
#include "fyr-password.h"

House *
house_new (const FyrGuardLimits *limits)
{
  House *self = g_new0 (House, 1);
  FyrServerConfig config = { .limits = limits };
  g_autoptr (GError) error = NULL;

  fyr_log_set_enabled (FALSE);
  self->world = world_new ();
  self->server = fyr_server_new (self->world->db, &config, &error);
  g_assert_no_error (error);
  g_assert_true (fyr_server_start (self->server, &error));
  g_assert_no_error (error);
  self->port = (guint)g_ascii_strtoull (strrchr (fyr_server_get_url (self->server), ':') + 1, NULL, 10);
  self->session = soup_session_new ();
  soup_session_set_timeout (self->session, 40);
  return self;
}

void
house_free (House *self)
{
  soup_session_abort (self->session);
  g_object_unref (self->session);
  g_clear_pointer (&self->server, fyr_server_free);
  world_free (self->world);
  g_free (self);
}

void
answer_free (Answer *self)
{
  g_free (self->body);
  g_free (self->retry_after);
  g_free (self->encoding);
  g_free (self);
}

typedef struct {
  gboolean done;
  GBytes *bytes;
} Call;

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Call *call = data;

  call->bytes = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);
  call->done = TRUE;
}

Answer *
house_ask (House *self, const char *method, const char *path, const char *token, const char *body)
{
  g_autofree char *uri = g_strconcat (fyr_server_get_url (self->server), path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  Answer *answer = g_new0 (Answer, 1);
  Call call = { FALSE, NULL };

  if (token != NULL) {
    g_autofree char *value = g_strconcat ("Bearer ", token, NULL);
    soup_message_headers_replace (headers, "Authorization", value);
  }
  if (body != NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
    soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  }
  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL, on_answered, &call);
  g_assert_true (house_run (&call.done, 60000));
  if (call.bytes != NULL) {
    gsize size;
    const char *data = g_bytes_get_data (call.bytes, &size);

    answer->status = soup_message_get_status (message);
    answer->body = g_strndup (data != NULL ? data : "", size);
    answer->retry_after =
        g_strdup (soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After"));
    answer->encoding = g_strdup (
        soup_message_headers_get_one (soup_message_get_response_headers (message), "Content-Encoding"));
    g_bytes_unref (call.bytes);
  }
  return answer;
}

typedef struct {
  const char *user_id;
  char *hash;
} Credential;

static gboolean
credential_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Credential *credential = data;

  return fyr_credential_set (context, credential->user_id, credential->hash, error);
}

void
house_set_password (House *self, const char *user_id)
{
  Credential credential = { user_id, fyr_password_hash_cheaply (HOUSE_PASSWORD) };
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_writer_run (fyr_server_get_writer (self->server), credential_job, &credential, &error));
  g_assert_no_error (error);
  g_free (credential.hash);
}

char *
house_sign_in (House *self, const char *user_name, const char *device)
{
  g_autofree char *body = NULL;
  g_autoptr (Answer) answer = NULL;
  g_autoptr (JsonNode) node = NULL;
  char fresh[37];

  world_id (fresh);
  body = g_strdup_printf ("{\"user_name\":\"%s\",\"password\":\"" HOUSE_PASSWORD
                          "\",\"device\":{\"id\":\"%s\",\"name\":\"kontor\"}}",
                          user_name, device != NULL ? device : fresh);
  answer = house_ask (self, "POST", "/auth/v1/sign-in", NULL, body);
  g_assert_cmpuint (answer->status, ==, 200);
  node = json_from_string (answer->body, NULL);
  return g_strdup (json_object_get_string_member (json_node_get_object (node), "token"));
}

Answer *
house_pull (House *self, const char *token, const char *device, const char *cursors, int wait)
{
  g_autofree char *body = g_strdup_printf (
      "{\"epoch\":\"%s\",\"schema\":1,\"device\":\"%s\",\"cursors\":%s,"
      "\"max_bytes\":1048576,\"wait\":%d,\"first\":false,\"emergency\":true}",
      fyr_server_db_get_epoch (self->world->db), device, cursors != NULL ? cursors : "{}", wait);

  return house_ask (self, "POST", "/sync/v1/pull", token, body);
}

static gboolean
put_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_apply_put (context, data, error);
}

void
house_put (House *self, gpointer record)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_writer_run (fyr_server_get_writer (self->server), put_job, record, &error));
  g_assert_no_error (error);
  g_object_unref (record);
}

static gboolean
on_timeout (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

gboolean
house_run (gboolean *done, guint milliseconds)
{
  gboolean over = FALSE;
  guint source = g_timeout_add (milliseconds, on_timeout, &over);

  while (!over && (done == NULL || !*done)) {
    g_main_context_iteration (NULL, TRUE);
  }
  if (!over) {
    g_source_remove (source);
  }
  return done != NULL && *done;
}

/* A peer of bytes, on a thread of its own, so that the server's loop runs meanwhile. */
typedef struct {
  guint port;
  gconstpointer bytes;
  gsize length;
  guint seconds;
  GString *answer;
  gboolean closed;
  gboolean done;
} Peer;

static gpointer
peer_thread (gpointer data)
{
  Peer *peer = data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", (guint16)peer->port, NULL, NULL);
  gint64 until = g_get_monotonic_time () + peer->seconds * G_USEC_PER_SEC;
  GInputStream *input;
  GSocket *socket;

  if (connection == NULL) {
    peer->closed = TRUE;
    g_atomic_int_set (&peer->done, TRUE);
    g_main_context_wakeup (NULL);
    return NULL;
  }
  socket = g_socket_connection_get_socket (connection);
  g_socket_set_timeout (socket, 1);
  input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), peer->bytes,
                             peer->length, NULL, NULL, NULL);
  while (g_get_monotonic_time () < until && !peer->closed) {
    g_autoptr (GError) error = NULL;
    char buffer[4096];
    gssize n = g_input_stream_read (input, buffer, sizeof buffer, NULL, &error);

    if (n > 0) {
      g_string_append_len (peer->answer, buffer, n);
    }
    peer->closed = n == 0 || (n < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
  }
  g_atomic_int_set (&peer->done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

char *
house_raw (House *self, gconstpointer bytes, gsize length, guint seconds, gboolean *closed)
{
  Peer peer = { .port = self->port, .bytes = bytes, .length = length, .seconds = seconds };
  GThread *thread;

  peer.answer = g_string_new (NULL);
  thread = g_thread_new ("peer", peer_thread, &peer);
  while (!g_atomic_int_get (&peer.done)) {
    g_main_context_iteration (NULL, TRUE);
  }
  g_thread_join (thread);
  if (closed != NULL) {
    *closed = peer.closed;
  }
  return g_string_free (peer.answer, FALSE);
}

void
house_desk_open (HouseDesk *desk, House *house, const char *user_name, const char *user_id)
{
  g_autoptr (Answer) first = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonNode *heads;

  desk->house = house;
  world_id (desk->device);
  house_set_password (house, user_id);
  desk->token = house_sign_in (house, user_name, desk->device);
  first = house_pull (house, desk->token, desk->device, NULL, 0);
  g_assert_cmpuint (first->status, ==, 200);
  node = json_from_string (first->body, NULL);
  heads = json_object_get_member (json_node_get_object (node), "heads");
  desk->cursors = json_to_string (heads, FALSE);
}

void
house_desk_close (HouseDesk *desk)
{
  g_free (desk->token);
  g_free (desk->cursors);
}

void
house_assert_serves (House *self)
{
  g_autoptr (Answer) answer = house_ask (self, "GET", "/healthz", NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
}

gint64
house_resident_kib (void)
{
  g_autofree char *text = NULL;
  long kib = 0;

  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  g_assert_cmpint (sscanf (strstr (text, "VmRSS:"), "VmRSS: %ld", &kib), ==, 1);
  return kib;
}
