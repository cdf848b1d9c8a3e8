/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-db-fixture.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "fyr-shared.h"

char *
fyr_test_folder_new (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("fyr-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
fyr_test_folder_free (char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (folder);
  g_free (folder);
}

static void
run_outside (const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection =
      fyr_connection_open (g_getenv ("FYRLYKT_TEST_DATABASE"), FYR_CONNECTION_NONE, &error);

  g_assert_no_error (error);
  fyr_connection_exec (connection, sql, &error);
  g_assert_no_error (error);
}

char *
fyr_test_database_new (void)
{
  static int count;
  const char *base = g_getenv ("FYRLYKT_TEST_DATABASE");
  g_autofree char *name = NULL;
  g_autofree char *sql = NULL;

  if (base == NULL) {
    return NULL;
  }
  fyr_postgres_enable ();
  name = g_strdup_printf ("t%d_%d", (int)getpid (), ++count);
  /* With SQLite's functions that tests use. */
  sql = g_strdup_printf ("CREATE SCHEMA %s;"
                         "CREATE FUNCTION %s.hex (bytea) RETURNS text LANGUAGE sql"
                         " AS $$SELECT encode ($1, 'hex')$$;"
                         "CREATE FUNCTION %s.instr (bytea, text) RETURNS integer LANGUAGE sql"
                         " AS $$SELECT position (convert_to ($2, 'UTF8') IN $1)$$",
                         name, name, name);
  run_outside (sql);
  return g_strdup_printf ("%s?options=-csearch_path%%3D%s", base, name);
}

gboolean
fyr_test_on_file (void)
{
  return g_getenv ("FYRLYKT_TEST_DATABASE") == NULL;
}

FyrConnection *
fyr_test_open_new (void)
{
  g_autofree char *location = fyr_test_database_new ();
  g_autoptr (GError) error = NULL;
  FyrConnection *connection =
      fyr_connection_open (location != NULL ? location : ":memory:", FYR_CONNECTION_NONE, &error);

  g_assert_no_error (error);
  return connection;
}

gint64
fyr_test_scalar (FyrConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStatement) statement = fyr_connection_prepare (connection, sql, &error);
  FyrStep step;

  g_assert_no_error (error);
  step = fyr_statement_step (statement, &error);
  g_assert_no_error (error);
  g_assert_cmpint (step, ==, FYR_STEP_ROW);
  return fyr_statement_get_int (statement, 0);
}

FyrConnection *
fyr_test_open (const char *folder, FyrConnectionFlags flags)
{
  g_autofree char *path = g_build_filename (folder, "test.db", NULL);
  g_autoptr (GError) error = NULL;
  FyrConnection *connection = fyr_connection_open (path, FYR_CONNECTION_CREATE | flags, &error);

  g_assert_no_error (error);
  return connection;
}

void
fyr_test_copy_as_killed (const char *path, const char *to)
{
  static const char *const suffixes[] = { "", "-wal", "-mark", "-journal", "-shm", "-key" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *source = g_strconcat (path, suffixes[i], NULL);
    g_autofree char *target = g_strconcat (to, suffixes[i], NULL);
    g_autofree char *bytes = NULL;
    gsize length;

    g_unlink (target);
    if (g_file_get_contents (source, &bytes, &length, NULL)) {
      g_assert_true (g_file_set_contents (target, bytes, (gssize)length, NULL));
    }
  }
}
