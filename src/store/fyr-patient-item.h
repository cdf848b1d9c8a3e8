/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-outbox.h"
#include "fyr-records.h"

G_BEGIN_DECLS

#define FYR_TYPE_PATIENT_ITEM (fyr_patient_item_get_type ())
G_DECLARE_FINAL_TYPE (FyrPatientItem, fyr_patient_item, FYR, PATIENT_ITEM, GObject)

/**
 * FyrPatientItem:
 *
 * One line of the patient list. Immutable. Read-only properties: `id`, `patient`, `name` ("Nordmann, Ola"),
 * `identity-number`, `telephone`, `zone`, `status`, `open-alerts`, `worst-category`, `last-report`, `state`.
 */

/** fyr_patient_item_get_patient: Returns: (transfer none): the patient; do not change it */
FyrPatient *
fyr_patient_item_get_patient (FyrPatientItem *self);
/** fyr_patient_item_get_id: Returns: (transfer none): the patient's id */
const char *
fyr_patient_item_get_id (FyrPatientItem *self);
/** fyr_patient_item_get_name: Returns: (transfer none): family name, given name */
const char *
fyr_patient_item_get_name (FyrPatientItem *self);
/** fyr_patient_item_get_open_alerts: Returns: alerts not closed */
guint
fyr_patient_item_get_open_alerts (FyrPatientItem *self);
/** fyr_patient_item_get_worst_category: Returns: of those, UNSET when there are none */
FyrAlertCategory
fyr_patient_item_get_worst_category (FyrPatientItem *self);
/**
 * fyr_patient_item_get_last_report:
 *
 * Returns: when the latest measurement was taken, ms since the epoch, 0 for never
 */
gint64
fyr_patient_item_get_last_report (FyrPatientItem *self);
/**
 * fyr_patient_item_take_over:
 * @fresh: an item of the same patient, with what is true now
 *
 * Gives @self what @fresh holds. One notification, of "patient", says that anything of it changed; none comes
 * when nothing did. So a row on screen lives on, with its selection and focus.
 */
void
fyr_patient_item_take_over (FyrPatientItem *self, FyrPatientItem *fresh);
/** fyr_patient_item_get_state: Returns: state of the user's own latest work on the patient's register */
FyrOutboxState
fyr_patient_item_get_state (FyrPatientItem *self);

G_END_DECLS
