/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-authz.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/*
 * The access log (innsynslogg): one audit_event for each display of a patient's data. What the writer says of itself
 * is checked, what the server knows better it fills in; after that nobody changes it (fyr-access-chain.h).
 */

/**
 * fyr_access_log_may_write:
 * @subject: who is signed in
 * @now: ms since the epoch
 *
 * To log a display is a duty, not a right: who saw a patient and lost the role since delivers it all the same. So it
 * counts whether the user ever had a role at that centre that sees patients.
 *
 * Returns: %TRUE; %FALSE with %FYR_SERVER_ERROR_FORBIDDEN, also for an entry in another's name, or any %FYR_DB_ERROR
 */
gboolean
fyr_access_log_may_write (
    FyrConnection *connection, const FyrSubject *subject, gint64 now, FyrAuditEvent *event, GError **error);

/**
 * fyr_access_log_complete:
 * @subject: (nullable): who saw it; %NULL for an operator of the server
 * @now: when the server has it, ms since the epoch
 *
 * Fills in names, role, legal entity and time of receipt as they are now, and the emergency access it rests on. Of a
 * patient of another centre no name is
 * told.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_access_log_complete (
    FyrConnection *connection, const FyrSubject *subject, gint64 now, FyrAuditEvent *event, GError **error);

G_END_DECLS
