/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fyr-http-fixture.h"

/* What many peers at once cost a real server, and whether they are all taken. Each is a bare socket: what they cost the
 * test itself is not to be seen beside it. */

#define HEALTH "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
#define HALF_BODY "POST /sync/v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{"

static int
knock (House *house)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((guint16)house->port) };
  int peer = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (peer, >=, 0);
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (connect (peer, (struct sockaddr *)&address, sizeof address), ==, 0);
  return peer;
}

static void
say (int peer, const char *text)
{
  g_assert_cmpint (send (peer, text, strlen (text), MSG_NOSIGNAL), ==, (gssize)strlen (text));
}

static void
hang_up (int *peers, guint n_peers)
{
  for (guint i = 0; i < n_peers; i++) {
    close (peers[i]);
  }
}

static guint
get_connections (House *house)
{
  return fyr_guard_get_connections (fyr_server_get_guard (house->server));
}

static void
test_a_body_that_never_becomes_whole_costs_little (void)
{
  g_autoptr (House) house = house_new (NULL);
  int peers[800];
  gint64 before;

  house_assert_serves (house);
  before = house_resident_kib ();
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++) {
    peers[i] = knock (house);
    say (peers[i], HALF_BODY);
    if (i % 50 == 0) {
      house_run (NULL, 5);
    }
  }
  for (guint turn = 0; turn < 5; turn++) {
    house_run (NULL, 200);
    for (guint i = 0; i < G_N_ELEMENTS (peers); i++) {
      say (peers[i], "a");
    }
  }
  g_assert_cmpuint (get_connections (house), >=, G_N_ELEMENTS (peers));
  g_test_message ("%" G_GINT64_FORMAT " KiB for %u", house_resident_kib () - before,
                  (guint)G_N_ELEMENTS (peers));
  /* Five thousand may cost 64 MiB beside all else; the library alone took 21 KiB for each. */
  g_assert_cmpint (house_resident_kib () - before, <, 8 * (gint64)G_N_ELEMENTS (peers));
  house_assert_serves (house);
  hang_up (peers, G_N_ELEMENTS (peers));
}

static void
test_a_second_body_that_ends_half_way_leaves_nothing_behind (void)
{
  g_autoptr (House) house = house_new (NULL);

  for (guint i = 0; i < 20; i++) {
    int peer = knock (house);

    say (peer, HEALTH);
    house_run (NULL, 20);
    say (peer, HALF_BODY);
    house_run (NULL, 5);
    close (peer);
  }
  house_run (NULL, 1000);
  g_assert_cmpuint (get_connections (house), ==, 0);
}

static void
test_who_knocks_at_once_is_taken_at_once (void)
{
  g_autoptr (House) house = house_new (NULL);
  int peers[100];
  guint turns = 0;

  for (guint i = 0; i < G_N_ELEMENTS (peers); i++) {
    peers[i] = knock (house);
  }
  while (get_connections (house) < G_N_ELEMENTS (peers)) {
    g_main_context_iteration (NULL, TRUE);
    turns++;
  }
  g_test_message ("%u turns of the main loop", turns);
  g_assert_cmpuint (turns, <=, 20);
  house_assert_serves (house);
  hang_up (peers, G_N_ELEMENTS (peers));
}

/* Returns: the soft limit of before */
static rlim_t
limit_descriptors (rlim_t soft)
{
  struct rlimit limit;
  rlim_t before;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  before = limit.rlim_cur;
  limit.rlim_cur = soft;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  return before;
}

static gboolean
on_enough (gpointer user_data)
{
  *(gboolean *)user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
test_who_finds_no_descriptor_is_taken_when_there_is_one (void)
{
  g_autoptr (House) house = house_new (NULL);
  int peers[20];
  gboolean enough = FALSE;
  guint turns = 0;
  rlim_t before;

  house_assert_serves (house);
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++) {
    peers[i] = knock (house);
    say (peers[i], HEALTH);
  }
  before = limit_descriptors ((rlim_t)peers[G_N_ELEMENTS (peers) - 1] + 1);
  g_timeout_add (600, on_enough, &enough);
  while (!enough) {
    g_main_context_iteration (NULL, TRUE);
    turns++;
  }
  limit_descriptors (before);
  g_test_message ("%u turns of the main loop", turns);
  g_assert_cmpuint (turns, <, 500);
  g_assert_cmpuint (fyr_guard_get_refused (fyr_server_get_guard (house->server)), >=, 1);
  house_run (NULL, 600);
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++) {
    char answer[64] = "";

    g_assert_cmpint (recv (peers[i], answer, sizeof answer - 1, MSG_DONTWAIT), >, 0);
    g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200"));
  }
  hang_up (peers, G_N_ELEMENTS (peers));
}

static void
test_places_are_no_more_than_descriptors (void)
{
  rlim_t before = limit_descriptors (80);
  g_autoptr (House) house = house_new (NULL);
  int peers[60];

  /* The places are counted when the server starts; the test's own sockets need descriptors as well. */
  limit_descriptors (before);
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++) {
    peers[i] = knock (house);
    house_run (NULL, 2);
    g_assert_cmpuint (get_connections (house), <=, 40);
  }
  g_assert_cmpuint (get_connections (house), ==, 40);
  house_assert_serves (house);
  hang_up (peers, G_N_ELEMENTS (peers));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/crowd/" #name, test_##name)
  ADD (a_body_that_never_becomes_whole_costs_little);
  ADD (a_second_body_that_ends_half_way_leaves_nothing_behind);
  ADD (who_knocks_at_once_is_taken_at_once);
  ADD (who_finds_no_descriptor_is_taken_when_there_is_one);
  ADD (places_are_no_more_than_descriptors);
  return g_test_run ();
}
