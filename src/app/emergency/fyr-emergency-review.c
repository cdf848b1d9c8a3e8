/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-emergency-review.h"

#include <glib/gi18n-lib.h>

#include "fyr-form-field.h"
#include "fyr-form-window.h"
#include "fyr-format.h"
#include "fyr-mutation.h"
#include "fyr-typed-text.h"
#include "fyr-uuid.h"

#define MAX_NOTE 1000 /* emergency_event.text */

struct _FyrEmergencyReview {
  AdwWindow parent_instance;
  FyrAppContext *context;
  FyrEmergencyCase *one;
  GtkLabel *case_title;
  GtkLabel *case_words;
  FyrFormField *action_field;
  FyrFormField *note_field;
  GtkDropDown *action;
  GtkTextView *note;
};

G_DEFINE_FINAL_TYPE (FyrEmergencyReview, fyr_emergency_review, ADW_TYPE_WINDOW)

/* In the order of the .ui file. */
static const FyrEmergencyAction actions[] = { FYR_EMERGENCY_ACTION_UNSET, FYR_EMERGENCY_ACTION_SEEN,
                                              FYR_EMERGENCY_ACTION_JUSTIFIED,
                                              FYR_EMERGENCY_ACTION_UNJUSTIFIED };

static char *
get_note (FyrEmergencyReview *self)
{
  return g_strstrip (fyr_typed_text_dup (gtk_text_view_get_buffer (self->note)));
}

static FyrEmergencyEvent *
make_event (FyrEmergencyReview *self, FyrEmergencyAction action, const char *note)
{
  FyrEmergencyAccess *access = fyr_emergency_case_get_access (self->one);
  FyrEmergencyEvent *event = fyr_emergency_event_new ();
  char id[FYR_UUID_TEXT_SIZE];

  fyr_uuid_v7_new (fyr_now (), id);
  fyr_record_set_id (FYR_RECORD (event), id);
  fyr_emergency_event_set_centre_id (event, fyr_emergency_access_get_centre_id (access));
  fyr_emergency_event_set_access_id (event, fyr_record_get_id (FYR_RECORD (access)));
  fyr_emergency_event_set_action (event, action);
  fyr_emergency_event_set_actor_id (event, fyr_app_context_get_user_id (self->context));
  fyr_emergency_event_set_text (event, *note != '\0' ? note : NULL);
  fyr_emergency_event_set_time (event, fyr_now ());
  return event;
}

static void
check (FyrEmergencyReview *self, FyrEmergencyAction action, const char *note)
{
  const char *fault = NULL;

  if (g_utf8_strlen (note, -1) > MAX_NOTE)
    fault = _ ("At most 1000 characters.");
  else if (action == FYR_EMERGENCY_ACTION_UNJUSTIFIED && *note == '\0')
    fault = _ ("Write why it was not justified.");
  fyr_form_field_set_message (self->action_field,
                              action == FYR_EMERGENCY_ACTION_UNSET ? _ ("Choose what you found.") : NULL);
  fyr_form_field_set_message (self->note_field, fault);
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrEmergencyReview *self = FYR_EMERGENCY_REVIEW (widget);
  guint chosen = gtk_drop_down_get_selected (self->action);
  FyrEmergencyAction action = chosen < G_N_ELEMENTS (actions) ? actions[chosen] : FYR_EMERGENCY_ACTION_UNSET;
  g_autofree char *note = get_note (self);
  g_autoptr (GPtrArray) mutations = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (FyrEmergencyEvent) event = NULL;

  check (self, action, note);
  if (fyr_form_field_is_in_error (self->action_field)) {
    gtk_widget_grab_focus (GTK_WIDGET (self->action));
    return;
  }
  if (fyr_form_field_is_in_error (self->note_field)) {
    gtk_widget_grab_focus (GTK_WIDGET (self->note));
    return;
  }
  event = make_event (self, action, note);
  g_ptr_array_add (mutations,
                   fyr_mutation_new_create (FYR_RECORD (event), fyr_app_context_get_user_id (self->context)));
  fyr_form_window_save (GTK_WINDOW (self), self->context, mutations, _ ("Review saved"));
}

static void
fyr_emergency_review_dispose (GObject *object)
{
  FyrEmergencyReview *self = FYR_EMERGENCY_REVIEW (object);

  g_clear_object (&self->context);
  g_clear_object (&self->one);
  G_OBJECT_CLASS (fyr_emergency_review_parent_class)->dispose (object);
}

static void
fyr_emergency_review_class_init (FyrEmergencyReviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_emergency_review_dispose;
  g_type_ensure (FYR_TYPE_FORM_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/emergency/fyr-emergency-review.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyReview, case_title);
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyReview, case_words);
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyReview, action_field);
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyReview, note_field);
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyReview, action);
  gtk_widget_class_bind_template_child (widget_class, FyrEmergencyReview, note);
  gtk_widget_class_install_action (widget_class, "review.save", NULL, save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
fyr_emergency_review_init (FyrEmergencyReview *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
fyr_emergency_review_new (GtkWindow *parent, FyrAppContext *context, FyrEmergencyCase *one)
{
  FyrEmergencyReview *self = g_object_new (FYR_TYPE_EMERGENCY_REVIEW, "transient-for", parent, NULL);
  g_autofree char *title = fyr_emergency_case_dup_title (one);
  g_autofree char *words = fyr_emergency_case_dup_words (one);

  self->context = g_object_ref (context);
  self->one = g_object_ref (one);
  gtk_label_set_label (self->case_title, title);
  gtk_label_set_label (self->case_words, words);
  fyr_form_window_keep_unsaved (GTK_WINDOW (self), NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->action));
  return GTK_WIDGET (self);
}
