/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-format.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "fyr-oslo-time.h"

#define SECOND_MS G_GINT64_CONSTANT (1000)

gint64
fyr_now (void)
{
  return g_get_real_time () / 1000;
}

static const char *
month_name (int month)
{
  /* Translators: months as short as dates in lists have them. */
  static const char *const names[] = { NC_ ("month", "Jan"), NC_ ("month", "Feb"), NC_ ("month", "Mar"),
                                       NC_ ("month", "Apr"), NC_ ("month", "May"), NC_ ("month", "Jun"),
                                       NC_ ("month", "Jul"), NC_ ("month", "Aug"), NC_ ("month", "Sep"),
                                       NC_ ("month", "Oct"), NC_ ("month", "Nov"), NC_ ("month", "Dec") };

  return g_dpgettext2 (GETTEXT_PACKAGE, "month", names[CLAMP (month, 1, 12) - 1]);
}

char *
fyr_format_clock (gint64 time)
{
  FyrCivilTime civil;

  fyr_oslo_to_civil (time, &civil);
  return g_strdup_printf ("%02d:%02d", civil.minute / 60, civil.minute % 60);
}

static char *
format_civil_date (int year, int month, int mday)
{
  /* Translators: a date: 1 the day, 2 the month's short name, 3 the year. */
  return g_strdup_printf (_ ("%1$d %2$s %3$d"), mday, month_name (month), year);
}

char *
fyr_format_date (gint64 time)
{
  FyrCivilTime civil;

  fyr_oslo_to_civil (time, &civil);
  return format_civil_date (civil.year, civil.month, civil.mday);
}

char *
fyr_format_day (const char *date)
{
  int day, year, month, mday;

  if (!date)
    return g_strdup ("");
  if (!fyr_civil_day_parse (date, &day))
    return g_strdup (date);
  fyr_civil_date (day, &year, &month, &mday);
  return format_civil_date (year, month, mday);
}

char *
fyr_format_date_time (gint64 time)
{
  g_autofree char *date = fyr_format_date (time);
  g_autofree char *clock = fyr_format_clock (time);

  return g_strdup_printf ("%s %s", date, clock);
}

char *
fyr_format_when (gint64 time, gint64 now)
{
  g_autofree char *clock = fyr_format_clock (time);
  FyrCivilTime then, today;

  fyr_oslo_to_civil (time, &then);
  fyr_oslo_to_civil (now, &today);
  if (then.day == today.day)
    return g_steal_pointer (&clock);
  if (then.day == today.day - 1)
    return g_strdup_printf (_ ("yesterday %s"), clock);
  if (then.year == today.year)
    /* Translators: a date in this year: 1 the day, 2 the month's short name, 3 the time of day. */
    return g_strdup_printf (_ ("%1$d %2$s %3$s"), then.mday, month_name (then.month), clock);
  return fyr_format_date_time (time);
}

char *
fyr_format_duration (gint64 ms)
{
  gint64 span = ABS (ms);

  if (span < FYR_MINUTE_MS)
    return g_strdup_printf (_ ("%d s"), (int)(span / SECOND_MS));
  if (span < FYR_HOUR_MS)
    return g_strdup_printf (_ ("%d min"), (int)(span / FYR_MINUTE_MS));
  if (span < FYR_DAY_MS) {
    int hours = (int)(span / FYR_HOUR_MS);
    int minutes = (int)(span % FYR_HOUR_MS / FYR_MINUTE_MS);

    if (minutes == 0)
      return g_strdup_printf (_ ("%d h"), hours);
    return g_strdup_printf (_ ("%1$d h %2$d min"), hours, minutes);
  }
  return g_strdup_printf (_ ("%d d"), (int)(span / FYR_DAY_MS));
}

/* The next moment at which a span of @ms, counting in @unit, shows another number. */
static gint64
next_change (gint64 now, gint64 ms, gint64 unit, gboolean falling)
{
  gint64 rest = ms % unit;

  if (falling)
    return now + rest + 1;
  return now + (unit - rest);
}

char *
fyr_format_deadline (gint64 due, gint64 now, gint64 *next)
{
  gint64 span = ABS (due - now);
  gint64 unit = span < FYR_MINUTE_MS ? SECOND_MS : FYR_MINUTE_MS;
  g_autofree char *text = NULL;

  if (next)
    *next = 0;
  if (due == 0)
    return g_strdup ("");
  if (next)
    *next = next_change (now, span, unit, due > now);
  if (due > now && span >= 8 * FYR_HOUR_MS) {
    text = fyr_format_when (due, now);
    return g_strdup_printf (_ ("by %s"), text);
  }
  text = fyr_format_duration (span);
  return due >= now ? g_strdup_printf (_ ("%s left"), text) : g_strdup_printf (_ ("%s overdue"), text);
}

char *
fyr_format_age (const char *birth_date, gint64 now)
{
  FyrCivilTime today;
  int born, years, year, month, mday;

  if (!fyr_civil_day_parse (birth_date, &born))
    return g_strdup ("");
  fyr_oslo_to_civil (now, &today);
  years = fyr_age_in_years (born, today.day);
  if (years >= 2)
    return g_strdup_printf (ngettext ("%d year", "%d years", years), years);
  fyr_civil_date (born, &year, &month, &mday);
  month = (today.year - year) * 12 + today.month - month - (today.mday < mday ? 1 : 0);
  month = MAX (month, 0);
  return g_strdup_printf (ngettext ("%d month", "%d months", month), month);
}

char *
fyr_format_number (double value, int decimals)
{
  char format[] = "%.0f";
  char buffer[64];
  GString *text;

  g_return_val_if_fail (decimals >= 0 && decimals <= 6, NULL);
  format[2] = (char)('0' + decimals);
  g_ascii_formatd (buffer, sizeof buffer, format, value);
  text = g_string_new (buffer);
  /* Translators: the decimal mark: a full stop in English, a comma in Norwegian. */
  g_string_replace (text, ".", C_ ("decimal mark", "."), 1);
  g_string_replace (text, "-", "\342\210\222", 1);
  return g_string_free (text, FALSE);
}

/* The numbers in @text, at most three; returns how many. */
static int
numbers_in (const char *text, int numbers[3], gsize digits[3])
{
  int n = 0;

  while (*text && n < 3) {
    if (!g_ascii_isdigit (*text)) {
      text++;
      continue;
    }
    numbers[n] = 0;
    digits[n] = 0;
    for (; g_ascii_isdigit (*text) && digits[n] < 9; text++) {
      numbers[n] = numbers[n] * 10 + (*text - '0');
      digits[n]++;
    }
    n++;
  }
  return n;
}

/* A two-digit year is the latest past one: nobody is born in the future. */
static int
full_year (int year, gsize digits)
{
  FyrCivilTime today;

  if (digits > 2)
    return year;
  fyr_oslo_to_civil (fyr_now (), &today);
  return year + (year <= today.year % 100 ? today.year / 100 * 100 : today.year / 100 * 100 - 100);
}

char *
fyr_parse_date (const char *text)
{
  int numbers[3] = { 0 }, year, month, mday;
  gsize digits[3] = { 0 };
  int n;

  if (!text)
    return NULL;
  n = numbers_in (text, numbers, digits);
  if (n == 3 && digits[0] == 4) {
    year = numbers[0], month = numbers[1], mday = numbers[2];
  } else if (n == 3) {
    mday = numbers[0], month = numbers[1], year = full_year (numbers[2], digits[2]);
  } else if (n == 1 && digits[0] == 6) {
    mday = numbers[0] / 10000, month = numbers[0] / 100 % 100, year = full_year (numbers[0] % 100, 2);
  } else if (n == 1 && digits[0] == 8) {
    mday = numbers[0] / 1000000, month = numbers[0] / 10000 % 100, year = numbers[0] % 10000;
  } else {
    return NULL;
  }
  if (!fyr_civil_date_is_valid (year, month, mday))
    return NULL;
  return fyr_civil_day_format (fyr_civil_day (year, month, mday));
}

char *
fyr_join_name (const char *given_name, const char *family_name)
{
  g_autofree char *joined =
      g_strdup_printf ("%s %s", given_name ? given_name : "", family_name ? family_name : "");

  return g_strdup (g_strstrip (joined));
}
