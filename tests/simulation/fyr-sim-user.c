/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people do at the workstations: look at a record, change it, save, take it back, decide about conflicts. What
 * they are told is saved goes into the model.
 */
#include <string.h>

#include "fyr-canonical-json.h"
#include "fyr-mutation-private.h"
#include "fyr-sim-world.h"
#include "fyr-uuid.h"

typedef struct {
  FyrSimClient *client;
  guint life;
  GPtrArray *mutations;
  gint64 key;
} Deed;

typedef FyrMutation *(*ChangeFunc) (FyrSimClient *client, FyrRecord *record);

typedef struct {
  FyrSimClient *client;
  guint life;
  ChangeFunc change;
} Look;

static Deed *
deed_new (FyrSimClient *client)
{
  Deed *deed = g_new0 (Deed, 1);

  deed->client = client;
  deed->life = client->life;
  deed->mutations = g_ptr_array_new_with_free_func (g_object_unref);
  return deed;
}

static void
deed_free (Deed *deed)
{
  g_ptr_array_unref (deed->mutations);
  g_free (deed);
}

static char *
member_text (JsonObject *object, const char *name)
{
  GString *text = g_string_new (NULL);

  fyr_canonical_json_append (text, json_object_get_member (object, name), NULL);
  return g_string_free (text, FALSE);
}

static FyrSimSave *
save_from (FyrSimClient *client, FyrMutation *mutation)
{
  FyrSimSave *save = fyr_sim_save_new (client->index, mutation->info, mutation->record_id, mutation->command);
  g_autoptr (GList) names = NULL;

  g_strlcpy (save->event_id, mutation->event_id, sizeof save->event_id);
  if (mutation->event_id[0] == '\0' && mutation->fields != NULL) {
    names = json_object_get_members (mutation->fields);
  }
  for (GList *name = names; name != NULL; name = name->next) {
    g_hash_table_insert (save->values, g_strdup (name->data), member_text (mutation->fields, name->data));
  }
  return save;
}

static void
allow (FyrSimClient *client, FyrMutation *mutation)
{
  FyrSimSave *save = save_from (client, mutation);
  GHashTableIter iter;
  gpointer field, value;

  g_hash_table_iter_init (&iter, save->values);
  while (g_hash_table_iter_next (&iter, &field, &value)) {
    fyr_sim_model_allow (client->world->model, save->id, field, value);
  }
  fyr_sim_save_free (save);
}

static void
save_all (Deed *deed);

/* She takes it back. */
static void
take_back (FyrSimClient *client, FyrSaveReceipt *receipt)
{
  GPtrArray *undo = fyr_save_receipt_get_undo (receipt);
  Deed *deed;

  if (undo->len == 0 || !fyr_sim_chance (8)) {
    return;
  }
  deed = deed_new (client);
  for (guint i = 0; i < undo->len; i++) {
    g_ptr_array_add (deed->mutations, g_object_ref (undo->pdata[i]));
  }
  save_all (deed);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  Deed *deed = data;
  FyrSimClient *client = deed->client;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = fyr_store_save_finish (FYR_STORE (source), result, &error);

  if (fyr_sim_client_is_over (client, deed->life) || receipt == NULL) {
    if (receipt == NULL && !fyr_sim_client_is_over (client, deed->life)) {
      fyr_sim_trace ("%s not saved: %s", client->machine.name, error->message);
    }
    deed_free (deed);
    return;
  }
  /* A command that changes nothing has no key; then it is not known whose key is whose. */
  if (fyr_save_receipt_get_keys (receipt)->len == deed->mutations->len) {
    for (guint i = 0; i < deed->mutations->len; i++) {
      FyrSimSave *save = save_from (client, deed->mutations->pdata[i]);

      save->key = g_array_index (fyr_save_receipt_get_keys (receipt), gint64, i);
      fyr_sim_trace ("%s saved %s %s %s as %" G_GINT64_FORMAT, client->machine.name, save->command,
                     save->info->kind, save->id, save->key);
      fyr_sim_model_saved (client->world->model, save);
      client->world->saves++;
    }
  }
  take_back (client, receipt);
  deed_free (deed);
}

static void
save_all (Deed *deed)
{
  for (guint i = 0; i < deed->mutations->len; i++) {
    allow (deed->client, deed->mutations->pdata[i]);
  }
  fyr_sim_enter (&deed->client->machine);
  fyr_store_save_async (deed->client->store, deed->mutations, NULL, on_saved, deed);
  fyr_sim_leave ();
}

/* Takes @mutation; @more: (nullable): saved with it, all or none. */
static void
save (FyrSimClient *client, FyrMutation *mutation, FyrMutation *more)
{
  Deed *deed;

  if (mutation == NULL) {
    return;
  }
  deed = deed_new (client);
  g_ptr_array_add (deed->mutations, mutation);
  if (more != NULL) {
    g_ptr_array_add (deed->mutations, more);
  }
  save_all (deed);
}

static void
on_seen (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Look *look = data;
  g_autoptr (FyrRecord) record = fyr_store_get_record_finish (FYR_STORE (source), result, NULL);

  if (record != NULL && !fyr_sim_client_is_over (look->client, look->life)) {
    fyr_sim_enter (&look->client->machine);
    save (look->client, look->change (look->client, record), NULL);
    fyr_sim_leave ();
  }
}

static Look *
look_new (FyrSimClient *client, ChangeFunc change)
{
  Look *look = g_new0 (Look, 1);

  look->client = client;
  look->life = client->life;
  look->change = change;
  return look;
}

static void
look_at (FyrSimClient *client, const FyrRecordInfo *info, const char *id, ChangeFunc change)
{
  fyr_store_get_record_async (client->store, info->kind, id, NULL, on_seen, look_new (client, change));
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Look *look = data;
  g_autoptr (GPtrArray) records = fyr_store_list_records_finish (FYR_STORE (source), result, NULL);

  if (records != NULL && records->len > 0 && !fyr_sim_client_is_over (look->client, look->life)) {
    fyr_sim_enter (&look->client->machine);
    save (look->client, look->change (look->client, records->pdata[fyr_sim_draw (records->len)]), NULL);
    fyr_sim_leave ();
  }
}

static void
look_for (FyrSimClient *client, const FyrRecordInfo *info, ChangeFunc change)
{
  fyr_store_list_records_async (client->store, info->kind, NULL, NULL, NULL, on_listed,
                                look_new (client, change));
}

static const char *
draw_patient (FyrSimClient *client)
{
  return client->world->patients[fyr_sim_draw (FYR_SIM_PATIENTS)];
}

static char *
fresh_text (FyrSimClient *client)
{
  return g_strdup_printf ("%u", 10000 + client->world->serial++);
}

static FyrRecord *
new_record (const FyrRecordInfo *info)
{
  FyrRecord *record = fyr_record_new (info);
  char id[FYR_UUID_TEXT_SIZE];

  fyr_uuid_v7_new (g_get_real_time () / 1000, id);
  fyr_record_set_id (record, id);
  return record;
}

static FyrMutation *
make_note (FyrSimClient *client)
{
  g_autoptr (FyrRecord) note = new_record (&fyr_note_info);
  g_autofree char *text = fresh_text (client);

  fyr_note_set_patient_id (FYR_NOTE (note), draw_patient (client));
  fyr_note_set_author_id (FYR_NOTE (note), client->user_id);
  fyr_note_set_time (FYR_NOTE (note), g_get_real_time () / 1000);
  fyr_note_set_text (FYR_NOTE (note), text);
  return fyr_mutation_new_create (note, client->user_id);
}

static FyrMutation *
make_relative (FyrSimClient *client)
{
  g_autoptr (FyrRecord) relative = new_record (&fyr_related_person_info);
  g_autofree char *text = fresh_text (client);

  fyr_related_person_set_patient_id (FYR_RELATED_PERSON (relative), draw_patient (client));
  fyr_related_person_set_name (FYR_RELATED_PERSON (relative), text);
  fyr_related_person_set_telephone (FYR_RELATED_PERSON (relative), text);
  return fyr_mutation_new_create (relative, client->user_id);
}

static FyrMutation *
make_patient (FyrSimClient *client)
{
  g_autoptr (FyrRecord) patient = new_record (&fyr_patient_info);
  g_autofree char *text = fresh_text (client);

  fyr_patient_set_centre_id (FYR_PATIENT (patient), client->centre_id);
  fyr_patient_set_family_name (FYR_PATIENT (patient), text);
  fyr_patient_set_given_name (FYR_PATIENT (patient), "Ny");
  fyr_patient_set_status (FYR_PATIENT (patient), FYR_PATIENT_STATUS_PLANNED);
  return fyr_mutation_new_create (patient, client->user_id);
}

static FyrMutation *
make_limit (FyrSimClient *client)
{
  g_autoptr (FyrRecord) limit = new_record (&fyr_limit_info);
  g_autofree char *text = fresh_text (client);

  fyr_limit_set_patient_id (FYR_LIMIT (limit), draw_patient (client));
  fyr_limit_set_kind (FYR_LIMIT (limit), FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_limit_set_red_low (FYR_LIMIT (limit), 80 + fyr_sim_draw (8));
  fyr_limit_set_yellow_low (FYR_LIMIT (limit), 89 + fyr_sim_draw (6));
  fyr_limit_set_valid_from (FYR_LIMIT (limit), g_get_real_time () / 1000);
  fyr_limit_set_reason (FYR_LIMIT (limit), text);
  return fyr_mutation_new_create (limit, client->user_id);
}

static FyrMutation *
make_measurement (FyrSimClient *client)
{
  g_autoptr (FyrRecord) measurement = new_record (&fyr_measurement_info);

  fyr_measurement_set_patient_id (FYR_MEASUREMENT (measurement), draw_patient (client));
  fyr_measurement_set_kind (FYR_MEASUREMENT (measurement), FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_measurement_set_effective_time (FYR_MEASUREMENT (measurement), g_get_real_time () / 1000);
  fyr_measurement_set_value (FYR_MEASUREMENT (measurement), 82 + fyr_sim_draw (18));
  fyr_measurement_set_source (FYR_MEASUREMENT (measurement), FYR_MEASUREMENT_SOURCE_MANUAL);
  return fyr_mutation_new_create (measurement, client->user_id);
}

static FyrMutation *
change_text_fields (FyrSimClient *client, FyrRecord *record, const guint *fields, guint n)
{
  g_autoptr (FyrRecord) after = fyr_record_copy (record);
  guint times = 1 + fyr_sim_draw (2);

  for (guint i = 0; i < times; i++) {
    g_autofree char *text = fresh_text (client);

    fyr_record_set_string (after, fields[fyr_sim_draw (n)], text);
  }
  return fyr_mutation_new_update (record, after, client->user_id);
}

static FyrMutation *
change_patient (FyrSimClient *client, FyrRecord *record)
{
  static const guint fields[] = { FYR_PATIENT_TELEPHONE, FYR_PATIENT_TELEPHONE, FYR_PATIENT_FAMILY_NAME,
                                  FYR_PATIENT_CITY, FYR_PATIENT_ADDRESS };

  return change_text_fields (client, record, fields, G_N_ELEMENTS (fields));
}

/* A record is opened, and that is logged, before anything is changed in it. */
static void
on_shown (FyrSimClient *client, const char *patient_id)
{
  fyr_sim_enter (&client->machine);
  look_at (client, &fyr_patient_info, patient_id, change_patient);
  fyr_sim_leave ();
}

static FyrMutation *
delete_patient (FyrSimClient *client, FyrRecord *record)
{
  return fyr_mutation_new_delete (record, client->user_id);
}

static FyrMutation *
change_relative (FyrSimClient *client, FyrRecord *record)
{
  static const guint fields[] = { FYR_RELATED_PERSON_TELEPHONE, FYR_RELATED_PERSON_NAME };

  if (fyr_sim_chance (25)) {
    return fyr_mutation_new_delete (record, client->user_id);
  }
  return change_text_fields (client, record, fields, G_N_ELEMENTS (fields));
}

static FyrMutation *
change_limit (FyrSimClient *client, FyrRecord *record)
{
  static const guint fields[] = { FYR_LIMIT_REASON };

  return change_text_fields (client, record, fields, G_N_ELEMENTS (fields));
}

static FyrMutation *
change_alert (FyrSimClient *client, FyrRecord *record)
{
  static const FyrAlertAction actions[] = { FYR_ALERT_ACTION_TAKE,    FYR_ALERT_ACTION_TAKE,
                                            FYR_ALERT_ACTION_RELEASE, FYR_ALERT_ACTION_CLOSE,
                                            FYR_ALERT_ACTION_CLOSE,   FYR_ALERT_ACTION_REOPEN,
                                            FYR_ALERT_ACTION_NOTE };
  FyrAlertAction action = actions[fyr_sim_draw (G_N_ELEMENTS (actions))];

  return fyr_mutation_new_alert_command (FYR_ALERT (record), action,
                                         action == FYR_ALERT_ACTION_CLOSE ? FYR_ALERT_OUTCOME_NO_ACTION
                                                                          : FYR_ALERT_OUTCOME_UNSET,
                                         "Sett", client->user_id);
}

static void
on_settled (GObject *source, GAsyncResult *result, gpointer data)
{
  Deed *deed = data;
  FyrSimClient *client = deed->client;
  gboolean again = deed->mutations->len > 0;
  g_autoptr (GError) error = NULL;
  gboolean done = again ? fyr_store_retry_finish (FYR_STORE (source), result, &error)
                        : fyr_store_discard_finish (FYR_STORE (source), result, &error);
  FyrSimSave *save = fyr_sim_model_find_save (client->world->model, client->index, deed->key);

  /* Whoever was killed meanwhile may have done it all the same. */
  if (save != NULL && (done || fyr_sim_client_is_over (client, deed->life))) {
    save->settled = TRUE;
  } else if (save != NULL && g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_IO)) {
    save->doubtful = deed->life;
  }
  deed_free (deed);
}

static void
settle (FyrSimClient *client, FyrOutboxEntry *entry, gboolean again)
{
  Deed *deed = deed_new (client);

  deed->key = fyr_outbox_entry_get_key (entry);
  fyr_sim_trace ("%s settles %s %" G_GINT64_FORMAT ", again %d", client->machine.name,
                 fyr_outbox_entry_get_command (entry), deed->key, again);
  fyr_sim_enter (&client->machine);
  if (again) {
    FyrMutation *mutation = fyr_mutation_parse (fyr_outbox_entry_get_payload (entry),
                                                fyr_outbox_entry_get_author_id (entry), NULL);

    g_ptr_array_add (deed->mutations, mutation);
    allow (client, mutation);
    fyr_store_retry_async (client->store, deed->key, NULL, on_settled, deed);
  } else {
    fyr_store_discard_async (client->store, deed->key, NULL, on_settled, deed);
  }
  fyr_sim_leave ();
}

static void
on_outbox (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Look *look = data;
  g_autoptr (GPtrArray) entries = fyr_store_list_outbox_finish (FYR_STORE (source), result, NULL);

  if (entries != NULL && entries->len > 0 && !fyr_sim_client_is_over (look->client, look->life)) {
    settle (look->client, entries->pdata[fyr_sim_draw (entries->len)], fyr_sim_chance (50));
  }
}

#define OPEN_STATES (1U << FYR_OUTBOX_CONFLICT | 1U << FYR_OUTBOX_REFUSED | 1U << FYR_OUTBOX_HELD)

typedef struct {
  guint chance;
  FyrMutation *(*make) (FyrSimClient *client);
} New;

static const New news[] = {
  { 22, make_note }, { 8, make_relative }, { 4, make_patient }, { 5, make_limit }, { 5, make_measurement },
};

static void
act_on_record (FyrSimClient *client)
{
  guint what = fyr_sim_draw (56);

  if (what < 24) {
    fyr_sim_display (client, draw_patient (client), on_shown);
  } else if (what < 34) {
    look_for (client, &fyr_related_person_info, change_relative);
  } else if (what < 50) {
    look_for (client, &fyr_alert_info, change_alert);
  } else if (what < 52) {
    look_for (client, &fyr_limit_info, change_limit);
  } else if (what < 53) {
    look_for (client, &fyr_patient_info, delete_patient);
  } else {
    fyr_store_list_outbox_async (client->store, OPEN_STATES, 0, NULL, on_outbox, look_new (client, NULL));
  }
}

void
fyr_sim_user_act (FyrSimClient *self)
{
  guint what = fyr_sim_draw (100);

  if (!self->up) {
    return;
  }
  fyr_sim_client_sign_in (self);
  fyr_sim_enter (&self->machine);
  for (guint i = 0; i < G_N_ELEMENTS (news); i++) {
    if (what < news[i].chance) {
      save (self, news[i].make (self), fyr_sim_chance (15) ? make_note (self) : NULL);
      fyr_sim_leave ();
      return;
    }
    what -= news[i].chance;
  }
  act_on_record (self);
  fyr_sim_leave ();
}

guint
fyr_sim_user_settle (FyrSimClient *self)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  if (!self->up) {
    return 0;
  }
  fyr_sim_enter (&self->machine);
  fyr_store_list_outbox_async (self->store, OPEN_STATES, 0, NULL, fyr_sim_got, &slot);
  fyr_sim_leave ();
  result = fyr_sim_client_finish (self, &slot);
  entries = fyr_store_list_outbox_finish (self->store, result, NULL);
  for (guint i = 0; entries != NULL && i < entries->len; i++) {
    settle (self, entries->pdata[i], FALSE);
  }
  return entries != NULL ? entries->len : 0;
}
