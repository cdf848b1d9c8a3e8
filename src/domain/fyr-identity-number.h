/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * FyrIdentityKind:
 *
 * What a Norwegian person number is. A number that carries both the D and the H mark (day + 40 and month +
 * 40) is %FYR_IDENTITY_KIND_H_NUMBER: it is the hospital's, whatever the day says.
 */
typedef enum {
  FYR_IDENTITY_KIND_UNKNOWN,
  FYR_IDENTITY_KIND_NATIONAL,  /* fødselsnummer */
  FYR_IDENTITY_KIND_D_NUMBER,  /* day + 40 */
  FYR_IDENTITY_KIND_H_NUMBER,  /* month + 40; means something only together with its assigner */
  FYR_IDENTITY_KIND_FH_NUMBER, /* first digit 8 or 9 */
  FYR_IDENTITY_KIND_DUF_NUMBER /* 12 digits */
} FyrIdentityKind;

/**
 * FyrIdentityRule:
 * @FYR_IDENTITY_RULE_NONE: the kind knows no such rule (DUF)
 * @FYR_IDENTITY_RULE_1964: (weighted sum + K1) mod 11 is 0; the number carries birth date and sex
 * @FYR_IDENTITY_RULE_2032: the remainder is 1, 2 or 3; neither century nor sex can be read from it
 */
typedef enum { FYR_IDENTITY_RULE_NONE, FYR_IDENTITY_RULE_1964, FYR_IDENTITY_RULE_2032 } FyrIdentityRule;

/**
 * FyrSyntheticSeries:
 * @FYR_SYNTHETIC_NONE: a real person's number
 * @FYR_SYNTHETIC_TAX: the tax administration's Tenor, month + 80
 * @FYR_SYNTHETIC_HEALTH_NETWORK: the national health network's, month + 65
 * @FYR_SYNTHETIC_AMBIGUOUS: month + 40 in a test centre: an H-number or a test number, nobody can tell
 *
 * Everything but @FYR_SYNTHETIC_NONE must be visibly marked wherever the number is shown.
 */
typedef enum {
  FYR_SYNTHETIC_NONE,
  FYR_SYNTHETIC_TAX,
  FYR_SYNTHETIC_HEALTH_NETWORK,
  FYR_SYNTHETIC_AMBIGUOUS
} FyrSyntheticSeries;

/**
 * FyrIdentityFlags:
 * @FYR_IDENTITY_FLAGS_NONE: today's rule, real people only
 * @FYR_IDENTITY_ACCEPT_2032: accept K1 remainders 1–3 beside 0 (numbers issued from 2032)
 * @FYR_IDENTITY_TEST_CENTRE: accept the synthetic series and mark them
 */
typedef enum {
  FYR_IDENTITY_FLAGS_NONE = 0,
  FYR_IDENTITY_ACCEPT_2032 = 1 << 0,
  FYR_IDENTITY_TEST_CENTRE = 1 << 1
} FyrIdentityFlags;

/**
 * FyrIdentityProblem:
 *
 * Why a number was refused; fyr_identity_problem_get_message() has the words for the user.
 */
typedef enum {
  FYR_IDENTITY_PROBLEM_NONE,
  FYR_IDENTITY_PROBLEM_EMPTY,
  FYR_IDENTITY_PROBLEM_NOT_DIGITS,
  FYR_IDENTITY_PROBLEM_LENGTH,
  FYR_IDENTITY_PROBLEM_DATE,        /* day and month do not exist in the year */
  FYR_IDENTITY_PROBLEM_CENTURY,     /* the individual digits belong to no century for this year */
  FYR_IDENTITY_PROBLEM_CHECK_DIGIT, /* a digit is wrong or two are swapped */
  FYR_IDENTITY_PROBLEM_RULE_2032,   /* right by the 2032 rule, which is not in force yet */
  FYR_IDENTITY_PROBLEM_SYNTHETIC    /* a test number outside a test centre */
} FyrIdentityProblem;

/**
 * FyrIdentityNumber:
 * @kind: what the number is
 * @rule: the rule its first check digit follows
 * @synthetic: the test series it belongs to
 * @digits: 11 or 12 digits, zero-terminated
 * @birth_date: `YYYY-MM-DD`, or "" when it cannot be read from the number
 * @sex: as the number says (not who the person is), or unset
 *
 * @birth_date and @sex are a proposal: once 2032 numbers are issued, a number with remainder 0 may be one
 *   of them, so the register keeps both as fields of their own.
 */
typedef struct {
  FyrIdentityKind kind;
  FyrIdentityRule rule;
  FyrSyntheticSeries synthetic;
  char digits[13];
  char birth_date[11];
  FyrSex sex;
} FyrIdentityNumber;

/**
 * fyr_identity_flags_for_time:
 * @now: milliseconds since the epoch, UTC
 * @test_centre: whether the centre's setting says that it is for testing
 *
 * The 2032 rule is accepted from 1 January 2032 (Europe/Oslo), and always in a test centre. Source: the tax
 * administration, "Nytt fødselsnummer i 2032".
 *
 * Returns: the flags to parse with
 */
FyrIdentityFlags
fyr_identity_flags_for_time (gint64 now, gboolean test_centre);

/**
 * fyr_identity_number_parse:
 * @text: (nullable): what the user typed; spaces, no-break spaces, full stops and hyphens between digits
 *   are ignored
 * @flags: what to accept
 * @number: (out) (optional): the number taken apart; all zero unless the result is
 *   %FYR_IDENTITY_PROBLEM_NONE
 *
 * Returns: %FYR_IDENTITY_PROBLEM_NONE, or the first cause found
 */
FyrIdentityProblem
fyr_identity_number_parse (const char *text, FyrIdentityFlags flags, FyrIdentityNumber *number);

/**
 * fyr_identity_number_format:
 * @digits: (nullable): digits of any kind of person number
 *
 * Groups for reading: `DDMMYY NNNNN`, `YYYY NNNNNN NN` (DUF); anything else comes back as it is.
 *
 * Returns: (transfer full): the text to show
 */
char *
fyr_identity_number_format (const char *digits);

/**
 * fyr_identity_number_mask:
 * @digits: (nullable): digits of any kind of person number
 *
 * Hides all but the first six digits of 11 (four of 12), for places where only recognition is needed.
 *
 * Returns: (transfer full): for instance `010203 •••••`
 */
char *
fyr_identity_number_mask (const char *digits);

/**
 * fyr_identity_problem_get_message:
 *
 * Returns: (transfer none) (nullable): the msgid to show at the field; %NULL for no problem
 */
const char *
fyr_identity_problem_get_message (FyrIdentityProblem problem);

/**
 * fyr_identity_problem_to_code:
 *
 * Returns: (transfer none): a stable code such as `check-digit`, for logs and answers; it names no person
 */
const char *
fyr_identity_problem_to_code (FyrIdentityProblem problem);

/**
 * fyr_identity_kind_get_system:
 *
 * Returns: (transfer none) (nullable): `urn:oid:2.16.578.1.12.4.1.4.…` of the kind; %NULL for H-numbers,
 *   whose system is their assigner's, and for unknown
 */
const char *
fyr_identity_kind_get_system (FyrIdentityKind kind);

/**
 * fyr_identity_kind_from_system:
 * @system: (nullable): a URI
 *
 * Returns: the kind, or %FYR_IDENTITY_KIND_UNKNOWN
 */
FyrIdentityKind
fyr_identity_kind_from_system (const char *system);

/**
 * fyr_identity_kind_get_name:
 *
 * Returns: (transfer none): the msgid of the kind's name
 */
const char *
fyr_identity_kind_get_name (FyrIdentityKind kind);

/**
 * fyr_synthetic_series_get_name:
 *
 * Returns: (transfer none) (nullable): the msgid of the mark to show beside the number; %NULL when real
 */
const char *
fyr_synthetic_series_get_name (FyrSyntheticSeries series);

G_END_DECLS
