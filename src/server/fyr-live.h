/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-pull.h"
#include "fyr-request.h"

G_BEGIN_DECLS

/**
 * FyrLive:
 *
 * Those who wait for news: WebSockets that are told the heads of their feeds (PROTOCOL.md, "Live"), and pulls that
 * wait. Nothing is told but feed names and numbers.
 */
typedef struct _FyrLive FyrLive;

/** fyr_live_new: Returns: (transfer full): nobody waits yet; @server outlives it */
FyrLive *
fyr_live_new (FyrServer *server);

/** fyr_live_free: closes what is open; pulls that wait are answered with what there is */
void
fyr_live_free (FyrLive *self);

/** fyr_live_stop: closes what is open and lets pulls go, but keeps the object */
void
fyr_live_stop (FyrLive *self);

/** fyr_live_committed: feeds moved: @heads as #FyrCommitFunc gets them */
void
fyr_live_committed (FyrLive *self, GHashTable *heads);

/** fyr_live_start_over: the database began a new life: heads may be lower than they were; everybody asks again */
void
fyr_live_start_over (FyrLive *self);

/** fyr_live_recheck: sessions or grants may have changed */
void
fyr_live_recheck (FyrLive *self);

/** fyr_live_serve_socket: the route GET /sync/v1/live */
void
fyr_live_serve_socket (FyrRequest *request, gpointer live);

/** fyr_live_serve_pull: the route POST /sync/v1/pull */
void
fyr_live_serve_pull (FyrRequest *request, gpointer live);

/** fyr_live_get_sockets: Returns: how many WebSockets are open */
guint
fyr_live_get_sockets (FyrLive *self);

G_END_DECLS
