/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-trend.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "fyr-chart.h"
#include "fyr-children.h"
#include "fyr-format.h"
#include "fyr-measure.h"
#include "fyr-oslo-time.h"
#include "fyr-store-query.h"
#include "fyr-trend-model.h"

#define DAYS 30

struct _FyrAlertTrend {
  GtkWidget parent_instance;
  GtkWidget *title;
  GtkWidget *chart;
  FyrStore *store;
  GCancellable *cancellable;
  char *patient_id;
  FyrMeasurementKind kind;
  FyrSeries *series;
};

G_DEFINE_FINAL_TYPE (FyrAlertTrend, fyr_alert_trend, GTK_TYPE_WIDGET)

static void
draw (FyrAlertTrend *self, GPtrArray *limits)
{
  g_autoptr (FyrChartModel) model = NULL;
  g_autoptr (FyrChartPanel) panel = NULL;
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GTimeZone) zone = NULL;
  gint64 now = fyr_now ();

  gtk_widget_set_visible (GTK_WIDGET (self), self->series && self->series->n > 0);
  if (!self->series || self->series->n == 0)
    return;
  zone = g_time_zone_new_identifier ("Europe/Oslo");
  model = fyr_chart_model_new (zone);
  panel = fyr_trend_panel_new (self->series, limits ? limits : none);
  fyr_chart_model_add_panel (model, panel);
  if (!self->chart) {
    self->chart = fyr_chart_new (NULL);
    gtk_widget_set_size_request (self->chart, -1, 150);
    gtk_widget_set_parent (self->chart, GTK_WIDGET (self));
    g_object_bind_property (adw_style_manager_get_default (), "high-contrast", self->chart, "high-contrast",
                            G_BINDING_SYNC_CREATE);
  }
  fyr_chart_set_model (FYR_CHART (self->chart), model);
  fyr_chart_set_view (FYR_CHART (self->chart), now - DAYS * FYR_DAY_MS, now + 6 * FYR_HOUR_MS);
}

static void
on_limits (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrAlertTrend) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) limits = fyr_store_list_records_finish (FYR_STORE (source), result, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    draw (self, limits);
}

static void
on_series (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrAlertTrend) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSeries) series = fyr_store_load_series_finish (FYR_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_pointer (&self->series, fyr_series_unref);
  self->series = g_steal_pointer (&series);
  fyr_store_list_records_async (FYR_STORE (source), "limit", "patient_id", self->patient_id,
                                self->cancellable, on_limits, g_object_ref (self));
}

void
fyr_alert_trend_show (FyrAlertTrend *self, FyrAppContext *context, FyrAlert *alert)
{
  const char *patient_id = fyr_alert_get_patient_id (alert);
  FyrMeasurementKind kind = fyr_alert_get_kind (alert);
  FyrStore *store = fyr_app_context_get_store (context);

  g_return_if_fail (FYR_IS_ALERT_TREND (self));
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (kind != self->kind || g_strcmp0 (patient_id, self->patient_id) != 0) {
    g_autofree char *title = g_strdup_printf (_ ("%1$s, last %2$d days"), fyr_measure_get_name (kind), DAYS);

    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
    g_free (self->patient_id);
    self->patient_id = g_strdup (patient_id);
    self->kind = kind;
    gtk_label_set_label (GTK_LABEL (self->title), title);
  }
  if (store && kind != FYR_MEASUREMENT_KIND_UNSET && patient_id)
    fyr_store_load_series_async (store, patient_id, kind, fyr_now () - DAYS * FYR_DAY_MS, G_MAXINT64,
                                 self->cancellable, on_series, g_object_ref (self));
}

static void
fyr_alert_trend_dispose (GObject *object)
{
  FyrAlertTrend *self = FYR_ALERT_TREND (object);

  g_cancellable_cancel (self->cancellable);
  self->chart = NULL;
  g_clear_pointer (&self->series, fyr_series_unref);
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_alert_trend_parent_class)->dispose (object);
}

static void
fyr_alert_trend_finalize (GObject *object)
{
  g_object_unref (FYR_ALERT_TREND (object)->cancellable);
  g_free (FYR_ALERT_TREND (object)->patient_id);
  G_OBJECT_CLASS (fyr_alert_trend_parent_class)->finalize (object);
}

static void
fyr_alert_trend_class_init (FyrAlertTrendClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fyr_alert_trend_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_alert_trend_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
fyr_alert_trend_init (FyrAlertTrend *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
  self->cancellable = g_cancellable_new ();
  self->title = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_widget_add_css_class (self->title, "heading");
  gtk_widget_set_parent (self->title, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
