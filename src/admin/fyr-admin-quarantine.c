/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "fyr-admin-table.h"
#include "fyr-admin-target.h"

static gint64 show;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "show", 0, 0, G_OPTION_ARG_INT64, &show,
    N_ ("Print the whole change with this number, health data included"), "N" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print JSON"), NULL },
  { NULL },
};

/* What was to be done, without what it says about anybody. */
static void
add_change (FyrAdminTable *table, const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *const names[] = { "command", "kind", "id" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    fyr_admin_table_text (
        table, object != NULL ? json_object_get_string_member_with_default (object, names[i], NULL) : NULL);
  }
}

static gboolean
list (FyrConnection *reader, GError **error)
{
  g_autoptr (FyrAdminTable) table =
      fyr_admin_table_new ("number", "received", "author", "reason", "command", "kind", "record_id", NULL);
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (reader,
                              "SELECT q.id, q.received, u.user_name, q.reason, q.mutation FROM quarantine q"
                              " LEFT JOIN \"user\" u ON u.id = q.author ORDER BY q.id",
                              error);
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    fyr_admin_table_int (table, fyr_statement_get_int (select, 0));
    fyr_admin_table_time (table, fyr_statement_get_int (select, 1));
    fyr_admin_table_text (table, fyr_statement_get_text (select, 2));
    fyr_admin_table_text (table, fyr_statement_get_text (select, 3));
    add_change (table, fyr_statement_get_text (select, 4));
  }
  if (step != FYR_STEP_DONE) {
    return FALSE;
  }
  fyr_admin_table_print (table, as_json);
  return TRUE;
}

static gboolean
print_one (FyrConnection *reader, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (reader, "SELECT mutation FROM quarantine WHERE id = ?1", error);
  FyrStep step = FYR_STEP_ERROR;

  if (select != NULL) {
    fyr_statement_bind_int (select, 1, show);
    step = fyr_statement_step (select, error);
  }
  if (step == FYR_STEP_DONE) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("There is no change %d in quarantine"),
                 (int)show);
  }
  if (step != FYR_STEP_ROW) {
    return FALSE;
  }
  g_print ("%s\n", fyr_statement_get_text (select, 0));
  return TRUE;
}

int
fyr_admin_quarantine (int argc, char **argv)
{
  const char *data;
  GError *error = NULL;
  g_autoptr (FyrAdminTarget) target = NULL;
  gboolean done;

  show = 0;
  if (!fyr_admin_parse (
          "quarantine", NULL,
          _ ("Lists work that came after its author had lost every role: it is kept, not applied."), entries,
          &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  target = fyr_admin_target_open (data, &error);
  done = target != NULL && (show != 0 ? print_one (fyr_admin_target_get_reader (target), &error)
                                      : list (fyr_admin_target_get_reader (target), &error));
  return done ? FYR_ADMIN_OK : fyr_admin_fail ("quarantine", error);
}
