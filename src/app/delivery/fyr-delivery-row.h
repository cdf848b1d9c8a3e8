/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-delivery-item.h"
#include "fyr-delivery-list.h"
#include "fyr-store.h"

G_BEGIN_DECLS

/**
 * fyr_delivery_row_new:
 * @item: the piece of work
 * @list: knows names
 * @store: where a decision is carried out
 *
 * Returns: (transfer floating): a row that says what was to be done about whom, when, where it stands and why, with the
 * decisions that can be made. Its actions go to the window: `delivery.decide` and `delivery.open` (x: key)
 */
GtkWidget *
fyr_delivery_row_new (FyrDeliveryItem *item, FyrDeliveryList *list, FyrStore *store);

/** fyr_conflict_word_line: (transfer full): who wrote it, when, and what: "Kari Berg, 10:35: 22 22 22 22". */
char *
fyr_conflict_word_line (const char *who, gint64 time, const char *value);

G_END_DECLS
