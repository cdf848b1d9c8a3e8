/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-fault.h"
#include "fyr-store-asks.h"

/*
 * Everything a screen may ask, when it cannot be answered: nothing there, the store closed, the person gone on, memory
 * short. The answer is whole or an error with a name, and the next question is answered as before.
 */

typedef FyrStoreFixture Fixture;

/* Asks once. Returns how many things the answer holds, -1 with error. */
typedef int (*Ask) (Fixture *fixture, GCancellable *cancellable, GError **error);

#define ANSWER GCancellable *cancellable, GError **error
#define SLOT cancellable, fyr_test_got, &fyr_slot

static int
count_rows (GPtrArray *rows)
{
  int n = rows != NULL ? (int)rows->len : -1;

  g_clear_pointer (&rows, g_ptr_array_unref);
  return n;
}

static int
ask_alerts (Fixture *fixture, ANSWER)
{
  const FyrAlertFilter filter = { .closed = TRUE };
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_list_alerts_async (fixture->store, &filter, SLOT));

  return count_rows (fyr_store_list_alerts_finish (fixture->store, result, error));
}

static int
ask_alert_counts (Fixture *fixture, ANSWER)
{
  FyrAlertCounts counts = { 0 };
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_count_alerts_async (fixture->store, FYR_TEST_NOW, SLOT));

  return fyr_store_count_alerts_finish (fixture->store, result, &counts, error)
             ? (int)counts.open[FYR_ALERT_CATEGORY_RED]
             : -1;
}

static int
ask_alert (Fixture *fixture, ANSWER)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_load_alert_async (fixture->store, fixture->centre, SLOT));
  g_autoptr (FyrAlertDetail) detail = fyr_store_load_alert_finish (fixture->store, result, error);

  return detail != NULL ? (int)(detail->notes->len + detail->siblings->len + detail->recent->len) : -1;
}

static int
ask_patients_by (Fixture *fixture, const char *text, ANSWER)
{
  const FyrPatientFilter filter = { .text = text, .sort = FYR_PATIENT_SORT_ALERTS };
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_list_patients_async (fixture->store, &filter, SLOT));

  return count_rows (fyr_store_list_patients_finish (fixture->store, result, NULL, error));
}

static int
ask_patients (Fixture *fixture, ANSWER)
{
  return ask_patients_by (fixture, NULL, cancellable, error);
}

static int
ask_patients_found (Fixture *fixture, ANSWER)
{
  return ask_patients_by (fixture, "nord ola", cancellable, error);
}

static int
ask_duplicates (Fixture *fixture, ANSWER)
{
  g_autoptr (FyrPatient) typed = fyr_test_patient (fixture, "Nordmann", "Ola");
  g_autoptr (GAsyncResult) result = NULL;

  fyr_patient_set_birth_date (typed, "1950-01-31");
  result = FYR_AWAIT (fyr_store_find_duplicates_async (fixture->store, typed, SLOT));
  return count_rows (fyr_store_find_duplicates_finish (fixture->store, result, error));
}

static int
ask_patient (Fixture *fixture, ANSWER)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_load_patient_async (fixture->store, fixture->patient, SLOT));
  g_autoptr (FyrPatientDetail) detail = fyr_store_load_patient_finish (fixture->store, result, error);

  return detail != NULL ? (int)(detail->notes->len + detail->alerts->len + detail->latest->len) : -1;
}

static int
ask_series (Fixture *fixture, ANSWER)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_load_series_async (
      fixture->store, fixture->patient, FYR_MEASUREMENT_KIND_PAIN, G_MININT64, G_MAXINT64, SLOT));
  g_autoptr (FyrSeries) series = fyr_store_load_series_finish (fixture->store, result, error);

  return series != NULL ? (int)series->n : -1;
}

static int
ask_all_series (Fixture *fixture, ANSWER)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (
      fyr_store_load_all_series_async (fixture->store, fixture->patient, G_MININT64, G_MAXINT64, SLOT));

  return count_rows (fyr_store_load_all_series_finish (fixture->store, result, error));
}

static int
ask_measurements (Fixture *fixture, ANSWER)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_list_measurements_async (
      fixture->store, fixture->patient, FYR_MEASUREMENT_KIND_UNSET, G_MAXINT64, 50, SLOT));

  return count_rows (fyr_store_list_measurements_finish (fixture->store, result, error));
}

static int
ask_records (Fixture *fixture, ANSWER)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_records_async (fixture->store, "note", "patient_id", fixture->patient, SLOT));

  return count_rows (fyr_store_list_records_finish (fixture->store, result, error));
}

static int
ask_record (Fixture *fixture, ANSWER)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_get_record_async (fixture->store, "patient", fixture->patient, SLOT));
  g_autoptr (FyrRecord) record = fyr_store_get_record_finish (fixture->store, result, error);

  return record != NULL ? 1 : -1;
}

static int
ask_outbox (Fixture *fixture, ANSWER)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_list_outbox_async (fixture->store, 0, 0, SLOT));

  return count_rows (fyr_store_list_outbox_finish (fixture->store, result, error));
}

static int
ask_outbox_counts (Fixture *fixture, ANSWER)
{
  FyrOutboxCounts counts = { 0 };
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_count_outbox_async (fixture->store, SLOT));

  return fyr_store_count_outbox_finish (fixture->store, result, &counts, error) ? (int)counts.waiting : -1;
}

static int
ask_identity (Fixture *fixture, ANSWER)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_get_identity_async (fixture->store, SLOT));
  g_autoptr (FyrStoreIdentity) identity = fyr_store_get_identity_finish (fixture->store, result, error);

  return identity != NULL ? (int)g_hash_table_size (identity->cursors) : -1;
}

static const struct {
  const char *name;
  Ask ask;
  int empty; /* of a store with nothing in it; -1: there is no such record */
  int filled;
} questions[] = {
  { "alerts", ask_alerts, 0, 4 },
  { "alert counts", ask_alert_counts, 0, 2 },
  { "an alert", ask_alert, -1, 4 },
  { "patients", ask_patients, 0, 1 },
  { "patients by words", ask_patients_found, 0, 1 },
  { "duplicates", ask_duplicates, 0, 1 },
  { "a patient", ask_patient, -1, 7 },
  { "a series", ask_series, 0, 3 },
  { "all series", ask_all_series, 0, 2 },
  { "measurements", ask_measurements, 0, 4 },
  { "records", ask_records, 0, 2 },
  { "a record", ask_record, -1, 1 },
  { "the outbox", ask_outbox, 0, 1 },
  { "outbox counts", ask_outbox_counts, 0, 1 },
  { "identity", ask_identity, 0, 4 },
};

static void
fill (Fixture *fixture)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  FyrPatient *patient = fyr_test_patient (fixture, "Nordmann", "Ola");
  FyrNote *note = fyr_test_note (fixture, "fra en kollega");
  g_autoptr (FyrNote) own = fyr_test_note (fixture, "eget arbeid");

  fyr_record_set_id (FYR_RECORD (patient), fixture->patient);
  fyr_patient_set_birth_date (patient, "1950-01-31");
  fyr_note_set_alert_id (note, fixture->centre);
  g_ptr_array_add (records, patient);
  g_ptr_array_add (records, note);
  for (int i = 0; i < 4; i++) {
    FyrAlert *alert =
        fyr_test_alert (fixture, i < 2 ? FYR_ALERT_CATEGORY_RED : FYR_ALERT_CATEGORY_GREEN, FYR_TEST_NOW + i);

    if (i == 0) {
      fyr_record_set_id (FYR_RECORD (alert), fixture->centre);
    }
    if (i == 3) {
      fyr_alert_set_status (alert, FYR_ALERT_STATUS_CLOSED);
      fyr_alert_set_closed_time (alert, FYR_TEST_NOW);
    }
    g_ptr_array_add (records, alert);
    g_ptr_array_add (
        records,
        fyr_test_measurement (fixture, i == 3 ? FYR_MEASUREMENT_KIND_HEART_RATE : FYR_MEASUREMENT_KIND_PAIN,
                              FYR_TEST_NOW - i, i + 1));
  }
  fyr_test_feed_all (fixture, g_steal_pointer (&records));
  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (own), fixture->nurse));
}

static void
test_nothing_there_is_an_answer_too (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", questions[i].name);
    g_assert_cmpint (questions[i].ask (fixture, NULL, &error), ==, questions[i].empty);
    if (questions[i].empty < 0) {
      g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD);
    } else {
      g_assert_no_error (error);
    }
  }
}

static void
assert_all_answered (Fixture *fixture)
{
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++) {
    g_autoptr (GError) error = NULL;
    int answer = questions[i].ask (fixture, NULL, &error);

    g_assert_no_error (error);
    if (questions[i].ask != ask_identity) {
      g_assert_cmpint (answer, ==, questions[i].filled);
    }
  }
}

static void
test_a_closed_store_says_that_it_is_closed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrStore) kept = NULL;

  fill (fixture);
  assert_all_answered (fixture);
  kept = g_object_ref (fixture->store);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  fixture->store = kept;
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", questions[i].name);
    g_assert_cmpint (questions[i].ask (fixture, NULL, &error), ==, -1);
    g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_CLOSED);
  }
  fixture->store = NULL;
}

static void
test_who_has_gone_on_is_not_answered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();

  fill (fixture);
  g_cancellable_cancel (cancelled);
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_cmpint (questions[i].ask (fixture, cancelled, &error), ==, -1);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  }
  assert_all_answered (fixture);
}

/* Each allocation of the database's fails in turn: a whole answer or an error, never a part. */
static void
test_without_memory_no_answer_is_half (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++) {
    int whole = questions[i].ask (fixture, NULL, NULL);
    gboolean struck = TRUE;

    for (int n = 1; struck; n++) {
      g_autoptr (GError) error = NULL;
      int answer;

      g_assert_cmpint (n, <, 3000);
      /* Nothing compiled before is at hand. */
      if (n % 16 == 1) {
        fyr_store_fixture_reopen (fixture);
      }
      fyr_fault_arm_memory (n, n % 2 == 0);
      answer = questions[i].ask (fixture, NULL, &error);
      struck = fyr_fault_disarm ();
      g_assert_true ((answer < 0) == (error != NULL));
      if (answer < 0) {
        g_assert_true (error->domain == FYR_STORE_ERROR);
        g_assert_cmpint (error->code, !=, FYR_STORE_ERROR_UNKNOWN_RECORD);
      } else {
        g_assert_cmpint (answer, ==, whole);
      }
    }
  }
  assert_all_answered (fixture);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/questions/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                   \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_fault_install ();
  ADD ("nothing-there-is-an-answer-too", test_nothing_there_is_an_answer_too);
  ADD ("a-closed-store-says-that-it-is-closed", test_a_closed_store_says_that_it_is_closed);
  ADD ("who-has-gone-on-is-not-answered", test_who_has_gone_on_is_not_answered);
  ADD ("without-memory-no-answer-is-half", test_without_memory_no_answer_is_half);
  return g_test_run ();
}
