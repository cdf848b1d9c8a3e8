/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-canonical-json.h"

#include <math.h>
#include <string.h>

#define LARGEST_WHOLE 9007199254740992.0

void
fyr_canonical_json_append_string (GString *text, const char *value)
{
  static const char hex[] = "0123456789abcdef";

  g_string_append_c (text, '"');
  for (const char *p = value; *p != '\0';) {
    gsize plain = 0;

    while ((guchar)p[plain] >= 0x20 && p[plain] != '"' && p[plain] != '\\')
      plain++;
    g_string_append_len (text, p, plain);
    p += plain;
    if (*p == '\0')
      break;
    const char *short_form = strchr ("\bb\ff\nn\rr\tt\"\"\\\\", *p);
    g_string_append_c (text, '\\');
    if (short_form != NULL) {
      g_string_append_c (text, short_form[1]);
    } else {
      g_string_append (text, "u00");
      g_string_append_c (text, hex[(guchar)*p >> 4]);
      g_string_append_c (text, hex[*p & 15]);
    }
    p++;
  }
  g_string_append_c (text, '"');
}

void
fyr_canonical_json_append_real (GString *text, double value)
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value)) {
    g_string_append (text, "null");
    return;
  }
  if (value == floor (value) && fabs (value) < LARGEST_WHOLE) {
    g_string_append_printf (text, "%" G_GINT64_FORMAT, (gint64)value);
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_ascii_formatd (buffer, sizeof buffer, formats[i], value);
    if (g_ascii_strtod (buffer, NULL) == value)
      break;
  }
  g_string_append (text, buffer);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static void
append_object (GString *text, JsonObject *object, const char *leave_out)
{
  g_autoptr (GList) names = g_list_sort (json_object_get_members (object), compare_names);
  gboolean first = TRUE;

  g_string_append_c (text, '{');
  for (GList *l = names; l != NULL; l = l->next) {
    if (leave_out != NULL && strcmp (l->data, leave_out) == 0)
      continue;
    if (!first)
      g_string_append_c (text, ',');
    first = FALSE;
    fyr_canonical_json_append_string (text, l->data);
    g_string_append_c (text, ':');
    fyr_canonical_json_append (text, json_object_get_member (object, l->data), NULL);
  }
  g_string_append_c (text, '}');
}

static void
append_array (GString *text, JsonArray *array)
{
  guint n = json_array_get_length (array);

  g_string_append_c (text, '[');
  for (guint i = 0; i < n; i++) {
    if (i > 0)
      g_string_append_c (text, ',');
    fyr_canonical_json_append (text, json_array_get_element (array, i), NULL);
  }
  g_string_append_c (text, ']');
}

static void
append_value (GString *text, JsonNode *node)
{
  switch (json_node_get_value_type (node)) {
  case G_TYPE_STRING:
    fyr_canonical_json_append_string (text, json_node_get_string (node));
    break;
  case G_TYPE_BOOLEAN:
    g_string_append (text, json_node_get_boolean (node) ? "true" : "false");
    break;
  case G_TYPE_INT64:
    g_string_append_printf (text, "%" G_GINT64_FORMAT, json_node_get_int (node));
    break;
  default:
    fyr_canonical_json_append_real (text, json_node_get_double (node));
    break;
  }
}

void
fyr_canonical_json_append (GString *text, JsonNode *node, const char *leave_out)
{
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    g_string_append (text, "null");
  else if (JSON_NODE_HOLDS_OBJECT (node))
    append_object (text, json_node_get_object (node), leave_out);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    append_array (text, json_node_get_array (node));
  else
    append_value (text, node);
}

void
fyr_canonical_json_hash (const char *previous_hash, JsonObject *mutation, char hash[FYR_HASH_TEXT_SIZE])
{
  g_autoptr (GString) text = g_string_new (previous_hash);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_string_append_c (text, '\n');
  append_object (text, mutation, "hash");
  g_checksum_update (checksum, (const guchar *)text->str, text->len);
  g_strlcpy (hash, g_checksum_get_string (checksum), FYR_HASH_TEXT_SIZE);
}
