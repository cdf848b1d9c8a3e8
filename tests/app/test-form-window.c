/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows with a form: closing loses nothing, saving closes only when it is saved. */
#include "fyr-app-fixture.h"
#include "fyr-correction-form.h"
#include "fyr-fault.h"
#include "fyr-form-window.h"
#include "fyr-limit-editor.h"
#include "fyr-toast.h"

typedef FyrAppFixture Fixture;

static gboolean
has_toast (gpointer data)
{
  return fyr_app_find (data, g_type_from_name ("AdwToastWidget"), NULL, NULL) != NULL;
}

static gboolean
is_shown (gpointer data)
{
  return gtk_widget_get_visible (data);
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *)data == NULL;
}

static GtkWidget *
open_correction (Fixture *fixture)
{
  g_autoptr (FyrMeasurement) measurement =
      fyr_test_measurement (&fixture->store, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, FYR_TEST_NOW - 1000, 84);
  GtkWidget *form;

  fyr_test_feed (&fixture->store, g_object_ref (measurement), 1);
  form = fyr_correction_form_new (fixture->window, fixture->context, measurement);
  gtk_window_present (GTK_WINDOW (form));
  return form;
}

static void
press_undo (Fixture *fixture)
{
  GtkWidget *toast;

  fyr_app_settle (has_toast, fixture->window);
  toast = fyr_app_find (GTK_WIDGET (fixture->window), g_type_from_name ("AdwToastWidget"), NULL, NULL);
  gtk_widget_activate (fyr_app_find (toast, GTK_TYPE_BUTTON, NULL, NULL));
}

static void
test_closing_an_untouched_form_asks_nothing (Fixture *fixture, gconstpointer data)
{
  GtkWidget *form = open_correction (fixture);

  g_object_add_weak_pointer (G_OBJECT (form), (gpointer *)&form);
  gtk_window_close (GTK_WINDOW (form));
  fyr_app_settle (is_gone, &form);
  g_assert_false (has_toast (fixture->window));
}

static gboolean
has_time_passed (gpointer data)
{
  return g_get_monotonic_time () > *(gint64 *)data;
}

static gboolean
go_on (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
test_limits_that_were_only_looked_at_ask_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) limits = g_ptr_array_new ();
  GtkWidget *form = fyr_limit_editor_new (fixture->window, fixture->context, fixture->store.patient,
                                          FYR_MEASUREMENT_KIND_BODY_WEIGHT, limits);
  gint64 looked_at = g_get_monotonic_time () + G_USEC_PER_SEC / 2;
  guint wake = g_timeout_add (100, go_on, NULL);

  g_object_add_weak_pointer (G_OBJECT (form), (gpointer *)&form);
  gtk_window_present (GTK_WINDOW (form));
  fyr_app_settle (has_time_passed, &looked_at);
  g_source_remove (wake);
  gtk_window_close (GTK_WINDOW (form));
  fyr_app_settle (is_gone, &form);
  g_assert_false (has_toast (fixture->window));
}

static void
test_what_was_typed_comes_back_with_undo (Fixture *fixture, gconstpointer data)
{
  GtkWidget *form = open_correction (fixture);
  GtkWidget *entry = fyr_app_find (form, GTK_TYPE_TEXT, NULL, NULL);

  gtk_editable_set_text (GTK_EDITABLE (entry), "94");
  gtk_window_close (GTK_WINDOW (form));
  g_assert_false (gtk_widget_get_visible (form));
  press_undo (fixture);
  fyr_app_settle (is_shown, form);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "94");
  gtk_window_destroy (GTK_WINDOW (form));
}

static void
test_limits_that_were_typed_come_back_with_undo (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) limits = g_ptr_array_new ();
  GtkWidget *form = fyr_limit_editor_new (fixture->window, fixture->context, fixture->store.patient,
                                          FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, limits);
  GtkWidget *entry;

  gtk_window_present (GTK_WINDOW (form));
  entry = fyr_app_find (form, GTK_TYPE_TEXT, NULL, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "88");
  gtk_window_close (GTK_WINDOW (form));
  g_assert_false (gtk_widget_get_visible (form));
  press_undo (fixture);
  fyr_app_settle (is_shown, form);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "88");
  gtk_window_destroy (GTK_WINDOW (form));
}

static gboolean
has_title (GtkWidget *label, gconstpointer text)
{
  return g_str_equal (gtk_label_get_text (GTK_LABEL (label)), text);
}

static gboolean
says_first (gpointer window)
{
  return fyr_app_find (window, GTK_TYPE_LABEL, has_title, "first") != NULL;
}

static gboolean
says_second (gpointer window)
{
  return fyr_app_find (window, GTK_TYPE_LABEL, has_title, "second") != NULL;
}

static gboolean
says_second_alone (gpointer window)
{
  return says_second (window) && !says_first (window);
}

static void
count_up (gpointer data, gpointer unused)
{
  (*(int *)data)++;
}

static gboolean
is_counted (gpointer data)
{
  return *(int *)data == 1;
}

static void
test_undo_means_what_was_done_last (Fixture *fixture, gconstpointer data)
{
  int first = 0, second = 0;

  fyr_toast_show_undo (GTK_WIDGET (fixture->window), "first", count_up, &first, NULL);
  fyr_app_settle (says_first, fixture->window);
  fyr_toast_show_undo (GTK_WIDGET (fixture->window), "second", count_up, &second, NULL);
  fyr_app_settle (says_second_alone, fixture->window);
  press_undo (fixture);
  fyr_app_settle (is_counted, &second);
  g_assert_cmpint (first, ==, 0);
}

static void
test_what_was_typed_waits_behind_a_newer_message (Fixture *fixture, gconstpointer data)
{
  int unsaved = 0;

  fyr_toast_show_unsaved (GTK_WIDGET (fixture->window), "first", count_up, &unsaved, NULL);
  fyr_app_settle (says_first, fixture->window);
  fyr_toast_show (GTK_WIDGET (fixture->window), "second");
  fyr_app_settle (says_second, fixture->window);
  /* Shown again once the newer has gone. */
  fyr_app_settle (says_first, fixture->window);
}

static void
test_another_person_finds_nothing_to_undo (Fixture *fixture, gconstpointer data)
{
  GtkWidget *form = open_correction (fixture);
  GtkWidget *entry = fyr_app_find (form, GTK_TYPE_TEXT, NULL, NULL);
  GtkWidget *overlay = adw_application_window_get_content (ADW_APPLICATION_WINDOW (fixture->window));

  gtk_editable_set_text (GTK_EDITABLE (entry), "94");
  g_object_add_weak_pointer (G_OBJECT (form), (gpointer *)&form);
  gtk_window_close (GTK_WINDOW (form));
  fyr_app_settle (has_toast, fixture->window);
  fyr_toast_dismiss_all (ADW_TOAST_OVERLAY (overlay));
  fyr_app_settle (is_gone, &form);
}

static gboolean
says_full (GtkWidget *widget, gconstpointer data)
{
  return strstr (gtk_label_get_text (GTK_LABEL (widget)), "the disk is full") != NULL &&
         gtk_widget_get_visible (widget);
}

static gboolean
tells_full (gpointer form)
{
  return fyr_app_find (form, GTK_TYPE_LABEL, says_full, NULL) != NULL;
}

static void
test_a_full_disk_is_told_in_the_form_which_keeps_the_text (Fixture *fixture, gconstpointer data)
{
  GtkWidget *form = open_correction (fixture);
  GtkWidget *entry = fyr_app_find (form, GTK_TYPE_TEXT, NULL, NULL);
  gint64 began = g_get_monotonic_time ();

  gtk_editable_set_text (GTK_EDITABLE (entry), "94");
  fyr_fault_arm_io (FYR_FAULT_FULL, 1);
  gtk_widget_activate_action (form, "correction.save", NULL);
  fyr_app_settle (tells_full, form);
  g_assert_cmpint (g_get_monotonic_time () - began, <, G_USEC_PER_SEC);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "94");
  fyr_fault_disarm ();
  /* Space again: the same press saves, and the form closes. */
  g_object_add_weak_pointer (G_OBJECT (form), (gpointer *)&form);
  gtk_widget_activate_action (form, "correction.save", NULL);
  fyr_app_settle (is_gone, &form);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/app/form-window/" name, Fixture, GUINT_TO_POINTER (FYR_ROLE_NURSE), fyr_app_fixture_set_up,  \
              function, fyr_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  fyr_fault_install ();
  fyr_app_fixture_init (&argc, &argv);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  ADD ("closing an untouched form asks nothing", test_closing_an_untouched_form_asks_nothing);
  ADD ("limits that were only looked at ask nothing", test_limits_that_were_only_looked_at_ask_nothing);
  ADD ("what was typed comes back with undo", test_what_was_typed_comes_back_with_undo);
  ADD ("limits that were typed come back with undo", test_limits_that_were_typed_come_back_with_undo);
  ADD ("undo means what was done last", test_undo_means_what_was_done_last);
  ADD ("what was typed waits behind a newer message", test_what_was_typed_waits_behind_a_newer_message);
  ADD ("another person finds nothing to undo", test_another_person_finds_nothing_to_undo);
  ADD ("a full disk is told in the form, which keeps the text",
       test_a_full_disk_is_told_in_the_form_which_keeps_the_text);
  return g_test_run ();
}
