/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The database file of a sealed database, and its rollback journal, which is there only while the file is made.
 */
#include "fyr-page-file.h"

#include <string.h>

/* What SQLite looks for before anything else. */
#define FIRST_BYTES 100

int
fyr_page_file_close (sqlite3_file *file)
{
  FyrPageFile *self = (FyrPageFile *)file;
  int result = self->real->pMethods->xClose (self->real);

  g_free (self->real);
  g_free (self->buffer);
  g_free (self->whole);
  fyr_page_key_unref (self->key);
  fyr_log_mark_close (self->mark);
  return result;
}

/* Frames are not padded to sectors: what lies beside a write is not touched by it. */
int
fyr_page_file_characteristics (sqlite3_file *file)
{
  return fyr_layer_real (file)->pMethods->xDeviceCharacteristics (fyr_layer_real (file)) |
         SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int
fyr_page_file_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  FyrPageFile *self = (FyrPageFile *)file;

  return self->salvage ? SQLITE_IOERR_TRUNCATE : self->real->pMethods->xTruncate (self->real, size);
}

/* The first page may be torn while the log holds it whole: SQLite is told the size of its pages all the same, and
 * reads the rest through the log. */
static void
make_up_first_bytes (guint8 *to)
{
  static const char name[16] = "SQLite format 3";

  memset (to, 0, FIRST_BYTES);
  memcpy (to, name, sizeof name);
  to[16] = FYR_PAGE_BYTES >> 8;
  to[18] = to[19] = 2; /* with a write-ahead log */
  to[20] = FYR_PAGE_RESERVED;
  to[21] = 64;
  to[22] = to[23] = 32;
}

static int
database_read (sqlite3_file *file, void *to, int length, sqlite3_int64 offset)
{
  FyrPageFile *self = (FyrPageFile *)file;
  guint64 page = (guint64)offset / FYR_PAGE_BYTES;
  gsize within = (gsize)offset % FYR_PAGE_BYTES;
  gboolean whole = within == 0 && length == FYR_PAGE_BYTES;
  guint8 plain[FYR_PAGE_BYTES];
  sqlite3_int64 size;
  int result;

  if (within + (gsize)length > FYR_PAGE_BYTES || page >= G_MAXUINT32) {
    return SQLITE_IOERR_READ;
  }
  result = self->real->pMethods->xFileSize (self->real, &size);
  if (result == SQLITE_OK && (guint64)size <= page * FYR_PAGE_BYTES) {
    memset (to, 0, (gsize)length);
    return SQLITE_IOERR_SHORT_READ;
  }
  if (result == SQLITE_OK) {
    result = fyr_file_read (self->real, self->buffer, FYR_PAGE_BYTES, (sqlite3_int64)(page * FYR_PAGE_BYTES));
  }
  if (result != SQLITE_OK && result != SQLITE_IOERR_SHORT_READ) {
    return result;
  }
  if (fyr_page_unseal (self->key, (guint32)page + 1, self->buffer, whole ? to : plain)) {
    if (!whole) {
      memcpy (to, plain + within, (gsize)length);
    }
    return SQLITE_OK;
  }
  if (offset == 0 && length == FIRST_BYTES) {
    make_up_first_bytes (to);
    return SQLITE_OK;
  }
  memset (to, 0, (gsize)length);
  return SQLITE_IOERR_DATA;
}

static int
database_write (sqlite3_file *file, const void *from, int length, sqlite3_int64 offset)
{
  FyrPageFile *self = (FyrPageFile *)file;

  /* SQLite never writes part of a page; a build that did would store it in the open. */
  if (self->salvage || length != FYR_PAGE_BYTES || offset % FYR_PAGE_BYTES != 0 ||
      offset / FYR_PAGE_BYTES >= G_MAXUINT32) {
    return SQLITE_IOERR_WRITE;
  }
  fyr_page_seal (self->key, (guint32)(offset / FYR_PAGE_BYTES) + 1, from, self->buffer);
  return self->real->pMethods->xWrite (self->real, self->buffer, length, offset);
}

/* Its header alone, which says that the database was empty. */
static int
journal_write (sqlite3_file *file, const void *from, int length, sqlite3_int64 offset)
{
  if (offset % 512 != 0 && length >= FYR_PAGE_BYTES) {
    return SQLITE_IOERR_WRITE;
  }
  return fyr_layer_real (file)->pMethods->xWrite (fyr_layer_real (file), from, length, offset);
}

/* Version 1: no shared memory, so SQLite keeps the index of the log to itself; and no mapping. */
const sqlite3_io_methods fyr_page_database_methods = {
  .iVersion = 1,
  .xClose = fyr_page_file_close,
  .xRead = database_read,
  .xWrite = database_write,
  .xTruncate = fyr_page_file_truncate,
  .xSync = fyr_layer_sync,
  .xFileSize = fyr_layer_size,
  .xLock = fyr_layer_lock,
  .xUnlock = fyr_layer_unlock,
  .xCheckReservedLock = fyr_layer_check_reserved,
  .xFileControl = fyr_layer_control,
  .xSectorSize = fyr_layer_sector_size,
  .xDeviceCharacteristics = fyr_page_file_characteristics,
};

const sqlite3_io_methods fyr_page_journal_methods = {
  .iVersion = 1,
  .xClose = fyr_page_file_close,
  .xRead = fyr_layer_read,
  .xWrite = journal_write,
  .xTruncate = fyr_page_file_truncate,
  .xSync = fyr_layer_sync,
  .xFileSize = fyr_layer_size,
  .xLock = fyr_layer_lock,
  .xUnlock = fyr_layer_unlock,
  .xCheckReservedLock = fyr_layer_check_reserved,
  .xFileControl = fyr_layer_control,
  .xSectorSize = fyr_layer_sector_size,
  .xDeviceCharacteristics = fyr_page_file_characteristics,
};
