/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** fyr_toast_show: @inside: any widget of the window; @text: translated, and is shown as plain text */
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

G_END_DECLS
