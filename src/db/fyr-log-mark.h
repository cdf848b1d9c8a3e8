/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "fyr-page-seal.h"

G_BEGIN_DECLS

/**
 * FyrLogPoint:
 * @salts: what names this life of the log
 * @frames: how many of its frames are committed; 0: nothing but the database itself holds anything
 * @sum: SQLite's running sum of the last of them
 */
typedef struct {
  guint8 salts[8];
  guint64 frames;
  guint8 sum[8];
} FyrLogPoint;

/**
 * FyrLogMark:
 *
 * SQLite takes the first frame of its log that is not whole for the end: a flipped bit drops every commit behind it and
 * nobody is told. The mark, a small file beside the database, says how far the log came when it was last synced. It is
 * written after the log and not synced itself, so it can lag behind the log but not be ahead of it: a tail torn by a
 * power cut is never taken for damage.
 */
typedef struct _FyrLogMark FyrLogMark;

/**
 * fyr_log_mark_open:
 * @path: full name of the database
 * @key: (nullable): of a sealed database
 *
 * Returns: (transfer full) (nullable): %NULL when there is no way to keep one
 */
FyrLogMark *
fyr_log_mark_open (const char *path, FyrPageKey *key);
void
fyr_log_mark_close (FyrLogMark *self);

/** fyr_log_mark_read: Returns: whether anything was noted, as far as the disk would read it; @point is what */
gboolean
fyr_log_mark_read (FyrLogMark *self, FyrLogPoint *point);

/** fyr_log_mark_note: the log is on the disk up to here; a failure leaves an older mark */
void
fyr_log_mark_note (FyrLogMark *self, const FyrLogPoint *point);

/** fyr_log_mark_settle: all that was in the log is in the database, the log may go. Returns: whether that is noted */
gboolean
fyr_log_mark_settle (FyrLogMark *self);

/**
 * fyr_log_mark_check:
 * @log: (nullable): its file as it is on the disk
 *
 * Returns: SQLITE_OK when it holds what the mark says, SQLITE_IOERR_DATA when not, SQLITE_IOERR_READ when the disk
 * would not say
 */
int
fyr_log_mark_check (FyrLogMark *self, sqlite3_file *log, FyrPageKey *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrLogMark, fyr_log_mark_close)

G_END_DECLS
