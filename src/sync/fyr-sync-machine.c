/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-machine.h"

#define REPAIRS_AT_ONCE 4

typedef enum {
  SESSION_NONE,
  SESSION_CREDENTIALS, /* known here; to be signed in at the server when it answers */
  SESSION_TOKEN,
} Session;

struct _FyrSyncMachine {
  GRand *jitter;
  Session session;
  gboolean upgrade_needed;
  gboolean locked;
  gboolean contact; /* the last request that ended was answered */
  gboolean tried;   /* since the sign-in some request has ended */
  gboolean probe;   /* the pull under way asks for little and may not take long */
  gboolean live_open;
  gboolean live_failed; /* since the last sign-in or network change: use the long poll meanwhile */
  gboolean want_push;
  gboolean want_pull;
  guint failures;
  guint live_failures;
  guint repairs;        /* answers in a row that said "again" */
  gint64 retry_at;      /* nothing but the live channel is started before */
  gint64 asked;         /* when the last pull or sign-in began */
  gint64 push_retry_at; /* the server asked pushes to wait */
  gint64 live_retry_at;
  gint64 next_pull;
  gint64 last_contact;
  gint64 last_frame;
  gint64 started[FYR_SYNC_N_REQUESTS]; /* 0: not under way */
  gboolean cancelling[FYR_SYNC_N_REQUESTS];
};

FyrSyncMachine *
fyr_sync_machine_new (guint32 seed, gint64 now, gint64 contact_age)
{
  FyrSyncMachine *self = g_new0 (FyrSyncMachine, 1);

  self->jitter = g_rand_new_with_seed (seed);
  self->last_contact = contact_age < 0 ? G_MININT64 : now - contact_age;
  self->locked = contact_age >= FYR_SYNC_LOCK_AFTER;
  return self;
}

void
fyr_sync_machine_free (FyrSyncMachine *self)
{
  if (self == NULL) {
    return;
  }
  g_rand_free (self->jitter);
  g_free (self);
}

/* A random wait of at most 0.5 s doubled with each failure, @longest in the end: a centre's workstations do
 * not come back all at once. */
static gint64
backoff (FyrSyncMachine *self, guint failures, gint64 longest)
{
  gint64 top = FYR_SYNC_RECONNECT_MIN << MIN (failures, 6);

  top = CLAMP (top, FYR_SYNC_RECONNECT_MIN + 1, longest);
  return g_rand_int_range (self->jitter, FYR_SYNC_RECONNECT_MIN, (gint32)top + 1);
}

static gboolean
is_busy (FyrSyncMachine *self, FyrSyncRequest request)
{
  return self->started[request] != 0;
}

static FyrSyncActions
start (FyrSyncMachine *self, FyrSyncRequest request, gint64 now)
{
  self->started[request] = MAX (now, 1);
  if (request == FYR_SYNC_REQUEST_PULL || request == FYR_SYNC_REQUEST_SIGN_IN) {
    self->asked = now;
  }
  self->cancelling[request] = FALSE;
  return 1U << request;
}

static FyrSyncActions
cancel (FyrSyncMachine *self, FyrSyncRequest request)
{
  if (!is_busy (self, request) || self->cancelling[request]) {
    return FYR_SYNC_ACTION_NONE;
  }
  self->cancelling[request] = TRUE;
  return 1U << (8 + request);
}

static FyrSyncActions
cancel_all (FyrSyncMachine *self)
{
  FyrSyncActions actions = FYR_SYNC_ACTION_NONE;

  for (guint i = 0; i < FYR_SYNC_N_REQUESTS; i++) {
    actions |= cancel (self, i);
  }
  if (self->live_open) {
    actions |= FYR_SYNC_ACTION_CLOSE_LIVE;
    self->live_open = FALSE;
  }
  return actions;
}

static FyrSyncActions
note_contact (FyrSyncMachine *self, gint64 now)
{
  if (!self->contact) {
    self->live_retry_at = now; /* the outage is over, for the WebSocket too */
  }
  self->last_contact = now;
  self->contact = TRUE;
  self->tried = TRUE;
  if (!self->locked) {
    return FYR_SYNC_ACTION_NONE;
  }
  self->locked = FALSE;
  return FYR_SYNC_ACTION_UNLOCK;
}

static void
note_failure (FyrSyncMachine *self, gint64 now)
{
  self->contact = FALSE;
  self->tried = TRUE;
  if (self->retry_at <= now) {
    /* Counted from when it was asked, so that slow failures and quick ones are found over equally soon. */
    self->retry_at =
        MAX (now + FYR_SYNC_RECONNECT_MIN, self->asked + backoff (self, self->failures, FYR_SYNC_RETRY_MAX));
    self->failures++;
  }
}

static FyrSyncActions
forget_session (FyrSyncMachine *self)
{
  FyrSyncActions actions = cancel_all (self);

  self->session = SESSION_NONE;
  self->contact = FALSE;
  self->want_pull = FALSE;
  return actions | FYR_SYNC_ACTION_FORGET_TOKEN;
}

static void
begin_session (FyrSyncMachine *self, Session session)
{
  self->session = session;
  self->tried = FALSE;
  self->upgrade_needed = FALSE;
  self->want_push = TRUE;
  self->want_pull = TRUE;
  self->failures = 0;
  self->live_failures = 0;
  self->live_failed = FALSE;
  self->retry_at = 0;
  self->push_retry_at = 0;
  self->live_retry_at = 0;
}

static FyrSyncActions
wait_as_asked (FyrSyncMachine *self, const FyrSyncEvent *event, gint64 now)
{
  gint64 wait = event->retry_after > 0 ? MIN (event->retry_after, 10 * 60000)
                                       : backoff (self, self->failures++, FYR_SYNC_RECONNECT_MAX);

  if (event->request == FYR_SYNC_REQUEST_PUSH) {
    self->push_retry_at = now + wait;
  } else {
    self->retry_at = now + wait;
  }
  return FYR_SYNC_ACTION_NONE;
}

static FyrSyncActions
finish_ok (FyrSyncMachine *self, const FyrSyncEvent *event, gint64 now)
{
  switch (event->request) {
  case FYR_SYNC_REQUEST_SIGN_IN:
    begin_session (self, SESSION_TOKEN);
    self->tried = TRUE;
    break;
  case FYR_SYNC_REQUEST_PUSH:
    self->want_push |= event->more;
    break;
  case FYR_SYNC_REQUEST_PULL:
  case FYR_SYNC_REQUEST_POLL:
    self->want_pull |= event->more || event->behind;
    self->next_pull = now + FYR_SYNC_PULL_INTERVAL;
    break;
  case FYR_SYNC_REQUEST_LIVE:
    self->live_open = TRUE;
    self->live_failed = FALSE;
    self->live_failures = 0;
    self->last_frame = now;
    /* What came between the last pull and the opening was told to nobody. */
    self->want_pull = TRUE;
    break;
  case FYR_SYNC_N_REQUESTS:
  default:
    break;
  }
  self->failures = 0;
  self->repairs = 0;
  self->retry_at = 0;
  return note_contact (self, now);
}

/* The store has repaired what was complained of, so ask at once; but a server that complains for ever is
 * not asked for ever without a pause. */
static FyrSyncActions
repair (FyrSyncMachine *self, gint64 now)
{
  FyrSyncActions actions = note_contact (self, now);

  if (++self->repairs > REPAIRS_AT_ONCE) {
    self->retry_at = now + backoff (self, self->failures++, FYR_SYNC_RECONNECT_MAX);
  }
  return actions;
}

static void
want_again (FyrSyncMachine *self, FyrSyncRequest request)
{
  if (request == FYR_SYNC_REQUEST_PUSH) {
    self->want_push = TRUE;
  } else if (request == FYR_SYNC_REQUEST_PULL || request == FYR_SYNC_REQUEST_POLL) {
    self->want_pull = TRUE;
  }
}

static void
live_lost (FyrSyncMachine *self, gint64 now)
{
  self->live_open = FALSE;
  self->live_failed = TRUE;
  self->live_retry_at = now + backoff (self, self->live_failures, FYR_SYNC_RECONNECT_MAX);
  self->live_failures++;
}

static FyrSyncActions
finish (FyrSyncMachine *self, const FyrSyncEvent *event, gint64 now)
{
  /* Ended by us: what was wrong has been counted when it was cancelled. */
  gboolean lost = self->cancelling[event->request] && event->cause == FYR_SYNC_CAUSE_CANCELLED;

  self->started[event->request] = 0;
  self->cancelling[event->request] = FALSE;
  if (self->session == SESSION_NONE) {
    return event->cause == FYR_SYNC_CAUSE_OK && event->request == FYR_SYNC_REQUEST_LIVE
               ? FYR_SYNC_ACTION_CLOSE_LIVE
               : FYR_SYNC_ACTION_NONE;
  }
  if (event->cause == FYR_SYNC_CAUSE_OK) {
    return finish_ok (self, event, now);
  }
  if (event->cause == FYR_SYNC_CAUSE_NOTHING) {
    return FYR_SYNC_ACTION_NONE;
  }
  want_again (self, event->request);
  switch (event->cause) {
  case FYR_SYNC_CAUSE_UNAUTHENTICATED:
    return note_contact (self, now) | forget_session (self);
  case FYR_SYNC_CAUSE_SCHEMA:
    self->upgrade_needed = TRUE;
    return note_contact (self, now) | cancel_all (self);
  case FYR_SYNC_CAUSE_STALE:
  case FYR_SYNC_CAUSE_AGAIN:
    return repair (self, now);
  case FYR_SYNC_CAUSE_BUSY:
    return note_contact (self, now) | wait_as_asked (self, event, now);
  case FYR_SYNC_CAUSE_BROKEN:
    /* It answered, but nothing we understand: not contact, and no reason to hammer. */
  case FYR_SYNC_CAUSE_NETWORK:
  case FYR_SYNC_CAUSE_CANCELLED:
  case FYR_SYNC_CAUSE_OK:
  case FYR_SYNC_CAUSE_NOTHING:
  default:
    if (event->request == FYR_SYNC_REQUEST_LIVE) {
      live_lost (self, now);
    } else if (!lost) {
      note_failure (self, now);
    }
    return FYR_SYNC_ACTION_NONE;
  }
}

gboolean
fyr_sync_machine_is_probing (FyrSyncMachine *self)
{
  return self->tried && !self->contact;
}

static gint64
limit_of (FyrSyncMachine *self, FyrSyncRequest request)
{
  if (request == FYR_SYNC_REQUEST_PULL && self->probe) {
    return FYR_SYNC_PROBE_LIMIT;
  }
  return request == FYR_SYNC_REQUEST_POLL ? FYR_SYNC_POLL_LIMIT : FYR_SYNC_REQUEST_LIMIT;
}

/* Requests that nobody answers, a silent live channel, and the lock after half a day. */
static FyrSyncActions
watch (FyrSyncMachine *self, gint64 now)
{
  FyrSyncActions actions = FYR_SYNC_ACTION_NONE;

  for (guint i = 0; i < FYR_SYNC_N_REQUESTS; i++) {
    if (is_busy (self, i) && now - self->started[i] >= limit_of (self, i)) {
      if (i != FYR_SYNC_REQUEST_LIVE && !self->cancelling[i]) {
        note_failure (self, now);
      }
      actions |= cancel (self, i);
    }
  }
  if (self->live_open && now - self->last_frame >= 2 * FYR_SYNC_HEARTBEAT + FYR_SYNC_HEARTBEAT / 4) {
    actions |= FYR_SYNC_ACTION_CLOSE_LIVE;
    live_lost (self, now);
    self->want_pull = TRUE;
  }
  if (!self->locked && self->last_contact != G_MININT64 && now - self->last_contact >= FYR_SYNC_LOCK_AFTER) {
    self->locked = TRUE;
    actions |= FYR_SYNC_ACTION_LOCK;
  }
  return actions;
}

static FyrSyncActions
plan_pull (FyrSyncMachine *self, gint64 now)
{
  if (is_busy (self, FYR_SYNC_REQUEST_PULL)) {
    return FYR_SYNC_ACTION_NONE;
  }
  if (is_busy (self, FYR_SYNC_REQUEST_POLL)) {
    return self->want_pull ? cancel (self, FYR_SYNC_REQUEST_POLL) : FYR_SYNC_ACTION_NONE;
  }
  if (self->want_pull || now >= self->next_pull) {
    self->want_pull = FALSE;
    self->probe = fyr_sync_machine_is_probing (self);
    return start (self, FYR_SYNC_REQUEST_PULL, now);
  }
  if (!self->live_open && self->live_failed) {
    return start (self, FYR_SYNC_REQUEST_POLL, now);
  }
  return FYR_SYNC_ACTION_NONE;
}

/* While nothing answers, pulls find out when that is over. */
static gboolean
wants_live (FyrSyncMachine *self)
{
  return !self->live_open && !is_busy (self, FYR_SYNC_REQUEST_LIVE) && (self->contact || !self->tried);
}

/* Everything that may be started now, is. */
static FyrSyncActions
plan (FyrSyncMachine *self, gint64 now)
{
  FyrSyncActions actions = FYR_SYNC_ACTION_NONE;

  if (self->session == SESSION_NONE || self->upgrade_needed || now < self->retry_at) {
    return actions;
  }
  if (self->session == SESSION_CREDENTIALS) {
    return is_busy (self, FYR_SYNC_REQUEST_SIGN_IN) ? actions : start (self, FYR_SYNC_REQUEST_SIGN_IN, now);
  }
  /* While nothing answers only one small question is asked; the rest waits for its answer. */
  self->want_pull |= fyr_sync_machine_is_probing (self);
  actions |= plan_pull (self, now);
  if (fyr_sync_machine_is_probing (self)) {
    return actions;
  }
  if (self->want_push && !is_busy (self, FYR_SYNC_REQUEST_PUSH) && now >= self->push_retry_at) {
    self->want_push = FALSE;
    actions |= start (self, FYR_SYNC_REQUEST_PUSH, now);
  }
  if (wants_live (self) && now >= self->live_retry_at) {
    actions |= start (self, FYR_SYNC_REQUEST_LIVE, now);
  }
  return actions;
}

static FyrSyncActions
take_in (FyrSyncMachine *self, const FyrSyncEvent *event, gint64 now)
{
  switch (event->kind) {
  case FYR_SYNC_EVENT_SIGNED_IN:
    begin_session (self, SESSION_TOKEN);
    return note_contact (self, now);
  case FYR_SYNC_EVENT_SIGNED_IN_OFFLINE:
    begin_session (self, SESSION_CREDENTIALS);
    note_failure (self, now);
    return FYR_SYNC_ACTION_NONE;
  case FYR_SYNC_EVENT_SIGNED_OUT:
    self->upgrade_needed = FALSE;
    return forget_session (self);
  case FYR_SYNC_EVENT_OUTBOX:
    self->want_push = TRUE;
    return FYR_SYNC_ACTION_NONE;
  case FYR_SYNC_EVENT_DONE:
    return finish (self, event, now);
  case FYR_SYNC_EVENT_HEADS:
    self->last_frame = now;
    self->want_pull |= event->behind;
    return self->live_open ? note_contact (self, now) : FYR_SYNC_ACTION_NONE;
  case FYR_SYNC_EVENT_LIVE_CLOSED:
    if (self->live_open) {
      live_lost (self, now);
      self->want_pull = TRUE;
    }
    return event->cause == FYR_SYNC_CAUSE_UNAUTHENTICATED ? forget_session (self) : FYR_SYNC_ACTION_NONE;
  case FYR_SYNC_EVENT_NETWORK:
  case FYR_SYNC_EVENT_SYNC_NOW:
    self->retry_at = 0;
    self->push_retry_at = 0;
    self->live_retry_at = 0;
    self->upgrade_needed = FALSE;
    self->tried = self->contact;
    self->want_pull = TRUE;
    self->want_push = TRUE;
    return FYR_SYNC_ACTION_NONE;
  case FYR_SYNC_EVENT_TICK:
  default:
    return FYR_SYNC_ACTION_NONE;
  }
}

FyrSyncActions
fyr_sync_machine_feed (FyrSyncMachine *self, const FyrSyncEvent *event, gint64 now)
{
  FyrSyncActions actions;

  g_return_val_if_fail (self != NULL && event != NULL, FYR_SYNC_ACTION_NONE);
  actions = take_in (self, event, now);
  actions |= watch (self, now);
  if (now >= self->retry_at) {
    self->retry_at = 0;
  }
  return actions | plan (self, now);
}

FyrSyncState
fyr_sync_machine_get_state (FyrSyncMachine *self)
{
  if (self->locked) {
    return FYR_SYNC_STATE_LOCKED;
  }
  if (self->session == SESSION_NONE) {
    return FYR_SYNC_STATE_SIGNED_OUT;
  }
  if (self->upgrade_needed) {
    return FYR_SYNC_STATE_UPGRADE_NEEDED;
  }
  if (!self->contact) {
    return self->tried ? FYR_SYNC_STATE_OFFLINE : FYR_SYNC_STATE_CONNECTING;
  }
  if (self->live_open) {
    return FYR_SYNC_STATE_LIVE;
  }
  return self->live_failed ? FYR_SYNC_STATE_POLLING : FYR_SYNC_STATE_CONNECTING;
}

static gint64
session_deadline (FyrSyncMachine *self)
{
  gint64 deadline = G_MAXINT64;

  if (self->session == SESSION_NONE || self->upgrade_needed) {
    return deadline;
  }
  if (self->retry_at != 0) {
    return self->retry_at;
  }
  if (self->session == SESSION_CREDENTIALS) {
    return deadline;
  }
  if (!is_busy (self, FYR_SYNC_REQUEST_PULL) && !is_busy (self, FYR_SYNC_REQUEST_POLL)) {
    deadline = self->next_pull;
  }
  if (self->want_push && !is_busy (self, FYR_SYNC_REQUEST_PUSH) && !fyr_sync_machine_is_probing (self)) {
    deadline = MIN (deadline, self->push_retry_at);
  }
  if (wants_live (self)) {
    deadline = MIN (deadline, self->live_retry_at);
  }
  return deadline;
}

gint64
fyr_sync_machine_get_deadline (FyrSyncMachine *self)
{
  gint64 deadline = session_deadline (self);

  for (guint i = 0; i < FYR_SYNC_N_REQUESTS; i++) {
    if (is_busy (self, i) && !self->cancelling[i]) {
      deadline = MIN (deadline, self->started[i] + limit_of (self, i));
    }
  }
  if (self->live_open) {
    deadline = MIN (deadline, self->last_frame + 2 * FYR_SYNC_HEARTBEAT + FYR_SYNC_HEARTBEAT / 4);
  }
  if (!self->locked && self->last_contact != G_MININT64) {
    deadline = MIN (deadline, self->last_contact + FYR_SYNC_LOCK_AFTER);
  }
  return deadline;
}

gint64
fyr_sync_machine_get_last_contact (FyrSyncMachine *self)
{
  return self->last_contact;
}

gboolean
fyr_sync_machine_is_busy (FyrSyncMachine *self, FyrSyncRequest request)
{
  return is_busy (self, request);
}
