/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-outbox.h"
#include "fyr-records.h"

G_BEGIN_DECLS

#define FYR_TYPE_ALERT_ITEM (fyr_alert_item_get_type ())
G_DECLARE_FINAL_TYPE (FyrAlertItem, fyr_alert_item, FYR, ALERT_ITEM, GObject)

/**
 * FyrAlertItem:
 *
 * One line of the alert list: the alert with what is shown beside it. Immutable. Read-only properties: `id`,
 * `alert`, `patient-id`, `patient-name` ("Nordmann, Ola"), `telephone`, `category`, `status`, `raised-time`,
 * `due-time`, `assignee-id`, `assignee-name`, `state`.
 */

/** fyr_alert_item_get_alert: Returns: (transfer none): the alert; do not change it */
FyrAlert *
fyr_alert_item_get_alert (FyrAlertItem *self);
/** fyr_alert_item_get_id: Returns: (transfer none): the alert's id */
const char *
fyr_alert_item_get_id (FyrAlertItem *self);
/**
 * fyr_alert_item_get_patient_name:
 *
 * Returns: (transfer none): family name, given name; "" when the patient is not here
 */
const char *
fyr_alert_item_get_patient_name (FyrAlertItem *self);
/** fyr_alert_item_get_telephone: Returns: (transfer none) (nullable): the patient's */
const char *
fyr_alert_item_get_telephone (FyrAlertItem *self);
/** fyr_alert_item_get_zone: Returns: the patient's zone */
FyrZone
fyr_alert_item_get_zone (FyrAlertItem *self);
/** fyr_alert_item_get_assignee_name: Returns: (transfer none) (nullable): who has taken it */
const char *
fyr_alert_item_get_assignee_name (FyrAlertItem *self);
/** fyr_alert_item_get_measurement: Returns: (transfer none) (nullable): what was reported */
FyrMeasurement *
fyr_alert_item_get_measurement (FyrAlertItem *self);
/**
 * fyr_alert_item_get_state:
 *
 * Returns: state of the user's own latest work on it; DELIVERED when there is none
 */
FyrOutboxState
fyr_alert_item_get_state (FyrAlertItem *self);
/** fyr_alert_item_equal: Returns: whether both show the same */
gboolean
fyr_alert_item_equal (FyrAlertItem *a, FyrAlertItem *b);

G_END_DECLS
