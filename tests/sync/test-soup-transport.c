/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transport against servers that behave well and badly, on loopback. */
#include <gio/gio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "fyr-await.h"
#include "fyr-proof.h"
#include "fyr-soup-transport.h"
#include "fyr-wire-gzip.h"

typedef struct {
  SoupServer *server;
  FyrSoupTransport *transport;
  char *address;
  guint hits;
  guint port; /* of the client's connection seen last */
  guint connections;
  char *seen_token;
  char *seen_agent;
  char *seen_encoding;
  char *seen_body;
  char *seen_type;
  SoupWebsocketConnection *socket;
  FyrProofs *proofs; /* the server's own judge */
  gboolean takes_no_proof;
  char *seen_key;
  char *seen_proof;
  gsize seen_length;
  gboolean refuses_packed;
  const char *retry_after; /* (nullable): "7" */
} Fixture;

static void
remember (char **slot, const char *value)
{
  g_free (*slot);
  *slot = g_strdup (value);
}

static void
on_echo (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  Fixture *f = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  GInetSocketAddress *peer = G_INET_SOCKET_ADDRESS (soup_server_message_get_remote_address (message));

  f->hits++;
  f->connections += g_inet_socket_address_get_port (peer) != f->port;
  f->port = g_inet_socket_address_get_port (peer);
  remember (&f->seen_token, soup_message_headers_get_one (headers, "Authorization"));
  remember (&f->seen_agent, soup_message_headers_get_one (headers, "User-Agent"));
  remember (&f->seen_encoding, soup_message_headers_get_one (headers, "Accept-Encoding"));
  remember (&f->seen_type, soup_message_headers_get_one (headers, "Content-Type"));
  g_free (f->seen_body);
  f->seen_body = g_strndup (body->data != NULL ? body->data : "", (gsize)body->length);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
  soup_server_message_set_status (message, 200, NULL);
}

static void
on_sign_in (
    SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  Fixture *f = data;

  remember (&f->seen_key, soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                        FYR_WIRE_KEY_HEADER));
  soup_server_message_set_status (message, 200, NULL);
}

/* As our server has it: 401 with a nonce without a good proof. */
static void
on_proved (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  Fixture *f = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  const char *token = soup_message_headers_get_one (headers, "Authorization") + 7;
  const char *proof = soup_message_headers_get_one (headers, FYR_WIRE_PROOF_HEADER);
  char nonce[FYR_WIRE_NONCE_SIZE + 1];

  f->hits++;
  remember (&f->seen_proof, proof);
  if (!f->takes_no_proof &&
      fyr_proofs_check (f->proofs, token, proof, soup_server_message_get_method (message), path, body->data,
                        (gsize)body->length)) {
    soup_server_message_set_status (message, 200, NULL);
    return;
  }
  fyr_proofs_write_nonce (f->proofs, token, nonce);
  soup_message_headers_append (soup_server_message_get_response_headers (message), FYR_WIRE_NONCE_HEADER,
                               nonce);
  soup_server_message_set_status (message, 401, NULL);
}

static void
on_gzip (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, G_CONVERTER (compressor));
  g_autofree char *text = g_strnfill (100000, 'a');
  g_autoptr (GBytes) bytes = NULL;

  g_output_stream_write_all (stream, text, 100000, NULL, NULL, NULL);
  g_output_stream_close (stream, NULL, NULL);
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  soup_message_headers_append (soup_server_message_get_response_headers (message), "Content-Encoding",
                               "gzip");
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY,
                                    g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  soup_server_message_set_status (message, 200, NULL);
}

/* A hostile server: some 70 KB that become 64 MiB. */
static void
on_bomb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  g_autoptr (GBytes) plain = g_bytes_new_take (g_strnfill (64 * 1024 * 1024, 'a'), 64 * 1024 * 1024);
  g_autoptr (GBytes) bytes = fyr_gzip_deflate (plain);

  soup_message_headers_append (soup_server_message_get_response_headers (message), "Content-Encoding",
                               "gzip");
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY,
                                    g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  soup_server_message_set_status (message, 200, NULL);
}

/* As our server has it; with "refuses" as something on the way that takes no compressed bodies. */
static void
on_push (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  Fixture *f = data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  const char *encoding =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Content-Encoding");
  g_autoptr (GBytes) sent = g_bytes_new (body->data, (gsize)body->length);
  g_autoptr (GBytes) plain =
      encoding != NULL ? fyr_gzip_inflate (sent, 1024 * 1024, NULL) : g_bytes_ref (sent);

  f->hits++;
  remember (&f->seen_encoding, encoding);
  f->seen_length = g_bytes_get_size (sent);
  if (encoding != NULL && f->refuses_packed) {
    soup_server_message_set_status (message, 415, NULL);
    return;
  }
  g_assert_nonnull (plain);
  g_free (f->seen_body);
  f->seen_body = g_strndup (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
  soup_server_message_set_status (message, 200, NULL);
}

static void
on_busy (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  Fixture *f = data;

  soup_message_headers_append (soup_server_message_get_response_headers (message), "Retry-After",
                               f->retry_after != NULL ? f->retry_after : "7");
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{\"error\":1}", 11);
  soup_server_message_set_status (message, 503, NULL);
}

static void
on_redirect (
    SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  soup_server_message_set_redirect (message, 302, "/echo");
}

static void
on_cookie (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  Fixture *f = data;

  remember (&f->seen_token,
            soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Cookie"));
  soup_message_headers_append (soup_server_message_get_response_headers (message), "Set-Cookie",
                               "a=b; Path=/");
  soup_server_message_set_status (message, 200, NULL);
}

static void
on_huge (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  static char block[1024 * 1024];
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  memset (block, 'a', sizeof block);
  for (guint i = 0; i < 18; i++) {
    soup_message_body_append (body, SOUP_MEMORY_STATIC, block, sizeof block);
  }
  soup_server_message_set_status (message, 200, NULL);
}

static void
on_cut (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  GIOStream *stream = soup_server_message_steal_connection (message);
  const char half[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":";

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), half, sizeof half - 1, NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
  g_object_unref (stream);
}

static void
on_hang (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  soup_server_message_pause (message);
}

static void
on_socket (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           SoupWebsocketConnection *connection,
           gpointer data)
{
  Fixture *f = data;

  remember (&f->seen_token, soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                          "Authorization"));
  g_set_object (&f->socket, connection);
}

static void
on_no_socket (
    SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  soup_server_message_set_status (message, 401, NULL);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  char *protocols[] = { (char *)"fyrlykt.1", NULL };
  GSList *uris;
  g_autoptr (GError) error = NULL;

  f->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (f->server, "/echo", on_echo, f, NULL);
  soup_server_add_handler (f->server, "/auth/v1/sign-in", on_sign_in, f, NULL);
  soup_server_add_handler (f->server, "/proved", on_proved, f, NULL);
  f->proofs = fyr_proofs_new (100);
  soup_server_add_handler (f->server, "/gzip", on_gzip, f, NULL);
  soup_server_add_handler (f->server, "/bomb", on_bomb, f, NULL);
  soup_server_add_handler (f->server, "/sync/v1/push", on_push, f, NULL);
  soup_server_add_handler (f->server, "/busy", on_busy, f, NULL);
  soup_server_add_handler (f->server, "/redirect", on_redirect, f, NULL);
  soup_server_add_handler (f->server, "/cookie", on_cookie, f, NULL);
  soup_server_add_handler (f->server, "/huge", on_huge, f, NULL);
  soup_server_add_handler (f->server, "/cut", on_cut, f, NULL);
  soup_server_add_handler (f->server, "/hang", on_hang, f, NULL);
  if (data == NULL) {
    soup_server_add_websocket_handler (f->server, "/sync/v1/live", NULL, protocols, on_socket, f, NULL);
  } else {
    soup_server_add_handler (f->server, "/sync/v1/live", on_no_socket, f, NULL);
  }
  soup_server_listen_local (f->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (f->server);
  f->address = g_strdup_printf ("http://127.0.0.1:%d/", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  f->transport = fyr_soup_transport_new (f->address, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->socket);
  g_clear_object (&f->transport);
  soup_server_disconnect (f->server);
  g_clear_object (&f->server);
  while (g_main_context_iteration (NULL, FALSE)) {
  }
  g_free (f->address);
  g_free (f->seen_token);
  g_free (f->seen_agent);
  g_free (f->seen_encoding);
  g_free (f->seen_body);
  g_free (f->seen_type);
  g_free (f->seen_key);
  g_free (f->seen_proof);
  fyr_proofs_free (f->proofs);
}

static FyrSyncAnswer *
ask (Fixture *f, const char *path, const char *body, const char *token, GError **error)
{
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fyr_sync_transport_exchange_async (FYR_SYNC_TRANSPORT (f->transport), path, bytes, token, NULL,
                                     fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  return fyr_sync_transport_exchange_finish (FYR_SYNC_TRANSPORT (f->transport), result, error);
}

static void
test_request (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSyncAnswer) answer = ask (f, "/echo", "{\"a\":1}", "hemmelig", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (f->seen_token, ==, "Bearer hemmelig");
  g_assert_cmpstr (f->seen_body, ==, "{\"a\":1}");
  g_assert_cmpstr (f->seen_type, ==, "application/json");
  g_assert_true (g_str_has_prefix (f->seen_agent, "fyrlykt/"));
  g_assert_nonnull (strstr (f->seen_encoding, "gzip"));
  g_assert_true (
      g_str_has_prefix (f->address, fyr_sync_transport_get_address (FYR_SYNC_TRANSPORT (f->transport))));
}

/* (transfer full): a token as the server makes one for the key of this sign-in. */
static char *
sign_in (Fixture *f)
{
  g_autoptr (FyrSyncAnswer) answer = ask (f, "/auth/v1/sign-in", "{}", NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_true (fyr_wire_key_is_valid (f->seen_key));
  return g_strconcat ("random-token.", f->seen_key, NULL);
}

static guint
ask_proved (Fixture *f, const char *token)
{
  g_autoptr (FyrSyncAnswer) answer = ask (f, "/proved", "{\"a\":1}", token, NULL);

  return answer->status;
}

static void
test_tokens_are_proved (Fixture *f, gconstpointer data)
{
  g_autofree char *token = sign_in (f);
  g_autofree char *before = NULL;

  /* The first is asked for its nonce; from then on each goes through at once, each with another proof. */
  g_assert_cmpuint (ask_proved (f, token), ==, 200);
  g_assert_cmpuint (f->hits, ==, 2);
  for (guint i = 0; i < 10; i++) {
    g_free (before);
    before = g_strdup (f->seen_proof);
    g_assert_cmpuint (ask_proved (f, token), ==, 200);
    g_assert_cmpstr (before, !=, f->seen_proof);
  }
  g_assert_cmpuint (f->hits, ==, 12);
}

static void
test_a_restarted_server_is_proved_to_anew (Fixture *f, gconstpointer data)
{
  g_autofree char *token = sign_in (f);

  g_assert_cmpuint (ask_proved (f, token), ==, 200);
  fyr_proofs_free (f->proofs);
  f->proofs = fyr_proofs_new (100);
  g_assert_cmpuint (ask_proved (f, token), ==, 200);
  g_assert_cmpuint (f->hits, ==, 4);
}

/* A balancer moves a workstation to another process and back: the first has seen the low numbers. */
static void
test_a_process_met_again_is_proved_to (Fixture *f, gconstpointer data)
{
  g_autofree char *token = sign_in (f);
  FyrProofs *other = fyr_proofs_new (100);

  for (guint turn = 0; turn < 4; turn++) {
    FyrProofs *left = f->proofs;

    for (guint i = 0; i < 20; i++) {
      g_assert_cmpuint (ask_proved (f, token), ==, 200);
    }
    f->proofs = other;
    other = left;
  }
  fyr_proofs_free (other);
}

static void
test_a_proof_not_taken_does_not_end_the_session (Fixture *f, gconstpointer data)
{
  g_autofree char *token = sign_in (f);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSyncAnswer) answer = NULL;

  f->takes_no_proof = TRUE;
  answer = ask (f, "/proved", "{}", token, &error);
  g_assert_null (answer);
  g_assert_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK);
  g_assert_cmpuint (f->hits, ==, 3);
}

static void
test_each_sign_in_has_a_key_of_its_own (Fixture *f, gconstpointer data)
{
  g_autofree char *first = sign_in (f);
  g_autofree char *second = sign_in (f);

  g_assert_cmpstr (first, !=, second);
  /* While a session is renewed the old one goes on. */
  g_assert_cmpuint (ask_proved (f, second), ==, 200);
  g_assert_cmpuint (ask_proved (f, first), ==, 200);
  g_assert_cmpuint (ask_proved (f, second), ==, 200);
}

static void
test_keys_of_long_ago_are_forgotten (Fixture *f, gconstpointer data)
{
  g_autofree char *first = sign_in (f);

  for (guint i = 0; i < 4; i++) {
    g_autofree char *later = sign_in (f);
    g_assert_cmpuint (ask_proved (f, later), ==, 200);
  }
  g_assert_cmpuint (ask_proved (f, first), ==, 401);
}

static void
test_another_machines_token_is_not_proved (Fixture *f, gconstpointer data)
{
  g_autofree char *token = sign_in (f);
  g_autoptr (FyrSoupTransport) thief = fyr_soup_transport_new (f->address, NULL);
  g_autoptr (FyrSoupTransport) owner = g_steal_pointer (&f->transport);

  f->transport = g_steal_pointer (&thief);
  g_assert_cmpuint (ask_proved (f, token), ==, 401);
  g_assert_null (f->seen_proof);
  g_assert_cmpuint (f->hits, ==, 1);
}

static void
test_connection_is_kept (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 20; i++) {
    g_autoptr (FyrSyncAnswer) answer = ask (f, "/echo", "{}", NULL, NULL);

    g_assert_cmpuint (answer->status, ==, 200);
  }
  g_assert_cmpuint (f->hits, ==, 20);
  g_assert_cmpuint (f->connections, ==, 1);
}

static void
test_no_token (Fixture *f, gconstpointer data)
{
  g_autoptr (FyrSyncAnswer) answer = ask (f, "/echo", "{}", NULL, NULL);

  g_assert_nonnull (answer);
  g_assert_null (f->seen_token);
}

static void
test_gzip (Fixture *f, gconstpointer data)
{
  g_autoptr (FyrSyncAnswer) answer = ask (f, "/gzip", "{}", NULL, NULL);

  g_assert_cmpuint (g_bytes_get_size (answer->body), ==, 100000);
}

static void
test_bomb (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSyncAnswer) answer = ask (f, "/bomb", "{}", NULL, &error);

  g_assert_null (answer);
  g_assert_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_TOO_LARGE);
}

/* Only where the server said that it takes them, and only what is worth it. */
static void
test_large_pushes_are_packed (Fixture *f, gconstpointer data)
{
  g_autofree char *text = g_strnfill (50000, 'a');
  g_autofree char *few = g_strnfill (1000, 'a');
  g_autoptr (FyrSyncAnswer) before = ask (f, "/sync/v1/push", text, NULL, NULL);
  g_autoptr (FyrSyncAnswer) packed = NULL;
  g_autoptr (FyrSyncAnswer) small = NULL;
  g_autoptr (FyrSyncAnswer) refused = NULL;

  g_assert_cmpuint (before->status, ==, 200);
  g_assert_null (f->seen_encoding);
  fyr_sync_transport_set_packs (FYR_SYNC_TRANSPORT (f->transport), TRUE);
  packed = ask (f, "/sync/v1/push", text, NULL, NULL);
  g_assert_cmpuint (packed->status, ==, 200);
  g_assert_cmpstr (f->seen_encoding, ==, "gzip");
  g_assert_cmpstr (f->seen_body, ==, text);
  g_assert_cmpuint (f->seen_length, <, 1000);
  small = ask (f, "/sync/v1/push", few, NULL, NULL);
  g_assert_null (f->seen_encoding);
  f->refuses_packed = TRUE;
  f->hits = 0;
  refused = ask (f, "/sync/v1/push", text, NULL, NULL);
  g_assert_cmpuint (refused->status, ==, 200);
  g_assert_null (f->seen_encoding);
  g_assert_cmpstr (f->seen_body, ==, text);
  g_assert_cmpuint (f->hits, ==, 2);
}

/* However long a hostile server wants to be left alone. */
static void
test_hostile_retry_after (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *said;
    gint64 taken;
  } cases[] = {
    { "-5", 0 },  { "0", 0 },          { "3", 3000 },
    { "x", 0 },   { "", 0 },           { "99999999999999999999999", 3600000 },
    { "1e9", 0 }, { "7200", 3600000 }, { "Wed, 21 Oct 2099 07:28:00 GMT", 0 },
    { "5;6", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FyrSyncAnswer) answer = NULL;

    f->retry_after = cases[i].said;
    answer = ask (f, "/busy", "{}", NULL, NULL);
    g_assert_cmpuint (answer->status, ==, 503);
    g_assert_cmpint (answer->retry_after, ==, cases[i].taken);
  }
}

static void
test_retry_after (Fixture *f, gconstpointer data)
{
  g_autoptr (FyrSyncAnswer) answer = ask (f, "/busy", "{}", NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 503);
  g_assert_cmpint (answer->retry_after, ==, 7000);
  g_assert_cmpuint (g_bytes_get_size (answer->body), ==, 11);
}

static void
test_redirect (Fixture *f, gconstpointer data)
{
  g_autoptr (FyrSyncAnswer) answer = ask (f, "/redirect", "{}", "hemmelig", NULL);

  g_assert_cmpuint (answer->status, ==, 302);
  g_assert_cmpuint (f->hits, ==, 0);
}

static void
test_cookies (Fixture *f, gconstpointer data)
{
  g_autoptr (FyrSyncAnswer) first = ask (f, "/cookie", "{}", NULL, NULL);
  g_autoptr (FyrSyncAnswer) second = ask (f, "/cookie", "{}", NULL, NULL);

  g_assert_nonnull (first);
  g_assert_nonnull (second);
  g_assert_null (f->seen_token);
}

static void
test_huge (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ask (f, "/huge", "{}", NULL, &error));
  g_assert_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_TOO_LARGE);
}

static void
test_cut (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ask (f, "/cut", "{}", NULL, &error));
  g_assert_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK);
}

static void
test_nobody_there (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  soup_server_disconnect (f->server);
  g_assert_null (ask (f, "/echo", "{}", NULL, &error));
  g_assert_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK);
}

/* A listener whose queue is full drops what knocks, as a firewall or a dead line does. */
static void
test_nothing_connects (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GPtrArray) knocking = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocket) deaf =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autofree char *address = NULL;
  gint64 started;

  g_socket_set_listen_backlog (deaf, 1);
  g_assert_true (g_socket_bind (deaf, any, FALSE, NULL) && g_socket_listen (deaf, NULL));
  bound = g_socket_get_local_address (deaf, NULL);
  for (guint i = 0; i < 8; i++) {
    GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

    g_socket_set_blocking (socket, FALSE);
    g_socket_connect (socket, bound, NULL, NULL);
    g_ptr_array_add (knocking, socket);
  }
  address =
      g_strdup_printf ("http://127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  g_set_object (&f->transport, NULL);
  f->transport = fyr_soup_transport_new (address, NULL);
  started = g_get_monotonic_time ();
  g_assert_null (ask (f, "/echo", "{}", NULL, &error));
  g_assert_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK);
  /* Given up long before the 20 s of an unanswered request, so that the next try finds the line whole again. */
  g_assert_cmpint (g_get_monotonic_time () - started, <, 10 * G_USEC_PER_SEC);
}

static gboolean
cancel_it (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_timeout_add (20, cancel_it, cancellable);
  fyr_sync_transport_exchange_async (FYR_SYNC_TRANSPORT (f->transport), "/hang", NULL, NULL, cancellable,
                                     fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  g_assert_null (fyr_sync_transport_exchange_finish (FYR_SYNC_TRANSPORT (f->transport), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static FyrSyncLive *
open_live (Fixture *f, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fyr_sync_transport_open_live_async (FYR_SYNC_TRANSPORT (f->transport), "hemmelig", NULL, fyr_test_got,
                                      &slot);
  result = fyr_test_wait (&slot);
  return fyr_sync_transport_open_live_finish (FYR_SYNC_TRANSPORT (f->transport), result, error);
}

typedef struct {
  GString *frames;
  guint closed;
  guint code;
} Heard;

static void
on_frame (FyrSyncLive *live, const char *text, gpointer data)
{
  g_string_append_printf (((Heard *)data)->frames, "%s;", text);
}

static void
on_closed (FyrSyncLive *live, guint code, gpointer data)
{
  ((Heard *)data)->closed++;
  ((Heard *)data)->code = code;
}

static void
listen_to (FyrSyncLive *live, Heard *heard)
{
  g_signal_connect (live, "frame", G_CALLBACK (on_frame), heard);
  g_signal_connect (live, "closed", G_CALLBACK (on_closed), heard);
}

static void
test_live (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSyncLive) live = open_live (f, &error);
  g_autoptr (GString) frames = g_string_new (NULL);
  Heard heard = { .frames = frames };

  g_assert_no_error (error);
  g_assert_cmpstr (f->seen_token, ==, "Bearer hemmelig");
  listen_to (live, &heard);
  soup_websocket_connection_send_text (f->socket, "{\"heads\":{}}");
  soup_websocket_connection_send_binary (f->socket, "xx", 2);
  soup_websocket_connection_send_text (f->socket, "to");
  while (frames->len < 16) {
    g_main_context_iteration (NULL, TRUE);
  }
  g_assert_cmpstr (frames->str, ==, "{\"heads\":{}};to;");
  soup_websocket_connection_close (f->socket, 4001, "over");
  while (heard.closed == 0) {
    g_main_context_iteration (NULL, TRUE);
  }
  g_assert_cmpuint (heard.code, ==, 4001);
}

static void
test_live_closed_by_us (Fixture *f, gconstpointer data)
{
  g_autoptr (FyrSyncLive) live = open_live (f, NULL);
  g_autoptr (GString) frames = g_string_new (NULL);
  Heard heard = { .frames = frames };

  g_assert_nonnull (live);
  listen_to (live, &heard);
  fyr_sync_live_close (live);
  while (soup_websocket_connection_get_state (f->socket) != SOUP_WEBSOCKET_STATE_CLOSED) {
    g_main_context_iteration (NULL, TRUE);
  }
  g_assert_cmpuint (heard.closed, ==, 0);
  g_assert_cmpuint (frames->len, ==, 0);
}

static void
test_live_breaks (Fixture *f, gconstpointer data)
{
  g_autoptr (FyrSyncLive) live = open_live (f, NULL);
  g_autoptr (GString) frames = g_string_new (NULL);
  Heard heard = { .frames = frames };

  g_assert_nonnull (live);
  listen_to (live, &heard);
  g_io_stream_close (soup_websocket_connection_get_io_stream (f->socket), NULL, NULL);
  while (heard.closed == 0) {
    g_main_context_iteration (NULL, TRUE);
  }
  g_assert_cmpuint (heard.closed, ==, 1);
  g_assert_cmpuint (heard.code, !=, 4001);
}

static void
test_live_too_long (Fixture *f, gconstpointer data)
{
  g_autoptr (FyrSyncLive) live = open_live (f, NULL);
  g_autoptr (GString) frames = g_string_new (NULL);
  g_autofree char *text = g_strnfill (3 * 1024 * 1024, 'a');
  Heard heard = { .frames = frames };

  g_assert_nonnull (live);
  listen_to (live, &heard);
  soup_websocket_connection_send_text (f->socket, text);
  while (heard.closed == 0) {
    g_main_context_iteration (NULL, TRUE);
  }
  g_assert_cmpuint (frames->len, ==, 0);
}

static void
test_live_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (open_live (f, &error));
  g_assert_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_UNAUTHENTICATED);
}

#define ADD(name, function, data)                                                                            \
  g_test_add ("/sync/transport/" name, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("sends body, bearer token, own agent, takes gzip", test_request, NULL);
  ADD ("tokens-are-proved", test_tokens_are_proved, NULL);
  ADD ("a-restarted-server-is-proved-to-anew", test_a_restarted_server_is_proved_to_anew, NULL);
  ADD ("each-sign-in-has-a-key-of-its-own", test_each_sign_in_has_a_key_of_its_own, NULL);
  ADD ("keys-of-long-ago-are-forgotten", test_keys_of_long_ago_are_forgotten, NULL);
  ADD ("a-process-met-again-is-proved-to", test_a_process_met_again_is_proved_to, NULL);
  ADD ("a-proof-not-taken-does-not-end-the-session", test_a_proof_not_taken_does_not_end_the_session, NULL);
  ADD ("another-machines-token-is-not-proved", test_another_machines_token_is_not_proved, NULL);
  ADD ("a connection serves many requests", test_connection_is_kept, NULL);
  ADD ("no token, no header", test_no_token, NULL);
  ADD ("compressed answers are unpacked", test_gzip, NULL);
  ADD ("an answer that grows without end is given up", test_bomb, NULL);
  ADD ("large pushes are compressed where that is taken", test_large_pushes_are_packed, NULL);
  ADD ("what a hostile server wants waited is bounded", test_hostile_retry_after, NULL);
  ADD ("a refusal keeps its body and Retry-After", test_retry_after, NULL);
  ADD ("redirects are not followed", test_redirect, NULL);
  ADD ("cookies are not kept", test_cookies, NULL);
  ADD ("an endless answer is cut", test_huge, NULL);
  ADD ("half an answer is no answer", test_cut, NULL);
  ADD ("nobody there is a network error", test_nobody_there, NULL);
  ADD ("a line that does not connect is given up in seconds", test_nothing_connects, NULL);
  ADD ("a request can be cancelled", test_cancel, NULL);
  ADD ("live frames and the close code come through", test_live, NULL);
  ADD ("a channel closed by us says nothing more", test_live_closed_by_us, NULL);
  ADD ("a broken channel is told once", test_live_breaks, NULL);
  ADD ("a frame beyond all bounds ends the channel", test_live_too_long, NULL);
  ADD ("live without a session is refused as such", test_live_refused, "refuse");
  return g_test_run ();
}
