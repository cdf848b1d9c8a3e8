/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-outbox-private.h"
#include "fyr-pull-page-private.h"
#include "fyr-store-check.h"
#include "fyr-store-emergency-private.h"
#include "fyr-store-hand-over.h"
#include "fyr-store-purge.h"
#include "fyr-store-salvage.h"
#include "fyr-store-witness.h"
#include "fyr-store-rows.h"
#include "fyr-store-sync.h"
#include "fyr-store-sql.h"

/* The page was not taken in, as feeds are asked for from their beginning first. */
#define STORE_BEGINS_ANEW GINT_TO_POINTER (2)

void
fyr_store_identity_free (FyrStoreIdentity *identity)
{
  if (identity == NULL) {
    return;
  }
  g_clear_pointer (&identity->cursors, g_hash_table_unref);
  g_clear_pointer (&identity->settled, g_hash_table_unref);
  g_free (identity->device);
  g_free (identity->epoch);
  g_free (identity);
}

/* Pairs of a name and a number. */
static gboolean
load_numbers (FyrStoreContext *context, const char *sql, GHashTable *cursors, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_sql (context, sql, error);
  FyrStep step;

  if (statement == NULL) {
    return FALSE;
  }
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    gint64 seq = fyr_statement_get_int (statement, 1);

    g_hash_table_insert (cursors, g_strdup (fyr_statement_get_text (statement, 0)),
                         g_memdup2 (&seq, sizeof seq));
  }
  return step == FYR_STEP_DONE;
}

static gpointer
identity_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_autoptr (FyrStoreIdentity) identity = g_new0 (FyrStoreIdentity, 1);

  identity->device = fyr_meta_get (context->connection, "device", error);
  identity->epoch = identity->device != NULL ? fyr_meta_get (context->connection, "epoch", NULL) : NULL;
  identity->cursors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  identity->clock_offset = context->clock_offset;
  identity->last_contact = fyr_meta_get_int (context->connection, "last_contact");
  identity->damaged_at = fyr_meta_get_int (context->connection, FYR_META_DAMAGED_AT);
  identity->damaged_kept = (guint)fyr_meta_get_int (context->connection, FYR_META_DAMAGED_KEPT);
  identity->damaged_lost = fyr_meta_get_int (context->connection, FYR_META_DAMAGED_LOST) != 0;
  identity->settled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return identity->device != NULL &&
                 load_numbers (context, "SELECT scope, seq FROM cursor", identity->cursors, error) &&
                 load_numbers (context,
                               "SELECT substr (name, 9), CAST (value AS INTEGER) FROM meta"
                               " WHERE name LIKE 'settled:%'",
                               identity->settled, error)
             ? g_steal_pointer (&identity)
             : NULL;
}

/* Enough to sign in with. */
static gpointer
sealed_identity_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrStoreIdentity *identity = g_new0 (FyrStoreIdentity, 1);

  identity->sealed = TRUE;
  identity->device = fyr_store_keys_dup_device (context->keys);
  identity->cursors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  identity->settled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return identity;
}

void
fyr_store_get_identity_async (FyrStore *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = identity_job,
    .result_free = (GDestroyNotify)fyr_store_identity_free,
    .tag = fyr_store_get_identity_async,
    .sealed = sealed_identity_job,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

FyrStoreIdentity *
fyr_store_get_identity_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_get_identity_async, result, error);
}

static gboolean
say_gap (GError **error)
{
  g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_GAP, "The page does not follow what is here");
  return FALSE;
}

static gint64
get_cursor (FyrStoreContext *context, const char *scope, GError **error)
{
  g_autoptr (FyrStatement) statement =
      fyr_store_query (context, error, "SELECT seq FROM cursor WHERE scope = ?1", FYR_TEXT (scope));
  FyrStep step;

  if (statement == NULL) {
    return -1;
  }
  step = fyr_statement_step (statement, error);
  return step == FYR_STEP_ERROR ? -1 : step == FYR_STEP_ROW ? fyr_statement_get_int (statement, 0) : 0;
}

static gboolean
set_cursor (FyrStoreContext *context, const char *scope, gint64 seq, GError **error)
{
  return fyr_store_execute (
      context, error,
      "INSERT INTO cursor VALUES (?1, ?2) ON CONFLICT (scope) DO UPDATE SET seq = excluded.seq",
      FYR_TEXT (scope), FYR_INT (seq));
}

static gboolean
park (FyrStoreContext *context, const char *scope, const FyrPageEntry *entry, GError **error)
{
  return fyr_store_execute (context, error, "INSERT OR REPLACE INTO parked VALUES (?1, ?2, ?3, ?4, ?5)",
                            FYR_TEXT (scope), FYR_INT (entry->seq), FYR_TEXT (entry->kind),
                            FYR_TEXT (entry->id), FYR_TEXT (entry->text));
}

static gboolean
apply_entry (FyrStoreContext *context, const char *scope, const FyrPageEntry *entry, GError **error)
{
  const FyrRecordInfo *info;

  switch (entry->op) {
  case FYR_PAGE_PUT:
    return fyr_overlay_server_put (context, entry->record, error) &&
           fyr_witness_note (context, entry->record, entry->tag, context->now + context->clock_offset, error);
  case FYR_PAGE_DELETE:
    info = fyr_record_info_lookup (entry->kind);
    return info != NULL
               ? fyr_overlay_server_delete (context, info, entry->id, error) &&
                     fyr_witness_forget (context, info, entry->id, error) &&
                     fyr_witness_note_deletion (context, info, entry->id, entry->version, entry->tag, error)
               : park (context, scope, entry, error);
  case FYR_PAGE_PARKED:
    return park (context, scope, entry, error);
  case FYR_PAGE_SKIP:
  default:
    return TRUE;
  }
}

static gboolean
apply_scope (FyrStoreContext *context, const FyrPageScope *scope, GError **error)
{
  gint64 cursor = get_cursor (context, scope->scope, error);

  if (cursor < 0) {
    return FALSE;
  }
  if (scope->from != cursor + 1 || scope->to - scope->from + 1 != (gint64)scope->entries->len) {
    return say_gap (error);
  }
  for (guint i = 0; i < scope->entries->len; i++) {
    const FyrPageEntry *entry = &g_array_index (scope->entries, FyrPageEntry, i);

    if (entry->seq != scope->from + i) {
      return say_gap (error);
    }
    if (!apply_entry (context, scope->scope, entry, error)) {
      return FALSE;
    }
  }
  return scope->entries->len == 0 || set_cursor (context, scope->scope, scope->to, error);
}

/* The first page ever names the epoch; every other must be of the same. */
static gboolean
check_epoch (FyrStoreContext *context, const char *page_epoch, GError **error)
{
  g_autofree char *epoch = fyr_meta_get (context->connection, "epoch", NULL);

  if (epoch == NULL) {
    return fyr_meta_set (context->connection, "epoch", page_epoch, error);
  }
  if (g_strcmp0 (epoch, page_epoch) != 0) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_EPOCH,
                         "The server's database has another life");
    return FALSE;
  }
  return TRUE;
}

/* The feeds whose readers' classes of fields are others than with the last page: as if they were revoked, and asked for
 * anew. Whether there is one, in @changed. */
static gboolean
note_classes (FyrStoreContext *context, FyrPullPage *page, gboolean *changed, GError **error)
{
  GHashTableIter iter;
  gpointer scope, mask;

  *changed = FALSE;
  g_hash_table_iter_init (&iter, page->classes);
  while (g_hash_table_iter_next (&iter, &scope, &mask)) {
    g_autofree char *name = g_strconcat ("classes:", scope, NULL);
    g_autofree char *known = fyr_meta_get (context->connection, name, NULL);
    g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, *(gint64 *)mask);

    if (g_strcmp0 (known, now) == 0) {
      continue;
    }
    if (!fyr_meta_set (context->connection, name, now, error)) {
      return FALSE;
    }
    if (known != NULL) {
      fyr_pull_page_add_revoked (page, scope);
      *changed = TRUE;
    }
  }
  return TRUE;
}

/* Every feed that is granted has a cursor, also before its first entry: a row may be here ahead of it, and only of what
 * a pull names is it told that it was revoked. */
static gboolean
note_granted (FyrStoreContext *context, FyrPullPage *page, GError **error)
{
  for (guint i = 0; i < page->granted->len; i++) {
    if (!fyr_store_execute (context, error, "INSERT OR IGNORE INTO cursor VALUES (?1, 0)",
                            FYR_TEXT (page->granted->pdata[i]))) {
      return FALSE;
    }
  }
  /* What is granted anew may lie here again soon. */
  return fyr_connection_exec (context->connection,
                              "DELETE FROM removed WHERE scope IN (SELECT scope FROM cursor)", error);
}

static gboolean
note_removed (FyrStoreContext *context, const FyrPullPage *page, guint n_told, GError **error)
{
  for (guint i = 0; i < page->confirmed->len; i++) {
    if (!fyr_store_execute (context, error, "DELETE FROM removed WHERE scope = ?1",
                            FYR_TEXT (page->confirmed->pdata[i]))) {
      return FALSE;
    }
  }
  for (guint i = 0; i < n_told; i++) {
    if (!fyr_store_execute (context, error, "INSERT OR IGNORE INTO removed VALUES (?1)",
                            FYR_TEXT (page->revoked->pdata[i]))) {
      return FALSE;
    }
  }
  return TRUE;
}

static gpointer
pull_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrPullPage *page = data;
  guint n_told = page->revoked->len;
  gboolean begin_anew;

  if (!check_epoch (context, page->epoch, error) || !note_removed (context, page, n_told, error) ||
      !fyr_emergency_follow (context, page, error) || !note_classes (context, page, &begin_anew, error) ||
      !fyr_store_note_contact (context, page->server_time, error)) {
    return NULL;
  }
  /* Rows about patients go before the patients, through whom their centre is found. */
  for (guint i = page->revoked->len; i > 0; i--) {
    if (!g_str_has_suffix (page->revoked->pdata[i - 1], "/roster") &&
        !fyr_purge_scope (context, page->revoked->pdata[i - 1], page->granted, error)) {
      return NULL;
    }
  }
  for (guint i = 0; i < page->revoked->len; i++) {
    if (g_str_has_suffix (page->revoked->pdata[i], "/roster") &&
        !fyr_purge_scope (context, page->revoked->pdata[i], page->granted, error)) {
      return NULL;
    }
  }
  if (begin_anew) {
    return STORE_BEGINS_ANEW;
  }
  for (guint i = 0; i < page->ahead->len; i++) {
    if (!fyr_overlay_server_put (context, page->ahead->pdata[i], error)) {
      return NULL;
    }
  }
  for (guint i = 0; i < page->scopes->len; i++) {
    if (!apply_scope (context, page->scopes->pdata[i], error)) {
      return NULL;
    }
  }
  if (!note_granted (context, page, error) || !fyr_settled_apply (context, page, error)) {
    return NULL;
  }
  return page->check == NULL || fyr_check_apply (context, page->check, error) ? FYR_STORE_DONE : NULL;
}

/* After a purge the log is cut, so that what was removed is in no file. Nothing depends on its success. */
static gpointer
cut_log_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrPullPage *page = data;
  g_autoptr (GError) ignored = NULL;

  if (page->revoked->len > 0) {
    fyr_connection_truncate_log (context->connection, &ignored);
  }
  return FYR_STORE_DONE;
}

void
fyr_store_apply_pull_async (FyrStore *self,
                            FyrPullPage *page,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_SYNC,
    .func = pull_job,
    .data = fyr_pull_page_ref (page),
    .data_free = (GDestroyNotify)fyr_pull_page_unref,
    .tag = fyr_store_apply_pull_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
  if (page->revoked->len > 0 || g_hash_table_size (page->classes) > 0) {
    const FyrStoreJob cut = { .mode = FYR_STORE_BARE,
                              .func = cut_log_job,
                              .data = fyr_pull_page_ref (page),
                              .data_free = (GDestroyNotify)fyr_pull_page_unref,
                              .tag = fyr_store_apply_pull_async };

    fyr_store_run_async (self, &cut, NULL, NULL, NULL);
  }
}

gboolean
fyr_store_apply_pull_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  gpointer done = fyr_store_run_finish (self, fyr_store_apply_pull_async, result, error);

  if (done == STORE_BEGINS_ANEW) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_GAP,
                         "Feeds begin anew: other fields are read now");
    return FALSE;
  }
  return done != NULL;
}

/* Once the log is cut nothing of what was removed before is in any file. */
static gpointer
removed_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) scopes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (FyrStatement) select = fyr_store_sql (context, "SELECT scope FROM removed LIMIT 1000", error);
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_ptr_array_add (scopes, g_strdup (fyr_statement_get_text (select, 0)));
  }
  if (step != FYR_STEP_DONE) {
    return NULL;
  }
  g_clear_pointer (&select, fyr_statement_free);
  if (scopes->len > 0 && !fyr_connection_truncate_log (context->connection, error)) {
    return NULL;
  }
  return g_steal_pointer (&scopes);
}

void
fyr_store_list_removed_async (FyrStore *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_BARE,
    .func = removed_job,
    .result_free = (GDestroyNotify)g_ptr_array_unref,
    .tag = fyr_store_list_removed_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

GPtrArray *
fyr_store_list_removed_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_list_removed_async, result, error);
}

static gpointer
epoch_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_autofree char *known = fyr_meta_get (context->connection, "epoch", NULL);

  if (g_strcmp0 (known, data) == 0) {
    return FYR_STORE_DONE;
  }
  if (known != NULL &&
      (!fyr_connection_exec (context->connection, "INSERT OR IGNORE INTO removed SELECT scope FROM cursor",
                             error) ||
       !fyr_witness_set_aside (context, known, error) || !fyr_purge_all (context, error))) {
    return NULL;
  }
  return fyr_stream_doubt_former (context, error) && fyr_meta_set (context->connection, "epoch", data, error)
             ? FYR_STORE_DONE
             : NULL;
}

void
fyr_store_begin_epoch_async (FyrStore *self,
                             const char *epoch,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  const FyrStoreJob job = {
    FYR_STORE_SYNC, epoch_job, g_strdup (epoch), g_free, NULL, fyr_store_begin_epoch_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_begin_epoch_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_begin_epoch_async, result, error) != NULL;
}

/* One parked entry this program understands; consumed either way unless the database fails. */
static gboolean
unpark_one (
    FyrStoreContext *context, const FyrRecordInfo *info, const char *id, const char *text, GError **error)
{
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  g_autoptr (FyrRecord) record = NULL;

  if (text == NULL) {
    return fyr_overlay_server_delete (context, info, id, error);
  }
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node)) {
    record = fyr_record_from_json (info, json_node_get_object (node), NULL);
  }
  return record == NULL || fyr_overlay_server_put (context, record, error);
}

static gboolean
drop_parked (FyrStoreContext *context, const char *kind, GError **error)
{
  return fyr_store_execute (context, error, "DELETE FROM parked WHERE kind = ?1", FYR_TEXT (kind));
}

gboolean
fyr_store_unpark (FyrStoreContext *context, GError **error)
{
  g_autoptr (FyrStatement) statement =
      fyr_store_sql (context, "SELECT kind, id, record FROM parked ORDER BY scope, seq", error);
  FyrStep step;

  if (statement == NULL) {
    return FALSE;
  }
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    const FyrRecordInfo *info = fyr_record_info_lookup (fyr_statement_get_text (statement, 0));

    if (info != NULL && !unpark_one (context, info, fyr_statement_get_text (statement, 1),
                                     fyr_statement_get_text (statement, 2), error)) {
      return FALSE;
    }
  }
  for (guint i = 0; step == FYR_STEP_DONE && i < fyr_n_record_infos; i++) {
    if (!drop_parked (context, fyr_record_infos[i]->kind, error)) {
      return FALSE;
    }
  }
  return step == FYR_STEP_DONE;
}
