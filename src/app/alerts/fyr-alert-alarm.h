/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "fyr-alert-feed.h"

G_BEGIN_DECLS

/**
 * FyrAlertAlarm:
 *
 * Tells of new alerts outside the window: a notification on the desktop, without a name, withdrawn when
 * somebody
 * handles the alert; and a sound, at most one in ten seconds, which for a red one is repeated until it is seen.
 *
 * A red alert never lives only here: it stands in the list whatever becomes of notification and sound.
 */
#define FYR_TYPE_ALERT_ALARM (fyr_alert_alarm_get_type ())
G_DECLARE_FINAL_TYPE (FyrAlertAlarm, fyr_alert_alarm, FYR, ALERT_ALARM, GObject)

/** FyrAlarmSound: @event: name in the freedesktop sound naming specification */
typedef void (*FyrAlarmSound) (const char *event, gpointer user_data);

/**
 * fyr_alert_alarm_new:
 * @application: where notifications are sent from; its `app.show-alert` opens one
 * @feed: whose alerts
 */
FyrAlertAlarm *
fyr_alert_alarm_new (GApplication *application, FyrAlertFeed *feed, FyrSettings *settings);

/** fyr_alert_alarm_set_sound: what plays instead of the machine's sounds; for tests. */
void
fyr_alert_alarm_set_sound (FyrAlertAlarm *self, FyrAlarmSound sound, gpointer user_data);

/** fyr_alert_alarm_wait: what was missed is being fetched: the list shows it, and nothing is told one by one. */
void
fyr_alert_alarm_wait (FyrAlertAlarm *self);

/**
 * fyr_alert_alarm_begin:
 * @now: by the server's clock, ms since the epoch
 *
 * The first fetch since sign-in has ended: what is raised from now on is told, also what is raised during an outage and
 * comes after it. What was raised before stays the list's alone. The first call counts.
 */
void
fyr_alert_alarm_begin (FyrAlertAlarm *self, gint64 now);

/** fyr_alert_alarm_see: somebody is at the window: no red alert that has come so far is sounded any more. */
void
fyr_alert_alarm_see (FyrAlertAlarm *self);

/** fyr_alert_alarm_get_n_unseen: red alerts that are still sounded. */
guint
fyr_alert_alarm_get_n_unseen (FyrAlertAlarm *self);

G_END_DECLS
