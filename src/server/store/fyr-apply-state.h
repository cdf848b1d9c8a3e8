/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-apply.h"
#include "fyr-uuid.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/*
 * Inside of the store folder: what the writing side keeps in memory. The feed entries of the transaction
 * under way, and which centre each patient belongs to.
 */

typedef enum {
  FYR_FEED_PUT = 1,
  FYR_FEED_DELETE = 2,
} FyrFeedOp;

/**
 * FyrFeedScope: a feed that entries go to
 * @number: its number in the database
 * @head: as the last flush left it
 * @life: FyrApplyState's when both were learnt
 * @start: among the sorted entries of the flush under way
 */
typedef struct {
  char *name;
  gint64 number;
  gint64 head;
  guint life;
  guint count;
  guint start;
} FyrFeedScope;

/** FyrPatientState: what decides the feeds of a patient's records; @scopes are the centre's, once they were needed */
typedef struct {
  char centre_id[FYR_UUID_TEXT_SIZE];
  char gp_id[FYR_UUID_TEXT_SIZE];
  gboolean granted;
  FyrFeedScope *scopes[FYR_SCOPE_CLASS_N];
} FyrPatientState;

typedef struct {
  FyrFeedScope *scope;
  guint8 kind;
  guint8 op;
  guint8 id[FYR_UUID_BYTES];
} FyrFeedEntry;

/** FyrApplyState: @scopes is name → FyrFeedScope, which stay; @life grows when a transaction is undone; @patients is
 * id → FyrPatientState; @absent holds "kind/id" */
typedef struct _FyrApplyState {
  guint life;
  GHashTable *scopes;
  GHashTable *patients;
  GHashTable *absent;
  GArray *entries;
  FyrApplyWatchFunc watch;
  gpointer watch_data;
} FyrApplyState;

struct _FyrWriteContext {
  FyrServerDb *db;
  FyrConnection *connection;
  FyrApplyState *state;
  gint64 time;
};

FyrApplyState *
fyr_apply_state_new (void);
void
fyr_apply_state_free (FyrApplyState *self);

/** fyr_server_db_get_apply_state: Returns: (transfer none): belongs to whoever has the writing connection */
FyrApplyState *
fyr_server_db_get_apply_state (FyrServerDb *db);

/** fyr_apply_state_add: gathers one entry; @id is a record's id in text form */
void
fyr_apply_state_add (FyrApplyState *self, const char *scope, int kind, const char *id, FyrFeedOp op);

/** fyr_apply_state_get_scope: Returns: (transfer none): the scope of that name; as long as @self */
FyrFeedScope *
fyr_apply_state_get_scope (FyrApplyState *self, const char *name);

/** fyr_apply_state_add_to: as fyr_apply_state_add(), with its scope looked up before */
void
fyr_apply_state_add_to (FyrApplyState *self, FyrFeedScope *scope, int kind, const char *id, FyrFeedOp op);

/** fyr_apply_state_tell: tells the watcher of a change; both %NULL: forget everything */
void
fyr_apply_state_tell (FyrApplyState *self, FyrRecord *before, FyrRecord *after);

/**
 * fyr_apply_state_begin:
 *
 * At the beginning of a writing transaction. Where other processes write too, nothing that was learnt before is true
 * for certain.
 */
void
fyr_apply_state_begin (FyrApplyState *self, FyrConnection *connection);

/** fyr_apply_state_rollback: forgets the entries from @mark on and what was learnt of patients */
void
fyr_apply_state_rollback (FyrApplyState *self, guint mark);

/**
 * fyr_apply_state_flush:
 * @heads: (nullable): filled with scope name → gint64 head
 *
 * Gives the gathered entries their numbers and writes them, scopes in ascending order: the last thing a
 * transaction does, so that numbers are dense and in commit order.
 *
 * Returns: %TRUE or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_apply_state_flush (FyrApplyState *self, FyrConnection *connection, GHashTable *heads, GError **error);

/**
 * fyr_write_context_run_job:
 *
 * Runs @func in a savepoint. Returns: what it returned; when %FALSE nothing of it is left and
 * @error is what @func set, or any %FYR_DB_ERROR
 */
gboolean
fyr_write_context_run_job (FyrWriteContext *context, FyrWriteFunc func, gpointer data, GError **error);

/**
 * fyr_write_context_run_deferring:
 *
 * As fyr_write_context_run_job(), and on a shared database without waiting for each write. When something fails that
 * way nothing is known of where: @func is undone and run again, waiting for each.
 */
gboolean
fyr_write_context_run_deferring (FyrWriteContext *context, FyrWriteFunc func, gpointer data, GError **error);

/**
 * fyr_apply_state_expect_absent:
 *
 * Notes that there is neither a row nor a tombstone of @kind and @id, as of a moment ago; another process may have
 * made one since, and then the insert says so.
 */
void
fyr_apply_state_expect_absent (FyrApplyState *self, int kind, const char *id);

/** fyr_apply_state_take_absent: Returns: whether it was noted; it is forgotten with it */
gboolean
fyr_apply_state_take_absent (FyrApplyState *self, int kind, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrApplyState, fyr_apply_state_free)

G_END_DECLS
