/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-trends.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "fyr-chart.h"
#include "fyr-children.h"
#include "fyr-empty-state.h"
#include "fyr-format.h"
#include "fyr-measurement-table.h"
#include "fyr-oslo-time.h"
#include "fyr-patient-tab.h"
#include "fyr-store.h"
#include "fyr-toast.h"
#include "fyr-trend-model.h"
#include "fyr-display-log.h"
#include "fyr-trend-print.h"
#include "fyr-two-ends.h"

#define DEFAULT_DAYS 31
#define ZOOM_STEP 1.5

struct _FyrPatientTrends {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrPatientDetail *detail; /* the page's, kept: an answer may come when the page is gone */
  FyrChartModel *model;
  GtkWidget *chart;
  GtkWidget *table;
  gboolean asking;
  gboolean ask_again;
  gboolean filled;
  GPtrArray *series; /* (nullable) FyrSeries: as shown */
  int days;
  GtkStack *stack;
  GtkWidget *paned;
  GtkWidget *chart_scroller;
  GtkLabel *readout_label;
  GtkWidget *table_button;
};

enum { PROP_0, PROP_DAYS };

static void
fyr_patient_trends_tab (FyrPatientTabInterface *iface);

G_DEFINE_TYPE_WITH_CODE (FyrPatientTrends,
                         fyr_patient_trends,
                         GTK_TYPE_WIDGET,
                         G_IMPLEMENT_INTERFACE (FYR_TYPE_PATIENT_TAB, fyr_patient_trends_tab))

/* The stretch ends a little after now, so that today's value does not stick to the edge. */
static void
show_range (FyrPatientTrends *self)
{
  gint64 now = fyr_now ();
  if (self->days == 0)
    fyr_chart_fit (FYR_CHART (self->chart));
  else
    fyr_chart_set_view (FYR_CHART (self->chart), now - self->days * FYR_DAY_MS,
                        now + self->days * FYR_DAY_MS / 50);
}

static void
ask (FyrPatientTrends *self);

static void
on_answer (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrPatientTrends) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) series = fyr_store_load_all_series_finish (FYR_STORE (store), result, &error);
  self->asking = FALSE;
  if (self->detail == NULL)
    return;
  if (series == NULL) {
    g_warning ("the trends could not be read: code %d", error->code);
    gtk_stack_set_visible_child_name (self->stack, "failed");
    return;
  }
  g_clear_pointer (&self->series, g_ptr_array_unref);
  self->series = g_ptr_array_ref (series);
  fyr_trend_model_fill (self->model, series, self->detail->limits, self->detail->notes);
  if (!self->filled)
    show_range (self);
  self->filled = TRUE;
  gtk_stack_set_visible_child_name (self->stack, series->len > 0 ? "trends" : "empty");
  if (self->ask_again)
    ask (self);
}

static void
ask (FyrPatientTrends *self)
{
  FyrStore *store = fyr_app_context_get_store (self->context);
  if (store == NULL)
    return;
  self->asking = TRUE;
  self->ask_again = FALSE;
  fyr_store_load_all_series_async (store, fyr_record_get_id (FYR_RECORD (self->detail->patient)), G_MININT64,
                                   G_MAXINT64, NULL, on_answer, g_object_ref (self));
}

static gboolean
concerns_trends (FyrChangeSet *changes)
{
  return changes == NULL || fyr_change_set_has_kind (changes, "measurement") ||
         fyr_change_set_has_kind (changes, "limit") || fyr_change_set_has_kind (changes, "note");
}

static void
show (FyrPatientTab *tab, FyrPatientDetail *detail, FyrChangeSet *changes)
{
  FyrPatientTrends *self = FYR_PATIENT_TRENDS (tab);
  g_clear_pointer (&self->detail, fyr_patient_detail_unref);
  self->detail = fyr_patient_detail_ref (detail);
  if (!concerns_trends (changes))
    return;
  fyr_measurement_table_show (FYR_MEASUREMENT_TABLE (self->table), detail->patient);
  if (self->asking)
    self->ask_again = TRUE;
  else
    ask (self);
}

static void
fyr_patient_trends_tab (FyrPatientTabInterface *iface)
{
  iface->show = show;
}

static void
zoom (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gboolean in = g_str_equal (action, "trends.zoom-in");
  fyr_chart_zoom (FYR_CHART (FYR_PATIENT_TRENDS (widget)->chart), in ? 1 / ZOOM_STEP : ZOOM_STEP);
}

static void
print_logged (FyrPatientTrends *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autoptr (GError) error = NULL;
  gint64 from, to;
  fyr_chart_get_view (FYR_CHART (self->chart), &from, &to);
  g_autoptr (GtkPrintOperation) operation = fyr_trend_print_new (
      self->model, self->detail->patient, self->detail->limits, self->series, from, to, fyr_now ());
  if (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                               GTK_WINDOW (gtk_widget_get_root (widget)),
                               &error) == GTK_PRINT_OPERATION_RESULT_ERROR)
    fyr_toast_show (widget, _ ("Not printed: the printer or the file could not be reached"));
}

static void
on_print_logged (GObject *context, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrPatientTrends) self = data;
  g_autoptr (GError) error = NULL;
  gboolean logged = fyr_display_log_open_finish (FYR_APP_CONTEXT (context), result, &error);
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  if (logged)
    print_logged (self);
  else
    fyr_toast_show (GTK_WIDGET (self), fyr_display_log_error_get_words (error));
}

/* On paper or in a file: the access log has it before the dialogue opens. */
static void
print (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrPatientTrends *self = FYR_PATIENT_TRENDS (widget);
  if (self->detail == NULL || self->series == NULL)
    return;
  fyr_display_log_open_async (self->context, FYR_AUDIT_RESOURCE_TREND, FYR_AUDIT_CHANNEL_PRINT,
                              fyr_record_get_id (FYR_RECORD (self->detail->patient)), NULL, on_print_logged,
                              g_object_ref (self));
}

/* A double click or Enter at a point shows its row. */
static void
on_point (FyrChart *chart, guint panel, guint series, guint64 time, FyrPatientTrends *self)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->table_button), TRUE);
  fyr_measurement_table_select_time (FYR_MEASUREMENT_TABLE (self->table), (gint64)time);
}

static void
follow_contrast (AdwStyleManager *manager, GParamSpec *pspec, GtkWidget *chart)
{
  fyr_chart_set_high_contrast (FYR_CHART (chart), adw_style_manager_get_high_contrast (manager));
}

static void
fyr_patient_trends_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, FYR_PATIENT_TRENDS (object)->days);
}

static void
fyr_patient_trends_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  FyrPatientTrends *self = FYR_PATIENT_TRENDS (object);
  if (self->days != g_value_get_int (value)) {
    self->days = g_value_get_int (value);
    g_object_notify_by_pspec (object, pspec);
  }
  if (self->chart != NULL)
    show_range (self);
}

static void
fyr_patient_trends_dispose (GObject *object)
{
  FyrPatientTrends *self = FYR_PATIENT_TRENDS (object);
  g_clear_pointer (&self->detail, fyr_patient_detail_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), FYR_TYPE_PATIENT_TRENDS);
  /* Only children with a name of their own go with the template. */
  fyr_children_unparent (GTK_WIDGET (object));
  g_clear_object (&self->model);
  g_clear_pointer (&self->series, g_ptr_array_unref);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (fyr_patient_trends_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_property_action (widget_class, "trends.range", "days");
  gtk_widget_class_install_action (widget_class, "trends.zoom-in", NULL, zoom);
  gtk_widget_class_install_action (widget_class, "trends.zoom-out", NULL, zoom);
  gtk_widget_class_install_action (widget_class, "trends.print", NULL, print);
}

static void
fyr_patient_trends_class_init (FyrPatientTrendsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  g_type_ensure (FYR_TYPE_TWO_ENDS);
  object_class->dispose = fyr_patient_trends_dispose;
  object_class->get_property = fyr_patient_trends_get_property;
  object_class->set_property = fyr_patient_trends_set_property;
  g_object_class_install_property (
      object_class, PROP_DAYS,
      g_param_spec_int ("days", NULL, NULL, 0, G_MAXINT, DEFAULT_DAYS,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/patient/fyr-patient-trends.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrPatientTrends, stack);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientTrends, paned);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientTrends, chart_scroller);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientTrends, readout_label);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientTrends, table_button);
  install_actions (widget_class);
}

static void
add_states (FyrPatientTrends *self)
{
  gtk_stack_add_named (self->stack,
                       fyr_empty_state_new ("view-statistics-symbolic", _ ("No measurements yet"),
                                            _ ("They appear here as soon as the patient reports from home."),
                                            NULL, NULL),
                       "empty");
  gtk_stack_add_named (
      self->stack,
      fyr_empty_state_new ("dialog-error-symbolic", _ ("The measurements could not be read"),
                           _ ("Open the patient again. If it happens again, call your operator."), NULL,
                           NULL),
      "failed");
}

static gboolean
readout_or_hint (GBinding *binding, const GValue *readout, GValue *label, gpointer data)
{
  const char *text = g_value_get_string (readout);
  g_value_set_string (label,
                      text != NULL && *text != '\0'
                          ? text
                          : _ ("Point at a value, or press an arrow key in the chart, to read it here"));
  return TRUE;
}

static void
fyr_patient_trends_init (FyrPatientTrends *self)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Oslo");
  gtk_widget_init_template (GTK_WIDGET (self));
  self->days = DEFAULT_DAYS;
  self->model = fyr_chart_model_new (zone);
  self->chart = fyr_chart_new (self->model);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->chart_scroller), self->chart);
  g_object_bind_property_full (self->chart, "readout", self->readout_label, "label", G_BINDING_SYNC_CREATE,
                               readout_or_hint, NULL, NULL, NULL);
  g_signal_connect (self->chart, "point-activated", G_CALLBACK (on_point), self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast",
                           G_CALLBACK (follow_contrast), self->chart, 0);
  follow_contrast (adw_style_manager_get_default (), NULL, self->chart);
  add_states (self);
}

GtkWidget *
fyr_patient_trends_new (FyrAppContext *context)
{
  FyrPatientTrends *self = g_object_new (FYR_TYPE_PATIENT_TRENDS, NULL);
  self->context = g_object_ref (context);
  self->table = fyr_measurement_table_new (context);
  gtk_paned_set_end_child (GTK_PANED (self->paned), self->table);
  g_object_bind_property (self->table_button, "active", self->table, "visible", G_BINDING_SYNC_CREATE);
  return GTK_WIDGET (self);
}
