/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-alert-entry.h"
#include "fyr-app-context.h"
#include "fyr-mutation.h"

G_BEGIN_DECLS

/**
 * FyrAlertPane:
 *
 * Everything about the chosen alert: what was reported against which limit, the trend, the telephone, who
 * the patient
 * is, what was done, the patient's other alerts; and the forms for a note and for closing.
 *
 * Actions, also for keys elsewhere: `alert.take`, `alert.note`, `alert.close`, `alert.release`,
 * `alert.reopen`,
 * `alert.copy-journal`, `alert.copy-telephone`, `alert.call`, `alert.open-patient`.
 * Signal `closed`: the person has closed the alert; the next may be chosen.
 */
#define FYR_TYPE_ALERT_PANE (fyr_alert_pane_get_type ())
G_DECLARE_FINAL_TYPE (FyrAlertPane, fyr_alert_pane, FYR, ALERT_PANE, GtkWidget)

/** fyr_alert_pane_new: @context: kept */
GtkWidget *
fyr_alert_pane_new (FyrAppContext *context);

/** fyr_alert_pane_set_entry: @entry: (nullable): %NULL shows the words for "choose an alert" */
void
fyr_alert_pane_set_entry (FyrAlertPane *self, FyrAlertEntry *entry);

/** fyr_alert_pane_get_entry: (transfer none) (nullable): what is shown. */
FyrAlertEntry *
fyr_alert_pane_get_entry (FyrAlertPane *self);

/** fyr_alert_pane_is_writing: whether a form is open with words in it. */
gboolean
fyr_alert_pane_is_writing (FyrAlertPane *self);

G_END_DECLS
