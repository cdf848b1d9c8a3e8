/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"
#include "fyr-statement.h"

G_BEGIN_DECLS

/** FyrRowsBindFunc: binds row number @row to the parameters from @first on */
typedef void (*FyrRowsBindFunc) (FyrStatement *statement, int first, guint row, gpointer data);

/**
 * fyr_rows_insert:
 * @sql: "INSERT INTO table (columns) VALUES", of program text only
 * @n_columns: how many values a row has
 *
 * Inserts @n_rows rows, @bind giving the values of each, many with one statement.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_rows_insert (FyrConnection *connection,
                 const char *sql,
                 int n_columns,
                 guint n_rows,
                 FyrRowsBindFunc bind,
                 gpointer data,
                 GError **error);

G_END_DECLS
