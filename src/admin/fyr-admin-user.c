/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "fyr-admin-edit.h"
#include "fyr-admin-table.h"
#include "fyr-uuid.h"

static char *full_name;
static char *centre;
static char *role;
static char *gp;
static char *password;
static char *hpr_number;
static char *telephone;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "name", 0, 0, G_OPTION_ARG_STRING, &full_name, N_ ("Full name, as colleagues see it"), "NAME" },
  { "centre", 0, 0, G_OPTION_ARG_STRING, &centre, N_ ("Name or id of the home centre"), "NAME" },
  { "role", 0, 0, G_OPTION_ARG_STRING, &role,
    N_ ("First role there: nurse, gp, clerk, manager or administrator"), "ROLE" },
  { "gp", 0, 0, G_OPTION_ARG_STRING, &gp, N_ ("With role gp: name or id in the register of GPs"), "NAME" },
  { "password", 0, 0, G_OPTION_ARG_STRING, &password,
    N_ ("The password; one is made and printed when not given"), "TEXT" },
  { "hpr", 0, 0, G_OPTION_ARG_STRING, &hpr_number, N_ ("Number in the register of health personnel"),
    "NUMBER" },
  { "telephone", 0, 0, G_OPTION_ARG_STRING, &telephone, N_ ("Work telephone"), "NUMBER" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("List, or print the result, as JSON"), NULL },
  { NULL },
};

static void
print_result (const char *id, const char *name, const char *secret)
{
  if (as_json) {
    g_print ("{\"id\": \"%s\", \"name\": \"%s\", \"password\": \"%s\"}\n", id, name, secret);
  } else {
    g_print (_ ("User: %s\nPassword: %s\n"), name, secret);
  }
}

static gboolean
set_password (FyrAdminTarget *target, FyrRecord *user, GError **error)
{
  g_autofree char *secret = password != NULL ? g_strdup (password) : fyr_admin_new_password ();
  const char *name = fyr_user_get_user_name ((FyrUser *)user);

  if (!fyr_admin_target_set_password (target, fyr_record_get_id (user), name, secret, error)) {
    return FALSE;
  }
  print_result (fyr_record_get_id (user), name, secret);
  return TRUE;
}

static FyrMembership *
make_membership (FyrAdminTarget *target, FyrRecord *user, GError **error)
{
  g_autoptr (FyrRecord) membership = fyr_record_new (&fyr_membership_info);
  char id[FYR_UUID_TEXT_SIZE];

  fyr_uuid_v7_new (fyr_admin_now (), id);
  fyr_record_set_id (membership, id);
  fyr_record_set_string (membership, FYR_MEMBERSHIP_USER_ID, fyr_record_get_id (user));
  fyr_record_set_string (membership, FYR_MEMBERSHIP_CENTRE_ID,
                         fyr_record_get_string (user, FYR_USER_CENTRE_ID));
  if (!fyr_admin_set_enum (membership, FYR_MEMBERSHIP_ROLE, role, error) ||
      !fyr_admin_set_reference (target, membership, FYR_MEMBERSHIP_GP_ID, &fyr_gp_info, FYR_GP_NAME, gp,
                                error)) {
    return NULL;
  }
  return (FyrMembership *)g_steal_pointer (&membership);
}

static gboolean
add (FyrAdminTarget *target, const char *name, GError **error)
{
  g_autoptr (FyrRecord) user = NULL;
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);

  user = fyr_admin_begin_edit (target, &fyr_user_info, FYR_USER_USER_NAME, "add", name, error);
  if (user == NULL) {
    return FALSE;
  }
  if (full_name == NULL || centre == NULL) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("A user needs --name and --centre"));
    return FALSE;
  }
  fyr_record_set_string (user, FYR_USER_NAME, full_name);
  fyr_record_set_string (user, FYR_USER_HPR_NUMBER, hpr_number);
  fyr_record_set_string (user, FYR_USER_TELEPHONE, telephone);
  fyr_record_set_int (user, FYR_USER_ACTIVE, TRUE);
  if (!fyr_admin_set_reference (target, user, FYR_USER_CENTRE_ID, &fyr_centre_info, FYR_CENTRE_NAME, centre,
                                error) ||
      !fyr_record_validate (user, NULL, error)) {
    return FALSE;
  }
  g_ptr_array_add (records, g_object_ref (user));
  if (role != NULL) {
    FyrMembership *membership = make_membership (target, user, error);

    if (membership == NULL) {
      return FALSE;
    }
    g_ptr_array_add (records, membership);
  }
  return fyr_admin_target_put (target, records, error) && set_password (target, user, error);
}

static gboolean
set_active (FyrAdminTarget *target, FyrRecord *user, gboolean active, GError **error)
{
  fyr_record_set_int (user, FYR_USER_ACTIVE, active);
  if (!fyr_admin_target_put_one (target, user, error)) {
    return FALSE;
  }
  /* Taking the password away also ends the sessions that live now. */
  return active || fyr_admin_target_set_password (target, fyr_record_get_id (user), NULL, NULL, error);
}

static gboolean
list (FyrAdminTarget *target, GError **error)
{
  g_autoptr (GPtrArray) all = fyr_admin_target_list (target, &fyr_user_info, "user_name", error);
  g_autoptr (FyrAdminTable) table = fyr_admin_table_new ("id", "user_name", "name", "active", NULL);

  if (all == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < all->len; i++) {
    FyrUser *one = g_ptr_array_index (all, i);

    fyr_admin_table_text (table, fyr_record_get_id (FYR_RECORD (one)));
    fyr_admin_table_text (table, fyr_user_get_user_name (one));
    fyr_admin_table_text (table, fyr_user_get_name (one));
    fyr_admin_table_text (table, fyr_user_get_active (one) ? "yes" : "no");
  }
  fyr_admin_table_print (table, as_json);
  return TRUE;
}

static gboolean
run (FyrAdminTarget *target, const char *verb, const char *name, GError **error)
{
  g_autoptr (FyrRecord) user = NULL;

  if (g_strcmp0 (verb, "list") == 0) {
    return list (target, error);
  }
  if (g_strcmp0 (verb, "add") == 0) {
    return add (target, name, error);
  }
  if (name == NULL) {
    return fyr_admin_unknown_verb (NULL, error);
  }
  user = fyr_admin_target_find (target, &fyr_user_info, FYR_USER_USER_NAME, name, error);
  if (user == NULL) {
    return FALSE;
  }
  if (strcmp (verb, "password") == 0) {
    return set_password (target, user, error);
  }
  if (strcmp (verb, "enable") == 0 || strcmp (verb, "disable") == 0) {
    return set_active (target, user, strcmp (verb, "enable") == 0, error);
  }
  return fyr_admin_unknown_verb (verb, error);
}

int
fyr_admin_user (int argc, char **argv)
{
  return fyr_admin_run_edit (
      "user", "add NAME | password NAME | disable NAME | enable NAME | list",
      _ ("Adds users, sets passwords (which ends the user's sessions), shuts users out, lists them.\n"
         "NAME is what the user types to sign in."),
      entries, argc, argv, run);
}
