/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-authz.h"

#include "fyr-access-table.h"

/* Which purpose each action may serve; nothing is counted for work, nothing is read for statistics. */
static const struct {
  FyrAction action;
  FyrPurpose purpose;
} purposes[] = {
  { FYR_ACTION_READ, FYR_PURPOSE_WORK },        { FYR_ACTION_CREATE, FYR_PURPOSE_WORK },
  { FYR_ACTION_UPDATE, FYR_PURPOSE_WORK },      { FYR_ACTION_DELETE, FYR_PURPOSE_WORK },
  { FYR_ACTION_COMMAND, FYR_PURPOSE_WORK },     { FYR_ACTION_SUBSCRIBE, FYR_PURPOSE_WORK },
  { FYR_ACTION_COUNT, FYR_PURPOSE_STATISTICS },
};

/* Roles that count without seeing persons (domain.md: manager; PROTOCOL.md: and administrator). */
static const guint counting_roles = (1u << FYR_ROLE_MANAGER) | (1u << FYR_ROLE_ADMINISTRATOR);

/* Of a patient's record; the access log is about those who read it. */
#define FYR_ALL_FIELD_CLASSES ((1u << (FYR_FIELD_CLASS_CONFIGURATION + 1)) - 1)

static const guint treating_roles = (1u << FYR_ROLE_NURSE) | (1u << FYR_ROLE_GP);

gboolean
fyr_role_treats (FyrRole role)
{
  return role > FYR_ROLE_UNSET && role <= FYR_ROLE_LAST && (treating_roles & (1u << role)) != 0;
}

static gboolean
is_emergency (const FyrSubject *subject, const FyrSubjectRole *role, const FyrResource *resource)
{
  return fyr_role_treats (role->role) && fyr_subject_find_emergency (subject, resource->patient_id) != NULL;
}

static gboolean
purpose_allows (FyrAction action, FyrPurpose purpose)
{
  for (guint i = 0; i < G_N_ELEMENTS (purposes); i++) {
    if (purposes[i].action == action) {
      return purposes[i].purpose == purpose;
    }
  }
  return FALSE;
}

/* What is common to all centres belongs to every tenant; a centre's own record is changed by that centre only. */
static gboolean
tenant_allows (const FyrSubjectRole *role, FyrAction action, const FyrResource *resource)
{
  if (action == FYR_ACTION_READ && resource->info != NULL &&
      resource->info->scope_by == FYR_SCOPE_BY_GLOBAL) {
    return TRUE;
  }
  return resource->centre_id == NULL || g_str_equal (role->centre_id, resource->centre_id);
}

static gboolean
scope_allows (const FyrSubject *subject, const FyrSubjectRole *role, const FyrResource *resource)
{
  /* A patient's own feed is for those who are not given the centre's, or not in the centre's. */
  if (resource->by_patient) {
    return role->role == FYR_ROLE_GP || is_emergency (subject, role, resource);
  }
  /* One feed a centre must not carry what is private to one user. */
  return resource->scope != FYR_SCOPE_CLASS_PRIVATE && fyr_role_has_scope (role->role, resource->scope);
}

static gboolean
role_allows (const FyrSubject *subject,
             const FyrSubjectRole *role,
             FyrAction action,
             const FyrResource *resource)
{
  switch (action) {
  case FYR_ACTION_READ:
    return resource->info != NULL && fyr_role_may_read (role->role, resource->info) &&
           (role->role == FYR_ROLE_GP || scope_allows (subject, role, resource));
  case FYR_ACTION_CREATE:
  case FYR_ACTION_UPDATE:
  case FYR_ACTION_DELETE:
    return resource->info != NULL && fyr_role_may_write (role->role, resource->info);
  case FYR_ACTION_COMMAND:
    return resource->info != NULL && resource->info->merge == FYR_MERGE_COMMAND &&
           fyr_role_may_write (role->role, resource->info);
  case FYR_ACTION_SUBSCRIBE:
    return resource->info == NULL && scope_allows (subject, role, resource);
  case FYR_ACTION_COUNT:
    return resource->info == NULL && (counting_roles & (1u << role->role)) != 0;
  default:
    return FALSE;
  }
}

/* A nurse follows all patients of her centre up; a GP only those of her own list. */
static gboolean
relation_allows (const FyrSubject *subject, const FyrSubjectRole *role, const FyrResource *resource)
{
  if (role->role != FYR_ROLE_GP || resource->patient_id == NULL || is_emergency (subject, role, resource)) {
    return TRUE;
  }
  return role->gp_id[0] != '\0' && g_strcmp0 (role->gp_id, resource->gp_id) == 0;
}

static gboolean
block_allows (const FyrSubject *subject, const FyrSubjectRole *role, const FyrResource *resource)
{
  return resource->patient_id == NULL || !g_hash_table_contains (subject->blocked, resource->patient_id) ||
         is_emergency (subject, role, resource);
}

static gboolean
class_allows (const FyrSubjectRole *role, FyrAction action, const FyrFieldInfo *field)
{
  guint bit;

  if (field == NULL) {
    return TRUE;
  }
  bit = 1u << field->field_class;
  if (action == FYR_ACTION_READ) {
    return (fyr_role_read_classes (role->role) & bit) != 0;
  }
  return (fyr_role_write_classes (role->role) & bit) != 0;
}

static gboolean
role_passes (const FyrSubject *subject,
             const FyrSubjectRole *role,
             FyrAction action,
             const FyrResource *resource,
             const FyrFieldInfo *field)
{
  return tenant_allows (role, action, resource) && role_allows (subject, role, action, resource) &&
         relation_allows (subject, role, resource) && block_allows (subject, role, resource) &&
         class_allows (role, action, field);
}

gboolean
fyr_authz (const FyrSubject *subject,
           FyrAction action,
           const FyrResource *resource,
           const FyrFieldInfo *field,
           FyrPurpose purpose)
{
  if (!purpose_allows (action, purpose)) {
    return FALSE;
  }
  for (guint i = 0; i < subject->roles->len; i++) {
    if (role_passes (subject, &g_array_index (subject->roles, FyrSubjectRole, i), action, resource, field)) {
      return TRUE;
    }
  }
  return FALSE;
}

/* Fields this program does not know may hold anything: only for a role that reads every class. */
static gboolean
reads_every_class (const FyrSubject *subject, const FyrResource *resource)
{
  for (guint i = 0; i < subject->roles->len; i++) {
    const FyrSubjectRole *role = &g_array_index (subject->roles, FyrSubjectRole, i);
    if (fyr_role_read_classes (role->role) == FYR_ALL_FIELD_CLASSES &&
        role_passes (subject, role, FYR_ACTION_READ, resource, NULL)) {
      return TRUE;
    }
  }
  return FALSE;
}

guint
fyr_authz_read_mask (const FyrSubject *subject, const FyrResource *resource, FyrPurpose purpose)
{
  guint mask = 0;

  if (!fyr_authz (subject, FYR_ACTION_READ, resource, NULL, purpose)) {
    return 0;
  }
  if (reads_every_class (subject, resource)) {
    return G_MAXUINT;
  }
  for (guint i = 0; i < resource->info->n_fields; i++) {
    const FyrFieldInfo *field = &resource->info->fields[i];
    guint bit = 1u << field->field_class;

    if ((mask & bit) == 0 && fyr_authz (subject, FYR_ACTION_READ, resource, field, purpose)) {
      mask |= bit;
    }
  }
  return mask;
}

gboolean
fyr_authz_is_alone (const FyrSubject *subject, const FyrResource *patient)
{
  FyrSubject plain = *subject;

  plain.emergency = NULL;
  for (guint i = 0; i < subject->roles->len; i++) {
    const FyrSubjectRole *role = &g_array_index (subject->roles, FyrSubjectRole, i);

    if (fyr_role_treats (role->role) && role_passes (&plain, role, FYR_ACTION_READ, patient, NULL)) {
      return FALSE;
    }
  }
  return TRUE;
}
