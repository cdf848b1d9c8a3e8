/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Tokens bound to a key (PROTOCOL.md, "Bound tokens"): what is signed, and how it stands in a header. The signing
 * itself is the workstation's and the server's.
 */

/** FYR_WIRE_KEY_HEADER: with sign-in: the public key the token shall be bound to */
#define FYR_WIRE_KEY_HEADER "Fyrlykt-Key"
/** FYR_WIRE_PROOF_HEADER: with each request of a bound token */
#define FYR_WIRE_PROOF_HEADER "Fyrlykt-Proof"
/** FYR_WIRE_NONCE_HEADER: with a 401: what the next proof has to name */
#define FYR_WIRE_NONCE_HEADER "Fyrlykt-Nonce"

#define FYR_WIRE_KEY_SIZE 64        /* hex digits of an Ed25519 public key */
#define FYR_WIRE_SIGNATURE_SIZE 128 /* hex digits of an Ed25519 signature */
#define FYR_WIRE_NONCE_SIZE 32      /* hex digits */

/** FyrWireProof: a proof as it stands in its header; texts are lower-case hex, ended by NUL */
typedef struct {
  char nonce[FYR_WIRE_NONCE_SIZE + 1];
  guint64 number;
  char signature[FYR_WIRE_SIGNATURE_SIZE + 1];
} FyrWireProof;

/** fyr_wire_key_is_valid: whether @text (nullable) is the hex form of a public key */
gboolean
fyr_wire_key_is_valid (const char *text);

/** fyr_wire_token_get_key: Returns: (transfer none) (nullable): the key a token is bound to, %NULL when to none */
const char *
fyr_wire_token_get_key (const char *token);

/** fyr_wire_proof_parse: Returns: whether @header (nullable) is a proof: nonce, number from 1, signature */
gboolean
fyr_wire_proof_parse (const char *header, FyrWireProof *proof);

/** fyr_wire_proof_format: Returns: (transfer full): the header's value */
char *
fyr_wire_proof_format (const FyrWireProof *proof);

/**
 * fyr_wire_proof_text:
 * @path: the address without host and query, as the request names it
 * @body: (nullable): bytes of the body
 *
 * What is signed: method, path, nonce, number, hash of the token, hash of the body, each in a line.
 *
 * Returns: (transfer full): the text
 */
char *
fyr_wire_proof_text (const FyrWireProof *proof,
                     const char *method,
                     const char *path,
                     const char *token,
                     gconstpointer body,
                     gsize length);

G_END_DECLS
