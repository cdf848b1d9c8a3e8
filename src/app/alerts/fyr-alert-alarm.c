/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-alarm.h"

#include <glib/gi18n.h>

#include "fyr-badge.h"
#include "fyr-compat-sound.h"
#include "fyr-format.h"

#define REPEAT_SECONDS 20

/* Ten alerts within a breath are one sound. */
#define QUIET_MS (10 * 1000)

/* An alert raised so long before the first fetch ended is still news. */
#define FRESH_MS (60 * 1000)

/* More than these at once (a first sync, a night's reports) are told in one notification. */
#define MAX_SINGLE 3
#define COMMON_ID "alerts"

struct _FyrAlertAlarm {
  GObject parent_instance;
  GApplication *application;
  FyrAlertFeed *feed;
  FyrSettings *settings;
  GHashTable *told;   /* ids with a notification of their own */
  GHashTable *unseen; /* ids of red alerts that are sounded */
  guint n_common;     /* alerts in the common notification */
  guint repeat_source;
  gboolean ready;
  gint64 since;     /* alerts raised before are told by the list alone */
  gint64 played[2]; /* when last, monotonic ms: red ones, others */
  FyrAlarmSound sound;
  gpointer sound_data;
};

G_DEFINE_FINAL_TYPE (FyrAlertAlarm, fyr_alert_alarm, G_TYPE_OBJECT)

static void
play (FyrAlertAlarm *self, gboolean red)
{
  gint64 now = g_get_monotonic_time () / 1000;
  gint64 *last = &self->played[red ? 0 : 1];

  if (!fyr_settings_get_alert_sound (self->settings))
    return;
  if (fyr_settings_get_silent_until (self->settings) > fyr_now ())
    return;
  if (*last > 0 && now - *last < QUIET_MS)
    return;
  *last = now;
  self->sound (red ? "alarm-clock-elapsed" : "message-new-instant", self->sound_data);
}

static gboolean
on_repeat (gpointer data)
{
  FyrAlertAlarm *self = data;

  if (g_hash_table_size (self->unseen) == 0) {
    self->repeat_source = 0;
    return G_SOURCE_REMOVE;
  }
  play (self, TRUE);
  return G_SOURCE_CONTINUE;
}

static void
notify_single (FyrAlertAlarm *self, FyrAlertItem *item)
{
  FyrAlertCategory category = fyr_alert_get_category (fyr_alert_item_get_alert (item));
  g_autoptr (GNotification) notification = g_notification_new (fyr_category_get_word (category));
  const char *id = fyr_alert_item_get_id (item);

  g_notification_set_body (notification, _ ("A new alert waits in Fyrlykt."));
  g_notification_set_priority (notification, category == FYR_ALERT_CATEGORY_RED
                                                 ? G_NOTIFICATION_PRIORITY_URGENT
                                                 : G_NOTIFICATION_PRIORITY_NORMAL);
  g_notification_set_default_action_and_target (notification, "app.show-alert", "s", id);
  g_application_send_notification (self->application, id, notification);
  g_hash_table_add (self->told, g_strdup (id));
}

static void
notify_common (FyrAlertAlarm *self)
{
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *title = NULL;

  self->n_common++;
  title = g_strdup_printf (ngettext ("%d new alert", "%d new alerts", self->n_common), (int)self->n_common);
  notification = g_notification_new (title);
  g_notification_set_body (notification, _ ("They wait in Fyrlykt."));
  g_notification_set_default_action (notification, "app.activate");
  g_application_send_notification (self->application, COMMON_ID, notification);
}

static void
on_arrived (FyrAlertAlarm *self, FyrAlertItem *item)
{
  gboolean red = fyr_alert_get_category (fyr_alert_item_get_alert (item)) == FYR_ALERT_CATEGORY_RED;

  if (!self->ready || fyr_alert_get_raised_time (fyr_alert_item_get_alert (item)) < self->since)
    return;
  if (fyr_settings_get_desktop_notifications (self->settings)) {
    if (red || g_hash_table_size (self->told) < MAX_SINGLE)
      notify_single (self, item);
    else
      notify_common (self);
  }
  if (!red) {
    play (self, FALSE);
    return;
  }
  g_hash_table_add (self->unseen, g_strdup (fyr_alert_item_get_id (item)));
  play (self, TRUE);
  if (self->repeat_source == 0)
    self->repeat_source = g_timeout_add_seconds (REPEAT_SECONDS, on_repeat, self);
}

static void
on_handled (FyrAlertAlarm *self, const char *id)
{
  g_hash_table_remove (self->unseen, id);
  if (g_hash_table_remove (self->told, id))
    g_application_withdraw_notification (self->application, id);
}

void
fyr_alert_alarm_wait (FyrAlertAlarm *self)
{
  g_return_if_fail (FYR_IS_ALERT_ALARM (self));
  if (self->since == 0)
    self->ready = FALSE;
}

void
fyr_alert_alarm_begin (FyrAlertAlarm *self, gint64 now)
{
  g_return_if_fail (FYR_IS_ALERT_ALARM (self));
  if (self->since == 0)
    self->since = now - FRESH_MS;
  self->ready = TRUE;
}

void
fyr_alert_alarm_see (FyrAlertAlarm *self)
{
  g_return_if_fail (FYR_IS_ALERT_ALARM (self));
  g_hash_table_remove_all (self->unseen);
  if (self->n_common > 0)
    g_application_withdraw_notification (self->application, COMMON_ID);
  self->n_common = 0;
}

guint
fyr_alert_alarm_get_n_unseen (FyrAlertAlarm *self)
{
  return g_hash_table_size (self->unseen);
}

void
fyr_alert_alarm_set_sound (FyrAlertAlarm *self, FyrAlarmSound sound, gpointer user_data)
{
  self->sound = sound;
  self->sound_data = user_data;
}

static void
play_on_machine (const char *event, gpointer unused)
{
  fyr_compat_sound_play (event);
}

static void
fyr_alert_alarm_dispose (GObject *object)
{
  FyrAlertAlarm *self = FYR_ALERT_ALARM (object);
  GHashTableIter iter;
  gpointer id;

  g_clear_handle_id (&self->repeat_source, g_source_remove);
  if (self->application && g_application_get_is_registered (self->application)) {
    g_hash_table_iter_init (&iter, self->told);
    while (g_hash_table_iter_next (&iter, &id, NULL))
      g_application_withdraw_notification (self->application, id);
    if (self->n_common > 0)
      g_application_withdraw_notification (self->application, COMMON_ID);
  }
  g_hash_table_remove_all (self->told);
  g_clear_object (&self->application);
  g_clear_object (&self->feed);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (fyr_alert_alarm_parent_class)->dispose (object);
}

static void
fyr_alert_alarm_finalize (GObject *object)
{
  g_hash_table_unref (FYR_ALERT_ALARM (object)->told);
  g_hash_table_unref (FYR_ALERT_ALARM (object)->unseen);
  G_OBJECT_CLASS (fyr_alert_alarm_parent_class)->finalize (object);
}

static void
fyr_alert_alarm_class_init (FyrAlertAlarmClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fyr_alert_alarm_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_alert_alarm_finalize;
}

static void
fyr_alert_alarm_init (FyrAlertAlarm *self)
{
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->unseen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->sound = play_on_machine;
  self->ready = TRUE;
}

FyrAlertAlarm *
fyr_alert_alarm_new (GApplication *application, FyrAlertFeed *feed, FyrSettings *settings)
{
  FyrAlertAlarm *self = g_object_new (FYR_TYPE_ALERT_ALARM, NULL);

  self->application = g_object_ref (application);
  self->feed = g_object_ref (feed);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (feed, "arrived", G_CALLBACK (on_arrived), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "handled", G_CALLBACK (on_handled), self, G_CONNECT_SWAPPED);
  return self;
}
