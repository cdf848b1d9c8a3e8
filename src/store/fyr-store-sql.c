/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-sql.h"

FyrStatement *
fyr_store_query_values (
    FyrStoreContext *context, GError **error, const char *sql, const FyrSqlValue *values, gsize n_values)
{
  FyrStatement *statement = fyr_connection_prepare (context->connection, sql, error);

  for (gsize i = 0; statement != NULL && i < n_values; i++) {
    int index = (int)i + 1;

    if (values[i].type == FYR_COLUMN_INT) {
      fyr_statement_bind_int (statement, index, values[i].integer);
    } else if (values[i].type == FYR_COLUMN_TEXT) {
      fyr_statement_bind_text (statement, index, values[i].text);
    } else {
      fyr_statement_bind_id (statement, index, values[i].text);
    }
  }
  return statement;
}

gboolean
fyr_store_execute_values (
    FyrStoreContext *context, GError **error, const char *sql, const FyrSqlValue *values, gsize n_values)
{
  g_autoptr (FyrStatement) statement = fyr_store_query_values (context, error, sql, values, n_values);

  return statement != NULL && fyr_statement_run (statement, error);
}
