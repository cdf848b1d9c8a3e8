/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * fyr_spoken_name_set:
 * @button: with words of its own
 * @name: translated: what a screen reader calls it in place of them, as there are several alike or they say too little
 *
 * Since GTK 4.14 a button is labelled by what it shows, which comes before any name it is given; so that goes first.
 */
void
fyr_spoken_name_set (GtkWidget *button, const char *name);

G_END_DECLS
