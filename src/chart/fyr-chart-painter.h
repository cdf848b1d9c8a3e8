/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by the files that draw; not for users of the chart. */

#include "fyr-chart-canvas.h"
#include "fyr-chart-draw.h"
#include "fyr-chart-frame.h"
#include "fyr-chart-time-axis.h"

G_BEGIN_DECLS

struct _FyrChartPainter {
  FyrChartLabels *labels;
  FyrChartCanvas *canvas;
  FyrChartStyle style;
  FyrChartFrame frame;
  FyrChartTrace trace;
  double scale; /* canvas pixels a user unit, while drawing */
  int ground;   /* rows above it have their background, while drawing */
  FyrChartTimeStep step;
  GArray *ticks;  /* of gint64: times of the ticks in view, while drawing */
  GArray *starts; /* of gint64: where the stretches of the second row of texts begin */
};

/** fyr_chart_painter_get_mark_size: Returns: canvas pixels of a mark's unit: marks grow with the texts */
double
fyr_chart_painter_get_mark_size (FyrChartPainter *self);

/** fyr_chart_painter_to_pixels: Returns: @units in whole canvas pixels */
int
fyr_chart_painter_to_pixels (FyrChartPainter *self, double units);

/** fyr_chart_painter_get_mapping: how times and values of panel @panel become canvas pixels */
void
fyr_chart_painter_get_mapping (FyrChartPainter *self,
                               const FyrChartView *view,
                               guint panel,
                               FyrChartMapping *mapping);

/** fyr_chart_paint_bands: the areas outside the limits, below everything else of the plot */
void
fyr_chart_paint_bands (FyrChartPainter *self, FyrChartPanel *panel, const FyrChartMapping *mapping);

/** fyr_chart_paint_limits: the limits' lines */
void
fyr_chart_paint_limits (FyrChartPainter *self, FyrChartPanel *panel, const FyrChartMapping *mapping);

/** fyr_chart_paint_limit_labels: the limits' values right of the plot, as they are at its right edge */
void
fyr_chart_paint_limit_labels (FyrChartPainter *self, FyrChartPanel *panel, const FyrChartMapping *mapping);

/** fyr_chart_paint_series: lines, bars and points of a panel; @compact: only the last point is marked */
void
fyr_chart_paint_series (FyrChartPainter *self,
                        FyrChartPanel *panel,
                        const FyrChartMapping *mapping,
                        gboolean compact);

/** fyr_chart_paint_find_ticks: computes the ticks of @view for the functions below */
void
fyr_chart_paint_find_ticks (FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view);

/** fyr_chart_paint_time_grid: lines of the time ticks through a plot */
void
fyr_chart_paint_time_grid (FyrChartPainter *self, const FyrChartMapping *mapping);

/** fyr_chart_paint_time_axis: both rows of texts below the panels */
void
fyr_chart_paint_time_axis (FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view);

/** fyr_chart_paint_event_lines: the lines of events through a plot */
void
fyr_chart_paint_event_lines (FyrChartPainter *self, FyrChartModel *model, const FyrChartMapping *mapping);

/** fyr_chart_paint_event_labels: their labels above the panels */
void
fyr_chart_paint_event_labels (FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view);

/** fyr_chart_painter_mark_color: Returns: (transfer none): colour of @mark; of an ordinary point @ordinary */
const FyrChartColor *
fyr_chart_painter_mark_color (FyrChartPainter *self, FyrChartMark mark, const FyrChartColor *ordinary);

/** fyr_chart_paint_dot: an ordinary point of series @series: full for the first, hollow for the next, in turn */
void
fyr_chart_paint_dot (
    FyrChartPainter *self, guint series, double x, double y, double radius, const FyrChartColor *rim);

/** fyr_chart_painter_series_color: Returns: (transfer none) */
const FyrChartColor *
fyr_chart_painter_series_color (FyrChartPainter *self, guint series);

G_END_DECLS
