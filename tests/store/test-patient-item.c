/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-items-private.h"
#include "fyr-store-asks.h"

/* A row on screen lives on while what it shows changes: told once when anything did, never when nothing did. */

typedef FyrStoreFixture Fixture;

static FyrPatientItem *
get_row (Fixture *fixture)
{
  const FyrPatientFilter filter = { 0 };
  g_autoptr (GPtrArray) items = fyr_test_list_patients (fixture, &filter, NULL);

  g_assert_cmpuint (items->len, ==, 1);
  return g_object_ref (items->pdata[0]);
}

static void
count_notify (GObject *object, GParamSpec *pspec, guint *count)
{
  g_assert_cmpstr (pspec->name, ==, "patient");
  (*count)++;
}

/* Takes over what is true now. Returns how often that was told. */
static guint
refresh (Fixture *fixture, FyrPatientItem *row)
{
  g_autoptr (FyrPatientItem) fresh = get_row (fixture);
  guint told = 0;
  gulong handler = g_signal_connect (row, "notify", G_CALLBACK (count_notify), &told);

  fyr_patient_item_take_over (row, fresh);
  g_signal_handler_disconnect (row, handler);
  return told;
}

static void
test_nothing_new_is_not_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatientItem) row = NULL;

  fyr_test_feed_patient (fixture);
  row = get_row (fixture);
  g_assert_cmpuint (refresh (fixture, row), ==, 0);
  /* The same said again by the server is nothing new. */
  fyr_test_feed_patient (fixture);
  g_assert_cmpuint (refresh (fixture, row), ==, 0);
  fyr_patient_item_take_over (row, row);
  g_assert_cmpstr (fyr_patient_item_get_name (row), ==, "Nordmann, Ola");
}

static void
test_a_new_name_is_told_once_and_shown (Fixture *fixture, gconstpointer data)
{
  FyrPatient *renamed = fyr_test_patient (fixture, "Hansen", "Ola");
  g_autoptr (FyrPatientItem) row = NULL;

  fyr_test_feed_patient (fixture);
  row = get_row (fixture);
  fyr_record_set_id (FYR_RECORD (renamed), fixture->patient);
  fyr_patient_set_zone (renamed, FYR_ZONE_RED);
  fyr_test_feed (fixture, renamed, 2);
  g_assert_cmpuint (refresh (fixture, row), ==, 1);
  g_assert_cmpstr (fyr_patient_item_get_name (row), ==, "Hansen, Ola");
  g_assert_cmpint (fyr_patient_get_zone (fyr_patient_item_get_patient (row)), ==, FYR_ZONE_RED);
  g_assert_cmpstr (fyr_patient_item_get_id (row), ==, fixture->patient);
  g_assert_cmpuint (refresh (fixture, row), ==, 0);
}

/* Alerts, reports and the state of own work belong to the row as the name does. */
static void
test_each_thing_beside_the_name_is_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatientItem) row = NULL;
  g_autoptr (FyrRecord) before = NULL;
  g_autoptr (FyrRecord) after = NULL;

  fyr_test_feed_patient (fixture);
  row = get_row (fixture);
  fyr_test_feed (fixture, fyr_test_alert (fixture, FYR_ALERT_CATEGORY_GREEN, 1), 1);
  g_assert_cmpuint (refresh (fixture, row), ==, 1);
  g_assert_cmpuint (fyr_patient_item_get_open_alerts (row), ==, 1);
  fyr_test_feed (fixture, fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, 1), 1);
  g_assert_cmpuint (refresh (fixture, row), ==, 1);
  g_assert_cmpint (fyr_patient_item_get_worst_category (row), ==, FYR_ALERT_CATEGORY_RED);
  fyr_test_feed (fixture, fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_PAIN, FYR_TEST_NOW, 3), 1);
  g_assert_cmpuint (refresh (fixture, row), ==, 1);
  g_assert_cmpint (fyr_patient_item_get_last_report (row), ==, FYR_TEST_NOW);
  before = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);
  after = fyr_record_copy (before);
  fyr_patient_set_city (FYR_PATIENT (after), "Bodø");
  fyr_test_save_ok (fixture, fyr_mutation_new_update (before, after, fixture->nurse));
  g_assert_cmpuint (refresh (fixture, row), ==, 1);
  g_assert_cmpint (fyr_patient_item_get_state (row), ==, FYR_OUTBOX_WAITING);
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_CONFLICT, 0));
  g_assert_cmpuint (refresh (fixture, row), ==, 1);
  g_assert_cmpint (fyr_patient_item_get_state (row), ==, FYR_OUTBOX_CONFLICT);
}

/* A report that is older than the latest changes nothing of the row. */
static void
test_an_older_report_is_not_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatientItem) row = NULL;

  fyr_test_feed_patient (fixture);
  fyr_test_feed (fixture, fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_PAIN, FYR_TEST_NOW, 3), 1);
  row = get_row (fixture);
  fyr_test_feed (fixture, fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_PAIN, FYR_TEST_NOW - 1, 9), 1);
  g_assert_cmpuint (refresh (fixture, row), ==, 0);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/patient-item/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("nothing-new-is-not-told", test_nothing_new_is_not_told);
  ADD ("a-new-name-is-told-once-and-shown", test_a_new_name_is_told_once_and_shown);
  ADD ("each-thing-beside-the-name-is-told", test_each_thing_beside_the_name_is_told);
  ADD ("an-older-report-is-not-told", test_an_older_report_is_not_told);
  return g_test_run ();
}
