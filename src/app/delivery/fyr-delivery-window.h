/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-app-context.h"

G_BEGIN_DECLS

/**
 * FyrDeliveryWindow:
 *
 * How this machine stands to the server, and its users' work by where it stands, never mixed: what needs a decision (in
 * conflict with both values, refused with the reason), what waits, what was delivered last. Above it everything the
 * person must know: since when there is no contact and what works all the same, a restore in progress, a full disk, a
 * clock that is off. It follows the database and the engine while it is open.
 */
#define FYR_TYPE_DELIVERY_WINDOW (fyr_delivery_window_get_type ())
G_DECLARE_FINAL_TYPE (FyrDeliveryWindow, fyr_delivery_window, FYR, DELIVERY_WINDOW, AdwWindow)

/** fyr_delivery_window_new: @parent: it belongs to; @context must have a store */
GtkWidget *
fyr_delivery_window_new (GtkWindow *parent, FyrAppContext *context);

G_END_DECLS
