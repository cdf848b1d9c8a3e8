/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-housekeeping.h"
#include "fyr-scopes.h"
#include "fyr-server-fixture.h"

/* What the server clears away by itself, to the millisecond, and what it never does. */

#define HOUR_MS (G_GINT64_CONSTANT (60) * 60 * 1000)
#define DAY_MS (24 * HOUR_MS)

typedef struct {
  gint64 since;
  gint64 now;
} Turn;

static gboolean
keep_house (FyrWriteContext *context, gpointer data, GError **error)
{
  const Turn *turn = data;

  return fyr_housekeeping_run (context, turn->since, turn->now, NULL, error);
}

static void
keep_house_at (World *world, gint64 since, gint64 now)
{
  Turn turn = { since, now };
  g_autoptr (GError) error = NULL;

  fyr_server_db_write (world->db, keep_house, &turn, &error);
  g_assert_no_error (error);
}

/* One row; ?1 is an id of its own, ?2 a number that is its own too, ?3 the time. */
typedef struct {
  const char *sql;
  gint64 number;
  gint64 time;
} Row;

static gboolean
insert_row (FyrWriteContext *context, gpointer data, GError **error)
{
  const Row *row = data;
  g_autoptr (FyrStatement) insert =
      fyr_connection_prepare (fyr_write_context_get_connection (context), row->sql, error);
  char id[37];

  if (insert == NULL) {
    return FALSE;
  }
  world_id (id);
  fyr_statement_bind_id (insert, 1, id);
  fyr_statement_bind_int (insert, 2, row->number);
  fyr_statement_bind_int (insert, 3, row->time);
  return fyr_statement_run (insert, error);
}

static void
put_row (World *world, const char *sql, gint64 number, gint64 time)
{
  Row row = { sql, number, time };
  g_autoptr (GError) error = NULL;

  fyr_server_db_write (world->db, insert_row, &row, &error);
  g_assert_no_error (error);
}

static void
run_sql (World *world, const char *sql)
{
  g_autoptr (GError) error = NULL;

  fyr_connection_exec (fyr_server_db_get_connection (world->db), sql, &error);
  g_assert_no_error (error);
}

static const struct {
  const char *count;
  const char *insert;
} aging[] = {
  { "SELECT count (*) FROM workstation",
    "INSERT INTO workstation (device, incarnation, \"user\", number, hash, seen)"
    " VALUES (?1, ?1, ?1, ?2, '', ?3)" },
  { "SELECT count (*) FROM witnessed",
    "INSERT INTO witnessed (kind, id, version, time) VALUES (1, ?1, ?2, ?3)" },
  { "SELECT count (*) FROM resent",
    "INSERT INTO resent (kind, id, field, epoch, version, time) VALUES (1, ?1, 'city', 'e', ?2, ?3)" },
  { "SELECT count (*) FROM settlement",
    "INSERT INTO settlement (seq, device, incarnation, author, number, time, outcome)"
    " VALUES (?2, ?1, ?1, ?1, 1, ?3, '{}')" },
  { "SELECT count (*) FROM revocation",
    "INSERT INTO revocation (id, device, scope, \"user\", told, confirmed)"
    " VALUES (?2, ?1, 's', ?1, ?3, ?3)" },
};

/* Each stays for as many days as is said, and not a millisecond longer once the house is kept. */
static void
test_what_is_told_of_is_kept_for_its_days (void)
{
  g_autoptr (World) world = world_new ();
  const gint64 oldest = world->now - FYR_OUTCOME_DAYS * DAY_MS;
  const gint64 times[] = { 1, oldest - 1, oldest, oldest + 1, world->now };

  for (guint table = 0; table < G_N_ELEMENTS (aging); table++) {
    for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
      put_row (world, aging[table].insert, i + 1, times[i]);
    }
  }
  for (gint64 later = 0; later < 3; later++) {
    keep_house_at (world, 0, world->now + later);
    for (guint table = 0; table < G_N_ELEMENTS (aging); table++) {
      g_assert_cmpint (world_count (world, aging[table].count), ==, 3 - later);
    }
  }
}

/* Nobody has answered these: however old they are, somebody must. */
static void
test_what_waits_for_somebody_is_never_forgotten (void)
{
  static const char *const waiting[] = {
    "INSERT INTO quarantine (id, device, incarnation, author, number, reason, received, mutation)"
    " VALUES (?2, ?1, ?1, ?1, 1, 'shut-out', ?3, '{}')",
    "INSERT INTO revocation (id, device, scope, \"user\", told) VALUES (?2, ?1, 's', ?1, ?3)",
  };
  g_autoptr (World) world = world_new ();

  for (guint i = 0; i < G_N_ELEMENTS (waiting); i++) {
    put_row (world, waiting[i], 1, 1);
  }
  keep_house_at (world, 0, world->now + 10 * FYR_OUTCOME_DAYS * DAY_MS);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM quarantine"), ==, 1);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM revocation"), ==, 1);
}

static void
write_note (Station *station, World *world)
{
  g_autofree char *fields =
      g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1790000000000,\"text\":\"x\"}", world->one);
  char id[37];

  world_id (id);
  fyr_wire_outcome_free (
      station_try (station, "create", "note", id, 0, fields, NULL, FYR_WIRE_OUTCOME_APPLIED, ""));
}

/* Outcomes go with their workstation; one that works keeps its own, and no record goes with either. */
static void
test_outcomes_go_with_their_workstation (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) gone = station_new (world, world->nurse);
  g_autoptr (Station) working = station_new (world, world->nurse_2);

  write_note (gone, world);
  run_sql (world, "UPDATE workstation SET seen = 1");
  write_note (working, world);
  write_note (working, world);
  keep_house_at (world, 0, world->now);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM mutation"), ==, 2);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM workstation"), ==, 1);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 3);
  world_check_feeds (world);
  /* Its numbers go on where they were. */
  write_note (working, world);
}

static gint64
count_marks (World *world)
{
  return world_count (world, "SELECT count (*) FROM feed_mark");
}

/* A feed is marked when something came since, and only that feed. */
static void
test_a_feed_is_marked_once_for_what_came (void)
{
  g_autoptr (World) world = world_new ();
  gint64 feeds = world_count (world, "SELECT count (*) FROM scope");
  gint64 time = world->now;
  gint64 grown;

  for (int i = 0; i < 3; i++) {
    keep_house_at (world, 0, time += DAY_MS);
    g_assert_cmpint (count_marks (world), ==, feeds);
  }
  world_put (world, world_note (world, world->two, "ny"));
  grown = world_count (world, "SELECT count (*) FROM scope s WHERE NOT EXISTS"
                              " (SELECT 1 FROM feed_mark m WHERE m.scope = s.id AND m.head = s.head)");
  g_assert_cmpint (grown, >, 0);
  g_assert_cmpint (grown, <, feeds);
  keep_house_at (world, 0, time + DAY_MS);
  g_assert_cmpint (count_marks (world), ==, feeds + grown);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM scope s WHERE s.head <>"
                                       " (SELECT max (m.head) FROM feed_mark m WHERE m.scope = s.id)"),
                   ==, 0);
}

#define OF_ONE "FROM feed_mark WHERE head > 1000000 AND time "

/* Of random marks: all that workstations may remember stay, and of the older ones the newest. */
static void
test_of_old_marks_the_newest_stays (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (World) world = world_new ();
  g_autofree char *old = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *later = NULL;
  const gint64 settled = world->now - FYR_WITNESS_DAYS * DAY_MS;
  gint64 young = 0;
  gint64 newest = 0;

  g_test_message ("seed %u", seed);
  for (int i = 0; i < 40; i++) {
    gint64 time = settled - 20 * i + g_rand_int_range (rand, 0, 20) + (g_rand_boolean (rand) ? 2000 : 0);
    g_autofree char *sql = g_strdup_printf (
        "INSERT INTO feed_mark (scope, time, head) SELECT min (id), %" G_GINT64_FORMAT ", 1000001 FROM scope",
        time);

    run_sql (world, sql);
    young += time > settled;
    newest = time <= settled ? MAX (newest, time) : newest;
  }
  keep_house_at (world, 0, world->now);
  old = g_strdup_printf ("SELECT count (*) " OF_ONE "<= %" G_GINT64_FORMAT, settled);
  kept = g_strdup_printf ("SELECT coalesce (max (time), 0) " OF_ONE "<= %" G_GINT64_FORMAT, settled);
  later = g_strdup_printf ("SELECT count (*) " OF_ONE "> %" G_GINT64_FORMAT, settled);
  g_assert_cmpint (world_count (world, old), ==, newest > 0);
  g_assert_cmpint (world_count (world, kept), ==, newest);
  g_assert_cmpint (world_count (world, later), ==, young);
}

/* Of three servers on one database one comes round each twenty minutes: work is done, and a feed marked hourly. */
static void
test_several_servers_do_not_put_it_off (void)
{
  const gint64 turn = HOUR_MS / 3;
  g_autoptr (World) world = world_new ();
  gint64 before;

  world_put (world, world_measurement (world, world->two, 92));
  keep_house_at (world, 0, world->now);
  before = count_marks (world);
  put_row (world, aging[0].insert, 1, world->now - FYR_OUTCOME_DAYS * DAY_MS);
  for (gint64 i = 1; i <= 9; i++) {
    world_put (world, world_measurement (world, world->two, 93));
    keep_house_at (world, world->now + (i - 1) * turn, world->now + i * turn);
    g_assert_cmpint (world_count (world, aging[0].count), ==, 0);
    g_assert_cmpint (count_marks (world) - before, ==, i / 3);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/housekeeping/" #name, test_##name)
  ADD (what_is_told_of_is_kept_for_its_days);
  ADD (what_waits_for_somebody_is_never_forgotten);
  ADD (outcomes_go_with_their_workstation);
  ADD (a_feed_is_marked_once_for_what_came);
  ADD (of_old_marks_the_newest_stays);
  ADD (several_servers_do_not_put_it_off);
  return g_test_run ();
}
