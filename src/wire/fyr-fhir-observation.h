/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-fhir-outcome.h"
#include "fyr-json-document.h"
#include "fyr-measurement-kind.h"

G_BEGIN_DECLS

#define FYR_FHIR_FUTURE_MS G_GINT64_CONSTANT (600000)
#define FYR_FHIR_OLDEST_YEARS 50

/**
 * FyrObservationStatus:
 * @FYR_OBSERVATION_FINAL: a new value (preliminary, final, unknown, or cancelled with a reason)
 * @FYR_OBSERVATION_CORRECTED: replaces the value sent before with the same identifier (amended, corrected)
 * @FYR_OBSERVATION_ENTERED_IN_ERROR: voids the value sent before with the same identifier
 */
typedef enum {
  FYR_OBSERVATION_FINAL,
  FYR_OBSERVATION_CORRECTED,
  FYR_OBSERVATION_ENTERED_IN_ERROR,
} FyrObservationStatus;

/**
 * FyrObservation:
 * @kind: what was measured
 * @status: new, correction, or void
 * @has_value: whether there is a number (systolic of a blood pressure)
 * @value: in the kind's own unit
 * @has_value2: whether there is a second number
 * @value2: diastolic
 * @implausible: outside the kind's plausible range: to be kept and flagged
 * @value_text: (nullable): a sensor word as sent, or the ACVPU letter; at most 40 characters
 * @absent_reason: (nullable): code of HL7's data-absent-reason
 * @reported_value: (nullable): the number(s) as sent, when the unit was converted ("154 / 98")
 * @reported_unit: (nullable): the unit as sent, likewise
 * @effective_time: when it was taken, milliseconds
 * @has_offset: whether the sender gave an offset; else the centre's zone was assumed
 * @offset_minutes: that offset
 * @date_only: only a day was sent: @effective_time is noon that day, or now if that is earlier
 * @subject_system: (nullable): identifier system of the patient
 * @subject_value: (nullable): identifier value of the patient
 * @subject_id: (nullable): the patient's own id here, when referred to by `urn:uuid:` or `Patient/`
 * @external_id: (nullable): `system|value` of the identifier
 * @device_text: (nullable): the device as the gateway named it; at most 80 characters
 * @note: (nullable): the patient's remark; at most 2000 characters
 *
 * An Observation as Fyrlykt understands it. Texts belong to the document it was read from.
 */
typedef struct {
  FyrMeasurementKind kind;
  FyrObservationStatus status;
  gboolean has_value;
  double value;
  gboolean has_value2;
  double value2;
  gboolean implausible;
  const char *value_text;
  const char *absent_reason;
  const char *reported_value;
  const char *reported_unit;
  gint64 effective_time;
  gboolean has_offset;
  int offset_minutes;
  gboolean date_only;
  const char *subject_system;
  const char *subject_value;
  const char *subject_id;
  const char *external_id;
  const char *device_text;
  const char *note;
} FyrObservation;

/**
 * fyr_fhir_observation_read:
 * @document: owner of @resource; texts are made in it
 * @resource: the Observation
 * @bundle: (nullable): the Bundle it came in: a subject that refers to a Patient entry is looked up there
 * @now: the server's clock, milliseconds
 * @observation: (out caller-allocates): the result; of no use when %FALSE is returned
 * @outcome: receives an issue for each fault
 *
 * What is read and what refused stands in `fhir.md`.
 *
 * Returns: whether it may be stored
 */
gboolean
fyr_fhir_observation_read (FyrJsonDocument *document,
                           const FyrJsonValue *resource,
                           const FyrJsonValue *bundle,
                           gint64 now,
                           FyrObservation *observation,
                           FyrFhirOutcome *outcome);

/**
 * fyr_fhir_observation_write:
 * @id: (nullable): logical id
 *
 * Writes a FHIR Observation of the measurement: what a patient app sends, and what is answered. A
 * @reported_unit without @reported_value: the values are in that unit (an app may send another).
 */
void
fyr_fhir_observation_write (const FyrObservation *observation,
                            const char *id,
                            FyrJsonWriter *json,
                            const char *name);

G_END_DECLS
