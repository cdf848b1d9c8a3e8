/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-server-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "fyr-db-fixture.h"
#include "fyr-record-table.h"
#include "fyr-row-security.h"
#include "fyr-uuid.h"

void
world_id (char id[37])
{
  fyr_uuid_v7_new (g_get_real_time () / 1000, id);
}

static gboolean
put_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_apply_put (context, data, error);
}

static gboolean
put_all_job (FyrWriteContext *context, gpointer data, GError **error)
{
  GPtrArray *records = data;

  for (guint i = 0; i < records->len; i++) {
    if (!fyr_apply_put (context, g_ptr_array_index (records, i), error)) {
      return FALSE;
    }
  }
  return TRUE;
}

void
world_put (World *self, gpointer record)
{
  g_autoptr (GError) error = NULL;

  if (self->batch != NULL) {
    g_ptr_array_add (self->batch, record);
    return;
  }
  fyr_server_db_write (self->db, put_job, record, &error);
  g_assert_no_error (error);
  g_object_unref (record);
}

GError *
world_put_fails (World *self, gpointer record)
{
  GError *error = NULL;

  g_assert_false (fyr_server_db_write (self->db, put_job, record, &error));
  g_assert_nonnull (error);
  g_object_unref (record);
  return error;
}

typedef struct {
  const FyrRecordInfo *info;
  const char *id;
} Which;

static gboolean
delete_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Which *which = data;

  return fyr_apply_delete (context, which->info, which->id, error);
}

void
world_delete (World *self, const FyrRecordInfo *info, const char *id)
{
  Which which = { info, id };
  g_autoptr (GError) error = NULL;

  fyr_server_db_write (self->db, delete_job, &which, &error);
  g_assert_no_error (error);
}

FyrRecord *
world_get (World *self, const FyrRecordInfo *info, const char *id)
{
  g_autoptr (GError) error = NULL;
  FyrRecord *record = fyr_record_table_get (fyr_server_db_get_connection (self->db), info, id, &error);

  g_assert_no_error (error);
  return record;
}

gint64
world_count (World *self, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStatement) select = NULL;

  select = fyr_connection_prepare (fyr_server_db_get_connection (self->db), sql, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fyr_statement_step (select, &error), ==, FYR_STEP_ROW);
  return fyr_statement_get_int (select, 0);
}

gint64
world_head (World *self, const char *scope)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT coalesce (max (head), 0) FROM scope WHERE name = '%s'", scope);

  return world_count (self, sql);
}

void
world_check_feeds (World *self)
{
  g_assert_cmpint (world_count (self, "SELECT count (*) FROM scope s WHERE s.head <>"
                                      " (SELECT count (*) FROM feed f WHERE f.scope = s.id)"),
                   ==, 0);
  g_assert_cmpint (world_count (self, "SELECT count (*) FROM scope s WHERE"
                                      " (SELECT min (seq) FROM feed f WHERE f.scope = s.id) <> 1 OR"
                                      " (SELECT max (seq) FROM feed f WHERE f.scope = s.id) <> s.head"),
                   ==, 0);
}

void
world_user (World *self, const char *name, FyrRole role, const char *centre, const char *gp, char id[37])
{
  FyrUser *user = fyr_user_new ();
  FyrMembership *membership = fyr_membership_new ();
  char membership_id[37];

  world_id (id);
  fyr_record_set_id (FYR_RECORD (user), id);
  fyr_user_set_centre_id (user, centre);
  fyr_user_set_user_name (user, name);
  fyr_user_set_name (user, name);
  fyr_user_set_active (user, TRUE);
  world_put (self, user);
  world_id (membership_id);
  fyr_record_set_id (FYR_RECORD (membership), membership_id);
  fyr_membership_set_user_id (membership, id);
  fyr_membership_set_centre_id (membership, centre);
  fyr_membership_set_role (membership, role);
  fyr_membership_set_gp_id (membership, gp);
  world_put (self, membership);
}

FyrPatient *
world_patient (World *self, const char *id, const char *centre, const char *gp, const char *family_name)
{
  FyrPatient *patient = fyr_patient_new ();

  fyr_record_set_id (FYR_RECORD (patient), id);
  fyr_patient_set_centre_id (patient, centre);
  fyr_patient_set_family_name (patient, family_name);
  fyr_patient_set_given_name (patient, "Test");
  fyr_patient_set_address (patient, MARK_CONTACT);
  fyr_patient_set_what_matters (patient, MARK_CLINICAL);
  fyr_patient_set_zone (patient, FYR_ZONE_GREEN);
  fyr_patient_set_status (patient, FYR_PATIENT_STATUS_ACTIVE);
  fyr_patient_set_gp_id (patient, gp);
  return patient;
}

FyrNote *
world_note (World *self, const char *patient, const char *text)
{
  FyrNote *note = fyr_note_new ();
  char id[37];

  world_id (id);
  fyr_record_set_id (FYR_RECORD (note), id);
  fyr_note_set_patient_id (note, patient);
  fyr_note_set_author_id (note, self->nurse);
  fyr_note_set_time (note, self->now);
  fyr_note_set_text (note, text);
  return note;
}

FyrMeasurement *
world_measurement (World *self, const char *patient, double value)
{
  FyrMeasurement *measurement = fyr_measurement_new ();
  char id[37];

  world_id (id);
  fyr_record_set_id (FYR_RECORD (measurement), id);
  fyr_measurement_set_patient_id (measurement, patient);
  fyr_measurement_set_kind (measurement, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_measurement_set_effective_time (measurement, self->now);
  fyr_measurement_set_value (measurement, value);
  fyr_measurement_set_note (measurement, MARK_CLINICAL);
  return measurement;
}

FyrLimit *
world_limit (World *self, const char *patient, gint64 valid_from)
{
  FyrLimit *limit = fyr_limit_new ();
  char id[37];

  world_id (id);
  fyr_record_set_id (FYR_RECORD (limit), id);
  fyr_limit_set_patient_id (limit, patient);
  fyr_limit_set_kind (limit, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_limit_set_red_low (limit, 88);
  fyr_limit_set_yellow_low (limit, 92);
  fyr_limit_set_valid_from (limit, valid_from);
  fyr_limit_set_reason (limit, MARK_CLINICAL);
  return limit;
}

void
world_alert (World *self, const char *patient, char id[37])
{
  FyrAlert *alert = fyr_alert_new ();

  world_id (id);
  fyr_record_set_id (FYR_RECORD (alert), id);
  fyr_alert_set_patient_id (alert, patient);
  fyr_alert_set_category (alert, FYR_ALERT_CATEGORY_RED);
  fyr_alert_set_status (alert, FYR_ALERT_STATUS_OPEN);
  fyr_alert_set_rule (alert, FYR_ALERT_RULE_BELOW_RED);
  fyr_alert_set_kind (alert, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_alert_set_observed (alert, 85);
  fyr_alert_set_raised_time (alert, self->now);
  world_put (self, alert);
}

static void
make_centre (World *self, const char *name, char id[37])
{
  FyrCentre *centre = fyr_centre_new ();

  world_id (id);
  fyr_record_set_id (FYR_RECORD (centre), id);
  fyr_centre_set_name (centre, name);
  world_put (self, centre);
}

static void
make_gp (World *self, const char *name, char id[37])
{
  FyrGp *gp = fyr_gp_new ();

  world_id (id);
  fyr_record_set_id (FYR_RECORD (gp), id);
  fyr_gp_set_name (gp, name);
  world_put (self, gp);
}

static void
make_patients (World *self)
{
  FyrPatient *patient;

  world_id (self->one);
  patient = world_patient (self, self->one, self->centre, self->gp, "Ett");
  fyr_patient_set_identity_system (patient, "urn:oid:2.16.578.1.12.4.1.4.1");
  fyr_patient_set_identity_number (patient, MARK_IDENTITY);
  world_put (self, patient);
  world_id (self->two);
  world_put (self, world_patient (self, self->two, self->centre, NULL, "To"));
  world_id (self->far);
  patient = world_patient (self, self->far, self->far_centre, self->gp, "Fjern");
  fyr_patient_set_what_matters (patient, MARK_FAR);
  world_put (self, patient);
}

World *
world_new (void)
{
  World *self = g_new0 (World, 1);
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("fyrlykt-server-XXXXXX", &error);
  g_assert_no_error (error);
  self->location = fyr_test_database_new ();
  self->db = fyr_server_db_open_at (self->directory, self->location, FYR_SERVER_DB_CREATE, &error);
  g_assert_no_error (error);
  /* The tests look at everything, outside of transactions too. */
  g_assert_true (fyr_row_security_open_all (fyr_server_db_get_connection (self->db), &error));
  self->now = g_get_real_time () / 1000;
  /* One transaction for all of it: a disk's sync is what costs. */
  self->batch = g_ptr_array_new_with_free_func (g_object_unref);
  make_centre (self, "Første", self->centre);
  make_centre (self, "Andre", self->far_centre);
  make_gp (self, "Fastlege", self->gp);
  make_gp (self, "Annen fastlege", self->other_gp);
  world_user (self, "kari", FYR_ROLE_NURSE, self->centre, NULL, self->nurse);
  world_user (self, "ola", FYR_ROLE_NURSE, self->centre, NULL, self->nurse_2);
  world_user (self, "lege", FYR_ROLE_GP, self->centre, self->gp, self->gp_user);
  world_user (self, "utstyr", FYR_ROLE_CLERK, self->centre, NULL, self->clerk);
  world_user (self, "leder", FYR_ROLE_MANAGER, self->centre, NULL, self->manager);
  world_user (self, "forvalter", FYR_ROLE_ADMINISTRATOR, self->centre, NULL, self->administrator);
  world_user (self, "fjern", FYR_ROLE_NURSE, self->far_centre, NULL, self->far_nurse);
  make_patients (self);
  fyr_server_db_write (self->db, put_all_job, self->batch, &error);
  g_assert_no_error (error);
  g_clear_pointer (&self->batch, g_ptr_array_unref);
  return self;
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *file = g_build_filename (path, name, NULL);
    g_unlink (file);
  }
  g_rmdir (path);
}

void
world_free (World *self)
{
  g_clear_pointer (&self->db, fyr_server_db_unref);
  g_free (self->location);
  remove_folder (self->directory);
  g_free (self->directory);
  g_free (self);
}

/* Workstations */

static gboolean
session_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Station *self = data;
  FyrSession session = { .id = "" };

  g_strlcpy (session.user_id, self->user, sizeof session.user_id);
  g_strlcpy (session.device_id, self->device, sizeof session.device_id);
  self->token = fyr_session_create (context, &session, "test", error);
  return self->token != NULL;
}

Station *
station_new (World *world, const char *user)
{
  char device[37];

  world_id (device);
  return station_new_at (world, user, device);
}

Station *
station_new_at (World *world, const char *user, const char *device)
{
  Station *self = g_new0 (Station, 1);
  g_autoptr (GError) error = NULL;

  self->world = world;
  g_strlcpy (self->user, user, sizeof self->user);
  g_strlcpy (self->device, device, sizeof self->device);
  world_id (self->incarnation);
  memcpy (self->hash, FYR_HASH_ZERO, FYR_HASH_TEXT_SIZE);
  self->cursors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  fyr_server_db_write (world->db, session_job, self, &error);
  g_assert_no_error (error);
  return self;
}

void
station_free (Station *self)
{
  g_hash_table_unref (self->cursors);
  g_free (self->token);
  g_free (self);
}

static JsonObject *
object_from (const char *text)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  if (text == NULL) {
    return NULL;
  }
  node = json_from_string (text, &error);
  g_assert_no_error (error);
  return json_object_ref (json_node_get_object (node));
}

FyrWireMutation *
station_mutation (Station *self,
                  const char *command,
                  const char *kind,
                  const char *id,
                  gint64 base_version,
                  const char *fields,
                  const char *bases)
{
  FyrWireMutation *mutation = fyr_wire_mutation_new ();

  mutation->command = g_strdup (command);
  mutation->kind = g_strdup (kind);
  mutation->id = g_strdup (id);
  mutation->base_version = base_version;
  mutation->time = self->world->now;
  mutation->fields = object_from (fields);
  mutation->bases = object_from (bases);
  return mutation;
}

FyrPushRequest *
station_request (Station *self, FyrWireMutation *first, ...)
{
  FyrPushRequest *request = fyr_push_request_new ();
  char hash[FYR_HASH_TEXT_SIZE];
  gint64 number = self->number;
  va_list list;

  request->epoch = g_strdup (fyr_server_db_get_epoch (self->world->db));
  request->schema = FYR_WIRE_SCHEMA;
  request->device = g_strdup (self->device);
  request->incarnation = g_strdup (self->incarnation);
  request->first = number + 1;
  memcpy (request->previous_hash, self->hash, FYR_HASH_TEXT_SIZE);
  memcpy (hash, self->hash, FYR_HASH_TEXT_SIZE);
  va_start (list, first);
  for (FyrWireMutation *mutation = first; mutation != NULL; mutation = va_arg (list, FyrWireMutation *)) {
    mutation->number = ++number;
    fyr_wire_mutation_seal (mutation, hash);
    memcpy (hash, mutation->hash, FYR_HASH_TEXT_SIZE);
    g_ptr_array_add (request->mutations, mutation);
  }
  va_end (list);
  return request;
}

typedef struct {
  FyrPush push;
} PushJob;

static gboolean
push_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_push_run (context, data, error);
}

guint
station_push (Station *self, FyrPushRequest *request, char **body)
{
  FyrPush push = { .request = request, .applied = self->applied, .applied_data = self->applied_data };
  g_autoptr (GError) error = NULL;
  guint status;

  push.reply = fyr_reply_new ();
  fyr_token_hash (self->token, push.token);
  fyr_server_db_write (self->world->db, push_job, &push, &error);
  g_assert_no_error (error);
  status = push.reply->status;
  if (body != NULL) {
    *body = g_strdup (push.reply->body->str);
  }
  fyr_reply_free (push.reply);
  return status;
}

FyrWireOutcome *
station_do (Station *self, FyrWireMutation *mutation)
{
  g_autoptr (FyrPushRequest) request = station_request (self, mutation, NULL);
  g_autofree char *body = NULL;
  g_autoptr (FyrPushReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (station_push (self, request, &body), ==, 200);
  reply = fyr_push_reply_parse (body, strlen (body), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reply->outcomes->len, ==, 1);
  self->number = mutation->number;
  memcpy (self->hash, mutation->hash, FYR_HASH_TEXT_SIZE);
  return g_ptr_array_steal_index (reply->outcomes, 0);
}

FyrWireOutcome *
station_try (Station *self,
             const char *command,
             const char *kind,
             const char *id,
             gint64 base_version,
             const char *fields,
             const char *bases,
             FyrWireOutcomeKind kind_expected,
             const char *code)
{
  FyrWireOutcome *outcome =
      station_do (self, station_mutation (self, command, kind, id, base_version, fields, bases));

  if (outcome->kind != kind_expected || g_strcmp0 (outcome->code != NULL ? outcome->code : "", code) != 0) {
    g_test_message ("%s %s: %s %s: %s", command, kind, fyr_wire_outcome_kind_to_code (outcome->kind),
                    outcome->code, outcome->text);
  }
  g_assert_cmpint (outcome->kind, ==, kind_expected);
  g_assert_cmpstr (outcome->code != NULL ? outcome->code : "", ==, code);
  return outcome;
}

static gboolean
note_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_holding_write (context, data, error);
}

/* What the server has to write down before it answers. */
void
world_note_held (World *self, FyrPull *pull)
{
  g_autoptr (GError) error = NULL;

  if (pull->note != NULL) {
    fyr_server_db_write (self->db, note_job, pull->note, &error);
    g_assert_no_error (error);
    g_clear_pointer (&pull->note, fyr_holding_note_free);
  }
}

guint
station_pull_text (Station *self, gint64 max_bytes, char **body)
{
  g_autoptr (FyrConnection) connection = NULL;
  g_autoptr (FyrTransaction) reading = NULL;
  g_autoptr (GError) error = NULL;
  FyrPull pull = { .db = self->world->db };
  GHashTableIter iter;
  gpointer name, seq;
  guint status;

  connection = fyr_server_db_open_reader (self->world->db, &error);
  g_assert_no_error (error);
  pull.reply = fyr_reply_new ();
  pull.request = fyr_pull_request_new ();
  pull.request->epoch = g_strdup (fyr_server_db_get_epoch (self->world->db));
  pull.request->device = g_strdup (self->device);
  pull.request->max_bytes = max_bytes;
  pull.request->first = self->first;
  pull.request->check = g_steal_pointer (&self->check);
  if (self->removed != NULL) {
    g_ptr_array_add (pull.request->removed, g_steal_pointer (&self->removed));
  }
  pull.request->settled = self->settled;
  pull.request->emergency = !self->old;
  g_hash_table_iter_init (&iter, self->cursors);
  while (g_hash_table_iter_next (&iter, &name, &seq)) {
    fyr_pull_request_set_cursor (pull.request, name, *(gint64 *)seq);
  }
  fyr_token_hash (self->token, pull.token);
  reading = fyr_transaction_begin_read (connection, &error);
  g_assert_no_error (error);
  fyr_pull_run (connection, &pull, &error);
  g_assert_no_error (error);
  g_clear_pointer (&reading, fyr_transaction_free);
  world_note_held (self->world, &pull);
  status = pull.reply->status;
  *body = g_strdup (pull.reply->body->str);
  fyr_reply_free (pull.reply);
  fyr_pull_request_free (pull.request);
  g_hash_table_unref (pull.granted != NULL ? pull.granted : g_hash_table_new (NULL, NULL));
  return status;
}

FyrPullReply *
station_pull (Station *self, gint64 max_bytes)
{
  g_autofree char *body = NULL;
  g_autoptr (GError) error = NULL;
  FyrPullReply *reply;

  g_assert_cmpuint (station_pull_text (self, max_bytes, &body), ==, 200);
  reply = fyr_pull_reply_parse (body, strlen (body), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < reply->scopes->len; i++) {
    FyrPullScope *scope = g_ptr_array_index (reply->scopes, i);
    gint64 *cursor = g_hash_table_lookup (self->cursors, scope->scope);

    g_assert_cmpint (scope->from, ==, (cursor != NULL ? *cursor : 0) + 1);
    g_hash_table_insert (self->cursors, g_strdup (scope->scope), g_memdup2 (&scope->to, sizeof scope->to));
  }
  for (guint i = 0; i < reply->revoked->len; i++) {
    g_hash_table_remove (self->cursors, g_ptr_array_index (reply->revoked, i));
  }
  return reply;
}

static void
entry_free (gpointer data)
{
  FyrPullEntry *entry = data;

  g_free (entry->kind);
  g_clear_object (&entry->record);
  g_free (entry->parked);
  g_free (entry->tag);
  g_free (entry);
}

GPtrArray *
station_pull_all (Station *self)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (entry_free);
  gboolean complete = FALSE;

  while (!complete) {
    g_autoptr (FyrPullReply) reply = station_pull (self, FYR_PULL_DEFAULT_BYTES);

    complete = reply->complete;
    for (guint i = 0; i < reply->scopes->len; i++) {
      FyrPullScope *scope = g_ptr_array_index (reply->scopes, i);
      for (guint j = 0; j < scope->entries->len; j++) {
        FyrPullEntry *entry = g_ptr_array_index (scope->entries, j);
        if (entry->op != FYR_PULL_OP_SKIP) {
          FyrPullEntry *copy = g_new0 (FyrPullEntry, 1);
          *copy = *entry;
          copy->kind = g_strdup (entry->kind);
          copy->record = entry->record != NULL ? g_object_ref (entry->record) : NULL;
          copy->parked = NULL;
          copy->tag = g_strdup (entry->tag);
          g_ptr_array_add (entries, copy);
        }
      }
    }
  }
  return entries;
}

FyrPullEntry *
entries_find (GPtrArray *entries, const char *id)
{
  for (guint i = entries->len; i > 0; i--) {
    FyrPullEntry *entry = g_ptr_array_index (entries, i - 1);
    if (g_str_equal (entry->id, id)) {
      return entry;
    }
  }
  return NULL;
}
