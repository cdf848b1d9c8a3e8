/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-patient-check.h"

G_BEGIN_DECLS

/**
 * FyrPatientFields:
 *
 * The controls of a patient's form, in two columns where there is room, each tied to its field of a #FyrPatient:
 * what is typed is in the record at once, and what is wrong with it stands under the control when it is left.
 *
 * Signal `edited (guint field)`: after the person changed the field.
 */
#define FYR_TYPE_PATIENT_FIELDS (fyr_patient_fields_get_type ())
G_DECLARE_FINAL_TYPE (FyrPatientFields, fyr_patient_fields, FYR, PATIENT_FIELDS, GtkWidget)

/**
 * fyr_patient_fields_new:
 * @patient: (transfer none): changed as the person types
 * @flags: which identity numbers the centre accepts
 * @today: `YYYY-MM-DD` in Norway
 *
 * Returns: (transfer floating): the controls, showing what @patient holds
 */
GtkWidget *
fyr_patient_fields_new (FyrPatient *patient, FyrIdentityFlags flags, const char *today);

/**
 * fyr_patient_fields_set_choices:
 * @field: %FYR_PATIENT_GP_ID or %FYR_PATIENT_OWNER_ID
 * @records: (element-type FyrRecord): what can be chosen, sorted by name
 */
void
fyr_patient_fields_set_choices (FyrPatientFields *self, guint field, GPtrArray *records);

/** fyr_patient_fields_show_findings: checks all fields and shows what is wrong; %FALSE when saving must wait. The
 *  first field in error gets the keyboard. */
gboolean
fyr_patient_fields_show_findings (FyrPatientFields *self);

G_END_DECLS
