/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-log.h"
#include "fyr-password.h"
#include "fyr-server-fixture.h"

/* Passwords, tokens, sessions, gateways, the log. */

static void
test_weak_passwords_are_refused (void)
{
  const char *weak[] = {
    "",
    "short",
    "ninechars",
    "1234567890",
    "0987654321",
    "abcdefghij",
    "qwertyuiop",
    "aaaaaaaaaaaa",
    "password123",
    "Password123!",
    "P@ssw0rd1234",
    "passord2024",
    "Velkommen2024",
    "Sommer2025!!",
    "Vinter2024!!!",
    "!!Fyrlykt2026",
    "qwerty123456",
    "administrator1",
    "hemmelig123",
    "iloveyou2024",
    "1qaz2wsx3edc",
    "trondheim1234",
    "kari.nordmann.1",
    "xxKARIxx2024",
  };

  for (guint i = 0; i < G_N_ELEMENTS (weak); i++) {
    g_autoptr (GError) error = NULL;

    if (fyr_password_check (weak[i], "kari", &error)) {
      g_error ("“%s” is taken for strong", weak[i]);
    }
    g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID);
    g_assert_true (*weak[i] == '\0' || strstr (error->message, weak[i]) == NULL);
  }
}

static void
test_long_passwords_of_any_kind_are_taken (void)
{
  const char *strong[] = {
    "en lang og god frase",        "korrekt hest batteri stift", "xK9#mQ2$vL7",
    "blåbærsyltetøy på brødskiva", "brru-wbvp-kjfh-bp9h",        "日本語のパスワードです",
    "password og noe helt annet",
  };

  for (guint i = 0; i < G_N_ELEMENTS (strong); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_true (fyr_password_check (strong[i], "kari", &error));
    g_assert_no_error (error);
    g_assert_true (fyr_password_check (strong[i], NULL, NULL));
  }
}

static void
test_bytes_that_are_no_text_or_too_many_are_refused (void)
{
  g_autofree char *endless = g_strnfill (5000, 'x');

  g_assert_false (fyr_password_check ("\xff\xfe god frase her", "kari", NULL));
  g_assert_false (fyr_password_check (endless, "kari", NULL));
}

static void
test_hashes_are_argon2id_of_64_mib_and_three_passes (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = fyr_password_hash ("en lang og god frase", &error);
  g_autofree char *again = fyr_password_hash ("en lang og god frase", &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (hash, "$argon2id$v=19$m=65536,t=3,"));
  g_assert_cmpstr (hash, !=, again);
  g_assert_true (fyr_password_verify (hash, "en lang og god frase"));
  g_assert_false (fyr_password_verify (hash, "en lang og god fras"));
  g_assert_false (fyr_password_verify (hash, ""));
  g_assert_false (fyr_password_verify ("not a hash", "x"));
  g_assert_false (fyr_password_verify (NULL, "en lang og god frase"));
}

static void
test_an_unknown_user_takes_as_long_as_a_known_one (void)
{
  g_autofree char *hash = fyr_password_hash ("en lang og god frase", NULL);
  gint64 known = 0, unknown = 0;

  fyr_password_verify (NULL, "feil");
  for (guint i = 0; i < 3; i++) {
    gint64 begin = g_get_monotonic_time ();
    gint64 middle;

    fyr_password_verify (hash, "feil");
    middle = g_get_monotonic_time ();
    fyr_password_verify (NULL, "feil");
    known += middle - begin;
    unknown += g_get_monotonic_time () - middle;
  }
  g_test_message ("%" G_GINT64_FORMAT " and %" G_GINT64_FORMAT " ms", known / 3000, unknown / 3000);
  g_assert_cmpint (unknown, >, known / 5);
  g_assert_cmpint (known, >, unknown / 5);
}

static void
test_tokens_are_long_random_and_kept_as_hashes (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++) {
    char *token = fyr_token_new (NULL);

    g_assert_cmpuint (strlen (token), ==, 43);
    g_assert_true (g_hash_table_add (seen, token));
  }
}

static void
test_only_a_bearer_token_is_read_from_a_header (void)
{
  guint8 hash[FYR_TOKEN_HASH_BYTES], wanted[FYR_TOKEN_HASH_BYTES], zero[FYR_TOKEN_HASH_BYTES] = { 0 };
  g_autofree char *endless = g_strnfill (300, 'x');
  g_autofree char *long_header = g_strconcat ("Bearer ", endless, NULL);
  const char *bad[] = { NULL, "", "Bearer", "Bearer ", "Basic abc", "abc", "Bearerabc", long_header };

  fyr_token_hash ("abc", wanted);
  g_assert_true (fyr_token_hash_header ("Bearer abc", hash));
  g_assert_cmpmem (hash, sizeof hash, wanted, sizeof wanted);
  g_assert_true (fyr_token_hash_header ("bearer abc", hash));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_false (fyr_token_hash_header (bad[i], hash));
    g_assert_cmpmem (hash, sizeof hash, zero, sizeof zero);
  }
}

/* Sessions and gateways */

typedef struct {
  const char *user;
  const char *id;
  char *token;
  FyrSession session;
  FyrGateway gateway;
  int result;
} Job;

static gboolean
create_session (FyrWriteContext *context, gpointer data, GError **error)
{
  Job *job = data;

  g_strlcpy (job->session.user_id, job->user, sizeof job->session.user_id);
  world_id (job->session.device_id);
  job->token = fyr_session_create (context, &job->session, NULL, error);
  return job->token != NULL;
}

static gboolean
end_session (FyrWriteContext *context, gpointer data, GError **error)
{
  Job *job = data;

  job->result = fyr_session_end (context, job->id, job->user, error);
  return job->result >= 0;
}

static gboolean
end_all (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_session_end_all (context, ((Job *)data)->user, error);
}

static gboolean
create_gateway (FyrWriteContext *context, gpointer data, GError **error)
{
  Job *job = data;

  g_strlcpy (job->gateway.centre_id, job->id, sizeof job->gateway.centre_id);
  job->token = fyr_gateway_create (context, &job->gateway, "app", error);
  return job->token != NULL;
}

static gboolean
end_gateway (FyrWriteContext *context, gpointer data, GError **error)
{
  Job *job = data;

  job->result = fyr_gateway_end (context, job->gateway.id, error);
  return job->result >= 0;
}

static void
run (World *world, FyrWriteFunc func, Job *job)
{
  g_autoptr (GError) error = NULL;

  fyr_server_db_write (world->db, func, job, &error);
  g_assert_no_error (error);
}

static int
find_session (World *world, const char *token, gint64 now, FyrSession *session)
{
  guint8 hash[FYR_TOKEN_HASH_BYTES];

  fyr_token_hash (token, hash);
  return fyr_session_find (fyr_server_db_get_connection (world->db), hash, now, session, NULL);
}

static void
test_a_session_lives_twelve_hours_and_no_longer (void)
{
  g_autoptr (World) world = world_new ();
  Job job = { .user = world->nurse };
  FyrSession found;
  gint64 now = g_get_real_time () / 1000;

  run (world, create_session, &job);
  g_assert_cmpint (find_session (world, job.token, now, &found), ==, 1);
  g_assert_cmpstr (found.user_id, ==, world->nurse);
  g_assert_cmpstr (found.device_id, ==, job.session.device_id);
  g_assert_cmpstr (found.id, ==, job.session.id);
  g_assert_cmpint (find_session (world, job.token, now + FYR_SESSION_LIFE - 60000, &found), ==, 1);
  g_assert_cmpint (find_session (world, job.token, now + FYR_SESSION_LIFE + 60000, &found), ==, 0);
  g_assert_cmpint (find_session (world, "another", now, &found), ==, 0);
  g_assert_cmpstr (found.user_id, ==, "");
  g_free (job.token);
}

static void
test_only_its_owner_ends_a_session (void)
{
  g_autoptr (World) world = world_new ();
  Job made = { .user = world->nurse };
  Job stranger = { .user = world->nurse_2 };
  Job owner = { .user = world->nurse };
  FyrSession found;

  run (world, create_session, &made);
  stranger.id = owner.id = made.session.id;
  run (world, end_session, &stranger);
  g_assert_cmpint (stranger.result, ==, 0);
  g_assert_cmpint (find_session (world, made.token, world->now, &found), ==, 1);
  run (world, end_session, &owner);
  g_assert_cmpint (owner.result, ==, 1);
  g_assert_cmpint (find_session (world, made.token, world->now, &found), ==, 0);
  g_free (made.token);
}

static void
test_all_of_one_user_end_and_none_of_another (void)
{
  g_autoptr (World) world = world_new ();
  Job jobs[3] = { { .user = world->nurse }, { .user = world->nurse }, { .user = world->nurse_2 } };
  Job end = { .user = world->nurse };
  FyrSession found;

  for (guint i = 0; i < 3; i++) {
    run (world, create_session, &jobs[i]);
  }
  run (world, end_all, &end);
  for (guint i = 0; i < 3; i++) {
    g_assert_cmpint (find_session (world, jobs[i].token, world->now, &found), ==, i == 2);
    g_free (jobs[i].token);
  }
}

static void
test_sessions_that_ended_are_forgotten (void)
{
  g_autoptr (World) world = world_new ();
  Job first = { .user = world->nurse };
  Job second = { .user = world->nurse };

  run (world, create_session, &first);
  fyr_connection_exec (fyr_server_db_get_connection (world->db), "UPDATE session SET expires = 1", NULL);
  run (world, create_session, &second);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM session"), ==, 1);
  g_free (first.token);
  g_free (second.token);
}

static void
test_a_gateway_reports_for_its_centre_until_it_ends (void)
{
  g_autoptr (World) world = world_new ();
  Job job = { .id = world->centre };
  guint8 hash[FYR_TOKEN_HASH_BYTES];
  FyrGateway found;
  FyrSession session;

  run (world, create_gateway, &job);
  fyr_token_hash (job.token, hash);
  g_assert_cmpint (fyr_gateway_find (fyr_server_db_get_connection (world->db), hash, &found, NULL), ==, 1);
  g_assert_cmpstr (found.centre_id, ==, world->centre);
  g_assert_cmpint (find_session (world, job.token, world->now, &session), ==, 0);
  run (world, end_gateway, &job);
  g_assert_cmpint (job.result, ==, 1);
  g_assert_cmpint (fyr_gateway_find (fyr_server_db_get_connection (world->db), hash, &found, NULL), ==, 0);
  run (world, end_gateway, &job);
  g_assert_cmpint (job.result, ==, 0);
  g_free (job.token);
}

/* The log */

static void
test_the_log_takes_ids_and_codes_only (void)
{
  if (g_test_subprocess ()) {
    fyr_log_set_enabled (TRUE);
    fyr_log ("event", "id", "01980000-0000-7000-8000-000000000001", "name", "Kari Nordmann", "code",
             "already-taken", "odd", "a\nb", "none", NULL, NULL);
    fyr_log ("second", "text", "æøå", NULL);
    fyr_log_set_enabled (FALSE);
    fyr_log ("third", NULL);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr (
      "*Z event id=01980000-0000-7000-8000-000000000001 name=? code=already-taken odd=? none=?\n*");
  g_test_trap_assert_stderr ("*Z second text=?\n*");
  g_test_trap_assert_stderr_unmatched ("*Nordmann*");
  g_test_trap_assert_stderr_unmatched ("*third*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/account/" #name, test_##name)
  ADD (weak_passwords_are_refused);
  ADD (long_passwords_of_any_kind_are_taken);
  ADD (bytes_that_are_no_text_or_too_many_are_refused);
  ADD (hashes_are_argon2id_of_64_mib_and_three_passes);
  ADD (an_unknown_user_takes_as_long_as_a_known_one);
  ADD (tokens_are_long_random_and_kept_as_hashes);
  ADD (only_a_bearer_token_is_read_from_a_header);
  ADD (a_session_lives_twelve_hours_and_no_longer);
  ADD (only_its_owner_ends_a_session);
  ADD (all_of_one_user_end_and_none_of_another);
  ADD (sessions_that_ended_are_forgotten);
  ADD (a_gateway_reports_for_its_centre_until_it_ends);
  ADD (the_log_takes_ids_and_codes_only);
  return g_test_run ();
}
