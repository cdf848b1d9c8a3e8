/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-administration-columns.h"

#include <glib/gi18n.h>

#include "fyr-app-context.h"
#include "fyr-field-words.h"
#include "fyr-format.h"
#include "fyr-organization-number.h"
#include "fyr-text-fold.h"

/* What a centre without a time of its own gives: the declaration of the field says so. */
#define RED_MINUTES 30

static gboolean
is_valid_now (FyrMembership *membership, gint64 now)
{
  if (fyr_membership_has_valid_from (membership) && fyr_membership_get_valid_from (membership) > now)
    return FALSE;
  return !fyr_membership_has_valid_to (membership) || fyr_membership_get_valid_to (membership) > now;
}

static char *
user_name_text (FyrRecord *record, gpointer data)
{
  return g_strdup (fyr_user_get_name (FYR_USER (record)));
}

static char *
signs_in_as_text (FyrRecord *record, gpointer data)
{
  return g_strdup (fyr_user_get_user_name (FYR_USER (record)));
}

static char *
roles_text (FyrRecord *record, gpointer data)
{
  const FyrAdministrationFacts *facts = data;
  GString *text = g_string_new (NULL);
  gint64 now = fyr_now ();

  for (guint i = 0; i < facts->memberships->len; i++) {
    FyrMembership *membership = g_ptr_array_index (facts->memberships, i);

    if (g_strcmp0 (fyr_membership_get_user_id (membership), fyr_record_get_id (record)) != 0 ||
        !is_valid_now (membership, now))
      continue;
    if (text->len > 0)
      g_string_append (text, ", ");
    g_string_append (text, fyr_role_get_word (fyr_membership_get_role (membership)));
  }
  if (text->len == 0)
    g_string_append (text, _ ("No role"));
  return g_string_free (text, FALSE);
}

static char *
user_telephone_text (FyrRecord *record, gpointer data)
{
  return fyr_telephone_format (fyr_user_get_telephone (FYR_USER (record)));
}

static char *
active_text (FyrRecord *record, gpointer data)
{
  return g_strdup (fyr_user_get_active (FYR_USER (record)) ? _ ("Yes") : _ ("No"));
}

static const char *
organization_name (const FyrAdministrationFacts *facts, const char *id)
{
  for (guint i = 0; id && i < facts->organizations->len; i++) {
    FyrRecord *organization = g_ptr_array_index (facts->organizations, i);

    if (g_str_equal (fyr_record_get_id (organization), id))
      return fyr_organization_get_name (FYR_ORGANIZATION (organization));
  }
  return NULL;
}

static char *
centre_name_text (FyrRecord *record, gpointer data)
{
  return g_strdup (fyr_centre_get_name (FYR_CENTRE (record)));
}

static char *
run_by_text (FyrRecord *record, gpointer data)
{
  return g_strdup (organization_name (data, fyr_centre_get_organization_id (FYR_CENTRE (record))));
}

static char *
centre_telephone_text (FyrRecord *record, gpointer data)
{
  return fyr_telephone_format (fyr_centre_get_telephone (FYR_CENTRE (record)));
}

static char *
red_minutes_text (FyrRecord *record, gpointer data)
{
  FyrCentre *centre = FYR_CENTRE (record);
  int minutes = fyr_centre_has_red_minutes (centre) ? (int)fyr_centre_get_red_minutes (centre) : RED_MINUTES;

  return g_strdup_printf (_ ("%d min"), minutes);
}

static char *
organization_name_text (FyrRecord *record, gpointer data)
{
  return g_strdup (fyr_organization_get_name (FYR_ORGANIZATION (record)));
}

static char *
number_text (FyrRecord *record, gpointer data)
{
  return fyr_organization_number_format (
      fyr_organization_get_organization_number (FYR_ORGANIZATION (record)));
}

static char *
kind_text (FyrRecord *record, gpointer data)
{
  guint n;
  const char *const *words = fyr_field_word_choices (&fyr_organization_kind_info, &n);
  FyrOrganizationKind kind = fyr_organization_get_organization_kind (FYR_ORGANIZATION (record));

  return g_strdup (kind != FYR_ORGANIZATION_KIND_UNSET && kind < n ? _ (words[kind]) : "");
}

static char *
parent_text (FyrRecord *record, gpointer data)
{
  return g_strdup (organization_name (data, fyr_organization_get_parent_id (FYR_ORGANIZATION (record))));
}

const FyrRecordColumn *
fyr_user_columns (guint *n)
{
  static const FyrRecordColumn columns[] = {
    { N_ ("Name"), user_name_text, TRUE, FALSE },      { N_ ("User name"), signs_in_as_text, FALSE, FALSE },
    { N_ ("Role"), roles_text, TRUE, FALSE },          { N_ ("Telephone"), user_telephone_text, FALSE, TRUE },
    { N_ ("May sign in"), active_text, FALSE, FALSE },
  };

  *n = G_N_ELEMENTS (columns);
  return columns;
}

const FyrRecordColumn *
fyr_centre_columns (guint *n)
{
  static const FyrRecordColumn columns[] = {
    { N_ ("Name"), centre_name_text, TRUE, FALSE },
    { N_ ("Run by"), run_by_text, TRUE, FALSE },
    { N_ ("Telephone"), centre_telephone_text, FALSE, TRUE },
    { N_ ("Red alert within"), red_minutes_text, FALSE, TRUE },
  };

  *n = G_N_ELEMENTS (columns);
  return columns;
}

const FyrRecordColumn *
fyr_organization_columns (guint *n)
{
  static const FyrRecordColumn columns[] = {
    { N_ ("Name"), organization_name_text, TRUE, FALSE },
    { N_ ("Organisation number"), number_text, FALSE, TRUE },
    { N_ ("Kind of organisation"), kind_text, FALSE, FALSE },
    { N_ ("Belongs to"), parent_text, TRUE, FALSE },
  };

  *n = G_N_ELEMENTS (columns);
  return columns;
}
