/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sample.h"

#include "fyr-uuid.h"

static gint64
whole_number (const FyrFieldInfo *info, guint n)
{
  gint64 least = info->has_min ? (gint64)info->min : 1;

  return info->has_max ? MIN (least + n, (gint64)info->max) : least + n;
}

static void
sample_text (FyrRecord *record, guint field, guint n)
{
  const FyrFieldInfo *info = &fyr_record_get_info (record)->fields[field];
  g_autofree char *text = g_strdup_printf ("%u Blåbær \"%s\" \\ '; --", n, info->name);

  if (info->has_max && g_utf8_strlen (text, -1) > (glong)info->max) {
    *g_utf8_offset_to_pointer (text, (glong)info->max) = '\0';
  }
  fyr_record_set_string (record, field, text);
}

void
fyr_sample_field (FyrRecord *record, guint field, guint n)
{
  const FyrFieldInfo *info = &fyr_record_get_info (record)->fields[field];
  char text[FYR_UUID_TEXT_SIZE];

  switch (info->type) {
  case FYR_FIELD_INT:
  case FYR_FIELD_TIME:
    fyr_record_set_int (record, field, whole_number (info, n));
    break;
  case FYR_FIELD_BOOL:
    fyr_record_set_int (record, field, n % 2);
    break;
  case FYR_FIELD_ENUM:
    fyr_record_set_int (record, field, 1 + n % info->enum_info->n_codes);
    break;
  case FYR_FIELD_REAL:
    fyr_record_set_real (record, field, (double)whole_number (info, n) + 0.25);
    break;
  case FYR_FIELD_ID:
    g_snprintf (text, sizeof text, "0198f0aa-0000-7000-8000-%012x", 4096 * field + n);
    fyr_record_set_string (record, field, text);
    break;
  case FYR_FIELD_DATE:
    g_snprintf (text, sizeof text, "19%02u-%02u-%02u", 40 + n % 60, 1 + n % 12, 1 + n % 28);
    fyr_record_set_string (record, field, text);
    break;
  case FYR_FIELD_JSON:
    g_snprintf (text, sizeof text, "[%u]", n);
    fyr_record_set_string (record, field, text);
    break;
  case FYR_FIELD_STRING:
  case FYR_FIELD_TEXT:
  default:
    sample_text (record, field, n);
  }
}

FyrRecord *
fyr_sample_record (const FyrRecordInfo *info, const char *id, guint n)
{
  FyrRecord *record = fyr_record_new (info);

  fyr_record_set_id (record, id);
  for (guint field = 0; field < info->n_fields; field++) {
    fyr_sample_field (record, field, n);
  }
  return record;
}
