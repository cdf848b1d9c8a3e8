/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-guard-listener.h"

#include "fyr-server-error.h"

/* The kernel keeps this many who have connected and were not taken yet; it may have a lower limit of its own. */
#define BACKLOG 4096
/* Taken in one turn; then others of the main loop have theirs. */
#define AT_ONCE 64

struct _FyrGuardListener {
  GSocket *socket;
  GSource *source; /* NULL while it pauses */
  FyrGuardListenerFunc func;
  gpointer user_data;
};

static void
stop_taking (FyrGuardListener *self)
{
  if (self->source != NULL) {
    g_source_destroy (self->source);
    g_clear_pointer (&self->source, g_source_unref);
  }
}

static gboolean
on_incoming (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  FyrGuardListener *self = user_data;

  for (guint i = 0; i < AT_ONCE; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GSocket) peer = g_socket_accept (socket, NULL, &error);

    if (peer != NULL) {
      self->func (peer, self->user_data);
    } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
      break;
    } else {
      /* Too many open files, mostly. She stays in the kernel's queue, and would wake us without end. */
      stop_taking (self);
      self->func (NULL, self->user_data);
      return G_SOURCE_REMOVE;
    }
  }
  return G_SOURCE_CONTINUE;
}

void
fyr_guard_listener_resume (FyrGuardListener *self)
{
  if (self->source == NULL) {
    self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
    g_source_set_callback (self->source, G_SOURCE_FUNC (on_incoming), self, NULL);
    g_source_attach (self->source, g_main_context_get_thread_default ());
  }
}

static GSocket *
open_socket (GSocketAddress *address, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                                             G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL) {
    return NULL;
  }
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error)) {
    return NULL;
  }
  return g_steal_pointer (&socket);
}

FyrGuardListener *
fyr_guard_listener_new (
    const char *address, guint port, FyrGuardListenerFunc func, gpointer user_data, GError **error)
{
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new_from_string (address, port);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) failure = NULL;
  FyrGuardListener *self;

  if (wanted == NULL) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_ADDRESS, "%s is no IP address", address);
    return NULL;
  }
  socket = open_socket (wanted, &failure);
  if (socket == NULL) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_ADDRESS, "Cannot listen on %s port %u: %s",
                 address, port, failure->message);
    return NULL;
  }
  self = g_new0 (FyrGuardListener, 1);
  self->socket = g_steal_pointer (&socket);
  self->func = func;
  self->user_data = user_data;
  fyr_guard_listener_resume (self);
  return self;
}

void
fyr_guard_listener_free (FyrGuardListener *self)
{
  if (self == NULL) {
    return;
  }
  stop_taking (self);
  g_socket_close (self->socket, NULL);
  g_object_unref (self->socket);
  g_free (self);
}

guint
fyr_guard_listener_get_port (FyrGuardListener *self)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (self->socket, NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}
