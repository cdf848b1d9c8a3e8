/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* Inside of the db room: what layers over SQLite's files share. */

/** fyr_vfs_below: Returns: what SQLite uses when no layer is named: the system's files, or a test's */
sqlite3_vfs *
fyr_vfs_below (void);

/** fyr_vfs_pass_on: fills all calls of a layer but xOpen and its own fields with ones that ask fyr_vfs_below() */
void
fyr_vfs_pass_on (sqlite3_vfs *vfs);

/**
 * fyr_file_read: as xRead of @file, which lies below all layers
 *
 * SQLite calls EIO of a read a damaged file system, and tells it on as a damaged database. What the disk would not read
 * is SQLITE_IOERR_READ here, and counted (fyr_db_files_count_unread()): it may be whole.
 */
int
fyr_file_read (sqlite3_file *file, void *to, int length, sqlite3_int64 offset);

/** FyrLayerFile: how each open file of a layer begins; @real is the one below */
typedef struct {
  sqlite3_file base;
  sqlite3_file *real;
} FyrLayerFile;

/** fyr_layer_real: the file below */
static inline sqlite3_file *
fyr_layer_real (sqlite3_file *file)
{
  return ((FyrLayerFile *)file)->real;
}

/** fyr_layer_read: as fyr_file_read() of the file below */
int
fyr_layer_read (sqlite3_file *file, void *to, int length, sqlite3_int64 offset);

/* What no layer has a word in, or not all. */
int
fyr_layer_size (sqlite3_file *file, sqlite3_int64 *size);
int
fyr_layer_sync (sqlite3_file *file, int flags);
int
fyr_layer_lock (sqlite3_file *file, int level);
int
fyr_layer_unlock (sqlite3_file *file, int level);
int
fyr_layer_check_reserved (sqlite3_file *file, int *reserved);
int
fyr_layer_control (sqlite3_file *file, int operation, void *argument);
int
fyr_layer_sector_size (sqlite3_file *file);

G_END_DECLS
