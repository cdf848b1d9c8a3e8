/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-ink.h"

#include <string.h>

struct _FyrChartInk {
  int width, height; /* pixels */
  int n_columns, n_rows;
  guint8 *blocks; /* row after row; 0 = nothing but ground */
};

FyrChartInk *
fyr_chart_ink_new (int width, int height)
{
  FyrChartInk *self = g_new0 (FyrChartInk, 1);
  self->width = MAX (width, 1);
  self->height = MAX (height, 1);
  self->n_columns = (self->width + FYR_CHART_INK_WIDTH - 1) / FYR_CHART_INK_WIDTH;
  self->n_rows = (self->height + FYR_CHART_INK_HEIGHT - 1) / FYR_CHART_INK_HEIGHT;
  self->blocks = g_malloc ((gsize)self->n_columns * (gsize)self->n_rows);
  fyr_chart_ink_add_all (self);
  return self;
}

void
fyr_chart_ink_free (FyrChartInk *self)
{
  if (self != NULL) {
    g_free (self->blocks);
    g_free (self);
  }
}

static guint8 *
get_row (const FyrChartInk *self, int row)
{
  return self->blocks + (gsize)row * (gsize)self->n_columns;
}

void
fyr_chart_ink_add (FyrChartInk *self, int x, int y, int width, int height)
{
  int left = MAX (x, 0), right = MIN (x + width, self->width);
  int top = MAX (y, 0), bottom = MIN (y + height, self->height);
  if (left >= right || top >= bottom) {
    return;
  }
  int first = left / FYR_CHART_INK_WIDTH;
  int n_blocks = (right - 1) / FYR_CHART_INK_WIDTH - first + 1;
  int last_row = (bottom - 1) / FYR_CHART_INK_HEIGHT;
  for (int row = top / FYR_CHART_INK_HEIGHT; row <= last_row; row++) {
    guint8 *blocks = get_row (self, row) + first;
    /* Most of what is drawn is one pixel wide. */
    if (n_blocks == 1) {
      *blocks = 1;
    } else {
      memset (blocks, 1, (gsize)n_blocks);
    }
  }
}

void
fyr_chart_ink_add_all (FyrChartInk *self)
{
  memset (self->blocks, 1, (gsize)self->n_columns * (gsize)self->n_rows);
}

gboolean
fyr_chart_ink_contains (const FyrChartInk *self, int x, int y)
{
  g_return_val_if_fail (x >= 0 && x < self->width && y >= 0 && y < self->height, FALSE);
  return get_row (self, y / FYR_CHART_INK_HEIGHT)[x / FYR_CHART_INK_WIDTH] != 0;
}

int
fyr_chart_ink_take_run (FyrChartInk *self, int y, int *x)
{
  if (*x >= self->width || y < 0 || y >= self->height) {
    return 0;
  }
  guint8 *blocks = get_row (self, y / FYR_CHART_INK_HEIGHT);
  int from = MAX (*x, 0) / FYR_CHART_INK_WIDTH;
  while (from < self->n_columns && blocks[from] == 0) {
    from++;
  }
  int to = from;
  while (to < self->n_columns && blocks[to] != 0) {
    blocks[to++] = 0;
  }
  *x = from * FYR_CHART_INK_WIDTH;
  return to > from ? MIN (to * FYR_CHART_INK_WIDTH, self->width) - *x : 0;
}
