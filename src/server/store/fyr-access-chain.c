/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-access-chain.h"

#include <string.h>

#include "fyr-access-table.h"
#include "fyr-canonical-json.h"
#include "fyr-record-table.h"
#include "fyr-row-security.h"
#include "fyr-shared.h"
#include "fyr-uuid.h"

static const char *const chain_table =
    "CREATE TABLE access_chain (centre BLOB NOT NULL, number INTEGER NOT NULL, id BLOB NOT NULL UNIQUE,"
    " hash TEXT NOT NULL, PRIMARY KEY (centre, number)) WITHOUT ROWID";

static const char *const keep_sqlite = "CREATE TRIGGER %s_no_update BEFORE UPDATE ON %s BEGIN"
                                       " SELECT RAISE (ABORT, 'the access log is append only'); END;"
                                       "CREATE TRIGGER %s_no_delete BEFORE DELETE ON %s BEGIN"
                                       " SELECT RAISE (ABORT, 'the access log is append only'); END";

static const char *const refuse_shared =
    "CREATE FUNCTION fyr_append_only () RETURNS trigger LANGUAGE plpgsql AS"
    " $$BEGIN RAISE EXCEPTION 'the access log is append only' USING ERRCODE = "
    "'integrity_constraint_violation';"
    " END$$";

/* Roles that servers connect as were given what there was then. They read and add, no more. */
static const char *const keep_shared =
    "CREATE TRIGGER %s_no_change BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION fyr_append_only "
    "();"
    "CREATE TRIGGER %s_no_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION fyr_append_only "
    "();"
    "DO $do$DECLARE one text; BEGIN"
    " FOR one IN SELECT DISTINCT grantee FROM information_schema.role_table_grants WHERE table_schema = "
    "current_schema ()"
    " AND table_name = 'feed' AND privilege_type = 'INSERT' AND grantee <> current_user LOOP"
    " EXECUTE format ('GRANT SELECT, INSERT ON %s TO %I', one);"
    " EXECUTE format ('REVOKE UPDATE, DELETE ON %s FROM %I', one); END LOOP; END$do$";

gboolean
fyr_access_chain_keep (FyrConnection *connection, const char *table, GError **error)
{
  const char *form = fyr_connection_is_shared (connection) ? keep_shared : keep_sqlite;
  g_auto (GStrv) parts = g_strsplit (form, "%s", -1);
  g_autofree char *sql = g_strjoinv (table, parts);

  return fyr_connection_exec (connection, sql, error);
}

gboolean
fyr_access_chain_migrate (FyrConnection *connection, GError **error)
{
  return fyr_record_table_create_missing (connection, &fyr_audit_event_info, error) &&
         fyr_connection_exec (connection, chain_table, error) &&
         (!fyr_connection_is_shared (connection) || fyr_connection_exec (connection, refuse_shared, error)) &&
         fyr_access_chain_keep (connection, fyr_audit_event_info.kind, error) &&
         fyr_access_chain_keep (connection, "access_chain", error) &&
         fyr_row_security_protect_centre (connection, fyr_audit_event_info.kind, "centre_id", error) &&
         fyr_row_security_protect_centre (connection, "access_chain", "centre", error);
}

char *
fyr_access_chain_get_centre (const char *scope)
{
  const char *slash = strchr (scope, '/');

  if (slash == NULL || g_strcmp0 (slash + 1, fyr_scope_class_to_string (FYR_SCOPE_CLASS_AUDIT)) != 0) {
    return NULL;
  }
  return g_strndup (scope, (gsize)(slash - scope));
}

static void
hash_entry (const char *previous, FyrRecord *record, char hash[FYR_HASH_TEXT_SIZE])
{
  g_autoptr (JsonObject) object = fyr_record_to_json (record, G_MAXUINT);

  fyr_canonical_json_hash (previous, object, hash);
}

/* The end of a centre's chain; number 0 before the first. */
static gboolean
load_head (FyrConnection *connection, const char *centre_id, FyrAccessHead *head, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      connection, "SELECT number, hash FROM access_chain WHERE centre = ?1 ORDER BY number DESC LIMIT 1",
      error);
  FyrStep step;

  if (select == NULL) {
    return FALSE;
  }
  g_strlcpy (head->centre_id, centre_id, sizeof head->centre_id);
  g_strlcpy (head->hash, FYR_HASH_ZERO, sizeof head->hash);
  head->number = 0;
  fyr_statement_bind_id (select, 1, centre_id);
  step = fyr_statement_step (select, error);
  if (step == FYR_STEP_ROW) {
    head->number = fyr_statement_get_int (select, 0);
    g_strlcpy (head->hash, fyr_statement_get_text (select, 1), sizeof head->hash);
  }
  return step != FYR_STEP_ERROR;
}

static FyrRecord *
get_entry (FyrConnection *connection, const char *id, GError **error)
{
  return fyr_record_table_get (connection, &fyr_audit_event_info, id, error);
}

gboolean
fyr_access_chain_append (FyrConnection *connection, const char *centre_id, const guint8 *id, GError **error)
{
  char text[FYR_UUID_TEXT_SIZE];
  char hash[FYR_HASH_TEXT_SIZE];
  FyrAccessHead head;
  g_autoptr (FyrRecord) record = NULL;
  g_autoptr (FyrStatement) insert = NULL;

  fyr_uuid_from_bytes (id, text);
  record = get_entry (connection, text, error);
  if (record == NULL || !load_head (connection, centre_id, &head, error)) {
    if (error != NULL && *error == NULL) {
      g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT, "An entry of the access log is gone");
    }
    return FALSE;
  }
  hash_entry (head.hash, record, hash);
  insert = fyr_connection_prepare (
      connection, "INSERT INTO access_chain (centre, number, id, hash) VALUES (?1, ?2, ?3, ?4)", error);
  if (insert == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (insert, 1, centre_id);
  fyr_statement_bind_int (insert, 2, head.number + 1);
  fyr_statement_bind_id (insert, 3, text);
  fyr_statement_bind_text (insert, 4, hash);
  return fyr_statement_run (insert, error);
}

typedef struct {
  FyrConnection *connection;
  FyrAccessChainFunc func;
  gpointer user_data;
  FyrAccessHead head; /* the link before, as the chain says it */
} Walk;

/* One link. After a fault it goes on from what the chain says, so that one fault is told once. */
static gboolean
check_link (
    Walk *walk, const char *centre_id, gint64 number, const char *id, const char *hash, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (FyrRecord) record = get_entry (walk->connection, id, &failure);
  char expected[FYR_HASH_TEXT_SIZE];

  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (!g_str_equal (centre_id, walk->head.centre_id)) {
    walk->head = (FyrAccessHead){ "", 0, FYR_HASH_ZERO };
    g_strlcpy (walk->head.centre_id, centre_id, sizeof walk->head.centre_id);
  }
  if (number != walk->head.number + 1) {
    walk->func (FYR_ACCESS_CHAIN_GAP, centre_id, number, id, walk->user_data);
  } else if (record == NULL) {
    walk->func (FYR_ACCESS_CHAIN_DELETED, centre_id, number, id, walk->user_data);
  } else {
    hash_entry (walk->head.hash, record, expected);
    if (!g_str_equal (expected, hash)) {
      walk->func (FYR_ACCESS_CHAIN_CHANGED, centre_id, number, id, walk->user_data);
    } else if (g_strcmp0 (fyr_audit_event_get_centre_id (FYR_AUDIT_EVENT (record)), centre_id) != 0) {
      walk->func (FYR_ACCESS_CHAIN_MISPLACED, centre_id, number, id, walk->user_data);
    }
  }
  walk->head.number = number;
  g_strlcpy (walk->head.hash, hash, sizeof walk->head.hash);
  return TRUE;
}

static gboolean
check_links (Walk *walk, gint64 *n_entries, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      walk->connection, "SELECT centre, number, id, hash FROM access_chain ORDER BY centre, number", error);
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_autofree char *centre_id = g_strdup (fyr_statement_get_id (select, 0));
    g_autofree char *id = g_strdup (fyr_statement_get_id (select, 2));

    if (!check_link (walk, centre_id, fyr_statement_get_int (select, 1), id,
                     fyr_statement_get_text (select, 3), error)) {
      return FALSE;
    }
    (*n_entries)++;
  }
  return step == FYR_STEP_DONE;
}

static gboolean
check_inserted (Walk *walk, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      walk->connection,
      "SELECT centre_id, id FROM audit_event WHERE id NOT IN (SELECT id FROM access_chain) ORDER BY id",
      error);
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_autofree char *centre_id = g_strdup (fyr_statement_get_id (select, 0));

    walk->func (FYR_ACCESS_CHAIN_INSERTED, centre_id, 0, fyr_statement_get_id (select, 1), walk->user_data);
  }
  return step == FYR_STEP_DONE;
}

/* What was cut off at the end. */
static gboolean
check_lengths (Walk *walk, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      walk->connection, "SELECT name, head FROM scope WHERE name LIKE '%/audit' ORDER BY name", error);
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_autofree char *centre_id = fyr_access_chain_get_centre (fyr_statement_get_text (select, 0));
    gint64 told = fyr_statement_get_int (select, 1);
    FyrAccessHead head;

    if (centre_id == NULL || !load_head (walk->connection, centre_id, &head, error)) {
      return FALSE;
    }
    if (head.number != told) {
      walk->func (FYR_ACCESS_CHAIN_SHORT, centre_id, head.number, NULL, walk->user_data);
    }
  }
  return step == FYR_STEP_DONE;
}

gboolean
fyr_access_chain_verify (
    FyrConnection *connection, FyrAccessChainFunc func, gpointer user_data, gint64 *n_entries, GError **error)
{
  Walk walk = { .connection = connection, .func = func, .user_data = user_data };

  *n_entries = 0;
  return check_links (&walk, n_entries, error) && check_inserted (&walk, error) &&
         check_lengths (&walk, error);
}

GArray *
fyr_access_chain_list_heads (FyrConnection *connection, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      connection,
      "SELECT c.centre, c.number, c.hash FROM access_chain c"
      " JOIN (SELECT centre, max (number) AS last FROM access_chain GROUP BY centre) m"
      " ON m.centre = c.centre AND m.last = c.number ORDER BY c.centre",
      error);
  g_autoptr (GArray) heads = g_array_new (FALSE, TRUE, sizeof (FyrAccessHead));
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    FyrAccessHead head = { "", fyr_statement_get_int (select, 1), "" };

    g_strlcpy (head.centre_id, fyr_statement_get_id (select, 0), sizeof head.centre_id);
    g_strlcpy (head.hash, fyr_statement_get_text (select, 2), sizeof head.hash);
    g_array_append_val (heads, head);
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&heads) : NULL;
}

int
fyr_access_chain_has (FyrConnection *connection, const FyrAccessHead *head, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      connection, "SELECT 1 FROM access_chain WHERE centre = ?1 AND number = ?2 AND hash = ?3", error);
  FyrStep step;

  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_id (select, 1, head->centre_id);
  fyr_statement_bind_int (select, 2, head->number);
  fyr_statement_bind_text (select, 3, head->hash);
  step = fyr_statement_step (select, error);
  return step == FYR_STEP_ERROR ? -1 : step == FYR_STEP_ROW;
}
