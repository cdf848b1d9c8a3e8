/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-soup-transport.h"
#include "fyr-test-world.h"
#include "fyr-wire-pull.h"

static void
assert_state (FyrTestClient *client, FyrSyncState state)
{
  g_assert_cmpstr (fyr_sync_state_to_code (fyr_sync_engine_get_state (client->engine)), ==,
                   fyr_sync_state_to_code (state));
}

static guint
count_of (FyrTestClient *client, guint states)
{
  g_autoptr (GPtrArray) entries = fyr_test_client_outbox (client, states);

  return entries->len;
}

static FyrMutation *
alert_command (FyrTestClient *client, guint alert, FyrAlertAction action)
{
  g_autoptr (FyrRecord) record = fyr_test_client_get (client, &fyr_alert_info, client->world->alerts[alert]);

  g_assert_nonnull (record);
  return fyr_mutation_new_alert_command (
      (FyrAlert *)record, action,
      action == FYR_ALERT_ACTION_CLOSE ? FYR_ALERT_OUTCOME_CONTACTED_PATIENT : FYR_ALERT_OUTCOME_UNSET,
      action == FYR_ALERT_ACTION_NOTE ? "Ringte" : NULL, client->user_id);
}

static FyrMutation *
rename_patient (FyrTestClient *client, guint patient, guint field, const char *value)
{
  g_autoptr (FyrRecord) before =
      fyr_test_client_get (client, &fyr_patient_info, client->world->patients[patient]);
  g_autoptr (FyrRecord) after = fyr_record_copy (before);

  fyr_record_set_string (after, field, value);
  return fyr_mutation_new_update (before, after, client->user_id);
}

static void
test_first_sync (FyrTestPair *f, gconstpointer data)
{
  fyr_test_world_assert_same (f->world, &fyr_patient_info);
  fyr_test_world_assert_same (f->world, &fyr_alert_info);
  assert_state (f->first, FYR_SYNC_STATE_LIVE);
  g_assert_true (fyr_sync_engine_is_complete (f->first->engine));
  g_assert_true (fyr_sync_engine_is_online (f->first->engine));
  g_assert_cmpint (fyr_sync_engine_get_offline_since (f->first->engine), ==, 0);
  g_assert_cmpint (fyr_sync_engine_get_role (f->first->engine), ==, FYR_ROLE_NURSE);
  g_assert_cmpstr (fyr_sync_engine_get_centre_id (f->first->engine), ==, f->world->centre_id);
  g_assert_cmpint (ABS (fyr_sync_engine_get_clock_offset (f->first->engine)), <, 2000);
}

static void
test_one_closes_the_other_sees (FyrTestPair *f, gconstpointer data)
{
  g_autoptr (FyrRecord) seen = NULL;

  g_assert_true (fyr_test_client_save (f->first, alert_command (f->first, 0, FYR_ALERT_ACTION_TAKE)));
  g_assert_true (fyr_test_client_save (f->first, alert_command (f->first, 0, FYR_ALERT_ACTION_CLOSE)));
  g_assert_true (fyr_test_world_settle (f->world));
  seen = fyr_test_client_get (f->second, &fyr_alert_info, f->world->alerts[0]);
  g_assert_cmpint (fyr_alert_get_status ((FyrAlert *)seen), ==, FYR_ALERT_STATUS_CLOSED);
  g_assert_cmpstr (fyr_alert_get_closed_by ((FyrAlert *)seen), ==, f->first->user_id);
  fyr_test_world_assert_same (f->world, &fyr_alert_event_info);
}

static void
test_no_timer_on_the_alert_path (FyrTestPair *f, gconstpointer data)
{
  gint64 began;
  guint pulls = f->first->pulls;
  FyrRecord *alert = FYR_RECORD (fyr_alert_new ());
  g_autofree char *id = NULL;

  fyr_test_world_run (f->world, 3000);
  fyr_record_set_id (alert, "01890000-0000-7000-8000-000000000001");
  fyr_alert_set_patient_id ((FyrAlert *)alert, f->world->patients[0]);
  fyr_alert_set_category ((FyrAlert *)alert, FYR_ALERT_CATEGORY_RED);
  fyr_alert_set_status ((FyrAlert *)alert, FYR_ALERT_STATUS_OPEN);
  fyr_alert_set_rule ((FyrAlert *)alert, FYR_ALERT_RULE_BELOW_RED);
  fyr_alert_set_raised_time ((FyrAlert *)alert, 1000);
  id = g_strdup (fyr_record_get_id (alert));
  f->first->faults.delay = 0;
  began = f->world->now;
  fyr_test_world_put (f->world, alert);
  for (;;) {
    g_autoptr (FyrRecord) seen = NULL;

    fyr_test_world_run (f->world, 0); /* what is at hand takes no time */
    seen = fyr_test_client_get (f->first, &fyr_alert_info, id);
    if (seen != NULL) {
      break;
    }
    fyr_test_world_step (f->world);
    g_assert_cmpint (f->world->now - began, <, 100);
  }
  /* A frame, a request and an answer of 1 ms each, beside the other workstation's: no timer is that short. */
  g_assert_cmpint (f->world->now - began, <=, 12);
  g_assert_cmpuint (f->first->pulls, >, pulls);
}

/* A frame of before a feed was taken away may come after it; a server may also be wrong. */
static void
test_a_head_that_no_pull_reaches_is_asked_for_once (FyrTestPair *f, gconstpointer data)
{
  guint pulls;

  f->first->faults.strange_head = 1000;
  fyr_test_world_tell (f->world);
  f->first->faults.strange_head = 0;
  pulls = f->first->pulls;
  fyr_test_world_run (f->world, 10000);
  g_assert_cmpuint (f->first->pulls, >, pulls);
  g_assert_cmpuint (f->first->pulls, <=, pulls + 3);
}

/* Of a server of an older release whose feeds' names alone fill a page. */
static void
test_pages_that_bring_nothing_are_asked_for_larger (FyrTestPair *f, gconstpointer data)
{
  guint pulls = f->first->pulls;

  f->first->faults.heading = FYR_PULL_MAX_BYTES / 2;
  fyr_test_client_note (f->second, 0, "Kommer frem");
  fyr_test_world_run (f->world, 5000);
  fyr_test_world_assert_same (f->world, &fyr_note_info);
  g_assert_cmpuint (f->first->pulls, <=, pulls + 8);
}

static void
test_a_server_whose_pages_bring_nothing_is_not_hammered (FyrTestPair *f, gconstpointer data)
{
  guint pulls = f->first->pulls;

  f->first->faults.heading = G_MAXINT64;
  fyr_test_client_note (f->second, 0, "Kommer senere");
  fyr_test_world_run (f->world, 60000);
  g_assert_cmpuint (f->first->pulls, <=, pulls + 20);
  f->first->faults.heading = 0;
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_assert_same (f->world, &fyr_note_info);
}

static void
test_offline_work_is_sent (FyrTestPair *f, gconstpointer data)
{
  f->first->faults.cut = TRUE;
  fyr_test_world_run (f->world, 60000);
  assert_state (f->first, FYR_SYNC_STATE_OFFLINE);
  g_assert_cmpint (fyr_sync_engine_get_offline_since (f->first->engine), >, 0);
  fyr_test_client_note (f->first, 0, "Skrevet uten nett");
  g_assert_true (fyr_test_client_save (f->first, alert_command (f->first, 1, FYR_ALERT_ACTION_TAKE)));
  fyr_test_world_run (f->world, 3600000);
  g_assert_cmpuint (fyr_sync_engine_get_waiting (f->first->engine), ==, 2);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_run (f->world, 100);
  assert_state (f->first, FYR_SYNC_STATE_LIVE);
  g_assert_cmpuint (fyr_sync_engine_get_waiting (f->first->engine), ==, 0);
  g_assert_cmpint (fyr_sync_engine_get_offline_since (f->first->engine), ==, 0);
  fyr_test_world_assert_same (f->world, &fyr_note_info);
  fyr_test_world_assert_same (f->world, &fyr_alert_info);
}

static void
test_lost_replies_double_nothing (FyrTestPair *f, gconstpointer data)
{
  g_autoptr (GPtrArray) notes = NULL;

  f->first->faults = (FyrTestFaults){ .drop_reply = 60, .duplicate = 60, .delay = 50 };
  for (guint i = 0; i < 40; i++) {
    fyr_test_client_note (f->first, i % FYR_TEST_PATIENTS, "En gang");
    fyr_test_world_run (f->world, 700);
  }
  g_assert_true (fyr_test_world_settle (f->world));
  notes = fyr_test_client_list (f->second, &fyr_note_info);
  g_assert_cmpuint (notes->len, ==, 40);
  g_assert_cmpuint (f->first->pushes, >=, 5);
}

static void
test_first_wins (FyrTestPair *f, gconstpointer data)
{
  g_autoptr (FyrRecord) here = NULL;
  g_autoptr (FyrRecord) there = NULL;

  f->second->faults.cut = TRUE;
  g_assert_true (fyr_test_client_save (f->second, alert_command (f->second, 2, FYR_ALERT_ACTION_TAKE)));
  g_assert_true (fyr_test_client_save (f->first, alert_command (f->first, 2, FYR_ALERT_ACTION_TAKE)));
  fyr_test_world_run (f->world, 30000);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_run (f->world, 100);
  g_assert_cmpuint (count_of (f->second, 1U << FYR_OUTBOX_REFUSED), ==, 1);
  g_assert_cmpuint (fyr_sync_engine_get_refused (f->second->engine), ==, 1);
  here = fyr_test_client_get (f->second, &fyr_alert_info, f->world->alerts[2]);
  there = fyr_test_world_get (f->world, &fyr_alert_info, f->world->alerts[2]);
  g_assert_cmpstr (fyr_alert_get_assignee_id ((FyrAlert *)there), ==, f->first->user_id);
  g_assert_cmpstr (fyr_alert_get_assignee_id ((FyrAlert *)here), ==, f->first->user_id);
}

static void
test_fields_merge_or_conflict (FyrTestPair *f, gconstpointer data)
{
  g_autoptr (FyrRecord) there = NULL;

  f->second->faults.cut = TRUE;
  fyr_test_client_save (f->first, rename_patient (f->first, 0, FYR_PATIENT_CITY, "Oslo"));
  fyr_test_client_save (f->first, rename_patient (f->first, 1, FYR_PATIENT_TELEPHONE, "40000001"));
  fyr_test_client_save (f->second, rename_patient (f->second, 0, FYR_PATIENT_EMAIL, "kari@example.no"));
  fyr_test_client_save (f->second, rename_patient (f->second, 1, FYR_PATIENT_TELEPHONE, "40000002"));
  fyr_test_world_run (f->world, 30000);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_run (f->world, 100);
  there = fyr_test_world_get (f->world, &fyr_patient_info, f->world->patients[0]);
  g_assert_cmpstr (fyr_patient_get_city ((FyrPatient *)there), ==, "Oslo");
  g_assert_cmpstr (fyr_patient_get_email ((FyrPatient *)there), ==, "kari@example.no");
  g_assert_cmpuint (count_of (f->second, 1U << FYR_OUTBOX_CONFLICT), ==, 1);
  g_assert_cmpuint (fyr_sync_engine_get_conflicts (f->second->engine), ==, 1);
  g_assert_cmpuint (fyr_sync_engine_get_conflicts (f->first->engine), ==, 0);
}

static void
test_polls_without_socket (FyrTestPair *f, gconstpointer data)
{
  guint polls;

  fyr_sync_engine_sign_out (f->first->engine);
  f->first->faults.refuse_socket = TRUE;
  g_assert_cmpint (fyr_test_client_sign_in (f->first, FYR_TEST_PASSWORD, NULL), ==, FYR_SIGN_IN_ONLINE);
  fyr_test_world_run (f->world, 2000);
  assert_state (f->first, FYR_SYNC_STATE_POLLING);
  polls = f->first->polls;
  g_assert_cmpuint (polls, >, 0);
  fyr_test_client_note (f->second, 0, "Kommer ved langt oppslag");
  fyr_test_world_run (f->world, 2000);
  fyr_test_world_assert_same (f->world, &fyr_note_info);
  fyr_test_world_run (f->world, 120000);
  /* Held 25 s each, not asked again and again. */
  g_assert_cmpuint (f->first->polls - polls, <, 12);
  f->first->faults.refuse_socket = FALSE;
  fyr_test_world_run (f->world, 60000);
  assert_state (f->first, FYR_SYNC_STATE_LIVE);
}

static void
test_lost_frames_are_made_up_for (FyrTestPair *f, gconstpointer data)
{
  f->first->faults.drop_frame = 100;
  fyr_test_client_note (f->second, 0, "Ingen sier fra");
  fyr_test_world_run (f->world, 65000);
  fyr_test_world_assert_same (f->world, &fyr_note_info);
}

static void
test_session_ended (FyrTestPair *f, gconstpointer data)
{
  fyr_test_world_end_session (f->world, f->first);
  fyr_test_client_note (f->first, 0, "Blir liggende");
  fyr_test_world_run (f->world, 5000);
  assert_state (f->first, FYR_SYNC_STATE_SIGNED_OUT);
  g_assert_nonnull (fyr_sync_engine_get_user (f->first->engine));
  g_assert_cmpuint (count_of (f->first, 1U << FYR_OUTBOX_WAITING | 1U << FYR_OUTBOX_SENT), ==, 1);
  g_assert_cmpint (fyr_test_client_sign_in (f->first, FYR_TEST_PASSWORD, NULL), ==, FYR_SIGN_IN_ONLINE);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_assert_same (f->world, &fyr_note_info);
}

static void
test_wrong_password (FyrTestPair *f, gconstpointer data)
{
  FyrTestClient *third = &f->world->clients[2];
  g_autoptr (GError) error = NULL;

  fyr_test_client_open (third);
  g_assert_cmpint (fyr_test_client_sign_in (third, "feil", &error), ==, FYR_SIGN_IN_FAILED);
  g_assert_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_CREDENTIALS);
  assert_state (third, FYR_SYNC_STATE_SIGNED_OUT);
  g_assert_null (fyr_sync_engine_get_user (third->engine));
}

static void
test_offline_sign_in (FyrTestPair *f, gconstpointer data)
{
  FyrTestClient *third = &f->world->clients[2];
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GError) error = NULL;
  FyrSignInResult how;

  fyr_test_client_wait_known (f->first);
  f->first->faults.cut = TRUE;
  third->faults.cut = TRUE;
  fyr_test_client_close (f->first);
  fyr_test_client_open (f->first);
  fyr_test_client_open (third);
  g_assert_cmpint (fyr_test_client_sign_in (third, FYR_TEST_PASSWORD, &unknown), ==, FYR_SIGN_IN_FAILED);
  g_assert_error (unknown, FYR_SYNC_ERROR, FYR_SYNC_ERROR_UNKNOWN_HERE);
  g_assert_cmpint (fyr_test_client_sign_in (f->first, "feil", &wrong), ==, FYR_SIGN_IN_FAILED);
  g_assert_error (wrong, FYR_SYNC_ERROR, FYR_SYNC_ERROR_UNKNOWN_HERE);
  how = fyr_test_client_sign_in (f->first, FYR_TEST_PASSWORD, &error);
  g_assert_no_error (error);
  g_assert_cmpint (how, ==, FYR_SIGN_IN_OFFLINE);
  assert_state (f->first, FYR_SYNC_STATE_OFFLINE);
  g_assert_cmpint (fyr_sync_engine_get_role (f->first->engine), ==, FYR_ROLE_NURSE);
  fyr_test_client_note (f->first, 0, "Uten server");
  f->first->faults.cut = FALSE;
  fyr_test_world_run (f->world, 35000);
  assert_state (f->first, FYR_SYNC_STATE_LIVE);
  g_assert_cmpuint (count_of (f->first, 1U << FYR_OUTBOX_WAITING | 1U << FYR_OUTBOX_SENT), ==, 0);
}

static void
test_restart_keeps_work (FyrTestPair *f, gconstpointer data)
{
  f->first->faults.cut = TRUE;
  fyr_test_client_note (f->first, 0, "Før omstart");
  fyr_test_client_close (f->first);
  fyr_test_client_open (f->first);
  f->first->faults.cut = FALSE;
  g_assert_cmpint (fyr_test_client_sign_in (f->first, FYR_TEST_PASSWORD, NULL), ==, FYR_SIGN_IN_ONLINE);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_assert_same (f->world, &fyr_note_info);
}

static void
test_too_large_is_halved (FyrTestPair *f, gconstpointer data)
{
  f->first->faults.cut = TRUE;
  for (guint i = 0; i < 20; i++) {
    fyr_test_client_note (f->first, 0, "Mye å si");
  }
  f->first->faults = (FyrTestFaults){ .status = 413, .status_times = 3 };
  fyr_test_world_run (f->world, 40000);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_assert_same (f->world, &fyr_note_info);
}

static void
test_upgrade_needed (FyrTestPair *f, gconstpointer data)
{
  f->first->faults = (FyrTestFaults){ .status = 426, .status_times = 1 };
  fyr_test_client_note (f->first, 0, "Lagres likevel");
  fyr_test_world_run (f->world, 120000);
  assert_state (f->first, FYR_SYNC_STATE_UPGRADE_NEEDED);
  g_assert_false (fyr_sync_engine_is_online (f->first->engine));
  fyr_sync_engine_sync_now (f->first->engine);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_assert_same (f->world, &fyr_note_info);
}

static void
test_nothing_in_common (FyrTestPair *f, gconstpointer data)
{
  f->first->faults = (FyrTestFaults){ .status = 426, .status_times = 1, .served = { 40, 42 } };
  fyr_test_world_run (f->world, 120000);
  assert_state (f->first, FYR_SYNC_STATE_UPGRADE_NEEDED);
  g_assert_false (fyr_sync_engine_is_server_old (f->first->engine));
}

/* Put back to one that knows a schema of ours, it is asked in that one, and the user is told nothing. */
static void
test_another_schema_in_common (FyrTestPair *f, gconstpointer data)
{
  f->first->faults = (FyrTestFaults){ .status = 426, .status_times = 1, .served = { 1, 1 } };
  fyr_test_client_note (f->first, 0, "Sendes i skjema 1");
  g_assert_true (fyr_test_world_settle (f->world));
  g_assert_cmpint (fyr_sync_engine_get_state (f->first->engine), !=, FYR_SYNC_STATE_UPGRADE_NEEDED);
  fyr_test_world_assert_same (f->world, &fyr_note_info);
}

static void
test_busy_server (FyrTestPair *f, gconstpointer data)
{
  f->first->faults = (FyrTestFaults){ .status = 503, .status_times = 5 };
  fyr_test_client_note (f->first, 0, "Litt senere");
  fyr_test_world_run (f->world, 90000);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_assert_same (f->world, &fyr_note_info);
  assert_state (f->first, FYR_SYNC_STATE_LIVE);
}

static void
remember_restoring (GObject *object, GParamSpec *spec, gpointer data)
{
  g_string_append (data, fyr_sync_engine_is_restoring (FYR_SYNC_ENGINE (object)) ? "restoring " : "done ");
}

static void
test_a_restore_is_told_while_it_lasts (FyrTestPair *f, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);

  fyr_test_client_note (f->first, 0, "Før");
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_back_up (f->world);
  fyr_test_client_note (f->first, 0, "Etter");
  g_assert_true (fyr_test_world_settle (f->world));
  g_signal_connect (f->first->engine, "notify::restoring", G_CALLBACK (remember_restoring), told);
  fyr_test_world_restore (f->world);
  fyr_sync_engine_sync_now (f->first->engine);
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_run (f->world, 2000);
  g_assert_cmpstr (told->str, ==, "restoring done ");
  g_assert_true (fyr_sync_engine_is_complete (f->first->engine));
  g_signal_handlers_disconnect_by_data (f->first->engine, told);
}

static void
test_restored_server_gets_the_lost_back (FyrTestPair *f, gconstpointer data)
{
  g_autoptr (GPtrArray) notes = NULL;

  fyr_test_client_note (f->first, 0, "Før sikkerhetskopien");
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_back_up (f->world);
  for (guint i = 0; i < 5; i++) {
    fyr_test_client_note (f->first, i % FYR_TEST_PATIENTS, "Etter sikkerhetskopien");
    fyr_test_client_note (f->second, i % FYR_TEST_PATIENTS, "Også etter");
  }
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_restore (f->world);
  /* Sessions made before the backup are in it; what was sent after it is not. */
  fyr_sync_engine_sync_now (f->first->engine);
  fyr_sync_engine_sync_now (f->second->engine);
  fyr_test_client_note (f->first, 0, "Etter tilbakelegging");
  fyr_test_client_note (f->second, 0, "Etter tilbakelegging");
  g_assert_true (fyr_test_world_settle (f->world));
  notes = fyr_test_client_list (f->first, &fyr_note_info);
  g_assert_cmpuint (notes->len, ==, 13);
  fyr_test_world_assert_same (f->world, &fyr_note_info);
}

/* Nobody does anything new, and still what the backup lacks comes back. */
static void
test_restored_server_and_quiet_nurses (FyrTestPair *f, gconstpointer data)
{
  g_autoptr (FyrRecord) alert = NULL;

  fyr_test_client_save (f->first, alert_command (f->first, 0, FYR_ALERT_ACTION_TAKE));
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_back_up (f->world);
  fyr_test_client_save (f->first, alert_command (f->first, 0, FYR_ALERT_ACTION_CLOSE));
  fyr_test_client_note (f->second, 0, "Etter kopien");
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_restore (f->world);
  fyr_test_world_run (f->world, 120000);
  g_assert_true (fyr_test_world_settle (f->world));
  alert = fyr_test_world_get (f->world, &fyr_alert_info, f->world->alerts[0]);
  g_assert_cmpint (fyr_alert_get_status ((FyrAlert *)alert), ==, FYR_ALERT_STATUS_CLOSED);
  fyr_test_world_assert_same (f->world, &fyr_alert_info);
  fyr_test_world_assert_same (f->world, &fyr_alert_event_info);
  fyr_test_world_assert_same (f->world, &fyr_note_info);
}

static void
test_locks_and_opens (FyrTestPair *f, gconstpointer data)
{
  f->first->faults.cut = TRUE;
  fyr_test_client_note (f->first, 0, "Blir liggende");
  fyr_test_world_run (f->world, 12 * 3600000 + 60000);
  assert_state (f->first, FYR_SYNC_STATE_LOCKED);
  f->first->faults.cut = FALSE;
  fyr_test_world_run (f->world, 60000);
  assert_state (f->first, FYR_SYNC_STATE_LIVE);
  fyr_test_world_assert_same (f->world, &fyr_note_info);
}

static void
count_notice (GObject *object, GParamSpec *spec, gpointer data)
{
  (*(guint *)data)++;
}

static void
test_properties (FyrTestPair *f, gconstpointer data)
{
  guint waiting = 0, state = 0;

  g_signal_connect (f->first->engine, "notify::waiting", G_CALLBACK (count_notice), &waiting);
  g_signal_connect (f->first->engine, "notify::state", G_CALLBACK (count_notice), &state);
  fyr_test_world_run (f->world, 130000);
  g_assert_cmpuint (state, ==, 0);
  g_assert_cmpuint (waiting, ==, 0);
  f->first->faults.cut = TRUE;
  fyr_test_client_note (f->first, 0, "En");
  fyr_test_world_run (f->world, 100);
  g_assert_cmpuint (waiting, ==, 1);
  fyr_sync_engine_sign_out (f->first->engine);
  g_assert_null (fyr_sync_engine_get_user (f->first->engine));
  g_assert_cmpint (fyr_sync_engine_get_role (f->first->engine), ==, FYR_ROLE_UNSET);
  assert_state (f->first, FYR_SYNC_STATE_SIGNED_OUT);
}

static void
test_addresses (void)
{
  static const struct {
    const char *address;
    int code; /* -1: good */
  } cases[] = {
    { "https://senter.example.no", -1 },
    { "https://senter.example.no:8443/", -1 },
    { "http://127.0.0.1:8080", -1 },
    { "http://[::1]:8080", -1 },
    { "http://localhost:1", -1 },
    { "http://senter.example.no", FYR_SYNC_ERROR_INSECURE },
    { "http://127.0.0.1.example.no", FYR_SYNC_ERROR_INSECURE },
    { "http://10.0.0.1", FYR_SYNC_ERROR_INSECURE },
    { "ftp://127.0.0.1", FYR_SYNC_ERROR_INSECURE },
    { "file:///etc/passwd", FYR_SYNC_ERROR_MALFORMED },
    { "senter.example.no", FYR_SYNC_ERROR_MALFORMED },
    { "https://kari:hemmelig@senter.example.no", FYR_SYNC_ERROR_MALFORMED },
    { "https://senter.example.no/sti", FYR_SYNC_ERROR_MALFORMED },
    { "https://senter.example.no?a=b", FYR_SYNC_ERROR_MALFORMED },
    { "", FYR_SYNC_ERROR_MALFORMED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrSoupTransport) transport = fyr_soup_transport_new (cases[i].address, &error);

    if (cases[i].code < 0) {
      g_assert_no_error (error);
      g_assert_nonnull (transport);
    } else {
      g_assert_error (error, FYR_SYNC_ERROR, cases[i].code);
      g_assert_null (transport);
    }
  }
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/sync/engine/" name, FyrTestPair, NULL, fyr_test_pair_set_up, function,                       \
              fyr_test_pair_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("the first sync brings everything granted", test_first_sync);
  ADD ("one closes an alert, the other sees it", test_one_closes_the_other_sees);
  ADD ("nothing on the alert's way waits on a timer", test_no_timer_on_the_alert_path);
  ADD ("a head that no pull reaches is asked for once", test_a_head_that_no_pull_reaches_is_asked_for_once);
  ADD ("pages that bring nothing are asked for larger", test_pages_that_bring_nothing_are_asked_for_larger);
  ADD ("a server whose pages bring nothing is not hammered",
       test_a_server_whose_pages_bring_nothing_is_not_hammered);
  ADD ("work done offline is sent when the server returns", test_offline_work_is_sent);
  ADD ("lost replies and doubled requests double nothing", test_lost_replies_double_nothing);
  ADD ("of two who take an alert the first wins, the other is told", test_first_wins);
  ADD ("different fields merge, the same clinical field is a conflict", test_fields_merge_or_conflict);
  ADD ("without WebSocket it polls", test_polls_without_socket);
  ADD ("lost frames are made up for", test_lost_frames_are_made_up_for);
  ADD ("an ended session keeps the outbox", test_session_ended);
  ADD ("a wrong password is refused", test_wrong_password);
  ADD ("offline sign-in for who is known here", test_offline_sign_in);
  ADD ("a restart loses no work", test_restart_keeps_work);
  ADD ("too large a push is halved", test_too_large_is_halved);
  ADD ("too old a program goes on working locally", test_upgrade_needed);
  ADD ("no schema in common is told at once", test_nothing_in_common);
  ADD ("another schema in common is taken", test_another_schema_in_common);
  ADD ("a busy server is waited for", test_busy_server);
  ADD ("a restore is told while it lasts", test_a_restore_is_told_while_it_lasts);
  ADD ("a restored server gets the lost work back", test_restored_server_gets_the_lost_back);
  ADD ("a restored server gets it back though nobody does anything new",
       test_restored_server_and_quiet_nurses);
  ADD ("twelve hours without contact lock, contact opens", test_locks_and_opens);
  ADD ("properties tell changes once", test_properties);
  g_test_add_func ("/sync/transport/only https, or http on this machine", test_addresses);
  return g_test_run ();
}
