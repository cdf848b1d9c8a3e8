/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-keys.h"

#include <sodium.h>
#include <string.h>

#include "fyr-wire-proof.h"

/* A renewed sign-in runs beside the session it renews; older keys belong to sessions that are over. */
#define KEPT_KEYS 4

typedef struct {
  char public_key[FYR_WIRE_KEY_SIZE + 1];
  guint8 secret_key[crypto_sign_SECRETKEYBYTES];
  char nonce[FYR_WIRE_NONCE_SIZE + 1];
  guint64 number;
} Key;

struct _FyrSyncKeys {
  Key keys[KEPT_KEYS];
  guint next;
};

FyrSyncKeys *
fyr_sync_keys_new (void)
{
  FyrSyncKeys *self = g_new0 (FyrSyncKeys, 1);

  /* Never swapped out, where the system lets us. */
  sodium_mlock (self, sizeof *self);
  return self;
}

void
fyr_sync_keys_free (FyrSyncKeys *self)
{
  /* Overwrites too. */
  sodium_munlock (self, sizeof *self);
  g_free (self);
}

const char *
fyr_sync_keys_make (FyrSyncKeys *self)
{
  Key *key = &self->keys[self->next++ % KEPT_KEYS];
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];

  memset (key, 0, sizeof *key);
  crypto_sign_keypair (public_key, key->secret_key);
  sodium_bin2hex (key->public_key, sizeof key->public_key, public_key, sizeof public_key);
  return key->public_key;
}

static Key *
find_key (FyrSyncKeys *self, const char *token)
{
  const char *bound = fyr_wire_token_get_key (token);

  for (guint i = 0; bound != NULL && i < KEPT_KEYS; i++) {
    if (g_str_equal (self->keys[i].public_key, bound)) {
      return &self->keys[i];
    }
  }
  return NULL;
}

char *
fyr_sync_keys_prove (FyrSyncKeys *self, const char *token, const char *method, const char *path, GBytes *body)
{
  Key *key = find_key (self, token);
  guint8 signature[crypto_sign_BYTES];
  FyrWireProof proof = { .number = 0 };
  gsize length = 0;
  gconstpointer bytes = body != NULL ? g_bytes_get_data (body, &length) : NULL;
  g_autofree char *text = NULL;

  /* Without a nonce yet the server has to say it first. */
  if (key == NULL || key->nonce[0] == '\0') {
    return NULL;
  }
  memcpy (proof.nonce, key->nonce, sizeof proof.nonce);
  proof.number = ++key->number;
  text = fyr_wire_proof_text (&proof, method, path, token, bytes, length);
  crypto_sign_detached (signature, NULL, (const guint8 *)text, strlen (text), key->secret_key);
  sodium_bin2hex (proof.signature, sizeof proof.signature, signature, sizeof signature);
  return fyr_wire_proof_format (&proof);
}

gboolean
fyr_sync_keys_take_nonce (FyrSyncKeys *self, const char *token, const char *nonce)
{
  Key *key = token != NULL ? find_key (self, token) : NULL;

  if (key == NULL || nonce == NULL || strlen (nonce) != FYR_WIRE_NONCE_SIZE) {
    return FALSE;
  }
  if (g_str_equal (key->nonce, nonce)) {
    /* Another request was first to hear of it; this one was sent before. */
    return TRUE;
  }
  /* The number goes on: a process that is met again has seen the low ones. */
  g_strlcpy (key->nonce, nonce, sizeof key->nonce);
  return TRUE;
}
