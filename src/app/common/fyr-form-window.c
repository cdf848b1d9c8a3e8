/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-form-window.h"

#include <glib/gi18n-lib.h>

#include "fyr-alert-text.h"
#include "fyr-save.h"
#include "fyr-store.h"
#include "fyr-toast.h"
#include "fyr-typed-text.h"

#define KEPT "fyr-form-kept"
#define SHOWN_FIRST "fyr-form-shown-first"
#define NOTICE "fyr-form-notice"
#define SAVING "fyr-form-saving"

static void
append_text_view (GString *text, GtkTextView *view)
{
  g_autofree char *words = fyr_typed_text_dup (gtk_text_view_get_buffer (view));

  g_string_append (text, words);
}

/* What a person has typed or chosen in a control; %FALSE for any other widget. */
static gboolean
append_control (GString *text, GtkWidget *widget)
{
  if (GTK_IS_TEXT_VIEW (widget))
    append_text_view (text, GTK_TEXT_VIEW (widget));
  else if (GTK_IS_TEXT (widget))
    g_string_append (text, gtk_editable_get_text (GTK_EDITABLE (widget)));
  else if (GTK_IS_DROP_DOWN (widget))
    g_string_append_printf (text, "%u", gtk_drop_down_get_selected (GTK_DROP_DOWN (widget)));
  else if (GTK_IS_CHECK_BUTTON (widget))
    g_string_append_c (text, gtk_check_button_get_active (GTK_CHECK_BUTTON (widget)) ? '1' : '0');
  else if (GTK_IS_SWITCH (widget))
    g_string_append_c (text, gtk_switch_get_active (GTK_SWITCH (widget)) ? '1' : '0');
  else
    return FALSE;
  g_string_append_c (text, '\n');
  return TRUE;
}

/* All that a person can type or choose below a widget, as one text; nothing of what the toolkit adds by itself. */
static void
append_shown (GString *text, GtkWidget *widget)
{
  if (append_control (text, widget))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    append_shown (text, child);
}

static char *
shown_in (GtkWindow *form)
{
  GString *text = g_string_new (NULL);

  append_shown (text, GTK_WIDGET (form));
  return g_string_free (text, FALSE);
}

static gboolean
is_changed (GtkWindow *form)
{
  FyrFormChangedFunc changed = (FyrFormChangedFunc)g_object_get_data (G_OBJECT (form), KEPT);
  const char *first = g_object_get_data (G_OBJECT (form), SHOWN_FIRST);
  g_autofree char *now = NULL;

  if (changed)
    return changed (form);
  now = shown_in (form);
  return g_strcmp0 (first, now) != 0;
}

static void
reopen (gpointer data, gpointer unused)
{
  gtk_window_present (GTK_WINDOW (data));
}

static void
drop_unsaved (gpointer data)
{
  if (!gtk_widget_get_visible (GTK_WIDGET (data)))
    gtk_window_destroy (GTK_WINDOW (data));
  g_object_unref (data);
}

static gboolean
on_close_request (GtkWindow *form, gpointer unused)
{
  GtkWindow *behind = gtk_window_get_transient_for (form);

  if (!behind || !gtk_widget_get_visible (GTK_WIDGET (form)) || !is_changed (form))
    return FALSE;
  gtk_widget_set_visible (GTK_WIDGET (form), FALSE);
  fyr_toast_show_unsaved (GTK_WIDGET (behind), _ ("Changes not saved"), reopen, g_object_ref (form),
                          drop_unsaved);
  return TRUE;
}

void
fyr_form_window_keep_unsaved (GtkWindow *form, FyrFormChangedFunc changed)
{
  g_return_if_fail (GTK_IS_WINDOW (form));
  g_object_set_data (G_OBJECT (form), KEPT, (gpointer)changed);
  if (!changed)
    g_object_set_data_full (G_OBJECT (form), SHOWN_FIRST, shown_in (form), g_free);
  g_signal_handlers_disconnect_by_func (form, on_close_request, NULL);
  g_signal_connect (form, "close-request", G_CALLBACK (on_close_request), NULL);
}

static GtkWidget *
content_of (GtkWindow *form)
{
  GtkWidget *content = ADW_IS_WINDOW (form) ? adw_window_get_content (ADW_WINDOW (form)) : NULL;

  return GTK_IS_BOX (content) ? content : NULL;
}

void
fyr_form_window_tell (GtkWindow *form, const char *text)
{
  GtkWidget *content = content_of (form);
  GtkWidget *notice = g_object_get_data (G_OBJECT (form), NOTICE);

  g_return_if_fail (content != NULL);
  if (!notice && text) {
    notice = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, "wrap", TRUE,
                           "xalign", 0.0, NULL);
    gtk_widget_add_css_class (notice, "notice");
    gtk_widget_add_css_class (notice, "problem");
    gtk_box_insert_child_after (GTK_BOX (content), notice, gtk_widget_get_first_child (content));
    g_object_set_data (G_OBJECT (form), NOTICE, notice);
  }
  if (text)
    fyr_alert_text_set (GTK_LABEL (notice), text);
  if (notice)
    gtk_widget_set_visible (notice, text != NULL);
}

typedef struct {
  GtkWindow *form;
  FyrAppContext *context;
  char *done;
} Saving;

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->form);
  g_object_unref (saving->context);
  g_free (saving->done);
  g_free (saving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
on_saved (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (Saving) saving = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = fyr_store_save_finish (FYR_STORE (store), result, &error);
  GtkWindow *behind = gtk_window_get_transient_for (saving->form);

  g_object_set_data (G_OBJECT (saving->form), SAVING, NULL);
  if (!receipt) {
    fyr_form_window_tell (saving->form, fyr_save_error_get_words (error));
    /* Hidden: over a locked screen it must not come, and one that was closed has its toast. */
    if (gtk_widget_get_visible (GTK_WIDGET (saving->form)))
      gtk_window_present (saving->form);
    return;
  }
  if (behind)
    fyr_save_offer_undo (GTK_WIDGET (behind), saving->context, receipt, saving->done);
  gtk_window_destroy (saving->form);
}

void
fyr_form_window_save (GtkWindow *form, FyrAppContext *context, GPtrArray *mutations, const char *done)
{
  FyrStore *store = fyr_app_context_get_store (context);
  Saving *saving;

  g_return_if_fail (GTK_IS_WINDOW (form) && store != NULL);
  if (g_object_get_data (G_OBJECT (form), SAVING))
    return;
  if (mutations->len == 0) {
    gtk_window_destroy (form);
    return;
  }
  g_object_set_data (G_OBJECT (form), SAVING, form);
  saving = g_new0 (Saving, 1);
  saving->form = g_object_ref (form);
  saving->context = g_object_ref (context);
  saving->done = g_strdup (done);
  fyr_store_save_async (store, mutations, NULL, on_saved, saving);
}
