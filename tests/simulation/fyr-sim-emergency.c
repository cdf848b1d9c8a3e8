/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Emergency access (nødtilgang): nurses and GPs open patients that are on no list of theirs, and end it, or let the
 * time end it. What they saw and wrote meanwhile is held against the model like all else.
 */
#include "fyr-emergency.h"
#include "fyr-sim-world.h"
#include "fyr-sync-emergency.h"
#include "fyr-sync-engine-private.h"

#define LASTS (10 * 60 * 1000)
/* As the engine does by itself with a clock of its own. */
#define LOOK_EVERY 5000
#define TEXT "Pasienten svarer ikke og varselet er rødt"

typedef struct {
  FyrSimClient *client;
  guint life;
} Opening;

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Opening *opening = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *patient_id =
      fyr_sync_engine_open_emergency_finish (FYR_SYNC_ENGINE (source), result, NULL, &error);

  fyr_sim_trace ("%s emergency: %s", opening->client->machine.name,
                 patient_id != NULL ? patient_id : error->message);
  if (patient_id != NULL && !fyr_sim_client_is_over (opening->client, opening->life)) {
    fyr_sim_world_count (opening->client->world, FYR_SIM_EMERGENCY);
  }
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  /* Without an answer it lasts at the server until its time. */
  fyr_sync_engine_end_emergency_finish (FYR_SYNC_ENGINE (source), result, NULL);
}

static void
look (gpointer data)
{
  FyrSimWorld *world = data;

  for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
    FyrSimClient *client = &world->clients[i];

    if (client->up && client->engine != NULL) {
      fyr_sim_enter (&client->machine);
      fyr_sync_engine_look_at_emergencies (client->engine);
      fyr_sim_leave ();
    }
  }
  if (!world->ending) {
    fyr_sim_after (LOOK_EVERY, look, world);
  }
}

void
fyr_sim_emergency (FyrSimWorld *world, FyrSimClient *client)
{
  guint index = fyr_sim_draw (FYR_SIM_PATIENTS);
  gboolean end = fyr_sim_chance (30);
  const FyrEmergency *access;
  Opening *opening;

  if (!world->emergencies) {
    world->emergencies = TRUE;
    look (world);
  }
  /* A nurse has the patients of her centre, but for who has barred her; the GP has two. */
  if (client->role != FYR_ROLE_GP && fyr_sim_chance (60)) {
    client = &world->clients[1 + fyr_sim_draw (2)];
  }
  if (!client->up || client->engine == NULL) {
    return;
  }
  fyr_sim_enter (&client->machine);
  access = fyr_sync_engine_find_emergency (client->engine, world->patients[index]);
  if (access != NULL && end) {
    fyr_sync_engine_end_emergency_async (client->engine, access->access_id, NULL, on_ended, NULL);
  } else {
    opening = g_new0 (Opening, 1);
    opening->client = client;
    opening->life = client->life;
    fyr_sync_engine_open_emergency_async (client->engine, fyr_sim_identity_numbers[index],
                                          FYR_EMERGENCY_REASON_DANGER, TEXT, FYR_SIM_PASSWORD, NULL,
                                          on_opened, opening);
  }
  fyr_sim_leave ();
}

void
fyr_sim_emergencies_end (FyrSimWorld *world)
{
  if (world->emergencies) {
    fyr_sim_run (LASTS + 2 * LOOK_EVERY);
  }
}

typedef struct {
  const FyrEmergencyRequest *asked; /* or @access_id is to be ended */
  const char *access_id;
  guint8 token[FYR_TOKEN_HASH_BYTES];
  FyrReply *reply;
} Job;

static gboolean
open_or_end (FyrWriteContext *context, gpointer data, GError **error)
{
  Job *job = data;
  FyrConnection *connection = fyr_write_context_get_connection (context);
  FyrEmergencyOpening opening = { .user_name = "", .asked = job->asked, .right = TRUE, .lasts = LASTS };
  int found = fyr_session_find (connection, job->token, fyr_write_context_get_time (context),
                                &opening.session, error);

  if (found == 0) {
    fyr_reply_fail_unauthenticated (job->reply);
  }
  if (found <= 0) {
    return found == 0;
  }
  return job->asked != NULL
             ? fyr_emergency_open (context, &opening, job->reply, error)
             : fyr_emergency_end (context, opening.session.user_id, job->access_id, job->reply, error);
}

gboolean
fyr_sim_server_emergency (
    FyrSimWorld *self, const char *text, gsize length, gboolean open, const char *token, FyrReply *reply)
{
  g_autoptr (FyrEmergencyRequest) asked = open ? fyr_emergency_request_parse (text, length, NULL) : NULL;
  g_autofree char *access_id = open ? NULL : fyr_emergency_end_parse (text, length, NULL);
  Job job = { .asked = asked, .access_id = access_id, .reply = reply };

  if (asked == NULL && access_id == NULL) {
    fyr_sim_violation (self->model, "what a workstation asks about an emergency is malformed");
    return FALSE;
  }
  fyr_token_hash (token, job.token);
  if (!fyr_sim_server_write (self, open_or_end, &job)) {
    return FALSE;
  }
  fyr_sim_network_tell (self);
  return TRUE;
}
