/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-calendar.h"

#include <glib/gi18n.h>

/* Two years and a day: nothing a centre plans is farther off, and every search ends. */
#define SEARCH_DAYS 731

int
fyr_easter_day (int year)
{
  int a = year % 19;
  int b = year / 100;
  int c = year % 100;
  int d = b / 4;
  int e = b % 4;
  int g = (8 * b + 13) / 25;
  int h = (19 * a + b - d - g + 15) % 30;
  int i = c / 4;
  int k = c % 4;
  int l = (32 + 2 * e + 2 * i - h - k) % 7;
  int m = (a + 11 * h + 22 * l) / 451;
  int month = (h + l - 7 * m + 114) / 31;
  int mday = (h + l - 7 * m + 114) % 31 + 1;

  return fyr_civil_day (year, month, mday);
}

static FyrHoliday
fixed_holiday (int month, int mday)
{
  static const struct {
    int month;
    int mday;
    FyrHoliday holiday;
  } fixed[] = {
    { 1, 1, FYR_HOLIDAY_NEW_YEAR },          { 5, 1, FYR_HOLIDAY_LABOUR_DAY },
    { 5, 17, FYR_HOLIDAY_CONSTITUTION_DAY }, { 12, 25, FYR_HOLIDAY_CHRISTMAS },
    { 12, 26, FYR_HOLIDAY_BOXING_DAY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++) {
    if (fixed[i].month == month && fixed[i].mday == mday) {
      return fixed[i].holiday;
    }
  }
  return FYR_HOLIDAY_NONE;
}

static FyrHoliday
movable_holiday (int days_after_easter)
{
  switch (days_after_easter) {
  case -3:
    return FYR_HOLIDAY_MAUNDY_THURSDAY;
  case -2:
    return FYR_HOLIDAY_GOOD_FRIDAY;
  case 0:
    return FYR_HOLIDAY_EASTER_SUNDAY;
  case 1:
    return FYR_HOLIDAY_EASTER_MONDAY;
  case 39:
    return FYR_HOLIDAY_ASCENSION;
  case 49:
    return FYR_HOLIDAY_WHIT_SUNDAY;
  case 50:
    return FYR_HOLIDAY_WHIT_MONDAY;
  default:
    return FYR_HOLIDAY_NONE;
  }
}

FyrHoliday
fyr_holiday_on (int day)
{
  int year;
  int month;
  int mday;
  FyrHoliday holiday;

  fyr_civil_date (day, &year, &month, &mday);
  if (year < 1583 || year > 9999) {
    return FYR_HOLIDAY_NONE;
  }
  holiday = fixed_holiday (month, mday);
  return holiday != FYR_HOLIDAY_NONE ? holiday : movable_holiday (day - fyr_easter_day (year));
}

const char *
fyr_holiday_get_name (FyrHoliday holiday)
{
  static const char *const names[] = {
    [FYR_HOLIDAY_NONE] = NULL,
    [FYR_HOLIDAY_NEW_YEAR] = N_ ("New Year’s Day"),
    [FYR_HOLIDAY_MAUNDY_THURSDAY] = N_ ("Maundy Thursday"),
    [FYR_HOLIDAY_GOOD_FRIDAY] = N_ ("Good Friday"),
    [FYR_HOLIDAY_EASTER_SUNDAY] = N_ ("Easter Sunday"),
    [FYR_HOLIDAY_EASTER_MONDAY] = N_ ("Easter Monday"),
    [FYR_HOLIDAY_LABOUR_DAY] = N_ ("Labour Day"),
    [FYR_HOLIDAY_CONSTITUTION_DAY] = N_ ("Constitution Day"),
    [FYR_HOLIDAY_ASCENSION] = N_ ("Ascension Day"),
    [FYR_HOLIDAY_WHIT_SUNDAY] = N_ ("Whit Sunday"),
    [FYR_HOLIDAY_WHIT_MONDAY] = N_ ("Whit Monday"),
    [FYR_HOLIDAY_CHRISTMAS] = N_ ("Christmas Day"),
    [FYR_HOLIDAY_BOXING_DAY] = N_ ("Boxing Day"),
  };

  return (guint)holiday < G_N_ELEMENTS (names) ? names[holiday] : NULL;
}

void
fyr_opening_hours_init (FyrOpeningHours *hours, int open_minute, int close_minute)
{
  *hours = (FyrOpeningHours){ 0 };
  for (guint i = 0; i < 5; i++) {
    hours->weekday[i].open_minute = open_minute;
    hours->weekday[i].close_minute = close_minute;
  }
}

void
fyr_opening_hours_clear (FyrOpeningHours *hours)
{
  g_free (hours->closed_days);
  *hours = (FyrOpeningHours){ 0 };
}

static gboolean
is_closed_day (const FyrOpeningHours *hours, int day)
{
  for (gsize i = 0; i < hours->n_closed_days; i++) {
    if (hours->closed_days[i] == day) {
      return TRUE;
    }
  }
  return !hours->open_on_holidays && fyr_holiday_on (day) != FYR_HOLIDAY_NONE;
}

/* An hour on the door that the clock skips in spring comes when it has skipped it. */
static gint64
instant_of (int day, int minute)
{
  gint64 time = fyr_oslo_from_civil (day, minute);
  FyrCivilTime civil;

  fyr_oslo_to_civil (time, &civil);
  return civil.minute == minute % 1440 ? time : time - civil.minute % 60 * FYR_MINUTE_MS;
}

gboolean
fyr_opening_hours_on (const FyrOpeningHours *hours, int day, gint64 *opens, gint64 *closes)
{
  const FyrOpeningDay *weekday = &hours->weekday[fyr_civil_day_weekday (day)];
  gint64 from;
  gint64 to;

  if (weekday->close_minute <= weekday->open_minute || is_closed_day (hours, day)) {
    return FALSE;
  }
  from = instant_of (day, weekday->open_minute);
  to = instant_of (day, weekday->close_minute);
  if (to <= from) {
    /* The whole opening lies in the hour that spring skips. */
    return FALSE;
  }
  if (opens != NULL) {
    *opens = from;
  }
  if (closes != NULL) {
    *closes = to;
  }
  return TRUE;
}

gboolean
fyr_opening_hours_is_open (const FyrOpeningHours *hours, gint64 time)
{
  FyrCivilTime civil;
  gint64 opens;
  gint64 closes;

  fyr_oslo_to_civil (time, &civil);
  return fyr_opening_hours_on (hours, civil.day, &opens, &closes) && time >= opens && time < closes;
}

gboolean
fyr_opening_hours_next (const FyrOpeningHours *hours, gint64 time, gint64 *opens, gint64 *closes)
{
  FyrCivilTime civil;
  gint64 from;
  gint64 to;

  fyr_oslo_to_civil (time, &civil);
  for (int day = civil.day; day <= civil.day + SEARCH_DAYS; day++) {
    if (fyr_opening_hours_on (hours, day, &from, &to) && to > time) {
      if (opens != NULL) {
        *opens = from;
      }
      if (closes != NULL) {
        *closes = to;
      }
      return TRUE;
    }
  }
  return FALSE;
}

gint64
fyr_opening_hours_add_minutes (const FyrOpeningHours *hours, gint64 time, int minutes)
{
  gint64 left = MAX (minutes, 0) * FYR_MINUTE_MS;
  gint64 at = time;
  gint64 opens;
  gint64 closes;

  while (fyr_opening_hours_next (hours, at, &opens, &closes)) {
    gint64 from = MAX (at, opens);

    if (left <= closes - from) {
      return from + left;
    }
    left -= closes - from;
    at = closes;
  }
  return at + left;
}

int
fyr_opening_hours_minutes_between (const FyrOpeningHours *hours, gint64 from, gint64 to)
{
  gint64 end = MIN (to, from > G_MAXINT64 - SEARCH_DAYS * FYR_DAY_MS ? to : from + SEARCH_DAYS * FYR_DAY_MS);
  gint64 at = from;
  gint64 sum = 0;
  gint64 opens;
  gint64 closes;

  while (at < end && fyr_opening_hours_next (hours, at, &opens, &closes) && opens < end) {
    sum += MIN (closes, end) - MAX (at, opens);
    at = closes;
  }
  return (int)(sum / FYR_MINUTE_MS);
}
