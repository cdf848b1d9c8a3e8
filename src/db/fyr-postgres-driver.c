/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-postgres-driver.h"

#include <string.h>

#include "fyr-shared.h"

/* How long to wait for a row that another transaction holds, and for a peer that does not answer. A process that
 * stands still in a transaction loses it, so that it holds nobody up. */
#define SESSION_SQL                                                                                          \
  "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '15s';"                                \
  "SET standard_conforming_strings = on; SET client_min_messages = warning; SET datestyle = ISO;"            \
  "SELECT set_config ('synchronous_commit', 'on', false)"                                                    \
  " WHERE current_setting ('synchronous_commit') IN ('off', 'local');"

#define RETRY_US (200 * 1000)

/* SQLSTATE by its beginning; the first that fits counts. */
static const struct {
  const char *state;
  FyrDbError code;
} codes[] = {
  { "40001", FYR_DB_ERROR_BUSY },    /* serialization failure */
  { "40P01", FYR_DB_ERROR_BUSY },    /* deadlock */
  { "55P03", FYR_DB_ERROR_BUSY },    /* lock not available in time */
  { "55006", FYR_DB_ERROR_BUSY },    /* object in use */
  { "53300", FYR_DB_ERROR_BUSY },    /* too many connections */
  { "53100", FYR_DB_ERROR_FULL },    /* disk full */
  { "XX001", FYR_DB_ERROR_CORRUPT }, /* data corrupted */
  { "XX002", FYR_DB_ERROR_CORRUPT }, /* index corrupted */
  { "25006", FYR_DB_ERROR_IO },      /* read-only transaction: a standby, or ours */
  { "25P03", FYR_DB_ERROR_IO },      /* idle in transaction too long */
  { "57014", FYR_DB_ERROR_FAILED },  /* interrupted */
  { "08", FYR_DB_ERROR_IO },         /* connection */
  { "57", FYR_DB_ERROR_IO },         /* shut down, starting up */
  { "58", FYR_DB_ERROR_IO },         /* system error */
  { "3D", FYR_DB_ERROR_IO },         /* no such database */
  { "28", FYR_DB_ERROR_IO },         /* not let in */
  { "23", FYR_DB_ERROR_CONSTRAINT }, /* constraint */
};

static FyrDbError
error_code (const char *state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++) {
    if (g_str_has_prefix (state, codes[i].state)) {
      return codes[i].code;
    }
  }
  return FYR_DB_ERROR_FAILED;
}

void
fyr_pg_set_error (GError **error, FyrPgDatabase *db, const PGresult *result)
{
  const char *state = result != NULL ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;
  const char *message = result != NULL ? PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY) : NULL;

  if (state == NULL || PQstatus (db->handle) != CONNECTION_OK) {
    g_set_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "The connection to PostgreSQL is lost (%s)",
                 state != NULL ? state : "no answer");
    return;
  }
  /* What is wrong with a value quotes the value. */
  if (message == NULL || g_str_has_prefix (state, "22")) {
    message = "PostgreSQL refused a value";
  }
  g_set_error (error, FYR_DB_ERROR, error_code (state), "%s (PostgreSQL %s)", message, state);
}

static void
take_cancel (FyrPgDatabase *db)
{
  g_mutex_lock (&db->mutex);
  g_clear_pointer (&db->cancel, PQfreeCancel);
  db->cancel = PQgetCancel (db->handle);
  g_mutex_unlock (&db->mutex);
}

/* After each new connection. */
static gboolean
set_up (FyrPgDatabase *db, GError **error)
{
  PGresult *result;
  const char *encoding;

  if (PQstatus (db->handle) != CONNECTION_OK) {
    g_autofree char *message = g_strstrip (g_strdup (PQerrorMessage (db->handle)));

    g_set_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "PostgreSQL cannot be reached: %s", message);
    return FALSE;
  }
  encoding = PQparameterStatus (db->handle, "server_encoding");
  if (g_strcmp0 (encoding, "UTF8") != 0) {
    g_set_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED, "The database's encoding is %s and must be UTF8",
                 encoding);
    return FALSE;
  }
  PQsetClientEncoding (db->handle, "UTF8");
  db->life++;
  take_cancel (db);
  result = fyr_pg_exec (db, SESSION_SQL, error);
  if (result != NULL && (db->flags & FYR_CONNECTION_READ_ONLY) != 0) {
    PQclear (result);
    result = fyr_pg_exec (db, "SET default_transaction_read_only = on", error);
  }
  PQclear (result);
  return result != NULL;
}

static void
forget_notice (void *data, const PGresult *result)
{
}

static void
pg_close (gpointer data)
{
  FyrPgDatabase *db = data;

  g_clear_pointer (&db->cancel, PQfreeCancel);
  PQfinish (db->handle);
  g_mutex_clear (&db->mutex);
  g_free (db);
}

static gpointer
pg_open (const char *location, FyrConnectionFlags flags, GError **error)
{
  /* The address comes last: what it says counts more. */
  static const char *const names[] = {
    "application_name",     "connect_timeout",  "keepalives_idle",
    "keepalives_interval",  "keepalives_count", "tcp_user_timeout",
    "target_session_attrs", "dbname",           NULL,
  };
  const char *values[] = {
    "fyrlykt", "5", "10", "5", "3", "15000", "read-write", location, NULL,
  };
  FyrPgDatabase *db = g_new0 (FyrPgDatabase, 1);

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == G_N_ELEMENTS (values));
  g_mutex_init (&db->mutex);
  db->flags = flags;
  db->handle = PQconnectdbParams (names, values, 1);
  PQsetNoticeReceiver (db->handle, forget_notice, NULL);
  if (!set_up (db, error)) {
    pg_close (db);
    return NULL;
  }
  return db;
}

gboolean
fyr_pg_is_usable (FyrPgDatabase *db)
{
  /* One whose server was stopped between the last answer and the end of the pipeline calls itself good, and never
   * leaves the pipeline. */
  return PQstatus (db->handle) == CONNECTION_OK &&
         (db->pending > 0 || PQpipelineStatus (db->handle) == PQ_PIPELINE_OFF);
}

gboolean
fyr_pg_revive (FyrPgDatabase *db, GError **error)
{
  gint64 now = g_get_monotonic_time ();

  if (fyr_pg_is_usable (db)) {
    return TRUE;
  }
  if (db->begun || (db->tried != 0 && now - db->tried < RETRY_US)) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "The connection to PostgreSQL is lost");
    return FALSE;
  }
  PQreset (db->handle);
  db->tried = g_get_monotonic_time ();
  return set_up (db, error);
}

/* Who waits for one statement is not told that another before it was a duplicate. */
static void
tell (GError **error, FyrPgDatabase *db, const PGresult *result)
{
  g_autoptr (GError) failure = NULL;

  fyr_pg_set_error (&failure, db, result);
  if (db->pending > 1 && g_error_matches (failure, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT)) {
    failure->code = FYR_DB_ERROR_FAILED;
  }
  g_propagate_error (error, g_steal_pointer (&failure));
}

PGresult *
fyr_pg_collect (FyrPgDatabase *db, GError **error)
{
  PGresult *kept = NULL;
  gboolean failed = PQpipelineSync (db->handle) != 1;

  if (failed) {
    fyr_pg_set_error (error, db, NULL);
  }
  /* Each statement's answer is followed by a NULL; without a connection nothing but these comes. */
  while (db->pending > 0) {
    PGresult *result = PQgetResult (db->handle);
    ExecStatusType status = PQresultStatus (result);

    if (result == NULL) {
      db->pending--;
    } else if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
      PQclear (kept);
      kept = g_steal_pointer (&result);
    } else if (!failed) {
      failed = TRUE;
      tell (error, db, result);
    }
    PQclear (result);
  }
  /* The answer to the synchronisation. When the server was stopped in front of it, what was answered before holds, and
   * the pipeline stays: fyr_pg_is_usable() sees that. */
  PQclear (PQgetResult (db->handle));
  PQexitPipelineMode (db->handle);
  if (failed) {
    g_clear_pointer (&kept, PQclear);
  } else {
    db->changes = g_ascii_strtoll (PQcmdTuples (kept), NULL, 10);
  }
  return kept;
}

/* Reads the answers that nobody has read yet. */
static gboolean
finish_pending (FyrPgDatabase *db, GError **error)
{
  PGresult *result;

  if (db->pending == 0) {
    return TRUE;
  }
  result = fyr_pg_collect (db, error);
  PQclear (result);
  return result != NULL;
}

gboolean
fyr_pg_settle (FyrPgDatabase *db, GError **error)
{
  if (!finish_pending (db, error)) {
    return FALSE;
  }
  if (PQtransactionStatus (db->handle) == PQTRANS_INERROR) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED, "A statement before has failed");
    return FALSE;
  }
  return TRUE;
}

PGresult *
fyr_pg_exec (FyrPgDatabase *db, const char *sql, GError **error)
{
  PGresult *result;
  ExecStatusType status;

  if (!finish_pending (db, error)) {
    return NULL;
  }
  result = PQexec (db->handle, sql);
  status = PQresultStatus (result);

  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
    return result;
  }
  fyr_pg_set_error (error, db, result);
  PQclear (result);
  return NULL;
}

static gboolean
exec (gpointer data, const char *sql, GError **error)
{
  FyrPgDatabase *db = data;
  g_autofree char *translated = fyr_pg_translate (sql, NULL, error);
  PGresult *result;

  if (translated == NULL || !fyr_pg_revive (db, error)) {
    return FALSE;
  }
  result = fyr_pg_exec (db, translated, error);
  if (result == NULL) {
    return FALSE;
  }
  db->changes = g_ascii_strtoll (PQcmdTuples (result), NULL, 10);
  PQclear (result);
  return TRUE;
}

static gint64
changes (gpointer data)
{
  FyrPgDatabase *db = data;

  /* When it failed nothing was changed; the next statement tells that it did. */
  if (!fyr_pg_settle (db, NULL)) {
    db->changes = 0;
  }
  return db->changes;
}

static void
set_deferring (gpointer data, gboolean deferring)
{
  FyrPgDatabase *db = data;

  db->deferring = deferring && db->begun;
}

static gboolean
is_deferring (gpointer data)
{
  return ((FyrPgDatabase *)data)->deferring;
}

static gboolean
settle (gpointer data, GError **error)
{
  return fyr_pg_settle (data, error);
}

static guint64
count_writes (gpointer data)
{
  return ((FyrPgDatabase *)data)->writes;
}

static gboolean
in_transaction (gpointer data)
{
  return ((FyrPgDatabase *)data)->begun;
}

/* A lost connection is made again; what was acknowledged is safe with the server. */
static gboolean
is_broken (gpointer data)
{
  return FALSE;
}

static void
interrupt (gpointer data)
{
  FyrPgDatabase *db = data;
  char message[256];

  g_mutex_lock (&db->mutex);
  if (db->cancel != NULL) {
    PQcancel (db->cancel, message, sizeof message);
  }
  g_mutex_unlock (&db->mutex);
}

static gboolean
get_schema_version (gpointer data, gint64 *version, GError **error)
{
  FyrPgDatabase *db = data;
  PGresult *result;
  gboolean there;

  *version = 0;
  if (!fyr_pg_revive (db, error)) {
    return FALSE;
  }
  /* Not by to_regclass (), which in a transaction that waited may remember that there was none. */
  result =
      fyr_pg_exec (db,
                   "SELECT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'fyr_schema_version'"
                   " AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema ()))",
                   error);
  if (result == NULL) {
    return FALSE;
  }
  there = PQgetvalue (result, 0, 0)[0] == 't';
  PQclear (result);
  if (!there) {
    return TRUE;
  }
  result = fyr_pg_exec (db, "SELECT coalesce (max (version), 0) FROM fyr_schema_version", error);
  if (result == NULL) {
    return FALSE;
  }
  *version = g_ascii_strtoll (PQgetvalue (result, 0, 0), NULL, 10);
  PQclear (result);
  return TRUE;
}

static gboolean
set_schema_version (gpointer data, gint64 version, GError **error)
{
  g_autofree char *sql =
      g_strdup_printf ("CREATE TABLE IF NOT EXISTS fyr_schema_version (version bigint NOT NULL);"
                       "DELETE FROM fyr_schema_version;"
                       "INSERT INTO fyr_schema_version VALUES (%" G_GINT64_FORMAT ")",
                       version);
  PGresult *result = fyr_pg_exec (data, sql, error);

  PQclear (result);
  return result != NULL;
}

static gboolean
backup (gpointer data, const char *path, GError **error)
{
  g_set_error_literal (
      error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED,
      "A PostgreSQL database is backed up with PostgreSQL's own means: pg_basebackup or pg_dump");
  return FALSE;
}

/* PostgreSQL checks its pages itself (data checksums); here it only has to answer. */
static gboolean
check (gpointer data, gboolean deep, GError **error)
{
  return exec (data, "SELECT 1", error);
}

static gboolean
truncate_log (gpointer data, GError **error)
{
  return TRUE;
}

static guint
get_life (gpointer data)
{
  return ((FyrPgDatabase *)data)->life;
}

static gboolean
listen_to (gpointer data, const char *channel, GError **error)
{
  FyrPgDatabase *db = data;
  g_autofree char *sql = NULL;
  char *name;
  PGresult *result;

  if (!fyr_pg_revive (db, error)) {
    return FALSE;
  }
  name = PQescapeIdentifier (db->handle, channel, strlen (channel));
  sql = g_strdup_printf ("LISTEN %s", name);
  PQfreemem (name);
  result = fyr_pg_exec (db, sql, error);
  PQclear (result);
  return result != NULL;
}

static int
get_socket (gpointer data)
{
  FyrPgDatabase *db = data;

  return PQstatus (db->handle) == CONNECTION_OK ? PQsocket (db->handle) : -1;
}

static gboolean
take_notice (gpointer data, char **payload, GError **error)
{
  FyrPgDatabase *db = data;
  PGnotify *notice;

  *payload = NULL;
  if (PQconsumeInput (db->handle) == 0 || PQstatus (db->handle) != CONNECTION_OK) {
    fyr_pg_set_error (error, db, NULL);
    return FALSE;
  }
  notice = PQnotifies (db->handle);
  if (notice != NULL) {
    *payload = g_strdup (notice->extra);
    PQfreemem (notice);
  }
  return TRUE;
}

static const FyrDbDriver fyr_postgres_driver = {
  .name = "postgresql",
  .is_shared = TRUE,
  .open = pg_open,
  .close = pg_close,
  .exec = exec,
  .changes = changes,
  .in_transaction = in_transaction,
  .is_broken = is_broken,
  .interrupt = interrupt,
  .prepare = fyr_pg_prepare,
  .finalize = fyr_pg_finalize,
  .reset = fyr_pg_reset,
  .clear_bindings = fyr_pg_clear_bindings,
  .bind_null = fyr_pg_bind_null,
  .bind_int = fyr_pg_bind_int,
  .bind_real = fyr_pg_bind_real,
  .bind_text = fyr_pg_bind_text,
  .bind_blob = fyr_pg_bind_blob,
  .step = fyr_pg_step,
  .column_count = fyr_pg_column_count,
  .column_type = fyr_pg_column_type,
  .column_int = fyr_pg_column_int,
  .column_real = fyr_pg_column_real,
  .column_text = fyr_pg_column_text,
  .column_blob = fyr_pg_column_blob,
  .begin_write_sql = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
  .begin_read_sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
  .lock_schema_sql = "SELECT pg_advisory_xact_lock (7020604, 1)",
  .lock_row_sql = " FOR NO KEY UPDATE",
  .get_schema_version = get_schema_version,
  .set_schema_version = set_schema_version,
  .backup = backup,
  .check = check,
  .truncate_log = truncate_log,
  .get_life = get_life,
  .listen = listen_to,
  .get_socket = get_socket,
  .take_notice = take_notice,
  .set_deferring = set_deferring,
  .is_deferring = is_deferring,
  .settle = settle,
  .count_writes = count_writes,
};

void
fyr_postgres_enable (void)
{
  fyr_connection_set_shared_driver (&fyr_postgres_driver);
}
