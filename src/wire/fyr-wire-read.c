/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-wire-read.h"

#include <string.h>

#include "fyr-uuid.h"

gboolean
fyr_wire_malformed (GError **error, const char *name, const char *problem)
{
  g_set_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED, "%s %s", name, problem);
  return FALSE;
}

FyrJsonDocument *
fyr_wire_read_document (
    const char *text, gsize length, const FyrJsonLimits *limits, const FyrJsonValue **root, GError **error)
{
  g_autoptr (FyrJsonDocument) document = fyr_json_document_parse (text, length, limits, error);

  if (document == NULL)
    return NULL;
  *root = fyr_json_document_get_root (document);
  if (fyr_json_value_is (*root, FYR_JSON_OBJECT))
    return g_steal_pointer (&document);
  fyr_wire_malformed (error, "The message", "is not an object");
  return NULL;
}

static gboolean
is_absent (const FyrJsonValue *value)
{
  return value == NULL || value->type == FYR_JSON_NULL;
}

gboolean
fyr_wire_read_string (
    const FyrJsonValue *object, const char *name, gsize min, gsize max, char **value, GError **error)
{
  const FyrJsonValue *member = fyr_json_value_get (object, name);

  if (is_absent (member))
    return fyr_wire_malformed (error, name, "is missing");
  if (member->type != FYR_JSON_STRING)
    return fyr_wire_malformed (error, name, "is not a string");
  if (member->length < min)
    return fyr_wire_malformed (error, name, "is too short");
  if (member->length > max)
    return fyr_wire_malformed (error, name, "is too long");
  g_free (*value);
  *value = g_strdup (member->text);
  return TRUE;
}

gboolean
fyr_wire_read_text (const FyrJsonValue *object, const char *name, gsize max, char **value, GError **error)
{
  if (!is_absent (fyr_json_value_get (object, name)))
    return fyr_wire_read_string (object, name, 0, max, value, error);
  g_clear_pointer (value, g_free);
  return TRUE;
}

gboolean
fyr_wire_read_uuid (const FyrJsonValue *object, const char *name, char **value, GError **error)
{
  const char *text = fyr_json_value_get_string (object, name);

  if (!fyr_uuid_is_valid (text))
    return fyr_wire_malformed (error, name, "is not an id");
  g_free (*value);
  *value = g_strdup (text);
  return TRUE;
}

gboolean
fyr_wire_read_int (const FyrJsonValue *object, const char *name, gint64 min, gint64 *value, GError **error)
{
  const FyrJsonValue *member = fyr_json_value_get (object, name);

  if (is_absent (member))
    return fyr_wire_malformed (error, name, "is missing");
  if (!fyr_json_value_to_int (member, value))
    return fyr_wire_malformed (error, name, "is not a whole number");
  if (*value < min)
    return fyr_wire_malformed (error, name, "is out of bounds");
  return TRUE;
}

gboolean
fyr_wire_read_optional_int (
    const FyrJsonValue *object, const char *name, gint64 min, gint64 fallback, gint64 *value, GError **error)
{
  if (!is_absent (fyr_json_value_get (object, name)))
    return fyr_wire_read_int (object, name, min, value, error);
  *value = fallback;
  return TRUE;
}

gboolean
fyr_wire_read_bool (const FyrJsonValue *object, const char *name, gboolean *value, GError **error)
{
  const FyrJsonValue *member = fyr_json_value_get (object, name);

  *value = FALSE;
  if (is_absent (member))
    return TRUE;
  if (member->type != FYR_JSON_TRUE && member->type != FYR_JSON_FALSE)
    return fyr_wire_malformed (error, name, "is neither true nor false");
  *value = member->type == FYR_JSON_TRUE;
  return TRUE;
}

gboolean
fyr_wire_read_hash (const FyrJsonValue *object, const char *name, char hash[65], GError **error)
{
  const char *text = fyr_json_value_get_string (object, name);

  if (text == NULL || strlen (text) != 64 || strspn (text, "0123456789abcdef") != 64)
    return fyr_wire_malformed (error, name, "is not a hash");
  g_strlcpy (hash, text, 65);
  return TRUE;
}

gboolean
fyr_wire_read_schema (const FyrJsonValue *object, int *schema, FyrWireSchemas *schemas, GError **error)
{
  gint64 stated = 0;

  if (!fyr_wire_read_int (object, "schema", 0, &stated, error))
    return FALSE;
  *schema = (int)MIN (stated, G_MAXINT);
  return fyr_wire_schema_check (*schema, error) && fyr_wire_schemas_read (object, *schema, schemas, error);
}

gboolean
fyr_wire_read_array (const FyrJsonValue *object, const char *name, const FyrJsonValue **array, GError **error)
{
  *array = fyr_json_value_get (object, name);
  if (!fyr_json_value_is (*array, FYR_JSON_ARRAY))
    return fyr_wire_malformed (error, name, "is not an array");
  return TRUE;
}
