/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sodium.h>

#include "fyr-page-seal.h"

G_BEGIN_DECLS

/*
 * How the key of a workstation's database is put together from shares (PROTOCOL.md, "Shares"). Every secret here is
 * FYR_SHARE_BYTES long; who asked for one wipes it.
 */

#define FYR_SHARE_BYTES FYR_PAGE_KEY_BYTES
#define FYR_SHARE_TEXT_SIZE (2 * FYR_SHARE_BYTES + 1)
#define FYR_SALT_BYTES crypto_pwhash_SALTBYTES
/** FYR_WRAP_BYTES: a secret, sealed: nonce, authentication and the secret */
#define FYR_WRAP_BYTES (crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + FYR_SHARE_BYTES)

/** FyrKeyCost: what Argon2id takes: passes, and bytes of memory */
typedef struct {
  guint64 passes;
  guint64 memory;
} FyrKeyCost;

/** fyr_key_wrap: @wrap: (out): FYR_WRAP_BYTES: @secret, sealed under @key */
void
fyr_key_wrap (const guint8 *key, FyrPageKey *secret, guint8 *wrap);

/** fyr_key_unwrap: Returns: (transfer full) (nullable): what was sealed; %NULL when @key does not fit */
FyrPageKey *
fyr_key_unwrap (const guint8 *key, const guint8 *wrap);

/** fyr_key_share_read: @text: (nullable): 64 hex digits; @share: (out). Returns: whether it is a share */
gboolean
fyr_key_share_read (const char *text, guint8 *share);

/** fyr_key_lease: @lease: (out): what is kept on the disk of the server's @share, for twelve hours */
void
fyr_key_lease (const guint8 *share, guint8 *lease);

/** fyr_key_for_recovery: @key: (out): of the wrap that the @device's and the server's @share open together */
void
fyr_key_for_recovery (const guint8 *device, const guint8 *share, guint8 *key);

/** fyr_key_for_user: @key: (out): of the wrap that @device's share, @password share and @lease open together */
void
fyr_key_for_user (const guint8 *device, const guint8 *password, const guint8 *lease, guint8 *key);

/**
 * fyr_key_from_password:
 * @salt: FYR_SALT_BYTES
 * @share: (out): the user's share
 *
 * Takes a tenth of a second and 64 MiB: not for the store's thread.
 *
 * Returns: %FALSE when there is not so much memory
 */
gboolean
fyr_key_from_password (const char *password, const guint8 *salt, FyrKeyCost cost, guint8 *share);

G_END_DECLS
