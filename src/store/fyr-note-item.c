/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-items-private.h"

struct _FyrNoteItem {
  GObject parent_instance;

  FyrNote *note;
  char *author_name;
  gboolean corrected;
  FyrOutboxState state;
};

G_DEFINE_FINAL_TYPE (FyrNoteItem, fyr_note_item, G_TYPE_OBJECT)

static void
fyr_note_item_finalize (GObject *object)
{
  FyrNoteItem *self = FYR_NOTE_ITEM (object);

  g_clear_object (&self->note);
  g_free (self->author_name);
  G_OBJECT_CLASS (fyr_note_item_parent_class)->finalize (object);
}

static void
fyr_note_item_class_init (FyrNoteItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_note_item_finalize;
}

static void
fyr_note_item_init (FyrNoteItem *self)
{
}

FyrNoteItem *
fyr_note_item_new (FyrNote *note, char *author_name, gboolean corrected, FyrOutboxState state)
{
  FyrNoteItem *self = g_object_new (FYR_TYPE_NOTE_ITEM, NULL);

  self->note = note;
  self->author_name = author_name;
  self->corrected = corrected;
  self->state = state;
  return self;
}

FyrNote *
fyr_note_item_get_note (FyrNoteItem *self)
{
  return self->note;
}

const char *
fyr_note_item_get_author_name (FyrNoteItem *self)
{
  return self->author_name;
}

gboolean
fyr_note_item_get_corrected (FyrNoteItem *self)
{
  return self->corrected;
}

FyrOutboxState
fyr_note_item_get_state (FyrNoteItem *self)
{
  return self->state;
}
