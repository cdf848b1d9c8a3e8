/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-app-context.h"

G_BEGIN_DECLS

/**
 * FyrStatusBar:
 *
 * Always visible at the foot of the window: how fresh everything is and how much work is not delivered (both open
 * FyrDeliveryWindow), and who is signed in, with the menu to lock and sign out.
 */
#define FYR_TYPE_STATUS_BAR (fyr_status_bar_get_type ())
G_DECLARE_FINAL_TYPE (FyrStatusBar, fyr_status_bar, FYR, STATUS_BAR, GtkWidget)

/** fyr_status_bar_set_context: @context: whose engine and session are shown; kept */
void
fyr_status_bar_set_context (FyrStatusBar *self, FyrAppContext *context);

/** fyr_status_bar_follow_engine: to be called when the context has got another engine. */
void
fyr_status_bar_follow_engine (FyrStatusBar *self);

/** fyr_status_bar_set_locked: while @locked only the sync state is shown. */
void
fyr_status_bar_set_locked (FyrStatusBar *self, gboolean locked);

G_END_DECLS
