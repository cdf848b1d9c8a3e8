/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * fyr_compat_menu_name_items:
 *
 * Items of all menus get their text for accessible name, as they are shown. GTK 4.18 gives them none, so that a screen
 * reader says only "menu item". To be called once, with GTK initialised.
 */
void
fyr_compat_menu_name_items (void);

G_END_DECLS
