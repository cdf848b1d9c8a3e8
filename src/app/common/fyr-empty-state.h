/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * fyr_empty_state_new:
 * @icon_name: a symbolic icon
 * @title: translated: what is not there
 * @description: (nullable): translated: what to do
 * @button_label: (nullable): translated
 * @action_name: (nullable): what the button does, e.g. "win.search"
 *
 * Returns: (transfer floating): a page for an empty list
 */
GtkWidget *
fyr_empty_state_new (const char *icon_name,
                     const char *title,
                     const char *description,
                     const char *button_label,
                     const char *action_name);

/** fyr_empty_state_set: other words in the same page; %NULL leaves one as it is. */
void
fyr_empty_state_set (GtkWidget *empty_state, const char *title, const char *description);

G_END_DECLS
