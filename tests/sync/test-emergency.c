/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Emergency access from a workstation, over the real server library: it comes, it ends, and nothing of it is left. */
#include <string.h>

#include "fyr-apply.h"
#include "fyr-emergency-grant.h"
#include "fyr-emergency.h"
#include "fyr-sync-emergency.h"
#include "fyr-test-world.h"

#define NUMBER "15076500565"
#define MINUTE_MS (60 * 1000)

typedef FyrTestPair Fixture;

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

/* The first patient has a number, and bars the first workstation's nurse. */
static void
set_up (Fixture *f, gconstpointer data)
{
  FyrRecord *patient;
  Block block;

  fyr_test_pair_set_up (f, data);
  patient = fyr_test_world_get (f->world, &fyr_patient_info, f->world->patients[0]);
  fyr_patient_set_identity_system (FYR_PATIENT (patient), "urn:oid:2.16.578.1.12.4.1.4.1");
  fyr_patient_set_identity_number (FYR_PATIENT (patient), NUMBER);
  fyr_test_world_put (f->world, patient);
  block = (Block){ f->world->patients[0], f->first->user_id };
  g_assert_true (fyr_server_db_write (f->world->db, block_job, &block, NULL));
  fyr_test_world_tell (f->world);
  g_assert_true (fyr_test_world_settle (f->world));
}

static gboolean
is_here (Fixture *f)
{
  g_autoptr (FyrRecord) patient = fyr_test_client_get (f->first, &fyr_patient_info, f->world->patients[0]);

  return patient != NULL;
}

static GAsyncResult *
wait_for (Fixture *f, GAsyncResult **slot)
{
  for (guint i = 0; *slot == NULL && i < 4000; i++) {
    fyr_test_world_step (f->world);
  }
  g_assert_nonnull (*slot);
  return *slot;
}

static char *
try_open (Fixture *f, const char *number, const char *password, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fyr_sync_engine_open_emergency_async (f->first->engine, number, FYR_EMERGENCY_REASON_DANGER,
                                        "Bevisstløs hjemme i dag", password, NULL, fyr_test_got, &slot);
  result = wait_for (f, &slot);
  return fyr_sync_engine_open_emergency_finish (f->first->engine, result, NULL, error);
}

static void
open_patient (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *patient_id = try_open (f, NUMBER, FYR_TEST_PASSWORD, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (patient_id, ==, f->world->patients[0]);
  g_assert_true (fyr_test_world_settle (f->world));
}

static const FyrEmergency *
find (Fixture *f)
{
  return fyr_sync_engine_find_emergency (f->first->engine, f->world->patients[0]);
}

static void
test_it_comes_with_the_answer (Fixture *f, gconstpointer data)
{
  gint64 before = f->world->now;
  gint64 seconds, passed;

  g_assert_false (is_here (f));
  g_assert_null (find (f));
  open_patient (f);
  passed = (f->world->now - before) / 1000;
  g_assert_true (is_here (f));
  g_assert_nonnull (find (f));
  g_assert_true (find (f)->alone);
  seconds = fyr_sync_engine_get_emergency_seconds (f->first->engine, find (f));
  /* The server's clock is the real one: seconds may be rounded twice. */
  g_assert_cmpint (seconds, >=, 4 * 3600 - passed - 3);
  g_assert_cmpint (seconds, <=, 4 * 3600);
  g_assert_null (fyr_sync_engine_find_emergency (f->first->engine, f->world->patients[1]));
}

static void
test_each_refusal_has_its_error (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *number;
    const char *password;
    FyrSyncErrorCode code;
  } cases[] = {
    { NUMBER, "feil passord altså", FYR_SYNC_ERROR_CREDENTIALS },
    { "01010750160", FYR_TEST_PASSWORD, FYR_SYNC_ERROR_CREDENTIALS },
    { "123", FYR_TEST_PASSWORD, FYR_SYNC_ERROR_MALFORMED },
  };
  g_autoptr (GError) twice = NULL, offline = NULL;
  g_autofree char *nobody = NULL, *again = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *patient_id = try_open (f, cases[i].number, cases[i].password, &error);

    g_assert_null (patient_id);
    g_assert_error (error, FYR_SYNC_ERROR, (int)cases[i].code);
  }
  open_patient (f);
  again = try_open (f, NUMBER, FYR_TEST_PASSWORD, &twice);
  g_assert_error (twice, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NOT_NEEDED);
  fyr_sync_engine_sign_out (f->first->engine);
  nobody = try_open (f, NUMBER, FYR_TEST_PASSWORD, &offline);
  g_assert_error (offline, FYR_SYNC_ERROR, FYR_SYNC_ERROR_UNAUTHENTICATED);
}

static void
test_too_many_tries_are_told_apart (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < FYR_EMERGENCY_TRIES_MAX; i++) {
    g_autofree char *nobody = try_open (f, "01010750160", FYR_TEST_PASSWORD, NULL);

    g_assert_null (nobody);
  }
  g_assert_null (try_open (f, NUMBER, FYR_TEST_PASSWORD, &error));
  g_assert_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_TOO_MANY);
}

static void
end (Fixture *f)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *access_id = g_strdup (find (f)->access_id);

  fyr_sync_engine_end_emergency_async (f->first->engine, access_id, NULL, fyr_test_got, &slot);
  result = wait_for (f, &slot);
  g_assert_true (fyr_sync_engine_end_emergency_finish (f->first->engine, result, &error));
  g_assert_no_error (error);
}

static gint64
count_unconfirmed (Fixture *f)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      f->world->reader, "SELECT count (*) FROM revocation WHERE confirmed IS NULL", NULL);

  g_assert_cmpint (fyr_statement_step (select, NULL), ==, FYR_STEP_ROW);
  return fyr_statement_get_int (select, 0);
}

static void
test_ended_by_her_it_is_gone_here_and_there (Fixture *f, gconstpointer data)
{
  open_patient (f);
  end (f);
  g_assert_true (fyr_test_world_settle (f->world));
  g_assert_false (is_here (f));
  g_assert_null (find (f));
  fyr_test_world_run (f->world, 120 * 1000);
  g_assert_true (fyr_test_world_settle (f->world));
  g_assert_cmpint (count_unconfirmed (f), ==, 0);
  /* It may be opened anew. */
  open_patient (f);
  g_assert_true (is_here (f));
}

/* No contact: the engine's own clock, which nobody sets, ends it. */
static void
test_offline_it_ends_by_the_clock (Fixture *f, gconstpointer data)
{
  gint64 begun = f->world->now;

  f->world->emergency_lasts = 10 * MINUTE_MS;
  open_patient (f);
  f->first->faults.cut = TRUE;
  /* Until all is settled, up to a minute has passed. */
  fyr_test_world_run (f->world, begun + 9 * MINUTE_MS - f->world->now);
  fyr_sync_engine_wake (f->first->engine);
  g_assert_true (is_here (f));
  fyr_test_world_run (f->world, 2 * MINUTE_MS);
  fyr_sync_engine_wake (f->first->engine);
  fyr_test_world_run (f->world, 60 * 1000);
  g_assert_false (is_here (f));
  g_assert_null (find (f));
}

/* The program was ended and started without contact: its database is sealed until somebody signs in. */
static void
test_started_again_offline_it_goes_on_and_ends (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->world->emergency_lasts = 10 * MINUTE_MS;
  open_patient (f);
  fyr_test_client_wait_known (f->first);
  f->first->faults.cut = TRUE;
  fyr_test_client_close (f->first);
  fyr_test_client_open (f->first);
  g_assert_cmpint (fyr_test_client_sign_in (f->first, FYR_TEST_PASSWORD, &error), ==, FYR_SIGN_IN_OFFLINE);
  g_assert_no_error (error);
  fyr_test_world_run (f->world, MINUTE_MS);
  g_assert_true (is_here (f));
  g_assert_nonnull (find (f));
  fyr_test_world_run (f->world, 11 * MINUTE_MS);
  fyr_sync_engine_wake (f->first->engine);
  fyr_test_world_run (f->world, 60 * 1000);
  g_assert_false (is_here (f));
  g_assert_null (find (f));
}

static gboolean
end_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Fixture *f = data;
  g_autoptr (FyrReply) reply = fyr_reply_new ();

  return fyr_emergency_end (context, f->first->user_id, find (f)->access_id, reply, error) &&
         reply->status == 200;
}

static guint
count_outbox (Fixture *f, FyrOutboxState state)
{
  g_autoptr (GPtrArray) entries = fyr_test_client_outbox (f->first, 1u << state);

  return entries->len;
}

/* The line was down when she wrote, and the access over when it came back: a person decides, and nothing is lost. */
static void
test_what_she_wrote_without_a_line_is_kept_and_taken_in (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) refused = NULL;
  g_autoptr (GPtrArray) notes = NULL;

  open_patient (f);
  f->first->faults.cut = TRUE;
  fyr_test_client_note (f->first, 0, "Ringte 113 og ble der");
  g_assert_true (fyr_server_db_write (f->world->db, end_job, f, NULL));
  f->first->faults.cut = FALSE;
  g_assert_true (fyr_test_world_settle (f->world));
  g_assert_false (is_here (f));
  refused = fyr_test_client_outbox (f->first, 1u << FYR_OUTBOX_REFUSED);
  g_assert_cmpuint (refused->len, ==, 1);
  g_assert_cmpstr (fyr_outbox_entry_get_code (g_ptr_array_index (refused, 0)), ==, "kept");
  fyr_test_world_settle_kept (f->world, TRUE, NULL);
  fyr_test_world_run (f->world, 120 * 1000);
  g_assert_true (fyr_test_world_settle (f->world));
  g_assert_cmpuint (count_outbox (f, FYR_OUTBOX_REFUSED), ==, 0);
  notes = fyr_test_client_list (f->second, &fyr_note_info);
  g_assert_cmpuint (notes->len, ==, 1);
  g_assert_cmpstr (fyr_note_get_author_id (g_ptr_array_index (notes, 0)), ==, f->first->user_id);
  g_assert_false (is_here (f));
}

/* The other workstation of the same centre neither gets nor loses anything by it. */
static void
test_colleagues_are_left_alone (Fixture *f, gconstpointer data)
{
  g_autoptr (FyrRecord) before = fyr_test_client_get (f->second, &fyr_patient_info, f->world->patients[0]);
  g_autoptr (FyrRecord) after = NULL;

  g_assert_nonnull (before);
  open_patient (f);
  end (f);
  g_assert_true (fyr_test_world_settle (f->world));
  after = fyr_test_client_get (f->second, &fyr_patient_info, f->world->patients[0]);
  g_assert_nonnull (after);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name)                                                                                            \
  g_test_add ("/sync/emergency/" #name, Fixture, NULL, set_up, test_##name, fyr_test_pair_tear_down)
  ADD (it_comes_with_the_answer);
  ADD (each_refusal_has_its_error);
  ADD (too_many_tries_are_told_apart);
  ADD (ended_by_her_it_is_gone_here_and_there);
  ADD (offline_it_ends_by_the_clock);
  ADD (started_again_offline_it_goes_on_and_ends);
  ADD (what_she_wrote_without_a_line_is_kept_and_taken_in);
  ADD (colleagues_are_left_alone);
  return g_test_run ();
}
