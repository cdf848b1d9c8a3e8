/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-chart-draw.h"

G_BEGIN_DECLS

/**
 * FyrChartTiles:
 *
 * A chart's picture as parts that come to the screen each on its own: GTK brings only those whose pixels changed. A
 * pan leaves titles, value axis and limits as they are.
 */
typedef struct _FyrChartTiles FyrChartTiles;

FyrChartTiles *
fyr_chart_tiles_new (void);
void
fyr_chart_tiles_free (FyrChartTiles *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrChartTiles, fyr_chart_tiles_free)

/**
 * fyr_chart_tiles_update:
 * @picture: an ARGB32 image surface with the same device scale in both directions, just drawn on; referenced
 * @plots: (array length=n_plots): where the plots lie on it, from above
 *
 * Cuts @picture along the edges of its plots and finds what is not as it was in the call before.
 */
void
fyr_chart_tiles_update (FyrChartTiles *self,
                        cairo_surface_t *picture,
                        const FyrChartPlot *plots,
                        guint n_plots);

/** fyr_chart_tiles_get_n: Returns: number of parts, which together cover the picture once; 0 before an update */
guint
fyr_chart_tiles_get_n (FyrChartTiles *self);

/**
 * fyr_chart_tiles_get_node:
 * @index: below fyr_chart_tiles_get_n()
 *
 * Returns: (transfer none): what shows that part; the same as before the last update only if all of its pixels are
 * the same
 */
GskRenderNode *
fyr_chart_tiles_get_node (FyrChartTiles *self, guint index);

G_END_DECLS
