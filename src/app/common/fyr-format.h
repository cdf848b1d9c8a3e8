/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** fyr_now: milliseconds since the Unix epoch, UTC, by this machine's clock. */
gint64
fyr_now (void);

/** fyr_format_clock: (transfer full): time of day in Norway, "10:32". */
char *
fyr_format_clock (gint64 time);

/** fyr_format_date: (transfer full): the date in Norway as the reader writes it, "21 Nov 2026". */
char *
fyr_format_date (gint64 time);

/**
 * fyr_format_day:
 * @date: (nullable): `YYYY-MM-DD`
 *
 * Returns: (transfer full): the date as the reader writes it; @date itself when it is none, "" for %NULL
 */
char *
fyr_format_day (const char *date);

/**
 * fyr_format_when:
 * @time: milliseconds since the epoch
 * @now: the moment of reading
 *
 * Returns: (transfer full): the shortest that is clear: "10:32" today, "yesterday 10:32", "21 Nov 10:32"
 * this year, else with the year
 */
char *
fyr_format_when (gint64 time, gint64 now);

/** fyr_format_date_time: (transfer full): date and time of day in Norway, always with the year. */
char *
fyr_format_date_time (gint64 time);

/**
 * fyr_format_duration:
 *
 * (transfer full): @ms as "40 s", "12 min", "2 h 5 min" or "3 d"; the sign is dropped.
 */
char *
fyr_format_duration (gint64 ms);

/**
 * fyr_format_deadline:
 * @due: by when, or 0 for none
 * @now: the moment of reading
 * @next: (out) (optional): when the text will be another; 0 when never
 *
 * Returns: (transfer full): "12 min left", "25 min overdue", "by 15:30" for more than a day "by 24 Nov
 * 15:30";
 * "" for none
 */
char *
fyr_format_deadline (gint64 due, gint64 now, gint64 *next);

/**
 * fyr_format_age:
 * @birth_date: (nullable): `YYYY-MM-DD`
 * @now: the moment of reading
 *
 * Returns: (transfer full): "74 years", "8 months" below two years; "" when it is not known
 */
char *
fyr_format_age (const char *birth_date, gint64 now);

/**
 * fyr_format_number:
 * @decimals: digits after the decimal mark, 0–6
 *
 * Returns: (transfer full): the number with the reader's decimal mark (a comma in Norwegian), a true minus
 */
char *
fyr_format_number (double value, int decimals);

/**
 * fyr_parse_date:
 *
 * (transfer full) (nullable): `YYYY-MM-DD` from "21.11.1952", "211152", "1952-11-21", "21/11 1952".
 */
char *
fyr_parse_date (const char *text);

/** fyr_join_name: (transfer full): "Given Family", either may be %NULL. */
char *
fyr_join_name (const char *given_name, const char *family_name);

G_END_DECLS
