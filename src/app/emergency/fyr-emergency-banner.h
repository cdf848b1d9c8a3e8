/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-app-context.h"

G_BEGIN_DECLS

/**
 * FyrEmergencyBanner:
 *
 * Stands over a patient who is open by an emergency access: a letter and words, how long it lasts, and a button that
 * ends it. Not there for any other patient.
 */
#define FYR_TYPE_EMERGENCY_BANNER (fyr_emergency_banner_get_type ())
G_DECLARE_FINAL_TYPE (FyrEmergencyBanner, fyr_emergency_banner, FYR, EMERGENCY_BANNER, GtkWidget)

/** fyr_emergency_banner_new: @patient_id: over whose page it stands. Returns: (transfer floating) */
GtkWidget *
fyr_emergency_banner_new (FyrAppContext *context, const char *patient_id);

G_END_DECLS
