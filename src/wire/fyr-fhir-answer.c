/* SPDX-License-Identifier: GPL-3.0-or-later */
/* value[x] of an Observation or a component: a number with a unit, a sensor word, or a reason for absence. */
#include "fyr-fhir-read.h"

#include <math.h>
#include <string.h>

#define MAX_NUMBER_CHARS 30
#define MAX_WORD_CHARS 40
#define MAX_UNIT_CHARS 20
#define LARGEST 1e7
#define ABSENT_SYSTEM "http://terminology.hl7.org/CodeSystem/data-absent-reason"

/* ACVPU: SNOMED CT's findings as NEWS2 uses them, and LOINC's answers to 67775-7 (which know no confusion). */
static const struct {
  const char *system;
  const char *code;
  char letter;
} consciousness_codes[] = {
  { FYR_CODE_SYSTEM_SNOMED, "248234008", 'A' }, { FYR_CODE_SYSTEM_SNOMED, "130987000", 'C' },
  { FYR_CODE_SYSTEM_SNOMED, "300202002", 'V' }, { FYR_CODE_SYSTEM_SNOMED, "450847001", 'P' },
  { FYR_CODE_SYSTEM_SNOMED, "422768004", 'U' }, { FYR_CODE_SYSTEM_LOINC, "LA9340-6", 'A' },
  { FYR_CODE_SYSTEM_LOINC, "LA9341-4", 'V' },   { FYR_CODE_SYSTEM_LOINC, "LA9342-2", 'P' },
  { FYR_CODE_SYSTEM_LOINC, "LA9343-0", 'U' },
};

static const char *const letters[] = { "A", "C", "V", "P", "U" };

static gboolean
take_letter (FyrFhirAnswer *answer, char letter)
{
  int level = fyr_consciousness_from_letter (letter);

  if (level < 0)
    return FALSE;
  answer->has_value = TRUE;
  answer->value = level;
  answer->word = letters[level];
  return TRUE;
}

/* ">33.3" is what a meter beyond its range says: no number. */
static gboolean
take_comparator (FyrFhirReader *reader,
                 const char *comparator,
                 const FyrJsonValue *number,
                 const char *expression,
                 FyrFhirAnswer *answer)
{
  gboolean above = comparator[0] == '>';

  if (!above && comparator[0] != '<')
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "code-invalid", expression,
                            "comparator is none of <, <=, >=, >");
  answer->word = fyr_fhir_cut (
      reader, fyr_json_document_concat (reader->document, comparator, number->text, NULL), MAX_WORD_CHARS);
  answer->absent = fyr_absent_reason_to_code (above ? FYR_ABSENT_ABOVE_RANGE : FYR_ABSENT_BELOW_RANGE);
  return TRUE;
}

static gboolean
read_unit (FyrFhirReader *reader, const FyrJsonValue *quantity, const char *expression, FyrFhirAnswer *answer)
{
  const char *code = fyr_json_value_get_string (quantity, "code");
  const char *unit = code != NULL ? code : fyr_json_value_get_string (quantity, "unit");
  const char *system = fyr_json_value_get_string (quantity, "system");
  FyrMeasurementKind kind = reader->observation->kind;

  if (code != NULL && system != NULL && strcmp (system, FYR_UNIT_SYSTEM_UCUM) != 0)
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "code-invalid", expression,
                            "The unit must be a UCUM code (http://unitsofmeasure.org)");
  if (unit == NULL && !fyr_measurement_unit_is_accepted (kind, NULL))
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "required", expression, "The unit is missing");
  if (!fyr_measurement_unit_is_accepted (kind, unit) || strlen (unit != NULL ? unit : "") > MAX_UNIT_CHARS)
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "code-invalid", expression,
                            "This unit does not belong to this kind of measurement");
  answer->unit = unit;
  return TRUE;
}

static gboolean
read_quantity (FyrFhirReader *reader,
               const FyrJsonValue *quantity,
               const char *expression,
               FyrFhirAnswer *answer)
{
  const FyrJsonValue *number = fyr_json_value_get (quantity, "value");
  const char *comparator = fyr_json_value_get_string (quantity, "comparator");
  double value;

  if (quantity->type != FYR_JSON_OBJECT)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "structure", expression, "A Quantity is an object");
  if (number == NULL || number->type == FYR_JSON_NULL)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "required", expression,
                            "The Quantity has no value; without a number send dataAbsentReason");
  if (number->type != FYR_JSON_NUMBER)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "value", expression,
                            "The value must be a JSON number; a device's word belongs in valueString");
  if (!fyr_json_value_to_double (number, &value) || fabs (value) > LARGEST ||
      number->length > MAX_NUMBER_CHARS)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "value", expression,
                            "The number is larger or longer than any measurement");
  if (!read_unit (reader, quantity, expression, answer))
    return FALSE;
  if (comparator != NULL)
    return take_comparator (reader, comparator, number, expression, answer);
  answer->has_value =
      fyr_measurement_convert (reader->observation->kind, value, answer->unit, &answer->value);
  answer->number = number->text;
  return TRUE;
}

static gboolean
read_word (FyrFhirReader *reader, const FyrJsonValue *value, const char *expression, FyrFhirAnswer *answer)
{
  FyrAbsentReason reason = FYR_ABSENT_NONE;
  double number;

  if (value->type != FYR_JSON_STRING)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "structure", expression, "valueString is a string");
  if (reader->observation->kind == FYR_MEASUREMENT_KIND_CONSCIOUSNESS && value->length == 1 &&
      take_letter (answer, value->text[0]))
    return TRUE;
  switch (fyr_measurement_parse_value (value->text, &number, &reason)) {
  case FYR_VALUE_SENSOR_WORD:
    answer->word = fyr_fhir_cut (reader, value->text, MAX_WORD_CHARS);
    answer->absent = fyr_absent_reason_to_code (reason);
    return TRUE;
  case FYR_VALUE_NUMBER:
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "value", expression,
                            "A number must be sent as valueQuantity with its unit");
  case FYR_VALUE_EMPTY:
  case FYR_VALUE_INVALID:
  default:
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "value", expression,
                            "valueString is no word that devices send instead of a number");
  }
}

static gboolean
read_integer (FyrFhirReader *reader, const FyrJsonValue *value, const char *expression, FyrFhirAnswer *answer)
{
  gint64 whole;

  if (!fyr_json_value_to_int (value, &whole) || whole > LARGEST || whole < -LARGEST)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "value", expression,
                            "valueInteger is a whole number");
  if (!fyr_measurement_unit_is_accepted (reader->observation->kind, "1"))
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "value", expression,
                            "This kind of measurement has a unit: send valueQuantity");
  answer->number = value->text;
  answer->has_value = fyr_measurement_convert (reader->observation->kind, (double)whole, "1", &answer->value);
  return TRUE;
}

static gboolean
read_concept (FyrFhirReader *reader, const FyrJsonValue *value, const char *expression, FyrFhirAnswer *answer)
{
  if (reader->observation->kind != FYR_MEASUREMENT_KIND_CONSCIOUSNESS)
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "not-supported", expression,
                            "A coded value is only read for consciousness");
  for (const FyrJsonValue *v = fyr_json_value_get_array (value, "coding"); v != NULL; v = v->next) {
    const char *system = fyr_json_value_get_string (v, "system");
    const char *code = fyr_json_value_get_string (v, "code");

    for (guint i = 0; i < G_N_ELEMENTS (consciousness_codes); i++)
      if (g_strcmp0 (system, consciousness_codes[i].system) == 0 &&
          g_strcmp0 (code, consciousness_codes[i].code) == 0)
        return take_letter (answer, consciousness_codes[i].letter);
  }
  return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "code-invalid", expression,
                          "No code of the ACVPU scale");
}

static gboolean
read_absent (FyrFhirReader *reader, const FyrJsonValue *object, const char *expression, FyrFhirAnswer *answer)
{
  const FyrJsonValue *reason = NULL;

  if (!fyr_fhir_read_member (reader, object, "dataAbsentReason", FYR_JSON_OBJECT, expression, &reason))
    return FALSE;
  if (reason == NULL)
    return TRUE;
  answer->absent = fyr_absent_reason_to_code (FYR_ABSENT_UNKNOWN);
  for (const FyrJsonValue *v = fyr_json_value_get_array (reason, "coding"); v != NULL; v = v->next) {
    const char *code = fyr_json_value_get_string (v, "code");

    if (code != NULL && *code != '\0' &&
        g_strcmp0 (fyr_json_value_get_string (v, "system"), ABSENT_SYSTEM) == 0) {
      answer->absent = fyr_fhir_cut (reader, code, MAX_WORD_CHARS);
      return TRUE;
    }
  }
  return TRUE;
}

/* value[x]: the one member whose name is "value" and a type. */
static gboolean
find_value (FyrFhirReader *reader,
            const FyrJsonValue *object,
            const char *expression,
            const FyrJsonValue **found)
{
  *found = NULL;
  for (const FyrJsonValue *v = object->first; v != NULL; v = v->next) {
    if (strncmp (v->name, "value", 5) != 0)
      continue;
    if (*found != NULL)
      return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "structure", expression,
                              "There are several values");
    *found = v;
  }
  return TRUE;
}

gboolean
fyr_fhir_read_answer (FyrFhirReader *reader,
                      const FyrJsonValue *object,
                      const char *expression,
                      FyrFhirAnswer *answer)
{
  const FyrJsonValue *value = NULL;

  memset (answer, 0, sizeof *answer);
  if (!find_value (reader, object, expression, &value) || !read_absent (reader, object, expression, answer))
    return FALSE;
  if (value == NULL)
    return TRUE;
  if (answer->absent != NULL)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "invariant", expression,
                            "dataAbsentReason must not stand beside a value (obs-6)");
  if (strcmp (value->name, "valueQuantity") == 0)
    return read_quantity (reader, value, expression, answer);
  if (strcmp (value->name, "valueString") == 0)
    return read_word (reader, value, expression, answer);
  if (strcmp (value->name, "valueInteger") == 0)
    return read_integer (reader, value, expression, answer);
  if (strcmp (value->name, "valueCodeableConcept") == 0)
    return read_concept (reader, value, expression, answer);
  return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "not-supported", expression,
                          "A value of this type is not read");
}
