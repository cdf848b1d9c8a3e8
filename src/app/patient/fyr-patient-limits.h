/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-app-context.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FyrPatientLimits:
 *
 * The tab of limits: for each kind of measurement what holds, since when, by whom or from which template,
 * and what
 * held before; a nurse edits a kind, adds one, or takes a template for an illness.
 */
#define FYR_TYPE_PATIENT_LIMITS (fyr_patient_limits_get_type ())
G_DECLARE_FINAL_TYPE (FyrPatientLimits, fyr_patient_limits, FYR, PATIENT_LIMITS, GtkWidget)

/** fyr_patient_limits_new: (transfer floating): a #FyrPatientTab */
GtkWidget *
fyr_patient_limits_new (FyrAppContext *context);

G_END_DECLS
