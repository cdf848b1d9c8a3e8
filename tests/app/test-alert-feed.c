/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-feed.h"
#include "fyr-store-fixture.h"
#include "fyr-store-rows.h"

/* From the commit of what was pulled to the list of the alerts. The database works here when it is told to, and the
 * main loop never waits: it only does what can be done at once. So nothing on this way may lie in wait for a timer. */

typedef struct {
  char *folder;
  FyrStore *store;
  FyrAppContext *context;
  FyrAlertFeed *feed;
  char patient[37];
} Fixture;

static void
do_all_that_can_be_done (FyrStore *store)
{
  gboolean worked;

  do {
    worked = fyr_store_step (store);
    while (g_main_context_iteration (NULL, FALSE)) {
      worked = TRUE;
    }
  } while (worked);
}

static gpointer
put_job (FyrStoreContext *context, gpointer data, GError **error)
{
  return fyr_rows_put (context, data, error) ? FYR_STORE_DONE : NULL;
}

/* As if the server had told of it. */
static void
pull (Fixture *fixture, gpointer record)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_SYNC, .func = put_job, .data = record, .data_free = g_object_unref, .tag = put_job
  };

  fyr_store_run_async (fixture->store, &job, NULL, NULL, NULL);
  do_all_that_can_be_done (fixture->store);
}

static FyrAlert *
new_alert (Fixture *fixture, FyrAlertCategory category)
{
  FyrAlert *alert = fyr_alert_new ();
  char id[37];

  fyr_test_new_id (id);
  fyr_record_set_id (FYR_RECORD (alert), id);
  fyr_record_set_version (FYR_RECORD (alert), 1);
  fyr_alert_set_patient_id (alert, fixture->patient);
  fyr_alert_set_category (alert, category);
  fyr_alert_set_status (alert, FYR_ALERT_STATUS_OPEN);
  fyr_alert_set_rule (alert, FYR_ALERT_RULE_NO_LIMITS);
  fyr_alert_set_raised_time (alert, FYR_TEST_NOW);
  return alert;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrSettings) settings = fyr_settings_new ();
  g_autofree char *path = NULL;
  FyrPatient *patient = fyr_patient_new ();
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = fyr_test_folder_new ();
  path = g_build_filename (fixture->folder, "store.db", NULL);
  fixture->store = fyr_store_open_stepwise (path, fyr_test_got, &slot);
  do_all_that_can_be_done (fixture->store);
  g_object_unref (fyr_store_open_finish (slot, &error));
  g_assert_no_error (error);
  g_object_unref (slot);
  fixture->context = fyr_app_context_new (settings);
  fyr_app_context_set_backend (fixture->context, fixture->store, NULL);
  fixture->feed = fyr_alert_feed_new (fixture->context);
  fyr_test_new_id (fixture->patient);
  fyr_record_set_id (FYR_RECORD (patient), fixture->patient);
  fyr_patient_set_family_name (patient, "Testesen");
  fyr_patient_set_given_name (patient, "Test");
  pull (fixture, patient);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->feed);
  fyr_app_context_set_backend (fixture->context, NULL, NULL);
  g_object_unref (fixture->context);
  fyr_store_close_async (fixture->store, NULL, NULL);
  do_all_that_can_be_done (fixture->store);
  g_object_unref (fixture->store);
  fyr_test_folder_free (fixture->folder);
}

static guint
length (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fyr_alert_feed_get_list (fixture->feed)));
}

static void
test_an_alert_is_listed_without_waiting (Fixture *fixture, gconstpointer data)
{
  FyrAlert *alert = new_alert (fixture, FYR_ALERT_CATEGORY_RED);
  g_autofree char *id = g_strdup (fyr_record_get_id (FYR_RECORD (alert)));

  g_assert_true (fyr_alert_feed_get_loaded (fixture->feed));
  g_assert_cmpuint (length (fixture), ==, 0);
  pull (fixture, alert);
  g_assert_cmpuint (length (fixture), ==, 1);
  g_assert_nonnull (fyr_alert_list_lookup (fyr_alert_feed_get_list (fixture->feed), id));
  g_assert_cmpuint (fyr_alert_feed_get_n_red (fixture->feed), ==, 1);
}

/* One that comes while the list is being asked for is asked for once more, not forgotten and not put off. */
static void
test_one_that_comes_during_the_question_is_not_left_out (Fixture *fixture, gconstpointer data)
{
  const FyrStoreJob job = { .mode = FYR_STORE_SYNC,
                            .func = put_job,
                            .data = new_alert (fixture, FYR_ALERT_CATEGORY_YELLOW),
                            .data_free = g_object_unref,
                            .tag = put_job };

  fyr_alert_feed_refresh (fixture->feed);
  g_assert_true (fyr_store_step (fixture->store));
  fyr_store_run_async (fixture->store, &job, NULL, NULL, NULL);
  g_assert_true (fyr_store_step (fixture->store));
  do_all_that_can_be_done (fixture->store);
  g_assert_cmpuint (length (fixture), ==, 1);
}

#define ADD(name, function) g_test_add ("/app/alert-feed/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("an-alert-is-listed-without-waiting", test_an_alert_is_listed_without_waiting);
  ADD ("one-that-comes-during-the-question-is-not-left-out",
       test_one_that_comes_during_the_question_is_not_left_out);
  return g_test_run ();
}
