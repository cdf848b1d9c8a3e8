/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-soup-transport.h"

#include <libsoup/soup.h>
#include <sodium.h>

#include "fyr-config.h"
#include "fyr-soup-live.h"
#include "fyr-sync-keys.h"
#include "fyr-wire-gzip.h"
#include "fyr-wire-proof.h"

#define READ_SIZE (64 * 1024)
#define SOCKET_TIMEOUT 45     /* s without a byte; the long poll is silent for 25 */
#define CONNECT_PATIENCE 3000 /* ms until a line that does not even connect counts as none */
#define LIVE_PROTOCOL "fyrlykt.1"
#define SIGN_IN_PATH "/auth/v1/sign-in"

struct _FyrSoupTransport {
  GObject parent_instance;
  SoupSession *session;
  FyrSyncKeys *keys;
  char *address;     /* without the last slash */
  gboolean packs;    /* the server takes compressed bodies */
  gboolean doubtful; /* the last request failed: connections kept open may be dead without saying so */
};

static void
fyr_soup_transport_iface_init (FyrSyncTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrSoupTransport,
                               fyr_soup_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FYR_TYPE_SYNC_TRANSPORT, fyr_soup_transport_iface_init))

typedef struct {
  FyrSoupTransport *transport;
  char *path;
  GBytes *body;   /* (nullable) */
  GBytes *packed; /* (nullable): sent for it */
  char *token;    /* (nullable) */
  guint tries;    /* of a proof that the server did not take */
  SoupMessage *message;
  GByteArray *bytes;
  GCancellable *inner; /* cancelled with the caller's, and when no connection comes about */
  GCancellable *outer; /* (nullable) */
  gulong outer_id;
  GSource *patience; /* (nullable) */
} Exchange;

static void
end_patience (Exchange *exchange)
{
  if (exchange->patience != NULL) {
    g_source_destroy (exchange->patience);
    g_clear_pointer (&exchange->patience, g_source_unref);
  }
}

static void
drop_message (Exchange *exchange)
{
  end_patience (exchange);
  if (exchange->message != NULL) {
    g_signal_handlers_disconnect_by_data (exchange->message, exchange);
    g_clear_object (&exchange->message);
  }
}

static void
exchange_free (Exchange *exchange)
{
  drop_message (exchange);
  if (exchange->outer != NULL) {
    g_cancellable_disconnect (exchange->outer, exchange->outer_id);
    g_object_unref (exchange->outer);
  }
  g_object_unref (exchange->inner);
  g_byte_array_unref (exchange->bytes);
  g_clear_pointer (&exchange->body, g_bytes_unref);
  g_clear_pointer (&exchange->packed, g_bytes_unref);
  if (exchange->token != NULL) {
    sodium_memzero (exchange->token, strlen (exchange->token));
  }
  g_free (exchange->token);
  g_free (exchange->path);
  g_free (exchange);
}

static void
read_next (GTask *task, GInputStream *stream);
static void
send_exchange (GTask *task);

static const char *
get_asked_nonce (Exchange *exchange)
{
  if (exchange->token == NULL || soup_message_get_status (exchange->message) != SOUP_STATUS_UNAUTHORIZED) {
    return NULL;
  }
  return soup_message_headers_get_one (soup_message_get_response_headers (exchange->message),
                                       FYR_WIRE_NONCE_HEADER);
}

/* Whether the server asks for a proof that we can give. */
static gboolean
is_asked_to_prove (Exchange *exchange)
{
  return fyr_sync_keys_take_nonce (exchange->transport->keys, exchange->token, get_asked_nonce (exchange));
}

/* Proves a request twice more at most, as another process may answer the first try. */
static gboolean
may_prove_again (Exchange *exchange)
{
  return exchange->tries++ < 2;
}

/* The session has not ended (PROTOCOL.md, "Bound tokens"): asked again later, not given up. */
static void
return_not_proved (GTask *task)
{
  g_task_return_new_error (task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK,
                           "The proof of the token was not taken");
}

/* Something on the way takes no compressed bodies: the same once more as it is, and all that follow. */
static gboolean
is_refused_packed (Exchange *exchange)
{
  if (exchange->packed == NULL ||
      soup_message_get_status (exchange->message) != SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE) {
    return FALSE;
  }
  exchange->transport->packs = FALSE;
  g_clear_pointer (&exchange->packed, g_bytes_unref);
  return TRUE;
}

/* Seconds, as RFC 9110 has it; a date is not used by our server. */
static gint64
get_retry_after (SoupMessage *message)
{
  const char *text =
      soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");
  gsize digits = text != NULL ? strspn (text, "0123456789") : 0;

  if (digits == 0 || text[digits] != '\0') {
    return 0;
  }
  return (gint64)MIN (g_ascii_strtoull (text, NULL, 10), 3600) * 1000;
}

static void
return_error (GTask *task, GError *error)
{
  gboolean cancelled = g_cancellable_is_cancelled (g_task_get_cancellable (task));

  FYR_SOUP_TRANSPORT (g_task_get_source_object (task))->doubtful = TRUE;
  if (cancelled && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_task_return_error (task, error);
    return;
  }
  g_task_return_new_error (task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK, "%s", error->message);
  g_error_free (error);
}

static void
finish_exchange (GTask *task, Exchange *exchange, GInputStream *stream)
{
  g_autoptr (GBytes) body = g_byte_array_free_to_bytes (g_steal_pointer (&exchange->bytes));

  exchange->bytes = g_byte_array_new ();
  FYR_SOUP_TRANSPORT (g_task_get_source_object (task))->doubtful = FALSE;
  /* Read to its end, so this does not wait: it gives the connection back for the next request. */
  g_input_stream_close (stream, NULL, NULL);
  if (is_asked_to_prove (exchange)) {
    if (may_prove_again (exchange)) {
      send_exchange (g_object_ref (task));
    } else {
      return_not_proved (task);
    }
    return;
  }
  if (is_refused_packed (exchange)) {
    send_exchange (g_object_ref (task));
    return;
  }
  g_task_return_pointer (task,
                         fyr_sync_answer_new (soup_message_get_status (exchange->message), body,
                                              get_retry_after (exchange->message)),
                         (GDestroyNotify)fyr_sync_answer_free);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GInputStream *stream = G_INPUT_STREAM (source);
  g_autoptr (GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  g_autoptr (GBytes) piece = NULL;
  GError *error = NULL;

  piece = g_input_stream_read_bytes_finish (stream, result, &error);
  if (piece == NULL) {
    return_error (task, error);
    return;
  }
  if (g_bytes_get_size (piece) == 0) {
    finish_exchange (task, exchange, stream);
    return;
  }
  if (exchange->bytes->len + g_bytes_get_size (piece) > FYR_SOUP_TRANSPORT_MAX_ANSWER) {
    g_task_return_new_error (task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_TOO_LARGE, "The answer is too large");
    return;
  }
  g_byte_array_append (exchange->bytes, g_bytes_get_data (piece, NULL), (guint)g_bytes_get_size (piece));
  read_next (g_steal_pointer (&task), stream);
}

static void
read_next (GTask *task, GInputStream *stream)
{
  Exchange *exchange = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (stream, READ_SIZE, G_PRIORITY_DEFAULT, exchange->inner, on_read, task);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GInputStream) stream = NULL;
  GError *error = NULL;

  stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (stream == NULL) {
    return_error (task, error);
    return;
  }
  read_next (g_steal_pointer (&task), stream);
}

static void
add_proof (Exchange *exchange, SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  FyrSyncKeys *keys = exchange->transport->keys;
  g_autofree char *proof = NULL;

  if (exchange->token == NULL) {
    /* A session of its own key for each sign-in. */
    if (g_str_equal (exchange->path, SIGN_IN_PATH)) {
      soup_message_headers_replace (headers, FYR_WIRE_KEY_HEADER, fyr_sync_keys_make (keys));
    }
    return;
  }
  proof = fyr_sync_keys_prove (keys, exchange->token, soup_message_get_method (message), exchange->path,
                               exchange->packed != NULL ? exchange->packed : exchange->body);
  if (proof != NULL) {
    soup_message_headers_replace (headers, FYR_WIRE_PROOF_HEADER, proof);
  }
}

static SoupMessage *
make_message (Exchange *exchange)
{
  const char *token = exchange->token;
  g_autofree char *address = g_strconcat (exchange->transport->address, exchange->path, NULL);
  SoupMessage *message = soup_message_new (exchange->body != NULL ? "POST" : "GET", address);

  if (message == NULL) {
    return NULL;
  }
  /* All of the protocol may be said twice (PROTOCOL.md); only so does a POST go over a connection kept open. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE |
                                       SOUP_MESSAGE_IDEMPOTENT);
  if (token != NULL) {
    g_autofree char *header = g_strconcat ("Bearer ", token, NULL);

    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", header);
  }
  if (exchange->packed != NULL) {
    soup_message_set_request_body_from_bytes (message, "application/json", exchange->packed);
    soup_message_headers_replace (soup_message_get_request_headers (message), "Content-Encoding", "gzip");
  } else if (exchange->body != NULL) {
    soup_message_set_request_body_from_bytes (message, "application/json", exchange->body);
  }
  if (exchange->transport->doubtful) {
    soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
  }
  add_proof (exchange, message);
  return message;
}

static void
on_outer_cancelled (GCancellable *outer, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static gboolean
on_patience_ended (gpointer user_data)
{
  Exchange *exchange = user_data;

  end_patience (exchange);
  g_cancellable_cancel (exchange->inner);
  return G_SOURCE_REMOVE;
}

/* Where packets are dropped a connection would be tried for minutes, with longer and longer pauses. */
static void
on_network_event (SoupMessage *message, GSocketClientEvent event, GIOStream *stream, gpointer user_data)
{
  Exchange *exchange = user_data;

  if (event == G_SOCKET_CLIENT_CONNECTED) {
    end_patience (exchange);
  } else if (event == G_SOCKET_CLIENT_CONNECTING && exchange->patience == NULL) {
    exchange->patience = g_timeout_source_new (CONNECT_PATIENCE);
    g_source_set_callback (exchange->patience, on_patience_ended, exchange, NULL);
    g_source_attach (exchange->patience, g_main_context_get_thread_default ());
  }
}

/* What has many words: a push or what a witness offers. */
static gboolean
is_worth_packing (FyrSoupTransport *self, const char *path, GBytes *body)
{
  return self->packs && body != NULL && g_bytes_get_size (body) >= FYR_GZIP_FROM &&
         (g_str_equal (path, "/sync/v1/push") || g_str_equal (path, "/sync/v1/witness"));
}

static Exchange *
exchange_new (
    FyrSoupTransport *self, const char *path, GBytes *body, const char *token, GCancellable *cancellable)
{
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->transport = self;
  exchange->path = g_strdup (path);
  exchange->body = body != NULL ? g_bytes_ref (body) : NULL;
  exchange->packed = is_worth_packing (self, path, body) ? fyr_gzip_deflate (body) : NULL;
  exchange->token = g_strdup (token);
  exchange->bytes = g_byte_array_new ();
  exchange->inner = g_cancellable_new ();
  if (cancellable != NULL) {
    exchange->outer = g_object_ref (cancellable);
    exchange->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (on_outer_cancelled),
                                                g_object_ref (exchange->inner), g_object_unref);
  }
  return exchange;
}

/* The message to be sent, a new one at each try; FALSE: the task has its error. */
static gboolean
prepare_message (GTask *task, Exchange *exchange)
{
  drop_message (exchange);
  g_byte_array_set_size (exchange->bytes, 0);
  exchange->message = make_message (exchange);
  if (exchange->message == NULL) {
    g_task_return_new_error (task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_MALFORMED, "No such address");
    return FALSE;
  }
  return TRUE;
}

/* Takes the reference on the task. */
static void
send_exchange (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);

  if (!prepare_message (task, exchange)) {
    g_object_unref (task);
    return;
  }
  g_signal_connect (exchange->message, "network-event", G_CALLBACK (on_network_event), exchange);
  soup_session_send_async (exchange->transport->session, exchange->message, G_PRIORITY_DEFAULT,
                           exchange->inner, on_sent, task);
}

static void
exchange_async (FyrSyncTransport *transport,
                const char *path,
                GBytes *body,
                const char *token,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  FyrSoupTransport *self = FYR_SOUP_TRANSPORT (transport);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, exchange_async);
  g_task_set_task_data (task, exchange_new (self, path, body, token, cancellable),
                        (GDestroyNotify)exchange_free);
  send_exchange (task);
}

static FyrSyncAnswer *
exchange_finish (FyrSyncTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
connect_live (GTask *task);

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  g_autoptr (SoupWebsocketConnection) connection = NULL;
  GError *error = NULL;

  connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  if (connection != NULL) {
    g_task_return_pointer (task, fyr_soup_live_new (connection), g_object_unref);
    return;
  }
  if (is_asked_to_prove (exchange)) {
    g_error_free (error);
    if (may_prove_again (exchange)) {
      connect_live (g_steal_pointer (&task));
    } else {
      return_not_proved (task);
    }
    return;
  }
  if (soup_message_get_status (exchange->message) == SOUP_STATUS_UNAUTHORIZED) {
    g_error_free (error);
    g_task_return_new_error (task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_UNAUTHENTICATED, "The session has ended");
    return;
  }
  return_error (task, error);
}

/* Takes the reference on the task. */
static void
connect_live (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  char *protocols[] = { (char *)LIVE_PROTOCOL, NULL };

  if (!prepare_message (task, exchange)) {
    g_object_unref (task);
    return;
  }
  soup_session_websocket_connect_async (exchange->transport->session, exchange->message, NULL, protocols,
                                        G_PRIORITY_HIGH, exchange->inner, on_connected, task);
}

static void
open_live_async (FyrSyncTransport *transport,
                 const char *token,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  FyrSoupTransport *self = FYR_SOUP_TRANSPORT (transport);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, open_live_async);
  g_task_set_task_data (task, exchange_new (self, "/sync/v1/live", NULL, token, cancellable),
                        (GDestroyNotify)exchange_free);
  connect_live (task);
}

static FyrSyncLive *
open_live_finish (FyrSyncTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static const char *
get_address (FyrSyncTransport *transport)
{
  return FYR_SOUP_TRANSPORT (transport)->address;
}

static void
set_packs (FyrSyncTransport *transport, gboolean packs)
{
  FYR_SOUP_TRANSPORT (transport)->packs = packs;
}

static void
fyr_soup_transport_iface_init (FyrSyncTransportInterface *iface)
{
  iface->exchange_async = exchange_async;
  iface->exchange_finish = exchange_finish;
  iface->open_live_async = open_live_async;
  iface->open_live_finish = open_live_finish;
  iface->get_address = get_address;
  iface->set_packs = set_packs;
}

static void
fyr_soup_transport_finalize (GObject *object)
{
  FyrSoupTransport *self = FYR_SOUP_TRANSPORT (object);

  if (self->session != NULL) {
    soup_session_abort (self->session);
  }
  g_clear_object (&self->session);
  fyr_sync_keys_free (self->keys);
  g_free (self->address);
  G_OBJECT_CLASS (fyr_soup_transport_parent_class)->finalize (object);
}

static void
fyr_soup_transport_class_init (FyrSoupTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_soup_transport_finalize;
}

static void
fyr_soup_transport_init (FyrSoupTransport *self)
{
  self->keys = fyr_sync_keys_new ();
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL) {
    return g_inet_address_get_is_loopback (address);
  }
  return g_ascii_strcasecmp (host, "localhost") == 0;
}

static gboolean
check_address (const char *address, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  const char *path;

  if (uri == NULL || g_uri_get_host (uri) == NULL || g_uri_get_host (uri)[0] == '\0') {
    g_set_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_MALFORMED, "This is no address of a server");
    return FALSE;
  }
  path = g_uri_get_path (uri);
  if (g_uri_get_query (uri) != NULL || g_uri_get_userinfo (uri) != NULL ||
      (path[0] != '\0' && strcmp (path, "/") != 0)) {
    g_set_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_MALFORMED, "Only https://host:port can be used");
    return FALSE;
  }
  if (strcmp (g_uri_get_scheme (uri), "https") == 0 ||
      (strcmp (g_uri_get_scheme (uri), "http") == 0 && is_loopback (g_uri_get_host (uri)))) {
    return TRUE;
  }
  g_set_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_INSECURE, "The server must be reached by https");
  return FALSE;
}

FyrSoupTransport *
fyr_soup_transport_new (const char *address, GError **error)
{
  FyrSoupTransport *self;

  g_return_val_if_fail (address != NULL, NULL);
  if (!check_address (address, error)) {
    return NULL;
  }
  self = g_object_new (FYR_TYPE_SOUP_TRANSPORT, NULL);
  self->address =
      g_str_has_suffix (address, "/") ? g_strndup (address, strlen (address) - 1) : g_strdup (address);
  self->session = soup_session_new_with_options ("user-agent", "fyrlykt/" FYR_VERSION, "timeout",
                                                 SOCKET_TIMEOUT, "idle-timeout", 60, "max-conns", 6,
                                                 "max-conns-per-host", 6, "proxy-resolver", NULL, NULL);
  return self;
}
