/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-salvage.h"

#include <glib/gstdio.h>
#include <string.h>

#include "fyr-db-files.h"
#include "fyr-outbox-private.h"
#include "fyr-store-private.h"
#include "fyr-store-rows.h"
#include "fyr-store-sql.h"
#include "fyr-transaction.h"

/* Keys are dense but for what was forgotten; behind so many that are not there, or cannot be read, come no more. */
#define MAX_MISSES 20000

typedef struct {
  FyrConnection *from;
  FyrConnection *to;
  const char *table;
  char
      *names; /* of the columns of @table in the old database, which may be of an older release; (nullable) */
  guint unread;
} Salvage;

static void
choose_table (Salvage *self, const char *table)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT group_concat ('\"' || name || '\"') FROM pragma_table_info ('%s')", table);
  g_autoptr (FyrStatement) select = fyr_connection_prepare (self->from, sql, NULL);

  self->table = table;
  g_clear_pointer (&self->names, g_free);
  if (select != NULL && fyr_statement_step (select, NULL) == FYR_STEP_ROW) {
    self->names = g_strdup (fyr_statement_get_text (select, 0));
  }
}

/* A row whose owner could not be read stays in the old file. */
static gboolean
copy_row (Salvage *self, FyrStatement *row, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (FyrStatement) insert = NULL;
  int columns = fyr_statement_get_columns (row);

  g_string_printf (sql, "INSERT OR REPLACE INTO %s (%s) VALUES (?1", self->table, self->names);
  for (int i = 2; i <= columns; i++) {
    g_string_append_printf (sql, ", ?%d", i);
  }
  g_string_append_c (sql, ')');
  insert = fyr_connection_prepare (self->to, sql->str, error);
  if (insert == NULL) {
    return FALSE;
  }
  for (int i = 0; i < columns; i++) {
    fyr_statement_bind_column (insert, i + 1, row, i);
  }
  if (fyr_statement_run (insert, &fault)) {
    return TRUE;
  }
  if (g_error_matches (fault, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT)) {
    self->unread++;
    return TRUE;
  }
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

/* Rows that @where gives for @key. Returns how many were read, -1 with error of the new database. What cannot be read
 * of the old one is counted. */
static int
copy_rows (Salvage *self, const char *where, gint64 key, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM %s WHERE %s", self->names, self->table, where);
  g_autoptr (FyrStatement) select =
      self->names != NULL ? fyr_connection_prepare (self->from, sql, NULL) : NULL;
  int read = 0;
  FyrStep step = FYR_STEP_ERROR;

  if (select != NULL) {
    fyr_statement_bind_int (select, 1, key);
  }
  while (select != NULL && (step = fyr_statement_step (select, NULL)) == FYR_STEP_ROW) {
    if (!copy_row (self, select, error)) {
      return -1;
    }
    read++;
  }
  self->unread += step == FYR_STEP_ERROR;
  return read;
}

static gint64
highest_key (Salvage *self, const char *table, const char *column)
{
  g_autofree char *sql = g_strdup_printf ("SELECT coalesce (max (%s), 0) FROM %s", column, table);
  g_autoptr (FyrStatement) select = fyr_connection_prepare (self->from, sql, NULL);

  return select != NULL && fyr_statement_step (select, NULL) == FYR_STEP_ROW
             ? fyr_statement_get_int (select, 0)
             : -1;
}

/* Row by row: a page that cannot be read hides its own rows only. */
static gboolean
copy_keyed (Salvage *self, const char *table, const char *column, GError **error)
{
  g_autofree char *where = g_strdup_printf ("%s = ?1", column);
  gint64 highest = highest_key (self, table, column);
  guint misses = 0;

  choose_table (self, table);
  for (gint64 key = 1; highest < 0 ? misses < MAX_MISSES : key <= highest; key++) {
    int read = copy_rows (self, where, key, error);

    if (read < 0) {
      return FALSE;
    }
    misses = read > 0 ? 0 : misses + 1;
  }
  self->unread += highest < 0;
  return TRUE;
}

static gboolean
copy_all (Salvage *self, const char *table, const char *where, GError **error)
{
  choose_table (self, table);
  return copy_rows (self, where, 0, error) >= 0;
}

/* Work goes on where it was in its sequence of numbers. One with a hole cannot be pushed: what is left of it is
 * numbered anew, as that of a machine that was copied. */
static gboolean
close_holes (FyrStoreContext *context, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_store_sql (
      context,
      "SELECT s.author_id FROM stream s WHERE s.current = 1 AND s.next - 1 > (SELECT count(*) FROM outbox o "
      "WHERE"
      " o.stream = s.id AND o.number >= (SELECT coalesce (min (number), s.next) FROM outbox w WHERE w.stream "
      "= s.id"
      " AND w.state IN (1, 2))) + (SELECT coalesce (min (number), s.next) FROM outbox w WHERE w.stream = s.id"
      " AND w.state IN (1, 2)) - 1",
      error);
  g_autoptr (GPtrArray) authors = g_ptr_array_new_with_free_func (g_free);
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_ptr_array_add (authors, g_strdup (fyr_statement_get_id (select, 0)));
  }
  for (guint i = 0; step == FYR_STEP_DONE && i < authors->len; i++) {
    if (!fyr_outbox_fork (context, authors->pdata[i], NULL, FALSE, error)) {
      return FALSE;
    }
  }
  return step == FYR_STEP_DONE;
}

/* The server's word of the rows below is not here yet: the work is laid on what comes. */
static gboolean
lay_work (FyrStoreContext *context, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_store_sql (context, "SELECT DISTINCT kind, id FROM effect", error);
  g_autoptr (GPtrArray) kinds = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_ptr_array_add (kinds, g_strdup (fyr_statement_get_text (select, 0)));
    g_ptr_array_add (ids, g_strdup (fyr_statement_get_id (select, 1)));
  }
  for (guint i = 0; step == FYR_STEP_DONE && i < ids->len; i++) {
    const FyrRecordInfo *info = fyr_record_info_lookup (kinds->pdata[i]);

    if (!fyr_store_execute (context, error, "INSERT OR IGNORE INTO base VALUES (?1, ?2, NULL)",
                            FYR_TEXT (kinds->pdata[i]), FYR_ID (ids->pdata[i])) ||
        (info != NULL && !fyr_overlay_show (context, info, ids->pdata[i], error))) {
      return FALSE;
    }
  }
  return step == FYR_STEP_DONE;
}

static gint64
count_open (FyrConnection *connection)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (connection, "SELECT count(*) FROM outbox WHERE open = 1", NULL);

  return select != NULL && fyr_statement_step (select, NULL) == FYR_STEP_ROW
             ? fyr_statement_get_int (select, 0)
             : 0;
}

static gboolean
copy_own (Salvage *self, GError **error)
{
  return copy_all (self, "meta", "name IN ('device', 'clock_offset', 'last_contact') AND ?1 = 0", error) &&
         copy_all (self, "offline_user", "?1 = 0", error) && copy_keyed (self, "stream", "id", error) &&
         copy_keyed (self, "outbox", "key", error);
}

static gboolean
fill (Salvage *self, gboolean log_lost, gint64 now, GError **error)
{
  g_autoptr (FyrChangeSet) changes = fyr_change_set_new ();
  FyrStoreContext context = { .connection = self->to, .changes = changes, .now = now };
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin (self->to, error);

  if (transaction == NULL ||
      (self->from != NULL && !(copy_own (self, error) && copy_all (self, "effect", "?1 = 0", error)))) {
    return FALSE;
  }
  return close_holes (&context, error) && lay_work (&context, error) &&
         fyr_meta_set_int (self->to, FYR_META_DAMAGED_AT, now, error) &&
         fyr_meta_set_int (self->to, FYR_META_DAMAGED_KEPT, count_open (self->to), error) &&
         fyr_meta_set_int (self->to, FYR_META_DAMAGED_LOST, log_lost || self->unread > 0, error) &&
         fyr_transaction_commit (transaction, error);
}

/* Whether all that was ever committed is there, only damaged. */
static gboolean
is_log_lost (const char *path, FyrPageKey *key)
{
  g_autoptr (FyrConnection) connection = fyr_connection_open_sealed (path, key, FYR_CONNECTION_NONE, NULL);

  return connection == NULL;
}

static gboolean
make_part (const char *path, const char *part, FyrStoreKeys *keys, gint64 now, GError **error)
{
  FyrPageKey *key = fyr_store_keys_get_key (keys);
  gboolean log_lost = is_log_lost (path, key);
  FyrPageKey *next = fyr_store_keys_make_next (keys, error);
  g_autoptr (FyrConnection) from = NULL;
  g_autoptr (FyrConnection) to = NULL;
  Salvage salvage = { .from = NULL };
  gboolean ok;

  if (next == NULL || !fyr_db_files_create (part, error)) {
    return FALSE;
  }
  from = fyr_connection_open_sealed (path, key, FYR_CONNECTION_SALVAGE, NULL);
  to = fyr_connection_open_sealed (part, next, FYR_CONNECTION_NONE, error);
  if (to == NULL || !fyr_store_migrate (to, error)) {
    return FALSE;
  }
  salvage = (Salvage){ .from = from, .to = to };
  ok = fill (&salvage, log_lost || from == NULL, now, error) && fyr_connection_truncate_log (to, error);
  g_free (salvage.names);
  return ok;
}

static void
remove_beside (const char *path, gboolean itself)
{
  static const char *const suffixes[] = { "-wal", "-mark", "-journal", "" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes) - !itself; i++) {
    g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

    g_unlink (name);
  }
}

static gboolean
copy_file (const char *from, const char *to, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize length;

  if (!g_file_test (from, G_FILE_TEST_EXISTS)) {
    return TRUE;
  }
  if (!g_file_get_contents (from, &bytes, &length, NULL) ||
      !g_file_set_contents_full (to, bytes, (gssize)length, G_FILE_SET_CONTENTS_DURABLE, 0600, NULL)) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "The damaged database could not be kept");
    return FALSE;
  }
  return TRUE;
}

/* With its keys (NULL: lost), so that whoever looks into it later can, with the server's share. */
static gboolean
keep_damaged (const char *path, const char *kept, FyrStoreKeys *keys, GError **error)
{
  static const char *const suffixes[] = { "", "-wal", "-key" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes) - (keys != NULL); i++) {
    g_autofree char *from = g_strconcat (path, suffixes[i], NULL);
    g_autofree char *to = g_strconcat (kept, suffixes[i], NULL);

    if (!copy_file (from, to, error)) {
      return FALSE;
    }
  }
  return keys == NULL || fyr_store_keys_copy (keys, kept, error);
}

static char *
name_kept (const char *path, gint64 now)
{
  return g_strdup_printf ("%s.damaged-%" G_GINT64_FORMAT, path, now);
}

/* It is tried again, maybe many times: the copies would fill the disk. */
static void
remove_kept (const char *kept)
{
  g_autofree char *key = g_strconcat (kept, "-key", NULL);

  remove_beside (kept, TRUE);
  g_unlink (key);
}

/* What the disk would not read now it may read later: nothing is left out for that. */
static gboolean
make_whole_part (const char *path, const char *part, FyrStoreKeys *keys, gint64 now, GError **error)
{
  guint64 unread = fyr_db_files_count_unread ();

  if (!make_part (path, part, keys, now, error)) {
    return FALSE;
  }
  if (fyr_db_files_count_unread () != unread) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_IO,
                         "The disk would not read the damaged database");
    return FALSE;
  }
  return TRUE;
}

gboolean
fyr_store_salvage (const char *path, FyrStoreKeys *keys, gint64 now, GError **error)
{
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  g_autofree char *kept = name_kept (path, now);
  gboolean made, ok;

  remove_beside (part, TRUE);
  made = keep_damaged (path, kept, keys, error) && make_whole_part (path, part, keys, now, error);
  ok = made && fyr_db_files_put_in_place (part, path, error);
  if (!made || g_file_test (part, G_FILE_TEST_EXISTS)) {
    remove_kept (kept);
  }
  remove_beside (part, TRUE);
  if (!ok) {
    return FALSE;
  }
  /* Of another key than the database that lies there now: they would say nothing. */
  remove_beside (path, FALSE);
  return fyr_store_keys_take_next (keys, error);
}

static void
share_one (const char *path, const FyrKeyAdmission *admission)
{
  g_autoptr (FyrStoreKeys) keys = fyr_store_keys_open (path, NULL);

  if (keys != NULL && fyr_store_keys_get_key (keys) != NULL && fyr_store_keys_admit (keys, admission, NULL) &&
      fyr_store_keys_forget (keys, admission->user_id, NULL)) {
    /* Nobody would overwrite the lease there. */
    fyr_store_keys_expire (keys, admission->server_time - admission->clock_offset + 2 * FYR_OFFLINE_MS);
  }
}

void
fyr_store_share_damaged (const char *path, const FyrKeyAdmission *admission)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *start = g_strconcat (base, ".damaged-", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    if (g_str_has_prefix (name, start) && g_str_has_suffix (name, "-key")) {
      g_autofree char *kept = g_strndup (name, strlen (name) - strlen ("-key"));
      g_autofree char *full = g_build_filename (folder, kept, NULL);

      share_one (full, admission);
    }
  }
}

gboolean
fyr_store_set_aside (const char *path, gint64 now, GError **error)
{
  g_autofree char *key = g_strconcat (path, "-key", NULL);
  g_autofree char *kept = name_kept (path, now);

  if (!keep_damaged (path, kept, NULL, error)) {
    remove_kept (kept);
    return FALSE;
  }
  /* The key last: without a database it is made anew, and with it the damage would be found again. */
  remove_beside (path, TRUE);
  g_unlink (key);
  return TRUE;
}
