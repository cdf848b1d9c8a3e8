/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-fhir-time.h"

#include <string.h>

#include "fyr-oslo-time.h"

#define MINUTES_A_DAY 1440
#define NOON 720
#define MAX_OFFSET 840
#define MAX_FRACTION 9

static gboolean
read_digits (const char **p, guint n, int *number)
{
  *number = 0;
  for (guint i = 0; i < n; i++) {
    if (!g_ascii_isdigit (**p))
      return FALSE;
    *number = *number * 10 + (**p - '0');
    (*p)++;
  }
  return TRUE;
}

static gboolean
read_char (const char **p, char c)
{
  if (**p != c)
    return FALSE;
  (*p)++;
  return TRUE;
}

/* Only the first three digits count. */
static gboolean
read_fraction (const char **p, int *milliseconds)
{
  int scale = 100;
  guint n = 0;

  *milliseconds = 0;
  if (!read_char (p, '.'))
    return TRUE;
  for (; g_ascii_isdigit (**p); (*p)++, n++) {
    *milliseconds += (**p - '0') * scale;
    scale /= 10;
  }
  return n >= 1 && n <= MAX_FRACTION;
}

static gboolean
read_offset (const char **p, FyrFhirTime *result)
{
  int sign = **p == '-' ? -1 : 1;
  int hours;
  int minutes;

  if (**p == '\0')
    return TRUE;
  result->has_offset = TRUE;
  if (read_char (p, 'Z'))
    return TRUE;
  if (**p != '+' && **p != '-')
    return FALSE;
  (*p)++;
  if (!read_digits (p, 2, &hours) || !read_char (p, ':') || !read_digits (p, 2, &minutes) || minutes > 59)
    return FALSE;
  result->offset_minutes = sign * (hours * 60 + minutes);
  return hours * 60 + minutes <= MAX_OFFSET;
}

/* hh:mm[:ss[.fff]] */
static gboolean
read_clock (const char **p, int *minute, int *milliseconds)
{
  int hour;
  int second = 0;

  *milliseconds = 0;
  if (!read_digits (p, 2, &hour) || !read_char (p, ':') || !read_digits (p, 2, minute))
    return FALSE;
  if (hour > 23 || *minute > 59)
    return FALSE;
  *minute += hour * 60;
  if (!read_char (p, ':'))
    return TRUE;
  if (!read_digits (p, 2, &second) || second > 60 || !read_fraction (p, milliseconds))
    return FALSE;
  *milliseconds += MIN (second, 59) * 1000;
  return TRUE;
}

static gboolean
read_date (const char **p, int *day)
{
  int year;
  int month;
  int mday;

  if (!read_digits (p, 4, &year) || !read_char (p, '-') || !read_digits (p, 2, &month) ||
      !read_char (p, '-') || !read_digits (p, 2, &mday) || !fyr_civil_date_is_valid (year, month, mday))
    return FALSE;
  *day = fyr_civil_day (year, month, mday);
  return TRUE;
}

gboolean
fyr_fhir_time_parse (const char *text, FyrFhirTime *result)
{
  const char *p = text;
  int day = 0;
  int minute = NOON;
  int milliseconds = 0;

  memset (result, 0, sizeof *result);
  if (text == NULL || !read_date (&p, &day))
    return FALSE;
  result->date_only = *p == '\0';
  if (!result->date_only &&
      (!read_char (&p, 'T') || !read_clock (&p, &minute, &milliseconds) || !read_offset (&p, result)))
    return FALSE;
  if (*p != '\0')
    return FALSE;
  if (result->has_offset)
    result->time = ((gint64)day * MINUTES_A_DAY + minute - result->offset_minutes) * FYR_MINUTE_MS;
  else
    result->time = fyr_oslo_from_civil (day, minute);
  result->time += milliseconds;
  return TRUE;
}

char *
fyr_fhir_time_format (gint64 time, int offset_minutes)
{
  gint64 local = time + offset_minutes * FYR_MINUTE_MS;
  gint64 day = local >= 0 ? local / FYR_DAY_MS : -((-local + FYR_DAY_MS - 1) / FYR_DAY_MS);
  int rest = (int)(local - day * FYR_DAY_MS);
  int offset = ABS (offset_minutes);
  int year;
  int month;
  int mday;
  char fraction[8] = "";

  fyr_civil_date ((int)day, &year, &month, &mday);
  if (rest % 1000 != 0)
    g_snprintf (fraction, sizeof fraction, ".%03d", rest % 1000);
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d%s%c%02d:%02d", year, month, mday, rest / 3600000,
                          rest / 60000 % 60, rest / 1000 % 60, fraction, offset_minutes < 0 ? '-' : '+',
                          offset / 60, offset % 60);
}
