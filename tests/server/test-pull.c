/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-server-fixture.h"

/* PROTOCOL.md, "Pull", without HTTP. */

static void
fill (World *world)
{
  const char *patients[] = { world->one, world->two, world->far };
  char alert[37];

  for (guint i = 0; i < G_N_ELEMENTS (patients); i++) {
    world_put (world, world_note (world, patients[i], i == 2 ? MARK_FAR : MARK_CLINICAL));
    world_put (world, world_measurement (world, patients[i], 90 + i));
    world_put (world, world_limit (world, patients[i], world->now));
    world_alert (world, patients[i], alert);
  }
}

static gboolean
is_granted (FyrPullReply *reply, const char *name)
{
  for (guint i = 0; i < reply->granted->len; i++) {
    if (g_str_equal (g_ptr_array_index (reply->granted, i), name)) {
      return TRUE;
    }
  }
  return FALSE;
}

static guint
count_kind (GPtrArray *entries, const char *kind)
{
  guint n = 0;

  for (guint i = 0; i < entries->len; i++) {
    n += g_str_equal (((FyrPullEntry *)g_ptr_array_index (entries, i))->kind, kind);
  }
  return n;
}

/* Every byte a user is ever sent by pulls. */
static char *
everything_sent_to (World *world, const char *user)
{
  g_autoptr (Station) station = station_new (world, user);
  g_autofree char *text = NULL;

  g_assert_cmpuint (station_pull_text (station, FYR_PULL_MAX_BYTES, &text), ==, 200);
  g_assert_nonnull (strstr (text, "\"complete\":true"));
  return g_steal_pointer (&text);
}

static void
test_a_nurse_gets_all_of_her_centre_and_nothing_of_another (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *text = NULL;
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GPtrArray) entries = NULL;

  fill (world);
  text = everything_sent_to (world, world->nurse);
  g_assert_nonnull (strstr (text, MARK_CLINICAL));
  g_assert_nonnull (strstr (text, MARK_IDENTITY));
  g_assert_null (strstr (text, MARK_FAR));
  g_assert_null (strstr (text, world->far));
  entries = station_pull_all (station);
  g_assert_cmpuint (count_kind (entries, "patient"), ==, 2);
  g_assert_cmpuint (count_kind (entries, "note"), ==, 2);
  g_assert_cmpuint (count_kind (entries, "measurement"), ==, 2);
  g_assert_cmpuint (count_kind (entries, "limit"), ==, 2);
  g_assert_cmpuint (count_kind (entries, "alert"), ==, 2);
}

static void
test_a_clerk_gets_no_clinical_byte (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *text = NULL;
  g_autoptr (Station) station = station_new (world, world->clerk);
  g_autoptr (GPtrArray) entries = NULL;
  FyrPullEntry *patient;

  fill (world);
  text = everything_sent_to (world, world->clerk);
  g_assert_null (strstr (text, MARK_CLINICAL));
  g_assert_null (strstr (text, MARK_IDENTITY));
  g_assert_null (strstr (text, MARK_FAR));
  g_assert_null (strstr (text, "zone"));
  g_assert_null (strstr (text, "\"measurement\""));
  g_assert_null (strstr (text, "/note"));
  g_assert_nonnull (strstr (text, MARK_CONTACT));
  entries = station_pull_all (station);
  patient = entries_find (entries, world->one);
  g_assert_cmpstr (fyr_patient_get_family_name (FYR_PATIENT (patient->record)), ==, "Ett");
  g_assert_false (fyr_record_is_set (patient->record, FYR_PATIENT_ZONE));
  g_assert_false (fyr_record_is_set (patient->record, FYR_PATIENT_GP_ID));
  g_assert_false (fyr_record_is_set (patient->record, FYR_PATIENT_BIRTH_DATE));
}

static void
test_a_clerk_does_not_get_what_a_newer_program_wrote (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *clerk = NULL;
  g_autofree char *nurse = NULL;
  FyrPatient *patient = world_patient (world, world->two, world->centre, NULL, "To");

  fyr_record_set_extra (FYR_RECORD (patient), "{\"diagnosis_of_tomorrow\":\"HEMMELIGFELT\"}");
  world_put (world, patient);
  clerk = everything_sent_to (world, world->clerk);
  nurse = everything_sent_to (world, world->nurse);
  g_assert_null (strstr (clerk, "HEMMELIGFELT"));
  g_assert_nonnull (strstr (nurse, "HEMMELIGFELT"));
}

static void
test_managers_and_administrators_get_no_patient (void)
{
  g_autoptr (World) world = world_new ();
  const char *users[] = { world->manager, world->administrator };

  fill (world);
  for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
    g_autofree char *text = everything_sent_to (world, users[i]);

    g_assert_null (strstr (text, MARK_CLINICAL));
    g_assert_null (strstr (text, MARK_CONTACT));
    g_assert_null (strstr (text, MARK_IDENTITY));
    g_assert_null (strstr (text, world->one));
    g_assert_null (strstr (text, "/roster"));
  }
}

static void
test_a_gp_gets_her_own_list_and_nobody_else (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *text = NULL;
  g_autofree char *own = g_strdup_printf ("patient:%s", world->one);
  g_autoptr (Station) station = station_new (world, world->gp_user);
  g_autoptr (FyrPullReply) reply = NULL;

  fill (world);
  text = everything_sent_to (world, world->gp_user);
  g_assert_nonnull (strstr (text, world->one));
  g_assert_null (strstr (text, world->two));
  g_assert_null (strstr (text, world->far));
  g_assert_null (strstr (text, MARK_FAR));
  reply = station_pull (station, FYR_PULL_MAX_BYTES);
  g_assert_true (is_granted (reply, own));
  for (guint i = 0; i < reply->granted->len; i++) {
    const char *name = g_ptr_array_index (reply->granted, i);
    g_assert_true (g_str_equal (name, own) || g_str_has_suffix (name, "/configuration"));
  }
}

static void
test_a_patient_taken_off_the_list_is_revoked (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *own = g_strdup_printf ("patient:%s", world->one);
  g_autoptr (Station) station = station_new (world, world->gp_user);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (FyrPullReply) after = NULL;
  g_autoptr (FyrPullReply) later = NULL;

  fill (world);
  before = station_pull_all (station);
  g_assert_nonnull (entries_find (before, world->one));
  world_put (world, world_patient (world, world->one, world->centre, world->other_gp, "Ett"));
  world_put (world, world_note (world, world->one, "HEMMELIGETTER"));
  after = station_pull (station, FYR_PULL_MAX_BYTES);
  g_assert_cmpuint (after->revoked->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (after->revoked, 0), ==, own);
  g_assert_false (is_granted (after, own));
  later = station_pull (station, FYR_PULL_MAX_BYTES);
  g_assert_cmpuint (later->revoked->len, ==, 0);
  g_assert_cmpuint (later->scopes->len, ==, 0);
}

static void
test_an_ended_membership_is_revoked_at_the_next_contact (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GPtrArray) before = station_pull_all (station);
  g_autoptr (FyrPullReply) after = NULL;

  g_assert_cmpuint (before->len, >, 0);
  fyr_connection_exec (fyr_server_db_get_connection (world->db), "UPDATE membership SET valid_to = 1", NULL);
  after = station_pull (station, FYR_PULL_MAX_BYTES);
  g_assert_cmpuint (after->granted->len, ==, 0);
  g_assert_cmpuint (after->revoked->len, >=, 3);
  g_assert_cmpuint (after->scopes->len, ==, 0);
}

static void
test_a_membership_that_begins_later_grants_nothing_yet (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPullReply) reply = NULL;

  fyr_connection_exec (fyr_server_db_get_connection (world->db),
                       "UPDATE membership SET valid_from = 99999999999999", NULL);
  reply = station_pull (station, FYR_PULL_MAX_BYTES);
  g_assert_cmpuint (reply->granted->len, ==, 0);
}

typedef struct {
  const char *patient;
  const char *user;
  gboolean blocked;
} Block;

static gboolean
block_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Block *block = data;

  return fyr_apply_set_block (context, block->patient, block->user, block->blocked, error);
}

static void
test_a_patient_who_bars_a_user_leaves_that_workstation (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) barred = station_new (world, world->nurse_2);
  g_autoptr (Station) other = station_new (world, world->nurse);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GPtrArray) others = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autofree char *text = NULL;
  Block block = { world->two, world->nurse_2, TRUE };

  fill (world);
  before = station_pull_all (barred);
  g_assert_cmpint (entries_find (before, world->two)->op, ==, FYR_PULL_OP_PUT);
  g_assert_true (fyr_server_db_write (world->db, block_job, &block, NULL));
  after = station_pull_all (barred);
  g_assert_cmpint (entries_find (after, world->two)->op, ==, FYR_PULL_OP_DELETE);
  g_assert_cmpuint (count_kind (after, "note"), ==, 1);
  others = station_pull_all (other);
  g_assert_cmpint (entries_find (others, world->two)->op, ==, FYR_PULL_OP_PUT);
  text = everything_sent_to (world, world->nurse_2);
  g_assert_null (strstr (text, "\"family_name\":\"To\""));
  block.blocked = FALSE;
  g_assert_true (fyr_server_db_write (world->db, block_job, &block, NULL));
  again = station_pull_all (barred);
  g_assert_cmpint (entries_find (again, world->two)->op, ==, FYR_PULL_OP_PUT);
}

static void
test_from_is_always_the_cursor_and_one (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);

  for (guint i = 0; i < 5; i++) {
    g_autoptr (FyrPullReply) reply = NULL;

    fill (world);
    /* station_pull() compares each from with the cursor. */
    reply = station_pull (station, FYR_PULL_MAX_BYTES);
    g_assert_true (reply->complete);
    g_assert_cmpuint (reply->scopes->len, >, 0);
  }
}

static void
test_nothing_new_is_an_empty_page (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPullReply) first = station_pull (station, FYR_PULL_MAX_BYTES);
  g_autoptr (FyrPullReply) second = station_pull (station, FYR_PULL_MAX_BYTES);

  g_assert_true (second->complete);
  g_assert_cmpuint (second->scopes->len, ==, 0);
  g_assert_cmpuint (g_hash_table_size (second->heads), ==, first->granted->len);
}

static void
test_an_overtaken_entry_is_skipped_and_the_last_carries_the_record (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *name = g_strdup_printf ("%s/roster", world->centre);
  g_autoptr (FyrPullReply) reply = NULL;
  guint puts = 0, skips = 0;

  for (guint i = 0; i < 10; i++) {
    world_put (world, world_patient (world, world->two, world->centre, NULL, "To"));
  }
  reply = station_pull (station, FYR_PULL_MAX_BYTES);
  for (guint i = 0; i < reply->scopes->len; i++) {
    FyrPullScope *scope = g_ptr_array_index (reply->scopes, i);

    for (guint j = 0; g_str_equal (scope->scope, name) && j < scope->entries->len; j++) {
      FyrPullEntry *entry = g_ptr_array_index (scope->entries, j);
      if (g_str_equal (entry->id, world->two)) {
        puts += entry->op == FYR_PULL_OP_PUT;
        skips += entry->op == FYR_PULL_OP_SKIP;
        g_assert_true (entry->op == FYR_PULL_OP_SKIP || j == scope->entries->len - 1);
        g_assert_true (entry->op == FYR_PULL_OP_SKIP || fyr_record_get_version (entry->record) == 11);
      }
    }
  }
  g_assert_cmpuint (puts, ==, 1);
  g_assert_cmpuint (skips, ==, 10);
}

static void
test_a_deletion_reaches_who_had_the_record (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GPtrArray) before = station_pull_all (station);
  g_autoptr (GPtrArray) after = NULL;

  g_assert_nonnull (entries_find (before, world->two));
  world_delete (world, &fyr_patient_info, world->two);
  after = station_pull_all (station);
  g_assert_cmpint (entries_find (after, world->two)->op, ==, FYR_PULL_OP_DELETE);
}

static void
test_a_patient_who_moved_is_deleted_there_and_whole_here (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) old = station_new (world, world->nurse);
  g_autoptr (Station) new = station_new (world, world->far_nurse);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GPtrArray) arrived = NULL;
  g_autofree char *fresh = NULL;

  fill (world);
  before = station_pull_all (old);
  world_put (world, world_patient (world, world->two, world->far_centre, NULL, "To"));
  left = station_pull_all (old);
  g_assert_cmpint (entries_find (left, world->two)->op, ==, FYR_PULL_OP_DELETE);
  g_assert_cmpuint (count_kind (left, "note"), ==, 1);
  arrived = station_pull_all (new);
  g_assert_cmpint (entries_find (arrived, world->two)->op, ==, FYR_PULL_OP_PUT);
  g_assert_cmpuint (count_kind (arrived, "note"), ==, 2);
  /* Who comes new to the old centre never learns of the patient's record. */
  fresh = everything_sent_to (world, world->nurse_2);
  g_assert_null (strstr (fresh, "\"family_name\":\"To\""));
}

static void
test_pages_are_bounded_and_together_whole (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean complete = FALSE;
  guint pages = 0;

  for (guint i = 0; i < 700; i++) {
    world_put (world, world_note (world, world->two, "En tekst av passe lengde, som alle de andre."));
  }
  while (!complete) {
    g_autofree char *text = NULL;
    g_autoptr (FyrPullReply) reply = NULL;
    g_autoptr (Station) probe = NULL;

    g_assert_cmpuint (station_pull_text (station, 16 * 1024, &text), ==, 200);
    /* A page may be larger by one small chunk. */
    g_assert_cmpuint (strlen (text), <, 16 * 1024 + 16 * 1024);
    reply = station_pull (station, 16 * 1024);
    complete = reply->complete;
    pages++;
    for (guint i = 0; i < reply->scopes->len; i++) {
      FyrPullScope *scope = g_ptr_array_index (reply->scopes, i);
      for (guint j = 0; j < scope->entries->len; j++) {
        FyrPullEntry *entry = g_ptr_array_index (scope->entries, j);
        if (entry->op == FYR_PULL_OP_PUT && g_str_equal (entry->kind, "note")) {
          g_assert_true (g_hash_table_add (seen, g_strdup (entry->id)));
        }
      }
    }
  }
  g_assert_cmpuint (pages, >, 5);
  g_assert_cmpuint (g_hash_table_size (seen), ==, 700);
}

/* A GP whose list is long: the names of her patients' feeds alone are more than a small page. */
static void
test_a_page_with_very_many_feeds_goes_on (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->gp_user);
  gboolean complete = FALSE;
  guint pages = 0;

  for (guint i = 0; i < 400; i++) {
    char id[37];

    world_id (id);
    world_put (world, world_patient (world, id, world->centre, world->gp, "Liste"));
  }
  for (; !complete; pages++) {
    g_autofree char *text = NULL;
    g_autoptr (FyrPullReply) reply = NULL;

    g_assert_cmpuint (station_pull_text (station, 16 * 1024, &text), ==, 200);
    g_assert_nonnull (strstr (text, "patient:"));
    reply = station_pull (station, 16 * 1024);
    g_assert_true (reply->complete || reply->scopes->len > 0);
    complete = reply->complete;
  }
  g_assert_cmpuint (pages, >, 10);
  g_assert_cmpuint (g_hash_table_size (station->cursors), >, 400);
}

static void
test_very_large_records_still_come (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *long_text = g_strnfill (8000, 'x');
  g_autoptr (GPtrArray) entries = NULL;

  for (guint i = 0; i < 60; i++) {
    world_put (world, world_note (world, world->two, long_text));
  }
  for (gboolean complete = FALSE; !complete;) {
    g_autoptr (FyrPullReply) reply = station_pull (station, 16 * 1024);
    g_autofree char *text = NULL;

    complete = reply->complete;
    g_assert_cmpuint (station_pull_text (station, 16 * 1024, &text), ==, 200);
    g_assert_cmpuint (strlen (text), <, 16 * 1024 + 16 * 9000);
  }
  entries = station_pull_all (station);
  g_assert_cmpuint (entries->len, ==, 0);
}

static void
test_the_worklist_comes_first_and_history_last (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPullReply) reply = NULL;
  const char *order[] = { "configuration", "roster", "alert", "plan", "note", "measurement" };
  guint place = 0;

  fill (world);
  reply = station_pull (station, FYR_PULL_MAX_BYTES);
  for (guint i = 0; i < reply->scopes->len; i++) {
    const char *name = strchr (((FyrPullScope *)g_ptr_array_index (reply->scopes, i))->scope, '/') + 1;

    while (place < G_N_ELEMENTS (order) && !g_str_equal (order[place], name)) {
      place++;
    }
    g_assert_cmpuint (place, <, G_N_ELEMENTS (order));
  }
  g_assert_cmpuint (place, ==, G_N_ELEMENTS (order) - 1);
}

static void
assert_refused (Station *station, guint status, const char *code)
{
  g_autofree char *body = NULL;
  g_autofree char *wanted = g_strdup_printf ("\"code\":\"%s\"", code);

  g_assert_cmpuint (station_pull_text (station, FYR_PULL_MAX_BYTES, &body), ==, status);
  g_assert_nonnull (strstr (body, wanted));
  g_assert_null (strstr (body, "granted"));
}

static void
test_a_wrong_or_ended_session_gets_nothing (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *token = g_steal_pointer (&station->token);

  station->token = g_strdup ("wrong");
  assert_refused (station, 401, "unauthenticated");
  g_free (station->token);
  station->token = g_strdup (token);
  fyr_connection_exec (fyr_server_db_get_connection (world->db), "UPDATE session SET expires = 1", NULL);
  assert_refused (station, 401, "unauthenticated");
}

static void
test_a_token_on_another_machine_gets_nothing (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);

  world_id (station->device);
  assert_refused (station, 403, "forbidden");
}

static void
test_another_epoch_is_told_before_anything (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *epoch = g_strdup (fyr_server_db_get_epoch (world->db));
  g_autoptr (FyrConnection) reader = fyr_server_db_open_reader (world->db, NULL);
  FyrPull pull = { .db = world->db };

  pull.request = fyr_pull_request_new ();
  pull.request->epoch = g_strdup ("9-other");
  pull.request->device = g_strdup (station->device);
  pull.reply = fyr_reply_new ();
  fyr_token_hash (station->token, pull.token);
  g_assert_true (fyr_pull_run (reader, &pull, NULL));
  g_assert_cmpuint (pull.reply->status, ==, 409);
  g_assert_nonnull (strstr (pull.reply->body->str, epoch));
  fyr_reply_free (pull.reply);
  fyr_pull_request_free (pull.request);
}

static void
test_a_cursor_beyond_its_feed_is_malformed (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  gint64 far = 1000000;

  g_hash_table_insert (station->cursors, g_strdup ("global/configuration"), g_memdup2 (&far, sizeof far));
  assert_refused (station, 400, "malformed");
}

static void
test_a_feed_that_was_never_granted_is_named_revoked (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *far = g_strdup_printf ("%s/note", world->far_centre);
  g_autoptr (FyrPullReply) reply = NULL;
  gint64 zero = 0;

  fill (world);
  g_hash_table_insert (station->cursors, g_strdup (far), g_memdup2 (&zero, sizeof zero));
  reply = station_pull (station, FYR_PULL_MAX_BYTES);
  g_assert_cmpuint (reply->revoked->len, ==, 1);
  g_assert_cmpint (fyr_wire_heads_get (reply->heads, far), ==, 0);
}

static void
test_a_pull_may_wait_only_when_nothing_is_new (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrConnection) reader = fyr_server_db_open_reader (world->db, NULL);
  FyrPull pull = { .db = world->db, .may_wait = TRUE };

  pull.request = fyr_pull_request_new ();
  pull.request->epoch = g_strdup (fyr_server_db_get_epoch (world->db));
  pull.request->device = g_strdup (station->device);
  pull.request->max_bytes = FYR_PULL_MAX_BYTES;
  pull.reply = fyr_reply_new ();
  fyr_token_hash (station->token, pull.token);
  g_assert_true (fyr_pull_run (reader, &pull, NULL));
  g_assert_false (pull.waiting);
  world_note_held (world, &pull);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (FyrPullReply) reply =
        fyr_pull_reply_parse (pull.reply->body->str, pull.reply->body->len, NULL);
    GHashTableIter iter;
    gpointer name, head;

    if (reply != NULL) {
      g_hash_table_iter_init (&iter, reply->heads);
      while (g_hash_table_iter_next (&iter, &name, &head)) {
        fyr_pull_request_set_cursor (pull.request, name, *(gint64 *)head);
      }
    }
    g_assert_true (fyr_pull_run (reader, &pull, NULL));
    g_assert_true (pull.waiting);
  }
  g_assert_true (g_hash_table_contains (pull.granted, "global/configuration"));
  world_put (world, world_note (world, world->two, "nytt"));
  g_assert_true (fyr_pull_run (reader, &pull, NULL));
  g_assert_false (pull.waiting);
  fyr_reply_free (pull.reply);
  fyr_pull_request_free (pull.request);
  g_hash_table_unref (pull.granted);
}

static void
test_a_large_page_is_compressed_when_that_is_read (void)
{
  g_autoptr (FyrReply) small = fyr_reply_new ();
  g_autoptr (FyrReply) large = fyr_reply_new ();

  g_string_assign (small->body, "{}");
  fyr_reply_compress (small);
  g_assert_null (small->compressed);
  for (guint i = 0; i < 2000; i++) {
    g_string_append (large->body, "{\"tekst\":\"det samme\"}");
  }
  fyr_reply_compress (large);
  g_assert_nonnull (large->compressed);
  g_assert_cmpuint (g_bytes_get_size (large->compressed), <, large->body->len / 4);
  g_assert_cmpint (((const guint8 *)g_bytes_get_data (large->compressed, NULL))[0], ==, 0x1f);
}

/* Whatever happened, who pulls holds what the server holds for the centre. */
static void
test_random_work_leaves_a_workstation_equal_to_the_server (void)
{
  g_autoptr (World) world = world_new ();
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GHashTable) held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *centres[] = { world->centre, world->far_centre };
  char ids[5][37];

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 5; i++) {
    world_id (ids[i]);
  }
  for (guint step = 0; step < 80; step++) {
    const char *id = ids[g_rand_int_range (rand, 0, 5)];
    g_autoptr (FyrRecord) record = world_get (world, &fyr_patient_info, id);

    if (record != NULL && g_rand_int_range (rand, 0, 5) == 0) {
      world_delete (world, &fyr_patient_info, id);
    } else {
      world_put (world, world_patient (world, id, centres[g_rand_int_range (rand, 0, 2)], NULL, "Tilfeldig"));
    }
    if (g_rand_int_range (rand, 0, 4) == 0) {
      g_autoptr (GPtrArray) entries = station_pull_all (station);

      for (guint i = 0; i < entries->len; i++) {
        FyrPullEntry *entry = g_ptr_array_index (entries, i);
        if (entry->op == FYR_PULL_OP_DELETE) {
          g_hash_table_remove (held, entry->id);
        } else if (g_str_equal (entry->kind, "patient")) {
          gint64 version = fyr_record_get_version (entry->record);
          g_hash_table_insert (held, g_strdup (entry->id), g_memdup2 (&version, sizeof version));
        }
      }
      for (guint i = 0; i < 5; i++) {
        g_autoptr (FyrRecord) now = world_get (world, &fyr_patient_info, ids[i]);
        gint64 *version = g_hash_table_lookup (held, ids[i]);
        gboolean ours =
            now != NULL && g_str_equal (fyr_patient_get_centre_id (FYR_PATIENT (now)), world->centre);

        g_assert_cmpint (version != NULL, ==, ours);
        g_assert_true (!ours || *version == fyr_record_get_version (now));
      }
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/pull/" #name, test_##name)
  ADD (a_nurse_gets_all_of_her_centre_and_nothing_of_another);
  ADD (a_clerk_gets_no_clinical_byte);
  ADD (a_clerk_does_not_get_what_a_newer_program_wrote);
  ADD (managers_and_administrators_get_no_patient);
  ADD (a_gp_gets_her_own_list_and_nobody_else);
  ADD (a_patient_taken_off_the_list_is_revoked);
  ADD (an_ended_membership_is_revoked_at_the_next_contact);
  ADD (a_membership_that_begins_later_grants_nothing_yet);
  ADD (a_patient_who_bars_a_user_leaves_that_workstation);
  ADD (from_is_always_the_cursor_and_one);
  ADD (nothing_new_is_an_empty_page);
  ADD (an_overtaken_entry_is_skipped_and_the_last_carries_the_record);
  ADD (a_deletion_reaches_who_had_the_record);
  ADD (a_patient_who_moved_is_deleted_there_and_whole_here);
  ADD (pages_are_bounded_and_together_whole);
  ADD (a_page_with_very_many_feeds_goes_on);
  ADD (very_large_records_still_come);
  ADD (the_worklist_comes_first_and_history_last);
  ADD (a_wrong_or_ended_session_gets_nothing);
  ADD (a_token_on_another_machine_gets_nothing);
  ADD (another_epoch_is_told_before_anything);
  ADD (a_cursor_beyond_its_feed_is_malformed);
  ADD (a_feed_that_was_never_granted_is_named_revoked);
  ADD (a_pull_may_wait_only_when_nothing_is_new);
  ADD (a_large_page_is_compressed_when_that_is_read);
  ADD (random_work_leaves_a_workstation_equal_to_the_server);
  return g_test_run ();
}
