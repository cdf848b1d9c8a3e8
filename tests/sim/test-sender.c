/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libsoup/soup.h>

#include "fyr-sim-sender.h"

/* A server that answers with the statuses it is told, one after the other; then with the last one. */
typedef struct {
  SoupServer *soup;
  guint port;
  const guint *statuses;
  guint n_statuses;
  guint n_requests;
} House;

static void
answer (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  House *house = data;
  guint index = MIN (house->n_requests, house->n_statuses - 1);
  const char *token =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization");

  g_assert_cmpstr (path, ==, "/fhir/Observation");
  g_assert_cmpstr (token, ==, "Bearer secret");
  soup_server_message_set_status (message, house->statuses[index], NULL);
  house->n_requests++;
}

static void
listen_at (House *house, guint port)
{
  g_autoptr (GError) error = NULL;
  g_autoslist (GUri) uris = NULL;

  house->soup = soup_server_new (NULL, NULL);
  soup_server_add_handler (house->soup, NULL, answer, house, NULL);
  g_assert_true (soup_server_listen_local (house->soup, port, SOUP_SERVER_LISTEN_IPV4_ONLY, &error));
  g_assert_no_error (error);
  uris = soup_server_get_uris (house->soup);
  house->port = (guint)g_uri_get_port (uris->data);
}

static void
stop_listening (House *house)
{
  soup_server_disconnect (house->soup);
  g_clear_object (&house->soup);
}

static FyrSimSender *
make_sender (House *house)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/", house->port);

  return fyr_sim_sender_new (url, "secret", 2);
}

static gboolean
wake_up (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Until all is answered, or so many milliseconds are over. */
static void
run (FyrSimSender *sender, guint milliseconds)
{
  gboolean over = FALSE;
  guint timer = g_timeout_add (milliseconds, wake_up, &over);

  while (!over && !fyr_sim_sender_is_idle (sender))
    g_main_context_iteration (NULL, TRUE);
  if (!over)
    g_source_remove (timer);
}

static void
test_counts (void)
{
  static const guint statuses[] = { 201, 200, 422, 409, 201 };
  House house = { .statuses = statuses, .n_statuses = G_N_ELEMENTS (statuses) };
  g_autoptr (FyrSimSender) sender = NULL;
  FyrSimCounts counts;

  listen_at (&house, 0);
  sender = make_sender (&house);
  for (guint i = 0; i < 5; i++)
    fyr_sim_sender_post (sender, "/fhir/Observation", g_strdup ("{}"));
  run (sender, 5000);
  fyr_sim_sender_get_counts (sender, &counts);
  g_assert_cmpuint (counts.stored, ==, 2);
  g_assert_cmpuint (counts.repeated, ==, 1);
  g_assert_cmpuint (counts.refused, ==, 2);
  g_assert_cmpuint (counts.waiting, ==, 0);
  g_assert_cmpuint (counts.retried, ==, 0);
  g_assert_null (fyr_sim_sender_get_problem (sender));
  stop_listening (&house);
}

static void
test_busy (void)
{
  static const guint statuses[] = { 503, 429, 201 };
  House house = { .statuses = statuses, .n_statuses = G_N_ELEMENTS (statuses) };
  g_autoptr (FyrSimSender) sender = NULL;
  FyrSimCounts counts;

  listen_at (&house, 0);
  sender = make_sender (&house);
  fyr_sim_sender_post (sender, "/fhir/Observation", g_strdup ("{}"));
  run (sender, 200);
  g_assert_nonnull (fyr_sim_sender_get_problem (sender));
  run (sender, 10000);
  fyr_sim_sender_get_counts (sender, &counts);
  g_assert_cmpuint (counts.stored, ==, 1);
  g_assert_cmpuint (counts.retried, ==, 2);
  g_assert_null (fyr_sim_sender_get_problem (sender));
  stop_listening (&house);
}

/* The server goes away and comes back: what was measured meanwhile arrives. */
static void
test_away (void)
{
  static const guint statuses[] = { 201 };
  House house = { .statuses = statuses, .n_statuses = G_N_ELEMENTS (statuses) };
  g_autoptr (FyrSimSender) sender = NULL;
  FyrSimCounts counts;
  guint port;

  listen_at (&house, 0);
  port = house.port;
  sender = make_sender (&house);
  stop_listening (&house);
  for (guint i = 0; i < 10; i++)
    fyr_sim_sender_post (sender, "/fhir/Observation", g_strdup ("{}"));
  run (sender, 300);
  fyr_sim_sender_get_counts (sender, &counts);
  g_assert_cmpuint (counts.waiting, ==, 10);
  g_assert_nonnull (fyr_sim_sender_get_problem (sender));
  listen_at (&house, port);
  run (sender, 10000);
  fyr_sim_sender_get_counts (sender, &counts);
  g_assert_cmpuint (counts.stored, ==, 10);
  g_assert_cmpuint (counts.waiting, ==, 0);
  stop_listening (&house);
}

static void
test_token (void)
{
  static const guint statuses[] = { 401 };
  House house = { .statuses = statuses, .n_statuses = G_N_ELEMENTS (statuses) };
  g_autoptr (FyrSimSender) sender = NULL;

  listen_at (&house, 0);
  sender = make_sender (&house);
  fyr_sim_sender_post (sender, "/fhir/Observation", g_strdup ("{}"));
  run (sender, 300);
  g_assert_true (fyr_sim_sender_is_rejected (sender));
  stop_listening (&house);
}

static void
test_urls (void)
{
  static const char *const bad[] = { "", "x", "127.0.0.1:8080", "ftp://127.0.0.1", "http://" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (fyr_sim_sender_new (bad[i], "secret", 1));
}

/* Freed with work under way: nothing is called afterwards. */
static void
test_free_early (void)
{
  static const guint statuses[] = { 201 };
  House house = { .statuses = statuses, .n_statuses = G_N_ELEMENTS (statuses) };

  listen_at (&house, 0);
  for (guint i = 0; i < 5; i++) {
    g_autoptr (FyrSimSender) sender = make_sender (&house);

    for (guint j = 0; j < 20; j++)
      fyr_sim_sender_post (sender, "/fhir/Observation", g_strdup ("{}"));
    run (sender, 1 + 2 * i);
  }
  stop_listening (&house);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sim/sender/answers-are-counted", test_counts);
  g_test_add_func ("/sim/sender/a-busy-server-is-asked-again", test_busy);
  g_test_add_func ("/sim/sender/what-could-not-be-sent-is-sent-later", test_away);
  g_test_add_func ("/sim/sender/a-wrong-token-ends-it", test_token);
  g_test_add_func ("/sim/sender/addresses-that-are-none-are-refused", test_urls);
  g_test_add_func ("/sim/sender/may-be-freed-with-work-under-way", test_free_early);
  return g_test_run ();
}
