/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-access-table.h"
#include "fyr-store-fixture.h"
#include "fyr-uuid.h"

/*
 * Access taken away: for every feed and every kind, what goes and what stays. Two centres with two patients each;
 * every record carries a marker of its own, so that what is left can be looked for in the file itself.
 */

typedef FyrStoreFixture Fixture;

#define N_CENTRES 2
#define N_PATIENTS 2

typedef struct {
  char centres[N_CENTRES][37];
  char patients[N_CENTRES][N_PATIENTS][37];
} World;

static gint64 seqs[N_CENTRES + 1][FYR_SCOPE_CLASS_N];

static void
apply (Fixture *fixture, FyrPullPage *page)
{
  g_autoptr (FyrPullPage) owned = page;
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_apply_pull_async (fixture->store, owned, FYR_SLOT));

  fyr_store_apply_pull_finish (fixture->store, result, &error);
  g_assert_no_error (error);
}

static char *
scope_of (const World *world, guint centre, FyrScopeClass scope_class)
{
  return g_strdup_printf ("%s/%s", world->centres[centre], fyr_scope_class_to_string (scope_class));
}

/* A record of any kind with its required fields, about a patient of a centre; its texts are the marker. */
static FyrRecord *
make_record (const FyrRecordInfo *info, const World *world, guint centre, guint patient)
{
  FyrRecord *record = fyr_record_new (info);
  g_autofree char *marker = g_strdup_printf ("MARK-%s-%u-%u", info->kind, centre, patient);
  char id[37];

  fyr_test_new_id (id);
  fyr_record_set_id (record, info == &fyr_patient_info ? world->patients[centre][patient] : id);
  fyr_record_set_version (record, 1);
  for (guint i = 0; i < info->n_fields; i++) {
    const FyrFieldInfo *field = &info->fields[i];

    if ((int)i == info->centre_field) {
      fyr_record_set_string (record, i, world->centres[centre]);
    } else if ((int)i == info->patient_field) {
      fyr_record_set_string (record, i, world->patients[centre][patient]);
    } else if (field->type == FYR_FIELD_STRING || field->type == FYR_FIELD_TEXT) {
      fyr_record_set_string (record, i, marker);
    } else if (field->required && field->type == FYR_FIELD_ID) {
      fyr_record_set_string (record, i, id);
    } else if (field->required || field->type == FYR_FIELD_REAL) {
      if (field->type == FYR_FIELD_REAL) {
        fyr_record_set_real (record, i, 5);
      } else {
        fyr_record_set_int (record, i, 1);
      }
    }
  }
  return record;
}

static void
feed (Fixture *fixture, const World *world, const FyrRecordInfo *info, guint centre, guint patient)
{
  gboolean global = info->scope_by == FYR_SCOPE_BY_GLOBAL;
  g_autofree char *scope = global ? g_strdup ("global/configuration") : scope_of (world, centre, info->scope);
  gint64 *seq = &seqs[global ? N_CENTRES : centre][info->scope];
  g_autoptr (FyrRecord) record = make_record (info, world, centre, patient);
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);

  (*seq)++;
  fyr_pull_page_add_scope (page, scope, *seq, *seq);
  fyr_pull_page_add_put (page, *seq, record);
  apply (fixture, page);
}

static void
make_world (Fixture *fixture, World *world)
{
  memset (seqs, 0, sizeof seqs);
  for (guint c = 0; c < N_CENTRES; c++) {
    fyr_test_new_id (world->centres[c]);
    for (guint p = 0; p < N_PATIENTS; p++) {
      fyr_test_new_id (world->patients[c][p]);
      for (guint i = 0; i < fyr_n_record_infos; i++) {
        feed (fixture, world, fyr_record_infos[i], c, p);
      }
    }
  }
}

static void
revoke_scope (Fixture *fixture, const char *scope, const char *granted)
{
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);

  fyr_pull_page_add_revoked (page, scope);
  if (granted != NULL) {
    fyr_pull_page_add_granted (page, granted);
  }
  apply (fixture, page);
}

static guint
count_kind (Fixture *fixture, const FyrRecordInfo *info)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_records_async (fixture->store, info->kind, NULL, NULL, FYR_SLOT));
  g_autoptr (GPtrArray) records = fyr_store_list_records_finish (fixture->store, result, &error);

  g_assert_no_error (error);
  return records->len;
}

/* For every class: revoking one centre's feed takes that centre's rows of that class and no others. */
static void
test_a_feed_takes_its_rows_and_no_others (Fixture *fixture, gconstpointer data)
{
  World world;

  make_world (fixture, &world);
  for (guint k = 0; k < FYR_SCOPE_CLASS_N; k++) {
    g_autofree char *scope = scope_of (&world, 0, (FyrScopeClass)k);
    guint before[64];

    /* The roster last: centres of rows are found through patients. */
    if (k == FYR_SCOPE_CLASS_ROSTER) {
      continue;
    }
    for (guint i = 0; i < fyr_n_record_infos; i++) {
      before[i] = count_kind (fixture, fyr_record_infos[i]);
    }
    revoke_scope (fixture, scope, NULL);
    for (guint i = 0; i < fyr_n_record_infos; i++) {
      const FyrRecordInfo *info = fyr_record_infos[i];
      gboolean hit = (guint)info->scope == k && info->scope_by != FYR_SCOPE_BY_GLOBAL;

      g_assert_cmpuint (count_kind (fixture, info), ==, before[i] - (hit ? N_PATIENTS : 0));
    }
  }
}

static void
test_global_configuration_goes_by_itself (Fixture *fixture, gconstpointer data)
{
  World world;

  make_world (fixture, &world);
  revoke_scope (fixture, "global/configuration", NULL);
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];

    g_assert_cmpuint (count_kind (fixture, info), ==,
                      info->scope_by == FYR_SCOPE_BY_GLOBAL ? 0 : N_CENTRES * N_PATIENTS);
  }
}

static void
revoke_centre (Fixture *fixture, const World *world, guint centre, const char *granted)
{
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);

  for (guint k = 0; k < FYR_SCOPE_CLASS_N; k++) {
    g_autofree char *scope = scope_of (world, centre, (FyrScopeClass)k);

    fyr_pull_page_add_revoked (page, scope);
  }
  if (granted != NULL) {
    fyr_pull_page_add_granted (page, granted);
  }
  apply (fixture, page);
}

static void
test_a_revoked_centre_leaves_no_bytes (Fixture *fixture, gconstpointer data)
{
  World world;

  make_world (fixture, &world);
  revoke_centre (fixture, &world, 0, NULL);
  fyr_store_fixture_reopen (fixture);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];
    gboolean global = info->scope_by == FYR_SCOPE_BY_GLOBAL;

    for (guint p = 0; p < N_PATIENTS; p++) {
      g_autofree char *gone = g_strdup_printf ("MARK-%s-0-%u", info->kind, p);
      g_autofree char *stays = g_strdup_printf ("MARK-%s-1-%u", info->kind, p);
      gboolean has_text = fyr_store_fixture_holds_bytes (fixture, stays);

      g_assert_true (fyr_store_fixture_holds_bytes (fixture, gone) == (global && has_text));
    }
  }
}

static void
test_a_patients_grant_keeps_that_patient (Fixture *fixture, gconstpointer data)
{
  World world;
  g_autofree char *granted = NULL;

  make_world (fixture, &world);
  granted = g_strconcat ("patient:", world.patients[0][1], NULL);
  revoke_centre (fixture, &world, 0, granted);
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];
    guint expected = N_PATIENTS; /* the other centre's */

    if (info->scope_by == FYR_SCOPE_BY_GLOBAL) {
      expected = N_CENTRES * N_PATIENTS;
    } else if (info->patient_field >= 0 || info == &fyr_patient_info) {
      expected++;
    }
    g_assert_cmpuint (count_kind (fixture, info), ==, expected);
  }
  revoke_scope (fixture, granted, NULL);
  g_assert_cmpuint (count_kind (fixture, &fyr_patient_info), ==, N_PATIENTS);
  g_assert_cmpuint (count_kind (fixture, &fyr_measurement_info), ==, N_PATIENTS);
}

static void
test_a_centres_grant_keeps_its_patients (Fixture *fixture, gconstpointer data)
{
  World world;
  g_autofree char *patient = NULL;
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);

  make_world (fixture, &world);
  patient = g_strconcat ("patient:", world.patients[0][0], NULL);
  fyr_pull_page_add_revoked (page, patient);
  for (guint k = 0; k < FYR_SCOPE_CLASS_N; k++) {
    g_autofree char *scope = scope_of (&world, 0, (FyrScopeClass)k);

    fyr_pull_page_add_granted (page, scope);
  }
  apply (fixture, page);
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    g_assert_cmpuint (count_kind (fixture, fyr_record_infos[i]), ==, N_CENTRES * N_PATIENTS);
  }
}

static guint
count_listed (Fixture *fixture, guint *open_alerts)
{
  const FyrPatientFilter filter = { 0 };
  guint total;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_patients_async (fixture->store, &filter, FYR_SLOT));
  g_autoptr (GPtrArray) items = fyr_store_list_patients_finish (fixture->store, result, &total, NULL);

  *open_alerts = 0;
  for (guint i = 0; i < items->len; i++) {
    *open_alerts += fyr_patient_item_get_open_alerts (items->pdata[i]);
  }
  return total;
}

static void
test_lists_and_figures_follow (Fixture *fixture, gconstpointer data)
{
  World world;
  g_autofree char *alerts = NULL;
  g_autofree char *measurements = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) all = NULL;
  guint open_alerts;

  make_world (fixture, &world);
  alerts = scope_of (&world, 0, FYR_SCOPE_CLASS_ALERT);
  measurements = scope_of (&world, 0, FYR_SCOPE_CLASS_MEASUREMENT);
  g_assert_cmpuint (count_listed (fixture, &open_alerts), ==, 4);
  g_assert_cmpuint (open_alerts, ==, 4);
  revoke_scope (fixture, alerts, NULL);
  g_assert_cmpuint (count_listed (fixture, &open_alerts), ==, 4);
  g_assert_cmpuint (open_alerts, ==, 2);
  revoke_scope (fixture, measurements, NULL);
  result = FYR_AWAIT (fyr_store_load_all_series_async (fixture->store, world.patients[0][0], G_MININT64,
                                                       G_MAXINT64, FYR_SLOT));
  all = fyr_store_load_all_series_finish (fixture->store, result, NULL);
  g_assert_cmpuint (all->len, ==, 0);
  revoke_centre (fixture, &world, 0, NULL);
  g_assert_cmpuint (count_listed (fixture, &open_alerts), ==, 2);
}

static void
test_a_regranted_feed_starts_over (Fixture *fixture, gconstpointer data)
{
  World world;
  g_autofree char *scope = NULL;

  make_world (fixture, &world);
  scope = scope_of (&world, 0, FYR_SCOPE_CLASS_NOTE);
  revoke_scope (fixture, scope, NULL);
  g_assert_cmpuint (count_kind (fixture, &fyr_note_info), ==, N_PATIENTS);
  seqs[0][FYR_SCOPE_CLASS_NOTE] = 0;
  feed (fixture, &world, &fyr_note_info, 0, 0);
  g_assert_cmpuint (count_kind (fixture, &fyr_note_info), ==, N_PATIENTS + 1);
}

static void
test_strange_scopes_take_nothing (Fixture *fixture, gconstpointer data)
{
  const char *strange[] = { "",
                            "/",
                            "x",
                            "global/roster",
                            "global/",
                            "nonsense/roster",
                            "patient:",
                            "patient:x",
                            "'; DROP TABLE note; --/note",
                            "0198f0aa-1234-7abc-8def-00112233ffee/unheard-of" };
  World world;

  make_world (fixture, &world);
  for (gsize i = 0; i < G_N_ELEMENTS (strange); i++) {
    FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);
    g_autoptr (FyrPullPage) owned = page;
    g_autoptr (GAsyncResult) result = NULL;

    fyr_pull_page_add_revoked (page, strange[i]);
    result = FYR_AWAIT (fyr_store_apply_pull_async (fixture->store, page, FYR_SLOT));
    fyr_store_apply_pull_finish (fixture->store, result, NULL);
    for (guint k = 0; k < fyr_n_record_infos; k++) {
      g_assert_cmpuint (count_kind (fixture, fyr_record_infos[k]), ==, N_CENTRES * N_PATIENTS);
    }
  }
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/purge/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                       \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-feed-takes-its-rows-and-no-others", test_a_feed_takes_its_rows_and_no_others);
  ADD ("global-configuration-goes-by-itself", test_global_configuration_goes_by_itself);
  ADD ("a-revoked-centre-leaves-no-bytes", test_a_revoked_centre_leaves_no_bytes);
  ADD ("a-patients-grant-keeps-that-patient", test_a_patients_grant_keeps_that_patient);
  ADD ("a-centres-grant-keeps-its-patients", test_a_centres_grant_keeps_its_patients);
  ADD ("lists-and-figures-follow", test_lists_and_figures_follow);
  ADD ("a-regranted-feed-starts-over", test_a_regranted_feed_starts_over);
  ADD ("strange-scopes-take-nothing", test_strange_scopes_take_nothing);
  return g_test_run ();
}
