/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-device-share.h"

#include <sodium.h>
#include <string.h>

#include "fyr-witness-tag.h"

#define SHARE_BYTES 32

/* Tags and receipts are shorter and begin with other words: none of them is a share. */
char *
fyr_device_share_make (FyrConnection *connection, const char *device_id, GError **error)
{
  FyrWitnessKey key;
  guint8 share[SHARE_BYTES];
  g_autofree char *said = g_strconcat ("fyrlykt-device-share-1\n", device_id, NULL);
  char *text;

  if (!fyr_witness_key_load (&key, connection, error)) {
    return NULL;
  }
  text = g_malloc (2 * SHARE_BYTES + 1);
  crypto_generichash (share, sizeof share, (const guint8 *)said, strlen (said), key.bytes, sizeof key.bytes);
  sodium_bin2hex (text, 2 * SHARE_BYTES + 1, share, sizeof share);
  sodium_memzero (share, sizeof share);
  sodium_memzero (&key, sizeof key);
  return text;
}
