/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-app-context.h"
#include "fyr-store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * fyr_save_with_undo:
 * @inside: any widget of the window, for the toast
 * @mutation: (transfer none): what to save
 * @done: translated: what the toast says was done
 *
 * Saves to the local database and offers to take it back. When saving fails the toast says why and that
 * nothing
 * was changed.
 */
void
fyr_save_with_undo (GtkWidget *inside, FyrAppContext *context, FyrMutation *mutation, const char *done);

/**
 * fyr_save_all_with_undo:
 *
 * @mutations: (element-type FyrMutation): saved all or none, taken back all or none
 */
void
fyr_save_all_with_undo (GtkWidget *inside, FyrAppContext *context, GPtrArray *mutations, const char *done);

/**
 * fyr_save_offer_undo:
 *
 * @receipt: of a save that worked; a toast in the window of @inside offers to take it back
 */
void
fyr_save_offer_undo (GtkWidget *inside, FyrAppContext *context, FyrSaveReceipt *receipt, const char *done);

/** fyr_save_error_get_words: (transfer none): what to tell the person when the local database refuses. */
const char *
fyr_save_error_get_words (const GError *error);

G_END_DECLS
