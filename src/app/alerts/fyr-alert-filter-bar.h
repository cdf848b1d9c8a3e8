/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FyrAlertFilterBar:
 *
 * Which alerts are listed: by colour, mine, closed today. Signal `changed`.
 */
#define FYR_TYPE_ALERT_FILTER_BAR (fyr_alert_filter_bar_get_type ())
G_DECLARE_FINAL_TYPE (FyrAlertFilterBar, fyr_alert_filter_bar, FYR, ALERT_FILTER_BAR, GtkWidget)

/** fyr_alert_filter_bar_get_categories: mask of `1 << FyrAlertCategory`; 0 for all. */
guint
fyr_alert_filter_bar_get_categories (FyrAlertFilterBar *self);

/** fyr_alert_filter_bar_get_mine: only those the person has taken. */
gboolean
fyr_alert_filter_bar_get_mine (FyrAlertFilterBar *self);

/** fyr_alert_filter_bar_get_closed: those closed today too. */
gboolean
fyr_alert_filter_bar_get_closed (FyrAlertFilterBar *self);

/** fyr_alert_filter_bar_clear: all open ones, of every colour and everybody. */
void
fyr_alert_filter_bar_clear (FyrAlertFilterBar *self);

G_END_DECLS
