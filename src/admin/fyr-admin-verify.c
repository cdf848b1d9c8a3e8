/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-verify.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fyr-access-chain.h"
#include "fyr-admin-sum.h"
#include "fyr-admin.h"
#include "fyr-connection.h"
#include "fyr-row-security.h"
#include "fyr-shared.h"
#include "fyr-record-table.h"

static char *file;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "file", 0, 0, G_OPTION_ARG_FILENAME, &file, N_ ("Check this database or backup instead"), "FILE" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print one JSON object"), NULL },
  { NULL },
};

typedef struct {
  FyrConnection *connection;
  guint checks;
  gint64 faults;
  GString *report;
} Verification;

static void
note_fault (Verification *v, const char *what, gint64 count)
{
  v->faults += count;
  g_string_append_printf (v->report, "%" G_GINT64_FORMAT " × %s\n", count, what);
}

/* A query that counts what must not be there. */
static gboolean
expect_none (Verification *v, const char *what, const char *sql, GError **error)
{
  g_autoptr (FyrStatement) count = fyr_connection_prepare (v->connection, sql, error);

  if (count == NULL || fyr_statement_step (count, error) != FYR_STEP_ROW) {
    return FALSE;
  }
  v->checks++;
  if (fyr_statement_get_int (count, 0) > 0) {
    note_fault (v, what, fyr_statement_get_int (count, 0));
  }
  return TRUE;
}

static gboolean
check_feeds (Verification *v, GError **error)
{
  return expect_none (
             v, _ ("feed with a gap or another head than its last entry"),
             "SELECT count (*) FROM scope s LEFT JOIN (SELECT scope, count (*) AS n, min (seq) AS low,"
             " max (seq) AS high FROM feed GROUP BY scope) f ON f.scope = s.id"
             " WHERE (s.head = 0 AND f.n IS NOT NULL) OR (s.head > 0 AND (f.n IS NULL OR f.low <> 1 OR"
             " f.high <> s.head OR f.n <> s.head))",
             error) &&
         expect_none (v, _ ("feed entry of an unknown feed"),
                      "SELECT count (*) FROM feed WHERE scope NOT IN (SELECT id FROM scope)", error) &&
         expect_none (v, _ ("feed entry of an unknown kind of record"),
                      "SELECT count (*) FROM feed WHERE kind NOT IN (SELECT id FROM kind)", error);
}

/* Every entry leads to a record or a tombstone, every record of a kind that has a feed is in one. */
static gboolean
check_entries (Verification *v, const FyrRecordInfo *info, GError **error)
{
  g_autofree char *lost =
      g_strdup_printf ("SELECT count (*) FROM feed f JOIN kind k ON k.id = f.kind AND k.name = '%s'"
                       " WHERE NOT EXISTS (SELECT 1 FROM \"%s\" r WHERE r.id = f.id)"
                       " AND NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.kind = f.kind AND t.id = f.id)",
                       info->kind, info->kind);
  g_autofree char *silent = g_strdup_printf (
      "SELECT count (*) FROM \"%s\" WHERE id NOT IN (SELECT f.id FROM feed f JOIN kind k ON k.id = f.kind"
      " AND k.name = '%s')",
      info->kind, info->kind);
  g_autofree char *lost_text = g_strdup_printf (_ ("feed entry whose %s is not there"), info->kind);
  g_autofree char *silent_text = g_strdup_printf (_ ("%s that no feed tells of"), info->kind);

  return expect_none (v, lost_text, lost, error) && expect_none (v, silent_text, silent, error);
}

typedef struct {
  const char *field;
  const char *kind;
} Reference;

/* Fields named after what they point at; others (parent_id …) are listed here. */
static const Reference references[] = {
  { "patient_id", "patient" },
  { "centre_id", "centre" },
  { "user_id", "user" },
  { "organization_id", "organization" },
  { "owner_id", "organization" },
  { "parent_id", "organization" },
  { "gp_id", "gp" },
  { "alert_id", "alert" },
  { "measurement_id", "measurement" },
  { "limit_id", "limit" },
  { "assignee_id", "user" },
  { "closed_by", "user" },
  { "actor_id", "user" },
  { "author_id", "user" },
  { "set_by", "user" },
};

static const char *
find_reference (const FyrRecordInfo *info, const char *field)
{
  if (strcmp (field, "corrects_id") == 0) {
    return info->kind;
  }
  for (guint i = 0; i < G_N_ELEMENTS (references); i++) {
    if (strcmp (references[i].field, field) == 0) {
      return references[i].kind;
    }
  }
  return NULL;
}

static gboolean
check_references (Verification *v, const FyrRecordInfo *info, GError **error)
{
  for (guint i = 0; i < info->n_fields; i++) {
    const FyrFieldInfo *field = &info->fields[i];
    const char *kind = field->type == FYR_FIELD_ID ? find_reference (info, field->name) : NULL;
    g_autofree char *sql = NULL;
    g_autofree char *text = NULL;

    if (kind == NULL) {
      continue;
    }
    sql = g_strdup_printf ("SELECT count (*) FROM \"%s\" r WHERE r.\"%s\" IS NOT NULL"
                           " AND NOT EXISTS (SELECT 1 FROM \"%s\" o WHERE o.id = r.\"%s\")"
                           " AND NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.id = r.\"%s\")",
                           info->kind, field->name, kind, field->name, field->name);
    text = g_strdup_printf (_ ("%s whose %s points nowhere"), info->kind, field->name);
    if (!expect_none (v, text, sql, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static void
on_chain_fault (
    FyrAccessChainFault fault, const char *centre_id, gint64 number, const char *id, gpointer user_data)
{
  (*(gint64 *)user_data)++;
}

/* The log itself says more: fyrlykt-admin access-log verify. */
static gboolean
check_access_log (Verification *v, GError **error)
{
  gint64 faults = 0;
  gint64 checked;

  v->checks++;
  if (!fyr_access_chain_verify (v->connection, on_chain_fault, &faults, &checked, error)) {
    return FALSE;
  }
  if (faults > 0) {
    note_fault (v, _ ("place where the access log does not fit its chain"), faults);
  }
  return TRUE;
}

/* A backup of an older program has no table of a kind that came later. */
static gboolean
check_kind (Verification *v, const FyrRecordInfo *info, GError **error)
{
  int there = fyr_record_table_is_made (v->connection, info, error);

  if (there <= 0) {
    return there == 0;
  }
  if (info == &fyr_audit_event_info) {
    return check_entries (v, info, error) && check_access_log (v, error);
  }
  return check_entries (v, info, error) && check_references (v, info, error);
}

static gboolean
check_all (Verification *v, GError **error)
{
  g_autoptr (GError) damage = NULL;

  v->checks++;
  if (!fyr_connection_check (v->connection, TRUE, &damage)) {
    note_fault (v, damage->message, 1);
    return TRUE;
  }
  if (!check_feeds (v, error)) {
    return FALSE;
  }
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    if (!check_kind (v, fyr_record_infos[i], error)) {
      return FALSE;
    }
  }
  return expect_none (v, _ ("alert in a state its events do not lead to"),
                      "SELECT count (*) FROM alert a WHERE NOT EXISTS"
                      " (SELECT 1 FROM alert_event e WHERE e.alert_id = a.id)",
                      error);
}

static gboolean
verify_open (FyrConnection *connection, gboolean json, GError **error)
{
  g_autoptr (GString) report = g_string_new (NULL);
  Verification v = { .connection = connection, .report = report };

  if (!fyr_row_security_open_all (connection, error) || !check_all (&v, error)) {
    return FALSE;
  }
  if (json) {
    g_print ("{\"checks\": %u, \"faults\": %" G_GINT64_FORMAT "}\n", v.checks, v.faults);
  } else {
    g_print (_ ("%s%u checks, %u faults\n"), report->str, v.checks, (guint)v.faults);
  }
  if (v.faults > 0) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_DAMAGED,
                 _ ("The database is not sound: keep a copy as it is, and restore a backup that “verify "
                    "--file” finds sound"));
  }
  return v.faults == 0;
}

static gboolean
verify (const char *path, gboolean json, GError **error)
{
  g_autoptr (FyrConnection) connection = NULL;
  gboolean has_sum;

  /* Before anything opens the file, which may write to it. */
  if (!fyr_connection_is_shared_location (path) && !fyr_admin_sum_check (path, &has_sum, error)) {
    return FALSE;
  }
  connection = fyr_connection_open (path, FYR_CONNECTION_READ_ONLY, error);
  return connection != NULL && verify_open (connection, json, error);
}

gboolean
fyr_admin_verify_connection (FyrConnection *connection, GError **error)
{
  return verify_open (connection, FALSE, error);
}

gboolean
fyr_admin_verify_file (const char *path, GError **error)
{
  return verify (path, FALSE, error);
}

int
fyr_admin_verify (int argc, char **argv)
{
  const char *data;
  g_autofree char *path = NULL;
  GError *error = NULL;

  if (!fyr_admin_parse (
          "verify", NULL,
          _ ("Checks that the database is whole, that every feed is dense from 1 to its head, that entries\n"
             "and records belong together, and that records refer to what is there. Changes nothing; may\n"
             "run beside the server."),
          entries, &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  if (file == NULL && fyr_admin_get_database () != NULL) {
    fyr_postgres_enable ();
    return verify (fyr_admin_get_database (), as_json, &error) ? FYR_ADMIN_OK
                                                               : fyr_admin_fail ("verify", error);
  }
  path = file != NULL ? g_strdup (file) : g_build_filename (data, "fyrlykt.db", NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (&error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_UNKNOWN,
                 _ ("There is no database %s: say where with --data or --file"), path);
    return fyr_admin_fail ("verify", error);
  }
  return verify (path, as_json, &error) ? FYR_ADMIN_OK : fyr_admin_fail ("verify", error);
}
