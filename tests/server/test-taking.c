/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <sys/socket.h>

#include "fyr-guard-taking.h"

#define SECOND G_USEC_PER_SEC

/* Both ends of a connection on loopback, with small buffers. */
typedef struct {
  GSocket *server;
  GSocket *peer;
} Wire;

static void
set_up (Wire *self, gconstpointer data)
{
  g_autoptr (GSocket) listener =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_bind (listener, any, FALSE, &error);
  g_assert_no_error (error);
  g_socket_listen (listener, &error);
  address = g_socket_get_local_address (listener, NULL);
  self->peer = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_socket_set_option (self->peer, SOL_SOCKET, SO_RCVBUF, 8192, NULL);
  g_socket_connect (self->peer, address, NULL, &error);
  g_assert_no_error (error);
  self->server = g_socket_accept (listener, NULL, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (self->server, FALSE);
  g_socket_set_timeout (self->peer, 20);
}

static void
tear_down (Wire *self, gconstpointer data)
{
  g_clear_object (&self->server);
  g_clear_object (&self->peer);
}

/* Writes until the kernel takes no more. Returns: how much it took */
static gsize
fill (Wire *self)
{
  static const char block[4096];
  gsize total = 0;
  gssize n;

  while ((n = g_socket_send (self->server, block, sizeof block, NULL, NULL)) > 0) {
    total += (gsize)n;
  }
  return total;
}

static void
read_whole (Wire *self, gsize total)
{
  char block[65536];

  while (total > 0) {
    gssize n = g_socket_receive (self->peer, block, MIN (sizeof block, total), NULL, NULL);

    g_assert_cmpint (n, >, 0);
    total -= (gsize)n;
  }
}

static gboolean
is_over (FyrGuardTaking *taking, Wire *wire)
{
  return fyr_guard_taking_get_deadline (taking, wire->server, TRUE) == G_MAXINT64;
}

static void
test_who_takes_nothing_has_six_seconds (Wire *self, gconstpointer data)
{
  FyrGuardTaking taking = { 0, 0 };
  gint64 began = g_get_monotonic_time ();
  gint64 deadline;

  g_assert_true (is_over (&taking, self));
  fyr_guard_taking_begin (&taking, self->server);
  fill (self);
  deadline = fyr_guard_taking_get_deadline (&taking, self->server, TRUE);
  /* What fits into the peer's kernel was acknowledged: some more, never two seconds. */
  g_assert_cmpint (deadline, >=, began + 6 * SECOND);
  g_assert_cmpint (deadline, <=, g_get_monotonic_time () + 8 * SECOND);
  /* Another request that is answered before this one was taken gives no new time. */
  g_usleep (20000);
  fyr_guard_taking_begin (&taking, self->server);
  g_assert_cmpint (taking.since, <=, began + SECOND * 5);
  g_assert_cmpint (fyr_guard_taking_get_deadline (&taking, self->server, TRUE), ==, deadline);
}

static void
test_what_is_taken_gives_time_and_all_of_it_ends_it (Wire *self, gconstpointer data)
{
  FyrGuardTaking taking = { 0, 0 };
  gint64 before, end = g_get_monotonic_time () + 20 * SECOND;
  gsize total;

  fyr_guard_taking_begin (&taking, self->server);
  total = fill (self);
  before = fyr_guard_taking_get_deadline (&taking, self->server, TRUE);
  read_whole (self, total);
  g_assert_cmpint (fyr_guard_taking_get_deadline (&taking, self->server, FALSE), >, before);
  while (!is_over (&taking, self) && g_get_monotonic_time () < end) {
    g_usleep (1000);
  }
  g_assert_true (is_over (&taking, self));
  g_assert_cmpint (taking.since, ==, 0);
}

static void
test_what_is_not_taken_is_dropped (Wire *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  char block[65536];
  gssize n;

  fill (self);
  fyr_guard_taking_reset (self->server);
  g_assert_true (g_socket_close (self->server, NULL));
  do {
    n = g_socket_receive (self->peer, block, sizeof block, NULL, &error);
  } while (n > 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

static void
test_what_was_taken_is_not_spoiled_by_the_end (Wire *self, gconstpointer data)
{
  char block[16];

  g_socket_send (self->server, "answer", 6, NULL, NULL);
  g_assert_cmpint (g_socket_receive (self->peer, block, sizeof block, NULL, NULL), ==, 6);
  fyr_guard_taking_reset (self->server);
  g_assert_true (g_socket_close (self->server, NULL));
  g_assert_cmpint (g_socket_receive (self->peer, block, sizeof block, NULL, NULL), ==, 0);
}

#define ADD(name, function) g_test_add ("/server/taking/" name, Wire, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("who-takes-nothing-has-six-seconds", test_who_takes_nothing_has_six_seconds);
  ADD ("what-is-taken-gives-time-and-all-of-it-ends-it", test_what_is_taken_gives_time_and_all_of_it_ends_it);
  ADD ("what-is-not-taken-is-dropped", test_what_is_not_taken_is_dropped);
  ADD ("what-was-taken-is-not-spoiled-by-the-end", test_what_was_taken_is_not_spoiled_by_the_end);
  return g_test_run ();
}
