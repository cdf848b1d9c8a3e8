/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "fyr-chart-painter.h"
#include "fyr-chart-time-axis.h"

#define LABEL_SPACE 6.0

static FyrChartTimeStep
choose_step (FyrChartPainter *self, const FyrChartView *view)
{
  /* As wide as a tick label gets. */
  double width = fyr_chart_labels_get (self->labels, FYR_CHART_FONT_SMALL, "30 Sep")->width + 3 * LABEL_SPACE;
  double n = (self->frame.right - self->frame.left) / width;
  return fyr_chart_time_step_choose (view->to - view->from, (guint)CLAMP (n, 2, 40));
}

static GArray *
get_context_starts (FyrChartModel *model, FyrChartTimeStep step, const FyrChartView *view)
{
  FyrChartTimeStep context;
  if (!fyr_chart_time_context_step (step, &context)) {
    return g_array_new (FALSE, FALSE, sizeof (gint64));
  }
  GTimeZone *zone = fyr_chart_model_get_zone (model);
  return fyr_chart_time_ticks (zone, context, view->from, view->to);
}

static void
paint_uprights (FyrChartPainter *self,
                GArray *times,
                const FyrChartMapping *mapping,
                const FyrChartColor *color)
{
  int thickness = MAX (fyr_chart_painter_to_pixels (self, 1), 1);
  for (guint i = 0; i < times->len; i++) {
    double x = fyr_chart_mapping_x (mapping, g_array_index (times, gint64, i));
    fyr_chart_canvas_rule (self->canvas, TRUE, (int)lround (x - thickness / 2.0), (int)mapping->top,
                           (int)(mapping->bottom - mapping->top), thickness, 0, 0, color);
  }
}

void
fyr_chart_paint_time_grid (FyrChartPainter *self,
                           FyrChartModel *model,
                           const FyrChartView *view,
                           const FyrChartMapping *mapping)
{
  FyrChartTimeStep step = choose_step (self, view);
  GTimeZone *zone = fyr_chart_model_get_zone (model);
  g_autoptr (GArray) ticks = fyr_chart_time_ticks (zone, step, view->from, view->to);
  g_autoptr (GArray) starts = get_context_starts (model, step, view);
  paint_uprights (self, ticks, mapping, &self->style.grid);
  paint_uprights (self, starts, mapping, &self->style.frame);
}

static double
get_time_x (FyrChartPainter *self, const FyrChartView *view, gint64 time)
{
  FyrChartMapping mapping;
  fyr_chart_painter_get_mapping (self, view, 0, &mapping);
  return fyr_chart_mapping_x (&mapping, time);
}

static void
paint_tick_labels (
    FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view, FyrChartTimeStep step, double y)
{
  GTimeZone *zone = fyr_chart_model_get_zone (model);
  g_autoptr (GArray) ticks = fyr_chart_time_ticks (zone, step, view->from, view->to);
  double last_end = -INFINITY;
  double right_limit = view->width * self->scale;
  for (guint i = 0; i < ticks->len; i++) {
    gint64 time = g_array_index (ticks, gint64, i);
    g_autofree char *text = fyr_chart_time_label (zone, step, time);
    FyrChartLabel *label = fyr_chart_labels_get (self->labels, FYR_CHART_FONT_SMALL, text);
    double width = label->width * self->scale;
    double x = get_time_x (self, view, time) - width / 2;
    if (x >= last_end && x >= 0 && x + width <= right_limit) {
      fyr_chart_canvas_text (self->canvas, label, x, y, &self->style.dim_text);
      last_end = x + width + LABEL_SPACE * self->scale;
    }
  }
}

/* The second row: each stretch is named at its start, the one that began before the view at its left edge. */
static void
paint_context_labels (
    FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view, FyrChartTimeStep step, double y)
{
  GTimeZone *zone = fyr_chart_model_get_zone (model);
  FyrChartTimeStep context;
  if (!fyr_chart_time_context_step (step, &context)) {
    return;
  }
  g_autoptr (GArray) starts = get_context_starts (model, step, view);
  gint64 first = view->from;
  g_array_prepend_val (starts, first);
  for (guint i = 0; i < starts->len; i++) {
    gint64 start = g_array_index (starts, gint64, i);
    gint64 end = i + 1 < starts->len ? g_array_index (starts, gint64, i + 1) : view->to;
    g_autofree char *text = fyr_chart_time_context_label (zone, step, start);
    FyrChartLabel *label = fyr_chart_labels_get (self->labels, FYR_CHART_FONT_SMALL_BOLD, text);
    double x = get_time_x (self, view, start);
    double room = get_time_x (self, view, end) - x;
    gboolean is_last = i + 1 == starts->len;
    double space = is_last ? view->width * self->scale - x : room - LABEL_SPACE * self->scale;
    if (label->width * self->scale <= space) {
      fyr_chart_canvas_text (self->canvas, label, x, y, &self->style.text);
    }
  }
}

void
fyr_chart_paint_time_axis (FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view)
{
  FyrChartTimeStep step = choose_step (self, view);
  double line = fyr_chart_labels_get_line_height (self->labels, FYR_CHART_FONT_SMALL);
  double y = self->frame.bottom + 3;
  int thickness = MAX (fyr_chart_painter_to_pixels (self, 1), 1);
  fyr_chart_canvas_rule (self->canvas, FALSE, fyr_chart_painter_to_pixels (self, self->frame.left),
                         fyr_chart_painter_to_pixels (self, self->frame.bottom),
                         fyr_chart_painter_to_pixels (self, self->frame.right - self->frame.left), thickness,
                         0, 0, &self->style.frame);
  paint_tick_labels (self, model, view, step, y * self->scale);
  paint_context_labels (self, model, view, step, (y + line + 1) * self->scale);
}

static const FyrChartColor *
get_event_color (FyrChartPainter *self, FyrChartMark mark)
{
  return fyr_chart_painter_mark_color (self, mark, &self->style.dim_text);
}

void
fyr_chart_paint_event_lines (FyrChartPainter *self, FyrChartModel *model, const FyrChartMapping *mapping)
{
  gsize n_events = 0;
  const FyrChartEvent *events = fyr_chart_model_get_events (model, &n_events);
  int thickness = MAX (fyr_chart_painter_to_pixels (self, 1), 1);
  for (gsize i = 0; i < n_events; i++) {
    if (events[i].time >= mapping->from && events[i].time <= mapping->to) {
      double x = fyr_chart_mapping_x (mapping, events[i].time);
      fyr_chart_canvas_rule (self->canvas, TRUE, (int)lround (x - thickness / 2.0), (int)mapping->top,
                             (int)(mapping->bottom - mapping->top), thickness,
                             fyr_chart_painter_to_pixels (self, 2), fyr_chart_painter_to_pixels (self, 3),
                             get_event_color (self, events[i].mark));
    }
  }
}

void
fyr_chart_paint_event_labels (FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view)
{
  gsize n_events = 0;
  const FyrChartEvent *events = fyr_chart_model_get_events (model, &n_events);
  double free_from = -INFINITY;
  double middle = self->frame.top / 2 * self->scale;
  for (gsize i = 0; i < n_events; i++) {
    if (events[i].time < view->from || events[i].time > view->to) {
      continue;
    }
    const FyrChartColor *color = get_event_color (self, events[i].mark);
    FyrChartLabel *label = fyr_chart_labels_get (self->labels, FYR_CHART_FONT_SMALL, events[i].label);
    double x = get_time_x (self, view, events[i].time);
    double width = label->width * self->scale, text_x = x + LABEL_SPACE * self->scale;
    /* At the right edge the text goes to the left of its line. */
    if (text_x + width > view->width * self->scale) {
      text_x = x - LABEL_SPACE * self->scale - width;
    }
    fyr_chart_canvas_mark (self->canvas, events[i].mark, x, middle, 3 * self->scale, color, NULL);
    double next_x = i + 1 < n_events ? get_time_x (self, view, events[i + 1].time) : INFINITY;
    gboolean fits = MIN (text_x, x) > free_from && text_x + width + LABEL_SPACE * self->scale < next_x;
    if (fits) {
      fyr_chart_canvas_text (self->canvas, label, text_x, middle - label->height * self->scale / 2,
                             &self->style.text);
      free_from = MAX (text_x + width, x) + LABEL_SPACE * self->scale;
    }
  }
}
