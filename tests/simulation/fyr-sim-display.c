/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people look at: the access log (innsynslogg) names each display before it is shown, and none that was shown may
 * be missing in the end, whatever happened to machines, network and server meanwhile.
 */
#include "fyr-sim-world.h"
#include "fyr-store-access-log.h"
#include "fyr-sync-emergency.h"

/* Somebody was told that a record may be shown. @emergency: nothing but an emergency access opened it, before and after
 * it was logged. @excused: the database it was in was set back on purpose. */
typedef struct {
  guint client;
  char id[37];
  char patient_id[37];
  char user_id[37];
  gboolean emergency;
  gboolean excused;
} Display;

typedef struct {
  FyrSimClient *client;
  guint life;
  char patient_id[37];
  gboolean emergency;
  FyrSimShownFunc shown;
} Opening;

static gboolean
is_emergency (FyrSimClient *client, const char *patient_id)
{
  const FyrEmergency *access = fyr_sync_engine_find_emergency (client->engine, patient_id);

  return access != NULL && access->alone;
}

static void
note_display (const Opening *opening, const char *id)
{
  FyrSimClient *client = opening->client;
  Display *display = g_new0 (Display, 1);

  display->client = client->index;
  g_strlcpy (display->id, id, sizeof display->id);
  g_strlcpy (display->patient_id, opening->patient_id, sizeof display->patient_id);
  g_strlcpy (display->user_id, client->user_id, sizeof display->user_id);
  display->emergency = opening->emergency && is_emergency (client, opening->patient_id);
  fyr_sim_trace ("%s shows %s by %s", client->machine.name, opening->patient_id, id);
  g_ptr_array_add (client->world->displays, display);
}

static void
on_logged (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Opening *opening = data;
  FyrSimClient *client = opening->client;
  g_auto (GStrv) ids = fyr_store_log_display_finish (FYR_STORE (source), result, NULL);

  if (ids == NULL || fyr_sim_client_is_over (client, opening->life)) {
    return;
  }
  note_display (opening, ids[0]);
  opening->shown (client, opening->patient_id);
}

/* Takes @opening. */
static void
log_display (Opening *opening)
{
  FyrSimClient *client = opening->client;
  const char *patients[] = { opening->patient_id, NULL };
  const FyrDisplay display = {
    .resource = FYR_AUDIT_RESOURCE_PATIENT,
    .channel = FYR_AUDIT_CHANNEL_SCREEN,
    .purpose = FYR_AUDIT_PURPOSE_TREATMENT,
    .data_classes = "identity contact clinical",
    .centre_id = client->centre_id,
  };

  opening->emergency = is_emergency (client, opening->patient_id);
  fyr_sim_enter (&client->machine);
  fyr_store_log_display_async (client->store, &display, patients, client->user_id, NULL, on_logged, opening);
  fyr_sim_leave ();
}

/* Who is not here cannot be opened. */
static void
on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Opening *opening = data;
  g_autoptr (FyrRecord) patient = fyr_store_get_record_finish (FYR_STORE (source), result, NULL);

  if (patient != NULL && !fyr_sim_client_is_over (opening->client, opening->life)) {
    log_display (g_steal_pointer (&opening));
  }
}

void
fyr_sim_display (FyrSimClient *client, const char *patient_id, FyrSimShownFunc shown)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->client = client;
  opening->life = client->life;
  opening->shown = shown;
  g_strlcpy (opening->patient_id, patient_id, sizeof opening->patient_id);
  fyr_store_get_record_async (client->store, fyr_patient_info.kind, patient_id, NULL, on_found, opening);
}

void
fyr_sim_displays_excuse (FyrSimClient *client, guint from)
{
  for (guint i = from; i < client->world->displays->len; i++) {
    Display *display = g_ptr_array_index (client->world->displays, i);

    display->excused = display->excused || display->client == client->index;
  }
}

static gboolean
is_logged (FyrConnection *reader, const Display *display)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (reader,
                              "SELECT 1 FROM audit_event WHERE id = ?1 AND patient_id = ?2 AND agent_id = ?3"
                              " AND (?4 = 0 OR decision_id IS NOT NULL)",
                              NULL);

  g_assert_nonnull (select);
  fyr_statement_bind_id (select, 1, display->id);
  fyr_statement_bind_id (select, 2, display->patient_id);
  fyr_statement_bind_id (select, 3, display->user_id);
  fyr_statement_bind_int (select, 4, display->emergency);
  return fyr_statement_step (select, NULL) == FYR_STEP_ROW;
}

void
fyr_sim_displays_check (FyrSimWorld *self)
{
  for (guint i = 0; i < self->displays->len; i++) {
    const Display *display = g_ptr_array_index (self->displays, i);

    if (!display->excused && !is_logged (self->server.reader, display)) {
      fyr_sim_violation (self->model, "%s showed %s by %s, and the access log does not tell of it",
                         self->clients[display->client].machine.name, display->patient_id, display->id);
    }
  }
}
