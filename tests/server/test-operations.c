/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-admin-ops.h"
#include "fyr-admin-socket.h"
#include "fyr-db-fixture.h"
#include "fyr-fault.h"
#include "fyr-sample.h"
#include "fyr-server-fixture.h"

/*
 * What the operator's tool has the database do, asked wrongly, for nothing, or on a failing disk: the reason is told in
 * one line, the status says whether it was understood, and nothing of it is done.
 */

typedef struct {
  const char *name;
  guint n_arguments;
  gboolean wants_id; /* first argument */
} Operation;

static const Operation operations[] = {
  { "put-records", 0, FALSE },       { "set-password-hash", 1, TRUE }, { "lift-lockout", 1, FALSE },
  { "end-sessions", 1, TRUE },       { "new-gateway", 2, TRUE },       { "end-gateway", 1, TRUE },
  { "settle-quarantine", 3, FALSE }, { "backup", 1, FALSE },
};

typedef struct {
  int status;
  char *output;
  char *errors;
} Result;

static void
result_clear (Result *self)
{
  g_clear_pointer (&self->output, g_free);
  g_clear_pointer (&self->errors, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static Result
run (World *world, const char *const *argv, const char *input)
{
  g_autoptr (FyrAdminHost) host = fyr_admin_host_new (world->db, NULL);
  GString *output = g_string_new (NULL);
  GString *errors = g_string_new (NULL);
  Result result = { .status = fyr_admin_ops_run (host, argv, input, output, errors, NULL) };

  result.output = g_string_free (output, FALSE);
  result.errors = g_string_free (errors, FALSE);
  g_assert_true ((result.status == 0) == (*result.errors == '\0'));
  g_assert_true (result.status == 0 || *result.output == '\0');
  g_assert_null (strchr (result.errors, '\n'));
  return result;
}

/* All that could change by an operation, as one number. */
static gint64
weigh (World *world)
{
  return world_count (world, "SELECT (SELECT count (*) FROM feed) + (SELECT count (*) FROM gateway)"
                             " + (SELECT count (*) FROM session) + (SELECT count (*) FROM credential)");
}

/* Every operation with any number of arguments but its own: not understood. */
static void
test_a_wrong_number_of_arguments_is_not_understood (void)
{
  g_autoptr (World) world = world_new ();
  gint64 before = weigh (world);

  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++) {
    for (guint n = 0; n <= 4; n++) {
      const char *argv[6] = { operations[i].name };
      g_auto (Result) result = { 0 };

      for (guint a = 1; a <= n; a++) {
        argv[a] = world->nurse;
      }
      if (n != operations[i].n_arguments) {
        result = run (world, argv, NULL);
        g_assert_cmpint (result.status, ==, 2);
        g_assert_cmpstr (result.errors, ==, "The server does not know this command");
      }
    }
  }
  g_assert_cmpint (weigh (world), ==, before);
}

static void
test_what_is_no_id_is_not_understood (void)
{
  static const char *const no_ids[] = { "",
                                        " ",
                                        "kari",
                                        "0198f0aa-0000-7000-8000-00000000000",
                                        "0198f0aa-0000-7000-8000-00000000000g",
                                        "0198f0aa-0000-7000-8000-00000000000a ",
                                        "'; DROP TABLE session; --" };
  g_autoptr (World) world = world_new ();
  gint64 before = weigh (world);

  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++) {
    for (gsize n = 0; operations[i].wants_id && n < G_N_ELEMENTS (no_ids); n++) {
      const char *argv[] = { operations[i].name, no_ids[n], operations[i].n_arguments > 1 ? "app" : NULL,
                             NULL };
      g_auto (Result) result = run (world, argv, NULL);

      g_assert_cmpint (result.status, ==, 2);
    }
  }
  g_assert_cmpint (weigh (world), ==, before);
}

/* Of whom there is none: told, and nothing made for her. */
static void
test_what_is_not_there_is_told (void)
{
  g_autoptr (World) world = world_new ();
  gint64 before = weigh (world);
  char nobody[37];
  const char *const calls[][5] = { { "set-password-hash", nobody, NULL },
                                   { "new-gateway", nobody, "app", NULL },
                                   { "settle-quarantine", "1", "accept", world->administrator, NULL },
                                   { "settle-quarantine", "0", "accept", world->administrator, NULL },
                                   { "settle-quarantine", "-1", "discard", world->administrator, NULL },
                                   { "settle-quarantine", "x", "discard", world->administrator, NULL },
                                   { "settle-quarantine", "1", "burn", world->administrator, NULL },
                                   { "settle-quarantine", "9223372036854775808", "accept", world->nurse,
                                     NULL } };

  world_id (nobody);
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++) {
    g_auto (Result) result = run (world, calls[i], "hash");

    g_test_message ("%s %s: %s", calls[i][0], calls[i][2], result.errors);
    g_assert_cmpint (result.status, ==, 1);
  }
  g_assert_cmpint (weigh (world), ==, before);
}

/* A record of each kind, whole, with one that is not valid after it: neither is there. */
static void
test_of_records_one_that_is_not_valid_keeps_all_out (void)
{
  g_autoptr (World) world = world_new ();
  gint64 before = weigh (world);

  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];
    const char *argv[] = { "put-records", NULL };
    g_autoptr (FyrRecord) record = NULL;
    g_autoptr (JsonNode) node = json_node_alloc ();
    g_autofree char *whole = NULL;
    g_autofree char *input = NULL;
    g_auto (Result) result = { 0 };
    char id[37];

    world_id (id);
    record = fyr_sample_record (info, id, 1);
    json_node_init (node, JSON_NODE_OBJECT);
    json_node_take_object (node, fyr_record_to_json (record, G_MAXUINT));
    whole = json_to_string (node, FALSE);
    input = g_strdup_printf ("[{\"kind\":\"%s\",\"record\":%s},{\"kind\":\"gp\",\"record\":{\"id\":\"x\"}}]",
                             info->kind, whole);
    result = run (world, argv, input);
    g_assert_cmpint (result.status, ==, 1);
    g_assert_cmpint (weigh (world), ==, before);
  }
  world_check_feeds (world);
}

static void
test_a_backup_that_cannot_be_made_is_told (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *nowhere = g_build_filename (world->directory, "nowhere", "copy.db", NULL);
  g_autofree char *below_a_file = g_build_filename (world->directory, "fyrlykt.db", "copy.db", NULL);
  const char *const places[] = { nowhere, below_a_file, "/proc/copy.db", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    const char *argv[] = { "backup", places[i], NULL };
    g_auto (Result) result = run (world, argv, NULL);

    g_test_message ("%s: %s", places[i], result.errors);
    g_assert_cmpint (result.status, ==, 1);
  }
  g_assert_false (g_file_test (nowhere, G_FILE_TEST_EXISTS));
}

/* The disk fails at each call in turn: an operation is done or it is not, and it can be asked for again. */
static void
test_on_a_failing_disk_an_operation_is_done_or_not (void)
{
  g_autoptr (World) world = world_new ();
  gboolean struck = TRUE;
  gint64 made = world_count (world, "SELECT count (*) FROM gateway");

  for (int n = 1; struck; n++) {
    const char *argv[] = { "new-gateway", world->centre, "app", NULL };
    g_auto (Result) result = { 0 };

    g_assert_cmpint (n, <, 100);
    fyr_fault_arm_io (FYR_FAULT_FULL, n);
    result = run (world, argv, NULL);
    struck = fyr_fault_disarm ();
    made += result.status == 0;
    g_assert_cmpint (world_count (world, "SELECT count (*) FROM gateway"), ==, made);
  }
  g_assert_cmpint (made, >, 0);
}

/* A folder whose socket would have too long a name is told before anything is listened on. */
static void
test_a_folder_with_too_long_a_name_has_no_socket (void)
{
  g_autofree char *folder = g_dir_make_tmp ("fyr-long-XXXXXX", NULL);
  g_autofree char *long_name = g_strnfill (100, 'x');
  g_autofree char *deep = g_build_filename (folder, long_name, NULL);
  g_autoptr (FyrServerDb) db = fyr_server_db_open (deep, FYR_SERVER_DB_CREATE, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  const char *argv[] = { "backup", "x", NULL };
  int status;

  g_assert_nonnull (db);
  g_assert_null (fyr_admin_socket_new (db, NULL, fyr_admin_ops_run, NULL, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_ADDRESS);
  g_assert_nonnull (strstr (error->message, deep));
  g_clear_error (&error);
  g_assert_false (fyr_admin_socket_call (folder, argv, NULL, &status, &output, &errors, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_CLOSED);
  g_clear_pointer (&db, fyr_server_db_unref);
  fyr_test_folder_free (g_steal_pointer (&deep));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_fault_install ();
#define ADD(name) g_test_add_func ("/server/operations/" #name, test_##name)
  ADD (a_wrong_number_of_arguments_is_not_understood);
  ADD (what_is_no_id_is_not_understood);
  ADD (what_is_not_there_is_told);
  ADD (of_records_one_that_is_not_valid_keeps_all_out);
  ADD (a_backup_that_cannot_be_made_is_told);
  ADD (on_a_failing_disk_an_operation_is_done_or_not);
  ADD (a_folder_with_too_long_a_name_has_no_socket);
  return g_test_run ();
}
