/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-authz.h"

G_BEGIN_DECLS

/** FyrPatientPlace: whom a patient belongs to; empty texts when there is none */
typedef struct {
  char centre_id[37];
  char gp_id[37];
} FyrPatientPlace;

/**
 * FyrRecordResource:
 * @resource: what fyr_authz() takes; points into this
 *
 * Must stay where it is while in use.
 */
typedef struct {
  FyrResource resource;
  FyrPatientPlace place;
  char patient_id[37];
} FyrRecordResource;

/** fyr_patient_place_load: Returns: 1 when the patient is there, 0 when not, -1 with any %FYR_DB_ERROR */
int
fyr_patient_place_load (FyrConnection *connection,
                        const char *patient_id,
                        FyrPatientPlace *place,
                        GError **error);

/**
 * fyr_record_resource_init:
 * @record: the record
 * @place: (nullable): where its patient belongs; needed for kinds carried by their patient
 *
 * Describes the record to fyr_authz(). A centre's record belongs to that centre.
 */
void
fyr_record_resource_init (FyrRecordResource *self, FyrRecord *record, const FyrPatientPlace *place);

/**
 * fyr_record_resource_load:
 *
 * The same, looking the patient up.
 *
 * Returns: 1, 0 when the patient is not there, -1 with any %FYR_DB_ERROR
 */
int
fyr_record_resource_load (FyrRecordResource *self,
                          FyrConnection *connection,
                          FyrRecord *record,
                          GError **error);

G_END_DECLS
