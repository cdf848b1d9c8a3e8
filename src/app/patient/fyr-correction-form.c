/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-correction-form.h"

#include <glib/gi18n-lib.h>

#include "fyr-form-field.h"
#include "fyr-form-window.h"
#include "fyr-format.h"
#include "fyr-measure.h"
#include "fyr-store.h"

struct _FyrCorrectionForm {
  AdwWindow parent_instance;
  FyrAppContext *context;
  FyrMeasurement *measurement;
  GtkLabel *reported_label;
  FyrFormField *value_field;
  GtkWidget *value_entry;
  GtkCheckButton *error_button;
  FyrFormField *reason_field;
  GtkWidget *reason_entry;
};

G_DEFINE_TYPE (FyrCorrectionForm, fyr_correction_form, ADW_TYPE_WINDOW)

static void
save (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrCorrectionForm *self = FYR_CORRECTION_FORM (widget);
  gboolean in_error = gtk_check_button_get_active (self->error_button);
  const char *text = in_error ? NULL : gtk_editable_get_text (GTK_EDITABLE (self->value_entry));
  const char *problem = in_error || *text != '\0' ? NULL : N_ ("Enter the right value");
  g_autoptr (FyrMeasurement) correction = NULL;
  if (problem == NULL)
    correction = fyr_correction_make (self->measurement, text,
                                      gtk_editable_get_text (GTK_EDITABLE (self->reason_entry)), &problem);
  fyr_form_field_set_message (self->value_field, problem != NULL ? _ (problem) : NULL);
  if (correction == NULL) {
    gtk_widget_grab_focus (self->value_entry);
    return;
  }
  g_autoptr (GPtrArray) mutations = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (mutations, fyr_mutation_new_create (FYR_RECORD (correction),
                                                       fyr_app_context_get_user_id (self->context)));
  fyr_form_window_save (GTK_WINDOW (self), self->context, mutations, _ ("Value corrected"));
}

static void
fyr_correction_form_dispose (GObject *object)
{
  FyrCorrectionForm *self = FYR_CORRECTION_FORM (object);
  g_clear_object (&self->context);
  g_clear_object (&self->measurement);
  G_OBJECT_CLASS (fyr_correction_form_parent_class)->dispose (object);
}

static void
fyr_correction_form_class_init (FyrCorrectionFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = fyr_correction_form_dispose;
  g_type_ensure (FYR_TYPE_FORM_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/patient/fyr-correction-form.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrCorrectionForm, reported_label);
  gtk_widget_class_bind_template_child (widget_class, FyrCorrectionForm, value_field);
  gtk_widget_class_bind_template_child (widget_class, FyrCorrectionForm, value_entry);
  gtk_widget_class_bind_template_child (widget_class, FyrCorrectionForm, error_button);
  gtk_widget_class_bind_template_child (widget_class, FyrCorrectionForm, reason_field);
  gtk_widget_class_bind_template_child (widget_class, FyrCorrectionForm, reason_entry);
  gtk_widget_class_install_action (widget_class, "correction.save", NULL, save);
}

static void
fyr_correction_form_init (FyrCorrectionForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_object_bind_property (self->error_button, "active", self->value_field, "sensitive",
                          G_BINDING_INVERT_BOOLEAN | G_BINDING_SYNC_CREATE);
}

GtkWidget *
fyr_correction_form_new (GtkWindow *parent, FyrAppContext *context, FyrMeasurement *measurement)
{
  FyrCorrectionForm *self = g_object_new (FYR_TYPE_CORRECTION_FORM, "transient-for", parent, NULL);
  FyrMeasurementKind kind = fyr_measurement_get_kind (measurement);
  g_autofree char *when = fyr_format_date_time (fyr_measurement_get_effective_time (measurement));
  g_autofree char *value = fyr_measure_format (measurement);
  /* Translators: kind of measurement, when, what was reported. */
  g_autofree char *reported =
      g_strdup_printf (_ ("%s, %s: reported as %s"), fyr_measure_get_name (kind), when, value);
  self->context = g_object_ref (context);
  self->measurement = g_object_ref (measurement);
  gtk_label_set_label (self->reported_label, reported);
  fyr_form_field_set_hint (self->value_field, fyr_measure_get_unit (kind));
  gtk_widget_grab_focus (self->value_entry);
  fyr_form_window_keep_unsaved (GTK_WINDOW (self), NULL);
  return GTK_WIDGET (self);
}
