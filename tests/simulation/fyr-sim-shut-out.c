/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An administrator shuts a workstation out, and lets it in again.
 */
#include <string.h>

#include "fyr-apply.h"
#include "fyr-record-table.h"
#include "fyr-shut-out.h"
#include "fyr-sim-world.h"
#include "fyr-uuid.h"

#define SERVER_LIMIT (10 * 60 * 1000)

static gboolean
put_administrator (FyrWriteContext *context, FyrSimWorld *world, GError **error)
{
  g_autoptr (FyrUser) user = fyr_user_new ();
  g_autoptr (FyrMembership) membership = fyr_membership_new ();
  char membership_id[37];

  fyr_uuid_v7_new (g_get_real_time () / 1000, world->administrator);
  fyr_uuid_v7_new (g_get_real_time () / 1000, membership_id);
  fyr_record_set_id (FYR_RECORD (user), world->administrator);
  fyr_user_set_centre_id (user, world->centres[0]);
  fyr_user_set_user_name (user, "administrator");
  fyr_user_set_name (user, "Administrator");
  fyr_user_set_active (user, TRUE);
  fyr_record_set_id (FYR_RECORD (membership), membership_id);
  fyr_membership_set_user_id (membership, world->administrator);
  fyr_membership_set_centre_id (membership, world->centres[0]);
  fyr_membership_set_role (membership, FYR_ROLE_ADMINISTRATOR);
  return fyr_apply_put (context, FYR_RECORD (user), error) &&
         fyr_apply_put (context, FYR_RECORD (membership), error);
}

typedef struct {
  FyrSimWorld *world;
  FyrDeviceDecision decision;
} Deciding;

/* The server may have been set back to a time before there was an administrator. */
static gboolean
decide_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Deciding *job = data;
  g_autoptr (FyrRecord) known = *job->world->administrator != '\0'
                                    ? fyr_record_table_get (fyr_write_context_get_connection (context),
                                                            &fyr_user_info, job->world->administrator, NULL)
                                    : NULL;

  if (known == NULL && !put_administrator (context, job->world, error)) {
    return FALSE;
  }
  job->decision.by = job->world->administrator;
  return fyr_shut_out_decide (context, &job->decision, error);
}

/* Whether a workstation is, as the server knows now. */
static gboolean
is_shut_out (FyrSimClient *client)
{
  FyrSimServer *server = &client->world->server;

  return *client->device != '\0' && server->up &&
         fyr_shut_out_find (server->reader, client->device, NULL) == 1;
}

static void
decide (FyrSimClient *client, FyrDeviceAction action)
{
  FyrSimWorld *world = client->world;
  Deciding job = { world, { .action = action, .device = client->device, .reason = "Bortkommet" } };

  fyr_sim_trace ("%s: %s", client->machine.name, fyr_device_action_to_code (action));
  if (fyr_sim_server_write (world, decide_job, &job) && action == FYR_DEVICE_SHUT_OUT) {
    fyr_sim_network_drop (world, client->user_id, 4003);
  }
}

void
fyr_sim_shut_out (FyrSimWorld *world, FyrSimClient *client)
{
  if (!world->server.up || *client->device == '\0') {
    return;
  }
  fyr_sim_world_count (world, FYR_SIM_SHUT_OUT);
  decide (client, is_shut_out (client) ? FYR_DEVICE_LET_IN : FYR_DEVICE_SHUT_OUT);
}

void
fyr_sim_let_all_in (FyrSimWorld *world)
{
  gint64 limit = fyr_sim_now () + SERVER_LIMIT;

  if (world->counts[FYR_SIM_SHUT_OUT] == 0) {
    return;
  }
  for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
    while (!world->server.up && fyr_sim_now () < limit) {
      fyr_sim_run (100);
    }
    if (is_shut_out (&world->clients[i])) {
      decide (&world->clients[i], FYR_DEVICE_LET_IN);
    }
  }
}
