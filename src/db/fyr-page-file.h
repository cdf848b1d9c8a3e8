/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "fyr-log-mark.h"
#include "fyr-page-seal.h"
#include "fyr-vfs-below.h"

G_BEGIN_DECLS

/*
 * Within the db room: the files of fyr-page-vfs.h.
 */

/** FyrPageFile: what SQLite holds of an open file; @real is the one below */
typedef struct {
  sqlite3_file base; /* as FyrLayerFile */
  sqlite3_file *real;
  FyrPageKey *key;
  gboolean salvage; /* nothing is to be written */
  guint8 *buffer;   /* one page or frame */
  /* Of a log alone: */
  FyrLogMark *mark;    /* (nullable) */
  gint64 place;        /* of the frame that is half written; -1 none */
  gboolean has_header; /* of its halves, which SQLite writes one after the other */
  gboolean has_page;
  guint8 *whole;       /* that frame */
  FyrLogPoint written; /* last commit; frames 0: none since the last sync */
} FyrPageFile;

extern const sqlite3_io_methods fyr_page_database_methods;
extern const sqlite3_io_methods fyr_page_journal_methods;
extern const sqlite3_io_methods fyr_page_log_methods;

/* What all kinds of file do alike. */
int
fyr_page_file_close (sqlite3_file *file);
int
fyr_page_file_characteristics (sqlite3_file *file);
int
fyr_page_file_truncate (sqlite3_file *file, sqlite3_int64 size);

G_END_DECLS
