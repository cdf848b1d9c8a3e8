/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-ops.h"

#include <string.h>

#include "fyr-apply.h"
#include "fyr-json-document.h"
#include "fyr-json-writer.h"
#include "fyr-lockout.h"
#include "fyr-record-table.h"
#include "fyr-records.h"
#include "fyr-session.h"
#include "fyr-settle.h"
#include "fyr-shut-out.h"
#include "fyr-uuid.h"

#define MAX_INPUT_BYTES (64u * 1024 * 1024)

static const FyrJsonLimits input_limits = { MAX_INPUT_BYTES, 16, 4000000 };

typedef struct {
  FyrAdminHost *host;
  const char *const *arguments;
  const char *input;
  GString *output;
} Call;

typedef struct {
  const char *name;
  guint n_arguments;
  gboolean (*run) (Call *call, GError **error);
} Operation;

/* put-records */

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

static FyrRecord *
read_record (const FyrJsonValue *value, GError **error)
{
  const FyrRecordInfo *info = fyr_record_info_lookup (fyr_json_value_get_string (value, "kind"));
  JsonObject *object = fyr_json_value_to_object (fyr_json_value_get (value, "record"));
  FyrRecord *record = NULL;

  if (info == NULL || object == NULL) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID,
                         "A record needs a kind and its fields");
  } else {
    record = fyr_record_from_json (info, object, error);
  }
  g_clear_pointer (&object, json_object_unref);
  return record;
}

static gboolean
run_put (Call *call, GError **error)
{
  g_autoptr (FyrJsonDocument) document = NULL;
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  const FyrJsonValue *root;
  const char *input = call->input != NULL ? call->input : "";

  document = fyr_json_document_parse (input, strlen (input), &input_limits, error);
  root = document != NULL ? fyr_json_document_get_root (document) : NULL;
  if (!fyr_json_value_is (root, FYR_JSON_ARRAY)) {
    if (document != NULL) {
      g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID,
                           "An array of records is needed");
    }
    return FALSE;
  }
  for (const FyrJsonValue *value = root->first; value != NULL; value = value->next) {
    FyrRecord *record = read_record (value, error);
    if (record == NULL) {
      return FALSE;
    }
    g_ptr_array_add (records, record);
  }
  return fyr_admin_host_write (call->host, put_all, records, error);
}

/* Nobody signs in as a user who is not there, and no gateway reports to a centre that is not. */
static gboolean
require (FyrWriteContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  int found = fyr_record_table_exists (fyr_write_context_get_connection (context), info, id, error);

  if (found == 0) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN, "There is no such %s", info->kind);
  }
  return found > 0;
}

/* Credentials, lockouts, sessions */

static gboolean
set_hash (FyrWriteContext *context, gpointer data, GError **error)
{
  Call *call = data;
  const char *hash = call->input != NULL && *call->input != '\0' ? call->input : NULL;

  return require (context, &fyr_user_info, call->arguments[0], error) &&
         fyr_credential_set (context, call->arguments[0], hash, error);
}

static gboolean
run_set_hash (Call *call, GError **error)
{
  return fyr_admin_host_write (call->host, set_hash, call, error);
}

static gboolean
lift (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_lockout_clear (context, ((Call *)data)->arguments[0], error);
}

static gboolean
run_lift (Call *call, GError **error)
{
  return fyr_admin_host_write (call->host, lift, call, error);
}

static gboolean
end_sessions (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_session_end_all (context, ((Call *)data)->arguments[0], error);
}

static gboolean
run_end_sessions (Call *call, GError **error)
{
  return fyr_admin_host_write (call->host, end_sessions, call, error);
}

/* Gateways */

typedef struct {
  Call *call;
  FyrGateway gateway;
  char *token;
  int ended;
} GatewayJob;

static gboolean
make_gateway (FyrWriteContext *context, gpointer data, GError **error)
{
  GatewayJob *job = data;

  if (!require (context, &fyr_centre_info, job->call->arguments[0], error)) {
    return FALSE;
  }
  g_strlcpy (job->gateway.centre_id, job->call->arguments[0], sizeof job->gateway.centre_id);
  job->token = fyr_gateway_create (context, &job->gateway, job->call->arguments[1], error);
  return job->token != NULL;
}

static gboolean
run_new_gateway (Call *call, GError **error)
{
  GatewayJob job = { .call = call };
  gboolean done = fyr_admin_host_write (call->host, make_gateway, &job, error);

  if (done) {
    FyrJsonWriter json = FYR_JSON_WRITER_INIT (call->output);
    fyr_json_writer_begin_object (&json, NULL);
    fyr_json_writer_string (&json, "gateway", job.gateway.id);
    fyr_json_writer_string (&json, "token", job.token);
    fyr_json_writer_end_object (&json);
  }
  g_free (job.token);
  return done;
}

static gboolean
end_gateway (FyrWriteContext *context, gpointer data, GError **error)
{
  GatewayJob *job = data;

  job->ended = fyr_gateway_end (context, job->call->arguments[0], error);
  return job->ended >= 0;
}

static gboolean
run_end_gateway (Call *call, GError **error)
{
  GatewayJob job = { .call = call };

  if (!fyr_admin_host_write (call->host, end_gateway, &job, error)) {
    return FALSE;
  }
  g_string_assign (call->output, job.ended > 0 ? "{\"ended\":true}" : "{\"ended\":false}");
  return TRUE;
}

/* Quarantine */

static gboolean
settle (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_settle_run (context, data, error);
}

static gboolean
run_settle (Call *call, GError **error)
{
  FyrSettle job = { .accept = g_str_equal (call->arguments[1], "accept"),
                    .settler = call->arguments[2],
                    .reason = call->input != NULL && *call->input != '\0' ? call->input : NULL };
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (call->output);
  gboolean done;

  job.applied = fyr_admin_host_get_applied (call->host, &job.applied_data);
  if (!g_ascii_string_to_signed (call->arguments[0], 10, 1, G_MAXINT64, &job.id, error) ||
      (!job.accept && !g_str_equal (call->arguments[1], "discard"))) {
    if (error != NULL && *error == NULL) {
      g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "accept or discard");
    }
    return FALSE;
  }
  done = fyr_admin_host_write (call->host, settle, &job, error);
  if (done) {
    fyr_settle_write (&job, &json);
  }
  g_clear_pointer (&job.outcome, fyr_wire_outcome_free);
  return done;
}

/* Workstations */

static gboolean
decide (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_shut_out_decide (context, data, error);
}

static gboolean
run_decide (Call *call, GError **error)
{
  FyrDeviceDecision decision = { .device = call->arguments[1],
                                 .by = call->arguments[2],
                                 .reason = call->input };

  if (!fyr_device_action_from_code (call->arguments[0], &decision.action) ||
      !g_ascii_string_to_signed (call->arguments[3], 10, 0, G_MAXINT64, &decision.at, NULL)) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "No such decision");
    return FALSE;
  }
  return fyr_admin_host_write (call->host, decide, &decision, error);
}

/* Backup */

static gboolean
run_backup (Call *call, GError **error)
{
  g_autoptr (FyrConnection) connection = NULL;

  connection = fyr_server_db_open_reader (fyr_admin_host_get_db (call->host), error);
  return connection != NULL && fyr_connection_backup (connection, call->arguments[0], error);
}

static const Operation operations[] = {
  { "put-records", 0, run_put },
  { "set-password-hash", 1, run_set_hash },
  { "lift-lockout", 1, run_lift },
  { "end-sessions", 1, run_end_sessions },
  { "new-gateway", 2, run_new_gateway },
  { "end-gateway", 1, run_end_gateway },
  { "settle-quarantine", 3, run_settle },
  { "decide-device", 4, run_decide },
  { "backup", 1, run_backup },
};

static gboolean
ids_are_valid (const Operation *operation, const char *const *arguments)
{
  gboolean wants_id = g_str_equal (operation->name, "set-password-hash") ||
                      g_str_has_suffix (operation->name, "-gateway") ||
                      g_str_equal (operation->name, "end-sessions");

  if (g_str_equal (operation->name, "settle-quarantine")) {
    return fyr_uuid_is_valid (arguments[2]);
  }
  if (g_str_equal (operation->name, "decide-device")) {
    return fyr_uuid_is_valid (arguments[1]) && fyr_uuid_is_valid (arguments[2]);
  }
  return !wants_id || fyr_uuid_is_valid (arguments[0]);
}

int
fyr_admin_ops_run (FyrAdminHost *host,
                   const char *const *argv,
                   const char *input,
                   GString *output,
                   GString *errors,
                   gpointer user_data)
{
  Call call = { host, argv + 1, input, output };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++) {
    if (!g_str_equal (operations[i].name, argv[0]) ||
        g_strv_length ((char **)argv) != operations[i].n_arguments + 1 ||
        !ids_are_valid (&operations[i], argv + 1)) {
      continue;
    }
    if (!operations[i].run (&call, &error)) {
      g_string_assign (errors, error->message);
      return 1;
    }
    if (output->len == 0) {
      g_string_assign (output, "{}");
    }
    return 0;
  }
  g_string_assign (errors, "The server does not know this command");
  return 2;
}
