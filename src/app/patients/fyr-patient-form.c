/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-form.h"

#include <glib/gi18n-lib.h>

#include "fyr-display-log.h"
#include "fyr-format.h"
#include "fyr-oslo-time.h"
#include "fyr-patient-fields.h"
#include "fyr-store-query.h"
#include "fyr-store.h"
#include "fyr-uuid.h"

struct _FyrPatientForm {
  FyrRecordForm parent_instance;
  FyrAppContext *context;
  FyrPatient *patient;
  FyrRecordFields *fields;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (FyrPatientForm, fyr_patient_form, FYR_TYPE_RECORD_FORM)

static void
on_open_duplicate (GtkButton *button, FyrPatientForm *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  const char *id = g_object_get_data (G_OBJECT (button), "patient-id");
  gtk_widget_activate_action (GTK_WIDGET (parent), "win.show-patient", "s", id);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
add_duplicate (FyrPatientForm *self, FyrPatientItem *item)
{
  FyrPatient *patient = fyr_patient_item_get_patient (item);
  g_autofree char *birth_date = fyr_format_day (fyr_patient_get_birth_date (patient));
  /* Translators: a patient already registered: name, date of birth. */
  g_autofree char *label =
      g_strdup_printf (_ ("Open %s, born %s"), fyr_patient_item_get_name (item), birth_date);
  GtkWidget *button = gtk_button_new_with_label (label);
  fyr_display_log_note_listed (self->context, FYR_AUDIT_RESOURCE_PATIENT_FORM,
                               fyr_patient_item_get_id (item));
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_object_set_data_full (G_OBJECT (button), "patient-id", g_strdup (fyr_patient_item_get_id (item)), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (on_open_duplicate), self);
  gtk_box_append (fyr_record_form_get_notice_box (FYR_RECORD_FORM (self)), button);
}

static void
show_duplicates (FyrPatientForm *self, GPtrArray *items)
{
  GtkBox *box = fyr_record_form_get_notice_box (FYR_RECORD_FORM (self));
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
  for (guint i = 0; i < MIN (items->len, 3); i++)
    add_duplicate (self, g_ptr_array_index (items, i));
  fyr_record_form_show_notice (FYR_RECORD_FORM (self),
                               items->len > 0 ? _ ("This person may be registered already") : NULL);
}

static void
on_duplicates (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = fyr_store_find_duplicates_finish (FYR_STORE (store), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (items == NULL) {
    g_warning ("looking for duplicates failed: code %d", error->code);
    return;
  }
  show_duplicates (data, items);
}

static void
on_edited (FyrRecordFields *fields, guint field, FyrPatientForm *self)
{
  FyrStore *store = fyr_app_context_get_store (self->context);
  const gboolean tells_who = field == FYR_PATIENT_IDENTITY_NUMBER || field == FYR_PATIENT_BIRTH_DATE ||
                             field == FYR_PATIENT_FAMILY_NAME || field == FYR_PATIENT_GIVEN_NAME;
  if (!tells_who || store == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->cancellable, NULL);
  self->cancellable = g_cancellable_new ();
  fyr_store_find_duplicates_async (store, self->patient, self->cancellable, on_duplicates, self);
}

static void
fyr_patient_form_dispose (GObject *object)
{
  FyrPatientForm *self = FYR_PATIENT_FORM (object);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->context);
  g_clear_object (&self->patient);
  G_OBJECT_CLASS (fyr_patient_form_parent_class)->dispose (object);
}

static void
fyr_patient_form_class_init (FyrPatientFormClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fyr_patient_form_dispose;
}

static void
fyr_patient_form_init (FyrPatientForm *self)
{
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  g_autofree char *name_a = NULL, *name_b = NULL;
  g_object_get (*(gpointer *)a, "name", &name_a, NULL);
  g_object_get (*(gpointer *)b, "name", &name_b, NULL);
  return g_utf8_collate (name_a != NULL ? name_a : "", name_b != NULL ? name_b : "");
}

static void
take_choices (GObject *store, GAsyncResult *result, FyrPatientForm *self, guint field)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = fyr_store_list_records_finish (FYR_STORE (store), result, &error);
  if (records == NULL) {
    g_warning ("loading choices failed: code %d", error->code);
    return;
  }
  if (self->context == NULL)
    return;
  g_ptr_array_sort (records, compare_names);
  fyr_record_fields_set_choices (self->fields, field, records);
}

static void
on_gps (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrPatientForm) self = data;
  take_choices (store, result, self, FYR_PATIENT_GP_ID);
}

static void
on_owners (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrPatientForm) self = data;
  take_choices (store, result, self, FYR_PATIENT_OWNER_ID);
}

static void
load_choices (FyrPatientForm *self)
{
  FyrStore *store = fyr_app_context_get_store (self->context);
  if (store == NULL)
    return;
  fyr_store_list_records_async (store, "gp", NULL, NULL, NULL, on_gps, g_object_ref (self));
  fyr_store_list_records_async (store, "organization", NULL, NULL, NULL, on_owners, g_object_ref (self));
}

static FyrPatient *
new_patient (FyrAppContext *context, const char *today)
{
  char id[FYR_UUID_TEXT_SIZE];
  FyrPatient *patient = fyr_patient_new ();
  fyr_uuid_v7_new (fyr_now (), id);
  fyr_record_set_id (FYR_RECORD (patient), id);
  fyr_patient_set_centre_id (patient, fyr_app_context_get_centre_id (context));
  fyr_patient_set_status (patient, FYR_PATIENT_STATUS_ACTIVE);
  fyr_patient_set_start_date (patient, today);
  fyr_patient_set_missing_report_alert (patient, TRUE);
  return patient;
}

/* `YYYY-MM-DD` in Norway. */
static char *
today_in_norway (void)
{
  FyrCivilTime civil;
  fyr_oslo_to_civil (fyr_now (), &civil);
  return fyr_civil_day_format (civil.day);
}

GtkWidget *
fyr_patient_form_new (GtkWindow *parent, FyrAppContext *context, FyrPatient *patient)
{
  g_autofree char *today = today_in_norway ();
  FyrPatientForm *self = g_object_new (FYR_TYPE_PATIENT_FORM, "transient-for", parent, "title",
                                       patient == NULL ? _ ("Register patient") : _ ("Edit patient"), NULL);
  FyrCentre *centre = fyr_app_context_get_centre (context);
  gboolean test_centre = centre != NULL && fyr_centre_get_test_centre (centre);
  self->context = g_object_ref (context);
  self->patient =
      patient != NULL ? FYR_PATIENT (fyr_record_copy (FYR_RECORD (patient))) : new_patient (context, today);
  self->fields =
      fyr_patient_fields_new (self->patient, fyr_identity_flags_for_time (fyr_now (), test_centre), today);
  g_signal_connect_object (self->fields, "edited", G_CALLBACK (on_edited), self, 0);
  fyr_record_form_set_up (FYR_RECORD_FORM (self), context, FYR_RECORD (self->patient), patient != NULL,
                          self->fields, patient != NULL ? _ ("Changes saved") : _ ("Patient registered"));
  load_choices (self);
  return GTK_WIDGET (self);
}
