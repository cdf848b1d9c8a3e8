/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-limit-trial.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "fyr-limit-set.h"
#include "fyr-oslo-time.h"

static GArray *
readings_of (FyrSeries *series)
{
  GArray *readings = g_array_sized_new (FALSE, TRUE, sizeof (FyrReading), (guint)series->n);
  for (gsize i = 0; i < series->n; i++) {
    double value_2 = series->values2 != NULL ? series->values2[i] : NAN;
    FyrReading reading = { .kind = series->kind,
                           .has_value = TRUE,
                           .value = series->values[i],
                           .has_value2 = isfinite (value_2),
                           .value2 = isfinite (value_2) ? value_2 : 0,
                           .effective_time = series->times[i],
                           .implausible = (series->flags[i] & FYR_SERIES_IMPLAUSIBLE) != 0 };
    g_array_append_val (readings, reading);
  }
  return readings;
}

FyrLimitTrial
fyr_limit_trial_run (GPtrArray *limits, FyrSeries *series, gint64 now)
{
  FyrLimitTrial trial = { 0 };
  g_autoptr (GArray) rules = fyr_limit_rules_from_records (limits);
  g_autoptr (GArray) readings = readings_of (series);
  gint64 from = now - FYR_LIMIT_TRIAL_DAYS * FYR_DAY_MS;
  for (guint i = 0; i < rules->len; i++) {
    g_array_index (rules, FyrLimitRule, i).valid_from = G_MININT64;
    g_array_index (rules, FyrLimitRule, i).valid_to = G_MAXINT64;
  }
  for (guint i = 0; i < readings->len; i++)
    trial.n_readings += g_array_index (readings, FyrReading, i).effective_time >= from;
  fyr_triage_count ((const FyrLimitRule *)(gpointer)rules->data, rules->len,
                    (const FyrReading *)(gpointer)readings->data, readings->len, from, now + 1, trial.counts);
  return trial;
}

char *
fyr_limit_trial_describe (const FyrLimitTrial *trial, const FyrLimitTrial *former)
{
  guint red = trial->counts[FYR_ALERT_CATEGORY_RED], yellow = trial->counts[FYR_ALERT_CATEGORY_YELLOW];
  if (trial->n_readings == 0)
    return g_strdup_printf (_ ("Nothing was reported in the last %d days to try these limits on."),
                            FYR_LIMIT_TRIAL_DAYS);
  g_autofree char *fresh =
      g_strdup_printf (_ ("These limits would have given %u red and %u yellow alerts in the last %d days."),
                       red, yellow, FYR_LIMIT_TRIAL_DAYS);
  if (former == NULL)
    return g_steal_pointer (&fresh);
  g_autofree char *present =
      g_strdup_printf (_ ("The present ones: %u red and %u yellow."), former->counts[FYR_ALERT_CATEGORY_RED],
                       former->counts[FYR_ALERT_CATEGORY_YELLOW]);
  return g_strdup_printf ("%s %s", fresh, present);
}
