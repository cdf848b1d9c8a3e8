/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-draw.h"

#include <math.h>

#include "fyr-chart-painter.h"
#include "fyr-chart-text.h"

/* A value further than this from the cursor is not the cursor's, user units. */
#define CURSOR_REACH 14.0

FyrChartPainter *
fyr_chart_painter_new (PangoContext *context)
{
  FyrChartPainter *self = g_new0 (FyrChartPainter, 1);
  self->labels = fyr_chart_labels_new (context);
  self->canvas = fyr_chart_canvas_new ();
  self->scale = 1;
  fyr_chart_style_init (&self->style, FALSE, FALSE);
  fyr_chart_frame_init (&self->frame);
  fyr_chart_trace_init (&self->trace);
  return self;
}

void
fyr_chart_painter_free (FyrChartPainter *self)
{
  if (self == NULL) {
    return;
  }
  fyr_chart_labels_free (self->labels);
  fyr_chart_canvas_free (self->canvas);
  fyr_chart_frame_clear (&self->frame);
  fyr_chart_trace_clear (&self->trace);
  g_clear_pointer (&self->ticks, g_array_unref);
  g_clear_pointer (&self->starts, g_array_unref);
  g_free (self);
}

void
fyr_chart_painter_set_style (FyrChartPainter *self, const FyrChartStyle *style)
{
  self->style = *style;
}

void
fyr_chart_painter_reset_text (FyrChartPainter *self)
{
  fyr_chart_labels_reset (self->labels);
}

double
fyr_chart_painter_get_mark_size (FyrChartPainter *self)
{
  /* The line height at the size the marks were drawn for. */
  const double ordinary = 15;
  double line = fyr_chart_labels_get_line_height (self->labels, FYR_CHART_FONT_SMALL);
  return self->scale * CLAMP (line / ordinary, 0.5, 2);
}

int
fyr_chart_painter_to_pixels (FyrChartPainter *self, double units)
{
  return (int)lround (units * self->scale);
}

void
fyr_chart_painter_get_mapping (FyrChartPainter *self,
                               const FyrChartView *view,
                               guint panel,
                               FyrChartMapping *mapping)
{
  FyrChartPlot plot;
  fyr_chart_frame_get_plot (&self->frame, panel, &plot);
  mapping->from = view->from;
  mapping->to = MAX (view->to, view->from + 1);
  mapping->left = fyr_chart_painter_to_pixels (self, plot.x);
  mapping->right = fyr_chart_painter_to_pixels (self, plot.x + plot.width);
  mapping->top = fyr_chart_painter_to_pixels (self, plot.y);
  mapping->bottom = fyr_chart_painter_to_pixels (self, plot.y + plot.height);
  if (panel < self->frame.scales->len) {
    mapping->scale = g_array_index (self->frame.scales, FyrChartScale, panel);
  }
}

static void
paint_value_axis (FyrChartPainter *self, const FyrChartMapping *mapping, gboolean texts)
{
  int thickness = MAX (fyr_chart_painter_to_pixels (self, 1), 1);
  for (guint i = 0; i < fyr_chart_scale_get_n_ticks (&mapping->scale); i++) {
    double value = fyr_chart_scale_get_tick (&mapping->scale, i);
    double y = fyr_chart_mapping_y (mapping, value);
    if (!texts) {
      fyr_chart_canvas_rule (self->canvas, FALSE, mapping->left, (int)lround (y - thickness / 2.0),
                             mapping->right - mapping->left, thickness, 0, 0, &self->style.grid);
      continue;
    }
    char text[64];
    g_snprintf (text, sizeof text, "%.*f", (int)mapping->scale.digits, value);
    FyrChartLabel *label = fyr_chart_labels_get (self->labels, FYR_CHART_FONT_SMALL, text);
    fyr_chart_canvas_text (self->canvas, label, mapping->left - (label->width + 8) * self->scale,
                           y - label->height * self->scale / 2, &self->style.dim_text);
  }
}

static double
paint_header_text (FyrChartPainter *self,
                   FyrChartFont font,
                   const char *text,
                   double x,
                   double y,
                   const FyrChartColor *color)
{
  FyrChartLabel *label = fyr_chart_labels_get (self->labels, font, text);
  double line = fyr_chart_labels_get_line_height (self->labels, FYR_CHART_FONT_BOLD);
  /* Small texts stand on the line of the large ones. */
  double drop = (line - label->height) * 0.8;
  fyr_chart_canvas_text (self->canvas, label, x, y + drop * self->scale, color);
  return x + (label->width + 8) * self->scale;
}

static void
paint_header (FyrChartPainter *self, FyrChartPanel *panel, const FyrChartPlot *plot)
{
  double x = plot->x * self->scale;
  double y = round (plot->strip_y * self->scale);
  x = paint_header_text (self, FYR_CHART_FONT_BOLD, fyr_chart_panel_get_title (panel), x, y,
                         &self->style.text);
  x = paint_header_text (self, FYR_CHART_FONT_SMALL, fyr_chart_panel_get_unit (panel), x, y,
                         &self->style.dim_text);
  guint n_series = fyr_chart_panel_get_n_series (panel);
  for (guint i = 0; n_series > 1 && i < n_series; i++) {
    const char *label = fyr_chart_series_get_label (fyr_chart_panel_get_series (panel, i));
    const FyrChartColor *color = fyr_chart_painter_series_color (self, i);
    double line = fyr_chart_labels_get_line_height (self->labels, FYR_CHART_FONT_BOLD) * self->scale;
    x += 6 * self->scale;
    fyr_chart_paint_dot (self, i, x, y + line * 0.56, 3.2 * fyr_chart_painter_get_mark_size (self), NULL);
    x = paint_header_text (self, FYR_CHART_FONT_SMALL, label != NULL ? label : "", x + 7 * self->scale, y,
                           color);
  }
}

static void
clip_panels (FyrChartPainter *self, const FyrChartView *view)
{
  int top = fyr_chart_painter_to_pixels (self, self->frame.top);
  fyr_chart_canvas_clip (self->canvas, 0, top, fyr_chart_painter_to_pixels (self, view->width),
                         fyr_chart_painter_to_pixels (self, self->frame.bottom) - top);
}

static void
clip_plot (FyrChartPainter *self, const FyrChartMapping *mapping)
{
  int top = MAX ((int)mapping->top, fyr_chart_painter_to_pixels (self, self->frame.top));
  int bottom = MIN ((int)mapping->bottom + 1, fyr_chart_painter_to_pixels (self, self->frame.bottom));
  fyr_chart_canvas_clip (self->canvas, mapping->left, top, mapping->right - mapping->left, bottom - top);
}

static gboolean
is_in_sight (FyrChartPainter *self, const FyrChartPlot *plot)
{
  return plot->strip_y < self->frame.bottom && plot->strip_y + plot->strip_height > self->frame.top;
}

static void
clip_all (FyrChartPainter *self, const FyrChartView *view)
{
  fyr_chart_canvas_clip (self->canvas, 0, 0, (int)ceil (view->width * self->scale),
                         (int)ceil (view->height * self->scale));
}

/* Gives the rows down to @to their background. One panel's rows at a time, so that they are still near the
 * processor when the panel is drawn on them. */
static void
paint_ground (FyrChartPainter *self, const FyrChartView *view, int to)
{
  int height = (int)ceil (view->height * self->scale);
  to = MIN (to, height);
  if (to > self->ground) {
    clip_all (self, view);
    self->ground = fyr_chart_canvas_ground (self->canvas, (int)ceil (view->width * self->scale), self->ground,
                                            to, &self->style.background);
  }
}

static void
paint_panel (FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view, guint index)
{
  FyrChartPanel *panel = fyr_chart_model_get_panel (model, index);
  FyrChartPlot plot;
  FyrChartMapping mapping;
  fyr_chart_frame_get_plot (&self->frame, index, &plot);
  if (!is_in_sight (self, &plot)) {
    return;
  }
  paint_ground (self, view, fyr_chart_painter_to_pixels (self, plot.strip_y + plot.strip_height));
  fyr_chart_painter_get_mapping (self, view, index, &mapping);
  clip_plot (self, &mapping);
  fyr_chart_paint_bands (self, panel, &mapping);
  if (!view->compact) {
    paint_value_axis (self, &mapping, FALSE);
    fyr_chart_paint_time_grid (self, &mapping);
    fyr_chart_paint_event_lines (self, model, &mapping);
  }
  fyr_chart_paint_limits (self, panel, &mapping);
  fyr_chart_paint_series (self, panel, &mapping, view->compact);
  if (!view->compact) {
    clip_panels (self, view);
    paint_header (self, panel, &plot);
    paint_value_axis (self, &mapping, TRUE);
    fyr_chart_paint_limit_labels (self, panel, &mapping);
  }
}

static void
begin (FyrChartPainter *self, cairo_t *cr, FyrChartModel *model, const FyrChartView *view)
{
  fyr_chart_labels_trim (self->labels);
  fyr_chart_canvas_begin (self->canvas, cr, view->width, view->height);
  self->scale = fyr_chart_canvas_get_scale (self->canvas);
  fyr_chart_frame_arrange (&self->frame, self->labels, model, view);
}

void
fyr_chart_painter_draw (FyrChartPainter *self, cairo_t *cr, FyrChartModel *model, const FyrChartView *view)
{
  begin (self, cr, model, view);
  if (!view->compact) {
    fyr_chart_paint_find_ticks (self, model, view);
  }
  self->ground = 0;
  for (guint i = 0; i < fyr_chart_model_get_n_panels (model); i++) {
    paint_panel (self, model, view, i);
  }
  paint_ground (self, view, G_MAXINT);
  clip_all (self, view);
  if (!view->compact) {
    fyr_chart_paint_event_labels (self, model, view);
    fyr_chart_paint_time_axis (self, model, view);
  }
  fyr_chart_canvas_end (self->canvas);
}

/* As far as paint_header() goes. */
static double
get_header_width (FyrChartPainter *self, FyrChartPanel *panel)
{
  const char *title = fyr_chart_panel_get_title (panel), *unit = fyr_chart_panel_get_unit (panel);
  double width = fyr_chart_labels_get (self->labels, FYR_CHART_FONT_BOLD, title)->width + 8;
  width += fyr_chart_labels_get (self->labels, FYR_CHART_FONT_SMALL, unit)->width + 8;
  guint n_series = fyr_chart_panel_get_n_series (panel);
  for (guint i = 0; n_series > 1 && i < n_series; i++) {
    const char *label = fyr_chart_series_get_label (fyr_chart_panel_get_series (panel, i));
    width +=
        fyr_chart_labels_get (self->labels, FYR_CHART_FONT_SMALL, label != NULL ? label : "")->width + 21;
  }
  return width;
}

/* Value in bold and its time, flush with the right edge of the plot; the time gives way to the title. */
static void
paint_header_value (FyrChartPainter *self,
                    FyrChartPanel *panel,
                    const FyrChartPlot *plot,
                    const char *value,
                    const char *time)
{
  double value_width = fyr_chart_labels_get (self->labels, FYR_CHART_FONT_BOLD, value)->width;
  double time_width = fyr_chart_labels_get (self->labels, FYR_CHART_FONT_SMALL, time)->width + 8;
  double room = plot->width - get_header_width (self, panel) - 8;
  gboolean with_time = value_width + time_width <= room;
  double x = plot->x + plot->width - value_width - (with_time ? time_width : 0);
  double y = round (plot->strip_y * self->scale);
  if (value_width > room) {
    return;
  }
  x = paint_header_text (self, FYR_CHART_FONT_BOLD, value, x * self->scale, y, &self->style.text);
  if (with_time) {
    paint_header_text (self, FYR_CHART_FONT_SMALL, time, x, y, &self->style.dim_text);
  }
}

static void
paint_ring (
    FyrChartPainter *self, FyrChartSeries *series, guint index, gsize point, const FyrChartMapping *mapping)
{
  double x = fyr_chart_mapping_x (mapping, fyr_chart_series_get_time (series, point));
  const FyrChartColor *color = fyr_chart_painter_series_color (self, index);
  color = fyr_chart_painter_mark_color (self, fyr_chart_series_get_mark (series, point), color);
  double size = fyr_chart_painter_get_mark_size (self);
  for (int second = 0; second <= (fyr_chart_series_has_seconds (series) ? 1 : 0); second++) {
    double y = fyr_chart_mapping_y (mapping, fyr_chart_series_get_values (series, second)[point]);
    y = CLAMP (y, mapping->top, mapping->bottom);
    fyr_chart_canvas_mark (self->canvas, FYR_CHART_MARK_NONE, x, y, 6 * size, &self->style.cursor, NULL);
    fyr_chart_canvas_mark (self->canvas, FYR_CHART_MARK_NONE, x, y, 4.5 * size, &self->style.plot, NULL);
    fyr_chart_canvas_mark (self->canvas, FYR_CHART_MARK_NONE, x, y, 3 * size, color, NULL);
  }
}

/* The point a panel's header speaks of: at the cursor, or else the last in sight. */
static gboolean
find_point (FyrChartPainter *self,
            FyrChartPanel *panel,
            const FyrChartView *view,
            const FyrChartMapping *mapping,
            guint *series,
            gsize *point)
{
  gint64 time = view->has_cursor ? view->cursor : view->to;
  if (!fyr_chart_nearest_point (panel, time, series, point)) {
    return FALSE;
  }
  gint64 found = fyr_chart_series_get_time (fyr_chart_panel_get_series (panel, *series), *point);
  if (!view->has_cursor) {
    return found >= view->from && found <= view->to;
  }
  double apart = fyr_chart_mapping_x (mapping, found) - fyr_chart_mapping_x (mapping, time);
  return fabs (apart) <= CURSOR_REACH * self->scale;
}

static void
paint_panel_readout (FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view, guint index)
{
  FyrChartPanel *panel = fyr_chart_model_get_panel (model, index);
  FyrChartPlot plot;
  FyrChartMapping mapping;
  guint series = 0;
  gsize point = 0;
  fyr_chart_frame_get_plot (&self->frame, index, &plot);
  if (!is_in_sight (self, &plot)) {
    return;
  }
  fyr_chart_painter_get_mapping (self, view, index, &mapping);
  clip_panels (self, view);
  if (view->has_cursor) {
    int x = (int)lround (fyr_chart_mapping_x (&mapping, view->cursor) - self->scale / 2);
    fyr_chart_canvas_rule (self->canvas, TRUE, x, (int)mapping.top, (int)(mapping.bottom - mapping.top),
                           MAX (fyr_chart_painter_to_pixels (self, 1), 1), 0, 0, &self->style.cursor);
  }
  if (!find_point (self, panel, view, &mapping, &series, &point)) {
    return;
  }
  FyrChartSeries *found = fyr_chart_panel_get_series (panel, series);
  if (view->has_cursor) {
    paint_ring (self, found, series, point, &mapping);
  }
  g_autofree char *value = fyr_chart_readout_value (panel, series, point);
  g_autofree char *time =
      fyr_chart_format_time (fyr_chart_model_get_zone (model), fyr_chart_series_get_time (found, point));
  paint_header_value (self, panel, &plot, value, time);
}

/* The cursor's time on the axis, light on dark. */
static void
paint_cursor_time (FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view)
{
  FyrChartMapping mapping;
  fyr_chart_painter_get_mapping (self, view, 0, &mapping);
  double x = fyr_chart_mapping_x (&mapping, view->cursor);
  if (x < mapping.left || x > mapping.right) {
    return;
  }
  g_autofree char *text = fyr_chart_format_time (fyr_chart_model_get_zone (model), view->cursor);
  FyrChartLabel *label = fyr_chart_labels_get (self->labels, FYR_CHART_FONT_SMALL_BOLD, text);
  double width = (label->width + 12) * self->scale;
  double left = CLAMP (x - width / 2, 0, MAX (view->width * self->scale - width, 0));
  double top = (self->frame.bottom + 1) * self->scale;
  fyr_chart_canvas_fill (self->canvas, (int)left, (int)top, (int)width,
                         (int)((label->height + 4) * self->scale), &self->style.cursor);
  fyr_chart_canvas_text (self->canvas, label, left + 6 * self->scale, top + 2 * self->scale,
                         &self->style.background);
}

void
fyr_chart_painter_draw_readout (FyrChartPainter *self,
                                cairo_t *cr,
                                FyrChartModel *model,
                                const FyrChartView *view)
{
  if (view->compact) {
    return;
  }
  begin (self, cr, model, view);
  for (guint i = 0; i < fyr_chart_model_get_n_panels (model); i++) {
    paint_panel_readout (self, model, view, i);
  }
  clip_all (self, view);
  if (view->has_cursor && fyr_chart_model_get_n_panels (model) > 0) {
    paint_cursor_time (self, model, view);
  }
  fyr_chart_canvas_end (self->canvas);
}

gboolean
fyr_chart_painter_get_plot (
    FyrChartPainter *self, FyrChartModel *model, const FyrChartView *view, guint panel, FyrChartPlot *plot)
{
  if (panel >= fyr_chart_model_get_n_panels (model)) {
    return FALSE;
  }
  fyr_chart_frame_arrange (&self->frame, self->labels, model, view);
  fyr_chart_frame_get_plot (&self->frame, panel, plot);
  return TRUE;
}

double
fyr_chart_painter_get_panels_height (FyrChartPainter *self)
{
  return self->frame.bottom - self->frame.top;
}

double
fyr_chart_painter_get_min_height (FyrChartPainter *self, FyrChartModel *model, gboolean compact)
{
  return fyr_chart_frame_get_min_height (self->labels, model, compact);
}

void
fyr_chart_draw (cairo_t *cr,
                PangoContext *context,
                const FyrChartStyle *style,
                FyrChartModel *model,
                const FyrChartView *view)
{
  g_autoptr (FyrChartPainter) painter = fyr_chart_painter_new (context);
  if (style != NULL) {
    fyr_chart_painter_set_style (painter, style);
  }
  fyr_chart_painter_draw (painter, cr, model, view);
  fyr_chart_painter_draw_readout (painter, cr, model, view);
}
