/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-access-log.h"
#include "fyr-admin-table.h"

#include <glib/gi18n.h>
#include "fyr-admin-target.h"
#include "fyr-identity-number.h"
#include "fyr-record-table.h"

static char *centre;
static gboolean with_names;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "centre", 0, 0, G_OPTION_ARG_STRING, &centre, N_ ("Only of this centre (name or id)"), "NAME" },
  { "names", 0, 0, G_OPTION_ARG_NONE, &with_names, N_ ("Show names and whole identity numbers"), NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print JSON"), NULL },
  { NULL },
};

static const char sql[] =
    "SELECT p.id, p.identity_system, p.identity_number, p.family_name || ', ' || p.given_name,"
    " coalesce (p.status, 0), coalesce (p.zone, 0),"
    " (SELECT count (*) FROM alert a WHERE a.patient_id = p.id AND a.status <> ?2)"
    " FROM patient p WHERE p.centre_id = ?1 OR ?1 IS NULL ORDER BY p.family_name, p.given_name";

static void
add_row (FyrAdminTable *table, FyrStatement *row)
{
  const char *number = fyr_statement_get_text (row, 2);
  g_autofree char *masked = fyr_identity_number_mask (number);

  fyr_admin_table_text (table, fyr_statement_get_id (row, 0));
  fyr_admin_table_text (table, fyr_statement_get_text (row, 1));
  fyr_admin_table_text (table, with_names ? number : masked);
  fyr_admin_table_text (table, with_names ? fyr_statement_get_text (row, 3) : NULL);
  fyr_admin_table_text (table,
                        fyr_enum_to_code (&fyr_patient_status_info, (guint)fyr_statement_get_int (row, 4)));
  fyr_admin_table_text (table, fyr_enum_to_code (&fyr_zone_info, (guint)fyr_statement_get_int (row, 5)));
  fyr_admin_table_int (table, fyr_statement_get_int (row, 6));
}

/* With names, each patient who will stand in the list is entered in the access log first. */
static gboolean
log_names (FyrAdminTarget *target, const char *centre_id, GError **error)
{
  g_autoptr (GPtrArray) shown =
      fyr_record_table_list (fyr_admin_target_get_reader (target), &fyr_patient_info,
                             centre_id != NULL ? FYR_PATIENT_CENTRE_ID : -1, centre_id, NULL, error);

  return shown != NULL && fyr_admin_log_display (target, shown, FYR_AUDIT_CHANNEL_EXPORT, error);
}

static gboolean
list (const char *data, GError **error)
{
  g_autoptr (FyrAdminTarget) target = fyr_admin_target_open (data, error);
  g_autoptr (FyrRecord) found = NULL;
  g_autoptr (FyrStatement) select = NULL;
  g_autoptr (FyrAdminTable) table = fyr_admin_table_new ("id", "identity_system", "identity_number", "name",
                                                         "status", "zone", "open_alerts", NULL);
  FyrStep step = FYR_STEP_ERROR;

  if (target == NULL) {
    return FALSE;
  }
  if (centre != NULL) {
    found = fyr_admin_target_find (target, &fyr_centre_info, FYR_CENTRE_NAME, centre, error);
    if (found == NULL) {
      return FALSE;
    }
  }
  if (with_names && !log_names (target, found != NULL ? fyr_record_get_id (found) : NULL, error)) {
    return FALSE;
  }
  select = fyr_connection_prepare (fyr_admin_target_get_reader (target), sql, error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, found != NULL ? fyr_record_get_id (found) : NULL);
  fyr_statement_bind_int (select, 2, FYR_ALERT_STATUS_CLOSED);
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
fyr_admin_patients (int argc, char **argv)
{
  const char *data;
  GError *error = NULL;

  if (!fyr_admin_parse (
          "patients", NULL,
          _ ("Lists patients. Names are left out and identity numbers masked unless --names is given:\n"
             "do not send such a list by mail."),
          entries, &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  return list (data, &error) ? FYR_ADMIN_OK : fyr_admin_fail ("patients", error);
}
