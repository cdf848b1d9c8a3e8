/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-json-document.h"
#include "fyr-json-writer.h"
#include "fyr-server.h"
#include "fyr-session.h"
#include "fyr-sign-in.h"
#include "fyr-uuid.h"

/* The routes about sessions that are there already. */

typedef struct {
  FyrServer *server;
  guint8 token[FYR_TOKEN_HASH_BYTES];
  char session_id[37];
  gboolean ended;
} Ask;

static Ask *
ask_new (FyrRequest *request)
{
  Ask *ask = g_new0 (Ask, 1);

  ask->server = fyr_request_get_server (request);
  fyr_request_get_token (request, ask->token);
  return ask;
}

static void
ask_free (gpointer data)
{
  Ask *ask = data;

  if (ask->ended) {
    fyr_server_recheck_sessions (ask->server);
  }
  g_free (ask);
}

/* 1 and @session; 0 with the reply made; -1 with @error. */
static int
find_caller (FyrConnection *connection, Ask *ask, FyrReply *reply, FyrSession *session, GError **error)
{
  int found = fyr_session_find (connection, ask->token, g_get_real_time () / 1000, session, error);

  if (found == 0) {
    fyr_reply_fail_unauthenticated (reply);
  }
  return found;
}

static gboolean
run_sign_out (FyrWriteContext *context, FyrReply *reply, gpointer data, GError **error)
{
  Ask *ask = data;
  FyrSession session;
  int found = find_caller (fyr_write_context_get_connection (context), ask, reply, &session, error);

  if (found <= 0) {
    return found == 0;
  }
  ask->ended = fyr_session_end (context, session.id, session.user_id, error) > 0;
  g_string_assign (reply->body, "{}");
  return ask->ended;
}

void
fyr_sign_out_serve (FyrRequest *request, gpointer user_data)
{
  fyr_request_write (request, run_sign_out, ask_new (request), ask_free);
}

static void
write_session (FyrJsonWriter *json, FyrStatement *row, const FyrSession *own)
{
  const char *id = fyr_statement_get_id (row, 0);

  fyr_json_writer_begin_object (json, NULL);
  fyr_json_writer_string (json, "session", id);
  fyr_json_writer_bool (json, "current", g_strcmp0 (id, own->id) == 0);
  fyr_json_writer_string (json, "device", fyr_statement_get_id (row, 1));
  fyr_json_writer_string (json, "device_name", fyr_statement_get_text (row, 2));
  fyr_json_writer_int (json, "created", fyr_statement_get_int (row, 3));
  fyr_json_writer_int (json, "expires", fyr_statement_get_int (row, 4));
  fyr_json_writer_end_object (json);
}

static gboolean
run_list (FyrConnection *connection, FyrReply *reply, gpointer data, GError **error)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (reply->body);
  g_autoptr (FyrStatement) select = NULL;
  FyrSession session;
  FyrStep step;
  int found = find_caller (connection, data, reply, &session, error);

  if (found <= 0) {
    return found == 0;
  }
  select = fyr_connection_prepare (connection,
                                   "SELECT id, device, device_name, created, expires FROM session"
                                   " WHERE \"user\" = ?1 AND expires > ?2 ORDER BY created",
                                   error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, session.user_id);
  fyr_statement_bind_int (select, 2, g_get_real_time () / 1000);
  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_begin_array (&json, "sessions");
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    write_session (&json, select, &session);
  }
  fyr_json_writer_end_array (&json);
  fyr_json_writer_end_object (&json);
  return step == FYR_STEP_DONE;
}

void
fyr_sessions_serve (FyrRequest *request, gpointer user_data)
{
  fyr_request_read (request, run_list, ask_new (request), ask_free);
}

static gboolean
run_end (FyrWriteContext *context, FyrReply *reply, gpointer data, GError **error)
{
  Ask *ask = data;
  FyrSession session;
  int found = find_caller (fyr_write_context_get_connection (context), ask, reply, &session, error);

  if (found <= 0) {
    return found == 0;
  }
  found = fyr_session_end (context, ask->session_id, session.user_id, error);
  if (found < 0) {
    return FALSE;
  }
  ask->ended = found > 0;
  if (found == 0) {
    fyr_reply_fail (reply, 404, "unknown-session", "There is no such session");
  } else {
    g_string_assign (reply->body, "{}");
  }
  return TRUE;
}

void
fyr_session_end_serve (FyrRequest *request, gpointer user_data)
{
  gsize length;
  const char *body = fyr_request_get_body (request, &length);
  g_autoptr (FyrJsonDocument) document =
      fyr_json_document_parse (body, length, &fyr_json_limits_message, NULL);
  const char *id =
      document != NULL ? fyr_json_value_get_string (fyr_json_document_get_root (document), "session") : NULL;
  Ask *ask;

  if (!fyr_uuid_is_valid (id)) {
    fyr_reply_fail (fyr_request_get_reply (request), 400, "malformed", "session: an id is needed");
    fyr_request_finish (request);
    return;
  }
  ask = ask_new (request);
  g_strlcpy (ask->session_id, id, sizeof ask->session_id);
  fyr_request_write (request, run_end, ask, ask_free);
}
