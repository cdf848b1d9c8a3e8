/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-store-query.h"

G_BEGIN_DECLS

/**
 * fyr_alert_history_fill:
 * @box: a vertical box; what is in it is replaced
 * @detail: of the alert
 *
 * What was done with the alert, newest first: action, by whom, when, the measure and the words, and
 * whether it is
 * delivered.
 */
void
fyr_alert_history_fill (GtkBox *box, FyrAlertDetail *detail);

/**
 * fyr_alert_others_fill:
 * @list: what is in it is replaced by a row each, activated with `win.show-alert`
 * @items: (element-type FyrAlertItem): other alerts of the patient
 */
void
fyr_alert_others_fill (GtkListBox *list, GPtrArray *items);

G_END_DECLS
