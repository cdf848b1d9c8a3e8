/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-notes.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "fyr-children.h"
#include "fyr-empty-state.h"
#include "fyr-form-field.h"
#include "fyr-format.h"
#include "fyr-patient-tab.h"
#include "fyr-save.h"
#include "fyr-typed-text.h"
#include "fyr-uuid.h"

struct _FyrPatientNotes {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrPatientDetail *detail; /* the page's, kept: an answer may come when the page is gone */
  char *corrects_id;        /* the note being corrected */
  FyrFormField *note_field;
  GtkTextView *note_view;
  GtkLabel *correcting_label;
  GtkStack *stack;
  GtkListBox *rows;
};

static void
fyr_patient_notes_tab (FyrPatientTabInterface *iface);

G_DEFINE_TYPE_WITH_CODE (FyrPatientNotes,
                         fyr_patient_notes,
                         GTK_TYPE_WIDGET,
                         G_IMPLEMENT_INTERFACE (FYR_TYPE_PATIENT_TAB, fyr_patient_notes_tab))

/* When, by whom, and what became of it. */
static char *
head_text (FyrNoteItem *item)
{
  g_autofree char *when = fyr_format_when (fyr_note_get_time (fyr_note_item_get_note (item)), fyr_now ());
  const char *author = fyr_note_item_get_author_name (item);
  const char *state = fyr_note_item_get_corrected (item)                     ? _ (" · corrected later")
                      : fyr_note_item_get_state (item) == FYR_OUTBOX_REFUSED ? _ (" · refused by the server")
                      : fyr_note_item_get_state (item) != FYR_OUTBOX_DELIVERED
                          ? _ (" · saved here, not yet sent")
                      : fyr_note_get_corrects_id (fyr_note_item_get_note (item)) ? _ (" · correction")
                                                                                 : "";
  return g_strdup_printf ("%s · %s%s", when, author != NULL ? author : _ ("the system"), state);
}

static GtkWidget *
correct_button (FyrNoteItem *item)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Correct"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "notes.correct");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s",
                                    fyr_record_get_id (FYR_RECORD (fyr_note_item_get_note (item))));
  return button;
}

static GtkWidget *
note_row (FyrNoteItem *item)
{
  g_autofree char *head = head_text (item);
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 fyr_note_get_text (fyr_note_item_get_note (item)));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), head);
  if (fyr_note_item_get_corrected (item))
    gtk_widget_add_css_class (row, "dim-label");
  else
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), correct_button (item));
  return row;
}

/* What is typed and not saved stays, for as long as the same person is signed in, when she looks at another patient. */
static GHashTable *
drafts_of (FyrAppContext *context)
{
  GHashTable *drafts = g_object_get_data (G_OBJECT (context), "fyr-note-drafts");
  if (drafts == NULL) {
    drafts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_object_set_data_full (G_OBJECT (context), "fyr-note-drafts", drafts,
                            (GDestroyNotify)g_hash_table_unref);
    g_signal_connect_swapped (context, "session-changed", G_CALLBACK (g_hash_table_remove_all), drafts);
  }
  return drafts;
}

static void
keep_draft (GtkTextBuffer *buffer, FyrPatientNotes *self)
{
  if (self->detail == NULL)
    return;
  const char *id = fyr_record_get_id (FYR_RECORD (self->detail->patient));
  g_hash_table_insert (drafts_of (self->context), g_strdup (id), fyr_typed_text_dup (buffer));
}

static void
show_draft (FyrPatientNotes *self)
{
  const char *id = fyr_record_get_id (FYR_RECORD (self->detail->patient));
  const char *text = g_hash_table_lookup (drafts_of (self->context), id);
  g_autofree char *copy = g_strdup (text);
  if (copy != NULL)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->note_view), copy, -1);
}

static void
show (FyrPatientTab *tab, FyrPatientDetail *detail, FyrChangeSet *changes)
{
  FyrPatientNotes *self = FYR_PATIENT_NOTES (tab);
  GtkWidget *child;
  const gboolean first = self->detail == NULL;
  g_clear_pointer (&self->detail, fyr_patient_detail_unref);
  self->detail = fyr_patient_detail_ref (detail);
  if (first)
    show_draft (self);
  if (changes != NULL && !fyr_change_set_has_kind (changes, "note") &&
      !fyr_change_set_has_kind (changes, FYR_CHANGE_OUTBOX))
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_list_box_remove (self->rows, child);
  for (guint i = 0; i < detail->notes->len; i++)
    gtk_list_box_append (self->rows, note_row (g_ptr_array_index (detail->notes, i)));
  gtk_stack_set_visible_child_name (self->stack, detail->notes->len > 0 ? "rows" : "empty");
}

static void
fyr_patient_notes_tab (FyrPatientTabInterface *iface)
{
  iface->show = show;
}

static char *
typed_text (FyrPatientNotes *self)
{
  return g_strstrip (fyr_typed_text_dup (gtk_text_view_get_buffer (self->note_view)));
}

static void
set_correcting (FyrPatientNotes *self, const char *note_id)
{
  char *copy = g_strdup (note_id);
  g_free (self->corrects_id);
  self->corrects_id = copy;
  gtk_label_set_label (self->correcting_label,
                       copy != NULL ? _ ("This corrects an earlier note, which stays readable.") : "");
}

static FyrNote *
make_note (FyrPatientNotes *self, const char *text)
{
  char id[FYR_UUID_TEXT_SIZE];
  FyrNote *note = fyr_note_new ();
  fyr_uuid_v7_new (fyr_now (), id);
  fyr_record_set_id (FYR_RECORD (note), id);
  fyr_note_set_patient_id (note, fyr_record_get_id (FYR_RECORD (self->detail->patient)));
  fyr_note_set_author_id (note, fyr_app_context_get_user_id (self->context));
  fyr_note_set_time (note, fyr_now ());
  fyr_note_set_text (note, text);
  fyr_note_set_corrects_id (note, self->corrects_id);
  return note;
}

static void
save (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrPatientNotes *self = FYR_PATIENT_NOTES (widget);
  g_autofree char *text = typed_text (self);
  if (self->detail == NULL)
    return;
  g_autoptr (FyrNote) note = make_note (self, text);
  const char *problem = *text == '\0' ? _ ("Write the note first")
                        : fyr_record_validate (FYR_RECORD (note), NULL, NULL)
                            ? NULL
                            : _ ("The note is too long: write it as two");
  fyr_form_field_set_message (self->note_field, problem);
  gtk_widget_grab_focus (GTK_WIDGET (self->note_view));
  if (problem != NULL)
    return;
  g_autoptr (FyrMutation) mutation =
      fyr_mutation_new_create (FYR_RECORD (note), fyr_app_context_get_user_id (self->context));
  fyr_save_with_undo (widget, self->context, mutation, _ ("Note saved"));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->note_view), "", -1);
  set_correcting (self, NULL);
}

static void
correct (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrPatientNotes *self = FYR_PATIENT_NOTES (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  for (guint i = 0; self->detail != NULL && i < self->detail->notes->len; i++) {
    FyrNote *note = fyr_note_item_get_note (g_ptr_array_index (self->detail->notes, i));
    if (g_strcmp0 (fyr_record_get_id (FYR_RECORD (note)), id) != 0)
      continue;
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->note_view), fyr_note_get_text (note), -1);
    set_correcting (self, id);
    gtk_widget_grab_focus (GTK_WIDGET (self->note_view));
  }
}

static void
fyr_patient_notes_dispose (GObject *object)
{
  FyrPatientNotes *self = FYR_PATIENT_NOTES (object);
  g_clear_pointer (&self->detail, fyr_patient_detail_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), FYR_TYPE_PATIENT_NOTES);
  /* Only children with a name of their own go with the template. */
  fyr_children_unparent (GTK_WIDGET (object));
  g_clear_object (&self->context);
  g_clear_pointer (&self->corrects_id, g_free);
  G_OBJECT_CLASS (fyr_patient_notes_parent_class)->dispose (object);
}

static void
fyr_patient_notes_class_init (FyrPatientNotesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = fyr_patient_notes_dispose;
  g_type_ensure (FYR_TYPE_FORM_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/patient/fyr-patient-notes.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrPatientNotes, note_field);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientNotes, note_view);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientNotes, correcting_label);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientNotes, stack);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientNotes, rows);
  gtk_widget_class_install_action (widget_class, "notes.save", NULL, save);
  gtk_widget_class_install_action (widget_class, "notes.correct", "s", correct);
}

/* Before the text sees the key: it would take Ctrl+Enter for a new line. */
static void
save_by_key (FyrPatientNotes *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Return, GDK_CONTROL_MASK),
                        gtk_named_action_new ("notes.save")));
  gtk_widget_add_controller (GTK_WIDGET (self->note_view), keys);
}

static void
fyr_patient_notes_init (FyrPatientNotes *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  save_by_key (self);
  gtk_stack_add_named (self->stack,
                       fyr_empty_state_new ("document-edit-symbolic", _ ("No notes yet"),
                                            _ ("Write what the next to open this patient should know."), NULL,
                                            NULL),
                       "empty");
}

GtkWidget *
fyr_patient_notes_new (FyrAppContext *context)
{
  FyrPatientNotes *self = g_object_new (FYR_TYPE_PATIENT_NOTES, NULL);
  self->context = g_object_ref (context);
  g_signal_connect_object (gtk_text_view_get_buffer (self->note_view), "changed", G_CALLBACK (keep_draft),
                           self, 0);
  return GTK_WIDGET (self);
}
