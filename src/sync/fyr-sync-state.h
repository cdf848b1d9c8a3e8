/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * FyrSyncState:
 * @FYR_SYNC_STATE_SIGNED_OUT: nobody is signed in at the server, or the server wants the user to sign in
 * again;
 *   local work goes on and stays in the outbox
 * @FYR_SYNC_STATE_CONNECTING: a first answer is awaited
 * @FYR_SYNC_STATE_OFFLINE: the last try got no answer; the next one follows by itself
 * @FYR_SYNC_STATE_POLLING: in contact by long poll, because no WebSocket could be had
 * @FYR_SYNC_STATE_LIVE: in contact, and told at once of each change
 * @FYR_SYNC_STATE_LOCKED: no contact for 12 hours: the data are closed until the server answers; the
 * outbox stays
 * @FYR_SYNC_STATE_UPGRADE_NEEDED: server and program know no schema in common, and one of them is to be upgraded
 *   (fyr_sync_engine_is_server_old()); local work goes on
 *
 * How the workstation stands to its server. Only live and polling may be called up to date.
 */
typedef enum {
  FYR_SYNC_STATE_SIGNED_OUT,
  FYR_SYNC_STATE_CONNECTING,
  FYR_SYNC_STATE_OFFLINE,
  FYR_SYNC_STATE_POLLING,
  FYR_SYNC_STATE_LIVE,
  FYR_SYNC_STATE_LOCKED,
  FYR_SYNC_STATE_UPGRADE_NEEDED,
} FyrSyncState;

#define FYR_TYPE_SYNC_STATE (fyr_sync_state_get_type ())
GType
fyr_sync_state_get_type (void);

/** fyr_sync_state_to_code: Returns: (transfer none): `live`, `offline` and so on, for logs and tests */
const char *
fyr_sync_state_to_code (FyrSyncState state);

/** fyr_sync_state_is_online: Returns: whether the state means contact with the server */
gboolean
fyr_sync_state_is_online (FyrSyncState state);

/**
 * FyrSyncError:
 * @FYR_SYNC_ERROR_NETWORK: no answer, or half of one: try again later
 * @FYR_SYNC_ERROR_CREDENTIALS: user name or password is wrong: ask again
 * @FYR_SYNC_ERROR_LOCKED_OUT: too many wrong passwords: wait
 * @FYR_SYNC_ERROR_UNKNOWN_HERE: no contact, and the user never signed in on this machine: connect first
 * @FYR_SYNC_ERROR_EXPIRED: no contact for 12 hours: this machine is closed until the server answers
 * @FYR_SYNC_ERROR_UNAUTHENTICATED: the session ended: sign in again; the outbox stays
 * @FYR_SYNC_ERROR_FORBIDDEN: the session may not do this: sign in as another user
 * @FYR_SYNC_ERROR_BUSY: the server asks to wait
 * @FYR_SYNC_ERROR_TOO_LARGE: send less at a time
 * @FYR_SYNC_ERROR_GAP: the server misses earlier mutations: send again from the number it names
 * @FYR_SYNC_ERROR_FORK: this database was copied: take a new incarnation
 * @FYR_SYNC_ERROR_EPOCH: the server was restored: start over from its state
 * @FYR_SYNC_ERROR_SCHEMA: this program is too old for the server
 * @FYR_SYNC_ERROR_SERVER_OLD: the server is too old for this program
 * @FYR_SYNC_ERROR_MALFORMED: the other side does not speak the protocol: a bug, or not our server
 * @FYR_SYNC_ERROR_INSECURE: an address that is neither HTTPS nor of this machine
 * @FYR_SYNC_ERROR_STORE: the local database failed
 * @FYR_SYNC_ERROR_NOT_NEEDED: an emergency access to a patient who is open already
 * @FYR_SYNC_ERROR_TOO_MANY: too many tries in an hour: wait
 * @FYR_SYNC_ERROR_SHUT_OUT: nobody signs in from this machine any more: use another
 */
typedef enum {
  FYR_SYNC_ERROR_NETWORK,
  FYR_SYNC_ERROR_CREDENTIALS,
  FYR_SYNC_ERROR_LOCKED_OUT,
  FYR_SYNC_ERROR_UNKNOWN_HERE,
  FYR_SYNC_ERROR_EXPIRED,
  FYR_SYNC_ERROR_UNAUTHENTICATED,
  FYR_SYNC_ERROR_FORBIDDEN,
  FYR_SYNC_ERROR_BUSY,
  FYR_SYNC_ERROR_TOO_LARGE,
  FYR_SYNC_ERROR_GAP,
  FYR_SYNC_ERROR_FORK,
  FYR_SYNC_ERROR_EPOCH,
  FYR_SYNC_ERROR_SCHEMA,
  FYR_SYNC_ERROR_MALFORMED,
  FYR_SYNC_ERROR_INSECURE,
  FYR_SYNC_ERROR_STORE,
  FYR_SYNC_ERROR_SERVER_OLD,
  FYR_SYNC_ERROR_NOT_NEEDED,
  FYR_SYNC_ERROR_TOO_MANY,
  FYR_SYNC_ERROR_SHUT_OUT,
} FyrSyncErrorCode;

#define FYR_SYNC_ERROR (fyr_sync_error_quark ())
GQuark
fyr_sync_error_quark (void);

G_END_DECLS
