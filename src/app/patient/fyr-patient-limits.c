/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-limits.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "fyr-children.h"
#include "fyr-empty-state.h"
#include "fyr-format.h"
#include "fyr-limit-editor.h"
#include "fyr-limit-history.h"
#include "fyr-limit-templates.h"
#include "fyr-limit-words.h"
#include "fyr-measure.h"
#include "fyr-patient-tab.h"
#include "fyr-save.h"
#include "fyr-spoken-name.h"

struct _FyrPatientLimits {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrPatientDetail *detail; /* the page's, kept: an answer may come when the page is gone */
  GPtrArray *templates;
  GtkWidget *toolbar;
  GtkMenuButton *template_button;
  GtkMenuButton *add_button;
  GtkStack *stack;
  GtkListBox *rows;
};

static void
fyr_patient_limits_tab (FyrPatientTabInterface *iface);

G_DEFINE_TYPE_WITH_CODE (FyrPatientLimits,
                         fyr_patient_limits,
                         GTK_TYPE_WIDGET,
                         G_IMPLEMENT_INTERFACE (FYR_TYPE_PATIENT_TAB, fyr_patient_limits_tab))

static const char *
reader_language (void)
{
  return g_get_language_names ()[0];
}

static const char *
template_name (FyrPatientLimits *self, const char *code)
{
  for (guint i = 0; i < self->templates->len; i++) {
    FyrLimitTemplate *template = g_ptr_array_index (self->templates, i);
    if (g_strcmp0 (fyr_limit_template_get_id (template), code) == 0)
      return fyr_limit_template_get_name (template, reader_language ());
  }
  return code;
}

/* Since when, by whom or from which template, and why. */
static char *
origin_text (FyrPatientLimits *self, FyrLimit *limit)
{
  g_autofree char *from = fyr_format_date (fyr_limit_get_valid_from (limit));
  g_autofree char *to =
      fyr_limit_has_valid_to (limit) ? fyr_format_date (fyr_limit_get_valid_to (limit)) : NULL;
  g_autofree char *since =
      to != NULL ? g_strdup_printf (_ ("%s to %s"), from, to) : g_strdup_printf (_ ("since %s"), from);
  const char *code = fyr_limit_get_template_code (limit), *reason = fyr_limit_get_reason (limit);
  const char *author = fyr_app_context_get_name_of (self->context, fyr_limit_get_set_by (limit));
  g_autoptr (GString) text = g_string_new (since);
  if (code != NULL)
    g_string_append_printf (text, _ (" · provisional, from the template %s"), template_name (self, code));
  if (*author != '\0')
    g_string_append_printf (text, _ (" · set by %s"), author);
  if (reason != NULL)
    g_string_append_printf (text, " · %s", reason);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GtkWidget *
past_row (FyrPatientLimits *self, FyrLimit *limit)
{
  g_autofree char *words = fyr_limit_describe (limit);
  g_autofree char *origin = origin_text (self, limit);
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), words);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), origin);
  return row;
}

static void
add_history (FyrPatientLimits *self, AdwExpanderRow *row, FyrLimit *present)
{
  GPtrArray *limits = self->detail->limits;
  guint former = 0;
  for (guint i = limits->len; i > 0; i--) {
    FyrLimit *limit = g_ptr_array_index (limits, i - 1);
    if (limit == present || fyr_limit_get_kind (limit) != fyr_limit_get_kind (present) ||
        fyr_limit_get_component (limit) != fyr_limit_get_component (present))
      continue;
    adw_expander_row_add_row (row, past_row (self, limit));
    former++;
  }
  adw_expander_row_set_enable_expansion (row, former > 0);
}

static GtkWidget *
edit_button (FyrLimit *limit)
{
  g_autofree char *title = fyr_limit_get_title (limit);
  g_autofree char *label = g_strdup_printf (_ ("Edit limits: %s"), title);
  GtkWidget *button = gtk_button_new_with_label (_ ("Edit"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "limits.edit");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "i", (int)fyr_limit_get_kind (limit));
  fyr_spoken_name_set (button, label);
  return button;
}

static GtkWidget *
present_row (FyrPatientLimits *self, FyrLimit *limit)
{
  GtkWidget *row = adw_expander_row_new ();
  g_autofree char *title = fyr_limit_get_title (limit);
  g_autofree char *words = fyr_limit_describe (limit);
  g_autofree char *origin = origin_text (self, limit);
  g_autofree char *subtitle = g_strdup_printf ("%s\n%s", words, origin);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), subtitle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  if (gtk_widget_get_visible (self->toolbar))
    adw_expander_row_add_action (ADW_EXPANDER_ROW (row), edit_button (limit));
  add_history (self, ADW_EXPANDER_ROW (row), limit);
  return row;
}

static void
show_rows (FyrPatientLimits *self)
{
  static const FyrLimitComponent components[] = { FYR_LIMIT_COMPONENT_UNSET, FYR_LIMIT_COMPONENT_SYSTOLIC,
                                                  FYR_LIMIT_COMPONENT_DIASTOLIC };
  GtkWidget *child;
  guint shown = 0;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_list_box_remove (self->rows, child);
  for (guint kind = 1; kind <= FYR_MEASUREMENT_KIND_LAST; kind++) {
    for (guint i = 0; i < G_N_ELEMENTS (components); i++) {
      FyrLimit *limit = fyr_limit_history_current (self->detail->limits, kind, components[i], fyr_now ());
      if (limit == NULL)
        continue;
      gtk_list_box_append (self->rows, present_row (self, limit));
      shown++;
    }
  }
  gtk_stack_set_visible_child_name (self->stack, shown > 0 ? "rows" : "empty");
}

static gboolean
fits_diagnosis (FyrPatientLimits *self, FyrLimitTemplate *template)
{
  for (guint i = 0; i < self->detail->conditions->len; i++) {
    if (fyr_limit_template_matches (template,
                                    fyr_condition_get_code (g_ptr_array_index (self->detail->conditions, i))))
      return TRUE;
  }
  return FALSE;
}

/* Templates for the patient's own illnesses come first. */
static void
fill_templates (FyrPatientLimits *self)
{
  g_autoptr (GMenu) menu = g_menu_new (), fitting = g_menu_new (), others = g_menu_new ();
  for (guint i = 0; i < self->templates->len; i++) {
    FyrLimitTemplate *template = g_ptr_array_index (self->templates, i);
    g_autoptr (GMenuItem) item =
        g_menu_item_new (fyr_limit_template_get_name (template, reader_language ()), NULL);
    g_menu_item_set_action_and_target (item, "limits.use-template", "s",
                                       fyr_limit_template_get_id (template));
    g_menu_append_item (fits_diagnosis (self, template) ? fitting : others, item);
  }
  g_menu_append_section (menu, _ ("For the patient's diagnoses"), G_MENU_MODEL (fitting));
  g_menu_append_section (menu, _ ("Other"), G_MENU_MODEL (others));
  gtk_menu_button_set_menu_model (self->template_button, G_MENU_MODEL (menu));
}

static void
fill_kinds (FyrPatientLimits *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  for (int kind = 1; kind <= FYR_MEASUREMENT_KIND_LAST; kind++) {
    g_autoptr (GMenuItem) item = g_menu_item_new (fyr_measure_get_name ((FyrMeasurementKind)kind), NULL);
    g_menu_item_set_action_and_target (item, "limits.edit", "i", kind);
    g_menu_append_item (menu, item);
  }
  gtk_menu_button_set_menu_model (self->add_button, G_MENU_MODEL (menu));
}

static void
show (FyrPatientTab *tab, FyrPatientDetail *detail, FyrChangeSet *changes)
{
  FyrPatientLimits *self = FYR_PATIENT_LIMITS (tab);
  g_clear_pointer (&self->detail, fyr_patient_detail_unref);
  self->detail = fyr_patient_detail_ref (detail);
  if (changes != NULL && !fyr_change_set_has_kind (changes, "limit") &&
      !fyr_change_set_has_kind (changes, "condition"))
    return;
  fill_templates (self);
  show_rows (self);
}

static void
fyr_patient_limits_tab (FyrPatientTabInterface *iface)
{
  iface->show = show;
}

static void
edit (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrPatientLimits *self = FYR_PATIENT_LIMITS (widget);
  if (self->detail == NULL)
    return;
  gtk_window_present (GTK_WINDOW (
      fyr_limit_editor_new (GTK_WINDOW (gtk_widget_get_root (widget)), self->context,
                            fyr_record_get_id (FYR_RECORD (self->detail->patient)),
                            (FyrMeasurementKind)g_variant_get_int32 (parameter), self->detail->limits)));
}

static FyrLimitTemplate *
find_template (FyrPatientLimits *self, const char *id)
{
  for (guint i = 0; i < self->templates->len; i++) {
    if (g_str_equal (fyr_limit_template_get_id (g_ptr_array_index (self->templates, i)), id))
      return g_ptr_array_index (self->templates, i);
  }
  return NULL;
}

static void
use_template (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrPatientLimits *self = FYR_PATIENT_LIMITS (widget);
  FyrLimitTemplate *template = find_template (self, g_variant_get_string (parameter, NULL));
  if (template == NULL || self->detail == NULL)
    return;
  g_autoptr (GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 now = fyr_now ();
  gsize n_rules;
  const FyrLimitRule *rules = fyr_limit_template_get_rules (template, &n_rules);
  for (gsize i = 0; i < n_rules; i++)
    g_ptr_array_add (fresh,
                     fyr_limit_from_rule (&rules[i], fyr_record_get_id (FYR_RECORD (self->detail->patient)),
                                          fyr_limit_template_get_id (template), now));
  g_autoptr (GPtrArray) mutations = fyr_limit_history_replace (
      self->detail->limits, fresh, fyr_app_context_get_user_id (self->context), now);
  g_autofree char *done = g_strdup_printf (_ ("Provisional limits from the template %s"),
                                           fyr_limit_template_get_name (template, reader_language ()));
  if (mutations->len > 0)
    fyr_save_all_with_undo (widget, self->context, mutations, done);
}

static void
fyr_patient_limits_dispose (GObject *object)
{
  FyrPatientLimits *self = FYR_PATIENT_LIMITS (object);
  g_clear_pointer (&self->detail, fyr_patient_detail_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), FYR_TYPE_PATIENT_LIMITS);
  /* Only children with a name of their own go with the template. */
  fyr_children_unparent (GTK_WIDGET (object));
  g_clear_object (&self->context);
  g_clear_pointer (&self->templates, g_ptr_array_unref);
  G_OBJECT_CLASS (fyr_patient_limits_parent_class)->dispose (object);
}

static void
fyr_patient_limits_class_init (FyrPatientLimitsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = fyr_patient_limits_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/patient/fyr-patient-limits.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrPatientLimits, toolbar);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientLimits, template_button);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientLimits, add_button);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientLimits, stack);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientLimits, rows);
  gtk_widget_class_install_action (widget_class, "limits.edit", "i", edit);
  gtk_widget_class_install_action (widget_class, "limits.use-template", "s", use_template);
}

static void
fyr_patient_limits_init (FyrPatientLimits *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
fyr_patient_limits_new (FyrAppContext *context)
{
  FyrPatientLimits *self = g_object_new (FYR_TYPE_PATIENT_LIMITS, NULL);
  gboolean nurse = fyr_app_context_get_role (context) == FYR_ROLE_NURSE;
  self->context = g_object_ref (context);
  self->templates = fyr_limit_templates_load (NULL);
  gtk_widget_set_visible (self->toolbar, nurse);
  gtk_stack_add_named (
      self->stack,
      fyr_empty_state_new (
          "dialog-warning-symbolic", _ ("No limits are set"),
          nurse ? _ ("Without limits no value alerts. Use a template until the patient's own are set "
                     "with the GP, within two weeks.")
                : _ ("Without limits no value alerts. The centre sets them."),
          NULL, NULL),
      "empty");
  fill_kinds (self);
  return GTK_WIDGET (self);
}
