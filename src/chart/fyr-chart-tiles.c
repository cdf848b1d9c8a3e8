/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-tiles.h"

#include <math.h>
#include <string.h>

/* The renderer plays each recording into a picture of its own before it reaches the window. A part of this many
 * bytes stays in the processor's cache meanwhile; the whole chart would go to memory and back three times. */
#define PART_BYTES (192 * 1024)

/* Once a part has changed again and again, this many changes pass before it is looked at anew. */
#define MAX_PATIENCE 15

#define N_LANES 4

/* 256 bits for all pixels of a part: that two contents share them will not happen. */
typedef struct {
  guint64 lanes[N_LANES];
} Sum;

typedef struct {
  cairo_rectangle_int_t area; /* device pixels */
  Sum sum;                    /* of the last look; that of the node's pixels only if @skip is 0 */
  guint patience;
  guint skip; /* updates for which it counts as changed without a look */
  GskRenderNode *node;
} Tile;

struct _FyrChartTiles {
  cairo_surface_t *picture;
  double scale;
  GArray *areas; /* of cairo_rectangle_int_t, to see whether they are still the same */
  GArray *tiles;
};

static void
clear_tile (gpointer data)
{
  Tile *tile = data;
  g_clear_pointer (&tile->node, gsk_render_node_unref);
}

FyrChartTiles *
fyr_chart_tiles_new (void)
{
  FyrChartTiles *self = g_new0 (FyrChartTiles, 1);
  self->areas = g_array_new (FALSE, TRUE, sizeof (cairo_rectangle_int_t));
  self->tiles = g_array_new (FALSE, TRUE, sizeof (Tile));
  g_array_set_clear_func (self->tiles, clear_tile);
  return self;
}

void
fyr_chart_tiles_free (FyrChartTiles *self)
{
  if (self != NULL) {
    g_clear_pointer (&self->picture, cairo_surface_destroy);
    g_array_unref (self->areas);
    g_array_unref (self->tiles);
    g_free (self);
  }
}

static inline void
add_words (Sum *sum, const guint64 *words)
{
  for (guint i = 0; i < N_LANES; i++) {
    guint64 mixed = (sum->lanes[i] ^ words[i]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
    sum->lanes[i] = mixed ^ mixed >> 32;
  }
}

static Sum
get_sum (cairo_surface_t *picture, const cairo_rectangle_int_t *area)
{
  Sum sum = { { 1, 2, 3, 4 } };
  gsize stride = (gsize)cairo_image_surface_get_stride (picture), n_bytes = (gsize)area->width * 4;
  const guint8 *row = cairo_image_surface_get_data (picture) + (gsize)area->y * stride + (gsize)area->x * 4;
  for (int y = 0; y < area->height; y++, row += stride) {
    guint64 words[N_LANES];
    gsize at = 0;
    for (; at + sizeof words <= n_bytes; at += sizeof words) {
      memcpy (words, row + at, sizeof words);
      add_words (&sum, words);
    }
    memset (words, 0, sizeof words);
    memcpy (words, row + at, n_bytes - at);
    add_words (&sum, words);
  }
  return sum;
}

/* Whether the part may have changed. To look at what changes with every pan anyway would be as much work as to
 * bring it to the screen. */
static gboolean
has_changed (FyrChartTiles *self, Tile *tile)
{
  if (tile->node == NULL || tile->skip > 1) {
    tile->skip -= tile->skip > 1 ? 1 : 0;
    return TRUE;
  }
  Sum sum = get_sum (self->picture, &tile->area);
  gboolean changed = tile->skip == 1 || memcmp (&sum, &tile->sum, sizeof sum) != 0;
  if (tile->skip == 1) {
    tile->skip = 0;
  } else {
    tile->patience = changed ? MIN (2 * tile->patience + 1, MAX_PATIENCE) : 0;
    tile->skip = tile->patience;
  }
  tile->sum = sum;
  return changed;
}

static GskRenderNode *
make_node (FyrChartTiles *self, const cairo_rectangle_int_t *area)
{
  graphene_rect_t bounds =
      GRAPHENE_RECT_INIT ((float)(area->x / self->scale), (float)(area->y / self->scale),
                          (float)(area->width / self->scale), (float)(area->height / self->scale));
  GskRenderNode *node = gsk_cairo_node_new (&bounds);
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);
  cairo_set_source_surface (cr, self->picture, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  return node;
}

/* The rows [from, to) of all columns, in parts of at most PART_BYTES. */
static void
cut_rows (GArray *areas, const int *columns, guint n_columns, int from, int to)
{
  for (guint i = 0; i + 1 < n_columns; i++) {
    int width = columns[i + 1] - columns[i];
    int rows = width > 0 ? MAX (PART_BYTES / 4 / width, 8) : 0;
    for (int y = from; width > 0 && y < to; y += rows) {
      cairo_rectangle_int_t area = { columns[i], y, width, MIN (rows, to - y) };
      g_array_append_val (areas, area);
    }
  }
}

/* The next edge in pixels, not before the last and not beyond the end. */
static int
to_edge (const FyrChartTiles *self, double units, int last, int end)
{
  return CLAMP ((int)lround (units * self->scale), last, end);
}

static GArray *
cut (const FyrChartTiles *self, const FyrChartPlot *plots, guint n_plots)
{
  GArray *areas = g_array_new (FALSE, TRUE, sizeof (cairo_rectangle_int_t));
  int width = cairo_image_surface_get_width (self->picture);
  int height = cairo_image_surface_get_height (self->picture);
  int columns[4] = { 0, 0, 0, width };
  if (n_plots > 0) {
    columns[1] = to_edge (self, plots[0].x, 0, width);
    columns[2] = to_edge (self, plots[0].x + plots[0].width, columns[1], width);
  }
  int done = 0;
  for (guint i = 0; i < n_plots; i++) {
    const double edges[3] = { plots[i].strip_y, plots[i].y, plots[i].y + plots[i].height };
    for (guint edge = 0; edge < G_N_ELEMENTS (edges); edge++) {
      int next = to_edge (self, edges[edge], done, height);
      cut_rows (areas, columns, G_N_ELEMENTS (columns), done, next);
      done = next;
    }
  }
  cut_rows (areas, columns, G_N_ELEMENTS (columns), done, height);
  return areas;
}

static void
arrange (FyrChartTiles *self, cairo_surface_t *picture, const FyrChartPlot *plots, guint n_plots)
{
  gboolean same = picture == self->picture;
  if (!same) {
    double unused;
    g_clear_pointer (&self->picture, cairo_surface_destroy);
    self->picture = cairo_surface_reference (picture);
    cairo_surface_get_device_scale (picture, &self->scale, &unused);
  }
  g_autoptr (GArray) areas = cut (self, plots, n_plots);
  if (same && areas->len == self->areas->len &&
      (areas->len == 0 ||
       memcmp (areas->data, self->areas->data, areas->len * sizeof (cairo_rectangle_int_t)) == 0)) {
    return;
  }
  g_array_set_size (self->tiles, 0);
  for (guint i = 0; i < areas->len; i++) {
    Tile tile = { .area = g_array_index (areas, cairo_rectangle_int_t, i), .skip = 1 };
    g_array_append_val (self->tiles, tile);
  }
  g_array_unref (self->areas);
  self->areas = g_steal_pointer (&areas);
}

void
fyr_chart_tiles_update (FyrChartTiles *self,
                        cairo_surface_t *picture,
                        const FyrChartPlot *plots,
                        guint n_plots)
{
  arrange (self, picture, plots, n_plots);
  for (guint i = 0; i < self->tiles->len; i++) {
    Tile *tile = &g_array_index (self->tiles, Tile, i);
    if (has_changed (self, tile)) {
      g_clear_pointer (&tile->node, gsk_render_node_unref);
      tile->node = make_node (self, &tile->area);
    }
  }
}

guint
fyr_chart_tiles_get_n (FyrChartTiles *self)
{
  return self->tiles->len;
}

GskRenderNode *
fyr_chart_tiles_get_node (FyrChartTiles *self, guint index)
{
  g_return_val_if_fail (index < self->tiles->len, NULL);
  return g_array_index (self->tiles, Tile, index).node;
}
