/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When an alert is to be answered, by its colour and the centre's opening hours. */
#include "fyr-calendar.h"

/* With less left of the shift, it is the next one's. */
#define SHIFT_REST_MS FYR_HOUR_MS
#define GREY_DAYS 14

/* A deadline must exist, also for a centre whose opening hours somebody emptied: then it is open always. */
static const FyrOpeningHours always_open = {
  .weekday = { { 0, 1440 }, { 0, 1440 }, { 0, 1440 }, { 0, 1440 }, { 0, 1440 }, { 0, 1440 }, { 0, 1440 } },
  .open_on_holidays = TRUE,
};

static gint64
end_of_shift (const FyrOpeningHours *hours, gint64 raised_at)
{
  gint64 opens;
  gint64 closes;

  fyr_opening_hours_next (hours, raised_at, &opens, &closes);
  if (opens <= raised_at && closes - raised_at < SHIFT_REST_MS) {
    /* When no other opening follows, this one's end must do. */
    fyr_opening_hours_next (hours, closes, NULL, &closes);
  }
  return closes;
}

static gint64
end_of_next_opening (const FyrOpeningHours *hours, gint64 raised_at)
{
  gint64 opens;
  gint64 closes;

  fyr_opening_hours_next (hours, raised_at, &opens, &closes);
  if (opens < raised_at) {
    /* This one runs already; when it is the last for years, it must do. */
    fyr_opening_hours_next (hours, closes, NULL, &closes);
  }
  return closes;
}

static gint64
last_closing_within (const FyrOpeningHours *hours, gint64 raised_at, int days)
{
  FyrCivilTime civil;
  gint64 latest;
  gint64 closes;

  fyr_oslo_to_civil (raised_at, &civil);
  latest = raised_at + days * FYR_DAY_MS;
  for (int day = civil.day + days + 1; day >= civil.day; day--) {
    if (fyr_opening_hours_on (hours, day, NULL, &closes) && closes <= latest && closes > raised_at) {
      return closes;
    }
  }
  fyr_opening_hours_next (hours, raised_at, NULL, &closes);
  return closes;
}

gint64
fyr_alert_deadline (const FyrOpeningHours *hours,
                    FyrAlertCategory category,
                    gint64 raised_at,
                    int red_minutes)
{
  if (!fyr_opening_hours_next (hours, raised_at, NULL, NULL)) {
    hours = &always_open;
  }
  switch (category) {
  case FYR_ALERT_CATEGORY_RED:
    return fyr_opening_hours_add_minutes (hours, raised_at,
                                          red_minutes < 1 ? FYR_DEFAULT_RED_MINUTES : red_minutes);
  case FYR_ALERT_CATEGORY_GREEN:
    return end_of_next_opening (hours, raised_at);
  case FYR_ALERT_CATEGORY_GREY:
    return last_closing_within (hours, raised_at, GREY_DAYS);
  case FYR_ALERT_CATEGORY_YELLOW:
  case FYR_ALERT_CATEGORY_BLUE:
  case FYR_ALERT_CATEGORY_TECHNICAL:
  case FYR_ALERT_CATEGORY_UNSET:
  default:
    return end_of_shift (hours, raised_at);
  }
}
