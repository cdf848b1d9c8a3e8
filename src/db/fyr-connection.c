/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-connection.h"

#include "fyr-db-driver.h"

/* Enough for every statement a screen or a route uses; a compiled one takes a few kilobytes. */
#define MAX_CACHED 160

struct _FyrConnection {
  gatomicrefcount refs;
  const FyrDbDriver *driver;
  gpointer db;
  GHashTable *idle;  /* SQL text → cursor */
  GQueue idle_order; /* the keys of idle, least lately used first */
};

static const FyrDbDriver *
find_driver (const char *location, GError **error)
{
  if (g_str_has_prefix (location, "postgresql:") || g_str_has_prefix (location, "postgres:")) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED,
                         "This program was built without PostgreSQL");
    return NULL;
  }
  return &fyr_sqlite_driver;
}

FyrConnection *
fyr_connection_open (const char *location, FyrConnectionFlags flags, GError **error)
{
  const FyrDbDriver *driver;
  FyrConnection *connection;
  gpointer db;

  g_return_val_if_fail (location != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  driver = find_driver (location, error);
  if (driver == NULL) {
    return NULL;
  }
  db = driver->open (location, flags, error);
  if (db == NULL) {
    return NULL;
  }
  connection = g_new0 (FyrConnection, 1);
  g_atomic_ref_count_init (&connection->refs);
  connection->driver = driver;
  connection->db = db;
  connection->idle = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&connection->idle_order);
  return connection;
}

FyrConnection *
fyr_connection_ref (FyrConnection *connection)
{
  g_atomic_ref_count_inc (&connection->refs);
  return connection;
}

static void
close_connection (FyrConnection *connection)
{
  GHashTableIter iter;
  gpointer cursor;

  g_hash_table_iter_init (&iter, connection->idle);
  while (g_hash_table_iter_next (&iter, NULL, &cursor)) {
    connection->driver->finalize (cursor);
  }
  g_queue_clear (&connection->idle_order);
  g_hash_table_unref (connection->idle);
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
fyr_connection_exec (FyrConnection *connection, const char *sql, GError **error)
{
  return connection->driver->exec (connection->db, sql, error);
}

FyrStatement *
fyr_connection_prepare (FyrConnection *connection, const char *sql, GError **error)
{
  gpointer cursor = fyr_connection_take_cursor (connection, sql, error);

  return cursor != NULL ? fyr_statement_new (connection, sql, cursor) : NULL;
}

gpointer
fyr_connection_take_cursor (FyrConnection *connection, const char *sql, GError **error)
{
  gpointer key;
  gpointer cursor;

  if (g_hash_table_steal_extended (connection->idle, sql, &key, &cursor)) {
    g_queue_remove (&connection->idle_order, key);
    g_free (key);
    return cursor;
  }
  return connection->driver->prepare (connection->db, sql, error);
}

static void
drop_oldest (FyrConnection *connection)
{
  char *key = g_queue_pop_head (&connection->idle_order);

  connection->driver->finalize (g_hash_table_lookup (connection->idle, key));
  g_hash_table_remove (connection->idle, key);
}

void
fyr_connection_give_cursor (FyrConnection *connection, const char *sql, gpointer cursor)
{
  char *key;

  connection->driver->reset (cursor);
  connection->driver->clear_bindings (cursor);
  if (g_hash_table_contains (connection->idle, sql)) {
    connection->driver->finalize (cursor);
    return;
  }
  if (connection->idle_order.length >= MAX_CACHED) {
    drop_oldest (connection);
  }
  key = g_strdup (sql);
  g_hash_table_insert (connection->idle, key, cursor);
  g_queue_push_tail (&connection->idle_order, key);
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
fyr_connection_get_cached (FyrConnection *connection)
{
  return connection->idle_order.length;
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
