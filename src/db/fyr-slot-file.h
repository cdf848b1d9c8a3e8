/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FyrSlotFile:
 *
 * A small file beside a database that keeps its last words twice: each writing goes to the older of two slots, so one
 * that is torn or damaged leaves the former. It lies on the same SQLite file layer as the database.
 */
typedef struct _FyrSlotFile FyrSlotFile;

/** FYR_SLOT_KEY_BYTES: length of a key */
#define FYR_SLOT_KEY_BYTES 32
/** FYR_SLOT_BYTES: most that fits into a slot of one block */
#define FYR_SLOT_BYTES (4096 - 64)

/**
 * fyr_slot_file_open:
 * @path: the database's full name with "-" and a word behind it; the database file must be there
 * @key: (nullable): FYR_SLOT_KEY_BYTES, kept until closed: words written under another key do not count
 * @blocks: of 4096 bytes in a slot; the same each time
 *
 * Makes the file when it is not there.
 *
 * Returns: (transfer full) (nullable): %NULL when it cannot be opened
 */
FyrSlotFile *
fyr_slot_file_open (const char *path, const guint8 *key, guint blocks);

/** fyr_slot_file_close: @self: (nullable) */
void
fyr_slot_file_close (FyrSlotFile *self);

/**
 * fyr_slot_file_read:
 *
 * Returns: (transfer full) (nullable): the last words that are whole; %NULL without error when there are none, with
 * %FYR_DB_ERROR_IO when there may be some that the disk would not read
 */
GBytes *
fyr_slot_file_read (FyrSlotFile *self, GError **error);

/**
 * fyr_slot_file_write:
 * @sync: whether the words are to be on the disk when this returns
 *
 * Returns: whether it could be done; else what was there before is read
 */
gboolean
fyr_slot_file_write (FyrSlotFile *self, gconstpointer words, gsize length, gboolean sync);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSlotFile, fyr_slot_file_close)

G_END_DECLS
