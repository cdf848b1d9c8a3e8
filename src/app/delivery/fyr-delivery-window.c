/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-delivery-window.h"

#include <glib/gi18n.h>

#include "fyr-display-log.h"
#include "fyr-conflict-window.h"
#include "fyr-delivery-list.h"
#include "fyr-delivery-row.h"
#include "fyr-format.h"
#include "fyr-sync-notice.h"
#include "fyr-sync-words.h"
#include "fyr-toast.h"

struct _FyrDeliveryWindow {
  AdwWindow parent_instance;
  FyrAppContext *context;
  FyrSyncEngine *engine; /* (nullable) */
  FyrDeliveryList *work;
  GtkImage *state_icon;
  GtkLabel *state_title;
  GtkLabel *state_contact;
  GtkBox *notices;
  char *told; /* texts of the notices shown: the same are not announced twice */
  GtkBox *groups[FYR_DELIVERY_N_GROUPS];
  GtkListBox *lists[FYR_DELIVERY_N_GROUPS];
  GtkWidget *nothing;
};

G_DEFINE_FINAL_TYPE (FyrDeliveryWindow, fyr_delivery_window, ADW_TYPE_WINDOW)

static GtkWidget *
words_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_notice (FyrDeliveryWindow *self, const FyrSyncNotice *notice)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  g_autofree char *text = fyr_sync_notice_get_text (notice);

  gtk_widget_add_css_class (box, "notice");
  gtk_widget_add_css_class (box, "caution");
  gtk_widget_add_css_class (box, "card");
  gtk_box_append (GTK_BOX (box), words_label (notice->title, "heading"));
  if (notice->lacks)
    gtk_box_append (GTK_BOX (box), words_label (notice->lacks, NULL));
  if (notice->works)
    gtk_box_append (GTK_BOX (box), words_label (notice->works, NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_box_append (self->notices, box);
}

static void
update_notices (FyrDeliveryWindow *self)
{
  g_autoptr (GPtrArray) notices = fyr_sync_notices (self->engine, fyr_now ());
  g_autoptr (GString) told = g_string_new (NULL);
  GtkWidget *child;

  for (guint i = 0; i < notices->len; i++) {
    g_autofree char *text = fyr_sync_notice_get_text (g_ptr_array_index (notices, i));

    g_string_append (told, text);
  }
  if (g_strcmp0 (told->str, self->told) == 0)
    return;
  g_free (self->told);
  self->told = g_strdup (told->str);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->notices))))
    gtk_box_remove (self->notices, child);
  for (guint i = 0; i < notices->len; i++)
    add_notice (self, g_ptr_array_index (notices, i));
  gtk_widget_set_visible (GTK_WIDGET (self->notices), notices->len > 0);
}

static void
update_state (FyrDeliveryWindow *self)
{
  gint64 now = fyr_now ();
  g_autofree char *state = fyr_sync_word_state (self->engine, now);
  gint64 last = self->engine ? fyr_sync_engine_get_last_contact (self->engine) : 0;
  g_autofree char *when = last > 0 ? fyr_format_when (last, now) : NULL;
  g_autofree char *contact =
      when ? g_strdup_printf (_ ("Last contact with the server: %s"), when) : g_strdup (_ ("No contact yet"));

  gtk_image_set_from_icon_name (self->state_icon, fyr_sync_word_icon (self->engine));
  gtk_label_set_label (self->state_title, state);
  gtk_label_set_label (self->state_contact, contact);
  update_notices (self);
}

static void
on_loaded (FyrDeliveryWindow *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < FYR_DELIVERY_N_GROUPS; i++) {
    gboolean full = g_list_model_get_n_items (fyr_delivery_list_get_group (self->work, i)) > 0;

    gtk_widget_set_visible (GTK_WIDGET (self->groups[i]), full);
    any |= full && i != FYR_DELIVERY_DELIVERED;
  }
  gtk_widget_set_visible (self->nothing, !any);
}

static GtkWidget *
make_row (gpointer item, gpointer user_data)
{
  FyrDeliveryWindow *self = user_data;

  return fyr_delivery_row_new (item, self->work, fyr_app_context_get_store (self->context));
}

static void
try_now_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrSyncEngine *engine = FYR_DELIVERY_WINDOW (widget)->engine;

  if (engine)
    fyr_sync_engine_sync_now (engine);
}

/* (transfer full) (nullable) */
static FyrDeliveryItem *
find_item (FyrDeliveryWindow *self, gint64 key)
{
  for (guint group = 0; group < FYR_DELIVERY_N_GROUPS; group++) {
    GListModel *items = fyr_delivery_list_get_group (self->work, group);

    for (guint i = 0; i < g_list_model_get_n_items (items); i++) {
      g_autoptr (FyrDeliveryItem) item = g_list_model_get_item (items, i);

      if (fyr_outbox_entry_get_key (fyr_delivery_item_get_entry (item)) == key)
        return g_object_ref (item);
    }
  }
  return NULL;
}

static void
decide (FyrDeliveryWindow *self, FyrDeliveryItem *item)
{
  GtkWidget *window = fyr_conflict_window_new (GTK_WINDOW (self), self->context, item, self->work);

  if (window)
    gtk_window_present (GTK_WINDOW (window));
}

typedef struct {
  FyrDeliveryWindow *window;
  FyrDeliveryItem *item;
} Deciding;

static void
on_logged (GObject *context, GAsyncResult *result, gpointer data)
{
  g_autofree Deciding *deciding = data;
  g_autoptr (FyrDeliveryWindow) self = deciding->window;
  g_autoptr (FyrDeliveryItem) item = deciding->item;
  g_autoptr (GError) error = NULL;
  gboolean logged = fyr_display_log_open_finish (FYR_APP_CONTEXT (context), result, &error);

  if (!self->context)
    return;
  if (logged)
    decide (self, item);
  else
    fyr_toast_show (GTK_WIDGET (self), fyr_display_log_error_get_words (error));
}

/* Both values are shown: the access log has it first when they are a patient's. */
static void
decide_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrDeliveryWindow *self = FYR_DELIVERY_WINDOW (widget);
  g_autoptr (FyrDeliveryItem) item = find_item (self, g_variant_get_int64 (parameter));
  const char *patient_id = item ? fyr_outbox_entry_get_patient_id (fyr_delivery_item_get_entry (item)) : NULL;
  Deciding *deciding;

  if (item && !patient_id)
    decide (self, item);
  if (!patient_id)
    return;
  deciding = g_new0 (Deciding, 1);
  deciding->window = g_object_ref (self);
  deciding->item = g_object_ref (item);
  fyr_display_log_open_async (self->context, FYR_AUDIT_RESOURCE_CONFLICT, FYR_AUDIT_CHANNEL_SCREEN,
                              patient_id, NULL, on_logged, deciding);
}

/* The patient is shown in the window behind. */
static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrDeliveryWindow *self = FYR_DELIVERY_WINDOW (widget);
  g_autoptr (FyrDeliveryItem) item = find_item (self, g_variant_get_int64 (parameter));
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  const char *patient_id = item ? fyr_outbox_entry_get_patient_id (fyr_delivery_item_get_entry (item)) : NULL;

  if (!parent || !patient_id)
    return;
  gtk_widget_activate_action (GTK_WIDGET (parent), "win.show-patient", "s", patient_id);
  gtk_window_close (GTK_WINDOW (self));
}

static void
fyr_delivery_window_dispose (GObject *object)
{
  FyrDeliveryWindow *self = FYR_DELIVERY_WINDOW (object);

  if (self->engine)
    g_signal_handlers_disconnect_by_data (self->engine, self);
  for (guint i = 0; i < FYR_DELIVERY_N_GROUPS && self->work; i++)
    gtk_list_box_bind_model (self->lists[i], NULL, NULL, NULL, NULL);
  g_clear_object (&self->engine);
  g_clear_object (&self->work);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (fyr_delivery_window_parent_class)->dispose (object);
}

static void
fyr_delivery_window_finalize (GObject *object)
{
  g_free (FYR_DELIVERY_WINDOW (object)->told);
  G_OBJECT_CLASS (fyr_delivery_window_parent_class)->finalize (object);
}

static void
bind_group (GtkWidgetClass *widget_class, FyrDeliveryGroup group, const char *box, const char *list)
{
  goffset boxes = G_STRUCT_OFFSET (FyrDeliveryWindow, groups);
  goffset lists = G_STRUCT_OFFSET (FyrDeliveryWindow, lists);

  gtk_widget_class_bind_template_child_full (widget_class, box, FALSE,
                                             boxes + (goffset)(group * sizeof (gpointer)));
  gtk_widget_class_bind_template_child_full (widget_class, list, FALSE,
                                             lists + (goffset)(group * sizeof (gpointer)));
}

static void
fyr_delivery_window_class_init (FyrDeliveryWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_delivery_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_delivery_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/delivery/fyr-delivery-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrDeliveryWindow, state_icon);
  gtk_widget_class_bind_template_child (widget_class, FyrDeliveryWindow, state_title);
  gtk_widget_class_bind_template_child (widget_class, FyrDeliveryWindow, state_contact);
  gtk_widget_class_bind_template_child (widget_class, FyrDeliveryWindow, notices);
  gtk_widget_class_bind_template_child (widget_class, FyrDeliveryWindow, nothing);
  bind_group (widget_class, FYR_DELIVERY_DECIDE, "decide", "decide_list");
  bind_group (widget_class, FYR_DELIVERY_WAITING, "waiting", "waiting_list");
  bind_group (widget_class, FYR_DELIVERY_DELIVERED, "delivered", "delivered_list");
  gtk_widget_class_install_action (widget_class, "delivery.try-now", NULL, try_now_action);
  gtk_widget_class_install_action (widget_class, "delivery.decide", "x", decide_action);
  gtk_widget_class_install_action (widget_class, "delivery.open", "x", open_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
fyr_delivery_window_init (FyrDeliveryWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
fyr_delivery_window_new (GtkWindow *parent, FyrAppContext *context)
{
  FyrDeliveryWindow *self =
      g_object_new (FYR_TYPE_DELIVERY_WINDOW, "transient-for", parent, "modal", TRUE, NULL);
  FyrSyncEngine *engine = fyr_app_context_get_engine (context);

  self->context = g_object_ref (context);
  self->work = fyr_delivery_list_new (context);
  g_signal_connect_object (self->work, "loaded", G_CALLBACK (on_loaded), self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < FYR_DELIVERY_N_GROUPS; i++)
    gtk_list_box_bind_model (self->lists[i], fyr_delivery_list_get_group (self->work, i), make_row, self,
                             NULL);
  g_set_object (&self->engine, engine);
  if (engine)
    g_signal_connect_object (engine, "notify", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  update_state (self);
  return GTK_WIDGET (self);
}
