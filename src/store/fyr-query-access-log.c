/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-query-private.h"
#include "fyr-record-table.h"
#include "fyr-store-access-log.h"
#include "fyr-text-fold.h"

#define DEFAULT_LIMIT 1000

typedef struct {
  FyrAccessLogFilter filter;
  char *centre_id;
  char *typed; /* (nullable) */
  char *words; /* the same, folded */
} Query;

typedef struct {
  GPtrArray *events;
  guint total;
} Answer;

static void
query_free (Query *query)
{
  g_free (query->centre_id);
  g_free (query->typed);
  g_free (query->words);
  g_free (query);
}

static void
answer_free (Answer *answer)
{
  g_clear_pointer (&answer->events, g_ptr_array_unref);
  g_free (answer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

static gboolean
has_words (const char *value, const char *text)
{
  g_autofree char *folded = value != NULL ? fyr_text_fold (value) : NULL;

  return folded != NULL && fyr_text_fold_matches (folded, text);
}

static gboolean
matches (FyrAuditEvent *event, const Query *query)
{
  return query->typed == NULL || has_words (fyr_audit_event_get_patient_name (event), query->words) ||
         has_words (fyr_audit_event_get_agent_name (event), query->words) ||
         has_words (fyr_audit_event_get_organization_name (event), query->words) ||
         g_strcmp0 (fyr_audit_event_get_agent_hpr_number (event), query->typed) == 0 ||
         g_strcmp0 (fyr_audit_event_get_patient_id (event), query->typed) == 0;
}

static gboolean
collect (FyrStatement *statement, const Query *query, Answer *answer, GError **error)
{
  FyrStep step;

  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    g_autoptr (FyrRecord) record = fyr_record_table_read (statement, &fyr_audit_event_info, 0);

    if (!matches (FYR_AUDIT_EVENT (record), query)) {
      continue;
    }
    answer->total++;
    if (answer->events->len < query->filter.limit) {
      g_ptr_array_add (answer->events, g_steal_pointer (&record));
    }
  }
  return step == FYR_STEP_DONE;
}

static gpointer
list_job (FyrStoreContext *context, gpointer data, GError **error)
{
  const Query *query = data;
  g_autoptr (Answer) answer = g_new0 (Answer, 1);
  g_autoptr (FyrStatement) select = fyr_record_table_select (
      context->connection, &fyr_audit_event_info,
      "WHERE (?1 IS NULL OR centre_id = ?1) AND recorded_time >= ?2 AND recorded_time < ?3"
      " ORDER BY recorded_time DESC, id DESC",
      error);

  answer->events = g_ptr_array_new_with_free_func (g_object_unref);
  if (select == NULL) {
    return NULL;
  }
  fyr_statement_bind_id (select, 1, query->centre_id);
  fyr_statement_bind_int (select, 2, query->filter.from);
  fyr_statement_bind_int (select, 3, query->filter.until > 0 ? query->filter.until : G_MAXINT64);
  return collect (select, query, answer, error) ? g_steal_pointer (&answer) : NULL;
}

void
fyr_store_list_access_log_async (FyrStore *self,
                                 const FyrAccessLogFilter *filter,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  Query *query = g_new0 (Query, 1);
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = list_job,
    .data = query,
    .data_free = (GDestroyNotify)query_free,
    .result_free = (GDestroyNotify)answer_free,
    .tag = fyr_store_list_access_log_async,
  };

  query->filter = *filter;
  query->filter.limit = filter->limit != 0 ? filter->limit : DEFAULT_LIMIT;
  query->centre_id = g_strdup (filter->centre_id);
  query->typed = filter->text != NULL && *filter->text != '\0' ? g_strdup (filter->text) : NULL;
  query->words = query->typed != NULL ? fyr_text_fold (query->typed) : NULL;
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

GPtrArray *
fyr_store_list_access_log_finish (FyrStore *self, GAsyncResult *result, guint *total, GError **error)
{
  g_autoptr (Answer) answer = fyr_store_run_finish (self, fyr_store_list_access_log_async, result, error);

  if (answer == NULL) {
    return NULL;
  }
  if (total != NULL) {
    *total = answer->total;
  }
  return g_steal_pointer (&answer->events);
}
