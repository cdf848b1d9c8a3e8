/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-admin-verify.h"
#include "fyr-admin.h"
#include "fyr-migrator.h"
#include "fyr-row-security.h"
#include "fyr-server-db.h"
#include "fyr-server-schema.h"
#include "fyr-shared.h"

/* Rows read at a time from PostgreSQL. */
#define PORTION 2000

static char *target;
static char *server_role;
static gboolean keep;

static const GOptionEntry entries[] = {
  { "to", 0, 0, G_OPTION_ARG_STRING, &target, N_ ("Empty PostgreSQL database to move to"), "postgresql://…" },
  { "server-role", 0, 0, G_OPTION_ARG_STRING, &server_role,
    N_ ("PostgreSQL role that servers connect as: may use the tables, not change them"), "ROLE" },
  { "keep", 0, 0, G_OPTION_ARG_NONE, &keep, N_ ("Copy only: leave the former database in its place"), NULL },
  { NULL },
};

/* One table on its way. */
typedef struct {
  FyrConnection *from;
  FyrConnection *to;
  char *name;
  GPtrArray *columns;
  char *keys;      /* columns of the primary key, for ORDER BY */
  char *selection; /* all columns */
} Table;

static void
table_clear (Table *table)
{
  g_clear_pointer (&table->name, g_free);
  g_clear_pointer (&table->keys, g_free);
  g_clear_pointer (&table->selection, g_free);
  g_clear_pointer (&table->columns, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Table, table_clear)

/* The names in one column of a query on the old database. */
static GPtrArray *
list_names (FyrConnection *connection, const char *sql, const char *table, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (FyrStatement) select = fyr_connection_prepare (connection, sql, error);
  FyrStep step;

  if (select == NULL) {
    return NULL;
  }
  if (table != NULL) {
    fyr_statement_bind_text (select, 1, table);
  }
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_ptr_array_add (names, g_strdup_printf ("\"%s\"", fyr_statement_get_text (select, 0)));
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&names) : NULL;
}

static char *
join (GPtrArray *names)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++) {
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (const char *)names->pdata[i]);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* @quoted: the table's name in quotation marks */
static gboolean
table_init (Table *table, FyrConnection *from, FyrConnection *to, const char *quoted, GError **error)
{
  g_autoptr (GPtrArray) keys = NULL;

  *table = (Table){ .from = from, .to = to, .name = g_strndup (quoted + 1, strlen (quoted) - 2) };
  table->columns =
      list_names (from, "SELECT name FROM pragma_table_info (?1) ORDER BY cid", table->name, error);
  keys = table->columns != NULL
             ? list_names (from, "SELECT name FROM pragma_table_info (?1) WHERE pk > 0 ORDER BY pk",
                           table->name, error)
             : NULL;
  if (keys == NULL) {
    return FALSE;
  }
  table->keys = keys->len > 0 ? join (keys) : join (table->columns);
  table->selection = join (table->columns);
  return TRUE;
}

/* The row as text that is the same from both databases, into the sum. */
static void
add_to_sum (GChecksum *sum, FyrStatement *row, GString *scratch)
{
  g_string_truncate (scratch, 0);
  for (int i = 0; i < fyr_statement_get_columns (row); i++) {
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    gconstpointer bytes;
    gsize length;

    switch (fyr_statement_get_type (row, i)) {
    case FYR_COLUMN_INT:
      g_string_append_printf (scratch, "i%" G_GINT64_FORMAT, fyr_statement_get_int (row, i));
      break;
    case FYR_COLUMN_REAL:
      g_string_append_printf (scratch, "r%s",
                              g_ascii_dtostr (number, sizeof number, fyr_statement_get_real (row, i)));
      break;
    case FYR_COLUMN_TEXT:
      bytes = fyr_statement_get_text (row, i);
      g_string_append_printf (scratch, "t%zu:%s", strlen (bytes), (const char *)bytes);
      break;
    case FYR_COLUMN_BLOB:
      bytes = fyr_statement_get_blob (row, i, &length);
      g_string_append_printf (scratch, "b%zu:", length);
      g_string_append_len (scratch, bytes, (gssize)length);
      break;
    case FYR_COLUMN_NULL:
    default:
      g_string_append_c (scratch, 'n');
      break;
    }
  }
  g_checksum_update (sum, (const guchar *)scratch->str, (gssize)scratch->len);
}

static char *
insert_sql (Table *table)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "INSERT INTO \"%s\" (%s) VALUES (", table->name, table->selection);
  for (guint i = 0; i < table->columns->len; i++) {
    g_string_append_printf (sql, "%s?%u", i > 0 ? ", " : "", i + 1);
  }
  g_string_append_c (sql, ')');
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

/* What the making of the tables has put into them; see prepare_target(). */
static gboolean
empty_table (Table *table, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("DELETE FROM \"%s\"", table->name);

  return fyr_connection_exec (table->to, sql, error);
}

/* Number of rows, -1 with @error; their sum in @sum. */
static gint64
copy_rows (Table *table, GChecksum *sum, GError **error)
{
  g_autofree char *select_sql =
      g_strdup_printf ("SELECT %s FROM \"%s\" ORDER BY %s", table->selection, table->name, table->keys);
  g_autofree char *put_sql = insert_sql (table);
  g_autoptr (FyrStatement) select = fyr_connection_prepare (table->from, select_sql, error);
  g_autoptr (FyrStatement) put = select != NULL ? fyr_connection_prepare (table->to, put_sql, error) : NULL;
  g_autoptr (GString) scratch = g_string_new (NULL);
  gint64 count = 0;
  FyrStep step = FYR_STEP_ERROR;

  while (put != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    for (guint i = 0; i < table->columns->len; i++) {
      fyr_statement_bind_column (put, (int)i + 1, select, (int)i);
    }
    if (!fyr_statement_run (put, error)) {
      return -1;
    }
    add_to_sum (sum, select, scratch);
    count++;
  }
  return step == FYR_STEP_DONE ? count : -1;
}

/* The same of what has arrived, a portion at a time. */
static gint64
sum_rows (Table *table, GChecksum *sum, GError **error)
{
  g_autofree char *declare =
      g_strdup_printf ("DECLARE \"fyr_%s\" NO SCROLL CURSOR FOR SELECT %s FROM \"%s\" ORDER BY %s",
                       table->name, table->selection, table->name, table->keys);
  g_autofree char *fetch = g_strdup_printf ("FETCH FORWARD %d FROM \"fyr_%s\"", PORTION, table->name);
  g_autofree char *close = g_strdup_printf ("CLOSE \"fyr_%s\"", table->name);
  g_autoptr (FyrStatement) portion = NULL;
  g_autoptr (GString) scratch = g_string_new (NULL);
  gint64 count = 0, before = -1;
  FyrStep step = FYR_STEP_DONE;

  if (!fyr_connection_exec (table->to, declare, error)) {
    return -1;
  }
  portion = fyr_connection_prepare (table->to, fetch, error);
  while (portion != NULL && step == FYR_STEP_DONE && count > before) {
    before = count;
    while ((step = fyr_statement_step (portion, error)) == FYR_STEP_ROW) {
      add_to_sum (sum, portion, scratch);
      count++;
    }
  }
  if (portion == NULL || step != FYR_STEP_DONE) {
    return -1;
  }
  return fyr_connection_exec (table->to, close, error) ? count : -1;
}

/* Whether the database gives numbers for the table's id by itself; -1 with @error. */
static int
is_numbered (Table *table, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      table->to,
      "SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema () AND table_name = ?1"
      " AND column_name = 'id' AND is_identity = 'YES'",
      error);
  FyrStep step;

  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_text (select, 1, table->name);
  step = fyr_statement_step (select, error);
  return step == FYR_STEP_ERROR ? -1 : step == FYR_STEP_ROW;
}

/* Numbers given from now on follow those that came along. */
static gboolean
advance_numbers (Table *table, GError **error)
{
  g_autofree char *sql = NULL;
  int numbered = is_numbered (table, error);

  if (numbered <= 0) {
    return numbered == 0;
  }
  sql = g_strdup_printf ("SELECT setval (pg_get_serial_sequence ('\"%s\"', 'id'), max (id)) FROM \"%s\""
                         " HAVING max (id) IS NOT NULL",
                         table->name, table->name);
  return fyr_connection_exec (table->to, sql, error);
}

static gboolean
move_table (FyrConnection *from, FyrConnection *to, const char *quoted, GError **error)
{
  g_auto (Table) table = { NULL };
  g_autoptr (GChecksum) sent = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GChecksum) arrived = g_checksum_new (G_CHECKSUM_SHA256);
  gint64 rows, there;

  if (!table_init (&table, from, to, quoted, error)) {
    return FALSE;
  }
  rows = empty_table (&table, error) ? copy_rows (&table, sent, error) : -1;
  there = rows >= 0 ? sum_rows (&table, arrived, error) : -1;
  if (there < 0) {
    g_prefix_error (error, "%s: ", table.name);
    return FALSE;
  }
  if (rows != there || g_strcmp0 (g_checksum_get_string (sent), g_checksum_get_string (arrived)) != 0) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_DAMAGED,
                 _ ("%s: what arrived is not what was sent: rows or their contents differ"), table.name);
    return FALSE;
  }
  g_print ("%-16s %10" G_GINT64_FORMAT " rows  %.16s\n", table.name, rows, g_checksum_get_string (arrived));
  return advance_numbers (&table, error);
}

static gboolean
move_tables (FyrConnection *from, FyrConnection *to, GError **error)
{
  g_autoptr (GPtrArray) tables = list_names (
      from, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
      NULL, error);

  for (guint i = 0; tables != NULL && i < tables->len; i++) {
    if (!move_table (from, to, tables->pdata[i], error)) {
      return FALSE;
    }
  }
  return tables != NULL;
}

/* An empty place: no tables, or those that a run which did not come to its end has left, with nothing in them. */
static gboolean
prepare_target (FyrConnection *to, GError **error)
{
  gint64 version = fyr_migrator_get_version (to, error);
  g_autoptr (FyrStatement) select = NULL;

  if (version < 0 || !fyr_server_schema_migrate (to, error)) {
    return FALSE;
  }
  select = fyr_connection_prepare (to, "SELECT (SELECT count (*) FROM kind) + (SELECT count (*) FROM scope)",
                                   error);
  if (select == NULL || fyr_statement_step (select, error) != FYR_STEP_ROW) {
    return FALSE;
  }
  if (fyr_statement_get_int (select, 0) > 0) {
    g_set_error_literal (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_RUNNING,
                         _ ("There is a centre's data in that PostgreSQL database already"));
    return FALSE;
  }
  return TRUE;
}

/* All or nothing: one transaction, committed when everything has been looked at. */
static gboolean
move (FyrConnection *from, FyrConnection *to, GError **error)
{
  g_autoptr (FyrTransaction) writing = fyr_transaction_begin (to, error);

  return writing != NULL && move_tables (from, to, error) && fyr_server_db_note_timeline (to, error) &&
         fyr_admin_verify_connection (to, error) && fyr_transaction_commit (writing, error);
}

static gboolean
put_aside (const char *path, GError **error)
{
  g_autofree char *aside = g_strdup_printf ("%s.moved-%" G_GINT64_FORMAT, path, fyr_admin_now ());

  if (g_rename (path, aside) != 0) {
    g_set_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO,
                 _ ("Everything is moved, but %s could not be set aside"), path);
    return FALSE;
  }
  g_print (_ ("The former database is kept as %s\n"), aside);
  return TRUE;
}

static gboolean
migrate (const char *data, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (FyrServerDb) source = NULL;
  g_autoptr (FyrConnection) to = NULL;

  if (target == NULL || !fyr_connection_is_shared_location (target)) {
    g_set_error_literal (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                         _ ("Name the PostgreSQL database: --to postgresql://USER@HOST:PORT/NAME"));
    return FALSE;
  }
  /* The lock of the data folder keeps servers out until it is done. */
  source = fyr_server_db_open (data, FYR_SERVER_DB_NONE, error);
  to = source != NULL ? fyr_connection_open (target, FYR_CONNECTION_NONE, error) : NULL;
  if (to == NULL || !fyr_row_security_open_all (to, error) || !prepare_target (to, error) ||
      (server_role != NULL && !fyr_row_security_grant (to, server_role, error)) ||
      !move (fyr_server_db_get_connection (source), to, error)) {
    return FALSE;
  }
  path = g_strdup (fyr_server_db_get_path (source));
  g_clear_pointer (&source, fyr_server_db_unref);
  g_print (_ ("Moved. Start the servers with --database; workstations go on as if nothing had been.\n"));
  return keep || put_aside (path, error);
}

int
fyr_admin_migrate (int argc, char **argv)
{
  const char *data;
  GError *error = NULL;

  if (!fyr_admin_parse ("migrate-database", NULL,
                        _ ("Moves a centre from the SQLite file in the data folder to an empty PostgreSQL "
                           "database, in one\n"
                           "transaction: every table's rows are counted and summed on both sides, feeds and "
                           "references are\n"
                           "checked, and only then is it kept. When it fails nothing has happened: do it "
                           "again. The server\n"
                           "must not run. The former database is set aside."),
                        entries, &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  fyr_postgres_enable ();
  return migrate (data, &error) ? FYR_ADMIN_OK : fyr_admin_fail ("migrate-database", error);
}
