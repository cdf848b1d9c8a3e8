/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fyr-fault.h"
#include "fyr-store-fixture.h"

typedef FyrStoreFixture Fixture;

static void
test_new_to_finalize (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "deep", "store.db", NULL);
  g_autofree char *deep = g_build_filename (folder, "deep", NULL);
  g_autoptr (GError) error = NULL;
  FyrStore *store = fyr_test_open_store (path, &error);
  GStatBuf info;

  g_assert_no_error (error);
  g_assert_cmpint (g_stat (deep, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_object_add_weak_pointer (G_OBJECT (store), (gpointer *)&store);
  fyr_test_close_store (store);
  /* Its thread may be the last to let go. */
  for (int i = 0; i < 5000 && g_atomic_pointer_get (&store) != NULL; i++) {
    g_usleep (1000);
  }
  g_assert_null (store);
  g_unlink (path);
  g_rmdir (deep);
}

/* Dropped without closing: the file is free for the next soon after. */
static void
test_dropping_the_last_reference_closes (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  FyrStore *store = fyr_test_open_store (path, NULL);
  FyrStore *again = NULL;

  g_object_unref (store);
  for (int i = 0; i < 100 && again == NULL; i++) {
    again = fyr_test_open_store (path, NULL);
  }
  g_assert_nonnull (again);
  fyr_test_close_store (again);
}

static void
test_a_second_process_is_kept_out (Fixture *fixture, gconstpointer data)
{
  pid_t child = fork ();
  int status;

  if (child == 0) {
    /* No main context here: the connection alone tells. */
    g_autoptr (GError) error = NULL;
    FyrConnection *connection = fyr_test_look (fixture->path, &error);

    fyr_store_wrap_error (&error);
    _exit (connection == NULL && g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_LOCKED_BY_OTHER)
               ? 0
               : 1);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
}

static void
assert_opens_with (Fixture *fixture, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStore) store = fyr_test_open_store (fixture->path, &error);

  g_assert_null (store);
  g_assert_error (error, FYR_STORE_ERROR, code);
}

static void
test_a_newer_database_is_left_alone (Fixture *fixture, gconstpointer data)
{
  fyr_store_fixture_change (fixture, "PRAGMA user_version = 99");
  assert_opens_with (fixture, FYR_STORE_ERROR_NEWER);
}

/* Set aside, not changed; test-salvage.c tells the rest. */
static void
test_a_damaged_file_is_kept (Fixture *fixture, gconstpointer data)
{
  g_autofree char *junk = g_strnfill (20000, 'j');
  g_autofree char *after = NULL;
  g_autofree char *aside = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_clear_pointer (&fixture->store, fyr_test_close_store);
  g_assert_true (g_file_set_contents (fixture->path, junk, -1, NULL));
  fixture->store = fyr_test_open_store (fixture->path, NULL);
  g_assert_nonnull (fixture->store);
  dir = g_dir_open (fixture->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL) {
    if (g_str_has_prefix (name, "store.db.damaged-") && !g_str_has_suffix (name, "-key")) {
      g_free (aside);
      aside = g_build_filename (fixture->folder, name, NULL);
    }
  }
  g_assert_nonnull (aside);
  g_assert_true (g_file_get_contents (aside, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, junk);
}

static void
test_calls_after_close_fail (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrStore) store = g_object_ref (fixture->store);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  FyrOutboxCounts counts;

  g_clear_pointer (&fixture->store, fyr_test_close_store);
  result = FYR_AWAIT (fyr_store_count_outbox_async (store, FYR_SLOT));
  g_assert_false (fyr_store_count_outbox_finish (store, result, &counts, &error));
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_CLOSED);
}

static void
test_a_cancelled_query_says_so (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  FyrOutboxCounts counts;

  g_cancellable_cancel (cancellable);
  result = FYR_AWAIT (fyr_store_count_outbox_async (fixture->store, cancellable, fyr_test_got, &fyr_slot));
  g_assert_false (fyr_store_count_outbox_finish (fixture->store, result, &counts, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Cancelled after it was asked: saved or not, the answer tells the truth. */
static void
test_a_cancelled_save_tells_the_truth (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 30; i++) {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (FyrNote) note = fyr_test_note (fixture, "n");
    g_autoptr (FyrMutation) mutation = fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse);
    g_autoptr (FyrSaveReceipt) receipt = NULL;
    g_autoptr (FyrRecord) shown = NULL;
    g_autoptr (GAsyncResult) result = NULL;
    GAsyncResult *slot = NULL;

    fyr_store_save_one_async (fixture->store, mutation, cancellable, fyr_test_got, &slot);
    g_usleep (i * 20);
    g_cancellable_cancel (cancellable);
    result = fyr_test_wait (&slot);
    receipt = fyr_store_save_finish (fixture->store, result, NULL);
    shown = fyr_test_get (fixture, &fyr_note_info, fyr_record_get_id (FYR_RECORD (note)));
    g_assert_true ((receipt != NULL) == (shown != NULL));
  }
}

static void
keep_order (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GString *order = user_data;

  g_string_append (order, g_task_get_source_tag (G_TASK (result)) == fyr_store_save_async ? "s" : "q");
}

static gpointer
slow_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_usleep (30000);
  return FYR_STORE_DONE;
}

static void
test_saves_go_before_queries_before_sync (Fixture *fixture, gconstpointer data)
{
  const FyrStoreJob slow = { .mode = FYR_STORE_SYNC, .func = slow_job, .tag = keep_order };
  g_autoptr (GString) order = g_string_new (NULL);
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "n");
  g_autoptr (FyrMutation) mutation = fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse);
  gint64 started = g_get_monotonic_time ();

  /* The first is being done while the rest queue up. */
  for (int i = 0; i < 4; i++) {
    fyr_store_run_async (fixture->store, &slow, NULL, NULL, NULL);
  }
  g_usleep (5000);
  fyr_store_count_outbox_async (fixture->store, NULL, keep_order, order);
  fyr_store_save_one_async (fixture->store, mutation, NULL, keep_order, order);
  while (order->len < 2) {
    g_main_context_iteration (NULL, TRUE);
  }
  g_assert_cmpstr (order->str, ==, "sq");
  g_assert_cmpint (g_get_monotonic_time () - started, <, 100000);
}

static gpointer
fill_job (FyrStoreContext *context, gpointer data, GError **error)
{
  return fyr_connection_exec (
             context->connection,
             "CREATE TABLE filler (a); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
             " WHERE i < 1500) INSERT INTO filler SELECT zeroblob (4000) FROM n",
             error)
             ? FYR_STORE_DONE
             : NULL;
}

static goffset
size_of_file (const char *path)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_size;
}

/* The work itself stops at the log; what it left is tidied up when nobody wants anything. */
static void
test_the_log_is_written_back_when_idle (Fixture *fixture, gconstpointer data)
{
  const FyrStoreJob fill = { .mode = FYR_STORE_SAVE, .func = fill_job, .tag = fill_job };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  fyr_store_run_async (fixture->store, &fill, NULL, fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  g_assert_nonnull (fyr_store_run_finish (fixture->store, fill_job, result, &error));
  for (int i = 0; i < 3000 && size_of_file (fixture->path) < 1500 * 4000; i++) {
    g_usleep (10000);
  }
  g_assert_cmpint (size_of_file (fixture->path), >=, 1500 * 4000);
}

static void
count_told (FyrStore *store, FyrChangeSet *changes, gpointer data)
{
  (*(guint *)data)++;
}

static gpointer
set_flag_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_atomic_int_set ((int *)data, 1);
  return FYR_STORE_DONE;
}

static void
test_changes_are_told_together (Fixture *fixture, gconstpointer data)
{
  int done = 0;
  const FyrStoreJob last = { .mode = FYR_STORE_BARE, .func = set_flag_job, .data = &done, .tag = count_told };
  guint told = 0;

  g_signal_connect (fixture->store, "changed", G_CALLBACK (count_told), &told);
  for (int i = 0; i < 50; i++) {
    g_autoptr (FyrNote) note = fyr_test_note (fixture, "n");
    g_autoptr (FyrMutation) mutation = fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse);

    fyr_store_save_one_async (fixture->store, mutation, NULL, NULL, NULL);
  }
  fyr_store_run_async (fixture->store, &last, NULL, NULL, NULL);
  while (!g_atomic_int_get (&done)) {
    g_usleep (1000);
  }
  while (g_main_context_iteration (NULL, FALSE)) {
  }
  g_assert_cmpuint (told, ==, 1);
  g_assert_true (fyr_change_set_has_kind (fixture->changes, "note"));
}

static guint
count_outbox (Fixture *fixture)
{
  g_autoptr (GPtrArray) outbox = fyr_test_outbox (fixture, G_MAXUINT);

  return outbox->len;
}

/* Fails each file call of a save in turn. What was not acknowledged may be there whole or not at all; what was
 * acknowledged is there; record and outbox row always go together. */
static void
fail_each_call (Fixture *fixture, FyrFaultKind kind, int expected)
{
  gboolean struck = TRUE;
  guint saved = 0;

  for (int n = 1; struck; n++) {
    g_autoptr (FyrNote) note = fyr_test_note (fixture, "n");
    g_autoptr (FyrNote) later = fyr_test_note (fixture, "later");
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrSaveReceipt) receipt = NULL;
    g_autoptr (FyrRecord) shown = NULL;
    guint before = count_outbox (fixture);

    g_assert_cmpint (n, <, 200);
    fyr_fault_arm_io (kind, n);
    receipt = fyr_test_save (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse), &error);
    struck = fyr_fault_disarm ();
    if (receipt == NULL) {
      g_assert_error (error, FYR_STORE_ERROR, expected);
    }
    /* A later save opens again by itself when it must; what was told not to be saved stays away. */
    fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (later), fixture->nurse));
    shown = fyr_test_get (fixture, &fyr_note_info, fyr_record_get_id (FYR_RECORD (note)));
    g_assert_true ((receipt != NULL) == (shown != NULL));
    g_assert_cmpuint (count_outbox (fixture) - before, ==, shown != NULL ? 2 : 1);
    saved += shown != NULL ? 2 : 1;
  }
  g_assert_cmpuint (saved, >=, 1);
  fyr_store_fixture_reopen (fixture);
  g_assert_cmpuint (count_outbox (fixture), ==, saved);
}

static void
test_failing_disk_never_saves_half (Fixture *fixture, gconstpointer data)
{
  fail_each_call (fixture, FYR_FAULT_ONCE, FYR_STORE_ERROR_IO);
}

static void
test_full_disk_is_told_and_resumes (Fixture *fixture, gconstpointer data)
{
  fail_each_call (fixture, FYR_FAULT_FULL, FYR_STORE_ERROR_FULL);
}

static void
test_failed_sync_is_told_and_resumes (Fixture *fixture, gconstpointer data)
{
  fail_each_call (fixture, FYR_FAULT_SYNC, FYR_STORE_ERROR_IO);
}

static void
test_broken_disk_is_told_and_resumes (Fixture *fixture, gconstpointer data)
{
  fail_each_call (fixture, FYR_FAULT_FOREVER, FYR_STORE_ERROR_IO);
}

static void
copy_file (const char *from, const char *to)
{
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (from, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (to, contents, (gssize)length, NULL));
}

/* In a process of its own, killed at the n-th file call while saving; tells each acknowledged save by a byte. */
static int
save_until_killed (const char *path, const char *author, int kill_at, int told)
{
  g_autoptr (FyrStore) store = fyr_test_open_store (path, NULL);

  fyr_fault_arm_io (FYR_FAULT_KILL, kill_at);
  for (int i = 0; i < 2; i++) {
    g_autoptr (FyrNote) note = fyr_note_new ();
    g_autoptr (FyrMutation) mutation = NULL;
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (FyrSaveReceipt) receipt = NULL;

    fyr_note_set_patient_id (note, author);
    fyr_note_set_time (note, 1);
    fyr_note_set_text (note, "n");
    mutation = fyr_mutation_new_create (FYR_RECORD (note), author);
    result = FYR_AWAIT (fyr_store_save_one_async (store, mutation, FYR_SLOT));
    receipt = fyr_store_save_finish (store, result, NULL);
    if (receipt == NULL || write (told, "x", 1) != 1) {
      return 1;
    }
  }
  return 0;
}

/* The child starts over as this program: threads and a fork do not go together. */
static int
run_child (const char *path, const char *author, int kill_at, gsize *acknowledged)
{
  g_autofree char *kill_text = g_strdup_printf ("%d", kill_at);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *arguments[] = { self, "--child", path, author, kill_text, NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **)arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  *acknowledged = strlen (output);
  return WEXITSTATUS (status);
}

static void
test_kill_anywhere_loses_nothing_acknowledged (void)
{
  g_autoptr (FyrTestFolder) folder = fyr_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  g_autofree char *log = g_build_filename (folder, "store.db-wal", NULL);
  g_autofree char *mark = g_build_filename (folder, "store.db-mark", NULL);
  g_autofree char *key = g_build_filename (folder, "store.db-key", NULL);
  g_autofree char *fresh = g_build_filename (folder, "fresh.db", NULL);
  g_autofree char *fresh_key = g_build_filename (folder, "fresh.db-key", NULL);
  int status = 9;

  fyr_test_close_store (fyr_test_open_store (fresh, NULL));
  for (int n = 1; status == 9; n++) {
    g_autoptr (FyrConnection) connection = NULL;
    g_autoptr (GError) error = NULL;
    gint64 notes, entries;
    gsize acknowledged;
    char author[37];

    g_assert_cmpint (n, <, 200);
    fyr_test_new_id (author);
    g_unlink (log);
    g_unlink (mark);
    copy_file (fresh, path);
    copy_file (fresh_key, key);
    status = run_child (path, author, n, &acknowledged);
    g_assert_true (status == 9 || status == 0);
    connection = fyr_test_look (path, &error);
    g_assert_no_error (error);
    g_assert_true (fyr_connection_check (connection, TRUE, &error));
    notes = fyr_test_scalar (connection, "SELECT count(*) FROM note");
    entries = fyr_test_scalar (connection, "SELECT count(*) FROM outbox");
    g_assert_cmpint (notes, ==, entries);
    g_assert_cmpint (notes, >=, (gint64)acknowledged);
    g_assert_cmpint (notes, <=, (gint64)acknowledged + 1);
    g_assert_cmpint (fyr_test_scalar (connection, "SELECT coalesce (max (next), 1) FROM stream"), ==,
                     notes + 1);
  }
}

static void
test_backup_is_a_store_of_its_own (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (fixture->folder, "copy.db", NULL);
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "n");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  result = FYR_AWAIT (fyr_store_backup_async (fixture->store, copy, FYR_SLOT));
  g_assert_true (fyr_store_backup_finish (fixture->store, result, &error));
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  fixture->store = fyr_test_open_store (copy, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_outbox (fixture), ==, 1);
}

/* A database of each released version opens, keeps its outbox and its rows. */
static void
test_old_databases_open (Fixture *fixture, gconstpointer data)
{
  for (int version = 1; version <= 1; version++) {
    g_autofree char *name = g_strdup_printf ("store-v%d.db", version);
    g_autofree char *old = g_test_build_filename (G_TEST_DIST, "store", "old", name, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) outbox = NULL;
    g_autoptr (FyrRecord) patient = NULL;

    g_clear_pointer (&fixture->store, fyr_test_close_store);
    copy_file (old, fixture->path);
    fixture->store = fyr_test_open_store (fixture->path, &error);
    g_assert_no_error (error);
    outbox = fyr_test_outbox (fixture, G_MAXUINT);
    g_assert_cmpuint (outbox->len, ==, 2);
    patient = fyr_test_get (fixture, &fyr_patient_info, "0198f0aa-0000-7000-8000-000000000001");
    g_assert_cmpstr (fyr_patient_get_family_name (FYR_PATIENT (patient)), ==, "Fra gammel base");
    g_assert_cmpstr (fyr_patient_get_telephone (FYR_PATIENT (patient)), ==, "+4798765432");
  }
}

/* Makes the database of the present version for tests/store/old: test-store-store --make-old FILE */
static int
make_old (const char *path)
{
  const char *author = "0198f0aa-0000-7000-8000-000000000002";
  Fixture fixture = { .path = (char *)path };
  g_autoptr (FyrPatient) patient = NULL;
  g_autoptr (FyrRecord) after = NULL;

  g_strlcpy (fixture.nurse, author, sizeof fixture.nurse);
  g_strlcpy (fixture.centre, "0198f0aa-0000-7000-8000-000000000003", sizeof fixture.centre);
  g_strlcpy (fixture.patient, "0198f0aa-0000-7000-8000-000000000001", sizeof fixture.patient);
  fixture.store = fyr_test_open_store (path, NULL);
  patient = fyr_test_patient (&fixture, "Fra gammel base", "Ola");
  fyr_record_set_id (FYR_RECORD (patient), fixture.patient);
  fyr_test_feed (&fixture, fyr_record_copy (FYR_RECORD (patient)), 1);
  after = fyr_record_copy (FYR_RECORD (patient));
  fyr_patient_set_telephone (FYR_PATIENT (after), "+4798765432");
  fyr_test_save_ok (&fixture, fyr_mutation_new_update (FYR_RECORD (patient), after, author));
  fyr_test_save_ok (&fixture,
                    fyr_mutation_new_create (FYR_RECORD (fyr_test_note (&fixture, "notat")), author));
  fyr_test_close_store (fixture.store);
  return 0;
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/store/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                       \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  if (argc == 5 && g_str_equal (argv[1], "--child")) {
    fyr_fault_install ();
    return save_until_killed (argv[2], argv[3], (int)g_ascii_strtoll (argv[4], NULL, 10), STDOUT_FILENO);
  }
  if (argc == 3 && g_str_equal (argv[1], "--make-old")) {
    return make_old (argv[2]);
  }
  g_test_init (&argc, &argv, NULL);
  fyr_fault_install ();
  g_test_add_func ("/store/store/new-to-finalize", test_new_to_finalize);
  g_test_add_func ("/store/store/dropping-the-last-reference-closes",
                   test_dropping_the_last_reference_closes);
  g_test_add_func ("/store/store/kill-anywhere-loses-nothing-acknowledged",
                   test_kill_anywhere_loses_nothing_acknowledged);
  ADD ("a-second-process-is-kept-out", test_a_second_process_is_kept_out);
  ADD ("a-newer-database-is-left-alone", test_a_newer_database_is_left_alone);
  ADD ("a-damaged-file-is-kept", test_a_damaged_file_is_kept);
  ADD ("calls-after-close-fail", test_calls_after_close_fail);
  ADD ("a-cancelled-query-says-so", test_a_cancelled_query_says_so);
  ADD ("a-cancelled-save-tells-the-truth", test_a_cancelled_save_tells_the_truth);
  ADD ("saves-go-before-queries-before-sync", test_saves_go_before_queries_before_sync);
  ADD ("the-log-is-written-back-when-idle", test_the_log_is_written_back_when_idle);
  ADD ("changes-are-told-together", test_changes_are_told_together);
  ADD ("failing-disk-never-saves-half", test_failing_disk_never_saves_half);
  ADD ("full-disk-is-told-and-resumes", test_full_disk_is_told_and_resumes);
  ADD ("broken-disk-is-told-and-resumes", test_broken_disk_is_told_and_resumes);
  ADD ("failed-sync-is-told-and-resumes", test_failed_sync_is_told_and_resumes);
  ADD ("backup-is-a-store-of-its-own", test_backup_is_a_store_of_its_own);
  ADD ("old-databases-open", test_old_databases_open);
  return g_test_run ();
}
