/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-series.h"

#include <math.h>
#include <string.h>

#include "fyr-chart-pyramid.h"

#define N_MARKS 4

struct _FyrChartSeries {
  GObject parent_instance;

  char *label;
  FyrChartForm form;
  gint64 gap;

  gsize n_points;
  gsize n_allocated;
  gint64 *times;
  double *values;
  double *seconds; /* NULL unless some point has one */
  guint8 *marks;   /* NULL unless some point has one */

  GArray *flagged[N_MARKS]; /* of guint, by mark; found when first asked */
  FyrChartPyramid *pyramid; /* built when first asked, dropped on change */
  FyrChartPyramid *second_pyramid;
  gboolean trusted_known;
  gboolean has_trusted;
  double trusted_min, trusted_max;
};

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FyrChartSeries, fyr_chart_series, G_TYPE_OBJECT)

static void
drop_derived (FyrChartSeries *self)
{
  g_clear_pointer (&self->pyramid, fyr_chart_pyramid_free);
  g_clear_pointer (&self->second_pyramid, fyr_chart_pyramid_free);
  for (guint i = 0; i < N_MARKS; i++) {
    g_clear_pointer (&self->flagged[i], g_array_unref);
  }
  self->trusted_known = FALSE;
}

static void
drop_points (FyrChartSeries *self)
{
  drop_derived (self);
  g_clear_pointer (&self->times, g_free);
  g_clear_pointer (&self->values, g_free);
  g_clear_pointer (&self->seconds, g_free);
  g_clear_pointer (&self->marks, g_free);
  self->n_points = 0;
  self->n_allocated = 0;
}

static void
fyr_chart_series_finalize (GObject *object)
{
  FyrChartSeries *self = FYR_CHART_SERIES (object);
  drop_points (self);
  g_free (self->label);
  G_OBJECT_CLASS (fyr_chart_series_parent_class)->finalize (object);
}

static void
fyr_chart_series_class_init (FyrChartSeriesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_chart_series_finalize;
  signals[SIGNAL_CHANGED] =
      g_signal_new ("changed", FYR_TYPE_CHART_SERIES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fyr_chart_series_init (FyrChartSeries *self)
{
}

FyrChartSeries *
fyr_chart_series_new (const char *label, FyrChartForm form)
{
  FyrChartSeries *self = g_object_new (FYR_TYPE_CHART_SERIES, NULL);
  self->label = g_strdup (label);
  self->form = form;
  return self;
}

static void
reserve (FyrChartSeries *self, gsize n_points)
{
  if (n_points <= self->n_allocated) {
    return;
  }
  gsize n = MAX (n_points, self->n_allocated * 2);
  self->times = g_renew (gint64, self->times, n);
  self->values = g_renew (double, self->values, n);
  if (self->seconds != NULL) {
    self->seconds = g_renew (double, self->seconds, n);
  }
  if (self->marks != NULL) {
    self->marks = g_renew (guint8, self->marks, n);
  }
  self->n_allocated = n;
}

static void
require_seconds (FyrChartSeries *self)
{
  if (self->seconds == NULL) {
    self->seconds = g_new (double, self->n_allocated);
    /* No points, no memory: what is NULL may not be copied, not even nothing of it. */
    if (self->n_points > 0) {
      memcpy (self->seconds, self->values, self->n_points * sizeof (double));
    }
  }
}

static void
require_marks (FyrChartSeries *self)
{
  if (self->marks == NULL) {
    self->marks = g_new0 (guint8, self->n_allocated);
  }
}

typedef struct {
  gint64 time;
  gsize index;
} Order;

static int
compare_order (gconstpointer a, gconstpointer b)
{
  const Order *x = a, *y = b;
  if (x->time != y->time) {
    return x->time < y->time ? -1 : 1;
  }
  return x->index < y->index ? -1 : x->index > y->index;
}

/* The kept points' indices by time, or NULL if all points are kept and already in order. */
static Order *
order_points (const gint64 *times, const double *values, gsize n_points, gsize *n_kept)
{
  gboolean in_order = TRUE;
  gsize n_finite = 0;
  for (gsize i = 0; i < n_points; i++) {
    n_finite += isfinite (values[i]) ? 1 : 0;
    in_order &= i == 0 || times[i - 1] <= times[i];
  }
  *n_kept = n_finite;
  if (in_order && n_finite == n_points) {
    return NULL;
  }
  Order *order = g_new (Order, MAX (n_finite, 1));
  gsize n = 0;
  for (gsize i = 0; i < n_points; i++) {
    if (isfinite (values[i])) {
      order[n++] = (Order){ times[i], i };
    }
  }
  if (!in_order) {
    qsort (order, n, sizeof (Order), compare_order);
  }
  return order;
}

static void
copy_points (FyrChartSeries *self,
             const Order *order,
             const gint64 *times,
             const double *values,
             const double *seconds,
             const guint8 *marks)
{
  for (gsize i = 0; i < self->n_points; i++) {
    gsize from = order != NULL ? order[i].index : i;
    self->times[i] = times[from];
    self->values[i] = values[from];
    if (seconds != NULL) {
      self->seconds[i] = isfinite (seconds[from]) ? seconds[from] : values[from];
    }
    if (marks != NULL) {
      self->marks[i] = marks[from];
    }
  }
}

void
fyr_chart_series_set_points (FyrChartSeries *self,
                             const gint64 *times,
                             const double *values,
                             const double *seconds,
                             const guint8 *marks,
                             gsize n_points)
{
  g_return_if_fail (FYR_IS_CHART_SERIES (self));
  g_return_if_fail (n_points == 0 || (times != NULL && values != NULL));
  g_return_if_fail (n_points <= G_MAXINT32);

  drop_points (self);
  gsize n_kept = 0;
  g_autofree Order *order = order_points (times, values, n_points, &n_kept);
  reserve (self, n_kept);
  if (seconds != NULL) {
    require_seconds (self);
  }
  if (marks != NULL) {
    require_marks (self);
  }
  self->n_points = n_kept;
  if (order == NULL && n_kept > 0 && seconds == NULL && marks == NULL) {
    memcpy (self->times, times, n_kept * sizeof (gint64));
    memcpy (self->values, values, n_kept * sizeof (double));
  } else {
    copy_points (self, order, times, values, seconds, marks);
  }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
is_all_finite (const double *values, gsize n_points)
{
  /* A sum with a value that is not finite is not finite; the other way round costs only a copy. */
  double sum = 0;
  for (gsize i = 0; i < n_points; i++) {
    sum += values[i];
  }
  return isfinite (sum);
}

static gboolean
is_ascending (const gint64 *times, gsize n_points)
{
  gboolean ascending = TRUE;
  for (gsize i = 1; i < n_points; i++) {
    ascending &= times[i - 1] <= times[i];
  }
  return ascending;
}

void
fyr_chart_series_take_points (
    FyrChartSeries *self, gint64 *times, double *values, double *seconds, guint8 *marks, gsize n_points)
{
  g_return_if_fail (FYR_IS_CHART_SERIES (self));
  g_return_if_fail (n_points == 0 || (times != NULL && values != NULL));
  g_return_if_fail (n_points <= G_MAXINT32);
  gboolean as_is = is_ascending (times, n_points) && is_all_finite (values, n_points) &&
                   (seconds == NULL || is_all_finite (seconds, n_points));
  if (!as_is) {
    fyr_chart_series_set_points (self, times, values, seconds, marks, n_points);
    g_free (times);
    g_free (values);
    g_free (seconds);
    g_free (marks);
    return;
  }
  drop_points (self);
  self->times = times;
  self->values = values;
  self->seconds = seconds;
  self->marks = marks;
  self->n_points = n_points;
  self->n_allocated = n_points;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Makes room for one point at @index. */
static void
open_slot (FyrChartSeries *self, gsize index)
{
  gsize n_after = self->n_points - index;
  memmove (self->times + index + 1, self->times + index, n_after * sizeof (gint64));
  memmove (self->values + index + 1, self->values + index, n_after * sizeof (double));
  if (self->seconds != NULL) {
    memmove (self->seconds + index + 1, self->seconds + index, n_after * sizeof (double));
  }
  if (self->marks != NULL) {
    memmove (self->marks + index + 1, self->marks + index, n_after);
  }
}

void
fyr_chart_series_add_point (FyrChartSeries *self, gint64 time, double value, double second, FyrChartMark mark)
{
  g_return_if_fail (FYR_IS_CHART_SERIES (self));
  if (!isfinite (value) || self->n_points >= G_MAXINT32) {
    return;
  }
  drop_derived (self);
  reserve (self, MAX (self->n_points + 1, 16));
  if (isfinite (second)) {
    require_seconds (self);
  }
  if (mark != FYR_CHART_MARK_NONE) {
    require_marks (self);
  }
  gsize index = self->n_points;
  while (index > 0 && self->times[index - 1] > time) {
    index--;
  }
  open_slot (self, index);
  self->times[index] = time;
  self->values[index] = value;
  if (self->seconds != NULL) {
    self->seconds[index] = isfinite (second) ? second : value;
  }
  if (self->marks != NULL) {
    self->marks[index] = (guint8)mark;
  }
  self->n_points++;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
fyr_chart_series_set_gap (FyrChartSeries *self, gint64 gap)
{
  g_return_if_fail (FYR_IS_CHART_SERIES (self));
  gap = MAX (gap, 0);
  if (gap == self->gap) {
    return;
  }
  self->gap = gap;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

gint64
fyr_chart_series_get_gap (FyrChartSeries *self)
{
  return self->gap;
}

const char *
fyr_chart_series_get_label (FyrChartSeries *self)
{
  return self->label;
}

FyrChartForm
fyr_chart_series_get_form (FyrChartSeries *self)
{
  return self->form;
}

gsize
fyr_chart_series_get_n_points (FyrChartSeries *self)
{
  return self->n_points;
}

const gint64 *
fyr_chart_series_get_times (FyrChartSeries *self)
{
  return self->times;
}

const double *
fyr_chart_series_get_values (FyrChartSeries *self, gboolean second)
{
  return second && self->seconds != NULL ? self->seconds : self->values;
}

gint64
fyr_chart_series_get_time (FyrChartSeries *self, gsize index)
{
  g_return_val_if_fail (index < self->n_points, 0);
  return self->times[index];
}

double
fyr_chart_series_get_value (FyrChartSeries *self, gsize index)
{
  g_return_val_if_fail (index < self->n_points, 0);
  return self->values[index];
}

double
fyr_chart_series_get_second (FyrChartSeries *self, gsize index)
{
  g_return_val_if_fail (index < self->n_points, 0);
  return self->seconds != NULL ? self->seconds[index] : self->values[index];
}

FyrChartMark
fyr_chart_series_get_mark (FyrChartSeries *self, gsize index)
{
  g_return_val_if_fail (index < self->n_points, FYR_CHART_MARK_NONE);
  return self->marks != NULL ? (FyrChartMark)self->marks[index] : FYR_CHART_MARK_NONE;
}

gboolean
fyr_chart_series_has_seconds (FyrChartSeries *self)
{
  return self->seconds != NULL;
}

gsize
fyr_chart_series_lower_bound (FyrChartSeries *self, gint64 time)
{
  gsize from = 0, to = self->n_points;
  while (from < to) {
    gsize middle = from + (to - from) / 2;
    if (self->times[middle] < time) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

gboolean
fyr_chart_series_nearest (FyrChartSeries *self, gint64 time, gsize *index)
{
  if (self->n_points == 0) {
    return FALSE;
  }
  gsize after = fyr_chart_series_lower_bound (self, time);
  if (after == self->n_points) {
    *index = after - 1;
  } else if (after > 0 && time - self->times[after - 1] <= self->times[after] - time) {
    *index = after - 1;
  } else {
    *index = after;
  }
  return TRUE;
}

static gboolean
query (FyrChartPyramid *pyramid, gsize n_points, gsize from, gsize to, double *min, double *max)
{
  *min = INFINITY;
  *max = -INFINITY;
  if (from >= MIN (to, n_points)) {
    return FALSE;
  }
  fyr_chart_pyramid_query (pyramid, from, to, min, max);
  return TRUE;
}

gboolean
fyr_chart_series_get_extent (FyrChartSeries *self, gsize from, gsize to, double *min, double *max)
{
  if (self->pyramid == NULL) {
    self->pyramid = fyr_chart_pyramid_new (self->values, self->n_points);
  }
  return query (self->pyramid, self->n_points, from, to, min, max);
}

gboolean
fyr_chart_series_get_second_extent (FyrChartSeries *self, gsize from, gsize to, double *min, double *max)
{
  if (self->seconds == NULL) {
    return fyr_chart_series_get_extent (self, from, to, min, max);
  }
  if (self->second_pyramid == NULL) {
    self->second_pyramid = fyr_chart_pyramid_new (self->seconds, self->n_points);
  }
  return query (self->second_pyramid, self->n_points, from, to, min, max);
}

/* Extremes between doubtful points; there are few of them, so the pyramid does the rest. */
static void
find_trusted_extent (FyrChartSeries *self)
{
  gsize n_doubtful = 0;
  const guint *doubtful = fyr_chart_series_get_flagged (self, FYR_CHART_MARK_DOUBTFUL, &n_doubtful);
  double min = INFINITY, max = -INFINITY;
  gsize from = 0;
  for (gsize i = 0; i <= n_doubtful; i++) {
    gsize to = i < n_doubtful ? doubtful[i] : self->n_points;
    double low, high;
    if (fyr_chart_series_get_extent (self, from, to, &low, &high)) {
      min = MIN (min, low);
      max = MAX (max, high);
    }
    if (fyr_chart_series_get_second_extent (self, from, to, &low, &high)) {
      min = MIN (min, low);
      max = MAX (max, high);
    }
    from = to + 1;
  }
  self->has_trusted = min <= max;
  self->trusted_min = min;
  self->trusted_max = max;
  self->trusted_known = TRUE;
}

gboolean
fyr_chart_series_get_trusted_extent (FyrChartSeries *self, double *min, double *max)
{
  if (!self->trusted_known) {
    find_trusted_extent (self);
  }
  *min = self->trusted_min;
  *max = self->trusted_max;
  return self->has_trusted;
}

static void
find_flagged (FyrChartSeries *self)
{
  for (guint i = 0; i < N_MARKS; i++) {
    self->flagged[i] = g_array_new (FALSE, FALSE, sizeof (guint));
  }
  for (guint i = 0; i < self->n_points; i++) {
    guint8 mark = self->marks[i];
    if (mark != FYR_CHART_MARK_NONE && mark < N_MARKS) {
      g_array_append_val (self->flagged[mark], i);
    }
  }
}

const guint *
fyr_chart_series_get_flagged (FyrChartSeries *self, FyrChartMark mark, gsize *n_flagged)
{
  *n_flagged = 0;
  g_return_val_if_fail ((guint)mark < N_MARKS, NULL);
  if (self->marks == NULL) {
    return NULL;
  }
  if (self->flagged[mark] == NULL) {
    find_flagged (self);
  }
  *n_flagged = self->flagged[mark]->len;
  return (const guint *)(gpointer)self->flagged[mark]->data;
}
