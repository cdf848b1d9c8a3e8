/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-app-context.h"

G_BEGIN_DECLS

/** FyrUserWindow: a user's name, telephone, whether she may sign in, and her roles. */
#define FYR_TYPE_USER_WINDOW (fyr_user_window_get_type ())
G_DECLARE_FINAL_TYPE (FyrUserWindow, fyr_user_window, FYR, USER_WINDOW, AdwWindow)

/** fyr_user_window_new: @user: (nullable): whom to change; %NULL for a new one */
GtkWidget *
fyr_user_window_new (GtkWindow *parent, FyrAppContext *context, FyrUser *user);

G_END_DECLS
