/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by the files of the widget; not for users of the chart. */

#include "fyr-chart-draw.h"
#include "fyr-chart-picture.h"
#include "fyr-chart-tiles.h"
#include "fyr-chart.h"

G_BEGIN_DECLS

struct _FyrChart {
  GtkWidget parent_instance;

  FyrChartModel *model;
  FyrChartPainter *painter;
  gint64 from, to;
  gboolean fitted; /* the view follows the data */
  gboolean compact;
  gboolean high_contrast;

  gboolean has_cursor;
  gboolean cursor_stays; /* set by key or click: the pointer leaving does not remove it */
  guint cursor_panel;
  guint cursor_series;
  gint64 cursor_time;
  char *readout;

  GtkAdjustment *hadjustment;
  GtkAdjustment *vadjustment;
  GtkScrollablePolicy hscroll_policy;
  GtkScrollablePolicy vscroll_policy;

  FyrChartPicture *picture;
  FyrChartTiles *tiles; /* of @picture */
  gboolean picture_valid;

  guint n_panels;
  gboolean has_events;
  guint describe_source;

  double pointer_x, pointer_y;
  gint64 gesture_from, gesture_to;
  double gesture_scroll;
};

/** fyr_chart_invalidate: the data or how it is seen changed: draw it anew */
void
fyr_chart_invalidate (FyrChart *self);

/** fyr_chart_get_draw_view: @view: (out): what the painter needs to know of the widget */
void
fyr_chart_get_draw_view (FyrChart *self, FyrChartView *view);

/** fyr_chart_move_view: shows [@from, @to] within what is sensible; the view no longer follows the data */
void
fyr_chart_move_view (FyrChart *self, gint64 from, gint64 to);

/** fyr_chart_zoom_at: zooms by @factor and keeps time @anchor where it is */
void
fyr_chart_zoom_at (FyrChart *self, double factor, gint64 anchor);

/** fyr_chart_time_at: Returns: the time at @x of the widget */
gint64
fyr_chart_time_at (FyrChart *self, double x);

/** fyr_chart_resolve_cursor: finds the cursor's value again after the data changed */
void
fyr_chart_resolve_cursor (FyrChart *self);

/** fyr_chart_update_accessible: name and description, the latter long if there is no cursor */
void
fyr_chart_update_accessible (FyrChart *self);

/** fyr_chart_scroll_panels: by @delta user units; Returns: whether there was anything to scroll */
gboolean
fyr_chart_scroll_panels (FyrChart *self, double delta);

/** fyr_chart_notify_readout: tells of a changed `readout` */
void
fyr_chart_notify_readout (FyrChart *self);
/** fyr_chart_emit_point_activated: for the value under the cursor */
void
fyr_chart_emit_point_activated (FyrChart *self);

/** fyr_chart_input_class_init: binds the keys */
void
fyr_chart_input_class_init (GtkWidgetClass *widget_class);
/** fyr_chart_input_init: adds the controllers of pointer and touch */
void
fyr_chart_input_init (FyrChart *self);

G_END_DECLS
