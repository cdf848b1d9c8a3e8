/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"
#include "fyr-store.h"

G_BEGIN_DECLS

/** FYR_OFFLINE_HOURS: without contact with the server for longer, nobody signs in here (protocol.md) */
#define FYR_OFFLINE_HOURS 12

#define FYR_TYPE_OFFLINE_USER (fyr_offline_user_get_type ())
G_DECLARE_FINAL_TYPE (FyrOfflineUser, fyr_offline_user, FYR, OFFLINE_USER, GObject)

/** fyr_offline_user_get_user: Returns: (transfer none): who signed in */
FyrUser *
fyr_offline_user_get_user (FyrOfflineUser *self);

/**
 * fyr_offline_user_get_memberships:
 *
 * Returns: (transfer none) (element-type FyrMembership): roles as last told
 */
GPtrArray *
fyr_offline_user_get_memberships (FyrOfflineUser *self);

/**
 * fyr_store_remember_user_async:
 * @user: who has just signed in at the server
 * @memberships: (element-type FyrMembership): her roles
 * @password: what the server accepted; only what Argon2id (64 MiB, t=3) makes of it opens something here
 * @share: (nullable): the server's share of the database's key (PROTOCOL.md, "Shares"); of an older server %NULL
 *
 * Lets her sign in here when the server cannot be reached, for twelve hours after the last contact. With a share her
 * password is part of what opens the database, and this machine's disk alone opens it no more.
 */
void
fyr_store_remember_user_async (FyrStore *self,
                               FyrUser *user,
                               GPtrArray *memberships,
                               const char *password,
                               const char *share,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/** fyr_store_remember_user_finish: Returns: %TRUE, or %FALSE with error %FYR_STORE_ERROR_FULL or _IO */
gboolean
fyr_store_remember_user_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_check_user_async:
 * @user_name: as typed; case does not count
 * @password: as typed
 *
 * Signs in without the server, and opens the database if it was sealed. Takes as long for unknown names as for known
 * ones.
 */
void
fyr_store_check_user_async (FyrStore *self,
                            const char *user_name,
                            const char *password,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/**
 * fyr_store_check_user_finish:
 *
 * Returns: (transfer full) (nullable): who it is, or %NULL with error %FYR_STORE_ERROR_CREDENTIALS,
 * _LOCKED_OUT (five wrong passwords: 15 minutes) or _EXPIRED, which is not known to be her then
 */
FyrOfflineUser *
fyr_store_check_user_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_unlock_async:
 * @share: (nullable): the server's, as it said with the sign-in
 * @user_name: who signed in
 * @password: what the server accepted
 *
 * Opens the database if it is sealed: by @share, or while the lease lasts by the password.
 */
void
fyr_store_unlock_async (FyrStore *self,
                        const char *share,
                        const char *user_name,
                        const char *password,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);

/**
 * fyr_store_unlock_finish:
 *
 * Returns: %TRUE, or %FALSE with error %FYR_STORE_ERROR_FOREIGN, or one of fyr_store_open_finish()
 */
gboolean
fyr_store_unlock_finish (FyrStore *self, GAsyncResult *result, GError **error);

/** fyr_store_forget_user_async: the server has ended this user's access here, or everybody's (@user_id is %NULL); the
 * outbox stays */
void
fyr_store_forget_user_async (FyrStore *self,
                             const char *user_id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/** fyr_store_forget_user_finish: Returns: %TRUE, or %FALSE with error */
gboolean
fyr_store_forget_user_finish (FyrStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
