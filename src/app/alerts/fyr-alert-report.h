/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-app-context.h"
#include "fyr-store-query.h"

G_BEGIN_DECLS

/**
 * FyrAlertReport:
 *
 * What an alert is about: what was reported against which limit and when, the trend, what was done with
 * it, and the
 * patient's other alerts.
 */
#define FYR_TYPE_ALERT_REPORT (fyr_alert_report_get_type ())
G_DECLARE_FINAL_TYPE (FyrAlertReport, fyr_alert_report, FYR, ALERT_REPORT, GtkWidget)

/** fyr_alert_report_show_item: what the list knows already; the rest follows with the detail. */
void
fyr_alert_report_show_item (FyrAlertReport *self, FyrAlertItem *item);

/** fyr_alert_report_show_detail: everything; @detail is not kept. */
void
fyr_alert_report_show_detail (FyrAlertReport *self, FyrAppContext *context, FyrAlertDetail *detail);

G_END_DECLS
