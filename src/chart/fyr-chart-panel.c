/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "fyr-chart-model.h"

struct _FyrChartPanel {
  GObject parent_instance;

  char *title;
  char *unit;
  guint digits;
  double min;
  double max;
  GPtrArray *series; /* of FyrChartSeries */
  GArray *bands;     /* of FyrChartBand */
};

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FyrChartPanel, fyr_chart_panel, G_TYPE_OBJECT)

static void
panel_changed (FyrChartPanel *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
fyr_chart_panel_finalize (GObject *object)
{
  FyrChartPanel *self = FYR_CHART_PANEL (object);
  g_free (self->title);
  g_free (self->unit);
  for (guint i = 0; i < self->series->len; i++) {
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->series, i), panel_changed, self);
  }
  g_ptr_array_unref (self->series);
  g_array_unref (self->bands);
  G_OBJECT_CLASS (fyr_chart_panel_parent_class)->finalize (object);
}

static void
fyr_chart_panel_class_init (FyrChartPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_chart_panel_finalize;
  signals[SIGNAL_CHANGED] =
      g_signal_new ("changed", FYR_TYPE_CHART_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fyr_chart_panel_init (FyrChartPanel *self)
{
  self->min = NAN;
  self->max = NAN;
  self->series = g_ptr_array_new_with_free_func (g_object_unref);
  self->bands = g_array_new (FALSE, FALSE, sizeof (FyrChartBand));
}

FyrChartPanel *
fyr_chart_panel_new (const char *title, const char *unit)
{
  FyrChartPanel *self = g_object_new (FYR_TYPE_CHART_PANEL, NULL);
  self->title = g_strdup (title != NULL ? title : "");
  self->unit = g_strdup (unit != NULL ? unit : "");
  return self;
}

const char *
fyr_chart_panel_get_title (FyrChartPanel *self)
{
  return self->title;
}

const char *
fyr_chart_panel_get_unit (FyrChartPanel *self)
{
  return self->unit;
}

void
fyr_chart_panel_add_series (FyrChartPanel *self, FyrChartSeries *series)
{
  g_return_if_fail (FYR_IS_CHART_PANEL (self));
  g_return_if_fail (FYR_IS_CHART_SERIES (series));
  g_ptr_array_add (self->series, g_object_ref (series));
  g_signal_connect_swapped (series, "changed", G_CALLBACK (panel_changed), self);
  panel_changed (self);
}

guint
fyr_chart_panel_get_n_series (FyrChartPanel *self)
{
  return self->series->len;
}

FyrChartSeries *
fyr_chart_panel_get_series (FyrChartPanel *self, guint index)
{
  return index < self->series->len ? g_ptr_array_index (self->series, index) : NULL;
}

void
fyr_chart_panel_set_digits (FyrChartPanel *self, guint digits)
{
  self->digits = MIN (digits, 6);
  panel_changed (self);
}

guint
fyr_chart_panel_get_digits (FyrChartPanel *self)
{
  return self->digits;
}

void
fyr_chart_panel_set_range (FyrChartPanel *self, double min, double max)
{
  self->min = isfinite (min) ? min : NAN;
  self->max = isfinite (max) ? max : NAN;
  panel_changed (self);
}

void
fyr_chart_panel_get_range (FyrChartPanel *self, double *min, double *max)
{
  *min = self->min;
  *max = self->max;
}

static int
compare_bands (gconstpointer a, gconstpointer b)
{
  const FyrChartBand *x = a, *y = b;
  if (x->second != y->second) {
    return x->second ? 1 : -1;
  }
  return x->from < y->from ? -1 : x->from > y->from;
}

void
fyr_chart_panel_set_bands (FyrChartPanel *self, const FyrChartBand *bands, gsize n_bands)
{
  g_return_if_fail (n_bands == 0 || bands != NULL);
  g_array_set_size (self->bands, 0);
  if (n_bands > 0) {
    g_array_append_vals (self->bands, bands, (guint)n_bands);
    g_array_sort (self->bands, compare_bands);
  }
  panel_changed (self);
}

const FyrChartBand *
fyr_chart_panel_get_bands (FyrChartPanel *self, gsize *n_bands)
{
  *n_bands = self->bands->len;
  return (const FyrChartBand *)(gpointer)self->bands->data;
}

static const FyrChartBand *
find_band (FyrChartPanel *self, gint64 time, gboolean second)
{
  const FyrChartBand *found = NULL;
  for (guint i = 0; i < self->bands->len; i++) {
    const FyrChartBand *band = &g_array_index (self->bands, FyrChartBand, i);
    if (!band->second == !second && band->from <= time && time < band->to) {
      found = band;
    }
  }
  return found;
}

FyrChartMark
fyr_chart_panel_judge (
    FyrChartPanel *self, gint64 time, double value, gboolean second, const FyrChartBand **band)
{
  const FyrChartBand *found = find_band (self, time, second);
  if (band != NULL) {
    *band = found;
  }
  if (found == NULL) {
    return FYR_CHART_MARK_NONE;
  }
  /* A comparison with NAN is false, so an absent limit never judges. */
  if (value < found->red_low || value > found->red_high) {
    return FYR_CHART_MARK_ALARM;
  }
  if (value < found->yellow_low || value > found->yellow_high) {
    return FYR_CHART_MARK_CAUTION;
  }
  return FYR_CHART_MARK_NONE;
}
