/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-record.h"

#include <string.h>

#include "fyr-canonical-json.h"
#include "fyr-uuid.h"

JsonNode *
fyr_record_field_to_json (FyrRecord *self, guint field)
{
  const FyrFieldInfo *info = &fyr_record_get_info (self)->fields[field];
  JsonNode *node = json_node_alloc ();
  if (!fyr_record_is_set (self, field))
    return json_node_init_null (node);
  switch (info->type) {
  case FYR_FIELD_REAL:
    return json_node_init_double (node, fyr_record_get_real (self, field));
  case FYR_FIELD_INT:
  case FYR_FIELD_TIME:
    return json_node_init_int (node, fyr_record_get_int (self, field));
  case FYR_FIELD_BOOL:
    return json_node_init_boolean (node, fyr_record_get_int (self, field) != 0);
  case FYR_FIELD_ENUM:
    return json_node_init_string (
        node, fyr_enum_to_code (info->enum_info, (guint)fyr_record_get_int (self, field)));
  case FYR_FIELD_STRING:
  case FYR_FIELD_TEXT:
  case FYR_FIELD_JSON:
  case FYR_FIELD_DATE:
  case FYR_FIELD_ID:
  default:
    return json_node_init_string (node, fyr_record_get_string (self, field));
  }
}

static void
add_extra (FyrRecord *self, JsonObject *object)
{
  g_autoptr (JsonNode) node = json_from_string (fyr_record_get_extra (self), NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &member)) {
    if (!json_object_has_member (object, name))
      json_object_set_member (object, name, json_node_copy (member));
  }
}

JsonObject *
fyr_record_to_json (FyrRecord *self, guint class_mask)
{
  const FyrRecordInfo *info = fyr_record_get_info (self);
  JsonObject *object = json_object_new ();
  if (*fyr_record_get_id (self) != '\0')
    json_object_set_string_member (object, "id", fyr_record_get_id (self));
  json_object_set_int_member (object, "version", fyr_record_get_version (self));
  for (guint i = 0; i < info->n_fields; i++) {
    if (fyr_record_is_set (self, i) && (class_mask & (1u << info->fields[i].field_class)) != 0)
      json_object_set_member (object, info->fields[i].name, fyr_record_field_to_json (self, i));
  }
  if (class_mask == G_MAXUINT && fyr_record_get_extra (self) != NULL)
    add_extra (self, object);
  return object;
}

static gboolean
type_error (const FyrFieldInfo *info, GError **error)
{
  g_set_error (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_TYPE, "%s is of the wrong type", info->name);
  return FALSE;
}

static gboolean
set_string (FyrRecord *self, guint field, JsonNode *node, GError **error)
{
  const FyrFieldInfo *info = &fyr_record_get_info (self)->fields[field];
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return type_error (info, error);
  const char *value = json_node_get_string (node);
  if (info->type == FYR_FIELD_ID && !fyr_uuid_is_valid (value))
    return type_error (info, error);
  fyr_record_set_string (self, field, value);
  return TRUE;
}

static gboolean
set_integer (FyrRecord *self, guint field, JsonNode *node, GError **error)
{
  if (json_node_get_value_type (node) != G_TYPE_INT64)
    return type_error (&fyr_record_get_info (self)->fields[field], error);
  fyr_record_set_int (self, field, json_node_get_int (node));
  return TRUE;
}

/* A code of a newer program is not an error: it travels along in extra and the field stays unset. */
static gboolean
set_enum (FyrRecord *self, guint field, JsonNode *node, gboolean *known, GError **error)
{
  const FyrFieldInfo *info = &fyr_record_get_info (self)->fields[field];
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return type_error (info, error);
  guint number = fyr_enum_from_code (info->enum_info, json_node_get_string (node));
  *known = number != 0;
  fyr_record_set_int (self, field, number);
  return TRUE;
}

static gboolean
set_field (FyrRecord *self, guint field, JsonNode *node, gboolean *known, GError **error)
{
  const FyrFieldInfo *info = &fyr_record_get_info (self)->fields[field];
  *known = TRUE;
  if (JSON_NODE_HOLDS_NULL (node)) {
    fyr_record_clear (self, field);
    return TRUE;
  }
  if (!JSON_NODE_HOLDS_VALUE (node))
    return type_error (info, error);
  GType type = json_node_get_value_type (node);
  switch (info->type) {
  case FYR_FIELD_REAL:
    if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
      return type_error (info, error);
    fyr_record_set_real (self, field, json_node_get_double (node));
    return TRUE;
  case FYR_FIELD_BOOL:
    if (type != G_TYPE_BOOLEAN)
      return type_error (info, error);
    fyr_record_set_int (self, field, json_node_get_boolean (node));
    return TRUE;
  case FYR_FIELD_ENUM:
    return set_enum (self, field, node, known, error);
  case FYR_FIELD_INT:
  case FYR_FIELD_TIME:
    return set_integer (self, field, node, error);
  case FYR_FIELD_STRING:
  case FYR_FIELD_TEXT:
  case FYR_FIELD_JSON:
  case FYR_FIELD_DATE:
  case FYR_FIELD_ID:
  default:
    return set_string (self, field, node, error);
  }
}

static JsonObject *
load_extra (FyrRecord *self)
{
  g_autoptr (JsonNode) node = self->extra != NULL ? json_from_string (self->extra, NULL) : NULL;
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : json_object_new ();
}

static void
store_extra (FyrRecord *self, JsonObject *extra)
{
  if (json_object_get_size (extra) == 0) {
    fyr_record_set_extra (self, NULL);
    return;
  }
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), extra);
  g_autoptr (GString) text = g_string_new (NULL);
  fyr_canonical_json_append (text, node, NULL);
  fyr_record_set_extra (self, text->str);
}

gboolean
fyr_record_apply_json (FyrRecord *self, JsonObject *object, guint64 *changed, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (self);
  g_autoptr (JsonObject) extra = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  guint64 mask = 0;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node)) {
    if (strcmp (name, "id") == 0 || strcmp (name, "version") == 0)
      continue;
    int field = fyr_record_info_find_field (info, name);
    gboolean known = FALSE;
    if (field >= 0 && !set_field (self, (guint)field, node, &known, error))
      return FALSE;
    if (field >= 0)
      mask |= G_GUINT64_CONSTANT (1) << field;
    if (extra == NULL && (!known || self->extra != NULL))
      extra = load_extra (self);
    if (!known)
      json_object_set_member (extra, name, json_node_copy (node));
    else if (extra != NULL && json_object_has_member (extra, name))
      json_object_remove_member (extra, name);
  }
  if (extra != NULL)
    store_extra (self, extra);
  if (changed != NULL)
    *changed = mask;
  return TRUE;
}

static gboolean
apply_head (FyrRecord *self, JsonObject *object, GError **error)
{
  JsonNode *id = json_object_get_member (object, "id");
  if (id != NULL) {
    const char *text = JSON_NODE_HOLDS_VALUE (id) ? json_node_get_string (id) : NULL;
    if (!fyr_uuid_is_valid (text)) {
      g_set_error_literal (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_TYPE, "id is not an id");
      return FALSE;
    }
    fyr_record_set_id (self, text);
  }
  JsonNode *version = json_object_get_member (object, "version");
  if (version == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (version) || json_node_get_value_type (version) != G_TYPE_INT64 ||
      json_node_get_int (version) < 0) {
    g_set_error_literal (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_TYPE, "version is not a number");
    return FALSE;
  }
  fyr_record_set_version (self, json_node_get_int (version));
  return TRUE;
}

FyrRecord *
fyr_record_from_json (const FyrRecordInfo *info, JsonObject *object, GError **error)
{
  g_autoptr (FyrRecord) self = fyr_record_new (info);
  if (!apply_head (self, object, error) || !fyr_record_apply_json (self, object, NULL, error))
    return NULL;
  return g_steal_pointer (&self);
}
