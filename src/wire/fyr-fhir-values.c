/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the answers of an Observation and its components to one measurement. */
#include "fyr-fhir-read.h"

#include <string.h>

static void
take_first (FyrFhirReader *reader, const FyrFhirAnswer *answer)
{
  FyrObservation *o = reader->observation;

  o->has_value = answer->has_value;
  o->value = answer->value;
  if (o->absent_reason == NULL)
    o->absent_reason = answer->absent;
  if (o->value_text == NULL)
    o->value_text = answer->word;
}

static void
take_second (FyrFhirReader *reader, const FyrFhirAnswer *answer)
{
  FyrObservation *o = reader->observation;

  o->has_value2 = answer->has_value;
  o->value2 = answer->value;
  if (o->absent_reason == NULL)
    o->absent_reason = answer->absent;
  if (o->value_text == NULL)
    o->value_text = answer->word;
}

/* What was sent is kept when it is other than the value in the kind's own unit. */
static void
keep_reported (FyrFhirReader *reader, const FyrFhirAnswer *first, const FyrFhirAnswer *second)
{
  FyrObservation *o = reader->observation;
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (o->kind);
  const char *unit = first->unit != NULL ? first->unit : second != NULL ? second->unit : NULL;

  if (unit == NULL || g_strcmp0 (unit, info->unit) == 0)
    return;
  o->reported_unit = unit;
  if (second == NULL || second->number == NULL)
    o->reported_value = first->number;
  else
    o->reported_value = fyr_json_document_concat (
        reader->document, first->number != NULL ? first->number : "-", " / ", second->number, NULL);
}

static FyrLimitComponent
find_component (const FyrJsonValue *object)
{
  const FyrJsonValue *code = fyr_json_value_get (object, "code");

  for (const FyrJsonValue *v = fyr_json_value_get_array (code, "coding"); v != NULL; v = v->next) {
    FyrLimitComponent component = fyr_limit_component_from_coding (fyr_json_value_get_string (v, "system"),
                                                                   fyr_json_value_get_string (v, "code"));

    if (component != FYR_LIMIT_COMPONENT_UNSET)
      return component;
  }
  return FYR_LIMIT_COMPONENT_UNSET;
}

/* Mean pressure, pulse pressure and whatever else a monitor adds is passed over: it is not judged here. */
static gboolean
read_component (FyrFhirReader *reader,
                const FyrJsonValue *component,
                FyrFhirAnswer answers[2],
                gboolean seen[2])
{
  FyrLimitComponent which = find_component (component);
  int index = which == FYR_LIMIT_COMPONENT_DIASTOLIC ? 1 : 0;
  const char *expression = index == 0 ? "Observation.component.where(code='8480-6').value"
                                      : "Observation.component.where(code='8462-4').value";

  if (component->type != FYR_JSON_OBJECT)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "structure", "Observation.component",
                            "A component is an object");
  if (which == FYR_LIMIT_COMPONENT_UNSET)
    return TRUE;
  if (seen[index])
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "invariant", expression,
                            "The component stands twice");
  seen[index] = TRUE;
  if (!fyr_fhir_read_answer (reader, component, expression, &answers[index]))
    return FALSE;
  if (!answers[index].has_value && answers[index].absent == NULL)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "required", expression,
                            "The component has neither value nor dataAbsentReason");
  return TRUE;
}

static gboolean
read_panel (FyrFhirReader *reader)
{
  FyrFhirAnswer whole;
  FyrFhirAnswer answers[2] = { { 0 }, { 0 } };
  gboolean seen[2] = { FALSE, FALSE };
  const FyrJsonValue *components = NULL;

  if (!fyr_fhir_read_member (reader, reader->resource, "component", FYR_JSON_ARRAY, "Observation.component",
                             &components) ||
      !fyr_fhir_read_answer (reader, reader->resource, "Observation.value", &whole))
    return FALSE;
  if (whole.has_value)
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "invariant", "Observation.value",
                            "A blood pressure has its values in components");
  for (const FyrJsonValue *v = components != NULL ? components->first : NULL; v != NULL; v = v->next)
    if (!read_component (reader, v, answers, seen))
      return FALSE;
  if (!seen[0] && !seen[1] && whole.absent == NULL)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "required", "Observation.component",
                            "Neither systolic nor diastolic pressure nor dataAbsentReason");
  take_first (reader, &answers[0]);
  take_second (reader, &answers[1]);
  if (reader->observation->absent_reason == NULL)
    reader->observation->absent_reason = whole.absent;
  if (reader->observation->value_text == NULL)
    reader->observation->value_text = whole.word;
  keep_reported (reader, &answers[0], &answers[1]);
  return TRUE;
}

static gboolean
read_single (FyrFhirReader *reader, FyrLimitComponent alone)
{
  FyrFhirAnswer answer;
  FyrFhirAnswer none = { 0 };

  if (!fyr_fhir_read_answer (reader, reader->resource, "Observation.value", &answer))
    return FALSE;
  if (!answer.has_value && answer.absent == NULL)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "required", "Observation.value",
                            "Neither value nor dataAbsentReason");
  if (alone == FYR_LIMIT_COMPONENT_DIASTOLIC) {
    take_second (reader, &answer);
    keep_reported (reader, &none, &answer);
  } else {
    take_first (reader, &answer);
    keep_reported (reader, &answer, NULL);
  }
  return TRUE;
}

gboolean
fyr_fhir_read_values (FyrFhirReader *reader, FyrLimitComponent alone)
{
  FyrObservation *o = reader->observation;
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (o->kind);
  gboolean panel = info->has_components && alone == FYR_LIMIT_COMPONENT_UNSET;

  if (o->status == FYR_OBSERVATION_ENTERED_IN_ERROR)
    return TRUE;
  if (!(panel ? read_panel (reader) : read_single (reader, alone)))
    return FALSE;
  o->implausible =
      o->absent_reason == NULL &&
      (!o->has_value || !fyr_measurement_is_plausible (o->kind, o->value, o->has_value2, o->value2));
  return TRUE;
}
