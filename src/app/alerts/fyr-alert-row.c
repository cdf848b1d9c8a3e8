/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-row.h"

#include <glib/gi18n.h>

#include "fyr-alert-words.h"
#include "fyr-badge.h"
#include "fyr-children.h"
#include "fyr-format.h"
#include "fyr-ticker.h"
#include "fyr-trace.h"

struct _FyrAlertRow {
  GtkWidget parent_instance;
  FyrAlertEntry *entry;
  char *user_id;
  char *painted_id; /* the alert that was traced last */
  FyrBadge *badge;
  GtkLabel *name;
  GtkLabel *deadline;
  GtkLabel *headline;
  GtkLabel *handling;
  GtkImage *state;
};

G_DEFINE_FINAL_TYPE (FyrAlertRow, fyr_alert_row, GTK_TYPE_WIDGET)

static void
set_class (GtkWidget *widget, const char *css_class, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, css_class);
  else
    gtk_widget_remove_css_class (widget, css_class);
}

/* What a screen reader says of the row: the list item around it has no name unless given. */
static void
name_list_item (FyrAlertRow *self)
{
  FyrAlert *alert = fyr_alert_entry_get_alert (self->entry);
  GtkWidget *list_item = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *words = NULL;

  if (!list_item)
    return;
  words = g_strdup_printf ("%s: %s. %s. %s. %s", fyr_category_get_word (fyr_alert_get_category (alert)),
                           gtk_label_get_label (self->name), gtk_label_get_label (self->headline),
                           gtk_label_get_label (self->deadline), gtk_label_get_label (self->handling));
  gtk_accessible_update_property (GTK_ACCESSIBLE (list_item), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

static gint64
update_deadline (GtkWidget *widget, gint64 now)
{
  FyrAlertRow *self = FYR_ALERT_ROW (widget);
  g_autofree char *text = NULL;
  gint64 next = 0, due;
  FyrAlert *alert;

  if (!self->entry)
    return 0;
  alert = fyr_alert_entry_get_alert (self->entry);
  due = fyr_alert_get_due_time (alert);
  if (fyr_alert_get_status (alert) == FYR_ALERT_STATUS_CLOSED || fyr_alert_entry_get_gone (self->entry))
    due = 0;
  text = fyr_format_deadline (due, now, &next);
  gtk_label_set_label (self->deadline, text);
  set_class (GTK_WIDGET (self->deadline), "overdue", due != 0 && due < now);
  return next;
}

static void
update_state (FyrAlertRow *self, FyrAlertItem *item)
{
  const char *icon = NULL, *words = NULL;

  switch (fyr_alert_item_get_state (item)) {
  case FYR_OUTBOX_WAITING:
  case FYR_OUTBOX_SENT:
  case FYR_OUTBOX_HELD:
    icon = "document-save-symbolic";
    words = _ ("Saved here, not yet delivered");
    break;
  case FYR_OUTBOX_CONFLICT:
  case FYR_OUTBOX_REFUSED:
    icon = "dialog-warning-symbolic";
    words = _ ("Not accepted by the server");
    break;
  default:
    break;
  }
  gtk_widget_set_visible (GTK_WIDGET (self->state), icon != NULL);
  gtk_image_set_from_icon_name (self->state, icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->state), words);
}

static void
update (FyrAlertRow *self)
{
  FyrAlertItem *item = fyr_alert_entry_get_item (self->entry);
  FyrAlert *alert = fyr_alert_item_get_alert (item);
  gboolean gone = fyr_alert_entry_get_gone (self->entry);
  gint64 now = fyr_now ();
  g_autofree char *headline = fyr_alert_word_headline (alert, fyr_alert_item_get_measurement (item));
  g_autofree char *reason = fyr_alert_word_reason (alert);
  g_autofree char *line = g_strconcat (headline, *reason ? ", " : "", reason, NULL);
  g_autofree char *handling = NULL;

  fyr_badge_set_category (self->badge, fyr_alert_get_category (alert));
  gtk_label_set_label (self->name, fyr_alert_item_get_patient_name (item));
  gtk_label_set_label (self->headline, line);
  if (gone)
    handling = g_strdup (_ ("Handled"));
  else
    handling =
        fyr_alert_word_handling (alert, fyr_alert_item_get_assignee_name (item),
                                 g_strcmp0 (fyr_alert_get_assignee_id (alert), self->user_id) == 0, now);
  gtk_label_set_label (self->handling, handling);
  set_class (GTK_WIDGET (self), "gone", gone || fyr_alert_get_status (alert) == FYR_ALERT_STATUS_CLOSED);
  update_state (self, item);
  fyr_ticker_refresh (GTK_WIDGET (self));
  update_deadline (GTK_WIDGET (self), now);
  name_list_item (self);
}

void
fyr_alert_row_set_entry (FyrAlertRow *self, FyrAlertEntry *entry)
{
  g_return_if_fail (FYR_IS_ALERT_ROW (self));
  if (self->entry)
    g_signal_handlers_disconnect_by_data (self->entry, self);
  g_set_object (&self->entry, entry);
  if (!entry)
    return;
  g_signal_connect_swapped (entry, "notify", G_CALLBACK (update), self);
  update (self);
}

static void
fyr_alert_row_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FyrAlertRow *self = FYR_ALERT_ROW (widget);

  GTK_WIDGET_CLASS (fyr_alert_row_parent_class)->snapshot (widget, snapshot);
  if (!fyr_trace_is_on () || !self->entry)
    return;
  if (g_strcmp0 (self->painted_id, fyr_alert_entry_get_id (self->entry)) == 0)
    return;
  g_free (self->painted_id);
  self->painted_id = g_strdup (fyr_alert_entry_get_id (self->entry));
  fyr_trace_painted (widget, "alert", self->painted_id);
}

static void
fyr_alert_row_dispose (GObject *object)
{
  FyrAlertRow *self = FYR_ALERT_ROW (object);

  fyr_alert_row_set_entry (self, NULL);
  fyr_children_unparent (GTK_WIDGET (self));
  G_OBJECT_CLASS (fyr_alert_row_parent_class)->dispose (object);
}

static void
fyr_alert_row_finalize (GObject *object)
{
  g_free (FYR_ALERT_ROW (object)->user_id);
  g_free (FYR_ALERT_ROW (object)->painted_id);
  G_OBJECT_CLASS (fyr_alert_row_parent_class)->finalize (object);
}

static void
fyr_alert_row_class_init (FyrAlertRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_alert_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_alert_row_finalize;
  widget_class->snapshot = fyr_alert_row_snapshot;
  g_type_ensure (FYR_TYPE_BADGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/no/fyrlykt/Fyrlykt/alerts/fyr-alert-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrAlertRow, badge);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertRow, name);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertRow, deadline);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertRow, headline);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertRow, handling);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertRow, state);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "alertrow");
}

static void
fyr_alert_row_init (FyrAlertRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fyr_ticker_watch (GTK_WIDGET (self), update_deadline);
}

GtkWidget *
fyr_alert_row_new (const char *user_id)
{
  FyrAlertRow *self = g_object_new (FYR_TYPE_ALERT_ROW, NULL);

  self->user_id = g_strdup (user_id);
  return GTK_WIDGET (self);
}
