/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-background.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "fyr-background-forms.h"
#include "fyr-background-section.h"
#include "fyr-children.h"
#include "fyr-format.h"
#include "fyr-patient-fields.h"
#include "fyr-patient-tab.h"
#include "fyr-save.h"
#include "fyr-text-fold.h"
#include "fyr-toast.h"

struct _FyrPatientBackground {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrPatientDetail *detail; /* the page's, kept: an answer may come when the page is gone */
  gboolean nurse;
  gboolean address_shown;
  FyrBackgroundSection *reach;
  FyrBackgroundSection *matters;
  FyrBackgroundSection *relatives;
  FyrBackgroundSection *diagnoses;
  FyrBackgroundSection *service;
  FyrBackgroundSection *devices;
};

static void
fyr_patient_background_tab (FyrPatientTabInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrPatientBackground,
                               fyr_patient_background,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (FYR_TYPE_PATIENT_TAB, fyr_patient_background_tab))

static const char *const device_words[] = {
  N_ ("Device"),         N_ ("Tablet"), N_ ("Glucose meter"), N_ ("Blood pressure monitor"),
  N_ ("Pulse oximeter"), N_ ("Scale"),  N_ ("Thermometer"),   N_ ("Activity tracker"),
  N_ ("Spirometer"),     N_ ("Hub"),    N_ ("Other device"),
};
G_STATIC_ASSERT (G_N_ELEMENTS (device_words) == FYR_DEVICE_KIND_LAST + 1);

static void
add_copy_button (AdwActionRow *row, const char *what, const char *text)
{
  /* Translators: copies to the clipboard; %s is "Telephone" and the like. */
  g_autofree char *label = g_strdup_printf (_ ("Copy: %s"), what);
  if (text != NULL && *text != '\0')
    fyr_background_row_add_button (row, "edit-copy-symbolic", label, "background.copy", text);
}

static void
add_telephone_buttons (AdwActionRow *row, const char *what, const char *number)
{
  g_autofree char *label = g_strdup_printf (_ ("Call: %s"), what);
  if (number == NULL)
    return;
  fyr_background_row_add_button (row, "call-start-symbolic", label, "background.call", number);
  add_copy_button (row, what, number);
}

static void
add_telephone (FyrBackgroundSection *section, const char *what, const char *number)
{
  g_autofree char *shown = fyr_telephone_format (number);
  add_telephone_buttons (fyr_background_section_add_fact (section, what, shown), what, number);
}

static char *
address_text (FyrPatient *patient)
{
  const char *street = fyr_patient_get_address (patient);
  const char *code = fyr_patient_get_postal_code (patient), *city = fyr_patient_get_city (patient);
  g_autofree char *town =
      g_strstrip (g_strdup_printf ("%s %s", code != NULL ? code : "", city != NULL ? city : ""));
  if (street == NULL)
    return g_steal_pointer (&town);
  return *town != '\0' ? g_strdup_printf ("%s, %s", street, town) : g_strdup (street);
}

/* A protected address is not on the screen of whoever walks by: a nurse asks for it. */
static void
add_address (FyrPatientBackground *self, FyrPatient *patient)
{
  g_autofree char *address = address_text (patient);
  if (!fyr_patient_get_protected_address (patient)) {
    add_copy_button (fyr_background_section_add_fact (self->reach, _ ("Address"), address), _ ("Address"),
                     address);
    return;
  }
  const gboolean shown = self->nurse && self->address_shown;
  AdwActionRow *row = fyr_background_section_add_fact (
      self->reach, _ ("Protected address: do not pass it on"), shown ? address : _ ("Hidden"));
  if (self->nurse && !shown && *address != '\0')
    fyr_background_row_add_button (row, "view-reveal-symbolic", _ ("Show protected address"),
                                   "background.show-address", NULL);
}

static void
show_reach (FyrPatientBackground *self, FyrPatient *patient)
{
  fyr_background_section_clear (self->reach);
  add_telephone (self->reach, _ ("Telephone"), fyr_patient_get_telephone (patient));
  if (fyr_patient_get_telephone_2 (patient) != NULL)
    add_telephone (self->reach, _ ("Second telephone"), fyr_patient_get_telephone_2 (patient));
  if (fyr_patient_get_email (patient) != NULL)
    add_copy_button (
        fyr_background_section_add_fact (self->reach, _ ("Email"), fyr_patient_get_email (patient)),
        _ ("Email"), fyr_patient_get_email (patient));
  add_address (self, patient);
  const char *language = fyr_patient_get_language (patient);
  const gboolean norwegian = language == NULL || g_str_equal (language, "nb") ||
                             g_str_equal (language, "nn") || g_str_equal (language, "no");
  fyr_background_section_add_fact (self->reach,
                                   norwegian ? _ ("Language") : _ ("Language: an interpreter may be needed"),
                                   fyr_language_get_word (language));
}

static void
show_matters (FyrPatientBackground *self, FyrPatient *patient)
{
  const char *text = fyr_patient_get_what_matters (patient);
  fyr_background_section_clear (self->matters);
  if (text != NULL)
    fyr_background_section_add (self->matters, text, NULL);
  else
    fyr_background_section_add (self->matters, _ ("Not written yet"),
                                self->nurse ? _ ("Ask the patient, and write it with Edit above.") : NULL);
}

static char *
relative_text (FyrRelatedPerson *relative)
{
  g_autofree char *telephone = fyr_telephone_format (fyr_related_person_get_telephone (relative));
  const char *what = fyr_relationship_get_word (fyr_related_person_get_relationship (relative));
  const char *parts[5] = { NULL };
  guint n = 0;
  if (*what != '\0')
    parts[n++] = what;
  if (*telephone != '\0')
    parts[n++] = telephone;
  if (fyr_related_person_get_next_of_kin (relative))
    parts[n++] = _ ("next of kin");
  parts[n++] =
      fyr_related_person_get_may_be_informed (relative) ? _ ("may be informed") : _ ("must not be informed");
  return g_strjoinv (" · ", (char **)parts);
}

static void
add_change_buttons (FyrPatientBackground *self, AdwActionRow *row, const char *name, FyrRecord *record)
{
  g_autofree char *edit = g_strdup_printf (_ ("Edit: %s"), name);
  g_autofree char *remove = g_strdup_printf (_ ("Remove: %s"), name);
  if (!self->nurse)
    return;
  GtkWidget *button = fyr_background_row_add_button (row, "document-edit-symbolic", edit, "background.edit",
                                                     fyr_record_get_id (record));
  adw_action_row_set_activatable_widget (row, button);
  fyr_background_row_add_button (row, "user-trash-symbolic", remove, "background.remove",
                                 fyr_record_get_id (record));
}

static void
show_relatives (FyrPatientBackground *self, GPtrArray *relatives)
{
  fyr_background_section_clear (self->relatives);
  for (guint i = 0; i < relatives->len; i++) {
    FyrRelatedPerson *relative = g_ptr_array_index (relatives, i);
    const char *name = fyr_related_person_get_name (relative);
    g_autofree char *text = relative_text (relative);
    AdwActionRow *row = fyr_background_section_add (self->relatives, name, text);
    add_telephone_buttons (row, name, fyr_related_person_get_telephone (relative));
    add_change_buttons (self, row, name, FYR_RECORD (relative));
  }
  if (relatives->len == 0)
    fyr_background_section_add (self->relatives, _ ("No relatives registered"), NULL);
}

static char *
condition_text (FyrCondition *condition)
{
  const char *code = fyr_condition_get_code (condition), *onset = fyr_condition_get_onset_date (condition);
  g_autofree char *day = fyr_format_day (onset);
  g_autofree char *since = onset != NULL ? g_strdup_printf (_ ("since %s"), day) : NULL;
  if (code != NULL && since != NULL)
    return g_strdup_printf ("%s · %s", code, since);
  return code != NULL ? g_strdup (code) : g_steal_pointer (&since);
}

static void
show_diagnoses (FyrPatientBackground *self, GPtrArray *conditions)
{
  fyr_background_section_clear (self->diagnoses);
  for (guint i = 0; i < conditions->len; i++) {
    FyrCondition *condition = g_ptr_array_index (conditions, i);
    g_autofree char *text = condition_text (condition);
    AdwActionRow *row =
        fyr_background_section_add (self->diagnoses, fyr_condition_get_display (condition), text);
    add_change_buttons (self, row, fyr_condition_get_display (condition), FYR_RECORD (condition));
  }
  if (conditions->len == 0)
    fyr_background_section_add (self->diagnoses, _ ("No diagnoses registered"), NULL);
}

static void
show_service (FyrPatientBackground *self, FyrPatientDetail *detail)
{
  g_autofree char *start = fyr_format_day (fyr_patient_get_start_date (detail->patient));
  const char *gp = detail->gp != NULL ? fyr_gp_get_name (detail->gp) : NULL;
  fyr_background_section_clear (self->service);
  AdwActionRow *row = fyr_background_section_add_fact (self->service, _ ("GP"), gp);
  if (detail->gp != NULL && fyr_gp_get_telephone (detail->gp) != NULL) {
    g_autofree char *shown = fyr_telephone_format (fyr_gp_get_telephone (detail->gp));
    g_autofree char *text = g_strdup_printf (_ ("GP · %s"), shown);
    adw_action_row_set_subtitle (row, text);
    add_telephone_buttons (row, gp, fyr_gp_get_telephone (detail->gp));
  }
  fyr_background_section_add_fact (self->service, _ ("Municipality or district"),
                                   detail->owner != NULL ? fyr_organization_get_name (detail->owner) : NULL);
  fyr_background_section_add_fact (self->service, _ ("Follow-up started"), start);
}

static void
show_devices (FyrPatientBackground *self, GPtrArray *devices)
{
  fyr_background_section_clear (self->devices);
  for (guint i = 0; i < devices->len; i++) {
    FyrDevice *device = g_ptr_array_index (devices, i);
    const char *model = fyr_device_get_model (device), *maker = fyr_device_get_manufacturer (device);
    g_autofree char *title =
        model != NULL ? g_strdup_printf ("%s · %s%s%s", _ (device_words[fyr_device_get_device_kind (device)]),
                                         maker != NULL ? maker : "", maker != NULL ? " " : "", model)
                      : g_strdup (_ (device_words[fyr_device_get_device_kind (device)]));
    g_autofree char *serial = g_strdup_printf (_ ("Serial number %s"), fyr_device_get_serial_number (device));
    AdwActionRow *row = fyr_background_section_add (self->devices, title, serial);
    add_copy_button (row, serial, fyr_device_get_serial_number (device));
  }
  if (devices->len == 0)
    fyr_background_section_add (self->devices, _ ("Nothing is lent to the patient"), NULL);
}

static gboolean
concerns_background (FyrChangeSet *changes)
{
  static const char *const kinds[] = { "patient", "related_person", "condition",
                                       "gp",      "organization",   "device" };
  for (guint i = 0; changes != NULL && i < G_N_ELEMENTS (kinds); i++) {
    if (fyr_change_set_has_kind (changes, kinds[i]))
      return TRUE;
  }
  return changes == NULL;
}

static void
show (FyrPatientTab *tab, FyrPatientDetail *detail, FyrChangeSet *changes)
{
  FyrPatientBackground *self = FYR_PATIENT_BACKGROUND (tab);
  g_clear_pointer (&self->detail, fyr_patient_detail_unref);
  self->detail = fyr_patient_detail_ref (detail);
  if (!concerns_background (changes))
    return;
  show_reach (self, detail->patient);
  show_matters (self, detail->patient);
  show_relatives (self, detail->relatives);
  show_diagnoses (self, detail->conditions);
  show_service (self, detail);
  show_devices (self, detail->devices);
}

static void
fyr_patient_background_tab (FyrPatientTabInterface *iface)
{
  iface->show = show;
}

static void
copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (parameter, NULL));
  fyr_toast_show (widget, _ ("Copied"));
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWidget) self = data;
  g_autoptr (GError) error = NULL;
  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    fyr_toast_show (self, _ ("This computer cannot call. Copy the number and use your telephone."));
}

static void
call (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *uri = g_strconcat ("tel:", g_variant_get_string (parameter, NULL), NULL);
  g_app_info_launch_default_for_uri_async (uri, NULL, NULL, on_called, g_object_ref (widget));
}

static void
show_address (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrPatientBackground *self = FYR_PATIENT_BACKGROUND (widget);
  self->address_shown = TRUE;
  if (self->detail != NULL)
    show_reach (self, self->detail->patient);
}

static gpointer
find_record (GPtrArray *records, const char *id)
{
  for (guint i = 0; i < records->len; i++) {
    if (g_str_equal (fyr_record_get_id (g_ptr_array_index (records, i)), id))
      return g_ptr_array_index (records, i);
  }
  return NULL;
}

static void
open_relative (FyrPatientBackground *self, FyrRelatedPerson *relative)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  const char *patient_id = fyr_record_get_id (FYR_RECORD (self->detail->patient));
  gtk_window_present (GTK_WINDOW (fyr_relative_form_new (window, self->context, patient_id, relative)));
}

static void
open_diagnosis (FyrPatientBackground *self, FyrCondition *condition)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  const char *patient_id = fyr_record_get_id (FYR_RECORD (self->detail->patient));
  gtk_window_present (GTK_WINDOW (fyr_diagnosis_form_new (window, self->context, patient_id, condition)));
}

static void
add (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrPatientBackground *self = FYR_PATIENT_BACKGROUND (widget);
  if (self->detail == NULL)
    return;
  if (g_str_equal (action, "background.add-relative"))
    open_relative (self, NULL);
  else
    open_diagnosis (self, NULL);
}

static void
edit (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrPatientBackground *self = FYR_PATIENT_BACKGROUND (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  if (self->detail == NULL)
    return;
  gpointer relative = find_record (self->detail->relatives, id);
  gpointer condition = find_record (self->detail->conditions, id);
  if (relative != NULL)
    open_relative (self, relative);
  else if (condition != NULL)
    open_diagnosis (self, condition);
}

static void
remove_record (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrPatientBackground *self = FYR_PATIENT_BACKGROUND (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  if (self->detail == NULL)
    return;
  FyrRecord *relative = find_record (self->detail->relatives, id);
  FyrRecord *record = relative != NULL ? relative : find_record (self->detail->conditions, id);
  if (record == NULL)
    return;
  g_autoptr (FyrMutation) mutation =
      fyr_mutation_new_delete (record, fyr_app_context_get_user_id (self->context));
  fyr_save_with_undo (widget, self->context, mutation,
                      relative != NULL ? _ ("Relative removed") : _ ("Diagnosis removed"));
}

static void
fyr_patient_background_dispose (GObject *object)
{
  FyrPatientBackground *self = FYR_PATIENT_BACKGROUND (object);
  g_clear_pointer (&self->detail, fyr_patient_detail_unref);
  fyr_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->context);
  G_OBJECT_CLASS (fyr_patient_background_parent_class)->dispose (object);
}

static void
fyr_patient_background_class_init (FyrPatientBackgroundClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = fyr_patient_background_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "background.copy", "s", copy);
  gtk_widget_class_install_action (widget_class, "background.call", "s", call);
  gtk_widget_class_install_action (widget_class, "background.show-address", NULL, show_address);
  gtk_widget_class_install_action (widget_class, "background.add-relative", NULL, add);
  gtk_widget_class_install_action (widget_class, "background.add-diagnosis", NULL, add);
  gtk_widget_class_install_action (widget_class, "background.edit", "s", edit);
  gtk_widget_class_install_action (widget_class, "background.remove", "s", remove_record);
}

static void
fyr_patient_background_init (FyrPatientBackground *self)
{
}

static FyrBackgroundSection *
add_section (GtkWidget *box, const char *title, const char *add_label, const char *add_action)
{
  GtkWidget *section = fyr_background_section_new (title, add_label, add_action);
  gtk_box_append (GTK_BOX (box), section);
  return FYR_BACKGROUND_SECTION (section);
}

static void
build (FyrPatientBackground *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 860);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  g_object_set (box, "margin-top", 12, "margin-bottom", 24, "margin-start", 12, "margin-end", 12, NULL);
  gtk_widget_set_parent (scroller, GTK_WIDGET (self));
  self->reach = add_section (box, _ ("How to reach the patient"), NULL, NULL);
  self->matters = add_section (box, _ ("What matters to the patient"), NULL, NULL);
  self->diagnoses = add_section (box, _ ("Diagnoses"), self->nurse ? _ ("Add _diagnosis") : NULL,
                                 "background.add-diagnosis");
  self->relatives =
      add_section (box, _ ("Relatives"), self->nurse ? _ ("Add _relative") : NULL, "background.add-relative");
  self->service = add_section (box, _ ("Follow-up"), NULL, NULL);
  self->devices = add_section (box, _ ("Lent equipment"), NULL, NULL);
}

GtkWidget *
fyr_patient_background_new (FyrAppContext *context)
{
  FyrPatientBackground *self = g_object_new (FYR_TYPE_PATIENT_BACKGROUND, NULL);
  self->context = g_object_ref (context);
  self->nurse = fyr_app_context_get_role (context) == FYR_ROLE_NURSE;
  build (self);
  return GTK_WIDGET (self);
}
