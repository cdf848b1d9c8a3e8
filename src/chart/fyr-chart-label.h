/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pango/pangocairo.h>

G_BEGIN_DECLS

/** FyrChartFont: the sizes and weights a chart uses, relative to the font of the context */
typedef enum {
  FYR_CHART_FONT_NORMAL,
  FYR_CHART_FONT_BOLD,
  FYR_CHART_FONT_SMALL,
  FYR_CHART_FONT_SMALL_BOLD,
  FYR_CHART_N_FONTS,
} FyrChartFont;

/**
 * FyrChartLabel:
 * @layout: the text laid out
 * @width: in user units
 * @height: in user units
 *
 * A laid-out text, and its picture once it was drawn on pixels: laying out is what texts cost.
 */
typedef struct {
  PangoLayout *layout;
  double width;
  double height;
  cairo_surface_t *mask; /* A8 */
  double mask_scale;
  guint64 used;
} FyrChartLabel;

typedef struct _FyrChartLabels FyrChartLabels;

/** fyr_chart_labels_new: @context: (nullable): %NULL = the default font at 10 points */
FyrChartLabels *
fyr_chart_labels_new (PangoContext *context);
void
fyr_chart_labels_free (FyrChartLabels *self);

/** fyr_chart_labels_reset: forgets all texts, after the font or language of the context changed */
void
fyr_chart_labels_reset (FyrChartLabels *self);

/** fyr_chart_labels_get: Returns: (transfer none): @text in @font; valid until fyr_chart_labels_trim() */
FyrChartLabel *
fyr_chart_labels_get (FyrChartLabels *self, FyrChartFont font, const char *text);

/**
 * fyr_chart_labels_trim:
 *
 * lets go of texts not asked for in the last few hundred drawings, when there are many
 */
void
fyr_chart_labels_trim (FyrChartLabels *self);

/** fyr_chart_labels_get_line_height: Returns: height of a line in @font, user units */
double
fyr_chart_labels_get_line_height (FyrChartLabels *self, FyrChartFont font);

/** fyr_chart_label_get_mask: Returns: (transfer none): the text's coverage at @scale pixels a unit */
cairo_surface_t *
fyr_chart_label_get_mask (FyrChartLabel *label, double scale);

G_END_DECLS
