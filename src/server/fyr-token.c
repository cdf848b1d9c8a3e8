/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-token.h"

#include <sodium.h>
#include <string.h>

#define TOKEN_BYTES 32
#define MAX_TOKEN_TEXT 200

char *
fyr_token_new (const char *key)
{
  guint8 bytes[TOKEN_BYTES];
  gsize size = sodium_base64_ENCODED_LEN (TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  char *text = g_malloc (size);

  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2base64 (text, size, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  sodium_memzero (bytes, sizeof bytes);
  if (key != NULL) {
    g_autofree char *random = text;
    text = g_strconcat (random, ".", key, NULL);
  }
  return text;
}

void
fyr_token_hash (const char *token, guint8 hash[FYR_TOKEN_HASH_BYTES])
{
  crypto_hash_sha256 (hash, (const guint8 *)token, strlen (token));
}

gboolean
fyr_token_hash_header (const char *header, guint8 hash[FYR_TOKEN_HASH_BYTES])
{
  const char *token;

  memset (hash, 0, FYR_TOKEN_HASH_BYTES);
  if (header == NULL || g_ascii_strncasecmp (header, "Bearer ", 7) != 0) {
    return FALSE;
  }
  token = header + 7;
  if (*token == '\0' || strlen (token) > MAX_TOKEN_TEXT) {
    return FALSE;
  }
  fyr_token_hash (token, hash);
  return TRUE;
}
