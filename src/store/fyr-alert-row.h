/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-outbox.h"
#include "fyr-records.h"

G_BEGIN_DECLS

#define FYR_TYPE_ALERT_ROW (fyr_alert_row_get_type ())
G_DECLARE_FINAL_TYPE (FyrAlertRow, fyr_alert_row, FYR, ALERT_ROW, GObject)

/**
 * FyrAlertRow:
 *
 * One line of the alert list: the alert with what is shown beside it. Immutable. Read-only properties: `id`,
 * `alert`, `patient-id`, `patient-name` ("Nordmann, Ola"), `telephone`, `category`, `status`, `raised-time`,
 * `due-time`, `assignee-id`, `assignee-name`, `state`.
 */

/** fyr_alert_row_get_alert: Returns: (transfer none): the alert; do not change it */
FyrAlert *
fyr_alert_row_get_alert (FyrAlertRow *self);
/** fyr_alert_row_get_id: Returns: (transfer none): the alert's id */
const char *
fyr_alert_row_get_id (FyrAlertRow *self);
/** fyr_alert_row_get_patient_name: Returns: (transfer none): family name, given name; "" when the patient is not here */
const char *
fyr_alert_row_get_patient_name (FyrAlertRow *self);
/** fyr_alert_row_get_telephone: Returns: (transfer none) (nullable): the patient's */
const char *
fyr_alert_row_get_telephone (FyrAlertRow *self);
/** fyr_alert_row_get_zone: Returns: the patient's zone */
FyrZone
fyr_alert_row_get_zone (FyrAlertRow *self);
/** fyr_alert_row_get_assignee_name: Returns: (transfer none) (nullable): who has taken it */
const char *
fyr_alert_row_get_assignee_name (FyrAlertRow *self);
/** fyr_alert_row_get_measurement: Returns: (transfer none) (nullable): what was reported */
FyrMeasurement *
fyr_alert_row_get_measurement (FyrAlertRow *self);
/** fyr_alert_row_get_state: Returns: state of the user's own latest work on it; DELIVERED when there is none */
FyrOutboxState
fyr_alert_row_get_state (FyrAlertRow *self);
/** fyr_alert_row_equal: Returns: whether both show the same */
gboolean
fyr_alert_row_equal (FyrAlertRow *a, FyrAlertRow *b);

G_END_DECLS
