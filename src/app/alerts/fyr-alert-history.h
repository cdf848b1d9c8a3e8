/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-store-query.h"

G_BEGIN_DECLS

/**
 * fyr_alert_history_fill:
 * @box: a vertical box, filled by nobody else
 * @detail: of the alert
 *
 * What was done with the alert, newest first: action, by whom, when, the measure and the words, and whether it is
 * delivered. Filled again, rows that say the same as before are the same widgets.
 */
void
fyr_alert_history_fill (GtkBox *box, FyrAlertDetail *detail);

/**
 * fyr_alert_others_fill:
 * @list: filled by nobody else; a row each, activated with `win.show-alert`
 * @items: (element-type FyrAlertItem): other alerts of the patient
 *
 * As fyr_alert_history_fill(): rows that say the same stay.
 */
void
fyr_alert_others_fill (GtkListBox *list, GPtrArray *items);

G_END_DECLS
