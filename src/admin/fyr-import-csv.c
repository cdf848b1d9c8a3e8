/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "fyr-admin.h"
#include "fyr-fhir-time.h"
#include "fyr-import-row.h"
#include "fyr-oslo-time.h"
#include "fyr-records.h"

typedef enum {
  COLUMN_PATIENT,
  COLUMN_TIME,
  COLUMN_KIND,
  COLUMN_VALUE,
  COLUMN_VALUE_2,
  COLUMN_UNIT,
  COLUMN_NOTE,
  COLUMN_ID,
  N_COLUMNS,
} Column;

static const char *const column_names[] = { "patient", "time", "kind", "value",
                                            "value_2", "unit", "note", "id" };

typedef struct {
  const FyrImportOptions *options;
  const char *next; /* rest of the text */
  guint line;       /* of the row read last */
  guint next_line;
  char delimiter;
  gboolean broken; /* the row read last had a stray quote */
  int columns[N_COLUMNS];
  guint n_header;
} Reader;

/* One field; stops behind the delimiter or at the end of the line. */
static char *
read_field (Reader *reader, gboolean *last)
{
  g_autoptr (GString) field = g_string_new (NULL);
  gboolean quoted = *reader->next == '"';

  *last = FALSE;
  reader->next += quoted;
  for (;; reader->next++) {
    char c = *reader->next;

    if (quoted && c == '"' && reader->next[1] == '"') {
      reader->next++;
    } else if (quoted && c == '"') {
      quoted = FALSE;
      continue;
    } else if (c == '\0' || (!quoted && (c == '\n' || c == reader->delimiter))) {
      break;
    } else if (!quoted && c == '\r' && reader->next[1] == '\n') {
      continue;
    }
    reader->next_line += c == '\n';
    g_string_append_c (field, c);
  }
  reader->broken |= quoted;
  *last = *reader->next != reader->delimiter || *reader->next == '\0';
  if (*reader->next != '\0') {
    reader->next_line += *reader->next == '\n';
    reader->next++;
  }
  return g_strstrip (g_string_free (g_steal_pointer (&field), FALSE));
}

/* Returns: (transfer full) (nullable): the fields of the next row that is not empty; %NULL at the end. */
static GPtrArray *
read_row (Reader *reader)
{
  while (*reader->next != '\0') {
    g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
    gboolean last = FALSE;

    reader->line = reader->next_line;
    reader->broken = FALSE;
    while (!last) {
      g_ptr_array_add (fields, read_field (reader, &last));
    }
    if (fields->len > 1 || ((char *)g_ptr_array_index (fields, 0))[0] != '\0') {
      return g_steal_pointer (&fields);
    }
  }
  return NULL;
}

static char
guess_delimiter (const char *text)
{
  static const char candidates[] = { ',', ';', '\t' };
  guint counts[3] = { 0 };
  guint best = 0;

  for (const char *c = text; *c != '\0' && *c != '\n'; c++) {
    for (guint i = 0; i < 3; i++) {
      counts[i] += *c == candidates[i];
    }
  }
  for (guint i = 1; i < 3; i++) {
    best = counts[i] > counts[best] ? i : best;
  }
  return candidates[best];
}

static int
find_header (GPtrArray *header, const char *name)
{
  for (guint i = 0; i < header->len; i++) {
    if (g_ascii_strcasecmp (g_ptr_array_index (header, i), name) == 0) {
      return (int)i;
    }
  }
  return -1;
}

static int
find_column_name (const char *name)
{
  for (guint i = 0; i < N_COLUMNS; i++) {
    if (strcmp (column_names[i], name) == 0) {
      return (int)i;
    }
  }
  return -1;
}

static gboolean
map_one (Reader *reader, GPtrArray *header, const char *pair, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (pair, "=", 2);
  int column = parts[0] != NULL ? find_column_name (g_strstrip (parts[0])) : -1;

  if (column < 0 || parts[1] == NULL) {
    g_set_error (
        error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
        _ ("“%s”: a map is written field=Column, with a field of: patient, time, kind, value, value_2, unit, "
           "note, id"),
        pair);
    return FALSE;
  }
  reader->columns[column] = find_header (header, g_strstrip (parts[1]));
  if (reader->columns[column] < 0) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("The file has no column “%s”"), parts[1]);
    return FALSE;
  }
  return TRUE;
}

static gboolean
demand (Reader *reader, Column column, const char *fallback, GError **error)
{
  if (reader->columns[column] >= 0 || fallback != NULL) {
    return TRUE;
  }
  g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
               _ ("The file has no column for “%s”: name it with --map %s=COLUMN"), column_names[column],
               column_names[column]);
  return FALSE;
}

static gboolean
map_columns (Reader *reader, GPtrArray *header, GError **error)
{
  g_auto (GStrv) pairs = reader->options->map != NULL ? g_strsplit (reader->options->map, ",", -1) : NULL;

  reader->n_header = header->len;
  for (guint i = 0; i < N_COLUMNS; i++) {
    reader->columns[i] = find_header (header, column_names[i]);
  }
  for (guint i = 0; pairs != NULL && pairs[i] != NULL; i++) {
    if (!map_one (reader, header, pairs[i], error)) {
      return FALSE;
    }
  }
  return demand (reader, COLUMN_TIME, NULL, error) && demand (reader, COLUMN_VALUE, NULL, error) &&
         demand (reader, COLUMN_KIND, reader->options->kind, error) &&
         demand (reader, COLUMN_PATIENT, reader->options->patient, error);
}

static const char *
get_field (Reader *reader, GPtrArray *fields, Column column)
{
  int index = reader->columns[column];
  const char *text =
      index >= 0 && (guint)index < fields->len ? g_ptr_array_index (fields, (guint)index) : NULL;

  return text != NULL && text[0] != '\0' ? text : NULL;
}

static gboolean
parse_local (const char *text, int *day, int *minute, int *second)
{
  int year, month, mday, hour;
  int end = 0;

  *second = 0;
  if (sscanf (text, "%4d-%2d-%2d%*1[ T]%2d:%2d%n", &year, &month, &mday, &hour, minute, &end) != 5 &&
      sscanf (text, "%2d.%2d.%4d %2d:%2d%n", &mday, &month, &year, &hour, minute, &end) != 5) {
    return FALSE;
  }
  if (text[end] == ':') {
    int more = 0;

    if (sscanf (text + end, ":%2d%n", second, &more) != 1) {
      return FALSE;
    }
    end += more;
  }
  if (text[end] != '\0' || !fyr_civil_date_is_valid (year, month, mday) || hour < 0 || hour > 23 ||
      *minute < 0 || *minute > 59 || *second < 0 || *second > 59) {
    return FALSE;
  }
  *day = fyr_civil_day (year, month, mday);
  *minute += hour * 60;
  return TRUE;
}

gboolean
fyr_import_parse_time (const char *text, gint64 *time, gboolean *has_offset, int *offset)
{
  FyrFhirTime parsed;
  int day, minute, second;

  *has_offset = FALSE;
  *offset = 0;
  if (parse_local (text, &day, &minute, &second)) {
    *time = fyr_oslo_from_civil (day, minute) + second * 1000;
  } else if (fyr_fhir_time_parse (text, &parsed) && !parsed.date_only && parsed.has_offset) {
    *time = parsed.time;
    *has_offset = TRUE;
    *offset = parsed.offset_minutes;
  } else {
    return FALSE;
  }
  return *time >= fyr_oslo_from_civil (fyr_civil_day (1900, 1, 1), 0) &&
         *time < fyr_oslo_from_civil (fyr_civil_day (2200, 1, 1), 0);
}

static FyrMeasurementKind
parse_kind (const char *text)
{
  FyrMeasurementKind kind = fyr_enum_from_code (&fyr_measurement_kind_info, text);

  return kind != FYR_MEASUREMENT_KIND_UNSET ? kind
                                            : fyr_measurement_kind_from_coding (FYR_CODE_SYSTEM_LOINC, text);
}

/* Returns: (nullable): what is wrong with the value. */
static const char *
fill_value (FyrImportRow *row, const char *text, const char *text2, const char *unit)
{
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (row->kind);
  double number = 0;

  switch (fyr_measurement_parse_value (text, &number, &row->reason)) {
  case FYR_VALUE_EMPTY:
    return N_ ("there is no value");
  case FYR_VALUE_INVALID:
    return N_ ("the value is no number");
  case FYR_VALUE_SENSOR_WORD:
    row->reported = g_strdup (text);
    return NULL;
  case FYR_VALUE_NUMBER:
  default:
    break;
  }
  if (unit == NULL) {
    unit = info->unit;
  }
  if (!fyr_measurement_convert (row->kind, number, unit, &row->value)) {
    return N_ ("the unit does not belong to this kind of measurement");
  }
  row->has_value = TRUE;
  if (row->value != number) {
    row->reported = g_strdup (text);
    row->unit = g_strdup (unit);
  }
  if (info->has_components) {
    if (text2 == NULL || fyr_measurement_parse_value (text2, &number, NULL) != FYR_VALUE_NUMBER ||
        !fyr_measurement_convert (row->kind, number, unit, &row->value2)) {
      return N_ ("a blood pressure needs a diastolic value too");
    }
    row->has_value2 = TRUE;
  }
  return NULL;
}

/* Returns: (nullable): what is wrong with the row. */
static const char *
fill_row (Reader *reader, GPtrArray *fields, FyrImportRow *row)
{
  const char *time = get_field (reader, fields, COLUMN_TIME);
  const char *kind = get_field (reader, fields, COLUMN_KIND);
  const char *unit = get_field (reader, fields, COLUMN_UNIT);
  const char *patient = get_field (reader, fields, COLUMN_PATIENT);

  if (reader->broken) {
    return N_ ("a quote is not closed");
  }
  if (fields->len != reader->n_header) {
    return fields->len < reader->n_header ? N_ ("there are columns missing")
                                          : N_ ("there are too many columns");
  }
  kind = kind != NULL ? kind : reader->options->kind;
  row->patient = g_strdup (patient != NULL ? patient : reader->options->patient);
  if (row->patient == NULL) {
    return N_ ("there is no patient");
  }
  if (time == NULL || !fyr_import_parse_time (time, &row->time, &row->has_offset, &row->offset)) {
    return N_ ("the time cannot be read");
  }
  row->kind = kind != NULL ? parse_kind (kind) : FYR_MEASUREMENT_KIND_UNSET;
  if (row->kind == FYR_MEASUREMENT_KIND_UNSET) {
    return N_ ("the kind of measurement is not known");
  }
  row->note = g_strdup (get_field (reader, fields, COLUMN_NOTE));
  row->id = g_strdup (get_field (reader, fields, COLUMN_ID));
  return fill_value (row, get_field (reader, fields, COLUMN_VALUE),
                     get_field (reader, fields, COLUMN_VALUE_2), unit != NULL ? unit : reader->options->unit);
}

FyrImportFile *
fyr_import_csv (const char *text, const FyrImportOptions *options, GError **error)
{
  g_autoptr (FyrImportFile) file = fyr_import_file_new ();
  Reader reader = { .options = options, .next_line = 1 };
  g_autoptr (GPtrArray) header = NULL;
  GPtrArray *fields;

  reader.next = g_str_has_prefix (text, "\xef\xbb\xbf") ? text + 3 : text;
  reader.delimiter = options->delimiter != '\0' ? options->delimiter : guess_delimiter (reader.next);
  header = read_row (&reader);
  if (header == NULL) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                 _ ("The file is empty: nothing was imported"));
    return NULL;
  }
  if (!map_columns (&reader, header, error)) {
    return NULL;
  }
  while ((fields = read_row (&reader)) != NULL) {
    g_autoptr (GPtrArray) owned = fields;
    g_autoptr (FyrImportRow) row = g_new0 (FyrImportRow, 1);
    const char *fault = fill_row (&reader, owned, row);

    row->line = reader.line;
    if (fault != NULL) {
      fyr_import_file_add_fault (file, reader.line, FALSE, fault);
    } else {
      g_ptr_array_add (file->rows, g_steal_pointer (&row));
    }
  }
  return g_steal_pointer (&file);
}
