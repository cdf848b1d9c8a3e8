/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-oslo-time.h"

#include <string.h>

#define EPOCH_SHIFT 719468 /* days from 0000-03-01 to 1970-01-01 */
#define ERA_DAYS 146097    /* days in 400 years */

/* Days and dates by the era method: exact in the proleptic Gregorian calendar, no tables. */
int
fyr_civil_day (int year, int month, int mday)
{
  int y = month <= 2 ? year - 1 : year;
  int era = (y >= 0 ? y : y - 399) / 400;
  int year_of_era = y - era * 400;
  int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + mday - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

  return era * ERA_DAYS + day_of_era - EPOCH_SHIFT;
}

void
fyr_civil_date (int day, int *year, int *month, int *mday)
{
  int z = day + EPOCH_SHIFT;
  int era = (z >= 0 ? z : z - (ERA_DAYS - 1)) / ERA_DAYS;
  int day_of_era = z - era * ERA_DAYS;
  int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int shifted_month = (5 * day_of_year + 2) / 153;

  *mday = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  *month = shifted_month + (shifted_month < 10 ? 3 : -9);
  *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

gboolean
fyr_civil_date_is_valid (int year, int month, int mday)
{
  return year >= 1 && year <= 9999 &&
         g_date_valid_dmy ((GDateDay)CLAMP (mday, 0, 255), (GDateMonth)CLAMP (month, 0, 13), (GDateYear)year);
}

int
fyr_civil_day_weekday (int day)
{
  /* 1970-01-01 was a Thursday. */
  int weekday = (day + 3) % 7;

  return weekday < 0 ? weekday + 7 : weekday;
}

static int
read_digits (const char *text, int n)
{
  int number = 0;

  for (int i = 0; i < n; i++) {
    if (!g_ascii_isdigit (text[i])) {
      return -1;
    }
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

gboolean
fyr_civil_day_parse (const char *text, int *day)
{
  int year;
  int month;
  int mday;

  if (text == NULL || strlen (text) != 10 || text[4] != '-' || text[7] != '-') {
    return FALSE;
  }
  year = read_digits (text, 4);
  month = read_digits (text + 5, 2);
  mday = read_digits (text + 8, 2);
  if (!fyr_civil_date_is_valid (year, month, mday)) {
    return FALSE;
  }
  if (day != NULL) {
    *day = fyr_civil_day (year, month, mday);
  }
  return TRUE;
}

char *
fyr_civil_day_format (int day)
{
  int year;
  int month;
  int mday;

  fyr_civil_date (day, &year, &month, &mday);
  return g_strdup_printf ("%04d-%02d-%02d", year, month, mday);
}

int
fyr_age_in_years (int birth_day, int day)
{
  int birth_year;
  int birth_month;
  int birth_mday;
  int year;
  int month;
  int mday;

  fyr_civil_date (birth_day, &birth_year, &birth_month, &birth_mday);
  fyr_civil_date (day, &year, &month, &mday);
  year -= birth_year;
  if (month < birth_month || (month == birth_month && mday < birth_mday)) {
    year--;
  }
  return MAX (year, 0);
}

/* 01:00 UTC of the last Sunday of a month of 31 or (September) 30 days. */
static gint64
last_sunday (int year, int month, int last_mday)
{
  int day = fyr_civil_day (year, month, last_mday);

  day -= (fyr_civil_day_weekday (day) + 1) % 7;
  return day * FYR_DAY_MS + FYR_HOUR_MS;
}

static gint64
floor_div (gint64 number, gint64 divisor)
{
  gint64 quotient = number / divisor;

  return number % divisor < 0 ? quotient - 1 : quotient;
}

int
fyr_oslo_offset_minutes (gint64 time)
{
  int year;
  int month;
  int mday;
  gint64 begins;
  gint64 ends;

  /* The era method needs a day that fits an int; nothing outside ±5 million years is meant anyway. */
  time = CLAMP (time, G_MININT32 * FYR_DAY_MS / 2, G_MAXINT32 * FYR_DAY_MS / 2);
  fyr_civil_date ((int)floor_div (time, FYR_DAY_MS), &year, &month, &mday);
  if (year < 1981) {
    return 60;
  }
  begins = last_sunday (year, 3, 31);
  ends = year < 1996 ? last_sunday (year, 9, 30) : last_sunday (year, 10, 31);
  return time >= begins && time < ends ? 120 : 60;
}

void
fyr_oslo_to_civil (gint64 time, FyrCivilTime *civil)
{
  gint64 local;

  time = CLAMP (time, G_MININT32 * FYR_DAY_MS / 2, G_MAXINT32 * FYR_DAY_MS / 2);
  civil->offset_minutes = fyr_oslo_offset_minutes (time);
  local = time + civil->offset_minutes * FYR_MINUTE_MS;
  civil->day = (int)floor_div (local, FYR_DAY_MS);
  civil->minute = (int)((local - civil->day * FYR_DAY_MS) / FYR_MINUTE_MS);
  civil->weekday = fyr_civil_day_weekday (civil->day);
  fyr_civil_date (civil->day, &civil->year, &civil->month, &civil->mday);
}

gint64
fyr_oslo_from_civil (int day, int minute)
{
  gint64 local = day * FYR_DAY_MS + minute * FYR_MINUTE_MS;
  gint64 summer = local - 120 * FYR_MINUTE_MS;
  gint64 winter = local - 60 * FYR_MINUTE_MS;

  /* In autumn both readings are right and summer time is the first; in spring neither is, and the
   * winter reading is the one an hour on. */
  return fyr_oslo_offset_minutes (summer) == 120 ? summer : winter;
}

gint64
fyr_oslo_day_start (gint64 time, int days)
{
  FyrCivilTime civil;

  fyr_oslo_to_civil (time, &civil);
  return fyr_oslo_from_civil (civil.day + days, 0);
}
