/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-alert-item.h"
#include "fyr-store-query.h"

G_BEGIN_DECLS

/** fyr_alert_word_headline: (transfer full): what it is about: "Oxygen saturation 84 %". */
char *
fyr_alert_word_headline (FyrAlert *alert, FyrMeasurement *measurement);

/**
 * fyr_alert_word_reason:
 *
 * (transfer full): against which limit: "red below 88 %"; "" when the rule says it all.
 */
char *
fyr_alert_word_reason (FyrAlert *alert);

/** fyr_alert_word_limits: (transfer full): all four limits of @limit (nullable) in one line, "" for none. */
char *
fyr_alert_word_limits (FyrLimit *limit);

/** fyr_alert_word_action: (transfer none): what was done, as history shows it, translated. */
const char *
fyr_alert_word_action (FyrAlertAction action);

/** fyr_alert_word_outcome: (transfer none): the measure (tiltak), translated; "" when unset. */
const char *
fyr_alert_word_outcome (FyrAlertOutcome outcome);

/**
 * fyr_alert_word_handling:
 * @alert: the alert
 * @name: (nullable): name of who has it
 * @is_mine: whether that is who reads
 *
 * Returns: (transfer full): "Not taken", "Anne Berg since 10:32", "Closed 10:40"
 */
char *
fyr_alert_word_handling (FyrAlert *alert, const char *name, gboolean is_mine, gint64 now);

/**
 * fyr_alert_word_refusal:
 * @entry: work on an alert that was refused or is in conflict
 * @alert: the alert as the server has it
 * @holder: (nullable): name of who has it
 *
 * Returns: (transfer full): why, and by whom it is done: "Anne Berg took it 10:32"
 */
char *
fyr_alert_word_refusal (FyrOutboxEntry *entry, FyrAlert *alert, const char *holder, gint64 now);

/**
 * fyr_alert_word_journal:
 * @detail: the alert with what was done
 *
 * Returns: (transfer full): plain text for the patient's journal: what was reported against which limit, what
 * was done by whom and when. Neither name nor identity number: the journal it goes into has them
 */
char *
fyr_alert_word_journal (FyrAlertDetail *detail);

G_END_DECLS
