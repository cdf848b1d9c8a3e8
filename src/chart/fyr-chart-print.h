/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <gtk/gtk.h>

#include "fyr-chart-model.h"

G_BEGIN_DECLS

/**
 * fyr_chart_print_count_pages:
 * @width: printable width in points
 * @height: printable height in points
 *
 * Returns: number of pages, at least 1; each holds as many whole panels as are readable on it
 */
guint
fyr_chart_print_count_pages (FyrChartModel *model, double width, double height);

/**
 * fyr_chart_print_page:
 * @cr: (transfer none): origin at the upper left of the printable area, one unit a point
 * @page: from 0
 * @heading: (nullable): first line of the page
 * @from: time at the left edge, ms since the epoch
 * @to: time at the right edge
 *
 * Draws a page in the light style: heading, time shown, panels, and for each the words of its description.
 */
void
fyr_chart_print_page (FyrChartModel *model,
                      cairo_t *cr,
                      guint page,
                      double width,
                      double height,
                      const char *heading,
                      gint64 from,
                      gint64 to);

/**
 * fyr_chart_print_operation_new:
 *
 * Returns: (transfer full): an operation that prints @model; run it with gtk_print_operation_run()
 */
GtkPrintOperation *
fyr_chart_print_operation_new (FyrChartModel *model, const char *heading, gint64 from, gint64 to);

/**
 * fyr_chart_print_to_pdf:
 * @path: file to write, replaced if it is there
 *
 * Writes A4 pages without a print dialog.
 *
 * Returns: %FALSE with @error (G_FILE_ERROR, the cause of the file system) if @path cannot be written
 */
gboolean
fyr_chart_print_to_pdf (
    FyrChartModel *model, const char *path, const char *heading, gint64 from, gint64 to, GError **error);

G_END_DECLS
