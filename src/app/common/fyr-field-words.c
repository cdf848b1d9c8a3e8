/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-field-words.h"

#include <glib/gi18n.h>

#include "fyr-format.h"
#include "fyr-identity-number.h"
#include "fyr-patient-fields.h"
#include "fyr-text-fold.h"

typedef struct {
  const char *kind; /* NULL: of any kind */
  const char *field;
  const char *label;
} Label;

/* The first that fits. The words of the forms; a test holds that none is missing. */
static const Label labels[] = {
  { "patient", "status", N_ ("Status of follow-up") },
  { "patient", "start_date", N_ ("Follow-up started") },
  { "patient", "end_date", N_ ("Follow-up ended") },
  { "patient", "owner_id", N_ ("Municipality or district") },
  { "device", "status", N_ ("Status of the equipment") },
  { "device", "label", N_ ("Label") },
  { "device", "patient_id", N_ ("Borrower") },
  { "condition", "code", N_ ("Code of the diagnosis") },
  { NULL, "patient_id", N_ ("Patient") },
  { NULL, "centre_id", N_ ("Centre") },
  { NULL, "identity_system", N_ ("Kind of identity number") },
  { NULL, "identity_number", N_ ("Identity number") },
  { NULL, "birth_date", N_ ("Date of birth") },
  { NULL, "sex", N_ ("Sex") },
  { NULL, "family_name", N_ ("Family name") },
  { NULL, "given_name", N_ ("Given name") },
  { NULL, "telephone", N_ ("Telephone") },
  { NULL, "telephone_2", N_ ("Second telephone") },
  { NULL, "email", N_ ("Email") },
  { NULL, "address", N_ ("Street address") },
  { NULL, "postal_code", N_ ("Postal code") },
  { NULL, "city", N_ ("City") },
  { NULL, "protected_address", N_ ("Protected address") },
  { NULL, "language", N_ ("Language") },
  { NULL, "gp_id", N_ ("GP") },
  { NULL, "zone", N_ ("Zone") },
  { NULL, "what_matters", N_ ("What matters to the patient") },
  { NULL, "missing_report_alert", N_ ("Alert when a report is missing") },
  { NULL, "name", N_ ("Name") },
  { NULL, "relationship", N_ ("Relationship") },
  { NULL, "next_of_kin", N_ ("Next of kin") },
  { NULL, "may_be_informed", N_ ("May be informed") },
  { NULL, "code_system", N_ ("Code system") },
  { NULL, "display", N_ ("Diagnosis in words") },
  { NULL, "onset_date", N_ ("Since") },
  { NULL, "device_kind", N_ ("Kind of equipment") },
  { NULL, "serial_number", N_ ("Serial number") },
  { NULL, "manufacturer", N_ ("Manufacturer") },
  { NULL, "model", N_ ("Model") },
  { NULL, "organization_number", N_ ("Organisation number") },
  { NULL, "organization_kind", N_ ("Kind of organisation") },
  { NULL, "parent_id", N_ ("Belongs to") },
  { NULL, "organization_id", N_ ("Organisation") },
  { NULL, "time_zone", N_ ("Time zone") },
  { NULL, "opening_hours", N_ ("Opening hours") },
  { NULL, "closed_days", N_ ("Closed days") },
  { NULL, "red_minutes", N_ ("Time to answer a red alert") },
  { NULL, "test_centre", N_ ("Test centre") },
  { NULL, "user_name", N_ ("User name") },
  { NULL, "hpr_number", N_ ("HPR number") },
  { NULL, "active", N_ ("May sign in") },
  { NULL, "user_id", N_ ("User") },
  { NULL, "role", N_ ("Role") },
  { NULL, "valid_from", N_ ("Holds from") },
  { NULL, "valid_to", N_ ("Holds until") },
  { NULL, "office", N_ ("Office") },
  { NULL, "her_id", N_ ("HER-id") },
  { NULL, "kind", N_ ("Measurement") },
  { NULL, "component", N_ ("Systolic or diastolic") },
  { NULL, "red_low", N_ ("Red below") },
  { NULL, "yellow_low", N_ ("Yellow below") },
  { NULL, "yellow_high", N_ ("Yellow above") },
  { NULL, "red_high", N_ ("Red above") },
  { NULL, "repeat_count", N_ ("Number of yellow alerts") },
  { NULL, "repeat_hours", N_ ("Within so many hours") },
  { NULL, "change_amount", N_ ("Change of") },
  { NULL, "change_days", N_ ("Within so many days") },
  { NULL, "change_direction", N_ ("Direction of the change") },
  { NULL, "change_category", N_ ("Colour of the change") },
  { NULL, "expected_days", N_ ("Expected at least every so many days") },
  { NULL, "template_code", N_ ("Template") },
  { NULL, "set_by", N_ ("Set by") },
  { NULL, "reason", N_ ("Reason") },
};

const char *const fyr_sex_words[] = { N_ ("Not stated"), N_ ("Female"), N_ ("Male"), N_ ("Other"),
                                      N_ ("Unknown") };
const char *const fyr_patient_status_words[] = { N_ ("Not stated"), N_ ("Planned"),  N_ ("Active"),
                                                 N_ ("Paused"),     N_ ("Finished"), N_ ("Cancelled") };
static const char *const zone_words[] = { N_ ("No zone"), N_ ("Green zone"), N_ ("Yellow zone"),
                                          N_ ("Red zone") };
const char *const fyr_relationship_words[] = {
  N_ ("Not stated"), N_ ("Spouse or partner"), N_ ("Child"),
  N_ ("Parent"),     N_ ("Sibling"),           N_ ("Other relative"),
  N_ ("Friend"),     N_ ("Guardian"),          N_ ("Other"),
};
static const char *const role_words[] = { N_ ("Not stated"),      N_ ("Nurse"),   N_ ("General practitioner"),
                                          N_ ("Equipment clerk"), N_ ("Manager"), N_ ("Administrator") };
static const char *const organization_words[] = { N_ ("Not stated"),    N_ ("Municipality"),
                                                  N_ ("City district"), N_ ("Hospital"),
                                                  N_ ("GP's office"),   N_ ("Other") };
G_STATIC_ASSERT (G_N_ELEMENTS (fyr_sex_words) == FYR_SEX_LAST + 1);
G_STATIC_ASSERT (G_N_ELEMENTS (fyr_patient_status_words) == FYR_PATIENT_STATUS_LAST + 1);
G_STATIC_ASSERT (G_N_ELEMENTS (zone_words) == FYR_ZONE_LAST + 1);
G_STATIC_ASSERT (G_N_ELEMENTS (fyr_relationship_words) == FYR_RELATIONSHIP_LAST + 1);
G_STATIC_ASSERT (G_N_ELEMENTS (role_words) == FYR_ROLE_LAST + 1);
G_STATIC_ASSERT (G_N_ELEMENTS (organization_words) == FYR_ORGANIZATION_KIND_LAST + 1);

typedef struct {
  const FyrEnumInfo *info;
  const char *const *words;
  guint n_words;
} Choices;

static const Choices choices[] = {
  { &fyr_sex_info, fyr_sex_words, G_N_ELEMENTS (fyr_sex_words) },
  { &fyr_patient_status_info, fyr_patient_status_words, G_N_ELEMENTS (fyr_patient_status_words) },
  { &fyr_zone_info, zone_words, G_N_ELEMENTS (zone_words) },
  { &fyr_relationship_info, fyr_relationship_words, G_N_ELEMENTS (fyr_relationship_words) },
  { &fyr_role_info, role_words, G_N_ELEMENTS (role_words) },
  { &fyr_organization_kind_info, organization_words, G_N_ELEMENTS (organization_words) },
};

const char *
fyr_field_word_label (const FyrRecordInfo *info, guint field)
{
  const char *name = info->fields[field].name;

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (labels[i].field, name) && (!labels[i].kind || g_str_equal (labels[i].kind, info->kind)))
      return _ (labels[i].label);
  return _ ("Another field");
}

const char *const *
fyr_field_word_choices (const FyrEnumInfo *info, guint *n)
{
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++) {
    if (choices[i].info != info)
      continue;
    *n = choices[i].n_words;
    return choices[i].words;
  }
  *n = 0;
  return NULL;
}

static char *
text_value (const char *name, const char *text)
{
  if (g_str_has_prefix (name, "telephone"))
    return fyr_telephone_format (text);
  if (g_str_equal (name, "identity_number"))
    return fyr_identity_number_format (text);
  if (g_str_equal (name, "identity_system"))
    return g_strdup (_ (fyr_identity_kind_get_name (fyr_identity_kind_from_system (text))));
  if (g_str_equal (name, "language"))
    return g_strdup (fyr_language_get_word (text));
  return g_strdup (text);
}

static char *
number_value (const FyrFieldInfo *info, double value)
{
  g_autofree char *number = fyr_format_number (value, value == (double)(gint64)value ? 0 : 1);

  return info->unit ? g_strdup_printf ("%s %s", number, info->unit) : g_steal_pointer (&number);
}

static char *
enum_value (const FyrFieldInfo *info, guint value)
{
  guint n;
  const char *const *words = fyr_field_word_choices (info->enum_info, &n);

  if (words && value < n)
    return g_strdup (_ (words[value]));
  return g_strdup (fyr_enum_to_code (info->enum_info, value));
}

char *
fyr_field_word_value (FyrRecord *record, guint field, FyrNameOfFunc name_of, gpointer data)
{
  const FyrFieldInfo *info = &fyr_record_get_info (record)->fields[field];
  const char *name;

  if (!fyr_record_is_set (record, field))
    return g_strdup (_ ("not stated"));
  switch (info->type) {
  case FYR_FIELD_DATE:
    return fyr_format_day (fyr_record_get_string (record, field));
  case FYR_FIELD_TIME:
    return fyr_format_date_time (fyr_record_get_int (record, field));
  case FYR_FIELD_BOOL:
    return g_strdup (fyr_record_get_int (record, field) ? _ ("Yes") : _ ("No"));
  case FYR_FIELD_ENUM:
    return enum_value (info, (guint)fyr_record_get_int (record, field));
  case FYR_FIELD_INT:
    return number_value (info, (double)fyr_record_get_int (record, field));
  case FYR_FIELD_REAL:
    return number_value (info, fyr_record_get_real (record, field));
  case FYR_FIELD_ID:
    name = name_of ? name_of (fyr_record_get_string (record, field), data) : NULL;
    return g_strdup (name && *name ? name : _ ("one that is not known here"));
  case FYR_FIELD_JSON:
    return g_strdup (_ ("a list of its own"));
  case FYR_FIELD_STRING:
  case FYR_FIELD_TEXT:
  default:
    return text_value (info->name, fyr_record_get_string (record, field));
  }
}
