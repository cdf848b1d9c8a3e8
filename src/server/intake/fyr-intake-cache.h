/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-calendar.h"
#include "fyr-fhir-observation.h"
#include "fyr-records.h"
#include "fyr-triage.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/*
 * Inside of the intake folder: what is kept about patients between jobs, so that a report costs few
 * look-ups. Lives on the writer's thread; every change of a record that passes through fyr-apply.h drops
 * what it touches, and an undone job drops all.
 */

/**
 * FyrIntakePatient:
 * @limits: (element-type FyrLimitRule): limits of all kinds and times
 * @limit_ids: (element-type utf8): their ids, in the same order
 * @recent: readings of a kind since @recent_since, or %NULL while not looked up
 * @grey_told: of each kind: when an alert about missing limits was raised or closed last, 0 for never; milliseconds
 * @grey_open: whether one of those is not closed
 */
typedef struct {
  char id[37];
  char centre_id[37];
  FyrPatientStatus status;
  GArray *limits;
  GPtrArray *limit_ids;
  GArray *recent[FYR_MEASUREMENT_KIND_LAST + 1];
  gint64 recent_since[FYR_MEASUREMENT_KIND_LAST + 1];
  gboolean grey_loaded;
  gint64 grey_told[FYR_MEASUREMENT_KIND_LAST + 1];
  gboolean grey_open;
} FyrIntakePatient;

/** FyrIntakeCentre: @red_minutes: 0 when unset */
typedef struct {
  FyrOpeningHours hours;
  int red_minutes;
} FyrIntakeCentre;

typedef struct _FyrIntakeCache FyrIntakeCache;

/** fyr_intake_cache_new: (transfer full): an empty cache that watches the database for changes. */
FyrIntakeCache *
fyr_intake_cache_new (FyrServerDb *db);

void
fyr_intake_cache_free (FyrIntakeCache *self);

/** fyr_intake_cache_begin_own: changes until fyr_intake_cache_end_own() are the intake's, who keeps the cache true */
void
fyr_intake_cache_begin_own (FyrIntakeCache *self);
void
fyr_intake_cache_end_own (FyrIntakeCache *self);

/**
 * fyr_intake_cache_find_patient:
 * @centre_id: the gateway's centre
 *
 * By the observation's subject. fødselsnummer and D-number are one family: senders name either system.
 *
 * Returns: (transfer none) (nullable): the patient; %NULL without @error when the centre has none such
 */
FyrIntakePatient *
fyr_intake_cache_find_patient (FyrIntakeCache *self,
                               FyrWriteContext *context,
                               const char *centre_id,
                               const FyrObservation *observation,
                               GError **error);

/** fyr_intake_cache_get_patient: Returns: (transfer none) (nullable): by id; %NULL without @error when unknown */
FyrIntakePatient *
fyr_intake_cache_get_patient (FyrIntakeCache *self, FyrWriteContext *context, const char *id, GError **error);

/** fyr_intake_cache_get_centre: Returns: (transfer none) (nullable): hours; %NULL with @error */
const FyrIntakeCentre *
fyr_intake_cache_get_centre (FyrIntakeCache *self, FyrWriteContext *context, const char *id, GError **error);

/**
 * fyr_intake_cache_get_recent:
 * @since: earliest effective time needed
 *
 * Returns: (transfer none) (nullable) (element-type FyrReading): readings of @kind that are not voided; %NULL with
 *   @error
 */
GArray *
fyr_intake_cache_get_recent (FyrIntakePatient *patient,
                             FyrWriteContext *context,
                             FyrMeasurementKind kind,
                             gint64 since,
                             GError **error);

/** fyr_intake_cache_add_recent: a reading that was just stored */
void
fyr_intake_cache_add_recent (FyrIntakePatient *patient, const FyrReading *reading);

/** fyr_intake_cache_drop_recent: after a correction: what was kept of the kind is asked for again */
void
fyr_intake_cache_drop_recent (FyrIntakePatient *patient, FyrMeasurementKind kind);

/** fyr_intake_cache_load_grey: fills @grey_told and @grey_open. Returns: %FALSE with @error */
gboolean
fyr_intake_cache_load_grey (FyrIntakePatient *patient, FyrWriteContext *context, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrIntakeCache, fyr_intake_cache_free)

G_END_DECLS
