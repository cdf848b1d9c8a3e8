/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-apply.h"
#include "fyr-holding.h"
#include "fyr-store-keys.h"
#include "fyr-store-private.h"
#include "fyr-test-world.h"
#include "fyr-uuid.h"

/*
 * Access taken away, wherever the workstation is in its work: afterwards no byte of what it may not have any more is in
 * its database, and what it had not delivered is kept for its author. The bytes are looked for in the files themselves,
 * where there never are any, and in all pages of the database as they are under the seal.
 */

#define MARK "M9XPASIENT"
#define OWN_MARK "M9XEGETARBEID"

typedef struct {
  FyrTestWorld *world;
  FyrTestClient *client;
  FyrTestClient *colleague;
} Fixture;

static guint
count_in (const char *path, const char *mark)
{
  g_autofree char *bytes = NULL;
  gsize length = 0, size = strlen (mark);
  guint found = 0;

  if (!g_file_get_contents (path, &bytes, &length, NULL)) {
    return 0;
  }
  for (const char *at = bytes; length >= size && at <= bytes + length - size; at++) {
    at = memchr (at, mark[0], (gsize)(bytes + length - at));
    if (at == NULL || at > bytes + length - size) {
      break;
    }
    found += memcmp (at, mark, size) == 0;
  }
  return found;
}

/* What lies under the seal, free pages and all. */
static void
open_copy (FyrTestClient *client, const char *copy)
{
  g_autoptr (GError) error = NULL;

  if (client->store != NULL) {
    g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_backup_async (client->store, copy, FYR_SLOT));

    fyr_store_backup_finish (client->store, result, &error);
  } else {
    g_autoptr (FyrConnection) connection = fyr_test_client_look (client);

    fyr_connection_backup (connection, copy, &error);
  }
  g_assert_no_error (error);
}

/* In the database of one workstation; its files themselves never have any. */
static guint
count_bytes (FyrTestClient *client, const char *mark)
{
  g_autofree char *folder = g_path_get_dirname (client->path);
  g_autofree char *base = g_path_get_basename (client->path);
  g_autofree char *copy = g_build_filename (folder, "opened.db", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    if (g_str_has_prefix (name, base)) {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpuint (count_in (path, mark), ==, 0);
    }
  }
  open_copy (client, copy);
  return count_in (copy, mark);
}

typedef struct {
  FyrTestWorld *world;
  guint first;
  guint count;
} Marked;

static gboolean
marked_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Marked *marked = data;

  for (guint i = marked->first; i < marked->first + marked->count; i++) {
    g_autoptr (FyrNote) note = fyr_note_new ();
    g_autofree char *text = g_strdup_printf (MARK " %u in a note that is long enough to fill its page", i);
    char id[37];

    fyr_uuid_v7_new (g_get_real_time () / 1000, id);
    fyr_record_set_id (FYR_RECORD (note), id);
    fyr_note_set_patient_id (note, marked->world->patients[i % FYR_TEST_PATIENTS]);
    fyr_note_set_author_id (note, marked->world->clients[1].user_id);
    fyr_note_set_time (note, marked->world->now);
    fyr_note_set_text (note, text);
    if (!fyr_apply_put (context, FYR_RECORD (note), error)) {
      return FALSE;
    }
  }
  return TRUE;
}

/* Notes with a marker, in one transaction. */
static void
put_marked (FyrTestWorld *world, guint first, guint count)
{
  Marked marked = { world, first, count };
  g_autoptr (GError) error = NULL;

  fyr_server_db_write (world->db, marked_job, &marked, &error);
  g_assert_no_error (error);
  fyr_test_world_tell (world);
}

static void
mark_patients (FyrTestWorld *world)
{
  for (guint i = 0; i < FYR_TEST_PATIENTS; i++) {
    FyrRecord *patient = fyr_test_world_get (world, &fyr_patient_info, world->patients[i]);

    fyr_record_set_string (patient, FYR_PATIENT_FAMILY_NAME, MARK "FAMILIE");
    fyr_record_set_string (patient, FYR_PATIENT_WHAT_MATTERS, MARK "HELSE");
    fyr_test_world_put (world, patient);
  }
}

static void
sign_in (FyrTestClient *client)
{
  g_autoptr (GError) error = NULL;

  fyr_test_client_open (client);
  g_assert_cmpint (fyr_test_client_sign_in (client, FYR_TEST_PASSWORD, &error), ==, FYR_SIGN_IN_ONLINE);
  g_assert_no_error (error);
}

static void
open_world (Fixture *f, guint32 seed)
{
  f->world = fyr_test_world_new (seed);
  f->client = &f->world->clients[0];
  f->colleague = &f->world->clients[1];
  mark_patients (f->world);
  put_marked (f->world, 0, 40);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  open_world (f, 42);
  sign_in (f->client);
  sign_in (f->colleague);
  g_assert_true (fyr_test_world_settle (f->world));
  g_assert_cmpuint (count_bytes (f->client, MARK), >, 40);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  fyr_test_world_free (f->world);
}

static FyrRecord *
membership_of (FyrTestWorld *world, FyrTestClient *client)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (world->reader, "SELECT id FROM membership WHERE user_id = ?1", NULL);

  fyr_statement_bind_id (select, 1, client->user_id);
  g_assert_cmpint (fyr_statement_step (select, NULL), ==, FYR_STEP_ROW);
  return fyr_test_world_get (world, &fyr_membership_info, fyr_statement_get_id (select, 0));
}

/* The role ends; the server closes the live channel, as it does within its two seconds. */
static void
end_role (Fixture *f)
{
  FyrRecord *membership = membership_of (f->world, f->client);

  fyr_record_set_int (membership, FYR_MEMBERSHIP_VALID_TO, g_get_real_time () / 1000 - 1000);
  fyr_test_world_put (f->world, membership);
  fyr_test_world_close_lives (f->world, f->client, 4003);
}

/* Until no byte is left, or all patience is over. What is on its way when access ends may come first: two pulls that
 * began afterwards have told of it. */
static void
wait_gone (Fixture *f)
{
  gint64 until = f->world->now + 600000;
  guint pulls = f->client->pulls;
  guint left;

  do {
    g_autoptr (GPtrArray) barrier = NULL;

    fyr_test_world_run (f->world, 1000);
    /* The store has done what it was told before. */
    barrier = fyr_test_client_outbox (f->client, 0);
    left = count_bytes (f->client, MARK);
  } while (f->world->now < until && (left > 0 || f->client->pulls + f->client->polls < pulls + 3));
}

/* What the server knows to have been taken away, of any workstation; @all: also what is confirmed. */
static guint
count_revoked (Fixture *f, gboolean all)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = fyr_holding_list (f->world->reader, all, g_get_real_time () / 1000, &error);

  g_assert_no_error (error);
  return rows->len;
}

/* The workstation has said so, and the server knows it; and it says so only once nothing is left. */
static void
wait_confirmed (Fixture *f)
{
  gint64 until = f->world->now + 600000;

  while (f->world->now < until && count_revoked (f, FALSE) > 0) {
    fyr_test_world_run (f->world, 500);
  }
  g_assert_cmpuint (count_revoked (f, FALSE), ==, 0);
  g_assert_cmpuint (count_bytes (f->client, MARK), ==, 0);
}

static guint
count_shown (Fixture *f, const FyrRecordInfo *info)
{
  g_autoptr (GPtrArray) all = fyr_test_client_list (f->client, info);

  return all->len;
}

/* Nothing in any list, and no byte in any file, also once the program has ended. */
static void
assert_gone (Fixture *f)
{
  g_assert_cmpuint (count_shown (f, &fyr_patient_info), ==, 0);
  g_assert_cmpuint (count_shown (f, &fyr_note_info), ==, 0);
  g_assert_cmpuint (count_shown (f, &fyr_alert_info), ==, 0);
  g_assert_cmpuint (count_bytes (f->client, MARK), ==, 0);
  fyr_test_client_close (f->client);
  g_assert_cmpuint (count_bytes (f->client, MARK), ==, 0);
}

static void
test_online (Fixture *f, gconstpointer data)
{
  gint64 begin = f->world->now;

  end_role (f);
  while (count_bytes (f->client, MARK) > 0 && f->world->now - begin < 60000) {
    fyr_test_world_run (f->world, 100);
  }
  g_test_message ("gone after %" G_GINT64_FORMAT " ms of the world's time", f->world->now - begin);
  g_assert_cmpint (f->world->now - begin, <=, 3000);
  wait_confirmed (f);
  g_assert_cmpuint (count_revoked (f, TRUE), >, 0);
  assert_gone (f);
  /* The colleague keeps all of it. */
  g_assert_cmpuint (count_bytes (f->colleague, MARK), >, 40);
}

static gboolean
shut_out_job (FyrWriteContext *context, gpointer user_id, GError **error)
{
  g_autoptr (FyrStatement) insert =
      fyr_connection_prepare (fyr_write_context_get_connection (context),
                              "INSERT INTO shut_out (device, time) SELECT DISTINCT device, 1 FROM session"
                              " WHERE \"user\" = ?1",
                              error);

  fyr_statement_bind_id (insert, 1, user_id);
  return fyr_statement_run (insert, error);
}

/* Lost or stolen: what it has goes at its next contact, and nobody signs in there, with contact or without. */
static void
test_of_a_workstation_that_is_shut_out (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) refused = NULL;
  g_autoptr (GError) offline = NULL;
  g_autoptr (GPtrArray) outbox = NULL;

  fyr_test_client_wait_known (f->client);
  f->client->faults.cut = TRUE;
  fyr_test_world_run (f->world, 5000);
  fyr_test_client_note (f->client, 0, OWN_MARK);
  g_assert_true (fyr_server_db_write (f->world->db, shut_out_job, f->client->user_id, NULL));
  f->client->faults.cut = FALSE;
  wait_gone (f);
  wait_confirmed (f);
  fyr_test_world_run (f->world, 70000);
  g_assert_cmpint (fyr_sync_engine_get_state (f->client->engine), ==, FYR_SYNC_STATE_SIGNED_OUT);
  outbox = fyr_test_client_outbox (f->client, G_MAXUINT);
  g_assert_cmpuint (outbox->len, ==, 1);
  g_assert_cmpuint (count_shown (f, &fyr_patient_info), ==, 0);
  g_assert_cmpuint (count_bytes (f->client, MARK), ==, 0);
  fyr_test_client_close (f->client);
  fyr_test_client_open (f->client);
  g_assert_cmpint (fyr_test_client_sign_in (f->client, FYR_TEST_PASSWORD, &refused), ==, FYR_SIGN_IN_FAILED);
  g_assert_error (refused, FYR_SYNC_ERROR, FYR_SYNC_ERROR_SHUT_OUT);
  f->client->faults.cut = TRUE;
  g_assert_cmpint (fyr_test_client_sign_in (f->client, FYR_TEST_PASSWORD, &offline), ==, FYR_SIGN_IN_FAILED);
  g_assert_nonnull (offline);
  /* The colleague works on. */
  g_assert_cmpuint (count_bytes (f->colleague, MARK), >, 40);
}

static void
test_without_a_live_channel (Fixture *f, gconstpointer data)
{
  f->client->faults.refuse_socket = TRUE;
  fyr_test_world_close_lives (f->world, f->client, 1006);
  fyr_test_world_run (f->world, 30000);
  end_role (f);
  wait_gone (f);
  assert_gone (f);
}

static void
test_during_a_pull (Fixture *f, gconstpointer data)
{
  f->client->faults.delay = 4000;
  for (guint i = 0; i < 20; i++) {
    put_marked (f->world, 1000 + i, 1);
    fyr_test_world_step (f->world);
  }
  end_role (f);
  wait_gone (f);
  wait_confirmed (f);
  g_assert_cmpuint (count_revoked (f, TRUE), >, 0);
  assert_gone (f);
}

static void
test_during_a_push (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) kept = NULL;

  f->client->faults.delay = 4000;
  fyr_test_client_note (f->client, 0, OWN_MARK);
  fyr_test_world_step (f->world);
  end_role (f);
  wait_gone (f);
  g_assert_cmpuint (count_bytes (f->client, MARK), ==, 0);
  /* Either it arrived before, or the author still has it. */
  kept = fyr_test_client_outbox (f->client, G_MAXUINT);
  g_assert_cmpuint (kept->len, ==, 1);
}

static void
test_undelivered_work_is_kept_for_its_author (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) kept = NULL;

  f->client->faults.cut = TRUE;
  fyr_test_world_close_lives (f->world, f->client, 1006);
  for (guint i = 0; i < 3; i++) {
    fyr_test_client_note (f->client, i, OWN_MARK);
  }
  end_role (f);
  fyr_test_world_run (f->world, 60000);
  f->client->faults.cut = FALSE;
  wait_gone (f);
  g_assert_cmpuint (count_bytes (f->client, MARK), ==, 0);
  kept = fyr_test_client_outbox (f->client, G_MAXUINT);
  g_assert_cmpuint (kept->len, ==, 3);
  g_assert_cmpuint (count_bytes (f->client, OWN_MARK), >=, 3);
  fyr_test_client_close (f->client);
}

static void
test_during_the_first_sync (void)
{
  for (guint steps = 1; steps < 14; steps += 2) {
    Fixture f;

    open_world (&f, 100 + steps);
    put_marked (f.world, 5000, 300);
    f.client->faults.delay = 50;
    sign_in (f.client);
    for (guint i = 0; i < steps; i++) {
      fyr_test_world_step (f.world);
    }
    end_role (&f);
    wait_gone (&f);
    assert_gone (&f);
    fyr_test_world_free (f.world);
  }
}

/* Half a day without contact: nobody gets in any more, and with the first contact it goes. */
static void
test_thirteen_hours_offline (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fyr_test_client_wait_known (f->client);
  f->client->faults.cut = TRUE;
  fyr_test_world_close_lives (f->world, f->client, 1006);
  end_role (f);
  fyr_test_client_close (f->client);
  fyr_test_client_open (f->client);
  fyr_store_set_clock (f->client->store, g_get_real_time () / 1000 + 13 * G_GINT64_CONSTANT (3600000));
  g_assert_cmpint (fyr_test_client_sign_in (f->client, FYR_TEST_PASSWORD, &error), !=, FYR_SIGN_IN_OFFLINE);
  g_assert_nonnull (error);
  g_clear_error (&error);
  f->client->faults.cut = FALSE;
  fyr_test_client_sign_in (f->client, FYR_TEST_PASSWORD, &error);
  wait_gone (f);
  wait_confirmed (f);
  g_assert_cmpuint (count_bytes (f->client, MARK), ==, 0);
}

/* The answer to the confirmation is lost, and the program ends: it is said again, once it runs. */
static void
test_a_confirmation_survives (Fixture *f, gconstpointer data)
{
  end_role (f);
  f->client->faults.drop_reply = 60;
  wait_gone (f);
  fyr_test_client_close (f->client);
  f->client->faults.drop_reply = 0;
  sign_in (f->client);
  wait_confirmed (f);
}

/* From nurse to equipment clerk: names and addresses stay, no health data does. */
static void
test_another_role_keeps_what_that_role_may (Fixture *f, gconstpointer data)
{
  FyrRecord *membership = membership_of (f->world, f->client);

  fyr_record_set_int (membership, FYR_MEMBERSHIP_ROLE, FYR_ROLE_CLERK);
  fyr_test_world_put (f->world, membership);
  fyr_test_world_close_lives (f->world, f->client, 4003);
  fyr_test_world_run (f->world, 70000);
  g_assert_cmpuint (count_shown (f, &fyr_note_info), ==, 0);
  g_assert_cmpuint (count_shown (f, &fyr_alert_info), ==, 0);
  g_assert_cmpuint (count_bytes (f->client, MARK " "), ==, 0);
  g_assert_cmpuint (count_bytes (f->client, MARK "HELSE"), ==, 0);
  g_assert_cmpuint (count_shown (f, &fyr_patient_info), ==, FYR_TEST_PATIENTS);
  g_assert_cmpuint (count_bytes (f->client, MARK "FAMILIE"), >, 0);
}

typedef struct {
  const char *patient;
  const char *user;
} Block;

static gboolean
block_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Block *block = data;

  return fyr_apply_set_block (context, block->patient, block->user, TRUE, error);
}

static void
test_one_patient_who_bars_a_user_goes_alone (Fixture *f, gconstpointer data)
{
  Block block = { f->world->patients[0], f->client->user_id };
  g_autoptr (FyrRecord) gone = NULL;
  g_autoptr (GError) error = NULL;

  fyr_server_db_write (f->world->db, block_job, &block, &error);
  g_assert_no_error (error);
  fyr_test_world_tell (f->world);
  fyr_test_world_run (f->world, 70000);
  g_assert_cmpuint (count_shown (f, &fyr_patient_info), ==, FYR_TEST_PATIENTS - 1);
  gone = fyr_test_client_get (f->client, &fyr_patient_info, f->world->patients[0]);
  g_assert_null (gone);
}

/* Any moment of any work. */
static void
test_at_random_moments (void)
{
  const char *told = g_getenv ("FYRLYKT_ROUNDS");
  guint rounds = told != NULL ? (guint)g_ascii_strtoull (told, NULL, 10) : 5;
  guint32 seed = g_test_rand_int ();
  guint markers = 0, confirmed = 0;

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < rounds; round++) {
    Fixture f;
    gint64 until;

    open_world (&f, seed + round);
    f.client->faults.delay = g_rand_int_range (f.world->random, 1, 3000);
    sign_in (f.client);
    until = f.world->now + g_rand_int_range (f.world->random, 0, 20000);
    while (f.world->now < until) {
      if (fyr_test_world_chance (f.world, 30)) {
        put_marked (f.world, g_rand_int (f.world->random) % 10000, 1);
      }
      fyr_test_world_step (f.world);
    }
    f.client->faults.drop_request = f.client->faults.drop_reply = 20;
    end_role (&f);
    fyr_test_world_run (f.world, 60000);
    f.client->faults.drop_request = f.client->faults.drop_reply = 0;
    wait_gone (&f);
    markers += count_bytes (f.client, MARK);
    wait_confirmed (&f);
    confirmed += count_revoked (&f, TRUE);
    fyr_test_client_close (f.client);
    markers += count_bytes (f.client, MARK);
    fyr_test_world_free (f.world);
  }
  g_test_message ("revocations %u markers %u feeds confirmed %u", rounds, markers, confirmed);
  g_assert_cmpuint (markers, ==, 0);
}

#define ADD(name) g_test_add ("/sync/revocation/" #name, Fixture, NULL, set_up, test_##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (online);
  ADD (of_a_workstation_that_is_shut_out);
  ADD (without_a_live_channel);
  ADD (during_a_pull);
  ADD (during_a_push);
  ADD (undelivered_work_is_kept_for_its_author);
  ADD (thirteen_hours_offline);
  ADD (a_confirmation_survives);
  ADD (another_role_keeps_what_that_role_may);
  ADD (one_patient_who_bars_a_user_goes_alone);
  g_test_add_func ("/sync/revocation/during_the_first_sync", test_during_the_first_sync);
  g_test_add_func ("/sync/revocation/at_random_moments", test_at_random_moments);
  return g_test_run ();
}
