/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-store-query.h"

G_BEGIN_DECLS

/** fyr_alert_item_new: takes over its arguments. Returns: (transfer full): an item */
FyrAlertItem *
fyr_alert_item_new (FyrAlert *alert,
                    FyrMeasurement *measurement,
                    char *patient_name,
                    char *telephone,
                    FyrZone zone,
                    char *assignee_name,
                    FyrOutboxState state);

/** fyr_patient_item_new: takes @patient over. Returns: (transfer full): an item */
FyrPatientItem *
fyr_patient_item_new (
    FyrPatient *patient, guint open_alerts, FyrAlertCategory worst, gint64 last_report, FyrOutboxState state);

/** fyr_event_item_new: takes over its arguments. Returns: (transfer full): an item */
FyrEventItem *
fyr_event_item_new (FyrAlertEvent *event, char *actor_name, FyrOutboxState state);

/** fyr_note_item_new: takes over its arguments. Returns: (transfer full): an item */
FyrNoteItem *
fyr_note_item_new (FyrNote *note, char *author_name, gboolean corrected, FyrOutboxState state);

G_END_DECLS
