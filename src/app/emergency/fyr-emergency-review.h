/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-emergency-case.h"

G_BEGIN_DECLS

/** FyrEmergencyReview: asks whether an emergency access was justified, and for a note; saves it as a fact. */
#define FYR_TYPE_EMERGENCY_REVIEW (fyr_emergency_review_get_type ())
G_DECLARE_FINAL_TYPE (FyrEmergencyReview, fyr_emergency_review, FYR, EMERGENCY_REVIEW, AdwWindow)

/** fyr_emergency_review_new: @one: what is reviewed. Returns: (transfer none): a window to be presented */
GtkWidget *
fyr_emergency_review_new (GtkWindow *parent, FyrAppContext *context, FyrEmergencyCase *one);

G_END_DECLS
