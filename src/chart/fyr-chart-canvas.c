/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-canvas.h"

#include <math.h>

#include "fyr-chart-raster.h"

/* Canvas pixels a unit where there are no pixels: half a point is finer than an eye on paper. */
#define VECTOR_SCALE 2.0

struct _FyrChartCanvas {
  cairo_t *cr;
  double scale;

  FyrChartRaster *raster;
  FyrChartInk *ink; /* nullable */
  gboolean direct;
  cairo_surface_t *surface;
  int offset_x, offset_y; /* canvas origin on the surface */
  cairo_rectangle_int_t limits;
  gboolean clip_empty;
};

FyrChartCanvas *
fyr_chart_canvas_new (void)
{
  FyrChartCanvas *self = g_new0 (FyrChartCanvas, 1);
  self->raster = fyr_chart_raster_new ();
  return self;
}

void
fyr_chart_canvas_free (FyrChartCanvas *self)
{
  if (self == NULL) {
    return;
  }
  fyr_chart_raster_free (self->raster);
  g_free (self);
}

/* The one rectangle on the surface that Cairo's clip leaves; FALSE if it is of another shape. */
static gboolean
get_device_clip (FyrChartCanvas *self, cairo_t *cr, const cairo_matrix_t *matrix)
{
  cairo_rectangle_list_t *list = cairo_copy_clip_rectangle_list (cr);
  gboolean simple = list->status == CAIRO_STATUS_SUCCESS && list->num_rectangles <= 1;
  self->limits = (cairo_rectangle_int_t){ 0, 0, 0, 0 };
  if (simple && list->num_rectangles == 1) {
    cairo_rectangle_t *r = &list->rectangles[0];
    double x0 = r->x * matrix->xx + matrix->x0, y0 = r->y * matrix->yy + matrix->y0;
    double x1 = x0 + r->width * matrix->xx, y1 = y0 + r->height * matrix->yy;
    self->limits.x = (int)lround (x0);
    self->limits.y = (int)lround (y0);
    self->limits.width = (int)lround (x1) - self->limits.x;
    self->limits.height = (int)lround (y1) - self->limits.y;
  }
  cairo_rectangle_list_destroy (list);
  return simple;
}

static gboolean
is_whole (double value)
{
  return fabs (value - round (value)) < 1e-3;
}

/* Pixels can be written when the chart lies upright on them at a whole offset. */
static gboolean
begin_direct (FyrChartCanvas *self, cairo_t *cr)
{
  cairo_surface_t *surface = cairo_get_group_target (cr);
  if (cairo_surface_get_type (surface) != CAIRO_SURFACE_TYPE_IMAGE ||
      cairo_get_operator (cr) != CAIRO_OPERATOR_OVER) {
    return FALSE;
  }
  cairo_format_t format = cairo_image_surface_get_format (surface);
  if (format != CAIRO_FORMAT_ARGB32 && format != CAIRO_FORMAT_RGB24) {
    return FALSE;
  }
  cairo_matrix_t matrix, device;
  double scale_x, scale_y, offset_x, offset_y;
  cairo_get_matrix (cr, &matrix);
  cairo_surface_get_device_scale (surface, &scale_x, &scale_y);
  cairo_surface_get_device_offset (surface, &offset_x, &offset_y);
  cairo_matrix_init (&device, scale_x, 0, 0, scale_y, offset_x, offset_y);
  cairo_matrix_multiply (&matrix, &matrix, &device);
  if (matrix.xy != 0 || matrix.yx != 0 || matrix.xx <= 0 || fabs (matrix.xx - matrix.yy) > 1e-6 ||
      !is_whole (matrix.x0) || !is_whole (matrix.y0) || !get_device_clip (self, cr, &matrix)) {
    return FALSE;
  }
  self->surface = surface;
  self->scale = matrix.xx;
  self->offset_x = (int)lround (matrix.x0);
  self->offset_y = (int)lround (matrix.y0);
  return TRUE;
}

void
fyr_chart_canvas_set_ink (FyrChartCanvas *self, FyrChartInk *ink)
{
  self->ink = ink;
  fyr_chart_raster_set_ink (self->raster, ink);
}

void
fyr_chart_canvas_begin (FyrChartCanvas *self, cairo_t *cr, double width, double height)
{
  self->cr = cairo_reference (cr);
  self->direct = begin_direct (self, cr);
  cairo_save (cr);
  if (!self->direct) {
    self->scale = VECTOR_SCALE;
    cairo_scale (cr, 1 / VECTOR_SCALE, 1 / VECTOR_SCALE);
  }
  cairo_save (cr);
  self->clip_empty = TRUE;
  fyr_chart_canvas_clip (self, 0, 0, (int)ceil (width * self->scale), (int)ceil (height * self->scale));
}

static void
end_clip (FyrChartCanvas *self)
{
  if (self->direct && !self->clip_empty) {
    fyr_chart_raster_end (self->raster);
  }
  self->clip_empty = TRUE;
}

void
fyr_chart_canvas_end (FyrChartCanvas *self)
{
  end_clip (self);
  cairo_restore (self->cr);
  cairo_restore (self->cr);
  g_clear_pointer (&self->cr, cairo_destroy);
}

double
fyr_chart_canvas_get_scale (FyrChartCanvas *self)
{
  return self->scale;
}

gboolean
fyr_chart_canvas_is_direct (FyrChartCanvas *self)
{
  return self->direct;
}

void
fyr_chart_canvas_clip (FyrChartCanvas *self, int x, int y, int width, int height)
{
  end_clip (self);
  if (!self->direct) {
    cairo_restore (self->cr);
    cairo_save (self->cr);
    cairo_rectangle (self->cr, x, y, MAX (width, 0), MAX (height, 0));
    cairo_clip (self->cr);
    self->clip_empty = FALSE;
    return;
  }
  const cairo_rectangle_int_t *limits = &self->limits;
  int left = MAX (x + self->offset_x, limits->x);
  int top = MAX (y + self->offset_y, limits->y);
  int right = MIN (x + self->offset_x + width, limits->x + limits->width);
  int bottom = MIN (y + self->offset_y + height, limits->y + limits->height);
  self->clip_empty =
      right <= left || bottom <= top ||
      !fyr_chart_raster_begin (self->raster, self->surface, left, top, right - left, bottom - top);
}

static void
set_source (FyrChartCanvas *self, const FyrChartColor *color)
{
  if (self->direct) {
    fyr_chart_raster_set_color (self->raster, color);
  } else {
    cairo_set_source_rgba (self->cr, color->red, color->green, color->blue, color->alpha);
  }
}

static void
add_rectangle (FyrChartCanvas *self, int x, int y, int width, int height)
{
  if (self->direct) {
    fyr_chart_raster_rectangle (self->raster, x + self->offset_x, y + self->offset_y, width, height);
  } else {
    cairo_rectangle (self->cr, x, y, width, height);
  }
}

static void
fill_added (FyrChartCanvas *self)
{
  if (!self->direct) {
    cairo_fill (self->cr);
  }
}

void
fyr_chart_canvas_fill (FyrChartCanvas *self, int x, int y, int width, int height, const FyrChartColor *color)
{
  if (self->clip_empty || width <= 0 || height <= 0) {
    return;
  }
  set_source (self, color);
  add_rectangle (self, x, y, width, height);
  fill_added (self);
}

int
fyr_chart_canvas_ground (FyrChartCanvas *self, int width, int from, int to, const FyrChartColor *color)
{
  /* Whole blocks always, so that what a panel leaves below its strip is the same with ink and without. */
  int end = (to + FYR_CHART_INK_HEIGHT - 1) / FYR_CHART_INK_HEIGHT * FYR_CHART_INK_HEIGHT;
  if (!self->direct || self->ink == NULL) {
    fyr_chart_canvas_fill (self, 0, from, width, end - from, color);
  } else if (!self->clip_empty) {
    set_source (self, color);
    fyr_chart_raster_restore (self->raster, from, end);
  }
  return end;
}

void
fyr_chart_canvas_hatch (FyrChartCanvas *self, int x, int y, int width, int height, const FyrChartColor *color)
{
  if (self->clip_empty || width <= 0 || height <= 0) {
    return;
  }
  int spacing = MAX ((int)lround (7 * self->scale), 4);
  int thickness = MAX ((int)lround (self->scale), 1);
  set_source (self, color);
  if (self->direct) {
    fyr_chart_raster_hatch (self->raster, x + self->offset_x, y + self->offset_y, width, height, spacing,
                            thickness);
    return;
  }
  cairo_save (self->cr);
  cairo_rectangle (self->cr, x, y, width, height);
  cairo_clip (self->cr);
  for (int start = (x + y) / spacing * spacing; start < x + y + width + height; start += spacing) {
    cairo_move_to (self->cr, start - y, y);
    cairo_line_to (self->cr, start - y - height, y + height);
  }
  cairo_set_line_width (self->cr, thickness * 0.7);
  cairo_stroke (self->cr);
  cairo_restore (self->cr);
}

void
fyr_chart_canvas_rule (FyrChartCanvas *self,
                       gboolean vertical,
                       int x,
                       int y,
                       int length,
                       int thickness,
                       int on,
                       int off,
                       const FyrChartColor *color)
{
  if (self->clip_empty || length <= 0) {
    return;
  }
  int start = vertical ? y : x;
  int end = start + length;
  set_source (self, color);
  for (int at = start; at<end; at += on> 0 ? on + off : length) {
    int dash = MIN (on > 0 ? on : length, end - at);
    if (vertical) {
      add_rectangle (self, x, at, thickness, dash);
    } else {
      add_rectangle (self, at, y, dash, thickness);
    }
  }
  fill_added (self);
}

void
fyr_chart_canvas_text (
    FyrChartCanvas *self, FyrChartLabel *label, double x, double y, const FyrChartColor *color)
{
  if (self->clip_empty) {
    return;
  }
  set_source (self, color);
  if (self->direct) {
    cairo_surface_t *mask = fyr_chart_label_get_mask (label, self->scale);
    fyr_chart_raster_mask (self->raster, cairo_image_surface_get_data (mask),
                           cairo_image_surface_get_stride (mask), cairo_image_surface_get_width (mask),
                           cairo_image_surface_get_height (mask), (int)lround (x) + self->offset_x,
                           (int)lround (y) + self->offset_y);
    return;
  }
  cairo_save (self->cr);
  cairo_translate (self->cr, x, y);
  cairo_scale (self->cr, self->scale, self->scale);
  pango_cairo_show_layout (self->cr, label->layout);
  cairo_restore (self->cr);
}

static void
trace_direct (FyrChartCanvas *self, FyrChartTrace *trace, double width)
{
  float *xy = (float *)(gpointer)trace->points->data;
  double half = width / 2;
  if (self->offset_x != 0 || self->offset_y != 0) {
    for (guint i = 0; i < trace->points->len; i++) {
      xy[2 * i] += (float)self->offset_x;
      xy[2 * i + 1] += (float)self->offset_y;
    }
  }
  const FyrChartSpan *spans = (const FyrChartSpan *)(gpointer)trace->spans->data;
  for (guint i = 0; i < trace->spans->len; i++) {
    fyr_chart_raster_column (self->raster, spans[i].column + self->offset_x,
                             spans[i].top - half + self->offset_y, spans[i].bottom + half + self->offset_y);
  }
  for (guint i = 0; i < trace->runs->len; i++) {
    gsize n_points;
    const float *run = fyr_chart_trace_get_run (trace, i, &n_points);
    fyr_chart_raster_line (self->raster, run, n_points, width);
  }
  fyr_chart_raster_flush_lines (self->raster);
}

static void
trace_paths (FyrChartCanvas *self, FyrChartTrace *trace, double width)
{
  cairo_t *cr = self->cr;
  const FyrChartSpan *spans = (const FyrChartSpan *)(gpointer)trace->spans->data;
  for (guint i = 0; i < trace->spans->len; i++) {
    cairo_rectangle (cr, spans[i].column, spans[i].top - width / 2, 1,
                     spans[i].bottom - spans[i].top + width);
  }
  cairo_fill (cr);
  cairo_set_line_width (cr, width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (guint i = 0; i < trace->runs->len; i++) {
    gsize n_points;
    const float *run = fyr_chart_trace_get_run (trace, i, &n_points);
    cairo_move_to (cr, run[0], run[1]);
    for (gsize j = 0; j < n_points; j++) {
      cairo_line_to (cr, run[2 * j], run[2 * j + 1]);
    }
  }
  cairo_stroke (cr);
}

void
fyr_chart_canvas_trace (FyrChartCanvas *self, FyrChartTrace *trace, double width, const FyrChartColor *color)
{
  if (self->clip_empty) {
    return;
  }
  set_source (self, color);
  if (self->direct) {
    trace_direct (self, trace, width);
  } else {
    trace_paths (self, trace, width);
  }
}

void
fyr_chart_canvas_bar (
    FyrChartCanvas *self, double x, double top, double bottom, double width, const FyrChartColor *color)
{
  if (self->clip_empty) {
    return;
  }
  set_source (self, color);
  if (!self->direct) {
    cairo_rectangle (self->cr, x - width / 2, top, width, bottom - top);
    cairo_fill (self->cr);
    return;
  }
  float from_x = (float)(x + self->offset_x), offset_y = (float)self->offset_y;
  float xy[4] = { from_x, (float)top + offset_y, from_x, (float)bottom + offset_y };
  fyr_chart_raster_line (self->raster, xy, 2, width);
  fyr_chart_raster_flush_lines (self->raster);
}

static void
add_mark_path (cairo_t *cr, FyrChartMark mark, double radius)
{
  double reach = radius * 1.5;
  switch (mark) {
  case FYR_CHART_MARK_CAUTION:
    cairo_move_to (cr, 0, -reach);
    cairo_line_to (cr, reach, 0);
    cairo_line_to (cr, 0, reach);
    cairo_line_to (cr, -reach, 0);
    cairo_close_path (cr);
    break;
  case FYR_CHART_MARK_ALARM:
    cairo_rectangle (cr, -radius * 1.1, -radius * 1.1, radius * 2.2, radius * 2.2);
    break;
  case FYR_CHART_MARK_DOUBTFUL: {
    double arm = radius * 1.15 * G_SQRT2 / 2;
    cairo_new_sub_path (cr);
    cairo_arc (cr, 0, 0, radius * 1.15, 0, 2 * G_PI);
    cairo_close_path (cr);
    cairo_move_to (cr, -arm, -arm);
    cairo_line_to (cr, arm, arm);
    cairo_move_to (cr, -arm, arm);
    cairo_line_to (cr, arm, -arm);
    break;
  }
  case FYR_CHART_MARK_NONE:
  default:
    cairo_new_sub_path (cr);
    cairo_arc (cr, 0, 0, radius, 0, 2 * G_PI);
    break;
  }
}

void
fyr_chart_canvas_mark (FyrChartCanvas *self,
                       FyrChartMark mark,
                       double x,
                       double y,
                       double radius,
                       const FyrChartColor *color,
                       const FyrChartColor *rim)
{
  if (self->clip_empty) {
    return;
  }
  if (self->direct) {
    set_source (self, color);
    fyr_chart_raster_mark (self->raster, mark, x + self->offset_x, y + self->offset_y, radius, rim);
    return;
  }
  cairo_save (self->cr);
  cairo_translate (self->cr, x, y);
  add_mark_path (self->cr, mark, radius);
  if (rim != NULL) {
    set_source (self, rim);
    cairo_set_line_width (self->cr, radius * 0.8);
    cairo_stroke_preserve (self->cr);
  }
  set_source (self, color);
  if (mark == FYR_CHART_MARK_DOUBTFUL) {
    cairo_set_line_width (self->cr, radius * 0.45);
    cairo_stroke (self->cr);
  } else {
    cairo_fill (self->cr);
  }
  cairo_restore (self->cr);
}
