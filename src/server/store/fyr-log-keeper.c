/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-log-keeper.h"

struct _FyrLogKeeper {
  FyrConnection *connection;
  GThread *thread;
  GMutex mutex;
  GCond wake;
  guint pages; /* in the log, as told last */
  guint moved; /* of them, in the database */
  gboolean stopping;
};

/* Holds the mutex. A log shorter than what was moved of it was begun anew. */
static guint
count_left (FyrLogKeeper *self)
{
  if (self->pages < self->moved) {
    self->moved = 0;
  }
  return self->pages - self->moved;
}

/* Holds the mutex. FALSE to stop. */
static gboolean
wait_for_pages (FyrLogKeeper *self)
{
  int idle;

  while (!self->stopping && count_left (self) < FYR_LOG_KEEPER_PAGES) {
    idle = fyr_log_get_idle_ms (count_left (self));
    if (idle < 0) {
      g_cond_wait (&self->wake, &self->mutex);
    } else if (!g_cond_wait_until (&self->wake, &self->mutex,
                                   g_get_monotonic_time () + idle * G_TIME_SPAN_MILLISECOND)) {
      break;
    }
  }
  return !self->stopping;
}

static gpointer
keeper_thread (gpointer data)
{
  FyrLogKeeper *self = data;

  g_mutex_lock (&self->mutex);
  while (wait_for_pages (self)) {
    guint pages = self->pages;

    g_mutex_unlock (&self->mutex);
    fyr_connection_write_back (self->connection);
    g_mutex_lock (&self->mutex);
    self->moved = pages;
  }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

FyrLogKeeper *
fyr_log_keeper_new (FyrServerDb *db, GError **error)
{
  FyrConnection *connection = fyr_server_db_open_another (db, error);
  FyrLogKeeper *self;

  if (connection == NULL) {
    return NULL;
  }
  self = g_new0 (FyrLogKeeper, 1);
  self->connection = connection;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->wake);
  self->thread = g_thread_new ("fyr-log-keeper", keeper_thread, self);
  return self;
}

void
fyr_log_keeper_free (FyrLogKeeper *self)
{
  if (self == NULL) {
    return;
  }
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  fyr_connection_unref (self->connection);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->wake);
  g_free (self);
}

void
fyr_log_keeper_tell (FyrLogKeeper *self, guint pages)
{
  if (self == NULL) {
    return;
  }
  g_mutex_lock (&self->mutex);
  self->pages = pages;
  if (count_left (self) >= FYR_LOG_PAGES_ENOUGH) {
    g_cond_signal (&self->wake);
  }
  g_mutex_unlock (&self->mutex);
}
