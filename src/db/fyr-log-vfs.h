/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Inside of the db room. SQLite writes each page of a commit to its write-ahead log with two calls of the system. This
 * layer gathers them and writes them in large pieces: before the log is synced, read, measured or cut. Nobody looks for
 * a commit in the log before it was synced ("PRAGMA synchronous = FULL"), so what is on the disk when a commit is told
 * is the same. What could not be written fails the sync, as it would have failed the write.
 */

/** fyr_log_vfs_get_name: Returns: (transfer none): the layer's name for sqlite3_open_v2() */
const char *
fyr_log_vfs_get_name (void);

G_END_DECLS
