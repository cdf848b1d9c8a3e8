/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-json-writer.h"

#include "fyr-canonical-json.h"

static void
start (FyrJsonWriter *self, const char *name)
{
  if (self->comma)
    g_string_append_c (self->text, ',');
  self->comma = TRUE;
  if (name == NULL)
    return;
  fyr_canonical_json_append_string (self->text, name);
  g_string_append_c (self->text, ':');
}

static void
begin (FyrJsonWriter *self, const char *name, char bracket)
{
  start (self, name);
  g_string_append_c (self->text, bracket);
  self->comma = FALSE;
}

static void
end (FyrJsonWriter *self, char bracket)
{
  g_string_append_c (self->text, bracket);
  self->comma = TRUE;
}

void
fyr_json_writer_begin_object (FyrJsonWriter *self, const char *name)
{
  begin (self, name, '{');
}

void
fyr_json_writer_end_object (FyrJsonWriter *self)
{
  end (self, '}');
}

void
fyr_json_writer_begin_array (FyrJsonWriter *self, const char *name)
{
  begin (self, name, '[');
}

void
fyr_json_writer_end_array (FyrJsonWriter *self)
{
  end (self, ']');
}

static void
append_int (GString *text, gint64 value)
{
  char buffer[24];
  char *p = buffer + sizeof buffer;
  guint64 rest = value < 0 ? 0 - (guint64)value : (guint64)value;

  *--p = '\0';
  do {
    *--p = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (value < 0)
    *--p = '-';
  g_string_append (text, p);
}

void
fyr_json_writer_int (FyrJsonWriter *self, const char *name, gint64 value)
{
  start (self, name);
  append_int (self->text, value);
}

void
fyr_json_writer_real (FyrJsonWriter *self, const char *name, double value)
{
  start (self, name);
  fyr_canonical_json_append_real (self->text, value);
}

void
fyr_json_writer_bool (FyrJsonWriter *self, const char *name, gboolean value)
{
  start (self, name);
  g_string_append (self->text, value ? "true" : "false");
}

void
fyr_json_writer_null (FyrJsonWriter *self, const char *name)
{
  start (self, name);
  g_string_append (self->text, "null");
}

void
fyr_json_writer_string (FyrJsonWriter *self, const char *name, const char *value)
{
  if (value == NULL) {
    fyr_json_writer_null (self, name);
    return;
  }
  start (self, name);
  fyr_canonical_json_append_string (self->text, value);
}

void
fyr_json_writer_text (FyrJsonWriter *self, const char *name, const char *value)
{
  if (value != NULL)
    fyr_json_writer_string (self, name, value);
}

void
fyr_json_writer_raw (FyrJsonWriter *self, const char *name, const char *json)
{
  start (self, name);
  g_string_append (self->text, json);
}

void
fyr_json_writer_node (FyrJsonWriter *self, const char *name, JsonNode *node)
{
  start (self, name);
  fyr_canonical_json_append (self->text, node, NULL);
}

void
fyr_json_writer_object (FyrJsonWriter *self, const char *name, JsonObject *object)
{
  g_autoptr (JsonNode) node = NULL;

  if (object == NULL)
    return;
  node = json_node_init_object (json_node_alloc (), object);
  fyr_json_writer_node (self, name, node);
}

static void
write_field (FyrJsonWriter *self, FyrRecord *record, const FyrFieldInfo *info, guint field)
{
  switch (info->type) {
  case FYR_FIELD_INT:
  case FYR_FIELD_TIME:
    fyr_json_writer_int (self, info->name, fyr_record_get_int (record, field));
    break;
  case FYR_FIELD_BOOL:
    fyr_json_writer_bool (self, info->name, fyr_record_get_int (record, field) != 0);
    break;
  case FYR_FIELD_ENUM:
    fyr_json_writer_string (self, info->name,
                            fyr_enum_to_code (info->enum_info, (guint)fyr_record_get_int (record, field)));
    break;
  case FYR_FIELD_REAL:
    fyr_json_writer_real (self, info->name, fyr_record_get_real (record, field));
    break;
  case FYR_FIELD_STRING:
  case FYR_FIELD_TEXT:
  case FYR_FIELD_JSON:
  case FYR_FIELD_DATE:
  case FYR_FIELD_ID:
  default:
    fyr_json_writer_string (self, info->name, fyr_record_get_string (record, field));
    break;
  }
}

void
fyr_json_writer_record (FyrJsonWriter *self, const char *name, FyrRecord *record, guint class_mask)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);

  if (class_mask == G_MAXUINT && fyr_record_get_extra (record) != NULL) {
    g_autoptr (JsonObject) object = fyr_record_to_json (record, class_mask);
    fyr_json_writer_object (self, name, object);
    return;
  }
  begin (self, name, '{');
  fyr_json_writer_string (self, "id", fyr_record_get_id (record));
  fyr_json_writer_int (self, "version", fyr_record_get_version (record));
  for (guint i = 0; i < info->n_fields; i++)
    if (fyr_record_is_set (record, i) && (class_mask & (1u << info->fields[i].field_class)) != 0)
      write_field (self, record, &info->fields[i], i);
  end (self, '}');
}
