/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-edit.h"

#include <glib/gi18n.h>
#include "fyr-admin-table.h"
#include "fyr-organization-number.h"

static char *number;
static char *kind;
static char *parent;
static char *new_name;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "number", 0, 0, G_OPTION_ARG_STRING, &number, N_ ("Organization number, nine digits"), "NUMBER" },
  { "kind", 0, 0, G_OPTION_ARG_STRING, &kind, N_ ("municipality, district, hospital, gp-office or other"),
    "KIND" },
  { "parent", 0, 0, G_OPTION_ARG_STRING, &parent, N_ ("Name or id of the organization above it"), "NAME" },
  { "rename", 0, 0, G_OPTION_ARG_STRING, &new_name, N_ ("New name of an organization"), "NAME" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("List as JSON"), NULL },
  { NULL },
};

static gboolean
change (FyrAdminTarget *target, FyrOrganization *organization, GError **error)
{
  if (new_name != NULL) {
    fyr_organization_set_name (organization, new_name);
  }
  if (number != NULL) {
    fyr_organization_set_organization_number (organization, number);
    if (fyr_organization_number_check (number) != FYR_REGISTER_NUMBER_OK) {
      g_printerr (_ ("Note: %s is no valid organization number; kept as it is.\n"), number);
    }
  }
  if (!fyr_admin_set_enum (organization, FYR_ORGANIZATION_ORGANIZATION_KIND, kind, error)) {
    return FALSE;
  }
  return fyr_admin_set_reference (target, organization, FYR_ORGANIZATION_PARENT_ID, &fyr_organization_info,
                                  FYR_ORGANIZATION_NAME, parent, error);
}

static gboolean
list (FyrAdminTarget *target, GError **error)
{
  g_autoptr (GPtrArray) all = fyr_admin_target_list (target, &fyr_organization_info, "name", error);
  g_autoptr (FyrAdminTable) table = fyr_admin_table_new ("id", "name", "number", "kind", NULL);

  for (guint i = 0; all != NULL && i < all->len; i++) {
    FyrOrganization *one = g_ptr_array_index (all, i);

    fyr_admin_table_text (table, fyr_record_get_id (FYR_RECORD (one)));
    fyr_admin_table_text (table, fyr_organization_get_name (one));
    fyr_admin_table_text (table, fyr_organization_get_organization_number (one));
    fyr_admin_table_text (
        table, fyr_enum_to_code (&fyr_organization_kind_info, fyr_organization_get_organization_kind (one)));
  }
  if (all == NULL) {
    return FALSE;
  }
  fyr_admin_table_print (table, as_json);
  return TRUE;
}

static gboolean
run (FyrAdminTarget *target, const char *verb, const char *name, GError **error)
{
  g_autoptr (FyrRecord) organization = NULL;

  if (g_strcmp0 (verb, "list") == 0) {
    return list (target, error);
  }
  organization =
      fyr_admin_begin_edit (target, &fyr_organization_info, FYR_ORGANIZATION_NAME, verb, name, error);
  return organization != NULL && change (target, (FyrOrganization *)organization, error) &&
         fyr_admin_end_edit (target, organization, error);
}

int
fyr_admin_organization (int argc, char **argv)
{
  return fyr_admin_run_edit (
      "organization", "add NAME | change NAME | list",
      _ ("Adds, changes or lists organizations: municipalities, districts, hospitals, GPs' offices."),
      entries, argc, argv, run);
}
