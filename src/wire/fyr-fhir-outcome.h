/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-json-writer.h"

G_BEGIN_DECLS

/**
 * FyrFhirIssue:
 * @status: the HTTP status it asks for
 * @code: a code of FHIR's issue-type
 * @expression: (nullable): FHIRPath of the element at fault; owned
 * @diagnostics: plain English for the one who set up the gateway; no values, no patient data; owned
 */
typedef struct {
  guint status;
  const char *code;
  char *expression;
  char *diagnostics;
} FyrFhirIssue;

/** FyrFhirOutcome: what is wrong with a request; at most 20 issues are kept. */
typedef struct _FyrFhirOutcome FyrFhirOutcome;

FyrFhirOutcome *
fyr_fhir_outcome_new (void);
void
fyr_fhir_outcome_free (FyrFhirOutcome *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrFhirOutcome, fyr_fhir_outcome_free)

/**
 * fyr_fhir_outcome_add:
 * @code: static: structure, required, value, invariant, code-invalid, not-found, not-supported, …
 * @expression: (nullable): FHIRPath, copied
 * @diagnostics: copied
 */
void
fyr_fhir_outcome_add (
    FyrFhirOutcome *self, guint status, const char *code, const char *expression, const char *diagnostics);

/** fyr_fhir_outcome_add_error: an error of %FYR_WIRE_ERROR (its message gives the byte) as an issue. */
void
fyr_fhir_outcome_add_error (FyrFhirOutcome *self, const GError *error);

/**
 * fyr_fhir_outcome_add_all:
 * @other: issues of one resource
 * @entry: its place in the Bundle
 *
 * Adds @other's issues with expressions as seen from the Bundle.
 */
void
fyr_fhir_outcome_add_all (FyrFhirOutcome *self, FyrFhirOutcome *other, guint entry);

/** fyr_fhir_outcome_clear: forgets all issues. */
void
fyr_fhir_outcome_clear (FyrFhirOutcome *self);

/**
 * fyr_fhir_outcome_get_length:
 *
 * Returns: how many issues are kept; each is read with fyr_fhir_outcome_get(), index from 0
 */
guint
fyr_fhir_outcome_get_length (FyrFhirOutcome *self);
const FyrFhirIssue *
fyr_fhir_outcome_get (FyrFhirOutcome *self, guint index);

/** fyr_fhir_outcome_get_status: the status to answer with: the first issue's; 200 when there is none. */
guint
fyr_fhir_outcome_get_status (FyrFhirOutcome *self);

/** fyr_fhir_outcome_write: writes the OperationOutcome (one "informational" issue when there is none). */
void
fyr_fhir_outcome_write (FyrFhirOutcome *self, FyrJsonWriter *json, const char *name);

/** fyr_fhir_outcome_to_text: (transfer full): the OperationOutcome alone. */
char *
fyr_fhir_outcome_to_text (FyrFhirOutcome *self);

G_END_DECLS
