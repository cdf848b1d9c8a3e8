/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a user did before she was shut out is kept for review, and only kept. */
#include <string.h>

#include "fyr-server-fixture.h"

static gboolean
run_sql (FyrWriteContext *context, gpointer sql, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context), sql, error);
}

static void
shut_out (World *world)
{
  char sql[] = "DELETE FROM membership WHERE role = 1";

  g_assert_true (fyr_server_db_write (world->db, run_sql, sql, NULL));
}

static void
write_note (Station *station, const char *text, FyrWireOutcomeKind expected, const char *code)
{
  g_autofree char *fields = g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1790000000000,\"text\":\"%s\"}",
                                             station->world->one, text);
  char id[37];

  world_id (id);
  fyr_wire_outcome_free (station_try (station, "create", "note", id, 0, fields, NULL, expected, code));
}

static void
test_work_of_who_was_shut_out_is_kept (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);

  write_note (station, "Før", FYR_WIRE_OUTCOME_APPLIED, "");
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM quarantine"), ==, 0);
  shut_out (world);
  write_note (station, "Skrevet uten nett", FYR_WIRE_OUTCOME_REFUSED, "unknown-record");
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM note"), ==, 1);
  g_assert_cmpint (world_count (world,
                                "SELECT count(*) FROM quarantine WHERE mutation LIKE '%Skrevet uten nett%'"
                                " AND settled IS NULL AND reason = 'unknown-record'"),
                   ==, 1);
}

static void
test_said_twice_is_kept_once (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) request = NULL;
  char id[37];

  shut_out (world);
  world_id (id);
  request = station_request (station, station_mutation (station, "create", "note", id, 0, "{}", NULL), NULL);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *body = NULL;

    g_assert_cmpuint (station_push (station, request, &body), ==, 200);
    g_assert_nonnull (strstr (body, "refused"));
  }
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM quarantine"), ==, 1);
}

/* A refusal of somebody who still works there is hers to see and settle. */
static void
test_ordinary_refusals_are_not_kept (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->clerk);

  write_note (station, "Hører ikke hjemme her", FYR_WIRE_OUTCOME_REFUSED, "unknown-record");
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM quarantine"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/quarantine/work of who was shut out is kept, not applied",
                   test_work_of_who_was_shut_out_is_kept);
  g_test_add_func ("/server/quarantine/said twice it is kept once", test_said_twice_is_kept_once);
  g_test_add_func ("/server/quarantine/a refusal of who works there is hers",
                   test_ordinary_refusals_are_not_kept);
  return g_test_run ();
}
