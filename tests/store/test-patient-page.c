/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-asks.h"

/* A patient's page: every list of it in its order, and nothing of another patient's. */

typedef FyrStoreFixture Fixture;

static gpointer
with_id (gpointer record)
{
  char id[37];

  fyr_test_new_id (id);
  fyr_record_set_id (record, id);
  return record;
}

static void
feed_relative (Fixture *fixture, const char *patient_id, const char *name, gboolean next_of_kin)
{
  FyrRelatedPerson *relative = with_id (fyr_related_person_new ());

  fyr_related_person_set_patient_id (relative, patient_id);
  fyr_related_person_set_name (relative, name);
  if (next_of_kin) {
    fyr_related_person_set_next_of_kin (relative, TRUE);
  }
  fyr_test_feed (fixture, relative, 1);
}

static void
test_the_next_of_kin_come_first (Fixture *fixture, gconstpointer data)
{
  const char *expected[] = { "Berit", "Zakarias", "Anne", "Carl" };
  g_autoptr (FyrPatientDetail) detail = NULL;

  fyr_test_feed_patient (fixture);
  feed_relative (fixture, fixture->patient, "Carl", FALSE);
  feed_relative (fixture, fixture->patient, "Zakarias", TRUE);
  feed_relative (fixture, fixture->patient, "Anne", FALSE);
  feed_relative (fixture, fixture->patient, "Berit", TRUE);
  feed_relative (fixture, fixture->other, "En annens", TRUE);
  detail = fyr_test_load_patient (fixture);
  g_assert_cmpuint (detail->relatives->len, ==, G_N_ELEMENTS (expected));
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_assert_cmpstr (fyr_related_person_get_name (detail->relatives->pdata[i]), ==, expected[i]);
  }
}

static void
feed_limit (Fixture *fixture, FyrMeasurementKind kind, gint64 valid_from, double red_high)
{
  FyrLimit *limit = with_id (fyr_limit_new ());

  fyr_limit_set_patient_id (limit, fixture->patient);
  fyr_limit_set_kind (limit, kind);
  fyr_limit_set_valid_from (limit, valid_from);
  fyr_limit_set_red_high (limit, red_high);
  fyr_test_feed (fixture, limit, 1);
}

/* What holds now is the last of its kind; what held before stands above it. */
static void
test_limits_tell_their_history_by_kind (Fixture *fixture, gconstpointer data)
{
  const FyrMeasurementKind kinds[] = { FYR_MEASUREMENT_KIND_PAIN, FYR_MEASUREMENT_KIND_GLUCOSE };
  g_autoptr (FyrPatientDetail) detail = NULL;

  fyr_test_feed_patient (fixture);
  for (int i = 0; i < 6; i++) {
    feed_limit (fixture, kinds[i % 2], FYR_TEST_NOW + (i * 5) % 7, i);
  }
  detail = fyr_test_load_patient (fixture);
  g_assert_cmpuint (detail->limits->len, ==, 6);
  for (guint i = 1; i < 6; i++) {
    FyrLimit *former = detail->limits->pdata[i - 1];
    FyrLimit *limit = detail->limits->pdata[i];

    g_assert_cmpint (fyr_limit_get_kind (former), <=, fyr_limit_get_kind (limit));
    g_assert_true (fyr_limit_get_kind (former) != fyr_limit_get_kind (limit) ||
                   fyr_limit_get_valid_from (former) < fyr_limit_get_valid_from (limit));
  }
}

static void
test_the_latest_of_each_kind_is_there (Fixture *fixture, gconstpointer data)
{
  const FyrMeasurementKind kinds[] = { FYR_MEASUREMENT_KIND_PAIN, FYR_MEASUREMENT_KIND_GLUCOSE,
                                       FYR_MEASUREMENT_KIND_HEART_RATE };
  g_autoptr (FyrPatientDetail) detail = NULL;

  fyr_test_feed_patient (fixture);
  for (int i = 0; i < 12; i++) {
    fyr_test_feed (fixture, fyr_test_measurement (fixture, kinds[i % 3], FYR_TEST_NOW + (i * 5) % 12, i), 1);
  }
  detail = fyr_test_load_patient (fixture);
  g_assert_cmpuint (detail->latest->len, ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < detail->latest->len; i++) {
    FyrMeasurement *latest = detail->latest->pdata[i];
    g_autoptr (GPtrArray) newest =
        fyr_test_list_measurements (fixture, fyr_measurement_get_kind (latest), G_MAXINT64, 1);

    g_assert_cmpstr (fyr_record_get_id (FYR_RECORD (latest)), ==, fyr_record_get_id (newest->pdata[0]));
    g_assert_true (i == 0 || fyr_measurement_get_kind (detail->latest->pdata[i - 1]) <
                                 fyr_measurement_get_kind (latest));
  }
}

/* Notes newest first; open alerts worst first, closed ones elsewhere; a doctor that is not here is no error. */
static void
test_notes_and_alerts_are_in_the_order_they_are_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatientDetail) detail = NULL;

  fyr_test_feed_patient (fixture);
  for (int i = 0; i < 5; i++) {
    FyrNote *note = fyr_test_note (fixture, "n");
    FyrAlert *alert = fyr_test_alert (fixture, i % 2 == 0 ? FYR_ALERT_CATEGORY_GREEN : FYR_ALERT_CATEGORY_RED,
                                      FYR_TEST_NOW + i);

    fyr_note_set_time (note, FYR_TEST_NOW + (i * 3) % 5);
    fyr_test_feed (fixture, note, 1);
    if (i == 4) {
      fyr_alert_set_status (alert, FYR_ALERT_STATUS_CLOSED);
    }
    fyr_test_feed (fixture, alert, 1);
  }
  detail = fyr_test_load_patient (fixture);
  g_assert_cmpuint (detail->notes->len, ==, 5);
  for (guint i = 0; i < 5; i++) {
    g_assert_cmpint (fyr_note_get_time (fyr_note_item_get_note (detail->notes->pdata[i])), ==,
                     FYR_TEST_NOW + 4 - (gint64)i);
  }
  g_assert_cmpuint (detail->alerts->len, ==, 4);
  for (guint i = 0; i < 4; i++) {
    g_assert_cmpint (fyr_alert_get_category (fyr_alert_item_get_alert (detail->alerts->pdata[i])), ==,
                     i < 2 ? FYR_ALERT_CATEGORY_RED : FYR_ALERT_CATEGORY_GREEN);
  }
  g_assert_null (detail->gp);
  g_assert_null (detail->owner);
}

/* The doctor and the owner of the record are shown once they are known. */
static void
test_the_doctor_may_come_later (Fixture *fixture, gconstpointer data)
{
  FyrPatient *patient = fyr_test_patient (fixture, "Nordmann", "Ola");
  FyrGp *gp = fyr_gp_new ();
  g_autoptr (FyrPatientDetail) before = NULL;
  g_autoptr (FyrPatientDetail) after = NULL;

  fyr_record_set_id (FYR_RECORD (patient), fixture->patient);
  fyr_patient_set_gp_id (patient, fixture->other);
  fyr_test_feed (fixture, patient, 1);
  before = fyr_test_load_patient (fixture);
  g_assert_null (before->gp);
  fyr_record_set_id (FYR_RECORD (gp), fixture->other);
  fyr_gp_set_name (gp, "Fastlege Berg");
  fyr_test_feed (fixture, gp, 1);
  after = fyr_test_load_patient (fixture);
  g_assert_cmpstr (fyr_gp_get_name (after->gp), ==, "Fastlege Berg");
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/patient-page/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("the-next-of-kin-come-first", test_the_next_of_kin_come_first);
  ADD ("limits-tell-their-history-by-kind", test_limits_tell_their_history_by_kind);
  ADD ("the-latest-of-each-kind-is-there", test_the_latest_of_each_kind_is_there);
  ADD ("notes-and-alerts-are-in-the-order-they-are-read",
       test_notes_and_alerts_are_in_the_order_they_are_read);
  ADD ("the-doctor-may-come-later", test_the_doctor_may_come_later);
  return g_test_run ();
}
