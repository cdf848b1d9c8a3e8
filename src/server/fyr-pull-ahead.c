/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-pull-private.h"

#include "fyr-record-table.h"
#include "fyr-uuid.h"

/* Of the worklist and of what came today; the rest follows in its own place. */
#define MAX_ALERTS 2000
/* Both look at few rows of a long history: the open ones by status, those of today by their ids ("+" keeps the index of
 * status out of it). */
#define OPEN_SQL                                                                                             \
  "WHERE status IN (1, 2) AND raised_time >= ?1 AND id >= ?3 ORDER BY category, due_time, id LIMIT ?2"
#define CLOSED_SQL                                                                                           \
  "WHERE +status = 3 AND raised_time >= ?1 AND id >= ?3 ORDER BY raised_time DESC, id LIMIT ?2"
#define DAY_MS (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)

typedef struct {
  FyrPullRun *run;
  GHashTable *told; /* ids */
  gsize room;
} Ahead;

static gboolean
has_room (Ahead *self)
{
  return self->run->pull->reply->body->len < self->room;
}

static gboolean
tell (Ahead *self, FyrRecord *record, GError **error)
{
  guint mask;

  if (record == NULL || g_hash_table_contains (self->told, fyr_record_get_id (record))) {
    return TRUE;
  }
  if (!fyr_pull_read_mask (self->run, record, &mask, error)) {
    return FALSE;
  }
  if (mask != 0) {
    g_hash_table_add (self->told, g_strdup (fyr_record_get_id (record)));
    fyr_pull_writer_put (&self->run->writer, 0, record, mask);
  }
  return TRUE;
}

static gboolean
tell_by_id (Ahead *self, const FyrRecordInfo *info, const char *id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (FyrRecord) record = NULL;

  if (id == NULL || g_hash_table_contains (self->told, id)) {
    return TRUE;
  }
  record = fyr_record_table_get (self->run->connection, info, id, &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return tell (self, record, error);
}

static gboolean
tell_events (Ahead *self, FyrRecord *alert, GError **error)
{
  g_autoptr (GPtrArray) events =
      fyr_record_table_list (self->run->connection, &fyr_alert_event_info, FYR_ALERT_EVENT_ALERT_ID,
                             fyr_record_get_id (alert), "time, id", error);

  for (guint i = 0; events != NULL && i < events->len; i++) {
    if (!tell (self, events->pdata[i], error)) {
      return FALSE;
    }
  }
  return events != NULL;
}

/* An alert with all that its line in the worklist shows. */
static gboolean
tell_alert (Ahead *self, FyrRecord *record, GError **error)
{
  FyrAlert *alert = FYR_ALERT (record);

  return tell_by_id (self, &fyr_patient_info, fyr_alert_get_patient_id (alert), error) &&
         tell_by_id (self, &fyr_measurement_info, fyr_alert_get_measurement_id (alert), error) &&
         tell_by_id (self, &fyr_limit_info, fyr_alert_get_limit_id (alert), error) &&
         tell (self, record, error) && tell_events (self, record, error);
}

/* An id of a time is not less than this: ids are made when an alert is raised, and lie in their order. */
static void
first_id_of (gint64 time, char id[FYR_UUID_TEXT_SIZE])
{
  g_snprintf (id, FYR_UUID_TEXT_SIZE, "%08x-%04x-7000-8000-000000000000", (guint)(time >> 16),
              (guint)(time & 0xffff));
}

static gboolean
tell_alerts (Ahead *self, const char *tail, gint64 since, GError **error)
{
  char first[FYR_UUID_TEXT_SIZE];
  g_autoptr (FyrStatement) select =
      fyr_record_table_select (self->run->connection, &fyr_alert_info, tail, error);
  FyrStep step = FYR_STEP_DONE;

  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (select, 1, since);
  fyr_statement_bind_int (select, 2, MAX_ALERTS);
  first_id_of (since, first);
  fyr_statement_bind_id (select, 3, first);
  while (has_room (self) && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_autoptr (FyrRecord) alert = fyr_record_table_read (select, &fyr_alert_info, 0);

    if (!tell_alert (self, alert, error)) {
      return FALSE;
    }
  }
  return step != FYR_STEP_ERROR;
}

static gboolean
tell_small_kind (Ahead *self, const FyrRecordInfo *info, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_record_table_select (self->run->connection, info, "ORDER BY id LIMIT 1000", error);
  FyrStep step = FYR_STEP_DONE;

  if (select == NULL) {
    return FALSE;
  }
  while (has_room (self) && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_autoptr (FyrRecord) record = fyr_record_table_read (select, info, 0);

    if (!tell (self, record, error)) {
      return FALSE;
    }
  }
  return step != FYR_STEP_ERROR;
}

gboolean
fyr_pull_write_ahead (FyrPullRun *run, GError **error)
{
  gint64 today = g_get_real_time () / 1000 - DAY_MS;
  gboolean done;
  Ahead ahead = {
    .run = run,
    .told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    /* The other half is for entries: a page always goes on. */
    .room = (gsize)run->pull->request->max_bytes / 2,
  };

  fyr_pull_writer_begin_ahead (&run->writer);
  done = tell_small_kind (&ahead, &fyr_centre_info, error) &&
         tell_small_kind (&ahead, &fyr_user_info, error) && tell_alerts (&ahead, OPEN_SQL, 0, error) &&
         tell_alerts (&ahead, CLOSED_SQL, today, error);
  fyr_pull_writer_end_ahead (&run->writer);
  g_hash_table_unref (ahead.told);
  return done;
}
