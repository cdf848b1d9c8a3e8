/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-fhir-bundle.h"

#include <string.h>

#define MAX_FULL_URL 300

static const struct {
  const char *code;
  const char *reply;
} types[] = {
  { "transaction", "transaction-response" },
  { "batch", "batch-response" },
  { "collection", "batch-response" },
};

void
fyr_fhir_bundle_free (FyrBundle *self)
{
  g_array_unref (self->entries);
  g_free (self);
}

static gboolean
refuse (FyrFhirOutcome *outcome, guint status, const char *code, const char *expression, const char *text)
{
  fyr_fhir_outcome_add (outcome, status, code, expression, text);
  return FALSE;
}

static gboolean
read_type (const FyrJsonValue *root, FyrBundleType *type, FyrFhirOutcome *outcome)
{
  const char *code = fyr_json_value_get_string (root, "type");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    if (g_strcmp0 (code, types[i].code) == 0) {
      *type = (FyrBundleType)i;
      return TRUE;
    }
  }
  if (code == NULL)
    return refuse (outcome, 400, "required", "Bundle.type", "The type is missing");
  return refuse (outcome, 422, "not-supported", "Bundle.type",
                 "Only Bundles of type transaction, batch and collection are taken");
}

static void
read_entry (const FyrJsonValue *value, guint index, GArray *entries)
{
  FyrBundleEntry entry = { index, fyr_json_value_get_string (value, "fullUrl"), NULL, NULL, NULL };

  entry.resource = fyr_json_value_get (value, "resource");
  entry.resource_type = fyr_json_value_get_string (entry.resource, "resourceType");
  entry.method = fyr_json_value_get_string (fyr_json_value_get (value, "request"), "method");
  if (entry.full_url != NULL && strlen (entry.full_url) > MAX_FULL_URL)
    entry.full_url = NULL;
  g_array_append_val (entries, entry);
}

FyrBundle *
fyr_fhir_bundle_read (const FyrJsonValue *root, FyrFhirOutcome *outcome)
{
  g_autoptr (FyrBundle) self = g_new0 (FyrBundle, 1);
  const FyrJsonValue *array = fyr_json_value_get (root, "entry");
  guint index = 0;
  gboolean fine = TRUE;

  self->entries = g_array_new (FALSE, FALSE, sizeof (FyrBundleEntry));
  if (g_strcmp0 (fyr_json_value_get_string (root, "resourceType"), "Bundle") != 0)
    fine = refuse (outcome, 400, "structure", "Bundle", "The resource is no Bundle");
  else if (!read_type (root, &self->type, outcome))
    fine = FALSE;
  else if (!fyr_json_value_is (array, FYR_JSON_ARRAY) || array->first == NULL)
    fine = refuse (outcome, 400, "required", "Bundle.entry", "The Bundle has no entries");
  else if (array->length > FYR_FHIR_MAX_ENTRIES)
    fine = refuse (outcome, 413, "too-costly", "Bundle.entry", "The Bundle has more than 1000 entries");
  if (!fine)
    return NULL;
  for (const FyrJsonValue *v = array->first; v != NULL; v = v->next)
    read_entry (v, index++, self->entries);
  return g_steal_pointer (&self);
}

void
fyr_bundle_reply_begin (FyrBundleReply *self, GString *text, FyrBundleType type)
{
  self->json = (FyrJsonWriter)FYR_JSON_WRITER_INIT (text);
  fyr_json_writer_begin_object (&self->json, NULL);
  fyr_json_writer_string (&self->json, "resourceType", "Bundle");
  fyr_json_writer_string (&self->json, "type", types[type].reply);
  fyr_json_writer_begin_array (&self->json, "entry");
}

static const char *
status_line (guint status)
{
  switch (status) {
  case 200:
    return "200 OK";
  case 201:
    return "201 Created";
  case 400:
    return "400 Bad Request";
  case 403:
    return "403 Forbidden";
  case 404:
    return "404 Not Found";
  case 409:
    return "409 Conflict";
  case 413:
    return "413 Payload Too Large";
  case 422:
    return "422 Unprocessable Entity";
  case 500:
    return "500 Internal Server Error";
  default:
    return NULL;
  }
}

void
fyr_bundle_reply_add (
    FyrBundleReply *self, const char *full_url, guint status, const char *id, FyrFhirOutcome *outcome)
{
  FyrJsonWriter *json = &self->json;
  char number[16];
  char location[64];

  g_snprintf (number, sizeof number, "%u", status);
  fyr_json_writer_begin_object (json, NULL);
  fyr_json_writer_text (json, "fullUrl", full_url);
  fyr_json_writer_begin_object (json, "response");
  fyr_json_writer_string (json, "status", status_line (status) != NULL ? status_line (status) : number);
  if (id != NULL) {
    g_snprintf (location, sizeof location, "Observation/%s", id);
    fyr_json_writer_string (json, "location", location);
  }
  if (outcome != NULL)
    fyr_fhir_outcome_write (outcome, json, "outcome");
  fyr_json_writer_end_object (json);
  fyr_json_writer_end_object (json);
}

void
fyr_bundle_reply_end (FyrBundleReply *self)
{
  fyr_json_writer_end_array (&self->json);
  fyr_json_writer_end_object (&self->json);
}
