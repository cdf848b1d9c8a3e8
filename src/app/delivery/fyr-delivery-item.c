/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-delivery-item.h"

#include "fyr-sync-words.h"

struct _FyrDeliveryItem {
  GObject parent_instance;
  FyrOutboxEntry *entry;
  FyrRecord *record;
  char *key;
  char *about;
  char *author;
};

G_DEFINE_FINAL_TYPE (FyrDeliveryItem, fyr_delivery_item, G_TYPE_OBJECT)

static void
fyr_delivery_item_finalize (GObject *object)
{
  FyrDeliveryItem *self = FYR_DELIVERY_ITEM (object);

  g_clear_object (&self->entry);
  g_clear_object (&self->record);
  g_free (self->key);
  g_free (self->about);
  g_free (self->author);
  G_OBJECT_CLASS (fyr_delivery_item_parent_class)->finalize (object);
}

static void
fyr_delivery_item_class_init (FyrDeliveryItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_delivery_item_finalize;
}

static void
fyr_delivery_item_init (FyrDeliveryItem *self)
{
}

FyrDeliveryItem *
fyr_delivery_item_new (FyrOutboxEntry *entry, const char *about, const char *author, FyrRecord *record)
{
  FyrDeliveryItem *self = g_object_new (FYR_TYPE_DELIVERY_ITEM, NULL);
  const char *code = fyr_outbox_entry_get_code (entry);

  self->entry = g_object_ref (entry);
  self->record = record ? g_object_ref (record) : NULL;
  self->about = g_strdup (about ? about : "");
  self->author = g_strdup (author ? author : "");
  self->key = g_strdup_printf ("%" G_GINT64_FORMAT "/%d/%s/%" G_GINT64_FORMAT "/%s",
                               fyr_outbox_entry_get_key (entry), (int)fyr_outbox_entry_get_state (entry),
                               code ? code : "", record ? fyr_record_get_version (record) : 0, self->about);
  return self;
}

FyrOutboxEntry *
fyr_delivery_item_get_entry (FyrDeliveryItem *self)
{
  return self->entry;
}

const char *
fyr_delivery_item_get_key (gpointer self)
{
  return FYR_DELIVERY_ITEM (self)->key;
}

char *
fyr_delivery_item_get_title (FyrDeliveryItem *self)
{
  const char *work = fyr_outbox_word_work (self->entry);

  return *self->about ? g_strdup_printf ("%s · %s", work, self->about) : g_strdup (work);
}

const char *
fyr_delivery_item_get_about (FyrDeliveryItem *self)
{
  return self->about;
}

const char *
fyr_delivery_item_get_author (FyrDeliveryItem *self)
{
  return self->author;
}

FyrRecord *
fyr_delivery_item_get_record (FyrDeliveryItem *self)
{
  return self->record;
}
