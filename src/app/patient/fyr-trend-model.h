/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-chart-model.h"
#include "fyr-store-query.h"

G_BEGIN_DECLS

/** FYR_TREND_GAP: no stretch without reports shorter than this is drawn as a gap, in milliseconds (36 hours). */
#define FYR_TREND_GAP (G_GINT64_CONSTANT (36) * 60 * 60 * 1000)

/**
 * fyr_trend_gap:
 * @series: of one kind
 * @limits: (element-type FyrLimit): of any kinds
 *
 * Who reports every second day has no gap each day: a gap is half as long again as this patient's usual time between
 * reporting days, or as the time within which the limits expect a report, and never below %FYR_TREND_GAP.
 *
 * Returns: milliseconds: two reports further apart are not joined
 */
gint64
fyr_trend_gap (FyrSeries *series, GPtrArray *limits);

/**
 * fyr_trend_model_fill:
 * @model: emptied first; tells of the change once
 * @series: (element-type FyrSeries): what the patient reported, a panel each, in this order
 * @limits: (element-type FyrLimit): all limits that ever held: drawn as they were
 * @notes: (element-type FyrNoteItem) (nullable): drawn as events
 */
void
fyr_trend_model_fill (FyrChartModel *model, GPtrArray *series, GPtrArray *limits, GPtrArray *notes);

/**
 * fyr_trend_panel_new:
 * @series: of one kind
 * @limits: (element-type FyrLimit): of any kinds
 *
 * Returns: (transfer full): a panel with the values and the bands of the limits of their kind
 */
FyrChartPanel *
fyr_trend_panel_new (FyrSeries *series, GPtrArray *limits);

G_END_DECLS
