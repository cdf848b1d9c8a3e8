/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>

#include "fyr-chart-ink.h"
#include "fyr-chart-series.h"
#include "fyr-chart-style.h"

G_BEGIN_DECLS

/**
 * FyrChartRaster:
 *
 * Draws columns, lines and marks straight into the pixels of a 32-bit Cairo image surface, by the exact
 * area each covers of each pixel. All coordinates are device pixels from the surface's upper left corner.
 */
typedef struct _FyrChartRaster FyrChartRaster;

/** fyr_chart_raster_new: Returns: (transfer full): to be used for any number of surfaces in turn */
FyrChartRaster *
fyr_chart_raster_new (void);
void
fyr_chart_raster_free (FyrChartRaster *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrChartRaster, fyr_chart_raster_free)

/**
 * fyr_chart_raster_begin:
 * @surface: an image surface in ARGB32 or RGB24; flushed
 * @x: left edge of the rectangle that may be written
 * @y: upper edge
 * @width: its width
 * @height: its height; all four are cut to the surface
 *
 * Returns: %FALSE if the surface has no such pixels or nothing of the rectangle lies in it
 */
gboolean
fyr_chart_raster_begin (FyrChartRaster *self, cairo_surface_t *surface, int x, int y, int width, int height);

/** fyr_chart_raster_end: tells Cairo of the changed pixels */
void
fyr_chart_raster_end (FyrChartRaster *self);

/** fyr_chart_raster_set_color: of what is drawn next */
void
fyr_chart_raster_set_color (FyrChartRaster *self, const FyrChartColor *color);

/**
 * fyr_chart_raster_set_ink:
 * @ink: (nullable) (transfer none): from now on told of everything that is drawn; of the surface's size
 */
void
fyr_chart_raster_set_ink (FyrChartRaster *self, FyrChartInk *ink);

/**
 * fyr_chart_raster_restore:
 *
 * fills the inked blocks that begin in rows [@from, @to) with the colour, and forgets their ink
 */
void
fyr_chart_raster_restore (FyrChartRaster *self, int from, int to);

/** fyr_chart_raster_column: fills pixel column @x from @top to @bottom, with part-covered ends */
void
fyr_chart_raster_column (FyrChartRaster *self, int x, double top, double bottom);

/** fyr_chart_raster_rectangle: fills whole pixels [@x, @x + @width) × [@y, @y + @height) */
void
fyr_chart_raster_rectangle (FyrChartRaster *self, int x, int y, int width, int height);

/** fyr_chart_raster_hatch: diagonal strokes of @thickness every @spacing pixels, in whole pixels */
void
fyr_chart_raster_hatch (
    FyrChartRaster *self, int x, int y, int width, int height, int spacing, int thickness);

/**
 * fyr_chart_raster_mask:
 *
 * colours as much of each pixel as the byte of @coverage says, upper left at @x, @y
 */
void
fyr_chart_raster_mask (
    FyrChartRaster *self, const guint8 *coverage, int stride, int width, int height, int x, int y);

/**
 * fyr_chart_raster_line:
 * @xy: (array length=n_points): x and y in turn
 * @n_points: number of points; one alone is drawn as a dot
 * @width: of the line
 *
 * A joined line. It is kept until fyr_chart_raster_flush_lines(), so that crossing lines of one colour do not
 * darken each other.
 */
void
fyr_chart_raster_line (FyrChartRaster *self, const float *xy, gsize n_points, double width);
void
fyr_chart_raster_flush_lines (FyrChartRaster *self);

/** fyr_chart_raster_mark: the shape of @mark of about @radius around a centre, with a rim of @rim */
void
fyr_chart_raster_mark (
    FyrChartRaster *self, FyrChartMark mark, double x, double y, double radius, const FyrChartColor *rim);

G_END_DECLS
