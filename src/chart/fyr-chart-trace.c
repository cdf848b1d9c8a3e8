/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-trace.h"

#include <math.h>

/* From this many values a column is drawn as a span. */
#define DENSE_COLUMN 4

/* How far outside the plot a line is cut, pixels: beyond what its width can reach. */
#define OUTSIDE 64.0

double
fyr_chart_mapping_x (const FyrChartMapping *mapping, gint64 time)
{
  double share = ((double)time - (double)mapping->from) / ((double)mapping->to - (double)mapping->from);
  return mapping->left + share * (mapping->right - mapping->left);
}

double
fyr_chart_mapping_y (const FyrChartMapping *mapping, double value)
{
  return fyr_chart_scale_to_y (&mapping->scale, value, mapping->top, mapping->bottom);
}

void
fyr_chart_trace_init (FyrChartTrace *trace)
{
  trace->spans = g_array_new (FALSE, FALSE, sizeof (FyrChartSpan));
  trace->points = g_array_new (FALSE, FALSE, 2 * sizeof (float));
  trace->runs = g_array_new (FALSE, FALSE, sizeof (guint));
}

void
fyr_chart_trace_clear (FyrChartTrace *trace)
{
  g_clear_pointer (&trace->spans, g_array_unref);
  g_clear_pointer (&trace->points, g_array_unref);
  g_clear_pointer (&trace->runs, g_array_unref);
}

const float *
fyr_chart_trace_get_run (const FyrChartTrace *trace, guint run, gsize *n_points)
{
  guint from = g_array_index (trace->runs, guint, run);
  guint to = run + 1 < trace->runs->len ? g_array_index (trace->runs, guint, run + 1) : trace->points->len;
  *n_points = to - from;
  return (const float *)(gpointer)trace->points->data + 2 * (gsize)from;
}

typedef struct {
  FyrChartTrace *trace;
  FyrChartSeries *series;
  const FyrChartMapping *mapping;
  const gint64 *times;
  const double *values;
  gboolean second;
  gint64 gap;
  double x_scale, x_offset;
  double y_scale, y_offset;
  gboolean run_open;
  gboolean ends_dense; /* the last thing built was a span */
} Builder;

static inline double
get_x (const Builder *b, gsize index)
{
  return ((double)(b->times[index] - b->mapping->from)) * b->x_scale + b->x_offset;
}

static inline double
get_y (const Builder *b, gsize index)
{
  return b->values[index] * b->y_scale + b->y_offset;
}

static inline gboolean
is_joined (const Builder *b, gsize index)
{
  return index > 0 && (b->gap == 0 || b->times[index] - b->times[index - 1] <= b->gap);
}

static void
push (Builder *b, double x, double y)
{
  if (!b->run_open) {
    g_array_append_val (b->trace->runs, b->trace->points->len);
    b->run_open = TRUE;
  }
  float xy[2] = { (float)x, (float)y };
  g_array_append_vals (b->trace->points, xy, 1);
}

/* Point @index, moved along the line to @neighbour if it lies so far out that a float would lose its place. */
static void
push_outside (Builder *b, gsize index, gsize neighbour)
{
  double x = get_x (b, index), y = get_y (b, index);
  double limit = CLAMP (x, b->mapping->left - OUTSIDE, b->mapping->right + OUTSIDE);
  if (limit != x) {
    double other_x = get_x (b, neighbour), other_y = get_y (b, neighbour);
    y += (limit - x) * (other_y - y) / (other_x - x);
    x = limit;
  }
  push (b, x, y);
}

/* Points [from, to) as a line, joined to what was before. */
static void
add_points (Builder *b, gsize from, gsize to)
{
  for (gsize i = from; i < to; i++) {
    if (!is_joined (b, i)) {
      b->run_open = FALSE;
    } else if (b->ends_dense) {
      push (b, get_x (b, i - 1), get_y (b, i - 1));
    }
    b->ends_dense = FALSE;
    push (b, get_x (b, i), get_y (b, i));
  }
}

static void
query_span (Builder *b, gsize from, gsize to, double *top, double *bottom)
{
  double min, max;
  if (b->second) {
    fyr_chart_series_get_second_extent (b->series, from, to, &min, &max);
  } else {
    fyr_chart_series_get_extent (b->series, from, to, &min, &max);
  }
  *top = max * b->y_scale + b->y_offset;
  *bottom = min * b->y_scale + b->y_offset;
}

/* The line from the last value of the column before crosses the border of the columns somewhere: both
 * columns reach to that height. */
static void
meet_previous (Builder *b, gsize index, FyrChartSpan *span)
{
  GArray *spans = b->trace->spans;
  FyrChartSpan *previous = &g_array_index (spans, FyrChartSpan, spans->len - 1);
  double x0 = get_x (b, index - 1), y0 = get_y (b, index - 1);
  double x1 = get_x (b, index), y1 = get_y (b, index);
  double share = x1 > x0 ? CLAMP ((span->column - x0) / (x1 - x0), 0, 1) : 0;
  float y = (float)(y0 + share * (y1 - y0));
  previous->top = MIN (previous->top, y);
  previous->bottom = MAX (previous->bottom, y);
  span->top = MIN (span->top, y);
  span->bottom = MAX (span->bottom, y);
}

static void
add_span (Builder *b, int column, gsize from, gsize to)
{
  double top, bottom;
  query_span (b, from, to, &top, &bottom);
  FyrChartSpan span = { column, (float)top, (float)bottom };
  if (is_joined (b, from)) {
    GArray *spans = b->trace->spans;
    gboolean adjacent =
        b->ends_dense && g_array_index (spans, FyrChartSpan, spans->len - 1).column == column - 1;
    if (adjacent) {
      meet_previous (b, from, &span);
    } else {
      if (b->ends_dense) {
        push (b, get_x (b, from - 1), get_y (b, from - 1));
      }
      if (b->run_open) {
        push (b, get_x (b, from), get_y (b, from));
      }
    }
  }
  g_array_append_val (b->trace->spans, span);
  b->run_open = FALSE;
  b->ends_dense = TRUE;
}

/* First index in [from, to) at or after @time: doubles its stride from @guess on, since neighbouring columns
 * hold about as many points. It begins with single steps: of values that come regularly the guess is next to
 * right, and each further place would be fetched from memory. */
static gsize
seek (const gint64 *times, gsize from, gsize to, gint64 time, gsize guess)
{
  gsize low = from, high = to, stride = 1;
  gsize probe = MIN (from + guess, to);
  if (probe < to && times[probe] < time) {
    low = probe + 1;
    while (low + stride < to && times[low + stride] < time) {
      low += stride + 1;
      stride *= 2;
    }
    high = MIN (low + stride, to);
  } else {
    high = probe;
    while (high > from + stride && times[high - stride] >= time) {
      high -= stride;
      stride *= 2;
    }
    low = high > from + stride ? high - stride : from;
  }
  while (low < high) {
    gsize middle = low + (high - low) / 2;
    if (times[middle] < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static void
build_columns (Builder *b, gsize from, gsize to)
{
  double time_per_column = 1 / b->x_scale;
  gsize guess = 1;
  for (gsize i = from; i < to;) {
    int column = MIN ((int)get_x (b, i), b->mapping->right - 1);
    gint64 end = b->mapping->from + (gint64)ceil ((column + 1 - b->x_offset) * time_per_column);
    gsize next = column + 1 >= b->mapping->right ? to : seek (b->times, i, to, end, guess);
    next = MAX (next, i + 1);
    guess = next - i;
    /* Where the next column will end, on its way from memory while this one is built. */
    if (next + guess < to) {
      __builtin_prefetch (&b->times[next + guess]);
      __builtin_prefetch (&b->values[next + guess]);
    }
    if (guess < DENSE_COLUMN) {
      add_points (b, i, next);
    } else {
      add_span (b, column, i, next);
    }
    i = next;
  }
}

static void
build_visible (Builder *b, gsize from, gsize to, gsize n_points)
{
  if (from > 0 && from < n_points && is_joined (b, from)) {
    push_outside (b, from - 1, from);
  }
  gsize n_columns = (gsize)(b->mapping->right - b->mapping->left);
  if (to - from <= 2 * n_columns) {
    add_points (b, from, to);
  } else {
    build_columns (b, from, to);
  }
  if (to < n_points && to > 0 && is_joined (b, to)) {
    if (b->ends_dense) {
      push (b, get_x (b, to - 1), get_y (b, to - 1));
    }
    push_outside (b, to, to - 1);
  }
}

void
fyr_chart_trace_build (FyrChartTrace *trace,
                       FyrChartSeries *series,
                       gboolean second,
                       const FyrChartMapping *mapping)
{
  g_array_set_size (trace->spans, 0);
  g_array_set_size (trace->points, 0);
  g_array_set_size (trace->runs, 0);
  gsize n_points = fyr_chart_series_get_n_points (series);
  if (n_points == 0 || mapping->right <= mapping->left || mapping->to <= mapping->from) {
    return;
  }
  Builder b = { .trace = trace, .series = series, .mapping = mapping, .second = second };
  b.times = fyr_chart_series_get_times (series);
  b.values = fyr_chart_series_get_values (series, second);
  b.gap = fyr_chart_series_get_gap (series);
  b.x_scale = (mapping->right - mapping->left) / ((double)mapping->to - (double)mapping->from);
  b.x_offset = mapping->left;
  b.y_scale = -(mapping->bottom - mapping->top) / (mapping->scale.max - mapping->scale.min);
  b.y_offset = mapping->bottom - mapping->scale.min * b.y_scale;
  gsize from = fyr_chart_series_lower_bound (series, mapping->from);
  gsize to = mapping->to < G_MAXINT64 ? fyr_chart_series_lower_bound (series, mapping->to + 1) : n_points;
  build_visible (&b, from, to, n_points);
}
