/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-table.h"

#include <glib/gi18n.h>
#include "fyr-admin-target.h"
#include "fyr-records.h"

static char *status;
static int limit = 200;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "status", 0, 0, G_OPTION_ARG_STRING, &status, N_ ("open, taken, closed or all (all that are not closed)"),
    "WORD" },
  { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_ ("At most so many, newest first (200)"), "N" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print JSON"), NULL },
  { NULL },
};

static const char sql[] =
    "SELECT a.id, a.category, a.status, a.rule, coalesce (a.kind, 0), a.raised_time, coalesce (a.due_time, "
    "0), a.patient_id,"
    " u.user_name, a.observed, a.threshold FROM alert a LEFT JOIN \"user\" u ON u.id = a.assignee_id"
    " WHERE (?1 = -1 OR (?1 = 0 AND a.status <> ?2) OR a.status = ?1) ORDER BY a.raised_time DESC LIMIT ?3";

/* -1 all, 0 not closed, else the status. */
static int
chosen_status (GError **error)
{
  guint code;

  if (status == NULL) {
    return 0;
  }
  if (g_strcmp0 (status, "all") == 0) {
    return -1;
  }
  code = fyr_enum_from_code (&fyr_alert_status_info, status);
  if (code == 0) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                 _ ("“%s” is no status of an alert: write open, taken, closed or all"), status);
    return -2;
  }
  return (int)code;
}

static void
add_real (FyrAdminTable *table, FyrStatement *row, int column)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (fyr_statement_is_null (row, column)) {
    fyr_admin_table_text (table, NULL);
  } else {
    fyr_admin_table_text (table,
                          g_ascii_formatd (text, sizeof text, "%.6g", fyr_statement_get_real (row, column)));
  }
}

static void
add_row (FyrAdminTable *table, FyrStatement *row)
{
  fyr_admin_table_text (table, fyr_statement_get_id (row, 0));
  fyr_admin_table_text (table,
                        fyr_enum_to_code (&fyr_alert_category_info, (guint)fyr_statement_get_int (row, 1)));
  fyr_admin_table_text (table,
                        fyr_enum_to_code (&fyr_alert_status_info, (guint)fyr_statement_get_int (row, 2)));
  fyr_admin_table_text (table,
                        fyr_enum_to_code (&fyr_alert_rule_info, (guint)fyr_statement_get_int (row, 3)));
  fyr_admin_table_text (table,
                        fyr_enum_to_code (&fyr_measurement_kind_info, (guint)fyr_statement_get_int (row, 4)));
  add_real (table, row, 9);
  add_real (table, row, 10);
  fyr_admin_table_time (table, fyr_statement_get_int (row, 5));
  fyr_admin_table_time (table, fyr_statement_get_int (row, 6));
  fyr_admin_table_text (table, fyr_statement_get_id (row, 7));
  fyr_admin_table_text (table, fyr_statement_get_text (row, 8));
}

static gboolean
list (const char *data, GError **error)
{
  int which = chosen_status (error);
  g_autoptr (FyrAdminTarget) target = which >= -1 ? fyr_admin_target_open (data, error) : NULL;
  g_autoptr (FyrStatement) select = NULL;
  g_autoptr (FyrAdminTable) table =
      fyr_admin_table_new ("id", "category", "status", "rule", "kind", "observed", "threshold", "raised_time",
                           "due_time", "patient_id", "assignee", NULL);
  FyrStep step = FYR_STEP_ERROR;

  if (target == NULL) {
    return FALSE;
  }
  select = fyr_connection_prepare (fyr_admin_target_get_reader (target), sql, error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (select, 1, which);
  fyr_statement_bind_int (select, 2, FYR_ALERT_STATUS_CLOSED);
  fyr_statement_bind_int (select, 3, limit > 0 ? limit : -1);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    add_row (table, select);
  }
  if (step != FYR_STEP_DONE) {
    return FALSE;
  }
  fyr_admin_table_print (table, as_json);
  return TRUE;
}

int
fyr_admin_alerts (int argc, char **argv)
{
  const char *data;
  GError *error = NULL;

  if (!fyr_admin_parse ("alerts", NULL, _ ("Lists alerts, newest first, without names of patients."), entries,
                        &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  return list (data, &error) ? FYR_ADMIN_OK : fyr_admin_fail ("alerts", error);
}
