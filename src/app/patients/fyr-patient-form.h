/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-record-form.h"

G_BEGIN_DECLS

/**
 * FyrPatientForm:
 *
 * The window in which a patient is registered or edited. Patients that may be the same person are shown
 * before a
 * double is made.
 */
#define FYR_TYPE_PATIENT_FORM (fyr_patient_form_get_type ())
G_DECLARE_FINAL_TYPE (FyrPatientForm, fyr_patient_form, FYR, PATIENT_FORM, FyrRecordForm)

/**
 * fyr_patient_form_new:
 * @parent: the window it belongs to
 * @patient: (nullable): whom to edit; %NULL to register somebody new
 *
 * Returns: (transfer none): the window, to be presented; it destroys itself when closed
 */
GtkWidget *
fyr_patient_form_new (GtkWindow *parent, FyrAppContext *context, FyrPatient *patient);

G_END_DECLS
