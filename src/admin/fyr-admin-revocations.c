/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <stdio.h>

#include "fyr-admin-edit.h"
#include "fyr-admin-workstation.h"
#include "fyr-holding.h"
#include "fyr-oslo-time.h"

static char *at;
static char *by;
static char *reason;
static gboolean all;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "at", 0, 0, G_OPTION_ARG_STRING, &at,
    N_ ("When it was wiped, in Norway: contact after that proves otherwise"), "'YYYY-MM-DD HH:MM'" },
  { "by", 0, 0, G_OPTION_ARG_STRING, &by, N_ ("Name of the administrator who decides"), "USER" },
  { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, N_ ("How it is known; kept for good"), "TEXT" },
  { "all", 0, 0, G_OPTION_ARG_NONE, &all, N_ ("Also those that are confirmed, or known to be wiped"), NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print JSON"), NULL },
  { NULL },
};

static const char *
state_of (const FyrRevocation *row)
{
  if (row->confirmed != 0 || row->wiped) {
    return row->confirmed != 0 ? "confirmed" : "wiped";
  }
  return row->told != 0 ? "told" : "not-told";
}

static void
add_row (FyrAdminTable *table, FyrConnection *reader, const FyrRevocation *row)
{
  fyr_admin_table_workstation (table, reader, row->name, row->device, row->user_id);
  fyr_admin_table_text (table, row->scope);
  fyr_admin_table_text (table, state_of (row));
  fyr_admin_table_time (table, row->told);
  fyr_admin_table_time (table, row->confirmed);
}

static gboolean
list (FyrConnection *reader, GError **error)
{
  g_autoptr (GPtrArray) rows = fyr_holding_list (reader, all, fyr_admin_now (), error);
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

/* @text: (nullable) */
static gboolean
read_moment (const char *text, gint64 *time, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", " ", 2);
  int day, hour, minute, length = 0;

  if (parts[0] == NULL || parts[1] == NULL || !fyr_civil_day_parse (parts[0], &day) ||
      sscanf (parts[1], "%2d:%2d%n", &hour, &minute, &length) != 2 || parts[1][length] != '\0' || hour < 0 ||
      hour > 23 || minute < 0 || minute > 59) {
    g_set_error_literal (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                         _ ("Say with --at when it was wiped: 'YYYY-MM-DD HH:MM'"));
    return FALSE;
  }
  *time = fyr_oslo_from_civil (day, hour * 60 + minute);
  return TRUE;
}

static gboolean
run (FyrAdminTarget *target, const char *verb, const char *word, GError **error)
{
  gint64 time = 0;

  if (verb == NULL || g_str_equal (verb, "list")) {
    return list (fyr_admin_target_get_reader (target), error);
  }
  if (!g_str_equal (verb, "wiped")) {
    return fyr_admin_unknown_verb (verb, error);
  }
  return read_moment (at, &time, error) &&
         fyr_admin_decide_device (target, FYR_DEVICE_WIPED, word, by, reason, time, error);
}

int
fyr_admin_revocations (int argc, char **argv)
{
  return fyr_admin_run_edit (
      "revocations", "[list | wiped DEVICE]",
      _ ("Lists what was taken away from workstations and what they have not confirmed to be gone: told, or "
         "not-told while the workstation has not asked since its user lost access. “wiped” takes one off the "
         "list of which is known that nothing is left; contact with it puts it back."),
      entries, argc, argv, run);
}
