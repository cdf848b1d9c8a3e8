/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "fyr-chart-private.h"
#include "fyr-chart-text.h"

/* What keys and pointer do to the view and to the read-out. */

typedef enum {
  MOVE_PREVIOUS,
  MOVE_NEXT,
  MOVE_FIRST,
  MOVE_LAST,
  PANEL_ABOVE,
  PANEL_BELOW,
  PAN_LEFT,
  PAN_RIGHT,
  ZOOM_IN,
  ZOOM_OUT,
  FIT,
  PAGE_UP,
  PAGE_DOWN,
  CLEAR,
  ACTIVATE,
} Command;

static FyrChartSeries *
get_cursor_series (FyrChart *self)
{
  FyrChartPanel *panel =
      self->model != NULL ? fyr_chart_model_get_panel (self->model, self->cursor_panel) : NULL;
  return panel != NULL ? fyr_chart_panel_get_series (panel, self->cursor_series) : NULL;
}

static void
take_readout (FyrChart *self, char *readout)
{
  if (g_strcmp0 (readout, self->readout) == 0) {
    g_free (readout);
    return;
  }
  g_free (self->readout);
  self->readout = readout;
  if (readout != NULL) {
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, readout, -1);
  } else {
    fyr_chart_update_accessible (self);
  }
  fyr_chart_notify_readout (self);
}

static void
put_cursor (FyrChart *self, guint panel, guint series, gsize point)
{
  FyrChartPanel *chosen = fyr_chart_model_get_panel (self->model, panel);
  self->has_cursor = TRUE;
  self->cursor_panel = panel;
  self->cursor_series = series;
  self->cursor_time = fyr_chart_series_get_time (fyr_chart_panel_get_series (chosen, series), point);
  take_readout (self, fyr_chart_readout (self->model, panel, series, point));
  fyr_chart_invalidate (self);
}

void
fyr_chart_set_cursor (FyrChart *self, guint panel, gint64 time)
{
  g_return_if_fail (FYR_IS_CHART (self));
  FyrChartPanel *chosen = self->model != NULL ? fyr_chart_model_get_panel (self->model, panel) : NULL;
  guint series = 0;
  gsize point = 0;
  if (chosen != NULL && fyr_chart_nearest_point (chosen, time, &series, &point)) {
    put_cursor (self, panel, series, point);
  }
}

void
fyr_chart_clear_cursor (FyrChart *self)
{
  g_return_if_fail (FYR_IS_CHART (self));
  if (!self->has_cursor) {
    return;
  }
  self->has_cursor = FALSE;
  self->cursor_stays = FALSE;
  take_readout (self, NULL);
  fyr_chart_invalidate (self);
}

void
fyr_chart_resolve_cursor (FyrChart *self)
{
  FyrChartSeries *series = get_cursor_series (self);
  gsize point = 0;
  if (!self->has_cursor) {
    return;
  }
  if (series != NULL && fyr_chart_series_nearest (series, self->cursor_time, &point)) {
    put_cursor (self, self->cursor_panel, self->cursor_series, point);
  } else {
    fyr_chart_clear_cursor (self);
  }
}

/* Moves the view, as little as possible, until the cursor is in it. */
static void
bring_cursor_into_view (FyrChart *self)
{
  gint64 span = self->to - self->from;
  gint64 margin = span / 20;
  if (self->cursor_time < self->from) {
    fyr_chart_move_view (self, self->cursor_time - margin, self->cursor_time - margin + span);
  } else if (self->cursor_time > self->to) {
    fyr_chart_move_view (self, self->cursor_time + margin - span, self->cursor_time + margin);
  }
  FyrChartView view;
  FyrChartPlot plot, first;
  fyr_chart_get_draw_view (self, &view);
  if (!fyr_chart_painter_get_plot (self->painter, self->model, &view, self->cursor_panel, &plot)) {
    return;
  }
  fyr_chart_painter_get_plot (self->painter, self->model, &view, 0, &first);
  double top = plot.strip_y - first.strip_y;
  double page = gtk_adjustment_get_page_size (self->vadjustment);
  gtk_adjustment_clamp_page (self->vadjustment, top, MIN (top + plot.strip_height, top + page));
}

/* The first key puts the cursor on the last value in view. */
static void
start_cursor (FyrChart *self)
{
  guint n_panels = fyr_chart_model_get_n_panels (self->model);
  for (guint i = 0; i < n_panels && !self->has_cursor; i++) {
    fyr_chart_set_cursor (self, i, self->to);
  }
}

static void
step_cursor (FyrChart *self, int step)
{
  if (!self->has_cursor) {
    start_cursor (self);
  } else {
    FyrChartSeries *series = get_cursor_series (self);
    gsize point = 0;
    if (series == NULL || !fyr_chart_series_nearest (series, self->cursor_time, &point)) {
      return;
    }
    /* Several values of one moment are steps of their own only where they differ in time. */
    gsize n_points = fyr_chart_series_get_n_points (series);
    gint64 here = fyr_chart_series_get_time (series, point);
    gsize next = step > 0 ? fyr_chart_series_lower_bound (series, here + 1)
                          : fyr_chart_series_lower_bound (series, here);
    if (step > 0 && next < n_points) {
      put_cursor (self, self->cursor_panel, self->cursor_series, next);
    } else if (step < 0 && next > 0) {
      put_cursor (self, self->cursor_panel, self->cursor_series, next - 1);
    }
  }
  self->cursor_stays = self->has_cursor;
}

static void
jump_cursor (FyrChart *self, gint64 time)
{
  if (!self->has_cursor) {
    start_cursor (self);
  }
  if (self->has_cursor) {
    fyr_chart_set_cursor (self, self->cursor_panel, time);
    self->cursor_stays = TRUE;
  }
}

static void
step_panel (FyrChart *self, int step)
{
  int n_panels = (int)fyr_chart_model_get_n_panels (self->model);
  if (!self->has_cursor) {
    start_cursor (self);
  } else {
    gint64 time = self->cursor_time;
    guint before = self->cursor_panel;
    for (int i = (int)before + step; i >= 0 && i < n_panels && self->cursor_panel == before; i += step) {
      fyr_chart_set_cursor (self, (guint)i, time);
    }
  }
  self->cursor_stays = self->has_cursor;
}

static void
pan (FyrChart *self, double share)
{
  gint64 by = (gint64)((double)(self->to - self->from) * share);
  fyr_chart_move_view (self, self->from + by, self->to + by);
}

static gboolean
run_command (FyrChart *self, Command command)
{
  double page = gtk_adjustment_get_page_increment (self->vadjustment);
  switch (command) {
  case MOVE_PREVIOUS:
  case MOVE_NEXT:
    step_cursor (self, command == MOVE_NEXT ? 1 : -1);
    break;
  case MOVE_FIRST:
    jump_cursor (self, G_MININT64 / 4);
    break;
  case MOVE_LAST:
    jump_cursor (self, G_MAXINT64 / 4);
    break;
  case PANEL_ABOVE:
  case PANEL_BELOW:
    step_panel (self, command == PANEL_BELOW ? 1 : -1);
    break;
  case PAN_LEFT:
  case PAN_RIGHT:
    pan (self, command == PAN_RIGHT ? 0.1 : -0.1);
    return TRUE;
  case ZOOM_IN:
  case ZOOM_OUT:
    fyr_chart_zoom (self, command == ZOOM_IN ? 0.8 : 1.25);
    return TRUE;
  case FIT:
    fyr_chart_fit (self);
    return TRUE;
  case PAGE_UP:
  case PAGE_DOWN:
    return fyr_chart_scroll_panels (self, command == PAGE_DOWN ? page : -page);
  case CLEAR: {
    gboolean had_cursor = self->has_cursor;
    fyr_chart_clear_cursor (self);
    return had_cursor;
  }
  case ACTIVATE:
  default:
    if (self->has_cursor) {
      fyr_chart_emit_point_activated (self);
    }
    return self->has_cursor;
  }
  if (self->has_cursor) {
    bring_cursor_into_view (self);
  }
  return TRUE;
}

static gboolean
on_key (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  FyrChart *self = FYR_CHART (widget);
  if (self->model == NULL || self->compact) {
    return FALSE;
  }
  int command = 0;
  g_variant_get (arguments, "(i)", &command);
  return run_command (self, (Command)command);
}

void
fyr_chart_input_class_init (GtkWidgetClass *widget_class)
{
  static const struct {
    guint key;
    GdkModifierType modifiers;
    Command command;
  } keys[] = {
    { GDK_KEY_Left, 0, MOVE_PREVIOUS },
    { GDK_KEY_KP_Left, 0, MOVE_PREVIOUS },
    { GDK_KEY_Right, 0, MOVE_NEXT },
    { GDK_KEY_KP_Right, 0, MOVE_NEXT },
    { GDK_KEY_Home, 0, MOVE_FIRST },
    { GDK_KEY_KP_Home, 0, MOVE_FIRST },
    { GDK_KEY_End, 0, MOVE_LAST },
    { GDK_KEY_KP_End, 0, MOVE_LAST },
    { GDK_KEY_Up, 0, PANEL_ABOVE },
    { GDK_KEY_KP_Up, 0, PANEL_ABOVE },
    { GDK_KEY_Down, 0, PANEL_BELOW },
    { GDK_KEY_KP_Down, 0, PANEL_BELOW },
    { GDK_KEY_Left, GDK_CONTROL_MASK, PAN_LEFT },
    { GDK_KEY_Right, GDK_CONTROL_MASK, PAN_RIGHT },
    { GDK_KEY_plus, 0, ZOOM_IN },
    { GDK_KEY_KP_Add, 0, ZOOM_IN },
    { GDK_KEY_minus, 0, ZOOM_OUT },
    { GDK_KEY_KP_Subtract, 0, ZOOM_OUT },
    { GDK_KEY_0, 0, FIT },
    { GDK_KEY_KP_0, 0, FIT },
    { GDK_KEY_Page_Up, 0, PAGE_UP },
    { GDK_KEY_Page_Down, 0, PAGE_DOWN },
    { GDK_KEY_Escape, 0, CLEAR },
    { GDK_KEY_Return, 0, ACTIVATE },
    { GDK_KEY_KP_Enter, 0, ACTIVATE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    gtk_widget_class_add_binding (widget_class, keys[i].key, keys[i].modifiers, on_key, "(i)",
                                  (int)keys[i].command);
  }
}

/* The panel at height @y; FALSE on the axis or between. */
static gboolean
find_panel (FyrChart *self, double y, guint *panel)
{
  FyrChartView view;
  fyr_chart_get_draw_view (self, &view);
  for (guint i = 0; i < fyr_chart_model_get_n_panels (self->model); i++) {
    FyrChartPlot plot;
    fyr_chart_painter_get_plot (self->painter, self->model, &view, i, &plot);
    if (y >= plot.strip_y && y < plot.strip_y + plot.strip_height) {
      *panel = i;
      return TRUE;
    }
  }
  return FALSE;
}

static void
point_at (FyrChart *self, double x, double y)
{
  guint panel = 0;
  if (self->model != NULL && !self->compact && find_panel (self, y, &panel)) {
    fyr_chart_set_cursor (self, panel, fyr_chart_time_at (self, x));
  }
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, FyrChart *self)
{
  gboolean moved = fabs (x - self->pointer_x) + fabs (y - self->pointer_y) > 0.5;
  self->pointer_x = x;
  self->pointer_y = y;
  /* A resting pointer under changing data does not take the cursor from the keys. */
  if (moved) {
    self->cursor_stays = FALSE;
    point_at (self, x, y);
  }
}

static void
on_leave (GtkEventControllerMotion *motion, FyrChart *self)
{
  if (!self->cursor_stays) {
    fyr_chart_clear_cursor (self);
  }
}

static void
on_pressed (GtkGestureClick *click, int n_press, double x, double y, FyrChart *self)
{
  if (self->compact) {
    return;
  }
  gtk_widget_grab_focus (GTK_WIDGET (self));
  point_at (self, x, y);
  self->cursor_stays = self->has_cursor;
  if (n_press == 2 && self->has_cursor) {
    fyr_chart_emit_point_activated (self);
  }
}

static void
on_drag_begin (GtkGestureDrag *drag, double x, double y, FyrChart *self)
{
  self->gesture_from = self->from;
  self->gesture_to = self->to;
  self->gesture_scroll = gtk_adjustment_get_value (self->vadjustment);
  if (self->compact) {
    gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_DENIED);
  }
}

static void
on_drag_update (GtkGestureDrag *drag, double dx, double dy, FyrChart *self)
{
  if (fabs (dx) + fabs (dy) < 4) {
    return;
  }
  gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_CLAIMED);
  gint64 by = fyr_chart_time_at (self, 0) - fyr_chart_time_at (self, dx);
  fyr_chart_move_view (self, self->gesture_from + by, self->gesture_to + by);
  gtk_adjustment_set_value (self->vadjustment, self->gesture_scroll - dy);
}

static void
on_zoom_begin (GtkGesture *zoom, GdkEventSequence *sequence, FyrChart *self)
{
  self->gesture_from = self->from;
  self->gesture_to = self->to;
}

static void
on_zoom_changed (GtkGestureZoom *zoom, double scale, FyrChart *self)
{
  double x = self->pointer_x, y = 0;
  gtk_gesture_get_bounding_box_center (GTK_GESTURE (zoom), &x, &y);
  gint64 anchor = fyr_chart_time_at (self, x);
  double now = (double)(self->to - self->from);
  double wanted = (double)(self->gesture_to - self->gesture_from) / MAX (scale, 0.01);
  fyr_chart_zoom_at (self, wanted / now, anchor);
}

static gboolean
on_scroll (GtkEventControllerScroll *scroll, double dx, double dy, FyrChart *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll));
  if (self->compact || self->model == NULL) {
    return GDK_EVENT_PROPAGATE;
  }
  if (state & GDK_CONTROL_MASK) {
    fyr_chart_zoom_at (self, pow (1.2, dy), fyr_chart_time_at (self, self->pointer_x));
    return GDK_EVENT_STOP;
  }
  if (state & GDK_SHIFT_MASK) {
    pan (self, (dx + dy) * 0.05);
    return GDK_EVENT_STOP;
  }
  if (fabs (dx) > fabs (dy)) {
    pan (self, dx * 0.05);
    return GDK_EVENT_STOP;
  }
  /* An upright scroll belongs to the page or the scrolled window around, unless panels are hidden here. */
  if (GTK_IS_SCROLLED_WINDOW (gtk_widget_get_parent (GTK_WIDGET (self)))) {
    return GDK_EVENT_PROPAGATE;
  }
  return fyr_chart_scroll_panels (self, dy * 40) ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

void
fyr_chart_input_init (FyrChart *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (widget, motion);

  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (widget, scroll);

  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));

  GtkGesture *drag = gtk_gesture_drag_new ();
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));

  GtkGesture *zoom = gtk_gesture_zoom_new ();
  g_signal_connect (zoom, "begin", G_CALLBACK (on_zoom_begin), self);
  g_signal_connect (zoom, "scale-changed", G_CALLBACK (on_zoom_changed), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (zoom));
}
