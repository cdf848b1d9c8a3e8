/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-calendar.h"
#include "fyr-triage.h"

G_BEGIN_DECLS

/**
 * fyr_limit_rule_from_record:
 * @limit: a limit record
 * @rule: (out): the same for fyr_triage()
 */
void
fyr_limit_rule_from_record (FyrLimit *limit, FyrLimitRule *rule);

/**
 * fyr_limit_rule_to_record:
 * @rule: a rule, for instance a template's
 * @limit: the record to fill; id, patient, template, author and reason are left as they are
 *
 * An open @rule->valid_to becomes unset.
 */
void
fyr_limit_rule_to_record (const FyrLimitRule *rule, FyrLimit *limit);

/**
 * fyr_limit_rules_from_records:
 * @limits: (element-type FyrLimit): limit records
 *
 * Returns: (transfer full) (element-type FyrLimitRule): rules in the same order, so that
 *   FyrVerdict.limit_index finds the record
 */
GArray *
fyr_limit_rules_from_records (GPtrArray *limits);

/**
 * fyr_reading_from_record:
 * @measurement: a measurement record
 * @reading: (out): the same for fyr_triage()
 *
 * A record entered in error becomes a reading without value.
 */
void
fyr_reading_from_record (FyrMeasurement *measurement, FyrReading *reading);

/**
 * fyr_verdict_to_alert:
 * @verdict: what fyr_triage() found
 * @reading: about what
 * @alert: the record whose category, rule, kind, component, observed and threshold are set; status becomes
 *   open
 *
 * @alert's observed is the change for the change rule, else the value.
 */
void
fyr_verdict_to_alert (const FyrVerdict *verdict, const FyrReading *reading, FyrAlert *alert);

/**
 * fyr_patient_expects_reports:
 *
 * Returns: whether a missing report may alert: followed up now (not paused, not ended) and not switched off
 */
gboolean
fyr_patient_expects_reports (FyrPatient *patient);

/**
 * fyr_centre_get_hours:
 * @centre: (nullable): a centre record; %NULL gives the default hours
 * @hours: (out): its opening hours; clear with fyr_opening_hours_clear()
 *
 * Returns: whether the record's hours could be read; otherwise the default hours are given
 */
gboolean
fyr_centre_get_hours (FyrCentre *centre, FyrOpeningHours *hours);

G_END_DECLS
