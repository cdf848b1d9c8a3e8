/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-returned.h"

#include <string.h>

#include "fyr-records.h"

static void
bind_record (FyrStatement *statement, FyrWriteContext *context, const FyrRecordInfo *info, const char *id)
{
  fyr_statement_bind_int (statement, 1,
                          fyr_server_db_get_kind_number (fyr_write_context_get_db (context), info->kind));
  fyr_statement_bind_id (statement, 2, id);
}

/* 1 when the question has an answer, 0 when not, -1 with @error. */
static int
has_row (FyrStatement *select, GError **error)
{
  FyrStep step = fyr_statement_step (select, error);

  return step == FYR_STEP_ERROR ? -1 : step == FYR_STEP_ROW;
}

int
fyr_witness_was_returned (FyrWriteContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (fyr_write_context_get_connection (context),
                              "SELECT 1 FROM witnessed WHERE kind = ?1 AND id = ?2", error);

  if (select == NULL) {
    return -1;
  }
  bind_record (select, context, info, id);
  return has_row (select, error);
}

gboolean
fyr_returned_note (FyrWriteContext *context,
                   const FyrRecordInfo *info,
                   const char *id,
                   gint64 version,
                   const char *epoch,
                   GError **error)
{
  g_autoptr (FyrStatement) insert = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "INSERT INTO witnessed (kind, id, time, version, epoch) VALUES (?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, epoch = excluded.epoch",
      error);

  if (insert == NULL) {
    return FALSE;
  }
  bind_record (insert, context, info, id);
  fyr_statement_bind_int (insert, 3, fyr_write_context_get_time (context));
  fyr_statement_bind_int (insert, 4, version);
  fyr_statement_bind_text (insert, 5, epoch);
  return fyr_statement_run (insert, error);
}

gboolean
fyr_returned_forget (FyrWriteContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  g_autoptr (FyrStatement) erase = fyr_connection_prepare (
      fyr_write_context_get_connection (context), "DELETE FROM witnessed WHERE kind = ?1 AND id = ?2", error);

  if (erase == NULL) {
    return FALSE;
  }
  bind_record (erase, context, info, id);
  return fyr_statement_run (erase, error);
}

int
fyr_returned_includes (FyrWriteContext *context,
                       const FyrRecordInfo *info,
                       const char *id,
                       const FyrReceipt *receipt,
                       GError **error)
{
  g_autoptr (FyrStatement) select = NULL;

  if (receipt->version == 0) {
    return 0;
  }
  select = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "SELECT 1 FROM witnessed WHERE kind = ?1 AND id = ?2 AND version >= ?3 AND epoch = ?4", error);
  if (select == NULL) {
    return -1;
  }
  bind_record (select, context, info, id);
  fyr_statement_bind_int (select, 3, receipt->version);
  fyr_statement_bind_text (select, 4, receipt->epoch);
  return has_row (select, error);
}

gboolean
fyr_returned_find_own (FyrWriteContext *context,
                       const FyrRecordInfo *info,
                       const char *id,
                       gint64 version,
                       const char *epoch,
                       guint64 *own,
                       GError **error)
{
  gint64 since = fyr_server_db_get_restored_at (fyr_write_context_get_db (context));
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  *own = 0;
  if (since == 0) {
    return TRUE;
  }
  select = fyr_connection_prepare (fyr_write_context_get_connection (context),
                                   "SELECT DISTINCT field FROM history h WHERE kind = ?1 AND id = ?2"
                                   " AND time >= ?3 AND NOT EXISTS (SELECT 1 FROM resent r WHERE r.kind = ?1"
                                   " AND r.id = ?2 AND r.field = h.field AND r.epoch = ?4 AND r.version <= ?5"
                                   " AND h.time <= r.time)",
                                   error);
  if (select == NULL) {
    return FALSE;
  }
  bind_record (select, context, info, id);
  fyr_statement_bind_int (select, 3, since);
  fyr_statement_bind_text (select, 4, epoch);
  fyr_statement_bind_int (select, 5, version);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    int field = fyr_record_info_find_field (info, fyr_statement_get_text (select, 0));

    *own |= field >= 0 ? G_GUINT64_CONSTANT (1) << field : 0;
  }
  return step == FYR_STEP_DONE;
}

int
fyr_returned_has_own_events (FyrWriteContext *context, const char *alert_id, GError **error)
{
  FyrServerDb *db = fyr_write_context_get_db (context);
  gint64 since = fyr_server_db_get_restored_at (db);
  g_autoptr (FyrStatement) select = NULL;

  if (since == 0) {
    return 0;
  }
  select = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "SELECT 1 FROM alert_event WHERE alert_id = ?1 AND time >= ?2 AND actor_id IS NOT NULL"
      " AND NOT EXISTS (SELECT 1 FROM witnessed w WHERE w.kind = ?3 AND w.id = alert_event.id) LIMIT 1",
      error);
  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_id (select, 1, alert_id);
  fyr_statement_bind_int (select, 2, since);
  fyr_statement_bind_int (select, 3, fyr_server_db_get_kind_number (db, fyr_alert_event_info.kind));
  return has_row (select, error);
}

/* The version that the field's present value was of when it was sent again; 0 when it was not; -1 with @error. */
static gint64
find_resent (FyrWriteContext *context,
             const FyrRecordInfo *info,
             const char *id,
             const char *field,
             const FyrReceipt *receipt,
             GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "SELECT version FROM resent WHERE kind = ?1 AND id = ?2 AND field = ?3 AND epoch = ?4", error);
  FyrStep step;

  if (select == NULL) {
    return -1;
  }
  bind_record (select, context, info, id);
  fyr_statement_bind_text (select, 3, field);
  fyr_statement_bind_text (select, 4, receipt->epoch);
  step = fyr_statement_step (select, error);
  return step == FYR_STEP_ERROR ? -1 : step == FYR_STEP_ROW ? fyr_statement_get_int (select, 0) : 0;
}

static gboolean
note_resent (FyrWriteContext *context,
             const FyrRecordInfo *info,
             const char *id,
             const char *field,
             const FyrReceipt *receipt,
             GError **error)
{
  g_autoptr (FyrStatement) insert = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "INSERT INTO resent (kind, id, field, epoch, version, time) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
      " ON CONFLICT (kind, id, field) DO UPDATE SET epoch = excluded.epoch, version = excluded.version,"
      " time = excluded.time",
      error);

  if (insert == NULL) {
    return FALSE;
  }
  bind_record (insert, context, info, id);
  fyr_statement_bind_text (insert, 3, field);
  fyr_statement_bind_text (insert, 4, receipt->epoch);
  fyr_statement_bind_int (insert, 5, receipt->version);
  fyr_statement_bind_int (insert, 6, fyr_write_context_get_time (context));
  return fyr_statement_run (insert, error);
}

gboolean
fyr_resent_drop_older (FyrWriteContext *context,
                       const FyrRecordInfo *info,
                       const char *id,
                       const FyrReceipt *receipt,
                       guint64 *changed,
                       GError **error)
{
  for (guint i = 0; i < info->n_fields && receipt->version > 0; i++) {
    guint64 bit = G_GUINT64_CONSTANT (1) << i;
    gint64 stands =
        (*changed & bit) != 0 ? find_resent (context, info, id, info->fields[i].name, receipt, error) : 0;

    if (stands < 0) {
      return FALSE;
    }
    if (stands > receipt->version) {
      *changed &= ~bit;
    }
  }
  return TRUE;
}

gboolean
fyr_resent_note (FyrWriteContext *context,
                 const FyrRecordInfo *info,
                 const char *id,
                 const FyrReceipt *receipt,
                 guint64 changed,
                 GError **error)
{
  for (guint i = 0; i < info->n_fields && receipt->version > 0; i++) {
    if ((changed & (G_GUINT64_CONSTANT (1) << i)) != 0 &&
        !note_resent (context, info, id, info->fields[i].name, receipt, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

int
fyr_returned_is_of_another_life (FyrWriteContext *context,
                                 const FyrRecordInfo *info,
                                 const char *id,
                                 const char *field,
                                 const FyrReceipt *receipt,
                                 GError **error)
{
  g_autoptr (FyrStatement) select = NULL;

  if (receipt->version == 0) {
    return 0;
  }
  select = fyr_connection_prepare (fyr_write_context_get_connection (context),
                                   "SELECT 1 FROM witnessed WHERE kind = ?1 AND id = ?2 AND epoch <> ?4"
                                   " UNION ALL SELECT 1 FROM resent"
                                   " WHERE kind = ?1 AND id = ?2 AND field = ?3 AND epoch <> ?4",
                                   error);
  if (select == NULL) {
    return -1;
  }
  bind_record (select, context, info, id);
  fyr_statement_bind_text (select, 3, field);
  fyr_statement_bind_text (select, 4, receipt->epoch);
  return has_row (select, error);
}
