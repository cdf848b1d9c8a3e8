/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-wire-proof.h"

G_BEGIN_DECLS

/**
 * FyrProofs:
 *
 * Judges proofs of bound tokens (PROTOCOL.md, "Bound tokens"): each is good once, for one request, at this process in
 * this life of it. For the server's own thread.
 */
typedef struct _FyrProofs FyrProofs;

/** FYR_PROOF_WINDOW: how far behind the highest number a request may arrive */
#define FYR_PROOF_WINDOW 1024

/** fyr_proofs_new: @max_tokens: of how many tokens numbers are remembered; beyond, all begin anew with another nonce */
FyrProofs *
fyr_proofs_new (guint max_tokens);

void
fyr_proofs_free (FyrProofs *self);

/** fyr_proofs_write_nonce: what proofs of this token have to name here; 32 hex digits and NUL */
void
fyr_proofs_write_nonce (FyrProofs *self, const char *token, char nonce[FYR_WIRE_NONCE_SIZE + 1]);

/**
 * fyr_proofs_check:
 * @token: the bearer token
 * @header: (nullable): value of the header Fyrlykt-Proof
 *
 * Returns: %TRUE when the token is bound to no key, or @header proves the key for this very request and was not seen
 * before. Then it is used up.
 */
gboolean
fyr_proofs_check (FyrProofs *self,
                  const char *token,
                  const char *header,
                  const char *method,
                  const char *path,
                  gconstpointer body,
                  gsize length);

G_END_DECLS
