/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "fyr-admin-sum.h"
#include "fyr-admin-target.h"

static gboolean
back_up (const char *data, int argc, char **argv, GError **error)
{
  g_autoptr (FyrAdminTarget) target = NULL;

  if (argc != 2) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("Name the file to be made"));
    return FALSE;
  }
  if (g_file_test (argv[1], G_FILE_TEST_EXISTS)) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                 _ ("%s exists already and was left alone: name a file that does not exist"), argv[1]);
    return FALSE;
  }
  target = fyr_admin_target_open (data, error);
  if (target == NULL || !fyr_admin_target_backup (target, argv[1], error)) {
    return FALSE;
  }
  g_chmod (argv[1], 0600);
  if (!fyr_admin_sum_write (argv[1], error)) {
    return FALSE;
  }
  g_print (_ ("Backed up to %s\n"), argv[1]);
  return TRUE;
}

int
fyr_admin_backup (int argc, char **argv)
{
  const char *data;
  GError *error = NULL;

  if (!fyr_admin_parse (
          "backup", "FILE",
          _ ("Copies the database as it is at one moment, also while the server runs. The copy holds\n"
             "everything: keep it as safe as the server. Try it with: fyrlykt-admin verify --file FILE"),
          NULL, &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  return back_up (data, argc, argv, &error) ? FYR_ADMIN_OK : fyr_admin_fail ("backup", error);
}
