/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-store-keys.h"

G_BEGIN_DECLS

/* What the new database remembers of it, in meta. */
#define FYR_META_DAMAGED_AT "damaged_at"     /* ms since the epoch */
#define FYR_META_DAMAGED_KEPT "damaged_kept" /* pieces of undelivered work that were read */
#define FYR_META_DAMAGED_LOST "damaged_lost" /* 1: some that was saved may be missing */

/**
 * fyr_store_salvage:
 * @path: name of a database that was found damaged and that nobody has open
 * @keys: its keys, unlocked; afterwards those of the new database
 * @now: ms since the epoch
 *
 * Puts a new database in its place, with what could be read of this machine's own: who it is, its users, the outbox.
 * The rest is the server's and is fetched again. The damaged files stay beside it as `<path>.damaged-<now>`. Killed
 * anywhere, the next start finds the damage again, or the new database.
 *
 * Returns: %TRUE, or %FALSE with error %FYR_DB_ERROR_FULL or _IO; everything is as it was
 */
gboolean
fyr_store_salvage (const char *path, FyrStoreKeys *keys, gint64 now, GError **error);

/**
 * fyr_store_share_damaged:
 * @path: name of the database that took their place
 * @admission: of a user who signed in at the server
 *
 * Databases that were set aside while this machine's share alone opened them: from here on the server's is needed too,
 * and nobody's password opens them. One that cannot be treated so stays as it was.
 */
void
fyr_store_share_damaged (const char *path, const FyrKeyAdmission *admission);

/** fyr_store_set_aside: as fyr_store_salvage(), when its key is lost: nothing lies at @path then */
gboolean
fyr_store_set_aside (const char *path, gint64 now, GError **error);

G_END_DECLS
