/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <pango/pango.h>

#include "fyr-chart-model.h"
#include "fyr-chart-style.h"

G_BEGIN_DECLS

/**
 * FyrChartView:
 * @from: time at the left edge of the plot, ms since the epoch
 * @to: time at the right edge, after @from
 * @width: width of the whole chart in user units
 * @height: height of the whole chart
 * @scroll: how far the panels are scrolled up, for panels taller than @height together
 * @compact: no axis texts and no titles: a sparkline with its limits
 * @cursor: time of the read-out line
 * @has_cursor: whether it is drawn
 * @active_panel: panel whose point is ringed, when @has_cursor
 */
typedef struct {
  gint64 from;
  gint64 to;
  double width;
  double height;
  double scroll;
  gboolean compact;
  gint64 cursor;
  gboolean has_cursor;
  guint active_panel;
} FyrChartView;

/** FyrChartPlot: rectangle of one panel's plot in user units, and the panel's whole strip */
typedef struct {
  double x, y, width, height;
  double strip_y, strip_height;
} FyrChartPlot;

/**
 * FyrChartPainter: draws models and keeps laid-out texts and buffers between drawings.
 */
typedef struct _FyrChartPainter FyrChartPainter;

/**
 * fyr_chart_painter_new:
 * @context: (nullable): font, resolution and language of the texts; %NULL = the default font at 10 points
 */
FyrChartPainter *
fyr_chart_painter_new (PangoContext *context);
void
fyr_chart_painter_free (FyrChartPainter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrChartPainter, fyr_chart_painter_free)

/** fyr_chart_painter_set_style: @style: copied */
void
fyr_chart_painter_set_style (FyrChartPainter *self, const FyrChartStyle *style);

/**
 * fyr_chart_painter_reset_text:
 *
 * Forgets laid-out texts, after the font or language of the context changed.
 */
void
fyr_chart_painter_reset_text (FyrChartPainter *self);

/**
 * fyr_chart_painter_draw:
 * @cr: where to draw, origin at the chart's upper left corner
 *
 * Draws all of @model but the read-out. On an image surface with an upright scale the data is written
 * straight
 * into its pixels, on anything else (PDF, printer, recording) it is drawn as paths; extremes are kept on
 * both.
 */
void
fyr_chart_painter_draw (FyrChartPainter *self, cairo_t *cr, FyrChartModel *model, const FyrChartView *view);

/**
 * fyr_chart_painter_draw_readout:
 *
 * Draws what goes on top: with a cursor its line, time and values; without one each panel's last value. Apart
 * from the rest, so that a moving cursor does not draw the data again.
 */
void
fyr_chart_painter_draw_readout (FyrChartPainter *self,
                                cairo_t *cr,
                                FyrChartModel *model,
                                const FyrChartView *view);

/**
 * fyr_chart_painter_get_plot:
 * @panel: index of the panel
 * @plot: (out): where it lies with @view, scroll included
 *
 * Returns: %FALSE if there is no such panel
 */
gboolean
fyr_chart_painter_get_plot (
    FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view, guint panel, FyrChartPlot *plot);

/** fyr_chart_painter_get_min_height: Returns: height below which panels must scroll, user units */
double
fyr_chart_painter_get_min_height (FyrChartPainter *self, FyrChartModel *model, gboolean compact);

/** fyr_chart_painter_get_panels_height: Returns: height the panels had in the last arrangement, user units */
double
fyr_chart_painter_get_panels_height (FyrChartPainter *self);

/**
 * fyr_chart_draw:
 *
 * Draws @model and its read-out once with a painter of its own: for pictures, PDF and print.
 *
 * @context: (nullable): as for fyr_chart_painter_new()
 * @style: (nullable): %NULL = light
 */
void
fyr_chart_draw (cairo_t *cr,
                PangoContext *context,
                const FyrChartStyle *style,
                FyrChartModel *model,
                const FyrChartView *view);

G_END_DECLS
