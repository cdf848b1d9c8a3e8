/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-server-fixture.h"

/* Commands on alerts: the state machine decides, the first wins, what was done and what was tried is kept. */

#define APPLIED FYR_WIRE_OUTCOME_APPLIED
#define REFUSED FYR_WIRE_OUTCOME_REFUSED

static char last_event[37];

/* One command; @more: further members, or "". */
static FyrWireOutcome *
command (Station *station,
         const char *verb,
         const char *alert,
         const char *more,
         FyrWireOutcomeKind kind,
         const char *code)
{
  g_autofree char *fields = NULL;

  world_id (last_event);
  fields = g_strdup_printf ("{\"event_id\":\"%s\"%s}", last_event, more);
  return station_try (station, verb, "alert", alert, 1, fields, NULL, kind, code);
}

static void
do_command (Station *station, const char *verb, const char *alert, const char *more)
{
  g_autoptr (FyrWireOutcome) outcome = command (station, verb, alert, more, APPLIED, "");

  g_assert_cmpint (outcome->version, >, 0);
}

static void
refuse_command (Station *station, const char *verb, const char *alert, const char *more, const char *code)
{
  g_autoptr (FyrWireOutcome) outcome = command (station, verb, alert, more, REFUSED, code);

  g_assert_nonnull (outcome->text);
}

static FyrAlert *
get_alert (World *world, const char *id)
{
  FyrRecord *record = world_get (world, &fyr_alert_info, id);

  return FYR_ALERT (record);
}

static FyrAlertEvent *
get_event (World *world)
{
  FyrRecord *record = world_get (world, &fyr_alert_event_info, last_event);

  return record != NULL ? FYR_ALERT_EVENT (record) : NULL;
}

static void
test_take_note_close_reopen_are_written_with_their_events (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrAlert) taken = NULL;
  g_autoptr (FyrAlert) closed = NULL;
  g_autoptr (FyrAlert) open = NULL;
  g_autoptr (FyrAlertEvent) event = NULL;
  char alert[37];

  world_alert (world, world->one, alert);
  do_command (kari, "take", alert, "");
  taken = get_alert (world, alert);
  g_assert_cmpint (fyr_alert_get_status (taken), ==, FYR_ALERT_STATUS_TAKEN);
  g_assert_cmpstr (fyr_alert_get_assignee_id (taken), ==, world->nurse);
  g_assert_cmpint (fyr_alert_get_taken_time (taken), >, 0);
  do_command (kari, "note", alert, ",\"text\":\"ringt\"");
  event = get_event (world);
  g_assert_cmpint (fyr_alert_event_get_action (event), ==, FYR_ALERT_ACTION_NOTE);
  g_assert_cmpstr (fyr_alert_event_get_text (event), ==, "ringt");
  g_assert_cmpstr (fyr_alert_event_get_actor_id (event), ==, world->nurse);
  g_assert_cmpstr (fyr_alert_event_get_patient_id (event), ==, world->one);
  do_command (kari, "close", alert, ",\"outcome\":\"contacted-patient\"");
  closed = get_alert (world, alert);
  g_assert_cmpint (fyr_alert_get_status (closed), ==, FYR_ALERT_STATUS_CLOSED);
  g_assert_cmpint (fyr_alert_get_outcome (closed), ==, FYR_ALERT_OUTCOME_CONTACTED_PATIENT);
  g_assert_cmpstr (fyr_alert_get_closed_by (closed), ==, world->nurse);
  do_command (kari, "reopen", alert, "");
  open = get_alert (world, alert);
  g_assert_cmpint (fyr_alert_get_status (open), ==, FYR_ALERT_STATUS_OPEN);
  g_assert_null (fyr_alert_get_closed_by (open));
  g_assert_false (fyr_alert_has_closed_time (open));
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM alert_event"), ==, 4);
  world_check_feeds (world);
}

static void
test_the_first_to_take_wins_and_the_second_is_told_and_kept (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (Station) ola = station_new (world, world->nurse_2);
  g_autoptr (FyrAlert) alert_now = NULL;
  g_autoptr (FyrAlertEvent) event = NULL;
  char alert[37];

  world_alert (world, world->one, alert);
  do_command (kari, "take", alert, ",\"based_on\":\"open\"");
  refuse_command (ola, "take", alert, ",\"based_on\":\"open\"", "already-taken");
  event = get_event (world);
  g_assert_cmpint (fyr_alert_event_get_action (event), ==, FYR_ALERT_ACTION_TRIED);
  g_assert_cmpstr (fyr_alert_event_get_actor_id (event), ==, world->nurse_2);
  alert_now = get_alert (world, alert);
  g_assert_cmpstr (fyr_alert_get_assignee_id (alert_now), ==, world->nurse);
}

static void
test_who_saw_that_a_colleague_has_it_takes_over (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (Station) ola = station_new (world, world->nurse_2);
  g_autoptr (FyrAlert) alert_now = NULL;
  char alert[37];

  world_alert (world, world->one, alert);
  do_command (kari, "take", alert, ",\"based_on\":\"open\"");
  do_command (ola, "take", alert, ",\"based_on\":\"taken\"");
  alert_now = get_alert (world, alert);
  g_assert_cmpstr (fyr_alert_get_assignee_id (alert_now), ==, world->nurse_2);
}

static void
test_taking_twice_changes_nothing (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) made = NULL;
  g_autoptr (FyrWireOutcome) again = NULL;
  g_autoptr (FyrAlert) first = NULL;
  g_autoptr (FyrAlert) second = NULL;
  char alert[37];

  world_alert (world, world->one, alert);
  made = command (kari, "take", alert, "", APPLIED, "");
  g_assert_false (made->unchanged);
  first = get_alert (world, alert);
  /* Her workstation must not keep an event that is nowhere. */
  again = command (kari, "take", alert, "", APPLIED, "");
  g_assert_true (again->unchanged);
  second = get_alert (world, alert);
  g_assert_true (fyr_record_equal (FYR_RECORD (first), FYR_RECORD (second)));
  g_assert_cmpint (fyr_record_get_version (FYR_RECORD (first)), ==,
                   fyr_record_get_version (FYR_RECORD (second)));
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM alert_event"), ==, 1);
}

static void
test_release_gives_it_back_to_all (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (Station) ola = station_new (world, world->nurse_2);
  g_autoptr (FyrAlert) alert_now = NULL;
  char alert[37];

  world_alert (world, world->one, alert);
  do_command (kari, "take", alert, "");
  do_command (kari, "release", alert, "");
  alert_now = get_alert (world, alert);
  g_assert_null (fyr_alert_get_assignee_id (alert_now));
  g_assert_false (fyr_alert_has_taken_time (alert_now));
  do_command (ola, "take", alert, "");
}

static void
test_what_makes_no_sense_is_refused_by_its_word (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (Station) ola = station_new (world, world->nurse_2);
  char alert[37];

  world_alert (world, world->one, alert);
  refuse_command (kari, "release", alert, "", "not-taken");
  refuse_command (kari, "close", alert, ",\"outcome\":\"no-action\"", "not-taken");
  refuse_command (kari, "reopen", alert, "", "stale");
  refuse_command (kari, "note", alert, "", "invalid");
  do_command (kari, "take", alert, "");
  refuse_command (kari, "close", alert, "", "invalid");
  refuse_command (kari, "close", alert, ",\"outcome\":\"magic\"", "invalid");
  refuse_command (kari, "close", alert, ",\"outcome\":\"other\"", "invalid");
  do_command (kari, "close", alert, ",\"outcome\":\"other\",\"text\":\"sendt besked\"");
  refuse_command (ola, "take", alert, ",\"based_on\":\"open\"", "already-closed");
  refuse_command (ola, "close", alert, ",\"outcome\":\"no-action\"", "already-closed");
  refuse_command (kari, "raised", alert, "", "invalid");
  refuse_command (kari, "tried", alert, "", "invalid");
  refuse_command (kari, "explode", alert, "", "invalid");
}

static void
test_a_command_needs_the_id_of_its_event (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  const char *bad[] = { NULL, "{}", "{\"event_id\":\"nei\"}", "{\"event_id\":7}", "{\"event_id\":null}" };
  char alert[37];

  world_alert (world, world->one, alert);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (FyrWireOutcome) outcome =
        station_try (kari, "take", "alert", alert, 1, bad[i], NULL, REFUSED, "invalid");
    g_assert_nonnull (outcome);
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM alert_event"), ==, 0);
}

static void
test_an_events_id_is_used_once (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autofree char *fields = NULL;
  g_autoptr (FyrWireOutcome) outcome = NULL;
  char alert[37];

  world_alert (world, world->one, alert);
  do_command (kari, "take", alert, "");
  fields = g_strdup_printf ("{\"event_id\":\"%s\",\"text\":\"x\"}", last_event);
  outcome = station_try (kari, "note", "alert", alert, 1, fields, NULL, REFUSED, "duplicate");
}

static void
test_only_nurses_of_the_centre_handle_alerts (void)
{
  g_autoptr (World) world = world_new ();
  const struct {
    const char *user;
    const char *code;
  } cases[] = {
    { world->gp_user, "forbidden" },        { world->clerk, "unknown-record" },
    { world->manager, "unknown-record" },   { world->administrator, "unknown-record" },
    { world->far_nurse, "unknown-record" },
  };
  char alert[37];

  world_alert (world, world->one, alert);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Station) station = station_new (world, cases[i].user);

    refuse_command (station, "take", alert, "", cases[i].code);
    refuse_command (station, "note", alert, ",\"text\":\"x\"", cases[i].code);
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM alert_event"), ==, 0);
}

static void
test_an_alert_is_neither_edited_nor_deleted (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) edited = NULL;
  g_autoptr (FyrWireOutcome) deleted = NULL;
  char alert[37];

  world_alert (world, world->one, alert);
  edited =
      station_try (kari, "update", "alert", alert, 1, "{\"status\":\"closed\"}", NULL, REFUSED, "invalid");
  deleted = station_try (kari, "delete", "alert", alert, 1, NULL, NULL, REFUSED, "invalid");
}

static void
test_nothing_happened_later_than_now (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrAlertEvent) event = NULL;
  FyrWireMutation *mutation;
  g_autoptr (FyrWireOutcome) outcome = NULL;
  g_autofree char *fields = NULL;
  char alert[37];

  world_alert (world, world->one, alert);
  world_id (last_event);
  fields = g_strdup_printf ("{\"event_id\":\"%s\"}", last_event);
  mutation = station_mutation (kari, "take", "alert", alert, 1, fields, NULL);
  mutation->time = world->now + G_GINT64_CONSTANT (10) * 365 * 24 * 3600 * 1000;
  outcome = station_do (kari, mutation);
  g_assert_cmpint (outcome->kind, ==, APPLIED);
  event = get_event (world);
  g_assert_cmpint (fyr_alert_event_get_time (event), <=, g_get_real_time () / 1000);
}

static void
test_a_replayed_command_has_one_event (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) request = NULL;
  g_autofree char *fields = NULL;
  char alert[37];

  world_alert (world, world->one, alert);
  world_id (last_event);
  fields = g_strdup_printf ("{\"event_id\":\"%s\"}", last_event);
  request = station_request (kari, station_mutation (kari, "take", "alert", alert, 1, fields, NULL), NULL);
  for (guint i = 0; i < 5; i++) {
    g_autofree char *body = NULL;

    g_assert_cmpuint (station_push (kari, request, &body), ==, 200);
    g_assert_nonnull (strstr (body, "\"applied\""));
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM alert_event"), ==, 1);
}

/* Two nurses at random on one alert: it always has the state that the accepted commands give, one after the other. */
static void
test_random_commands_leave_a_history_that_explains_the_state (void)
{
  g_autoptr (World) world = world_new ();
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  Station *stations[2] = { station_new (world, world->nurse), station_new (world, world->nurse_2) };
  const char *verbs[] = { "take", "release", "close", "reopen", "note" };
  const char *more[] = { "", "", ",\"outcome\":\"no-action\"", "", ",\"text\":\"x\"" };
  FyrAlertStatus status = FYR_ALERT_STATUS_OPEN;
  int holder = -1;
  char alert[37];

  g_test_message ("seed %u", seed);
  world_alert (world, world->one, alert);
  for (guint step = 0; step < 200; step++) {
    int who = g_rand_boolean (rand) ? 1 : 0;
    gint32 verb = g_rand_int_range (rand, 0, 5);
    g_autofree char *fields = NULL;
    g_autoptr (FyrWireOutcome) outcome = NULL;
    g_autoptr (FyrAlert) now = NULL;

    world_id (last_event);
    fields = g_strdup_printf ("{\"event_id\":\"%s\"%s}", last_event, more[verb]);
    outcome = station_do (stations[who],
                          station_mutation (stations[who], verbs[verb], "alert", alert, 1, fields, NULL));
    now = get_alert (world, alert);
    if (outcome->kind == APPLIED) {
      g_assert_false (verb == 0 && status == FYR_ALERT_STATUS_CLOSED);
      g_assert_false ((verb == 1 || verb == 2) && (status != FYR_ALERT_STATUS_TAKEN || holder != who));
      g_assert_false (verb == 3 && status != FYR_ALERT_STATUS_CLOSED);
      status = verb == 0                ? FYR_ALERT_STATUS_TAKEN
               : verb == 1 || verb == 3 ? FYR_ALERT_STATUS_OPEN
               : verb == 2              ? FYR_ALERT_STATUS_CLOSED
                                        : status;
      holder = verb == 0 ? who : verb == 1 || verb == 3 ? -1 : holder;
    }
    g_assert_cmpint (fyr_alert_get_status (now), ==, status);
    g_assert_cmpstr (fyr_alert_get_assignee_id (now), ==, holder < 0 ? NULL : stations[holder]->user);
  }
  world_check_feeds (world);
  station_free (stations[0]);
  station_free (stations[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/alert-command/" #name, test_##name)
  ADD (take_note_close_reopen_are_written_with_their_events);
  ADD (the_first_to_take_wins_and_the_second_is_told_and_kept);
  ADD (who_saw_that_a_colleague_has_it_takes_over);
  ADD (taking_twice_changes_nothing);
  ADD (release_gives_it_back_to_all);
  ADD (what_makes_no_sense_is_refused_by_its_word);
  ADD (a_command_needs_the_id_of_its_event);
  ADD (an_events_id_is_used_once);
  ADD (only_nurses_of_the_centre_handle_alerts);
  ADD (an_alert_is_neither_edited_nor_deleted);
  ADD (nothing_happened_later_than_now);
  ADD (a_replayed_command_has_one_event);
  ADD (random_commands_leave_a_history_that_explains_the_state);
  return g_test_run ();
}
