/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-writer.h"

#include "fyr-apply-state.h"
#include "fyr-log-keeper.h"
#include "fyr-shared.h"
#include "fyr-transaction.h"

/* At most so many jobs in one commit: the first must not wait for the last too long. Where other processes write too,
 * fewer: what a job locks is held until the commit. */
#define MAX_BATCH 512
#define MAX_SHARED_BATCH 64

/* A transaction that has taken so long takes no more of its jobs: they are large, and an alert waits for the commit. */
#define ENOUGH_US 20000

/* How long jobs wait for what another process holds: the first of a transaction, with nothing in its own hands, for
 * seconds; the others hardly, so that two transactions hardly ever wait for each other in a ring. Who meets another
 * process is done in a later transaction. */
#define PATIENCE_MS 5000
#define HURRY_MS 5
/* A job that has taken so much of its transactions' time is not tried again: a few times of patience, many rings that
 * PostgreSQL broke after a second, or hundreds of short meetings. */
#define TRYING_US (3 * PATIENCE_MS * G_GINT64_CONSTANT (1000))

/* How many transactions guard each of their jobs after one had to be undone for one of them. */
#define GUARDED_AFTER 32

/* Who waits in fyr_writer_run(). */
typedef struct {
  gboolean finished;
  GError *error;
} Waiter;

typedef struct {
  FyrWriteFunc func;
  gpointer data;
  FyrWriteDoneFunc done;
  GDestroyNotify free_data;
  Waiter *waiter;
  GError *error;
  gint64 spent; /* µs of transactions that it was in */
  gboolean postponed;
} Job;

struct _FyrWriter {
  FyrServerDb *db;
  FyrLogKeeper *keeper; /* (nullable) */
  GThread *thread;
  GMainContext *main_context;
  GMutex mutex;
  GCond wake;
  GCond finished;
  GQueue waiting;
  gboolean stopping;
  gboolean broken;
  gboolean shared;
  guint max_batch;
  guint guarded; /* how many transactions still guard their jobs */
  gint pending;
  FyrCommitFunc commit_func;
  gpointer commit_data;
  FyrBrokenFunc broken_func;
  gpointer broken_data;
  /* Batches on their way to the main context. */
  guint undelivered;
};

typedef struct {
  FyrWriter *writer;
  GPtrArray *jobs;
  GHashTable *heads;
  GError *broken;
} Batch;

static void
job_free (Job *job)
{
  if (job->free_data != NULL) {
    job->free_data (job->data);
  }
  g_clear_error (&job->error);
  g_free (job);
}

static void
batch_free (Batch *batch)
{
  g_ptr_array_unref (batch->jobs);
  g_hash_table_unref (batch->heads);
  g_clear_error (&batch->broken);
  g_free (batch);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Batch, batch_free)

static gboolean
deliver (gpointer data)
{
  g_autoptr (Batch) batch = data;
  FyrWriter *self = batch->writer;

  if (batch->broken != NULL && self->broken_func != NULL) {
    self->broken_func (batch->broken, self->broken_data);
  }
  if (g_hash_table_size (batch->heads) > 0 && self->commit_func != NULL) {
    self->commit_func (batch->heads, self->commit_data);
  }
  for (guint i = 0; i < batch->jobs->len; i++) {
    Job *job = g_ptr_array_index (batch->jobs, i);
    g_atomic_int_add (&self->pending, -1);
    if (job->done != NULL) {
      job->done (job->data, job->error);
    }
  }
  g_mutex_lock (&self->mutex);
  self->undelivered--;
  g_mutex_unlock (&self->mutex);
  return G_SOURCE_REMOVE;
}

static void
fail_batch (Batch *batch, const GError *error)
{
  for (guint i = 0; i < batch->jobs->len; i++) {
    Job *job = g_ptr_array_index (batch->jobs, i);
    if (job->error == NULL) {
      job->error = g_error_copy (error);
    }
  }
  g_hash_table_remove_all (batch->heads);
}

/* On a file, after a commit that failed for another reason than a full disk nobody knows what is on the disk. A shared
 * database keeps its own order: there every failure passes. */
static gboolean
is_passing (FyrWriter *self, const GError *error)
{
  if (self->shared) {
    return TRUE;
  }
  return (g_error_matches (error, FYR_DB_ERROR, FYR_DB_ERROR_FULL) ||
          g_error_matches (error, FYR_DB_ERROR, FYR_DB_ERROR_BUSY)) &&
         !fyr_connection_is_broken (fyr_server_db_get_connection (self->db));
}

static void
note_failure (FyrWriter *self, Batch *batch, const GError *error)
{
  g_autoptr (GError) reason = NULL;

  fyr_apply_state_rollback (fyr_server_db_get_apply_state (self->db), 0);
  if (is_passing (self, error)) {
    reason = g_error_new (FYR_SERVER_ERROR, FYR_SERVER_ERROR_BUSY, "Not saved: %s", error->message);
  } else {
    reason = g_error_new (FYR_SERVER_ERROR, FYR_SERVER_ERROR_BROKEN, "Not saved: %s", error->message);
    g_mutex_lock (&self->mutex);
    self->broken = TRUE;
    g_mutex_unlock (&self->mutex);
    batch->broken = g_error_copy (reason);
  }
  fail_batch (batch, reason);
}

/* Whether the job shall be tried once more, in a later transaction. */
static gboolean
postpone (FyrWriter *self, Job *job, const GError *error)
{
  job->postponed =
      self->shared && g_error_matches (error, FYR_DB_ERROR, FYR_DB_ERROR_BUSY) && job->spent < TRYING_US;
  return job->postponed;
}

/* A savepoint costs a copy of each page a job changes, and jobs hardly ever fail once they have written. On a file they
 * run without, until one does: then the transaction is undone and run again with each job in a savepoint. */
static gboolean
run_func (FyrWriter *self, FyrWriteContext *context, Job *job, gboolean *undone)
{
  guint64 writes = fyr_connection_count_writes (context->connection);
  guint mark = context->state->entries->len;

  *undone = TRUE;
  if (self->shared || self->guarded > 0) {
    return fyr_write_context_run_deferring (context, job->func, job->data, &job->error);
  }
  if (job->func (context, job->data, &job->error)) {
    return TRUE;
  }
  fyr_apply_state_rollback (context->state, mark);
  *undone = fyr_connection_count_writes (context->connection) == writes;
  return FALSE;
}

typedef enum { GOES_ON, IS_LOST, MUST_BE_GUARDED } Course;

/* What becomes of the transaction; with @error when it is lost. */
static Course
run_one (FyrWriter *self, FyrWriteContext *context, Job *job, GError **error)
{
  gboolean undone;

  g_clear_error (&job->error);
  if (run_func (self, context, job, &undone)) {
    return GOES_ON;
  }
  /* A full disk or a failing one ends the whole transaction, not only the savepoint; so does a lost connection. */
  if (!fyr_connection_in_transaction (context->connection) ||
      fyr_connection_is_broken (context->connection) ||
      (self->shared && g_error_matches (job->error, FYR_DB_ERROR, FYR_DB_ERROR_IO))) {
    g_propagate_error (error, g_steal_pointer (&job->error));
    return IS_LOST;
  }
  if (!undone) {
    return MUST_BE_GUARDED;
  }
  if (job->error == NULL) {
    job->error = g_error_new_literal (FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "Not done");
  } else if (postpone (self, job, job->error)) {
    g_clear_error (&job->error);
  }
  return GOES_ON;
}

/* The jobs from @first on are left to the next transaction. */
static void
leave (GPtrArray *jobs, guint first)
{
  for (guint i = first; i < jobs->len; i++) {
    ((Job *)g_ptr_array_index (jobs, i))->postponed = TRUE;
  }
}

static Course
run_all (FyrWriter *self, FyrWriteContext *context, GPtrArray *jobs, GError **error)
{
  gint64 enough = g_get_monotonic_time () + ENOUGH_US;

  for (guint i = 0; i < jobs->len; i++) {
    Course course;

    if (i > 0 && g_get_monotonic_time () > enough) {
      leave (jobs, i);
      break;
    }
    if (i == 1 && !fyr_connection_set_patience (context->connection, HURRY_MS, error)) {
      return IS_LOST;
    }
    course = run_one (self, context, g_ptr_array_index (jobs, i), error);
    if (course != GOES_ON) {
      return course;
    }
  }
  if (jobs->len > 1 && !fyr_connection_set_patience (context->connection, PATIENCE_MS, error)) {
    return IS_LOST;
  }
  return GOES_ON;
}

static Course
run_transaction (FyrWriter *self, Batch *batch, GError **error)
{
  FyrConnection *connection = fyr_server_db_get_connection (self->db);
  g_autoptr (FyrTransaction) transaction = fyr_server_db_begin_write (self->db, error);
  FyrWriteContext context = {
    self->db,
    connection,
    fyr_server_db_get_apply_state (self->db),
    g_get_real_time () / 1000,
  };
  Course course = transaction != NULL ? run_all (self, &context, batch->jobs, error) : IS_LOST;

  if (course != GOES_ON) {
    return course;
  }
  fyr_connection_set_deferring (connection, TRUE);
  return fyr_apply_state_flush (context.state, connection, batch->heads, error) &&
                 fyr_transaction_commit (transaction, error)
             ? GOES_ON
             : IS_LOST;
}

static void
note_spent (Batch *batch, gint64 time)
{
  for (guint i = 0; i < batch->jobs->len; i++) {
    ((Job *)g_ptr_array_index (batch->jobs, i))->spent += time;
  }
}

static gboolean
run_jobs (FyrWriter *self, Batch *batch, GError **error)
{
  gint64 begin = g_get_monotonic_time ();
  Course course = run_transaction (self, batch, error);

  if (course == MUST_BE_GUARDED) {
    fyr_apply_state_rollback (fyr_server_db_get_apply_state (self->db), 0);
    self->guarded = GUARDED_AFTER;
    course = run_transaction (self, batch, error);
  }
  self->guarded -= MIN (self->guarded, 1);
  note_spent (batch, g_get_monotonic_time () - begin);
  return course == GOES_ON;
}

/* A transaction that met another as a whole: its jobs are tried again, one after the other. */
static gboolean
postpone_all (FyrWriter *self, Batch *batch, const GError *error)
{
  gboolean any = FALSE;

  fyr_apply_state_rollback (fyr_server_db_get_apply_state (self->db), 0);
  g_hash_table_remove_all (batch->heads);
  for (guint i = 0; i < batch->jobs->len; i++) {
    Job *job = g_ptr_array_index (batch->jobs, i);

    if (postpone (self, job, error)) {
      g_clear_error (&job->error);
      any = TRUE;
    } else if (job->error == NULL) {
      job->error = g_error_new (FYR_SERVER_ERROR, FYR_SERVER_ERROR_BUSY, "Not saved: %s", error->message);
    }
  }
  self->max_batch = 1;
  return any;
}

/* Back to the head of the queue, in their order. */
static void
put_back_postponed (FyrWriter *self, Batch *batch)
{
  g_mutex_lock (&self->mutex);
  for (guint i = batch->jobs->len; i > 0; i--) {
    Job *job = g_ptr_array_index (batch->jobs, i - 1);

    if (job->postponed) {
      job->postponed = FALSE;
      g_queue_push_head (&self->waiting, g_ptr_array_steal_index (batch->jobs, i - 1));
    }
  }
  g_mutex_unlock (&self->mutex);
}

static void
release_waiters (FyrWriter *self, Batch *batch)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < batch->jobs->len; i++) {
    Job *job = g_ptr_array_index (batch->jobs, i);
    if (job->waiter != NULL) {
      job->waiter->error = job->error != NULL ? g_error_copy (job->error) : NULL;
      job->waiter->finished = TRUE;
    }
  }
  g_cond_broadcast (&self->finished);
  self->undelivered++;
  g_mutex_unlock (&self->mutex);
}

static void
run_batch (FyrWriter *self, Batch *batch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSource) source = g_idle_source_new ();

  if (self->broken) {
    g_set_error_literal (&error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_BROKEN, "The database is given up");
    fail_batch (batch, error);
  } else if (run_jobs (self, batch, &error)) {
    fyr_log_keeper_tell (self->keeper,
                         fyr_connection_get_log_pages (fyr_server_db_get_connection (self->db)));
    self->max_batch = MIN (self->max_batch * 2, self->shared ? MAX_SHARED_BATCH : MAX_BATCH);
  } else if (!self->shared || !postpone_all (self, batch, error)) {
    note_failure (self, batch, error);
  }
  put_back_postponed (self, batch);
  release_waiters (self, batch);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver, batch, NULL);
  g_source_attach (source, self->main_context);
}

/* NULL: nothing waits and the writer stops. */
static Batch *
take_batch (FyrWriter *self)
{
  Batch *batch = NULL;

  g_mutex_lock (&self->mutex);
  while (g_queue_is_empty (&self->waiting) && !self->stopping) {
    g_cond_wait (&self->wake, &self->mutex);
  }
  if (!g_queue_is_empty (&self->waiting)) {
    batch = g_new0 (Batch, 1);
    batch->writer = self;
    batch->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify)job_free);
    batch->heads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    while (batch->jobs->len < self->max_batch && !g_queue_is_empty (&self->waiting)) {
      g_ptr_array_add (batch->jobs, g_queue_pop_head (&self->waiting));
    }
  }
  g_mutex_unlock (&self->mutex);
  return batch;
}

static gpointer
writer_thread (gpointer data)
{
  FyrWriter *self = data;
  Batch *batch;

  while ((batch = take_batch (self)) != NULL) {
    run_batch (self, batch);
  }
  return NULL;
}

FyrWriter *
fyr_writer_new (FyrServerDb *db)
{
  FyrWriter *self = g_new0 (FyrWriter, 1);
  g_autoptr (GError) error = NULL;

  self->db = fyr_server_db_ref (db);
  self->shared = fyr_server_db_is_shared (db);
  self->max_batch = self->shared ? MAX_SHARED_BATCH : MAX_BATCH;
  self->main_context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->wake);
  g_cond_init (&self->finished);
  g_queue_init (&self->waiting);
  self->keeper = self->shared ? NULL : fyr_log_keeper_new (db, &error);
  if (error != NULL) {
    g_warning ("the log is moved by those who write: %s", error->message);
  }
  self->thread = g_thread_new ("fyr-writer", writer_thread, self);
  return self;
}

static gboolean
has_undelivered (FyrWriter *self)
{
  gboolean result;

  g_mutex_lock (&self->mutex);
  result = self->undelivered > 0;
  g_mutex_unlock (&self->mutex);
  return result;
}

void
fyr_writer_free (FyrWriter *self)
{
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  fyr_log_keeper_free (self->keeper);
  while (has_undelivered (self)) {
    g_main_context_iteration (self->main_context, TRUE);
  }
  /* Readers may still hold the log open; then it stays for the next start. */
  if (!self->broken && !fyr_connection_truncate_log (fyr_server_db_get_connection (self->db), &error)) {
    g_debug ("log not truncated: %s", error->message);
  }
  fyr_server_db_unref (self->db);
  g_main_context_unref (self->main_context);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->wake);
  g_cond_clear (&self->finished);
  g_free (self);
}

static void
push_job (FyrWriter *self, Job *job)
{
  g_atomic_int_inc (&self->pending);
  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->waiting, job);
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->mutex);
}

void
fyr_writer_submit (
    FyrWriter *self, FyrWriteFunc func, gpointer data, FyrWriteDoneFunc done, GDestroyNotify free_data)
{
  Job *job = g_new0 (Job, 1);

  job->func = func;
  job->data = data;
  job->done = done;
  job->free_data = free_data;
  push_job (self, job);
}

gboolean
fyr_writer_run (FyrWriter *self, FyrWriteFunc func, gpointer data, GError **error)
{
  Waiter waiter = { FALSE, NULL };
  Job *job = g_new0 (Job, 1);

  job->func = func;
  job->data = data;
  job->waiter = &waiter;
  push_job (self, job);
  g_mutex_lock (&self->mutex);
  while (!waiter.finished) {
    g_cond_wait (&self->finished, &self->mutex);
  }
  g_mutex_unlock (&self->mutex);
  if (waiter.error != NULL) {
    g_propagate_error (error, waiter.error);
    return FALSE;
  }
  return TRUE;
}

guint
fyr_writer_get_pending (FyrWriter *self)
{
  return (guint)g_atomic_int_get (&self->pending);
}

void
fyr_writer_set_commit_func (FyrWriter *self, FyrCommitFunc func, gpointer user_data)
{
  self->commit_func = func;
  self->commit_data = user_data;
}

void
fyr_writer_set_broken_func (FyrWriter *self, FyrBrokenFunc func, gpointer user_data)
{
  self->broken_func = func;
  self->broken_data = user_data;
}

gboolean
fyr_writer_is_broken (FyrWriter *self)
{
  gboolean broken;

  g_mutex_lock (&self->mutex);
  broken = self->broken;
  g_mutex_unlock (&self->mutex);
  return broken;
}
