/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sign-in.h"

#include <string.h>

#include "fyr-device-share.h"
#include "fyr-lockout.h"
#include "fyr-log.h"
#include "fyr-password-gate.h"
#include "fyr-record-table.h"
#include "fyr-server.h"
#include "fyr-session.h"
#include "fyr-shut-out.h"
#include "fyr-wire-proof.h"
#include "fyr-wire-sign-in.h"

struct _FyrSignIn {
  FyrServer *server;
  FyrPasswordGate *gate; /* not owned */
};

/* One attempt on its way: look up, hash, decide. */
typedef struct {
  FyrSignIn *sign_in;
  FyrRequest *request;
  FyrSignInRequest *asked;
  char user_id[37];
  char key[FYR_WIRE_KEY_SIZE + 1];
  char *hash;
  guint locked_seconds;
  gboolean right;
} Attempt;

static void
attempt_free (gpointer data)
{
  Attempt *attempt = data;

  fyr_sign_in_request_free (attempt->asked);
  g_free (attempt->hash);
  g_free (attempt);
}

static void
reply_credentials (FyrReply *reply)
{
  fyr_reply_fail (reply, 401, "credentials", "User name or password is wrong");
}

static void
reply_locked (FyrReply *reply, guint seconds)
{
  fyr_reply_fail (reply, 429, "locked-out", "Too many wrong passwords: wait");
  reply->retry_after = seconds;
}

/* Second step, on the writer's thread: the attempt counts, and a right one makes a session. */

static gboolean
add_memberships (FyrConnection *connection, FyrSignInReply *answer, gint64 now, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GHashTable) centres = g_hash_table_new (g_str_hash, g_str_equal);

  select = fyr_record_table_select (connection, &fyr_membership_info,
                                    "WHERE user_id = ?1 AND (valid_from IS NULL OR valid_from <= ?2)"
                                    " AND (valid_to IS NULL OR valid_to > ?2) ORDER BY id",
                                    error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, fyr_record_get_id (answer->user));
  fyr_statement_bind_int (select, 2, now);
  found = fyr_record_table_collect (select, &fyr_membership_info, error);
  for (guint i = 0; found != NULL && i < found->len; i++) {
    FyrRecord *membership = g_ptr_array_index (found, i);
    const char *centre_id = fyr_membership_get_centre_id (FYR_MEMBERSHIP (membership));
    FyrRecord *centre;

    g_ptr_array_add (answer->memberships, g_object_ref (membership));
    if (!g_hash_table_add (centres, (gpointer)centre_id)) {
      continue;
    }
    centre = fyr_record_table_get (connection, &fyr_centre_info, centre_id, NULL);
    if (centre != NULL) {
      g_ptr_array_add (answer->centres, centre);
    }
  }
  return found != NULL;
}

static FyrSignInReply *
make_answer (FyrWriteContext *context, const char *user_id, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (context);
  g_autoptr (FyrSignInReply) answer = fyr_sign_in_reply_new ();

  answer->epoch = g_strdup (fyr_server_db_get_epoch (fyr_write_context_get_db (context)));
  answer->server_time = fyr_write_context_get_time (context);
  answer->user = fyr_record_table_get (connection, &fyr_user_info, user_id, error);
  if (answer->user == NULL || !add_memberships (connection, answer, answer->server_time, error)) {
    return NULL;
  }
  return g_steal_pointer (&answer);
}

static gboolean
admit (FyrWriteContext *context, Attempt *attempt, FyrReply *reply, GError **error)
{
  g_autoptr (FyrSignInReply) answer = make_answer (context, attempt->user_id, error);
  FyrSession session = { .id = "" };
  int shut_out;

  if (answer == NULL) {
    return FALSE;
  }
  if (!fyr_user_get_active (FYR_USER (answer->user)) || answer->memberships->len == 0) {
    reply_credentials (reply);
    return TRUE;
  }
  shut_out = fyr_shut_out_find (fyr_write_context_get_connection (context), attempt->asked->device_id, error);
  if (shut_out != 0) {
    fyr_reply_fail (reply, 403, "shut-out", "Nobody signs in from this workstation any more");
    return shut_out > 0;
  }
  g_strlcpy (session.user_id, attempt->user_id, sizeof session.user_id);
  g_strlcpy (session.device_id, attempt->asked->device_id, sizeof session.device_id);
  g_strlcpy (session.key, attempt->key, sizeof session.key);
  answer->token = fyr_session_create (context, &session, attempt->asked->device_name, error);
  answer->share =
      fyr_device_share_make (fyr_write_context_get_connection (context), session.device_id, error);
  if (answer->token == NULL || answer->share == NULL ||
      !fyr_lockout_clear (context, attempt->asked->user_name, error)) {
    return FALSE;
  }
  answer->expires = session.expires;
  fyr_sign_in_reply_write (answer, reply->body);
  return TRUE;
}

static gboolean
run_decide (FyrWriteContext *context, FyrReply *reply, gpointer data, GError **error)
{
  Attempt *attempt = data;
  guint seconds = 0;

  /* Attempts that ran beside each other meet here: the lock counts also for who was hashed meanwhile. */
  if (!fyr_lockout_find (fyr_write_context_get_connection (context), attempt->asked->user_name,
                         fyr_write_context_get_time (context), &seconds, error)) {
    return FALSE;
  }
  if (seconds > 0) {
    reply_locked (reply, seconds);
    return TRUE;
  }
  if (attempt->right) {
    return admit (context, attempt, reply, error);
  }
  reply_credentials (reply);
  return fyr_lockout_note (context, attempt->asked->user_name, error);
}

static void
on_hashed (gpointer data, gboolean right)
{
  Attempt *attempt = data;

  attempt->right = right;
  fyr_log (attempt->right ? "sign-in" : "sign-in-refused", "user",
           attempt->user_id[0] ? attempt->user_id : "unknown", NULL);
  fyr_request_write (attempt->request, run_decide, attempt, attempt_free);
}

/* First step, on a reader's thread. */

static gboolean
run_look_up (FyrConnection *connection, gpointer data, GError **error)
{
  Attempt *attempt = data;
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  if (!fyr_lockout_find (connection, attempt->asked->user_name, g_get_real_time () / 1000,
                         &attempt->locked_seconds, error)) {
    return FALSE;
  }
  select = fyr_connection_prepare (
      connection,
      "SELECT u.id, c.hash FROM \"user\" u LEFT JOIN credential c ON c.\"user\" = u.id"
      " WHERE lower (u.user_name) = lower (?1)",
      error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (select, 1, attempt->asked->user_name);
  step = fyr_statement_step (select, error);
  if (step == FYR_STEP_ROW) {
    g_strlcpy (attempt->user_id, fyr_statement_get_id (select, 0), sizeof attempt->user_id);
    attempt->hash = g_strdup (fyr_statement_get_text (select, 1));
  }
  return step != FYR_STEP_ERROR;
}

static void
give_up (Attempt *attempt)
{
  FyrRequest *request = attempt->request;

  attempt_free (attempt);
  fyr_request_finish (request);
}

static void
on_looked_up (gpointer data, const GError *error)
{
  Attempt *attempt = data;
  FyrReply *reply = fyr_request_get_reply (attempt->request);

  if (error != NULL) {
    fyr_reply_fail_with (reply, error);
    give_up (attempt);
  } else if (attempt->locked_seconds > 0) {
    reply_locked (reply, attempt->locked_seconds);
    give_up (attempt);
  } else if (!fyr_password_gate_verify (attempt->sign_in->gate, attempt->hash, attempt->asked->password,
                                        on_hashed, attempt)) {
    fyr_reply_fail (reply, 503, "busy", "Too many sign in at once; try again");
    reply->retry_after = 2;
    give_up (attempt);
  }
}

void
fyr_sign_in_serve (FyrRequest *request, gpointer sign_in)
{
  FyrSignIn *self = sign_in;
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *body = fyr_request_get_body (request, &length);
  const char *key = fyr_request_get_header (request, FYR_WIRE_KEY_HEADER);
  g_autoptr (FyrSignInRequest) asked = fyr_sign_in_request_parse (body, length, &error);
  Attempt *attempt;

  if (key != NULL && !fyr_wire_key_is_valid (key)) {
    fyr_reply_fail (fyr_request_get_reply (request), 400, "malformed", FYR_WIRE_KEY_HEADER ": no key");
    fyr_request_finish (request);
    return;
  }
  if (asked == NULL) {
    fyr_reply_fail (fyr_request_get_reply (request), fyr_wire_error_to_status (error),
                    fyr_wire_error_to_code (error), error->message);
    fyr_request_finish (request);
    return;
  }
  attempt = g_new0 (Attempt, 1);
  attempt->sign_in = self;
  attempt->request = request;
  attempt->asked = g_steal_pointer (&asked);
  g_strlcpy (attempt->key, key != NULL ? key : "", sizeof attempt->key);
  fyr_reader_submit (fyr_server_get_reader (self->server), run_look_up, attempt, on_looked_up, NULL);
}

FyrSignIn *
fyr_sign_in_new (FyrServer *server, FyrPasswordGate *gate)
{
  FyrSignIn *self = g_new0 (FyrSignIn, 1);

  self->server = server;
  self->gate = gate;
  return self;
}

void
fyr_sign_in_free (FyrSignIn *self)
{
  g_free (self);
}
