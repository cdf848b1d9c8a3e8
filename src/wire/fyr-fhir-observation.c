/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-fhir-observation.h"

#include <string.h>

#include "fyr-fhir-read.h"
#include "fyr-fhir-time.h"
#include "fyr-oslo-time.h"

/* The rest of the 200 of the record names corrections. */
#define MAX_EXTERNAL_ID 175
#define MAX_DEVICE_CHARS 80
#define MAX_NOTE_CHARS 2000
#define OLDEST_MS (FYR_FHIR_OLDEST_YEARS * G_GINT64_CONSTANT (31557600000))

gboolean
fyr_fhir_refuse (
    FyrFhirReader *reader, guint status, const char *code, const char *expression, const char *diagnostics)
{
  fyr_fhir_outcome_add (reader->outcome, status, code, expression, diagnostics);
  return FALSE;
}

gboolean
fyr_fhir_read_member (FyrFhirReader *reader,
                      const FyrJsonValue *object,
                      const char *name,
                      FyrJsonType type,
                      const char *expression,
                      const FyrJsonValue **member)
{
  *member = fyr_json_value_get (object, name);
  if (*member == NULL || (*member)->type == type)
    return TRUE;
  *member = NULL;
  return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "structure", expression,
                          "The element is of another JSON type than FHIR gives it");
}

const char *
fyr_fhir_cut (FyrFhirReader *reader, const char *text, gsize max)
{
  g_autofree char *cut = NULL;

  if (strlen (text) <= max || (gsize)g_utf8_strlen (text, -1) <= max)
    return text;
  cut = g_utf8_substring (text, 0, (glong)max);
  return fyr_json_document_concat (reader->document, cut, NULL);
}

static gboolean
read_status (FyrFhirReader *reader)
{
  const char *status = fyr_json_value_get_string (reader->resource, "status");

  if (status == NULL)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "required", "Observation.status",
                            "The status is missing or no string");
  if (g_str_equal (status, "amended") || g_str_equal (status, "corrected"))
    reader->observation->status = FYR_OBSERVATION_CORRECTED;
  else if (g_str_equal (status, "entered-in-error"))
    reader->observation->status = FYR_OBSERVATION_ENTERED_IN_ERROR;
  else if (g_str_equal (status, "registered"))
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "business-rule", "Observation.status",
                            "A registered Observation has no result yet; send it when it has");
  else if (!g_str_equal (status, "final") && !g_str_equal (status, "preliminary") &&
           !g_str_equal (status, "unknown") && !g_str_equal (status, "cancelled"))
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "code-invalid", "Observation.status",
                            "The status is not one of FHIR's");
  return TRUE;
}

static gboolean
read_kind (FyrFhirReader *reader, FyrLimitComponent *alone)
{
  const FyrJsonValue *code = NULL;

  *alone = FYR_LIMIT_COMPONENT_UNSET;
  if (!fyr_fhir_read_member (reader, reader->resource, "code", FYR_JSON_OBJECT, "Observation.code", &code))
    return FALSE;
  if (code == NULL)
    return fyr_fhir_refuse (reader, FYR_FHIR_BAD_REQUEST, "required", "Observation.code",
                            "The code is missing");
  for (const FyrJsonValue *v = fyr_json_value_get_array (code, "coding"); v != NULL; v = v->next) {
    const char *system = fyr_json_value_get_string (v, "system");
    const char *text = fyr_json_value_get_string (v, "code");

    reader->observation->kind = fyr_measurement_kind_from_coding (system, text);
    if (reader->observation->kind != FYR_MEASUREMENT_KIND_UNSET)
      return TRUE;
    *alone = fyr_limit_component_from_coding (system, text);
    if (*alone != FYR_LIMIT_COMPONENT_UNSET) {
      reader->observation->kind = FYR_MEASUREMENT_KIND_BLOOD_PRESSURE;
      return TRUE;
    }
  }
  return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "code-invalid", "Observation.code",
                          "No code of a kind of measurement this server follows up");
}

static const char *
find_time (FyrFhirReader *reader, const char **expression)
{
  const char *text = fyr_json_value_get_string (reader->resource, "effectiveDateTime");
  const FyrJsonValue *period;

  *expression = "Observation.effective";
  if (text != NULL)
    return text;
  text = fyr_json_value_get_string (reader->resource, "effectiveInstant");
  if (text != NULL)
    return text;
  period = fyr_json_value_get (reader->resource, "effectivePeriod");
  text = fyr_json_value_get_string (period, "end");
  return text != NULL ? text : fyr_json_value_get_string (period, "start");
}

static gboolean
read_time (FyrFhirReader *reader)
{
  FyrObservation *o = reader->observation;
  const char *expression;
  const char *text = find_time (reader, &expression);
  FyrFhirTime time;

  if (text == NULL)
    return fyr_fhir_refuse (
        reader, FYR_FHIR_BAD_REQUEST, "required", expression,
        "effectiveDateTime (or effectivePeriod, effectiveInstant) is missing or no string");
  if (!fyr_fhir_time_parse (text, &time))
    return fyr_fhir_refuse (
        reader, FYR_FHIR_BAD_REQUEST, "value", expression,
        "No point in time: YYYY-MM-DDThh:mm:ss+hh:mm, or at least a whole date, is needed");
  if (time.date_only && time.time > reader->now && fyr_oslo_day_start (time.time, 0) <= reader->now)
    time.time = reader->now;
  if (time.time > reader->now + FYR_FHIR_FUTURE_MS)
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "business-rule", expression,
                            "The time lies in the future; check the clock of the device");
  if (time.time < reader->now - OLDEST_MS)
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "business-rule", expression,
                            "The time lies too far back; check the clock of the device");
  o->effective_time = time.time;
  o->has_offset = time.has_offset;
  o->offset_minutes = time.offset_minutes;
  o->date_only = time.date_only;
  return TRUE;
}

/* The official identifier, else the first with a value. */
static gboolean
read_identifier (FyrFhirReader *reader)
{
  const FyrJsonValue *identifiers = NULL;
  const FyrJsonValue *best = NULL;
  const char *system;

  if (!fyr_fhir_read_member (reader, reader->resource, "identifier", FYR_JSON_ARRAY, "Observation.identifier",
                             &identifiers))
    return FALSE;
  for (const FyrJsonValue *v = identifiers != NULL ? identifiers->first : NULL; v != NULL; v = v->next) {
    if (fyr_json_value_get_string (v, "value") == NULL)
      continue;
    if (best == NULL || g_strcmp0 (fyr_json_value_get_string (v, "use"), "official") == 0)
      best = v;
  }
  if (best == NULL && reader->observation->status != FYR_OBSERVATION_FINAL)
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "required", "Observation.identifier",
                            "A correction needs the identifier of what it corrects");
  if (best == NULL)
    return TRUE;
  system = fyr_json_value_get_string (best, "system");
  reader->observation->external_id = fyr_json_document_concat (
      reader->document, system != NULL ? system : "", "|", fyr_json_value_get_string (best, "value"), NULL);
  if (g_utf8_strlen (reader->observation->external_id, -1) > MAX_EXTERNAL_ID)
    return fyr_fhir_refuse (reader, FYR_FHIR_UNPROCESSABLE, "too-long", "Observation.identifier",
                            "System and value of the identifier are longer than 175 characters together");
  return TRUE;
}

static const char *
name_of_device (const FyrJsonValue *device)
{
  const FyrJsonValue *name = fyr_json_value_get_array (device, "deviceName");
  const char *text = fyr_json_value_get_string (name, "name");

  if (text == NULL)
    text = fyr_json_value_get_string (device, "modelNumber");
  return text != NULL ? text : fyr_json_value_get_string (device, "serialNumber");
}

static const FyrJsonValue *
find_contained (FyrFhirReader *reader, const char *reference)
{
  const FyrJsonValue *contained = fyr_json_value_get_array (reader->resource, "contained");

  if (reference == NULL || reference[0] != '#')
    return NULL;
  for (const FyrJsonValue *v = contained; v != NULL; v = v->next)
    if (g_strcmp0 (fyr_json_value_get_string (v, "id"), reference + 1) == 0)
      return v;
  return NULL;
}

static void
read_device (FyrFhirReader *reader)
{
  const FyrJsonValue *device = fyr_json_value_get (reader->resource, "device");
  const char *reference = fyr_json_value_get_string (device, "reference");
  const char *text = fyr_json_value_get_string (device, "display");

  if (text == NULL)
    text = name_of_device (find_contained (reader, reference));
  if (text == NULL)
    text = fyr_json_value_get_string (fyr_json_value_get (device, "identifier"), "value");
  if (text == NULL && reference != NULL && reference[0] != '#')
    text = reference;
  if (text != NULL && *text != '\0')
    reader->observation->device_text = fyr_fhir_cut (reader, text, MAX_DEVICE_CHARS);
}

static void
read_note (FyrFhirReader *reader)
{
  const char *all = NULL;

  for (const FyrJsonValue *v = fyr_json_value_get_array (reader->resource, "note"); v != NULL; v = v->next) {
    const char *text = fyr_json_value_get_string (v, "text");

    if (text == NULL || *text == '\0' || (all != NULL && strlen (all) > MAX_NOTE_CHARS * 4))
      continue;
    all = all == NULL ? text : fyr_json_document_concat (reader->document, all, "\n", text, NULL);
  }
  if (all != NULL)
    reader->observation->note = fyr_fhir_cut (reader, all, MAX_NOTE_CHARS);
}

gboolean
fyr_fhir_observation_read (FyrJsonDocument *document,
                           const FyrJsonValue *resource,
                           const FyrJsonValue *bundle,
                           gint64 now,
                           FyrObservation *observation,
                           FyrFhirOutcome *outcome)
{
  FyrFhirReader reader = { document, resource, bundle, now, observation, outcome };
  FyrLimitComponent alone;
  gboolean fine = TRUE;

  memset (observation, 0, sizeof *observation);
  if (!fyr_json_value_is (resource, FYR_JSON_OBJECT) ||
      g_strcmp0 (fyr_json_value_get_string (resource, "resourceType"), "Observation") != 0)
    return fyr_fhir_refuse (&reader, FYR_FHIR_BAD_REQUEST, "structure", "Observation",
                            "The resource is no Observation");
  if (fyr_json_value_get (resource, "modifierExtension") != NULL)
    fine = fyr_fhir_refuse (&reader, FYR_FHIR_UNPROCESSABLE, "extension", "Observation.modifierExtension",
                            "A modifier extension that is not understood may change the meaning");
  /* Each is read whatever the one before said, so that the sender hears of all faults at once. */
  fine = read_status (&reader) && fine;
  fine = read_kind (&reader, &alone) && fyr_fhir_read_values (&reader, alone) && fine;
  fine = fyr_fhir_read_subject (&reader) && fine;
  fine = read_time (&reader) && fine;
  fine = read_identifier (&reader) && fine;
  read_device (&reader);
  read_note (&reader);
  return fine;
}
