/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** FyrChartColor: red, green, blue, opacity from 0 to 1 (not premultiplied) */
typedef struct {
  double red, green, blue, alpha;
} FyrChartColor;

/** FYR_CHART_N_SERIES_COLORS: lines of one panel that have a colour of their own */
#define FYR_CHART_N_SERIES_COLORS 4

/**
 * FyrChartStyle:
 *
 * Every colour of a chart. Texts hold 4.5:1 and lines and marks 3:1 against @background (WCAG 2.1).
 */
typedef struct {
  FyrChartColor background;
  FyrChartColor plot;
  FyrChartColor text;
  FyrChartColor dim_text;
  FyrChartColor grid;
  FyrChartColor frame;
  FyrChartColor cursor;
  FyrChartColor caution;
  FyrChartColor caution_fill;
  FyrChartColor alarm;
  FyrChartColor alarm_fill;
  FyrChartColor doubtful;
  FyrChartColor series[FYR_CHART_N_SERIES_COLORS];
  double line_width;
} FyrChartStyle;

/**
 * fyr_chart_style_init:
 * @dark: light lines on a dark ground
 * @high_contrast: stronger lines, texts at least 7:1
 */
void
fyr_chart_style_init (FyrChartStyle *style, gboolean dark, gboolean high_contrast);

/** fyr_chart_color_contrast: Returns: the WCAG contrast of opaque @a and @b, 1 to 21 */
double
fyr_chart_color_contrast (const FyrChartColor *a, const FyrChartColor *b);

G_END_DECLS
