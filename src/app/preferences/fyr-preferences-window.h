/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-settings.h"

G_BEGIN_DECLS

/** FyrPreferencesWindow: what a person can set on this machine; each change holds at once. */
#define FYR_TYPE_PREFERENCES_WINDOW (fyr_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (
    FyrPreferencesWindow, fyr_preferences_window, FYR, PREFERENCES_WINDOW, AdwPreferencesWindow)

/** fyr_preferences_window_new: @parent: it belongs to; @settings: kept; @alerts: they concern who sits here */
GtkWidget *
fyr_preferences_window_new (GtkWindow *parent, FyrSettings *settings, gboolean alerts);

G_END_DECLS
