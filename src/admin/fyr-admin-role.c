/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "fyr-admin-edit.h"
#include "fyr-admin-table.h"
#include "fyr-record-table.h"
#include "fyr-uuid.h"

static char *centre;
static char *role;
static char *gp;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "centre", 0, 0, G_OPTION_ARG_STRING, &centre,
    N_ ("Name or id of the centre; the home centre when not given"), "NAME" },
  { "role", 0, 0, G_OPTION_ARG_STRING, &role, N_ ("nurse, gp, clerk, manager or administrator"), "ROLE" },
  { "gp", 0, 0, G_OPTION_ARG_STRING, &gp, N_ ("With role gp: name or id in the register of GPs"), "NAME" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("List as JSON"), NULL },
  { NULL },
};

static gboolean
give (FyrAdminTarget *target, FyrRecord *user, GError **error)
{
  g_autoptr (FyrRecord) membership = fyr_record_new (&fyr_membership_info);
  char id[FYR_UUID_TEXT_SIZE];

  if (role == NULL) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("Say which with --role"));
    return FALSE;
  }
  fyr_uuid_v7_new (fyr_admin_now (), id);
  fyr_record_set_id (membership, id);
  fyr_record_set_string (membership, FYR_MEMBERSHIP_USER_ID, fyr_record_get_id (user));
  fyr_record_set_string (membership, FYR_MEMBERSHIP_CENTRE_ID,
                         fyr_record_get_string (user, FYR_USER_CENTRE_ID));
  fyr_record_set_int (membership, FYR_MEMBERSHIP_VALID_FROM, fyr_admin_now ());
  return fyr_admin_set_enum (membership, FYR_MEMBERSHIP_ROLE, role, error) &&
         fyr_admin_set_reference (target, membership, FYR_MEMBERSHIP_CENTRE_ID, &fyr_centre_info,
                                  FYR_CENTRE_NAME, centre, error) &&
         fyr_admin_set_reference (target, membership, FYR_MEMBERSHIP_GP_ID, &fyr_gp_info, FYR_GP_NAME, gp,
                                  error) &&
         fyr_admin_end_edit (target, membership, error);
}

static gboolean
is_meant (FyrMembership *membership, const char *centre_id)
{
  if (fyr_membership_has_valid_to (membership) &&
      fyr_membership_get_valid_to (membership) <= fyr_admin_now ()) {
    return FALSE;
  }
  if (centre_id != NULL && g_strcmp0 (fyr_membership_get_centre_id (membership), centre_id) != 0) {
    return FALSE;
  }
  return role == NULL ||
         strcmp (fyr_enum_to_code (&fyr_role_info, fyr_membership_get_role (membership)), role) == 0;
}

static gboolean
end (FyrAdminTarget *target, FyrRecord *user, GError **error)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (FyrRecord) found = NULL;
  g_autoptr (GPtrArray) ended = g_ptr_array_new ();

  if (centre != NULL) {
    found = fyr_admin_target_find (target, &fyr_centre_info, FYR_CENTRE_NAME, centre, error);
    if (found == NULL) {
      return FALSE;
    }
  }
  all = fyr_record_table_list (fyr_admin_target_get_reader (target), &fyr_membership_info,
                               FYR_MEMBERSHIP_USER_ID, fyr_record_get_id (user), NULL, error);
  for (guint i = 0; all != NULL && i < all->len; i++) {
    FyrMembership *membership = g_ptr_array_index (all, i);

    if (is_meant (membership, found != NULL ? fyr_record_get_id (found) : NULL)) {
      fyr_membership_set_valid_to (membership, fyr_admin_now ());
      g_ptr_array_add (ended, membership);
    }
  }
  if (all == NULL || (ended->len > 0 && !fyr_admin_target_put (target, ended, error))) {
    return FALSE;
  }
  g_print (_ ("%u ended\n"), ended->len);
  return TRUE;
}

static char *
name_of (FyrAdminTarget *target, const FyrRecordInfo *info, guint field, const char *id)
{
  g_autoptr (FyrRecord) record = NULL;

  if (id != NULL) {
    record = fyr_record_table_get (fyr_admin_target_get_reader (target), info, id, NULL);
  }
  return g_strdup (record != NULL ? fyr_record_get_string (record, field) : NULL);
}

static gboolean
list (FyrAdminTarget *target, GError **error)
{
  g_autoptr (GPtrArray) all = fyr_admin_target_list (target, &fyr_membership_info, NULL, error);
  g_autoptr (FyrAdminTable) table =
      fyr_admin_table_new ("id", "user", "centre", "role", "valid_from", "valid_to", NULL);

  if (all == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < all->len; i++) {
    FyrMembership *one = g_ptr_array_index (all, i);
    g_autofree char *who =
        name_of (target, &fyr_user_info, FYR_USER_USER_NAME, fyr_membership_get_user_id (one));
    g_autofree char *where =
        name_of (target, &fyr_centre_info, FYR_CENTRE_NAME, fyr_membership_get_centre_id (one));

    fyr_admin_table_text (table, fyr_record_get_id (FYR_RECORD (one)));
    fyr_admin_table_text (table, who);
    fyr_admin_table_text (table, where);
    fyr_admin_table_text (table, fyr_enum_to_code (&fyr_role_info, fyr_membership_get_role (one)));
    fyr_admin_table_time (table, fyr_membership_get_valid_from (one));
    fyr_admin_table_time (table, fyr_membership_get_valid_to (one));
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
  if (name == NULL) {
    return fyr_admin_unknown_verb (verb, error);
  }
  user = fyr_admin_target_find (target, &fyr_user_info, FYR_USER_USER_NAME, name, error);
  if (user == NULL) {
    return FALSE;
  }
  if (strcmp (verb, "give") == 0) {
    return give (target, user, error);
  }
  return strcmp (verb, "end") == 0 ? end (target, user, error) : fyr_admin_unknown_verb (verb, error);
}

int
fyr_admin_role (int argc, char **argv)
{
  return fyr_admin_run_edit ("role", "give USER | end USER | list",
                             _ ("Gives a user a role at a centre, ends roles (from now on), or lists them."),
                             entries, argc, argv, run);
}
