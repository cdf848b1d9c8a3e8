/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-outbox.h"
#include "fyr-store.h"

G_BEGIN_DECLS

/**
 * fyr_undelivered_row_new:
 * @store: where a decision is carried out
 * @entry: the piece of work
 * @author: (nullable): whose it is, when not the reader's
 *
 * Returns: (transfer floating): a row that says what was to be done, when, where it stands and why, with the
 * decisions that can be made: for a conflict both values and a button each, for a refusal to send again or
 * drop
 */
GtkWidget *
fyr_undelivered_row_new (FyrStore *store, FyrOutboxEntry *entry, const char *author);

G_END_DECLS
