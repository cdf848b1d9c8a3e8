/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-holding.h"
#include "fyr-reply.h"
#include "fyr-server-db.h"
#include "fyr-token.h"
#include "fyr-wire-pull.h"

G_BEGIN_DECLS

/**
 * FyrPull:
 * @db: the database
 * @request: what the workstation sent
 * @token: hash of its bearer token
 * @compress: whether it reads gzip
 * @may_wait: answer nothing yet when there is nothing new
 * @reply: what to answer, once done
 * @waiting: (out): there is nothing new: ask again when a feed of @granted moves
 * @granted: (out) (element-type utf8): names of the feeds granted
 * @note: (out) (nullable) (transfer full): what must be noted with fyr_holding_write() before @reply is sent
 */
typedef struct {
  FyrServerDb *db;
  FyrPullRequest *request;
  guint8 token[FYR_TOKEN_HASH_BYTES];
  gboolean compress;
  gboolean may_wait;
  FyrReply *reply;
  gboolean waiting;
  GHashTable *granted;
  FyrHoldingNote *note;
} FyrPull;

/**
 * fyr_pull_run:
 * @connection: inside a reading transaction
 *
 * One page (PROTOCOL.md, "Pull"): entries of all feeds granted now, read at one point in time, each record
 * as it
 * is now with the fields the subject may read; entries of kinds the role does not read, and of records
 * that left
 * the feed, are skips; of patients who bar the user, deletions.
 *
 * Returns: %TRUE with @reply set or @waiting; %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_pull_run (FyrConnection *connection, FyrPull *pull, GError **error);

G_END_DECLS
