/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The write-ahead log of a sealed database. SQLite writes a frame in two halves, header
 * and page; they are sealed as one.
 */
#include <string.h>

#include "fyr-page-file.h"

#define FRAME_SALTS_AT 8
#define FRAME_SUM_AT 16

static sqlite3_int64
offset_of (gint64 place)
{
  return FYR_LOG_HEADER_BYTES + (sqlite3_int64)place * FYR_FRAME_BYTES;
}

static gboolean
is_commit (const guint8 *header)
{
  return (header[4] | header[5] | header[6] | header[7]) != 0;
}

static int
read_frame (FyrPageFile *self, gint64 place, guint8 *frame)
{
  int result = fyr_file_read (self->real, frame, FYR_FRAME_BYTES, offset_of (place));

  if (result == SQLITE_OK && !fyr_frame_unseal (self->key, (guint64)place, frame)) {
    return SQLITE_IOERR_DATA;
  }
  return result;
}

static int
write_frame (FyrPageFile *self)
{
  gint64 place = self->place;
  FyrLogPoint point = { .frames = (guint64)place + 1 };
  gboolean commits = is_commit (self->whole);
  int result;

  memcpy (point.salts, self->whole + FRAME_SALTS_AT, sizeof point.salts);
  memcpy (point.sum, self->whole + FRAME_SUM_AT, sizeof point.sum);
  self->place = -1;
  self->has_header = self->has_page = FALSE;
  fyr_frame_seal (self->key, (guint64)place, self->whole);
  result = self->real->pMethods->xWrite (self->real, self->whole, FYR_FRAME_BYTES, offset_of (place));
  if (result == SQLITE_OK && commits) {
    self->written = point;
  }
  return result;
}

/* When a transaction writes a page again, SQLite changes one half of a frame: the other is the one on the disk. */
static int
finish_frame (FyrPageFile *self)
{
  int result;

  if (self->place < 0) {
    return SQLITE_OK;
  }
  result = read_frame (self, self->place, self->buffer);
  if (result != SQLITE_OK) {
    self->place = -1;
    self->has_header = self->has_page = FALSE;
    return result == SQLITE_IOERR_SHORT_READ ? SQLITE_IOERR_WRITE : result;
  }
  if (!self->has_header) {
    memcpy (self->whole, self->buffer, FYR_FRAME_HEADER_BYTES);
  }
  if (!self->has_page) {
    memcpy (self->whole + FYR_FRAME_HEADER_BYTES, self->buffer + FYR_FRAME_HEADER_BYTES, FYR_PAGE_BYTES);
  }
  return write_frame (self);
}

/* SQLite asks for whole frames when it looks how far a log goes: one that is not whole is its end. Whether anything is
 * missing was settled by the mark. */
static int
read_part (FyrPageFile *self, guint8 *to, gint64 place, gsize within, gsize length)
{
  int result = read_frame (self, place, self->buffer);

  if (result == SQLITE_OK) {
    memcpy (to, self->buffer + within, length);
    return SQLITE_OK;
  }
  memset (to, 0, length);
  return result == SQLITE_IOERR_DATA && length == FYR_FRAME_BYTES ? SQLITE_OK : result;
}

static int
log_read (sqlite3_file *file, void *to, int length, sqlite3_int64 offset)
{
  FyrPageFile *self = (FyrPageFile *)file;
  gint64 place = (offset - FYR_LOG_HEADER_BYTES) / FYR_FRAME_BYTES;
  int result = finish_frame (self);

  if (result != SQLITE_OK) {
    return result;
  }
  if (offset < FYR_LOG_HEADER_BYTES) {
    return offset + length > FYR_LOG_HEADER_BYTES ? SQLITE_IOERR_READ
                                                  : fyr_file_read (self->real, to, length, offset);
  }
  if (offset + length > offset_of (place + 1)) {
    return SQLITE_IOERR_READ;
  }
  return read_part (self, to, place, (gsize)(offset - offset_of (place)), (gsize)length);
}

/* A new life of the log begins when all of the former is in the database: that must be known before it is gone. */
static int
settle (FyrPageFile *self)
{
  self->written.frames = 0;
  return self->mark == NULL || fyr_log_mark_settle (self->mark) ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

static int
write_header (FyrPageFile *self, const void *from, int length, sqlite3_int64 offset)
{
  int result = finish_frame (self);

  if (offset != 0 || length != FYR_LOG_HEADER_BYTES) {
    return SQLITE_IOERR_WRITE;
  }
  if (result == SQLITE_OK) {
    result = settle (self);
  }
  return result == SQLITE_OK ? self->real->pMethods->xWrite (self->real, from, length, offset) : result;
}

static int
log_write (sqlite3_file *file, const void *from, int length, sqlite3_int64 offset)
{
  FyrPageFile *self = (FyrPageFile *)file;
  gint64 place = (offset - FYR_LOG_HEADER_BYTES) / FYR_FRAME_BYTES;
  gsize within;
  int result;

  if (self->salvage) {
    return SQLITE_IOERR_WRITE;
  }
  if (offset < FYR_LOG_HEADER_BYTES) {
    return write_header (self, from, length, offset);
  }
  within = (gsize)(offset - offset_of (place));
  if (!(within == 0 && length == FYR_FRAME_HEADER_BYTES) &&
      !(within == FYR_FRAME_HEADER_BYTES && length == FYR_PAGE_BYTES)) {
    return SQLITE_IOERR_WRITE;
  }
  if (self->place != place && (result = finish_frame (self)) != SQLITE_OK) {
    return result;
  }
  self->place = place;
  memcpy (self->whole + within, from, (gsize)length);
  self->has_header = self->has_header || within == 0;
  self->has_page = self->has_page || within != 0;
  return self->has_header && self->has_page ? write_frame (self) : SQLITE_OK;
}

static int
log_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  FyrPageFile *self = (FyrPageFile *)file;
  int result;

  self->place = -1;
  self->has_header = self->has_page = FALSE;
  result = size == 0 && settle (self) != SQLITE_OK ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
  return result == SQLITE_OK ? fyr_page_file_truncate (file, size) : result;
}

static int
log_sync (sqlite3_file *file, int flags)
{
  FyrPageFile *self = (FyrPageFile *)file;
  int result = finish_frame (self);

  if (result == SQLITE_OK) {
    result = fyr_layer_sync (file, flags);
  }
  if (result == SQLITE_OK && self->written.frames > 0 && self->mark != NULL) {
    fyr_log_mark_note (self->mark, &self->written);
    self->written.frames = 0;
  }
  return result;
}

static int
log_size (sqlite3_file *file, sqlite3_int64 *size)
{
  int result = finish_frame ((FyrPageFile *)file);

  return result == SQLITE_OK ? fyr_layer_size (file, size) : result;
}

const sqlite3_io_methods fyr_page_log_methods = {
  .iVersion = 1,
  .xClose = fyr_page_file_close,
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
  .xDeviceCharacteristics = fyr_page_file_characteristics,
};
