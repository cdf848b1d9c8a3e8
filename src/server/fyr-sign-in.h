/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-password-gate.h"
#include "fyr-request.h"

G_BEGIN_DECLS

/**
 * FyrSignIn:
 *
 * user and password; wrong ones cost the same for all
 */
typedef struct _FyrSignIn FyrSignIn;

/** fyr_sign_in_new: @gate: (transfer none): outlives it */
FyrSignIn *
fyr_sign_in_new (FyrServer *server, FyrPasswordGate *gate);
void
fyr_sign_in_free (FyrSignIn *self);

/** fyr_sign_in_serve: the route POST /auth/v1/sign-in */
void
fyr_sign_in_serve (FyrRequest *request, gpointer sign_in);

/** fyr_sign_out_serve: the route POST /auth/v1/sign-out */
void
fyr_sign_out_serve (FyrRequest *request, gpointer user_data);

/** fyr_sessions_serve: the route GET /auth/v1/sessions: the user's own */
void
fyr_sessions_serve (FyrRequest *request, gpointer user_data);

/** fyr_session_end_serve: the route POST /auth/v1/sessions/end */
void
fyr_session_end_serve (FyrRequest *request, gpointer user_data);

G_END_DECLS
