/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-fhir-bundle.h"
#include "fyr-fhir-observation.h"

#define NOW G_GINT64_CONSTANT (1790000000000)

static FyrJsonDocument *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  FyrJsonDocument *document = fyr_json_document_parse (json, strlen (json), &fyr_json_limits_fhir, &error);

  g_assert_no_error (error);
  return document;
}

static void
refuse (const char *json, guint status, const char *code)
{
  g_autoptr (FyrJsonDocument) document = parse (json);
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();

  g_assert_null (fyr_fhir_bundle_read (fyr_json_document_get_root (document), outcome));
  g_assert_cmpuint (fyr_fhir_outcome_get_status (outcome), ==, status);
  g_assert_cmpstr (fyr_fhir_outcome_get (outcome, 0)->code, ==, code);
}

static void
test_types (void)
{
  static const struct {
    const char *code;
    FyrBundleType type;
    const char *reply;
  } cases[] = {
    { "transaction", FYR_BUNDLE_TRANSACTION, "transaction-response" },
    { "batch", FYR_BUNDLE_BATCH, "batch-response" },
    { "collection", FYR_BUNDLE_COLLECTION, "batch-response" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *json = g_strdup_printf (
        "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[{\"fullUrl\":\"urn:uuid:a\","
        "\"resource\":{\"resourceType\":\"Observation\"},\"request\":{\"method\":\"PUT\"}}]}",
        cases[i].code);
    g_autoptr (FyrJsonDocument) document = parse (json);
    g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
    g_autoptr (FyrBundle) bundle = fyr_fhir_bundle_read (fyr_json_document_get_root (document), outcome);
    const FyrBundleEntry *entry;
    g_autoptr (GString) text = g_string_new (NULL);
    FyrBundleReply reply;

    g_assert_nonnull (bundle);
    g_assert_cmpint (bundle->type, ==, cases[i].type);
    entry = &g_array_index (bundle->entries, FyrBundleEntry, 0);
    g_assert_cmpstr (entry->full_url, ==, "urn:uuid:a");
    g_assert_cmpstr (entry->resource_type, ==, "Observation");
    g_assert_cmpstr (entry->method, ==, "PUT");
    fyr_bundle_reply_begin (&reply, text, bundle->type);
    fyr_bundle_reply_end (&reply);
    g_assert_nonnull (strstr (text->str, cases[i].reply));
  }
}

static void
test_refused (void)
{
  g_autoptr (GString) many = g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{}");

  for (guint i = 0; i < FYR_FHIR_MAX_ENTRIES; i++)
    g_string_append (many, ",{}");
  g_string_append (many, "]}");
  refuse ("7", 400, "structure");
  refuse ("{\"resourceType\":\"Observation\"}", 400, "structure");
  refuse ("{\"resourceType\":\"Bundle\"}", 400, "required");
  refuse ("{\"resourceType\":\"Bundle\",\"type\":\"document\",\"entry\":[{}]}", 422, "not-supported");
  refuse ("{\"resourceType\":\"Bundle\",\"type\":\"batch\"}", 400, "required");
  refuse ("{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[]}", 400, "required");
  refuse ("{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":{}}", 400, "required");
  refuse (many->str, 413, "too-costly");
}

static void
test_broken_entries (void)
{
  g_autoptr (FyrJsonDocument) document = parse ("{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":["
                                                "7,{},{\"resource\":7},{\"fullUrl\":7,\"resource\":{}},"
                                                "{\"resource\":{\"resourceType\":\"Observation\"}}]}");
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
  g_autoptr (FyrBundle) bundle = fyr_fhir_bundle_read (fyr_json_document_get_root (document), outcome);

  g_assert_cmpuint (bundle->entries->len, ==, 5);
  for (guint i = 0; i < 4; i++)
    g_assert_null (g_array_index (bundle->entries, FyrBundleEntry, i).resource_type);
  g_assert_cmpstr (g_array_index (bundle->entries, FyrBundleEntry, 4).resource_type, ==, "Observation");
  g_assert_cmpuint (g_array_index (bundle->entries, FyrBundleEntry, 4).index, ==, 4);
}

/* The subject may be a Patient of the same Bundle, as in generated patients' transactions. */
static void
test_subject_in_bundle (void)
{
  static const char json[] =
      "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"fullUrl\":\"urn:uuid:p\","
      "\"resource\":{\"resourceType\":"
      "\"Patient\",\"identifier\":[{\"system\":\"urn:local\",\"value\":\"7\"},{\"system\":\"urn:oid:2.16.578."
      "1.12.4.1.4.2\","
      "\"value\":\"55102499947\"}]}},{\"resource\":{\"resourceType\":\"Observation\",\"status\":\"final\","
      "\"code\":{\"coding\":"
      "[{\"system\":\"http://"
      "loinc.org\",\"code\":\"8867-4\"}]},\"subject\":{\"reference\":\"urn:uuid:p\"},\"effectiveDateTime\":"
      "\"2026-09-21T08:00:00Z\",\"valueQuantity\":{\"value\":70,\"code\":\"/min\"}}}]}";
  g_autoptr (FyrJsonDocument) document = parse (json);
  const FyrJsonValue *root = fyr_json_document_get_root (document);
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
  g_autoptr (FyrBundle) bundle = fyr_fhir_bundle_read (root, outcome);
  FyrObservation observation;

  g_assert_true (fyr_fhir_observation_read (document,
                                            g_array_index (bundle->entries, FyrBundleEntry, 1).resource, root,
                                            NOW, &observation, outcome));
  g_assert_cmpstr (observation.subject_system, ==, "urn:oid:2.16.578.1.12.4.1.4.2");
  g_assert_cmpstr (observation.subject_value, ==, "55102499947");
}

static void
test_reply (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
  g_autoptr (JsonNode) node = NULL;
  FyrBundleReply reply;
  JsonArray *entries;
  JsonObject *response;

  fyr_fhir_outcome_add (outcome, 422, "code-invalid", "Observation.code", "No such kind");
  fyr_bundle_reply_begin (&reply, text, FYR_BUNDLE_BATCH);
  fyr_bundle_reply_add (&reply, "urn:uuid:a", 201, "01900000-0000-7000-8000-000000000002", NULL);
  fyr_bundle_reply_add (&reply, NULL, 422, NULL, outcome);
  fyr_bundle_reply_add (&reply, "urn:uuid:c", 418, NULL, NULL);
  fyr_bundle_reply_end (&reply);
  node = json_from_string (text->str, NULL);
  entries = json_object_get_array_member (json_node_get_object (node), "entry");
  g_assert_cmpuint (json_array_get_length (entries), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (entries, 0), "fullUrl"), ==,
                   "urn:uuid:a");
  response = json_object_get_object_member (json_array_get_object_element (entries, 0), "response");
  g_assert_cmpstr (json_object_get_string_member (response, "status"), ==, "201 Created");
  g_assert_cmpstr (json_object_get_string_member (response, "location"), ==,
                   "Observation/01900000-0000-7000-8000-000000000002");
  response = json_object_get_object_member (json_array_get_object_element (entries, 1), "response");
  g_assert_true (json_object_has_member (response, "outcome"));
  g_assert_false (json_object_has_member (json_array_get_object_element (entries, 1), "fullUrl"));
  response = json_object_get_object_member (json_array_get_object_element (entries, 2), "response");
  g_assert_cmpstr (json_object_get_string_member (response, "status"), ==, "418");
}

static void
test_outcome (void)
{
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
  g_autoptr (FyrFhirOutcome) all = fyr_fhir_outcome_new ();
  g_autofree char *none = fyr_fhir_outcome_to_text (outcome);
  g_autofree char *text = NULL;

  g_assert_nonnull (strstr (none, "\"severity\":\"information\""));
  g_assert_cmpuint (fyr_fhir_outcome_get_status (outcome), ==, 200);
  for (guint i = 0; i < 50; i++)
    fyr_fhir_outcome_add (outcome, 422, "value", "Observation.value", "Say \"no\"");
  g_assert_cmpuint (fyr_fhir_outcome_get_length (outcome), ==, 20);
  fyr_fhir_outcome_add_all (all, outcome, 7);
  g_assert_cmpstr (fyr_fhir_outcome_get (all, 0)->expression, ==, "Bundle.entry[7].resource.value");
  text = fyr_fhir_outcome_to_text (all);
  g_assert_nonnull (strstr (text, "Say \\\"no\\\""));
  fyr_fhir_outcome_clear (all);
  g_assert_cmpuint (fyr_fhir_outcome_get_length (all), ==, 0);
}

static void
test_outcome_of_errors (void)
{
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
  g_autoptr (GError) large = g_error_new_literal (FYR_WIRE_ERROR, FYR_WIRE_ERROR_TOO_LARGE, "too deep");
  g_autoptr (GError) other = g_error_new_literal (G_FILE_ERROR, 0, "/secret/path");

  fyr_fhir_outcome_add_error (outcome, large);
  fyr_fhir_outcome_add_error (outcome, other);
  g_assert_cmpuint (fyr_fhir_outcome_get (outcome, 0)->status, ==, 413);
  g_assert_cmpstr (fyr_fhir_outcome_get (outcome, 0)->code, ==, "too-long");
  g_assert_cmpuint (fyr_fhir_outcome_get (outcome, 1)->status, ==, 500);
  g_assert_null (strstr (fyr_fhir_outcome_get (outcome, 1)->diagnostics, "secret"));
}

static void
test_capability (void)
{
  g_autofree char *text = fyr_fhir_capability_statement ("1.2.3", NOW);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonObject *object = json_node_get_object (node);

  g_assert_cmpstr (json_object_get_string_member (object, "resourceType"), ==, "CapabilityStatement");
  g_assert_cmpstr (json_object_get_string_member (object, "fhirVersion"), ==, "4.0.1");
  g_assert_cmpstr (json_object_get_string_member (object, "date"), ==, "2026-09-21T14:13:20+00:00");
  g_assert_nonnull (strstr (text, "\"version\":\"1.2.3\""));
}

/* The third-party material of the workshop, when it is there: what must be read is read. */
static char *
read_material (const char *name)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("G_TEST_SRCDIR"), "..", "..", "shared", "data", name, NULL);
  const char *folder = g_getenv ("FYRLYKT_MATERIAL");
  g_autofree char *other = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL) && other != NULL)
    g_file_get_contents (other, &text, NULL, NULL);
  return text;
}

static void
test_material (void)
{
  static const struct {
    const char *name;
    gboolean has_subject;
    FyrMeasurementKind kind;
    double value;
  } cases[] = {
    { "norway/vkp-observation/Observation-vkp-blood-pressure-profile-create.json", TRUE,
      FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, 123 },
    { "norway/vkp-observation/Observation-vkp-body-weight-create.json", TRUE,
      FYR_MEASUREMENT_KIND_BODY_WEIGHT, 49 },
    { "norway/vkp-observation/Observation-vkp-glucose-create.json", TRUE, FYR_MEASUREMENT_KIND_GLUCOSE, 6.3 },
    { "norway/vkp-observation/Observation-vkp-oxygen-saturation-create.json", TRUE,
      FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 99 },
    { "hl7/Observation-blood-pressure.json", FALSE, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, 107 },
    { "hl7/Observation-body-temperature.json", FALSE, FYR_MEASUREMENT_KIND_BODY_TEMPERATURE, 36.5 },
    { "hl7/Observation-satO2.json", FALSE, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 95 },
    { "hl7/Observation-unsat.json", FALSE, FYR_MEASUREMENT_KIND_GLUCOSE, 0 },
  };
  guint found = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *json = read_material (cases[i].name);
    g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
    g_autoptr (FyrJsonDocument) document = NULL;
    FyrObservation observation;
    gboolean fine;

    if (json == NULL)
      continue;
    found++;
    document = parse (json);
    fine = fyr_fhir_observation_read (document, fyr_json_document_get_root (document), NULL, NOW,
                                      &observation, outcome);
    g_assert_cmpint (observation.kind, ==, cases[i].kind);
    g_assert_cmpfloat (observation.value, ==, cases[i].value);
    /* The general examples name their patient by a relative reference that means nothing here; that is all. */
    g_assert_cmpint (fine, ==, cases[i].has_subject);
    g_assert_cmpuint (fyr_fhir_outcome_get_length (outcome), ==, cases[i].has_subject ? 0 : 1);
  }
  if (found == 0)
    g_test_skip ("the third-party material is not here");
}

static void
test_material_bundles (void)
{
  g_autofree char *request = read_material ("norway/vkp-observation/Bundle-pmd-Bundle-Request-example.json");
  g_autofree char *synthea =
      read_material ("synthea/Royal_DuBuque_6d750ddc-ee20-40df-bf83-30461dc641e4.json");
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
  guint n_read = 0;

  if (request == NULL || synthea == NULL) {
    g_test_skip ("the third-party material is not here");
    return;
  }
  {
    g_autoptr (FyrJsonDocument) document = parse (request);
    g_autoptr (FyrBundle) bundle = fyr_fhir_bundle_read (fyr_json_document_get_root (document), outcome);
    FyrObservation observation;

    g_assert_true (fyr_fhir_observation_read (document,
                                              g_array_index (bundle->entries, FyrBundleEntry, 0).resource,
                                              NULL, NOW, &observation, outcome));
    g_assert_cmpint (observation.kind, ==, FYR_MEASUREMENT_KIND_BODY_TEMPERATURE);
    g_assert_cmpfloat (observation.value, ==, 37);
    g_assert_true (observation.date_only);
  }
  {
    g_autoptr (FyrJsonDocument) document = parse (synthea);
    const FyrJsonValue *root = fyr_json_document_get_root (document);
    g_autoptr (FyrBundle) bundle = fyr_fhir_bundle_read (root, outcome);

    g_assert_nonnull (bundle);
    for (guint i = 0; i < bundle->entries->len; i++) {
      const FyrBundleEntry *entry = &g_array_index (bundle->entries, FyrBundleEntry, i);
      g_autoptr (FyrFhirOutcome) own = fyr_fhir_outcome_new ();
      FyrObservation observation;

      if (g_strcmp0 (entry->resource_type, "Observation") == 0 &&
          fyr_fhir_observation_read (document, entry->resource, root, NOW, &observation, own))
        n_read++;
    }
    /* Weights, temperatures and blood pressures of the generated patient. */
    g_assert_cmpuint (n_read, >, 5);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/bundle/transaction-batch-and-collection-are-read", test_types);
  g_test_add_func ("/fhir/bundle/others-are-refused", test_refused);
  g_test_add_func ("/fhir/bundle/a-broken-entry-is-answered-by-itself", test_broken_entries);
  g_test_add_func ("/fhir/bundle/the-subject-may-be-in-the-bundle", test_subject_in_bundle);
  g_test_add_func ("/fhir/bundle/each-entry-has-its-answer", test_reply);
  g_test_add_func ("/fhir/outcome/issues-are-written-and-limited", test_outcome);
  g_test_add_func ("/fhir/outcome/errors-become-issues-without-inner-matters", test_outcome_of_errors);
  g_test_add_func ("/fhir/metadata/says-what-is-served", test_capability);
  g_test_add_func ("/fhir/material/official-observations-are-read", test_material);
  g_test_add_func ("/fhir/material/official-bundles-are-read", test_material_bundles);
  return g_test_run ();
}
