/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "fyr-request.h"
#include "fyr-server-db.h"
#include "fyr-token.h"

G_BEGIN_DECLS

/* Inside of the live part: what is known of one WebSocket. */

#define FYR_LIVE_CLOSE_SESSION 4001
#define FYR_LIVE_CLOSE_GRANTS 4003

/**
 * FyrLiveGrant:
 * @valid: the session lives
 * @heads: name → boxed head of every feed granted
 *
 * What a session may hear, read in one snapshot.
 */
typedef struct {
  guint8 token[FYR_TOKEN_HASH_BYTES];
  gboolean valid;
  GHashTable *heads;
} FyrLiveGrant;

/** fyr_live_grant_new: Returns: (transfer full): what the session of @token may hear, to be filled by a reader */
FyrLiveGrant *
fyr_live_grant_new (const guint8 token[FYR_TOKEN_HASH_BYTES]);
void
fyr_live_grant_free (FyrLiveGrant *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrLiveGrant, fyr_live_grant_free)

/** fyr_live_grant_load: Returns: %TRUE, also for a session that ended; %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_live_grant_load (FyrLiveGrant *self, FyrConnection *connection, GError **error);

/** fyr_live_grant_same_feeds: whether both hear the same feeds */
gboolean
fyr_live_grant_same_feeds (GHashTable *a, GHashTable *b);

/** fyr_live_upgrade: answers 101; @opened gets the connection (transfer full). FALSE: it is no handshake */
gboolean
fyr_live_upgrade (FyrRequest *request,
                  void (*opened) (SoupWebsocketConnection *connection, gpointer data),
                  gpointer data,
                  GDestroyNotify free_data);

G_END_DECLS
