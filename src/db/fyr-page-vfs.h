/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-page-seal.h"

G_BEGIN_DECLS

/*
 * SQLite's file layer of a sealed database, above the one that is the default: pages and the frames of the write-ahead
 * log are sealed by fyr-page-seal.h, and what is not whole is SQLITE_IOERR_DATA, never a value. A journal holds no
 * page, a temporary file is not made, the index of the log stays in memory. One connection has the file to itself.
 */

/**
 * fyr_page_vfs_open:
 * @path: name of a database that is there, maybe empty
 * @key: its key
 * @salvage: whether they are read only, whatever is missing
 *
 * Files of that name are sealed with @key until fyr_page_vfs_close().
 *
 * Returns: (transfer full) (nullable): the full name, for fyr_page_vfs_close(); %NULL when @path has none
 */
char *
fyr_page_vfs_open (const char *path, FyrPageKey *key, gboolean salvage);

/** fyr_page_vfs_close: no connection has the files any more; @name: (transfer full) (nullable) */
void
fyr_page_vfs_close (char *name);

/** fyr_page_vfs_get_name: Returns: the layer's name for sqlite3_open_v2(); registered with the first call */
const char *
fyr_page_vfs_get_name (void);

G_END_DECLS
