/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The emergency dialog on a small screen with large text, by keyboard alone. */
#include "fyr-app-fixture.h"
#include "fyr-emergency-dialog.h"

typedef FyrAppFixture Fixture;

/* What 1024×640 leaves of a window under its bar, and half as large text again. */
#define DIALOG_HEIGHT 560
#define LARGE_TEXT (144 * 1024)

static GtkWidget *
open_dialog (Fixture *fixture)
{
  GtkWidget *dialog = fyr_emergency_dialog_new (fixture->window, fixture->context, NULL);

  gtk_window_set_default_size (GTK_WINDOW (dialog), 560, DIALOG_HEIGHT);
  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}

static gboolean
has_keyboard (GtkWidget *widget)
{
  return (gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;
}

static void
tab_to (GtkWidget *dialog, FyrFormField *field)
{
  for (guint steps = 0; !has_keyboard (GTK_WIDGET (field)); steps++) {
    g_assert_cmpuint (steps, <, 20);
    gtk_widget_child_focus (dialog, GTK_DIR_TAB_FORWARD);
  }
}

/* Whether the whole field, with hint and message, is seen. */
static gboolean
is_in_view (gpointer field)
{
  GtkWidget *viewport = gtk_widget_get_ancestor (field, GTK_TYPE_VIEWPORT);
  graphene_rect_t bounds;

  return gtk_widget_compute_bounds (field, viewport, &bounds) && bounds.size.height > 0 &&
         bounds.origin.y >= 0 && bounds.origin.y + bounds.size.height <= gtk_widget_get_height (viewport);
}

static gboolean
is_scrollable (gpointer viewport)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (viewport);

  return gtk_adjustment_get_page_size (adjustment) > 0 &&
         gtk_adjustment_get_upper (adjustment) > gtk_adjustment_get_page_size (adjustment);
}

static gboolean
is_said_in_view (gpointer field)
{
  return fyr_form_field_is_in_error (field) && is_in_view (field);
}

static void
test_the_field_with_the_keyboard_is_seen_whole (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog = open_dialog (fixture);
  FyrFormField *password = fyr_app_find_field (dialog, "Your password");
  FyrFormField *number = fyr_app_find_field (dialog, "Identity number");

  fyr_app_settle (is_scrollable, gtk_widget_get_ancestor (GTK_WIDGET (password), GTK_TYPE_VIEWPORT));
  g_assert_false (is_in_view (password));
  tab_to (dialog, password);
  fyr_app_settle (is_in_view, password);
  tab_to (dialog, number);
  fyr_app_settle (is_in_view, number);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_what_is_wrong_is_seen_where_the_keyboard_goes (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog = open_dialog (fixture);
  FyrFormField *password = fyr_app_find_field (dialog, "Your password");
  GtkWidget *text = fyr_app_find (dialog, GTK_TYPE_TEXT_VIEW, NULL, NULL);
  GtkWidget *reason = fyr_app_find (dialog, GTK_TYPE_DROP_DOWN, NULL, NULL);

  fyr_app_type (dialog, "Identity number", "13116900216");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (reason), 1);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), "Unconscious at home", -1);
  fyr_app_settle (is_scrollable, gtk_widget_get_ancestor (GTK_WIDGET (password), GTK_TYPE_VIEWPORT));
  gtk_widget_activate_action (dialog, "emergency.open", NULL);
  g_assert_true (has_keyboard (GTK_WIDGET (password)));
  fyr_app_settle (is_said_in_view, password);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_nothing_is_said_of_what_was_changed_since (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog = open_dialog (fixture);
  FyrFormField *fields[] = {
    fyr_app_find_field (dialog, "Identity number"),
    fyr_app_find_field (dialog, "Reason"),
    fyr_app_find_field (dialog, "What has happened"),
    fyr_app_find_field (dialog, "Your password"),
  };
  GtkWidget *text = fyr_app_find (dialog, GTK_TYPE_TEXT_VIEW, NULL, NULL);

  gtk_widget_activate_action (dialog, "emergency.open", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_assert_true (fyr_form_field_is_in_error (fields[i]));
  fyr_app_type (dialog, "Identity number", "1");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (fyr_form_field_get_child (fields[1])), 1);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), "Unconscious", -1);
  fyr_app_type (dialog, "Your password", "secret");
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_assert_false (fyr_form_field_is_in_error (fields[i]));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/app/emergency-dialog/" name, Fixture, GUINT_TO_POINTER (FYR_ROLE_NURSE),                     \
              fyr_app_fixture_set_up, function, fyr_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  fyr_app_fixture_init (&argc, &argv);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, "gtk-xft-dpi", LARGE_TEXT, NULL);
  ADD ("the field with the keyboard is seen whole", test_the_field_with_the_keyboard_is_seen_whole);
  ADD ("what is wrong is seen where the keyboard goes", test_what_is_wrong_is_seen_where_the_keyboard_goes);
  ADD ("nothing is said of what was changed since", test_nothing_is_said_of_what_was_changed_since);
  return g_test_run ();
}
