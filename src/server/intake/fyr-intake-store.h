/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-intake-cache.h"

G_BEGIN_DECLS

/*
 * Inside of the intake folder: one observation becomes records.
 */

/**
 * FyrIntakeResult:
 * @status: HTTP status: 201 stored, 200 there already, 409 or 422 refused
 * @id: the measurement's id with 200 and 201
 */
typedef struct {
  guint status;
  char id[37];
} FyrIntakeResult;

/**
 * fyr_intake_resolve:
 * @patient: (out): whose it is
 * @outcome: receives the reason of a refusal
 *
 * What can be refused before anything is written: the patient must be followed up by the centre.
 *
 * Returns: 1 when fine, 0 when refused, -1 with @error
 */
int
fyr_intake_resolve (FyrIntakeCache *cache,
                    FyrWriteContext *context,
                    const char *centre_id,
                    const FyrObservation *observation,
                    FyrIntakePatient **patient,
                    FyrFhirOutcome *outcome,
                    GError **error);

/**
 * fyr_intake_store:
 * @new_id: the id of the measurement, if it becomes a new one
 *
 * A repeated report is found by its identifier (or, without one, by being the same in all): 200 and the
 * same id. The same identifier with other content is 409 unless the status says that it is a correction.
 * Else measurement, verdict by the limits that held then, alert with deadline and its event are written.
 *
 * Returns: %TRUE with @result, also for a refusal; %FALSE with @error: fail the job
 */
gboolean
fyr_intake_store (FyrIntakeCache *cache,
                  FyrWriteContext *context,
                  FyrIntakePatient *patient,
                  const FyrObservation *observation,
                  const char *new_id,
                  FyrIntakeResult *result,
                  FyrFhirOutcome *outcome,
                  GError **error);

/**
 * fyr_intake_raise:
 * @alert: category, rule and what was observed are set; patient, times, id and status are filled in here
 *
 * Writes an alert with its deadline in the centre's opening hours, and the event that it was raised.
 *
 * Returns: %FALSE with @error
 */
gboolean
fyr_intake_raise (FyrIntakeCache *cache,
                  FyrWriteContext *context,
                  FyrIntakePatient *patient,
                  FyrAlert *alert,
                  GError **error);

/**
 * fyr_intake_judge:
 * @measurement: one that is written already, by a workstation: typed in, or a correction
 *
 * Judges it as a report that came over FHIR: its category is set, an alert raised, and the alerts of one it corrects
 * are told.
 *
 * Returns: %TRUE, or %FALSE with any error of fyr_apply_put(): fail the job
 */
gboolean
fyr_intake_judge (FyrIntakeCache *cache,
                  FyrWriteContext *context,
                  FyrMeasurement *measurement,
                  GError **error);

G_END_DECLS
