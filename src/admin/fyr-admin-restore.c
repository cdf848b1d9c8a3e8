/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <errno.h>
#include <string.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "fyr-admin-target.h"
#include "fyr-admin-verify.h"

static gboolean
refuse_running (const char *data, GError **error)
{
  int owner = fyr_server_db_find_owner (data);

  if (owner > 0) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_RUNNING,
                 _ ("Process %d uses %s: stop the server before restoring"), owner, data);
  }
  return owner <= 0;
}

static gboolean
copy (const char *from, const char *to, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);

  if (!g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error)) {
    return FALSE;
  }
  g_chmod (to, 0600);
  return TRUE;
}

/* What was there is kept beside, with its write-ahead log: nothing is thrown away here. */
static gboolean
put_aside (const char *database, GError **error)
{
  static const char *const endings[] = { "", "-wal", "-shm" };
  gint64 now = fyr_admin_now ();

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *from = g_strconcat (database, endings[i], NULL);
    g_autofree char *to =
        g_strdup_printf ("%s.before-restore-%" G_GINT64_FORMAT "%s", database, now, endings[i]);

    if (g_file_test (from, G_FILE_TEST_EXISTS) && g_rename (from, to) != 0) {
      g_set_error (error, G_IO_ERROR, (int)g_io_error_from_errno (errno), _ ("Cannot move %s aside: %s"),
                   from, g_strerror (errno));
      return FALSE;
    }
    if (i == 0 && g_file_test (to, G_FILE_TEST_EXISTS)) {
      g_print (_ ("The former database is kept as %s\n"), to);
    }
  }
  return TRUE;
}

static gboolean
renew_epoch (const char *data, GError **error)
{
  g_autoptr (FyrServerDb) db = fyr_server_db_open (data, FYR_SERVER_DB_NONE, error);

  if (db == NULL || !fyr_server_db_renew_epoch (db, error)) {
    return FALSE;
  }
  g_print (
      _ ("Restored. New epoch: %s\nWorkstations fetch everything again and send what the backup lacks of "
         "their own "
         "work.\n"),
      fyr_server_db_get_epoch (db));
  return TRUE;
}

static gboolean
restore (const char *data, int argc, char **argv, GError **error)
{
  g_autofree char *database = g_build_filename (data, "fyrlykt.db", NULL);
  g_autofree char *fresh = g_strconcat (database, ".restoring", NULL);

  if (fyr_admin_get_database () != NULL) {
    g_set_error_literal (
        error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
        _ ("A PostgreSQL database is restored with PostgreSQL's own means; its servers notice"
           " and begin a new epoch by themselves"));
    return FALSE;
  }
  if (argc != 2) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("Name the backup"));
    return FALSE;
  }
  if (!g_file_test (argv[1], G_FILE_TEST_IS_REGULAR)) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_UNKNOWN, _ ("There is no file %s: check the path"),
                 argv[1]);
    return FALSE;
  }
  if (!refuse_running (data, error) || !fyr_admin_verify_file (argv[1], error)) {
    return FALSE;
  }
  if (g_mkdir_with_parents (data, 0700) != 0 || !copy (argv[1], fresh, error) ||
      !put_aside (database, error)) {
    return FALSE;
  }
  if (g_rename (fresh, database) != 0) {
    g_set_error (error, G_IO_ERROR, (int)g_io_error_from_errno (errno),
                 _ ("Cannot put the backup in place: %s"), g_strerror (errno));
    return FALSE;
  }
  return renew_epoch (data, error);
}

int
fyr_admin_restore (int argc, char **argv)
{
  const char *data;
  GError *error = NULL;

  if (!fyr_admin_parse ("restore", "FILE",
                        _ ("Checks a backup and puts it in the place of the database, which is kept aside. "
                           "The server must\n"
                           "not run. The restored database begins a new epoch, so that workstations notice."),
                        NULL, &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  return restore (data, argc, argv, &error) ? FYR_ADMIN_OK : fyr_admin_fail ("restore", error);
}
