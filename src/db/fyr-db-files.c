/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-db-files.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "fyr-db-error.h"

/* SQLite counts its memory under one lock of the whole process, at every taking and giving back; nobody asks. */
static gpointer
stop_counting_memory (gpointer unused)
{
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  return NULL;
}

void
fyr_db_files_prepare (void)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, stop_counting_memory, NULL);
}

/* Made here and not by SQLite, which would let others read it; the log files take over its mode. */
gboolean
fyr_db_files_create (const char *path, GError **error)
{
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0) {
    int saved = errno;

    g_set_error (error, FYR_DB_ERROR, saved == ENOSPC ? FYR_DB_ERROR_FULL : FYR_DB_ERROR_IO,
                 "Could not make the database file: %s", g_strerror (saved));
    return FALSE;
  }
  close (fd);
  return TRUE;
}

static gboolean
sync_path (const char *path, int open_flags, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | open_flags, 0);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (!ok) {
    g_set_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "Could not write the copy to disk: %s",
                 g_strerror (errno));
  }
  if (fd >= 0) {
    close (fd);
  }
  return ok;
}

gboolean
fyr_db_files_put_in_place (const char *part, const char *path, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);

  if (!sync_path (part, 0, error)) {
    return FALSE;
  }
  if (g_rename (part, path) != 0) {
    g_set_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "Could not rename the copy: %s", g_strerror (errno));
    return FALSE;
  }
  return sync_path (directory, O_DIRECTORY, error);
}
