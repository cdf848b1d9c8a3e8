/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-fhir-observation.h"

#include <string.h>

#include "fyr-fhir-time.h"
#include "fyr-oslo-time.h"

#define CATEGORY_SYSTEM "http://terminology.hl7.org/CodeSystem/observation-category"
#define ABSENT_SYSTEM "http://terminology.hl7.org/CodeSystem/data-absent-reason"

static void
write_coding (FyrJsonWriter *json, const char *system, const char *code)
{
  if (code == NULL)
    return;
  fyr_json_writer_begin_object (json, NULL);
  fyr_json_writer_string (json, "system", system);
  fyr_json_writer_string (json, "code", code);
  fyr_json_writer_end_object (json);
}

static void
begin_concept (FyrJsonWriter *json, const char *name)
{
  fyr_json_writer_begin_object (json, name);
  fyr_json_writer_begin_array (json, "coding");
}

static void
end_concept (FyrJsonWriter *json)
{
  fyr_json_writer_end_array (json);
  fyr_json_writer_end_object (json);
}

static void
write_concept (FyrJsonWriter *json, const char *name, const char *system, const char *code)
{
  begin_concept (json, name);
  write_coding (json, system, code);
  end_concept (json);
}

static void
write_kind (FyrJsonWriter *json, const FyrMeasurementKindInfo *info)
{
  begin_concept (json, "code");
  write_coding (json, FYR_CODE_SYSTEM_LOINC, info->loinc);
  write_coding (json, FYR_CODE_SYSTEM_SNOMED, info->snomed);
  write_coding (json, FYR_CODE_SYSTEM_NPU, info->npu);
  if (info->loinc == NULL && info->snomed == NULL && info->npu == NULL)
    write_coding (json, FYR_CODE_SYSTEM_LOCAL, fyr_enum_to_code (&fyr_measurement_kind_info, info->kind));
  end_concept (json);
}

static void
write_quantity (FyrJsonWriter *json, double value, const char *unit)
{
  fyr_json_writer_begin_object (json, "valueQuantity");
  fyr_json_writer_real (json, "value", value);
  if (unit != NULL) {
    fyr_json_writer_string (json, "unit", unit);
    fyr_json_writer_string (json, "system", FYR_UNIT_SYSTEM_UCUM);
    fyr_json_writer_string (json, "code", unit);
  }
  fyr_json_writer_end_object (json);
}

static void
write_component (FyrJsonWriter *json, const char *loinc, gboolean has_value, double value, const char *unit)
{
  fyr_json_writer_begin_object (json, NULL);
  write_concept (json, "code", FYR_CODE_SYSTEM_LOINC, loinc);
  if (has_value)
    write_quantity (json, value, unit);
  else
    write_concept (json, "dataAbsentReason", ABSENT_SYSTEM, "unknown");
  fyr_json_writer_end_object (json);
}

static void
write_value (const FyrObservation *o, const FyrMeasurementKindInfo *info, FyrJsonWriter *json)
{
  const char *unit = o->reported_unit != NULL && o->reported_value == NULL ? o->reported_unit : info->unit;

  if (o->has_value && o->kind == FYR_MEASUREMENT_KIND_CONSCIOUSNESS && o->value_text != NULL) {
    fyr_json_writer_string (json, "valueString", o->value_text);
  } else if (info->has_components && (o->has_value || o->has_value2)) {
    fyr_json_writer_begin_array (json, "component");
    write_component (json, "8480-6", o->has_value, o->value, unit);
    write_component (json, "8462-4", o->has_value2, o->value2, unit);
    fyr_json_writer_end_array (json);
  } else if (o->has_value) {
    write_quantity (json, o->value, unit);
  } else if (o->value_text != NULL) {
    fyr_json_writer_string (json, "valueString", o->value_text);
  } else {
    write_concept (json, "dataAbsentReason", ABSENT_SYSTEM,
                   o->absent_reason != NULL ? o->absent_reason : "unknown");
  }
}

static void
write_identifier (FyrJsonWriter *json, const char *external_id)
{
  const char *bar = external_id != NULL ? strrchr (external_id, '|') : NULL;
  g_autofree char *system = NULL;

  if (bar == NULL)
    return;
  fyr_json_writer_begin_array (json, "identifier");
  fyr_json_writer_begin_object (json, NULL);
  if (bar > external_id) {
    system = g_strndup (external_id, (gsize)(bar - external_id));
    fyr_json_writer_string (json, "system", system);
  }
  fyr_json_writer_string (json, "value", bar + 1);
  fyr_json_writer_end_object (json);
  fyr_json_writer_end_array (json);
}

static void
write_subject (FyrJsonWriter *json, const FyrObservation *o)
{
  g_autofree char *reference = NULL;

  fyr_json_writer_begin_object (json, "subject");
  if (o->subject_value != NULL) {
    fyr_json_writer_begin_object (json, "identifier");
    fyr_json_writer_string (json, "system", o->subject_system);
    fyr_json_writer_string (json, "value", o->subject_value);
    fyr_json_writer_end_object (json);
  } else if (o->subject_id != NULL) {
    reference = g_strconcat ("urn:uuid:", o->subject_id, NULL);
    fyr_json_writer_string (json, "reference", reference);
  }
  fyr_json_writer_end_object (json);
}

static void
write_time (FyrJsonWriter *json, const FyrObservation *o)
{
  int offset = o->has_offset ? o->offset_minutes : fyr_oslo_offset_minutes (o->effective_time);
  g_autofree char *time = fyr_fhir_time_format (o->effective_time, offset);

  if (o->date_only)
    time[10] = '\0';
  fyr_json_writer_string (json, "effectiveDateTime", time);
}

void
fyr_fhir_observation_write (const FyrObservation *o, const char *id, FyrJsonWriter *json, const char *name)
{
  static const char *const statuses[] = { "final", "corrected", "entered-in-error" };
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (o->kind);

  fyr_json_writer_begin_object (json, name);
  fyr_json_writer_string (json, "resourceType", "Observation");
  fyr_json_writer_text (json, "id", id);
  write_identifier (json, o->external_id);
  fyr_json_writer_string (json, "status", statuses[o->status]);
  fyr_json_writer_begin_array (json, "category");
  write_concept (json, NULL, CATEGORY_SYSTEM, "vital-signs");
  fyr_json_writer_end_array (json);
  write_kind (json, info);
  write_subject (json, o);
  write_time (json, o);
  write_value (o, info, json);
  if (o->device_text != NULL) {
    fyr_json_writer_begin_object (json, "device");
    fyr_json_writer_string (json, "display", o->device_text);
    fyr_json_writer_end_object (json);
  }
  if (o->note != NULL) {
    fyr_json_writer_begin_array (json, "note");
    fyr_json_writer_begin_object (json, NULL);
    fyr_json_writer_string (json, "text", o->note);
    fyr_json_writer_end_object (json);
    fyr_json_writer_end_array (json);
  }
  fyr_json_writer_end_object (json);
}
