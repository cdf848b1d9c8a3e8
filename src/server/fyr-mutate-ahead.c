/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-apply-state.h"
#include "fyr-mutate.h"
#include "fyr-shared.h"

/* Ids asked for with one statement. */
#define AT_ONCE 64

static FyrStatement *
prepare (FyrWriteContext *context, const FyrRecordInfo *info, GError **error)
{
  g_autoptr (GString) ids = g_string_new (NULL);
  g_autofree char *sql = NULL;

  for (int i = 1; i <= AT_ONCE; i++) {
    g_string_append_printf (ids, "%s?%d", i > 1 ? ", " : "", i);
  }
  sql = g_strdup_printf ("SELECT id FROM \"%s\" WHERE id IN (%s)"
                         " UNION ALL SELECT id FROM tombstone WHERE kind = ?%d AND id IN (%s)",
                         info->kind, ids->str, AT_ONCE + 1, ids->str);
  return fyr_connection_prepare (context->connection, sql, error);
}

/* @mutations: at most AT_ONCE that create records of this kind */
static gboolean
ask (FyrWriteContext *context, const FyrRecordInfo *info, GPtrArray *mutations, GError **error)
{
  int kind = fyr_server_db_get_kind_number (context->db, info->kind);
  g_autoptr (FyrStatement) select = mutations->len > 0 ? prepare (context, info, error) : NULL;
  FyrStep step;

  if (select == NULL) {
    return mutations->len == 0;
  }
  for (guint i = 0; i < AT_ONCE; i++) {
    FyrWireMutation *mutation = g_ptr_array_index (mutations, MIN (i, mutations->len - 1));

    fyr_statement_bind_id (select, 1 + (int)i, mutation->id);
    fyr_apply_state_expect_absent (context->state, kind, mutation->id);
  }
  fyr_statement_bind_int (select, AT_ONCE + 1, kind);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    fyr_apply_state_take_absent (context->state, kind, fyr_statement_get_id (select, 0));
  }
  g_ptr_array_set_size (mutations, 0);
  return step == FYR_STEP_DONE;
}

static gboolean
look_at_kind (
    FyrWriteContext *context, const FyrRecordInfo *info, GPtrArray *mutations, guint first, GError **error)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();

  for (guint i = first; i < mutations->len; i++) {
    FyrWireMutation *mutation = g_ptr_array_index (mutations, i);

    if (g_str_equal (mutation->command, "create") && g_str_equal (mutation->kind, info->kind)) {
      g_ptr_array_add (chosen, mutation);
    }
    if (chosen->len == AT_ONCE && !ask (context, info, chosen, error)) {
      return FALSE;
    }
  }
  return ask (context, info, chosen, error);
}

gboolean
fyr_mutate_look_ahead (FyrWriteContext *context, GPtrArray *mutations, guint first, GError **error)
{
  /* On a file each look is quick, and one mutation is asked for as quickly by itself. */
  if (!fyr_connection_is_shared (context->connection) || mutations->len - first < 2) {
    return TRUE;
  }
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    if (!look_at_kind (context, fyr_record_infos[i], mutations, first, error)) {
      return FALSE;
    }
  }
  return TRUE;
}
