/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fyr-db-fixture.h"
#include "fyr-fault.h"
#include "fyr-row-security.h"
#include "fyr-server-fixture.h"

/*
 * A server that cannot have its database says why and does not start: the operator reads what to do, no byte of the
 * file is another afterwards, nothing is locked any more, and once it is mended it starts.
 */

typedef struct {
  char *folder; /* with a whole database of one centre */
  char *path;
} Place;

static void
place_open (Place *self, gconstpointer data)
{
  g_autoptr (World) world = world_new ();

  self->folder = g_dir_make_tmp ("fyr-open-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "fyrlykt.db", NULL);
  g_assert_true (fyr_connection_backup (fyr_server_db_get_connection (world->db), self->path, NULL));
}

static void
place_close (Place *self, gconstpointer data)
{
  g_free (self->path);
  fyr_test_folder_free (g_steal_pointer (&self->folder));
}

static FyrServerDb *
try_open (const char *folder, GError **error)
{
  return fyr_server_db_open (folder, FYR_SERVER_DB_NONE, error);
}

static void
change (Place *self, const char *sql)
{
  g_autoptr (FyrConnection) connection = fyr_connection_open (self->path, FYR_CONNECTION_NONE, NULL);
  g_autoptr (GError) error = NULL;

  fyr_connection_exec (connection, sql, &error);
  g_assert_no_error (error);
  g_assert_true (fyr_connection_exec (connection, "PRAGMA wal_checkpoint (TRUNCATE)", &error));
}

static char *
read_file (Place *self, gsize *length)
{
  char *bytes = NULL;

  g_assert_true (g_file_get_contents (self->path, &bytes, length, NULL));
  return bytes;
}

/* Another file in the place of the database, without what belonged to the former. */
static void
write_file (Place *self, const char *bytes, gsize length)
{
  static const char *const beside[] = { "-journal", "-wal", "-shm" };

  for (gsize i = 0; i < G_N_ELEMENTS (beside); i++) {
    g_autofree char *path = g_strconcat (self->path, beside[i], NULL);

    g_unlink (path);
  }
  g_assert_true (g_file_set_contents_full (self->path, bytes, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT,
                                           0600, NULL));
}

/* Refused with this word, twice the same, and nothing touched. */
static void
assert_refused (Place *self, GQuark domain, int code, const char *words)
{
  gsize length, length_after;
  g_autofree char *before = read_file (self, &length);
  g_autofree char *after = NULL;

  for (int i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (try_open (self->folder, &error));
    g_test_message ("%s", error->message);
    g_assert_error (error, domain, code);
    g_assert_true (words == NULL || strstr (error->message, words) != NULL);
    g_assert_cmpint (fyr_server_db_find_owner (self->folder), ==, 0);
  }
  after = read_file (self, &length_after);
  g_assert_cmpmem (after, length_after, before, length);
}

static void
test_a_database_of_a_newer_release_is_left_alone (Place *self, gconstpointer data)
{
  g_autoptr (FyrServerDb) db = try_open (self->folder, NULL);
  g_autofree char *sql = NULL;

  g_assert_nonnull (db);
  g_clear_pointer (&db, fyr_server_db_unref);
  change (self, "PRAGMA user_version = 9000");
  assert_refused (self, FYR_DB_ERROR, FYR_DB_ERROR_NEWER_SCHEMA, NULL);
}

typedef struct {
  const char *name;
  gsize offset; /* from where it is overwritten; G_MAXSIZE: cut in the middle instead */
  gsize length;
} Damage;

static void
test_a_damaged_file_is_told_and_kept (Place *self, gconstpointer data)
{
  const Damage damages[] = { { "its first page", 0, 100 },
                             { "where the tables are listed", 100, 3000 },
                             { "cut in half", G_MAXSIZE, 0 } };
  gsize length;
  g_autofree char *whole = read_file (self, &length);

  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++) {
    g_autofree char *damaged = g_memdup2 (whole, length);
    gsize end = damages[i].offset == G_MAXSIZE ? length / 2 : length;

    g_test_message ("%s", damages[i].name);
    if (damages[i].offset != G_MAXSIZE) {
      memset (damaged + damages[i].offset, 0xa5, damages[i].length);
    }
    write_file (self, damaged, end);
    assert_refused (self, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT, NULL);
  }
}

static void
test_what_is_no_database_is_told (Place *self, gconstpointer data)
{
  g_autofree char *text = g_strnfill (8192, 'x');

  write_file (self, text, 8192);
  assert_refused (self, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT, NULL);
  write_file (self, "Dette er en tekst.", 18);
  assert_refused (self, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT, NULL);
}

static void
test_a_folder_that_cannot_be_used_is_named (Place *self, gconstpointer data)
{
  g_autofree char *below_a_file = g_build_filename (self->path, "below", NULL);
  g_autofree char *nowhere = g_build_filename (self->folder, "nowhere", NULL);
  g_autofree char *lock = g_build_filename (self->folder, "folder", "lock", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (try_open (nowhere, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN);
  g_assert_nonnull (strstr (error->message, nowhere));
  g_assert_nonnull (strstr (error->message, "fyrlykt-admin init"));
  g_assert_false (g_file_test (nowhere, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  g_assert_null (fyr_server_db_open (below_a_file, FYR_SERVER_DB_CREATE, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO);
  g_assert_nonnull (strstr (error->message, below_a_file));
}

/* What a lock file says is not believed where nobody holds it; who holds it is named whatever it says. */
static void
test_an_old_lock_file_is_no_lock (Place *self, gconstpointer data)
{
  static const char *const texts[] = { "", "1\n", "4711", "no number", "99999999999999999999\n", "-1\n" };
  g_autoptr (GDir) dir = NULL;
  g_autofree char *lock = NULL;
  const char *name;

  g_clear_pointer (&(FyrServerDb *){ try_open (self->folder, NULL) }, fyr_server_db_unref);
  dir = g_dir_open (self->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL) {
    if (strstr (name, "lock") != NULL) {
      lock = g_build_filename (self->folder, name, NULL);
    }
  }
  g_assert_nonnull (lock);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (FyrServerDb) first = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_true (g_file_set_contents (lock, texts[i], -1, NULL));
    g_assert_cmpint (fyr_server_db_find_owner (self->folder), ==, 0);
    first = try_open (self->folder, &error);
    g_assert_no_error (error);
    g_assert_cmpint (fyr_server_db_find_owner (self->folder), ==, getpid ());
    g_assert_null (try_open (self->folder, &error));
    g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_LOCKED);
  }
}

/* A line of the database's own that is missing is made again: kinds get their numbers, a life without a name one. */
static void
test_missing_names_are_given_anew (Place *self, gconstpointer data)
{
  g_autoptr (FyrServerDb) db = try_open (self->folder, NULL);
  g_autofree char *epoch = g_strdup (fyr_server_db_get_epoch (db));
  int number = fyr_server_db_get_kind_number (db, "note");
  int other = fyr_server_db_get_kind_number (db, "patient");

  g_clear_pointer (&db, fyr_server_db_unref);
  change (self, "DELETE FROM meta WHERE name = 'epoch'; DELETE FROM kind WHERE name = 'note'");
  db = try_open (self->folder, NULL);
  g_assert_nonnull (db);
  g_assert_cmpstr (fyr_server_db_get_epoch (db), !=, epoch);
  g_assert_cmpint (fyr_server_db_get_kind_number (db, "patient"), ==, other);
  g_assert_cmpint (fyr_server_db_get_kind_number (db, "note"), >, 0);
  g_assert_cmpint (fyr_server_db_get_kind_number (db, "note"), !=, other);
  g_assert_cmpint (number, >, 0);
}

/* Renewed, a life has another name each time, counted up, also after an opening in between. */
static void
test_each_life_has_a_name_of_its_own (Place *self, gconstpointer data)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 former = 0;

  for (int i = 0; i < 5; i++) {
    g_autoptr (FyrServerDb) db = try_open (self->folder, NULL);
    const char *epoch;

    g_assert_true (fyr_server_db_renew_epoch (db, NULL));
    epoch = fyr_server_db_get_epoch (db);
    g_assert_true (g_hash_table_add (names, g_strdup (epoch)));
    g_assert_cmpint (g_ascii_strtoll (epoch, NULL, 10), >, former);
    former = g_ascii_strtoll (epoch, NULL, 10);
  }
}

/* Each file call of the opening fails in turn: an error and no lock, and the next opening finds all of it. */
static void
fail_each_call (Place *self, FyrFaultKind kind)
{
  gboolean struck = TRUE;

  for (int n = 1; struck; n++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrServerDb) db = NULL;

    g_assert_cmpint (n, <, 500);
    change (self, "UPDATE meta SET value = '7-x' WHERE name = 'epoch'; DELETE FROM kind WHERE name = 'note'");
    fyr_fault_arm_io (kind, n);
    db = try_open (self->folder, &error);
    struck = fyr_fault_disarm ();
    g_assert_true ((db == NULL) == (error != NULL));
    if (db == NULL) {
      g_assert_cmpint (fyr_server_db_find_owner (self->folder), ==, 0);
      db = try_open (self->folder, NULL);
    }
    g_assert_nonnull (db);
    g_assert_cmpint (fyr_server_db_get_kind_number (db, "note"), >, 0);
    g_assert_cmpstr (fyr_server_db_get_epoch (db), ==, "7-x");
  }
}

static void
test_a_failing_disk_leaves_no_lock_and_no_half (Place *self, gconstpointer data)
{
  fail_each_call (self, FYR_FAULT_ONCE);
  fail_each_call (self, FYR_FAULT_FULL);
}

static void
test_without_memory_it_does_not_start_half (Place *self, gconstpointer data)
{
  gboolean struck = TRUE;

  for (int n = 1; struck; n += 11) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrServerDb) db = NULL;

    g_assert_cmpint (n, <, 20000);
    fyr_fault_arm_memory (n, FALSE);
    db = try_open (self->folder, &error);
    struck = fyr_fault_disarm ();
    g_assert_true ((db == NULL) == (error != NULL));
    for (guint i = 0; db != NULL && i < fyr_n_record_infos; i++) {
      g_assert_cmpint (fyr_server_db_get_kind_number (db, fyr_record_infos[i]->kind), >, 0);
    }
    g_clear_pointer (&db, fyr_server_db_unref);
    g_assert_cmpint (fyr_server_db_find_owner (self->folder), ==, 0);
  }
}

#define ADD(name) g_test_add ("/server/open/" #name, Place, NULL, place_open, test_##name, place_close)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_fault_install ();
  ADD (a_database_of_a_newer_release_is_left_alone);
  ADD (a_damaged_file_is_told_and_kept);
  ADD (what_is_no_database_is_told);
  ADD (a_folder_that_cannot_be_used_is_named);
  ADD (an_old_lock_file_is_no_lock);
  ADD (missing_names_are_given_anew);
  ADD (each_life_has_a_name_of_its_own);
  ADD (a_failing_disk_leaves_no_lock_and_no_half);
  ADD (without_memory_it_does_not_start_half);
  return g_test_run ();
}
