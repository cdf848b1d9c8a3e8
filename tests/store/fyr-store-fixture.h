/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-await.h"
#include "fyr-db-fixture.h"
#include "fyr-offline-user.h"
#include "fyr-store-private.h"
#include "fyr-store-query.h"
#include "fyr-store-sync.h"

G_BEGIN_DECLS

/** FYR_TEST_NOW: the clock of every test: 2026-03-02 08:00 UTC */
#define FYR_TEST_NOW G_GINT64_CONSTANT (1772438400000)
#define FYR_TEST_EPOCH "epoch-1"

/** FyrStoreFixture: a store in a folder of its own; use with g_test_add() */
typedef struct {
  char *folder;
  char *path;
  FyrStore *store;
  char nurse[37];
  char other[37];
  char centre[37];
  char patient[37];
  gint64 seq[FYR_SCOPE_CLASS_N]; /* last one fed of each class of the centre */
  FyrChangeSet *changes;         /* all told so far */
  gint64 server_time;            /* in answers; 0: FYR_TEST_NOW */
} FyrStoreFixture;

void
fyr_store_fixture_set_up (FyrStoreFixture *fixture, gconstpointer data);
void
fyr_store_fixture_tear_down (FyrStoreFixture *fixture, gconstpointer data);

/** fyr_store_fixture_reopen: closes and opens again, as a restart of the program does */
void
fyr_store_fixture_reopen (FyrStoreFixture *fixture);

/** fyr_test_look: Returns: (transfer full) (nullable): a connection of one's own to the file of a store; %NULL with
 * a db room error */
FyrConnection *
fyr_test_look (const char *path, GError **error);

/** fyr_store_fixture_holds_bytes: Returns: whether the database, as it is under its seal, has @marker anywhere */
gboolean
fyr_store_fixture_holds_bytes (FyrStoreFixture *fixture, const char *marker);

/** fyr_store_fixture_look: Returns: (transfer full): a connection of one's own to a closed store's file */
FyrConnection *
fyr_store_fixture_look (FyrStoreFixture *fixture);

/** fyr_store_fixture_change: closes the store and runs @sql on its file; it stays closed */
void
fyr_store_fixture_change (FyrStoreFixture *fixture, const char *sql);

/** fyr_test_new_id: a fresh id */
void
fyr_test_new_id (char id[37]);

/** fyr_test_open_store: Returns: (transfer full) (nullable): an open store or NULL with error */
FyrStore *
fyr_test_open_store (const char *path, GError **error);

/** fyr_test_close_store: closes and drops */
void
fyr_test_close_store (FyrStore *store);

/** fyr_test_save: Returns: (transfer full) (nullable): receipt; takes @mutation over */
FyrSaveReceipt *
fyr_test_save (FyrStoreFixture *fixture, FyrMutation *mutation, GError **error);

/** fyr_test_save_ok: as above; stops the test when it fails. Returns: the key */
gint64
fyr_test_save_ok (FyrStoreFixture *fixture, FyrMutation *mutation);

/** fyr_test_feed: the server puts a record; a page of one entry. Takes @record over */
void
fyr_test_feed (FyrStoreFixture *fixture, gpointer record, gint64 version);

/** fyr_test_feed_delete: the server deletes a record */
void
fyr_test_feed_delete (FyrStoreFixture *fixture, const FyrRecordInfo *info, const char *id);

/** fyr_test_answer: the server's answer to the nurse's mutation @number. Returns: whether it was applied */
gboolean
fyr_test_answer (FyrStoreFixture *fixture, gint64 number, FyrOutcomeKind kind, gint64 version);

/** fyr_test_get: Returns: (transfer full) (nullable): a record as shown, NULL when there is none */
FyrRecord *
fyr_test_get (FyrStoreFixture *fixture, const FyrRecordInfo *info, const char *id);

/** fyr_test_push: Returns: (transfer full): the nurse's next batch */
FyrPushBatch *
fyr_test_push (FyrStoreFixture *fixture, const char *author_id);

/** fyr_test_outbox: Returns: (transfer full): entries in these states, newest first */
GPtrArray *
fyr_test_outbox (FyrStoreFixture *fixture, guint states);

/* Records of the fixture's patient, new and unsaved. */
FyrPatient *
fyr_test_patient (FyrStoreFixture *fixture, const char *family_name, const char *given_name);
FyrAlert *
fyr_test_alert (FyrStoreFixture *fixture, FyrAlertCategory category, gint64 due_time);
FyrMeasurement *
fyr_test_measurement (FyrStoreFixture *fixture, FyrMeasurementKind kind, gint64 time, double value);
FyrNote *
fyr_test_note (FyrStoreFixture *fixture, const char *text);

G_END_DECLS
