/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * fyr_toast_set_home:
 * @overlay: lives as long as @window
 *
 * Where the toasts of @window, and of the forms over it, are shown; without it in the overlay that is its content.
 */
void
fyr_toast_set_home (GtkWindow *window, AdwToastOverlay *overlay);

/**
 * fyr_toast_show: @inside: any widget of the window; @text: translated, and is shown as plain text
 *
 * A toast is shown at once and takes the place of the one before.
 */
void
fyr_toast_show (GtkWidget *inside, const char *text);

/**
 * fyr_toast_show_undo:
 * @inside: any widget of the window
 * @text: translated: what was done
 * @undo: called once if the person takes it back
 * @user_data: (transfer full): for @undo
 * @destroy: (nullable): frees @user_data when the toast is gone, undone or not
 */
void
fyr_toast_show_undo (
    GtkWidget *inside, const char *text, GFunc undo, gpointer user_data, GDestroyNotify destroy);

/** fyr_toast_show_unsaved: as fyr_toast_show_undo(); a newer toast only covers it, since what was typed is in it */
void
fyr_toast_show_unsaved (
    GtkWidget *inside, const char *text, GFunc undo, gpointer user_data, GDestroyNotify destroy);

/** fyr_toast_dismiss_all: takes all toasts away, and with them what they would undo: another person is there. */
void
fyr_toast_dismiss_all (AdwToastOverlay *overlay);

G_END_DECLS
