/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-model.h"

struct _FyrChartModel {
  GObject parent_instance;

  GTimeZone *zone;
  GPtrArray *panels; /* of FyrChartPanel */
  GArray *events;    /* of FyrChartEvent */
  guint frozen;
  gboolean changed_while_frozen;
};

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FyrChartModel, fyr_chart_model, G_TYPE_OBJECT)

static void
model_changed (FyrChartModel *self)
{
  if (self->frozen > 0) {
    self->changed_while_frozen = TRUE;
  } else {
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  }
}

static void
clear_event (gpointer data)
{
  FyrChartEvent *event = data;
  g_free (event->label);
  g_free (event->description);
}

static void
drop_panels (FyrChartModel *self)
{
  for (guint i = 0; i < self->panels->len; i++) {
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->panels, i), model_changed, self);
  }
  g_ptr_array_set_size (self->panels, 0);
}

static void
fyr_chart_model_finalize (GObject *object)
{
  FyrChartModel *self = FYR_CHART_MODEL (object);
  drop_panels (self);
  g_ptr_array_unref (self->panels);
  g_array_unref (self->events);
  g_time_zone_unref (self->zone);
  G_OBJECT_CLASS (fyr_chart_model_parent_class)->finalize (object);
}

static void
fyr_chart_model_class_init (FyrChartModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_chart_model_finalize;
  signals[SIGNAL_CHANGED] =
      g_signal_new ("changed", FYR_TYPE_CHART_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fyr_chart_model_init (FyrChartModel *self)
{
  self->panels = g_ptr_array_new_with_free_func (g_object_unref);
  self->events = g_array_new (FALSE, FALSE, sizeof (FyrChartEvent));
  g_array_set_clear_func (self->events, clear_event);
}

FyrChartModel *
fyr_chart_model_new (GTimeZone *zone)
{
  FyrChartModel *self = g_object_new (FYR_TYPE_CHART_MODEL, NULL);
  self->zone = zone != NULL ? g_time_zone_ref (zone) : g_time_zone_new_local ();
  return self;
}

GTimeZone *
fyr_chart_model_get_zone (FyrChartModel *self)
{
  return self->zone;
}

void
fyr_chart_model_add_panel (FyrChartModel *self, FyrChartPanel *panel)
{
  g_return_if_fail (FYR_IS_CHART_MODEL (self));
  g_return_if_fail (FYR_IS_CHART_PANEL (panel));
  g_ptr_array_add (self->panels, g_object_ref (panel));
  g_signal_connect_swapped (panel, "changed", G_CALLBACK (model_changed), self);
  model_changed (self);
}

guint
fyr_chart_model_get_n_panels (FyrChartModel *self)
{
  return self->panels->len;
}

FyrChartPanel *
fyr_chart_model_get_panel (FyrChartModel *self, guint index)
{
  return index < self->panels->len ? g_ptr_array_index (self->panels, index) : NULL;
}

void
fyr_chart_model_clear (FyrChartModel *self)
{
  drop_panels (self);
  g_array_set_size (self->events, 0);
  model_changed (self);
}

void
fyr_chart_model_add_event (
    FyrChartModel *self, gint64 time, FyrChartMark mark, const char *label, const char *description)
{
  g_return_if_fail (FYR_IS_CHART_MODEL (self));
  FyrChartEvent event = { time, mark, g_strdup (label != NULL ? label : ""), g_strdup (description) };
  guint index = self->events->len;
  while (index > 0 && g_array_index (self->events, FyrChartEvent, index - 1).time > time) {
    index--;
  }
  g_array_insert_val (self->events, index, event);
  model_changed (self);
}

const FyrChartEvent *
fyr_chart_model_get_events (FyrChartModel *self, gsize *n_events)
{
  *n_events = self->events->len;
  return (const FyrChartEvent *)(gpointer)self->events->data;
}

void
fyr_chart_model_clear_events (FyrChartModel *self)
{
  g_array_set_size (self->events, 0);
  model_changed (self);
}

gboolean
fyr_chart_model_get_time_extent (FyrChartModel *self, gint64 *from, gint64 *to)
{
  gint64 first = G_MAXINT64, last = G_MININT64;
  for (guint i = 0; i < self->panels->len; i++) {
    FyrChartPanel *panel = g_ptr_array_index (self->panels, i);
    for (guint j = 0; j < fyr_chart_panel_get_n_series (panel); j++) {
      FyrChartSeries *series = fyr_chart_panel_get_series (panel, j);
      gsize n = fyr_chart_series_get_n_points (series);
      if (n > 0) {
        first = MIN (first, fyr_chart_series_get_time (series, 0));
        last = MAX (last, fyr_chart_series_get_time (series, n - 1));
      }
    }
  }
  *from = first;
  *to = last;
  return first <= last;
}

void
fyr_chart_model_freeze (FyrChartModel *self)
{
  self->frozen++;
}

void
fyr_chart_model_thaw (FyrChartModel *self)
{
  g_return_if_fail (self->frozen > 0);
  self->frozen--;
  if (self->frozen == 0 && self->changed_while_frozen) {
    self->changed_while_frozen = FALSE;
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  }
}
