/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-fhir-outcome.h"

#include <string.h>

#include "fyr-wire-error.h"

#define MAX_ISSUES 20

struct _FyrFhirOutcome {
  GArray *issues;
};

static void
clear_issue (gpointer data)
{
  FyrFhirIssue *issue = data;

  g_free (issue->expression);
  g_free (issue->diagnostics);
}

FyrFhirOutcome *
fyr_fhir_outcome_new (void)
{
  return g_new0 (FyrFhirOutcome, 1);
}

void
fyr_fhir_outcome_free (FyrFhirOutcome *self)
{
  g_clear_pointer (&self->issues, g_array_unref);
  g_free (self);
}

void
fyr_fhir_outcome_clear (FyrFhirOutcome *self)
{
  g_clear_pointer (&self->issues, g_array_unref);
}

void
fyr_fhir_outcome_add (
    FyrFhirOutcome *self, guint status, const char *code, const char *expression, const char *diagnostics)
{
  FyrFhirIssue issue = { status, code, g_strdup (expression), g_strdup (diagnostics) };

  if (self->issues == NULL) {
    self->issues = g_array_new (FALSE, FALSE, sizeof (FyrFhirIssue));
    g_array_set_clear_func (self->issues, clear_issue);
  }
  if (self->issues->len < MAX_ISSUES)
    g_array_append_val (self->issues, issue);
  else
    clear_issue (&issue);
}

void
fyr_fhir_outcome_add_error (FyrFhirOutcome *self, const GError *error)
{
  guint status = fyr_wire_error_to_status (error);

  if (error->domain != FYR_WIRE_ERROR)
    fyr_fhir_outcome_add (self, 500, "exception", NULL, "The server could not do this; try again later");
  else
    fyr_fhir_outcome_add (self, status, status == 413 ? "too-long" : "structure", NULL, error->message);
}

void
fyr_fhir_outcome_add_all (FyrFhirOutcome *self, FyrFhirOutcome *other, guint entry)
{
  for (guint i = 0; i < fyr_fhir_outcome_get_length (other); i++) {
    const FyrFhirIssue *issue = fyr_fhir_outcome_get (other, i);
    const char *rest = issue->expression != NULL ? strchr (issue->expression, '.') : NULL;
    g_autofree char *expression =
        g_strdup_printf ("Bundle.entry[%u].resource%s", entry, rest != NULL ? rest : "");

    fyr_fhir_outcome_add (self, issue->status, issue->code, expression, issue->diagnostics);
  }
}

guint
fyr_fhir_outcome_get_length (FyrFhirOutcome *self)
{
  return self->issues != NULL ? self->issues->len : 0;
}

const FyrFhirIssue *
fyr_fhir_outcome_get (FyrFhirOutcome *self, guint index)
{
  return &g_array_index (self->issues, FyrFhirIssue, index);
}

guint
fyr_fhir_outcome_get_status (FyrFhirOutcome *self)
{
  return fyr_fhir_outcome_get_length (self) > 0 ? fyr_fhir_outcome_get (self, 0)->status : 200;
}

static void
write_issue (FyrJsonWriter *json, const char *severity, const FyrFhirIssue *issue)
{
  fyr_json_writer_begin_object (json, NULL);
  fyr_json_writer_string (json, "severity", severity);
  fyr_json_writer_string (json, "code", issue->code);
  fyr_json_writer_text (json, "diagnostics", issue->diagnostics);
  if (issue->expression != NULL) {
    fyr_json_writer_begin_array (json, "expression");
    fyr_json_writer_string (json, NULL, issue->expression);
    fyr_json_writer_end_array (json);
  }
  fyr_json_writer_end_object (json);
}

void
fyr_fhir_outcome_write (FyrFhirOutcome *self, FyrJsonWriter *json, const char *name)
{
  static char all_ok[] = "All OK";
  static const FyrFhirIssue fine = { 200, "informational", NULL, all_ok };
  guint n = fyr_fhir_outcome_get_length (self);

  fyr_json_writer_begin_object (json, name);
  fyr_json_writer_string (json, "resourceType", "OperationOutcome");
  fyr_json_writer_begin_array (json, "issue");
  if (n == 0)
    write_issue (json, "information", &fine);
  for (guint i = 0; i < n; i++)
    write_issue (json, "error", fyr_fhir_outcome_get (self, i));
  fyr_json_writer_end_array (json);
  fyr_json_writer_end_object (json);
}

char *
fyr_fhir_outcome_to_text (FyrFhirOutcome *self)
{
  GString *text = g_string_new (NULL);
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_fhir_outcome_write (self, &json, NULL);
  return g_string_free (text, FALSE);
}
