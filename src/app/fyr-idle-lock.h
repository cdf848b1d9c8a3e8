/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-settings.h"

G_BEGIN_DECLS

/** FyrIdleLock: tells with the signal `idle` when a window was not used for as long as the settings say. */
#define FYR_TYPE_IDLE_LOCK (fyr_idle_lock_get_type ())
G_DECLARE_FINAL_TYPE (FyrIdleLock, fyr_idle_lock, FYR, IDLE_LOCK, GObject)

/** fyr_idle_lock_new: @window: whose keys and pointer count; not kept alive. It is stopped at first. */
FyrIdleLock *
fyr_idle_lock_new (GtkWidget *window, FyrSettings *settings);

/** fyr_idle_lock_start: counts from now. */
void
fyr_idle_lock_start (FyrIdleLock *self);

/** fyr_idle_lock_stop: does not count any more. */
void
fyr_idle_lock_stop (FyrIdleLock *self);

G_END_DECLS
