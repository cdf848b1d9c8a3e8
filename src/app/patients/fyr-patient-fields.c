/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-fields.h"

#include <glib/gi18n-lib.h>

#include "fyr-field-words.h"

static const char *const language_codes[] = { "",   "nb", "nn", "se", "en", "pl",
                                              "uk", "ar", "so", "ur", "ti", "vi" };
static const char *const language_words[] = {
  N_ ("Not stated"),
  N_ ("Norwegian (bokmål)"),
  N_ ("Norwegian (nynorsk)"),
  N_ ("Northern Sámi"),
  N_ ("English"),
  N_ ("Polish"),
  N_ ("Ukrainian"),
  N_ ("Arabic"),
  N_ ("Somali"),
  N_ ("Urdu"),
  N_ ("Tigrinya"),
  N_ ("Vietnamese"),
};
G_STATIC_ASSERT (G_N_ELEMENTS (language_codes) == G_N_ELEMENTS (language_words));

static const FyrFieldSpec who_fields[] = {
  { .field = FYR_PATIENT_IDENTITY_NUMBER,
    .control = FYR_CONTROL_IDENTITY_NUMBER,
    .label = N_ ("Identity number"),
    .hint = N_ ("11 digits; spaces do not matter"),
    .wide = TRUE },
  { .field = FYR_PATIENT_GIVEN_NAME, .control = FYR_CONTROL_TEXT, .label = N_ ("Given name") },
  { .field = FYR_PATIENT_FAMILY_NAME, .control = FYR_CONTROL_TEXT, .label = N_ ("Family name") },
  { .field = FYR_PATIENT_BIRTH_DATE,
    .control = FYR_CONTROL_DATE,
    .label = N_ ("Date of birth"),
    .hint = N_ ("Day, month and year: 21.11.1952"),
    .required = TRUE },
  { .field = FYR_PATIENT_SEX,
    .control = FYR_CONTROL_WORDS,
    .label = N_ ("Sex"),
    .words = fyr_sex_words,
    .n_words = FYR_SEX_LAST + 1 },
  { .field = FYR_PATIENT_LANGUAGE,
    .control = FYR_CONTROL_WORDS,
    .label = N_ ("Language"),
    .hint = N_ ("Says whether an interpreter is needed"),
    .words = language_words,
    .n_words = G_N_ELEMENTS (language_words),
    .codes = language_codes },
};

static const FyrFieldSpec reach_fields[] = {
  { .field = FYR_PATIENT_TELEPHONE,
    .control = FYR_CONTROL_TELEPHONE,
    .label = N_ ("Telephone"),
    .hint = N_ ("Where the nurse calls first") },
  { .field = FYR_PATIENT_TELEPHONE_2, .control = FYR_CONTROL_TELEPHONE, .label = N_ ("Second telephone") },
  { .field = FYR_PATIENT_ADDRESS, .control = FYR_CONTROL_TEXT, .label = N_ ("Street address"), .wide = TRUE },
  { .field = FYR_PATIENT_POSTAL_CODE, .control = FYR_CONTROL_TEXT, .label = N_ ("Postal code") },
  { .field = FYR_PATIENT_CITY, .control = FYR_CONTROL_TEXT, .label = N_ ("City") },
  { .field = FYR_PATIENT_EMAIL, .control = FYR_CONTROL_TEXT, .label = N_ ("Email") },
  { .field = FYR_PATIENT_PROTECTED_ADDRESS,
    .control = FYR_CONTROL_SWITCH,
    .label = N_ ("Protected address"),
    .hint = N_ ("Code 6 or 7: only those who must have it see the address") },
};

static const FyrFieldSpec service_fields[] = {
  { .field = FYR_PATIENT_OWNER_ID,
    .control = FYR_CONTROL_RECORD,
    .label = N_ ("Municipality or district"),
    .hint = N_ ("Owns the patient's record") },
  { .field = FYR_PATIENT_GP_ID, .control = FYR_CONTROL_RECORD, .label = N_ ("GP") },
  { .field = FYR_PATIENT_STATUS,
    .control = FYR_CONTROL_WORDS,
    .label = N_ ("Status of follow-up"),
    .words = fyr_patient_status_words,
    .n_words = FYR_PATIENT_STATUS_LAST + 1 },
  { .field = FYR_PATIENT_START_DATE,
    .control = FYR_CONTROL_DATE,
    .label = N_ ("Follow-up started"),
    .hint = N_ ("Day, month and year") },
  { .field = FYR_PATIENT_MISSING_REPORT_ALERT,
    .control = FYR_CONTROL_SWITCH,
    .label = N_ ("Alert when a report is missing") },
  { .field = FYR_PATIENT_WHAT_MATTERS,
    .control = FYR_CONTROL_LONG_TEXT,
    .label = N_ ("What matters to the patient"),
    .hint = N_ ("In the patient's own words"),
    .wide = TRUE },
};

static const FyrSectionSpec sections[] = {
  { N_ ("Who"), who_fields, G_N_ELEMENTS (who_fields) },
  { N_ ("How to reach the patient"), reach_fields, G_N_ELEMENTS (reach_fields) },
  { N_ ("Follow-up"), service_fields, G_N_ELEMENTS (service_fields) },
};

typedef struct {
  FyrIdentityFlags flags;
  char *today;
} Rules;

static void
rules_free (gpointer data)
{
  g_free (((Rules *)data)->today);
  g_free (data);
}

static FyrFinding
check (FyrRecord *record, guint field, gpointer data, const char **message)
{
  const Rules *rules = data;
  return fyr_patient_check_field (FYR_PATIENT (record), field, rules->flags, rules->today, message);
}

static guint64
take (FyrRecord *record, guint field, const char *text, gpointer data)
{
  const guint64 one = 1;
  const Rules *rules = data;
  if (field != FYR_PATIENT_IDENTITY_NUMBER)
    return 0;
  fyr_patient_take_identity_number (FYR_PATIENT (record), text, rules->flags);
  return one << FYR_PATIENT_IDENTITY_NUMBER | one << FYR_PATIENT_BIRTH_DATE | one << FYR_PATIENT_SEX;
}

/* The hint under the number says what kind it is, and marks a synthetic one. */
static char *
hint (FyrRecord *record, guint field, gpointer data)
{
  FyrIdentityNumber number;
  const Rules *rules = data;
  const char *digits = fyr_record_get_string (record, FYR_PATIENT_IDENTITY_NUMBER);
  if (field != FYR_PATIENT_IDENTITY_NUMBER ||
      fyr_identity_number_parse (digits, rules->flags, &number) != FYR_IDENTITY_PROBLEM_NONE)
    return NULL;
  const char *kind = _ (fyr_identity_kind_get_name (number.kind));
  const char *series = fyr_synthetic_series_get_name (number.synthetic);
  return series != NULL ? g_strdup_printf ("%s · %s", kind, _ (series)) : g_strdup (kind);
}

FyrRecordFields *
fyr_patient_fields_new (FyrPatient *patient, FyrIdentityFlags flags, const char *today)
{
  static const FyrRecordFieldsRules functions = { .check = check, .take = take, .hint = hint };
  Rules *rules = g_new0 (Rules, 1);
  rules->flags = flags;
  rules->today = g_strdup (today);
  return FYR_RECORD_FIELDS (fyr_record_fields_new (FYR_RECORD (patient), sections, G_N_ELEMENTS (sections),
                                                   &functions, rules, rules_free));
}

const char *
fyr_language_get_word (const char *code)
{
  for (guint i = 1; code != NULL && i < G_N_ELEMENTS (language_codes); i++) {
    if (g_str_equal (language_codes[i], code))
      return _ (language_words[i]);
  }
  return code != NULL && *code != '\0' ? code : _ (language_words[0]);
}
