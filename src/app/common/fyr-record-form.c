/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-record-form.h"

#include <glib/gi18n-lib.h>

#include "fyr-form-window.h"
#include "fyr-save.h"
#include "fyr-store.h"

typedef struct {
  FyrAppContext *context;
  FyrRecord *before; /* as it was when the form opened */
  FyrRecord *record;
  FyrRecordFields *fields;
  gboolean registered;
  char *done;
  GtkWidget *sections;
  GtkRevealer *notice;
  GtkLabel *notice_label;
  GtkBox *notice_box;
} FyrRecordFormPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (FyrRecordForm, fyr_record_form, ADW_TYPE_WINDOW)

static guint saved_signal;

static FyrRecordFormPrivate *
private_of (gpointer self)
{
  return fyr_record_form_get_instance_private (self);
}

void
fyr_record_form_show_notice (FyrRecordForm *self, const char *text)
{
  FyrRecordFormPrivate *priv = private_of (self);
  if (text != NULL)
    gtk_label_set_label (priv->notice_label, text);
  gtk_revealer_set_reveal_child (priv->notice, text != NULL);
}

GtkBox *
fyr_record_form_get_notice_box (FyrRecordForm *self)
{
  return private_of (self)->notice_box;
}

static void
on_saved (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrRecordForm) self = data;
  FyrRecordFormPrivate *priv = private_of (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = fyr_store_save_finish (FYR_STORE (store), result, &error);
  if (priv->context == NULL)
    return;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "form.save", TRUE);
  if (receipt == NULL) {
    fyr_record_form_show_notice (self, fyr_save_error_get_words (error));
    return;
  }
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  if (parent != NULL)
    fyr_save_offer_undo (GTK_WIDGET (parent), priv->context, receipt, priv->done);
  g_signal_emit (self, saved_signal, 0, fyr_record_get_id (priv->record));
  gtk_window_destroy (GTK_WINDOW (self));
}

static FyrMutation *
make_mutation (FyrRecordFormPrivate *priv)
{
  const char *author = fyr_app_context_get_user_id (priv->context);
  return priv->registered ? fyr_mutation_new_update (priv->before, priv->record, author)
                          : fyr_mutation_new_create (priv->record, author);
}

static void
save (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrRecordFormPrivate *priv = private_of (widget);
  FyrStore *store = fyr_app_context_get_store (priv->context);
  if (store == NULL || !fyr_record_fields_show_findings (priv->fields))
    return;
  g_autoptr (FyrMutation) mutation = make_mutation (priv);
  if (mutation == NULL) {
    gtk_window_destroy (GTK_WINDOW (widget));
    return;
  }
  gtk_widget_action_set_enabled (widget, "form.save", FALSE);
  fyr_store_save_one_async (store, mutation, NULL, on_saved, g_object_ref (widget));
}

static gboolean
is_unsaved (GtkWindow *form)
{
  FyrRecordFormPrivate *priv = private_of (form);
  return priv->record != NULL && !fyr_record_equal (priv->record, priv->before);
}

static void
cancel (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

static void
fyr_record_form_dispose (GObject *object)
{
  FyrRecordFormPrivate *priv = private_of (object);
  g_clear_object (&priv->context);
  g_clear_object (&priv->before);
  g_clear_object (&priv->record);
  G_OBJECT_CLASS (fyr_record_form_parent_class)->dispose (object);
}

static void
fyr_record_form_finalize (GObject *object)
{
  g_free (private_of (object)->done);
  G_OBJECT_CLASS (fyr_record_form_parent_class)->finalize (object);
}

static void
fyr_record_form_class_init (FyrRecordFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = fyr_record_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_record_form_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/no/fyrlykt/Fyrlykt/common/fyr-record-form.ui");
  gtk_widget_class_bind_template_child_private (widget_class, FyrRecordForm, sections);
  gtk_widget_class_bind_template_child_private (widget_class, FyrRecordForm, notice);
  gtk_widget_class_bind_template_child_private (widget_class, FyrRecordForm, notice_label);
  gtk_widget_class_bind_template_child_private (widget_class, FyrRecordForm, notice_box);
  gtk_widget_class_install_action (widget_class, "form.save", NULL, save);
  gtk_widget_class_install_action (widget_class, "form.cancel", NULL, cancel);
  saved_signal = g_signal_new ("saved", FYR_TYPE_RECORD_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
fyr_record_form_init (FyrRecordForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
fyr_record_form_set_up (FyrRecordForm *self,
                        FyrAppContext *context,
                        FyrRecord *record,
                        gboolean registered,
                        FyrRecordFields *fields,
                        const char *done)
{
  FyrRecordFormPrivate *priv = private_of (self);
  g_return_if_fail (priv->record == NULL);
  priv->context = g_object_ref (context);
  priv->record = g_object_ref (record);
  priv->before = fyr_record_copy (record);
  priv->registered = registered;
  priv->fields = fields;
  priv->done = g_strdup (done);
  fyr_form_window_keep_unsaved (GTK_WINDOW (self), is_unsaved);
  gtk_box_append (GTK_BOX (priv->sections), GTK_WIDGET (fields));
  gtk_widget_grab_focus (GTK_WIDGET (fields));
}

GtkWidget *
fyr_record_form_new (GtkWindow *parent,
                     FyrAppContext *context,
                     const char *title,
                     FyrRecord *record,
                     gboolean registered,
                     FyrRecordFields *fields,
                     const char *done)
{
  FyrRecordForm *self = g_object_new (FYR_TYPE_RECORD_FORM, "transient-for", parent, "title", title,
                                      "default-width", 560, "default-height", 420, NULL);
  fyr_record_form_set_up (self, context, record, registered, fields, done);
  return GTK_WIDGET (self);
}
