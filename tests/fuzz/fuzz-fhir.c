/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FHIR intake: any bytes become either something to store that keeps its bounds, or issues that say why not. */
#include "fyr-fuzz.h"

#include <math.h>
#include <string.h>

#include "fyr-fhir-bundle.h"
#include "fyr-fhir-observation.h"
#include "fyr-fhir-time.h"

#define NOW G_GINT64_CONSTANT (1795000000000)

static void
check_observation (const FyrObservation *observation)
{
  g_assert_cmpint (observation->kind, >, FYR_MEASUREMENT_KIND_UNSET);
  g_assert_cmpint (observation->kind, <=, FYR_MEASUREMENT_KIND_LAST);
  g_assert_cmpint (observation->effective_time, <=, NOW + FYR_FHIR_FUTURE_MS);
  g_assert_true (!observation->has_value || isfinite (observation->value));
  g_assert_true (!observation->has_value2 || isfinite (observation->value2));
  g_assert_true (observation->subject_value != NULL || observation->subject_id != NULL);
  g_assert_true (observation->note == NULL || g_utf8_validate (observation->note, -1, NULL));
  g_assert_true (observation->value_text == NULL || g_utf8_strlen (observation->value_text, -1) <= 40);
  g_assert_true (observation->device_text == NULL || g_utf8_strlen (observation->device_text, -1) <= 80);
}

static void
read_resource (FyrJsonDocument *document, const FyrJsonValue *resource, const FyrJsonValue *bundle)
{
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
  FyrObservation observation;
  if (fyr_fhir_observation_read (document, resource, bundle, NOW, &observation, outcome)) {
    check_observation (&observation);
    return;
  }
  g_assert_cmpuint (fyr_fhir_outcome_get_length (outcome), >, 0);
  g_assert_cmpuint (fyr_fhir_outcome_get_status (outcome), >=, 400);
  g_autofree char *text = fyr_fhir_outcome_to_text (outcome);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrJsonDocument) document =
      fyr_json_document_parse ((const char *)data, size, &fyr_json_limits_fhir, &error);
  g_autofree char *line = g_strndup (size > 0 ? (const char *)data : "", MIN (size, 64));
  FyrFhirTime time;
  fyr_fhir_time_parse (line, &time);
  g_assert_true ((document == NULL) == (error != NULL));
  if (document == NULL)
    return 0;
  const FyrJsonValue *root = fyr_json_document_get_root (document);
  read_resource (document, root, NULL);
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
  g_autoptr (FyrBundle) bundle = fyr_fhir_bundle_read (root, outcome);
  g_assert_true (bundle != NULL || fyr_fhir_outcome_get_length (outcome) > 0);
  for (guint i = 0; bundle != NULL && i < bundle->entries->len; i++) {
    const FyrBundleEntry *entry = &g_array_index (bundle->entries, FyrBundleEntry, i);
    if (entry->resource != NULL)
      read_resource (document, entry->resource, root);
  }
  return 0;
}
