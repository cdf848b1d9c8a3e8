/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "fyr-store-asks.h"

typedef FyrStoreFixture Fixture;

static void
feed_alert (
    Fixture *fixture, FyrAlertCategory category, gint64 due, FyrAlertStatus status, const char *assignee)
{
  FyrAlert *alert = fyr_test_alert (fixture, category, due);

  fyr_alert_set_status (alert, status);
  fyr_alert_set_assignee_id (alert, assignee);
  if (status == FYR_ALERT_STATUS_CLOSED) {
    fyr_alert_set_closed_time (alert, due);
  }
  fyr_test_feed (fixture, alert, 1);
}

static void
test_alerts_come_worst_and_most_overdue_first (Fixture *fixture, gconstpointer data)
{
  const struct {
    FyrAlertCategory category;
    gint64 due;
    FyrAlertStatus status;
    int place;
  } alerts[] = {
    { FYR_ALERT_CATEGORY_GREEN, 10, FYR_ALERT_STATUS_OPEN, 5 },
    { FYR_ALERT_CATEGORY_RED, 30, FYR_ALERT_STATUS_OPEN, 1 },
    { FYR_ALERT_CATEGORY_RED, 20, FYR_ALERT_STATUS_TAKEN, 0 },
    { FYR_ALERT_CATEGORY_GREY, 1, FYR_ALERT_STATUS_OPEN, 6 },
    { FYR_ALERT_CATEGORY_YELLOW, 5, FYR_ALERT_STATUS_OPEN, 2 },
    { FYR_ALERT_CATEGORY_BLUE, 5, FYR_ALERT_STATUS_OPEN, 4 },
    { FYR_ALERT_CATEGORY_TECHNICAL, 5, FYR_ALERT_STATUS_OPEN, 3 },
    { FYR_ALERT_CATEGORY_RED, 1, FYR_ALERT_STATUS_CLOSED, 8 },
    { FYR_ALERT_CATEGORY_GREEN, 2, FYR_ALERT_STATUS_CLOSED, 7 },
  };
  const FyrAlertFilter all = { .closed = TRUE };
  const FyrAlertFilter open = { 0 };
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GPtrArray) without_closed = NULL;

  fyr_test_feed_patient (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (alerts); i++) {
    feed_alert (fixture, alerts[i].category, alerts[i].due, alerts[i].status, NULL);
  }
  items = fyr_test_list_alerts (fixture, &all);
  without_closed = fyr_test_list_alerts (fixture, &open);
  g_assert_cmpuint (items->len, ==, G_N_ELEMENTS (alerts));
  g_assert_cmpuint (without_closed->len, ==, 7);
  for (gsize i = 0; i < G_N_ELEMENTS (alerts); i++) {
    FyrAlert *alert = fyr_alert_item_get_alert (items->pdata[alerts[i].place]);

    g_assert_cmpint (fyr_alert_get_category (alert), ==, alerts[i].category);
    g_assert_cmpint (fyr_alert_get_due_time (alert), ==, alerts[i].due);
  }
}

static void
test_an_alert_is_listed_with_what_is_shown (Fixture *fixture, gconstpointer data)
{
  const FyrAlertFilter filter = { 0 };
  FyrMeasurement *measurement =
      fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, FYR_TEST_NOW, 188);
  FyrAlert *alert = fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, FYR_TEST_NOW);
  g_autoptr (GPtrArray) items = NULL;
  g_autofree char *name = NULL;
  FyrAlertItem *item;

  fyr_test_feed_patient (fixture);
  fyr_test_feed_user (fixture, fixture->nurse, "Kari Sykepleier");
  fyr_measurement_set_value_2 (measurement, 104);
  fyr_alert_set_measurement_id (alert, fyr_record_get_id (FYR_RECORD (measurement)));
  fyr_alert_set_status (alert, FYR_ALERT_STATUS_TAKEN);
  fyr_alert_set_assignee_id (alert, fixture->nurse);
  fyr_test_feed (fixture, measurement, 1);
  fyr_test_feed (fixture, alert, 1);
  items = fyr_test_list_alerts (fixture, &filter);
  item = items->pdata[0];
  g_assert_cmpstr (fyr_alert_item_get_patient_name (item), ==, "Nordmann, Ola");
  g_assert_cmpstr (fyr_alert_item_get_telephone (item), ==, "+4798765432");
  g_assert_cmpstr (fyr_alert_item_get_assignee_name (item), ==, "Kari Sykepleier");
  g_assert_cmpint (fyr_alert_item_get_zone (item), ==, FYR_ZONE_YELLOW);
  g_assert_cmpfloat (fyr_measurement_get_value_2 (fyr_alert_item_get_measurement (item)), ==, 104);
  g_assert_cmpint (fyr_alert_item_get_state (item), ==, FYR_OUTBOX_DELIVERED);
  g_object_get (item, "patient-name", &name, NULL);
  g_assert_cmpstr (name, ==, "Nordmann, Ola");
  g_assert_true (fyr_alert_item_equal (item, item));
}

static void
test_alerts_can_be_filtered (Fixture *fixture, gconstpointer data)
{
  const FyrAlertFilter red = { .categories = 1u << FYR_ALERT_CATEGORY_RED };
  const FyrAlertFilter mine = { .assignee_id = fixture->nurse };
  const FyrAlertFilter nobody = { .patient_id = fixture->centre };
  const FyrAlertFilter two = { .limit = 2, .closed = TRUE };
  const FyrAlertFilter *filters[] = { &red, &mine, &nobody, &two };
  const guint expected[] = { 2, 1, 0, 2 };

  fyr_test_feed_patient (fixture);
  feed_alert (fixture, FYR_ALERT_CATEGORY_RED, 1, FYR_ALERT_STATUS_OPEN, NULL);
  feed_alert (fixture, FYR_ALERT_CATEGORY_RED, 2, FYR_ALERT_STATUS_TAKEN, fixture->other);
  feed_alert (fixture, FYR_ALERT_CATEGORY_GREEN, 3, FYR_ALERT_STATUS_TAKEN, fixture->nurse);
  feed_alert (fixture, FYR_ALERT_CATEGORY_GREEN, 3, FYR_ALERT_STATUS_CLOSED, fixture->nurse);
  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++) {
    g_autoptr (GPtrArray) items = fyr_test_list_alerts (fixture, filters[i]);

    g_assert_cmpuint (items->len, ==, expected[i]);
  }
}

static void
test_alerts_are_counted (Fixture *fixture, gconstpointer data)
{
  FyrAlertCounts counts;
  g_autoptr (GAsyncResult) result = NULL;

  feed_alert (fixture, FYR_ALERT_CATEGORY_RED, 1, FYR_ALERT_STATUS_OPEN, NULL);
  feed_alert (fixture, FYR_ALERT_CATEGORY_RED, 90, FYR_ALERT_STATUS_TAKEN, fixture->other);
  feed_alert (fixture, FYR_ALERT_CATEGORY_YELLOW, 90, FYR_ALERT_STATUS_OPEN, NULL);
  feed_alert (fixture, FYR_ALERT_CATEGORY_YELLOW, 1, FYR_ALERT_STATUS_CLOSED, NULL);
  result = FYR_AWAIT (fyr_store_count_alerts_async (fixture->store, 50, FYR_SLOT));
  g_assert_true (fyr_store_count_alerts_finish (fixture->store, result, &counts, NULL));
  g_assert_cmpuint (counts.open[FYR_ALERT_CATEGORY_RED], ==, 1);
  g_assert_cmpuint (counts.taken[FYR_ALERT_CATEGORY_RED], ==, 1);
  g_assert_cmpuint (counts.overdue[FYR_ALERT_CATEGORY_RED], ==, 1);
  g_assert_cmpuint (counts.open[FYR_ALERT_CATEGORY_YELLOW], ==, 1);
  g_assert_cmpuint (counts.overdue[FYR_ALERT_CATEGORY_YELLOW], ==, 0);
}

static void
test_an_alerts_detail_is_whole (Fixture *fixture, gconstpointer data)
{
  FyrAlert *alert = fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, FYR_TEST_NOW);
  g_autofree char *id = g_strdup (fyr_record_get_id (FYR_RECORD (alert)));
  FyrLimit *limit = fyr_limit_new ();
  FyrNote *note = fyr_test_note (fixture, "called");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrAlertDetail) detail = NULL;
  char limit_id[37];

  fyr_test_feed_patient (fixture);
  fyr_test_feed_user (fixture, fixture->nurse, "Kari");
  fyr_test_new_id (limit_id);
  fyr_record_set_id (FYR_RECORD (limit), limit_id);
  fyr_limit_set_patient_id (limit, fixture->patient);
  fyr_limit_set_kind (limit, FYR_MEASUREMENT_KIND_GLUCOSE);
  fyr_limit_set_red_high (limit, 14);
  fyr_limit_set_valid_from (limit, 1);
  fyr_alert_set_limit_id (alert, limit_id);
  fyr_note_set_alert_id (note, id);
  fyr_test_feed (fixture, limit, 1);
  fyr_test_feed (fixture, alert, 1);
  fyr_test_feed (fixture, note, 1);
  feed_alert (fixture, FYR_ALERT_CATEGORY_YELLOW, 1, FYR_ALERT_STATUS_OPEN, NULL);
  for (int i = 0; i < 7; i++) {
    feed_alert (fixture, FYR_ALERT_CATEGORY_GREEN, i, FYR_ALERT_STATUS_CLOSED, NULL);
  }
  result = FYR_AWAIT (fyr_store_load_alert_async (fixture->store, id, FYR_SLOT));
  detail = fyr_store_load_alert_finish (fixture->store, result, NULL);
  g_assert_cmpstr (fyr_patient_get_given_name (detail->patient), ==, "Ola");
  g_assert_cmpfloat (fyr_limit_get_red_high (detail->limit), ==, 14);
  g_assert_cmpuint (detail->siblings->len, ==, 1);
  g_assert_cmpuint (detail->recent->len, ==, 5);
  g_assert_cmpuint (detail->notes->len, ==, 1);
  g_assert_cmpstr (fyr_note_item_get_author_name (detail->notes->pdata[0]), ==, "Kari");
}

static void
test_unknown_records_are_said_to_be_so (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) alert =
      FYR_AWAIT (fyr_store_load_alert_async (fixture->store, fixture->nurse, FYR_SLOT));
  g_autoptr (GAsyncResult) patient =
      FYR_AWAIT (fyr_store_load_patient_async (fixture->store, fixture->nurse, FYR_SLOT));
  g_autoptr (GAsyncResult) kind =
      FYR_AWAIT (fyr_store_list_records_async (fixture->store, "user; DROP TABLE", NULL, NULL, FYR_SLOT));
  g_autoptr (GAsyncResult) field =
      FYR_AWAIT (fyr_store_list_records_async (fixture->store, "user", "name", "x", FYR_SLOT));

  g_assert_null (fyr_store_load_alert_finish (fixture->store, alert, &error));
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD);
  g_clear_error (&error);
  g_assert_null (fyr_store_load_patient_finish (fixture->store, patient, &error));
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD);
  g_clear_error (&error);
  g_assert_null (fyr_store_list_records_finish (fixture->store, kind, &error));
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_null (fyr_store_list_records_finish (fixture->store, field, &error));
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_FAILED);
}

static void
feed_named (
    Fixture *fixture, const char *family, const char *given, const char *number, const char *telephone)
{
  FyrPatient *patient = fyr_test_patient (fixture, family, given);

  fyr_patient_set_identity_number (patient, number);
  fyr_patient_set_telephone (patient, telephone);
  fyr_patient_set_birth_date (patient, "1950-01-31");
  fyr_test_feed (fixture, patient, 1);
}

static void
feed_some_patients (Fixture *fixture)
{
  feed_named (fixture, "Ødegård", "Åse-Marie", "31015012345", "+4798765432");
  feed_named (fixture, "Berg", "Berit", "31015054321", "+4722334455");
  feed_named (fixture, "Åsen", "Bjørn", "31015099999", NULL);
  feed_named (fixture, "O'Brien", "Zoë", NULL, "+46701234567");
  feed_named (fixture, "Ærlig", "Per", NULL, NULL);
  feed_named (fixture, "Zakariassen", "Ali", NULL, "12345678");
}

static void
test_patients_are_found_by_any_word (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *text;
    const char *names; /* in order */
  } searches[] = {
    { "ber", "Berg, Berit;" },
    { "ODE", "" },
    { "øde", "Ødegård, Åse-Marie;" },
    { "oedeg", "Ødegård, Åse-Marie;" },
    { "marie ø", "Ødegård, Åse-Marie;" },
    { "ø åse", "Ødegård, Åse-Marie;" },
    { "b b", "Berg, Berit;" },
    { "zo", "O'Brien, Zoë;" },
    { "obrien", "O'Brien, Zoë;" },
    { "987 65", "Ødegård, Åse-Marie;" },
    { "+47 98 76 54 32", "Ødegård, Åse-Marie;" },
    { "310150 54321", "Berg, Berit;" },
    { "310150", "Berg, Berit;Ødegård, Åse-Marie;Åsen, Bjørn;" },
    { "123", "Zakariassen, Ali;" },
    { "%", "*" },
    { "berg '; DROP TABLE patient", "" },
    { "finnes-ikke", "" },
  };

  feed_some_patients (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (searches); i++) {
    const FyrPatientFilter filter = { .text = searches[i].text };
    g_autoptr (GString) names = g_string_new (NULL);
    guint total;
    g_autoptr (GPtrArray) items = fyr_test_list_patients (fixture, &filter, &total);

    for (guint j = 0; j < items->len; j++) {
      g_string_append_printf (names, "%s;", fyr_patient_item_get_name (items->pdata[j]));
    }
    g_assert_cmpuint (total, ==, items->len);
    if (*searches[i].names != '*') {
      g_assert_cmpstr (names->str, ==, searches[i].names);
    }
  }
}

static void
test_names_are_sorted_as_in_norwegian (Fixture *fixture, gconstpointer data)
{
  const char *expected[] = { "Berg", "O'Brien", "Zakariassen", "Ærlig", "Ødegård", "Åsen" };
  const FyrPatientFilter up = { 0 };
  const FyrPatientFilter down = { .descending = TRUE };
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GPtrArray) reversed = NULL;

  feed_some_patients (fixture);
  items = fyr_test_list_patients (fixture, &up, NULL);
  reversed = fyr_test_list_patients (fixture, &down, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_assert_cmpstr (fyr_patient_get_family_name (fyr_patient_item_get_patient (items->pdata[i])), ==,
                     expected[i]);
    g_assert_cmpstr (fyr_patient_get_family_name (fyr_patient_item_get_patient (reversed->pdata[5 - i])), ==,
                     expected[i]);
  }
}

static void
test_lists_are_filtered_sorted_and_paged (Fixture *fixture, gconstpointer data)
{
  const FyrPatientFilter by_alerts = { .sort = FYR_PATIENT_SORT_ALERTS };
  const FyrPatientFilter by_report = { .sort = FYR_PATIENT_SORT_LAST_REPORT, .descending = TRUE };
  const FyrPatientFilter by_zone = { .sort = FYR_PATIENT_SORT_ZONE };
  const FyrPatientFilter with_words = { .sort = FYR_PATIENT_SORT_ZONE, .text = "o" };
  const FyrPatientFilter *first_is_ola[] = { &by_alerts, &by_report, &by_zone, &with_words };
  const FyrPatientFilter yellow = { .zones = 1u << FYR_ZONE_YELLOW,
                                    .statuses = 1u << FYR_PATIENT_STATUS_ACTIVE };
  const FyrPatientFilter finished = { .statuses = 1u << FYR_PATIENT_STATUS_FINISHED };
  const FyrPatientFilter page = { .offset = 2, .limit = 3 };
  g_autoptr (GPtrArray) items = NULL;
  guint total;

  feed_some_patients (fixture);
  fyr_test_feed_patient (fixture);
  feed_alert (fixture, FYR_ALERT_CATEGORY_RED, 1, FYR_ALERT_STATUS_OPEN, NULL);
  feed_alert (fixture, FYR_ALERT_CATEGORY_GREEN, 1, FYR_ALERT_STATUS_OPEN, NULL);
  fyr_test_feed (fixture, fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_PAIN, FYR_TEST_NOW, 3), 1);
  for (gsize i = 0; i < G_N_ELEMENTS (first_is_ola); i++) {
    g_autoptr (GPtrArray) sorted = fyr_test_list_patients (fixture, first_is_ola[i], NULL);

    g_assert_cmpstr (fyr_patient_item_get_name (sorted->pdata[0]), ==, "Nordmann, Ola");
    g_assert_cmpuint (fyr_patient_item_get_open_alerts (sorted->pdata[0]), ==, 2);
    g_assert_cmpint (fyr_patient_item_get_worst_category (sorted->pdata[0]), ==, FYR_ALERT_CATEGORY_RED);
    g_assert_cmpint (fyr_patient_item_get_last_report (sorted->pdata[0]), ==, FYR_TEST_NOW);
  }
  items = fyr_test_list_patients (fixture, &yellow, &total);
  g_assert_cmpuint (total, ==, 1);
  g_clear_pointer (&items, g_ptr_array_unref);
  items = fyr_test_list_patients (fixture, &finished, &total);
  g_assert_cmpuint (total, ==, 0);
  g_clear_pointer (&items, g_ptr_array_unref);
  items = fyr_test_list_patients (fixture, &page, &total);
  g_assert_cmpuint (total, ==, 7);
  g_assert_cmpuint (items->len, ==, 3);
  g_assert_cmpstr (fyr_patient_item_get_name (items->pdata[0]), ==, "O'Brien, Zoë");
}

static void
test_a_renamed_patient_is_found_by_the_new_name_only (Fixture *fixture, gconstpointer data)
{
  const FyrPatientFilter old = { .text = "nordmann" };
  const FyrPatientFilter renamed = { .text = "hansen" };
  FyrPatient *patient = fyr_test_patient (fixture, "Hansen", "Ola");
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) one = NULL;

  fyr_test_feed_patient (fixture);
  fyr_record_set_id (FYR_RECORD (patient), fixture->patient);
  fyr_test_feed (fixture, patient, 2);
  none = fyr_test_list_patients (fixture, &old, NULL);
  one = fyr_test_list_patients (fixture, &renamed, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (one->len, ==, 1);
}

static void
test_duplicates_are_found_by_number_and_by_name (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) typed = fyr_test_patient (fixture, "BERG", "Berit Anne");
  g_autoptr (GAsyncResult) by_name = NULL;
  g_autoptr (GAsyncResult) by_number = NULL;
  g_autoptr (GAsyncResult) itself = NULL;
  g_autoptr (GPtrArray) found = NULL;

  feed_some_patients (fixture);
  fyr_patient_set_birth_date (typed, "1950-01-31");
  by_name = FYR_AWAIT (fyr_store_find_duplicates_async (fixture->store, typed, FYR_SLOT));
  found = fyr_store_find_duplicates_finish (fixture->store, by_name, NULL);
  g_assert_cmpuint (found->len, ==, 1);
  itself = FYR_AWAIT (fyr_store_find_duplicates_async (
      fixture->store, fyr_patient_item_get_patient (found->pdata[0]), FYR_SLOT));
  g_clear_pointer (&found, g_ptr_array_unref);
  found = fyr_store_find_duplicates_finish (fixture->store, itself, NULL);
  g_assert_cmpuint (found->len, ==, 0);
  g_clear_pointer (&found, g_ptr_array_unref);
  fyr_patient_set_family_name (typed, "Annen");
  fyr_patient_set_identity_number (typed, "31015099999");
  by_number = FYR_AWAIT (fyr_store_find_duplicates_async (fixture->store, typed, FYR_SLOT));
  found = fyr_store_find_duplicates_finish (fixture->store, by_number, NULL);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpstr (fyr_patient_item_get_name (found->pdata[0]), ==, "Åsen, Bjørn");
}

static void
test_a_patients_page_is_whole (Fixture *fixture, gconstpointer data)
{
  FyrRelatedPerson *relative = fyr_related_person_new ();
  FyrCondition *condition = fyr_condition_new ();
  FyrNote *note = fyr_test_note (fixture, "old");
  FyrNote *correction = fyr_test_note (fixture, "new");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrPatientDetail) detail = NULL;
  char id[37];

  fyr_test_feed_patient (fixture);
  fyr_test_new_id (id);
  fyr_record_set_id (FYR_RECORD (relative), id);
  fyr_related_person_set_patient_id (relative, fixture->patient);
  fyr_related_person_set_name (relative, "Kari Nordmann");
  fyr_test_feed (fixture, relative, 1);
  fyr_test_new_id (id);
  fyr_record_set_id (FYR_RECORD (condition), id);
  fyr_condition_set_patient_id (condition, fixture->patient);
  fyr_condition_set_display (condition, "KOLS");
  fyr_test_feed (fixture, condition, 1);
  fyr_note_set_corrects_id (correction, fyr_record_get_id (FYR_RECORD (note)));
  fyr_note_set_time (correction, FYR_TEST_NOW + 1);
  fyr_test_feed (fixture, note, 1);
  fyr_test_feed (fixture, correction, 1);
  for (int i = 0; i < 5; i++) {
    fyr_test_feed (fixture, fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_PAIN, FYR_TEST_NOW - i, i),
                   1);
  }
  result = FYR_AWAIT (fyr_store_load_patient_async (fixture->store, fixture->patient, FYR_SLOT));
  detail = fyr_store_load_patient_finish (fixture->store, result, NULL);
  g_assert_cmpuint (detail->relatives->len, ==, 1);
  g_assert_cmpuint (detail->conditions->len, ==, 1);
  g_assert_cmpuint (detail->notes->len, ==, 2);
  g_assert_false (fyr_note_item_get_corrected (detail->notes->pdata[0]));
  g_assert_true (fyr_note_item_get_corrected (detail->notes->pdata[1]));
  g_assert_cmpuint (detail->latest->len, ==, 1);
  g_assert_cmpfloat (fyr_measurement_get_value (detail->latest->pdata[0]), ==, 0);
  g_assert_null (detail->gp);
}

static void
test_a_series_is_plain_arrays_in_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrSeries) all = NULL;
  g_autoptr (FyrSeries) some = NULL;
  g_autoptr (FyrSeries) none = NULL;

  for (int i = 0; i < 50; i++) {
    FyrMeasurement *measurement = fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE,
                                                        FYR_TEST_NOW + (i * 37) % 50, 100 + (i * 37) % 50);

    if (i % 2 == 0) {
      fyr_measurement_set_value_2 (measurement, 60);
    }
    if (i == 7) {
      fyr_measurement_set_category (measurement, FYR_ALERT_CATEGORY_RED);
      fyr_measurement_set_implausible (measurement, TRUE);
    }
    fyr_test_feed (fixture, measurement, 1);
  }
  all = fyr_test_load_series (fixture, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, G_MININT64, G_MAXINT64);
  some = fyr_test_load_series (fixture, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, FYR_TEST_NOW + 10,
                               FYR_TEST_NOW + 20);
  none = fyr_test_load_series (fixture, FYR_MEASUREMENT_KIND_PAIN, G_MININT64, G_MAXINT64);
  g_assert_cmpuint (all->n, ==, 50);
  g_assert_cmpuint (some->n, ==, 10);
  g_assert_cmpuint (none->n, ==, 0);
  g_assert_null (none->values2);
  g_assert_nonnull (all->values2);
  for (gsize i = 0; i < all->n; i++) {
    g_assert_cmpint (all->times[i], ==, FYR_TEST_NOW + (gint64)i);
    g_assert_cmpfloat (all->values[i], ==, 100 + (double)i);
    g_assert_true (isnan (all->values2[i]) || all->values2[i] == 60);
    g_assert_cmpuint (all->flags[i], ==,
                      i == (7 * 37) % 50 ? (FYR_ALERT_CATEGORY_RED | FYR_SERIES_IMPLAUSIBLE) : 0);
  }
}

static void
test_corrected_values_are_not_drawn (Fixture *fixture, gconstpointer data)
{
  FyrMeasurement *wrong = fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_GLUCOSE, FYR_TEST_NOW, 99);
  FyrMeasurement *right = fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_GLUCOSE, FYR_TEST_NOW, 9.9);
  FyrMeasurement *word = fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_GLUCOSE, FYR_TEST_NOW + 1, 0);
  FyrMeasurement *later = fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_GLUCOSE, FYR_TEST_NOW + 2, 7);
  FyrMeasurement *removal = fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_GLUCOSE, FYR_TEST_NOW + 2, 0);
  g_autofree char *removal_id = g_strdup (fyr_record_get_id (FYR_RECORD (removal)));
  g_autoptr (FyrSeries) series = NULL;
  g_autoptr (FyrSeries) after = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) table = NULL;

  fyr_measurement_set_corrects_id (right, fyr_record_get_id (FYR_RECORD (wrong)));
  fyr_record_clear (FYR_RECORD (word), FYR_MEASUREMENT_VALUE);
  fyr_measurement_set_value_text (word, "Hi");
  fyr_record_clear (FYR_RECORD (removal), FYR_MEASUREMENT_VALUE);
  fyr_measurement_set_corrects_id (removal, fyr_record_get_id (FYR_RECORD (later)));
  fyr_measurement_set_entered_in_error (removal, TRUE);
  /* The correction may arrive before what it corrects. */
  fyr_test_feed (fixture, right, 1);
  fyr_test_feed (fixture, wrong, 1);
  fyr_test_feed (fixture, word, 1);
  fyr_test_feed (fixture, later, 1);
  fyr_test_feed (fixture, removal, 1);
  series = fyr_test_load_series (fixture, FYR_MEASUREMENT_KIND_GLUCOSE, G_MININT64, G_MAXINT64);
  g_assert_cmpuint (series->n, ==, 1);
  g_assert_cmpfloat (series->values[0], ==, 9.9);
  result = FYR_AWAIT (fyr_store_list_measurements_async (
      fixture->store, fixture->patient, FYR_MEASUREMENT_KIND_UNSET, G_MAXINT64, 100, FYR_SLOT));
  table = fyr_store_list_measurements_finish (fixture->store, result, NULL);
  g_assert_cmpuint (table->len, ==, 5);
  fyr_test_feed_delete (fixture, &fyr_measurement_info, removal_id);
  after = fyr_test_load_series (fixture, FYR_MEASUREMENT_KIND_GLUCOSE, G_MININT64, G_MAXINT64);
  g_assert_cmpuint (after->n, ==, 2);
}

static void
test_all_series_come_in_one_call (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) all = NULL;

  fyr_test_feed (fixture, fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_PAIN, 5, 1), 1);
  fyr_test_feed (fixture, fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_HEART_RATE, 4, 60), 1);
  fyr_test_feed (fixture, fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_HEART_RATE, 6, 61), 1);
  result = FYR_AWAIT (
      fyr_store_load_all_series_async (fixture->store, fixture->patient, G_MININT64, G_MAXINT64, FYR_SLOT));
  all = fyr_store_load_all_series_finish (fixture->store, result, NULL);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpint (((FyrSeries *)all->pdata[0])->kind, ==, FYR_MEASUREMENT_KIND_HEART_RATE);
  g_assert_cmpuint (((FyrSeries *)all->pdata[0])->n, ==, 2);
}

static void
test_measurements_are_paged_newest_first (Fixture *fixture, gconstpointer data)
{
  gint64 before = G_MAXINT64;

  for (int i = 0; i < 9; i++) {
    fyr_test_feed (fixture,
                   fyr_test_measurement (fixture, (FyrMeasurementKind)(1 + i % 3), FYR_TEST_NOW + i, i), 1);
  }
  for (int page = 0; page < 3; page++) {
    g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_list_measurements_async (
        fixture->store, fixture->patient, FYR_MEASUREMENT_KIND_UNSET, before, 3, FYR_SLOT));
    g_autoptr (GPtrArray) items = fyr_store_list_measurements_finish (fixture->store, result, NULL);

    g_assert_cmpuint (items->len, ==, 3);
    before = fyr_measurement_get_effective_time (items->pdata[2]);
    g_assert_cmpint (before, ==, FYR_TEST_NOW + 6 - 3 * page);
  }
}

static void
test_outbox_is_counted_by_state (Fixture *fixture, gconstpointer data)
{
  FyrOutboxCounts counts;
  g_autoptr (GAsyncResult) result = NULL;

  for (int i = 0; i < 5; i++) {
    g_autoptr (FyrNote) note = fyr_test_note (fixture, "n");

    fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  }
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 1));
  g_assert_true (fyr_test_answer (fixture, 2, FYR_OUTCOME_KIND_REFUSED, 1));
  g_assert_true (fyr_test_answer (fixture, 3, FYR_OUTCOME_KIND_CONFLICT, 1));
  result = FYR_AWAIT (fyr_store_count_outbox_async (fixture->store, FYR_SLOT));
  g_assert_true (fyr_store_count_outbox_finish (fixture->store, result, &counts, NULL));
  g_assert_cmpuint (counts.waiting, ==, 2);
  g_assert_cmpuint (counts.refused, ==, 1);
  g_assert_cmpuint (counts.conflict, ==, 1);
}

static void
test_items_tell_of_own_work (Fixture *fixture, gconstpointer data)
{
  const FyrPatientFilter filter = { .text = "ny" };
  g_autoptr (FyrPatient) patient = fyr_test_patient (fixture, "Ny", "Kari");
  g_autoptr (GPtrArray) items = NULL;

  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (patient), fixture->nurse));
  items = fyr_test_list_patients (fixture, &filter, NULL);
  g_assert_cmpuint (items->len, ==, 1);
  g_assert_cmpint (fyr_patient_item_get_state (items->pdata[0]), ==, FYR_OUTBOX_WAITING);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/query/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                       \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("alerts-come-worst-and-most-overdue-first", test_alerts_come_worst_and_most_overdue_first);
  ADD ("an-alert-is-listed-with-what-is-shown", test_an_alert_is_listed_with_what_is_shown);
  ADD ("alerts-can-be-filtered", test_alerts_can_be_filtered);
  ADD ("alerts-are-counted", test_alerts_are_counted);
  ADD ("an-alerts-detail-is-whole", test_an_alerts_detail_is_whole);
  ADD ("unknown-records-are-said-to-be-so", test_unknown_records_are_said_to_be_so);
  ADD ("patients-are-found-by-any-word", test_patients_are_found_by_any_word);
  ADD ("names-are-sorted-as-in-norwegian", test_names_are_sorted_as_in_norwegian);
  ADD ("lists-are-filtered-sorted-and-paged", test_lists_are_filtered_sorted_and_paged);
  ADD ("a-renamed-patient-is-found-by-the-new-name", test_a_renamed_patient_is_found_by_the_new_name_only);
  ADD ("duplicates-are-found-by-number-and-by-name", test_duplicates_are_found_by_number_and_by_name);
  ADD ("a-patients-page-is-whole", test_a_patients_page_is_whole);
  ADD ("a-series-is-plain-arrays-in-order", test_a_series_is_plain_arrays_in_order);
  ADD ("corrected-values-are-not-drawn", test_corrected_values_are_not_drawn);
  ADD ("all-series-come-in-one-call", test_all_series_come_in_one_call);
  ADD ("measurements-are-paged-newest-first", test_measurements_are_paged_newest_first);
  ADD ("outbox-is-counted-by-state", test_outbox_is_counted_by_state);
  ADD ("items-tell-of-own-work", test_items_tell_of_own_work);
  return g_test_run ();
}
