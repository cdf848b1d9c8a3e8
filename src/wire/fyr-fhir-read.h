/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-fhir-observation.h"

G_BEGIN_DECLS

/*< private >*/
/* What the parts of the Observation reader share. Readers return FALSE after they added an issue. */
typedef struct {
  FyrJsonDocument *document;
  const FyrJsonValue *resource;
  const FyrJsonValue *bundle;
  gint64 now;
  FyrObservation *observation;
  FyrFhirOutcome *outcome;
} FyrFhirReader;

/* A value[x] or its absence, on the Observation or on a component. */
typedef struct {
  gboolean has_value;
  double value;
  const char *number;
  const char *unit;
  const char *word;
  const char *absent;
} FyrFhirAnswer;

#define FYR_FHIR_BAD_REQUEST 400
#define FYR_FHIR_UNPROCESSABLE 422

/** fyr_fhir_refuse: Adds an issue to the outcome. Returns: always %FALSE, to be returned further */
gboolean
fyr_fhir_refuse (
    FyrFhirReader *reader, guint status, const char *code, const char *expression, const char *diagnostics);

/* TRUE and *member NULL when absent; refused when it is there and of another type. */
gboolean
fyr_fhir_read_member (FyrFhirReader *reader,
                      const FyrJsonValue *object,
                      const char *name,
                      FyrJsonType type,
                      const char *expression,
                      const FyrJsonValue **member);

/* The value of @object (the Observation or a component) for a measurement of the reader's kind. */
gboolean
fyr_fhir_read_answer (FyrFhirReader *reader,
                      const FyrJsonValue *object,
                      const char *expression,
                      FyrFhirAnswer *answer);

/* Value, components and absence into the observation; its kind is known. @alone: which half of a blood
   pressure the Observation itself is. */
gboolean
fyr_fhir_read_values (FyrFhirReader *reader, FyrLimitComponent alone);

/** fyr_fhir_read_subject: Reads who it is about into the observation. Returns: %FALSE when it was refused */
gboolean
fyr_fhir_read_subject (FyrFhirReader *reader);

/* At most @max characters of @text, in the document. */
const char *
fyr_fhir_cut (FyrFhirReader *reader, const char *text, gsize max);

G_END_DECLS
