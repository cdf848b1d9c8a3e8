/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-upgrade.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "fyr-db-fixture.h"
#include "fyr-fault.h"
#include "fyr-migrator.h"
#include "fyr-record-table.h"
#include "fyr-record.h"

#define MOST_CALLS 5000

static struct {
  const char *room;
  const char *const *files;
  gint64 version;
  FyrUpgradeFunc upgrade;
} this_program;

typedef struct {
  char *folder;
  char *path;
  char *before; /* what lay in it */
} Copy;

static FyrConnection *
open_it (const char *path)
{
  g_autoptr (GError) error = NULL;
  FyrConnection *connection = fyr_connection_open (path, FYR_CONNECTION_NONE, &error);

  g_assert_no_error (error);
  return connection;
}

/* Every row of every record table that the old release knew, with what it did not know of it. */
static char *
contents (FyrConnection *connection)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < fyr_n_record_infos; i++) {
    g_autofree char *sql = g_strdup_printf (
        "SELECT count (*), coalesce (sum (version), 0), coalesce (group_concat (hex (id)), ''),"
        " coalesce (group_concat (extra), '') FROM \"%s\"",
        fyr_record_infos[i]->kind);
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrStatement) select = NULL;

    /* A kind that came later has no rows. */
    if (fyr_record_table_is_made (connection, fyr_record_infos[i], &error) == 0) {
      g_string_append_printf (text, "%s 0 0  \n", fyr_record_infos[i]->kind);
      continue;
    }
    select = fyr_connection_prepare (connection, sql, &error);
    g_assert_no_error (error);
    g_assert_cmpint (fyr_statement_step (select, &error), ==, FYR_STEP_ROW);
    g_string_append_printf (text, "%s %d %d %s %s\n", fyr_record_infos[i]->kind,
                            (int)fyr_statement_get_int (select, 0), (int)fyr_statement_get_int (select, 1),
                            fyr_statement_get_text (select, 2), fyr_statement_get_text (select, 3));
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
copy_old (const char *name, const char *path)
{
  g_autofree char *old = g_test_build_filename (G_TEST_DIST, this_program.room, "old", name, NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (old, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize)length, NULL));
}

static void
copy_open (Copy *self, const char *name)
{
  g_autoptr (FyrConnection) connection = NULL;

  self->folder = fyr_test_folder_new ();
  self->path = g_build_filename (self->folder, "test.db", NULL);
  copy_old (name, self->path);
  connection = open_it (self->path);
  self->before = contents (connection);
}

static void
copy_close (Copy *self)
{
  fyr_test_folder_free (self->folder);
  g_free (self->path);
  g_free (self->before);
}

/* Nothing between two releases is ever on the disk, and no row is lost on the way. */
static gint64
assert_whole (Copy *copy)
{
  g_autoptr (FyrConnection) connection = open_it (copy->path);
  g_autoptr (GError) error = NULL;
  g_autofree char *now = NULL;
  gint64 version;

  g_assert_true (fyr_connection_check (connection, TRUE, &error));
  g_assert_no_error (error);
  version = fyr_migrator_get_version (connection, &error);
  g_assert_cmpint (version, >=, 1);
  g_assert_cmpint (version, <=, this_program.version);
  now = contents (connection);
  g_assert_cmpstr (now, ==, copy->before);
  return version;
}

/* What was interrupted is made up for at the next start. */
static void
assert_goes_on (Copy *copy)
{
  g_autoptr (FyrConnection) connection = open_it (copy->path);
  g_autoptr (GError) error = NULL;

  g_assert_true (this_program.upgrade (connection, &error));
  g_assert_no_error (error);
  g_clear_pointer (&connection, fyr_connection_unref);
  g_assert_cmpint (assert_whole (copy), ==, this_program.version);
}

static void
again (Copy *copy, const char *name)
{
  const char *const beside[] = { "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (beside); i++) {
    g_autofree char *path = g_strconcat (copy->path, beside[i], NULL);
    remove (path);
  }
  copy_old (name, copy->path);
}

static void
test_each_release_becomes_this_one (void)
{
  for (const char *const *name = this_program.files; *name != NULL; name++) {
    Copy copy;

    copy_open (&copy, *name);
    g_assert_nonnull (strstr (copy.before, "patient "));
    assert_goes_on (&copy);
    /* Once more changes nothing. */
    assert_goes_on (&copy);
    copy_close (&copy);
  }
}

/* Fields of a later release that an older program kept without knowing them. */
static void
test_unknown_fields_survive (void)
{
  for (const char *const *name = this_program.files; *name != NULL; name++) {
    Copy copy;
    g_autoptr (FyrConnection) connection = NULL;
    g_autoptr (GError) error = NULL;

    copy_open (&copy, *name);
    connection = open_it (copy.path);
    g_assert_true (fyr_connection_exec (
        connection, "UPDATE patient SET extra = '{\"of_a_later_release\":\"kept\"}'", &error));
    g_free (copy.before);
    copy.before = contents (connection);
    g_assert_nonnull (strstr (copy.before, "of_a_later_release"));
    g_clear_pointer (&connection, fyr_connection_unref);
    assert_goes_on (&copy);
    copy_close (&copy);
  }
}

static int
run_child (const char *path, int kill_at)
{
  g_autofree char *number = g_strdup_printf ("%d", kill_at);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *arguments[] = { self, "--child", path, number, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **)arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_killed_at_every_step_loses_nothing (void)
{
  guint killed = 0;

  for (const char *const *name = this_program.files; *name != NULL; name++) {
    Copy copy;
    int status = 9;

    copy_open (&copy, *name);
    for (int n = 1; status == 9; n++) {
      g_assert_cmpint (n, <, MOST_CALLS);
      again (&copy, *name);
      status = run_child (copy.path, n);
      g_assert_true (status == 9 || status == 0);
      assert_whole (&copy);
      assert_goes_on (&copy);
      killed += status == 9;
    }
    copy_close (&copy);
  }
  g_test_message ("killed %u", killed);
  g_assert_cmpuint (killed, >, 5);
}

/* Each file call fails: the upgrade says so, or is done. */
static void
fail_each_call (FyrFaultKind kind)
{
  for (const char *const *name = this_program.files; *name != NULL; name++) {
    Copy copy;
    gboolean struck = TRUE;

    copy_open (&copy, *name);
    for (int n = 1; struck; n++) {
      g_autoptr (FyrConnection) connection = NULL;
      g_autoptr (GError) error = NULL;
      gboolean done;

      g_assert_cmpint (n, <, MOST_CALLS);
      again (&copy, *name);
      connection = open_it (copy.path);
      fyr_fault_arm_io (kind, n);
      done = this_program.upgrade (connection, &error);
      struck = fyr_fault_disarm ();
      g_assert_true (done == (error == NULL));
      g_clear_pointer (&connection, fyr_connection_unref);
      assert_whole (&copy);
      assert_goes_on (&copy);
    }
    copy_close (&copy);
  }
}

static void
test_a_failing_call_is_told_and_loses_nothing (void)
{
  fail_each_call (FYR_FAULT_ONCE);
}

static void
test_a_full_disk_is_told_and_loses_nothing (void)
{
  fail_each_call (FYR_FAULT_FULL);
}

/* Rolled back to an older program: it leaves alone what it does not know. */
static void
test_a_newer_release_is_left_alone (void)
{
  Copy copy;
  g_autoptr (FyrConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = g_strdup_printf ("PRAGMA user_version = %d", (int)this_program.version + 1);
  g_autofree char *now = NULL;

  copy_open (&copy, this_program.files[0]);
  connection = open_it (copy.path);
  g_assert_true (fyr_connection_exec (connection, sql, &error));
  g_assert_false (this_program.upgrade (connection, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_NEWER_SCHEMA);
  now = contents (connection);
  g_assert_cmpstr (now, ==, copy.before);
  g_assert_cmpint (fyr_migrator_get_version (connection, NULL), ==, this_program.version + 1);
  g_clear_pointer (&connection, fyr_connection_unref);
  copy_close (&copy);
}

static int
upgrade_until_killed (const char *path, int kill_at)
{
  g_autoptr (FyrConnection) connection = fyr_connection_open (path, FYR_CONNECTION_NONE, NULL);

  fyr_fault_arm_io (FYR_FAULT_KILL, kill_at);
  return this_program.upgrade (connection, NULL) ? 0 : 1;
}

int
fyr_upgrade_main (int argc,
                  char **argv,
                  const char *prefix,
                  const char *room,
                  const char *const *files,
                  gint64 version,
                  FyrUpgradeFunc upgrade)
{
  const struct {
    const char *name;
    GTestFunc func;
  } tests[] = {
    { "each_release_becomes_this_one", test_each_release_becomes_this_one },
    { "unknown_fields_survive", test_unknown_fields_survive },
    { "killed_at_every_step_loses_nothing", test_killed_at_every_step_loses_nothing },
    { "a_failing_call_is_told_and_loses_nothing", test_a_failing_call_is_told_and_loses_nothing },
    { "a_full_disk_is_told_and_loses_nothing", test_a_full_disk_is_told_and_loses_nothing },
    { "a_newer_release_is_left_alone", test_a_newer_release_is_left_alone },
  };

  fyr_fault_install ();
  this_program.room = room;
  this_program.files = files;
  this_program.version = version;
  this_program.upgrade = upgrade;
  if (argc == 4 && g_str_equal (argv[1], "--child")) {
    return upgrade_until_killed (argv[2], (int)g_ascii_strtoll (argv[3], NULL, 10));
  }
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path = g_strconcat (prefix, tests[i].name, NULL);
    g_test_add_func (path, tests[i].func);
  }
  return g_test_run ();
}
