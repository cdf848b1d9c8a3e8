/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file that the database's key is found by.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-store-fixture.h"
#include "fyr-store-keys.h"

typedef FyrStoreFixture Fixture;

static char *
key_file (Fixture *fixture)
{
  return g_strconcat (fixture->path, "-key", NULL);
}

static void
test_the_key_is_in_no_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = key_file (fixture);
  g_autofree char *bytes = NULL;
  g_autoptr (FyrStoreKeys) keys = NULL;
  gsize length;
  GStatBuf info;

  g_clear_pointer (&fixture->store, fyr_test_close_store);
  keys = fyr_store_keys_open (fixture->path, NULL);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_null (memmem (bytes, length, fyr_page_key_get_bytes (fyr_store_keys_get_key (keys)), 8));
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_it_is_the_same_at_each_start (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrStoreKeys) first = NULL;
  g_autoptr (FyrStoreKeys) second = NULL;

  g_clear_pointer (&fixture->store, fyr_test_close_store);
  first = fyr_store_keys_open (fixture->path, NULL);
  second = fyr_store_keys_open (fixture->path, NULL);
  g_assert_cmpmem (fyr_page_key_get_bytes (fyr_store_keys_get_key (first)), FYR_PAGE_KEY_BYTES,
                   fyr_page_key_get_bytes (fyr_store_keys_get_key (second)), FYR_PAGE_KEY_BYTES);
}

/* The words stand there twice. */
static void
test_half_of_the_file_is_enough (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = key_file (fixture);
  g_autofree char *bytes = NULL;
  gsize length;

  g_clear_pointer (&fixture->store, fyr_test_close_store);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (guint half = 0; half < 2; half++) {
    g_autofree char *broken = g_memdup2 (bytes, length);

    memset (broken + half * length / 2, 0xa5, length / 2);
    g_assert_true (g_file_set_contents (path, broken, (gssize)length, NULL));
    fixture->store = fyr_test_open_store (fixture->path, NULL);
    g_assert_nonnull (fixture->store);
    g_clear_pointer (&fixture->store, fyr_test_close_store);
  }
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "the-key-is-in-no-file", test_the_key_is_in_no_file },
    { "it-is-the-same-at-each-start", test_it_is_the_same_at_each_start },
    { "half-of-the-file-is-enough", test_half_of_the_file_is_enough },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *name = g_strconcat ("/store/keys/", tests[i].name, NULL);

    g_test_add (name, Fixture, NULL, fyr_store_fixture_set_up, tests[i].test, fyr_store_fixture_tear_down);
  }
  return g_test_run ();
}
