/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far the log came when it was last synced: SQLite's own log, plain, is held against the mark.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-db-fixture.h"
#include "fyr-log-mark.h"

#define SALTS_AT 16
#define FRAME_SUM_AT 16

typedef struct {
  char *folder;
  char *path;
  char *log;
  FyrConnection *connection;
  FyrLogMark *mark;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fyr_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "test.db", NULL);
  fixture->log = g_strconcat (fixture->path, "-wal", NULL);
  fixture->connection = fyr_test_open (fixture->folder, FYR_CONNECTION_NONE);
  g_assert_true (
      fyr_connection_exec (fixture->connection,
                           "PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);"
                           "INSERT INTO t VALUES (1, 'x'); INSERT INTO t VALUES (2, hex (zeroblob (9000)))",
                           NULL));
  fixture->mark = fyr_log_mark_open (fixture->path, NULL);
  g_assert_nonnull (fixture->mark);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fyr_log_mark_close (fixture->mark);
  g_clear_pointer (&fixture->connection, fyr_connection_unref);
  g_free (fixture->log);
  g_free (fixture->path);
  fyr_test_folder_free (fixture->folder);
}

static GByteArray *
read_log (Fixture *fixture)
{
  char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (fixture->log, &bytes, &length, NULL));
  return g_byte_array_new_take ((guint8 *)bytes, length);
}

static guint64
count_frames (const GByteArray *log)
{
  return (log->len - FYR_LOG_HEADER_BYTES) / FYR_FRAME_BYTES;
}

/* What a writer would note who has just synced all that is in the log. */
static FyrLogPoint
point_at_end (const GByteArray *log)
{
  FyrLogPoint point = { .frames = count_frames (log) };
  gsize last = FYR_LOG_HEADER_BYTES + (gsize)(point.frames - 1) * FYR_FRAME_BYTES;

  memcpy (point.salts, log->data + SALTS_AT, sizeof point.salts);
  memcpy (point.sum, log->data + last + FRAME_SUM_AT, sizeof point.sum);
  return point;
}

/* @bytes: (nullable): no log at all */
static int
check_log (Fixture *fixture, const guint8 *bytes, gsize length)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find (NULL);
  g_autofree sqlite3_file *file = g_malloc0 ((gsize)vfs->szOsFile);
  g_autofree char *path = g_build_filename (fixture->folder, "log", NULL);
  int kept;

  if (bytes == NULL) {
    return fyr_log_mark_check (fixture->mark, NULL, NULL);
  }
  g_assert_true (g_file_set_contents (path, (const char *)bytes, (gssize)length, NULL));
  g_assert_cmpint (vfs->xOpen (vfs, path, file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MAIN_DB, NULL), ==,
                   SQLITE_OK);
  kept = fyr_log_mark_check (fixture->mark, file, NULL);
  file->pMethods->xClose (file);
  return kept;
}

static void
test_without_a_mark_nothing_is_missed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) log = read_log (fixture);
  FyrLogPoint point;

  g_assert_false (fyr_log_mark_read (fixture->mark, &point));
  g_assert_cmpint (check_log (fixture, log->data, log->len), ==, SQLITE_OK);
  g_assert_cmpint (check_log (fixture, log->data, 0), ==, SQLITE_OK);
  g_assert_cmpint (check_log (fixture, NULL, 0), ==, SQLITE_OK);
}

static void
test_what_is_noted_is_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) log = read_log (fixture);
  const FyrLogPoint point = point_at_end (log);
  FyrLogPoint found;

  g_assert_cmpuint (point.frames, >, 3);
  fyr_log_mark_note (fixture->mark, &point);
  g_assert_true (fyr_log_mark_read (fixture->mark, &found));
  g_assert_cmpmem (&found, sizeof found, &point, sizeof point);
  g_assert_true (fyr_log_mark_settle (fixture->mark));
  g_assert_true (fyr_log_mark_read (fixture->mark, &found));
  g_assert_cmpuint (found.frames, ==, 0);
}

static void
test_a_whole_log_is_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) log = read_log (fixture);
  const FyrLogPoint point = point_at_end (log);
  g_autoptr (GByteArray) longer = NULL;

  fyr_log_mark_note (fixture->mark, &point);
  g_assert_cmpint (check_log (fixture, log->data, log->len), ==, SQLITE_OK);
  /* What comes behind the mark is nobody's business. */
  longer = g_byte_array_new ();
  g_byte_array_append (longer, log->data, log->len);
  g_byte_array_append (longer, log->data, 5000);
  g_assert_cmpint (check_log (fixture, longer->data, longer->len), ==, SQLITE_OK);
}

static void
test_every_cut_is_seen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) log = read_log (fixture);
  const FyrLogPoint point = point_at_end (log);

  fyr_log_mark_note (fixture->mark, &point);
  g_assert_cmpint (check_log (fixture, NULL, 0), ==, SQLITE_IOERR_DATA);
  for (gsize length = 0; length < log->len; length += 331) {
    g_assert_cmpint (check_log (fixture, log->data, length), ==, SQLITE_IOERR_DATA);
  }
  g_assert_cmpint (check_log (fixture, log->data, log->len - 1), ==, SQLITE_IOERR_DATA);
}

/* Of pages, of frames' headers, and of the log's own, its salts apart: those name another log. */
static void
test_every_flip_is_seen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) log = read_log (fixture);
  const FyrLogPoint point = point_at_end (log);

  fyr_log_mark_note (fixture->mark, &point);
  for (gsize at = 0; at < log->len; at += at < 200 ? 1 : 97) {
    log->data[at] ^= 0x20;
    g_assert_cmpint (check_log (fixture, log->data, log->len), ==, SQLITE_IOERR_DATA);
    log->data[at] ^= 0x20;
  }
  g_assert_cmpint (check_log (fixture, log->data, log->len), ==, SQLITE_OK);
}

static void
test_swapped_frames_are_seen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) log = read_log (fixture);
  const FyrLogPoint point = point_at_end (log);
  g_autofree guint8 *kept = g_memdup2 (log->data + FYR_LOG_HEADER_BYTES, FYR_FRAME_BYTES);

  fyr_log_mark_note (fixture->mark, &point);
  memcpy (log->data + FYR_LOG_HEADER_BYTES, log->data + FYR_LOG_HEADER_BYTES + FYR_FRAME_BYTES,
          FYR_FRAME_BYTES);
  memcpy (log->data + FYR_LOG_HEADER_BYTES + FYR_FRAME_BYTES, kept, FYR_FRAME_BYTES);
  g_assert_cmpint (check_log (fixture, log->data, log->len), ==, SQLITE_IOERR_DATA);
}

/* SQLite begins a log anew when all of the former is in the database. */
static void
test_a_later_log_is_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) log = read_log (fixture);
  const FyrLogPoint point = point_at_end (log);
  g_autoptr (GByteArray) later = NULL;

  fyr_log_mark_note (fixture->mark, &point);
  g_assert_true (fyr_connection_exec (
      fixture->connection, "PRAGMA wal_checkpoint (RESTART); INSERT INTO t VALUES (3, 'y')", NULL));
  later = read_log (fixture);
  g_assert_cmpint (memcmp (later->data + SALTS_AT, log->data + SALTS_AT, 8), !=, 0);
  g_assert_cmpint (check_log (fixture, later->data, later->len), ==, SQLITE_OK);
}

static void
test_a_settled_log_may_go (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) log = read_log (fixture);
  const FyrLogPoint point = point_at_end (log);

  fyr_log_mark_note (fixture->mark, &point);
  g_assert_true (fyr_log_mark_settle (fixture->mark));
  g_assert_cmpint (check_log (fixture, NULL, 0), ==, SQLITE_OK);
  g_assert_cmpint (check_log (fixture, log->data, 0), ==, SQLITE_OK);
  g_assert_cmpint (check_log (fixture, log->data, 3000), ==, SQLITE_OK);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "without-a-mark-nothing-is-missed", test_without_a_mark_nothing_is_missed },
    { "what-is-noted-is-read", test_what_is_noted_is_read },
    { "a-whole-log-is-kept", test_a_whole_log_is_kept },
    { "every-cut-is-seen", test_every_cut_is_seen },
    { "every-flip-is-seen", test_every_flip_is_seen },
    { "swapped-frames-are-seen", test_swapped_frames_are_seen },
    { "a-later-log-is-kept", test_a_later_log_is_kept },
    { "a-settled-log-may-go", test_a_settled_log_may_go },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *name = g_strconcat ("/db/log-mark/", tests[i].name, NULL);

    g_test_add (name, Fixture, NULL, set_up, tests[i].test, tear_down);
  }
  return g_test_run ();
}
