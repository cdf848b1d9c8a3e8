/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-emergency.h"

#include "fyr-pull-page-private.h"
#include "fyr-store-emergency-private.h"
#include "fyr-store-purge.h"
#include "fyr-store-sql.h"
#include "fyr-uuid.h"

/* How far the guess of the server's clock may be off before an access that "has not begun" is taken for a clock that
 * was set back. */
#define SLACK_MS (G_GINT64_CONSTANT (5) * 60 * 1000)

#define COLUMNS "SELECT access, patient, begins, ends, alone, author FROM emergency"

typedef struct {
  FyrEmergency access;
  char author_id[37];
} Row;

static Row
read_row (FyrStatement *statement)
{
  Row row = { .access = { .begin = fyr_statement_get_int (statement, 2),
                          .until = fyr_statement_get_int (statement, 3),
                          .alone = fyr_statement_get_bool (statement, 4) } };
  const char *author_id = fyr_statement_get_id (statement, 5);

  g_strlcpy (row.author_id, author_id != NULL ? author_id : "", sizeof row.author_id);
  g_strlcpy (row.access.access_id, fyr_statement_get_id (statement, 0), sizeof row.access.access_id);
  g_strlcpy (row.access.patient_id, fyr_statement_get_id (statement, 1), sizeof row.access.patient_id);
  return row;
}

static GArray *
load_rows (FyrStoreContext *context, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_autoptr (FyrStatement) select = fyr_store_sql (context, COLUMNS " ORDER BY begins, access", error);
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    Row row = read_row (select);

    g_array_append_val (rows, row);
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&rows) : NULL;
}

static char *
scope_of (const FyrEmergency *access)
{
  return g_strdup_printf ("patient:%s", access->patient_id);
}

gboolean
fyr_emergency_find (FyrStoreContext *context, const char *patient_id, FyrEmergency *access, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  *access = (FyrEmergency){ .access_id = "" };
  if (!fyr_uuid_is_valid (patient_id)) {
    return TRUE;
  }
  select = fyr_store_query (context, error, COLUMNS " WHERE patient = ?1 ORDER BY begins DESC LIMIT 1",
                            FYR_ID (patient_id));
  step = select != NULL ? fyr_statement_step (select, error) : FYR_STEP_ERROR;
  if (step == FYR_STEP_ROW) {
    *access = read_row (select).access;
  }
  return step != FYR_STEP_ERROR;
}

static gboolean
forget (FyrStoreContext *context, const FyrEmergency *access, GError **error)
{
  fyr_change_set_add (context->changes, FYR_CHANGE_EMERGENCY, access->access_id, access->patient_id);
  return fyr_store_execute (context, error, "DELETE FROM emergency WHERE access = ?1",
                            FYR_ID (access->access_id));
}

static const FyrEmergency *
find_in (GArray *accesses, const char *access_id)
{
  for (guint i = 0; i < accesses->len; i++) {
    const FyrEmergency *access = &g_array_index (accesses, FyrEmergency, i);

    if (g_str_equal (access->access_id, access_id)) {
      return access;
    }
  }
  return NULL;
}

static gboolean
has_name (GPtrArray *names, const char *name)
{
  return g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL);
}

static gboolean
note_removed (FyrStoreContext *context, const char *scope, GError **error)
{
  return fyr_store_execute (context, error, "INSERT OR IGNORE INTO removed VALUES (?1)", FYR_TEXT (scope));
}

/* One that the page does not have any more. When the patient's feed is granted for another reason its rows stay. */
static gboolean
follow_end (FyrStoreContext *context, FyrPullPage *page, const FyrEmergency *access, GError **error)
{
  g_autofree char *scope = scope_of (access);

  if (!forget (context, access, error)) {
    return FALSE;
  }
  if (has_name (page->granted, scope)) {
    return TRUE;
  }
  if (!has_name (page->revoked, scope)) {
    fyr_pull_page_add_revoked (page, scope);
  }
  return note_removed (context, scope, error) &&
         (!access->alone || fyr_purge_patient (context, access->patient_id, error));
}

static gboolean
put (FyrStoreContext *context, const FyrPullPage *page, const FyrEmergency *access, GError **error)
{
  fyr_change_set_add (context->changes, FYR_CHANGE_EMERGENCY, access->access_id, access->patient_id);
  return fyr_store_execute (context, error,
                            "INSERT OR REPLACE INTO emergency (access, patient, begins, ends, alone, author)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                            FYR_ID (access->access_id), FYR_ID (access->patient_id), FYR_INT (access->begin),
                            FYR_INT (access->until), FYR_INT (access->alone),
                            FYR_ID (page->emergency_author));
}

gboolean
fyr_emergency_follow (FyrStoreContext *context, FyrPullPage *page, GError **error)
{
  g_autoptr (GArray) rows = NULL;

  if (page->emergency_author == NULL) {
    return TRUE;
  }
  rows = load_rows (context, error);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const FyrEmergency *here = &g_array_index (rows, Row, i).access;

    if (find_in (page->emergency, here->access_id) == NULL && !follow_end (context, page, here, error)) {
      return FALSE;
    }
  }
  for (guint i = 0; rows != NULL && i < page->emergency->len; i++) {
    const FyrEmergency *told = &g_array_index (page->emergency, FyrEmergency, i);
    gboolean same = FALSE;

    for (guint j = 0; j < rows->len && !same; j++) {
      const Row *row = &g_array_index (rows, Row, j);

      same = g_str_equal (row->access.access_id, told->access_id) && row->access.until == told->until &&
             row->access.alone == told->alone && g_str_equal (row->author_id, page->emergency_author);
    }
    if (!same && !put (context, page, told, error)) {
      return FALSE;
    }
  }
  return rows != NULL;
}

static gpointer
list_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_autoptr (GArray) rows = load_rows (context, error);
  g_autoptr (GArray) accesses = g_array_new (FALSE, FALSE, sizeof (FyrEmergency));

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    g_array_append_val (accesses, g_array_index (rows, Row, i).access);
  }
  return rows != NULL ? g_steal_pointer (&accesses) : NULL;
}

void
fyr_store_list_emergency_async (FyrStore *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = list_job,
    .result_free = (GDestroyNotify)g_array_unref,
    .tag = fyr_store_list_emergency_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

GArray *
fyr_store_list_emergency_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_list_emergency_async, result, error);
}

typedef struct {
  char *author_id;
  char **ids;
} Ending;

static void
ending_free (gpointer data)
{
  Ending *ending = data;

  g_free (ending->author_id);
  g_strfreev (ending->ids);
  g_free (ending);
}

static gboolean
is_over (FyrStoreContext *context, const Ending *ending, const Row *row)
{
  /* Whatever this machine's clock says, it is not before the server's last word. */
  gint64 now =
      MAX (context->now + context->clock_offset, fyr_meta_get_int (context->connection, "last_contact"));

  return row->access.until <= now || row->access.begin > now + SLACK_MS ||
         (ending->author_id != NULL && !g_str_equal (row->author_id, ending->author_id)) ||
         (ending->ids != NULL && g_strv_contains ((const char *const *)ending->ids, row->access.access_id));
}

/* What has a cursor is granted, as far as this machine knows. */
static GPtrArray *
load_granted (FyrStoreContext *context, const char *without, GError **error)
{
  g_autoptr (GPtrArray) granted = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (FyrStatement) select =
      fyr_store_query (context, error, "SELECT scope FROM cursor WHERE scope <> ?1", FYR_TEXT (without));
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_ptr_array_add (granted, g_strdup (fyr_statement_get_text (select, 0)));
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&granted) : NULL;
}

static gboolean
end_one (FyrStoreContext *context, const FyrEmergency *access, GPtrArray *scopes, GError **error)
{
  g_autofree char *scope = scope_of (access);
  g_autoptr (GPtrArray) granted = load_granted (context, scope, error);

  if (granted == NULL || !forget (context, access, error) || !note_removed (context, scope, error) ||
      (access->alone && !fyr_purge_patient (context, access->patient_id, error)) ||
      !fyr_purge_scope (context, scope, granted, error)) {
    return FALSE;
  }
  g_ptr_array_add (scopes, g_steal_pointer (&scope));
  return TRUE;
}

static gpointer
end_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_autoptr (GArray) rows = load_rows (context, error);
  g_autoptr (GPtrArray) scopes = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const Row *row = &g_array_index (rows, Row, i);

    if (is_over (context, data, row) && !end_one (context, &row->access, scopes, error)) {
      return NULL;
    }
  }
  return rows != NULL ? g_steal_pointer (&scopes) : NULL;
}

void
fyr_store_end_emergency_async (FyrStore *self,
                               const char *author_id,
                               const char *const *ids,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Ending *ending = g_new0 (Ending, 1);
  const FyrStoreJob job = {
    .mode = FYR_STORE_SYNC,
    .func = end_job,
    .data = ending,
    .data_free = ending_free,
    .result_free = (GDestroyNotify)g_ptr_array_unref,
    .tag = fyr_store_end_emergency_async,
  };

  ending->author_id = g_strdup (author_id);
  ending->ids = g_strdupv ((char **)ids);
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

GPtrArray *
fyr_store_end_emergency_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_end_emergency_async, result, error);
}
