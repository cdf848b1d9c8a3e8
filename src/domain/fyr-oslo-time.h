/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FYR_MINUTE_MS G_GINT64_CONSTANT (60000)
#define FYR_HOUR_MS G_GINT64_CONSTANT (3600000)
#define FYR_DAY_MS G_GINT64_CONSTANT (86400000)

/**
 * FyrCivilTime:
 * @day: days since 1970-01-01 of the local date
 * @year: year
 * @month: 1–12
 * @mday: 1–31
 * @weekday: 0 Monday … 6 Sunday
 * @minute: minutes after local midnight as the clock shows them, 0–1439
 * @offset_minutes: local minus UTC, 60 or 120
 *
 * A time as the clock on the wall in Norway shows it.
 */
typedef struct {
  int day;
  int year;
  int month;
  int mday;
  int weekday;
  int minute;
  int offset_minutes;
} FyrCivilTime;

/**
 * fyr_oslo_offset_minutes:
 * @time: milliseconds since the epoch, UTC
 *
 * Europe/Oslo by rule, not by the machine's time zone files (a wrong deadline because a file is missing
 * would be worse): summer time from the last Sunday of March, 01:00 UTC, to the last Sunday of October
 * (directive 2000/84/EC; until 1995 of September; none before 1981).
 *
 * Returns: 60 or 120
 */
int
fyr_oslo_offset_minutes (gint64 time);

/**
 * fyr_oslo_to_civil:
 * @time: milliseconds since the epoch, UTC
 * @civil: (out): the same in Norway
 */
void
fyr_oslo_to_civil (gint64 time, FyrCivilTime *civil);

/**
 * fyr_oslo_from_civil:
 * @day: days since 1970-01-01
 * @minute: minutes after midnight on the clock; may be 1440 or more, or negative
 *
 * A time that the clock skips in spring is moved forward by an hour; of a time that it shows twice in
 * autumn the first is meant.
 *
 * Returns: milliseconds since the epoch, UTC
 */
gint64
fyr_oslo_from_civil (int day, int minute);

/**
 * fyr_oslo_day_start:
 * @time: milliseconds since the epoch, UTC
 * @days: days to add to its date in Norway; may be negative
 *
 * Returns: the instant that local date begins
 */
gint64
fyr_oslo_day_start (gint64 time, int days);

/**
 * fyr_civil_day:
 * @year: year, 1–9999
 * @month: 1–12
 * @mday: 1–31
 *
 * Returns: days since 1970-01-01 in the Gregorian calendar
 */
int
fyr_civil_day (int year, int month, int mday);

/**
 * fyr_civil_date:
 * @day: days since 1970-01-01
 * @year: (out): year
 * @month: (out): 1–12
 * @mday: (out): 1–31
 */
void
fyr_civil_date (int day, int *year, int *month, int *mday);

/**
 * fyr_civil_date_is_valid:
 *
 * Returns: whether the date exists (year 1–9999)
 */
gboolean
fyr_civil_date_is_valid (int year, int month, int mday);

/**
 * fyr_civil_day_weekday:
 *
 * Returns: 0 Monday … 6 Sunday
 */
int
fyr_civil_day_weekday (int day);

/**
 * fyr_civil_day_parse:
 * @text: (nullable): `YYYY-MM-DD`, nothing before or after
 * @day: (out) (optional): days since 1970-01-01
 *
 * Returns: whether @text is a date that exists
 */
gboolean
fyr_civil_day_parse (const char *text, int *day);

/**
 * fyr_civil_day_format:
 *
 * Returns: (transfer full): `YYYY-MM-DD`
 */
char *
fyr_civil_day_format (int day);

/**
 * fyr_age_in_years:
 * @birth_day: days since 1970-01-01
 * @day: days since 1970-01-01
 *
 * Returns: whole years on @day; 0 when @day is before the birth. Born 29 February: a year older on 1 March
 */
int
fyr_age_in_years (int birth_day, int day);

G_END_DECLS
