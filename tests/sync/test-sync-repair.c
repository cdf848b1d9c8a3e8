/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a workstation that are silently wrong are found by digests and fetched again. */
#include "fyr-store-private.h"
#include "fyr-test-world.h"

#define ROUND_MS (20 * 60 * 1000)

static void
set_up (FyrTestPair *f, gconstpointer data)
{
  fyr_test_pair_set_up (f, data);
  for (guint i = 0; i < 12; i++)
    fyr_test_client_note (f->second, i % FYR_TEST_PATIENTS, "Blodtrykk målt hjemme");
  g_assert_true (fyr_test_world_settle (f->world));
}

/* What a disk does behind the program's back. */
static gpointer
run_sql (FyrStoreContext *context, gpointer data, GError **error)
{
  return fyr_connection_exec (context->connection, data, error) ? FYR_STORE_DONE : NULL;
}

static void
damage (FyrTestClient *client, const char *sql)
{
  const FyrStoreJob job = { FYR_STORE_SYNC, run_sql, g_strdup (sql), g_free, NULL, damage };
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_run_async (client->store, &job, FYR_SLOT));
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (fyr_store_run_finish (client->store, damage, result, &error));
  g_assert_no_error (error);
}

static gpointer
count_repaired (FyrStoreContext *context, gpointer data, GError **error)
{
  *(gint64 *)data = fyr_meta_get_int (context->connection, "check_repaired");
  return FYR_STORE_DONE;
}

static gint64
repaired (FyrTestClient *client)
{
  gint64 count = -1;
  const FyrStoreJob job = { FYR_STORE_QUERY, count_repaired, &count, NULL, NULL, repaired };
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_run_async (client->store, &job, FYR_SLOT));

  g_assert_nonnull (fyr_store_run_finish (client->store, repaired, result, NULL));
  return count;
}

static void
assert_all_same (FyrTestWorld *world)
{
  fyr_test_world_assert_same (world, &fyr_patient_info);
  fyr_test_world_assert_same (world, &fyr_note_info);
  fyr_test_world_assert_same (world, &fyr_alert_info);
}

static void
test_wrong_value (FyrTestPair *f, gconstpointer data)
{
  g_autoptr (GPtrArray) before = fyr_test_client_list (f->first, &fyr_note_info);

  g_assert_cmpuint (before->len, ==, 12);
  damage (f->first, "UPDATE note SET text = 'Blodtrykk målt hjemmf' WHERE id = (SELECT max (id) FROM note)");
  damage (f->first,
          "UPDATE patient SET zone = 3, family_name = 'Nordmenn' WHERE id = (SELECT min (id) FROM patient)");
  fyr_test_world_run (f->world, ROUND_MS);
  assert_all_same (f->world);
  g_assert_cmpint (repaired (f->first), ==, 2);
  g_assert_cmpint (repaired (f->second), ==, 0);
}

static void
test_missing_rows (FyrTestPair *f, gconstpointer data)
{
  damage (f->first, "DELETE FROM note WHERE id IN (SELECT id FROM note ORDER BY id LIMIT 5)");
  damage (f->first, "DELETE FROM alert WHERE id = (SELECT max (id) FROM alert)");
  fyr_test_world_run (f->world, ROUND_MS);
  assert_all_same (f->world);
  g_assert_cmpint (repaired (f->first), ==, 6);
}

static void
test_extra_row (FyrTestPair *f, gconstpointer data)
{
  damage (f->first,
          "UPDATE note SET id = x'7fffffffffff70008000000000000001' WHERE id = (SELECT min (id) FROM note)");
  damage (f->first, "UPDATE patient SET id = x'00000000000170008000000000000001' WHERE id = (SELECT max (id) "
                    "FROM patient)");
  fyr_test_world_run (f->world, ROUND_MS);
  assert_all_same (f->world);
  g_assert_cmpint (repaired (f->first), ==, 4);
}

static void
test_wrong_version (FyrTestPair *f, gconstpointer data)
{
  damage (f->first, "UPDATE patient SET version = version + 64");
  fyr_test_world_run (f->world, ROUND_MS);
  assert_all_same (f->world);
  g_assert_cmpint (repaired (f->first), ==, FYR_TEST_PATIENTS);
}

/* What this machine's user did and has not delivered is neither damage nor lost by a repair. */
static void
test_own_work_stays (FyrTestPair *f, gconstpointer data)
{
  g_autoptr (GPtrArray) shown = NULL;
  g_autoptr (FyrRecord) kept = NULL;

  f->first->faults.cut = TRUE;
  fyr_test_world_run (f->world, 60000);
  fyr_test_client_note (f->first, 0, "Skrevet uten nett");
  damage (f->first, "UPDATE note SET text = 'x' WHERE id = (SELECT min (id) FROM note)");
  f->first->faults = (FyrTestFaults){ .status = 503, .status_times = 3, .delay = 5 };
  fyr_test_world_run (f->world, ROUND_MS);
  shown = fyr_test_client_list (f->first, &fyr_note_info);
  g_assert_cmpuint (shown->len, ==, 13);
  kept = fyr_test_client_get (f->first, &fyr_note_info, f->first->notes->pdata[0]);
  g_assert_cmpstr (fyr_note_get_text (FYR_NOTE (kept)), ==, "Skrevet uten nett");
  assert_all_same (f->world);
}

/* Changes come all the while: nothing that is only on its way is taken for damage. */
static void
test_busy_centre_has_no_false_alarm (FyrTestPair *f, gconstpointer data)
{
  for (guint i = 0; i < 60; i++) {
    f->first->faults = (FyrTestFaults){ .delay = 4000, .drop_reply = 10, .drop_frame = 20 };
    f->second->faults = f->first->faults;
    fyr_test_client_note (i % 2 == 0 ? f->first : f->second, i % FYR_TEST_PATIENTS, "Ringte, alt bra");
    fyr_test_world_run (f->world, 9000);
  }
  g_assert_true (fyr_test_world_settle (f->world));
  assert_all_same (f->world);
  g_assert_cmpint (repaired (f->first), ==, 0);
  g_assert_cmpint (repaired (f->second), ==, 0);
}

static void
test_restart_goes_on (FyrTestPair *f, gconstpointer data)
{
  damage (f->first, "DELETE FROM alert");
  damage (f->first, "UPDATE note SET text = 'y'");
  for (guint i = 0; i < 12; i++) {
    fyr_test_world_run (f->world, 100000);
    fyr_test_client_close (f->first);
    fyr_test_client_sign_in_online (f->first);
  }
  fyr_test_world_run (f->world, ROUND_MS);
  assert_all_same (f->world);
}

static void
test_any_damage_heals (FyrTestPair *f, gconstpointer data)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  const char *const kinds[] = { "note", "alert", "patient" };

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 6; round++) {
    for (guint i = 0; i < 5; i++) {
      const char *kind = kinds[g_rand_int (rand) % G_N_ELEMENTS (kinds)];
      const char *const verbs[] = { "DELETE FROM", "UPDATE", "UPDATE" };
      const char *const sets[] = { "", "SET version = 0", "SET extra = '{\"x\":1}'" };
      guint how = g_rand_int (rand) % 3;
      g_autofree char *sql =
          g_strdup_printf ("%s \"%s\" %s WHERE id = (SELECT id FROM \"%s\" LIMIT 1 OFFSET %u)", verbs[how],
                           kind, sets[how], kind, g_rand_int (rand) % 4);

      damage (f->first, sql);
    }
    fyr_test_world_run (f->world, ROUND_MS);
    assert_all_same (f->world);
  }
}

#define TEST(path, func)                                                                                     \
  g_test_add ("/sync/repair/" path, FyrTestPair, NULL, set_up, func, fyr_test_pair_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("a row that is silently wrong is found and fetched again", test_wrong_value);
  TEST ("a row that is missing is found and fetched", test_missing_rows);
  TEST ("a row that the server does not have is removed", test_extra_row);
  TEST ("a wrong version is no better than a wrong value", test_wrong_version);
  TEST ("own work is neither damage nor lost by a repair", test_own_work_stays);
  TEST ("what is on its way is not taken for damage", test_busy_centre_has_no_false_alarm);
  TEST ("a restart goes on where it was", test_restart_goes_on);
  TEST ("any damage to any rows heals", test_any_damage_heals);
  return g_test_run ();
}
