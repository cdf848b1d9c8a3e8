/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-authz.h"
#include "fyr-row-security.h"

FyrSubject *
fyr_subject_new (const char *user_id)
{
  FyrSubject *self = g_new0 (FyrSubject, 1);

  g_strlcpy (self->user_id, user_id, sizeof self->user_id);
  self->roles = g_array_new (FALSE, TRUE, sizeof (FyrSubjectRole));
  self->blocked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
fyr_subject_free (FyrSubject *self)
{
  g_array_unref (self->roles);
  g_hash_table_unref (self->blocked);
  g_clear_pointer (&self->emergency, g_array_unref);
  g_free (self);
}

const FyrEmergencyGrant *
fyr_subject_find_emergency (const FyrSubject *self, const char *patient_id)
{
  for (guint i = 0; self->emergency != NULL && patient_id != NULL && i < self->emergency->len; i++) {
    const FyrEmergencyGrant *grant = &g_array_index (self->emergency, FyrEmergencyGrant, i);

    if (g_str_equal (grant->patient_id, patient_id)) {
      return grant;
    }
  }
  return NULL;
}

void
fyr_subject_forget_emergency (FyrSubject *self)
{
  g_clear_pointer (&self->emergency, g_array_unref);
}

void
fyr_subject_forget_roles (FyrSubject *self)
{
  g_array_set_size (self->roles, 0);
  fyr_subject_forget_emergency (self);
}

void
fyr_subject_add_role (FyrSubject *self, FyrRole role, const char *centre_id, const char *gp_id)
{
  FyrSubjectRole entry = { .role = role };

  g_strlcpy (entry.centre_id, centre_id, sizeof entry.centre_id);
  g_strlcpy (entry.gp_id, gp_id != NULL ? gp_id : "", sizeof entry.gp_id);
  g_array_append_val (self->roles, entry);
}

gboolean
fyr_subject_has_role (const FyrSubject *self, FyrRole role, const char *centre_id)
{
  for (guint i = 0; i < self->roles->len; i++) {
    const FyrSubjectRole *entry = &g_array_index (self->roles, FyrSubjectRole, i);
    if (entry->role == role && (centre_id == NULL || g_str_equal (entry->centre_id, centre_id))) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
load_roles (FyrSubject *self, FyrConnection *connection, gint64 now, gboolean active, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  select = fyr_connection_prepare (
      connection,
      "SELECT m.role, m.centre_id, m.gp_id FROM membership m"
      " JOIN \"user\" u ON u.id = m.user_id WHERE m.user_id = ?1 AND coalesce (u.active, 0) >= ?3"
      " AND (m.valid_from IS NULL OR m.valid_from <= ?2)"
      " AND (m.valid_to IS NULL OR m.valid_to > ?2)",
      error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, self->user_id);
  fyr_statement_bind_int (select, 2, now);
  fyr_statement_bind_int (select, 3, active);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    FyrSubjectRole entry = { .role = (FyrRole)fyr_statement_get_int (select, 0) };
    const char *gp_id;

    g_strlcpy (entry.centre_id, fyr_statement_get_id (select, 1), sizeof entry.centre_id);
    gp_id = fyr_statement_get_id (select, 2);
    g_strlcpy (entry.gp_id, gp_id != NULL ? gp_id : "", sizeof entry.gp_id);
    g_array_append_val (self->roles, entry);
  }
  return step == FYR_STEP_DONE;
}

static gboolean
load_blocks (FyrSubject *self, FyrConnection *connection, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  select =
      fyr_connection_prepare (connection, "SELECT patient FROM patient_block WHERE \"user\" = ?1", error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, self->user_id);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_hash_table_add (self->blocked, g_strdup (fyr_statement_get_id (select, 0)));
  }
  return step == FYR_STEP_DONE;
}

static FyrSubject *
load_subject (FyrConnection *connection, const char *user_id, gint64 time, gboolean active, GError **error)
{
  g_autoptr (FyrSubject) self = fyr_subject_new (user_id);

  if (!load_roles (self, connection, time, active, error) || !load_blocks (self, connection, error)) {
    return NULL;
  }
  self->emergency = active ? fyr_emergency_grant_load (connection, user_id, time, error)
                           : fyr_emergency_grant_load_as_of (connection, user_id, time, error);
  if (self->emergency == NULL) {
    return NULL;
  }
  return g_steal_pointer (&self);
}

FyrSubject *
fyr_subject_load (FyrConnection *connection, const char *user_id, gint64 now, GError **error)
{
  return load_subject (connection, user_id, now, TRUE, error);
}

FyrSubject *
fyr_subject_load_as_of (FyrConnection *connection, const char *user_id, gint64 time, GError **error)
{
  return load_subject (connection, user_id, time, FALSE, error);
}

gboolean
fyr_subject_narrow (const FyrSubject *self, FyrConnection *connection, GError **error)
{
  g_autoptr (GString) centres = g_string_new (NULL);

  for (guint i = 0; i < self->roles->len; i++) {
    g_string_append_printf (centres, "%s ", g_array_index (self->roles, FyrSubjectRole, i).centre_id);
  }
  return fyr_row_security_begin (connection, centres->str, error);
}
