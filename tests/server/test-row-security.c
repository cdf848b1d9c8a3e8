/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-db-fixture.h"
#include "fyr-record-table.h"
#include "fyr-row-security.h"
#include "fyr-server-fixture.h"
#include "fyr-transaction.h"

/* Tables without a policy, and why. Whoever adds a table protects it, or says here why not. */
static const struct {
  const char *table;
  const char *reason;
} open_tables[] = {
  { "fyr_schema_version", "one number, read before anything else" },
  { "meta", "the database's own settings, read before it is known who asks" },
  { "kind", "numbers of the kinds of record" },
  { "scope", "names and heads of feeds: which exist, and how long each is" },
  { "feed", "ids in their order, no content; a feed is chosen by its scope" },
  { "feed_mark", "heads of feeds as they were" },
  { "tombstone", "ids of what was deleted, no content" },
  { "voided", "ids of what was corrected, no content" },
  { "witnessed", "ids of what came back after a restore, no content" },
  { "resent", "ids and names of fields that came back after a restore, no content" },
  { "patient_grant", "ids; decides who sees whom, and must be read to know" },
  { "patient_block", "ids; decides who does not see whom, and must be read to know" },
  { "emergency_grant", "ids and times; decides who sees whom, and must be read to know" },
  { "emergency_try", "how often a user tried, no content" },
  { "credential", "read to find out who asks; hashes only" },
  { "sign_in_failure", "read to find out who asks; hashes of names only" },
  { "session", "read to find out who asks; hashes of tokens only" },
  { "gateway", "read to find out who asks; hashes of tokens only" },
  { "workstation", "ids and numbers of devices, no content" },
  { "device_decision", "who decided what about a device, and why: of no patient" },
  { "holder", "whose feeds a device was given last: ids, no content" },
  { "holding", "names of feeds a device was given, no content" },
  { "revocation", "names of feeds that were taken away, and when, no content" },
  { "shut_out", "devices that nobody works at, no content" },
  { "settlement", "codes of what was decided about work kept for review, read by its author's own pull" },
  { "schedule", "when the server's own work was done last" },
  { "organization", "of nobody's record: every user is shown it" },
  { "centre", "of nobody's record: read to find out what a user may see" },
  { "user", "of nobody's record: read to find out who asks" },
  { "membership", "of nobody's record: decides which centres a user sees" },
  { "gp", "of nobody's record: the public register of doctors" },
};

static gboolean
is_open (const char *table)
{
  for (gsize i = 0; i < G_N_ELEMENTS (open_tables); i++) {
    if (g_str_equal (open_tables[i].table, table)) {
      g_assert_cmpuint (strlen (open_tables[i].reason), >, 10);
      return TRUE;
    }
  }
  return FALSE;
}

static void
test_every_table_has_a_policy_or_a_reason (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      fyr_server_db_get_connection (world->db),
      "SELECT CAST (c.relname AS text), c.relrowsecurity AND c.relforcerowsecurity AND"
      " EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid) FROM pg_class c"
      " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = "
      "current_schema ())",
      &error);
  guint protected = 0;

  g_assert_no_error (error);
  while (fyr_statement_step (select, &error) == FYR_STEP_ROW) {
    const char *table = fyr_statement_get_text (select, 0);
    gboolean has_policy = fyr_statement_get_bool (select, 1);

    protected += has_policy;
    if (has_policy == is_open (table)) {
      g_error ("%s: %s", table,
               has_policy ? "has a policy, and a reason for none" : "no policy and no reason");
    }
  }
  g_assert_no_error (error);
  g_assert_cmpuint (protected, >=, 10);
}

static gint64
count_as (World *world, const char *centres, const char *table)
{
  g_autoptr (FyrConnection) reader = fyr_server_db_open_reader (world->db, NULL);
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM \"%s\"", table);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrTransaction) reading = fyr_transaction_begin_read (reader, &error);

  g_assert_no_error (error);
  g_assert_true (fyr_row_security_begin (reader, centres, &error));
  return fyr_test_scalar (reader, sql);
}

static void
test_what_was_sent_is_shown_to_no_reader (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *fields =
      g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1790000000000,\"text\":\"tekst\"}", world->one);
  g_autoptr (FyrWireOutcome) outcome = NULL;
  g_autoptr (FyrWireOutcome) kept = NULL;
  g_autoptr (FyrUser) user = NULL;
  char id[37];

  world_id (id);
  outcome = station_try (station, "create", "note", id, 0, fields, NULL, FYR_WIRE_OUTCOME_APPLIED, "");
  user = FYR_USER (
      fyr_record_table_get (fyr_server_db_get_connection (world->db), &fyr_user_info, world->nurse, NULL));
  fyr_user_set_active (user, FALSE);
  world_put (world, g_object_ref (user));
  world_id (id);
  kept = station_try (station, "create", "note", id, 0, fields, NULL, FYR_WIRE_OUTCOME_REFUSED, "kept");
  for (guint i = 0; i < 2; i++) {
    const char *table = i == 0 ? "mutation" : "quarantine";

    g_assert_cmpint (count_as (world, FYR_ROW_SECURITY_ALL, table), >, 0);
    g_assert_cmpint (count_as (world, world->centre, table), ==, 0);
    g_assert_cmpint (count_as (world, "", table), ==, 0);
  }
}

/* A role that every cluster has; it owns nothing here. */
#define ROLE "pg_monitor"

static void
run (World *world, const char *sql)
{
  g_autoptr (GError) error = NULL;

  fyr_connection_exec (fyr_server_db_get_connection (world->db), sql, &error);
  g_assert_no_error (error);
}

static gint64
may_write (World *world, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT CAST (has_table_privilege ('" ROLE
                                          "', '\"%s\"', 'SELECT, INSERT, UPDATE, DELETE') AS int)",
                                          table);

  return fyr_test_scalar (fyr_server_db_get_connection (world->db), sql);
}

static void
test_the_servers_role_keeps_up_with_new_tables (void)
{
  g_autoptr (World) world = world_new ();
  FyrConnection *connection = fyr_server_db_get_connection (world->db);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (may_write (world, "note"), ==, 0);
  /* As the release before left it: granted what there was then, no policy on what workstations sent. */
  run (world, "GRANT SELECT, INSERT, UPDATE, DELETE ON meta, note TO " ROLE);
  run (world, "DROP POLICY fyrlykt ON mutation; ALTER TABLE mutation NO FORCE ROW LEVEL SECURITY,"
              " DISABLE ROW LEVEL SECURITY; DROP POLICY fyrlykt ON device; DROP POLICY fyrlykt ON "
              "quarantine; ALTER TABLE quarantine"
              " NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY");
  g_assert_cmpint (may_write (world, "quarantine"), ==, 0);
  run (world, "BEGIN");
  g_assert_true (fyr_row_security_migrate_sync (connection, &error));
  g_assert_no_error (error);
  run (world, "COMMIT");
  g_assert_cmpint (may_write (world, "quarantine"), ==, 1);
  g_assert_cmpint (may_write (world, "feed_mark"), ==, 1);
  g_assert_cmpint (
      fyr_test_scalar (connection, "SELECT count (*) FROM pg_policy WHERE polrelid = 'mutation'::regclass"),
      ==, 1);
  /* And with what a later release adds, nobody need remember it. */
  run (world, "CREATE TABLE of_a_later_release (id INTEGER PRIMARY KEY, text TEXT)");
  g_assert_cmpint (may_write (world, "of_a_later_release"), ==, 1);
}

static void
test_who_was_not_granted_gets_nothing (void)
{
  g_autoptr (World) world = world_new ();

  run (world, "CREATE TABLE of_a_later_release (id INTEGER PRIMARY KEY, text TEXT)");
  g_assert_cmpint (may_write (world, "of_a_later_release"), ==, 0);
  g_assert_true (fyr_row_security_grant (fyr_server_db_get_connection (world->db), ROLE, NULL));
  g_assert_cmpint (may_write (world, "of_a_later_release"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/row-security/" #name, test_##name)
  ADD (every_table_has_a_policy_or_a_reason);
  ADD (what_was_sent_is_shown_to_no_reader);
  ADD (the_servers_role_keeps_up_with_new_tables);
  ADD (who_was_not_granted_gets_nothing);
  return g_test_run ();
}
