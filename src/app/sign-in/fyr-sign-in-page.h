/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-backend.h"

G_BEGIN_DECLS

/**
 * FyrSignInPage:
 *
 * Where one signs in, says as what when one has several roles, and comes back after the screen was locked. A
 * fault
 * stands at the field that can mend it.
 *
 * Signals: `entered`: a session has begun, or the locked one goes on; `refused`: the person has something to do here.
 */
#define FYR_TYPE_SIGN_IN_PAGE (fyr_sign_in_page_get_type ())
G_DECLARE_FINAL_TYPE (FyrSignInPage, fyr_sign_in_page, FYR, SIGN_IN_PAGE, GtkWidget)

/** fyr_sign_in_page_set_backend: @context and @backend are kept; to be called once */
void
fyr_sign_in_page_set_backend (FyrSignInPage *self, FyrAppContext *context, FyrBackend *backend);

/** fyr_sign_in_page_fill: @server_url, @user_name: (nullable): what is known already */
void
fyr_sign_in_page_fill (FyrSignInPage *self, const char *server_url, const char *user_name);

/** fyr_sign_in_page_sign_in: signs in with @password as if it had been typed. */
void
fyr_sign_in_page_sign_in (FyrSignInPage *self, const char *password);

/**
 * fyr_sign_in_page_lock: asks who works here for her password; nobody else gets further from here without
 * signing her out. @why: (nullable): what she is told; %NULL: that she goes on where she was
 */
void
fyr_sign_in_page_lock (FyrSignInPage *self, const char *why);

/** fyr_sign_in_page_reset: an empty page for the next person. */
void
fyr_sign_in_page_reset (FyrSignInPage *self);

/** fyr_sign_in_page_focus: puts the keyboard in the first field that is empty. */
void
fyr_sign_in_page_focus (FyrSignInPage *self);

G_END_DECLS
