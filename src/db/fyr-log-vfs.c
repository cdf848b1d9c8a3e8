/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-log-vfs.h"

#include <string.h>

#include "fyr-plain-file.h"

/* SQLite's own files take no more than 128 KiB less one byte at a time. */
#define BUFFER_BYTES (124 * 1024)
#define MAX_PATH 512

typedef struct {
  sqlite3_file base; /* as FyrLayerFile */
  sqlite3_file *real;
  guint8 *buffer;
  gsize used;
  sqlite3_int64 start; /* where in the file the buffer begins */
} LogFile;

/* What fails is dropped: SQLite gives the commit up, and writes its next at the same place. */
static int
flush (LogFile *self)
{
  gsize used = self->used;

  self->used = 0;
  return used == 0 ? SQLITE_OK
                   : self->real->pMethods->xWrite (self->real, self->buffer, (int)used, self->start);
}

static int
log_close (sqlite3_file *file)
{
  LogFile *self = (LogFile *)file;
  int flushed = flush (self);
  int result = self->real->pMethods->xClose (self->real);

  g_free (self->real);
  g_free (self->buffer);
  return flushed != SQLITE_OK ? flushed : result;
}

static int
log_read (sqlite3_file *file, void *to, int length, sqlite3_int64 offset)
{
  LogFile *self = (LogFile *)file;
  int result = flush (self);

  return result == SQLITE_OK ? fyr_file_read (self->real, to, length, offset) : result;
}

static int
log_write (sqlite3_file *file, const void *from, int length, sqlite3_int64 offset)
{
  LogFile *self = (LogFile *)file;
  gboolean joins =
      offset == self->start + (sqlite3_int64)self->used && self->used + (gsize)length <= BUFFER_BYTES;

  if (!joins) {
    int result = flush (self);

    if (result != SQLITE_OK) {
      return result;
    }
    self->start = offset;
  }
  if ((gsize)length > BUFFER_BYTES) {
    return self->real->pMethods->xWrite (self->real, from, length, offset);
  }
  memcpy (self->buffer + self->used, from, (gsize)length);
  self->used += (gsize)length;
  return SQLITE_OK;
}

static int
log_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  LogFile *self = (LogFile *)file;
  int result = flush (self);

  return result == SQLITE_OK ? self->real->pMethods->xTruncate (self->real, size) : result;
}

static int
log_sync (sqlite3_file *file, int flags)
{
  LogFile *self = (LogFile *)file;
  int result = flush (self);

  return result == SQLITE_OK ? self->real->pMethods->xSync (self->real, flags) : result;
}

static int
log_size (sqlite3_file *file, sqlite3_int64 *size)
{
  LogFile *self = (LogFile *)file;
  int result = flush (self);

  return result == SQLITE_OK ? self->real->pMethods->xFileSize (self->real, size) : result;
}

static int
log_device (sqlite3_file *file)
{
  LogFile *self = (LogFile *)file;

  return self->real->pMethods->xDeviceCharacteristics (self->real);
}

static const sqlite3_io_methods log_methods = {
  .iVersion = 1,
  .xClose = log_close,
  .xRead = log_read,
  .xWrite = log_write,
  .xTruncate = log_truncate,
  .xSync = log_sync,
  .xFileSize = log_size,
  .xLock = fyr_layer_lock,
  .xUnlock = fyr_layer_unlock,
  .xCheckReservedLock = fyr_layer_check_reserved,
  .xFileControl = fyr_layer_control,
  .xSectorSize = fyr_layer_sector_size,
  .xDeviceCharacteristics = log_device,
};

static int
vfs_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  sqlite3_vfs *below = fyr_vfs_below ();
  LogFile *self = (LogFile *)file;
  int result;

  if ((flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_DB)) == 0) {
    return below->xOpen (below, name, file, flags, out_flags);
  }
  memset (self, 0, sizeof *self);
  self->real = g_malloc0 ((gsize)below->szOsFile);
  result = below->xOpen (below, name, self->real, flags, out_flags);
  if (result != SQLITE_OK) {
    g_free (self->real);
    return result;
  }
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
    self->base.pMethods = &fyr_plain_file_methods;
    return SQLITE_OK;
  }
  self->buffer = g_malloc (BUFFER_BYTES);
  self->base.pMethods = &log_methods;
  return SQLITE_OK;
}

static gpointer
register_vfs (gpointer data)
{
  static sqlite3_vfs vfs = {
    .iVersion = 2,
    .mxPathname = MAX_PATH,
    .zName = "fyr-gathering",
    .xOpen = vfs_open,
  };

  sqlite3_initialize ();
  /* All files but the database and its log are the lower layer's own, in the room that is made for ours. */
  vfs.szOsFile = MAX ((int)sizeof (LogFile), fyr_vfs_below ()->szOsFile);
  fyr_vfs_pass_on (&vfs);
  sqlite3_vfs_register (&vfs, 0);
  return (gpointer)vfs.zName;
}

const char *
fyr_log_vfs_get_name (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, register_vfs, NULL);
}
