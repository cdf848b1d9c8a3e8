/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server's core without its sockets: sign-in, push and pull as the routes call them, one job a transaction.
 */
#include <string.h>

#include "fyr-apply-state.h"
#include "fyr-device-share.h"
#include "fyr-intake-store.h"
#include "fyr-pull.h"
#include "fyr-push.h"
#include "fyr-record-table.h"
#include "fyr-scopes.h"
#include "fyr-session.h"
#include "fyr-shut-out.h"
#include "fyr-sim-world.h"
#include "fyr-transaction.h"
#include "fyr-uuid.h"
#include "fyr-wire-sign-in.h"
#include "fyr-witness.h"

static gint64
find_version (FyrSimWorld *self, const FyrRecordInfo *info, const char *id)
{
  g_autoptr (FyrRecord) record = fyr_record_table_get (self->server.reader, info, id, NULL);
  g_autoptr (FyrStatement) select = NULL;

  if (record != NULL) {
    return fyr_record_get_version (record);
  }
  select = fyr_connection_prepare (self->server.reader,
                                   "SELECT version FROM tombstone WHERE kind = ?1 AND id = ?2", NULL);
  if (select == NULL) {
    return 0;
  }
  fyr_statement_bind_int (select, 1, fyr_server_db_get_kind_number (self->server.db, info->kind));
  fyr_statement_bind_id (select, 2, id);
  return fyr_statement_step (select, NULL) == FYR_STEP_ROW ? fyr_statement_get_int (select, 0) : 0;
}

gint64
fyr_sim_server_version (const FyrRecordInfo *info, const char *id, gpointer data)
{
  FyrSimWorld *self = data;
  gint64 version;

  fyr_sim_disk_look (self->server.machine.disk, TRUE);
  version = find_version (self, info, id);
  fyr_sim_disk_look (self->server.machine.disk, FALSE);
  return version;
}

/* Between the product's own watcher and the model. */
typedef struct {
  FyrSimWorld *world;
  FyrApplyWatchFunc former;
  gpointer former_data;
} Watch;

static Watch watch;

static void
on_change (FyrRecord *before, FyrRecord *after, gpointer data)
{
  if (watch.former != NULL) {
    watch.former (before, after, watch.former_data);
  }
  if (before == NULL && after == NULL) {
    fyr_sim_model_undo (watch.world->model);
    return;
  }
  fyr_sim_model_change (watch.world->model, before, after);
  /* That something was tried too late is kept though the command is refused. */
  if (after != NULL && fyr_record_is_a (after, &fyr_alert_event_info) &&
      fyr_alert_event_get_action (FYR_ALERT_EVENT (after)) == FYR_ALERT_ACTION_TRIED) {
    fyr_sim_model_keep (watch.world->model, FALSE);
  }
}

static void
close_all (FyrSimServer *server)
{
  g_clear_pointer (&server->cache, fyr_intake_cache_free);
  g_clear_pointer (&server->reader, fyr_connection_unref);
  g_clear_pointer (&server->db, fyr_server_db_unref);
}

static void
restart_later (gpointer data);

void
fyr_sim_server_start (FyrSimWorld *self)
{
  FyrSimServer *server = &self->server;
  g_autoptr (GError) error = NULL;
  FyrApplyState *state;

  fyr_sim_enter (&server->machine);
  server->db = fyr_server_db_open (server->folder, FYR_SERVER_DB_CREATE, &error);
  server->reader = server->db != NULL ? fyr_server_db_open_reader (server->db, &error) : NULL;
  if (server->reader == NULL) {
    close_all (server);
    fyr_sim_leave ();
    fyr_sim_trace ("the server does not start: %s", error->message);
    if (!fyr_sim_disk_is_dead (server->machine.disk) && !fyr_sim_disk_disarm (server->machine.disk)) {
      fyr_sim_violation (self->model, "the server's database does not open: %s", error->message);
    }
    fyr_sim_disk_restart (server->machine.disk, NULL);
    if (!server->starting) {
      server->starting = TRUE;
      fyr_sim_after (1000, restart_later, self);
    }
    return;
  }
  server->cache = fyr_intake_cache_new (server->db);
  state = fyr_server_db_get_apply_state (server->db);
  watch = (Watch){ self, state->watch, state->watch_data };
  fyr_apply_watch (server->db, on_change, NULL);
  server->up = TRUE;
  fyr_sim_model_resolve (self->model, fyr_sim_server_version, self);
  fyr_sim_leave ();
  fyr_sim_trace ("server up");
}

static void
restart_later (gpointer data)
{
  FyrSimWorld *self = data;

  self->server.starting = FALSE;
  if (!self->server.up && !self->ending) {
    fyr_sim_server_start (self);
  }
}

void
fyr_sim_server_kill (FyrSimWorld *self, gboolean power)
{
  FyrSimServer *server = &self->server;

  if (!server->up) {
    return;
  }
  fyr_sim_trace ("server down, power %d", power);
  server->up = FALSE;
  fyr_sim_disk_kill (server->machine.disk);
  fyr_sim_enter (&server->machine);
  close_all (server);
  fyr_sim_leave ();
  fyr_sim_disk_restart (server->machine.disk, power ? fyr_sim_random () : NULL);
  fyr_sim_network_drop (self, NULL, 0);
  if (!server->starting && !self->ending) {
    server->starting = TRUE;
    fyr_sim_after (500 + fyr_sim_draw (10000), restart_later, self);
  }
}

/* What the real server does with a failure: wait when the disk is full, else end and start again. */
static void
judge_failure (FyrSimWorld *self, const GError *error)
{
  FyrConnection *connection = fyr_server_db_get_connection (self->server.db);

  fyr_sim_trace ("server write: %s", error != NULL ? error->message : "not done");
  if (fyr_sim_disk_is_dead (self->server.machine.disk)) {
    fyr_sim_server_kill (self, FALSE);
  } else if (fyr_connection_is_broken (connection) ||
             g_error_matches (error, FYR_DB_ERROR, FYR_DB_ERROR_IO) ||
             g_error_matches (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT)) {
    fyr_sim_server_kill (self, FALSE);
  }
}

typedef struct {
  FyrSimModel *model;
  FyrWriteFunc func;
  gpointer data;
} Watched;

/* What a job has done is in doubt, not undone, when the commit after it fails: it may be on the disk. */
static gboolean
run_watched (FyrWriteContext *context, gpointer data, GError **error)
{
  Watched *watched = data;

  if (!watched->func (context, watched->data, error)) {
    return FALSE;
  }
  fyr_sim_model_keep (watched->model, FALSE);
  return TRUE;
}

gboolean
fyr_sim_server_write (FyrSimWorld *self, FyrWriteFunc func, gpointer data)
{
  Watched watched = { self->model, func, data };
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (!self->server.up) {
    return FALSE;
  }
  fyr_sim_enter (&self->server.machine);
  fyr_sim_model_begin (self->model);
  done = fyr_server_db_write (self->server.db, run_watched, &watched, &error);
  fyr_sim_model_end (self->model, done);
  fyr_sim_leave ();
  if (!done) {
    judge_failure (self, error);
  } else if (fyr_sim_disk_is_dead (self->server.machine.disk)) {
    /* Between the commit and the reply. */
    fyr_sim_server_kill (self, FALSE);
    return FALSE;
  }
  if (self->server.up) {
    fyr_sim_enter (&self->server.machine);
    fyr_sim_model_resolve (self->model, fyr_sim_server_version, self);
    fyr_sim_leave ();
  }
  return done;
}

static gboolean
put_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_apply_put (context, data, error);
}

gboolean
fyr_sim_server_put (FyrSimWorld *self, gpointer record)
{
  g_autoptr (FyrRecord) owned = record;
  gboolean done = fyr_sim_server_write (self, put_job, owned);

  fyr_sim_network_tell (self);
  return done;
}

FyrRecord *
fyr_sim_server_get (FyrSimWorld *self, const FyrRecordInfo *info, const char *id)
{
  FyrRecord *record;

  fyr_sim_disk_look (self->server.machine.disk, TRUE);
  record = self->server.up ? fyr_record_table_get (self->server.reader, info, id, NULL) : NULL;
  fyr_sim_disk_look (self->server.machine.disk, FALSE);
  return record;
}

typedef struct {
  FyrSession session;
  char *token;
} SignInJob;

static gboolean
sign_in_job (FyrWriteContext *context, gpointer data, GError **error)
{
  SignInJob *job = data;

  job->token = fyr_session_create (context, &job->session, "simulated", error);
  return job->token != NULL;
}

char *
fyr_sim_server_session (FyrSimWorld *self, const char *user_id, const char *device_id)
{
  SignInJob job = { .token = NULL };

  g_strlcpy (job.session.user_id, user_id, sizeof job.session.user_id);
  g_strlcpy (job.session.device_id, device_id, sizeof job.session.device_id);
  if (!fyr_sim_server_write (self, sign_in_job, &job)) {
    g_clear_pointer (&job.token, g_free);
  }
  return job.token;
}

static FyrSyncAnswer *
text_answer (guint status, GString *text, gint64 retry_after)
{
  g_autoptr (GBytes) body = g_string_free_to_bytes (text);

  return fyr_sync_answer_new (status, body, retry_after);
}

static FyrSyncAnswer *
reply_answer (const FyrReply *reply)
{
  return text_answer (reply->status, g_string_new_len (reply->body->str, (gssize)reply->body->len), 0);
}

static FyrSyncAnswer *
problem_answer (guint status, const char *code)
{
  GString *text = g_string_new (NULL);

  fyr_wire_problem_write (code, "As told", NULL, 0, text);
  return text_answer (status, text, status == 503 ? 2000 : 0);
}

static FyrSimClient *
find_user (FyrSimWorld *self, const char *user_name)
{
  for (guint i = 0; i < FYR_SIM_CLIENTS; i++) {
    if (strcmp (self->clients[i].user_name, user_name) == 0) {
      return &self->clients[i];
    }
  }
  return NULL;
}

static FyrSyncAnswer *
make_sign_in (FyrSimWorld *self, const char *text, gsize length)
{
  g_autoptr (FyrSignInRequest) request = fyr_sign_in_request_parse (text, length, NULL);
  g_autoptr (FyrSignInReply) reply = fyr_sign_in_reply_new ();
  FyrSimClient *who = find_user (self, request->user_name);
  GString *out;

  g_assert_nonnull (who);
  g_strlcpy (who->device, request->device_id, sizeof who->device);
  if (self->server.up && fyr_shut_out_find (self->server.reader, request->device_id, NULL) == 1) {
    return problem_answer (403, "shut-out");
  }
  reply->token = fyr_sim_server_session (self, who->user_id, request->device_id);
  if (reply->token == NULL) {
    return self->server.up ? problem_answer (503, "busy") : NULL;
  }
  fyr_sim_enter (&self->server.machine);
  reply->expires = g_get_real_time () / 1000 + FYR_SESSION_LIFE;
  reply->epoch = g_strdup (fyr_server_db_get_epoch (self->server.db));
  reply->server_time = g_get_real_time () / 1000;
  reply->user = fyr_sim_server_get (self, &fyr_user_info, who->user_id);
  g_clear_pointer (&reply->memberships, g_ptr_array_unref);
  reply->memberships = fyr_record_table_list (self->server.reader, &fyr_membership_info,
                                              FYR_MEMBERSHIP_USER_ID, who->user_id, NULL, NULL);
  g_clear_pointer (&reply->centres, g_ptr_array_unref);
  reply->centres = fyr_record_table_list (self->server.reader, &fyr_centre_info, -1, NULL, NULL, NULL);
  reply->share = fyr_device_share_make (self->server.reader, request->device_id, NULL);
  out = g_string_new (NULL);
  fyr_sign_in_reply_write (reply, out);
  fyr_sim_leave ();
  return text_answer (200, out, 0);
}

/* What the routes of the server do is done here in short, and without their errors. */
static FyrSyncAnswer *
answer_sign_in (FyrSimWorld *self, const char *text, gsize length)
{
  FyrSyncAnswer *answer;

  fyr_sim_disk_look (self->server.machine.disk, TRUE);
  answer = make_sign_in (self, text, length);
  fyr_sim_disk_look (self->server.machine.disk, FALSE);
  return answer;
}

static gboolean
push_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_push_run (context, data, error);
}

static gboolean
follow (FyrWriteContext *context, FyrRecord *before, FyrRecord *after, gpointer data, GError **error)
{
  FyrSimWorld *self = data;

  if (before == NULL && after != NULL && fyr_record_is_a (after, &fyr_measurement_info) &&
      !fyr_intake_judge (self->server.cache, context, FYR_MEASUREMENT (after), error)) {
    return FALSE;
  }
  fyr_sim_model_keep (self->model, after != NULL || before == NULL);
  return TRUE;
}

static gboolean
find_in_history (FyrSimWorld *self,
                 const FyrRecordInfo *info,
                 const char *id,
                 gint64 version,
                 const char *field,
                 const char *value)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      self->server.reader,
      "SELECT value FROM history WHERE kind = ?1 AND id = ?2 AND version = ?3 AND field = ?4", NULL);
  const char *kept;

  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (select, 1, fyr_server_db_get_kind_number (self->server.db, info->kind));
  fyr_statement_bind_id (select, 2, id);
  fyr_statement_bind_int (select, 3, version);
  fyr_statement_bind_text (select, 4, field);
  if (fyr_statement_step (select, NULL) != FYR_STEP_ROW) {
    return FALSE;
  }
  kept = fyr_statement_get_text (select, 0);
  return g_strcmp0 (kept != NULL ? kept : "null", value) == 0;
}

static gboolean
is_in_history (const FyrRecordInfo *info,
               const char *id,
               gint64 version,
               const char *field,
               const char *value,
               gpointer data)
{
  FyrSimWorld *self = data;
  gboolean found;

  fyr_sim_disk_look (self->server.machine.disk, TRUE);
  found = find_in_history (self, info, id, version, field, value);
  fyr_sim_disk_look (self->server.machine.disk, FALSE);
  return found;
}

/* A defect: what the writer saw is made to be what stands there. */
static void
blind (FyrSimWorld *self, FyrPushRequest *request)
{
  for (guint i = 0; i < request->mutations->len; i++) {
    FyrWireMutation *mutation = g_ptr_array_index (request->mutations, i);
    const FyrRecordInfo *info = fyr_record_info_lookup (mutation->kind);
    g_autoptr (FyrRecord) record = info != NULL ? fyr_sim_server_get (self, info, mutation->id) : NULL;

    if (record == NULL || mutation->bases == NULL) {
      continue;
    }
    mutation->base_version = fyr_record_get_version (record);
    for (guint field = 0; field < info->n_fields; field++) {
      if (json_object_has_member (mutation->bases, info->fields[field].name)) {
        json_object_set_member (mutation->bases, info->fields[field].name,
                                fyr_record_field_to_json (record, field));
      }
    }
  }
}

static gboolean
forget_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context),
                              "DELETE FROM mutation; DELETE FROM workstation", error);
}

static gboolean
lose_log_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context),
                              "DROP TRIGGER IF EXISTS audit_event_no_delete; DELETE FROM audit_event", error);
}

/* A defect: what was done is forgotten again. */
static void
forget (FyrSimWorld *self)
{
  if (self->defect == FYR_SIM_FORGETFUL && fyr_sim_chance (30)) {
    fyr_sim_server_write (self, forget_job, NULL);
  } else if (self->defect == FYR_SIM_UNLOGGED && fyr_sim_chance (5)) {
    fyr_sim_server_write (self, lose_log_job, NULL);
  }
}

static FyrSyncAnswer *
answer_push (FyrSimWorld *self, const char *text, gsize length, const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPushRequest) request = fyr_push_request_parse (text, length, &error);
  g_autoptr (FyrPushRequest) said = fyr_push_request_parse (text, length, NULL);
  g_autoptr (FyrReply) reply = fyr_reply_new ();
  FyrPush push = { .request = request, .applied = follow, .applied_data = self, .reply = reply };

  if (request == NULL) {
    fyr_sim_violation (self->model, "a workstation's push is malformed: %s", error->message);
    return problem_answer (400, "malformed");
  }
  self->pushes++;
  if (self->defect == FYR_SIM_BLIND_WRITE) {
    blind (self, request);
  }
  fyr_token_hash (token, push.token);
  if (!fyr_sim_server_write (self, push_job, &push)) {
    return self->server.up ? problem_answer (503, "busy") : NULL;
  }
  if (reply->status == 200) {
    g_autoptr (FyrPushReply) told = fyr_push_reply_parse (reply->body->str, reply->body->len, &error);

    if (told == NULL || told->outcomes->len != said->mutations->len) {
      fyr_sim_violation (self->model, "a push was not answered as the protocol says: %s", reply->body->str);
    } else {
      fyr_sim_model_pushed (self->model, said, told, is_in_history, self);
    }
    forget (self);
  }
  fyr_sim_network_tell (self);
  return reply_answer (reply);
}

static gboolean
witness_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_witness_run (context, data, error);
}

static FyrSyncAnswer *
answer_witness (FyrSimWorld *self, const char *text, gsize length, const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrWitnessRequest) request = fyr_witness_request_parse (text, length, &error);
  g_autoptr (FyrReply) reply = fyr_reply_new ();
  FyrWitness witness = { .request = request, .reply = reply };
  gboolean done;

  if (request == NULL) {
    fyr_sim_violation (self->model, "what a workstation offers as a witness is malformed: %s",
                       error->message);
    return problem_answer (400, "malformed");
  }
  fyr_token_hash (token, witness.token);
  fyr_sim_model_give_back (self->model, TRUE);
  done = fyr_sim_server_write (self, witness_job, &witness);
  fyr_sim_model_give_back (self->model, FALSE);
  if (!done) {
    return self->server.up ? problem_answer (503, "busy") : NULL;
  }
  fyr_sim_network_tell (self);
  return reply_answer (reply);
}

/* A defect: the first entry of a page goes missing, and nobody sees the gap. */
static void
skip_entry (JsonObject *scopes)
{
  g_autoptr (GList) values = json_object_get_values (scopes);

  for (GList *value = values; value != NULL; value = value->next) {
    JsonArray *entries = json_object_get_array_member (json_node_get_object (value->data), "entries");

    if (json_array_get_length (entries) > 0) {
      JsonObject *first = json_array_get_object_element (entries, 0);

      json_object_set_string_member (first, "op", "skip");
      json_object_remove_member (first, "record");
      json_object_remove_member (first, "tag");
      json_object_remove_member (first, "version");
      return;
    }
  }
}

/* All else of the page stays as it was: it is the defect that shall be found, not a page that is malformed. */
static void
spoil_pull (FyrSimWorld *self, GString *body)
{
  g_autoptr (JsonNode) page = NULL;
  g_autoptr (FyrPullReply) reply = NULL;
  g_autofree char *spoilt = NULL;

  if (self->defect != FYR_SIM_DEAF && (self->defect != FYR_SIM_SKIPPED_ENTRY || !fyr_sim_chance (10))) {
    return;
  }
  page = json_from_string (body->str, NULL);
  if (self->defect == FYR_SIM_SKIPPED_ENTRY) {
    skip_entry (json_object_get_object_member (json_node_get_object (page), "scopes"));
  } else {
    json_object_set_array_member (json_node_get_object (page), "revoked", json_array_new ());
  }
  spoilt = json_to_string (page, FALSE);
  reply = fyr_pull_reply_parse (spoilt, strlen (spoilt), NULL);
  g_assert_nonnull (reply);
  g_string_assign (body, spoilt);
}

static gboolean
run_pull (FyrSimWorld *self, FyrPull *pull)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin_read (self->server.reader, &error);
  gboolean done = transaction != NULL && fyr_pull_run (self->server.reader, pull, &error);

  if (!done) {
    fyr_sim_trace ("server read: %s", error->message);
    /* Only a disk that would not read is a reason, and is told as one: whoever asked comes again. */
    if (!fyr_sim_disk_is_dead (self->server.machine.disk) &&
        !g_error_matches (error, FYR_DB_ERROR, FYR_DB_ERROR_IO)) {
      fyr_sim_violation (self->model, "a pull failed: %s", error->message);
    }
  }
  return done;
}

static gboolean
note_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_holding_write (context, data, error);
}

static FyrSyncAnswer *
answer_pull (FyrSimWorld *self,
             const char *text,
             gsize length,
             const char *token,
             gboolean may_wait,
             gboolean *waiting)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPullRequest) request = fyr_pull_request_parse (text, length, &error);
  g_autoptr (FyrReply) reply = fyr_reply_new ();
  FyrPull pull = { .db = self->server.db, .request = request, .may_wait = may_wait, .reply = reply };
  gboolean done;

  if (request == NULL) {
    fyr_sim_violation (self->model, "a workstation's pull is malformed: %s", error->message);
    return problem_answer (400, "malformed");
  }
  self->pulls++;
  fyr_sim_enter (&self->server.machine);
  fyr_token_hash (token, pull.token);
  done = run_pull (self, &pull);
  fyr_sim_leave ();
  if (done && pull.note != NULL) {
    done = fyr_sim_server_write (self, note_job, pull.note);
  }
  g_clear_pointer (&pull.note, fyr_holding_note_free);
  g_clear_pointer (&pull.granted, g_hash_table_unref);
  *waiting = pull.waiting;
  if (pull.waiting) {
    return NULL;
  }
  if (!done) {
    return problem_answer (503, "busy");
  }
  if (reply->status == 200) {
    spoil_pull (self, reply->body);
  }
  return reply_answer (reply);
}

static FyrSyncAnswer *
answer_emergency (FyrSimWorld *self, const char *text, gsize length, gboolean open, const char *token)
{
  g_autoptr (FyrReply) reply = fyr_reply_new ();

  if (!fyr_sim_server_emergency (self, text, length, open, token, reply)) {
    return self->server.up ? problem_answer (503, "busy") : NULL;
  }
  return reply_answer (reply);
}

FyrSyncAnswer *
fyr_sim_server_answer (FyrSimWorld *self,
                       FyrSimClient *client,
                       const char *path,
                       GBytes *body,
                       const char *token,
                       gboolean may_wait,
                       gboolean *waiting)
{
  gsize length = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &length) : "";

  *waiting = FALSE;
  if (!self->server.up) {
    return NULL;
  }
  if (client != NULL && client->weather.busy > 0) {
    client->weather.busy--;
    return problem_answer (503, "busy");
  }
  if (strcmp (path, "/auth/v1/sign-in") == 0) {
    return answer_sign_in (self, text, length);
  }
  if (strcmp (path, "/sync/v1/push") == 0) {
    return answer_push (self, text, length, token);
  }
  if (strcmp (path, "/sync/v1/witness") == 0) {
    return answer_witness (self, text, length, token);
  }
  if (strcmp (path, "/sync/v1/pull") == 0) {
    return answer_pull (self, text, length, token, may_wait, waiting);
  }
  if (g_str_has_prefix (path, "/emergency/v1/")) {
    return answer_emergency (self, text, length, g_str_has_suffix (path, "/open"), token);
  }
  return problem_answer (200, "");
}

char *
fyr_sim_server_heads (FyrSimWorld *self, const char *user_id)
{
  g_autoptr (FyrSubject) subject = NULL;
  g_autoptr (GPtrArray) scopes = NULL;
  g_autoptr (GHashTable) heads = NULL;
  GString *text;

  if (!self->server.up) {
    return NULL;
  }
  fyr_sim_enter (&self->server.machine);
  subject = fyr_subject_load (self->server.reader, user_id, g_get_real_time () / 1000, NULL);
  scopes = subject != NULL ? fyr_scopes_load (self->server.reader, subject, NULL) : NULL;
  fyr_sim_leave ();
  if (scopes == NULL) {
    return NULL;
  }
  heads = fyr_scopes_to_heads (scopes);
  text = g_string_new (NULL);
  fyr_wire_heads_write (heads, text);
  return g_string_free (text, FALSE);
}

typedef struct {
  FyrSimWorld *world;
  const char *patient_id;
  char *external_id;
  double value;
  guint status;
} Report;

static gboolean
measure_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Report *report = data;
  FyrObservation observation = {
    .kind = FYR_MEASUREMENT_KIND_OXYGEN_SATURATION,
    .status = FYR_OBSERVATION_FINAL,
    .has_value = TRUE,
    .value = report->value,
    .effective_time = g_get_real_time () / 1000,
    .subject_id = report->patient_id,
    .external_id = report->external_id,
  };
  FyrIntakePatient *patient =
      fyr_intake_cache_get_patient (report->world->server.cache, context, report->patient_id, error);
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
  FyrIntakeResult result;
  char id[FYR_UUID_TEXT_SIZE];

  if (patient == NULL) {
    return FALSE;
  }
  fyr_uuid_v7_new (fyr_write_context_get_time (context), id);
  if (!fyr_intake_store (report->world->server.cache, context, patient, &observation, id, &result, outcome,
                         error)) {
    return FALSE;
  }
  report->status = result.status;
  return TRUE;
}

void
fyr_sim_server_measure (FyrSimWorld *self, const char *patient_id)
{
  Report report = { .world = self, .patient_id = patient_id, .value = 80 + fyr_sim_draw (20) };
  guint first;

  report.external_id = g_strdup_printf ("urn:simulated|%u", self->serial++);
  if (fyr_sim_server_write (self, measure_job, &report)) {
    first = report.status;
    /* The gateway that got no answer asks again. */
    if (fyr_sim_chance (30) && fyr_sim_server_write (self, measure_job, &report) && first == 201 &&
        report.status != 200) {
      fyr_sim_violation (self->model, "a repeated report was answered %u", report.status);
    }
  }
  g_free (report.external_id);
  fyr_sim_network_tell (self);
}
