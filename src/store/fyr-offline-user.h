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
 * @password: what the server accepted; only an Argon2id verifier (64 MiB, t=3) is kept
 *
 * Lets her sign in here when the server cannot be reached.
 */
void
fyr_store_remember_user_async (FyrStore *self,
                               FyrUser *user,
                               GPtrArray *memberships,
                               const char *password,
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
 * Signs in without the server. Takes as long for unknown names as for known ones.
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
 * _LOCKED_OUT (five wrong passwords: 15 minutes) or _EXPIRED
 */
FyrOfflineUser *
fyr_store_check_user_finish (FyrStore *self, GAsyncResult *result, GError **error);

/** fyr_store_forget_user_async: the server has ended this user's access here; her outbox stays */
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
