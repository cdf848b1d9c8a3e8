/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-resource.h"

#include <string.h>

static void
copy_id (char to[37], const char *from)
{
  g_strlcpy (to, from != NULL ? from : "", 37);
}

int
fyr_patient_place_load (FyrConnection *connection,
                        const char *patient_id,
                        FyrPatientPlace *place,
                        GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  memset (place, 0, sizeof *place);
  select = fyr_connection_prepare (connection, "SELECT centre_id, gp_id FROM patient WHERE id = ?1", error);
  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_id (select, 1, patient_id);
  step = fyr_statement_step (select, error);
  if (step != FYR_STEP_ROW) {
    return step == FYR_STEP_DONE ? 0 : -1;
  }
  copy_id (place->centre_id, fyr_statement_get_id (select, 0));
  copy_id (place->gp_id, fyr_statement_get_id (select, 1));
  return 1;
}

void
fyr_record_resource_init (FyrRecordResource *self, FyrRecord *record, const FyrPatientPlace *place)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);

  memset (self, 0, sizeof *self);
  self->resource.info = info;
  self->resource.scope = info->scope;
  if (info == &fyr_patient_info) {
    copy_id (self->place.gp_id, fyr_patient_get_gp_id (FYR_PATIENT (record)));
    copy_id (self->patient_id, fyr_record_get_id (record));
  } else if (info->scope_by == FYR_SCOPE_BY_PATIENT) {
    copy_id (self->patient_id, fyr_record_get_string (record, info->patient_field));
    self->place = place != NULL ? *place : self->place;
  }
  if (info->scope_by == FYR_SCOPE_BY_CENTRE) {
    copy_id (self->place.centre_id, fyr_record_get_string (record, info->centre_field));
  }
  if (info == &fyr_centre_info) {
    copy_id (self->place.centre_id, fyr_record_get_id (record));
  }
  if (info->scope_by != FYR_SCOPE_BY_GLOBAL || info == &fyr_centre_info) {
    self->resource.centre_id = self->place.centre_id;
  }
  if (self->patient_id[0] != '\0') {
    self->resource.patient_id = self->patient_id;
    self->resource.gp_id = self->place.gp_id;
  }
}

int
fyr_record_resource_load (FyrRecordResource *self,
                          FyrConnection *connection,
                          FyrRecord *record,
                          GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  FyrPatientPlace place = { "", "" };
  int found = 1;

  if (info->scope_by == FYR_SCOPE_BY_PATIENT) {
    const char *patient_id = fyr_record_get_string (record, info->patient_field);
    found = patient_id != NULL ? fyr_patient_place_load (connection, patient_id, &place, error) : 0;
  }
  fyr_record_resource_init (self, record, &place);
  return found;
}
