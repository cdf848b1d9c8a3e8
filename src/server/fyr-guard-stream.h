/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "fyr-guard-head.h"

G_BEGIN_DECLS

/**
 * FyrGuardPhase:
 * @FYR_GUARD_HEAD: a request's head is awaited or coming
 * @FYR_GUARD_BODY: its body is coming
 * @FYR_GUARD_ANSWER: the request is whole; nothing more is read until it is answered
 * @FYR_GUARD_UPGRADED: a WebSocket
 * @FYR_GUARD_REJECTED: answered by the guard; what still comes is thrown away until the peer ends
 * @FYR_GUARD_CLOSED: over
 */
typedef enum {
  FYR_GUARD_HEAD,
  FYR_GUARD_BODY,
  FYR_GUARD_ANSWER,
  FYR_GUARD_UPGRADED,
  FYR_GUARD_REJECTED,
  FYR_GUARD_CLOSED,
} FyrGuardPhase;

#define FYR_TYPE_GUARD_STREAM (fyr_guard_stream_get_type ())
G_DECLARE_FINAL_TYPE (FyrGuardStream, fyr_guard_stream, FYR, GUARD_STREAM, GIOStream)

/**
 * FyrGuardStream:
 *
 * A connection as the HTTP library gets it: requests only after they came whole and their heads were found good, bodies
 * only as long as they were announced and allowed, and one request at a time. What is refused is answered here with
 * "Connection: close" and never seen by the library.
 */

/**
 * FyrGuardBudget:
 *
 * Bytes that all connections hold together, and may; in a reference-counted box, as the library may keep the stream of
 * a peer that hung up until after the guard is gone.
 * @held: of bodies that came and were not answered yet; what would be more than @max is refused
 * @answers: of answers that are not out; while they are more than @max_answers, patience with those who take nothing
 *   is short
 */
typedef struct {
  gsize held;
  gsize max;
  gsize answers;
  gsize max_answers;
} FyrGuardBudget;

/**
 * fyr_guard_stream_new:
 * @connection: the accepted connection
 * @budget: (transfer none): in a box of g_rc_box_new(), which the stream keeps a reference to
 *
 * Returns: (transfer full): the stream
 */
FyrGuardStream *
fyr_guard_stream_new (GSocketConnection *connection, FyrGuardBudget *budget);

/**
 * fyr_guard_stream_prefetch:
 *
 * Reads what there is without waiting, until a whole request is there, or for a while.
 *
 * Returns: the phase
 */
FyrGuardPhase
fyr_guard_stream_prefetch (FyrGuardStream *self);

/** fyr_guard_stream_get_descriptor: Returns: the file descriptor of its socket, -1 when it is closed */
int
fyr_guard_stream_get_descriptor (FyrGuardStream *self);

/** fyr_guard_stream_get_phase: Returns: how far the request on this connection is */
FyrGuardPhase
fyr_guard_stream_get_phase (FyrGuardStream *self);

/** fyr_guard_stream_get_deadline: Returns: monotonic microseconds after which to cut it, %G_MAXINT64 for never */
gint64
fyr_guard_stream_get_deadline (FyrGuardStream *self);

/** fyr_guard_stream_get_reason: Returns: (nullable): why it was rejected, a word */
const char *
fyr_guard_stream_get_reason (FyrGuardStream *self);

/** fyr_guard_stream_answering: an answer of @length bytes begins to go out: the peer must take it in good time */
void
fyr_guard_stream_answering (FyrGuardStream *self, gsize length);

/** fyr_guard_stream_answered: the answer is out: the next request may come; a WebSocket that was not made is closed */
void
fyr_guard_stream_answered (FyrGuardStream *self, gboolean upgraded);

/** fyr_guard_stream_cut: ends the connection at once */
void
fyr_guard_stream_cut (FyrGuardStream *self);

/** fyr_guard_stream_drop: the same, and what the peer has not taken yet is given up */
void
fyr_guard_stream_drop (FyrGuardStream *self);

G_END_DECLS
