/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-history.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "fyr-alert-words.h"
#include "fyr-badge.h"
#include "fyr-format.h"

static GtkWidget *
text_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), FALSE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static const char *
words_of_state (FyrOutboxState state)
{
  switch (state) {
  case FYR_OUTBOX_WAITING:
  case FYR_OUTBOX_SENT:
  case FYR_OUTBOX_HELD:
    return _ ("saved here");
  case FYR_OUTBOX_CONFLICT:
    return _ ("in conflict");
  case FYR_OUTBOX_REFUSED:
    return _ ("not accepted");
  default:
    return NULL;
  }
}

static GtkWidget *
event_widget (FyrEventItem *item, gint64 now)
{
  FyrAlertEvent *event = fyr_event_item_get_event (item);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *when = fyr_format_when (fyr_alert_event_get_time (event), now);
  const char *name = fyr_event_item_get_actor_name (item);
  const char *state = words_of_state (fyr_event_item_get_state (item));
  const char *outcome = fyr_alert_word_outcome (fyr_alert_event_get_outcome (event));
  const char *words = fyr_alert_event_get_text (event);
  GString *head = g_string_new (when);

  g_string_append_printf (head, "  %s", fyr_alert_word_action (fyr_alert_event_get_action (event)));
  if (name)
    g_string_append_printf (head, " · %s", name);
  if (state)
    g_string_append_printf (head, " · %s", state);
  gtk_box_append (GTK_BOX (box), text_label (head->str, "dim-label"));
  if (*outcome)
    gtk_box_append (GTK_BOX (box), text_label (outcome, NULL));
  if (words)
    gtk_box_append (GTK_BOX (box), text_label (words, NULL));
  g_string_free (head, TRUE);
  return box;
}

void
fyr_alert_history_fill (GtkBox *box, FyrAlertDetail *detail)
{
  gint64 now = fyr_now ();
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))))
    gtk_box_remove (box, child);
  for (guint i = detail->events->len; i > 0; i--)
    gtk_box_append (box, event_widget (g_ptr_array_index (detail->events, i - 1), now));
  if (detail->events->len == 0)
    gtk_box_append (box, text_label (_ ("Nothing has been done yet"), "dim-label"));
}

static GtkWidget *
other_row (FyrAlertItem *item, gint64 now)
{
  FyrAlert *alert = fyr_alert_item_get_alert (item);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *badge = fyr_badge_new ();
  g_autofree char *headline = fyr_alert_word_headline (alert, fyr_alert_item_get_measurement (item));
  g_autofree char *when = fyr_format_when (fyr_alert_get_raised_time (alert), now);
  g_autofree char *handling =
      fyr_alert_word_handling (alert, fyr_alert_item_get_assignee_name (item), FALSE, now);
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", when, handling);

  fyr_badge_set_compact (FYR_BADGE (badge), TRUE);
  fyr_badge_set_category (FYR_BADGE (badge), fyr_alert_get_category (alert));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), badge);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), headline);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.show-alert");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", fyr_alert_item_get_id (item));
  return row;
}

void
fyr_alert_others_fill (GtkListBox *list, GPtrArray *items)
{
  gint64 now = fyr_now ();
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))))
    gtk_list_box_remove (list, child);
  for (guint i = 0; i < items->len; i++)
    gtk_list_box_append (list, other_row (g_ptr_array_index (items, i), now));
  gtk_widget_set_visible (GTK_WIDGET (list), items->len > 0);
}
