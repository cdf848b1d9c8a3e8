/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-identity-number.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fyr-oslo-time.h"

#define OID "urn:oid:2.16.578.1.12.4.1.4."
#define PERSON_DIGITS 11
#define DUF_DIGITS 12

FyrIdentityFlags
fyr_identity_flags_for_time (gint64 now, gboolean test_centre)
{
  gint64 in_force = fyr_oslo_from_civil (fyr_civil_day (2032, 1, 1), 0);
  FyrIdentityFlags flags = FYR_IDENTITY_FLAGS_NONE;

  if (test_centre) {
    flags |= FYR_IDENTITY_TEST_CENTRE;
  }
  if (test_centre || now >= in_force) {
    flags |= FYR_IDENTITY_ACCEPT_2032;
  }
  return flags;
}

/* Copies the digits, drops what people write between them. */
static FyrIdentityProblem
collect_digits (const char *text, char digits[13], gsize *n_digits)
{
  gsize n = 0;

  for (const char *p = text; p != NULL && *p != '\0'; p++) {
    if (strncmp (p, "\xc2\xa0", 2) == 0) {
      p++; /* a no-break space */
      continue;
    }
    if (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r' || *p == '.' || *p == '-') {
      continue;
    }
    if (!g_ascii_isdigit (*p)) {
      return FYR_IDENTITY_PROBLEM_NOT_DIGITS;
    }
    if (n < DUF_DIGITS) {
      digits[n] = *p;
    }
    n++;
  }
  digits[MIN (n, DUF_DIGITS)] = '\0';
  *n_digits = n;
  if (n == 0) {
    return FYR_IDENTITY_PROBLEM_EMPTY;
  }
  return n == PERSON_DIGITS || n == DUF_DIGITS ? FYR_IDENTITY_PROBLEM_NONE : FYR_IDENTITY_PROBLEM_LENGTH;
}

static int
weighted_sum (const char *digits, const int *weights, int n)
{
  int sum = 0;

  for (int i = 0; i < n; i++) {
    sum += (digits[i] - '0') * weights[i];
  }
  return sum;
}

static int
pair_at (const char *digits, int index)
{
  return (digits[index] - '0') * 10 + digits[index + 1] - '0';
}

/* K1 and K2 of the eleven digits. */
static FyrIdentityProblem
check_digits (const char *digits, gboolean may_be_2032, FyrIdentityFlags flags, FyrIdentityRule *rule)
{
  static const int weights_1[] = { 3, 7, 6, 1, 8, 9, 4, 5, 2, 1 };
  static const int weights_2[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1 };
  int remainder = weighted_sum (digits, weights_1, 10) % 11;

  if (weighted_sum (digits, weights_2, 11) % 11 != 0 || remainder > 3) {
    return FYR_IDENTITY_PROBLEM_CHECK_DIGIT;
  }
  if (remainder == 0) {
    *rule = FYR_IDENTITY_RULE_1964;
    return FYR_IDENTITY_PROBLEM_NONE;
  }
  if (!may_be_2032) {
    return FYR_IDENTITY_PROBLEM_CHECK_DIGIT;
  }
  *rule = FYR_IDENTITY_RULE_2032;
  return (flags & FYR_IDENTITY_ACCEPT_2032) != 0 ? FYR_IDENTITY_PROBLEM_NONE : FYR_IDENTITY_PROBLEM_RULE_2032;
}

/* Takes the marks off day and month: D is day + 40; H is month + 40; the test series are month + 65, + 80. */
static void
take_off_marks (FyrIdentityNumber *number, FyrIdentityFlags flags, int *day, int *month)
{
  number->kind = FYR_IDENTITY_KIND_NATIONAL;
  if (*day > 40) {
    *day -= 40;
    number->kind = FYR_IDENTITY_KIND_D_NUMBER;
  }
  if (*month > 80) {
    *month -= 80;
    number->synthetic = FYR_SYNTHETIC_TAX;
  } else if (*month > 65) {
    *month -= 65;
    number->synthetic = FYR_SYNTHETIC_HEALTH_NETWORK;
  } else if (*month > 40) {
    *month -= 40;
    number->kind = FYR_IDENTITY_KIND_H_NUMBER;
    if ((flags & FYR_IDENTITY_TEST_CENTRE) != 0) {
      number->synthetic = FYR_SYNTHETIC_AMBIGUOUS;
    }
  }
}

/* The year the individual digits mean (tax administration, numbers issued before 2032); 0 for none. */
static int
full_year (int year, int individual)
{
  if (individual <= 499) {
    return 1900 + year;
  }
  if (individual <= 749 && year >= 54) {
    return 1800 + year;
  }
  if (year <= 39) {
    return 2000 + year;
  }
  return individual >= 900 ? 1900 + year : 0;
}

static FyrIdentityProblem
derive_birth_date (FyrIdentityNumber *number, int day, int month)
{
  int individual = pair_at (number->digits, 6) * 10 + number->digits[8] - '0';
  int year = full_year (pair_at (number->digits, 4), individual);
  g_autofree char *date = NULL;

  if (year == 0) {
    return FYR_IDENTITY_PROBLEM_CENTURY;
  }
  if (!fyr_civil_date_is_valid (year, month, day)) {
    return FYR_IDENTITY_PROBLEM_DATE;
  }
  date = fyr_civil_day_format (fyr_civil_day (year, month, day));
  g_strlcpy (number->birth_date, date, sizeof number->birth_date);
  number->sex = (number->digits[8] - '0') % 2 == 1 ? FYR_SEX_MALE : FYR_SEX_FEMALE;
  return FYR_IDENTITY_PROBLEM_NONE;
}

/* Two digits of the year leave the century open, so 29 February needs any century with that leap year. */
static gboolean
date_is_possible (int year, int month, int day)
{
  return fyr_civil_date_is_valid (2000 + year, month, day) ||
         fyr_civil_date_is_valid (1900 + year, month, day);
}

static FyrIdentityProblem
parse_person (FyrIdentityNumber *number, FyrIdentityFlags flags)
{
  int day = pair_at (number->digits, 0);
  int month = pair_at (number->digits, 2);
  FyrIdentityProblem problem;

  if (number->digits[0] >= '8') {
    number->kind = FYR_IDENTITY_KIND_FH_NUMBER;
    return check_digits (number->digits, FALSE, flags, &number->rule);
  }
  take_off_marks (number, flags, &day, &month);
  if (!date_is_possible (pair_at (number->digits, 4), month, day)) {
    return FYR_IDENTITY_PROBLEM_DATE;
  }
  problem = check_digits (number->digits, TRUE, flags, &number->rule);
  if (problem != FYR_IDENTITY_PROBLEM_NONE) {
    return problem;
  }
  if (number->synthetic != FYR_SYNTHETIC_NONE && (flags & FYR_IDENTITY_TEST_CENTRE) == 0) {
    return FYR_IDENTITY_PROBLEM_SYNTHETIC;
  }
  if (number->rule == FYR_IDENTITY_RULE_2032) {
    return FYR_IDENTITY_PROBLEM_NONE;
  }
  problem = derive_birth_date (number, day, month);
  if (problem == FYR_IDENTITY_PROBLEM_NONE) {
    return problem;
  }
  /* The tax administration's test numbers do not keep to the centuries; a 2032 number may have remainder 0 too. */
  if (number->synthetic != FYR_SYNTHETIC_NONE) {
    return FYR_IDENTITY_PROBLEM_NONE;
  }
  if ((flags & FYR_IDENTITY_ACCEPT_2032) != 0) {
    number->rule = FYR_IDENTITY_RULE_2032;
    return FYR_IDENTITY_PROBLEM_NONE;
  }
  return problem;
}

/* Immigration directorate: year, six digits, and the remainder mod 11 of the weighted ten as two digits. */
static FyrIdentityProblem
parse_duf (FyrIdentityNumber *number)
{
  static const int weights[] = { 4, 6, 3, 2, 4, 6, 3, 2, 7, 5 };
  int year = pair_at (number->digits, 0) * 100 + pair_at (number->digits, 2);

  number->kind = FYR_IDENTITY_KIND_DUF_NUMBER;
  if (year < 1900 || year > 2099) {
    return FYR_IDENTITY_PROBLEM_DATE;
  }
  return weighted_sum (number->digits, weights, 10) % 11 == pair_at (number->digits, 10)
             ? FYR_IDENTITY_PROBLEM_NONE
             : FYR_IDENTITY_PROBLEM_CHECK_DIGIT;
}

FyrIdentityProblem
fyr_identity_number_parse (const char *text, FyrIdentityFlags flags, FyrIdentityNumber *number)
{
  FyrIdentityNumber parsed = { 0 };
  gsize n_digits = 0;
  FyrIdentityProblem problem = collect_digits (text, parsed.digits, &n_digits);

  if (problem == FYR_IDENTITY_PROBLEM_NONE) {
    problem = n_digits == DUF_DIGITS ? parse_duf (&parsed) : parse_person (&parsed, flags);
  }
  if (number != NULL) {
    *number = problem == FYR_IDENTITY_PROBLEM_NONE ? parsed : (FyrIdentityNumber){ 0 };
  }
  return problem;
}

static gboolean
all_digits (const char *text, gsize n)
{
  return text != NULL && strlen (text) == n && strspn (text, "0123456789") == n;
}

char *
fyr_identity_number_format (const char *digits)
{
  if (all_digits (digits, PERSON_DIGITS)) {
    return g_strdup_printf ("%.6s %s", digits, digits + 6);
  }
  if (all_digits (digits, DUF_DIGITS)) {
    return g_strdup_printf ("%.4s %.6s %s", digits, digits + 4, digits + 10);
  }
  return g_strdup (digits == NULL ? "" : digits);
}

char *
fyr_identity_number_mask (const char *digits)
{
  if (all_digits (digits, PERSON_DIGITS)) {
    return g_strdup_printf ("%.6s •••••", digits);
  }
  if (all_digits (digits, DUF_DIGITS)) {
    return g_strdup_printf ("%.4s •••••• ••", digits);
  }
  return g_strdup (digits == NULL || *digits == '\0' ? "" : "•••••");
}

static const struct {
  const char *code;
  const char *message;
} problems[] = {
  [FYR_IDENTITY_PROBLEM_NONE] = { "", NULL },
  [FYR_IDENTITY_PROBLEM_EMPTY] = { "empty", N_ ("Enter an identity number.") },
  [FYR_IDENTITY_PROBLEM_NOT_DIGITS] = { "not-digits", N_ ("An identity number has digits only.") },
  [FYR_IDENTITY_PROBLEM_LENGTH] = { "length", N_ ("An identity number has 11 digits, a DUF number 12.") },
  [FYR_IDENTITY_PROBLEM_DATE] = { "date", N_ ("The number does not begin with a date that exists.") },
  [FYR_IDENTITY_PROBLEM_CENTURY] = { "century", N_ ("The number fits no year of birth.") },
  [FYR_IDENTITY_PROBLEM_CHECK_DIGIT] = { "check-digit",
                                         N_ ("A digit is wrong: the check digits do not fit.") },
  [FYR_IDENTITY_PROBLEM_RULE_2032] = { "rule-2032",
                                       N_ ("A digit is wrong: such numbers are not issued before 2032.") },
  [FYR_IDENTITY_PROBLEM_SYNTHETIC] = { "synthetic",
                                       N_ ("This is a test number. It may only be used in a test centre.") },
};

const char *
fyr_identity_problem_get_message (FyrIdentityProblem problem)
{
  return (guint)problem < G_N_ELEMENTS (problems) ? problems[problem].message : NULL;
}

const char *
fyr_identity_problem_to_code (FyrIdentityProblem problem)
{
  return (guint)problem < G_N_ELEMENTS (problems) ? problems[problem].code : "";
}

static const struct {
  const char *system;
  const char *name;
} identity_kinds[] = {
  [FYR_IDENTITY_KIND_UNKNOWN] = { NULL, N_ ("Unknown number") },
  [FYR_IDENTITY_KIND_NATIONAL] = { OID "1", N_ ("National identity number") },
  [FYR_IDENTITY_KIND_D_NUMBER] = { OID "2", N_ ("D number") },
  [FYR_IDENTITY_KIND_H_NUMBER] = { NULL, N_ ("H number") },
  [FYR_IDENTITY_KIND_FH_NUMBER] = { OID "3", N_ ("FH number") },
  [FYR_IDENTITY_KIND_DUF_NUMBER] = { OID "5", N_ ("DUF number") },
};

const char *
fyr_identity_kind_get_system (FyrIdentityKind kind)
{
  return (guint)kind < G_N_ELEMENTS (identity_kinds) ? identity_kinds[kind].system : NULL;
}

FyrIdentityKind
fyr_identity_kind_from_system (const char *system)
{
  for (guint i = 0; system != NULL && i < G_N_ELEMENTS (identity_kinds); i++) {
    if (g_strcmp0 (identity_kinds[i].system, system) == 0) {
      return (FyrIdentityKind)i;
    }
  }
  return FYR_IDENTITY_KIND_UNKNOWN;
}

const char *
fyr_identity_kind_get_name (FyrIdentityKind kind)
{
  return identity_kinds[(guint)kind < G_N_ELEMENTS (identity_kinds) ? kind : 0].name;
}

const char *
fyr_synthetic_series_get_name (FyrSyntheticSeries series)
{
  static const char *const names[] = {
    NULL,
    N_ ("Test person (tax administration)"),
    N_ ("Test person (health network)"),
    N_ ("Test person or H number"),
  };

  return (guint)series < G_N_ELEMENTS (names) ? names[series] : NULL;
}
