/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-key-wrap.h"

#include <string.h>

/* Each use of a secret has a name of its own, so that what was made for one opens nothing else. */
#define LEASE "fyrlykt-lease-1"
#define RECOVERY "fyrlykt-recovery-1"
#define USER "fyrlykt-user-1"

void
fyr_key_wrap (const guint8 *key, FyrPageKey *secret, guint8 *wrap)
{
  randombytes_buf (wrap, crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy (wrap + crypto_secretbox_NONCEBYTES, fyr_page_key_get_bytes (secret), FYR_SHARE_BYTES,
                         wrap, key);
}

FyrPageKey *
fyr_key_unwrap (const guint8 *key, const guint8 *wrap)
{
  guint8 bytes[FYR_SHARE_BYTES];
  FyrPageKey *secret;

  if (crypto_secretbox_open_easy (bytes, wrap + crypto_secretbox_NONCEBYTES,
                                  FYR_WRAP_BYTES - crypto_secretbox_NONCEBYTES, wrap, key) != 0) {
    return NULL;
  }
  secret = fyr_page_key_new (bytes);
  sodium_memzero (bytes, sizeof bytes);
  return secret;
}

gboolean
fyr_key_share_read (const char *text, guint8 *share)
{
  return text != NULL && strlen (text) == 2 * FYR_SHARE_BYTES &&
         sodium_hex2bin (share, FYR_SHARE_BYTES, text, strlen (text), NULL, NULL, NULL) == 0;
}

static void
mix (const guint8 *key, const char *use, const guint8 *first, const guint8 *second, guint8 *out)
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, key, FYR_SHARE_BYTES, FYR_SHARE_BYTES);
  crypto_generichash_update (&state, (const guint8 *)use, strlen (use));
  if (first != NULL) {
    crypto_generichash_update (&state, first, FYR_SHARE_BYTES);
  }
  if (second != NULL) {
    crypto_generichash_update (&state, second, FYR_SHARE_BYTES);
  }
  crypto_generichash_final (&state, out, FYR_SHARE_BYTES);
  sodium_memzero (&state, sizeof state);
}

void
fyr_key_lease (const guint8 *share, guint8 *lease)
{
  mix (share, LEASE, NULL, NULL, lease);
}

void
fyr_key_for_recovery (const guint8 *device, const guint8 *share, guint8 *key)
{
  guint8 recovery[FYR_SHARE_BYTES];

  mix (share, RECOVERY, NULL, NULL, recovery);
  mix (device, RECOVERY, recovery, NULL, key);
  sodium_memzero (recovery, sizeof recovery);
}

void
fyr_key_for_user (const guint8 *device, const guint8 *password, const guint8 *lease, guint8 *key)
{
  mix (device, USER, password, lease, key);
}

gboolean
fyr_key_from_password (const char *password, const guint8 *salt, FyrKeyCost cost, guint8 *share)
{
  return crypto_pwhash (share, FYR_SHARE_BYTES, password, strlen (password), salt, cost.passes,
                        (gsize)cost.memory, crypto_pwhash_ALG_ARGON2ID13) == 0;
}
