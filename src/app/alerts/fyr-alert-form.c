/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-form.h"

#include <glib/gi18n.h>

#include "fyr-alert-words.h"
#include "fyr-children.h"
#include "fyr-form-field.h"
#include "fyr-typed-text.h"

#define MAX_NOTE 4000 /* alert_event.text */

struct _FyrAlertForm {
  GtkWidget parent_instance;
  GtkRevealer *revealer;
  FyrFormField *outcome_field;
  FyrFormField *text_field;
  GtkDropDown *outcome;
  GtkTextView *text;
  GtkButton *save;
  gboolean closing;
};

enum { SAVE, LEAVE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FyrAlertForm, fyr_alert_form, GTK_TYPE_WIDGET)

static char *
get_words (FyrAlertForm *self)
{
  return g_strstrip (fyr_typed_text_dup (gtk_text_view_get_buffer (self->text)));
}

static const char *
fault_in_words (FyrAlertForm *self, const char *words, FyrAlertOutcome outcome)
{
  if (g_utf8_strlen (words, -1) > MAX_NOTE)
    return _ ("At most 4000 characters. Write the rest in another note.");
  if (!self->closing && !*words)
    return _ ("Write what was seen or done.");
  if (outcome == FYR_ALERT_OUTCOME_OTHER && !*words)
    return _ ("Write what was done.");
  return NULL;
}

static void
save (FyrAlertForm *self)
{
  g_autofree char *words = get_words (self);
  FyrAlertOutcome outcome = FYR_ALERT_OUTCOME_UNSET;
  const char *fault;

  if (self->closing)
    outcome = gtk_drop_down_get_selected (self->outcome);
  fyr_form_field_set_message (self->outcome_field, self->closing && outcome == FYR_ALERT_OUTCOME_UNSET
                                                       ? _ ("Choose what was done.")
                                                       : NULL);
  fault = fault_in_words (self, words, outcome);
  fyr_form_field_set_message (self->text_field, fault);
  if (fyr_form_field_is_in_error (self->outcome_field))
    gtk_widget_grab_focus (GTK_WIDGET (self->outcome));
  else if (fault)
    gtk_widget_grab_focus (GTK_WIDGET (self->text));
  else
    g_signal_emit (self, signals[SAVE], 0, (guint)outcome, words);
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  save (FYR_ALERT_FORM (widget));
}

static void
leave_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[LEAVE], 0);
}

void
fyr_alert_form_start (FyrAlertForm *self, gboolean closing)
{
  g_return_if_fail (FYR_IS_ALERT_FORM (self));
  if (!gtk_revealer_get_reveal_child (self->revealer))
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), "", -1);
  self->closing = closing;
  gtk_drop_down_set_selected (self->outcome, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->outcome_field), closing);
  g_object_set (self->text_field, "label", closing ? _ ("What was done (if more is to be said)") : _ ("Note"),
                NULL);
  gtk_button_set_label (self->save, closing ? _ ("_Close alert") : _ ("_Save note"));
  fyr_form_field_set_message (self->outcome_field, NULL);
  fyr_form_field_set_message (self->text_field, NULL);
  fyr_alert_form_set_busy (self, FALSE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  gtk_widget_grab_focus (closing ? GTK_WIDGET (self->outcome) : GTK_WIDGET (self->text));
}

void
fyr_alert_form_finish (FyrAlertForm *self)
{
  g_return_if_fail (FYR_IS_ALERT_FORM (self));
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), "", -1);
}

void
fyr_alert_form_set_busy (FyrAlertForm *self, gboolean busy)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "form.save", !busy);
}

gboolean
fyr_alert_form_is_open (FyrAlertForm *self)
{
  return gtk_revealer_get_reveal_child (self->revealer);
}

gboolean
fyr_alert_form_has_words (FyrAlertForm *self)
{
  g_autofree char *words = get_words (self);

  return fyr_alert_form_is_open (self) && *words;
}

static void
fyr_alert_form_dispose (GObject *object)
{
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_alert_form_parent_class)->dispose (object);
}

static void
fyr_alert_form_class_init (FyrAlertFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_alert_form_dispose;
  signals[SAVE] = g_signal_new ("save", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[LEAVE] = g_signal_new ("leave", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  g_type_ensure (FYR_TYPE_FORM_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class, "/no/fyrlykt/Fyrlykt/alerts/fyr-alert-form.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrAlertForm, revealer);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertForm, outcome_field);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertForm, text_field);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertForm, outcome);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertForm, text);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertForm, save);
  gtk_widget_class_install_action (widget_class, "form.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "form.leave", NULL, leave_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "form.leave", NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_FORM);
}

/* Before the text view, which would make a new line of it. */
static void
add_save_key (FyrAlertForm *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>Return|<Control>KP_Enter"),
                        gtk_named_action_new ("form.save")));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
fyr_alert_form_init (FyrAlertForm *self)
{
  g_autoptr (GtkStringList) outcomes = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  add_save_key (self);
  gtk_string_list_append (outcomes, _ ("Choose"));
  for (guint i = 1; i <= FYR_ALERT_OUTCOME_LAST; i++)
    gtk_string_list_append (outcomes, fyr_alert_word_outcome (i));
  gtk_drop_down_set_model (self->outcome, G_LIST_MODEL (outcomes));
}

GtkWidget *
fyr_alert_form_new (void)
{
  return g_object_new (FYR_TYPE_ALERT_FORM, NULL);
}
