/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A database that is sealed on the disk: nothing in the open, no silently wrong value, no silently lost commit.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-db-fixture.h"
#include "fyr-page-seal.h"
#include "fyr-transaction.h"

#define MARKER "Kari-Nordmann-og-hjertet"
#define ROWS 120

typedef struct {
  char *folder;
  char *path;
  FyrPageKey *key;
} Fixture;

static const char *const files[] = { "", "-wal", "-mark", "-journal", "-shm" };

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fyr_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "test.db", NULL);
  fixture->key = fyr_page_key_new_random ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fyr_page_key_unref (fixture->key);
  g_free (fixture->path);
  fyr_test_folder_free (fixture->folder);
}

static FyrConnection *
open_sealed (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  FyrConnection *connection =
      fyr_connection_open_sealed (fixture->path, fixture->key, FYR_CONNECTION_CREATE, &error);

  g_assert_no_error (error);
  return connection;
}

static void
run (FyrConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_connection_exec (connection, sql, &error));
  g_assert_no_error (error);
}

static void
add_rows (FyrConnection *connection, int from, int to)
{
  for (int i = from; i < to; i++) {
    g_autofree char *sql = g_strdup_printf ("INSERT INTO t VALUES (%d, '%s-%d' || hex (zeroblob (%d)))", i,
                                            MARKER, i, 40 + i % 700);

    run (connection, sql);
  }
}

static void
make_rows (FyrConnection *connection)
{
  run (connection, "PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 0;"
                   "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL);"
                   "CREATE INDEX i ON t (b)");
  /* Most in one commit: each costs a sync of the disk. */
  run (connection, "BEGIN");
  add_rows (connection, 0, ROWS - 20);
  run (connection, "COMMIT");
  add_rows (connection, ROWS - 20, ROWS);
}

/* Copies the files as they are, as a killed process or the power would leave them. */
static char *
copy_files (Fixture *fixture, const char *name)
{
  char *to = g_build_filename (fixture->folder, name, NULL);

  fyr_test_copy_as_killed (fixture->path, to);
  return to;
}

static void
change_file (const char *path, const char *suffix, gsize offset, guint8 flip, gssize cut)
{
  g_autofree char *name = g_strconcat (path, suffix, NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (name, &bytes, &length, NULL));
  g_assert_cmpuint (offset, <, length);
  bytes[offset] = (char)(bytes[offset] ^ flip);
  g_assert_true (g_file_set_contents (name, bytes, cut >= 0 ? cut : (gssize)length, NULL));
}

static gsize
size_of (const char *path, const char *suffix)
{
  g_autofree char *name = g_strconcat (path, suffix, NULL);
  GStatBuf info;

  return g_stat (name, &info) == 0 ? (gsize)info.st_size : 0;
}

/* Returns how many rows are right; -1 when the database says that it is damaged. Wrong values stop the test. */
static int
count_right (const char *path, FyrPageKey *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrConnection) connection = fyr_connection_open_sealed (path, key, FYR_CONNECTION_NONE, &error);
  g_autoptr (FyrStatement) statement =
      connection != NULL ? fyr_connection_prepare (connection, "SELECT a, b FROM t ORDER BY a", &error)
                         : NULL;
  int right = 0;
  FyrStep step = statement != NULL ? FYR_STEP_ROW : FYR_STEP_ERROR;

  while (step == FYR_STEP_ROW && (step = fyr_statement_step (statement, &error)) == FYR_STEP_ROW) {
    g_autofree char *begin = g_strdup_printf ("%s-%d0", MARKER, (int)fyr_statement_get_int (statement, 0));

    g_assert_cmpint (fyr_statement_get_int (statement, 0), ==, right);
    g_assert_true (g_str_has_prefix (fyr_statement_get_text (statement, 1), begin));
    g_assert_cmpuint (strlen (fyr_statement_get_text (statement, 1)), ==,
                      strlen (begin) - 1 + 2 * (40 + (gsize)right % 700));
    right++;
  }
  if (step != FYR_STEP_DONE) {
    g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT);
    return -1;
  }
  return right;
}

static void
test_rows_are_not_in_the_files (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  g_autofree char *index = g_strconcat (fixture->path, "-shm", NULL);

  make_rows (connection);
  run (connection, "PRAGMA wal_checkpoint (PASSIVE)");
  add_rows (connection, ROWS, ROWS + 10);
  run (connection, "CREATE TEMP TABLE s AS SELECT * FROM t ORDER BY b DESC");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *name = g_strconcat (fixture->path, files[i], NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;

    if (g_file_get_contents (name, &bytes, &length, NULL)) {
      g_assert_null (memmem (bytes, length, MARKER, strlen (MARKER)));
      g_assert_null (memmem (bytes, length, "CREATE TABLE", strlen ("CREATE TABLE")));
    }
  }
  g_assert_cmpuint (size_of (fixture->path, ""), >, ROWS * 40);
  g_assert_cmpuint (size_of (fixture->path, "-wal"), >, 10 * FYR_FRAME_BYTES);
  g_assert_false (g_file_test (index, G_FILE_TEST_EXISTS));
}

static void
test_another_key_opens_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPageKey) other = fyr_page_key_new_random ();
  g_autoptr (FyrConnection) connection = open_sealed (fixture);

  make_rows (connection);
  g_clear_pointer (&connection, fyr_connection_unref);
  g_assert_cmpint (count_right (fixture->path, other), ==, -1);
  g_assert_cmpint (count_right (fixture->path, fixture->key), ==, ROWS);
}

static void
test_a_killed_program_loses_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  g_autofree char *copy = NULL;

  make_rows (connection);
  copy = copy_files (fixture, "copy.db");
  g_assert_cmpint (count_right (copy, fixture->key), ==, ROWS);
  g_assert_cmpint (count_right (copy, fixture->key), ==, ROWS);
}

/* With a cache of ten pages SQLite writes pages of a transaction to the log early, and some of them again. */
static void
test_a_transaction_larger_than_the_cache (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  g_autofree char *copy = NULL;

  run (connection, "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 10;"
                   "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL); CREATE INDEX i ON t (b); BEGIN");
  add_rows (connection, 0, ROWS);
  run (connection,
       "UPDATE t SET b = b || 'x'; UPDATE t SET b = substr (b, 1, length (b) - 1) WHERE a % 3 = 0;"
       "UPDATE t SET b = substr (b, 1, length (b) - 1) WHERE a % 3 <> 0; COMMIT");
  copy = copy_files (fixture, "copy.db");
  g_assert_cmpint (count_right (copy, fixture->key), ==, ROWS);
  run (connection, "BEGIN; UPDATE t SET b = 'wrong'; ROLLBACK; PRAGMA wal_checkpoint (PASSIVE)");
  add_rows (connection, ROWS, ROWS + 1);
  g_clear_pointer (&copy, g_free);
  copy = copy_files (fixture, "copy.db");
  g_assert_cmpint (count_right (copy, fixture->key), ==, ROWS + 1);
}

static void
test_flips_in_the_database_are_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  gsize size;

  make_rows (connection);
  g_clear_pointer (&connection, fyr_connection_unref);
  size = size_of (fixture->path, "");
  for (int i = 0; i < 60; i++) {
    gsize offset = (gsize)g_test_rand_int_range (0, (gint32)size);
    g_autofree char *copy = copy_files (fixture, "copy.db");
    int right;

    change_file (copy, "", offset, (guint8)(1 << g_test_rand_int_range (0, 8)), -1);
    /* Some pages are of the index, which this question does not read. */
    right = count_right (copy, fixture->key);
    g_assert_true (right == -1 || right == ROWS);
  }
}

static void
test_swapped_pages_are_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  g_autofree char *bytes = NULL;
  g_autofree guint8 *kept = g_malloc (FYR_PAGE_BYTES);
  gsize size;

  make_rows (connection);
  g_clear_pointer (&connection, fyr_connection_unref);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &size, NULL));
  for (gsize page = 2; page < size / FYR_PAGE_BYTES; page++) {
    memcpy (kept, bytes + FYR_PAGE_BYTES, FYR_PAGE_BYTES);
    memcpy (bytes + FYR_PAGE_BYTES, bytes + page * FYR_PAGE_BYTES, FYR_PAGE_BYTES);
    memcpy (bytes + page * FYR_PAGE_BYTES, kept, FYR_PAGE_BYTES);
  }
  g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize)size, NULL));
  g_assert_cmpint (count_right (fixture->path, fixture->key), ==, -1);
}

static void
test_a_cut_database_is_an_error (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  gsize size;

  make_rows (connection);
  g_clear_pointer (&connection, fyr_connection_unref);
  size = size_of (fixture->path, "");
  for (int i = 0; i < 40; i++) {
    g_autofree char *copy = copy_files (fixture, "copy.db");
    gsize cut = i == 0 ? 0 : (gsize)g_test_rand_int_range (1, (gint32)size);
    int right;

    change_file (copy, "", 0, 0, (gssize)cut);
    right = count_right (copy, fixture->key);
    /* The last page may be one that this question does not read. */
    g_assert_true (right == -1 || (right == ROWS && cut > size - FYR_PAGE_BYTES));
  }
}

/* SQLite alone would take the frame for the end of the log and drop what was committed behind it. */
static void
test_damage_in_the_log_is_an_error (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  gsize size;

  make_rows (connection);
  size = size_of (fixture->path, "-wal");
  for (int i = 0; i < 60; i++) {
    gsize offset = i < 10 ? (gsize)i * 3 : (gsize)g_test_rand_int_range (0, (gint32)size);
    g_autofree char *copy = copy_files (fixture, "copy.db");

    change_file (copy, "-wal", offset, (guint8)(1 << g_test_rand_int_range (0, 8)), -1);
    g_assert_cmpint (count_right (copy, fixture->key), ==, -1);
  }
  for (int i = 0; i < 20; i++) {
    g_autofree char *copy = copy_files (fixture, "copy.db");

    change_file (copy, "-wal", 0, 0, i == 0 ? 0 : g_test_rand_int_range (1, (gint32)size));
    g_assert_cmpint (count_right (copy, fixture->key), ==, -1);
  }
}

static void
test_a_lost_log_is_an_error (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  g_autofree char *copy = NULL;
  g_autofree char *log = NULL;

  make_rows (connection);
  copy = copy_files (fixture, "copy.db");
  log = g_strconcat (copy, "-wal", NULL);
  g_unlink (log);
  g_assert_cmpint (count_right (copy, fixture->key), ==, -1);
}

/* What came after the last sync may be torn; the mark of before says that nothing is missing. */
static void
test_a_torn_tail_is_no_damage (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  g_autofree char *mark = g_strconcat (fixture->path, "-mark", NULL);
  g_autofree char *bytes = NULL;
  gsize before, after, length;

  make_rows (connection);
  before = size_of (fixture->path, "-wal");
  g_assert_true (g_file_get_contents (mark, &bytes, &length, NULL));
  add_rows (connection, ROWS, ROWS + 1);
  after = size_of (fixture->path, "-wal");
  for (int i = 0; i < 40; i++) {
    g_autofree char *copy = copy_files (fixture, "copy.db");
    g_autofree char *old_mark = g_strconcat (copy, "-mark", NULL);
    gsize offset = (gsize)g_test_rand_int_range ((gint32)before, (gint32)after);

    g_assert_true (g_file_set_contents (old_mark, bytes, (gssize)length, NULL));
    change_file (copy, "-wal", offset, 0x55, i % 2 == 0 ? (gssize)offset : -1);
    g_assert_cmpint (count_right (copy, fixture->key), ==, ROWS);
  }
}

/* The mark is a help, not a second truth: torn or gone it accuses nobody. */
static void
test_a_damaged_mark_is_no_damage (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);

  make_rows (connection);
  for (int i = 0; i < 20; i++) {
    g_autofree char *copy = copy_files (fixture, "copy.db");

    change_file (copy, "-mark", (gsize)g_test_rand_int_range (0, 8192), 0xff, -1);
    g_assert_cmpint (count_right (copy, fixture->key), ==, ROWS);
  }
}

/* Of the database this time, and of every byte that is not a page: they are noticed, or are nobody's. */
static void
test_what_lies_behind_the_end_is_nobodys (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  const char *const longer[] = { "", "-wal", "-mark" };

  make_rows (connection);
  for (guint i = 0; i < G_N_ELEMENTS (longer); i++) {
    g_autofree char *copy = copy_files (fixture, "copy.db");
    g_autofree char *name = g_strconcat (copy, longer[i], NULL);
    g_autofree char *bytes = NULL;
    g_autofree char *more = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (name, &bytes, &length, NULL));
    more = g_malloc0 (length + 3 * FYR_PAGE_BYTES);
    memcpy (more, bytes, length);
    memset (more + length, 0x5a, 3 * FYR_PAGE_BYTES);
    g_assert_true (g_file_set_contents (name, more, (gssize)length + 3 * FYR_PAGE_BYTES, NULL));
    g_assert_cmpint (count_right (copy, fixture->key), ==, ROWS);
  }
}

static void
test_another_program_is_kept_out (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  g_autoptr (FyrConnection) second = NULL;
  g_autoptr (GError) error = NULL;

  make_rows (connection);
  second = fyr_connection_open_sealed (fixture->path, fixture->key, FYR_CONNECTION_NONE, &error);
  g_assert_null (second);
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_BUSY);
  /* Who was refused has not disturbed the first. */
  add_rows (connection, ROWS, ROWS + 1);
  g_clear_pointer (&connection, fyr_connection_unref);
  g_assert_cmpint (count_right (fixture->path, fixture->key), ==, ROWS + 1);
}

static void
test_a_backup_is_plain (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  g_autoptr (FyrConnection) plain = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "plain.db", NULL);

  make_rows (connection);
  g_assert_true (fyr_connection_backup (connection, path, &error));
  plain = fyr_connection_open (path, FYR_CONNECTION_NONE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fyr_test_scalar (plain, "SELECT count(*) FROM t"), ==, ROWS);
  g_assert_true (fyr_connection_check (plain, TRUE, &error));
}

/* After a page that is not what was written nothing is read until the file was opened and checked again. */
static void
test_after_damage_nothing_more_is_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  g_autoptr (GError) error = NULL;

  make_rows (connection);
  g_clear_pointer (&connection, fyr_connection_unref);
  change_file (fixture->path, "", size_of (fixture->path, "") - 3000, 4, -1);
  connection = open_sealed (fixture);
  g_assert_false (fyr_connection_is_broken (connection));
  g_assert_false (fyr_connection_check (connection, FALSE, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT);
  g_assert_true (fyr_connection_is_broken (connection));
  g_clear_error (&error);
  /* Each statement says so, as somebody may have swallowed the first word of it. */
  g_assert_false (fyr_connection_exec (connection, "SELECT 1", &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT);
}

/* What an error would hide can be read for once, and the reading leaves every byte as it was. */
static void
test_salvage_reads_and_changes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  g_autoptr (FyrConnection) damaged = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = NULL;
  char *before[G_N_ELEMENTS (files)] = { NULL };
  gsize lengths[G_N_ELEMENTS (files)] = { 0 };

  make_rows (connection);
  copy = copy_files (fixture, "copy.db");
  change_file (copy, "-wal", 0, 0, (gssize)size_of (copy, "-wal") - 10);
  g_assert_cmpint (count_right (copy, fixture->key), ==, -1);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *name = g_strconcat (copy, files[i], NULL);

    g_assert_true (g_file_get_contents (name, &before[i], &lengths[i], NULL));
  }
  damaged = fyr_connection_open_sealed (copy, fixture->key, FYR_CONNECTION_SALVAGE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fyr_test_scalar (damaged, "SELECT count(*) FROM t"), ==, ROWS - 1);
  g_assert_false (fyr_connection_exec (damaged, "DELETE FROM t", NULL));
  g_clear_pointer (&damaged, fyr_connection_unref);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *name = g_strconcat (copy, files[i], NULL);
    g_autofree char *after = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (name, &after, &length, NULL));
    g_assert_cmpmem (after, length, before[i], lengths[i]);
  }
  for (guint i = 0; i < 3; i++) {
    g_clear_pointer (&before[i], g_free);
  }
}

static void
test_a_new_log_forgets_the_former (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrConnection) connection = open_sealed (fixture);
  g_autoptr (GError) error = NULL;

  make_rows (connection);
  for (int i = 0; i < 5; i++) {
    g_autofree char *copy = NULL;

    run (connection, i % 2 == 0 ? "PRAGMA wal_checkpoint (RESTART)" : "PRAGMA wal_checkpoint (TRUNCATE)");
    copy = copy_files (fixture, "copy.db");
    g_assert_cmpint (count_right (copy, fixture->key), ==, ROWS + i);
    add_rows (connection, ROWS + i, ROWS + i + 1);
    g_clear_pointer (&copy, g_free);
    copy = copy_files (fixture, "copy.db");
    g_assert_cmpint (count_right (copy, fixture->key), ==, ROWS + i + 1);
  }
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "rows-are-not-in-the-files", test_rows_are_not_in_the_files },
    { "another-key-opens-nothing", test_another_key_opens_nothing },
    { "a-killed-program-loses-nothing", test_a_killed_program_loses_nothing },
    { "a-transaction-larger-than-the-cache", test_a_transaction_larger_than_the_cache },
    { "flips-in-the-database-are-errors", test_flips_in_the_database_are_errors },
    { "swapped-pages-are-errors", test_swapped_pages_are_errors },
    { "a-cut-database-is-an-error", test_a_cut_database_is_an_error },
    { "damage-in-the-log-is-an-error", test_damage_in_the_log_is_an_error },
    { "a-lost-log-is-an-error", test_a_lost_log_is_an_error },
    { "a-torn-tail-is-no-damage", test_a_torn_tail_is_no_damage },
    { "a-damaged-mark-is-no-damage", test_a_damaged_mark_is_no_damage },
    { "what-lies-behind-the-end-is-nobodys", test_what_lies_behind_the_end_is_nobodys },
    { "another-program-is-kept-out", test_another_program_is_kept_out },
    { "a-backup-is-plain", test_a_backup_is_plain },
    { "after-damage-nothing-more-is-read", test_after_damage_nothing_more_is_read },
    { "salvage-reads-and-changes-nothing", test_salvage_reads_and_changes_nothing },
    { "a-new-log-forgets-the-former", test_a_new_log_forgets_the_former },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *name = g_strconcat ("/db/page-vfs/", tests[i].name, NULL);

    g_test_add (name, Fixture, NULL, set_up, tests[i].test, tear_down);
  }
  return g_test_run ();
}
