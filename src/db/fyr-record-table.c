/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-record-table.h"

#include "fyr-db-driver.h"

gboolean
fyr_record_table_create (FyrConnection *connection, const FyrRecordInfo *info, GError **error)
{
  const FyrDbDriver *driver = fyr_connection_get_driver (connection);
  const char *sql = driver == &fyr_sqlite_driver ? info->create_sqlite : info->create_postgresql;

  return fyr_connection_exec (connection, sql, error);
}

int
fyr_record_table_is_made (FyrConnection *connection, const FyrRecordInfo *info, GError **error)
{
  const char *sql = fyr_connection_get_driver (connection) == &fyr_sqlite_driver
                        ? "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1"
                        : "SELECT 1 FROM pg_tables WHERE schemaname = current_schema () AND tablename = ?1";
  g_autoptr (FyrStatement) select = fyr_connection_prepare (connection, sql, error);
  FyrStep step;

  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_text (select, 1, info->kind);
  step = fyr_statement_step (select, error);
  return step == FYR_STEP_ERROR ? -1 : step == FYR_STEP_ROW;
}

gboolean
fyr_record_table_create_missing (FyrConnection *connection, const FyrRecordInfo *info, GError **error)
{
  int made = fyr_record_table_is_made (connection, info, error);

  return made > 0 || (made == 0 && fyr_record_table_create (connection, info, error));
}

static void
bind_field (FyrStatement *statement, int index, FyrRecord *record, guint field)
{
  switch (fyr_record_get_info (record)->fields[field].type) {
  case FYR_FIELD_INT:
  case FYR_FIELD_TIME:
  case FYR_FIELD_BOOL:
  case FYR_FIELD_ENUM:
    fyr_statement_bind_int (statement, index, fyr_record_get_int (record, field));
    break;
  case FYR_FIELD_REAL:
    fyr_statement_bind_real (statement, index, fyr_record_get_real (record, field));
    break;
  case FYR_FIELD_ID:
    fyr_statement_bind_id (statement, index, fyr_record_get_string (record, field));
    break;
  case FYR_FIELD_STRING:
  case FYR_FIELD_TEXT:
  case FYR_FIELD_JSON:
  case FYR_FIELD_DATE:
  default:
    fyr_statement_bind_text (statement, index, fyr_record_get_string (record, field));
    break;
  }
}

void
fyr_record_table_bind (FyrStatement *statement, FyrRecord *record)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);

  fyr_statement_bind_id (statement, 1, fyr_record_get_id (record));
  fyr_statement_bind_int (statement, 2, fyr_record_get_version (record));
  for (guint i = 0; i < info->n_fields; i++) {
    if (fyr_record_is_set (record, i)) {
      bind_field (statement, 3 + (int)i, record, i);
    } else {
      fyr_statement_bind_null (statement, 3 + (int)i);
    }
  }
  fyr_statement_bind_text (statement, 3 + (int)info->n_fields, fyr_record_get_extra (record));
}

static void
read_field (FyrStatement *statement, int column, FyrRecord *record, guint field)
{
  switch (fyr_record_get_info (record)->fields[field].type) {
  case FYR_FIELD_INT:
  case FYR_FIELD_TIME:
  case FYR_FIELD_BOOL:
  case FYR_FIELD_ENUM:
    fyr_record_set_int (record, field, fyr_statement_get_int (statement, column));
    break;
  case FYR_FIELD_REAL:
    fyr_record_set_real (record, field, fyr_statement_get_real (statement, column));
    break;
  case FYR_FIELD_ID:
    fyr_record_set_string (record, field, fyr_statement_get_id (statement, column));
    break;
  case FYR_FIELD_STRING:
  case FYR_FIELD_TEXT:
  case FYR_FIELD_JSON:
  case FYR_FIELD_DATE:
  default:
    fyr_record_set_string (record, field, fyr_statement_get_text (statement, column));
    break;
  }
}

FyrRecord *
fyr_record_table_read (FyrStatement *statement, const FyrRecordInfo *info, int first_column)
{
  FyrRecord *record = fyr_record_new (info);
  const char *id = fyr_statement_get_id (statement, first_column);

  if (id != NULL) {
    fyr_record_set_id (record, id);
  }
  fyr_record_set_version (record, fyr_statement_get_int (statement, first_column + 1));
  for (guint i = 0; i < info->n_fields; i++) {
    int column = first_column + 2 + (int)i;

    if (!fyr_statement_is_null (statement, column)) {
      read_field (statement, column, record, i);
    }
  }
  fyr_record_set_extra (record, fyr_statement_get_text (statement, first_column + 2 + (int)info->n_fields));
  return record;
}

FyrStatement *
fyr_record_table_select (FyrConnection *connection,
                         const FyrRecordInfo *info,
                         const char *tail,
                         GError **error)
{
  /* Made of declarations and program text only, never of data. */
  g_autofree char *sql =
      g_strdup_printf ("SELECT %s FROM \"%s\" %s", info->columns_sql, info->kind, tail != NULL ? tail : "");

  return fyr_connection_prepare (connection, sql, error);
}

static FyrRecord *
get (FyrConnection *connection, const FyrRecordInfo *info, const char *tail, const char *id, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_record_table_select (connection, info, tail, error);

  if (statement == NULL) {
    return NULL;
  }
  fyr_statement_bind_id (statement, 1, id);
  if (fyr_statement_step (statement, error) != FYR_STEP_ROW) {
    return NULL;
  }
  return fyr_record_table_read (statement, info, 0);
}

FyrRecord *
fyr_record_table_get (FyrConnection *connection, const FyrRecordInfo *info, const char *id, GError **error)
{
  return get (connection, info, "WHERE id = ?1", id, error);
}

FyrRecord *
fyr_record_table_get_locked (FyrConnection *connection,
                             const FyrRecordInfo *info,
                             const char *id,
                             GError **error)
{
  g_autofree char *tail =
      g_strconcat ("WHERE id = ?1", fyr_connection_get_driver (connection)->lock_row_sql, NULL);

  return get (connection, info, tail, id, error);
}

int
fyr_record_table_exists (FyrConnection *connection, const FyrRecordInfo *info, const char *id, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM \"%s\" WHERE id = ?1", info->kind);
  g_autoptr (FyrStatement) statement = fyr_connection_prepare (connection, sql, error);
  FyrStep step;

  if (statement == NULL) {
    return -1;
  }
  fyr_statement_bind_id (statement, 1, id);
  step = fyr_statement_step (statement, error);
  return step == FYR_STEP_ERROR ? -1 : step == FYR_STEP_ROW;
}

static gboolean
write_record (FyrConnection *connection, const char *sql, FyrRecord *record, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_connection_prepare (connection, sql, error);

  if (statement == NULL) {
    return FALSE;
  }
  fyr_record_table_bind (statement, record);
  return fyr_statement_run (statement, error);
}

gboolean
fyr_record_table_put (FyrConnection *connection, FyrRecord *record, GError **error)
{
  return write_record (connection, fyr_record_get_info (record)->upsert_sql, record, error);
}

gboolean
fyr_record_table_insert (FyrConnection *connection, FyrRecord *record, GError **error)
{
  return write_record (connection, fyr_record_get_info (record)->insert_sql, record, error);
}

gboolean
fyr_record_table_delete (FyrConnection *connection, const FyrRecordInfo *info, const char *id, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("DELETE FROM \"%s\" WHERE id = ?1", info->kind);
  g_autoptr (FyrStatement) statement = fyr_connection_prepare (connection, sql, error);

  if (statement == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (statement, 1, id);
  return fyr_statement_run (statement, error);
}

GPtrArray *
fyr_record_table_collect (FyrStatement *statement, const FyrRecordInfo *info, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  FyrStep step;

  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    g_ptr_array_add (records, fyr_record_table_read (statement, info, 0));
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&records) : NULL;
}

GPtrArray *
fyr_record_table_list (FyrConnection *connection,
                       const FyrRecordInfo *info,
                       int field,
                       const char *id,
                       const char *order,
                       GError **error)
{
  g_autoptr (GString) tail = g_string_new (NULL);
  g_autoptr (FyrStatement) statement = NULL;

  g_return_val_if_fail (field < (int)info->n_fields, NULL);
  if (field >= 0) {
    g_string_append_printf (tail, "WHERE %s = ?1 ", info->fields[field].name);
  }
  g_string_append_printf (tail, "ORDER BY %s", order != NULL ? order : "id");
  statement = fyr_record_table_select (connection, info, tail->str, error);
  if (statement == NULL) {
    return NULL;
  }
  if (field >= 0) {
    fyr_statement_bind_id (statement, 1, id);
  }
  return fyr_record_table_collect (statement, info, error);
}
