/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-target.h"

#include <glib/gi18n.h>
#include "fyr-calendar.h"
#include "fyr-records.h"
#include "fyr-row-security.h"
#include "fyr-uuid.h"

static char *organization_name;
static char *centre_name;
static char *user_name;
static char *password;
static char *server_role;
static gboolean empty;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "organization", 0, 0, G_OPTION_ARG_STRING, &organization_name, N_ ("Name of the first organization"),
    "NAME" },
  { "centre", 0, 0, G_OPTION_ARG_STRING, &centre_name, N_ ("Name of the first follow-up centre"), "NAME" },
  { "user", 0, 0, G_OPTION_ARG_STRING, &user_name, N_ ("What the administrator types to sign in (admin)"),
    "NAME" },
  { "password", 0, 0, G_OPTION_ARG_STRING, &password,
    N_ ("The administrator's password (made when not given)"), "TEXT" },
  { "server-role", 0, 0, G_OPTION_ARG_STRING, &server_role,
    N_ ("PostgreSQL role that servers connect as: may use the tables, not change them"), "ROLE" },
  { "empty", 0, 0, G_OPTION_ARG_NONE, &empty, N_ ("Make the database only"), NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print the result as a JSON object"), NULL },
  { NULL },
};

static void
set_new_id (gpointer record)
{
  char id[FYR_UUID_TEXT_SIZE];

  fyr_uuid_v7_new (fyr_admin_now (), id);
  fyr_record_set_id (FYR_RECORD (record), id);
}

static FyrCentre *
make_centre (const char *organization_id)
{
  FyrCentre *centre = fyr_centre_new ();
  g_auto (FyrOpeningHours) hours = { 0 };
  g_autofree char *text = NULL;

  fyr_opening_hours_init (&hours, FYR_DEFAULT_OPEN_MINUTE, FYR_DEFAULT_CLOSE_MINUTE);
  text = fyr_opening_hours_format (&hours);
  set_new_id (centre);
  fyr_centre_set_name (centre, centre_name != NULL ? centre_name : "Oppfølgingssenteret");
  fyr_centre_set_organization_id (centre, organization_id);
  fyr_centre_set_time_zone (centre, "Europe/Oslo");
  fyr_centre_set_opening_hours (centre, text);
  return centre;
}

static gboolean
fill (FyrAdminTarget *target, const char *name, const char *secret, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  FyrOrganization *organization = fyr_organization_new ();
  FyrCentre *centre;
  FyrUser *user = fyr_user_new ();
  FyrMembership *membership = fyr_membership_new ();

  set_new_id (organization);
  fyr_organization_set_name (organization, organization_name != NULL ? organization_name : "Kommunen");
  fyr_organization_set_organization_kind (organization, FYR_ORGANIZATION_KIND_MUNICIPALITY);
  centre = make_centre (fyr_record_get_id (FYR_RECORD (organization)));
  set_new_id (user);
  fyr_user_set_centre_id (user, fyr_record_get_id (FYR_RECORD (centre)));
  fyr_user_set_user_name (user, name);
  fyr_user_set_name (user, "Systemforvalter");
  fyr_user_set_active (user, TRUE);
  set_new_id (membership);
  fyr_membership_set_user_id (membership, fyr_record_get_id (FYR_RECORD (user)));
  fyr_membership_set_centre_id (membership, fyr_record_get_id (FYR_RECORD (centre)));
  fyr_membership_set_role (membership, FYR_ROLE_ADMINISTRATOR);
  g_ptr_array_add (records, organization);
  g_ptr_array_add (records, centre);
  g_ptr_array_add (records, user);
  g_ptr_array_add (records, membership);
  return fyr_admin_target_put (target, records, error) &&
         fyr_admin_target_set_password (target, fyr_record_get_id (FYR_RECORD (user)), name, secret, error);
}

/* Makes the tables, once. */
static FyrServerDb *
make (const char *data, GError **error)
{
  g_autofree char *path = g_build_filename (data, "fyrlykt.db", NULL);
  const char *location = fyr_admin_get_database ();
  g_autoptr (FyrServerDb) there = NULL;

  if (location != NULL) {
    there = fyr_server_db_open_at (NULL, location, FYR_SERVER_DB_NONE, NULL);
  }
  if (there != NULL || (location == NULL && g_file_test (path, G_FILE_TEST_EXISTS))) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_RUNNING,
                 _ ("There is a database in %s already: name an empty folder with --data"),
                 there != NULL ? fyr_server_db_get_path (there) : data);
    return NULL;
  }
  return fyr_server_db_open_at (location != NULL ? NULL : data, location, FYR_SERVER_DB_CREATE, error);
}

static gboolean
init (const char *data, const char *name, const char *secret, GError **error)
{
  g_autoptr (FyrServerDb) db = make (data, error);
  g_autoptr (FyrAdminTarget) target = NULL;

  if (db == NULL || (server_role != NULL &&
                     !fyr_row_security_grant (fyr_server_db_get_connection (db), server_role, error))) {
    return FALSE;
  }
  g_clear_pointer (&db, fyr_server_db_unref);
  if (empty) {
    return TRUE;
  }
  target = fyr_admin_target_open (data, error);
  return target != NULL && fill (target, name, secret, error);
}

int
fyr_admin_init (int argc, char **argv)
{
  const char *data;
  const char *name;
  g_autofree char *secret = NULL;
  GError *error = NULL;

  if (!fyr_admin_parse (
          "init", NULL,
          _ ("Makes a new database with a first organization, centre and administrator. Prints the\n"
             "administrator's password, once."),
          entries, &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  name = user_name != NULL ? user_name : "admin";
  secret = password != NULL ? g_strdup (password) : fyr_admin_new_password ();
  if (!init (data, name, secret, &error)) {
    return fyr_admin_fail ("init", error);
  }
  if (as_json) {
    g_print ("{\"data_dir\": \"%s\", \"user\": \"%s\", \"password\": \"%s\"}\n", data, name,
             empty ? "" : secret);
  } else if (empty) {
    g_print (_ ("An empty database is in %s.\n"), data);
  } else {
    g_print (_ ("A database is in %s.\nAdministrator: %s\nPassword: %s\n"), data, name, secret);
  }
  return FYR_ADMIN_OK;
}
