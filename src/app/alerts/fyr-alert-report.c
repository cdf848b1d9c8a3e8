/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-report.h"

#include <glib/gi18n.h>

#include "fyr-alert-history.h"
#include "fyr-alert-trend.h"
#include "fyr-alert-words.h"
#include "fyr-children.h"
#include "fyr-format.h"
#include "fyr-oslo-time.h"

/* A value that came later than this says when it came. */
#define LATE_MS (10 * FYR_MINUTE_MS)

struct _FyrAlertReport {
  GtkWidget parent_instance;
  GtkLabel *headline;
  GtkLabel *reason;
  GtkLabel *limits;
  GtkLabel *measured;
  GtkLabel *patient_note;
  FyrAlertTrend *trend;
  GtkBox *history;
  GtkWidget *others_box;
  GtkListBox *others;
  GtkWidget *recent_box;
  GtkListBox *recent;
};

G_DEFINE_FINAL_TYPE (FyrAlertReport, fyr_alert_report, GTK_TYPE_WIDGET)

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

static void
show_measurement (FyrAlertReport *self, FyrMeasurement *measurement)
{
  GString *text = g_string_new (NULL);
  gint64 now = fyr_now ();

  if (measurement) {
    g_autofree char *taken = fyr_format_when (fyr_measurement_get_effective_time (measurement), now);
    gint64 received = fyr_measurement_get_received_time (measurement);

    g_string_append_printf (text, _ ("Measured %s"), taken);
    if (received - fyr_measurement_get_effective_time (measurement) > LATE_MS) {
      g_autofree char *came = fyr_format_when (received, now);

      g_string_append (text, ", ");
      g_string_append_printf (text, _ ("received %s"), came);
    }
    if (fyr_measurement_get_device_text (measurement))
      g_string_append_printf (text, " · %s", fyr_measurement_get_device_text (measurement));
    if (fyr_measurement_get_source (measurement) == FYR_MEASUREMENT_SOURCE_MANUAL)
      g_string_append_printf (text, " · %s", _ ("typed in"));
  }
  set_text (self->measured, text->str);
  g_string_free (text, TRUE);
}

void
fyr_alert_report_show_item (FyrAlertReport *self, FyrAlertItem *item)
{
  FyrAlert *alert = fyr_alert_item_get_alert (item);
  FyrMeasurement *measurement = fyr_alert_item_get_measurement (item);
  g_autofree char *headline = fyr_alert_word_headline (alert, measurement);
  g_autofree char *reason = fyr_alert_word_reason (alert);
  g_autofree char *words = NULL;

  g_return_if_fail (FYR_IS_ALERT_REPORT (self));
  gtk_label_set_label (self->headline, headline);
  set_text (self->reason, reason);
  show_measurement (self, measurement);
  if (measurement && fyr_measurement_get_note (measurement))
    words = g_strdup_printf (_ ("The patient's words: %s"), fyr_measurement_get_note (measurement));
  set_text (self->patient_note, words);
}

void
fyr_alert_report_show_detail (FyrAlertReport *self, FyrAppContext *context, FyrAlertDetail *detail)
{
  g_autofree char *limits = fyr_alert_word_limits (detail->limit);
  g_autofree char *line = NULL;

  g_return_if_fail (FYR_IS_ALERT_REPORT (self));
  fyr_alert_report_show_item (self, detail->item);
  if (*limits)
    line = g_strdup_printf (_ ("Limits then: %s"), limits);
  set_text (self->limits, line);
  fyr_alert_history_fill (self->history, detail);
  fyr_alert_others_fill (self->others, detail->siblings);
  gtk_widget_set_visible (self->others_box, detail->siblings->len > 0);
  fyr_alert_others_fill (self->recent, detail->recent);
  gtk_widget_set_visible (self->recent_box, detail->recent->len > 0);
  fyr_alert_trend_show (self->trend, context, fyr_alert_item_get_alert (detail->item));
}

static void
fyr_alert_report_dispose (GObject *object)
{
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_alert_report_parent_class)->dispose (object);
}

static void
fyr_alert_report_class_init (FyrAlertReportClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_alert_report_dispose;
  g_type_ensure (FYR_TYPE_ALERT_TREND);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/alerts/fyr-alert-report.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrAlertReport, headline);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertReport, reason);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertReport, limits);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertReport, measured);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertReport, patient_note);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertReport, trend);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertReport, history);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertReport, others_box);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertReport, others);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertReport, recent_box);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertReport, recent);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
fyr_alert_report_init (FyrAlertReport *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
