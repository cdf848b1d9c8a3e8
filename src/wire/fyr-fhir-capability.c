/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-fhir-bundle.h"
#include "fyr-fhir-time.h"

static void
write_texts (FyrJsonWriter *json, const char *name, const char *text)
{
  fyr_json_writer_begin_array (json, name);
  fyr_json_writer_string (json, NULL, text);
  fyr_json_writer_end_array (json);
}

static void
write_code (FyrJsonWriter *json, const char *code)
{
  fyr_json_writer_begin_object (json, NULL);
  fyr_json_writer_string (json, "code", code);
  fyr_json_writer_end_object (json);
}

static void
write_observation (FyrJsonWriter *json)
{
  fyr_json_writer_begin_object (json, NULL);
  fyr_json_writer_string (json, "type", "Observation");
  write_texts (json, "supportedProfile", "http://hl7.org/fhir/StructureDefinition/vitalsigns");
  fyr_json_writer_string (
      json, "documentation",
      "Home measurements. The subject by identifier; a repeated identifier is the same report.");
  fyr_json_writer_begin_array (json, "interaction");
  write_code (json, "create");
  fyr_json_writer_end_array (json);
  fyr_json_writer_string (json, "versioning", "no-version");
  fyr_json_writer_bool (json, "conditionalCreate", FALSE);
  write_texts (json, "referencePolicy", "logical");
  fyr_json_writer_end_object (json);
}

static void
write_rest (FyrJsonWriter *json)
{
  fyr_json_writer_begin_array (json, "rest");
  fyr_json_writer_begin_object (json, NULL);
  fyr_json_writer_string (json, "mode", "server");
  fyr_json_writer_begin_object (json, "security");
  fyr_json_writer_string (json, "description", "Authorization: Bearer <gateway token>");
  fyr_json_writer_end_object (json);
  fyr_json_writer_begin_array (json, "resource");
  write_observation (json);
  fyr_json_writer_end_array (json);
  fyr_json_writer_begin_array (json, "interaction");
  write_code (json, "transaction");
  write_code (json, "batch");
  fyr_json_writer_end_array (json);
  fyr_json_writer_end_object (json);
  fyr_json_writer_end_array (json);
}

char *
fyr_fhir_capability_statement (const char *version, gint64 date)
{
  GString *text = g_string_new (NULL);
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);
  g_autofree char *time = fyr_fhir_time_format (date / 1000 * 1000, 0);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_string (&json, "resourceType", "CapabilityStatement");
  fyr_json_writer_string (&json, "status", "active");
  fyr_json_writer_string (&json, "date", time);
  fyr_json_writer_string (&json, "kind", "instance");
  fyr_json_writer_begin_object (&json, "software");
  fyr_json_writer_string (&json, "name", "Fyrlykt");
  fyr_json_writer_string (&json, "version", version);
  fyr_json_writer_end_object (&json);
  fyr_json_writer_begin_object (&json, "implementation");
  fyr_json_writer_string (&json, "description", "Fyrlykt: intake of measurements taken at home");
  fyr_json_writer_end_object (&json);
  fyr_json_writer_string (&json, "fhirVersion", "4.0.1");
  write_texts (&json, "format", "application/fhir+json");
  write_rest (&json);
  fyr_json_writer_end_object (&json);
  return g_string_free (text, FALSE);
}
