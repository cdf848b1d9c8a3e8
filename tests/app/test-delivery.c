/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a user sees of synchronisation: a real store, engine and server library with a simulated network between, and
 * the window that tells of them. */
#include <adwaita.h>

#include "fyr-application.h"
#include "fyr-backend.h"
#include "fyr-conflict-window.h"
#include "fyr-delivery-window.h"
#include "fyr-fault.h"
#include "fyr-form-field.h"
#include "fyr-format.h"
#include "fyr-sync-engine-private.h"
#include "fyr-sync-words.h"
#include "fyr-test-world.h"
#include "fyr-window.h"

typedef struct {
  FyrTestWorld *world;
  FyrTestClient *first;
  FyrTestClient *second;
  FyrSettings *settings;
  FyrAppContext *context;
  GtkWindow *below;
  GtkWidget *window;
} Fixture;

static void
begin_session (Fixture *f)
{
  g_autoptr (FyrUser) user = fyr_user_new ();
  g_autoptr (FyrUser) colleague = fyr_user_new ();
  g_autoptr (FyrMembership) membership = fyr_membership_new ();
  g_autoptr (GPtrArray) users = g_ptr_array_new ();

  fyr_record_set_id (FYR_RECORD (user), f->first->user_id);
  fyr_user_set_name (user, "Anne Berg");
  fyr_record_set_id (FYR_RECORD (colleague), f->second->user_id);
  fyr_user_set_name (colleague, "Kari Lund");
  fyr_membership_set_role (membership, FYR_ROLE_NURSE);
  fyr_membership_set_centre_id (membership, f->world->centre_id);
  fyr_app_context_set_backend (f->context, f->first->store, f->first->engine);
  fyr_app_context_begin_session (f->context, user, membership, NULL);
  g_ptr_array_add (users, colleague);
  fyr_app_context_learn_users (f->context, users);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->world = fyr_test_world_new (7);
  f->first = &f->world->clients[0];
  f->second = &f->world->clients[1];
  fyr_test_client_sign_in_online (f->first);
  fyr_test_client_sign_in_online (f->second);
  g_assert_true (fyr_test_world_settle (f->world));
  f->settings = fyr_settings_new ();
  f->context = fyr_app_context_new (f->settings);
  begin_session (f);
  f->below = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "content", adw_toast_overlay_new (), NULL);
  gtk_window_present (f->below);
  f->window = fyr_delivery_window_new (f->below, f->context);
  gtk_window_present (GTK_WINDOW (f->window));
}

static void
pump (Fixture *f)
{
  gint64 end = g_get_monotonic_time () + 3000;

  while (g_get_monotonic_time () < end) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (200);
  }
}

#define WAIT_FOR(condition)                                                                                  \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    gint64 wait_end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;                                         \
    while (!(condition) && g_get_monotonic_time () < wait_end)                                               \
      pump (f);                                                                                              \
    g_assert_true (condition);                                                                               \
  }                                                                                                          \
  G_STMT_END

static void
tear_down (Fixture *f, gconstpointer data)
{
  gpointer context = f->context;

  gtk_window_destroy (GTK_WINDOW (f->window));
  gtk_window_destroy (f->below);
  fyr_app_context_end_session (f->context);
  fyr_app_context_set_backend (f->context, NULL, NULL);
  g_object_add_weak_pointer (G_OBJECT (context), &context);
  g_object_unref (f->context);
  /* Nobody keeps it once the database has answered what was asked. */
  WAIT_FOR (context == NULL);
  g_object_unref (f->settings);
  fyr_test_world_free (f->world);
}

static gboolean
matches (GtkWidget *widget, const char *type, const char *text)
{
  if (type && !g_str_equal (G_OBJECT_TYPE_NAME (widget), type))
    return FALSE;
  if (!text)
    return TRUE;
  if (GTK_IS_BUTTON (widget))
    return gtk_widget_get_mapped (widget) &&
           g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), text) == 0;
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
         strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

static GtkWidget *
find (GtkWidget *root, const char *type, const char *text)
{
  if (matches (root, type, text))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find (child, type, text);

    if (found)
      return found;
  }
  return NULL;
}

static gboolean
says (Fixture *f, const char *text)
{
  return find (f->window, "GtkLabel", text) != NULL;
}

static void
press (GtkWidget *root, const char *label)
{
  GtkWidget *button = find (root, "GtkButton", label);

  g_test_message ("pressing %s", label);
  g_assert_nonnull (button);
  g_assert_true (gtk_widget_get_focusable (button));
  gtk_widget_activate (button);
}

static FyrMutation *
change_patient (FyrTestClient *client, guint patient, guint field, const char *value)
{
  g_autoptr (FyrRecord) before =
      fyr_test_client_get (client, &fyr_patient_info, client->world->patients[patient]);
  g_autoptr (FyrRecord) after = fyr_record_copy (before);

  fyr_record_set_string (after, field, value);
  return fyr_mutation_new_update (before, after, client->user_id);
}

static FyrMutation *
take_alert (FyrTestClient *client)
{
  g_autoptr (FyrRecord) alert = fyr_test_client_get (client, &fyr_alert_info, client->world->alerts[0]);

  return fyr_mutation_new_alert_command ((FyrAlert *)alert, FYR_ALERT_ACTION_TAKE, FYR_ALERT_OUTCOME_UNSET,
                                         NULL, client->user_id);
}

static FyrMutation *
close_alert (FyrTestClient *client)
{
  g_autoptr (FyrRecord) alert = fyr_test_client_get (client, &fyr_alert_info, client->world->alerts[0]);

  return fyr_mutation_new_alert_command ((FyrAlert *)alert, FYR_ALERT_ACTION_CLOSE,
                                         FYR_ALERT_OUTCOME_CONTACTED_PATIENT, NULL, client->user_id);
}

/* Both change the telephone; the colleague's arrives first. */
static void
make_conflict (Fixture *f)
{
  f->first->faults.cut = TRUE;
  fyr_test_client_save (f->second, change_patient (f->second, 0, FYR_PATIENT_TELEPHONE, "+4740000001"));
  fyr_test_client_save (f->first, change_patient (f->first, 0, FYR_PATIENT_TELEPHONE, "+4740000002"));
  fyr_test_world_run (f->world, 2000);
  g_assert_true (fyr_test_world_settle (f->world));
  WAIT_FOR (says (f, "In conflict"));
}

static char *
telephone_at_server (Fixture *f)
{
  g_autoptr (FyrRecord) patient = fyr_test_world_get (f->world, &fyr_patient_info, f->world->patients[0]);

  return g_strdup (fyr_patient_get_telephone ((FyrPatient *)patient));
}

static void
test_all_is_well_and_says_so (Fixture *f, gconstpointer data)
{
  WAIT_FOR (says (f, "Live"));
  WAIT_FOR (says (f, "Everything is delivered"));
  WAIT_FOR (says (f, "Last contact with the server"));
  g_assert_false (says (f, "Needs your decision"));
  g_assert_false (says (f, "Waits to be sent"));
}

static void
test_offline_says_since_when_and_what_works (Fixture *f, gconstpointer data)
{
  f->first->faults.cut = TRUE;
  fyr_test_world_run (f->world, 90000);
  WAIT_FOR (says (f, "Offline since"));
  WAIT_FOR (says (f, "Not live since"));
  WAIT_FOR (says (f, "You can read, take and close alerts"));
  WAIT_FOR (says (f, "New alerts may be missing here"));
  f->first->faults.cut = FALSE;
  press (f->window, "_Try now");
  g_assert_true (fyr_test_world_settle (f->world));
  WAIT_FOR (!says (f, "Not live since"));
}

static void
test_waiting_and_delivered_are_never_mixed (Fixture *f, gconstpointer data)
{
  f->first->faults.cut = TRUE;
  fyr_test_client_note (f->first, 0, "Ringte");
  WAIT_FOR (says (f, "Waits to be sent"));
  WAIT_FOR (says (f, "Note written · Nordmann, Kari"));
  WAIT_FOR (says (f, "Saved here, waits to be sent") || says (f, "Being sent"));
  g_assert_false (says (f, "Delivered last"));
  f->first->faults.cut = FALSE;
  g_assert_true (fyr_test_world_settle (f->world));
  WAIT_FOR (says (f, "Delivered last"));
  g_assert_false (says (f, "Waits to be sent"));
  WAIT_FOR (says (f, "Everything is delivered"));
}

/* Two share a machine: what the other saved is not sent in one's own name, and it is told. */
static void
test_a_colleagues_work_waits_for_her (Fixture *f, gconstpointer data)
{
  g_autoptr (FyrRecord) note = FYR_RECORD (fyr_note_new ());

  fyr_note_set_patient_id ((FyrNote *)note, f->world->patients[0]);
  fyr_note_set_author_id ((FyrNote *)note, f->second->user_id);
  fyr_note_set_time ((FyrNote *)note, fyr_sync_wall_clock ());
  fyr_note_set_text ((FyrNote *)note, "Ringte");
  g_assert_true (fyr_test_client_save (f->first, fyr_mutation_new_create (note, f->second->user_id)));
  fyr_test_world_run (f->world, 5000);
  WAIT_FOR (says (f, "Kari Lund, "));
  WAIT_FOR (says (f, "waits until this person signs in here"));
}

/* Somebody who will not come back: her work goes for review, and says so here without saying whose patient it is. */
static void
test_work_left_behind_is_handed_over (Fixture *f, gconstpointer data)
{
  test_a_colleagues_work_waits_for_her (f, data);
  fyr_test_world_end_roles (f->world, f->second->user_id);
  fyr_test_world_run (f->world, 2 * 3600000);
  WAIT_FOR (says (f, "Handed over to the server for review"));
  WAIT_FOR (!says (f, "waits until this person signs in here"));
}

static void
test_what_was_decided_is_told_to_its_author (Fixture *f, gconstpointer data)
{
  f->first->faults.cut = TRUE;
  fyr_test_client_note (f->first, 0, "Ringte");
  fyr_test_client_note (f->first, 1, "Ringte igjen");
  fyr_test_world_end_roles (f->world, f->first->user_id);
  f->first->faults.cut = FALSE;
  fyr_test_world_run (f->world, 90000);
  WAIT_FOR (says (f, "an administrator decides"));
  fyr_test_world_settle_kept (f->world, FALSE, "Står på papir");
  fyr_test_world_settle_kept (f->world, TRUE, NULL);
  fyr_test_world_run (f->world, 90000);
  WAIT_FOR (says (f, "Reason: Står på papir"));
  WAIT_FOR (!says (f, "an administrator decides"));
}

static void
test_a_conflict_shows_both_values_who_and_when (Fixture *f, gconstpointer data)
{
  make_conflict (f);
  WAIT_FOR (says (f, "Needs your decision"));
  WAIT_FOR (says (f, "Patient changed · Nordmann, Kari"));
  WAIT_FOR (says (f, "Telephone"));
  WAIT_FOR (says (f, "400 00 002"));
  WAIT_FOR (says (f, "400 00 001"));
  WAIT_FOR (says (f, "You, "));
  WAIT_FOR (says (f, "Kari Lund, "));
}

static void
test_mine_can_be_kept (Fixture *f, gconstpointer data)
{
  g_autofree char *telephone = NULL;

  make_conflict (f);
  press (f->window, "Keep _mine");
  WAIT_FOR (!says (f, "Needs your decision"));
  g_assert_true (fyr_test_world_settle (f->world));
  telephone = telephone_at_server (f);
  g_assert_cmpstr (telephone, ==, "+4740000002");
}

static void
test_theirs_can_be_kept_and_that_undone (Fixture *f, gconstpointer data)
{
  GtkWidget *toast;

  make_conflict (f);
  press (f->window, "Keep _theirs");
  WAIT_FOR (!says (f, "Needs your decision"));
  WAIT_FOR (find (f->window, "AdwToastWidget", NULL));
  toast = find (f->window, "AdwToastWidget", NULL);
  gtk_widget_activate (find (toast, "GtkButton", NULL));
  WAIT_FOR (says (f, "Needs your decision"));
}

static GtkWidget *
find_conflict_window (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

    if (FYR_IS_CONFLICT_WINDOW (window))
      return window;
  }
  return NULL;
}

static void
test_a_third_value_can_be_written (Fixture *f, gconstpointer data)
{
  GtkWidget *window = NULL, *entry;
  g_autofree char *telephone = NULL;

  make_conflict (f);
  press (f->window, "_Write another…");
  WAIT_FOR ((window = find_conflict_window ()));
  WAIT_FOR (find (window, "GtkLabel", "Before that"));
  g_assert_nonnull (find (window, "GtkLabel", "Kari Lund"));
  press (window, "Use");
  entry = find (window, "GtkEntry", NULL);
  g_assert_nonnull (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), "hva da");
  gtk_widget_activate_action (window, "conflict.save", NULL);
  WAIT_FOR (find (window, "GtkLabel", "Enter 8 digits"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "40 00 00 03");
  gtk_widget_activate_action (window, "conflict.save", NULL);
  WAIT_FOR (!says (f, "Needs your decision"));
  g_assert_true (fyr_test_world_settle (f->world));
  telephone = telephone_at_server (f);
  g_assert_cmpstr (telephone, ==, "+4740000003");
}

static void
make_refusal (Fixture *f)
{
  f->first->faults.cut = TRUE;
  fyr_test_client_save (f->second, take_alert (f->second));
  fyr_test_client_save (f->first, take_alert (f->first));
  fyr_test_world_run (f->world, 2000);
  g_assert_true (fyr_test_world_settle (f->world));
  WAIT_FOR (says (f, "Not accepted by the server"));
}

static void
test_a_refusal_says_why_and_who_was_first (Fixture *f, gconstpointer data)
{
  make_refusal (f);
  WAIT_FOR (says (f, "Alert taken · Nordmann, Kari"));
  WAIT_FOR (says (f, "Kari Lund took it"));
}

static void
test_a_refused_one_can_be_dropped_and_brought_back (Fixture *f, gconstpointer data)
{
  GtkWidget *toast;

  make_refusal (f);
  press (f->window, "_Drop it");
  WAIT_FOR (!says (f, "Needs your decision"));
  WAIT_FOR (find (f->window, "AdwToastWidget", NULL));
  toast = find (f->window, "AdwToastWidget", NULL);
  gtk_widget_activate (find (toast, "GtkButton", NULL));
  WAIT_FOR (says (f, "Not accepted by the server"));
}

/* Who sends "taken" again, with the colleague's name before her, means it. */
static void
test_sending_again_takes_over_knowingly (Fixture *f, gconstpointer data)
{
  g_autoptr (FyrRecord) alert = NULL;

  make_refusal (f);
  WAIT_FOR (says (f, "Kari Lund took it"));
  press (f->window, "_Send again");
  WAIT_FOR (!says (f, "Needs your decision"));
  g_assert_true (fyr_test_world_settle (f->world));
  alert = fyr_test_world_get (f->world, &fyr_alert_info, f->world->alerts[0]);
  g_assert_cmpstr (fyr_alert_get_assignee_id ((FyrAlert *)alert), ==, f->first->user_id);
}

static void
test_sending_again_what_cannot_be_done_is_told (Fixture *f, gconstpointer data)
{
  make_refusal (f);
  fyr_test_client_save (f->second, close_alert (f->second));
  g_assert_true (fyr_test_world_settle (f->world));
  press (f->window, "_Send again");
  WAIT_FOR (find (f->window, "AdwToastWidget", NULL));
  g_assert_true (says (f, "Not accepted by the server"));
}

static void
remember_words (GObject *engine, GParamSpec *spec, gpointer data)
{
  if (fyr_sync_engine_is_restoring (FYR_SYNC_ENGINE (engine)))
    *(gboolean *)data = TRUE;
}

static void
test_a_restore_in_progress_is_told (Fixture *f, gconstpointer data)
{
  gboolean told = FALSE;

  g_signal_connect_after (f->first->engine, "notify::restoring", G_CALLBACK (remember_words), &told);
  fyr_test_world_back_up (f->world);
  fyr_test_client_note (f->first, 0, "Etter kopien");
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_restore (f->world);
  fyr_sync_engine_sync_now (f->first->engine);
  for (guint i = 0; i < 200 && !told; i++)
    fyr_test_world_step (f->world);
  g_assert_true (told);
  WAIT_FOR (says (f, "The server was put back to an older copy"));
  g_assert_true (fyr_test_world_settle (f->world));
  fyr_test_world_run (f->world, 2000);
  WAIT_FOR (!says (f, "The server was put back to an older copy"));
  g_signal_handlers_disconnect_by_data (f->first->engine, &told);
}

static void
test_a_clock_that_is_off_is_told (Fixture *f, gconstpointer data)
{
  gint64 now = fyr_sync_wall_clock ();

  g_assert_false (says (f, "clock is"));
  fyr_sync_engine_note_server_time (f->first->engine, now + 7 * 60000, now);
  WAIT_FOR (says (f, "This machine's clock is 7 min slow."));
  fyr_sync_engine_note_server_time (f->first->engine, fyr_sync_wall_clock () - 3 * 60000,
                                    fyr_sync_wall_clock ());
  WAIT_FOR (says (f, "This machine's clock is 3 min fast."));
}

static void
test_a_full_disk_is_told_and_nothing_is_saved_by_half (Fixture *f, gconstpointer data)
{
  gint64 began;

  fyr_test_client_wait_known (f->first);
  fyr_test_client_wait_known (f->second);
  fyr_fault_arm_io (FYR_FAULT_FULL, 1);
  began = g_get_monotonic_time ();
  g_assert_false (fyr_test_client_save (f->first, change_patient (f->first, 0, FYR_PATIENT_CITY, "Bodø")));
  g_assert_cmpint (g_get_monotonic_time () - began, <, G_USEC_PER_SEC);
  fyr_sync_engine_sync_now (f->first->engine);
  fyr_test_world_run (f->world, 2000);
  WAIT_FOR (says (f, "The disk of this machine is full."));
  WAIT_FOR (says (f, "Not live: the disk is full"));
  g_assert_false (says (f, "Offline since"));
  g_assert_false (says (f, "Waits to be sent"));
  fyr_fault_disarm ();
  fyr_sync_engine_sync_now (f->first->engine);
  g_assert_true (fyr_test_world_settle (f->world));
  WAIT_FOR (!says (f, "The disk of this machine is full."));
  g_assert_true (fyr_test_client_save (f->first, change_patient (f->first, 0, FYR_PATIENT_CITY, "Bodø")));
}

static void
test_after_twelve_hours_the_data_are_closed_and_open_by_themselves (Fixture *f, gconstpointer data)
{
  g_autoptr (AdwApplication) application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_autoptr (FyrBackend) backend = NULL;
  FyrWindow *window;
  GtkWidget *form;

  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  backend = fyr_backend_new (f->context, "/nonexistent");
  window = fyr_window_new (GTK_APPLICATION (application), f->context, backend);
  gtk_window_present (GTK_WINDOW (window));
  /* At the sign-in the keyboard begins in the first empty field. */
  g_assert_true (GTK_IS_TEXT (gtk_window_get_focus (GTK_WINDOW (window))));
  begin_session (f);
  WAIT_FOR (find (GTK_WIDGET (window), "FyrAlertsPlace", NULL));
  form = g_object_new (ADW_TYPE_WINDOW, "transient-for", window, NULL);
  gtk_window_present (GTK_WINDOW (form));
  f->first->faults.cut = TRUE;
  fyr_test_client_note (f->first, 0, "Blir liggende");
  fyr_test_world_run (f->world, 60000);
  f->world->now += 12 * 3600000; /* a night passes in one step */
  fyr_test_world_run (f->world, 60000);
  WAIT_FOR (find (GTK_WIDGET (window), "GtkLabel", "Closed until there is contact"));
  g_assert_false (gtk_widget_get_visible (form));
  g_assert_false (gtk_widget_get_mapped (find (GTK_WIDGET (window), "FyrAlertsPlace", NULL)));
  WAIT_FOR (says (f, "No contact with the server for 12 hours."));
  WAIT_FOR (says (f, "Waits to be sent"));
  f->first->faults.cut = FALSE;
  g_assert_true (fyr_test_world_settle (f->world));
  WAIT_FOR (gtk_widget_get_mapped (find (GTK_WIDGET (window), "FyrAlertsPlace", NULL)));
  g_assert_true (gtk_widget_get_visible (form));
  gtk_window_destroy (GTK_WINDOW (window));
}

#define ADD(name, function) g_test_add ("/app/delivery/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  fyr_fault_install ();
  if (!gtk_init_check ())
    return 77;
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  fyr_app_register_resources ();
  fyr_app_load_style (gdk_display_get_default ());
  ADD ("all is well and says so", test_all_is_well_and_says_so);
  ADD ("offline says since when and what works", test_offline_says_since_when_and_what_works);
  ADD ("waiting and delivered are never mixed", test_waiting_and_delivered_are_never_mixed);
  ADD ("a colleague's work waits for her", test_a_colleagues_work_waits_for_her);
  ADD ("work left behind is handed over, and says so", test_work_left_behind_is_handed_over);
  ADD ("what was decided is told to its author", test_what_was_decided_is_told_to_its_author);
  ADD ("a conflict shows both values, who and when", test_a_conflict_shows_both_values_who_and_when);
  ADD ("mine can be kept", test_mine_can_be_kept);
  ADD ("theirs can be kept, and that undone", test_theirs_can_be_kept_and_that_undone);
  ADD ("a third value can be written", test_a_third_value_can_be_written);
  ADD ("a refusal says why, and who was first", test_a_refusal_says_why_and_who_was_first);
  ADD ("a refused one can be dropped and brought back", test_a_refused_one_can_be_dropped_and_brought_back);
  ADD ("sending again takes over knowingly", test_sending_again_takes_over_knowingly);
  ADD ("sending again what cannot be done is told", test_sending_again_what_cannot_be_done_is_told);
  ADD ("a restore in progress is told", test_a_restore_in_progress_is_told);
  ADD ("a clock that is off is told", test_a_clock_that_is_off_is_told);
  ADD ("a full disk is told and nothing is saved by half",
       test_a_full_disk_is_told_and_nothing_is_saved_by_half);
  ADD ("after twelve hours the data are closed, and open by themselves",
       test_after_twelve_hours_the_data_are_closed_and_open_by_themselves);
  return g_test_run ();
}
