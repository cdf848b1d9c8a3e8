/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-limit-editor.h"

#include <glib/gi18n-lib.h>

#include "fyr-form-field.h"
#include "fyr-form-window.h"
#include "fyr-format.h"
#include "fyr-limit-fields.h"
#include "fyr-limit-history.h"
#include "fyr-limit-trial.h"
#include "fyr-measure.h"
#include "fyr-oslo-time.h"
#include "fyr-store-query.h"

struct _FyrLimitEditor {
  AdwWindow parent_instance;
  FyrAppContext *context;
  GPtrArray *history;
  GPtrArray *present; /* those of the kind that hold now */
  GPtrArray *fresh;   /* as edited, one a component */
  FyrSeries *series;
  GtkWidget *fields_box;
  GtkWidget *reason_entry;
  GtkLabel *trial_label;
};

G_DEFINE_TYPE (FyrLimitEditor, fyr_limit_editor, ADW_TYPE_WINDOW)

static void
show_trial (FyrLimitEditor *self)
{
  if (self->series == NULL)
    return;
  FyrLimitTrial trial = fyr_limit_trial_run (self->fresh, self->series, fyr_now ());
  FyrLimitTrial former = fyr_limit_trial_run (self->present, self->series, fyr_now ());
  g_autofree char *text = fyr_limit_trial_describe (&trial, self->present->len > 0 ? &former : NULL);
  gtk_label_set_label (self->trial_label, text);
}

static void
on_series (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrLimitEditor) self = data;
  g_autoptr (GError) error = NULL;
  FyrSeries *series = fyr_store_load_series_finish (FYR_STORE (store), result, &error);
  if (series == NULL) {
    g_warning ("the values to try limits on could not be read: code %d", error->code);
    return;
  }
  g_clear_pointer (&self->series, fyr_series_unref);
  self->series = series;
  if (self->context != NULL)
    show_trial (self);
}

/* Twice the days: the rules on change and repetition look back from the first day tried. */
static void
load_series (FyrLimitEditor *self, const char *patient_id, FyrMeasurementKind kind)
{
  FyrStore *store = fyr_app_context_get_store (self->context);
  gint64 from = fyr_now () - 2 * FYR_LIMIT_TRIAL_DAYS * FYR_DAY_MS;
  if (store != NULL)
    fyr_store_load_series_async (store, patient_id, kind, from, G_MAXINT64, NULL, on_series,
                                 g_object_ref (self));
}

static gboolean
check (FyrLimitEditor *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (self->fields_box); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (!fyr_limit_fields_check (FYR_LIMIT_FIELDS (child)))
      return FALSE;
  }
  return TRUE;
}

static void
save (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrLimitEditor *self = FYR_LIMIT_EDITOR (widget);
  if (!check (self))
    return;
  for (guint i = 0; i < self->fresh->len; i++)
    fyr_limit_set_reason (g_ptr_array_index (self->fresh, i),
                          gtk_editable_get_text (GTK_EDITABLE (self->reason_entry)));
  g_autoptr (GPtrArray) mutations = fyr_limit_history_replace (
      self->history, self->fresh, fyr_app_context_get_user_id (self->context), fyr_now ());
  fyr_form_window_save (GTK_WINDOW (self), self->context, mutations, _ ("Limits saved"));
}

/* The limit to edit: a copy of what holds, as the patient's own and no longer the template's. */
static FyrLimit *
editable_limit (FyrLimitEditor *self,
                const char *patient_id,
                FyrMeasurementKind kind,
                FyrLimitComponent component)
{
  FyrLimit *present = fyr_limit_history_current (self->history, kind, component, fyr_now ());
  FyrLimitRule rule;
  fyr_limit_rule_init (&rule, kind);
  FyrLimit *limit = fyr_limit_from_rule (&rule, patient_id, NULL, fyr_now ());
  fyr_limit_set_component (limit, component);
  if (present == NULL)
    return limit;
  g_ptr_array_add (self->present, g_object_ref (present));
  for (guint field = FYR_LIMIT_RED_LOW; field <= FYR_LIMIT_EXPECTED_DAYS; field++)
    fyr_record_copy_field (FYR_RECORD (limit), FYR_RECORD (present), field);
  return limit;
}

static void
add_limit (FyrLimitEditor *self, const char *patient_id, FyrMeasurementKind kind, FyrLimitComponent component)
{
  FyrLimit *limit = editable_limit (self, patient_id, kind, component);
  GtkWidget *fields = fyr_limit_fields_new (limit);
  g_ptr_array_add (self->fresh, limit);
  g_signal_connect_object (fields, "edited", G_CALLBACK (show_trial), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->fields_box), fields);
}

static void
fyr_limit_editor_dispose (GObject *object)
{
  FyrLimitEditor *self = FYR_LIMIT_EDITOR (object);
  g_clear_object (&self->context);
  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_clear_pointer (&self->present, g_ptr_array_unref);
  g_clear_pointer (&self->fresh, g_ptr_array_unref);
  g_clear_pointer (&self->series, fyr_series_unref);
  G_OBJECT_CLASS (fyr_limit_editor_parent_class)->dispose (object);
}

static void
fyr_limit_editor_class_init (FyrLimitEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = fyr_limit_editor_dispose;
  g_type_ensure (FYR_TYPE_FORM_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/patient/fyr-limit-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrLimitEditor, fields_box);
  gtk_widget_class_bind_template_child (widget_class, FyrLimitEditor, reason_entry);
  gtk_widget_class_bind_template_child (widget_class, FyrLimitEditor, trial_label);
  gtk_widget_class_install_action (widget_class, "limits.save", NULL, save);
}

static void
fyr_limit_editor_init (FyrLimitEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->present = g_ptr_array_new_with_free_func (g_object_unref);
  self->fresh = g_ptr_array_new_with_free_func (g_object_unref);
}

GtkWidget *
fyr_limit_editor_new (GtkWindow *parent,
                      FyrAppContext *context,
                      const char *patient_id,
                      FyrMeasurementKind kind,
                      GPtrArray *limits)
{
  FyrLimitEditor *self = g_object_new (FYR_TYPE_LIMIT_EDITOR, "transient-for", parent, NULL);
  g_autofree char *title = g_strdup_printf (_ ("Limits: %s"), fyr_measure_get_name (kind));
  gtk_window_set_title (GTK_WINDOW (self), title);
  self->context = g_object_ref (context);
  self->history = g_ptr_array_ref (limits);
  if (kind == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE) {
    add_limit (self, patient_id, kind, FYR_LIMIT_COMPONENT_SYSTOLIC);
    add_limit (self, patient_id, kind, FYR_LIMIT_COMPONENT_DIASTOLIC);
  } else {
    add_limit (self, patient_id, kind, FYR_LIMIT_COMPONENT_UNSET);
  }
  load_series (self, patient_id, kind);
  fyr_form_window_keep_unsaved (GTK_WINDOW (self), NULL);
  return GTK_WIDGET (self);
}
