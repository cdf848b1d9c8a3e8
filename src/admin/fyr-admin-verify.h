/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"

G_BEGIN_DECLS

/**
 * fyr_admin_verify_file:
 * @path: a database or backup no server writes to
 *
 * Checks that the file is whole, that every feed is dense from 1 to its head, that feed entries have their
 * record or tombstone, and that records refer to what is there. Prints each kind of fault with its count.
 *
 * Returns: %TRUE, or %FALSE with %FYR_ADMIN_ERROR_DAMAGED or any %FYR_DB_ERROR
 */
gboolean
fyr_admin_verify_file (const char *path, GError **error);

/**
 * fyr_admin_verify_connection:
 *
 * The same of a database that is open, also inside a transaction.
 *
 * Returns: as fyr_admin_verify_file()
 */
gboolean
fyr_admin_verify_connection (FyrConnection *connection, GError **error);

G_END_DECLS
