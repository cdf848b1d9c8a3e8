/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-page.h"

#include <glib/gi18n-lib.h>

#include "fyr-children.h"
#include "fyr-display-log.h"
#include "fyr-emergency-banner.h"
#include "fyr-badge.h"
#include "fyr-format.h"
#include "fyr-identity-number.h"
#include "fyr-patient-background.h"
#include "fyr-patient-form.h"
#include "fyr-patient-limits.h"
#include "fyr-patient-notes.h"
#include "fyr-patient-tab.h"
#include "fyr-patient-trends.h"
#include "fyr-save.h"
#include "fyr-store.h"
#include "fyr-text-fold.h"
#include "fyr-toast.h"

struct _FyrPatientPage {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrStore *store;
  char *patient_id;
  FyrPatientDetail *detail;
  FyrChangeSet *changes; /* since the detail was asked for */
  gboolean logged;       /* the access log has it: it may be shown */
  gboolean asking;
  gboolean showing;
  FyrBadge *zone_badge;
  GtkLabel *name_label;
  GtkLabel *who_label;
  GtkLabel *service_label;
  GtkWidget *zone_box;
  GtkDropDown *zone_drop_down;
  GtkWidget *edit_button;
  GtkWidget *copy_button;
  GtkWidget *switcher;
  GtkStack *tabs;
  GtkBox *box;
};

G_DEFINE_TYPE (FyrPatientPage, fyr_patient_page, GTK_TYPE_WIDGET)

static const struct {
  const char *name;
  const char *title;
  GtkWidget *(*create) (FyrAppContext *context);
} tabs[] = {
  { "trends", N_ ("Trends"), fyr_patient_trends_new },
  { "limits", N_ ("Limits"), fyr_patient_limits_new },
  { "notes", N_ ("Notes"), fyr_patient_notes_new },
  { "background", N_ ("Background"), fyr_patient_background_new },
};

/* A number is read in one go: never broken over two lines. */
static char *
unbroken (char *number)
{
  GString *text = g_string_new (number);
  g_string_replace (text, " ", "\u00a0", 0);
  g_free (number);
  return g_string_free (text, FALSE);
}

/* Birth date and age, number, telephone: what is read aloud to be sure who it is. */
static char *
who_text (FyrPatient *patient)
{
  g_autofree char *born = fyr_format_day (fyr_patient_get_birth_date (patient));
  g_autofree char *age = fyr_format_age (fyr_patient_get_birth_date (patient), fyr_now ());
  g_autofree char *number = unbroken (fyr_identity_number_format (fyr_patient_get_identity_number (patient)));
  g_autofree char *telephone = unbroken (fyr_telephone_format (fyr_patient_get_telephone (patient)));
  /* Translators: date of birth (age) · identity number · telephone */
  return g_strdup_printf (_ ("Born %s (%s) · %s · Tel. %s"), born, age,
                          *number != '\0' ? number : _ ("no identity number"),
                          *telephone != '\0' ? telephone : "–");
}

static char *
service_text (FyrPatientDetail *detail)
{
  g_autofree char *gp_telephone =
      unbroken (fyr_telephone_format (detail->gp != NULL ? fyr_gp_get_telephone (detail->gp) : NULL));
  g_autofree char *gp = detail->gp == NULL      ? g_strdup (_ ("GP not stated"))
                        : *gp_telephone != '\0' ? g_strdup_printf (_ ("GP %s, tel. %s"),
                                                                   fyr_gp_get_name (detail->gp), gp_telephone)
                                                : g_strdup_printf (_ ("GP %s"), fyr_gp_get_name (detail->gp));
  const char *owner = detail->owner != NULL ? fyr_organization_get_name (detail->owner) : NULL;
  return owner != NULL ? g_strdup_printf ("%s · %s", gp, owner) : g_steal_pointer (&gp);
}

static void
show_head (FyrPatientPage *self)
{
  FyrPatient *patient = self->detail->patient;
  g_autofree char *name =
      fyr_join_name (fyr_patient_get_given_name (patient), fyr_patient_get_family_name (patient));
  g_autofree char *who = who_text (patient);
  g_autofree char *service = service_text (self->detail);
  self->showing = TRUE;
  gtk_label_set_label (self->name_label, name);
  gtk_label_set_label (self->who_label, who);
  gtk_label_set_label (self->service_label, service);
  fyr_badge_set_zone (self->zone_badge, fyr_patient_get_zone (patient));
  gtk_drop_down_set_selected (self->zone_drop_down, fyr_patient_get_zone (patient));
  self->showing = FALSE;
}

static void
show_detail (FyrPatientPage *self, FyrChangeSet *changes)
{
  show_head (self);
  for (guint i = 0; i < G_N_ELEMENTS (tabs); i++)
    fyr_patient_tab_show (FYR_PATIENT_TAB (gtk_stack_get_child_by_name (self->tabs, tabs[i].name)),
                          self->detail, changes);
}

static void
ask (FyrPatientPage *self);

/* What a role may not do is not there; and of a patient that is gone nothing is. */
static void
show_parts (FyrPatientPage *self, gboolean shown)
{
  gboolean nurse = fyr_app_context_get_role (self->context) == FYR_ROLE_NURSE;
  gtk_widget_set_visible (GTK_WIDGET (self->zone_badge), shown);
  gtk_widget_set_visible (self->copy_button, shown);
  gtk_widget_set_visible (self->switcher, shown);
  gtk_widget_set_visible (GTK_WIDGET (self->tabs), shown);
  gtk_widget_set_visible (self->zone_box, shown && nurse);
  gtk_widget_set_visible (self->edit_button, shown && nurse);
}

/* A registration was undone, or the sharing has ended: nothing of the patient stays on the screen. */
static void
show_nobody (FyrPatientPage *self, const GError *error)
{
  if (!g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD))
    g_warning ("the patient's page could not be read: code %d", error->code);
  show_parts (self, FALSE);
  gtk_label_set_label (self->name_label, _ ("This patient cannot be shown"));
  gtk_label_set_label (self->who_label, _ ("The patient is no longer among those you follow."));
  gtk_label_set_label (self->service_label, "");
}

static void
on_answer (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrPatientPage) self = data;
  g_autoptr (GError) error = NULL;
  FyrPatientDetail *detail = fyr_store_load_patient_finish (FYR_STORE (store), result, &error);
  g_autoptr (FyrChangeSet) changes = g_steal_pointer (&self->changes);
  self->asking = FALSE;
  if (self->context == NULL) {
    g_clear_pointer (&detail, fyr_patient_detail_unref);
    return;
  }
  if (detail == NULL) {
    show_nobody (self, error);
    return;
  }
  g_autoptr (FyrPatientDetail) former = g_steal_pointer (&self->detail);
  self->detail = detail;
  show_parts (self, TRUE);
  show_detail (self, former != NULL ? changes : NULL);
  if (self->changes != NULL)
    ask (self);
}

static void
ask (FyrPatientPage *self)
{
  if (self->asking || !self->logged)
    return;
  self->asking = TRUE;
  fyr_store_load_patient_async (self->store, self->patient_id, NULL, on_answer, g_object_ref (self));
}

static void
on_logged (GObject *context, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrPatientPage) self = data;
  g_autoptr (GError) error = NULL;
  self->logged = fyr_display_log_open_finish (FYR_APP_CONTEXT (context), result, &error);
  if (self->context == NULL)
    return;
  if (self->logged) {
    ask (self);
    return;
  }
  gtk_label_set_label (self->name_label, _ ("This patient is not shown"));
  gtk_label_set_label (self->who_label, fyr_display_log_error_get_words (error));
}

static void
on_store_changed (FyrStore *store, FyrChangeSet *changes, FyrPatientPage *self)
{
  if (!self->logged)
    return;
  if (!fyr_change_set_has_patient (changes, self->patient_id) &&
      !fyr_change_set_has_kind (changes, FYR_CHANGE_OUTBOX))
    return;
  if (self->changes == NULL)
    self->changes = fyr_change_set_new ();
  fyr_change_set_merge (self->changes, changes);
  ask (self);
}

static void
on_zone_chosen (GtkDropDown *drop_down, GParamSpec *pspec, FyrPatientPage *self)
{
  if (self->showing || self->detail == NULL)
    return;
  g_autoptr (FyrRecord) after = fyr_record_copy (FYR_RECORD (self->detail->patient));
  fyr_patient_set_zone (FYR_PATIENT (after), (FyrZone)gtk_drop_down_get_selected (drop_down));
  g_autoptr (FyrMutation) mutation = fyr_mutation_new_update (FYR_RECORD (self->detail->patient), after,
                                                              fyr_app_context_get_user_id (self->context));
  if (mutation != NULL)
    fyr_save_with_undo (GTK_WIDGET (self), self->context, mutation, _ ("Zone changed"));
}

/* What is copied most: into a journal, a telephone, a message to the GP. */
static void
copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrPatientPage *self = FYR_PATIENT_PAGE (widget);
  if (self->detail == NULL)
    return;
  const gboolean number = g_str_equal (action, "patient.copy-number");
  const char *text = number ? fyr_patient_get_identity_number (self->detail->patient)
                            : fyr_patient_get_telephone (self->detail->patient);
  if (text == NULL) {
    fyr_toast_show (widget, _ ("There is none to copy"));
    return;
  }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  fyr_toast_show (widget, number ? _ ("Identity number copied") : _ ("Telephone number copied"));
}

/* From whatever tab one is in: the trends with their limits and values. */
static void
print (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkWidget *trends = gtk_stack_get_child_by_name (FYR_PATIENT_PAGE (widget)->tabs, "trends");
  gtk_widget_activate_action (trends, "trends.print", NULL);
}

static void
edit (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrPatientPage *self = FYR_PATIENT_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  if (self->detail != NULL)
    gtk_window_present (
        GTK_WINDOW (fyr_patient_form_new (GTK_WINDOW (root), self->context, self->detail->patient)));
}

static void
fyr_patient_page_dispose (GObject *object)
{
  FyrPatientPage *self = FYR_PATIENT_PAGE (object);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), FYR_TYPE_PATIENT_PAGE);
  /* Only children with a name of their own go with the template. */
  fyr_children_unparent (GTK_WIDGET (object));
  g_clear_object (&self->changes);
  g_clear_object (&self->store);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (fyr_patient_page_parent_class)->dispose (object);
}

static void
fyr_patient_page_finalize (GObject *object)
{
  FyrPatientPage *self = FYR_PATIENT_PAGE (object);
  g_clear_pointer (&self->detail, fyr_patient_detail_unref);
  g_free (self->patient_id);
  G_OBJECT_CLASS (fyr_patient_page_parent_class)->finalize (object);
}

/* The keyboard begins at the tabs. */
static gboolean
fyr_patient_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (gtk_widget_get_first_child (FYR_PATIENT_PAGE (widget)->switcher));
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  const GdkModifierType keys = GDK_CONTROL_MASK | GDK_SHIFT_MASK;
  gtk_widget_class_install_action (widget_class, "patient.edit", NULL, edit);
  gtk_widget_class_install_action (widget_class, "patient.print", NULL, print);
  gtk_widget_class_install_action (widget_class, "patient.copy-number", NULL, copy);
  gtk_widget_class_install_action (widget_class, "patient.copy-telephone", NULL, copy);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, GDK_CONTROL_MASK, "patient.print", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_i, keys, "patient.copy-number", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_t, keys, "patient.copy-telephone", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.back", NULL);
}

static void
fyr_patient_page_class_init (FyrPatientPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = fyr_patient_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_patient_page_finalize;
  widget_class->grab_focus = fyr_patient_page_grab_focus;
  g_type_ensure (FYR_TYPE_BADGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/patient/fyr-patient-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrPatientPage, box);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientPage, zone_badge);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientPage, name_label);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientPage, who_label);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientPage, service_label);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientPage, zone_box);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientPage, zone_drop_down);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientPage, edit_button);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientPage, copy_button);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientPage, switcher);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientPage, tabs);
  install_actions (widget_class);
}

static void
fyr_patient_page_init (FyrPatientPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
fyr_patient_page_new (FyrAppContext *context, const char *patient_id)
{
  FyrPatientPage *self = g_object_new (FYR_TYPE_PATIENT_PAGE, NULL);
  self->context = g_object_ref (context);
  self->patient_id = g_strdup (patient_id);
  self->store =
      fyr_app_context_get_store (context) != NULL ? g_object_ref (fyr_app_context_get_store (context)) : NULL;
  gtk_box_prepend (self->box, fyr_emergency_banner_new (context, patient_id));
  for (guint i = 0; i < G_N_ELEMENTS (tabs); i++)
    gtk_stack_add_titled (self->tabs, tabs[i].create (context), tabs[i].name, _ (tabs[i].title));
  /* For a nurse the word stands in the list beside it. */
  fyr_badge_set_compact (self->zone_badge, fyr_app_context_get_role (context) == FYR_ROLE_NURSE);
  show_parts (self, TRUE);
  g_signal_connect (self->zone_drop_down, "notify::selected", G_CALLBACK (on_zone_chosen), self);
  if (self->store != NULL)
    g_signal_connect (self->store, "changed", G_CALLBACK (on_store_changed), self);
  if (self->store != NULL)
    fyr_display_log_open_async (context, FYR_AUDIT_RESOURCE_PATIENT, FYR_AUDIT_CHANNEL_SCREEN, patient_id,
                                NULL, on_logged, g_object_ref (self));
  return GTK_WIDGET (self);
}

void
fyr_patient_page_show_tab (FyrPatientPage *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->tabs, name);
}
