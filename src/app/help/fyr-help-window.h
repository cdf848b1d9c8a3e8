/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * FyrHelpWindow:
 *
 * The help pages, shown by the application itself. Keys: Alt+Left goes back, Escape closes.
 *
 * Accessibility: the page's title is a heading, each paragraph a label of its own, links are buttons.
 */
#define FYR_TYPE_HELP_WINDOW (fyr_help_window_get_type ())
G_DECLARE_FINAL_TYPE (FyrHelpWindow, fyr_help_window, FYR, HELP_WINDOW, AdwWindow)

/**
 * fyr_help_window_new:
 * @parent: (nullable): the window it belongs to
 */
FyrHelpWindow *
fyr_help_window_new (GtkWindow *parent);

/**
 * fyr_help_window_show_page:
 * @id: (nullable): a page of help/C, without its ending; an unknown one and %NULL show the index
 *
 * Shows a page in the person's language and remembers the one before.
 */
void
fyr_help_window_show_page (FyrHelpWindow *self, const char *id);

/** fyr_help_window_get_page: Returns: (nullable): id of the page shown */
const char *
fyr_help_window_get_page (FyrHelpWindow *self);

G_END_DECLS
