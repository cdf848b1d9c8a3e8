/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "chart-test.h"
#include "fyr-chart-print.h"
#include "fyr-chart.h"

typedef struct {
  FyrChartModel *model;
  GtkWidget *window;
  FyrChart *chart;
} Fixture;

#define START test_oslo (2026, 3, 1, 8, 0)

static void
iterate (void)
{
  for (guint i = 0; i < 400 && g_main_context_iteration (NULL, FALSE); i++) {
  }
}

/* Until the widget has a size and two more frames of it were drawn, however long that takes. */
static void
wait_frames (GtkWidget *widget)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  gint64 target = gdk_frame_clock_get_frame_counter (clock) + 2;

  while (gtk_widget_get_width (widget) == 0 || gdk_frame_clock_get_frame_counter (clock) < target) {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    gtk_widget_queue_draw (widget);
    g_main_context_iteration (NULL, TRUE);
  }
  iterate ();
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->model = test_model_new ();
  FyrChartSeries *saturation = test_add_panel (fixture->model, "Oxygen saturation", "%", FYR_CHART_FORM_LINE);
  FyrChartSeries *pulse = test_add_panel (fixture->model, "Pulse", "/min", FYR_CHART_FORM_LINE);
  FyrChartBand band = test_band (G_MININT64, G_MAXINT64, 88, 92, NAN, NAN);
  fyr_chart_panel_set_bands (fyr_chart_model_get_panel (fixture->model, 0), &band, 1);
  for (gint64 day = 0; day < 30; day++) {
    fyr_chart_series_add_point (saturation, START + day * TEST_DAY, day == 20 ? 86 : 95, NAN,
                                FYR_CHART_MARK_NONE);
    if (day % 2 == 0) {
      fyr_chart_series_add_point (pulse, START + day * TEST_DAY + TEST_HOUR, 70 + (double)day, NAN,
                                  FYR_CHART_MARK_NONE);
    }
  }
  fixture->chart = FYR_CHART (fyr_chart_new (fixture->model));
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 800, 500);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->chart));
  gtk_window_present (GTK_WINDOW (fixture->window));
  wait_frames (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->model);
  iterate ();
}

/* Runs what the widget's own shortcuts bind to the key. */
static gboolean
press (FyrChart *chart, guint key, GdkModifierType modifiers)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (chart));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
    if (!GTK_IS_SHORTCUT_CONTROLLER (controller)) {
      continue;
    }
    for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (controller)); j++) {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);
      GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);
      if (GTK_IS_KEYVAL_TRIGGER (trigger) &&
          gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key &&
          gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == modifiers) {
        return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, GTK_WIDGET (chart),
                                             gtk_shortcut_get_arguments (shortcut));
      }
    }
  }
  g_assert_not_reached ();
}

static void
count (gpointer object, gpointer unused, guint *counter)
{
  (*counter)++;
}

static void
forget (guint *counter)
{
  (*counter)++;
}

static void
test_chart_is_finalized (void)
{
  guint n_gone = 0;
  g_autoptr (FyrChartModel) model = test_model_new ();
  GtkWidget *chart = g_object_ref_sink (fyr_chart_new (model));
  g_object_weak_ref (G_OBJECT (chart), (GWeakNotify)(void (*) (void))forget, &n_gone);
  g_object_unref (chart);
  g_assert_cmpuint (n_gone, ==, 1);
  /* Nothing of it listens any longer. */
  test_add_panel (model, "Pulse", NULL, FYR_CHART_FORM_LINE);
  iterate ();
  g_assert_cmpuint (G_OBJECT (model)->ref_count, ==, 1);
}

static void
test_first_view_shows_all_values (Fixture *fixture, gconstpointer data)
{
  gint64 from, to;
  fyr_chart_get_view (fixture->chart, &from, &to);
  g_assert_cmpint (from, <, START);
  g_assert_cmpint (to, >, START + 29 * TEST_DAY);
  g_assert_cmpint (to - from, <, 35 * TEST_DAY);
}

static void
test_fitted_view_follows_new_values (Fixture *fixture, gconstpointer data)
{
  FyrChartSeries *series = fyr_chart_panel_get_series (fyr_chart_model_get_panel (fixture->model, 0), 0);
  gint64 from, to, moved_from, moved_to;
  fyr_chart_series_add_point (series, START + 60 * TEST_DAY, 95, NAN, FYR_CHART_MARK_NONE);
  fyr_chart_get_view (fixture->chart, &from, &to);
  g_assert_cmpint (to, >, START + 60 * TEST_DAY);
  fyr_chart_set_view (fixture->chart, START, START + 5 * TEST_DAY);
  fyr_chart_series_add_point (series, START + 90 * TEST_DAY, 95, NAN, FYR_CHART_MARK_NONE);
  fyr_chart_get_view (fixture->chart, &moved_from, &moved_to);
  g_assert_cmpint (moved_from, ==, START);
  g_assert_cmpint (moved_to, ==, START + 5 * TEST_DAY);
  fyr_chart_fit (fixture->chart);
  fyr_chart_get_view (fixture->chart, &from, &to);
  g_assert_cmpint (to, >, START + 90 * TEST_DAY);
}

static void
test_properties_notify_once (Fixture *fixture, gconstpointer data)
{
  guint n_from = 0, n_to = 0, n_compact = 0, n_readout = 0;
  g_signal_connect (fixture->chart, "notify::from", G_CALLBACK (count), &n_from);
  g_signal_connect (fixture->chart, "notify::to", G_CALLBACK (count), &n_to);
  g_signal_connect (fixture->chart, "notify::compact", G_CALLBACK (count), &n_compact);
  g_signal_connect (fixture->chart, "notify::readout", G_CALLBACK (count), &n_readout);
  fyr_chart_set_view (fixture->chart, START, START + 5 * TEST_DAY);
  fyr_chart_set_view (fixture->chart, START, START + 5 * TEST_DAY);
  fyr_chart_set_view (fixture->chart, START, START + 6 * TEST_DAY);
  g_assert_cmpuint (n_from, ==, 1);
  g_assert_cmpuint (n_to, ==, 2);
  fyr_chart_set_compact (fixture->chart, TRUE);
  fyr_chart_set_compact (fixture->chart, TRUE);
  g_assert_cmpuint (n_compact, ==, 1);
  fyr_chart_set_cursor (fixture->chart, 0, START);
  fyr_chart_set_cursor (fixture->chart, 0, START + TEST_HOUR);
  g_assert_cmpuint (n_readout, ==, 1);
  gint64 from = 0;
  g_object_get (fixture->chart, "from", &from, NULL);
  g_assert_cmpint (from, ==, START);
  /* The counters end with this function, the chart later. */
  g_signal_handlers_disconnect_matched (fixture->chart, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, (gpointer)count,
                                        NULL);
}

static void
test_keys_step_through_the_values (Fixture *fixture, gconstpointer data)
{
  FyrChart *chart = fixture->chart;
  g_assert_null (fyr_chart_get_readout (chart));
  g_assert_true (press (chart, GDK_KEY_Left, 0));
  g_assert_nonnull (strstr (fyr_chart_get_readout (chart), "30 Mar 2026"));
  g_assert_true (press (chart, GDK_KEY_Left, 0));
  g_assert_nonnull (strstr (fyr_chart_get_readout (chart), "29 Mar 2026"));
  g_assert_true (press (chart, GDK_KEY_Home, 0));
  g_assert_nonnull (strstr (fyr_chart_get_readout (chart), "1 Mar 2026"));
  /* There is nothing before the first. */
  g_assert_true (press (chart, GDK_KEY_Left, 0));
  g_assert_nonnull (strstr (fyr_chart_get_readout (chart), " 1 Mar 2026"));
  g_assert_true (press (chart, GDK_KEY_Down, 0));
  g_assert_true (g_str_has_prefix (fyr_chart_get_readout (chart), "Pulse 70"));
  g_assert_true (press (chart, GDK_KEY_Right, 0));
  g_assert_nonnull (strstr (fyr_chart_get_readout (chart), "3 Mar 2026"));
  g_assert_true (press (chart, GDK_KEY_Up, 0));
  g_assert_true (g_str_has_prefix (fyr_chart_get_readout (chart), "Oxygen saturation"));
  g_assert_true (press (chart, GDK_KEY_End, 0));
  g_assert_nonnull (strstr (fyr_chart_get_readout (chart), "30 Mar 2026"));
  g_assert_true (press (chart, GDK_KEY_Escape, 0));
  g_assert_null (fyr_chart_get_readout (chart));
  /* Without a read-out Escape is left to the dialog around. */
  g_assert_false (press (chart, GDK_KEY_Escape, 0));
}

static void
test_view_follows_the_cursor (Fixture *fixture, gconstpointer data)
{
  gint64 from, to;
  fyr_chart_set_view (fixture->chart, START + 10 * TEST_DAY, START + 15 * TEST_DAY);
  press (fixture->chart, GDK_KEY_Left, 0);
  for (int i = 0; i < 8; i++) {
    press (fixture->chart, GDK_KEY_Left, 0);
  }
  fyr_chart_get_view (fixture->chart, &from, &to);
  g_assert_cmpint (from, <, START + 10 * TEST_DAY);
  g_assert_cmpint (to - from, ==, 5 * TEST_DAY);
}

static void
test_keys_zoom_pan_and_fit (Fixture *fixture, gconstpointer data)
{
  FyrChart *chart = fixture->chart;
  gint64 from, to, all_from, all_to;
  fyr_chart_get_view (chart, &all_from, &all_to);
  press (chart, GDK_KEY_plus, 0);
  fyr_chart_get_view (chart, &from, &to);
  g_assert_cmpint (to - from, <, all_to - all_from);
  gint64 middle = from + (to - from) / 2, all_middle = all_from + (all_to - all_from) / 2;
  g_assert_cmpint (ABS (middle - all_middle), <, TEST_HOUR);
  gint64 before = from, span = to - from;
  press (chart, GDK_KEY_Right, GDK_CONTROL_MASK);
  fyr_chart_get_view (chart, &from, &to);
  g_assert_cmpint (from, >, before);
  g_assert_cmpint (to - from, ==, span);
  press (chart, GDK_KEY_0, 0);
  fyr_chart_get_view (chart, &from, &to);
  g_assert_cmpint (from, ==, all_from);
  g_assert_cmpint (to, ==, all_to);
}

static void
test_view_has_bounds (Fixture *fixture, gconstpointer data)
{
  gint64 from, to;
  for (int i = 0; i < 200; i++) {
    fyr_chart_zoom (fixture->chart, 0.5);
  }
  fyr_chart_get_view (fixture->chart, &from, &to);
  g_assert_cmpint (to - from, >=, 60000);
  for (int i = 0; i < 200; i++) {
    fyr_chart_zoom (fixture->chart, 2);
  }
  fyr_chart_get_view (fixture->chart, &from, &to);
  g_assert_cmpint (to - from, <=, 40000 * TEST_DAY);
  fyr_chart_fit (fixture->chart);
  for (int i = 0; i < 100; i++) {
    press (fixture->chart, GDK_KEY_Right, GDK_CONTROL_MASK);
  }
  fyr_chart_get_view (fixture->chart, &from, &to);
  g_assert_cmpint (from, <=, START + 29 * TEST_DAY);
  fyr_chart_set_view (fixture->chart, G_MAXINT64, G_MININT64);
  fyr_chart_get_view (fixture->chart, &from, &to);
  g_assert_cmpint (to, >, from);
}

static void
test_cursor_survives_new_values_and_goes_with_its_panel (Fixture *fixture, gconstpointer data)
{
  fyr_chart_set_cursor (fixture->chart, 0, START + 20 * TEST_DAY);
  g_assert_nonnull (strstr (fyr_chart_get_readout (fixture->chart), "below the red limit 88"));
  FyrChartSeries *series = fyr_chart_panel_get_series (fyr_chart_model_get_panel (fixture->model, 0), 0);
  fyr_chart_series_add_point (series, START - TEST_DAY, 95, NAN, FYR_CHART_MARK_NONE);
  g_assert_nonnull (strstr (fyr_chart_get_readout (fixture->chart), "21 Mar 2026"));
  fyr_chart_model_clear (fixture->model);
  g_assert_null (fyr_chart_get_readout (fixture->chart));
  wait_frames (fixture->window);
}

static void
test_assistive_technology_gets_the_words (Fixture *fixture, gconstpointer data)
{
  wait_frames (fixture->window);
  gtk_test_accessible_assert_role (fixture->chart, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (fixture->chart, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Trend chart: Oxygen saturation, Pulse");
  g_autofree char *words = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (fixture->chart), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "something else");
  g_assert_nonnull (strstr (words, "Oxygen saturation in %: 30 values"));
  fyr_chart_set_cursor (fixture->chart, 0, START);
  gtk_test_accessible_assert_property (fixture->chart, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       fyr_chart_get_readout (fixture->chart));
}

static void
on_activated (FyrChart *chart, guint panel, guint series, guint64 time, gint64 *found)
{
  *found = (gint64)time;
}

static void
test_enter_activates_the_value (Fixture *fixture, gconstpointer data)
{
  gint64 found = 0;
  g_signal_connect (fixture->chart, "point-activated", G_CALLBACK (on_activated), &found);
  g_assert_false (press (fixture->chart, GDK_KEY_Return, 0));
  fyr_chart_set_cursor (fixture->chart, 0, START + 3 * TEST_DAY + 5);
  g_assert_true (press (fixture->chart, GDK_KEY_Return, 0));
  g_assert_cmpint (found, ==, START + 3 * TEST_DAY);
}

static void
test_many_panels_scroll_and_the_axis_stays (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  for (int i = 0; i < 12; i++) {
    FyrChartSeries *series = test_add_panel (model, "Kind", NULL, FYR_CHART_FORM_LINE);
    fyr_chart_series_add_point (series, START, 5, NAN, FYR_CHART_MARK_NONE);
  }
  GtkWidget *chart = fyr_chart_new (model);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *window = gtk_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), chart);
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (window), 700, 500);
  gtk_window_present (GTK_WINDOW (window));
  wait_frames (window);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment), >, gtk_adjustment_get_page_size (adjustment));
  g_assert_cmpint (gtk_widget_get_height (chart), <=, 500);
  fyr_chart_set_cursor (FYR_CHART (chart), 0, START);
  for (int i = 0; i < 11; i++) {
    press (FYR_CHART (chart), GDK_KEY_Down, 0);
  }
  /* The last panel came into sight. */
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), >, 0);
  wait_frames (window);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_compact_chart_takes_no_focus_and_little_room (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  test_add_panel (model, "Pulse", NULL, FYR_CHART_FORM_LINE);
  GtkWidget *chart = g_object_ref_sink (fyr_chart_new (model));
  fyr_chart_set_compact (FYR_CHART (chart), TRUE);
  int minimum = 0, natural = 0;
  gtk_widget_measure (chart, GTK_ORIENTATION_VERTICAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, <=, 40);
  g_assert_false (gtk_widget_get_focusable (chart));
  g_assert_false (press (FYR_CHART (chart), GDK_KEY_Right, 0));
  g_object_unref (chart);
}

static void
test_a_chart_without_model_can_be_shown (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *chart = fyr_chart_new (NULL);
  gtk_window_set_child (GTK_WINDOW (window), chart);
  gtk_window_present (GTK_WINDOW (window));
  wait_frames (window);
  g_assert_false (press (FYR_CHART (chart), GDK_KEY_Right, 0));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_print_operation_exports (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("fyrlykt-chart-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "trends.pdf", NULL);
  g_autoptr (GtkPrintOperation) operation =
      fyr_chart_print_operation_new (fixture->model, "Trends", START, START + 29 * TEST_DAY);
  g_autoptr (GError) error = NULL;
  gtk_print_operation_set_export_filename (operation, path);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *content = NULL;
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_true (g_str_has_prefix (content, "%PDF"));
  g_assert_cmpint (remove (path), ==, 0);
  g_assert_cmpint (remove (folder), ==, 0);
}

#define ADD(name, function) g_test_add ("/chart/widget/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("GTK_A11Y", "test", TRUE);
  g_setenv ("GSK_RENDERER", "cairo", TRUE);
  if (g_getenv ("DISPLAY") == NULL && g_getenv ("WAYLAND_DISPLAY") == NULL) {
    g_print ("1..0 # SKIP no display\n");
    return 0;
  }
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/widget/chart-is-finalized", test_chart_is_finalized);
  ADD ("first-view-shows-all-values", test_first_view_shows_all_values);
  ADD ("fitted-view-follows-new-values", test_fitted_view_follows_new_values);
  ADD ("properties-notify-once", test_properties_notify_once);
  ADD ("keys-step-through-the-values", test_keys_step_through_the_values);
  ADD ("view-follows-the-cursor", test_view_follows_the_cursor);
  ADD ("keys-zoom-pan-and-fit", test_keys_zoom_pan_and_fit);
  ADD ("view-has-bounds", test_view_has_bounds);
  ADD ("cursor-survives-new-values-and-goes-with-its-panel",
       test_cursor_survives_new_values_and_goes_with_its_panel);
  ADD ("assistive-technology-gets-the-words", test_assistive_technology_gets_the_words);
  ADD ("enter-activates-the-value", test_enter_activates_the_value);
  ADD ("print-operation-exports", test_print_operation_exports);
  g_test_add_func ("/chart/widget/many-panels-scroll-and-the-axis-stays",
                   test_many_panels_scroll_and_the_axis_stays);
  g_test_add_func ("/chart/widget/compact-chart-takes-no-focus-and-little-room",
                   test_compact_chart_takes_no_focus_and_little_room);
  g_test_add_func ("/chart/widget/a-chart-without-model-can-be-shown",
                   test_a_chart_without_model_can_be_shown);
  return g_test_run ();
}
