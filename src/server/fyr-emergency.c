/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-emergency.h"

#include "fyr-apply.h"
#include "fyr-lockout.h"
#include "fyr-log.h"
#include "fyr-record-table.h"
#include "fyr-shared.h"
#include "fyr-text-fold.h"
#include "fyr-uuid.h"

/* Whom a number is: at the centres where the user treats. */
typedef struct {
  FyrPatient *patient; /* (nullable): to be opened */
  FyrRole role;
  gboolean known; /* somebody she may see already */
} Candidate;

static void
reply_refused (FyrReply *reply)
{
  fyr_reply_fail (reply, 403, "refused", "The password or the identity number is wrong");
}

/* The role she would treat the patient in, 0 for none. */
static FyrRole
find_treating_role (const FyrSubject *subject, const char *centre_id)
{
  for (guint i = 0; i < subject->roles->len; i++) {
    const FyrSubjectRole *role = &g_array_index (subject->roles, FyrSubjectRole, i);

    if (fyr_role_treats (role->role) && (centre_id == NULL || g_str_equal (role->centre_id, centre_id))) {
      return role->role;
    }
  }
  return FYR_ROLE_UNSET;
}

static void
consider (const FyrSubject *subject, FyrPatient *patient, Candidate *candidate)
{
  const char *centre_id = fyr_patient_get_centre_id (patient);
  const char *id = fyr_record_get_id (FYR_RECORD (patient));
  FyrRole role = find_treating_role (subject, centre_id);
  const FyrResource resource = {
    .info = &fyr_patient_info,
    .scope = fyr_patient_info.scope,
    .centre_id = centre_id,
    .patient_id = id,
    .gp_id = fyr_patient_get_gp_id (patient),
  };

  if (role == FYR_ROLE_UNSET) {
    return;
  }
  if (!fyr_authz_is_alone (subject, &resource) || fyr_subject_find_emergency (subject, id) != NULL) {
    candidate->known = TRUE;
  } else if (candidate->patient == NULL) {
    candidate->patient = g_object_ref (patient);
    candidate->role = role;
  }
}

static gboolean
find_candidate (FyrConnection *connection,
                const FyrSubject *subject,
                const char *number,
                Candidate *candidate,
                GError **error)
{
  g_autoptr (FyrStatement) select = fyr_record_table_select (
      connection, &fyr_patient_info, "WHERE identity_number = ?1 ORDER BY id LIMIT 100", error);
  g_autoptr (GPtrArray) patients = NULL;

  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (select, 1, number);
  patients = fyr_record_table_collect (select, &fyr_patient_info, error);
  for (guint i = 0; patients != NULL && i < patients->len; i++) {
    consider (subject, patients->pdata[i], candidate);
  }
  return patients != NULL;
}

static FyrEmergencyAccess *
make_record (FyrConnection *connection,
             const FyrEmergencyOpening *opening,
             const Candidate *candidate,
             const FyrEmergencyGrant *grant)
{
  g_autoptr (FyrRecord) user =
      fyr_record_table_get (connection, &fyr_user_info, opening->session.user_id, NULL);
  g_autofree char *name = fyr_person_list_name (fyr_patient_get_family_name (candidate->patient),
                                                fyr_patient_get_given_name (candidate->patient));
  FyrEmergencyAccess *access = fyr_emergency_access_new ();

  fyr_record_set_id (FYR_RECORD (access), grant->access_id);
  fyr_emergency_access_set_centre_id (access, fyr_patient_get_centre_id (candidate->patient));
  fyr_emergency_access_set_patient_id (access, grant->patient_id);
  fyr_emergency_access_set_patient_name (access, name);
  fyr_emergency_access_set_user_id (access, grant->user_id);
  fyr_emergency_access_set_user_name (access, user != NULL ? fyr_user_get_name (FYR_USER (user)) : NULL);
  fyr_emergency_access_set_user_role (access, candidate->role);
  fyr_emergency_access_set_reason (access, opening->asked->reason);
  fyr_emergency_access_set_reason_text (access, opening->asked->text);
  fyr_emergency_access_set_begin_time (access, grant->begin);
  fyr_emergency_access_set_until_time (access, grant->until);
  fyr_emergency_access_set_workstation_id (access, opening->session.device_id);
  return access;
}

static gboolean
open_patient (FyrWriteContext *context,
              const FyrEmergencyOpening *opening,
              const Candidate *candidate,
              FyrReply *reply,
              GError **error)
{
  gint64 now = fyr_write_context_get_time (context);
  FyrEmergencyGrant grant = { .begin = now, .until = now + MIN (opening->lasts, FYR_EMERGENCY_LONGEST_MS) };
  FyrWireEmergency access = { .begin = grant.begin, .until = grant.until, .alone = TRUE };
  g_autoptr (FyrEmergencyAccess) record = NULL;

  fyr_uuid_v7_new (now, grant.access_id);
  g_strlcpy (grant.user_id, opening->session.user_id, sizeof grant.user_id);
  g_strlcpy (grant.patient_id, fyr_record_get_id (FYR_RECORD (candidate->patient)), sizeof grant.patient_id);
  record = make_record (fyr_write_context_get_connection (context), opening, candidate, &grant);
  if (!fyr_apply_insert (context, FYR_RECORD (record), error) ||
      !fyr_emergency_grant_begin (context, &grant, error)) {
    return FALSE;
  }
  g_strlcpy (access.id, grant.access_id, sizeof access.id);
  g_strlcpy (access.patient_id, grant.patient_id, sizeof access.patient_id);
  fyr_emergency_reply_write (&access, now, reply->body);
  fyr_log ("emergency-access", "access", grant.access_id, "user", grant.user_id, NULL);
  return TRUE;
}

/* The number is looked up whether the password was right or not, so that both take the same time. */
static gboolean
decide (FyrWriteContext *context,
        const FyrEmergencyOpening *opening,
        const FyrSubject *subject,
        FyrReply *reply,
        GError **error)
{
  Candidate candidate = { NULL, FYR_ROLE_UNSET, FALSE };
  gboolean done = FALSE;

  if (find_candidate (fyr_write_context_get_connection (context), subject, opening->asked->identity_number,
                      &candidate, error)) {
    if (!opening->right) {
      reply_refused (reply);
      done = fyr_lockout_note (context, opening->user_name, error);
    } else if (candidate.patient != NULL) {
      done = open_patient (context, opening, &candidate, reply, error);
    } else if (candidate.known) {
      fyr_reply_fail (reply, 409, "not-needed", "This patient is open to you already");
      done = TRUE;
    } else {
      reply_refused (reply);
      done = TRUE;
    }
  }
  g_clear_object (&candidate.patient);
  return done;
}

gboolean
fyr_emergency_check_limits (FyrConnection *connection,
                            const char *user_id,
                            const char *user_name,
                            gint64 now,
                            FyrReply *reply,
                            gboolean *within,
                            GError **error)
{
  guint tries = 0, locked = 0;

  if (!fyr_emergency_tries_check (connection, user_id, now, &tries, error) ||
      !fyr_lockout_find (connection, user_name, now, &locked, error)) {
    return FALSE;
  }
  if (locked > 0) {
    fyr_reply_fail (reply, 429, "locked-out", "Too many wrong passwords: wait");
  } else if (tries > 0) {
    fyr_reply_fail (reply, 429, "too-many", "Too many tries: wait");
  }
  reply->retry_after = MAX (tries, locked);
  *within = reply->retry_after == 0;
  return TRUE;
}

/* What one user does of it goes one after the other, at whichever server. */
static gboolean
lock_user (FyrConnection *connection, const char *user_id, GError **error)
{
  g_autofree char *lock = g_strdup_printf ("emergency %s", user_id);

  return fyr_connection_lock_name (connection, lock, error);
}

/* Tries beside each other wait here; the lock counts also for who was hashed meanwhile. */
static gboolean
check_limits (FyrWriteContext *context,
              const FyrEmergencyOpening *opening,
              FyrReply *reply,
              gboolean *within,
              GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (context);

  if (!lock_user (connection, opening->session.user_id, error) ||
      !fyr_emergency_check_limits (connection, opening->session.user_id, opening->user_name,
                                   fyr_write_context_get_time (context), reply, within, error)) {
    return FALSE;
  }
  return !*within || fyr_emergency_tries_note (context, opening->session.user_id, error);
}

gboolean
fyr_emergency_open (FyrWriteContext *context,
                    const FyrEmergencyOpening *opening,
                    FyrReply *reply,
                    GError **error)
{
  g_autoptr (FyrSubject) subject =
      fyr_subject_load (fyr_write_context_get_connection (context), opening->session.user_id,
                        fyr_write_context_get_time (context), error);
  gboolean within = FALSE;

  if (subject == NULL) {
    return FALSE;
  }
  if (find_treating_role (subject, NULL) == FYR_ROLE_UNSET) {
    fyr_reply_fail (reply, 403, "forbidden", "This role does not treat patients");
    return TRUE;
  }
  if (!check_limits (context, opening, reply, &within, error)) {
    return FALSE;
  }
  return !within || decide (context, opening, subject, reply, error);
}

static gboolean
write_end (FyrWriteContext *context, const FyrSubject *subject, const char *access_id, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (context);
  g_autoptr (FyrRecord) access =
      fyr_record_table_get (connection, &fyr_emergency_access_info, access_id, error);
  g_autoptr (FyrEmergencyEvent) event = fyr_emergency_event_new ();
  char id[FYR_UUID_TEXT_SIZE];

  if (access == NULL) {
    return FALSE;
  }
  fyr_uuid_v7_new (fyr_write_context_get_time (context), id);
  fyr_record_set_id (FYR_RECORD (event), id);
  fyr_emergency_event_set_centre_id (event, fyr_record_get_string (access, FYR_EMERGENCY_ACCESS_CENTRE_ID));
  fyr_emergency_event_set_access_id (event, access_id);
  fyr_emergency_event_set_action (event, FYR_EMERGENCY_ACTION_ENDED);
  fyr_emergency_event_set_actor_id (event, subject->user_id);
  fyr_emergency_event_set_actor_name (event, fyr_record_get_string (access, FYR_EMERGENCY_ACCESS_USER_NAME));
  fyr_emergency_event_set_time (event, fyr_write_context_get_time (context));
  return fyr_apply_insert (context, FYR_RECORD (event), error);
}

gboolean
fyr_emergency_end (
    FyrWriteContext *context, const char *user_id, const char *access_id, FyrReply *reply, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (context);
  g_autoptr (FyrSubject) subject = NULL;

  if (!lock_user (connection, user_id, error)) {
    return FALSE;
  }
  subject = fyr_subject_load (connection, user_id, fyr_write_context_get_time (context), error);
  for (guint i = 0; subject != NULL && i < subject->emergency->len; i++) {
    const FyrEmergencyGrant *grant = &g_array_index (subject->emergency, FyrEmergencyGrant, i);

    if (g_str_equal (grant->access_id, access_id)) {
      g_string_assign (reply->body, "{}");
      fyr_log ("emergency-access-ended", "access", access_id, "user", user_id, NULL);
      return write_end (context, subject, access_id, error) &&
             fyr_emergency_grant_end (context, grant, error);
    }
  }
  if (subject != NULL) {
    fyr_reply_fail (reply, 404, "unknown-access", "There is no such emergency access that lasts");
  }
  return subject != NULL;
}

static gboolean
refuse (GError **error, FyrServerError code, const char *message)
{
  g_set_error_literal (error, FYR_SERVER_ERROR, code, message);
  return FALSE;
}

/* Nobody reviews what she did herself. */
static gboolean
settle_reviewer (FyrConnection *connection,
                 const FyrSubject *subject,
                 FyrRecord *access,
                 FyrEmergencyEvent *event,
                 GError **error)
{
  const char *actor_id = fyr_emergency_event_get_actor_id (event);
  const char *opened_by = fyr_record_get_string (access, FYR_EMERGENCY_ACCESS_USER_ID);
  g_autoptr (FyrRecord) user = NULL;

  if (subject != NULL && actor_id != NULL && !g_str_equal (actor_id, subject->user_id)) {
    return refuse (error, FYR_SERVER_ERROR_FORBIDDEN, "Written in another's name");
  }
  actor_id = subject != NULL ? subject->user_id : actor_id;
  if (g_strcmp0 (opened_by, actor_id) == 0) {
    return refuse (error, FYR_SERVER_ERROR_FORBIDDEN, "Nobody reviews their own emergency access");
  }
  user = actor_id != NULL ? fyr_record_table_get (connection, &fyr_user_info, actor_id, NULL) : NULL;
  fyr_emergency_event_set_actor_id (event, actor_id);
  fyr_emergency_event_set_actor_name (event, user != NULL ? fyr_user_get_name (FYR_USER (user)) : NULL);
  return TRUE;
}

gboolean
fyr_emergency_check_review (FyrConnection *connection,
                            const FyrSubject *subject,
                            FyrEmergencyEvent *event,
                            GError **error)
{
  FyrEmergencyAction action = fyr_emergency_event_get_action (event);
  g_autoptr (GError) failure = NULL;
  g_autoptr (FyrRecord) access = NULL;

  if (action != FYR_EMERGENCY_ACTION_SEEN && action != FYR_EMERGENCY_ACTION_JUSTIFIED &&
      action != FYR_EMERGENCY_ACTION_UNJUSTIFIED) {
    return refuse (error, FYR_SERVER_ERROR_INVALID, "An emergency access is reviewed, or ended by its user");
  }
  access = fyr_record_table_get (connection, &fyr_emergency_access_info,
                                 fyr_emergency_event_get_access_id (event), &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (access == NULL || g_strcmp0 (fyr_record_get_string (access, FYR_EMERGENCY_ACCESS_CENTRE_ID),
                                   fyr_emergency_event_get_centre_id (event)) != 0) {
    return refuse (error, FYR_SERVER_ERROR_UNKNOWN, "The emergency access is not known");
  }
  return settle_reviewer (connection, subject, access, event, error);
}
