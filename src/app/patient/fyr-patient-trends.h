/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-app-context.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FyrPatientTrends:
 *
 * The tab of trends: every kind the patient reports in a panel of its own on one time axis, with the
 * limits as they
 * were; beside it, if wanted, the table of the same values, from which a value can be corrected.
 */
#define FYR_TYPE_PATIENT_TRENDS (fyr_patient_trends_get_type ())
G_DECLARE_FINAL_TYPE (FyrPatientTrends, fyr_patient_trends, FYR, PATIENT_TRENDS, GtkWidget)

/** fyr_patient_trends_new: (transfer floating): a #FyrPatientTab */
GtkWidget *
fyr_patient_trends_new (FyrAppContext *context);

G_END_DECLS
