/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-app-context.h"
#include "fyr-delivery-list.h"

G_BEGIN_DECLS

/**
 * FyrConflictWindow:
 *
 * One piece of work in conflict, field by field: what the author wrote, what a colleague wrote, what stood there
 * before; either is taken with a button, or a third value is typed. Saving settles the conflict.
 */
#define FYR_TYPE_CONFLICT_WINDOW (fyr_conflict_window_get_type ())
G_DECLARE_FINAL_TYPE (FyrConflictWindow, fyr_conflict_window, FYR, CONFLICT_WINDOW, AdwWindow)

/**
 * fyr_conflict_window_new:
 * @item: in conflict
 * @list: knows names
 *
 * Returns: (transfer none) (nullable): a window over @parent, to be presented; %NULL when there is no field to decide
 */
GtkWidget *
fyr_conflict_window_new (GtkWindow *parent,
                         FyrAppContext *context,
                         FyrDeliveryItem *item,
                         FyrDeliveryList *list);

G_END_DECLS
