/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-migrator.h"
#include "fyr-store-private.h"
#include "fyr-store-rows.h"
#include "fyr-uuid.h"

/* Beside the record kinds of the schema. Ids are 16 bytes; times are ms since the epoch. */
static const char own_tables[] =
    /* device, epoch, clock_offset, last_contact */
    "CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    /* how far each feed is applied */
    "CREATE TABLE cursor (scope TEXT PRIMARY KEY NOT NULL, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    /* entries of kinds that a later version knows */
    "CREATE TABLE parked (scope TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,"
    " record TEXT, PRIMARY KEY (scope, seq)) STRICT, WITHOUT ROWID;"
    /* one dense sequence of numbers a user; current = 0: of a database this one was copied from; 2: likewise, and it is
     * not known whether the server still has what it answered */
    "CREATE TABLE stream (id INTEGER PRIMARY KEY, author_id BLOB NOT NULL, incarnation BLOB NOT NULL UNIQUE,"
    " next INTEGER NOT NULL, last_hash TEXT NOT NULL, current INTEGER NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX stream_by_author ON stream (author_id) WHERE current = 1;"
    /* the work of this machine's users; open: not delivered, not discarded */
    "CREATE TABLE outbox (key INTEGER PRIMARY KEY, stream INTEGER NOT NULL REFERENCES stream (id),"
    " number INTEGER NOT NULL, command TEXT NOT NULL, kind TEXT NOT NULL, record_id BLOB NOT NULL,"
    " patient_id BLOB, event_id BLOB, depends_on INTEGER, state INTEGER NOT NULL, open INTEGER NOT NULL,"
    " previous_hash TEXT NOT NULL, hash TEXT NOT NULL, payload TEXT NOT NULL, version INTEGER, code TEXT,"
    " text TEXT, conflict TEXT, created INTEGER NOT NULL, acknowledged INTEGER, UNIQUE (stream, number)) "
    "STRICT;"
    "CREATE INDEX outbox_open ON outbox (record_id, state) WHERE open = 1;"
    "CREATE INDEX outbox_open_by_state ON outbox (state) WHERE open = 1;"
    "CREATE INDEX outbox_acknowledged ON outbox (acknowledged) WHERE open = 0;"
    /* which rows undelivered work lies on, and what the server says of those rows (NULL: not there) */
    "CREATE TABLE effect (kind TEXT NOT NULL, id BLOB NOT NULL, key INTEGER NOT NULL REFERENCES outbox (key),"
    " PRIMARY KEY (kind, id, key)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX effect_by_key ON effect (key);"
    "CREATE TABLE base (kind TEXT NOT NULL, id BLOB NOT NULL, record TEXT, PRIMARY KEY (kind, id))"
    " STRICT, WITHOUT ROWID;"
    /* kept, not computed */
    "CREATE TABLE latest (patient_id BLOB NOT NULL, kind INTEGER NOT NULL, time INTEGER NOT NULL,"
    " measurement_id BLOB NOT NULL, PRIMARY KEY (patient_id, kind)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE voided (patient_id BLOB NOT NULL, kind INTEGER NOT NULL, measurement_id BLOB NOT NULL,"
    " by_id BLOB NOT NULL, PRIMARY KEY (patient_id, kind, measurement_id, by_id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE patient_index (patient_id BLOB PRIMARY KEY NOT NULL, present INTEGER NOT NULL,"
    " sort_name TEXT NOT NULL, duplicate_key TEXT, status INTEGER NOT NULL, zone INTEGER NOT NULL,"
    " last_report INTEGER NOT NULL, open_alerts INTEGER NOT NULL, worst INTEGER NOT NULL) STRICT, WITHOUT "
    "ROWID;"
    "CREATE INDEX patient_index_by_name ON patient_index (present, sort_name, status, zone);"
    "CREATE INDEX patient_index_by_zone ON patient_index (present, zone DESC, sort_name, status);"
    "CREATE INDEX patient_index_by_report ON patient_index (present, last_report, sort_name, status, zone);"
    "CREATE INDEX patient_index_by_worst ON patient_index (present, worst, sort_name, status, zone);"
    "CREATE INDEX patient_index_by_duplicate ON patient_index (duplicate_key) WHERE duplicate_key IS NOT "
    "NULL;"
    /* each word a patient is found by; words: all of them, for searches by several */
    "CREATE TABLE patient_word (word TEXT NOT NULL, patient_id BLOB NOT NULL, sort_name TEXT NOT NULL,"
    " words TEXT NOT NULL, status INTEGER NOT NULL, zone INTEGER NOT NULL, PRIMARY KEY (word, patient_id))"
    " STRICT, WITHOUT ROWID;"
    "CREATE INDEX patient_word_by_patient ON patient_word (patient_id);"
    "CREATE INDEX alert_not_closed ON alert (patient_id, category) WHERE status <> 3;"
    "CREATE INDEX note_by_alert ON note (alert_id) WHERE alert_id IS NOT NULL;"
    /* who may sign in without the server */
    "CREATE TABLE offline_user (user_id BLOB PRIMARY KEY NOT NULL, user_name TEXT NOT NULL UNIQUE,"
    " record TEXT NOT NULL, memberships TEXT NOT NULL, verifier TEXT NOT NULL, failures INTEGER NOT NULL,"
    " locked_until INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

static gboolean
create_tables (FyrConnection *connection, gpointer user_data, GError **error)
{
  char device[FYR_UUID_TEXT_SIZE];

  for (guint i = 0; i < fyr_n_record_infos; i++) {
    if (!fyr_record_table_create (connection, fyr_record_infos[i], error)) {
      return FALSE;
    }
  }
  fyr_uuid_v7_new (g_get_real_time () / 1000, device);
  return fyr_connection_exec (connection, own_tables, error) &&
         fyr_meta_set (connection, "device", device, error);
}

static const char witness_tables[] =
    /* what the server signed lately */
    "CREATE TABLE witness (kind TEXT NOT NULL, id BLOB NOT NULL, tag TEXT NOT NULL, time INTEGER NOT NULL,"
    " PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;"
    /* what a restored server may have lost; after: not before, by this machine's clock */
    "CREATE TABLE offer (kind TEXT NOT NULL, id BLOB NOT NULL, patient_id BLOB, rank INTEGER NOT NULL,"
    " after INTEGER NOT NULL, tag TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (kind, id))"
    " STRICT, WITHOUT ROWID;";

static const char return_tables[] =
    /* what the server said of an answer, to be shown to it again after a restore */
    "ALTER TABLE outbox ADD COLUMN receipt TEXT;"
    /* deletions that the server signed lately */
    "CREATE TABLE deletion (kind TEXT NOT NULL, id BLOB NOT NULL, version INTEGER NOT NULL, tag TEXT NOT "
    "NULL,"
    " time INTEGER NOT NULL, PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;"
    /* deleted: version of a tombstone, 0 for a record; epoch: of the server when it signed */
    "ALTER TABLE offer ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE offer ADD COLUMN epoch TEXT;";

/* Displays wait in the outbox; the rows are those an administrator reads. */
static gboolean
create_access_log (FyrConnection *connection, gpointer user_data, GError **error)
{
  return fyr_record_table_create_missing (connection, &fyr_audit_event_info, error);
}

static const char removed_table[] =
    /* feeds that were taken away and removed here, until the server knows */
    "CREATE TABLE removed (scope TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;";

/* All of one family name stand together since step 6; aa stands with å since step 8. */
static gboolean
sort_patients_again (FyrConnection *connection, gpointer user_data, GError **error)
{
  return fyr_patient_index_sort_again (connection, error);
}

static const char emergency_table[] =
    /* emergency accesses that last, and whose they are */
    "CREATE TABLE emergency (access BLOB PRIMARY KEY NOT NULL, patient BLOB NOT NULL, begins INTEGER NOT "
    "NULL,"
    " ends INTEGER NOT NULL, alone INTEGER NOT NULL, author BLOB) STRICT, WITHOUT ROWID;";

/* What managers and administrators are told of them. */
static gboolean
create_emergency (FyrConnection *connection, gpointer user_data, GError **error)
{
  return fyr_connection_exec (connection, emergency_table, error) &&
         fyr_record_table_create_missing (connection, &fyr_emergency_access_info, error) &&
         fyr_record_table_create_missing (connection, &fyr_emergency_event_info, error);
}

/* Append only. A database of every version ever released lies in tests/store/old. */
static const FyrMigration migrations[] = {
  { 1, NULL, create_tables, NULL },    { 2, witness_tables, NULL, NULL },
  { 3, return_tables, NULL, NULL },    { 4, NULL, create_access_log, NULL },
  { 5, removed_table, NULL, NULL },    { 6, NULL, sort_patients_again, NULL },
  { 7, NULL, create_emergency, NULL }, { 8, NULL, sort_patients_again, NULL },
};

gboolean
fyr_store_migrate (FyrConnection *connection, GError **error)
{
  G_STATIC_ASSERT (G_N_ELEMENTS (migrations) == FYR_STORE_SCHEMA_VERSION);
  /* Deleted patients leave nothing behind in the file; the log stays small. */
  return fyr_connection_exec (connection,
                              "PRAGMA secure_delete = ON;"
                              "PRAGMA cache_size = -32000;"
                              "PRAGMA journal_size_limit = 33554432",
                              error) &&
         fyr_migrator_run (connection, migrations, G_N_ELEMENTS (migrations), error);
}

char *
fyr_meta_get (FyrConnection *connection, const char *name, GError **error)
{
  g_autoptr (FyrStatement) statement =
      fyr_connection_prepare (connection, "SELECT value FROM meta WHERE name = ?1", error);

  if (statement == NULL) {
    return NULL;
  }
  fyr_statement_bind_text (statement, 1, name);
  if (fyr_statement_step (statement, error) != FYR_STEP_ROW) {
    return NULL;
  }
  return g_strdup (fyr_statement_get_text (statement, 0));
}

gboolean
fyr_meta_set (FyrConnection *connection, const char *name, const char *value, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_connection_prepare (
      connection, "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      error);

  if (statement == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (statement, 1, name);
  fyr_statement_bind_text (statement, 2, value);
  return fyr_statement_run (statement, error);
}

gint64
fyr_meta_get_int (FyrConnection *connection, const char *name)
{
  g_autofree char *text = fyr_meta_get (connection, name, NULL);
  gint64 value = 0;

  if (text != NULL) {
    g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value, NULL);
  }
  return value;
}

gboolean
fyr_meta_set_int (FyrConnection *connection, const char *name, gint64 value, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  return fyr_meta_set (connection, name, text, error);
}

gboolean
fyr_store_note_contact (FyrStoreContext *context, gint64 server_time, GError **error)
{
  if (server_time <= 0) {
    return TRUE;
  }
  context->clock_offset = server_time - context->now;
  context->contact = server_time;
  return fyr_meta_set_int (context->connection, "clock_offset", context->clock_offset, error) &&
         fyr_meta_set_int (context->connection, "last_contact", server_time, error);
}

FyrStatement *
fyr_store_sql (FyrStoreContext *context, const char *sql, GError **error)
{
  return fyr_connection_prepare (context->connection, sql, error);
}

gboolean
fyr_store_is_empty (FyrStoreContext *context, FyrStoreKnown *known, const char *sql)
{
  g_autoptr (FyrStatement) statement = NULL;

  if (*known == FYR_STORE_NOT_ASKED) {
    statement = fyr_store_sql (context, sql, NULL);
    if (statement == NULL) {
      return FALSE;
    }
    *known = fyr_statement_step (statement, NULL) == FYR_STEP_DONE ? FYR_STORE_EMPTY : FYR_STORE_SOME;
  }
  return *known == FYR_STORE_EMPTY;
}
