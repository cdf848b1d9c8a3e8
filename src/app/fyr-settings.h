/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** FyrColorScheme: the numbers of the settings schema's enumeration. */
typedef enum {
  FYR_COLOR_SCHEME_SYSTEM,
  FYR_COLOR_SCHEME_LIGHT,
  FYR_COLOR_SCHEME_DARK,
} FyrColorScheme;

/**
 * FyrSettings:
 *
 * Window state and preferences of one person on one machine; never anything about a patient. The one place
 * that knows the keys.
 *
 * Properties, all kept at once: `color-scheme` (int), `alert-sound` (bool), `desktop-notifications` (bool),
 * `language` (string), `lock-minutes` (int), `silent-until` (int64), `list-sort` and `list-filter` (uint: what is
 * chosen above the list of persons), `server-url` (string), `last-user` (string).
 */
#define FYR_TYPE_SETTINGS (fyr_settings_get_type ())
G_DECLARE_FINAL_TYPE (FyrSettings, fyr_settings, FYR, SETTINGS, GObject)

/**
 * fyr_settings_new: (transfer full): the settings of this person; without an installed schema, defaults
 * kept in memory.
 */
FyrSettings *
fyr_settings_new (void);

/** fyr_settings_get_window: width and height in pixels of the window when it is not maximised. */
void
fyr_settings_get_window (FyrSettings *self, int *width, int *height, gboolean *maximized);

/** fyr_settings_set_window: see fyr_settings_get_window(); values out of bounds are left out. */
void
fyr_settings_set_window (FyrSettings *self, int width, int height, gboolean maximized);

/** fyr_settings_get_color_scheme: light, dark or as the system says. */
FyrColorScheme
fyr_settings_get_color_scheme (FyrSettings *self);
/** fyr_settings_set_color_scheme: see fyr_settings_get_color_scheme(). */
void
fyr_settings_set_color_scheme (FyrSettings *self, FyrColorScheme scheme);

/** fyr_settings_get_alert_sound: whether a red alert is heard. */
gboolean
fyr_settings_get_alert_sound (FyrSettings *self);
/** fyr_settings_set_alert_sound: see fyr_settings_get_alert_sound(). */
void
fyr_settings_set_alert_sound (FyrSettings *self, gboolean sound);

/** fyr_settings_get_silent_until: no sound before this instant (ms since the epoch); 0 when sounds are on. */
gint64
fyr_settings_get_silent_until (FyrSettings *self);
/** fyr_settings_set_silent_until: see fyr_settings_get_silent_until(). */
void
fyr_settings_set_silent_until (FyrSettings *self, gint64 time);

/** fyr_settings_get_desktop_notifications: whether the desktop is told of new alerts. */
gboolean
fyr_settings_get_desktop_notifications (FyrSettings *self);
/** fyr_settings_set_desktop_notifications: see fyr_settings_get_desktop_notifications(). */
void
fyr_settings_set_desktop_notifications (FyrSettings *self, gboolean notifications);

/** fyr_settings_get_lock_minutes: minutes without use until the screen is locked, 1 to 120. */
int
fyr_settings_get_lock_minutes (FyrSettings *self);
/** fyr_settings_set_lock_minutes: see fyr_settings_get_lock_minutes(); clamped. */
void
fyr_settings_set_lock_minutes (FyrSettings *self, int minutes);

/** fyr_settings_get_language: (transfer none): a locale such as "nb"; "" for the system's. */
const char *
fyr_settings_get_language (FyrSettings *self);
/** fyr_settings_set_language: see fyr_settings_get_language(); takes effect at the next start. */
void
fyr_settings_set_language (FyrSettings *self, const char *language);

/** fyr_settings_get_server_url: (transfer none): address of the centre's server; "" when not known. */
const char *
fyr_settings_get_server_url (FyrSettings *self);
/** fyr_settings_set_server_url: see fyr_settings_get_server_url(). */
void
fyr_settings_set_server_url (FyrSettings *self, const char *url);

/** fyr_settings_get_last_user: (transfer none): user name of the last sign-in here; "" for none. */
const char *
fyr_settings_get_last_user (FyrSettings *self);
/** fyr_settings_set_last_user: see fyr_settings_get_last_user(). */
void
fyr_settings_set_last_user (FyrSettings *self, const char *user_name);

G_END_DECLS
