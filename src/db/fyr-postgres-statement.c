/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "fyr-postgres-driver.h"

/* A statement, its values and its rows. Values and rows travel in binary, typed as PostgreSQL infers them. */
typedef struct {
  FyrPgDatabase *db;
  char *sql;
  gboolean plain;  /* begins or ends a transaction: sent as it is, also when a transaction has failed */
  gboolean writes; /* may change something */
  char name[24];
  guint life;
  int n_parameters;
  Oid *types;
  char **values;
  int *lengths;
  int *formats;
  int n_columns;
  PGresult *result;
  int row;
} Cursor;

static gboolean
is_plain (const char *sql)
{
  static const char *const words[] = { "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    gsize length = strlen (words[i]);

    if (g_ascii_strncasecmp (sql, words[i], length) == 0 && !g_ascii_isalnum (sql[length])) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
describe (Cursor *self, GError **error)
{
  PGresult *result = PQdescribePrepared (self->db->handle, self->name);

  if (PQresultStatus (result) != PGRES_COMMAND_OK) {
    fyr_pg_set_error (error, self->db, result);
    PQclear (result);
    return FALSE;
  }
  for (int i = 0; i < MIN (self->n_parameters, PQnparams (result)); i++) {
    self->types[i] = PQparamtype (result, i);
  }
  self->n_columns = PQnfields (result);
  PQclear (result);
  return TRUE;
}

/* In each life of the connection once. */
static gboolean
make_ready (Cursor *self, GError **error)
{
  PGresult *result;
  gboolean ok;

  if (self->plain || self->life == self->db->life) {
    return TRUE;
  }
  if (!fyr_pg_settle (self->db, error)) {
    return FALSE;
  }
  g_snprintf (self->name, sizeof self->name, "fyr%" G_GUINT64_FORMAT, ++self->db->names);
  result = PQprepare (self->db->handle, self->name, self->sql, 0, NULL);
  ok = PQresultStatus (result) == PGRES_COMMAND_OK;
  if (!ok) {
    fyr_pg_set_error (error, self->db, result);
  }
  PQclear (result);
  if (!ok || !describe (self, error)) {
    return FALSE;
  }
  self->life = self->db->life;
  return TRUE;
}

void
fyr_pg_finalize (gpointer cursor)
{
  Cursor *self = cursor;

  fyr_pg_reset (self);
  fyr_pg_clear_bindings (self);
  if (!self->plain && self->life != 0 && self->life == self->db->life && fyr_pg_settle (self->db, NULL) &&
      PQtransactionStatus (self->db->handle) <= PQTRANS_INTRANS) {
    g_autofree char *sql = g_strdup_printf ("DEALLOCATE %s", self->name);

    PQclear (PQexec (self->db->handle, sql));
  }
  g_free (self->sql);
  g_free (self->types);
  g_free (self->values);
  g_free (self->lengths);
  g_free (self->formats);
  g_free (self);
}

gpointer
fyr_pg_prepare (gpointer data, const char *sql, GError **error)
{
  Cursor *self = g_new0 (Cursor, 1);
  gsize count;

  self->db = data;
  self->sql = fyr_pg_translate (sql, &self->n_parameters, error);
  self->plain = is_plain (sql);
  self->writes = g_ascii_strncasecmp (sql, "SELECT", 6) != 0;
  count = (gsize)self->n_parameters;
  self->types = g_new0 (Oid, count + 1);
  self->values = g_new0 (char *, count + 1);
  self->lengths = g_new0 (int, count + 1);
  self->formats = g_new0 (int, count + 1);
  if (self->sql == NULL ||
      (!self->plain && (!fyr_pg_revive (self->db, error) || !make_ready (self, error)))) {
    fyr_pg_finalize (self);
    return NULL;
  }
  return self;
}

void
fyr_pg_reset (gpointer cursor)
{
  Cursor *self = cursor;

  g_clear_pointer (&self->result, PQclear);
  self->row = -1;
}

void
fyr_pg_clear_bindings (gpointer cursor)
{
  Cursor *self = cursor;

  for (int i = 0; i < self->n_parameters; i++) {
    g_clear_pointer (&self->values[i], g_free);
  }
}

/* Values */

static gboolean
put (Cursor *self, int index, gconstpointer bytes, gsize length, gboolean binary)
{
  char *copy;

  if (index < 1 || index > self->n_parameters || length > G_MAXINT) {
    return FALSE;
  }
  copy = g_malloc (length + 1);
  memcpy (copy, bytes, length);
  copy[length] = '\0';
  g_free (self->values[index - 1]);
  self->values[index - 1] = copy;
  self->lengths[index - 1] = (int)length;
  self->formats[index - 1] = binary;
  return TRUE;
}

static Oid
type_of (Cursor *self, int index)
{
  return index >= 1 && index <= self->n_parameters ? self->types[index - 1] : 0;
}

gboolean
fyr_pg_bind_null (gpointer cursor, int index)
{
  Cursor *self = cursor;

  if (index < 1 || index > self->n_parameters) {
    return FALSE;
  }
  g_clear_pointer (&self->values[index - 1], g_free);
  return TRUE;
}

static gboolean
put_real (Cursor *self, int index, double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  bits = GUINT64_TO_BE (bits);
  return put (self, index, &bits, sizeof bits, TRUE);
}

gboolean
fyr_pg_bind_int (gpointer cursor, int index, gint64 value)
{
  gint64 wide = GINT64_TO_BE (value);
  gint32 narrow = GINT32_TO_BE ((gint32)value);
  char text[32];

  switch (type_of (cursor, index)) {
  case FYR_PG_INT8:
    return put (cursor, index, &wide, sizeof wide, TRUE);
  case FYR_PG_INT4:
    return value >= G_MININT32 && value <= G_MAXINT32 && put (cursor, index, &narrow, sizeof narrow, TRUE);
  case FYR_PG_FLOAT8:
    return put_real (cursor, index, (double)value);
  default:
    g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
    return put (cursor, index, text, strlen (text), FALSE);
  }
}

gboolean
fyr_pg_bind_real (gpointer cursor, int index, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (type_of (cursor, index) == FYR_PG_FLOAT8) {
    return put_real (cursor, index, value);
  }
  g_ascii_dtostr (text, sizeof text, value);
  return put (cursor, index, text, strlen (text), FALSE);
}

gboolean
fyr_pg_bind_text (gpointer cursor, int index, const char *value, gsize length)
{
  /* PostgreSQL's text has no room for a zero byte; bytes may have one. */
  return memchr (value, '\0', length) == NULL &&
         put (cursor, index, value, length, type_of (cursor, index) == FYR_PG_BYTEA);
}

gboolean
fyr_pg_bind_blob (gpointer cursor, int index, gconstpointer value, gsize length)
{
  return put (cursor, index, value, length, TRUE);
}

/* Rows */

static gboolean
sql_is (Cursor *self, const char *word)
{
  return g_ascii_strncasecmp (self->sql, word, strlen (word)) == 0;
}

/* A COMMIT of a failed transaction is answered with a ROLLBACK, without an error. */
static gboolean
was_committed (Cursor *self, GError **error)
{
  if (!sql_is (self, "COMMIT") || g_str_equal (PQcmdStatus (self->result), "COMMIT")) {
    return TRUE;
  }
  g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED,
                       "The transaction had failed and was rolled back");
  return FALSE;
}

/* Sends the statement behind those that are under way, and reads the answer of it and of them, or leaves that for
 * later. What the values hold was copied. */
static gboolean
run_in_line (Cursor *self, gboolean later, GError **error)
{
  PGconn *handle = self->db->handle;
  int sent;

  if (self->db->pending == 0 && PQenterPipelineMode (handle) != 1) {
    fyr_pg_set_error (error, self->db, NULL);
    return FALSE;
  }
  sent = self->plain
             ? PQsendQueryParams (handle, self->sql, 0, NULL, NULL, NULL, NULL, 1)
             : PQsendQueryPrepared (handle, self->name, self->n_parameters, (const char *const *)self->values,
                                    self->lengths, self->formats, 1);
  if (sent != 1) {
    PQclear (fyr_pg_collect (self->db, NULL));
    fyr_pg_set_error (error, self->db, NULL);
    return FALSE;
  }
  self->db->pending++;
  self->result = later ? PQmakeEmptyPGresult (handle, PGRES_COMMAND_OK) : fyr_pg_collect (self->db, error);
  return self->result != NULL;
}

static gboolean
begin (Cursor *self, GError **error)
{
  if (!fyr_pg_revive (self->db, error)) {
    return FALSE;
  }
  self->result = fyr_pg_exec (self->db, self->sql, error);
  /* An idle connection may have been cut long ago: nothing is begun yet, so once more. */
  if (self->result == NULL && !fyr_pg_is_usable (self->db)) {
    g_clear_error (error);
    self->result = fyr_pg_revive (self->db, error) ? fyr_pg_exec (self->db, self->sql, error) : NULL;
  }
  self->db->begun = self->result != NULL;
  return self->result != NULL;
}

static gboolean
run_plain (Cursor *self, GError **error)
{
  gboolean whole = sql_is (self, "ROLLBACK") && !sql_is (self, "ROLLBACK TO");

  if (sql_is (self, "BEGIN")) {
    self->db->deferring = FALSE;
    return begin (self, error);
  }
  if (self->db->deferring && (sql_is (self, "SAVEPOINT") || sql_is (self, "RELEASE"))) {
    return run_in_line (self, TRUE, error);
  }
  if (sql_is (self, "ROLLBACK")) {
    /* Whatever became of it. */
    fyr_pg_settle (self->db, NULL);
  }
  if (self->db->pending > 0) {
    run_in_line (self, FALSE, error);
  } else {
    self->result = fyr_pg_exec (self->db, self->sql, error);
  }
  if (whole && self->result == NULL) {
    /* With the connection the transaction is gone too. */
    g_clear_error (error);
    self->result = PQmakeEmptyPGresult (self->db->handle, PGRES_COMMAND_OK);
  }
  if (whole || (sql_is (self, "COMMIT") && self->result != NULL)) {
    self->db->begun = FALSE;
    self->db->deferring = FALSE;
  }
  return self->result != NULL && was_committed (self, error);
}

static gboolean
run_prepared (Cursor *self, GError **error)
{
  ExecStatusType status;
  gboolean later; /* what gives rows is waited for */

  /* Only outside of a transaction: one that was cut must not go on halfway. */
  if (!fyr_pg_revive (self->db, error)) {
    return FALSE;
  }
  if (!make_ready (self, error)) {
    return FALSE;
  }
  self->db->writes += self->writes;
  later = self->db->deferring && self->n_columns == 0;
  if (self->db->pending > 0 || later) {
    return run_in_line (self, later, error);
  }
  self->result = PQexecPrepared (self->db->handle, self->name, self->n_parameters,
                                 (const char *const *)self->values, self->lengths, self->formats, 1);
  status = PQresultStatus (self->result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
    self->db->changes = g_ascii_strtoll (PQcmdTuples (self->result), NULL, 10);
    return TRUE;
  }
  fyr_pg_set_error (error, self->db, self->result);
  return FALSE;
}

FyrStep
fyr_pg_step (gpointer data, gpointer cursor, GError **error)
{
  Cursor *self = cursor;

  if (self->result == NULL) {
    gboolean ok = self->plain ? run_plain (self, error) : run_prepared (self, error);

    if (!ok) {
      fyr_pg_reset (self);
      return FYR_STEP_ERROR;
    }
    self->row = -1;
  }
  self->row++;
  return self->row < PQntuples (self->result) ? FYR_STEP_ROW : FYR_STEP_DONE;
}

int
fyr_pg_column_count (gpointer cursor)
{
  return ((Cursor *)cursor)->n_columns;
}

static gboolean
is_null (Cursor *self, int column)
{
  return self->result == NULL || self->row < 0 || self->row >= PQntuples (self->result) || column < 0 ||
         column >= PQnfields (self->result) || PQgetisnull (self->result, self->row, column);
}

FyrColumnType
fyr_pg_column_type (gpointer cursor, int column)
{
  Cursor *self = cursor;

  if (is_null (self, column)) {
    return FYR_COLUMN_NULL;
  }
  switch (PQftype (self->result, column)) {
  case FYR_PG_BOOL:
  case FYR_PG_INT8:
  case FYR_PG_INT4:
  case FYR_PG_INT2:
  case FYR_PG_OID:
    return FYR_COLUMN_INT;
  case FYR_PG_FLOAT4:
  case FYR_PG_FLOAT8:
    return FYR_COLUMN_REAL;
  case FYR_PG_BYTEA:
    return FYR_COLUMN_BLOB;
  default:
    return FYR_COLUMN_TEXT;
  }
}

/* A whole number of 1 to 8 bytes, the highest first. */
gint64
fyr_pg_column_int (gpointer cursor, int column)
{
  Cursor *self = cursor;
  const guchar *bytes;
  guint64 value;
  int length;

  if (is_null (self, column)) {
    return 0;
  }
  bytes = (const guchar *)PQgetvalue (self->result, self->row, column);
  length = PQgetlength (self->result, self->row, column);
  value =
      length > 0 && (bytes[0] & 0x80) != 0 && PQftype (self->result, column) != FYR_PG_OID ? G_MAXUINT64 : 0;
  for (int i = 0; i < length && i < 8; i++) {
    value = (value << 8) | bytes[i];
  }
  return (gint64)value;
}

double
fyr_pg_column_real (gpointer cursor, int column)
{
  Cursor *self = cursor;
  guint64 bits;
  guint32 half;
  double value;
  float narrow;

  if (is_null (self, column)) {
    return 0;
  }
  switch (PQftype (self->result, column)) {
  case FYR_PG_FLOAT8:
    memcpy (&bits, PQgetvalue (self->result, self->row, column), sizeof bits);
    bits = GUINT64_FROM_BE (bits);
    memcpy (&value, &bits, sizeof value);
    return value;
  case FYR_PG_FLOAT4:
    memcpy (&half, PQgetvalue (self->result, self->row, column), sizeof half);
    half = GUINT32_FROM_BE (half);
    memcpy (&narrow, &half, sizeof narrow);
    return narrow;
  default:
    return (double)fyr_pg_column_int (self, column);
  }
}

const char *
fyr_pg_column_text (gpointer cursor, int column, gsize *length)
{
  Cursor *self = cursor;

  *length = 0;
  if (is_null (self, column)) {
    return NULL;
  }
  *length = (gsize)PQgetlength (self->result, self->row, column);
  return PQgetvalue (self->result, self->row, column);
}

gconstpointer
fyr_pg_column_blob (gpointer cursor, int column, gsize *length)
{
  return fyr_pg_column_text (cursor, column, length);
}
