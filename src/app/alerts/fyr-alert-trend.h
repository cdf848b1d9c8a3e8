/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-app-context.h"

G_BEGIN_DECLS

/**
 * FyrAlertTrend:
 *
 * The small trend beside an alert: the last 30 days of the measurement it is about, with the limits as
 * they were. It
 * fetches by itself, and is not shown for an alert about no measurement.
 */
#define FYR_TYPE_ALERT_TREND (fyr_alert_trend_get_type ())
G_DECLARE_FINAL_TYPE (FyrAlertTrend, fyr_alert_trend, FYR, ALERT_TREND, GtkWidget)

/** fyr_alert_trend_show: @alert: whose measurement; called again it fetches again, without a flicker */
void
fyr_alert_trend_show (FyrAlertTrend *self, FyrAppContext *context, FyrAlert *alert);

G_END_DECLS
