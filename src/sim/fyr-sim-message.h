/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-sim-target.h"
#include "fyr-uci-log.h"

G_BEGIN_DECLS

/**
 * fyr_sim_message_from_report:
 * @target: who reports
 * @run: (nullable): put before the identifier when the times are not those of the plan
 *
 * Returns: (transfer full): the FHIR Observation a patient app would post
 */
char *
fyr_sim_message_from_report (const FyrSimTarget *target, const FyrSimReport *report, const char *run);

/**
 * fyr_sim_message_from_entry:
 * @entry: a row of a glucose log
 * @name: names the log in identifiers
 * @taken: when, milliseconds
 *
 * Returns: (transfer full): the Observation, in the meter's own unit
 */
char *
fyr_sim_message_from_entry (const FyrSimTarget *target,
                            const FyrUciEntry *entry,
                            const char *name,
                            gint64 taken);

G_END_DECLS
