/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-pyramid.h"

/* 16 values a first block are two cache lines, as far as a ragged end of a query can reach; eight blocks a
 * higher block keep the whole within a seventh of the first level. */
#define FIRST_SHIFT 4
#define NEXT_SHIFT 3
#define MAX_LEVELS 12

typedef struct {
  double min;
  double max;
} Extent;

struct _FyrChartPyramid {
  const double *values;
  gsize n_values;
  guint n_levels;
  gsize n_blocks[MAX_LEVELS];
  Extent *levels[MAX_LEVELS];
};

/* Two independent chains let the processor compare several values a cycle. */
static void
widen_values (const double *values, gsize n_values, Extent *extent)
{
  double min_a = extent->min, min_b = extent->min;
  double max_a = extent->max, max_b = extent->max;
  gsize i = 0;
  for (; i + 2 <= n_values; i += 2) {
    double a = values[i], b = values[i + 1];
    min_a = a < min_a ? a : min_a;
    max_a = a > max_a ? a : max_a;
    min_b = b < min_b ? b : min_b;
    max_b = b > max_b ? b : max_b;
  }
  if (i < n_values) {
    min_a = MIN (min_a, values[i]);
    max_a = MAX (max_a, values[i]);
  }
  extent->min = MIN (min_a, min_b);
  extent->max = MAX (max_a, max_b);
}

static void
widen_blocks (const Extent *blocks, gsize n_blocks, Extent *extent)
{
  double min = extent->min, max = extent->max;
  for (gsize i = 0; i < n_blocks; i++) {
    min = blocks[i].min < min ? blocks[i].min : min;
    max = blocks[i].max > max ? blocks[i].max : max;
  }
  extent->min = min;
  extent->max = max;
}

static void
build_first_level (FyrChartPyramid *self)
{
  gsize n = self->n_values >> FIRST_SHIFT;
  if (n == 0) {
    return;
  }
  self->levels[0] = g_new (Extent, n);
  self->n_blocks[0] = n;
  self->n_levels = 1;
  for (gsize i = 0; i < n; i++) {
    const double *block = self->values + (i << FIRST_SHIFT);
    Extent extent = { block[0], block[0] };
    widen_values (block, (gsize)1 << FIRST_SHIFT, &extent);
    self->levels[0][i] = extent;
  }
}

static void
build_next_level (FyrChartPyramid *self)
{
  guint below = self->n_levels - 1;
  gsize n = self->n_blocks[below] >> NEXT_SHIFT;
  Extent *level = g_new (Extent, n);
  for (gsize i = 0; i < n; i++) {
    const Extent *blocks = self->levels[below] + (i << NEXT_SHIFT);
    level[i] = blocks[0];
    widen_blocks (blocks + 1, ((gsize)1 << NEXT_SHIFT) - 1, &level[i]);
  }
  self->levels[self->n_levels] = level;
  self->n_blocks[self->n_levels] = n;
  self->n_levels++;
}

FyrChartPyramid *
fyr_chart_pyramid_new (const double *values, gsize n_values)
{
  FyrChartPyramid *self = g_new0 (FyrChartPyramid, 1);
  self->values = values;
  self->n_values = n_values;
  build_first_level (self);
  while (self->n_levels > 0 && self->n_levels < MAX_LEVELS &&
         self->n_blocks[self->n_levels - 1] >> NEXT_SHIFT > 0) {
    build_next_level (self);
  }
  return self;
}

void
fyr_chart_pyramid_free (FyrChartPyramid *self)
{
  if (self == NULL) {
    return;
  }
  for (guint i = 0; i < self->n_levels; i++) {
    g_free (self->levels[i]);
  }
  g_free (self);
}

/* Takes the ragged ends of blocks [from, to) of @level and leaves the rest to the level above. */
static void
query_level (const FyrChartPyramid *self, guint level, gsize from, gsize to, Extent *extent)
{
  const gsize size = (gsize)1 << NEXT_SHIFT;
  while (level + 1 < self->n_levels && to - from >= 2 * size) {
    gsize up_from = (from + size - 1) >> NEXT_SHIFT;
    gsize up_to = to >> NEXT_SHIFT;
    widen_blocks (self->levels[level] + from, (up_from << NEXT_SHIFT) - from, extent);
    widen_blocks (self->levels[level] + (up_to << NEXT_SHIFT), to - (up_to << NEXT_SHIFT), extent);
    from = up_from;
    to = up_to;
    level++;
  }
  widen_blocks (self->levels[level] + from, to - from, extent);
}

void
fyr_chart_pyramid_query (const FyrChartPyramid *self, gsize from, gsize to, double *min, double *max)
{
  const gsize size = (gsize)1 << FIRST_SHIFT;
  to = MIN (to, self->n_values);
  if (from >= to) {
    return;
  }
  Extent extent = { *min, *max };
  if (to - from < 2 * size) {
    widen_values (self->values + from, to - from, &extent);
  } else {
    gsize block_from = (from + size - 1) >> FIRST_SHIFT;
    gsize block_to = to >> FIRST_SHIFT;
    widen_values (self->values + from, (block_from << FIRST_SHIFT) - from, &extent);
    widen_values (self->values + (block_to << FIRST_SHIFT), to - (block_to << FIRST_SHIFT), &extent);
    query_level (self, 0, block_from, block_to, &extent);
  }
  *min = extent.min;
  *max = extent.max;
}
