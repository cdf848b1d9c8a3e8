/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-app-context.h"

G_BEGIN_DECLS

/**
 * FyrUndeliveredWindow:
 *
 * Work that the server does not have: what waits, what is in conflict (with both values, to choose from),
 * what was
 * refused (with the reason, to send again or to drop). It follows the database while it is open.
 */
#define FYR_TYPE_UNDELIVERED_WINDOW (fyr_undelivered_window_get_type ())
G_DECLARE_FINAL_TYPE (FyrUndeliveredWindow, fyr_undelivered_window, FYR, UNDELIVERED_WINDOW, AdwWindow)

/** fyr_undelivered_window_new: @parent: it belongs to */
GtkWidget *
fyr_undelivered_window_new (GtkWindow *parent, FyrAppContext *context);

G_END_DECLS
