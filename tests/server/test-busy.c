/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Back-pressure: the queues of a real server are filled, and a workstation's own parts wait as told, then succeed. */
#include <string.h>

#include "fyr-await.h"
#include "fyr-http-fixture.h"
#include "fyr-soup-transport.h"
#include "fyr-sync-client.h"
#include "fyr-sync-machine.h"

#define WRITES 1024
#define READS 512
#define LONGEST_WAIT (10 * 60000)

typedef struct {
  House *house;
  FyrSoupTransport *transport;
  FyrSyncMachine *machine;
  char device[37];
  char *token;
  gint64 now;
  GMutex gate; /* held: jobs of the server stand still */
} Case;

static gboolean
stand_still (FyrWriteContext *context, gpointer gate, GError **error)
{
  g_mutex_lock (gate);
  g_mutex_unlock (gate);
  return TRUE;
}

static gboolean
do_nothing (FyrWriteContext *context, gpointer data, GError **error)
{
  return TRUE;
}

static gboolean
stand_still_reading (FyrConnection *connection, gpointer gate, GError **error)
{
  g_mutex_lock (gate);
  g_mutex_unlock (gate);
  return TRUE;
}

static FyrSyncActions
feed (Case *c, FyrSyncEvent event)
{
  return fyr_sync_machine_feed (c->machine, &event, c->now);
}

static void
case_init (Case *c)
{
  g_autofree char *address = NULL;
  FyrSyncActions actions;

  memset (c, 0, sizeof *c);
  g_mutex_init (&c->gate);
  c->house = house_new (NULL);
  world_id (c->device);
  house_set_password (c->house, c->house->world->nurse);
  c->token = house_sign_in (c->house, "kari", c->device);
  address = g_strdup_printf ("http://127.0.0.1:%u", c->house->port);
  c->transport = fyr_soup_transport_new (address, NULL);
  g_assert_nonnull (c->transport);
  c->now = 1000000;
  c->machine = fyr_sync_machine_new (1, c->now, 0);
  actions = feed (c, (FyrSyncEvent){ .kind = FYR_SYNC_EVENT_SIGNED_IN });
  g_assert_true (actions & FYR_SYNC_ACTION_PUSH);
  g_assert_true (actions & FYR_SYNC_ACTION_PULL);
}

static void
case_clear (Case *c)
{
  fyr_sync_machine_free (c->machine);
  g_object_unref (c->transport);
  house_free (c->house);
  g_mutex_clear (&c->gate);
  g_free (c->token);
}

/* One request of the workstation and what it makes of the answer. */
static FyrSyncEvent
ask (Case *c, FyrSyncRequest request)
{
  FyrSyncEvent event = { .kind = FYR_SYNC_EVENT_DONE, .request = request, .cause = FYR_SYNC_CAUSE_OK };
  FyrSyncTransport *transport = FYR_SYNC_TRANSPORT (c->transport);
  g_autoptr (FyrSyncFault) fault = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  if (request == FYR_SYNC_REQUEST_PUSH) {
    g_autoptr (FyrPushRequest) push = fyr_push_request_new ();
    GString *text = g_string_new (NULL);
    g_autoptr (GBytes) body = NULL;
    g_autoptr (FyrPushReply) reply = NULL;

    push->epoch = g_strdup (fyr_server_db_get_epoch (c->house->world->db));
    push->device = g_strdup (c->device);
    push->incarnation = g_strdup (c->device);
    fyr_push_request_write (push, text);
    body = g_string_free_to_bytes (text);
    fyr_sync_client_push_async (transport, c->token, body, NULL, fyr_test_got, &slot);
    result = fyr_test_wait (&slot);
    reply = fyr_sync_client_push_finish (transport, result, &fault, &error);
  } else {
    g_autoptr (FyrPullRequest) pull = fyr_pull_request_new ();
    g_autoptr (FyrPullReply) reply = NULL;

    pull->epoch = g_strdup (fyr_server_db_get_epoch (c->house->world->db));
    pull->device = g_strdup (c->device);
    fyr_sync_client_pull_async (transport, c->token, pull, NULL, fyr_test_got, &slot);
    result = fyr_test_wait (&slot);
    reply = fyr_sync_client_pull_finish (transport, result, &fault, &error);
  }
  if (error != NULL) {
    g_assert_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_BUSY);
    event.cause = FYR_SYNC_CAUSE_BUSY;
    event.retry_after = fault->retry_after;
  }
  return event;
}

/* Told to wait @least milliseconds at the least, it asks again then, not before, and succeeds. */
static void
wait_and_succeed (Case *c, FyrSyncRequest request, gint64 least)
{
  FyrSyncEvent busy = ask (c, request);
  gint64 until;

  g_assert_cmpint (busy.cause, ==, FYR_SYNC_CAUSE_BUSY);
  g_assert_cmpint (busy.retry_after, >=, least);
  g_assert_cmpint (busy.retry_after, <=, LONGEST_WAIT);
  until = c->now + busy.retry_after;
  g_assert_false (feed (c, busy) & (1U << request));
  c->now = until - 1;
  g_assert_false (feed (c, (FyrSyncEvent){ .kind = FYR_SYNC_EVENT_TICK }) & (1U << request));
  c->now = until;
  g_assert_true (feed (c, (FyrSyncEvent){ .kind = FYR_SYNC_EVENT_TICK }) & (1U << request));
  g_mutex_unlock (&c->gate);
}

static void
test_a_push_waits (void)
{
  FyrSyncEvent done;
  FyrWriter *writer;
  Case c;

  case_init (&c);
  writer = fyr_server_get_writer (c.house->server);
  g_mutex_lock (&c.gate);
  fyr_writer_submit (writer, stand_still, &c.gate, NULL, NULL);
  for (guint i = 1; i < WRITES; i++) {
    fyr_writer_submit (writer, do_nothing, NULL, NULL, NULL);
  }
  g_assert_cmpuint (fyr_writer_get_pending (writer), >=, WRITES);
  wait_and_succeed (&c, FYR_SYNC_REQUEST_PUSH, (1 + WRITES / 512) * 1000);
  /* What had waited is done first. */
  while (fyr_writer_get_pending (writer) >= WRITES) {
    g_main_context_iteration (NULL, FALSE);
    g_thread_yield ();
  }
  done = ask (&c, FYR_SYNC_REQUEST_PUSH);
  g_assert_cmpint (done.cause, ==, FYR_SYNC_CAUSE_OK);
  feed (&c, done);
  case_clear (&c);
}

static void
test_a_pull_waits (void)
{
  FyrSyncEvent done;
  FyrReader *reader;
  Case c;

  case_init (&c);
  reader = fyr_server_get_reader (c.house->server);
  g_mutex_lock (&c.gate);
  for (guint i = 0; i < READS; i++) {
    fyr_reader_submit (reader, stand_still_reading, &c.gate, NULL, NULL);
  }
  g_assert_cmpuint (fyr_reader_get_pending (reader), >=, READS);
  wait_and_succeed (&c, FYR_SYNC_REQUEST_PULL, (1 + READS / 512) * 1000);
  while (fyr_reader_get_pending (reader) >= READS) {
    g_main_context_iteration (NULL, FALSE);
    g_thread_yield ();
  }
  done = ask (&c, FYR_SYNC_REQUEST_PULL);
  g_assert_cmpint (done.cause, ==, FYR_SYNC_CAUSE_OK);
  feed (&c, done);
  case_clear (&c);
}

/* One short of full, nobody is sent away. */
static void
test_below_the_bound_nobody_waits (void)
{
  FyrWriter *writer;
  Case c;

  case_init (&c);
  writer = fyr_server_get_writer (c.house->server);
  for (guint i = 0; i < WRITES / 2; i++) {
    fyr_writer_submit (writer, do_nothing, NULL, NULL, NULL);
  }
  g_assert_cmpint (ask (&c, FYR_SYNC_REQUEST_PUSH).cause, ==, FYR_SYNC_CAUSE_OK);
  case_clear (&c);
}

/* Whatever is said, a workstation waits ten minutes at the most. */
static void
test_no_wait_is_longer_than_ten_minutes (void)
{
  const gint64 told[] = { G_MAXINT64, 3600000, LONGEST_WAIT + 1, -1, G_MININT64, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (told); i++) {
    g_autoptr (FyrSyncMachine) machine = fyr_sync_machine_new (1, 1000, 0);
    FyrSyncEvent in = { .kind = FYR_SYNC_EVENT_SIGNED_IN };
    FyrSyncEvent busy = { .kind = FYR_SYNC_EVENT_DONE,
                          .request = FYR_SYNC_REQUEST_PUSH,
                          .cause = FYR_SYNC_CAUSE_BUSY,
                          .retry_after = told[i] };
    FyrSyncEvent pulled = { .kind = FYR_SYNC_EVENT_DONE,
                            .request = FYR_SYNC_REQUEST_PULL,
                            .cause = FYR_SYNC_CAUSE_OK };
    FyrSyncEvent tick = { .kind = FYR_SYNC_EVENT_TICK };

    fyr_sync_machine_feed (machine, &in, 1000);
    fyr_sync_machine_feed (machine, &pulled, 1500);
    g_assert_false (fyr_sync_machine_feed (machine, &busy, 2000) & FYR_SYNC_ACTION_PUSH);
    g_assert_true (fyr_sync_machine_feed (machine, &tick, 2000 + LONGEST_WAIT) & FYR_SYNC_ACTION_PUSH);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/busy/a push waits while 1024 writes do, and then succeeds", test_a_push_waits);
  g_test_add_func ("/server/busy/a pull waits while 512 readings do, and then succeeds", test_a_pull_waits);
  g_test_add_func ("/server/busy/below the bound nobody waits", test_below_the_bound_nobody_waits);
  g_test_add_func ("/server/busy/no wait is longer than ten minutes",
                   test_no_wait_is_longer_than_ten_minutes);
  return g_test_run ();
}
