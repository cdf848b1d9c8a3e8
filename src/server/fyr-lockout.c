/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-lockout.h"

#include "fyr-shared.h"
#include "fyr-token.h"

#define FIRST_LOCK_MS (G_GINT64_CONSTANT (60) * 1000)
#define LONGEST_LOCK_MS (G_GINT64_CONSTANT (60) * 60 * 1000)
#define FORGET_MS (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)

static void
bind_name (FyrStatement *statement, int index, const char *user_name)
{
  g_autofree char *folded = g_utf8_casefold (user_name, -1);
  guint8 hash[FYR_TOKEN_HASH_BYTES];

  fyr_token_hash (folded, hash);
  fyr_statement_bind_blob (statement, index, hash, sizeof hash);
}

static gboolean
load (FyrConnection *connection,
      const char *user_name,
      gint64 *failures,
      gint64 *until,
      gint64 *last,
      GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  *failures = *until = *last = 0;
  select = fyr_connection_prepare (
      connection, "SELECT failures, locked_until, last FROM sign_in_failure WHERE name = ?1", error);
  if (select == NULL) {
    return FALSE;
  }
  bind_name (select, 1, user_name);
  step = fyr_statement_step (select, error);
  if (step == FYR_STEP_ROW) {
    *failures = fyr_statement_get_int (select, 0);
    *until = fyr_statement_get_int (select, 1);
    *last = fyr_statement_get_int (select, 2);
  }
  return step != FYR_STEP_ERROR;
}

gboolean
fyr_lockout_find (
    FyrConnection *connection, const char *user_name, gint64 now, guint *seconds, GError **error)
{
  gint64 failures, until, last;

  if (!load (connection, user_name, &failures, &until, &last, error)) {
    return FALSE;
  }
  *seconds = until > now ? (guint)((until - now + 999) / 1000) : 0;
  return TRUE;
}

static gboolean
forget_old (FyrConnection *connection, gint64 now, GError **error)
{
  g_autoptr (FyrStatement) forget = NULL;

  forget = fyr_connection_prepare (connection, "DELETE FROM sign_in_failure WHERE last < ?1", error);
  if (forget == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (forget, 1, now - FORGET_MS);
  return fyr_statement_run (forget, error);
}

gboolean
fyr_lockout_note (FyrWriteContext *context, const char *user_name, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (context);
  gint64 now = fyr_write_context_get_time (context);
  gint64 failures, until, last;
  g_autoptr (FyrStatement) put = NULL;
  g_autofree char *folded = g_utf8_casefold (user_name, -1);
  g_autofree char *lock = g_strdup_printf ("sign-in %u", g_str_hash (folded));

  if (!fyr_connection_lock_name (connection, lock, error) || !forget_old (connection, now, error) ||
      !load (connection, user_name, &failures, &until, &last, error)) {
    return FALSE;
  }
  failures++;
  if (failures > FYR_LOCKOUT_FREE_TRIES) {
    gint64 doublings = MIN (failures - FYR_LOCKOUT_FREE_TRIES - 1, 10);
    until = now + MIN (FIRST_LOCK_MS << doublings, LONGEST_LOCK_MS);
  }
  put = fyr_connection_prepare (
      connection,
      "INSERT INTO sign_in_failure (name, failures, locked_until, last) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT (name) DO UPDATE SET failures = excluded.failures, locked_until = excluded.locked_until,"
      " last = excluded.last",
      error);
  if (put == NULL) {
    return FALSE;
  }
  bind_name (put, 1, user_name);
  fyr_statement_bind_int (put, 2, failures);
  fyr_statement_bind_int (put, 3, until);
  fyr_statement_bind_int (put, 4, now);
  return fyr_statement_run (put, error);
}

gboolean
fyr_lockout_clear (FyrWriteContext *context, const char *user_name, GError **error)
{
  g_autoptr (FyrStatement) clear = NULL;

  clear = fyr_connection_prepare (fyr_write_context_get_connection (context),
                                  "DELETE FROM sign_in_failure WHERE name = ?1", error);
  if (clear == NULL) {
    return FALSE;
  }
  bind_name (clear, 1, user_name);
  return fyr_statement_run (clear, error);
}
