/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The verdict, once all is quiet: what was told to be saved is there once, all show the same, nobody shows what is not
 * hers to see, nothing is stuck, feeds are dense.
 */
#include <string.h>

#include "fyr-access-table.h"
#include "fyr-outbox-private.h"
#include "fyr-record-table.h"
#include "fyr-sim-world.h"
#include "fyr-sync-engine-private.h"

#define LOOK_EVERY 500
#define PULLED_BY_THEN 65000

void
fyr_sim_world_heal (FyrSimWorld *self)
{
  self->calm = TRUE;
  self->closed_until = 0;
  fyr_sim_trace ("heal");
  fyr_sim_disk_disarm (self->server.machine.disk);
  for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
    FyrSimClient *client = &self->clients[i];

    client->weather = (FyrSimWeather){ .delay = 20 };
    fyr_sim_disk_disarm (client->machine.disk);
    if (client->taking_part && !client->up) {
      fyr_sim_client_open (client);
    }
  }
  fyr_sim_let_all_in (self);
}

/* How much waits for the network; what is held waits for a person. */
static guint
count_unsent (FyrSimClient *client)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) list = NULL;

  fyr_sim_enter (&client->machine);
  fyr_store_list_outbox_async (client->store, 1U << FYR_OUTBOX_WAITING | 1U << FYR_OUTBOX_SENT, 0, NULL,
                               fyr_sim_got, &slot);
  fyr_sim_leave ();
  result = fyr_sim_client_finish (client, &slot);
  list = fyr_store_list_outbox_finish (client->store, result, NULL);
  return list != NULL ? list->len : 1;
}

gboolean
fyr_sim_client_has_sent (FyrSimClient *client)
{
  return fyr_sync_engine_get_waiting (client->engine) == 0 || count_unsent (client) == 0;
}

static gboolean
is_client_quiet (FyrSimClient *client)
{
  if (!client->up) {
    return FALSE;
  }
  fyr_sim_client_sign_in (client);
  return fyr_sync_engine_is_online (client->engine) && !fyr_sync_engine_is_behind (client->engine) &&
         fyr_sim_client_has_sent (client);
}

gboolean
fyr_sim_world_quiet (FyrSimWorld *self, gint64 limit)
{
  gint64 begin = fyr_sim_now ();
  gboolean quiet = FALSE;

  while (!quiet && fyr_sim_now () < begin + limit && fyr_sim_model_get_violation (self->model) == NULL) {
    fyr_sim_run (LOOK_EVERY);
    quiet = self->server.up && fyr_sim_now () >= begin + PULLED_BY_THEN;
    for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
      if (self->clients[i].taking_part) {
        quiet = is_client_quiet (&self->clients[i]) && quiet;
      }
    }
  }
  return quiet;
}

typedef struct {
  FyrRole role;
  char centre_id[37];
  char gp_id[37];
} Role;

/* What a user is, by the server's tables and clock. */
static GArray *
load_roles (FyrSimWorld *self, const char *user_id)
{
  GArray *roles = g_array_new (FALSE, TRUE, sizeof (Role));
  g_autoptr (GPtrArray) memberships = fyr_record_table_list (self->server.reader, &fyr_membership_info,
                                                             FYR_MEMBERSHIP_USER_ID, user_id, NULL, NULL);
  gint64 now = g_get_real_time () / 1000;

  for (guint i = 0; i < memberships->len; i++) {
    FyrMembership *membership = g_ptr_array_index (memberships, i);
    Role role = { .role = fyr_membership_get_role (membership) };

    if (fyr_membership_has_valid_to (membership) && fyr_membership_get_valid_to (membership) <= now) {
      continue;
    }
    g_strlcpy (role.centre_id, fyr_membership_get_centre_id (membership), 37);
    g_strlcpy (role.gp_id,
               fyr_membership_get_gp_id (membership) != NULL ? fyr_membership_get_gp_id (membership) : "",
               37);
    g_array_append_val (roles, role);
  }
  return roles;
}

static GHashTable *
load_blocked (FyrSimWorld *self, const char *user_id)
{
  GHashTable *blocked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (self->server.reader, "SELECT patient FROM patient_block WHERE user = ?1", NULL);

  fyr_statement_bind_id (select, 1, user_id);
  while (fyr_statement_step (select, NULL) == FYR_STEP_ROW) {
    g_hash_table_add (blocked, g_strdup (fyr_statement_get_id (select, 0)));
  }
  return blocked;
}

typedef struct {
  FyrSimWorld *world;
  GArray *roles;
  GHashTable *blocked;
  GHashTable *patients; /* id → FyrRecord */
} Eyes;

static Eyes
open_eyes (FyrSimWorld *self, const char *user_id)
{
  Eyes eyes = { self, load_roles (self, user_id), load_blocked (self, user_id), NULL };
  g_autoptr (GPtrArray) patients =
      fyr_record_table_list (self->server.reader, &fyr_patient_info, -1, NULL, NULL, NULL);

  eyes.patients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  for (guint i = 0; i < patients->len; i++) {
    g_hash_table_insert (eyes.patients, g_strdup (fyr_record_get_id (patients->pdata[i])),
                         g_object_ref (patients->pdata[i]));
  }
  return eyes;
}

static void
close_eyes (Eyes *eyes)
{
  g_array_unref (eyes->roles);
  g_hash_table_unref (eyes->blocked);
  g_hash_table_unref (eyes->patients);
}

static gboolean
role_sees (const Role *role, FyrRecord *record, FyrRecord *patient)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  const char *centre_id = NULL;

  if (!fyr_role_may_read (role->role, info)) {
    return FALSE;
  }
  if (info->scope_by == FYR_SCOPE_BY_GLOBAL) {
    return TRUE;
  }
  centre_id = patient != NULL ? fyr_patient_get_centre_id (FYR_PATIENT (patient))
                              : fyr_record_get_string (record, (guint)info->centre_field);
  if (g_strcmp0 (centre_id, role->centre_id) != 0) {
    return FALSE;
  }
  if (role->role == FYR_ROLE_GP && patient != NULL) {
    return g_strcmp0 (fyr_patient_get_gp_id (FYR_PATIENT (patient)), role->gp_id) == 0;
  }
  return fyr_role_has_scope (role->role, info->scope);
}

/* By hand and from the tables: nothing of the product's own decisions but the table of who reads what. */
static gboolean
sees (Eyes *eyes, FyrRecord *record)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  const char *patient_id = NULL;
  FyrRecord *patient = NULL;

  if (info == &fyr_patient_info) {
    patient_id = fyr_record_get_id (record);
  } else if (info->scope_by == FYR_SCOPE_BY_PATIENT) {
    patient_id = fyr_record_get_string (record, (guint)info->patient_field);
  }
  if (patient_id != NULL) {
    patient = g_hash_table_lookup (eyes->patients, patient_id);
    if (patient == NULL || g_hash_table_contains (eyes->blocked, patient_id)) {
      return FALSE;
    }
  }
  for (guint i = 0; i < eyes->roles->len; i++) {
    if (role_sees (&g_array_index (eyes->roles, Role, i), record, patient)) {
      return TRUE;
    }
  }
  return FALSE;
}

static GPtrArray *
list_shown (FyrSimClient *client, const FyrRecordInfo *info)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fyr_sim_enter (&client->machine);
  fyr_store_list_records_async (client->store, info->kind, NULL, NULL, NULL, fyr_sim_got, &slot);
  fyr_sim_leave ();
  result = fyr_sim_client_finish (client, &slot);
  return fyr_store_list_records_finish (client->store, result, NULL);
}

static gboolean
is_kind_same (FyrSimClient *client, Eyes *eyes, const FyrRecordInfo *info, char **why)
{
  g_autoptr (GPtrArray) shown = list_shown (client, info);
  g_autoptr (GPtrArray) all =
      fyr_record_table_list (client->world->server.reader, info, -1, NULL, NULL, NULL);
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; shown != NULL && i < shown->len; i++) {
    g_hash_table_insert (by_id, (char *)fyr_record_get_id (shown->pdata[i]), shown->pdata[i]);
  }
  for (guint i = 0; i < all->len; i++) {
    FyrRecord *record = all->pdata[i];
    FyrRecord *here = g_hash_table_lookup (by_id, fyr_record_get_id (record));
    gboolean seen = sees (eyes, record);

    g_hash_table_remove (by_id, fyr_record_get_id (record));
    if (seen != (here != NULL)) {
      *why = g_strdup_printf ("%s: %s %s %s", client->machine.name, info->kind, fyr_record_get_id (record),
                              seen ? "is missing" : "is outside of every grant");
      return FALSE;
    }
    if (here != NULL && (fyr_record_get_version (here) != fyr_record_get_version (record) ||
                         (client->role == FYR_ROLE_NURSE && !fyr_record_equal (here, record)))) {
      *why = g_strdup_printf ("%s: %s %s is version %" G_GINT64_FORMAT " here, %" G_GINT64_FORMAT
                              " on the server, or other in content",
                              client->machine.name, info->kind, fyr_record_get_id (record),
                              fyr_record_get_version (here), fyr_record_get_version (record));
      return FALSE;
    }
  }
  if (g_hash_table_size (by_id) > 0) {
    GHashTableIter iter;
    gpointer id;

    g_hash_table_iter_init (&iter, by_id);
    g_hash_table_iter_next (&iter, &id, NULL);
    *why = g_strdup_printf ("%s: %s %s is not on the server", client->machine.name, info->kind, (char *)id);
    return FALSE;
  }
  return TRUE;
}

gboolean
fyr_sim_world_is_same (FyrSimWorld *self, FyrSimClient *client, char **why)
{
  gboolean same = TRUE;
  Eyes eyes;

  fyr_sim_enter (&self->server.machine);
  eyes = open_eyes (self, client->user_id);
  for (guint i = 0; i < fyr_n_record_infos && same; i++) {
    same = is_kind_same (client, &eyes, fyr_record_infos[i], why);
  }
  close_eyes (&eyes);
  fyr_sim_leave ();
  return same;
}

static gint64
ask (FyrSimWorld *self, const char *sql)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (self->server.reader, sql, NULL);

  g_assert_nonnull (select);
  return fyr_statement_step (select, NULL) == FYR_STEP_ROW ? fyr_statement_get_int (select, 0) : -1;
}

static void
check_feeds (FyrSimWorld *self)
{
  gint64 gaps =
      ask (self, "SELECT count (*) FROM scope s WHERE s.head <> (SELECT count (*) FROM feed f"
                 " WHERE f.scope = s.id) OR (SELECT max (seq) FROM feed f WHERE f.scope = s.id) <> s.head"
                 " OR (SELECT min (seq) FROM feed f WHERE f.scope = s.id) <> 1");

  if (gaps != 0) {
    fyr_sim_violation (self->model, "%" G_GINT64_FORMAT " feeds are not dense", gaps);
  }
}

static GHashTable *
load_outbox (FyrSimClient *client)
{
  GHashTable *entries = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) list = NULL;

  fyr_sim_enter (&client->machine);
  fyr_store_list_outbox_async (client->store, G_MAXUINT, 100000, NULL, fyr_sim_got, &slot);
  fyr_sim_leave ();
  result = fyr_sim_client_finish (client, &slot);
  list = fyr_store_list_outbox_finish (client->store, result, NULL);
  for (guint i = 0; list != NULL && i < list->len; i++) {
    gint64 key = fyr_outbox_entry_get_key (list->pdata[i]);

    g_hash_table_insert (entries, g_memdup2 (&key, sizeof key), g_object_ref (list->pdata[i]));
  }
  return entries;
}

static void
check_save (FyrSimWorld *self, FyrSimClient *client, FyrSimSave *save, FyrOutboxEntry *entry)
{
  gboolean applied = fyr_sim_model_was_applied (self->model, save);

  if (entry == NULL) {
    /* What is over may be forgotten after a time. */
    if (!applied && !save->settled) {
      fyr_sim_violation (self->model, "%s: %s %s %s (%" G_GINT64_FORMAT ") was acknowledged and is nowhere",
                         client->machine.name, save->command, save->info->kind, save->id, save->key);
    }
    return;
  }
  switch (fyr_outbox_entry_get_state (entry)) {
  case FYR_OUTBOX_DELIVERED:
    if (!applied) {
      fyr_sim_violation (self->model,
                         "%s: %s %s %s (%" G_GINT64_FORMAT ") is called delivered and is not there",
                         client->machine.name, save->command, save->info->kind, save->id, save->key);
    }
    break;
  case FYR_OUTBOX_DISCARDED:
    /* What builds on given-up work is saved again by itself. */
    if (!save->settled && (save->doubtful == 0 || save->doubtful == client->life) &&
        fyr_outbox_entry_get_depends_on (entry) == 0) {
      fyr_sim_violation (self->model, "%s: %s %s %s (%" G_GINT64_FORMAT ") was given up by nobody",
                         client->machine.name, save->command, save->info->kind, save->id, save->key);
    }
    break;
  case FYR_OUTBOX_WAITING:
  case FYR_OUTBOX_SENT:
  case FYR_OUTBOX_HELD:
    fyr_sim_violation (self->model, "%s: %s %s %s (%" G_GINT64_FORMAT ") is stuck", client->machine.name,
                       save->command, save->info->kind, save->id, save->key);
    break;
  case FYR_OUTBOX_CONFLICT:
  case FYR_OUTBOX_REFUSED:
  default:
    break;
  }
}

static void
check_saves (FyrSimWorld *self, FyrSimClient *client)
{
  GPtrArray *saves = fyr_sim_model_get_saves (self->model);
  g_autoptr (GHashTable) entries = load_outbox (client);

  for (guint i = 0; i < saves->len; i++) {
    FyrSimSave *save = g_ptr_array_index (saves, i);

    if (save->client == client->index && !save->excused) {
      check_save (self, client, save, g_hash_table_lookup (entries, &save->key));
    }
  }
}

void
fyr_sim_world_check (FyrSimWorld *self)
{
  check_feeds (self);
  fyr_sim_displays_check (self);
  fyr_sim_model_check_versions (self->model, fyr_sim_server_version, self);
  for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
    FyrSimClient *client = &self->clients[i];
    g_autofree char *why = NULL;

    if (!client->taking_part) {
      continue;
    }
    check_saves (self, client);
    if (!fyr_sim_world_is_same (self, client, &why)) {
      fyr_sim_violation (self->model, "%s", why);
    }
  }
}
