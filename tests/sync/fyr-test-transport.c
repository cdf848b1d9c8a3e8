/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-test-world.h"

#include <string.h>

#define FAIL_AFTER 300    /* ms until a broken connection is noticed */
#define POLL_STEP 250     /* ms between looks for a waiting poll */
#define POLL_LENGTH 25000 /* ms */

/* A live channel, held by the engine and by the world's list. */
#define FYR_TYPE_TEST_LIVE (fyr_test_live_get_type ())
G_DECLARE_FINAL_TYPE (FyrTestLive, fyr_test_live, FYR, TEST_LIVE, FyrSyncLive)

struct _FyrTestLive {
  FyrSyncLive parent_instance;
  FyrTestClient *client;
  gboolean over;
};

G_DEFINE_FINAL_TYPE (FyrTestLive, fyr_test_live, FYR_TYPE_SYNC_LIVE)

static void
fyr_test_live_close (FyrSyncLive *live)
{
  FYR_TEST_LIVE (live)->over = TRUE;
}

static void
fyr_test_live_class_init (FyrTestLiveClass *klass)
{
  FYR_SYNC_LIVE_CLASS (klass)->close = fyr_test_live_close;
}

static void
fyr_test_live_init (FyrTestLive *self)
{
}

struct _FyrTestTransport {
  GObject parent_instance;
  FyrTestClient *client; /* (nullable): gone */
};

static void
iface_init (FyrSyncTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrTestTransport,
                               fyr_test_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FYR_TYPE_SYNC_TRANSPORT, iface_init))

/* A request under way. Its task is answered once, by the network or by its cancellable. */
typedef struct {
  FyrTestTransport *transport;
  FyrTestWorld *world;
  GTask *task; /* (nullable): answered */
  gulong cancel_handler;
  guint references;
  char *path;
  GBytes *body;
  char *token;
  gboolean lose_reply;
  gint64 poll_until;
  FyrSyncAnswer *answer;
} Exchange;

static Exchange *
exchange_ref (Exchange *exchange)
{
  exchange->references++;
  return exchange;
}

static GTask *
exchange_take_task (Exchange *exchange)
{
  GTask *task = g_steal_pointer (&exchange->task);

  if (task != NULL && exchange->cancel_handler != 0) {
    g_signal_handler_disconnect (g_task_get_cancellable (task), exchange->cancel_handler);
    exchange->cancel_handler = 0;
    exchange->references--; /* the handler's; the caller has another */
  }
  return task;
}

static void
exchange_unref (Exchange *exchange)
{
  if (--exchange->references > 0) {
    return;
  }
  g_clear_object (&exchange->task);
  g_clear_pointer (&exchange->answer, fyr_sync_answer_free);
  g_clear_pointer (&exchange->body, g_bytes_unref);
  g_free (exchange->path);
  g_free (exchange->token);
  g_object_unref (exchange->transport);
  g_free (exchange);
}

static void
fail (gpointer data)
{
  Exchange *exchange = data;
  g_autoptr (GTask) task = exchange_take_task (exchange);

  if (task != NULL) {
    g_task_return_new_error (task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK, "The connection broke");
  }
  exchange_unref (exchange);
}

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  Exchange *exchange = data;
  g_autoptr (GTask) task = g_steal_pointer (&exchange->task);

  if (exchange->cancel_handler != 0) {
    g_signal_handler_disconnect (cancellable, exchange->cancel_handler);
    exchange->cancel_handler = 0;
  }
  if (task != NULL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  }
  exchange_unref (exchange);
}

static void
arrive (gpointer data)
{
  Exchange *exchange = data;
  g_autoptr (GTask) task = NULL;

  if (exchange->transport->client == NULL || exchange->transport->client->faults.cut) {
    fail (exchange);
    return;
  }
  task = exchange_take_task (exchange);
  if (task != NULL) {
    g_task_return_pointer (task, g_steal_pointer (&exchange->answer), (GDestroyNotify)fyr_sync_answer_free);
  }
  exchange_unref (exchange);
}

static gint64
draw_delay (Exchange *exchange)
{
  gint64 most = exchange->transport->client != NULL ? exchange->transport->client->faults.delay : 0;

  return 1 + (most > 0 ? g_rand_int_range (exchange->world->random, 0, (gint32)most) : 0);
}

/* The server has it. What it does stays, whatever becomes of the reply. */
static void
serve (gpointer data)
{
  Exchange *exchange = data;
  FyrTestClient *client = exchange->transport->client;
  gboolean may_wait = exchange->world->now < exchange->poll_until;
  gboolean waiting = FALSE;

  if (client == NULL || client->faults.cut) {
    fail (exchange);
    return;
  }
  exchange->answer = fyr_test_world_answer (exchange->world, client, exchange->path, exchange->body,
                                            exchange->token, may_wait, &waiting);
  if (waiting && exchange->task != NULL) {
    fyr_test_world_after (exchange->world, POLL_STEP, serve, exchange);
  } else if (exchange->answer == NULL || exchange->lose_reply) {
    fyr_test_world_after (exchange->world, FAIL_AFTER, fail, exchange);
  } else {
    fyr_test_world_after (exchange->world, draw_delay (exchange), arrive, exchange);
  }
}

/* The same bytes once more, as a proxy or an impatient library might send them; nobody reads the answer. */
static void
serve_again (gpointer data)
{
  Exchange *exchange = data;
  FyrTestClient *client = exchange->transport->client;
  gboolean waiting = FALSE;

  if (client != NULL) {
    g_autoptr (FyrSyncAnswer) answer = fyr_test_world_answer (
        exchange->world, client, exchange->path, exchange->body, exchange->token, FALSE, &waiting);
  }
  exchange_unref (exchange);
}

static void
count (FyrTestClient *client, Exchange *exchange)
{
  if (strcmp (exchange->path, "/sync/v1/push") == 0) {
    client->pushes++;
    client->largest_push = MAX (client->largest_push, g_bytes_get_size (exchange->body));
  } else if (strcmp (exchange->path, "/sync/v1/pull") == 0) {
    const char *text = g_bytes_get_data (exchange->body, NULL);
    gboolean poll = g_strstr_len (text, (gssize)g_bytes_get_size (exchange->body), "\"wait\":25") != NULL;

    client->pulls += !poll;
    client->polls += poll;
    exchange->poll_until = poll ? exchange->world->now + POLL_LENGTH : 0;
  }
}

static void
exchange_async (FyrSyncTransport *transport,
                const char *path,
                GBytes *body,
                const char *token,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  FyrTestTransport *self = FYR_TEST_TRANSPORT (transport);
  FyrTestClient *client = self->client;
  Exchange *exchange = g_new0 (Exchange, 1);
  FyrTestWorld *world = client->world;

  exchange->references = 1;
  exchange->transport = g_object_ref (self);
  exchange->world = world;
  exchange->task = g_task_new (self, cancellable, callback, user_data);
  exchange->path = g_strdup (path);
  exchange->body = body != NULL ? g_bytes_ref (body) : NULL;
  exchange->token = g_strdup (token);
  g_task_set_check_cancellable (exchange->task, FALSE);
  count (client, exchange);
  if (cancellable != NULL) {
    exchange->cancel_handler =
        g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), exchange_ref (exchange));
  }
  exchange->lose_reply = fyr_test_world_chance (world, client->faults.drop_reply);
  if (fyr_test_world_chance (world, client->faults.drop_request)) {
    fyr_test_world_after (world, FAIL_AFTER, fail, exchange);
    return;
  }
  if (fyr_test_world_chance (world, client->faults.duplicate)) {
    fyr_test_world_after (world, draw_delay (exchange) * 3, serve_again, exchange_ref (exchange));
  }
  fyr_test_world_after (world, draw_delay (exchange), serve, exchange);
}

static FyrSyncAnswer *
exchange_finish (FyrSyncTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct {
  FyrTestTransport *transport;
  GTask *task;
} Opening;

static void
open_now (gpointer data)
{
  Opening *opening = data;
  FyrTestClient *client = opening->transport->client;

  if (client == NULL || client->faults.cut || client->faults.refuse_socket) {
    g_task_return_new_error (opening->task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK, "No WebSocket");
  } else {
    FyrTestLive *live = g_object_new (FYR_TYPE_TEST_LIVE, NULL);

    client->sockets++;
    live->client = client;
    g_ptr_array_add (client->world->lives, g_object_ref (live));
    g_task_return_pointer (opening->task, live, g_object_unref);
  }
  g_object_unref (opening->task);
  g_object_unref (opening->transport);
  g_free (opening);
}

static void
open_live_async (FyrSyncTransport *transport,
                 const char *token,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  FyrTestTransport *self = FYR_TEST_TRANSPORT (transport);
  Opening *opening = g_new0 (Opening, 1);

  opening->transport = g_object_ref (self);
  opening->task = g_task_new (self, cancellable, callback, user_data);
  fyr_test_world_after (self->client->world, 2, open_now, opening);
}

static FyrSyncLive *
open_live_finish (FyrSyncTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static const char *
get_address (FyrSyncTransport *transport)
{
  return "test:";
}

static void
iface_init (FyrSyncTransportInterface *iface)
{
  iface->exchange_async = exchange_async;
  iface->exchange_finish = exchange_finish;
  iface->open_live_async = open_live_async;
  iface->open_live_finish = open_live_finish;
  iface->get_address = get_address;
}

static void
fyr_test_transport_class_init (FyrTestTransportClass *klass)
{
}

static void
fyr_test_transport_init (FyrTestTransport *self)
{
}

FyrTestTransport *
fyr_test_transport_new (FyrTestClient *client)
{
  FyrTestTransport *self = g_object_new (FYR_TYPE_TEST_TRANSPORT, NULL);

  self->client = client;
  return self;
}

void
fyr_test_transport_forget (FyrTestTransport *self)
{
  self->client = NULL;
}

typedef struct {
  FyrTestLive *live;
  char *text;
} Frame;

static void
deliver_frame (gpointer data)
{
  Frame *frame = data;

  if (!frame->live->over) {
    if (frame->live->client->faults.cut) {
      frame->live->over = TRUE;
      fyr_sync_live_emit_closed (FYR_SYNC_LIVE (frame->live), 0);
    } else {
      fyr_sync_live_emit_frame (FYR_SYNC_LIVE (frame->live), frame->text);
    }
  }
  g_object_unref (frame->live);
  g_free (frame->text);
  g_free (frame);
}

void
fyr_test_world_tell (FyrTestWorld *self)
{
  for (guint i = self->lives->len; i > 0; i--) {
    FyrTestLive *live = g_ptr_array_index (self->lives, i - 1);
    Frame *frame;

    if (live->over) {
      g_ptr_array_remove_index_fast (self->lives, i - 1);
      continue;
    }
    if (fyr_test_world_chance (self, live->client->faults.drop_frame)) {
      continue;
    }
    frame = g_new0 (Frame, 1);
    frame->live = g_object_ref (live);
    frame->text = fyr_test_world_heads (self, live->client);
    fyr_test_world_after (self, 1, deliver_frame, frame);
  }
}

void
fyr_test_world_close_lives (FyrTestWorld *self, FyrTestClient *client, guint code)
{
  for (guint i = self->lives->len; i > 0; i--) {
    g_autoptr (FyrTestLive) live = g_object_ref (g_ptr_array_index (self->lives, i - 1));

    if (live->client == client && !live->over) {
      live->over = TRUE;
      fyr_sync_live_emit_closed (FYR_SYNC_LIVE (live), code);
    }
  }
}
