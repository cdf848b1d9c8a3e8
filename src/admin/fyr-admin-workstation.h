/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-admin-table.h"
#include "fyr-admin-target.h"

G_BEGIN_DECLS

/**
 * fyr_admin_decide_device:
 * @device: (nullable): id of the workstation, as the command line has it
 * @by: (nullable): user name of the administrator who decides
 * @reason: (nullable): why
 * @at: as in #FyrDeviceDecision
 *
 * Returns: %TRUE, or %FALSE with %FYR_ADMIN_ERROR_USAGE (something was not said), _UNKNOWN (no such user) or an error
 * of fyr_shut_out_decide()
 */
gboolean
fyr_admin_decide_device (FyrAdminTarget *target,
                         FyrDeviceAction action,
                         const char *device,
                         const char *by,
                         const char *reason,
                         gint64 at,
                         GError **error);

/**
 * fyr_admin_table_workstation:
 * @name: what it is called
 * @user_id: who worked there last
 *
 * The next three cells: name, id, and the user name, empty when there is no such user any more.
 */
void
fyr_admin_table_workstation (
    FyrAdminTable *table, FyrConnection *reader, const char *name, const char *device, const char *user_id);

G_END_DECLS
