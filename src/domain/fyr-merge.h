/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

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
 * FyrMergeResult:
 * @FYR_MERGE_RESULT_NOTHING: the register holds all of it already
 * @FYR_MERGE_RESULT_APPLIED: the client's fields go in; nobody else wrote since its base version
 * @FYR_MERGE_RESULT_MERGED: they go in beside others' later edits; the client must fetch the row
 * @FYR_MERGE_RESULT_CONFLICT: at least one field needs a person; nothing goes in
 *
 * The words of the sync protocol's outcomes (PROTOCOL.md, "Push").
 */
typedef enum {
  FYR_MERGE_RESULT_NOTHING,
  FYR_MERGE_RESULT_APPLIED,
  FYR_MERGE_RESULT_MERGED,
  FYR_MERGE_RESULT_CONFLICT
} FyrMergeResult;

/**
 * fyr_merge_field:
 * @clinical: whether a person must decide between two edits (FyrFieldInfo.clinical_merge: clinical and
 *   identity fields); otherwise the last to arrive wins
 * @current_is_base: the register's value is still the one the client saw
 * @incoming_is_base: the client did not change it
 * @incoming_is_current: both hold the same now
 *
 * Decides one field of a register by what each side did to it.
 *
 * Returns: the decision
 */
FyrMergeDecision
fyr_merge_field (gboolean clinical,
                 gboolean current_is_base,
                 gboolean incoming_is_base,
                 gboolean incoming_is_current);

/**
 * fyr_merge_record:
 * @base: what the client saw; only the fields in @changed are looked at
 * @current: the register's record
 * @incoming: what the client wants; only the fields in @changed are looked at
 * @changed: mask of the fields the client sent, bit `1 << field`
 * @base_version: the version the client saw
 * @merged: (out) (transfer full) (nullable): the record to store (a copy of @current with the client's
 *   fields, its version still @current's); %NULL for a conflict
 * @conflicts: (out) (optional): mask of the fields in conflict
 *
 * Different fields merge; the same clinical or identity field changed to different values is a conflict;
 * cosmetic: last arrival wins. All three records must be of one kind.
 *
 * Returns: the result for the whole row
 */
FyrMergeResult
fyr_merge_record (FyrRecord *base,
                  FyrRecord *current,
                  FyrRecord *incoming,
                  guint64 changed,
                  gint64 base_version,
                  FyrRecord **merged,
                  guint64 *conflicts);

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
