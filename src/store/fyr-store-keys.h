/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-page-seal.h"

G_BEGIN_DECLS

/**
 * FyrStoreKeys:
 *
 * The file beside the workstation's database that its key is found by (security.md, "At rest"): `<database>-key`, mode
 * 0600. It holds this machine's share, and the database's key sealed with it. Used on the store's thread.
 */
typedef struct _FyrStoreKeys FyrStoreKeys;

/**
 * fyr_store_keys_open:
 * @path: name of the database; its file must be there, maybe empty
 * @error: return location
 *
 * Makes a key when there is none and the database is not sealed yet.
 *
 * Returns: (transfer full) (nullable): the keys, or %NULL with %FYR_DB_ERROR_CORRUPT when the key of a sealed database
 * is lost, %FYR_DB_ERROR_IO when the file cannot be read or made
 */
FyrStoreKeys *
fyr_store_keys_open (const char *path, GError **error);

void
fyr_store_keys_free (FyrStoreKeys *self);

/** fyr_store_keys_get_key: Returns: (transfer none): the database's key */
FyrPageKey *
fyr_store_keys_get_key (FyrStoreKeys *self);

/**
 * fyr_store_keys_make_next: makes the key of a database that is to take this one's place; it counts when a database
 * that is sealed with it lies there. Returns: (transfer none) (nullable): %NULL with %FYR_DB_ERROR_IO
 */
FyrPageKey *
fyr_store_keys_make_next (FyrStoreKeys *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrStoreKeys, fyr_store_keys_free)

G_END_DECLS
