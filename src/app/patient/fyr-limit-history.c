/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-limit-history.h"

#include "fyr-limit-set.h"
#include "fyr-mutation.h"
#include "fyr-uuid.h"

static gboolean
holds_at (FyrLimit *limit, gint64 now)
{
  return fyr_limit_get_valid_from (limit) <= now &&
         (!fyr_limit_has_valid_to (limit) || fyr_limit_get_valid_to (limit) > now);
}

FyrLimit *
fyr_limit_history_current (GPtrArray *limits,
                           FyrMeasurementKind kind,
                           FyrLimitComponent component,
                           gint64 now)
{
  FyrLimit *current = NULL;
  for (guint i = 0; i < limits->len; i++) {
    FyrLimit *limit = g_ptr_array_index (limits, i);
    if (fyr_limit_get_kind (limit) != kind || fyr_limit_get_component (limit) != component ||
        !holds_at (limit, now))
      continue;
    if (current == NULL || fyr_limit_get_valid_from (limit) >= fyr_limit_get_valid_from (current))
      current = limit;
  }
  return current;
}

gboolean
fyr_limit_same_rule (FyrLimit *a, FyrLimit *b)
{
  for (guint field = FYR_LIMIT_KIND; field <= FYR_LIMIT_EXPECTED_DAYS; field++) {
    if (!fyr_record_field_equal (FYR_RECORD (a), FYR_RECORD (b), field))
      return FALSE;
  }
  return TRUE;
}

static void
end_former (GPtrArray *mutations, FyrLimit *former, const char *author_id, gint64 now)
{
  g_autoptr (FyrRecord) ended = fyr_record_copy (FYR_RECORD (former));
  fyr_limit_set_valid_to (FYR_LIMIT (ended), now);
  FyrMutation *mutation = fyr_mutation_new_update (FYR_RECORD (former), ended, author_id);
  if (mutation != NULL)
    g_ptr_array_add (mutations, mutation);
}

GPtrArray *
fyr_limit_history_replace (GPtrArray *limits, GPtrArray *fresh, const char *author_id, gint64 now)
{
  GPtrArray *mutations = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < fresh->len; i++) {
    FyrLimit *limit = g_ptr_array_index (fresh, i);
    FyrLimit *former =
        fyr_limit_history_current (limits, fyr_limit_get_kind (limit), fyr_limit_get_component (limit), now);
    if (former != NULL && fyr_limit_same_rule (former, limit))
      continue;
    if (former != NULL)
      end_former (mutations, former, author_id, now);
    g_autoptr (FyrRecord) begun = fyr_record_copy (FYR_RECORD (limit));
    fyr_limit_set_valid_from (FYR_LIMIT (begun), now);
    fyr_limit_set_set_by (FYR_LIMIT (begun), author_id);
    g_ptr_array_add (mutations, fyr_mutation_new_create (begun, author_id));
  }
  return mutations;
}

FyrLimit *
fyr_limit_from_rule (const FyrLimitRule *rule, const char *patient_id, const char *template_code, gint64 now)
{
  char id[FYR_UUID_TEXT_SIZE];
  FyrLimit *limit = fyr_limit_new ();
  fyr_limit_rule_to_record (rule, limit);
  fyr_uuid_v7_new (now, id);
  fyr_record_set_id (FYR_RECORD (limit), id);
  fyr_limit_set_patient_id (limit, patient_id);
  fyr_limit_set_template_code (limit, template_code);
  fyr_limit_set_valid_from (limit, now);
  fyr_record_clear (FYR_RECORD (limit), FYR_LIMIT_VALID_TO);
  return limit;
}
