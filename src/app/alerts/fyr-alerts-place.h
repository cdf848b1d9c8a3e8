/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-alert-feed.h"
#include "fyr-place.h"

G_BEGIN_DECLS

/**
 * FyrAlertsPlace:
 *
 * The centre's alerts: one list, worst and most overdue first, and beside it everything about the chosen one.
 * Keys: J and K or the arrows choose, T takes, N notes, C closes, F6 goes between list and detail.
 */
#define FYR_TYPE_ALERTS_PLACE (fyr_alerts_place_get_type ())
G_DECLARE_FINAL_TYPE (FyrAlertsPlace, fyr_alerts_place, FYR, ALERTS_PLACE, GtkWidget)

/** fyr_alerts_place_new: @context: kept */
GtkWidget *
fyr_alerts_place_new (FyrAppContext *context);

/** fyr_alerts_place_get_feed: (transfer none): for who tells of new alerts outside the window. */
FyrAlertFeed *
fyr_alerts_place_get_feed (FyrAlertsPlace *self);

G_END_DECLS
