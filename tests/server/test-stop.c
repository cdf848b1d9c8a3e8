/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that is told to stop answers what is under way, and begins nothing new. */
#include "fyr-http-fixture.h"
#include "fyr-reader.h"

#define READERS 2

typedef struct {
  House *house;
  gint closed; /* the server's readers stand still */
} Stopping;

static gboolean
stand_still (FyrConnection *connection, gpointer data, GError **error)
{
  while (g_atomic_int_get (&((Stopping *)data)->closed)) {
    g_usleep (1000);
  }
  return TRUE;
}

static gpointer
open_gate_later (gpointer data)
{
  g_usleep (200 * 1000);
  g_atomic_int_set (&((Stopping *)data)->closed, FALSE);
  return NULL;
}

static gboolean
stop_server_later (gpointer data)
{
  Stopping *stopping = data;
  GThread *thread;

  g_assert_cmpuint (fyr_reader_get_pending (fyr_server_get_reader (stopping->house->server)), ==,
                    READERS + 1);
  thread = g_thread_new ("gate", open_gate_later, stopping);
  fyr_server_free (g_steal_pointer (&stopping->house->server));
  g_thread_join (thread);
  return G_SOURCE_REMOVE;
}

/* It was being read for when the server was told to stop. */
static void
test_a_pull_that_would_wait_is_answered_by_a_server_that_stops (void)
{
  Stopping stopping = { house_new (NULL), TRUE };
  House *house = stopping.house;
  HouseDesk desk;
  g_autoptr (Answer) answer = NULL;
  gint64 begin;

  house_desk_open (&desk, house, "kari", house->world->nurse);
  for (guint i = 0; i < READERS; i++) {
    fyr_reader_submit (fyr_server_get_reader (house->server), stand_still, &stopping, NULL, NULL);
  }
  g_timeout_add (300, stop_server_later, &stopping);
  begin = g_get_monotonic_time ();
  answer = house_pull (house, desk.token, desk.device, desk.cursors, 20);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 4 * G_USEC_PER_SEC);
  house_desk_close (&desk);
  house_free (house);
}

typedef struct {
  FyrReader *reader;
  guint asked;
} Asking;

static gboolean
read_nothing (FyrConnection *connection, gpointer data, GError **error)
{
  return TRUE;
}

static void
ask_again (gpointer data, const GError *error)
{
  Asking *asking = data;

  g_assert_no_error (error);
  if (asking->asked < 3) {
    asking->asked++;
    fyr_reader_submit (asking->reader, read_nothing, asking, ask_again, NULL);
  }
}

static void
test_who_is_answered_while_readers_end_may_ask_again (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GError) error = NULL;
  Asking asking = { fyr_reader_new (world->db, READERS, &error), 0 };

  g_assert_no_error (error);
  ask_again (&asking, NULL);
  fyr_reader_free (asking.reader);
  g_assert_cmpuint (asking.asked, ==, 3);
}

#define ADD(name) g_test_add_func ("/server/stop/" #name, test_##name)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (a_pull_that_would_wait_is_answered_by_a_server_that_stops);
  ADD (who_is_answered_while_readers_end_may_ask_again);
  return g_test_run ();
}
