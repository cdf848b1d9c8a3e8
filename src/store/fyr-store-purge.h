/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-store-private.h"

G_BEGIN_DECLS

/**
 * fyr_purge_scope:
 * @scope: a feed the user is granted no more
 * @granted: (element-type utf8): feeds granted now
 *
 * Removes every row the feed brought that no other grant covers, its cursor, and parked entries.
 *
 * Returns: TRUE or FALSE with error
 */
gboolean
fyr_purge_scope (FyrStoreContext *context, const char *scope, GPtrArray *granted, GError **error);

/** fyr_purge_patient: removes every row about the patient, whatever is granted. Returns: TRUE or FALSE with error */
gboolean
fyr_purge_patient (FyrStoreContext *context, const char *patient_id, GError **error);

/** fyr_purge_all: removes every row that came from the server. Returns: TRUE or FALSE with error */
gboolean
fyr_purge_all (FyrStoreContext *context, GError **error);

G_END_DECLS
