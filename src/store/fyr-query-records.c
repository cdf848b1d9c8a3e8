/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-outbox-private.h"
#include "fyr-query-private.h"
#include "fyr-store-sql.h"

typedef struct {
  char *kind;
  char *field;
  char *id;
} RecordQuery;

static void
record_query_free (RecordQuery *query)
{
  g_free (query->kind);
  g_free (query->field);
  g_free (query->id);
  g_free (query);
}

static RecordQuery *
record_query_new (const char *kind, const char *field, const char *id)
{
  RecordQuery *query = g_new0 (RecordQuery, 1);

  *query = (RecordQuery){ g_strdup (kind), g_strdup (field), g_strdup (id) };
  return query;
}

FyrRecord *
fyr_query_record (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  return id != NULL ? fyr_record_table_get (context->connection, info, id, error) : NULL;
}

static const FyrRecordInfo *
find_kind (const char *kind, GError **error)
{
  const FyrRecordInfo *info = fyr_record_info_lookup (kind);

  if (info == NULL) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_FAILED, "There is no such record kind");
  }
  return info;
}

static gpointer
list_records_job (FyrStoreContext *context, gpointer data, GError **error)
{
  RecordQuery *query = data;
  const FyrRecordInfo *info = find_kind (query->kind, error);
  int field = info != NULL && query->field != NULL ? fyr_record_info_find_field (info, query->field) : -1;

  if (info == NULL) {
    return NULL;
  }
  if (query->field != NULL && (field < 0 || info->fields[field].type != FYR_FIELD_ID)) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_FAILED, "Records are listed by an id field");
    return NULL;
  }
  return fyr_record_table_list (context->connection, info, field, query->id, NULL, error);
}

void
fyr_store_list_records_async (FyrStore *self,
                              const char *kind,
                              const char *field,
                              const char *id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = list_records_job,
    .data = record_query_new (kind, field, id),
    .data_free = (GDestroyNotify)record_query_free,
    .result_free = (GDestroyNotify)g_ptr_array_unref,
    .tag = fyr_store_list_records_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

GPtrArray *
fyr_store_list_records_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_list_records_async, result, error);
}

static gpointer
get_record_job (FyrStoreContext *context, gpointer data, GError **error)
{
  RecordQuery *query = data;
  const FyrRecordInfo *info = find_kind (query->kind, error);
  g_autoptr (GError) local_error = NULL;
  FyrRecord *record = info != NULL ? fyr_query_record (context, info, query->id, &local_error) : NULL;

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
  } else if (info != NULL && record == NULL) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD,
                         "There is no such record here");
  }
  return record;
}

void
fyr_store_get_record_async (FyrStore *self,
                            const char *kind,
                            const char *id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = get_record_job,
    .data = record_query_new (kind, NULL, id),
    .data_free = (GDestroyNotify)record_query_free,
    .result_free = g_object_unref,
    .tag = fyr_store_get_record_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

FyrRecord *
fyr_store_get_record_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_get_record_async, result, error);
}

#define OPEN_STATES                                                                                          \
  (1u << FYR_OUTBOX_WAITING | 1u << FYR_OUTBOX_SENT | 1u << FYR_OUTBOX_HELD | 1u << FYR_OUTBOX_CONFLICT |    \
   1u << FYR_OUTBOX_REFUSED)
#define DEFAULT_LIMIT 1000

typedef struct {
  guint states;
  guint limit;
} OutboxQuery;

static gpointer
list_outbox_job (FyrStoreContext *context, gpointer data, GError **error)
{
  const OutboxQuery *query = data;
  /* Delivered work is much and rarely asked for; open work has an index of its own. */
  gboolean only_open = (query->states & ~OPEN_STATES) == 0;
  g_autofree char *sql =
      g_strdup_printf ("SELECT " FYR_OUTBOX_COLUMNS FYR_OUTBOX_FROM
                       "WHERE %s (?1 >> o.state) & 1 AND o.kind <> ?3 ORDER BY o.key DESC LIMIT ?2",
                       only_open ? "o.open = 1 AND" : "");
  g_autoptr (FyrStatement) statement =
      fyr_store_query (context, error, sql, FYR_INT (query->states), FYR_INT (query->limit),
                       FYR_TEXT (fyr_audit_event_info.kind));

  if (statement == NULL) {
    return NULL;
  }
  return fyr_outbox_entry_collect (statement, error);
}

void
fyr_store_list_outbox_async (FyrStore *self,
                             guint states,
                             guint limit,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  OutboxQuery *query = g_new0 (OutboxQuery, 1);
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = list_outbox_job,
    .data = query,
    .data_free = g_free,
    .result_free = (GDestroyNotify)g_ptr_array_unref,
    .tag = fyr_store_list_outbox_async,
  };

  query->states = states != 0 ? states : OPEN_STATES;
  query->limit = limit != 0 ? limit : DEFAULT_LIMIT;
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

GPtrArray *
fyr_store_list_outbox_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_list_outbox_async, result, error);
}

static gpointer
count_outbox_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_autofree FyrOutboxCounts *counts = g_new0 (FyrOutboxCounts, 1);
  g_autoptr (FyrStatement) statement = fyr_store_sql (
      context, "SELECT state, count(*), kind = 'audit_event' FROM outbox WHERE open = 1 GROUP BY 1, 3",
      error);
  FyrStep step;

  if (statement == NULL) {
    return NULL;
  }
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    guint n = (guint)fyr_statement_get_int (statement, 1);

    if (fyr_statement_get_bool (statement, 2)) {
      counts->displays += n;
      continue;
    }
    switch (fyr_statement_get_int (statement, 0)) {
    case FYR_OUTBOX_CONFLICT:
      counts->conflict += n;
      break;
    case FYR_OUTBOX_REFUSED:
      counts->refused += n;
      break;
    default:
      counts->waiting += n;
      break;
    }
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&counts) : NULL;
}

void
fyr_store_count_outbox_async (FyrStore *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  const FyrStoreJob job = {
    FYR_STORE_QUERY, count_outbox_job, NULL, NULL, g_free, fyr_store_count_outbox_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_count_outbox_finish (FyrStore *self, GAsyncResult *result, FyrOutboxCounts *counts, GError **error)
{
  g_autofree FyrOutboxCounts *found =
      fyr_store_run_finish (self, fyr_store_count_outbox_async, result, error);

  if (found != NULL) {
    *counts = *found;
  }
  return found != NULL;
}
