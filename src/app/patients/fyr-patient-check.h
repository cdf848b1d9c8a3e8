/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-finding.h"
#include "fyr-identity-number.h"
#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * fyr_patient_check_field:
 * @field: a FYR_PATIENT_… index
 * @flags: which identity numbers the centre accepts
 * @today: `YYYY-MM-DD` in Norway
 * @message: (out) (transfer none) (nullable): msgid that says what to do, for the field; %NULL without a
 * finding
 *
 * What the form says at one field of a patient as typed so far. Birth date and sex are compared with what an
 * identity number of the old rule carries: a difference is a warning, since numbers of 2032 carry neither.
 *
 * Returns: how bad it is
 */
FyrFinding
fyr_patient_check_field (
    FyrPatient *patient, guint field, FyrIdentityFlags flags, const char *today, const char **message);

/**
 * fyr_patient_take_identity_number:
 * @text: (nullable): an identity number as typed
 *
 * Sets the number's digits and system, and birth date and sex when the number carries them and they are
 * unset or
 * came from the former number. A number that cannot be read is kept as typed, so that the check can speak
 * of it.
 *
 * Returns: the number taken apart; kind unknown when it cannot be read
 */
FyrIdentityNumber
fyr_patient_take_identity_number (FyrPatient *patient, const char *text, FyrIdentityFlags flags);

G_END_DECLS
