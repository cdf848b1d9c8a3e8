/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FyrKeyFunc:
 *
 * Returns: (transfer none): the key of an item; the same for the item's whole life
 */
typedef const char *(*FyrKeyFunc) (gpointer item);

/**
 * FyrTakeOverFunc:
 * @item: an item that is in the list
 * @fresh: an item with the same key, with what is true now
 *
 * Gives @item what @fresh holds and notifies what changed, so that the row on screen lives on.
 */
typedef void (*FyrTakeOverFunc) (gpointer item, gpointer fresh);

/**
 * FyrKeyedList:
 *
 * A #GListModel of items with a key each, brought up to date by handing it the whole new answer: items that
 * stay keep their object and are changed in place, and one items-changed tells of the stretch that differs.
 * So selection, focus and scroll position live on through an update.
 */
#define FYR_TYPE_KEYED_LIST (fyr_keyed_list_get_type ())
G_DECLARE_FINAL_TYPE (FyrKeyedList, fyr_keyed_list, FYR, KEYED_LIST, GObject)

/**
 * fyr_keyed_list_new:
 * @item_type: a #GObject type
 * @take_over: (nullable): without it an item with a known key is replaced by the fresh one
 */
FyrKeyedList *
fyr_keyed_list_new (GType item_type, FyrKeyFunc key, FyrTakeOverFunc take_over);

/**
 * fyr_keyed_list_update:
 * @fresh: (element-type GObject): all items in their order; each key once
 */
void
fyr_keyed_list_update (FyrKeyedList *self, GPtrArray *fresh);

/** fyr_keyed_list_lookup: (transfer none) (nullable): the item with @key. */
gpointer
fyr_keyed_list_lookup (FyrKeyedList *self, const char *key);

/** fyr_keyed_list_find: whether an item with @key is in the list; @position: (out) (optional). */
gboolean
fyr_keyed_list_find (FyrKeyedList *self, const char *key, guint *position);

/** fyr_keyed_list_peek: (transfer none) (nullable): the item at @position, without a new reference. */
gpointer
fyr_keyed_list_peek (FyrKeyedList *self, guint position);

/** fyr_keyed_list_get_size: the number of items. */
guint
fyr_keyed_list_get_size (FyrKeyedList *self);

/** fyr_record_key: a #FyrKeyFunc for records: their id. */
const char *
fyr_record_key (gpointer record);

G_END_DECLS
