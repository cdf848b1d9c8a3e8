/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"
#include "fyr-triage.h"

G_BEGIN_DECLS

/**
 * fyr_limit_history_current:
 * @limits: (element-type FyrLimit): all a patient ever had
 * @kind: of which measurement
 * @component: which half, or unset
 * @now: ms since the epoch
 *
 * Returns: (transfer none) (nullable): the limit that holds at @now: of several the one that came into
 * force last
 */
FyrLimit *
fyr_limit_history_current (GPtrArray *limits,
                           FyrMeasurementKind kind,
                           FyrLimitComponent component,
                           gint64 now);

/**
 * fyr_limit_history_replace:
 * @limits: (element-type FyrLimit): all the patient ever had
 * @fresh: (element-type FyrLimit): what shall hold from @now; one a kind and component, with ids
 * @author_id: who sets them
 * @now: ms since the epoch
 *
 * A limit is never overwritten: the one that holds ends at @now, where the new one begins. A fresh one
 * that says what
 * holds already changes nothing.
 *
 * Returns: (transfer full) (element-type FyrMutation): what to save, in order; empty when nothing changes
 */
GPtrArray *
fyr_limit_history_replace (GPtrArray *limits, GPtrArray *fresh, const char *author_id, gint64 now);

/** fyr_limit_same_rule: whether both judge alike: validity, origin and reason are not compared */
gboolean
fyr_limit_same_rule (FyrLimit *a, FyrLimit *b);

/**
 * fyr_limit_from_rule:
 * @rule: a rule of a template
 * @template_code: (nullable): the template's id
 *
 * Returns: (transfer full): a limit for @patient_id with a new id that begins at @now
 */
FyrLimit *
fyr_limit_from_rule (const FyrLimitRule *rule, const char *patient_id, const char *template_code, gint64 now);

G_END_DECLS
