/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests of what a user may have, and what goes ahead of a first sync. */
#include <string.h>

#include "fyr-record-table.h"
#include "fyr-server-fixture.h"
#include "fyr-uuid.h"

#define PAGE_BYTES (64 * 1024)

static void
fill (World *world)
{
  const char *patients[] = { world->one, world->two, world->far };

  for (guint i = 0; i < G_N_ELEMENTS (patients); i++) {
    char alert[37];

    world_put (world, world_note (world, patients[i], MARK_CLINICAL));
    world_put (world, world_measurement (world, patients[i], 90 + i));
    world_put (world, world_limit (world, patients[i], world->now));
    world_alert (world, patients[i], alert);
  }
}

static int
by_id (gconstpointer a, gconstpointer b)
{
  return strcmp (fyr_record_get_id (*(FyrRecord *const *)a), fyr_record_get_id (*(FyrRecord *const *)b));
}

/* What a workstation that pulled @entries holds of a kind, by id. */
static GPtrArray *
held (GPtrArray *entries, const FyrRecordInfo *info)
{
  g_autoptr (GHashTable) last = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *records = g_ptr_array_new ();

  for (guint i = 0; i < entries->len; i++) {
    FyrPullEntry *entry = entries->pdata[i];

    if (g_str_equal (entry->kind, info->kind)) {
      g_hash_table_replace (last, entry->id, entry->record);
    }
  }
  GHashTableIter iter;
  gpointer record;
  g_hash_table_iter_init (&iter, last);
  while (g_hash_table_iter_next (&iter, NULL, &record)) {
    if (record != NULL) {
      g_ptr_array_add (records, record);
    }
  }
  g_ptr_array_sort (records, by_id);
  return records;
}

static FyrWireCheckReply *
ask (Station *station, FyrWireCheck *check)
{
  g_autoptr (FyrPullReply) reply = NULL;

  station->check = check;
  reply = station_pull (station, PAGE_BYTES);
  g_assert_true (reply->complete);
  return g_steal_pointer (&reply->check);
}

static void
assert_digest_of (Station *station, GPtrArray *entries, const FyrRecordInfo *info)
{
  g_autoptr (GPtrArray) records = held (entries, info);
  g_autoptr (FyrWireCheckReply) reply = ask (station, fyr_wire_check_new (info->kind));
  g_auto (FyrRecordDigest) digest;

  fyr_record_digest_init (&digest);
  for (guint i = 0; i < records->len; i++) {
    char hash[FYR_ROW_HASH_SIZE];

    fyr_record_hash (records->pdata[i], G_MAXUINT, hash);
    fyr_record_digest_add (&digest, hash);
  }
  g_assert_nonnull (reply);
  g_assert_cmpstr (reply->until, ==, "");
  g_assert_cmpint (reply->count, ==, records->len);
  g_assert_cmpstr (reply->hash, ==, fyr_record_digest_get (&digest));
}

static void
test_every_role_by_its_own_eyes (void)
{
  g_autoptr (World) world = world_new ();
  const char *users[] = { world->nurse,   world->gp_user,       world->clerk,
                          world->manager, world->administrator, world->far_nurse };

  fill (world);
  for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
    g_autoptr (Station) station = station_new (world, users[i]);
    g_autoptr (GPtrArray) entries = station_pull_all (station);

    for (guint k = 0; k < fyr_n_record_infos; k++) {
      assert_digest_of (station, entries, fyr_record_infos[k]);
    }
  }
}

static void
test_changes_and_deletions (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GPtrArray) entries = NULL;
  char patient[37];

  fill (world);
  world_id (patient);
  world_put (world, world_patient (world, patient, world->centre, NULL, "Tre"));
  world_put (world, world_patient (world, patient, world->centre, NULL, "Tre-Fire"));
  world_delete (world, &fyr_patient_info, patient);
  world_put (world, world_patient (world, world->two, world->far_centre, NULL, "Flyttet"));
  entries = station_pull_all (station);
  for (guint k = 0; k < fyr_n_record_infos; k++) {
    assert_digest_of (station, entries, fyr_record_infos[k]);
  }
}

static gboolean
block (FyrWriteContext *context, gpointer data, GError **error)
{
  World *world = data;

  return fyr_apply_set_block (context, world->one, world->nurse, TRUE, error);
}

static void
test_barred_patient_is_in_no_digest (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (FyrWireCheckReply) reply = NULL;
  FyrWireCheck *check = fyr_wire_check_new ("patient");

  fill (world);
  g_assert_true (fyr_server_db_write (world->db, block, world, NULL));
  entries = station_pull_all (station);
  assert_digest_of (station, entries, &fyr_patient_info);
  assert_digest_of (station, entries, &fyr_note_info);
  g_ptr_array_add (check->ids, g_strdup (world->one));
  reply = ask (station, check);
  g_assert_cmpuint (reply->records->len, ==, 0);
}

static void
test_nobody_fishes_with_ids (void)
{
  g_autoptr (World) world = world_new ();
  const char *users[] = { world->gp_user, world->clerk, world->manager, world->far_nurse };
  const char *hidden[] = { world->two, NULL, world->one, world->one };

  fill (world);
  for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
    g_autoptr (Station) station = station_new (world, users[i]);
    g_autoptr (GPtrArray) entries = station_pull_all (station);
    g_autofree char *text = NULL;

    station->check = fyr_wire_check_new (hidden[i] != NULL ? "patient" : "note");
    g_ptr_array_add (station->check->ids, g_strdup (hidden[i] != NULL ? hidden[i] : world->one));
    g_assert_cmpuint (station_pull_text (station, PAGE_BYTES, &text), ==, 200);
    g_assert_nonnull (strstr (text, "\"records\":[]"));
    g_assert_null (strstr (text, MARK_CLINICAL));
    g_assert_null (strstr (text, MARK_IDENTITY));
  }
}

static void
test_list_and_stretches (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) notes = NULL;
  guint seen = 0;
  char after[37] = "";

  for (guint i = 0; i < FYR_CHECK_MAX_ROWS + 500; i++) {
    world_put (world, world_note (world, i % 2 == 0 ? world->one : world->far, "x"));
  }
  entries = station_pull_all (station);
  notes = held (entries, &fyr_note_info);
  do {
    FyrWireCheck *check = fyr_wire_check_new ("note");
    g_autoptr (FyrWireCheckReply) digest = NULL;
    g_autoptr (FyrWireCheckReply) list = NULL;

    g_strlcpy (check->after, after, 37);
    digest = ask (station, check);
    check = fyr_wire_check_new ("note");
    g_strlcpy (check->after, after, 37);
    g_strlcpy (check->until, digest->until, 37);
    check->list = TRUE;
    list = ask (station, check);
    g_assert_cmpint (digest->count, ==, list->rows->len);
    for (guint i = 0; i < list->rows->len; i++, seen++) {
      char hash[FYR_ROW_HASH_SIZE];

      fyr_record_hash (notes->pdata[seen], G_MAXUINT, hash);
      g_assert_cmpstr (g_array_index (list->rows, FyrWireRowHash, i).id, ==,
                       fyr_record_get_id (notes->pdata[seen]));
      g_assert_cmpstr (g_array_index (list->rows, FyrWireRowHash, i).hash, ==, hash);
    }
    g_strlcpy (after, digest->until, 37);
  } while (*after != '\0');
  g_assert_cmpuint (seen, ==, notes->len);
}

static void
test_only_who_has_all_is_answered (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPullReply) reply = NULL;

  for (guint i = 0; i < 400; i++) {
    world_put (world, world_note (world, world->one, "Lang nok til at siden blir full"));
  }
  station->check = fyr_wire_check_new ("note");
  reply = station_pull (station, 16 * 1024);
  g_assert_false (reply->complete);
  g_assert_null (reply->check);
}

static void
test_unknown_kind_is_not_answered (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GPtrArray) entries = station_pull_all (station);
  g_autoptr (FyrWireCheckReply) reply = ask (station, fyr_wire_check_new ("kind-of-tomorrow"));

  g_assert_null (reply);
}

static gboolean
goes_ahead (FyrPullReply *reply, const char *id)
{
  for (guint i = 0; i < reply->ahead->len; i++) {
    if (g_str_equal (((FyrPullEntry *)reply->ahead->pdata[i])->id, id)) {
      return TRUE;
    }
  }
  return FALSE;
}

/* One that was raised @hours ago and closed since. */
static void
closed_alert (World *world, gint64 hours, char id[37])
{
  gint64 raised = g_get_real_time () / 1000 - hours * 3600 * 1000;
  char unused[37];
  g_autoptr (FyrRecord) alert = NULL;

  world_alert (world, world->one, unused);
  alert = fyr_record_table_get (fyr_server_db_get_connection (world->db), &fyr_alert_info, unused, NULL);
  fyr_uuid_v7_new (raised, id);
  fyr_record_set_id (alert, id);
  fyr_alert_set_raised_time (FYR_ALERT (alert), raised);
  fyr_alert_set_status (FYR_ALERT (alert), FYR_ALERT_STATUS_CLOSED);
  world_put (world, g_steal_pointer (&alert));
}

static void
test_worklist_goes_ahead (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (Station) clerk = station_new (world, world->clerk);
  g_autoptr (FyrPullReply) page = NULL;
  g_autoptr (FyrPullReply) next = NULL;
  g_autoptr (FyrPullReply) other = NULL;
  char alert[37], far_alert[37], today[37], before[37];

  for (guint i = 0; i < 2000; i++) {
    world_put (world, world_measurement (world, i % 2 == 0 ? world->one : world->far, 95));
  }
  world_alert (world, world->two, alert);
  world_alert (world, world->far, far_alert);
  closed_alert (world, 20, today);
  closed_alert (world, 30, before);
  station->first = clerk->first = TRUE;
  page = station_pull (station, PAGE_BYTES);
  g_assert_false (page->complete);
  g_assert_true (goes_ahead (page, alert));
  g_assert_true (goes_ahead (page, today));
  g_assert_false (goes_ahead (page, before));
  g_assert_true (goes_ahead (page, world->two));
  g_assert_true (goes_ahead (page, world->nurse));
  g_assert_false (goes_ahead (page, far_alert));
  g_assert_false (goes_ahead (page, world->far));
  g_assert_cmpuint (page->scopes->len, >, 0);
  next = station_pull (station, PAGE_BYTES);
  g_assert_cmpuint (next->ahead->len, ==, 0);
  other = station_pull (clerk, PAGE_BYTES);
  g_assert_false (goes_ahead (other, alert));
}

/* However much goes ahead, a page always brings entries too: else a first sync would never end. */
static void
test_ahead_leaves_room (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPullReply) page = NULL;
  g_autofree char *text = NULL;
  char alert[37];

  for (guint i = 0; i < 1200; i++) {
    world_alert (world, world->one, alert);
  }
  station->first = TRUE;
  g_assert_cmpuint (station_pull_text (station, PAGE_BYTES, &text), ==, 200);
  g_assert_cmpuint (strlen (text), <, 2 * PAGE_BYTES);
  page = station_pull (station, PAGE_BYTES);
  g_assert_cmpuint (page->ahead->len, >, 10);
  g_assert_cmpuint (page->scopes->len, >, 0);
  g_assert_cmpint (((FyrPullScope *)page->scopes->pdata[0])->to, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/check/a digest is of what each role may see", test_every_role_by_its_own_eyes);
  g_test_add_func ("/server/check/changes, deletions and removals are in it", test_changes_and_deletions);
  g_test_add_func ("/server/check/a patient who bars the user is in none",
                   test_barred_patient_is_in_no_digest);
  g_test_add_func ("/server/check/nobody fishes with ids", test_nobody_fishes_with_ids);
  g_test_add_func ("/server/check/stretches and lists cover every row once", test_list_and_stretches);
  g_test_add_func ("/server/check/only who has all is answered", test_only_who_has_all_is_answered);
  g_test_add_func ("/server/check/a kind of another version is not answered",
                   test_unknown_kind_is_not_answered);
  g_test_add_func ("/server/ahead/the worklist comes with the first page", test_worklist_goes_ahead);
  g_test_add_func ("/server/ahead/there is always room for entries", test_ahead_leaves_room);
  return g_test_run ();
}
