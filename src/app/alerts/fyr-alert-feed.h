/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-alert-list.h"
#include "fyr-app-context.h"

G_BEGIN_DECLS

/**
 * FyrAlertFeed:
 *
 * Asks the local database for the centre's alerts and asks again when it tells of a change; at most one
 * question is under way, so a burst of changes costs one more answer, not one each.
 *
 * Properties, read-only: `loaded` (bool: a first answer came), `n-open` (uint: not closed), `n-red` (uint:
 * red and
 * not closed), `failed` (bool: the database gave no answer).
 * Signal `arrived (FyrAlertItem *item)`: an alert that was not there at the answer before; none for the first
 * answer. Signal `handled (const char *id)`: an alert that was open is taken, closed or gone.
 */
#define FYR_TYPE_ALERT_FEED (fyr_alert_feed_get_type ())
G_DECLARE_FINAL_TYPE (FyrAlertFeed, fyr_alert_feed, FYR, ALERT_FEED, GObject)

/**
 * fyr_alert_feed_new: (transfer full): begins to ask at once if the database is open, else at
 * fyr_alert_feed_refresh().
 */
FyrAlertFeed *
fyr_alert_feed_new (FyrAppContext *context);

/** fyr_alert_feed_get_list: (transfer none): what is shown. */
FyrAlertList *
fyr_alert_feed_get_list (FyrAlertFeed *self);

/** fyr_alert_feed_set_with_closed: whether alerts closed today are in the list too, after the others. */
void
fyr_alert_feed_set_with_closed (FyrAlertFeed *self, gboolean with_closed);

/** fyr_alert_feed_get_with_closed: see fyr_alert_feed_set_with_closed(). */
gboolean
fyr_alert_feed_get_with_closed (FyrAlertFeed *self);

/** fyr_alert_feed_refresh: asks again. */
void
fyr_alert_feed_refresh (FyrAlertFeed *self);

/** fyr_alert_feed_get_loaded: whether a first answer came. */
gboolean
fyr_alert_feed_get_loaded (FyrAlertFeed *self);

/** fyr_alert_feed_get_failed: whether the last question got no answer. */
gboolean
fyr_alert_feed_get_failed (FyrAlertFeed *self);

/** fyr_alert_feed_get_n_open: alerts that are not closed. */
guint
fyr_alert_feed_get_n_open (FyrAlertFeed *self);

/** fyr_alert_feed_get_n_red: red alerts that are not closed. */
guint
fyr_alert_feed_get_n_red (FyrAlertFeed *self);

G_END_DECLS
