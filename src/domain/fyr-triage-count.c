/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "What if": how often limits would have alerted on what was reported. */
#include <string.h>

#include "fyr-triage.h"

static gboolean
has_limit_for (const FyrLimitRule *limits, gsize n_limits, FyrMeasurementKind kind)
{
  for (gsize i = 0; i < n_limits; i++) {
    if (limits[i].kind == kind) {
      return TRUE;
    }
  }
  return FALSE;
}

/* The readings are sorted, so the start of each window is found by halving. */
static gsize
first_since (const FyrReading *readings, gsize n, gint64 time)
{
  gsize low = 0;
  gsize high = n;

  while (low < high) {
    gsize middle = low + (high - low) / 2;

    if (readings[middle].effective_time < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

guint
fyr_triage_count (const FyrLimitRule *limits,
                  gsize n_limits,
                  const FyrReading *readings,
                  gsize n_readings,
                  gint64 from,
                  gint64 to,
                  guint counts[FYR_ALERT_CATEGORY_LAST + 1])
{
  memset (counts, 0, sizeof counts[0] * (FYR_ALERT_CATEGORY_LAST + 1));
  for (gsize i = first_since (readings, n_readings, from); i < n_readings; i++) {
    const FyrReading *reading = &readings[i];
    gsize start;
    FyrVerdict verdict;

    if (reading->effective_time >= to) {
      break;
    }
    if (!has_limit_for (limits, n_limits, reading->kind)) {
      continue;
    }
    start = first_since (readings, i,
                         fyr_triage_window (limits, n_limits, reading->kind, reading->effective_time));
    verdict = fyr_triage (reading, limits, n_limits, readings + start, i - start);
    counts[verdict.category]++;
  }
  return counts[FYR_ALERT_CATEGORY_RED] + counts[FYR_ALERT_CATEGORY_YELLOW] +
         counts[FYR_ALERT_CATEGORY_TECHNICAL];
}
