/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every element of good resources replaced by every wrong thing: a clear refusal or a sound value, never a crash. */
#include <math.h>
#include <string.h>

#include "fyr-fhir-bundle.h"
#include "fyr-fhir-observation.h"
#include "fyr-uuid.h"

#define NOW G_GINT64_CONSTANT (1790000000000)

static const char *const resources[] = {
  "{\"resourceType\":\"Observation\",\"status\":\"final\",\"identifier\":[{\"use\":\"official\",\"system\":"
  "\"urn:g\",\"value\":"
  "\"1\"}],\"code\":{\"coding\":[{\"system\":\"http://"
  "loinc.org\",\"code\":\"2708-6\"}]},\"subject\":{\"identifier\":{\"system\":"
  "\"urn:oid:2.16.578.1.12.4.1.4.1\",\"value\":\"13116900216\"}},\"effectiveDateTime\":\"2026-09-21T08:15:30+"
  "02:00\","
  "\"valueQuantity\":{\"value\":93,\"unit\":\"%\",\"system\":\"http://"
  "unitsofmeasure.org\",\"code\":\"%\",\"comparator\":\"<\"},"
  "\"device\":{\"display\":\"x\",\"reference\":\"#d\",\"identifier\":{\"value\":\"7\"}},\"note\":[{\"text\":"
  "\"a\"},{\"text\":"
  "\"b\"}],\"contained\":[{\"resourceType\":\"Device\",\"id\":\"d\",\"deviceName\":[{\"name\":\"n\"}]}]}",
  "{\"resourceType\":\"Observation\",\"status\":\"corrected\",\"identifier\":[{\"value\":\"1\"}],\"code\":{"
  "\"coding\":[{\"system\":"
  "\"http://"
  "loinc.org\",\"code\":\"85354-9\"}]},\"subject\":{\"reference\":\"urn:uuid:01900000-0000-7000-8000-"
  "000000000002\"},"
  "\"effectivePeriod\":{\"start\":\"2026-09-20\",\"end\":\"2026-09-21\"},\"component\":[{\"code\":{"
  "\"coding\":[{\"system\":"
  "\"http://"
  "loinc.org\",\"code\":\"8480-6\"}]},\"valueQuantity\":{\"value\":120,\"code\":\"mm[Hg]\"}},{\"code\":{"
  "\"coding\":[{"
  "\"system\":\"http://snomed.info/"
  "sct\",\"code\":\"271650006\"}]},\"dataAbsentReason\":{\"coding\":[{\"system\":"
  "\"http://terminology.hl7.org/CodeSystem/data-absent-reason\",\"code\":\"error\"}]}}]}",
  "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://"
  "loinc.org\",\"code\":"
  "\"67775-7\"}]},\"subject\":{\"reference\":\"Patient/"
  "01900000-0000-7000-8000-000000000002\"},\"effectiveInstant\":"
  "\"2026-09-21T08:15:30Z\",\"valueCodeableConcept\":{\"coding\":[{\"system\":\"http://snomed.info/"
  "sct\",\"code\":"
  "\"248234008\"}]}}",
  "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://"
  "loinc.org\",\"code\":"
  "\"15074-8\"}]},\"subject\":{\"identifier\":{\"system\":\"urn:x\",\"value\":\"1\"}},\"effectiveDateTime\":"
  "\"2026-09-21\","
  "\"valueString\":\"Hi\"}",
};

static const char *const wrong_things[] = {
  "null",
  "true",
  "0",
  "-1",
  "1e308",
  "-1e-308",
  "123456789012345678901234567890",
  "\"\"",
  "\" \"",
  "\"\\n\"",
  "\"\\u0001\"",
  "\"NaN\"",
  "\"HEMMELIG\"",
  "\"9999-99-99\"",
  "\"2026-09-21T08:15:30+02:00\"",
  "\"01900000-0000-7000-8000-000000000002\"",
  "\"😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀\"",
  "[]",
  "[null]",
  "[[[[]]]]",
  "{}",
  "{\"coding\":[{}]}",
  "{\"value\":{}}",
};

/* Counts the values below @node; at @target puts @thing in the place. */
static gboolean
replace (JsonNode *node, guint target, guint *counter, const char *thing, JsonNode **result)
{
  if (*counter == target) {
    *result = json_from_string (thing, NULL);
    if (*result == NULL)
      *result = json_node_new (JSON_NODE_NULL);
    return TRUE;
  }
  (*counter)++;
  if (JSON_NODE_HOLDS_OBJECT (node)) {
    JsonObject *object = json_node_get_object (node);
    g_autoptr (GList) names = json_object_get_members (object);

    for (GList *l = names; l != NULL; l = l->next) {
      JsonNode *other = NULL;

      if (!replace (json_object_get_member (object, l->data), target, counter, thing, &other))
        continue;
      if (other != NULL)
        json_object_set_member (object, l->data, other);
      *result = NULL;
      return TRUE;
    }
  } else if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);

    for (guint i = 0; i < json_array_get_length (array); i++) {
      JsonNode *other = NULL;

      if (!replace (json_array_get_element (array, i), target, counter, thing, &other))
        continue;
      if (other != NULL) {
        json_array_remove_element (array, i);
        json_array_add_element (array, other);
      }
      *result = NULL;
      return TRUE;
    }
  }
  return FALSE;
}

static char *
with_replaced (const char *resource, guint target, const char *thing)
{
  g_autoptr (JsonNode) root = json_from_string (resource, NULL);
  g_autoptr (JsonNode) other = NULL;
  guint counter = 0;

  /* json-glib does not read all that it writes (1e+308). */
  if (root == NULL || !replace (root, target, &counter, thing, &other))
    return NULL;
  return json_to_string (other != NULL ? other : root, FALSE);
}

/* What was accepted can be stored and judged. */
static void
assert_sound (const FyrObservation *o, const char *json)
{
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (o->kind);

  if (info == NULL || !isfinite (o->value) || !isfinite (o->value2) || fabs (o->value) > 1e10 ||
      fabs (o->value2) > 1e10)
    g_error ("unsound: %s", json);
  g_assert_true (o->subject_id != NULL ? fyr_uuid_is_valid (o->subject_id)
                                       : o->subject_system != NULL && o->subject_value != NULL);
  g_assert_cmpint (o->effective_time, <=, NOW + FYR_FHIR_FUTURE_MS);
  g_assert_cmpint (o->effective_time, >, NOW - 51 * G_GINT64_CONSTANT (31557600000));
  if (o->status != FYR_OBSERVATION_ENTERED_IN_ERROR)
    g_assert_true (o->has_value || o->has_value2 || o->absent_reason != NULL);
  g_assert_true (o->external_id == NULL || g_utf8_strlen (o->external_id, -1) <= 175);
  g_assert_true (o->value_text == NULL || g_utf8_strlen (o->value_text, -1) <= 40);
  g_assert_true (o->absent_reason == NULL || g_utf8_strlen (o->absent_reason, -1) <= 40);
  g_assert_true (o->device_text == NULL || g_utf8_strlen (o->device_text, -1) <= 80);
  g_assert_true (o->note == NULL || g_utf8_strlen (o->note, -1) <= 2000);
  g_assert_cmpint (ABS (o->offset_minutes), <=, 14 * 60);
}

static void
assert_refused_well (FyrFhirOutcome *outcome, const char *json)
{
  g_autofree char *text = fyr_fhir_outcome_to_text (outcome);

  for (guint i = 0; i < fyr_fhir_outcome_get_length (outcome); i++) {
    const FyrFhirIssue *issue = fyr_fhir_outcome_get (outcome, i);

    g_assert_true (issue->status == 400 || issue->status == 422);
    g_assert_nonnull (issue->code);
    g_assert_nonnull (issue->diagnostics);
    if (issue->expression == NULL || !g_str_has_prefix (issue->expression, "Observation"))
      g_error ("no expression: %s", json);
  }
  g_assert_null (strstr (text, "HEMMELIG"));
  g_assert_null (strstr (text, "13116900216"));
}

static gboolean
try_text (const char *json)
{
  g_autoptr (FyrJsonDocument) document =
      fyr_json_document_parse (json, strlen (json), &fyr_json_limits_fhir, NULL);
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
  FyrObservation o;
  gboolean fine;

  if (document == NULL)
    return FALSE;
  fine = fyr_fhir_observation_read (document, fyr_json_document_get_root (document), NULL, NOW, &o, outcome);
  g_assert_cmpint (fine, ==, fyr_fhir_outcome_get_length (outcome) == 0);
  if (fine)
    assert_sound (&o, json);
  else
    assert_refused_well (outcome, json);
  return fine;
}

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (resources); i++)
    g_assert_true (try_text (resources[i]));
}

static void
test_every_element (void)
{
  guint accepted = 0;
  guint refused = 0;

  for (guint r = 0; r < G_N_ELEMENTS (resources); r++) {
    for (guint t = 0; t < G_N_ELEMENTS (wrong_things); t++) {
      for (guint target = 0;; target++) {
        g_autofree char *json = with_replaced (resources[r], target, wrong_things[t]);

        if (json == NULL)
          break;
        if (try_text (json))
          accepted++;
        else
          refused++;
      }
    }
  }
  g_test_message ("%u accepted, %u refused", accepted, refused);
  g_assert_cmpuint (refused, >, 1500);
  g_assert_cmpuint (accepted, >, 300);
}

/* The same element left out. */
static void
test_every_member_left_out (void)
{
  for (guint r = 0; r < G_N_ELEMENTS (resources); r++) {
    g_autoptr (JsonNode) root = json_from_string (resources[r], NULL);
    g_autoptr (GList) names = json_object_get_members (json_node_get_object (root));

    for (GList *l = names; l != NULL; l = l->next) {
      g_autoptr (JsonNode) copy = json_from_string (resources[r], NULL);
      g_autofree char *json = NULL;

      json_object_remove_member (json_node_get_object (copy), l->data);
      json = json_to_string (copy, FALSE);
      try_text (json);
    }
  }
}

/* Two elements at once, at random, many times. */
static void
test_random_pairs (void)
{
  guint32 seed = g_test_rand_int_range (0, G_MAXINT32);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 20000; i++) {
    const char *resource = resources[g_rand_int_range (rand, 0, G_N_ELEMENTS (resources))];
    g_autofree char *once =
        with_replaced (resource, (guint)g_rand_int_range (rand, 1, 30),
                       wrong_things[g_rand_int_range (rand, 0, G_N_ELEMENTS (wrong_things))]);
    g_autofree char *twice = NULL;

    if (once == NULL)
      continue;
    twice = with_replaced (once, (guint)g_rand_int_range (rand, 1, 30),
                           wrong_things[g_rand_int_range (rand, 0, G_N_ELEMENTS (wrong_things))]);
    try_text (twice != NULL ? twice : once);
  }
}

static void
test_bundles (void)
{
  g_autofree char *bundle = g_strdup_printf ("{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{"
                                             "\"fullUrl\":\"urn:uuid:p\",\"resource\":{\"resourceType\":"
                                             "\"Patient\",\"identifier\":[{\"system\":\"urn:x\",\"value\":"
                                             "\"1\"}]}},{\"fullUrl\":\"urn:uuid:a\",\"resource\":%s,"
                                             "\"request\":{\"method\":\"POST\",\"url\":\"Observation\"}}]}",
                                             resources[0]);

  for (guint t = 0; t < G_N_ELEMENTS (wrong_things); t++) {
    for (guint target = 0;; target++) {
      g_autofree char *json = with_replaced (bundle, target, wrong_things[t]);
      g_autoptr (FyrJsonDocument) document = NULL;
      g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
      g_autoptr (FyrBundle) read = NULL;

      if (json == NULL)
        break;
      document = fyr_json_document_parse (json, strlen (json), &fyr_json_limits_fhir, NULL);
      if (document == NULL)
        continue;
      read = fyr_fhir_bundle_read (fyr_json_document_get_root (document), outcome);
      g_assert_cmpint (read == NULL, ==, fyr_fhir_outcome_get_length (outcome) > 0);
      for (guint i = 0; read != NULL && i < read->entries->len; i++) {
        const FyrBundleEntry *entry = &g_array_index (read->entries, FyrBundleEntry, i);
        FyrObservation o;

        if (g_strcmp0 (entry->resource_type, "Observation") == 0)
          fyr_fhir_observation_read (document, entry->resource, fyr_json_document_get_root (document), NOW,
                                     &o, outcome);
      }
    }
  }
}

/* Mapping must leave time for storing: far below the 40 µs that a report may cost here. */
static void
test_quick (void)
{
  gint64 started = g_get_monotonic_time ();
  const guint n = 5000;
  double each;

  for (guint i = 0; i < n; i++)
    g_assert_true (try_text (resources[0]));
  each = (double)(g_get_monotonic_time () - started) / n;
  g_test_message ("%.1f µs an Observation, checks included", each);
  /* A busy machine or a sanitizer is ten times slower; a mistake in the reader is a hundred times. */
  g_assert_cmpfloat (each, <, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/hostile/the-material-is-good", test_good);
  g_test_add_func ("/fhir/hostile/every-element-by-every-wrong-thing", test_every_element);
  g_test_add_func ("/fhir/hostile/every-member-left-out", test_every_member_left_out);
  g_test_add_func ("/fhir/hostile/two-at-once", test_random_pairs);
  g_test_add_func ("/fhir/hostile/bundles-too", test_bundles);
  g_test_add_func ("/fhir/hostile/mapping-is-quick", test_quick);
  return g_test_run ();
}
