/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-organization-number.h"

#include <glib/gi18n.h>
#include <string.h>

#define ORGANIZATION_DIGITS 9
#define TEST_ORGANIZATION "314159265"

static FyrRegisterNumberProblem
collect_digits (const char *text, gsize min, gsize max, char digits[16])
{
  gsize n = 0;

  for (const char *p = text; p != NULL && *p != '\0'; p++) {
    if (*p == ' ') {
      continue;
    }
    if (strncmp (p, "\xc2\xa0", 2) == 0) {
      p++;
      continue;
    }
    if (!g_ascii_isdigit (*p)) {
      return FYR_REGISTER_NUMBER_NOT_DIGITS;
    }
    if (n < max) {
      digits[n] = *p;
    }
    n++;
  }
  digits[MIN (n, max)] = '\0';
  if (n == 0) {
    return FYR_REGISTER_NUMBER_EMPTY;
  }
  return n >= min && n <= max ? FYR_REGISTER_NUMBER_OK : FYR_REGISTER_NUMBER_LENGTH;
}

FyrRegisterNumberProblem
fyr_organization_number_check (const char *text)
{
  static const int weights[] = { 3, 2, 7, 6, 5, 4, 3, 2, 1 };
  char digits[16];
  FyrRegisterNumberProblem problem = collect_digits (text, ORGANIZATION_DIGITS, ORGANIZATION_DIGITS, digits);
  int sum = 0;

  if (problem != FYR_REGISTER_NUMBER_OK) {
    return problem;
  }
  if (g_str_equal (digits, TEST_ORGANIZATION)) {
    return FYR_REGISTER_NUMBER_TEST;
  }
  for (int i = 0; i < ORGANIZATION_DIGITS; i++) {
    sum += (digits[i] - '0') * weights[i];
  }
  return sum % 11 == 0 && digits[0] >= '8' ? FYR_REGISTER_NUMBER_OK : FYR_REGISTER_NUMBER_CHECK_DIGIT;
}

char *
fyr_organization_number_format (const char *digits)
{
  if (digits != NULL && strlen (digits) == ORGANIZATION_DIGITS &&
      strspn (digits, "0123456789") == ORGANIZATION_DIGITS) {
    return g_strdup_printf ("%.3s %.3s %s", digits, digits + 3, digits + 6);
  }
  return g_strdup (digits == NULL ? "" : digits);
}

FyrRegisterNumberProblem
fyr_hpr_number_check (const char *text)
{
  char digits[16];

  return collect_digits (text, 1, 9, digits);
}

FyrRegisterNumberProblem
fyr_resh_id_check (const char *text)
{
  char digits[16];

  return collect_digits (text, 1, 9, digits);
}

FyrRegisterNumberProblem
fyr_her_id_check (const char *text)
{
  char digits[16];

  return collect_digits (text, 1, 9, digits);
}

const char *
fyr_register_number_problem_get_message (FyrRegisterNumberProblem problem)
{
  static const char *const messages[] = {
    [FYR_REGISTER_NUMBER_OK] = NULL,
    [FYR_REGISTER_NUMBER_EMPTY] = N_ ("Enter a number."),
    [FYR_REGISTER_NUMBER_NOT_DIGITS] = N_ ("The number has digits only."),
    [FYR_REGISTER_NUMBER_LENGTH] = N_ ("The number has too few or too many digits."),
    [FYR_REGISTER_NUMBER_CHECK_DIGIT] = N_ ("A digit is wrong: the check digit does not fit."),
    [FYR_REGISTER_NUMBER_TEST] = N_ ("This is the health network’s test organisation."),
  };

  return (guint)problem < G_N_ELEMENTS (messages) ? messages[problem] : NULL;
}
