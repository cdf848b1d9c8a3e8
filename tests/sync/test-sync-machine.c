/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-machine.h"

#define START 1000000

typedef struct {
  FyrSyncMachine *machine;
  gint64 now;
} Fixture;

static void
fixture_set_up (Fixture *f, gconstpointer data)
{
  f->now = START;
  f->machine = fyr_sync_machine_new (7, f->now, -1);
}

static void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  fyr_sync_machine_free (f->machine);
}

static FyrSyncActions
feed (Fixture *f, FyrSyncEventKind kind)
{
  FyrSyncEvent event = { .kind = kind };

  return fyr_sync_machine_feed (f->machine, &event, f->now);
}

static FyrSyncActions
done (Fixture *f, FyrSyncRequest request, FyrSyncCause cause)
{
  FyrSyncEvent event = { .kind = FYR_SYNC_EVENT_DONE, .request = request, .cause = cause };

  return fyr_sync_machine_feed (f->machine, &event, f->now);
}

static FyrSyncActions
heads (Fixture *f, gboolean behind)
{
  FyrSyncEvent event = { .kind = FYR_SYNC_EVENT_HEADS, .behind = behind };

  return fyr_sync_machine_feed (f->machine, &event, f->now);
}

static FyrSyncActions
tick_after (Fixture *f, gint64 milliseconds)
{
  f->now += milliseconds;
  return feed (f, FYR_SYNC_EVENT_TICK);
}

static void
assert_state (Fixture *f, FyrSyncState state)
{
  g_assert_cmpstr (fyr_sync_state_to_code (fyr_sync_machine_get_state (f->machine)), ==,
                   fyr_sync_state_to_code (state));
}

/* Signed in, first pull and push answered, WebSocket open and its pull answered. */
static void
go_live (Fixture *f)
{
  feed (f, FYR_SYNC_EVENT_SIGNED_IN);
  done (f, FYR_SYNC_REQUEST_PUSH, FYR_SYNC_CAUSE_OK);
  done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_OK);
  g_assert_true (done (f, FYR_SYNC_REQUEST_LIVE, FYR_SYNC_CAUSE_OK) & FYR_SYNC_ACTION_PULL);
  g_assert_cmpuint (done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_OK), ==, FYR_SYNC_ACTION_NONE);
  assert_state (f, FYR_SYNC_STATE_LIVE);
}

static void
test_nobody (Fixture *f, gconstpointer data)
{
  assert_state (f, FYR_SYNC_STATE_SIGNED_OUT);
  g_assert_cmpint (fyr_sync_machine_get_deadline (f->machine), ==, G_MAXINT64);
  g_assert_cmpuint (feed (f, FYR_SYNC_EVENT_OUTBOX), ==, FYR_SYNC_ACTION_NONE);
  g_assert_cmpuint (feed (f, FYR_SYNC_EVENT_NETWORK), ==, FYR_SYNC_ACTION_NONE);
  g_assert_cmpuint (tick_after (f, 3600000), ==, FYR_SYNC_ACTION_NONE);
  assert_state (f, FYR_SYNC_STATE_SIGNED_OUT);
}

static void
test_sign_in (Fixture *f, gconstpointer data)
{
  FyrSyncActions actions = feed (f, FYR_SYNC_EVENT_SIGNED_IN);

  g_assert_cmpuint (actions, ==, FYR_SYNC_ACTION_PUSH | FYR_SYNC_ACTION_PULL | FYR_SYNC_ACTION_OPEN_LIVE);
  assert_state (f, FYR_SYNC_STATE_CONNECTING);
}

static void
test_heads_pull_at_once (Fixture *f, gconstpointer data)
{
  go_live (f);
  g_assert_cmpuint (heads (f, TRUE), ==, FYR_SYNC_ACTION_PULL);
  /* Another frame while the pull is under way waits for nothing but that pull. */
  g_assert_cmpuint (heads (f, TRUE), ==, FYR_SYNC_ACTION_NONE);
  g_assert_cmpuint (done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_OK), ==, FYR_SYNC_ACTION_PULL);
  g_assert_cmpuint (done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_OK), ==, FYR_SYNC_ACTION_NONE);
  g_assert_cmpuint (heads (f, FALSE), ==, FYR_SYNC_ACTION_NONE);
}

static void
test_incomplete_page (Fixture *f, gconstpointer data)
{
  FyrSyncEvent event = { .kind = FYR_SYNC_EVENT_DONE, .request = FYR_SYNC_REQUEST_PULL, .more = TRUE };

  go_live (f);
  heads (f, TRUE);
  g_assert_cmpuint (fyr_sync_machine_feed (f->machine, &event, f->now), ==, FYR_SYNC_ACTION_PULL);
  event.more = FALSE;
  event.behind = TRUE;
  g_assert_cmpuint (fyr_sync_machine_feed (f->machine, &event, f->now), ==, FYR_SYNC_ACTION_PULL);
}

static void
test_outbox_sent_at_once (Fixture *f, gconstpointer data)
{
  FyrSyncEvent more = { .kind = FYR_SYNC_EVENT_DONE, .request = FYR_SYNC_REQUEST_PUSH, .more = TRUE };

  go_live (f);
  g_assert_cmpuint (feed (f, FYR_SYNC_EVENT_OUTBOX), ==, FYR_SYNC_ACTION_PUSH);
  g_assert_cmpuint (feed (f, FYR_SYNC_EVENT_OUTBOX), ==, FYR_SYNC_ACTION_NONE);
  g_assert_cmpuint (fyr_sync_machine_feed (f->machine, &more, f->now), ==, FYR_SYNC_ACTION_PUSH);
  g_assert_cmpuint (done (f, FYR_SYNC_REQUEST_PUSH, FYR_SYNC_CAUSE_OK), ==, FYR_SYNC_ACTION_NONE);
}

static void
test_pull_each_minute (Fixture *f, gconstpointer data)
{
  gint64 end;

  go_live (f);
  end = f->now + FYR_SYNC_PULL_INTERVAL;
  while (f->now + 15000 < end) {
    f->now += 15000;
    g_assert_cmpuint (heads (f, FALSE), ==, FYR_SYNC_ACTION_NONE);
  }
  g_assert_cmpint (fyr_sync_machine_get_deadline (f->machine), <=, end);
  f->now = end;
  g_assert_cmpuint (feed (f, FYR_SYNC_EVENT_TICK), ==, FYR_SYNC_ACTION_PULL);
}

static void
test_heartbeat_missed_twice (Fixture *f, gconstpointer data)
{
  FyrSyncActions actions;

  go_live (f);
  g_assert_cmpuint (tick_after (f, FYR_SYNC_HEARTBEAT) & FYR_SYNC_ACTION_CLOSE_LIVE, ==, 0);
  actions = tick_after (f, FYR_SYNC_HEARTBEAT + FYR_SYNC_HEARTBEAT / 4);
  g_assert_true (actions & FYR_SYNC_ACTION_CLOSE_LIVE);
  g_assert_true (actions & FYR_SYNC_ACTION_PULL);
}

static void
test_polling_fallback (Fixture *f, gconstpointer data)
{
  FyrSyncActions actions;

  feed (f, FYR_SYNC_EVENT_SIGNED_IN);
  done (f, FYR_SYNC_REQUEST_PUSH, FYR_SYNC_CAUSE_OK);
  done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_OK);
  actions = done (f, FYR_SYNC_REQUEST_LIVE, FYR_SYNC_CAUSE_NETWORK);
  g_assert_cmpuint (actions, ==, FYR_SYNC_ACTION_POLL);
  assert_state (f, FYR_SYNC_STATE_POLLING);
  g_assert_cmpuint (done (f, FYR_SYNC_REQUEST_POLL, FYR_SYNC_CAUSE_OK), ==, FYR_SYNC_ACTION_POLL);
  /* The WebSocket is tried again, and found: the poll gives way to it. */
  actions = tick_after (f, FYR_SYNC_RECONNECT_MAX);
  g_assert_true (actions & FYR_SYNC_ACTION_OPEN_LIVE);
  g_assert_true (done (f, FYR_SYNC_REQUEST_LIVE, FYR_SYNC_CAUSE_OK) & FYR_SYNC_ACTION_CANCEL_POLL);
  g_assert_cmpuint (done (f, FYR_SYNC_REQUEST_POLL, FYR_SYNC_CAUSE_CANCELLED), ==, FYR_SYNC_ACTION_PULL);
  assert_state (f, FYR_SYNC_STATE_LIVE);
}

static void
test_offline_and_back (Fixture *f, gconstpointer data)
{
  FyrSyncEvent closed = { .kind = FYR_SYNC_EVENT_LIVE_CLOSED, .cause = FYR_SYNC_CAUSE_NETWORK };
  FyrSyncActions actions;

  go_live (f);
  g_assert_cmpuint (fyr_sync_machine_feed (f->machine, &closed, f->now), ==, FYR_SYNC_ACTION_PULL);
  g_assert_cmpuint (done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_NETWORK), ==, FYR_SYNC_ACTION_NONE);
  assert_state (f, FYR_SYNC_STATE_OFFLINE);
  /* Work saved meanwhile waits for the retry; a retry comes within the promised time. */
  g_assert_cmpuint (feed (f, FYR_SYNC_EVENT_OUTBOX), ==, FYR_SYNC_ACTION_NONE);
  g_assert_cmpint (fyr_sync_machine_get_deadline (f->machine), >=, f->now + FYR_SYNC_RECONNECT_MIN);
  g_assert_cmpint (fyr_sync_machine_get_deadline (f->machine), <=, f->now + FYR_SYNC_RETRY_MAX);
  actions = tick_after (f, fyr_sync_machine_get_deadline (f->machine) - f->now);
  /* One small question; the rest when it is answered. */
  g_assert_cmpuint (actions, ==, FYR_SYNC_ACTION_PULL);
  g_assert_true (fyr_sync_machine_is_probing (f->machine));
  actions = done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_OK);
  g_assert_false (fyr_sync_machine_is_probing (f->machine));
  g_assert_true (actions & FYR_SYNC_ACTION_OPEN_LIVE);
  g_assert_true (actions & FYR_SYNC_ACTION_PUSH);
  done (f, FYR_SYNC_REQUEST_LIVE, FYR_SYNC_CAUSE_OK);
  assert_state (f, FYR_SYNC_STATE_LIVE);
}

static void
test_backoff_bounds (Fixture *f, gconstpointer data)
{
  gint64 longest = 0, last = 0;

  feed (f, FYR_SYNC_EVENT_SIGNED_IN);
  for (guint i = 0; i < 200; i++) {
    gint64 wait;

    done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_NETWORK);
    done (f, FYR_SYNC_REQUEST_PUSH, FYR_SYNC_CAUSE_NETWORK);
    done (f, FYR_SYNC_REQUEST_LIVE, FYR_SYNC_CAUSE_NETWORK);
    wait = fyr_sync_machine_get_deadline (f->machine) - f->now;
    g_assert_cmpint (wait, >=, FYR_SYNC_RECONNECT_MIN);
    g_assert_cmpint (wait, <=, FYR_SYNC_RETRY_MAX);
    longest = MAX (longest, wait);
    last = wait;
    tick_after (f, wait);
    g_assert_true (fyr_sync_machine_is_busy (f->machine, FYR_SYNC_REQUEST_PULL));
  }
  /* It does grow, and it is jitter: not always the same. */
  g_assert_cmpint (longest, >, 2000);
  g_assert_cmpint (longest, !=, last);
}

/* However long it was, the first question after it is asked in time for everybody to be equal in 5 s. */
static void
test_long_silence (Fixture *f, gconstpointer data)
{
  gint64 asked = 0, longest = 0;

  go_live (f);
  heads (f, TRUE);
  tick_after (f, FYR_SYNC_REQUEST_LIMIT);
  done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_CANCELLED);
  for (gint64 end = f->now + 8 * 3600000LL; f->now < end;) {
    FyrSyncActions actions =
        tick_after (f, MAX (1, MIN (fyr_sync_machine_get_deadline (f->machine) - f->now, 60000)));

    g_assert_false (actions & FYR_SYNC_ACTION_PUSH);
    if (actions & FYR_SYNC_ACTION_PULL) {
      longest = asked != 0 ? MAX (longest, f->now - asked) : 0;
      asked = f->now;
      /* No connection comes about: the transport gives up after 3 s. */
      f->now += 3000;
      done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_NETWORK);
    }
  }
  g_assert_cmpint (longest, >, 3000);
  g_assert_cmpint (longest, <=, 5000);
  assert_state (f, FYR_SYNC_STATE_OFFLINE);
}

static void
test_network_change_retries (Fixture *f, gconstpointer data)
{
  feed (f, FYR_SYNC_EVENT_SIGNED_IN);
  for (guint i = 0; i < 8; i++) {
    done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_NETWORK);
    done (f, FYR_SYNC_REQUEST_PUSH, FYR_SYNC_CAUSE_NETWORK);
    tick_after (f, FYR_SYNC_RECONNECT_MAX);
  }
  done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_NETWORK);
  done (f, FYR_SYNC_REQUEST_PUSH, FYR_SYNC_CAUSE_NETWORK);
  assert_state (f, FYR_SYNC_STATE_OFFLINE);
  g_assert_true (feed (f, FYR_SYNC_EVENT_NETWORK) & FYR_SYNC_ACTION_PULL);
  assert_state (f, FYR_SYNC_STATE_CONNECTING);
}

static void
test_unanswered_request (Fixture *f, gconstpointer data)
{
  FyrSyncActions actions;

  go_live (f);
  heads (f, TRUE);
  actions = tick_after (f, FYR_SYNC_REQUEST_LIMIT);
  g_assert_true (actions & FYR_SYNC_ACTION_CANCEL_PULL);
  assert_state (f, FYR_SYNC_STATE_OFFLINE);
  /* It is cancelled once, and not started twice before it has ended. */
  g_assert_cmpuint (
      tick_after (f, FYR_SYNC_RECONNECT_MAX) & (FYR_SYNC_ACTION_PULL | FYR_SYNC_ACTION_CANCEL_PULL), ==, 0);
  g_assert_true (done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_CANCELLED) & FYR_SYNC_ACTION_PULL);
}

static void
test_retry_after (Fixture *f, gconstpointer data)
{
  FyrSyncEvent busy = { .kind = FYR_SYNC_EVENT_DONE,
                        .request = FYR_SYNC_REQUEST_PUSH,
                        .cause = FYR_SYNC_CAUSE_BUSY,
                        .retry_after = 7000 };

  go_live (f);
  feed (f, FYR_SYNC_EVENT_OUTBOX);
  g_assert_cmpuint (fyr_sync_machine_feed (f->machine, &busy, f->now), ==, FYR_SYNC_ACTION_NONE);
  assert_state (f, FYR_SYNC_STATE_LIVE);
  /* Alerts are still fetched at once meanwhile. */
  g_assert_cmpuint (heads (f, TRUE), ==, FYR_SYNC_ACTION_PULL);
  done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_OK);
  g_assert_cmpuint (tick_after (f, 6999), ==, FYR_SYNC_ACTION_NONE);
  g_assert_cmpuint (tick_after (f, 1), ==, FYR_SYNC_ACTION_PUSH);
}

static void
test_session_ended (Fixture *f, gconstpointer data)
{
  FyrSyncActions actions;

  go_live (f);
  feed (f, FYR_SYNC_EVENT_OUTBOX);
  actions = done (f, FYR_SYNC_REQUEST_PUSH, FYR_SYNC_CAUSE_UNAUTHENTICATED);
  g_assert_true (actions & FYR_SYNC_ACTION_FORGET_TOKEN);
  g_assert_true (actions & FYR_SYNC_ACTION_CLOSE_LIVE);
  assert_state (f, FYR_SYNC_STATE_SIGNED_OUT);
  g_assert_cmpuint (tick_after (f, 100000), ==, FYR_SYNC_ACTION_NONE);
  /* Signed in again, what waited is sent. */
  g_assert_true (feed (f, FYR_SYNC_EVENT_SIGNED_IN) & FYR_SYNC_ACTION_PUSH);
}

static void
test_offline_sign_in (Fixture *f, gconstpointer data)
{
  FyrSyncActions actions;

  g_assert_cmpuint (feed (f, FYR_SYNC_EVENT_SIGNED_IN_OFFLINE), ==, FYR_SYNC_ACTION_NONE);
  assert_state (f, FYR_SYNC_STATE_OFFLINE);
  actions = tick_after (f, FYR_SYNC_RECONNECT_MAX);
  g_assert_cmpuint (actions, ==, FYR_SYNC_ACTION_SIGN_IN);
  g_assert_cmpuint (done (f, FYR_SYNC_REQUEST_SIGN_IN, FYR_SYNC_CAUSE_NETWORK), ==, FYR_SYNC_ACTION_NONE);
  tick_after (f, FYR_SYNC_RECONNECT_MAX);
  actions = done (f, FYR_SYNC_REQUEST_SIGN_IN, FYR_SYNC_CAUSE_OK);
  g_assert_true (actions & FYR_SYNC_ACTION_PULL);
  g_assert_true (actions & FYR_SYNC_ACTION_PUSH);
}

static void
test_offline_password_changed (Fixture *f, gconstpointer data)
{
  feed (f, FYR_SYNC_EVENT_SIGNED_IN_OFFLINE);
  tick_after (f, FYR_SYNC_RECONNECT_MAX);
  g_assert_true (done (f, FYR_SYNC_REQUEST_SIGN_IN, FYR_SYNC_CAUSE_UNAUTHENTICATED) &
                 FYR_SYNC_ACTION_FORGET_TOKEN);
  assert_state (f, FYR_SYNC_STATE_SIGNED_OUT);
}

static void
test_upgrade (Fixture *f, gconstpointer data)
{
  go_live (f);
  feed (f, FYR_SYNC_EVENT_OUTBOX);
  g_assert_true (done (f, FYR_SYNC_REQUEST_PUSH, FYR_SYNC_CAUSE_SCHEMA) & FYR_SYNC_ACTION_CLOSE_LIVE);
  assert_state (f, FYR_SYNC_STATE_UPGRADE_NEEDED);
  g_assert_cmpuint (feed (f, FYR_SYNC_EVENT_OUTBOX), ==, FYR_SYNC_ACTION_NONE);
  g_assert_cmpuint (tick_after (f, 3600000), ==, FYR_SYNC_ACTION_NONE);
  /* After the server or the program changed, the user may ask again. */
  g_assert_true (feed (f, FYR_SYNC_EVENT_SYNC_NOW) & FYR_SYNC_ACTION_PUSH);
}

static void
test_locks_after_twelve_hours (Fixture *f, gconstpointer data)
{
  FyrSyncActions actions;

  go_live (f);
  heads (f, TRUE);
  done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_NETWORK);
  actions = tick_after (f, FYR_SYNC_LOCK_AFTER - 1);
  g_assert_cmpuint (actions & FYR_SYNC_ACTION_LOCK, ==, 0);
  actions = tick_after (f, 1);
  g_assert_true (actions & FYR_SYNC_ACTION_LOCK);
  assert_state (f, FYR_SYNC_STATE_LOCKED);
  while (!fyr_sync_machine_is_busy (f->machine, FYR_SYNC_REQUEST_PULL) ||
         fyr_sync_machine_is_busy (f->machine, FYR_SYNC_REQUEST_LIVE)) {
    done (f, FYR_SYNC_REQUEST_LIVE, FYR_SYNC_CAUSE_CANCELLED);
    done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_CANCELLED);
    tick_after (f, 1000);
  }
  g_assert_true (done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_OK) & FYR_SYNC_ACTION_UNLOCK);
  g_assert_cmpint (fyr_sync_machine_get_state (f->machine), !=, FYR_SYNC_STATE_LOCKED);
}

static void
test_starts_locked (void)
{
  FyrSyncEvent in = { .kind = FYR_SYNC_EVENT_SIGNED_IN };
  g_autoptr (FyrSyncMachine) old = fyr_sync_machine_new (1, START, FYR_SYNC_LOCK_AFTER);
  g_autoptr (FyrSyncMachine) fresh = fyr_sync_machine_new (1, START, FYR_SYNC_LOCK_AFTER - 1);

  g_assert_cmpint (fyr_sync_machine_get_state (old), ==, FYR_SYNC_STATE_LOCKED);
  g_assert_cmpint (fyr_sync_machine_get_state (fresh), ==, FYR_SYNC_STATE_SIGNED_OUT);
  g_assert_true (fyr_sync_machine_feed (old, &in, START) & FYR_SYNC_ACTION_UNLOCK);
}

static void
test_signed_out_stops_all (Fixture *f, gconstpointer data)
{
  FyrSyncActions actions;

  go_live (f);
  heads (f, TRUE);
  feed (f, FYR_SYNC_EVENT_OUTBOX);
  actions = feed (f, FYR_SYNC_EVENT_SIGNED_OUT);
  g_assert_cmpuint (actions, ==,
                    FYR_SYNC_ACTION_CANCEL_PULL | FYR_SYNC_ACTION_CANCEL_PUSH | FYR_SYNC_ACTION_CLOSE_LIVE |
                        FYR_SYNC_ACTION_FORGET_TOKEN);
  done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_CANCELLED);
  done (f, FYR_SYNC_REQUEST_PUSH, FYR_SYNC_CAUSE_CANCELLED);
  assert_state (f, FYR_SYNC_STATE_SIGNED_OUT);
}

static void
test_repairs_are_paced (Fixture *f, gconstpointer data)
{
  guint at_once = 0;

  go_live (f);
  heads (f, TRUE);
  while (done (f, FYR_SYNC_REQUEST_PULL, FYR_SYNC_CAUSE_STALE) & FYR_SYNC_ACTION_PULL) {
    g_assert_cmpuint (++at_once, <, 10);
  }
  g_assert_cmpuint (at_once, >=, 3);
  g_assert_true (tick_after (f, FYR_SYNC_RECONNECT_MAX) & FYR_SYNC_ACTION_PULL);
}

/* What a simulated network may do to a machine: anything, at any time. */
typedef struct {
  FyrSyncMachine *machine;
  gint64 now;
  gboolean under_way[FYR_SYNC_N_REQUESTS];
  gboolean live;
  guint started;
} World;

static void
world_obey (World *w, FyrSyncActions actions)
{
  for (guint i = 0; i < FYR_SYNC_N_REQUESTS; i++) {
    if (actions & (1U << i)) {
      g_assert_false (w->under_way[i]);
      w->under_way[i] = TRUE;
      w->started++;
    }
  }
  g_assert_false (w->under_way[FYR_SYNC_REQUEST_PULL] && w->under_way[FYR_SYNC_REQUEST_POLL]);
  if (actions & FYR_SYNC_ACTION_CLOSE_LIVE) {
    w->live = FALSE;
  }
}

static void
world_feed (World *w, FyrSyncEvent event)
{
  gboolean ends = event.kind == FYR_SYNC_EVENT_DONE;

  if (ends) {
    w->under_way[event.request] = FALSE;
    w->live |= event.request == FYR_SYNC_REQUEST_LIVE && event.cause == FYR_SYNC_CAUSE_OK;
  }
  if (event.kind == FYR_SYNC_EVENT_LIVE_CLOSED) {
    w->live = FALSE;
  }
  world_obey (w, fyr_sync_machine_feed (w->machine, &event, w->now));
  g_assert_cmpint (fyr_sync_machine_get_deadline (w->machine), >, w->now);
}

static FyrSyncEvent
random_event (World *w, GRand *random)
{
  FyrSyncEvent event = { .kind = FYR_SYNC_EVENT_TICK };
  FyrSyncRequest request = (FyrSyncRequest)g_rand_int_range (random, 0, FYR_SYNC_N_REQUESTS);

  event.more = g_rand_int_range (random, 0, 4) == 0;
  event.behind = g_rand_int_range (random, 0, 4) == 0;
  event.retry_after = g_rand_int_range (random, 0, 3) * 1000;
  event.cause = (FyrSyncCause)g_rand_int_range (random, 0, FYR_SYNC_CAUSE_BROKEN + 1);
  if (w->under_way[request]) {
    event.kind = FYR_SYNC_EVENT_DONE;
    event.request = request;
  } else if (w->live && g_rand_boolean (random)) {
    event.kind = g_rand_int_range (random, 0, 5) == 0 ? FYR_SYNC_EVENT_LIVE_CLOSED : FYR_SYNC_EVENT_HEADS;
    event.cause = FYR_SYNC_CAUSE_NETWORK;
  } else if (g_rand_int_range (random, 0, 10) == 0) {
    event.kind = FYR_SYNC_EVENT_OUTBOX;
  } else if (g_rand_int_range (random, 0, 50) == 0) {
    event.kind = g_rand_boolean (random) ? FYR_SYNC_EVENT_NETWORK : FYR_SYNC_EVENT_SIGNED_IN;
  }
  return event;
}

/* Answers everything well until nothing is under way: the network has healed. */
static void
world_heal (World *w)
{
  world_feed (w, (FyrSyncEvent){ .kind = FYR_SYNC_EVENT_SIGNED_IN });
  for (guint round = 0; round < 400; round++) {
    for (guint i = 0; i < FYR_SYNC_N_REQUESTS; i++) {
      if (w->under_way[i]) {
        world_feed (w, (FyrSyncEvent){ .kind = FYR_SYNC_EVENT_DONE, .request = i });
      }
    }
    if (fyr_sync_machine_get_state (w->machine) == FYR_SYNC_STATE_LIVE &&
        !w->under_way[FYR_SYNC_REQUEST_PULL]) {
      return;
    }
    w->now += 500;
    world_feed (w, (FyrSyncEvent){ .kind = w->live ? FYR_SYNC_EVENT_HEADS : FYR_SYNC_EVENT_TICK });
  }
}

static void
test_any_history_heals (void)
{
  guint32 seed = (guint32)g_test_rand_int ();

  g_test_message ("seed %u", seed);
  for (guint run = 0; run < 300; run++) {
    g_autoptr (GRand) random = g_rand_new_with_seed (seed + run);
    World w = { .now = START };

    w.machine = fyr_sync_machine_new (seed + run, w.now, run % 2 == 0 ? -1 : 1000);
    world_feed (&w, (FyrSyncEvent){ .kind = FYR_SYNC_EVENT_SIGNED_IN });
    for (guint i = 0; i < 400; i++) {
      w.now += g_rand_int_range (random, 0, 3000);
      world_feed (&w, random_event (&w, random));
    }
    world_heal (&w);
    g_assert_cmpint (fyr_sync_machine_get_state (w.machine), ==, FYR_SYNC_STATE_LIVE);
    /* Live means: a frame is answered by a pull now. */
    g_assert_true (fyr_sync_machine_feed (
                       w.machine, &(FyrSyncEvent){ .kind = FYR_SYNC_EVENT_HEADS, .behind = TRUE }, w.now) &
                   FYR_SYNC_ACTION_PULL);
    fyr_sync_machine_free (w.machine);
  }
}

static void
test_never_hammers (void)
{
  World w = { .now = START };
  guint ticks = 0;

  w.machine = fyr_sync_machine_new (3, w.now, -1);
  world_feed (&w, (FyrSyncEvent){ .kind = FYR_SYNC_EVENT_SIGNED_IN });
  while (w.now < START + 3600000) {
    for (guint i = 0; i < FYR_SYNC_N_REQUESTS; i++) {
      if (w.under_way[i]) {
        world_feed (
            &w, (FyrSyncEvent){ .kind = FYR_SYNC_EVENT_DONE, .request = i, .cause = FYR_SYNC_CAUSE_NETWORK });
      }
    }
    w.now = fyr_sync_machine_get_deadline (w.machine);
    world_feed (&w, (FyrSyncEvent){ .kind = FYR_SYNC_EVENT_TICK });
    ticks++;
  }
  /* An hour without server: one small question each 2.5 s on the average, and as many wake-ups. */
  g_assert_cmpuint (w.started, <, 1700);
  g_assert_cmpuint (ticks, <, 1700);
  g_assert_cmpuint (ticks, >, 100);
  fyr_sync_machine_free (w.machine);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/sync/machine/nothing is sent before somebody signs in", test_nobody);
  ADD ("/sync/machine/sign-in starts push, pull and live at once", test_sign_in);
  ADD ("/sync/machine/a head frame is answered by a pull at once", test_heads_pull_at_once);
  ADD ("/sync/machine/an incomplete page is followed at once", test_incomplete_page);
  ADD ("/sync/machine/what is saved is sent at once", test_outbox_sent_at_once);
  ADD ("/sync/machine/a pull each 60 s in any case", test_pull_each_minute);
  ADD ("/sync/machine/two missed heartbeats reconnect", test_heartbeat_missed_twice);
  ADD ("/sync/machine/without WebSocket it polls, and goes back", test_polling_fallback);
  ADD ("/sync/machine/offline and back by itself", test_offline_and_back);
  ADD ("/sync/machine/asks each 5 s however long nothing answers", test_long_silence);
  ADD ("/sync/machine/tries again after 0.5 to 4.5 s with jitter", test_backoff_bounds);
  ADD ("/sync/machine/a network change retries at once", test_network_change_retries);
  ADD ("/sync/machine/an unanswered request is cut", test_unanswered_request);
  ADD ("/sync/machine/Retry-After is kept, alerts do not wait for it", test_retry_after);
  ADD ("/sync/machine/an ended session asks for sign-in, the outbox stays", test_session_ended);
  ADD ("/sync/machine/signed in offline, it signs in when the server answers", test_offline_sign_in);
  ADD ("/sync/machine/a password changed elsewhere ends the offline session", test_offline_password_changed);
  ADD ("/sync/machine/too old for the server", test_upgrade);
  ADD ("/sync/machine/12 hours without contact lock", test_locks_after_twelve_hours);
  g_test_add_func ("/sync/machine/a database unseen for 12 hours starts locked", test_starts_locked);
  ADD ("/sync/machine/signing out stops all", test_signed_out_stops_all);
  ADD ("/sync/machine/a server that always complains is not hammered", test_repairs_are_paced);
  g_test_add_func ("/sync/machine/any history heals to live", test_any_history_heals);
  g_test_add_func ("/sync/machine/an hour offline costs few wake-ups", test_never_hammers);
  return g_test_run ();
}
