/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-merge.h"

FyrMergeDecision
fyr_merge_field (gboolean clinical,
                 gboolean current_is_base,
                 gboolean incoming_is_base,
                 gboolean incoming_is_current)
{
  if (incoming_is_current) {
    return FYR_MERGE_SAME;
  }
  if (incoming_is_base) {
    return FYR_MERGE_KEEP_CURRENT;
  }
  if (current_is_base) {
    return FYR_MERGE_TAKE_INCOMING;
  }
  return clinical ? FYR_MERGE_CONFLICT : FYR_MERGE_LAST_WINS;
}

static FyrMergeDecision
decide_field (FyrRecord *base, FyrRecord *current, FyrRecord *incoming, guint field)
{
  return fyr_merge_field (fyr_record_get_info (current)->fields[field].clinical_merge,
                          fyr_record_field_equal (current, base, field),
                          fyr_record_field_equal (incoming, base, field),
                          fyr_record_field_equal (incoming, current, field));
}

FyrMergeResult
fyr_merge_record (FyrRecord *base,
                  FyrRecord *current,
                  FyrRecord *incoming,
                  guint64 changed,
                  gint64 base_version,
                  FyrRecord **merged,
                  guint64 *conflicts)
{
  g_autoptr (FyrRecord) result = fyr_record_copy (current);
  gboolean effect = FALSE;
  guint64 in_conflict = 0;

  *merged = NULL;
  for (guint field = 0; field < fyr_record_get_info (current)->n_fields; field++) {
    FyrMergeDecision decision = FYR_MERGE_SAME;

    if ((changed & (G_GUINT64_CONSTANT (1) << field)) != 0) {
      decision = decide_field (base, current, incoming, field);
    }
    if (decision == FYR_MERGE_CONFLICT) {
      in_conflict |= G_GUINT64_CONSTANT (1) << field;
    } else if (decision == FYR_MERGE_TAKE_INCOMING || decision == FYR_MERGE_LAST_WINS) {
      fyr_record_copy_field (result, incoming, field);
      effect = TRUE;
    }
  }
  if (conflicts != NULL) {
    *conflicts = in_conflict;
  }
  if (in_conflict != 0) {
    return FYR_MERGE_RESULT_CONFLICT;
  }
  *merged = g_steal_pointer (&result);
  if (!effect) {
    return FYR_MERGE_RESULT_NOTHING;
  }
  return fyr_record_get_version (current) == base_version ? FYR_MERGE_RESULT_APPLIED
                                                          : FYR_MERGE_RESULT_MERGED;
}

FyrDeleteDecision
fyr_merge_delete (gint64 base_version, gint64 current_version, gboolean is_tombstone)
{
  if (is_tombstone) {
    return FYR_DELETE_DONE;
  }
  return base_version == current_version ? FYR_DELETE_APPLY : FYR_DELETE_CONFLICT;
}
