/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-schedule.h"

#include "fyr-log.h"
#include "fyr-shared.h"

typedef struct {
  char *name;
  FyrScheduleFunc func;
  gpointer user_data;
  FyrWriter *writer;
  GSource *source;
  gboolean running;
} Entry;

struct _FyrSchedule {
  FyrWriter *writer;
  GPtrArray *entries;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  if (entry->source != NULL) {
    g_source_destroy (entry->source);
    g_source_unref (entry->source);
  }
  g_free (entry->name);
  g_free (entry);
}

/* A run's own copy: the schedule may be freed while the writer still works. */
typedef struct {
  Entry *entry;
  char *name;
  FyrScheduleFunc func;
  gpointer user_data;
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  g_free (run->name);
  g_free (run);
}

static gboolean
load_last (FyrConnection *connection, const char *name, gint64 *last, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  select = fyr_connection_prepare (connection, "SELECT last FROM schedule WHERE name = ?1", error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (select, 1, name);
  step = fyr_statement_step (select, error);
  *last = step == FYR_STEP_ROW ? fyr_statement_get_int (select, 0) : 0;
  return step != FYR_STEP_ERROR;
}

static gboolean
save_last (FyrConnection *connection, const char *name, gint64 now, GError **error)
{
  g_autoptr (FyrStatement) put = NULL;

  put = fyr_connection_prepare (connection,
                                "INSERT INTO schedule (name, last) VALUES (?1, ?2)"
                                " ON CONFLICT (name) DO UPDATE SET last = excluded.last",
                                error);
  if (put == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (put, 1, name);
  fyr_statement_bind_int (put, 2, now);
  return fyr_statement_run (put, error);
}

static gboolean
run_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Run *run = data;
  FyrConnection *connection = fyr_write_context_get_connection (context);
  gint64 now = fyr_write_context_get_time (context);
  gint64 since = 0;
  int mine = fyr_connection_try_name (connection, run->name, error);

  /* Another process does it now. */
  if (mine <= 0) {
    return mine == 0;
  }
  return load_last (connection, run->name, &since, error) &&
         run->func (context, since, now, run->user_data, error) &&
         save_last (connection, run->name, now, error);
}

static void
on_done (gpointer data, const GError *error)
{
  Run *run = data;

  if (error != NULL) {
    fyr_log ("schedule-failed", "name", run->name, NULL);
  }
  if (run->entry != NULL) {
    run->entry->running = FALSE;
  }
}

static void
submit (Entry *entry)
{
  Run *run;

  if (entry->running) {
    return;
  }
  run = g_new0 (Run, 1);
  run->entry = entry;
  run->name = g_strdup (entry->name);
  run->func = entry->func;
  run->user_data = entry->user_data;
  entry->running = TRUE;
  fyr_writer_submit (entry->writer, run_job, run, on_done, run_free);
}

static gboolean
on_tick (gpointer data)
{
  submit (data);
  return G_SOURCE_CONTINUE;
}

FyrSchedule *
fyr_schedule_new (FyrWriter *writer)
{
  FyrSchedule *self = g_new0 (FyrSchedule, 1);

  self->writer = writer;
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  return self;
}

static gboolean
is_running (FyrSchedule *self)
{
  for (guint i = 0; i < self->entries->len; i++) {
    if (((Entry *)g_ptr_array_index (self->entries, i))->running) {
      return TRUE;
    }
  }
  return FALSE;
}

void
fyr_schedule_free (FyrSchedule *self)
{
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index (self->entries, i);
    g_source_destroy (entry->source);
    g_clear_pointer (&entry->source, g_source_unref);
  }
  while (is_running (self)) {
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  }
  g_ptr_array_unref (self->entries);
  g_free (self);
}

void
fyr_schedule_add (
    FyrSchedule *self, const char *name, guint seconds, FyrScheduleFunc func, gpointer user_data)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->name = g_strdup (name);
  entry->func = func;
  entry->user_data = user_data;
  entry->writer = self->writer;
  entry->source = g_timeout_source_new_seconds (MAX (seconds, 1));
  g_source_set_callback (entry->source, on_tick, entry, NULL);
  g_source_attach (entry->source, g_main_context_get_thread_default ());
  g_ptr_array_add (self->entries, entry);
  submit (entry);
}

void
fyr_schedule_run_now (FyrSchedule *self)
{
  for (guint i = 0; i < self->entries->len; i++) {
    submit (g_ptr_array_index (self->entries, i));
  }
}
