/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-chart-ink.h"
#include "fyr-chart-label.h"
#include "fyr-chart-style.h"
#include "fyr-chart-trace.h"

G_BEGIN_DECLS

/**
 * FyrChartCanvas:
 *
 * The few shapes a chart is made of, drawn either straight into the pixels of an image surface or as Cairo
 * paths. Coordinates are canvas pixels, fyr_chart_canvas_get_scale() of them a user unit: device pixels on an
 * image, half units elsewhere.
 */
typedef struct _FyrChartCanvas FyrChartCanvas;

/** fyr_chart_canvas_new: Returns: (transfer full): a canvas for one drawing after the other */
FyrChartCanvas *
fyr_chart_canvas_new (void);
void
fyr_chart_canvas_free (FyrChartCanvas *self);

/**
 * fyr_chart_canvas_set_ink:
 * @ink: (nullable) (transfer none): what the surface of the next drawings holds already, of its size; %NULL = anything
 *
 * Only for drawings from the corner of an image surface.
 */
void
fyr_chart_canvas_set_ink (FyrChartCanvas *self, FyrChartInk *ink);

/** fyr_chart_canvas_begin: @width, @height: user units that will be drawn on, from @cr's origin */
void
fyr_chart_canvas_begin (FyrChartCanvas *self, cairo_t *cr, double width, double height);
void
fyr_chart_canvas_end (FyrChartCanvas *self);

/** fyr_chart_canvas_get_scale: Returns: canvas pixels a user unit */
double
fyr_chart_canvas_get_scale (FyrChartCanvas *self);

/** fyr_chart_canvas_is_direct: Returns: whether pixels are written without Cairo */
gboolean
fyr_chart_canvas_is_direct (FyrChartCanvas *self);

/** fyr_chart_canvas_clip: nothing is drawn outside, until the next clip */
void
fyr_chart_canvas_clip (FyrChartCanvas *self, int x, int y, int width, int height);

/** fyr_chart_canvas_fill: whole pixels; nothing if @width or @height is not above 0 */
void
fyr_chart_canvas_fill (FyrChartCanvas *self, int x, int y, int width, int height, const FyrChartColor *color);

/**
 * fyr_chart_canvas_ground:
 *
 * gives rows [@from, @to) their ground, over @width pixels, in whole blocks of ink; where the ink is known, only
 * those that have any
 *
 * Returns: the row up to which the ground is ready, @to or a little further
 */
int
fyr_chart_canvas_ground (FyrChartCanvas *self, int width, int from, int to, const FyrChartColor *color);

/** fyr_chart_canvas_hatch: diagonal strokes, the sign of an alarm area without its colour */
void
fyr_chart_canvas_hatch (
    FyrChartCanvas *self, int x, int y, int width, int height, const FyrChartColor *color);

/**
 * fyr_chart_canvas_rule:
 * @on: length of a dash; 0 = unbroken
 * @off: length of a space
 *
 * A line along pixel rows or columns from @x, @y, @length long.
 */
void
fyr_chart_canvas_rule (FyrChartCanvas *self,
                       gboolean vertical,
                       int x,
                       int y,
                       int length,
                       int thickness,
                       int on,
                       int off,
                       const FyrChartColor *color);

/** fyr_chart_canvas_text: upper left corner at @x, @y */
void
fyr_chart_canvas_text (
    FyrChartCanvas *self, FyrChartLabel *label, double x, double y, const FyrChartColor *color);

/** fyr_chart_canvas_trace: @trace: its points may be moved; @width: of the line, canvas pixels */
void
fyr_chart_canvas_trace (FyrChartCanvas *self, FyrChartTrace *trace, double width, const FyrChartColor *color);

/** fyr_chart_canvas_bar: an upright stroke */
void
fyr_chart_canvas_bar (
    FyrChartCanvas *self, double x, double top, double bottom, double width, const FyrChartColor *color);

/** fyr_chart_canvas_mark: @rim: (nullable): colour around the shape, to part it from what is below */
void
fyr_chart_canvas_mark (FyrChartCanvas *self,
                       FyrChartMark mark,
                       double x,
                       double y,
                       double radius,
                       const FyrChartColor *color,
                       const FyrChartColor *rim);

G_END_DECLS
