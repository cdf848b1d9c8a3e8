/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sqlite3.h>
#include <string.h>

#include <glib/gstdio.h>

#include "fyr-db-driver.h"
#include "fyr-db-files.h"
#include "fyr-log-vfs.h"
#include "fyr-page-vfs.h"

/* How long to wait for another connection. Short when opening: whoever starts the program twice wants
 * to be told at once. */
#define BUSY_MS 5000
#define OPEN_BUSY_MS 300
#define BEGIN_WRITE "BEGIN IMMEDIATE"

/* A log of so many pages (32 MB) is written back by the commit that made it so long, if nobody found time before. */
#define LOG_CEILING 8000

typedef struct {
  sqlite3 *handle;
  char *sealed; /* (nullable): its name at the layer that seals */
  gboolean broken;
  gboolean damaged;   /* broken for what was read, not for what could not be written */
  gboolean salvage;   /* what can be read is read, whatever cannot */
  gboolean unsettled; /* the log found at opening is not in the database yet */
  guint log_pages;
} Database;

static FyrDbError
error_code (int result)
{
  if (result == SQLITE_IOERR_NOMEM) {
    return FYR_DB_ERROR_FAILED;
  }
  if (result == SQLITE_IOERR_DATA) {
    return FYR_DB_ERROR_CORRUPT;
  }
  switch (result & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return FYR_DB_ERROR_BUSY;
  case SQLITE_CONSTRAINT:
    return FYR_DB_ERROR_CONSTRAINT;
  case SQLITE_FULL:
    return FYR_DB_ERROR_FULL;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return FYR_DB_ERROR_CORRUPT;
  case SQLITE_IOERR:
  case SQLITE_CANTOPEN:
  case SQLITE_READONLY:
  case SQLITE_PERM:
    return FYR_DB_ERROR_IO;
  default:
    return FYR_DB_ERROR_FAILED;
  }
}

static void
set_error (GError **error, sqlite3 *handle, int result)
{
  const char *message = handle != NULL ? sqlite3_errmsg (handle) : sqlite3_errstr (result);

  g_set_error (error, FYR_DB_ERROR, error_code (result), "%s (SQLite %d)", message, result);
}

/* Pages are tagged one by one: a database that was cut, or has pages of different times, is found by SQLite alone. */
static gboolean
is_damage (int result)
{
  int kind = result & 0xff;

  return result == SQLITE_IOERR_DATA || kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB;
}

/* A failed sync is fatal: the kernel may have dropped the pages and would call the next sync a success. What is not
 * what was written makes the rest doubtful: a sealed database is checked before anything else is read. */
static gboolean
note_result (Database *db, int result, GError **error)
{
  if (result == SQLITE_OK || result == SQLITE_ROW || result == SQLITE_DONE) {
    return TRUE;
  }
  if (is_damage (result) && db->sealed != NULL && !db->salvage) {
    db->broken = db->damaged = TRUE;
  }
  if (result == SQLITE_IOERR_FSYNC || result == SQLITE_IOERR_DIR_FSYNC || result == SQLITE_IOERR_TRUNCATE) {
    db->broken = TRUE;
  }
  set_error (error, db->handle, result);
  return FALSE;
}

static gboolean
refuse_broken (Database *db, GError **error)
{
  if (!db->broken) {
    return FALSE;
  }
  if (db->damaged) {
    /* Whoever swallowed the first word of it is told again. */
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT, "The database was found damaged before");
  } else {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_IO,
                         "Writing to disk failed before; the database must be opened again and checked");
  }
  return TRUE;
}

/* What a log holds may be in the kernel's memory alone, when a sync failed before the program ended: it would be read,
 * and work laid after it would be lost with the next power cut. So it is written into the database, and the log begun
 * anew, before the first write. Another connection at work is no failure: it has done that itself. */
static int
settle_log (Database *db)
{
  int result = sqlite3_wal_checkpoint_v2 (db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

  db->unsettled = result != SQLITE_OK && (result & 0xff) != SQLITE_BUSY && (result & 0xff) != SQLITE_LOCKED;
  return db->unsettled ? result : SQLITE_OK;
}

/* What fails stays in the log and is written again by the next that tries. */
static void
write_back (gpointer data)
{
  Database *db = data;
  int in_log = 0, written = 0;

  if (!db->broken && sqlite3_wal_checkpoint_v2 (db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_log,
                                                &written) == SQLITE_OK) {
    db->log_pages = (guint)MAX (in_log - written, 0);
  }
}

static guint
get_log_pages (gpointer data)
{
  return ((Database *)data)->log_pages;
}

/* In place of SQLite's own, which writes back every thousand pages while somebody waits for the commit. */
static int
on_commit (gpointer data, sqlite3 *handle, const char *name, int pages)
{
  Database *db = data;

  db->log_pages = (guint)pages;
  if (pages >= LOG_CEILING) {
    write_back (db);
  }
  return SQLITE_OK;
}

static gboolean
exec (gpointer data, const char *sql, GError **error)
{
  Database *db = data;

  return !refuse_broken (db, error) &&
         note_result (db, sqlite3_exec (db->handle, sql, NULL, NULL, NULL), error);
}

static void
harden (sqlite3 *handle)
{
  sqlite3_extended_result_codes (handle, 1);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
}

static gboolean
set_up (Database *db, FyrConnectionFlags flags, GError **error)
{
  sqlite3_busy_timeout (db->handle, OPEN_BUSY_MS);
  if ((flags & FYR_CONNECTION_EXCLUSIVE) != 0 && !exec (db, "PRAGMA locking_mode = EXCLUSIVE", error)) {
    return FALSE;
  }
  if (!exec (db,
             "PRAGMA mmap_size = 0;"
             "PRAGMA cell_size_check = ON;"
             "PRAGMA temp_store = MEMORY;",
             error)) {
    return FALSE;
  }
  if ((flags & (FYR_CONNECTION_READ_ONLY | FYR_CONNECTION_SALVAGE)) != 0) {
    return exec (db, "PRAGMA query_only = ON; SELECT count(*) FROM sqlite_schema", error);
  }
  if (!exec (db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", error)) {
    return FALSE;
  }
  /* The lock is taken by the first write, not by the pragma. */
  if ((flags & FYR_CONNECTION_EXCLUSIVE) != 0 && !exec (db, BEGIN_WRITE "; COMMIT", error)) {
    return FALSE;
  }
  sqlite3_wal_hook (db->handle, on_commit, db);
  /* With a full or failing disk one can still read. */
  settle_log (db);
  return TRUE;
}

static void
sqlite_close (gpointer data)
{
  Database *db = data;

  sqlite3_close_v2 (db->handle);
  fyr_page_vfs_close (db->sealed);
  g_free (db);
}

/* The layer that seals keeps its tag in what SQLite leaves free; @db has no page yet, or has it left free before. */
static gboolean
set_up_sealed (Database *db, GError **error)
{
  int reserved = FYR_PAGE_RESERVED;

  return note_result (db, sqlite3_file_control (db->handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved),
                      error);
}

static gpointer
sqlite_open_sealed (const char *location, FyrPageKey *key, FyrConnectionFlags flags, GError **error)
{
  int mode = (flags & FYR_CONNECTION_READ_ONLY) != 0 ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  gboolean in_memory = g_str_equal (location, ":memory:");
  Database *db;
  int result;

  fyr_db_files_prepare ();
  if (in_memory) {
    mode |= SQLITE_OPEN_CREATE;
  } else if ((flags & FYR_CONNECTION_CREATE) != 0 && !fyr_db_files_create (location, error)) {
    return NULL;
  }
  db = g_new0 (Database, 1);
  db->salvage = (flags & FYR_CONNECTION_SALVAGE) != 0;
  db->sealed = key != NULL ? fyr_page_vfs_open (location, key, (flags & FYR_CONNECTION_SALVAGE) != 0) : NULL;
  result = sqlite3_open_v2 (location, &db->handle, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
                            key != NULL ? fyr_page_vfs_get_name () : fyr_log_vfs_get_name ());
  if (result != SQLITE_OK) {
    set_error (error, db->handle, sqlite3_extended_errcode (db->handle));
    sqlite_close (db);
    return NULL;
  }
  harden (db->handle);
  if ((key != NULL && !set_up_sealed (db, error)) || !set_up (db, flags, error)) {
    if (error != NULL && g_error_matches (*error, FYR_DB_ERROR, FYR_DB_ERROR_BUSY)) {
      g_prefix_error (error, "The database is open in another program: ");
    }
    sqlite_close (db);
    return NULL;
  }
  sqlite3_busy_timeout (db->handle, BUSY_MS);
  return db;
}

static gpointer
sqlite_open (const char *location, FyrConnectionFlags flags, GError **error)
{
  return sqlite_open_sealed (location, NULL, flags, error);
}

static gint64
changes (gpointer data)
{
  return sqlite3_changes64 (((Database *)data)->handle);
}

static guint64
count_writes (gpointer data)
{
  return (guint64)sqlite3_total_changes64 (((Database *)data)->handle);
}

static gboolean
in_transaction (gpointer data)
{
  return !sqlite3_get_autocommit (((Database *)data)->handle);
}

static gboolean
is_broken (gpointer data)
{
  return ((Database *)data)->broken;
}

static void
interrupt (gpointer data)
{
  sqlite3_interrupt (((Database *)data)->handle);
}

static gpointer
prepare (gpointer data, const char *sql, GError **error)
{
  Database *db = data;
  sqlite3_stmt *statement = NULL;
  const char *tail = NULL;
  int result;

  if (refuse_broken (db, error)) {
    return NULL;
  }
  result = sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, &tail);
  if (!note_result (db, result, error)) {
    return NULL;
  }
  /* Anything after the first statement would silently not run. */
  if (statement == NULL || tail[strspn (tail, " \t\n;")] != '\0') {
    sqlite3_finalize (statement);
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED, "Exactly one statement can be prepared");
    return NULL;
  }
  return statement;
}

static void
finalize (gpointer cursor)
{
  sqlite3_finalize (cursor);
}

static void
reset (gpointer cursor)
{
  sqlite3_reset (cursor);
}

static void
clear_bindings (gpointer cursor)
{
  sqlite3_clear_bindings (cursor);
}

static gboolean
bind_null (gpointer cursor, int index)
{
  return sqlite3_bind_null (cursor, index) == SQLITE_OK;
}

static gboolean
bind_int (gpointer cursor, int index, gint64 value)
{
  return sqlite3_bind_int64 (cursor, index, value) == SQLITE_OK;
}

static gboolean
bind_real (gpointer cursor, int index, double value)
{
  return sqlite3_bind_double (cursor, index, value) == SQLITE_OK;
}

static gboolean
bind_text (gpointer cursor, int index, const char *value, gsize length)
{
  return sqlite3_bind_text64 (cursor, index, value, length, SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK;
}

static gboolean
bind_blob (gpointer cursor, int index, gconstpointer value, gsize length)
{
  return sqlite3_bind_blob64 (cursor, index, value, length, SQLITE_TRANSIENT) == SQLITE_OK;
}

static FyrStep
step (gpointer data, gpointer cursor, GError **error)
{
  Database *db = data;
  int result;

  /* Rolling back stays possible, it only forgets. */
  if (db->broken && sqlite3_stricmp (sqlite3_sql (cursor), "ROLLBACK") != 0) {
    refuse_broken (db, error);
    return FYR_STEP_ERROR;
  }
  if (db->unsettled && sqlite3_stricmp (sqlite3_sql (cursor), BEGIN_WRITE) == 0 &&
      !note_result (db, settle_log (db), error)) {
    return FYR_STEP_ERROR;
  }
  result = sqlite3_step (cursor);
  if (!note_result (db, result, error)) {
    return FYR_STEP_ERROR;
  }
  return result == SQLITE_ROW ? FYR_STEP_ROW : FYR_STEP_DONE;
}

static int
column_count (gpointer cursor)
{
  return sqlite3_column_count (cursor);
}

static FyrColumnType
column_type (gpointer cursor, int column)
{
  switch (sqlite3_column_type (cursor, column)) {
  case SQLITE_INTEGER:
    return FYR_COLUMN_INT;
  case SQLITE_FLOAT:
    return FYR_COLUMN_REAL;
  case SQLITE_TEXT:
    return FYR_COLUMN_TEXT;
  case SQLITE_BLOB:
    return FYR_COLUMN_BLOB;
  default:
    return FYR_COLUMN_NULL;
  }
}

static gint64
column_int (gpointer cursor, int column)
{
  return sqlite3_column_int64 (cursor, column);
}

static double
column_real (gpointer cursor, int column)
{
  return sqlite3_column_double (cursor, column);
}

static const char *
column_text (gpointer cursor, int column, gsize *length)
{
  const char *text = (const char *)sqlite3_column_text (cursor, column);

  *length = (gsize)sqlite3_column_bytes (cursor, column);
  return text;
}

static gconstpointer
column_blob (gpointer cursor, int column, gsize *length)
{
  gconstpointer bytes = sqlite3_column_blob (cursor, column);

  *length = (gsize)sqlite3_column_bytes (cursor, column);
  return *length == 0 ? "" : bytes;
}

static gboolean
get_schema_version (gpointer data, gint64 *version, GError **error)
{
  Database *db = data;
  sqlite3_stmt *statement = prepare (db, "PRAGMA user_version", error);
  gboolean ok;

  if (statement == NULL) {
    return FALSE;
  }
  ok = step (db, statement, error) == FYR_STEP_ROW;
  *version = ok ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_finalize (statement);
  return ok;
}

static gboolean
set_schema_version (gpointer data, gint64 version, GError **error)
{
  /* A pragma takes no parameters; the number is ours. */
  g_autofree char *sql = g_strdup_printf ("PRAGMA user_version = %" G_GINT64_FORMAT, version);

  return exec (data, sql, error);
}

/* Runs a check that answers one row "ok", or rows naming damage; @empty_is_ok for those that answer no row. */
static gboolean
run_check (Database *db, const char *sql, gboolean empty_is_ok, GError **error)
{
  sqlite3_stmt *statement = prepare (db, sql, error);
  const char *answer;
  gboolean ok;
  FyrStep found;

  if (statement == NULL) {
    return FALSE;
  }
  found = step (db, statement, error);
  answer = found == FYR_STEP_ROW ? (const char *)sqlite3_column_text (statement, 0) : NULL;
  ok = (found == FYR_STEP_DONE && empty_is_ok) || (!empty_is_ok && g_strcmp0 (answer, "ok") == 0);
  if (!ok && found != FYR_STEP_ERROR) {
    db->damaged = db->sealed != NULL && !db->salvage;
    db->broken = db->broken || db->damaged;
    g_set_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT, "The database is damaged: %s",
                 answer != NULL ? answer : "no answer");
  }
  sqlite3_finalize (statement);
  return ok;
}

static gboolean
check (gpointer data, gboolean deep, GError **error)
{
  if (!deep) {
    return run_check (data, "PRAGMA quick_check(1)", FALSE, error);
  }
  return run_check (data, "PRAGMA integrity_check(1)", FALSE, error) &&
         run_check (data, "PRAGMA foreign_key_check", TRUE, error);
}

static gboolean
truncate_log (gpointer data, GError **error)
{
  Database *db = data;

  if (refuse_broken (db, error) ||
      !note_result (db, sqlite3_wal_checkpoint_v2 (db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL),
                    error)) {
    return FALSE;
  }
  db->log_pages = 0;
  return TRUE;
}

/* All pages in one step: a reader does not stop writers under a write-ahead log, and a copy in
 * several steps would start over at each foreign write. */
static gboolean
copy_pages (Database *from, Database *to, GError **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (to->handle, "main", from->handle, "main");
  int result;

  if (backup == NULL) {
    return note_result (to, sqlite3_extended_errcode (to->handle), error);
  }
  sqlite3_backup_step (backup, -1);
  result = sqlite3_backup_finish (backup);
  if (result == SQLITE_OK) {
    return TRUE;
  }
  set_error (error, to->handle, result);
  return FALSE;
}

static gboolean
write_copy (Database *db, const char *path, GError **error)
{
  Database to = { NULL };
  gboolean ok;
  int result;

  result = sqlite3_open_v2 (path, &to.handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (result != SQLITE_OK) {
    set_error (error, to.handle, result);
    sqlite3_close (to.handle);
    return FALSE;
  }
  harden (to.handle);
  sqlite3_busy_timeout (to.handle, BUSY_MS);
  /* Without a log of its own the copy is one file that can be carried away. */
  ok = exec (&to, "PRAGMA synchronous = FULL", error) && copy_pages (db, &to, error) &&
       exec (&to, "PRAGMA journal_mode = DELETE", error) && check (&to, FALSE, error);
  sqlite3_close (to.handle);
  return ok;
}

static gboolean
backup (gpointer data, const char *path, GError **error)
{
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  gboolean ok;

  if (refuse_broken (data, error)) {
    return FALSE;
  }
  g_unlink (part);
  ok = fyr_db_files_create (part, error) && write_copy (data, part, error) &&
       fyr_db_files_put_in_place (part, path, error);
  if (!ok) {
    g_unlink (part);
  }
  return ok;
}

const FyrDbDriver fyr_sqlite_driver = {
  .name = "sqlite",
  .open = sqlite_open,
  .open_sealed = sqlite_open_sealed,
  .close = sqlite_close,
  .exec = exec,
  .changes = changes,
  .in_transaction = in_transaction,
  .is_broken = is_broken,
  .interrupt = interrupt,
  .prepare = prepare,
  .finalize = finalize,
  .reset = reset,
  .clear_bindings = clear_bindings,
  .bind_null = bind_null,
  .bind_int = bind_int,
  .bind_real = bind_real,
  .bind_text = bind_text,
  .bind_blob = bind_blob,
  .step = step,
  .column_count = column_count,
  .column_type = column_type,
  .column_int = column_int,
  .column_real = column_real,
  .column_text = column_text,
  .column_blob = column_blob,
  .begin_write_sql = BEGIN_WRITE,
  .begin_read_sql = "BEGIN DEFERRED",
  .lock_row_sql = "",
  .get_schema_version = get_schema_version,
  .set_schema_version = set_schema_version,
  .backup = backup,
  .check = check,
  .truncate_log = truncate_log,
  .get_log_pages = get_log_pages,
  .write_back = write_back,
  .count_writes = count_writes,
};
