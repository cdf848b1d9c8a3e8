/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-app-fixture.h"
#include "fyr-patient-form.h"

/* The tax administration's published example of a synthetic number: born 5 March 1985. */
#define SYNTHETIC "03851598730"

typedef struct {
  char *saved_id;
  gboolean gone;
} Told;

static void
on_saved (GtkWidget *form, const char *id, Told *told)
{
  g_free (told->saved_id);
  told->saved_id = g_strdup (id);
}

static void
on_gone (gpointer data, GObject *where_it_was)
{
  ((Told *)data)->gone = TRUE;
}

static GtkWidget *
open_form (FyrAppFixture *fixture, FyrPatient *patient, Told *told)
{
  GtkWidget *form = fyr_patient_form_new (fixture->window, fixture->context, patient);
  g_signal_connect (form, "saved", G_CALLBACK (on_saved), told);
  g_object_weak_ref (G_OBJECT (form), on_gone, told);
  gtk_window_present (GTK_WINDOW (form));
  return form;
}

static gboolean
is_saved (gpointer data)
{
  return ((Told *)data)->saved_id != NULL;
}

static guint
count_patients (FyrAppFixture *fixture)
{
  const FyrPatientFilter filter = { 0 };
  guint total = 0;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_patients_async (fixture->store.store, &filter, FYR_SLOT));
  g_autoptr (GPtrArray) items = fyr_store_list_patients_finish (fixture->store.store, result, &total, NULL);
  g_assert_nonnull (items);
  return total;
}

static void
test_nothing_is_saved_without_a_name (FyrAppFixture *fixture, gconstpointer role)
{
  static Told told;
  told = (Told){ 0 };
  guint before = count_patients (fixture);
  GtkWidget *form = open_form (fixture, NULL, &told);
  fyr_app_type (form, "Identity number", "123");
  gtk_widget_activate_action (form, "form.save", NULL);
  g_assert_true (fyr_form_field_is_in_error (fyr_app_find_field (form, "Identity number")));
  g_assert_true (fyr_form_field_is_in_error (fyr_app_find_field (form, "Given name")));
  g_assert_true (fyr_form_field_is_in_error (fyr_app_find_field (form, "Family name")));
  g_assert_true (fyr_form_field_is_in_error (fyr_app_find_field (form, "Date of birth")));
  /* A missing telephone is doubtful, no error. */
  g_assert_false (fyr_form_field_is_in_error (fyr_app_find_field (form, "Telephone")));
  g_assert_cmpstr (fyr_form_field_get_message (fyr_app_find_field (form, "Telephone")), !=, "");
  /* The first field in error has the keyboard. */
  GtkWidget *first = fyr_form_field_get_child (fyr_app_find_field (form, "Identity number"));
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (form));
  g_assert_true (focus != NULL && (focus == first || gtk_widget_is_ancestor (focus, first)));
  g_assert_null (told.saved_id);
  g_assert_cmpuint (count_patients (fixture), ==, before);
  gtk_window_destroy (GTK_WINDOW (form));
}

static void
test_a_registered_patient_is_in_the_store (FyrAppFixture *fixture, gconstpointer role)
{
  static Told told;
  told = (Told){ 0 };
  GtkWidget *form = open_form (fixture, NULL, &told);
  fyr_app_type (form, "Identity number", "038515 98730");
  fyr_app_type (form, "Given name", "  Kari ");
  fyr_app_type (form, "Family name", "Prøve");
  fyr_app_type (form, "Telephone", "99 88 77 66");
  gtk_widget_activate_action (form, "form.save", NULL);
  fyr_app_settle (is_saved, &told);
  g_autoptr (FyrRecord) record = fyr_test_get (&fixture->store, &fyr_patient_info, told.saved_id);
  g_assert_nonnull (record);
  FyrPatient *patient = FYR_PATIENT (record);
  g_assert_cmpstr (fyr_patient_get_identity_number (patient), ==, SYNTHETIC);
  g_assert_cmpstr (fyr_patient_get_given_name (patient), ==, "Kari");
  g_assert_cmpstr (fyr_patient_get_telephone (patient), ==, "+4799887766");
  g_assert_cmpstr (fyr_patient_get_centre_id (patient), ==, fixture->store.centre);
  /* Birth date came from the number; nobody typed it. */
  g_assert_nonnull (fyr_patient_get_birth_date (patient));
  g_free (told.saved_id);
}

static gboolean
has_notice (gpointer form)
{
  GtkWidget *revealer = fyr_app_find (form, GTK_TYPE_REVEALER, NULL, NULL);
  return gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)) &&
         gtk_widget_get_first_child (GTK_WIDGET (fyr_record_form_get_notice_box (FYR_RECORD_FORM (form)))) !=
             NULL;
}

static void
test_the_same_person_is_shown_before_a_double_is_made (FyrAppFixture *fixture, gconstpointer role)
{
  static Told told;
  told = (Told){ 0 };
  FyrPatient *known = fyr_test_patient (&fixture->store, "Dobbelt", "Nora");
  fyr_patient_set_birth_date (known, "1950-02-01");
  fyr_test_save_ok (&fixture->store, fyr_mutation_new_create (FYR_RECORD (known), fixture->store.nurse));
  GtkWidget *form = open_form (fixture, NULL, &told);
  g_assert_false (has_notice (form));
  fyr_app_type (form, "Given name", "nora");
  fyr_app_type (form, "Family name", "DOBBELT");
  fyr_app_type (form, "Date of birth", "1.2.1950");
  fyr_app_settle (has_notice, form);
  gtk_window_destroy (GTK_WINDOW (form));
  g_object_unref (known);
}

static void
test_what_is_typed_survives_closing (FyrAppFixture *fixture, gconstpointer role)
{
  static Told told;
  told = (Told){ 0 };
  GtkWidget *form = open_form (fixture, NULL, &told);
  fyr_app_type (form, "Given name", "Kari");
  gtk_widget_activate_action (form, "form.cancel", NULL);
  g_assert_false (gtk_widget_get_visible (form));
  g_assert_false (told.gone);
  GtkWidget *toast = fyr_app_find (GTK_WIDGET (fixture->window), GTK_TYPE_BUTTON, NULL, NULL);
  g_assert_nonnull (toast);
  g_signal_emit_by_name (toast, "clicked");
  g_assert_true (gtk_widget_get_visible (form));
  GtkWidget *name = fyr_form_field_get_child (fyr_app_find_field (form, "Given name"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (name)), ==, "Kari");
  gtk_window_destroy (GTK_WINDOW (form));
}

static void
test_closing_without_changes_closes (FyrAppFixture *fixture, gconstpointer role)
{
  static Told told;
  told = (Told){ 0 };
  GtkWidget *form = open_form (fixture, NULL, &told);
  gtk_widget_activate_action (form, "form.cancel", NULL);
  while (!told.gone)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  gconstpointer nurse = GUINT_TO_POINTER (FYR_ROLE_NURSE);
  fyr_app_fixture_init (&argc, &argv);
#define ADD(path, function)                                                                                  \
  g_test_add (path, FyrAppFixture, nurse, fyr_app_fixture_set_up, function, fyr_app_fixture_tear_down)
  ADD ("/patient-form/validation", test_nothing_is_saved_without_a_name);
  ADD ("/patient-form/save", test_a_registered_patient_is_in_the_store);
  ADD ("/patient-form/duplicates", test_the_same_person_is_shown_before_a_double_is_made);
  ADD ("/patient-form/undo", test_what_is_typed_survives_closing);
  ADD ("/patient-form/close", test_closing_without_changes_closes);
#undef ADD
  return g_test_run ();
}
