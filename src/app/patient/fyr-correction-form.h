/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-app-context.h"

G_BEGIN_DECLS

/**
 * FyrCorrectionForm:
 *
 * The small window in which a nurse corrects a reported value or says that it was entered in error. A
 * measurement is
 * a fact: the old value stays, and a new measurement that points at it takes its place.
 */
#define FYR_TYPE_CORRECTION_FORM (fyr_correction_form_get_type ())
G_DECLARE_FINAL_TYPE (FyrCorrectionForm, fyr_correction_form, FYR, CORRECTION_FORM, AdwWindow)

/**
 * fyr_correction_form_new:
 * @measurement: what is to be corrected
 *
 * Returns: (transfer none): the window, to be presented
 */
GtkWidget *
fyr_correction_form_new (GtkWindow *parent, FyrAppContext *context, FyrMeasurement *measurement);

/**
 * fyr_correction_make:
 * @measurement: what is to be corrected
 * @text: (nullable): the right value as typed, in the kind's own unit; "128/84" for a blood pressure;
 * %NULL or "" for
 *   "entered in error"
 * @reason: (nullable): why
 * @problem: (out) (transfer none) (nullable): msgid of what is wrong with @text
 *
 * Returns: (transfer full) (nullable): the measurement that corrects it, %NULL with @problem
 */
FyrMeasurement *
fyr_correction_make (FyrMeasurement *measurement, const char *text, const char *reason, const char **problem);

G_END_DECLS
