/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "fyr-log-keeper.h"
#include "fyr-server-fixture.h"
#include "fyr-writer.h"

/* The log of a server that is never at rest is moved into the database beside the writer, and nothing is lost by it. */

#define PAGES_A_JOB 10
/* Fewer than make a commit move the log itself: what is moved, the keeper moved. */
#define JOBS 700
#define LONGEST_US (60 * G_USEC_PER_SEC)

static gboolean
begin (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context), "CREATE TABLE filler (a)", error);
}

static gboolean
fill (FyrWriteContext *context, gpointer data, GError **error)
{
  g_autofree char *sql =
      g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                       " INSERT INTO filler SELECT zeroblob (4000) FROM n",
                       PAGES_A_JOB);

  return fyr_connection_exec (fyr_write_context_get_connection (context), sql, error);
}

static gboolean
look (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context), "SELECT count (*) FROM meta",
                              error);
}

static void
run (FyrWriter *writer, FyrWriteFunc func)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_writer_run (writer, func, NULL, &error));
  g_assert_no_error (error);
}

static goffset
get_size (const char *path)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_size;
}

static void
test_a_writer_without_a_pause_has_its_log_moved (void)
{
  g_autoptr (World) world = world_new ();
  const char *path = fyr_server_db_get_path (world->db);
  FyrWriter *writer = fyr_writer_new (world->db);
  gint64 until = g_get_monotonic_time () + LONGEST_US;
  const goffset enough = FYR_LOG_KEEPER_PAGES * G_GOFFSET_CONSTANT (4000);

  run (writer, begin);
  for (guint i = 0; i < JOBS; i++) {
    run (writer, fill);
  }
  while (get_size (path) < enough && g_get_monotonic_time () < until) {
    run (writer, look);
  }
  g_assert_cmpint (get_size (path), >=, enough);
  fyr_writer_free (writer);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM filler"), ==, JOBS * PAGES_A_JOB);
}

/* Several times what the log may hold, moved by both, with a reader that holds an end of it. */
static void
test_what_is_written_meanwhile_is_all_there (void)
{
  g_autoptr (World) world = world_new ();
  FyrWriter *writer = fyr_writer_new (world->db);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) other = fyr_server_db_open_another (world->db, &error);

  run (writer, begin);
  for (guint i = 0; i < 3 * JOBS; i++) {
    if (i % 300 == 0) {
      g_assert_true (fyr_connection_exec (other, "BEGIN; SELECT count (*) FROM meta", &error));
    } else if (i % 300 == 200) {
      g_assert_true (fyr_connection_exec (other, "COMMIT", &error));
    }
    run (writer, fill);
  }
  fyr_writer_free (writer);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM filler"), ==, 3 * JOBS * PAGES_A_JOB);
  g_assert_true (fyr_connection_check (other, TRUE, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/log-keeper/" #name, test_##name)
  ADD (a_writer_without_a_pause_has_its_log_moved);
  ADD (what_is_written_meanwhile_is_all_there);
  return g_test_run ();
}
