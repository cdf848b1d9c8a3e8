/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-plain-file.h"

static int
plain_close (sqlite3_file *file)
{
  int result = fyr_layer_real (file)->pMethods->xClose (fyr_layer_real (file));

  g_free (fyr_layer_real (file));
  return result;
}

static int
plain_write (sqlite3_file *file, const void *from, int length, sqlite3_int64 offset)
{
  return fyr_layer_real (file)->pMethods->xWrite (fyr_layer_real (file), from, length, offset);
}

static int
plain_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  return fyr_layer_real (file)->pMethods->xTruncate (fyr_layer_real (file), size);
}

static int
plain_characteristics (sqlite3_file *file)
{
  return fyr_layer_real (file)->pMethods->xDeviceCharacteristics (fyr_layer_real (file));
}

static int
plain_shm_map (sqlite3_file *file, int page, int size, int extend, void volatile **to)
{
  return fyr_layer_real (file)->pMethods->xShmMap (fyr_layer_real (file), page, size, extend, to);
}

static int
plain_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  return fyr_layer_real (file)->pMethods->xShmLock (fyr_layer_real (file), offset, n, flags);
}

static void
plain_shm_barrier (sqlite3_file *file)
{
  fyr_layer_real (file)->pMethods->xShmBarrier (fyr_layer_real (file));
}

static int
plain_shm_unmap (sqlite3_file *file, int remove)
{
  return fyr_layer_real (file)->pMethods->xShmUnmap (fyr_layer_real (file), remove);
}

/* Version 2: with the shared memory of a log; mapping of the file itself is off. */
const sqlite3_io_methods fyr_plain_file_methods = {
  .iVersion = 2,
  .xClose = plain_close,
  .xRead = fyr_layer_read,
  .xWrite = plain_write,
  .xTruncate = plain_truncate,
  .xSync = fyr_layer_sync,
  .xFileSize = fyr_layer_size,
  .xLock = fyr_layer_lock,
  .xUnlock = fyr_layer_unlock,
  .xCheckReservedLock = fyr_layer_check_reserved,
  .xFileControl = fyr_layer_control,
  .xSectorSize = fyr_layer_sector_size,
  .xDeviceCharacteristics = plain_characteristics,
  .xShmMap = plain_shm_map,
  .xShmLock = plain_shm_lock,
  .xShmBarrier = plain_shm_barrier,
  .xShmUnmap = plain_shm_unmap,
};
