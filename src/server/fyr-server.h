/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "fyr-admin-socket.h"
#include "fyr-guard.h"
#include "fyr-mutate.h"
#include "fyr-proof.h"
#include "fyr-request.h"
#include "fyr-schedule.h"

G_BEGIN_DECLS

/**
 * FyrServerConfig:
 * @address: IP address to listen on; %NULL for 127.0.0.1
 * @port: 0 for any
 * @behind_proxy: a proxy with TLS stands in front: listening beside loopback is allowed
 * @admin_run: (nullable): runs an operator's command; no admin socket when %NULL
 * @admin_data: for @admin_run
 * @limits: (nullable): of the guard
 * @emergency_ms: how long an emergency access lasts; 0 for as long as it may, 4 hours
 */
typedef struct {
  const char *address;
  guint port;
  gboolean behind_proxy;
  FyrAdminRunFunc admin_run;
  gpointer admin_data;
  const FyrGuardLimits *limits;
  gint64 emergency_ms;
} FyrServerConfig;

/**
 * fyr_server_new:
 * @db: the database; the server writes to it until freed
 * @config: (nullable): %NULL for loopback on any port
 *
 * Makes a server that does not listen yet: add routes, hooks and schedules, then fyr_server_start().
 *
 * Returns: (transfer full) (nullable): the server, or %NULL with %FYR_SERVER_ERROR or %FYR_DB_ERROR
 */
FyrServer *
fyr_server_new (FyrServerDb *db, const FyrServerConfig *config, GError **error);

/**
 * fyr_server_start:
 *
 * Returns: %TRUE when it listens; %FALSE with %FYR_SERVER_ERROR_ADDRESS, also for an address beside loopback
 * without a proxy in front
 */
gboolean
fyr_server_start (FyrServer *self, GError **error);

/** fyr_server_free: accepts no more, finishes what it has, moves the log into the database, ends its threads */
void
fyr_server_free (FyrServer *self);

/** fyr_server_get_url: Returns: (transfer none): "http://127.0.0.1:PORT", without a slash at the end */
const char *
fyr_server_get_url (FyrServer *self);

/** fyr_server_get_db: Returns: (transfer none): its database */
FyrServerDb *
fyr_server_get_db (FyrServer *self);
/** fyr_server_get_writer: Returns: (transfer none): the thread all changes go through */
FyrWriter *
fyr_server_get_writer (FyrServer *self);
/** fyr_server_get_reader: Returns: (transfer none): the thread that reads snapshots */
FyrReader *
fyr_server_get_reader (FyrServer *self);
/** fyr_server_get_proofs: Returns: (transfer none): what judges proofs of bound tokens */
FyrProofs *
fyr_server_get_proofs (FyrServer *self);
/** fyr_server_get_guard: Returns: (transfer none): what stands before the HTTP library */
FyrGuard *
fyr_server_get_guard (FyrServer *self);
/** fyr_server_get_schedule: Returns: (transfer none): work that comes round by the clock */
FyrSchedule *
fyr_server_get_schedule (FyrServer *self);

/**
 * fyr_server_add_route:
 * @method: "GET" or "POST"
 * @path: the whole path
 *
 * Before fyr_server_start(). The body is whole and within its limit when @func runs.
 */
void
fyr_server_add_route (
    FyrServer *self, const char *method, const char *path, FyrRouteFunc func, gpointer user_data);

/** fyr_server_add_prefix: everything at and below @path, in every method */
void
fyr_server_add_prefix (FyrServer *self, const char *path, FyrRouteFunc func, gpointer user_data);

/**
 * fyr_server_add_part:
 * @stop: (nullable): called when the server stops, before requests under way are finished
 * @free_part: called after the writer ended
 *
 * Makes something live as long as the server.
 */
void
fyr_server_add_part (FyrServer *self, GDestroyNotify stop, GDestroyNotify free_part, gpointer data);

/** fyr_server_set_applied_func: what follows each change a workstation makes, in its transaction */
void
fyr_server_set_applied_func (FyrServer *self, FyrAppliedFunc func, gpointer user_data);

/** fyr_server_recheck_sessions: sessions or grants changed beside the feeds: live connections are judged again */
void
fyr_server_recheck_sessions (FyrServer *self);

/** fyr_server_set_broken_func: who is told that the database must be given up; by default the program ends with 74 */
void
fyr_server_set_broken_func (FyrServer *self, FyrBrokenFunc func, gpointer user_data);

/* Inside of the server room. */

/** fyr_server_serve: finds the route for a message */
void
fyr_server_serve (FyrServer *self, SoupServerMessage *message, const char *path);

/** fyr_server_request_begun: one more request is being served: a stop waits for it */
void
fyr_server_request_begun (FyrServer *self);
/** fyr_server_request_over: it has been answered */
void
fyr_server_request_over (FyrServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrServer, fyr_server_free)

G_END_DECLS
