/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "fyr-query-private.h"
#include "fyr-store-sql.h"

typedef struct {
  char *patient_id;
  FyrMeasurementKind kind;
  gint64 from;
  gint64 to;
  guint limit;
} SeriesQuery;

static void
series_query_free (SeriesQuery *query)
{
  g_free (query->patient_id);
  g_free (query);
}

/* Ids of corrected measurements; mostly none. */
static GHashTable *
load_voided (FyrStoreContext *context, const SeriesQuery *query, FyrMeasurementKind kind, GError **error)
{
  g_autoptr (GHashTable) voided =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error, "SELECT measurement_id FROM voided WHERE patient_id = ?1 AND kind = ?2",
      FYR_ID (query->patient_id), FYR_INT (kind));
  FyrStep step;

  if (statement == NULL) {
    return NULL;
  }
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    gsize length;
    gconstpointer id = fyr_statement_get_blob (statement, 0, &length);

    g_hash_table_add (voided, g_bytes_new (id, length));
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&voided) : NULL;
}

static gboolean
is_voided (GHashTable *voided, FyrStatement *statement)
{
  g_autoptr (GBytes) id = NULL;
  gconstpointer bytes;
  gsize length;

  if (g_hash_table_size (voided) == 0) {
    return FALSE;
  }
  bytes = fyr_statement_get_blob (statement, 5, &length);
  id = g_bytes_new (bytes, length);
  return g_hash_table_contains (voided, id);
}

typedef struct {
  GArray *times;
  GArray *values;
  GArray *values2;
  GByteArray *flags;
  gboolean any_second;
} Columns;

static void
add_value (Columns *columns, FyrStatement *statement)
{
  gint64 time = fyr_statement_get_int (statement, 0);
  double value = fyr_statement_get_real (statement, 1);
  gboolean has_second = !fyr_statement_is_null (statement, 2);
  double second = has_second ? fyr_statement_get_real (statement, 2) : NAN;
  guint8 flags = (guint8)(fyr_statement_get_int (statement, 3) & FYR_SERIES_CATEGORY_MASK);

  if (fyr_statement_get_bool (statement, 4)) {
    flags |= FYR_SERIES_IMPLAUSIBLE;
  }
  columns->any_second = columns->any_second || has_second;
  g_array_append_val (columns->times, time);
  g_array_append_val (columns->values, value);
  g_array_append_val (columns->values2, second);
  g_byte_array_append (columns->flags, &flags, 1);
}

static FyrSeries *
make_series (FyrMeasurementKind kind, Columns *columns)
{
  FyrSeries *series = g_new0 (FyrSeries, 1);

  g_atomic_ref_count_init (&series->refs);
  series->kind = kind;
  series->n = columns->times->len;
  series->times = (gint64 *)(gpointer)g_array_free (columns->times, FALSE);
  series->values = (double *)(gpointer)g_array_free (columns->values, FALSE);
  series->values2 = (double *)(gpointer)g_array_free (columns->values2, !columns->any_second);
  series->flags = g_byte_array_free (columns->flags, FALSE);
  return series;
}

/* All columns come from the index measurement_by_patient_id_kind_effective_time, no table page is read. */
static FyrSeries *
load_series (FyrStoreContext *context, const SeriesQuery *query, FyrMeasurementKind kind, GError **error)
{
  g_autoptr (GHashTable) voided = load_voided (context, query, kind, error);
  g_autoptr (FyrStatement) statement =
      fyr_store_sql (context,
                     "SELECT effective_time, value, value_2, category, implausible, id FROM measurement"
                     " WHERE patient_id = ?1 AND kind = ?2 AND effective_time >= ?3 AND effective_time < ?4"
                     " ORDER BY effective_time",
                     error);
  Columns columns;
  FyrSeries *series;
  FyrStep step;

  if (voided == NULL || statement == NULL) {
    return NULL;
  }
  columns =
      (Columns){ g_array_new (FALSE, FALSE, sizeof (gint64)), g_array_new (FALSE, FALSE, sizeof (double)),
                 g_array_new (FALSE, FALSE, sizeof (double)), g_byte_array_new (), FALSE };
  fyr_statement_bind_id (statement, 1, query->patient_id);
  fyr_statement_bind_int (statement, 2, kind);
  fyr_statement_bind_int (statement, 3, query->from);
  fyr_statement_bind_int (statement, 4, query->to);
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    if (!fyr_statement_is_null (statement, 1) && !is_voided (voided, statement)) {
      add_value (&columns, statement);
    }
  }
  series = make_series (kind, &columns);
  if (step == FYR_STEP_ERROR) {
    g_clear_pointer (&series, fyr_series_unref);
  }
  return series;
}

static gpointer
series_job (FyrStoreContext *context, gpointer data, GError **error)
{
  SeriesQuery *query = data;

  return load_series (context, query, query->kind, error);
}

static gpointer
all_series_job (FyrStoreContext *context, gpointer data, GError **error)
{
  SeriesQuery *query = data;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)fyr_series_unref);
  g_autoptr (FyrStatement) kinds =
      fyr_store_query (context, error, "SELECT kind FROM latest WHERE patient_id = ?1 ORDER BY kind",
                       FYR_ID (query->patient_id));
  FyrStep step;

  if (kinds == NULL) {
    return NULL;
  }
  while ((step = fyr_statement_step (kinds, error)) == FYR_STEP_ROW) {
    FyrSeries *series =
        load_series (context, query, (FyrMeasurementKind)fyr_statement_get_int (kinds, 0), error);

    if (series == NULL) {
      return NULL;
    }
    g_ptr_array_add (all, series);
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&all) : NULL;
}

static SeriesQuery *
series_query_new (const char *patient_id, FyrMeasurementKind kind, gint64 from, gint64 to, guint limit)
{
  SeriesQuery *query = g_new0 (SeriesQuery, 1);

  *query = (SeriesQuery){ g_strdup (patient_id), kind, from, to, limit };
  return query;
}

void
fyr_store_load_series_async (FyrStore *self,
                             const char *patient_id,
                             FyrMeasurementKind kind,
                             gint64 from,
                             gint64 to,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = series_job,
    .data = series_query_new (patient_id, kind, from, to, 0),
    .data_free = (GDestroyNotify)series_query_free,
    .result_free = (GDestroyNotify)fyr_series_unref,
    .tag = fyr_store_load_series_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

FyrSeries *
fyr_store_load_series_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_load_series_async, result, error);
}

void
fyr_store_load_all_series_async (FyrStore *self,
                                 const char *patient_id,
                                 gint64 from,
                                 gint64 to,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = all_series_job,
    .data = series_query_new (patient_id, FYR_MEASUREMENT_KIND_UNSET, from, to, 0),
    .data_free = (GDestroyNotify)series_query_free,
    .result_free = (GDestroyNotify)g_ptr_array_unref,
    .tag = fyr_store_load_all_series_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

GPtrArray *
fyr_store_load_all_series_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_load_all_series_async, result, error);
}

/* Place of a measurement in the table, before the record is read. */
typedef struct {
  gint64 time;
  char id[37];
} Place;

/* The newest of one kind, from the index alone. */
static gboolean
find_places (FyrStoreContext *context, const SeriesQuery *query, gint64 kind, GArray *places, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error,
      "SELECT effective_time, id FROM measurement WHERE patient_id = ?1 AND kind = ?2 AND effective_time < ?3"
      " ORDER BY effective_time DESC LIMIT ?4",
      FYR_ID (query->patient_id), FYR_INT (kind), FYR_INT (query->to), FYR_INT (query->limit));
  FyrStep step;

  if (statement == NULL) {
    return FALSE;
  }
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    const char *id = fyr_statement_get_id (statement, 1);
    Place place = { .time = fyr_statement_get_int (statement, 0) };

    if (id != NULL) {
      g_strlcpy (place.id, id, sizeof place.id);
      g_array_append_val (places, place);
    }
  }
  return step == FYR_STEP_DONE;
}

/* Of every kind there is, without reading the kinds' other rows. */
static gboolean
find_all_places (FyrStoreContext *context, const SeriesQuery *query, GArray *places, GError **error)
{
  g_autoptr (FyrStatement) kinds =
      fyr_store_sql (context,
                     "SELECT DISTINCT kind FROM measurement WHERE patient_id = ?1 AND kind > ?2"
                     " ORDER BY kind LIMIT 1",
                     error);
  gint64 kind = FYR_MEASUREMENT_KIND_UNSET;
  FyrStep step;

  if (kinds == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (kinds, 1, query->patient_id);
  fyr_statement_bind_int (kinds, 2, kind);
  while ((step = fyr_statement_step (kinds, error)) == FYR_STEP_ROW) {
    kind = fyr_statement_get_int (kinds, 0);
    fyr_statement_reset (kinds);
    if (!find_places (context, query, kind, places, error)) {
      return FALSE;
    }
    fyr_statement_bind_int (kinds, 2, kind);
  }
  return step == FYR_STEP_DONE;
}

static int
compare_places (gconstpointer left, gconstpointer right)
{
  const Place *a = left;
  const Place *b = right;

  if (a->time != b->time) {
    return a->time > b->time ? -1 : 1;
  }
  return strcmp (a->id, b->id);
}

static gpointer
list_measurements_job (FyrStoreContext *context, gpointer data, GError **error)
{
  SeriesQuery *query = data;
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean ok = query->kind == FYR_MEASUREMENT_KIND_UNSET
                    ? find_all_places (context, query, places, error)
                    : find_places (context, query, query->kind, places, error);

  if (!ok) {
    return NULL;
  }
  g_array_sort (places, compare_places);
  for (guint i = 0; i < places->len && i < query->limit; i++) {
    const Place *place = &g_array_index (places, Place, i);
    FyrRecord *record = fyr_query_record (context, &fyr_measurement_info, place->id, error);

    if (record == NULL) {
      return NULL;
    }
    g_ptr_array_add (records, record);
  }
  return g_steal_pointer (&records);
}

void
fyr_store_list_measurements_async (FyrStore *self,
                                   const char *patient_id,
                                   FyrMeasurementKind kind,
                                   gint64 before,
                                   guint limit,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = list_measurements_job,
    .data = series_query_new (patient_id, kind, G_MININT64, before, limit),
    .data_free = (GDestroyNotify)series_query_free,
    .result_free = (GDestroyNotify)g_ptr_array_unref,
    .tag = fyr_store_list_measurements_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

GPtrArray *
fyr_store_list_measurements_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_list_measurements_async, result, error);
}
