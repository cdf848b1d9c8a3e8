/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-conflict-window.h"

#include <glib/gi18n.h>

#include "fyr-conflict.h"
#include "fyr-delivery-row.h"
#include "fyr-field-words.h"
#include "fyr-form-window.h"
#include "fyr-format.h"
#include "fyr-patient-check.h"
#include "fyr-record-fields.h"
#include "fyr-save.h"
#include "fyr-sync-words.h"

/* One field in conflict: where its control stands, and how it is typed. */
typedef struct {
  FyrConflictWindow *window;
  guint field;
  FyrFieldSpec spec;
  FyrSectionSpec section;
  GtkBox *place;
  GtkWidget *fields; /* (nullable): the control; none for what cannot be typed */
} Block;

struct _FyrConflictWindow {
  AdwWindow parent_instance;
  FyrAppContext *context;
  FyrDeliveryItem *item;
  FyrDeliveryList *list;
  FyrConflict *conflict;
  FyrRecord *decided;
  GPtrArray *blocks;
  GtkBox *content;
};

G_DEFINE_FINAL_TYPE (FyrConflictWindow, fyr_conflict_window, ADW_TYPE_WINDOW)

static void
on_decided (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrConflictWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (fyr_store_decide_finish (FYR_STORE (source), result, &error)) {
    gtk_window_destroy (GTK_WINDOW (self));
    return;
  }
  if (!self->context)
    return;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "conflict.save", TRUE);
  fyr_form_window_tell (GTK_WINDOW (self), fyr_save_error_get_words (error));
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrConflictWindow *self = FYR_CONFLICT_WINDOW (widget);
  g_autoptr (JsonObject) values = NULL;
  gint64 key = fyr_outbox_entry_get_key (fyr_delivery_item_get_entry (self->item));

  for (guint i = 0; i < self->blocks->len; i++) {
    Block *block = g_ptr_array_index (self->blocks, i);

    if (block->fields && !fyr_record_fields_show_findings (FYR_RECORD_FIELDS (block->fields)))
      return;
  }
  values = fyr_conflict_get_values (self->conflict, self->decided);
  gtk_widget_action_set_enabled (widget, "conflict.save", FALSE);
  fyr_store_decide_async (fyr_app_context_get_store (self->context), key, values, NULL, on_decided,
                          g_object_ref (self));
}

static guint64
take_number (FyrRecord *record, guint field, const char *text, gpointer data)
{
  if (!FYR_IS_PATIENT (record) || field != FYR_PATIENT_IDENTITY_NUMBER)
    return 0;
  fyr_patient_take_identity_number (FYR_PATIENT (record), text, GPOINTER_TO_UINT (data));
  return G_GUINT64_CONSTANT (1) << field;
}

/* How a field is typed; FALSE when it can only be chosen from the two. */
static gboolean
make_spec (const FyrRecordInfo *info, guint field, FyrFieldSpec *spec)
{
  const FyrFieldInfo *declared = &info->fields[field];

  *spec = (FyrFieldSpec){ .field = field, .label = N_ ("What shall hold"), .wide = TRUE };
  switch (declared->type) {
  case FYR_FIELD_STRING:
    spec->control = g_str_has_prefix (declared->name, "telephone")    ? FYR_CONTROL_TELEPHONE
                    : g_str_equal (declared->name, "identity_number") ? FYR_CONTROL_IDENTITY_NUMBER
                                                                      : FYR_CONTROL_TEXT;
    return TRUE;
  case FYR_FIELD_TEXT:
    spec->control = FYR_CONTROL_LONG_TEXT;
    return TRUE;
  case FYR_FIELD_DATE:
    spec->control = FYR_CONTROL_DATE;
    return TRUE;
  case FYR_FIELD_BOOL:
    spec->control = FYR_CONTROL_SWITCH;
    return TRUE;
  case FYR_FIELD_ENUM:
    spec->control = FYR_CONTROL_WORDS;
    spec->words = fyr_field_word_choices (declared->enum_info, &spec->n_words);
    return spec->words != NULL;
  case FYR_FIELD_ID:
    spec->control = FYR_CONTROL_RECORD;
    return g_str_equal (declared->name, "gp_id");
  case FYR_FIELD_INT:
  case FYR_FIELD_REAL:
  case FYR_FIELD_TIME:
  case FYR_FIELD_JSON:
  default:
    return FALSE;
  }
}

static GtkWidget *
line_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  return label;
}

/* The control with what is decided so far; made anew when a button has decided. */
static void
show_decided (Block *block)
{
  static const FyrRecordFieldsRules rules = { .take = take_number };
  FyrConflictWindow *self = block->window;
  FyrCentre *centre = fyr_app_context_get_centre (self->context);
  gboolean test_centre = centre && fyr_centre_get_test_centre (centre);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (block->place));
  g_autofree char *value = NULL;

  if (child)
    gtk_box_remove (block->place, child);
  if (!make_spec (self->conflict->info, block->field, &block->spec)) {
    value = fyr_field_word_value (self->decided, block->field, fyr_delivery_list_get_name_of, self->list);
    gtk_box_append (block->place, line_label (value));
    return;
  }
  block->section = (FyrSectionSpec){ NULL, &block->spec, 1 };
  block->fields =
      fyr_record_fields_new (self->decided, &block->section, 1, &rules,
                             GUINT_TO_POINTER (fyr_identity_flags_for_time (fyr_now (), test_centre)), NULL);
  if (block->spec.control == FYR_CONTROL_RECORD && fyr_delivery_list_get_gps (self->list))
    fyr_record_fields_set_choices (FYR_RECORD_FIELDS (block->fields), block->field,
                                   fyr_delivery_list_get_gps (self->list));
  gtk_widget_set_hexpand (block->fields, TRUE);
  gtk_box_append (block->place, block->fields);
}

static void
use (Block *block, FyrRecord *side)
{
  FyrConflictWindow *self = block->window;

  fyr_record_copy_field (self->decided, side, block->field);
  if (self->conflict->info == &fyr_patient_info && block->field == FYR_PATIENT_IDENTITY_NUMBER)
    fyr_record_copy_field (self->decided, side, FYR_PATIENT_IDENTITY_SYSTEM);
  show_decided (block);
}

static void
use_mine (GtkButton *button, Block *block)
{
  use (block, block->window->conflict->mine);
}

static void
use_theirs (GtkButton *button, Block *block)
{
  use (block, block->window->conflict->theirs);
}

static GtkWidget *
side_line (Block *block, const char *who, gint64 time, FyrRecord *side, GCallback chosen)
{
  FyrConflictWindow *self = block->window;
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *value =
      fyr_field_word_value (side, block->field, fyr_delivery_list_get_name_of, self->list);
  g_autofree char *words = fyr_conflict_word_line (who, time, value);
  GtkWidget *button;

  gtk_box_append (GTK_BOX (line), line_label (words));
  if (!chosen)
    return line;
  button = gtk_button_new_with_label (_ ("Use"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  g_signal_connect (button, "clicked", chosen, block);
  gtk_box_append (GTK_BOX (line), button);
  return line;
}

static void
add_block (FyrConflictWindow *self, const FyrConflictField *field)
{
  Block *block = g_new0 (Block, 1);
  const char *who = field->by[0] ? fyr_delivery_list_get_name_of (field->by, self->list) : NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *title = line_label (fyr_field_word_label (self->conflict->info, field->field));

  block->window = self;
  block->field = field->field;
  block->place = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  g_ptr_array_add (self->blocks, block);
  gtk_widget_add_css_class (title, "heading");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box),
                  side_line (block, _ ("You"),
                             fyr_outbox_entry_get_created (fyr_delivery_item_get_entry (self->item)),
                             self->conflict->mine, G_CALLBACK (use_mine)));
  gtk_box_append (GTK_BOX (box), side_line (block, who && *who ? who : _ ("Now it says"), field->time,
                                            self->conflict->theirs, G_CALLBACK (use_theirs)));
  gtk_box_append (GTK_BOX (box), side_line (block, _ ("Before that"), 0, self->conflict->before, NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (block->place));
  gtk_box_append (self->content, box);
  show_decided (block);
}

static void
fyr_conflict_window_dispose (GObject *object)
{
  FyrConflictWindow *self = FYR_CONFLICT_WINDOW (object);

  g_clear_object (&self->context);
  g_clear_object (&self->item);
  g_clear_object (&self->list);
  G_OBJECT_CLASS (fyr_conflict_window_parent_class)->dispose (object);
}

static void
fyr_conflict_window_finalize (GObject *object)
{
  FyrConflictWindow *self = FYR_CONFLICT_WINDOW (object);

  g_ptr_array_unref (self->blocks);
  g_clear_object (&self->decided);
  g_clear_pointer (&self->conflict, fyr_conflict_free);
  G_OBJECT_CLASS (fyr_conflict_window_parent_class)->finalize (object);
}

static void
fyr_conflict_window_class_init (FyrConflictWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_conflict_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_conflict_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/delivery/fyr-conflict-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrConflictWindow, content);
  gtk_widget_class_install_action (widget_class, "conflict.save", NULL, save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "conflict.save", NULL);
}

static void
fyr_conflict_window_init (FyrConflictWindow *self)
{
  self->blocks = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
fyr_conflict_window_new (GtkWindow *parent,
                         FyrAppContext *context,
                         FyrDeliveryItem *item,
                         FyrDeliveryList *list)
{
  g_autoptr (FyrConflict) conflict =
      fyr_conflict_new (fyr_delivery_item_get_entry (item), fyr_delivery_item_get_record (item));
  const char *about = fyr_delivery_item_get_about (item);
  const char *title = *about ? about : fyr_outbox_word_work (fyr_delivery_item_get_entry (item));
  FyrConflictWindow *self;

  if (!conflict)
    return NULL;
  self =
      g_object_new (FYR_TYPE_CONFLICT_WINDOW, "transient-for", parent, "modal", TRUE, "title", title, NULL);
  self->context = g_object_ref (context);
  self->item = g_object_ref (item);
  self->list = g_object_ref (list);
  self->conflict = g_steal_pointer (&conflict);
  self->decided = fyr_record_copy (self->conflict->mine);
  for (guint i = 0; i < self->conflict->fields->len; i++) {
    const FyrConflictField *field = &g_array_index (self->conflict->fields, FyrConflictField, i);

    if (!field->hidden)
      add_block (self, field);
  }
  if (self->blocks->len > 0)
    gtk_widget_child_focus (GTK_WIDGET (self->content), GTK_DIR_TAB_FORWARD);
  fyr_form_window_keep_unsaved (GTK_WINDOW (self), NULL);
  return GTK_WIDGET (self);
}
