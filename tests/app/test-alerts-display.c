/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The alerts place with a real database, in this process. */
#include <adwaita.h>

#include "fyr-alert-alarm.h"
#include "fyr-alerts-place.h"
#include "fyr-app-context.h"
#include "fyr-application.h"
#include "fyr-badge.h"
#include "fyr-form-field.h"
#include "fyr-format.h"
#include "fyr-store-fixture.h"

typedef struct {
  FyrStoreFixture store;
  FyrSettings *settings;
  FyrAppContext *context;
  GtkWidget *window;
  FyrAlertsPlace *place;
} Fixture;

static void
settle (gint64 ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (500);
  }
}

#define WAIT_FOR(condition)                                                                                  \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    gint64 wait_end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;                                         \
    while (!(condition) && g_get_monotonic_time () < wait_end)                                               \
      settle (5);                                                                                            \
    g_assert_true (condition);                                                                               \
  }                                                                                                          \
  G_STMT_END

static void
sign_in (Fixture *fixture)
{
  g_autoptr (FyrUser) user = fyr_user_new ();
  g_autoptr (FyrMembership) membership = fyr_membership_new ();
  char id[37];

  fyr_record_set_id (FYR_RECORD (user), fixture->store.nurse);
  fyr_user_set_name (user, "Kari Nordmann");
  fyr_user_set_user_name (user, "kari");
  fyr_test_new_id (id);
  fyr_record_set_id (FYR_RECORD (membership), id);
  fyr_membership_set_role (membership, FYR_ROLE_NURSE);
  fyr_membership_set_centre_id (membership, fixture->store.centre);
  fyr_app_context_begin_session (fixture->context, user, membership, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GtkWidget *overlay = adw_toast_overlay_new ();

  fyr_store_fixture_set_up (&fixture->store, data);
  fixture->settings = fyr_settings_new ();
  fixture->context = fyr_app_context_new (fixture->settings);
  fyr_app_context_set_backend (fixture->context, fixture->store.store, NULL);
  sign_in (fixture);
  fixture->place = FYR_ALERTS_PLACE (fyr_alerts_place_new (fixture->context));
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), GTK_WIDGET (fixture->place));
  fixture->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1024, 640);
  adw_window_set_content (ADW_WINDOW (fixture->window), overlay);
  gtk_window_present (GTK_WINDOW (fixture->window));
  WAIT_FOR (fyr_alert_feed_get_loaded (fyr_alerts_place_get_feed (fixture->place)));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fyr_app_context_set_backend (fixture->context, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  /* What was asked for last holds it until it is answered. */
  WAIT_FOR (G_OBJECT (fixture->context)->ref_count == 1);
  g_assert_finalize_object (fixture->context);
  g_object_unref (fixture->settings);
  fyr_store_fixture_tear_down (&fixture->store, data);
}

static GListModel *
list_of (Fixture *fixture)
{
  return G_LIST_MODEL (fyr_alert_feed_get_list (fyr_alerts_place_get_feed (fixture->place)));
}

static char *
feed_alert (Fixture *fixture, FyrAlertCategory category, gint64 due)
{
  FyrAlert *alert = fyr_test_alert (&fixture->store, category, due);
  char *id = g_strdup (fyr_record_get_id (FYR_RECORD (alert)));

  fyr_test_feed (&fixture->store, alert, 1);
  return id;
}

static FyrAlertStatus
status_of (Fixture *fixture, const char *id)
{
  FyrAlertEntry *entry = fyr_alert_list_lookup (FYR_ALERT_LIST (list_of (fixture)), id);

  return entry ? fyr_alert_get_status (fyr_alert_entry_get_alert (entry)) : FYR_ALERT_STATUS_UNSET;
}

/* Every widget below @root, depth first, for which @matches says yes; the first of them. */
static GtkWidget *
find_widget (GtkWidget *root, gboolean (*matches) (GtkWidget *, const char *), const char *text)
{
  if (matches (root, text))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_widget (child, matches, text);

    if (found)
      return found;
  }
  return NULL;
}

static gboolean
is_mapped_label (GtkWidget *widget, const char *text)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
         strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

static gboolean
is_type (GtkWidget *widget, const char *name)
{
  return g_str_equal (G_OBJECT_TYPE_NAME (widget), name);
}

static gboolean
says (Fixture *fixture, const char *text)
{
  return find_widget (fixture->window, is_mapped_label, text) != NULL;
}

static void
test_an_empty_list_says_what_to_do (Fixture *fixture, gconstpointer data)
{
  WAIT_FOR (says (fixture, "No open alerts"));
}

static void
test_an_alert_comes_by_itself (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = feed_alert (fixture, FYR_ALERT_CATEGORY_RED, fyr_now () + 20 * 60000);
  guint attention;

  WAIT_FOR (g_list_model_get_n_items (list_of (fixture)) == 1);
  WAIT_FOR (says (fixture, "Not taken"));
  g_object_get (fixture->place, "attention", &attention, NULL);
  g_assert_cmpuint (attention, ==, 1);
  g_assert_true (fyr_place_get_urgent (FYR_PLACE (fixture->place)));
  WAIT_FOR (says (fixture, "min left"));
}

static void
test_worst_comes_first (Fixture *fixture, gconstpointer data)
{
  g_autofree char *yellow = feed_alert (fixture, FYR_ALERT_CATEGORY_YELLOW, fyr_now () - 60000);
  g_autofree char *red = feed_alert (fixture, FYR_ALERT_CATEGORY_RED, fyr_now () + 60000);
  g_autoptr (FyrAlertEntry) first = NULL;

  WAIT_FOR (g_list_model_get_n_items (list_of (fixture)) == 2);
  first = g_list_model_get_item (list_of (fixture), 0);
  g_assert_cmpstr (fyr_alert_entry_get_id (first), ==, red);
}

static void
test_taking_is_seen_at_once_and_undone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = feed_alert (fixture, FYR_ALERT_CATEGORY_RED, fyr_now () + 60000);
  GtkWidget *toast;

  WAIT_FOR (says (fixture, "Not taken"));
  g_assert_true (fyr_place_show_record (FYR_PLACE (fixture->place), id));
  gtk_widget_activate_action (GTK_WIDGET (fixture->place), "alerts.take", NULL);
  WAIT_FOR (status_of (fixture, id) == FYR_ALERT_STATUS_TAKEN);
  WAIT_FOR (says (fixture, "You since"));
  WAIT_FOR (says (fixture, "You have the alert"));
  toast = find_widget (fixture->window, is_type, "AdwToastWidget");
  g_assert_nonnull (toast);
  gtk_widget_activate (find_widget (toast, is_type, "GtkButton"));
  WAIT_FOR (status_of (fixture, id) == FYR_ALERT_STATUS_OPEN);
}

static void
test_closing_asks_for_the_measure (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = feed_alert (fixture, FYR_ALERT_CATEGORY_YELLOW, fyr_now () + 60000);
  GtkWidget *form, *measure;

  WAIT_FOR (says (fixture, "Not taken"));
  g_assert_true (fyr_place_show_record (FYR_PLACE (fixture->place), id));
  gtk_widget_activate_action (GTK_WIDGET (fixture->place), "alerts.close", NULL);
  form = find_widget (fixture->window, is_type, "FyrAlertForm");
  gtk_widget_activate_action (form, "form.save", NULL);
  WAIT_FOR (says (fixture, "Choose what was done."));
  g_assert_cmpint (status_of (fixture, id), ==, FYR_ALERT_STATUS_OPEN);
  measure = find_widget (form, is_type, "GtkDropDown");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (measure), FYR_ALERT_OUTCOME_OTHER);
  gtk_widget_activate_action (form, "form.save", NULL);
  WAIT_FOR (says (fixture, "Write what was done."));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (measure), FYR_ALERT_OUTCOME_CONTACTED_PATIENT);
  gtk_widget_activate_action (form, "form.save", NULL);
  WAIT_FOR (fyr_alert_feed_get_n_open (fyr_alerts_place_get_feed (fixture->place)) == 0);
}

static void
test_new_ones_are_told_and_not_pushed_in_while_one_reads (Fixture *fixture, gconstpointer data)
{
  g_autofree char *yellow = feed_alert (fixture, FYR_ALERT_CATEGORY_YELLOW, fyr_now () + 60000);
  g_autofree char *red = NULL;
  g_autoptr (FyrAlertEntry) first = NULL;

  WAIT_FOR (g_list_model_get_n_items (list_of (fixture)) == 1);
  g_assert_true (fyr_place_show_record (FYR_PLACE (fixture->place), yellow));
  red = feed_alert (fixture, FYR_ALERT_CATEGORY_RED, fyr_now () + 60000);
  WAIT_FOR (says (fixture, "1 new red alert"));
  first = g_list_model_get_item (list_of (fixture), 0);
  g_assert_cmpstr (fyr_alert_entry_get_id (first), ==, yellow);
  gtk_widget_activate_action (GTK_WIDGET (fixture->place), "alerts.show-new", NULL);
  WAIT_FOR (g_list_model_get_n_items (list_of (fixture)) == 2);
}

static void
remember_sound (const char *event, gpointer data)
{
  g_ptr_array_add (data, g_strdup (event));
}

static void
test_a_red_alert_is_heard_until_seen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GApplication) application = g_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_autoptr (GPtrArray) sounds = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (FyrAlertAlarm) alarm = NULL;
  g_autofree char *red = NULL, *silent = NULL;

  fyr_settings_set_desktop_notifications (fixture->settings, FALSE);
  alarm = fyr_alert_alarm_new (application, fyr_alerts_place_get_feed (fixture->place), fixture->settings);
  fyr_alert_alarm_set_sound (alarm, remember_sound, sounds);
  red = feed_alert (fixture, FYR_ALERT_CATEGORY_RED, fyr_now () + 60000);
  WAIT_FOR (sounds->len == 1);
  g_assert_cmpstr (g_ptr_array_index (sounds, 0), ==, "alarm-clock-elapsed");
  g_assert_cmpuint (fyr_alert_alarm_get_n_unseen (alarm), ==, 1);
  fyr_alert_alarm_see (alarm);
  g_assert_cmpuint (fyr_alert_alarm_get_n_unseen (alarm), ==, 0);
  fyr_settings_set_silent_until (fixture->settings, fyr_now () + 60000);
  silent = feed_alert (fixture, FYR_ALERT_CATEGORY_RED, fyr_now () + 60000);
  WAIT_FOR (fyr_alert_alarm_get_n_unseen (alarm) == 1);
  g_assert_cmpuint (sounds->len, ==, 1);
  fyr_settings_set_silent_until (fixture->settings, 0);
  fyr_settings_set_desktop_notifications (fixture->settings, TRUE);
}

static void
test_ten_at_once_are_one_sound_and_old_ones_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GApplication) application = g_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_autoptr (GPtrArray) sounds = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (FyrAlertAlarm) alarm = NULL;
  FyrAlert *old = fyr_test_alert (&fixture->store, FYR_ALERT_CATEGORY_RED, fyr_now () + 60000);

  fyr_settings_set_desktop_notifications (fixture->settings, FALSE);
  alarm = fyr_alert_alarm_new (application, fyr_alerts_place_get_feed (fixture->place), fixture->settings);
  fyr_alert_alarm_set_sound (alarm, remember_sound, sounds);
  fyr_alert_alarm_wait (alarm);
  fyr_alert_alarm_begin (alarm, fyr_now ());
  fyr_alert_set_raised_time (old, fyr_now () - 3600000);
  fyr_test_feed (&fixture->store, old, 1);
  WAIT_FOR (g_list_model_get_n_items (list_of (fixture)) == 1);
  g_assert_cmpuint (sounds->len, ==, 0);
  g_assert_cmpuint (fyr_alert_alarm_get_n_unseen (alarm), ==, 0);
  for (guint i = 0; i < 10; i++) {
    FyrAlert *alert = fyr_test_alert (&fixture->store, FYR_ALERT_CATEGORY_RED, fyr_now () + 60000);

    fyr_alert_set_raised_time (alert, fyr_now ());
    fyr_test_feed (&fixture->store, alert, 1);
  }
  WAIT_FOR (fyr_alert_alarm_get_n_unseen (alarm) == 10);
  g_assert_cmpuint (sounds->len, ==, 1);
  fyr_settings_set_desktop_notifications (fixture->settings, TRUE);
}

static void
test_a_badge_is_shape_letter_word_and_colour (void)
{
  GtkWidget *badge = g_object_ref_sink (fyr_badge_new ());

  g_assert_false (gtk_widget_get_visible (badge));
  fyr_badge_set_category (FYR_BADGE (badge), FYR_ALERT_CATEGORY_RED);
  g_assert_true (gtk_widget_has_css_class (badge, "red"));
  gtk_test_accessible_assert_role (badge, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (badge, GTK_ACCESSIBLE_PROPERTY_LABEL, "Red alert");
  fyr_badge_set_zone (FYR_BADGE (badge), FYR_ZONE_GREEN);
  g_assert_false (gtk_widget_has_css_class (badge, "red"));
  gtk_test_accessible_assert_property (badge, GTK_ACCESSIBLE_PROPERTY_LABEL, "Green zone");
  g_assert_finalize_object (badge);
}

static void
test_a_fault_stands_at_its_field (void)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *field = g_object_ref_sink (fyr_form_field_new ("Name", entry));

  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_FALSE);
  fyr_form_field_set_message (FYR_FORM_FIELD (field), "Type a name.");
  g_assert_true (fyr_form_field_is_in_error (FYR_FORM_FIELD (field)));
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);
  gtk_test_accessible_assert_property (entry, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Type a name.");
  fyr_form_field_set_warning_message (FYR_FORM_FIELD (field), "Is this right?");
  g_assert_false (fyr_form_field_is_in_error (FYR_FORM_FIELD (field)));
  fyr_form_field_set_message (FYR_FORM_FIELD (field), NULL);
  g_assert_cmpstr (fyr_form_field_get_message (FYR_FORM_FIELD (field)), ==, "");
  g_assert_finalize_object (field);
}

#define ADD(name, function) g_test_add ("/app/alerts/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  fyr_app_register_resources ();
  fyr_app_load_style (gdk_display_get_default ());
  ADD ("an-empty-list-says-what-to-do", test_an_empty_list_says_what_to_do);
  ADD ("an-alert-comes-by-itself", test_an_alert_comes_by_itself);
  ADD ("worst-comes-first", test_worst_comes_first);
  ADD ("taking-is-seen-at-once-and-undone", test_taking_is_seen_at_once_and_undone);
  ADD ("closing-asks-for-the-measure", test_closing_asks_for_the_measure);
  ADD ("new-ones-are-told-and-not-pushed-in-while-one-reads",
       test_new_ones_are_told_and_not_pushed_in_while_one_reads);
  ADD ("a-red-alert-is-heard-until-seen", test_a_red_alert_is_heard_until_seen);
  ADD ("ten-at-once-are-one-sound-and-old-ones-none", test_ten_at_once_are_one_sound_and_old_ones_none);
  g_test_add_func ("/app/widgets/a-badge-is-shape-letter-word-and-colour",
                   test_a_badge_is_shape_letter_word_and_colour);
  g_test_add_func ("/app/widgets/a-fault-stands-at-its-field", test_a_fault_stands_at_its_field);
  return g_test_run ();
}
