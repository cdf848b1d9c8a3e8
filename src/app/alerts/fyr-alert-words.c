/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-words.h"

#include <glib/gi18n.h>

#include "fyr-alert-state.h"
#include "fyr-badge.h"
#include "fyr-format.h"
#include "fyr-measure.h"

/* What the alert is about when it is no value that is outside a limit. */
static char *
headline_of_rule (FyrAlert *alert, const char *name)
{
  switch (fyr_alert_get_rule (alert)) {
  case FYR_ALERT_RULE_NO_LIMITS:
    return g_strdup_printf (_ ("%s has no limits"), *name ? name : _ ("The patient"));
  case FYR_ALERT_RULE_MISSING_REPORT:
    return g_strdup_printf (_ ("%s not reported"), *name ? name : _ ("Measurement"));
  case FYR_ALERT_RULE_MESSAGE:
    return g_strdup (_ ("Message from the patient"));
  case FYR_ALERT_RULE_TRANSFER_FAULT:
    return g_strdup (_ ("A report could not be read"));
  default:
    return g_strdup (*name ? name : fyr_category_get_word (fyr_alert_get_category (alert)));
  }
}

char *
fyr_alert_word_headline (FyrAlert *alert, FyrMeasurement *measurement)
{
  FyrMeasurementKind kind = fyr_alert_get_kind (alert);
  g_autofree char *value = NULL;

  if (fyr_alert_get_rule (alert) == FYR_ALERT_RULE_MISSING_REPORT ||
      (fyr_alert_get_rule (alert) == FYR_ALERT_RULE_NO_LIMITS && !measurement))
    return headline_of_rule (alert, fyr_measure_get_name (kind));
  if (measurement)
    value = fyr_measure_format (measurement);
  else if (fyr_alert_has_observed (alert) && fyr_alert_get_rule (alert) != FYR_ALERT_RULE_CHANGE)
    value = fyr_measure_format_value (kind, fyr_alert_get_observed (alert));
  if (!value)
    return headline_of_rule (alert, fyr_measure_get_name (kind));
  return g_strdup_printf ("%s %s", fyr_measure_get_name (kind), value);
}

static char *
reason_of_change (FyrAlert *alert, FyrMeasurementKind kind)
{
  g_autofree char *moved = NULL;
  g_autofree char *limit = NULL;

  if (!fyr_alert_has_observed (alert) || !fyr_alert_has_threshold (alert))
    return g_strdup (_ ("changed too fast"));
  moved = fyr_measure_format_value (kind, fyr_alert_get_observed (alert));
  limit = fyr_measure_format_value (kind, fyr_alert_get_threshold (alert));
  return g_strdup_printf (_ ("changed by %1$s, limit %2$s"), moved, limit);
}

static char *
reason_of_limit (FyrAlert *alert, FyrMeasurementKind kind)
{
  g_autofree char *limit = NULL;

  if (!fyr_alert_has_threshold (alert))
    return g_strdup ("");
  limit = fyr_measure_format_value (kind, fyr_alert_get_threshold (alert));
  switch (fyr_alert_get_rule (alert)) {
  case FYR_ALERT_RULE_BELOW_RED:
    return g_strdup_printf (_ ("red below %s"), limit);
  case FYR_ALERT_RULE_BELOW_YELLOW:
    return g_strdup_printf (_ ("yellow below %s"), limit);
  case FYR_ALERT_RULE_ABOVE_YELLOW:
    return g_strdup_printf (_ ("yellow above %s"), limit);
  case FYR_ALERT_RULE_ABOVE_RED:
    return g_strdup_printf (_ ("red above %s"), limit);
  default:
    return g_strdup ("");
  }
}

char *
fyr_alert_word_reason (FyrAlert *alert)
{
  FyrMeasurementKind kind = fyr_alert_get_kind (alert);
  g_autofree char *text = NULL;

  switch (fyr_alert_get_rule (alert)) {
  case FYR_ALERT_RULE_REPETITION:
    return g_strdup (_ ("outside the limits repeatedly"));
  case FYR_ALERT_RULE_CHANGE:
    return reason_of_change (alert, kind);
  case FYR_ALERT_RULE_IMPLAUSIBLE:
    return g_strdup (_ ("implausible: check the device and measure again"));
  case FYR_ALERT_RULE_NO_VALUE:
    return g_strdup (_ ("no number from the device: contact the patient, measure again"));
  case FYR_ALERT_RULE_NO_LIMITS:
    return g_strdup (_ ("no limits are set for it"));
  default:
    break;
  }
  text = reason_of_limit (alert, kind);
  if (fyr_alert_get_component (alert) == FYR_LIMIT_COMPONENT_SYSTOLIC)
    return g_strdup_printf (_ ("systolic %s"), text);
  if (fyr_alert_get_component (alert) == FYR_LIMIT_COMPONENT_DIASTOLIC)
    return g_strdup_printf (_ ("diastolic %s"), text);
  return g_steal_pointer (&text);
}

static void
append_limit (GString *line, const char *format, gboolean is_set, FyrMeasurementKind kind, double value)
{
  g_autofree char *number = NULL;

  if (!is_set)
    return;
  number = fyr_measure_format_value (kind, value);
  if (line->len > 0)
    g_string_append (line, ", ");
  g_string_append (line, format);
  g_string_append_printf (line, " %s", number);
}

char *
fyr_alert_word_limits (FyrLimit *limit)
{
  GString *line = g_string_new (NULL);
  FyrMeasurementKind kind;

  if (limit) {
    kind = fyr_limit_get_kind (limit);
    append_limit (line, _ ("red below"), fyr_limit_has_red_low (limit), kind, fyr_limit_get_red_low (limit));
    append_limit (line, _ ("yellow below"), fyr_limit_has_yellow_low (limit), kind,
                  fyr_limit_get_yellow_low (limit));
    append_limit (line, _ ("yellow above"), fyr_limit_has_yellow_high (limit), kind,
                  fyr_limit_get_yellow_high (limit));
    append_limit (line, _ ("red above"), fyr_limit_has_red_high (limit), kind,
                  fyr_limit_get_red_high (limit));
  }
  return g_string_free (line, FALSE);
}

const char *
fyr_alert_word_action (FyrAlertAction action)
{
  const char *word = fyr_alert_action_get_name (action);

  return word ? _ (word) : "";
}

const char *
fyr_alert_word_outcome (FyrAlertOutcome outcome)
{
  const char *word = fyr_alert_outcome_get_name (outcome);

  return word ? _ (word) : "";
}

char *
fyr_alert_word_handling (FyrAlert *alert, const char *name, gboolean is_mine, gint64 now)
{
  gint64 taken = fyr_alert_get_taken_time (alert);
  g_autofree char *when = NULL;

  switch (fyr_alert_get_status (alert)) {
  case FYR_ALERT_STATUS_TAKEN:
    when = fyr_format_when (taken ? taken : now, now);
    if (is_mine)
      return g_strdup_printf (_ ("You since %s"), when);
    return g_strdup_printf (_ ("%1$s since %2$s"), name && *name ? name : _ ("A colleague"), when);
  case FYR_ALERT_STATUS_CLOSED:
    when = fyr_format_when (fyr_alert_get_closed_time (alert), now);
    return g_strdup_printf (_ ("Closed %s"), when);
  default:
    return g_strdup (_ ("Not taken"));
  }
}

char *
fyr_alert_word_refusal (FyrOutboxEntry *entry, FyrAlert *alert, const char *holder, gint64 now)
{
  const char *code = fyr_outbox_entry_get_code (entry);
  const char *who = holder && *holder ? holder : _ ("A colleague");
  g_autofree char *when = NULL;

  if (alert && g_strcmp0 (code, "already-taken") == 0 && fyr_alert_get_taken_time (alert)) {
    when = fyr_format_when (fyr_alert_get_taken_time (alert), now);
    return g_strdup_printf (_ ("%1$s took it %2$s"), who, when);
  }
  if (alert && g_strcmp0 (code, "already-closed") == 0 && fyr_alert_get_closed_time (alert)) {
    when = fyr_format_when (fyr_alert_get_closed_time (alert), now);
    return g_strdup_printf (_ ("It was closed %s"), when);
  }
  if (g_strcmp0 (code, "not-taken") == 0)
    return g_strdup (_ ("It was not yours any more"));
  if (g_strcmp0 (code, "forbidden") == 0)
    return g_strdup (_ ("Your role may not do this"));
  if (g_strcmp0 (code, "unknown-record") == 0)
    return g_strdup (_ ("It is not there any more"));
  if (g_strcmp0 (code, "stale") == 0)
    return g_strdup (_ ("It had changed in the meantime"));
  return g_strdup (_ ("The server could not accept it"));
}

static void
append_event (GString *text, FyrEventItem *item)
{
  FyrAlertEvent *event = fyr_event_item_get_event (item);
  g_autofree char *when = fyr_format_date_time (fyr_alert_event_get_time (event));
  const char *name = fyr_event_item_get_actor_name (item);
  const char *outcome = fyr_alert_word_outcome (fyr_alert_event_get_outcome (event));
  const char *words = fyr_alert_event_get_text (event);

  if (fyr_alert_event_get_action (event) == FYR_ALERT_ACTION_RAISED)
    return;
  g_string_append_printf (text, "%s %s", when, fyr_alert_word_action (fyr_alert_event_get_action (event)));
  if (name)
    g_string_append_printf (text, " (%s)", name);
  if (*outcome)
    g_string_append_printf (text, ": %s", outcome);
  if (words)
    g_string_append_printf (text, "%s %s", *outcome ? "." : ":", words);
  g_string_append_c (text, '\n');
}

char *
fyr_alert_word_journal (FyrAlertDetail *detail)
{
  FyrAlert *alert = fyr_alert_item_get_alert (detail->item);
  FyrMeasurement *measurement = fyr_alert_item_get_measurement (detail->item);
  g_autofree char *headline = fyr_alert_word_headline (alert, measurement);
  g_autofree char *reason = fyr_alert_word_reason (alert);
  g_autofree char *raised = fyr_format_date_time (fyr_alert_get_raised_time (alert));
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _ ("Digital home follow-up: %1$s %2$s"),
                          fyr_category_get_word (fyr_alert_get_category (alert)), raised);
  g_string_append_printf (text, "\n%s%s%s\n", headline, *reason ? ", " : "", reason);
  if (measurement && fyr_measurement_get_effective_time (measurement)) {
    g_autofree char *taken = fyr_format_date_time (fyr_measurement_get_effective_time (measurement));

    g_string_append_printf (text, _ ("Measured %s"), taken);
    g_string_append_c (text, '\n');
  }
  if (measurement && fyr_measurement_get_note (measurement)) {
    g_string_append_printf (text, _ ("The patient's words: %s"), fyr_measurement_get_note (measurement));
    g_string_append_c (text, '\n');
  }
  for (guint i = 0; i < detail->events->len; i++)
    append_event (text, g_ptr_array_index (detail->events, i));
  return g_string_free (text, FALSE);
}
