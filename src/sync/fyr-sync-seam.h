/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-store-sync.h"
#include "fyr-wire-pull.h"
#include "fyr-wire-push.h"

G_BEGIN_DECLS

/* Between the store's words and the wire's: the same things, told to one side each. */

/**
 * fyr_sync_write_push:
 * @batch: at least one entry
 * @epoch: (nullable): the server's life this store follows
 * @schema: what the server and this program both know
 *
 * The mutations go out byte for byte as they were hashed and saved.
 *
 * Returns: (transfer full): body of a push request
 */
GBytes *
fyr_sync_write_push (FyrPushBatch *batch, const char *epoch, int schema);

/**
 * fyr_sync_write_hand_over:
 * @asks: nothing of it goes along yet: only whether it may be handed over
 *
 * Returns: (transfer full): body of a push request with another's work
 */
GBytes *
fyr_sync_write_hand_over (FyrHandOver *hand_over, gboolean asks, const char *epoch, int schema);

/** fyr_sync_add_settled: @author_id: who is signed in: what the reply says of her work in quarantine */
void
fyr_sync_add_settled (FyrPullPage *page, FyrPullReply *reply, const char *author_id);

/** fyr_sync_add_emergency: @author_id: whose page it is: her emergency accesses, which may be none */
void
fyr_sync_add_emergency (FyrPullPage *page, FyrPullReply *reply, const char *author_id);

/**
 * fyr_sync_make_pull:
 * @max_bytes: about how large the reply may be
 *
 * Returns: (transfer full): a pull from @cursors (scope → pointer to gint64), held @wait seconds
 */
FyrPullRequest *
fyr_sync_make_pull (const char *device, const char *epoch, GHashTable *cursors, int wait, gint64 max_bytes);

/** fyr_sync_make_check: Returns: (transfer full): what the store wants to know, as it is asked */
FyrWireCheck *
fyr_sync_make_check (FyrStoreCheck *check);

/**
 * fyr_sync_make_page:
 *
 * Returns: (transfer full): the reply as the store applies it; takes the records out of @reply
 */
FyrPullPage *
fyr_sync_make_page (FyrPullReply *reply);

/**
 * fyr_sync_make_outcomes:
 * @reply: must outlive the result
 * @first: number of the first mutation sent
 * @n_sent: how many were sent
 *
 * Returns: (transfer full) (element-type FyrPushOutcome) (nullable): %NULL when the reply does not answer
 * exactly what was sent, in order
 */
GArray *
fyr_sync_make_outcomes (FyrPushReply *reply, gint64 first, guint n_sent);

G_END_DECLS
