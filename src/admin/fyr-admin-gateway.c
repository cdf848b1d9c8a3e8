/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "fyr-admin-edit.h"
#include "fyr-admin-table.h"

static char *centre;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "centre", 0, 0, G_OPTION_ARG_STRING, &centre,
    N_ ("Name or id of the centre whose patients it reports for"), "NAME" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("List, or print the result, as JSON"), NULL },
  { NULL },
};

static gboolean
add (FyrAdminTarget *target, const char *name, GError **error)
{
  g_autoptr (FyrRecord) found = NULL;
  g_autofree char *token = NULL;
  char id[37];

  if (centre == NULL) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("A gateway needs --centre"));
    return FALSE;
  }
  found = fyr_admin_target_find (target, &fyr_centre_info, FYR_CENTRE_NAME, centre, error);
  if (found == NULL) {
    return FALSE;
  }
  token = fyr_admin_target_new_gateway (target, fyr_record_get_id (found), name, id, error);
  if (token == NULL) {
    return FALSE;
  }
  if (as_json) {
    g_print ("{\"id\": \"%s\", \"token\": \"%s\"}\n", id, token);
  } else {
    g_print (_ ("Gateway: %s\nToken: %s\nThe token is not stored and cannot be shown again.\n"), id, token);
  }
  return TRUE;
}

static gboolean
list (FyrAdminTarget *target, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (fyr_admin_target_get_reader (target),
                              "SELECT g.id, g.name, c.name, g.created, coalesce (g.ended, 0) FROM gateway g"
                              " LEFT JOIN centre c ON c.id = g.centre ORDER BY g.name",
                              error);
  g_autoptr (FyrAdminTable) table = fyr_admin_table_new ("id", "name", "centre", "created", "ended", NULL);
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    fyr_admin_table_text (table, fyr_statement_get_id (select, 0));
    fyr_admin_table_text (table, fyr_statement_get_text (select, 1));
    fyr_admin_table_text (table, fyr_statement_get_text (select, 2));
    fyr_admin_table_time (table, fyr_statement_get_int (select, 3));
    fyr_admin_table_time (table, fyr_statement_get_int (select, 4));
  }
  if (step != FYR_STEP_DONE) {
    return FALSE;
  }
  fyr_admin_table_print (table, as_json);
  return TRUE;
}

static gboolean
run (FyrAdminTarget *target, const char *verb, const char *name, GError **error)
{
  if (g_strcmp0 (verb, "list") == 0) {
    return list (target, error);
  }
  if (name == NULL) {
    return fyr_admin_unknown_verb (verb, error);
  }
  if (strcmp (verb, "add") == 0) {
    return add (target, name, error);
  }
  return strcmp (verb, "end") == 0 ? fyr_admin_target_end_gateway (target, name, error)
                                   : fyr_admin_unknown_verb (verb, error);
}

int
fyr_admin_gateway (int argc, char **argv)
{
  return fyr_admin_run_edit (
      "gateway", "add NAME | end ID | list",
      _ ("Makes tokens with which patient apps and device gateways report measurements, ends or\n"
         "lists them."),
      entries, argc, argv, run);
}
