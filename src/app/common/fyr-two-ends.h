/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FyrTwoEnds:
 *
 * A bar of two children: the first at its start, the second at its end, in one line; one above the other where there
 * is no room for both, as on a small screen with large text. (A #GtkFlowBox does so too, but takes the keyboard for
 * its own children.) Children are those of the description or of gtk_widget_set_parent().
 */
#define FYR_TYPE_TWO_ENDS (fyr_two_ends_get_type ())
G_DECLARE_FINAL_TYPE (FyrTwoEnds, fyr_two_ends, FYR, TWO_ENDS, GtkWidget)

G_END_DECLS
