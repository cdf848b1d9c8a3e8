/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-session.h"

#include <string.h>

#include "fyr-lockout.h"
#include "fyr-uuid.h"

int
fyr_session_find (FyrConnection *connection,
                  const guint8 hash[FYR_TOKEN_HASH_BYTES],
                  gint64 now,
                  FyrSession *session,
                  GError **error)
{
  int found = fyr_session_find_leaving (connection, hash, now, session, error);

  return found > 0 && session->shut_out ? 0 : found;
}

int
fyr_session_find_leaving (FyrConnection *connection,
                          const guint8 hash[FYR_TOKEN_HASH_BYTES],
                          gint64 now,
                          FyrSession *session,
                          GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  memset (session, 0, sizeof *session);
  select = fyr_connection_prepare (connection,
                                   "SELECT id, \"user\", device, expires,"
                                   " (SELECT count (*) FROM shut_out o WHERE o.device = session.device)"
                                   " FROM session WHERE token = ?1 AND expires > ?2",
                                   error);
  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_blob (select, 1, hash, FYR_TOKEN_HASH_BYTES);
  fyr_statement_bind_int (select, 2, now);
  step = fyr_statement_step (select, error);
  if (step != FYR_STEP_ROW) {
    return step == FYR_STEP_DONE ? 0 : -1;
  }
  g_strlcpy (session->id, fyr_statement_get_id (select, 0), sizeof session->id);
  g_strlcpy (session->user_id, fyr_statement_get_id (select, 1), sizeof session->user_id);
  g_strlcpy (session->device_id, fyr_statement_get_id (select, 2), sizeof session->device_id);
  session->expires = fyr_statement_get_int (select, 3);
  session->shut_out = fyr_statement_get_int (select, 4) > 0;
  return 1;
}

static gboolean
forget_expired (FyrConnection *connection, gint64 now, GError **error)
{
  g_autoptr (FyrStatement) forget = NULL;

  forget = fyr_connection_prepare (connection, "DELETE FROM session WHERE expires <= ?1", error);
  if (forget == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (forget, 1, now);
  return fyr_statement_run (forget, error);
}

char *
fyr_session_create (FyrWriteContext *context, FyrSession *session, const char *device_name, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (context);
  gint64 now = fyr_write_context_get_time (context);
  g_autofree char *token = fyr_token_new (session->key[0] != '\0' ? session->key : NULL);
  guint8 hash[FYR_TOKEN_HASH_BYTES];
  g_autoptr (FyrStatement) insert = NULL;

  if (!forget_expired (connection, now, error)) {
    return NULL;
  }
  insert = fyr_connection_prepare (
      connection,
      "INSERT INTO session (id, token, \"user\", device, device_name, created, expires)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      error);
  if (insert == NULL) {
    return NULL;
  }
  fyr_token_hash (token, hash);
  fyr_uuid_v7_new (now, session->id);
  session->expires = now + FYR_SESSION_LIFE;
  fyr_statement_bind_id (insert, 1, session->id);
  fyr_statement_bind_blob (insert, 2, hash, sizeof hash);
  fyr_statement_bind_id (insert, 3, session->user_id);
  fyr_statement_bind_id (insert, 4, session->device_id);
  fyr_statement_bind_text (insert, 5, device_name != NULL ? device_name : "");
  fyr_statement_bind_int (insert, 6, now);
  fyr_statement_bind_int (insert, 7, session->expires);
  return fyr_statement_run (insert, error) ? g_steal_pointer (&token) : NULL;
}

int
fyr_session_end (FyrWriteContext *context, const char *session_id, const char *user_id, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (context);
  g_autoptr (FyrStatement) end = NULL;

  end = fyr_connection_prepare (connection, "DELETE FROM session WHERE id = ?1 AND \"user\" = ?2", error);
  if (end == NULL) {
    return -1;
  }
  fyr_statement_bind_id (end, 1, session_id);
  fyr_statement_bind_id (end, 2, user_id);
  if (!fyr_statement_run (end, error)) {
    return -1;
  }
  return fyr_connection_get_changes (connection) > 0;
}

static gboolean
run_with_id (FyrWriteContext *context, const char *sql, const char *id, GError **error)
{
  g_autoptr (FyrStatement) statement =
      fyr_connection_prepare (fyr_write_context_get_connection (context), sql, error);

  if (statement == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (statement, 1, id);
  return fyr_statement_run (statement, error);
}

gboolean
fyr_session_end_all (FyrWriteContext *context, const char *user_id, GError **error)
{
  return run_with_id (context, "DELETE FROM session WHERE \"user\" = ?1", user_id, error);
}

/* Wrong passwords are counted by name: those of the user's own are forgotten with the password they missed. */
static gboolean
end_lockout (FyrWriteContext *context, const char *user_id, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      fyr_write_context_get_connection (context), "SELECT user_name FROM \"user\" WHERE id = ?1", error);
  g_autofree char *user_name = NULL;
  FyrStep step;

  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, user_id);
  step = fyr_statement_step (select, error);
  if (step != FYR_STEP_ROW) {
    return step == FYR_STEP_DONE;
  }
  user_name = g_strdup (fyr_statement_get_text (select, 0));
  return fyr_lockout_clear (context, user_name, error);
}

gboolean
fyr_credential_set (FyrWriteContext *context, const char *user_id, const char *hash, GError **error)
{
  g_autoptr (FyrStatement) put = NULL;

  if (!fyr_session_end_all (context, user_id, error) || !end_lockout (context, user_id, error) ||
      !run_with_id (context, "DELETE FROM credential WHERE \"user\" = ?1", user_id, error)) {
    return FALSE;
  }
  if (hash == NULL) {
    return TRUE;
  }
  put =
      fyr_connection_prepare (fyr_write_context_get_connection (context),
                              "INSERT INTO credential (\"user\", hash, changed) VALUES (?1, ?2, ?3)", error);
  if (put == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (put, 1, user_id);
  fyr_statement_bind_text (put, 2, hash);
  fyr_statement_bind_int (put, 3, fyr_write_context_get_time (context));
  return fyr_statement_run (put, error);
}

char *
fyr_gateway_create (FyrWriteContext *context, FyrGateway *gateway, const char *name, GError **error)
{
  g_autofree char *token = fyr_token_new (NULL);
  guint8 hash[FYR_TOKEN_HASH_BYTES];
  g_autoptr (FyrStatement) insert = NULL;

  insert = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "INSERT INTO gateway (id, token, centre, name, created) VALUES (?1, ?2, ?3, ?4, ?5)", error);
  if (insert == NULL) {
    return NULL;
  }
  fyr_token_hash (token, hash);
  fyr_uuid_v7_new (fyr_write_context_get_time (context), gateway->id);
  fyr_statement_bind_id (insert, 1, gateway->id);
  fyr_statement_bind_blob (insert, 2, hash, sizeof hash);
  fyr_statement_bind_id (insert, 3, gateway->centre_id);
  fyr_statement_bind_text (insert, 4, name);
  fyr_statement_bind_int (insert, 5, fyr_write_context_get_time (context));
  return fyr_statement_run (insert, error) ? g_steal_pointer (&token) : NULL;
}

int
fyr_gateway_find (FyrConnection *connection,
                  const guint8 hash[FYR_TOKEN_HASH_BYTES],
                  FyrGateway *gateway,
                  GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  memset (gateway, 0, sizeof *gateway);
  select = fyr_connection_prepare (
      connection, "SELECT id, centre FROM gateway WHERE token = ?1 AND ended IS NULL", error);
  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_blob (select, 1, hash, FYR_TOKEN_HASH_BYTES);
  step = fyr_statement_step (select, error);
  if (step != FYR_STEP_ROW) {
    return step == FYR_STEP_DONE ? 0 : -1;
  }
  g_strlcpy (gateway->id, fyr_statement_get_id (select, 0), sizeof gateway->id);
  g_strlcpy (gateway->centre_id, fyr_statement_get_id (select, 1), sizeof gateway->centre_id);
  return 1;
}

int
fyr_gateway_end (FyrWriteContext *context, const char *gateway_id, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (context);
  g_autoptr (FyrStatement) end = NULL;

  end = fyr_connection_prepare (connection, "UPDATE gateway SET ended = ?2 WHERE id = ?1 AND ended IS NULL",
                                error);
  if (end == NULL) {
    return -1;
  }
  fyr_statement_bind_id (end, 1, gateway_id);
  fyr_statement_bind_int (end, 2, fyr_write_context_get_time (context));
  if (!fyr_statement_run (end, error)) {
    return -1;
  }
  return fyr_connection_get_changes (connection) > 0;
}
