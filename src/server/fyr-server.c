/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-server.h"

#include <string.h>
#include <unistd.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "fyr-emergency-route.h"
#include "fyr-figures.h"
#include "fyr-live.h"
#include "fyr-log.h"
#include "fyr-push.h"
#include "fyr-relay.h"
#include "fyr-request-private.h"
#include "fyr-sign-in.h"
#include "fyr-witness.h"

#define READER_THREADS 2
#define HASH_THREADS 2
/* Workstations of a county signed in at one process; 200 bytes each. */
#define MAX_PROVED_TOKENS 65536
/* How long requests under way may take to end when the server stops. */
#define FINISH_SECONDS 5
/* sysexits.h: an error of input or output; systemd starts the server again, which then checks the database. */
#define EXIT_BROKEN 74

typedef struct {
  char *method;
  char *path;
  FyrRouteFunc func;
  gpointer user_data;
  gboolean is_prefix;
} Route;

typedef struct {
  GDestroyNotify stop;
  GDestroyNotify free_part;
  gpointer data;
} Part;

struct _FyrServer {
  FyrServerDb *db;
  FyrWriter *writer;
  FyrReader *reader;
  SoupServer *soup;
  FyrGuard *guard;
  FyrLive *live;
  FyrRelay *relay; /* (nullable): only where several processes share the database */
  FyrPasswordGate *gate;
  FyrSignIn *sign_in;
  FyrEmergencyRoute *emergency;
  FyrProofs *proofs;
  FyrSchedule *schedule;
  FyrAdminSocket *admin_socket;
  GPtrArray *routes;
  GArray *parts;
  char *address;
  guint port;
  gboolean behind_proxy;
  FyrAdminRunFunc admin_run;
  gpointer admin_data;
  char *url;
  guint open_requests;
  FyrAppliedFunc applied;
  gpointer applied_data;
  FyrBrokenFunc broken;
  gpointer broken_data;
};

static void
route_free (gpointer data)
{
  Route *route = data;

  g_free (route->method);
  g_free (route->path);
  g_free (route);
}

/* Push */

typedef struct {
  FyrPush push;
} PushJob;

static void
push_job_free (gpointer data)
{
  PushJob *job = data;

  fyr_push_request_free (job->push.request);
  g_free (job);
}

static gboolean
run_push (FyrWriteContext *context, FyrReply *reply, gpointer data, GError **error)
{
  PushJob *job = data;

  job->push.reply = reply;
  return fyr_push_run (context, &job->push, error);
}

static void
push_opened (FyrRequest *request, const guint8 token[FYR_TOKEN_HASH_BYTES], gpointer user_data)
{
  FyrServer *self = user_data;
  FyrReply *reply = fyr_request_get_reply (request);
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *body = fyr_request_get_body (request, &length);
  FyrPushRequest *push;
  PushJob *job;

  push = fyr_push_request_parse (body, length, &error);
  if (push == NULL) {
    fyr_reply_fail (reply, fyr_wire_error_to_status (error), fyr_wire_error_to_code (error), error->message);
    fyr_request_finish (request);
    return;
  }
  job = g_new0 (PushJob, 1);
  job->push.request = push;
  job->push.applied = self->applied;
  job->push.applied_data = self->applied_data;
  memcpy (job->push.token, token, sizeof job->push.token);
  fyr_request_write (request, run_push, job, push_job_free);
}

static void
serve_push (FyrRequest *request, gpointer user_data)
{
  fyr_request_open (request, push_opened, user_data);
}

static void
serve_health (FyrRequest *request, gpointer user_data)
{
  FyrServer *self = user_data;
  FyrReply *reply = fyr_request_get_reply (request);

  if (fyr_writer_is_broken (self->writer)) {
    fyr_reply_fail (reply, 503, "busy", "The database is given up");
  } else if (self->relay != NULL && !fyr_relay_is_connected (self->relay)) {
    fyr_reply_fail (reply, 503, "busy", "The database does not answer");
  } else {
    g_string_assign (reply->body, "{\"status\":\"ok\"}");
  }
  fyr_request_finish (request);
}

static void
add_own_routes (FyrServer *self)
{
  fyr_server_add_route (self, "GET", "/healthz", serve_health, self);
  fyr_server_add_route (self, "POST", "/auth/v1/sign-in", fyr_sign_in_serve, self->sign_in);
  fyr_server_add_route (self, "POST", "/auth/v1/sign-out", fyr_sign_out_serve, self);
  fyr_server_add_route (self, "GET", "/auth/v1/sessions", fyr_sessions_serve, self);
  fyr_server_add_route (self, "POST", "/auth/v1/sessions/end", fyr_session_end_serve, self);
  fyr_server_add_route (self, "POST", "/sync/v1/push", serve_push, self);
  fyr_server_add_route (self, "POST", "/sync/v1/pull", fyr_live_serve_pull, self->live);
  fyr_server_add_route (self, "POST", "/sync/v1/witness", fyr_witness_serve, self);
  fyr_server_add_route (self, "GET", "/sync/v1/live", fyr_live_serve_socket, self->live);
  fyr_server_add_route (self, "POST", "/emergency/v1/open", fyr_emergency_open_serve, self->emergency);
  fyr_server_add_route (self, "POST", "/emergency/v1/end", fyr_emergency_end_serve, self->emergency);
  fyr_server_add_route (self, "GET", "/figures/v1/centre", fyr_figures_serve, self);
}

void
fyr_server_add_route (
    FyrServer *self, const char *method, const char *path, FyrRouteFunc func, gpointer user_data)
{
  Route *route = g_new0 (Route, 1);

  route->method = g_strdup (method);
  route->path = g_strdup (path);
  route->func = func;
  route->user_data = user_data;
  g_ptr_array_add (self->routes, route);
}

void
fyr_server_add_prefix (FyrServer *self, const char *path, FyrRouteFunc func, gpointer user_data)
{
  fyr_server_add_route (self, "", path, func, user_data);
  ((Route *)g_ptr_array_index (self->routes, self->routes->len - 1))->is_prefix = TRUE;
}

void
fyr_server_add_part (FyrServer *self, GDestroyNotify stop, GDestroyNotify free_part, gpointer data)
{
  Part part = { stop, free_part, data };

  g_array_append_val (self->parts, part);
}

static gboolean
is_below (const char *path, const char *prefix)
{
  gsize length = strlen (prefix);

  return strncmp (path, prefix, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

static void
refuse_route (FyrRequest *request, gboolean known)
{
  FyrReply *reply = fyr_request_get_reply (request);

  if (known) {
    fyr_reply_fail (reply, 405, "malformed", "This address is asked in another way");
  } else {
    fyr_reply_fail (reply, 404, "malformed", "There is no such address");
  }
  fyr_request_finish (request);
}

void
fyr_server_serve (FyrServer *self, SoupServerMessage *message, const char *path)
{
  FyrRequest *request = fyr_request_new (self, message, path);
  gboolean known = FALSE;

  for (guint i = 0; i < self->routes->len; i++) {
    Route *route = g_ptr_array_index (self->routes, i);
    if (route->is_prefix && is_below (path, route->path)) {
      route->func (request, route->user_data);
      return;
    }
    if (!g_str_equal (route->path, path)) {
      continue;
    }
    known = TRUE;
    if (g_str_equal (route->method, fyr_request_get_method (request))) {
      route->func (request, route->user_data);
      return;
    }
  }
  refuse_route (request, known);
}

static void
on_message (
    SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  fyr_server_serve (user_data, message, path);
}

void
fyr_server_request_begun (FyrServer *self)
{
  self->open_requests++;
}

void
fyr_server_request_over (FyrServer *self)
{
  self->open_requests--;
}

static void
on_committed (GHashTable *heads, gpointer user_data)
{
  FyrServer *self = user_data;

  fyr_live_committed (self->live, heads);
  if (self->relay != NULL) {
    fyr_relay_tell (self->relay, heads);
  }
}

static void
on_relayed (GHashTable *heads, gpointer user_data)
{
  FyrServer *self = user_data;

  fyr_live_committed (self->live, heads);
}

static void
on_relayed_recheck (gpointer user_data)
{
  fyr_live_recheck (((FyrServer *)user_data)->live);
}

static void
on_new_life (gpointer user_data)
{
  fyr_log ("new-epoch", NULL);
  fyr_live_start_over (((FyrServer *)user_data)->live);
}

static const FyrRelayFuncs relay_funcs = { on_relayed, on_relayed_recheck, on_new_life };

static void
on_broken (const GError *error, gpointer user_data)
{
  FyrServer *self = user_data;

  fyr_log ("database-broken", NULL);
  if (self->broken != NULL) {
    self->broken (error, self->broken_data);
    return;
  }
  /* Nothing more can be saved, and nobody knows what was: end now, without another write. */
  _exit (EXIT_BROKEN);
}

/* The library closes a connection after each answer unless it listens itself: it listens on a socket that nobody can
 * connect to, as its name is gone at once. */
static gboolean
keep_connections (FyrServer *self, GError **error)
{
  g_autofree char *path = g_build_filename (fyr_server_db_get_directory (self->db), "unused.sock", NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) socket = NULL;
  gboolean bound;

  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (socket == NULL) {
    return FALSE;
  }
  g_unlink (path);
  bound = g_socket_bind (socket, address, FALSE, error);
  g_unlink (path);
  return bound && g_socket_listen (socket, error) && soup_server_listen_socket (self->soup, socket, 0, error);
}

FyrServer *
fyr_server_new (FyrServerDb *db, const FyrServerConfig *config, GError **error)
{
  static const FyrServerConfig plain = { 0 };
  FyrReader *reader = fyr_reader_new (db, READER_THREADS, error);
  FyrServer *self;

  if (reader == NULL) {
    return NULL;
  }
  config = config != NULL ? config : &plain;
  self = g_new0 (FyrServer, 1);
  self->db = fyr_server_db_ref (db);
  self->reader = reader;
  self->writer = fyr_writer_new (db);
  self->soup = g_object_new (SOUP_TYPE_SERVER, NULL);
  self->guard = fyr_guard_new (self->soup, config->limits);
  self->live = fyr_live_new (self);
  self->gate = fyr_password_gate_new (HASH_THREADS);
  self->sign_in = fyr_sign_in_new (self, self->gate);
  self->emergency = fyr_emergency_route_new (self, self->gate, config->emergency_ms);
  self->proofs = fyr_proofs_new (MAX_PROVED_TOKENS);
  self->schedule = fyr_schedule_new (self->writer);
  self->routes = g_ptr_array_new_with_free_func (route_free);
  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  self->address = g_strdup (config->address != NULL ? config->address : "127.0.0.1");
  self->port = config->port;
  self->behind_proxy = config->behind_proxy;
  self->admin_run = config->admin_run;
  self->admin_data = config->admin_data;
  add_own_routes (self);
  soup_server_add_handler (self->soup, NULL, on_message, self, NULL);
  if (fyr_server_db_is_shared (db)) {
    self->relay = fyr_relay_new (db, &relay_funcs, self);
  }
  fyr_writer_set_commit_func (self->writer, on_committed, self);
  fyr_writer_set_broken_func (self->writer, on_broken, self);
  return self;
}

static gboolean
check_address (FyrServer *self, GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (self->address);

  if (address == NULL) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_ADDRESS, "%s is no IP address", self->address);
    return FALSE;
  }
  if (!g_inet_address_get_is_loopback (address) && !self->behind_proxy) {
    g_set_error (
        error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_ADDRESS,
        "%s can be reached from other machines: put a proxy with TLS in front and say --behind-proxy",
        self->address);
    return FALSE;
  }
  return TRUE;
}

gboolean
fyr_server_start (FyrServer *self, GError **error)
{
  guint port;

  if (!check_address (self, error) || !keep_connections (self, error)) {
    return FALSE;
  }
  if (self->admin_run != NULL) {
    self->admin_socket =
        fyr_admin_socket_new (self->db, self->writer, self->admin_run, self->admin_data, error);
    if (self->admin_socket == NULL) {
      return FALSE;
    }
    fyr_admin_socket_set_applied (self->admin_socket, self->applied, self->applied_data);
  }
  port = fyr_guard_listen (self->guard, self->address, self->port, error);
  if (port == 0) {
    return FALSE;
  }
  g_free (self->url);
  self->url = strchr (self->address, ':') != NULL ? g_strdup_printf ("http://[%s]:%u", self->address, port)
                                                  : g_strdup_printf ("http://%s:%u", self->address, port);
  return TRUE;
}

static gboolean
keep_ticking (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
finish_requests (FyrServer *self)
{
  GMainContext *context = g_main_context_get_thread_default ();
  gint64 until = g_get_monotonic_time () + FINISH_SECONDS * G_USEC_PER_SEC;
  g_autoptr (GSource) tick = g_timeout_source_new (50);

  g_source_set_callback (tick, keep_ticking, NULL, NULL);
  g_source_attach (tick, context);
  while ((self->open_requests > 0 || fyr_guard_is_answering (self->guard) ||
          fyr_live_get_sockets (self->live) > 0) &&
         g_get_monotonic_time () < until) {
    g_main_context_iteration (context, TRUE);
  }
  g_source_destroy (tick);
}

/* One that is done may begin the next, of either kind: none may end while the other goes on. */
static void
finish_jobs (FyrServer *self)
{
  GMainContext *context = g_main_context_get_thread_default ();

  while (fyr_reader_get_pending (self->reader) > 0 || fyr_writer_get_pending (self->writer) > 0) {
    g_main_context_iteration (context, TRUE);
  }
}

void
fyr_server_free (FyrServer *self)
{
  fyr_guard_stop (self->guard);
  g_clear_pointer (&self->admin_socket, fyr_admin_socket_free);
  fyr_live_stop (self->live);
  for (guint i = 0; i < self->parts->len; i++) {
    Part *part = &g_array_index (self->parts, Part, i);
    if (part->stop != NULL) {
      part->stop (part->data);
    }
  }
  g_clear_pointer (&self->schedule, fyr_schedule_free);
  finish_requests (self);
  /* What is still open is cut. */
  fyr_guard_free (self->guard);
  fyr_password_gate_free (self->gate);
  fyr_sign_in_free (self->sign_in);
  fyr_emergency_route_free (self->emergency);
  fyr_proofs_free (self->proofs);
  finish_jobs (self);
  fyr_reader_free (self->reader);
  fyr_writer_set_commit_func (self->writer, NULL, NULL);
  fyr_writer_free (self->writer);
  g_clear_pointer (&self->relay, fyr_relay_free);
  for (guint i = 0; i < self->parts->len; i++) {
    Part *part = &g_array_index (self->parts, Part, i);
    part->free_part (part->data);
  }
  g_array_unref (self->parts);
  fyr_live_free (self->live);
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  fyr_server_db_unref (self->db);
  g_ptr_array_unref (self->routes);
  g_free (self->address);
  g_free (self->url);
  g_free (self);
}

const char *
fyr_server_get_url (FyrServer *self)
{
  return self->url;
}

FyrServerDb *
fyr_server_get_db (FyrServer *self)
{
  return self->db;
}

FyrWriter *
fyr_server_get_writer (FyrServer *self)
{
  return self->writer;
}

FyrReader *
fyr_server_get_reader (FyrServer *self)
{
  return self->reader;
}

FyrProofs *
fyr_server_get_proofs (FyrServer *self)
{
  return self->proofs;
}

FyrGuard *
fyr_server_get_guard (FyrServer *self)
{
  return self->guard;
}

FyrSchedule *
fyr_server_get_schedule (FyrServer *self)
{
  return self->schedule;
}

void
fyr_server_set_applied_func (FyrServer *self, FyrAppliedFunc func, gpointer user_data)
{
  self->applied = func;
  self->applied_data = user_data;
}

void
fyr_server_recheck_sessions (FyrServer *self)
{
  fyr_live_recheck (self->live);
  if (self->relay != NULL) {
    fyr_relay_tell_all (self->relay);
  }
}

void
fyr_server_set_broken_func (FyrServer *self, FyrBrokenFunc func, gpointer user_data)
{
  self->broken = func;
  self->broken_data = user_data;
}
