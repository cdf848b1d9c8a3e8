/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-workstation.h"

#include <glib/gi18n.h>

#include "fyr-admin-edit.h"
#include "fyr-record-table.h"
#include "fyr-uuid.h"

static char *of_user;
static char *of_centre;
static char *by;
static char *reason;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "user", 0, 0, G_OPTION_ARG_STRING, &of_user, N_ ("Only those of this user"), "USER" },
  { "centre", 0, 0, G_OPTION_ARG_STRING, &of_centre, N_ ("Only those of users with a role at this centre"),
    "CENTRE" },
  { "by", 0, 0, G_OPTION_ARG_STRING, &by, N_ ("Name of the administrator who decides"), "USER" },
  { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, N_ ("Why; kept for good, without patients' names"),
    "TEXT" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print JSON"), NULL },
  { NULL },
};

static gboolean
usage (GError **error, const char *message)
{
  g_set_error_literal (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, message);
  return FALSE;
}

gboolean
fyr_admin_decide_device (FyrAdminTarget *target,
                         FyrDeviceAction action,
                         const char *device,
                         const char *decider,
                         const char *why,
                         gint64 at,
                         GError **error)
{
  FyrDeviceDecision decision = { .action = action, .device = device, .reason = why, .at = at };
  g_autoptr (FyrRecord) user = NULL;

  if (device == NULL || !fyr_uuid_is_valid (device) || decider == NULL) {
    return usage (error, _ ("Say which workstation by the id in the list's column “device”, and --by which "
                            "administrator"));
  }
  if (why == NULL || *why == '\0') {
    return usage (error, _ ("Say why with --reason"));
  }
  user = fyr_admin_target_find (target, &fyr_user_info, FYR_USER_USER_NAME, decider, error);
  if (user == NULL) {
    return FALSE;
  }
  decision.by = fyr_record_get_id (user);
  return fyr_admin_target_decide (target, &decision, error);
}

/* Ids of the users the list is narrowed to; NULL in @ids: of all. */
static gboolean
select_users (FyrAdminTarget *target, GHashTable **ids, GError **error)
{
  g_autoptr (GHashTable) chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (FyrRecord) found = NULL;
  g_autoptr (GPtrArray) roles = NULL;

  *ids = NULL;
  if (of_user == NULL && of_centre == NULL) {
    return TRUE;
  }
  if (of_user != NULL && of_centre != NULL) {
    return usage (error, _ ("Give --user or --centre, not both"));
  }
  found = of_user != NULL
              ? fyr_admin_target_find (target, &fyr_user_info, FYR_USER_USER_NAME, of_user, error)
              : fyr_admin_target_find (target, &fyr_centre_info, FYR_CENTRE_NAME, of_centre, error);
  if (found == NULL) {
    return FALSE;
  }
  if (of_user != NULL) {
    g_hash_table_add (chosen, g_strdup (fyr_record_get_id (found)));
  } else {
    roles = fyr_record_table_list (fyr_admin_target_get_reader (target), &fyr_membership_info,
                                   FYR_MEMBERSHIP_CENTRE_ID, fyr_record_get_id (found), NULL, error);
    if (roles == NULL) {
      return FALSE;
    }
    for (guint i = 0; i < roles->len; i++) {
      g_hash_table_add (chosen, g_strdup (fyr_membership_get_user_id (roles->pdata[i])));
    }
  }
  *ids = g_steal_pointer (&chosen);
  return TRUE;
}

void
fyr_admin_table_workstation (
    FyrAdminTable *table, FyrConnection *reader, const char *name, const char *device, const char *user_id)
{
  g_autoptr (FyrRecord) user = fyr_record_table_get (reader, &fyr_user_info, user_id, NULL);

  fyr_admin_table_text (table, name);
  fyr_admin_table_text (table, device);
  fyr_admin_table_text (table, user != NULL ? fyr_record_get_string (user, FYR_USER_USER_NAME) : NULL);
}

static void
add_entry (FyrAdminTable *table, FyrConnection *reader, const FyrDeviceEntry *entry)
{
  fyr_admin_table_workstation (table, reader, entry->name, entry->device, entry->user_id);
  fyr_admin_table_text (table, entry->shut_out ? "shut-out" : "open");
  fyr_admin_table_int (table, entry->sessions);
  fyr_admin_table_time (table, entry->contact);
}

static gboolean
list (FyrAdminTarget *target, GError **error)
{
  FyrConnection *reader = fyr_admin_target_get_reader (target);
  g_autoptr (GHashTable) ids = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (FyrAdminTable) table = NULL;

  if (!select_users (target, &ids, error)) {
    return FALSE;
  }
  rows = fyr_shut_out_list (reader, fyr_admin_now (), error);
  if (rows == NULL) {
    return FALSE;
  }
  table = fyr_admin_table_new ("workstation", "device", "user", "state", "sessions", "contact", NULL);
  for (guint i = 0; i < rows->len; i++) {
    const FyrDeviceEntry *entry = g_ptr_array_index (rows, i);

    if (ids == NULL || g_hash_table_contains (ids, entry->user_id)) {
      add_entry (table, reader, entry);
    }
  }
  fyr_admin_table_print (table, as_json);
  return TRUE;
}

static gboolean
list_decisions (FyrConnection *reader, GError **error)
{
  g_autoptr (FyrAdminTable) table = fyr_admin_table_new ("time", "device", "decision", "by", "reason", NULL);
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      reader,
      "SELECT d.time, d.device, d.decision, u.user_name, d.reason FROM device_decision d"
      " LEFT JOIN \"user\" u ON u.id = d.\"user\" ORDER BY d.id",
      error);
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    fyr_admin_table_time (table, fyr_statement_get_int (select, 0));
    fyr_admin_table_text (table, fyr_statement_get_id (select, 1));
    for (int column = 2; column < 5; column++) {
      fyr_admin_table_text (table, fyr_statement_get_text (select, column));
    }
  }
  if (step != FYR_STEP_DONE) {
    return FALSE;
  }
  fyr_admin_table_print (table, as_json);
  return TRUE;
}

static gboolean
run (FyrAdminTarget *target, const char *verb, const char *word, GError **error)
{
  FyrDeviceAction action;

  if (verb == NULL || g_str_equal (verb, "list")) {
    return list (target, error);
  }
  if (g_str_equal (verb, "decisions")) {
    return list_decisions (fyr_admin_target_get_reader (target), error);
  }
  if (!fyr_device_action_from_code (verb, &action) || action == FYR_DEVICE_WIPED) {
    return fyr_admin_unknown_verb (verb, error);
  }
  return fyr_admin_decide_device (target, action, word, by, reason, 0, error);
}

int
fyr_admin_workstation (int argc, char **argv)
{
  return fyr_admin_run_edit (
      "workstation", "[list | decisions | shut-out DEVICE | let-in DEVICE]",
      _ ("Lists workstations, who works there, how many sessions live and when each was last known to be in "
         "contact. One that is shut out removes what it has at its next contact, and nobody signs in from it "
         "or gets the server's part of its key; what it delivers is kept for review. “decisions” lists who "
         "decided so, and why."),
      entries, argc, argv, run);
}
