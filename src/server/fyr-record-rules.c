/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-record-rules.h"

#include "fyr-access-log.h"
#include "fyr-emergency.h"
#include "fyr-identity-number.h"
#include "fyr-limit-set.h"
#include "fyr-record-table.h"
#include "fyr-shared.h"

static gboolean
refuse (GError **error, FyrServerError code, const char *message)
{
  g_set_error_literal (error, FYR_SERVER_ERROR, code, message);
  return FALSE;
}

/* Whether the row is there; sets UNKNOWN when not. */
static gboolean
require (FyrWriteContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  int exists = fyr_record_table_exists (fyr_write_context_get_connection (context), info, id, error);

  if (exists == 0) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN, "The %s is not known", info->kind);
  }
  return exists > 0;
}

static gboolean
is_test_centre (FyrWriteContext *context, const char *centre_id)
{
  g_autoptr (FyrRecord) centre =
      fyr_record_table_get (fyr_write_context_get_connection (context), &fyr_centre_info, centre_id, NULL);

  return centre != NULL && fyr_centre_get_test_centre (FYR_CENTRE (centre));
}

static gboolean
check_identity_number (FyrWriteContext *context, FyrPatient *patient, GError **error)
{
  const char *number = fyr_patient_get_identity_number (patient);
  FyrIdentityKind kind = fyr_identity_kind_from_system (fyr_patient_get_identity_system (patient));
  FyrIdentityNumber parsed;
  FyrIdentityFlags flags;
  FyrIdentityProblem problem;

  if (number == NULL) {
    return TRUE;
  }
  if (fyr_patient_get_identity_system (patient) == NULL) {
    return refuse (error, FYR_SERVER_ERROR_INVALID, "An identity number needs its system");
  }
  if (kind == FYR_IDENTITY_KIND_UNKNOWN) {
    return TRUE;
  }
  flags = fyr_identity_flags_for_time (fyr_write_context_get_time (context),
                                       is_test_centre (context, fyr_patient_get_centre_id (patient)));
  problem = fyr_identity_number_parse (number, flags, &parsed);
  if (problem != FYR_IDENTITY_PROBLEM_NONE) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "The identity number is not valid: %s",
                 fyr_identity_problem_to_code (problem));
    return FALSE;
  }
  if (!g_str_equal (parsed.digits, number)) {
    return refuse (error, FYR_SERVER_ERROR_INVALID, "The identity number must be digits only");
  }
  return TRUE;
}

static gboolean
check_one_patient_a_number (FyrWriteContext *context, FyrPatient *patient, GError **error)
{
  const char *number = fyr_patient_get_identity_number (patient);
  g_autofree char *name = NULL;
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  if (number == NULL) {
    return TRUE;
  }
  /* Of two processes that register the same person at once, the second waits here and then sees the first. */
  name = g_strdup_printf ("identity %s %s", fyr_patient_get_centre_id (patient), number);
  if (!fyr_connection_lock_name (fyr_write_context_get_connection (context), name, error)) {
    return FALSE;
  }
  select = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "SELECT 1 FROM patient WHERE identity_number = ?1 AND centre_id = ?2 AND id <> ?3"
      " AND identity_system IS NOT DISTINCT FROM ?4 LIMIT 1",
      error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (select, 1, number);
  fyr_statement_bind_id (select, 2, fyr_patient_get_centre_id (patient));
  fyr_statement_bind_id (select, 3, fyr_record_get_id (FYR_RECORD (patient)));
  fyr_statement_bind_text (select, 4, fyr_patient_get_identity_system (patient));
  step = fyr_statement_step (select, error);
  if (step == FYR_STEP_ROW) {
    return refuse (error, FYR_SERVER_ERROR_DUPLICATE, "There is a patient with this identity number");
  }
  return step == FYR_STEP_DONE;
}

static gboolean
check_patient (FyrWriteContext *context, FyrPatient *before, FyrPatient *patient, GError **error)
{
  const char *gp_id = fyr_patient_get_gp_id (patient);
  gboolean same_number =
      before != NULL &&
      g_strcmp0 (fyr_patient_get_identity_number (before), fyr_patient_get_identity_number (patient)) == 0 &&
      g_strcmp0 (fyr_patient_get_identity_system (before), fyr_patient_get_identity_system (patient)) == 0 &&
      g_strcmp0 (fyr_patient_get_centre_id (before), fyr_patient_get_centre_id (patient)) == 0;

  if (!require (context, &fyr_centre_info, fyr_patient_get_centre_id (patient), error) ||
      (gp_id != NULL && !require (context, &fyr_gp_info, gp_id, error))) {
    return FALSE;
  }
  return same_number || (check_identity_number (context, patient, error) &&
                         check_one_patient_a_number (context, patient, error));
}

/* Who writes is who is signed in: another name is refused, none is filled in. */
static gboolean
settle_author (const FyrSubject *subject, FyrRecord *before, FyrRecord *record, guint field, GError **error)
{
  const char *author = fyr_record_get_string (record, field);

  if (before != NULL && fyr_record_field_equal (before, record, field)) {
    return TRUE;
  }
  if (author != NULL && !g_str_equal (author, subject->user_id)) {
    return refuse (error, FYR_SERVER_ERROR_FORBIDDEN, "Written in another's name");
  }
  fyr_record_set_string (record, field, subject->user_id);
  return TRUE;
}

static gboolean
check_limit (const FyrSubject *subject, FyrRecord *before, FyrRecord *record, GError **error)
{
  FyrLimit *limit = FYR_LIMIT (record);
  FyrLimitRule rule;
  const char *problem;

  fyr_limit_rule_from_record (limit, &rule);
  /* A version that was replaced at its very beginning never held: its validity is empty, which is no fault. */
  if (before != NULL && fyr_limit_get_valid_to (limit) == fyr_limit_get_valid_from (limit)) {
    return TRUE;
  }
  problem = fyr_limit_rule_check (&rule);
  if (problem != NULL) {
    return refuse (error, FYR_SERVER_ERROR_INVALID, problem);
  }
  return before != NULL || settle_author (subject, before, record, FYR_LIMIT_SET_BY, error);
}

static gboolean
check_membership (FyrWriteContext *context,
                  const FyrSubject *subject,
                  FyrMembership *membership,
                  GError **error)
{
  if (g_strcmp0 (fyr_membership_get_user_id (membership), subject->user_id) == 0) {
    return refuse (error, FYR_SERVER_ERROR_FORBIDDEN, "Nobody changes their own role");
  }
  return require (context, &fyr_user_info, fyr_membership_get_user_id (membership), error) &&
         require (context, &fyr_centre_info, fyr_membership_get_centre_id (membership), error);
}

static gboolean
check_measurement (FyrWriteContext *context, FyrMeasurement *measurement, GError **error)
{
  const char *corrects = fyr_measurement_get_corrects_id (measurement);
  g_autoptr (FyrRecord) old = NULL;

  if (!fyr_measurement_has_value (measurement) && fyr_measurement_get_value_text (measurement) == NULL &&
      fyr_measurement_get_absent_reason (measurement) == NULL &&
      !fyr_measurement_get_entered_in_error (measurement)) {
    return refuse (error, FYR_SERVER_ERROR_INVALID,
                   "A measurement needs a value or the reason why it has none");
  }
  if (corrects == NULL) {
    return TRUE;
  }
  old = fyr_apply_get (context, &fyr_measurement_info, corrects, NULL);
  if (old == NULL || g_strcmp0 (fyr_measurement_get_patient_id (FYR_MEASUREMENT (old)),
                                fyr_measurement_get_patient_id (measurement)) != 0) {
    return refuse (error, FYR_SERVER_ERROR_UNKNOWN, "The measurement it corrects is not known");
  }
  return TRUE;
}

gboolean
fyr_record_rules_check (
    FyrWriteContext *context, const FyrSubject *subject, FyrRecord *before, FyrRecord *record, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);

  if (info == &fyr_patient_info) {
    return check_patient (context, FYR_PATIENT (before), FYR_PATIENT (record), error);
  }
  if (info == &fyr_limit_info) {
    return check_limit (subject, before, record, error);
  }
  if (info == &fyr_membership_info) {
    return check_membership (context, subject, FYR_MEMBERSHIP (record), error);
  }
  if (info == &fyr_note_info) {
    return settle_author (subject, before, record, FYR_NOTE_AUTHOR_ID, error);
  }
  if (info == &fyr_audit_event_info) {
    return fyr_access_log_complete (fyr_write_context_get_connection (context), subject,
                                    fyr_write_context_get_time (context), FYR_AUDIT_EVENT (record), error);
  }
  if (info == &fyr_emergency_event_info) {
    return fyr_emergency_check_review (fyr_write_context_get_connection (context), subject,
                                       FYR_EMERGENCY_EVENT (record), error);
  }
  if (info == &fyr_measurement_info) {
    fyr_measurement_set_received_time (FYR_MEASUREMENT (record), fyr_write_context_get_time (context));
    return check_measurement (context, FYR_MEASUREMENT (record), error);
  }
  return TRUE;
}

static gboolean
end_limit (FyrWriteContext *context, FyrLimit *former, gint64 time, GError **error)
{
  fyr_limit_set_valid_to (former, MAX (time, fyr_limit_get_valid_from (former)));
  return fyr_apply_put (context, FYR_RECORD (former), error);
}

gboolean
fyr_record_rules_close_former_limits (FyrWriteContext *context, FyrLimit *limit, GError **error)
{
  gint64 begin = fyr_limit_get_valid_from (limit);
  g_autoptr (FyrStatement) select = NULL;
  g_autoptr (GPtrArray) others = NULL;

  select =
      fyr_record_table_select (fyr_write_context_get_connection (context), &fyr_limit_info,
                               "WHERE patient_id = ?1 AND kind = ?2 AND id <> ?3 ORDER BY valid_from", error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, fyr_limit_get_patient_id (limit));
  fyr_statement_bind_int (select, 2, fyr_limit_get_kind (limit));
  fyr_statement_bind_id (select, 3, fyr_record_get_id (FYR_RECORD (limit)));
  others = fyr_record_table_collect (select, &fyr_limit_info, error);
  if (others == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < others->len; i++) {
    FyrLimit *other = g_ptr_array_index (others, i);
    gint64 other_begin = fyr_limit_get_valid_from (other);
    gboolean holds = !fyr_limit_has_valid_to (other) || fyr_limit_get_valid_to (other) > begin;

    if (fyr_limit_get_component (other) != fyr_limit_get_component (limit) || !holds) {
      continue;
    }
    if (other_begin <= begin) {
      if (!end_limit (context, other, begin, error)) {
        return FALSE;
      }
    } else if (!fyr_limit_has_valid_to (limit) &&
               (!fyr_limit_has_valid_to (other) || fyr_limit_get_valid_to (other) > other_begin)) {
      fyr_limit_set_valid_to (limit, other_begin);
    }
  }
  return TRUE;
}
