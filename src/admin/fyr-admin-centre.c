/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "fyr-admin-edit.h"
#include "fyr-admin-table.h"
#include "fyr-calendar.h"

static char *organization;
static char *telephone;
static char *hours;
static char *new_name;
static char **closed;
static int red_minutes;
static gboolean test_centre;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "organization", 0, 0, G_OPTION_ARG_STRING, &organization, N_ ("Name or id of who runs it"), "NAME" },
  { "telephone", 0, 0, G_OPTION_ARG_STRING, &telephone, N_ ("The centre's telephone"), "NUMBER" },
  { "hours", 0, 0, G_OPTION_ARG_STRING, &hours, N_ ("Opening hours, Monday to Friday"), "HH:MM-HH:MM" },
  { "closed", 0, 0, G_OPTION_ARG_STRING_ARRAY, &closed,
    N_ ("A day the centre is closed besides the public holidays"), "YYYY-MM-DD" },
  { "red-minutes", 0, 0, G_OPTION_ARG_INT, &red_minutes, N_ ("Working minutes to answer a red alert in (30)"),
    "N" },
  { "test-centre", 0, 0, G_OPTION_ARG_NONE, &test_centre,
    N_ ("Accept synthetic identity numbers, and mark them"), NULL },
  { "rename", 0, 0, G_OPTION_ARG_STRING, &new_name, N_ ("New name of a centre"), "NAME" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("List as JSON"), NULL },
  { NULL },
};

static gboolean
set_hours (FyrCentre *centre, const char *text, GError **error)
{
  g_auto (FyrOpeningHours) parsed = { 0 };
  g_autofree char *json = NULL;
  int from_hour, from_minute, to_hour, to_minute;
  int end = 0;

  if (sscanf (text, "%2d:%2d-%2d:%2d%n", &from_hour, &from_minute, &to_hour, &to_minute, &end) != 4 ||
      text[end] != '\0' || from_minute > 59 || to_minute > 59 || to_hour > 24 || from_hour < 0 ||
      from_hour * 60 + from_minute >= to_hour * 60 + to_minute) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                 _ ("Opening hours are written 08:00-15:30, not “%s”"), text);
    return FALSE;
  }
  fyr_opening_hours_init (&parsed, from_hour * 60 + from_minute, to_hour * 60 + to_minute);
  json = fyr_opening_hours_format (&parsed);
  fyr_centre_set_opening_hours (centre, json);
  return TRUE;
}

static gboolean
set_closed (FyrCentre *centre, char **days, GError **error)
{
  g_autoptr (GString) json = g_string_new ("[");

  for (guint i = 0; days[i] != NULL; i++) {
    if (!fyr_civil_day_parse (days[i], NULL)) {
      g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                   _ ("“%s” is no date: write it as 2026-12-31"), days[i]);
      return FALSE;
    }
    g_string_append_printf (json, i > 0 ? ",\"%s\"" : "\"%s\"", days[i]);
  }
  g_string_append_c (json, ']');
  fyr_centre_set_closed_days (centre, json->str);
  return TRUE;
}

static gboolean
change (FyrAdminTarget *target, FyrCentre *centre, gboolean is_new, GError **error)
{
  if (new_name != NULL) {
    fyr_centre_set_name (centre, new_name);
  }
  if (telephone != NULL) {
    fyr_centre_set_telephone (centre, telephone);
  }
  if (red_minutes > 0) {
    fyr_centre_set_red_minutes (centre, red_minutes);
  }
  if (test_centre) {
    fyr_centre_set_test_centre (centre, TRUE);
  }
  if (is_new) {
    fyr_centre_set_time_zone (centre, "Europe/Oslo");
  }
  if (hours != NULL || is_new) {
    if (!set_hours (centre, hours != NULL ? hours : "08:00-15:30", error)) {
      return FALSE;
    }
  }
  if (closed != NULL && !set_closed (centre, closed, error)) {
    return FALSE;
  }
  return fyr_admin_set_reference (target, centre, FYR_CENTRE_ORGANIZATION_ID, &fyr_organization_info,
                                  FYR_ORGANIZATION_NAME, organization, error);
}

static gboolean
list (FyrAdminTarget *target, GError **error)
{
  g_autoptr (GPtrArray) all = fyr_admin_target_list (target, &fyr_centre_info, "name", error);
  g_autoptr (FyrAdminTable) table =
      fyr_admin_table_new ("id", "name", "telephone", "opening_hours", "test", NULL);

  if (all == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < all->len; i++) {
    FyrCentre *one = g_ptr_array_index (all, i);

    fyr_admin_table_text (table, fyr_record_get_id (FYR_RECORD (one)));
    fyr_admin_table_text (table, fyr_centre_get_name (one));
    fyr_admin_table_text (table, fyr_centre_get_telephone (one));
    fyr_admin_table_text (table, fyr_centre_get_opening_hours (one));
    fyr_admin_table_text (table, fyr_centre_get_test_centre (one) ? "yes" : "no");
  }
  fyr_admin_table_print (table, as_json);
  return TRUE;
}

static gboolean
run (FyrAdminTarget *target, const char *verb, const char *name, GError **error)
{
  g_autoptr (FyrRecord) centre = NULL;

  if (g_strcmp0 (verb, "list") == 0) {
    return list (target, error);
  }
  centre = fyr_admin_begin_edit (target, &fyr_centre_info, FYR_CENTRE_NAME, verb, name, error);
  return centre != NULL && change (target, (FyrCentre *)centre, strcmp (verb, "add") == 0, error) &&
         fyr_admin_end_edit (target, centre, error);
}

int
fyr_admin_centre (int argc, char **argv)
{
  return fyr_admin_run_edit (
      "centre", "add NAME | change NAME | list",
      _ ("Adds, changes or lists follow-up centres. Deadlines of alerts run in the opening hours;\n"
         "Norway's public holidays are known."),
      entries, argc, argv, run);
}
