/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-proof.h"

#include <sodium.h>
#include <string.h>

/* Numbers seen of one token: the highest, and which of those before it; bit i of the window is highest - i. */
typedef struct {
  guint64 highest;
  guint64 window[FYR_PROOF_WINDOW / 64];
} Seen;

struct _FyrProofs {
  guint8 secret[crypto_auth_KEYBYTES];
  guint max_tokens;
  GHashTable *seen;
};

FyrProofs *
fyr_proofs_new (guint max_tokens)
{
  FyrProofs *self = g_new0 (FyrProofs, 1);

  self->max_tokens = max_tokens;
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  randombytes_buf (self->secret, sizeof self->secret);
  return self;
}

void
fyr_proofs_free (FyrProofs *self)
{
  sodium_memzero (self->secret, sizeof self->secret);
  g_hash_table_unref (self->seen);
  g_free (self);
}

void
fyr_proofs_write_nonce (FyrProofs *self, const char *token, char nonce[FYR_WIRE_NONCE_SIZE + 1])
{
  guint8 mac[crypto_auth_BYTES];

  crypto_auth (mac, (const guint8 *)token, strlen (token), self->secret);
  sodium_bin2hex (nonce, FYR_WIRE_NONCE_SIZE + 1, mac, FYR_WIRE_NONCE_SIZE / 2);
}

static gboolean
is_signed (const char *key, const FyrWireProof *proof, const char *text)
{
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];
  guint8 signature[crypto_sign_BYTES];

  return sodium_hex2bin (public_key, sizeof public_key, key, FYR_WIRE_KEY_SIZE, NULL, NULL, NULL) == 0 &&
         sodium_hex2bin (signature, sizeof signature, proof->signature, FYR_WIRE_SIGNATURE_SIZE, NULL, NULL,
                         NULL) == 0 &&
         crypto_sign_verify_detached (signature, (const guint8 *)text, strlen (text), public_key) == 0;
}

static void
shift_window (Seen *seen, guint64 by)
{
  for (guint64 i = 0; i < MIN (by, FYR_PROOF_WINDOW); i++) {
    guint64 carry = 0;

    for (guint w = 0; w < G_N_ELEMENTS (seen->window); w++) {
      guint64 next = seen->window[w] >> 63;
      seen->window[w] = (seen->window[w] << 1) | carry;
      carry = next;
    }
  }
}

/* Whether the number is new; it is not any more then. */
static gboolean
use_number (Seen *seen, guint64 number)
{
  guint64 behind;

  if (number > seen->highest) {
    shift_window (seen, number - seen->highest);
    seen->highest = number;
    seen->window[0] |= 1;
    return TRUE;
  }
  behind = seen->highest - number;
  if (behind >= FYR_PROOF_WINDOW || (seen->window[behind / 64] & (G_GUINT64_CONSTANT (1) << behind % 64))) {
    return FALSE;
  }
  seen->window[behind / 64] |= G_GUINT64_CONSTANT (1) << behind % 64;
  return TRUE;
}

/* Keys that nobody signed in with may fill the memory up to its bound, never beyond. */
static Seen *
find_seen (FyrProofs *self, const char *token)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
  Seen *seen = g_hash_table_lookup (self->seen, hash);

  if (seen == NULL) {
    seen = g_new0 (Seen, 1);
    g_hash_table_insert (self->seen, g_steal_pointer (&hash), seen);
  }
  return seen;
}

/* With another secret all nonces are others, so that nothing that was forgotten is taken again. */
static gboolean
begin_anew (FyrProofs *self)
{
  if (g_hash_table_size (self->seen) < self->max_tokens) {
    return FALSE;
  }
  g_hash_table_remove_all (self->seen);
  randombytes_buf (self->secret, sizeof self->secret);
  return TRUE;
}

gboolean
fyr_proofs_check (FyrProofs *self,
                  const char *token,
                  const char *header,
                  const char *method,
                  const char *path,
                  gconstpointer body,
                  gsize length)
{
  const char *key = fyr_wire_token_get_key (token);
  char nonce[FYR_WIRE_NONCE_SIZE + 1];
  FyrWireProof proof;
  g_autofree char *text = NULL;

  if (key == NULL) {
    return TRUE;
  }
  if (!fyr_wire_proof_parse (header, &proof)) {
    return FALSE;
  }
  fyr_proofs_write_nonce (self, token, nonce);
  if (!g_str_equal (nonce, proof.nonce)) {
    return FALSE;
  }
  text = fyr_wire_proof_text (&proof, method, path, token, body, length);
  return is_signed (key, &proof, text) && !begin_anew (self) &&
         use_number (find_seen (self, token), proof.number);
}
