/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-page-vfs.h"

#include <string.h>

#include "fyr-db-files.h"
#include "fyr-page-file.h"
#include "fyr-vfs-below.h"

#define MAX_PATH 512

static GMutex lock;
static GHashTable *sealed; /* full name of a database → Sealed */

typedef struct {
  FyrPageKey *key;
  guint users;
  gboolean salvage;
} Sealed;

/* @suffix: (nullable): what the file's name has behind the database's. Returns: (nullable): its key */
static FyrPageKey *
find_key (const char *name, const char *suffix, gboolean *salvage)
{
  g_autofree char *database = g_strdup (name);
  FyrPageKey *key = NULL;
  Sealed *found;

  if (suffix != NULL && g_str_has_suffix (name, suffix)) {
    database[strlen (name) - strlen (suffix)] = '\0';
  }
  g_mutex_lock (&lock);
  found = sealed != NULL ? g_hash_table_lookup (sealed, database) : NULL;
  if (found != NULL) {
    key = fyr_page_key_ref (found->key);
    *salvage = found->salvage;
  }
  g_mutex_unlock (&lock);
  return key;
}

static FyrLogMark *
open_mark (const char *name, const char *suffix, FyrPageKey *key)
{
  g_autofree char *database = g_strndup (name, strlen (name) - strlen (suffix));

  return fyr_log_mark_open (database, key);
}

/* A database of no length that once had commits has been cut. */
static int
check_length (FyrPageFile *self, const char *name)
{
  guint64 unread = fyr_db_files_count_unread ();
  g_autoptr (FyrLogMark) mark = NULL;
  FyrLogPoint point;
  sqlite3_int64 size = 0;

  if (self->real->pMethods->xFileSize (self->real, &size) != SQLITE_OK || size > 0) {
    return SQLITE_OK;
  }
  mark = open_mark (name, "", self->key);
  if (mark != NULL && fyr_log_mark_read (mark, &point)) {
    return SQLITE_IOERR_DATA;
  }
  return fyr_db_files_count_unread () != unread ? SQLITE_IOERR_READ : SQLITE_OK;
}

/* Returns SQLITE_OK, or SQLITE_IOERR_DATA when what was committed is not there any more, or SQLITE_IOERR_READ. */
static int
set_up (FyrPageFile *self, const char *name, int flags)
{
  if ((flags & SQLITE_OPEN_MAIN_JOURNAL) != 0) {
    self->base.pMethods = &fyr_page_journal_methods;
    return SQLITE_OK;
  }
  self->buffer = g_malloc (FYR_FRAME_BYTES);
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
    self->base.pMethods = &fyr_page_database_methods;
    return self->salvage ? SQLITE_OK : check_length (self, name);
  }
  self->base.pMethods = &fyr_page_log_methods;
  self->whole = g_malloc (FYR_FRAME_BYTES);
  self->place = -1;
  if (self->salvage) {
    return SQLITE_OK;
  }
  self->mark = open_mark (name, "-wal", self->key);
  return self->mark != NULL ? fyr_log_mark_check (self->mark, self->real, self->key) : SQLITE_OK;
}

static const char *
suffix_of (int flags)
{
  if ((flags & SQLITE_OPEN_WAL) != 0) {
    return "-wal";
  }
  return (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0 ? "-journal" : NULL;
}

static int
vfs_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  FyrPageFile *self = (FyrPageFile *)file;
  int result;

  memset (self, 0, sizeof *self);
  /* Anything else would hold rows in the open. */
  if (name == NULL || (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) == 0) {
    return SQLITE_CANTOPEN;
  }
  self->key = find_key (name, suffix_of (flags), &self->salvage);
  if (self->key == NULL) {
    return SQLITE_CANTOPEN;
  }
  self->real = g_malloc0 ((gsize)fyr_vfs_below ()->szOsFile);
  result = fyr_vfs_below ()->xOpen (fyr_vfs_below (), name, self->real, flags, out_flags);
  if (result != SQLITE_OK) {
    g_clear_pointer (&self->real, g_free);
    g_clear_pointer (&self->key, fyr_page_key_unref);
    return result;
  }
  result = set_up (self, name, flags);
  if (result != SQLITE_OK) {
    fyr_page_file_close (file);
    self->base.pMethods = NULL;
  }
  return result;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *name, int sync_directory)
{
  gboolean salvage = FALSE;
  g_autoptr (FyrPageKey) key = find_key (name, "-wal", &salvage);

  if (salvage) {
    return SQLITE_IOERR_DELETE;
  }
  if (g_str_has_suffix (name, "-wal") && key != NULL) {
    g_autoptr (FyrLogMark) mark = open_mark (name, "-wal", key);

    if (mark != NULL && !fyr_log_mark_settle (mark)) {
      return SQLITE_IOERR_DELETE;
    }
  }
  return fyr_vfs_below ()->xDelete (fyr_vfs_below (), name, sync_directory);
}

static gpointer
register_vfs (gpointer data)
{
  static sqlite3_vfs vfs = {
    .iVersion = 2,
    .szOsFile = sizeof (FyrPageFile),
    .mxPathname = MAX_PATH,
    .zName = "fyr-sealed",
    .xOpen = vfs_open,
  };

  fyr_vfs_pass_on (&vfs);
  vfs.xDelete = vfs_delete;
  sqlite3_vfs_register (&vfs, 0);
  return (gpointer)vfs.zName;
}

const char *
fyr_page_vfs_get_name (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, register_vfs, NULL);
}

static void
sealed_free (gpointer data)
{
  Sealed *self = data;

  fyr_page_key_unref (self->key);
  g_free (self);
}

/* A second connection is kept out by the first one's lock: its key is not looked at. */
static void
add_user (const char *name, FyrPageKey *key, gboolean salvage)
{
  Sealed *found;

  if (sealed == NULL) {
    sealed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, sealed_free);
  }
  found = g_hash_table_lookup (sealed, name);
  if (found == NULL) {
    found = g_new0 (Sealed, 1);
    found->key = fyr_page_key_ref (key);
    found->salvage = salvage;
    g_hash_table_insert (sealed, g_strdup (name), found);
  }
  found->users++;
}

char *
fyr_page_vfs_open (const char *path, FyrPageKey *key, gboolean salvage)
{
  g_autofree char *name = g_malloc0 (MAX_PATH + 1);
  int result;

  fyr_db_files_prepare ();
  sqlite3_initialize ();
  result = fyr_vfs_below ()->xFullPathname (fyr_vfs_below (), path, MAX_PATH, name);
  if (result != SQLITE_OK && result != SQLITE_OK_SYMLINK) {
    return NULL;
  }
  g_mutex_lock (&lock);
  add_user (name, key, salvage);
  g_mutex_unlock (&lock);
  return g_steal_pointer (&name);
}

void
fyr_page_vfs_close (char *name)
{
  Sealed *found;

  if (name == NULL) {
    return;
  }
  g_mutex_lock (&lock);
  found = g_hash_table_lookup (sealed, name);
  if (found != NULL && --found->users == 0) {
    g_hash_table_remove (sealed, name);
  }
  g_mutex_unlock (&lock);
  g_free (name);
}
