/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-db-fixture.h"
#include "fyr-admin-ops.h"
#include "fyr-admin-socket.h"
#include "fyr-http-fixture.h"
#include "fyr-lockout.h"

/* What operators have a running server do, through its socket, and the same without a server. */

typedef struct {
  const char *directory;
  const char *const *argv;
  const char *input;
  gboolean ran;
  int status;
  char *output;
  char *errors;
  GError *error;
  gboolean done;
} Call;

static gpointer
call_thread (gpointer data)
{
  Call *call = data;

  call->ran = fyr_admin_socket_call (call->directory, call->argv, call->input, &call->status, &call->output,
                                     &call->errors, &call->error);
  g_atomic_int_set (&call->done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

/* Calls as the tool does, from another thread, while the server's loop runs. */
static void
call_server (Call *call)
{
  GThread *thread = g_thread_new ("tool", call_thread, call);

  while (!g_atomic_int_get (&call->done)) {
    g_main_context_iteration (NULL, TRUE);
  }
  g_thread_join (thread);
}

static void
call_clear (Call *call)
{
  g_free (call->output);
  g_free (call->errors);
  g_clear_error (&call->error);
}

typedef struct {
  World *world;
  FyrServer *server;
} Office;

static int
echo (FyrAdminHost *host,
      const char *const *argv,
      const char *input,
      GString *output,
      GString *errors,
      gpointer data)
{
  if (g_str_equal (argv[0], "echo")) {
    for (const char *const *arg = argv; *arg != NULL; arg++) {
      g_string_append_printf (output, "[%s]", *arg);
    }
    g_string_append (output, input != NULL ? input : "-");
    g_string_append (errors, fyr_admin_host_is_server (host) ? "server" : "alone");
    return 7;
  }
  return fyr_admin_ops_run (host, argv, input, output, errors, data);
}

static void
office_open (Office *office)
{
  FyrServerConfig config = { .admin_run = echo };
  g_autoptr (GError) error = NULL;

  office->world = world_new ();
  office->server = fyr_server_new (office->world->db, &config, &error);
  g_assert_no_error (error);
  g_assert_true (fyr_server_start (office->server, &error));
}

static void
office_close (Office *office)
{
  g_autofree char *path = g_build_filename (office->world->directory, FYR_ADMIN_SOCKET_NAME, NULL);

  fyr_server_free (office->server);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  world_free (office->world);
}

static void
test_arguments_input_output_and_status_pass_through (void)
{
  Office office;
  const char *argv[] = { "echo", "to ord", "æøå \"sitat\"\n", "", NULL };
  g_autofree char *long_input = g_strnfill (300000, 'x');
  Call call = { .argv = argv, .input = long_input };

  office_open (&office);
  call.directory = office.world->directory;
  call_server (&call);
  g_assert_no_error (call.error);
  g_assert_true (call.ran);
  g_assert_cmpint (call.status, ==, 7);
  g_assert_true (g_str_has_prefix (call.output, "[echo][to ord][æøå \"sitat\"\n][]xxx"));
  g_assert_cmpuint (strlen (call.output), >, 300000);
  g_assert_cmpstr (call.errors, ==, "server");
  call_clear (&call);
  office_close (&office);
}

static void
test_the_socket_is_the_owners_alone (void)
{
  Office office;
  g_autofree char *path = NULL;
  GStatBuf status;

  office_open (&office);
  path = g_build_filename (office.world->directory, FYR_ADMIN_SOCKET_NAME, NULL);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0077, ==, 0);
  office_close (&office);
}

static void
test_without_a_server_the_call_says_so (void)
{
  g_autoptr (World) world = world_new ();
  const char *argv[] = { "echo", NULL };
  int status;
  char *output, *errors;
  g_autoptr (GError) error = NULL;

  g_assert_false (fyr_admin_socket_call (world->directory, argv, NULL, &status, &output, &errors, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_CLOSED);
}

static void
test_a_socket_left_by_a_killed_server_is_replaced (void)
{
  g_autoptr (World) world = world_new ();
  FyrServerConfig config = { .admin_run = echo };
  g_autofree char *path = g_build_filename (world->directory, FYR_ADMIN_SOCKET_NAME, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrServer) server = fyr_server_new (world->db, &config, &error);

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_true (fyr_server_start (server, &error));
  g_assert_no_error (error);
}

/* Bytes that are no call, sent to the socket itself. */
typedef struct {
  const char *path;
  const char *text;
  GString *answer;
  gboolean done;
} Raw;

static gpointer
raw_thread (gpointer data)
{
  Raw *raw = data;
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (raw->path);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  char buffer[2048];
  gssize n;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), raw->text,
                             strlen (raw->text), NULL, NULL, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
  while ((n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), buffer,
                                   sizeof buffer, NULL, NULL)) > 0) {
    g_string_append_len (raw->answer, buffer, n);
  }
  g_atomic_int_set (&raw->done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static void
test_what_is_no_call_is_refused (void)
{
  Office office;
  g_autofree char *path = NULL;
  const struct {
    const char *text;
    const char *status;
  } cases[] = {
    { "", "" },
    { "nonsense", "" },
    { "GET / HTTP/1.1\r\n\r\n", "404" },
    { "POST /admin/v1/other HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", "404" },
    { "POST /admin/v1/run HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", "400" },
    { "POST /admin/v1/run HTTP/1.1\r\nContent-Length: 11\r\n\r\n{\"argv\":[7]}", "" },
    { "POST /admin/v1/run HTTP/1.1\r\nContent-Length: 12\r\n\r\n{\"argv\":[7]}", "400" },
    { "POST /admin/v1/run HTTP/1.1\r\nContent-Length: 11\r\n\r\n{\"argv\":[]}", "400" },
    { "POST /admin/v1/run HTTP/1.1\r\nContent-Length: 4\r\n\r\n[[[[", "400" },
    { "POST /admin/v1/run HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n{", "" },
  };

  office_open (&office);
  path = g_build_filename (office.world->directory, FYR_ADMIN_SOCKET_NAME, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Raw raw = { .path = path, .text = cases[i].text, .answer = g_string_new (NULL) };
    GThread *thread = g_thread_new ("raw", raw_thread, &raw);

    while (!g_atomic_int_get (&raw.done)) {
      g_main_context_iteration (NULL, TRUE);
    }
    g_thread_join (thread);
    if (*cases[i].status != '\0') {
      g_assert_nonnull (strstr (raw.answer->str, cases[i].status));
    } else {
      g_assert_cmpstr (raw.answer->str, ==, "");
    }
    g_string_free (raw.answer, TRUE);
  }
  office_close (&office);
}

/* Operations, on a server or alone: the same */

static int
run_alone (World *world, const char *input, char **output, char **errors, const char *first, ...)
{
  g_autoptr (FyrAdminHost) host = fyr_admin_host_new (world->db, NULL);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) err = g_string_new (NULL);
  va_list list;
  int status;

  va_start (list, first);
  for (const char *arg = first; arg != NULL; arg = va_arg (list, const char *)) {
    g_ptr_array_add (argv, (gpointer)arg);
  }
  va_end (list);
  g_ptr_array_add (argv, NULL);
  status = fyr_admin_ops_run (host, (const char *const *)argv->pdata, input, out, err, NULL);
  if (output != NULL) {
    *output = g_strdup (out->str);
  }
  if (errors != NULL) {
    *errors = g_strdup (err->str);
  }
  return status;
}

static void
test_records_are_put_all_or_none (void)
{
  g_autoptr (World) world = world_new ();
  char ids[2][37];
  g_autofree char *good = NULL;
  g_autofree char *bad = NULL;
  g_autofree char *errors = NULL;

  world_id (ids[0]);
  world_id (ids[1]);
  good = g_strdup_printf ("[{\"kind\":\"gp\",\"record\":{\"id\":\"%s\",\"name\":\"En\"}},"
                          "{\"kind\":\"gp\",\"record\":{\"id\":\"%s\",\"name\":\"To\"}}]",
                          ids[0], ids[1]);
  bad = g_strdup_printf ("[{\"kind\":\"gp\",\"record\":{\"id\":\"%s\",\"name\":\"Ny\"}},"
                         "{\"kind\":\"gp\",\"record\":{\"id\":\"%s\"}}]",
                         ids[0], ids[1]);
  g_assert_cmpint (run_alone (world, good, NULL, NULL, "put-records", NULL), ==, 0);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM gp"), ==, 4);
  g_assert_cmpint (run_alone (world, bad, NULL, &errors, "put-records", NULL), ==, 1);
  g_assert_nonnull (strstr (errors, "name"));
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM gp WHERE name = 'Ny'"), ==, 0);
  world_check_feeds (world);
}

static void
test_nonsense_operations_are_refused (void)
{
  g_autoptr (World) world = world_new ();
  const char *inputs[] = {
    NULL, "", "{", "{}", "[7]", "[{\"kind\":\"nothing\",\"record\":{}}]", "[{\"kind\":\"gp\"}]"
  };

  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++) {
    g_autofree char *errors = NULL;

    g_assert_cmpint (run_alone (world, inputs[i], NULL, &errors, "put-records", NULL), ==, 1);
    g_assert_cmpstr (errors, !=, "");
  }
  g_assert_cmpint (run_alone (world, NULL, NULL, NULL, "explode", NULL), ==, 2);
  g_assert_cmpint (run_alone (world, NULL, NULL, NULL, "put-records", "too", "many", NULL), ==, 2);
  g_assert_cmpint (run_alone (world, NULL, NULL, NULL, "end-gateway", "not-an-id", NULL), ==, 2);
  g_assert_cmpint (run_alone (world, NULL, NULL, NULL, "set-password-hash", "not-an-id", NULL), ==, 2);
  g_assert_cmpint (run_alone (world, NULL, NULL, NULL, "new-gateway", world->centre, NULL), ==, 2);
}

static void
test_gateways_are_made_and_ended (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *output = NULL;
  g_autofree char *ended = NULL;
  g_autofree char *again = NULL;
  g_autoptr (JsonNode) node = NULL;
  const char *gateway;

  g_assert_cmpint (run_alone (world, NULL, &output, NULL, "new-gateway", world->centre, "app", NULL), ==, 0);
  node = json_from_string (output, NULL);
  gateway = json_object_get_string_member (json_node_get_object (node), "gateway");
  g_assert_cmpuint (strlen (json_object_get_string_member (json_node_get_object (node), "token")), ==, 43);
  g_assert_cmpint (run_alone (world, NULL, &ended, NULL, "end-gateway", gateway, NULL), ==, 0);
  g_assert_cmpstr (ended, ==, "{\"ended\":true}");
  g_assert_cmpint (run_alone (world, NULL, &again, NULL, "end-gateway", gateway, NULL), ==, 0);
  g_assert_cmpstr (again, ==, "{\"ended\":false}");
}

static void
test_a_password_is_set_and_taken_away (void)
{
  g_autoptr (World) world = world_new ();

  g_assert_cmpint (run_alone (world, "$argon2id$x", NULL, NULL, "set-password-hash", world->nurse, NULL), ==,
                   0);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM credential WHERE hash = '$argon2id$x'"), ==, 1);
  g_assert_cmpint (run_alone (world, NULL, NULL, NULL, "set-password-hash", world->nurse, NULL), ==, 0);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM credential"), ==, 0);
}

static void
test_sessions_and_lockouts_are_lifted (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);

  g_assert_cmpint (run_alone (world, NULL, NULL, NULL, "end-sessions", world->nurse, NULL), ==, 0);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM session"), ==, 0);
  fyr_connection_exec (fyr_server_db_get_connection (world->db),
                       "INSERT INTO sign_in_failure VALUES ('x', 9, 9, 9)", NULL);
  g_assert_cmpint (run_alone (world, NULL, NULL, NULL, "lift-lockout", "kari", NULL), ==, 0);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM sign_in_failure"), ==, 1);
}

static void
test_a_backup_is_a_whole_database (void)
{
  Office office;
  g_autofree char *path = NULL;
  const char *argv[] = { "backup", NULL, NULL };
  Call call = { .argv = argv };
  g_autoptr (FyrConnection) copy = NULL;
  g_autoptr (GError) error = NULL;

  office_open (&office);
  world_put (office.world, world_note (office.world, office.world->one, "tekst"));
  path = g_build_filename (office.world->directory, "copy.db", NULL);
  argv[1] = path;
  call.directory = office.world->directory;
  call_server (&call);
  g_assert_cmpint (call.status, ==, 0);
  copy = fyr_connection_open (path, FYR_CONNECTION_READ_ONLY, &error);
  g_assert_no_error (error);
  g_assert_true (fyr_connection_check (copy, TRUE, &error));
  call_clear (&call);
  office_close (&office);
}

static void
test_workstations_hear_at_once_of_what_operators_change (void)
{
  Office office;
  const char *argv[] = { "put-records", NULL };
  g_autofree char *input = NULL;
  Call call = { .argv = argv };
  gint64 head;
  char id[37];

  office_open (&office);
  world_id (id);
  head = world_head (office.world, "global/configuration");
  input = g_strdup_printf ("[{\"kind\":\"gp\",\"record\":{\"id\":\"%s\",\"name\":\"Ny lege\"}}]", id);
  call.directory = office.world->directory;
  call.input = input;
  call_server (&call);
  g_assert_cmpint (call.status, ==, 0);
  g_assert_cmpint (world_head (office.world, "global/configuration"), ==, head + 1);
  call_clear (&call);
  office_close (&office);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/admin/" #name, test_##name)
  ADD (arguments_input_output_and_status_pass_through);
  ADD (the_socket_is_the_owners_alone);
  ADD (without_a_server_the_call_says_so);
  ADD (a_socket_left_by_a_killed_server_is_replaced);
  ADD (what_is_no_call_is_refused);
  ADD (records_are_put_all_or_none);
  ADD (nonsense_operations_are_refused);
  ADD (gateways_are_made_and_ended);
  ADD (a_password_is_set_and_taken_away);
  ADD (sessions_and_lockouts_are_lifted);
  if (fyr_test_on_file ()) {
    ADD (a_backup_is_a_whole_database);
  }
  ADD (workstations_hear_at_once_of_what_operators_change);
  return g_test_run ();
}
