/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom an Observation is about: a logical identifier, a Patient of the same Bundle, or the id given here. */
#include "fyr-fhir-read.h"

#include <string.h>

#include "fyr-uuid.h"

#define MAX_SYSTEM_CHARS 200
#define MAX_NUMBER_CHARS 40
#define EXPRESSION "Observation.subject"

static gboolean
take_identifier (FyrFhirReader *reader, const FyrJsonValue *identifier)
{
  const char *system = fyr_json_value_get_string (identifier, "system");
  const char *value = fyr_json_value_get_string (identifier, "value");

  if (system == NULL || value == NULL || *system == '\0' || *value == '\0' ||
      strlen (system) > MAX_SYSTEM_CHARS || strlen (value) > MAX_NUMBER_CHARS)
    return FALSE;
  reader->observation->subject_system = system;
  reader->observation->subject_value = value;
  return TRUE;
}

static const FyrJsonValue *
find_in_bundle (FyrFhirReader *reader, const char *reference)
{
  for (const FyrJsonValue *v = fyr_json_value_get_array (reader->bundle, "entry"); v != NULL; v = v->next) {
    const FyrJsonValue *resource = fyr_json_value_get (v, "resource");

    if (g_strcmp0 (fyr_json_value_get_string (v, "fullUrl"), reference) == 0 &&
        g_strcmp0 (fyr_json_value_get_string (resource, "resourceType"), "Patient") == 0)
      return resource;
  }
  return NULL;
}

/* The first identifier with a person's number, else the first of all. */
static gboolean
take_patient (FyrFhirReader *reader, const FyrJsonValue *patient)
{
  const FyrJsonValue *identifiers = fyr_json_value_get_array (patient, "identifier");

  for (const FyrJsonValue *v = identifiers; v != NULL; v = v->next) {
    const char *system = fyr_json_value_get_string (v, "system");

    if (system != NULL && g_str_has_prefix (system, "urn:oid:2.16.578.1.12.4.1.4.") &&
        take_identifier (reader, v))
      return TRUE;
  }
  for (const FyrJsonValue *v = identifiers; v != NULL; v = v->next)
    if (take_identifier (reader, v))
      return TRUE;
  return FALSE;
}

static gboolean
take_reference (FyrFhirReader *reader, const char *reference)
{
  const FyrJsonValue *patient = find_in_bundle (reader, reference);
  const char *id = NULL;

  if (patient != NULL)
    return take_patient (reader, patient);
  if (g_str_has_prefix (reference, "urn:uuid:"))
    id = reference + strlen ("urn:uuid:");
  else if (g_str_has_prefix (reference, "Patient/"))
    id = reference + strlen ("Patient/");
  if (!fyr_uuid_is_valid (id))
    return FALSE;
  reader->observation->subject_id = id;
  return TRUE;
}

gboolean
fyr_fhir_read_subject (FyrFhirReader *reader)
{
  const FyrJsonValue *subject = NULL;
  const FyrJsonValue *identifier = NULL;
  const char *reference;

  if (!fyr_fhir_read_member (reader, reader->resource, "subject", FYR_JSON_OBJECT, EXPRESSION, &subject))
    return FALSE;
  if (subject == NULL)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "required", EXPRESSION, "The subject is missing");
  if (!fyr_fhir_read_member (reader, subject, "identifier", FYR_JSON_OBJECT, "Observation.subject.identifier",
                             &identifier))
    return FALSE;
  if (identifier != NULL) {
    if (take_identifier (reader, identifier))
      return TRUE;
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "required", "Observation.subject.identifier",
                            "The identifier needs a system and a value, both strings of usual length");
  }
  reference = fyr_json_value_get_string (subject, "reference");
  if (reference != NULL && take_reference (reader, reference))
    return TRUE;
  return fyr_fhir_refuse (
      reader, FYR_FHIR_UNPROCESSABLE, "required", EXPRESSION,
      "Name the patient by identifier (system and value), or refer to a Patient with one in the same Bundle");
}
