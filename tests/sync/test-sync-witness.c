/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a server lost by a restore comes back from the workstations that hold it. */
#include "fyr-test-world.h"
#include "fyr-uuid.h"

static void
put_measurement (FyrTestWorld *world, guint patient, double value, const char *external)
{
  FyrMeasurement *measurement = fyr_measurement_new ();
  char id[37];

  fyr_uuid_v7_new (g_get_real_time () / 1000, id);
  fyr_record_set_id (FYR_RECORD (measurement), id);
  fyr_measurement_set_patient_id (measurement, world->patients[patient]);
  fyr_measurement_set_kind (measurement, FYR_MEASUREMENT_KIND_HEART_RATE);
  fyr_measurement_set_effective_time (measurement, g_get_real_time () / 1000);
  fyr_measurement_set_value (measurement, value);
  fyr_measurement_set_external_id (measurement, external);
  fyr_test_world_put (world, measurement);
}

static guint
count_on_server (FyrTestWorld *world, const FyrRecordInfo *info)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM \"%s\"", info->kind);
  g_autoptr (FyrStatement) count = fyr_connection_prepare (world->reader, sql, NULL);

  g_assert_cmpint (fyr_statement_step (count, NULL), ==, FYR_STEP_ROW);
  return (guint)fyr_statement_get_int (count, 0);
}

static void
assert_all_same (FyrTestWorld *world)
{
  const FyrRecordInfo *const kinds[] = { &fyr_patient_info, &fyr_note_info,        &fyr_alert_info,
                                         &fyr_limit_info,   &fyr_measurement_info, &fyr_alert_event_info };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    fyr_test_world_assert_same (world, kinds[i]);
}

/* What came from a gateway has no author who could send it again. */
static void
test_gateway_reports (FyrTestPair *f, gconstpointer data)
{
  fyr_test_world_back_up (f->world);
  for (guint i = 0; i < 30; i++)
    put_measurement (f->world, i % FYR_TEST_PATIENTS, 60 + i, NULL);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_restore (f->world);
  g_assert_cmpuint (count_on_server (f->world, &fyr_measurement_info), ==, 0);
  fyr_test_world_run (f->world, 5 * 60000);
  g_assert_true (fyr_test_world_settle (f->world));
  g_assert_cmpuint (count_on_server (f->world, &fyr_measurement_info), ==, 30);
  assert_all_same (f->world);
}

/* The answer of the server between comes late: what it took is offered to the one after it all the same. */
static void
test_restored_again_while_giving_back (FyrTestPair *f, gconstpointer data)
{
  for (guint step = 0; step < 20; step++) {
    FyrTestPair pair = { 0 };

    fyr_test_pair_set_up (&pair, NULL);
    fyr_test_world_back_up (pair.world);
    for (guint i = 0; i < 30; i++)
      put_measurement (pair.world, i % FYR_TEST_PATIENTS, 60 + i, NULL);
    g_assert_true (fyr_test_world_settle (pair.world));
    fyr_test_client_close (pair.second);
    pair.first->faults.delay = 4000;
    fyr_test_world_restore (pair.world);
    fyr_test_world_run (pair.world, 5000 + step * 2600);
    fyr_test_world_restore (pair.world);
    fyr_test_client_note (pair.first, 0, "Etter den andre");
    fyr_test_world_run (pair.world, 5 * 60000);
    g_assert_true (fyr_test_world_settle (pair.world));
    fyr_test_world_run (pair.world, 5 * 60000);
    g_assert_cmpuint (count_on_server (pair.world, &fyr_measurement_info), ==, 30);
    fyr_test_pair_tear_down (&pair, NULL);
  }
}

/* The writer's machine burnt; the colleague's screen had it. */
static void
test_author_never_comes_back (FyrTestPair *f, gconstpointer data)
{
  g_autoptr (FyrRecord) note = NULL;
  g_autoptr (FyrRecord) alert = NULL;
  g_autoptr (FyrRecord) open = fyr_test_client_get (f->first, &fyr_alert_info, f->world->alerts[0]);

  fyr_test_world_back_up (f->world);
  fyr_test_client_note (f->first, 1, "Pasienten ringte");
  g_assert_true (fyr_test_client_save (
      f->first, fyr_mutation_new_alert_command (FYR_ALERT (open), FYR_ALERT_ACTION_TAKE,
                                                FYR_ALERT_OUTCOME_UNSET, NULL, f->first->user_id)));
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_client_close (f->first);
  fyr_test_world_restore (f->world);
  fyr_test_world_run (f->world, 5 * 60000);
  note = fyr_test_world_get (f->world, &fyr_note_info, f->first->notes->pdata[0]);
  alert = fyr_test_world_get (f->world, &fyr_alert_info, f->world->alerts[0]);
  g_assert_nonnull (note);
  g_assert_cmpstr (fyr_note_get_author_id (FYR_NOTE (note)), ==, f->first->user_id);
  g_assert_cmpstr (fyr_note_get_text (FYR_NOTE (note)), ==, "Pasienten ringte");
  g_assert_cmpint (fyr_alert_get_status (FYR_ALERT (alert)), ==, FYR_ALERT_STATUS_TAKEN);
  g_assert_cmpint (fyr_record_get_version (alert), ==, fyr_record_get_version (open) + 1);
  assert_all_same (f->world);
}

/* Author and witness offer the same: once, whoever comes first, and nobody is told of a refusal. */
static void
test_author_and_witness_give_it_once (FyrTestPair *f, gconstpointer data)
{
  gboolean author_late = GPOINTER_TO_INT (data);
  guint states = 1U << FYR_OUTBOX_REFUSED | 1U << FYR_OUTBOX_CONFLICT | 1U << FYR_OUTBOX_HELD;
  g_autoptr (GPtrArray) held = NULL;

  fyr_test_world_back_up (f->world);
  for (guint i = 0; i < 6; i++)
    fyr_test_client_note (f->first, i % FYR_TEST_PATIENTS, "Samtale");
  for (guint i = 0; i < 3; i++) {
    g_autoptr (FyrRecord) open = fyr_test_client_get (f->first, &fyr_alert_info, f->world->alerts[i]);
    g_autoptr (FyrRecord) taken = NULL;

    g_assert_true (fyr_test_client_save (
        f->first, fyr_mutation_new_alert_command (FYR_ALERT (open), FYR_ALERT_ACTION_TAKE,
                                                  FYR_ALERT_OUTCOME_UNSET, NULL, f->first->user_id)));
    taken = fyr_test_client_get (f->first, &fyr_alert_info, f->world->alerts[i]);
    g_assert_true (fyr_test_client_save (
        f->first,
        fyr_mutation_new_alert_command (FYR_ALERT (taken), FYR_ALERT_ACTION_CLOSE,
                                        FYR_ALERT_OUTCOME_CONTACTED_PATIENT, NULL, f->first->user_id)));
  }
  g_assert_true (fyr_test_world_settle (f->world));
  (author_late ? f->first : f->second)->faults.cut = TRUE;
  fyr_test_world_restore (f->world);
  fyr_test_world_run (f->world, 4 * 60000);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_run (f->world, 4 * 60000);
  g_assert_true (fyr_test_world_settle (f->world));
  held = fyr_test_client_outbox (f->first, states);
  g_assert_cmpuint (held->len, ==, 0);
  g_assert_cmpuint (count_on_server (f->world, &fyr_note_info), ==, 6);
  g_assert_cmpuint (count_on_server (f->world, &fyr_alert_event_info), ==, 6);
  assert_all_same (f->world);
}

/* The gateway sends again what was not in the backup; the witness's copy is the same report. */
static void
test_report_sent_again_is_one (FyrTestPair *f, gconstpointer data)
{
  fyr_test_world_back_up (f->world);
  put_measurement (f->world, 0, 72, "urn:gateway|1");
  put_measurement (f->world, 0, 73, "urn:gateway|2");
  g_assert_true (fyr_test_world_settle (f->world));
  f->first->faults.cut = f->second->faults.cut = TRUE;
  fyr_test_world_restore (f->world);
  put_measurement (f->world, 0, 72, "urn:gateway|1");
  fyr_test_world_run (f->world, 60000);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_run (f->world, 4 * 60000);
  g_assert_cmpuint (count_on_server (f->world, &fyr_measurement_info), ==, 2);
  assert_all_same (f->world);
}

/* A newer word of the server is not overwritten by an older one of a witness, nor by the newest that is shown. */
static void
test_newer_word_stands (FyrTestPair *f, gconstpointer data)
{
  FyrRecord *patient = fyr_test_world_get (f->world, &fyr_patient_info, f->world->patients[0]);
  g_autoptr (FyrRecord) now = NULL;

  fyr_test_world_back_up (f->world);
  fyr_patient_set_family_name (FYR_PATIENT (patient), "Før");
  fyr_test_world_put (f->world, patient);
  g_assert_true (fyr_test_world_settle (f->world));
  f->first->faults.cut = f->second->faults.cut = TRUE;
  fyr_test_world_restore (f->world);
  for (guint i = 0; i < 3; i++) {
    patient = fyr_test_world_get (f->world, &fyr_patient_info, f->world->patients[0]);
    fyr_patient_set_family_name (FYR_PATIENT (patient), "Etter");
    fyr_test_world_put (f->world, patient);
  }
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_run (f->world, 4 * 60000);
  now = fyr_test_world_get (f->world, &fyr_patient_info, f->world->patients[0]);
  g_assert_cmpstr (fyr_patient_get_family_name (FYR_PATIENT (now)), ==, "Etter");
  assert_all_same (f->world);
}

/* Killed and started again between the new epoch and the offer. */
static void
test_restart_forgets_no_offer (FyrTestPair *f, gconstpointer data)
{
  fyr_test_world_back_up (f->world);
  for (guint i = 0; i < 20; i++)
    put_measurement (f->world, i % FYR_TEST_PATIENTS, 60 + i, NULL);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_client_close (f->second);
  fyr_test_world_restore (f->world);
  f->first->faults = (FyrTestFaults){ .drop_reply = 60, .delay = 500 };
  for (guint i = 0; i < 6; i++) {
    fyr_test_world_run (f->world, 7000);
    fyr_test_client_close (f->first);
    fyr_test_client_open (f->first);
    f->first->faults = (FyrTestFaults){ .delay = 50 };
    g_assert_cmpint (fyr_test_client_sign_in (f->first, FYR_TEST_PASSWORD, NULL), ==, FYR_SIGN_IN_ONLINE);
    f->first->faults = (FyrTestFaults){ .drop_reply = 60, .delay = 500 };
  }
  f->first->faults = (FyrTestFaults){ .delay = 5 };
  fyr_test_world_run (f->world, 5 * 60000);
  g_assert_cmpuint (count_on_server (f->world, &fyr_measurement_info), ==, 20);
  assert_all_same (f->world);
}

/* A field of a later program goes through a workstation that does not know it: over its own change, the comparison of
 * what is held, and back to a server that lost it. */
static void
test_unknown_fields_come_back (FyrTestPair *f, gconstpointer data)
{
  FyrRecord *patient = fyr_test_world_get (f->world, &fyr_patient_info, f->world->patients[0]);
  g_autoptr (FyrRecord) before = NULL;
  g_autoptr (FyrRecord) after = NULL;
  g_autoptr (FyrRecord) now = NULL;

  fyr_test_world_back_up (f->world);
  fyr_record_set_extra (patient, "{\"of_a_later_program\":[1,{\"kept\":true}]}");
  fyr_test_world_put (f->world, patient);
  g_assert_true (fyr_test_world_settle (f->world));
  before = fyr_test_client_get (f->first, &fyr_patient_info, f->world->patients[0]);
  after = fyr_record_copy (before);
  fyr_patient_set_city (FYR_PATIENT (after), "Hamar");
  g_assert_true (fyr_test_client_save (f->first, fyr_mutation_new_update (before, after, f->first->user_id)));
  fyr_test_world_run (f->world, 30 * 60000);
  assert_all_same (f->world);
  fyr_test_client_close (f->first);
  fyr_test_world_restore (f->world);
  fyr_test_world_run (f->world, 5 * 60000);
  now = fyr_test_world_get (f->world, &fyr_patient_info, f->world->patients[0]);
  g_assert_cmpstr (fyr_patient_get_city (FYR_PATIENT (now)), ==, "Hamar");
  g_assert_cmpstr (fyr_record_get_extra (now), ==, "{\"of_a_later_program\":[1,{\"kept\":true}]}");
  assert_all_same (f->world);
}

static FyrMutation *
make_condition (FyrTestClient *client, char id[37])
{
  g_autoptr (FyrRecord) condition = FYR_RECORD (fyr_condition_new ());

  fyr_uuid_v7_new (g_get_real_time () / 1000, id);
  fyr_record_set_id (condition, id);
  fyr_condition_set_patient_id (FYR_CONDITION (condition), client->world->patients[0]);
  fyr_condition_set_display (FYR_CONDITION (condition), "Kols");
  return fyr_mutation_new_create (condition, client->user_id);
}

/* Made by one, deleted by another whose machine burnt, seen by all: it does not rise again, whether the backup has it
 * or its maker sends it again. */
static void
test_deleted_does_not_rise (FyrTestPair *f, gconstpointer data)
{
  gboolean in_backup = GPOINTER_TO_INT (data);
  guint states = 1U << FYR_OUTBOX_REFUSED | 1U << FYR_OUTBOX_CONFLICT | 1U << FYR_OUTBOX_HELD;
  g_autoptr (FyrRecord) seen = NULL;
  g_autoptr (FyrRecord) risen = NULL;
  g_autoptr (GPtrArray) held = NULL;
  char id[37];

  if (!in_backup) {
    fyr_test_world_back_up (f->world);
  }
  g_assert_true (fyr_test_client_save (f->first, make_condition (f->first, id)));
  g_assert_true (fyr_test_world_settle (f->world));
  if (in_backup) {
    fyr_test_world_back_up (f->world);
  }
  seen = fyr_test_client_get (f->second, &fyr_condition_info, id);
  g_assert_nonnull (seen);
  g_assert_true (fyr_test_client_save (f->second, fyr_mutation_new_delete (seen, f->second->user_id)));
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_client_close (f->second);
  fyr_test_world_restore (f->world);
  fyr_test_world_run (f->world, 5 * 60000);
  risen = fyr_test_world_get (f->world, &fyr_condition_info, id);
  g_assert_null (risen);
  held = fyr_test_client_outbox (f->first, states);
  g_assert_cmpuint (held->len, ==, 0);
  fyr_test_world_assert_same (f->world, &fyr_condition_info);
}

static void
set_city (FyrTestClient *client, const char *city)
{
  g_autoptr (FyrRecord) before = fyr_test_client_get (client, &fyr_patient_info, client->world->patients[0]);
  g_autoptr (FyrRecord) after = fyr_record_copy (before);

  fyr_patient_set_city (FYR_PATIENT (after), city);
  g_assert_true (fyr_test_client_save (client, fyr_mutation_new_update (before, after, client->user_id)));
  g_assert_true (fyr_test_world_settle (client->world));
}

/* Of a field where the last to arrive stands the older value is sent again last, and stands no more than it did. */
static void
test_older_value_sent_again (FyrTestPair *f, gconstpointer data)
{
  g_autoptr (FyrRecord) now = NULL;

  fyr_test_world_back_up (f->world);
  set_city (f->first, "Hamar");
  set_city (f->second, "Gjøvik");
  f->first->faults.cut = TRUE;
  fyr_test_world_restore (f->world);
  fyr_test_world_run (f->world, 4 * 60000);
  f->first->faults.cut = FALSE;
  fyr_test_world_run (f->world, 4 * 60000);
  g_assert_true (fyr_test_world_settle (f->world));
  now = fyr_test_world_get (f->world, &fyr_patient_info, f->world->patients[0]);
  g_assert_cmpstr (fyr_patient_get_city (FYR_PATIENT (now)), ==, "Gjøvik");
  assert_all_same (f->world);
}

/* Two restores, each to an older copy. */
static void
test_restored_twice (FyrTestPair *f, gconstpointer data)
{
  fyr_test_world_back_up (f->world);
  put_measurement (f->world, 0, 70, NULL);
  fyr_test_client_note (f->first, 0, "En");
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_restore (f->world);
  fyr_test_world_run (f->world, 1500);
  fyr_test_world_restore (f->world);
  fyr_test_world_run (f->world, 5 * 60000);
  g_assert_true (fyr_test_world_settle (f->world));
  g_assert_cmpuint (count_on_server (f->world, &fyr_measurement_info), ==, 1);
  g_assert_cmpuint (count_on_server (f->world, &fyr_note_info), ==, 1);
  assert_all_same (f->world);
}

#define TEST(path, func)                                                                                     \
  g_test_add ("/sync/witness/" path, FyrTestPair, NULL, fyr_test_pair_set_up, func, fyr_test_pair_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("what gateways reported comes back", test_gateway_reports);
  TEST ("restored again while giving back", test_restored_again_while_giving_back);
  TEST ("what others wrote comes back without them", test_author_never_comes_back);
  TEST ("a writer in time gives it once", test_author_and_witness_give_it_once);
  g_test_add ("/sync/witness/a writer who comes late gives it once", FyrTestPair, GINT_TO_POINTER (1),
              fyr_test_pair_set_up, test_author_and_witness_give_it_once, fyr_test_pair_tear_down);
  TEST ("a report that is sent again is one", test_report_sent_again_is_one);
  TEST ("a newer word of the server stands", test_newer_word_stands);
  TEST ("a restart forgets no offer", test_restart_forgets_no_offer);
  TEST ("a field of a later program comes back with the rest", test_unknown_fields_come_back);
  TEST ("what was deleted does not rise again", test_deleted_does_not_rise);
  g_test_add ("/sync/witness/what was deleted goes again from an older copy", FyrTestPair,
              GINT_TO_POINTER (1), fyr_test_pair_set_up, test_deleted_does_not_rise, fyr_test_pair_tear_down);
  TEST ("an older value sent again does not stand over a newer", test_older_value_sent_again);
  TEST ("a second restore loses nothing either", test_restored_twice);
  return g_test_run ();
}
