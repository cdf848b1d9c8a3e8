/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One random history: people work, and a handful of kinds of faults, drawn for each seed, strike meanwhile.
 */
#include <string.h>

#include "fyr-apply.h"
#include "fyr-record-table.h"
#include "fyr-session.h"
#include "fyr-sim-world.h"
#include "fyr-sync-engine-private.h"

#define MINUTE G_GINT64_CONSTANT (60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define QUIET_LIMIT (30 * MINUTE)

typedef void (*FaultFunc) (FyrSimWorld *world, FyrSimClient *client);

static void
change_weather (FyrSimWorld *world, FyrSimClient *client)
{
  static const FyrSimWeather weathers[] = {
    { .delay = 20 },
    { .delay = 20 },
    { .delay = 3000 },
    { .delay = 100, .lose_reply = 30, .duplicate = 20 },
    { .delay = 300, .lose_request = 30, .lose_reply = 30, .lose_frame = 50, .duplicate = 20 },
    { .cut_up = TRUE, .cut_down = TRUE },
    { .cut_up = TRUE },
    { .cut_down = TRUE },
    { .cut_down = TRUE, .hang = TRUE },
    { .cut_up = TRUE, .cut_down = TRUE, .hang = TRUE },
    { .no_socket = TRUE, .lose_reply = 10, .delay = 50 },
    { .delay = 20, .busy = 3 },
  };
  const FyrSimWeather *weather = &weathers[fyr_sim_draw (G_N_ELEMENTS (weathers))];

  client->weather = *weather;
  if (weather->hang) {
    fyr_sim_world_count (world, FYR_SIM_HALF_OPEN);
  } else if (weather->cut_up && weather->cut_down) {
    fyr_sim_world_count (world, FYR_SIM_CUT);
  } else if (weather->cut_up || weather->cut_down) {
    fyr_sim_world_count (world, FYR_SIM_ONE_WAY);
  } else if (weather->no_socket) {
    fyr_sim_world_count (world, FYR_SIM_REFUSED_SOCKET);
  } else if (weather->busy > 0) {
    fyr_sim_world_count (world, FYR_SIM_TOLD_BUSY);
  }
}

/* A partition: one way, half-open, or a third of everything lost. */
static void
part (FyrSimWorld *world, FyrSimClient *client)
{
  static const FyrSimWeather weathers[] = {
    { .delay = 20 },
    { .delay = 50, .lose_request = 30, .lose_reply = 30, .lose_frame = 30 },
    { .cut_up = TRUE },
    { .cut_down = TRUE },
    { .cut_up = TRUE, .hang = TRUE },
    { .cut_down = TRUE, .hang = TRUE },
    { .cut_up = TRUE, .cut_down = TRUE, .hang = TRUE },
  };
  static const FyrSimKind kinds[] = { FYR_SIM_N_KINDS,  FYR_SIM_LOST_REQUEST, FYR_SIM_ONE_WAY,
                                      FYR_SIM_ONE_WAY,  FYR_SIM_HALF_OPEN,    FYR_SIM_HALF_OPEN,
                                      FYR_SIM_HALF_OPEN };
  guint which = fyr_sim_draw (G_N_ELEMENTS (weathers));

  client->weather = weathers[which];
  if (kinds[which] != FYR_SIM_N_KINDS) {
    fyr_sim_world_count (world, kinds[which]);
  }
}

static void
replay (FyrSimWorld *world, FyrSimClient *client)
{
  fyr_sim_network_replay (world);
}

static void
kill_client (FyrSimWorld *world, FyrSimClient *client)
{
  if (fyr_sim_chance (30)) {
    fyr_sim_world_count (world, FYR_SIM_CLIENT_KILLED);
    fyr_sim_client_kill (client, FALSE);
  } else {
    fyr_sim_disk_arm (client->machine.disk,
                      fyr_sim_chance (50) ? FYR_SIM_FAULT_KILL : FYR_SIM_FAULT_KILL_AFTER,
                      1 + fyr_sim_draw (40));
  }
}

static void
cut_client_power (FyrSimWorld *world, FyrSimClient *client)
{
  fyr_sim_world_count (world, FYR_SIM_CLIENT_POWER);
  fyr_sim_client_kill (client, TRUE);
}

static FyrSimFault
draw_disk_fault (void)
{
  static const FyrSimFault faults[] = { FYR_SIM_FAULT_ONCE,      FYR_SIM_FAULT_FOREVER,
                                        FYR_SIM_FAULT_FULL,      FYR_SIM_FAULT_SYNC,
                                        FYR_SIM_FAULT_READ_ONCE, FYR_SIM_FAULT_READ_FOREVER };

  return faults[fyr_sim_draw (G_N_ELEMENTS (faults))];
}

static void
fail_client_disk (FyrSimWorld *world, FyrSimClient *client)
{
  if (fyr_sim_disk_disarm (client->machine.disk)) {
    return; /* it works again */
  }
  fyr_sim_world_count (world, FYR_SIM_CLIENT_DISK);
  fyr_sim_disk_arm (client->machine.disk, draw_disk_fault (), 1 + fyr_sim_draw (30));
}

static void
kill_server (FyrSimWorld *world, FyrSimClient *client)
{
  fyr_sim_world_count (world, FYR_SIM_SERVER_KILLED);
  if (fyr_sim_chance (20)) {
    fyr_sim_server_kill (world, FALSE);
  } else {
    fyr_sim_disk_arm (world->server.machine.disk,
                      fyr_sim_chance (50) ? FYR_SIM_FAULT_KILL : FYR_SIM_FAULT_KILL_AFTER,
                      1 + fyr_sim_draw (40));
  }
}

static void
cut_server_power (FyrSimWorld *world, FyrSimClient *client)
{
  fyr_sim_world_count (world, FYR_SIM_SERVER_POWER);
  fyr_sim_server_kill (world, TRUE);
}

static void
fail_server_disk (FyrSimWorld *world, FyrSimClient *client)
{
  if (fyr_sim_disk_disarm (world->server.machine.disk)) {
    return;
  }
  fyr_sim_world_count (world, FYR_SIM_SERVER_DISK);
  fyr_sim_disk_arm (world->server.machine.disk, draw_disk_fault (), 1 + fyr_sim_draw (30));
}

static void
move_clock (FyrSimWorld *world, FyrSimClient *client)
{
  static const gint64 skews[] = { 0, 3 * MINUTE, -7 * MINUTE, HOUR, -HOUR, 3650 * DAY, -3650 * DAY };
  FyrSimMachine *machine = fyr_sim_chance (25) ? &world->server.machine : &client->machine;

  fyr_sim_world_count (world, FYR_SIM_CLOCK);
  fyr_sim_enter (machine);
  machine->frozen = machine->frozen == 0 && fyr_sim_chance (20) ? g_get_real_time () / 1000 : 0;
  fyr_sim_leave ();
  machine->skew = skews[fyr_sim_draw (machine == &client->machine ? G_N_ELEMENTS (skews) : 5)];
}

static FyrMembership *
find_membership (FyrSimWorld *world, const char *user_id)
{
  g_autoptr (GPtrArray) found = NULL;

  if (!world->server.up) {
    return NULL;
  }
  fyr_sim_disk_look (world->server.machine.disk, TRUE);
  found = fyr_record_table_list (world->server.reader, &fyr_membership_info, FYR_MEMBERSHIP_USER_ID, user_id,
                                 NULL, NULL);
  fyr_sim_disk_look (world->server.machine.disk, FALSE);
  return found != NULL && found->len > 0 ? g_object_ref (found->pdata[0]) : NULL;
}

static void
revoke_or_grant (FyrSimWorld *world, FyrSimClient *client)
{
  FyrMembership *membership = find_membership (world, client->user_id);

  if (membership == NULL) {
    return;
  }
  if (fyr_membership_has_valid_to (membership)) {
    fyr_record_clear (FYR_RECORD (membership), FYR_MEMBERSHIP_VALID_TO);
  } else {
    fyr_membership_set_valid_to (membership, 1);
  }
  fyr_sim_server_put (world, membership);
  fyr_sim_network_drop (world, client->user_id, 4003);
}

typedef struct {
  const char *patient_id;
  const char *user_id;
  gboolean blocked;
} Block;

static gboolean
block_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Block *block = data;

  return fyr_apply_set_block (context, block->patient_id, block->user_id, block->blocked, error);
}

static void
change_access (FyrSimWorld *world, FyrSimClient *client)
{
  guint index = fyr_sim_draw (FYR_SIM_PATIENTS);
  Block block = { world->patients[index], client->user_id, fyr_sim_chance (60) };
  FyrRecord *patient;

  fyr_sim_world_count (world, FYR_SIM_ACCESS);
  switch (fyr_sim_draw (4)) {
  case 0:
    revoke_or_grant (world, client);
    return;
  case 1:
    fyr_sim_server_write (world, block_job, &block);
    fyr_sim_network_tell (world);
    return;
  default:
    patient = fyr_sim_server_get (world, &fyr_patient_info, world->patients[index]);
    if (patient == NULL) {
      return;
    }
    if (fyr_sim_chance (50)) {
      fyr_patient_set_gp_id (FYR_PATIENT (patient), fyr_sim_chance (50) ? world->gp_id : NULL);
    } else {
      fyr_patient_set_centre_id (FYR_PATIENT (patient), world->centres[fyr_sim_draw (FYR_SIM_CENTRES)]);
    }
    fyr_sim_server_put (world, patient);
  }
}

static gboolean
end_sessions_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_session_end_all (context, data, error);
}

static void
end_sessions (FyrSimWorld *world, FyrSimClient *client)
{
  fyr_sim_world_count (world, FYR_SIM_SESSION_ENDED);
  if (fyr_sim_server_write (world, end_sessions_job, client->user_id)) {
    fyr_sim_network_drop (world, client->user_id, 4001);
  }
}

static void
restore_server (FyrSimWorld *world, FyrSimClient *client)
{
  FyrSimServer *server = &world->server;

  if (!server->up) {
    return;
  }
  if (server->copy == NULL) {
    server->copy = fyr_sim_disk_copy (server->machine.disk);
    server->copy_log = fyr_sim_model_get_length (world->model);
    return;
  }
  fyr_sim_world_count (world, FYR_SIM_SERVER_RESTORED);
  fyr_sim_server_kill (world, FALSE);
  fyr_sim_disk_load (server->machine.disk, server->copy);
  g_clear_pointer (&server->copy, g_hash_table_unref);
  fyr_sim_model_set_back (world->model, server->copy_log);
  fyr_sim_server_start (world);
  if (server->up) {
    g_autoptr (GError) error = NULL;

    fyr_sim_enter (&server->machine);
    fyr_server_db_renew_epoch (server->db, &error);
    fyr_sim_leave ();
    g_assert_no_error (error);
  }
}

static void
set_client_back (FyrSimWorld *world, FyrSimClient *client)
{
  GPtrArray *saves = fyr_sim_model_get_saves (world->model);

  if (client->copy == NULL) {
    client->copy = fyr_sim_disk_copy (client->machine.disk);
    client->copy_saves = saves->len;
    client->copy_displays = world->displays->len;
    return;
  }
  if (!client->up) {
    return;
  }
  fyr_sim_world_count (world, FYR_SIM_SET_BACK);
  fyr_sim_client_kill (client, FALSE);
  fyr_sim_disk_load (client->machine.disk, client->copy);
  g_clear_pointer (&client->copy, g_hash_table_unref);
  for (guint i = client->copy_saves; i < saves->len; i++) {
    FyrSimSave *save = g_ptr_array_index (saves, i);

    save->excused = save->excused || save->client == client->index;
  }
  fyr_sim_displays_excuse (client, client->copy_displays);
}

static void
copy_client (FyrSimWorld *world, FyrSimClient *client)
{
  FyrSimClient *spare = &world->clients[world->n_clients];
  g_autoptr (GHashTable) files = NULL;

  if (world->n_clients >= FYR_SIM_CLIENTS || spare->taking_part || client->index >= world->n_clients) {
    return;
  }
  fyr_sim_world_count (world, FYR_SIM_COPIED);
  files = fyr_sim_disk_copy (client->machine.disk);
  fyr_sim_disk_load (spare->machine.disk, files);
  g_strlcpy (spare->user_id, client->user_id, 37);
  g_strlcpy (spare->user_name, client->user_name, sizeof spare->user_name);
  g_strlcpy (spare->centre_id, client->centre_id, 37);
  spare->role = client->role;
  spare->taking_part = TRUE;
  fyr_sim_client_open (spare);
}

/* Kinds of faults: how often in a history that has the kind, and how many histories of a hundred have it; ALONE: only
 * those of a profile, and nothing is drawn for it, so that the others stay what they were. */
#define ALONE G_MAXUINT
static const struct {
  const char *name;
  FaultFunc func;
  guint weight;
  guint chance;
} faults[] = {
  { "weather", change_weather, 12, 90 },
  { "replay", replay, 3, 40 },
  { "client-kill", kill_client, 4, 40 },
  { "client-power", cut_client_power, 2, 30 },
  { "client-disk", fail_client_disk, 3, 30 },
  { "server-kill", kill_server, 3, 40 },
  { "server-power", cut_server_power, 2, 30 },
  { "server-disk", fail_server_disk, 3, 25 },
  { "clock", move_clock, 3, 35 },
  { "access", change_access, 3, 30 },
  { "session", end_sessions, 1, 25 },
  { "restore", restore_server, 3, 20 },
  { "set-back", set_client_back, 2, 15 },
  { "copy", copy_client, 2, 15 },
  { "partition", part, 5, 0 },
  { "shut-out", fyr_sim_shut_out, 6, ALONE },
  { "emergency", fyr_sim_emergency, 12, ALONE },
};

/* What a row of faults is tried with. @kinds: names above; @strikes: of a hundred deeds so many are faults. */
typedef struct {
  const char *name;
  const char *kinds;
  guint clients;
  guint acts;
  guint strikes;
  gint64 pace;
  gboolean measure; /* how soon all are alike after healing */
} Profile;

static const Profile profiles[] = {
  { "kill", "client-kill", 2, 60, 30, 3000, FALSE },
  { "power", "client-power server-power", 2, 80, 40, 2000, FALSE },
  { "disk", "client-disk server-disk", 2, 60, 20, 3000, FALSE },
  { "edit", "weather", 3, 60, 10, 1500, FALSE },
  { "edit-short", "weather", 2, 8, 10, 1500, FALSE },
  { "partition", "partition", 10, 150, 25, 380000, TRUE },
  { "clock", "clock weather restore", 3, 80, 20, 3000, FALSE },
  { "repeat", "replay weather", 3, 90, 30, 3000, FALSE },
  { "restore", "restore copy set-back weather client-kill", 3, 90, 30, 3000, FALSE },
  { "shut-out", "shut-out weather client-kill client-power server-kill session", 3, 70, 20, 3000, FALSE },
  { "emergency", "emergency access weather client-kill client-power server-kill session", 3, 90, 40, 3000,
    FALSE },
  { "calm", "", 2, 40, 0, 1500, FALSE },
};

typedef struct {
  FyrSimWorld *world;
  const FyrSimPlan *plan;
  const Profile *profile; /* (nullable) */
  guint weights[G_N_ELEMENTS (faults)];
  guint total;
  guint strikes;
  guint acts_left;
  gint64 pace;
} History;

static const Profile *
find_profile (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (profiles); i++) {
    if (strcmp (profiles[i].name, name) == 0) {
      return &profiles[i];
    }
  }
  return NULL;
}

gboolean
fyr_sim_history_has_profile (const char *name)
{
  return find_profile (name) != NULL;
}

static FyrSimClient *
draw_client (FyrSimWorld *world)
{
  guint n =
      world->n_clients + (world->n_clients < FYR_SIM_CLIENTS && world->clients[world->n_clients].taking_part);

  return &world->clients[fyr_sim_draw (n)];
}

static void
strike (History *history)
{
  guint which = fyr_sim_draw (history->total);
  FyrSimClient *client = draw_client (history->world);

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    if (which < history->weights[i]) {
      faults[i].func (history->world, client);
      return;
    }
    which -= history->weights[i];
  }
}

/* Mostly brisk; now and then all go home, in which time sessions end and machines lock. */
static gint64
draw_pause (History *history)
{
  FyrSimWorld *world = history->world;
  gint64 pause;

  if (history->profile != NULL || !fyr_sim_chance (1)) {
    return fyr_sim_draw ((guint)history->pace);
  }
  pause = fyr_sim_draw (fyr_sim_chance (70) ? 14 * 3600 : 8 * 24 * 3600) * (gint64)1000;
  world->closed_until = fyr_sim_now () + pause;
  for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
    fyr_sim_client_kill (&world->clients[i], FALSE);
  }
  return pause + 6000;
}

static void
act (gpointer data)
{
  History *history = data;
  FyrSimWorld *world = history->world;

  if (history->acts_left == 0 || world->ending) {
    return;
  }
  history->acts_left--;
  if (fyr_sim_chance (6)) {
    fyr_sim_server_measure (world, world->patients[fyr_sim_draw (FYR_SIM_PATIENTS)]);
  } else if (history->total > 0 && fyr_sim_chance (history->strikes)) {
    strike (history);
  } else {
    fyr_sim_user_act (draw_client (world));
  }
  fyr_sim_after (draw_pause (history), act, history);
}

/* Some kinds for each seed, so that they meet in ever other company; or those of the profile. */
static void
draw_faults (History *history)
{
  const Profile *profile = history->profile;
  g_auto (GStrv) kinds = g_strsplit (profile != NULL ? profile->kinds : "", " ", -1);

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    gboolean has = profile != NULL ? g_strv_contains ((const char *const *)kinds, faults[i].name)
                                   : faults[i].chance != ALONE && fyr_sim_chance (faults[i].chance);

    history->weights[i] = has ? faults[i].weight : 0;
    if ((history->plan->defect == FYR_SIM_LYING_DISK && g_str_has_suffix (faults[i].name, "-power")) ||
        (history->plan->defect == FYR_SIM_DEAF && strcmp (faults[i].name, "access") == 0)) {
      history->weights[i] += 10;
    }
    history->total += history->weights[i];
  }
  history->acts_left = profile != NULL ? profile->acts : 30 + fyr_sim_draw (80);
  history->pace = profile != NULL ? profile->pace : fyr_sim_chance (50) ? 1500 : 15000;
  history->strikes = profile != NULL ? profile->strikes : 18;
}

static void
finish (FyrSimWorld *world)
{
  guint left;

  fyr_sim_world_heal (world);
  fyr_sim_emergencies_end (world);
  for (guint round = 0; round < 5; round++) {
    if (!fyr_sim_world_quiet (world, QUIET_LIMIT)) {
      for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
        FyrSimClient *client = &world->clients[i];

        if (client->up) {
          fyr_sim_trace ("%s: state %d, waiting %u", client->machine.name,
                         (int)fyr_sync_engine_get_state (client->engine),
                         fyr_sync_engine_get_waiting (client->engine));
        }
      }
      fyr_sim_violation (world->model, "something is stuck: not quiet half an hour after all healed");
    }
    left = 0;
    for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
      left += fyr_sim_user_settle (&world->clients[i]);
    }
    if (left == 0) {
      return;
    }
  }
}

static void
add_totals (FyrSimWorld *world, FyrSimTotals *totals)
{
  totals->histories++;
  totals->steps += fyr_sim_get_steps ();
  totals->saves += world->saves;
  totals->pushes += world->pushes;
  totals->pulls += world->pulls;
  for (guint i = 0; i < FYR_SIM_N_KINDS; i++) {
    totals->counts[i] += world->counts[i];
  }
}

/* Work that waits for a person's decision lies on top of what the server has, and shows; then it counts that all was
 * fetched. After the decision finish () holds this workstation against the server too. */
static gboolean
is_alike (FyrSimWorld *world, FyrSimClient *client)
{
  g_autofree char *why = NULL;

  if (!fyr_sim_client_has_sent (client)) {
    return FALSE;
  }
  return fyr_sync_engine_get_waiting (client->engine) > 0 ? !fyr_sync_engine_is_behind (client->engine)
                                                          : fyr_sim_world_is_same (world, client, &why);
}

/* How long after healing until every workstation shows the same, ms; looked at ten times a second. */
static gint64
measure_alike (FyrSimWorld *world)
{
  gint64 begin = fyr_sim_now ();
  gboolean alike = FALSE;

  fyr_sim_world_heal (world);
  for (guint i = 0; i < world->n_clients; i++) {
    if (world->clients[i].up) {
      fyr_sim_enter (&world->clients[i].machine);
      /* The machine hears that its network is back. */
      fyr_sync_engine_sync_now (world->clients[i].engine);
      fyr_sim_leave ();
    }
  }
  while (!alike && fyr_sim_now () < begin + 2 * MINUTE) {
    fyr_sim_run (100);
    alike = TRUE;
    for (guint i = 0; i < world->n_clients && alike; i++) {
      FyrSimClient *client = &world->clients[i];
      fyr_sim_client_sign_in (client);
      alike = client->up && is_alike (world, client);
    }
  }
  return fyr_sim_now () - begin;
}

static gboolean
has_fault (const History *history, FaultFunc func)
{
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    if (faults[i].func == func) {
      return history->weights[i] > 0;
    }
  }
  return FALSE;
}

static void
work (History *history, FyrSimTotals *totals)
{
  FyrSimWorld *world = history->world;
  FyrSimDisk *disks[] = { world->clients[0].machine.disk, world->server.machine.disk };
  guint64 before[] = { 0, 0 }, read_before[] = { 0, 0 };

  if (has_fault (history, fyr_sim_emergency)) {
    fyr_sim_world_make_gp (world, 1);
    fyr_sim_world_make_gp (world, 2); /* the same one at two workstations */
  }
  for (guint i = 0; i < world->n_clients; i++) {
    fyr_sim_client_open (&world->clients[i]);
  }
  fyr_sim_run (2000);
  for (guint i = 0; i < G_N_ELEMENTS (disks); i++) {
    before[i] = fyr_sim_disk_get_calls (disks[i]);
    read_before[i] = fyr_sim_disk_get_reads (disks[i]);
  }
  if (history->plan->fault != FYR_SIM_FAULT_NONE) {
    fyr_sim_disk_arm (disks[history->plan->on_server ? 1 : 0], history->plan->fault,
                      history->plan->countdown);
  }
  if (has_fault (history, restore_server)) {
    restore_server (world, NULL); /* the copy that may be restored some day */
  }
  act (history);
  while (history->acts_left > 0 && fyr_sim_model_get_violation (world->model) == NULL) {
    fyr_sim_step (fyr_sim_now () + 10 * DAY);
  }
  for (guint i = 0; i < G_N_ELEMENTS (disks); i++) {
    totals->calls[i] = fyr_sim_disk_get_calls (disks[i]) - before[i];
    totals->reads[i] = fyr_sim_disk_get_reads (disks[i]) - read_before[i];
  }
}

char *
fyr_sim_history_run (guint32 seed, const FyrSimPlan *plan, FyrSimTotals *totals)
{
  const Profile *profile = find_profile (plan->profile);
  FyrSimWorld *world =
      fyr_sim_world_new (seed, profile != NULL ? profile->clients : 2 + seed % 3, plan->defect);
  History history = { .world = world, .plan = plan, .profile = profile };
  char *violation;

  draw_faults (&history);
  work (&history, totals);
  if (profile != NULL && profile->measure && fyr_sim_model_get_violation (world->model) == NULL) {
    totals->alike_after = MAX (totals->alike_after, measure_alike (world));
  }
  if (fyr_sim_model_get_violation (world->model) == NULL) {
    finish (world);
  }
  if (fyr_sim_model_get_violation (world->model) == NULL) {
    fyr_sim_world_check (world);
  }
  violation = g_strdup (fyr_sim_model_get_violation (world->model));
  add_totals (world, totals);
  fyr_sim_world_free (world);
  totals->trace = fyr_sim_end ();
  return violation;
}
