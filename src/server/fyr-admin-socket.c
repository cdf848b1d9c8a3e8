/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-socket.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fyr-guard-head.h"
#include "fyr-json-document.h"
#include "fyr-json-writer.h"

#define MAX_MESSAGE (64u * 1024 * 1024)
#define MAX_ARGUMENTS 256
#define PEER_SECONDS 30

/* A command is a JSON object of its arguments and input; a bound against mistakes, not against attackers. */
static const FyrJsonLimits message_limits = { MAX_MESSAGE, 8, 1000 };

struct _FyrAdminSocket {
  FyrServerDb *db;
  FyrWriter *writer;
  FyrAdminRunFunc run;
  gpointer user_data;
  FyrAppliedFunc applied;
  gpointer applied_data;
  char *path;
  GSocketService *service;
  GMutex mutex;
  gint active;
  GMainContext *context; /* woken when a command is done */
};

/* One message over the socket: a head that states Content-Length, and as many bytes. */
static GString *
read_message (GInputStream *stream, GString *head, GError **error)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  const char *length_header;
  gsize end = 0, length;

  while (end == 0) {
    char buffer[4096];
    gssize n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, error);
    if (n <= 0 || bytes->len + (gsize)n > FYR_GUARD_HEAD_MAX + sizeof buffer) {
      return NULL;
    }
    g_string_append_len (bytes, buffer, n);
    end = fyr_guard_head_find_end (bytes->str, bytes->len);
  }
  g_string_append_len (head, bytes->str, (gssize)end);
  length_header = strstr (head->str, "Content-Length: ");
  length = length_header != NULL ? (gsize)g_ascii_strtoull (length_header + 16, NULL, 10) : 0;
  g_string_erase (bytes, 0, (gssize)end);
  if (length > MAX_MESSAGE || bytes->len > length) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "The message is too long");
    return NULL;
  }
  end = bytes->len;
  g_string_set_size (bytes, length);
  if (!g_input_stream_read_all (stream, bytes->str + end, length - end, &end, NULL, error)) {
    return NULL;
  }
  return g_steal_pointer (&bytes);
}

static gboolean
write_message (GOutputStream *stream, const char *first_line, GString *body, GError **error)
{
  g_autofree char *head =
      g_strdup_printf ("%s\r\nContent-Type: application/json\r\nContent-Length: %" G_GSIZE_FORMAT
                       "\r\nConnection: close\r\n\r\n",
                       first_line, body->len);

  return g_output_stream_write_all (stream, head, strlen (head), NULL, NULL, error) &&
         g_output_stream_write_all (stream, body->str, body->len, NULL, NULL, error);
}

/* The server's end */

static gboolean
peer_is_ours (GSocketConnection *connection)
{
  g_autoptr (GCredentials) credentials =
      g_socket_get_credentials (g_socket_connection_get_socket (connection), NULL);

  return credentials != NULL && g_credentials_get_unix_user (credentials, NULL) == getuid ();
}

static GPtrArray *
read_arguments (const FyrJsonValue *root)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  for (const FyrJsonValue *value = fyr_json_value_get_array (root, "argv"); value != NULL;
       value = value->next) {
    if (!fyr_json_value_is (value, FYR_JSON_STRING) || argv->len >= MAX_ARGUMENTS) {
      return NULL;
    }
    g_ptr_array_add (argv, (gpointer)value->text);
  }
  g_ptr_array_add (argv, NULL);
  return argv->len > 1 ? g_steal_pointer (&argv) : NULL;
}

static void
run_command (FyrAdminSocket *self, const FyrJsonValue *root, GPtrArray *argv, GString *answer)
{
  g_autoptr (FyrAdminHost) host = fyr_admin_host_new (self->db, self->writer);
  g_autoptr (GString) output = g_string_new (NULL);
  g_autoptr (GString) errors = g_string_new (NULL);
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (answer);
  int status;

  g_mutex_lock (&self->mutex);
  fyr_admin_host_set_applied (host, self->applied, self->applied_data);
  status = self->run (host, (const char *const *)argv->pdata, fyr_json_value_get_string (root, "input"),
                      output, errors, self->user_data);
  g_mutex_unlock (&self->mutex);
  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_int (&json, "status", status);
  fyr_json_writer_string (&json, "output", output->str);
  fyr_json_writer_string (&json, "error", errors->str);
  fyr_json_writer_end_object (&json);
}

static const char *
answer_message (FyrAdminSocket *self, GString *head, GString *body, GString *answer)
{
  g_autoptr (FyrJsonDocument) document = NULL;
  g_autoptr (GPtrArray) argv = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_str_has_prefix (head->str, "POST /admin/v1/run HTTP/1.1\r\n")) {
    g_string_assign (answer, "{\"error\":{\"code\":\"malformed\",\"text\":\"There is no such address\"}}");
    return "HTTP/1.1 404 Not Found";
  }
  document = fyr_json_document_parse (body->str, body->len, &message_limits, &error);
  argv = document != NULL ? read_arguments (fyr_json_document_get_root (document)) : NULL;
  if (argv == NULL) {
    g_string_assign (answer,
                     "{\"error\":{\"code\":\"malformed\",\"text\":\"argv: an array of texts is needed\"}}");
    return "HTTP/1.1 400 Bad Request";
  }
  run_command (self, fyr_json_document_get_root (document), argv, answer);
  return "HTTP/1.1 200 OK";
}

static gboolean
on_run (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  FyrAdminSocket *self = user_data;
  g_autoptr (GMainContext) context = g_main_context_ref (self->context);
  g_autoptr (GString) head = g_string_new (NULL);
  g_autoptr (GString) body = NULL;
  g_autoptr (GString) answer = g_string_new (NULL);

  g_atomic_int_inc (&self->active);
  g_socket_set_timeout (g_socket_connection_get_socket (connection), PEER_SECONDS);
  body = peer_is_ours (connection)
             ? read_message (g_io_stream_get_input_stream (G_IO_STREAM (connection)), head, NULL)
             : NULL;
  if (body != NULL) {
    const char *first_line = answer_message (self, head, body, answer);
    write_message (g_io_stream_get_output_stream (G_IO_STREAM (connection)), first_line, answer, NULL);
  }
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_atomic_int_add (&self->active, -1);
  g_main_context_wakeup (context);
  return TRUE;
}

static gboolean
listen_on (FyrAdminSocket *self, GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) failure = NULL;
  mode_t mask;
  gboolean added;

  if (strlen (self->path) >= 108) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_ADDRESS,
                 "The path of the data folder is too long for a socket: %s", self->path);
    return FALSE;
  }
  /* One that a killed server left; the lock on the data folder says that nobody listens there. */
  g_unlink (self->path);
  address = g_unix_socket_address_new (self->path);
  mask = umask (0077);
  added = g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                         G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &failure);
  umask (mask);
  if (!added) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_ADDRESS, "Cannot listen on %s: %s", self->path,
                 failure->message);
  }
  return added;
}

FyrAdminSocket *
fyr_admin_socket_new (
    FyrServerDb *db, FyrWriter *writer, FyrAdminRunFunc run, gpointer user_data, GError **error)
{
  FyrAdminSocket *self = g_new0 (FyrAdminSocket, 1);

  self->db = fyr_server_db_ref (db);
  self->writer = writer;
  self->run = run;
  self->user_data = user_data;
  self->path = g_build_filename (fyr_server_db_get_directory (db), FYR_ADMIN_SOCKET_NAME, NULL);
  self->service = g_threaded_socket_service_new (4);
  self->context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->mutex);
  if (!listen_on (self, error)) {
    fyr_admin_socket_free (self);
    return NULL;
  }
  g_signal_connect (self->service, "run", G_CALLBACK (on_run), self);
  g_socket_service_start (self->service);
  return self;
}

void
fyr_admin_socket_set_applied (FyrAdminSocket *self, FyrAppliedFunc func, gpointer user_data)
{
  g_mutex_lock (&self->mutex);
  self->applied = func;
  self->applied_data = user_data;
  g_mutex_unlock (&self->mutex);
}

void
fyr_admin_socket_free (FyrAdminSocket *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  /* A command under way finishes first; its end wakes this context. */
  while (g_atomic_int_get (&self->active) > 0)
    g_main_context_iteration (self->context, TRUE);
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_object_unref (self->service);
  g_unlink (self->path);
  fyr_server_db_unref (self->db);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

/* The tool's end */

static void
write_call (GString *text, const char *const *argv, const char *input)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_begin_array (&json, "argv");
  for (; *argv != NULL; argv++) {
    fyr_json_writer_string (&json, NULL, *argv);
  }
  fyr_json_writer_end_array (&json);
  fyr_json_writer_text (&json, "input", input);
  fyr_json_writer_end_object (&json);
}

static GSocketConnection *
connect_to (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, FYR_ADMIN_SOCKET_NAME, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) failure = NULL;
  GSocketConnection *connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &failure);

  if (connection == NULL) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_CLOSED, "No server listens on %s", path);
  }
  return connection;
}

static gboolean
read_result (GString *body, int *status, char **output, char **errors, GError **error)
{
  g_autoptr (FyrJsonDocument) document =
      fyr_json_document_parse (body->str, body->len, &message_limits, error);
  const FyrJsonValue *root = document != NULL ? fyr_json_document_get_root (document) : NULL;
  gint64 value = 0;

  if (root == NULL) {
    return FALSE;
  }
  if (!fyr_json_value_to_int (fyr_json_value_get (root, "status"), &value)) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID,
                         "The server did not take the command");
    return FALSE;
  }
  *status = (int)value;
  *output = g_strdup (fyr_json_value_get_string (root, "output"));
  *errors = g_strdup (fyr_json_value_get_string (root, "error"));
  return TRUE;
}

gboolean
fyr_admin_socket_call (const char *directory,
                       const char *const *argv,
                       const char *input,
                       int *status,
                       char **output,
                       char **errors,
                       GError **error)
{
  g_autoptr (GSocketConnection) connection = connect_to (directory, error);
  g_autoptr (GString) call = g_string_new (NULL);
  g_autoptr (GString) head = g_string_new (NULL);
  g_autoptr (GString) answer = NULL;

  if (connection == NULL) {
    return FALSE;
  }
  write_call (call, argv, input);
  if (!write_message (g_io_stream_get_output_stream (G_IO_STREAM (connection)), "POST /admin/v1/run HTTP/1.1",
                      call, error)) {
    return FALSE;
  }
  answer = read_message (g_io_stream_get_input_stream (G_IO_STREAM (connection)), head, error);
  if (answer == NULL) {
    if (error != NULL && *error == NULL) {
      g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_CLOSED, "The server went away");
    }
    return FALSE;
  }
  return read_result (answer, status, output, errors, error);
}
