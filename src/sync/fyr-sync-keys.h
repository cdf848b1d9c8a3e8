/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FyrSyncKeys:
 *
 * The keys that this program's tokens are bound to (PROTOCOL.md, "Bound tokens"): one for each sign-in, in memory only,
 * never on the disk, gone with the program.
 */
typedef struct _FyrSyncKeys FyrSyncKeys;

FyrSyncKeys *
fyr_sync_keys_new (void);

void
fyr_sync_keys_free (FyrSyncKeys *self);

/** fyr_sync_keys_make: makes a key for a sign-in. Returns: (transfer none): its public half in hex, valid until the
 * next call */
const char *
fyr_sync_keys_make (FyrSyncKeys *self);

/**
 * fyr_sync_keys_prove:
 * @body: (nullable): what is sent
 *
 * Returns: (transfer full) (nullable): the value of the header Fyrlykt-Proof for this request, another at each call;
 * %NULL when the token is bound to no key of ours
 */
char *
fyr_sync_keys_prove (
    FyrSyncKeys *self, const char *token, const char *method, const char *path, GBytes *body);

/**
 * fyr_sync_keys_take_nonce:
 * @token: (nullable)
 * @nonce: (nullable): value of a header Fyrlykt-Nonce that came with a 401
 *
 * Returns: whether it can be named in a proof of this token, so that the request is worth one more try
 */
gboolean
fyr_sync_keys_take_nonce (FyrSyncKeys *self, const char *token, const char *nonce);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSyncKeys, fyr_sync_keys_free)

G_END_DECLS
