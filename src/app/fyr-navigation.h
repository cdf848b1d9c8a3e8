/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-place.h"

G_BEGIN_DECLS

/**
 * FyrNavigation:
 *
 * The places a role has, each with the number of things that wait there. Signal `navigated (const char *id)`.
 */
#define FYR_TYPE_NAVIGATION (fyr_navigation_get_type ())
G_DECLARE_FINAL_TYPE (FyrNavigation, fyr_navigation, FYR, NAVIGATION, GtkWidget)

/** fyr_navigation_set_role: shows the places of @role; none when it is unset. */
void
fyr_navigation_set_role (FyrNavigation *self, FyrRole role);

/** fyr_navigation_select: marks the place as the one shown; tells nobody. */
void
fyr_navigation_select (FyrNavigation *self, const char *id);

/** fyr_navigation_follow: shows the `attention` of @place beside the name of the place @id. */
void
fyr_navigation_follow (FyrNavigation *self, const char *id, FyrPlace *place);

G_END_DECLS
