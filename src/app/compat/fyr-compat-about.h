/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** fyr_compat_about_show: the window that says what Fyrlykt is, its version and licence. */
void
fyr_compat_about_show (GtkWindow *parent);

G_END_DECLS
