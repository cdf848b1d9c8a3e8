/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-chart-model.h"
#include "fyr-store-query.h"

G_BEGIN_DECLS

/** FYR_TREND_PRINT_MAX_ROWS: the table on paper holds so many values, the newest; how many are left out is said. */
#define FYR_TREND_PRINT_MAX_ROWS 1500

/**
 * fyr_trend_print_new:
 * @model: what is drawn
 * @patient: whose: name, birth date and identity number stand on every page
 * @limits: (element-type FyrLimit): all that ever held; those that hold at @now are printed in words
 * @series: (element-type FyrSeries): the values of the table
 * @from: first time drawn and listed, ms since the epoch
 * @to: time after the last
 *
 * Returns: (transfer full): an operation that prints the trends, the limits and the table; run it with
 *   gtk_print_operation_run()
 */
GtkPrintOperation *
fyr_trend_print_new (FyrChartModel *model,
                     FyrPatient *patient,
                     GPtrArray *limits,
                     GPtrArray *series,
                     gint64 from,
                     gint64 to,
                     gint64 now);

G_END_DECLS
