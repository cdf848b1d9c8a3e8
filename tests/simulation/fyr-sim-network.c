/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The network between workstations and server. It may do to a message whatever a network does, and repeat an old one
 * days later.
 */
#include <string.h>

#include "fyr-sim-world.h"

#define FAIL_AFTER 300    /* ms until a broken connection is noticed */
#define SILENCE 120000    /* ms until a half-open one is */
#define POLL_LENGTH 25000 /* ms */
#define BEAT 20000
#define OLD_PUSHES 24

#define FYR_TYPE_SIM_LIVE (fyr_sim_live_get_type ())
G_DECLARE_FINAL_TYPE (FyrSimLive, fyr_sim_live, FYR, SIM_LIVE, FyrSyncLive)

/* A live channel, held by the engine and by the world. */
struct _FyrSimLive {
  FyrSyncLive parent_instance;
  FyrSimClient *client;
  gboolean over;
};

G_DEFINE_FINAL_TYPE (FyrSimLive, fyr_sim_live, FYR_TYPE_SYNC_LIVE)

static void
fyr_sim_live_close (FyrSyncLive *live)
{
  FYR_SIM_LIVE (live)->over = TRUE;
}

static void
fyr_sim_live_class_init (FyrSimLiveClass *klass)
{
  FYR_SYNC_LIVE_CLASS (klass)->close = fyr_sim_live_close;
}

static void
fyr_sim_live_init (FyrSimLive *self)
{
}

struct _FyrSimTransport {
  GObject parent_instance;
  FyrSimClient *client; /* (nullable): gone */
  FyrSimWorld *world;
  GPtrArray *exchanges; /* Exchange whose task is not answered */
};

static void
iface_init (FyrSyncTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrSimTransport,
                               fyr_sim_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FYR_TYPE_SYNC_TRANSPORT, iface_init))

/* A request under way: held by who answers it, and by each event about it. */
typedef struct {
  gatomicrefcount refs;
  FyrSimTransport *transport;
  GTask *task; /* (nullable): answered */
  gulong cancel_handler;
  char *path;
  GBytes *body;
  char *token;
  gboolean lose_reply;
  gint64 poll_until;
  FyrSyncAnswer *answer;
} Exchange;

/* A push as it was sent, to be sent again some day. */
typedef struct {
  GBytes *body;
  char *token;
  char user_id[37];
} OldPush;

static void
old_push_free (gpointer data)
{
  OldPush *old = data;

  g_bytes_unref (old->body);
  g_free (old->token);
  g_free (old);
}

static Exchange *
exchange_ref (Exchange *exchange)
{
  g_atomic_ref_count_inc (&exchange->refs);
  return exchange;
}

static void
exchange_unref (Exchange *exchange)
{
  if (!g_atomic_ref_count_dec (&exchange->refs)) {
    return;
  }
  g_assert_null (exchange->task);
  g_clear_pointer (&exchange->answer, fyr_sync_answer_free);
  g_clear_pointer (&exchange->body, g_bytes_unref);
  g_free (exchange->path);
  g_free (exchange->token);
  g_object_unref (exchange->transport);
  g_free (exchange);
}

static FyrSimClient *
client_of (Exchange *exchange)
{
  return exchange->transport->client;
}

/* (transfer full) (nullable): NULL when it was answered before. */
static GTask *
take_task (Exchange *exchange)
{
  GTask *task = g_steal_pointer (&exchange->task);

  if (task == NULL) {
    return NULL;
  }
  if (exchange->cancel_handler != 0) {
    g_signal_handler_disconnect (g_task_get_cancellable (task), exchange->cancel_handler);
    exchange->cancel_handler = 0;
  }
  g_ptr_array_remove (exchange->transport->exchanges, exchange);
  exchange_unref (exchange);
  return task;
}

static void
fail_with (Exchange *exchange, GQuark domain, int code, const char *message)
{
  g_autoptr (GTask) task = take_task (exchange);

  if (task != NULL) {
    g_task_return_new_error (task, domain, code, "%s", message);
  }
}

static void
fail (gpointer data)
{
  Exchange *exchange = data;

  fail_with (exchange, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK, "The connection broke");
  exchange_unref (exchange);
}

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  Exchange *exchange = exchange_ref (data);

  fail_with (exchange, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  exchange_unref (exchange);
}

static gint64
draw_delay (FyrSimClient *client)
{
  return 1 + (client != NULL && client->weather.delay > 0 ? fyr_sim_draw ((guint)client->weather.delay) : 0);
}

/* It is lost. Takes @exchange. */
static void
lose (Exchange *exchange)
{
  FyrSimClient *client = client_of (exchange);

  fyr_sim_after (client != NULL && client->weather.hang ? SILENCE : FAIL_AFTER, fail, exchange);
}

static void
arrive (gpointer data)
{
  Exchange *exchange = data;
  FyrSimClient *client = client_of (exchange);
  g_autoptr (GTask) task = NULL;

  if (client == NULL || client->weather.cut_down) {
    lose (exchange);
    return;
  }
  task = take_task (exchange);
  if (task != NULL) {
    g_task_return_pointer (task, g_steal_pointer (&exchange->answer), (GDestroyNotify)fyr_sync_answer_free);
  }
  exchange_unref (exchange);
}

static void
keep_push (Exchange *exchange)
{
  FyrSimWorld *world = exchange->transport->world;
  OldPush *old = g_new0 (OldPush, 1);

  old->body = g_bytes_ref (exchange->body);
  old->token = g_strdup (exchange->token);
  g_strlcpy (old->user_id, client_of (exchange)->user_id, sizeof old->user_id);
  if (world->old_pushes->len >= OLD_PUSHES) {
    g_ptr_array_remove_index_fast (world->old_pushes, fyr_sim_draw (OLD_PUSHES));
  }
  g_ptr_array_add (world->old_pushes, old);
}

/* The server has it. What it does stays, whatever becomes of the reply. Takes @exchange. */
static void
serve (gpointer data)
{
  Exchange *exchange = data;
  FyrSimClient *client = client_of (exchange);
  FyrSimWorld *world = exchange->transport->world;
  gboolean waiting = FALSE;

  if (client == NULL || client->weather.cut_up || (world->ending && exchange->task == NULL)) {
    lose (exchange);
    return;
  }
  if (strcmp (exchange->path, "/sync/v1/push") == 0 && fyr_sim_chance (25)) {
    keep_push (exchange);
  }
  g_clear_pointer (&exchange->answer, fyr_sync_answer_free);
  exchange->answer = fyr_sim_server_answer (world, client, exchange->path, exchange->body, exchange->token,
                                            fyr_sim_now () < exchange->poll_until, &waiting);
  if (exchange->answer != NULL) {
    fyr_sim_trace ("%s %s %u", client->machine.name, exchange->path, exchange->answer->status);
  }
  if (waiting && exchange->task != NULL) {
    g_ptr_array_add (world->polls, exchange);
  } else if (exchange->answer == NULL || exchange->lose_reply) {
    lose (exchange);
  } else {
    fyr_sim_after (draw_delay (client), arrive, exchange);
  }
}

/* The same bytes once more, as a proxy or an impatient library might send them; nobody reads the answer. */
static void
serve_again (gpointer data)
{
  Exchange *exchange = data;
  FyrSimClient *client = client_of (exchange);
  gboolean waiting = FALSE;

  if (client != NULL && !client->weather.cut_up) {
    g_autoptr (FyrSyncAnswer) answer = fyr_sim_server_answer (
        exchange->transport->world, client, exchange->path, exchange->body, exchange->token, FALSE, &waiting);
  }
  exchange_unref (exchange);
}

static void
on_poll_over (gpointer data)
{
  Exchange *exchange = data;
  GPtrArray *polls = exchange->transport->world->polls;

  if (g_ptr_array_remove_fast (polls, exchange)) {
    serve (exchange);
  }
  exchange_unref (exchange);
}

static void
note_poll (Exchange *exchange)
{
  const char *text;

  if (exchange->body == NULL || strcmp (exchange->path, "/sync/v1/pull") != 0) {
    return;
  }
  text = g_bytes_get_data (exchange->body, NULL);
  if (g_strstr_len (text, (gssize)g_bytes_get_size (exchange->body), "\"wait\":25") != NULL) {
    exchange->poll_until = fyr_sim_now () + POLL_LENGTH;
    fyr_sim_after (POLL_LENGTH + 1, on_poll_over, exchange_ref (exchange));
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
  FyrSimTransport *self = FYR_SIM_TRANSPORT (transport);
  FyrSimWorld *world = self->world;
  FyrSimClient *client = self->client;
  Exchange *exchange = g_new0 (Exchange, 1);

  g_atomic_ref_count_init (&exchange->refs);
  exchange->transport = g_object_ref (self);
  exchange->task = g_task_new (self, cancellable, callback, user_data);
  exchange->path = g_strdup (path);
  exchange->body = body != NULL ? g_bytes_ref (body) : NULL;
  exchange->token = g_strdup (token);
  g_task_set_check_cancellable (exchange->task, FALSE);
  g_ptr_array_add (self->exchanges, exchange_ref (exchange));
  if (client == NULL) {
    fail (exchange);
    return;
  }
  note_poll (exchange);
  if (cancellable != NULL) {
    exchange->cancel_handler =
        g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), exchange);
  }
  exchange->lose_reply = fyr_sim_chance (client->weather.lose_reply);
  if (exchange->lose_reply) {
    fyr_sim_world_count (world, FYR_SIM_LOST_REPLY);
  }
  if (fyr_sim_chance (client->weather.lose_request)) {
    fyr_sim_world_count (world, FYR_SIM_LOST_REQUEST);
    lose (exchange);
    return;
  }
  if (fyr_sim_chance (client->weather.duplicate)) {
    fyr_sim_world_count (world, FYR_SIM_DOUBLED);
    fyr_sim_after (draw_delay (client) * 3, serve_again, exchange_ref (exchange));
  }
  fyr_sim_after (draw_delay (client), serve, exchange);
}

static FyrSyncAnswer *
exchange_finish (FyrSyncTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct {
  FyrSimTransport *transport;
  GTask *task;
} Opening;

static void
open_now (gpointer data)
{
  Opening *opening = data;
  FyrSimClient *client = opening->transport->client;

  if (client == NULL || client->weather.cut_up || client->weather.cut_down || client->weather.no_socket ||
      !client->world->server.up || client->world->ending) {
    g_task_return_new_error (opening->task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK, "No WebSocket");
  } else {
    FyrSimLive *live = g_object_new (FYR_TYPE_SIM_LIVE, NULL);

    live->client = client;
    g_ptr_array_add (client->world->channels, g_object_ref (live));
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
  FyrSimTransport *self = FYR_SIM_TRANSPORT (transport);
  Opening *opening = g_new0 (Opening, 1);

  opening->transport = g_object_ref (self);
  opening->task = g_task_new (self, cancellable, callback, user_data);
  fyr_sim_after (2, open_now, opening);
}

static FyrSyncLive *
open_live_finish (FyrSyncTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static const char *
get_address (FyrSyncTransport *transport)
{
  return "simulated:";
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
fyr_sim_transport_finalize (GObject *object)
{
  g_ptr_array_unref (FYR_SIM_TRANSPORT (object)->exchanges);
  G_OBJECT_CLASS (fyr_sim_transport_parent_class)->finalize (object);
}

static void
fyr_sim_transport_class_init (FyrSimTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_sim_transport_finalize;
}

static void
fyr_sim_transport_init (FyrSimTransport *self)
{
  self->exchanges = g_ptr_array_new ();
}

FyrSimTransport *
fyr_sim_transport_new (FyrSimClient *client)
{
  FyrSimTransport *self = g_object_new (FYR_TYPE_SIM_TRANSPORT, NULL);

  self->client = client;
  self->world = client->world;
  return self;
}

void
fyr_sim_transport_forget (FyrSimTransport *self)
{
  FyrSimWorld *world = self->world;

  for (guint i = 0; i < world->channels->len; i++) {
    FyrSimLive *live = g_ptr_array_index (world->channels, i);

    live->over = live->over || live->client == self->client;
  }
  self->client = NULL;
  while (self->exchanges->len > 0) {
    Exchange *exchange = exchange_ref (g_ptr_array_index (self->exchanges, 0));

    fail_with (exchange, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK, "The program ends");
    if (g_ptr_array_remove_fast (world->polls, exchange)) {
      exchange_unref (exchange);
    }
    exchange_unref (exchange);
  }
}

typedef struct {
  FyrSimLive *live;
  char *text; /* (nullable): it is closed, with @code */
  guint code;
} Frame;

static void
deliver_frame (gpointer data)
{
  Frame *frame = data;
  FyrSimClient *client = frame->live->client;

  if (!frame->live->over && !client->weather.hang) {
    fyr_sim_enter (&client->machine);
    if (frame->text == NULL || client->weather.cut_down) {
      frame->live->over = TRUE;
      fyr_sync_live_emit_closed (FYR_SYNC_LIVE (frame->live), frame->code);
    } else {
      fyr_sync_live_emit_frame (FYR_SYNC_LIVE (frame->live), frame->text);
    }
    fyr_sim_leave ();
  }
  g_object_unref (frame->live);
  g_free (frame->text);
  g_free (frame);
}

static void
send_frame (FyrSimLive *live, char *text, guint code)
{
  Frame *frame = g_new0 (Frame, 1);

  frame->live = g_object_ref (live);
  frame->text = text;
  frame->code = code;
  fyr_sim_after (draw_delay (live->client), deliver_frame, frame);
}

static void
answer_polls (FyrSimWorld *self)
{
  g_autoptr (GPtrArray) polls = g_steal_pointer (&self->polls);

  self->polls = g_ptr_array_new ();
  for (guint i = 0; i < polls->len; i++) {
    fyr_sim_after (1, serve, polls->pdata[i]);
  }
}

void
fyr_sim_network_tell (FyrSimWorld *self)
{
  for (guint i = self->channels->len; i > 0; i--) {
    FyrSimLive *live = g_ptr_array_index (self->channels, i - 1);
    char *text;

    if (live->over) {
      g_ptr_array_remove_index_fast (self->channels, i - 1);
      continue;
    }
    text = fyr_sim_chance (live->client->weather.lose_frame)
               ? NULL
               : fyr_sim_server_heads (self, live->client->user_id);
    if (text != NULL) {
      send_frame (live, text, 0);
    }
  }
  answer_polls (self);
}

void
fyr_sim_network_drop (FyrSimWorld *self, const char *user_id, guint code)
{
  for (guint i = 0; i < self->channels->len; i++) {
    FyrSimLive *live = g_ptr_array_index (self->channels, i);

    if (!live->over && (user_id == NULL || strcmp (user_id, live->client->user_id) == 0)) {
      send_frame (live, NULL, code);
    }
  }
}

void
fyr_sim_network_replay (FyrSimWorld *self)
{
  OldPush *old;
  g_autofree char *token = NULL;
  g_autoptr (FyrPushRequest) request = NULL;
  g_autoptr (FyrSyncAnswer) answer = NULL;
  gboolean waiting;
  gsize length;
  const char *text;

  if (self->old_pushes->len == 0 || !self->server.up) {
    return;
  }
  old = g_ptr_array_index (self->old_pushes, fyr_sim_draw (self->old_pushes->len));
  text = g_bytes_get_data (old->body, &length);
  request = fyr_push_request_parse (text, length, NULL);
  if (request != NULL && fyr_sim_chance (60)) {
    token = fyr_sim_server_session (self, old->user_id, request->device);
  }
  fyr_sim_world_count (self, FYR_SIM_REPLAYED);
  answer = fyr_sim_server_answer (self, NULL, "/sync/v1/push", old->body, token != NULL ? token : old->token,
                                  FALSE, &waiting);
}

static void
on_beat (gpointer data)
{
  FyrSimWorld *self = data;

  if (!self->ending) {
    fyr_sim_network_tell (self);
    fyr_sim_after (BEAT, on_beat, self);
  }
}

void
fyr_sim_network_start (FyrSimWorld *self)
{
  self->channels = g_ptr_array_new_with_free_func (g_object_unref);
  self->polls = g_ptr_array_new ();
  self->old_pushes = g_ptr_array_new_with_free_func (old_push_free);
  fyr_sim_after (BEAT, on_beat, self);
}
