/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-emergency-banner.h"

#include <glib/gi18n-lib.h>

#include "fyr-alert-text.h"
#include "fyr-format.h"
#include "fyr-spoken-name.h"
#include "fyr-sync-emergency.h"
#include "fyr-ticker.h"
#include "fyr-toast.h"

#define MINUTE 60

struct _FyrEmergencyBanner {
  GtkWidget parent_instance;
  FyrSyncEngine *engine; /* (nullable) */
  char *patient_id;
  GtkWidget *box;
  GtkLabel *words;
};

G_DEFINE_FINAL_TYPE (FyrEmergencyBanner, fyr_emergency_banner, GTK_TYPE_WIDGET)

static const FyrEmergency *
find (FyrEmergencyBanner *self)
{
  return self->engine != NULL ? fyr_sync_engine_find_emergency (self->engine, self->patient_id) : NULL;
}

/* (transfer full): hours and minutes, rounded up: what is said to be left is never less than there is. */
static char *
words_for (gint64 seconds)
{
  guint minutes = (guint)((seconds + MINUTE - 1) / MINUTE);

  if (minutes >= MINUTE)
    /* Translators: hours and minutes that are left. */
    return g_strdup_printf (_ ("Emergency access: %u h %u min left. Everything you look at is logged."),
                            minutes / MINUTE, minutes % MINUTE);
  return g_strdup_printf (_ ("Emergency access: %u min left. Everything you look at is logged."), minutes);
}

static gint64
tick (GtkWidget *widget, gint64 now)
{
  FyrEmergencyBanner *self = FYR_EMERGENCY_BANNER (widget);
  const FyrEmergency *access = find (self);
  g_autofree char *words = NULL;
  gint64 seconds;

  if (access == NULL)
    return 0;
  seconds = fyr_sync_engine_get_emergency_seconds (self->engine, access);
  words = words_for (seconds);
  gtk_label_set_label (self->words, words);
  return now + (seconds % MINUTE + 1) * 1000;
}

static void
show (FyrEmergencyBanner *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), find (self) != NULL);
  fyr_ticker_refresh (GTK_WIDGET (self));
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWidget) root = data;
  g_autoptr (GError) error = NULL;

  if (fyr_sync_engine_end_emergency_finish (FYR_SYNC_ENGINE (source), result, &error))
    fyr_toast_show (root, _ ("Emergency access ended"));
  else
    fyr_toast_show (root, _ ("Ended on this machine. The server is not told yet; it ends there by itself."));
}

static void
end_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrEmergencyBanner *self = FYR_EMERGENCY_BANNER (widget);
  const FyrEmergency *access = find (self);
  g_autofree char *access_id = access != NULL ? g_strdup (access->access_id) : NULL;

  if (access_id != NULL)
    fyr_sync_engine_end_emergency_async (self->engine, access_id, NULL, on_ended,
                                         g_object_ref (gtk_widget_get_root (widget)));
}

static void
fyr_emergency_banner_dispose (GObject *object)
{
  FyrEmergencyBanner *self = FYR_EMERGENCY_BANNER (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (fyr_emergency_banner_parent_class)->dispose (object);
}

static void
fyr_emergency_banner_finalize (GObject *object)
{
  g_free (FYR_EMERGENCY_BANNER (object)->patient_id);
  G_OBJECT_CLASS (fyr_emergency_banner_parent_class)->finalize (object);
}

static void
fyr_emergency_banner_class_init (FyrEmergencyBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_emergency_banner_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_emergency_banner_finalize;
  gtk_widget_class_install_action (widget_class, "emergency.end", NULL, end_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "emergencybanner");
}

static void
fyr_emergency_banner_init (FyrEmergencyBanner *self)
{
  /* Translators: the letter of emergency access; N for nødtilgang. */
  GtkWidget *letter = gtk_label_new (C_ ("letter", "E"));
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_End"));

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  self->words = GTK_LABEL (g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS,
                                         "wrap", TRUE, "xalign", 0.0, "hexpand", TRUE, NULL));
  gtk_widget_add_css_class (letter, "letter");
  gtk_widget_set_valign (letter, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  fyr_spoken_name_set (button, _ ("End emergency access"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "emergency.end");
  gtk_box_append (GTK_BOX (self->box), letter);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->words));
  gtk_box_append (GTK_BOX (self->box), button);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  fyr_ticker_watch (GTK_WIDGET (self), tick);
}

GtkWidget *
fyr_emergency_banner_new (FyrAppContext *context, const char *patient_id)
{
  FyrEmergencyBanner *self = g_object_new (FYR_TYPE_EMERGENCY_BANNER, NULL);
  FyrSyncEngine *engine = fyr_app_context_get_engine (context);

  self->patient_id = g_strdup (patient_id);
  if (engine != NULL) {
    self->engine = g_object_ref (engine);
    g_signal_connect_object (engine, "emergency-changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  }
  show (self);
  return GTK_WIDGET (self);
}
