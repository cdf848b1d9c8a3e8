/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-guard.h"

#include <sys/resource.h>

#include "fyr-guard-listener.h"
#include "fyr-guard-waiting.h"
#include "fyr-log.h"

#define TICK_MS 250
/* For databases, logs and what the kernel tells us by. */
#define DESCRIPTORS_KEPT 256

const FyrGuardLimits fyr_guard_limits_default = { 4096, 48u * 1024 * 1024, 16u * 1024 * 1024 };

struct _FyrGuard {
  SoupServer *soup;
  FyrGuardListener *listener;
  FyrGuardLimits limits;
  FyrGuardBudget *budget; /* of g_rc_box_new(): shared with the streams */
  /* All streams alive, weakly; those whose first request is not whole. */
  GHashTable *streams;
  FyrGuardWaiting *waiting;
  GSource *tick;
  guint64 refused;
  gulong finished_handler;
  gulong aborted_handler;
};

static GQuark
stream_quark (void)
{
  static GQuark quark;

  if (quark == 0) {
    quark = g_quark_from_static_string ("fyr-guard-stream");
  }
  return quark;
}

/* (transfer none): the message's connection keeps it. */
static FyrGuardStream *
find_stream (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);
  GWeakRef *link = address != NULL ? g_object_get_qdata (G_OBJECT (address), stream_quark ()) : NULL;
  g_autoptr (FyrGuardStream) stream = link != NULL ? g_weak_ref_get (link) : NULL;

  return stream;
}

static void
free_link (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

void
fyr_guard_answering (SoupServerMessage *message)
{
  FyrGuardStream *stream = find_stream (message);

  if (stream != NULL) {
    fyr_guard_stream_answering (stream, (gsize)soup_server_message_get_response_body (message)->length);
  }
}

void
fyr_guard_upgraded (SoupServerMessage *message)
{
  FyrGuardStream *stream = find_stream (message);

  if (stream != NULL) {
    fyr_guard_stream_answered (stream, TRUE);
  }
}

static void
on_request_over (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  FyrGuardStream *stream = find_stream (message);

  if (stream != NULL) {
    fyr_guard_stream_answered (stream, FALSE);
  }
}

static void
forget_stream (gpointer data, GObject *where_the_object_was)
{
  FyrGuard *self = data;

  g_hash_table_remove (self->streams, where_the_object_was);
}

static void
note_refusal (FyrGuard *self, const char *reason)
{
  self->refused++;
  fyr_log ("refused", "reason", reason != NULL ? reason : "closed", NULL);
}

static GSocketAddress *
fresh_address (FyrGuardStream *stream)
{
  /* The library gives it back with each message: the way from a message to its stream. The link is weak: libsoup
     3.2 keeps the address of a peer that hung up between requests, and with it the open socket would stay. */
  GSocketAddress *address = g_inet_socket_address_new_from_string ("127.0.0.1", 1);
  GWeakRef *link = g_new0 (GWeakRef, 1);

  g_weak_ref_init (link, stream);
  g_object_set_qdata_full (G_OBJECT (address), stream_quark (), link, free_link);
  return address;
}

static void
hand_over (FyrGuard *self, FyrGuardStream *stream)
{
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new_from_string ("127.0.0.1", 1);
  g_autoptr (GSocketAddress) remote = fresh_address (stream);
  g_autoptr (GError) error = NULL;

  if (!soup_server_accept_iostream (self->soup, G_IO_STREAM (stream), local, remote, &error)) {
    fyr_guard_stream_cut (stream);
  }
}

static void
close_waiting (FyrGuard *self, FyrGuardStream *stream)
{
  if (fyr_guard_waiting_remove (self->waiting, stream)) {
    g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
  }
}

static void
on_readable (FyrGuardStream *stream, gpointer user_data)
{
  FyrGuard *self = user_data;

  switch (fyr_guard_stream_prefetch (stream)) {
  case FYR_GUARD_HEAD:
  case FYR_GUARD_BODY:
  case FYR_GUARD_REJECTED:
    break;
  case FYR_GUARD_ANSWER:
    fyr_guard_waiting_remove (self->waiting, stream);
    hand_over (self, stream);
    break;
  case FYR_GUARD_UPGRADED:
  case FYR_GUARD_CLOSED:
  default:
    if (fyr_guard_stream_get_reason (stream) != NULL) {
      note_refusal (self, fyr_guard_stream_get_reason (stream));
    }
    close_waiting (self, stream);
    break;
  }
}

/* Who has not sent a whole request, or any after an answer, and would be cut next anyway, makes room. */
static FyrGuardStream *
oldest_waiting (FyrGuard *self)
{
  GHashTableIter iter;
  gpointer key;
  FyrGuardStream *oldest = NULL;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    if ((fyr_guard_stream_get_phase (key) == FYR_GUARD_HEAD ||
         fyr_guard_waiting_contains (self->waiting, key)) &&
        (oldest == NULL || fyr_guard_stream_get_deadline (key) < fyr_guard_stream_get_deadline (oldest))) {
      oldest = key;
    }
  }
  return oldest;
}

/* libsoup 3.2 may keep a connection whose peer hung up between requests: socket and place are given back here. */
static void
forget_closed (FyrGuard *self)
{
  g_autoptr (GPtrArray) closed = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    if (fyr_guard_stream_get_phase (key) == FYR_GUARD_CLOSED &&
        !fyr_guard_waiting_contains (self->waiting, key)) {
      g_ptr_array_add (closed, g_object_ref (key));
    }
  }
  for (guint i = 0; i < closed->len; i++) {
    FyrGuardStream *stream = g_ptr_array_index (closed, i);

    g_object_weak_unref (G_OBJECT (stream), forget_stream, self);
    g_hash_table_remove (self->streams, stream);
    g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
  }
}

static gboolean
make_room (FyrGuard *self)
{
  FyrGuardStream *oldest;

  if (g_hash_table_size (self->streams) >= self->limits.max_connections) {
    forget_closed (self);
  }
  if (g_hash_table_size (self->streams) < self->limits.max_connections) {
    return TRUE;
  }
  oldest = oldest_waiting (self);
  if (oldest == NULL) {
    return FALSE;
  }
  g_object_ref (oldest);
  fyr_guard_stream_cut (oldest);
  close_waiting (self, oldest);
  g_object_unref (oldest);
  note_refusal (self, "crowded-out");
  return TRUE;
}

static void
take (FyrGuard *self, GSocket *socket)
{
  g_autoptr (GSocketConnection) connection = g_socket_connection_factory_create_connection (socket);
  g_autoptr (FyrGuardStream) stream = fyr_guard_stream_new (connection, self->budget);

  if (!fyr_guard_waiting_add (self->waiting, stream)) {
    note_refusal (self, "connections");
    return;
  }
  g_hash_table_add (self->streams, stream);
  g_object_weak_ref (G_OBJECT (stream), forget_stream, self);
}

static void
on_incoming (GSocket *socket, gpointer user_data)
{
  FyrGuard *self = user_data;

  if (socket == NULL) {
    /* She waits in the kernel until the next tick. */
    note_refusal (self, "descriptors");
  } else if (make_room (self)) {
    take (self, socket);
  } else {
    note_refusal (self, "connections");
  }
}

static GPtrArray *
find_late (FyrGuard *self)
{
  GPtrArray *late = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    if (fyr_guard_stream_get_deadline (key) < now) {
      g_ptr_array_add (late, g_object_ref (key));
    }
  }
  return late;
}

static gboolean
on_tick (gpointer user_data)
{
  FyrGuard *self = user_data;
  g_autoptr (GPtrArray) late = find_late (self);

  for (guint i = 0; i < late->len; i++) {
    FyrGuardStream *stream = g_ptr_array_index (late, i);
    FyrGuardPhase phase = fyr_guard_stream_get_phase (stream);

    /* A connection that merely idles is closed without a word. */
    if (phase != FYR_GUARD_HEAD && phase != FYR_GUARD_CLOSED) {
      note_refusal (self, phase == FYR_GUARD_REJECTED ? fyr_guard_stream_get_reason (stream) : "late");
    }
    fyr_guard_stream_drop (stream);
    close_waiting (self, stream);
  }
  forget_closed (self);
  if (self->listener != NULL) {
    fyr_guard_listener_resume (self->listener);
  }
  return G_SOURCE_CONTINUE;
}

/* No more than there are descriptors for: who finds none waits in the kernel, and nobody can be asked to make room. */
static guint
count_places (guint wanted)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return wanted;
  }
  return (guint)MIN (wanted, limit.rlim_cur - MIN (limit.rlim_cur / 2, DESCRIPTORS_KEPT));
}

FyrGuard *
fyr_guard_new (SoupServer *soup, const FyrGuardLimits *limits)
{
  FyrGuard *self = g_new0 (FyrGuard, 1);

  self->soup = g_object_ref (soup);
  self->limits = limits != NULL ? *limits : fyr_guard_limits_default;
  self->limits.max_connections = count_places (self->limits.max_connections);
  self->budget = g_rc_box_new0 (FyrGuardBudget);
  self->budget->max = self->limits.max_body_bytes;
  self->budget->max_answers = self->limits.max_answer_bytes;
  self->streams = g_hash_table_new (NULL, NULL);
  self->finished_handler = g_signal_connect (soup, "request-finished", G_CALLBACK (on_request_over), self);
  self->aborted_handler = g_signal_connect (soup, "request-aborted", G_CALLBACK (on_request_over), self);
  self->tick = g_timeout_source_new (TICK_MS);
  g_source_set_callback (self->tick, on_tick, self, NULL);
  g_source_attach (self->tick, g_main_context_get_thread_default ());
  return self;
}

guint
fyr_guard_listen (FyrGuard *self, const char *address, guint port, GError **error)
{
  g_autoptr (FyrGuardWaiting) waiting = fyr_guard_waiting_new (on_readable, self, error);

  if (waiting == NULL) {
    return 0;
  }
  self->listener = fyr_guard_listener_new (address, port, on_incoming, self, error);
  if (self->listener == NULL) {
    return 0;
  }
  self->waiting = g_steal_pointer (&waiting);
  return fyr_guard_listener_get_port (self->listener);
}

void
fyr_guard_stop (FyrGuard *self)
{
  g_clear_pointer (&self->listener, fyr_guard_listener_free);
}

static void
cut_all (FyrGuard *self)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    g_ptr_array_add (all, g_object_ref (key));
  }
  for (guint i = 0; i < all->len; i++) {
    FyrGuardStream *stream = g_ptr_array_index (all, i);

    g_object_weak_unref (G_OBJECT (stream), forget_stream, self);
    fyr_guard_stream_cut (stream);
  }
  g_hash_table_remove_all (self->streams);
}

void
fyr_guard_free (FyrGuard *self)
{
  fyr_guard_stop (self);
  cut_all (self);
  g_source_destroy (self->tick);
  g_source_unref (self->tick);
  g_signal_handler_disconnect (self->soup, self->finished_handler);
  g_signal_handler_disconnect (self->soup, self->aborted_handler);
  g_hash_table_unref (self->streams);
  fyr_guard_waiting_free (self->waiting);
  g_object_unref (self->soup);
  g_rc_box_release (self->budget);
  g_free (self);
}

guint
fyr_guard_get_connections (FyrGuard *self)
{
  return g_hash_table_size (self->streams);
}

gboolean
fyr_guard_is_answering (FyrGuard *self)
{
  GHashTableIter iter;
  gpointer stream;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, &stream, NULL)) {
    if (fyr_guard_stream_get_phase (stream) == FYR_GUARD_ANSWER) {
      return TRUE;
    }
  }
  return FALSE;
}

guint64
fyr_guard_get_refused (FyrGuard *self)
{
  return self->refused;
}
