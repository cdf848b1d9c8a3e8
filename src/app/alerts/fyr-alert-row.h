/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-alert-entry.h"

G_BEGIN_DECLS

/**
 * FyrAlertRow:
 *
 * A line of the alert list: colour, patient, what was reported against which limit, deadline counting
 * down, who
 * has it. Follows its entry's `item` and `gone`.
 *
 * Accessibility: the list item the row is in is named by all of it in one sentence.
 */
#define FYR_TYPE_ALERT_ROW (fyr_alert_row_get_type ())
G_DECLARE_FINAL_TYPE (FyrAlertRow, fyr_alert_row, FYR, ALERT_ROW, GtkWidget)

/** fyr_alert_row_new: @user_id: who reads */
GtkWidget *
fyr_alert_row_new (const char *user_id);

/** fyr_alert_row_set_entry: @entry: (nullable): %NULL when the row is put aside */
void
fyr_alert_row_set_entry (FyrAlertRow *self, FyrAlertEntry *entry);

G_END_DECLS
