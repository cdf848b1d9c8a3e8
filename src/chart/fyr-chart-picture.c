/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-picture.h"

#include "fyr-chart-painter.h"

struct _FyrChartPicture {
  int width, height, scale;
  guint8 *pixels;           /* owned by @surface */
  cairo_surface_t *surface; /* through which the pixels are read */
  FyrChartInk *ink;
  FyrChartColor ground; /* of the last drawing */
};

static void
free_pixels (gpointer pixels)
{
  g_free (pixels);
}

static cairo_surface_t *
make_surface (FyrChartPicture *self)
{
  cairo_surface_t *surface = cairo_image_surface_create_for_data (self->pixels, CAIRO_FORMAT_ARGB32,
                                                                  self->width, self->height, self->width * 4);
  cairo_surface_set_device_scale (surface, self->scale, self->scale);
  return surface;
}

FyrChartPicture *
fyr_chart_picture_new (int width, int height, int scale)
{
  static const cairo_user_data_key_t key;
  FyrChartPicture *self = g_new0 (FyrChartPicture, 1);
  self->width = MAX (width, 1);
  self->height = MAX (height, 1);
  self->scale = MAX (scale, 1);
  self->pixels = g_malloc ((gsize)self->width * 4 * (gsize)self->height);
  self->surface = make_surface (self);
  /* The pixels go with the last who reads them. */
  cairo_surface_set_user_data (self->surface, &key, self->pixels, free_pixels);
  self->ink = fyr_chart_ink_new (self->width, self->height);
  return self;
}

void
fyr_chart_picture_free (FyrChartPicture *self)
{
  if (self != NULL) {
    cairo_surface_destroy (self->surface);
    fyr_chart_ink_free (self->ink);
    g_free (self);
  }
}

gboolean
fyr_chart_picture_fits (const FyrChartPicture *self, int width, int height, int scale)
{
  return self != NULL && self->width == width && self->height == height && self->scale == scale;
}

cairo_surface_t *
fyr_chart_picture_get_surface (FyrChartPicture *self)
{
  return self->surface;
}

static gboolean
is_same_color (const FyrChartColor *a, const FyrChartColor *b)
{
  return a->red == b->red && a->green == b->green && a->blue == b->blue && a->alpha == b->alpha;
}

void
fyr_chart_picture_draw (FyrChartPicture *self,
                        FyrChartPainter *painter,
                        FyrChartModel *model,
                        const FyrChartView *view,
                        gboolean readout)
{
  /* A surface of the moment: the one that recordings hold stays unchanged in Cairo's eyes. */
  cairo_surface_t *target = make_surface (self);
  cairo_t *cr = cairo_create (target);
  if (!is_same_color (&self->ground, &painter->style.background)) {
    self->ground = painter->style.background;
    fyr_chart_ink_add_all (self->ink);
  }
  fyr_chart_canvas_set_ink (painter->canvas, self->ink);
  fyr_chart_painter_draw (painter, cr, model, view);
  if (readout) {
    fyr_chart_painter_draw_readout (painter, cr, model, view);
  }
  fyr_chart_canvas_set_ink (painter->canvas, NULL);
  cairo_destroy (cr);
  cairo_surface_finish (target);
  cairo_surface_destroy (target);
}
