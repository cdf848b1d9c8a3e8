/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-frame.h"

#include <math.h>

#define COMPACT_MARGIN 4.0
#define LABEL_SPACE 8.0

void
fyr_chart_frame_init (FyrChartFrame *frame)
{
  *frame = (FyrChartFrame){ 0 };
  frame->scales = g_array_new (FALSE, TRUE, sizeof (FyrChartScale));
}

void
fyr_chart_frame_clear (FyrChartFrame *frame)
{
  g_clear_pointer (&frame->scales, g_array_unref);
}

static double
get_number_width (FyrChartLabels *labels, double value, guint digits)
{
  char text[64];
  g_snprintf (text, sizeof text, "%.*f", (int)digits, value);
  return fyr_chart_labels_get (labels, FYR_CHART_FONT_SMALL, text)->width;
}

static double
get_tick_width (FyrChartLabels *labels, const FyrChartScale *scale)
{
  return MAX (get_number_width (labels, scale->min, scale->digits),
              get_number_width (labels, scale->max, scale->digits));
}

static double
get_limit_width (FyrChartLabels *labels, FyrChartPanel *panel)
{
  gsize n_bands = 0;
  const FyrChartBand *bands = fyr_chart_panel_get_bands (panel, &n_bands);
  double width = 0;
  for (gsize i = 0; i < n_bands; i++) {
    const double limits[] = { bands[i].red_low, bands[i].yellow_low, bands[i].yellow_high,
                              bands[i].red_high };
    for (gsize j = 0; j < G_N_ELEMENTS (limits); j++) {
      if (isfinite (limits[j])) {
        width = MAX (width, get_number_width (labels, limits[j], fyr_chart_panel_get_digits (panel)));
      }
    }
  }
  return width;
}

static double
get_header_height (FyrChartLabels *labels)
{
  return round (fyr_chart_labels_get_line_height (labels, FYR_CHART_FONT_BOLD) * 1.45);
}

static double
get_axis_height (FyrChartLabels *labels)
{
  return round (fyr_chart_labels_get_line_height (labels, FYR_CHART_FONT_SMALL) * 2 + 10);
}

static double
get_event_height (FyrChartLabels *labels, FyrChartModel *model)
{
  gsize n_events = 0;
  fyr_chart_model_get_events (model, &n_events);
  return n_events > 0 ? round (fyr_chart_labels_get_line_height (labels, FYR_CHART_FONT_SMALL) + 8) : 4;
}

static double
get_panel_gap (FyrChartLabels *labels)
{
  return round (fyr_chart_labels_get_line_height (labels, FYR_CHART_FONT_SMALL) * 0.7);
}

static double
get_min_strip (FyrChartLabels *labels)
{
  double line = fyr_chart_labels_get_line_height (labels, FYR_CHART_FONT_SMALL);
  return get_header_height (labels) + MAX (84, round (5.5 * line)) + get_panel_gap (labels);
}

double
fyr_chart_frame_get_min_height (FyrChartLabels *labels, FyrChartModel *model, gboolean compact)
{
  if (compact) {
    return 32;
  }
  guint n_panels = MAX (fyr_chart_model_get_n_panels (model), 1);
  return get_event_height (labels, model) + n_panels * get_min_strip (labels) + get_axis_height (labels);
}

static void
arrange_compact (FyrChartFrame *frame, FyrChartModel *model, const FyrChartView *view)
{
  guint n_panels = MAX (fyr_chart_model_get_n_panels (model), 1);
  frame->left = COMPACT_MARGIN;
  frame->right = MAX (view->width - COMPACT_MARGIN, frame->left + 1);
  frame->top = COMPACT_MARGIN;
  frame->bottom = MAX (view->height - COMPACT_MARGIN, frame->top + 1);
  frame->strip = floor ((frame->bottom - frame->top) / n_panels);
  frame->header = 0;
  frame->plot = MAX (frame->strip, 1);
  for (guint i = 0; i < fyr_chart_model_get_n_panels (model); i++) {
    FyrChartScale *scale = &g_array_index (frame->scales, FyrChartScale, i);
    fyr_chart_scale_init_panel (scale, fyr_chart_model_get_panel (model, i), 4);
  }
}

static void
arrange_full (FyrChartFrame *frame, FyrChartLabels *labels, FyrChartModel *model, const FyrChartView *view)
{
  guint n_panels = fyr_chart_model_get_n_panels (model);
  double line = fyr_chart_labels_get_line_height (labels, FYR_CHART_FONT_SMALL);
  frame->top = get_event_height (labels, model);
  frame->bottom = MAX (view->height - get_axis_height (labels), frame->top + 1);
  frame->strip = MAX (get_min_strip (labels), floor ((frame->bottom - frame->top) / MAX (n_panels, 1)));
  frame->header = get_header_height (labels);
  frame->plot = frame->strip - frame->header - get_panel_gap (labels);
  double tick_width = 0, limit_width = 0;
  for (guint i = 0; i < n_panels; i++) {
    FyrChartPanel *panel = fyr_chart_model_get_panel (model, i);
    FyrChartScale *scale = &g_array_index (frame->scales, FyrChartScale, i);
    fyr_chart_scale_init_panel (scale, panel, (guint)CLAMP (frame->plot / (line * 1.9), 2, 9));
    tick_width = MAX (tick_width, get_tick_width (labels, scale));
    limit_width = MAX (limit_width, get_limit_width (labels, panel));
  }
  frame->left = ceil (tick_width + 2 * LABEL_SPACE);
  /* Room for a limit's sign before its number. */
  frame->right = floor (view->width - (limit_width > 0 ? limit_width + line + LABEL_SPACE : 2 * LABEL_SPACE));
  frame->right = MAX (frame->right, frame->left + 1);
}

void
fyr_chart_frame_arrange (FyrChartFrame *frame,
                         FyrChartLabels *labels,
                         FyrChartModel *model,
                         const FyrChartView *view)
{
  guint n_panels = fyr_chart_model_get_n_panels (model);
  g_array_set_size (frame->scales, n_panels);
  if (view->compact) {
    arrange_compact (frame, model, view);
  } else {
    arrange_full (frame, labels, model, view);
  }
  frame->total = frame->strip * n_panels;
  frame->scroll = CLAMP (view->scroll, 0, MAX (frame->total - (frame->bottom - frame->top), 0));
}

void
fyr_chart_frame_get_plot (const FyrChartFrame *frame, guint panel, FyrChartPlot *plot)
{
  plot->x = frame->left;
  plot->width = frame->right - frame->left;
  plot->strip_y = frame->top + panel * frame->strip - frame->scroll;
  plot->strip_height = frame->strip;
  plot->y = plot->strip_y + frame->header;
  plot->height = frame->plot;
}
