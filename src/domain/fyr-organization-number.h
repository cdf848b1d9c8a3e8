/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FYR_SYSTEM_HPR "urn:oid:2.16.578.1.12.4.1.4.4"
#define FYR_SYSTEM_ORGANIZATION "urn:oid:2.16.578.1.12.4.1.4.101"
#define FYR_SYSTEM_RESH "urn:oid:2.16.578.1.12.4.1.4.102"
#define FYR_SYSTEM_HER "urn:oid:2.16.578.1.12.4.1.2"

/**
 * FyrRegisterNumberProblem:
 * @FYR_REGISTER_NUMBER_TEST: the health network's own test organisation, whose check digit is wrong: warn
 *   where an integration is set up, do not forbid
 */
typedef enum {
  FYR_REGISTER_NUMBER_OK,
  FYR_REGISTER_NUMBER_EMPTY,
  FYR_REGISTER_NUMBER_NOT_DIGITS,
  FYR_REGISTER_NUMBER_LENGTH,
  FYR_REGISTER_NUMBER_CHECK_DIGIT,
  FYR_REGISTER_NUMBER_TEST
} FyrRegisterNumberProblem;

/**
 * fyr_organization_number_check:
 * @text: (nullable): nine digits; spaces are ignored
 *
 * Weights 3 2 7 6 5 4 3 2, mod 11; first digit 8 or 9 except for the test organisation (Brønnøysund
 * Register Centre).
 *
 * Returns: the first cause found, or %FYR_REGISTER_NUMBER_OK
 */
FyrRegisterNumberProblem
fyr_organization_number_check (const char *text);

/**
 * fyr_organization_number_format:
 * @digits: (nullable): nine digits
 *
 * Returns: (transfer full): `NNN NNN NNN`, or the text as it is when it is something else
 */
char *
fyr_organization_number_format (const char *digits);

/**
 * fyr_hpr_number_check:
 * @text: (nullable): the number of a health professional: 1 to 9 digits, no check digit
 *
 * Returns: the first cause found
 */
FyrRegisterNumberProblem
fyr_hpr_number_check (const char *text);

/**
 * fyr_resh_id_check:
 * @text: (nullable): the id of a hospital unit: 1 to 9 digits, no check digit
 *
 * Returns: the first cause found
 */
FyrRegisterNumberProblem
fyr_resh_id_check (const char *text);

/**
 * fyr_her_id_check:
 * @text: (nullable): an address in the health network's register (never a person): 1 to 9 digits
 *
 * Returns: the first cause found
 */
FyrRegisterNumberProblem
fyr_her_id_check (const char *text);

/**
 * fyr_register_number_problem_get_message:
 *
 * Returns: (transfer none) (nullable): the msgid to show at the field; %NULL when there is no problem
 */
const char *
fyr_register_number_problem_get_message (FyrRegisterNumberProblem problem);

G_END_DECLS
