/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-housekeeping.h"

#include "fyr-emergency-grant.h"
#include "fyr-scopes.h"

#define DAY_MS (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)
#define HOUR_MS (DAY_MS / 24)

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

/* One an hour of each feed, however many servers keep this database. */
static gboolean
mark_feeds (FyrWriteContext *context, gint64 now, GError **error)
{
  g_autoptr (FyrStatement) mark =
      fyr_connection_prepare (fyr_write_context_get_connection (context),
                              "INSERT INTO feed_mark (scope, time, head) SELECT id, ?1, head FROM scope"
                              " WHERE NOT EXISTS (SELECT 1 FROM feed_mark m WHERE m.scope = scope.id"
                              " AND (m.head = scope.head OR (m.time > ?2 AND m.time <= ?3)))",
                              error);

  if (mark == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (mark, 1, now);
  fyr_statement_bind_int (mark, 2, now - HOUR_MS);
  fyr_statement_bind_int (mark, 3, now);
  return fyr_statement_run (mark, error);
}

/* Of the old marks the newest is the one that counts. */
static gboolean
forget_marks (FyrWriteContext *context, gint64 now, GError **error)
{
  return run_one (context,
                  "DELETE FROM feed_mark WHERE time <= ?1 AND EXISTS (SELECT 1 FROM feed_mark n"
                  " WHERE n.scope = feed_mark.scope AND n.time > feed_mark.time AND n.time <= ?1)",
                  now - FYR_WITNESS_DAYS * DAY_MS, error);
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
         run_one (context, "DELETE FROM revocation WHERE confirmed < ?1", before, error) &&
         run_one (
             context,
             "DELETE FROM revocation WHERE confirmed IS NULL AND wiped IN (SELECT id FROM device_decision"
             " WHERE time < ?1)",
             before, error);
}

gboolean
fyr_housekeeping_run (FyrWriteContext *context, gint64 since, gint64 now, gpointer user_data, GError **error)
{
  return mark_feeds (context, now, error) && forget_marks (context, now, error) &&
         forget_workstations (context, now, error) && fyr_emergency_grant_forget (context, now, error);
}
