/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "fyr-admin-edit.h"
#include "fyr-admin-table.h"

static gint64 show;
static char *by;
static char *reason;
static gboolean all;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "show", 0, 0, G_OPTION_ARG_INT64, &show,
    N_ ("Print the whole change with this number, health data included"), "N" },
  { "by", 0, 0, G_OPTION_ARG_STRING, &by, N_ ("Name of the administrator who decides"), "USER" },
  { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, N_ ("Why it is not taken in; its author reads it"),
    "TEXT" },
  { "all", 0, 0, G_OPTION_ARG_NONE, &all, N_ ("Also what is settled"), NULL },
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
      fyr_admin_table_new ("number", "received", "author", "reason", "command", "kind", "record_id",
                           "handed_by", "settled", "decision", "settler", "remark", NULL);
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      reader,
      "SELECT q.id, q.received, u.user_name, q.reason, q.mutation, h.user_name, q.settled, q.decision,"
      " s.user_name, q.remark FROM quarantine q LEFT JOIN \"user\" u ON u.id = q.author"
      " LEFT JOIN \"user\" h ON h.id = q.handed_by LEFT JOIN \"user\" s ON s.id = q.settler"
      " WHERE q.settled IS NULL OR ?1 = 1 ORDER BY q.id",
      error);
  FyrStep step = FYR_STEP_ERROR;

  if (select != NULL) {
    fyr_statement_bind_int (select, 1, all);
  }
  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    fyr_admin_table_int (table, fyr_statement_get_int (select, 0));
    fyr_admin_table_time (table, fyr_statement_get_int (select, 1));
    fyr_admin_table_text (table, fyr_statement_get_text (select, 2));
    fyr_admin_table_text (table, fyr_statement_get_text (select, 3));
    add_change (table, fyr_statement_get_text (select, 4));
    fyr_admin_table_text (table, fyr_statement_get_text (select, 5));
    fyr_admin_table_time (table, fyr_statement_get_int (select, 6));
    for (int column = 7; column < 10; column++) {
      fyr_admin_table_text (table, fyr_statement_get_text (select, column));
    }
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

static gboolean
tell_result (const char *answer, gint64 number, GError **error)
{
  g_autoptr (JsonNode) node = json_from_string (answer, error);
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *text;

  if (object == NULL) {
    return FALSE;
  }
  if (json_object_get_boolean_member_with_default (object, "settled", FALSE)) {
    g_print ("%s\n", json_object_get_string_member_with_default (object, "outcome", ""));
    return TRUE;
  }
  text = json_object_get_string_member_with_default (object, "text", NULL);
  g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_REFUSED,
               _ ("Change %d cannot be taken in and stays in quarantine: %s"), (int)number,
               text != NULL ? text : json_object_get_string_member_with_default (object, "outcome", ""));
  return FALSE;
}

static gboolean
settle (FyrAdminTarget *target, const char *verb, const char *word, GError **error)
{
  g_autoptr (FyrRecord) settler = NULL;
  g_autofree char *answer = NULL;
  gint64 number = 0;

  if (g_strcmp0 (verb, "accept") != 0 && g_strcmp0 (verb, "discard") != 0) {
    return fyr_admin_unknown_verb (verb, error);
  }
  if (word == NULL || !g_ascii_string_to_signed (word, 10, 1, G_MAXINT64, &number, NULL) || by == NULL) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                 _ ("Say which change by its number in the list, and --by which administrator"));
    return FALSE;
  }
  if (g_str_equal (verb, "discard") && (reason == NULL || *reason == '\0')) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                 _ ("Say why with --reason: its author reads it"));
    return FALSE;
  }
  settler = fyr_admin_target_find (target, &fyr_user_info, FYR_USER_USER_NAME, by, error);
  if (settler == NULL) {
    return FALSE;
  }
  answer = fyr_admin_target_settle (target, number, g_str_equal (verb, "accept"), fyr_record_get_id (settler),
                                    reason, error);
  return answer != NULL && tell_result (answer, number, error);
}

static gboolean
run (FyrAdminTarget *target, const char *verb, const char *word, GError **error)
{
  FyrConnection *reader = fyr_admin_target_get_reader (target);

  if (verb != NULL) {
    return settle (target, verb, word, error);
  }
  return show != 0 ? print_one (reader, error) : list (reader, error);
}

int
fyr_admin_quarantine (int argc, char **argv)
{
  show = 0;
  return fyr_admin_run_edit ("quarantine", "[accept N | discard N]",
                             _ ("Lists work that came after its author had lost every role, after her "
                                "emergency access had ended, or "
                                "from a workstation that is shut out: it is kept, not applied, until an "
                                "administrator accepts it (it "
                                "is applied in its author's name) or discards it with a reason."),
                             entries, argc, argv, run);
}
