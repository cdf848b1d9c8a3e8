/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-wire-gzip.h"

#include <gio/gio.h>

#define PIECE (16 * 1024)
/* A short message of one letter may well shrink more. */
#define RATIO_FROM (64 * 1024)

GBytes *
fyr_gzip_deflate (GBytes *plain)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize length;
  const guint8 *bytes = g_bytes_get_data (plain, &length);
  GConverterResult result;

  do {
    guint8 piece[PIECE];
    gsize read = 0, written = 0;

    result = g_converter_convert (G_CONVERTER (compressor), bytes, length, piece, sizeof piece,
                                  G_CONVERTER_INPUT_AT_END, &read, &written, NULL);
    bytes += read;
    length -= read;
    g_byte_array_append (out, piece, (guint)written);
  } while (result == G_CONVERTER_CONVERTED);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
fail (GError **error, FyrWireErrorCode code, const char *problem)
{
  g_set_error (error, FYR_WIRE_ERROR, (int)code, "The compressed body %s", problem);
  return FALSE;
}

static gboolean
inflate (const guint8 *bytes, gsize length, gsize max, GByteArray *out, GError **error)
{
  g_autoptr (GZlibDecompressor) decompressor = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  const gsize sent = length;
  GConverterResult result;

  do {
    guint8 piece[PIECE];
    gsize read = 0, written = 0;

    result = g_converter_convert (G_CONVERTER (decompressor), bytes, length, piece, sizeof piece,
                                  G_CONVERTER_INPUT_AT_END, &read, &written, NULL);
    if (result == G_CONVERTER_ERROR) {
      return fail (error, FYR_WIRE_ERROR_MALFORMED, "is no gzip, or cut short");
    }
    bytes += read;
    length -= read;
    if (out->len + written > max ||
        (out->len + written > RATIO_FROM && (out->len + written) / sent > FYR_GZIP_MAX_RATIO)) {
      return fail (error, FYR_WIRE_ERROR_TOO_LARGE, "is too large");
    }
    g_byte_array_append (out, piece, (guint)written);
  } while (result != G_CONVERTER_FINISHED);
  return length == 0 || fail (error, FYR_WIRE_ERROR_MALFORMED, "goes on behind its end");
}

GBytes *
fyr_gzip_inflate (GBytes *packed, gsize max, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize length;
  const guint8 *bytes = g_bytes_get_data (packed, &length);

  if (length == 0) {
    fail (error, FYR_WIRE_ERROR_EMPTY, "is empty");
    return NULL;
  }
  return inflate (bytes, length, max, out, error) ? g_byte_array_free_to_bytes (g_steal_pointer (&out))
                                                  : NULL;
}
