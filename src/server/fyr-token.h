/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FYR_TOKEN_HASH_BYTES 32

/**
 * fyr_token_new:
 * @key: (nullable): a public key in hex (fyr-wire-proof.h) that the token is bound to: whoever uses it has to prove the
 * key with each request. It is part of the token and of its hash, so it cannot be left out.
 *
 * Returns: (transfer full): a bearer token of 256 random bits, safe in a header
 */
char *
fyr_token_new (const char *key);

/** fyr_token_hash: what is stored and looked up instead of the token */
void
fyr_token_hash (const char *token, guint8 hash[FYR_TOKEN_HASH_BYTES]);

/**
 * fyr_token_hash_header:
 * @header: (nullable): value of an Authorization header
 *
 * Returns: whether it carries a bearer token; @hash is then its hash
 */
gboolean
fyr_token_hash_header (const char *header, guint8 hash[FYR_TOKEN_HASH_BYTES]);

G_END_DECLS
