/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "fyr-text-fold.h"

/* Nobody now alive was born before this year; an older date is a slip of the finger. */
#define EARLIEST_BIRTH_DATE "1905-01-01"

static FyrFinding
finding (FyrFinding grade, const char *text, const char **message)
{
  *message = text;
  return grade;
}

static FyrFinding
check_identity_number (FyrPatient *patient, FyrIdentityFlags flags, const char **message)
{
  const char *digits = fyr_patient_get_identity_number (patient);
  if (digits == NULL)
    return finding (FYR_FINDING_WARNING,
                    N_ ("Without an identity number, measurements cannot be matched to the patient"),
                    message);
  FyrIdentityProblem problem = fyr_identity_number_parse (digits, flags, NULL);
  if (problem == FYR_IDENTITY_PROBLEM_NONE)
    return FYR_FINDING_NONE;
  return finding (FYR_FINDING_ERROR, fyr_identity_problem_get_message (problem), message);
}

static FyrFinding
check_birth_date (FyrPatient *patient, FyrIdentityFlags flags, const char *today, const char **message)
{
  const char *date = fyr_patient_get_birth_date (patient);
  if (date == NULL)
    return finding (FYR_FINDING_ERROR, N_ ("Enter the date of birth as day, month and year"), message);
  if (strcmp (date, today) > 0)
    return finding (FYR_FINDING_ERROR, N_ ("The date of birth is in the future"), message);
  if (strcmp (date, EARLIEST_BIRTH_DATE) < 0)
    return finding (FYR_FINDING_ERROR, N_ ("The date of birth is too long ago: check the year"), message);
  FyrIdentityNumber number;
  fyr_identity_number_parse (fyr_patient_get_identity_number (patient), flags, &number);
  if (*number.birth_date != '\0' && strcmp (number.birth_date, date) != 0)
    return finding (FYR_FINDING_WARNING, N_ ("The identity number says another date of birth"), message);
  return FYR_FINDING_NONE;
}

static FyrFinding
check_sex (FyrPatient *patient, FyrIdentityFlags flags, const char **message)
{
  FyrIdentityNumber number;
  fyr_identity_number_parse (fyr_patient_get_identity_number (patient), flags, &number);
  FyrSex sex = fyr_patient_get_sex (patient);
  if (number.sex != FYR_SEX_UNSET && sex != FYR_SEX_UNSET && number.sex != sex)
    return finding (FYR_FINDING_WARNING, N_ ("The identity number says another sex"), message);
  return FYR_FINDING_NONE;
}

static FyrFinding
check_telephone (const char *number, gboolean main_number, const char **message)
{
  if (number == NULL && main_number)
    return finding (FYR_FINDING_WARNING, N_ ("Without a telephone number nobody can call about an alert"),
                    message);
  g_autofree char *normalized = fyr_telephone_normalize (number);
  if (number != NULL && normalized == NULL)
    return finding (FYR_FINDING_ERROR, N_ ("Enter 8 digits, or + and the country's number"), message);
  return FYR_FINDING_NONE;
}

static FyrFinding
check_postal_code (const char *code, const char **message)
{
  if (code == NULL || (strlen (code) == 4 && strspn (code, "0123456789") == 4))
    return FYR_FINDING_NONE;
  return finding (FYR_FINDING_ERROR, N_ ("A postal code has 4 digits"), message);
}

static FyrFinding
check_email (const char *address, const char **message)
{
  if (address == NULL)
    return FYR_FINDING_NONE;
  const char *at = strchr (address, '@');
  if (at != NULL && at != address && strchr (at, '.') != NULL && strchr (address, ' ') == NULL)
    return FYR_FINDING_NONE;
  return finding (FYR_FINDING_ERROR, N_ ("Enter an address like name@example.no"), message);
}

static FyrFinding
check_meaning (
    FyrPatient *patient, guint field, FyrIdentityFlags flags, const char *today, const char **message)
{
  switch (field) {
  case FYR_PATIENT_IDENTITY_NUMBER:
    return check_identity_number (patient, flags, message);
  case FYR_PATIENT_BIRTH_DATE:
    return check_birth_date (patient, flags, today, message);
  case FYR_PATIENT_SEX:
    return check_sex (patient, flags, message);
  case FYR_PATIENT_TELEPHONE:
    return check_telephone (fyr_patient_get_telephone (patient), TRUE, message);
  case FYR_PATIENT_TELEPHONE_2:
    return check_telephone (fyr_patient_get_telephone_2 (patient), FALSE, message);
  case FYR_PATIENT_POSTAL_CODE:
    return check_postal_code (fyr_patient_get_postal_code (patient), message);
  case FYR_PATIENT_EMAIL:
    return check_email (fyr_patient_get_email (patient), message);
  default:
    return FYR_FINDING_NONE;
  }
}

FyrFinding
fyr_patient_check_field (
    FyrPatient *patient, guint field, FyrIdentityFlags flags, const char *today, const char **message)
{
  FyrFinding declared = fyr_field_check_declared (FYR_RECORD (patient), field, message);
  if (declared != FYR_FINDING_NONE)
    return declared;
  return check_meaning (patient, field, flags, today, message);
}

FyrIdentityNumber
fyr_patient_take_identity_number (FyrPatient *patient, const char *text, FyrIdentityFlags flags)
{
  FyrIdentityNumber former, number;
  fyr_identity_number_parse (fyr_patient_get_identity_number (patient), flags, &former);
  if (fyr_identity_number_parse (text, flags, &number) != FYR_IDENTITY_PROBLEM_NONE) {
    g_autofree char *typed = g_strstrip (g_strdup (text != NULL ? text : ""));
    fyr_patient_set_identity_number (patient, typed);
    fyr_patient_set_identity_system (patient, NULL);
    return number;
  }
  fyr_patient_set_identity_number (patient, number.digits);
  fyr_patient_set_identity_system (patient, fyr_identity_kind_get_system (number.kind));
  const char *date = fyr_patient_get_birth_date (patient);
  if (*number.birth_date != '\0' && (date == NULL || strcmp (date, former.birth_date) == 0))
    fyr_patient_set_birth_date (patient, number.birth_date);
  FyrSex sex = fyr_patient_get_sex (patient);
  if (number.sex != FYR_SEX_UNSET && (sex == FYR_SEX_UNSET || sex == former.sex))
    fyr_patient_set_sex (patient, number.sex);
  return number;
}
