/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "fyr-chart-painter.h"

#define LABEL_SPACE 6.0

void
fyr_chart_paint_find_ticks (FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view)
{
  GTimeZone *zone = fyr_chart_model_get_zone (model);
  /* As wide as a tick label gets. */
  double width = fyr_chart_labels_get (self->labels, FYR_CHART_FONT_SMALL, "30 Sep")->width + 3 * LABEL_SPACE;
  double n_ticks = (self->frame.right - self->frame.left) / width;
  FyrChartTimeStep context;
  self->step = fyr_chart_time_step_choose (view->to - view->from, (guint)CLAMP (n_ticks, 2, 40));
  g_clear_pointer (&self->ticks, g_array_unref);
  g_clear_pointer (&self->starts, g_array_unref);
  self->ticks = fyr_chart_time_ticks (zone, self->step, view->from, view->to);
  if (fyr_chart_time_context_step (self->step, &context)) {
    self->starts = fyr_chart_time_ticks (zone, context, view->from, view->to);
  } else {
    self->starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  }
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
fyr_chart_paint_time_grid (FyrChartPainter *self, const FyrChartMapping *mapping)
{
  paint_uprights (self, self->ticks, mapping, &self->style.grid);
  paint_uprights (self, self->starts, mapping, &self->style.frame);
}

static double
get_time_x (FyrChartPainter *self, const FyrChartView *view, gint64 time)
{
  FyrChartMapping mapping;
  fyr_chart_painter_get_mapping (self, view, 0, &mapping);
  return fyr_chart_mapping_x (&mapping, time);
}

static void
paint_tick_labels (FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view, double y)
{
  GTimeZone *zone = fyr_chart_model_get_zone (model);
  double last_end = -INFINITY;
  double right_limit = view->width * self->scale;
  for (guint i = 0; i < self->ticks->len; i++) {
    gint64 time = g_array_index (self->ticks, gint64, i);
    g_autofree char *text = fyr_chart_time_label (zone, self->step, time);
    FyrChartLabel *label = fyr_chart_labels_get (self->labels, FYR_CHART_FONT_SMALL, text);
    double width = label->width * self->scale;
    double x = get_time_x (self, view, time) - width / 2;
    if (x >= last_end && x >= 0 && x + width <= right_limit) {
      fyr_chart_canvas_text (self->canvas, label, x, y, &self->style.dim_text);
      last_end = x + width + LABEL_SPACE * self->scale;
    }
  }
}

/* The name of the stretch from @start to @end, where it fits. */
static void
paint_context_label (
    FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view, gint64 start, gint64 end, double y)
{
  g_autofree char *text = fyr_chart_time_context_label (fyr_chart_model_get_zone (model), self->step, start);
  FyrChartLabel *label = fyr_chart_labels_get (self->labels, FYR_CHART_FONT_SMALL_BOLD, text);
  double x = get_time_x (self, view, start);
  double room = get_time_x (self, view, end) - LABEL_SPACE * self->scale - x;
  /* The last one may reach below the limits' labels. */
  double space = end >= view->to ? view->width * self->scale - x : room;
  if (label->width * self->scale <= space) {
    fyr_chart_canvas_text (self->canvas, label, x, y, &self->style.text);
  }
}

/* The second row: each stretch is named at its start, the one that began before the view at its left edge. */
static void
paint_context_labels (FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view, double y)
{
  FyrChartTimeStep context;
  if (!fyr_chart_time_context_step (self->step, &context)) {
    return;
  }
  gint64 start = view->from;
  for (guint i = 0; i <= self->starts->len; i++) {
    gint64 end = i < self->starts->len ? g_array_index (self->starts, gint64, i) : view->to;
    if (end > start) {
      paint_context_label (self, model, view, start, end, y);
    }
    start = end;
  }
}

void
fyr_chart_paint_time_axis (FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view)
{
  double line = fyr_chart_labels_get_line_height (self->labels, FYR_CHART_FONT_SMALL);
  double y = self->frame.bottom + 3;
  int thickness = MAX (fyr_chart_painter_to_pixels (self, 1), 1);
  fyr_chart_canvas_rule (self->canvas, FALSE, fyr_chart_painter_to_pixels (self, self->frame.left),
                         fyr_chart_painter_to_pixels (self, self->frame.bottom),
                         fyr_chart_painter_to_pixels (self, self->frame.right - self->frame.left), thickness,
                         0, 0, &self->style.frame);
  paint_tick_labels (self, model, view, y * self->scale);
  paint_context_labels (self, model, view, (y + line + 1) * self->scale);
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
    fyr_chart_canvas_mark (self->canvas, events[i].mark, x, middle,
                           3 * fyr_chart_painter_get_mark_size (self), color, NULL);
    double next_x = i + 1 < n_events ? get_time_x (self, view, events[i + 1].time) : INFINITY;
    gboolean fits = MIN (text_x, x) > free_from && text_x + width + LABEL_SPACE * self->scale < next_x;
    if (fits) {
      fyr_chart_canvas_text (self->canvas, label, text_x, middle - label->height * self->scale / 2,
                             &self->style.text);
      free_from = MAX (text_x + width, x) + LABEL_SPACE * self->scale;
    }
  }
}
