/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-rows.h"

#include <string.h>

/* Few sizes, so that few statements are kept compiled. */
static const guint sizes[] = { 64, 8, 1 };

static void
append_number (GString *text, guint number)
{
  if (number > 9) {
    append_number (text, number / 10);
  }
  g_string_append_c (text, (char)('0' + number % 10));
}

static FyrStatement *
prepare (FyrConnection *connection, const char *sql, int n_columns, guint n_rows, GError **error)
{
  g_autoptr (GString) text = g_string_sized_new (strlen (sql) + n_rows * (guint)n_columns * 8);
  guint number = 1;

  g_string_append (text, sql);
  for (guint row = 0; row < n_rows; row++) {
    for (int column = 0; column < n_columns; column++) {
      g_string_append (text, column > 0 ? ", ?" : row > 0 ? "), (?" : " (?");
      append_number (text, number++);
    }
  }
  g_string_append_c (text, ')');
  return fyr_connection_prepare (connection, text->str, error);
}

gboolean
fyr_rows_insert (FyrConnection *connection,
                 const char *sql,
                 int n_columns,
                 guint n_rows,
                 FyrRowsBindFunc bind,
                 gpointer data,
                 GError **error)
{
  guint row = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (sizes) && row < n_rows; i++) {
    g_autoptr (FyrStatement) insert = NULL;

    if (n_rows - row < sizes[i]) {
      continue;
    }
    insert = prepare (connection, sql, n_columns, sizes[i], error);
    if (insert == NULL) {
      return FALSE;
    }
    for (; n_rows - row >= sizes[i]; row += sizes[i]) {
      for (guint place = 0; place < sizes[i]; place++) {
        bind (insert, 1 + (int)place * n_columns, row + place, data);
      }
      if (!fyr_statement_run (insert, error)) {
        return FALSE;
      }
    }
  }
  return TRUE;
}
