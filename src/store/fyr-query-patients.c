/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-alert-category.h"
#include "fyr-query-private.h"
#include "fyr-store-rows.h"
#include "fyr-text-fold.h"
#include "fyr-store-sql.h"

#define DEFAULT_LIMIT 200

typedef struct {
  FyrPatientFilter filter;
  char *text;
} PatientQuery;

typedef struct {
  GPtrArray *items;
  guint total;
} PatientList;

/* A patient found by words, before anything of the patient is read. */
typedef struct {
  char *sort_name;
  char id[37];
  gint64 rank; /* what comes before the name in the order asked for */
} Candidate;

static void
patient_query_free (PatientQuery *query)
{
  g_free (query->text);
  g_free (query);
}

static void
patient_list_free (PatientList *list)
{
  g_clear_pointer (&list->items, g_ptr_array_unref);
  g_free (list);
}

static FyrAlertCategory
category_of_rank (gint64 rank)
{
  for (guint i = 1; i <= FYR_ALERT_CATEGORY_LAST; i++) {
    if (fyr_alert_category_get_rank ((FyrAlertCategory)i) == rank) {
      return (FyrAlertCategory)i;
    }
  }
  return FYR_ALERT_CATEGORY_UNSET;
}

FyrPatientItem *
fyr_query_patient_item (FyrStoreContext *context, const char *patient_id, GError **error)
{
  g_autoptr (FyrStatement) statement =
      fyr_store_sql (context,
                     "SELECT open_alerts, worst, last_report, " FYR_STATE_SQL (
                         "?1") " FROM patient_index"
                               " WHERE patient_id = ?1 AND present = 1",
                     error);
  g_autoptr (GError) local_error = NULL;
  FyrRecord *patient;

  if (statement == NULL) {
    return NULL;
  }
  fyr_statement_bind_id (statement, 1, patient_id);
  patient = fyr_query_record (context, &fyr_patient_info, patient_id, &local_error);
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  if (patient == NULL || fyr_statement_step (statement, error) != FYR_STEP_ROW) {
    g_clear_object (&patient);
    if (error != NULL && *error == NULL) {
      g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD,
                           "There is no such patient here");
    }
    return NULL;
  }
  return fyr_patient_item_new (FYR_PATIENT (patient), (guint)fyr_statement_get_int (statement, 0),
                               category_of_rank (fyr_statement_get_int (statement, 1)),
                               fyr_statement_get_int (statement, 2),
                               (FyrOutboxState)fyr_statement_get_int (statement, 3));
}

static gboolean
append_item (FyrStoreContext *context, GPtrArray *items, const char *patient_id, GError **error)
{
  FyrPatientItem *item = fyr_query_patient_item (context, patient_id, error);

  if (item != NULL) {
    g_ptr_array_add (items, item);
  }
  return item != NULL;
}

/* Without words: walks the index of the order asked for, reads no more patients than are shown. */

static const char *
order_sql (const FyrPatientFilter *filter)
{
  switch (filter->sort) {
  case FYR_PATIENT_SORT_ZONE:
    return filter->descending ? "zone ASC, sort_name DESC" : "zone DESC, sort_name ASC";
  case FYR_PATIENT_SORT_LAST_REPORT:
    return filter->descending ? "last_report DESC, sort_name DESC" : "last_report ASC, sort_name ASC";
  case FYR_PATIENT_SORT_ALERTS:
    return filter->descending ? "worst DESC, sort_name DESC" : "worst ASC, sort_name ASC";
  case FYR_PATIENT_SORT_NAME:
  default:
    return filter->descending ? "sort_name DESC" : "sort_name ASC";
  }
}

/* Only what is asked for is compared, row by row. */
static char *
match_sql (const FyrPatientFilter *filter)
{
  return g_strdup_printf (" FROM patient_index WHERE present = 1 AND %s AND %s",
                          filter->statuses != 0 ? "(?1 >> status) & 1" : "?1 = 0",
                          filter->zones != 0 ? "(?2 >> zone) & 1" : "?2 = 0");
}

static void
bind_masks (FyrStatement *statement, const FyrPatientFilter *filter)
{
  fyr_statement_bind_int (statement, 1, filter->statuses);
  fyr_statement_bind_int (statement, 2, filter->zones);
}

static gboolean
count_all (FyrStoreContext *context, const FyrPatientFilter *filter, guint *total, GError **error)
{
  g_autofree char *match = match_sql (filter);
  g_autofree char *sql = g_strconcat ("SELECT count(*)", match, NULL);
  g_autoptr (FyrStatement) statement = fyr_store_sql (context, sql, error);

  if (statement == NULL) {
    return FALSE;
  }
  bind_masks (statement, filter);
  if (fyr_statement_step (statement, error) != FYR_STEP_ROW) {
    return FALSE;
  }
  *total = (guint)fyr_statement_get_int (statement, 0);
  return TRUE;
}

static gboolean
list_all (FyrStoreContext *context, const FyrPatientFilter *filter, PatientList *list, GError **error)
{
  g_autofree char *match = match_sql (filter);
  g_autofree char *sql =
      g_strdup_printf ("SELECT patient_id%s ORDER BY %s LIMIT ?3 OFFSET ?4", match, order_sql (filter));
  g_autoptr (FyrStatement) statement = fyr_store_sql (context, sql, error);
  FyrStep step;

  if (statement == NULL || !count_all (context, filter, &list->total, error)) {
    return FALSE;
  }
  bind_masks (statement, filter);
  fyr_statement_bind_int (statement, 3, filter->limit != 0 ? filter->limit : DEFAULT_LIMIT);
  fyr_statement_bind_int (statement, 4, filter->offset);
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    if (!append_item (context, list->items, fyr_statement_get_id (statement, 0), error)) {
      return FALSE;
    }
  }
  return step == FYR_STEP_DONE;
}

/* With words: all that have a word beginning like the longest one typed, of which the others are tried in place. */

static guint
find_longest (char **words)
{
  guint longest = 0;

  for (guint i = 1; words[i] != NULL; i++) {
    if (strlen (words[i]) > strlen (words[longest])) {
      longest = i;
    }
  }
  return longest;
}

static gboolean
in_mask (guint mask, gint64 value)
{
  return mask == 0 || (value >= 0 && value < 32 && (mask >> value & 1) != 0);
}

/* What stands before the name in the order; one look-up each, and only in these orders. */
static gboolean
find_rank (FyrStoreContext *context, const FyrPatientFilter *filter, Candidate *candidate, GError **error)
{
  g_autoptr (FyrStatement) statement = NULL;
  int column = filter->sort == FYR_PATIENT_SORT_ZONE          ? 0
               : filter->sort == FYR_PATIENT_SORT_LAST_REPORT ? 1
                                                              : 2;

  if (filter->sort == FYR_PATIENT_SORT_NAME) {
    return TRUE;
  }
  statement = fyr_store_sql (
      context, "SELECT -zone, last_report, worst FROM patient_index WHERE patient_id = ?1", error);
  if (statement == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (statement, 1, candidate->id);
  if (fyr_statement_step (statement, error) != FYR_STEP_ROW) {
    return FALSE;
  }
  candidate->rank = fyr_statement_get_int (statement, column);
  return TRUE;
}

static void
clear_candidate (gpointer data)
{
  g_free (((Candidate *)data)->sort_name);
}

static int
compare_candidates (gconstpointer left, gconstpointer right)
{
  const Candidate *a = left;
  const Candidate *b = right;
  int order;

  if (a->rank != b->rank) {
    return a->rank < b->rank ? -1 : 1;
  }
  order = strcmp (a->sort_name, b->sort_name);
  return order != 0 ? order : strcmp (a->id, b->id);
}

static gboolean
collect_candidates (FyrStoreContext *context,
                    const FyrPatientFilter *filter,
                    char **words,
                    GArray *candidates,
                    GError **error)
{
  g_autoptr (FyrStatement) statement =
      fyr_store_sql (context,
                     "SELECT patient_id, sort_name, words, status, zone FROM patient_word"
                     " WHERE word >= ?1 AND word < ?2",
                     error);
  guint longest = find_longest (words);
  g_autofree char *all_typed = g_strjoinv (" ", words);
  gboolean several = words[1] != NULL;
  /* Behind every word that begins so: no character comes after U+10FFFF. */
  g_autofree char *end = g_strconcat (words[longest], "\xf4\x8f\xbf\xbf", NULL);
  FyrStep step;

  if (statement == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (statement, 1, words[longest]);
  fyr_statement_bind_text (statement, 2, end);
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    const char *id = fyr_statement_get_id (statement, 0);
    const char *sort_name = fyr_statement_get_text (statement, 1);
    const char *all_words = fyr_statement_get_text (statement, 2);
    Candidate candidate = { 0 };

    /* A damaged row is reported by the next step. */
    if (id == NULL || sort_name == NULL || all_words == NULL ||
        !in_mask (filter->statuses, fyr_statement_get_int (statement, 3)) ||
        !in_mask (filter->zones, fyr_statement_get_int (statement, 4)) ||
        (several && !fyr_text_fold_matches (all_words, all_typed))) {
      continue;
    }
    g_strlcpy (candidate.id, id, sizeof candidate.id);
    if (!find_rank (context, filter, &candidate, error)) {
      return FALSE;
    }
    candidate.sort_name = g_strdup (sort_name);
    g_array_append_val (candidates, candidate);
  }
  return step == FYR_STEP_DONE;
}

/* A patient is met once for each word that begins as typed ("Berg, Berit"); sorting brings them together. */
static void
drop_repeated (GArray *candidates)
{
  guint kept = 0;

  for (guint i = 0; i < candidates->len; i++) {
    Candidate *candidate = &g_array_index (candidates, Candidate, i);

    if (kept > 0 && g_str_equal (g_array_index (candidates, Candidate, kept - 1).id, candidate->id)) {
      continue;
    }
    if (kept != i) {
      Candidate moved = g_array_index (candidates, Candidate, kept);

      g_array_index (candidates, Candidate, kept) = *candidate;
      *candidate = moved;
    }
    kept++;
  }
  g_array_set_size (candidates, kept);
}

static gboolean
list_found (
    FyrStoreContext *context, const FyrPatientFilter *filter, char **words, PatientList *list, GError **error)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  guint limit = filter->limit != 0 ? filter->limit : DEFAULT_LIMIT;

  g_array_set_clear_func (candidates, clear_candidate);
  if (!collect_candidates (context, filter, words, candidates, error)) {
    return FALSE;
  }
  g_array_sort (candidates, compare_candidates);
  drop_repeated (candidates);
  list->total = candidates->len;
  for (guint i = filter->offset; i < candidates->len && list->items->len < limit; i++) {
    guint place = filter->descending ? candidates->len - 1 - i : i;

    if (!append_item (context, list->items, g_array_index (candidates, Candidate, place).id, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gpointer
list_patients_job (FyrStoreContext *context, gpointer data, GError **error)
{
  PatientQuery *query = data;
  PatientList *list = g_new0 (PatientList, 1);
  g_auto (GStrv) words = fyr_patient_search_words (query->text);
  gboolean ok;

  list->items = g_ptr_array_new_with_free_func (g_object_unref);
  ok = words[0] != NULL ? list_found (context, &query->filter, words, list, error)
                        : list_all (context, &query->filter, list, error);
  if (!ok) {
    g_clear_pointer (&list, patient_list_free);
  }
  return list;
}

void
fyr_store_list_patients_async (FyrStore *self,
                               const FyrPatientFilter *filter,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  PatientQuery *query = g_new0 (PatientQuery, 1);
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = list_patients_job,
    .data = query,
    .data_free = (GDestroyNotify)patient_query_free,
    .result_free = (GDestroyNotify)patient_list_free,
    .tag = fyr_store_list_patients_async,
  };

  query->filter = *filter;
  query->text = g_strdup (filter->text);
  query->filter.text = NULL;
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

GPtrArray *
fyr_store_list_patients_finish (FyrStore *self, GAsyncResult *result, guint *total, GError **error)
{
  PatientList *list = fyr_store_run_finish (self, fyr_store_list_patients_async, result, error);
  GPtrArray *items;

  if (list == NULL) {
    return NULL;
  }
  if (total != NULL) {
    *total = list->total;
  }
  items = g_steal_pointer (&list->items);
  patient_list_free (list);
  return items;
}

static gpointer
duplicates_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrPatient *patient = data;
  g_autofree char *key =
      fyr_person_duplicate_key (fyr_patient_get_family_name (patient), fyr_patient_get_given_name (patient),
                                fyr_patient_get_birth_date (patient));
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  const char *id = fyr_record_get_id (FYR_RECORD (patient));
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error,
      "SELECT id FROM patient WHERE identity_number = ?1 AND ?1 IS NOT NULL AND id IS NOT ?3"
      " UNION SELECT patient_id FROM patient_index WHERE duplicate_key = ?2 AND patient_id IS NOT ?3",
      FYR_TEXT (fyr_patient_get_identity_number (patient)), FYR_TEXT (key), FYR_ID (*id != '\0' ? id : NULL));
  FyrStep step;

  if (statement == NULL) {
    return NULL;
  }
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    if (!append_item (context, items, fyr_statement_get_id (statement, 0), error)) {
      return NULL;
    }
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&items) : NULL;
}

void
fyr_store_find_duplicates_async (FyrStore *self,
                                 FyrPatient *patient,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = duplicates_job,
    .data = fyr_record_copy (FYR_RECORD (patient)),
    .data_free = g_object_unref,
    .result_free = (GDestroyNotify)g_ptr_array_unref,
    .tag = fyr_store_find_duplicates_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

GPtrArray *
fyr_store_find_duplicates_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_find_duplicates_async, result, error);
}
