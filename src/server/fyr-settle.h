/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-mutate.h"

G_BEGIN_DECLS

/**
 * FyrSettle:
 * @id: number of the work in quarantine
 * @accept: apply it, with its author as author; else it is given up, with a reason
 * @settler: user id of the administrator who decides
 * @reason: (nullable): why it is given up; needed for that
 * @applied: (nullable): what follows each change, as with a push
 * @outcome: (out): what became of it
 * @settled: (out): whether it is settled now; %FALSE when the rules refuse it: then it stays in quarantine
 *
 * An administrator's word on work that came after its author had lost every role.
 */
typedef struct {
  gint64 id;
  gboolean accept;
  const char *settler;
  const char *reason;
  FyrAppliedFunc applied;
  gpointer applied_data;
  FyrWireOutcome *outcome;
  gboolean settled;
} FyrSettle;

/**
 * fyr_settle_run:
 * @context: a write job's context
 *
 * Work is accepted by the roles its author had when she did it; it goes the way of a push, and the rules may refuse it.
 * What it depends on must be settled first. The stored outcome of its number changes, and her workstation is told.
 *
 * Returns: %TRUE with @outcome and @settled set; %FALSE with %FYR_SERVER_ERROR_UNKNOWN (no such work),
 * %FYR_SERVER_ERROR_DUPLICATE (settled before), %FYR_SERVER_ERROR_FORBIDDEN (@settler is no administrator),
 * %FYR_SERVER_ERROR_INVALID (no reason), or any %FYR_DB_ERROR
 */
gboolean
fyr_settle_run (FyrWriteContext *context, FyrSettle *self, GError **error);

/** fyr_settle_write: appends `{"settled", "outcome", "code", "text"}` of one that was run */
void
fyr_settle_write (const FyrSettle *self, FyrJsonWriter *json);

G_END_DECLS
