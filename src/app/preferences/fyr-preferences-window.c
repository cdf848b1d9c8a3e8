/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-preferences-window.h"

#include <glib/gi18n.h>

#include "fyr-format.h"

struct _FyrPreferencesWindow {
  AdwPreferencesWindow parent_instance;
  FyrSettings *settings;
  AdwComboRow *color_scheme;
  AdwComboRow *language;
  GtkWidget *alerts;
  GtkSwitch *sound;
  GtkSwitch *notifications;
  GtkSpinButton *lock_minutes;
};

G_DEFINE_FINAL_TYPE (FyrPreferencesWindow, fyr_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

/* In the order of the rows in the .ui. */
static const char *const languages[] = { "", "nb", "en" };

static void
on_language (FyrPreferencesWindow *self)
{
  guint selected = adw_combo_row_get_selected (self->language);

  if (selected >= G_N_ELEMENTS (languages) ||
      g_str_equal (languages[selected], fyr_settings_get_language (self->settings)))
    return;
  fyr_settings_set_language (self->settings, languages[selected]);
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self),
                                    adw_toast_new (_ ("The language changes when Fyrlykt is started again")));
}

static void
show_language (FyrPreferencesWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_str_equal (languages[i], fyr_settings_get_language (self->settings)))
      adw_combo_row_set_selected (self->language, i);
}

static void
fyr_preferences_window_dispose (GObject *object)
{
  g_clear_object (&FYR_PREFERENCES_WINDOW (object)->settings);
  G_OBJECT_CLASS (fyr_preferences_window_parent_class)->dispose (object);
}

static void
fyr_preferences_window_class_init (FyrPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_preferences_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/preferences/fyr-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrPreferencesWindow, color_scheme);
  gtk_widget_class_bind_template_child (widget_class, FyrPreferencesWindow, language);
  gtk_widget_class_bind_template_child (widget_class, FyrPreferencesWindow, sound);
  gtk_widget_class_bind_template_child (widget_class, FyrPreferencesWindow, alerts);
  gtk_widget_class_bind_template_child (widget_class, FyrPreferencesWindow, notifications);
  gtk_widget_class_bind_template_child (widget_class, FyrPreferencesWindow, lock_minutes);
}

static void
fyr_preferences_window_init (FyrPreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
fyr_preferences_window_new (GtkWindow *parent, FyrSettings *settings, gboolean alerts)
{
  FyrPreferencesWindow *self =
      g_object_new (FYR_TYPE_PREFERENCES_WINDOW, "transient-for", parent, "modal", TRUE, NULL);
  GBindingFlags flags = G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL;

  self->settings = g_object_ref (settings);
  gtk_widget_set_visible (self->alerts, alerts);
  g_object_bind_property (settings, "color-scheme", self->color_scheme, "selected", flags);
  g_object_bind_property (settings, "alert-sound", self->sound, "active", flags);
  g_object_bind_property (settings, "desktop-notifications", self->notifications, "active", flags);
  g_object_bind_property (settings, "lock-minutes", gtk_spin_button_get_adjustment (self->lock_minutes),
                          "value", flags);
  show_language (self);
  g_signal_connect_object (self->language, "notify::selected", G_CALLBACK (on_language), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
