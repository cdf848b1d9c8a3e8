/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-statement.h"

#include <math.h>
#include <string.h>

#include "fyr-db-driver.h"
#include "fyr-uuid.h"

struct _FyrStatement {
  FyrConnection *connection;
  const FyrDbDriver *driver;
  gpointer cursor;
  FyrCachedStatement *cached;
  int columns;
  char (*ids)[FYR_UUID_TEXT_SIZE]; /* text of the present row's ids, one place a column, made on first use */
  FyrDbError failure_code;
  char *failure; /* what a bind or get could not do */
};

FyrStatement *
fyr_statement_new (FyrConnection *connection, FyrCachedStatement *cached, gpointer cursor)
{
  FyrStatement *statement = g_new0 (FyrStatement, 1);

  statement->connection = fyr_connection_ref (connection);
  statement->driver = fyr_connection_get_driver (connection);
  statement->cursor = cursor;
  statement->cached = cached;
  statement->columns = statement->driver->column_count (cursor);
  return statement;
}

void
fyr_statement_free (FyrStatement *statement)
{
  if (statement == NULL) {
    return;
  }
  fyr_connection_give_back (statement->connection, statement->cached);
  fyr_connection_unref (statement->connection);
  g_free (statement->ids);
  g_free (statement->failure);
  g_free (statement);
}

/* Values are never named: they may be a patient's. */
static void
fail (FyrStatement *statement, FyrDbError code, const char *what, int place)
{
  if (statement->failure == NULL) {
    statement->failure_code = code;
    statement->failure = g_strdup_printf ("%s %d", what, place);
  }
}

static void
note_bind (FyrStatement *statement, int index, gboolean bound)
{
  if (!bound) {
    fail (statement, FYR_DB_ERROR_FAILED, "Could not bind parameter", index);
  }
}

void
fyr_statement_bind_null (FyrStatement *statement, int index)
{
  note_bind (statement, index, statement->driver->bind_null (statement->cursor, index));
}

void
fyr_statement_bind_int (FyrStatement *statement, int index, gint64 value)
{
  note_bind (statement, index, statement->driver->bind_int (statement->cursor, index, value));
}

void
fyr_statement_bind_bool (FyrStatement *statement, int index, gboolean value)
{
  fyr_statement_bind_int (statement, index, value ? 1 : 0);
}

void
fyr_statement_bind_real (FyrStatement *statement, int index, double value)
{
  if (!isfinite (value)) {
    fail (statement, FYR_DB_ERROR_FAILED, "Not a finite number for parameter", index);
    return;
  }
  note_bind (statement, index, statement->driver->bind_real (statement->cursor, index, value));
}

void
fyr_statement_bind_text (FyrStatement *statement, int index, const char *value)
{
  gsize length;

  if (value == NULL) {
    fyr_statement_bind_null (statement, index);
    return;
  }
  length = strlen (value);
  if (!g_utf8_validate_len (value, length, NULL)) {
    fail (statement, FYR_DB_ERROR_FAILED, "Not UTF-8 in parameter", index);
    return;
  }
  note_bind (statement, index, statement->driver->bind_text (statement->cursor, index, value, length));
}

void
fyr_statement_bind_blob (FyrStatement *statement, int index, gconstpointer value, gsize length)
{
  if (value == NULL) {
    fyr_statement_bind_null (statement, index);
    return;
  }
  note_bind (statement, index, statement->driver->bind_blob (statement->cursor, index, value, length));
}

void
fyr_statement_bind_id (FyrStatement *statement, int index, const char *value)
{
  guint8 bytes[FYR_UUID_BYTES];

  if (value == NULL) {
    fyr_statement_bind_null (statement, index);
    return;
  }
  if (!fyr_uuid_to_bytes (value, bytes)) {
    fail (statement, FYR_DB_ERROR_FAILED, "Not an id for parameter", index);
    return;
  }
  note_bind (statement, index, statement->driver->bind_blob (statement->cursor, index, bytes, sizeof bytes));
}

FyrStep
fyr_statement_step (FyrStatement *statement, GError **error)
{
  FyrStep step;

  if (statement->failure != NULL) {
    g_set_error_literal (error, FYR_DB_ERROR, statement->failure_code, statement->failure);
    g_clear_pointer (&statement->failure, g_free);
    statement->driver->reset (statement->cursor);
    return FYR_STEP_ERROR;
  }
  if (!fyr_connection_check_transaction (statement->connection, error)) {
    statement->driver->reset (statement->cursor);
    return FYR_STEP_ERROR;
  }
  step =
      statement->driver->step (fyr_connection_get_handle (statement->connection), statement->cursor, error);
  if (step != FYR_STEP_ROW) {
    statement->driver->reset (statement->cursor);
  }
  return step;
}

gboolean
fyr_statement_run (FyrStatement *statement, GError **error)
{
  FyrStep step;

  do {
    step = fyr_statement_step (statement, error);
  } while (step == FYR_STEP_ROW);
  return step == FYR_STEP_DONE;
}

void
fyr_statement_reset (FyrStatement *statement)
{
  statement->driver->reset (statement->cursor);
}

int
fyr_statement_get_columns (FyrStatement *statement)
{
  return statement->columns;
}

FyrColumnType
fyr_statement_get_type (FyrStatement *statement, int column)
{
  g_return_val_if_fail (column >= 0 && column < statement->columns, FYR_COLUMN_NULL);
  return statement->driver->column_type (statement->cursor, column);
}

void
fyr_statement_bind_column (FyrStatement *statement, int index, FyrStatement *from, int column)
{
  gconstpointer bytes;
  gsize length;

  switch (fyr_statement_get_type (from, column)) {
  case FYR_COLUMN_INT:
    fyr_statement_bind_int (statement, index, fyr_statement_get_int (from, column));
    break;
  case FYR_COLUMN_REAL:
    fyr_statement_bind_real (statement, index, fyr_statement_get_real (from, column));
    break;
  case FYR_COLUMN_TEXT:
    fyr_statement_bind_text (statement, index, fyr_statement_get_text (from, column));
    break;
  case FYR_COLUMN_BLOB:
    bytes = fyr_statement_get_blob (from, column, &length);
    fyr_statement_bind_blob (statement, index, bytes, length);
    break;
  case FYR_COLUMN_NULL:
  default:
    fyr_statement_bind_null (statement, index);
    break;
  }
}

gboolean
fyr_statement_is_null (FyrStatement *statement, int column)
{
  return fyr_statement_get_type (statement, column) == FYR_COLUMN_NULL;
}

gboolean
fyr_statement_get_is_null (FyrStatement *statement, int column)
{
  return fyr_statement_is_null (statement, column);
}

static gboolean
has_type (FyrStatement *statement, int column, FyrColumnType wanted)
{
  FyrColumnType type = fyr_statement_get_type (statement, column);

  if (type == wanted || (type == FYR_COLUMN_INT && wanted == FYR_COLUMN_REAL)) {
    return TRUE;
  }
  if (type != FYR_COLUMN_NULL) {
    fail (statement, FYR_DB_ERROR_CORRUPT, "Unexpected type in column", column);
  }
  return FALSE;
}

gint64
fyr_statement_get_int (FyrStatement *statement, int column)
{
  return has_type (statement, column, FYR_COLUMN_INT)
             ? statement->driver->column_int (statement->cursor, column)
             : 0;
}

gboolean
fyr_statement_get_bool (FyrStatement *statement, int column)
{
  return fyr_statement_get_int (statement, column) != 0;
}

double
fyr_statement_get_real (FyrStatement *statement, int column)
{
  return has_type (statement, column, FYR_COLUMN_REAL)
             ? statement->driver->column_real (statement->cursor, column)
             : 0;
}

const char *
fyr_statement_get_text (FyrStatement *statement, int column)
{
  const char *text;
  gsize length;

  if (!has_type (statement, column, FYR_COLUMN_TEXT)) {
    return NULL;
  }
  text = statement->driver->column_text (statement->cursor, column, &length);
  if (text == NULL || !g_utf8_validate_len (text, length, NULL)) {
    fail (statement, FYR_DB_ERROR_CORRUPT, "Not UTF-8 in column", column);
    return NULL;
  }
  return text;
}

gconstpointer
fyr_statement_get_blob (FyrStatement *statement, int column, gsize *length)
{
  gsize own_length;

  length = length != NULL ? length : &own_length;
  *length = 0;
  if (!has_type (statement, column, FYR_COLUMN_BLOB)) {
    return NULL;
  }
  return statement->driver->column_blob (statement->cursor, column, length);
}

const char *
fyr_statement_get_id (FyrStatement *statement, int column)
{
  gsize length;
  const guint8 *bytes = fyr_statement_get_blob (statement, column, &length);

  if (bytes == NULL) {
    return NULL;
  }
  if (length != FYR_UUID_BYTES) {
    fail (statement, FYR_DB_ERROR_CORRUPT, "Not an id in column", column);
    return NULL;
  }
  if (statement->ids == NULL) {
    statement->ids = g_malloc0_n (statement->columns, sizeof *statement->ids);
  }
  fyr_uuid_from_bytes (bytes, statement->ids[column]);
  return statement->ids[column];
}
