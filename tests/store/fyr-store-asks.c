/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-asks.h"

#include "fyr-access-table.h"

GPtrArray *
fyr_test_list_alerts (FyrStoreFixture *fixture, const FyrAlertFilter *filter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_alerts_async (fixture->store, filter, FYR_SLOT));
  GPtrArray *items = fyr_store_list_alerts_finish (fixture->store, result, &error);

  g_assert_no_error (error);
  return items;
}

FyrAlertDetail *
fyr_test_load_alert (FyrStoreFixture *fixture, const char *alert_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_load_alert_async (fixture->store, alert_id, FYR_SLOT));
  FyrAlertDetail *detail = fyr_store_load_alert_finish (fixture->store, result, &error);

  g_assert_no_error (error);
  return detail;
}

GPtrArray *
fyr_test_list_patients (FyrStoreFixture *fixture, const FyrPatientFilter *filter, guint *total)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_patients_async (fixture->store, filter, FYR_SLOT));
  GPtrArray *items = fyr_store_list_patients_finish (fixture->store, result, total, &error);

  g_assert_no_error (error);
  return items;
}

FyrPatientDetail *
fyr_test_load_patient (FyrStoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_load_patient_async (fixture->store, fixture->patient, FYR_SLOT));
  FyrPatientDetail *detail = fyr_store_load_patient_finish (fixture->store, result, &error);

  g_assert_no_error (error);
  return detail;
}

FyrSeries *
fyr_test_load_series (FyrStoreFixture *fixture, FyrMeasurementKind kind, gint64 from, gint64 to)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_load_series_async (fixture->store, fixture->patient, kind, from, to, FYR_SLOT));
  FyrSeries *series = fyr_store_load_series_finish (fixture->store, result, &error);

  g_assert_no_error (error);
  return series;
}

GPtrArray *
fyr_test_list_measurements (FyrStoreFixture *fixture, FyrMeasurementKind kind, gint64 before, guint limit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = FYR_AWAIT (
      fyr_store_list_measurements_async (fixture->store, fixture->patient, kind, before, limit, FYR_SLOT));
  GPtrArray *measurements = fyr_store_list_measurements_finish (fixture->store, result, &error);

  g_assert_no_error (error);
  return measurements;
}

/* One feed's records of those given. */
static void
add_class (FyrStoreFixture *fixture, FyrPullPage *page, FyrScopeClass class, GPtrArray *records)
{
  g_autofree char *scope = g_strdup_printf ("%s/%s", fixture->centre, fyr_scope_class_to_string (class));
  gint64 from = fixture->seq[class] + 1;
  gint64 to = from - 1;

  for (guint i = 0; i < records->len; i++) {
    to += fyr_record_get_info (records->pdata[i])->scope == class ? 1 : 0;
  }
  if (to < from) {
    return;
  }
  fyr_pull_page_add_granted (page, scope);
  fyr_pull_page_add_scope (page, scope, from, to);
  for (guint i = 0; i < records->len; i++) {
    if (fyr_record_get_info (records->pdata[i])->scope == class) {
      fyr_record_set_version (records->pdata[i], 1);
      fyr_pull_page_add_put (page, ++fixture->seq[class], records->pdata[i]);
    }
  }
}

void
fyr_test_feed_all (FyrStoreFixture *fixture, GPtrArray *records)
{
  g_autoptr (GPtrArray) owned = records;
  g_autoptr (FyrPullPage) page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  for (int class = 0; class < FYR_SCOPE_CLASS_N; class ++) {
    add_class (fixture, page, (FyrScopeClass) class, owned);
  }
  result = FYR_AWAIT (fyr_store_apply_pull_async (fixture->store, page, FYR_SLOT));
  fyr_store_apply_pull_finish (fixture->store, result, &error);
  g_assert_no_error (error);
}

void
fyr_test_feed_user (FyrStoreFixture *fixture, const char *id, const char *name)
{
  FyrUser *user = fyr_user_new ();

  fyr_record_set_id (FYR_RECORD (user), id);
  fyr_user_set_centre_id (user, fixture->centre);
  fyr_user_set_user_name (user, name);
  fyr_user_set_name (user, name);
  fyr_test_feed (fixture, user, 1);
}

void
fyr_test_feed_patient (FyrStoreFixture *fixture)
{
  FyrPatient *patient = fyr_test_patient (fixture, "Nordmann", "Ola");

  fyr_record_set_id (FYR_RECORD (patient), fixture->patient);
  fyr_patient_set_telephone (patient, "+4798765432");
  fyr_patient_set_zone (patient, FYR_ZONE_YELLOW);
  fyr_test_feed (fixture, patient, 1);
}

gboolean
fyr_test_settle (FyrStoreFixture *fixture, FyrTestSettle how, gint64 key, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  switch (how) {
  case FYR_TEST_DISCARD:
    result = FYR_AWAIT (fyr_store_discard_async (fixture->store, key, FYR_SLOT));
    return fyr_store_discard_finish (fixture->store, result, error);
  case FYR_TEST_RETRY:
    result = FYR_AWAIT (fyr_store_retry_async (fixture->store, key, FYR_SLOT));
    return fyr_store_retry_finish (fixture->store, result, error);
  case FYR_TEST_UNDISCARD:
  default:
    result = FYR_AWAIT (fyr_store_undiscard_async (fixture->store, key, FYR_SLOT));
    return fyr_store_undiscard_finish (fixture->store, result, error);
  }
}
