/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening hours as the centre's record keeps them. */
#include <json-glib/json-glib.h>

#include "fyr-calendar.h"

#define MAX_CLOSED_DAYS 1000
#define MINUTES_A_DAY 1440

static JsonArray *
parse_array (const char *text, JsonNode **root)
{
  *root = json_from_string (text, NULL);
  if (*root == NULL || !JSON_NODE_HOLDS_ARRAY (*root)) {
    return NULL;
  }
  return json_node_get_array (*root);
}

static gboolean
read_minute (JsonArray *pair, guint index, int low, int high, int *minute)
{
  JsonNode *node = json_array_get_element (pair, index);
  gint64 value;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64) {
    return FALSE;
  }
  value = json_node_get_int (node);
  *minute = (int)CLAMP (value, -1, MINUTES_A_DAY + 1);
  return value >= low && value <= high;
}

static gboolean
read_weekday (JsonNode *node, FyrOpeningDay *weekday)
{
  JsonArray *pair;

  if (JSON_NODE_HOLDS_NULL (node)) {
    *weekday = (FyrOpeningDay){ 0, 0 };
    return TRUE;
  }
  if (!JSON_NODE_HOLDS_ARRAY (node)) {
    return FALSE;
  }
  pair = json_node_get_array (node);
  return json_array_get_length (pair) == 2 &&
         read_minute (pair, 0, 0, MINUTES_A_DAY - 1, &weekday->open_minute) &&
         read_minute (pair, 1, 1, MINUTES_A_DAY, &weekday->close_minute) &&
         weekday->open_minute < weekday->close_minute;
}

static gboolean
read_week (const char *text, FyrOpeningHours *hours)
{
  g_autoptr (JsonNode) root = NULL;
  JsonArray *week = parse_array (text, &root);

  if (week == NULL || json_array_get_length (week) != 7) {
    return FALSE;
  }
  for (guint i = 0; i < 7; i++) {
    if (!read_weekday (json_array_get_element (week, i), &hours->weekday[i])) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
read_closed_days (const char *text, FyrOpeningHours *hours)
{
  g_autoptr (JsonNode) root = NULL;
  JsonArray *days = parse_array (text, &root);
  guint n = days == NULL ? 0 : json_array_get_length (days);

  if (days == NULL || n > MAX_CLOSED_DAYS) {
    return FALSE;
  }
  hours->closed_days = g_new0 (int, MAX (n, 1));
  hours->n_closed_days = n;
  for (guint i = 0; i < n; i++) {
    JsonNode *node = json_array_get_element (days, i);

    if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING ||
        !fyr_civil_day_parse (json_node_get_string (node), &hours->closed_days[i])) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
fyr_opening_hours_parse (const char *hours_json, const char *closed_json, FyrOpeningHours *hours)
{
  gboolean right;

  fyr_opening_hours_init (hours, FYR_DEFAULT_OPEN_MINUTE, FYR_DEFAULT_CLOSE_MINUTE);
  right = hours_json == NULL || *hours_json == '\0' || read_week (hours_json, hours);
  right = right && (closed_json == NULL || *closed_json == '\0' || read_closed_days (closed_json, hours));
  if (!right) {
    fyr_opening_hours_clear (hours);
    fyr_opening_hours_init (hours, FYR_DEFAULT_OPEN_MINUTE, FYR_DEFAULT_CLOSE_MINUTE);
  }
  return right;
}

char *
fyr_opening_hours_format (const FyrOpeningHours *hours)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; i < 7; i++) {
    const FyrOpeningDay *day = &hours->weekday[i];

    g_string_append (text, i == 0 ? "" : ",");
    if (day->close_minute > day->open_minute) {
      g_string_append_printf (text, "[%d,%d]", day->open_minute, day->close_minute);
    } else {
      g_string_append (text, "null");
    }
  }
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}
