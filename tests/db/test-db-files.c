/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of a database: for their owner alone, and put in place whole or not at all.
 */
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fyr-db-error.h"
#include "fyr-db-files.h"
#include "fyr-db-fixture.h"

typedef struct {
  char *folder;
  char *path;
  char *part;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fyr_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "one.db", NULL);
  fixture->part = g_build_filename (fixture->folder, "one.db.part", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->path);
  g_free (fixture->part);
  fyr_test_folder_free (fixture->folder);
}

static void
write_file (const char *path, const char *text)
{
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
assert_file (const char *path, const char *text)
{
  g_autofree char *found = NULL;

  g_assert_true (g_file_get_contents (path, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, text);
}

static void
test_a_new_file_is_its_owners_alone (Fixture *fixture, gconstpointer data)
{
  mode_t mask = umask (0);
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_assert_true (fyr_db_files_create (fixture->path, &error));
  umask (mask);
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (info.st_size, ==, 0);
}

static void
test_a_file_that_is_there_stays (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_file (fixture->path, "innhold");
  g_assert_true (fyr_db_files_create (fixture->path, &error));
  g_assert_no_error (error);
  assert_file (fixture->path, "innhold");
}

/* Who may write in the folder could else have another file of the owner's written over. */
static void
test_a_link_is_not_followed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_file (fixture->part, "annet");
  g_assert_cmpint (symlink (fixture->part, fixture->path), ==, 0);
  g_assert_false (fyr_db_files_create (fixture->path, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO);
  assert_file (fixture->part, "annet");
}

static void
test_a_part_takes_the_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_file (fixture->path, "gammel");
  write_file (fixture->part, "ny");
  g_assert_true (fyr_db_files_put_in_place (fixture->part, fixture->path, &error));
  g_assert_no_error (error);
  assert_file (fixture->path, "ny");
  g_assert_false (g_file_test (fixture->part, G_FILE_TEST_EXISTS));
}

static void
test_without_a_part_the_old_file_stays (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_file (fixture->path, "gammel");
  g_assert_false (fyr_db_files_put_in_place (fixture->part, fixture->path, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO);
  assert_file (fixture->path, "gammel");
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "a-new-file-is-its-owners-alone", test_a_new_file_is_its_owners_alone },
    { "a-file-that-is-there-stays", test_a_file_that_is_there_stays },
    { "a-link-is-not-followed", test_a_link_is_not_followed },
    { "a-part-takes-the-place", test_a_part_takes_the_place },
    { "without-a-part-the-old-file-stays", test_without_a_part_the_old_file_stays },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *name = g_strconcat ("/db/db-files/", tests[i].name, NULL);

    g_test_add (name, Fixture, NULL, set_up, tests[i].test, tear_down);
  }
  return g_test_run ();
}
