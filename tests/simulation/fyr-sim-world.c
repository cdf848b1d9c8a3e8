/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every world begins with, made once and copied for each seed: a server with two centres, patients, limits and
 * alerts, and empty workstations.
 */
#include "fyr-sim-world.h"

#include <glib/gstdio.h>
#include <string.h>

#include "fyr-apply.h"
#include "fyr-store-private.h"
#include "fyr-uuid.h"

#define MADE_AT G_GINT64_CONSTANT (1767225600000) /* 2026-01-01 */
#define HOUR G_GINT64_CONSTANT (3600000)

const char *const fyr_sim_kind_names[FYR_SIM_N_KINDS] = {
  "request lost",     "reply lost",         "request doubled",  "old push replayed", "network cut",
  "cut one way",      "half-open",          "socket refused",   "told busy",         "client killed",
  "client power cut", "client disk failed", "server killed",    "server power cut",  "server disk failed",
  "server restored",  "client copied",      "client set back",  "clock moved",       "access changed",
  "session ended",    "shut out or let in", "emergency access",
};

const char *const fyr_sim_defect_names[FYR_SIM_N_DEFECTS] = {
  "sound", "blind-write", "lying-disk", "skipped-entry", "deaf", "forgetful", "unlogged",
};

static struct {
  char *folder;
  GHashTable *server;
  GHashTable *clients[FYR_SIM_CLIENTS];
  char users[FYR_SIM_CLIENTS][37];
  char gp_user[37];
  char far_nurse[37];
  char centres[FYR_SIM_CENTRES][37];
  char gp_id[37];
  char patients[FYR_SIM_PATIENTS][37];
  char alerts[FYR_SIM_ALERTS][37];
} made;

const char *const fyr_sim_identity_numbers[FYR_SIM_PATIENTS] = {
  "01815040097", "02825040016", "03835040045", "04845040074", "05855040184", "06865040022",
};

void
fyr_sim_world_count (FyrSimWorld *self, FyrSimKind kind)
{
  self->counts[kind]++;
  fyr_sim_trace ("fault: %s", fyr_sim_kind_names[kind]);
}

static gpointer
new_record (const FyrRecordInfo *info, char id[37])
{
  FyrRecord *record = fyr_record_new (info);

  fyr_uuid_v7_new (g_get_real_time () / 1000, id);
  fyr_record_set_id (record, id);
  return record;
}

static gboolean
put (FyrWriteContext *context, gpointer record, GError **error)
{
  g_autoptr (FyrRecord) owned = record;

  return fyr_apply_put (context, owned, error);
}

static gboolean
put_user (FyrWriteContext *context,
          const char *name,
          FyrRole role,
          const char *centre,
          const char *gp,
          char id[37],
          GError **error)
{
  FyrUser *user = new_record (&fyr_user_info, id);
  char membership_id[37];
  FyrMembership *membership = new_record (&fyr_membership_info, membership_id);

  fyr_user_set_centre_id (user, centre);
  fyr_user_set_user_name (user, name);
  fyr_user_set_name (user, name);
  fyr_user_set_active (user, TRUE);
  fyr_membership_set_user_id (membership, id);
  fyr_membership_set_centre_id (membership, centre);
  fyr_membership_set_role (membership, role);
  fyr_membership_set_gp_id (membership, gp);
  return put (context, user, error) && put (context, membership, error);
}

static gboolean
put_patient (FyrWriteContext *context, guint index, GError **error)
{
  FyrPatient *patient = new_record (&fyr_patient_info, made.patients[index]);
  char id[37];
  FyrLimit *limit = new_record (&fyr_limit_info, id);
  FyrRelatedPerson *relative;

  fyr_patient_set_centre_id (patient, made.centres[index == FYR_SIM_PATIENTS - 1]);
  fyr_patient_set_family_name (patient, "Nordmann");
  fyr_patient_set_given_name (patient, index % 2 == 0 ? "Kari" : "Ola");
  fyr_patient_set_identity_number (patient, fyr_sim_identity_numbers[index]);
  fyr_patient_set_telephone (patient, "40000000");
  fyr_patient_set_status (patient, FYR_PATIENT_STATUS_ACTIVE);
  fyr_patient_set_gp_id (patient, index < 2 ? made.gp_id : NULL);
  fyr_limit_set_patient_id (limit, made.patients[index]);
  fyr_limit_set_kind (limit, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_limit_set_red_low (limit, 85);
  fyr_limit_set_yellow_low (limit, 92);
  fyr_limit_set_valid_from (limit, MADE_AT - 100 * 24 * HOUR);
  if (!put (context, patient, error) || !put (context, limit, error)) {
    return FALSE;
  }
  relative = new_record (&fyr_related_person_info, id);
  fyr_related_person_set_patient_id (relative, made.patients[index]);
  fyr_related_person_set_name (relative, "En slektning");
  return put (context, relative, error);
}

static gboolean
put_alert (FyrWriteContext *context, guint index, GError **error)
{
  FyrAlert *alert = new_record (&fyr_alert_info, made.alerts[index]);

  fyr_alert_set_patient_id (alert, made.patients[index]);
  fyr_alert_set_category (alert, FYR_ALERT_CATEGORY_RED);
  fyr_alert_set_status (alert, FYR_ALERT_STATUS_OPEN);
  fyr_alert_set_rule (alert, FYR_ALERT_RULE_BELOW_RED);
  fyr_alert_set_raised_time (alert, g_get_real_time () / 1000);
  return put (context, alert, error);
}

static gboolean
make_job (FyrWriteContext *context, gpointer data, GError **error)
{
  FyrGp *gp;

  for (guint i = 0; i < FYR_SIM_CENTRES; i++) {
    FyrCentre *centre = new_record (&fyr_centre_info, made.centres[i]);

    fyr_centre_set_name (centre, i == 0 ? "Senteret" : "Det andre senteret");
    if (!put (context, centre, error)) {
      return FALSE;
    }
  }
  gp = new_record (&fyr_gp_info, made.gp_id);
  fyr_gp_set_name (gp, "Fastlegen");
  if (!put (context, gp, error)) {
    return FALSE;
  }
  for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
    g_autofree char *name = g_strdup_printf ("nurse%u", i);

    if (!put_user (context, name, FYR_ROLE_NURSE, made.centres[0], NULL, made.users[i], error)) {
      return FALSE;
    }
  }
  if (!put_user (context, "gp", FYR_ROLE_GP, made.centres[0], made.gp_id, made.gp_user, error) ||
      !put_user (context, "far", FYR_ROLE_NURSE, made.centres[1], NULL, made.far_nurse, error)) {
    return FALSE;
  }
  for (guint i = 0; i < FYR_SIM_PATIENTS; i++) {
    if (!put_patient (context, i, error)) {
      return FALSE;
    }
  }
  for (guint i = 0; i < FYR_SIM_ALERTS; i++) {
    if (!put_alert (context, i, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static char *
server_folder (void)
{
  return g_build_filename (made.folder, "server", NULL);
}

static char *
client_folder (guint index)
{
  return g_strdup_printf ("%s/client%u", made.folder, index);
}

static void
prepare_server (void)
{
  g_autofree char *folder = server_folder ();
  FyrSimMachine machine;
  g_autoptr (FyrServerDb) db = NULL;
  g_autoptr (GError) error = NULL;

  fyr_sim_machine_init (&machine, "server", 1, folder);
  fyr_sim_enter (&machine);
  db = fyr_server_db_open (folder, FYR_SERVER_DB_CREATE, &error);
  g_assert_no_error (error);
  fyr_server_db_write (db, make_job, NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&db, fyr_server_db_unref);
  fyr_sim_leave ();
  made.server = fyr_sim_disk_copy (machine.disk);
  fyr_sim_machine_clear (&machine);
}

static void
prepare_client (guint index)
{
  g_autofree char *folder = client_folder (index);
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  FyrSimMachine machine;
  FyrStore *store, *opened;
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;

  fyr_sim_machine_init (&machine, "client", 100 + index, folder);
  fyr_sim_enter (&machine);
  store = fyr_store_open_stepwise (path, fyr_sim_got, &slot);
  while (slot == NULL) {
    fyr_store_step (store);
    g_main_context_iteration (machine.context, FALSE);
  }
  opened = fyr_store_open_finish (slot, &error);
  g_assert_no_error (error);
  g_object_unref (slot);
  g_object_unref (opened);
  g_object_unref (store);
  while (g_main_context_iteration (machine.context, FALSE)) {
  }
  fyr_sim_leave ();
  made.clients[index] = fyr_sim_disk_copy (machine.disk);
  fyr_sim_machine_clear (&machine);
}

void
fyr_sim_world_prepare (const char *folder)
{
  made.folder = g_strdup (folder);
  fyr_sim_begin (1, MADE_AT);
  prepare_server ();
  for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
    prepare_client (i);
  }
  fyr_sim_end ();
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *file = g_build_filename (path, name, NULL);

    if (g_file_test (file, G_FILE_TEST_IS_DIR)) {
      remove_folder (file);
    } else {
      g_unlink (file);
    }
  }
  g_rmdir (path);
}

void
fyr_sim_world_unprepare (void)
{
  g_clear_pointer (&made.server, g_hash_table_unref);
  for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
    g_clear_pointer (&made.clients[i], g_hash_table_unref);
  }
  remove_folder (made.folder);
  g_clear_pointer (&made.folder, g_free);
}

void
fyr_sim_world_make_gp (FyrSimWorld *self, guint index)
{
  FyrSimClient *client = &self->clients[index];

  client->role = FYR_ROLE_GP;
  g_strlcpy (client->centre_id, made.centres[0], 37);
  g_strlcpy (client->user_id, made.gp_user, 37);
  g_strlcpy (client->user_name, "gp", sizeof client->user_name);
}

/* Mostly nurses of one centre; now and then a GP, or somebody of another centre. */
static void
set_user (FyrSimClient *client)
{
  FyrSimWorld *world = client->world;
  guint who = fyr_sim_draw (12);

  client->role = FYR_ROLE_NURSE;
  g_strlcpy (client->centre_id, made.centres[0], 37);
  g_strlcpy (client->user_id, made.users[client->index], 37);
  g_snprintf (client->user_name, sizeof client->user_name, "nurse%u", client->index);
  if (client->index == 1 && who < 3) {
    fyr_sim_world_make_gp (world, client->index);
  } else if (client->index == 2 && who < 3 && world->n_clients > 2) {
    g_strlcpy (client->centre_id, made.centres[1], 37);
    g_strlcpy (client->user_id, made.far_nurse, 37);
    g_strlcpy (client->user_name, "far", sizeof client->user_name);
  }
}

static void
make_client (FyrSimWorld *self, guint index)
{
  FyrSimClient *client = &self->clients[index];
  g_autofree char *name = g_strdup_printf ("client%u", index);

  client->folder = client_folder (index);
  client->path = g_build_filename (client->folder, "store.db", NULL);
  fyr_sim_machine_init (&client->machine, name, self->seed * 31 + index + 1, client->folder);
  if (index < self->n_clients) {
    fyr_sim_disk_load (client->machine.disk, made.clients[index]);
  }
  fyr_sim_client_init (client, self, index);
  set_user (client);
  client->taking_part = index < self->n_clients;
  client->weather.delay = 20;
  fyr_sim_disk_set_honest (client->machine.disk, self->defect != FYR_SIM_LYING_DISK);
}

static gint64
draw_wall (guint32 seed)
{
  /* An ordinary day, a New Year's night, and both nights on which Norway turns its clocks. */
  static const gint64 walls[] = { 1790000000000, 1798757990000, 1774745990000, 1792889990000 };

  return walls[seed % G_N_ELEMENTS (walls)];
}

FyrSimWorld *
fyr_sim_world_new (guint32 seed, guint n_clients, FyrSimDefect defect)
{
  FyrSimWorld *self = g_new0 (FyrSimWorld, 1);

  fyr_sim_begin (seed, draw_wall (seed));
  self->seed = seed;
  self->n_clients = n_clients;
  self->defect = defect;
  self->model = fyr_sim_model_new ();
  self->displays = g_ptr_array_new_with_free_func (g_free);
  memcpy (self->centres, made.centres, sizeof self->centres);
  memcpy (self->patients, made.patients, sizeof self->patients);
  memcpy (self->alerts, made.alerts, sizeof self->alerts);
  memcpy (self->gp_id, made.gp_id, sizeof self->gp_id);
  fyr_sim_network_start (self);
  self->server.folder = server_folder ();
  fyr_sim_machine_init (&self->server.machine, "server", seed * 31, self->server.folder);
  fyr_sim_disk_load (self->server.machine.disk, made.server);
  fyr_sim_disk_set_honest (self->server.machine.disk, defect != FYR_SIM_LYING_DISK);
  fyr_sim_server_start (self);
  for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
    make_client (self, i);
  }
  return self;
}

void
fyr_sim_world_free (FyrSimWorld *self)
{
  self->ending = TRUE;
  for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
    fyr_sim_client_kill (&self->clients[i], FALSE);
  }
  while (fyr_sim_step (G_MAXINT64 - 1)) {
  }
  fyr_sim_server_kill (self, FALSE);
  while (fyr_sim_step (G_MAXINT64 - 1)) {
  }
  for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
    fyr_sim_client_clear (&self->clients[i]);
  }
  g_clear_pointer (&self->server.copy, g_hash_table_unref);
  g_free (self->server.folder);
  fyr_sim_machine_clear (&self->server.machine);
  g_ptr_array_unref (self->channels);
  g_ptr_array_unref (self->polls);
  g_ptr_array_unref (self->old_pushes);
  g_ptr_array_unref (self->displays);
  fyr_sim_model_free (self->model);
  g_free (self);
}
