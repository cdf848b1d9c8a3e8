/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random histories of three workstations against the real server library over a bad network: whatever happens, once
 * the network has healed all show what the server has, nothing that was saved is lost, nothing is there twice.
 * SEED=n repeats one history; ROUNDS=n makes more of them.
 */
#include "fyr-test-world.h"

#define ACTIONS 60

typedef struct {
  FyrTestWorld *world;
  guint seed;
  guint saved;
} History;

static FyrTestClient *
draw_client (History *history)
{
  return &history->world->clients[g_rand_int_range (history->world->random, 0, FYR_TEST_CLIENTS)];
}

static guint
draw (History *history, guint n)
{
  return (guint)g_rand_int_range (history->world->random, 0, (gint32)n);
}

static void
change_alert (History *history, FyrTestClient *client)
{
  FyrTestWorld *world = history->world;
  FyrAlertAction action =
      FYR_ALERT_ACTION_TAKE + draw (history, FYR_ALERT_ACTION_REOPEN - FYR_ALERT_ACTION_TAKE + 1);
  FyrAlertOutcome outcome =
      action == FYR_ALERT_ACTION_CLOSE ? FYR_ALERT_OUTCOME_NO_ACTION : FYR_ALERT_OUTCOME_UNSET;
  g_autoptr (FyrRecord) alert =
      fyr_test_client_get (client, &fyr_alert_info, world->alerts[draw (history, FYR_TEST_ALERTS)]);

  if (alert != NULL) {
    /* What the alert's state forbids the store refuses at once; what only the server knows, the server. */
    fyr_test_client_save (client, fyr_mutation_new_alert_command ((FyrAlert *)alert, action, outcome,
                                                                  "Sett på", client->user_id));
  }
}

static void
change_patient (History *history, FyrTestClient *client)
{
  static const guint fields[] = { FYR_PATIENT_CITY, FYR_PATIENT_TELEPHONE, FYR_PATIENT_EMAIL,
                                  FYR_PATIENT_ADDRESS };
  FyrTestWorld *world = history->world;
  g_autoptr (FyrRecord) before =
      fyr_test_client_get (client, &fyr_patient_info, world->patients[draw (history, FYR_TEST_PATIENTS)]);
  g_autoptr (FyrRecord) after = NULL;
  g_autofree char *value = g_strdup_printf ("%u", draw (history, 100));
  FyrMutation *mutation;

  if (before == NULL) {
    return;
  }
  after = fyr_record_copy (before);
  fyr_record_set_string (after, fields[draw (history, G_N_ELEMENTS (fields))], value);
  mutation = fyr_mutation_new_update (before, after, client->user_id);
  if (mutation != NULL) {
    fyr_test_client_save (client, mutation);
  }
}

static void
change_network (History *history, FyrTestClient *client)
{
  static const FyrTestFaults weathers[] = {
    { .delay = 5 },
    { .delay = 2000 },
    { .delay = 100, .drop_reply = 30, .duplicate = 20 },
    { .delay = 300, .drop_request = 30, .drop_reply = 30, .drop_frame = 50 },
    { .cut = TRUE },
    { .refuse_socket = TRUE, .drop_reply = 10, .delay = 50 },
    { .status = 503, .status_times = 3 },
  };

  client->faults = weathers[draw (history, G_N_ELEMENTS (weathers))];
}

/* The program is killed in the middle of whatever it does, and started again. */
static void
restart (History *history, FyrTestClient *client)
{
  g_autoptr (GError) error = NULL;

  fyr_test_client_close (client);
  fyr_test_client_open (client);
  if (client->faults.cut || client->faults.drop_request > 0 || client->faults.drop_reply > 0) {
    client->faults = (FyrTestFaults){ .delay = 20 };
  }
  fyr_test_client_sign_in (client, FYR_TEST_PASSWORD, &error);
  g_assert_no_error (error);
}

static void
act (History *history)
{
  FyrTestClient *client = draw_client (history);
  guint what = draw (history, 100);

  if (what < 30) {
    fyr_test_client_note (client, draw (history, FYR_TEST_PATIENTS), "Et notat");
    history->saved++;
  } else if (what < 60) {
    change_alert (history, client);
  } else if (what < 80) {
    change_patient (history, client);
  } else if (what < 97) {
    change_network (history, client);
  } else {
    restart (history, client);
  }
  if (draw (history, 2) == 0) {
    fyr_test_world_run (history->world, draw (history, 4000));
  }
}

/* Facts: each note exactly once, everywhere. */
static void
assert_notes (History *history)
{
  guint n = 0;

  for (guint i = 0; i < FYR_TEST_CLIENTS; i++) {
    FyrTestClient *client = &history->world->clients[i];

    for (guint j = 0; j < client->notes->len; j++, n++) {
      g_autoptr (FyrRecord) note =
          fyr_test_world_get (history->world, &fyr_note_info, g_ptr_array_index (client->notes, j));

      g_assert_nonnull (note);
      g_assert_cmpint (fyr_record_get_version (note), ==, 1);
      g_assert_cmpstr (fyr_note_get_author_id ((FyrNote *)note), ==, client->user_id);
    }
  }
  g_assert_cmpuint (n, ==, history->saved);
  for (guint i = 0; i < FYR_TEST_CLIENTS; i++) {
    g_autoptr (GPtrArray) shown = fyr_test_client_list (&history->world->clients[i], &fyr_note_info);

    g_assert_cmpuint (shown->len, ==, history->saved);
  }
}

/* Work in conflict is shown on top of what the server has: given up, all must be alike. */
static void
give_up_conflicts (History *history)
{
  for (guint i = 0; i < FYR_TEST_CLIENTS; i++) {
    FyrTestClient *client = &history->world->clients[i];
    g_autoptr (GPtrArray) open = fyr_test_client_outbox (
        client, 1U << FYR_OUTBOX_CONFLICT | 1U << FYR_OUTBOX_REFUSED | 1U << FYR_OUTBOX_HELD);

    for (guint j = 0; j < open->len; j++) {
      fyr_test_client_discard (client, fyr_outbox_entry_get_key (g_ptr_array_index (open, j)));
    }
  }
  g_assert_true (fyr_test_world_settle (history->world));
}

/* The state machine was obeyed: what an alert is, its accepted events lead to. */
static void
assert_alerts (History *history)
{
  for (guint i = 0; i < FYR_TEST_ALERTS; i++) {
    g_autoptr (FyrRecord) record =
        fyr_test_world_get (history->world, &fyr_alert_info, history->world->alerts[i]);
    FyrAlert *alert = (FyrAlert *)record;

    if (fyr_alert_get_status (alert) == FYR_ALERT_STATUS_TAKEN) {
      g_assert_nonnull (fyr_alert_get_assignee_id (alert));
    }
    if (fyr_alert_get_status (alert) == FYR_ALERT_STATUS_CLOSED) {
      g_assert_nonnull (fyr_alert_get_closed_by (alert));
      g_assert_cmpint (fyr_alert_get_outcome (alert), ==, FYR_ALERT_OUTCOME_NO_ACTION);
    }
    if (fyr_alert_get_status (alert) == FYR_ALERT_STATUS_OPEN) {
      g_assert_null (fyr_alert_get_assignee_id (alert));
    }
  }
}

static void
run_history (guint seed)
{
  History history = { .seed = seed };
  g_autoptr (FyrTestWorld) world = fyr_test_world_new (seed);

  g_test_message ("seed %u", seed);
  history.world = world;
  for (guint i = 0; i < FYR_TEST_CLIENTS; i++) {
    g_autoptr (GError) error = NULL;

    fyr_test_client_open (&world->clients[i]);
    fyr_test_client_sign_in (&world->clients[i], FYR_TEST_PASSWORD, &error);
    g_assert_no_error (error);
  }
  for (guint i = 0; i < ACTIONS; i++) {
    act (&history);
  }
  g_assert_true (fyr_test_world_settle (world));
  give_up_conflicts (&history);
  assert_notes (&history);
  assert_alerts (&history);
  fyr_test_world_assert_same (world, &fyr_patient_info);
  fyr_test_world_assert_same (world, &fyr_alert_info);
  fyr_test_world_assert_same (world, &fyr_alert_event_info);
  fyr_test_world_assert_same (world, &fyr_note_info);
}

static guint
number_from (const char *name, guint otherwise)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint)g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
test_histories (void)
{
  guint rounds = number_from ("ROUNDS", 3);
  guint seed = number_from ("SEED", 0);

  if (seed != 0) {
    run_history (seed);
    return;
  }
  for (guint i = 0; i < rounds; i++) {
    run_history ((guint)g_test_rand_int_range (1, G_MAXINT32));
  }
}

/* Seeds that ever failed. */
static void
test_known_seeds (void)
{
  static const guint seeds[] = { 7, 20261122 };

  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++) {
    run_history (seeds[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/histories/kept seeds converge and lose nothing", test_known_seeds);
  g_test_add_func ("/sync/histories/random histories converge and lose nothing", test_histories);
  return g_test_run ();
}
