/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-admin-target.h"
#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * fyr_admin_log_display:
 * @patients: (element-type FyrPatient): whose data the command is about to print
 * @channel: how
 *
 * Writes the access log before an operator sees patients: one entry each, without a person's name, for the operator is
 * nobody the server knows.
 *
 * Returns: %TRUE, or %FALSE with any error of fyr_admin_target_put(): print nothing then
 */
gboolean
fyr_admin_log_display (FyrAdminTarget *target, GPtrArray *patients, FyrAuditChannel channel, GError **error);

/**
 * fyr_admin_check_access_log:
 * @heads: (nullable): a file of signed heads
 * @key: (nullable): the public key they must be signed with
 *
 * Prints each fault.
 *
 * Returns: %TRUE when there is none; %FALSE with %FYR_ADMIN_ERROR_DAMAGED, a %G_FILE_ERROR or any %FYR_DB_ERROR
 */
gboolean
fyr_admin_check_access_log (
    FyrConnection *connection, const char *heads, const char *key, gboolean json, GError **error);

G_END_DECLS
