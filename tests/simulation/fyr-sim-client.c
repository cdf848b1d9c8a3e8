/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A workstation: the real store without its thread, the real engine, a main context of its own.
 */
#include <string.h>

#include "fyr-sim-world.h"
#include "fyr-store-private.h"

#define DRAIN_STEPS 2000

static gint64
engine_clock (gpointer data)
{
  return fyr_sim_now ();
}

static gint64
context_ready (gpointer data)
{
  FyrSimClient *self = data;

  return self->up && g_main_context_pending (self->machine.context) ? 0 : G_MAXINT64;
}

static void
look_whether_dead (FyrSimClient *self)
{
  if (self->up && fyr_sim_disk_is_dead (self->machine.disk)) {
    fyr_sim_world_count (self->world, FYR_SIM_CLIENT_KILLED);
    fyr_sim_client_kill (self, FALSE);
  }
}

static void
context_run (gpointer data)
{
  FyrSimClient *self = data;

  fyr_sim_enter (&self->machine);
  g_main_context_iteration (self->machine.context, FALSE);
  fyr_sim_leave ();
}

static gint64
store_ready (gpointer data)
{
  FyrSimClient *self = data;

  return self->store != NULL && fyr_store_has_work (self->store) ? 0 : G_MAXINT64;
}

static void
store_run (gpointer data)
{
  FyrSimClient *self = data;

  fyr_sim_enter (&self->machine);
  fyr_store_step (self->store);
  fyr_sim_leave ();
  look_whether_dead (self);
}

static gint64
engine_ready (gpointer data)
{
  FyrSimClient *self = data;

  return self->engine != NULL ? fyr_sync_engine_get_deadline (self->engine) : G_MAXINT64;
}

static void
engine_run (gpointer data)
{
  FyrSimClient *self = data;

  fyr_sim_enter (&self->machine);
  fyr_sync_engine_wake (self->engine);
  fyr_sim_leave ();
}

void
fyr_sim_client_init (FyrSimClient *self, FyrSimWorld *world, guint index)
{
  self->world = world;
  self->index = index;
  fyr_sim_add_worker (context_ready, context_run, self);
  fyr_sim_add_worker (store_ready, store_run, self);
  fyr_sim_add_worker (engine_ready, engine_run, self);
}

void
fyr_sim_client_clear (FyrSimClient *self)
{
  g_clear_pointer (&self->copy, g_hash_table_unref);
  g_free (self->folder);
  g_free (self->path);
  fyr_sim_machine_clear (&self->machine);
}

gboolean
fyr_sim_client_is_over (FyrSimClient *self, guint life)
{
  return self->dying || self->life != life;
}

void
fyr_sim_got (GObject *source, GAsyncResult *result, gpointer slot)
{
  *(GAsyncResult **)slot = g_object_ref (result);
}

/* Everything of the program that ended runs out: with a dead disk and no network it can do no harm. */
static void
drain (FyrSimClient *self)
{
  for (guint i = 0; i < DRAIN_STEPS; i++) {
    gboolean worked = self->store != NULL && fyr_store_step (self->store);

    worked = g_main_context_iteration (self->machine.context, FALSE) || worked;
    if (!worked) {
      return;
    }
  }
  fyr_sim_violation (self->world->model, "%s does not come to rest when killed", self->machine.name);
}

GAsyncResult *
fyr_sim_client_finish (FyrSimClient *self, GAsyncResult **slot)
{
  for (guint i = 0; *slot == NULL && i < DRAIN_STEPS; i++) {
    fyr_sim_enter (&self->machine);
    if (self->store != NULL) {
      fyr_store_step (self->store);
    }
    g_main_context_iteration (self->machine.context, FALSE);
    fyr_sim_leave ();
  }
  return g_steal_pointer (slot);
}

static void
reopen_later (gpointer data)
{
  FyrSimClient *self = data;

  self->opening = FALSE;
  if (!self->up && !self->world->ending && self->taking_part) {
    fyr_sim_client_open (self);
  }
}

static void
open_later (FyrSimClient *self)
{
  if (!self->opening && !self->world->ending) {
    self->opening = TRUE;
    fyr_sim_after (MAX (self->world->closed_until - fyr_sim_now (), 0) + 500 + fyr_sim_draw (5000),
                   reopen_later, self);
  }
}

/* While it is opened the store is nobody's yet, but its first job waits on it. */
static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static FyrStore *
open_store (FyrSimClient *self, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrStore) opening = NULL;

  fyr_sim_enter (&self->machine);
  opening = fyr_store_open_stepwise (self->path, on_opened, &slot);
  for (guint i = 0; slot == NULL && i < DRAIN_STEPS; i++) {
    fyr_store_step (opening);
    g_main_context_iteration (self->machine.context, FALSE);
  }
  result = slot;
  fyr_sim_leave ();
  return fyr_store_open_finish (result, error);
}

void
fyr_sim_client_open (FyrSimClient *self)
{
  g_autoptr (GError) error = NULL;

  if (self->up) {
    return;
  }
  self->store = open_store (self, &error);
  if (self->store == NULL) {
    fyr_sim_trace ("%s does not open: %s", self->machine.name, error->message);
    fyr_sim_enter (&self->machine);
    drain (self);
    fyr_sim_leave ();
    if (!fyr_sim_disk_is_dead (self->machine.disk) && !fyr_sim_disk_disarm (self->machine.disk)) {
      fyr_sim_violation (self->world->model, "%s: the database does not open: %s", self->machine.name,
                         error->message);
    }
    fyr_sim_disk_restart (self->machine.disk, NULL);
    open_later (self);
    return;
  }
  fyr_sim_enter (&self->machine);
  self->transport = fyr_sim_transport_new (self);
  self->engine = fyr_sync_engine_new (self->store, FYR_SYNC_TRANSPORT (self->transport));
  fyr_sync_engine_set_clock (self->engine, engine_clock, self);
  fyr_sim_leave ();
  self->up = TRUE;
  self->life++;
  self->signing_in = FALSE;
  fyr_sim_trace ("%s opens", self->machine.name);
  fyr_sim_client_sign_in (self);
}

void
fyr_sim_client_kill (FyrSimClient *self, gboolean power)
{
  if (!self->up) {
    return;
  }
  fyr_sim_trace ("%s ends, power %d", self->machine.name, power);
  self->up = FALSE;
  self->dying = TRUE;
  fyr_sim_disk_kill (self->machine.disk);
  fyr_sim_enter (&self->machine);
  fyr_sim_transport_forget (self->transport);
  g_object_run_dispose (G_OBJECT (self->engine));
  drain (self);
  g_clear_object (&self->engine);
  g_clear_object (&self->transport);
  drain (self);
  g_clear_object (&self->store);
  while (g_main_context_iteration (self->machine.context, FALSE)) {
  }
  fyr_sim_leave ();
  self->dying = FALSE;
  fyr_sim_disk_restart (self->machine.disk, power ? fyr_sim_random () : NULL);
  open_later (self);
}

typedef struct {
  FyrSimClient *client;
  guint life;
} SignIn;

static void
on_signed_in (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree SignIn *sign_in = data;
  FyrSimClient *self = sign_in->client;
  g_autoptr (GError) error = NULL;
  FyrSignInResult how = fyr_sync_engine_sign_in_finish (FYR_SYNC_ENGINE (source), result, &error);

  if (self->life != sign_in->life || self->dying) {
    return;
  }
  self->signing_in = FALSE;
  fyr_sim_trace ("%s signs in: %d %s", self->machine.name, (int)how, error != NULL ? error->message : "");
}

void
fyr_sim_client_sign_in (FyrSimClient *self)
{
  FyrSyncState state;
  SignIn *sign_in;

  if (!self->up || self->signing_in || self->world->ending) {
    return;
  }
  state = fyr_sync_engine_get_state (self->engine);
  if (state != FYR_SYNC_STATE_SIGNED_OUT && state != FYR_SYNC_STATE_LOCKED) {
    return;
  }
  sign_in = g_new0 (SignIn, 1);
  sign_in->client = self;
  sign_in->life = self->life;
  self->signing_in = TRUE;
  fyr_sim_enter (&self->machine);
  fyr_sync_engine_sign_in_async (self->engine, self->user_name, FYR_SIM_PASSWORD, NULL, on_signed_in,
                                 sign_in);
  fyr_sim_leave ();
}
