/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-writer.h"

G_BEGIN_DECLS

/** FyrSchedule: work that comes round by the clock, each run in one write job */
typedef struct _FyrSchedule FyrSchedule;

/**
 * FyrScheduleFunc:
 * @since: when it last ran to its end, milliseconds; 0 for never. Kept in the database, so that what fell into a stop
 *   of the server is made up for
 * @now: this run
 *
 * Returns: %TRUE: its changes and @now are kept together; %FALSE: nothing is, and it is tried again next time
 */
typedef gboolean (*FyrScheduleFunc) (
    FyrWriteContext *context, gint64 since, gint64 now, gpointer user_data, GError **error);

/** fyr_schedule_new: Returns: (transfer full): a schedule without work; @writer outlives it */
FyrSchedule *
fyr_schedule_new (FyrWriter *writer);

/** fyr_schedule_free: no run begins after this; one under way finishes with the writer */
void
fyr_schedule_free (FyrSchedule *self);

/**
 * fyr_schedule_add:
 * @name: names it in the database; a plain word
 * @seconds: how often
 *
 * Runs @func soon, and then every so often.
 */
void
fyr_schedule_add (
    FyrSchedule *self, const char *name, guint seconds, FyrScheduleFunc func, gpointer user_data);

/** fyr_schedule_run_now: for tests and operators: all of it, at once, without waiting for the clock */
void
fyr_schedule_run_now (FyrSchedule *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSchedule, fyr_schedule_free)

G_END_DECLS
