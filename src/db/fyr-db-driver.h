/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"
#include "fyr-statement.h"

G_BEGIN_DECLS

/**
 * FyrDbDriver:
 *
 * What a database product must be able to do. Only the db room sees this table; every other room
 * works with #FyrConnection and #FyrStatement, so a second product needs no change in callers.
 * SQL arrives with parameters written ?1, ?2 …; a driver whose product writes them otherwise
 * translates them in @prepare. `gpointer db` is what @open gave, `gpointer cursor` what @prepare gave.
 * Parameters count from 1, columns from 0. Text is UTF-8 and valid.
 */
typedef struct {
  const char *name;
  /* Several processes work on it at once; errors of the connection pass. */
  gboolean is_shared;

  gpointer (*open) (const char *location, FyrConnectionFlags flags, GError **error);
  /* (nullable): of a product whose files lie on this machine */
  gpointer (*open_sealed) (const char *location, FyrPageKey *key, FyrConnectionFlags flags, GError **error);
  void (*close) (gpointer db);
  gboolean (*exec) (gpointer db, const char *sql, GError **error);
  gint64 (*changes) (gpointer db);
  gboolean (*in_transaction) (gpointer db);
  gboolean (*is_broken) (gpointer db);
  void (*interrupt) (gpointer db);

  gpointer (*prepare) (gpointer db, const char *sql, GError **error);
  void (*finalize) (gpointer cursor);
  void (*reset) (gpointer cursor);
  void (*clear_bindings) (gpointer cursor);
  gboolean (*bind_null) (gpointer cursor, int index);
  gboolean (*bind_int) (gpointer cursor, int index, gint64 value);
  gboolean (*bind_real) (gpointer cursor, int index, double value);
  gboolean (*bind_text) (gpointer cursor, int index, const char *value, gsize length);
  gboolean (*bind_blob) (gpointer cursor, int index, gconstpointer value, gsize length);
  FyrStep (*step) (gpointer db, gpointer cursor, GError **error);
  int (*column_count) (gpointer cursor);
  FyrColumnType (*column_type) (gpointer cursor, int column);
  gint64 (*column_int) (gpointer cursor, int column);
  double (*column_real) (gpointer cursor, int column);
  const char *(*column_text) (gpointer cursor, int column, gsize *length);
  gconstpointer (*column_blob) (gpointer cursor, int column, gsize *length);

  const char *begin_write_sql;
  const char *begin_read_sql;
  /* Keeps other processes from changing tables until the transaction ends; (nullable): beginning to write does. */
  const char *lock_schema_sql;
  /* Behind a SELECT of one table: keeps its rows as they are until the transaction ends; "" when nobody else writes. */
  const char *lock_row_sql;
  gboolean (*get_schema_version) (gpointer db, gint64 *version, GError **error);
  gboolean (*set_schema_version) (gpointer db, gint64 version, GError **error);
  gboolean (*backup) (gpointer db, const char *path, GError **error);
  gboolean (*check) (gpointer db, gboolean deep, GError **error);
  gboolean (*truncate_log) (gpointer db, GError **error);
  /* Of one whose log is ours to write back; (nullable) both. */
  guint (*get_log_pages) (gpointer db);
  void (*write_back) (gpointer db);

  /* Of a shared one: how often the connection was made anew; notices from other processes. A lost connection has the
   * socket -1. */
  guint (*get_life) (gpointer db);
  gboolean (*listen) (gpointer db, const char *channel, GError **error);
  int (*get_socket) (gpointer db);
  gboolean (*take_notice) (gpointer db, char **payload, GError **error);

  /* As fyr_connection_set_deferring() and the following say. */
  void (*set_deferring) (gpointer db, gboolean deferring);
  gboolean (*is_deferring) (gpointer db);
  gboolean (*settle) (gpointer db, GError **error);
  guint64 (*count_writes) (gpointer db);
} FyrDbDriver;

extern const FyrDbDriver fyr_sqlite_driver;

/** fyr_connection_set_shared_driver: what opens addresses that are no files; of fyr_postgres_enable() */
void
fyr_connection_set_shared_driver (const FyrDbDriver *driver);

/* What FyrStatement needs of its connection; error as told by the driver. */
const FyrDbDriver *
fyr_connection_get_driver (FyrConnection *connection);
gpointer
fyr_connection_get_handle (FyrConnection *connection);
/** fyr_connection_get_depth: Returns: how many savepoints are open in each other; of fyr-transaction.c */
guint
fyr_connection_get_depth (FyrConnection *connection);
void
fyr_connection_set_depth (FyrConnection *connection, guint depth);

/** fyr_connection_set_working: a transaction begins or ends; of fyr-transaction.c */
void
fyr_connection_set_working (FyrConnection *connection, gboolean working);
/**
 * fyr_connection_check_transaction:
 *
 * The database rolls a transaction back by itself for want of memory or disk. What was run after that would be written
 * each by itself, and stay though all was told to have failed.
 *
 * Returns: %TRUE, or %FALSE with error %FYR_DB_ERROR_FAILED when the transaction that was begun is gone
 */
gboolean
fyr_connection_check_transaction (FyrConnection *connection, GError **error);

typedef struct _FyrCachedStatement FyrCachedStatement;

/** fyr_connection_borrow: Returns: a compiled statement from the cache or fresh; %NULL with error */
FyrCachedStatement *
fyr_connection_borrow (FyrConnection *connection, const char *sql, GError **error);
/** fyr_connection_give_back: resets it and puts it back, or finalizes what the cache does not keep */
void
fyr_connection_give_back (FyrConnection *connection, FyrCachedStatement *cached);

/** fyr_statement_new: a statement around @cursor of @cached, which goes back to the cache when it is freed */
FyrStatement *
fyr_statement_new (FyrConnection *connection, FyrCachedStatement *cached, gpointer cursor);

G_END_DECLS
