/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-seal.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "fyr-db-files.h"
#include "fyr-page-vfs.h"
#include "fyr-vfs-below.h"

#define PLAIN_NAME "SQLite format 3"
#define WIPE_BYTES 65536

static sqlite3_vfs *
default_vfs (void)
{
  fyr_db_files_prepare ();
  return sqlite3_vfs_find (NULL);
}

FyrSealState
fyr_seal_get_state (const char *path)
{
  sqlite3_vfs *vfs = default_vfs ();
  g_autofree sqlite3_file *file = g_malloc0 ((gsize)vfs->szOsFile);
  char name[sizeof PLAIN_NAME] = "";
  FyrSealState state = FYR_SEAL_NONE;
  int exists = 0;
  int result;

  if (vfs->xAccess (vfs, path, SQLITE_ACCESS_EXISTS, &exists) != SQLITE_OK || !exists ||
      vfs->xOpen (vfs, path, file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_WAL, NULL) != SQLITE_OK) {
    return FYR_SEAL_NONE;
  }
  result = fyr_file_read (file, name, sizeof name, 0);
  if (result == SQLITE_OK) {
    state = memcmp (name, PLAIN_NAME, sizeof name) == 0 ? FYR_SEAL_PLAIN : FYR_SEAL_SEALED;
  } else if (result != SQLITE_IOERR_SHORT_READ) {
    state = FYR_SEAL_UNREAD;
  }
  file->pMethods->xClose (file);
  return state;
}

gboolean
fyr_seal_fits (const char *path, FyrPageKey *key, GError **error)
{
  sqlite3_vfs *vfs = default_vfs ();
  g_autofree sqlite3_file *file = g_malloc0 ((gsize)vfs->szOsFile);
  g_autofree guint8 *sealed = g_malloc (FYR_PAGE_BYTES);
  g_autofree guint8 *plain = g_malloc (FYR_PAGE_BYTES);
  int result;

  if (vfs->xOpen (vfs, path, file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_WAL, NULL) != SQLITE_OK) {
    return FALSE;
  }
  result = fyr_file_read (file, sealed, FYR_PAGE_BYTES, 0);
  file->pMethods->xClose (file);
  if (result != SQLITE_OK && result != SQLITE_IOERR_SHORT_READ) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "The disk would not read the database");
    return FALSE;
  }
  return result == SQLITE_OK && fyr_page_unseal (key, 1, sealed, plain);
}

static gboolean
fail (GError **error, int result)
{
  FyrDbError code = FYR_DB_ERROR_IO;

  switch (result & 0xff) {
  case SQLITE_FULL:
    code = FYR_DB_ERROR_FULL;
    break;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    code = FYR_DB_ERROR_BUSY;
    break;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    code = FYR_DB_ERROR_CORRUPT;
    break;
  default:
    break;
  }
  g_set_error (error, FYR_DB_ERROR, code, "The database could not be sealed: %s (SQLite %d)",
               sqlite3_errstr (result), result);
  return FALSE;
}

static int
copy_sealed (sqlite3 *plain, const char *part)
{
  g_autofree char *uri = g_filename_to_uri (part, NULL, NULL);
  g_autofree char *target = g_strdup_printf ("%s?vfs=%s", uri, fyr_page_vfs_get_name ());
  sqlite3_stmt *statement = NULL;
  int reserved = FYR_PAGE_RESERVED;
  /* Everything of the log belongs to the copy, and none of it may be left beside it. */
  int result =
      sqlite3_exec (plain,
                    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY; BEGIN IMMEDIATE; COMMIT;"
                    "PRAGMA wal_checkpoint (TRUNCATE); PRAGMA journal_mode = DELETE",
                    NULL, NULL, NULL);

  if (result == SQLITE_OK) {
    result = sqlite3_file_control (plain, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  }
  if (result == SQLITE_OK) {
    result = sqlite3_prepare_v2 (plain, "VACUUM INTO ?1", -1, &statement, NULL);
  }
  if (result == SQLITE_OK) {
    sqlite3_bind_text (statement, 1, target, -1, SQLITE_TRANSIENT);
    result = sqlite3_step (statement) == SQLITE_DONE ? SQLITE_OK : sqlite3_extended_errcode (plain);
  }
  sqlite3_finalize (statement);
  return result;
}

/* From here on it has a write-ahead log. The page that says so is journalled in memory: nobody misses a part. */
static int
turn_to_log (const char *part)
{
  sqlite3 *sealed = NULL;
  int result =
      sqlite3_open_v2 (part, &sealed, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
                       fyr_page_vfs_get_name ());

  if (result == SQLITE_OK) {
    result = sqlite3_exec (sealed,
                           "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY;"
                           "PRAGMA journal_mode = WAL",
                           NULL, NULL, NULL);
  }
  sqlite3_close (sealed);
  return result;
}

static gboolean
write_part (const char *path, const char *part, FyrPageKey *key, GError **error)
{
  sqlite3 *plain = NULL;
  char *name = fyr_page_vfs_open (part, key, FALSE);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
  int result = sqlite3_open_v2 (path, &plain, flags, NULL);

  if (result == SQLITE_OK) {
    result = copy_sealed (plain, part);
  }
  sqlite3_close (plain);
  if (result == SQLITE_OK) {
    result = turn_to_log (part);
  }
  fyr_page_vfs_close (name);
  return result == SQLITE_OK || fail (error, result);
}

/* What is put in place must open as any sealed database does; its log and mark go with this connection. */
static gboolean
check_part (const char *part, FyrPageKey *key, GError **error)
{
  g_autoptr (FyrConnection) connection = fyr_connection_open_sealed (part, key, FYR_CONNECTION_NONE, error);

  return connection != NULL && fyr_connection_check (connection, TRUE, error) &&
         fyr_connection_truncate_log (connection, error);
}

/* The name is gone with the renaming; the bytes must go too. */
static void
wipe_plain (int file)
{
  g_autofree char *nothing = g_malloc0 (WIPE_BYTES);
  off_t size = lseek (file, 0, SEEK_END);

  for (off_t at = 0; at < size; at += WIPE_BYTES) {
    if (pwrite (file, nothing, (gsize)MIN (WIPE_BYTES, size - at), at) < 0) {
      break;
    }
  }
  fsync (file);
  close (file);
}

static void
remove_part (const char *part)
{
  static const char *const beside[] = { "", "-wal", "-mark", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (beside); i++) {
    g_autofree char *name = g_strconcat (part, beside[i], NULL);

    g_unlink (name);
  }
}

gboolean
fyr_seal_database (const char *path, FyrPageKey *key, GError **error)
{
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  int plain;
  gboolean ok;

  remove_part (part);
  ok = fyr_db_files_create (part, error) && write_part (path, part, key, error) &&
       check_part (part, key, error);
  plain = ok ? g_open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0) : -1;
  ok = ok && fyr_db_files_put_in_place (part, path, error);
  remove_part (part);
  if (ok && plain >= 0) {
    wipe_plain (plain);
  } else if (plain >= 0) {
    close (plain);
  }
  return ok;
}
