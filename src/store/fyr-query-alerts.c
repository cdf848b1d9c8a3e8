/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-query-private.h"

#include "fyr-alert-category.h"
#include "fyr-store-sql.h"
#include "fyr-text-fold.h"

#define DEFAULT_LIMIT 1000
#define N_RECENT 5
/* After the alert's own columns. */
#define EXTRA_SQL                                                                                            \
  ", p.family_name, p.given_name, p.telephone, p.zone, u.name, " FYR_STATE_SQL (                             \
      "a.id") " FROM alert a"                                                                                \
              " LEFT JOIN patient p ON p.id = a.patient_id LEFT JOIN \"user\" u ON u.id = a.assignee_id "

static void
alert_query_clear (FyrAlertQuery *query)
{
  g_free (query->assignee_id);
  g_free (query->patient_id);
  g_free (query->alert_id);
  g_free (query->except_id);
}

static void
alert_query_free (FyrAlertQuery *query)
{
  alert_query_clear (query);
  g_free (query);
}

/* "a.id, a.version, …" */
static void
append_columns (GString *sql)
{
  g_auto (GStrv) names = g_strsplit (fyr_alert_info.columns_sql, ", ", -1);

  g_string_append (sql, "SELECT ");
  for (guint i = 0; names[i] != NULL; i++) {
    g_string_append_printf (sql, "%sa.%s", i > 0 ? ", " : "", names[i]);
  }
}

/* The order of fyr_alert_category_get_rank() as SQL. */
static void
append_rank (GString *sql)
{
  g_string_append (sql, "CASE a.category");
  for (guint i = 1; i <= FYR_ALERT_CATEGORY_LAST; i++) {
    g_string_append_printf (sql, " WHEN %u THEN %d", i, fyr_alert_category_get_rank ((FyrAlertCategory)i));
  }
  g_string_append (sql, " ELSE 9 END");
}

/* Which statuses. Named one by one, so that the index on status serves; for one patient (+) the index on patients
 * does, however many others' alerts are closed. */
static const char *
status_sql (const FyrAlertQuery *query, gboolean closed)
{
  if (query->alert_id != NULL) {
    return "1";
  }
  if (query->patient_id != NULL) {
    return closed ? "+a.status = 3" : "+a.status IN (1, 2)";
  }
  return closed ? "a.status = 3" : "a.status IN (1, 2)";
}

static char *
make_sql (const FyrAlertQuery *query, gboolean closed)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  append_columns (sql);
  g_string_append_printf (sql, EXTRA_SQL "WHERE %s", status_sql (query, closed));
  g_string_append (sql, query->categories != 0 ? " AND (?1 >> a.category) & 1" : " AND ?1 = 0");
  g_string_append (sql, query->assignee_id != NULL ? " AND a.assignee_id = ?2" : " AND ?2 IS NULL");
  g_string_append (sql, query->patient_id != NULL ? " AND a.patient_id = ?3" : " AND ?3 IS NULL");
  g_string_append (sql, query->alert_id != NULL ? " AND a.id = ?4" : " AND ?4 IS NULL");
  g_string_append (sql, query->except_id != NULL ? " AND a.id <> ?5 ORDER BY " : " AND ?5 IS NULL ORDER BY ");
  if (closed) {
    g_string_append (sql, "a.closed_time DESC, a.id LIMIT ?6");
  } else {
    append_rank (sql);
    g_string_append (sql, ", coalesce (a.due_time, 9223372036854775807), a.raised_time, a.id LIMIT ?6");
  }
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

static FyrAlertItem *
read_item (FyrStoreContext *context, FyrStatement *statement, GError **error)
{
  const int extra = (int)fyr_alert_info.n_fields + 3;
  g_autoptr (FyrRecord) alert = fyr_record_table_read (statement, &fyr_alert_info, 0);
  g_autoptr (GError) local_error = NULL;
  FyrRecord *measurement = fyr_query_record (context, &fyr_measurement_info,
                                             fyr_alert_get_measurement_id (FYR_ALERT (alert)), &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  return fyr_alert_item_new (FYR_ALERT (g_steal_pointer (&alert)),
                             measurement != NULL ? FYR_MEASUREMENT (measurement) : NULL,
                             fyr_person_list_name (fyr_statement_get_text (statement, extra),
                                                   fyr_statement_get_text (statement, extra + 1)),
                             g_strdup (fyr_statement_get_text (statement, extra + 2)),
                             (FyrZone)fyr_statement_get_int (statement, extra + 3),
                             g_strdup (fyr_statement_get_text (statement, extra + 4)),
                             (FyrOutboxState)fyr_statement_get_int (statement, extra + 5));
}

static gboolean
append_items (
    FyrStoreContext *context, const FyrAlertQuery *query, gboolean closed, GPtrArray *items, GError **error)
{
  g_autofree char *sql = make_sql (query, closed);
  g_autoptr (FyrStatement) statement = fyr_store_sql (context, sql, error);
  guint limit = query->limit != 0 ? query->limit : DEFAULT_LIMIT;
  FyrStep step;

  if (statement == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (statement, 1, query->categories);
  fyr_statement_bind_id (statement, 2, query->assignee_id);
  fyr_statement_bind_id (statement, 3, query->patient_id);
  fyr_statement_bind_id (statement, 4, query->alert_id);
  fyr_statement_bind_id (statement, 5, query->except_id);
  fyr_statement_bind_int (statement, 6, limit > items->len ? limit - items->len : 0);
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    FyrAlertItem *item = read_item (context, statement, error);

    if (item == NULL) {
      return FALSE;
    }
    g_ptr_array_add (items, item);
  }
  return step == FYR_STEP_DONE;
}

GPtrArray *
fyr_query_alert_items (FyrStoreContext *context, const FyrAlertQuery *query, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  if (!query->only_closed && !append_items (context, query, FALSE, items, error)) {
    return NULL;
  }
  if ((query->closed || query->only_closed) && !append_items (context, query, TRUE, items, error)) {
    return NULL;
  }
  return g_steal_pointer (&items);
}

static gpointer
list_alerts_job (FyrStoreContext *context, gpointer data, GError **error)
{
  return fyr_query_alert_items (context, data, error);
}

void
fyr_store_list_alerts_async (FyrStore *self,
                             const FyrAlertFilter *filter,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  FyrAlertQuery *query = g_new0 (FyrAlertQuery, 1);
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = list_alerts_job,
    .data = query,
    .data_free = (GDestroyNotify)alert_query_free,
    .result_free = (GDestroyNotify)g_ptr_array_unref,
    .tag = fyr_store_list_alerts_async,
  };

  query->closed = filter->closed;
  query->categories = filter->categories;
  query->assignee_id = g_strdup (filter->assignee_id);
  query->patient_id = g_strdup (filter->patient_id);
  query->limit = filter->limit;
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

GPtrArray *
fyr_store_list_alerts_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_list_alerts_async, result, error);
}

static gpointer
count_alerts_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_autofree FyrAlertCounts *counts = g_new0 (FyrAlertCounts, 1);
  g_autoptr (FyrStatement) statement =
      fyr_store_query (context, error,
                       "SELECT category, sum (status = 1), sum (status = 2), sum (due_time < ?1) FROM alert"
                       " WHERE status IN (1, 2) GROUP BY category",
                       FYR_INT (*(gint64 *)data));
  FyrStep step;

  if (statement == NULL) {
    return NULL;
  }
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    gint64 category = CLAMP (fyr_statement_get_int (statement, 0), 0, FYR_ALERT_CATEGORY_LAST);

    counts->open[category] = (guint)fyr_statement_get_int (statement, 1);
    counts->taken[category] = (guint)fyr_statement_get_int (statement, 2);
    counts->overdue[category] = (guint)fyr_statement_get_int (statement, 3);
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&counts) : NULL;
}

void
fyr_store_count_alerts_async (
    FyrStore *self, gint64 now, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const FyrStoreJob job = {
    FYR_STORE_QUERY, count_alerts_job, g_memdup2 (&now, sizeof now),
    g_free,          g_free,           fyr_store_count_alerts_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_count_alerts_finish (FyrStore *self, GAsyncResult *result, FyrAlertCounts *counts, GError **error)
{
  g_autofree FyrAlertCounts *found = fyr_store_run_finish (self, fyr_store_count_alerts_async, result, error);

  if (found != NULL) {
    *counts = *found;
  }
  return found != NULL;
}

void
fyr_alert_detail_free (FyrAlertDetail *detail)
{
  if (detail == NULL) {
    return;
  }
  g_clear_object (&detail->item);
  g_clear_object (&detail->patient);
  g_clear_object (&detail->limit);
  g_clear_pointer (&detail->events, g_ptr_array_unref);
  g_clear_pointer (&detail->notes, g_ptr_array_unref);
  g_clear_pointer (&detail->siblings, g_ptr_array_unref);
  g_clear_pointer (&detail->recent, g_ptr_array_unref);
  g_free (detail);
}

static GPtrArray *
load_events (FyrStoreContext *context, const char *alert_id, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) events = fyr_record_table_list (
      context->connection, &fyr_alert_event_info, FYR_ALERT_EVENT_ALERT_ID, alert_id, "time, id", error);

  for (guint i = 0; events != NULL && i < events->len; i++) {
    FyrAlertEvent *event = FYR_ALERT_EVENT (events->pdata[i]);
    g_autoptr (GError) local_error = NULL;
    g_autoptr (FyrRecord) actor =
        fyr_query_record (context, &fyr_user_info, fyr_alert_event_get_actor_id (event), &local_error);
    g_autoptr (FyrStatement) pending =
        fyr_store_sql (context, "SELECT 1 FROM effect WHERE kind = 'alert_event' AND id = ?1", &local_error);

    if (local_error != NULL) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
    fyr_statement_bind_id (pending, 1, fyr_record_get_id (FYR_RECORD (event)));
    g_ptr_array_add (
        items,
        fyr_event_item_new (
            g_object_ref (event), actor != NULL ? g_strdup (fyr_user_get_name (FYR_USER (actor))) : NULL,
            fyr_statement_step (pending, NULL) == FYR_STEP_ROW ? FYR_OUTBOX_WAITING : FYR_OUTBOX_DELIVERED));
  }
  return events != NULL ? g_steal_pointer (&items) : NULL;
}

GPtrArray *
fyr_query_note_items (
    FyrStoreContext *context, const char *field, const char *id, gboolean newest_first, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  const int extra = (int)fyr_note_info.n_fields + 3;
  /* Program text only: names of fields and an order. */
  g_autofree char *sql = g_strdup_printf (
      "SELECT %s, (SELECT name FROM \"user\" u WHERE u.id = note.author_id),"
      " EXISTS (SELECT 1 FROM note c WHERE c.patient_id = note.patient_id AND c.corrects_id = note.id),"
      " " FYR_STATE_SQL ("note.id") " FROM note WHERE %s = ?1 ORDER BY time %s, id",
      fyr_note_info.columns_sql, field, newest_first ? "DESC" : "ASC");
  g_autoptr (FyrStatement) statement = fyr_store_query (context, error, sql, FYR_ID (id));
  FyrStep step;

  if (statement == NULL) {
    return NULL;
  }
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    g_ptr_array_add (items,
                     fyr_note_item_new (FYR_NOTE (fyr_record_table_read (statement, &fyr_note_info, 0)),
                                        g_strdup (fyr_statement_get_text (statement, extra)),
                                        fyr_statement_get_bool (statement, extra + 1),
                                        (FyrOutboxState)fyr_statement_get_int (statement, extra + 2)));
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&items) : NULL;
}

static gboolean
load_item (FyrStoreContext *context, const char *alert_id, FyrAlertDetail *detail, GError **error)
{
  const FyrAlertQuery query = { .alert_id = (char *)alert_id };
  g_autoptr (GPtrArray) items = fyr_query_alert_items (context, &query, error);

  if (items != NULL && items->len > 0) {
    detail->item = g_object_ref (items->pdata[0]);
  } else if (items != NULL) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD,
                         "There is no such alert here");
  }
  return detail->item != NULL;
}

static gboolean
load_patient_and_limit (FyrStoreContext *context, FyrAlert *alert, FyrAlertDetail *detail, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FyrRecord *patient =
      fyr_query_record (context, &fyr_patient_info, fyr_alert_get_patient_id (alert), &local_error);
  FyrRecord *limit = NULL;

  detail->patient = patient != NULL ? FYR_PATIENT (patient) : NULL;
  if (local_error == NULL) {
    limit = fyr_query_record (context, &fyr_limit_info, fyr_alert_get_limit_id (alert), &local_error);
    detail->limit = limit != NULL ? FYR_LIMIT (limit) : NULL;
  }
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  return TRUE;
}

static gpointer
load_alert_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_autoptr (FyrAlertDetail) detail = g_new0 (FyrAlertDetail, 1);
  FyrAlertQuery others = { .except_id = data };
  FyrAlert *alert;

  if (!load_item (context, data, detail, error)) {
    return NULL;
  }
  alert = fyr_alert_item_get_alert (detail->item);
  others.patient_id = (char *)fyr_alert_get_patient_id (alert);
  if (!load_patient_and_limit (context, alert, detail, error)) {
    return NULL;
  }
  detail->events = load_events (context, data, error);
  detail->notes =
      detail->events != NULL ? fyr_query_note_items (context, "alert_id", data, FALSE, error) : NULL;
  detail->siblings = detail->notes != NULL ? fyr_query_alert_items (context, &others, error) : NULL;
  others.only_closed = TRUE;
  others.limit = N_RECENT;
  detail->recent = detail->siblings != NULL ? fyr_query_alert_items (context, &others, error) : NULL;
  return detail->recent != NULL ? g_steal_pointer (&detail) : NULL;
}

void
fyr_store_load_alert_async (FyrStore *self,
                            const char *alert_id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = load_alert_job,
    .data = g_strdup (alert_id),
    .data_free = g_free,
    .result_free = (GDestroyNotify)fyr_alert_detail_free,
    .tag = fyr_store_load_alert_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

FyrAlertDetail *
fyr_store_load_alert_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_load_alert_async, result, error);
}
