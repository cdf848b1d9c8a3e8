/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-reader.h"

#include "fyr-shared.h"
#include "fyr-transaction.h"

typedef struct {
  FyrReader *reader;
  FyrReadFunc func;
  gpointer data;
  FyrReadDoneFunc done;
  GDestroyNotify free_data;
  GError *error;
} Job;

/* A connection, and in which of its lives the database was last looked at. */
typedef struct {
  FyrConnection *connection;
  guint life;
} Place;

struct _FyrReader {
  FyrServerDb *db;
  GMainContext *main_context;
  GThreadPool *pool;
  GAsyncQueue *places;
  gint pending;
};

static void
job_free (Job *job)
{
  if (job->free_data != NULL) {
    job->free_data (job->data);
  }
  g_clear_error (&job->error);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static void
place_free (gpointer data)
{
  Place *place = data;

  fyr_connection_unref (place->connection);
  g_free (place);
}

static gboolean
deliver (gpointer data)
{
  g_autoptr (Job) job = data;

  if (job->done != NULL) {
    job->done (job->data, job->error);
  }
  g_atomic_int_add (&job->reader->pending, -1);
  return G_SOURCE_REMOVE;
}

/* A connection made anew may lead to another life of the database; a reader does not answer for the former one. */
static gboolean
check_life (FyrReader *self, Place *place, GError **error)
{
  guint life = fyr_connection_get_life (place->connection);

  if (place->life == life) {
    return TRUE;
  }
  if (fyr_server_db_is_shared (self->db) &&
      !fyr_server_db_check_life (self->db, place->connection, FALSE, error)) {
    return FALSE;
  }
  place->life = life;
  return TRUE;
}

static gboolean
read_in_snapshot (Place *place, Job *job, GError **error)
{
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin_read (place->connection, error);

  if (transaction == NULL || !check_life (job->reader, place, error)) {
    return FALSE;
  }
  return job->func (place->connection, job->data, error);
}

static void
run_job (gpointer data, gpointer user_data)
{
  Job *job = data;
  FyrReader *self = user_data;
  Place *place = g_async_queue_pop (self->places);
  g_autoptr (GSource) source = g_idle_source_new ();

  if (!read_in_snapshot (place, job, &job->error) && job->error == NULL) {
    job->error = g_error_new_literal (FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "Not read");
  }
  g_async_queue_push (self->places, place);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver, job, NULL);
  g_source_attach (source, self->main_context);
}

FyrReader *
fyr_reader_new (FyrServerDb *db, guint n_threads, GError **error)
{
  g_autoptr (FyrReader) self = g_new0 (FyrReader, 1);

  n_threads = CLAMP (n_threads, 1, 16);
  self->db = fyr_server_db_ref (db);
  self->main_context = g_main_context_ref_thread_default ();
  self->places = g_async_queue_new_full (place_free);
  for (guint i = 0; i < n_threads; i++) {
    FyrConnection *connection = fyr_server_db_open_reader (db, error);
    Place *place;

    if (connection == NULL) {
      return NULL;
    }
    place = g_new0 (Place, 1);
    place->connection = connection;
    g_async_queue_push (self->places, place);
  }
  self->pool = g_thread_pool_new (run_job, self, (int)n_threads, FALSE, error);
  return self->pool != NULL ? g_steal_pointer (&self) : NULL;
}

void
fyr_reader_free (FyrReader *self)
{
  /* Who is answered may ask again. */
  while (fyr_reader_get_pending (self) > 0) {
    g_main_context_iteration (self->main_context, TRUE);
  }
  if (self->pool != NULL) {
    g_thread_pool_free (self->pool, FALSE, TRUE);
  }
  g_async_queue_unref (self->places);
  g_main_context_unref (self->main_context);
  fyr_server_db_unref (self->db);
  g_free (self);
}

void
fyr_reader_submit (
    FyrReader *self, FyrReadFunc func, gpointer data, FyrReadDoneFunc done, GDestroyNotify free_data)
{
  Job *job = g_new0 (Job, 1);

  job->reader = self;
  job->func = func;
  job->data = data;
  job->done = done;
  job->free_data = free_data;
  g_atomic_int_inc (&self->pending);
  g_thread_pool_push (self->pool, job, NULL);
}

guint
fyr_reader_get_pending (FyrReader *self)
{
  return (guint)g_atomic_int_get (&self->pending);
}
