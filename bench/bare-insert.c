/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bare-insert DATABASE ROWS
 *
 * What the tables cost without a server around them: takes the newest ROWS measurements of a copy of a server's
 * database, with their external ids and feed entries, out of it and writes the same rows into the same tables again,
 * in the order they came, durably in transactions of 100. Prints measurements a second.
 */
#include <glib.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define PER_COMMIT 100

/* What the server's writing connection has; a log that is written back as seldom. */
static const char settings[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;"
    "PRAGMA wal_autocheckpoint = 8000; PRAGMA temp_store = MEMORY;";

typedef struct {
  const char *table;
  const char *select;
  const char *remove;
  sqlite3_stmt *insert;
  int n_columns;
  GPtrArray *values; /* of sqlite3_value, row after row */
  guint n_rows;
  guint done;
} Table;

static Table tables[] = {
  { .table = "measurement",
    .select = "SELECT m.* FROM measurement m JOIN chosen c ON c.id = m.id ORDER BY m.id",
    .remove = "DELETE FROM measurement WHERE id IN (SELECT id FROM chosen)" },
  { .table = "external_id",
    .select = "SELECT e.* FROM external_id e JOIN chosen c ON c.id = e.measurement ORDER BY e.measurement",
    .remove = "DELETE FROM external_id WHERE measurement IN (SELECT id FROM chosen)" },
  { .table = "feed",
    .select = "SELECT f.* FROM feed f JOIN chosen c ON c.id = f.id ORDER BY f.scope, f.seq",
    .remove = "DELETE FROM feed WHERE id IN (SELECT id FROM chosen)" },
};

static void
check (sqlite3 *db, int result)
{
  if (result != SQLITE_OK && result != SQLITE_DONE) {
    g_printerr ("bare-insert: %s\n", sqlite3_errmsg (db));
    exit (1);
  }
}

static void
run (sqlite3 *db, const char *sql)
{
  check (db, sqlite3_exec (db, sql, NULL, NULL, NULL));
}

static sqlite3_stmt *
prepare (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  check (db, sqlite3_prepare_v2 (db, sql, -1, &statement, NULL));
  return statement;
}

static void
load (sqlite3 *db, Table *table)
{
  sqlite3_stmt *select = prepare (db, table->select);
  g_autoptr (GString) sql = g_string_new (NULL);

  table->values = g_ptr_array_new ();
  table->n_columns = sqlite3_column_count (select);
  while (sqlite3_step (select) == SQLITE_ROW) {
    for (int i = 0; i < table->n_columns; i++)
      g_ptr_array_add (table->values, sqlite3_value_dup (sqlite3_column_value (select, i)));
    table->n_rows++;
  }
  check (db, sqlite3_finalize (select));
  g_string_printf (sql, "INSERT INTO %s VALUES (?", table->table);
  for (int i = 1; i < table->n_columns; i++)
    g_string_append (sql, ", ?");
  g_string_append (sql, ")");
  table->insert = prepare (db, sql->str);
}

static void
insert_until (sqlite3 *db, Table *table, guint end)
{
  for (; table->done < end; table->done++) {
    for (int i = 0; i < table->n_columns; i++)
      sqlite3_bind_value (
          table->insert, i + 1,
          g_ptr_array_index (table->values, table->done * (guint)table->n_columns + (guint)i));
    check (db, sqlite3_step (table->insert));
    check (db, sqlite3_reset (table->insert));
  }
}

int
main (int argc, char **argv)
{
  g_autofree char *choose = NULL;
  sqlite3 *db = NULL;
  guint n_rows;
  gint64 started;
  double seconds;

  if (argc != 3)
    return 2;
  choose =
      g_strdup_printf ("CREATE TEMP TABLE chosen AS SELECT id FROM measurement ORDER BY id DESC LIMIT %d;"
                       "CREATE UNIQUE INDEX temp.chosen_by_id ON chosen (id)",
                       atoi (argv[2]));
  check (db, sqlite3_open (argv[1], &db));
  run (db, settings);
  run (db, choose);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    load (db, &tables[i]);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    run (db, tables[i].remove);
  run (db, "PRAGMA wal_checkpoint (TRUNCATE)");
  n_rows = tables[0].n_rows;
  started = g_get_monotonic_time ();
  for (guint end = 0; end < n_rows;) {
    end = MIN (end + PER_COMMIT, n_rows);
    run (db, "BEGIN IMMEDIATE");
    for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
      insert_until (db, &tables[i], (guint)((guint64)end * tables[i].n_rows / n_rows));
    run (db, "UPDATE scope SET head = head WHERE id = 1");
    run (db, "COMMIT");
  }
  seconds = (double)(g_get_monotonic_time () - started) / G_USEC_PER_SEC;
  printf ("%.0f\n", n_rows / seconds);
  return 0;
}
