/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-alert-category.h"
#include "fyr-measurement-kind.h"

G_BEGIN_DECLS

/**
 * FyrLimitRule:
 * @kind: what it judges
 * @component: of a blood pressure; unset counts as systolic there
 * @has_red_low: red when the value is below @red_low; likewise the other three
 * @valid_from: first instant it holds, milliseconds
 * @valid_to: first instant it no longer holds; %G_MAXINT64 while open
 * @repeat_count: this many readings outside (yellow or worse) within @repeat_hours make the last one red; 0
 *   is off, 3 is "call after the third yellow". The reading itself counts
 * @repeat_hours: length of the window that ends at the reading, both ends included
 * @change_amount: a change larger than this alerts, in the kind's unit; 0 is off
 * @change_direction: which way
 * @change_days: counted back in days of the calendar in Europe/Oslo, so that a scale used at 8 today and at
 *   7 three days ago is "3 days"
 * @change_category: yellow (also when unset) or red
 * @expected_days: a report is expected at least this often; 0 is not expected (fyr-missing-report.h)
 *
 * Comparison is strict: 90 with yellow_low 90 is inside, 89.9 is outside. Values are compared with a
 * tolerance of 1e-9, so that 7.0 kept as 6.9999999999 is not below 7. A rule without any number is valid:
 * somebody decided that this kind shall not alert.
 */
typedef struct {
  FyrMeasurementKind kind;
  FyrLimitComponent component;
  gboolean has_red_low;
  gboolean has_yellow_low;
  gboolean has_yellow_high;
  gboolean has_red_high;
  double red_low;
  double yellow_low;
  double yellow_high;
  double red_high;
  gint64 valid_from;
  gint64 valid_to;
  guint repeat_count;
  guint repeat_hours;
  double change_amount;
  FyrChangeDirection change_direction;
  guint change_days;
  FyrAlertCategory change_category;
  guint expected_days;
} FyrLimitRule;

/**
 * FyrReading:
 * @kind: what was measured
 * @has_value: %FALSE when the device gave a sensor word or nothing
 * @value: in the kind's unit (systolic of a blood pressure)
 * @has_value2: whether there is a second value
 * @value2: diastolic
 * @absent_reason: why there is no value
 * @effective_time: when it was taken, milliseconds
 * @implausible: flagged at intake; the range is checked again in any case
 */
typedef struct {
  FyrMeasurementKind kind;
  gboolean has_value;
  double value;
  gboolean has_value2;
  double value2;
  FyrAbsentReason absent_reason;
  gint64 effective_time;
  gboolean implausible;
} FyrReading;

/**
 * FyrVerdict:
 * @category: unset (in range), red, yellow, grey or technical
 * @rule: which rule decided
 * @limit_index: index into the array of limits given, -1 when no limit decided
 * @component: which value of a blood pressure
 * @has_threshold: whether @threshold means something
 * @threshold: the limit passed, or the amount of change allowed
 * @observed_change: for the change rule: the signed change seen, else 0
 * @observed_count: for repetition: readings outside in the window, this one included
 * @value: the value judged (of @component)
 */
typedef struct {
  FyrAlertCategory category;
  FyrAlertRule rule;
  int limit_index;
  FyrLimitComponent component;
  gboolean has_threshold;
  double threshold;
  double observed_change;
  guint observed_count;
  double value;
} FyrVerdict;

/**
 * fyr_limit_rule_init:
 * @rule: (out): a rule of @kind that always holds and alerts for nothing
 */
void
fyr_limit_rule_init (FyrLimitRule *rule, FyrMeasurementKind kind);

/**
 * fyr_limit_rule_check:
 *
 * Order must be red_low ≤ yellow_low < yellow_high ≤ red_high, numbers within what is plausible, a
 * repetition of 2 to 20 readings within 1 to 2160 hours, a change over 1 to 90 days, a report expected
 * every 1 to 90 days (0: not), validity not empty.
 *
 * Returns: (transfer none) (nullable): msgid of the first thing wrong; %NULL when right
 */
const char *
fyr_limit_rule_check (const FyrLimitRule *rule);

/**
 * fyr_limit_rule_clamp:
 *
 * Brings the four limits of a rule that was computed within what is plausible for its kind. What a person
 * typed is not moved: fyr_limit_rule_check() refuses it.
 */
void
fyr_limit_rule_clamp (FyrLimitRule *rule);

/**
 * fyr_limit_rule_holds_at:
 *
 * Returns: whether @rule is for @kind and valid at @time
 */
gboolean
fyr_limit_rule_holds_at (const FyrLimitRule *rule, FyrMeasurementKind kind, gint64 time);

/**
 * fyr_triage:
 * @reading: what to judge
 * @limits: (array length=n_limits) (nullable): the patient's limits of all kinds and times, in any order
 * @recent: (array length=n_recent) (nullable): the patient's readings since fyr_triage_window(), any order
 *   and kind; later ones than @reading, those of its own instant, of other kinds and without usable value
 *   are passed over
 *
 * A reading without value or outside what is plausible is technical. Else it is judged by the limits that
 * held when it was taken; of several for the same component the one that came into force last. The worst
 * finding wins: red before yellow; with equal colour a passed limit before repetition before change,
 * systolic before diastolic. No limit at that time: grey (the caller raises one grey alert, not one per
 * reading).
 *
 * Returns: the verdict
 */
FyrVerdict
fyr_triage (const FyrReading *reading,
            const FyrLimitRule *limits,
            gsize n_limits,
            const FyrReading *recent,
            gsize n_recent);

/**
 * fyr_triage_window:
 * @kind: the kind to be judged
 * @at: when the reading was taken
 *
 * Returns: the earliest effective time of readings fyr_triage() needs to see; @at when none
 */
gint64
fyr_triage_window (const FyrLimitRule *limits, gsize n_limits, FyrMeasurementKind kind, gint64 at);

/**
 * fyr_triage_count:
 * @limits: (array length=n_limits): the limits to try, usually valid from 0
 * @readings: (array length=n_readings): sorted by effective time, oldest first; those before @from serve
 *   the change and repetition rules
 * @from: first instant to count
 * @to: first instant no longer to count
 * @counts: (out) (array fixed-size=7): verdicts per category; unset: within limits; grey counts readings
 *   that had no limit
 *
 * "This limit would have given N alerts in the last 30 days." Readings of all kinds may be given; each is
 * judged by the limits of its own kind, and kinds without any limit in @limits are passed over.
 *
 * Returns: alerts in all: red, yellow and technical
 */
guint
fyr_triage_count (const FyrLimitRule *limits,
                  gsize n_limits,
                  const FyrReading *readings,
                  gsize n_readings,
                  gint64 from,
                  gint64 to,
                  guint counts[FYR_ALERT_CATEGORY_LAST + 1]);

/**
 * fyr_alert_rule_get_name:
 *
 * Returns: (transfer none): msgid such as "Below the red limit"
 */
const char *
fyr_alert_rule_get_name (FyrAlertRule rule);

G_END_DECLS
