/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-housekeeping.h"

#include "fyr-scopes.h"

#define DAY_MS (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)

static gboolean
run_one (FyrWriteContext *context, const char *sql, gint64 time, GError **error)
{
  g_autoptr (FyrStatement) statement =
      fyr_connection_prepare (fyr_write_context_get_connection (context), sql, error);

  if (statement == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (statement, 1, time);
  return fyr_statement_run (statement, error);
}

/* Of the old marks the newest is the one that counts. */
static gboolean
mark_feeds (FyrWriteContext *context, gint64 now, GError **error)
{
  gint64 settled = now - FYR_WITNESS_DAYS * DAY_MS;

  return run_one (context,
                  "INSERT INTO feed_mark (scope, time, head) SELECT id, ?1, head FROM scope"
                  " WHERE NOT EXISTS (SELECT 1 FROM feed_mark m WHERE m.scope = scope.id AND m.head = "
                  "scope.head) ON CONFLICT (scope, time) DO NOTHING",
                  now, error) &&
         run_one (context,
                  "DELETE FROM feed_mark WHERE time <= ?1 AND EXISTS (SELECT 1 FROM feed_mark n"
                  " WHERE n.scope = feed_mark.scope AND n.time > feed_mark.time AND n.time <= ?1)",
                  settled, error);
}

static gboolean
forget_workstations (FyrWriteContext *context, gint64 now, GError **error)
{
  gint64 before = now - FYR_OUTCOME_DAYS * DAY_MS;

  return run_one (context,
                  "DELETE FROM mutation WHERE workstation IN (SELECT id FROM workstation WHERE seen < ?1)",
                  before, error) &&
         run_one (context, "DELETE FROM workstation WHERE seen < ?1", before, error) &&
         run_one (context, "DELETE FROM witnessed WHERE time < ?1", before, error) &&
         run_one (context, "DELETE FROM resent WHERE time < ?1", before, error) &&
         run_one (context, "DELETE FROM settlement WHERE time < ?1", before, error) &&
         run_one (context, "DELETE FROM revocation WHERE confirmed < ?1", before, error);
}

gboolean
fyr_housekeeping_run (FyrWriteContext *context, gint64 since, gint64 now, gpointer user_data, GError **error)
{
  if (since != 0 && now - since < DAY_MS / 24) {
    return TRUE;
  }
  return mark_feeds (context, now, error) && forget_workstations (context, now, error);
}
