/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-live.h"

#include <string.h>

#include "fyr-live-socket.h"
#include "fyr-live-watch.h"
#include "fyr-request-private.h"
#include "fyr-server.h"

/* Heads of commits that follow each other are told together. */
#define COALESCE_MS 20
#define HEARTBEAT_SECONDS 20
#define RECHECK_MS 250

struct _FyrLive {
  FyrServer *server;
  /* (element-type Socket) and (element-type Wait), both as sets. */
  GHashTable *sockets;
  GHashTable *waits;
  /* Heads of all feeds that moved since the start, and how often grants may have changed: what came between a reading
   * on another thread and its answer here is found by these. */
  GHashTable *latest;
  guint grant_changes;
  GSource *flush;
  gint64 flushed; /* monotonic, µs: the first after a quiet time goes out at once, a crowd is told together */
  GSource *heartbeat;
  GSource *recheck;
  FyrLiveWatch *watch;
  gboolean stopped;
};

typedef struct {
  FyrLive *live;
  SoupWebsocketConnection *connection;
  guint8 token[FYR_TOKEN_HASH_BYTES];
  GHashTable *heads;
  GHashTable *news;
} Socket;

/* A pull that waits. */
typedef struct {
  FyrLive *live;
  FyrRequest *request;
  FyrPull pull;
  guint grant_changes;
  GSource *deadline;
  gint64 until;
} Wait;

static void
add_source (GSource **slot, GSource *source, GSourceFunc func, gpointer data)
{
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  *slot = source;
}

static void
clear_source (GSource **slot)
{
  if (*slot != NULL) {
    g_source_destroy (*slot);
    g_clear_pointer (slot, g_source_unref);
  }
}

/* WebSockets */

static void
socket_free (gpointer data)
{
  Socket *socket = data;

  g_signal_handlers_disconnect_by_data (socket->connection, socket);
  g_object_unref (socket->connection);
  g_hash_table_unref (socket->heads);
  g_hash_table_unref (socket->news);
  g_free (socket);
}

static void
on_closed (SoupWebsocketConnection *connection, gpointer user_data)
{
  Socket *socket = user_data;

  g_hash_table_remove (socket->live->sockets, socket);
}

static void
send_heads (Socket *socket, GHashTable *heads)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (soup_websocket_connection_get_state (socket->connection) != SOUP_WEBSOCKET_STATE_OPEN) {
    return;
  }
  fyr_wire_heads_write (heads, text);
  soup_websocket_connection_send_text (socket->connection, text->str);
}

static gboolean
on_flush (gpointer user_data)
{
  FyrLive *self = user_data;
  GHashTableIter iter;
  gpointer key;

  clear_source (&self->flush);
  self->flushed = g_get_monotonic_time ();
  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    Socket *socket = key;
    if (g_hash_table_size (socket->news) > 0) {
      send_heads (socket, socket->news);
      g_hash_table_remove_all (socket->news);
    }
  }
  return G_SOURCE_REMOVE;
}

static gboolean
on_heartbeat (gpointer user_data)
{
  FyrLive *self = user_data;
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    send_heads (key, ((Socket *)key)->heads);
  }
  fyr_live_recheck (self);
  return G_SOURCE_CONTINUE;
}

static void
close_socket (Socket *socket, gushort code, const char *reason)
{
  if (soup_websocket_connection_get_state (socket->connection) == SOUP_WEBSOCKET_STATE_OPEN) {
    soup_websocket_connection_close (socket->connection, code, reason);
  }
}

/* Judging sockets again: one reading job for all of them. */
typedef struct {
  FyrLive *live;
  GPtrArray *grants;
} Recheck;

static void
recheck_free (gpointer data)
{
  Recheck *recheck = data;

  g_ptr_array_unref (recheck->grants);
  g_free (recheck);
}

static gboolean
run_recheck (FyrConnection *connection, gpointer data, GError **error)
{
  Recheck *recheck = data;

  for (guint i = 0; i < recheck->grants->len; i++) {
    if (!fyr_live_grant_load (g_ptr_array_index (recheck->grants, i), connection, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static const FyrLiveGrant *
find_grant (Recheck *recheck, Socket *socket)
{
  for (guint i = 0; i < recheck->grants->len; i++) {
    const FyrLiveGrant *grant = g_ptr_array_index (recheck->grants, i);
    if (memcmp (grant->token, socket->token, FYR_TOKEN_HASH_BYTES) == 0) {
      return grant;
    }
  }
  return NULL;
}

static void
on_rechecked (gpointer data, const GError *error)
{
  Recheck *recheck = data;
  FyrLive *self = recheck->live;
  g_autoptr (GPtrArray) ended = g_ptr_array_new ();
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  if (error != NULL || self->stopped) {
    return;
  }
  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    const FyrLiveGrant *grant = find_grant (recheck, key);
    if (grant != NULL && !grant->valid) {
      g_ptr_array_add (ended, key);
    } else if (grant != NULL && !fyr_live_grant_same_feeds (grant->heads, ((Socket *)key)->heads)) {
      g_ptr_array_add (changed, key);
    }
  }
  for (guint i = 0; i < ended->len; i++) {
    close_socket (g_ptr_array_index (ended, i), FYR_LIVE_CLOSE_SESSION, "session ended");
  }
  for (guint i = 0; i < changed->len; i++) {
    close_socket (g_ptr_array_index (changed, i), FYR_LIVE_CLOSE_GRANTS, "grants changed");
  }
}

static gboolean
on_recheck (gpointer user_data)
{
  FyrLive *self = user_data;
  Recheck *recheck = g_new0 (Recheck, 1);
  GHashTableIter iter;
  gpointer key;

  clear_source (&self->recheck);
  recheck->live = self;
  recheck->grants = g_ptr_array_new_with_free_func ((GDestroyNotify)fyr_live_grant_free);
  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    g_ptr_array_add (recheck->grants, fyr_live_grant_new (((Socket *)key)->token));
  }
  fyr_reader_submit (fyr_server_get_reader (self->server), run_recheck, recheck, on_rechecked, recheck_free);
  return G_SOURCE_REMOVE;
}

static void
submit_wait (Wait *wait);

void
fyr_live_recheck (FyrLive *self)
{
  GHashTableIter iter;
  gpointer key;
  g_autoptr (GPtrArray) waits = g_ptr_array_new ();

  if (self->stopped) {
    return;
  }
  if (self->recheck == NULL && g_hash_table_size (self->sockets) > 0) {
    add_source (&self->recheck, g_timeout_source_new (RECHECK_MS), on_recheck, self);
  }
  g_hash_table_iter_init (&iter, self->waits);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    g_ptr_array_add (waits, key);
  }
  for (guint i = 0; i < waits->len; i++) {
    submit_wait (g_ptr_array_index (waits, i));
  }
}

typedef struct {
  FyrLive *live;
  FyrLiveGrant *grant;
  guint grant_changes;
  FyrRequest *request;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  fyr_live_grant_free (opening->grant);
  g_free (opening);
}

static void
catch_up (Socket *socket)
{
  GHashTableIter iter;
  gpointer name, head;

  g_hash_table_iter_init (&iter, socket->heads);
  while (g_hash_table_iter_next (&iter, &name, &head)) {
    gint64 latest = fyr_wire_heads_get (socket->live->latest, name);
    *(gint64 *)head = MAX (*(gint64 *)head, latest);
  }
}

static void
on_opened (SoupWebsocketConnection *connection, gpointer data)
{
  Opening *opening = data;
  Socket *socket = g_new0 (Socket, 1);

  socket->live = opening->live;
  socket->connection = connection;
  memcpy (socket->token, opening->grant->token, FYR_TOKEN_HASH_BYTES);
  socket->heads = g_hash_table_ref (opening->grant->heads);
  socket->news = fyr_wire_heads_new ();
  g_hash_table_add (socket->live->sockets, socket);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), socket);
  catch_up (socket);
  send_heads (socket, socket->heads);
  if (opening->grant_changes != socket->live->grant_changes) {
    fyr_live_recheck (socket->live);
  }
  if (socket->live->stopped) {
    close_socket (socket, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  }
}

static gboolean
run_open (FyrConnection *connection, gpointer data, GError **error)
{
  return fyr_live_grant_load (((Opening *)data)->grant, connection, error);
}

static void
on_grant_loaded (gpointer data, const GError *error)
{
  Opening *opening = data;
  FyrRequest *request = opening->request;
  FyrReply *reply = fyr_request_get_reply (request);

  if (error != NULL) {
    fyr_reply_fail_with (reply, error);
  } else if (!opening->grant->valid) {
    fyr_reply_fail_unauthenticated (reply);
  } else if (fyr_request_is_gone (request)) {
    reply->status = 200;
  } else if (fyr_live_upgrade (request, on_opened, opening, opening_free)) {
    return;
  } else {
    fyr_reply_fail (reply, 400, "malformed", "This address is a WebSocket of the protocol fyrlykt.1");
  }
  opening_free (opening);
  fyr_request_finish (request);
}

void
fyr_live_serve_socket (FyrRequest *request, gpointer live)
{
  FyrLive *self = live;
  guint8 token[FYR_TOKEN_HASH_BYTES];
  Opening *opening;

  if (self->stopped || !fyr_request_get_token (request, token)) {
    fyr_reply_fail_unauthenticated (fyr_request_get_reply (request));
    fyr_request_finish (request);
    return;
  }
  opening = g_new0 (Opening, 1);
  opening->live = self;
  opening->grant = fyr_live_grant_new (token);
  opening->grant_changes = self->grant_changes;
  opening->request = request;
  fyr_reader_submit (fyr_server_get_reader (self->server), run_open, opening, on_grant_loaded, NULL);
}

/* Pulls that wait */

static void
wait_free (Wait *wait)
{
  clear_source (&wait->deadline);
  g_hash_table_remove (wait->live->waits, wait);
  fyr_pull_request_free (wait->pull.request);
  g_clear_pointer (&wait->pull.granted, g_hash_table_unref);
  g_clear_pointer (&wait->pull.note, fyr_holding_note_free);
  g_free (wait);
}

static void
finish_wait (Wait *wait, const GError *error)
{
  FyrRequest *request = wait->request;

  if (error != NULL) {
    fyr_reply_fail_with (fyr_request_get_reply (request), error);
  }
  wait_free (wait);
  fyr_request_finish (request);
}

static gboolean
on_deadline (gpointer data)
{
  submit_wait (data);
  return G_SOURCE_REMOVE;
}

/* Whether something came after the reading and before its answer. */
static gboolean
has_come (Wait *wait)
{
  GHashTableIter iter;
  gpointer name;

  if (wait->grant_changes != wait->live->grant_changes) {
    return TRUE;
  }
  g_hash_table_iter_init (&iter, wait->pull.granted);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    if (fyr_wire_heads_get (wait->live->latest, name) >
        fyr_pull_request_get_cursor (wait->pull.request, name)) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
run_note (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_holding_write (context, ((Wait *)data)->pull.note, error);
}

static void
on_noted (gpointer data, const GError *error)
{
  finish_wait (data, error);
}

static void
on_pulled (gpointer data, const GError *error)
{
  Wait *wait = data;
  gint64 left = wait->until - g_get_monotonic_time ();

  if (error == NULL && wait->pull.note != NULL) {
    fyr_writer_submit (fyr_server_get_writer (wait->live->server), run_note, wait, on_noted, NULL);
    return;
  }
  if (error != NULL || !wait->pull.waiting || fyr_request_is_gone (wait->request)) {
    finish_wait (wait, error);
    return;
  }
  /* A server that stops is not waited at. */
  if (has_come (wait) || wait->live->stopped) {
    submit_wait (wait);
    return;
  }
  g_hash_table_add (wait->live->waits, wait);
  add_source (&wait->deadline, g_timeout_source_new ((guint)MAX (left / 1000, 0)), on_deadline, wait);
}

static gboolean
run_pull (FyrConnection *connection, gpointer data, GError **error)
{
  return fyr_pull_run (connection, &((Wait *)data)->pull, error);
}

static void
submit_wait (Wait *wait)
{
  clear_source (&wait->deadline);
  g_hash_table_remove (wait->live->waits, wait);
  wait->grant_changes = wait->live->grant_changes;
  wait->pull.may_wait = !wait->live->stopped && wait->until > g_get_monotonic_time ();
  fyr_reader_submit (fyr_server_get_reader (wait->live->server), run_pull, wait, on_pulled, NULL);
}

static gboolean
accepts_gzip (FyrRequest *request)
{
  const char *accept = fyr_request_get_header (request, "Accept-Encoding");

  return accept != NULL && strstr (accept, "gzip") != NULL;
}

void
fyr_live_serve_pull (FyrRequest *request, gpointer live)
{
  FyrLive *self = live;
  FyrReply *reply = fyr_request_get_reply (request);
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *body = fyr_request_get_body (request, &length);
  guint8 token[FYR_TOKEN_HASH_BYTES];
  FyrPullRequest *pull;
  Wait *wait;

  if (!fyr_request_get_token (request, token)) {
    fyr_reply_fail_unauthenticated (reply);
    fyr_request_finish (request);
    return;
  }
  if (fyr_request_refuse_busy (request)) {
    return;
  }
  pull = fyr_pull_request_parse (body, length, &error);
  if (pull == NULL) {
    fyr_reply_fail (reply, fyr_wire_error_to_status (error), fyr_wire_error_to_code (error), error->message);
    fyr_request_finish (request);
    return;
  }
  wait = g_new0 (Wait, 1);
  wait->live = self;
  wait->request = request;
  wait->pull.db = fyr_server_get_db (self->server);
  wait->pull.request = pull;
  wait->pull.reply = reply;
  wait->pull.compress = accepts_gzip (request);
  memcpy (wait->pull.token, token, sizeof token);
  wait->until = g_get_monotonic_time () + (gint64)pull->wait * G_USEC_PER_SEC;
  submit_wait (wait);
}

/* Commits */

/* Feeds whose entries may change who is granted what: roles, whose list a patient is on, emergency access. */
static gboolean
touches_grants (const char *scope)
{
  return g_str_has_suffix (scope, "/configuration") || g_str_has_suffix (scope, "/roster") ||
         g_str_has_suffix (scope, "/review") || g_str_has_prefix (scope, "patient:");
}

static gboolean
tell_socket (Socket *socket, GHashTable *heads)
{
  GHashTableIter iter;
  gpointer name, head;
  gboolean told = FALSE;

  g_hash_table_iter_init (&iter, heads);
  while (g_hash_table_iter_next (&iter, &name, &head)) {
    gint64 *own = g_hash_table_lookup (socket->heads, name);

    /* Between processes the same news may come twice. */
    if (own != NULL && *(gint64 *)head > *own) {
      fyr_wire_heads_set (socket->heads, name, *(gint64 *)head);
      fyr_wire_heads_set (socket->news, name, *(gint64 *)head);
      told = TRUE;
    }
  }
  return told;
}

static gboolean
concerns (Wait *wait, GHashTable *heads)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, heads);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    if (touches_grants (name) || g_hash_table_contains (wait->pull.granted, name)) {
      return TRUE;
    }
  }
  return FALSE;
}

static void
release_waits (FyrLive *self, GHashTable *heads)
{
  g_autoptr (GPtrArray) concerned = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->waits);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    if (concerns (key, heads)) {
      g_ptr_array_add (concerned, key);
    }
  }
  for (guint i = 0; i < concerned->len; i++) {
    submit_wait (g_ptr_array_index (concerned, i));
  }
}

/* What is higher than was known: between processes the same news may come twice, and late. */
static GHashTable *
keep_new (FyrLive *self, GHashTable *heads)
{
  GHashTable *newer = fyr_wire_heads_new ();
  GHashTableIter iter;
  gpointer name, head;

  g_hash_table_iter_init (&iter, heads);
  while (g_hash_table_iter_next (&iter, &name, &head)) {
    if (*(gint64 *)head > fyr_wire_heads_get (self->latest, name)) {
      fyr_wire_heads_set (newer, name, *(gint64 *)head);
    }
  }
  return newer;
}

void
fyr_live_committed (FyrLive *self, GHashTable *committed)
{
  g_autoptr (GHashTable) heads = keep_new (self, committed);
  GHashTableIter iter;
  gpointer key, head;
  gboolean told = FALSE, grants = FALSE;

  g_hash_table_iter_init (&iter, heads);
  while (g_hash_table_iter_next (&iter, &key, &head)) {
    fyr_wire_heads_set (self->latest, key, *(gint64 *)head);
    grants = grants || touches_grants (key);
  }
  self->grant_changes += grants ? 1 : 0;
  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    told = tell_socket (key, heads) || told;
  }
  if (told && self->flush == NULL) {
    gint64 since = (g_get_monotonic_time () - self->flushed) / 1000;

    add_source (&self->flush, g_timeout_source_new ((guint)CLAMP (COALESCE_MS - since, 0, COALESCE_MS)),
                on_flush, self);
  }
  release_waits (self, heads);
  if (grants) {
    fyr_live_recheck (self);
  }
}

static void
list_tokens (GByteArray *tokens, gpointer data)
{
  FyrLive *self = data;
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    g_byte_array_append (tokens, ((Socket *)key)->token, FYR_TOKEN_HASH_BYTES);
  }
  g_hash_table_iter_init (&iter, self->waits);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    g_byte_array_append (tokens, ((Wait *)key)->pull.token, FYR_TOKEN_HASH_BYTES);
  }
}

static void
on_sessions_changed (gpointer data)
{
  fyr_live_recheck (data);
}

static const FyrLiveWatchFuncs watch_funcs = { list_tokens, on_sessions_changed };

FyrLive *
fyr_live_new (FyrServer *server)
{
  FyrLive *self = g_new0 (FyrLive, 1);

  self->server = server;
  self->sockets = g_hash_table_new_full (NULL, NULL, socket_free, NULL);
  self->waits = g_hash_table_new (NULL, NULL);
  self->latest = fyr_wire_heads_new ();
  add_source (&self->heartbeat, g_timeout_source_new_seconds (HEARTBEAT_SECONDS), on_heartbeat, self);
  self->watch = fyr_live_watch_new (fyr_server_get_reader (server), &watch_funcs, self);
  return self;
}

void
fyr_live_start_over (FyrLive *self)
{
  g_autoptr (GPtrArray) sockets = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_remove_all (self->latest);
  self->grant_changes++;
  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    g_ptr_array_add (sockets, key);
  }
  for (guint i = 0; i < sockets->len; i++) {
    close_socket (g_ptr_array_index (sockets, i), SOUP_WEBSOCKET_CLOSE_GOING_AWAY, "new epoch");
  }
  fyr_live_recheck (self);
}

void
fyr_live_stop (FyrLive *self)
{
  g_autoptr (GPtrArray) waits = g_ptr_array_new ();
  g_autoptr (GPtrArray) sockets = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  self->stopped = TRUE;
  clear_source (&self->recheck);
  fyr_live_watch_stop (self->watch);
  g_hash_table_iter_init (&iter, self->waits);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    g_ptr_array_add (waits, key);
  }
  for (guint i = 0; i < waits->len; i++) {
    submit_wait (g_ptr_array_index (waits, i));
  }
  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    g_ptr_array_add (sockets, key);
  }
  for (guint i = 0; i < sockets->len; i++) {
    close_socket (g_ptr_array_index (sockets, i), SOUP_WEBSOCKET_CLOSE_GOING_AWAY, "server stops");
  }
}

void
fyr_live_free (FyrLive *self)
{
  clear_source (&self->flush);
  clear_source (&self->heartbeat);
  clear_source (&self->recheck);
  fyr_live_watch_free (self->watch);
  g_hash_table_unref (self->sockets);
  g_hash_table_unref (self->waits);
  g_hash_table_unref (self->latest);
  g_free (self);
}

guint
fyr_live_get_sockets (FyrLive *self)
{
  return g_hash_table_size (self->sockets);
}
