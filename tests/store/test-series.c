/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "fyr-store-asks.h"

/*
 * Trends and the table beside them against the plain way: a random history of a patient, with corrections, words and
 * removals, over every stretch of time. The seed is printed.
 */

typedef FyrStoreFixture Fixture;

static const FyrMeasurementKind kinds[] = { FYR_MEASUREMENT_KIND_BLOOD_PRESSURE,
                                            FYR_MEASUREMENT_KIND_HEART_RATE, FYR_MEASUREMENT_KIND_GLUCOSE,
                                            FYR_MEASUREMENT_KIND_PAIN };

typedef struct {
  GRand *rand;
  GPtrArray *all; /* of FyrMeasurement, as fed */
} History;

static gint64
random_time (History *history)
{
  return FYR_TEST_NOW - g_rand_int_range (history->rand, 0, 1000) * 60000;
}

static FyrMeasurement *
random_measurement (Fixture *fixture, History *history)
{
  FyrMeasurementKind kind = kinds[g_rand_int_range (history->rand, 0, G_N_ELEMENTS (kinds))];
  FyrMeasurement *measurement =
      fyr_test_measurement (fixture, kind, random_time (history), g_rand_int_range (history->rand, 1, 200));

  if (kind == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE) {
    fyr_measurement_set_value_2 (measurement, g_rand_int_range (history->rand, 40, 110));
  }
  if (g_rand_int_range (history->rand, 0, 3) == 0) {
    fyr_measurement_set_category (measurement, (FyrAlertCategory)g_rand_int_range (history->rand, 1, 4));
  }
  fyr_measurement_set_implausible (measurement, g_rand_int_range (history->rand, 0, 9) == 0);
  if (kind == FYR_MEASUREMENT_KIND_GLUCOSE && g_rand_boolean (history->rand)) {
    fyr_record_clear (FYR_RECORD (measurement), FYR_MEASUREMENT_VALUE);
    fyr_measurement_set_value_text (measurement, "Hi");
  }
  return measurement;
}

/* Mostly values; now and then what corrects or removes one of them. */
static void
add_random (Fixture *fixture, History *history)
{
  FyrMeasurement *measurement = random_measurement (fixture, history);
  FyrMeasurement *wrong;

  if (history->all->len > 0 && g_rand_int_range (history->rand, 0, 5) == 0) {
    wrong = history->all->pdata[g_rand_int_range (history->rand, 0, (gint32)history->all->len)];
    fyr_measurement_set_kind (measurement, fyr_measurement_get_kind (wrong));
    fyr_measurement_set_effective_time (measurement, fyr_measurement_get_effective_time (wrong));
    fyr_measurement_set_corrects_id (measurement, fyr_record_get_id (FYR_RECORD (wrong)));
    fyr_measurement_set_entered_in_error (measurement, g_rand_int_range (history->rand, 0, 3) == 0);
  }
  g_ptr_array_add (history->all, measurement);
}

static void
feed_history (Fixture *fixture, History *history)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  FyrMeasurement *of_another = fyr_test_measurement (fixture, kinds[0], FYR_TEST_NOW, 1);
  guint32 seed = g_test_rand_int ();

  g_test_message ("seed %u", seed);
  *history = (History){ g_rand_new_with_seed (seed), g_ptr_array_new_with_free_func (g_object_unref) };
  for (int i = 0; i < 200; i++) {
    add_random (fixture, history);
    g_ptr_array_add (records, g_object_ref (history->all->pdata[i]));
  }
  fyr_measurement_set_patient_id (of_another, fixture->other);
  g_ptr_array_add (records, of_another);
  fyr_test_feed_all (fixture, g_steal_pointer (&records));
}

static void
history_clear (History *history)
{
  g_rand_free (history->rand);
  g_ptr_array_unref (history->all);
}

static gboolean
is_drawn (History *history, FyrMeasurement *measurement)
{
  if (fyr_measurement_get_entered_in_error (measurement) ||
      !fyr_record_is_set (FYR_RECORD (measurement), FYR_MEASUREMENT_VALUE)) {
    return FALSE;
  }
  for (guint i = 0; i < history->all->len; i++) {
    if (g_strcmp0 (fyr_measurement_get_corrects_id (history->all->pdata[i]),
                   fyr_record_get_id (FYR_RECORD (measurement))) == 0) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
holds (const FyrSeries *series, FyrMeasurement *measurement)
{
  guint8 flags = (guint8)fyr_measurement_get_category (measurement);

  flags |= fyr_measurement_get_implausible (measurement) ? FYR_SERIES_IMPLAUSIBLE : 0;
  for (gsize i = 0; i < series->n; i++) {
    if (series->times[i] == fyr_measurement_get_effective_time (measurement) &&
        series->values[i] == fyr_measurement_get_value (measurement) && series->flags[i] == flags &&
        (!fyr_record_is_set (FYR_RECORD (measurement), FYR_MEASUREMENT_VALUE_2) ||
         series->values2[i] == fyr_measurement_get_value_2 (measurement))) {
      return TRUE;
    }
  }
  return FALSE;
}

/* Everything that should be drawn is in it, nothing else, times rising. */
static void
assert_series (History *history, const FyrSeries *series, gint64 from, gint64 to)
{
  gsize expected = 0;

  for (guint i = 0; i < history->all->len; i++) {
    FyrMeasurement *measurement = history->all->pdata[i];
    gint64 time = fyr_measurement_get_effective_time (measurement);

    if (fyr_measurement_get_kind (measurement) == series->kind && time >= from && time < to &&
        is_drawn (history, measurement)) {
      expected++;
      g_assert_true (holds (series, measurement));
    }
  }
  g_assert_cmpuint (series->n, ==, expected);
  for (gsize i = 0; i < series->n; i++) {
    g_assert_true (i == 0 || series->times[i - 1] <= series->times[i]);
  }
}

static void
test_a_series_holds_what_stands_and_nothing_else (Fixture *fixture, gconstpointer data)
{
  History history;

  feed_history (fixture, &history);
  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++) {
    for (int i = 0; i < 5; i++) {
      gint64 from = i == 0 ? G_MININT64 : random_time (&history);
      gint64 to = i == 0 ? G_MAXINT64 : random_time (&history);
      g_autoptr (FyrSeries) series = fyr_test_load_series (fixture, kinds[k], from, to);

      assert_series (&history, series, from, to);
      g_assert_true (series->values2 == NULL || kinds[k] == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE ||
                     series->n > 0);
    }
  }
  history_clear (&history);
}

/* The first time is in a stretch, the time after the last is not; a stretch the wrong way round is empty. */
static void
test_a_stretch_begins_with_its_first_time_and_ends_before_its_last (Fixture *fixture, gconstpointer data)
{
  const struct {
    gint64 from;
    gint64 to;
    gsize n;
  } stretches[] = {
    { 10, 30, 2 }, { 10, 31, 3 }, { 11, 30, 1 }, { 10, 10, 0 }, { 30, 10, 0 }, { 31, 99, 0 }
  };

  for (gint64 time = 10; time <= 30; time += 10) {
    fyr_test_feed (fixture, fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_PAIN, time, 1), 1);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (stretches); i++) {
    g_autoptr (FyrSeries) series =
        fyr_test_load_series (fixture, FYR_MEASUREMENT_KIND_PAIN, stretches[i].from, stretches[i].to);

    g_assert_cmpuint (series->n, ==, stretches[i].n);
    g_assert_cmpint (series->kind, ==, FYR_MEASUREMENT_KIND_PAIN);
  }
}

/* A gap of any length is a gap in times, never a value made up. */
static void
test_days_without_a_report_make_no_values (Fixture *fixture, gconstpointer data)
{
  const gint64 day = G_GINT64_CONSTANT (86400000);
  const gint64 days[] = { 0, 1, 2, 40, 41, 400 };
  g_autoptr (FyrSeries) series = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (days); i++) {
    fyr_test_feed (
        fixture,
        fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_PAIN, FYR_TEST_NOW - days[i] * day, (double)i),
        1);
  }
  series = fyr_test_load_series (fixture, FYR_MEASUREMENT_KIND_PAIN, G_MININT64, G_MAXINT64);
  g_assert_cmpuint (series->n, ==, G_N_ELEMENTS (days));
  for (gsize i = 0; i < series->n; i++) {
    gsize place = G_N_ELEMENTS (days) - 1 - i;

    g_assert_cmpint (series->times[i], ==, FYR_TEST_NOW - days[place] * day);
    g_assert_cmpfloat (series->values[i], ==, (double)place);
  }
}

static void
test_all_series_are_each_series (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) all = NULL;
  History history;

  feed_history (fixture, &history);
  result = FYR_AWAIT (
      fyr_store_load_all_series_async (fixture->store, fixture->patient, G_MININT64, G_MAXINT64, FYR_SLOT));
  all = fyr_store_load_all_series_finish (fixture->store, result, NULL);
  g_assert_cmpuint (all->len, ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < all->len; i++) {
    const FyrSeries *series = all->pdata[i];

    assert_series (&history, series, G_MININT64, G_MAXINT64);
    g_assert_true (i == 0 || ((FyrSeries *)all->pdata[i - 1])->kind < series->kind);
  }
  history_clear (&history);
}

static void
test_a_patient_without_reports_has_no_series (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (
      fyr_store_load_all_series_async (fixture->store, fixture->patient, G_MININT64, G_MAXINT64, FYR_SLOT));
  g_autoptr (GPtrArray) all = fyr_store_load_all_series_finish (fixture->store, result, NULL);
  g_autoptr (GPtrArray) table =
      fyr_test_list_measurements (fixture, FYR_MEASUREMENT_KIND_UNSET, G_MAXINT64, 10);

  g_assert_cmpuint (all->len, ==, 0);
  g_assert_cmpuint (table->len, ==, 0);
}

/* The table beside the trends: everything, corrected values and words too, newest first. */
static void
test_the_table_holds_everything_newest_first (Fixture *fixture, gconstpointer data)
{
  const FyrMeasurementKind asked[] = { FYR_MEASUREMENT_KIND_UNSET, kinds[0], kinds[1], kinds[2], kinds[3] };
  History history;

  feed_history (fixture, &history);
  for (gsize k = 0; k < G_N_ELEMENTS (asked); k++) {
    gint64 before = k % 2 == 0 ? G_MAXINT64 : random_time (&history);
    g_autoptr (GPtrArray) table = fyr_test_list_measurements (fixture, asked[k], before, 1000);
    g_autoptr (GPtrArray) head = fyr_test_list_measurements (fixture, asked[k], before, 7);
    guint expected = 0;

    for (guint i = 0; i < history.all->len; i++) {
      FyrMeasurement *measurement = history.all->pdata[i];

      expected += fyr_measurement_get_effective_time (measurement) < before &&
                  (asked[k] == 0 || asked[k] == fyr_measurement_get_kind (measurement));
    }
    g_assert_cmpuint (table->len, ==, expected);
    g_assert_cmpuint (head->len, ==, MIN (7, expected));
    for (guint i = 0; i < table->len; i++) {
      gint64 time = fyr_measurement_get_effective_time (table->pdata[i]);

      g_assert_true (i == 0 || fyr_measurement_get_effective_time (table->pdata[i - 1]) >= time);
      g_assert_true (i >= head->len || fyr_measurement_get_effective_time (head->pdata[i]) == time);
    }
  }
  history_clear (&history);
}

/* A series lives as long as someone draws it, also after the store is closed. */
static void
test_a_series_outlives_the_store (Fixture *fixture, gconstpointer data)
{
  FyrSeries *series;
  FyrSeries *again;

  fyr_test_feed (fixture, fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_PAIN, 5, 3), 1);
  series = fyr_test_load_series (fixture, FYR_MEASUREMENT_KIND_PAIN, G_MININT64, G_MAXINT64);
  again = g_boxed_copy (FYR_TYPE_SERIES, series);
  g_assert_true (again == series);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  fyr_series_unref (series);
  g_assert_cmpfloat (again->values[0], ==, 3);
  g_boxed_free (FYR_TYPE_SERIES, again);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/series/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                      \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-series-holds-what-stands-and-nothing-else", test_a_series_holds_what_stands_and_nothing_else);
  ADD ("a-stretch-begins-with-its-first-time-and-ends-before-its-last",
       test_a_stretch_begins_with_its_first_time_and_ends_before_its_last);
  ADD ("days-without-a-report-make-no-values", test_days_without_a_report_make_no_values);
  ADD ("all-series-are-each-series", test_all_series_are_each_series);
  ADD ("a-patient-without-reports-has-no-series", test_a_patient_without_reports_has_no_series);
  ADD ("the-table-holds-everything-newest-first", test_the_table_holds_everything_newest_first);
  ADD ("a-series-outlives-the-store", test_a_series_outlives_the_store);
  return g_test_run ();
}
