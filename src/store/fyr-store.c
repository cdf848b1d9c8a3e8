/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store.h"

#include <string.h>

#include "fyr-db-files.h"
#include "fyr-outbox-private.h"
#include "fyr-seal.h"
#include "fyr-store-private.h"
#include "fyr-store-salvage.h"
#include "fyr-store-sync.h"
#include "fyr-transaction.h"

/* How often a lease that lies on the disk is looked at, ms. */
#define LEASE_LOOK_MS 60000

/* What the thread works with. It outlives the FyrStore until the last job is done. */
typedef struct {
  gatomicrefcount refs;
  GAsyncQueue *queue;
  GThread *thread;
  char *path;
  FyrStoreKeys *keys;        /* the thread's own; (nullable): not read yet */
  FyrConnection *connection; /* the thread's own */
  gint64 clock_offset;       /* the thread's own */
  gboolean doubtful;         /* the thread's own: a write failed since the file was last found sound */
  gint64 unsaved_after;      /* the thread's own: work newer than this was told not to be saved; -1 none */
  GArray *unsaved_settled;   /* the thread's own: work that was told not to be given up; (nullable) */
  gint64 fixed_now;          /* atomic by lock */
  GMainContext *context;
  GMutex lock; /* guards what follows */
  GWeakRef store;
  FyrChangeSet *untold;
  gboolean closing;
  guint64 sequence;
} Engine;

struct _FyrStore {
  GObject parent_instance;

  Engine *engine;
};

typedef struct {
  FyrStoreJob job;
  guint64 sequence;
  GTask *task;
} QueuedJob;

G_DEFINE_FINAL_TYPE (FyrStore, fyr_store, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static Engine *
engine_ref (Engine *engine)
{
  g_atomic_ref_count_inc (&engine->refs);
  return engine;
}

static void
engine_unref (Engine *engine)
{
  if (!g_atomic_ref_count_dec (&engine->refs)) {
    return;
  }
  g_clear_object (&engine->untold);
  g_weak_ref_clear (&engine->store);
  g_mutex_clear (&engine->lock);
  g_main_context_unref (engine->context);
  g_async_queue_unref (engine->queue);
  g_clear_pointer (&engine->unsaved_settled, g_array_unref);
  g_free (engine->path);
  g_free (engine);
}

static gboolean
tell_changes (gpointer data)
{
  Engine *engine = data;
  g_autoptr (FyrStore) store = g_weak_ref_get (&engine->store);
  g_autoptr (FyrChangeSet) changes = NULL;

  g_mutex_lock (&engine->lock);
  changes = g_steal_pointer (&engine->untold);
  g_mutex_unlock (&engine->lock);
  if (store != NULL && changes != NULL) {
    g_signal_emit (store, signals[SIGNAL_CHANGED], 0, changes);
  }
  return G_SOURCE_REMOVE;
}

/* What is committed before the main context gets round to it is told in one. */
static void
note_changes (Engine *engine, FyrChangeSet *changes)
{
  gboolean first;

  if (fyr_change_set_is_empty (changes)) {
    return;
  }
  g_mutex_lock (&engine->lock);
  first = engine->untold == NULL;
  if (first) {
    engine->untold = fyr_change_set_new ();
  }
  fyr_change_set_merge (engine->untold, changes);
  g_mutex_unlock (&engine->lock);
  if (first) {
    g_autoptr (GSource) source = g_idle_source_new ();

    g_source_set_priority (source, G_PRIORITY_DEFAULT);
    g_source_set_static_name (source, "fyr-store changed");
    g_source_set_callback (source, tell_changes, engine_ref (engine), (GDestroyNotify)engine_unref);
    g_source_attach (source, engine->context);
  }
}

gboolean
fyr_store_wrap_error (GError **error)
{
  static const FyrStoreError codes[] = {
    [FYR_DB_ERROR_BUSY] = FYR_STORE_ERROR_LOCKED_BY_OTHER,
    [FYR_DB_ERROR_CONSTRAINT] = FYR_STORE_ERROR_INVALID,
    [FYR_DB_ERROR_FULL] = FYR_STORE_ERROR_FULL,
    [FYR_DB_ERROR_CORRUPT] = FYR_STORE_ERROR_CORRUPT,
    [FYR_DB_ERROR_IO] = FYR_STORE_ERROR_IO,
    [FYR_DB_ERROR_NEWER_SCHEMA] = FYR_STORE_ERROR_NEWER,
    [FYR_DB_ERROR_FAILED] = FYR_STORE_ERROR_FAILED,
  };

  if (error != NULL && *error != NULL && (*error)->domain == FYR_DB_ERROR) {
    (*error)->code = (int)codes[(*error)->code];
    (*error)->domain = FYR_STORE_ERROR;
  }
  return FALSE;
}

static gint64
engine_now (Engine *engine)
{
  gint64 now;

  g_mutex_lock (&engine->lock);
  now = engine->fixed_now;
  g_mutex_unlock (&engine->lock);
  return now != 0 ? now : g_get_real_time () / 1000;
}

static FyrStoreContext
make_context (Engine *engine)
{
  return (FyrStoreContext){ .connection = engine->connection,
                            .keys = engine->keys,
                            .now = engine_now (engine),
                            .clock_offset = engine->clock_offset };
}

static gboolean
open_keys (Engine *engine, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (engine->path);

  if (engine->keys != NULL) {
    return TRUE;
  }
  g_mkdir_with_parents (folder, 0700);
  if (fyr_db_files_create (engine->path, error)) {
    engine->keys = fyr_store_keys_open (engine->path, error);
  }
  return engine->keys != NULL;
}

/* One of a release before it was sealed is rewritten at the first chance. */
static FyrConnection *
open_sealed (Engine *engine, GError **error)
{
  FyrPageKey *key;

  if (!open_keys (engine, error) || !fyr_store_keys_take_next (engine->keys, error) ||
      !fyr_db_files_create (engine->path, error)) {
    return NULL;
  }
  key = fyr_store_keys_get_key (engine->keys);
  if (fyr_seal_get_state (engine->path) == FYR_SEAL_PLAIN && !fyr_seal_database (engine->path, key, error)) {
    return NULL;
  }
  return fyr_connection_open_sealed (engine->path, key, FYR_CONNECTION_EXCLUSIVE, error);
}

/* The server's share is this device's: a database that was made anew is the same device's. */
static gboolean
keep_device (Engine *engine, FyrConnection *connection, GError **error)
{
  g_autofree char *device = fyr_store_keys_dup_device (engine->keys);
  g_autofree char *here = device != NULL ? fyr_meta_get (connection, "device", NULL) : NULL;

  return g_strcmp0 (device, here) == 0 || fyr_meta_set (connection, "device", device, error);
}

/* What the disk would not read is not damaged, whatever SQLite calls it. */
static gboolean
doubt_damage (Engine *engine, guint64 unread, GError **error)
{
  if (error == NULL || fyr_db_files_count_unread () == unread) {
    return FALSE;
  }
  if (g_error_matches (*error, FYR_STORE_ERROR, FYR_STORE_ERROR_CORRUPT)) {
    engine->doubtful = TRUE;
    (*error)->code = FYR_STORE_ERROR_IO;
    g_prefix_error (error, "The disk would not read the database: ");
  }
  return FALSE;
}

static gboolean
open_once (Engine *engine, gboolean check, GError **error)
{
  guint64 unread = fyr_db_files_count_unread ();
  g_autoptr (FyrConnection) connection = open_sealed (engine, error);

  if (connection == NULL || (check && !fyr_connection_check (connection, FALSE, error)) ||
      !fyr_store_migrate (connection, error) || !keep_device (engine, connection, error)) {
    fyr_store_wrap_error (error);
    return doubt_damage (engine, unread, error);
  }
  engine->clock_offset = fyr_meta_get_int (connection, "clock_offset");
  engine->doubtful = FALSE;
  engine->connection = g_steal_pointer (&connection);
  return TRUE;
}

/* What is damaged is no use to anybody here: the server has the rows, and this machine's own is taken along. */
static gboolean
salvage (Engine *engine, GError **error)
{
  gint64 now = engine_now (engine);
  gboolean ok;

  g_message ("the database is damaged: it is set aside and made anew");
  if (engine->keys != NULL) {
    ok = fyr_store_salvage (engine->path, engine->keys, now, error);
    return ok ? open_once (engine, TRUE, error) : fyr_store_wrap_error (error);
  }
  ok = fyr_store_set_aside (engine->path, now, error) && open_once (engine, TRUE, error) &&
       fyr_meta_set_int (engine->connection, FYR_META_DAMAGED_AT, now, error) &&
       fyr_meta_set_int (engine->connection, FYR_META_DAMAGED_LOST, 1, error);
  return ok || fyr_store_wrap_error (error);
}

/* Nothing that was shown is there now. */
static void
note_all (Engine *engine, gboolean rebuilt)
{
  g_autoptr (FyrChangeSet) changes = fyr_change_set_new ();

  for (guint i = 0; i < fyr_n_record_infos; i++) {
    fyr_change_set_add (changes, fyr_record_infos[i]->kind, NULL, NULL);
  }
  fyr_change_set_add (changes, FYR_CHANGE_OUTBOX, NULL, NULL);
  if (rebuilt) {
    fyr_change_set_add (changes, FYR_CHANGE_REBUILT, NULL, NULL);
  }
  note_changes (engine, changes);
}

static gboolean
is_sealed (Engine *engine, GError **error)
{
  if (fyr_store_keys_get_key (engine->keys) != NULL) {
    return FALSE;
  }
  g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_SEALED, "Nobody has signed in yet");
  return TRUE;
}

/* A key that is lost is damage as well. */
static gboolean
open_file (Engine *engine, gboolean check, GError **error)
{
  g_autoptr (GError) fault = NULL;

  if (!open_keys (engine, &fault)) {
    fyr_store_wrap_error (&fault);
  } else if (is_sealed (engine, error)) {
    return FALSE;
  } else if (open_once (engine, check, &fault)) {
    return TRUE;
  }
  if (!g_error_matches (fault, FYR_STORE_ERROR, FYR_STORE_ERROR_CORRUPT)) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return FALSE;
  }
  if (!salvage (engine, error)) {
    return FALSE;
  }
  note_all (engine, TRUE);
  return TRUE;
}

/* After a failed sync: close, open, check, go on. Work that was not acknowledged was not promised. */
static gboolean
ensure_open (Engine *engine, GError **error)
{
  gboolean broken = engine->connection != NULL && fyr_connection_is_broken (engine->connection);

  if (engine->connection != NULL && !broken) {
    return TRUE;
  }
  engine->doubtful = engine->doubtful || broken;
  g_clear_pointer (&engine->connection, fyr_connection_unref);
  /* Checking reads the whole file: only when there is reason to doubt it. */
  return open_file (engine, engine->doubtful, error);
}

/* Key of the newest work; -1 when it cannot be read. */
static gint64
newest_work (FyrConnection *connection)
{
  g_autoptr (FyrStatement) statement =
      fyr_connection_prepare (connection, "SELECT coalesce(max(key), 0) FROM outbox", NULL);

  if (statement == NULL || fyr_statement_step (statement, NULL) != FYR_STEP_ROW) {
    return -1;
  }
  return fyr_statement_get_int (statement, 0);
}

/* Whether the work is given up, as far as the file says now. */
static gboolean
are_given_up (FyrConnection *connection, GArray *settled)
{
  for (guint i = 0; i < settled->len; i++) {
    g_autoptr (FyrStatement) statement =
        fyr_connection_prepare (connection, "SELECT 1 FROM outbox WHERE key = ?1 AND state = ?2", NULL);

    if (statement == NULL) {
      return FALSE;
    }
    fyr_statement_bind_int (statement, 1, g_array_index (settled, gint64, i));
    fyr_statement_bind_int (statement, 2, FYR_OUTBOX_DISCARDED);
    if (fyr_statement_step (statement, NULL) != FYR_STEP_ROW) {
      return FALSE;
    }
  }
  return TRUE;
}

/* A commit whose sync failed may be on the disk all the same. Told that it is not, its author would do it twice: the
 * file is opened again at once and asked. What is there is written out and synced anew before it counts as saved. */
static gboolean
is_there_after_all (Engine *engine, gint64 before, gint64 work, GArray *settled)
{
  gboolean there;

  if ((work <= before && settled->len == 0) || !fyr_connection_is_broken (engine->connection)) {
    return FALSE;
  }
  engine->doubtful = TRUE;
  g_clear_pointer (&engine->connection, fyr_connection_unref);
  there = open_file (engine, TRUE, NULL) && fyr_connection_truncate_log (engine->connection, NULL) &&
          newest_work (engine->connection) == work && are_given_up (engine->connection, settled);
  engine->unsaved_after = there ? -1 : before;
  g_clear_pointer (&engine->unsaved_settled, g_array_unref);
  engine->unsaved_settled = there ? NULL : g_array_ref (settled);
  return there;
}

/* The disk could not say, so the author was told that it was not saved; it must not appear later by itself. */
static gboolean
withdraw_unsaved (Engine *engine, GError **error)
{
  g_autoptr (FyrChangeSet) changes = fyr_change_set_new ();
  FyrStoreContext context = make_context (engine);
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin (engine->connection, error);

  context.changes = changes;
  if (transaction == NULL || !fyr_outbox_withdraw_after (&context, engine->unsaved_after, error) ||
      (engine->unsaved_settled != NULL && !fyr_store_bring_back (&context, engine->unsaved_settled, error)) ||
      !fyr_transaction_commit (transaction, error)) {
    return FALSE;
  }
  engine->unsaved_after = -1;
  g_clear_pointer (&engine->unsaved_settled, g_array_unref);
  note_changes (engine, changes);
  return TRUE;
}

static gpointer
run_in_transaction (Engine *engine, const FyrStoreJob *job, GError **error)
{
  gboolean writes = job->mode == FYR_STORE_SAVE || job->mode == FYR_STORE_SYNC;
  g_autoptr (FyrChangeSet) changes = fyr_change_set_new ();
  g_autoptr (FyrTransaction) transaction = NULL;
  g_autoptr (GArray) settled =
      job->mode == FYR_STORE_SAVE ? g_array_new (FALSE, FALSE, sizeof (gint64)) : NULL;
  FyrStoreContext context = make_context (engine);
  gint64 before, work;
  gpointer result;

  context.changes = changes;
  context.settled = settled;
  transaction = writes ? fyr_transaction_begin (engine->connection, error)
                       : fyr_transaction_begin_read (engine->connection, error);
  if (transaction == NULL) {
    return NULL;
  }
  before = job->mode == FYR_STORE_SAVE ? newest_work (engine->connection) : 0;
  result = job->func (&context, job->data, error);
  if (result == NULL) {
    return NULL;
  }
  work = job->mode == FYR_STORE_SAVE ? newest_work (engine->connection) : 0;
  if (fyr_transaction_commit (transaction, error)) {
    engine->clock_offset = context.clock_offset;
    if (context.contact > 0) {
      fyr_store_keys_note_contact (engine->keys, context.contact, context.clock_offset);
    }
    note_changes (engine, changes);
    return result;
  }
  g_clear_pointer (&transaction, fyr_transaction_free);
  if (job->mode != FYR_STORE_SAVE || !is_there_after_all (engine, before, work, settled)) {
    if (job->result_free != NULL) {
      job->result_free (result);
    }
    return NULL;
  }
  g_clear_error (error);
  note_changes (engine, changes);
  return result;
}

/* What needs no row, and what is said in place of a row while none can be read. */
static gpointer
run_on_keys (Engine *engine, FyrStoreFunc func, gpointer data, GError **error)
{
  gboolean was_sealed = fyr_store_keys_get_key (engine->keys) == NULL;
  FyrStoreContext context = make_context (engine);
  gpointer result = func (&context, data, error);

  if (was_sealed && fyr_store_keys_get_key (engine->keys) != NULL) {
    note_all (engine, FALSE);
  }
  return result;
}

static gpointer
run_job (Engine *engine, const FyrStoreJob *job, GError **error)
{
  FyrStoreContext context;
  g_autoptr (GError) fault = NULL;
  gboolean open = ensure_open (engine, &fault);

  if (engine->keys != NULL) {
    fyr_store_keys_expire (engine->keys, engine_now (engine));
  }
  if (job->mode == FYR_STORE_KEYS && engine->keys != NULL) {
    return run_on_keys (engine, job->func, job->data, error);
  }
  if (job->sealed != NULL && g_error_matches (fault, FYR_STORE_ERROR, FYR_STORE_ERROR_SEALED)) {
    return run_on_keys (engine, job->sealed, job->data, error);
  }
  if (!open) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return NULL;
  }
  if (engine->unsaved_after >= 0 && (job->mode == FYR_STORE_SAVE || job->mode == FYR_STORE_SYNC) &&
      !withdraw_unsaved (engine, error)) {
    return NULL;
  }
  if (job->mode != FYR_STORE_BARE) {
    return run_in_transaction (engine, job, error);
  }
  context = make_context (engine);
  return job->func (&context, job->data, error);
}

static void
queued_job_free (QueuedJob *queued)
{
  if (queued->job.data_free != NULL) {
    queued->job.data_free (queued->job.data);
  }
  g_clear_object (&queued->task);
  g_free (queued);
}

static void
answer (Engine *engine, QueuedJob *queued)
{
  GError *error = NULL;
  gpointer result;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (queued->task), &error)) {
    g_task_return_error (queued->task, error);
    return;
  }
  result = run_job (engine, &queued->job, &error);
  /* What opening met is set aside with the next, which is this one's business too. Nothing else is run twice. */
  if (result == NULL && queued->job.func == fyr_store_take_in_parked && engine->connection != NULL &&
      fyr_connection_is_broken (engine->connection)) {
    g_clear_error (&error);
    result = run_job (engine, &queued->job, &error);
  }
  if (result == NULL) {
    fyr_store_wrap_error (&error);
    g_task_return_error (queued->task, error);
  } else {
    g_task_return_pointer (queued->task, result, queued->job.result_free);
  }
}

/* Takes @queued over. Returns whether more may follow. */
static gboolean
run_queued (Engine *engine, QueuedJob *queued)
{
  gboolean more = queued->job.func != NULL;

  if (more) {
    answer (engine, queued);
  } else {
    g_clear_pointer (&engine->connection, fyr_connection_unref);
    g_clear_pointer (&engine->keys, fyr_store_keys_free);
    if (queued->task != NULL) {
      g_task_return_pointer (queued->task, FYR_STORE_DONE, NULL);
    }
  }
  queued_job_free (queued);
  return more;
}

/* The lease ends also while nobody asks for anything. */
static QueuedJob *
wait_for_job (Engine *engine)
{
  QueuedJob *queued = NULL;

  while (queued == NULL && engine->keys != NULL && fyr_store_keys_has_lease (engine->keys)) {
    queued = g_async_queue_timeout_pop (engine->queue, LEASE_LOOK_MS * 1000);
    fyr_store_keys_expire (engine->keys, engine_now (engine));
  }
  return queued != NULL ? queued : g_async_queue_pop (engine->queue);
}

/* A log that has grown is written back when nobody wants anything: never while somebody saves. */
static QueuedJob *
next_job (Engine *engine)
{
  QueuedJob *queued = NULL;
  int idle = engine->connection != NULL
                 ? fyr_log_get_idle_ms (fyr_connection_get_log_pages (engine->connection))
                 : -1;

  if (idle >= 0) {
    queued = g_async_queue_timeout_pop (engine->queue, (guint64)idle * 1000);
    if (queued == NULL) {
      fyr_connection_write_back (engine->connection);
    }
  }
  return queued != NULL ? queued : wait_for_job (engine);
}

static gpointer
engine_main (gpointer data)
{
  Engine *engine = data;

  while (run_queued (engine, next_job (engine))) {
  }
  engine_unref (engine);
  return NULL;
}

static int
compare_jobs (gconstpointer left, gconstpointer right, gpointer user_data)
{
  const QueuedJob *a = left;
  const QueuedJob *b = right;

  /* The end comes after all that was asked before it. */
  if ((a->job.func == NULL) != (b->job.func == NULL)) {
    return a->job.func == NULL ? 1 : -1;
  }
  if (a->job.mode != b->job.mode) {
    return a->job.mode < b->job.mode ? -1 : 1;
  }
  return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

/* Takes @queued over. Returns whether the engine still takes jobs. */
static gboolean
engine_push (Engine *engine, QueuedJob *queued)
{
  gboolean open;

  g_mutex_lock (&engine->lock);
  open = !engine->closing;
  if (open) {
    queued->sequence = engine->sequence++;
    engine->closing = queued->job.func == NULL;
    g_async_queue_push_sorted (engine->queue, queued, compare_jobs, NULL);
  }
  g_mutex_unlock (&engine->lock);
  return open;
}

void
fyr_store_run_async (FyrStore *self,
                     const FyrStoreJob *job,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  QueuedJob *queued = g_new0 (QueuedJob, 1);

  queued->job = *job;
  queued->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (queued->task, job->tag);
  /* What was saved is saved, whatever was cancelled in the meantime. */
  g_task_set_check_cancellable (queued->task, job->mode == FYR_STORE_QUERY);
  if (!engine_push (self->engine, queued)) {
    g_task_return_new_error (queued->task, FYR_STORE_ERROR, FYR_STORE_ERROR_CLOSED, "The store was closed");
    queued_job_free (queued);
  }
}

gpointer
fyr_store_run_finish (FyrStore *self, gpointer tag, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == tag, NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
fyr_store_set_clock (FyrStore *self, gint64 now)
{
  g_mutex_lock (&self->engine->lock);
  self->engine->fixed_now = now;
  g_mutex_unlock (&self->engine->lock);
}

gboolean
fyr_store_has_work (FyrStore *self)
{
  return g_async_queue_length (self->engine->queue) > 0;
}

gboolean
fyr_store_step (FyrStore *self)
{
  g_autoptr (FyrStore) keep = g_object_ref (self);
  QueuedJob *queued = g_async_queue_try_pop (keep->engine->queue);

  g_return_val_if_fail (keep->engine->thread == NULL, FALSE);
  if (queued == NULL) {
    return FALSE;
  }
  run_queued (keep->engine, queued);
  return TRUE;
}

static void
start_engine (FyrStore *self, const char *path, gboolean threaded)
{
  Engine *engine = g_new0 (Engine, 1);

  g_atomic_ref_count_init (&engine->refs);
  engine->unsaved_after = -1;
  engine->queue = g_async_queue_new ();
  engine->path = g_strdup (path);
  engine->context = g_main_context_ref_thread_default ();
  g_mutex_init (&engine->lock);
  g_weak_ref_init (&engine->store, self);
  self->engine = engine;
  if (threaded) {
    engine->thread = g_thread_new ("fyr-store", engine_main, engine_ref (engine));
  }
}

/* run_job() opens; what was parked by an older program is taken in at the first chance. */
gpointer
fyr_store_take_in_parked (FyrStoreContext *context, gpointer data, GError **error)
{
  return fyr_store_unpark (context, error) ? FYR_STORE_DONE : NULL;
}

/* It opens when somebody signs in. */
static gpointer
leave_sealed (FyrStoreContext *context, gpointer data, GError **error)
{
  return FYR_STORE_DONE;
}

static FyrStore *
open_store (const char *path,
            gboolean threaded,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  FyrStore *self = g_object_new (FYR_TYPE_STORE, NULL);
  const FyrStoreJob job = { .mode = FYR_STORE_SAVE,
                            .func = fyr_store_take_in_parked,
                            .tag = fyr_store_open_async,
                            .sealed = leave_sealed };

  start_engine (self, path, threaded);
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
  return self;
}

void
fyr_store_open_async (const char *path,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (path != NULL);
  g_object_unref (open_store (path, TRUE, cancellable, callback, user_data));
}

FyrStore *
fyr_store_open_stepwise (const char *path, GAsyncReadyCallback callback, gpointer user_data)
{
  return open_store (path, FALSE, NULL, callback, user_data);
}

FyrStore *
fyr_store_open_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (FyrStore) self = FYR_STORE (g_async_result_get_source_object (result));

  if (fyr_store_run_finish (self, fyr_store_open_async, result, error) == NULL) {
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
fyr_store_close_async (FyrStore *self, GAsyncReadyCallback callback, gpointer user_data)
{
  const FyrStoreJob job = { FYR_STORE_BARE, NULL, NULL, NULL, NULL, fyr_store_close_async };

  fyr_store_run_async (self, &job, NULL, callback, user_data);
}

gboolean
fyr_store_close_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_close_async, result, error) != NULL;
}

static gpointer
backup_job (FyrStoreContext *context, gpointer data, GError **error)
{
  return fyr_connection_backup (context->connection, data, error) ? FYR_STORE_DONE : NULL;
}

void
fyr_store_backup_async (FyrStore *self,
                        const char *path,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  const FyrStoreJob job = {
    FYR_STORE_BARE, backup_job, g_strdup (path), g_free, NULL, fyr_store_backup_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_backup_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_backup_async, result, error) != NULL;
}

static gpointer
verify_job (FyrStoreContext *context, gpointer data, GError **error)
{
  gint64 every = *(gint64 *)data;
  gint64 before = fyr_meta_get_int (context->connection, "verified_at");

  if (ABS (context->now - before) < every) {
    return FYR_STORE_DONE;
  }
  return fyr_connection_check (context->connection, FALSE, error) &&
                 fyr_meta_set_int (context->connection, "verified_at", context->now, error)
             ? FYR_STORE_DONE
             : NULL;
}

void
fyr_store_verify_async (
    FyrStore *self, gint64 every, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const FyrStoreJob job = {
    FYR_STORE_BARE, verify_job, g_memdup2 (&every, sizeof every), g_free, NULL, fyr_store_verify_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_verify_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_verify_async, result, error) != NULL;
}

static void
fyr_store_finalize (GObject *object)
{
  FyrStore *self = FYR_STORE (object);

  if (self->engine != NULL) {
    QueuedJob *stop = g_new0 (QueuedJob, 1);

    stop->job.mode = FYR_STORE_BARE;
    if (!engine_push (self->engine, stop)) {
      queued_job_free (stop);
    } else if (self->engine->thread == NULL) {
      /* Whatever was asked held a reference: nothing waits but the end. */
      run_queued (self->engine, g_async_queue_pop (self->engine->queue));
    }
    g_clear_pointer (&self->engine->thread, g_thread_unref);
    engine_unref (self->engine);
  }
  G_OBJECT_CLASS (fyr_store_parent_class)->finalize (object);
}

static void
fyr_store_class_init (FyrStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_store_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FYR_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, FYR_TYPE_CHANGE_SET);
}

static void
fyr_store_init (FyrStore *self)
{
}
