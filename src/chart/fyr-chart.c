/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "fyr-chart-private.h"
#include "fyr-chart-text.h"

#define MINUTE G_GINT64_CONSTANT (60000)
#define DAY (1440 * MINUTE)
#define MAX_SPAN (40000 * DAY)

enum {
  PROP_0,
  PROP_MODEL,
  PROP_COMPACT,
  PROP_HIGH_CONTRAST,
  PROP_FROM,
  PROP_TO,
  PROP_READOUT,
  N_PROPERTIES,
  PROP_HADJUSTMENT = N_PROPERTIES,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};
static GParamSpec *properties[N_PROPERTIES];

enum { SIGNAL_POINT_ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrChart,
                               fyr_chart,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

void
fyr_chart_get_draw_view (FyrChart *self, FyrChartView *view)
{
  *view = (FyrChartView){
    .from = self->from,
    .to = self->to,
    .width = gtk_widget_get_width (GTK_WIDGET (self)),
    .height = gtk_widget_get_height (GTK_WIDGET (self)),
    .scroll = self->vadjustment != NULL ? gtk_adjustment_get_value (self->vadjustment) : 0,
    .compact = self->compact,
    .cursor = self->cursor_time,
    .has_cursor = self->has_cursor,
    .active_panel = self->cursor_panel,
  };
}

void
fyr_chart_invalidate (FyrChart *self)
{
  self->picture_valid = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
is_high_contrast (FyrChart *self)
{
  g_autofree char *theme = NULL;
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-theme-name", &theme, NULL);
  return self->high_contrast || (theme != NULL && g_str_has_prefix (theme, "HighContrast"));
}

static void
update_style (FyrChart *self)
{
  GdkRGBA text;
  FyrChartStyle style;
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &text);
  gboolean dark = 0.299 * text.red + 0.587 * text.green + 0.114 * text.blue > 0.5;
  fyr_chart_style_init (&style, dark, is_high_contrast (self));
  fyr_chart_painter_set_style (self->painter, &style);
}

static void
update_tiles (FyrChart *self, const FyrChartView *view)
{
  guint n_plots = fyr_chart_model_get_n_panels (self->model);
  g_autofree FyrChartPlot *plots = g_new (FyrChartPlot, n_plots);
  for (guint i = 0; i < n_plots; i++) {
    fyr_chart_painter_get_plot (self->painter, self->model, view, i, &plots[i]);
  }
  fyr_chart_tiles_update (self->tiles, fyr_chart_picture_get_surface (self->picture), plots, n_plots);
}

/* The chart with its read-out, drawn only when something changed: a frame in which another part of the window
 * changed takes the kept picture. Its pixels are opaque, but of the format that the renderer draws in: it copies
 * them as they are. One picture is enough: a frame is drawn from it before the next can change it. */
static void
ensure_picture (FyrChart *self, const FyrChartView *view)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  int width = (int)view->width * scale, height = (int)view->height * scale;
  if (!fyr_chart_picture_fits (self->picture, width, height, scale)) {
    g_clear_pointer (&self->picture, fyr_chart_picture_free);
    self->picture = fyr_chart_picture_new (width, height, scale);
    self->picture_valid = FALSE;
  }
  if (!self->picture_valid) {
    update_style (self);
    fyr_chart_picture_draw (self->picture, self->painter, self->model, view, TRUE);
    update_tiles (self, view);
    self->picture_valid = TRUE;
  }
}

static void
snapshot_focus (FyrChart *self, GtkSnapshot *snapshot)
{
  FyrChartStyle style;
  GdkRGBA text;
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &text);
  fyr_chart_style_init (&style, text.green > 0.5, is_high_contrast (self));
  GdkRGBA color = { (float)style.series[0].red, (float)style.series[0].green, (float)style.series[0].blue,
                    1 };
  const GdkRGBA colors[4] = { color, color, color, color };
  const float widths[4] = { 2, 2, 2, 2 };
  GskRoundedRect outline;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (GTK_WIDGET (self)),
                                               gtk_widget_get_height (GTK_WIDGET (self)));
  gsk_rounded_rect_init_from_rect (&outline, &bounds, 4);
  gtk_snapshot_append_border (snapshot, &outline, widths, colors);
}

static void
fyr_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FyrChart *self = FYR_CHART (widget);
  FyrChartView view;
  fyr_chart_get_draw_view (self, &view);
  if (self->model == NULL || view.width < 1 || view.height < 1) {
    return;
  }
  ensure_picture (self, &view);
  for (guint i = 0; i < fyr_chart_tiles_get_n (self->tiles); i++) {
    gtk_snapshot_append_node (snapshot, fyr_chart_tiles_get_node (self->tiles, i));
  }
  if (gtk_widget_has_visible_focus (widget)) {
    snapshot_focus (self, snapshot);
  }
}

static void
fyr_chart_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  FyrChart *self = FYR_CHART (widget);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = self->compact ? 60 : 240;
    *natural = self->compact ? 200 : 640;
    return;
  }
  g_autoptr (FyrChartModel) empty = self->model == NULL ? fyr_chart_model_new (NULL) : NULL;
  FyrChartModel *model = self->model != NULL ? self->model : empty;
  double whole = fyr_chart_painter_get_min_height (self->painter, model, self->compact);
  guint n_panels = MAX (fyr_chart_model_get_n_panels (model), 1);
  *minimum = self->compact ? 32 : (int)ceil (MIN (whole, whole / n_panels + 40));
  *natural = self->compact ? 64 : (int)ceil (whole);
}

static void
configure_adjustments (FyrChart *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  FyrChartView view;
  FyrChartPlot first, last;
  double page = 1, upper = 1;
  fyr_chart_get_draw_view (self, &view);
  view.scroll = 0;
  guint n_panels = self->model != NULL ? fyr_chart_model_get_n_panels (self->model) : 0;
  if (n_panels > 0) {
    fyr_chart_painter_get_plot (self->painter, self->model, &view, 0, &first);
    fyr_chart_painter_get_plot (self->painter, self->model, &view, n_panels - 1, &last);
    upper = MAX (last.strip_y + last.strip_height - first.strip_y, 1);
    page = CLAMP (fyr_chart_painter_get_panels_height (self->painter), 1, upper);
  }
  if (self->vadjustment != NULL) {
    double value = CLAMP (gtk_adjustment_get_value (self->vadjustment), 0, upper - page);
    gtk_adjustment_configure (self->vadjustment, value, 0, upper, page * 0.1, page * 0.9, page);
  }
  if (self->hadjustment != NULL) {
    gtk_adjustment_configure (self->hadjustment, 0, 0, width, width * 0.1, width * 0.9, width);
  }
}

static void
fyr_chart_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  FyrChart *self = FYR_CHART (widget);
  configure_adjustments (self);
  self->picture_valid = FALSE;
}

static void
fyr_chart_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  FyrChart *self = FYR_CHART (widget);
  GTK_WIDGET_CLASS (fyr_chart_parent_class)->css_changed (widget, change);
  fyr_chart_painter_reset_text (self->painter);
  gtk_widget_queue_resize (widget);
  fyr_chart_invalidate (self);
}

static void
fyr_chart_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (fyr_chart_parent_class)->system_setting_changed (widget, setting);
  fyr_chart_painter_reset_text (FYR_CHART (widget)->painter);
  gtk_widget_queue_resize (widget);
  fyr_chart_invalidate (FYR_CHART (widget));
}

void
fyr_chart_update_accessible (FyrChart *self)
{
  GString *names = g_string_new (NULL);
  for (guint i = 0; self->model != NULL && i < fyr_chart_model_get_n_panels (self->model); i++) {
    FyrChartPanel *panel = fyr_chart_model_get_panel (self->model, i);
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", fyr_chart_panel_get_title (panel));
  }
  /* Translators: the name of a chart, with the kinds of measurement it shows */
  g_autofree char *label = g_strdup_printf (_ ("Trend chart: %s"), names->str);
  g_autofree char *described = NULL;
  if (self->readout == NULL) {
    described = self->model != NULL ? fyr_chart_describe (self->model) : g_strdup (_ ("The chart is empty."));
  }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  self->readout != NULL ? self->readout : described, -1);
  g_string_free (names, TRUE);
}

static gboolean
describe_when_idle (gpointer data)
{
  FyrChart *self = data;
  self->describe_source = 0;
  fyr_chart_update_accessible (self);
  return G_SOURCE_REMOVE;
}

/* All values in view, with a little air so that the outermost are whole. */
static void
fit_view (FyrChart *self)
{
  gint64 from, to;
  if (self->model == NULL || !fyr_chart_model_get_time_extent (self->model, &from, &to)) {
    to = g_get_real_time () / 1000;
    from = to - 7 * DAY;
  }
  gint64 air = to - from < MINUTE ? DAY / 2 : MAX ((to - from) / 50, MINUTE);
  self->from = from - air;
  self->to = to + air;
  self->fitted = TRUE;
}

static void
notify_view (FyrChart *self, gint64 old_from, gint64 old_to)
{
  if (self->from != old_from) {
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FROM]);
  }
  if (self->to != old_to) {
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TO]);
  }
  if (self->from != old_from || self->to != old_to) {
    fyr_chart_invalidate (self);
  }
}

static void
on_model_changed (FyrChart *self)
{
  gint64 old_from = self->from, old_to = self->to;
  gsize n_events = 0;
  guint n_panels = 0;
  if (self->model != NULL) {
    fyr_chart_model_get_events (self->model, &n_events);
    n_panels = fyr_chart_model_get_n_panels (self->model);
  }
  if (n_panels != self->n_panels || (n_events > 0) != self->has_events) {
    self->n_panels = n_panels;
    self->has_events = n_events > 0;
    gtk_widget_queue_resize (GTK_WIDGET (self));
  }
  if (self->fitted) {
    fit_view (self);
  }
  notify_view (self, old_from, old_to);
  fyr_chart_resolve_cursor (self);
  fyr_chart_invalidate (self);
  /* The description reads every value; a burst of changes gets one. */
  if (self->describe_source == 0) {
    self->describe_source = g_idle_add_full (G_PRIORITY_LOW, describe_when_idle, self, NULL);
  }
}

void
fyr_chart_set_model (FyrChart *self, FyrChartModel *model)
{
  g_return_if_fail (FYR_IS_CHART (self));
  if (model == self->model) {
    return;
  }
  if (self->model != NULL) {
    g_signal_handlers_disconnect_by_func (self->model, on_model_changed, self);
  }
  g_set_object (&self->model, model);
  if (model != NULL) {
    g_signal_connect_swapped (model, "changed", G_CALLBACK (on_model_changed), self);
  }
  fyr_chart_clear_cursor (self);
  self->fitted = TRUE;
  on_model_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODEL]);
}

FyrChartModel *
fyr_chart_get_model (FyrChart *self)
{
  return self->model;
}

void
fyr_chart_set_compact (FyrChart *self, gboolean compact)
{
  g_return_if_fail (FYR_IS_CHART (self));
  if (!compact == !self->compact) {
    return;
  }
  self->compact = compact;
  gtk_widget_set_focusable (GTK_WIDGET (self), !compact);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  fyr_chart_invalidate (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPACT]);
}

gboolean
fyr_chart_get_compact (FyrChart *self)
{
  return self->compact;
}

void
fyr_chart_set_high_contrast (FyrChart *self, gboolean high_contrast)
{
  g_return_if_fail (FYR_IS_CHART (self));
  if (!high_contrast == !self->high_contrast) {
    return;
  }
  self->high_contrast = high_contrast;
  fyr_chart_invalidate (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HIGH_CONTRAST]);
}

gboolean
fyr_chart_get_high_contrast (FyrChart *self)
{
  return self->high_contrast;
}

void
fyr_chart_move_view (FyrChart *self, gint64 from, gint64 to)
{
  gint64 old_from = self->from, old_to = self->to;
  gint64 span = CLAMP (to - from, MINUTE, MAX_SPAN);
  gint64 first, last;
  if (to - from != span) {
    from += (to - from - span) / 2;
  }
  /* Half a view beyond the data is as far as there is anything to find. */
  if (self->model != NULL && fyr_chart_model_get_time_extent (self->model, &first, &last)) {
    from = CLAMP (from, MIN (first - span / 2, last - span / 2), MAX (last - span / 2, first - span / 2));
  }
  self->from = from;
  self->to = from + span;
  self->fitted = FALSE;
  notify_view (self, old_from, old_to);
}

void
fyr_chart_set_view (FyrChart *self, gint64 from, gint64 to)
{
  g_return_if_fail (FYR_IS_CHART (self));
  gint64 old_from = self->from, old_to = self->to;
  from = CLAMP (from, -MAX_SPAN * 10, MAX_SPAN * 10);
  to = CLAMP (to, from + MINUTE, from + MAX_SPAN);
  self->from = from;
  self->to = to;
  self->fitted = FALSE;
  notify_view (self, old_from, old_to);
}

void
fyr_chart_get_view (FyrChart *self, gint64 *from, gint64 *to)
{
  *from = self->from;
  *to = self->to;
}

void
fyr_chart_fit (FyrChart *self)
{
  g_return_if_fail (FYR_IS_CHART (self));
  gint64 old_from = self->from, old_to = self->to;
  fit_view (self);
  notify_view (self, old_from, old_to);
}

void
fyr_chart_zoom_at (FyrChart *self, double factor, gint64 anchor)
{
  double span = CLAMP ((double)(self->to - self->from) * factor, (double)MINUTE, (double)MAX_SPAN);
  double share = (double)(anchor - self->from) / (double)(self->to - self->from);
  gint64 from = anchor - (gint64)(span * share);
  fyr_chart_move_view (self, from, from + (gint64)span);
}

void
fyr_chart_zoom (FyrChart *self, double factor)
{
  g_return_if_fail (FYR_IS_CHART (self));
  g_return_if_fail (factor > 0);
  gint64 middle = self->from + (self->to - self->from) / 2;
  gboolean seen = self->has_cursor && self->cursor_time >= self->from && self->cursor_time <= self->to;
  fyr_chart_zoom_at (self, factor, seen ? self->cursor_time : middle);
}

gint64
fyr_chart_time_at (FyrChart *self, double x)
{
  FyrChartView view;
  FyrChartPlot plot;
  fyr_chart_get_draw_view (self, &view);
  if (self->model == NULL || !fyr_chart_painter_get_plot (self->painter, self->model, &view, 0, &plot)) {
    return self->from;
  }
  return self->from + (gint64)((x - plot.x) / plot.width * (double)(self->to - self->from));
}

gboolean
fyr_chart_scroll_panels (FyrChart *self, double delta)
{
  double upper = gtk_adjustment_get_upper (self->vadjustment);
  double page = gtk_adjustment_get_page_size (self->vadjustment);
  if (upper <= page + 0.5) {
    return FALSE;
  }
  gtk_adjustment_set_value (self->vadjustment, gtk_adjustment_get_value (self->vadjustment) + delta);
  return TRUE;
}

const char *
fyr_chart_get_readout (FyrChart *self)
{
  return self->readout;
}

void
fyr_chart_notify_readout (FyrChart *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READOUT]);
}

void
fyr_chart_emit_point_activated (FyrChart *self)
{
  g_signal_emit (self, signals[SIGNAL_POINT_ACTIVATED], 0, self->cursor_panel, self->cursor_series,
                 (guint64)self->cursor_time);
}

static void
set_adjustment (FyrChart *self, GtkAdjustment **place, GtkAdjustment *adjustment)
{
  if (adjustment == NULL) {
    adjustment = gtk_adjustment_new (0, 0, 0, 0, 0, 0);
  }
  g_object_ref_sink (adjustment);
  if (*place != NULL) {
    g_signal_handlers_disconnect_by_func (*place, fyr_chart_invalidate, self);
    g_object_unref (*place);
  }
  *place = adjustment;
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (fyr_chart_invalidate), self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
fyr_chart_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FyrChart *self = FYR_CHART (object);
  switch (id) {
  case PROP_MODEL:
    g_value_set_object (value, self->model);
    break;
  case PROP_COMPACT:
    g_value_set_boolean (value, self->compact);
    break;
  case PROP_HIGH_CONTRAST:
    g_value_set_boolean (value, self->high_contrast);
    break;
  case PROP_FROM:
    g_value_set_int64 (value, self->from);
    break;
  case PROP_TO:
    g_value_set_int64 (value, self->to);
    break;
  case PROP_READOUT:
    g_value_set_string (value, self->readout);
    break;
  case PROP_HADJUSTMENT:
    g_value_set_object (value, self->hadjustment);
    break;
  case PROP_VADJUSTMENT:
    g_value_set_object (value, self->vadjustment);
    break;
  case PROP_HSCROLL_POLICY:
    g_value_set_enum (value, self->hscroll_policy);
    break;
  case PROP_VSCROLL_POLICY:
    g_value_set_enum (value, self->vscroll_policy);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
fyr_chart_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  FyrChart *self = FYR_CHART (object);
  switch (id) {
  case PROP_MODEL:
    fyr_chart_set_model (self, g_value_get_object (value));
    break;
  case PROP_COMPACT:
    fyr_chart_set_compact (self, g_value_get_boolean (value));
    break;
  case PROP_HIGH_CONTRAST:
    fyr_chart_set_high_contrast (self, g_value_get_boolean (value));
    break;
  case PROP_FROM:
    fyr_chart_set_view (self, g_value_get_int64 (value), self->to);
    break;
  case PROP_TO:
    fyr_chart_set_view (self, self->from, g_value_get_int64 (value));
    break;
  case PROP_HADJUSTMENT:
    set_adjustment (self, &self->hadjustment, g_value_get_object (value));
    break;
  case PROP_VADJUSTMENT:
    set_adjustment (self, &self->vadjustment, g_value_get_object (value));
    break;
  case PROP_HSCROLL_POLICY:
    self->hscroll_policy = (GtkScrollablePolicy)g_value_get_enum (value);
    break;
  case PROP_VSCROLL_POLICY:
    self->vscroll_policy = (GtkScrollablePolicy)g_value_get_enum (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
fyr_chart_dispose (GObject *object)
{
  FyrChart *self = FYR_CHART (object);
  g_clear_handle_id (&self->describe_source, g_source_remove);
  if (self->model != NULL) {
    g_signal_handlers_disconnect_by_func (self->model, on_model_changed, self);
    g_clear_object (&self->model);
  }
  if (self->vadjustment != NULL) {
    g_signal_handlers_disconnect_by_func (self->vadjustment, fyr_chart_invalidate, self);
    g_clear_object (&self->vadjustment);
  }
  if (self->hadjustment != NULL) {
    g_signal_handlers_disconnect_by_func (self->hadjustment, fyr_chart_invalidate, self);
    g_clear_object (&self->hadjustment);
  }
  G_OBJECT_CLASS (fyr_chart_parent_class)->dispose (object);
}

static void
fyr_chart_finalize (GObject *object)
{
  FyrChart *self = FYR_CHART (object);
  g_clear_pointer (&self->tiles, fyr_chart_tiles_free);
  g_clear_pointer (&self->picture, fyr_chart_picture_free);
  fyr_chart_painter_free (self->painter);
  g_free (self->readout);
  G_OBJECT_CLASS (fyr_chart_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags read_write = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  properties[PROP_MODEL] = g_param_spec_object ("model", NULL, NULL, FYR_TYPE_CHART_MODEL, read_write);
  properties[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE, read_write);
  properties[PROP_HIGH_CONTRAST] = g_param_spec_boolean ("high-contrast", NULL, NULL, FALSE, read_write);
  properties[PROP_FROM] = g_param_spec_int64 ("from", NULL, NULL, G_MININT64, G_MAXINT64, 0, read_write);
  properties[PROP_TO] = g_param_spec_int64 ("to", NULL, NULL, G_MININT64, G_MAXINT64, 0, read_write);
  properties[PROP_READOUT] =
      g_param_spec_string ("readout", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
}

static void
fyr_chart_class_init (FyrChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  object_class->dispose = fyr_chart_dispose;
  object_class->finalize = fyr_chart_finalize;
  object_class->get_property = fyr_chart_get_property;
  object_class->set_property = fyr_chart_set_property;
  widget_class->snapshot = fyr_chart_snapshot;
  widget_class->measure = fyr_chart_measure;
  widget_class->size_allocate = fyr_chart_size_allocate;
  widget_class->css_changed = fyr_chart_css_changed;
  widget_class->system_setting_changed = fyr_chart_system_setting_changed;
  install_properties (object_class);
  signals[SIGNAL_POINT_ACTIVATED] =
      g_signal_new ("point-activated", FYR_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                    G_TYPE_UINT, G_TYPE_UINT, G_TYPE_UINT64);
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  fyr_chart_input_class_init (widget_class);
}

static void
fyr_chart_init (FyrChart *self)
{
  self->painter = fyr_chart_painter_new (gtk_widget_get_pango_context (GTK_WIDGET (self)));
  self->tiles = fyr_chart_tiles_new ();
  set_adjustment (self, &self->vadjustment, NULL);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (fyr_chart_invalidate), NULL);
  fit_view (self);
  fyr_chart_input_init (self);
  fyr_chart_update_accessible (self);
}

GtkWidget *
fyr_chart_new (FyrChartModel *model)
{
  return g_object_new (FYR_TYPE_CHART, "model", model, NULL);
}
