/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-application.h"

#include <glib/gi18n.h>
#include <locale.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "fyr-alert-alarm.h"
#include "fyr-alerts-place.h"
#include "fyr-app-resources.h"
#include "fyr-compat-about.h"
#include "fyr-compat-texts.h"
#include "fyr-config.h"
#include "fyr-format.h"
#include "fyr-help-window.h"
#include "fyr-place.h"
#include "fyr-preferences-window.h"
#include "fyr-trace.h"
#include "fyr-window.h"

#define SILENCE_MS (30 * 60 * 1000)

/* Until a request is on its way. */
#define HEAD_START_MS 12

struct _FyrApplication {
  AdwApplication parent_instance;
  FyrSettings *settings;
  FyrAppContext *context;
  FyrBackend *backend;
  FyrWindow *window;
  FyrAlertAlarm *alarm;
  char *server_url;
  char *data_dir;
  char *user_name;
  char *password; /* from the environment, until it is used */
  guint window_source;
  gboolean version;
};

G_DEFINE_FINAL_TYPE (FyrApplication, fyr_application, ADW_TYPE_APPLICATION)

void
fyr_app_register_resources (void)
{
  g_resources_register (fyr_app_get_resource ());
}

static GtkStyleProvider *
load_css (const char *path)
{
  GtkCssProvider *provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, path);
  return GTK_STYLE_PROVIDER (provider);
}

/* High contrast brings its own secondary texts. */
static void
follow_contrast (AdwStyleManager *manager, GParamSpec *pspec, GtkStyleProvider *plain)
{
  GdkDisplay *display = adw_style_manager_get_display (manager);

  if (adw_style_manager_get_high_contrast (manager))
    gtk_style_context_remove_provider_for_display (display, plain);
  else
    gtk_style_context_add_provider_for_display (display, plain, GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

void
fyr_app_load_style (GdkDisplay *display)
{
  g_autoptr (GtkStyleProvider) provider = load_css ("/no/fyrlykt/Fyrlykt/fyrlykt.css");
  g_autoptr (GtkStyleProvider) plain = load_css ("/no/fyrlykt/Fyrlykt/fyrlykt-plain.css");
  AdwStyleManager *manager = adw_style_manager_get_for_display (display);

  gtk_style_context_add_provider_for_display (display, provider, GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  follow_contrast (manager, NULL, plain);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (follow_contrast), plain, 0);
  g_object_set_data_full (G_OBJECT (manager), "fyr-plain-style", g_steal_pointer (&plain), g_object_unref);
}

/* gettext follows LANGUAGE only when the locale is another than C. */
void
fyr_app_apply_language (const char *language)
{
  const char *folder = g_getenv ("FYRLYKT_LOCALEDIR");

  if (language && *language)
    g_setenv ("LANGUAGE", language, TRUE);
  setlocale (LC_ALL, "");
  if (g_str_equal (setlocale (LC_MESSAGES, NULL), "C"))
    setlocale (LC_MESSAGES, "C.UTF-8");
  bindtextdomain (GETTEXT_PACKAGE, folder ? folder : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static void
apply_color_scheme (FyrApplication *self)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT,
                                            ADW_COLOR_SCHEME_FORCE_DARK };

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[fyr_settings_get_color_scheme (self->settings)]);
}

static gboolean
on_event (GtkEventController *controller, GdkEvent *event, FyrApplication *self)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (self->alarm && (type == GDK_KEY_PRESS || type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN))
    fyr_alert_alarm_see (self->alarm);
  return GDK_EVENT_PROPAGATE;
}

static void
on_complete (FyrApplication *self)
{
  FyrSyncEngine *engine = fyr_app_context_get_engine (self->context);

  gboolean complete = engine && fyr_sync_engine_is_complete (engine);

  if (self->alarm && complete)
    fyr_alert_alarm_begin (self->alarm, fyr_now () + fyr_sync_engine_get_clock_offset (engine));
  else if (self->alarm)
    fyr_alert_alarm_wait (self->alarm);
  if (complete)
    fyr_trace_reached ("fetched", "all", "");
#ifdef __GLIBC__
  /* A first fetch takes much memory for a moment: it goes back to the machine. */
  if (complete)
    malloc_trim (0);
#endif
}

/* Whoever has the alerts is told of new ones, whatever place is shown. */
static void
on_session_changed (FyrApplication *self)
{
  FyrPlace *alerts = fyr_window_get_place (self->window, "alerts");

  g_clear_object (&self->alarm);
  if (FYR_IS_ALERTS_PLACE (alerts))
    self->alarm = fyr_alert_alarm_new (G_APPLICATION (self),
                                       fyr_alerts_place_get_feed (FYR_ALERTS_PLACE (alerts)), self->settings);
  on_complete (self);
}

static void
on_engine_changed (FyrApplication *self)
{
  FyrSyncEngine *engine = fyr_app_context_get_engine (self->context);

  if (engine)
    g_signal_connect_object (engine, "notify::complete", G_CALLBACK (on_complete), self, G_CONNECT_SWAPPED);
}

static char *
take_password (void)
{
  char *password = g_strdup (g_getenv ("FYRLYKT_PASSWORD"));

  g_unsetenv ("FYRLYKT_PASSWORD");
  return password;
}

static void
make_window (FyrApplication *self)
{
  GtkEventController *controller = gtk_event_controller_legacy_new ();

  self->window = fyr_window_new (GTK_APPLICATION (self), self->context, self->backend);
  g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *)&self->window);
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "event", G_CALLBACK (on_event), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->window), controller);
  g_signal_connect_object (self->context, "session-changed", G_CALLBACK (on_session_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->backend, "engine-changed", G_CALLBACK (on_engine_changed), self,
                           G_CONNECT_SWAPPED);
  on_engine_changed (self);
  fyr_window_fill_sign_in (self->window, self->server_url, self->user_name, self->password);
  g_clear_pointer (&self->password, g_free);
}

static gboolean
show_window (gpointer data)
{
  FyrApplication *self = data;

  self->window_source = 0;
  if (!self->window)
    make_window (self);
  gtk_window_present (GTK_WINDOW (self->window));
  g_application_release (G_APPLICATION (self));
  return G_SOURCE_REMOVE;
}

/* With user and password given the question goes to the server before the window is made: one checks the password
 * while the other paints. */
static void
fyr_application_activate (GApplication *application)
{
  FyrApplication *self = FYR_APPLICATION (application);

  if (self->window_source)
    return;
  g_application_hold (application);
  if (!self->window && self->password && self->server_url && self->user_name) {
    fyr_backend_sign_in_early (self->backend, self->server_url, self->user_name, self->password);
    self->window_source = g_timeout_add (HEAD_START_MS, show_window, self);
  } else {
    show_window (self);
  }
}

static void
activate_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_application_activate (G_APPLICATION (data));
}

static void
show_alert_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FyrApplication *self = data;

  g_application_activate (G_APPLICATION (self));
  if (self->window)
    gtk_widget_activate_action (GTK_WIDGET (self->window), "win.show-alert", "s",
                                g_variant_get_string (parameter, NULL));
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FyrApplication *self = data;

  if (self->window)
    gtk_window_close (GTK_WINDOW (self->window));
  else
    g_application_quit (G_APPLICATION (self));
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FyrApplication *self = data;
  FyrRole role = fyr_app_context_get_role (self->context);
  gboolean alerts = role == FYR_ROLE_UNSET || fyr_places_lookup ("alerts", role) != NULL;

  gtk_window_present (
      GTK_WINDOW (fyr_preferences_window_new (GTK_WINDOW (self->window), self->settings, alerts)));
}

static void
shortcuts_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FyrApplication *self = data;
  g_autoptr (GtkBuilder) builder =
      gtk_builder_new_from_resource ("/no/fyrlykt/Fyrlykt/preferences/fyr-shortcuts.ui");
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (window, GTK_WINDOW (self->window));
  gtk_window_present (window);
}

static void
help_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FyrApplication *self = data;
  FyrHelpWindow *help = fyr_help_window_new (GTK_WINDOW (self->window));

  fyr_help_window_show_page (help, fyr_window_get_help_page (self->window));
  gtk_window_present (GTK_WINDOW (help));
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  fyr_compat_about_show (GTK_WINDOW (FYR_APPLICATION (data)->window));
}

static gboolean
is_silent (FyrApplication *self)
{
  return fyr_settings_get_silent_until (self->settings) > fyr_now ();
}

static void
silence_changed (GSimpleAction *action, GVariant *value, gpointer data)
{
  FyrApplication *self = data;
  gboolean silent = g_variant_get_boolean (value);

  fyr_settings_set_silent_until (self->settings, silent ? fyr_now () + SILENCE_MS : 0);
  g_simple_action_set_state (action, value);
}

static gboolean
silence_over (gpointer data)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (data), "silence");

  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (is_silent (data)));
  return G_SOURCE_REMOVE;
}

static void
on_silent_until (FyrApplication *self)
{
  silence_over (self);
  if (is_silent (self))
    g_timeout_add_full (G_PRIORITY_DEFAULT, SILENCE_MS + 100, silence_over, g_object_ref (self),
                        g_object_unref);
}

static void
add_actions (FyrApplication *self)
{
  static const GActionEntry actions[] = {
    { "activate", activate_action },   { "show-alert", show_alert_action, "s" },
    { "quit", quit_action },           { "preferences", preferences_action },
    { "shortcuts", shortcuts_action }, { "help", help_action },
    { "about", about_action },         { "silence", NULL, NULL, "false", silence_changed },
  };
  static const struct {
    const char *action;
    const char *keys[2];
  } keys[] = {
    { "app.quit", { "<Control>q" } },
    { "app.preferences", { "<Control>comma" } },
    { "app.shortcuts", { "<Control>question" } },
    { "app.help", { "F1" } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), keys[i].action, keys[i].keys);
}

/* The database is opened first of all: its thread works while the toolkit starts. */
static void
fyr_application_startup (GApplication *application)
{
  FyrApplication *self = FYR_APPLICATION (application);

  self->password = take_password ();
  self->context = fyr_app_context_new (self->settings);
  if (!self->data_dir)
    self->data_dir = g_build_filename (g_get_user_data_dir (), "fyrlykt", NULL);
  fyr_app_context_set_data_dir (self->context, self->data_dir);
  self->backend = fyr_backend_new (self->context, self->data_dir);
  fyr_backend_open (self->backend);
  fyr_app_register_resources ();
  G_APPLICATION_CLASS (fyr_application_parent_class)->startup (application);
  fyr_compat_texts_complete (g_getenv ("FYRLYKT_LOCALEDIR"));
  gtk_window_set_default_icon_name (FYR_APPLICATION_ID);
  fyr_app_load_style (gdk_display_get_default ());
  apply_color_scheme (self);
  g_signal_connect_object (self->settings, "notify::color-scheme", G_CALLBACK (apply_color_scheme), self,
                           G_CONNECT_SWAPPED);
  add_actions (self);
  g_signal_connect_object (self->settings, "notify::silent-until", G_CALLBACK (on_silent_until), self,
                           G_CONNECT_SWAPPED);
  on_silent_until (self);
}

static void
fyr_application_shutdown (GApplication *application)
{
  FyrApplication *self = FYR_APPLICATION (application);

  g_clear_handle_id (&self->window_source, g_source_remove);
  g_clear_object (&self->alarm);
  if (self->backend)
    fyr_backend_sign_out (self->backend);
  g_clear_object (&self->backend);
  g_clear_object (&self->context);
  G_APPLICATION_CLASS (fyr_application_parent_class)->shutdown (application);
}

/* Another data folder is another workstation: it may run beside the first on the same desktop. */
static void
take_folder (FyrApplication *self)
{
  g_autofree char *checksum = NULL;
  g_autofree char *id = NULL;
  g_autofree char *full = NULL;

  if (!self->data_dir)
    return;
  full = g_canonicalize_filename (self->data_dir, NULL);
  checksum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, full, -1);
  id = g_strdup_printf ("%s.w%.8s", FYR_APPLICATION_ID, checksum);
  g_application_set_application_id (G_APPLICATION (self), id);
  g_free (self->data_dir);
  self->data_dir = g_steal_pointer (&full);
}

static int
fyr_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  FyrApplication *self = FYR_APPLICATION (application);

  if (self->version)
    return 0;
  take_folder (self);
  return -1;
}

static void
fyr_application_finalize (GObject *object)
{
  FyrApplication *self = FYR_APPLICATION (object);

  g_free (self->server_url);
  g_free (self->data_dir);
  g_free (self->user_name);
  g_free (self->password);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (fyr_application_parent_class)->finalize (object);
}

static void
fyr_application_class_init (FyrApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fyr_application_finalize;
  application_class->startup = fyr_application_startup;
  application_class->shutdown = fyr_application_shutdown;
  application_class->activate = fyr_application_activate;
  application_class->handle_local_options = fyr_application_handle_local_options;
}

static void
fyr_application_init (FyrApplication *self)
{
  const GOptionEntry options[] = {
    { "server", 0, 0, G_OPTION_ARG_STRING, &self->server_url, N_ ("Address of the server"), "URL" },
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &self->data_dir, N_ ("Folder of this machine's database"),
      N_ ("FOLDER") },
    { "user", 0, 0, G_OPTION_ARG_STRING, &self->user_name, N_ ("User name to sign in with"), N_ ("NAME") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, N_ ("Say which version this is"), NULL },
    { NULL },
  };

  self->settings = fyr_settings_new ();
  fyr_app_apply_language (fyr_settings_get_language (self->settings));
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

FyrApplication *
fyr_application_new (void)
{
  return g_object_new (FYR_TYPE_APPLICATION, "application-id", FYR_APPLICATION_ID, "resource-base-path",
                       "/no/fyrlykt/Fyrlykt", NULL);
}

gboolean
fyr_application_is_version_asked (FyrApplication *self)
{
  g_return_val_if_fail (FYR_IS_APPLICATION (self), FALSE);
  return self->version;
}
