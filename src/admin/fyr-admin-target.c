/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-target.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fyr-admin-socket.h"
#include "fyr-apply.h"
#include "fyr-intake-store.h"
#include "fyr-json-document.h"
#include "fyr-json-writer.h"
#include "fyr-lockout.h"
#include "fyr-password.h"
#include "fyr-record-table.h"
#include "fyr-session.h"
#include "fyr-settle.h"
#include "fyr-uuid.h"

struct _FyrAdminTarget {
  char *directory;
  gboolean running;
  FyrServerDb *db;       /* (nullable): when no server runs */
  FyrConnection *reader; /* (nullable): when a server runs */
};

FyrAdminTarget *
fyr_admin_target_open (const char *directory, GError **error)
{
  g_autoptr (FyrAdminTarget) self = g_new0 (FyrAdminTarget, 1);
  g_autofree char *path = g_build_filename (directory, "fyrlykt.db", NULL);

  self->directory = g_strdup (directory);
  if (fyr_admin_get_database () != NULL) {
    self->db = fyr_server_db_open_at (NULL, fyr_admin_get_database (), FYR_SERVER_DB_NONE, error);
    return self->db != NULL ? g_steal_pointer (&self) : NULL;
  }
  self->running = fyr_server_db_find_owner (directory) > 0;
  if (self->running) {
    self->reader = fyr_connection_open (path, FYR_CONNECTION_READ_ONLY, error);
    return self->reader != NULL ? g_steal_pointer (&self) : NULL;
  }
  self->db = fyr_server_db_open (directory, FYR_SERVER_DB_NONE, error);
  return self->db != NULL ? g_steal_pointer (&self) : NULL;
}

void
fyr_admin_target_free (FyrAdminTarget *self)
{
  if (self == NULL) {
    return;
  }
  g_clear_pointer (&self->reader, fyr_connection_unref);
  g_clear_pointer (&self->db, fyr_server_db_unref);
  g_free (self->directory);
  g_free (self);
}

gboolean
fyr_admin_target_is_running (FyrAdminTarget *self)
{
  return self->running;
}

FyrServerDb *
fyr_admin_target_get_db (FyrAdminTarget *self)
{
  return self->db;
}

FyrConnection *
fyr_admin_target_get_reader (FyrAdminTarget *self)
{
  return self->db != NULL ? fyr_server_db_get_connection (self->db) : self->reader;
}

/* Has the running server do one of the things fyr-admin-ops.h lists. Returns: (transfer full) (nullable): its output */
static char *
ask_server (FyrAdminTarget *self, const char *const *argv, const char *input, GError **error)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  int status = 0;

  if (!fyr_admin_socket_call (self->directory, argv, input, &status, &output, &errors, error)) {
    return NULL;
  }
  if (status != 0) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, errors);
    return NULL;
  }
  return g_steal_pointer (&output);
}

static gboolean
put_through_server (FyrAdminTarget *self, GPtrArray *records, GError **error)
{
  const char *argv[] = { "put-records", NULL };
  g_autoptr (GString) text = g_string_new (NULL);
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);
  g_autofree char *output = NULL;

  fyr_json_writer_begin_array (&json, NULL);
  for (guint i = 0; i < records->len; i++) {
    FyrRecord *record = g_ptr_array_index (records, i);

    fyr_json_writer_begin_object (&json, NULL);
    fyr_json_writer_string (&json, "kind", fyr_record_get_info (record)->kind);
    fyr_json_writer_record (&json, "record", record, G_MAXUINT);
    fyr_json_writer_end_object (&json);
  }
  fyr_json_writer_end_array (&json);
  output = ask_server (self, argv, text->str, error);
  return output != NULL;
}

static gboolean
put_all (FyrWriteContext *context, gpointer data, GError **error)
{
  GPtrArray *records = data;

  for (guint i = 0; i < records->len; i++) {
    if (!fyr_apply_put (context, g_ptr_array_index (records, i), error)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
fyr_admin_target_put (FyrAdminTarget *self, GPtrArray *records, GError **error)
{
  if (self->db == NULL) {
    return put_through_server (self, records, error);
  }
  return fyr_server_db_write (self->db, put_all, records, error);
}

gboolean
fyr_admin_target_put_one (FyrAdminTarget *self, gpointer record, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new ();

  g_ptr_array_add (records, record);
  return fyr_admin_target_put (self, records, error);
}

typedef struct {
  const char *user_id;
  const char *hash;
} Credential;

static gboolean
set_credential (FyrWriteContext *context, gpointer data, GError **error)
{
  Credential *credential = data;

  return fyr_credential_set (context, credential->user_id, credential->hash, error);
}

gboolean
fyr_admin_target_set_password (
    FyrAdminTarget *self, const char *user_id, const char *user_name, const char *password, GError **error)
{
  g_autofree char *hash = NULL;
  Credential credential = { .user_id = user_id };

  if (password != NULL) {
    if (!fyr_password_check (password, user_name, error)) {
      return FALSE;
    }
    hash = fyr_password_hash (password, error);
    if (hash == NULL) {
      return FALSE;
    }
  }
  credential.hash = hash;
  if (self->db == NULL) {
    const char *argv[] = { "set-password-hash", user_id, NULL };
    g_autofree char *output = ask_server (self, argv, hash, error);

    return output != NULL;
  }
  return fyr_server_db_write (self->db, set_credential, &credential, error);
}

typedef struct {
  FyrGateway gateway;
  const char *name;
  char *token;
  int found;
} GatewayJob;

static gboolean
create_gateway (FyrWriteContext *context, gpointer data, GError **error)
{
  GatewayJob *job = data;

  job->token = fyr_gateway_create (context, &job->gateway, job->name, error);
  return job->token != NULL;
}

static char *
new_gateway_through_server (
    FyrAdminTarget *self, const char *centre_id, const char *name, char gateway_id[37], GError **error)
{
  const char *argv[] = { "new-gateway", centre_id, name, NULL };
  g_autofree char *output = ask_server (self, argv, NULL, error);
  g_autoptr (FyrJsonDocument) document = NULL;
  const FyrJsonValue *root;

  if (output == NULL) {
    return NULL;
  }
  document = fyr_json_document_parse (output, strlen (output), &fyr_json_limits_message, error);
  if (document == NULL) {
    return NULL;
  }
  root = fyr_json_document_get_root (document);
  g_strlcpy (gateway_id, fyr_json_value_get_string (root, "gateway"), 37);
  return g_strdup (fyr_json_value_get_string (root, "token"));
}

char *
fyr_admin_target_new_gateway (
    FyrAdminTarget *self, const char *centre_id, const char *name, char gateway_id[37], GError **error)
{
  GatewayJob job = { .name = name };

  if (self->db == NULL) {
    return new_gateway_through_server (self, centre_id, name, gateway_id, error);
  }
  g_strlcpy (job.gateway.centre_id, centre_id, sizeof job.gateway.centre_id);
  if (!fyr_server_db_write (self->db, create_gateway, &job, error)) {
    g_free (job.token);
    return NULL;
  }
  g_strlcpy (gateway_id, job.gateway.id, 37);
  return job.token;
}

static gboolean
lift (FyrWriteContext *context, gpointer user_name, GError **error)
{
  return fyr_lockout_clear (context, user_name, error);
}

gboolean
fyr_admin_target_lift_lockout (FyrAdminTarget *self, const char *user_name, GError **error)
{
  const char *argv[] = { "lift-lockout", user_name, NULL };
  g_autofree char *output = NULL;

  if (self->db != NULL) {
    return fyr_server_db_write (self->db, lift, (gpointer)user_name, error);
  }
  output = ask_server (self, argv, NULL, error);
  return output != NULL;
}

static gboolean
end_gateway (FyrWriteContext *context, gpointer data, GError **error)
{
  GatewayJob *job = data;

  job->found = fyr_gateway_end (context, job->gateway.id, error);
  return job->found >= 0;
}

gboolean
fyr_admin_target_end_gateway (FyrAdminTarget *self, const char *gateway_id, GError **error)
{
  GatewayJob job = { .found = 0 };

  g_strlcpy (job.gateway.id, gateway_id, sizeof job.gateway.id);
  if (self->db == NULL) {
    const char *argv[] = { "end-gateway", gateway_id, NULL };
    g_autofree char *output = ask_server (self, argv, NULL, error);

    if (output == NULL) {
      return FALSE;
    }
    job.found = strstr (output, "true") != NULL;
  } else if (!fyr_server_db_write (self->db, end_gateway, &job, error)) {
    return FALSE;
  }
  if (job.found == 0) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_UNKNOWN,
                 _ ("There is no gateway with the id %s: “gateway list” shows them"), gateway_id);
    return FALSE;
  }
  return TRUE;
}

/* What follows a change is the server's work; where none runs it is done here. */
static gboolean
follow (FyrWriteContext *context, FyrRecord *before, FyrRecord *after, gpointer cache, GError **error)
{
  return before != NULL || after == NULL || !fyr_record_is_a (after, &fyr_measurement_info) ||
         fyr_intake_judge (cache, context, FYR_MEASUREMENT (after), error);
}

static gboolean
settle (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_settle_run (context, data, error);
}

static char *
settle_here (FyrAdminTarget *self, FyrSettle *job, GError **error)
{
  g_autoptr (FyrIntakeCache) cache = fyr_intake_cache_new (self->db);
  GString *text = NULL;

  job->applied = follow;
  job->applied_data = cache;
  if (fyr_server_db_write (self->db, settle, job, error)) {
    FyrJsonWriter json;

    text = g_string_new (NULL);
    json = (FyrJsonWriter)FYR_JSON_WRITER_INIT (text);
    fyr_settle_write (job, &json);
  }
  g_clear_pointer (&job->outcome, fyr_wire_outcome_free);
  return text != NULL ? g_string_free (text, FALSE) : NULL;
}

char *
fyr_admin_target_settle (FyrAdminTarget *self,
                         gint64 id,
                         gboolean accept,
                         const char *settler_id,
                         const char *reason,
                         GError **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  const char *argv[] = {
    "settle-quarantine", number, accept ? "accept" : "discard", settler_id, NULL,
  };
  FyrSettle job = { .id = id, .accept = accept, .settler = settler_id, .reason = reason };

  return self->db == NULL ? ask_server (self, argv, reason, error) : settle_here (self, &job, error);
}

static gboolean
decide (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_shut_out_decide (context, data, error);
}

gboolean
fyr_admin_target_decide (FyrAdminTarget *self, const FyrDeviceDecision *decision, GError **error)
{
  g_autofree char *at = g_strdup_printf ("%" G_GINT64_FORMAT, decision->at);
  const char *argv[] = {
    "decide-device", fyr_device_action_to_code (decision->action), decision->device, decision->by, at, NULL
  };
  g_autofree char *output = NULL;

  if (self->db != NULL) {
    return fyr_server_db_write (self->db, decide, (gpointer)decision, error);
  }
  output = ask_server (self, argv, decision->reason, error);
  return output != NULL;
}

gboolean
fyr_admin_target_backup (FyrAdminTarget *self, const char *path, GError **error)
{
  return fyr_connection_backup (fyr_admin_target_get_reader (self), path, error);
}

FyrRecord *
fyr_admin_target_find (
    FyrAdminTarget *self, const FyrRecordInfo *info, guint field, const char *word, GError **error)
{
  FyrConnection *reader = fyr_admin_target_get_reader (self);
  g_autofree char *tail = g_strdup_printf ("WHERE lower (%s) = lower (?1) LIMIT 2", info->fields[field].name);
  g_autoptr (FyrStatement) select = NULL;
  g_autoptr (GPtrArray) found = NULL;

  if (fyr_uuid_is_valid (word)) {
    GError *failure = NULL;
    FyrRecord *record = fyr_record_table_get (reader, info, word, &failure);

    if (record != NULL || failure != NULL) {
      g_propagate_error (error, failure);
      return record;
    }
  }
  select = fyr_record_table_select (reader, info, tail, error);
  if (select == NULL) {
    return NULL;
  }
  fyr_statement_bind_text (select, 1, word);
  found = fyr_record_table_collect (select, info, error);
  if (found == NULL) {
    return NULL;
  }
  if (found->len != 1) {
    g_set_error (error, FYR_ADMIN_ERROR,
                 found->len == 0 ? FYR_ADMIN_ERROR_UNKNOWN : FYR_ADMIN_ERROR_AMBIGUOUS,
                 found->len == 0 ? _ ("There is no %s called “%s”: see “list”, or use the id")
                                 : _ ("More than one %s is called “%s”: use the id that “list” shows"),
                 fyr_admin_kind_name (info), word);
    return NULL;
  }
  return g_object_ref (g_ptr_array_index (found, 0));
}

GPtrArray *
fyr_admin_target_list (FyrAdminTarget *self, const FyrRecordInfo *info, const char *order, GError **error)
{
  return fyr_record_table_list (fyr_admin_target_get_reader (self), info, -1, NULL, order, error);
}

const char *
fyr_admin_kind_name (const FyrRecordInfo *info)
{
  static const struct {
    const char *kind;
    const char *name;
  } names[] = {
    { "organization", N_ ("organization") },
    { "centre", N_ ("follow-up centre") },
    { "user", N_ ("user") },
    { "gp", N_ ("GP") },
    { "patient", N_ ("patient") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_str_equal (names[i].kind, info->kind)) {
      return _ (names[i].name);
    }
  }
  return info->kind;
}
