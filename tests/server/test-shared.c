/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "fyr-db-fixture.h"
#include "fyr-lockout.h"
#include "fyr-record-table.h"
#include "fyr-relay.h"
#include "fyr-row-security.h"
#include "fyr-schedule.h"
#include "fyr-server-fixture.h"
#include "fyr-shared.h"

/* Two server processes on one PostgreSQL database: a second database object stands for the second process. */
typedef struct {
  World *world;
  char *directory;
  FyrServerDb *other;
} Pair;

static void
pair_open (Pair *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->world = world_new ();
  self->directory = g_dir_make_tmp ("fyrlykt-second-XXXXXX", &error);
  self->other = fyr_server_db_open_at (self->directory, self->world->location, FYR_SERVER_DB_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (fyr_server_db_is_shared (self->other));
}

static void
pair_close (Pair *self, gconstpointer data)
{
  g_autofree char *lock = g_build_filename (self->directory, "fyrlykt.lock", NULL);

  fyr_server_db_unref (self->other);
  remove (lock);
  remove (self->directory);
  g_free (self->directory);
  world_free (self->world);
}

static gboolean
put_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_apply_put (context, data, error);
}

/* Many writers in both processes */

typedef struct {
  FyrServerDb *db;
  World *world;
  int count;
  guint32 seed;
  gint failures;
} Crowd;

static gpointer
write_many (gpointer data)
{
  Crowd *crowd = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (crowd->seed);
  const char *patients[] = { crowd->world->one, crowd->world->two, crowd->world->far };

  for (int i = 0; i < crowd->count; i++) {
    g_autoptr (FyrNote) note = world_note (crowd->world, patients[g_rand_int_range (rand, 0, 3)], "tekst");
    g_autoptr (GError) error = NULL;

    if (!fyr_server_db_write (crowd->db, put_job, note, &error)) {
      g_test_message ("%s", error->message);
      g_atomic_int_inc (&crowd->failures);
    }
  }
  return NULL;
}

static void
test_feeds_stay_dense_under_two_processes (Pair *self, gconstpointer data)
{
  guint32 seed = g_test_rand_int ();
  Crowd one = { self->world->db, self->world, 60, seed, 0 };
  Crowd two = { self->other, self->world, 60, seed + 1, 0 };
  GThread *thread;

  g_test_message ("seed %u", seed);
  thread = g_thread_new ("second", write_many, &two);
  write_many (&one);
  g_thread_join (thread);
  g_assert_cmpint (one.failures + two.failures, ==, 0);
  g_assert_cmpint (world_count (self->world, "SELECT count (*) FROM note"), ==, 120);
  world_check_feeds (self->world);
}

/* The same with the thread that gathers jobs, as servers have it. */

typedef struct {
  GMainContext *context;
  FyrServerDb *db;
  World *world;
  guint32 seed;
  int waiting;
  int failed;
} Office;

static void
on_written (gpointer data, const GError *error)
{
  Office *office = data;

  if (error != NULL) {
    g_test_message ("%s", error->message);
  }
  office->failed += error != NULL;
  office->waiting--;
}

typedef struct {
  Office *office;
  FyrNote *notes[3];
} Letter;

/* Several patients in one job, in any order: two processes would wait for each other in a ring if they waited. */
static gboolean
write_letter (FyrWriteContext *context, gpointer data, GError **error)
{
  Letter *letter = data;

  for (guint i = 0; i < 3; i++) {
    if (!fyr_apply_put (context, FYR_RECORD (letter->notes[i]), error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static void
on_letter (gpointer data, const GError *error)
{
  on_written (((Letter *)data)->office, error);
}

static void
letter_free (gpointer data)
{
  Letter *letter = data;

  for (guint i = 0; i < 3; i++) {
    g_object_unref (letter->notes[i]);
  }
  g_free (letter);
}

static gpointer
run_office (gpointer data)
{
  Office *office = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (office->seed);
  const char *patients[] = { office->world->one, office->world->two, office->world->far };
  FyrWriter *writer;

  g_main_context_push_thread_default (office->context);
  writer = fyr_writer_new (office->db);
  for (int i = 0; i < 100; i++) {
    Letter *letter = g_new0 (Letter, 1);

    letter->office = office;
    for (guint j = 0; j < 3; j++) {
      letter->notes[j] = world_note (office->world, patients[g_rand_int_range (rand, 0, 3)], "brev");
    }
    office->waiting++;
    fyr_writer_submit (writer, write_letter, letter, on_letter, letter_free);
  }
  while (office->waiting > 0) {
    g_main_context_iteration (office->context, TRUE);
  }
  g_assert_false (fyr_writer_is_broken (writer));
  fyr_writer_free (writer);
  g_main_context_pop_thread_default (office->context);
  return NULL;
}

static void
test_jobs_that_meet_are_done_later (Pair *self, gconstpointer data)
{
  guint32 seed = g_test_rand_int ();
  Office one = { g_main_context_new (), self->world->db, self->world, seed, 0, 0 };
  Office two = { g_main_context_new (), self->other, self->world, seed + 1, 0, 0 };
  GThread *first = g_thread_new ("first", run_office, &one);
  GThread *second = g_thread_new ("second", run_office, &two);

  g_test_message ("seed %u", seed);
  g_thread_join (first);
  g_thread_join (second);
  g_main_context_unref (one.context);
  g_main_context_unref (two.context);
  g_assert_cmpint (one.failed + two.failed, ==, 0);
  g_assert_cmpint (world_count (self->world, "SELECT count (*) FROM note"), ==, 600);
  world_check_feeds (self->world);
}

/* What one process decides, the other knows */

/* A station of the first process, at the second one's door. */
static guint
push_to (Pair *self, FyrServerDb *db, Station *station, FyrPushRequest *request, char **body)
{
  FyrServerDb *own = self->world->db;
  guint status;

  self->world->db = db;
  status = station_push (station, request, body);
  self->world->db = own;
  return status;
}

static void
test_a_push_repeated_through_another_process_has_the_same_outcome (Pair *self, gconstpointer data)
{
  g_autoptr (Station) station = station_new (self->world, self->world->nurse);
  g_autofree char *fields = NULL;
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autoptr (FyrPushRequest) request = NULL;
  char id[37];

  world_id (id);
  fields = g_strdup_printf ("{\"patient_id\":\"%s\",\"text\":\"tekst\",\"time\":%" G_GINT64_FORMAT "}",
                            self->world->one, self->world->now);
  request =
      station_request (station, station_mutation (station, "create", "note", id, 0, fields, NULL), NULL);
  g_assert_cmpuint (push_to (self, self->world->db, station, request, &first), ==, 200);
  g_assert_cmpuint (push_to (self, self->other, station, request, &again), ==, 200);
  g_assert_nonnull (strstr (first, "\"applied\""));
  g_assert_cmpstr (strstr (again, "\"outcomes\""), ==, strstr (first, "\"outcomes\""));
  g_assert_cmpint (world_count (self->world, "SELECT count (*) FROM note"), ==, 1);
  world_check_feeds (self->world);
}

typedef struct {
  Pair *pair;
  FyrServerDb *db;
  Station *station;
  FyrPushRequest *request;
  char *body;
  GError *error;
} Knock;

static gboolean
knock_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_push_run (context, data, error);
}

static gpointer
knock (gpointer data)
{
  Knock *self = data;
  FyrPush push = { .request = self->request, .reply = fyr_reply_new () };

  fyr_token_hash (self->station->token, push.token);
  fyr_server_db_write (self->db, knock_job, &push, &self->error);
  g_assert_no_error (self->error);
  self->body = g_strdup (push.reply->body->str);
  fyr_reply_free (push.reply);
  return NULL;
}

static FyrPushRequest *
take_request (Pair *self, Station *station, const char *alert)
{
  g_autofree char *fields = NULL;
  char event[37];

  world_id (event);
  fields = g_strdup_printf ("{\"event_id\":\"%s\",\"based_on\":\"open\"}", event);
  return station_request (station, station_mutation (station, "take", "alert", alert, 1, fields, NULL), NULL);
}

static void
test_of_two_nurses_at_two_processes_the_first_takes_the_alert (Pair *self, gconstpointer data)
{
  for (int round = 0; round < 10; round++) {
    g_autoptr (Station) kari = station_new (self->world, self->world->nurse);
    g_autoptr (Station) ola = station_new (self->world, self->world->nurse_2);
    char alert[37];
    Knock knocks[2] = { { .pair = self, .db = self->world->db, .station = kari },
                        { .pair = self, .db = self->other, .station = ola } };
    GThread *thread;
    int applied = 0;

    world_alert (self->world, self->world->one, alert);
    knocks[0].request = take_request (self, kari, alert);
    knocks[1].request = take_request (self, ola, alert);
    thread = g_thread_new ("second", knock, &knocks[1]);
    knock (&knocks[0]);
    g_thread_join (thread);
    for (int i = 0; i < 2; i++) {
      applied += strstr (knocks[i].body, "\"applied\"") != NULL;
      fyr_push_request_free (knocks[i].request);
      g_free (knocks[i].body);
    }
    g_assert_cmpint (applied, ==, 1);
  }
  g_assert_cmpint (world_count (self->world, "SELECT count (*) FROM alert WHERE status = 2"), ==, 10);
  world_check_feeds (self->world);
}

typedef struct {
  FyrServerDb *db;
  const char *name;
} Guess;

static gboolean
note_guess (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_lockout_note (context, data, error);
}

static gpointer
guess_many (gpointer data)
{
  Guess *guess = data;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 10; i++) {
    fyr_server_db_write (guess->db, note_guess, (gpointer)guess->name, &error);
    g_assert_no_error (error);
  }
  return NULL;
}

static void
test_wrong_passwords_count_together (Pair *self, gconstpointer data)
{
  Guess one = { self->world->db, "Kari" };
  Guess two = { self->other, "kari" };
  GThread *thread = g_thread_new ("second", guess_many, &two);

  guess_many (&one);
  g_thread_join (thread);
  g_assert_cmpint (world_count (self->world, "SELECT failures FROM sign_in_failure"), ==, 20);
}

/* Row-level security */

static gint64
count_as (FyrConnection *connection, const char *centres, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrTransaction) reading = fyr_transaction_begin_read (connection, &error);

  if (centres != NULL) {
    g_assert_true (fyr_row_security_begin (connection, centres, &error));
  }
  g_assert_no_error (error);
  return fyr_test_scalar (connection, sql);
}

static void
test_a_query_that_says_nothing_sees_nothing (Pair *self, gconstpointer data)
{
  g_autoptr (FyrConnection) reader = fyr_server_db_open_reader (self->other, NULL);
  const char *kinds[] = { "patient", "note", "measurement", "limit", "alert" };

  world_put (self->world, world_note (self->world, self->world->one, "tekst"));
  world_put (self->world, world_note (self->world, self->world->far, "tekst"));
  world_put (self->world, world_measurement (self->world, self->world->one, 95));
  world_put (self->world, world_limit (self->world, self->world->one, self->world->now));
  world_alert (self->world, self->world->one, (char[37]){ "" });
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM \"%s\"", kinds[i]);

    g_assert_cmpint (count_as (reader, NULL, sql), ==, 0);
    g_assert_cmpint (count_as (reader, "", sql), ==, 0);
    g_assert_cmpint (count_as (reader, "0198f0aa-1234-7abc-8def-00112233ffee", sql), ==, 0);
    g_assert_cmpint (count_as (reader, FYR_ROW_SECURITY_ALL, sql), >, 0);
  }
  /* What was said ends with the transaction. */
  g_assert_cmpint (count_as (reader, NULL, "SELECT count (*) FROM patient"), ==, 0);
}

static void
test_a_centre_sees_its_own (Pair *self, gconstpointer data)
{
  g_autoptr (FyrConnection) reader = fyr_server_db_open_reader (self->other, NULL);
  g_autofree char *both = g_strdup_printf ("%s %s ", self->world->centre, self->world->far_centre);

  world_put (self->world, world_note (self->world, self->world->one, "tekst"));
  world_put (self->world, world_note (self->world, self->world->far, "tekst"));
  g_assert_cmpint (count_as (reader, self->world->centre, "SELECT count (*) FROM patient"), ==, 2);
  g_assert_cmpint (count_as (reader, self->world->far_centre, "SELECT count (*) FROM patient"), ==, 1);
  g_assert_cmpint (count_as (reader, self->world->centre, "SELECT count (*) FROM note"), ==, 1);
  g_assert_cmpint (count_as (reader, both, "SELECT count (*) FROM note"), ==, 2);
  g_assert_cmpint (count_as (reader, self->world->centre, "SELECT count (*) FROM history"), ==, 0);
}

static void
test_a_subject_is_narrowed_to_its_centres (Pair *self, gconstpointer data)
{
  g_autoptr (FyrConnection) reader = fyr_server_db_open_reader (self->other, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrTransaction) reading = fyr_transaction_begin_read (reader, &error);
  FyrSubject *subject = fyr_subject_load (reader, self->world->far_nurse, self->world->now, &error);

  g_assert_no_error (error);
  g_assert_true (fyr_subject_narrow (subject, reader, &error));
  g_assert_cmpint (fyr_test_scalar (reader, "SELECT count (*) FROM patient"), ==, 1);
  fyr_subject_free (subject);
}

static void
test_nothing_is_written_outside_of_what_is_seen (Pair *self, gconstpointer data)
{
  FyrConnection *connection = fyr_server_db_get_connection (self->other);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrTransaction) writing = fyr_transaction_begin (connection, &error);
  g_autoptr (FyrPatient) patient =
      world_patient (self->world, self->world->two, self->world->far_centre, NULL, "Flyttet");

  g_assert_true (fyr_row_security_begin (connection, self->world->centre, &error));
  g_assert_true (fyr_connection_exec (connection, "UPDATE patient SET status = status", &error));
  g_assert_cmpint (fyr_connection_get_changes (connection), ==, 2);
  g_assert_false (fyr_record_table_put (connection, FYR_RECORD (patient), &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
}

/* The life of the database */

static gboolean
forget_timeline (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context),
                              "UPDATE meta SET value = 'another cluster' WHERE name = 'timeline'", error);
}

static gboolean
look (FyrServerDb *db, gboolean may_write, GError **error)
{
  g_autoptr (FyrConnection) connection = fyr_server_db_open_another (db, error);
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin (connection, error);

  return fyr_server_db_check_life (db, connection, may_write, error) &&
         fyr_transaction_commit (transaction, error);
}

static void
test_another_timeline_is_another_epoch (Pair *self, gconstpointer data)
{
  const char *former = fyr_server_db_get_epoch (self->world->db);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (fyr_server_db_get_epoch (self->other), ==, former);
  g_assert_true (fyr_server_db_write (self->other, forget_timeline, NULL, &error));
  /* A reader waits for a writer to say so. */
  g_assert_false (look (self->other, FALSE, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (look (self->other, TRUE, &error));
  g_assert_true (g_str_has_prefix (fyr_server_db_get_epoch (self->other), "2-"));
  g_assert_true (look (self->world->db, FALSE, &error));
  g_assert_cmpstr (fyr_server_db_get_epoch (self->world->db), ==, fyr_server_db_get_epoch (self->other));
  g_assert_true (look (self->world->db, TRUE, &error));
  g_assert_true (g_str_has_prefix (fyr_server_db_get_epoch (self->world->db), "2-"));
  g_assert_true (g_str_has_prefix (former, "1-"));
}

/* The relay */

typedef struct {
  GHashTable *heads;
  int rechecks;
  int lives;
} Ear;

static void
hear_heads (GHashTable *heads, gpointer data)
{
  Ear *ear = data;
  GHashTableIter iter;
  gpointer scope, head;

  g_hash_table_iter_init (&iter, heads);
  while (g_hash_table_iter_next (&iter, &scope, &head)) {
    fyr_wire_heads_set (ear->heads, scope, *(gint64 *)head);
  }
}

static void
hear_recheck (gpointer data)
{
  ((Ear *)data)->rechecks++;
}

static void
hear_life (gpointer data)
{
  ((Ear *)data)->lives++;
}

static const FyrRelayFuncs ear_funcs = { hear_heads, hear_recheck, hear_life };

/* Until @scope is heard of at @head; well beyond it the test fails by its own timeout. */
static void
listen_for (Ear *ear, const char *scope, gint64 head)
{
  while (fyr_wire_heads_get (ear->heads, scope) < head) {
    g_main_context_iteration (NULL, TRUE);
  }
}

static void
test_processes_hear_of_each_others_commits (Pair *self, gconstpointer data)
{
  Ear ear = { .heads = fyr_wire_heads_new () };
  Ear own = { .heads = fyr_wire_heads_new () };
  FyrRelay *mouth = fyr_relay_new (self->world->db, &ear_funcs, &own);
  FyrRelay *relay = fyr_relay_new (self->other, &ear_funcs, &ear);
  g_autoptr (GHashTable) heads = fyr_wire_heads_new ();
  int rechecks;

  listen_for (&ear, "global/configuration", 1);
  rechecks = ear.rechecks;
  fyr_wire_heads_set (heads, "somewhere/alert", 7);
  fyr_relay_tell (mouth, heads);
  listen_for (&ear, "somewhere/alert", 7);
  fyr_wire_heads_set (heads, "somewhere/alert", 6);
  fyr_relay_tell (mouth, heads);
  fyr_relay_tell_all (mouth);
  while (ear.rechecks == rechecks) {
    g_main_context_iteration (NULL, TRUE);
  }
  g_assert_cmpint (fyr_wire_heads_get (ear.heads, "somewhere/alert"), ==, 7);
  g_assert_cmpint (ear.lives, ==, 0);
  g_assert_true (fyr_relay_is_connected (relay));
  fyr_relay_free (mouth);
  fyr_relay_free (relay);
  g_hash_table_unref (ear.heads);
  g_hash_table_unref (own.heads);
}

static void
test_what_no_notice_brings_is_read (Pair *self, gconstpointer data)
{
  Ear ear = { .heads = fyr_wire_heads_new () };
  FyrRelay *relay = fyr_relay_new (self->other, &ear_funcs, &ear);
  g_autofree char *scope = g_strdup_printf ("%s/note", self->world->centre);

  listen_for (&ear, "global/configuration", 1);
  /* Written without a word to anybody. */
  fyr_test_scalar (fyr_server_db_get_connection (self->world->db), "SELECT 1");
  {
    g_autofree char *sql = g_strdup_printf ("INSERT INTO scope (name, head) VALUES ('%s', 3)", scope);

    g_assert_true (fyr_connection_exec (fyr_server_db_get_connection (self->world->db), sql, NULL));
  }
  listen_for (&ear, scope, 3);
  fyr_relay_free (relay);
  g_hash_table_unref (ear.heads);
}

static gboolean
cut_others (FyrConnection *connection)
{
  return fyr_test_scalar (connection,
                          "SELECT count (pg_terminate_backend (pid, 5000)) FROM pg_stat_activity"
                          " WHERE pid <> pg_backend_pid () AND datname = current_database ()") > 0;
}

static void
test_a_relay_that_was_cut_listens_again (Pair *self, gconstpointer data)
{
  Ear ear = { .heads = fyr_wire_heads_new () };
  FyrRelay *relay = fyr_relay_new (self->other, &ear_funcs, &ear);
  int rechecks;

  listen_for (&ear, "global/configuration", 1);
  rechecks = ear.rechecks;
  g_assert_true (cut_others (fyr_server_db_get_connection (self->world->db)));
  while (ear.rechecks == rechecks) {
    g_main_context_iteration (NULL, TRUE);
  }
  fyr_relay_free (relay);
  g_hash_table_unref (ear.heads);
}

static void
test_a_write_after_a_cut_is_done_once (Pair *self, gconstpointer data)
{
  g_autoptr (FyrNote) note = world_note (self->world, self->world->one, "tekst");
  g_autoptr (GError) error = NULL;

  g_assert_true (cut_others (fyr_server_db_get_connection (self->world->db)));
  /* Nothing was begun when the line went: it is made again, without an error to anybody. */
  if (!fyr_server_db_write (self->other, put_job, note, &error)) {
    g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_BUSY);
    g_clear_error (&error);
    g_assert_true (fyr_server_db_write (self->other, put_job, note, &error));
  }
  g_assert_cmpint (world_count (self->world, "SELECT count (*) FROM note"), ==, 1);
  world_check_feeds (self->world);
}

/* Schedules */

typedef struct {
  gint runs;
} Work;

static gboolean
work (FyrWriteContext *context, gint64 since, gint64 now, gpointer data, GError **error)
{
  g_atomic_int_inc (&((Work *)data)->runs);
  return fyr_connection_exec (fyr_write_context_get_connection (context), "SELECT pg_sleep (0.3)", error);
}

static gpointer
run_schedule (gpointer data)
{
  Crowd *crowd = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  FyrWriter *writer;
  FyrSchedule *schedule;

  g_main_context_push_thread_default (context);
  writer = fyr_writer_new (crowd->db);
  schedule = fyr_schedule_new (writer);
  fyr_schedule_add (schedule, "work", 3600, work, crowd->world);
  fyr_schedule_free (schedule);
  fyr_writer_free (writer);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_one_process_at_a_time_does_what_comes_round (Pair *self, gconstpointer data)
{
  Work done = { 0 };
  Crowd one = { .db = self->world->db, .world = (World *)(gpointer)&done };
  Crowd two = { .db = self->other, .world = (World *)(gpointer)&done };
  GThread *first = g_thread_new ("first", run_schedule, &one);
  GThread *second = g_thread_new ("second", run_schedule, &two);

  g_thread_join (first);
  g_thread_join (second);
  g_assert_cmpint (done.runs, ==, 1);
  g_assert_cmpint (world_count (self->world, "SELECT count (*) FROM schedule WHERE name = 'work'"), ==, 1);
}

/* Addresses */

static void
test_an_address_is_shown_without_its_password (Pair *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fyr_server_db_open_at (NULL, NULL, FYR_SERVER_DB_NONE, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (fyr_server_db_open_at (self->directory, "/some/file", FYR_SERVER_DB_NONE, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (
      fyr_server_db_open_at (NULL, "postgresql://a:hemmelig@127.0.0.1:1/b", FYR_SERVER_DB_NONE, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO);
  g_assert_null (strstr (error->message, "hemmelig"));
  g_assert_null (strstr (fyr_server_db_get_path (self->other), "options"));
}

#define ADD(name, function) g_test_add ("/server/shared/" name, Pair, NULL, pair_open, function, pair_close)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("feeds-stay-dense-under-two-processes", test_feeds_stay_dense_under_two_processes);
  ADD ("jobs-that-meet-are-done-later", test_jobs_that_meet_are_done_later);
  ADD ("a-push-repeated-elsewhere-has-the-same-outcome",
       test_a_push_repeated_through_another_process_has_the_same_outcome);
  ADD ("the-first-takes-the-alert", test_of_two_nurses_at_two_processes_the_first_takes_the_alert);
  ADD ("wrong-passwords-count-together", test_wrong_passwords_count_together);
  ADD ("a-query-that-says-nothing-sees-nothing", test_a_query_that_says_nothing_sees_nothing);
  ADD ("a-centre-sees-its-own", test_a_centre_sees_its_own);
  ADD ("a-subject-is-narrowed-to-its-centres", test_a_subject_is_narrowed_to_its_centres);
  ADD ("nothing-is-written-outside-of-what-is-seen", test_nothing_is_written_outside_of_what_is_seen);
  ADD ("another-timeline-is-another-epoch", test_another_timeline_is_another_epoch);
  ADD ("processes-hear-of-each-others-commits", test_processes_hear_of_each_others_commits);
  ADD ("what-no-notice-brings-is-read", test_what_no_notice_brings_is_read);
  ADD ("a-relay-that-was-cut-listens-again", test_a_relay_that_was_cut_listens_again);
  ADD ("a-write-after-a-cut-is-done-once", test_a_write_after_a_cut_is_done_once);
  ADD ("one-process-does-what-comes-round", test_one_process_at_a_time_does_what_comes_round);
  ADD ("an-address-is-shown-without-its-password", test_an_address_is_shown_without_its_password);
  return g_test_run ();
}
