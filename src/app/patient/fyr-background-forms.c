/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-background-forms.h"

#include <glib/gi18n-lib.h>

#include "fyr-diagnosis.h"
#include "fyr-field-words.h"
#include "fyr-format.h"
#include "fyr-uuid.h"

static const FyrFieldSpec relative_fields[] = {
  { .field = FYR_RELATED_PERSON_NAME, .control = FYR_CONTROL_TEXT, .label = N_ ("Name"), .wide = TRUE },
  { .field = FYR_RELATED_PERSON_RELATIONSHIP,
    .control = FYR_CONTROL_WORDS,
    .label = N_ ("Relationship"),
    .words = fyr_relationship_words,
    .n_words = FYR_RELATIONSHIP_LAST + 1 },
  { .field = FYR_RELATED_PERSON_TELEPHONE, .control = FYR_CONTROL_TELEPHONE, .label = N_ ("Telephone") },
  { .field = FYR_RELATED_PERSON_NEXT_OF_KIN, .control = FYR_CONTROL_SWITCH, .label = N_ ("Next of kin") },
  { .field = FYR_RELATED_PERSON_MAY_BE_INFORMED,
    .control = FYR_CONTROL_SWITCH,
    .label = N_ ("May be informed"),
    .hint = N_ ("The patient agrees that this person is told") },
};
static const FyrSectionSpec relative_sections[] = { { NULL, relative_fields,
                                                      G_N_ELEMENTS (relative_fields) } };

static gpointer
new_record (const char *kind)
{
  char id[FYR_UUID_TEXT_SIZE];
  FyrRecord *record = fyr_record_new (fyr_record_info_lookup (kind));
  fyr_uuid_v7_new (fyr_now (), id);
  fyr_record_set_id (record, id);
  return record;
}

GtkWidget *
fyr_relative_form_new (GtkWindow *parent,
                       FyrAppContext *context,
                       const char *patient_id,
                       FyrRelatedPerson *relative)
{
  g_autoptr (FyrRecord) record =
      relative != NULL ? fyr_record_copy (FYR_RECORD (relative)) : new_record ("related_person");
  fyr_related_person_set_patient_id (FYR_RELATED_PERSON (record), patient_id);
  GtkWidget *fields =
      fyr_record_fields_new (record, relative_sections, G_N_ELEMENTS (relative_sections), NULL, NULL, NULL);
  return fyr_record_form_new (parent, context, relative == NULL ? _ ("Add relative") : _ ("Edit relative"),
                              record, relative != NULL, FYR_RECORD_FIELDS (fields),
                              relative == NULL ? _ ("Relative added") : _ ("Changes saved"));
}

static FyrFinding
check_diagnosis (FyrRecord *record, guint field, gpointer data, const char **message)
{
  if (field != FYR_CONDITION_CODE)
    return FYR_FINDING_NONE;
  return fyr_diagnosis_check_code (FYR_CONDITION (record), message);
}

static guint64
take_diagnosis (FyrRecord *record, guint field, const char *text, gpointer data)
{
  const guint64 one = 1;
  if (field != FYR_CONDITION_CODE)
    return 0;
  fyr_diagnosis_take_code (FYR_CONDITION (record), text);
  return one << FYR_CONDITION_CODE | one << FYR_CONDITION_DISPLAY;
}

/* The list offered is filled in once: it is the same for everybody. */
static const FyrSectionSpec *
diagnosis_section (void)
{
  static FyrFieldSpec fields[] = {
    { .field = FYR_CONDITION_CODE,
      .control = FYR_CONTROL_OFFER,
      .label = N_ ("Common diagnoses"),
      .wide = TRUE },
    { .field = FYR_CONDITION_CODE,
      .control = FYR_CONTROL_TEXT,
      .label = N_ ("Code"),
      .hint = N_ ("ICPC-2 or ICD-10; may be left empty") },
    { .field = FYR_CONDITION_ONSET_DATE,
      .control = FYR_CONTROL_DATE,
      .label = N_ ("Since"),
      .hint = N_ ("Day, month and year, when known") },
    { .field = FYR_CONDITION_DISPLAY,
      .control = FYR_CONTROL_TEXT,
      .label = N_ ("Diagnosis in words"),
      .wide = TRUE },
  };
  static const FyrSectionSpec section = { NULL, fields, G_N_ELEMENTS (fields) };
  fields[0].n_words = fyr_diagnosis_get_common (&fields[0].codes, &fields[0].words);
  return &section;
}

GtkWidget *
fyr_diagnosis_form_new (GtkWindow *parent,
                        FyrAppContext *context,
                        const char *patient_id,
                        FyrCondition *condition)
{
  static const FyrRecordFieldsRules rules = { .check = check_diagnosis, .take = take_diagnosis };
  g_autoptr (FyrRecord) record =
      condition != NULL ? fyr_record_copy (FYR_RECORD (condition)) : new_record ("condition");
  fyr_condition_set_patient_id (FYR_CONDITION (record), patient_id);
  GtkWidget *fields = fyr_record_fields_new (record, diagnosis_section (), 1, &rules, NULL, NULL);
  return fyr_record_form_new (parent, context, condition == NULL ? _ ("Add diagnosis") : _ ("Edit diagnosis"),
                              record, condition != NULL, FYR_RECORD_FIELDS (fields),
                              condition == NULL ? _ ("Diagnosis added") : _ ("Changes saved"));
}

const char *
fyr_relationship_get_word (FyrRelationship relationship)
{
  if (relationship == FYR_RELATIONSHIP_UNSET || relationship > FYR_RELATIONSHIP_LAST)
    return "";
  return _ (fyr_relationship_words[relationship]);
}
