/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "fyr-admin-table.h"
#include "fyr-admin-target.h"
#include "fyr-holding.h"
#include "fyr-record-table.h"
#include "fyr-records.h"

static gboolean all;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "all", 0, 0, G_OPTION_ARG_NONE, &all, N_ ("Also those that workstations confirmed"), NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print JSON"), NULL },
  { NULL },
};

static void
add_row (FyrAdminTable *table, FyrConnection *reader, const FyrRevocation *row)
{
  g_autoptr (FyrRecord) user = fyr_record_table_get (reader, &fyr_user_info, row->user_id, NULL);

  fyr_admin_table_text (table, row->name);
  fyr_admin_table_text (table, row->device);
  fyr_admin_table_text (table, user != NULL ? fyr_record_get_string (user, FYR_USER_USER_NAME) : NULL);
  fyr_admin_table_text (table, row->scope);
  fyr_admin_table_text (table, row->confirmed != 0 ? "confirmed" : row->told != 0 ? "told" : "not-told");
  fyr_admin_table_time (table, row->told);
  fyr_admin_table_time (table, row->confirmed);
}

static gboolean
list (const char *data, GError **error)
{
  g_autoptr (FyrAdminTarget) target = fyr_admin_target_open (data, error);
  FyrConnection *reader = target != NULL ? fyr_admin_target_get_reader (target) : NULL;
  g_autoptr (GPtrArray) rows =
      reader != NULL ? fyr_holding_list (reader, all, fyr_admin_now (), error) : NULL;
  g_autoptr (FyrAdminTable) table = NULL;

  if (rows == NULL) {
    return FALSE;
  }
  table = fyr_admin_table_new ("workstation", "device", "user", "scope", "state", "told", "confirmed", NULL);
  for (guint i = 0; i < rows->len; i++) {
    add_row (table, reader, g_ptr_array_index (rows, i));
  }
  fyr_admin_table_print (table, as_json);
  return TRUE;
}

int
fyr_admin_revocations (int argc, char **argv)
{
  const char *data;
  GError *error = NULL;

  if (!fyr_admin_parse ("revocations", NULL,
                        _ ("Lists what was taken away from workstations and what they have not confirmed to "
                           "be gone: told, or "
                           "not-told while the workstation has not asked since its user lost access."),
                        entries, &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  return list (data, &error) ? FYR_ADMIN_OK : fyr_admin_fail ("revocations", error);
}
