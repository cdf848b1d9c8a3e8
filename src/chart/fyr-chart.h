/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-chart-model.h"

G_BEGIN_DECLS

/**
 * FyrChart:
 *
 * Widget showing a #FyrChartModel: pan by drag, horizontal or Shift scroll, Ctrl+Left and Ctrl+Right; zoom by
 * Ctrl+scroll, pinch, plus and minus; 0 shows everything, Home and End go to the first and last value; Left
 * and Right move the read-out to the next value, Up and Down to the next panel, Escape removes it. In a
 * GtkScrolledWindow panels scroll when they need more height and the time axis stays.
 *
 * Properties: `model`, `compact` (bool: sparkline), `high-contrast` (bool), `from` and `to` (int64: shown
 * time in ms), `readout` (string, read-only: text of the value under the cursor, %NULL without one).
 * Signal: `point-activated` (uint panel, uint series, uint64 time in ms) on Enter or double click at a value.
 *
 * Accessibility: role img; the label names the kinds shown, the description is fyr_chart_describe() or,
 * with a cursor, the read-out. Show a table of the same values beside it.
 */
#define FYR_TYPE_CHART (fyr_chart_get_type ())
G_DECLARE_FINAL_TYPE (FyrChart, fyr_chart, FYR, CHART, GtkWidget)

/** fyr_chart_new: @model: (nullable) (transfer none) */
GtkWidget *
fyr_chart_new (FyrChartModel *model);

/** fyr_chart_set_model: @model: (nullable) (transfer none): shown whole, without a cursor */
void
fyr_chart_set_model (FyrChart *self, FyrChartModel *model);
/** fyr_chart_get_model: Returns: (transfer none) (nullable) */
FyrChartModel *
fyr_chart_get_model (FyrChart *self);

/** fyr_chart_set_compact: a sparkline: no texts, no focus, no pan or zoom */
void
fyr_chart_set_compact (FyrChart *self, gboolean compact);
/** fyr_chart_get_compact: Returns: as the property */
gboolean
fyr_chart_get_compact (FyrChart *self);

/**
 * fyr_chart_set_high_contrast:
 *
 * for AdwStyleManager's high-contrast; a HighContrast theme is seen without it
 */
void
fyr_chart_set_high_contrast (FyrChart *self, gboolean high_contrast);
gboolean
fyr_chart_get_high_contrast (FyrChart *self);

/**
 * fyr_chart_set_view:
 * @from: time at the left edge, ms since the epoch
 * @to: time at the right edge; at least a minute after @from is shown
 *
 * Shows this stretch of time until told otherwise.
 */
void
fyr_chart_set_view (FyrChart *self, gint64 from, gint64 to);
void
fyr_chart_get_view (FyrChart *self, gint64 *from, gint64 *to);

/** fyr_chart_fit: Shows all values, also those that come later, until the view is moved or set. */
void
fyr_chart_fit (FyrChart *self);

/** fyr_chart_zoom: @factor: below 1 shows less time; about the cursor if there is one, else the middle */
void
fyr_chart_zoom (FyrChart *self, double factor);

/** fyr_chart_set_cursor: puts the read-out on the value of @panel nearest @time; no effect without values */
void
fyr_chart_set_cursor (FyrChart *self, guint panel, gint64 time);
void
fyr_chart_clear_cursor (FyrChart *self);

/** fyr_chart_get_readout: Returns: (transfer none) (nullable): as the property */
const char *
fyr_chart_get_readout (FyrChart *self);

G_END_DECLS
