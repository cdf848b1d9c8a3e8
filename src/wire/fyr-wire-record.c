/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-wire-record.h"

#include <string.h>

#include "fyr-uuid.h"
#include "fyr-wire-read.h"

/* FALSE also for what this program does not know: the slow way then decides between an error and "extra". */
static gboolean
read_field (FyrRecord *record, const FyrFieldInfo *info, guint field, const FyrJsonValue *value)
{
  gint64 whole;
  double real;

  switch (info->type) {
  case FYR_FIELD_INT:
  case FYR_FIELD_TIME:
    if (!fyr_json_value_to_int (value, &whole))
      return FALSE;
    fyr_record_set_int (record, field, whole);
    return TRUE;
  case FYR_FIELD_BOOL:
    fyr_record_set_int (record, field, value->type == FYR_JSON_TRUE);
    return value->type == FYR_JSON_TRUE || value->type == FYR_JSON_FALSE;
  case FYR_FIELD_ENUM:
    whole = value->type == FYR_JSON_STRING ? fyr_enum_from_code (info->enum_info, value->text) : 0;
    fyr_record_set_int (record, field, whole);
    return whole != 0;
  case FYR_FIELD_REAL:
    if (!fyr_json_value_to_double (value, &real))
      return FALSE;
    fyr_record_set_real (record, field, real);
    return TRUE;
  case FYR_FIELD_ID:
    if (value->type != FYR_JSON_STRING || !fyr_uuid_is_valid (value->text))
      return FALSE;
    fyr_record_set_string (record, field, value->text);
    return TRUE;
  case FYR_FIELD_STRING:
  case FYR_FIELD_TEXT:
  case FYR_FIELD_JSON:
  case FYR_FIELD_DATE:
  default:
    if (value->type != FYR_JSON_STRING)
      return FALSE;
    fyr_record_set_string (record, field, value->text);
    return TRUE;
  }
}

static gboolean
read_member (FyrRecord *record, const FyrRecordInfo *info, const FyrJsonValue *value)
{
  gint64 version;
  int field;

  if (strcmp (value->name, "id") == 0) {
    if (value->type != FYR_JSON_STRING || !fyr_uuid_is_valid (value->text))
      return FALSE;
    fyr_record_set_id (record, value->text);
    return TRUE;
  }
  if (strcmp (value->name, "version") == 0) {
    if (!fyr_json_value_to_int (value, &version) || version < 0)
      return FALSE;
    fyr_record_set_version (record, version);
    return TRUE;
  }
  field = fyr_record_info_find_field (info, value->name);
  if (field < 0)
    return FALSE;
  if (value->type == FYR_JSON_NULL)
    return TRUE;
  return read_field (record, &info->fields[field], (guint)field, value);
}

static FyrRecord *
read_slowly (const FyrRecordInfo *info, const FyrJsonValue *value, GError **error)
{
  g_autoptr (JsonObject) object = fyr_json_value_to_object (value);
  g_autoptr (GError) cause = NULL;
  FyrRecord *record = fyr_record_from_json (info, object, &cause);

  if (record == NULL)
    g_set_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED, "%s: %s", info->kind, cause->message);
  return record;
}

FyrRecord *
fyr_wire_record_read (const FyrRecordInfo *info, const FyrJsonValue *value, GError **error)
{
  g_autoptr (FyrRecord) record = NULL;

  if (!fyr_json_value_is (value, FYR_JSON_OBJECT)) {
    fyr_wire_malformed (error, info->kind, "is not an object");
    return NULL;
  }
  record = fyr_record_new (info);
  for (const FyrJsonValue *v = value->first; v != NULL; v = v->next)
    if (!read_member (record, info, v))
      return read_slowly (info, value, error);
  return g_steal_pointer (&record);
}
