/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-chart-draw.h"

G_BEGIN_DECLS

/**
 * FyrChartPicture:
 *
 * The pixels of a chart that is drawn again and again: each drawing changes only what it or the one before
 * put on the ground.
 */
typedef struct _FyrChartPicture FyrChartPicture;

/**
 * fyr_chart_picture_new:
 * @width: device pixels, above 0
 * @height: device pixels, above 0
 * @scale: device pixels a user unit
 *
 * Returns: (transfer full): a picture without content yet
 */
FyrChartPicture *
fyr_chart_picture_new (int width, int height, int scale);
void
fyr_chart_picture_free (FyrChartPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrChartPicture, fyr_chart_picture_free)

/** fyr_chart_picture_fits: @self: (nullable): Returns: whether it is a picture of that size */
gboolean
fyr_chart_picture_fits (const FyrChartPicture *self, int width, int height, int scale);

/**
 * fyr_chart_picture_get_surface:
 *
 * Returns: (transfer none): an ARGB32 surface, every pixel opaque once drawn. A recording may hold it: Cairo,
 * which would copy a surface that changes under a recording, does not learn of later drawings, and the
 * recording shows the latest. Not to be drawn on.
 */
cairo_surface_t *
fyr_chart_picture_get_surface (FyrChartPicture *self);

/**
 * fyr_chart_picture_draw:
 * @painter: any; its style's background is the ground
 * @view: its size times the scale is the picture's
 * @readout: whether what fyr_chart_painter_draw_readout() draws goes on top
 *
 * Draws @model; afterwards every pixel is as if it had been drawn on a fresh surface.
 */
void
fyr_chart_picture_draw (FyrChartPicture *self,
                        FyrChartPainter *painter,
                        FyrChartModel *model,
                        const FyrChartView *view,
                        gboolean readout);

G_END_DECLS
