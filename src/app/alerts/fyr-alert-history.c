/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-history.h"

#include <glib/gi18n.h>

#include "fyr-alert-words.h"
#include "fyr-badge.h"
#include "fyr-format.h"

/* In a narrow pane text is laid out no narrower than this, in characters: a label that may break anywhere is else tried
 * at one character a line first. */
#define NARROWEST 12
/* The words a row shows, kept with it. */
#define SHOWS "fyr-shows"

/* MakeRow: the row of items[i] */
typedef GtkWidget *(*MakeRow) (GPtrArray *items, guint i);

static GtkWidget *
text_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (label), NARROWEST);
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

static gboolean
shows (GtkWidget *row, const char *words)
{
  return row && g_strcmp0 (g_object_get_data (G_OBJECT (row), SHOWS), words) == 0;
}

static gboolean
is_from_here_on (GtkWidget *row, const char *words)
{
  while (row && !shows (row, words))
    row = gtk_widget_get_next_sibling (row);
  return row != NULL;
}

/* Returns: (nullable): the row after it */
static GtkWidget *
remove_row (GtkWidget *list, GtkWidget *row)
{
  GtkWidget *next = gtk_widget_get_next_sibling (row);

  if (GTK_IS_LIST_BOX (list))
    gtk_list_box_remove (GTK_LIST_BOX (list), row);
  else
    gtk_box_remove (GTK_BOX (list), row);
  return next;
}

static void
insert_row (GtkWidget *list, GtkWidget *row, GtkWidget *after, guint place)
{
  if (GTK_IS_LIST_BOX (list))
    gtk_list_box_insert (GTK_LIST_BOX (list), row, (int)place);
  else
    gtk_box_insert_child_after (GTK_BOX (list), row, after);
}

/* What shows the same words stays, with its layout: most of what is loaded again has not changed, and laying out text
 * is what costs. */
static void
show_rows (GtkWidget *list, GPtrArray *items, GPtrArray *words, MakeRow make)
{
  GtkWidget *row = gtk_widget_get_first_child (list), *last = NULL;

  for (guint i = 0; i < words->len; i++) {
    const char *text = g_ptr_array_index (words, i);

    if (is_from_here_on (row, text)) {
      while (!shows (row, text))
        row = remove_row (list, row);
      last = row;
      row = gtk_widget_get_next_sibling (row);
    } else {
      GtkWidget *made = make (items, i);

      g_object_set_data_full (G_OBJECT (made), SHOWS, g_strdup (text), g_free);
      insert_row (list, made, last, i);
      last = made;
    }
  }
  while (row)
    row = remove_row (list, row);
}

/* "07:51  Raised · Kari Nordmann" */
static char *
event_head (FyrEventItem *item, gint64 now)
{
  FyrAlertEvent *event = fyr_event_item_get_event (item);
  g_autofree char *when = fyr_format_when (fyr_alert_event_get_time (event), now);
  const char *name = fyr_event_item_get_actor_name (item);
  const char *state = words_of_state (fyr_event_item_get_state (item));
  GString *head = g_string_new (when);

  g_string_append_printf (head, "  %s", fyr_alert_word_action (fyr_alert_event_get_action (event)));
  if (name)
    g_string_append_printf (head, " · %s", name);
  if (state)
    g_string_append_printf (head, " · %s", state);
  return g_string_free (head, FALSE);
}

static char *
event_words (FyrEventItem *item, gint64 now)
{
  FyrAlertEvent *event = fyr_event_item_get_event (item);
  g_autofree char *head = event_head (item, now);
  const char *words = fyr_alert_event_get_text (event);

  return g_strjoin ("\n", head, fyr_alert_word_outcome (fyr_alert_event_get_outcome (event)),
                    words ? words : "", NULL);
}

/* Newest first. */
static GtkWidget *
event_row (GPtrArray *events, guint i)
{
  FyrEventItem *item = g_ptr_array_index (events, events->len - 1 - i);
  FyrAlertEvent *event = fyr_event_item_get_event (item);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *head = event_head (item, fyr_now ());
  const char *outcome = fyr_alert_word_outcome (fyr_alert_event_get_outcome (event));
  const char *words = fyr_alert_event_get_text (event);

  gtk_box_append (GTK_BOX (box), text_label (head, "dim-label"));
  if (*outcome)
    gtk_box_append (GTK_BOX (box), text_label (outcome, NULL));
  if (words)
    gtk_box_append (GTK_BOX (box), text_label (words, NULL));
  return box;
}

static GtkWidget *
nothing_done_row (GPtrArray *events, guint i)
{
  return text_label (_ ("Nothing has been done yet"), "dim-label");
}

void
fyr_alert_history_fill (GtkBox *box, FyrAlertDetail *detail)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  gint64 now = fyr_now ();

  for (guint i = detail->events->len; i > 0; i--)
    g_ptr_array_add (words, event_words (g_ptr_array_index (detail->events, i - 1), now));
  if (words->len > 0) {
    show_rows (GTK_WIDGET (box), detail->events, words, event_row);
    return;
  }
  g_ptr_array_add (words, g_strdup (""));
  show_rows (GTK_WIDGET (box), detail->events, words, nothing_done_row);
}

static char *
other_subtitle (FyrAlertItem *item, gint64 now)
{
  FyrAlert *alert = fyr_alert_item_get_alert (item);
  g_autofree char *when = fyr_format_when (fyr_alert_get_raised_time (alert), now);
  g_autofree char *handling =
      fyr_alert_word_handling (alert, fyr_alert_item_get_assignee_name (item), FALSE, now);

  return g_strdup_printf ("%s · %s", when, handling);
}

static char *
other_words (FyrAlertItem *item, gint64 now)
{
  FyrAlert *alert = fyr_alert_item_get_alert (item);
  g_autofree char *headline = fyr_alert_word_headline (alert, fyr_alert_item_get_measurement (item));
  g_autofree char *subtitle = other_subtitle (item, now);

  return g_strdup_printf ("%s\n%s\n%s\n%s", fyr_alert_item_get_id (item),
                          fyr_category_get_word (fyr_alert_get_category (alert)), headline, subtitle);
}

/* Looks like an AdwActionRow, which lays each of its two texts out five times as often. */
static GtkWidget *
other_row (GPtrArray *items, guint i)
{
  FyrAlertItem *item = g_ptr_array_index (items, i);
  FyrAlert *alert = fyr_alert_item_get_alert (item);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *header = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *badge = fyr_badge_new ();
  g_autofree char *headline = fyr_alert_word_headline (alert, fyr_alert_item_get_measurement (item));
  g_autofree char *subtitle = other_subtitle (item, fyr_now ());
  g_autofree char *name = g_strdup_printf (
      "%s: %s. %s", fyr_category_get_word (fyr_alert_get_category (alert)), headline, subtitle);

  fyr_badge_set_category (FYR_BADGE (badge), fyr_alert_get_category (alert));
  fyr_badge_set_compact (FYR_BADGE (badge), TRUE);
  gtk_widget_add_css_class (header, "header");
  gtk_widget_add_css_class (texts, "title");
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), text_label (headline, "title"));
  gtk_box_append (GTK_BOX (texts), text_label (subtitle, "subtitle"));
  gtk_box_append (GTK_BOX (header), badge);
  gtk_box_append (GTK_BOX (header), texts);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), header);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.show-alert");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", fyr_alert_item_get_id (item));
  return row;
}

void
fyr_alert_others_fill (GtkListBox *list, GPtrArray *items)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  gint64 now = fyr_now ();

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (words, other_words (g_ptr_array_index (items, i), now));
  show_rows (GTK_WIDGET (list), items, words, other_row);
  gtk_widget_set_visible (GTK_WIDGET (list), items->len > 0);
}
