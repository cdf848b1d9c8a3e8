/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-keyed-list.h"

#include "fyr-record.h"

struct _FyrKeyedList {
  GObject parent_instance;
  GType item_type;
  FyrKeyFunc key;
  FyrTakeOverFunc take_over;
  GPtrArray *items;
  GHashTable *by_key; /* key, owned by the item → item */
};

static void
fyr_keyed_list_model (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrKeyedList,
                               fyr_keyed_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, fyr_keyed_list_model))

static GType
get_item_type (GListModel *model)
{
  return FYR_KEYED_LIST (model)->item_type;
}

static guint
get_n_items (GListModel *model)
{
  return FYR_KEYED_LIST (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  FyrKeyedList *self = FYR_KEYED_LIST (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position)) : NULL;
}

static void
fyr_keyed_list_model (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* The items the list will hold: known ones as they are, brought up to date, new ones as they came. */
static GPtrArray *
merged (FyrKeyedList *self, GPtrArray *fresh)
{
  GPtrArray *result = g_ptr_array_new_full (fresh->len, g_object_unref);

  for (guint i = 0; i < fresh->len; i++) {
    gpointer item = g_ptr_array_index (fresh, i);
    gpointer known = self->take_over ? g_hash_table_lookup (self->by_key, self->key (item)) : NULL;

    if (known && known != item)
      self->take_over (known, item);
    g_ptr_array_add (result, g_object_ref (known ? known : item));
  }
  return result;
}

void
fyr_keyed_list_update (FyrKeyedList *self, GPtrArray *fresh)
{
  g_autoptr (GPtrArray) old = NULL;
  GPtrArray *items;
  guint head = 0, tail = 0, shortest;

  g_return_if_fail (FYR_IS_KEYED_LIST (self));
  g_return_if_fail (fresh != NULL);
  items = merged (self, fresh);
  old = self->items;
  self->items = items;
  g_hash_table_remove_all (self->by_key);
  for (guint i = 0; i < items->len; i++) {
    gpointer item = g_ptr_array_index (items, i);

    g_hash_table_replace (self->by_key, (gpointer)self->key (item), item);
  }
  shortest = MIN (old->len, items->len);
  while (head < shortest && g_ptr_array_index (old, head) == g_ptr_array_index (items, head))
    head++;
  while (tail < shortest - head &&
         g_ptr_array_index (old, old->len - 1 - tail) == g_ptr_array_index (items, items->len - 1 - tail))
    tail++;
  if (old->len - head - tail > 0 || items->len - head - tail > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail, items->len - head - tail);
}

gpointer
fyr_keyed_list_lookup (FyrKeyedList *self, const char *key)
{
  g_return_val_if_fail (FYR_IS_KEYED_LIST (self), NULL);
  return key ? g_hash_table_lookup (self->by_key, key) : NULL;
}

gboolean
fyr_keyed_list_find (FyrKeyedList *self, const char *key, guint *position)
{
  gpointer item = fyr_keyed_list_lookup (self, key);

  return item && g_ptr_array_find (self->items, item, position);
}

gpointer
fyr_keyed_list_peek (FyrKeyedList *self, guint position)
{
  g_return_val_if_fail (FYR_IS_KEYED_LIST (self), NULL);
  return position < self->items->len ? g_ptr_array_index (self->items, position) : NULL;
}

guint
fyr_keyed_list_get_size (FyrKeyedList *self)
{
  g_return_val_if_fail (FYR_IS_KEYED_LIST (self), 0);
  return self->items->len;
}

const char *
fyr_record_key (gpointer record)
{
  return fyr_record_get_id (FYR_RECORD (record));
}

static void
fyr_keyed_list_finalize (GObject *object)
{
  FyrKeyedList *self = FYR_KEYED_LIST (object);

  g_hash_table_unref (self->by_key);
  g_ptr_array_unref (self->items);
  G_OBJECT_CLASS (fyr_keyed_list_parent_class)->finalize (object);
}

static void
fyr_keyed_list_class_init (FyrKeyedListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_keyed_list_finalize;
}

static void
fyr_keyed_list_init (FyrKeyedList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
}

FyrKeyedList *
fyr_keyed_list_new (GType item_type, FyrKeyFunc key, FyrTakeOverFunc take_over)
{
  FyrKeyedList *self;

  g_return_val_if_fail (key != NULL, NULL);
  self = g_object_new (FYR_TYPE_KEYED_LIST, NULL);
  self->item_type = item_type;
  self->key = key;
  self->take_over = take_over;
  return self;
}
