/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>

#include "fyr-guard-stream.h"
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
  return fyr_guard_taking_get_deadline (taking, wire->server, TRUE, FALSE) == G_MAXINT64;
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
  deadline = fyr_guard_taking_get_deadline (&taking, self->server, TRUE, FALSE);
  /* What fits into the peer's kernel was acknowledged: some more, never two seconds. */
  g_assert_cmpint (deadline, >=, began + 6 * SECOND);
  g_assert_cmpint (deadline, <=, g_get_monotonic_time () + 8 * SECOND);
  /* Another request that is answered before this one was taken gives no new time. */
  g_usleep (20000);
  fyr_guard_taking_begin (&taking, self->server);
  g_assert_cmpint (taking.since, <=, began + SECOND * 5);
  g_assert_cmpint (fyr_guard_taking_get_deadline (&taking, self->server, TRUE, FALSE), ==, deadline);
}

static void
test_what_is_taken_gives_time_and_all_of_it_ends_it (Wire *self, gconstpointer data)
{
  FyrGuardTaking taking = { 0, 0 };
  gint64 before, end = g_get_monotonic_time () + 20 * SECOND;
  gsize total;

  fyr_guard_taking_begin (&taking, self->server);
  total = fill (self);
  before = fyr_guard_taking_get_deadline (&taking, self->server, TRUE, FALSE);
  read_whole (self, total);
  g_assert_cmpint (fyr_guard_taking_get_deadline (&taking, self->server, FALSE, FALSE), >, before);
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

static FyrGuardStream *
guard (Wire *self, FyrGuardBudget *budget)
{
  g_autoptr (GSocketConnection) connection = g_socket_connection_factory_create_connection (self->server);

  g_socket_set_blocking (self->server, TRUE);
  return fyr_guard_stream_new (connection, budget);
}

static void
send_request (Wire *self, const char *text)
{
  g_assert_cmpint (g_socket_send (self->peer, text, strlen (text), NULL, NULL), ==, (gssize)strlen (text));
}

static void
test_a_refusal_waits_for_nobody (Wire *self, gconstpointer data)
{
  FyrGuardBudget *budget = g_rc_box_new0 (FyrGuardBudget);
  g_autoptr (FyrGuardStream) stream = NULL;
  gint64 began;

  fill (self);
  stream = guard (self, budget);
  send_request (self, "BAD\r\n\r\n");
  began = g_get_monotonic_time ();
  while (fyr_guard_stream_prefetch (stream) == FYR_GUARD_HEAD) {
    g_usleep (1000);
  }
  g_assert_cmpint (fyr_guard_stream_get_phase (stream), ==, FYR_GUARD_REJECTED);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 2 * SECOND);
  g_rc_box_release (budget);
}

static void
test_patience_is_short_while_answers_fill_the_memory (Wire *self, gconstpointer data)
{
  FyrGuardBudget *budget = g_rc_box_new0 (FyrGuardBudget);
  g_autoptr (FyrGuardStream) stream = guard (self, budget);
  gint64 began = g_get_monotonic_time ();

  budget->max_answers = 1000;
  send_request (self, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  while (fyr_guard_stream_prefetch (stream) == FYR_GUARD_HEAD) {
    g_usleep (1000);
  }
  fyr_guard_stream_answering (stream, 1000);
  g_socket_set_blocking (self->server, FALSE);
  fill (self);
  g_assert_cmpint (fyr_guard_stream_get_deadline (stream), >=, began + 6 * SECOND);
  /* Another's answer. */
  budget->answers += 1;
  g_assert_cmpint (fyr_guard_stream_get_deadline (stream), <=, g_get_monotonic_time () + 3 * SECOND);
  budget->answers -= 1;
  fyr_guard_stream_answered (stream, FALSE);
  g_assert_cmpuint (budget->answers, ==, 0);
  g_rc_box_release (budget);
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
  ADD ("a-refusal-waits-for-nobody", test_a_refusal_waits_for_nobody);
  ADD ("patience-is-short-while-answers-fill-the-memory",
       test_patience_is_short_while_answers_fill_the_memory);
  return g_test_run ();
}
