/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-time-axis.h"

#include <glib/gi18n-lib.h>

#define MINUTE G_GINT64_CONSTANT (60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* More than a screen ever holds; ends the loop if a caller asks for minutes over years. */
#define MAX_TICKS 2000

static const FyrChartTimeStep steps[] = {
  { FYR_CHART_TIME_MINUTE, 1 },  { FYR_CHART_TIME_MINUTE, 5 }, { FYR_CHART_TIME_MINUTE, 15 },
  { FYR_CHART_TIME_MINUTE, 30 }, { FYR_CHART_TIME_HOUR, 1 },   { FYR_CHART_TIME_HOUR, 3 },
  { FYR_CHART_TIME_HOUR, 6 },    { FYR_CHART_TIME_HOUR, 12 },  { FYR_CHART_TIME_DAY, 1 },
  { FYR_CHART_TIME_DAY, 2 },     { FYR_CHART_TIME_WEEK, 1 },   { FYR_CHART_TIME_WEEK, 2 },
  { FYR_CHART_TIME_MONTH, 1 },   { FYR_CHART_TIME_MONTH, 3 },  { FYR_CHART_TIME_MONTH, 6 },
  { FYR_CHART_TIME_YEAR, 1 },    { FYR_CHART_TIME_YEAR, 2 },   { FYR_CHART_TIME_YEAR, 5 },
  { FYR_CHART_TIME_YEAR, 10 },   { FYR_CHART_TIME_YEAR, 50 },  { FYR_CHART_TIME_YEAR, 100 },
};

static gint64
step_length (FyrChartTimeStep step)
{
  static const gint64 lengths[] = { MINUTE, HOUR, DAY, 7 * DAY, 30 * DAY, 365 * DAY };
  return lengths[step.unit] * step.count;
}

FyrChartTimeStep
fyr_chart_time_step_choose (gint64 span, guint max_ticks)
{
  max_ticks = MAX (max_ticks, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    if (span / step_length (steps[i]) < max_ticks) {
      return steps[i];
    }
  }
  return steps[G_N_ELEMENTS (steps) - 1];
}

static gint64
clamp_time (gint64 time)
{
  /* Years 1 to 9999, what GDateTime can say. */
  return CLAMP (time, G_GINT64_CONSTANT (-62135596800000) + 2 * DAY,
                G_GINT64_CONSTANT (253402300799000) - 2 * DAY);
}

static GDateTime *
date_time_at (GTimeZone *zone, gint64 time)
{
  time = clamp_time (time);
  gint64 seconds = time >= 0 ? time / 1000 : -((-time + 999) / 1000);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (seconds);
  return g_date_time_to_timezone (utc, zone);
}

static gint64
date_time_ms (GDateTime *date_time)
{
  return g_date_time_to_unix (date_time) * 1000;
}

/* The start of a local day; where a zone skips midnight, the first moment after. */
static GDateTime *
local_day (GTimeZone *zone, int year, int month, int day)
{
  return g_date_time_new (zone, CLAMP (year, 1, 9999), month, day, 0, 0, 0);
}

static GDateTime *
floor_calendar (GTimeZone *zone, FyrChartTimeStep step, GDateTime *at)
{
  int year = g_date_time_get_year (at), month = g_date_time_get_month (at);
  int count = (int)step.count;
  switch (step.unit) {
  case FYR_CHART_TIME_WEEK: {
    g_autoptr (GDateTime) monday = g_date_time_add_days (at, 1 - g_date_time_get_day_of_week (at));
    /* Every second week: those with an even ISO number. */
    int odd = count > 1 ? g_date_time_get_week_of_year (monday) % count : 0;
    g_autoptr (GDateTime) first = g_date_time_add_days (monday, -7 * odd);
    return local_day (zone, g_date_time_get_year (first), g_date_time_get_month (first),
                      g_date_time_get_day_of_month (first));
  }
  case FYR_CHART_TIME_MONTH:
    return local_day (zone, year, month - (month - 1) % count, 1);
  case FYR_CHART_TIME_YEAR:
    return local_day (zone, MAX (year - year % count, 1), 1, 1);
  case FYR_CHART_TIME_DAY:
  case FYR_CHART_TIME_MINUTE:
  case FYR_CHART_TIME_HOUR:
  default: {
    int day = g_date_time_get_day_of_month (at);
    int back = step.unit == FYR_CHART_TIME_DAY ? (day - 1) % count : 0;
    return local_day (zone, year, month, day - back);
  }
  }
}

static GDateTime *
next_calendar (GTimeZone *zone, FyrChartTimeStep step, GDateTime *tick)
{
  int count = (int)step.count;
  int year = g_date_time_get_year (tick), month = g_date_time_get_month (tick);
  g_autoptr (GDateTime) next = NULL;
  switch (step.unit) {
  case FYR_CHART_TIME_WEEK:
    next = g_date_time_add_days (tick, 7 * count);
    break;
  case FYR_CHART_TIME_MONTH:
    month += count;
    return local_day (zone, year + (month - 1) / 12, (month - 1) % 12 + 1, 1);
  case FYR_CHART_TIME_YEAR:
    return local_day (zone, year == 1 && count > 1 ? count : year + count, 1, 1);
  case FYR_CHART_TIME_DAY:
  case FYR_CHART_TIME_MINUTE:
  case FYR_CHART_TIME_HOUR:
  default:
    next = g_date_time_add_days (tick, count);
    /* Every second day restarts with the month, and leaves no two neighbours: 29, 1, not 29, 31, 1. */
    if (g_date_time_get_month (next) != month || (count > 1 && g_date_time_get_day_of_month (next) >= 31)) {
      month++;
      return count > 1 ? local_day (zone, year + (month - 1) / 12, (month - 1) % 12 + 1, 1)
                       : local_day (zone, g_date_time_get_year (next), g_date_time_get_month (next),
                                    g_date_time_get_day_of_month (next));
    }
    break;
  }
  return local_day (zone, g_date_time_get_year (next), g_date_time_get_month (next),
                    g_date_time_get_day_of_month (next));
}

static void
add_tick (GArray *ticks, gint64 time, gint64 from, gint64 to)
{
  gboolean after_last = ticks->len == 0 || g_array_index (ticks, gint64, ticks->len - 1) < time;
  if (time >= from && time <= to && after_last) {
    g_array_append_val (ticks, time);
  }
}

static void
add_calendar_ticks (GArray *ticks, GTimeZone *zone, FyrChartTimeStep step, gint64 from, gint64 to)
{
  g_autoptr (GDateTime) at = date_time_at (zone, from);
  g_autoptr (GDateTime) tick = floor_calendar (zone, step, at);
  for (guint i = 0; i < MAX_TICKS && tick != NULL && date_time_ms (tick) <= to; i++) {
    add_tick (ticks, date_time_ms (tick), from, to);
    GDateTime *next = next_calendar (zone, step, tick);
    g_date_time_unref (tick);
    tick = next;
  }
}

/* Wall-clock times of one local day. Steps up to an hour count real time, so that an hour that comes twice
 * has its ticks twice; longer steps name wall-clock hours. */
static void
add_day_ticks (GArray *ticks, GTimeZone *zone, FyrChartTimeStep step, GDateTime *day, gint64 from, gint64 to)
{
  gint64 length = step_length (step);
  gint64 start = date_time_ms (day);
  g_autoptr (GDateTime) next_day = next_calendar (zone, (FyrChartTimeStep){ FYR_CHART_TIME_DAY, 1 }, day);
  gint64 end = date_time_ms (next_day);
  for (gint64 offset = 0; ticks->len < MAX_TICKS && start + offset < end + HOUR; offset += length) {
    gint64 time = start + offset;
    if (length > HOUR && offset > 0) {
      g_autoptr (GDateTime) wall =
          g_date_time_new (zone, g_date_time_get_year (day), g_date_time_get_month (day),
                           g_date_time_get_day_of_month (day), MIN ((int)(offset / HOUR), 23), 0, 0);
      time = offset < DAY ? date_time_ms (wall) : end;
    }
    if (time < end) {
      add_tick (ticks, time, from, to);
    }
  }
}

static void
add_clock_ticks (GArray *ticks, GTimeZone *zone, FyrChartTimeStep step, gint64 from, gint64 to)
{
  FyrChartTimeStep days = { FYR_CHART_TIME_DAY, 1 };
  g_autoptr (GDateTime) at = date_time_at (zone, from);
  g_autoptr (GDateTime) day = floor_calendar (zone, days, at);
  while (ticks->len < MAX_TICKS && day != NULL && date_time_ms (day) <= to) {
    add_day_ticks (ticks, zone, step, day, from, to);
    GDateTime *next = next_calendar (zone, days, day);
    g_date_time_unref (day);
    day = next;
  }
}

GArray *
fyr_chart_time_ticks (GTimeZone *zone, FyrChartTimeStep step, gint64 from, gint64 to)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (gint64));
  from = clamp_time (from);
  to = clamp_time (to);
  if (from > to) {
    return ticks;
  }
  if (step.unit >= FYR_CHART_TIME_DAY) {
    add_calendar_ticks (ticks, zone, step, from, to);
  } else {
    add_clock_ticks (ticks, zone, step, from, to);
  }
  return ticks;
}

gint64
fyr_chart_time_floor (GTimeZone *zone, FyrChartTimeStep step, gint64 time)
{
  g_autoptr (GDateTime) at = date_time_at (zone, time);
  g_autoptr (GDateTime) start = floor_calendar (zone, step, at);
  gint64 floor = date_time_ms (start);
  if (step.unit >= FYR_CHART_TIME_DAY) {
    return floor;
  }
  g_autoptr (GArray) ticks = fyr_chart_time_ticks (zone, step, floor, time);
  return ticks->len > 0 ? g_array_index (ticks, gint64, ticks->len - 1) : floor;
}

static char *
format_at (GTimeZone *zone, gint64 time, const char *format)
{
  g_autoptr (GDateTime) at = date_time_at (zone, time);
  g_autofree char *text = g_date_time_format (at, format);
  /* %e pads with a figure space or blank, which would be seen in centred texts. */
  return text != NULL ? g_strdup (g_strstrip (text)) : g_strdup ("");
}

char *
fyr_chart_time_label (GTimeZone *zone, FyrChartTimeStep step, gint64 time)
{
  switch (step.unit) {
  case FYR_CHART_TIME_DAY:
    /* Translators: a day under the time axis, as in g_date_time_format(); the month stands below it */
    return format_at (zone, time, C_ ("axis day", "%-d"));
  case FYR_CHART_TIME_WEEK:
    /* Translators: a Monday under the time axis, as in g_date_time_format(); the year stands below it */
    return format_at (zone, time, C_ ("axis week", "%-d %b"));
  case FYR_CHART_TIME_MONTH:
    /* Translators: a month under the time axis, as in g_date_time_format(); the year stands below it */
    return format_at (zone, time, C_ ("axis month", "%b"));
  case FYR_CHART_TIME_YEAR:
    return format_at (zone, time, "%Y");
  case FYR_CHART_TIME_MINUTE:
  case FYR_CHART_TIME_HOUR:
  default:
    /* Translators: a time of day under the time axis, as in g_date_time_format() */
    return format_at (zone, time, C_ ("axis hour", "%H:%M"));
  }
}

gboolean
fyr_chart_time_context_step (FyrChartTimeStep step, FyrChartTimeStep *context)
{
  static const FyrChartTimeUnit above[] = {
    [FYR_CHART_TIME_MINUTE] = FYR_CHART_TIME_DAY, [FYR_CHART_TIME_HOUR] = FYR_CHART_TIME_DAY,
    [FYR_CHART_TIME_DAY] = FYR_CHART_TIME_MONTH,  [FYR_CHART_TIME_WEEK] = FYR_CHART_TIME_YEAR,
    [FYR_CHART_TIME_MONTH] = FYR_CHART_TIME_YEAR, [FYR_CHART_TIME_YEAR] = FYR_CHART_TIME_YEAR,
  };
  *context = (FyrChartTimeStep){ above[step.unit], 1 };
  return step.unit != FYR_CHART_TIME_YEAR;
}

char *
fyr_chart_time_context_label (GTimeZone *zone, FyrChartTimeStep step, gint64 time)
{
  FyrChartTimeStep context;
  if (!fyr_chart_time_context_step (step, &context)) {
    return g_strdup ("");
  }
  if (context.unit == FYR_CHART_TIME_DAY) {
    /* Translators: the day under times of day, as in g_date_time_format() */
    return format_at (zone, time, C_ ("axis date", "%a %-d %b %Y"));
  }
  if (context.unit == FYR_CHART_TIME_MONTH) {
    /* Translators: the month under days, as in g_date_time_format() */
    return format_at (zone, time, C_ ("axis month and year", "%B %Y"));
  }
  return format_at (zone, time, "%Y");
}
