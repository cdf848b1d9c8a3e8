/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib/gstdio.h>

#include "fyr-access-chain.h"
#include "fyr-access-heads.h"
#include "fyr-log.h"
#include "fyr-row-security.h"
#include "fyr-server-fixture.h"
#include "fyr-shared.h"

/* The access log: what is written, who may, and that nothing done to it as owner of the database goes unnoticed. */

#define APPLIED FYR_WIRE_OUTCOME_APPLIED
#define REFUSED FYR_WIRE_OUTCOME_REFUSED

static char *
display (const char *centre, const char *patient, const char *agent)
{
  return g_strdup_printf (
      "{\"centre_id\":\"%s\",\"patient_id\":\"%s\",\"agent_id\":\"%s\",\"purpose\":\"treatment\","
      "\"resource\":\"patient\",\"channel\":\"screen\",\"recorded_time\":1790000000000}",
      centre, patient, agent);
}

/* A display told by a workstation. */
static void
tell (Station *station,
      const char *patient,
      const char *agent,
      FyrWireOutcomeKind kind,
      const char *code,
      char id[37])
{
  g_autofree char *fields = display (station->world->centre, patient, agent);
  g_autoptr (FyrWireOutcome) outcome = NULL;

  world_id (id);
  outcome = station_try (station, "create", "audit_event", id, 0, fields, NULL, kind, code);
}

/* A world whose nurse saw patient "one" so many times. */
static World *
seen (guint count, char ids[][37])
{
  World *world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);

  for (guint i = 0; i < count; i++) {
    tell (station, world->one, world->nurse, APPLIED, "", ids[i]);
  }
  return world;
}

static void
count_fault (FyrAccessChainFault fault, const char *centre_id, gint64 number, const char *id, gpointer counts)
{
  ((guint *)counts)[fault]++;
}

/* Returns: faults in all; @counts by their kind */
static guint
verify (World *world, guint counts[FYR_ACCESS_CHAIN_SHORT + 1])
{
  g_autoptr (GError) error = NULL;
  gint64 entries;
  guint total = 0;

  memset (counts, 0, sizeof (guint) * (FYR_ACCESS_CHAIN_SHORT + 1));
  fyr_access_chain_verify (fyr_server_db_get_connection (world->db), count_fault, counts, &entries, &error);
  g_assert_no_error (error);
  for (guint i = 0; i <= FYR_ACCESS_CHAIN_SHORT; i++) {
    total += counts[i];
  }
  return total;
}

static gboolean
run_sql (World *world, const char *sql, GError **error)
{
  FyrConnection *connection = fyr_server_db_get_connection (world->db);

  return fyr_row_security_open_all (connection, error) && fyr_connection_exec (connection, sql, error);
}

/* As the owner of the database, who takes the guards away first. */
static void
tamper (World *world, const char *form, ...)
{
  const gboolean shared = fyr_connection_is_shared (fyr_server_db_get_connection (world->db));
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = NULL;
  va_list arguments;

  va_start (arguments, form);
  sql = g_strdup_vprintf (form, arguments);
  va_end (arguments);
  run_sql (
      world,
      shared ? "ALTER TABLE audit_event DISABLE TRIGGER ALL; ALTER TABLE access_chain DISABLE TRIGGER ALL"
             : "DROP TRIGGER IF EXISTS audit_event_no_update; DROP TRIGGER IF EXISTS audit_event_no_delete;"
               "DROP TRIGGER IF EXISTS access_chain_no_update; DROP TRIGGER IF EXISTS access_chain_no_delete",
      &error);
  g_assert_no_error (error);
  run_sql (world, sql, &error);
  g_assert_no_error (error);
}

static void
test_a_display_is_logged_with_what_the_server_knows (void)
{
  char ids[1][37];
  g_autoptr (World) world = seen (1, ids);
  g_autoptr (FyrRecord) record = world_get (world, &fyr_audit_event_info, ids[0]);
  FyrAuditEvent *event = FYR_AUDIT_EVENT (record);
  guint counts[FYR_ACCESS_CHAIN_SHORT + 1];

  g_assert_cmpstr (fyr_audit_event_get_agent_id (event), ==, world->nurse);
  g_assert_nonnull (fyr_audit_event_get_agent_name (event));
  g_assert_cmpint (fyr_audit_event_get_agent_role (event), ==, FYR_ROLE_NURSE);
  g_assert_nonnull (fyr_audit_event_get_unit_name (event));
  g_assert_nonnull (strchr (fyr_audit_event_get_patient_name (event), ','));
  g_assert_cmpint (fyr_audit_event_get_received_time (event), >, 0);
  g_assert_cmpuint (verify (world, counts), ==, 0);
  world_check_feeds (world);
}

static void
test_nobody_logs_in_another_name_or_at_a_foreign_centre (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (Station) far = station_new (world, world->far_nurse);
  g_autoptr (Station) manager = station_new (world, world->manager);
  char id[37];

  tell (station, world->one, world->nurse_2, REFUSED, "forbidden", id);
  tell (far, world->one, world->far_nurse, REFUSED, "forbidden", id);
  tell (manager, world->one, world->manager, REFUSED, "forbidden", id);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM audit_event"), ==, 0);
}

static void
test_a_patient_of_another_centre_is_not_named (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrRecord) record = NULL;
  char id[37];

  tell (station, world->far, world->nurse, APPLIED, "", id);
  record = world_get (world, &fyr_audit_event_info, id);
  g_assert_null (fyr_audit_event_get_patient_name (FYR_AUDIT_EVENT (record)));
}

static void
test_who_lost_the_role_still_delivers_what_was_seen (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrStatement) select = NULL;
  g_autoptr (FyrRecord) membership = NULL;
  char id[37];

  select = fyr_connection_prepare (fyr_server_db_get_connection (world->db),
                                   "SELECT id FROM membership WHERE user_id = ?1", NULL);
  fyr_statement_bind_id (select, 1, world->nurse);
  g_assert_cmpint (fyr_statement_step (select, NULL), ==, FYR_STEP_ROW);
  membership = world_get (world, &fyr_membership_info, fyr_statement_get_id (select, 0));
  g_clear_pointer (&select, fyr_statement_free);
  fyr_membership_set_valid_to (FYR_MEMBERSHIP (membership), 1000);
  world_put (world, g_steal_pointer (&membership));
  tell (station, world->one, world->nurse, APPLIED, "", id);
}

static void
test_only_the_administrator_reads_it (void)
{
  char ids[2][37];
  g_autoptr (World) world = seen (2, ids);
  const char *const readers[] = { world->nurse,   world->nurse_2,   world->gp_user,      world->clerk,
                                  world->manager, world->far_nurse, world->administrator };

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++) {
    g_autoptr (Station) station = station_new (world, readers[i]);
    g_autoptr (GPtrArray) entries = station_pull_all (station);
    gboolean administrator = g_str_equal (readers[i], world->administrator);

    g_assert_cmpint (entries_find (entries, ids[1]) != NULL, ==, administrator);
    if (administrator) {
      FyrRecord *record = entries_find (entries, ids[1])->record;

      g_assert_nonnull (fyr_audit_event_get_agent_name (FYR_AUDIT_EVENT (record)));
    }
  }
}

static void
test_an_entry_is_never_changed_or_deleted (void)
{
  char ids[1][37];
  g_autoptr (World) world = seen (1, ids);
  g_autoptr (Station) nurse = station_new (world, world->nurse);
  g_autoptr (Station) administrator = station_new (world, world->administrator);
  g_autofree char *fields = display (world->centre, world->two, world->nurse);
  g_autoptr (FyrWireOutcome) again = NULL;
  g_autoptr (FyrWireOutcome) update = NULL;
  g_autoptr (FyrWireOutcome) removal = NULL;
  g_autoptr (GError) error = NULL;
  guint counts[FYR_ACCESS_CHAIN_SHORT + 1];

  again = station_try (nurse, "create", "audit_event", ids[0], 0, fields, NULL, REFUSED, "duplicate");
  update = station_try (administrator, "update", "audit_event", ids[0], 1, "{\"purpose\":\"emergency\"}",
                        "{\"purpose\":\"treatment\"}", REFUSED, "invalid");
  removal = station_try (administrator, "delete", "audit_event", ids[0], 1, NULL, NULL, REFUSED, "invalid");
  g_assert_false (run_sql (world, "UPDATE audit_event SET purpose = 3", &error));
  g_clear_error (&error);
  g_assert_false (run_sql (world, "DELETE FROM audit_event", &error));
  g_clear_error (&error);
  g_assert_false (run_sql (world, "UPDATE access_chain SET hash = ''", &error));
  g_clear_error (&error);
  g_assert_false (run_sql (world, "DELETE FROM access_chain", &error));
  g_assert_cmpuint (verify (world, counts), ==, 0);
}

static void
test_a_changed_entry_is_noticed (void)
{
  char ids[3][37];
  g_autoptr (World) world = seen (3, ids);
  guint counts[FYR_ACCESS_CHAIN_SHORT + 1];

  tamper (world, "UPDATE audit_event SET agent_name = 'Noen Andre' WHERE recorded_time = 1790000000000"
                 " AND id = (SELECT id FROM access_chain WHERE number = 2)");
  g_assert_cmpuint (verify (world, counts), ==, 1);
  g_assert_cmpuint (counts[FYR_ACCESS_CHAIN_CHANGED], ==, 1);
}

static void
test_a_deleted_entry_is_noticed (void)
{
  char ids[3][37];
  g_autoptr (World) world = seen (3, ids);
  guint counts[FYR_ACCESS_CHAIN_SHORT + 1];

  tamper (world, "DELETE FROM audit_event WHERE id = (SELECT id FROM access_chain WHERE number = 2)");
  g_assert_cmpuint (verify (world, counts), ==, 1);
  g_assert_cmpuint (counts[FYR_ACCESS_CHAIN_DELETED], ==, 1);
  tamper (world, "DELETE FROM access_chain WHERE number = 2");
  g_assert_cmpuint (verify (world, counts), ==, 1);
  g_assert_cmpuint (counts[FYR_ACCESS_CHAIN_GAP], ==, 1);
}

static void
test_an_end_cut_off_is_noticed (void)
{
  char ids[3][37];
  g_autoptr (World) world = seen (3, ids);
  guint counts[FYR_ACCESS_CHAIN_SHORT + 1];

  tamper (world, "DELETE FROM audit_event WHERE id = (SELECT id FROM access_chain WHERE number = 3);"
                 "DELETE FROM access_chain WHERE number = 3");
  g_assert_cmpuint (verify (world, counts), ==, 1);
  g_assert_cmpuint (counts[FYR_ACCESS_CHAIN_SHORT], ==, 1);
}

static void
test_an_inserted_entry_is_noticed (void)
{
  char ids[2][37];
  g_autoptr (World) world = seen (2, ids);
  const char *id = fyr_connection_is_shared (fyr_server_db_get_connection (world->db))
                       ? "decode ('00112233445566778899aabbccddeeff', 'hex')"
                       : "x'00112233445566778899aabbccddeeff'";
  guint counts[FYR_ACCESS_CHAIN_SHORT + 1];

  tamper (
      world,
      "INSERT INTO audit_event (id, version, centre_id, patient_id, purpose, resource, channel, "
      "recorded_time)"
      " SELECT %s, version, centre_id, patient_id, purpose, resource, channel, recorded_time FROM audit_event"
      " LIMIT 1",
      id);
  g_assert_cmpuint (verify (world, counts), ==, 1);
  g_assert_cmpuint (counts[FYR_ACCESS_CHAIN_INSERTED], ==, 1);
}

static void
test_entries_changing_places_are_noticed (void)
{
  char ids[4][37];
  g_autoptr (World) world = seen (4, ids);
  guint counts[FYR_ACCESS_CHAIN_SHORT + 1];

  tamper (world, "UPDATE access_chain SET number = 100 WHERE number = 2;"
                 "UPDATE access_chain SET number = 2 WHERE number = 3;"
                 "UPDATE access_chain SET number = 3 WHERE number = 100");
  g_assert_cmpuint (verify (world, counts), >=, 2);
  g_assert_cmpuint (counts[FYR_ACCESS_CHAIN_CHANGED], >=, 2);
}

static gboolean
sign (FyrWriteContext *context, gpointer signer, GError **error)
{
  return fyr_access_signer_run (context, 0, fyr_write_context_get_time (context), signer, error);
}

/* The last line of the file of signed heads. */
static char *
last_line (World *world)
{
  g_autofree char *path = g_build_filename (world->directory, FYR_ACCESS_HEADS_NAME, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  return g_strdup (lines[g_strv_length (lines) - 2]);
}

static void
test_a_chain_made_anew_does_not_fit_what_was_signed (void)
{
  char ids[3][37];
  g_autoptr (World) world = seen (3, ids);
  FyrConnection *connection = fyr_server_db_get_connection (world->db);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrAccessSigner) signer = fyr_access_signer_new (world->directory, &error);
  g_autofree char *line = NULL;
  g_autofree char *forged = NULL;
  FyrSignedHead head;
  char key[FYR_ACCESS_KEY_SIZE];

  g_assert_no_error (error);
  g_assert_true (fyr_server_db_write (world->db, sign, signer, &error));
  line = last_line (world);
  g_assert_true (fyr_signed_head_parse (line, &head));
  g_assert_cmpint (head.head.number, ==, 3);
  g_assert_cmpint (fyr_access_chain_has (connection, &head.head, NULL), ==, 1);
  g_assert_true (fyr_access_key_read (world->directory, key, &error));
  g_assert_cmpstr (key, ==, head.key);
  g_assert_cmpstr (key, ==, fyr_access_signer_get_key (signer));
  tamper (world, "UPDATE access_chain SET hash = '%064d' WHERE number = 3", 7);
  g_assert_cmpint (fyr_access_chain_has (connection, &head.head, NULL), ==, 0);
  forged = g_strdup_printf ("1%s", line);
  g_assert_false (fyr_signed_head_parse (forged, &head));
}

static void
test_a_head_is_signed_when_it_moved (void)
{
  char ids[1][37];
  g_autoptr (World) world = seen (1, ids);
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrAccessSigner) signer = fyr_access_signer_new (world->directory, &error);
  g_autofree char *first = NULL, *second = NULL, *third = NULL;
  char id[37];

  g_assert_true (fyr_server_db_write (world->db, sign, signer, &error));
  first = last_line (world);
  g_assert_true (fyr_server_db_write (world->db, sign, signer, &error));
  second = last_line (world);
  g_assert_cmpstr (first, ==, second);
  tell (station, world->one, world->nurse, APPLIED, "", id);
  g_assert_true (fyr_server_db_write (world->db, sign, signer, &error));
  third = last_line (world);
  g_assert_cmpstr (first, !=, third);
}

static void
test_the_legal_entity_and_the_register_number_stand_in_it (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->gp_user);
  g_autoptr (FyrRecord) centre = world_get (world, &fyr_centre_info, world->centre);
  g_autoptr (FyrRecord) user = world_get (world, &fyr_user_info, world->gp_user);
  g_autoptr (FyrRecord) record = NULL;
  FyrOrganization *organization = fyr_organization_new ();
  FyrAuditEvent *event;
  char id[37];

  world_id (id);
  fyr_record_set_id (FYR_RECORD (organization), id);
  fyr_organization_set_name (organization, "Fyrvik kommune");
  fyr_organization_set_organization_number (organization, "974760673");
  world_put (world, organization);
  fyr_centre_set_organization_id (FYR_CENTRE (centre), id);
  world_put (world, g_steal_pointer (&centre));
  fyr_user_set_hpr_number (FYR_USER (user), "9144889");
  world_put (world, g_steal_pointer (&user));
  tell (station, world->one, world->gp_user, APPLIED, "", id);
  record = world_get (world, &fyr_audit_event_info, id);
  event = FYR_AUDIT_EVENT (record);
  g_assert_cmpstr (fyr_audit_event_get_organization_name (event), ==, "Fyrvik kommune");
  g_assert_cmpstr (fyr_audit_event_get_organization_number (event), ==, "974760673");
  g_assert_cmpstr (fyr_audit_event_get_agent_hpr_number (event), ==, "9144889");
  g_assert_cmpint (fyr_audit_event_get_agent_role (event), ==, FYR_ROLE_GP);
}

/* A patient whose registration was refused has been on a screen all the same. */
static void
test_a_patient_the_server_does_not_know_is_logged_without_a_name (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrRecord) record = NULL;
  char unknown[37], id[37];
  guint counts[FYR_ACCESS_CHAIN_SHORT + 1];

  world_id (unknown);
  tell (station, unknown, world->nurse, APPLIED, "", id);
  record = world_get (world, &fyr_audit_event_info, id);
  g_assert_cmpstr (fyr_audit_event_get_patient_id (FYR_AUDIT_EVENT (record)), ==, unknown);
  g_assert_null (fyr_audit_event_get_patient_name (FYR_AUDIT_EVENT (record)));
  g_assert_cmpuint (verify (world, counts), ==, 0);
}

static void
test_what_the_workstation_says_of_names_does_not_count (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *plain = display (world->centre, world->one, world->nurse);
  g_autofree char *fields = g_strdup_printf (
      "%.*s,\"agent_name\":\"Noen Andre\",\"patient_name\":\"Ingen, Slik\",\"received_time\":5}",
      (int)strlen (plain) - 1, plain);
  g_autoptr (FyrWireOutcome) outcome = NULL;
  g_autoptr (FyrRecord) record = NULL;
  char id[37];

  world_id (id);
  outcome = station_try (station, "create", "audit_event", id, 0, fields, NULL, APPLIED, "");
  record = world_get (world, &fyr_audit_event_info, id);
  g_assert_cmpstr (fyr_audit_event_get_agent_name (FYR_AUDIT_EVENT (record)), !=, "Noen Andre");
  g_assert_cmpstr (fyr_audit_event_get_patient_name (FYR_AUDIT_EVENT (record)), !=, "Ingen, Slik");
  g_assert_cmpint (fyr_audit_event_get_received_time (FYR_AUDIT_EVENT (record)), >, 5);
}

/* After a restore an administrator's workstation may have given the entry back before its author says it again. */
static void
test_an_author_who_repeats_what_a_witness_gave_back_is_told_applied (void)
{
  char ids[1][37];
  g_autoptr (World) world = seen (1, ids);
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *fields = display (world->centre, world->one, world->nurse);
  g_autoptr (FyrWireOutcome) outcome = NULL;
  g_autoptr (GError) error = NULL;
  guint counts[FYR_ACCESS_CHAIN_SHORT + 1];

  run_sql (world,
           "INSERT INTO witnessed (kind, id, time) SELECT k.id, a.id, 0 FROM kind k, audit_event a"
           " WHERE k.name = 'audit_event'",
           &error);
  g_assert_no_error (error);
  outcome = station_try (station, "create", "audit_event", ids[0], 0, fields, NULL, APPLIED, "");
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM audit_event"), ==, 1);
  g_assert_cmpuint (verify (world, counts), ==, 0);
}

static void
test_centres_have_chains_of_their_own (void)
{
  char ids[2][37];
  g_autoptr (World) world = seen (2, ids);
  g_autoptr (Station) far = station_new (world, world->far_nurse);
  g_autofree char *fields = display (world->far_centre, world->far, world->far_nurse);
  g_autoptr (FyrWireOutcome) outcome = NULL;
  g_autoptr (GArray) heads = NULL;
  guint counts[FYR_ACCESS_CHAIN_SHORT + 1];
  char id[37];

  world_id (id);
  outcome = station_try (far, "create", "audit_event", id, 0, fields, NULL, APPLIED, "");
  heads = fyr_access_chain_list_heads (fyr_server_db_get_connection (world->db), NULL);
  g_assert_cmpuint (heads->len, ==, 2);
  for (guint i = 0; i < heads->len; i++) {
    const FyrAccessHead *head = &g_array_index (heads, FyrAccessHead, i);

    g_assert_cmpint (head->number, ==, g_str_equal (head->centre_id, world->centre) ? 2 : 1);
  }
  g_assert_cmpuint (verify (world, counts), ==, 0);
}

static void
test_lines_that_are_no_signed_head_are_told_apart (void)
{
  static const char *const lines[] = {
    "", " ", "a b c d e f g", "1 2 3 4 5 6", "1 2 3 4 5 6 7 8", "x", "-1 e c 1 h k s"
  };
  FyrSignedHead head;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_assert_false (fyr_signed_head_parse (lines[i], &head));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_log_set_enabled (FALSE);
#define ADD(name) g_test_add_func ("/server/access-log/" #name, test_##name)
  ADD (a_display_is_logged_with_what_the_server_knows);
  ADD (nobody_logs_in_another_name_or_at_a_foreign_centre);
  ADD (a_patient_of_another_centre_is_not_named);
  ADD (who_lost_the_role_still_delivers_what_was_seen);
  ADD (only_the_administrator_reads_it);
  ADD (an_entry_is_never_changed_or_deleted);
  ADD (a_changed_entry_is_noticed);
  ADD (a_deleted_entry_is_noticed);
  ADD (an_end_cut_off_is_noticed);
  ADD (an_inserted_entry_is_noticed);
  ADD (entries_changing_places_are_noticed);
  ADD (a_chain_made_anew_does_not_fit_what_was_signed);
  ADD (a_head_is_signed_when_it_moved);
  ADD (the_legal_entity_and_the_register_number_stand_in_it);
  ADD (a_patient_the_server_does_not_know_is_logged_without_a_name);
  ADD (what_the_workstation_says_of_names_does_not_count);
  ADD (an_author_who_repeats_what_a_witness_gave_back_is_told_applied);
  ADD (centres_have_chains_of_their_own);
  ADD (lines_that_are_no_signed_head_are_told_apart);
#undef ADD
  return g_test_run ();
}
