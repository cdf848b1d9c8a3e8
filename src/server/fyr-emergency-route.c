/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-emergency-route.h"

#include <string.h>

#include "fyr-emergency.h"
#include "fyr-log.h"
#include "fyr-server.h"

struct _FyrEmergencyRoute {
  FyrServer *server;
  FyrPasswordGate *gate; /* not owned */
  gint64 lasts;
};

/* One try on its way: who asks, whether the password is hers, the decision. */
typedef struct {
  FyrEmergencyRoute *route;
  FyrRequest *request;
  guint8 token[FYR_TOKEN_HASH_BYTES];
  FyrEmergencyRequest *asked;
  FyrEmergencyOpening opening;
  char *user_name;
  char *hash;
  gboolean within;
} Try;

static void
try_free (gpointer data)
{
  Try *self = data;

  fyr_emergency_request_free (self->asked);
  g_free (self->user_name);
  g_free (self->hash);
  g_free (self);
}

static void
finish (Try *self)
{
  FyrRequest *request = self->request;

  try_free (self);
  fyr_request_finish (request);
}

/* 1 and the opening's session; 0 with the reply made; -1 with @error. */
static int
find_caller (FyrConnection *connection, Try *self, FyrReply *reply, gint64 now, GError **error)
{
  int found = fyr_session_find (connection, self->token, now, &self->opening.session, error);

  if (found == 0) {
    fyr_reply_fail_unauthenticated (reply);
    return 0;
  }
  /* As with a pull: a token is not used at another workstation. */
  if (found > 0 && self->asked != NULL &&
      !g_str_equal (self->asked->device_id, self->opening.session.device_id)) {
    fyr_reply_fail (reply, 403, "forbidden", "The session belongs to another device");
    return 0;
  }
  return found;
}

/* Third step, on the writer's thread. */
static gboolean
run_open (FyrWriteContext *context, FyrReply *reply, gpointer data, GError **error)
{
  Try *self = data;
  int found = find_caller (fyr_write_context_get_connection (context), self, reply,
                           fyr_write_context_get_time (context), error);

  if (found <= 0) {
    return found == 0;
  }
  self->opening.user_name = self->user_name;
  self->opening.asked = self->asked;
  self->opening.lasts = self->route->lasts;
  return fyr_emergency_open (context, &self->opening, reply, error);
}

/* Second step: the password was hashed. */
static void
on_hashed (gpointer data, gboolean right)
{
  Try *self = data;

  self->opening.right = right;
  fyr_log ("emergency-try", "user", self->opening.session.user_id, NULL);
  fyr_request_write (self->request, run_open, self, try_free);
}

/* First step, on a reader's thread. */

static gboolean
load_credential (FyrConnection *connection, Try *self, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (connection,
                              "SELECT u.user_name, c.hash FROM \"user\" u LEFT JOIN credential c ON "
                              "c.\"user\" = u.id WHERE u.id = ?1",
                              error);
  FyrStep step;

  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, self->opening.session.user_id);
  step = fyr_statement_step (select, error);
  if (step == FYR_STEP_ROW) {
    self->user_name = g_strdup (fyr_statement_get_text (select, 0));
    self->hash = g_strdup (fyr_statement_get_text (select, 1));
  }
  return step != FYR_STEP_ERROR;
}

static gboolean
run_look_up (FyrConnection *connection, gpointer data, GError **error)
{
  Try *self = data;
  FyrReply *reply = fyr_request_get_reply (self->request);
  gint64 now = g_get_real_time () / 1000;
  int found = find_caller (connection, self, reply, now, error);

  if (found <= 0) {
    return found == 0;
  }
  if (!load_credential (connection, self, error)) {
    return FALSE;
  }
  if (self->user_name == NULL) {
    fyr_reply_fail_unauthenticated (reply);
    return TRUE;
  }
  return fyr_emergency_check_limits (connection, self->opening.session.user_id, self->user_name, now, reply,
                                     &self->within, error);
}

static void
on_looked_up (gpointer data, const GError *error)
{
  Try *self = data;
  FyrReply *reply = fyr_request_get_reply (self->request);

  if (error != NULL) {
    fyr_reply_fail_with (reply, error);
    finish (self);
  } else if (!self->within) {
    finish (self);
  } else if (!fyr_password_gate_verify (self->route->gate, self->hash, self->asked->password, on_hashed,
                                        self)) {
    fyr_reply_fail (reply, 503, "busy", "Too many passwords at once; try again");
    reply->retry_after = 2;
    finish (self);
  }
}

static void
refuse_malformed (FyrRequest *request, const GError *error)
{
  fyr_reply_fail (fyr_request_get_reply (request), fyr_wire_error_to_status (error),
                  fyr_wire_error_to_code (error), error->message);
  fyr_request_finish (request);
}

void
fyr_emergency_open_serve (FyrRequest *request, gpointer route)
{
  FyrEmergencyRoute *self = route;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrEmergencyRequest) asked = NULL;
  guint8 token[FYR_TOKEN_HASH_BYTES];
  gsize length;
  const char *body = fyr_request_get_body (request, &length);
  Try *try;

  if (!fyr_request_get_token (request, token)) {
    fyr_reply_fail_unauthenticated (fyr_request_get_reply (request));
    fyr_request_finish (request);
    return;
  }
  asked = fyr_emergency_request_parse (body, length, &error);
  if (asked == NULL) {
    refuse_malformed (request, error);
    return;
  }
  try = g_new0 (Try, 1);
  try->route = self;
  try->request = request;
  try->asked = g_steal_pointer (&asked);
  memcpy (try->token, token, sizeof token);
  fyr_reader_submit (fyr_server_get_reader (self->server), run_look_up, try, on_looked_up, NULL);
}

typedef struct {
  guint8 token[FYR_TOKEN_HASH_BYTES];
  char *access_id;
} End;

static void
end_free (gpointer data)
{
  End *end = data;

  g_free (end->access_id);
  g_free (end);
}

static gboolean
run_end (FyrWriteContext *context, FyrReply *reply, gpointer data, GError **error)
{
  End *end = data;
  FyrSession session;
  int found = fyr_session_find (fyr_write_context_get_connection (context), end->token,
                                fyr_write_context_get_time (context), &session, error);

  if (found == 0) {
    fyr_reply_fail_unauthenticated (reply);
  }
  if (found <= 0) {
    return found == 0;
  }
  return fyr_emergency_end (context, session.user_id, end->access_id, reply, error);
}

void
fyr_emergency_end_serve (FyrRequest *request, gpointer route)
{
  g_autoptr (GError) error = NULL;
  guint8 token[FYR_TOKEN_HASH_BYTES];
  gsize length;
  const char *body = fyr_request_get_body (request, &length);
  char *access_id;
  End *end;

  if (!fyr_request_get_token (request, token)) {
    fyr_reply_fail_unauthenticated (fyr_request_get_reply (request));
    fyr_request_finish (request);
    return;
  }
  access_id = fyr_emergency_end_parse (body, length, &error);
  if (access_id == NULL) {
    refuse_malformed (request, error);
    return;
  }
  end = g_new0 (End, 1);
  end->access_id = access_id;
  memcpy (end->token, token, sizeof token);
  fyr_request_write (request, run_end, end, end_free);
}

FyrEmergencyRoute *
fyr_emergency_route_new (FyrServer *server, FyrPasswordGate *gate, gint64 lasts)
{
  FyrEmergencyRoute *self = g_new0 (FyrEmergencyRoute, 1);

  self->server = server;
  self->gate = gate;
  self->lasts = lasts > 0 ? lasts : FYR_EMERGENCY_LONGEST_MS;
  return self;
}

void
fyr_emergency_route_free (FyrEmergencyRoute *self)
{
  g_free (self);
}
