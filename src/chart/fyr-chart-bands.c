/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "fyr-chart-painter.h"

/* Laid over @ground once, so that the pixels can be stored instead of blended. */
static FyrChartColor
flatten (const FyrChartColor *color, const FyrChartColor *ground)
{
  double a = color->alpha;
  return (FyrChartColor){ color->red * a + ground->red * (1 - a), color->green * a + ground->green * (1 - a),
                          color->blue * a + ground->blue * (1 - a), 1 };
}

static gboolean
get_columns (const FyrChartBand *band, const FyrChartMapping *mapping, int *left, int *right)
{
  double from = band->from <= mapping->from ? mapping->left : fyr_chart_mapping_x (mapping, band->from);
  double to = band->to >= mapping->to ? mapping->right : fyr_chart_mapping_x (mapping, band->to);
  *left = (int)lround (CLAMP (from, mapping->left, mapping->right));
  *right = (int)lround (CLAMP (to, mapping->left, mapping->right));
  return *right > *left;
}

static int
get_row (const FyrChartMapping *mapping, double value)
{
  return (int)lround (CLAMP (fyr_chart_mapping_y (mapping, value), mapping->top, mapping->bottom));
}

static gboolean
has_second_bands (FyrChartPanel *panel)
{
  gsize n_bands = 0;
  const FyrChartBand *bands = fyr_chart_panel_get_bands (panel, &n_bands);
  for (gsize i = 0; i < n_bands; i++) {
    if (bands[i].second) {
      return TRUE;
    }
  }
  return FALSE;
}

typedef struct {
  FyrChartPainter *painter;
  FyrChartColor caution;
  FyrChartColor alarm;
  FyrChartColor hatch;
} Fills;

/* The rows [@from, @to) between a limit and the plot's edge; @red may lie between. */
static void
fill_side (const Fills *fills, int left, int right, int from, int to, int red, gboolean above)
{
  FyrChartCanvas *canvas = fills->painter->canvas;
  int width = right - left;
  red = CLAMP (red, from, to);
  int alarm_from = above ? from : red, alarm_to = above ? red : to;
  int caution_from = above ? red : from, caution_to = above ? to : red;
  fyr_chart_canvas_fill (canvas, left, caution_from, width, caution_to - caution_from, &fills->caution);
  fyr_chart_canvas_fill (canvas, left, alarm_from, width, alarm_to - alarm_from, &fills->alarm);
  fyr_chart_canvas_hatch (canvas, left, alarm_from, width, alarm_to - alarm_from, &fills->hatch);
}

static void
fill_band (const Fills *fills, const FyrChartBand *band, const FyrChartMapping *mapping, gboolean pair)
{
  int left, right;
  if (!get_columns (band, mapping, &left, &right)) {
    return;
  }
  int top = (int)mapping->top, bottom = (int)mapping->bottom;
  /* Of a pair, the upper value's high side and the lower value's low side: the areas would else overlap. */
  gboolean high = !pair || !band->second;
  gboolean low = !pair || band->second;
  double outer_high = isfinite (band->yellow_high) ? band->yellow_high : band->red_high;
  double outer_low = isfinite (band->yellow_low) ? band->yellow_low : band->red_low;
  if (high && isfinite (outer_high)) {
    int red = isfinite (band->red_high) ? get_row (mapping, band->red_high) : top;
    fill_side (fills, left, right, top, get_row (mapping, outer_high), red, TRUE);
  }
  if (low && isfinite (outer_low)) {
    int red = isfinite (band->red_low) ? get_row (mapping, band->red_low) : bottom;
    fill_side (fills, left, right, get_row (mapping, outer_low), bottom, red, FALSE);
  }
}

void
fyr_chart_paint_bands (FyrChartPainter *self, FyrChartPanel *panel, const FyrChartMapping *mapping)
{
  const FyrChartStyle *style = &self->style;
  Fills fills = { .painter = self };
  fills.caution = flatten (&style->caution_fill, &style->plot);
  fills.alarm = flatten (&style->alarm_fill, &style->plot);
  FyrChartColor stroke = style->alarm;
  stroke.alpha = 0.15;
  fills.hatch = flatten (&stroke, &fills.alarm);
  gboolean pair = has_second_bands (panel);
  gsize n_bands = 0;
  const FyrChartBand *bands = fyr_chart_panel_get_bands (panel, &n_bands);
  for (gsize i = 0; i < n_bands; i++) {
    fill_band (&fills, &bands[i], mapping, pair);
  }
}

static void
paint_limit (
    FyrChartPainter *self, const FyrChartMapping *mapping, int left, int right, double value, gboolean alarm)
{
  if (!isfinite (value)) {
    return;
  }
  double y = fyr_chart_mapping_y (mapping, value);
  if (y < mapping->top - 0.5 || y > mapping->bottom + 0.5) {
    return;
  }
  int thickness = MAX (fyr_chart_painter_to_pixels (self, 1), 1);
  int on = alarm ? 0 : fyr_chart_painter_to_pixels (self, 6);
  int off = alarm ? 0 : fyr_chart_painter_to_pixels (self, 4);
  fyr_chart_canvas_rule (self->canvas, FALSE, left, (int)lround (y - thickness / 2.0), right - left,
                         thickness, on, off, alarm ? &self->style.alarm : &self->style.caution);
}

void
fyr_chart_paint_limits (FyrChartPainter *self, FyrChartPanel *panel, const FyrChartMapping *mapping)
{
  gsize n_bands = 0;
  const FyrChartBand *bands = fyr_chart_panel_get_bands (panel, &n_bands);
  for (gsize i = 0; i < n_bands; i++) {
    int left, right;
    if (get_columns (&bands[i], mapping, &left, &right)) {
      paint_limit (self, mapping, left, right, bands[i].yellow_low, FALSE);
      paint_limit (self, mapping, left, right, bands[i].yellow_high, FALSE);
      paint_limit (self, mapping, left, right, bands[i].red_low, TRUE);
      paint_limit (self, mapping, left, right, bands[i].red_high, TRUE);
    }
  }
}

typedef struct {
  double value;
  double y;
  FyrChartMark mark;
} LimitLabel;

#define MAX_LIMIT_LABELS 8

static int
compare_limit_labels (gconstpointer a, gconstpointer b)
{
  const LimitLabel *x = a, *y = b;
  return x->y < y->y ? -1 : x->y > y->y;
}

static gsize
add_limit_label (
    LimitLabel *found, gsize n_found, const FyrChartMapping *mapping, double value, FyrChartMark mark)
{
  if (!isfinite (value) || n_found == MAX_LIMIT_LABELS) {
    return n_found;
  }
  found[n_found] = (LimitLabel){ value, fyr_chart_mapping_y (mapping, value), mark };
  return n_found + 1;
}

static gsize
collect_limit_labels (FyrChartPanel *panel, const FyrChartMapping *mapping, LimitLabel *found)
{
  gsize n_found = 0, n_bands = 0;
  const FyrChartBand *bands = fyr_chart_panel_get_bands (panel, &n_bands);
  for (gsize i = 0; i < n_bands; i++) {
    const FyrChartBand *band = &bands[i];
    if (band->from < mapping->to && band->to >= mapping->to) {
      n_found = add_limit_label (found, n_found, mapping, band->red_low, FYR_CHART_MARK_ALARM);
      n_found = add_limit_label (found, n_found, mapping, band->yellow_low, FYR_CHART_MARK_CAUTION);
      n_found = add_limit_label (found, n_found, mapping, band->yellow_high, FYR_CHART_MARK_CAUTION);
      n_found = add_limit_label (found, n_found, mapping, band->red_high, FYR_CHART_MARK_ALARM);
    }
  }
  qsort (found, n_found, sizeof (LimitLabel), compare_limit_labels);
  return n_found;
}

/* Pushes labels apart that would lie on each other: downwards first, then up from the last. */
static void
spread_limit_labels (LimitLabel *labels, gsize n_labels, double distance, double bottom)
{
  for (gsize i = 1; i < n_labels; i++) {
    labels[i].y = MAX (labels[i].y, labels[i - 1].y + distance);
  }
  double lowest = bottom;
  for (gsize i = n_labels; i > 0; i--) {
    labels[i - 1].y = MIN (labels[i - 1].y, lowest);
    lowest = labels[i - 1].y - distance;
  }
}

void
fyr_chart_paint_limit_labels (FyrChartPainter *self, FyrChartPanel *panel, const FyrChartMapping *mapping)
{
  LimitLabel found[MAX_LIMIT_LABELS];
  gsize n_found = collect_limit_labels (panel, mapping, found);
  double line = fyr_chart_labels_get_line_height (self->labels, FYR_CHART_FONT_SMALL) * self->scale;
  spread_limit_labels (found, n_found, line * 0.92, mapping->bottom);
  for (gsize i = 0; i < n_found; i++) {
    char text[64];
    g_snprintf (text, sizeof text, "%.*f", (int)fyr_chart_panel_get_digits (panel), found[i].value);
    FyrChartLabel *label = fyr_chart_labels_get (self->labels, FYR_CHART_FONT_SMALL, text);
    const FyrChartColor *color = fyr_chart_painter_mark_color (self, found[i].mark, &self->style.text);
    double x = mapping->right + line * 0.55;
    fyr_chart_canvas_mark (self->canvas, found[i].mark, x, found[i].y,
                           2.8 * fyr_chart_painter_get_mark_size (self), color, NULL);
    fyr_chart_canvas_text (self->canvas, label, x + line * 0.45, found[i].y - label->height * self->scale / 2,
                           color);
  }
}
