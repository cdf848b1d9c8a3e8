/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-chart-model.h"

G_BEGIN_DECLS

/**
 * fyr_chart_describe:
 *
 * The chart in words: for each panel its kind, unit, number of values, first, last, lowest and highest with
 * their times, and how many lie outside the limits; then the events. Translated; times in the model's zone.
 *
 * Returns: (transfer full): one sentence or more a panel, a line each
 */
char *
fyr_chart_describe (FyrChartModel *model);

/** fyr_chart_describe_panel: Returns: (transfer full): the part of fyr_chart_describe() about one panel */
char *
fyr_chart_describe_panel (FyrChartModel *model, guint panel);

/**
 * fyr_chart_readout:
 * @panel: index of the panel
 * @series: index of the series in it
 * @point: index of the point in that
 *
 * Returns: (transfer full): kind, value with unit, time, and how it stands against the limits of that time
 */
char *
fyr_chart_readout (FyrChartModel *model, guint panel, guint series, gsize point);

/** fyr_chart_readout_value: Returns: (transfer full): only value and unit, as "128/84 mmHg" */
char *
fyr_chart_readout_value (FyrChartPanel *panel, guint series, gsize point);

/** fyr_chart_format_time: Returns: (transfer full): date and time of day as the reader writes them */
char *
fyr_chart_format_time (GTimeZone *zone, gint64 time);

/** fyr_chart_format_date: Returns: (transfer full): the date only */
char *
fyr_chart_format_date (GTimeZone *zone, gint64 time);

/**
 * fyr_chart_nearest_point:
 * @series: (out): index of the series in the panel with the point nearest @time
 * @point: (out): its index
 *
 * Returns: %FALSE if the panel has no point
 */
gboolean
fyr_chart_nearest_point (FyrChartPanel *panel, gint64 time, guint *series, gsize *point);

G_END_DECLS
