/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-triage.h"

#include <math.h>

#include "fyr-oslo-time.h"

/* Two values closer than this are the same: 7.0 may have become 6.9999999999 by conversion. */
#define TOLERANCE 1e-9

static gboolean
is_below (double value, double limit)
{
  return value < limit - TOLERANCE;
}

static gboolean
is_above (double value, double limit)
{
  return value > limit + TOLERANCE;
}

void
fyr_limit_rule_init (FyrLimitRule *rule, FyrMeasurementKind kind)
{
  *rule = (FyrLimitRule){
    .kind = kind,
    .valid_from = G_MININT64,
    .valid_to = G_MAXINT64,
  };
}

gboolean
fyr_limit_rule_holds_at (const FyrLimitRule *rule, FyrMeasurementKind kind, gint64 time)
{
  return rule->kind == kind && time >= rule->valid_from && time < rule->valid_to;
}

/* A limit of a blood pressure without component is meant for the systolic value. */
static FyrLimitComponent
effective_component (const FyrLimitRule *rule)
{
  if (rule->kind == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE && rule->component == FYR_LIMIT_COMPONENT_UNSET) {
    return FYR_LIMIT_COMPONENT_SYSTOLIC;
  }
  return rule->component;
}

static gboolean
reading_get_value (const FyrReading *reading, FyrLimitComponent component, double *value)
{
  *value = component == FYR_LIMIT_COMPONENT_DIASTOLIC ? reading->value2 : reading->value;
  return component == FYR_LIMIT_COMPONENT_DIASTOLIC ? reading->has_value2 : reading->has_value;
}

static gboolean
reading_is_usable (const FyrReading *reading)
{
  return reading->has_value && !reading->implausible &&
         fyr_measurement_is_plausible (reading->kind, reading->value, reading->has_value2, reading->value2);
}

/* Whether @rule is the one in force for its component: it holds, and none that holds came later. */
static gboolean
is_in_force (const FyrLimitRule *limits, gsize n_limits, const FyrLimitRule *rule, gint64 time)
{
  if (!fyr_limit_rule_holds_at (rule, rule->kind, time)) {
    return FALSE;
  }
  for (gsize i = 0; i < n_limits; i++) {
    if (fyr_limit_rule_holds_at (&limits[i], rule->kind, time) &&
        effective_component (&limits[i]) == effective_component (rule) &&
        limits[i].valid_from > rule->valid_from) {
      return FALSE;
    }
  }
  return TRUE;
}

static void
set_passed (FyrVerdict *verdict, FyrAlertCategory category, FyrAlertRule rule, double threshold)
{
  verdict->category = category;
  verdict->rule = rule;
  verdict->has_threshold = TRUE;
  verdict->threshold = threshold;
}

static void
judge_limits (const FyrLimitRule *rule, FyrVerdict *verdict)
{
  double value = verdict->value;

  if (rule->has_red_low && is_below (value, rule->red_low)) {
    set_passed (verdict, FYR_ALERT_CATEGORY_RED, FYR_ALERT_RULE_BELOW_RED, rule->red_low);
  } else if (rule->has_red_high && is_above (value, rule->red_high)) {
    set_passed (verdict, FYR_ALERT_CATEGORY_RED, FYR_ALERT_RULE_ABOVE_RED, rule->red_high);
  } else if (rule->has_yellow_low && is_below (value, rule->yellow_low)) {
    set_passed (verdict, FYR_ALERT_CATEGORY_YELLOW, FYR_ALERT_RULE_BELOW_YELLOW, rule->yellow_low);
  } else if (rule->has_yellow_high && is_above (value, rule->yellow_high)) {
    set_passed (verdict, FYR_ALERT_CATEGORY_YELLOW, FYR_ALERT_RULE_ABOVE_YELLOW, rule->yellow_high);
  }
}

typedef struct {
  const FyrLimitRule *limits;
  gsize n_limits;
  const FyrReading *recent;
  gsize n_recent;
} History;

/* Whether an earlier reading was outside by the limits that held when it was taken. */
static gboolean
was_outside (const History *history, const FyrReading *earlier, FyrLimitComponent component)
{
  for (gsize i = 0; i < history->n_limits; i++) {
    const FyrLimitRule *rule = &history->limits[i];
    FyrVerdict verdict = { 0 };

    if (rule->kind == earlier->kind && effective_component (rule) == component &&
        is_in_force (history->limits, history->n_limits, rule, earlier->effective_time) &&
        reading_get_value (earlier, component, &verdict.value)) {
      judge_limits (rule, &verdict);
      if (verdict.category != FYR_ALERT_CATEGORY_UNSET) {
        return TRUE;
      }
    }
  }
  return FALSE;
}

static gint64
repeat_start (const FyrLimitRule *rule, gint64 at)
{
  return at - rule->repeat_hours * FYR_HOUR_MS;
}

static void
judge_repetition (const FyrLimitRule *rule,
                  const FyrReading *reading,
                  const History *history,
                  FyrVerdict *verdict)
{
  gint64 from = repeat_start (rule, reading->effective_time);
  guint count = 1;

  if (rule->repeat_count < 2 || verdict->category != FYR_ALERT_CATEGORY_YELLOW) {
    return;
  }
  for (gsize i = 0; i < history->n_recent; i++) {
    const FyrReading *earlier = &history->recent[i];

    if (earlier->kind == reading->kind && earlier->effective_time >= from &&
        earlier->effective_time < reading->effective_time && reading_is_usable (earlier) &&
        was_outside (history, earlier, verdict->component)) {
      count++;
    }
  }
  if (count >= rule->repeat_count) {
    verdict->category = FYR_ALERT_CATEGORY_RED;
    verdict->rule = FYR_ALERT_RULE_REPETITION;
    verdict->observed_count = count;
  }
}

/* The largest move in the watched direction from any reading of the window. */
static double
largest_change (const FyrLimitRule *rule,
                const FyrReading *reading,
                const History *history,
                const FyrVerdict *verdict)
{
  gint64 from = fyr_oslo_day_start (reading->effective_time, -(int)rule->change_days);
  double largest = 0;

  for (gsize i = 0; i < history->n_recent; i++) {
    const FyrReading *earlier = &history->recent[i];
    double value;
    double change;

    if (earlier->kind != reading->kind || earlier->effective_time < from ||
        earlier->effective_time >= reading->effective_time || !reading_is_usable (earlier) ||
        !reading_get_value (earlier, verdict->component, &value)) {
      continue;
    }
    change = verdict->value - value;
    if ((rule->change_direction == FYR_CHANGE_DIRECTION_UP && change < 0) ||
        (rule->change_direction == FYR_CHANGE_DIRECTION_DOWN && change > 0)) {
      continue;
    }
    if (fabs (change) > fabs (largest)) {
      largest = change;
    }
  }
  return largest;
}

static void
judge_change (const FyrLimitRule *rule,
              const FyrReading *reading,
              const History *history,
              FyrVerdict *verdict)
{
  FyrAlertCategory category =
      rule->change_category == FYR_ALERT_CATEGORY_RED ? FYR_ALERT_CATEGORY_RED : FYR_ALERT_CATEGORY_YELLOW;
  double change;

  if (rule->change_amount <= 0 || rule->change_days == 0 ||
      (verdict->category != FYR_ALERT_CATEGORY_UNSET &&
       fyr_alert_category_get_rank (verdict->category) <= fyr_alert_category_get_rank (category))) {
    return;
  }
  change = largest_change (rule, reading, history, verdict);
  if (is_above (fabs (change), rule->change_amount)) {
    set_passed (verdict, category, FYR_ALERT_RULE_CHANGE, rule->change_amount);
    verdict->observed_change = change;
  }
}

static FyrVerdict
judge_rule (gsize index, const FyrReading *reading, const History *history)
{
  const FyrLimitRule *rule = &history->limits[index];
  FyrVerdict verdict = { .limit_index = (int)index };

  if (rule->kind == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE) {
    verdict.component = effective_component (rule);
  }
  if (reading_get_value (reading, verdict.component, &verdict.value)) {
    judge_limits (rule, &verdict);
    judge_repetition (rule, reading, history, &verdict);
    judge_change (rule, reading, history, &verdict);
  }
  return verdict;
}

/* Red before yellow; then a passed limit before repetition before change; then systolic first. */
static gboolean
is_worse (const FyrVerdict *a, const FyrVerdict *b)
{
  int rank_a = fyr_alert_category_get_rank (a->category);
  int rank_b = fyr_alert_category_get_rank (b->category);

  if (rank_a != rank_b) {
    return rank_a < rank_b;
  }
  if (a->category == FYR_ALERT_CATEGORY_UNSET) {
    return FALSE;
  }
  if (a->rule != b->rule && MAX (a->rule, b->rule) >= FYR_ALERT_RULE_REPETITION) {
    return a->rule < b->rule;
  }
  return a->component < b->component;
}

static FyrVerdict
technical (const FyrReading *reading, FyrAlertRule rule)
{
  return (FyrVerdict){
    .category = FYR_ALERT_CATEGORY_TECHNICAL,
    .rule = rule,
    .limit_index = -1,
    .value = reading->has_value ? reading->value : 0,
  };
}

FyrVerdict
fyr_triage (const FyrReading *reading,
            const FyrLimitRule *limits,
            gsize n_limits,
            const FyrReading *recent,
            gsize n_recent)
{
  History history = { limits, n_limits, recent, n_recent };
  FyrVerdict worst = { .limit_index = -1, .value = reading->value };
  gboolean judged = FALSE;

  if (!reading->has_value) {
    return technical (reading, FYR_ALERT_RULE_NO_VALUE);
  }
  if (!reading_is_usable (reading)) {
    return technical (reading, FYR_ALERT_RULE_IMPLAUSIBLE);
  }
  for (gsize i = 0; i < n_limits; i++) {
    FyrVerdict verdict;

    if (limits[i].kind != reading->kind ||
        !is_in_force (limits, n_limits, &limits[i], reading->effective_time)) {
      continue;
    }
    judged = TRUE;
    verdict = judge_rule (i, reading, &history);
    if (is_worse (&verdict, &worst)) {
      worst = verdict;
    }
  }
  if (!judged) {
    worst.category = FYR_ALERT_CATEGORY_GREY;
    worst.rule = FYR_ALERT_RULE_NO_LIMITS;
  }
  return worst;
}

gint64
fyr_triage_window (const FyrLimitRule *limits, gsize n_limits, FyrMeasurementKind kind, gint64 at)
{
  gint64 earliest = at;

  for (gsize i = 0; i < n_limits; i++) {
    if (!fyr_limit_rule_holds_at (&limits[i], kind, at)) {
      continue;
    }
    if (limits[i].repeat_count >= 2) {
      earliest = MIN (earliest, repeat_start (&limits[i], at));
    }
    if (limits[i].change_amount > 0 && limits[i].change_days > 0) {
      earliest = MIN (earliest, fyr_oslo_day_start (at, -(int)limits[i].change_days));
    }
  }
  return earliest;
}
