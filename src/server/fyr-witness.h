/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-reply.h"
#include "fyr-server-db.h"
#include "fyr-token.h"
#include "fyr-wire-witness.h"
#include "fyr-witness-tag.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

typedef struct _FyrRequest FyrRequest;

/** fyr_witness_is_whole: Returns: whether a reader with this fyr_authz_read_mask() sees all of the record: only then
 * it can give it back */
gboolean
fyr_witness_is_whole (FyrRecord *record, guint mask);

/** fyr_witness_may_return: Returns: whether records of the kind are given back by witnesses: not who may do what */
gboolean
fyr_witness_may_return (const FyrRecordInfo *info);

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
 * Takes back what the server signed and does not have, as it was, deletions too; what it has in this version or a later
 * one, and what was deleted later, stays.
 *
 * Returns: %TRUE with the reply set, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_witness_run (FyrWriteContext *context, FyrWitness *witness, GError **error);

/** fyr_witness_serve: the route */
void
fyr_witness_serve (FyrRequest *request, gpointer server);

G_END_DECLS
