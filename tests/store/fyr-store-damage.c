/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-damage.h"

#include <glib/gstdio.h>
#include <string.h>

#include "fyr-store-sync.h"

void
fyr_test_save_notes (FyrStoreFixture *fixture, guint from, guint to)
{
  for (guint i = from; i < to; i++) {
    g_autofree char *text = g_strdup_printf ("notat %u", i);
    FyrNote *note = fyr_test_note (fixture, text);

    fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
    g_object_unref (note);
  }
}

FyrStoreIdentity *
fyr_test_identity (FyrStoreFixture *fixture)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_get_identity_async (fixture->store, FYR_SLOT));
  g_autoptr (GError) error = NULL;
  FyrStoreIdentity *identity = fyr_store_get_identity_finish (fixture->store, result, &error);

  g_assert_no_error (error);
  return identity;
}

void
fyr_test_change_file (const char *path, const char *suffix, gsize offset, gsize length, gssize cut)
{
  g_autofree char *name = g_strconcat (path, suffix, NULL);
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (name, &bytes, &size, NULL));
  for (gsize i = offset; i < offset + length; i++) {
    g_assert_cmpuint (i, <, size);
    bytes[i] = (char)~bytes[i];
  }
  g_assert_true (g_file_set_contents (name, bytes, cut >= 0 ? cut : (gssize)size, NULL));
}

gsize
fyr_test_size_of (const char *path, const char *suffix)
{
  g_autofree char *name = g_strconcat (path, suffix, NULL);
  GStatBuf info;

  return g_stat (name, &info) == 0 ? (gsize)info.st_size : 0;
}

guint
fyr_test_count_damaged (FyrStoreFixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;
  guint found = 0;

  while ((name = g_dir_read_name (dir)) != NULL) {
    found += strstr (name, ".damaged-") != NULL;
  }
  return found;
}
