/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-conflict.h"

#include "fyr-records.h"

/* The workstation may not have fetched yet what the server spoke of. */
static gboolean
is_as_new (FyrRecord *now, JsonNode *root)
{
  JsonNode *version = json_object_get_member (json_node_get_object (root), "version");

  return now && version && JSON_NODE_HOLDS_VALUE (version) &&
         fyr_record_get_version (now) >= json_node_get_int (version);
}

static JsonObject *
read_fields (JsonNode *root)
{
  JsonNode *fields;

  if (!root || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  fields = json_object_get_member (json_node_get_object (root), "fields");
  return fields && JSON_NODE_HOLDS_OBJECT (fields) ? json_node_get_object (fields) : NULL;
}

/* A value of the wrong type counts as none: the other side may be newer. */
static void
take_value (FyrRecord *record, const char *name, JsonObject *values, const char *side)
{
  g_autoptr (JsonObject) one = json_object_new ();
  JsonNode *value = json_object_get_member (values, side);

  if (!value)
    return;
  json_object_set_member (one, name, json_node_copy (value));
  fyr_record_apply_json (record, one, NULL, NULL);
}

static void
take_writer (FyrConflictField *field, JsonObject *values)
{
  JsonNode *by = json_object_get_member (values, "by");
  JsonNode *time = json_object_get_member (values, "time");

  if (by && JSON_NODE_HOLDS_VALUE (by) && json_node_get_value_type (by) == G_TYPE_STRING)
    g_strlcpy (field->by, json_node_get_string (by), sizeof field->by);
  if (time && JSON_NODE_HOLDS_VALUE (time) && json_node_get_value_type (time) == G_TYPE_INT64)
    field->time = json_node_get_int (time);
}

static void
take_field (FyrConflict *self, guint index, JsonObject *values, FyrRecord *now)
{
  const char *name = self->info->fields[index].name;
  FyrConflictField field = { .field = index };

  take_value (self->mine, name, values, "yours");
  take_value (self->theirs, name, values, "theirs");
  take_value (self->before, name, values, "base");
  take_writer (&field, values);
  if (now && !fyr_record_field_equal (now, self->theirs, index)) {
    fyr_record_copy_field (self->theirs, now, index);
    field.by[0] = '\0';
    field.time = 0;
  }
  /* The kind of number is told by the number. */
  field.hidden = self->info == &fyr_patient_info && index == FYR_PATIENT_IDENTITY_SYSTEM;
  g_array_append_val (self->fields, field);
}

FyrConflict *
fyr_conflict_new (FyrOutboxEntry *entry, FyrRecord *now)
{
  const FyrRecordInfo *info = fyr_record_info_lookup (fyr_outbox_entry_get_kind (entry));
  const char *text = fyr_outbox_entry_get_conflict (entry);
  g_autoptr (JsonNode) root = text ? json_from_string (text, NULL) : NULL;
  JsonObject *fields = read_fields (root);
  g_autoptr (FyrConflict) self = NULL;

  if (!info || !fields)
    return NULL;
  if (!is_as_new (now, root))
    now = NULL;
  self = g_new0 (FyrConflict, 1);
  self->info = info;
  self->mine = fyr_record_new (info);
  self->theirs = fyr_record_new (info);
  self->before = fyr_record_new (info);
  self->fields = g_array_new (FALSE, FALSE, sizeof (FyrConflictField));
  for (guint i = 0; i < info->n_fields; i++) {
    JsonNode *values = json_object_get_member (fields, info->fields[i].name);

    if (values && JSON_NODE_HOLDS_OBJECT (values))
      take_field (self, i, json_node_get_object (values), now);
  }
  return self->fields->len > 0 ? g_steal_pointer (&self) : NULL;
}

void
fyr_conflict_free (FyrConflict *self)
{
  if (!self)
    return;
  g_object_unref (self->mine);
  g_object_unref (self->theirs);
  g_object_unref (self->before);
  g_array_unref (self->fields);
  g_free (self);
}

JsonObject *
fyr_conflict_get_values (const FyrConflict *self, FyrRecord *decided)
{
  JsonObject *values = json_object_new ();

  for (guint i = 0; i < self->fields->len; i++) {
    guint field = g_array_index (self->fields, FyrConflictField, i).field;

    json_object_set_member (values, self->info->fields[field].name,
                            fyr_record_field_to_json (decided, field));
  }
  return values;
}
