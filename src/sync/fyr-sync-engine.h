/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-store.h"
#include "fyr-sync-transport.h"

G_BEGIN_DECLS

#define FYR_TYPE_SYNC_ENGINE (fyr_sync_engine_get_type ())
G_DECLARE_FINAL_TYPE (FyrSyncEngine, fyr_sync_engine, FYR, SYNC_ENGINE, GObject)

/**
 * FyrSyncEngine:
 *
 * Keeps a workstation's store and its server alike: signs in, sends the outbox, fetches the feeds, and says
 * how things stand. Lives on the main context; all work is asynchronous. It goes on by itself once somebody
 * is signed in: a save is sent at once, a change on the server is fetched at once.
 *
 * Read-only properties, each notified when it changes and only then:
 * `state` (FyrSyncState), `online` (gboolean: state is live or polling),
 * `last-contact` (gint64, ms since the Unix epoch by this machine's clock, 0 never),
 * `offline-since` (gint64, the same; 0 while online),
 * `waiting`, `conflicts`, `refused` (guint: work saved here, in conflict, refused),
 * `clock-offset` (gint64, ms: server's clock less this machine's),
 * `user` (FyrUser, nullable: who works here now), `user-name` (string, nullable: her full name),
 * `role` (FyrRole; 0 nobody), `centre-id` (string, nullable: where that role is held),
 * `complete` (gboolean: everything granted has been fetched at least once since sign-in),
 * `restoring` (gboolean: the server was put back to an older copy of its database; what it lost is being offered
 * again and everything is being fetched afresh),
 * `store-error` (int: FyrStoreError of this machine's database when it could not take what the server said; -1 when
 * it could),
 * `address` (string: of the server).
 *
 * Signal `handed-over` (guint): so many changes of another user of this machine, who cannot sign in any more, were
 * delivered to the server, which keeps them for review. Signal `emergency-changed`: fyr-sync-emergency.h.
 */

/**
 * fyr_sync_engine_new:
 *
 * Returns: (transfer full): an engine that keeps references on both; nobody is signed in
 */
FyrSyncEngine *
fyr_sync_engine_new (FyrStore *store, FyrSyncTransport *transport);

/** FyrSignInResult: how somebody got in */
typedef enum {
  FYR_SIGN_IN_FAILED,
  FYR_SIGN_IN_ONLINE,
  FYR_SIGN_IN_OFFLINE,
} FyrSignInResult;

/**
 * fyr_sync_engine_sign_in_async:
 * @user_name: as typed
 * @password: as typed; copied, and wiped when it is not needed any more
 *
 * Asks the server; when that does not answer, asks the store whether the user is known on this machine, and
 * then goes on offline: the password is kept in memory until the server has answered.
 */
void
fyr_sync_engine_sign_in_async (FyrSyncEngine *self,
                               const char *user_name,
                               const char *password,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/**
 * fyr_sync_engine_sign_in_finish:
 *
 * Returns: how; %FYR_SIGN_IN_FAILED with %FYR_SYNC_ERROR_CREDENTIALS, _LOCKED_OUT, _SHUT_OUT, _UNKNOWN_HERE (no
 * contact, and no such user or password known here), _EXPIRED (no contact for too long), _SCHEMA, _BUSY, _MALFORMED or
 * _STORE
 */
FyrSignInResult
fyr_sync_engine_sign_in_finish (FyrSyncEngine *self, GAsyncResult *result, GError **error);

/** fyr_sync_engine_sign_out: ends the session; work not sent stays in the outbox for the next sign-in */
void
fyr_sync_engine_sign_out (FyrSyncEngine *self);

/**
 * FyrSyncDamage:
 * @time: when the machine's database was found damaged and made anew, ms since the epoch
 * @kept: pieces of work not delivered then that could be read out of it
 * @lost: whether some that had been saved could not
 */
typedef struct {
  gint64 time;
  guint kept;
  gboolean lost;
} FyrSyncDamage;

/** fyr_sync_engine_get_damage: Returns: (nullable): the last damage; %NULL when there was none */
const FyrSyncDamage *
fyr_sync_engine_get_damage (FyrSyncEngine *self);

/** fyr_sync_engine_sync_now: tries at once, whatever was waited for */
void
fyr_sync_engine_sync_now (FyrSyncEngine *self);

FyrSyncState
fyr_sync_engine_get_state (FyrSyncEngine *self);
gboolean
fyr_sync_engine_is_online (FyrSyncEngine *self);
gint64
fyr_sync_engine_get_last_contact (FyrSyncEngine *self);
gint64
fyr_sync_engine_get_offline_since (FyrSyncEngine *self);
guint
fyr_sync_engine_get_waiting (FyrSyncEngine *self);
guint
fyr_sync_engine_get_conflicts (FyrSyncEngine *self);
guint
fyr_sync_engine_get_refused (FyrSyncEngine *self);
gint64
fyr_sync_engine_get_clock_offset (FyrSyncEngine *self);
gboolean
fyr_sync_engine_is_complete (FyrSyncEngine *self);
gboolean
fyr_sync_engine_is_restoring (FyrSyncEngine *self);
int
fyr_sync_engine_get_store_error (FyrSyncEngine *self);

/** fyr_sync_engine_is_server_old: Returns: in %FYR_SYNC_STATE_UPGRADE_NEEDED, whether it is the server that is to be
 * upgraded, not this program */
gboolean
fyr_sync_engine_is_server_old (FyrSyncEngine *self);

/** fyr_sync_engine_get_user: Returns: (transfer none) (nullable): who works here; do not change it */
FyrUser *
fyr_sync_engine_get_user (FyrSyncEngine *self);

/**
 * fyr_sync_engine_get_memberships:
 *
 * Returns: (transfer none) (nullable) (element-type FyrMembership): her roles
 */
GPtrArray *
fyr_sync_engine_get_memberships (FyrSyncEngine *self);

/** fyr_sync_engine_get_role: Returns: the role of the first membership valid now; 0 for nobody */
FyrRole
fyr_sync_engine_get_role (FyrSyncEngine *self);

/** fyr_sync_engine_get_centre_id: Returns: (transfer none) (nullable): the centre of that membership */
const char *
fyr_sync_engine_get_centre_id (FyrSyncEngine *self);

/** fyr_sync_engine_get_store: Returns: (transfer none): the store it keeps */
FyrStore *
fyr_sync_engine_get_store (FyrSyncEngine *self);

/**
 * fyr_sync_engine_fetch_async:
 * @path: of a page of the server that is not part of the feeds, e.g. "/figures/v1/centre"
 *
 * Asks for it in the name of who is signed in.
 */
void
fyr_sync_engine_fetch_async (FyrSyncEngine *self,
                             const char *path,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/**
 * fyr_sync_engine_fetch_finish:
 *
 * Returns: (transfer full) (nullable): the page, or %NULL with error %FYR_SYNC_ERROR_UNAUTHENTICATED (offline, too),
 * _FORBIDDEN, _NETWORK, _BUSY or _MALFORMED
 */
GBytes *
fyr_sync_engine_fetch_finish (FyrSyncEngine *self, GAsyncResult *result, GError **error);

/** FyrSyncClockFunc: Returns: milliseconds of a clock that never goes back */
typedef gint64 (*FyrSyncClockFunc) (gpointer user_data);

/**
 * fyr_sync_engine_set_clock:
 * @clock: another clock than the machine's
 *
 * For simulations: no timer runs any more; call fyr_sync_engine_wake() when @clock has moved. To be called
 * before anybody signs in.
 */
void
fyr_sync_engine_set_clock (FyrSyncEngine *self, FyrSyncClockFunc clock, gpointer user_data);

/** fyr_sync_engine_wake: lets deadlines that have passed take effect */
void
fyr_sync_engine_wake (FyrSyncEngine *self);

/**
 * fyr_sync_engine_get_deadline:
 *
 * Returns: when fyr_sync_engine_wake() is due by the clock; %G_MAXINT64 never
 */
gint64
fyr_sync_engine_get_deadline (FyrSyncEngine *self);

G_END_DECLS
