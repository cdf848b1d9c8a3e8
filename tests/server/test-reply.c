/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "fyr-db-error.h"
#include "fyr-reply.h"
#include "fyr-server-error.h"

/* What a route answers when the server itself fails, and how large answers go. */

static void
assert_error (FyrReply *reply, guint status, const char *code)
{
  g_autoptr (JsonNode) node = json_from_string (reply->body->str, NULL);
  JsonObject *error;

  g_assert_cmpuint (reply->status, ==, status);
  g_assert_nonnull (node);
  error = json_object_get_object_member (json_node_get_object (node), "error");
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, code);
  g_assert_cmpuint (strlen (json_object_get_string_member (error, "text")), >, 0);
}

/* What passes is worth asking again, what is broken in the program is not; neither tells why. */
static void
test_what_passes_is_told_apart_from_what_does_not (void)
{
  const struct {
    GQuark domain;
    int code;
    guint status;
  } cases[] = {
    { FYR_SERVER_ERROR, FYR_SERVER_ERROR_BUSY, 503 },
    { FYR_SERVER_ERROR, FYR_SERVER_ERROR_CLOSED, 503 },
    { FYR_SERVER_ERROR, FYR_SERVER_ERROR_BROKEN, 503 },
    { FYR_DB_ERROR, FYR_DB_ERROR_BUSY, 503 },
    { FYR_DB_ERROR, FYR_DB_ERROR_IO, 503 },
    { FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT, 500 },
    { FYR_DB_ERROR, FYR_DB_ERROR_FAILED, 500 },
    { FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT, 500 },
    { FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, 500 },
    { G_IO_ERROR, G_IO_ERROR_FAILED, 500 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FyrReply) reply = fyr_reply_new ();
    g_autoptr (GError) error =
        g_error_new_literal (cases[i].domain, cases[i].code, "near Kari Nordmann 13116900216");

    g_string_append (reply->body, "{\"half\":\"an answer");
    fyr_reply_fail_with (reply, error);
    assert_error (reply, cases[i].status, cases[i].status == 503 ? "busy" : "internal");
    g_assert_true ((reply->retry_after > 0) == (cases[i].status == 503));
    g_assert_null (strstr (reply->body->str, "Nordmann"));
    g_assert_null (strstr (reply->body->str, "half"));
    g_assert_cmpstr (error->message, ==, "near Kari Nordmann 13116900216");
  }
}

static void
test_an_answer_can_be_begun_anew (void)
{
  g_autoptr (FyrReply) reply = fyr_reply_new ();

  fyr_reply_fail (reply, 409, "conflict", "Somebody \"else\"\nwas first");
  assert_error (reply, 409, "conflict");
  reply->retry_after = 9;
  reply->location = g_strdup ("/fhir/Observation/1");
  reply->compressed = g_bytes_new ("x", 1);
  fyr_reply_reset (reply);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (reply->body->len, ==, 0);
  g_assert_cmpuint (reply->retry_after, ==, 0);
  g_assert_null (reply->location);
  g_assert_null (reply->compressed);
  fyr_reply_fail_unauthenticated (reply);
  assert_error (reply, 401, "unauthenticated");
}

static GBytes *
unpack (GBytes *packed)
{
  g_autoptr (GZlibDecompressor) decompressor = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_bytes (packed);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, G_CONVERTER (decompressor));
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_output_stream_splice (out, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

/* Small answers go as they are; large ones come back from their packing byte for byte. */
static void
test_large_answers_are_packed_and_come_back_whole (void)
{
  const gsize sizes[] = { 0, 1, 4095, 4096, 100000, 3 << 20 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (FyrReply) reply = fyr_reply_new ();
    g_autoptr (GBytes) whole = NULL;
    gsize length;
    gconstpointer bytes;

    for (gsize j = 0; j < sizes[i]; j++) {
      g_string_append_c (reply->body, (char)('a' + (j * j / 7) % 26));
    }
    fyr_reply_compress (reply);
    g_assert_true ((reply->compressed != NULL) == (sizes[i] >= 4096));
    if (reply->compressed == NULL) {
      continue;
    }
    whole = unpack (reply->compressed);
    bytes = g_bytes_get_data (whole, &length);
    g_assert_cmpmem (bytes, length, reply->body->str, reply->body->len);
    g_assert_cmpuint (g_bytes_get_size (reply->compressed), <, reply->body->len);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/reply/" #name, test_##name)
  ADD (what_passes_is_told_apart_from_what_does_not);
  ADD (an_answer_can_be_begun_anew);
  ADD (large_answers_are_packed_and_come_back_whole);
  return g_test_run ();
}
