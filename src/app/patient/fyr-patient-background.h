/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-app-context.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FyrPatientBackground:
 *
 * The tab of background: how to reach the patient, relatives, diagnoses, what matters, the GP, and what is
 * lent.
 */
#define FYR_TYPE_PATIENT_BACKGROUND (fyr_patient_background_get_type ())
G_DECLARE_FINAL_TYPE (FyrPatientBackground, fyr_patient_background, FYR, PATIENT_BACKGROUND, GtkWidget)

/** fyr_patient_background_new: (transfer floating): a #FyrPatientTab */
GtkWidget *
fyr_patient_background_new (FyrAppContext *context);

G_END_DECLS
