/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FyrMergeClass:
 * @FYR_MERGE_CLASS_COSMETIC: of two edits the last to arrive wins, the other is kept in history
 * @FYR_MERGE_CLASS_CLINICAL: two different edits are a conflict that a person decides
 * @FYR_MERGE_CLASS_IDENTITY: likewise
 * @FYR_MERGE_CLASS_SERVER: only the server writes it; a client's value is passed over
 */
typedef enum {
  FYR_MERGE_CLASS_COSMETIC,
  FYR_MERGE_CLASS_CLINICAL,
  FYR_MERGE_CLASS_IDENTITY,
  FYR_MERGE_CLASS_SERVER
} FyrMergeClass;

/**
 * FyrMergeDecision:
 * @FYR_MERGE_SAME: nothing to do: both hold the same
 * @FYR_MERGE_KEEP_CURRENT: the register's value stands; the client did not touch it
 * @FYR_MERGE_TAKE_INCOMING: the client's value goes in; nobody else touched it
 * @FYR_MERGE_LAST_WINS: the client's value goes in over another's; keep the other in history
 * @FYR_MERGE_CONFLICT: leave the register's value, make a conflict task with both
 */
typedef enum {
  FYR_MERGE_SAME,
  FYR_MERGE_KEEP_CURRENT,
  FYR_MERGE_TAKE_INCOMING,
  FYR_MERGE_LAST_WINS,
  FYR_MERGE_CONFLICT
} FyrMergeDecision;

/**
 * FyrMergeField:
 * @name: the field's name
 * @merge_class: how edits of it meet
 * @base: (nullable): its value (as canonical text) in the version the client's edit was based on
 * @current: (nullable): its value in the register now
 * @incoming: (nullable): the client's value
 * @decision: set by fyr_merge_register()
 *
 * %NULL is "no value" and differs from "". Nothing is owned.
 */
typedef struct {
  const char *name;
  FyrMergeClass merge_class;
  const char *base;
  const char *current;
  const char *incoming;
  FyrMergeDecision decision;
} FyrMergeField;

/**
 * FyrMergeResult:
 * @FYR_MERGE_RESULT_NOTHING: the register holds all of it already
 * @FYR_MERGE_RESULT_APPLIED: the client's fields go in as they are
 * @FYR_MERGE_RESULT_MERGED: they go in beside others' later edits; the client must fetch the row
 * @FYR_MERGE_RESULT_CONFLICT: at least one field needs a person; the fields without conflict still go in
 */
typedef enum {
  FYR_MERGE_RESULT_NOTHING,
  FYR_MERGE_RESULT_APPLIED,
  FYR_MERGE_RESULT_MERGED,
  FYR_MERGE_RESULT_CONFLICT
} FyrMergeResult;

/**
 * fyr_merge_field:
 *
 * Decides one field of a register by what each side did to it since @base.
 *
 * Returns: the decision
 */
FyrMergeDecision
fyr_merge_field (FyrMergeClass merge_class, const char *base, const char *current, const char *incoming);

/**
 * fyr_merge_register:
 * @fields: (inout) (array length=n_fields): all fields; @decision is set in each
 *
 * Different fields merge; the same clinical or identity field changed to different values is a
 * conflict; cosmetic: last arrival wins.
 *
 * Returns: the result for the whole row
 */
FyrMergeResult
fyr_merge_register (FyrMergeField *fields, gsize n_fields);

/**
 * FyrDeleteDecision:
 * @FYR_DELETE_APPLY: make the tombstone
 * @FYR_DELETE_DONE: it is a tombstone already
 * @FYR_DELETE_CONFLICT: somebody edited the row since the version the deletion was based on
 */
typedef enum { FYR_DELETE_APPLY, FYR_DELETE_DONE, FYR_DELETE_CONFLICT } FyrDeleteDecision;

/**
 * fyr_merge_delete:
 * @base_version: the version the deletion was based on
 * @current_version: the register's version
 * @is_tombstone: whether the register's row is deleted
 *
 * Returns: the decision; an edit is never lost to an older deletion
 */
FyrDeleteDecision
fyr_merge_delete (gint64 base_version, gint64 current_version, gboolean is_tombstone);

G_END_DECLS
