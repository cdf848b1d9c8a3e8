/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fill-workstation FOLDER N USER: gives a workstation's database N measurements in all, as pulls would have. It is opened
 * with the password in FYRLYKT_PASSWORD, as its user opens it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fyr-offline-user.h"
#include "fyr-store-query.h"
#include "fyr-store-sync.h"
#include "fyr-uuid.h"

#define PAGE 5000
#define INTERVAL_MS (6 * 3600 * 1000LL)

typedef struct {
  GMainLoop *loop;
  GAsyncResult *result;
} Wait;

static void
on_result (GObject *source, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;

  wait->result = g_object_ref (result);
  g_main_loop_quit (wait->loop);
}

static GAsyncResult *
await (Wait *wait)
{
  g_main_loop_run (wait->loop);
  return g_steal_pointer (&wait->result);
}

static void
fail (const char *what, GError *error)
{
  fprintf (stderr, "fill-workstation: %s: %s\n", what, error ? error->message : "unknown");
  exit (1);
}

static FyrStore *
open_store (Wait *wait, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "fyrlykt.db", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  FyrStore *store;

  fyr_store_open_async (path, NULL, on_result, wait);
  result = await (wait);
  store = fyr_store_open_finish (result, &error);
  if (!store)
    fail ("open", error);
  return store;
}

static void
sign_in (Wait *wait, FyrStore *store, const char *user_name)
{
  const char *password = g_getenv ("FYRLYKT_PASSWORD");
  g_autoptr (FyrOfflineUser) user = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fyr_store_check_user_async (store, user_name, password ? password : "", NULL, on_result, wait);
  result = await (wait);
  user = fyr_store_check_user_finish (store, result, &error);
  if (!user)
    fail ("sign-in", error);
}

static FyrStoreIdentity *
identify (Wait *wait, FyrStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  FyrStoreIdentity *identity;

  fyr_store_get_identity_async (store, NULL, on_result, wait);
  result = await (wait);
  identity = fyr_store_get_identity_finish (store, result, &error);
  if (!identity)
    fail ("identity", error);
  return identity;
}

static GPtrArray *
list_patients (Wait *wait, FyrStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *patients;

  fyr_store_list_records_async (store, "patient", NULL, NULL, NULL, on_result, wait);
  result = await (wait);
  patients = fyr_store_list_records_finish (store, result, &error);
  if (!patients || patients->len == 0)
    fail ("no patients", error);
  return patients;
}

static FyrRecord *
measurement (GPtrArray *patients, guint64 number, gint64 now)
{
  static const struct {
    FyrMeasurementKind kind;
    double value;
  } kinds[] = { { FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 93 },
                { FYR_MEASUREMENT_KIND_HEART_RATE, 74 },
                { FYR_MEASUREMENT_KIND_BODY_WEIGHT, 81 },
                { FYR_MEASUREMENT_KIND_BODY_TEMPERATURE, 36.8 } };
  FyrMeasurement *made = fyr_measurement_new ();
  guint64 turn = number / patients->len;
  gint64 time = now - 86400000 - (gint64)(turn / 4) * INTERVAL_MS;
  char id[FYR_UUID_TEXT_SIZE];

  fyr_uuid_v7_new (time, id);
  fyr_record_set_id (FYR_RECORD (made), id);
  fyr_record_set_version (FYR_RECORD (made), 1);
  fyr_measurement_set_patient_id (made,
                                  fyr_record_get_id (g_ptr_array_index (patients, number % patients->len)));
  fyr_measurement_set_kind (made, kinds[turn % 4].kind);
  fyr_measurement_set_value (made, kinds[turn % 4].value + (double)(number * 7919 % 5));
  fyr_measurement_set_effective_time (made, time);
  fyr_measurement_set_received_time (made, time + 2000);
  fyr_measurement_set_source (made, FYR_MEASUREMENT_SOURCE_DEVICE);
  return FYR_RECORD (made);
}

static void
apply (Wait *wait, FyrStore *store, FyrPullPage *page)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fyr_store_apply_pull_async (store, page, NULL, on_result, wait);
  result = await (wait);
  if (!fyr_store_apply_pull_finish (store, result, &error))
    fail ("apply", error);
}

static const char *
measurement_scope (FyrStoreIdentity *identity)
{
  GHashTableIter iter;
  gpointer scope;

  g_hash_table_iter_init (&iter, identity->cursors);
  while (g_hash_table_iter_next (&iter, &scope, NULL))
    if (g_str_has_suffix (scope, "/measurement"))
      return scope;
  return NULL;
}

static void
fill (Wait *wait, FyrStore *store, FyrStoreIdentity *identity, guint64 wanted)
{
  g_autoptr (GPtrArray) patients = list_patients (wait, store);
  const char *scope = measurement_scope (identity);
  gint64 now = g_get_real_time () / 1000;
  gint64 seq;

  if (!scope)
    fail ("no measurement feed yet", NULL);
  seq = *(gint64 *)g_hash_table_lookup (identity->cursors, scope);
  for (guint64 done = (guint64)seq; done < wanted; done += PAGE) {
    g_autoptr (FyrPullPage) page = fyr_pull_page_new (identity->epoch, now);
    GHashTableIter iter;
    gpointer granted;

    g_hash_table_iter_init (&iter, identity->cursors);
    while (g_hash_table_iter_next (&iter, &granted, NULL))
      fyr_pull_page_add_granted (page, granted);
    fyr_pull_page_add_scope (page, scope, seq + 1, seq + PAGE);
    for (guint i = 0; i < PAGE; i++) {
      g_autoptr (FyrRecord) record = measurement (patients, done + i, now);

      fyr_pull_page_add_put (page, ++seq, record);
    }
    apply (wait, store, page);
  }
}

int
main (int argc, char **argv)
{
  Wait wait = { .loop = g_main_loop_new (NULL, FALSE) };
  g_autoptr (FyrStoreIdentity) identity = NULL;
  g_autoptr (FyrStore) store = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  guint64 wanted;

  if (argc != 4 || !g_ascii_string_to_unsigned (argv[2], 10, 1, 100000000, &wanted, NULL)) {
    fprintf (stderr, "fill-workstation FOLDER N USER\n");
    return 2;
  }
  store = open_store (&wait, argv[1]);
  sign_in (&wait, store, argv[3]);
  identity = identify (&wait, store);
  fill (&wait, store, identity, wanted);
  fyr_store_close_async (store, on_result, &wait);
  result = await (&wait);
  g_main_loop_unref (wait.loop);
  return 0;
}
