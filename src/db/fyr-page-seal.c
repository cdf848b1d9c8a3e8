/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-page-seal.h"

#include <sodium.h>
#include <string.h>

#define CONTENT_BYTES (FYR_PAGE_BYTES - FYR_PAGE_RESERVED)
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES

G_STATIC_ASSERT (NONCE_BYTES + TAG_BYTES == FYR_PAGE_RESERVED);
G_STATIC_ASSERT (FYR_PAGE_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

/* What SQLite sums up of a frame stands at the end of its header, beside the page: both are sealed in one. */
#define FRAME_OPEN_BYTES 16
#define FRAME_SEALED_BYTES (FYR_FRAME_HEADER_BYTES - FRAME_OPEN_BYTES + CONTENT_BYTES)
#define FRAME_NONCE (FRAME_OPEN_BYTES + FRAME_SEALED_BYTES)

struct _FyrPageKey {
  gatomicrefcount refs;
  guint8 *bytes;
};

typedef struct {
  guint8 bytes[12 + FRAME_OPEN_BYTES];
} Bound;

static FyrPageKey *
key_new (void)
{
  FyrPageKey *self = g_new0 (FyrPageKey, 1);

  g_atomic_ref_count_init (&self->refs);
  if (sodium_init () < 0 || (self->bytes = sodium_malloc (FYR_PAGE_KEY_BYTES)) == NULL) {
    g_error ("no memory for a key");
  }
  return self;
}

FyrPageKey *
fyr_page_key_new (const guint8 *bytes)
{
  FyrPageKey *self = key_new ();

  memcpy (self->bytes, bytes, FYR_PAGE_KEY_BYTES);
  return self;
}

FyrPageKey *
fyr_page_key_new_random (void)
{
  FyrPageKey *self = key_new ();

  randombytes_buf (self->bytes, FYR_PAGE_KEY_BYTES);
  return self;
}

FyrPageKey *
fyr_page_key_ref (FyrPageKey *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
fyr_page_key_unref (FyrPageKey *self)
{
  if (self != NULL && g_atomic_ref_count_dec (&self->refs)) {
    sodium_free (self->bytes);
    g_free (self);
  }
}

const guint8 *
fyr_page_key_get_bytes (FyrPageKey *self)
{
  return self->bytes;
}

static Bound
bind_place (const char *what, guint64 place)
{
  Bound bound = { { 0 } };
  guint64 little = GUINT64_TO_LE (place);

  memcpy (bound.bytes, what, 4);
  memcpy (bound.bytes + 4, &little, sizeof little);
  return bound;
}

static Bound
bind_frame (guint64 place, const guint8 *frame)
{
  Bound bound = bind_place ("fyrl", place);

  memcpy (bound.bytes + 12, frame, FRAME_OPEN_BYTES);
  return bound;
}

void
fyr_page_seal (FyrPageKey *key, guint32 number, const guint8 *plain, guint8 *sealed)
{
  Bound bound = bind_place ("fyrp", number);
  guint8 *nonce = sealed + CONTENT_BYTES;

  randombytes_buf (nonce, NONCE_BYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt_detached (sealed, nonce + NONCE_BYTES, NULL, plain,
                                                       CONTENT_BYTES, bound.bytes, sizeof bound.bytes, NULL,
                                                       nonce, key->bytes);
}

gboolean
fyr_page_unseal (FyrPageKey *key, guint32 number, const guint8 *sealed, guint8 *plain)
{
  Bound bound = bind_place ("fyrp", number);
  const guint8 *nonce = sealed + CONTENT_BYTES;

  memset (plain + CONTENT_BYTES, 0, FYR_PAGE_RESERVED);
  return crypto_aead_xchacha20poly1305_ietf_decrypt_detached (plain, NULL, sealed, CONTENT_BYTES,
                                                              nonce + NONCE_BYTES, bound.bytes,
                                                              sizeof bound.bytes, nonce, key->bytes) == 0;
}

void
fyr_frame_seal (FyrPageKey *key, guint64 place, guint8 *frame)
{
  Bound bound = bind_frame (place, frame);
  guint8 *nonce = frame + FRAME_NONCE;

  randombytes_buf (nonce, NONCE_BYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt_detached (
      frame + FRAME_OPEN_BYTES, nonce + NONCE_BYTES, NULL, frame + FRAME_OPEN_BYTES, FRAME_SEALED_BYTES,
      bound.bytes, sizeof bound.bytes, NULL, nonce, key->bytes);
}

gboolean
fyr_frame_unseal (FyrPageKey *key, guint64 place, guint8 *frame)
{
  Bound bound = bind_frame (place, frame);
  guint8 *nonce = frame + FRAME_NONCE;
  gboolean ok;

  ok = crypto_aead_xchacha20poly1305_ietf_decrypt_detached (
           frame + FRAME_OPEN_BYTES, NULL, frame + FRAME_OPEN_BYTES, FRAME_SEALED_BYTES, nonce + NONCE_BYTES,
           bound.bytes, sizeof bound.bytes, nonce, key->bytes) == 0;
  memset (nonce, 0, FYR_PAGE_RESERVED);
  return ok;
}
