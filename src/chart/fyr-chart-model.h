/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-chart-series.h"

G_BEGIN_DECLS

/**
 * FyrChartBand:
 * @from: first moment the limits hold, ms since the epoch; %G_MININT64 = since ever
 * @to: first moment they no longer hold; %G_MAXINT64 = still
 * @red_low: below it is red; NAN = no such limit (all four)
 * @yellow_low: below it is yellow
 * @yellow_high: above it is yellow
 * @red_high: above it is red
 * @second: the limits judge the second value of a pair (diastolic)
 *
 * Limits as they were during one stretch of time.
 */
typedef struct {
  gint64 from;
  gint64 to;
  double red_low;
  double yellow_low;
  double yellow_high;
  double red_high;
  gboolean second;
} FyrChartBand;

/**
 * FyrChartEvent:
 * @time: ms since the epoch
 * @mark: how it is coloured
 * @label: a word or two shown at the line
 * @description: (nullable): the whole text for the read-out
 */
typedef struct {
  gint64 time;
  FyrChartMark mark;
  char *label;
  char *description;
} FyrChartEvent;

#define FYR_TYPE_CHART_PANEL (fyr_chart_panel_get_type ())
G_DECLARE_FINAL_TYPE (FyrChartPanel, fyr_chart_panel, FYR, CHART_PANEL, GObject)

/**
 * fyr_chart_panel_new:
 * @title: what is measured, as the reader calls it
 * @unit: (nullable): unit as shown
 *
 * One plot with its own value axis. Emits `changed`.
 */
FyrChartPanel *
fyr_chart_panel_new (const char *title, const char *unit);
const char *
fyr_chart_panel_get_title (FyrChartPanel *self);
const char *
fyr_chart_panel_get_unit (FyrChartPanel *self);

/** fyr_chart_panel_add_series: @series: (transfer none): kept by the panel, drawn after those before it */
void
fyr_chart_panel_add_series (FyrChartPanel *self, FyrChartSeries *series);
guint
fyr_chart_panel_get_n_series (FyrChartPanel *self);
/** fyr_chart_panel_get_series: Returns: (transfer none) (nullable): %NULL past the end */
FyrChartSeries *
fyr_chart_panel_get_series (FyrChartPanel *self, guint index);

/** fyr_chart_panel_set_digits: @digits: decimals of shown values, 0 to 6 (default 0) */
void
fyr_chart_panel_set_digits (FyrChartPanel *self, guint digits);
guint
fyr_chart_panel_get_digits (FyrChartPanel *self);

/**
 * fyr_chart_panel_set_range:
 * @min: value always on the axis, or NAN
 * @max: value always on the axis, or NAN
 *
 * The axis covers this, every value that is not doubtful, and the limits near them.
 */
void
fyr_chart_panel_set_range (FyrChartPanel *self, double min, double max);
void
fyr_chart_panel_get_range (FyrChartPanel *self, double *min, double *max);

/**
 * fyr_chart_panel_set_bands:
 * @bands: (array length=n_bands) (nullable): stretches in any order, copied
 *
 * Replaces the limits.
 */
void
fyr_chart_panel_set_bands (FyrChartPanel *self, const FyrChartBand *bands, gsize n_bands);
const FyrChartBand *
fyr_chart_panel_get_bands (FyrChartPanel *self, gsize *n_bands);

/**
 * fyr_chart_panel_judge:
 * @time: when the value was taken
 * @value: the value
 * @second: whether it is the second value of a pair
 * @band: (out) (optional) (nullable): the band it was judged by; valid until the bands change
 *
 * Returns: how @value stands against the limits that held at @time
 */
FyrChartMark
fyr_chart_panel_judge (
    FyrChartPanel *self, gint64 time, double value, gboolean second, const FyrChartBand **band);

#define FYR_TYPE_CHART_MODEL (fyr_chart_model_get_type ())
G_DECLARE_FINAL_TYPE (FyrChartModel, fyr_chart_model, FYR, CHART_MODEL, GObject)

/**
 * fyr_chart_model_new:
 * @zone: (nullable): time zone of the axis and of all times in text; %NULL = the local one
 *
 * What a chart shows: stacked panels on one time axis, and events across them. Emits `changed` after any
 * change in it, in its panels or in their series.
 *
 * Returns: (transfer full): an empty model
 */
FyrChartModel *
fyr_chart_model_new (GTimeZone *zone);
/** fyr_chart_model_get_zone: Returns: (transfer none) */
GTimeZone *
fyr_chart_model_get_zone (FyrChartModel *self);

/** fyr_chart_model_add_panel: @panel: (transfer none): shown below those before it */
void
fyr_chart_model_add_panel (FyrChartModel *self, FyrChartPanel *panel);
guint
fyr_chart_model_get_n_panels (FyrChartModel *self);
/** fyr_chart_model_get_panel: Returns: (transfer none) (nullable): %NULL past the end */
FyrChartPanel *
fyr_chart_model_get_panel (FyrChartModel *self, guint index);
/** fyr_chart_model_clear: Removes all panels and events; one `changed`. */
void
fyr_chart_model_clear (FyrChartModel *self);

/** fyr_chart_model_add_event: a line across all panels with @label at its top; both texts are copied */
void
fyr_chart_model_add_event (
    FyrChartModel *self, gint64 time, FyrChartMark mark, const char *label, const char *description);
/** fyr_chart_model_get_events: Returns: (transfer none): events by ascending time, valid until a change */
const FyrChartEvent *
fyr_chart_model_get_events (FyrChartModel *self, gsize *n_events);
void
fyr_chart_model_clear_events (FyrChartModel *self);

/**
 * fyr_chart_model_get_time_extent:
 * @from: (out): time of the first point of any series
 * @to: (out): time of the last
 *
 * Returns: %FALSE if there is no point
 */
gboolean
fyr_chart_model_get_time_extent (FyrChartModel *self, gint64 *from, gint64 *to);

/**
 * fyr_chart_model_freeze:
 *
 * Holds `changed` back until the matching fyr_chart_model_thaw(), which emits it once if anything changed.
 */
void
fyr_chart_model_freeze (FyrChartModel *self);
void
fyr_chart_model_thaw (FyrChartModel *self);

G_END_DECLS
