/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-outbox.h"
#include "fyr-record.h"

G_BEGIN_DECLS

/**
 * FyrConflictField:
 * @hidden: follows another field and is not shown by itself
 * @by: who wrote theirs: user id, "" when not known
 * @time: when, ms since the epoch, 0 when not known
 */
typedef struct {
  guint field;
  gboolean hidden;
  char by[37];
  gint64 time;
} FyrConflictField;

/**
 * FyrConflict:
 * @mine: what the author wrote, the fields in conflict only
 * @theirs: what stands now
 * @before: what the author had seen
 * @fields: (element-type FyrConflictField)
 *
 * The outcome's `conflict` object (PROTOCOL.md), taken apart. Free with fyr_conflict_free().
 */
typedef struct {
  const FyrRecordInfo *info;
  FyrRecord *mine;
  FyrRecord *theirs;
  FyrRecord *before;
  GArray *fields;
} FyrConflict;

/**
 * fyr_conflict_new:
 * @now: (nullable): the record as it is here; when it is as new as the conflict, what it holds stands for theirs
 *
 * Returns: (transfer full) (nullable): %NULL when @entry is in no conflict about fields that this program knows
 */
FyrConflict *
fyr_conflict_new (FyrOutboxEntry *entry, FyrRecord *now);

void
fyr_conflict_free (FyrConflict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrConflict, fyr_conflict_free)

/**
 * fyr_conflict_get_values:
 * @decided: a record that holds what was decided for the fields in conflict
 *
 * Returns: (transfer full): those fields as fyr_store_decide_async() takes them
 */
JsonObject *
fyr_conflict_get_values (const FyrConflict *self, FyrRecord *decided);

G_END_DECLS
