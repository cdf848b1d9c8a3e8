/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-request-private.h"

#include <string.h>

#include "fyr-proof.h"
#include "fyr-server.h"

/* Writes that may wait for the disk; more would only make all of them late. */
#define MAX_PENDING_WRITES 1024
#define MAX_PENDING_READS 512

struct _FyrRequest {
  FyrServer *server;
  SoupServerMessage *message;
  char *path;
  GBytes *body;
  FyrReply *reply;
  /* What a proof has to name, once one was missing or wrong. */
  char nonce[FYR_WIRE_NONCE_SIZE + 1];
  gboolean gone;
  gulong finished_handler;
  gulong disconnected_handler;
  /* The job under way. */
  FyrRequestWriteFunc write;
  FyrRequestReadFunc read;
  gpointer data;
  GDestroyNotify free_data;
};

static void
on_gone (SoupServerMessage *message, gpointer user_data)
{
  FyrRequest *self = user_data;

  self->gone = TRUE;
}

FyrRequest *
fyr_request_new (FyrServer *server, SoupServerMessage *message, const char *path)
{
  FyrRequest *self = g_new0 (FyrRequest, 1);

  self->server = server;
  self->message = g_object_ref (message);
  self->path = g_strdup (path);
  self->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  self->reply = fyr_reply_new ();
  self->finished_handler = g_signal_connect (message, "finished", G_CALLBACK (on_gone), self);
  self->disconnected_handler = g_signal_connect (message, "disconnected", G_CALLBACK (on_gone), self);
  soup_server_message_pause (message);
  fyr_server_request_begun (server);
  return self;
}

SoupServerMessage *
fyr_request_get_message (FyrRequest *self)
{
  return self->message;
}

void
fyr_request_release (FyrRequest *self)
{
  g_signal_handler_disconnect (self->message, self->finished_handler);
  g_signal_handler_disconnect (self->message, self->disconnected_handler);
  if (self->free_data != NULL) {
    self->free_data (self->data);
  }
  fyr_server_request_over (self->server);
  g_object_unref (self->message);
  g_bytes_unref (self->body);
  fyr_reply_free (self->reply);
  g_free (self->path);
  g_free (self);
}

FyrServer *
fyr_request_get_server (FyrRequest *self)
{
  return self->server;
}

const char *
fyr_request_get_method (FyrRequest *self)
{
  return soup_server_message_get_method (self->message);
}

const char *
fyr_request_get_path (FyrRequest *self)
{
  return self->path;
}

const char *
fyr_request_get_body (FyrRequest *self, gsize *length)
{
  const char *bytes = g_bytes_get_data (self->body, length);

  return bytes != NULL ? bytes : "";
}

const char *
fyr_request_get_header (FyrRequest *self, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (self->message), name);
}

gboolean
fyr_request_get_token (FyrRequest *self, guint8 hash[FYR_TOKEN_HASH_BYTES])
{
  const char *authorization = fyr_request_get_header (self, "Authorization");
  const char *token;

  if (!fyr_token_hash_header (authorization, hash)) {
    return FALSE;
  }
  token = authorization + strlen ("Bearer ");
  if (fyr_proofs_check (fyr_server_get_proofs (self->server), token,
                        fyr_request_get_header (self, FYR_WIRE_PROOF_HEADER), fyr_request_get_method (self),
                        self->path, g_bytes_get_data (self->body, NULL), g_bytes_get_size (self->body))) {
    return TRUE;
  }
  fyr_proofs_write_nonce (fyr_server_get_proofs (self->server), token, self->nonce);
  memset (hash, 0, FYR_TOKEN_HASH_BYTES);
  return FALSE;
}

GBytes *
fyr_request_get_bytes (FyrRequest *self)
{
  return self->body;
}

void
fyr_request_set_bytes (FyrRequest *self, GBytes *body)
{
  g_bytes_ref (body);
  g_bytes_unref (self->body);
  self->body = body;
}

FyrReply *
fyr_request_get_reply (FyrRequest *self)
{
  return self->reply;
}

gboolean
fyr_request_is_gone (FyrRequest *self)
{
  return self->gone;
}

static void
write_headers (FyrRequest *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  FyrReply *reply = self->reply;

  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  if (reply->retry_after > 0) {
    g_autofree char *seconds = g_strdup_printf ("%u", reply->retry_after);
    soup_message_headers_replace (headers, "Retry-After", seconds);
  }
  if (reply->location != NULL) {
    soup_message_headers_replace (headers, "Location", reply->location);
  }
  if (reply->status == 401) {
    soup_message_headers_replace (headers, "WWW-Authenticate", "Bearer");
  }
  if (reply->status == 401 && self->nonce[0] != '\0') {
    soup_message_headers_replace (headers, FYR_WIRE_NONCE_HEADER, self->nonce);
  }
  if (reply->compressed != NULL) {
    soup_message_headers_replace (headers, "Content-Encoding", "gzip");
  }
}

void
fyr_request_finish (FyrRequest *self)
{
  FyrReply *reply = self->reply;
  g_autoptr (GBytes) body = NULL;

  if (!self->gone) {
    body = reply->compressed != NULL ? g_bytes_ref (reply->compressed)
                                     : g_string_free_to_bytes (g_steal_pointer (&reply->body));
    if (reply->body == NULL) {
      reply->body = g_string_new (NULL);
    }
    write_headers (self);
    soup_server_message_set_status (self->message, reply->status, NULL);
    if (g_bytes_get_size (body) > 0) {
      soup_message_headers_set_content_type (soup_server_message_get_response_headers (self->message),
                                             reply->content_type, NULL);
      soup_message_body_append_bytes (soup_server_message_get_response_body (self->message), body);
    }
    fyr_guard_answering (self->message);
    soup_server_message_unpause (self->message);
  }
  fyr_request_release (self);
}

static void
take_job (FyrRequest *self, gpointer data, GDestroyNotify free_data)
{
  self->data = data;
  self->free_data = free_data;
}

/* The longer the queue, the later it is worth asking again. */
static void
finish_busy (FyrRequest *self, guint pending)
{
  fyr_reply_fail (self->reply, 503, "busy", "Too much at once; try again");
  self->reply->retry_after = 1 + pending / 512;
  fyr_request_finish (self);
}

gboolean
fyr_request_refuse_busy (FyrRequest *self)
{
  guint pending = fyr_reader_get_pending (fyr_server_get_reader (self->server));

  if (pending < MAX_PENDING_READS) {
    return FALSE;
  }
  finish_busy (self, pending);
  return TRUE;
}

static void
on_done (gpointer data, const GError *error)
{
  FyrRequest *self = data;

  if (error != NULL) {
    fyr_reply_fail_with (self->reply, error);
  }
  fyr_request_finish (self);
}

static gboolean
run_write (FyrWriteContext *context, gpointer data, GError **error)
{
  FyrRequest *self = data;

  /* A job that met another process is run once more. */
  fyr_reply_reset (self->reply);
  return self->write (context, self->reply, self->data, error);
}

void
fyr_request_write (FyrRequest *self, FyrRequestWriteFunc func, gpointer data, GDestroyNotify free_data)
{
  FyrWriter *writer = fyr_server_get_writer (self->server);

  take_job (self, data, free_data);
  if (fyr_writer_get_pending (writer) >= MAX_PENDING_WRITES) {
    finish_busy (self, fyr_writer_get_pending (writer));
    return;
  }
  self->write = func;
  fyr_writer_submit (writer, run_write, self, on_done, NULL);
}

static gboolean
run_read (FyrConnection *connection, gpointer data, GError **error)
{
  FyrRequest *self = data;

  return self->read (connection, self->reply, self->data, error);
}

void
fyr_request_read (FyrRequest *self, FyrRequestReadFunc func, gpointer data, GDestroyNotify free_data)
{
  FyrReader *reader = fyr_server_get_reader (self->server);

  take_job (self, data, free_data);
  if (fyr_reader_get_pending (reader) >= MAX_PENDING_READS) {
    finish_busy (self, fyr_reader_get_pending (reader));
    return;
  }
  self->read = func;
  fyr_reader_submit (reader, run_read, self, on_done, NULL);
}
