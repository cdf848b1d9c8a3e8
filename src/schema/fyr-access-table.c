/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-access-table.h"

static const char *const scope_words[] = {
  "roster",    "measurement",   "alert", "plan",    "note",   "restricted-note",
  "equipment", "configuration", "audit", "private", "review",
};
G_STATIC_ASSERT (G_N_ELEMENTS (scope_words) == FYR_SCOPE_CLASS_N);

static const FyrRoleAccess *
role_access (FyrRole role)
{
  return (guint)role < fyr_n_role_access ? &fyr_role_access[role] : &fyr_role_access[0];
}

gboolean
fyr_role_may_read (FyrRole role, const FyrRecordInfo *info)
{
  return role != FYR_ROLE_UNSET && (guint)role < fyr_n_role_access && (info->read_roles & (1u << role)) != 0;
}

gboolean
fyr_role_may_write (FyrRole role, const FyrRecordInfo *info)
{
  return role != FYR_ROLE_UNSET && (guint)role < fyr_n_role_access && (info->write_roles & (1u << role)) != 0;
}

guint
fyr_role_read_classes (FyrRole role)
{
  return role_access (role)->read_classes;
}

guint
fyr_role_write_classes (FyrRole role)
{
  return role_access (role)->write_classes;
}

gboolean
fyr_role_has_scope (FyrRole role, FyrScopeClass scope)
{
  return (role_access (role)->scopes & (1u << scope)) != 0;
}

const char *
fyr_scope_class_to_string (FyrScopeClass scope)
{
  return (guint)scope < G_N_ELEMENTS (scope_words) ? scope_words[scope] : NULL;
}

FyrScopeClass
fyr_scope_class_from_string (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (scope_words); i++) {
    if (g_strcmp0 (scope_words[i], text) == 0)
      return (FyrScopeClass)i;
  }
  return FYR_SCOPE_CLASS_N;
}
