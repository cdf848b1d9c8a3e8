/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * fyr_compat_has_graphics:
 * @dev: folder of the devices, "/dev"
 *
 * Returns: whether there is a graphics processor: something that draws what GTK asks of OpenGL faster than this
 *   machine's own processor does
 */
gboolean
fyr_compat_has_graphics (const char *dev);

/**
 * fyr_compat_choose_painting:
 * @dev: folder of the devices, "/dev"
 *
 * To be called before GTK is initialised. Without a graphics processor GTK paints with Cairo, unless GSK_RENDERER says
 * otherwise; and where Cairo paints, OpenGL is not loaded: a software OpenGL takes 60 MB and part of the start for
 * nothing.
 */
void
fyr_compat_choose_painting (const char *dev);

G_END_DECLS
