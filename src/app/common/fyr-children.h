/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** fyr_children_unparent: for a widget's dispose: takes every child away, those of its template too */
void
fyr_children_unparent (GtkWidget *widget);

G_END_DECLS
