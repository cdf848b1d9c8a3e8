/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-uci-log.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fyr-oslo-time.h"

#define MAX_LINE 200
#define N_COLUMNS 4

static const struct {
  int code;
  FyrMeasurementKind kind;
  const char *note;
} codes[] = {
  { 33, FYR_MEASUREMENT_KIND_INSULIN, N_ ("Regular insulin") },
  { 34, FYR_MEASUREMENT_KIND_INSULIN, N_ ("NPH insulin") },
  { 35, FYR_MEASUREMENT_KIND_INSULIN, N_ ("Ultralente insulin") },
  { 48, FYR_MEASUREMENT_KIND_GLUCOSE, NULL },
  { 57, FYR_MEASUREMENT_KIND_GLUCOSE, NULL },
  { 58, FYR_MEASUREMENT_KIND_GLUCOSE, N_ ("Before breakfast") },
  { 59, FYR_MEASUREMENT_KIND_GLUCOSE, N_ ("After breakfast") },
  { 60, FYR_MEASUREMENT_KIND_GLUCOSE, N_ ("Before lunch") },
  { 61, FYR_MEASUREMENT_KIND_GLUCOSE, N_ ("After lunch") },
  { 62, FYR_MEASUREMENT_KIND_GLUCOSE, N_ ("Before supper") },
  { 63, FYR_MEASUREMENT_KIND_GLUCOSE, N_ ("After supper") },
  { 64, FYR_MEASUREMENT_KIND_GLUCOSE, N_ ("Before a snack") },
};

static gboolean
read_digits (const char *text, guint min, guint max, int *number)
{
  gsize n = strspn (text, "0123456789");

  *number = 0;
  if (n < min || n > max || text[n] != '\0')
    return FALSE;
  *number = (int)g_ascii_strtoll (text, NULL, 10);
  return TRUE;
}

static gboolean
read_date (const char *text, int *day)
{
  g_auto (GStrv) parts = g_strsplit (text, "-", 4);
  int month;
  int mday;
  int year;

  if (g_strv_length (parts) != 3 || !read_digits (parts[0], 1, 2, &month) ||
      !read_digits (parts[1], 1, 2, &mday) || !read_digits (parts[2], 4, 4, &year) ||
      !fyr_civil_date_is_valid (year, month, mday))
    return FALSE;
  *day = fyr_civil_day (year, month, mday);
  return TRUE;
}

static gboolean
read_clock (const char *text, int *minute)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  int hour;

  if (g_strv_length (parts) != 2 || !read_digits (parts[0], 1, 2, &hour) ||
      !read_digits (parts[1], 2, 2, minute) || hour > 23 || *minute > 59)
    return FALSE;
  *minute += hour * 60;
  return TRUE;
}

/* The meter pads to three characters: 067, 0Hi. */
static const char *
skip_padding (const char *text)
{
  while (text[0] == '0' && text[1] != '\0')
    text++;
  return text;
}

/* Returns the reason why not, or NULL. */
static const char *
read_value (const char *text, FyrUciEntry *entry)
{
  const char *value = skip_padding (text);
  double number;

  if (strlen (value) >= sizeof entry->reported)
    return N_ ("The value is too long");
  g_strlcpy (entry->reported, value, sizeof entry->reported);
  switch (fyr_measurement_parse_value (value, &number, &entry->reason)) {
  case FYR_VALUE_EMPTY:
    return N_ ("The value is missing");
  case FYR_VALUE_INVALID:
    return N_ ("The value is neither a number nor a meter's word");
  case FYR_VALUE_SENSOR_WORD:
    return NULL;
  case FYR_VALUE_NUMBER:
  default:
    entry->has_value = fyr_measurement_convert (
        entry->kind, number, entry->kind == FYR_MEASUREMENT_KIND_GLUCOSE ? "mg/dL" : "[iU]", &entry->value);
    return entry->has_value ? NULL : N_ ("The value is neither a number nor a meter's word");
  }
}

static const char *
read_code (const char *text, FyrUciEntry *entry, gboolean *is_event)
{
  if (!read_digits (text, 1, 3, &entry->code))
    return N_ ("The code is no number");
  *is_event = entry->code >= 65 && entry->code <= 72;
  if (*is_event)
    return N_ ("An event, not a measurement");
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    if (codes[i].code == entry->code) {
      entry->kind = codes[i].kind;
      entry->note = codes[i].note;
      return NULL;
    }
  }
  return N_ ("The code is not known");
}

static const char *
read_row (char *line, FyrUciEntry *entry, gboolean *is_event)
{
  g_auto (GStrv) columns = NULL;
  const char *reason;

  if (strlen (line) > MAX_LINE || !g_utf8_validate (line, -1, NULL))
    return N_ ("The row is no text");
  columns = g_strsplit (line, "\t", N_COLUMNS + 1);
  if (g_strv_length (columns) != N_COLUMNS)
    return N_ ("The row has not four columns");
  for (guint i = 0; i < N_COLUMNS; i++)
    g_strstrip (columns[i]);
  if (!read_date (columns[0], &entry->day))
    return N_ ("The date cannot be read");
  if (!read_clock (columns[1], &entry->minute))
    return N_ ("The time cannot be read");
  reason = read_code (columns[2], entry, is_event);
  return reason != NULL ? reason : read_value (columns[3], entry);
}

static void
take_line (FyrUciLog *self, char *line, guint number)
{
  FyrUciEntry entry = { .line = number };
  gboolean is_event = FALSE;
  const char *reason;

  if (g_str_has_suffix (line, "\r"))
    line[strlen (line) - 1] = '\0';
  if (*line == '\0')
    return;
  reason = read_row (line, &entry, &is_event);
  if (reason == NULL) {
    g_array_append_val (self->entries, entry);
  } else {
    const FyrUciProblem problem = { number, is_event, reason };
    g_array_append_val (self->problems, problem);
  }
}

FyrUciLog *
fyr_uci_log_parse (const char *text, gsize length)
{
  FyrUciLog *self = g_new0 (FyrUciLog, 1);
  guint number = 0;

  self->entries = g_array_new (FALSE, FALSE, sizeof (FyrUciEntry));
  self->problems = g_array_new (FALSE, FALSE, sizeof (FyrUciProblem));
  for (gsize at = 0; at < length;) {
    const char *end = memchr (text + at, '\n', length - at);
    gsize size = end != NULL ? (gsize)(end - text) - at : length - at;
    g_autofree char *line = g_malloc (size + 1);

    memcpy (line, text + at, size);
    /* A NUL within must not hide the rest of the row. */
    for (gsize i = 0; i < size; i++)
      if (line[i] == '\0')
        line[i] = '\x01';
    line[size] = '\0';
    take_line (self, line, ++number);
    at += size + 1;
  }
  return self;
}

void
fyr_uci_log_free (FyrUciLog *self)
{
  g_array_unref (self->entries);
  g_array_unref (self->problems);
  g_free (self);
}
