/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-sum.h"

#include <glib/gstdio.h>
#include <string.h>

#include "fyr-admin.h"

#define SUM_LENGTH 64

static char *
sum_path (const char *path)
{
  return g_strconcat (path, ".sum", NULL);
}

/* (transfer full) (nullable): SHA-256 in hex. */
static char *
compute (const char *path, GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);

  if (file == NULL) {
    return NULL;
  }
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)g_mapped_file_get_contents (file),
                                      g_mapped_file_get_length (file));
}

gboolean
fyr_admin_sum_write (const char *path, GError **error)
{
  g_autofree char *beside = sum_path (path);
  g_autofree char *sum = compute (path, error);
  g_autofree char *text = NULL;

  if (sum == NULL) {
    return FALSE;
  }
  text = g_strconcat (sum, "\n", NULL);
  return g_file_set_contents_full (beside, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

gboolean
fyr_admin_sum_check (const char *path, gboolean *known, GError **error)
{
  g_autofree char *beside = sum_path (path);
  g_autofree char *told = NULL;
  g_autofree char *sum = NULL;

  *known = g_file_test (beside, G_FILE_TEST_EXISTS);
  if (!*known) {
    return TRUE;
  }
  sum = compute (path, error);
  if (sum == NULL || !g_file_get_contents (beside, &told, NULL, error)) {
    return FALSE;
  }
  if (strlen (told) == SUM_LENGTH + 1 && strncmp (told, sum, SUM_LENGTH) == 0) {
    return TRUE;
  }
  g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_DAMAGED,
               "%s is not as it was written: some of it rotted or was changed. Take another backup", path);
  return FALSE;
}
