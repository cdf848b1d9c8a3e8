/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-apply-state.h"

#include <string.h>

#include "fyr-access-chain.h"
#include "fyr-rows.h"
#include "fyr-shared.h"
#include "fyr-transaction.h"

/* How often a tool's job meets another process before it gives up. */
#define MAX_TRIES 5

static void
scope_free (gpointer data)
{
  FyrFeedScope *scope = data;

  g_free (scope->name);
  g_free (scope);
}

FyrApplyState *
fyr_apply_state_new (void)
{
  FyrApplyState *self = g_new0 (FyrApplyState, 1);

  self->life = 1;
  self->scopes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, scope_free);
  self->patients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->absent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->entries = g_array_new (FALSE, FALSE, sizeof (FyrFeedEntry));
  return self;
}

void
fyr_apply_state_free (FyrApplyState *self)
{
  g_hash_table_unref (self->scopes);
  g_hash_table_unref (self->patients);
  g_hash_table_unref (self->absent);
  g_array_unref (self->entries);
  g_free (self);
}

FyrFeedScope *
fyr_apply_state_get_scope (FyrApplyState *self, const char *name)
{
  FyrFeedScope *scope = g_hash_table_lookup (self->scopes, name);

  if (scope == NULL) {
    scope = g_new0 (FyrFeedScope, 1);
    scope->name = g_strdup (name);
    g_hash_table_insert (self->scopes, scope->name, scope);
  }
  return scope;
}

void
fyr_apply_state_add_to (FyrApplyState *self, FyrFeedScope *scope, int kind, const char *id, FyrFeedOp op)
{
  FyrFeedEntry entry = { .scope = scope, .kind = (guint8)kind, .op = op };

  fyr_uuid_to_bytes (id, entry.id);
  g_array_append_val (self->entries, entry);
}

void
fyr_apply_state_add (FyrApplyState *self, const char *scope, int kind, const char *id, FyrFeedOp op)
{
  fyr_apply_state_add_to (self, fyr_apply_state_get_scope (self, scope), kind, id, op);
}

void
fyr_apply_state_tell (FyrApplyState *self, FyrRecord *before, FyrRecord *after)
{
  if (self->watch != NULL) {
    self->watch (before, after, self->watch_data);
  }
}

void
fyr_apply_state_begin (FyrApplyState *self, FyrConnection *connection)
{
  if (fyr_connection_is_shared (connection)) {
    fyr_apply_state_rollback (self, 0);
  }
}

void
fyr_apply_state_rollback (FyrApplyState *self, guint mark)
{
  g_array_set_size (self->entries, mark);
  self->life++;
  g_hash_table_remove_all (self->patients);
  g_hash_table_remove_all (self->absent);
  fyr_apply_state_tell (self, NULL, NULL);
}

static char *
absent_key (int kind, const char *id)
{
  return g_strdup_printf ("%d/%s", kind, id);
}

void
fyr_apply_state_expect_absent (FyrApplyState *self, int kind, const char *id)
{
  g_hash_table_add (self->absent, absent_key (kind, id));
}

gboolean
fyr_apply_state_take_absent (FyrApplyState *self, int kind, const char *id)
{
  g_autofree char *key = absent_key (kind, id);

  return g_hash_table_remove (self->absent, key);
}

static int
compare_scopes (gconstpointer a, gconstpointer b)
{
  const FyrFeedScope *const *left = a;
  const FyrFeedScope *const *right = b;

  return strcmp ((*left)->name, (*right)->name);
}

/* Scopes by name, and within one the order of the jobs. @sorted has room for all entries. Returns: the scopes */
static GPtrArray *
sort_entries (FyrApplyState *self, FyrFeedEntry **sorted)
{
  GPtrArray *scopes = g_ptr_array_new ();
  FyrFeedEntry *entries = (FyrFeedEntry *)(gpointer)self->entries->data;
  guint start = 0;

  for (guint i = 0; i < self->entries->len; i++) {
    if (entries[i].scope->count++ == 0) {
      g_ptr_array_add (scopes, entries[i].scope);
    }
  }
  g_ptr_array_sort (scopes, compare_scopes);
  for (guint i = 0; i < scopes->len; i++) {
    FyrFeedScope *scope = scopes->pdata[i];

    scope->start = start;
    start += scope->count;
    scope->count = 0;
  }
  for (guint i = 0; i < self->entries->len; i++) {
    FyrFeedScope *scope = entries[i].scope;

    sorted[scope->start + scope->count++] = &entries[i];
  }
  return scopes;
}

static gboolean
advance_by_name (FyrConnection *connection, FyrFeedScope *scope, GError **error)
{
  g_autoptr (FyrStatement) advance = NULL;

  advance = fyr_connection_prepare (connection,
                                    "INSERT INTO scope (name, head) VALUES (?1, ?2)"
                                    " ON CONFLICT (name) DO UPDATE SET head = scope.head + excluded.head"
                                    " RETURNING id, head",
                                    error);
  if (advance == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (advance, 1, scope->name);
  fyr_statement_bind_int (advance, 2, scope->count);
  if (fyr_statement_step (advance, error) != FYR_STEP_ROW) {
    return FALSE;
  }
  scope->number = fyr_statement_get_int (advance, 0);
  scope->head = fyr_statement_get_int (advance, 1);
  return fyr_statement_step (advance, error) == FYR_STEP_DONE;
}

/* By what the last flush left, a fraction of the cost. Returns: 1 when done, 0 when it is not so any more, -1 with
 * @error */
static int
advance_known (FyrConnection *connection, FyrFeedScope *scope, GError **error)
{
  g_autoptr (FyrStatement) advance = NULL;

  advance =
      fyr_connection_prepare (connection, "UPDATE scope SET head = ?1 WHERE id = ?2 AND head = ?3", error);
  if (advance == NULL) {
    return -1;
  }
  fyr_statement_bind_int (advance, 1, scope->head + scope->count);
  fyr_statement_bind_int (advance, 2, scope->number);
  fyr_statement_bind_int (advance, 3, scope->head);
  if (!fyr_statement_run (advance, error)) {
    return -1;
  }
  if (fyr_connection_get_changes (connection) == 0) {
    return 0;
  }
  scope->head += scope->count;
  return 1;
}

/* Where other processes write too the database alone knows the head. */
static gboolean
advance_scope (FyrApplyState *self, FyrConnection *connection, FyrFeedScope *scope, GError **error)
{
  gboolean known = scope->life == self->life && !fyr_connection_is_shared (connection);
  int advanced = known ? advance_known (connection, scope, error) : 0;

  if (advanced == 0 && advance_by_name (connection, scope, error)) {
    scope->life = self->life;
    advanced = 1;
  }
  return advanced > 0;
}

static void
bind_entry (FyrStatement *insert, int first, guint row, gpointer data)
{
  const FyrFeedEntry *entry = ((FyrFeedEntry **)data)[row];
  const FyrFeedScope *scope = entry->scope;

  fyr_statement_bind_int (insert, first, scope->number);
  fyr_statement_bind_int (insert, first + 1, scope->head - scope->count + 1 + (row - scope->start));
  fyr_statement_bind_int (insert, first + 2, entry->kind);
  fyr_statement_bind_blob (insert, first + 3, entry->id, FYR_UUID_BYTES);
  fyr_statement_bind_int (insert, first + 4, entry->op);
}

/* The access log of a centre is chained in the order of its feed. */
static gboolean
chain_entries (FyrConnection *connection, FyrFeedEntry **entries, guint count, GError **error)
{
  g_autofree char *centre_id = fyr_access_chain_get_centre (entries[0]->scope->name);

  for (guint i = 0; centre_id != NULL && i < count; i++) {
    if (!fyr_access_chain_append (connection, centre_id, entries[i]->id, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
write_scopes (
    FyrApplyState *self, FyrConnection *connection, GPtrArray *scopes, FyrFeedEntry **sorted, GError **error)
{
  for (guint i = 0; i < scopes->len; i++) {
    if (!advance_scope (self, connection, scopes->pdata[i], error)) {
      return FALSE;
    }
  }
  if (!fyr_rows_insert (connection, "INSERT INTO feed (scope, seq, kind, id, op) VALUES", 5,
                        self->entries->len, bind_entry, sorted, error)) {
    return FALSE;
  }
  for (guint i = 0; i < scopes->len; i++) {
    FyrFeedScope *scope = scopes->pdata[i];

    if (!chain_entries (connection, sorted + scope->start, scope->count, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
fyr_apply_state_flush (FyrApplyState *self, FyrConnection *connection, GHashTable *heads, GError **error)
{
  g_autofree FyrFeedEntry **sorted = g_new (FyrFeedEntry *, self->entries->len);
  g_autoptr (GPtrArray) scopes = sort_entries (self, sorted);
  gboolean done = write_scopes (self, connection, scopes, sorted, error);

  for (guint i = 0; i < scopes->len; i++) {
    FyrFeedScope *scope = scopes->pdata[i];

    if (done && heads != NULL) {
      g_hash_table_insert (heads, g_strdup (scope->name), g_memdup2 (&scope->head, sizeof scope->head));
    }
    scope->count = 0;
  }
  if (done) {
    g_array_set_size (self->entries, 0);
  }
  return done;
}

static gboolean
run_in_savepoint (FyrWriteContext *context, FyrWriteFunc func, gpointer data, GError **error)
{
  guint mark = context->state->entries->len;
  g_autoptr (FyrSavepoint) savepoint = fyr_savepoint_begin (context->connection, error);

  if (savepoint == NULL) {
    return FALSE;
  }
  if (func (context, data, error) && fyr_connection_settle (context->connection, error) &&
      fyr_savepoint_release (savepoint, error)) {
    return TRUE;
  }
  fyr_apply_state_rollback (context->state, mark);
  return FALSE;
}

/* Inside of a job that defers: what is refused before it wrote anything needs no savepoint to be undone. What had
 * written already is left to the run that waits for each write. */
static gboolean
run_bare (FyrWriteContext *context, FyrWriteFunc func, gpointer data, GError **error)
{
  guint64 before = fyr_connection_count_writes (context->connection);
  guint mark = context->state->entries->len;
  g_autoptr (GError) failure = NULL;

  if (func (context, data, &failure)) {
    return TRUE;
  }
  fyr_apply_state_rollback (context->state, mark);
  if (failure != NULL && fyr_connection_count_writes (context->connection) != before &&
      failure->domain != FYR_DB_ERROR) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED, "Refused after it had written");
  } else {
    g_propagate_error (error, g_steal_pointer (&failure));
  }
  return FALSE;
}

gboolean
fyr_write_context_run_job (FyrWriteContext *context, FyrWriteFunc func, gpointer data, GError **error)
{
  return fyr_connection_is_deferring (context->connection) ? run_bare (context, func, data, error)
                                                           : run_in_savepoint (context, func, data, error);
}

/* Whether a failure may be one of deferring: then it is found out which it was by not deferring. */
static gboolean
is_worth_waiting_for (FyrConnection *connection, const GError *failure)
{
  if (!fyr_connection_in_transaction (connection) ||
      g_error_matches (failure, FYR_DB_ERROR, FYR_DB_ERROR_IO) ||
      g_error_matches (failure, FYR_DB_ERROR, FYR_DB_ERROR_BUSY)) {
    return FALSE;
  }
  return g_error_matches (failure, FYR_DB_ERROR, FYR_DB_ERROR_FAILED) ||
         g_error_matches (failure, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT);
}

typedef struct {
  FyrWriteFunc func;
  gpointer data;
} Deferred;

/* A failure that @func took for something else, or swallowed, is still found in the transaction. */
static gboolean
defer (FyrWriteContext *context, gpointer data, GError **error)
{
  Deferred *deferred = data;
  g_autoptr (GError) failure = NULL;
  gboolean done;

  done = deferred->func (context, deferred->data, &failure);
  if (!fyr_connection_settle (context->connection, done || failure == NULL ? error : NULL)) {
    done = FALSE;
    if (failure != NULL && failure->domain != FYR_DB_ERROR) {
      g_clear_error (&failure);
      g_set_error_literal (&failure, FYR_DB_ERROR, FYR_DB_ERROR_FAILED, "A statement before has failed");
    }
  }
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
  }
  return done;
}

gboolean
fyr_write_context_run_deferring (FyrWriteContext *context, FyrWriteFunc func, gpointer data, GError **error)
{
  Deferred deferred = { func, data };
  g_autoptr (GError) failure = NULL;

  if (!fyr_connection_is_shared (context->connection)) {
    return run_in_savepoint (context, func, data, error);
  }
  fyr_connection_set_deferring (context->connection, TRUE);
  if (run_in_savepoint (context, defer, &deferred, &failure)) {
    return TRUE;
  }
  fyr_connection_set_deferring (context->connection, FALSE);
  if (!is_worth_waiting_for (context->connection, failure)) {
    if (failure != NULL) {
      g_propagate_error (error, g_steal_pointer (&failure));
    }
    return FALSE;
  }
  return run_in_savepoint (context, func, data, error);
}

void
fyr_apply_watch (FyrServerDb *db, FyrApplyWatchFunc func, gpointer data)
{
  FyrApplyState *state = fyr_server_db_get_apply_state (db);

  state->watch = func;
  state->watch_data = data;
}

FyrConnection *
fyr_write_context_get_connection (FyrWriteContext *context)
{
  return context->connection;
}

gint64
fyr_write_context_get_time (FyrWriteContext *context)
{
  return context->time;
}

FyrServerDb *
fyr_write_context_get_db (FyrWriteContext *context)
{
  return context->db;
}

static gboolean
write_once (FyrServerDb *db, FyrWriteFunc func, gpointer data, GError **error)
{
  FyrConnection *connection = fyr_server_db_get_connection (db);
  FyrWriteContext context = { db, connection, fyr_server_db_get_apply_state (db), g_get_real_time () / 1000 };
  g_autoptr (FyrTransaction) transaction = fyr_server_db_begin_write (db, error);

  if (transaction == NULL) {
    return FALSE;
  }
  if (fyr_write_context_run_deferring (&context, func, data, error) &&
      fyr_apply_state_flush (context.state, connection, NULL, error) &&
      fyr_transaction_commit (transaction, error)) {
    return TRUE;
  }
  fyr_apply_state_rollback (context.state, 0);
  return FALSE;
}

gboolean
fyr_server_db_write (FyrServerDb *db, FyrWriteFunc func, gpointer data, GError **error)
{
  gboolean shared = fyr_connection_is_shared (fyr_server_db_get_connection (db));
  g_autoptr (GError) failure = NULL;

  for (int i = 0; i < MAX_TRIES; i++) {
    g_clear_error (&failure);
    if (write_once (db, func, data, &failure)) {
      return !shared || fyr_server_db_tell_all (db, error);
    }
    if (!shared || !g_error_matches (failure, FYR_DB_ERROR, FYR_DB_ERROR_BUSY)) {
      break;
    }
  }
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
  }
  return FALSE;
}
