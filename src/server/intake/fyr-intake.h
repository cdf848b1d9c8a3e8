/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-record.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/**
 * FyrIntake:
 *
 * What patient apps and gateways send over FHIR becomes measurements, judged and alerted on, in one
 * transaction. `src/wire/fhir.md` is its interface. Belongs to the main context; what it keeps in memory about
 * patients belongs to the writer's thread.
 */
typedef struct _FyrIntake FyrIntake;

/** fyr_intake_new: Returns: (transfer full): the intake; made before the first job, freed after the writer */
FyrIntake *
fyr_intake_new (FyrServerDb *db, FyrWriter *writer);

void
fyr_intake_free (FyrIntake *self);

/**
 * FyrIntakeRequest:
 * @method: HTTP method
 * @path: path without query
 * @content_type: (nullable): as sent
 * @centre_id: (nullable): centre of the gateway whose token came along; %NULL: no valid token
 * @body: (nullable): the body
 * @now: the server's clock, milliseconds
 */
typedef struct {
  const char *method;
  const char *path;
  const char *content_type;
  const char *centre_id;
  GBytes *body;
  gint64 now;
} FyrIntakeRequest;

/**
 * FyrIntakeReply:
 * @status: HTTP status
 * @location: (nullable): of what was made, relative to the server's root
 * @body: FHIR JSON (`application/fhir+json`): Observation, Bundle, CapabilityStatement or OperationOutcome
 * @length: bytes in @body
 */
typedef struct {
  guint status;
  const char *location;
  const char *body;
  gsize length;
} FyrIntakeReply;

/** FyrIntakeDoneFunc: called once for each request, at once or after its commit, on the main context */
typedef void (*FyrIntakeDoneFunc) (const FyrIntakeReply *reply, gpointer data);

/** fyr_intake_is_for_everybody: Returns: whether fyr_intake_handle() asks no gateway for this, nor the database */
gboolean
fyr_intake_is_for_everybody (const char *method, const char *path);

/**
 * fyr_intake_handle:
 *
 * Answers everything under `/fhir`: `POST /fhir/Observation`, `POST /fhir`, `GET /fhir/metadata` (for
 * everybody), and each other path, method, type or missing token with an OperationOutcome. @done tells the
 * sender nothing before it is on the disk.
 */
void
fyr_intake_handle (FyrIntake *self, const FyrIntakeRequest *request, FyrIntakeDoneFunc done, gpointer data);

/**
 * fyr_intake_refusal:
 * @code: an issue-type of FHIR: `too-long`, `throttled`, `login` …
 * @text: English
 *
 * Returns: (transfer full): an OperationOutcome, for refusals outside of fyr_intake_handle() (413, 429)
 */
char *
fyr_intake_refusal (guint status, const char *code, const char *text);

/**
 * fyr_intake_check_missing:
 * @now: milliseconds
 *
 * Looks for reports that are expected and have not come, 100 patients a job, and raises one green alert for
 * each, once until a report arrives. Call each minute; it works when the day in Norway changed, or 15 minutes
 * passed, since it last did.
 */
void
fyr_intake_check_missing (FyrIntake *self, gint64 now);

/**
 * fyr_intake_follow:
 * @before: (nullable): a record as it was
 * @after: (nullable): as it is
 * @intake: a #FyrIntake
 *
 * Follows a change a workstation made: a measurement typed in is judged like one that was reported.
 *
 * Returns: %TRUE, or %FALSE with any error of fyr_apply_put()
 */
gboolean
fyr_intake_follow (
    FyrWriteContext *context, FyrRecord *before, FyrRecord *after, gpointer intake, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrIntake, fyr_intake_free)

G_END_DECLS
