/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "fyr-intake.h"
#include "fyr-records.h"
#include "fyr-server-db.h"

G_BEGIN_DECLS

/*
 * A data folder of its own with one centre and one patient, a writer and an intake, without HTTP.
 */
typedef struct {
  char *directory;
  FyrServerDb *db;
  FyrWriter *writer;
  FyrIntake *intake;
  char centre_id[37];
  char patient_id[37];
} IntakeFixture;

#define INTAKE_SYSTEM "urn:oid:2.16.578.1.12.4.1.4.1"
#define INTAKE_NUMBER "13116900216"

void
intake_fixture_set_up (IntakeFixture *self, gconstpointer data);
void
intake_fixture_tear_down (IntakeFixture *self, gconstpointer data);

/* Writes a record through the writer, as a push would. */
void
intake_fixture_put (IntakeFixture *self, gpointer record);

/* A limit of the patient for @kind, valid from @valid_from. */
FyrLimit *
intake_fixture_limit (IntakeFixture *self, FyrMeasurementKind kind, gint64 valid_from);

/* A patient more at the centre; the id is written to @id. */
void
intake_fixture_patient (IntakeFixture *self, const char *number, FyrPatientStatus status, char id[37]);

/* One value of a query. */
gint64
intake_fixture_count (IntakeFixture *self, const char *sql);

/* The answer to a POST; waits for it. @reply is the JSON. Returns: the status */
guint
intake_fixture_post (IntakeFixture *self, const char *path, const char *body, JsonNode **reply);

/* The same for everything that can be wrong about a request. */
guint
intake_fixture_request (IntakeFixture *self, FyrIntakeRequest request, const char *body, JsonNode **reply);

/* An Observation of @loinc; @value is the value[x] member with its name; @extra more members or "". */
char *
intake_observation (const char *loinc, const char *value, const char *time, const char *extra);

G_END_DECLS
