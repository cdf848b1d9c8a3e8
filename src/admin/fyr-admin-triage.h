/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-calendar.h"
#include "fyr-limit-set.h"
#include "fyr-records.h"
#include "fyr-triage.h"

G_BEGIN_DECLS

/**
 * FyrAdminTriage:
 *
 * Judges a patient's measurements as they come, oldest first, by the limits that held when each was taken:
 * for
 * imports and demonstration data. One object a patient.
 */
typedef struct _FyrAdminTriage FyrAdminTriage;

/** fyr_admin_triage_new: @limits: (element-type FyrLimit): all of the patient's. Returns: (transfer full) */
FyrAdminTriage *
fyr_admin_triage_new (GPtrArray *limits);
void
fyr_admin_triage_free (FyrAdminTriage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrAdminTriage, fyr_admin_triage_free)

/** fyr_admin_triage_recall: takes in a measurement that was judged before, as history for the next */
void
fyr_admin_triage_recall (FyrAdminTriage *self, FyrMeasurement *measurement);

/**
 * fyr_admin_triage_judge:
 * @measurement: gets its category and whether it is implausible
 *
 * Returns: what the rules say; the measurement counts as history from now on
 */
FyrVerdict
fyr_admin_triage_judge (FyrAdminTriage *self, FyrMeasurement *measurement);

/**
 * fyr_admin_triage_make_alert:
 * @measurement: as judged
 * @hours: of the patient's centre
 * @red_minutes: of the patient's centre
 * @raised: when it came in, ms
 *
 * Returns: (transfer full) (nullable): an open alert without id; %NULL when the verdict asks for none, or
 * for a
 * grey one that was made for this kind before
 */
FyrAlert *
fyr_admin_triage_make_alert (FyrAdminTriage *self,
                             FyrMeasurement *measurement,
                             const FyrVerdict *verdict,
                             const FyrOpeningHours *hours,
                             int red_minutes,
                             gint64 raised);

G_END_DECLS
