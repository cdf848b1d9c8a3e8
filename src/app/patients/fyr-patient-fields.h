/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-patient-check.h"
#include "fyr-record-fields.h"

G_BEGIN_DECLS

/**
 * fyr_patient_fields_new:
 * @patient: (transfer none): changed as the person types
 * @flags: which identity numbers the centre accepts
 * @today: `YYYY-MM-DD` in Norway
 *
 * Returns: (transfer floating): the controls of a patient's form, showing what @patient holds; the choices of
 *   %FYR_PATIENT_GP_ID and %FYR_PATIENT_OWNER_ID are given to it later
 */
FyrRecordFields *
fyr_patient_fields_new (FyrPatient *patient, FyrIdentityFlags flags, const char *today);

/** fyr_language_get_word: (transfer none): what people call the language @code (nullable), translated; the code itself
 *  when it is none of those offered; "Not stated" for %NULL */
const char *
fyr_language_get_word (const char *code);

G_END_DECLS
