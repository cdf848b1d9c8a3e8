/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "fyr-admin-edit.h"
#include "fyr-admin-table.h"
#include "fyr-emergency.h"
#include "fyr-record-table.h"
#include "fyr-uuid.h"

static char *by;
static char *verdict;
static char *note;
static gboolean all;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "by", 0, 0, G_OPTION_ARG_STRING, &by, N_ ("User name of the manager or administrator who reviews"),
    "USER" },
  { "verdict", 0, 0, G_OPTION_ARG_STRING, &verdict, N_ ("What was found: seen, justified or unjustified"),
    "WORD" },
  { "note", 0, 0, G_OPTION_ARG_STRING, &note, N_ ("A note, kept for good"), "TEXT" },
  { "all", 0, 0, G_OPTION_ARG_NONE, &all, N_ ("Also those that are reviewed"), NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print JSON"), NULL },
  { NULL },
};

static void
add_code (FyrAdminTable *table, const FyrEnumInfo *info, guint number)
{
  fyr_admin_table_text (table, fyr_enum_to_code (info, number));
}

/* The last review, or the end: whichever is asked for. */
static FyrEmergencyEvent *
find_event (GPtrArray *events, gboolean ended)
{
  FyrEmergencyEvent *found = NULL;

  for (guint i = 0; i < events->len; i++) {
    FyrEmergencyEvent *event = events->pdata[i];

    if ((fyr_emergency_event_get_action (event) == FYR_EMERGENCY_ACTION_ENDED) == ended) {
      found = event;
    }
  }
  return found;
}

static void
add_review (FyrAdminTable *table, FyrEmergencyEvent *review)
{
  add_code (table, &fyr_emergency_action_info,
            review != NULL ? fyr_emergency_event_get_action (review) : FYR_EMERGENCY_ACTION_UNSET);
  fyr_admin_table_text (table, review != NULL ? fyr_emergency_event_get_actor_name (review) : NULL);
  fyr_admin_table_time (table, review != NULL ? fyr_emergency_event_get_time (review) : 0);
  fyr_admin_table_text (table, review != NULL ? fyr_emergency_event_get_text (review) : NULL);
}

static gboolean
add_row (FyrAdminTable *table, FyrConnection *reader, FyrEmergencyAccess *access, GError **error)
{
  const char *id = fyr_record_get_id (FYR_RECORD (access));
  g_autoptr (GPtrArray) events = fyr_record_table_list (reader, &fyr_emergency_event_info,
                                                        FYR_EMERGENCY_EVENT_ACCESS_ID, id, "time, id", error);
  FyrEmergencyEvent *review = events != NULL ? find_event (events, FALSE) : NULL;
  FyrEmergencyEvent *end = events != NULL ? find_event (events, TRUE) : NULL;
  gboolean settled = review != NULL && fyr_emergency_event_get_action (review) != FYR_EMERGENCY_ACTION_SEEN;

  if (events == NULL) {
    return FALSE;
  }
  if (settled && !all) {
    return TRUE;
  }
  fyr_admin_table_text (table, id);
  fyr_admin_table_text (table, fyr_emergency_access_get_user_name (access));
  add_code (table, &fyr_role_info, fyr_emergency_access_get_user_role (access));
  add_code (table, &fyr_emergency_reason_info, fyr_emergency_access_get_reason (access));
  fyr_admin_table_text (table, fyr_emergency_access_get_reason_text (access));
  fyr_admin_table_text (table, fyr_emergency_access_get_patient_id (access));
  fyr_admin_table_time (table, fyr_emergency_access_get_begin_time (access));
  fyr_admin_table_time (table, end != NULL ? fyr_emergency_event_get_time (end)
                                           : fyr_emergency_access_get_until_time (access));
  add_review (table, review);
  return TRUE;
}

static gboolean
list (FyrConnection *reader, GError **error)
{
  g_autoptr (GPtrArray) accesses =
      fyr_record_table_list (reader, &fyr_emergency_access_info, -1, NULL, "begin_time DESC, id DESC", error);
  g_autoptr (FyrAdminTable) table =
      fyr_admin_table_new ("id", "user", "role", "reason", "text", "patient_id", "begin", "end", "review",
                           "reviewer", "reviewed", "note", NULL);

  for (guint i = 0; accesses != NULL && i < accesses->len; i++) {
    if (!add_row (table, reader, accesses->pdata[i], error)) {
      return FALSE;
    }
  }
  if (accesses != NULL) {
    fyr_admin_table_print (table, as_json);
  }
  return accesses != NULL;
}

/* Who answers for that centre: a manager or an administrator there. */
static gboolean
check_reviewer (FyrConnection *reader, const char *user_id, const char *centre_id, GError **error)
{
  g_autoptr (FyrSubject) subject = fyr_subject_load (reader, user_id, fyr_admin_now (), error);

  if (subject == NULL) {
    return FALSE;
  }
  if (!fyr_subject_has_role (subject, FYR_ROLE_MANAGER, centre_id) &&
      !fyr_subject_has_role (subject, FYR_ROLE_ADMINISTRATOR, centre_id)) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_REFUSED,
                 _ ("%s is neither manager nor administrator of that centre"), by);
    return FALSE;
  }
  return TRUE;
}

static FyrEmergencyEvent *
make_event (FyrEmergencyAccess *access, const char *reviewer_id, FyrEmergencyAction action)
{
  FyrEmergencyEvent *event = fyr_emergency_event_new ();
  char id[FYR_UUID_TEXT_SIZE];

  fyr_uuid_v7_new (fyr_admin_now (), id);
  fyr_record_set_id (FYR_RECORD (event), id);
  fyr_emergency_event_set_centre_id (event, fyr_emergency_access_get_centre_id (access));
  fyr_emergency_event_set_access_id (event, fyr_record_get_id (FYR_RECORD (access)));
  fyr_emergency_event_set_action (event, action);
  fyr_emergency_event_set_actor_id (event, reviewer_id);
  fyr_emergency_event_set_text (event, note);
  fyr_emergency_event_set_time (event, fyr_admin_now ());
  return event;
}

static gboolean
usage (GError **error, const char *message)
{
  g_set_error_literal (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, message);
  return FALSE;
}

static gboolean
review (FyrAdminTarget *target, const char *id, GError **error)
{
  FyrConnection *reader = fyr_admin_target_get_reader (target);
  FyrEmergencyAction action =
      (FyrEmergencyAction)fyr_enum_from_code (&fyr_emergency_action_info, verdict != NULL ? verdict : "");
  g_autoptr (FyrRecord) access = NULL;
  g_autoptr (FyrRecord) reviewer = NULL;
  g_autoptr (FyrEmergencyEvent) event = NULL;

  if (id == NULL || !fyr_uuid_is_valid (id) || by == NULL) {
    return usage (error,
                  _ ("Say which access by its id in the list, and --by which manager or administrator"));
  }
  if (action != FYR_EMERGENCY_ACTION_SEEN && action != FYR_EMERGENCY_ACTION_JUSTIFIED &&
      action != FYR_EMERGENCY_ACTION_UNJUSTIFIED) {
    return usage (error, _ ("Say with --verdict what was found: seen, justified or unjustified"));
  }
  access = fyr_record_table_get (reader, &fyr_emergency_access_info, id, error);
  if (access == NULL) {
    if (error != NULL && *error == NULL) {
      g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_UNKNOWN,
                   _ ("There is no emergency access with the id %s"), id);
    }
    return FALSE;
  }
  reviewer = fyr_admin_target_find (target, &fyr_user_info, FYR_USER_USER_NAME, by, error);
  if (reviewer == NULL ||
      !check_reviewer (reader, fyr_record_get_id (reviewer),
                       fyr_emergency_access_get_centre_id (FYR_EMERGENCY_ACCESS (access)), error)) {
    return FALSE;
  }
  event = make_event (FYR_EMERGENCY_ACCESS (access), fyr_record_get_id (reviewer), action);
  return fyr_emergency_check_review (reader, NULL, event, error) &&
         fyr_record_validate (FYR_RECORD (event), NULL, error) &&
         fyr_admin_target_put_one (target, event, error);
}

static gboolean
run (FyrAdminTarget *target, const char *verb, const char *word, GError **error)
{
  if (verb == NULL || g_str_equal (verb, "list")) {
    return list (fyr_admin_target_get_reader (target), error);
  }
  return g_str_equal (verb, "review") ? review (target, word, error) : fyr_admin_unknown_verb (verb, error);
}

int
fyr_admin_emergency (int argc, char **argv)
{
  return fyr_admin_run_edit (
      "emergency", "[list | review ID]",
      _ ("Lists who opened which patient in an emergency and why, without the patient's name, until it was "
         "found justified or not; reviews one. Nothing of it is ever changed or deleted: a later review "
         "stands beside the former."),
      entries, argc, argv, run);
}
