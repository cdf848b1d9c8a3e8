/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-access-log.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fyr-access-heads.h"
#include "fyr-access-log.h"
#include "fyr-admin-table.h"
#include "fyr-oslo-time.h"
#include "fyr-record-table.h"
#include "fyr-uuid.h"

static char *centre;
static char *patient;
static char *user;
static char *from;
static char *until;
static char *heads;
static char *key;
static int limit;
static gboolean as_json;
static gboolean as_csv;

static const GOptionEntry entries[] = {
  { "centre", 0, 0, G_OPTION_ARG_STRING, &centre, N_ ("Only of this centre (name or id)"), "NAME" },
  { "patient", 0, 0, G_OPTION_ARG_STRING, &patient, N_ ("Whose: the patient's id or identity number"), "ID" },
  { "user", 0, 0, G_OPTION_ARG_STRING, &user, N_ ("Only what this user saw (user name or id)"), "NAME" },
  { "from", 0, 0, G_OPTION_ARG_STRING, &from, N_ ("Since this day"), "YYYY-MM-DD" },
  { "until", 0, 0, G_OPTION_ARG_STRING, &until, N_ ("Up to and with this day"), "YYYY-MM-DD" },
  { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_ ("At most so many, newest first (1000; 0 for all)"), "N" },
  { "heads", 0, 0, G_OPTION_ARG_FILENAME, &heads,
    N_ ("verify: signed heads kept on another host (default: those in the data folder)"), "FILE" },
  { "key", 0, 0, G_OPTION_ARG_STRING, &key,
    N_ ("verify: the public key they must be signed with (default: the data folder's)"), "HEX" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print JSON"), NULL },
  { "csv", 0, 0, G_OPTION_ARG_NONE, &as_csv, N_ ("Print comma-separated values"), NULL },
  { NULL },
};

/* What the list is narrowed to; "" is all. */
typedef struct {
  char centre_id[37];
  char patient_id[37];
  char user_id[37];
  gint64 from;
  gint64 until;
} Selection;

static gboolean
read_day (const char *text, int days, gint64 *time, GError **error)
{
  int day;

  if (text == NULL) {
    return TRUE;
  }
  if (!fyr_civil_day_parse (text, &day)) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("“%s” is no day: write YYYY-MM-DD"), text);
    return FALSE;
  }
  *time = fyr_oslo_from_civil (day + days, 0);
  return TRUE;
}

static gboolean
find_id (FyrAdminTarget *target,
         const FyrRecordInfo *info,
         guint field,
         const char *word,
         char id[37],
         GError **error)
{
  g_autoptr (FyrRecord) found = NULL;

  if (word == NULL) {
    return TRUE;
  }
  found = fyr_admin_target_find (target, info, field, word, error);
  if (found != NULL) {
    g_strlcpy (id, fyr_record_get_id (found), 37);
  }
  return found != NULL;
}

static gboolean
select_what (FyrAdminTarget *target, Selection *selection, GError **error)
{
  selection->until = G_MAXINT64;
  return find_id (target, &fyr_centre_info, FYR_CENTRE_NAME, centre, selection->centre_id, error) &&
         find_id (target, &fyr_user_info, FYR_USER_USER_NAME, user, selection->user_id, error) &&
         find_id (target, &fyr_patient_info, FYR_PATIENT_IDENTITY_NUMBER, patient, selection->patient_id,
                  error) &&
         read_day (from, 0, &selection->from, error) && read_day (until, 1, &selection->until, error);
}

static const char *
or_null (const char *id)
{
  return *id != '\0' ? id : NULL;
}

/* (transfer full) (element-type FyrAuditEvent) (nullable) */
static GPtrArray *
load_entries (FyrConnection *connection, const Selection *selection, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_record_table_select (
      connection, &fyr_audit_event_info,
      "WHERE (?1 IS NULL OR centre_id = ?1) AND (?2 IS NULL OR patient_id = ?2) AND (?3 IS NULL OR agent_id "
      "= ?3)"
      " AND recorded_time >= ?4 AND recorded_time < ?5 ORDER BY recorded_time DESC, id DESC LIMIT ?6",
      error);

  if (select == NULL) {
    return NULL;
  }
  fyr_statement_bind_id (select, 1, or_null (selection->centre_id));
  fyr_statement_bind_id (select, 2, or_null (selection->patient_id));
  fyr_statement_bind_id (select, 3, or_null (selection->user_id));
  fyr_statement_bind_int (select, 4, selection->from);
  fyr_statement_bind_int (select, 5, selection->until);
  fyr_statement_bind_int (select, 6, limit > 0 ? limit : G_MAXINT64);
  return fyr_record_table_collect (select, &fyr_audit_event_info, error);
}

static void
print (FyrAdminTable *table)
{
  if (as_csv) {
    fyr_admin_table_print_csv (table);
  } else {
    fyr_admin_table_print (table, as_json);
  }
}

static void
add_code (FyrAdminTable *table, FyrAuditEvent *event, guint field)
{
  fyr_admin_table_text (table, fyr_enum_to_code (fyr_audit_event_info.fields[field].enum_info,
                                                 (guint)fyr_record_get_int (FYR_RECORD (event), field)));
}

/* Who, as the patient is told: never more of an employee than name, role and place of work. */
static void
add_person (FyrAdminTable *table, FyrAuditEvent *event)
{
  const char *name = fyr_audit_event_get_agent_name (event);

  fyr_admin_table_time (table, fyr_audit_event_get_recorded_time (event));
  fyr_admin_table_text (table, name != NULL ? name : _ ("Operator of the server"));
  add_code (table, event, FYR_AUDIT_EVENT_AGENT_ROLE);
  fyr_admin_table_text (table, fyr_audit_event_get_organization_name (event));
  fyr_admin_table_text (table, fyr_audit_event_get_unit_name (event));
  add_code (table, event, FYR_AUDIT_EVENT_PURPOSE);
  add_code (table, event, FYR_AUDIT_EVENT_RESOURCE);
  add_code (table, event, FYR_AUDIT_EVENT_CHANNEL);
}

static gboolean
extract (FyrAdminTarget *target, GPtrArray *found, GError **error)
{
  g_autoptr (FyrAdminTable) table = fyr_admin_table_new ("time", "name", "role", "organization", "unit",
                                                         "purpose", "what", "channel", NULL);

  for (guint i = 0; i < found->len; i++) {
    add_person (table, found->pdata[i]);
  }
  print (table);
  return TRUE;
}

static gboolean
list (FyrAdminTarget *target, GPtrArray *found, GError **error)
{
  g_autoptr (FyrAdminTable) table = fyr_admin_table_new (
      "time", "name", "role", "organization", "unit", "purpose", "what", "channel", "hpr_number",
      "data_classes", "decision_id", "patient_id", "patient", "workstation_id", "received_time", "id", NULL);

  for (guint i = 0; i < found->len; i++) {
    FyrAuditEvent *event = found->pdata[i];

    add_person (table, event);
    fyr_admin_table_text (table, fyr_audit_event_get_agent_hpr_number (event));
    fyr_admin_table_text (table, fyr_audit_event_get_data_classes (event));
    fyr_admin_table_text (table, fyr_audit_event_get_decision_id (event));
    fyr_admin_table_text (table, fyr_audit_event_get_patient_id (event));
    fyr_admin_table_text (table, fyr_audit_event_get_patient_name (event));
    fyr_admin_table_text (table, fyr_audit_event_get_workstation_id (event));
    fyr_admin_table_time (table, fyr_audit_event_get_received_time (event));
    fyr_admin_table_text (table, fyr_record_get_id (FYR_RECORD (event)));
  }
  print (table);
  return TRUE;
}

static gboolean
print_found (FyrAdminTarget *target, gboolean for_patient, GError **error)
{
  Selection selection = { "", "", "", 0, 0 };
  g_autoptr (GPtrArray) found = NULL;

  if (for_patient && patient == NULL) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("An extract needs --patient"));
    return FALSE;
  }
  if (!select_what (target, &selection, error)) {
    return FALSE;
  }
  found = load_entries (fyr_admin_target_get_reader (target), &selection, error);
  return found != NULL && (for_patient ? extract (target, found, error) : list (target, found, error));
}

static gboolean
print_heads (const char *data, GError **error)
{
  g_autofree char *path = g_build_filename (data, FYR_ACCESS_HEADS_NAME, NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, error)) {
    return FALSE;
  }
  g_print ("%s", text);
  return TRUE;
}

static gboolean
verify (FyrAdminTarget *target, const char *data, GError **error)
{
  g_autofree char *own = g_build_filename (data, FYR_ACCESS_HEADS_NAME, NULL);
  char own_key[FYR_ACCESS_KEY_SIZE];
  const char *trusted = key;

  if (trusted == NULL && fyr_access_key_read (data, own_key, NULL)) {
    trusted = own_key;
  }
  if (heads == NULL && g_file_test (own, G_FILE_TEST_EXISTS)) {
    heads = g_strdup (own);
  }
  return fyr_admin_check_access_log (fyr_admin_target_get_reader (target), heads, trusted, as_json, error);
}

static gboolean
run (const char *verb, const char *data, GError **error)
{
  g_autoptr (FyrAdminTarget) target = NULL;

  if (g_str_equal (verb, "heads")) {
    return print_heads (data, error);
  }
  if (!g_str_equal (verb, "list") && !g_str_equal (verb, "extract") && !g_str_equal (verb, "verify")) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                 _ ("“%s” is not among list, extract, heads, verify"), verb);
    return FALSE;
  }
  target = fyr_admin_target_open (data, error);
  if (target == NULL) {
    return FALSE;
  }
  return g_str_equal (verb, "verify") ? verify (target, data, error)
                                      : print_found (target, g_str_equal (verb, "extract"), error);
}

int
fyr_admin_access_log (int argc, char **argv)
{
  const char *data;
  GError *error = NULL;

  limit = 1000;
  if (!fyr_admin_parse (
          "access-log", "list | extract | heads | verify",
          _ ("The access log: who saw what of which patient.\n"
             "list: entries with names. extract: what a patient is told on request (--patient).\n"
             "heads: the signed ends of the log, to be kept on another host. verify: whether anything was "
             "changed, "
             "taken out, put in or moved since the server wrote it."),
          entries, &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  return run (argc > 1 ? argv[1] : "list", data, &error) ? FYR_ADMIN_OK
                                                         : fyr_admin_fail ("access-log", error);
}

static FyrAuditEvent *
make_entry (FyrPatient *shown, FyrAuditChannel channel)
{
  FyrAuditEvent *event = fyr_audit_event_new ();

  fyr_audit_event_set_centre_id (event, fyr_patient_get_centre_id (shown));
  fyr_audit_event_set_patient_id (event, fyr_record_get_id (FYR_RECORD (shown)));
  fyr_audit_event_set_purpose (event, FYR_AUDIT_PURPOSE_ADMINISTRATION);
  fyr_audit_event_set_resource (event, FYR_AUDIT_RESOURCE_LIST);
  fyr_audit_event_set_data_classes (event, "identity contact clinical");
  fyr_audit_event_set_channel (event, channel);
  fyr_audit_event_set_recorded_time (event, fyr_admin_now ());
  return event;
}

gboolean
fyr_admin_log_display (FyrAdminTarget *target, GPtrArray *patients, FyrAuditChannel channel, GError **error)
{
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < patients->len; i++) {
    FyrAuditEvent *event = make_entry (patients->pdata[i], channel);
    char id[FYR_UUID_TEXT_SIZE];

    g_ptr_array_add (made, event);
    fyr_uuid_v7_new (fyr_admin_now (), id);
    fyr_record_set_id (FYR_RECORD (event), id);
    if (!fyr_access_log_complete (fyr_admin_target_get_reader (target), NULL, fyr_admin_now (), event,
                                  error)) {
      return FALSE;
    }
  }
  return made->len == 0 || fyr_admin_target_put (target, made, error);
}
