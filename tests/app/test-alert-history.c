/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows beside an alert, filled again and again as changes come in. */
#include <adwaita.h>

#include "fyr-alert-history.h"
#include "fyr-format.h"
#include "fyr-items-private.h"

#define N_ITEMS 12

static FyrAlertItem *
make_other (guint number, FyrAlertStatus status)
{
  FyrAlert *alert = fyr_alert_new ();
  g_autofree char *id = g_strdup_printf ("0190a000-0000-7000-8000-%012u", number);

  fyr_record_set_id (FYR_RECORD (alert), id);
  fyr_alert_set_category (alert, (FyrAlertCategory)(number % 3 + 1));
  fyr_alert_set_kind (alert, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_alert_set_observed (alert, 70 + number);
  fyr_alert_set_raised_time (alert, 1772438400000);
  fyr_alert_set_status (alert, status);
  return fyr_alert_item_new (alert, NULL, g_strdup ("Nordmann, Ola"), NULL, FYR_ZONE_GREEN, NULL,
                             FYR_OUTBOX_DELIVERED);
}

static FyrEventItem *
make_event (guint number, FyrOutboxState state)
{
  FyrAlertEvent *event = fyr_alert_event_new ();
  g_autofree char *words = g_strdup_printf ("Note %u", number);

  fyr_alert_event_set_action (event, FYR_ALERT_ACTION_NOTE);
  fyr_alert_event_set_time (event, 1772438400000 + (gint64)number * 60000);
  fyr_alert_event_set_text (event, words);
  return fyr_event_item_new (event, g_strdup ("Kari Nordmann"), state);
}

static GPtrArray *
new_items (void)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}

static gboolean
says (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child)) {
    if (says (child, text))
      return TRUE;
  }
  return FALSE;
}

static GtkWidget *
row_at (GtkWidget *list, guint place)
{
  GtkWidget *row = gtk_widget_get_first_child (list);

  while (row && place-- > 0)
    row = gtk_widget_get_next_sibling (row);
  return row;
}

static void
fill_history (GtkWidget *box, GPtrArray *events)
{
  FyrAlertDetail detail = { .events = events };

  fyr_alert_history_fill (GTK_BOX (box), &detail);
}

static void
test_a_new_event_leaves_the_rows_of_the_others (void)
{
  g_autoptr (GtkWidget) box = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  g_autoptr (GPtrArray) events = new_items ();
  GtkWidget *first, *second;

  fill_history (box, events);
  g_assert_true (says (row_at (box, 0), "Nothing has been done yet"));
  g_ptr_array_add (events, make_event (1, FYR_OUTBOX_DELIVERED));
  g_ptr_array_add (events, make_event (2, FYR_OUTBOX_WAITING));
  fill_history (box, events);
  first = row_at (box, 1);
  second = row_at (box, 0);
  g_assert_true (says (first, "Note 1") && says (second, "Note 2") && says (second, "saved here"));
  g_object_unref (events->pdata[1]);
  events->pdata[1] = make_event (2, FYR_OUTBOX_DELIVERED);
  g_ptr_array_add (events, make_event (3, FYR_OUTBOX_DELIVERED));
  fill_history (box, events);
  g_assert_true (says (row_at (box, 0), "Note 3"));
  g_assert_true (says (row_at (box, 1), "Note 2") && !says (row_at (box, 1), "saved here"));
  g_assert_true (row_at (box, 2) == first);
  g_assert_null (row_at (box, 3));
}

/* Any list after any other: in order, nothing else, and who is in both with the same words is the same row. */
static void
test_rows_follow_the_list_and_stay_while_they_say_the_same (void)
{
  g_autoptr (GtkWidget) list = g_object_ref_sink (gtk_list_box_new ());
  GtkWidget *before[N_ITEMS] = { NULL };
  FyrAlertStatus status_before[N_ITEMS] = { 0 };

  for (int round = 0; round < 200; round++) {
    g_autoptr (GPtrArray) items = new_items ();
    GtkWidget *now[N_ITEMS] = { NULL };
    guint place = 0;

    for (guint i = 0; i < N_ITEMS; i++) {
      FyrAlertStatus status = g_test_rand_int_range (0, 8) ? FYR_ALERT_STATUS_OPEN : FYR_ALERT_STATUS_CLOSED;

      if (g_test_rand_bit ())
        g_ptr_array_add (items, make_other (i, status));
    }
    fyr_alert_others_fill (GTK_LIST_BOX (list), items);
    for (place = 0; place < items->len; place++) {
      FyrAlert *alert = fyr_alert_item_get_alert (items->pdata[place]);
      guint number = (guint)fyr_alert_get_observed (alert) - 70;
      g_autofree char *value = g_strdup_printf ("%u", number + 70);
      GtkWidget *row = row_at (list, place);

      g_assert_true (says (row, value));
      g_assert_true (says (row, "Closed") == (fyr_alert_get_status (alert) == FYR_ALERT_STATUS_CLOSED));
      if (before[number] && status_before[number] == fyr_alert_get_status (alert))
        g_assert_true (row == before[number]);
      now[number] = row;
      status_before[number] = fyr_alert_get_status (alert);
    }
    g_assert_null (row_at (list, place));
    g_assert_true (gtk_widget_get_visible (list) == (items->len > 0));
    memcpy (before, now, sizeof before);
  }
}

static void
test_a_row_says_it_all_and_opens_its_alert (void)
{
  g_autoptr (GtkWidget) list = g_object_ref_sink (gtk_list_box_new ());
  g_autoptr (GPtrArray) items = new_items ();
  g_autofree char *name = NULL, *when = NULL;
  GtkWidget *row;

  g_ptr_array_add (items, make_other (3, FYR_ALERT_STATUS_OPEN));
  fyr_alert_others_fill (GTK_LIST_BOX (list), items);
  row = row_at (list, 0);
  when = fyr_format_when (1772438400000, fyr_now ());
  name = g_strdup_printf ("Red alert: Oxygen saturation 73\302\240%%. %s · Not taken", when);

  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL, name);
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (row)), ==, "win.show-alert");
  g_assert_cmpstr (g_variant_get_string (gtk_actionable_get_action_target_value (GTK_ACTIONABLE (row)), NULL),
                   ==, fyr_alert_item_get_id (items->pdata[0]));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/app/alert-history/a-new-event-leaves-the-rows-of-the-others",
                   test_a_new_event_leaves_the_rows_of_the_others);
  g_test_add_func ("/app/alert-history/rows-follow-the-list-and-stay-while-they-say-the-same",
                   test_rows_follow_the_list_and_stay_while_they_say_the_same);
  g_test_add_func ("/app/alert-history/a-row-says-it-all-and-opens-its-alert",
                   test_a_row_says_it_all_and_opens_its_alert);
  return g_test_run ();
}
