/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-backend.h"
#include "fyr-place.h"

G_BEGIN_DECLS

/**
 * FyrWindow:
 *
 * The one window: navigation with the places the role has, the place, and the status bar; or the sign-in
 * page while
 * nobody is signed in or the screen is locked.
 *
 * Actions: `win.show-place` (s), `win.show-patient` (s), `win.show-alert` (s), `win.back`, `win.search`,
 * `win.new`,
 * `win.lock`, `win.sign-out`, `win.show-delivery`, `win.menu`, `win.next-part`.
 */
#define FYR_TYPE_WINDOW (fyr_window_get_type ())
G_DECLARE_FINAL_TYPE (FyrWindow, fyr_window, FYR, WINDOW, AdwApplicationWindow)

/** fyr_window_new: @application, @context and @backend are kept */
FyrWindow *
fyr_window_new (GtkApplication *application, FyrAppContext *context, FyrBackend *backend);

/**
 * fyr_window_fill_sign_in:
 *
 * what the command line says; each (nullable). With @password it signs in at once.
 */
void
fyr_window_fill_sign_in (FyrWindow *self,
                         const char *server_url,
                         const char *user_name,
                         const char *password);

/** fyr_window_get_place: (transfer none) (nullable): the page of a place, if it was shown before. */
FyrPlace *
fyr_window_get_place (FyrWindow *self, const char *id);

/** fyr_window_get_help_page: (transfer none): the help page of what is shown. */
const char *
fyr_window_get_help_page (FyrWindow *self);

/** fyr_window_lock: hides everything until the password is typed; no effect when nobody is signed in. */
void
fyr_window_lock (FyrWindow *self);

G_END_DECLS
