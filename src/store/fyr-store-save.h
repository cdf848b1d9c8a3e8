/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-mutation-private.h"
#include "fyr-store-private.h"

G_BEGIN_DECLS

/**
 * fyr_save_mutation:
 * @undo: (nullable) (element-type FyrMutation): receives what takes it back, in the order made
 *
 * Checks one mutation against the record as it is shown, writes its outbox row and lays it on its rows.
 *
 * Returns: the outbox key; -1 when there is nothing to do; 0 with error
 */
gint64
fyr_save_mutation (FyrStoreContext *context, FyrMutation *mutation, GPtrArray *undo, GError **error);

G_END_DECLS
