/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be set as a limit, the rules' names, and their words. */
#include <glib/gi18n.h>
#include <math.h>

#include "fyr-triage.h"

#define MAX_REPEAT_COUNT 20
#define MAX_REPEAT_HOURS 2160
#define MAX_CHANGE_DAYS 90
#define MAX_EXPECTED_DAYS 90

static void
get_bounds (const FyrLimitRule *rule, double *low, double *high)
{
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (rule->kind);
  gboolean second = rule->component == FYR_LIMIT_COMPONENT_DIASTOLIC;

  *low = second ? info->low2 : info->low;
  *high = second ? info->high2 : info->high;
}

static gboolean
is_within (const FyrLimitRule *rule, gboolean has, double limit)
{
  double low, high;

  get_bounds (rule, &low, &high);
  return !has || (isfinite (limit) && limit >= low && limit <= high);
}

static gboolean
is_ordered (const FyrLimitRule *rule)
{
  const double limits[] = { rule->red_low, rule->yellow_low, rule->yellow_high, rule->red_high };
  const gboolean has[] = { rule->has_red_low, rule->has_yellow_low, rule->has_yellow_high,
                           rule->has_red_high };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++) {
    for (guint j = i + 1; j < G_N_ELEMENTS (limits); j++) {
      /* A red and a yellow limit of one side may be equal: then there is no yellow on that side. */
      gboolean same_side = i / 2 == j / 2;

      if (has[i] && has[j] && (same_side ? limits[i] > limits[j] : limits[i] >= limits[j])) {
        return FALSE;
      }
    }
  }
  return TRUE;
}

static gboolean
component_fits (const FyrLimitRule *rule)
{
  return rule->component == FYR_LIMIT_COMPONENT_UNSET ||
         (rule->kind == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE && rule->component <= FYR_LIMIT_COMPONENT_LAST);
}

static gboolean
repetition_is_right (const FyrLimitRule *rule)
{
  if (rule->repeat_count == 0) {
    return TRUE;
  }
  return rule->repeat_count >= 2 && rule->repeat_count <= MAX_REPEAT_COUNT && rule->repeat_hours >= 1 &&
         rule->repeat_hours <= MAX_REPEAT_HOURS;
}

static gboolean
change_is_right (const FyrLimitRule *rule)
{
  if (rule->change_amount == 0) {
    return TRUE;
  }
  return isfinite (rule->change_amount) && rule->change_amount > 0 && rule->change_days >= 1 &&
         rule->change_days <= MAX_CHANGE_DAYS &&
         (rule->change_category == FYR_ALERT_CATEGORY_UNSET ||
          rule->change_category == FYR_ALERT_CATEGORY_RED ||
          rule->change_category == FYR_ALERT_CATEGORY_YELLOW);
}

const char *
fyr_limit_rule_check (const FyrLimitRule *rule)
{
  if (fyr_measurement_kind_get_info (rule->kind) == NULL || !component_fits (rule)) {
    return N_ ("Choose what the limit is for.");
  }
  if (!is_within (rule, rule->has_red_low, rule->red_low) ||
      !is_within (rule, rule->has_yellow_low, rule->yellow_low) ||
      !is_within (rule, rule->has_yellow_high, rule->yellow_high) ||
      !is_within (rule, rule->has_red_high, rule->red_high)) {
    return N_ ("A limit is outside what can be measured.");
  }
  if (!is_ordered (rule)) {
    return N_ ("The limits must rise from red low over yellow low and yellow high to red high.");
  }
  if (!repetition_is_right (rule)) {
    return N_ ("Repetition needs 2 to 20 readings within 1 to 2160 hours.");
  }
  if (!change_is_right (rule)) {
    return N_ ("A change needs an amount above zero within 1 to 90 days.");
  }
  if (rule->expected_days > MAX_EXPECTED_DAYS) {
    return N_ ("A report can be expected every 1 to 90 days.");
  }
  if (rule->valid_to <= rule->valid_from) {
    return N_ ("The limit must end after it begins.");
  }
  return NULL;
}

void
fyr_limit_rule_clamp (FyrLimitRule *rule)
{
  double *limits[] = { &rule->red_low, &rule->yellow_low, &rule->yellow_high, &rule->red_high };
  double low, high;

  if (fyr_measurement_kind_get_info (rule->kind) == NULL) {
    return;
  }
  get_bounds (rule, &low, &high);
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++) {
    *limits[i] = CLAMP (*limits[i], low, high);
  }
}

static const char *const rule_names[] = {
  [FYR_ALERT_RULE_UNSET] = "",
  [FYR_ALERT_RULE_BELOW_RED] = N_ ("Below the red limit"),
  [FYR_ALERT_RULE_BELOW_YELLOW] = N_ ("Below the yellow limit"),
  [FYR_ALERT_RULE_ABOVE_YELLOW] = N_ ("Above the yellow limit"),
  [FYR_ALERT_RULE_ABOVE_RED] = N_ ("Above the red limit"),
  [FYR_ALERT_RULE_REPETITION] = N_ ("Outside the limits several times"),
  [FYR_ALERT_RULE_CHANGE] = N_ ("Changed too much"),
  [FYR_ALERT_RULE_IMPLAUSIBLE] = N_ ("Implausible value"),
  [FYR_ALERT_RULE_NO_VALUE] = N_ ("The device gave no value"),
  [FYR_ALERT_RULE_NO_LIMITS] = N_ ("No limits are set"),
  [FYR_ALERT_RULE_MISSING_REPORT] = N_ ("Nothing was reported"),
  [FYR_ALERT_RULE_MESSAGE] = N_ ("Message from the patient"),
  [FYR_ALERT_RULE_TRANSFER_FAULT] = N_ ("Fault in the transfer"),
};
G_STATIC_ASSERT (G_N_ELEMENTS (rule_names) == FYR_ALERT_RULE_LAST + 1);

const char *
fyr_alert_rule_get_name (FyrAlertRule rule)
{
  return (guint)rule < G_N_ELEMENTS (rule_names) ? rule_names[rule] : "";
}
