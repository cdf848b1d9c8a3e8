/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FyrChartPyramid:
 *
 * Smallest and largest value of every block of an array, of blocks of blocks, and so on: the exact
 * extremes of any stretch in time logarithmic in its length.
 */
typedef struct _FyrChartPyramid FyrChartPyramid;

/**
 * fyr_chart_pyramid_new:
 * @values: (array length=n_values): finite values; not copied, must outlive the pyramid unchanged
 *
 * Returns: (transfer full): the pyramid, about a ninth of the array's size
 */
FyrChartPyramid *
fyr_chart_pyramid_new (const double *values, gsize n_values);
void
fyr_chart_pyramid_free (FyrChartPyramid *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrChartPyramid, fyr_chart_pyramid_free)

/**
 * fyr_chart_pyramid_query:
 * @from: first index
 * @to: index after the last, at most the number of values
 * @min: (inout): lowered to the smallest value of the stretch
 * @max: (inout): raised to the largest
 *
 * Widens [@min, @max]; an empty stretch changes nothing.
 */
void
fyr_chart_pyramid_query (const FyrChartPyramid *self, gsize from, gsize to, double *min, double *max);

G_END_DECLS
