/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-vfs-below.h"

#include "fyr-db-files.h"

static _Thread_local guint64 unread;

sqlite3_vfs *
fyr_vfs_below (void)
{
  return sqlite3_vfs_find (NULL);
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *name, int sync_directory)
{
  return fyr_vfs_below ()->xDelete (fyr_vfs_below (), name, sync_directory);
}

static int
vfs_access (sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
  return fyr_vfs_below ()->xAccess (fyr_vfs_below (), name, flags, result);
}

static int
vfs_full_path (sqlite3_vfs *vfs, const char *name, int size, char *to)
{
  return fyr_vfs_below ()->xFullPathname (fyr_vfs_below (), name, size, to);
}

static int
vfs_randomness (sqlite3_vfs *vfs, int size, char *to)
{
  return fyr_vfs_below ()->xRandomness (fyr_vfs_below (), size, to);
}

static int
vfs_sleep (sqlite3_vfs *vfs, int microseconds)
{
  return fyr_vfs_below ()->xSleep (fyr_vfs_below (), microseconds);
}

static int
vfs_time (sqlite3_vfs *vfs, sqlite3_int64 *now)
{
  return fyr_vfs_below ()->xCurrentTimeInt64 (fyr_vfs_below (), now);
}

static int
vfs_last_error (sqlite3_vfs *vfs, int size, char *to)
{
  return fyr_vfs_below ()->xGetLastError (fyr_vfs_below (), size, to);
}

void
fyr_vfs_pass_on (sqlite3_vfs *vfs)
{
  vfs->xDelete = vfs_delete;
  vfs->xAccess = vfs_access;
  vfs->xFullPathname = vfs_full_path;
  vfs->xRandomness = vfs_randomness;
  vfs->xSleep = vfs_sleep;
  vfs->xCurrentTimeInt64 = vfs_time;
  vfs->xGetLastError = vfs_last_error;
}

int
fyr_file_read (sqlite3_file *file, void *to, int length, sqlite3_int64 offset)
{
  int result = file->pMethods->xRead (file, to, length, offset);

  if (result == SQLITE_OK || result == SQLITE_IOERR_SHORT_READ) {
    return result;
  }
  unread++;
  return result == SQLITE_IOERR_CORRUPTFS ? SQLITE_IOERR_READ : result;
}

guint64
fyr_db_files_count_unread (void)
{
  return unread;
}

int
fyr_layer_read (sqlite3_file *file, void *to, int length, sqlite3_int64 offset)
{
  return fyr_file_read (fyr_layer_real (file), to, length, offset);
}

int
fyr_layer_size (sqlite3_file *file, sqlite3_int64 *size)
{
  return fyr_layer_real (file)->pMethods->xFileSize (fyr_layer_real (file), size);
}

int
fyr_layer_sync (sqlite3_file *file, int flags)
{
  return fyr_layer_real (file)->pMethods->xSync (fyr_layer_real (file), flags);
}

int
fyr_layer_lock (sqlite3_file *file, int level)
{
  return fyr_layer_real (file)->pMethods->xLock (fyr_layer_real (file), level);
}

int
fyr_layer_unlock (sqlite3_file *file, int level)
{
  return fyr_layer_real (file)->pMethods->xUnlock (fyr_layer_real (file), level);
}

int
fyr_layer_check_reserved (sqlite3_file *file, int *reserved)
{
  return fyr_layer_real (file)->pMethods->xCheckReservedLock (fyr_layer_real (file), reserved);
}

int
fyr_layer_control (sqlite3_file *file, int operation, void *argument)
{
  return fyr_layer_real (file)->pMethods->xFileControl (fyr_layer_real (file), operation, argument);
}

int
fyr_layer_sector_size (sqlite3_file *file)
{
  return fyr_layer_real (file)->pMethods->xSectorSize (fyr_layer_real (file));
}
