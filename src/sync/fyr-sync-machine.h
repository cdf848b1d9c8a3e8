/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-sync-state.h"

G_BEGIN_DECLS

#define FYR_SYNC_RECONNECT_MIN 500   /* ms, PROTOCOL.md: jitter 0.5 to 30 s */
#define FYR_SYNC_RECONNECT_MAX 30000 /* ms */
#define FYR_SYNC_RETRY_MAX 4500   /* ms from try to try while nothing answers: one small pull, nothing else */
#define FYR_SYNC_PROBE_LIMIT 8000 /* ms until that one counts as lost */
#define FYR_SYNC_PULL_INTERVAL 60000         /* ms, the unconditional pull */
#define FYR_SYNC_HEARTBEAT 20000             /* ms; missed twice: reconnect */
#define FYR_SYNC_REQUEST_LIMIT 20000         /* ms until an unanswered request counts as lost */
#define FYR_SYNC_POLL_LIMIT 40000            /* ms, the same for a long poll of 25 s */
#define FYR_SYNC_LOCK_AFTER (12 * 3600000LL) /* ms without contact */

/** FyrSyncRequest: what can be under way, at most one of each. */
typedef enum {
  FYR_SYNC_REQUEST_SIGN_IN,
  FYR_SYNC_REQUEST_PUSH,
  FYR_SYNC_REQUEST_PULL,
  FYR_SYNC_REQUEST_POLL,
  FYR_SYNC_REQUEST_LIVE,
  FYR_SYNC_N_REQUESTS,
} FyrSyncRequest;

/**
 * FyrSyncCause:
 *
 * How a request ended. NOTHING: there was nothing to send, nobody was asked. STALE: the page did not fit
 * the cursors and was thrown away. AGAIN: the store has
 * repaired what the server complained of (gap, fork, epoch, too large): ask again at once.
 */
typedef enum {
  FYR_SYNC_CAUSE_OK,
  FYR_SYNC_CAUSE_NOTHING,
  FYR_SYNC_CAUSE_NETWORK,
  FYR_SYNC_CAUSE_CANCELLED,
  FYR_SYNC_CAUSE_BUSY,
  FYR_SYNC_CAUSE_UNAUTHENTICATED,
  FYR_SYNC_CAUSE_SCHEMA,
  FYR_SYNC_CAUSE_STALE,
  FYR_SYNC_CAUSE_AGAIN,
  FYR_SYNC_CAUSE_BROKEN,
} FyrSyncCause;

typedef enum {
  FYR_SYNC_EVENT_SIGNED_IN,         /* a session token is at hand */
  FYR_SYNC_EVENT_SIGNED_IN_OFFLINE, /* the user was recognised here; the credentials are kept for the server */
  FYR_SYNC_EVENT_SIGNED_OUT,
  FYR_SYNC_EVENT_OUTBOX,      /* something waits to be sent */
  FYR_SYNC_EVENT_DONE,        /* a request ended: request, cause, and what is named below */
  FYR_SYNC_EVENT_HEADS,       /* a frame came; behind: it names entries not seen yet */
  FYR_SYNC_EVENT_LIVE_CLOSED, /* cause */
  FYR_SYNC_EVENT_NETWORK,     /* the machine's network came back or changed */
  FYR_SYNC_EVENT_SYNC_NOW,    /* the user asks */
  FYR_SYNC_EVENT_TICK,        /* the deadline passed */
} FyrSyncEventKind;

/**
 * FyrSyncEvent:
 * @kind: what happened
 * @request: with DONE: which request
 * @cause: with DONE and LIVE_CLOSED: how
 * @more: with DONE of a push or pull: there is more to send, or the page was not the last
 * @behind: with HEADS, and DONE of a pull: heads above the cursors are known
 * @retry_after: with BUSY: milliseconds the server asks to wait, 0 unknown
 */
typedef struct {
  FyrSyncEventKind kind;
  FyrSyncRequest request;
  FyrSyncCause cause;
  gboolean more;
  gboolean behind;
  gint64 retry_after;
} FyrSyncEvent;

/** FyrSyncActions: what the caller is to do now, any number at once. */
typedef enum {
  FYR_SYNC_ACTION_NONE = 0,
  FYR_SYNC_ACTION_SIGN_IN = 1 << FYR_SYNC_REQUEST_SIGN_IN,
  FYR_SYNC_ACTION_PUSH = 1 << FYR_SYNC_REQUEST_PUSH,
  FYR_SYNC_ACTION_PULL = 1 << FYR_SYNC_REQUEST_PULL,
  FYR_SYNC_ACTION_POLL = 1 << FYR_SYNC_REQUEST_POLL,
  FYR_SYNC_ACTION_OPEN_LIVE = 1 << FYR_SYNC_REQUEST_LIVE,
  FYR_SYNC_ACTION_CANCEL_SIGN_IN = 1 << (8 + FYR_SYNC_REQUEST_SIGN_IN),
  FYR_SYNC_ACTION_CANCEL_PUSH = 1 << (8 + FYR_SYNC_REQUEST_PUSH),
  FYR_SYNC_ACTION_CANCEL_PULL = 1 << (8 + FYR_SYNC_REQUEST_PULL),
  FYR_SYNC_ACTION_CANCEL_POLL = 1 << (8 + FYR_SYNC_REQUEST_POLL),
  FYR_SYNC_ACTION_CLOSE_LIVE = 1 << (8 + FYR_SYNC_REQUEST_LIVE),
  FYR_SYNC_ACTION_FORGET_TOKEN = 1 << 16,
  FYR_SYNC_ACTION_LOCK = 1 << 17,
  FYR_SYNC_ACTION_UNLOCK = 1 << 18,
} FyrSyncActions;

/**
 * FyrSyncMachine:
 *
 * The rules of when to do what, without clock, network, disk or main loop: events and the time go in,
 * actions, a state and the next deadline come out. Owned by one thread. Times are milliseconds of a clock
 * that never goes back.
 */
typedef struct _FyrSyncMachine FyrSyncMachine;

/**
 * fyr_sync_machine_new:
 * @seed: of the jitter; the same seed and events give the same actions
 * @now: the time
 * @contact_age: milliseconds since the last contact with the server; negative when there was none yet
 *
 * Returns: (transfer full): a machine with nobody signed in
 */
FyrSyncMachine *
fyr_sync_machine_new (guint32 seed, gint64 now, gint64 contact_age);
void
fyr_sync_machine_free (FyrSyncMachine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSyncMachine, fyr_sync_machine_free)

/**
 * fyr_sync_machine_feed:
 * @event: what happened
 * @now: when
 *
 * A started request must be ended by one DONE event; one that was cancelled too (cause CANCELLED, or as it
 * ended in truth). A head frame that names unseen entries gives a pull in the same call, unless a pull is
 * under way, and then as soon as that has ended: no timer is between.
 *
 * Returns: the actions to do now
 */
FyrSyncActions
fyr_sync_machine_feed (FyrSyncMachine *self, const FyrSyncEvent *event, gint64 now);

/**
 * fyr_sync_machine_is_probing:
 *
 * Returns: whether nothing has answered lately, so that a pull shall ask for little: it finds out when that is over
 */
gboolean
fyr_sync_machine_is_probing (FyrSyncMachine *self);

/** fyr_sync_machine_get_state: Returns: where it stands */
FyrSyncState
fyr_sync_machine_get_state (FyrSyncMachine *self);

/** fyr_sync_machine_get_deadline: Returns: when to feed a TICK at the latest; %G_MAXINT64 when never */
gint64
fyr_sync_machine_get_deadline (FyrSyncMachine *self);

/** fyr_sync_machine_get_last_contact: Returns: time of the last answer; %G_MININT64 when there was none */
gint64
fyr_sync_machine_get_last_contact (FyrSyncMachine *self);

/** fyr_sync_machine_is_busy: Returns: whether a request of the kind is under way */
gboolean
fyr_sync_machine_is_busy (FyrSyncMachine *self, FyrSyncRequest request);

G_END_DECLS
