/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-limit-fields.h"

#include <glib/gi18n-lib.h>

#include "fyr-children.h"
#include "fyr-form-field.h"
#include "fyr-format.h"
#include "fyr-limit-set.h"
#include "fyr-limit-words.h"
#include "fyr-measure.h"
#include "fyr-measurement-kind.h"

typedef struct {
  guint field;
  const char *label;
  const char *hint;
} NumberSpec;

static const NumberSpec bound_specs[] = {
  { FYR_LIMIT_RED_LOW, N_ ("Red below"), NULL },
  { FYR_LIMIT_YELLOW_LOW, N_ ("Yellow below"), NULL },
  { FYR_LIMIT_YELLOW_HIGH, N_ ("Yellow above"), NULL },
  { FYR_LIMIT_RED_HIGH, N_ ("Red above"), NULL },
};
static const NumberSpec repeat_specs[] = {
  { FYR_LIMIT_REPEAT_COUNT, N_ ("Red after so many outside"), N_ ("3 is the third yellow") },
  { FYR_LIMIT_REPEAT_HOURS, N_ ("Within (hours)"), NULL },
  { FYR_LIMIT_EXPECTED_DAYS, N_ ("Report every (days)"), N_ ("Empty: none is expected") },
};
static const NumberSpec change_specs[] = {
  { FYR_LIMIT_CHANGE_AMOUNT, N_ ("Change of at least"), NULL },
  { FYR_LIMIT_CHANGE_DAYS, N_ ("Within (days)"), NULL },
};
static const char *const direction_words[] = { N_ ("Either way"), N_ ("Up"), N_ ("Down"), N_ ("Either way") };

struct _FyrLimitFields {
  GtkWidget parent_instance;
  FyrLimit *limit;
  GtkWidget *form_fields[FYR_LIMIT_N_FIELDS];
  GtkWidget *rule_message;
  GtkWidget *direction;
};

G_DEFINE_TYPE (FyrLimitFields, fyr_limit_fields, GTK_TYPE_WIDGET)

static guint edited_signal;

static gboolean
is_real (guint field)
{
  return fyr_limit_info.fields[field].type == FYR_FIELD_REAL;
}

static char *
number_text (FyrLimitFields *self, guint field)
{
  FyrRecord *record = FYR_RECORD (self->limit);
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (fyr_limit_get_kind (self->limit));
  if (!fyr_record_is_set (record, field))
    return g_strdup ("");
  if (!is_real (field))
    return g_strdup_printf ("%d", (int)fyr_record_get_int (record, field));
  return fyr_format_number (fyr_record_get_real (record, field), info != NULL ? info->decimals : 1);
}

static const char *
take_number (FyrLimitFields *self, guint field, const char *typed)
{
  g_autofree char *text = g_strstrip (g_strdup (typed));
  FyrRecord *record = FYR_RECORD (self->limit);
  double value = 0;
  fyr_record_clear (record, field);
  if (*text == '\0')
    return NULL;
  if (fyr_measurement_parse_value (text, &value, NULL) != FYR_VALUE_NUMBER)
    return N_ ("Enter a number, or leave it empty");
  if (is_real (field))
    fyr_record_set_real (record, field, value);
  else if (value != (double)(gint64)value)
    return N_ ("Enter a whole number");
  else
    fyr_record_set_int (record, field, (gint64)value);
  return fyr_field_validate (record, field, NULL) ? NULL : N_ ("This number is too small or too large");
}

static const char *
show_field_finding (FyrLimitFields *self, guint field)
{
  FyrFormField *form_field = FYR_FORM_FIELD (self->form_fields[field]);
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (fyr_form_field_get_child (form_field)));
  const char *problem = take_number (self, field, typed);
  fyr_form_field_set_message (form_field, problem != NULL ? _ (problem) : NULL);
  return problem;
}

/* What is wrong with the numbers together: their order, or half a rule. */
static const char *
show_rule_finding (FyrLimitFields *self)
{
  FyrLimitRule rule;
  fyr_limit_rule_from_record (self->limit, &rule);
  const char *problem = fyr_limit_rule_check (&rule);
  gtk_label_set_label (GTK_LABEL (self->rule_message), problem != NULL ? _ (problem) : "");
  gtk_widget_set_visible (self->rule_message, problem != NULL);
  return problem;
}

static void
on_changed (GtkEditable *editable, FyrLimitFields *self)
{
  show_field_finding (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (editable), "fyr-field")));
  show_rule_finding (self);
  g_signal_emit (self, edited_signal, 0);
}

static void
on_direction (GtkDropDown *drop_down, GParamSpec *pspec, FyrLimitFields *self)
{
  static const FyrChangeDirection directions[] = { FYR_CHANGE_DIRECTION_EITHER, FYR_CHANGE_DIRECTION_UP,
                                                   FYR_CHANGE_DIRECTION_DOWN };
  guint selected = gtk_drop_down_get_selected (drop_down);
  if (selected < G_N_ELEMENTS (directions))
    fyr_limit_set_change_direction (self->limit, directions[selected]);
  g_signal_emit (self, edited_signal, 0);
}

static GtkWidget *
make_number (FyrLimitFields *self, const NumberSpec *spec)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *form_field = fyr_form_field_new (_ (spec->label), entry);
  g_autofree char *text = number_text (self, spec->field);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 7);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_NUMBER);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  if (spec->hint != NULL)
    fyr_form_field_set_hint (FYR_FORM_FIELD (form_field), _ (spec->hint));
  g_object_set_data (G_OBJECT (entry), "fyr-field", GUINT_TO_POINTER (spec->field));
  g_signal_connect (entry, "changed", G_CALLBACK (on_changed), self);
  gtk_widget_set_valign (form_field, GTK_ALIGN_START);
  gtk_widget_set_hexpand (form_field, TRUE);
  self->form_fields[spec->field] = form_field;
  return form_field;
}

static GtkWidget *
add_row (FyrLimitFields *self, const NumberSpec *specs, guint n_specs)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  for (guint i = 0; i < n_specs; i++)
    gtk_box_append (GTK_BOX (row), make_number (self, &specs[i]));
  gtk_widget_set_parent (row, GTK_WIDGET (self));
  return row;
}

static void
add_title (FyrLimitFields *self)
{
  g_autofree char *name = fyr_limit_get_title (self->limit);
  const char *unit = fyr_measure_get_unit (fyr_limit_get_kind (self->limit));
  g_autofree char *text = *unit != '\0' ? g_strdup_printf ("%s (%s)", name, unit) : g_strdup (name);
  GtkWidget *title = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_set_parent (title, GTK_WIDGET (self));
}

static void
add_direction (FyrLimitFields *self, GtkWidget *row)
{
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  for (guint i = 0; i < 3; i++)
    gtk_string_list_append (words, _ (direction_words[i]));
  self->direction = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&words)), NULL);
  FyrChangeDirection direction = fyr_limit_get_change_direction (self->limit);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->direction), direction == FYR_CHANGE_DIRECTION_UP     ? 1
                                                               : direction == FYR_CHANGE_DIRECTION_DOWN ? 2
                                                                                                        : 0);
  g_signal_connect (self->direction, "notify::selected", G_CALLBACK (on_direction), self);
  GtkWidget *form_field = fyr_form_field_new (_ ("Which way"), self->direction);
  gtk_widget_set_valign (form_field, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (row), form_field);
}

static void
add_rule_message (FyrLimitFields *self)
{
  self->rule_message = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, "xalign",
                                     0.0, "wrap", TRUE, "visible", FALSE, NULL);
  gtk_widget_add_css_class (self->rule_message, "error");
  gtk_widget_set_parent (self->rule_message, GTK_WIDGET (self));
}

static void
fyr_limit_fields_dispose (GObject *object)
{
  fyr_children_unparent (GTK_WIDGET (object));
  g_clear_object (&FYR_LIMIT_FIELDS (object)->limit);
  G_OBJECT_CLASS (fyr_limit_fields_parent_class)->dispose (object);
}

static void
fyr_limit_fields_class_init (FyrLimitFieldsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fyr_limit_fields_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  edited_signal =
      g_signal_new ("edited", FYR_TYPE_LIMIT_FIELDS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fyr_limit_fields_init (FyrLimitFields *self)
{
  GtkBoxLayout *layout = GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self)));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (layout, 12);
}

GtkWidget *
fyr_limit_fields_new (FyrLimit *limit)
{
  FyrLimitFields *self = g_object_new (FYR_TYPE_LIMIT_FIELDS, NULL);
  self->limit = g_object_ref (limit);
  add_title (self);
  add_row (self, bound_specs, G_N_ELEMENTS (bound_specs));
  add_rule_message (self);
  add_row (self, repeat_specs, G_N_ELEMENTS (repeat_specs));
  add_direction (self, add_row (self, change_specs, G_N_ELEMENTS (change_specs)));
  return GTK_WIDGET (self);
}

gboolean
fyr_limit_fields_check (FyrLimitFields *self)
{
  for (guint field = 0; field < FYR_LIMIT_N_FIELDS; field++) {
    if (self->form_fields[field] == NULL || show_field_finding (self, field) == NULL)
      continue;
    gtk_widget_grab_focus (fyr_form_field_get_child (FYR_FORM_FIELD (self->form_fields[field])));
    return FALSE;
  }
  if (show_rule_finding (self) == NULL)
    return TRUE;
  gtk_widget_grab_focus (fyr_form_field_get_child (FYR_FORM_FIELD (self->form_fields[FYR_LIMIT_RED_LOW])));
  return FALSE;
}
