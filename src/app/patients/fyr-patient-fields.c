/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-fields.h"

#include <glib/gi18n-lib.h>

#include "fyr-form-field.h"
#include "fyr-format.h"
#include "fyr-text-fold.h"

typedef enum {
  CONTROL_TEXT,
  CONTROL_NUMBER,
  CONTROL_TELEPHONE,
  CONTROL_DATE,
  CONTROL_LONG_TEXT,
  CONTROL_ENUM,
  CONTROL_LANGUAGE,
  CONTROL_RECORD,
  CONTROL_SWITCH
} ControlKind;

typedef struct {
  guint field;
  ControlKind control;
  const char *label;
  const char *hint;
  gboolean wide;
} FieldSpec;

typedef struct {
  const char *title;
  const FieldSpec *fields;
  guint n_fields;
} SectionSpec;

static const FieldSpec who_fields[] = {
  { FYR_PATIENT_IDENTITY_NUMBER, CONTROL_NUMBER, N_ ("Identity number"),
    N_ ("11 digits; spaces do not matter"), TRUE },
  { FYR_PATIENT_GIVEN_NAME, CONTROL_TEXT, N_ ("Given name"), NULL, FALSE },
  { FYR_PATIENT_FAMILY_NAME, CONTROL_TEXT, N_ ("Family name"), NULL, FALSE },
  { FYR_PATIENT_BIRTH_DATE, CONTROL_DATE, N_ ("Date of birth"), N_ ("Day, month and year: 21.11.1952"),
    FALSE },
  { FYR_PATIENT_SEX, CONTROL_ENUM, N_ ("Sex"), NULL, FALSE },
  { FYR_PATIENT_LANGUAGE, CONTROL_LANGUAGE, N_ ("Language"), N_ ("Says whether an interpreter is needed"),
    FALSE },
};

static const FieldSpec reach_fields[] = {
  { FYR_PATIENT_TELEPHONE, CONTROL_TELEPHONE, N_ ("Telephone"), N_ ("Where the nurse calls first"), FALSE },
  { FYR_PATIENT_TELEPHONE_2, CONTROL_TELEPHONE, N_ ("Second telephone"), NULL, FALSE },
  { FYR_PATIENT_ADDRESS, CONTROL_TEXT, N_ ("Street address"), NULL, TRUE },
  { FYR_PATIENT_POSTAL_CODE, CONTROL_NUMBER, N_ ("Postal code"), NULL, FALSE },
  { FYR_PATIENT_CITY, CONTROL_TEXT, N_ ("City"), NULL, FALSE },
  { FYR_PATIENT_EMAIL, CONTROL_TEXT, N_ ("Email"), NULL, FALSE },
  { FYR_PATIENT_PROTECTED_ADDRESS, CONTROL_SWITCH, N_ ("Protected address"),
    N_ ("Code 6 or 7: only those who must have it see the address"), FALSE },
};

static const FieldSpec service_fields[] = {
  { FYR_PATIENT_OWNER_ID, CONTROL_RECORD, N_ ("Municipality or district"), N_ ("Owns the patient's record"),
    FALSE },
  { FYR_PATIENT_GP_ID, CONTROL_RECORD, N_ ("GP"), NULL, FALSE },
  { FYR_PATIENT_STATUS, CONTROL_ENUM, N_ ("Status of follow-up"), NULL, FALSE },
  { FYR_PATIENT_START_DATE, CONTROL_DATE, N_ ("Follow-up started"), N_ ("Day, month and year"), FALSE },
  { FYR_PATIENT_MISSING_REPORT_ALERT, CONTROL_SWITCH, N_ ("Alert when a report is missing"), NULL, FALSE },
  { FYR_PATIENT_WHAT_MATTERS, CONTROL_LONG_TEXT, N_ ("What matters to the patient"),
    N_ ("In the patient's own words"), TRUE },
};

static const SectionSpec sections[] = {
  { N_ ("Who"), who_fields, G_N_ELEMENTS (who_fields) },
  { N_ ("How to reach the patient"), reach_fields, G_N_ELEMENTS (reach_fields) },
  { N_ ("Follow-up"), service_fields, G_N_ELEMENTS (service_fields) },
};

static const char *const sex_words[] = { N_ ("Not stated"), N_ ("Female"), N_ ("Male"), N_ ("Other"),
                                         N_ ("Unknown") };
static const char *const status_words[] = { N_ ("Not stated"), N_ ("Planned"),  N_ ("Active"),
                                            N_ ("Paused"),     N_ ("Finished"), N_ ("Cancelled") };
G_STATIC_ASSERT (G_N_ELEMENTS (sex_words) == FYR_SEX_LAST + 1);
G_STATIC_ASSERT (G_N_ELEMENTS (status_words) == FYR_PATIENT_STATUS_LAST + 1);

static const char *const language_codes[] = { "",   "nb", "nn", "se", "en", "pl",
                                              "uk", "ar", "so", "ur", "ti", "vi" };
static const char *const language_words[] = {
  N_ ("Not stated"),
  N_ ("Norwegian (bokmål)"),
  N_ ("Norwegian (nynorsk)"),
  N_ ("Northern Sámi"),
  N_ ("English"),
  N_ ("Polish"),
  N_ ("Ukrainian"),
  N_ ("Arabic"),
  N_ ("Somali"),
  N_ ("Urdu"),
  N_ ("Tigrinya"),
  N_ ("Vietnamese"),
};
G_STATIC_ASSERT (G_N_ELEMENTS (language_codes) == G_N_ELEMENTS (language_words));

struct _FyrPatientFields {
  GtkWidget parent_instance;
  FyrPatient *patient;
  FyrIdentityFlags flags;
  char *today;
  GtkWidget *form_fields[FYR_PATIENT_N_FIELDS];
  const FieldSpec *specs[FYR_PATIENT_N_FIELDS];
  GPtrArray *choices[FYR_PATIENT_N_FIELDS];
  gboolean showing;
};

G_DEFINE_TYPE (FyrPatientFields, fyr_patient_fields, GTK_TYPE_WIDGET)

static guint edited_signal;

static GtkWidget *
control_of (FyrPatientFields *self, guint field)
{
  return fyr_form_field_get_child (FYR_FORM_FIELD (self->form_fields[field]));
}

static FyrPatientFinding
show_finding (FyrPatientFields *self, guint field)
{
  FyrFormField *form_field = FYR_FORM_FIELD (self->form_fields[field]);
  const char *message = NULL;
  FyrPatientFinding grade =
      fyr_patient_check_field (self->patient, field, self->flags, self->today, &message);
  if (grade == FYR_PATIENT_FINDING_WARNING)
    fyr_form_field_set_warning_message (form_field, _ (message));
  else
    fyr_form_field_set_message (form_field, message != NULL ? _ (message) : NULL);
  return grade;
}

/* The hint under the number says what kind it is, and marks a synthetic one. */
static void
show_identity_kind (FyrPatientFields *self)
{
  FyrIdentityNumber number;
  const char *digits = fyr_patient_get_identity_number (self->patient);
  FyrFormField *form_field = FYR_FORM_FIELD (self->form_fields[FYR_PATIENT_IDENTITY_NUMBER]);
  if (fyr_identity_number_parse (digits, self->flags, &number) != FYR_IDENTITY_PROBLEM_NONE) {
    fyr_form_field_set_hint (form_field, _ ("11 digits; spaces do not matter"));
    return;
  }
  const char *series = fyr_synthetic_series_get_name (number.synthetic);
  g_autofree char *hint =
      series != NULL ? g_strdup_printf ("%s · %s", _ (fyr_identity_kind_get_name (number.kind)), _ (series))
                     : g_strdup (_ (fyr_identity_kind_get_name (number.kind)));
  fyr_form_field_set_hint (form_field, hint);
}

static char *
text_to_show (FyrPatientFields *self, guint field)
{
  const char *value = fyr_record_get_string (FYR_RECORD (self->patient), field);
  switch (self->specs[field]->control) {
  case CONTROL_TELEPHONE:
    return fyr_telephone_format (value);
  case CONTROL_DATE: {
    int year, month, day;
    if (value != NULL && sscanf (value, "%4d-%2d-%2d", &year, &month, &day) == 3)
      return g_strdup_printf ("%02d.%02d.%04d", day, month, year);
    return g_strdup (value);
  }
  case CONTROL_NUMBER:
    return field == FYR_PATIENT_IDENTITY_NUMBER ? fyr_identity_number_format (value) : g_strdup (value);
  case CONTROL_TEXT:
  case CONTROL_LONG_TEXT:
  case CONTROL_ENUM:
  case CONTROL_LANGUAGE:
  case CONTROL_RECORD:
  case CONTROL_SWITCH:
  default:
    return g_strdup (value);
  }
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

static guint
language_position (const char *code)
{
  for (guint i = 1; code != NULL && i < G_N_ELEMENTS (language_codes); i++) {
    if (g_str_equal (language_codes[i], code))
      return i;
  }
  return 0;
}

static void
show_field (FyrPatientFields *self, guint field)
{
  FyrRecord *record = FYR_RECORD (self->patient);
  GtkWidget *control = control_of (self, field);
  g_autofree char *text = NULL;
  self->showing = TRUE;
  switch (self->specs[field]->control) {
  case CONTROL_SWITCH:
    gtk_switch_set_active (GTK_SWITCH (control), fyr_record_get_int (record, field) != 0);
    break;
  case CONTROL_ENUM:
    gtk_drop_down_set_selected (GTK_DROP_DOWN (control), (guint)fyr_record_get_int (record, field));
    break;
  case CONTROL_LANGUAGE:
    gtk_drop_down_set_selected (GTK_DROP_DOWN (control),
                                language_position (fyr_record_get_string (record, field)));
    break;
  case CONTROL_RECORD:
    gtk_drop_down_set_selected (
        GTK_DROP_DOWN (control),
        choice_position (self->choices[field], fyr_record_get_string (record, field)));
    break;
  case CONTROL_LONG_TEXT:
    text = text_to_show (self, field);
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (control)), text != NULL ? text : "",
                              -1);
    break;
  case CONTROL_TEXT:
  case CONTROL_NUMBER:
  case CONTROL_TELEPHONE:
  case CONTROL_DATE:
  default:
    text = text_to_show (self, field);
    gtk_editable_set_text (GTK_EDITABLE (control), text != NULL ? text : "");
  }
  self->showing = FALSE;
}

static void
note_edit (FyrPatientFields *self, guint field)
{
  /* A message that said what to do goes as soon as it is done; a new one waits until the field is left. */
  if (fyr_form_field_is_in_error (FYR_FORM_FIELD (self->form_fields[field])))
    show_finding (self, field);
  g_signal_emit (self, edited_signal, 0, field);
}

static void
take_identity_number (FyrPatientFields *self, const char *text)
{
  fyr_patient_take_identity_number (self->patient, text, self->flags);
  show_identity_kind (self);
  show_field (self, FYR_PATIENT_BIRTH_DATE);
  show_field (self, FYR_PATIENT_SEX);
}

static void
take_text (FyrPatientFields *self, guint field, const char *typed)
{
  g_autofree char *text = g_strstrip (g_strdup (typed));
  g_autofree char *value = NULL;
  if (self->specs[field]->control == CONTROL_TELEPHONE)
    value = fyr_telephone_normalize (text);
  else if (self->specs[field]->control == CONTROL_DATE)
    value = fyr_parse_date (text);
  fyr_record_set_string (FYR_RECORD (self->patient), field, value != NULL ? value : text);
}

static guint
field_of (gpointer control)
{
  return GPOINTER_TO_UINT (g_object_get_data (control, "fyr-field"));
}

static void
on_text_changed (GtkEditable *editable, FyrPatientFields *self)
{
  guint field = field_of (editable);
  if (self->showing)
    return;
  if (field == FYR_PATIENT_IDENTITY_NUMBER)
    take_identity_number (self, gtk_editable_get_text (editable));
  else
    take_text (self, field, gtk_editable_get_text (editable));
  note_edit (self, field);
}

static void
on_long_text_changed (GtkTextBuffer *buffer, FyrPatientFields *self)
{
  GtkTextIter start, end;
  if (self->showing)
    return;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_autofree char *text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  fyr_record_set_string (FYR_RECORD (self->patient), field_of (buffer), g_strstrip (text));
  note_edit (self, field_of (buffer));
}

static void
on_selected (GtkDropDown *drop_down, GParamSpec *pspec, FyrPatientFields *self)
{
  guint field = field_of (drop_down), selected = gtk_drop_down_get_selected (drop_down);
  FyrRecord *record = FYR_RECORD (self->patient);
  if (self->showing || selected == GTK_INVALID_LIST_POSITION)
    return;
  if (self->specs[field]->control == CONTROL_ENUM)
    fyr_record_set_int (record, field, selected);
  else if (self->specs[field]->control == CONTROL_LANGUAGE)
    fyr_record_set_string (record, field, language_codes[selected]);
  else if (selected > 0 && self->choices[field] != NULL)
    fyr_record_set_string (record, field,
                           fyr_record_get_id (g_ptr_array_index (self->choices[field], selected - 1)));
  else
    fyr_record_clear (record, field);
  note_edit (self, field);
}

static void
on_switched (GtkSwitch *button, GParamSpec *pspec, FyrPatientFields *self)
{
  if (self->showing)
    return;
  fyr_record_set_int (FYR_RECORD (self->patient), field_of (button), gtk_switch_get_active (button));
  note_edit (self, field_of (button));
}

static void
on_left (GtkEventControllerFocus *focus, FyrPatientFields *self)
{
  GtkWidget *control = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (focus));
  guint field = field_of (control);
  show_finding (self, field);
  if (field == FYR_PATIENT_IDENTITY_NUMBER) {
    show_finding (self, FYR_PATIENT_BIRTH_DATE);
    show_finding (self, FYR_PATIENT_SEX);
  }
  if (self->specs[field]->control != CONTROL_LONG_TEXT)
    show_field (self, field);
}

static GtkWidget *
drop_down_of (const char *const *words, guint n_words)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (guint i = 0; i < n_words; i++)
    g_strv_builder_add (builder, _ (words[i]));
  g_auto (GStrv) translated = g_strv_builder_end (builder);
  return gtk_drop_down_new_from_strings ((const char *const *)translated);
}

static GtkWidget *
make_drop_down (FyrPatientFields *self, const FieldSpec *spec)
{
  GtkWidget *drop_down;
  if (spec->field == FYR_PATIENT_SEX)
    drop_down = drop_down_of (sex_words, G_N_ELEMENTS (sex_words));
  else if (spec->field == FYR_PATIENT_STATUS)
    drop_down = drop_down_of (status_words, G_N_ELEMENTS (status_words));
  else if (spec->control == CONTROL_LANGUAGE)
    drop_down = drop_down_of (language_words, G_N_ELEMENTS (language_words));
  else
    drop_down = drop_down_of (sex_words, 1);
  g_signal_connect (drop_down, "notify::selected", G_CALLBACK (on_selected), self);
  return drop_down;
}

static GtkWidget *
make_text_view (FyrPatientFields *self, const FieldSpec *spec)
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
make_entry (FyrPatientFields *self, const FieldSpec *spec)
{
  GtkWidget *entry = gtk_entry_new ();
  if (spec->control == CONTROL_TELEPHONE)
    gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_PHONE);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  g_signal_connect (entry, "changed", G_CALLBACK (on_text_changed), self);
  return entry;
}

static GtkWidget *
make_switch (FyrPatientFields *self)
{
  GtkWidget *button = gtk_switch_new ();
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_signal_connect (button, "notify::active", G_CALLBACK (on_switched), self);
  return button;
}

static GtkWidget *
make_control (FyrPatientFields *self, const FieldSpec *spec)
{
  switch (spec->control) {
  case CONTROL_ENUM:
  case CONTROL_LANGUAGE:
  case CONTROL_RECORD:
    return make_drop_down (self, spec);
  case CONTROL_SWITCH:
    return make_switch (self);
  case CONTROL_LONG_TEXT:
    return make_text_view (self, spec);
  case CONTROL_TEXT:
  case CONTROL_NUMBER:
  case CONTROL_TELEPHONE:
  case CONTROL_DATE:
  default:
    return make_entry (self, spec);
  }
}

static GtkWidget *
make_field (FyrPatientFields *self, const FieldSpec *spec)
{
  GtkWidget *control = make_control (self, spec);
  GtkWidget *form_field = fyr_form_field_new (_ (spec->label), control);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_object_set_data (G_OBJECT (control), "fyr-field", GUINT_TO_POINTER (spec->field));
  g_signal_connect (focus, "leave", G_CALLBACK (on_left), self);
  gtk_widget_add_controller (control, focus);
  g_object_set (form_field, "required",
                fyr_patient_info.fields[spec->field].required || spec->field == FYR_PATIENT_BIRTH_DATE,
                "hexpand", TRUE, "valign", GTK_ALIGN_START, NULL);
  if (spec->hint != NULL)
    fyr_form_field_set_hint (FYR_FORM_FIELD (form_field), _ (spec->hint));
  self->form_fields[spec->field] = form_field;
  self->specs[spec->field] = spec;
  return form_field;
}

static void
add_section (FyrPatientFields *self, const SectionSpec *section)
{
  GtkWidget *title = gtk_label_new (_ (section->title));
  GtkWidget *grid = gtk_grid_new ();
  int row = 0, column = 0;
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_set_margin_top (title, 12);
  gtk_widget_set_parent (title, GTK_WIDGET (self));
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 12);
  gtk_widget_set_parent (grid, GTK_WIDGET (self));
  for (guint i = 0; i < section->n_fields; i++) {
    const FieldSpec *spec = &section->fields[i];
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

static void
fyr_patient_fields_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (fyr_patient_fields_parent_class)->dispose (object);
}

static void
fyr_patient_fields_finalize (GObject *object)
{
  FyrPatientFields *self = FYR_PATIENT_FIELDS (object);
  for (guint i = 0; i < FYR_PATIENT_N_FIELDS; i++)
    g_clear_pointer (&self->choices[i], g_ptr_array_unref);
  g_clear_object (&self->patient);
  g_free (self->today);
  G_OBJECT_CLASS (fyr_patient_fields_parent_class)->finalize (object);
}

static void
fyr_patient_fields_class_init (FyrPatientFieldsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fyr_patient_fields_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_patient_fields_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  edited_signal = g_signal_new ("edited", FYR_TYPE_PATIENT_FIELDS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
fyr_patient_fields_init (FyrPatientFields *self)
{
  GtkBoxLayout *layout = GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self)));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (layout, 6);
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    add_section (self, &sections[i]);
}

GtkWidget *
fyr_patient_fields_new (FyrPatient *patient, FyrIdentityFlags flags, const char *today)
{
  FyrPatientFields *self = g_object_new (FYR_TYPE_PATIENT_FIELDS, NULL);
  self->patient = g_object_ref (patient);
  self->flags = flags;
  self->today = g_strdup (today);
  for (guint field = 0; field < FYR_PATIENT_N_FIELDS; field++) {
    if (self->form_fields[field] != NULL)
      show_field (self, field);
  }
  show_identity_kind (self);
  return GTK_WIDGET (self);
}

static const char *
name_of (FyrRecord *record)
{
  int field = fyr_record_info_find_field (fyr_record_get_info (record), "name");
  return fyr_record_get_string (record, (guint)field);
}

void
fyr_patient_fields_set_choices (FyrPatientFields *self, guint field, GPtrArray *records)
{
  g_return_if_fail (self->specs[field] != NULL && self->specs[field]->control == CONTROL_RECORD);
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
fyr_patient_fields_show_findings (FyrPatientFields *self)
{
  GtkWidget *first = NULL;
  for (guint s = 0; s < G_N_ELEMENTS (sections); s++) {
    for (guint i = 0; i < sections[s].n_fields; i++) {
      guint field = sections[s].fields[i].field;
      if (show_finding (self, field) == FYR_PATIENT_FINDING_ERROR && first == NULL)
        first = control_of (self, field);
    }
  }
  if (first != NULL)
    gtk_widget_grab_focus (first);
  return first == NULL;
}
