/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * fyr_compat_texts_complete:
 * @folder: (nullable): the folder of catalogues of a program that runs from its build folder; %NULL when installed
 *
 * Gives libadwaita a catalogue where the system has none for the person's language, and GTK one without holes.
 * Debian 12 has none of the first in Norwegian and lacks part of the second, so that the window about the program and
 * the one for printing were half English. To be called after adw_init(), which chooses the system's.
 */
void
fyr_compat_texts_complete (const char *folder);

G_END_DECLS
