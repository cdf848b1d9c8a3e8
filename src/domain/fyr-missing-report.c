/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-missing-report.h"

#include "fyr-oslo-time.h"

/* The limit in force that expects reports most often; for a blood pressure either component may say it. */
static const FyrLimitRule *
find_expecting (const FyrLimitRule *limits, gsize n_limits, FyrMeasurementKind kind, gint64 now)
{
  const FyrLimitRule *found = NULL;

  for (gsize i = 0; i < n_limits; i++) {
    const FyrLimitRule *rule = &limits[i];

    if (rule->expected_days == 0 || !fyr_limit_rule_holds_at (rule, kind, now)) {
      continue;
    }
    if (found == NULL || rule->valid_from > found->valid_from ||
        (rule->valid_from == found->valid_from && rule->expected_days < found->expected_days)) {
      found = rule;
    }
  }
  return found;
}

gboolean
fyr_missing_report (const FyrLimitRule *limits,
                    gsize n_limits,
                    FyrMeasurementKind kind,
                    gint64 last_report,
                    gint64 now,
                    gint64 *missing_since)
{
  const FyrLimitRule *rule = find_expecting (limits, n_limits, kind, now);
  gint64 counted_from;
  gint64 since;

  if (rule == NULL || (rule->valid_from == G_MININT64 && last_report == G_MININT64)) {
    return FALSE;
  }
  /* A day on which the limit begins is not a whole day: the counting starts with the next. */
  counted_from = MAX (rule->valid_from, last_report);
  since = fyr_oslo_day_start (counted_from, (int)rule->expected_days + 1);
  if (now < since) {
    return FALSE;
  }
  if (missing_since != NULL) {
    *missing_since = since;
  }
  return TRUE;
}
