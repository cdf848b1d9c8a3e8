/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-emergency-grant.h"

#include "fyr-access-chain.h"
#include "fyr-care-grant.h"
#include "fyr-record-table.h"
#include "fyr-row-security.h"
#include "fyr-shared.h"

/* How far the clocks of a workstation and the server may be apart for a display to be counted to an access. */
#define SLACK_MS (G_GINT64_CONSTANT (5) * 60 * 1000)

/* Like patient_block it holds ids only, and is read before a transaction has said whose rows it may see. */
static const char *const tables =
    "CREATE TABLE emergency_grant (access BLOB PRIMARY KEY NOT NULL, \"user\" BLOB NOT NULL,"
    " patient BLOB NOT NULL, begins INTEGER NOT NULL, ends INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX emergency_grant_by_user ON emergency_grant (\"user\");"
    "CREATE INDEX emergency_grant_by_patient ON emergency_grant (patient);"
    "CREATE TABLE emergency_try (id INTEGER PRIMARY KEY, \"user\" BLOB NOT NULL, time INTEGER NOT NULL);"
    "CREATE INDEX emergency_try_by_user ON emergency_try (\"user\", time);";

static gboolean
make_record_table (FyrConnection *connection, const FyrRecordInfo *info, GError **error)
{
  return fyr_record_table_create_missing (connection, info, error) &&
         fyr_row_security_protect_centre (connection, info->kind, "centre_id", error) &&
         fyr_access_chain_keep (connection, info->kind, error);
}

gboolean
fyr_emergency_grant_migrate (FyrConnection *connection, GError **error)
{
  return make_record_table (connection, &fyr_emergency_access_info, error) &&
         make_record_table (connection, &fyr_emergency_event_info, error) &&
         fyr_connection_exec (connection, tables, error);
}

/* Columns: access, patient, user, begins, ends. */
static FyrEmergencyGrant
read_row (FyrStatement *row)
{
  FyrEmergencyGrant grant = { .begin = fyr_statement_get_int (row, 3),
                              .until = fyr_statement_get_int (row, 4) };

  g_strlcpy (grant.access_id, fyr_statement_get_id (row, 0), sizeof grant.access_id);
  g_strlcpy (grant.patient_id, fyr_statement_get_id (row, 1), sizeof grant.patient_id);
  g_strlcpy (grant.user_id, fyr_statement_get_id (row, 2), sizeof grant.user_id);
  return grant;
}

static GArray *
collect (FyrStatement *select, GError **error)
{
  g_autoptr (GArray) grants = g_array_new (FALSE, FALSE, sizeof (FyrEmergencyGrant));
  FyrStep step;

  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    FyrEmergencyGrant grant = read_row (select);

    g_array_append_val (grants, grant);
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&grants) : NULL;
}

GArray *
fyr_emergency_grant_load (FyrConnection *connection, const char *user_id, gint64 time, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (connection,
                              "SELECT access, patient, \"user\", begins, ends FROM emergency_grant"
                              " WHERE \"user\" = ?1 AND begins <= ?2 AND ends > ?2 ORDER BY access",
                              error);

  if (select == NULL) {
    return NULL;
  }
  fyr_statement_bind_id (select, 1, user_id);
  fyr_statement_bind_int (select, 2, time);
  return collect (select, error);
}

GArray *
fyr_emergency_grant_load_as_of (FyrConnection *connection, const char *user_id, gint64 time, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      connection,
      "SELECT o.id, o.patient_id, o.user_id, o.begin_time, o.end_time FROM (SELECT a.id, a.patient_id, "
      "a.user_id,"
      " a.begin_time, coalesce ((SELECT min (e.time) FROM emergency_event e WHERE e.access_id = a.id"
      " AND e.action = ?4), a.until_time) AS end_time FROM emergency_access a WHERE a.user_id = ?1) AS o"
      " WHERE o.begin_time - ?3 <= ?2 AND o.end_time + ?3 > ?2 ORDER BY o.id",
      error);

  if (select == NULL) {
    return NULL;
  }
  fyr_statement_bind_id (select, 1, user_id);
  fyr_statement_bind_int (select, 2, time);
  fyr_statement_bind_int (select, 3, SLACK_MS);
  fyr_statement_bind_int (select, 4, FYR_EMERGENCY_ACTION_ENDED);
  return collect (select, error);
}

gboolean
fyr_emergency_grant_begin (FyrWriteContext *context, const FyrEmergencyGrant *grant, GError **error)
{
  g_autoptr (FyrStatement) insert = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "INSERT INTO emergency_grant (access, \"user\", patient, begins, ends) VALUES (?1, ?2, ?3, ?4, ?5)",
      error);

  if (insert == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (insert, 1, grant->access_id);
  fyr_statement_bind_id (insert, 2, grant->user_id);
  fyr_statement_bind_id (insert, 3, grant->patient_id);
  fyr_statement_bind_int (insert, 4, grant->begin);
  fyr_statement_bind_int (insert, 5, grant->until);
  return fyr_statement_run (insert, error) && fyr_care_grant_settle (context, grant->patient_id, error);
}

gboolean
fyr_emergency_grant_end (FyrWriteContext *context, const FyrEmergencyGrant *grant, GError **error)
{
  g_autoptr (FyrStatement) end = fyr_connection_prepare (
      fyr_write_context_get_connection (context), "DELETE FROM emergency_grant WHERE access = ?1", error);

  if (end == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (end, 1, grant->access_id);
  return fyr_statement_run (end, error) && fyr_care_grant_settle (context, grant->patient_id, error);
}

static GArray *
load_over (FyrConnection *connection, gint64 now, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (connection,
                              "SELECT access, patient, \"user\", begins, ends FROM emergency_grant"
                              " WHERE ends <= ?1 ORDER BY patient, access",
                              error);

  if (select == NULL) {
    return NULL;
  }
  fyr_statement_bind_int (select, 1, now);
  return collect (select, error);
}

gboolean
fyr_emergency_grant_forget (FyrWriteContext *context, gint64 now, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (context);
  g_autoptr (GArray) over = load_over (connection, now, error);
  g_autoptr (FyrStatement) tries = NULL;

  for (guint i = 0; over != NULL && i < over->len; i++) {
    if (!fyr_emergency_grant_end (context, &g_array_index (over, FyrEmergencyGrant, i), error)) {
      return FALSE;
    }
  }
  tries = over != NULL
              ? fyr_connection_prepare (connection, "DELETE FROM emergency_try WHERE time <= ?1", error)
              : NULL;
  if (tries == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (tries, 1, now - FYR_EMERGENCY_TRIES_MS);
  return fyr_statement_run (tries, error);
}

gboolean
fyr_emergency_tries_check (
    FyrConnection *connection, const char *user_id, gint64 now, guint *seconds, GError **error)
{
  /* The oldest of the last ten: when it counts no more there is room for one. */
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (connection,
                              "SELECT time FROM emergency_try WHERE \"user\" = ?1 AND time > ?2"
                              " ORDER BY time DESC LIMIT 1 OFFSET ?3",
                              error);
  FyrStep step;

  *seconds = 0;
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, user_id);
  fyr_statement_bind_int (select, 2, now - FYR_EMERGENCY_TRIES_MS);
  fyr_statement_bind_int (select, 3, FYR_EMERGENCY_TRIES_MAX - 1);
  step = fyr_statement_step (select, error);
  if (step == FYR_STEP_ROW) {
    *seconds = (guint)((fyr_statement_get_int (select, 0) + FYR_EMERGENCY_TRIES_MS - now + 999) / 1000);
  }
  return step != FYR_STEP_ERROR;
}

gboolean
fyr_emergency_tries_note (FyrWriteContext *context, const char *user_id, GError **error)
{
  g_autoptr (FyrStatement) insert =
      fyr_connection_prepare (fyr_write_context_get_connection (context),
                              "INSERT INTO emergency_try (\"user\", time) VALUES (?1, ?2)", error);

  if (insert == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (insert, 1, user_id);
  fyr_statement_bind_int (insert, 2, fyr_write_context_get_time (context));
  return fyr_statement_run (insert, error);
}

gboolean
fyr_emergency_find_decision (FyrConnection *connection,
                             const char *user_id,
                             const char *patient_id,
                             const char *claimed,
                             gint64 time,
                             char decision_id[37],
                             GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      connection,
      "SELECT a.id FROM emergency_access a WHERE a.user_id = ?1 AND a.patient_id = ?2"
      " AND ((a.id = ?3 AND a.begin_time - ?5 <= ?4 AND a.until_time + ?5 > ?4) OR (a.begin_time <= ?4"
      "  AND coalesce ((SELECT min (e.time) FROM emergency_event e WHERE e.access_id = a.id AND e.action = "
      "?6),"
      "  a.until_time) > ?4))"
      " ORDER BY CASE WHEN a.id = ?3 THEN 0 ELSE 1 END, a.begin_time DESC, a.id DESC LIMIT 1",
      error);
  FyrStep step;

  decision_id[0] = '\0';
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, user_id);
  fyr_statement_bind_id (select, 2, patient_id);
  fyr_statement_bind_id (select, 3, claimed != NULL ? claimed : "00000000-0000-0000-0000-000000000000");
  fyr_statement_bind_int (select, 4, time);
  fyr_statement_bind_int (select, 5, SLACK_MS);
  fyr_statement_bind_int (select, 6, FYR_EMERGENCY_ACTION_ENDED);
  step = fyr_statement_step (select, error);
  if (step == FYR_STEP_ROW) {
    g_strlcpy (decision_id, fyr_statement_get_id (select, 0), 37);
  }
  return step != FYR_STEP_ERROR;
}
