/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-store-fixture.h"

G_BEGIN_DECLS

/* What screens ask, run to its end; each stops the test on an error. */

/** fyr_test_list_alerts: Returns: (transfer full) (element-type FyrAlertItem): rows */
GPtrArray *
fyr_test_list_alerts (FyrStoreFixture *fixture, const FyrAlertFilter *filter);

/** fyr_test_load_alert: Returns: (transfer full): what stands beside an alert */
FyrAlertDetail *
fyr_test_load_alert (FyrStoreFixture *fixture, const char *alert_id);

/** fyr_test_list_patients: @total: (out) (optional). Returns: (transfer full) (element-type FyrPatientItem): rows */
GPtrArray *
fyr_test_list_patients (FyrStoreFixture *fixture, const FyrPatientFilter *filter, guint *total);

/** fyr_test_load_patient: Returns: (transfer full): the page of the fixture's patient */
FyrPatientDetail *
fyr_test_load_patient (FyrStoreFixture *fixture);

/** fyr_test_load_series: Returns: (transfer full): of the fixture's patient */
FyrSeries *
fyr_test_load_series (FyrStoreFixture *fixture, FyrMeasurementKind kind, gint64 from, gint64 to);

/** fyr_test_list_measurements: Returns: (transfer full) (element-type FyrMeasurement): of the fixture's patient */
GPtrArray *
fyr_test_list_measurements (FyrStoreFixture *fixture, FyrMeasurementKind kind, gint64 before, guint limit);

/** fyr_test_feed_all: as fyr_test_feed() for many records of the centre in one page, version 1. Takes @records over */
void
fyr_test_feed_all (FyrStoreFixture *fixture, GPtrArray *records);

/** fyr_test_feed_user: the server tells of a user of the centre */
void
fyr_test_feed_user (FyrStoreFixture *fixture, const char *id, const char *name);

/** fyr_test_feed_patient: the server tells of the fixture's patient: Ola Nordmann, +4798765432, yellow */
void
fyr_test_feed_patient (FyrStoreFixture *fixture);

/** FyrTestSettle: how a person may settle a piece of work */
typedef enum {
  FYR_TEST_DISCARD,
  FYR_TEST_RETRY,
  FYR_TEST_UNDISCARD,
} FyrTestSettle;

/** fyr_test_settle: Returns: whether it was done; FALSE with error */
gboolean
fyr_test_settle (FyrStoreFixture *fixture, FyrTestSettle how, gint64 key, GError **error);

G_END_DECLS
