/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-authz.h"
#include "fyr-token.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/** FYR_SESSION_LIFE: milliseconds a session lives at most (security.md: 12 hours) */
#define FYR_SESSION_LIFE (G_GINT64_CONSTANT (12) * 60 * 60 * 1000)

/**
 * FyrSession: who is signed in, on which workstation, until when
 * @shut_out: the workstation is shut out: the session serves to take away what lies there, and to keep what comes from
 * there for review
 */
typedef struct {
  char id[37];
  char user_id[37];
  char device_id[37];
  char key[65];
  gint64 expires;
  gboolean shut_out;
} FyrSession;

/**
 * fyr_session_find:
 * @hash: hash of the bearer token
 * @now: milliseconds since the epoch
 *
 * Returns: 1 and @session when the session lives; 0 when there is none, it ended, or its workstation is shut out; -1
 * with any %FYR_DB_ERROR
 */
int
fyr_session_find (FyrConnection *connection,
                  const guint8 hash[FYR_TOKEN_HASH_BYTES],
                  gint64 now,
                  FyrSession *session,
                  GError **error);

/**
 * fyr_session_find_leaving:
 *
 * As fyr_session_find(), also of a workstation that is shut out: the caller gives it nothing.
 */
int
fyr_session_find_leaving (FyrConnection *connection,
                          const guint8 hash[FYR_TOKEN_HASH_BYTES],
                          gint64 now,
                          FyrSession *session,
                          GError **error);

/**
 * fyr_session_create:
 * @session: (inout): user_id, device_id and key (the public key its token is bound to, "" for none) in; id and expires
 * out
 *
 * Returns: (transfer full) (nullable): the bearer token, which is not stored; %NULL with any %FYR_DB_ERROR
 */
char *
fyr_session_create (FyrWriteContext *context, FyrSession *session, const char *device_name, GError **error);

/** fyr_session_end: Returns: 1 when @user_id had such a session, 0 when not, -1 with @error set */
int
fyr_session_end (FyrWriteContext *context, const char *session_id, const char *user_id, GError **error);

/** fyr_session_end_all: ends all of a user's, for a new password or an end of service. Returns: %TRUE, or %FALSE
 * with any %FYR_DB_ERROR */
gboolean
fyr_session_end_all (FyrWriteContext *context, const char *user_id, GError **error);

/**
 * fyr_credential_set:
 * @hash: (nullable): from fyr_password_hash(); %NULL takes the password away
 *
 * Sets a user's password, ends all sessions and a lockout.
 *
 * Returns: %TRUE or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_credential_set (FyrWriteContext *context, const char *user_id, const char *hash, GError **error);

/**
 * FyrGateway: who reports measurements.
 * @centre_id: the centre whose patients it reports for
 */
typedef struct {
  char id[37];
  char centre_id[37];
} FyrGateway;

/**
 * fyr_gateway_create:
 * @gateway: (inout): centre_id in; id out
 * @name: what the operator calls it
 *
 * Returns: (transfer full) (nullable): the bearer token, shown once; %NULL with any %FYR_DB_ERROR
 */
char *
fyr_gateway_create (FyrWriteContext *context, FyrGateway *gateway, const char *name, GError **error);

/** fyr_gateway_find: Returns: 1 and @gateway; 0 when there is none or it ended; -1 with @error set */
int
fyr_gateway_find (FyrConnection *connection,
                  const guint8 hash[FYR_TOKEN_HASH_BYTES],
                  FyrGateway *gateway,
                  GError **error);

/** fyr_gateway_end: Returns: 1 when there was such a gateway, 0 when not, -1 with @error set */
int
fyr_gateway_end (FyrWriteContext *context, const char *gateway_id, GError **error);

G_END_DECLS
