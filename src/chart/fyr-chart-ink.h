/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pixels of a block: one cache line of a row wide, low enough that a rule across the chart inks little. */
#define FYR_CHART_INK_WIDTH 16
#define FYR_CHART_INK_HEIGHT 8

/**
 * FyrChartInk:
 *
 * Which blocks of a picture hold more than the plain ground. A chart is mostly ground: the next drawing gives
 * it back only where the last one left something, a fraction of the memory of the whole picture.
 */
typedef struct _FyrChartInk FyrChartInk;

/**
 * fyr_chart_ink_new:
 * @width: of the picture, pixels, above 0
 * @height: of the picture, above 0
 *
 * Returns: (transfer full): of a picture that may hold anything
 */
FyrChartInk *
fyr_chart_ink_new (int width, int height);
void
fyr_chart_ink_free (FyrChartInk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrChartInk, fyr_chart_ink_free)

/** fyr_chart_ink_add: something may have been drawn on this rectangle; what lies outside the picture is passed over */
void
fyr_chart_ink_add (FyrChartInk *self, int x, int y, int width, int height);

/** fyr_chart_ink_add_all: as fyr_chart_ink_add() of the whole picture */
void
fyr_chart_ink_add_all (FyrChartInk *self);

/** fyr_chart_ink_contains: Returns: whether something may have been drawn in the block of pixel @x, @y */
gboolean
fyr_chart_ink_contains (const FyrChartInk *self, int x, int y);

/**
 * fyr_chart_ink_take_run:
 * @y: a pixel row that begins a row of blocks
 * @x: (inout): where to look from; the start of the run found
 *
 * Forgets the next run of inked blocks of that row.
 *
 * Returns: how many pixels the run is wide, at most to the picture's edge; 0 if there is none
 */
int
fyr_chart_ink_take_run (FyrChartInk *self, int y, int *x);

G_END_DECLS
