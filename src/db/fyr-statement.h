/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _FyrConnection FyrConnection;
typedef struct _FyrStatement FyrStatement;

/** FyrStep: what fyr_statement_step() found */
typedef enum {
  FYR_STEP_ROW,
  FYR_STEP_DONE,
  FYR_STEP_ERROR,
} FyrStep;

/** FyrColumnType: what a column of the present row holds */
typedef enum {
  FYR_COLUMN_NULL,
  FYR_COLUMN_INT,
  FYR_COLUMN_REAL,
  FYR_COLUMN_TEXT,
  FYR_COLUMN_BLOB,
} FyrColumnType;

/**
 * fyr_statement_free:
 *
 * Clears all values and puts the compiled statement back into its connection's cache.
 */
void
fyr_statement_free (FyrStatement *statement);

/*
 * Parameters count from 1 and keep their value over fyr_statement_reset(). A value that cannot be
 * bound (index out of range, text that is not UTF-8, a malformed id, NaN, out of memory) is
 * reported by the next fyr_statement_step(), which then runs nothing.
 */

/** fyr_statement_bind_null: binds NULL */
void
fyr_statement_bind_null (FyrStatement *statement, int index);
/** fyr_statement_bind_int: binds a whole number */
void
fyr_statement_bind_int (FyrStatement *statement, int index, gint64 value);
/** fyr_statement_bind_bool: binds 0 or 1 */
void
fyr_statement_bind_bool (FyrStatement *statement, int index, gboolean value);
/** fyr_statement_bind_real: binds a finite number; NaN and infinities are refused */
void
fyr_statement_bind_real (FyrStatement *statement, int index, double value);
/** fyr_statement_bind_text: binds a copy of @value (nullable: NULL) */
void
fyr_statement_bind_text (FyrStatement *statement, int index, const char *value);
/** fyr_statement_bind_blob: binds a copy of @length bytes (@value nullable: NULL) */
void
fyr_statement_bind_blob (FyrStatement *statement, int index, gconstpointer value, gsize length);
/** fyr_statement_bind_id: binds a 36-character id as its 16 bytes (@value nullable: NULL) */
void
fyr_statement_bind_id (FyrStatement *statement, int index, const char *value);

/**
 * fyr_statement_step:
 * @statement: a statement
 * @error: return location
 *
 * Goes to the next row. Also reports what a former bind or get could not do.
 *
 * Returns: %FYR_STEP_ROW, %FYR_STEP_DONE, or %FYR_STEP_ERROR with any %FYR_DB_ERROR; after the latter two
 * the statement is reset and the next step starts over
 */
FyrStep
fyr_statement_step (FyrStatement *statement, GError **error);

/**
 * fyr_statement_run:
 *
 * Steps to the end and resets, dropping rows.
 *
 * Returns: %TRUE, or %FALSE with error: any %FYR_DB_ERROR
 */
gboolean
fyr_statement_run (FyrStatement *statement, GError **error);

/** fyr_statement_reset: forgets the present row; bound values stay */
void
fyr_statement_reset (FyrStatement *statement);

/** fyr_statement_get_columns: Returns: number of columns of a row */
int
fyr_statement_get_columns (FyrStatement *statement);

/*
 * Columns count from 0. What is returned by pointer lives until the next step, reset or free.
 * A column of another type than asked for (a damaged file) gives 0 or NULL and makes the next step
 * fail with FYR_DB_ERROR_CORRUPT; NULL gives 0 or NULL without an error.
 */

/** fyr_statement_get_type: Returns: type of a column */
FyrColumnType
fyr_statement_get_type (FyrStatement *statement, int column);
/** fyr_statement_bind_column: binds @column of the row @from is at, as what it is there */
void
fyr_statement_bind_column (FyrStatement *statement, int index, FyrStatement *from, int column);
/** fyr_statement_is_null: Returns: whether a column is NULL (same as fyr_statement_get_is_null) */
gboolean
fyr_statement_is_null (FyrStatement *statement, int column);
/** fyr_statement_get_is_null: Returns: whether a column is NULL */
gboolean
fyr_statement_get_is_null (FyrStatement *statement, int column);
/** fyr_statement_get_int: Returns: a whole number */
gint64
fyr_statement_get_int (FyrStatement *statement, int column);
/** fyr_statement_get_bool: Returns: whether a number is not 0 */
gboolean
fyr_statement_get_bool (FyrStatement *statement, int column);
/** fyr_statement_get_real: Returns: a number, whole ones too */
double
fyr_statement_get_real (FyrStatement *statement, int column);
/** fyr_statement_get_text: Returns: (nullable): valid UTF-8 */
const char *
fyr_statement_get_text (FyrStatement *statement, int column);
/** fyr_statement_get_blob: Returns: (nullable): bytes, their number in @length (nullable) */
gconstpointer
fyr_statement_get_blob (FyrStatement *statement, int column, gsize *length);
/** fyr_statement_get_id: Returns: (nullable): a 36-character id made from 16 bytes */
const char *
fyr_statement_get_id (FyrStatement *statement, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrStatement, fyr_statement_free)

G_END_DECLS
