/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the server of the simulated world says to a request, without HTTP. */
#include <string.h>

#include "fyr-device-share.h"
#include "fyr-emergency.h"
#include "fyr-pull.h"
#include "fyr-push.h"
#include "fyr-record-table.h"
#include "fyr-scopes.h"
#include "fyr-session.h"
#include "fyr-shut-out.h"
#include "fyr-test-world.h"
#include "fyr-transaction.h"
#include "fyr-wire-sign-in.h"
#include "fyr-witness.h"

/* Sign-in as the server's own route does it, without the cost of the password. */
typedef struct {
  FyrSession session;
  char *token;
} SignInJob;

static gboolean
sign_in_job (FyrWriteContext *context, gpointer data, GError **error)
{
  SignInJob *job = data;

  job->token = fyr_session_create (context, &job->session, "test", error);
  return job->token != NULL;
}

static FyrSyncAnswer *
text_answer (guint status, GString *text)
{
  g_autoptr (GBytes) body = g_string_free_to_bytes (text);

  return fyr_sync_answer_new (status, body, 0);
}

static FyrSyncAnswer *
problem_answer (guint status, const char *code)
{
  GString *text = g_string_new (NULL);

  fyr_wire_problem_write (code, "As told", NULL, 0, text);
  return text_answer (status, text);
}

static FyrSyncAnswer *
answer_sign_in (FyrTestWorld *self, const char *text, gsize length)
{
  g_autoptr (FyrSignInRequest) request = fyr_sign_in_request_parse (text, length, NULL);
  g_autoptr (FyrSignInReply) reply = fyr_sign_in_reply_new ();
  SignInJob job = { .token = NULL };
  FyrTestClient *who = NULL;
  GString *out;

  g_assert_nonnull (request);
  for (guint i = 0; i < FYR_TEST_CLIENTS; i++) {
    who = strcmp (self->clients[i].user_name, request->user_name) == 0 ? &self->clients[i] : who;
  }
  if (who == NULL || strcmp (request->password, FYR_TEST_PASSWORD) != 0) {
    return problem_answer (401, "credentials");
  }
  g_strlcpy (job.session.user_id, who->user_id, 37);
  g_strlcpy (job.session.device_id, request->device_id, 37);
  if (fyr_shut_out_find (self->reader, request->device_id, NULL) != 0) {
    return problem_answer (403, "shut-out");
  }
  g_assert_true (fyr_server_db_write (self->db, sign_in_job, &job, NULL));
  reply->token = job.token;
  reply->expires = job.session.expires;
  reply->epoch = g_strdup (fyr_server_db_get_epoch (self->db));
  reply->server_time = g_get_real_time () / 1000;
  reply->user = fyr_test_world_get (self, &fyr_user_info, who->user_id);
  g_clear_pointer (&reply->memberships, g_ptr_array_unref);
  reply->memberships = fyr_record_table_list (self->reader, &fyr_membership_info, FYR_MEMBERSHIP_USER_ID,
                                              who->user_id, NULL, NULL);
  g_clear_pointer (&reply->centres, g_ptr_array_unref);
  reply->centres = fyr_record_table_list (self->reader, &fyr_centre_info, -1, NULL, NULL, NULL);
  if (!self->old_server) {
    reply->share = fyr_device_share_make (self->reader, request->device_id, NULL);
  }
  out = g_string_new (NULL);
  fyr_sign_in_reply_write (reply, out);
  return text_answer (200, out);
}

static gboolean
push_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_push_run (context, data, error);
}

static FyrSyncAnswer *
answer_push (FyrTestWorld *self, const char *text, gsize length, const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPushRequest) request = fyr_push_request_parse (text, length, &error);
  g_autoptr (FyrReply) reply = fyr_reply_new ();
  FyrPush push = { .request = request, .reply = reply };

  g_assert_no_error (error);
  fyr_token_hash (token, push.token);
  fyr_server_db_write (self->db, push_job, &push, &error);
  g_assert_no_error (error);
  fyr_test_world_tell (self);
  return text_answer (reply->status, g_string_new_len (reply->body->str, (gssize)reply->body->len));
}

static gboolean
note_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_holding_write (context, data, error);
}

/* A page that names the feeds asked for, and ends there. */
static FyrSyncAnswer *
heading_answer (FyrTestWorld *self, FyrPullRequest *request)
{
  g_autoptr (GPtrArray) granted = g_ptr_array_new ();
  g_autoptr (GPtrArray) revoked = g_ptr_array_new ();
  g_autoptr (GHashTable) heads = fyr_wire_heads_new ();
  GString *text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer name;
  FyrPullWriter writer;

  g_hash_table_iter_init (&iter, request->cursors);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    g_ptr_array_add (granted, name);
  }
  fyr_pull_writer_begin (&writer, text, request->epoch, g_get_real_time () / 1000, granted, revoked);
  fyr_pull_writer_begin_scopes (&writer);
  fyr_pull_writer_end_scopes (&writer);
  fyr_pull_writer_end (&writer, heads, FALSE);
  return text_answer (200, text);
}

static FyrSyncAnswer *
answer_pull (FyrTestWorld *self,
             FyrTestClient *client,
             const char *text,
             gsize length,
             const char *token,
             gboolean may_wait,
             gboolean *waiting)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPullRequest) request = fyr_pull_request_parse (text, length, &error);
  g_autoptr (FyrReply) reply = fyr_reply_new ();
  g_autoptr (FyrTransaction) transaction = NULL;
  FyrPull pull = { .db = self->db, .request = request, .may_wait = may_wait, .reply = reply };

  g_assert_no_error (error);
  if (request->max_bytes < client->faults.heading) {
    return heading_answer (self, request);
  }
  transaction = fyr_transaction_begin_read (self->reader, &error);
  g_assert_no_error (error);
  fyr_token_hash (token, pull.token);
  fyr_pull_run (self->reader, &pull, &error);
  g_assert_no_error (error);
  g_clear_pointer (&pull.granted, g_hash_table_unref);
  g_clear_pointer (&transaction, fyr_transaction_free);
  if (pull.note != NULL) {
    fyr_server_db_write (self->db, note_job, pull.note, &error);
    g_assert_no_error (error);
    g_clear_pointer (&pull.note, fyr_holding_note_free);
  }
  *waiting = pull.waiting;
  if (pull.waiting) {
    return NULL;
  }
  return text_answer (reply->status, g_string_new_len (reply->body->str, (gssize)reply->body->len));
}

static gboolean
witness_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_witness_run (context, data, error);
}

static FyrSyncAnswer *
answer_witness (FyrTestWorld *self, const char *text, gsize length, const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrWitnessRequest) request = fyr_witness_request_parse (text, length, &error);
  g_autoptr (FyrReply) reply = fyr_reply_new ();
  FyrWitness witness = { .request = request, .reply = reply };

  g_assert_no_error (error);
  fyr_token_hash (token, witness.token);
  fyr_server_db_write (self->db, witness_job, &witness, &error);
  g_assert_no_error (error);
  fyr_test_world_tell (self);
  return text_answer (reply->status, g_string_new_len (reply->body->str, (gssize)reply->body->len));
}

typedef struct {
  FyrEmergencyOpening opening;
  const char *token;
  char *access_id; /* (nullable): to be ended */
  FyrReply *reply;
} EmergencyJob;

static gboolean
emergency_job (FyrWriteContext *context, gpointer data, GError **error)
{
  EmergencyJob *job = data;
  guint8 token[FYR_TOKEN_HASH_BYTES];

  fyr_token_hash (job->token, token);
  if (fyr_session_find (fyr_write_context_get_connection (context), token, g_get_real_time () / 1000,
                        &job->opening.session, error) <= 0) {
    return FALSE;
  }
  return job->access_id != NULL
             ? fyr_emergency_end (context, job->opening.session.user_id, job->access_id, job->reply, error)
             : fyr_emergency_open (context, &job->opening, job->reply, error);
}

static FyrSyncAnswer *
answer_emergency (FyrTestWorld *self,
                  FyrTestClient *client,
                  const char *path,
                  const char *text,
                  gsize length,
                  const char *token)
{
  gboolean ends = g_str_has_suffix (path, "/end");
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrEmergencyRequest) request = ends ? NULL : fyr_emergency_request_parse (text, length, NULL);
  g_autofree char *access_id = ends ? fyr_emergency_end_parse (text, length, NULL) : NULL;
  g_autoptr (FyrReply) reply = fyr_reply_new ();
  EmergencyJob job = { .token = token, .access_id = access_id, .reply = reply };

  if (request == NULL && access_id == NULL) {
    return problem_answer (400, "malformed");
  }
  job.opening.asked = request;
  job.opening.user_name = client->user_name;
  job.opening.right = request != NULL && strcmp (request->password, FYR_TEST_PASSWORD) == 0;
  job.opening.lasts = self->emergency_lasts > 0 ? self->emergency_lasts : FYR_EMERGENCY_LONGEST_MS;
  fyr_server_db_write (self->db, emergency_job, &job, &error);
  g_assert_no_error (error);
  fyr_test_world_tell (self);
  return text_answer (reply->status, g_string_new_len (reply->body->str, (gssize)reply->body->len));
}

FyrSyncAnswer *
fyr_test_world_answer (FyrTestWorld *self,
                       FyrTestClient *client,
                       const char *path,
                       GBytes *body,
                       const char *token,
                       gboolean may_wait,
                       gboolean *waiting)
{
  gsize length = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &length) : "";

  *waiting = FALSE;
  if (strcmp (path, "/auth/v1/sign-in") == 0) {
    return answer_sign_in (self, text, length);
  }
  if (client->faults.status_times > 0) {
    client->faults.status_times--;
    if (client->faults.served.max > 0) {
      GString *said = g_string_new (NULL);

      g_string_printf (said, "{\"error\":{\"code\":\"schema\"},\"schema_min\":%d,\"schema_max\":%d}",
                       client->faults.served.min, client->faults.served.max);
      return text_answer (client->faults.status, said);
    }
    return problem_answer (client->faults.status, "told");
  }
  if (strcmp (path, "/sync/v1/push") == 0) {
    return answer_push (self, text, length, token);
  }
  if (strcmp (path, "/sync/v1/pull") == 0) {
    return answer_pull (self, client, text, length, token, may_wait, waiting);
  }
  if (strcmp (path, "/sync/v1/witness") == 0) {
    return answer_witness (self, text, length, token);
  }
  if (g_str_has_prefix (path, "/emergency/v1/")) {
    return answer_emergency (self, client, path, text, length, token);
  }
  return problem_answer (200, "");
}

char *
fyr_test_world_heads (FyrTestWorld *self, FyrTestClient *client)
{
  g_autoptr (FyrSubject) subject =
      fyr_subject_load (self->reader, client->user_id, g_get_real_time () / 1000, NULL);
  g_autoptr (GPtrArray) scopes = fyr_scopes_load (self->reader, subject, NULL);
  g_autoptr (GHashTable) heads = fyr_scopes_to_heads (scopes);
  GString *text = g_string_new (NULL);

  if (client->faults.strange_head > 0) {
    fyr_wire_heads_set (heads, "01890000-0000-7000-8000-00000000ffff/alert", client->faults.strange_head);
  }
  fyr_wire_heads_write (heads, text);
  return g_string_free (text, FALSE);
}
