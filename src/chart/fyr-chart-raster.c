/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-raster.h"

#include <math.h>
#include <string.h>
#include <wchar.h>

G_STATIC_ASSERT (sizeof (wchar_t) == sizeof (guint32));

/* Lines are gathered as signed areas a column at a time: a cell holds how the covered part changes from the
 * row above, so one running sum down the column gives the exact coverage of every pixel. The time axis runs
 * along x, so a column rarely holds more than a few touched rows. */
typedef struct {
  int low;  /* first touched row */
  int high; /* row after the last; low ≥ high: untouched */
} Touched;

struct _FyrChartRaster {
  cairo_surface_t *surface;
  guint32 *pixels;
  int stride; /* in pixels */
  int x, y, width, height;

  FyrChartInk *ink; /* nullable */
  guint32 color;    /* premultiplied */
  gboolean opaque;

  float *cells; /* column after column, cell_height each, all zero between flushes */
  gsize n_cells;
  int cell_height;
  Touched *touched;
  int n_touched;
  gboolean cells_ready;
};

FyrChartRaster *
fyr_chart_raster_new (void)
{
  return g_new0 (FyrChartRaster, 1);
}

void
fyr_chart_raster_free (FyrChartRaster *self)
{
  if (self == NULL) {
    return;
  }
  g_free (self->cells);
  g_free (self->touched);
  g_free (self);
}

static void
reset_cells (FyrChartRaster *self)
{
  /* Two rows more: an edge at the very bottom still notes where it ends. */
  gsize n_cells = (gsize)self->width * (gsize)(self->height + 2);
  if (n_cells > self->n_cells) {
    g_free (self->cells);
    self->cells = g_new0 (float, n_cells);
    self->n_cells = n_cells;
  }
  self->cell_height = self->height + 2;
  if (self->width > self->n_touched) {
    self->touched = g_renew (Touched, self->touched, self->width);
    self->n_touched = self->width;
  }
  for (int i = 0; i < self->width; i++) {
    self->touched[i] = (Touched){ G_MAXINT, 0 };
  }
  self->cells_ready = TRUE;
}

gboolean
fyr_chart_raster_begin (FyrChartRaster *self, cairo_surface_t *surface, int x, int y, int width, int height)
{
  if (cairo_surface_get_type (surface) != CAIRO_SURFACE_TYPE_IMAGE) {
    return FALSE;
  }
  cairo_format_t format = cairo_image_surface_get_format (surface);
  if (format != CAIRO_FORMAT_ARGB32 && format != CAIRO_FORMAT_RGB24) {
    return FALSE;
  }
  int right = MIN (x + width, cairo_image_surface_get_width (surface));
  int bottom = MIN (y + height, cairo_image_surface_get_height (surface));
  self->x = MAX (x, 0);
  self->y = MAX (y, 0);
  self->width = right - self->x;
  self->height = bottom - self->y;
  if (self->width <= 0 || self->height <= 0) {
    return FALSE;
  }
  cairo_surface_flush (surface);
  self->surface = surface;
  self->pixels = (guint32 *)(gpointer)cairo_image_surface_get_data (surface);
  self->stride = cairo_image_surface_get_stride (surface) / 4;
  if (self->pixels == NULL) {
    return FALSE;
  }
  self->cells_ready = FALSE;
  return TRUE;
}

void
fyr_chart_raster_end (FyrChartRaster *self)
{
  cairo_surface_mark_dirty_rectangle (self->surface, self->x, self->y, self->width, self->height);
  self->surface = NULL;
  self->pixels = NULL;
}

static guint32
to_pixel (const FyrChartColor *color)
{
  guint alpha = (guint)lround (CLAMP (color->alpha, 0, 1) * 255);
  guint red = (guint)lround (CLAMP (color->red, 0, 1) * alpha);
  guint green = (guint)lround (CLAMP (color->green, 0, 1) * alpha);
  guint blue = (guint)lround (CLAMP (color->blue, 0, 1) * alpha);
  return alpha << 24 | red << 16 | green << 8 | blue;
}

void
fyr_chart_raster_set_color (FyrChartRaster *self, const FyrChartColor *color)
{
  self->color = to_pixel (color);
  self->opaque = self->color >> 24 == 255;
}

void
fyr_chart_raster_set_ink (FyrChartRaster *self, FyrChartInk *ink)
{
  self->ink = ink;
}

/* Notes what is about to be drawn, all of it within the rectangle that may be written. */
static inline void
add_ink (FyrChartRaster *self, int left, int top, int right, int bottom)
{
  if (self->ink != NULL) {
    fyr_chart_ink_add (self->ink, left, top, right - left, bottom - top);
  }
}

/* All four channels times @factor/255, rounded; two channels a multiplication. */
static inline guint32
scale_pixel (guint32 pixel, guint factor)
{
  guint32 low = (pixel & 0x00ff00ff) * factor + 0x00800080;
  guint32 high = (pixel >> 8 & 0x00ff00ff) * factor + 0x00800080;
  low = (low + (low >> 8 & 0x00ff00ff)) >> 8 & 0x00ff00ff;
  high = (high + (high >> 8 & 0x00ff00ff)) & 0xff00ff00;
  return low | high;
}

static inline void
blend (guint32 *pixel, guint32 color, guint coverage)
{
  guint32 source = coverage == 255 ? color : scale_pixel (color, coverage);
  *pixel = source + scale_pixel (*pixel, 255 - (source >> 24));
}

static inline guint
to_coverage (double covered)
{
  return covered >= 1 ? 255 : covered <= 0 ? 0 : (guint)(covered * 255 + 0.5);
}

void
fyr_chart_raster_column (FyrChartRaster *self, int x, double top, double bottom)
{
  if (x < self->x || x >= self->x + self->width) {
    return;
  }
  top = MAX (top, self->y);
  bottom = MIN (bottom, self->y + self->height);
  if (bottom <= top) {
    return;
  }
  int first = (int)top;
  int last = (int)bottom;
  add_ink (self, x, first, x + 1, last + 1);
  guint32 *pixel = self->pixels + (gsize)first * (gsize)self->stride + x;
  if (first == last) {
    blend (pixel, self->color, to_coverage (bottom - top));
    return;
  }
  blend (pixel, self->color, to_coverage (first + 1 - top));
  pixel += self->stride;
  for (int row = first + 1; row < last; row++, pixel += self->stride) {
    if (self->opaque) {
      *pixel = self->color;
    } else {
      blend (pixel, self->color, 255);
    }
  }
  if (bottom > last) {
    blend (pixel, self->color, to_coverage (bottom - last));
  }
}

/* Narrower than this a call of the C library costs more than what it stores. */
#define NARROW 8

static void
fill_rows (FyrChartRaster *self, int left, int top, int right, int bottom)
{
  for (int row = top; row < bottom && left < right; row++) {
    guint32 *pixels = self->pixels + (gsize)row * (gsize)self->stride;
    if (self->opaque && right - left >= NARROW) {
      /* The C library's wide fill is the fastest there is on each processor. */
      wmemset ((wchar_t *)(pixels + left), (wchar_t)self->color, (gsize)(right - left));
    } else if (self->opaque) {
      for (int column = left; column < right; column++) {
        pixels[column] = self->color;
      }
    } else {
      for (int column = left; column < right; column++) {
        blend (&pixels[column], self->color, 255);
      }
    }
  }
}

void
fyr_chart_raster_rectangle (FyrChartRaster *self, int x, int y, int width, int height)
{
  int left = MAX (x, self->x), right = MIN (x + width, self->x + self->width);
  int top = MAX (y, self->y), bottom = MIN (y + height, self->y + self->height);
  add_ink (self, left, top, right, bottom);
  fill_rows (self, left, top, right, bottom);
}

void
fyr_chart_raster_restore (FyrChartRaster *self, int from, int to)
{
  for (int row = from; row < to; row += FYR_CHART_INK_HEIGHT) {
    int x = 0, width;
    while ((width = fyr_chart_ink_take_run (self->ink, row, &x)) > 0) {
      fill_rows (self, MAX (x, self->x), MAX (row, self->y), MIN (x + width, self->x + self->width),
                 MIN (row + FYR_CHART_INK_HEIGHT, self->y + self->height));
      x += width;
    }
  }
}

/* One edge's part within one column: @width signed run along x, from @y_in to @y_out. */
static inline void
add_cells (float *cells, float width, float y_in, float y_out)
{
  float y0 = MIN (y_in, y_out), y1 = MAX (y_in, y_out);
  int first = (int)y0;
  int end = (int)ceilf (y1);
  if (end <= first + 1) {
    float middle = 0.5f * (y0 + y1) - (float)first;
    cells[first] += width - width * middle;
    cells[first + 1] += width * middle;
    return;
  }
  float slope = 1 / (y1 - y0);
  float from = y0 - (float)first;
  float head = 0.5f * slope * (1 - from) * (1 - from);
  float to = y1 - (float)(end - 1);
  float tail = 0.5f * slope * to * to;
  cells[first] += width * head;
  if (end == first + 2) {
    cells[first + 1] += width * (1 - head - tail);
  } else {
    float second = slope * (1.5f - from);
    cells[first + 1] += width * (second - head);
    for (int row = first + 2; row < end - 1; row++) {
      cells[row] += width * slope;
    }
    cells[end - 1] += width * (1 - (second + (float)(end - first - 3) * slope) - tail);
  }
  cells[end] += width * tail;
}

static void
add_column_edge (FyrChartRaster *self, int column, float width, float y_in, float y_out)
{
  float limit = (float)self->height;
  y_in = CLAMP (y_in, 0, limit);
  y_out = CLAMP (y_out, 0, limit);
  Touched *touched = &self->touched[column];
  int low = (int)MIN (y_in, y_out);
  int high = (int)ceilf (MAX (y_in, y_out)) + 2;
  touched->low = MIN (touched->low, low);
  touched->high = MAX (touched->high, MIN (high, self->cell_height));
  add_cells (self->cells + (gsize)column * (gsize)self->cell_height, width, y_in, y_out);
}

/* One edge of a polygon, in coordinates of the rectangle. */
static void
add_edge (FyrChartRaster *self, float xa, float ya, float xb, float yb)
{
  if (xa == xb) {
    return;
  }
  float sign = xa < xb ? 1 : -1;
  float x0 = MIN (xa, xb), x1 = MAX (xa, xb);
  float y0 = xa < xb ? ya : yb;
  float slope = (yb - ya) / (xb - xa);
  float left = MAX (x0, 0), right = MIN (x1, (float)self->width);
  if (left >= right) {
    return;
  }
  int last = MIN ((int)ceilf (right), self->width);
  float x = left;
  float y = y0 + (left - x0) * slope;
  for (int column = (int)left; column < last; column++) {
    float next_x = MIN ((float)(column + 1), right);
    float next_y = next_x < x1 ? y0 + (next_x - x0) * slope : (xa < xb ? yb : ya);
    add_column_edge (self, column, (next_x - x) * sign, y, next_y);
    x = next_x;
    y = next_y;
  }
}

typedef struct {
  float x, y;
} Vector;

/* Joins that two quads share are crossed by both in opposite directions: @joined_p and @joined_q leave them out. */
static void
add_quad (FyrChartRaster *self,
          Vector p,
          Vector p_side,
          gboolean joined_p,
          Vector q,
          Vector q_side,
          gboolean joined_q)
{
  float x = (float)self->x, y = (float)self->y;
  Vector a = { p.x + p_side.x - x, p.y + p_side.y - y };
  Vector b = { q.x + q_side.x - x, q.y + q_side.y - y };
  Vector c = { q.x - q_side.x - x, q.y - q_side.y - y };
  Vector d = { p.x - p_side.x - x, p.y - p_side.y - y };
  add_edge (self, a.x, a.y, b.x, b.y);
  if (!joined_q) {
    add_edge (self, b.x, b.y, c.x, c.y);
  }
  add_edge (self, c.x, c.y, d.x, d.y);
  if (!joined_p) {
    add_edge (self, d.x, d.y, a.x, a.y);
  }
}

/* An octagon, turning the same way as the quads. */
static void
add_dot (FyrChartRaster *self, Vector at, float radius)
{
  static const float turn[8][2] = { { 1, 0 },  { 0.7071f, -0.7071f }, { 0, -1 }, { -0.7071f, -0.7071f },
                                    { -1, 0 }, { -0.7071f, 0.7071f }, { 0, 1 },  { 0.7071f, 0.7071f } };
  float x = at.x - (float)self->x, y = at.y - (float)self->y;
  radius *= 1.05f;
  for (int i = 0; i < 8; i++) {
    const float *from = turn[i], *to = turn[(i + 1) & 7];
    add_edge (self, x + from[0] * radius, y + from[1] * radius, x + to[0] * radius, y + to[1] * radius);
  }
}

/* Cuts the segment to the rows [low, high]; FALSE if nothing is left. A spike that leaves the plot keeps its
 * slope this way. */
static gboolean
clip_rows (Vector *p, Vector *q, float low, float high)
{
  Vector a = *p, b = *q;
  if ((a.y < low && b.y < low) || (a.y > high && b.y > high)) {
    return FALSE;
  }
  for (int end = 0; end < 2; end++) {
    Vector *v = end == 0 ? p : q;
    float bound = v->y < low ? low : v->y > high ? high : v->y;
    if (bound != v->y) {
      *v = (Vector){ a.x + (bound - a.y) * (b.x - a.x) / (b.y - a.y), bound };
    }
  }
  return TRUE;
}

typedef struct {
  Vector p, q;   /* after clipping */
  Vector normal; /* unit */
  float length;
  gboolean kept;
  gboolean cut; /* an end was moved: it does not join */
} Segment;

static Segment
make_segment (FyrChartRaster *self, const float *from, const float *to, float margin)
{
  Segment segment = { .p = { from[0], from[1] }, .q = { to[0], to[1] } };
  float low = (float)self->y - margin, high = (float)(self->y + self->height) + margin;
  float left = (float)self->x - margin, right = (float)(self->x + self->width) + margin;
  if (MAX (from[0], to[0]) < left || MIN (from[0], to[0]) > right ||
      !clip_rows (&segment.p, &segment.q, low, high)) {
    return segment;
  }
  float dx = segment.q.x - segment.p.x, dy = segment.q.y - segment.p.y;
  segment.length = sqrtf (dx * dx + dy * dy);
  segment.cut = segment.p.y != from[1] || segment.q.y != to[1];
  if (segment.length > 1e-4f) {
    segment.kept = TRUE;
    segment.normal = (Vector){ dy / segment.length, -dx / segment.length };
  }
  return segment;
}

/* The offset of the corner that two segments share, where the turn is gentle enough for one. */
static gboolean
get_miter (const Segment *a, const Segment *b, float half, Vector *side)
{
  if (!a->kept || !b->kept || a->cut || b->cut) {
    return FALSE;
  }
  float cosine = a->normal.x * b->normal.x + a->normal.y * b->normal.y;
  gboolean is_short = MIN (a->length, b->length) < 2 * half;
  if (cosine < (is_short ? 0.9f : 0.5f)) {
    return FALSE;
  }
  float factor = half / (1 + cosine);
  side->x = (a->normal.x + b->normal.x) * factor;
  side->y = (a->normal.y + b->normal.y) * factor;
  return TRUE;
}

/* The outline of two quads at a sharp turn: straight across on the outer side, by way of the corner on the inner.
 * Neither quad is closed there: its own edge and the notch's would cancel each other. */
static void
add_bevel (FyrChartRaster *self, const Segment *before, const Segment *after, float half)
{
  Vector n = { before->normal.x * half, before->normal.y * half };
  Vector m = { after->normal.x * half, after->normal.y * half };
  float x = after->p.x - (float)self->x, y = after->p.y - (float)self->y;
  if (n.x * m.y - n.y * m.x >= 0) {
    add_edge (self, x + n.x, y + n.y, x + m.x, y + m.y);
    add_edge (self, x, y, x - n.x, y - n.y);
    add_edge (self, x - m.x, y - m.y, x, y);
  } else {
    add_edge (self, x - m.x, y - m.y, x - n.x, y - n.y);
    add_edge (self, x + n.x, y + n.y, x, y);
    add_edge (self, x, y, x + m.x, y + m.y);
  }
}

static void
add_polyline (FyrChartRaster *self, const float *xy, gsize n_points, float half)
{
  Segment segment = make_segment (self, xy, xy + 2, 8 * half);
  Vector start = { segment.normal.x * half, segment.normal.y * half };
  gboolean joined_start = FALSE;
  for (gsize i = 1; i < n_points; i++) {
    Segment next = { 0 };
    Vector end = { segment.normal.x * half, segment.normal.y * half };
    Vector next_start = { 0, 0 };
    gboolean joined_end = FALSE;
    if (i + 1 < n_points) {
      next = make_segment (self, xy + 2 * i, xy + 2 * i + 2, 8 * half);
      next_start = (Vector){ next.normal.x * half, next.normal.y * half };
      joined_end = get_miter (&segment, &next, half, &end);
      if (joined_end) {
        next_start = end;
      } else if (segment.kept && next.kept && !segment.cut && !next.cut) {
        add_bevel (self, &segment, &next, half);
        joined_end = TRUE;
      }
    }
    if (segment.kept) {
      add_quad (self, segment.p, start, joined_start, segment.q, end, joined_end);
    }
    segment = next;
    start = next_start;
    joined_start = joined_end;
  }
}

void
fyr_chart_raster_line (FyrChartRaster *self, const float *xy, gsize n_points, double width)
{
  float half = (float)width / 2;
  if (n_points == 0) {
    return;
  }
  if (!self->cells_ready) {
    reset_cells (self);
  }
  if (n_points == 1) {
    add_dot (self, (Vector){ xy[0], xy[1] }, MAX (half, 1) * 1.2f);
  } else {
    add_polyline (self, xy, n_points, half);
  }
}

static void
flush_column (FyrChartRaster *self, int column)
{
  Touched *touched = &self->touched[column];
  float *cells = self->cells + (gsize)column * (gsize)self->cell_height;
  guint32 *pixel = self->pixels + (gsize)(self->y + touched->low) * (gsize)self->stride + self->x + column;
  float sum = 0;
  add_ink (self, self->x + column, self->y + touched->low, self->x + column + 1,
           self->y + MIN (touched->high, self->height));
  for (int row = touched->low; row < touched->high; row++, pixel += self->stride) {
    sum += cells[row];
    cells[row] = 0;
    float covered = fabsf (sum);
    if (row < self->height && covered > 0.002f) {
      guint coverage = to_coverage (covered);
      if (coverage == 255 && self->opaque) {
        *pixel = self->color;
      } else {
        blend (pixel, self->color, coverage);
      }
    }
  }
  *touched = (Touched){ G_MAXINT, 0 };
}

void
fyr_chart_raster_flush_lines (FyrChartRaster *self)
{
  for (int column = 0; self->cells_ready && column < self->width; column++) {
    if (self->touched[column].low < self->touched[column].high) {
      flush_column (self, column);
    }
  }
}

void
fyr_chart_raster_hatch (FyrChartRaster *self, int x, int y, int width, int height, int spacing, int thickness)
{
  int left = MAX (x, self->x), right = MIN (x + width, self->x + self->width);
  int top = MAX (y, self->y), bottom = MIN (y + height, self->y + self->height);
  add_ink (self, left, top, right, bottom);
  for (int row = top; row < bottom; row++) {
    guint32 *pixels = self->pixels + (gsize)row * (gsize)self->stride;
    /* The diagonal is tied to the surface, so that neighbouring areas meet without a seam. */
    int phase = ((left + row) % spacing + spacing) % spacing;
    for (int column = left; column < right; column++) {
      if (phase < thickness) {
        blend (&pixels[column], self->color, 255);
      }
      phase = phase + 1 == spacing ? 0 : phase + 1;
    }
  }
}

void
fyr_chart_raster_mask (
    FyrChartRaster *self, const guint8 *coverage, int stride, int width, int height, int x, int y)
{
  int left = MAX (x, self->x), right = MIN (x + width, self->x + self->width);
  int top = MAX (y, self->y), bottom = MIN (y + height, self->y + self->height);
  add_ink (self, left, top, right, bottom);
  for (int row = top; row < bottom; row++) {
    guint32 *pixels = self->pixels + (gsize)row * (gsize)self->stride;
    const guint8 *line = coverage + (gsize)(row - y) * (gsize)stride - x;
    for (int column = left; column < right; column++) {
      guint64 eight = 0;
      if (column + 8 <= right && (memcpy (&eight, line + column, 8), eight == 0)) {
        /* Most of a text's box is empty. */
        column += 7;
      } else if (line[column] != 0) {
        blend (&pixels[column], self->color, line[column]);
      }
    }
  }
}

/* Signed distance from the outline, below 0 inside. */
static double
mark_distance (FyrChartMark mark, double x, double y, double radius)
{
  double distance = sqrt (x * x + y * y);
  x = fabs (x);
  y = fabs (y);
  switch (mark) {
  case FYR_CHART_MARK_CAUTION:
    return (x + y - radius * 1.5) * G_SQRT2 / 2;
  case FYR_CHART_MARK_ALARM:
    return MAX (x, y) - radius * 1.1;
  case FYR_CHART_MARK_DOUBTFUL: {
    double ring = fabs (distance - radius * 1.15) - radius * 0.24;
    double cross = MAX (fabs (x - y) * G_SQRT2 / 2 - radius * 0.2, distance - radius * 1.15);
    return MIN (ring, cross);
  }
  case FYR_CHART_MARK_NONE:
  default:
    return distance - radius;
  }
}

void
fyr_chart_raster_mark (
    FyrChartRaster *self, FyrChartMark mark, double x, double y, double radius, const FyrChartColor *rim)
{
  double reach = radius * 1.6 + 2;
  guint32 rim_color = rim != NULL ? to_pixel (rim) : 0;
  int left = MAX ((int)floor (x - reach), self->x);
  int right = MIN ((int)ceil (x + reach), self->x + self->width);
  int top = MAX ((int)floor (y - reach), self->y);
  int bottom = MIN ((int)ceil (y + reach), self->y + self->height);
  add_ink (self, left, top, right, bottom);
  for (int row = top; row < bottom; row++) {
    guint32 *pixels = self->pixels + (gsize)row * (gsize)self->stride;
    for (int column = left; column < right; column++) {
      double distance = mark_distance (mark, column + 0.5 - x, row + 0.5 - y, radius);
      guint rim_coverage = rim != NULL ? to_coverage (0.5 - (distance - 1)) : 0;
      guint coverage = to_coverage (0.5 - distance);
      if (rim_coverage > 0) {
        blend (&pixels[column], rim_color, rim_coverage);
      }
      if (coverage > 0) {
        blend (&pixels[column], self->color, coverage);
      }
    }
  }
}
