/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-app-context.h"
#include "fyr-sync-engine.h"

G_BEGIN_DECLS

/**
 * FyrBackend:
 *
 * Opens this machine's database and the way to the server, and begins and ends the session in the context.
 *
 * Property: `ready` (bool: the database is open). Signal: `engine-changed`, after the context has got
 * another engine;
 * `failed (GError)`: the database could not be opened.
 */
#define FYR_TYPE_BACKEND (fyr_backend_get_type ())
G_DECLARE_FINAL_TYPE (FyrBackend, fyr_backend, FYR, BACKEND, GObject)

/**
 * fyr_backend_new:
 * @data_dir: folder of the database; made when it is not there
 */
FyrBackend *
fyr_backend_new (FyrAppContext *context, const char *data_dir);

/** fyr_backend_open: begins to open the database; to be called once, as early as possible. */
void
fyr_backend_open (FyrBackend *self);

/**
 * fyr_backend_get_error: (transfer none) (nullable): why the database could not be opened; a
 * #FyrStoreError.
 */
const GError *
fyr_backend_get_error (FyrBackend *self);

/**
 * fyr_backend_sign_in_early:
 *
 * Begins a sign-in before there is a window; fyr_backend_sign_in_async() with the same three words joins it. So the
 * password is checked while the window is made.
 */
void
fyr_backend_sign_in_early (FyrBackend *self,
                           const char *server_url,
                           const char *user_name,
                           const char *password);

/**
 * fyr_backend_sign_in_async:
 * @server_url: address of the server
 *
 * Waits for the database if need be, asks the server, or this machine when the server gives no answer.
 */
void
fyr_backend_sign_in_async (FyrBackend *self,
                           const char *server_url,
                           const char *user_name,
                           const char *password,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/**
 * fyr_backend_sign_in_finish:
 *
 * Returns: how; then fyr_backend_list_memberships() says as what. %FYR_SIGN_IN_FAILED with an error of the
 * sync or store
 * room, or %G_IO_ERROR_INVALID_ARGUMENT for an address that is none
 */
FyrSignInResult
fyr_backend_sign_in_finish (FyrBackend *self, GAsyncResult *result, GError **error);

/**
 * fyr_backend_list_memberships: (transfer full) (element-type FyrMembership): roles valid now of who
 * signed in.
 */
GPtrArray *
fyr_backend_list_memberships (FyrBackend *self);

/** fyr_backend_begin_session: works as @membership from now on. */
void
fyr_backend_begin_session (FyrBackend *self, FyrMembership *membership);

/** fyr_backend_sign_out: ends the session; what is not sent stays for the next sign-in. */
void
fyr_backend_sign_out (FyrBackend *self);

G_END_DECLS
