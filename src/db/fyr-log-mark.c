/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-log-mark.h"

#include <string.h>

#include "fyr-db-files.h"
#include "fyr-slot-file.h"
#include "fyr-vfs-below.h"

/* SQLite's file format, section "The Write-Ahead Log". */
#define MAGIC 0x377f0682U
#define MAGIC_BIG_ENDIAN 1U
#define HEADER_SUM_AT 24
#define HEADER_SALTS_AT 16
#define FRAME_SALTS_AT 8
#define FRAME_SUM_AT 16

struct _FyrLogMark {
  FyrSlotFile *file;
  FyrPageKey *key;    /* (nullable) */
  gboolean unsettled; /* frames are noted, or it is not known */
};

typedef struct {
  gboolean big_endian;
  guint32 sum[2];
} Chain;

FyrLogMark *
fyr_log_mark_open (const char *path, FyrPageKey *key)
{
  g_autofree char *name = g_strconcat (path, "-mark", NULL);
  FyrSlotFile *file = fyr_slot_file_open (name, key != NULL ? fyr_page_key_get_bytes (key) : NULL, 1);
  FyrLogMark *self;

  if (file == NULL) {
    return NULL;
  }
  self = g_new0 (FyrLogMark, 1);
  self->file = file;
  self->key = key != NULL ? fyr_page_key_ref (key) : NULL;
  self->unsettled = TRUE;
  return self;
}

void
fyr_log_mark_close (FyrLogMark *self)
{
  if (self != NULL) {
    fyr_slot_file_close (self->file);
    fyr_page_key_unref (self->key);
    g_free (self);
  }
}

gboolean
fyr_log_mark_read (FyrLogMark *self, FyrLogPoint *point)
{
  g_autoptr (GBytes) words = fyr_slot_file_read (self->file, NULL);

  if (words == NULL || g_bytes_get_size (words) != sizeof *point) {
    return FALSE;
  }
  memcpy (point, g_bytes_get_data (words, NULL), sizeof *point);
  point->frames = GUINT64_FROM_LE (point->frames);
  return TRUE;
}

static gboolean
write_point (FyrLogMark *self, const FyrLogPoint *point, gboolean sync)
{
  FyrLogPoint words = *point;

  words.frames = GUINT64_TO_LE (point->frames);
  return fyr_slot_file_write (self->file, &words, sizeof words, sync);
}

void
fyr_log_mark_note (FyrLogMark *self, const FyrLogPoint *point)
{
  self->unsettled = TRUE;
  write_point (self, point, FALSE);
}

gboolean
fyr_log_mark_settle (FyrLogMark *self)
{
  static const FyrLogPoint nothing = { 0 };

  /* Synced: were it lost with the power, the log that goes next would be missed. */
  self->unsettled = self->unsettled && !write_point (self, &nothing, TRUE);
  return !self->unsettled;
}

static guint32
get_word (const guint8 *from, gboolean big_endian)
{
  guint32 word;

  memcpy (&word, from, sizeof word);
  return big_endian ? GUINT32_FROM_BE (word) : GUINT32_FROM_LE (word);
}

static void
sum_up (Chain *chain, const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i += 8) {
    chain->sum[0] += get_word (bytes + i, chain->big_endian) + chain->sum[1];
    chain->sum[1] += get_word (bytes + i + 4, chain->big_endian) + chain->sum[0];
  }
}

static gboolean
is_sum (const Chain *chain, const guint8 *stored)
{
  return get_word (stored, TRUE) == chain->sum[0] && get_word (stored + 4, TRUE) == chain->sum[1];
}

static gboolean
begin_chain (Chain *chain, const guint8 *header)
{
  guint32 magic = get_word (header, TRUE);

  chain->big_endian = (magic & MAGIC_BIG_ENDIAN) != 0;
  chain->sum[0] = chain->sum[1] = 0;
  sum_up (chain, header, HEADER_SUM_AT);
  return (magic & ~MAGIC_BIG_ENDIAN) == MAGIC && is_sum (chain, header + HEADER_SUM_AT);
}

static gboolean
take_frame (
    Chain *chain, sqlite3_file *log, FyrPageKey *key, guint64 place, const guint8 *salts, guint8 *frame)
{
  sqlite3_int64 offset = FYR_LOG_HEADER_BYTES + (sqlite3_int64)place * FYR_FRAME_BYTES;

  if (fyr_file_read (log, frame, FYR_FRAME_BYTES, offset) != SQLITE_OK ||
      (key != NULL && !fyr_frame_unseal (key, place, frame)) ||
      memcmp (frame + FRAME_SALTS_AT, salts, 8) != 0) {
    return FALSE;
  }
  sum_up (chain, frame, FRAME_SALTS_AT);
  sum_up (chain, frame + FYR_FRAME_HEADER_BYTES, FYR_PAGE_BYTES);
  return is_sum (chain, frame + FRAME_SUM_AT);
}

static gboolean
holds (sqlite3_file *log, FyrPageKey *key, const FyrLogPoint *point)
{
  guint8 header[FYR_LOG_HEADER_BYTES];
  g_autofree guint8 *frame = g_malloc (FYR_FRAME_BYTES);
  Chain chain = { 0 };

  if (log == NULL || fyr_file_read (log, header, sizeof header, 0) != SQLITE_OK ||
      !begin_chain (&chain, header)) {
    return FALSE;
  }
  if (memcmp (header + HEADER_SALTS_AT, point->salts, 8) != 0) {
    /* A later life of the log: it began when nothing was left in the one before. */
    return TRUE;
  }
  for (guint64 place = 0; place < point->frames; place++) {
    if (!take_frame (&chain, log, key, place, point->salts, frame)) {
      return FALSE;
    }
  }
  return memcmp (frame + FRAME_SUM_AT, point->sum, 8) == 0;
}

int
fyr_log_mark_check (FyrLogMark *self, sqlite3_file *log, FyrPageKey *key)
{
  guint64 unread = fyr_db_files_count_unread ();
  FyrLogPoint point;
  gboolean noted = fyr_log_mark_read (self, &point);

  if (noted && (point.frames == 0 || holds (log, key, &point))) {
    return SQLITE_OK;
  }
  if (fyr_db_files_count_unread () != unread) {
    return SQLITE_IOERR_READ;
  }
  return noted ? SQLITE_IOERR_DATA : SQLITE_OK;
}
