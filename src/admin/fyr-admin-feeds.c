/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-table.h"

#include <glib/gi18n.h>
#include "fyr-admin-target.h"

static gboolean as_json;

static const GOptionEntry entries[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print JSON"), NULL },
  { NULL },
};

static gboolean
list (const char *data, GError **error)
{
  g_autoptr (FyrAdminTarget) target = fyr_admin_target_open (data, error);
  g_autoptr (FyrAdminTable) table = fyr_admin_table_new ("scope", "head", "entries", NULL);
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step = FYR_STEP_ERROR;

  if (target == NULL) {
    return FALSE;
  }
  select =
      fyr_connection_prepare (fyr_admin_target_get_reader (target),
                              "SELECT s.name, s.head, (SELECT count (*) FROM feed f WHERE f.scope = s.id)"
                              " FROM scope s ORDER BY s.name",
                              error);
  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    fyr_admin_table_text (table, fyr_statement_get_text (select, 0));
    fyr_admin_table_int (table, fyr_statement_get_int (select, 1));
    fyr_admin_table_int (table, fyr_statement_get_int (select, 2));
  }
  if (step != FYR_STEP_DONE) {
    return FALSE;
  }
  fyr_admin_table_print (table, as_json);
  return TRUE;
}

int
fyr_admin_feeds (int argc, char **argv)
{
  const char *data;
  GError *error = NULL;

  if (!fyr_admin_parse ("feeds", NULL,
                        _ ("Lists the feeds workstations follow, with the last number of each."), entries,
                        &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  return list (data, &error) ? FYR_ADMIN_OK : fyr_admin_fail ("feeds", error);
}
