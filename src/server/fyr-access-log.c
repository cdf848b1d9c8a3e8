/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-access-log.h"

#include "fyr-emergency-grant.h"
#include "fyr-record-table.h"
#include "fyr-text-fold.h"

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_FORBIDDEN, message);
  return FALSE;
}

gboolean
fyr_access_log_may_write (
    FyrConnection *connection, const FyrSubject *subject, gint64 now, FyrAuditEvent *event, GError **error)
{
  const char *agent_id = fyr_audit_event_get_agent_id (event);
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step = FYR_STEP_ERROR;

  if (agent_id != NULL && !g_str_equal (agent_id, subject->user_id)) {
    return refuse (error, "Written in another's name");
  }
  select = fyr_connection_prepare (connection,
                                   "SELECT role FROM membership WHERE user_id = ?1 AND centre_id = ?2"
                                   " AND (valid_from IS NULL OR valid_from <= ?3)",
                                   error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, subject->user_id);
  fyr_statement_bind_id (select, 2, fyr_audit_event_get_centre_id (event));
  fyr_statement_bind_int (select, 3, now);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    if (fyr_audit_event_info.write_roles & (1u << fyr_statement_get_int (select, 0))) {
      return TRUE;
    }
  }
  return step == FYR_STEP_DONE && refuse (error, "The user never saw patients of this centre");
}

/* %FALSE with @error; *record stays %NULL when there is none. */
static gboolean
load (
    FyrConnection *connection, const FyrRecordInfo *info, const char *id, FyrRecord **record, GError **error)
{
  g_autoptr (GError) failure = NULL;

  *record = id != NULL ? fyr_record_table_get (connection, info, id, &failure) : NULL;
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return TRUE;
}

/* Of several roles at the centre the one that sees most, which stands first in access.toml. */
static FyrRole
find_role (const FyrSubject *subject, const char *centre_id)
{
  for (FyrRole role = FYR_ROLE_UNSET + 1; role <= FYR_ROLE_LAST; role++) {
    if (fyr_subject_has_role (subject, role, centre_id)) {
      return role;
    }
  }
  return FYR_ROLE_UNSET;
}

static gboolean
complete_agent (FyrConnection *connection, const FyrSubject *subject, FyrAuditEvent *event, GError **error)
{
  g_autoptr (FyrRecord) user = NULL;

  if (!load (connection, &fyr_user_info, subject->user_id, &user, error)) {
    return FALSE;
  }
  fyr_audit_event_set_agent_id (event, subject->user_id);
  fyr_audit_event_set_agent_name (event, user != NULL ? fyr_user_get_name (FYR_USER (user)) : NULL);
  fyr_audit_event_set_agent_hpr_number (event,
                                        user != NULL ? fyr_user_get_hpr_number (FYR_USER (user)) : NULL);
  fyr_audit_event_set_agent_role (event, find_role (subject, fyr_audit_event_get_centre_id (event)));
  return TRUE;
}

static gboolean
complete_place (FyrConnection *connection, FyrAuditEvent *event, GError **error)
{
  g_autoptr (FyrRecord) centre = NULL;
  g_autoptr (FyrRecord) organization = NULL;
  const char *organization_id;

  if (!load (connection, &fyr_centre_info, fyr_audit_event_get_centre_id (event), &centre, error)) {
    return FALSE;
  }
  organization_id = centre != NULL ? fyr_centre_get_organization_id (FYR_CENTRE (centre)) : NULL;
  if (!load (connection, &fyr_organization_info, organization_id, &organization, error)) {
    return FALSE;
  }
  fyr_audit_event_set_unit_name (event, centre != NULL ? fyr_centre_get_name (FYR_CENTRE (centre)) : NULL);
  fyr_audit_event_set_organization_id (event, organization_id);
  fyr_audit_event_set_organization_name (
      event, organization != NULL ? fyr_organization_get_name (FYR_ORGANIZATION (organization)) : NULL);
  fyr_audit_event_set_organization_number (
      event, organization != NULL ? fyr_organization_get_organization_number (FYR_ORGANIZATION (organization))
                                  : NULL);
  return TRUE;
}

static gboolean
complete_patient (FyrConnection *connection, FyrAuditEvent *event, GError **error)
{
  g_autoptr (FyrRecord) record = NULL;
  g_autofree char *name = NULL;
  FyrPatient *patient;

  if (!load (connection, &fyr_patient_info, fyr_audit_event_get_patient_id (event), &record, error)) {
    return FALSE;
  }
  patient = FYR_PATIENT (record);
  if (patient != NULL &&
      g_strcmp0 (fyr_patient_get_centre_id (patient), fyr_audit_event_get_centre_id (event)) == 0) {
    name = fyr_person_list_name (fyr_patient_get_family_name (patient), fyr_patient_get_given_name (patient));
  }
  fyr_audit_event_set_patient_name (event, name);
  return TRUE;
}

/* What a workstation says of the decision is checked, and what it does not say is found. */
static gboolean
complete_decision (FyrConnection *connection, const FyrSubject *subject, FyrAuditEvent *event, GError **error)
{
  char decision_id[37];

  if (!fyr_emergency_find_decision (connection, subject->user_id, fyr_audit_event_get_patient_id (event),
                                    fyr_audit_event_get_decision_id (event),
                                    fyr_audit_event_get_recorded_time (event), decision_id, error)) {
    return FALSE;
  }
  fyr_audit_event_set_decision_id (event, decision_id[0] != '\0' ? decision_id : NULL);
  if (decision_id[0] != '\0') {
    fyr_audit_event_set_purpose (event, FYR_AUDIT_PURPOSE_EMERGENCY);
  }
  return TRUE;
}

gboolean
fyr_access_log_complete (
    FyrConnection *connection, const FyrSubject *subject, gint64 now, FyrAuditEvent *event, GError **error)
{
  fyr_audit_event_set_received_time (event, now);
  return (subject == NULL || (complete_agent (connection, subject, event, error) &&
                              complete_decision (connection, subject, event, error))) &&
         complete_place (connection, event, error) && complete_patient (connection, event, error);
}
