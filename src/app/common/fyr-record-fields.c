/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-record-fields.h"

#include <glib/gi18n-lib.h>

#include "fyr-children.h"
#include "fyr-form-field.h"
#include "fyr-format.h"
#include "fyr-identity-number.h"
#include "fyr-text-fold.h"
#include "fyr-typed-text.h"

/* The generator allows at most so many fields a record. */
#define MAX_FIELDS 64

struct _FyrRecordFields {
  GtkWidget parent_instance;
  FyrRecord *record;
  const FyrSectionSpec *sections;
  guint n_sections;
  const FyrRecordFieldsRules *rules;
  gpointer data;
  GDestroyNotify destroy;
  GtkWidget *form_fields[MAX_FIELDS];
  const FyrFieldSpec *specs[MAX_FIELDS];
  GPtrArray *choices[MAX_FIELDS];
  guint64 to_check; /* fields that a rule changed */
  gboolean showing;
};

G_DEFINE_TYPE (FyrRecordFields, fyr_record_fields, GTK_TYPE_WIDGET)

static guint edited_signal;

static GtkWidget *
control_of (FyrRecordFields *self, guint field)
{
  return fyr_form_field_get_child (FYR_FORM_FIELD (self->form_fields[field]));
}

static FyrFinding
check_telephone (FyrRecordFields *self, guint field, const char **message)
{
  if (self->specs[field]->control != FYR_CONTROL_TELEPHONE || !fyr_record_is_set (self->record, field))
    return FYR_FINDING_NONE;
  g_autofree char *normalized = fyr_telephone_normalize (fyr_record_get_string (self->record, field));
  if (normalized != NULL)
    return FYR_FINDING_NONE;
  *message = N_ ("Enter 8 digits, or + and the country's number");
  return FYR_FINDING_ERROR;
}

static FyrFinding
show_finding (FyrRecordFields *self, guint field)
{
  FyrFormField *form_field = FYR_FORM_FIELD (self->form_fields[field]);
  const char *message = NULL;
  FyrFinding grade = fyr_field_check_declared (self->record, field, &message);
  if (grade == FYR_FINDING_NONE && self->rules != NULL && self->rules->check != NULL)
    grade = self->rules->check (self->record, field, self->data, &message);
  if (grade == FYR_FINDING_NONE)
    grade = check_telephone (self, field, &message);
  if (grade == FYR_FINDING_NONE && self->specs[field]->required && !fyr_record_is_set (self->record, field)) {
    grade = FYR_FINDING_ERROR;
    message = N_ ("This must be filled in");
  }
  if (grade == FYR_FINDING_WARNING)
    fyr_form_field_set_warning_message (form_field, _ (message));
  else
    fyr_form_field_set_message (form_field, message != NULL ? _ (message) : NULL);
  return grade;
}

static void
show_hint (FyrRecordFields *self, guint field)
{
  const char *own = self->specs[field]->hint;
  g_autofree char *hint = NULL;
  if (self->rules != NULL && self->rules->hint != NULL)
    hint = self->rules->hint (self->record, field, self->data);
  fyr_form_field_set_hint (FYR_FORM_FIELD (self->form_fields[field]), hint != NULL  ? hint
                                                                      : own != NULL ? _ (own)
                                                                                    : NULL);
}

static char *
date_to_show (const char *value)
{
  int year, month, day;
  if (value != NULL && sscanf (value, "%4d-%2d-%2d", &year, &month, &day) == 3)
    return g_strdup_printf ("%02d.%02d.%04d", day, month, year);
  return g_strdup (value);
}

static char *
text_to_show (FyrRecordFields *self, guint field)
{
  const char *value = fyr_record_get_string (self->record, field);
  if (self->specs[field]->control == FYR_CONTROL_TELEPHONE)
    return fyr_telephone_format (value);
  if (self->specs[field]->control == FYR_CONTROL_DATE)
    return date_to_show (value);
  if (self->specs[field]->control == FYR_CONTROL_IDENTITY_NUMBER)
    return fyr_identity_number_format (value);
  return g_strdup (value);
}

static guint
choice_position (GPtrArray *records, const char *id)
{
  for (guint i = 0; records != NULL && i < records->len; i++) {
    if (g_strcmp0 (fyr_record_get_id (g_ptr_array_index (records, i)), id) == 0)
      return i + 1;
  }
  return 0;
}

/* The place in the list of what a field holds; a code that is not in it is shown as "not stated". */
static guint
word_position (const FyrFieldSpec *spec, FyrRecord *record)
{
  if (spec->codes == NULL)
    return (guint)fyr_record_get_int (record, spec->field);
  const char *code = fyr_record_get_string (record, spec->field);
  for (guint i = 1; code != NULL && i < spec->n_words; i++) {
    if (g_str_equal (spec->codes[i], code))
      return i;
  }
  return 0;
}

static void
show_long_text (GtkTextView *view, const char *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), text != NULL ? text : "", -1);
}

static void
show_field (FyrRecordFields *self, guint field)
{
  FyrRecord *record = self->record;
  GtkWidget *control = control_of (self, field);
  g_autofree char *text = NULL;
  self->showing = TRUE;
  switch (self->specs[field]->control) {
  case FYR_CONTROL_SWITCH:
    gtk_switch_set_active (GTK_SWITCH (control), fyr_record_get_int (record, field) != 0);
    break;
  case FYR_CONTROL_WORDS:
    gtk_drop_down_set_selected (GTK_DROP_DOWN (control), word_position (self->specs[field], record));
    break;
  case FYR_CONTROL_RECORD:
    gtk_drop_down_set_selected (
        GTK_DROP_DOWN (control),
        choice_position (self->choices[field], fyr_record_get_string (record, field)));
    break;
  case FYR_CONTROL_LONG_TEXT:
    show_long_text (GTK_TEXT_VIEW (control), fyr_record_get_string (record, field));
    break;
  case FYR_CONTROL_TEXT:
  case FYR_CONTROL_IDENTITY_NUMBER:
  case FYR_CONTROL_TELEPHONE:
  case FYR_CONTROL_DATE:
  case FYR_CONTROL_OFFER:
  default:
    text = text_to_show (self, field);
    gtk_editable_set_text (GTK_EDITABLE (control), text != NULL ? text : "");
  }
  self->showing = FALSE;
}

static void
note_edit (FyrRecordFields *self, guint field)
{
  /* A message that said what to do goes as soon as it is done; a new one waits until the field is left. */
  if (fyr_form_field_is_in_error (FYR_FORM_FIELD (self->form_fields[field])))
    show_finding (self, field);
  g_signal_emit (self, edited_signal, 0, field);
}

static guint64
mask_of (guint field)
{
  return G_GUINT64_CONSTANT (1) << field;
}

/* Fields that a rule changed along with this one; they are checked when this one is left. */
static gboolean
take_by_rule (FyrRecordFields *self, guint field, const char *text)
{
  guint64 mask = 0;
  if (self->rules != NULL && self->rules->take != NULL)
    mask = self->rules->take (self->record, field, text, self->data);
  for (guint other = 0; other < MAX_FIELDS; other++) {
    if ((mask & mask_of (other)) != 0 && other != field && self->form_fields[other] != NULL)
      show_field (self, other);
  }
  self->to_check |= mask;
  return mask != 0;
}

static void
take_text (FyrRecordFields *self, guint field, const char *typed)
{
  g_autofree char *text = g_strstrip (g_strdup (typed));
  g_autofree char *value = NULL;
  if (take_by_rule (self, field, text))
    return;
  if (self->specs[field]->control == FYR_CONTROL_TELEPHONE)
    value = fyr_telephone_normalize (text);
  else if (self->specs[field]->control == FYR_CONTROL_DATE)
    value = fyr_parse_date (text);
  fyr_record_set_string (self->record, field, value != NULL ? value : text);
}

static guint
field_of (gpointer control)
{
  return GPOINTER_TO_UINT (g_object_get_data (control, "fyr-field"));
}

static void
on_text_changed (GtkEditable *editable, FyrRecordFields *self)
{
  guint field = field_of (editable);
  if (self->showing)
    return;
  take_text (self, field, gtk_editable_get_text (editable));
  show_hint (self, field);
  note_edit (self, field);
}

static void
on_long_text_changed (GtkTextBuffer *buffer, FyrRecordFields *self)
{
  if (self->showing)
    return;
  g_autofree char *text = fyr_typed_text_dup (buffer);
  fyr_record_set_string (self->record, field_of (buffer), g_strstrip (text));
  note_edit (self, field_of (buffer));
}

static void
on_selected (GtkDropDown *drop_down, GParamSpec *pspec, FyrRecordFields *self)
{
  guint field = field_of (drop_down), selected = gtk_drop_down_get_selected (drop_down);
  const FyrFieldSpec *spec = self->specs[field];
  FyrRecord *record = self->record;
  if (self->showing || selected == GTK_INVALID_LIST_POSITION)
    return;
  if (spec->control == FYR_CONTROL_WORDS && spec->codes == NULL)
    fyr_record_set_int (record, field, selected);
  else if (spec->control == FYR_CONTROL_WORDS)
    fyr_record_set_string (record, field, spec->codes[selected]);
  else if (selected > 0 && self->choices[field] != NULL)
    fyr_record_set_string (record, field,
                           fyr_record_get_id (g_ptr_array_index (self->choices[field], selected - 1)));
  else
    fyr_record_clear (record, field);
  note_edit (self, field);
}

/* What is chosen from an offer is typed into the field's own control. */
static void
on_offer_chosen (GtkDropDown *drop_down, GParamSpec *pspec, FyrRecordFields *self)
{
  const FyrFieldSpec *spec = g_object_get_data (G_OBJECT (drop_down), "fyr-spec");
  guint selected = gtk_drop_down_get_selected (drop_down);
  if (selected > 0 && selected < spec->n_words)
    gtk_editable_set_text (GTK_EDITABLE (control_of (self, spec->field)), spec->codes[selected]);
}

static void
on_switched (GtkSwitch *button, GParamSpec *pspec, FyrRecordFields *self)
{
  if (self->showing)
    return;
  fyr_record_set_int (self->record, field_of (button), gtk_switch_get_active (button));
  note_edit (self, field_of (button));
}

static void
on_left (GtkEventControllerFocus *focus, FyrRecordFields *self)
{
  GtkWidget *control = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (focus));
  guint field = field_of (control);
  guint64 mask = self->to_check | mask_of (field);
  self->to_check = 0;
  for (guint i = 0; i < MAX_FIELDS; i++) {
    if ((mask & mask_of (i)) != 0 && self->form_fields[i] != NULL)
      show_finding (self, i);
  }
  if (self->specs[field]->control != FYR_CONTROL_LONG_TEXT)
    show_field (self, field);
}

static GtkWidget *
make_drop_down (FyrRecordFields *self, const FyrFieldSpec *spec)
{
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  for (guint i = 0; i < spec->n_words; i++)
    gtk_string_list_append (words, _ (spec->words[i]));
  if (spec->n_words == 0)
    gtk_string_list_append (words, _ ("Not stated"));
  GtkWidget *drop_down = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&words)), NULL);
  if (spec->control == FYR_CONTROL_OFFER) {
    g_object_set_data (G_OBJECT (drop_down), "fyr-spec", (gpointer)spec);
    g_signal_connect (drop_down, "notify::selected", G_CALLBACK (on_offer_chosen), self);
  } else {
    g_signal_connect (drop_down, "notify::selected", G_CALLBACK (on_selected), self);
  }
  return drop_down;
}

static GtkWidget *
make_text_view (FyrRecordFields *self, const FyrFieldSpec *spec)
{
  GtkWidget *view = gtk_text_view_new ();
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_widget_set_size_request (view, -1, 84);
  gtk_widget_add_css_class (view, "form-text");
  g_object_set_data (G_OBJECT (buffer), "fyr-field", GUINT_TO_POINTER (spec->field));
  g_signal_connect (buffer, "changed", G_CALLBACK (on_long_text_changed), self);
  return view;
}

static GtkWidget *
make_entry (FyrRecordFields *self, const FyrFieldSpec *spec)
{
  GtkWidget *entry = gtk_entry_new ();
  if (spec->control == FYR_CONTROL_TELEPHONE)
    gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_PHONE);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  g_signal_connect (entry, "changed", G_CALLBACK (on_text_changed), self);
  return entry;
}

static GtkWidget *
make_switch (FyrRecordFields *self)
{
  GtkWidget *button = gtk_switch_new ();
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_signal_connect (button, "notify::active", G_CALLBACK (on_switched), self);
  return button;
}

static GtkWidget *
make_control (FyrRecordFields *self, const FyrFieldSpec *spec)
{
  switch (spec->control) {
  case FYR_CONTROL_WORDS:
  case FYR_CONTROL_RECORD:
  case FYR_CONTROL_OFFER:
    return make_drop_down (self, spec);
  case FYR_CONTROL_SWITCH:
    return make_switch (self);
  case FYR_CONTROL_LONG_TEXT:
    return make_text_view (self, spec);
  case FYR_CONTROL_TEXT:
  case FYR_CONTROL_IDENTITY_NUMBER:
  case FYR_CONTROL_TELEPHONE:
  case FYR_CONTROL_DATE:
  default:
    return make_entry (self, spec);
  }
}

static void
register_control (FyrRecordFields *self, const FyrFieldSpec *spec, GtkWidget *form_field, GtkWidget *control)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_object_set_data (G_OBJECT (control), "fyr-field", GUINT_TO_POINTER (spec->field));
  g_signal_connect (focus, "leave", G_CALLBACK (on_left), self);
  gtk_widget_add_controller (control, focus);
  self->form_fields[spec->field] = form_field;
  self->specs[spec->field] = spec;
}

static GtkWidget *
make_field (FyrRecordFields *self, const FyrFieldSpec *spec)
{
  GtkWidget *control = make_control (self, spec);
  GtkWidget *form_field = fyr_form_field_new (_ (spec->label), control);
  gboolean declared = fyr_record_get_info (self->record)->fields[spec->field].required;
  g_object_set (form_field, "required", (declared || spec->required) && spec->control != FYR_CONTROL_OFFER,
                "hexpand", TRUE, "valign", GTK_ALIGN_START, NULL);
  if (spec->control == FYR_CONTROL_OFFER && spec->hint != NULL)
    fyr_form_field_set_hint (FYR_FORM_FIELD (form_field), _ (spec->hint));
  if (spec->control != FYR_CONTROL_OFFER)
    register_control (self, spec, form_field, control);
  return form_field;
}

static void
add_title (FyrRecordFields *self, const char *text)
{
  GtkWidget *title = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_set_margin_top (title, 12);
  gtk_widget_set_parent (title, GTK_WIDGET (self));
}

static void
add_section (FyrRecordFields *self, const FyrSectionSpec *section)
{
  GtkWidget *grid = gtk_grid_new ();
  int row = 0, column = 0;
  if (section->title != NULL)
    add_title (self, _ (section->title));
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 12);
  gtk_widget_set_parent (grid, GTK_WIDGET (self));
  for (guint i = 0; i < section->n_fields; i++) {
    const FyrFieldSpec *spec = &section->fields[i];
    if (spec->wide && column == 1) {
      row++;
      column = 0;
    }
    gtk_grid_attach (GTK_GRID (grid), make_field (self, spec), column, row, spec->wide ? 2 : 1, 1);
    column = spec->wide ? 2 : column + 1;
    row += column / 2;
    column %= 2;
  }
}

/* The keyboard begins in the first field. */
static gboolean
fyr_record_fields_grab_focus (GtkWidget *widget)
{
  FyrRecordFields *self = FYR_RECORD_FIELDS (widget);
  return self->n_sections > 0 && gtk_widget_grab_focus (control_of (self, self->sections[0].fields[0].field));
}

static void
fyr_record_fields_dispose (GObject *object)
{
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_record_fields_parent_class)->dispose (object);
}

static void
fyr_record_fields_finalize (GObject *object)
{
  FyrRecordFields *self = FYR_RECORD_FIELDS (object);
  for (guint i = 0; i < MAX_FIELDS; i++)
    g_clear_pointer (&self->choices[i], g_ptr_array_unref);
  g_clear_object (&self->record);
  if (self->destroy != NULL)
    self->destroy (self->data);
  G_OBJECT_CLASS (fyr_record_fields_parent_class)->finalize (object);
}

static void
fyr_record_fields_class_init (FyrRecordFieldsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fyr_record_fields_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_record_fields_finalize;
  GTK_WIDGET_CLASS (klass)->grab_focus = fyr_record_fields_grab_focus;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  edited_signal = g_signal_new ("edited", FYR_TYPE_RECORD_FIELDS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
fyr_record_fields_init (FyrRecordFields *self)
{
  GtkBoxLayout *layout = GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self)));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (layout, 6);
}

GtkWidget *
fyr_record_fields_new (FyrRecord *record,
                       const FyrSectionSpec *sections,
                       guint n_sections,
                       const FyrRecordFieldsRules *rules,
                       gpointer data,
                       GDestroyNotify destroy)
{
  FyrRecordFields *self = g_object_new (FYR_TYPE_RECORD_FIELDS, NULL);
  g_return_val_if_fail (fyr_record_get_info (record)->n_fields <= MAX_FIELDS, GTK_WIDGET (self));
  self->record = g_object_ref (record);
  self->sections = sections;
  self->n_sections = n_sections;
  self->rules = rules;
  self->data = data;
  self->destroy = destroy;
  for (guint i = 0; i < n_sections; i++)
    add_section (self, &sections[i]);
  for (guint field = 0; field < MAX_FIELDS; field++) {
    if (self->form_fields[field] == NULL)
      continue;
    show_field (self, field);
    show_hint (self, field);
  }
  return GTK_WIDGET (self);
}

static const char *
name_of (FyrRecord *record)
{
  int field = fyr_record_info_find_field (fyr_record_get_info (record), "name");
  return fyr_record_get_string (record, (guint)field);
}

void
fyr_record_fields_set_choices (FyrRecordFields *self, guint field, GPtrArray *records)
{
  g_return_if_fail (self->specs[field] != NULL && self->specs[field]->control == FYR_CONTROL_RECORD);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  gtk_string_list_append (names, _ ("Not stated"));
  for (guint i = 0; i < records->len; i++)
    gtk_string_list_append (names, name_of (g_ptr_array_index (records, i)));
  g_clear_pointer (&self->choices[field], g_ptr_array_unref);
  self->choices[field] = g_ptr_array_ref (records);
  self->showing = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (control_of (self, field)), G_LIST_MODEL (names));
  g_autoptr (GtkExpression) text = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  gtk_drop_down_set_expression (GTK_DROP_DOWN (control_of (self, field)), text);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (control_of (self, field)), records->len > 8);
  self->showing = FALSE;
  show_field (self, field);
}

gboolean
fyr_record_fields_show_findings (FyrRecordFields *self)
{
  GtkWidget *first = NULL;
  for (guint s = 0; s < self->n_sections; s++) {
    for (guint i = 0; i < self->sections[s].n_fields; i++) {
      guint field = self->sections[s].fields[i].field;
      if (show_finding (self, field) == FYR_FINDING_ERROR && first == NULL)
        first = control_of (self, field);
    }
  }
  if (first != NULL)
    gtk_widget_grab_focus (first);
  return first == NULL;
}
