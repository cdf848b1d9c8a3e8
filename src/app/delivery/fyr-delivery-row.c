/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-delivery-row.h"

#include <glib/gi18n.h>

#include "fyr-alert-words.h"
#include "fyr-conflict.h"
#include "fyr-field-words.h"
#include "fyr-format.h"
#include "fyr-save.h"
#include "fyr-sync-words.h"
#include "fyr-toast.h"

typedef struct {
  FyrStore *store;
  gint64 key;
  char *title;
} Decision;

static void
decision_free (gpointer data)
{
  Decision *decision = data;

  g_object_unref (decision->store);
  g_free (decision->title);
  g_free (decision);
}

static void
decision_unref (gpointer data, GClosure *closure)
{
  decision_free (data);
}

static Decision *
decision_new (FyrStore *store, FyrDeliveryItem *item)
{
  Decision *decision = g_new0 (Decision, 1);

  decision->store = g_object_ref (store);
  decision->key = fyr_outbox_entry_get_key (fyr_delivery_item_get_entry (item));
  decision->title = fyr_delivery_item_get_title (item);
  return decision;
}

static void
tell_failure (GtkWidget *button, const GError *error)
{
  gtk_widget_set_sensitive (button, TRUE);
  fyr_toast_show (button, fyr_save_error_get_words (error));
}

static void
on_retried (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) button = user_data;
  g_autoptr (GError) error = NULL;

  if (!fyr_store_retry_finish (FYR_STORE (source), result, &error))
    tell_failure (button, error);
}

static void
on_brought_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!fyr_store_undiscard_finish (FYR_STORE (source), result, &error))
    g_warning ("given-up work cannot be brought back: error %d", error->code);
}

static void
bring_back (gpointer data, gpointer unused)
{
  Decision *decision = data;

  fyr_store_undiscard_async (decision->store, decision->key, NULL, on_brought_back, NULL);
}

typedef struct {
  GtkWidget *overlay; /* outlives the row */
  GtkWidget *button;
  Decision *decision;
} Dropping;

static void
on_discarded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Dropping *dropping = user_data;
  g_autoptr (GtkWidget) overlay = dropping->overlay;
  g_autoptr (GtkWidget) button = dropping->button;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!fyr_store_discard_finish (FYR_STORE (source), result, &error)) {
    decision_free (dropping->decision);
    tell_failure (button, error);
    return;
  }
  text = g_strdup_printf (_ ("Dropped: %s"), dropping->decision->title);
  fyr_toast_show_undo (overlay, text, bring_back, dropping->decision, decision_free);
}

static void
retry (GtkWidget *button, Decision *decision)
{
  gtk_widget_set_sensitive (button, FALSE);
  fyr_store_retry_async (decision->store, decision->key, NULL, on_retried, g_object_ref (button));
}

static void
discard (GtkWidget *button, Decision *decision)
{
  Dropping *dropping = g_new0 (Dropping, 1);
  GtkWidget *list = gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX);

  dropping->overlay = g_object_ref (list ? list : button);
  dropping->button = g_object_ref (button);
  dropping->decision = g_new0 (Decision, 1);
  dropping->decision->store = g_object_ref (decision->store);
  dropping->decision->key = decision->key;
  dropping->decision->title = g_strdup (decision->title);
  gtk_widget_set_sensitive (button, FALSE);
  fyr_store_discard_async (decision->store, decision->key, NULL, on_discarded, dropping);
}

static GtkWidget *
text_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* A screen reader says what the button is about, not only "Keep mine". */
static void
name_button (GtkWidget *button, FyrDeliveryItem *item)
{
  g_autofree char *title = fyr_delivery_item_get_title (item);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, title, -1);
}

static GtkWidget *
decision_button (const char *label, FyrStore *store, FyrDeliveryItem *item, GCallback decided)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  name_button (button, item);
  g_signal_connect_data (button, "clicked", decided, decision_new (store, item), decision_unref, 0);
  return button;
}

static GtkWidget *
action_button (const char *label, FyrDeliveryItem *item, const char *action)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  name_button (button, item);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x",
                                    fyr_outbox_entry_get_key (fyr_delivery_item_get_entry (item)));
  return button;
}

char *
fyr_conflict_word_line (const char *who, gint64 time, const char *value)
{
  g_autofree char *when = time > 0 ? fyr_format_when (time, fyr_now ()) : NULL;

  if (when)
    /* Translators: who wrote it, when, what. */
    return g_strdup_printf (_ ("%1$s, %2$s: %3$s"), who, when, value);
  /* Translators: who wrote it, what. */
  return g_strdup_printf (_ ("%1$s: %2$s"), who, value);
}

/* A field that both have changed: what I wrote and when, what the other wrote and when. */
static void
add_conflict_field (GtkBox *box,
                    FyrConflict *conflict,
                    const FyrConflictField *field,
                    FyrDeliveryItem *item,
                    FyrDeliveryList *list)
{
  const char *who = field->by[0] ? fyr_delivery_list_get_name_of (field->by, list) : NULL;
  g_autofree char *mine = NULL, *theirs = NULL, *my_line = NULL, *their_line = NULL;

  mine = fyr_field_word_value (conflict->mine, field->field, fyr_delivery_list_get_name_of, list);
  theirs = fyr_field_word_value (conflict->theirs, field->field, fyr_delivery_list_get_name_of, list);
  my_line = fyr_conflict_word_line (_ ("You"),
                                    fyr_outbox_entry_get_created (fyr_delivery_item_get_entry (item)), mine);
  their_line = fyr_conflict_word_line (who && *who ? who : _ ("Now it says"), field->time, theirs);
  gtk_box_append (box, text_label (fyr_field_word_label (conflict->info, field->field), "caption-heading"));
  gtk_box_append (box, text_label (my_line, NULL));
  gtk_box_append (box, text_label (their_line, NULL));
}

static void
add_conflict (GtkBox *box, FyrConflict *conflict, FyrDeliveryItem *item, FyrDeliveryList *list)
{
  for (guint i = 0; i < conflict->fields->len; i++) {
    const FyrConflictField *field = &g_array_index (conflict->fields, FyrConflictField, i);

    if (!field->hidden)
      add_conflict_field (box, conflict, field, item, list);
  }
}

/* Of an alert it is told who was first. */
static char *
reason_words (FyrDeliveryItem *item, FyrDeliveryList *list)
{
  FyrOutboxEntry *entry = fyr_delivery_item_get_entry (item);
  FyrRecord *record = fyr_delivery_item_get_record (item);
  const char *holder = NULL;
  const char *code = fyr_outbox_entry_get_code (entry);

  if (fyr_outbox_entry_get_state (entry) != FYR_OUTBOX_REFUSED)
    return NULL;
  if (g_strcmp0 (code, "discarded") == 0 && fyr_outbox_entry_get_text (entry))
    /* Translators: a sentence, and what an administrator wrote. */
    return g_strdup_printf (_ ("%1$s Reason: %2$s"), fyr_outbox_word_reason (entry),
                            fyr_outbox_entry_get_text (entry));
  if (g_strcmp0 (code, "kept") == 0)
    return g_strdup (fyr_outbox_word_reason (entry));
  if (!record || !FYR_IS_ALERT (record))
    return g_strdup (fyr_outbox_word_reason (entry));
  holder = fyr_delivery_list_get_name_of (fyr_alert_get_assignee_id (FYR_ALERT (record)), list);
  return fyr_alert_word_refusal (entry, FYR_ALERT (record), holder, fyr_now ());
}

static GtkWidget *
add_line (GtkWidget *lines)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  gtk_box_append (GTK_BOX (lines), line);
  return line;
}

/* Two lines: at large text all four would not fit beside each other. */
static GtkWidget *
make_buttons (FyrDeliveryItem *item, FyrConflict *conflict, FyrStore *store)
{
  FyrOutboxEntry *entry = fyr_delivery_item_get_entry (item);
  gboolean in_conflict = fyr_outbox_entry_get_state (entry) == FYR_OUTBOX_CONFLICT;
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkBox *line = GTK_BOX (add_line (lines));

  gtk_widget_set_margin_top (lines, 6);
  gtk_box_append (line, decision_button (in_conflict ? _ ("Keep _mine") : _ ("_Send again"), store, item,
                                         G_CALLBACK (retry)));
  gtk_box_append (line, decision_button (in_conflict ? _ ("Keep _theirs") : _ ("_Drop it"), store, item,
                                         G_CALLBACK (discard)));
  if (conflict)
    line = GTK_BOX (add_line (lines));
  if (conflict)
    gtk_box_append (line, action_button (_ ("_Write another…"), item, "delivery.decide"));
  if (fyr_outbox_entry_get_patient_id (entry))
    gtk_box_append (line, action_button (_ ("Show the _patient"), item, "delivery.open"));
  return lines;
}

static char *
state_words (FyrDeliveryItem *item)
{
  FyrOutboxEntry *entry = fyr_delivery_item_get_entry (item);
  FyrOutboxState state = fyr_outbox_entry_get_state (entry);
  gint64 now = fyr_now ();
  g_autofree char *saved = fyr_format_when (fyr_outbox_entry_get_created (entry), now);
  const char *author = fyr_delivery_item_get_author (item);
  g_autofree char *by = *author ? g_strdup_printf (_ ("%1$s, %2$s"), author, saved) : g_strdup (saved);
  g_autofree char *delivered = NULL;

  /* In another's name nothing is sent. */
  if (*author && (state == FYR_OUTBOX_WAITING || state == FYR_OUTBOX_SENT))
    return g_strdup_printf ("%s · %s", by, _ ("Saved here, waits until this person signs in here"));
  if (state != FYR_OUTBOX_DELIVERED)
    return g_strdup_printf ("%s · %s", by, fyr_outbox_word_state (state));
  delivered = fyr_format_when (fyr_outbox_entry_get_acknowledged (entry), now);
  return g_strdup_printf (_ ("Saved %1$s · Delivered %2$s"), by, delivered);
}

GtkWidget *
fyr_delivery_row_new (FyrDeliveryItem *item, FyrDeliveryList *list, FyrStore *store)
{
  FyrOutboxState state = fyr_outbox_entry_get_state (fyr_delivery_item_get_entry (item));
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  g_autofree char *title = fyr_delivery_item_get_title (item);
  g_autofree char *words = state_words (item);
  g_autofree char *reason = reason_words (item, list);
  g_autofree char *spoken = g_strdup_printf ("%s. %s", title, words);
  g_autoptr (FyrConflict) conflict =
      state == FYR_OUTBOX_CONFLICT
          ? fyr_conflict_new (fyr_delivery_item_get_entry (item), fyr_delivery_item_get_record (item))
          : NULL;

  gtk_box_append (GTK_BOX (box), text_label (title, "heading"));
  gtk_box_append (GTK_BOX (box), text_label (words, "dim-label"));
  if (reason)
    gtk_box_append (GTK_BOX (box), text_label (reason, NULL));
  if (conflict)
    add_conflict (GTK_BOX (box), conflict, item, list);
  if (state == FYR_OUTBOX_CONFLICT || state == FYR_OUTBOX_REFUSED || state == FYR_OUTBOX_HELD)
    gtk_box_append (GTK_BOX (box), make_buttons (item, conflict, store));
  gtk_widget_add_css_class (box, "padded");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}
