/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-reply.h"
#include "fyr-server-db.h"
#include "fyr-token.h"
#include "fyr-wire-witness.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/** FYR_WITNESS_TAG_SIZE: a tag's characters and a NUL */
#define FYR_WITNESS_TAG_SIZE 23

typedef struct _FyrRequest FyrRequest;

/** FyrWitnessKey: the secret of the database, and so of its backups, that tags are made with */
typedef struct {
  guint8 bytes[32];
} FyrWitnessKey;

/** fyr_witness_key_load: Returns: %TRUE and the key, or %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_witness_key_load (FyrWitnessKey *key, FyrConnection *connection, GError **error);

/**
 * fyr_witness_sign:
 * @tag: (out): a tag over the record's kind and canonical text, its version with it
 *
 * What lets a workstation give back, after a restore, what others had written (PROTOCOL.md, "Witnesses").
 */
void
fyr_witness_sign (const FyrWitnessKey *key, FyrRecord *record, char tag[FYR_WITNESS_TAG_SIZE]);

/** fyr_witness_is_whole: Returns: whether a reader with this fyr_authz_read_mask() sees all of the record: only then
 * it can give it back */
gboolean
fyr_witness_is_whole (FyrRecord *record, guint mask);

/** fyr_witness_may_return: Returns: whether records of the kind are given back by witnesses: not who may do what */
gboolean
fyr_witness_may_return (const FyrRecordInfo *info);

/**
 * fyr_witness_was_returned:
 *
 * Returns: 1 when a witness gave the record back, 0 when not, -1 with any %FYR_DB_ERROR
 */
int
fyr_witness_was_returned (FyrWriteContext *context,
                          const FyrRecordInfo *info,
                          const char *id,
                          GError **error);

/**
 * FyrWitness:
 * @request: what is offered
 * @token: hash of the bearer token
 * @reply: what to answer
 */
typedef struct {
  FyrWitnessRequest *request;
  guint8 token[FYR_TOKEN_HASH_BYTES];
  FyrReply *reply;
} FyrWitness;

/**
 * fyr_witness_run:
 *
 * Takes back what the server signed and does not have, as it was; what it has in this version or a later one, and what
 * was deleted later, stays.
 *
 * Returns: %TRUE with the reply set, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_witness_run (FyrWriteContext *context, FyrWitness *witness, GError **error);

/** fyr_witness_serve: the route */
void
fyr_witness_serve (FyrRequest *request, gpointer server);

G_END_DECLS
