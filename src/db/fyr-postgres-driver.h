/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libpq-fe.h>

#include "fyr-db-driver.h"

G_BEGIN_DECLS

/* What the files of the PostgreSQL driver share; nobody else includes it. */

#define FYR_PG_BOOL 16
#define FYR_PG_BYTEA 17
#define FYR_PG_INT8 20
#define FYR_PG_INT2 21
#define FYR_PG_INT4 23
#define FYR_PG_OID 26
#define FYR_PG_FLOAT4 700
#define FYR_PG_FLOAT8 701

/* One connection. @life counts how often it was made anew: what was prepared in a former life is prepared again. */
typedef struct {
  PGconn *handle;
  FyrConnectionFlags flags;
  GMutex mutex; /* guards @cancel, which other threads use */
  PGcancel *cancel;
  guint life;
  gint64 tried; /* monotonic, µs: when it was last tried to connect again */
  gint64 changes;
  guint64 names;
  /* A transaction was begun and not ended yet, even when the connection and with it the transaction is lost: what
   * follows in it must fail, and not run by itself over a new connection. */
  gboolean begun;
  /* What gives no rows back is sent and not waited for; so many answers are to be read yet. */
  gboolean deferring;
  guint pending;
  guint64 writes; /* statements run that may change something */
} FyrPgDatabase;

/**
 * fyr_pg_translate:
 *
 * The SQL of this project is the part that SQLite and PostgreSQL share. What differs is written SQLite's way and
 * translated here, word by word, outside of literals, quoted names and comments:
 *
 * - parameters ?1, ?2 … become $1, $2 …;
 * - in CREATE TABLE and ALTER TABLE the types BLOB, INTEGER, REAL and TEXT become bytea, bigint, double precision and
 *   text in the order of bytes; INTEGER PRIMARY KEY becomes an identity column; WITHOUT ROWID goes;
 * - the bare word user is refused: to PostgreSQL it is who is connected, and never a table or a column.
 *
 * @n_parameters: (out): the highest parameter
 *
 * Returns: (transfer full) (nullable): %NULL with %FYR_DB_ERROR_FAILED
 */
char *
fyr_pg_translate (const char *sql, int *n_parameters, GError **error);

/** fyr_pg_set_error: what PostgreSQL said, by its SQLSTATE; @result: (nullable): none when the connection is gone */
void
fyr_pg_set_error (GError **error, FyrPgDatabase *db, const PGresult *result);

/** fyr_pg_is_usable: whether statements can be sent; outside of a transaction fyr_pg_revive() makes it so */
gboolean
fyr_pg_is_usable (FyrPgDatabase *db);

/**
 * fyr_pg_revive:
 *
 * Connects again when the connection was lost, at most each 200 ms. Inside a transaction there is nothing to revive.
 *
 * Returns: %TRUE when there is a connection, else %FALSE with %FYR_DB_ERROR_IO
 */
gboolean
fyr_pg_revive (FyrPgDatabase *db, GError **error);

/** fyr_pg_exec: Returns: (transfer full) (nullable): the result of one or more statements; %NULL with error */
PGresult *
fyr_pg_exec (FyrPgDatabase *db, const char *sql, GError **error);

/**
 * fyr_pg_collect:
 *
 * Reads the answers of all that was sent without waiting. What fails before the last statement is told without saying
 * how (%FYR_DB_ERROR_FAILED), unless the database was busy, full or gone: it is not the caller's own.
 *
 * Returns: (transfer full) (nullable): the answer of the last statement sent; %NULL when any failed, with error
 */
PGresult *
fyr_pg_collect (FyrPgDatabase *db, GError **error);

/** fyr_pg_settle: waits for what was sent. Returns: %FALSE with error when anything of the transaction has failed */
gboolean
fyr_pg_settle (FyrPgDatabase *db, GError **error);

/** fyr_pg_prepare: as in #FyrDbDriver, and so the following. Returns: %NULL with error: any %FYR_DB_ERROR */
gpointer
fyr_pg_prepare (gpointer data, const char *sql, GError **error);
void
fyr_pg_finalize (gpointer cursor);
void
fyr_pg_reset (gpointer cursor);
void
fyr_pg_clear_bindings (gpointer cursor);
gboolean
fyr_pg_bind_null (gpointer cursor, int index);
gboolean
fyr_pg_bind_int (gpointer cursor, int index, gint64 value);
gboolean
fyr_pg_bind_real (gpointer cursor, int index, double value);
gboolean
fyr_pg_bind_text (gpointer cursor, int index, const char *value, gsize length);
gboolean
fyr_pg_bind_blob (gpointer cursor, int index, gconstpointer value, gsize length);
FyrStep
fyr_pg_step (gpointer data, gpointer cursor, GError **error);
int
fyr_pg_column_count (gpointer cursor);
FyrColumnType
fyr_pg_column_type (gpointer cursor, int column);
gint64
fyr_pg_column_int (gpointer cursor, int column);
double
fyr_pg_column_real (gpointer cursor, int column);
const char *
fyr_pg_column_text (gpointer cursor, int column, gsize *length);
gconstpointer
fyr_pg_column_blob (gpointer cursor, int column, gsize *length);

G_END_DECLS
