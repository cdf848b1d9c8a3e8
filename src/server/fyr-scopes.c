/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-scopes.h"

#include "fyr-access-table.h"
#include "fyr-resource.h"
#include "fyr-wire-pull.h"

/* The worklist first, history last; classes that are in no feed of a centre are not named. */
static const FyrScopeClass order[] = {
  FYR_SCOPE_CLASS_CONFIGURATION,
  FYR_SCOPE_CLASS_ROSTER,
  FYR_SCOPE_CLASS_ALERT,
  FYR_SCOPE_CLASS_PLAN,
  FYR_SCOPE_CLASS_NOTE,
  FYR_SCOPE_CLASS_EQUIPMENT,
  FYR_SCOPE_CLASS_RESTRICTED_NOTE,
  FYR_SCOPE_CLASS_REVIEW,
  FYR_SCOPE_CLASS_MEASUREMENT,
  FYR_SCOPE_CLASS_AUDIT,
};

static void
scope_free (gpointer data)
{
  FyrScope *scope = data;

  g_free (scope->name);
  g_free (scope);
}

static FyrScope *
scope_new (char *name, FyrScopeClass scope_class)
{
  FyrScope *scope = g_new0 (FyrScope, 1);

  scope->name = name;
  scope->scope_class = scope_class;
  return scope;
}

static gboolean
is_first_of_centre (const FyrSubject *subject, guint index)
{
  const FyrSubjectRole *role = &g_array_index (subject->roles, FyrSubjectRole, index);

  for (guint i = 0; i < index; i++) {
    if (g_str_equal (g_array_index (subject->roles, FyrSubjectRole, i).centre_id, role->centre_id)) {
      return FALSE;
    }
  }
  return TRUE;
}

static void
add_centre_scopes (GPtrArray *scopes, const FyrSubject *subject, FyrScopeClass scope_class)
{
  for (guint i = 0; i < subject->roles->len; i++) {
    const char *centre_id = g_array_index (subject->roles, FyrSubjectRole, i).centre_id;
    FyrResource resource = { .scope = scope_class, .centre_id = centre_id };
    FyrScope *scope;

    if (!is_first_of_centre (subject, i) ||
        !fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &resource, NULL, FYR_PURPOSE_WORK)) {
      continue;
    }
    scope = scope_new (g_strdup_printf ("%s/%s", centre_id, fyr_scope_class_to_string (scope_class)),
                       scope_class);
    g_strlcpy (scope->centre_id, centre_id, sizeof scope->centre_id);
    g_ptr_array_add (scopes, scope);
  }
}

static void
add_common_scope (GPtrArray *scopes, const FyrSubject *subject)
{
  FyrResource resource = { .scope = FYR_SCOPE_CLASS_CONFIGURATION };

  if (fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &resource, NULL, FYR_PURPOSE_WORK)) {
    g_ptr_array_add (scopes, scope_new (g_strdup ("global/configuration"), FYR_SCOPE_CLASS_CONFIGURATION));
  }
}

static void
add_patient_scope (GPtrArray *scopes, const char *patient_id)
{
  FyrScope *scope = scope_new (g_strdup_printf ("patient:%s", patient_id), FYR_SCOPE_CLASS_N);

  g_strlcpy (scope->patient_id, patient_id, sizeof scope->patient_id);
  g_ptr_array_add (scopes, scope);
}

/* The patients on one GP's list at one centre. */
static gboolean
add_list (GPtrArray *scopes,
          FyrConnection *connection,
          const FyrSubject *subject,
          const FyrSubjectRole *role,
          GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  select = fyr_connection_prepare (
      connection, "SELECT id FROM patient WHERE gp_id = ?1 AND centre_id = ?2 ORDER BY id", error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, role->gp_id);
  fyr_statement_bind_id (select, 2, role->centre_id);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    const char *patient_id = fyr_statement_get_id (select, 0);
    FyrResource resource = {
      .by_patient = TRUE,
      .centre_id = role->centre_id,
      .patient_id = patient_id,
      .gp_id = role->gp_id,
    };

    if (fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &resource, NULL, FYR_PURPOSE_WORK)) {
      add_patient_scope (scopes, patient_id);
    }
  }
  return step == FYR_STEP_DONE;
}

static gboolean
add_patient_scopes (GPtrArray *scopes, FyrConnection *connection, const FyrSubject *subject, GError **error)
{
  for (guint i = 0; i < subject->roles->len; i++) {
    const FyrSubjectRole *role = &g_array_index (subject->roles, FyrSubjectRole, i);
    gboolean same = FALSE;

    for (guint j = 0; j < i; j++) {
      const FyrSubjectRole *other = &g_array_index (subject->roles, FyrSubjectRole, j);
      same = same ||
             (g_str_equal (other->gp_id, role->gp_id) && g_str_equal (other->centre_id, role->centre_id));
    }
    if (role->role == FYR_ROLE_GP && role->gp_id[0] != '\0' && !same &&
        !add_list (scopes, connection, subject, role, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
fyr_scopes_has_patient (GPtrArray *scopes, const char *patient_id)
{
  for (guint i = 0; i < scopes->len; i++) {
    if (g_str_equal (((FyrScope *)g_ptr_array_index (scopes, i))->patient_id, patient_id)) {
      return TRUE;
    }
  }
  return FALSE;
}

/* A patient opened in an emergency, when the patient is still at a centre where the subject treats. */
static gboolean
add_emergency_scopes (GPtrArray *scopes, FyrConnection *connection, const FyrSubject *subject, GError **error)
{
  for (guint i = 0; subject->emergency != NULL && i < subject->emergency->len; i++) {
    const char *patient_id = g_array_index (subject->emergency, FyrEmergencyGrant, i).patient_id;
    FyrPatientPlace place;
    FyrResource resource = {
      .by_patient = TRUE, .centre_id = place.centre_id, .patient_id = patient_id, .gp_id = place.gp_id
    };
    int found = fyr_patient_place_load (connection, patient_id, &place, error);

    if (found < 0) {
      return FALSE;
    }
    if (found > 0 && !fyr_scopes_has_patient (scopes, patient_id) &&
        fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &resource, NULL, FYR_PURPOSE_WORK)) {
      add_patient_scope (scopes, patient_id);
    }
  }
  return TRUE;
}

static gboolean
load_heads (GPtrArray *scopes, FyrConnection *connection, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;

  select = fyr_connection_prepare (connection, "SELECT id, head FROM scope WHERE name = ?1", error);
  for (guint i = 0; select != NULL && i < scopes->len; i++) {
    FyrScope *scope = g_ptr_array_index (scopes, i);

    fyr_statement_bind_text (select, 1, scope->name);
    switch (fyr_statement_step (select, error)) {
    case FYR_STEP_ROW:
      scope->number = fyr_statement_get_int (select, 0);
      scope->head = fyr_statement_get_int (select, 1);
      break;
    case FYR_STEP_DONE:
      break;
    case FYR_STEP_ERROR:
    default:
      return FALSE;
    }
    fyr_statement_reset (select);
  }
  return select != NULL;
}

GPtrArray *
fyr_scopes_load (FyrConnection *connection, const FyrSubject *subject, GError **error)
{
  g_autoptr (GPtrArray) scopes = g_ptr_array_new_with_free_func (scope_free);

  add_common_scope (scopes, subject);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    if (order[i] == FYR_SCOPE_CLASS_MEASUREMENT &&
        (!add_patient_scopes (scopes, connection, subject, error) ||
         !add_emergency_scopes (scopes, connection, subject, error))) {
      return NULL;
    }
    add_centre_scopes (scopes, subject, order[i]);
  }
  return load_heads (scopes, connection, error) ? g_steal_pointer (&scopes) : NULL;
}

gboolean
fyr_scope_load_settled (FyrScope *self, FyrConnection *connection, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      connection, "SELECT max (head) FROM feed_mark WHERE scope = ?1 AND time <= ?2", error);

  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (select, 1, self->number);
  fyr_statement_bind_int (select, 2, g_get_real_time () / 1000 - FYR_WITNESS_DAYS * G_TIME_SPAN_DAY / 1000);
  if (fyr_statement_step (select, error) != FYR_STEP_ROW) {
    return FALSE;
  }
  self->settled = fyr_statement_get_int (select, 0);
  return TRUE;
}

GHashTable *
fyr_scopes_to_heads (GPtrArray *scopes)
{
  GHashTable *heads = fyr_wire_heads_new ();

  for (guint i = 0; i < scopes->len; i++) {
    FyrScope *scope = g_ptr_array_index (scopes, i);
    fyr_wire_heads_set (heads, scope->name, scope->head);
  }
  return heads;
}

GHashTable *
fyr_scopes_to_classes (GPtrArray *scopes, const FyrSubject *subject)
{
  GHashTable *classes = fyr_wire_heads_new ();

  for (guint i = 0; i < scopes->len; i++) {
    const FyrScope *scope = g_ptr_array_index (scopes, i);
    guint mask = 0;

    if (scope->centre_id[0] == '\0' && scope->patient_id[0] == '\0') {
      continue;
    }
    /* All roles there: one may read in a feed what another opened. */
    for (guint j = 0; j < subject->roles->len; j++) {
      const FyrSubjectRole *role = &g_array_index (subject->roles, FyrSubjectRole, j);

      if (scope->centre_id[0] == '\0' || g_str_equal (scope->centre_id, role->centre_id)) {
        mask |= fyr_role_read_classes (role->role);
      }
    }
    fyr_wire_heads_set (classes, scope->name, mask);
  }
  return classes;
}
