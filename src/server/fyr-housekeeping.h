/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-schedule.h"

G_BEGIN_DECLS

/** FYR_OUTCOME_DAYS: how long the outcomes of a workstation that is not seen any more are kept */
#define FYR_OUTCOME_DAYS 400

/**
 * fyr_housekeeping_run:
 * @since: when it ran last; does not matter: several servers on one database come round in between
 * @now: milliseconds since the epoch
 *
 * A #FyrScheduleFunc: once an hour notes how far each feed is, so that what is older than workstations remember is told
 * without a tag; forgets the outcomes of incarnations that nobody has seen for %FYR_OUTCOME_DAYS, and what was told of
 * quarantine and confirmed of revocations so long ago.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_housekeeping_run (FyrWriteContext *context, gint64 since, gint64 now, gpointer user_data, GError **error);

G_END_DECLS
