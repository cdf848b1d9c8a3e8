/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-server-schema.h"

#include <sodium.h>

#include "fyr-access-chain.h"
#include "fyr-emergency-grant.h"
#include "fyr-migrator.h"
#include "fyr-record-table.h"
#include "fyr-row-security.h"
#include "fyr-shared.h"

/*
 * feed: what a scope's readers must fetch, dense from 1; kind is a number of the table kind, op 1 is put and
 * 2 is delete. grant: patients whose own feed is kept because somebody outside the centre's feeds may read
 * them. external_id: what makes a repeated report the same one, within a centre. voided: measurements that a
 * later one corrects, for which nothing is judged any more. sign_in_failure: by a hash of the name typed,
 * whether there is such a user or not. Tokens are kept as hashes: whoever reads the database cannot sign in
 * with it.
 */
static const char *const own_tables =
    "CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE kind (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE scope (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head INTEGER NOT NULL);"
    "CREATE TABLE feed (scope INTEGER NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " id BLOB NOT NULL, op INTEGER NOT NULL, PRIMARY KEY (scope, seq)) WITHOUT ROWID;"
    "CREATE TABLE tombstone (kind INTEGER NOT NULL, id BLOB NOT NULL, version INTEGER NOT NULL,"
    " time INTEGER NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;"
    "CREATE TABLE patient_grant (patient BLOB PRIMARY KEY NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE patient_block (patient BLOB NOT NULL, \"user\" BLOB NOT NULL, PRIMARY KEY (\"user\", "
    "patient))"
    " WITHOUT ROWID;"
    "CREATE TABLE workstation (id INTEGER PRIMARY KEY, device BLOB NOT NULL, incarnation BLOB NOT NULL,"
    " \"user\" BLOB NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL, seen INTEGER NOT NULL,"
    " UNIQUE (device, incarnation));"
    "CREATE TABLE mutation (workstation INTEGER NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL,"
    " kind INTEGER NOT NULL, outcome TEXT NOT NULL, PRIMARY KEY (workstation, number)) WITHOUT ROWID;"
    "CREATE TABLE credential (\"user\" BLOB PRIMARY KEY NOT NULL, hash TEXT NOT NULL, changed INTEGER NOT "
    "NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE sign_in_failure (name BLOB PRIMARY KEY NOT NULL, failures INTEGER NOT NULL,"
    " locked_until INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE session (id BLOB PRIMARY KEY NOT NULL, token BLOB NOT NULL UNIQUE, \"user\" BLOB NOT NULL,"
    " device BLOB NOT NULL, device_name TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE INDEX session_by_user ON session (\"user\");"
    "CREATE TABLE gateway (id BLOB PRIMARY KEY NOT NULL, token BLOB NOT NULL UNIQUE, centre BLOB NOT NULL,"
    " name TEXT NOT NULL, created INTEGER NOT NULL, ended INTEGER) WITHOUT ROWID;"
    "CREATE TABLE external_id (centre BLOB NOT NULL, text TEXT NOT NULL, measurement BLOB NOT NULL,"
    " PRIMARY KEY (centre, text)) WITHOUT ROWID;"
    "CREATE TABLE voided (measurement BLOB PRIMARY KEY NOT NULL, by BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE history (kind INTEGER NOT NULL, id BLOB NOT NULL, version INTEGER NOT NULL,"
    " field TEXT NOT NULL, value TEXT, \"user\" BLOB, time INTEGER NOT NULL,"
    " PRIMARY KEY (kind, id, version, field)) WITHOUT ROWID;"
    "CREATE TABLE schedule (name TEXT PRIMARY KEY NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX patient_by_gp ON patient (gp_id);"
    "CREATE INDEX membership_by_gp ON membership (gp_id);";

/* Names are the same in capitals and small letters, of the English alphabet, as SQLite compares them. */
static const char *const name_index_sqlite =
    "CREATE UNIQUE INDEX user_by_name ON \"user\" (user_name COLLATE NOCASE)";
static const char *const name_index_shared =
    "CREATE UNIQUE INDEX user_by_name ON \"user\" (lower (user_name))";

/*
 * witnessed: records that workstations gave back after a restore. quarantine: work of users who were shut out before
 * it was delivered, for review. feed_mark: heads as they were, so that what is older than any workstation keeps is
 * told without a tag.
 */
static const char *const sync_tables =
    "CREATE TABLE witnessed (kind INTEGER NOT NULL, id BLOB NOT NULL, time INTEGER NOT NULL,"
    " PRIMARY KEY (kind, id)) WITHOUT ROWID;"
    "CREATE TABLE quarantine (id INTEGER PRIMARY KEY, device BLOB NOT NULL, incarnation BLOB NOT NULL,"
    " author BLOB NOT NULL, number INTEGER NOT NULL, reason TEXT NOT NULL, received INTEGER NOT NULL,"
    " mutation TEXT NOT NULL, settled INTEGER, UNIQUE (device, incarnation, number));"
    "CREATE TABLE feed_mark (scope INTEGER NOT NULL, time INTEGER NOT NULL, head INTEGER NOT NULL,"
    " PRIMARY KEY (scope, time)) WITHOUT ROWID;";

/*
 * mutation: of which record, when its writer recorded it (by the server's clock, as well as the workstation could
 * tell), what the workstation added to its own clock for that, and when it came. witnessed: up to which version, and of
 * which life of the server. resent: fields whose writers sent them again after a restore, and of which version they
 * were.
 */
static const char *const return_tables =
    "ALTER TABLE mutation ADD COLUMN record BLOB;"
    "ALTER TABLE mutation ADD COLUMN recorded INTEGER;"
    "ALTER TABLE mutation ADD COLUMN clock_offset INTEGER;"
    "ALTER TABLE mutation ADD COLUMN received INTEGER;"
    "ALTER TABLE witnessed ADD COLUMN version INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE witnessed ADD COLUMN epoch TEXT;"
    "CREATE TABLE resent (kind INTEGER NOT NULL, id BLOB NOT NULL, field TEXT NOT NULL, epoch TEXT NOT NULL,"
    " version INTEGER NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (kind, id, field)) WITHOUT ROWID;";

/* The secret of the database: who has it, or a backup, can say what the server once said. */
static gboolean
make_sync_tables (FyrConnection *connection, gpointer user_data, GError **error)
{
  guint8 key[32];
  char text[2 * sizeof key + 1];
  g_autoptr (FyrStatement) put = NULL;

  if (!fyr_connection_exec (connection, sync_tables, error)) {
    return FALSE;
  }
  put =
      fyr_connection_prepare (connection, "INSERT INTO meta (name, value) VALUES ('witness_key', ?1)", error);
  if (put == NULL) {
    return FALSE;
  }
  randombytes_buf (key, sizeof key);
  sodium_bin2hex (text, sizeof text, key, sizeof key);
  fyr_statement_bind_text (put, 1, text);
  return fyr_statement_run (put, error);
}

/*
 * holder: whose feeds each workstation was given last, digest their names; holding: these feeds; revocation: what was
 * taken away from it, and when it said that nothing of it is left. settlement: what became of work in quarantine, in
 * the order of commits, for the workstation it came from. quarantine.handed_by: who delivered it in the author's stead.
 */
static const char *const access_tables =
    "CREATE TABLE holder (device BLOB PRIMARY KEY NOT NULL, \"user\" BLOB NOT NULL, digest TEXT NOT NULL,"
    " name TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE holding (device BLOB NOT NULL, scope TEXT NOT NULL, since INTEGER NOT NULL,"
    " PRIMARY KEY (device, scope)) WITHOUT ROWID;"
    "CREATE TABLE revocation (id INTEGER PRIMARY KEY, device BLOB NOT NULL, scope TEXT NOT NULL,"
    " \"user\" BLOB NOT NULL, told INTEGER NOT NULL, confirmed INTEGER);"
    "CREATE INDEX revocation_by_device ON revocation (device, scope);"
    "CREATE TABLE settlement (seq INTEGER PRIMARY KEY, device BLOB NOT NULL, incarnation BLOB NOT NULL,"
    " author BLOB NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL, outcome TEXT NOT NULL,"
    " UNIQUE (device, incarnation, number));"
    "CREATE INDEX settlement_by_author ON settlement (author, device, seq);"
    "ALTER TABLE quarantine ADD COLUMN handed_by BLOB;"
    "ALTER TABLE quarantine ADD COLUMN settler BLOB;"
    "ALTER TABLE quarantine ADD COLUMN decision TEXT;"
    "ALTER TABLE quarantine ADD COLUMN remark TEXT;";

/*
 * shut_out: workstations that nobody works at any more; device_decision: who decided what about one, and why.
 * holder.seen: when it was in contact, as far as it was noted. revocation.wiped: the decision that says that nothing
 * is left there.
 */
static const char *const device_tables =
    "CREATE TABLE shut_out (device BLOB PRIMARY KEY NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE device_decision (id INTEGER PRIMARY KEY, device BLOB NOT NULL, decision TEXT NOT NULL,"
    " reason TEXT NOT NULL, \"user\" BLOB NOT NULL, time INTEGER NOT NULL);"
    "CREATE INDEX device_decision_by_device ON device_decision (device, id);"
    "ALTER TABLE holder ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE revocation ADD COLUMN wiped INTEGER;";

static gboolean
make_access_tables (FyrConnection *connection, gpointer user_data, GError **error)
{
  return fyr_connection_exec (connection, access_tables, error);
}

static gboolean
make_record_tables (FyrConnection *connection, gpointer user_data, GError **error)
{
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    if (!fyr_record_table_create (connection, fyr_record_infos[i], error)) {
      return FALSE;
    }
  }
  return fyr_connection_exec (connection, own_tables, error) &&
         fyr_connection_exec (connection,
                              fyr_connection_is_shared (connection) ? name_index_shared : name_index_sqlite,
                              error) &&
         fyr_row_security_migrate (connection, error);
}

/* What nobody needs but who writes and who administers, is seen by nobody else. */
static gboolean
protect_sync_tables (FyrConnection *connection, gpointer user_data, GError **error)
{
  return fyr_row_security_migrate_sync (connection, error);
}

static gboolean
make_access_log (FyrConnection *connection, gpointer user_data, GError **error)
{
  return fyr_access_chain_migrate (connection, error);
}

static gboolean
make_emergency_access (FyrConnection *connection, gpointer user_data, GError **error)
{
  return fyr_emergency_grant_migrate (connection, error);
}

gboolean
fyr_server_schema_migrate (FyrConnection *connection, GError **error)
{
  const FyrMigration steps[] = {
    { .version = 1, .apply = make_record_tables },    { .version = 2, .apply = make_sync_tables },
    { .version = 3, .sql = return_tables },           { .version = 4, .apply = protect_sync_tables },
    { .version = 5, .apply = make_access_log },       { .version = 6, .apply = make_access_tables },
    { .version = 7, .apply = make_emergency_access }, { .version = 8, .sql = device_tables },
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (steps) == FYR_SERVER_SCHEMA_VERSION);
  return fyr_migrator_run (connection, steps, G_N_ELEMENTS (steps), error);
}
