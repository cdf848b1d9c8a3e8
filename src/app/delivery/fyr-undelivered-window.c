/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-undelivered-window.h"

#include <glib/gi18n.h>

#include "fyr-store-query.h"
#include "fyr-sync-engine.h"
#include "fyr-undelivered-row.h"

struct _FyrUndeliveredWindow {
  AdwWindow parent_instance;
  FyrAppContext *context;
  FyrStore *store;
  GCancellable *cancellable;
  GtkStack *stack;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (FyrUndeliveredWindow, fyr_undelivered_window, ADW_TYPE_WINDOW)

/* What needs a decision stands before what only waits. */
static int
urgency (FyrOutboxEntry *entry)
{
  switch (fyr_outbox_entry_get_state (entry)) {
  case FYR_OUTBOX_CONFLICT:
    return 0;
  case FYR_OUTBOX_REFUSED:
    return 1;
  case FYR_OUTBOX_HELD:
    return 2;
  default:
    return 3;
  }
}

static void
show (FyrUndeliveredWindow *self, GPtrArray *entries)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_list_box_remove (self->list, child);
  for (int level = 0; level <= 3; level++) {
    for (guint i = 0; i < entries->len; i++) {
      FyrOutboxEntry *entry = g_ptr_array_index (entries, i);
      const char *author_id = fyr_outbox_entry_get_author_id (entry);
      const char *author = NULL;

      if (urgency (entry) != level)
        continue;
      if (g_strcmp0 (author_id, fyr_app_context_get_user_id (self->context)) != 0)
        author = fyr_app_context_get_name_of (self->context, author_id);
      gtk_list_box_append (self->list, fyr_undelivered_row_new (self->store, entry, author));
    }
  }
  gtk_stack_set_visible_child_name (self->stack, entries->len > 0 ? "list" : "empty");
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrUndeliveredWindow) self = user_data;
  g_autoptr (GPtrArray) entries = fyr_store_list_outbox_finish (FYR_STORE (source), result, NULL);

  if (entries && self->list)
    show (self, entries);
}

static void
refresh (FyrUndeliveredWindow *self)
{
  fyr_store_list_outbox_async (self->store, 0, 200, self->cancellable, on_listed, g_object_ref (self));
}

static void
on_changed (FyrStore *store, FyrChangeSet *changes, FyrUndeliveredWindow *self)
{
  if (fyr_change_set_has_kind (changes, FYR_CHANGE_OUTBOX))
    refresh (self);
}

static void
try_now_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrSyncEngine *engine = fyr_app_context_get_engine (FYR_UNDELIVERED_WINDOW (widget)->context);

  if (engine)
    fyr_sync_engine_sync_now (engine);
}

static void
fyr_undelivered_window_dispose (GObject *object)
{
  FyrUndeliveredWindow *self = FYR_UNDELIVERED_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  self->list = NULL;
  g_clear_object (&self->store);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (fyr_undelivered_window_parent_class)->dispose (object);
}

static void
fyr_undelivered_window_finalize (GObject *object)
{
  g_object_unref (FYR_UNDELIVERED_WINDOW (object)->cancellable);
  G_OBJECT_CLASS (fyr_undelivered_window_parent_class)->finalize (object);
}

static void
fyr_undelivered_window_class_init (FyrUndeliveredWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_undelivered_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_undelivered_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/delivery/fyr-undelivered-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrUndeliveredWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, FyrUndeliveredWindow, list);
  gtk_widget_class_install_action (widget_class, "undelivered.try-now", NULL, try_now_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
fyr_undelivered_window_init (FyrUndeliveredWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
fyr_undelivered_window_new (GtkWindow *parent, FyrAppContext *context)
{
  FyrUndeliveredWindow *self =
      g_object_new (FYR_TYPE_UNDELIVERED_WINDOW, "transient-for", parent, "modal", TRUE, NULL);

  self->context = g_object_ref (context);
  self->store = g_object_ref (fyr_app_context_get_store (context));
  g_signal_connect_object (self->store, "changed", G_CALLBACK (on_changed), self, 0);
  refresh (self);
  return GTK_WIDGET (self);
}
