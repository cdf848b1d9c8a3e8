/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-settings.h"

#include "fyr-config.h"

/* Each value is held here too: so properties answer at once, and work where no schema is installed. */
struct _FyrSettings {
  GObject parent_instance;
  GSettings *settings; /* (nullable) */
  GValue values[16];
};

enum {
  PROP_0,
  PROP_COLOR_SCHEME,
  PROP_ALERT_SOUND,
  PROP_DESKTOP_NOTIFICATIONS,
  PROP_LANGUAGE,
  PROP_LOCK_MINUTES,
  PROP_SILENT_UNTIL,
  PROP_LIST_SORT,
  PROP_LIST_FILTER,
  PROP_SERVER_URL,
  PROP_LAST_USER,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FyrSettings, fyr_settings, G_TYPE_OBJECT)

static void
fyr_settings_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  FyrSettings *self = FYR_SETTINGS (object);

  if (prop_id == PROP_0 || prop_id >= N_PROPS)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  else
    g_value_copy (&self->values[prop_id], value);
}

static void
fyr_settings_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  FyrSettings *self = FYR_SETTINGS (object);

  if (prop_id == PROP_0 || prop_id >= N_PROPS) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    return;
  }
  if (g_param_values_cmp (pspec, &self->values[prop_id], value) == 0)
    return;
  g_value_copy (value, &self->values[prop_id]);
  g_object_notify_by_pspec (object, pspec);
}

static gboolean
scheme_from_settings (GValue *value, GVariant *variant, gpointer unused)
{
  const char *nick = g_variant_get_string (variant, NULL);

  g_value_set_int (value, g_str_equal (nick, "light")  ? FYR_COLOR_SCHEME_LIGHT
                          : g_str_equal (nick, "dark") ? FYR_COLOR_SCHEME_DARK
                                                       : FYR_COLOR_SCHEME_SYSTEM);
  return TRUE;
}

static GVariant *
scheme_to_settings (const GValue *value, const GVariantType *type, gpointer unused)
{
  static const char *const nicks[] = { "system", "light", "dark" };

  return g_variant_new_string (nicks[CLAMP (g_value_get_int (value), 0, 2)]);
}

static void
fyr_settings_constructed (GObject *object)
{
  FyrSettings *self = FYR_SETTINGS (object);
  g_autoptr (GSettingsSchema) schema = NULL;

  G_OBJECT_CLASS (fyr_settings_parent_class)->constructed (object);
  if (g_settings_schema_source_get_default ())
    schema =
        g_settings_schema_source_lookup (g_settings_schema_source_get_default (), FYR_APPLICATION_ID, TRUE);
  if (!schema)
    return;
  self->settings = g_settings_new_full (schema, NULL, NULL);
  for (guint i = 1; i < N_PROPS; i++) {
    const char *key = properties[i]->name;

    if (i == PROP_COLOR_SCHEME)
      g_settings_bind_with_mapping (self->settings, key, self, key, G_SETTINGS_BIND_DEFAULT,
                                    scheme_from_settings, scheme_to_settings, NULL, NULL);
    else
      g_settings_bind (self->settings, key, self, key, G_SETTINGS_BIND_DEFAULT);
  }
}

static void
fyr_settings_finalize (GObject *object)
{
  FyrSettings *self = FYR_SETTINGS (object);

  for (guint i = 1; i < N_PROPS; i++)
    g_value_unset (&self->values[i]);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (fyr_settings_parent_class)->finalize (object);
}

static void
fyr_settings_class_init (FyrSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->constructed = fyr_settings_constructed;
  object_class->finalize = fyr_settings_finalize;
  object_class->get_property = fyr_settings_get_property;
  object_class->set_property = fyr_settings_set_property;
  properties[PROP_COLOR_SCHEME] = g_param_spec_int ("color-scheme", NULL, NULL, 0, 2, 0, flags);
  properties[PROP_ALERT_SOUND] = g_param_spec_boolean ("alert-sound", NULL, NULL, TRUE, flags);
  properties[PROP_DESKTOP_NOTIFICATIONS] =
      g_param_spec_boolean ("desktop-notifications", NULL, NULL, TRUE, flags);
  properties[PROP_LANGUAGE] = g_param_spec_string ("language", NULL, NULL, "", flags);
  properties[PROP_LOCK_MINUTES] = g_param_spec_int ("lock-minutes", NULL, NULL, 1, 120, 15, flags);
  properties[PROP_SILENT_UNTIL] = g_param_spec_int64 ("silent-until", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_LIST_SORT] = g_param_spec_uint ("list-sort", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_LIST_FILTER] = g_param_spec_uint ("list-filter", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SERVER_URL] = g_param_spec_string ("server-url", NULL, NULL, "", flags);
  properties[PROP_LAST_USER] = g_param_spec_string ("last-user", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
fyr_settings_init (FyrSettings *self)
{
  for (guint i = 1; i < N_PROPS; i++) {
    g_value_init (&self->values[i], properties[i]->value_type);
    g_param_value_set_default (properties[i], &self->values[i]);
  }
}

FyrSettings *
fyr_settings_new (void)
{
  return g_object_new (FYR_TYPE_SETTINGS, NULL);
}

void
fyr_settings_get_window (FyrSettings *self, int *width, int *height, gboolean *maximized)
{
  *width = self->settings ? g_settings_get_int (self->settings, "window-width") : 1180;
  *height = self->settings ? g_settings_get_int (self->settings, "window-height") : 760;
  *maximized = self->settings && g_settings_get_boolean (self->settings, "window-maximized");
}

void
fyr_settings_set_window (FyrSettings *self, int width, int height, gboolean maximized)
{
  if (!self->settings)
    return;
  g_settings_set_boolean (self->settings, "window-maximized", maximized);
  if (maximized || width < 360 || height < 320 || width > 16384 || height > 16384)
    return;
  g_settings_set_int (self->settings, "window-width", width);
  g_settings_set_int (self->settings, "window-height", height);
}

FyrColorScheme
fyr_settings_get_color_scheme (FyrSettings *self)
{
  return g_value_get_int (&self->values[PROP_COLOR_SCHEME]);
}

void
fyr_settings_set_color_scheme (FyrSettings *self, FyrColorScheme scheme)
{
  g_object_set (self, "color-scheme", (int)scheme, NULL);
}

gboolean
fyr_settings_get_alert_sound (FyrSettings *self)
{
  return g_value_get_boolean (&self->values[PROP_ALERT_SOUND]);
}

void
fyr_settings_set_alert_sound (FyrSettings *self, gboolean sound)
{
  g_object_set (self, "alert-sound", sound, NULL);
}

gint64
fyr_settings_get_silent_until (FyrSettings *self)
{
  return g_value_get_int64 (&self->values[PROP_SILENT_UNTIL]);
}

void
fyr_settings_set_silent_until (FyrSettings *self, gint64 time)
{
  g_object_set (self, "silent-until", MAX (time, 0), NULL);
}

gboolean
fyr_settings_get_desktop_notifications (FyrSettings *self)
{
  return g_value_get_boolean (&self->values[PROP_DESKTOP_NOTIFICATIONS]);
}

void
fyr_settings_set_desktop_notifications (FyrSettings *self, gboolean notifications)
{
  g_object_set (self, "desktop-notifications", notifications, NULL);
}

int
fyr_settings_get_lock_minutes (FyrSettings *self)
{
  return g_value_get_int (&self->values[PROP_LOCK_MINUTES]);
}

void
fyr_settings_set_lock_minutes (FyrSettings *self, int minutes)
{
  g_object_set (self, "lock-minutes", CLAMP (minutes, 1, 120), NULL);
}

const char *
fyr_settings_get_language (FyrSettings *self)
{
  return g_value_get_string (&self->values[PROP_LANGUAGE]);
}

void
fyr_settings_set_language (FyrSettings *self, const char *language)
{
  g_object_set (self, "language", language ? language : "", NULL);
}

const char *
fyr_settings_get_server_url (FyrSettings *self)
{
  return g_value_get_string (&self->values[PROP_SERVER_URL]);
}

void
fyr_settings_set_server_url (FyrSettings *self, const char *url)
{
  g_object_set (self, "server-url", url ? url : "", NULL);
}

const char *
fyr_settings_get_last_user (FyrSettings *self)
{
  return g_value_get_string (&self->values[PROP_LAST_USER]);
}

void
fyr_settings_set_last_user (FyrSettings *self, const char *user_name)
{
  g_object_set (self, "last-user", user_name ? user_name : "", NULL);
}
