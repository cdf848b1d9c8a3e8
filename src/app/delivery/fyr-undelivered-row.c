/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-undelivered-row.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "fyr-alert-actions.h"
#include "fyr-format.h"
#include "fyr-sync-words.h"
#include "fyr-toast.h"

typedef struct {
  FyrStore *store;
  gint64 key;
} Decision;

static void
decision_free (gpointer data, GClosure *closure)
{
  Decision *decision = data;

  g_object_unref (decision->store);
  g_free (decision);
}

static void
on_retried (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) button = user_data;
  g_autoptr (GError) error = NULL;

  if (fyr_store_retry_finish (FYR_STORE (source), result, &error))
    return;
  gtk_widget_set_sensitive (button, TRUE);
  fyr_toast_show (button, fyr_save_error_get_words (error));
}

static void
on_discarded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) button = user_data;
  g_autoptr (GError) error = NULL;

  if (fyr_store_discard_finish (FYR_STORE (source), result, &error))
    return;
  gtk_widget_set_sensitive (button, TRUE);
  fyr_toast_show (button, fyr_save_error_get_words (error));
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
  gtk_widget_set_sensitive (button, FALSE);
  fyr_store_discard_async (decision->store, decision->key, NULL, on_discarded, g_object_ref (button));
}

static GtkWidget *
decision_button (const char *label, FyrStore *store, FyrOutboxEntry *entry, GCallback decided)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);
  Decision *decision = g_new0 (Decision, 1);

  decision->store = g_object_ref (store);
  decision->key = fyr_outbox_entry_get_key (entry);
  g_signal_connect_data (button, "clicked", decided, decision, decision_free, 0);
  return button;
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

static char *
value_words (JsonObject *field, const char *side)
{
  JsonNode *node = json_object_get_member (field, side);

  if (!node || JSON_NODE_HOLDS_NULL (node))
    return g_strdup (_ ("nothing"));
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  return json_to_string (node, FALSE);
}

/* One line a field that both have changed: what is mine and what is theirs. */
static void
add_conflict (GtkBox *box, FyrOutboxEntry *entry)
{
  const char *text = fyr_outbox_entry_get_conflict (entry);
  g_autoptr (JsonNode) root = text ? json_from_string (text, NULL) : NULL;
  const FyrRecordInfo *info = fyr_record_info_lookup (fyr_outbox_entry_get_kind (entry));
  JsonObject *fields = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (root && JSON_NODE_HOLDS_OBJECT (root) && json_object_has_member (json_node_get_object (root), "fields"))
    fields = json_object_get_object_member (json_node_get_object (root), "fields");
  if (!fields)
    return;
  json_object_iter_init (&iter, fields);
  while (json_object_iter_next (&iter, &name, &node)) {
    int field = info ? fyr_record_info_find_field (info, name) : -1;
    g_autofree char *mine = NULL, *theirs = NULL, *line = NULL;

    if (!JSON_NODE_HOLDS_OBJECT (node))
      continue;
    mine = value_words (json_node_get_object (node), "yours");
    theirs = value_words (json_node_get_object (node), "theirs");
    line = g_strdup_printf (_ ("%1$s: you wrote “%2$s”, now it is “%3$s”"),
                            field >= 0 ? info->fields[field].doc : name, mine, theirs);
    gtk_box_append (box, text_label (line, NULL));
  }
}

static void
add_decisions (GtkBox *box, FyrStore *store, FyrOutboxEntry *entry)
{
  FyrOutboxState state = fyr_outbox_entry_get_state (entry);
  GtkWidget *buttons;
  GtkWidget *first, *second;

  if (state != FYR_OUTBOX_CONFLICT && state != FYR_OUTBOX_REFUSED && state != FYR_OUTBOX_HELD)
    return;
  if (state == FYR_OUTBOX_CONFLICT) {
    first = decision_button (_ ("Keep _mine"), store, entry, G_CALLBACK (retry));
    second = decision_button (_ ("Keep _theirs"), store, entry, G_CALLBACK (discard));
  } else {
    first = decision_button (_ ("_Send again"), store, entry, G_CALLBACK (retry));
    second = decision_button (_ ("_Drop it"), store, entry, G_CALLBACK (discard));
  }
  buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_set_margin_top (buttons, 6);
  gtk_box_append (GTK_BOX (buttons), first);
  gtk_box_append (GTK_BOX (buttons), second);
  gtk_box_append (box, buttons);
}

GtkWidget *
fyr_undelivered_row_new (FyrStore *store, FyrOutboxEntry *entry, const char *author)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  g_autofree char *when = fyr_format_when (fyr_outbox_entry_get_created (entry), fyr_now ());
  const char *state = fyr_outbox_word_state (fyr_outbox_entry_get_state (entry));
  const char *reason = fyr_outbox_word_reason (entry);
  g_autofree char *title = NULL;

  title =
      g_strconcat (fyr_outbox_word_work (entry), " · ", when, author && *author ? " · " : NULL, author, NULL);
  gtk_box_append (GTK_BOX (box), text_label (title, "heading"));
  gtk_box_append (GTK_BOX (box), text_label (state, "dim-label"));
  if (*reason)
    gtk_box_append (GTK_BOX (box), text_label (reason, NULL));
  if (fyr_outbox_entry_get_state (entry) == FYR_OUTBOX_CONFLICT)
    add_conflict (GTK_BOX (box), entry);
  add_decisions (GTK_BOX (box), store, entry);
  gtk_widget_add_css_class (box, "padded");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return row;
}
