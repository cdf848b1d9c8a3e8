/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-fhir-observation.h"

G_BEGIN_DECLS

/* 2026-09-21T14:13:20Z: the server's clock in these tests. */
#define FHIR_NOW G_GINT64_CONSTANT (1790000000000)

/* Reads an Observation and keeps all that came of it. */
typedef struct {
  FyrJsonDocument *document;
  FyrFhirOutcome *outcome;
  FyrObservation observation;
  gboolean fine;
} Read;

void
fhir_read (Read *self, const char *json);
void
fhir_read_clear (Read *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Read, fhir_read_clear)

/* An Observation of members that are all right; @member (`"name":…`) replaces the one of its name, or is added. */
char *
fhir_with (const char *member);

/* The same without the member @name. */
char *
fhir_without (const char *name);

/* Refused with this status, code and expression, in one issue. */
void
fhir_assert_refused (const char *json, guint status, const char *code, const char *expression);

G_END_DECLS
