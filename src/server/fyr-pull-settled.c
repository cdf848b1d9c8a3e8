/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-pull-private.h"

/* Of one page; the rest comes with the next. */
#define MAX_SETTLED 200

typedef struct {
  gint64 seq;
  char incarnation[37];
  char *outcome;
} Settled;

static void
settled_free (gpointer data)
{
  Settled *self = data;

  g_free (self->outcome);
  g_free (self);
}

GPtrArray *
fyr_pull_load_settled (FyrPullRun *run, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (settled_free);
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      run->connection,
      "SELECT seq, incarnation, outcome FROM settlement WHERE author = ?1 AND device = ?2 AND seq > ?3"
      " ORDER BY seq LIMIT ?4",
      error);
  FyrStep step;

  if (select == NULL) {
    return NULL;
  }
  fyr_statement_bind_id (select, 1, run->session.user_id);
  fyr_statement_bind_id (select, 2, run->session.device_id);
  fyr_statement_bind_int (select, 3, run->pull->request->settled);
  fyr_statement_bind_int (select, 4, run->session.shut_out ? 0 : MAX_SETTLED);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    Settled *one = g_new0 (Settled, 1);

    one->seq = fyr_statement_get_int (select, 0);
    g_strlcpy (one->incarnation, fyr_statement_get_id (select, 1), sizeof one->incarnation);
    one->outcome = g_strdup (fyr_statement_get_text (select, 2));
    g_ptr_array_add (list, one);
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

void
fyr_pull_write_settled (FyrPullRun *run, GPtrArray *settled)
{
  if (settled->len == 0) {
    return;
  }
  fyr_pull_writer_begin_settled (&run->writer);
  for (guint i = 0; i < settled->len; i++) {
    const Settled *one = g_ptr_array_index (settled, i);

    fyr_pull_writer_settled (&run->writer, one->seq, one->incarnation, one->outcome);
  }
  fyr_pull_writer_end_settled (&run->writer);
}
