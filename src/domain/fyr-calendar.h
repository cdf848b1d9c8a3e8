/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-oslo-time.h"
#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * FyrHoliday:
 *
 * Norway's public holidays: lov om helligdager (1995) and lov om 1. og 17. mai (1947).
 */
typedef enum {
  FYR_HOLIDAY_NONE,
  FYR_HOLIDAY_NEW_YEAR,
  FYR_HOLIDAY_MAUNDY_THURSDAY,
  FYR_HOLIDAY_GOOD_FRIDAY,
  FYR_HOLIDAY_EASTER_SUNDAY,
  FYR_HOLIDAY_EASTER_MONDAY,
  FYR_HOLIDAY_LABOUR_DAY,
  FYR_HOLIDAY_CONSTITUTION_DAY,
  FYR_HOLIDAY_ASCENSION,
  FYR_HOLIDAY_WHIT_SUNDAY,
  FYR_HOLIDAY_WHIT_MONDAY,
  FYR_HOLIDAY_CHRISTMAS,
  FYR_HOLIDAY_BOXING_DAY
} FyrHoliday;

/**
 * fyr_easter_day:
 * @year: 1583–9999
 *
 * Returns: Easter Sunday, days since 1970-01-01 (the anonymous Gregorian computus)
 */
int
fyr_easter_day (int year);

/**
 * fyr_holiday_on:
 * @day: days since 1970-01-01
 *
 * Returns: the public holiday; when two fall together, the one with the fixed date. %FYR_HOLIDAY_NONE for
 *   an ordinary day (Sundays and the eves are none)
 */
FyrHoliday
fyr_holiday_on (int day);

/**
 * fyr_holiday_get_name:
 *
 * Returns: (transfer none) (nullable): msgid of the name, %NULL for none
 */
const char *
fyr_holiday_get_name (FyrHoliday holiday);

/**
 * FyrOpeningDay:
 * @open_minute: minutes after local midnight, 0–1439
 * @close_minute: minutes after local midnight, 1–1440; not above @open_minute: closed that day
 */
typedef struct {
  int open_minute;
  int close_minute;
} FyrOpeningDay;

/**
 * FyrOpeningHours:
 * @weekday: Monday first, as the clock in Europe/Oslo shows
 * @open_on_holidays: whether public holidays are as other days
 * @closed_days: (array length=n_closed_days) (nullable): further closed days, days since 1970-01-01; owned,
 *   freed by fyr_opening_hours_clear()
 *
 * When a follow-up centre is open.
 */
typedef struct {
  FyrOpeningDay weekday[7];
  gboolean open_on_holidays;
  int *closed_days;
  gsize n_closed_days;
} FyrOpeningHours;

/**
 * fyr_opening_hours_init:
 * @hours: (out): Monday to Friday from @open_minute to @close_minute, closed on holidays
 */
void
fyr_opening_hours_init (FyrOpeningHours *hours, int open_minute, int close_minute);

/**
 * fyr_opening_hours_parse:
 * @hours_json: (nullable): seven entries from Monday, each `[opens, closes]` in minutes after midnight, or
 *   null; the centre record's `opening_hours`. Unset: Monday to Friday 08:00–15:30
 * @closed_json: (nullable): `["YYYY-MM-DD", …]`, the centre record's `closed_days`; at most 1000
 * @hours: (out): the hours; always usable, clear with fyr_opening_hours_clear()
 *
 * Returns: whether both texts could be read; otherwise @hours are the default hours without extra closed
 *   days
 */
gboolean
fyr_opening_hours_parse (const char *hours_json, const char *closed_json, FyrOpeningHours *hours);

/**
 * fyr_opening_hours_format:
 *
 * Returns: (transfer full): the JSON fyr_opening_hours_parse() reads as @hours_json
 */
char *
fyr_opening_hours_format (const FyrOpeningHours *hours);

/**
 * fyr_opening_hours_clear:
 *
 * Frees what @hours owns and leaves it closed on all days.
 */
void
fyr_opening_hours_clear (FyrOpeningHours *hours);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FyrOpeningHours, fyr_opening_hours_clear)

/**
 * fyr_opening_hours_on:
 * @day: days since 1970-01-01
 * @opens: (out) (optional): the instant of opening, milliseconds
 * @closes: (out) (optional): the instant of closing, milliseconds
 *
 * Returns: whether the centre opens on that day
 */
gboolean
fyr_opening_hours_on (const FyrOpeningHours *hours, int day, gint64 *opens, gint64 *closes);

/**
 * fyr_opening_hours_is_open:
 *
 * Returns: whether the centre is open at @time (opening instant included, closing instant not)
 */
gboolean
fyr_opening_hours_is_open (const FyrOpeningHours *hours, gint64 time);

/**
 * fyr_opening_hours_next:
 * @time: milliseconds
 * @opens: (out) (optional): when the opening that is still running or comes next begins
 * @closes: (out) (optional): when it ends
 *
 * Returns: %FALSE when the centre is not open within two years of @time
 */
gboolean
fyr_opening_hours_next (const FyrOpeningHours *hours, gint64 time, gint64 *opens, gint64 *closes);

/**
 * fyr_opening_hours_add_minutes:
 * @time: milliseconds
 * @minutes: working minutes to add, 0 or more
 *
 * Returns: the instant when so much opening time has passed since @time. With hours that are never open,
 *   the clock is simply run on: a deadline must exist
 */
gint64
fyr_opening_hours_add_minutes (const FyrOpeningHours *hours, gint64 time, int minutes);

/**
 * fyr_opening_hours_minutes_between:
 *
 * Returns: whole working minutes from @from to @to; 0 when @to is not later. Bounded to two years
 */
int
fyr_opening_hours_minutes_between (const FyrOpeningHours *hours, gint64 from, gint64 to);

#define FYR_DEFAULT_RED_MINUTES 30
#define FYR_DEFAULT_OPEN_MINUTE 480
#define FYR_DEFAULT_CLOSE_MINUTE 930

/**
 * fyr_alert_deadline:
 * @hours: the centre's opening hours
 * @category: the alert's category
 * @raised_at: milliseconds
 * @red_minutes: the centre's setting for red alerts in working minutes; below 1: %FYR_DEFAULT_RED_MINUTES
 *
 * red: @red_minutes of opening time. Yellow, blue, technical (within the shift): the end of the opening it
 * falls in; with less than an hour left, or closed: the end of the next. Green: the end of the first
 * opening that begins after it. Grey: the last closing within 14 days (limits are to be set within two
 * weeks), else the first after. Source: the Oslo handbook (håndbok) for digital home follow-up.
 *
 * Returns: the deadline: never before @raised_at, never later for an earlier alert of the same category,
 *   inside opening hours (the closing instant included) unless the centre is never open
 */
gint64
fyr_alert_deadline (const FyrOpeningHours *hours,
                    FyrAlertCategory category,
                    gint64 raised_at,
                    int red_minutes);

G_END_DECLS
