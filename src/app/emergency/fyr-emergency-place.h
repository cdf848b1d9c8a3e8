/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-place.h"

G_BEGIN_DECLS

/**
 * FyrEmergencyPlace:
 *
 * Emergency accesses of the centre, for those who answer for it: to be reviewed first, then the newest first. A click
 * or Enter opens the review.
 */
#define FYR_TYPE_EMERGENCY_PLACE (fyr_emergency_place_get_type ())
G_DECLARE_FINAL_TYPE (FyrEmergencyPlace, fyr_emergency_place, FYR, EMERGENCY_PLACE, GtkWidget)

/** fyr_emergency_place_new: Returns: (transfer floating): a #FyrPlace */
GtkWidget *
fyr_emergency_place_new (FyrAppContext *context);

/**
 * fyr_emergency_notice_new:
 *
 * Returns: (transfer floating): a line that says how many wait for a review, with a button that goes there; names
 * nobody, and is not there when none waits
 */
GtkWidget *
fyr_emergency_notice_new (FyrAppContext *context);

G_END_DECLS
