/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fyr-db-fixture.h"
#include "fyr-fault.h"
#include "fyr-reader.h"
#include "fyr-row-security.h"
#include "fyr-server-fixture.h"

/* The data folder, the writer's group commit and the readers' snapshots. */

static void
test_a_second_opening_names_the_first_process (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *pid = g_strdup_printf ("process %d", (int)getpid ());

  g_assert_null (fyr_server_db_open_at (world->directory, world->location, FYR_SERVER_DB_NONE, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_LOCKED);
  g_assert_nonnull (strstr (error->message, pid));
  g_assert_nonnull (strstr (error->message, world->directory));
  g_assert_cmpint (fyr_server_db_find_owner (world->directory), ==, getpid ());
}

static void
test_the_lock_ends_with_the_database (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&world->db, fyr_server_db_unref);
  g_assert_cmpint (fyr_server_db_find_owner (world->directory), ==, 0);
  world->db = fyr_server_db_open_at (world->directory, world->location, FYR_SERVER_DB_NONE, &error);
  g_assert_no_error (error);
}

static void
test_nobody_owns_a_folder_that_is_not_there (void)
{
  g_assert_cmpint (fyr_server_db_find_owner ("/nonexistent/fyrlykt"), ==, 0);
}

static void
test_a_missing_database_is_not_made_by_accident (void)
{
  g_autofree char *directory = g_dir_make_tmp ("fyrlykt-none-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "fyrlykt.db", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (fyr_server_db_open (directory, FYR_SERVER_DB_NONE, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_rmdir (directory);
}

static void
test_folder_and_files_are_the_owners_alone (void)
{
  g_autoptr (World) world = world_new ();
  GStatBuf status;

  g_assert_cmpint (g_stat (world->directory, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0077, ==, 0);
  g_assert_cmpint (g_stat (fyr_server_db_get_path (world->db), &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0077, ==, 0);
}

static void
test_the_epoch_stays_until_it_is_renewed (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *epoch = g_strdup (fyr_server_db_get_epoch (world->db));
  g_autoptr (GError) error = NULL;

  g_assert_true (g_str_has_prefix (epoch, "1-"));
  g_clear_pointer (&world->db, fyr_server_db_unref);
  world->db = fyr_server_db_open_at (world->directory, world->location, FYR_SERVER_DB_NONE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fyr_server_db_get_epoch (world->db), ==, epoch);
  g_assert_true (fyr_server_db_renew_epoch (world->db, &error));
  g_assert_true (g_str_has_prefix (fyr_server_db_get_epoch (world->db), "2-"));
  g_assert_cmpstr (fyr_server_db_get_epoch (world->db) + 2, !=, epoch + 2);
  g_clear_pointer (&world->db, fyr_server_db_unref);
  world->db = fyr_server_db_open_at (world->directory, world->location, FYR_SERVER_DB_NONE, &error);
  g_assert_true (g_str_has_prefix (fyr_server_db_get_epoch (world->db), "2-"));
}

static void
test_every_kind_has_a_number_that_stays (void)
{
  g_autoptr (World) world = world_new ();
  gint numbers[64];
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < fyr_n_record_infos; i++) {
    numbers[i] = fyr_server_db_get_kind_number (world->db, fyr_record_infos[i]->kind);
    g_assert_cmpint (numbers[i], >, 0);
    g_assert_cmpstr (fyr_server_db_get_kind_name (world->db, numbers[i]), ==, fyr_record_infos[i]->kind);
  }
  g_assert_cmpint (fyr_server_db_get_kind_number (world->db, "nothing"), ==, 0);
  g_assert_null (fyr_server_db_get_kind_name (world->db, 0));
  g_assert_null (fyr_server_db_get_kind_name (world->db, 63));
  g_assert_null (fyr_server_db_get_kind_name (world->db, -1));
  g_clear_pointer (&world->db, fyr_server_db_unref);
  world->db = fyr_server_db_open_at (world->directory, world->location, FYR_SERVER_DB_NONE, &error);
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    g_assert_cmpint (fyr_server_db_get_kind_number (world->db, fyr_record_infos[i]->kind), ==, numbers[i]);
  }
}

/* Writer */

typedef struct {
  World *world;
  FyrRecord *record;
  gboolean fail;
  gboolean done;
  GError *error;
  GArray *order;
  int number;
} Job;

static gboolean
run_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Job *job = data;

  if (!fyr_apply_put (context, job->record, error)) {
    return FALSE;
  }
  if (job->fail) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "wanted");
    return FALSE;
  }
  return TRUE;
}

static void
on_done (gpointer data, const GError *error)
{
  Job *job = data;

  g_assert_false (job->done);
  job->done = TRUE;
  job->error = error != NULL ? g_error_copy (error) : NULL;
  if (job->order != NULL) {
    g_array_append_val (job->order, job->number);
  }
}

static void
job_clear (Job *job)
{
  g_clear_object (&job->record);
  g_clear_error (&job->error);
}

static void
wait_for (Job *jobs, guint n)
{
  for (guint i = 0; i < n; i++) {
    while (!jobs[i].done) {
      g_main_context_iteration (NULL, TRUE);
    }
  }
}

static void
test_a_failed_job_undoes_only_itself (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *scope = g_strdup_printf ("%s/note", world->centre);
  Job jobs[3] = { 0 };
  FyrWriter *writer = fyr_writer_new (world->db);

  for (guint i = 0; i < 3; i++) {
    jobs[i].record = FYR_RECORD (world_note (world, world->one, "tekst"));
    jobs[i].fail = i == 1;
    fyr_writer_submit (writer, run_job, &jobs[i], on_done, NULL);
  }
  wait_for (jobs, 3);
  fyr_writer_free (writer);
  g_assert_no_error (jobs[0].error);
  g_assert_error (jobs[1].error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID);
  g_assert_no_error (jobs[2].error);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 2);
  g_assert_cmpint (world_head (world, scope), ==, 2);
  world_check_feeds (world);
  for (guint i = 0; i < 3; i++) {
    job_clear (&jobs[i]);
  }
}

static void
on_commit (GHashTable *heads, gpointer data)
{
  GHashTable *seen = data;
  GHashTableIter iter;
  gpointer name, head;

  g_hash_table_iter_init (&iter, heads);
  while (g_hash_table_iter_next (&iter, &name, &head)) {
    gint64 *former = g_hash_table_lookup (seen, name);

    g_assert_true (former == NULL || *former < *(gint64 *)head);
    g_hash_table_insert (seen, g_strdup (name), g_memdup2 (head, sizeof (gint64)));
  }
}

/* Jobs that wait while the writer is busy run in one transaction. */
typedef struct {
  GMutex mutex;
  gboolean begun;
} Gate;

static gboolean
pass_gate (FyrWriteContext *context, gpointer data, GError **error)
{
  Gate *gate = data;

  g_atomic_int_set (&gate->begun, TRUE);
  g_mutex_lock (&gate->mutex);
  g_mutex_unlock (&gate->mutex);
  return TRUE;
}

typedef struct {
  Job job;
  gboolean early; /* fails before it writes */
  int runs;
} Counted;

static gboolean
run_counted (FyrWriteContext *context, gpointer data, GError **error)
{
  Counted *counted = data;

  counted->runs++;
  if (counted->early) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "wanted");
    return FALSE;
  }
  return run_job (context, &counted->job, error);
}

static void
run_together (World *world, FyrWriter *writer, Counted *jobs, guint n)
{
  Gate gate = { .begun = FALSE };

  g_mutex_init (&gate.mutex);
  g_mutex_lock (&gate.mutex);
  fyr_writer_submit (writer, pass_gate, &gate, NULL, NULL);
  while (!g_atomic_int_get (&gate.begun)) {
    g_usleep (100);
  }
  for (guint i = 0; i < n; i++) {
    jobs[i].job.record = FYR_RECORD (world_note (world, world->one, "tekst"));
    fyr_writer_submit (writer, run_counted, &jobs[i], on_done, NULL);
  }
  g_mutex_unlock (&gate.mutex);
  for (guint i = 0; i < n; i++) {
    while (!jobs[i].job.done) {
      g_main_context_iteration (NULL, TRUE);
    }
  }
  g_mutex_clear (&gate.mutex);
}

static void
test_a_failure_after_writing_costs_the_others_one_more_run (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *scope = g_strdup_printf ("%s/note", world->centre);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  FyrWriter *writer = fyr_writer_new (world->db);
  Counted first[4] = { { .early = TRUE } };
  Counted second[3] = { { .early = FALSE } };

  first[2].job.fail = second[1].job.fail = TRUE;
  fyr_writer_set_commit_func (writer, on_commit, seen);
  run_together (world, writer, first, 4);
  /* For a while each job is guarded: another failure costs nobody anything. */
  run_together (world, writer, second, 3);
  fyr_writer_free (writer);
  if (fyr_test_on_file ()) {
    for (guint i = 0; i < 3; i++) {
      g_assert_cmpint (first[i].runs, ==, 2);
      g_assert_cmpint (second[i].runs, ==, 1);
    }
    g_assert_cmpint (first[3].runs, ==, 1);
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 4);
  g_assert_cmpint (world_head (world, scope), ==, 4);
  g_assert_cmpint (*(gint64 *)g_hash_table_lookup (seen, scope), ==, 4);
  world_check_feeds (world);
  for (guint i = 0; i < 4; i++) {
    g_assert_true ((first[i].job.error != NULL) == (i == 0 || i == 2));
    job_clear (&first[i].job);
  }
  for (guint i = 0; i < 3; i++) {
    g_assert_true ((second[i].job.error != NULL) == (i == 1));
    job_clear (&second[i].job);
  }
}

static void
test_a_refusal_before_writing_costs_nobody_a_run (void)
{
  g_autoptr (World) world = world_new ();
  FyrWriter *writer = fyr_writer_new (world->db);
  Counted jobs[4] = { { .early = TRUE } };

  jobs[2].early = TRUE;
  run_together (world, writer, jobs, 4);
  fyr_writer_free (writer);
  for (guint i = 0; i < 4; i++) {
    g_assert_cmpint (jobs[i].runs, ==, 1);
    g_assert_true ((jobs[i].job.error != NULL) == jobs[i].early);
    job_clear (&jobs[i].job);
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 2);
  world_check_feeds (world);
}

static void
count_commit (GHashTable *heads, gpointer data)
{
  ++*(int *)data;
}

static gboolean
run_slowly (FyrWriteContext *context, gpointer data, GError **error)
{
  g_usleep (15000);
  return run_job (context, data, error);
}

/* Who waits for an answer waits for the commit: it does not wait for all that came at the same time. */
static void
test_large_jobs_do_not_wait_for_each_other (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (int));
  FyrWriter *writer = fyr_writer_new (world->db);
  Job jobs[8] = { 0 };
  int commits = 0;

  fyr_writer_set_commit_func (writer, count_commit, &commits);
  for (int i = 0; i < 8; i++) {
    jobs[i].record = FYR_RECORD (world_note (world, world->one, "tekst"));
    jobs[i].fail = i == 5;
    jobs[i].order = order;
    jobs[i].number = i;
    fyr_writer_submit (writer, run_slowly, &jobs[i], on_done, NULL);
  }
  wait_for (jobs, 8);
  fyr_writer_free (writer);
  g_assert_cmpint (commits, >=, 4);
  for (int i = 0; i < 8; i++) {
    g_assert_cmpint (g_array_index (order, int, i), ==, i);
    g_assert_true ((jobs[i].error != NULL) == jobs[i].fail);
    job_clear (&jobs[i]);
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 7);
  world_check_feeds (world);
}

/* The numbers of a feed go on from what is in the database, whatever was undone in between. */
static void
test_a_lost_commit_leaves_no_hole_in_a_feed (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *scope = g_strdup_printf ("%s/note", world->centre);
  FyrWriter *writer = fyr_writer_new (world->db);
  Counted jobs[3][2] = { { { .early = FALSE } } };

  run_together (world, writer, jobs[0], 2);
  fyr_fault_arm_io (FYR_FAULT_FULL, 1);
  run_together (world, writer, jobs[1], 2);
  fyr_fault_disarm ();
  run_together (world, writer, jobs[2], 2);
  fyr_writer_free (writer);
  for (guint i = 0; i < 6; i++) {
    g_assert_true ((jobs[i / 2][i % 2].job.error != NULL) == (i / 2 == 1));
    job_clear (&jobs[i / 2][i % 2].job);
  }
  g_assert_cmpint (world_head (world, scope), ==, 4);
  world_check_feeds (world);
}

static void
test_answers_come_in_the_order_of_the_jobs (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (int));
  FyrWriter *writer = fyr_writer_new (world->db);
  Job jobs[200] = { 0 };

  for (int i = 0; i < 200; i++) {
    jobs[i].record = FYR_RECORD (world_note (world, world->one, "tekst"));
    jobs[i].fail = i % 7 == 3;
    jobs[i].order = order;
    jobs[i].number = i;
    fyr_writer_submit (writer, run_job, &jobs[i], on_done, NULL);
  }
  wait_for (jobs, 200);
  g_assert_cmpuint (fyr_writer_get_pending (writer), ==, 0);
  fyr_writer_free (writer);
  for (int i = 0; i < 200; i++) {
    g_assert_cmpint (g_array_index (order, int, i), ==, i);
    job_clear (&jobs[i]);
  }
  world_check_feeds (world);
}

static gpointer
write_many (gpointer data)
{
  Job *jobs = data;

  for (guint i = 0; i < 100; i++) {
    fyr_writer_submit ((FyrWriter *)jobs[i].world, run_job, &jobs[i], on_done, NULL);
  }
  return NULL;
}

static void
test_feeds_are_dense_under_concurrent_writers (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  FyrWriter *writer = fyr_writer_new (world->db);
  static Job jobs[8][100];
  GThread *threads[8];

  memset (jobs, 0, sizeof jobs);
  fyr_writer_set_commit_func (writer, on_commit, seen);
  for (guint t = 0; t < 8; t++) {
    for (guint i = 0; i < 100; i++) {
      const char *patient = i % 3 == 0 ? world->one : i % 3 == 1 ? world->two : world->far;

      jobs[t][i].record = i % 2 == 0 ? FYR_RECORD (world_note (world, patient, "x"))
                                     : FYR_RECORD (world_measurement (world, patient, 90));
      jobs[t][i].fail = i % 11 == 5;
      jobs[t][i].world = (World *)writer;
    }
    threads[t] = g_thread_new ("writer", write_many, jobs[t]);
  }
  for (guint t = 0; t < 8; t++) {
    g_thread_join (threads[t]);
    wait_for (jobs[t], 100);
  }
  fyr_writer_free (writer);
  world_check_feeds (world);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 8 * 46);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM measurement"), ==, 8 * 45);
  for (guint t = 0; t < 8; t++) {
    for (guint i = 0; i < 100; i++) {
      g_assert_true ((jobs[t][i].error != NULL) == jobs[t][i].fail);
      job_clear (&jobs[t][i]);
    }
  }
  {
    g_autofree char *scope = g_strdup_printf ("%s/note", world->centre);
    gint64 *head = g_hash_table_lookup (seen, scope);
    g_assert_cmpint (*head, ==, world_head (world, scope));
  }
}

static void
test_a_waited_job_is_on_the_disk_when_it_returns (void)
{
  g_autoptr (World) world = world_new ();
  FyrWriter *writer = fyr_writer_new (world->db);
  Job job = { .record = FYR_RECORD (world_note (world, world->one, "tekst")) };
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) reader = NULL;
  g_autoptr (FyrStatement) select = NULL;

  g_assert_true (fyr_writer_run (writer, run_job, &job, &error));
  g_assert_no_error (error);
  reader = fyr_server_db_open_reader (world->db, &error);
  g_assert_true (fyr_row_security_open_all (reader, &error));
  select = fyr_connection_prepare (reader, "SELECT count (*) FROM note", &error);
  g_assert_cmpint (fyr_statement_step (select, &error), ==, FYR_STEP_ROW);
  g_assert_cmpint (fyr_statement_get_int (select, 0), ==, 1);
  job.fail = TRUE;
  g_assert_false (fyr_writer_run (writer, run_job, &job, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID);
  g_clear_pointer (&select, fyr_statement_free);
  fyr_writer_free (writer);
  job_clear (&job);
}

static void
test_stopping_finishes_what_was_given (void)
{
  g_autoptr (World) world = world_new ();
  FyrWriter *writer = fyr_writer_new (world->db);
  Job jobs[50] = { 0 };

  for (guint i = 0; i < 50; i++) {
    jobs[i].record = FYR_RECORD (world_note (world, world->one, "tekst"));
    fyr_writer_submit (writer, run_job, &jobs[i], on_done, NULL);
  }
  fyr_writer_free (writer);
  for (guint i = 0; i < 50; i++) {
    g_assert_true (jobs[i].done);
    g_assert_no_error (jobs[i].error);
    job_clear (&jobs[i]);
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 50);
}

static void
on_broken (const GError *error, gpointer data)
{
  ++*(int *)data;
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_BROKEN);
}

static void
test_a_failed_sync_fails_the_batch_and_all_after_it (void)
{
  g_autoptr (World) world = world_new ();
  FyrWriter *writer = fyr_writer_new (world->db);
  Job jobs[3] = { 0 };
  int broken = 0;
  g_autoptr (GError) error = NULL;

  fyr_writer_set_broken_func (writer, on_broken, &broken);
  for (guint i = 0; i < 3; i++) {
    jobs[i].record = FYR_RECORD (world_note (world, world->one, "tekst"));
  }
  fyr_fault_arm_io (FYR_FAULT_SYNC, 1);
  fyr_writer_submit (writer, run_job, &jobs[0], on_done, NULL);
  wait_for (jobs, 1);
  fyr_fault_disarm ();
  g_assert_error (jobs[0].error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_BROKEN);
  g_assert_cmpint (broken, ==, 1);
  g_assert_true (fyr_writer_is_broken (writer));
  for (guint i = 1; i < 3; i++) {
    fyr_writer_submit (writer, run_job, &jobs[i], on_done, NULL);
  }
  wait_for (jobs, 3);
  g_assert_error (jobs[2].error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_BROKEN);
  g_assert_cmpint (broken, ==, 1);
  fyr_writer_free (writer);
  /* Opened again, the database is whole; what was not answered may be there or not, but not by half. */
  g_clear_pointer (&world->db, fyr_server_db_unref);
  world->db = fyr_server_db_open_at (world->directory, world->location, FYR_SERVER_DB_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (fyr_connection_check (fyr_server_db_get_connection (world->db), TRUE, &error));
  world_check_feeds (world);
  for (guint i = 0; i < 3; i++) {
    job_clear (&jobs[i]);
  }
}

static void
test_a_full_disk_is_told_and_passes (void)
{
  g_autoptr (World) world = world_new ();
  FyrWriter *writer = fyr_writer_new (world->db);
  Job jobs[2] = { 0 };
  int broken = 0;

  fyr_writer_set_broken_func (writer, on_broken, &broken);
  jobs[0].record = FYR_RECORD (world_note (world, world->one, "tekst"));
  jobs[1].record = FYR_RECORD (world_note (world, world->one, "tekst"));
  fyr_fault_arm_io (FYR_FAULT_FULL, 1);
  fyr_writer_submit (writer, run_job, &jobs[0], on_done, NULL);
  wait_for (jobs, 1);
  fyr_fault_disarm ();
  g_assert_error (jobs[0].error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_BUSY);
  g_assert_cmpint (broken, ==, 0);
  fyr_writer_submit (writer, run_job, &jobs[1], on_done, NULL);
  wait_for (jobs, 2);
  g_assert_no_error (jobs[1].error);
  fyr_writer_free (writer);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 1);
  world_check_feeds (world);
  job_clear (&jobs[0]);
  job_clear (&jobs[1]);
}

static void
test_every_failing_file_call_leaves_all_or_nothing (void)
{
  for (int n = 1; n <= 12; n++) {
    g_autoptr (World) world = world_new ();
    g_autoptr (GError) error = NULL;
    Job job = { .record = FYR_RECORD (world_note (world, world->one, "tekst")) };
    gboolean done, struck;
    gint64 notes;

    fyr_fault_arm_io (FYR_FAULT_ONCE, n);
    done = fyr_server_db_write (world->db, run_job, &job, &error);
    struck = fyr_fault_disarm ();
    g_assert_true (done || struck);
    g_clear_pointer (&world->db, fyr_server_db_unref);
    g_clear_error (&error);
    world->db = fyr_server_db_open_at (world->directory, world->location, FYR_SERVER_DB_NONE, &error);
    g_assert_no_error (error);
    notes = world_count (world, "SELECT count (*) FROM note");
    g_assert_true (!done || notes == 1);
    g_assert_cmpint (world_count (world, "SELECT count (*) FROM feed f JOIN kind k ON k.id = f.kind"
                                         " WHERE k.name = 'note'"),
                     ==, notes * 2);
    world_check_feeds (world);
    job_clear (&job);
  }
}

/* Readers */

typedef struct {
  gint64 counts[2];
  gboolean done;
  gboolean fail;
  GError *error;
} Reading;

static gboolean
count_twice (FyrConnection *connection, gpointer data, GError **error)
{
  Reading *reading = data;

  if (!fyr_row_security_begin (connection, FYR_ROW_SECURITY_ALL, error)) {
    return FALSE;
  }
  for (guint i = 0; i < 2; i++) {
    g_autoptr (FyrStatement) select =
        fyr_connection_prepare (connection, "SELECT count (*) FROM note", error);

    if (select == NULL || fyr_statement_step (select, error) != FYR_STEP_ROW) {
      return FALSE;
    }
    reading->counts[i] = fyr_statement_get_int (select, 0);
    g_usleep (2000);
  }
  if (reading->fail) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "wanted");
  }
  return !reading->fail;
}

static void
on_read (gpointer data, const GError *error)
{
  Reading *reading = data;

  reading->done = TRUE;
  reading->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
test_a_reading_sees_one_point_in_time (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GError) error = NULL;
  FyrReader *reader = fyr_reader_new (world->db, 3, &error);
  Reading readings[20] = { 0 };

  g_assert_no_error (error);
  for (guint i = 0; i < 20; i++) {
    readings[i].fail = i == 7;
    fyr_reader_submit (reader, count_twice, &readings[i], on_read, NULL);
    world_put (world, world_note (world, world->one, "tekst"));
  }
  for (guint i = 0; i < 20; i++) {
    while (!readings[i].done) {
      g_main_context_iteration (NULL, TRUE);
    }
    g_assert_cmpint (readings[i].counts[0], ==, readings[i].counts[1]);
    g_assert_true ((readings[i].error != NULL) == readings[i].fail);
    g_clear_error (&readings[i].error);
  }
  g_assert_cmpuint (fyr_reader_get_pending (reader), ==, 0);
  fyr_reader_free (reader);
}

static gboolean
write_something (FyrConnection *connection, gpointer data, GError **error)
{
  return fyr_row_security_begin (connection, FYR_ROW_SECURITY_ALL, error) &&
         fyr_connection_exec (connection, "DELETE FROM note", error);
}

static void
test_a_reader_cannot_write (void)
{
  g_autoptr (World) world = world_new ();
  FyrReader *reader = fyr_reader_new (world->db, 1, NULL);
  Reading reading = { 0 };

  world_put (world, world_note (world, world->one, "tekst"));
  fyr_reader_submit (reader, write_something, &reading, on_read, NULL);
  while (!reading.done) {
    g_main_context_iteration (NULL, TRUE);
  }
  g_assert_nonnull (reading.error);
  g_clear_error (&reading.error);
  fyr_reader_free (reader);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 1);
}

static void
count_frees (gpointer data)
{
  ((Reading *)data)->counts[1] = 77;
}

static void
test_stopping_readers_answers_what_was_asked (void)
{
  g_autoptr (World) world = world_new ();
  FyrReader *reader = fyr_reader_new (world->db, 2, NULL);
  Reading readings[10] = { 0 };

  for (guint i = 0; i < 10; i++) {
    fyr_reader_submit (reader, count_twice, &readings[i], on_read, count_frees);
  }
  fyr_reader_free (reader);
  for (guint i = 0; i < 10; i++) {
    g_assert_true (readings[i].done);
    g_assert_cmpint (readings[i].counts[1], ==, 77);
  }
}

int
main (int argc, char **argv)
{
  fyr_fault_install ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/store/" #name, test_##name)
  ADD (a_second_opening_names_the_first_process);
  ADD (the_lock_ends_with_the_database);
  ADD (nobody_owns_a_folder_that_is_not_there);
  ADD (a_missing_database_is_not_made_by_accident);
  if (fyr_test_on_file ()) {
    ADD (folder_and_files_are_the_owners_alone);
  }
  ADD (the_epoch_stays_until_it_is_renewed);
  ADD (every_kind_has_a_number_that_stays);
  ADD (a_failed_job_undoes_only_itself);
  ADD (large_jobs_do_not_wait_for_each_other);
  ADD (a_failure_after_writing_costs_the_others_one_more_run);
  if (fyr_test_on_file ()) {
    ADD (a_refusal_before_writing_costs_nobody_a_run);
    ADD (a_lost_commit_leaves_no_hole_in_a_feed);
  }
  ADD (answers_come_in_the_order_of_the_jobs);
  ADD (feeds_are_dense_under_concurrent_writers);
  ADD (a_waited_job_is_on_the_disk_when_it_returns);
  ADD (stopping_finishes_what_was_given);
  if (fyr_test_on_file ()) {
    ADD (a_failed_sync_fails_the_batch_and_all_after_it);
  }
  if (fyr_test_on_file ()) {
    ADD (a_full_disk_is_told_and_passes);
  }
  if (fyr_test_on_file ()) {
    ADD (every_failing_file_call_leaves_all_or_nothing);
  }
  ADD (a_reading_sees_one_point_in_time);
  ADD (a_reader_cannot_write);
  ADD (stopping_readers_answers_what_was_asked);
  return g_test_run ();
}
