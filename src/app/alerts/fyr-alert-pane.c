/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-pane.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "fyr-children.h"
#include "fyr-display-log.h"
#include "fyr-alert-actions.h"
#include "fyr-save.h"
#include "fyr-alert-form.h"
#include "fyr-alert-report.h"
#include "fyr-alert-text.h"
#include "fyr-alert-words.h"
#include "fyr-badge.h"
#include "fyr-format.h"
#include "fyr-text-fold.h"
#include "fyr-ticker.h"
#include "fyr-toast.h"

struct _FyrAlertPane {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrStore *store;
  FyrAlertEntry *entry;
  FyrAlertDetail *detail; /* of the entry; (nullable) while it is fetched */
  GCancellable *cancellable;
  gboolean logged; /* the access log has the entry: it may be shown */
  gboolean loading;
  gboolean load_again;
  gint64 refused_key;

  GtkStack *stack;
  AdwStatusPage *unlogged;
  FyrBadge *badge;
  FyrBadge *zone;
  GtkLabel *deadline;
  GtkLabel *handling;
  GtkLabel *name;
  GtkLabel *age;
  GtkButton *telephone;
  GtkWidget *telephone_copy;
  FyrAlertForm *form;
  GtkRevealer *refusal;
  GtkLabel *refusal_words;
  FyrAlertReport *report;
};

enum { CLOSED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FyrAlertPane, fyr_alert_pane, GTK_TYPE_WIDGET)

static void
load (FyrAlertPane *self);

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

static gint64
update_deadline (GtkWidget *widget, gint64 now)
{
  FyrAlertPane *self = FYR_ALERT_PANE (widget);
  FyrAlert *alert = self->entry ? fyr_alert_entry_get_alert (self->entry) : NULL;
  gint64 due = alert ? fyr_alert_get_due_time (alert) : 0, next = 0;
  g_autofree char *text = NULL;

  if (alert && fyr_alert_get_status (alert) == FYR_ALERT_STATUS_CLOSED)
    due = 0;
  text = fyr_format_deadline (due, now, &next);
  set_text (self->deadline, text);
  if (due && due < now)
    gtk_widget_add_css_class (GTK_WIDGET (self->deadline), "overdue");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->deadline), "overdue");
  return next;
}

static void
update_actions (FyrAlertPane *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  FyrAlert *alert = self->entry ? fyr_alert_entry_get_alert (self->entry) : NULL;
  static const struct {
    const char *action;
    FyrAlertAction command;
  } commands[] = {
    { "alert.take", FYR_ALERT_ACTION_TAKE },     { "alert.note", FYR_ALERT_ACTION_NOTE },
    { "alert.close", FYR_ALERT_ACTION_CLOSE },   { "alert.release", FYR_ALERT_ACTION_RELEASE },
    { "alert.reopen", FYR_ALERT_ACTION_REOPEN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    gtk_widget_action_set_enabled (widget, commands[i].action,
                                   alert && fyr_alert_may (self->context, alert, commands[i].command));
  gtk_widget_action_set_enabled (widget, "alert.copy-journal", self->detail != NULL);
  gtk_widget_action_set_enabled (widget, "alert.open-patient", alert != NULL);
}

/* What the list knows already: shown at once, before the rest is fetched. */
static void
show_item (FyrAlertPane *self)
{
  FyrAlertItem *item = fyr_alert_entry_get_item (self->entry);
  FyrAlert *alert = fyr_alert_item_get_alert (item);
  gboolean is_mine =
      g_strcmp0 (fyr_alert_get_assignee_id (alert), fyr_app_context_get_user_id (self->context)) == 0;
  g_autofree char *handling =
      fyr_alert_word_handling (alert, fyr_alert_item_get_assignee_name (item), is_mine, fyr_now ());
  g_autofree char *plain = fyr_telephone_normalize (fyr_alert_item_get_telephone (item));
  g_autofree char *number = fyr_telephone_format (plain ? plain : fyr_alert_item_get_telephone (item));
  gboolean has_number = number && *number;

  fyr_badge_set_category (self->badge, fyr_alert_get_category (alert));
  fyr_badge_set_zone (self->zone, fyr_alert_item_get_zone (item));
  gtk_label_set_label (self->handling, handling);
  gtk_label_set_label (self->name, fyr_alert_item_get_patient_name (item));
  gtk_button_set_label (self->telephone, has_number ? number : _ ("No telephone number"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "alert.call", has_number);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "alert.copy-telephone", has_number);
  fyr_alert_report_show_item (self->report, item);
  fyr_ticker_refresh (GTK_WIDGET (self));
  update_deadline (GTK_WIDGET (self), fyr_now ());
  update_actions (self);
}

static void
show_detail (FyrAlertPane *self)
{
  g_autofree char *age = NULL;

  if (self->detail->patient)
    age = fyr_format_age (fyr_patient_get_birth_date (self->detail->patient), fyr_now ());
  set_text (self->age, age);
  fyr_alert_report_show_detail (self->report, self->context, self->detail);
  update_actions (self);
}

static void
on_outbox (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrAlertPane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = fyr_store_list_outbox_finish (FYR_STORE (source), result, &error);
  const char *id = self->entry ? fyr_alert_entry_get_id (self->entry) : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  for (guint i = 0; entries && id && i < entries->len; i++) {
    FyrOutboxEntry *entry = g_ptr_array_index (entries, i);
    g_autofree char *words = NULL, *line = NULL;

    if (g_strcmp0 (fyr_outbox_entry_get_record_id (entry), id) != 0)
      continue;
    words = fyr_alert_word_refusal (entry, fyr_alert_entry_get_alert (self->entry),
                                    fyr_alert_item_get_assignee_name (fyr_alert_entry_get_item (self->entry)),
                                    fyr_now ());
    line = g_strdup_printf (_ ("Not done: %s."), words);
    fyr_alert_text_set (self->refusal_words, line);
    self->refused_key = fyr_outbox_entry_get_key (entry);
    gtk_revealer_set_reveal_child (self->refusal, TRUE);
    return;
  }
  gtk_revealer_set_reveal_child (self->refusal, FALSE);
}

/* When the server did not accept the person's own work on this alert, the reason stands here too. */
static void
look_for_refusal (FyrAlertPane *self)
{
  FyrOutboxState state = fyr_alert_item_get_state (fyr_alert_entry_get_item (self->entry));

  if (state != FYR_OUTBOX_REFUSED && state != FYR_OUTBOX_CONFLICT) {
    gtk_revealer_set_reveal_child (self->refusal, FALSE);
    return;
  }
  fyr_store_list_outbox_async (self->store, 1 << FYR_OUTBOX_REFUSED | 1 << FYR_OUTBOX_CONFLICT, 0,
                               self->cancellable, on_outbox, g_object_ref (self));
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrAlertPane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrAlertDetail) detail = fyr_store_load_alert_finish (FYR_STORE (source), result, &error);
  gboolean again = self->load_again;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->loading = FALSE;
  self->load_again = FALSE;
  if (detail && self->entry &&
      g_strcmp0 (fyr_alert_item_get_id (detail->item), fyr_alert_entry_get_id (self->entry)) == 0) {
    g_clear_pointer (&self->detail, fyr_alert_detail_free);
    self->detail = g_steal_pointer (&detail);
    show_detail (self);
  }
  if (again)
    load (self);
}

static void
on_changed (FyrStore *store, FyrChangeSet *changes, FyrAlertPane *self)
{
  FyrAlert *alert = self->entry ? fyr_alert_entry_get_alert (self->entry) : NULL;

  if (alert && fyr_change_set_has_patient (changes, fyr_alert_get_patient_id (alert)))
    load (self);
}

static void
load (FyrAlertPane *self)
{
  FyrStore *store = fyr_app_context_get_store (self->context);

  if (!store || !self->entry || !self->logged)
    return;
  if (!self->store) {
    self->store = g_object_ref (store);
    g_signal_connect_object (store, "changed", G_CALLBACK (on_changed), self, 0);
  }
  if (self->loading) {
    self->load_again = TRUE;
    return;
  }
  self->loading = TRUE;
  fyr_store_load_alert_async (store, fyr_alert_entry_get_id (self->entry), self->cancellable, on_loaded,
                              g_object_ref (self));
}

static void
show_entry (FyrAlertPane *self)
{
  show_item (self);
  gtk_stack_set_visible_child_name (self->stack, "alert");
  load (self);
  if (self->store)
    look_for_refusal (self);
}

typedef struct {
  FyrAlertPane *pane;
  FyrAlertEntry *entry;
} Opening;

static void
opening_free (Opening *opening)
{
  g_object_unref (opening->pane);
  g_object_unref (opening->entry);
  g_free (opening);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static void
on_logged (GObject *context, GAsyncResult *result, gpointer data)
{
  g_autoptr (Opening) opening = data;
  FyrAlertPane *self = opening->pane;
  g_autoptr (GError) error = NULL;
  gboolean logged = fyr_display_log_open_finish (FYR_APP_CONTEXT (context), result, &error);

  /* Another may have been chosen meanwhile, or none. */
  if (!self->context || self->entry != opening->entry)
    return;
  self->logged = logged;
  if (logged) {
    show_entry (self);
    return;
  }
  adw_status_page_set_description (self->unlogged, fyr_display_log_error_get_words (error));
  gtk_stack_set_visible_child_name (self->stack, "unlogged");
}

/* What is chosen is shown once the access log has it, which takes a write to the disk. */
static void
open_entry (FyrAlertPane *self)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->pane = g_object_ref (self);
  opening->entry = g_object_ref (self->entry);
  gtk_stack_set_visible_child_name (self->stack, "opening");
  update_actions (self);
  fyr_display_log_open_async (self->context, FYR_AUDIT_RESOURCE_ALERT, FYR_AUDIT_CHANNEL_SCREEN,
                              fyr_alert_get_patient_id (fyr_alert_entry_get_alert (self->entry)), NULL,
                              on_logged, opening);
}

static void
on_entry_notify (FyrAlertPane *self)
{
  if (!self->logged)
    return;
  show_item (self);
  look_for_refusal (self);
}

void
fyr_alert_pane_set_entry (FyrAlertPane *self, FyrAlertEntry *entry)
{
  g_return_if_fail (FYR_IS_ALERT_PANE (self));
  if (self->entry == entry)
    return;
  if (self->entry)
    g_signal_handlers_disconnect_by_data (self->entry, self);
  g_set_object (&self->entry, entry);
  g_clear_pointer (&self->detail, fyr_alert_detail_free);
  fyr_alert_form_finish (self->form);
  gtk_revealer_set_reveal_child (self->refusal, FALSE);
  self->logged = FALSE;
  if (!entry) {
    gtk_stack_set_visible_child_name (self->stack, "empty");
    update_actions (self);
    return;
  }
  g_signal_connect_swapped (entry, "notify", G_CALLBACK (on_entry_notify), self);
  open_entry (self);
}

FyrAlertEntry *
fyr_alert_pane_get_entry (FyrAlertPane *self)
{
  return self->entry;
}

gboolean
fyr_alert_pane_is_writing (FyrAlertPane *self)
{
  return fyr_alert_form_has_words (self->form);
}

static void
on_acted (gboolean saved, gpointer user_data)
{
  g_autoptr (FyrAlertPane) self = user_data;

  if (saved)
    fyr_alert_form_finish (self->form);
  else
    fyr_alert_form_set_busy (self->form, FALSE);
}

static void
on_closed (gboolean saved, gpointer user_data)
{
  g_autoptr (FyrAlertPane) self = g_object_ref (FYR_ALERT_PANE (user_data));

  on_acted (saved, user_data);
  if (saved)
    g_signal_emit (self, signals[CLOSED], 0);
}

static void
act (FyrAlertPane *self, FyrAlertAction command, FyrAlertOutcome outcome, const char *text)
{
  if (!self->entry)
    return;
  fyr_alert_act (GTK_WIDGET (self), self->context, fyr_alert_entry_get_alert (self->entry), command, outcome,
                 text, command == FYR_ALERT_ACTION_CLOSE ? on_closed : on_acted, g_object_ref (self));
}

static void
on_save (FyrAlertPane *self, guint outcome, const char *text)
{
  fyr_alert_form_set_busy (self->form, TRUE);
  if (outcome == FYR_ALERT_OUTCOME_UNSET)
    act (self, FYR_ALERT_ACTION_NOTE, outcome, text);
  else
    act (self, FYR_ALERT_ACTION_CLOSE, outcome, *text ? text : NULL);
}

static void
on_leave (FyrAlertPane *self)
{
  fyr_alert_form_finish (self->form);
  gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static void
take_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  act (FYR_ALERT_PANE (widget), FYR_ALERT_ACTION_TAKE, FYR_ALERT_OUTCOME_UNSET, NULL);
}

static void
release_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  act (FYR_ALERT_PANE (widget), FYR_ALERT_ACTION_RELEASE, FYR_ALERT_OUTCOME_UNSET, NULL);
}

static void
reopen_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  act (FYR_ALERT_PANE (widget), FYR_ALERT_ACTION_REOPEN, FYR_ALERT_OUTCOME_UNSET, NULL);
}

static void
note_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  fyr_alert_form_start (FYR_ALERT_PANE (widget)->form, FALSE);
}

static void
close_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  fyr_alert_form_start (FYR_ALERT_PANE (widget)->form, TRUE);
}

static void
copy_journal_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrAlertPane *self = FYR_ALERT_PANE (widget);
  g_autofree char *text = NULL;

  if (!self->detail)
    return;
  text = fyr_alert_word_journal (self->detail);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  fyr_toast_show (widget, _ ("Copied. Paste it into the patient's journal."));
}

static void
copy_telephone_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrAlertPane *self = FYR_ALERT_PANE (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), gtk_button_get_label (self->telephone));
  fyr_toast_show (widget, _ ("Telephone number copied"));
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;

  if (!g_app_info_launch_default_for_uri_finish (result, NULL) && gtk_widget_get_root (widget))
    gtk_widget_activate_action (widget, "alert.copy-telephone", NULL);
}

/* Where no telephone program takes "tel:" links, the number is copied instead. */
static void
call_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrAlertPane *self = FYR_ALERT_PANE (widget);
  g_autofree char *number = fyr_telephone_normalize (gtk_button_get_label (self->telephone));
  g_autofree char *uri = NULL;

  if (!number)
    return;
  uri = g_strconcat ("tel:", number, NULL);
  g_app_info_launch_default_for_uri_async (uri, NULL, NULL, on_called, g_object_ref (self));
}

static void
open_patient_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrAlertPane *self = FYR_ALERT_PANE (widget);

  if (self->entry)
    gtk_widget_activate_action (widget, "win.show-patient", "s",
                                fyr_alert_get_patient_id (fyr_alert_entry_get_alert (self->entry)));
}

static void
on_settled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrAlertPane) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!fyr_store_discard_finish (FYR_STORE (source), result, &error))
    fyr_toast_show (GTK_WIDGET (self), fyr_save_error_get_words (error));
  else
    gtk_revealer_set_reveal_child (self->refusal, FALSE);
}

static void
settle_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrAlertPane *self = FYR_ALERT_PANE (widget);

  if (self->store && self->refused_key)
    fyr_store_discard_async (self->store, self->refused_key, NULL, on_settled, g_object_ref (self));
}

static void
fyr_alert_pane_dispose (GObject *object)
{
  FyrAlertPane *self = FYR_ALERT_PANE (object);

  g_cancellable_cancel (self->cancellable);
  if (self->entry)
    g_signal_handlers_disconnect_by_data (self->entry, self);
  g_clear_object (&self->entry);
  g_clear_pointer (&self->detail, fyr_alert_detail_free);
  g_clear_object (&self->store);
  g_clear_object (&self->context);
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_alert_pane_parent_class)->dispose (object);
}

static void
fyr_alert_pane_finalize (GObject *object)
{
  g_object_unref (FYR_ALERT_PANE (object)->cancellable);
  G_OBJECT_CLASS (fyr_alert_pane_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, stack);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, unlogged);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, badge);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, zone);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, deadline);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, handling);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, name);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, age);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, telephone);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, telephone_copy);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, form);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, refusal);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, refusal_words);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertPane, report);
  gtk_widget_class_bind_template_callback (widget_class, on_save);
  gtk_widget_class_bind_template_callback (widget_class, on_leave);
}

static void
fyr_alert_pane_class_init (FyrAlertPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_alert_pane_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_alert_pane_finalize;
  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  g_type_ensure (FYR_TYPE_BADGE);
  g_type_ensure (FYR_TYPE_ALERT_FORM);
  g_type_ensure (FYR_TYPE_ALERT_REPORT);
  gtk_widget_class_set_template_from_resource (widget_class, "/no/fyrlykt/Fyrlykt/alerts/fyr-alert-pane.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "alert.take", NULL, take_action);
  gtk_widget_class_install_action (widget_class, "alert.note", NULL, note_action);
  gtk_widget_class_install_action (widget_class, "alert.close", NULL, close_action);
  gtk_widget_class_install_action (widget_class, "alert.release", NULL, release_action);
  gtk_widget_class_install_action (widget_class, "alert.reopen", NULL, reopen_action);
  gtk_widget_class_install_action (widget_class, "alert.copy-journal", NULL, copy_journal_action);
  gtk_widget_class_install_action (widget_class, "alert.copy-telephone", NULL, copy_telephone_action);
  gtk_widget_class_install_action (widget_class, "alert.call", NULL, call_action);
  gtk_widget_class_install_action (widget_class, "alert.open-patient", NULL, open_patient_action);
  gtk_widget_class_install_action (widget_class, "alert.settle-refusal", NULL, settle_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
fyr_alert_pane_init (FyrAlertPane *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  fyr_ticker_watch (GTK_WIDGET (self), update_deadline);
}

GtkWidget *
fyr_alert_pane_new (FyrAppContext *context)
{
  FyrAlertPane *self = g_object_new (FYR_TYPE_ALERT_PANE, NULL);

  self->context = g_object_ref (context);
  update_actions (self);
  return GTK_WIDGET (self);
}
