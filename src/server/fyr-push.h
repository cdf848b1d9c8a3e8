/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-mutate.h"
#include "fyr-reply.h"
#include "fyr-token.h"

G_BEGIN_DECLS

/**
 * FyrPush:
 * @request: what the workstation sent
 * @token: hash of its bearer token
 * @applied: (nullable): what follows each change
 * @reply: what to answer, once done
 */
typedef struct {
  FyrPushRequest *request;
  guint8 token[FYR_TOKEN_HASH_BYTES];
  FyrAppliedFunc applied;
  gpointer applied_data;
  FyrReply *reply;
} FyrPush;

/**
 * fyr_push_run:
 * @context: a write job's context
 *
 * One push (PROTOCOL.md): known numbers get their stored outcome, the next are applied, a gap, another hash
 * under a known number or another epoch are told. Outcomes, effects and feed entries are in the job's
 * savepoint.
 *
 * Returns: %TRUE with @reply set, whatever it says; %FALSE with any %FYR_DB_ERROR: nothing was applied
 */
gboolean
fyr_push_run (FyrWriteContext *context, FyrPush *push, GError **error);

G_END_DECLS
