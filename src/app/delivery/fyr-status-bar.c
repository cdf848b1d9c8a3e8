/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-status-bar.h"

#include <glib/gi18n.h>

#include "fyr-children.h"
#include "fyr-format.h"
#include "fyr-sync-words.h"

struct _FyrStatusBar {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrSyncEngine *engine;
  gboolean locked;
  GtkButton *contact;
  GtkImage *state_icon;
  GtkLabel *state;
  GtkButton *unsent;
  GtkLabel *unsent_words;
  GtkMenuButton *person;
  GtkLabel *person_words;
};

G_DEFINE_FINAL_TYPE (FyrStatusBar, fyr_status_bar, GTK_TYPE_WIDGET)

static void
update_engine (FyrStatusBar *self)
{
  g_autofree char *state = fyr_sync_word_state (self->engine, fyr_now ());
  guint waiting = self->engine ? fyr_sync_engine_get_waiting (self->engine) : 0;
  guint conflicts = self->engine ? fyr_sync_engine_get_conflicts (self->engine) : 0;
  guint refused = self->engine ? fyr_sync_engine_get_refused (self->engine) : 0;
  g_autofree char *unsent = fyr_sync_word_unsent (waiting, conflicts, refused);
  gboolean online = self->engine && fyr_sync_engine_is_online (self->engine) &&
                    fyr_sync_engine_get_store_error (self->engine) < 0;

  gtk_label_set_label (self->state, state);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->contact), GTK_ACCESSIBLE_PROPERTY_LABEL, state, -1);
  gtk_image_set_from_icon_name (self->state_icon, fyr_sync_word_icon (self->engine));
  gtk_label_set_label (self->unsent_words, unsent);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->unsent), GTK_ACCESSIBLE_PROPERTY_LABEL, unsent, -1);
  if (online || !self->engine)
    gtk_widget_remove_css_class (GTK_WIDGET (self->state), "not-live");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->state), "not-live");
  if (conflicts + refused > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->unsent), "problem");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->unsent), "problem");
}

static void
update_session (FyrStatusBar *self)
{
  FyrUser *user = fyr_app_context_get_user (self->context);
  FyrCentre *centre = fyr_app_context_get_centre (self->context);
  g_autofree char *words = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->person), user && !self->locked);
  gtk_widget_set_visible (GTK_WIDGET (self->unsent), user && !self->locked);
  if (!user)
    return;
  words = g_strdup_printf ("%s · %s", fyr_user_get_name (user),
                           fyr_role_get_word (fyr_app_context_get_role (self->context)));
  gtk_label_set_label (self->person_words, words);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->person), centre ? fyr_centre_get_name (centre) : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->person), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

void
fyr_status_bar_follow_engine (FyrStatusBar *self)
{
  FyrSyncEngine *engine = fyr_app_context_get_engine (self->context);

  if (self->engine == engine)
    return;
  if (self->engine)
    g_signal_handlers_disconnect_by_data (self->engine, self);
  g_set_object (&self->engine, engine);
  if (engine)
    g_signal_connect_object (engine, "notify", G_CALLBACK (update_engine), self, G_CONNECT_SWAPPED);
  update_engine (self);
}

void
fyr_status_bar_set_context (FyrStatusBar *self, FyrAppContext *context)
{
  g_return_if_fail (FYR_IS_STATUS_BAR (self) && !self->context);
  self->context = g_object_ref (context);
  g_signal_connect_object (context, "session-changed", G_CALLBACK (update_session), self, G_CONNECT_SWAPPED);
  fyr_status_bar_follow_engine (self);
  update_engine (self);
  update_session (self);
}

void
fyr_status_bar_set_locked (FyrStatusBar *self, gboolean locked)
{
  g_return_if_fail (FYR_IS_STATUS_BAR (self));
  self->locked = locked;
  if (self->context)
    update_session (self);
}

static void
fyr_status_bar_dispose (GObject *object)
{
  FyrStatusBar *self = FYR_STATUS_BAR (object);

  if (self->engine)
    g_signal_handlers_disconnect_by_data (self->engine, self);
  g_clear_object (&self->engine);
  g_clear_object (&self->context);
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_status_bar_parent_class)->dispose (object);
}

static void
fyr_status_bar_class_init (FyrStatusBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_status_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/delivery/fyr-status-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrStatusBar, contact);
  gtk_widget_class_bind_template_child (widget_class, FyrStatusBar, state_icon);
  gtk_widget_class_bind_template_child (widget_class, FyrStatusBar, state);
  gtk_widget_class_bind_template_child (widget_class, FyrStatusBar, unsent);
  gtk_widget_class_bind_template_child (widget_class, FyrStatusBar, unsent_words);
  gtk_widget_class_bind_template_child (widget_class, FyrStatusBar, person);
  gtk_widget_class_bind_template_child (widget_class, FyrStatusBar, person_words);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "statusbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
fyr_status_bar_init (FyrStatusBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
