/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "fyr-guard-stream.h"

G_BEGIN_DECLS

/**
 * FyrGuard:
 *
 * The listener in front of the HTTP library, which by itself has no deadlines and no bounds (security.md). A
 * connection is handed to the library once its first request is whole and its head good; everything is cut that
 * takes too long.
 */
typedef struct _FyrGuard FyrGuard;

/**
 * FyrGuardLimits:
 * @max_connections: at once, and never more than the process may open files for; one more pushes out the oldest that
 *   has not sent a whole request, or is refused
 * @max_body_bytes: all bodies together
 * @max_answer_bytes: all answers that are not out, together; beyond it, who takes nothing is cut after one second
 */
typedef struct {
  guint max_connections;
  gsize max_body_bytes;
  gsize max_answer_bytes;
} FyrGuardLimits;

/** fyr_guard_limits_default: 4096 connections, 48 MiB of bodies, 16 MiB of answers */
extern const FyrGuardLimits fyr_guard_limits_default;

/**
 * fyr_guard_new:
 * @soup: who answers; outlives the guard's connections
 * @limits: (nullable): other limits
 *
 * Returns: (transfer full): the guard
 */
FyrGuard *
fyr_guard_new (SoupServer *soup, const FyrGuardLimits *limits);

/** fyr_guard_free: stops listening and cuts what is left */
void
fyr_guard_free (FyrGuard *self);

/**
 * fyr_guard_listen:
 * @address: an IP address
 * @port: a port, 0 for any
 *
 * Returns: the port, 0 with %FYR_SERVER_ERROR_ADDRESS
 */
guint
fyr_guard_listen (FyrGuard *self, const char *address, guint port, GError **error);

/** fyr_guard_stop: accepts no more; what is open goes on */
void
fyr_guard_stop (FyrGuard *self);

/** fyr_guard_is_answering: Returns: whether an answer is owed, or not all of it is out */
gboolean
fyr_guard_is_answering (FyrGuard *self);

/** fyr_guard_get_connections: Returns: how many are open */
guint
fyr_guard_get_connections (FyrGuard *self);

/** fyr_guard_get_refused: Returns: requests and connections refused or cut since the start */
guint64
fyr_guard_get_refused (FyrGuard *self);

/** fyr_guard_answering: the answer to @message begins to go out */
void
fyr_guard_answering (SoupServerMessage *message);

/** fyr_guard_upgraded: @message became a WebSocket */
void
fyr_guard_upgraded (SoupServerMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrGuard, fyr_guard_free)

G_END_DECLS
