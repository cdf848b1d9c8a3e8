/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "fyr-http-fixture.h"

/* Peers that speak bytes, too slowly, too much, or in two ways at once, against a real server. */

#define HEALTH "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

static char *
send_text (House *house, const char *text, guint seconds, gboolean *closed)
{
  return house_raw (house, text, strlen (text), seconds, closed);
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (const char *p = strstr (text, part); p != NULL; p = strstr (p + 1, part)) {
    n++;
  }
  return n;
}

static void
test_refused_heads_are_answered_once_and_closed (void)
{
  g_autoptr (House) house = house_new (NULL);
  const struct {
    const char *text;
    const char *status;
  } cases[] = {
    { "nonsense\r\n\r\n" HEALTH, " 400 " },
    { "GET /healthz HTTP/1.1\r\n\r\n" HEALTH, " 400 " },
    { "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" HEALTH, " 400 " },
    { "GET /healthz HTTP/1.1\r\nHost: x y\r\n\r\n" HEALTH, " 400 " },
    { "POST /sync/v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello" HEALTH,
      " 400 " },
    { "POST /sync/v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: "
      "chunked\r\n\r\n0\r\n\r\n" HEALTH,
      " 400 " },
    { "POST /sync/v1/push HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, "
      "identity\r\n\r\n0\r\n\r\n" HEALTH,
      " 400 " },
    { "POST /sync/v1/push HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" HEALTH, " 400 " },
    { "DELETE /healthz HTTP/1.1\r\nHost: x\r\n\r\n" HEALTH, " 405 " },
    { "GET /healthz HTTP/3.0\r\nHost: x\r\n\r\n" HEALTH, " 505 " },
    { "GET /healthz HTTP/1.1\nHost: x\n\n\r\n\r\n" HEALTH, " 400 " },
    { "GET /healthz HTTP/1.1\r\nHost: x\r\n folded: yes\r\n\r\n" HEALTH, " 400 " },
    { "POST /fhir HTTP/1.1\r\nHost: x\r\nContent-Length: 52428800\r\n\r\n", " 413 " },
    { "POST /sync/v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n", " 413 " },
    { "\r\n\r\n" HEALTH, " 400 " },
    { "\x16\x03\x01\x02\r\n\r\n", " 400 " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gboolean closed = FALSE;
    g_autofree char *answer = send_text (house, cases[i].text, 6, &closed);
    g_autofree char *first = g_strndup (answer, strcspn (answer, "\r"));

    if (strstr (first, cases[i].status) == NULL || count (answer, "Content-Length: ") != 1 || !closed) {
      g_error ("case %u: “%s”, %u answers, closed %d", i, first, count (answer, "Content-Length: "), closed);
    }
    g_assert_nonnull (strstr (answer, "Connection: close"));
  }
  house_assert_serves (house);
  g_assert_cmpuint (fyr_guard_get_refused (fyr_server_get_guard (house->server)), >=,
                    G_N_ELEMENTS (cases) - 1);
}

static void
test_a_refusal_below_fhir_is_an_operation_outcome (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autofree char *answer =
      send_text (house, "POST /fhir HTTP/1.1\r\nHost: x\r\nContent-Length: 52428800\r\n\r\n", 5, NULL);

  g_assert_nonnull (strstr (answer, "OperationOutcome"));
  g_assert_nonnull (strstr (answer, "application/fhir+json"));
}

static void
test_requests_that_follow_each_other_are_answered_in_order (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autofree char *answer =
      send_text (house, HEALTH HEALTH "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n" HEALTH, 2, NULL);
  const char *third;

  g_assert_cmpuint (count (answer, "HTTP/1.1 200"), ==, 3);
  g_assert_cmpuint (count (answer, "HTTP/1.1 404"), ==, 1);
  third = strstr (answer, "HTTP/1.1 404");
  g_assert_cmpuint (count (third, "HTTP/1.1 200"), ==, 1);
}

static void
test_a_connection_that_ended_is_forgotten (void)
{
  g_autoptr (House) house = house_new (NULL);

  for (guint i = 0; i < 5; i++) {
    g_autofree char *answer = send_text (house, HEALTH, 1, NULL);
    g_assert_cmpuint (count (answer, "HTTP/1.1 200"), ==, 1);
  }
  house_run (NULL, 300);
  g_assert_cmpuint (fyr_guard_get_connections (fyr_server_get_guard (house->server)), ==, 0);
}

/* Who opens a connection for each report, takes the answer and hangs up must not use up all places. */
static void
test_a_peer_that_hangs_up_between_requests_is_forgotten (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  for (guint i = 0; i < 40; i++) {
    g_autoptr (GSocketConnection) connection =
        g_socket_client_connect_to_host (client, "127.0.0.1", (guint16)house->port, NULL, NULL);

    g_assert_nonnull (connection);
    g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                                              HEALTH, strlen (HEALTH), NULL, NULL, NULL));
    house_run (NULL, 20);
    g_assert_true (g_io_stream_close (G_IO_STREAM (connection), NULL, NULL));
  }
  house_run (NULL, 1000);
  g_assert_cmpuint (fyr_guard_get_connections (fyr_server_get_guard (house->server)), ==, 0);
}

static void
test_a_second_request_is_read_as_strictly_as_the_first (void)
{
  g_autoptr (House) house = house_new (NULL);
  gboolean closed = FALSE;
  g_autofree char *answer =
      send_text (house, HEALTH "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" HEALTH, 6, &closed);

  g_assert_cmpuint (count (answer, "HTTP/1.1 200"), ==, 1);
  g_assert_cmpuint (count (answer, "HTTP/1.1 400"), ==, 1);
  g_assert_true (closed);
}

static void
test_a_body_is_never_a_second_request (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autofree char *hidden = g_strdup_printf (
      "POST /sync/v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" HEALTH, (int)strlen (HEALTH));
  g_autofree char *chunked = g_strdup_printf (
      "POST /sync/v1/push HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" HEALTH
      "\r\n0\r\n\r\n",
      (int)strlen (HEALTH));
  g_autofree char *first = send_text (house, hidden, 2, NULL);
  g_autofree char *second = send_text (house, chunked, 2, NULL);

  g_assert_cmpuint (count (first, "Content-Length: "), ==, 1);
  g_assert_cmpuint (count (first, "HTTP/1.1 401"), ==, 1);
  g_assert_cmpuint (count (second, "Content-Length: "), ==, 1);
  g_assert_cmpuint (count (second, "HTTP/1.1 401"), ==, 1);
}

static void
test_an_upgrade_that_fails_closes_the_connection (void)
{
  g_autoptr (House) house = house_new (NULL);
  gboolean closed = FALSE;
  g_autofree char *answer = send_text (
      house,
      "GET /sync/v1/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" HEALTH
          HEALTH,
      5, &closed);

  g_assert_cmpuint (count (answer, "HTTP/1.1 401"), ==, 1);
  g_assert_cmpuint (count (answer, "Content-Length: "), ==, 1);
  g_assert_true (closed);
  house_run (NULL, 300);
  g_assert_cmpuint (fyr_guard_get_connections (fyr_server_get_guard (house->server)), ==, 0);
}

static void
test_a_range_is_neither_served_nor_costs_memory (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autoptr (GString) request = g_string_new ("GET /healthz HTTP/1.1\r\nHost: x\r\nRange: bytes=0-");
  g_autofree char *answer = NULL;
  gint64 before;

  for (guint i = 0; i < 2000; i++) {
    g_string_append (request, ",0-0");
  }
  g_string_append (request, "\r\n\r\n");
  house_assert_serves (house);
  before = house_resident_kib ();
  for (guint i = 0; i < 20; i++) {
    g_clear_pointer (&answer, g_free);
    answer = send_text (house, request->str, 1, NULL);
    g_assert_nonnull (strstr (answer, "HTTP/1.1 200"));
    g_assert_null (strstr (answer, "multipart"));
  }
  g_assert_cmpint (house_resident_kib () - before, <, 16 * 1024);
}

static void
test_a_head_without_end_is_refused_when_it_is_too_large (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autoptr (GString) request = g_string_new ("GET /healthz HTTP/1.1\r\nHost: x\r\n");
  g_autofree char *answer = NULL;
  gboolean closed = FALSE;

  while (request->len < 200 * 1024) {
    g_string_append (request, "A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n");
  }
  answer = send_text (house, request->str, 5, &closed);
  g_assert_true (closed);
  g_assert_true (*answer == '\0' || strstr (answer, " 431 ") != NULL);
  house_assert_serves (house);
}

/* A peer that sends one byte at a time. */
typedef struct {
  guint port;
  const char *head;
  guint interval_ms;
  gint64 lived_us;
  gboolean done;
} Trickle;

static gpointer
trickle_thread (gpointer data)
{
  Trickle *trickle = data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", (guint16)trickle->port, NULL, NULL);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  GSocket *socket = g_socket_connection_get_socket (connection);
  gint64 begin = g_get_monotonic_time ();
  gboolean alive =
      g_output_stream_write_all (output, trickle->head, strlen (trickle->head), NULL, NULL, NULL);

  g_socket_set_blocking (socket, FALSE);
  while (alive && g_get_monotonic_time () - begin < 20 * G_USEC_PER_SEC) {
    char buffer[512];
    gssize n = g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL);

    alive = n != 0 && g_socket_send (socket, "a", 1, NULL, NULL) == 1;
    g_usleep (trickle->interval_ms * 1000);
  }
  trickle->lived_us = g_get_monotonic_time () - begin;
  g_atomic_int_set (&trickle->done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static void
run_trickles (House *house, Trickle *trickles, guint n)
{
  g_autofree GThread **threads = g_new (GThread *, n);
  gint64 worst = 0;

  for (guint i = 0; i < n; i++) {
    trickles[i].port = house->port;
    threads[i] = g_thread_new ("trickle", trickle_thread, &trickles[i]);
  }
  for (guint i = 0; i < n; i++) {
    while (!g_atomic_int_get (&trickles[i].done)) {
      gint64 begin = g_get_monotonic_time ();

      house_assert_serves (house);
      worst = MAX (worst, g_get_monotonic_time () - begin);
      house_run (NULL, 50);
    }
    g_thread_join (threads[i]);
  }
  g_test_message ("others waited %" G_GINT64_FORMAT " ms at most", worst / 1000);
  g_assert_cmpint (worst, <, 200 * 1000 * 5);
}

static void
test_slow_heads_and_bodies_are_cut_within_ten_seconds (void)
{
  g_autoptr (House) house = house_new (NULL);
  Trickle trickles[40] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (trickles); i++) {
    trickles[i].interval_ms = 200;
    trickles[i].head = i % 2 == 0
                           ? "GET /healthz HTTP/1.1\r\nHost: x\r\nA: "
                           : "POST /sync/v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";
  }
  run_trickles (house, trickles, G_N_ELEMENTS (trickles));
  for (guint i = 0; i < G_N_ELEMENTS (trickles); i++) {
    g_assert_cmpint (trickles[i].lived_us, <, 10 * G_USEC_PER_SEC + G_USEC_PER_SEC);
    g_assert_cmpint (trickles[i].lived_us, >, 3 * G_USEC_PER_SEC);
  }
  g_assert_cmpuint (fyr_guard_get_connections (fyr_server_get_guard (house->server)), <=, 8);
}

static void
test_a_connection_that_says_nothing_is_cut (void)
{
  g_autoptr (House) house = house_new (NULL);
  gboolean closed = FALSE;
  gint64 begin = g_get_monotonic_time ();
  g_autofree char *answer = house_raw (house, "", 0, 12, &closed);

  g_assert_true (closed);
  g_assert_cmpstr (answer, ==, "");
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 9 * G_USEC_PER_SEC);
}

static void
test_a_body_of_50_mb_costs_no_memory (void)
{
  g_autoptr (House) house = house_new (NULL);
  const gsize size = 50 * 1024 * 1024;
  g_autofree char *request = g_malloc (size + 200);
  int head = snprintf (request, 200, "POST /fhir HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n", size);
  g_autofree char *answer = NULL;
  gint64 before;

  memset (request + head, ' ', size);
  before = house_resident_kib ();
  answer = house_raw (house, request, (gsize)head + size, 6, NULL);
  g_assert_true (*answer == '\0' || strstr (answer, " 413 ") != NULL);
  g_assert_cmpint (house_resident_kib () - before, <, 16 * 1024);
  house_assert_serves (house);
}

static void
test_chunks_beyond_the_limit_are_cut (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autoptr (GString) request =
      g_string_new ("POST /sync/v1/push HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  g_autofree char *chunk = g_strnfill (65536, 'x');
  g_autofree char *answer = NULL;
  gboolean closed = FALSE;

  for (guint i = 0; i < 40; i++) {
    g_string_append_printf (request, "10000\r\n%s\r\n", chunk);
  }
  answer = house_raw (house, request->str, request->len, 6, &closed);
  g_assert_true (closed);
  g_assert_true (*answer == '\0' || strstr (answer, " 413 ") != NULL);
  house_assert_serves (house);
}

static void
test_all_bodies_together_have_a_limit (void)
{
  const FyrGuardLimits limits = { 100, 64 * 1024 };
  g_autoptr (House) house = house_new (&limits);
  g_autoptr (GString) request =
      g_string_new ("POST /sync/v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n");
  g_autofree char *body = g_strnfill (200000, 'x');
  g_autofree char *answer = NULL;

  g_string_append (request, body);
  answer = house_raw (house, request->str, request->len, 6, NULL);
  g_assert_true (*answer == '\0' || strstr (answer, " 503 ") != NULL);
  house_assert_serves (house);
}

static void
test_a_crowd_of_idlers_makes_room_for_who_asks (void)
{
  const FyrGuardLimits limits = { 20, 1024 * 1024 };
  g_autoptr (House) house = house_new (&limits);
  GSocketConnection *idlers[60];
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  FyrGuard *guard = fyr_server_get_guard (house->server);

  for (guint i = 0; i < G_N_ELEMENTS (idlers); i++) {
    idlers[i] = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16)house->port, NULL, NULL);
    g_assert_nonnull (idlers[i]);
    house_run (NULL, 2);
    g_assert_cmpuint (fyr_guard_get_connections (guard), <=, 20);
  }
  for (guint i = 0; i < 5; i++) {
    house_assert_serves (house);
  }
  g_assert_cmpuint (fyr_guard_get_refused (guard), >=, 30);
  for (guint i = 0; i < G_N_ELEMENTS (idlers); i++) {
    g_object_unref (idlers[i]);
  }
}

static void
test_half_a_request_leaves_nothing_behind (void)
{
  g_autoptr (House) house = house_new (NULL);
  const char *text =
      "POST /sync/v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n{\"epoch\":\"1\",\"schema\":1";
  FyrGuard *guard = fyr_server_get_guard (house->server);

  for (gsize cut = 1; cut <= strlen (text); cut += 7) {
    g_autoptr (GSocketClient) client = g_socket_client_new ();
    g_autoptr (GSocketConnection) connection =
        g_socket_client_connect_to_host (client, "127.0.0.1", (guint16)house->port, NULL, NULL);

    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text, cut, NULL,
                               NULL, NULL);
    house_run (NULL, 5);
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  }
  house_run (NULL, 300);
  g_assert_cmpuint (fyr_guard_get_connections (guard), <=, 2);
  house_assert_serves (house);
}

static void
test_a_peer_that_leaves_before_the_answer_harms_nobody (void)
{
  g_autoptr (House) house = house_new (NULL);

  house_set_password (house, house->world->nurse);
  for (guint i = 0; i < 30; i++) {
    g_autoptr (GSocketClient) client = g_socket_client_new ();
    g_autoptr (GSocketConnection) connection =
        g_socket_client_connect_to_host (client, "127.0.0.1", (guint16)house->port, NULL, NULL);
    const char *body = "{\"user_name\":\"kari\",\"password\":\"" HOUSE_PASSWORD
                       "\",\"device\":{\"id\":\"01980000-0000-7000-8000-000000000001\",\"name\":\"x\"}}";
    g_autofree char *text =
        g_strdup_printf ("POST /auth/v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s",
                         (int)strlen (body), body);

    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text, strlen (text),
                               NULL, NULL, NULL);
    house_run (NULL, i % 3);
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  }
  house_run (NULL, 500);
  house_assert_serves (house);
}

static void
test_random_bytes_never_break_the_server (void)
{
  g_autoptr (House) house = house_new (NULL);
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  const char *whole =
      "POST /sync/v1/pull HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nAuthorization: Bearer a\r\n\r\n{}";

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 150; round++) {
    g_autofree char *bytes = g_strdup (whole);
    g_autoptr (GSocketClient) client = g_socket_client_new ();
    g_autoptr (GSocketConnection) connection = NULL;
    gsize length = strlen (whole);

    for (gint n = g_rand_int_range (rand, 0, 6); n > 0; n--) {
      bytes[g_rand_int_range (rand, 0, (gint32)length)] = (char)g_rand_int_range (rand, 0, 256);
    }
    connection = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16)house->port, NULL, NULL);
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), bytes,
                               (gsize)g_rand_int_range (rand, 1, (gint32)length + 1), NULL, NULL, NULL);
    house_run (NULL, 3);
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  }
  house_assert_serves (house);
}

/* Until something has come for each, or a long time is over. */
static void
wait_for_answers (House *house, GSocketConnection **peers, guint n_peers)
{
  gint64 until = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  for (guint i = 0; i < n_peers; i++) {
    while (g_socket_condition_check (g_socket_connection_get_socket (peers[i]), G_IO_IN) == 0 &&
           g_get_monotonic_time () < until) {
      house_run (NULL, 5);
    }
  }
}

static void
test_a_hundred_at_once_are_all_answered (void)
{
  g_autoptr (House) house = house_new (NULL);
  GSocketConnection *peers[100];
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  for (guint i = 0; i < G_N_ELEMENTS (peers); i++) {
    peers[i] = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16)house->port, NULL, NULL);
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (peers[i])), HEALTH,
                               strlen (HEALTH), NULL, NULL, NULL);
  }
  wait_for_answers (house, peers, G_N_ELEMENTS (peers));
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++) {
    char buffer[512] = "";

    g_socket_set_blocking (g_socket_connection_get_socket (peers[i]), FALSE);
    g_assert_cmpint (
        g_socket_receive (g_socket_connection_get_socket (peers[i]), buffer, sizeof buffer - 1, NULL, NULL),
        >, 0);
    g_assert_true (g_str_has_prefix (buffer, "HTTP/1.1 200"));
    g_object_unref (peers[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/hostile/" #name, test_##name)
  ADD (refused_heads_are_answered_once_and_closed);
  ADD (a_refusal_below_fhir_is_an_operation_outcome);
  ADD (requests_that_follow_each_other_are_answered_in_order);
  ADD (a_connection_that_ended_is_forgotten);
  ADD (a_peer_that_hangs_up_between_requests_is_forgotten);
  ADD (a_second_request_is_read_as_strictly_as_the_first);
  ADD (a_body_is_never_a_second_request);
  ADD (an_upgrade_that_fails_closes_the_connection);
  ADD (a_range_is_neither_served_nor_costs_memory);
  ADD (a_head_without_end_is_refused_when_it_is_too_large);
  ADD (slow_heads_and_bodies_are_cut_within_ten_seconds);
  ADD (a_connection_that_says_nothing_is_cut);
  ADD (a_body_of_50_mb_costs_no_memory);
  ADD (chunks_beyond_the_limit_are_cut);
  ADD (all_bodies_together_have_a_limit);
  ADD (a_crowd_of_idlers_makes_room_for_who_asks);
  ADD (half_a_request_leaves_nothing_behind);
  ADD (a_peer_that_leaves_before_the_answer_harms_nobody);
  ADD (random_bytes_never_break_the_server);
  ADD (a_hundred_at_once_are_all_answered);
  return g_test_run ();
}
