/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-emergency-dialog.h"

#include <glib/gi18n-lib.h>

#include "fyr-form-field.h"
#include "fyr-form-window.h"
#include "fyr-format.h"
#include "fyr-identity-number.h"
#include "fyr-sync-emergency.h"
#include "fyr-typed-text.h"

struct _FyrEmergencyDialog {
  AdwWindow parent_instance;
  FyrAppContext *context;
  FyrFormField *number_field;
  FyrFormField *reason_field;
  FyrFormField *text_field;
  FyrFormField *password_field;
  GtkEditable *number;
  GtkDropDown *reason;
  GtkTextView *text;
  GtkEditable *password;
};

enum { OPENED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FyrEmergencyDialog, fyr_emergency_dialog, ADW_TYPE_WINDOW)

const char *
fyr_emergency_word_reason (FyrEmergencyReason reason)
{
  static const char *const words[] = {
    "",
    N_ ("Danger to life or health"),
    N_ ("Sudden deterioration"),
    N_ ("Those responsible cannot be reached"),
    N_ ("The patient asks for help"),
    N_ ("Another reason"),
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (words) == FYR_EMERGENCY_REASON_LAST + 1);
  if ((guint)reason >= G_N_ELEMENTS (words))
    return _ ("Something newer");
  return reason != FYR_EMERGENCY_REASON_UNSET ? _ (words[reason]) : "";
}

char *
fyr_emergency_dialog_check_number (const char *text, gboolean test_centre, const char **message)
{
  FyrIdentityNumber number;
  FyrIdentityProblem problem =
      fyr_identity_number_parse (text, fyr_identity_flags_for_time (fyr_now (), test_centre), &number);

  *message = NULL;
  if (problem != FYR_IDENTITY_PROBLEM_NONE) {
    *message = _ (fyr_identity_problem_get_message (problem));
    return NULL;
  }
  return g_strdup (number.digits);
}

static char *
get_words (FyrEmergencyDialog *self)
{
  return g_strstrip (fyr_typed_text_dup (gtk_text_view_get_buffer (self->text)));
}

static char *
check_number (FyrEmergencyDialog *self)
{
  FyrCentre *centre = fyr_app_context_get_centre (self->context);
  const char *message = NULL;
  char *digits = fyr_emergency_dialog_check_number (gtk_editable_get_text (self->number),
                                                    centre && fyr_centre_get_test_centre (centre), &message);

  fyr_form_field_set_message (self->number_field, message);
  return digits;
}

static void
check_others (FyrEmergencyDialog *self, const char *words)
{
  fyr_form_field_set_message (
      self->reason_field, gtk_drop_down_get_selected (self->reason) == 0 ? _ ("Choose the reason.") : NULL);
  fyr_form_field_set_message (
      self->text_field,
      fyr_emergency_text_is_enough (words) ? NULL : _ ("Write what has happened, in 15 to 1000 characters."));
  fyr_form_field_set_message (self->password_field, *gtk_editable_get_text (self->password) == '\0'
                                                        ? _ ("Type your password.")
                                                        : NULL);
}

/* The keyboard goes to the first that is wrong. */
static gboolean
is_filled_in (FyrEmergencyDialog *self)
{
  FyrFormField *const fields[] = { self->number_field, self->reason_field, self->text_field,
                                   self->password_field };
  GtkWidget *const controls[] = { GTK_WIDGET (self->number), GTK_WIDGET (self->reason),
                                  GTK_WIDGET (self->text), GTK_WIDGET (self->password) };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    if (fyr_form_field_is_in_error (fields[i])) {
      gtk_widget_grab_focus (controls[i]);
      return FALSE;
    }
  }
  return TRUE;
}

/* (transfer full) */
static char *
words_for (const GError *error, guint seconds)
{
  if (g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_CREDENTIALS))
    return g_strdup (
        _ ("Nobody was opened: the password or the identity number is wrong, or the patient is not at "
           "a centre where you work."));
  if (g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NOT_NEEDED))
    return g_strdup (_ ("This patient is open to you already. Close this window and search for the number."));
  if (g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_LOCKED_OUT) ||
      g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_TOO_MANY)) {
    guint minutes = MAX ((seconds + 59) / 60, 1);

    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Too many tries. Wait %u minute.",
                                         "Too many tries. Wait %u minutes.", minutes),
                            minutes);
  }
  if (g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_FORBIDDEN))
    return g_strdup (_ ("Your role does not open patients in an emergency."));
  return g_strdup (
      _ ("Emergency access needs contact with the server, and there is none now. Nothing was opened. "
         "In an emergency without contact, call those who follow the patient up, or 113."));
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrEmergencyDialog) self = data;
  g_autoptr (GError) error = NULL;
  guint seconds = 0;
  g_autofree char *patient_id =
      fyr_sync_engine_open_emergency_finish (FYR_SYNC_ENGINE (source), result, &seconds, &error);

  gtk_editable_set_text (self->password, "");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "emergency.open", TRUE);
  if (patient_id == NULL) {
    g_autofree char *words = words_for (error, seconds);

    fyr_form_window_tell (GTK_WINDOW (self), words);
    gtk_widget_grab_focus (GTK_WIDGET (self->password));
    return;
  }
  g_signal_emit (self, signals[OPENED], 0, patient_id);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrEmergencyDialog *self = FYR_EMERGENCY_DIALOG (widget);
  FyrSyncEngine *engine = fyr_app_context_get_engine (self->context);
  g_autofree char *words = get_words (self);
  g_autofree char *digits = check_number (self);

  check_others (self, words);
  if (!is_filled_in (self) || engine == NULL)
    return;
  fyr_form_window_tell (GTK_WINDOW (self), NULL);
  gtk_widget_action_set_enabled (widget, "emergency.open", FALSE);
  fyr_sync_engine_open_emergency_async (
      engine, digits, (FyrEmergencyReason)gtk_drop_down_get_selected (self->reason), words,
      gtk_editable_get_text (self->password), NULL, on_opened, g_object_ref (self));
}

static void
fyr_emergency_dialog_dispose (GObject *object)
{
  g_clear_object (&FYR_EMERGENCY_DIALOG (object)->context);
  G_OBJECT_CLASS (fyr_emergency_dialog_parent_class)->dispose (object);
}

static void
fyr_emergency_dialog_class_init (FyrEmergencyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_emergency_dialog_dispose;
  signals[OPENED] = g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (FYR_TYPE_FORM_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/emergency/fyr-emergency-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyDialog, number_field);
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyDialog, reason_field);
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyDialog, text_field);
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyDialog, password_field);
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyDialog, number);
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyDialog, reason);
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyDialog, text);
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyDialog, password);
  gtk_widget_class_install_action (widget_class, "emergency.open", NULL, open_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

/* Before the text view, which would make a new line of it. */
static void
add_open_key (FyrEmergencyDialog *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>Return|<Control>KP_Enter"),
                        gtk_named_action_new ("emergency.open")));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
forget_message (FyrFormField *field)
{
  fyr_form_field_set_message (field, NULL);
}

/* What was wrong is no longer said of what has been changed since. */
static void
forget_when_changed (gpointer source, const char *signal, FyrFormField *field)
{
  g_signal_connect_object (source, signal, G_CALLBACK (forget_message), field, G_CONNECT_SWAPPED);
}

static void
fyr_emergency_dialog_init (FyrEmergencyDialog *self)
{
  g_autoptr (GtkStringList) reasons = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  add_open_key (self);
  gtk_string_list_append (reasons, _ ("Choose"));
  for (guint i = 1; i <= FYR_EMERGENCY_REASON_LAST; i++)
    gtk_string_list_append (reasons, fyr_emergency_word_reason ((FyrEmergencyReason)i));
  gtk_drop_down_set_model (self->reason, G_LIST_MODEL (reasons));
  forget_when_changed (self->number, "changed", self->number_field);
  forget_when_changed (self->reason, "notify::selected", self->reason_field);
  forget_when_changed (gtk_text_view_get_buffer (self->text), "changed", self->text_field);
  forget_when_changed (self->password, "changed", self->password_field);
}

GtkWidget *
fyr_emergency_dialog_new (GtkWindow *parent, FyrAppContext *context, const char *number)
{
  FyrEmergencyDialog *self = g_object_new (FYR_TYPE_EMERGENCY_DIALOG, "transient-for", parent, NULL);

  self->context = g_object_ref (context);
  if (number != NULL && g_ascii_isdigit (*number))
    gtk_editable_set_text (self->number, number);
  gtk_widget_grab_focus (GTK_WIDGET (self->number));
  return GTK_WIDGET (self);
}
