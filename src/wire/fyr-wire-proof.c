/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-wire-proof.h"

#include <string.h>

#define MAX_NUMBER (G_GUINT64_CONSTANT (1) << 53)

/* How many of the first characters are lower-case hex. */
static gsize
hex_length (const char *text)
{
  return strspn (text, "0123456789abcdef");
}

gboolean
fyr_wire_key_is_valid (const char *text)
{
  return text != NULL && strlen (text) == FYR_WIRE_KEY_SIZE && hex_length (text) == FYR_WIRE_KEY_SIZE;
}

const char *
fyr_wire_token_get_key (const char *token)
{
  const char *dot = strrchr (token, '.');

  return dot != NULL && fyr_wire_key_is_valid (dot + 1) ? dot + 1 : NULL;
}

gboolean
fyr_wire_proof_parse (const char *header, FyrWireProof *proof)
{
  g_auto (GStrv) parts = NULL;

  memset (proof, 0, sizeof *proof);
  if (header == NULL || strlen (header) > FYR_WIRE_NONCE_SIZE + FYR_WIRE_SIGNATURE_SIZE + 24) {
    return FALSE;
  }
  parts = g_strsplit (header, " ", 4);
  if (g_strv_length (parts) != 3 || strlen (parts[0]) != FYR_WIRE_NONCE_SIZE ||
      hex_length (parts[0]) != FYR_WIRE_NONCE_SIZE || strlen (parts[2]) != FYR_WIRE_SIGNATURE_SIZE ||
      hex_length (parts[2]) != FYR_WIRE_SIGNATURE_SIZE ||
      !g_ascii_string_to_unsigned (parts[1], 10, 1, MAX_NUMBER, &proof->number, NULL)) {
    return FALSE;
  }
  memcpy (proof->nonce, parts[0], sizeof proof->nonce);
  memcpy (proof->signature, parts[2], sizeof proof->signature);
  return TRUE;
}

char *
fyr_wire_proof_format (const FyrWireProof *proof)
{
  return g_strdup_printf ("%s %" G_GUINT64_FORMAT " %s", proof->nonce, proof->number, proof->signature);
}

char *
fyr_wire_proof_text (const FyrWireProof *proof,
                     const char *method,
                     const char *path,
                     const char *token,
                     gconstpointer body,
                     gsize length)
{
  g_autofree char *token_hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
  g_autofree char *body_hash =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, body != NULL ? body : (gconstpointer) "", length);

  return g_strdup_printf ("fyrlykt-proof-1\n%s\n%s\n%s\n%" G_GUINT64_FORMAT "\n%s\n%s", method, path,
                          proof->nonce, proof->number, token_hash, body_hash);
}
