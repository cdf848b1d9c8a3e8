/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-reply.h"

#include <gio/gio.h>

#include "fyr-db-error.h"
#include "fyr-server-error.h"
#include "fyr-wire-sign-in.h"

#define COMPRESS_FROM 4096

FyrReply *
fyr_reply_new (void)
{
  FyrReply *self = g_new0 (FyrReply, 1);

  self->status = 200;
  self->body = g_string_new (NULL);
  self->content_type = "application/json";
  return self;
}

void
fyr_reply_free (FyrReply *self)
{
  g_string_free (self->body, TRUE);
  g_free (self->location);
  g_clear_pointer (&self->compressed, g_bytes_unref);
  g_free (self);
}

void
fyr_reply_reset (FyrReply *self)
{
  self->status = 200;
  self->retry_after = 0;
  g_string_truncate (self->body, 0);
  g_clear_pointer (&self->location, g_free);
  g_clear_pointer (&self->compressed, g_bytes_unref);
}

void
fyr_reply_fail (FyrReply *self, guint status, const char *code, const char *text)
{
  self->status = status;
  g_string_truncate (self->body, 0);
  g_clear_pointer (&self->compressed, g_bytes_unref);
  fyr_wire_problem_write (code, text, NULL, 0, self->body);
}

void
fyr_reply_fail_unauthenticated (FyrReply *self)
{
  fyr_reply_fail (self, 401, "unauthenticated", "Sign in");
}

void
fyr_reply_fail_with (FyrReply *self, const GError *error)
{
  if (g_error_matches (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_BUSY) ||
      g_error_matches (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_CLOSED) ||
      g_error_matches (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_BROKEN) ||
      g_error_matches (error, FYR_DB_ERROR, FYR_DB_ERROR_BUSY) ||
      g_error_matches (error, FYR_DB_ERROR, FYR_DB_ERROR_IO)) {
    fyr_reply_fail (self, 503, "busy", "The server cannot save now; try again");
    self->retry_after = 2;
    return;
  }
  fyr_reply_fail (self, 500, "internal", "The server failed; nothing was changed");
}

void
fyr_reply_compress (FyrReply *self)
{
  g_autoptr (GZlibCompressor) compressor = NULL;
  g_autoptr (GInputStream) memory = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GOutputStream) out = NULL;

  if (self->body->len < COMPRESS_FROM) {
    return;
  }
  compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1);
  memory = g_memory_input_stream_new_from_data (self->body->str, (gssize)self->body->len, NULL);
  stream = g_converter_input_stream_new (memory, G_CONVERTER (compressor));
  out = g_memory_output_stream_new_resizable ();
  if (g_output_stream_splice (out, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL) >= 0) {
    self->compressed = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
  }
}
