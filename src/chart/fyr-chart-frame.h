/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-chart-draw.h"
#include "fyr-chart-label.h"
#include "fyr-chart-scale.h"

G_BEGIN_DECLS

/**
 * FyrChartFrame:
 * @left: left edge of all plots, user units (as all below)
 * @right: right edge
 * @top: where the panels begin, below the row of event labels
 * @bottom: where they end, above the time axis
 * @strip: height of one panel with its header
 * @header: height of a panel's header
 * @plot: height of a panel's plot
 * @total: height of all panels together
 * @scroll: the view's scroll kept within what there is
 * @scales: (element-type FyrChartScale): value axis of each panel
 *
 * Where everything of a chart lies.
 */
typedef struct {
  double left, right, top, bottom;
  double strip, header, plot;
  double total;
  double scroll;
  GArray *scales;
} FyrChartFrame;

/** fyr_chart_frame_init: @frame: (out): empty; release with fyr_chart_frame_clear() */
void
fyr_chart_frame_init (FyrChartFrame *frame);
/** fyr_chart_frame_clear: releases what @frame holds */
void
fyr_chart_frame_clear (FyrChartFrame *frame);

/** fyr_chart_frame_arrange: computes all of @frame */
void
fyr_chart_frame_arrange (FyrChartFrame *frame,
                         FyrChartLabels *labels,
                         FyrChartModel *model,
                         const FyrChartView *view);

/** fyr_chart_frame_get_plot: @plot: (out): where panel @panel lies, whether in sight or not */
void
fyr_chart_frame_get_plot (const FyrChartFrame *frame, guint panel, FyrChartPlot *plot);

/** fyr_chart_frame_get_min_height: Returns: height that @n_panels need to be read without scrolling */
double
fyr_chart_frame_get_min_height (FyrChartLabels *labels, FyrChartModel *model, gboolean compact);

G_END_DECLS
