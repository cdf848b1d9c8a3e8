/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-connection.h"

#include <string.h>

#include "fyr-db-driver.h"
#include "fyr-shared.h"

/* Enough for every statement a screen or a route uses; a compiled one takes a few kilobytes. */
#define MAX_CACHED 160

/* How long nothing must have been to do before the log is written back; and a log that has grown on. */
#define IDLE_MS 200
#define HURRY_MS 1

/* A compiled statement of the cache. It stays in the table while it is lent. */
struct _FyrCachedStatement {
  char *sql;
  gpointer cursor;
  gboolean lent;
  guint64 last_used;
};

struct _FyrConnection {
  gatomicrefcount refs;
  const FyrDbDriver *driver;
  gpointer db;
  GHashTable *cache; /* SQL text → FyrCachedStatement */
  guint64 clock;     /* counts loans */
  guint depth;       /* savepoints open */
  gboolean working;  /* between begin and end of a transaction, whether or not it is still there */
};

/* SQL texts are long, much alike at their beginning, and looked up all the time: length and some letters tell
 * them apart well enough. */
static guint
hash_sql (gconstpointer key)
{
  const char *sql = key;
  gsize length = strlen (sql);
  guint hash = (guint)length;

  for (gsize i = length % 7; i < length; i += 7) {
    hash = hash * 33 + (guchar)sql[i];
  }
  return hash;
}

/* Set before the first connection, by programs that can do with PostgreSQL. */
static const FyrDbDriver *shared_driver;

void
fyr_connection_set_shared_driver (const FyrDbDriver *driver)
{
  shared_driver = driver;
}

static const FyrDbDriver *
find_driver (const char *location, GError **error)
{
  if (!fyr_connection_is_shared_location (location)) {
    return &fyr_sqlite_driver;
  }
  if (shared_driver == NULL) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED,
                         "This program does not work with PostgreSQL");
  }
  return shared_driver;
}

/* @db: (transfer full) (nullable) */
static FyrConnection *
wrap (const FyrDbDriver *driver, gpointer db)
{
  FyrConnection *connection;

  if (db == NULL) {
    return NULL;
  }
  connection = g_new0 (FyrConnection, 1);
  g_atomic_ref_count_init (&connection->refs);
  connection->driver = driver;
  connection->db = db;
  connection->cache = g_hash_table_new (hash_sql, g_str_equal);
  return connection;
}

FyrConnection *
fyr_connection_open (const char *location, FyrConnectionFlags flags, GError **error)
{
  const FyrDbDriver *driver;

  g_return_val_if_fail (location != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  driver = find_driver (location, error);
  return driver != NULL ? wrap (driver, driver->open (location, flags, error)) : NULL;
}

FyrConnection *
fyr_connection_open_sealed (const char *path, FyrPageKey *key, FyrConnectionFlags flags, GError **error)
{
  const FyrDbDriver *driver = &fyr_sqlite_driver;

  g_return_val_if_fail (path != NULL && key != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return wrap (driver, driver->open_sealed (path, key, flags | FYR_CONNECTION_EXCLUSIVE, error));
}

FyrConnection *
fyr_connection_ref (FyrConnection *connection)
{
  g_atomic_ref_count_inc (&connection->refs);
  return connection;
}

static void
free_cached (FyrConnection *connection, FyrCachedStatement *cached)
{
  connection->driver->finalize (cached->cursor);
  g_free (cached->sql);
  g_free (cached);
}

static void
close_connection (FyrConnection *connection)
{
  GHashTableIter iter;
  gpointer cached;

  g_hash_table_iter_init (&iter, connection->cache);
  while (g_hash_table_iter_next (&iter, NULL, &cached)) {
    free_cached (connection, cached);
  }
  g_hash_table_unref (connection->cache);
  connection->driver->close (connection->db);
  g_free (connection);
}

void
fyr_connection_unref (FyrConnection *connection)
{
  if (connection != NULL && g_atomic_ref_count_dec (&connection->refs)) {
    close_connection (connection);
  }
}

gboolean
fyr_connection_check_transaction (FyrConnection *connection, GError **error)
{
  if (!connection->working || fyr_connection_in_transaction (connection)) {
    return TRUE;
  }
  /* Where the cause is told already it says more. */
  if (error != NULL && *error == NULL) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED, "The transaction was rolled back already");
  }
  return FALSE;
}

gboolean
fyr_connection_exec (FyrConnection *connection, const char *sql, GError **error)
{
  return fyr_connection_check_transaction (connection, error) &&
         connection->driver->exec (connection->db, sql, error);
}

FyrStatement *
fyr_connection_prepare (FyrConnection *connection, const char *sql, GError **error)
{
  FyrCachedStatement *cached = fyr_connection_borrow (connection, sql, error);

  return cached != NULL ? fyr_statement_new (connection, cached, cached->cursor) : NULL;
}

static void
drop_oldest (FyrConnection *connection)
{
  FyrCachedStatement *oldest = NULL;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, connection->cache);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    FyrCachedStatement *cached = value;

    if (!cached->lent && (oldest == NULL || cached->last_used < oldest->last_used)) {
      oldest = cached;
    }
  }
  if (oldest != NULL) {
    g_hash_table_remove (connection->cache, oldest->sql);
    free_cached (connection, oldest);
  }
}

FyrCachedStatement *
fyr_connection_borrow (FyrConnection *connection, const char *sql, GError **error)
{
  FyrCachedStatement *cached = g_hash_table_lookup (connection->cache, sql);
  gboolean known = cached != NULL;
  gpointer cursor;

  if (!known || cached->lent) {
    cursor = connection->driver->prepare (connection->db, sql, error);
    if (cursor == NULL) {
      return NULL;
    }
    cached = g_new0 (FyrCachedStatement, 1);
    cached->sql = g_strdup (sql);
    cached->cursor = cursor;
  }
  if (!known) {
    if (g_hash_table_size (connection->cache) >= MAX_CACHED) {
      drop_oldest (connection);
    }
    g_hash_table_insert (connection->cache, cached->sql, cached);
  }
  cached->lent = TRUE;
  cached->last_used = ++connection->clock;
  return cached;
}

void
fyr_connection_give_back (FyrConnection *connection, FyrCachedStatement *cached)
{
  connection->driver->reset (cached->cursor);
  connection->driver->clear_bindings (cached->cursor);
  cached->lent = FALSE;
  /* One that was lent beside another of the same text is not kept. */
  if (g_hash_table_lookup (connection->cache, cached->sql) != cached) {
    free_cached (connection, cached);
  }
}

gint64
fyr_connection_get_changes (FyrConnection *connection)
{
  return connection->driver->changes (connection->db);
}

gboolean
fyr_connection_in_transaction (FyrConnection *connection)
{
  return connection->driver->in_transaction (connection->db);
}

guint
fyr_connection_get_depth (FyrConnection *connection)
{
  return connection->depth;
}

void
fyr_connection_set_depth (FyrConnection *connection, guint depth)
{
  connection->depth = depth;
}

void
fyr_connection_set_working (FyrConnection *connection, gboolean working)
{
  connection->working = working;
}

gboolean
fyr_connection_is_broken (FyrConnection *connection)
{
  return connection->driver->is_broken (connection->db);
}

void
fyr_connection_interrupt (FyrConnection *connection)
{
  connection->driver->interrupt (connection->db);
}

gboolean
fyr_connection_backup (FyrConnection *connection, const char *path, GError **error)
{
  if (fyr_connection_in_transaction (connection)) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED,
                         "A backup cannot start inside a transaction");
    return FALSE;
  }
  return connection->driver->backup (connection->db, path, error);
}

gboolean
fyr_connection_check (FyrConnection *connection, gboolean deep, GError **error)
{
  return connection->driver->check (connection->db, deep, error);
}

gboolean
fyr_connection_truncate_log (FyrConnection *connection, GError **error)
{
  return connection->driver->truncate_log (connection->db, error);
}

guint
fyr_connection_get_log_pages (FyrConnection *connection)
{
  return connection->driver->get_log_pages != NULL ? connection->driver->get_log_pages (connection->db) : 0;
}

/* Several programs on one machine, as on a terminal server, get the same news at the same moment: they would all write
 * back at once, on one disk. */
static guint
get_hurry (void)
{
  static gsize hurry = 0;

  if (g_once_init_enter (&hurry)) {
    g_once_init_leave (&hurry, (gsize)g_random_int_range (FYR_LOG_PAGES_ENOUGH, 2 * FYR_LOG_PAGES_ENOUGH));
  }
  return (guint)hurry;
}

int
fyr_log_get_idle_ms (guint pages)
{
  return pages < FYR_LOG_PAGES_ENOUGH ? -1 : pages < get_hurry () ? IDLE_MS : HURRY_MS;
}

void
fyr_connection_write_back (FyrConnection *connection)
{
  if (connection->driver->write_back != NULL) {
    connection->driver->write_back (connection->db);
  }
}

guint
fyr_connection_get_cached (FyrConnection *connection)
{
  GHashTableIter iter;
  gpointer cached;
  guint idle = 0;

  g_hash_table_iter_init (&iter, connection->cache);
  while (g_hash_table_iter_next (&iter, NULL, &cached)) {
    idle += !((FyrCachedStatement *)cached)->lent;
  }
  return idle;
}

const FyrDbDriver *
fyr_connection_get_driver (FyrConnection *connection)
{
  return connection->driver;
}

gpointer
fyr_connection_get_handle (FyrConnection *connection)
{
  return connection->db;
}
