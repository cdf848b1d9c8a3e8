/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-finding.h"
#include "fyr-records.h"

G_BEGIN_DECLS

/** FYR_ICPC_2: code system of primary care's diagnoses (Volven 7170) */
#define FYR_ICPC_2 "urn:oid:2.16.578.1.12.4.1.1.7170"
/** FYR_ICD_10: code system of hospitals' diagnoses (Volven 7110) */
#define FYR_ICD_10 "urn:oid:2.16.578.1.12.4.1.1.7110"

/**
 * fyr_diagnosis_get_common:
 * @codes: (out) (transfer none): ICPC-2 codes; the first is ""
 * @words: (out) (transfer none): msgids for a list: "R95 COPD"; the first says what the list is
 *
 * The diagnoses that digital home follow-up meets most.
 *
 * Returns: how many
 */
guint
fyr_diagnosis_get_common (const char *const **codes, const char *const **words);

/** fyr_diagnosis_get_words: (transfer none) (nullable): what @code (nullable) means, translated; %NULL when not among
 *  the common ones */
const char *
fyr_diagnosis_get_words (const char *code);

/**
 * fyr_diagnosis_take_code:
 * @text: (nullable): a code as typed: "r95", "J44.1"
 *
 * Sets code and code system, and the words when they are unset or were those of the former code. A letter
 * and two
 * digits are ICPC-2 where such a chapter exists; otherwise, and with a decimal, ICD-10. A code that cannot
 * be read is
 * kept as typed, so that the check can speak of it.
 */
void
fyr_diagnosis_take_code (FyrCondition *condition, const char *text);

/**
 * fyr_diagnosis_check_code:
 *
 * @message: (out) (transfer none) (nullable): msgid of what to do; a code may be missing
 */
FyrFinding
fyr_diagnosis_check_code (FyrCondition *condition, const char **message);

G_END_DECLS
