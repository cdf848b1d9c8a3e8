/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-outbox-private.h"
#include "fyr-store-rows.h"
#include "fyr-store-save.h"
#include "fyr-transaction.h"
#include "fyr-store-sql.h"

/*
 * What a person decides about work that the server did not apply: give it up, or insist. Work that was held
 * back because it builds on such work follows.
 */

/* @values: (nullable): what the author decided for some fields, in place of what she wrote first */
static gboolean
settle (FyrStoreContext *context, FyrOutboxEntry *entry, gboolean again, JsonObject *values, GError **error);

static gboolean
may_be_settled (FyrOutboxEntry *entry)
{
  FyrOutboxState state = fyr_outbox_entry_get_state (entry);

  return state == FYR_OUTBOX_HELD || state == FYR_OUTBOX_CONFLICT || state == FYR_OUTBOX_REFUSED;
}

static gboolean
mark_discarded (FyrStoreContext *context, FyrOutboxEntry *entry, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_sql (
      context, "UPDATE outbox SET acknowledged = coalesce (acknowledged, ?2) WHERE key = ?1", error);
  gint64 key = fyr_outbox_entry_get_key (entry);

  if (statement == NULL) {
    return FALSE;
  }
  if (context->settled != NULL) {
    g_array_append_val (context->settled, key);
  }
  fyr_statement_bind_int (statement, 1, key);
  fyr_statement_bind_int (statement, 2, context->now + context->clock_offset);
  fyr_change_set_add (context->changes, FYR_CHANGE_OUTBOX, fyr_outbox_entry_get_record_id (entry),
                      fyr_outbox_entry_get_patient_id (entry));
  return fyr_statement_run (statement, error) &&
         fyr_outbox_set_state (context, key, FYR_OUTBOX_DISCARDED, error);
}

/* The same change, made to the record as it is shown now. NULL without error when it would change nothing. */
static FyrMutation *
rebase (FyrStoreContext *context, FyrMutation *old, JsonObject *values, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FyrRecord) now =
      fyr_record_table_get (context->connection, old->info, old->record_id, &local_error);
  g_autoptr (FyrRecord) after = NULL;

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  if (g_str_equal (old->command, "create")) {
    g_autoptr (FyrRecord) record = fyr_mutation_apply (old, NULL);

    return now == NULL && record != NULL ? fyr_mutation_new_create (record, old->author_id) : NULL;
  }
  if (now == NULL) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD,
                         "There is no such record any more");
    return NULL;
  }
  if (g_str_equal (old->command, "delete")) {
    return fyr_mutation_new_delete (now, old->author_id);
  }
  if (fyr_mutation_is_alert_command (old)) {
    JsonObject *fields = old->fields;

    return fyr_mutation_new_alert_command (
        FYR_ALERT (now), fyr_enum_from_code (&fyr_alert_action_info, old->command),
        fyr_enum_from_code (&fyr_alert_outcome_info,
                            json_object_get_string_member_with_default (fields, "outcome", NULL)),
        json_object_get_string_member_with_default (fields, "text", NULL), old->author_id);
  }
  after = fyr_mutation_apply (old, fyr_record_copy (now));
  if (after != NULL && values != NULL && !fyr_record_apply_json (after, values, NULL, &local_error)) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID, local_error->message);
    return NULL;
  }
  return after != NULL ? fyr_mutation_new_update (now, after, old->author_id) : NULL;
}

static gboolean
save_again (FyrStoreContext *context, FyrMutation *old, JsonObject *values, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FyrMutation) again = rebase (context, old, values, &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  return again == NULL || fyr_save_mutation (context, again, NULL, error) != 0;
}

static GPtrArray *
find_held_on (FyrStoreContext *context, FyrOutboxEntry *entry, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error,
      "SELECT " FYR_OUTBOX_COLUMNS FYR_OUTBOX_FROM
      "WHERE o.stream = ?1 AND o.depends_on = ?2 AND o.state = 3 ORDER BY o.number",
      FYR_INT (fyr_outbox_entry_get_stream (entry)), FYR_INT (fyr_outbox_entry_get_number (entry)));

  if (statement == NULL) {
    return NULL;
  }
  return fyr_outbox_entry_collect (statement, error);
}

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_REFUSED) ||
         g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID) ||
         g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD);
}

/* It cannot be done any more: its author is shown what she wanted and why not. */
static gboolean
keep_as_refused (FyrStoreContext *context, FyrOutboxEntry *entry, const char *why, GError **error)
{
  g_autoptr (FyrMutation) mutation = fyr_mutation_parse (fyr_outbox_entry_get_payload (entry),
                                                         fyr_outbox_entry_get_author_id (entry), error);
  g_autoptr (FyrStatement) statement =
      fyr_store_sql (context, "UPDATE outbox SET code = 'stale', text = ?2 WHERE key = ?1", error);
  gint64 key = fyr_outbox_entry_get_key (entry);

  if (mutation == NULL || statement == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (statement, 1, key);
  fyr_statement_bind_text (statement, 2, why);
  return fyr_statement_run (statement, error) && fyr_overlay_detach (context, key, mutation, 0, error) &&
         fyr_outbox_set_state (context, key, FYR_OUTBOX_REFUSED, error);
}

gboolean
fyr_store_settle_held (FyrStoreContext *context, FyrOutboxEntry *entry, GError **error)
{
  g_autoptr (FyrSavepoint) savepoint = fyr_savepoint_begin (context->connection, error);
  g_autoptr (GError) fault = NULL;

  if (savepoint == NULL) {
    return FALSE;
  }
  if (settle (context, entry, TRUE, NULL, &fault)) {
    return fyr_savepoint_release (savepoint, error);
  }
  if (!is_refusal (fault)) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return FALSE;
  }
  return fyr_savepoint_rollback (savepoint, error) && keep_as_refused (context, entry, fault->message, error);
}

/* Work that builds on given-up work is tried by itself where its record is still there. */
static gboolean
settle_held (FyrStoreContext *context, FyrOutboxEntry *entry, GError **error)
{
  g_autoptr (GPtrArray) held = find_held_on (context, entry, error);

  for (guint i = 0; held != NULL && i < held->len; i++) {
    if (!fyr_store_settle_held (context, held->pdata[i], error)) {
      return FALSE;
    }
  }
  return held != NULL;
}

static gboolean
settle (FyrStoreContext *context, FyrOutboxEntry *entry, gboolean again, JsonObject *values, GError **error)
{
  g_autoptr (FyrMutation) old = fyr_mutation_parse (fyr_outbox_entry_get_payload (entry),
                                                    fyr_outbox_entry_get_author_id (entry), error);

  return old != NULL && fyr_overlay_detach (context, fyr_outbox_entry_get_key (entry), old, 0, error) &&
         mark_discarded (context, entry, error) && (!again || save_again (context, old, values, error)) &&
         settle_held (context, entry, error);
}

static gpointer
settle_key (FyrStoreContext *context, gint64 key, gboolean again, JsonObject *values, GError **error)
{
  g_autoptr (FyrOutboxEntry) entry = fyr_outbox_load (context, key, error);

  if (entry == NULL) {
    return NULL;
  }
  if (!may_be_settled (entry)) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_REFUSED,
                         "Only work in conflict, refused or held can be settled");
    return NULL;
  }
  return settle (context, entry, again, values, error) ? FYR_STORE_DONE : NULL;
}

static gpointer
discard_job (FyrStoreContext *context, gpointer data, GError **error)
{
  return settle_key (context, *(gint64 *)data, FALSE, NULL, error);
}

static gpointer
retry_job (FyrStoreContext *context, gpointer data, GError **error)
{
  return settle_key (context, *(gint64 *)data, TRUE, NULL, error);
}

/* Given-up work is as the server answered it; what was held back has no answer and is saved afresh. */
static gboolean
bring_back (FyrStoreContext *context, FyrOutboxEntry *entry, GError **error)
{
  gint64 key = fyr_outbox_entry_get_key (entry);
  g_autoptr (FyrMutation) old = NULL;

  if (fyr_outbox_entry_get_conflict (entry) != NULL) {
    return fyr_outbox_set_state (context, key, FYR_OUTBOX_CONFLICT, error);
  }
  if (fyr_outbox_entry_get_code (entry) != NULL) {
    return fyr_outbox_set_state (context, key, FYR_OUTBOX_REFUSED, error);
  }
  old = fyr_mutation_parse (fyr_outbox_entry_get_payload (entry), fyr_outbox_entry_get_author_id (entry),
                            error);
  return old != NULL && save_again (context, old, NULL, error);
}

gboolean
fyr_store_bring_back (FyrStoreContext *context, GArray *settled, GError **error)
{
  for (guint i = 0; i < settled->len; i++) {
    g_autoptr (FyrOutboxEntry) entry = fyr_outbox_load (context, g_array_index (settled, gint64, i), error);

    if (entry == NULL) {
      return FALSE;
    }
    if (fyr_outbox_entry_get_state (entry) != FYR_OUTBOX_DISCARDED) {
      continue;
    }
    fyr_change_set_add (context->changes, FYR_CHANGE_OUTBOX, fyr_outbox_entry_get_record_id (entry),
                        fyr_outbox_entry_get_patient_id (entry));
    if (!bring_back (context, entry, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gpointer
undiscard_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_autoptr (FyrOutboxEntry) entry = fyr_outbox_load (context, *(gint64 *)data, error);

  if (entry == NULL) {
    return NULL;
  }
  if (fyr_outbox_entry_get_state (entry) != FYR_OUTBOX_DISCARDED) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_REFUSED,
                         "Only given-up work can be brought back");
    return NULL;
  }
  fyr_change_set_add (context->changes, FYR_CHANGE_OUTBOX, fyr_outbox_entry_get_record_id (entry),
                      fyr_outbox_entry_get_patient_id (entry));
  return bring_back (context, entry, error) ? FYR_STORE_DONE : NULL;
}

typedef struct {
  gint64 key;
  JsonObject *values;
} Decision;

static void
decision_free (gpointer data)
{
  Decision *decision = data;

  json_object_unref (decision->values);
  g_free (decision);
}

static gpointer
decide_job (FyrStoreContext *context, gpointer data, GError **error)
{
  Decision *decision = data;

  return settle_key (context, decision->key, TRUE, decision->values, error);
}

void
fyr_store_discard_async (
    FyrStore *self, gint64 key, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const FyrStoreJob job = {
    FYR_STORE_SAVE, discard_job, g_memdup2 (&key, sizeof key), g_free, NULL, fyr_store_discard_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_discard_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_discard_async, result, error) != NULL;
}

void
fyr_store_retry_async (
    FyrStore *self, gint64 key, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const FyrStoreJob job = {
    FYR_STORE_SAVE, retry_job, g_memdup2 (&key, sizeof key), g_free, NULL, fyr_store_retry_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_retry_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_retry_async, result, error) != NULL;
}

void
fyr_store_undiscard_async (
    FyrStore *self, gint64 key, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const FyrStoreJob job = {
    FYR_STORE_SAVE, undiscard_job, g_memdup2 (&key, sizeof key), g_free, NULL, fyr_store_undiscard_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_undiscard_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_undiscard_async, result, error) != NULL;
}

void
fyr_store_decide_async (FyrStore *self,
                        gint64 key,
                        JsonObject *values,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  Decision *decision = g_new0 (Decision, 1);
  const FyrStoreJob job = {
    FYR_STORE_SAVE, decide_job, decision, decision_free, NULL, fyr_store_decide_async,
  };

  decision->key = key;
  decision->values = json_object_ref (values);
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_decide_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_decide_async, result, error) != NULL;
}
