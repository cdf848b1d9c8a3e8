/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-fhir-fixture.h"

#include <string.h>

static const char good[] =
    "{\"resourceType\":\"Observation\",\"status\":\"final\","
    "\"identifier\":[{\"system\":\"urn:gateway\",\"value\":\"17\"}],"
    "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2708-6\"}]},"
    "\"subject\":{\"identifier\":{\"system\":\"urn:oid:2.16.578.1.12.4.1.4.1\",\"value\":\"13116900216\"}},"
    "\"effectiveDateTime\":\"2026-09-21T08:15:30+02:00\","
    "\"valueQuantity\":{\"value\":93,\"unit\":\"%\",\"system\":\"http://"
    "unitsofmeasure.org\",\"code\":\"%\"}}";

void
fhir_read (Read *self, const char *json)
{
  g_autoptr (GError) error = NULL;

  memset (self, 0, sizeof *self);
  self->document = fyr_json_document_parse (json, strlen (json), &fyr_json_limits_fhir, &error);
  if (error != NULL)
    g_error ("%s in %s", error->message, json);
  self->outcome = fyr_fhir_outcome_new ();
  self->fine = fyr_fhir_observation_read (self->document, fyr_json_document_get_root (self->document), NULL,
                                          FHIR_NOW, &self->observation, self->outcome);
  g_assert_cmpint (self->fine, ==, fyr_fhir_outcome_get_length (self->outcome) == 0);
}

void
fhir_read_clear (Read *self)
{
  g_clear_pointer (&self->document, fyr_json_document_free);
  g_clear_pointer (&self->outcome, fyr_fhir_outcome_free);
}

static char *
rewrite (const char *name, const char *member)
{
  g_autoptr (JsonNode) root = json_from_string (good, NULL);
  JsonObject *object = json_node_get_object (root);
  g_autofree char *wrapped = member != NULL ? g_strdup_printf ("{%s}", member) : NULL;
  g_autoptr (JsonNode) node = wrapped != NULL ? json_from_string (wrapped, NULL) : NULL;
  g_autoptr (GList) names = NULL;

  if (wrapped != NULL && node == NULL)
    g_error ("no JSON: %s", member);
  if (name != NULL)
    json_object_remove_member (object, name);
  names = node != NULL ? json_object_get_members (json_node_get_object (node)) : NULL;
  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_member (object, l->data, json_object_dup_member (json_node_get_object (node), l->data));
  return json_to_string (root, FALSE);
}

char *
fhir_with (const char *member)
{
  return rewrite (strstr (member, "\"value") == member || strstr (member, "\"dataAbsent") == member
                      ? "valueQuantity"
                      : NULL,
                  member);
}

char *
fhir_without (const char *name)
{
  return rewrite (name, NULL);
}

void
fhir_assert_refused (const char *json, guint status, const char *code, const char *expression)
{
  g_auto (Read) read = { 0 };
  const FyrFhirIssue *issue;

  fhir_read (&read, json);
  if (read.fine)
    g_error ("accepted: %s", json);
  issue = fyr_fhir_outcome_get (read.outcome, 0);
  if (issue->status != status || g_strcmp0 (issue->code, code) != 0 ||
      g_strcmp0 (issue->expression, expression) != 0)
    g_error ("%u %s %s (%s), not %u %s %s: %s", issue->status, issue->code, issue->expression,
             issue->diagnostics, status, code, expression, json);
  g_assert_cmpuint (fyr_fhir_outcome_get_length (read.outcome), ==, 1);
}
