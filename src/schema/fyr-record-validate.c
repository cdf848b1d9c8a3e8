/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-record.h"

#include <string.h>

#include "fyr-uuid.h"

static gboolean
date_is_valid (const char *text)
{
  if (strlen (text) != 10 || text[4] != '-' || text[7] != '-')
    return FALSE;
  for (int i = 0; i < 10; i++) {
    if (i != 4 && i != 7 && !g_ascii_isdigit (text[i]))
      return FALSE;
  }
  guint year = (guint)g_ascii_strtoull (text, NULL, 10);
  guint month = (guint)g_ascii_strtoull (text + 5, NULL, 10);
  guint day = (guint)g_ascii_strtoull (text + 8, NULL, 10);
  return year > 0 && month <= 12 && g_date_valid_dmy ((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

static gboolean
string_in_bounds (const FyrFieldInfo *info, const char *value, GError **error)
{
  if (!g_utf8_validate (value, -1, NULL)) {
    g_set_error (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_TYPE, "%s is not UTF-8", info->name);
    return FALSE;
  }
  if (info->has_max && g_utf8_strlen (value, -1) > (glong)info->max) {
    g_set_error (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_BOUNDS, "%s is longer than %.0f characters",
                 info->name, info->max);
    return FALSE;
  }
  if (info->type == FYR_FIELD_STRING && strpbrk (value, "\n\r") != NULL) {
    g_set_error (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_TYPE, "%s has more than one line", info->name);
    return FALSE;
  }
  return TRUE;
}

static gboolean
string_is_valid (const FyrFieldInfo *info, const char *value, GError **error)
{
  if (info->type == FYR_FIELD_ID && !fyr_uuid_is_valid (value)) {
    g_set_error (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_TYPE, "%s is not an id", info->name);
    return FALSE;
  }
  if (info->type == FYR_FIELD_DATE && !date_is_valid (value)) {
    g_set_error (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_TYPE, "%s is not a date", info->name);
    return FALSE;
  }
  return string_in_bounds (info, value, error);
}

static gboolean
number_in_bounds (const FyrFieldInfo *info, double value, GError **error)
{
  if ((info->has_min && value < info->min) || (info->has_max && value > info->max)) {
    g_set_error (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_BOUNDS, "%s is out of bounds", info->name);
    return FALSE;
  }
  return TRUE;
}

gboolean
fyr_field_validate (FyrRecord *self, guint field, GError **error)
{
  const FyrFieldInfo *info = &fyr_record_get_info (self)->fields[field];
  if (!fyr_record_is_set (self, field)) {
    if (!info->required)
      return TRUE;
    g_set_error (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_MISSING, "%s is missing", info->name);
    return FALSE;
  }
  switch (info->type) {
  case FYR_FIELD_REAL:
    return number_in_bounds (info, fyr_record_get_real (self, field), error);
  case FYR_FIELD_INT:
  case FYR_FIELD_TIME:
    return number_in_bounds (info, (double)fyr_record_get_int (self, field), error);
  case FYR_FIELD_BOOL:
    return TRUE;
  case FYR_FIELD_ENUM:
    if (fyr_enum_to_code (info->enum_info, (guint)fyr_record_get_int (self, field)) != NULL)
      return TRUE;
    g_set_error (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_TYPE, "%s is not a known code", info->name);
    return FALSE;
  case FYR_FIELD_STRING:
  case FYR_FIELD_TEXT:
  case FYR_FIELD_JSON:
  case FYR_FIELD_DATE:
  case FYR_FIELD_ID:
  default:
    return string_is_valid (info, fyr_record_get_string (self, field), error);
  }
}

gboolean
fyr_record_validate (FyrRecord *self, int *field, GError **error)
{
  if (field != NULL)
    *field = -1;
  if (*fyr_record_get_id (self) == '\0') {
    g_set_error_literal (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_MISSING, "id is missing");
    return FALSE;
  }
  for (guint i = 0; i < fyr_record_get_info (self)->n_fields; i++) {
    if (fyr_field_validate (self, i, error))
      continue;
    if (field != NULL)
      *field = (int)i;
    return FALSE;
  }
  return TRUE;
}
