/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-guard-waiting.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "fyr-server-error.h"

/* Told of in one turn of the main loop; the others come in the next. */
#define AT_ONCE 64

struct _FyrGuardWaiting {
  int descriptor;
  GSource *source;
  GHashTable *streams;
  FyrGuardWaitingFunc func;
  gpointer user_data;
};

static gboolean
on_events (gint descriptor, GIOCondition condition, gpointer user_data)
{
  FyrGuardWaiting *self = user_data;
  struct epoll_event events[AT_ONCE];
  g_autoptr (GPtrArray) ready = g_ptr_array_new_with_free_func (g_object_unref);
  int n = epoll_wait (descriptor, events, AT_ONCE, 0);

  for (int i = 0; i < n; i++) {
    g_ptr_array_add (ready, g_object_ref (events[i].data.ptr));
  }
  for (guint i = 0; i < ready->len; i++) {
    FyrGuardStream *stream = g_ptr_array_index (ready, i);

    /* What was done for one may have ended another. */
    if (fyr_guard_waiting_contains (self, stream)) {
      self->func (stream, self->user_data);
    }
  }
  return G_SOURCE_CONTINUE;
}

FyrGuardWaiting *
fyr_guard_waiting_new (FyrGuardWaitingFunc func, gpointer user_data, GError **error)
{
  FyrGuardWaiting *self;
  int descriptor = epoll_create1 (EPOLL_CLOEXEC);

  if (descriptor < 0) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_ADDRESS, "Cannot watch connections: %s",
                 g_strerror (errno));
    return NULL;
  }
  self = g_new0 (FyrGuardWaiting, 1);
  self->descriptor = descriptor;
  self->streams = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->func = func;
  self->user_data = user_data;
  self->source = g_unix_fd_source_new (descriptor, G_IO_IN);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_events), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  return self;
}

void
fyr_guard_waiting_free (FyrGuardWaiting *self)
{
  if (self == NULL) {
    return;
  }
  g_source_destroy (self->source);
  g_source_unref (self->source);
  close (self->descriptor);
  g_hash_table_unref (self->streams);
  g_free (self);
}

gboolean
fyr_guard_waiting_add (FyrGuardWaiting *self, FyrGuardStream *stream)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = stream };

  if (epoll_ctl (self->descriptor, EPOLL_CTL_ADD, fyr_guard_stream_get_descriptor (stream), &event) != 0) {
    return FALSE;
  }
  g_hash_table_add (self->streams, g_object_ref (stream));
  return TRUE;
}

gboolean
fyr_guard_waiting_remove (FyrGuardWaiting *self, FyrGuardStream *stream)
{
  if (!fyr_guard_waiting_contains (self, stream)) {
    return FALSE;
  }
  epoll_ctl (self->descriptor, EPOLL_CTL_DEL, fyr_guard_stream_get_descriptor (stream), NULL);
  g_hash_table_remove (self->streams, stream);
  return TRUE;
}

gboolean
fyr_guard_waiting_contains (FyrGuardWaiting *self, FyrGuardStream *stream)
{
  return g_hash_table_contains (self->streams, stream);
}
