/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-row-security.h"

#include "fyr-records.h"
#include "fyr-shared.h"

#define SETTING "fyrlykt.centres"

/* The ids in the setting are those of the sync messages, with their dashes. */
static const char *const function_sql =
    "CREATE FUNCTION fyr_sees_all () RETURNS boolean LANGUAGE sql STABLE AS"
    " $$SELECT coalesce (current_setting ('" SETTING "', true), '') = '*'$$;"
    "CREATE FUNCTION fyr_sees_centre (centre bytea) RETURNS boolean LANGUAGE sql STABLE AS"
    " $$SELECT strpos (replace (coalesce (current_setting ('" SETTING "', true), ''), '-', ''),"
    " encode (centre, 'hex')) > 0$$;";

static gboolean
protect (FyrConnection *connection, const char *table, const char *condition, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("ALTER TABLE \"%s\" ENABLE ROW LEVEL SECURITY;"
                                          "ALTER TABLE \"%s\" FORCE ROW LEVEL SECURITY;"
                                          "CREATE POLICY fyrlykt ON \"%s\" USING (fyr_sees_all ()%s)",
                                          table, table, table, condition);

  return fyr_connection_exec (connection, sql, error);
}

gboolean
fyr_row_security_migrate (FyrConnection *connection, GError **error)
{
  if (!fyr_connection_is_shared (connection)) {
    return TRUE;
  }
  if (!fyr_connection_exec (connection, function_sql, error) ||
      !protect (connection, "patient", " OR fyr_sees_centre (centre_id)", error) ||
      !protect (connection, "history", "", error) ||
      !protect (connection, "external_id", " OR fyr_sees_centre (centre)", error)) {
    return FALSE;
  }
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];
    g_autofree char *condition = NULL;

    if (info->scope_by != FYR_SCOPE_BY_PATIENT) {
      continue;
    }
    /* A patient who is not seen is not found here either. */
    condition = g_strdup_printf (" OR EXISTS (SELECT 1 FROM patient p WHERE p.id = %s)",
                                 info->fields[info->patient_field].name);
    if (!protect (connection, info->kind, condition, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

/* Who was granted the tables by fyr_row_security_grant() of an older release, has every table there is now. */
static const char *const grant_again_sql =
    "DO $do$DECLARE granted record; BEGIN"
    " FOR granted IN SELECT DISTINCT a.grantee FROM pg_class c, aclexplode (c.relacl) a"
    "  WHERE c.oid = 'meta'::regclass AND a.privilege_type = 'INSERT' AND a.grantee NOT IN (0, c.relowner)"
    " LOOP"
    "  PERFORM set_config ('fyrlykt.role', pg_get_userbyid (granted.grantee), true);"
    "  EXECUTE current_setting ('fyrlykt.grant');"
    " END LOOP; END$do$";

/* To the role that the setting fyrlykt.role names: what is there, and what later releases add. */
static const char *const grant_sql =
    "DO $grant$DECLARE place text := current_schema (); role text := current_setting ('fyrlykt.role'); BEGIN"
    " EXECUTE format ('GRANT USAGE ON SCHEMA %I TO %I', place, role);"
    " EXECUTE format ('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', place, role);"
    " EXECUTE format ('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', place, role);"
    " EXECUTE format ('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES "
    "TO %I',"
    "  place, role);"
    " EXECUTE format ('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES TO %I', place, role);"
    " END$grant$";

/* The access log is read and added to, no more. */
static const char *const keep_log_sql =
    "DO $keep$BEGIN EXECUTE format ('REVOKE UPDATE, DELETE ON audit_event, access_chain, emergency_access,"
    " emergency_event FROM %I',"
    " current_setting ('fyrlykt.role')); END$keep$";

gboolean
fyr_row_security_migrate_sync (FyrConnection *connection, GError **error)
{
  return !fyr_connection_is_shared (connection) ||
         (protect (connection, "mutation", "", error) && protect (connection, "quarantine", "", error) &&
          protect (connection, "device", " OR fyr_sees_centre (centre_id)", error) &&
          fyr_connection_set_for_transaction (connection, "fyrlykt.grant", grant_sql, error) &&
          fyr_connection_exec (connection, grant_again_sql, error));
}

gboolean
fyr_row_security_protect_centre (FyrConnection *connection,
                                 const char *table,
                                 const char *column,
                                 GError **error)
{
  g_autofree char *condition = g_strdup_printf (" OR fyr_sees_centre (%s)", column);

  return !fyr_connection_is_shared (connection) || protect (connection, table, condition, error);
}

gboolean
fyr_row_security_begin (FyrConnection *connection, const char *centres, GError **error)
{
  return fyr_connection_set_for_transaction (connection, SETTING, centres, error);
}

gboolean
fyr_row_security_open_all (FyrConnection *connection, GError **error)
{
  return !fyr_connection_is_shared (connection) ||
         fyr_connection_exec (connection, "SET " SETTING " = '*'", error);
}

gboolean
fyr_row_security_grant (FyrConnection *connection, const char *role, GError **error)
{
  g_autoptr (FyrStatement) set = NULL;

  if (!fyr_connection_is_shared (connection)) {
    return TRUE;
  }
  set = fyr_connection_prepare (connection, "SELECT set_config ('fyrlykt.role', ?1, false)", error);
  if (set == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (set, 1, role);
  return fyr_statement_run (set, error) && fyr_connection_exec (connection, grant_sql, error) &&
         fyr_connection_exec (connection, keep_log_sql, error);
}
